//! Reading a journal: its chunks, a summary for lists, and an export for other programs.

use partner_center_devices::{BatchId, BatchTrackingId, CustomerId};
use rusqlite::OptionalExtension as _;
use serde::Serialize;

use super::database::{Journal, QueryError};
use super::error::JournalError;
use crate::report::{Report, ReportTotals};
use crate::timestamp::Timestamp;

/// A chunk of a run: one request that uploads devices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ChunkRecord {
    /// The number of the chunk in the journal, starting at 1.
    pub number: i64,
    /// The customer.
    #[cfg_attr(feature = "schemars", schemars(with = "String"))]
    pub customer: CustomerId,
    /// The batch.
    #[cfg_attr(feature = "schemars", schemars(with = "String"))]
    pub batch: BatchId,
    /// True if the request creates the batch.
    pub creates_batch: bool,
    /// The number of devices in the chunk.
    pub devices: u64,
    /// The first 128 bits of a SHA-256 over the fingerprints of its devices, in hexadecimal digits.
    pub content: String,
    /// How far the chunk got.
    pub state: ChunkState,
    /// The `MS-RequestId` of the request.
    pub request_id: String,
    /// The `MS-CorrelationId`, taken from the response if there was one.
    pub correlation_id: String,
    /// The `MS-CV` of the response.
    pub cv: Option<String>,
    /// The tracking id of the job.
    #[cfg_attr(feature = "schemars", schemars(with = "Option<String>"))]
    pub tracking_id: Option<BatchTrackingId>,
    /// True if the audit log has a record with the correlation id of the request. Only asked if no response arrived, and a hint:
    /// no document says that both ids are the same.
    pub audit_record: bool,
    /// The reason why the service refused the chunk.
    pub problem: Option<String>,
    /// When the chunk was about to be sent, in RFC 3339.
    #[serde(rename = "noted")]
    #[cfg_attr(feature = "schemars", schemars(with = "String"))]
    pub recorded: Timestamp,
    /// When the service accepted the chunk.
    #[cfg_attr(feature = "schemars", schemars(with = "Option<String>"))]
    pub accepted: Option<Timestamp>,
    /// When the outcomes of its devices were known.
    #[serde(rename = "settled")]
    #[cfg_attr(feature = "schemars", schemars(with = "Option<String>"))]
    pub finished: Option<Timestamp>,
}

/// How far a chunk got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum ChunkState {
    /// It may have been sent.
    #[serde(rename = "noted")]
    Recorded,
    /// The service accepted it, and its job is not known to be finished.
    Accepted,
    /// Its job finished without reporting all devices.
    #[serde(rename = "unanswered")]
    Unreported,
    /// Its job finished and reported all devices.
    #[serde(rename = "settled")]
    Finished,
    /// The service refused it as a whole.
    Refused,
    /// Its batch was read because its job could not report the outcome. Devices found there are registered. The
    /// others are sent again, by the same run if the request may not have arrived and by a later run if it did.
    ReadBack,
}

impl ChunkState {
    fn from_word(word: &str) -> Self {
        match word {
            "accepted" => Self::Accepted,
            "unanswered" => Self::Unreported,
            "settled" => Self::Finished,
            "refused" => Self::Refused,
            "readBack" => Self::ReadBack,
            _ => Self::Recorded,
        }
    }
}

/// The contents of a journal for other programs: its report and its chunks.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct JournalRecord {
    /// The service that the run sends to.
    pub service: Option<String>,
    /// When the first run started, in RFC 3339.
    #[serde(rename = "begun")]
    #[cfg_attr(feature = "schemars", schemars(with = "Option<String>"))]
    pub started: Option<Timestamp>,
    /// The result of every row.
    pub report: Report,
    /// The chunks, oldest first.
    pub chunks: Vec<ChunkRecord>,
}

/// The run as a whole.
pub(super) struct RunRecord {
    pub(super) service: Option<String>,
    pub(super) started: Timestamp,
    pub(super) stopped: Option<String>,
}

/// The summary of a journal in a list.
pub(super) struct Overview {
    pub(super) service: Option<String>,
    pub(super) started: Option<Timestamp>,
    pub(super) totals: ReportTotals,
    pub(super) is_open: bool,
}

impl Journal {
    /// Returns when the first run started, or `None` if there was no run.
    ///
    /// # Errors
    /// If the journal cannot be read.
    pub fn started(&self) -> Result<Option<Timestamp>, JournalError> {
        let run = self.read_run().map_err(|error| self.broken(error))?;
        Ok(run.map(|run| run.started))
    }

    /// Returns the chunks, oldest first.
    ///
    /// # Errors
    /// If the journal cannot be read.
    pub fn chunks(&self) -> Result<Vec<ChunkRecord>, JournalError> {
        self.read_chunks().map_err(|error| self.broken(error))
    }

    /// Returns everything in the journal, for other programs.
    ///
    /// # Errors
    /// If the journal cannot be read.
    pub fn export(&self) -> Result<JournalRecord, JournalError> {
        let run = self.read_run().map_err(|error| self.broken(error))?;
        let (service, started) = run.map(|run| (run.service, run.started)).unzip();
        Ok(JournalRecord {
            service: service.flatten(),
            started,
            report: self.report()?,
            chunks: self.chunks()?,
        })
    }

    pub(super) fn overview(&self) -> Result<Overview, JournalError> {
        self.read_overview().map_err(|error| self.broken(error))
    }

    /// Counts rows without reading them: there may be a million.
    fn read_overview(&self) -> Result<Overview, rusqlite::Error> {
        let run = self.read_run()?;
        let (service, started) = run.map(|run| (run.service, run.started)).unzip();
        let mut totals = ReportTotals::default();
        let mut counts = self.database.prepare(
            "SELECT CASE
                 WHEN rule IS NOT NULL THEN 'refused'
                 WHEN same_source IS NOT NULL THEN 'duplicate'
                 WHEN outcome IS NOT NULL AND told IS device.chunk THEN outcome
                 WHEN device.chunk IS NOT NULL THEN 'unknown'
                 ELSE 'notSent' END AS outcome_word, count(*),
                 sum(word IS 'byCustomer'), sum(word IS 'inNoBatch')
             FROM line LEFT JOIN device ON device.id = line.device
             LEFT JOIN earlier_registration AS earlier ON earlier.device = device.id AND earlier.chunk = device.chunk
             GROUP BY outcome_word",
        )?;
        let mut rows = counts.query([])?;
        while let Some(row) = rows.next()? {
            let number = |column| {
                row.get(column).map(|count: i64| usize::try_from(count).unwrap_or_default())
            };
            let count = number(1)?;
            totals.rows += count;
            *match row.get_ref(0)?.as_str()? {
                "registered" => &mut totals.registered,
                "alreadyRegistered" => {
                    totals.registered_by_customer = number(2)?;
                    totals.in_no_batch = number(3)?;
                    &mut totals.already_registered
                }
                "failed" => &mut totals.failed,
                "refused" => &mut totals.invalid,
                "duplicate" => &mut totals.duplicate,
                "notSent" => &mut totals.not_sent,
                _ => &mut totals.unknown,
            } += count;
        }
        let has_unfinished_chunk: bool = self.database.query_row(
            "SELECT EXISTS (SELECT 1 FROM chunk WHERE state IN ('noted', 'accepted', 'unanswered'))",
            [],
            |row| row.get(0),
        )?;
        let is_open = has_unfinished_chunk || totals.not_sent > 0 || totals.unknown > 0;
        Ok(Overview { service: service.flatten(), started, totals, is_open })
    }

    pub(super) fn read_run(&self) -> Result<Option<RunRecord>, rusqlite::Error> {
        let read = |row: &rusqlite::Row<'_>| {
            Ok(RunRecord {
                service: row.get(0)?,
                started: Timestamp(row.get(1)?),
                stopped: row.get(2)?,
            })
        };
        self.database.query_row("SELECT service, begun, stopped FROM run", [], read).optional()
    }

    fn read_chunks(&self) -> Result<Vec<ChunkRecord>, QueryError> {
        let mut chunks = self.database.prepare(
            "SELECT chunk.id, customer, batch, creates, devices, hex(content), state, request_id, correlation_id,
                    cv, tracking_id, chunk.problem, noted, accepted, settled,
                    EXISTS (SELECT 1 FROM audit_record WHERE audit_record.chunk = chunk.id)
             FROM chunk JOIN target ON target.id = chunk.target ORDER BY chunk.id",
        )?;
        let mut records = Vec::new();
        let mut rows = chunks.query([])?;
        while let Some(row) = rows.next()? {
            let (customer, batch) = destination_ids(row.get(1)?, row.get(2)?)?;
            records.push(ChunkRecord {
                number: row.get(0)?,
                customer,
                batch,
                creates_batch: row.get(3)?,
                devices: row.get::<_, i64>(4)?.unsigned_abs(),
                content: row.get::<_, String>(5)?.to_ascii_lowercase(),
                state: ChunkState::from_word(&row.get::<_, String>(6)?),
                request_id: row.get(7)?,
                correlation_id: row.get(8)?,
                cv: row.get(9)?,
                tracking_id: tracking_id(row.get(10)?)?,
                audit_record: row.get(15)?,
                problem: row.get(11)?,
                recorded: Timestamp(row.get(12)?),
                accepted: row.get::<_, Option<i64>>(13)?.map(Timestamp),
                finished: row.get::<_, Option<i64>>(14)?.map(Timestamp),
            });
        }
        Ok(records)
    }
}

/// Parses the tracking id of a job, which was valid when it was recorded.
pub(super) fn tracking_id(text: Option<String>) -> Result<Option<BatchTrackingId>, QueryError> {
    let invalid = |id: &str| QueryError::InvalidValue(format!("invalid tracking id '{id}'"));
    text.map(|id| BatchTrackingId::new(id.as_str()).map_err(|_| invalid(&id))).transpose()
}

/// Parses the ids of a batch and its customer, which were valid when they were recorded.
pub(super) fn destination_ids(
    customer: String,
    batch: String,
) -> Result<(CustomerId, BatchId), QueryError> {
    match (CustomerId::new(customer.as_str()), BatchId::new(batch.as_str())) {
        (Ok(customer), Ok(batch)) => Ok((customer, batch)),
        (Err(_), _) => Err(QueryError::InvalidValue(format!("invalid customer id '{customer}'"))),
        (_, Err(_)) => Err(QueryError::InvalidValue(format!("invalid batch name '{batch}'"))),
    }
}
