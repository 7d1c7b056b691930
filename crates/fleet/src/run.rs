//! Sending a fleet. Decides the order of the calls, and what is known of the rows when one of them fails.
//!
//! An upload is:
//!
//! 1. list the customer's batches, to know whether to make the batch or to append to it;
//! 2. for each chunk, in order: send it, then ask for its job until it ends. The next one waits: a batch must
//!    exist before anything is appended. If the batch was made by another in the meantime, list once more and
//!    append;
//! 3. settle each row of the chunk by what the job says of it.
//!
//! The first call that fails ends the upload, and everything known until then is in the report. Devices that
//! the service refuses are no failure of a call: the upload goes on.

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use futures_core::Stream;
use futures_util::StreamExt as _;
use partner_center_devices::{
    BatchId, BatchTrackingId, BatchUploadDetails, BatchUploadStatus, Customer, DeviceOutcome,
    Error, ErrorKind, Sent, Wait,
};

use crate::check::Fleet;
use crate::plan::{ChunkSize, Plan, plan};
use crate::report::{Report, cut};

/// A fleet on its way into a batch of a customer. Nothing is sent until [`run`](Self::run) is awaited or
/// [`start`](Self::start) is polled; dropping either stops the sending and the waiting, not a job of the
/// service.
#[derive(Clone, Debug)]
#[must_use = "an upload does nothing until it is run"]
pub struct Upload {
    customer: Customer,
    batch: BatchId,
    fleet: Fleet,
    chunk_size: ChunkSize,
    wait: Wait,
}

/// What happens during an upload.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Event {
    /// The batches are known, and what will be sent. Comes again if that changes because the batch was made by
    /// another in the meantime.
    #[non_exhaustive]
    Planned {
        /// What will be sent.
        plan: Plan,
    },
    /// The service took a chunk.
    #[non_exhaustive]
    Sent {
        /// Which chunk, from 1.
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
        /// How many devices there are to send in all.
        total: usize,
        /// The state of the current job, if the service said one.
        status: Option<BatchUploadStatus>,
    },
    /// The end, with the report. Only from [`Upload::start`]: [`Upload::run`] returns it instead.
    Finished(Box<Report>),
}

impl Upload {
    /// An upload in chunks of the default size, waiting as long as [`Wait::default`] for each.
    ///
    /// Rows with errors are not sent, and the others are: look at [`Fleet::has_errors`] first if that is not
    /// wanted.
    pub fn new(customer: Customer, batch: BatchId, fleet: Fleet) -> Self {
        Self { customer, batch, fleet, chunk_size: ChunkSize::default(), wait: Wait::default() }
    }

    /// How many devices go in one request.
    pub fn chunk_size(mut self, size: ChunkSize) -> Self {
        self.chunk_size = size;
        self
    }

    /// How to wait for the job of each chunk.
    pub fn wait(mut self, wait: Wait) -> Self {
        self.wait = wait;
        self
    }

    /// Uploads, and tells what happens on the way.
    ///
    /// A fleet without a device to send is a report and no call.
    ///
    /// # Errors
    /// If a call fails. The error holds the report.
    pub async fn run(self, on_event: impl FnMut(Event)) -> Result<Report, UploadError> {
        upload(self, on_event).await
    }

    /// Uploads as the stream is polled. The last event is [`Event::Finished`], or an error, which holds the
    /// report.
    pub fn start(self) -> Events {
        let queue = Arc::new(Mutex::new(VecDeque::new()));
        let filling = Arc::clone(&queue);
        let running = Box::pin(upload(self, move |event| {
            filling.lock().unwrap_or_else(PoisonError::into_inner).push_back(event);
        }));
        Events { queue, state: State::Running(running) }
    }
}

/// What happens during an upload, as a stream. Made by [`Upload::start`].
#[must_use = "a stream does nothing until it is polled"]
pub struct Events {
    queue: Arc<Mutex<VecDeque<Event>>>,
    state: State,
}

enum State {
    Running(Pin<Box<dyn Future<Output = Result<Report, UploadError>> + Send>>),
    Ended(Box<Result<Report, UploadError>>),
    Over,
}

impl Events {
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

/// The numbered list of this module.
async fn upload(upload: Upload, mut on_event: impl FnMut(Event)) -> Result<Report, UploadError> {
    let Upload { customer, batch, fleet, chunk_size, wait } = upload;
    let (mut report, outgoing) = Report::begin(customer.id().clone(), batch.clone(), fleet);
    let total = outgoing.len();
    if total == 0 {
        return Ok(report);
    }

    // 1. Which batches are there?
    let mut plan = match look(&customer, batch, total, chunk_size).await {
        Ok(plan) => plan,
        Err(error) => return Err(UploadError::new(report, Step::ListBatches, error)),
    };
    report.batch = plan.batch().clone();
    let chunks = plan.chunks();
    on_event(Event::Planned { plan: plan.clone() });

    let mut outgoing = outgoing.into_iter();
    for (range, chunk) in plan.ranges().zip(1..) {
        // 2. Send the chunk and follow its job.
        let (places, devices) = cut(&mut outgoing, &range);
        let creates = plan.creates_batch() && chunk == 1;
        let spare = creates.then(|| devices.clone()); // the batch may exist by then
        let call = if creates {
            customer.device_batches().create(plan.batch().clone(), devices)
        } else {
            customer.device_batch(plan.batch().clone()).devices().add(devices)
        };
        let mut answer = call.await;
        let conflict = answer.as_ref().is_err_and(is_certain_conflict);
        if let Some(devices) = spare.filter(|_| conflict) {
            match look(&customer, plan.batch().clone(), total, chunk_size).await {
                Ok(newer) if !newer.creates_batch() => {
                    plan = newer;
                    report.batch = plan.batch().clone();
                    on_event(Event::Planned { plan: plan.clone() });
                    let batch = customer.device_batch(plan.batch().clone());
                    answer = batch.devices().add(devices).await;
                }
                Ok(_) => {} // a conflict of another kind
                Err(error) => return Err(UploadError::new(report, Step::ListBatches, error)),
            }
        }
        let job = match answer {
            Ok(job) => job,
            Err(error) => {
                if may_have_been_done(error.kind(), error.sent(), error.attempts()) {
                    report.sent(&places, None);
                }
                return Err(UploadError::new(report, Step::Send { chunk, chunks }, error));
            }
        };
        report.sent(&places, Some(job.tracking_id()));
        report.created_batch |= plan.creates_batch();
        on_event(Event::Sent {
            chunk,
            devices: places.len(),
            tracking_id: job.tracking_id().clone(),
        });

        let mut statuses = job.statuses(wait);
        let (mut last, mut failure) = (None, None);
        while let Some(look) = statuses.next().await {
            match look {
                Ok(status) => {
                    let decided = range.start + decided(&status).min(range.len());
                    on_event(Event::Progress { decided, total, status: status.status().cloned() });
                    last = Some(status);
                }
                Err(error) => failure = Some(error),
            }
        }

        // 3. Settle its rows, by the last look even if a later one failed.
        if let Some(status) = &last {
            report.settle(&places, status);
        }
        if let Some(error) = failure {
            return Err(UploadError::new(report, Step::Follow { chunk, chunks }, error));
        }
    }
    Ok(report)
}

/// Lists the batches, and plans by them.
async fn look(
    customer: &Customer,
    batch: BatchId,
    devices: usize,
    chunk_size: ChunkSize,
) -> Result<Plan, Error> {
    let batches = customer.device_batches().list().await?;
    Ok(plan(batches.iter().filter_map(|batch| batch.id()), batch, devices, chunk_size))
}

fn decided(status: &BatchUploadDetails) -> usize {
    status.devices().iter().filter(|device| device.outcome() != DeviceOutcome::Pending).count()
}

/// Whether a request that failed may have registered its devices. A service that answers with 4xx refused the
/// whole request; 409 alone is no proof once an earlier attempt went out, because it may be what the batch is
/// in conflict with.
fn may_have_been_done(kind: ErrorKind, sent: Sent, attempts: u32) -> bool {
    match (sent, kind) {
        (Sent::No, _) => false,
        (Sent::Answered, ErrorKind::Conflict) => attempts > 1,
        (
            Sent::Answered,
            ErrorKind::Unauthorized
            | ErrorKind::Forbidden
            | ErrorKind::NotFound
            | ErrorKind::Throttled
            | ErrorKind::Rejected,
        ) => false,
        _ => true,
    }
}

/// Whether what is there already keeps a batch from being made, and surely nothing was done.
fn is_certain_conflict(error: &Error) -> bool {
    error.kind() == ErrorKind::Conflict
        && !may_have_been_done(error.kind(), error.sent(), error.attempts())
}

/// At which call an upload stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Step {
    /// The batches could not be listed. No device was taken.
    ListBatches,
    /// A chunk could not be sent.
    #[non_exhaustive]
    Send {
        /// Which chunk, from 1.
        chunk: usize,
        /// How many there are.
        chunks: usize,
    },
    /// The job of a chunk could not be followed to its end. It may go on.
    #[non_exhaustive]
    Follow {
        /// Which chunk, from 1.
        chunk: usize,
        /// How many there are.
        chunks: usize,
    },
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ListBatches => f.write_str("the customer's batches could not be listed"),
            Self::Send { chunk, chunks } => write!(f, "part {chunk} of {chunks} could not be sent"),
            Self::Follow { chunk, chunks } => {
                write!(f, "the job of part {chunk} of {chunks} could not be followed")
            }
        }
    }
}

/// A call failed and ended the upload. Holds what became of every row until then.
#[derive(Debug)]
pub struct UploadError {
    report: Box<Report>,
    step: Step,
    error: Error,
}

impl UploadError {
    fn new(mut report: Report, step: Step, error: Error) -> Self {
        report.stopped = Some(format!("{step}: {error}"));
        Self { report: Box::new(report), step, error }
    }

    /// What became of every row until then.
    #[must_use]
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// The report alone; its [`stopped`](Report::stopped) says what the error does.
    #[must_use]
    pub fn into_report(self) -> Report {
        *self.report
    }

    /// At which call it stopped.
    #[must_use]
    pub fn step(&self) -> Step {
        self.step
    }

    /// The error of the call; also the `source()`.
    #[must_use]
    pub fn error(&self) -> &Error {
        &self.error
    }
}

impl fmt::Display for UploadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.step.fmt(f)
    }
}

impl std::error::Error for UploadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_request_was_not_done_and_a_lost_one_may_have_been() {
        for (kind, sent, attempts, maybe) in [
            (ErrorKind::Input, Sent::No, 0, false),
            (ErrorKind::Connect, Sent::No, 3, false),
            (ErrorKind::Interrupted, Sent::Maybe, 1, true),
            (ErrorKind::Throttled, Sent::Maybe, 2, true),
            (ErrorKind::Unauthorized, Sent::Answered, 1, false),
            (ErrorKind::Forbidden, Sent::Answered, 1, false),
            (ErrorKind::NotFound, Sent::Answered, 1, false),
            (ErrorKind::Rejected, Sent::Answered, 1, false),
            (ErrorKind::Throttled, Sent::Answered, 1, false),
            (ErrorKind::Conflict, Sent::Answered, 1, false),
            (ErrorKind::Conflict, Sent::Answered, 2, true),
            (ErrorKind::Service, Sent::Answered, 1, true),
            (ErrorKind::Unreadable, Sent::Answered, 1, true),
            (ErrorKind::Unexpected, Sent::Answered, 1, true),
        ] {
            assert_eq!(
                may_have_been_done(kind, sent, attempts),
                maybe,
                "{kind:?} {sent:?} {attempts}"
            );
        }
    }
}
