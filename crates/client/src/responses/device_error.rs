//! The error of a single device: its meaning and what to do about it. The name of an error takes precedence over its code,
//! because the service has sent a name with the code of another error.
//!
//! No Partner Center page lists these codes, so there may be others. The sources of each error are in its `documents`.

use std::fmt;

use partner_center_devices_raw::redact;

/// The reason why one device was not registered, changed or removed.
#[derive(Clone, PartialEq, Eq)]
pub struct DeviceError {
    code: String,
    name: String,
    known: Option<&'static KnownError>,
}

/// The kind of step that resolves a [`DeviceError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Remedy {
    /// Nothing: the device is already registered.
    Nothing,
    /// Correct the data of the device, then send it again.
    FixInput,
    /// Change something else first: another tenant, another system, a policy.
    FixElsewhere,
    /// Send the device again later.
    Wait,
    /// Unknown: read the description of the service.
    Unknown,
}

#[derive(PartialEq, Eq)]
struct KnownError {
    /// Empty if the code is unknown.
    code: &'static str,
    names: &'static [&'static str],
    remedy: Remedy,
    meaning: &'static str,
    cure: &'static str,
    /// Details of the cure, in order.
    steps: &'static [&'static str],
    /// The addresses of the sources other than [`ADD_DEVICES`].
    documents: &'static [&'static str],
}

/// Microsoft's documentation of device errors.
const ADD_DEVICES: &str = "https://learn.microsoft.com/en-us/autopilot/add-devices";
/// The meaning of each code, by the program manager of Autopilot.
const CODES: &str = "https://oofhours.com/2019/07/07/what-happens-when-you-register-a-device-with-windows-autopilot/";
/// The deregistration of devices, and who may do it.
const REGISTRATION: &str = "https://learn.microsoft.com/en-us/autopilot/registration-overview";
const MOTHERBOARD: &str =
    "https://learn.microsoft.com/en-us/autopilot/autopilot-motherboard-replacement";
/// The documents that Microsoft requires before it removes a device from another organization.
const PROOF: &str = "https://www.dell.com/support/kbdoc/en-us/000132036";

const KNOWN: &[KnownError] = &[
    KnownError {
        code: "640",
        names: &["StorageError"],
        remedy: Remedy::Wait,
        meaning: "the registration service failed",
        cure: "send the device again later; if it keeps failing, ask Microsoft support",
        steps: &[],
        documents: &[],
    },
    KnownError {
        code: "801",
        names: &["InvalidZtdRequestBody"],
        remedy: Remedy::Wait,
        meaning: "the registration service could not read the request",
        cure: "check the customer id, then send the device again once",
        steps: &[],
        documents: &[CODES],
    },
    KnownError {
        code: "802",
        names: &["InvalidZtdHardwareHash"],
        remedy: Remedy::FixInput,
        meaning: "the hardware hash is damaged or contains no manufacturer or serial number",
        cure: "capture the hash again (Get-WindowsAutopilotInfo or OA3Tool) and do not open the file in a spreadsheet",
        steps: &[
            "on the device, run \"wmic baseboard get manufacturer, serialnumber\": both must have a value, because the hash must contain them",
            "after a repair, the new hash must contain these values: DiskSerialNumber, SmbiosSystemSerialNumber, SmbiosSystemManufacturer, SmbiosSystemProductName, SmbiosUuid, TPM EKPub, MacAddress, ProductKeyID and OSType",
        ],
        documents: &[CODES, MOTHERBOARD],
    },
    KnownError {
        code: "803",
        names: &["MissingZtdSerialNumberAndProductKey"],
        remedy: Remedy::FixInput,
        meaning: "neither the serial number nor the product key is valid",
        cure: "add the hardware hash, the product key, or the serial number with manufacturer and model",
        steps: &[],
        documents: &[CODES],
    },
    KnownError {
        code: "806",
        names: &["ZtdDeviceAlreadyAssigned"],
        remedy: Remedy::Nothing,
        meaning: "the device is already registered with this customer",
        cure: "nothing to do if the batches of the customer list the device; otherwise the customer registered it, and only the customer can remove it",
        steps: &[
            "list the devices of the customer: if you registered the device, it is listed",
            "a device that the customer registered, in Intune or in the Microsoft 365 admin center, is not listed: you cannot assign it a policy or delete it until the customer deregisters it",
            "if the customer does not see the device either, send it again; if that fails, ask Microsoft support to remove the old record",
        ],
        documents: &[CODES, REGISTRATION],
    },
    KnownError {
        code: "807",
        names: &["ZtdDeviceIsNotRegistered"],
        remedy: Remedy::FixElsewhere,
        meaning: "the device is not registered with this customer",
        cure: "list the devices of the customer again: this one was removed or belongs to another customer",
        steps: &[],
        documents: &[],
    },
    KnownError {
        code: "808",
        names: &["ZtdDeviceAssignedToOtherTenant", "ZtdDeviceAssignedToAnotherTenant"],
        remedy: Remedy::FixElsewhere,
        meaning: "the device is registered with another organization",
        cure: "find the organization, and ask it to deregister the device; otherwise ask the manufacturer or Microsoft support, with a proof of ownership",
        steps: &[
            "search the devices of all your customers: one of them may have it",
            "read the organization on the device: the setup of Windows shows it, and the registry has CloudAssignedTenantDomain and CloudAssignedTenantId in HKLM\\SOFTWARE\\Microsoft\\Provisioning\\Diagnostics\\Autopilot",
            "ask the manufacturer: it can deregister the device if it uses the registration interface for manufacturers",
            "Microsoft support removes it with a proof of ownership and of physical possession of the device",
        ],
        documents: &[CODES, PROOF],
    },
    KnownError {
        code: "809",
        names: &["ZtdProfileIsNotRegistered"],
        remedy: Remedy::FixElsewhere,
        meaning: "the policy does not exist for this customer",
        cure: "list the policies of the customer and use one of their ids",
        steps: &[],
        documents: &[],
    },
    KnownError {
        code: "810",
        names: &["ZtdProfileAssignedToOtherTenant"],
        remedy: Remedy::FixElsewhere,
        meaning: "the policy belongs to another customer",
        cure: "check that the policy id belongs to this customer",
        steps: &[],
        documents: &[],
    },
    KnownError {
        code: "811",
        names: &["ZtdDeviceRegisteredByOtherTenant"],
        remedy: Remedy::FixElsewhere,
        meaning: "another organization registered the device for this customer",
        cure: "ask that partner, the customer, the manufacturer or Microsoft support to remove it",
        steps: &[
            "a manufacturer with automated consent can deregister devices that it did not register",
        ],
        documents: &[MOTHERBOARD],
    },
    KnownError {
        code: "812",
        names: &["ZtdDeviceNotFound"],
        remedy: Remedy::FixInput,
        meaning: "no known device has this product key, or this serial number, manufacturer and model",
        cure: "match the manufacturer's spelling exactly, including case; after a motherboard change, use the hardware hash",
        steps: &[
            "a row with a hardware hash needs no other value: leave product key, serial number, manufacturer and model empty",
        ],
        documents: &[MOTHERBOARD],
    },
    KnownError {
        code: "813",
        names: &["ZtdDeviceIsNotUnique"],
        remedy: Remedy::FixInput,
        meaning: "the hardware hash matches more than one device",
        cure: "capture the hash on the final hardware; virtual machines and placeholder serial numbers are not unique",
        steps: &[],
        documents: &[],
    },
    KnownError {
        code: "814",
        names: &["ZtdDeviceAlreadyAadRegistered"],
        remedy: Remedy::FixElsewhere,
        meaning: "the device is already joined to Microsoft Entra",
        cure: "delete the device in Intune, then its device object in Microsoft Entra, then send it again",
        steps: &[
            "do not delete the device object of a device that is registered with Autopilot: deregister the device first, because the deletion may cause unexpected problems",
        ],
        documents: &[REGISTRATION],
    },
    KnownError {
        code: "",
        names: &["ZtdDeviceDuplicated"],
        remedy: Remedy::Nothing,
        meaning: "the upload contains the same device twice",
        cure: "check the result of the other row, and remove this one",
        steps: &[],
        documents: &[],
    },
    KnownError {
        code: "",
        names: &["HashNot4k"],
        remedy: Remedy::FixInput,
        meaning: "the hardware hash has the old, short format",
        cure: "capture it again on Windows 10 1703 or later",
        steps: &[],
        documents: &[],
    },
];

impl DeviceError {
    /// Creates an error from the code and the description of the service. Either may be empty.
    #[must_use]
    pub fn new(code: &str, description: &str) -> Self {
        let (code, name) = (code.trim(), description.trim());
        let named = |known: &&KnownError| {
            known.names.iter().any(|known| words(name).any(|w| w.eq_ignore_ascii_case(known)))
        };
        let by_code = || KNOWN.iter().find(|known| !known.code.is_empty() && known.code == code);
        let known = KNOWN.iter().find(named).or_else(|| {
            // With an unknown name, the code may mean something else.
            by_code().filter(|_| !words(name).any(is_name))
        });
        Self { known, code: redact::message(code), name: redact::message(name) }
    }

    /// Returns every known error: sorted by code, then those without a code. Each equals the result of
    /// [`new`](Self::new) with its code and name.
    pub fn known() -> impl Iterator<Item = Self> {
        KNOWN.iter().map(|known| Self {
            code: known.code.to_owned(),
            name: known.names[0].to_owned(),
            known: Some(known),
        })
    }

    /// Returns the known names of this error: usually one, but the documents spell one name in two ways. Empty for an
    /// unknown error.
    #[must_use]
    pub fn names(&self) -> &'static [&'static str] {
        self.known.map_or(&[], |known| known.names)
    }

    /// Returns the code that the service sent, such as `808`, or else the code that is known for the name. May be empty.
    #[must_use]
    pub fn code(&self) -> &str {
        match self.known {
            Some(known) if self.code.is_empty() => known.code,
            _ => &self.code,
        }
    }

    /// Returns the name that the service sent, such as `ZtdDeviceAssignedToOtherTenant`, or else the name that is known
    /// for the code. May be empty.
    #[must_use]
    pub fn name(&self) -> &str {
        match self.known {
            Some(known) if self.name.is_empty() => known.names[0],
            _ => &self.name,
        }
    }

    /// Returns the meaning; `None` for an unknown error.
    #[must_use]
    pub fn meaning(&self) -> Option<&'static str> {
        self.known.map(|known| known.meaning)
    }

    /// Returns what to do; `None` for an unknown error.
    #[must_use]
    pub fn cure(&self) -> Option<&'static str> {
        self.known.map(|known| known.cure)
    }

    /// Returns the details of the cure, in order. Usually empty.
    #[must_use]
    pub fn steps(&self) -> &'static [&'static str] {
        self.known.map_or(&[], |known| known.steps)
    }

    /// Returns the addresses of the sources of meaning and cure; none for an unknown error.
    pub fn documents(&self) -> impl Iterator<Item = &'static str> {
        let known = self.known.into_iter();
        known.flat_map(|known| [ADD_DEVICES].into_iter().chain(known.documents.iter().copied()))
    }

    /// Returns the kind of step that resolves the error. Do not retry an unknown error automatically.
    #[must_use]
    pub fn remedy(&self) -> Remedy {
        self.known.map_or(Remedy::Unknown, |known| known.remedy)
    }

    /// Returns true if the device is already registered with this customer (806), so that there is nothing to do.
    #[must_use]
    pub fn is_already_registered(&self) -> bool {
        self.known.is_some_and(|known| known.code == "806")
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty())
}

/// Returns true if a word looks like a name of the registration service, known or not.
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
    fn explains_every_code_of_the_spec() {
        for (code, name) in DEVICE_UPLOAD_DETAILS_ERROR_CODES {
            for error in [
                DeviceError::new(code, ""),
                DeviceError::new("", name),
                DeviceError::new(code, name),
            ] {
                assert_eq!((error.code(), error.name()), (*code, *name));
                assert!(error.meaning().is_some() && error.cure().is_some());
                assert!(error.documents().all(|document| document.starts_with("https://")));
                assert_ne!(error.remedy(), Remedy::Unknown);
            }
        }
    }

    #[test]
    fn the_name_takes_precedence_over_the_code() {
        let error = DeviceError::new("806", "ZtdDeviceAssignedToOtherTenant");
        assert_eq!(error.remedy(), Remedy::FixElsewhere);
        assert!(!error.is_already_registered());
        assert_eq!(error.to_string(), "806 ZtdDeviceAssignedToOtherTenant");
        let other_spelling = DeviceError::new("", "ztdDeviceAssignedToAnotherTenant");
        assert_eq!(other_spelling.code(), "808");
    }

    #[test]
    fn finds_the_name_in_a_sentence() {
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
    fn lists_every_known_error() {
        assert_eq!(DeviceError::known().count(), KNOWN.len());
        for error in DeviceError::known() {
            assert_eq!(error, DeviceError::new(error.code(), error.name()));
            assert!(error.names().contains(&error.name()));
        }
        assert!(DeviceError::new("815", "").names().is_empty());
    }

    #[test]
    fn an_unknown_error_keeps_its_description() {
        let error = DeviceError::new("815", "SomethingNew");
        assert_eq!(error.to_string(), "815 SomethingNew");
        assert_eq!((error.meaning(), error.cure(), error.remedy()), (None, None, Remedy::Unknown));
        assert_eq!((error.steps().len(), error.documents().count()), (0, 0));
        assert_eq!(DeviceError::new("", "").to_string(), "an error without code or name");
        assert_eq!(DeviceError::new("815", "").to_string(), "error 815");
    }
}
