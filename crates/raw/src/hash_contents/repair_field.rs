//! The fields that a hardware hash needs after a repair.

use std::fmt;

/// A field that a hardware hash must contain after the motherboard of its device was replaced
/// (<https://learn.microsoft.com/en-us/autopilot/autopilot-motherboard-replacement>).
///
/// `Display` returns Microsoft's name of the field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RepairField {
    /// The serial number of a disk.
    DiskSerialNumber,
    /// The serial number from SMBIOS.
    SerialNumber,
    /// The manufacturer from SMBIOS.
    Manufacturer,
    /// The model from SMBIOS, where it is called the product name.
    Model,
    /// The UUID from SMBIOS.
    SmbiosUuid,
    /// The public part of the TPM's endorsement key.
    TpmKey,
    /// The address of a network adapter.
    MacAddress,
    /// The id (PKID) of the product key in the firmware.
    ProductKey,
    /// The type of the operating system that made the hash.
    OsType,
}

impl RepairField {
    /// All fields, in the order of Microsoft's document.
    pub const ALL: [Self; 9] = [
        Self::DiskSerialNumber,
        Self::SerialNumber,
        Self::Manufacturer,
        Self::Model,
        Self::SmbiosUuid,
        Self::TpmKey,
        Self::MacAddress,
        Self::ProductKey,
        Self::OsType,
    ];
}

impl fmt::Display for RepairField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::DiskSerialNumber => "DiskSerialNumber",
            Self::SerialNumber => "SmbiosSystemSerialNumber",
            Self::Manufacturer => "SmbiosSystemManufacturer",
            Self::Model => "SmbiosSystemProductName",
            Self::SmbiosUuid => "SmbiosUuid",
            Self::TpmKey => "TPM EKPub",
            Self::MacAddress => "MacAddress",
            Self::ProductKey => "ProductKeyID",
            Self::OsType => "OSType",
        })
    }
}
