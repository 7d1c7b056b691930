//! Reads vendors' files and turns their bytes into rows.
//!
//! The steps, one file each: [`decode`] turns bytes into text; [`separator`] and [`header`] find the columns;
//! [`extra_line`] skips lines that are not rows; [`misaligned`] detects shifted cells; [`encoding`] and [`cell_value`]
//! turn cells into values. [`records`] yields the records of a table, [`table`] turns them into rows, and
//! [`reader`] opens the file. The values are checked later, by [`check`](crate::check).
//!
//! Files have Partner Center's layout (<https://learn.microsoft.com/partner-center/autopilot>),
//! `Device Serial Number,Windows Product ID,Hardware Hash,Manufacturer name,Device model`, or any other layout with some
//! of these columns, such as that of Get-WindowsAutopilotInfo
//! (<https://www.powershellgallery.com/packages/Get-WindowsAutoPilotInfo>).

mod cell;
mod cell_value;
mod columns;
mod decode;
mod encoding;
mod extra_line;
mod header;
mod misaligned;
mod options;
mod reader;
mod records;
mod row;
mod separator;
mod table;

use std::io::{self, Read};
use std::sync::Arc;

pub(crate) use cell::is_hidden;
pub(crate) use columns::Field;
pub use options::ReadOptions;
pub use reader::RowReader;
pub use row::{InputItem, OriginalRecord, Row};

/// Reads rows one at a time, holding only one of them in memory. `source` names the file in findings and reports.
///
/// Column names may be in any order, and are recognized by their common variants, regardless of case, spaces and
/// punctuation. Cells are separated by commas, semicolons, tabs or vertical bars, as the header is. Text is UTF-8, UTF-16
/// or Windows-1252. Lines end in LF, CRLF or CR. Empty rows are skipped; so are titles, totals and repeated headers, with
/// a note.
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
mod tests;
