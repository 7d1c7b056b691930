//! The records of a query: one list for each window, newest first, without duplicates.

use std::collections::{HashSet, VecDeque};
use std::fmt;
use std::future::IntoFuture;
use std::hash::{BuildHasher as _, RandomState};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use partner_center_devices_raw::{BoxFuture, Operation};
use uuid::Uuid;

use super::query::AuditQuery;
use crate::calls::operation_call::operation_call;
use crate::calls::pipeline::Shared;
use crate::responses::error::Error;
use crate::responses::list::{FetchedPage, List, MAX_COLLECTED};
use crate::responses::partner_models::AuditRecord;

/// Audit records, newest first. Await them for a `Vec`, or use them as a [`Stream`], which loads pages when they are needed.
///
/// A span of more than 30 days needs several calls, one window after another. A record that comes twice, because records were
/// added between two pages, is returned once.
///
/// Awaiting fails if the records need more than 96 MiB; the stream is not limited. The stream ends after an error.
#[must_use = "a list does nothing until it is awaited or streamed"]
pub struct AuditRecords {
    query: AuditQuery,
    windows: VecDeque<List<AuditRecord>>,
    /// The error for a query that is not sent.
    problem: Option<Error>,
    /// The hashes of the records so far.
    seen: HashSet<u64>,
    hasher: RandomState,
}

impl AuditRecords {
    pub(crate) fn new(shared: &Arc<Shared>, query: AuditQuery) -> Self {
        let operation = Operation::ListAuditRecords;
        let (windows, problem) = match query.windows() {
            Ok(windows) => (windows, None),
            Err(problem) => (Vec::new(), Some(Error::input(operation.id(), problem.to_string()))),
        };
        let filter = query.filter().map(|filter| filter.json());
        let size = query.size();
        let list = |(first, last): (super::utc_day::UtcDay, super::utc_day::UtcDay)| {
            let (shared, filter) = (Arc::clone(shared), filter.clone());
            List::new(operation.id(), move || {
                let (first, last) = (first.to_string(), last.to_string());
                let filter = filter.clone();
                operation_call(
                    &shared,
                    operation,
                    move |raw| async move {
                        let (first, last) = (Some(&*first), Some(&*last));
                        raw.list_audit_records(last, filter.as_deref(), size, first, None).await
                    },
                    |response| FetchedPage::new(response, AuditRecord::from),
                )
            })
        };
        Self {
            windows: windows.into_iter().map(list).collect(),
            query,
            problem,
            seen: HashSet::new(),
            hasher: RandomState::new(),
        }
    }

    /// Sets the `MS-CorrelationId` of every call, to find the calls in your own traces.
    pub fn correlation_id(mut self, id: Uuid) -> Self {
        self.windows = self.windows.into_iter().map(|list| list.correlation_id(id)).collect();
        self
    }

    /// Sets the `MS-RequestId` of the first call.
    pub fn request_id(mut self, id: Uuid) -> Self {
        if let Some(first) = self.windows.pop_front() {
            self.windows.push_front(first.request_id(id));
        }
        self
    }

    /// Returns true for a record that the query asks for and that was not returned before.
    fn is_new(&mut self, record: &AuditRecord) -> bool {
        if !self.query.matches(record) {
            return false;
        }
        let raw = record.as_raw();
        let hash = match raw.id.as_deref().filter(|id| !id.is_empty()) {
            Some(id) => self.hasher.hash_one(id),
            None => {
                let date = raw.operation_date.as_ref().map(|date| date.as_str());
                self.hasher.hash_one((date, &raw.operation_type, &raw.customer_id))
            }
        };
        self.seen.insert(hash)
    }
}

impl Stream for AuditRecords {
    type Item = Result<AuditRecord, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Some(problem) = self.problem.take() {
            return Poll::Ready(Some(Err(problem)));
        }
        while let Some(list) = self.windows.front_mut() {
            match ready!(Pin::new(list).poll_next(context)) {
                Some(Ok(record)) if self.is_new(&record) => return Poll::Ready(Some(Ok(record))),
                Some(Ok(_)) => {}
                Some(Err(error)) => {
                    self.windows.clear();
                    return Poll::Ready(Some(Err(error)));
                }
                None => {
                    self.windows.pop_front();
                }
            }
        }
        Poll::Ready(None)
    }
}

impl IntoFuture for AuditRecords {
    type Output = Result<Vec<AuditRecord>, Error>;
    type IntoFuture = BoxFuture<'static, Result<Vec<AuditRecord>, Error>>;

    fn into_future(mut self) -> Self::IntoFuture {
        Box::pin(async move {
            if let Some(problem) = self.problem.take() {
                return Err(problem);
            }
            let windows = std::mem::take(&mut self.windows);
            let memory = MAX_COLLECTED / windows.len().max(1);
            let mut all = Vec::new();
            for list in windows {
                let records = list.max_memory(memory).await?;
                all.extend(records.into_iter().filter(|record| self.is_new(record)));
            }
            Ok(all)
        })
    }
}

impl fmt::Debug for AuditRecords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuditRecords").field("query", &self.query).finish_non_exhaustive()
    }
}
