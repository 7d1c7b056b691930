//! Fingerprints of the values that identify a device.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// A fingerprint of one identifier. It is equal for equal identifiers, and does not reveal them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct Identity([u8; 16]);

impl Identity {
    /// Returns the identity of the values inside a hardware hash. It is the same for each hash of a device.
    pub(super) fn hash_contents(serial_number: &str, manufacturer: &str, more: [&str; 2]) -> Self {
        Self::from_parts(&["device", serial_number, manufacturer, more[0], more[1]])
    }

    /// Returns the identity of the text of a hardware hash.
    pub(super) fn hash_text(text: &str) -> Self {
        Self::from_parts(&["hash", text.trim()])
    }

    /// Returns the identity of a product key. Case is ignored.
    pub(super) fn product_key(text: &str) -> Self {
        Self::from_parts(&["key", &text.trim().to_ascii_uppercase()])
    }

    /// Returns the identity of a serial number with manufacturer and model. Case matters.
    pub(super) fn tuple(serial_number: &str, manufacturer: &str, model: &str) -> Self {
        Self::from_parts(&["tuple", serial_number.trim(), manufacturer.trim(), model.trim()])
    }

    /// Returns the identity of a serial number. Case matters.
    pub(super) fn serial_number(text: &str) -> Self {
        Self::from_parts(&["serial", text.trim()])
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

    /// Parses the output of [`Display`](fmt::Display), case-insensitively.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let digits = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let number = digits.then(|| u128::from_str_radix(text, 16).ok()).flatten()?;
        Some(Self(number.to_be_bytes()))
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", u128::from_be_bytes(self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprints_keep_parts_apart() {
        assert_ne!(Identity::tuple("a", "bc", "d"), Identity::tuple("ab", "c", "d"));
        assert_ne!(Identity::hash_text("x"), Identity::product_key("x"));
        assert_ne!(Identity::serial_number("x"), Identity::product_key("x"));
        assert_eq!(Identity::product_key(" ab-1 "), Identity::product_key("AB-1"));
        assert_ne!(Identity::tuple("s", "HP", "m"), Identity::tuple("s", "hp", "m"));
    }

    #[test]
    fn parses_its_own_text_case_insensitively() {
        let identity = Identity::hash_text("x");
        assert_eq!(Identity::parse(&identity.to_string()), Some(identity));
        assert_eq!(Identity::parse(&identity.to_string().to_uppercase()), Some(identity));
        for other in
            ["", "0", "+123456789abcdef0123456789abcdef", "g123456789abcdef0123456789abcdef"]
        {
            assert_eq!(Identity::parse(other), None, "{other}");
        }
    }
}
