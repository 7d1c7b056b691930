//! Opens a file in any format, and iterates over its rows and findings.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::io::{self, Cursor, Read};
use std::sync::Arc;

use super::columns::decode_alone;
use super::content::has_hash_or_key;
use super::decode::{Opened, OpenedText, read_all};
use super::file_kind::TextKind;
use super::formats::serial_list::ListKind;
use super::formats::zip_archive::{Member, Members};
use super::formats::zip_contents::PackageKind;
use super::formats::{compound, json, serial_list, workbook, xml, zip_contents};
use super::limits::MAX_UNPACKED_BYTES;
use super::memory_records::MemoryRecords;
use super::options::ReadOptions;
use super::parts::Sheets;
use super::records::{Records, TextRecords};
use super::refusal::{Refusal, skipped};
use super::row::InputItem;
use super::separator::{self, DetectedSeparator};
use super::table::{NoTable, Table};
use crate::check::finding::Finding;
use crate::check::rule::{Rule, Severity};

impl ReadOptions {
    /// Reads rows one at a time; see [`read`](super::read).
    pub fn read<R: Read>(self, reader: R, source: impl Into<Arc<str>>) -> RowReader<R> {
        RowReader::new(reader, source.into(), self, Place::File)
    }

    /// Reads several files as one fleet; see [`read_all`](super::read_all).
    pub fn read_all<R: Read, S: Into<Arc<str>>>(
        self,
        files: impl IntoIterator<Item = (S, io::Result<R>)>,
    ) -> impl Iterator<Item = InputItem> {
        Self::read_each(files.into_iter().map(move |(name, file)| (self, name, file)))
    }

    /// Reads several files as one fleet, each with its own options; see [`read_all`](super::read_all).
    pub fn read_each<R: Read, S: Into<Arc<str>>>(
        files: impl IntoIterator<Item = (Self, S, io::Result<R>)>,
    ) -> impl Iterator<Item = InputItem> {
        let mut name_counts: HashMap<Arc<str>, u32> = HashMap::new();
        files.into_iter().flat_map(move |(options, name, file)| {
            let mut source: Arc<str> = name.into();
            let count = name_counts.entry(Arc::clone(&source)).or_default();
            *count += 1;
            if *count > 1 {
                source = format!("{source} ({count})").into();
            }
            let (reader, error) = match file {
                Ok(reader) => (Some(options.read(reader, source)), None),
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
    place: Place,
    /// The number of bytes that archives and workbooks may still unpack to.
    budget: u64,
    /// Items to return before more of the file is read.
    queue: VecDeque<InputItem>,
    state: State<R>,
}

/// The place of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    File,
    /// In an archive, where other files may be too.
    Archive,
}

enum State<R> {
    Unopened(R),
    Table(Box<Table<R>>),
    Sheets(Box<Sheets>),
    Members(Box<OpenArchive>),
    Finished,
}

/// An archive whose files are read one after the other.
struct OpenArchive {
    members: Members,
    current: Option<RowReader<Cursor<Vec<u8>>>>,
    /// A file had rows or an error.
    has_result: bool,
}

impl<R> RowReader<R> {
    fn new(reader: R, source: Arc<str>, options: ReadOptions, place: Place) -> Self {
        let (queue, state) = (VecDeque::new(), State::Unopened(reader));
        Self { source, options, place, budget: MAX_UNPACKED_BYTES, queue, state }
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
                State::Unopened(reader) => match self.open(reader) {
                    Ok(state) => self.state = state,
                    Err(finding) => self.queue.push_back(InputItem::Finding(finding)),
                },
                State::Table(mut table) => match table.next_row(&mut self.queue) {
                    Ok(Some(row)) => {
                        self.state = State::Table(table);
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
                State::Sheets(mut sheets) => {
                    if sheets.advance(&mut self.queue) {
                        self.state = State::Sheets(sheets);
                    }
                }
                State::Members(mut archive) => {
                    if self.advance(&mut archive) {
                        self.state = State::Members(archive);
                    }
                }
                State::Finished => return None,
            }
        }
    }
}

impl<R: Read> RowReader<R> {
    /// Opens the file. Reads up to the header of a table, or all of a file in a format without lines.
    fn open(&mut self, reader: R) -> Result<State<R>, Finding> {
        if self.options.skip_rows_to_correct {
            let reason = "the file has the rows that were left out of another file in its folder";
            return Err(skipped(&self.source, reason));
        }
        let opened = Opened::open(reader, |start| {
            separator::detect(start, false).is_final && TextKind::is_final(start)
        });
        let source = Arc::clone(&self.source);
        let refused = |refusal: Refusal| refusal.into_finding(&source);
        match opened {
            Ok(Opened::Text(text)) => self.open_text(*text),
            Ok(Opened::Zip(reader)) => {
                let bytes = read_all(reader).map_err(refused)?;
                match zip_contents::kind(&bytes).map_err(refused)? {
                    PackageKind::Workbook => {
                        let sheets = workbook::read(bytes, &mut self.budget).map_err(refused)?;
                        let sheets = Sheets::new(Arc::clone(&source), self.options, sheets);
                        Ok(State::Sheets(Box::new(sheets)))
                    }
                    PackageKind::Archive if self.place == Place::Archive => {
                        let message = "the file is a ZIP archive inside another one";
                        Err(refused(Refusal::new(Rule::Archive, message)))
                    }
                    PackageKind::Archive => self.open_archive(bytes).map_err(refused),
                    PackageKind::Refused(refusal) => Err(self.refuse(refusal)),
                }
            }
            Ok(Opened::Compound(reader)) => {
                let bytes = read_all(reader).map_err(refused)?;
                Err(self.refuse(compound::refusal(&bytes)))
            }
            Err(refusal) => Err(self.refuse(refusal)),
        }
    }

    /// Returns the error about a file that cannot be read, or the note that it is skipped.
    fn refuse(&self, refusal: Refusal) -> Finding {
        if self.options.skip_other_files && !refusal.may_have_devices() {
            refusal.into_note(&self.source)
        } else {
            refusal.into_finding(&self.source)
        }
    }

    fn open_text(&mut self, opened: OpenedText<R>) -> Result<State<R>, Finding> {
        let OpenedText { text, is_utf8, note } = opened;
        if let Some((rule, message)) = note {
            self.push(rule, message);
        }
        match TextKind::of(text.start()) {
            TextKind::Email => {
                Err(self.refuse(Refusal::new(Rule::Email, "the file is an e-mail message")))
            }
            kind @ (TextKind::Json | TextKind::Markup) => {
                let bytes = read_all(text).map_err(|refusal| self.refuse(refusal))?;
                let text = decode_alone(&bytes);
                let records = match kind {
                    TextKind::Json => self.read_json(&text),
                    _ => xml::read(&text),
                };
                let records = records.map_err(|refusal| {
                    self.refuse(match has_hash_or_key(&text) {
                        true => refusal,
                        false => refusal.without_devices(),
                    })
                })?;
                self.open_table(Records::Memory(records), true)
            }
            TextKind::Lines => {
                let detected = separator::detect(text.start(), true);
                let list = ListKind::of(text.start());
                let Some(list) = list else {
                    let DetectedSeparator { separator, outer, .. } = detected;
                    if outer.is_some() {
                        let message =
                            "each line is in quotation marks as a whole; the cells inside are read";
                        self.push(Rule::QuotedLines, message);
                    }
                    let records = TextRecords::new(text, separator, outer);
                    return self.open_table(Records::Text(Box::new(records)), is_utf8);
                };
                if !self.options.lists {
                    let message = format!(
                        "the file is a list of {} without a header, which is not enough to register devices",
                        list.description()
                    );
                    return Err(self.refuse(Refusal::new(Rule::IdentifierList, message)));
                }
                let records = read_all(text)
                    .and_then(|bytes| serial_list::read(&decode_alone(&bytes), list))
                    .map_err(|refusal| self.refuse(refusal))?;
                self.open_table(Records::Memory(records), true)
            }
        }
    }

    fn read_json(&mut self, text: &str) -> Result<MemoryRecords, Refusal> {
        let devices = json::read(text)?;
        if devices.has_next_page {
            let message =
                "the file has one page of a list; the devices on the pages that follow are missing";
            self.push(Rule::IncompleteList, message);
        }
        Ok(devices.records)
    }

    fn open_table(&mut self, records: Records<R>, is_utf8: bool) -> Result<State<R>, Finding> {
        let mut findings = VecDeque::new();
        let table = Table::open(records, is_utf8, &self.source, self.options, &mut findings);
        match table {
            Ok(table) => {
                self.queue.append(&mut findings);
                Ok(State::Table(Box::new(table)))
            }
            Err(NoTable { finding, may_have_devices: false })
                if self.options.skip_other_files && finding.rule() == Rule::UnknownHeader =>
            {
                let reason = "the file has no known column names and no devices";
                Err(skipped(&self.source, reason))
            }
            Err(NoTable { finding, .. }) => {
                self.queue.append(&mut findings);
                Err(finding)
            }
        }
    }

    fn open_archive(&mut self, bytes: Vec<u8>) -> Result<State<R>, Refusal> {
        let members = Members::open(bytes)?;
        if let Some(first) = members.hidden().first() {
            let source: Arc<str> = format!("{}/{first}", self.source).into();
            let message = match members.hidden().len() - 1 {
                0 => "a hidden file; it is skipped".to_owned(),
                1 => "a hidden file; it and another one are skipped".to_owned(),
                others => format!("a hidden file; it and {others} others are skipped"),
            };
            let finding = Finding::new(&source, None, Rule::SkippedFile, message);
            self.queue.push_back(InputItem::Finding(finding));
        }
        Ok(State::Members(Box::new(OpenArchive { members, current: None, has_result: false })))
    }

    /// Reads the next item of an archive. Returns false at its end.
    fn advance(&mut self, archive: &mut OpenArchive) -> bool {
        if let Some(reader) = &mut archive.current {
            if let Some(item) = reader.next() {
                archive.has_result |= match &item {
                    InputItem::Row(_) => true,
                    InputItem::Finding(finding) => finding.severity() == Severity::Error,
                };
                self.queue.push_back(item);
                return true;
            }
            self.budget = reader.budget;
            archive.current = None;
        }
        let Some(Member { name, content }) = archive.members.next(&mut self.budget) else {
            if !archive.has_result {
                let message = "the ZIP archive contains no list of devices";
                self.push(Rule::EmptyFile, message);
            }
            return false;
        };
        let source: Arc<str> = format!("{}/{name}", self.source).into();
        match content {
            Ok(bytes) => {
                let options = self.options.skip_other_files(true);
                let mut reader =
                    RowReader::new(Cursor::new(bytes), source, options, Place::Archive);
                reader.budget = self.budget;
                archive.current = Some(reader);
            }
            Err(refusal) => {
                archive.has_result = true;
                self.queue.push_back(InputItem::Finding(refusal.into_finding(&source)));
            }
        }
        true
    }

    /// Adds a finding about the whole file.
    fn push(&mut self, rule: Rule, message: impl Into<String>) {
        let finding = Finding::new(&self.source, None, rule, message);
        self.queue.push_back(InputItem::Finding(finding));
    }
}

impl<R> fmt::Debug for RowReader<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RowReader").field("source", &self.source).finish_non_exhaustive()
    }
}
