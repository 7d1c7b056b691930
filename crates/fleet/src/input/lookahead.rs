//! Looks at the records ahead before they are read.

use std::collections::VecDeque;
use std::io::Read;

use csv::ByteRecord;

use super::cell::is_filled;
use super::list_output::ListOutput;
use super::records::{Records, UnreadableRecord};

/// The records of a table, some of which may be waiting to be read.
pub(super) struct Lookahead<R> {
    records: Records<R>,
    waiting: VecDeque<(u64, ByteRecord)>,
    /// The end of the records, or the error behind the waiting ones.
    end: Option<Result<(), UnreadableRecord>>,
    list: Option<List>,
}

/// A list whose lines are collected into records.
struct List {
    output: ListOutput,
    /// Lines that were read before the list was recognized.
    lines: VecDeque<(u64, ByteRecord)>,
    is_finished: bool,
}

impl<R: Read> Lookahead<R> {
    pub(super) fn new(records: Records<R>) -> Self {
        Self { records, waiting: VecDeque::new(), end: None, list: None }
    }

    /// Reads the next record into `record`. Returns its first line, or `None` at the end.
    pub(super) fn read(
        &mut self,
        record: &mut ByteRecord,
    ) -> Result<Option<u64>, UnreadableRecord> {
        if let Some((line, next)) = self.waiting.pop_front() {
            *record = next;
            return Ok(Some(line));
        }
        match self.end.take() {
            None => self.read_unseen(record),
            Some(end) => {
                self.end = Some(Ok(()));
                end.map(|()| None)
            }
        }
    }

    fn read_unseen(&mut self, record: &mut ByteRecord) -> Result<Option<u64>, UnreadableRecord> {
        let Some(list) = &mut self.list else { return self.records.read(record) };
        loop {
            if let Some((line, next)) = list.output.next() {
                *record = next;
                return Ok(Some(line));
            }
            if list.is_finished {
                return Ok(None);
            }
            let line = match list.lines.pop_front() {
                Some((line, next)) => {
                    *record = next;
                    Some(line)
                }
                None => self.records.read(record)?,
            };
            match line {
                Some(line) => list.output.add(line, record),
                None => {
                    list.output.finish();
                    list.is_finished = true;
                }
            }
        }
    }

    /// Reads the records from here on as a list of names and values.
    pub(super) fn read_as_list(&mut self) {
        let lines: Vec<_> = self.waiting.iter().map(|(_, record)| record).collect();
        let first = self.waiting.front().map_or(1, |(line, _)| *line);
        let output = ListOutput::new(first, &lines, self.records.separator().unwrap_or(b','));
        let lines = std::mem::take(&mut self.waiting);
        self.list = Some(List { output, lines, is_finished: false });
        if !matches!(self.end, Some(Err(_))) {
            self.end = None;
        }
    }

    /// Returns up to `count` of the next records that have a filled cell.
    pub(super) fn peek(&mut self, count: usize) -> Vec<&ByteRecord> {
        let is_visible = |record: &ByteRecord| record.iter().any(is_filled);
        let mut visible = self.waiting.iter().filter(|(_, record)| is_visible(record)).count();
        while visible < count && self.end.is_none() {
            let mut record = ByteRecord::new();
            match self.read_unseen(&mut record) {
                Ok(Some(line)) => {
                    visible += usize::from(is_visible(&record));
                    self.waiting.push_back((line, record));
                }
                Ok(None) => self.end = Some(Ok(())),
                Err(error) => self.end = Some(Err(error)),
            }
        }
        let records = self.waiting.iter().map(|(_, record)| record);
        records.filter(|record| is_visible(record)).take(count).collect()
    }

    /// Puts a record back, so that it is read next.
    pub(super) fn put_back(&mut self, line: u64, record: ByteRecord) {
        self.waiting.push_front((line, record));
    }

    /// Returns the character that separates the cells; `None` if the format does not have one.
    pub(super) fn separator(&self) -> Option<u8> {
        self.records.separator()
    }
}
