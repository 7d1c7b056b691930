//! Sending a fleet. Decides what is asked of the service, in which order and how much of it at once, and what is
//! known of the rows when a call fails or the process ends.
//!
//! An upload is, for each batch of each customer that rows go to:
//!
//! 1. take up what an earlier run left: ask for jobs that were accepted; repeat, under the same `MS-RequestId`, an
//!    upload that may have been sent; where its answer proves nothing, look what stands in the batch;
//! 2. list the customer's batches, once, to know whether to make the batch or to append to it;
//! 3. for each chunk: write it into the journal, send it, and write down the tracking id. Within a batch chunks are
//!    sent one after another, and those behind the one that makes the batch wait for its job: a batch must exist
//!    before anything is appended. If the batch was made by another in the meantime, append;
//! 4. ask for each job until it ends, and write down the outcome of each device;
//! 5. where a job did not speak of a device, look whether it stands in the batch.
//!
//! Customers and batches go on side by side: so many uploads at once, and many more jobs, which are only asked for.
//! A call that fails ends its own batch; one that would fail everywhere, such as a refused token, ends all. Devices
//! that the service refuses are no failure of a call.
//!
//! [`recovery`] has the decisions, [`executor`] the order, [`requests`] the calls.

pub(crate) mod chunk;
mod dry_run;
mod executor;
pub(crate) mod plan;
mod progress;
mod recovery;
mod requests;

use std::collections::HashMap;
use std::fmt;

use partner_center_devices::{BatchId, Customer, CustomerId, Error, Wait};
use tokio_util::sync::CancellationToken;

pub use dry_run::{DryRun, PlannedBatch, PlannedRequest, PlannedRow, UnfinishedRequest};
pub use progress::Event;

use crate::check::finding::{Finding, Rule};
use crate::check::fleet::{CheckedRow, Fleet, Verdict};
use crate::event_stream::EventStream;
use crate::journal::{Journal, JournalError};
use crate::report::Report;
use crate::upload::chunk::ChunkLimits;
use crate::upload::plan::ChunkSize;

/// How many uploads are under way at once, unless told.
const CONCURRENCY: usize = 4;

/// A fleet on its way into batches of customers. Nothing is sent until [`run`](Self::run) is awaited or
/// [`start`](Self::start) is polled; dropping either stops the sending and the waiting, not a job of the
/// service. With a [`Journal`], the same upload run again goes on where it stopped.
#[derive(Debug)]
#[must_use = "an upload does nothing until it is run"]
pub struct Upload {
    routes: Vec<Route>,
    rows: Vec<RoutedRow>,
    limits: ChunkLimits,
    wait: Wait,
    concurrency: usize,
    retry: bool,
    journal: Option<Journal>,
    cancel: CancellationToken,
}

/// A batch of a customer that rows go to.
#[derive(Clone, Debug)]
struct Route {
    customer: Customer,
    batch: BatchId,
}

#[derive(Debug)]
struct RoutedRow {
    row: CheckedRow,
    route: Option<usize>,
}

impl Upload {
    /// An upload of all rows into one batch of one customer.
    ///
    /// Rows with errors are not sent, and the others are: look at [`Fleet::has_errors`] first if that is not
    /// wanted.
    pub fn new(customer: Customer, batch: BatchId, fleet: Fleet) -> Self {
        Self::routed(fleet, |_| Some((customer.clone(), batch.clone())))
    }

    /// An upload of each row into the batch that `route` says, of many customers if need be. All customers should
    /// come from one client: what it is told of throttling then holds for the whole upload.
    ///
    /// A row that `route` has no answer for is not sent, and is in the report as refused
    /// ([`Rule::NoDestination`]).
    pub fn routed(
        fleet: Fleet,
        mut route: impl FnMut(&CheckedRow) -> Option<(Customer, BatchId)>,
    ) -> Self {
        let mut routes: Vec<Route> = Vec::new();
        let mut places: HashMap<(String, String), usize> = HashMap::new();
        let mut place = |(customer, batch): (Customer, BatchId)| {
            let folded = batch.as_str().to_lowercase();
            let key = (customer.id().as_str().to_ascii_lowercase(), folded);
            *places.entry(key).or_insert_with(|| {
                routes.push(Route { customer, batch });
                routes.len() - 1
            })
        };
        let routed = |mut row: CheckedRow| {
            let route = route(&row).map(&mut place);
            if route.is_none() && matches!(row.verdict, Verdict::Send(_)) {
                let message = "the row says no customer or batch to send the device to";
                row.verdict =
                    Verdict::Refused(Finding::at(&row.origin, Rule::NoDestination, message));
            }
            RoutedRow { row, route }
        };
        let rows = fleet.into_rows().into_iter().map(routed).collect();
        Self {
            routes,
            rows,
            limits: ChunkLimits::default(),
            wait: Wait::default(),
            concurrency: CONCURRENCY,
            retry: false,
            journal: None,
            cancel: CancellationToken::new(),
        }
    }

    /// How many devices go in one request. 500 unless told.
    pub fn chunk_size(mut self, size: ChunkSize) -> Self {
        self.limits.devices = size;
        self
    }

    /// How much goes in one request: a number of devices, and a number of bytes.
    pub fn limits(mut self, limits: ChunkLimits) -> Self {
        self.limits = limits;
        self
    }

    /// How to wait for the job of each chunk: as long as [`Wait::default`] unless told.
    pub fn wait(mut self, wait: Wait) -> Self {
        self.wait = wait;
        self
    }

    /// How many uploads are under way at once, at least 1 and 4 unless told. Within a batch it is one. How often
    /// the service is called in all is the client's matter:
    /// [`ClientBuilder::requests_per_second`](partner_center_devices::ClientBuilder::requests_per_second).
    pub fn concurrency(mut self, uploads: usize) -> Self {
        self.concurrency = uploads.max(1);
        self
    }

    /// Sends devices again that failed for a reason that passes, such as `640`, and no others that failed. Without
    /// it a device that has an outcome is left alone. Only a [`journal`](Self::journal) knows of such devices.
    pub fn retry_failed(mut self, retry: bool) -> Self {
        self.retry = retry;
        self
    }

    /// Where to write down what is done, and where to go on. Without one nothing outlives the process.
    pub fn journal(mut self, journal: Journal) -> Self {
        self.journal = Some(journal);
        self
    }

    /// Cancels the upload when `token` is cancelled, for example by a Ctrl-C handler.
    ///
    /// Nothing new is sent from then on. Responses to requests in flight are awaited for up to 20 seconds and recorded;
    /// jobs continue in the service. The same upload with the same journal resumes from there.
    pub fn cancel_with(mut self, token: CancellationToken) -> Self {
        self.cancel = token;
        self
    }

    /// Uploads, and tells what happens on the way.
    ///
    /// A fleet without a device to send is a report and no call. An upload that was stopped ends well too, with
    /// [`Report::stopped`] and what is left marked as such.
    ///
    /// # Errors
    /// If a call fails, or the journal does. The error holds the report. What can go on without the failed call has
    /// been done.
    pub async fn run(self, on_event: impl FnMut(Event)) -> Result<Report, UploadError> {
        executor::run(self, on_event).await
    }

    /// Uploads as the stream is polled. The last event is [`Event::Finished`], or an error, which holds the
    /// report.
    pub fn start(self) -> EventStream<Result<Event, UploadError>> {
        EventStream::new(|sink| async move {
            let report = executor::run(self, |event| sink.put(Ok(event))).await?;
            Ok(Event::Finished(Box::new(report)))
        })
    }

    /// What [`run`](Self::run) would do now: lists batches, and sends and writes nothing.
    ///
    /// # Errors
    /// If batches cannot be listed, or the journal cannot be read.
    pub async fn dry_run(self) -> Result<DryRun, UploadError> {
        dry_run::run(self).await
    }
}

/// At which call a batch's upload stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Step {
    /// The batches could not be listed. No device was taken.
    ListBatches,
    /// A chunk could not be sent.
    #[non_exhaustive]
    Send {
        /// Which chunk of this batch in this run, from 1.
        chunk: usize,
    },
    /// The job of a chunk could not be followed to its end. It may go on.
    #[non_exhaustive]
    Follow {
        /// Which chunk of this batch in this run, from 1.
        chunk: usize,
    },
    /// The devices of the batch could not be listed, so it is not known which of a chunk's are there.
    #[non_exhaustive]
    ReadBack {
        /// Which chunk of this batch in this run, from 1.
        chunk: usize,
    },
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ListBatches => f.write_str("the customer's batches could not be listed"),
            Self::Send { chunk } => write!(f, "part {chunk} could not be sent"),
            Self::Follow { chunk } => write!(f, "the job of part {chunk} could not be followed"),
            Self::ReadBack { chunk } => {
                write!(f, "the batch could not be read to settle part {chunk}")
            }
        }
    }
}

/// A call that ended the upload of a batch.
#[derive(Debug)]
pub struct Failure {
    customer: CustomerId,
    batch: BatchId,
    step: Step,
    error: Error,
}

impl Failure {
    /// The customer.
    #[must_use]
    pub fn customer(&self) -> &CustomerId {
        &self.customer
    }

    /// The batch.
    #[must_use]
    pub fn batch(&self) -> &BatchId {
        &self.batch
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

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.step.fmt(f)
    }
}

impl std::error::Error for Failure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.error)
    }
}

/// An upload that could not be brought to its end.
#[derive(Debug)]
#[non_exhaustive]
pub enum UploadError {
    /// Calls failed.
    #[non_exhaustive]
    Calls {
        /// What became of every row until then.
        report: Box<Report>,
        /// Each batch that stopped, the first first; at least one.
        failures: Vec<Failure>,
    },
    /// The journal could not be used: nothing more was sent.
    #[non_exhaustive]
    Journal {
        /// Why.
        error: JournalError,
    },
}

impl UploadError {
    /// What became of every row until then; `None` if the journal cannot say it.
    #[must_use]
    pub fn report(&self) -> Option<&Report> {
        match self {
            Self::Calls { report, .. } => Some(report),
            Self::Journal { .. } => None,
        }
    }

    /// Each batch that stopped, the first first; none if it was the journal.
    #[must_use]
    pub fn failures(&self) -> &[Failure] {
        match self {
            Self::Calls { failures, .. } => failures,
            Self::Journal { .. } => &[],
        }
    }
}

impl From<JournalError> for UploadError {
    fn from(error: JournalError) -> Self {
        Self::Journal { error }
    }
}

impl fmt::Display for UploadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Journal { .. } => f.write_str("the upload cannot be written down"),
            Self::Calls { failures, .. } => match &failures[..] {
                [] => f.write_str("the upload stopped"),
                [only] => only.fmt(f),
                [first, rest @ ..] => {
                    write!(f, "{first}, and {} more batches stopped", rest.len())
                }
            },
        }
    }
}

impl std::error::Error for UploadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Journal { error } => Some(error),
            Self::Calls { failures, .. } => failures.first().map(|first| first.error() as _),
        }
    }
}
