//! The options of an upload, and the ways to run it.

use std::collections::HashMap;

use partner_center_devices::{BatchId, Customer, Wait};
use tokio_util::sync::CancellationToken;

use super::chunk::{ChunkLimits, ChunkSize};
use super::dry_run::{self, DryRun};
use super::error::UploadError;
use super::event::Event;
use super::executor;
use super::prepare::Input;
use super::target::Target;
use crate::check::checked_row::{CheckedRow, RowStatus};
use crate::check::finding::Finding;
use crate::check::fleet::Fleet;
use crate::check::rule::Rule;
use crate::event_stream::EventStream;
use crate::journal::Journal;
use crate::report::Report;

const DEFAULT_CONCURRENCY: usize = 4;

/// An upload of a fleet to batches of one or more customers.
///
/// Nothing is sent until [`run`](Self::run) is awaited or [`start`](Self::start) is polled. Dropping either stops sending and
/// polling; jobs continue in the service. With a [`Journal`], running the same upload again resumes it.
#[derive(Debug)]
#[must_use = "an upload does nothing until it is run"]
pub struct Upload {
    input: Input,
    limits: ChunkLimits,
    wait: Wait,
    waits_for_results: bool,
    concurrency: usize,
    journal: Option<Journal>,
    cancel: CancellationToken,
}

impl Upload {
    /// Creates an upload of all rows to one batch of one customer.
    ///
    /// Rows with errors are skipped and the others are sent. Check [`Fleet::has_errors`] first to avoid that.
    pub fn new(customer: Customer, batch: BatchId, fleet: Fleet) -> Self {
        Self::routed(fleet, |_| Some((customer.clone(), batch.clone())))
    }

    /// Creates an upload that sends each row to the batch that `route` returns, of one or more customers.
    ///
    /// All customers should come from the same client, so that the whole upload obeys the same rate limit and
    /// throttling. A row without a batch is not sent, and is reported as refused ([`Rule::NoDestination`]).
    pub fn routed(
        fleet: Fleet,
        mut route: impl FnMut(&CheckedRow) -> Option<(Customer, BatchId)>,
    ) -> Self {
        let mut targets: Vec<Target> = Vec::new();
        let mut indexes: HashMap<(String, String), usize> = HashMap::new();
        let mut index_of = |(customer, batch): (Customer, BatchId)| {
            let folded = batch.as_str().to_lowercase();
            let key = (customer.id().as_str().to_ascii_lowercase(), folded);
            *indexes.entry(key).or_insert_with(|| {
                targets.push(Target { customer, batch });
                targets.len() - 1
            })
        };
        let mut rows = fleet.into_rows();
        for row in &mut rows {
            row.drop_original();
            row.batch = route(row).map(&mut index_of);
            if row.batch.is_none() && matches!(row.status, RowStatus::Ready(_)) {
                let message = "the row does not name a customer and batch to send the device to";
                row.status =
                    RowStatus::Invalid(Finding::at(&row.origin, Rule::NoDestination, message));
            }
        }
        Self {
            input: Input { targets, rows, retry_failed: false },
            limits: ChunkLimits::default(),
            wait: Wait::default(),
            waits_for_results: true,
            concurrency: DEFAULT_CONCURRENCY,
            journal: None,
            cancel: CancellationToken::new(),
        }
    }

    /// Sets the number of devices per request. The default is 500.
    pub fn chunk_size(mut self, size: ChunkSize) -> Self {
        self.limits.devices = size;
        self
    }

    /// Sets the limits of one request: a number of devices and a number of bytes.
    pub fn limits(mut self, limits: ChunkLimits) -> Self {
        self.limits = limits;
        self
    }

    /// Sets how to wait for the job of each chunk. The default is [`Wait::default`].
    pub fn wait(mut self, wait: Wait) -> Self {
        self.wait = wait;
        self
    }

    /// Sets whether the upload waits for the results; the default is true. Otherwise it ends as soon as the service accepted all
    /// requests, and the report has [`RowOutcome::Unknown`](crate::RowOutcome::Unknown) for most devices. The same upload with the
    /// same [`journal`](Self::journal) reads the results later.
    ///
    /// The requests that append to a new batch still wait for the job that creates it.
    pub fn wait_for_results(mut self, waits: bool) -> Self {
        self.waits_for_results = waits;
        self
    }

    /// Sets how many calls run concurrently, at least 1. The default is 4. Within a batch it is always 1.
    ///
    /// The overall rate is a setting of the client:
    /// [`ClientBuilder::requests_per_second`](partner_center_devices::ClientBuilder::requests_per_second).
    pub fn concurrency(mut self, calls: usize) -> Self {
        self.concurrency = calls.max(1);
        self
    }

    /// Resends devices whose failure may be gone: a temporary one, such as `640`, or one with a cause outside the file, such as `808`.
    /// Also resends devices that [their customer](crate::EarlierRegistration::ByCustomer) had registered, and those that are
    /// [in no batch now](crate::EarlierRegistration::InNoBatch).
    ///
    /// By default a device that has an outcome is skipped. Only a [`journal`](Self::journal) knows earlier outcomes.
    pub fn retry_failed(mut self, retry: bool) -> Self {
        self.input.retry_failed = retry;
        self
    }

    /// Sets the journal that records the upload and from which it resumes. Without one, nothing survives the process.
    pub fn journal(mut self, journal: Journal) -> Self {
        self.journal = Some(journal);
        self
    }

    /// Cancels the upload when `token` is cancelled, for example by a Ctrl-C handler.
    ///
    /// From then on nothing new is sent. Responses to requests in flight are awaited for up to 20 seconds and recorded; jobs
    /// continue in the service. The same upload with the same journal resumes from there.
    pub fn cancel_with(mut self, token: CancellationToken) -> Self {
        self.cancel = token;
        self
    }

    /// Runs the upload and reports its progress to `on_event`.
    ///
    /// A fleet without a device to send makes no call. A cancelled upload returns a report too, with
    /// [`Report::stopped`] set and the remaining devices marked as not sent.
    ///
    /// # Errors
    /// If a call or the journal fails. Everything that did not depend on the failed call has been done, and the error has the
    /// report.
    pub async fn run(self, on_event: impl FnMut(Event)) -> Result<Report, UploadError> {
        let Self { input, limits, wait, waits_for_results, concurrency, journal, cancel } = self;
        let journal = journal.map_or_else(Journal::in_memory, Ok)?;
        let options = executor::Options { limits, wait, waits_for_results, concurrency, cancel };
        executor::run(input, options, journal, on_event).await
    }

    /// Runs the upload as a stream of events.
    ///
    /// The last item is [`Event::Finished`] or an error, which has the report.
    pub fn start(self) -> EventStream<Result<Event, UploadError>> {
        EventStream::new(|sink| async move {
            let report = self.run(|event| sink.put(Ok(event))).await?;
            Ok(Event::Finished(Box::new(report)))
        })
    }

    /// Returns what [`run`](Self::run) would do now. Lists batches; sends and records nothing.
    ///
    /// # Errors
    /// If batches cannot be listed, or the journal cannot be read.
    pub async fn dry_run(self) -> Result<DryRun, UploadError> {
        let journal = self.journal.map_or_else(Journal::in_memory, Ok)?;
        dry_run::run(self.input, self.limits, journal).await
    }
}
