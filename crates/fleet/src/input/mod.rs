//! From bytes to rows. Decides which records of a file are rows, and how one becomes a row; what a file is, is for
//! `decode`, which column is which for `header`, and how a cell becomes a value for `cell`. What the values are
//! worth is for `check`.
//!
//! The layout is Partner Center's (<https://learn.microsoft.com/partner-center/autopilot>),
//! `Device Serial Number,Windows Product ID,Hardware Hash,Manufacturer name,Device model`, or any other that has
//! some of its columns, such as those of Get-WindowsAutopilotInfo
//! (<https://www.powershellgallery.com/packages/Get-WindowsAutoPilotInfo>).

mod cell;
mod decode;
mod header;

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::io::{self, Read};
use std::sync::Arc;

use csv::{ByteRecord, ReaderBuilder, Terminator};
use partner_center_devices::{HardwareHash, IdentityFields};

use crate::check::finding::Finding;
use crate::check::rule::Rule;
use crate::origin::Origin;
pub(crate) use cell::is_hidden;
use cell::{Encoding, Judged, is_plain, trim};
use decode::{Opened, Text};
pub(crate) use header::Field;
use header::{Extra, Header, Place};

/// A row of a file that has at least one filled cell, blanks around the values cut.
#[derive(Clone, Debug)]
pub struct Row {
    pub(crate) origin: Origin,
    pub(crate) fields: IdentityFields,
    /// What is wrong with the row as text. A row with an error here keeps its values only to be shown.
    pub(crate) findings: Vec<Finding>,
    pub(crate) customer: Option<Box<str>>,
    pub(crate) group_tag: Option<Box<str>>,
    pub(crate) device_id: Option<Box<str>>,
    header: Arc<Header>,
}

impl Row {
    /// Where the row came from.
    #[must_use]
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The values. An empty or missing cell is `None`.
    #[must_use]
    pub fn fields(&self) -> &IdentityFields {
        &self.fields
    }

    /// What the file says of the customer, in a column such as `Customer ID` or `Tenant ID`. It is not sent, and it
    /// may be no valid id: it is for callers who upload each customer's rows to that customer.
    #[must_use]
    pub fn customer(&self) -> Option<&str> {
        self.customer.as_deref()
    }

    /// What the file says of the group tag, in a column such as `Group Tag`, `Order ID` or `Batch name`. It is not
    /// sent, and it may be no valid name: it is for callers who upload each tag's rows as a batch of that name,
    /// which becomes the group tag.
    #[must_use]
    pub fn group_tag(&self) -> Option<&str> {
        self.group_tag.as_deref()
    }

    /// What the file says of the device's id at the service, in a column such as `Device ID`. A list of registered
    /// devices has it. It is not sent, and it may be no valid id: see [`DeviceQuery::from_rows`](crate::inventory::DeviceQuery::from_rows).
    #[must_use]
    pub fn device_id(&self) -> Option<&str> {
        self.device_id.as_deref()
    }

    /// What is wrong with the row as text.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// How the file spells this column's name.
    pub(crate) fn column(&self, field: Field) -> &str {
        self.header.name(field)
    }
}

/// What a [`RowReader`] gives.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum InputItem {
    /// A row.
    Row(Row),
    /// Something about the whole file, or about a line that is no row. After one of severity `Error` nothing of
    /// the file follows.
    Finding(Finding),
}

/// Reads rows one after another, holding one of them at a time. `source` is how findings and reports name
/// the file.
///
/// Headers match without regard to case, blanks or punctuation, in any order, and by common other names.
/// Commas, semicolons, tabs or vertical bars stand between columns: the header says which.
/// Text is UTF-8, UTF-16 or Windows-1252; lines end with LF, CRLF or CR. Empty rows are skipped, and so are titles,
/// sums and headers that come again, with a note.
///
/// ```
/// use partner_center_devices_fleet::{InputItem, read};
///
/// let csv = "Hardware hash,Serial Number,Order\n\nT0E=,4PX12X3,77\n";
/// let entries: Vec<InputItem> = read(csv.as_bytes(), "vendor.csv").collect();
/// let [InputItem::Finding(note), InputItem::Row(row)] = &entries[..] else { panic!() };
/// assert_eq!(note.rule().id(), "ignored-column");
/// assert_eq!(row.origin().to_string(), "vendor.csv:3");
/// assert_eq!(row.fields().serial_number.as_deref(), Some("4PX12X3"));
/// ```
pub fn read<R: Read>(reader: R, source: impl Into<Arc<str>>) -> RowReader<R> {
    RowReader { source: source.into(), queue: VecDeque::new(), state: State::Start(reader) }
}

/// Reads several files as one fleet, one after another; each is opened when it is its turn if the iterator is lazy.
/// A file that cannot be opened or read is a finding, and the next one follows. Of two files with the same name the
/// second is called `name (2)`, so that the name and line of a row are its own.
///
/// ```
/// use std::fs::File;
/// use partner_center_devices_fleet::{Fleet, read_all};
///
/// let files = ["berlin.csv", "paris.csv"].into_iter().map(|path| (path, File::open(path)));
/// let fleet = Fleet::check(read_all(files));
/// assert_eq!(fleet.findings().len(), 2); // neither is there
/// assert!(fleet.findings()[1].to_string().starts_with("paris.csv: error: the file cannot be opened: "));
/// ```
pub fn read_all<R: Read, S: Into<Arc<str>>>(
    files: impl IntoIterator<Item = (S, io::Result<R>)>,
) -> impl Iterator<Item = InputItem> {
    let mut seen: HashMap<Arc<str>, u32> = HashMap::new();
    files.into_iter().flat_map(move |(name, file)| {
        let mut source: Arc<str> = name.into();
        let count = seen.entry(Arc::clone(&source)).or_default();
        *count += 1;
        if *count > 1 {
            source = format!("{source} ({count})").into();
        }
        let (reader, refused) = match file {
            Ok(reader) => (Some(read(reader, source)), None),
            Err(error) => {
                let message = format!("the file cannot be opened: {error}");
                (None, Some(Finding::new(&source, None, Rule::Unreadable, message)))
            }
        };
        refused.map(InputItem::Finding).into_iter().chain(reader.into_iter().flatten())
    })
}

/// The rows of one file, made by [`read`].
pub struct RowReader<R> {
    source: Arc<str>,
    /// Given out before anything more is read.
    queue: VecDeque<InputItem>,
    state: State<R>,
}

enum State<R> {
    Start(R),
    Rows(Box<Rows<R>>),
    Over,
}

impl<R: Read> Iterator for RowReader<R> {
    type Item = InputItem;

    fn next(&mut self) -> Option<InputItem> {
        loop {
            if let Some(entry) = self.queue.pop_front() {
                return Some(entry);
            }
            match std::mem::replace(&mut self.state, State::Over) {
                State::Start(reader) => match Rows::open(reader, &self.source, &mut self.queue) {
                    Ok(rows) => self.state = State::Rows(Box::new(rows)),
                    Err(finding) => self.queue.push_back(InputItem::Finding(finding)),
                },
                State::Rows(mut rows) => match rows.next(&self.source, &mut self.queue) {
                    Ok(Some(row)) if self.queue.is_empty() => {
                        self.state = State::Rows(rows);
                        return Some(InputItem::Row(row));
                    }
                    Ok(Some(row)) => {
                        self.state = State::Rows(rows);
                        self.queue.push_back(InputItem::Row(row));
                    }
                    Ok(None) if rows.empty => {
                        let message = "the file has a header and no device below it";
                        let finding = Finding::new(&self.source, None, Rule::EmptyFile, message);
                        self.queue.push_back(InputItem::Finding(finding));
                    }
                    Ok(None) => {}
                    Err(finding) => self.queue.push_back(InputItem::Finding(finding)),
                },
                State::Over => return None,
            }
        }
    }
}

impl<R> fmt::Debug for RowReader<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RowReader").field("source", &self.source).finish_non_exhaustive()
    }
}

type Lines<R> = io::Chain<Text<R>, &'static [u8]>;

struct Rows<R> {
    csv: csv::Reader<Lines<R>>,
    separator: u8,
    header: Arc<Header>,
    record: ByteRecord,
    encoding: Encoding,
    /// What was said of a column, so that it is said once.
    noted: Vec<(Rule, usize)>,
    /// No row has been seen yet.
    empty: bool,
}

impl<R: Read> Rows<R> {
    /// Looks at the first bytes and reads the header.
    fn open(
        reader: R,
        source: &Arc<str>,
        queue: &mut VecDeque<InputItem>,
    ) -> Result<Self, Finding> {
        let opened = Opened::open(reader, |start| header::layout(start, false).is_sure);
        let Opened { text, is_utf8, note } =
            opened.map_err(|(rule, message)| Finding::new(source, None, rule, message))?;
        if let Some((rule, message)) = note {
            queue.push_back(InputItem::Finding(Finding::new(source, None, rule, message)));
        }
        let separator = header::layout(text.start(), true).separator;
        // Every record shall end with a line feed that is read with it, so that lines can be counted: a last one
        // is added, and the return of a CRLF is only a blank at the end of the last cell.
        let csv = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(separator)
            .terminator(Terminator::Any(b'\n'))
            .buffer_capacity(1 << 16)
            .from_reader(text.chain(&b"\n"[..]));
        let mut rows = Self {
            csv,
            separator,
            header: Arc::default(),
            record: ByteRecord::new(),
            encoding: Encoding::new(is_utf8),
            noted: Vec::new(),
            empty: true,
        };

        let mut titles: Vec<(u64, String)> = Vec::new();
        while let Some(line) = rows.next_filled(source, queue)? {
            let mut find = |line, rule, message: String| {
                queue.push_back(InputItem::Finding(Finding::new(
                    source,
                    Some(line),
                    rule,
                    message,
                )));
            };
            match header::extra(&rows.record) {
                Some(Extra::Separator) => continue,
                Some(Extra::Line(what)) => {
                    find(line, Rule::ExtraLine, skipped(what));
                    continue;
                }
                None => {}
            }
            if header::known(&rows.record) > usize::from(!titles.is_empty()) {
                for (line, _) in titles {
                    find(line, Rule::ExtraLine, skipped("a title"));
                }
                let (header, findings) = Header::read(&rows.record, line, source);
                rows.header = Arc::new(header);
                queue.extend(findings.into_iter().map(InputItem::Finding));
                return Ok(rows);
            }
            titles.push((line, header::unknown(&rows.record)));
            if titles.len() > header::TITLES || !header::is_title(&rows.record) {
                break;
            }
        }
        Err(match titles.into_iter().next() {
            Some((line, message)) => Finding::new(source, Some(line), Rule::UnknownHeader, message),
            None => Finding::new(source, None, Rule::EmptyFile, "the file is empty"),
        })
    }

    fn next(
        &mut self,
        source: &Arc<str>,
        queue: &mut VecDeque<InputItem>,
    ) -> Result<Option<Row>, Finding> {
        loop {
            let Some(line) = self.next_filled(source, queue)? else { return Ok(None) };
            let mut find = |rule, message| {
                queue.push_back(InputItem::Finding(Finding::new(
                    source,
                    Some(line),
                    rule,
                    message,
                )));
            };
            if header::is_again(&self.record) {
                let (header, findings) = Header::read(&self.record, line, source);
                if header.is_like(&self.header) {
                    find(
                        Rule::RepeatedHeader,
                        "the line is the header again; it is skipped".into(),
                    );
                } else {
                    let message = "the line is another header: the rows below it are read by it";
                    find(Rule::RepeatedHeader, message.into());
                    self.header = Arc::new(header);
                    self.noted.clear();
                    queue.extend(findings.into_iter().map(InputItem::Finding));
                }
                continue;
            }
            match header::extra(&self.record) {
                Some(Extra::Separator) => {}
                Some(Extra::Line(what)) => find(Rule::ExtraLine, skipped(what)),
                None => {
                    self.empty = false;
                    let origin = Origin { source: Arc::clone(source), line };
                    return Ok(Some(self.row(origin, queue)));
                }
            }
        }
    }

    /// Reads on to the next record with a filled cell; the line it starts in, or `None` at the end.
    fn next_filled(
        &mut self,
        source: &Arc<str>,
        queue: &mut VecDeque<InputItem>,
    ) -> Result<Option<u64>, Finding> {
        let Self { csv, record, .. } = self;
        loop {
            let before = csv.position().line();
            let more = csv
                .read_byte_record(record)
                .map_err(|error| unreadable(source, Some(before), &error))?;
            if !more {
                return Ok(None);
            }
            let is_filled = record.iter().any(is_filled);
            let first = record.get(0).unwrap_or_default();
            let is_marked = first.starts_with("\u{FEFF}".as_bytes());
            let is_zero = !is_filled && first.len() > 1 && first.contains(&0);
            if !(is_filled || is_marked || is_zero) {
                continue;
            }
            // The record's own position is that of the empty lines before it. Its end is sure: one line feed
            // ends it, and those within it are in its cells. A quote left open has no such end.
            let end = csv.position().line();
            let line = if end == before + 1 {
                before
            } else {
                let within = record.as_slice().iter().filter(|byte| **byte == b'\n').count();
                end.saturating_sub(within as u64 + 1).max(before)
            };
            let mut find = |rule, message: &str| {
                queue.push_back(InputItem::Finding(Finding::new(
                    source,
                    Some(line),
                    rule,
                    message,
                )));
            };
            if is_marked {
                find(
                    Rule::ByteOrderMark,
                    "a byte order mark is before the line: files were joined here",
                );
            }
            if is_zero {
                find(Rule::ZeroBytes, "the line is nothing but zero bytes: what was there is lost");
            }
            if is_filled {
                return Ok(Some(line));
            }
        }
    }

    /// The record as a row. What is said once of the file goes to `queue`.
    fn row(&mut self, origin: Origin, queue: &mut VecDeque<InputItem>) -> Row {
        let mut findings = Vec::new();
        if let Some(other) = other_separator(&self.record, self.header.holds.len(), self.separator)
        {
            let message = format!(
                "the row is separated by {}, and the header by {}",
                header::called(other),
                header::called(self.separator)
            );
            findings.push(Finding::at(&origin, Rule::MixedSeparators, message));
            self.record = split(&self.record, self.separator, other);
        } else if let Some((rule, message)) = misplaced(&self.record, &self.header) {
            findings.push(Finding::at(&origin, rule, message));
        }
        let Self { record, header, encoding, noted, .. } = self;
        let judged = encoding.judge(record, header);
        if let Some((rule, place)) = judged.news(record, header) {
            let name = &place.name;
            let message = match rule {
                Rule::Windows1252 => format!(
                    "\"{name}\" is not UTF-8: this row and those like it are read as Windows-1252"
                ),
                _ => format!("\"{name}\" is UTF-8, and rows before it were not"),
            };
            let finding = Finding::at(&origin, rule, message).in_column(name);
            queue.push_back(InputItem::Finding(finding));
        }
        let mut cells = Cells { origin: &origin, judged, findings: &mut findings, noted, queue };
        let mut value = |place: &Option<Place>| {
            let place = place.as_ref()?;
            let cell = trim(record.get(place.at)?);
            cells.value(cell, place, false)
        };
        let [serial_number, product_key, hash, manufacturer, model] = &header.places;
        let (serial_number, product_key) = (value(serial_number), value(product_key));
        let (manufacturer, model) = (value(manufacturer), value(model));
        let customer = value(&header.customer).map(Into::into);
        let group_tag = value(&header.group_tag).map(Into::into);
        let device_id = value(&header.device_id).map(Into::into);
        let hardware_hash = hash.as_ref().and_then(|place| {
            let cell = trim(record.get(place.at)?);
            cells.value(cell, place, true).map(HardwareHash::new)
        });
        let fields =
            IdentityFields { hardware_hash, product_key, serial_number, manufacturer, model };
        let header = Arc::clone(header);
        Row { origin, fields, findings, customer, group_tag, device_id, header }
    }
}

fn skipped(what: &str) -> String {
    format!("the line is {what} and no device; it is skipped")
}

/// Whether a cell holds more than blanks of any kind.
fn is_filled(cell: &[u8]) -> bool {
    let cell = trim(cell);
    match cell.first() {
        None => false,
        Some(first) if first.is_ascii_graphic() => true,
        Some(_) => !String::from_utf8_lossy(cell).trim().is_empty(),
    }
}

fn unreadable(source: &Arc<str>, line: Option<u64>, error: &dyn fmt::Display) -> Finding {
    Finding::new(source, line, Rule::Unreadable, format!("the file cannot be read: {error}"))
}

/// How long a serial number, a key or a name may be, in bytes. Texts of the firmware are far shorter, and a hash is
/// far longer.
const LONGEST_NAME: usize = 256;

/// What is needed to make values of the cells of one row.
struct Cells<'a> {
    origin: &'a Origin,
    judged: Judged,
    findings: &'a mut Vec<Finding>,
    noted: &'a mut Vec<(Rule, usize)>,
    queue: &'a mut VecDeque<InputItem>,
}

impl Cells<'_> {
    /// The value of a trimmed cell.
    fn value(&mut self, cell: &[u8], place: &Place, is_hash: bool) -> Option<String> {
        if cell.is_empty() {
            return None;
        }
        // Nearly all of them.
        let least = if is_hash { b'!' } else { b' ' };
        if (is_hash || cell.len() <= LONGEST_NAME) && is_plain(cell, least) {
            return std::str::from_utf8(cell).ok().map(str::to_owned);
        }
        let name = &place.name;
        if cell::is_utf16(cell) {
            self.find(Rule::NotUtf8, place, format!("\"{name}\" is UTF-16 in a file that is not"));
            return None;
        }
        let text = self.judged.text(cell);
        if self.judged == Judged::Broken && std::str::from_utf8(cell).is_err() {
            self.find(Rule::NotUtf8, place, format!("\"{name}\" is not UTF-8"));
        } else if text.contains(char::REPLACEMENT_CHARACTER) {
            let message = format!("\"{name}\" has lost a character where it was converted");
            self.find(Rule::NotUtf8, place, message);
        }
        let (mut text, wrapping) = cell::unwrap(text.trim());
        if let Some(rule) = wrapping {
            let what = match rule {
                Rule::FormulaQuotes => "a formula (=\"…\")",
                Rule::LeadingApostrophe => "an apostrophe before it",
                _ => "quotation marks of its own",
            };
            let message = format!("\"{name}\" has a value with {what}; such signs are taken off");
            self.note(rule, place, message);
        }
        if is_hash && let Some(whole) = cell::unbroken(&text) {
            let message =
                format!("\"{name}\" has blanks or line breaks within; such are taken out");
            self.note(Rule::WrappedHash, place, message);
            text = whole.into();
        }
        if text.contains('\n') {
            let message = format!("\"{name}\" goes on for {} lines", text.lines().count());
            self.find(Rule::LineBreak, place, message);
        }
        // Of more than one line only the first is of use to recognise the row.
        let text = text.lines().next()?.trim();
        if !is_hash && text.len() > LONGEST_NAME {
            let message = format!(
                "\"{name}\" has a value of {} characters: does a hardware hash stand in its place?",
                text.chars().count()
            );
            self.find(Rule::LongValue, place, message);
            return None; // a hash is not shown, and this could be one
        }
        if let Some((at, hidden)) = text.chars().enumerate().find(|(_, c)| is_hidden(*c)) {
            let (at, code) = (at + 1, u32::from(hidden));
            let message = format!(
                "\"{name}\" has a character that cannot be seen: U+{code:04X}, character {at}"
            );
            self.find(Rule::ControlCharacter, place, message);
            return None; // not even to recognise the row: it would reach a terminal
        }
        if cell::is_open(text) {
            let message = format!(
                "\"{name}\" opens a quotation mark and does not close it: is what follows a part of the value?"
            );
            self.find(Rule::ShiftedCells, place, message);
        }
        let is_odd = |c: char| c.is_whitespace() && c != ' ';
        if text.contains(is_odd) {
            let message =
                format!("\"{name}\" has a blank that is no ordinary one; such become ordinary");
            self.note(Rule::OddBlank, place, message);
            return Some(text.replace(is_odd, " "));
        }
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// About this row.
    fn find(&mut self, rule: Rule, place: &Place, message: String) {
        self.findings.push(Finding::at(self.origin, rule, message).in_column(&place.name));
    }

    /// About this row and those like it, once.
    fn note(&mut self, rule: Rule, place: &Place, message: String) {
        if !self.noted.contains(&(rule, place.at)) {
            self.noted.push((rule, place.at));
            let finding = Finding::at(self.origin, rule, message).in_column(&place.name);
            self.queue.push_back(InputItem::Finding(finding));
        }
    }
}

/// What seems to separate the cells of a row that has too few of them.
fn other_separator(record: &ByteRecord, width: usize, separator: u8) -> Option<u8> {
    if record.len() >= width {
        return None;
    }
    let text = record.as_slice();
    let cells = |other: &u8| 1 + text.iter().filter(|byte| *byte == other).count();
    header::SEPARATORS
        .into_iter()
        .filter(|other| *other != separator && text.contains(other))
        .find(|other| cells(other) > record.len() && (cells(other) == width || cells(other) > 2))
}

/// The record, cut at `other`: what it would have been.
fn split(record: &ByteRecord, separator: u8, other: u8) -> ByteRecord {
    let cells: Vec<_> = record.iter().collect();
    let line = cells.join(&separator);
    line.split(|byte| *byte == other).collect()
}

/// Whether the cells of a row seem to stand in the wrong columns, because of a comma within a value.
fn misplaced(record: &ByteRecord, header: &Header) -> Option<(Rule, String)> {
    let is_filled = |place: usize| record.get(place).is_some_and(is_filled);
    let width = header.holds.len();
    let holds = |place: usize| header.holds.get(place) == Some(&true);
    if let Some(place) = (0..record.len()).find(|&place| is_filled(place) && !holds(place)) {
        let message = if place < width {
            format!("cell {} has a value, and its column has no name", place + 1)
        } else {
            format!("the row has {} cells and the header {width}", record.len())
        };
        return Some((Rule::TooManyCells, message));
    }

    let room = !is_filled(header.last) || record.len() > width;
    let blank = |place: usize| record.get(place).is_some_and(|cell| cell.starts_with(b" "));
    let mut values = (1..record.len()).filter(|&place| is_filled(place));
    // A blank after every comma is a way to write.
    if !room || values.clone().all(blank) {
        return None;
    }
    let place = values.find(|&place| blank(place) && is_filled(place - 1))?;
    let message = format!(
        "cell {} begins with a blank and the last column is empty: is the comma before it part of a value?",
        place + 1
    );
    Some((Rule::ShiftedCells, message))
}

#[cfg(test)]
mod tests;
