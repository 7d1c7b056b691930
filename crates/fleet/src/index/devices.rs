//! The devices of an index.

use std::collections::HashMap;

use partner_center_devices::{BatchId, CustomerId};
use rusqlite::types::{Type, Value, ValueRef};
use rusqlite::{OptionalExtension as _, Row, Transaction, params};
use uuid::Uuid;

use super::batches::{BatchRecord, batch_id, known_batch_key, put_batch};
use super::customers::{customer_id, customer_key};
use super::database::Index;
use super::error::IndexError;
use crate::timestamp::Timestamp;

/// A device as the service or an upload reports it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct DeviceRecord {
    /// The device id.
    pub id: Option<String>,
    /// The serial number.
    pub serial_number: Option<String>,
    /// The product key.
    pub product_key: Option<String>,
    /// The id of the configuration policy.
    pub policy_id: Option<String>,
}

impl DeviceRecord {
    /// Returns a device with an id. An upload may not know it yet.
    #[must_use]
    pub fn new(id: Option<String>) -> Self {
        Self { id, ..Self::default() }
    }

    /// Sets the serial number.
    #[must_use]
    pub fn serial_number(mut self, serial_number: Option<String>) -> Self {
        self.serial_number = serial_number;
        self
    }

    /// Sets the product key.
    #[must_use]
    pub fn product_key(mut self, product_key: Option<String>) -> Self {
        self.product_key = product_key;
        self
    }

    /// Sets the id of the configuration policy.
    #[must_use]
    pub fn policy_id(mut self, policy_id: Option<String>) -> Self {
        self.policy_id = policy_id;
        self
    }
}

/// A device of the index, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KnownDevice {
    /// The customer.
    pub customer: CustomerId,
    /// The company name of the customer.
    pub customer_name: Option<String>,
    /// The batch.
    pub batch: BatchId,
    /// The device id.
    pub id: Option<String>,
    /// The serial number.
    pub serial_number: Option<String>,
    /// The product key.
    pub product_key: Option<String>,
    /// The id of the configuration policy.
    pub policy_id: Option<String>,
    /// When the service or an upload reported the device.
    pub seen: Timestamp,
    /// When the device was deleted, or missing in a complete list of its batch.
    pub gone: Option<Timestamp>,
}

impl Index {
    /// Returns the devices with this serial number, those that are not gone first. Case and surrounding whitespace do not
    /// matter.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn devices_with_serial(&self, serial_number: &str) -> Result<Vec<KnownDevice>, IndexError> {
        self.devices_where("device.serial = ?1 COLLATE NOCASE", serial_number)
    }

    /// Returns the devices with this product key, those that are not gone first. Case and surrounding whitespace do not
    /// matter.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn devices_with_product_key(
        &self,
        product_key: &str,
    ) -> Result<Vec<KnownDevice>, IndexError> {
        self.devices_where("device.product_key = ?1 COLLATE NOCASE", product_key)
    }

    /// Records devices that an upload added to a batch, or a part of a batch that was listed.
    ///
    /// # Errors
    /// If the index cannot be written.
    pub fn record_devices(
        &mut self,
        customer: &CustomerId,
        batch: &BatchId,
        devices: &[DeviceRecord],
        now: Timestamp,
    ) -> Result<(), IndexError> {
        self.write(|transaction| {
            let customer = customer_key(transaction, customer)?;
            let batch = put_batch(transaction, customer, &BatchRecord::new(batch.clone()), now)?;
            put_devices(transaction, batch, devices, now)
        })
    }

    /// Records that devices were deleted from a batch, by their ids.
    ///
    /// # Errors
    /// If the index cannot be written.
    pub fn record_deleted(
        &mut self,
        customer: &CustomerId,
        batch: &BatchId,
        ids: &[&str],
        now: Timestamp,
    ) -> Result<(), IndexError> {
        self.update_devices(customer, batch, ids, "gone = ?3", now.0.into())
    }

    /// Records that devices of a batch have another configuration policy, or none, by their ids.
    ///
    /// # Errors
    /// If the index cannot be written.
    pub fn record_policy(
        &mut self,
        customer: &CustomerId,
        batch: &BatchId,
        ids: &[&str],
        policy_id: Option<&str>,
    ) -> Result<(), IndexError> {
        let key = policy_id.map(|id| self.write(|transaction| policy_key(transaction, id)));
        let key = key.transpose()?;
        self.update_devices(customer, batch, ids, "policy = ?3", key.into())
    }

    fn update_devices(
        &mut self,
        customer: &CustomerId,
        batch: &BatchId,
        ids: &[&str],
        change: &str,
        value: Value,
    ) -> Result<(), IndexError> {
        self.write(|transaction| {
            let Some(batch) = known_batch_key(transaction, customer, batch)? else { return Ok(()) };
            let mut update = transaction.prepare(&format!(
                "UPDATE device SET {change} WHERE batch = ?1 AND service_id = ?2"
            ))?;
            for id in ids {
                update.execute(params![batch, stored_id(id), value])?;
            }
            Ok(())
        })
    }

    fn devices_where(&self, condition: &str, value: &str) -> Result<Vec<KnownDevice>, IndexError> {
        let query = format!(
            "SELECT customer.tenant, customer.name, batch.name, service_id, serial, product_key, policy.name,
             device.seen, device.gone
             FROM device JOIN batch ON batch.id = device.batch JOIN customer ON customer.id = batch.customer
             LEFT JOIN policy ON policy.id = device.policy
             WHERE {condition} ORDER BY device.gone IS NOT NULL, device.seen DESC, device.id"
        );
        self.read(|database| {
            let mut query = database.prepare(&query)?;
            query.query_map([value.trim()], known_device)?.collect()
        })
    }
}

fn known_device(row: &Row<'_>) -> Result<KnownDevice, rusqlite::Error> {
    Ok(KnownDevice {
        customer: customer_id(row, 0)?,
        customer_name: row.get(1)?,
        batch: batch_id(row, 2)?,
        id: shown_id(row, 3)?,
        serial_number: row.get(4)?,
        product_key: row.get(5)?,
        policy_id: row.get(6)?,
        seen: Timestamp(row.get(7)?),
        gone: row.get::<_, Option<i64>>(8)?.map(Timestamp),
    })
}

/// Inserts or updates devices of a batch.
pub(super) fn put_devices(
    transaction: &Transaction<'_>,
    batch: i64,
    devices: &[DeviceRecord],
    now: Timestamp,
) -> Result<(), rusqlite::Error> {
    // An upload may have recorded a device before its id was known.
    let mut remove_nameless = transaction.prepare(
        "DELETE FROM device WHERE batch = ?1 AND service_id IS NULL AND serial IS ?2 AND product_key IS ?3",
    )?;
    let mut put = transaction.prepare(
        "INSERT INTO device (batch, service_id, serial, product_key, policy, seen) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (batch, service_id) DO UPDATE SET
         serial = coalesce(?3, serial), product_key = coalesce(?4, product_key), policy = ?5, seen = max(?6, seen), gone = NULL",
    )?;
    let mut policies: HashMap<&str, i64> = HashMap::new();
    for device in devices {
        let filled = |text: &Option<String>| {
            text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(ToOwned::to_owned)
        };
        let (serial, product_key) = (filled(&device.serial_number), filled(&device.product_key));
        let policy = match device.policy_id.as_deref() {
            None => None,
            Some(id) => match policies.get(id) {
                Some(key) => Some(*key),
                None => {
                    let key = policy_key(transaction, id)?;
                    policies.insert(id, key);
                    Some(key)
                }
            },
        };
        let id = device.id.as_deref().map(stored_id);
        remove_nameless.execute(params![batch, serial, product_key])?;
        put.execute(params![batch, id, serial, product_key, policy, now.0])?;
    }
    Ok(())
}

fn policy_key(transaction: &Transaction<'_>, id: &str) -> Result<i64, rusqlite::Error> {
    let find = "SELECT id FROM policy WHERE name = ?1";
    let known = transaction.prepare(find)?.query_row([id], |row| row.get(0)).optional()?;
    if let Some(key) = known {
        return Ok(key);
    }
    transaction.execute("INSERT INTO policy (name) VALUES (?1)", [id])?;
    Ok(transaction.last_insert_rowid())
}

/// Returns a device id as it is stored. A UUID needs less than half the space as bytes.
fn stored_id(id: &str) -> Value {
    match Uuid::try_parse(id) {
        Ok(uuid) if uuid.to_string() == id => Value::Blob(uuid.as_bytes().to_vec()),
        _ => Value::Text(id.to_owned()),
    }
}

fn shown_id(row: &Row<'_>, column: usize) -> Result<Option<String>, rusqlite::Error> {
    match row.get_ref(column)? {
        ValueRef::Null => Ok(None),
        ValueRef::Text(_) => row.get(column).map(Some),
        ValueRef::Blob(bytes) => {
            let uuid = Uuid::from_slice(bytes).map_err(|error| {
                rusqlite::Error::FromSqlConversionFailure(column, Type::Blob, Box::new(error))
            })?;
            Ok(Some(uuid.to_string()))
        }
        other => Err(rusqlite::Error::InvalidColumnType(
            column,
            "service_id".to_owned(),
            other.data_type(),
        )),
    }
}
