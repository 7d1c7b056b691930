//! Devices, and how they are identified: by the hardware hash, by the product key, or by the serial number with
//! manufacturer and model.
//!
//! Only a fingerprint of each identifier is stored, so no hardware hash stays in memory.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::domain::clock::Moment;
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

/// The hardware hash in a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum HardwareHash {
    #[default]
    Absent,
    Blank,
    Valid(Identity),
    /// The text contains a character that is not Base64.
    Invalid,
}

impl HardwareHash {
    /// Parses the hash of a request. Any length is valid, because the documented examples are short.
    pub(crate) fn parse(text: &str) -> Self {
        let base64 = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte);
        match text.trim() {
            "" => Self::Blank,
            text if text.bytes().all(base64) => Self::Valid(Identity::hardware_hash(text)),
            _ => Self::Invalid,
        }
    }

    pub(crate) fn identity(&self) -> Option<Identity> {
        match self {
            Self::Valid(identity) => Some(*identity),
            Self::Absent | Self::Blank | Self::Invalid => None,
        }
    }
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
    /// Returns everything that identifies the device.
    pub(crate) fn identities(&self) -> Identities {
        let tuple = [&self.serial_number, &self.manufacturer, &self.model];
        Identities::new(self.hash.identity(), &self.product_key, tuple)
    }
}

/// Everything that identifies a device: its hash, its product key, and its serial number with manufacturer and model.
///
/// Two devices that both have a hash are the same if the hashes are equal; in a documented upload, two devices differ
/// only in their hash. If at least one has no hash, they are the same if any other identity is equal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Identities {
    hash: Option<Identity>,
    others: [Option<Identity>; 2],
}

/// A key of the identity index: an identity, and whether its device has a hash.
pub(crate) type IndexKey = (Identity, bool);

impl Identities {
    fn new(
        hash: Option<Identity>,
        product_key: &Option<Arc<str>>,
        tuple: [&Option<Arc<str>>; 3],
    ) -> Self {
        let key = product_key.as_deref().map(Identity::product_key);
        let tuple = match tuple {
            [Some(serial), Some(manufacturer), Some(model)] => {
                Some(Identity::tuple(serial, manufacturer, model))
            }
            _ => None,
        };
        Self { hash, others: [key, tuple] }
    }

    /// Returns the hash, the product key, and the serial number with manufacturer and model, if present.
    pub(crate) fn all(&self) -> impl Iterator<Item = Identity> + use<> {
        self.hash.into_iter().chain(self.others.into_iter().flatten())
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
        self.hash.map(|hash| (hash, true)).into_iter().chain(others)
    }
}

/// A fingerprint of one identifier. It is equal for equal identifiers, and does not reveal them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct Identity([u8; 16]);

impl Identity {
    /// Returns the identity of a hardware hash.
    pub(crate) fn hardware_hash(text: &str) -> Self {
        Self::from_parts(&["hash", text.trim()])
    }

    /// Returns the identity of a product key. Case is ignored.
    fn product_key(text: &str) -> Self {
        Self::from_parts(&["key", &text.trim().to_ascii_uppercase()])
    }

    /// Returns the identity of a serial number with manufacturer and model. Case matters.
    fn tuple(serial_number: &str, manufacturer: &str, model: &str) -> Self {
        Self::from_parts(&["tuple", serial_number.trim(), manufacturer.trim(), model.trim()])
    }

    fn from_parts(parts: &[&str]) -> Self {
        let mut sha = Sha256::new();
        for part in parts {
            sha.update((part.len() as u64).to_le_bytes()); // separates the parts
            sha.update(part.as_bytes());
        }
        let mut identity = [0; 16];
        identity.copy_from_slice(&sha.finalize()[..16]);
        Self(identity)
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", u128::from_be_bytes(self.0))
    }
}

impl Identity {
    /// Parses the output of [`Display`](fmt::Display), case-insensitively.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let digits = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let number = digits.then(|| u128::from_str_radix(text, 16).ok()).flatten()?;
        Some(Self(number.to_be_bytes()))
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
    pub(crate) hash: Option<Identity>,
}

impl Device {
    /// Returns the identities that the device was registered with. They are computed again, except that of the hash,
    /// which is stored.
    pub(crate) fn identities(&self) -> Identities {
        let tuple = [&self.serial_number, &self.manufacturer, &self.model];
        Identities::new(self.hash, &self.product_key, tuple)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn device(serial: bool, key: bool, manufacturer: bool, model: bool, hash: bool) -> DeviceInput {
        let text = |present: bool, text: &str| present.then(|| text.into());
        DeviceInput {
            serial_number: text(serial, "S"),
            product_key: text(key, "K"),
            manufacturer: text(manufacturer, "M"),
            model: text(model, "O"),
            hash: if hash {
                HardwareHash::Valid(Identity::hardware_hash("H"))
            } else {
                HardwareHash::Absent
            },
            ..DeviceInput::default()
        }
    }

    #[test]
    fn each_accepted_combination_identifies_a_device() {
        for bits in 0..32_u8 {
            let [serial, key, manufacturer, model, hash] =
                [1, 2, 4, 8, 16].map(|bit| bits & bit != 0);
            let identified = hash || key || (serial && manufacturer && model);
            let found = device(serial, key, manufacturer, model, hash).identities();
            assert_eq!(!found.is_empty(), identified, "{bits:05b}");
        }
        assert_eq!(device(true, true, true, true, true).identities().index_keys().count(), 3);
    }

    #[test]
    fn devices_with_hashes_are_compared_by_hash() {
        let device = |hash: &str, key: &str, serial: &str| {
            let text = |text: &str| (text != "-").then(|| text.into());
            let hash = match hash {
                "-" => HardwareHash::Absent,
                hash => HardwareHash::Valid(Identity::hardware_hash(hash)),
            };
            DeviceInput {
                serial_number: text(serial),
                product_key: text(key),
                manufacturer: text("M"),
                model: text("O"),
                hash,
                ..DeviceInput::default()
            }
            .identities()
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

    #[test]
    fn parses_blank_invalid_and_valid_hashes() {
        assert_eq!(HardwareHash::parse(" \n"), HardwareHash::Blank);
        for invalid in ["T0H…", "T0H AQ", "\"T0HzAQ\"", "T0HzAQ-_"] {
            assert_eq!(HardwareHash::parse(invalid), HardwareHash::Invalid, "{invalid}");
        }
        for valid in ["DummyHash1234", "T0HzAQ+/==", " T0HzAQ\r\n"] {
            let identity = HardwareHash::parse(valid).identity().unwrap();
            assert_eq!(identity, Identity::hardware_hash(valid));
            assert_eq!(Identity::parse(&identity.to_string()), Some(identity));
            assert_eq!(Identity::parse(&identity.to_string().to_uppercase()), Some(identity));
        }
        for other in
            ["", "0", "+123456789abcdef0123456789abcdef", "g123456789abcdef0123456789abcdef"]
        {
            assert_eq!(Identity::parse(other), None, "{other}");
        }
    }

    #[test]
    fn fingerprints_keep_parts_apart() {
        assert_ne!(Identity::tuple("a", "bc", "d"), Identity::tuple("ab", "c", "d"));
        assert_ne!(Identity::hardware_hash("x"), Identity::product_key("x"));
        assert_eq!(Identity::product_key(" ab-1 "), Identity::product_key("AB-1"));
        assert_ne!(Identity::tuple("s", "HP", "m"), Identity::tuple("s", "hp", "m"));
    }
}
