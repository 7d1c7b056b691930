//! Recognizes values of devices, and columns by the values in them.
//!
//! A field without a column is found by content only if that is needed and clear:
//!
//! 1. A column with hardware hashes is the hash column under any name, unless a column with a known name has hashes too.
//! 2. If there is no hash and no product key, but manufacturer and model, the only column with serial numbers is the serial
//!    number.
//! 3. If nothing else identifies the devices, the only column with numbers of 13 digits is the product key. Barcodes of
//!    products (EAN) have 13 digits too, but a check digit, and all devices of a model have the same one.
//!
//! If several columns fit, the file is not read: a wrong guess would register other devices.

use std::collections::HashSet;

use partner_center_devices::raw::is_product_key_id;

use super::cell::trim;
use super::field::Field;
use super::month_names::is_month;

/// The length from which a cell can be a hardware hash, in bytes. A whole hash has 4,000; programs cut hashes off at 255,
/// 1,024 and other lengths.
const MIN_HASH: usize = 200;

/// The values that a column contains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    HardwareHash,
    ProductKey,
    SerialNumber,
}

impl Content {
    pub(super) fn field(self) -> Field {
        match self {
            Self::HardwareHash => Field::HardwareHash,
            Self::ProductKey => Field::ProductKey,
            Self::SerialNumber => Field::SerialNumber,
        }
    }

    pub(super) fn plural(self) -> &'static str {
        match self {
            Self::HardwareHash => "hardware hashes",
            Self::ProductKey => "product keys (PKIDs)",
            Self::SerialNumber => "serial numbers",
        }
    }
}

/// Returns true if the cell is a hardware hash, or the start of one: base64 text of the bytes `OA`. Its letters may have
/// lost their case.
pub(super) fn looks_like_hash(cell: &[u8]) -> bool {
    if cell.len() < MIN_HASH {
        return false; // true of nearly all cells
    }
    let cell = without_label(trim(cell));
    let start = cell.iter().take_while(|byte| matches!(byte, b'"' | b'\'' | b'=')).count();
    let cell = &cell[start..];
    let is_part = |byte: &u8| {
        byte.is_ascii_alphanumeric()
            || byte.is_ascii_whitespace()
            || matches!(byte, b'+' | b'/' | b'=' | b'-' | b'_' | b'"' | b'\'')
    };
    starts_hash(cell) && cell.iter().all(is_part)
}

/// Returns the text behind a label such as `Hash:`, or the whole text.
fn without_label(cell: &[u8]) -> &[u8] {
    const MAX_LABEL: usize = 40;
    let end = cell.iter().take(MAX_LABEL).position(|byte| *byte == b':');
    end.map_or(cell, |end| trim(&cell[end + 1..]))
}

/// Returns true if the text starts like the base64 form of the bytes `OA`.
fn starts_hash(text: &[u8]) -> bool {
    matches!(text, [b'T' | b't', b'0', b'E'..=b'H' | b'e'..=b'h', ..])
}

/// Returns true if the cell may be a serial number. Dates, versions, addresses and small numbers are not.
pub(super) fn looks_like_serial_number(cell: &[u8]) -> bool {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'/' | b'.');
    let digits = cell.iter().filter(|byte| byte.is_ascii_digit()).count();
    let letters = cell.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
    let signs = cell.len() - digits - letters;
    (4..=30).contains(&cell.len())
        && cell.iter().all(is_part)
        && digits > 0
        && (letters > 0 || digits >= 6 && signs < 2)
        && !is_product_key_id(cell)
        && !is_date(cell)
        && !is_address(cell)
}

/// Matches dates with a name of the month, such as `3-Jan-2025` and `Jan-25`, and times in ISO 8601.
fn is_date(cell: &[u8]) -> bool {
    let is_month = |part: &[u8]| std::str::from_utf8(part).is_ok_and(is_month);
    let mut parts = cell.split(|byte| matches!(byte, b'-' | b'/' | b'.'));
    let starts_with_date = matches!(cell, [b'1' | b'2', _, _, _, b'-', _, _, b'-', ..]);
    parts.any(is_month) || starts_with_date
}

/// Matches MAC addresses such as `00-1A-2B-3C-4D-5E`.
fn is_address(cell: &[u8]) -> bool {
    let is_pair = |part: &[u8]| part.len() == 2 && part.iter().all(u8::is_ascii_hexdigit);
    cell.len() == 17 && cell.split(|byte| *byte == b'-').all(is_pair)
}

/// Returns true if a cell may be a hardware hash, a product key or a serial number, in a file that is not known to be a
/// list of devices. Used to refuse a part of a file instead of skipping it, so it may be wrong about some other numbers.
pub(super) fn may_be_of_device(cell: &[u8]) -> bool {
    let cell = trim(cell);
    may_be_hash(cell) || is_product_key_id(cell) || is_usual_serial_number(cell)
}

/// Returns true if a text has a hardware hash or a product key between any signs.
pub(super) fn has_hash_or_key(text: &str) -> bool {
    let is_inside = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=');
    text.split(|c| !is_inside(c))
        .any(|word| may_be_hash(word.as_bytes()) || is_product_key_id(word))
}

/// Returns true for a hash, and for long base64 that may be one without its start.
fn may_be_hash(cell: &[u8]) -> bool {
    const MIN_WITHOUT_START: usize = 501;
    let is_base64 = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=\r\n ".contains(byte);
    looks_like_hash(cell) || cell.len() >= MIN_WITHOUT_START && cell.iter().all(is_base64)
}

/// Returns true for a serial number of the usual length, with capital letters and digits. Other words of letters and
/// digits are often no serial numbers.
fn is_usual_serial_number(cell: &[u8]) -> bool {
    let is_usual = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'-';
    (6..=24).contains(&cell.len())
        && cell.iter().all(is_usual)
        && cell.iter().any(u8::is_ascii_uppercase)
        && looks_like_serial_number(cell)
}

/// A column and its filled cells in the first rows.
#[derive(Debug, Default)]
pub(super) struct ColumnSample<'a> {
    /// The field that the column has by its name.
    pub(super) field: Option<Field>,
    /// The field that its name reminds of.
    pub(super) suggested: Option<Field>,
    /// The name has no known meaning.
    pub(super) is_unknown: bool,
    pub(super) cells: Vec<&'a [u8]>,
}

impl ColumnSample<'_> {
    /// Returns what the cells look like.
    pub(super) fn content(&self) -> Option<Content> {
        let all = |is: fn(&[u8]) -> bool| {
            let mut seen = HashSet::new();
            !self.cells.is_empty() && self.cells.iter().all(|cell| is(cell) && seen.insert(cell))
        };
        if self.has_hash() {
            Some(Content::HardwareHash)
        } else if all(|cell| is_product_key_id(cell))
            && !self.cells.iter().all(|cell| is_barcode(cell))
        {
            Some(Content::ProductKey)
        } else if all(looks_like_serial_number) {
            Some(Content::SerialNumber)
        } else {
            None
        }
    }

    fn has_hash(&self) -> bool {
        self.cells.iter().any(|cell| looks_like_hash(cell))
    }
}

/// The field of a column that was recognized by its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Guess {
    pub(super) field: Field,
    pub(super) index: usize,
}

/// Several columns that may be the same field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ambiguity {
    pub(super) field: Field,
    pub(super) indexes: Vec<usize>,
}

/// Finds the field that identifies the devices by the content of the columns, if that is needed.
pub(super) fn guess(columns: &[ColumnSample<'_>]) -> Result<Option<Guess>, Ambiguity> {
    let named = |field| columns.iter().find(|column| column.field == Some(field));
    if !named(Field::HardwareHash).is_some_and(ColumnSample::has_hash) {
        let hashes = only(columns, Field::HardwareHash, Content::HardwareHash)?;
        if hashes.is_some() {
            return Ok(hashes);
        }
    }
    let has = |field| named(field).is_some_and(|column| !column.cells.is_empty());
    let has_model = has(Field::Manufacturer) && has(Field::Model);
    if has(Field::HardwareHash) || has(Field::ProductKey) || has_model && has(Field::SerialNumber) {
        return Ok(None);
    }
    if has_model && let Some(serials) = only(columns, Field::SerialNumber, Content::SerialNumber)? {
        return Ok(Some(serials));
    }
    only(columns, Field::ProductKey, Content::ProductKey)
}

/// Returns the only column without a field that has the content. If there are several, its name reminds of the field.
fn only(
    columns: &[ColumnSample<'_>],
    field: Field,
    content: Content,
) -> Result<Option<Guess>, Ambiguity> {
    let is_empty =
        |column: &ColumnSample<'_>| column.field != Some(field) || column.cells.is_empty();
    let is_missing = columns.iter().all(is_empty);
    let fits = |column: &ColumnSample<'_>| {
        // Hashes are unmistakable. Other values may be group tags, customers or users.
        let is_free = column.is_unknown || content == Content::HardwareHash && is_missing;
        is_free && column.field.is_none() && column.content() == Some(content)
    };
    let is_suggested = |index: &usize| columns[*index].suggested == Some(field);
    let mut indexes: Vec<usize> =
        (0..columns.len()).filter(|&index| fits(&columns[index])).collect();
    if content == Content::ProductKey {
        // One number of 13 digits proves nothing.
        indexes.retain(|index| columns[*index].cells.len() > 1 || is_suggested(index));
    }
    let mut suggested = indexes.iter().filter(|index| is_suggested(index));
    let index = match (suggested.next(), suggested.next(), &indexes[..]) {
        (_, _, []) => return Ok(None),
        (Some(index), None, _) | (None, None, [index]) => *index,
        (.., [first, rest @ ..])
            if rest.iter().all(|index| columns[*index].cells == columns[*first].cells) =>
        {
            *first
        }
        _ => return Err(Ambiguity { field, indexes }),
    };
    Ok(Some(Guess { field, index }))
}

/// Returns true if a number of 13 digits has the check digit of a barcode (EAN-13), as one in ten other numbers has.
fn is_barcode(number: &[u8]) -> bool {
    let digits = number.iter().map(|byte| u32::from(byte - b'0'));
    let sum: u32 =
        digits.zip([1, 3].into_iter().cycle()).map(|(digit, weight)| digit * weight).sum();
    sum.is_multiple_of(10)
}

/// Returns the name of an operating system other than Windows.
pub(super) fn other_system(cell: &[u8]) -> Option<&'static str> {
    const SYSTEMS: [(&str, &str); 14] = [
        ("ios", "iOS"),
        ("iphone", "iOS"),
        ("ipados", "iPadOS"),
        ("android", "Android"),
        ("aosp", "Android"),
        ("macos", "macOS"),
        ("mac os", "macOS"),
        ("os x", "macOS"),
        ("chromeos", "ChromeOS"),
        ("chrome os", "ChromeOS"),
        ("linux", "Linux"),
        ("ubuntu", "Linux"),
        ("debian", "Linux"),
        ("tvos", "tvOS"),
    ];
    let cell = trim(cell);
    let starts = |name: &str| {
        let start = cell.get(..name.len());
        let ends = cell.get(name.len()).is_none_or(|byte| !byte.is_ascii_alphabetic());
        ends && start.is_some_and(|start| start.eq_ignore_ascii_case(name.as_bytes()))
    };
    SYSTEMS.iter().find(|(start, _)| starts(start)).map(|(_, name)| *name)
}

/// Describes a value in the text that must not be shown: a hardware hash or a part of one, a license key, or a long
/// value that may be either.
pub(super) fn secret_in(text: &str) -> Option<&'static str> {
    const MAX_WORD: usize = 24;
    let is_key_group =
        |group: &str| group.len() == 5 && group.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let has_license_key =
        text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-').any(|word| {
            let groups: Vec<&str> = word.split('-').collect();
            groups.windows(5).any(|groups| groups.iter().all(|group| is_key_group(group)))
        });
    if has_license_key {
        return Some("a license key");
    }
    let is_base64 = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=');
    let mut words = text.split(|c: char| !is_base64(c));
    if words.clone().any(|word| word.len() > MAX_WORD / 2 && starts_hash(word.as_bytes())) {
        return Some("a hardware hash");
    }
    let has_digit_or_sign = |word: &str| word.contains(|c: char| !c.is_ascii_alphabetic());
    let is_long = |word: &str| word.len() > MAX_WORD && has_digit_or_sign(word) || word.len() > 60;
    words.any(is_long).then_some("a long value")
}

#[cfg(test)]
mod tests {
    use super::*;

    const HASH: &str = "T0HzAQEAHAAAAAoA";

    fn hash(number: usize) -> String {
        format!("{}{number:04}", HASH.repeat(250))
    }

    #[test]
    fn cells_are_recognized_by_their_form() {
        let long = HASH.repeat(20);
        for (cell, expected) in [
            (long.clone(), true),
            (format!("\"{long}\""), true),
            (format!(" ={long} \r\n{long}"), true),
            (format!("Hash: {long}"), true),
            (format!("Hash:{long}:"), false),
            (long.to_lowercase(), true),
            (long[..199].to_owned(), false),
            (long.replace("T0H", "U0H"), false),
            (format!("{long}é"), false),
            (format!("{long},{long}"), false),
        ] {
            assert_eq!(looks_like_hash(cell.as_bytes()), expected, "{cell}");
        }
        for (cell, expected) in [
            ("5CG1234ABC", true),
            ("PF-3ABCDE", true),
            ("R9-0ABC12", true),
            ("012345678953", true),
            ("MXL1234567", true),
            ("", false),
            ("Contoso", false),
            ("Book 14", false),
            ("42", false),
            ("12345", false),
            ("3305000000001", false),
            ("2025-01-31", false),
            ("31-Jan-2025", false),
            ("31-Mai-2025", false),
            ("2025-01-31T10:00:00", false),
            ("2025-01-31T10", false),
            ("10.0.22631.1", false),
            ("192.168.0.1", false),
            ("00-1A-2B-3C-4D-5E", false),
            ("11111111-2222-3333-4444-555555555555", false),
            ("a1@example.com", false),
        ] {
            assert_eq!(looks_like_serial_number(cell.as_bytes()), expected, "{cell}");
        }
        // The second number has the check digit of a barcode.
        assert!(!is_barcode(b"3305000000001") && is_barcode(b"4006381333931"));
    }

    #[test]
    fn other_systems_are_recognized() {
        for (cell, expected) in [
            ("iOS", Some("iOS")),
            (" iPadOS 17.2", Some("iPadOS")),
            ("Android Enterprise", Some("Android")),
            ("Mac OS X", Some("macOS")),
            ("ChromeOS", Some("ChromeOS")),
            ("Ubuntu 24.04", Some("Linux")),
            ("Windows 11 Pro", None),
            ("Microsoft Windows 11", None),
            ("iOSlike", None),
            ("", None),
        ] {
            assert_eq!(other_system(cell.as_bytes()), expected, "{cell}");
        }
    }

    /// Guesses from columns as `name: cell cell`. A known name stands for its field.
    fn guess_of(columns: &[&str]) -> Result<Option<Guess>, Ambiguity> {
        let texts: Vec<String> = columns
            .iter()
            .map(|column| {
                (0..9).fold((*column).to_owned(), |text, n| {
                    text.replace(&format!("HASH{n}"), &hash(n))
                })
            })
            .collect();
        let columns: Vec<ColumnSample<'_>> = texts
            .iter()
            .map(|text| {
                let (name, cells) = text.split_once(':').unwrap();
                let field = match name {
                    "serial" => Some(Field::SerialNumber),
                    "key" => Some(Field::ProductKey),
                    "hash" => Some(Field::HardwareHash),
                    "maker" => Some(Field::Manufacturer),
                    "model" => Some(Field::Model),
                    _ => None,
                };
                ColumnSample {
                    field,
                    suggested: Field::suggested_by(name),
                    is_unknown: field.is_none() && name != "tag",
                    cells: cells.split_whitespace().map(str::as_bytes).collect(),
                }
            })
            .collect();
        guess(&columns)
    }

    #[test]
    fn column_is_guessed_only_if_needed_and_clear() {
        use Field::{HardwareHash, ProductKey, SerialNumber};
        let (maker, model) = ("maker: Contoso Contoso", "model: Book Book");
        let found = |field, index| Ok(Some(Guess { field, index }));
        let unclear =
            |field, indexes: &[usize]| Err(Ambiguity { field, indexes: indexes.to_vec() });
        for (columns, expected) in [
            // Hashes.
            (vec!["serial: S1 S2", "x: HASH1 HASH2"], found(HardwareHash, 1)),
            (vec!["serial: S1 S2", "x: N/A HASH2"], found(HardwareHash, 1)),
            (vec!["tag: HASH1 HASH2", "serial: S1 S2"], found(HardwareHash, 0)),
            (vec!["hash: 5d41402abc 7d793037a0", "x: HASH1 HASH2"], found(HardwareHash, 1)),
            (vec!["hash:", "x: HASH1 HASH2"], found(HardwareHash, 1)),
            (vec!["hash: HASH1 HASH2", "x: HASH3 HASH4"], Ok(None)),
            (vec!["x: HASH1 HASH2", "y: HASH3 HASH4"], unclear(HardwareHash, &[0, 1])),
            (vec!["x: HASH1 HASH2", "y: HASH1 HASH2"], found(HardwareHash, 0)),
            (vec!["x: HASH1 HASH2", "y hash: HASH3 HASH4"], found(HardwareHash, 1)),
            // The header of another layout: the misplaced hash is reported with its row.
            (vec!["key: HASH1 HASH2", "serial: S1 S2"], Ok(None)),
            // Serial numbers.
            (vec![maker, model, "x: CT0001 CT0002", "y: 1 2"], found(SerialNumber, 2)),
            (vec![maker, model, "x: CT0001 CT0001"], Ok(None)),
            (
                vec![maker, model, "x: CT0001 CT0002", "y: PC-01 PC-02"],
                unclear(SerialNumber, &[2, 3]),
            ),
            (
                vec![maker, model, "BIOS serial 1: CT0001 CT0002", "y: PC-01 PC-02"],
                found(SerialNumber, 2),
            ),
            (vec![maker, model, "tag: CT0001 CT0002"], Ok(None)),
            (vec![maker, "x: CT0001 CT0002"], Ok(None)),
            (vec![maker, model, "x: CT0001 CT0002", "hash: HASH1 HASH2"], Ok(None)),
            (vec![maker, model, "x: CT0001 CT0002", "hash:"], found(SerialNumber, 2)),
            // Product keys.
            (vec!["x: 3305000000001 3305000000002", "y: 1 2"], found(ProductKey, 0)),
            (vec!["x: 3305000000001", "y: 1"], Ok(None)),
            (vec!["PKID (new): 3305000000001", "y: 1"], found(ProductKey, 0)),
            (vec!["x: 4006381333931 4006381333948"], Ok(None)),
            (vec!["x: 3305000000001 3305000000001"], Ok(None)),
            (
                vec!["x: 3305000000001 3305000000002", "y: 3305000000003 3305000000004"],
                unclear(ProductKey, &[0, 1]),
            ),
            (
                vec!["serial: CT0001 CT0002", maker, model, "x: 3305000000001 3305000000002"],
                Ok(None),
            ),
        ] {
            assert_eq!(guess_of(&columns), expected, "{columns:?}");
        }
    }

    #[test]
    fn values_of_devices_are_recognized() {
        let hash = "T0HzAQEAHAAAAAoA".repeat(13);
        for (cell, expected) in [
            (hash.as_str(), true),
            (&"AQEAHAAAAAoA".repeat(42), true),
            (&"AQEAHAAAAAoA".repeat(41), false),
            (" 3305000000001", true),
            ("5CG1234ABC", true),
            ("PF-3ABCDE", true),
            ("", false),
            ("Latitude 5450", false),
            ("TOTAL", false),
            ("123456", false),
            ("2025-01-31", false),
            ("31-JAN-2025", false),
            ("00-1A-2B-3C-4D-5E", false),
            ("readme1", false),
            ("A1", false),
        ] {
            assert_eq!(may_be_of_device(cell.as_bytes()), expected, "{cell}");
        }
        assert!(has_hash_or_key(&format!("<td>{hash}</td>")));
        assert!(has_hash_or_key("key 3305000000001.") && !has_hash_or_key("<td>5CG1234ABC</td>"));
    }
}
