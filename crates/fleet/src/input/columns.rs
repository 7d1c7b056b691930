//! The columns that are recognized, and the names they have in common files.

use std::borrow::Cow;

use encoding_rs::WINDOWS_1252;

use super::cell::is_hidden;

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
    pub(super) const ALL: [Self; 5] =
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

    /// Returns the column names, reduced to letters and digits: those of Partner Center, Intune,
    /// Get-WindowsAutopilotInfo, OA3Tool, WMI and the label on the box.
    fn aliases(self) -> &'static [&'static str] {
        match self {
            Self::SerialNumber => {
                &["deviceserialnumber", "serialnumber", "serial", "serialno", "servicetag"]
            }
            Self::ProductKey => &[
                "windowsproductid",
                "productid",
                "productkey",
                "windowsproductkey",
                "productkeyid",
                "productkeyidpkid",
                "pkid",
            ],
            Self::HardwareHash => &[
                "hardwarehash",
                "devicehardwarehash",
                "hash",
                "hardwareidentifier",
                "devicehardwaredata",
                "4khardwarehash",
                "4khh",
            ],
            Self::Manufacturer => &[
                "manufacturername",
                "manufacturer",
                "oemmanufacturername",
                "oemname",
                "systemmanufacturer",
                "make",
            ],
            Self::Model => &["devicemodel", "model", "modelname", "systemmodel"],
        }
    }
}

/// Names of columns that a caller may select the customer by, the most specific first.
const CUSTOMER: [&str; 6] =
    ["customertenantid", "tenantid", "microsoftid", "customerid", "customer", "customername"];

/// Names of columns that a caller may select the batch by, the most specific first.
const GROUP_TAG: [&str; 6] = ["grouptag", "ordertag", "orderid", "batchname", "batchid", "batch"];

/// Names of columns that a registered device may be found by, the most specific first. `Id` by itself does not identify
/// a header, because other tables have it too.
const DEVICE_ID: [&str; 2] = ["deviceid", "id"];

/// Names of columns with the user of each device.
const ASSIGNED_USER: [&str; 5] =
    ["assigneduser", "assigneduserupn", "user", "userprincipalname", "upn"];

/// The meaning of a column name. A number is the position in the list of names, 0 for the most specific one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Field(Field),
    Customer(usize),
    GroupTag(usize),
    DeviceId(usize),
    AssignedUser,
    /// An empty name, usually from separators at the end of each line.
    Nameless,
    Other,
}

impl Column {
    /// Recognizes a column name, ignoring case, spaces and punctuation. Does not allocate, because every row is checked
    /// for being a repeated header.
    pub(super) fn recognize(name: &[u8]) -> Self {
        let mut letters = [0; 24];
        let mut length = 0;
        for &byte in name {
            if byte.is_ascii_alphanumeric() {
                let Some(letter) = letters.get_mut(length) else { return Self::Other };
                *letter = byte.to_ascii_lowercase();
                length += 1;
            } else if byte >= 0x80 && has_other_letters(name) {
                return Self::Other;
            }
        }
        let name = &letters[..length];
        let position = |names: &[&str]| names.iter().position(|other| other.as_bytes() == name);
        if name.is_empty() {
            Self::Nameless
        } else if let Some(field) =
            Field::ALL.into_iter().find(|field| position(field.aliases()).is_some())
        {
            Self::Field(field)
        } else if let Some(rank) = position(&CUSTOMER) {
            Self::Customer(rank)
        } else if let Some(rank) = position(&GROUP_TAG) {
            Self::GroupTag(rank)
        } else if let Some(rank) = position(&DEVICE_ID) {
            Self::DeviceId(rank)
        } else if position(&ASSIGNED_USER).is_some() {
            Self::AssignedUser
        } else {
            Self::Other
        }
    }

    /// Returns true if a line with this column name is a header.
    pub(super) fn identifies_header(self) -> bool {
        matches!(self, Self::Field(_) | Self::DeviceId(0))
    }
}

/// Returns true if a name has letters beyond ASCII, and not only typographic quotation marks, non-breaking spaces and
/// the like.
fn has_other_letters(name: &[u8]) -> bool {
    String::from_utf8_lossy(name)
        .chars()
        .any(|c| !c.is_ascii() && (c.is_alphanumeric() || c == char::REPLACEMENT_CHARACTER))
}

/// Decodes a cell by itself: as UTF-8 if it is valid, otherwise as Windows-1252.
pub(super) fn decode_alone(cell: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(cell) {
        Ok(text) => text.into(),
        Err(_) => WINDOWS_1252.decode_without_bom_handling(cell).0,
    }
}

/// Formats a column name for a message: without invisible characters, and shortened, because a file without a header
/// has values there, such as hardware hashes.
pub(super) fn display_name(name: &[u8]) -> String {
    let name = decode_alone(name);
    let is_around = |c: char| c.is_whitespace() || matches!(c, '"' | '“' | '”' | '„' | '\u{FEFF}');
    let name = name.trim_matches(is_around).replace(is_hidden, " ");
    match name.char_indices().nth(30) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name,
    }
}
