//! A hardware hash that is not printed in full by accident.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The base64 text of a hardware hash, exactly as it is sent or received. Cheap to clone.
///
/// A hash contains serial numbers and network addresses of the device, which are confidential
/// (<https://learn.microsoft.com/en-us/autopilot/add-devices>). So `Debug` and `Display` print only its first characters
/// and its length. Serialization and [`expose`](Self::expose) return the whole text.
#[derive(Clone, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schemars", schemars(transparent))]
pub struct HardwareHash(Arc<Box<str>>);

impl HardwareHash {
    /// Creates a hash from any text.
    pub fn new(text: impl Into<Box<str>>) -> Self {
        Self(Arc::new(text.into())) // moves the text instead of copying thousands of characters
    }

    /// Returns the whole text.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for HardwareHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The first six characters of a hash only encode its format and size.
        let length = if self.0.is_ascii() { self.0.len() } else { self.0.chars().count() };
        if length > 12 {
            let start = self.0.char_indices().nth(6).map_or(0, |(end, _)| end);
            f.write_str(&self.0[..start])?;
        }
        write!(f, "…({length} characters)")
    }
}

impl fmt::Debug for HardwareHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for HardwareHash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for HardwareHash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_and_display_shorten_the_hash() {
        let hash = HardwareHash::new("T0HzAQEAHAAAAAoA".repeat(250));
        assert_eq!(format!("{hash} {hash:?}"), "T0HzAQ…(4000 characters) T0HzAQ…(4000 characters)");
        assert_eq!(format!("{:?}", HardwareHash::new("DummyHash123")), "…(12 characters)");
        let device = crate::types::Device { hardware_hash: Some(hash), ..Default::default() };
        assert!(!format!("{device:?}").contains("T0HzAQE"));
        assert!(serde_json::to_string(&device).unwrap().contains(&"T0HzAQEAHAAAAAoA".repeat(250)));
    }
}
