//! The batches of an index.

use partner_center_devices::{BatchId, CustomerId};
use rusqlite::{Connection, OptionalExtension as _, Row, Statement, Transaction, params};

use super::customers::known_customer_key;
use super::database::Index;
use super::error::IndexError;
use crate::timestamp::Timestamp;

/// A batch as the service reports it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BatchRecord {
    /// The id, which is also the name.
    pub id: BatchId,
    /// The number of devices, as the service counts them.
    pub devices: Option<u64>,
}

impl BatchRecord {
    /// Returns a batch without a number of devices.
    #[must_use]
    pub fn new(id: BatchId) -> Self {
        Self { id, devices: None }
    }

    /// Sets the number of devices.
    #[must_use]
    pub fn devices(mut self, devices: Option<u64>) -> Self {
        self.devices = devices;
        self
    }
}

/// A batch of the index.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KnownBatch {
    /// The id, which is also the name.
    pub id: BatchId,
    /// The number of devices, as the service counted them.
    pub devices: Option<u64>,
    /// When the service or an upload reported the batch.
    pub seen: Timestamp,
    /// The start of the last complete list of its devices.
    pub devices_listed: Option<Timestamp>,
}

impl Index {
    /// Returns the batches of a customer that are not gone, sorted by name.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn batches(&self, customer: &CustomerId) -> Result<Vec<KnownBatch>, IndexError> {
        self.read(|database| {
            let mut query = database.prepare(
                "SELECT batch.name, devices, batch.seen, batch.listed FROM batch JOIN customer ON customer.id = customer
                 WHERE tenant = ?1 AND batch.gone IS NULL ORDER BY folded",
            )?;
            query.query_map([customer.as_str()], known_batch)?.collect()
        })
    }
}

fn known_batch(row: &Row<'_>) -> Result<KnownBatch, rusqlite::Error> {
    let devices: Option<i64> = row.get(1)?;
    Ok(KnownBatch {
        id: batch_id(row, 0)?,
        devices: devices.and_then(|devices| devices.try_into().ok()),
        seen: Timestamp(row.get(2)?),
        devices_listed: row.get::<_, Option<i64>>(3)?.map(Timestamp),
    })
}

/// Reads the id of a batch.
pub(super) fn batch_id(row: &Row<'_>, column: usize) -> Result<BatchId, rusqlite::Error> {
    let text: String = row.get(column)?;
    BatchId::new(text).map_err(|error| {
        let kind = rusqlite::types::Type::Text;
        rusqlite::Error::FromSqlConversionFailure(column, kind, Box::new(error))
    })
}

/// Inserts or updates batches that the service reported.
pub(super) fn put_batches(
    transaction: &Transaction<'_>,
    customer: i64,
    batches: &[BatchRecord],
    now: Timestamp,
) -> Result<(), rusqlite::Error> {
    let mut put = transaction.prepare(PUT)?;
    batches.iter().try_for_each(|batch| put_with(&mut put, customer, batch, now).map(drop))
}

/// Inserts or updates a batch that the service reported. Returns its key.
pub(super) fn put_batch(
    transaction: &Transaction<'_>,
    customer: i64,
    batch: &BatchRecord,
    now: Timestamp,
) -> Result<i64, rusqlite::Error> {
    put_with(&mut transaction.prepare(PUT)?, customer, batch, now)
}

const PUT: &str = "INSERT INTO batch (customer, name, folded, devices, seen) VALUES (?1, ?2, ?3, ?4, ?5)
    ON CONFLICT (customer, folded) DO UPDATE SET
    name = ?2, devices = coalesce(?4, devices), seen = max(?5, seen), gone = iif(gone > ?5, gone, NULL)
    RETURNING id";

fn put_with(
    put: &mut Statement<'_>,
    customer: i64,
    batch: &BatchRecord,
    now: Timestamp,
) -> Result<i64, rusqlite::Error> {
    let devices = batch.devices.and_then(|devices| i64::try_from(devices).ok());
    put.query_row(params![customer, batch.id.as_str(), folded(&batch.id), devices, now.0], |row| {
        row.get(0)
    })
}

/// Returns the key of a batch that is known.
pub(super) fn known_batch_key(
    database: &Connection,
    customer: &CustomerId,
    batch: &BatchId,
) -> Result<Option<i64>, rusqlite::Error> {
    let Some(customer) = known_customer_key(database, customer)? else { return Ok(None) };
    database
        .prepare("SELECT id FROM batch WHERE customer = ?1 AND folded = ?2")?
        .query_row(params![customer, folded(batch)], |row| row.get(0))
        .optional()
}

/// Returns a batch name as the service compares it: without case.
fn folded(batch: &BatchId) -> String {
    batch.as_str().to_lowercase()
}
