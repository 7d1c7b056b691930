//! Blocking versions of the calls, for scripts. They share one runtime, which the first call starts.

use std::future::{Future, IntoFuture};
use std::sync::OnceLock;

use tokio::runtime::{Builder, Handle, Runtime};

use crate::audit::records::AuditRecords;
use crate::calls::call::Call;
use crate::responses::error::Error;
use crate::responses::job::{Job, Wait};
use crate::responses::list::List;
use crate::responses::models::BatchUploadDetails;
use crate::responses::partner_models::AuditRecord;

/// Runs a future on the shared runtime and waits for it.
fn block_on<T: Send>(
    operation: &'static str,
    future: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    static RUNTIME: OnceLock<Option<Runtime>> = OnceLock::new();
    if Handle::try_current().is_ok() {
        // Blocking here would stop the runtime that has to do the work.
        return Err(Error::input(
            operation,
            "blocking is not possible within async code: await it instead",
        ));
    }
    // With a worker thread, timers and connections keep running between two calls.
    let start = || Builder::new_multi_thread().worker_threads(1).enable_all().build().ok();
    match RUNTIME.get_or_init(start) {
        Some(runtime) => runtime.block_on(future),
        None => Err(Error::input(operation, "could not start the async runtime")),
    }
}

impl<T: Send + 'static> Call<T> {
    /// Runs the call and waits for the result.
    ///
    /// # Errors
    /// The same as the awaited call, and [`ErrorKind::Input`](crate::ErrorKind::Input) within async code.
    pub fn blocking(self) -> Result<T, Error> {
        block_on(self.operation(), self.into_future())
    }
}

impl<T: Send + 'static> List<T> {
    /// Returns the list as an iterator that loads pages when they are needed. The iterator ends after an error.
    pub fn blocking(self) -> BlockingList<T> {
        BlockingList { list: self, buffer: Vec::new().into_iter(), is_done: false }
    }
}

impl AuditRecords {
    /// Reads all records.
    ///
    /// # Errors
    /// The same as the awaited records, and [`ErrorKind::Input`](crate::ErrorKind::Input) within async code.
    pub fn blocking(self) -> Result<Vec<AuditRecord>, Error> {
        block_on("list_audit_records", self.into_future())
    }
}

impl Job {
    /// Waits until the job finishes.
    ///
    /// # Errors
    /// The same as [`Job::wait`], and [`ErrorKind::Input`](crate::ErrorKind::Input) within async code.
    pub fn blocking(&self, wait: Wait) -> Result<BatchUploadDetails, Error> {
        block_on("get_batch_job_status", self.wait(wait))
    }
}

/// A list as an iterator, created by [`List::blocking`].
#[derive(Debug)]
#[must_use = "an iterator does nothing until it is used"]
pub struct BlockingList<T> {
    list: List<T>,
    buffer: std::vec::IntoIter<T>,
    is_done: bool,
}

impl<T: Send + 'static> Iterator for BlockingList<T> {
    type Item = Result<T, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.is_done {
            if let Some(item) = self.buffer.next() {
                return Some(Ok(item));
            }
            let operation = self.list.operation();
            match block_on(operation, async { self.list.next_page().await.transpose() }) {
                Ok(Some(page)) => self.buffer = page.items.into_iter(),
                Ok(None) => self.is_done = true,
                Err(error) => {
                    self.is_done = true;
                    return Some(Err(error));
                }
            }
        }
        None
    }
}
