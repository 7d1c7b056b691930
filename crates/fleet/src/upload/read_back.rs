//! Finds the devices of chunks in the list of a batch.

use std::collections::{HashMap, HashSet};

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

    /// Returns whether each of the devices can be found.
    pub(super) fn can_find_all(devices: &'a [ChunkDevice]) -> bool {
        let finder = Self::new(devices.iter());
        let named = finder.by_serial.into_values().chain(finder.by_key.into_values());
        named.map(|device| device.key).collect::<HashSet<_>>().len() == devices.len()
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
            service_id: listed.id_text().map(ToOwned::to_owned),
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

#[cfg(test)]
mod tests {
    use partner_center_devices::raw::types as wire;

    use super::*;
    use crate::journal::DeviceKey;

    fn device(key: i64, serial: &str, product_key: &str) -> ChunkDevice {
        let name = |name: &str| (name != "-").then(|| name.into());
        ChunkDevice { key: DeviceKey(key), serial: name(serial), product_key: name(product_key) }
    }

    /// Returns the keys of the devices found in a list of `serial product-key` lines, and how each was matched.
    fn found(devices: &[ChunkDevice], listed: &[&str]) -> Vec<(i64, MatchedBy)> {
        let mut finder = DeviceFinder::new(devices.iter());
        let listed = listed.iter().map(|line| {
            let (serial, key) = line.split_once(' ').unwrap();
            let json = serde_json::json!({ "id": "d", "serialNumber": serial, "productKey": key });
            Device::from(serde_json::from_value::<wire::Device>(json).unwrap())
        });
        listed
            .filter_map(|device| finder.take(&device))
            .map(|result| {
                assert_eq!(result.outcome, DeviceOutcome::Succeeded);
                assert_eq!(result.service_id.as_deref(), Some("d"));
                (result.device.0, result.matched_by.unwrap())
            })
            .collect()
    }

    #[test]
    fn finds_devices_by_either_name_once() {
        use MatchedBy::{ProductKey, SerialNumber};
        let (both, serial, key) =
            (device(1, "S1", "11"), device(2, "S2", "-"), device(3, "-", "33"));
        let all = [both, serial, key];
        for (listed, expected) in [
            (&["S1 -"][..], &[(1, SerialNumber)][..]),
            (&["- 11"], &[(1, ProductKey)]),
            (&["S1 11"], &[(1, SerialNumber)]),
            (&["S1 -", "- 11"], &[(1, SerialNumber)]), // one device under two names
            (&["- 11", "S1 -"], &[(1, ProductKey)]),
            (&["s2 -", "- 33"], &[(2, SerialNumber), (3, ProductKey)]),
            (&["S2 -", "S2 -"], &[(2, SerialNumber)]),
            (&["S9 99"], &[]),
        ] {
            assert_eq!(found(&all, listed), expected, "{listed:?}");
        }
    }

    #[test]
    fn does_not_find_devices_without_a_unique_name() {
        let devices = [device(1, "S1", "-"), device(2, "s1", "22"), device(3, "-", "-")];
        assert_eq!(found(&devices, &["S1 -"]), []);
        assert_eq!(found(&devices, &["S1 22"]), [(2, MatchedBy::ProductKey)]);
        assert!(DeviceFinder::new(devices[2..].iter()).is_empty());
        assert!(!DeviceFinder::new(devices.iter()).is_empty());
        assert!(!DeviceFinder::can_find_all(&devices));
        assert!(DeviceFinder::can_find_all(&devices[..1]));
        assert!(DeviceFinder::can_find_all(&[device(1, "S1", "-"), device(2, "s1", "22")][1..]));
    }
}
