//! What the service says against a single device, and what to do about it. Decides the meaning of a code and
//! its name: by the name first, because one was seen with another's code, and by the code second.
//!
//! Sources: <https://learn.microsoft.com/en-us/autopilot/add-devices>,
//! <https://oofhours.com/2019/07/07/what-happens-when-you-register-a-device-with-windows-autopilot/>. No Partner
//! Center page lists these codes, so others may come.

use std::fmt;

use partner_center_devices_raw::redact;

/// Why one device was not registered, changed or removed.
#[derive(Clone, PartialEq, Eq)]
pub struct DeviceError {
    code: String,
    name: String,
    known: Option<&'static Known>,
}

/// What can be done about a [`DeviceError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Remedy {
    /// Nothing: the device already is where it should be.
    Nothing,
    /// Correct what was sent, then send it again.
    FixInput,
    /// Change something elsewhere first: another tenant, another system, a policy.
    FixElsewhere,
    /// Send the same again later.
    Wait,
    /// Not known: read the service's words.
    Unknown,
}

#[derive(PartialEq, Eq)]
struct Known {
    /// Empty where no number is known.
    code: &'static str,
    names: &'static [&'static str],
    remedy: Remedy,
    meaning: &'static str,
    cure: &'static str,
}

const KNOWN: &[Known] = &[
    Known {
        code: "640",
        names: &["StorageError"],
        remedy: Remedy::Wait,
        meaning: "the registration service failed",
        cure: "send the device again later; if it stays, ask Microsoft support",
    },
    Known {
        code: "801",
        names: &["InvalidZtdRequestBody"],
        remedy: Remedy::Wait,
        meaning: "the registration service could not read the request",
        cure: "check the customer id, then send the device again once",
    },
    Known {
        code: "802",
        names: &["InvalidZtdHardwareHash"],
        remedy: Remedy::FixInput,
        meaning: "the hardware hash is broken or lacks manufacturer or serial number",
        cure: "capture the hash again (Get-WindowsAutopilotInfo or OA3Tool) and do not open the file in a spreadsheet",
    },
    Known {
        code: "803",
        names: &["MissingZtdSerialNumberAndProductKey"],
        remedy: Remedy::FixInput,
        meaning: "neither serial number nor product key can be used",
        cure: "give the hardware hash, the product key, or serial number with manufacturer and model",
    },
    Known {
        code: "806",
        names: &["ZtdDeviceAlreadyAssigned"],
        remedy: Remedy::Nothing,
        meaning: "the device is already registered here",
        cure: "nothing to do; if the customer does not see it, the record is stale and support can remove it",
    },
    Known {
        code: "807",
        names: &["ZtdDeviceIsNotRegistered"],
        remedy: Remedy::FixElsewhere,
        meaning: "the device is not registered with this customer",
        cure: "list the customer's devices again: it was removed, or belongs to another customer",
    },
    Known {
        code: "808",
        names: &["ZtdDeviceAssignedToOtherTenant", "ZtdDeviceAssignedToAnotherTenant"],
        remedy: Remedy::FixElsewhere,
        meaning: "the device is registered with another organization",
        cure: "its previous owner or seller must remove it; else ask Microsoft support, with proof of purchase",
    },
    Known {
        code: "809",
        names: &["ZtdProfileIsNotRegistered"],
        remedy: Remedy::FixElsewhere,
        meaning: "the policy does not exist for this customer",
        cure: "list the customer's policies and use the id of one of them",
    },
    Known {
        code: "810",
        names: &["ZtdProfileAssignedToOtherTenant"],
        remedy: Remedy::FixElsewhere,
        meaning: "the policy belongs to another customer",
        cure: "check which customer and which policy id go together",
    },
    Known {
        code: "811",
        names: &["ZtdDeviceRegisteredByOtherTenant"],
        remedy: Remedy::FixElsewhere,
        meaning: "another organization registered the device for this customer",
        cure: "that partner, the customer or Microsoft support must remove it",
    },
    Known {
        code: "812",
        names: &["ZtdDeviceNotFound"],
        remedy: Remedy::FixInput,
        meaning: "no known hardware has this product key, or this serial number, manufacturer and model",
        cure: "spell them as the manufacturer does, case included; after a changed motherboard use the hardware hash",
    },
    Known {
        code: "813",
        names: &["ZtdDeviceIsNotUnique"],
        remedy: Remedy::FixInput,
        meaning: "the hardware hash fits more than one device",
        cure: "capture the hash from the final hardware; virtual machines and placeholder serial numbers clash",
    },
    Known {
        code: "814",
        names: &["ZtdDeviceAlreadyAadRegistered"],
        remedy: Remedy::FixElsewhere,
        meaning: "the device has joined Microsoft Entra before",
        cure: "remove its device object in the customer's Entra tenant, then send it again",
    },
    Known {
        code: "",
        names: &["ZtdDeviceDuplicated"],
        remedy: Remedy::Nothing,
        meaning: "the same device stands in the upload twice",
        cure: "look at the result of the other row, and drop this one",
    },
    Known {
        code: "",
        names: &["HashNot4k"],
        remedy: Remedy::FixInput,
        meaning: "the hardware hash is of the old, short kind",
        cure: "capture it again on Windows 10 1703 or later",
    },
];

impl DeviceError {
    /// An error by the code and the description of the service; either may be empty.
    #[must_use]
    pub fn new(code: &str, description: &str) -> Self {
        let (code, name) = (code.trim(), description.trim());
        let named = |known: &&Known| {
            known.names.iter().any(|known| words(name).any(|w| w.eq_ignore_ascii_case(known)))
        };
        let by_code = || KNOWN.iter().find(|known| !known.code.is_empty() && known.code == code);
        let known = KNOWN.iter().find(named).or_else(|| {
            // A name that is not known says that the code is not what it seems.
            by_code().filter(|_| !words(name).any(is_name))
        });
        Self { known, code: redact::message(code), name: redact::message(name) }
    }

    /// Every error that is known, by code, and then those without one. Each is as [`new`](Self::new) makes it of its
    /// code and name.
    pub fn known() -> impl Iterator<Item = Self> {
        KNOWN.iter().map(|known| Self {
            code: known.code.to_owned(),
            name: known.names[0].to_owned(),
            known: Some(known),
        })
    }

    /// The names of this error that are known: documents spell one of them in two ways. Empty for an error that is not
    /// known.
    #[must_use]
    pub fn names(&self) -> &'static [&'static str] {
        self.known.map_or(&[], |known| known.names)
    }

    /// The code as the service sent it, such as `808`; else the one known for the name; may be empty.
    #[must_use]
    pub fn code(&self) -> &str {
        match self.known {
            Some(known) if self.code.is_empty() => known.code,
            _ => &self.code,
        }
    }

    /// The name as the service sent it, such as `ZtdDeviceAssignedToOtherTenant`; else the one known for
    /// the code; may be empty.
    #[must_use]
    pub fn name(&self) -> &str {
        match self.known {
            Some(known) if self.name.is_empty() => known.names[0],
            _ => &self.name,
        }
    }

    /// What it means, in plain words; `None` for an error that is not known.
    #[must_use]
    pub fn meaning(&self) -> Option<&'static str> {
        self.known.map(|known| known.meaning)
    }

    /// What to do, in plain words; `None` for an error that is not known.
    #[must_use]
    pub fn cure(&self) -> Option<&'static str> {
        self.known.map(|known| known.cure)
    }

    /// What kind of step the cure is. An unknown error is never worth an automatic repeat.
    #[must_use]
    pub fn remedy(&self) -> Remedy {
        self.known.map_or(Remedy::Unknown, |known| known.remedy)
    }

    /// Whether the device is registered with this customer all the same (806).
    #[must_use]
    pub fn is_already_registered(&self) -> bool {
        self.known.is_some_and(|known| known.code == "806")
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty())
}

/// Whether a word reads as one of the registration service's names, known or not.
fn is_name(word: &str) -> bool {
    word.len() > 3 && word[..3].eq_ignore_ascii_case("ztd")
}

impl fmt::Display for DeviceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.code(), self.name()) {
            ("", "") => f.write_str("an error without code or name"),
            (code, "") => write!(f, "error {code}"),
            ("", name) => f.write_str(name),
            (code, name) => write!(f, "{code} {name}"),
        }
    }
}

impl fmt::Debug for DeviceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DeviceError({self})")
    }
}

impl std::error::Error for DeviceError {}

#[cfg(test)]
mod tests {
    use super::*;
    use partner_center_devices_raw::types::DEVICE_UPLOAD_DETAILS_ERROR_CODES;

    #[test]
    fn every_code_of_the_spec_is_explained() {
        for (code, name) in DEVICE_UPLOAD_DETAILS_ERROR_CODES {
            for error in [
                DeviceError::new(code, ""),
                DeviceError::new("", name),
                DeviceError::new(code, name),
            ] {
                assert_eq!((error.code(), error.name()), (*code, *name));
                assert!(error.meaning().is_some() && error.cure().is_some());
                assert_ne!(error.remedy(), Remedy::Unknown);
            }
        }
    }

    #[test]
    fn the_name_goes_before_the_code() {
        let error = DeviceError::new("806", "ZtdDeviceAssignedToOtherTenant");
        assert_eq!(error.remedy(), Remedy::FixElsewhere);
        assert!(!error.is_already_registered());
        assert_eq!(error.to_string(), "806 ZtdDeviceAssignedToOtherTenant");
        let other_spelling = DeviceError::new("", "ztdDeviceAssignedToAnotherTenant");
        assert_eq!(other_spelling.code(), "808");
    }

    #[test]
    fn the_name_is_found_among_other_words() {
        for description in [
            "ZtdDeviceAssignedToOtherTenant.",
            "Error: ZtdDeviceAssignedToOtherTenant",
            "ZtdDeviceAssignedToOtherTenant: device belongs to x",
        ] {
            assert_eq!(
                DeviceError::new("806", description).remedy(),
                Remedy::FixElsewhere,
                "{description}"
            );
        }
        assert!(
            DeviceError::new("806", "Device is already registered to the same Tenant")
                .is_already_registered()
        );
        assert!(!DeviceError::new("806", "ZtdSomethingNew").is_already_registered());
        assert_eq!(DeviceError::new("806", "ZtdSomethingNew").remedy(), Remedy::Unknown);
    }

    #[test]
    fn all_that_is_known_is_listed() {
        assert_eq!(DeviceError::known().count(), KNOWN.len());
        for error in DeviceError::known() {
            assert_eq!(error, DeviceError::new(error.code(), error.name()));
            assert!(error.names().contains(&error.name()));
        }
        assert!(DeviceError::new("815", "").names().is_empty());
    }

    #[test]
    fn an_unknown_error_keeps_its_words() {
        let error = DeviceError::new("815", "SomethingNew");
        assert_eq!(error.to_string(), "815 SomethingNew");
        assert_eq!((error.meaning(), error.cure(), error.remedy()), (None, None, Remedy::Unknown));
        assert_eq!(DeviceError::new("", "").to_string(), "an error without code or name");
        assert_eq!(DeviceError::new("815", "").to_string(), "error 815");
    }
}
