//! Reads the batches and devices of many customers into an index, page by page.
//!
//! 1. List the batches of a customer, then the devices of each batch. Several lists are read concurrently.
//! 2. Commit each page with the position of the next one, so that a killed process repeats at most one page of each list.
//! 3. When all lists of a customer are read, the customer is no longer due.
//!
//! A customer that cannot be read does not stop the others. The sync ends if every other call would fail too.

use std::collections::{HashMap, VecDeque};

use futures_util::StreamExt as _;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use partner_center_devices::{
    BatchId, Client, CustomerId, Device, DeviceBatch, Error, ErrorKind, List, Page,
};
use tokio_util::sync::CancellationToken;

use super::batches::BatchRecord;
use super::changes::DueCustomer;
use super::customers::lowercase_id;
use super::database::Index;
use super::devices::DeviceRecord;
use super::error::IndexError;
use super::progress::{Commit, SyncProgress, SyncTask};
use super::sync_error::SyncError;
use crate::call_effect::{ends_all, means_missing};
use crate::inventory::CallFailure;
use crate::timestamp::Timestamp;

/// The number of lists that are read concurrently by default.
const CONCURRENCY: usize = 8;

/// The number of customers in a row that cannot be read, after which the service itself is the problem.
const MAX_FAILURES_IN_A_ROW: usize = 10;

/// A list of the batches and devices of customers into an [`Index`]. It resumes lists that were not completed. Nothing is read
/// until [`run`](Self::run) is awaited.
#[derive(Debug)]
#[must_use = "nothing is read until it is run"]
pub struct DeviceSync<'a> {
    client: &'a Client,
    index: &'a mut Index,
    due: Vec<DueCustomer>,
    concurrency: usize,
    only_batches: bool,
    cancel: CancellationToken,
}

/// An event of a [`DeviceSync`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum DeviceSyncEvent {
    /// A page was read.
    #[non_exhaustive]
    Page {
        /// The number of calls so far, without retries.
        calls: u64,
    },
    /// A customer was read, or cannot be read.
    #[non_exhaustive]
    CustomerDone {
        /// The number of customers that are done.
        done: usize,
        /// The number of customers to read.
        total: usize,
    },
    /// A customer cannot be read. The others are still read.
    Failed(FailedCustomer),
}

/// A customer that could not be read. It stays due.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FailedCustomer {
    /// The customer.
    pub id: CustomerId,
    /// The reason.
    pub failure: CallFailure,
}

/// The result of a [`DeviceSync`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SyncedDevices {
    /// The number of customers that were read completely.
    pub customers: usize,
    /// The number of batches whose devices were listed.
    pub batches: u64,
    /// The number of devices that were listed.
    pub devices: u64,
    /// The number of calls, without retries.
    pub calls: u64,
    /// The customers that could not be read.
    pub failed: Vec<FailedCustomer>,
    /// False if it was cancelled; the next run resumes.
    pub complete: bool,
}

impl<'a> DeviceSync<'a> {
    /// Creates a list of the devices of these customers.
    pub fn new(client: &'a Client, index: &'a mut Index, due: Vec<DueCustomer>) -> Self {
        let cancel = CancellationToken::new();
        Self { client, index, due, concurrency: CONCURRENCY, only_batches: false, cancel }
    }

    /// Sets how many lists are read concurrently. The default is 8; 0 counts as 1.
    pub fn concurrency(mut self, lists: usize) -> Self {
        self.concurrency = lists.max(1);
        self
    }

    /// Lists only the batches. The customers stay due.
    pub fn only_batches(mut self) -> Self {
        self.only_batches = true;
        self
    }

    /// Stops immediately when the token is cancelled. Calls in progress are dropped.
    pub fn cancel_with(mut self, cancel: CancellationToken) -> Self {
        self.cancel = cancel;
        self
    }

    /// Reads the lists, and reports progress to `on_event`.
    ///
    /// # Errors
    /// If the index cannot be written, or if a call fails in a way in which all others would fail too: without access token,
    /// without connection, if the service throttles all retries, or if it fails for ten customers in a row. The lists until then are in the
    /// index.
    pub async fn run(
        self,
        on_event: impl FnMut(DeviceSyncEvent),
    ) -> Result<SyncedDevices, SyncError> {
        let Self { client, index, due, concurrency, only_batches, cancel } = self;
        let mut reader = Reader {
            client,
            index,
            on_event,
            only_batches,
            total: due.len(),
            due: due.into(),
            lists: VecDeque::new(),
            open: HashMap::new(),
            running: FuturesUnordered::new(),
            failures_in_a_row: 0,
            result: SyncedDevices::default(),
        };
        loop {
            while reader.running.len() < concurrency && reader.start_next()? {}
            if reader.running.is_empty() {
                break;
            }
            let fetched = tokio::select! {
                biased;
                () = cancel.cancelled() => return Ok(reader.result),
                Some(fetched) = reader.running.next() => fetched,
                else => break,
            };
            reader.handle(fetched)?;
        }
        reader.result.complete = true;
        Ok(reader.result)
    }
}

/// The state of a running sync.
struct Reader<'a, F> {
    client: &'a Client,
    index: &'a mut Index,
    on_event: F,
    only_batches: bool,
    /// The number of customers to read.
    total: usize,
    /// The customers that are not started.
    due: VecDeque<DueCustomer>,
    /// The lists of started customers that are not started. They come first, so that few customers are open.
    lists: VecDeque<Subject>,
    /// The customers that are not done, by their id in lowercase.
    open: HashMap<String, OpenCustomer>,
    running: FuturesUnordered<BoxFuture<'static, Fetched>>,
    failures_in_a_row: usize,
    result: SyncedDevices,
}

struct OpenCustomer {
    due: DueCustomer,
    /// The number of lists that are waiting or running.
    lists: usize,
    failure: Option<CallFailure>,
}

/// The subject of a list: the batches of a customer, or the devices of a batch.
#[derive(Clone)]
struct Subject {
    customer: CustomerId,
    batch: Option<BatchId>,
}

/// A list, and the result of the call for its next page.
struct Fetched {
    list: OpenList,
    result: Result<Option<FetchedPage>, Error>,
}

struct OpenList {
    subject: Subject,
    progress: SyncProgress,
    pages: Pages,
    /// True until the first page of a resumed list is read: the service may no longer accept the position.
    may_restart: bool,
}

enum Pages {
    Batches(List<DeviceBatch>),
    Devices(List<Device>),
}

struct FetchedPage {
    items: Items,
    next: Option<String>,
}

enum Items {
    Batches(Vec<BatchRecord>),
    Devices(Vec<DeviceRecord>),
}

impl<F: FnMut(DeviceSyncEvent)> Reader<'_, F> {
    /// Starts a list. Returns false if none is left.
    fn start_next(&mut self) -> Result<bool, IndexError> {
        if let Some(subject) = self.lists.pop_front() {
            return self.start(subject).map(|()| true);
        }
        let Some(due) = self.due.pop_front() else { return Ok(false) };
        let (id, since) = (due.id.clone(), due.since);
        self.open.insert(lowercase_id(&id), OpenCustomer { due, lists: 1, failure: None });
        let listed = self.index.customer(&id)?.and_then(|known| known.batches_listed);
        if listed.is_some_and(|listed| listed >= since) {
            self.batches_listed(&id)?; // by an earlier run
            self.list_done(&id)?;
        } else {
            self.start(Subject { customer: id, batch: None })?;
        }
        Ok(true)
    }

    fn start(&mut self, subject: Subject) -> Result<(), IndexError> {
        let Some(open) = self.open.get(&lowercase_id(&subject.customer)) else { return Ok(()) };
        let since = open.due.since;
        // If the clock was set back, the list still counts as a new one.
        let now = Timestamp::now().max(since);
        let task = subject.task();
        let mut progress = self.index.progress(&task, now)?;
        if progress.started < since {
            self.index.forget_progress(&task)?;
            progress = self.index.progress(&task, now)?;
        }
        let may_restart = progress.is_resumed();
        self.fetch(subject, progress, may_restart);
        Ok(())
    }

    /// Requests the next page from the position of the progress.
    fn fetch(&mut self, subject: Subject, progress: SyncProgress, may_restart: bool) {
        let position = progress.position.as_deref().and_then(|position| position.parse().ok());
        let customer = self.client.customer(subject.customer.clone());
        let pages = match &subject.batch {
            Some(batch) => {
                let list = customer.device_batch(batch.clone()).devices().list();
                Pages::Devices(match position {
                    Some(position) => list.resume(position),
                    None => list,
                })
            }
            None => {
                let list = customer.device_batches().list();
                Pages::Batches(match position {
                    Some(position) => list.resume(position),
                    None => list,
                })
            }
        };
        self.fetch_next(OpenList { subject, progress, pages, may_restart });
    }

    fn fetch_next(&mut self, mut list: OpenList) {
        self.running.push(Box::pin(async move {
            let result = list.pages.next().await;
            Fetched { list, result }
        }));
    }

    fn handle(&mut self, fetched: Fetched) -> Result<(), SyncError> {
        let Fetched { list, result } = fetched;
        self.result.calls += 1;
        (self.on_event)(DeviceSyncEvent::Page { calls: self.result.calls });
        match result {
            Ok(page) => self.commit(list, page).map_err(SyncError::Index),
            Err(error) => self.failed(list, error),
        }
    }

    fn commit(&mut self, list: OpenList, page: Option<FetchedPage>) -> Result<(), IndexError> {
        let OpenList { subject, progress, pages, .. } = list;
        // A list without any page is empty.
        let page = page.unwrap_or_else(|| pages.empty_page());
        let (next, now) = (page.next.as_deref(), Timestamp::now());
        let commit = match &page.items {
            Items::Batches(batches) => self.index.commit_batches(&progress, batches, next, now)?,
            Items::Devices(devices) => {
                let commit = self.index.commit_devices(&progress, devices, next, now)?;
                self.result.devices += devices.len() as u64;
                commit
            }
        };
        match commit {
            Commit::Page(progress) => {
                self.fetch_next(OpenList { subject, progress, pages, may_restart: false });
                return Ok(());
            }
            Commit::Overtaken => {
                let current = self.index.progress(&progress.task, now)?;
                if current.is_resumed() {
                    self.fetch(subject, current, false);
                    return Ok(());
                } // else the other process has completed the list
            }
            Commit::Complete => {}
        }
        match subject.batch {
            None => self.batches_listed(&subject.customer)?,
            Some(_) => self.result.batches += 1,
        }
        self.list_done(&subject.customer)
    }

    /// Queues the lists of the devices of a customer.
    fn batches_listed(&mut self, id: &CustomerId) -> Result<(), IndexError> {
        let Some(open) = self.open.get_mut(&lowercase_id(id)) else { return Ok(()) };
        if self.only_batches || open.failure.is_some() {
            return Ok(());
        }
        let since = open.due.since;
        for batch in self.index.batches(id)? {
            if batch.devices_listed.is_none_or(|listed| listed < since) {
                open.lists += 1;
                self.lists.push_back(Subject { customer: id.clone(), batch: Some(batch.id) });
            }
        }
        Ok(())
    }

    /// Ends a list, and the customer with its last list.
    fn list_done(&mut self, id: &CustomerId) -> Result<(), IndexError> {
        let key = lowercase_id(id);
        let Some(open) = self.open.get_mut(&key) else { return Ok(()) };
        open.lists -= 1;
        if open.lists > 0 {
            return Ok(());
        }
        let Some(OpenCustomer { due, failure, .. }) = self.open.remove(&key) else { return Ok(()) };
        match failure {
            None => {
                if !self.only_batches {
                    self.index.finish_due(&due)?;
                }
                self.failures_in_a_row = 0;
                self.result.customers += 1;
            }
            Some(failure) => {
                let failed = FailedCustomer { id: due.id, failure };
                (self.on_event)(DeviceSyncEvent::Failed(failed.clone()));
                self.result.failed.push(failed);
            }
        }
        let done = self.result.customers + self.result.failed.len();
        (self.on_event)(DeviceSyncEvent::CustomerDone { done, total: self.total });
        Ok(())
    }

    fn failed(&mut self, list: OpenList, error: Error) -> Result<(), SyncError> {
        let OpenList { subject, progress, may_restart, .. } = list;
        let reaction = reaction(&FailedPage {
            kind: error.kind(),
            code: error.code(),
            may_restart,
            is_batch: subject.batch.is_some() && progress.position.is_none(),
            failures_in_a_row: self.failures_in_a_row,
        });
        match reaction {
            Reaction::End => return Err(SyncError::Call(error)),
            Reaction::Restart => {
                self.index.forget_progress(&progress.task)?;
                let progress = self.index.progress(&progress.task, Timestamp::now())?;
                self.fetch(subject, progress, false);
                return Ok(());
            }
            // The list of its devices is empty now.
            Reaction::BatchIsGone => {
                let now = Timestamp::now();
                self.index.commit_devices(&progress, &[], None, now)?;
            }
            Reaction::SkipCustomer => {
                self.skip(&subject.customer, &error);
            }
        }
        Ok(self.list_done(&subject.customer)?)
    }

    /// Marks a customer as failed, and drops its lists that are not started.
    fn skip(&mut self, id: &CustomerId, error: &Error) {
        let Some(open) = self.open.get_mut(&lowercase_id(id)) else { return };
        if open.failure.is_none() {
            open.failure = Some(error.into());
            self.failures_in_a_row += usize::from(!is_about_customer(error.kind()));
        }
        let waiting = self.lists.len();
        self.lists.retain(|list| lowercase_id(&list.customer) != lowercase_id(id));
        open.lists -= waiting - self.lists.len();
    }
}

impl Subject {
    fn task(&self) -> SyncTask {
        match &self.batch {
            Some(batch) => SyncTask::Devices(self.customer.clone(), batch.clone()),
            None => SyncTask::Batches(self.customer.clone()),
        }
    }
}

impl Pages {
    /// Returns the next page.
    async fn next(&mut self) -> Result<Option<FetchedPage>, Error> {
        Ok(match self {
            Self::Batches(list) => next_page(list).await?.map(|(items, next)| FetchedPage {
                items: Items::Batches(items.iter().filter_map(batch_record).collect()),
                next,
            }),
            Self::Devices(list) => next_page(list).await?.map(|(items, next)| FetchedPage {
                items: Items::Devices(items.iter().map(DeviceRecord::from).collect()),
                next,
            }),
        })
    }

    fn empty_page(&self) -> FetchedPage {
        let items = match self {
            Self::Batches(_) => Items::Batches(Vec::new()),
            Self::Devices(_) => Items::Devices(Vec::new()),
        };
        FetchedPage { items, next: None }
    }
}

/// Returns the items of the next page, and the position after it.
async fn next_page<T: Send + 'static>(
    list: &mut List<T>,
) -> Result<Option<(Vec<T>, Option<String>)>, Error> {
    let Some(Page { items, continuation, .. }) = list.next_page().await.transpose()? else {
        return Ok(None);
    };
    if continuation.is_none() {
        // A list that ended too early must not mark the missing items as gone. This makes no call.
        list.next_page().await.transpose()?;
    }
    Ok(Some((items, continuation.map(|position| position.to_string()))))
}

/// Returns a batch; `None` if its name is not valid in a path, so that its devices cannot be listed.
fn batch_record(batch: &DeviceBatch) -> Option<BatchRecord> {
    let devices = batch.devices_count().and_then(|devices| u64::try_from(devices).ok());
    Some(BatchRecord::new(batch.id()?).devices(devices))
}

/// A call for a page that failed.
struct FailedPage<'a> {
    kind: ErrorKind,
    code: Option<&'a str>,
    /// True if the page is the first one of a resumed list.
    may_restart: bool,
    /// True if the page is the first one of a batch.
    is_batch: bool,
    /// The number of customers before that could not be read.
    failures_in_a_row: usize,
}

/// The reaction to a call that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reaction {
    /// All other calls would fail, too.
    End,
    /// The service no longer accepts the position of an earlier run.
    Restart,
    /// The batch disappeared after it was listed.
    BatchIsGone,
    /// The customer cannot be read; the others can.
    SkipCustomer,
}

fn reaction(page: &FailedPage<'_>) -> Reaction {
    let FailedPage { kind, code, may_restart, is_batch, failures_in_a_row } = *page;
    let is_position =
        matches!(kind, ErrorKind::Rejected | ErrorKind::NotFound | ErrorKind::Service);
    if ends_all(kind) || kind == ErrorKind::Throttled {
        Reaction::End
    } else if may_restart && is_position {
        Reaction::Restart
    } else if is_batch && means_missing(kind, code) {
        Reaction::BatchIsGone
    } else if !is_about_customer(kind) && failures_in_a_row + 1 >= MAX_FAILURES_IN_A_ROW {
        Reaction::End
    } else {
        Reaction::SkipCustomer
    }
}

/// Returns true if the error is about one customer, and the others may still be readable.
fn is_about_customer(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::Forbidden | ErrorKind::NotFound)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reaction_to_a_failed_page_depends_on_what_else_would_fail() {
        use ErrorKind::{
            Connect, Forbidden, Interrupted, NotFound, Rejected, Service, Throttled, Token,
            Unauthorized,
        };
        use Reaction::{BatchIsGone, End, Restart, SkipCustomer};
        let last = MAX_FAILURES_IN_A_ROW - 1;
        // Kind, code, first page of a resumed list, first page of a batch, failures in a row.
        for (kind, code, may_restart, is_batch, failures_in_a_row, expected) in [
            (Unauthorized, None, false, false, 0, End),
            (Token, None, true, true, 0, End),
            (Connect, None, true, false, 0, End),
            (Throttled, None, true, false, 0, End),
            (Rejected, None, true, false, 0, Restart),
            (NotFound, None, true, false, 0, Restart),
            (Service, None, true, false, last, Restart),
            (Interrupted, None, true, false, 0, SkipCustomer),
            (Forbidden, None, true, false, 0, SkipCustomer),
            (NotFound, None, false, true, 0, BatchIsGone),
            (NotFound, Some("60003"), false, true, 0, SkipCustomer), // the customer is gone, too
            (NotFound, None, false, false, last, SkipCustomer),
            (Forbidden, None, false, false, last, SkipCustomer),
            (Rejected, None, false, true, 0, SkipCustomer),
            (Service, None, false, false, last - 1, SkipCustomer),
            (Service, None, false, false, last, End),
            (Interrupted, None, false, true, last, End),
        ] {
            let page = FailedPage { kind, code, may_restart, is_batch, failures_in_a_row };
            assert_eq!(reaction(&page), expected, "{kind:?} {code:?} {may_restart} {is_batch}");
        }
    }
}
