//! The same calls without async, for scripts. Decides nothing anew: each method runs the call it stands on, on a
//! runtime that all of them share and that starts with the first.

use std::future::{Future, IntoFuture};
use std::sync::OnceLock;

use tokio::runtime::{Builder, Handle, Runtime};

use crate::calls::call::Call;
use crate::responses::error::Error;
use crate::responses::job::{Job, Wait};
use crate::responses::list::List;
use crate::responses::models::BatchUploadDetails;

/// Runs a future to its end on the shared runtime.
fn block_on<T: Send>(
    operation: &'static str,
    future: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    static RUNTIME: OnceLock<Option<Runtime>> = OnceLock::new();
    if Handle::try_current().is_ok() {
        // To block here would stop the runtime that is to do the work.
        return Err(Error::input(
            operation,
            "blocking is not possible within async code: await it instead",
        ));
    }
    // One thread of its own: timers and connections go on between two calls.
    let start = || Builder::new_multi_thread().worker_threads(1).enable_all().build().ok();
    match RUNTIME.get_or_init(start) {
        Some(runtime) => runtime.block_on(future),
        None => Err(Error::input(operation, "this machine gives no thread to run it on")),
    }
}

impl<T: Send + 'static> Call<T> {
    /// Makes the call and waits for its answer.
    ///
    /// # Errors
    /// As the awaited call; and [`ErrorKind::Input`](crate::ErrorKind::Input) within async code.
    pub fn blocking(self) -> Result<T, Error> {
        block_on(self.operation(), self.into_future())
    }
}

impl<T: Send + 'static> List<T> {
    /// The list as an iterator, which reads a page when it needs it. After an error it ends.
    pub fn blocking(self) -> BlockingList<T> {
        BlockingList { list: self, ready: Vec::new().into_iter(), over: false }
    }
}

impl Job {
    /// Waits for the job's end.
    ///
    /// # Errors
    /// As [`Job::wait`]; and [`ErrorKind::Input`](crate::ErrorKind::Input) within async code.
    pub fn blocking(&self, wait: Wait) -> Result<BatchUploadDetails, Error> {
        block_on("get_batch_job_status", self.wait(wait))
    }
}

/// A list as an iterator. Made by [`List::blocking`].
#[derive(Debug)]
#[must_use = "an iterator does nothing until it is used"]
pub struct BlockingList<T> {
    list: List<T>,
    ready: std::vec::IntoIter<T>,
    over: bool,
}

impl<T: Send + 'static> Iterator for BlockingList<T> {
    type Item = Result<T, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.over {
            if let Some(item) = self.ready.next() {
                return Some(Ok(item));
            }
            let operation = self.list.operation();
            match block_on(operation, async { self.list.next_page().await.transpose() }) {
                Ok(Some(page)) => self.ready = page.items.into_iter(),
                Ok(None) => self.over = true,
                Err(error) => {
                    self.over = true;
                    return Some(Err(error));
                }
            }
        }
        None
    }
}
