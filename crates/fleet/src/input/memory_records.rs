//! The filled cells of a table in memory. Empty cells cost nothing, so a sparse table is as small as its file.

use csv::ByteRecord;

use super::limits::{MAX_CELLS, MAX_COLUMNS, MAX_ROWS, MAX_TABLE_BYTES};
use super::refusal::Refusal;
use crate::check::rule::Rule;

/// The filled cells of a table, in the order of rows and columns.
#[derive(Debug, Default)]
pub(crate) struct MemoryRecords {
    /// The text of all cells.
    text: Vec<u8>,
    cells: Vec<Cell>,
    numbers: NumberCells,
    /// A header in front of the rows, with its line.
    header: Option<(u64, ByteRecord)>,
    rows: u32,
    /// The number of cells and of bytes that were read.
    read: (usize, usize),
}

#[derive(Clone, Copy, Debug)]
struct Cell {
    line: u32,
    column: u16,
    /// The end of the text. It starts at the end of the cell before.
    end: u32,
}

/// The cells that are numbers in their file, not text. Leading zeros of a number are lost.
#[derive(Clone, Debug, Default)]
pub(crate) struct NumberCells(Vec<(u32, u16)>);

impl NumberCells {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn contains(&self, line: u64, column: usize) -> bool {
        let cell = u32::try_from(line).ok().zip(u16::try_from(column).ok());
        cell.is_some_and(|cell| self.0.binary_search(&cell).is_ok())
    }
}

impl MemoryRecords {
    /// Adds a cell. `line` is the number of the row, counted from 1; `column` is counted from 0. A cell in front of the
    /// last one is ignored: no program writes cells in that order.
    pub(crate) fn push(
        &mut self,
        line: u32,
        column: usize,
        text: &[u8],
        is_number: bool,
    ) -> Result<(), Refusal> {
        if text.is_empty() {
            return Ok(());
        }
        let too_large = |limit: &str| {
            Err(Refusal::new(Rule::TooLarge, format!("the table has more than {limit}"))
                .at_line(line.into()))
        };
        if column >= MAX_COLUMNS {
            return too_large(&format!("{MAX_COLUMNS} columns"));
        }
        let last = self.cells.last();
        let is_new_row = last.is_none_or(|last| last.line < line);
        if is_new_row && self.rows == MAX_ROWS {
            return too_large(&format!("{MAX_ROWS} rows"));
        }
        if self.cells.len() >= MAX_CELLS {
            return too_large(&format!("{MAX_CELLS} cells"));
        }
        let column = column as u16; // less than MAX_COLUMNS
        if last.is_some_and(|last| (last.line, last.column) >= (line, column)) {
            return Ok(());
        }
        if self.text.len() + text.len() > MAX_TABLE_BYTES {
            return too_large(&format!("{} MiB", MAX_TABLE_BYTES >> 20));
        }
        self.text.extend_from_slice(text);
        let end = self.text.len() as u32; // at most MAX_TABLE_BYTES
        self.cells.push(Cell { line, column, end });
        self.rows += u32::from(is_new_row);
        if is_number {
            self.numbers.0.push((line, column));
        }
        Ok(())
    }

    /// Adds a header in front of the rows.
    pub(crate) fn set_header(&mut self, line: u64, header: ByteRecord) {
        self.header = Some((line, header));
    }

    /// Changes the numbers of all rows, which were numbered from 1 so far. `lines` must be in ascending order.
    pub(crate) fn renumber(&mut self, lines: &[u32]) {
        let new = |line: &mut u32| *line = lines[*line as usize - 1];
        self.cells.iter_mut().for_each(|cell| new(&mut cell.line));
        self.numbers.0.iter_mut().for_each(|(line, _)| new(line));
    }

    /// Takes the cells that are numbers.
    pub(crate) fn take_numbers(&mut self) -> NumberCells {
        std::mem::take(&mut self.numbers)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// Reads the next row into `record`. Returns its number, or `None` at the end.
    pub(crate) fn read(&mut self, record: &mut ByteRecord) -> Option<u64> {
        if let Some((line, header)) = self.header.take() {
            *record = header;
            return Some(line);
        }
        let (first, mut start) = self.read;
        let line = self.cells.get(first)?.line;
        record.clear();
        let row = self.cells[first..].iter().take_while(|cell| cell.line == line);
        let mut next = first;
        for cell in row {
            while record.len() < usize::from(cell.column) {
                record.push_field(b"");
            }
            let end = cell.end as usize;
            record.push_field(&self.text[start..end]);
            (next, start) = (next + 1, end);
        }
        self.read = (next, start);
        Some(line.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(records: &mut MemoryRecords) -> Vec<(u64, Vec<String>)> {
        let mut record = ByteRecord::new();
        let mut rows = Vec::new();
        while let Some(line) = records.read(&mut record) {
            let cells = record.iter().map(|cell| String::from_utf8_lossy(cell).into_owned());
            rows.push((line, cells.collect()));
        }
        rows
    }

    #[test]
    fn rows_have_empty_cells_up_to_their_last_one() {
        let mut records = MemoryRecords::default();
        for (line, column, text, is_number) in [
            (1, 0, "a", false),
            (1, 2, "b", true),
            (1, 1, "too late", true),
            (1, 3, "", true),
            (4, 1, "c", false),
            (3, 9, "too late", false),
        ] {
            records.push(line, column, text.as_bytes(), is_number).unwrap();
        }
        let numbers = records.take_numbers();
        assert!(numbers.contains(1, 2));
        assert!(
            !numbers.contains(1, 1) && !numbers.contains(4, 1) && !numbers.contains(1 << 40, 2)
        );
        let text = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
        assert_eq!(rows(&mut records), [(1, text(&["a", "", "b"])), (4, text(&["", "c"]))]);
        assert_eq!(rows(&mut records), []);
    }

    #[test]
    fn header_comes_first_and_rows_get_new_numbers() {
        let mut records = MemoryRecords::default();
        records.push(1, 0, b"S1", true).unwrap();
        records.push(2, 0, b"S2", true).unwrap();
        records.renumber(&[4, 9]);
        records.set_header(4, ByteRecord::from(vec!["Serial"]));
        let numbers = records.take_numbers();
        assert!(numbers.contains(4, 0) && numbers.contains(9, 0) && !numbers.contains(1, 0));
        let rows: Vec<_> = rows(&mut records)
            .into_iter()
            .map(|(line, cells)| format!("{line} {}", cells[0]))
            .collect();
        assert_eq!(rows, ["4 Serial", "4 S1", "9 S2"]);
    }

    #[test]
    fn table_has_limits() {
        for (line, column, expected) in [
            (1, MAX_COLUMNS - 1, None),
            (1, MAX_COLUMNS, Some("the table has more than 1000 columns")),
        ] {
            let result = MemoryRecords::default().push(line, column, b"x", false);
            let message = result.err().map(|refusal| refusal.into_finding(&"f".into()));
            assert_eq!(message.as_ref().map(|finding| finding.message()), expected);
        }
        let mut records =
            MemoryRecords { text: vec![0; MAX_TABLE_BYTES - 1], ..MemoryRecords::default() };
        records.push(1, 0, b"x", false).unwrap();
        assert!(records.push(1, 1, b"x", false).is_err());
        let mut records = MemoryRecords { rows: MAX_ROWS - 1, ..MemoryRecords::default() };
        records.push(7, 0, b"x", false).unwrap();
        records.push(7, 1, b"x", false).unwrap();
        assert!(records.push(8, 0, b"x", false).is_err());
    }
}
