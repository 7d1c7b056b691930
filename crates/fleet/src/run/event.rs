//! What an upload tells while it runs, as calls or as a stream.

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use futures_core::Stream;
use partner_center_devices::{BatchId, BatchTrackingId, BatchUploadStatus, CustomerId};

use super::{Step, UploadError};
use crate::plan::Plan;
use crate::report::Report;

/// What happens during an upload.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Event {
    /// What an earlier run with the same journal left. Only if there was one.
    #[non_exhaustive]
    Resumed {
        /// How many devices have an outcome already and are left alone.
        settled: usize,
        /// How many devices are in requests whose end is not known yet.
        open: usize,
        /// How many devices there are in all.
        total: usize,
    },
    /// The batches of a customer are known, and what will be sent to one of them. Comes again if that changes
    /// because the batch was made by another in the meantime.
    #[non_exhaustive]
    Planned {
        /// What will be sent.
        plan: Plan,
    },
    /// The service took a chunk.
    #[non_exhaustive]
    Sent {
        /// The customer.
        customer: CustomerId,
        /// The batch.
        batch: BatchId,
        /// Which chunk of this batch in this run, from 1.
        chunk: usize,
        /// How many devices are in it.
        devices: usize,
        /// What finds its job again.
        tracking_id: BatchTrackingId,
    },
    /// A look at a job.
    #[non_exhaustive]
    Progress {
        /// How many devices of the whole upload have an outcome.
        decided: usize,
        /// How many devices there are in all.
        total: usize,
        /// The state of the job that was looked at, if the service said one.
        status: Option<BatchUploadStatus>,
    },
    /// Every device of a chunk has its outcome, or is known to have none.
    #[non_exhaustive]
    Settled {
        /// The customer.
        customer: CustomerId,
        /// The batch.
        batch: BatchId,
        /// Which chunk of this batch in this run, from 1.
        chunk: usize,
        /// How many devices are in it.
        devices: usize,
        /// How many of them the service refused.
        failed: usize,
    },
    /// An upload's answer was lost, or proved nothing: it is asked for again.
    #[non_exhaustive]
    InDoubt {
        /// The customer.
        customer: CustomerId,
        /// The batch.
        batch: BatchId,
        /// Which chunk of this batch in this run, from 1.
        chunk: usize,
        /// What went wrong.
        problem: String,
    },
    /// A call failed and ended the upload to a batch; the others go on.
    #[non_exhaustive]
    Stopped {
        /// The customer.
        customer: CustomerId,
        /// The batch.
        batch: BatchId,
        /// At which call.
        step: Step,
        /// What went wrong.
        problem: String,
    },
    /// The end, with the report. Only from [`Upload::start`](crate::Upload::start):
    /// [`Upload::run`](crate::Upload::run) returns it instead.
    Finished(Box<Report>),
}

/// What happens during an upload, as a stream. Made by [`Upload::start`](crate::Upload::start).
#[must_use = "a stream does nothing until it is polled"]
pub struct Events {
    queue: Queue,
    state: State,
}

type Queue = Arc<Mutex<VecDeque<Event>>>;

enum State {
    Running(Pin<Box<dyn Future<Output = Result<Report, UploadError>> + Send>>),
    Ended(Box<Result<Report, UploadError>>),
    Over,
}

impl Events {
    pub(super) fn of<F>(run: impl FnOnce(Box<dyn FnMut(Event) + Send>) -> F) -> Self
    where
        F: Future<Output = Result<Report, UploadError>> + Send + 'static,
    {
        let queue = Queue::default();
        let filling = Arc::clone(&queue);
        let running = run(Box::new(move |event| {
            filling.lock().unwrap_or_else(PoisonError::into_inner).push_back(event);
        }));
        Self { queue, state: State::Running(Box::pin(running)) }
    }

    fn queued(&self) -> Option<Event> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front()
    }
}

impl Stream for Events {
    type Item = Result<Event, UploadError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Some(event) = self.queued() {
            return Poll::Ready(Some(Ok(event)));
        }
        if let State::Running(running) = &mut self.state {
            match running.as_mut().poll(context) {
                Poll::Ready(result) => self.state = State::Ended(Box::new(result)),
                Poll::Pending => {
                    return self
                        .queued()
                        .map_or(Poll::Pending, |event| Poll::Ready(Some(Ok(event))));
                }
            }
        }
        if let Some(event) = self.queued() {
            return Poll::Ready(Some(Ok(event)));
        }
        Poll::Ready(match std::mem::replace(&mut self.state, State::Over) {
            State::Ended(result) => Some(result.map(|report| Event::Finished(Box::new(report)))),
            _ => None,
        })
    }
}

impl fmt::Debug for Events {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Events").finish_non_exhaustive()
    }
}
