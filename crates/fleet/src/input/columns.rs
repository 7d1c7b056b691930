//! The columns that are recognized.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use encoding_rs::WINDOWS_1252;

use partner_center_devices::raw::printable::is_hidden;

use super::column_names::{CUSTOMER, DEVICE_ID, GROUP_TAG, NAMES};
use super::content;
use super::field::{Column, Field};
use super::letters::reduce;

/// The known names, reduced by [`reduce`].
static KNOWN: LazyLock<HashMap<Box<str>, Column>> = LazyLock::new(|| {
    let mut known = HashMap::new();
    for (column, names) in NAMES {
        known.extend(names.iter().map(|name| (reduce(name), *column)));
    }
    let mut add = |names: &[&str], column: fn(usize) -> Column| {
        known.extend(names.iter().enumerate().map(|(rank, name)| (reduce(name), column(rank))));
    };
    add(CUSTOMER, Column::Customer);
    add(GROUP_TAG, Column::GroupTag);
    add(DEVICE_ID, Column::DeviceId);
    known
});

/// The maximum length of a known name, reduced to letters and digits, in bytes.
const MAX_NAME: usize = 96;

impl Field {
    /// Returns the field that an unknown column name reminds of, such as `BIOS serial (new)`. Names of other parts of a
    /// device do not.
    pub(super) fn suggested_by(name: &str) -> Option<Self> {
        const OTHER_PARTS: [&str; 11] = [
            "monitor",
            "display",
            "dock",
            "disk",
            "drive",
            "batter",
            "board",
            "chassis",
            "enclosure",
            "printer",
            "license",
        ];
        const WORDS: [(Field, &[&str]); 5] = [
            (Field::HardwareHash, &["hash", "autopilot", "hwid", "hardwareid", "hardwaredata"]),
            (Field::ProductKey, &["pkid", "productkey", "productid"]),
            (Field::SerialNumber, &["serial", "serien", "serie", "servicetag"]),
            (Field::Manufacturer, &["manufact", "vendor", "herstell", "fabric", "maker"]),
            (Field::Model, &["model", "modell", "modele", "producttype", "machinetype"]),
        ];
        let name = reduce(name);
        if OTHER_PARTS.iter().any(|part| name.contains(part)) {
            return None;
        }
        let has = |(_, words): &&(Self, &[&str])| words.iter().any(|word| name.contains(word));
        WORDS.iter().find(has).map(|(field, _)| *field)
    }
}

impl Column {
    /// Recognizes a column name, ignoring case, accents, spaces and punctuation. Does not allocate for ASCII, because
    /// every row is checked for being a repeated header.
    pub(super) fn recognize(name: &[u8]) -> Self {
        if name.len() > 2 * MAX_NAME {
            return Self::Other;
        }
        if !name.is_ascii() {
            return Self::of(&reduce(&decode_alone(name)));
        }
        match (Self::of_ascii(name), name.iter().rposition(|byte| *byte == b'.')) {
            // `BIOS.SerialNumber0`: the table is in front of the column.
            (Self::Other, Some(dot)) => match Self::of_ascii(&name[dot + 1..]) {
                Self::Nameless => Self::Other, // `Asset No.` before the end of a line
                column => column,
            },
            (column, _) => column,
        }
    }

    fn of_ascii(name: &[u8]) -> Self {
        let mut letters = [0; MAX_NAME];
        let (mut length, mut digits) = (0, 0);
        for byte in name.iter().filter(|byte| byte.is_ascii_alphanumeric()) {
            digits += usize::from(byte.is_ascii_digit());
            // Rules out most values without a lookup. `4K` and the suffix of a database are the only digits in names.
            if digits > 2 || length == MAX_NAME {
                return Self::Other;
            }
            letters[length] = byte.to_ascii_lowercase();
            length += 1;
        }
        str::from_utf8(&letters[..length]).map_or(Self::Other, Self::of)
    }

    /// Returns the meaning of a reduced name.
    fn of(name: &str) -> Self {
        if name.is_empty() {
            return Self::Nameless;
        }
        // Configuration Manager's views append a 0 to the names of inventoried properties, and copies of them another.
        let known = |name: &str| KNOWN.get(name).copied();
        let without_suffix = || known(name.strip_suffix('0')?.trim_end_matches('0'));
        known(name).or_else(without_suffix).unwrap_or(Self::Other)
    }

    /// Returns the field of a name with a number at its end, such as `Serial Number 2`. Only a name in a header can be
    /// recognized by it, because values of rows look like this too.
    pub(super) fn numbered_field(name: &[u8]) -> Option<Field> {
        if name.len() > 2 * MAX_NAME || Self::recognize(name) != Self::Other {
            return None;
        }
        let name = reduce(&decode_alone(name));
        KNOWN.get(name.trim_end_matches(|c: char| c.is_ascii_digit()))?.field()
    }

    /// Returns the field that the column contains.
    pub(super) fn field(self) -> Option<Field> {
        match self {
            Self::Field(field) | Self::LooseField(field) => Some(field),
            _ => None,
        }
    }

    /// Returns true if a line with this column name is a header.
    pub(super) fn identifies_header(self) -> bool {
        matches!(self, Self::Field(_) | Self::DeviceId(0))
    }
}

/// Returns the field that a column with this name may contain, if any.
pub(crate) fn field_of_name(name: &str) -> Option<Field> {
    match Column::recognize(name.as_bytes()) {
        Column::Field(field) | Column::LooseField(field) => Some(field),
        _ => None,
    }
}

/// Decodes a cell by itself: as UTF-8 if it is valid, otherwise as Windows-1252.
pub(super) fn decode_alone(cell: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(cell) {
        Ok(text) => text.into(),
        Err(_) => WINDOWS_1252.decode_without_bom_handling(cell).0,
    }
}

/// Formats a column name for a message: without invisible characters, and shortened. A file without a header has values
/// there, so hardware hashes, license keys and other long values are not shown.
pub(super) fn display_name(name: &[u8]) -> String {
    let name = decode_alone(name);
    let is_around = |c: char| c.is_whitespace() || matches!(c, '"' | '“' | '”' | '„' | '\u{FEFF}');
    let name = name.trim_matches(is_around).replace(is_hidden, " ");
    if let Some(secret) = content::secret_in(&name) {
        return format!("({secret})");
    }
    match name.char_indices().nth(30) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recognize(name: &str) -> Column {
        Column::recognize(name.as_bytes())
    }

    #[test]
    fn each_name_has_one_meaning_and_fits() {
        let mut all: Vec<_> = NAMES.iter().flat_map(|(_, names)| *names).copied().collect();
        all.extend([CUSTOMER, GROUP_TAG, DEVICE_ID].concat());
        let mut reduced: Vec<_> = all.iter().map(|name| reduce(name)).collect();
        assert!(reduced.iter().all(|name| !name.is_empty() && name.len() <= MAX_NAME));
        reduced.sort_unstable();
        let doubled: Vec<_> =
            reduced.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| &pair[0]).collect();
        assert!(doubled.is_empty(), "{doubled:?}");
        for (column, names) in NAMES {
            assert!(names.iter().all(|name| recognize(name) == *column), "{names:?}");
        }
    }

    #[test]
    fn names_are_recognized_in_any_spelling() {
        use Field::{HardwareHash, Manufacturer, Model, ProductKey, SerialNumber};
        for (field, names) in [
            (
                SerialNumber,
                &[
                    "SerialNumber0",
                    "SerialNumber00",
                    "BIOS.SerialNumber0",
                    "Device_Serial-Number",
                    "Serial No.",
                    "NUMERO DE SERIE",
                    "N\u{b0} de s\u{e9}rie",
                    "nume\u{301}ro de se\u{301}rie",
                    "ＳｅｒｉａｌＮｕｍｂｅｒ",
                    "ｼﾘｱﾙ番号",
                    "serial\u{a0}number",
                ][..],
            ),
            (ProductKey, &["WindowsProductID", "Product Key ID (PKID)", "Windows-Produkt-ID"]),
            (
                HardwareHash,
                &[
                    "DeviceHardwareData0",
                    "Hardware Hash (4K)",
                    "autopilotHwid",
                    "Autopilot Hash",
                    "4K HH",
                    "SMS_G_System_MDM_DEVDETAIL_EXT01.DeviceHardwareData0",
                ],
            ),
            (Manufacturer, &["Manufacturer0", "HERSTELLER", "u\u{308}retici"]),
            (Model, &["Model0", "Gerätemodell", "Mode\u{300}le d\u{2019}appareil"]),
        ] {
            for name in names {
                assert_eq!(recognize(name), Column::Field(field), "{name}");
            }
        }
        for (field, names) in [
            (SerialNumber, ["S/N", "Vendor Serial Number"]),
            (HardwareHash, ["HWID", "Hardware ID"]),
            (Manufacturer, ["Vendor", "Mfg."]),
            (Model, ["Model No.", "Typ"]),
        ] {
            for name in names {
                assert_eq!(recognize(name), Column::LooseField(field), "{name}");
            }
        }
        let windows_1252 = Column::recognize(b"Num\xE9ro de s\xE9rie de l\x92appareil");
        assert_eq!(windows_1252, Column::Field(SerialNumber));
        for name in ["Serial Number 2", "S1", "5CG1234ABC", "Textbox6", "Serial.", "ID0", "a.b"] {
            let is_field = recognize(name).field().is_some();
            assert_eq!(is_field, name == "Serial.", "{name}");
        }
        // The last cell of a line may still have its carriage return.
        for name in ["Asset No.", "Asset No.\r", "Asset No. \r", "a. -"] {
            assert_eq!(recognize(name), Column::Other, "{name:?}");
        }
        for name in ["", " ", "\"\"", "\u{a0}", "--"] {
            assert_eq!(recognize(name), Column::Nameless, "{name:?}");
        }
        for (name, field) in [
            ("Serial Number 2", Some(SerialNumber)),
            ("Model_12", Some(Model)),
            ("SerialNumber00", None), // known without this
            ("Shelf 2", None),
            ("2", None),
        ] {
            assert_eq!(Column::numbered_field(name.as_bytes()), field, "{name}");
        }
    }

    #[test]
    fn secrets_are_never_shown_as_a_column_name() {
        let hash = "T0HzAQEAHAAAAAoA".repeat(250);
        let parts = [&hash[..], &hash[..76], &hash[4..60], &hash[5..30]];
        for part in parts {
            let name = display_name(format!("Hash {part}").as_bytes());
            assert!(name.starts_with('(') && name.ends_with(')'), "{name}");
        }
        let key = display_name(b"Key VK7JG-NPHTM-C97JM-9MPGT-3V66T");
        assert_eq!(key, "(a license key)");
        for name in ["Hardware Hash (4K)", "11111111-2222-3333-4444-555555555555", "Textbox6"] {
            let shown = display_name(name.as_bytes());
            assert!(name.starts_with(shown.trim_end_matches('…')), "{shown}");
        }
        assert_eq!(
            display_name(b"WindowsAutopilotDeviceHardwareHash"),
            "WindowsAutopilotDeviceHardware…"
        );
    }
}
