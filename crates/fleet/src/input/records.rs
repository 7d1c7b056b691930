//! The records of a table in any format: text that is split into cells while it is read, or cells in memory.

use std::io::{self, Read};

use csv::{ByteRecord, ReaderBuilder, Terminator};

use super::cell::is_filled;
use super::decode::Text;
use super::memory_records::{MemoryRecords, NumberCells};

/// The records of one table, in order. A record may have no filled cell.
pub(super) enum Records<R> {
    Text(Box<TextRecords<R>>),
    Memory(MemoryRecords),
}

/// A record that cannot be read, with the line where reading it started.
pub(super) struct UnreadableRecord {
    pub(super) line: u64,
    pub(super) error: csv::Error,
}

impl<R: Read> Records<R> {
    /// Reads the next record into `record`. Returns its first line, or `None` at the end.
    pub(super) fn read(
        &mut self,
        record: &mut ByteRecord,
    ) -> Result<Option<u64>, UnreadableRecord> {
        match self {
            Self::Text(records) => records.read(record),
            Self::Memory(records) => Ok(records.read(record)),
        }
    }

    /// Takes the cells that are numbers in their file. Text does not have any.
    pub(super) fn take_numbers(&mut self) -> NumberCells {
        match self {
            Self::Text(_) => NumberCells::default(),
            Self::Memory(records) => records.take_numbers(),
        }
    }

    /// Returns the character that separates the cells; `None` for other formats.
    pub(super) fn separator(&self) -> Option<u8> {
        match self {
            Self::Text(records) => Some(records.separator),
            Self::Memory(_) => None,
        }
    }
}

/// The records of a text, split at a separator.
pub(super) struct TextRecords<R> {
    csv: csv::Reader<io::Chain<Text<R>, &'static [u8]>>,
    separator: u8,
    /// Each line is one quoted cell, with the cells of the table inside.
    has_quoted_lines: bool,
}

impl<R: Read> TextRecords<R> {
    /// Splits a text at `separator`. If each line is one quoted cell, `outer` is the separator around these cells.
    pub(super) fn new(text: Text<R>, separator: u8, outer: Option<u8>) -> Self {
        // Every record must end in a line feed that is read with it, so that lines can be counted. So a last one is
        // added, and the CR of a CRLF is trimmed as whitespace at the end of the last cell.
        let csv = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(outer.unwrap_or(separator))
            .terminator(Terminator::Any(b'\n'))
            .buffer_capacity(1 << 16)
            .from_reader(text.chain(&b"\n"[..]));
        Self { csv, separator, has_quoted_lines: outer.is_some() }
    }

    fn read(&mut self, record: &mut ByteRecord) -> Result<Option<u64>, UnreadableRecord> {
        let start = self.csv.position().line();
        match self.csv.read_byte_record(record) {
            Ok(true) => {
                let line = self.first_line(start, record);
                if self.has_quoted_lines {
                    split_quoted_line(record, self.separator);
                }
                Ok(Some(line))
            }
            Ok(false) => Ok(None),
            Err(error) => Err(UnreadableRecord { line: start, error }),
        }
    }

    /// Returns the first line of the record. `start` is the line where reading it started, which may be an empty line
    /// before it.
    fn first_line(&self, start: u64, record: &ByteRecord) -> u64 {
        // The end is exact: the record ends in one line feed, and all others are in its cells. That does not apply to a
        // quotation mark that is never closed.
        let end = self.csv.position().line();
        if end == start + 1 {
            start
        } else {
            let inside = record.as_slice().iter().filter(|byte| **byte == b'\n').count();
            end.saturating_sub(inside as u64 + 1).max(start)
        }
    }
}

/// Replaces a record that is one quoted line by the cells inside. A cell with a line break is not one line.
fn split_quoted_line(record: &mut ByteRecord, separator: u8) {
    let mut filled = record.iter().filter(|cell| is_filled(cell));
    let (Some(line), None) = (filled.next(), filled.next()) else { return };
    if line.contains(&b'\n') {
        return;
    }
    let mut csv = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .from_reader(line);
    let mut cells = ByteRecord::new();
    // A slice is always readable.
    if csv.read_byte_record(&mut cells).is_ok_and(|has_cells| has_cells) {
        *record = cells;
    }
}
