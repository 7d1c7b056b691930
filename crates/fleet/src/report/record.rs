//! The report as other programs read it: the properties of the JSON document, which are also the columns of the CSV.

use std::borrow::Cow;

use partner_center_devices::{BatchId, BatchTrackingId, CustomerId, MatchedBy};
use serde::{Serialize, Serializer};

use super::destination::Destination;
use super::earlier_registration::EarlierRegistration;
use super::outcome::RowOutcome;
use super::proof::Proof;
use super::row::ReportRow;
use super::totals::ReportTotals;
use super::upload_report::Report;
use crate::timestamp::Timestamp;

/// The JSON document of a report.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(rename = "Report"))]
struct ReportRecord<'a> {
    /// True if every device is registered, and you can manage it: it is in a batch, and its customer did not register it.
    all_well: bool,
    /// The reason the whole upload stopped early.
    stopped: Option<&'a str>,
    /// The batches that rows were sent to.
    destinations: Vec<&'a Destination>,
    /// The number of rows by outcome.
    totals: ReportTotals,
    /// All rows, in the order of the input.
    #[cfg_attr(feature = "schemars", schemars(with = "Vec<RowRecord<'static>>"))]
    rows: &'a [ReportRow],
}

/// A row of the report in JSON and CSV.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(rename = "ReportRow"))]
pub(super) struct RowRecord<'a> {
    /// The source, usually the path of a file.
    pub(super) source: &'a str,
    /// The line, from 1.
    pub(super) line: u64,
    /// The customer's id.
    #[cfg_attr(feature = "schemars", schemars(with = "Option<String>"))]
    pub(super) customer: Option<&'a CustomerId>,
    /// The batch.
    #[cfg_attr(feature = "schemars", schemars(with = "Option<String>"))]
    pub(super) batch: Option<&'a BatchId>,
    /// The serial number, even if it was not sent.
    pub(super) serial_number: Option<&'a str>,
    /// The product key, even if it was not sent.
    pub(super) product_key: Option<&'a str>,
    /// The start and length of the hardware hash.
    pub(super) short_hash: Option<&'a str>,
    /// `registered`, `alreadyRegistered`, `failed`, `duplicate`, `refused`, `notSent` or `unknown`; more may be added.
    pub(super) outcome: &'static str,
    /// The row with the same device.
    pub(super) duplicate_of: Option<String>,
    /// The service's error code, such as `808`.
    pub(super) code: Option<&'a str>,
    /// The service's name for the error, or the id of the rule that the row violates.
    pub(super) name: Option<Cow<'a, str>>,
    /// The meaning, in plain words.
    pub(super) meaning: Option<Cow<'a, str>>,
    /// What to do, in plain words.
    pub(super) cure: Option<&'static str>,
    /// The tracking id of the job that the row was last sent in.
    #[cfg_attr(feature = "schemars", schemars(with = "Option<String>"))]
    pub(super) tracking_id: Option<&'a BatchTrackingId>,
    /// The device's id in the service.
    pub(super) device_id: Option<&'a str>,
    /// How the service's result was matched to the row.
    #[cfg_attr(feature = "schemars", schemars(with = "Option<String>"))]
    pub(super) matched_by: Option<MatchedBy>,
    /// The time at which the row was last sent, in RFC 3339.
    #[cfg_attr(feature = "schemars", schemars(with = "Option<String>"))]
    pub(super) sent: Option<Timestamp>,
    /// The time at which the outcome became known, in RFC 3339.
    #[serde(rename = "settled")]
    #[cfg_attr(feature = "schemars", schemars(with = "Option<String>"))]
    pub(super) finished: Option<Timestamp>,
    /// The `MS-RequestId` of the request that the row was last sent in.
    pub(super) request_id: Option<&'a str>,
    /// The `MS-CorrelationId` of that request.
    pub(super) correlation_id: Option<&'a str>,
    /// The `MS-CV` of the response.
    pub(super) cv: Option<&'a str>,
    /// The proof of the outcome of a row that was sent: `jobResult`, `accepted`, `readBack`, `readBackAndAuditRecord`,
    /// `auditRecordOnly` or `notProven`; more may be added. Null if the row was not sent, or if a journal of an earlier version
    /// does not have it.
    pub(super) proof: Option<&'static str>,
    /// The place of a device that was registered before: `inBatch`, `byCustomer`, `inNoBatch`, `otherCustomer` or `formerCustomer`; more
    /// may be added. Null if it was not looked up.
    pub(super) earlier_registration: Option<&'static str>,
    /// The id of the other customer that has the device, or had it.
    #[cfg_attr(feature = "schemars", schemars(with = "Option<String>"))]
    pub(super) earlier_customer: Option<&'a CustomerId>,
    /// The batch that lists the device.
    #[cfg_attr(feature = "schemars", schemars(with = "Option<String>"))]
    pub(super) earlier_batch: Option<&'a BatchId>,
}

impl<'a> RowRecord<'a> {
    pub(super) fn new(row: &'a ReportRow) -> Self {
        let destination = row.destination();
        let earlier = row.earlier_registration();
        Self {
            source: row.origin.source(),
            line: row.origin.line(),
            customer: destination.map(Destination::customer),
            batch: destination.map(Destination::batch),
            serial_number: row.serial_number(),
            product_key: row.product_key(),
            short_hash: row.short_hash(),
            outcome: row.outcome.id(),
            duplicate_of: match &row.outcome {
                RowOutcome::Duplicate(first) => Some(first.to_string()),
                _ => None,
            },
            code: row.code(),
            name: row.name(),
            meaning: row.meaning(),
            cure: row.cure(),
            tracking_id: row.tracking_id(),
            device_id: row.device_id(),
            matched_by: row.matched_by,
            sent: row.exchange.as_ref().map(|exchange| exchange.sent),
            finished: row.exchange.as_ref().and_then(|exchange| exchange.finished),
            request_id: row.request_id(),
            correlation_id: row.correlation_id(),
            cv: row.cv(),
            proof: row.proof().map(Proof::id),
            earlier_registration: earlier.map(EarlierRegistration::id),
            earlier_customer: earlier.and_then(EarlierRegistration::customer),
            earlier_batch: earlier.and_then(EarlierRegistration::batch),
        }
    }
}

impl Serialize for Report {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        ReportRecord {
            all_well: self.all_succeeded(),
            stopped: self.stopped(),
            destinations: self.destinations().collect(),
            totals: self.totals(),
            rows: &self.rows,
        }
        .serialize(serializer)
    }
}

impl Serialize for ReportRow {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        RowRecord::new(self).serialize(serializer)
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for Report {
    fn schema_name() -> Cow<'static, str> {
        ReportRecord::schema_name()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        ReportRecord::json_schema(generator)
    }
}
