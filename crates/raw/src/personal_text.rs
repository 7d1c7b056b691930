//! Text about people that is not printed by accident.

use std::fmt;
use std::marker::PhantomData;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::open_enum::Reader;

/// Text about a person, or text that may contain some: a name, an address, a mail address, a user name, or a value in an
/// audit record.
///
/// `Debug` and `Display` print only its length. Serialization and [`expose`](Self::expose) return the whole text.
#[derive(Clone, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schemars", schemars(transparent))]
pub struct PersonalText(Box<str>);

impl PersonalText {
    /// Creates a personal text.
    pub fn new(text: impl Into<Box<str>>) -> Self {
        Self(text.into())
    }

    /// Returns the whole text.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<&str> for PersonalText {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for PersonalText {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl fmt::Display for PersonalText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "…({} characters)", self.0.chars().count())
    }
}

impl fmt::Debug for PersonalText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for PersonalText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for PersonalText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader(PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{Address, AuditRecord};

    #[test]
    fn debug_and_display_print_the_length() {
        let name = PersonalText::new("Zoë Müller");
        assert_eq!(format!("{name} {name:?}"), "…(10 characters) …(10 characters)");
        let json = r#"{"city":"Bern","phoneNumber":31123,"country":"CH"}"#;
        let address: Address = serde_json::from_str(json).unwrap();
        let printed = format!("{address:?}");
        assert!(!printed.contains("Bern") && !printed.contains("31123"), "{printed}");
        assert!(printed.contains("CH"), "{printed}");
        assert_eq!(address.phone_number.as_ref().map(PersonalText::expose), Some("31123"));
    }

    #[test]
    fn values_of_an_audit_record_are_written_but_not_printed() {
        let json = r#"{"customizedData":[{"key":"User","value":"zoe@contoso.example"}],"resourceNewValue":"{\"Email\":\"zoe\"}","userPrincipalName":"zoe@contoso.example"}"#;
        let record: AuditRecord = serde_json::from_str(json).unwrap();
        assert!(!format!("{record:?}").contains("zoe"), "{record:?}");
        assert_eq!(serde_json::to_string(&record).unwrap(), json);
    }
}
