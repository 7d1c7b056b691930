//! Reading a journal: the report with the result of every row.

use std::collections::HashMap;
use std::sync::Arc;

use rusqlite::Row;

use super::database::{Journal, QueryError};
use super::error::JournalError;
use super::records::{destination_ids, tracking_id};
use super::words::{device_error, matched_by, outcome};
use crate::check::checked_row::Label;
use crate::check::finding::Finding;
use crate::check::rule::Rule;
use crate::device_model::DeviceModel;
use crate::origin::Origin;
use crate::report::outcome::RowOutcome;
use crate::report::{
    Destination, EarlierRegistration, Evidence, Exchange, Proof, Report, ReportRow,
};
use crate::timestamp::Timestamp;

impl Journal {
    /// Returns the result of every row of the last run.
    ///
    /// # Errors
    /// If the journal cannot be read.
    pub fn report(&self) -> Result<Report, JournalError> {
        self.read_report().map_err(|error| self.broken(error))
    }

    fn read_report(&self) -> Result<Report, QueryError> {
        let stopped = self.read_run()?.and_then(|run| run.stopped);
        let destinations = self.read_destinations()?;
        let (sources, models) = (self.read_sources()?, self.read_models()?);
        let mut lines = self.database.prepare(&lines_query())?;
        let mut rows = Vec::new();
        let mut found = lines.query([])?;
        while let Some(row) = found.next()? {
            let mut read = report_row(row, &destinations, &sources)?;
            let model: Option<i64> = row.get(column::MODEL)?;
            read.model = model.and_then(|key| models.get(&key).cloned());
            rows.push(read);
        }
        let destinations = destinations.into_iter().map(|(_, destination)| destination).collect();
        Ok(Report { destinations, stopped, rows })
    }

    /// Returns the batches of the last run's rows, sorted by key.
    fn read_destinations(&self) -> Result<Vec<(i64, Arc<Destination>)>, QueryError> {
        let mut query = self.database.prepare(
            "SELECT id, customer, batch, made, problem FROM target
             WHERE id IN (SELECT target FROM line) ORDER BY id",
        )?;
        let mut destinations = Vec::new();
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let (customer, batch) = destination_ids(row.get(1)?, row.get(2)?)?;
            let (created_batch, stopped) = (row.get(3)?, row.get(4)?);
            let destination = Destination { customer, batch, created_batch, stopped };
            destinations.push((row.get(0)?, Arc::new(destination)));
        }
        Ok(destinations)
    }

    /// Returns the models by their key.
    fn read_models(&self) -> Result<HashMap<i64, Arc<DeviceModel>>, QueryError> {
        let mut query = self.database.prepare("SELECT id, manufacturer, name FROM model")?;
        let mut models = HashMap::new();
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let (manufacturer, name) = (row.get(1)?, row.get(2)?);
            models.insert(row.get(0)?, Arc::new(DeviceModel { manufacturer, name }));
        }
        Ok(models)
    }

    fn read_sources(&self) -> Result<Vec<Arc<str>>, QueryError> {
        let mut query = self.database.prepare("SELECT name FROM source ORDER BY id")?;
        let names = query.query_map([], |row| row.get::<_, Arc<str>>(0))?;
        Ok(names.collect::<Result<_, _>>()?)
    }
}

/// Selects the lines in order, each with its device and the chunk that it was last sent in.
fn lines_query() -> String {
    // An outcome reported by an earlier upload does not count for the latest one.
    let reported = ["outcome", "code", "name", "service_id", "matched", "settled"]
        .map(|column| format!("iif(told IS device.chunk, device.{column}, NULL) AS {column}"))
        .join(", ");
    let of_outcome = |table: &str| {
        format!(
            "LEFT JOIN {table} ON {table}.device = device.id AND {table}.chunk = device.chunk AND told IS device.chunk"
        )
    };
    let (proof, earlier) = (of_outcome("proof"), of_outcome("earlier_registration"));
    format!(
        "SELECT line.source, line.line, line.target, line.serial, line.product_key, line.hash,
                line.rule, line.message, line.field, line.same_source, line.same_line, {reported},
                chunk.tracking_id, chunk.request_id, chunk.correlation_id, chunk.cv, chunk.noted,
                proof.word, audit_record.chunk IS NOT NULL, earlier_registration.word,
                earlier_registration.customer, earlier_registration.customer_name, earlier_registration.batch,
                line_model.model
         FROM line LEFT JOIN device ON device.id = line.device LEFT JOIN chunk ON chunk.id = device.chunk
         {proof} {earlier} LEFT JOIN audit_record ON audit_record.chunk = device.chunk
         LEFT JOIN line_model ON line_model.place = line.place
         ORDER BY line.place"
    )
}

/// The columns of [`lines_query`].
mod column {
    pub(super) const SOURCE: usize = 0;
    pub(super) const LINE: usize = 1;
    pub(super) const TARGET: usize = 2;
    pub(super) const SERIAL: usize = 3;
    pub(super) const PRODUCT_KEY: usize = 4;
    pub(super) const HASH: usize = 5;
    pub(super) const RULE: usize = 6;
    pub(super) const MESSAGE: usize = 7;
    pub(super) const FIELD: usize = 8;
    pub(super) const SAME_SOURCE: usize = 9;
    pub(super) const SAME_LINE: usize = 10;
    pub(super) const OUTCOME: usize = 11;
    pub(super) const CODE: usize = 12;
    pub(super) const NAME: usize = 13;
    pub(super) const SERVICE_ID: usize = 14;
    pub(super) const MATCHED: usize = 15;
    pub(super) const SETTLED: usize = 16;
    pub(super) const TRACKING_ID: usize = 17;
    pub(super) const REQUEST_ID: usize = 18;
    pub(super) const CORRELATION_ID: usize = 19;
    pub(super) const CV: usize = 20;
    pub(super) const SENT: usize = 21;
    pub(super) const PROOF: usize = 22;
    pub(super) const HAS_AUDIT_RECORD: usize = 23;
    pub(super) const EARLIER: usize = 24;
    pub(super) const EARLIER_CUSTOMER: usize = 25;
    pub(super) const EARLIER_CUSTOMER_NAME: usize = 26;
    pub(super) const EARLIER_BATCH: usize = 27;
    pub(super) const MODEL: usize = 28;
}

fn report_row(
    record: &Row<'_>,
    destinations: &[(i64, Arc<Destination>)],
    sources: &[Arc<str>],
) -> Result<ReportRow, QueryError> {
    let origin = origin(sources, record.get(column::SOURCE)?, record.get(column::LINE)?);
    let target: Option<i64> = record.get(column::TARGET)?;
    let destination = target
        .and_then(|key| destinations.binary_search_by_key(&key, |(key, _)| *key).ok())
        .map(|index| Arc::clone(&destinations[index].1));
    let matched: Option<String> = record.get(column::MATCHED)?;
    let error: (Option<String>, Option<String>) =
        (record.get(column::CODE)?, record.get(column::NAME)?);
    let exchange = exchange(record)?;
    let outcome = row_outcome(record, &origin, sources, &error, exchange.is_some())?;
    let tracking_id = tracking_id(record.get(column::TRACKING_ID)?)?;
    let proof = match exchange.is_some() {
        true => proof(record, &outcome, tracking_id.is_some())?,
        false => None,
    };
    let is_known = outcome == RowOutcome::AlreadyRegistered && error.0.is_some();
    let mut row = ReportRow {
        origin,
        label: Label {
            serial_number: record.get(column::SERIAL)?,
            product_key: record.get(column::PRODUCT_KEY)?,
            hardware_hash: record.get(column::HASH)?,
        },
        model: None,
        destination,
        outcome,
        already: is_known.then(|| device_error(&error)),
        earlier: None,
        tracking_id,
        proof,
        device_id: record.get(column::SERVICE_ID)?,
        matched_by: matched.as_deref().and_then(matched_by),
        exchange,
    };
    let earlier = earlier_registration(record)?;
    row.earlier = earlier.filter(|earlier| row.may_be_in(earlier)).map(Box::new);
    Ok(row)
}

/// Returns what proves the outcome of a row that was sent. `None` for a duplicate, and if an earlier version did not record it.
fn proof(
    row: &Row<'_>,
    outcome: &RowOutcome,
    was_accepted: bool,
) -> Result<Option<Proof>, QueryError> {
    let has_outcome = match outcome {
        RowOutcome::Registered | RowOutcome::AlreadyRegistered | RowOutcome::Failed(_) => true,
        RowOutcome::Unknown => false,
        _ => return Ok(None),
    };
    let word: Option<String> = row.get(column::PROOF)?;
    if has_outcome && word.as_deref() == Some("notRecorded") {
        return Ok(None);
    }
    Ok(Some(Proof::of(Evidence {
        has_outcome,
        was_read: word.is_some(),
        was_accepted,
        has_audit_record: row.get(column::HAS_AUDIT_RECORD)?,
    })))
}

/// Returns the place of a device that was registered before.
fn earlier_registration(row: &Row<'_>) -> Result<Option<EarlierRegistration>, QueryError> {
    let Some(word) = row.get::<_, Option<String>>(column::EARLIER)? else { return Ok(None) };
    let found = EarlierRegistration::from_record(
        &word,
        row.get(column::EARLIER_CUSTOMER)?,
        row.get(column::EARLIER_CUSTOMER_NAME)?,
        row.get(column::EARLIER_BATCH)?,
    );
    found.map(Some).map_err(QueryError::InvalidValue)
}

fn row_outcome(
    row: &Row<'_>,
    origin_of_row: &Origin,
    sources: &[Arc<str>],
    error: &(Option<String>, Option<String>),
    was_sent: bool,
) -> Result<RowOutcome, QueryError> {
    if let Some(rule) = row.get::<_, Option<String>>(column::RULE)? {
        return Ok(RowOutcome::Invalid(finding(row, origin_of_row, &rule)?));
    }
    if let Some(source) = row.get::<_, Option<i64>>(column::SAME_SOURCE)? {
        return Ok(RowOutcome::Duplicate(origin(sources, source, row.get(column::SAME_LINE)?)));
    }
    let word: Option<String> = row.get(column::OUTCOME)?;
    Ok(match word {
        Some(word) => outcome(&word, error).into(),
        None if was_sent => RowOutcome::Unknown,
        None => RowOutcome::NotSent,
    })
}

fn finding(row: &Row<'_>, origin: &Origin, rule: &str) -> Result<Finding, QueryError> {
    let rule = Rule::ALL
        .iter()
        .find(|known| known.id() == rule)
        .ok_or_else(|| QueryError::InvalidValue(format!("unknown rule '{rule}'")))?;
    let message: Option<String> = row.get(column::MESSAGE)?;
    let finding = Finding::at(origin, *rule, message.unwrap_or_default());
    let field: Option<String> = row.get(column::FIELD)?;
    Ok(match field {
        Some(field) => finding.in_column(&field),
        None => finding,
    })
}

/// Returns the request that the row's device was last sent in.
fn exchange(row: &Row<'_>) -> Result<Option<Box<Exchange>>, QueryError> {
    let Some(request_id) = row.get(column::REQUEST_ID)? else { return Ok(None) };
    Ok(Some(Box::new(Exchange {
        request_id,
        correlation_id: row.get(column::CORRELATION_ID)?,
        cv: row.get(column::CV)?,
        sent: Timestamp(row.get(column::SENT)?),
        finished: row.get::<_, Option<i64>>(column::SETTLED)?.map(Timestamp),
    })))
}

fn origin(sources: &[Arc<str>], source: i64, line: i64) -> Origin {
    let index = source.checked_sub(1).and_then(|index| usize::try_from(index).ok());
    let source = index.and_then(|index| sources.get(index).cloned());
    Origin { source: source.unwrap_or_else(|| "".into()), line: line.unsigned_abs() }
}
