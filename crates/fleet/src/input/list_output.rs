//! Turns lists of names and values into records: `Serial Number : CT0001`, as Format-List of PowerShell and
//! `wmic /format:list` write them.

use std::collections::VecDeque;

use csv::ByteRecord;

use super::cell::trim;
use super::field::Column;

/// The length from which a value without spaces continues in the next line. Shorter values fit into the width of any
/// console.
const MIN_WRAPPED: usize = 40;

/// Returns true if the lines have values of two or more fields behind their names, or a value of one field repeatedly.
pub(super) fn has_named_values(lines: &[&ByteRecord]) -> bool {
    lines.iter().filter(|line| is_named_value(line)).count() > 1
}

/// Returns true if the line has a known name and its value.
pub(super) fn is_named_value(line: &ByteRecord) -> bool {
    split(&text(line, b',')).is_some_and(|(name, _)| Column::recognize(&name).field().is_some())
}

/// Returns the text of a line.
fn text(line: &ByteRecord, separator: u8) -> Vec<u8> {
    line.iter().collect::<Vec<_>>().join(&separator)
}

/// Splits `Name : value` or `Name=value`.
fn split(line: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let end = line.iter().position(|byte| matches!(byte, b':' | b'='))?;
    let (name, value) = (trim(&line[..end]), trim(&line[end + 1..]));
    (!name.is_empty() && !line.starts_with(b" ")).then(|| (name.to_vec(), value.to_vec()))
}

/// Collects the values of a list into records. The first record has the names.
pub(super) struct ListOutput {
    separator: u8,
    names: Vec<Vec<u8>>,
    /// The line and the values of the device that is being read.
    values: Vec<Option<Vec<u8>>>,
    first_line: u64,
    /// The index of the value that the next line may continue.
    last: Option<usize>,
    ready: VecDeque<(u64, ByteRecord)>,
}

impl ListOutput {
    /// Starts a list whose first lines are these. All devices have the same names.
    pub(super) fn new(first_line: u64, lines: &[&ByteRecord], separator: u8) -> Self {
        let mut names: Vec<Vec<u8>> = Vec::new();
        for (name, _) in lines.iter().filter_map(|line| split(&text(line, separator))) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let header = (first_line, ByteRecord::from(names.clone()));
        Self {
            separator,
            values: vec![None; names.len()],
            names,
            first_line,
            last: None,
            ready: VecDeque::from([header]),
        }
    }

    /// Returns a complete record.
    pub(super) fn next(&mut self) -> Option<(u64, ByteRecord)> {
        self.ready.pop_front()
    }

    /// Adds a line.
    pub(super) fn add(&mut self, number: u64, line: &ByteRecord) {
        let text = text(line, self.separator);
        let named = split(&text).and_then(|(name, value)| {
            Some((self.names.iter().position(|known| *known == name)?, value))
        });
        match (named, self.last) {
            (Some((index, value)), _) => {
                if self.values[index].is_some() {
                    self.finish();
                }
                if self.values.iter().all(Option::is_none) {
                    self.first_line = number;
                }
                self.values[index] = Some(value);
                self.last = Some(index);
            }
            (None, _) if trim(&text).is_empty() => self.last = None,
            (None, Some(last)) => {
                // The console wrapped the value.
                let value = self.values[last].get_or_insert_default();
                if value.len() < MIN_WRAPPED || value.contains(&b' ') {
                    value.push(b' ');
                }
                value.extend_from_slice(trim(&text));
            }
            // A line without a name, outside of a device.
            (None, None) => {
                self.finish();
                self.ready.push_back((number, line.clone()));
            }
        }
    }

    /// Completes the device that is being read.
    pub(super) fn finish(&mut self) {
        if self.values.iter().any(Option::is_some) {
            let values = self.values.iter_mut().map(|value| value.take().unwrap_or_default());
            let record = values.collect::<Vec<_>>().into();
            self.ready.push_back((self.first_line, record));
        }
        self.last = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn list_becomes_one_record_for_each_device() {
        let hash = "T0HzAQEAHAAAAAoA".repeat(10);
        let text = format!(
            "Serial Number : CT0001\nHash          : {}\n                {}\nMaker         : Contoso, Ltd.\n\nSerial Number : CT0002\nMaker         : Contoso\n                Devices\n",
            &hash[..60],
            &hash[60..],
        );
        let lines: Vec<ByteRecord> = text.lines().map(|line| line.split(',').collect()).collect();
        let all: Vec<_> = lines.iter().collect();
        assert!(has_named_values(&all));
        let mut list = ListOutput::new(1, &all, b',');
        for (number, line) in (1..).zip(&lines) {
            list.add(number, line);
        }
        list.finish();
        let records: Vec<_> = std::iter::from_fn(|| list.next()).collect();
        let expected = [
            (1, vec!["Serial Number", "Hash", "Maker"]),
            (1, vec!["CT0001", &hash, "Contoso, Ltd."]),
            (6, vec!["CT0002", "", "Contoso Devices"]),
        ];
        assert_eq!(records, expected.map(|(line, record)| (line, record.into())));
    }

    #[test]
    fn titles_and_tables_are_not_lists() {
        for text in
            ["Title: x\nSerial: CT0001", "a : b", "Serial,Model\nCT0001,x", "Customer:,Contoso"]
        {
            let lines: Vec<ByteRecord> =
                text.lines().map(|line| line.split(',').collect()).collect();
            assert!(!has_named_values(&lines.iter().collect::<Vec<_>>()), "{text}");
        }
    }
}
