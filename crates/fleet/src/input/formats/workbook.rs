//! Workbooks of Excel (.xlsx, .xlsm).

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{
    DataRef, ExcelDateTime, Reader as _, SheetType, SheetVisible, Xlsx, XlsxError,
    XlsxFormulaMetadata,
};
use quick_xml::events::Event;

use super::zip_contents::{open, unpack};
use crate::check::rule::Rule;
use crate::input::limits::{MAX_CELLS, MAX_COLUMNS};
use crate::input::memory_records::MemoryRecords;
use crate::input::refusal::Refusal;

/// A sheet with cells, or the reason why it cannot be read.
#[derive(Debug)]
pub(crate) struct Sheet {
    pub(crate) name: String,
    pub(crate) is_visible: bool,
    pub(crate) records: Result<MemoryRecords, Refusal>,
}

/// Reads all sheets of a workbook, without those that have no cells. Takes the unpacked size from `budget`.
pub(crate) fn read(bytes: Vec<u8>, budget: &mut u64) -> Result<Vec<Sheet>, Refusal> {
    check_size(&bytes, budget)?;
    // calamine expects some things of a workbook instead of checking them, for example that the path of a part has a
    // folder. A workbook that someone manipulated must not end the program.
    catch_unwind(AssertUnwindSafe(|| read_sheets(bytes))).unwrap_or_else(|_| Err(damaged()))
}

fn damaged() -> Refusal {
    Refusal::new(
        Rule::DamagedFile,
        "the file is an Excel workbook, but it is damaged or incomplete",
    )
}

/// Unpacks the workbook once without keeping it, because calamine has no limit. It also reserves memory for as many shared
/// strings as the workbook declares, so their number is checked.
fn check_size(bytes: &[u8], budget: &mut u64) -> Result<(), Refusal> {
    const MAX_START: usize = 1 << 16;
    let mut archive = open(bytes)?;
    for position in 0..archive.len() {
        let name = archive.name_for_index(position);
        let name = name.and_then(Result::ok).unwrap_or_default().to_ascii_lowercase();
        let mut start = Vec::new();
        unpack(&mut archive, position, budget, |part| {
            let rest = MAX_START.saturating_sub(start.len());
            start.extend_from_slice(&part[..part.len().min(rest)]);
        })?;
        if name.ends_with("sharedstrings.xml") && !declares_possible_count(&start) {
            return Err(damaged());
        }
    }
    Ok(())
}

/// Returns true if the start of a table of strings declares a number of strings that is possible, or none.
fn declares_possible_count(start: &[u8]) -> bool {
    let start = String::from_utf8_lossy(start);
    let mut reader = quick_xml::Reader::from_str(&start);
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag) | Event::Empty(tag)) if tag.local_name().as_ref() == "sst" => {
                let count = tag.try_get_attribute("uniqueCount").ok().flatten();
                return count.is_none_or(|count| {
                    count.value.parse().is_ok_and(|count: usize| count <= MAX_CELLS)
                });
            }
            Ok(Event::Eof) | Err(_) => return false,
            Ok(_) => {}
        }
    }
}

fn read_sheets(bytes: Vec<u8>) -> Result<Vec<Sheet>, Refusal> {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| match error {
        XlsxError::Password => {
            Refusal::new(Rule::Encrypted, "the file is an Excel workbook with a password")
        }
        _ => damaged(),
    })?;
    let sheets = workbook.sheets_metadata().to_vec();
    let worksheets = sheets.into_iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
    let mut read = Vec::new();
    for sheet in worksheets {
        let records = read_sheet(&mut workbook, &sheet.name);
        if records.as_ref().is_ok_and(MemoryRecords::is_empty) {
            continue;
        }
        let is_visible = sheet.visible == SheetVisible::Visible;
        read.push(Sheet { name: sheet.name, is_visible, records });
    }
    Ok(read)
}

fn read_sheet(workbook: &mut Xlsx<Cursor<Vec<u8>>>, name: &str) -> Result<MemoryRecords, Refusal> {
    let mut row = 0;
    let damaged = |row: u32| {
        let message = "the sheet is damaged or incomplete: its rows cannot be read from here";
        Refusal::new(Rule::DamagedFile, message).at_line(u64::from(row) + 1)
    };
    let mut cells = workbook.worksheet_cells_reader(name).map_err(|_| damaged(row))?;
    let mut records = MemoryRecords::default();
    while let Some(cell) = cells.next_cell_with_formula_metadata().map_err(|_| damaged(row))? {
        row = cell.pos.0;
        let column = usize::try_from(cell.pos.1).unwrap_or(MAX_COLUMNS);
        let line = row.saturating_add(1);
        match text_of(cell.value, cell.formula) {
            CellText::Text(text) => records.push(line, column, text.as_bytes(), false)?,
            CellText::Number(text) => records.push(line, column, text.as_bytes(), true)?,
            CellText::Shared(text) => records.push(line, column, text.as_bytes(), false)?,
        }
    }
    Ok(records)
}

/// The text of a cell.
#[derive(Debug, PartialEq, Eq)]
enum CellText<'a> {
    Text(String),
    Number(String),
    Shared(&'a str),
}

/// Returns the text of a cell. Values that a spreadsheet damaged get the text that the same damage has in CSV, so that the
/// same rules report it.
fn text_of<'a>(value: DataRef<'a>, formula: Option<XlsxFormulaMetadata>) -> CellText<'a> {
    use CellText::{Number, Shared, Text};
    match value {
        DataRef::SharedString(text) => Shared(text),
        DataRef::String(text) => Text(text),
        DataRef::Float(number) => Number(format_number(number)),
        DataRef::Int(number) => Number(number.to_string()),
        DataRef::Bool(value) => Text(if value { "TRUE" } else { "FALSE" }.to_owned()),
        DataRef::DateTime(date) => Text(format_date(date)),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Text(text),
        DataRef::Error(error) => Text(error.to_string()),
        // The result of the formula is missing: another program than Excel wrote it.
        DataRef::Empty => match formula {
            Some(
                XlsxFormulaMetadata::Normal { formula }
                | XlsxFormulaMetadata::Shared { formula, .. },
            ) => Text(format!("={formula}")),
            Some(_) => Text("=#REF!".to_owned()),
            None => Text(String::new()),
        },
    }
}

/// Formats a number. Excel keeps 15 digits, so a longer number is formatted like the damage that Excel does to it in CSV.
fn format_number(number: f64) -> String {
    const EXACT: f64 = 1e15;
    if number.fract() == 0.0 && number.abs() < EXACT {
        return format!("{number:.0}");
    }
    if number.abs() < EXACT {
        return number.to_string();
    }
    let text = format!("{number:E}");
    text.replacen('E', "E+", 1)
}

fn format_date(date: ExcelDateTime) -> String {
    if !date.is_datetime() {
        return format_number(date.as_f64());
    }
    let (year, month, day, ..) = date.to_ymd_hms_milli();
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_formatted_without_loss_or_as_damage() {
        for (number, expected) in [
            (0.0, "0"),
            (-5.0, "-5"),
            (12_345_678_953.0, "12345678953"),
            (3_305_000_000_001.0, "3305000000001"),
            (999_999_999_999_999.0, "999999999999999"),
            (1e15, "1E+15"),
            (123_456_789_012_345_680.0, "1.2345678901234568E+17"),
            (0.5, "0.5"),
            (f64::INFINITY, "inf"),
        ] {
            assert_eq!(format_number(number), expected);
        }
    }

    #[test]
    fn number_of_shared_strings_must_be_possible() {
        for (start, expected) in [
            ("<sst uniqueCount=\"3\">", true),
            ("<?xml version=\"1.0\"?>\n<x:sst count='5'>", true),
            ("<sst/>", true),
            ("<sst uniqueCount=\"99999999999\">", false),
            ("<sst uniqueCount = '18446744073709551615'>", false),
            ("<sst uniqueCount=\"&#57;999999999\">", false),
            ("<!-- no table -->", false),
        ] {
            assert_eq!(declares_possible_count(start.as_bytes()), expected, "{start}");
        }
    }
}
