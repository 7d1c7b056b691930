//! What an upload ends with. Decides what is said of each row: its outcome, the service's code and name, what
//! that means and what to do. Never says a hardware hash. How it is written down is for `csv` and `html`.

mod csv;
pub(crate) mod csv_writer;
mod html;
pub(crate) mod outcome;

use std::borrow::Cow;
use std::sync::Arc;
use std::time::SystemTime;

use partner_center_devices::{BatchId, BatchTrackingId, CustomerId, DeviceError, MatchedBy};
use serde::{Serialize, Serializer};

use crate::check::checked_row::Label;
use crate::origin::Origin;
use crate::report::outcome::RowOutcome;
use crate::timestamp::Timestamp;

pub use html::HtmlOptions;

/// What became of every row of a fleet, in the order of the input. A [`Journal`](crate::Journal) gives it at any
/// time, an [`Upload`](crate::Upload) at its end.
///
/// Serialised (camelCase) it is a record for other programs: `allWell`, `stopped`, `destinations`, `totals`, `rows`.
#[derive(Clone, Debug, Default)]
pub struct Report {
    pub(crate) destinations: Vec<Arc<Destination>>,
    pub(crate) stopped: Option<String>,
    pub(crate) rows: Vec<ReportRow>,
}

/// A batch of a customer that rows went to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Destination {
    /// The customer's id.
    #[cfg_attr(feature = "schemars", schemars(with = "String"))]
    pub(crate) customer: CustomerId,
    /// The batch. Its name is the group tag that the customer sees.
    #[cfg_attr(feature = "schemars", schemars(with = "String"))]
    pub(crate) batch: BatchId,
    /// Whether the service took an order to make it.
    pub(crate) created_batch: bool,
    /// Why the upload to it stopped before its end.
    pub(crate) stopped: Option<String>,
}

/// One row of a [`Report`].
#[derive(Clone, Debug)]
pub struct ReportRow {
    pub(crate) origin: Origin,
    pub(crate) label: Label,
    pub(crate) destination: Option<Arc<Destination>>,
    pub(crate) outcome: RowOutcome,
    /// What the service said of a device that was registered before.
    pub(crate) already: Option<DeviceError>,
    pub(crate) tracking_id: Option<BatchTrackingId>,
    pub(crate) device_id: Option<Box<str>>,
    pub(crate) matched_by: Option<MatchedBy>,
    /// Of the request that it was last sent in.
    pub(crate) exchange: Option<Box<Exchange>>,
}

/// The request that a row was sent in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Exchange {
    pub(crate) request_id: Box<str>,
    pub(crate) correlation_id: Box<str>,
    pub(crate) cv: Option<Box<str>>,
    pub(crate) sent: Timestamp,
    pub(crate) settled: Option<Timestamp>,
}

/// How many rows had which outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ReportTotals {
    /// All rows.
    pub rows: usize,
    /// Registered now.
    pub registered: usize,
    /// Registered with this customer before.
    pub already_registered: usize,
    /// Refused by the service.
    pub failed: usize,
    /// The same device as another row.
    pub duplicate: usize,
    /// Not sent because of an error in the row.
    pub refused: usize,
    /// Not sent because the upload stopped.
    pub not_sent: usize,
    /// Sent, or perhaps sent, with an outcome that is not known.
    pub unknown: usize,
}

impl ReportTotals {
    fn count(&mut self, outcome: &RowOutcome) {
        self.rows += 1;
        *match outcome {
            RowOutcome::Registered => &mut self.registered,
            RowOutcome::AlreadyRegistered => &mut self.already_registered,
            RowOutcome::Failed(_) => &mut self.failed,
            RowOutcome::Duplicate(_) => &mut self.duplicate,
            RowOutcome::Refused(_) => &mut self.refused,
            RowOutcome::NotSent => &mut self.not_sent,
            RowOutcome::Unknown => &mut self.unknown,
        } += 1;
    }
}

impl Destination {
    /// The customer.
    #[must_use]
    pub fn customer(&self) -> &CustomerId {
        &self.customer
    }

    /// The batch, as the service spells it if it existed. Its name is the group tag that the customer sees.
    #[must_use]
    pub fn batch(&self) -> &BatchId {
        &self.batch
    }

    /// Whether the service took an order to make the batch. If not, it existed, or nothing was sent.
    #[must_use]
    pub fn created_batch(&self) -> bool {
        self.created_batch
    }

    /// Why the upload to it stopped before its end; `None` if it did not.
    #[must_use]
    pub fn stopped(&self) -> Option<&str> {
        self.stopped.as_deref()
    }
}

impl Report {
    /// The batches that rows went to, in the order in which the journal met them first: those of an earlier run that are
    /// still meant come before new ones.
    pub fn destinations(&self) -> impl ExactSizeIterator<Item = &Destination> {
        self.destinations.iter().map(|destination| &**destination)
    }

    /// Why the whole upload stopped before its end; `None` if it did not. A single destination may have stopped for
    /// a reason of its own.
    #[must_use]
    pub fn stopped(&self) -> Option<&str> {
        self.stopped.as_deref()
    }

    /// All rows, in the order of the input.
    #[must_use]
    pub fn rows(&self) -> &[ReportRow] {
        &self.rows
    }

    /// How many rows had which outcome.
    #[must_use]
    pub fn totals(&self) -> ReportTotals {
        let mut totals = ReportTotals::default();
        self.rows.iter().for_each(|row| totals.count(&row.outcome));
        totals
    }

    /// Whether nothing is left to do: every row is registered, now or before, or is the same as another.
    #[must_use]
    pub fn all_succeeded(&self) -> bool {
        self.rows.iter().all(|row| row.outcome.is_success())
    }

    /// Whether running the same upload again would send or ask something: rows were not sent, or their outcome is
    /// not known.
    #[must_use]
    pub fn is_unfinished(&self) -> bool {
        let open =
            |row: &ReportRow| matches!(row.outcome, RowOutcome::NotSent | RowOutcome::Unknown);
        self.rows.iter().any(open)
    }
}

impl ReportRow {
    /// Where the row came from.
    #[must_use]
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The batch it went to, or was to go to; `None` for a row that says no device or no customer.
    #[must_use]
    pub fn destination(&self) -> Option<&Destination> {
        self.destination.as_deref()
    }

    /// The serial number, sent or not.
    #[must_use]
    pub fn serial_number(&self) -> Option<&str> {
        self.label.serial_number.as_deref()
    }

    /// The product key, sent or not.
    #[must_use]
    pub fn product_key(&self) -> Option<&str> {
        self.label.product_key.as_deref()
    }

    /// The start and length of the hardware hash.
    #[must_use]
    pub fn short_hash(&self) -> Option<&str> {
        self.label.hardware_hash.as_deref()
    }

    /// What became of it.
    #[must_use]
    pub fn outcome(&self) -> &RowOutcome {
        &self.outcome
    }

    /// The service's code, such as `808`.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        match &self.outcome {
            RowOutcome::Failed(error) => Some(error.code()).filter(|code| !code.is_empty()),
            RowOutcome::AlreadyRegistered => self.already.as_ref().map(DeviceError::code),
            _ => None,
        }
    }

    /// The service's name for the error, such as `ZtdDeviceAssignedToOtherTenant`; for a refused row the id
    /// of the rule.
    #[must_use]
    pub fn name(&self) -> Option<Cow<'_, str>> {
        match &self.outcome {
            RowOutcome::Failed(error) => {
                Some(error.name().into()).filter(|name: &Cow<'_, str>| !name.is_empty())
            }
            RowOutcome::AlreadyRegistered => Some(self.already.as_ref()?.name().into()),
            RowOutcome::Refused(finding) => Some(finding.rule().id().into()),
            _ => None,
        }
    }

    /// What it means, in plain words, where more is to be said than the outcome.
    #[must_use]
    pub fn meaning(&self) -> Option<Cow<'_, str>> {
        Some(match &self.outcome {
            RowOutcome::Registered => return None,
            RowOutcome::AlreadyRegistered => self.already.as_ref()?.meaning()?.into(),
            RowOutcome::Failed(error) => error.meaning()?.into(),
            RowOutcome::Duplicate(first) => format!("the same device as {first}").into(),
            RowOutcome::Refused(finding) => finding.message().into(),
            RowOutcome::NotSent => {
                "the upload stopped before this row; nothing happened to the device".into()
            }
            RowOutcome::Unknown if self.tracking_id.is_some() => {
                "the service took it, and what became of it is not known".into()
            }
            RowOutcome::Unknown => {
                "it may have reached the service, and what became of it is not known".into()
            }
        })
    }

    /// What to do, in plain words.
    #[must_use]
    pub fn cure(&self) -> Option<&'static str> {
        match &self.outcome {
            RowOutcome::Registered | RowOutcome::Duplicate(_) => None,
            RowOutcome::AlreadyRegistered => self.already.as_ref()?.cure(),
            RowOutcome::Failed(error) => error.cure(),
            RowOutcome::Refused(finding) => Some(finding.cure()),
            RowOutcome::NotSent => Some("run the same upload again: it goes on where it stopped"),
            RowOutcome::Unknown => Some(
                "run the same upload again later: that is safe, a device that is registered by then is answered with 806",
            ),
        }
    }

    /// The job it was sent in; [`Customer::job`](partner_center_devices::Customer::job) asks for it again.
    #[must_use]
    pub fn tracking_id(&self) -> Option<&BatchTrackingId> {
        self.tracking_id.as_ref()
    }

    /// The device's id in the service, where it said one.
    #[must_use]
    pub fn device_id(&self) -> Option<&str> {
        self.device_id.as_deref()
    }

    /// By what its answer was recognised; `None` if there is none.
    #[must_use]
    pub fn matched_by(&self) -> Option<MatchedBy> {
        self.matched_by
    }

    /// When it was last sent, or about to be.
    #[must_use]
    pub fn sent(&self) -> Option<SystemTime> {
        Some(self.exchange.as_ref()?.sent.time())
    }

    /// When its outcome was known.
    #[must_use]
    pub fn finished(&self) -> Option<SystemTime> {
        Some(self.exchange.as_ref()?.settled?.time())
    }

    /// The `MS-RequestId` it was last sent under, for a support case.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        Some(&self.exchange.as_ref()?.request_id)
    }

    /// The `MS-CorrelationId` of that request, as the service answered it if it did.
    #[must_use]
    pub fn correlation_id(&self) -> Option<&str> {
        Some(&self.exchange.as_ref()?.correlation_id)
    }

    /// The `MS-CV` of its answer.
    #[must_use]
    pub fn cv(&self) -> Option<&str> {
        self.exchange.as_ref()?.cv.as_deref()
    }

    /// Everything that is said of it.
    pub(crate) fn record(&self) -> RowRecord<'_> {
        let destination = self.destination();
        RowRecord {
            source: self.origin.source(),
            line: self.origin.line(),
            customer: destination.map(|destination| destination.customer.as_str()),
            batch: destination.map(|destination| destination.batch.as_str()),
            serial_number: self.serial_number(),
            product_key: self.product_key(),
            short_hash: self.short_hash(),
            outcome: self.outcome.id(),
            duplicate_of: match &self.outcome {
                RowOutcome::Duplicate(first) => Some(first.to_string()),
                _ => None,
            },
            code: self.code(),
            name: self.name(),
            meaning: self.meaning(),
            cure: self.cure(),
            tracking_id: self.tracking_id().map(BatchTrackingId::as_str),
            device_id: self.device_id(),
            matched_by: self.matched_by,
            sent: self.exchange.as_ref().map(|exchange| exchange.sent.to_string()),
            settled: self
                .exchange
                .as_ref()
                .and_then(|exchange| Some(exchange.settled?.to_string())),
            request_id: self.request_id(),
            correlation_id: self.correlation_id(),
            cv: self.cv(),
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
        self.record().serialize(serializer)
    }
}

/// A report as other programs read it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(rename = "Report"))]
struct ReportRecord<'a> {
    /// Whether nothing is left to do.
    all_well: bool,
    /// Why the whole upload stopped before its end.
    stopped: Option<&'a str>,
    /// The batches that rows went to.
    destinations: Vec<&'a Destination>,
    /// How many rows had which outcome.
    totals: ReportTotals,
    /// All rows, in the order of the input.
    #[cfg_attr(feature = "schemars", schemars(with = "Vec<RowRecord<'static>>"))]
    rows: &'a [ReportRow],
}

/// A row of a report as other programs read it, in JSON and in CSV.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(rename = "ReportRow"))]
pub(crate) struct RowRecord<'a> {
    /// The source, most often the path of a file.
    pub(crate) source: &'a str,
    /// The line, from 1.
    pub(crate) line: u64,
    /// The customer's id.
    pub(crate) customer: Option<&'a str>,
    /// The batch.
    pub(crate) batch: Option<&'a str>,
    /// The serial number, sent or not.
    pub(crate) serial_number: Option<&'a str>,
    /// The product key, sent or not.
    pub(crate) product_key: Option<&'a str>,
    /// The start and the length of the hardware hash.
    pub(crate) short_hash: Option<&'a str>,
    /// `registered`, `alreadyRegistered`, `failed`, `duplicate`, `refused`, `notSent` or `unknown`; others may come.
    pub(crate) outcome: &'static str,
    /// The row that is the same device.
    pub(crate) duplicate_of: Option<String>,
    /// The service's code, such as `808`.
    pub(crate) code: Option<&'a str>,
    /// The service's name for the error, or the id of the rule that refused the row.
    pub(crate) name: Option<Cow<'a, str>>,
    /// What it means, in plain words.
    pub(crate) meaning: Option<Cow<'a, str>>,
    /// What to do, in plain words.
    pub(crate) cure: Option<&'static str>,
    /// The tracking id of the job it was last sent in.
    pub(crate) tracking_id: Option<&'a str>,
    /// The device's id in the service.
    pub(crate) device_id: Option<&'a str>,
    /// By what its answer was recognised.
    #[cfg_attr(feature = "schemars", schemars(with = "Option<String>"))]
    pub(crate) matched_by: Option<MatchedBy>,
    /// When it was last sent, in RFC 3339.
    pub(crate) sent: Option<String>,
    /// When its outcome was known, in RFC 3339.
    pub(crate) settled: Option<String>,
    /// The `MS-RequestId` it was last sent under.
    pub(crate) request_id: Option<&'a str>,
    /// The `MS-CorrelationId` of that request.
    pub(crate) correlation_id: Option<&'a str>,
    /// The `MS-CV` of its answer.
    pub(crate) cv: Option<&'a str>,
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
