//! The iterator over the rows and findings of a file.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::io::{self, Read};
use std::sync::Arc;

use super::decode::OpenedText;
use super::options::ReadOptions;
use super::records::{Records, TextRecords};
use super::row::InputItem;
use super::separator;
use super::table::Table;
use crate::check::finding::Finding;
use crate::check::rule::Rule;

impl ReadOptions {
    /// Reads rows one at a time; see [`read`](super::read).
    pub fn read<R: Read>(self, reader: R, source: impl Into<Arc<str>>) -> RowReader<R> {
        RowReader::new(reader, source.into(), self)
    }

    /// Reads several files as one fleet; see [`read_all`](super::read_all).
    pub fn read_all<R: Read, S: Into<Arc<str>>>(
        self,
        files: impl IntoIterator<Item = (S, io::Result<R>)>,
    ) -> impl Iterator<Item = InputItem> {
        let mut name_counts: HashMap<Arc<str>, u32> = HashMap::new();
        files.into_iter().flat_map(move |(name, file)| {
            let mut source: Arc<str> = name.into();
            let count = name_counts.entry(Arc::clone(&source)).or_default();
            *count += 1;
            if *count > 1 {
                source = format!("{source} ({count})").into();
            }
            let (reader, error) = match file {
                Ok(reader) => (Some(self.read(reader, source)), None),
                Err(error) => {
                    let message = format!("the file cannot be opened: {error}");
                    (None, Some(Finding::new(&source, None, Rule::Unreadable, message)))
                }
            };
            error.map(InputItem::Finding).into_iter().chain(reader.into_iter().flatten())
        })
    }
}

/// An iterator over the rows and findings of a file. Created by [`read`](super::read).
pub struct RowReader<R> {
    source: Arc<str>,
    options: ReadOptions,
    /// Items to return before more of the file is read.
    queue: VecDeque<InputItem>,
    state: State<R>,
}

enum State<R> {
    Unopened(R),
    Reading(Box<Table<R>>),
    Finished,
}

impl<R> RowReader<R> {
    fn new(reader: R, source: Arc<str>, options: ReadOptions) -> Self {
        Self { source, options, queue: VecDeque::new(), state: State::Unopened(reader) }
    }
}

impl<R: Read> Iterator for RowReader<R> {
    type Item = InputItem;

    fn next(&mut self) -> Option<InputItem> {
        loop {
            if let Some(item) = self.queue.pop_front() {
                return Some(item);
            }
            match std::mem::replace(&mut self.state, State::Finished) {
                State::Unopened(reader) => {
                    match open(reader, &self.source, self.options, &mut self.queue) {
                        Ok(table) => self.state = State::Reading(Box::new(table)),
                        Err(finding) => self.queue.push_back(InputItem::Finding(finding)),
                    }
                }
                State::Reading(mut table) => match table.next_row(&mut self.queue) {
                    Ok(Some(row)) => {
                        self.state = State::Reading(table);
                        if self.queue.is_empty() {
                            return Some(InputItem::Row(row));
                        }
                        // Findings come before their row.
                        self.queue.push_back(InputItem::Row(row));
                    }
                    Ok(None) if !table.has_rows() => {
                        let message = "the file has a header but no devices below it";
                        let finding = Finding::new(&self.source, None, Rule::EmptyFile, message);
                        self.queue.push_back(InputItem::Finding(finding));
                    }
                    Ok(None) => {}
                    Err(finding) => self.queue.push_back(InputItem::Finding(finding)),
                },
                State::Finished => return None,
            }
        }
    }
}

impl<R> fmt::Debug for RowReader<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RowReader").field("source", &self.source).finish_non_exhaustive()
    }
}

/// Opens a file, and reads up to the header of its table.
fn open<R: Read>(
    reader: R,
    source: &Arc<str>,
    options: ReadOptions,
    queue: &mut VecDeque<InputItem>,
) -> Result<Table<R>, Finding> {
    let opened = OpenedText::open(reader, |start| separator::detect(start, false).is_final);
    let OpenedText { text, is_utf8, note } =
        opened.map_err(|(rule, message)| Finding::new(source, None, rule, message))?;
    if let Some((rule, message)) = note {
        queue.push_back(InputItem::Finding(Finding::new(source, None, rule, message)));
    }
    let separator = separator::detect(text.start(), true).separator;
    let records = Records::Text(Box::new(TextRecords::new(text, separator)));
    Table::open(records, is_utf8, source, options, queue)
}
