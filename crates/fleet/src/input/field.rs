//! The fields of a device and the meanings of columns.

/// A field that identifies a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    SerialNumber,
    ProductKey,
    HardwareHash,
    Manufacturer,
    Model,
}

impl Field {
    pub(crate) const ALL: [Self; 5] =
        [Self::SerialNumber, Self::ProductKey, Self::HardwareHash, Self::Manufacturer, Self::Model];

    /// Returns the column name in Partner Center's layout.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::SerialNumber => "Device Serial Number",
            Self::ProductKey => "Windows Product ID",
            Self::HardwareHash => "Hardware Hash",
            Self::Manufacturer => "Manufacturer name",
            Self::Model => "Device model",
        }
    }

    /// Returns the name of the field in messages.
    pub(crate) fn noun(self) -> &'static str {
        match self {
            Self::SerialNumber => "serial number",
            Self::ProductKey => "product key",
            Self::HardwareHash => "hardware hash",
            Self::Manufacturer => "manufacturer",
            Self::Model => "model",
        }
    }
}

/// The meaning of a column name. A number is the position in the list of names, 0 for the most specific one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Field(Field),
    /// A name that often means the field, but other things too: `Vendor`, `SN`. A column with a usual name is preferred.
    LooseField(Field),
    Customer(usize),
    GroupTag(usize),
    DeviceId(usize),
    AssignedUser,
    OperatingSystem,
    /// The column of a file of invalid rows that says why each row was not sent.
    Problem,
    /// An empty name, usually from separators at the end of each line.
    Nameless,
    Other,
}
