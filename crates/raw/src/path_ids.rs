//! Ids that stand in a path. Decides which text may: a finished URL with `.`, `..`, `\`, a control
//! character or nothing at all in a segment addresses another resource, so such ids cannot be made.

use std::fmt;
use std::str::FromStr;

/// Why a text cannot be an id in a path. Says which kind of id and what is wrong, and never the text itself.
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
    /// The kind of id: `customer id`, `batch id`, `device id`, `policy id`, `batch tracking id`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        self.kind
    }
}

impl fmt::Display for InvalidId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let problem = match self.problem {
            Problem::Empty => "is empty",
            Problem::Dots => "is `.` or `..`, which a URL reads as another folder",
            Problem::Backslash => "has a backslash, which a URL reads as `/`",
            Problem::Control => "has a control character",
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
            /// Checks and keeps the text as it is. It is percent-encoded when it is put into a path.
            ///
            /// # Errors
            /// [`InvalidId`] if the text is empty, `.` or `..`, or has a backslash or a control character.
            pub fn new(text: impl Into<Box<str>>) -> Result<Self, InvalidId> {
                let text = text.into();
                check($kind, &text)?;
                Ok(Self(text))
            }

            /// The text, not encoded.
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
    /// A customer's tenant, by its id: a GUID in every document ("Microsoft ID" on the customer's account page).
    CustomerId, "customer id"
}
path_id! {
    /// A batch of devices, by the name it was given. Free text: `Test batch` is a documented one
    /// (<https://learn.microsoft.com/en-us/partner-center/developer/get-the-list-of-device-batches-for-the-specified-customer>).
    BatchId, "batch id"
}
path_id! {
    /// A device within its batch. Opaque: documents show GUIDs and `9993-8627-3608-6844-6369-4361-72`.
    DeviceId, "device id"
}
path_id! {
    /// A configuration policy. A GUID in every document.
    PolicyId, "policy id"
}
path_id! {
    /// A running or finished job. A GUID in every document; the last segment of the `Location` of a 202
    /// (<https://learn.microsoft.com/en-us/partner-center/developer/upload-a-list-of-devices-for-the-specified-customer>).
    BatchTrackingId, "batch tracking id"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_would_address_another_resource() {
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
    fn keeps_free_text() {
        for text in ["Test batch", "a/b", "é", "...", "%2e%2e", "a?b#c", " ", "批次"] {
            assert_eq!(BatchId::new(text).unwrap().as_str(), text);
        }
    }

    #[test]
    fn serde_checks_too() {
        assert!(serde_json::from_str::<DeviceId>("\"..\"").is_err());
        let id: DeviceId = serde_json::from_str("\"9993-8627\"").unwrap();
        assert_eq!(serde_json::to_string(&id).unwrap(), "\"9993-8627\"");
    }
}
