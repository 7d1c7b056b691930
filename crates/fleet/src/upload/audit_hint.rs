//! A hint about requests whose response was lost: at the end of a run, the audit log is asked for their correlation ids.
//!
//! No document says that the `originalCorrelationId` of a record is the `MS-CorrelationId` of the request, or when a record appears.
//! So a record decides nothing: the batch and the jobs decide which devices are sent again. The report only names it together with
//! the other proof. A log that cannot be read fails nothing.

use std::time::Duration;

use futures_util::StreamExt as _;
use partner_center_devices::{
    AuditOperationStatus, AuditOperationType, AuditQuery, AuditRecord, AuditResourceType, Customer,
    UtcDay,
};

use super::event::Event;
use super::executor::Executor;
use crate::journal::{ChunkKey, JournalError, LostResponse};
use crate::timestamp::Timestamp;

/// Older requests are not looked up, so that later runs of an upload do not ask forever. The log takes 30 days in one call.
const MAX_AGE: Duration = Duration::from_secs(7 * 24 * 3600);

/// How long the end of an upload may wait for the log.
const TIME_LIMIT: Duration = Duration::from_secs(30);

/// The operations of the log that upload devices.
const UPLOADS: [AuditOperationType; 2] = [
    AuditOperationType::DevicesUploadToNewBatchAttempted,
    AuditOperationType::DevicesUploadToExistingBatchAttempted,
];

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct EndOfRun {
    pub(super) was_cancelled: bool,
    /// True if a failure stopped the whole upload, such as a refused token.
    pub(super) was_halted: bool,
    /// The number of requests without a response whose devices rest on another proof.
    pub(super) lost_responses: usize,
}

/// Returns true if the log is asked: once, when nothing else is left to do.
pub(super) fn asks_log(end: EndOfRun) -> bool {
    !end.was_cancelled && !end.was_halted && end.lost_responses > 0
}

/// Returns the request that a record is about.
pub(super) fn request_of(record: &AuditRecord, lost: &[LostResponse]) -> Option<ChunkKey> {
    let is_upload = record.operation().is_some_and(|operation| UPLOADS.contains(operation));
    let was_done = !matches!(
        record.status(),
        Some(AuditOperationStatus::Failed | AuditOperationStatus::Decline)
    );
    let id = record.original_correlation_id()?.trim().parse::<uuid::Uuid>().ok()?;
    let is_of = |request: &&LostResponse| {
        let is_of_customer = record
            .customer_id_text()
            .is_none_or(|customer| customer.eq_ignore_ascii_case(&request.customer));
        is_of_customer && request.correlation_id == id
    };
    let request = lost.iter().find(is_of).filter(|_| is_upload && was_done)?;
    Some(request.chunk)
}

/// Returns the query that finds the records of these requests, and the customer to call it for. `None` if none of the customers
/// is in this run.
fn query<'a>(
    customers: &'a [Customer],
    lost: &[LostResponse],
    today: UtcDay,
) -> Option<(&'a Customer, AuditQuery)> {
    let is_of = |customer: &&Customer| {
        let id = customer.id().as_str();
        lost.iter().any(|request| request.customer.eq_ignore_ascii_case(id))
    };
    let mut customers = customers.iter().filter(is_of);
    let first = customers.next()?;
    let oldest = lost.iter().map(|request| request.recorded).min()?;
    // The clock of this machine may be ahead.
    let first_day = UtcDay::of(oldest.time()).days_before(1);
    let mut query = AuditQuery::new()
        .days(first_day.min(today), today)
        .today(today)
        .resource_type(AuditResourceType::Device);
    for operation in UPLOADS {
        query = query.operation(operation);
    }
    let query = customers.fold(query, |query, customer| query.customer(customer.id().clone()));
    Some((first, query))
}

impl<F: FnMut(Event)> Executor<F> {
    /// Asks the audit log for the requests whose response was lost. Fails only if the journal does.
    pub(super) async fn ask_audit_log(&mut self) -> Result<(), JournalError> {
        let now = Timestamp::now();
        let since = now.time().checked_sub(MAX_AGE).unwrap_or(std::time::UNIX_EPOCH);
        let cancel = self.options.cancel.clone();
        let lost = self.journal.lost_responses(since.into())?;
        let end = EndOfRun {
            was_cancelled: cancel.is_cancelled(),
            was_halted: self.state.is_halted,
            lost_responses: lost.len(),
        };
        if !asks_log(end) {
            return Ok(());
        }
        let Some((customer, query)) = query(self.customers(), &lost, UtcDay::of(now.time())) else {
            return Ok(());
        };
        let mut records = customer.audit_records(query);
        let mut found: Vec<ChunkKey> = Vec::new();
        let reading = async {
            while found.len() < lost.len()
                && let Some(record) = records.next().await
            {
                let chunk = request_of(&record.map_err(|error| error.to_string())?, &lost);
                found.extend(chunk.filter(|chunk| !found.contains(chunk)));
            }
            Ok(())
        };
        let read = tokio::select! {
            () = cancel.cancelled() => Err("the upload was cancelled".to_owned()),
            read = tokio::time::timeout(TIME_LIMIT, reading) => read.unwrap_or_else(|_| {
                Err(format!("the log was not read within {} seconds", TIME_LIMIT.as_secs()))
            }),
        };
        self.journal.record_audit_records(&found, Timestamp::now())?;
        (self.on_event)(Event::AuditLogRead {
            requests: lost.len(),
            found: found.len(),
            problem: read.err(),
        });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use partner_center_devices::raw::types as wire;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn the_log_is_asked_only_if_a_response_was_lost() {
        for (was_cancelled, was_halted, lost_responses, expected) in [
            (false, false, 0, false),
            (false, false, 1, true),
            (false, false, 7, true),
            (true, false, 1, false),
            (false, true, 1, false),
        ] {
            let end = EndOfRun { was_cancelled, was_halted, lost_responses };
            assert_eq!(asks_log(end), expected, "{end:?}");
        }
    }

    fn lost(number: i64, id: u128, customer: &str) -> LostResponse {
        LostResponse {
            chunk: ChunkKey(number),
            customer: customer.to_owned(),
            correlation_id: Uuid::from_u128(id),
            recorded: Timestamp(0),
        }
    }

    #[test]
    fn a_record_belongs_to_the_request_with_its_correlation_id() {
        let all = [lost(1, 0xA, "c-1"), lost(2, 0xB, "c-2")];
        let id = |id: u128| Uuid::from_u128(id).to_string();
        let new = "devices_upload_to_new_batch_attempted";
        for (customer, operation, status, correlation, expected) in [
            ("c-1", new, "succeeded", id(0xA), Some(1)),
            ("C-2", "devices_upload_to_existing_batch_attempted", "progress", id(0xB), Some(2)),
            ("c-1", new, "something_new", id(0xA).to_uppercase(), Some(1)),
            ("c-1", new, "succeeded", id(0xC), None),
            ("c-2", new, "succeeded", id(0xA), None),
            ("c-1", "device_deleted", "succeeded", id(0xA), None),
            ("c-1", new, "failed", id(0xA), None),
            ("c-1", new, "decline", id(0xA), None),
            ("c-1", new, "succeeded", "not an id".to_owned(), None),
            ("c-1", new, "succeeded", String::new(), None),
        ] {
            let json = serde_json::json!({
                "customerId": customer, "operationType": operation, "operationStatus": status,
                "originalCorrelationId": correlation,
            });
            let record = serde_json::from_value::<wire::AuditRecord>(json).unwrap().into();
            let found = request_of(&record, &all).map(|chunk| chunk.0);
            assert_eq!(found, expected, "{customer} {operation} {status} {correlation}");
        }
    }
}
