//! Ids in paths. An empty segment, `.`, `..`, `\` or a control character would make a URL address a different resource,
//! so ids cannot contain them.

use std::fmt;
use std::str::FromStr;

/// The error for a text that is not a valid id. The message names the kind of id and the problem, but does not repeat
/// the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidId {
    kind: &'static str,
    problem: Problem,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Problem {
    Empty,
    Dots,
    Backslash,
    Control,
}

impl InvalidId {
    /// Returns the kind of id: `customer id`, `batch id`, `device id`, `policy id`, `batch tracking id`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        self.kind
    }
}

impl fmt::Display for InvalidId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let problem = match self.problem {
            Problem::Empty => "is empty",
            Problem::Dots => "is `.` or `..`, which changes the directory in a URL",
            Problem::Backslash => "contains a backslash, which a URL treats as `/`",
            Problem::Control => "contains a control character",
        };
        write!(f, "the {} {problem}", self.kind)
    }
}

impl std::error::Error for InvalidId {}

fn check(kind: &'static str, text: &str) -> Result<(), InvalidId> {
    let problem = match text {
        "" => Problem::Empty,
        "." | ".." => Problem::Dots,
        _ if text.contains('\\') => Problem::Backslash,
        _ if text.chars().any(char::is_control) => Problem::Control,
        _ => return Ok(()),
    };
    Err(InvalidId { kind, problem })
}

macro_rules! path_id {
    ($(#[$doc:meta])* $name:ident, $kind:literal) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
        #[cfg_attr(feature = "schemars", schemars(transparent))]
        pub struct $name(Box<str>);

        impl $name {
            /// Creates an id. The text is percent-encoded in the path.
            ///
            /// # Errors
            /// [`InvalidId`] if the text is empty, `.` or `..`, or contains a backslash or a control character.
            pub fn new(text: impl Into<Box<str>>) -> Result<Self, InvalidId> {
                let text = text.into();
                check($kind, &text)?;
                Ok(Self(text))
            }

            /// Returns the text, not encoded.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&self.0, f)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                Self::new(text)
            }
        }

        impl TryFrom<&str> for $name {
            type Error = InvalidId;

            fn try_from(text: &str) -> Result<Self, InvalidId> {
                Self::new(text)
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;

            fn try_from(text: String) -> Result<Self, InvalidId> {
                Self::new(text)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                Self::new(text).map_err(serde::de::Error::custom)
            }
        }
    };
}

path_id! {
    /// The id of a customer's tenant. A GUID in every document ("Microsoft ID" on the account page of the customer).
    CustomerId, "customer id"
}
path_id! {
    /// The id of a batch, which is its name. Free text, such as the documented `Test batch`
    /// (<https://learn.microsoft.com/en-us/partner-center/developer/get-the-list-of-device-batches-for-the-specified-customer>).
    BatchId, "batch id"
}
path_id! {
    /// The id of a device in its batch. Opaque: documents show GUIDs and `9993-8627-3608-6844-6369-4361-72`.
    DeviceId, "device id"
}
path_id! {
    /// The id of a configuration policy. A GUID in every document.
    PolicyId, "policy id"
}
path_id! {
    /// The tracking id of a job. A GUID in every document, and the last segment of the `Location` of a 202
    /// (<https://learn.microsoft.com/en-us/partner-center/developer/upload-a-list-of-devices-for-the-specified-customer>).
    BatchTrackingId, "batch tracking id"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rejects_text_that_addresses_another_resource() {
        for (text, words) in [
            ("", "is empty"),
            (".", "is `.` or `..`"),
            ("..", "is `.` or `..`"),
            ("a\\b", "backslash"),
            ("..\\..\\x", "backslash"),
            ("a\nb", "control character"),
            ("a\u{0}", "control character"),
            ("\u{85}", "control character"),
        ] {
            let error = BatchId::new(text).unwrap_err();
            assert!(error.to_string().contains(words), "{text:?}: {error}");
            assert!(error.to_string().starts_with("the batch id "), "{error}");
        }
    }

    #[test]
    fn accepts_free_text() {
        for text in ["Test batch", "a/b", "é", "...", "%2e%2e", "a?b#c", " ", "批次"] {
            assert_eq!(BatchId::new(text).unwrap().as_str(), text);
        }
    }

    #[test]
    fn deserialization_rejects_invalid_ids() {
        assert!(serde_json::from_str::<DeviceId>("\"..\"").is_err());
        let id: DeviceId = serde_json::from_str("\"9993-8627\"").unwrap();
        assert_eq!(serde_json::to_string(&id).unwrap(), "\"9993-8627\"");
    }
}
