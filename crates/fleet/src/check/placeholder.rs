//! Recognizes values that a manufacturer never filled in.

use crate::check::words::is_one_of;
use crate::input::Field;

/// Placeholders for serial numbers and names, in lower case.
const PLACEHOLDERS: &[&str] = &[
    "default string",
    "system serial number",
    "system manufacturer",
    "system product name",
    "chassis serial number",
    "to be filled by o.e.m.",
    "to be filled by oem",
    "o.e.m.",
    "oem",
    "not specified",
    "not applicable",
    "not available",
    "n/a",
    "none",
    "null",
    "unknown",
    "undefined",
    "invalid",
    "0123456789",
    "123456789",
    "1234567890",
    "12345678",
];

/// Returns true if the value is a placeholder, which many devices share.
pub(crate) fn is_placeholder(field: Field, text: &str) -> bool {
    let text = text.trim();
    let filler = |byte: u8| matches!(byte, b'0' | b'x' | b'X' | b'f' | b'F' | b'-' | b'.' | b'*');
    let bytes = text.as_bytes();
    is_one_of(text, PLACEHOLDERS)
        || field == Field::SerialNumber
            && bytes.first().is_some_and(|first| filler(*first) && bytes.iter().all(|b| b == first))
}

/// Placeholder UUIDs: "not set" and "not present" of SMBIOS (<https://www.dmtf.org/standards/smbios>), and the initial
/// value of AMI firmware.
pub(super) const PLACEHOLDER_UUIDS: [u128; 3] =
    [0, u128::MAX, 0x0300_0200_0400_0500_0006_0007_0008_0009];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recognizes_placeholders_of_serial_numbers() {
        for (serial, expected) in [
            ("Default string", true),
            ("To Be Filled By O.E.M.", true),
            ("0", true),
            ("00000000", true),
            ("XXXX", true),
            ("0123456789", true),
            ("None", true),
            ("000000001", false),
            ("0x0", false),
            ("4PX12X3", false),
            ("NONE1", false),
        ] {
            assert_eq!(is_placeholder(Field::SerialNumber, serial), expected, "{serial}");
        }
        assert!(!is_placeholder(Field::Model, "X"));
    }
}
