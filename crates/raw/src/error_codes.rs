//! Error codes: of a device in a job, and of the service. They are decoded from a number or a string, so that one unusual
//! code does not make a whole response undecodable.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::open_enum::Reader;

macro_rules! error_code {
    ($(#[doc = $doc:literal])* $name:ident) => {
        $(#[doc = $doc])*
        #[derive(Clone, PartialEq, Eq, Hash, Default)]
        #[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
        #[cfg_attr(feature = "schemars", schemars(transparent))]
        pub struct $name(Box<str>);

        impl $name {
            /// Creates a code from any text.
            pub fn new(text: impl Into<Box<str>>) -> Self {
                Self(text.into())
            }

            /// Returns the text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl Deref for $name {
            type Target = str;

            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self::new(text)
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self::new(text)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&self.0, f)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_any(Reader(PhantomData))
            }
        }
    };
}

error_code! {
    /// An error code as text, such as `808`.
    ///
    /// The only documented example is text
    /// (<https://learn.microsoft.com/en-us/partner-center/developer/get-the-status-of-a-device-batch-upload>), but the
    /// model's table calls it an HTTP status, which is a number
    /// (<https://learn.microsoft.com/en-us/partner-center/developer/device-deployment-resources>). A number is read as its
    /// digits.
    ///
    /// Known codes are in [`DEVICE_UPLOAD_DETAILS_ERROR_CODES`](crate::types::DEVICE_UPLOAD_DETAILS_ERROR_CODES).
    DeviceErrorCode
}

error_code! {
    /// The code of a fault as text, such as `900420`.
    ///
    /// The documents describe a string
    /// (<https://learn.microsoft.com/en-us/partner-center/developer/error-codes>), and responses that were posted contain a
    /// number. A number is read as its digits.
    FaultCode
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_text_and_numbers_and_writes_text() {
        for (json, text) in [
            (r#""808""#, "808"),
            (r#"" 0x80070005""#, " 0x80070005"),
            (r#""""#, ""),
            ("0", "0"),
            ("808", "808"),
            ("-2147024891", "-2147024891"),
            ("808.0", "808"),
        ] {
            let code: DeviceErrorCode = serde_json::from_str(json).unwrap();
            assert_eq!((code.as_str(), &*code), (text, text));
            assert_eq!(serde_json::to_string(&code).unwrap(), format!("{text:?}"));
        }
        assert_eq!(format!("{0} {0:?}", DeviceErrorCode::from("808")), r#"808 "808""#);
    }

    #[test]
    fn other_json_is_not_a_code() {
        for json in ["true", "[808]", "{}", "null"] {
            let error = serde_json::from_str::<DeviceErrorCode>(json).unwrap_err();
            assert!(error.to_string().contains("expected a string or a number"), "{error}");
        }
    }
}
