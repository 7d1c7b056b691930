//! Builds a table from records whose values have names instead of positions: JSON objects and XML elements.

use std::borrow::Cow;
use std::collections::HashMap;

use csv::ByteRecord;

use crate::input::memory_records::MemoryRecords;
use crate::input::refusal::Refusal;

/// A value of a record.
#[derive(Debug)]
pub(super) struct NamedValue<'a> {
    pub(super) name: Cow<'a, str>,
    pub(super) text: Cow<'a, str>,
    /// True if the file has a number, not text.
    pub(super) is_number: bool,
}

/// A table with a column for each name, in the order in which the names first appear.
#[derive(Debug, Default)]
pub(super) struct NamedTable {
    names: Vec<String>,
    /// The column of each name, without case and punctuation. A name that a record repeats has several columns.
    columns: HashMap<(String, usize), usize>,
    records: MemoryRecords,
    /// The line in which each record starts.
    lines: Vec<u32>,
}

impl NamedTable {
    /// Adds a record that starts in a line.
    pub(super) fn add(&mut self, line: u32, values: &[NamedValue<'_>]) -> Result<(), Refusal> {
        self.lines.push(line);
        let number = u32::try_from(self.lines.len()).unwrap_or(u32::MAX);
        let mut repeated: HashMap<String, usize> = HashMap::new();
        let mut cells = Vec::with_capacity(values.len());
        for value in values {
            let name = fold(&value.name);
            let count = repeated.entry(name.clone()).or_default();
            *count += 1;
            let column = *self.columns.entry((name, *count)).or_insert_with(|| {
                self.names.push(value.name.clone().into_owned());
                self.names.len() - 1
            });
            cells.push((column, value));
        }
        cells.sort_by_key(|(column, _)| *column);
        for (column, value) in cells {
            self.records
                .push(number, column, value.text.as_bytes(), value.is_number)
                .map_err(|refusal| refusal.at_line(line.into()))?;
        }
        Ok(())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Returns the records. They have the lines of the file, or numbers from 1 if several records share a line.
    pub(super) fn finish(mut self) -> MemoryRecords {
        let are_lines = self.lines.is_sorted_by(|one, next| one < next);
        let first = self.lines.first().filter(|_| are_lines).copied().unwrap_or(1);
        if are_lines {
            self.records.renumber(&self.lines);
        }
        self.records.set_header(first.into(), ByteRecord::from(self.names));
        self.records
    }
}

/// Reduces a name to what column names are compared by.
fn fold(name: &str) -> String {
    let letters: String = name.chars().filter(|c| c.is_alphanumeric()).collect();
    if letters.is_empty() { name.to_owned() } else { letters.to_lowercase() }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Formats records as `line: cell|cell`, the header first.
    pub(crate) fn describe(mut records: MemoryRecords) -> Vec<String> {
        let numbers = records.take_numbers();
        let mut record = ByteRecord::new();
        let mut lines = Vec::new();
        while let Some(line) = records.read(&mut record) {
            let cells = record.iter().enumerate().map(|(column, cell)| {
                let mark = if numbers.contains(line, column) { "#" } else { "" };
                format!("{mark}{}", String::from_utf8_lossy(cell))
            });
            lines.push(format!("{line}: {}", cells.collect::<Vec<_>>().join("|")));
        }
        lines
    }

    fn table(records: &[(u32, &[(&str, &str)])]) -> Vec<String> {
        let mut table = NamedTable::default();
        for (line, values) in records {
            let values: Vec<_> = values
                .iter()
                .map(|(name, text)| NamedValue {
                    name: (*name).into(),
                    text: (*text).into(),
                    is_number: false,
                })
                .collect();
            table.add(*line, &values).unwrap();
        }
        describe(table.finish())
    }

    #[test]
    fn each_name_is_a_column() {
        assert_eq!(
            table(&[
                (3, &[("a", "1"), ("b", "2")]),
                (7, &[("c", "3"), ("B", "4"), ("a ", "5")]),
                (9, &[("b", "6"), ("b", "7")]),
            ]),
            ["3: a|b|c|b", "3: 1|2", "7: 5|4|3", "9: |6||7"]
        );
    }

    #[test]
    fn records_that_share_a_line_are_numbered() {
        assert_eq!(
            table(&[(1, &[("a", "1")]), (1, &[("a", "2")]), (2, &[("a", "3")])]),
            ["1: a", "1: 1", "2: 2", "3: 3"]
        );
    }
}
