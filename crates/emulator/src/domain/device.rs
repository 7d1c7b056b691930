//! Devices, and how they are identified: by the hardware hash, by the product key, or by the serial number with
//! manufacturer and model.
//!
//! Only a fingerprint of each identifier is stored, so no hardware hash stays in memory.

use std::sync::Arc;

use partner_center_devices_raw::is_product_key_id;
use serde::{Deserialize, Serialize};

use crate::domain::clock::Moment;
use crate::domain::hardware_hash::{HardwareHash, HashFingerprints};
use crate::domain::identity::Identity;
use crate::domain::ids::Guid;
use crate::domain::keys::BatchKey;

/// A device in a request. Blank texts count as absent.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct DeviceInput {
    pub(crate) id: Option<Box<str>>,
    pub(crate) serial_number: Option<Arc<str>>,
    pub(crate) product_key: Option<Arc<str>>,
    pub(crate) manufacturer: Option<Arc<str>>,
    pub(crate) model: Option<Arc<str>>,
    pub(crate) hash: HardwareHash,
    pub(crate) policy: PolicyChange,
}

/// The change that a request makes to the policy of a device.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum PolicyChange {
    #[default]
    Keep,
    Remove,
    Set(Box<str>),
}

impl DeviceInput {
    /// Returns everything that identifies the device. A hash that cannot be decoded, and a product key that is not a
    /// PKID, identify it only if they are listed as known hardware.
    pub(crate) fn identities(&self, is_listed: impl Fn(Identity) -> bool) -> Identities {
        let hash = self.hash.fingerprints().filter(|hash| match self.hash {
            HardwareHash::Undecodable(_) => is_listed(hash.hash),
            _ => true,
        });
        let tuple = [&self.serial_number, &self.manufacturer, &self.model];
        Identities::new(hash, &self.product_key, tuple, is_listed)
    }
}

/// Everything that identifies a device: its hash, its product key, and its serial number with manufacturer and model,
/// as fields of the request and inside the hash.
///
/// Two devices that both have a hash are the same if the values inside are equal; in a documented upload, two devices
/// differ only in their hash. If at least one has no hash, they are the same if any other identity is equal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Identities {
    hash: Option<HashFingerprints>,
    /// Product key and tuple of the request, then those inside the hash if they differ.
    others: [Option<Identity>; 4],
}

/// A key of the identity index: an identity, and whether its device has a hash.
pub(crate) type IndexKey = (Identity, bool);

impl Identities {
    fn new(
        hash: Option<HashFingerprints>,
        product_key: &Option<Arc<str>>,
        tuple: [&Option<Arc<str>>; 3],
        is_listed: impl Fn(Identity) -> bool,
    ) -> Self {
        let key = product_key.as_deref().and_then(|text| {
            let identity = Identity::product_key(text);
            (is_product_key_id(text.trim()) || is_listed(identity)).then_some(identity)
        });
        let tuple = match tuple {
            [Some(serial), Some(manufacturer), Some(model)] => {
                Some(Identity::tuple(serial, manufacturer, model))
            }
            _ => None,
        };
        let key_inside =
            hash.and_then(|hash| hash.product_key).filter(|inside| key != Some(*inside));
        let tuple_inside = hash.and_then(|hash| hash.tuple).filter(|inside| tuple != Some(*inside));
        Self { hash, others: [key, tuple, key_inside, tuple_inside] }
    }

    /// Returns the fingerprints of the hash.
    pub(crate) fn hash(&self) -> Option<HashFingerprints> {
        self.hash
    }

    /// Returns the identity of the hash, and those of product keys and tuples, if present.
    pub(crate) fn all(&self) -> impl Iterator<Item = Identity> + use<> {
        let hash = self.hash.map(|hash| hash.hash);
        hash.into_iter().chain(self.others.into_iter().flatten())
    }

    /// Returns true if the device has no identity. Each of the six accepted combinations contains at least one
    /// identity.
    pub(crate) fn is_empty(&self) -> bool {
        self.all().next().is_none()
    }

    /// Returns the index keys of this device.
    pub(crate) fn index_keys(&self) -> impl Iterator<Item = IndexKey> + use<> {
        let hashed = self.hash.is_some();
        self.all().map(move |identity| (identity, hashed))
    }

    /// Returns the index keys by which other devices that are the same as this one can be found.
    pub(crate) fn matching_keys(&self) -> impl Iterator<Item = IndexKey> + use<> {
        let hashed: &'static [bool] = if self.hash.is_some() { &[false] } else { &[false, true] };
        let others = self.others.into_iter().flatten();
        let others =
            others.flat_map(move |other| hashed.iter().map(move |hashed| (other, *hashed)));
        self.hash.map(|hash| (hash.hash, true)).into_iter().chain(others)
    }
}

/// A registered device.
pub(crate) struct Device {
    pub(crate) id: Guid,
    pub(crate) batch: BatchKey,
    pub(crate) serial_number: Option<Arc<str>>,
    pub(crate) product_key: Option<Arc<str>>,
    pub(crate) manufacturer: Option<Arc<str>>,
    pub(crate) model: Option<Arc<str>>,
    pub(crate) policy: Option<Guid>,
    pub(crate) uploaded: Moment,
    pub(crate) hash: Option<HashFingerprints>,
}

impl Device {
    /// Returns the identities that the device was registered with. They are computed again, except those of the hash,
    /// which are stored.
    pub(crate) fn identities(&self, is_listed: impl Fn(Identity) -> bool) -> Identities {
        let tuple = [&self.serial_number, &self.manufacturer, &self.model];
        Identities::new(self.hash, &self.product_key, tuple, is_listed)
    }
}

#[cfg(test)]
mod tests {
    use partner_center_devices_testkit::hash::HashBuilder;

    use super::*;

    fn hash(serial_number: &str) -> HardwareHash {
        HardwareHash::parse(&HashBuilder::of_device(serial_number, "M", "O").encode())
    }

    fn device(
        serial: bool,
        key: bool,
        manufacturer: bool,
        model: bool,
        has_hash: bool,
    ) -> DeviceInput {
        let text = |present: bool, text: &str| present.then(|| text.into());
        DeviceInput {
            serial_number: text(serial, "S"),
            product_key: text(key, "3305000000001"),
            manufacturer: text(manufacturer, "M"),
            model: text(model, "O"),
            hash: if has_hash { hash("H") } else { HardwareHash::Absent },
            ..DeviceInput::default()
        }
    }

    #[test]
    fn each_accepted_combination_identifies_a_device() {
        for bits in 0..32_u8 {
            let [serial, key, manufacturer, model, hash] =
                [1, 2, 4, 8, 16].map(|bit| bits & bit != 0);
            let identified = hash || key || (serial && manufacturer && model);
            let found = device(serial, key, manufacturer, model, hash).identities(|_| false);
            assert_eq!(!found.is_empty(), identified, "{bits:05b}");
        }
        let all = device(true, true, true, true, true).identities(|_| false);
        assert_eq!(all.index_keys().count(), 4, "with the tuple inside");
    }

    #[test]
    fn malformed_values_identify_a_device_only_if_they_are_listed() {
        for key in ["00329-00000-0003-AA606", "330500000001", "N/A"] {
            let device = DeviceInput {
                product_key: Some(key.into()),
                ..device(true, false, false, false, false)
            };
            assert!(device.identities(|_| false).is_empty(), "{key}");
            let listed = Identity::product_key(key);
            assert!(device.identities(|identity| identity == listed).all().eq([listed]), "{key}");
        }
        for text in ["DummyHash123", "NULL"] {
            let device = DeviceInput { hash: HardwareHash::parse(text), ..DeviceInput::default() };
            assert!(device.identities(|_| false).is_empty(), "{text}");
            let listed = Identity::hash_text(text);
            assert!(device.identities(|identity| identity == listed).all().eq([listed]), "{text}");
        }
        let invalid = DeviceInput { hash: HardwareHash::parse("T0H…"), ..DeviceInput::default() };
        assert!(invalid.identities(|_| true).is_empty());
    }

    #[test]
    fn values_inside_a_hash_that_equal_the_fields_are_one_identity() {
        let inside = |key| HashBuilder::of_device("S", "M", "O").text(24, key).encode();
        for (key, fields, count) in [
            ("3305000000001", true, 3),
            ("3305000000001", false, 3),
            ("3305000000002", true, 4),
            ("", true, 3),
            ("", false, 2),
        ] {
            let device = DeviceInput {
                hash: HardwareHash::parse(&inside(key)),
                ..device(fields, fields, fields, fields, false)
            };
            let identities = device.identities(|_| false);
            assert_eq!(identities.all().count(), count, "{key} {fields}");
        }
    }

    #[test]
    fn devices_with_hashes_are_compared_by_hash() {
        let device = |in_hash: &str, key: &str, serial: &str| {
            let text = |text: &str| (text != "-").then(|| text.into());
            DeviceInput {
                serial_number: text(serial),
                product_key: text(key),
                manufacturer: text("M"),
                model: text("O"),
                hash: if in_hash == "-" { HardwareHash::Absent } else { hash(in_hash) },
                ..DeviceInput::default()
            }
            .identities(|_| true)
        };
        for (one, other, same) in [
            (("h1", "-", "-"), ("h1", "-", "-"), true),
            (("h1", "k1", "s1"), ("h1", "k2", "s2"), true),
            (("h1", "k1", "s1"), ("h2", "k1", "s1"), false),
            (("h1", "k1", "-"), ("-", "k1", "-"), true),
            (("h1", "-", "s1"), ("-", "-", "s1"), true),
            (("h1", "k1", "s1"), ("-", "k2", "s1"), true),
            (("h1", "k1", "s1"), ("-", "k2", "s2"), false),
            (("-", "k1", "-"), ("-", "K1", "s1"), true),
            (("-", "k1", "s1"), ("-", "k2", "s1"), true),
            (("-", "k1", "s1"), ("-", "k2", "s2"), false),
            (("h1", "-", "-"), ("-", "h1", "-"), false),
            (("-", "-", "-"), ("-", "-", "-"), false),
        ] {
            let [a, b] = [one, other].map(|(hash, key, serial)| device(hash, key, serial));
            for (a, b) in [(a, b), (b, a)] {
                let found = a.matching_keys().any(|key| b.index_keys().any(|other| key == other));
                assert_eq!(found, same, "{one:?} {other:?}");
            }
        }
    }
}
