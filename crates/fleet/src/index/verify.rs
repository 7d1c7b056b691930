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
    /// Reads a batch until it has listed these devices, and records the result of each. This needs one call for each page of 100
    /// devices, up to the page with the last device.
    ///
    /// `devices` belong to one batch. Returns the results in their order.
    ///
    /// # Errors
    /// If the batch cannot be read, or if the index cannot be written.
    pub async fn verify(
        &mut self,
        client: &Client,
        devices: &[KnownDevice],
    ) -> Result<Vec<Verification>, SyncError> {
        let Some(KnownDevice { customer, batch, .. }) = devices.first() else {
            return Ok(Vec::new());
        };
        let list = client.customer(customer.clone()).device_batch(batch.clone()).devices().list();
        let mut found = vec![None; devices.len()];
        match find(list, devices, &mut found).await {
            Err(error) if is_missing(&error) => {}
            read => read?,
        }
        let now = Timestamp::now();
        let mut results = Vec::with_capacity(devices.len());
        for (device, record) in devices.iter().zip(found) {
            results.push(self.record_verification(device, record, now)?);
        }
        Ok(results)
    }

    fn record_verification(
        &mut self,
        device: &KnownDevice,
        found: Option<DeviceRecord>,
        now: Timestamp,
    ) -> Result<Verification, SyncError> {
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

/// Reads pages until each device is found, or the list ends.
async fn find(
    mut list: List<Device>,
    devices: &[KnownDevice],
    found: &mut [Option<DeviceRecord>],
) -> Result<(), Error> {
    while found.contains(&None)
        && let Some(page) = list.next_page().await.transpose()?
    {
        let records: Vec<_> = page.items.iter().map(DeviceRecord::from).collect();
        for (device, found) in devices.iter().zip(&mut *found) {
            if found.is_none() {
                *found = records.iter().find(|record| is_same(device, record)).cloned();
            }
        }
    }
    Ok(())
}

/// Compares the ids, or the names if one of them has no id. A device that was removed has another id when it is registered again.
fn is_same(known: &KnownDevice, listed: &DeviceRecord) -> bool {
    let same = |one: &Option<String>, other: &Option<String>| {
        one.as_deref()
            .zip(other.as_deref())
            .is_some_and(|(one, other)| one.trim().eq_ignore_ascii_case(other.trim()))
    };
    if known.id.is_some() && listed.id.is_some() && known.gone.is_none() {
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
        let known = |id: Option<&str>, gone: bool| KnownDevice {
            customer: CustomerId::new("c").unwrap(),
            customer_name: None,
            batch: BatchId::new("b").unwrap(),
            id: id.map(str::to_owned),
            serial_number: Some("S1".to_owned()),
            product_key: None,
            policy_id: None,
            seen: Timestamp(0),
            gone: gone.then_some(Timestamp(1)),
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
            let same = is_same(&known(known_id, false), &listed(id, serial));
            assert_eq!(same, expected, "{known_id:?} {id:?} {serial}");
        }
        assert!(is_same(&known(Some("d1"), true), &listed(Some("d2"), "S1")), "it is back");
        assert!(!is_same(&known(Some("d1"), true), &listed(Some("d2"), "S2")));
    }
}
