//! The hardware hash of a device, reduced to what identifies the device.
//!
//! Each new hash of a device differs, and Autopilot still recognizes the device
//! (<https://learn.microsoft.com/en-us/autopilot/registration-overview>). So two hashes with the same serial number,
//! manufacturer, model and UUID inside belong to one device. A hash without a serial number and a manufacturer inside is
//! invalid (<https://learn.microsoft.com/en-us/autopilot/add-devices>).

use std::borrow::Cow;

use partner_center_devices_raw::hash_contents::{HashProblem, ParsedHash};
use partner_center_devices_raw::is_product_key_id;
use serde::{Deserialize, Serialize};

use super::identity::Identity;

/// The hardware hash in a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum HardwareHash {
    #[default]
    Absent,
    Blank,
    /// The hash has a serial number and a manufacturer inside.
    Decoded(HashIdentities),
    /// The fingerprints of a hash, from a saved world.
    Saved(HashFingerprints),
    /// Base64 that is not a hardware hash. It identifies a device only if the world lists it as known hardware.
    Undecodable(Identity),
    /// The text contains a character that is not Base64.
    Invalid,
}

/// The fingerprints by which the device of a hardware hash is recognized later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct HashFingerprints {
    /// The fingerprint of the values inside, or of the whole text if they cannot be decoded.
    pub(crate) hash: Identity,
    /// The fingerprint of the product key inside.
    pub(crate) product_key: Option<Identity>,
    /// The fingerprint of the serial number, the manufacturer and the model inside.
    pub(crate) tuple: Option<Identity>,
}

/// The identities inside a hardware hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct HashIdentities {
    fingerprints: HashFingerprints,
    serial_number: Identity,
}

impl HashIdentities {
    /// Returns the identities, the strongest first.
    pub(super) fn all(&self) -> impl Iterator<Item = Identity> + use<> {
        let HashFingerprints { hash, product_key, tuple } = self.fingerprints;
        [Some(hash), product_key, tuple, Some(self.serial_number)].into_iter().flatten()
    }
}

/// The values inside a hardware hash that also identify the device without it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct HashValues {
    pub(crate) serial_number: String,
    pub(crate) manufacturer: String,
    pub(crate) model: Option<String>,
    pub(crate) product_key: Option<String>,
}

impl HardwareHash {
    /// Parses the hash of a request. See [`read`](Self::read).
    pub(crate) fn parse(text: &str) -> Self {
        Self::read(text).0
    }

    /// Parses a hash. Returns the values inside if they can be decoded.
    ///
    /// The checksum and the padding are not checked: no source says that the service does.
    pub(crate) fn read(text: &str) -> (Self, Option<HashValues>) {
        let text = text.trim();
        if text.is_empty() {
            return (Self::Blank, None);
        }
        if let Some((identities, values)) = decode(text) {
            return (Self::Decoded(identities), Some(values));
        }
        let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte);
        let hash = match text.bytes().all(is_base64) {
            true => Self::Undecodable(Identity::hash_text(text)),
            false => Self::Invalid,
        };
        (hash, None)
    }

    /// Returns the fingerprints that the hash has if the world lists it.
    pub(crate) fn fingerprints(&self) -> Option<HashFingerprints> {
        match *self {
            Self::Decoded(hash) => Some(hash.fingerprints),
            Self::Saved(fingerprints) => Some(fingerprints),
            Self::Undecodable(hash) => {
                Some(HashFingerprints { hash, product_key: None, tuple: None })
            }
            Self::Absent | Self::Blank | Self::Invalid => None,
        }
    }
}

fn decode(text: &str) -> Option<(HashIdentities, HashValues)> {
    let hash = partner_center_devices_raw::types::HardwareHash::new(text);
    let mut buffer = Vec::new();
    let parsed = ParsedHash::parse(&hash, &mut buffer).ok()?;
    let is_unreadable = |problem: &HashProblem| {
        matches!(
            problem,
            HashProblem::MissingPrefix | HashProblem::Truncated | HashProblem::InvalidRecord
        )
    };
    if parsed.problems.iter().any(is_unreadable) {
        return None;
    }
    let text = |bytes: Option<&'_ [u8]>| bytes.map(String::from_utf8_lossy).map(Cow::into_owned);
    let values = HashValues {
        serial_number: text(parsed.serial_number)?,
        manufacturer: text(parsed.manufacturer)?,
        model: text(parsed.model),
        product_key: text(parsed.product_key).filter(|key| is_product_key_id(key)),
    };
    let HashValues { serial_number, manufacturer, model, product_key } = &values;
    let uuid = parsed.smbios_uuid.map(|uuid| uuid.to_string()).unwrap_or_default();
    let more = [model.as_deref().unwrap_or_default(), &uuid];
    let identities = HashIdentities {
        fingerprints: HashFingerprints {
            hash: Identity::hash_contents(serial_number, manufacturer, more),
            product_key: product_key.as_deref().map(Identity::product_key),
            tuple: model
                .as_deref()
                .map(|model| Identity::tuple(serial_number, manufacturer, model)),
        },
        serial_number: Identity::serial_number(serial_number),
    };
    Some((identities, values))
}

#[cfg(test)]
mod tests {
    use partner_center_devices_testkit::hash::{HashBuilder, encode};

    use super::*;

    fn hash() -> HashBuilder {
        HashBuilder::of_device("S1", "Contoso", "Book 5")
    }

    fn identity(hash: &HashBuilder) -> Identity {
        match HardwareHash::parse(&hash.encode()) {
            HardwareHash::Decoded(hash) => hash.fingerprints.hash,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_hash_is_decoded_if_it_has_a_serial_number_and_a_manufacturer() {
        let good = hash().bytes();
        let end = usize::from(u16::from_le_bytes([good[2], good[3]]));
        let changed = |at: usize, byte: u8| {
            let mut bytes = good.clone();
            bytes[at] = byte;
            encode(&bytes)
        };
        let part = |serial: &str, manufacturer: &str| {
            HashBuilder::new().text(14, serial).text(16, manufacturer).encode()
        };
        for (case, text, decoded) in [
            ("good", encode(&good), true),
            ("with spaces around", format!(" {}\r\n", encode(&good)), true),
            ("without a model", part("S1", "Contoso"), true),
            ("a wrong checksum", changed(end + 5, !good[end + 5]), true),
            ("without padding bytes", encode(&good[..end + 36]), true),
            ("too long", encode(&[&good[..], &[0; 72]].concat()), true),
            ("without a serial number", part("", "Contoso"), false),
            ("without a manufacturer", part("S1", " "), false),
            ("without records", HashBuilder::new().encode(), false),
            ("without the OA mark", changed(0, b'P'), false),
            ("truncated in the records", encode(&good[..30]), false),
            ("truncated in the checksum", encode(&good[..end + 30]), false),
            ("a record of length 0", changed(6, 0), false),
            ("truncated by a character", encode(&good)[..3999].to_owned(), false),
            ("a UUID and a serial number", encode(b"4C4C4544-0042-S1"), false),
            ("a placeholder", "DummyHash123".to_owned(), false),
            ("a word", "NULL".to_owned(), false),
        ] {
            match HardwareHash::parse(&text) {
                HardwareHash::Decoded(_) => assert!(decoded, "{case}"),
                HardwareHash::Undecodable(identity) => {
                    assert!(!decoded, "{case}");
                    assert_eq!(identity, Identity::hash_text(&text), "{case}");
                }
                other => panic!("{case}: {other:?}"),
            }
        }
        assert_eq!(HardwareHash::parse(" \n"), HardwareHash::Blank);
        for invalid in ["T0H…", "T0H AQ", "\"T0HzAQ\"", "T0HzAQ-_"] {
            assert_eq!(HardwareHash::parse(invalid), HardwareHash::Invalid, "{invalid}");
        }
    }

    #[test]
    fn hashes_of_one_device_have_the_same_identity() {
        let uuid = [7; 16];
        let device = hash().record(12, &uuid);
        let build = [0, 0, 10, 0, 0, 0, 0x5D, 0x58];
        let newer = HashBuilder::new().record(1, &build).record(12, &uuid);
        let newer = newer.text(14, "S1").text(16, "Contoso").text(17, "Book 5").text(7, "DISK-2");
        assert_eq!(identity(&device), identity(&newer));
        for other in [
            hash(),
            hash().record(12, &[8; 16]),
            HashBuilder::of_device("S2", "Contoso", "Book 5").record(12, &uuid),
            HashBuilder::of_device("S1", "Fabrikam", "Book 5").record(12, &uuid),
            HashBuilder::of_device("S1", "Contoso", "Book 6").record(12, &uuid),
        ] {
            assert_ne!(identity(&device), identity(&other));
        }
    }

    #[test]
    fn returns_the_values_inside() {
        let text = hash().text(24, "3305000000001").encode();
        let (hash, values) = HardwareHash::read(&text);
        let HardwareHash::Decoded(hash) = hash else { panic!("{hash:?}") };
        let expected = [
            hash.fingerprints.hash,
            Identity::product_key("3305000000001"),
            Identity::tuple("S1", "Contoso", "Book 5"),
            Identity::serial_number("S1"),
        ];
        assert!(hash.all().eq(expected));
        let values = values.unwrap();
        assert_eq!((&*values.serial_number, &*values.manufacturer), ("S1", "Contoso"));
        assert_eq!(values.model.as_deref(), Some("Book 5"));
        assert_eq!(values.product_key.as_deref(), Some("3305000000001"));
    }
}
