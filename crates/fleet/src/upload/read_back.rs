//! Finds the devices of chunks in the list of a batch.

use std::collections::HashMap;

use partner_center_devices::{Device, DeviceOutcome, MatchedBy};

use crate::journal::{ChunkDevice, DeviceResult};

/// The devices to find, by serial number and by product key.
///
/// A device cannot be found if it has no name, or if another device to find has the same name.
pub(super) struct DeviceFinder<'a> {
    by_serial: HashMap<String, &'a ChunkDevice>,
    by_key: HashMap<String, &'a ChunkDevice>,
}

impl<'a> DeviceFinder<'a> {
    pub(super) fn new(devices: impl Iterator<Item = &'a ChunkDevice> + Clone) -> Self {
        let index = |name: fn(&ChunkDevice) -> Option<&str>| {
            let mut named: HashMap<String, Option<&ChunkDevice>> = HashMap::new();
            for device in devices.clone() {
                if let Some(name) = name(device) {
                    named.entry(fold(name)).and_modify(|one| *one = None).or_insert(Some(device));
                }
            }
            named.into_iter().filter_map(|(name, device)| Some((name, device?))).collect()
        };
        Self {
            by_serial: index(|device| device.serial.as_deref()),
            by_key: index(|device| device.product_key.as_deref()),
        }
    }

    /// Returns the result of a listed device, or `None` if it is not wanted. Each device is found once.
    pub(super) fn take(&mut self, listed: &Device) -> Option<DeviceResult> {
        let by_serial = listed.serial_number().and_then(|name| self.by_serial.remove(&fold(name)));
        let by_key = listed.product_key().and_then(|name| self.by_key.remove(&fold(name)));
        let (device, matched_by) = match (by_serial, by_key) {
            (Some(device), _) => (device, MatchedBy::SerialNumber),
            (None, Some(device)) => (device, MatchedBy::ProductKey),
            (None, None) => return None,
        };
        // Do not find it again by its other name.
        if let Some(name) = &device.serial {
            self.by_serial.remove(&fold(name));
        }
        if let Some(name) = &device.product_key {
            self.by_key.remove(&fold(name));
        }
        Some(DeviceResult {
            device: device.key,
            outcome: DeviceOutcome::Succeeded,
            error: None,
            service_id: listed.id().map(ToOwned::to_owned),
            matched_by: Some(matched_by),
        })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.by_serial.is_empty() && self.by_key.is_empty()
    }
}

fn fold(name: &str) -> String {
    name.trim().to_ascii_uppercase()
}
