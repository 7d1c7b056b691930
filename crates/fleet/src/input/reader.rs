//! Reads a file record by record: finds the header, skips lines that are not rows, and turns the others into rows.

use std::collections::VecDeque;
use std::fmt;
use std::io::{self, Read};
use std::sync::Arc;

use csv::{ByteRecord, ReaderBuilder, Terminator};
use partner_center_devices::{HardwareHash, IdentityFields};

use super::cell::{is_filled, trim};
use super::cell_value::CellReader;
use super::decode::{OpenedText, Text};
use super::encoding::FileEncoding;
use super::extra_line::ExtraLine;
use super::header::{
    ColumnPosition, Header, MAX_TITLES, count_known_names, describe_missing_header,
    is_another_header, is_title,
};
use super::misaligned::find_misaligned;
use super::row::{InputItem, Row};
use super::separator;
use crate::check::finding::Finding;
use crate::check::rule::Rule;
use crate::origin::Origin;

/// An iterator over the rows and findings of a file. Created by [`read`](super::read).
pub struct RowReader<R> {
    source: Arc<str>,
    /// Items to return before more of the file is read.
    queue: VecDeque<InputItem>,
    state: State<R>,
}

enum State<R> {
    Unopened(R),
    Reading(Box<RecordReader<R>>),
    Finished,
}

impl<R> RowReader<R> {
    pub(super) fn new(reader: R, source: Arc<str>) -> Self {
        Self { source, queue: VecDeque::new(), state: State::Unopened(reader) }
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
                    match RecordReader::open(reader, &self.source, &mut self.queue) {
                        Ok(records) => self.state = State::Reading(Box::new(records)),
                        Err(finding) => self.queue.push_back(InputItem::Finding(finding)),
                    }
                }
                State::Reading(mut records) => match records.next_row(&mut self.queue) {
                    Ok(Some(row)) => {
                        self.state = State::Reading(records);
                        if self.queue.is_empty() {
                            return Some(InputItem::Row(row));
                        }
                        // Findings come before their row.
                        self.queue.push_back(InputItem::Row(row));
                    }
                    Ok(None) if !records.has_rows => {
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

/// The records of an open file.
struct RecordReader<R> {
    source: Arc<str>,
    csv: csv::Reader<io::Chain<Text<R>, &'static [u8]>>,
    separator: u8,
    header: Arc<Header>,
    record: ByteRecord,
    encoding: FileEncoding,
    /// The rules that were reported about a column, so that each is reported once.
    reported: Vec<(Rule, usize)>,
    has_rows: bool,
}

impl<R: Read> RecordReader<R> {
    /// Opens a file and reads up to the header.
    fn open(
        reader: R,
        source: &Arc<str>,
        queue: &mut VecDeque<InputItem>,
    ) -> Result<Self, Finding> {
        let opened = OpenedText::open(reader, |start| separator::detect(start, false).is_final);
        let OpenedText { text, is_utf8, note } =
            opened.map_err(|(rule, message)| Finding::new(source, None, rule, message))?;
        if let Some((rule, message)) = note {
            queue.push_back(InputItem::Finding(Finding::new(source, None, rule, message)));
        }
        let separator = separator::detect(text.start(), true).separator;
        // Every record must end in a line feed that is read with it, so that lines can be counted. So a last one is
        // added, and the CR of a CRLF is trimmed as whitespace at the end of the last cell.
        let csv = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(separator)
            .terminator(Terminator::Any(b'\n'))
            .buffer_capacity(1 << 16)
            .from_reader(text.chain(&b"\n"[..]));
        let mut records = Self {
            source: Arc::clone(source),
            csv,
            separator,
            header: Arc::default(),
            record: ByteRecord::new(),
            encoding: FileEncoding::new(is_utf8),
            reported: Vec::new(),
            has_rows: false,
        };
        records.find_header(queue)?;
        Ok(records)
    }

    /// Reads up to the header. Up to [`MAX_TITLES`] lines above it may be titles.
    fn find_header(&mut self, queue: &mut VecDeque<InputItem>) -> Result<(), Finding> {
        let mut titles: Vec<(u64, String)> = Vec::new();
        while let Some(line) = self.next_record(queue)? {
            match ExtraLine::recognize(&self.record) {
                Some(ExtraLine::Separator) => continue,
                Some(ExtraLine::Other(description)) => {
                    queue.push_back(self.skipped_line(line, description));
                    continue;
                }
                None => {}
            }
            // The first line is a header if one name is known; a line below titles needs two.
            if count_known_names(&self.record) > usize::from(!titles.is_empty()) {
                for (line, _) in titles {
                    queue.push_back(self.skipped_line(line, "a title"));
                }
                let (header, findings) = Header::read(&self.record, line, &self.source);
                self.header = Arc::new(header);
                queue.extend(findings.into_iter().map(InputItem::Finding));
                return Ok(());
            }
            titles.push((line, describe_missing_header(&self.record)));
            if titles.len() > MAX_TITLES || !is_title(&self.record) {
                break;
            }
        }
        Err(match titles.into_iter().next() {
            Some((line, message)) => {
                Finding::new(&self.source, Some(line), Rule::UnknownHeader, message)
            }
            None => Finding::new(&self.source, None, Rule::EmptyFile, "the file is empty"),
        })
    }

    /// Reads up to the next row; `None` at the end of the file.
    fn next_row(&mut self, queue: &mut VecDeque<InputItem>) -> Result<Option<Row>, Finding> {
        while let Some(line) = self.next_record(queue)? {
            if is_another_header(&self.record) {
                self.read_another_header(line, queue);
                continue;
            }
            match ExtraLine::recognize(&self.record) {
                Some(ExtraLine::Separator) => {}
                Some(ExtraLine::Other(description)) => {
                    queue.push_back(self.skipped_line(line, description));
                }
                None => {
                    self.has_rows = true;
                    return Ok(Some(self.read_row(line, queue)));
                }
            }
        }
        Ok(None)
    }

    /// Uses a header below the first one for the rows that follow.
    fn read_another_header(&mut self, line: u64, queue: &mut VecDeque<InputItem>) {
        let (header, findings) = Header::read(&self.record, line, &self.source);
        let is_repeated = header.has_same_columns(&self.header);
        let message = if is_repeated {
            "the header is repeated; the line is skipped"
        } else {
            "the line is a different header; the rows below it are read with it"
        };
        queue.push_back(self.finding(line, Rule::RepeatedHeader, message));
        if !is_repeated {
            self.header = Arc::new(header);
            self.reported.clear();
            queue.extend(findings.into_iter().map(InputItem::Finding));
        }
    }

    /// Reads the next record with a filled cell. Returns the line it starts in, or `None` at the end of the file.
    fn next_record(&mut self, queue: &mut VecDeque<InputItem>) -> Result<Option<u64>, Finding> {
        loop {
            let start = self.csv.position().line();
            let has_record = self.csv.read_byte_record(&mut self.record).map_err(|error| {
                let message = format!("the file cannot be read: {error}");
                Finding::new(&self.source, Some(start), Rule::Unreadable, message)
            })?;
            if !has_record {
                return Ok(None);
            }
            let is_filled = self.record.iter().any(is_filled);
            let first = self.record.get(0).unwrap_or_default();
            let has_mark = first.starts_with("\u{FEFF}".as_bytes());
            let is_zeros = !is_filled && first.len() > 1 && first.contains(&0);
            if !(is_filled || has_mark || is_zeros) {
                continue;
            }
            let line = self.first_line(start);
            if has_mark {
                let message = "the line starts with a byte order mark, as if files were joined";
                queue.push_back(self.finding(line, Rule::ByteOrderMark, message));
            }
            if is_zeros {
                let message = "the line contains only zero bytes; its content is lost";
                queue.push_back(self.finding(line, Rule::ZeroBytes, message));
            }
            if is_filled {
                return Ok(Some(line));
            }
        }
    }

    /// Returns the first line of the record. `start` is the line where reading it started, which may be an empty line
    /// before it.
    fn first_line(&self, start: u64) -> u64 {
        // The end is exact: the record ends in one line feed, and all others are in its cells. That does not apply to a
        // quotation mark that is never closed.
        let end = self.csv.position().line();
        if end == start + 1 {
            start
        } else {
            let inside = self.record.as_slice().iter().filter(|byte| **byte == b'\n').count();
            end.saturating_sub(inside as u64 + 1).max(start)
        }
    }

    /// Turns the record into a row. Findings about the whole file go to `queue`.
    fn read_row(&mut self, line: u64, queue: &mut VecDeque<InputItem>) -> Row {
        let origin = Origin { source: Arc::clone(&self.source), line };
        let mut findings: Vec<_> = self.align_cells(&origin).into_iter().collect();
        let Self { record, header, encoding, reported, .. } = self;
        let encoding = encoding.next(record, header);
        if let Some((rule, column)) = encoding.finding(record, header) {
            let name = &column.name;
            let message = match rule {
                Rule::Windows1252 => format!(
                    "\"{name}\" is not UTF-8; this row and rows like it are read as Windows-1252"
                ),
                _ => format!("\"{name}\" is UTF-8, but earlier rows were Windows-1252"),
            };
            let finding = Finding::at(&origin, rule, message).in_column(name);
            queue.push_back(InputItem::Finding(finding));
        }
        let mut cells =
            CellReader { origin: &origin, encoding, findings: &mut findings, reported, queue };
        let mut value = |column: &Option<ColumnPosition>| {
            let column = column.as_ref()?;
            let cell = trim(record.get(column.index)?);
            cells.read(cell, column, false)
        };
        let [serial_number, product_key, hash, manufacturer, model] = &header.fields;
        let (serial_number, product_key) = (value(serial_number), value(product_key));
        let (manufacturer, model) = (value(manufacturer), value(model));
        let customer = value(&header.customer).map(Into::into);
        let group_tag = value(&header.group_tag).map(Into::into);
        let device_id = value(&header.device_id).map(Into::into);
        let hardware_hash = hash.as_ref().and_then(|column| {
            let cell = trim(record.get(column.index)?);
            cells.read(cell, column, true).map(HardwareHash::new)
        });
        let fields =
            IdentityFields { hardware_hash, product_key, serial_number, manufacturer, model };
        let header = Arc::clone(header);
        Row { origin, fields, findings, customer, group_tag, device_id, header }
    }

    /// Splits the record again if the row has a different separator than the header, and returns a finding if cells seem
    /// to be in the wrong columns.
    fn align_cells(&mut self, origin: &Origin) -> Option<Finding> {
        let (record, width) = (&self.record, self.header.width());
        if let Some(other) = separator::other_separator(record, width, self.separator) {
            let message = format!(
                "the row is separated by {}, but the header by {}",
                separator::plural_name(other),
                separator::plural_name(self.separator)
            );
            self.record = separator::split_again(record, self.separator, other);
            return Some(Finding::at(origin, Rule::MixedSeparators, message));
        }
        let (rule, message) = find_misaligned(record, &self.header)?;
        Some(Finding::at(origin, rule, message))
    }

    fn skipped_line(&self, line: u64, description: &str) -> InputItem {
        let message = format!("the line is {description}, not a device; it is skipped");
        self.finding(line, Rule::ExtraLine, message)
    }

    fn finding(&self, line: u64, rule: Rule, message: impl Into<String>) -> InputItem {
        InputItem::Finding(Finding::new(&self.source, Some(line), rule, message))
    }
}
