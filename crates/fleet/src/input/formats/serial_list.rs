//! Bare lists: serial numbers, product keys or device ids without a header, one for each line or with separators.

use partner_center_devices::raw::is_product_key_id;

use super::named_table::{NamedTable, NamedValue};
use crate::input::cell::trim;
use crate::input::field::{Column, Field};
use crate::input::memory_records::MemoryRecords;
use crate::input::refusal::Refusal;

/// The number of lines by which a list is recognized.
const SAMPLE_LINES: usize = 100;

/// The content of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ListKind {
    SerialNumbers,
    ProductKeys,
    DeviceIds,
}

impl ListKind {
    /// Recognizes a list by its first lines. `start` may end within a line, which is then ignored if there are others.
    pub(crate) fn of(start: &[u8]) -> Option<Self> {
        let start = start.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(start);
        let mut lines: Vec<&[u8]> = start.split(|byte| matches!(byte, b'\r' | b'\n')).collect();
        if lines.len() > 1 {
            lines.pop();
        }
        let lines = lines.into_iter().map(trim).filter(|line| !line.is_empty());
        let lines: Vec<Vec<&[u8]>> =
            lines.take(SAMPLE_LINES).map(|line| items(line).collect()).collect();
        let all = || lines.iter().flatten().copied();
        if all().any(|item| Column::recognize(item).identifies_header()) {
            return None;
        }
        let is_list = |is: fn(&[u8]) -> bool| all().next().is_some() && all().all(is);
        if is_list(is_device_id) {
            return Some(Self::DeviceIds);
        }
        if is_list(is_quoted_product_key) {
            return Some(Self::ProductKeys);
        }
        // Rows of a table have several cells, some of which are words or the same in all rows.
        let has_digit = |item: &[u8]| item.iter().any(u8::is_ascii_digit);
        let with_digit = all().filter(|item| has_digit(item)).count();
        let are_single = lines.iter().all(|line| line.len() == 1);
        let enough = match are_single {
            true => with_digit * 2 >= lines.len(),
            false => all().all(|item| has_digit(item) && !is_quoted_product_key(item)),
        };
        (is_list(may_be_serial) && enough).then_some(Self::SerialNumbers)
    }

    /// Returns the column that the list is.
    pub(crate) fn column(self) -> &'static str {
        match self {
            Self::SerialNumbers => Field::SerialNumber.name(),
            Self::ProductKeys => Field::ProductKey.name(),
            Self::DeviceIds => "Device ID",
        }
    }

    /// Describes the content for a message.
    pub(crate) fn description(self) -> &'static str {
        match self {
            Self::SerialNumbers => "serial numbers",
            Self::ProductKeys => "product keys",
            Self::DeviceIds => "device ids",
        }
    }
}

/// Returns the items of a line.
fn items(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    line.split(|byte| matches!(byte, b',' | b';' | b'\t')).map(trim).filter(|item| !item.is_empty())
}

/// Reads the items of a list. They have the lines of the file, or numbers from 1 if several share a line.
pub(crate) fn read(text: &str, kind: ListKind) -> Result<MemoryRecords, Refusal> {
    let mut table = NamedTable::default();
    for (line, text) in (1..).zip(text.lines()) {
        for item in items(text.as_bytes()) {
            let value = NamedValue {
                name: kind.column().into(),
                text: String::from_utf8_lossy(unquote(item)),
                is_number: false,
            };
            table.add(line, &[value])?;
        }
    }
    Ok(table.finish())
}

fn may_be_serial(item: &[u8]) -> bool {
    let item = unquote(item);
    (4..=40).contains(&item.len())
        && item.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_./".contains(byte))
}

fn is_quoted_product_key(item: &[u8]) -> bool {
    is_product_key_id(unquote(item))
}

fn is_device_id(item: &[u8]) -> bool {
    std::str::from_utf8(unquote(item))
        .is_ok_and(|item| item.len() == 36 && uuid::Uuid::try_parse(item).is_ok())
}

fn unquote(item: &[u8]) -> &[u8] {
    item.strip_prefix(b"\"").and_then(|rest| rest.strip_suffix(b"\"")).unwrap_or(item)
}

#[cfg(test)]
mod tests {
    use super::super::named_table::tests::describe;
    use super::*;

    #[test]
    fn list_is_recognized_by_its_first_lines() {
        use ListKind::{DeviceIds, ProductKeys, SerialNumbers};
        let (id, other) =
            ("1a2b3c4d-0000-4000-8000-000000000001", "1A2B3C4D-0000-4000-8000-000000000002");
        for (text, expected) in [
            ("CT0001\nCT0002\n".to_owned(), Some(SerialNumbers)),
            ("CT0001".to_owned(), Some(SerialNumbers)),
            ("\u{FEFF}\"CT0001\"\r\n\r\n\"CT0002\"\r\n".to_owned(), Some(SerialNumbers)),
            ("CT0001,CT0002;CT0003\n".to_owned(), Some(SerialNumbers)),
            ("JXKBGHD\n7KQWX13\nAB".to_owned(), Some(SerialNumbers)),
            ("3305000000001\n3305000000002\n".to_owned(), Some(ProductKeys)),
            (format!("{id}\n{other}\n"), Some(DeviceIds)),
            (String::new(), None),
            ("Serial\nCT0001\n".to_owned(), None),
            ("CT0001\n".repeat(500), Some(SerialNumbers)),
            ("CT0001,3305000000001\n".to_owned(), None),
            ("a,b\n1,2\n".to_owned(), None),
            ("Contoso,Book,CT0001\n".to_owned(), None),
            ("Contoso Devices,CT0001\n".to_owned(), None),
            ("Note\nabcd\nCT0001\n".to_owned(), None),
            (format!("CT0001\n{}\n", "T0E".repeat(20)), None),
        ] {
            assert_eq!(ListKind::of(text.as_bytes()), expected, "{text:?}");
        }
    }

    #[test]
    fn each_item_is_a_row() {
        let read = |text| describe(read(text, ListKind::SerialNumbers).unwrap());
        assert_eq!(read("CT1\n\n\"CT2\"\r\n"), ["1: Device Serial Number", "1: CT1", "3: CT2"]);
        assert_eq!(
            read("CT1, CT2;\nCT3"),
            ["1: Device Serial Number", "1: CT1", "2: CT2", "3: CT3"]
        );
    }
}
