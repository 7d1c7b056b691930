//! Checks with the service that a device of the index is still in its batch.

use partner_center_devices::{Client, Device, Error, List};

use super::database::Index;
use super::devices::{DeviceRecord, KnownDevice};
use super::sync_error::SyncError;
use crate::call_effect::is_missing;
use crate::timestamp::Timestamp;

/// The result of a check.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verification {
    /// The batch lists the device.
    Listed(Box<KnownDevice>),
    /// The batch does not list the device, or no longer exists. The index has recorded this.
    Missing,
}

impl Index {
    /// Reads the batch of a device until it lists the device, and records the result. This needs one call for each 100 devices
    /// before it in the batch.
    ///
    /// # Errors
    /// If the batch cannot be read, or if the index cannot be written.
    pub async fn verify(
        &mut self,
        client: &Client,
        device: &KnownDevice,
    ) -> Result<Verification, SyncError> {
        let batch = client.customer(device.customer.clone()).device_batch(device.batch.clone());
        let found = match find(batch.devices().list(), device).await {
            Err(error) if is_missing(&error) => None,
            found => found?,
        };
        let now = Timestamp::now();
        let Some(record) = found else {
            self.record_missing(device, now)?;
            return Ok(Verification::Missing);
        };
        self.record_devices(&device.customer, &device.batch, std::slice::from_ref(&record), now)?;
        let DeviceRecord { id, serial_number, product_key, policy_id } = record;
        let listed = KnownDevice {
            id,
            serial_number,
            product_key,
            policy_id,
            seen: now,
            gone: None,
            ..device.clone()
        };
        Ok(Verification::Listed(Box::new(listed)))
    }
}

async fn find(mut list: List<Device>, device: &KnownDevice) -> Result<Option<DeviceRecord>, Error> {
    while let Some(page) = list.next_page().await.transpose()? {
        let mut records = page.items.iter().map(DeviceRecord::from);
        if let Some(record) = records.find(|record| is_same(device, record)) {
            return Ok(Some(record));
        }
    }
    Ok(None)
}

/// Compares the ids, or the names if one of them has no id.
fn is_same(known: &KnownDevice, listed: &DeviceRecord) -> bool {
    let same = |one: &Option<String>, other: &Option<String>| {
        one.as_deref()
            .zip(other.as_deref())
            .is_some_and(|(one, other)| one.trim().eq_ignore_ascii_case(other.trim()))
    };
    if known.id.is_some() && listed.id.is_some() {
        return same(&known.id, &listed.id);
    }
    same(&known.serial_number, &listed.serial_number)
        || same(&known.product_key, &listed.product_key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use partner_center_devices::{BatchId, CustomerId};

    #[test]
    fn ids_count_before_names() {
        let known = |id: Option<&str>| KnownDevice {
            customer: CustomerId::new("c").unwrap(),
            customer_name: None,
            batch: BatchId::new("b").unwrap(),
            id: id.map(str::to_owned),
            serial_number: Some("S1".to_owned()),
            product_key: None,
            policy_id: None,
            seen: Timestamp(0),
            gone: None,
        };
        let listed = |id: Option<&str>, serial: &str| {
            DeviceRecord::new(id.map(str::to_owned)).serial_number(Some(serial.to_owned()))
        };
        for (known_id, id, serial, expected) in [
            (Some("d1"), Some("D1"), "other", true),
            (Some("d1"), Some("d2"), "S1", false),
            (None, Some("d2"), " s1 ", true),
            (Some("d1"), None, "S1", true),
            (None, None, "S2", false),
        ] {
            let same = is_same(&known(known_id), &listed(id, serial));
            assert_eq!(same, expected, "{known_id:?} {id:?} {serial}");
        }
    }
}
