//! Open enums, which accept values that the documents do not list: a known value is a variant, and any other text is
//! kept. `generated_enums.rs` defines one for every string enum of the spec.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{self, Visitor};

macro_rules! open_enum {
    ($(#[doc = $doc:literal])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[doc = $doc])*
        #[derive(Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)+
            /// A value that the documents do not list, exactly as received.
            Other(Box<str>),
        }

        impl $name {
            /// The documented values, in the order of the spec.
            pub const KNOWN: &'static [&'static str] = &[$($text),+];

            /// Returns the text on the wire.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)+
                    Self::Other(text) => text,
                }
            }
        }

        impl From<&str> for $name {
            /// Matches documented values without case. Any other text is `Other`.
            fn from(text: &str) -> Self {
                match text {
                    $($text => Self::$variant,)+
                    $(_ if text.eq_ignore_ascii_case($text) => Self::$variant,)+
                    _ => Self::Other(text.into()),
                }
            }
        }

        impl std::str::FromStr for $name {
            type Err = std::convert::Infallible;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Ok(Self::from(text))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                match self {
                    Self::Other(text) => f.debug_tuple("Other").field(text).finish(),
                    known => f.write_str(known.as_str()),
                }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_any($crate::open_enum::Reader(std::marker::PhantomData))
            }
        }

        #[cfg(feature = "schemars")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({
                    "description": concat!($($doc, "\n"),*).trim(),
                    "type": "string",
                    "examples": Self::KNOWN,
                })
            }
        }
    };
}

pub(crate) use open_enum;

/// Decodes an open enum without allocating for a known value. The archived .NET SDK also accepted numbers, so a number
/// is kept as its digits.
pub(crate) struct Reader<T>(pub(crate) PhantomData<T>);

impl<T: for<'a> From<&'a str>> Visitor<'_> for Reader<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string or a number")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        Ok(T::from(text))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<T, E> {
        Ok(T::from(number.to_string().as_str()))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<T, E> {
        Ok(T::from(number.to_string().as_str()))
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<T, E> {
        Ok(T::from(number.to_string().as_str()))
    }
}

#[cfg(test)]
mod tests {
    use crate::types::{BatchUploadStatus, DeviceUploadStatus, PolicySetting};
    use proptest::prelude::*;

    #[test]
    fn reads_known_values_case_insensitively() {
        for text in ["finished", "Finished", "FINISHED"] {
            assert_eq!(BatchUploadStatus::from(text), BatchUploadStatus::Finished);
        }
        assert_eq!(DeviceUploadStatus::from("in-progress"), DeviceUploadStatus::InProgress);
        assert_eq!(PolicySetting::from("skip_eula").to_string(), "skip_eula");
    }

    #[test]
    fn reads_numbers_as_digits() {
        let status: BatchUploadStatus = serde_json::from_str("3").unwrap();
        assert_eq!(status, BatchUploadStatus::Other("3".into()));
    }

    proptest! {
        #[test]
        fn preserves_any_other_text(text in any::<String>()) {
            let json = serde_json::to_string(&text).unwrap();
            let read: BatchUploadStatus = serde_json::from_str(&json).unwrap();
            prop_assert_eq!(&read, &BatchUploadStatus::from(text.as_str()));
            if !BatchUploadStatus::KNOWN.iter().any(|known| known.eq_ignore_ascii_case(&text)) {
                prop_assert_eq!(serde_json::to_string(&read).unwrap(), json);
            }
        }
    }
}
