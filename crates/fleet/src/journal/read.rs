//! What a journal says when it is asked: a report, and the uploads that a run made.

use std::sync::Arc;

use partner_center_devices::{
    BatchId, BatchTrackingId, CustomerId, DeviceError, DeviceOutcome, MatchedBy,
};
use rusqlite::OptionalExtension as _;
use serde::Serialize;

use super::{Journal, JournalError, Moment};
use crate::check::finding::{Finding, Origin, Rule};
use crate::check::fleet::Label;
use crate::report::outcome::RowOutcome;
use crate::report::{Destination, Exchange, Report, ReportRow, ReportTotals};

/// One upload of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ChunkRecord {
    /// Its number in the journal, from 1.
    pub number: i64,
    /// The customer.
    pub customer: String,
    /// The batch.
    pub batch: String,
    /// Whether it was to make the batch.
    pub creates_batch: bool,
    /// How many devices are in it.
    pub devices: u64,
    /// The first 128 bits of a SHA-256 over the fingerprints of its devices, in hexadecimal digits.
    pub content: String,
    /// How far it came.
    pub state: ChunkState,
    /// Its `MS-RequestId`.
    pub request_id: String,
    /// Its `MS-CorrelationId`, as the service answered it if it did.
    pub correlation_id: String,
    /// The `MS-CV` of the answer.
    pub cv: Option<String>,
    /// The tracking id of its job.
    pub tracking_id: Option<String>,
    /// Why the service refused it.
    pub problem: Option<String>,
    /// When it was about to be sent, in RFC 3339.
    pub noted: String,
    /// When the service had taken it.
    pub accepted: Option<String>,
    /// When its devices had their outcomes.
    pub settled: Option<String>,
}

/// How far an upload came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum ChunkState {
    /// It may have been sent.
    Noted,
    /// The service took it, and its job is not over as far as is known.
    Accepted,
    /// Its job is over, and did not speak of all its devices.
    Unanswered,
    /// Its job is over, and spoke of all its devices.
    Settled,
    /// The service refused it as a whole.
    Refused,
    /// Its batch was read in the place of its job. Devices that were there are registered; the others are sent again,
    /// by this run if the upload may not have arrived, and else by a later one.
    ReadBack,
}

impl ChunkState {
    fn of(word: &str) -> Self {
        match word {
            "accepted" => Self::Accepted,
            "unanswered" => Self::Unanswered,
            "settled" => Self::Settled,
            "refused" => Self::Refused,
            "readBack" => Self::ReadBack,
            _ => Self::Noted,
        }
    }
}

/// Everything a journal holds, for other programs: its report and its uploads.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct JournalRecord {
    /// The service the run was for.
    pub service: Option<String>,
    /// When it began, in RFC 3339.
    #[serde(rename = "begun")]
    pub started: Option<String>,
    /// What became of every row.
    pub report: Report,
    /// The uploads, oldest first.
    pub chunks: Vec<ChunkRecord>,
}

/// What there is to say of the run as a whole.
struct Run {
    service: Option<String>,
    started: Moment,
    stopped: Option<String>,
}

/// What a list says of a journal.
pub(super) struct Overview {
    pub(super) service: Option<String>,
    pub(super) started: Option<String>,
    pub(super) totals: ReportTotals,
    pub(super) is_open: bool,
}

impl Journal {
    /// When its first run began, in RFC 3339; `None` if none did.
    ///
    /// # Errors
    /// If the journal cannot be read.
    pub fn started(&self) -> Result<Option<String>, JournalError> {
        let run = self.run().map_err(|error| self.failed(&error))?;
        Ok(run.map(|run| run.started.to_string()))
    }

    /// What became of every row of the last run, as far as it is known.
    ///
    /// # Errors
    /// If the journal cannot be read.
    pub fn report(&self) -> Result<Report, JournalError> {
        self.read_report().map_err(|error| self.failed(&error))
    }

    /// The uploads that were made, oldest first.
    ///
    /// # Errors
    /// If the journal cannot be read.
    pub fn chunks(&self) -> Result<Vec<ChunkRecord>, JournalError> {
        self.read_chunks().map_err(|error| self.failed(&error))
    }

    /// Everything, for other programs.
    ///
    /// # Errors
    /// If the journal cannot be read.
    pub fn export(&self) -> Result<JournalRecord, JournalError> {
        let run = self.run().map_err(|error| self.failed(&error))?;
        let (service, started) = run.map(|run| (run.service, run.started.to_string())).unzip();
        Ok(JournalRecord {
            service: service.flatten(),
            started,
            report: self.report()?,
            chunks: self.chunks()?,
        })
    }

    pub(super) fn overview(&self) -> Result<Overview, JournalError> {
        self.read_overview().map_err(|error| self.failed(&error))
    }

    /// Counts and makes no rows: there may be a million.
    fn read_overview(&self) -> Result<Overview, rusqlite::Error> {
        let (service, started) =
            self.run()?.map(|run| (run.service, run.started.to_string())).unzip();
        let mut totals = ReportTotals::default();
        let mut counts = self.log.prepare(
            "SELECT CASE
                 WHEN rule IS NOT NULL THEN 'refused'
                 WHEN same_source IS NOT NULL THEN 'duplicate'
                 WHEN outcome IS NOT NULL THEN outcome
                 WHEN device.chunk IS NOT NULL THEN 'unknown'
                 ELSE 'notSent' END AS word, count(*)
             FROM line LEFT JOIN device ON device.id = line.device GROUP BY word",
        )?;
        let mut rows = counts.query([])?;
        while let Some(row) = rows.next()? {
            let count = usize::try_from(row.get::<_, i64>(1)?).unwrap_or_default();
            totals.rows += count;
            *match row.get_ref(0)?.as_str()? {
                "registered" => &mut totals.registered,
                "alreadyRegistered" => &mut totals.already_registered,
                "failed" => &mut totals.failed,
                "refused" => &mut totals.refused,
                "duplicate" => &mut totals.duplicate,
                "notSent" => &mut totals.not_sent,
                _ => &mut totals.unknown,
            } += count;
        }
        let has_open_chunk: bool = self.log.query_row(
            "SELECT EXISTS (SELECT 1 FROM chunk WHERE state IN ('noted', 'accepted', 'unanswered'))",
            [],
            |row| row.get(0),
        )?;
        let is_open = has_open_chunk || totals.not_sent > 0 || totals.unknown > 0;
        Ok(Overview { service: service.flatten(), started, totals, is_open })
    }

    fn run(&self) -> Result<Option<Run>, rusqlite::Error> {
        let read = |row: &rusqlite::Row<'_>| {
            Ok(Run { service: row.get(0)?, started: Moment(row.get(1)?), stopped: row.get(2)? })
        };
        self.log.query_row("SELECT service, begun, stopped FROM run", [], read).optional()
    }

    fn read_chunks(&self) -> Result<Vec<ChunkRecord>, rusqlite::Error> {
        let mut chunks = self.log.prepare(
            "SELECT chunk.id, customer, batch, creates, devices, hex(content), state, request_id, correlation_id,
                    cv, tracking_id, chunk.problem, noted, accepted, settled
             FROM chunk JOIN target ON target.id = chunk.target ORDER BY chunk.id",
        )?;
        let time = |millis: Option<i64>| millis.map(|millis| Moment(millis).to_string());
        let rows = chunks.query_map([], |row| {
            Ok(ChunkRecord {
                number: row.get(0)?,
                customer: row.get(1)?,
                batch: row.get(2)?,
                creates_batch: row.get(3)?,
                devices: row.get::<_, i64>(4)?.unsigned_abs(),
                content: row.get::<_, String>(5)?.to_ascii_lowercase(),
                state: ChunkState::of(row.get_ref(6)?.as_str()?),
                request_id: row.get(7)?,
                correlation_id: row.get(8)?,
                cv: row.get(9)?,
                tracking_id: row.get(10)?,
                problem: row.get(11)?,
                noted: Moment(row.get(12)?).to_string(),
                accepted: time(row.get(13)?),
                settled: time(row.get(14)?),
            })
        })?;
        rows.collect()
    }

    fn read_report(&self) -> Result<Report, rusqlite::Error> {
        let stopped = self.run()?.and_then(|run| run.stopped);
        let mut destinations = Vec::new();
        let mut keys = Vec::new();
        let mut targets = self.log.prepare(
            "SELECT id, customer, batch, made, problem FROM target
             WHERE id IN (SELECT target FROM line) ORDER BY id",
        )?;
        let mut rows = targets.query([])?;
        while let Some(row) = rows.next()? {
            let (customer, batch): (String, String) = (row.get(1)?, row.get(2)?);
            // Both were ids when they were written.
            let (Ok(customer), Ok(batch)) = (CustomerId::new(customer), BatchId::new(batch)) else {
                continue;
            };
            keys.push(row.get::<_, i64>(0)?);
            destinations.push(Arc::new(Destination {
                customer,
                batch,
                created_batch: row.get(3)?,
                stopped: row.get(4)?,
            }));
        }

        let mut names = self.log.prepare("SELECT name FROM source ORDER BY id")?;
        let sources: Vec<Arc<str>> =
            names.query_map([], |row| row.get::<_, Arc<str>>(0))?.collect::<Result<_, _>>()?;
        let origin = |source: i64, line: i64| Origin {
            source: usize::try_from(source - 1)
                .ok()
                .and_then(|place| sources.get(place).cloned())
                .unwrap_or_else(|| "".into()),
            line: line.unsigned_abs(),
        };

        // What an earlier upload told of a device is no outcome of this one.
        let told = ["outcome", "code", "name", "service_id", "matched", "settled"]
            .map(|column| format!("iif(told IS device.chunk, device.{column}, NULL)"))
            .join(", ");
        let mut lines = self.log.prepare(&format!(
            "SELECT line.source, line.line, line.target, line.serial, line.product_key, line.hash,
                    line.rule, line.message, line.field, line.same_source, line.same_line, {told},
                    chunk.tracking_id, chunk.request_id, chunk.correlation_id, chunk.cv, chunk.noted
             FROM line LEFT JOIN device ON device.id = line.device LEFT JOIN chunk ON chunk.id = device.chunk
             ORDER BY line.place",
        ))?;
        let mut report_rows = Vec::new();
        let mut rows = lines.query([])?;
        while let Some(row) = rows.next()? {
            let origin_here = origin(row.get(0)?, row.get(1)?);
            let target: Option<i64> = row.get(2)?;
            let error: (Option<String>, Option<String>) = (row.get(12)?, row.get(13)?);
            let request_id: Option<Box<str>> = row.get(18)?;
            let mut already = None;
            let outcome = if let Some(rule) = row.get::<_, Option<String>>(6)? {
                let rule = Rule::ALL.iter().find(|known| known.id() == rule);
                let message: Option<String> = row.get(7)?;
                let finding = Finding::at(
                    &origin_here,
                    *rule.unwrap_or(&Rule::NoIdentity),
                    message.unwrap_or_default(),
                );
                let field: Option<String> = row.get(8)?;
                RowOutcome::Refused(match field {
                    Some(field) => finding.in_column(&field),
                    None => finding,
                })
            } else if let Some(source) = row.get::<_, Option<i64>>(9)? {
                RowOutcome::Duplicate(origin(source, row.get(10)?))
            } else {
                match row.get::<_, Option<String>>(11)? {
                    Some(word) => {
                        let outcome = outcome(&word, &error);
                        if outcome == DeviceOutcome::AlreadyRegistered && error.0.is_some() {
                            already = Some(device_error(&error));
                        }
                        outcome.into()
                    }
                    None if request_id.is_some() => RowOutcome::Unknown,
                    None => RowOutcome::NotSent,
                }
            };
            let tracking_id: Option<String> = row.get(17)?;
            report_rows.push(ReportRow {
                origin: origin_here,
                label: Label {
                    serial_number: row.get(3)?,
                    product_key: row.get(4)?,
                    hardware_hash: row.get(5)?,
                },
                destination: target
                    .and_then(|key| keys.binary_search(&key).ok())
                    .map(|place| Arc::clone(&destinations[place])),
                outcome,
                already,
                tracking_id: tracking_id.and_then(|id| BatchTrackingId::new(id).ok()),
                device_id: row.get(14)?,
                matched_by: row.get::<_, Option<String>>(15)?.as_deref().and_then(matched_by),
                exchange: match request_id {
                    None => None,
                    Some(request_id) => Some(Box::new(Exchange {
                        request_id,
                        correlation_id: row.get(19)?,
                        cv: row.get(20)?,
                        sent: Moment(row.get(21)?),
                        settled: row.get::<_, Option<i64>>(16)?.map(Moment),
                    })),
                },
            });
        }
        Ok(Report { destinations, stopped, rows: report_rows })
    }
}

/// The outcome of a device by its word in the journal.
pub(super) fn outcome(word: &str, error: &(Option<String>, Option<String>)) -> DeviceOutcome {
    match word {
        "registered" => DeviceOutcome::Succeeded,
        "alreadyRegistered" => DeviceOutcome::AlreadyRegistered,
        "failed" => DeviceOutcome::Failed(device_error(error)),
        _ => DeviceOutcome::Pending,
    }
}

fn device_error((code, name): &(Option<String>, Option<String>)) -> DeviceError {
    DeviceError::new(code.as_deref().unwrap_or_default(), name.as_deref().unwrap_or_default())
}

fn matched_by(word: &str) -> Option<MatchedBy> {
    match word {
        "serialNumber" => Some(MatchedBy::SerialNumber),
        "productKey" => Some(MatchedBy::ProductKey),
        "position" => Some(MatchedBy::Position),
        _ => None,
    }
}
