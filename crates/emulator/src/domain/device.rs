//! Decides what identifies a device: its hardware hash, its product key, or its serial number together with
//! manufacturer and model; and which two are one. Only a fingerprint of each is kept, so that no hardware hash
//! stays in memory.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::domain::clock::Moment;
use crate::domain::ids::Guid;

/// A device as a request has it. A blank text counts as absent.
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

/// The hardware hash of a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum HardwareHash {
    #[default]
    Absent,
    Blank,
    Valid(Identity),
    /// It has a character that Base64 does not have.
    Invalid,
}

impl HardwareHash {
    /// Reads a text that is there. Its length says nothing: the documented examples are short.
    pub(crate) fn read(text: &str) -> Self {
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

/// What a request does to the policy of a device.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum PolicyChange {
    #[default]
    Keep,
    Remove,
    Set(Box<str>),
}

impl DeviceInput {
    /// Everything by which the device can be known again.
    pub(crate) fn identities(&self) -> Identities {
        let tuple = [&self.serial_number, &self.manufacturer, &self.model];
        Identities::new(self.hash.identity(), &self.product_key, tuple)
    }
}

/// Everything by which a device can be known again: its hash, its product key, and its serial number with
/// manufacturer and model.
///
/// Two devices with a hash are the same if the hashes are. A product key or the rest decides only where one of
/// the two has no hash: in a documented upload two devices differ in nothing but the hash.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Identities {
    hash: Option<Identity>,
    others: [Option<Identity>; 2],
}

/// An identification, and whether the device that has it has a hash.
pub(crate) type IdentityKey = (Identity, bool);

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

    /// The hash, the product key, and the rest, as far as they are there.
    pub(crate) fn all(&self) -> impl Iterator<Item = Identity> + use<> {
        self.hash.into_iter().chain(self.others.into_iter().flatten())
    }

    /// Whether there is none of the six accepted combinations: each holds one of these three, and more beside
    /// it does no harm.
    pub(crate) fn is_empty(&self) -> bool {
        self.marks().next().is_none()
    }

    /// The marks of this device.
    pub(crate) fn marks(&self) -> impl Iterator<Item = IdentityKey> + use<> {
        let hashed = self.hash.is_some();
        self.all().map(move |identity| (identity, hashed))
    }

    /// The marks of those that are the same device.
    pub(crate) fn marks_of_the_same(&self) -> impl Iterator<Item = IdentityKey> + use<> {
        let hashed: &'static [bool] = if self.hash.is_some() { &[false] } else { &[false, true] };
        let others = self.others.into_iter().flatten();
        let others =
            others.flat_map(move |other| hashed.iter().map(move |hashed| (other, *hashed)));
        self.hash.map(|hash| (hash, true)).into_iter().chain(others)
    }
}

/// A fingerprint of one identification: equal for equal devices, and nothing can be read from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct Identity([u8; 16]);

impl Identity {
    /// Of a hardware hash.
    pub(crate) fn hardware_hash(text: &str) -> Self {
        Self::of(&["hash", text.trim()])
    }

    /// Of a product key, which has no case.
    fn product_key(text: &str) -> Self {
        Self::of(&["key", &text.trim().to_ascii_uppercase()])
    }

    /// Of serial number, manufacturer and model, each in its exact spelling.
    fn tuple(serial_number: &str, manufacturer: &str, model: &str) -> Self {
        Self::of(&["tuple", serial_number.trim(), manufacturer.trim(), model.trim()])
    }

    fn of(parts: &[&str]) -> Self {
        let mut sha = Sha256::new();
        for part in parts {
            sha.update((part.len() as u64).to_le_bytes()); // so that parts cannot run into one another
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
    /// Reads what [`Display`](fmt::Display) writes, in any case.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let digits = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let number = digits.then(|| u128::from_str_radix(text, 16).ok()).flatten()?;
        Some(Self(number.to_be_bytes()))
    }
}

/// A registered device.
pub(crate) struct Device {
    pub(crate) id: Guid,
    pub(crate) batch: crate::domain::keys::BatchKey,
    pub(crate) serial_number: Option<Arc<str>>,
    pub(crate) product_key: Option<Arc<str>>,
    pub(crate) manufacturer: Option<Arc<str>>,
    pub(crate) model: Option<Arc<str>>,
    pub(crate) policy: Option<Guid>,
    pub(crate) uploaded: Moment,
    pub(crate) hash: Option<Identity>,
}

impl Device {
    /// As they were when it was registered; only the fingerprint that cannot be made again is kept.
    pub(crate) fn identities(&self) -> Identities {
        let tuple = [&self.serial_number, &self.manufacturer, &self.model];
        Identities::new(self.hash, &self.product_key, tuple)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn device(serial: bool, key: bool, manufacturer: bool, model: bool, hash: bool) -> DeviceInput {
        let text = |there: bool, text: &str| there.then(|| text.into());
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
    fn the_six_combinations_and_those_that_hold_one_are_enough() {
        for bits in 0..32_u8 {
            let [serial, key, manufacturer, model, hash] =
                [1, 2, 4, 8, 16].map(|bit| bits & bit != 0);
            let enough = hash || key || (serial && manufacturer && model);
            let found = device(serial, key, manufacturer, model, hash).identities();
            assert_eq!(!found.is_empty(), enough, "{bits:05b}");
        }
        assert_eq!(device(true, true, true, true, true).identities().marks().count(), 3);
    }

    #[test]
    fn hashes_decide_where_both_have_one() {
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
                let found = a.marks_of_the_same().any(|mark| b.marks().any(|other| mark == other));
                assert_eq!(found, same, "{one:?} {other:?}");
            }
        }
    }

    #[test]
    fn a_hash_is_blank_broken_or_known_by_a_fingerprint() {
        assert_eq!(HardwareHash::read(" \n"), HardwareHash::Blank);
        for broken in ["T0H…", "T0H AQ", "\"T0HzAQ\"", "T0HzAQ-_"] {
            assert_eq!(HardwareHash::read(broken), HardwareHash::Invalid, "{broken}");
        }
        for good in ["DummyHash1234", "T0HzAQ+/==", " T0HzAQ\r\n"] {
            let identity = HardwareHash::read(good).identity().unwrap();
            assert_eq!(identity, Identity::hardware_hash(good));
            assert_eq!(Identity::read(&identity.to_string()), Some(identity));
            assert_eq!(Identity::read(&identity.to_string().to_uppercase()), Some(identity));
        }
        for other in
            ["", "0", "+123456789abcdef0123456789abcdef", "g123456789abcdef0123456789abcdef"]
        {
            assert_eq!(Identity::read(other), None, "{other}");
        }
    }

    #[test]
    fn parts_do_not_run_into_one_another() {
        assert_ne!(Identity::tuple("a", "bc", "d"), Identity::tuple("ab", "c", "d"));
        assert_ne!(Identity::hardware_hash("x"), Identity::product_key("x"));
        assert_eq!(Identity::product_key(" ab-1 "), Identity::product_key("AB-1"));
        assert_ne!(Identity::tuple("s", "HP", "m"), Identity::tuple("s", "hp", "m"));
    }
}
