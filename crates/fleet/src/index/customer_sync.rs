//! Lists all customers of the partner into an index, page by page.

use std::time::Duration;

use partner_center_devices::{Client, ErrorKind};
use tokio_util::sync::CancellationToken;

use super::customers::CustomerRecord;
use super::database::Index;
use super::error::IndexError;
use super::progress::{Commit, SyncProgress, SyncTask};
use super::sync_error::SyncError;
use crate::timestamp::Timestamp;

/// An unfinished list is restarted after this time, because customers on its first pages may have changed.
const MAX_AGE: Duration = Duration::from_secs(24 * 60 * 60);

/// A list of all customers of the partner into an [`Index`]. It resumes a list that was not completed. Nothing is read until
/// [`run`](Self::run) is awaited.
#[derive(Debug)]
#[must_use = "nothing is read until it is run"]
pub struct CustomerSync<'a> {
    client: &'a Client,
    index: &'a mut Index,
    cancel: CancellationToken,
}

/// The result of a [`CustomerSync`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SyncedCustomers {
    /// The number of customers on all pages.
    pub customers: u64,
    /// The number of customers that an earlier run had read.
    pub resumed: u64,
    /// When the list was started.
    pub started: Timestamp,
    /// False if it was cancelled; the next run resumes.
    pub complete: bool,
}

impl<'a> CustomerSync<'a> {
    /// Creates a list of the customers that the client's token can see.
    pub fn new(client: &'a Client, index: &'a mut Index) -> Self {
        Self { client, index, cancel: CancellationToken::new() }
    }

    /// Stops at the next page when the token is cancelled.
    pub fn cancel_with(mut self, cancel: CancellationToken) -> Self {
        self.cancel = cancel;
        self
    }

    /// Lists the customers, and reports the number of customers to `on_page` after each page.
    ///
    /// # Errors
    /// If a call fails, or if the index cannot be written.
    pub async fn run(self, mut on_page: impl FnMut(u64)) -> Result<SyncedCustomers, SyncError> {
        let Self { client, index, cancel } = self;
        let mut progress = start(index)?;
        let (resumed, mut may_restart) = (progress.done, progress.is_resumed());
        loop {
            let error = match read(client, index, &cancel, &mut progress, &mut on_page).await {
                Ok(complete) => {
                    let (customers, started) = (progress.done, progress.started);
                    return Ok(SyncedCustomers { customers, resumed, started, complete });
                }
                Err(error) => error,
            };
            if !may_restart || !refuses_position(&error) {
                return Err(error);
            }
            may_restart = false;
            index.forget_progress(&SyncTask::Customers)?;
            progress = start(index)?;
        }
    }
}

/// Returns the progress of an earlier list that is not too old, otherwise the start of a new list.
fn start(index: &mut Index) -> Result<SyncProgress, IndexError> {
    let now = Timestamp::now();
    let progress = index.progress(&SyncTask::Customers, now)?;
    let is_too_old =
        now.time().duration_since(progress.started.time()).is_ok_and(|age| age > MAX_AGE);
    if !is_too_old {
        return Ok(progress);
    }
    index.forget_progress(&SyncTask::Customers)?;
    index.progress(&SyncTask::Customers, now)
}

/// Returns true if the service may no longer accept the position of an earlier run.
fn refuses_position(error: &SyncError) -> bool {
    match error {
        SyncError::Call(error) => {
            matches!(error.kind(), ErrorKind::Rejected | ErrorKind::NotFound | ErrorKind::Service)
        }
        SyncError::Index(_) => false,
    }
}

/// Reads and commits pages from the position of the progress. Returns false if it was cancelled.
async fn read(
    client: &Client,
    index: &mut Index,
    cancel: &CancellationToken,
    progress: &mut SyncProgress,
    on_page: &mut impl FnMut(u64),
) -> Result<bool, SyncError> {
    loop {
        let mut list = client.customers().list();
        if let Some(Ok(position)) = progress.position.as_deref().map(str::parse) {
            list = list.resume(position);
        }
        loop {
            let next = tokio::select! {
                biased;
                () = cancel.cancelled() => return Ok(false),
                next = list.next_page() => next,
            };
            let Some(page) = next.transpose()? else { return Ok(true) };
            let position = page.continuation.map(|position| position.to_string());
            if position.is_none() {
                // A list that ended too early must not mark the missing customers as gone.
                list.next_page().await.transpose()?;
            }
            let customers: Vec<_> = page.items.iter().filter_map(CustomerRecord::of).collect();
            let now = Timestamp::now();
            match index.commit_customers(progress, &customers, position.as_deref(), now)? {
                Commit::Page(next) => *progress = next,
                Commit::Complete => {
                    progress.done += customers.len() as u64;
                    on_page(progress.done);
                    return Ok(true);
                }
                Commit::Overtaken => break,
            }
            on_page(progress.done);
        }
        let current = index.progress(&SyncTask::Customers, Timestamp::now())?;
        if !current.is_resumed() {
            return Ok(true); // the other process has completed the list
        }
        *progress = current;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use partner_center_devices::Retry;
    use serde_json::json;

    use super::*;
    use crate::index::tests::Folder;

    /// A service with 7 customers, 2 a page, that can fail at a page.
    #[derive(Clone, Default)]
    struct Service {
        /// The token of the page that fails, and the status.
        failure: Arc<Mutex<Option<(String, u16)>>>,
        requested: Arc<Mutex<Vec<String>>>,
        /// Leaves out the link of this page.
        ends_at: Option<usize>,
    }

    impl Service {
        fn client(&self) -> Client {
            let this = self.clone();
            let service = move |request: http::Request<bytes::Bytes>| this.answer(&request);
            Client::builder().in_process(service).retry(Retry::never()).build().unwrap()
        }

        fn answer(&self, request: &http::Request<bytes::Bytes>) -> http::Response<bytes::Bytes> {
            assert_eq!(request.uri().path(), "/v1/customers");
            let token = request.headers().get("MS-ContinuationToken");
            let token = token.map_or("0", |token| token.to_str().unwrap()).to_owned();
            self.requested.lock().unwrap().push(token.clone());
            let response = http::Response::builder().header("content-type", "application/json");
            if let Some((page, status)) = &*self.failure.lock().unwrap()
                && *page == token
            {
                let fault = json!({"code": 2000, "description": "no", "data": []}).to_string();
                return response.status(*status).body(fault.into()).unwrap();
            }
            let page: usize = token.parse().unwrap();
            let items: Vec<_> = (page * 2..7.min(page * 2 + 2)).map(customer).collect();
            let mut body = json!({"totalCount": 7, "items": items});
            if page < 3 && self.ends_at != Some(page) {
                let next = (page + 1).to_string();
                let headers = json!([{"key": "MS-ContinuationToken", "value": next}]);
                let uri = "/v1/customers?size=500&seekOperation=Next";
                body["links"] = json!({"next": {"uri": uri, "method": "GET", "headers": headers}});
            }
            response.body(body.to_string().into()).unwrap()
        }
    }

    fn customer(number: usize) -> serde_json::Value {
        let id = format!("{number:08x}-0000-4000-8000-000000000000");
        let profile =
            json!({"companyName": format!("C{number}"), "domain": format!("c{number}.example")});
        json!({"id": id, "companyProfile": profile, "relationshipToPartner": "reseller"})
    }

    fn names(index: &Index) -> usize {
        index.customers().unwrap().iter().filter(|one| one.name.is_some()).count()
    }

    #[tokio::test]
    async fn a_failed_list_resumes_at_its_page() {
        let (folder, service) = (Folder::new("customers-resume"), Service::default());
        *service.failure.lock().unwrap() = Some(("2".to_owned(), 500));
        let mut index = folder.open();
        let client = service.client();
        let failed = CustomerSync::new(&client, &mut index).run(|_| ()).await.unwrap_err();
        assert!(matches!(failed, SyncError::Call(_)), "{failed}");
        assert_eq!((names(&index), index.customers_synced().unwrap()), (4, None));
        drop(index);

        *service.failure.lock().unwrap() = None;
        service.requested.lock().unwrap().clear();
        let mut index = folder.open();
        let mut pages = Vec::new();
        let synced = CustomerSync::new(&client, &mut index).run(|done| pages.push(done)).await;
        let synced = synced.unwrap();
        assert_eq!((synced.customers, synced.resumed, synced.complete), (7, 4, true));
        assert_eq!(*service.requested.lock().unwrap(), ["2", "3"]);
        assert_eq!(pages, [6, 7]);
        let recorded = index.customers_synced().unwrap();
        assert_eq!((names(&index), recorded), (7, Some(synced.started)));
    }

    #[tokio::test]
    async fn a_position_that_the_service_refuses_restarts_the_list_once() {
        let (folder, service) = (Folder::new("customers-refused"), Service::default());
        let mut index = folder.open();
        let client = service.client();
        *service.failure.lock().unwrap() = Some(("1".to_owned(), 400));
        let sync = CustomerSync::new(&client, &mut index).run(|_| ());
        assert!(sync.await.is_err());
        service.requested.lock().unwrap().clear();
        let sync = CustomerSync::new(&client, &mut index).run(|_| ());
        assert!(sync.await.is_err(), "the service refuses this page always");
        assert_eq!(*service.requested.lock().unwrap(), ["1", "0", "1"]);
    }

    #[tokio::test]
    async fn a_list_that_ends_too_early_marks_no_customer_as_gone() {
        let folder = Folder::new("customers-early");
        let mut index = folder.open();
        let client = Service::default().client();
        CustomerSync::new(&client, &mut index).run(|_| ()).await.unwrap();
        let client = Service { ends_at: Some(1), ..Service::default() }.client();
        let error = CustomerSync::new(&client, &mut index).run(|_| ()).await.unwrap_err();
        assert!(error.to_string().contains("4 of 7"), "{error}");
        assert_eq!(names(&index), 7);
    }

    #[tokio::test]
    async fn a_cancelled_list_resumes() {
        let (folder, service) = (Folder::new("customers-cancelled"), Service::default());
        let mut index = folder.open();
        let client = service.client();
        let cancel = CancellationToken::new();
        let sync = CustomerSync::new(&client, &mut index).cancel_with(cancel.clone());
        let synced = sync.run(|_| cancel.cancel()).await.unwrap();
        assert_eq!((synced.customers, synced.complete), (2, false));
        let synced = CustomerSync::new(&client, &mut index).run(|_| ()).await.unwrap();
        assert_eq!((synced.customers, synced.resumed, synced.complete), (7, 2, true));
        assert_eq!(*service.requested.lock().unwrap(), ["0", "1", "2", "3"]);
    }
}
