//! The devices of an index.

use std::collections::HashMap;

use partner_center_devices::{BatchId, CustomerId, Device};
use rusqlite::types::{Null, Type, Value, ValueRef};
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

impl From<&Device> for DeviceRecord {
    fn from(device: &Device) -> Self {
        let text =
            |text: Option<&str>| text.filter(|text| !text.trim().is_empty()).map(ToOwned::to_owned);
        Self {
            id: text(device.id_text()),
            serial_number: text(device.serial_number()),
            product_key: text(device.product_key()),
            policy_id: text(device.policy_id_text()),
        }
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

    /// Records a part of a batch as the service listed it.
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
            put_devices(transaction, batch, devices, Policies::Listed, now)
        })
    }

    /// Records devices that an upload registered in a batch at a time. Their policies stay as they were. Devices that were deleted
    /// later stay gone.
    ///
    /// # Errors
    /// If the index cannot be written.
    pub fn record_registered(
        &mut self,
        customer: &CustomerId,
        batch: &BatchId,
        devices: &[DeviceRecord],
        at: Timestamp,
    ) -> Result<(), IndexError> {
        self.write(|transaction| {
            let customer = customer_key(transaction, customer)?;
            let batch = put_batch(transaction, customer, &BatchRecord::new(batch.clone()), at)?;
            put_devices(transaction, batch, devices, Policies::Unknown, at)
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

    /// Records that a known device is no longer in its batch since a time. If the index has recorded that already, or if the device was
    /// replaced, nothing changes.
    ///
    /// # Errors
    /// If the index cannot be written.
    pub fn record_missing(
        &mut self,
        device: &KnownDevice,
        since: Timestamp,
    ) -> Result<(), IndexError> {
        self.write(|transaction| {
            let key = known_batch_key(transaction, &device.customer, &device.batch)?;
            let id = device.id.as_deref().map(stored_id);
            transaction
                .execute(
                    "UPDATE device SET gone = ?5 WHERE batch = ?1 AND service_id IS ?2 AND serial IS ?3 AND product_key IS ?4
                     AND gone IS NULL",
                    params![key, id, device.serial_number, device.product_key, since.0],
                )
                .map(drop)
        })
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

/// The meaning of a record without a policy.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Policies {
    /// The device has no policy.
    Listed,
    /// The device keeps its policy.
    Unknown,
}

/// Inserts or updates devices of a batch. A device that is gone stays gone if this happened after `now`.
pub(super) fn put_devices(
    transaction: &Transaction<'_>,
    batch: i64,
    devices: &[DeviceRecord],
    policies_are: Policies,
    now: Timestamp,
) -> Result<(), rusqlite::Error> {
    // The plus keeps SQLite from reading the whole batch.
    let update_where = |condition: &str| {
        transaction.prepare(&format!(
            "UPDATE device SET seen = max(?3, seen), gone = iif(gone > ?3, gone, NULL) WHERE +batch = ?1 AND {condition}"
        ))
    };
    let mut update_serial = update_where("serial = ?2 COLLATE NOCASE")?;
    let mut update_key = update_where("product_key = ?2 COLLATE NOCASE")?;
    // An upload may have recorded a device before its id was known.
    let mut remove_nameless = transaction.prepare(
        "DELETE FROM device WHERE batch = ?1 AND service_id IS NULL AND serial IS ?2 AND product_key IS ?3",
    )?;
    let mut put = transaction.prepare(
        "INSERT INTO device (batch, service_id, serial, product_key, policy, seen) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (batch, service_id) DO UPDATE SET
         serial = coalesce(?3, serial), product_key = coalesce(?4, product_key), policy = iif(?7, coalesce(?5, policy), ?5),
         seen = max(?6, seen), gone = iif(gone > ?6, gone, NULL)",
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
        let Some(id) = device.id.as_deref().map(stored_id) else {
            // The same device may be known with its id.
            let (update, name) = match &serial {
                Some(serial) => (&mut update_serial, Some(serial)),
                None => (&mut update_key, product_key.as_ref()),
            };
            if update.execute(params![batch, name, now.0])? == 0 {
                put.execute(params![batch, Null, serial, product_key, policy, now.0, false])?;
            }
            continue;
        };
        remove_nameless.execute(params![batch, serial, product_key])?;
        let keeps_policy = policies_are == Policies::Unknown;
        put.execute(params![batch, id, serial, product_key, policy, now.0, keeps_policy])?;
    }
    Ok(())
}

pub(super) fn policy_key(transaction: &Transaction<'_>, id: &str) -> Result<i64, rusqlite::Error> {
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
