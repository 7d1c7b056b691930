//! Recognizes tables without a header of known names, by their first lines.

use std::collections::HashSet;

use csv::ByteRecord;
use partner_center_devices::raw::is_product_key_id;

use super::cell::{is_filled, trim};
use super::content::{ColumnSample, Content, looks_like_hash, looks_like_serial_number};
use super::field::Column;
use super::list_output;

/// The layout of a table without known column names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    /// The line at this index has the names of the columns, because hardware hashes are below one of them.
    UnknownNames(usize),
    /// Manufacturer, model and serial number, without a header: Intune's corporate device identifiers
    /// (<https://learn.microsoft.com/intune/enrollment/corporate-identifiers-add>).
    CorporateIdentifiers,
    /// Three values in each line, in an order that is not clear.
    ThreeValues,
    /// A name and a value in each line, as Format-List writes them.
    NamedValues,
    /// A table that a console aligned with spaces, as Format-Table writes it. Long values are shortened.
    ConsoleTable,
    /// The data of Windows Autopilot device preparation, which is not a hardware hash.
    DeviceLink,
    Unknown,
}

impl Layout {
    /// Recognizes the layout by the first lines with a filled cell.
    pub(super) fn recognize(lines: &[&ByteRecord]) -> Self {
        if list_output::has_named_values(lines) {
            Self::NamedValues
        } else if lines.iter().any(|line| is_spaced_ruler(line)) {
            Self::ConsoleTable
        } else if let Some(index) = find_unknown_names(lines) {
            Self::UnknownNames(index)
        } else if lines.first().is_some_and(|line| has_data_column(line)) {
            Self::DeviceLink
        } else if !lines.is_empty() && lines.iter().all(|line| has_three_values(line)) {
            match is_maker_model_serial(lines) {
                true => Self::CorporateIdentifiers,
                false => Self::ThreeValues,
            }
        } else {
            Self::Unknown
        }
    }
}

/// Matches `------------ ----------------`.
fn is_spaced_ruler(line: &ByteRecord) -> bool {
    let text = line.as_slice().trim_ascii();
    let words = text.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    line.iter().filter(|cell| is_filled(cell)).count() == 1
        && text.iter().all(|byte| *byte == b'-' || byte.is_ascii_whitespace())
        && words.count() > 1
}

/// Finds the line with the column names: hardware hashes are below one of the names, or product keys below a name in the
/// first line. The line has no values itself.
fn find_unknown_names(lines: &[&ByteRecord]) -> Option<usize> {
    let first_hash = lines.iter().position(|line| line.iter().any(looks_like_hash));
    let (index, column) = match first_hash {
        Some(row) => (row.checked_sub(1)?, lines[row].iter().position(looks_like_hash)?),
        None => (0, find_product_keys(lines.get(1..)?)?),
    };
    let names = lines[index];
    let is_name = |cell: &[u8]| {
        let cell = trim(cell);
        cell.len() <= 60 && !is_product_key_id(cell) && !looks_like_serial_number(cell)
    };
    let has_name =
        names.get(column).is_some_and(|name| Column::recognize(name) != Column::Nameless);
    (has_name && names.iter().all(is_name)).then_some(index)
}

/// Finds the only column with product keys in all rows.
fn find_product_keys(rows: &[&ByteRecord]) -> Option<usize> {
    let width = rows.iter().map(|row| row.len()).max()?;
    let mut columns = (0..width).filter(|&index| {
        let cells: Vec<_> = rows.iter().filter_map(|row| row.get(index)).map(trim).collect();
        let sample = ColumnSample { cells, ..ColumnSample::default() };
        rows.len() > 1
            && sample.cells.len() == rows.len()
            && sample.content() == Some(Content::ProductKey)
    });
    columns.next().filter(|_| columns.next().is_none())
}

fn has_data_column(line: &ByteRecord) -> bool {
    line.iter().any(|name| trim(name).eq_ignore_ascii_case(b"data"))
}

fn has_three_values(line: &ByteRecord) -> bool {
    let filled: Vec<bool> = line.iter().map(is_filled).collect();
    filled.iter().take(3).filter(|is_filled| **is_filled).count() == 3
        && filled.iter().skip(3).all(|is_filled| !is_filled)
        && line.iter().all(|cell| cell.len() <= 200)
}

/// Returns true if the values can only be manufacturer, model and serial number, in this order: the third values are
/// serial numbers and the only ones that all differ; the first have no digits and do not differ more than the second.
fn is_maker_model_serial(lines: &[&ByteRecord]) -> bool {
    let column = |index: usize| lines.iter().filter_map(move |line| line.get(index)).map(trim);
    let count = |index: usize| column(index).collect::<HashSet<_>>().len();
    let is_serial = |index: usize| column(index).all(looks_like_serial_number);
    let are_names = column(0).all(|cell| !cell.iter().any(u8::is_ascii_digit));
    let differ = |index: usize| count(index) == lines.len();
    are_names
        && is_serial(2)
        && differ(2)
        && count(0) <= count(1)
        && if lines.len() > 1 { !(differ(1) && is_serial(1)) } else { !is_serial(1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layout_is_recognized_only_if_it_is_clear() {
        use Layout::*;
        let hash = "T0HzAQEAHAAAAAoA".repeat(250);
        for (text, expected) in [
            ("PC,Blob\nA,HASH", UnknownNames(0)),
            ("Report of May\nPC,Blob\nA,HASH", UnknownNames(1)),
            ("Blob\nHASH", UnknownNames(0)),
            ("Label,Shelf\n3305000000001,1\n3305000000002,2", UnknownNames(0)),
            ("3305000000000\n3305000000001\n3305000000002", Unknown),
            ("EAN,Shelf\n4006381333931,1\n4006381333948,2", Unknown),
            ("Label\n3305000000001", Unknown),
            // A device without a hash above one with a hash.
            ("CT0001,,,Contoso,Book\nCT0002,,HASH,Contoso,Book", Unknown),
            ("CT0001,x\nCT0002,HASH", Unknown),
            ("CT0001,,HASH", Unknown),
            ("Contoso,Book 14,CT0001\nContoso,Book 14,CT0002", CorporateIdentifiers),
            ("Contoso,Book 14,CT0001", CorporateIdentifiers),
            ("Contoso,Book 14,CT0001,\nFabrikam,Pad,FB0001", CorporateIdentifiers),
            ("CT0001,Contoso,Book 14\nCT0002,Contoso,Book 14", ThreeValues),
            ("Contoso,CT0001,Book14", ThreeValues),
            ("Contoso,CT0001,Book14\nContoso,CT0002,Book15", ThreeValues),
            ("Book 14,Contoso,CT0001\nBook 14,Contoso,CT0002", ThreeValues),
            ("Contoso,Book,CT0001\nContoso,Book,CT0001", ThreeValues),
            ("a,b,c\nd,e,f", ThreeValues),
            ("a,b\nc,d", Unknown),
            ("Serial Number : CT0001\nModel : Book", NamedValues),
            ("Serial Number Hash\n------------- ----\nCT0001 T0FvAAw...", ConsoleTable),
            ("Data,Name\nQUJD,CT0001", DeviceLink),
            ("", Unknown),
        ] {
            let text = text.replace("HASH", &hash);
            let lines: Vec<ByteRecord> =
                text.lines().map(|line| line.split(',').collect()).collect();
            let lines: Vec<_> = lines.iter().collect();
            assert_eq!(Layout::recognize(&lines), expected, "{text}");
        }
    }
}
