//! Reads vendors' files and turns their bytes into rows.
//!
//! The steps, one file each: [`file_kind`] detects the format; [`decode`] turns bytes into text, and [`formats`] turns other
//! formats into tables in memory; [`records`] yields the records of either. [`separator`] and [`header`] find the columns;
//! [`extra_line`] skips lines that are not rows; [`misaligned`] detects shifted cells; [`encoding`] and [`cell_value`] turn
//! cells into values; [`table`] runs these. [`reader`] opens a file, and [`parts`] the sheets of a workbook.
//! [`device_record`] turns the values of a program into rows without a file. The values are checked later, by
//! [`check`](crate::check).
//!
//! Files have Partner Center's layout (<https://learn.microsoft.com/partner-center/autopilot>),
//! `Device Serial Number,Windows Product ID,Hardware Hash,Manufacturer name,Device model`, or any other layout with some
//! of these columns, such as that of Get-WindowsAutopilotInfo
//! (<https://www.powershellgallery.com/packages/Get-WindowsAutoPilotInfo>).

mod cell;
mod cell_value;
mod column_names;
mod columns;
mod content;
mod decode;
mod device_record;
mod empty_words;
mod encoding;
mod extra_line;
mod field;
mod file_kind;
mod formats;
mod group_tags;
mod header;
mod layout;
mod letters;
mod limits;
mod list_output;
mod lookahead;
mod memory_records;
mod misaligned;
mod month_names;
mod options;
mod parts;
mod reader;
mod records;
mod refusal;
mod row;
mod separator;
mod table;

use std::io::{self, Read};
use std::sync::Arc;

pub(crate) use columns::field_of_name;
pub use device_record::{DeviceRecord, read_devices};
pub(crate) use empty_words::is_empty_word;
pub(crate) use field::Field;
pub(crate) use month_names::is_month;
pub use options::ReadOptions;
pub use reader::RowReader;
pub use row::{InputItem, OriginalRecord, Row};

/// Reads rows one at a time. `source` names the file in findings and reports.
///
/// The format is detected by the content, not by the name:
///
/// - CSV of any size; only one row is in memory. Cells are separated by commas, semicolons, tabs or vertical bars, as the
///   header is. Text is UTF-8, UTF-16 or Windows-1252. Lines end in LF, CRLF or CR. Empty rows are skipped; so are titles,
///   totals and repeated headers, with a note.
/// - Excel workbooks (.xlsx, .xlsm): every visible sheet with a known header. A row of them is `book.xlsx [Sheet1]:7`.
/// - ZIP archives of files in these formats. A row in them is `file.zip/name.csv:7`. Other files in them are skipped, with a
///   note if they cannot be lists of devices and with an error if they may be.
/// - JSON: responses of Microsoft Graph, the output of ConvertTo-Json, or one object in each line.
/// - XML: reports of OA3Tool, and elements or attributes with known names.
///
/// A row of JSON or XML has the line in which it starts, or its number if several rows share a line. A file of another
/// format is one finding, which names the format.
///
/// Column names may be in any order, and are recognized by their common variants in several languages, regardless of
/// case, accents, spaces and punctuation; so are the names in JSON and XML. A column with hardware hashes is recognized by
/// them under any name.
///
/// # Limits
/// All formats but CSV are read into memory: files of up to 256 MiB, which unpack to up to 1 GiB in total. Anything over
/// 32 MiB may unpack to up to 250 times its size. A ZIP archive has up to 10,000 files, and no other archive is read inside it.
/// A table in memory has up to 1,048,576 rows, 1,000 columns, 20,000,000 filled cells and 512 MiB of text. XML is nested up
/// to 64 elements deep, and devices in JSON up to 8 levels. A file beyond a limit is a finding of rule `too-large`.
///
/// ```
/// use partner_center_devices_fleet::{InputItem, read};
///
/// let csv = "Hardware hash,Serial Number,Order\n\nT0E=,4PX12X3,77\n";
/// let items: Vec<InputItem> = read(csv.as_bytes(), "vendor.csv").collect();
/// let [InputItem::Finding(note), InputItem::Row(row)] = &items[..] else { panic!() };
/// assert_eq!(note.rule().id(), "ignored-column");
/// assert_eq!(row.origin().to_string(), "vendor.csv:3");
/// assert_eq!(row.fields().serial_number.as_deref(), Some("4PX12X3"));
/// ```
pub fn read<R: Read>(reader: R, source: impl Into<Arc<str>>) -> RowReader<R> {
    ReadOptions::new().read(reader, source)
}

/// Reads several files as one fleet, one after the other. With a lazy iterator, each file is opened when it is needed.
///
/// A file that cannot be opened or read becomes a finding, and reading continues with the next file. If two files have
/// the same name, the second is called `name (2)`, so that name and line identify each row.
///
/// ```
/// use std::fs::File;
/// use partner_center_devices_fleet::{Fleet, read_all};
///
/// let files = ["berlin.csv", "paris.csv"].into_iter().map(|path| (path, File::open(path)));
/// let fleet = Fleet::check(read_all(files));
/// assert_eq!(fleet.findings().len(), 2); // neither file exists
/// assert!(fleet.findings()[1].to_string().starts_with("paris.csv: error: the file cannot be opened: "));
/// ```
pub fn read_all<R: Read, S: Into<Arc<str>>>(
    files: impl IntoIterator<Item = (S, io::Result<R>)>,
) -> impl Iterator<Item = InputItem> {
    ReadOptions::new().read_all(files)
}

#[cfg(test)]
mod column_tests;
#[cfg(test)]
mod tests;
