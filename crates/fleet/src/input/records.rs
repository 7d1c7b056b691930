//! The records of a table in any format: text that is split into cells while it is read, or cells in memory.

use std::io::{self, Read};

use csv::{ByteRecord, ReaderBuilder, Terminator};

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
}

impl<R: Read> TextRecords<R> {
    pub(super) fn new(text: Text<R>, separator: u8) -> Self {
        // Every record must end in a line feed that is read with it, so that lines can be counted. So a last one is
        // added, and the CR of a CRLF is trimmed as whitespace at the end of the last cell.
        let csv = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(separator)
            .terminator(Terminator::Any(b'\n'))
            .buffer_capacity(1 << 16)
            .from_reader(text.chain(&b"\n"[..]));
        Self { csv, separator }
    }

    fn read(&mut self, record: &mut ByteRecord) -> Result<Option<u64>, UnreadableRecord> {
        let start = self.csv.position().line();
        match self.csv.read_byte_record(record) {
            Ok(true) => Ok(Some(self.first_line(start, record))),
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
