//! From bytes to rows. Decides what a file is, which of its columns is which, and what counts as an empty
//! cell or row. What the values are worth is for `check`.
//!
//! The layout is Partner Center's (<https://learn.microsoft.com/partner-center/autopilot>):
//! `Device Serial Number,Windows Product ID,Hardware Hash,Manufacturer name,Device model`.

use std::collections::VecDeque;
use std::fmt;
use std::io::{self, Cursor, Read};
use std::sync::Arc;

use csv::{ByteRecord, ReaderBuilder, Terminator};
use encoding_rs_io::{DecodeReaderBytes, DecodeReaderBytesBuilder};
use partner_center_devices::{HardwareHash, IdentityFields};

use crate::finding::{Finding, Origin, Rule};

/// A row of a file that has at least one filled cell, blanks around the values cut.
#[derive(Clone, Debug)]
pub struct Row {
    pub(crate) origin: Origin,
    pub(crate) fields: IdentityFields,
    /// What is wrong with the row as text. A row with an error here keeps its values only to be shown.
    pub(crate) findings: Vec<Finding>,
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

    /// What is wrong with the row as text.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// How the file spells this column's name.
    pub(crate) fn column(&self, field: Field) -> &str {
        self.header.names[field as usize].as_deref().unwrap_or(field.name())
    }
}

/// What a [`Reader`] gives.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Entry {
    /// A row.
    Row(Row),
    /// Something about the whole file. After one of severity `Error` nothing follows.
    Finding(Finding),
}

/// Reads rows one after another, holding one of them at a time. `source` is how findings and reports name
/// the file.
///
/// Headers match without regard to case, blanks or punctuation, in any order, and by common other names.
/// Text is UTF-8, with or without byte order mark, or UTF-16 with one; lines end with LF, CRLF or CR; empty
/// rows are skipped.
///
/// ```
/// use partner_center_devices_fleet::{Entry, read};
///
/// let csv = "Hardware hash,Serial Number,Order\n\nT0E=,4PX12X3,77\n";
/// let entries: Vec<Entry> = read(csv.as_bytes(), "vendor.csv").collect();
/// let [Entry::Finding(note), Entry::Row(row)] = &entries[..] else { panic!() };
/// assert_eq!(note.rule().id(), "ignored-column");
/// assert_eq!(row.origin().to_string(), "vendor.csv:3");
/// assert_eq!(row.fields().serial_number.as_deref(), Some("4PX12X3"));
/// ```
pub fn read<R: Read>(reader: R, source: impl Into<Arc<str>>) -> Reader<R> {
    Reader { source: source.into(), findings: VecDeque::new(), state: State::Start(reader) }
}

/// The rows of one file, made by [`read`].
pub struct Reader<R> {
    source: Arc<str>,
    /// About the header; given out before the first row.
    findings: VecDeque<Finding>,
    state: State<R>,
}

enum State<R> {
    Start(R),
    Rows(Box<Rows<R>>),
    Over,
}

impl<R: Read> Iterator for Reader<R> {
    type Item = Entry;

    fn next(&mut self) -> Option<Entry> {
        loop {
            if let Some(finding) = self.findings.pop_front() {
                return Some(Entry::Finding(finding));
            }
            match std::mem::replace(&mut self.state, State::Over) {
                State::Start(reader) => match Rows::open(reader, &self.source) {
                    Ok((rows, findings)) => {
                        self.state = State::Rows(Box::new(rows));
                        self.findings.extend(findings);
                    }
                    Err(finding) => return Some(Entry::Finding(finding)),
                },
                State::Rows(mut rows) => match rows.next(&self.source) {
                    Ok(Some(row)) => {
                        self.state = State::Rows(rows);
                        return Some(Entry::Row(row));
                    }
                    Ok(None) if rows.empty => {
                        let message = "the file has a header and no device below it";
                        return Some(Entry::Finding(Finding::new(
                            &self.source,
                            None,
                            Rule::EmptyFile,
                            message,
                        )));
                    }
                    Ok(None) => return None,
                    Err(finding) => return Some(Entry::Finding(finding)),
                },
                State::Over => return None,
            }
        }
    }
}

impl<R> fmt::Debug for Reader<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader").field("source", &self.source).finish_non_exhaustive()
    }
}

type Text<R> = DecodeReaderBytes<io::Chain<Cursor<Vec<u8>>, R>, Vec<u8>>;
type Lines<R> = io::Chain<LineFeeds<Text<R>>, &'static [u8]>;

struct Rows<R> {
    csv: csv::Reader<Lines<R>>,
    header: Arc<Header>,
    record: ByteRecord,
    /// No row has been seen yet.
    empty: bool,
}

impl<R: Read> Rows<R> {
    /// Looks at the first bytes and reads the header.
    fn open(mut reader: R, source: &Arc<str>) -> Result<(Self, Vec<Finding>), Finding> {
        let whole = |rule, message: String| Finding::new(source, None, rule, message);
        let mut start = Vec::with_capacity(8);
        reader
            .by_ref()
            .take(8)
            .read_to_end(&mut start)
            .map_err(|error| unreadable(source, None, &error))?;
        if let Some((rule, message)) = foreign(&start) {
            return Err(whole(rule, message.to_owned()));
        }
        // UTF-8 goes through as it is, so that a cell which is none can be named; UTF-16 becomes UTF-8.
        let text = DecodeReaderBytesBuilder::new()
            .utf8_passthru(true)
            .strip_bom(true)
            .build(Cursor::new(start).chain(reader));
        let lines = LineFeeds::new(text).map_err(|error| unreadable(source, None, &error))?;
        // Every record shall end with a line feed that is read with it, so that lines can be counted: a last one
        // is added, and the return of a CRLF is only a blank at the end of the last cell.
        let lines = lines.chain(&b"\n"[..]);
        let mut csv = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .terminator(Terminator::Any(b'\n'))
            .buffer_capacity(1 << 16)
            .from_reader(lines);
        let mut record = ByteRecord::new();
        let Some(line) = next_filled(&mut csv, &mut record, source)? else {
            return Err(whole(Rule::EmptyFile, "the file is empty".to_owned()));
        };
        let names: Vec<_> =
            record.iter().map(|cell| String::from_utf8_lossy(cell).trim().to_owned()).collect();
        let (header, findings) = Header::read(&names, line, source)?;
        Ok((Self { csv, header: Arc::new(header), record, empty: true }, findings))
    }

    fn next(&mut self, source: &Arc<str>) -> Result<Option<Row>, Finding> {
        let Some(line) = next_filled(&mut self.csv, &mut self.record, source)? else {
            return Ok(None);
        };
        self.empty = false;
        let origin = Origin { source: Arc::clone(source), line };
        Ok(Some(row(&self.record, &self.header, origin)))
    }
}

/// What ends the lines of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum LineEnd {
    /// LF or CRLF. A return elsewhere is none: to cut a row there could make another device of its half.
    Feed,
    /// CR, as old programs of the Macintosh write it.
    Return,
}

/// What the first line end of a text is; `None` if that needs more text.
fn line_end(text: &[u8]) -> Option<LineEnd> {
    let end = text.iter().position(|byte| matches!(byte, b'\r' | b'\n'))?;
    // More than one return before the feed comes from a file that was converted twice.
    let after = text[end..].iter().find(|byte| **byte != b'\r')?;
    Some(if *after == b'\n' { LineEnd::Feed } else { LineEnd::Return })
}

/// How far the first line end is looked for. No header is that long.
const LONGEST_LINE: usize = 1 << 16;

/// A text whose lines end with LF or CRLF, whatever ended them before.
struct LineFeeds<R> {
    text: io::Chain<Cursor<Vec<u8>>, R>,
    end: LineEnd,
    /// The last byte was a return, which became a feed: one that follows is the rest of it.
    returned: bool,
}

impl<R: Read> LineFeeds<R> {
    /// Reads up to the first line end.
    fn new(mut text: R) -> io::Result<Self> {
        let mut start = Vec::new();
        let mut part = [0; 4096];
        let end = loop {
            if let Some(end) = line_end(&start) {
                break end;
            }
            let read = match text.read(&mut part) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                read => read?,
            };
            if read == 0 || start.len() > LONGEST_LINE {
                start.extend_from_slice(&part[..read]);
                break LineEnd::Feed;
            }
            start.extend_from_slice(&part[..read]);
        };
        Ok(Self { text: Cursor::new(start).chain(text), end, returned: false })
    }
}

impl<R: Read> Read for LineFeeds<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.text.read(buffer)?;
            if read == 0 || self.end == LineEnd::Feed {
                return Ok(read);
            }
            let kept = feeds(&mut buffer[..read], &mut self.returned);
            if kept > 0 {
                return Ok(kept);
            }
        }
    }
}

/// Makes a feed of each CR and each CRLF, in place. Gives the new length.
fn feeds(text: &mut [u8], returned: &mut bool) -> usize {
    let mut kept = 0;
    for place in 0..text.len() {
        let byte = text[place];
        if byte == b'\n' && std::mem::take(returned) {
            continue;
        }
        *returned = byte == b'\r';
        text[kept] = if *returned { b'\n' } else { byte };
        kept += 1;
    }
    kept
}

/// Reads on to the next record with a filled cell; the line it starts in, or `None` at the end.
fn next_filled<R: Read>(
    csv: &mut csv::Reader<R>,
    record: &mut ByteRecord,
    source: &Arc<str>,
) -> Result<Option<u64>, Finding> {
    loop {
        let before = csv.position().line();
        let more = csv
            .read_byte_record(record)
            .map_err(|error| unreadable(source, Some(before), &error))?;
        if !more {
            return Ok(None);
        }
        if record.iter().any(filled) {
            // The record's own position is that of the empty lines before it. Its end is sure: one line feed
            // ends it, and those within it are in its cells. A quote left open has no such end.
            let within = record.as_slice().iter().filter(|byte| **byte == b'\n').count() as u64;
            let line = csv.position().line().saturating_sub(within + 1);
            return Ok(Some(line.max(before)));
        }
    }
}

fn filled(cell: &[u8]) -> bool {
    !cell.trim_ascii().is_empty()
}

fn unreadable(source: &Arc<str>, line: Option<u64>, error: &dyn fmt::Display) -> Finding {
    Finding::new(source, line, Rule::Unreadable, format!("the file cannot be read: {error}"))
}

/// What the first bytes give away, if they are those of no text that can be read here.
fn foreign(start: &[u8]) -> Option<(Rule, &'static str)> {
    match start {
        [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] => {
            Some((Rule::Utf16, "the file is UTF-32; only UTF-8 and UTF-16 can be read"))
        }
        // Every letter of the header has a zero byte beside it.
        [0, _, ..] | [_, 0, ..] => {
            Some((Rule::Utf16, "the file is UTF-16 without the byte order mark that says so"))
        }
        [b'P', b'K', 3, 4, ..] => Some((Rule::Workbook, "the file is an Excel workbook, not CSV")),
        [0xD0, 0xCF, 0x11, 0xE0, ..] => {
            Some((Rule::Workbook, "the file is an old Excel workbook, not CSV"))
        }
        _ => None,
    }
}

/// What a known column holds. The order is that of [`Header`]'s arrays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    SerialNumber,
    ProductKey,
    HardwareHash,
    Manufacturer,
    Model,
}

impl Field {
    const ALL: [Self; 5] =
        [Self::SerialNumber, Self::ProductKey, Self::HardwareHash, Self::Manufacturer, Self::Model];

    /// The name in Partner Center's layout.
    fn name(self) -> &'static str {
        match self {
            Self::SerialNumber => "Device Serial Number",
            Self::ProductKey => "Windows Product ID",
            Self::HardwareHash => "Hardware Hash",
            Self::Manufacturer => "Manufacturer name",
            Self::Model => "Device model",
        }
    }

    /// The names it goes by, letters and digits only.
    fn aliases(self) -> &'static [&'static str] {
        match self {
            Self::SerialNumber => &["deviceserialnumber", "serialnumber", "serial"],
            Self::ProductKey => &[
                "windowsproductid",
                "productid",
                "productkey",
                "windowsproductkey",
                "productkeyid",
                "pkid",
            ],
            Self::HardwareHash => {
                &["hardwarehash", "devicehardwarehash", "hash", "hardwareidentifier"]
            }
            Self::Manufacturer => {
                &["manufacturername", "manufacturer", "oemmanufacturername", "make"]
            }
            Self::Model => &["devicemodel", "model", "modelname"],
        }
    }
}

/// What a header's name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Known(Field),
    GroupTag,
    /// Without a name: mostly commas at the end of each line.
    Nameless,
    Other,
}

fn column(name: &str) -> Column {
    let name: String =
        name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    match name.as_str() {
        "" => Column::Nameless,
        "grouptag" | "ordertag" | "orderid" => Column::GroupTag,
        name => Field::ALL
            .into_iter()
            .find(|field| field.aliases().contains(&name))
            .map_or(Column::Other, Column::Known),
    }
}

/// Which cell of a record is what.
#[derive(Debug)]
struct Header {
    /// The place of each [`Field`].
    places: [Option<usize>; 5],
    /// The name of each [`Field`], as the file spells it, fit for a message.
    names: [Option<Box<str>>; 5],
    /// For each column whether it may hold a value. One without a name may not: a comma within a value moves
    /// those behind it to the right, and there they would end. Before the first known column nothing moves.
    holds: Vec<bool>,
    /// The last column with a name.
    last: usize,
}

impl Header {
    fn read(
        names: &[String],
        line: u64,
        source: &Arc<str>,
    ) -> Result<(Self, Vec<Finding>), Finding> {
        let mut header =
            Self { places: [None; 5], names: Default::default(), holds: Vec::new(), last: 0 };
        let mut findings = Vec::new();
        for (place, name) in names.iter().enumerate() {
            let shown = shorten(name);
            let mut find = |rule, message| {
                findings.push(Finding::new(source, Some(line), rule, message).in_column(&shown));
            };
            let column = column(name);
            let nameless = column == Column::Nameless;
            header.holds.push(!nameless || header.places.iter().all(Option::is_none));
            if !nameless {
                header.last = place;
            }
            match column {
                Column::Known(field) if header.places[field as usize].is_none() => {
                    header.places[field as usize] = Some(place);
                    header.names[field as usize] = Some(shown.as_str().into());
                }
                Column::Known(field) => find(
                    Rule::RepeatedColumn,
                    format!(
                        "the column \"{shown}\" is a second one for \"{}\"; it is not used",
                        field.name()
                    ),
                ),
                Column::GroupTag => find(
                    Rule::GroupTag,
                    format!(
                        "the column \"{shown}\" is ignored: the name of the batch becomes the group tag"
                    ),
                ),
                Column::Nameless => {}
                Column::Other => {
                    find(Rule::IgnoredColumn, format!("the column \"{shown}\" is ignored"))
                }
            }
        }
        if header.places.iter().any(Option::is_some) {
            return Ok((header, findings));
        }
        let first: Vec<_> =
            names.iter().take(5).map(|name| format!("\"{}\"", shorten(name))).collect();
        let mut message =
            format!("the first line names no column that is known: {}", first.join(", "));
        if let [only] = names
            && only.contains([';', '\t'])
        {
            message.push_str("; columns must be separated by commas");
        }
        Err(Finding::new(source, Some(line), Rule::UnknownHeader, message))
    }
}

/// A name fit for a message. A file without header has values in its place, hardware hashes among them.
fn shorten(name: &str) -> String {
    let name = name.replace(is_hidden, " ");
    match name.char_indices().nth(30) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name,
    }
}

/// Whether a character shows nothing, or changes how others are shown: controls of a terminal, signs without
/// width, and those that turn the direction of writing.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

/// A record as a row.
fn row(record: &ByteRecord, header: &Arc<Header>, origin: Origin) -> Row {
    let mut findings = Vec::new();
    if let Some((rule, message)) = misplaced(record, header) {
        findings.push(Finding::at(&origin, rule, message));
    }
    let mut value = |field: Field| {
        let cell = record.get(header.places[field as usize]?)?;
        let name = header.names[field as usize].as_deref().unwrap_or(field.name());
        let mut find = |rule, message| {
            findings.push(Finding::at(&origin, rule, message).in_column(name));
        };
        let text = String::from_utf8_lossy(cell);
        if std::str::from_utf8(cell).is_err() {
            find(Rule::NotUtf8, format!("\"{name}\" is not UTF-8"));
        } else if text.contains(char::REPLACEMENT_CHARACTER) {
            find(Rule::NotUtf8, format!("\"{name}\" has lost a character where it was converted"));
        }
        let text = text.trim();
        if text.contains('\n') {
            find(Rule::LineBreak, format!("\"{name}\" goes on for {} lines", text.lines().count()));
        }
        // Of more than one line only the first is of use to recognise the row.
        let text = text.lines().next()?.trim();
        if let Some((place, hidden)) = text.chars().enumerate().find(|(_, c)| is_hidden(*c)) {
            let (place, code) = (place + 1, u32::from(hidden));
            let message = format!(
                "\"{name}\" has a character that cannot be seen: U+{code:04X}, character {place}"
            );
            find(Rule::ControlCharacter, message);
            return None; // not even to recognise the row: it would reach a terminal
        }
        (!text.is_empty()).then(|| text.to_owned())
    };
    let fields = IdentityFields {
        hardware_hash: value(Field::HardwareHash).map(HardwareHash::new),
        product_key: value(Field::ProductKey),
        serial_number: value(Field::SerialNumber),
        manufacturer: value(Field::Manufacturer),
        model: value(Field::Model),
    };
    Row { origin, fields, findings, header: Arc::clone(header) }
}

/// Whether the cells of a row seem to stand in the wrong columns, because of a comma within a value.
fn misplaced(record: &ByteRecord, header: &Header) -> Option<(Rule, String)> {
    let is_filled = |place: usize| record.get(place).is_some_and(filled);
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
mod tests {
    use super::*;

    const HEADER: &str =
        "Device Serial Number,Windows Product ID,Hardware Hash,Manufacturer name,Device model\n";

    /// Rows as `line serial|key|hash|manufacturer|model [rules]`, findings as `rule@line`.
    fn shown(bytes: &[u8]) -> Vec<String> {
        read(bytes, "f.csv")
            .map(|entry| match entry {
                Entry::Row(row) => {
                    let f = &row.fields;
                    let hash = f.hardware_hash.as_ref().map(|hash| hash.expose().to_owned());
                    let cells =
                        [&f.serial_number, &f.product_key, &hash, &f.manufacturer, &f.model];
                    let cells: Vec<_> =
                        cells.iter().map(|cell| cell.as_deref().unwrap_or_default()).collect();
                    let rules: Vec<_> =
                        row.findings.iter().map(|finding| finding.rule().id()).collect();
                    format!("{} {} {}", row.origin.line, cells.join("|"), rules.join(" "))
                        .trim_end()
                        .to_owned()
                }
                Entry::Finding(finding) => match finding.line() {
                    Some(line) => format!("{}@{line}", finding.rule()),
                    None => finding.rule().to_string(),
                },
            })
            .collect()
    }

    #[test]
    fn rows_keep_their_values_and_lines() {
        for (what, text, expected) in [
            ("plain", "S1,K1,H1,M1,N1\nS2,,,M2,N2\n", vec!["2 S1|K1|H1|M1|N1", "3 S2|||M2|N2"]),
            ("CRLF", "S1,,,M1,N1\r\nS2,,,M2,N2\r\n", vec!["2 S1|||M1|N1", "3 S2|||M2|N2"]),
            ("no last line end", "S1,,,M1,N1\nS2,,,M2,N2", vec!["2 S1|||M1|N1", "3 S2|||M2|N2"]),
            (
                "CRLF, no last line end",
                "S1,,,M1,N1\r\nS2,,,M2,N2",
                vec!["2 S1|||M1|N1", "3 S2|||M2|N2"],
            ),
            (
                "blank lines",
                "\n\nS1,,,M1,N1\n\n \n,,,,\nS2,,,M2,N2\n\n",
                vec!["4 S1|||M1|N1", "8 S2|||M2|N2"],
            ),
            (
                "blank CRLF lines",
                "\r\n\r\nS1,,,M1,N1\r\n\r\nS2\r\n",
                vec!["4 S1|||M1|N1", "6 S2||||"],
            ),
            (
                "quotes",
                "\"S1\",,,\"Dell, Inc.\",\"15\"\" X\"\r\n",
                vec!["2 S1|||Dell, Inc.|15\" X"],
            ),
            ("blanks around", " S1 ,\t,,M1\u{a0}, N 1 \n", vec!["2 S1|||M1|N 1"]),
            ("missing cells", "S1\nS2,K2\n", vec!["2 S1||||", "3 S2|K2|||"]),
            ("empty cells too many", "S1,,,M1,N1,, \n", vec!["2 S1|||M1|N1"]),
            (
                "shifted",
                "S1,,,Dell, Inc.,N1\nS2\n",
                vec!["2 S1|||Dell|Inc. too-many-cells", "3 S2||||"],
            ),
            (
                "line break in quotes",
                "S1,,,\"M\r\nx\",N1\nS2\n",
                vec!["2 S1|||M|N1 line-break-in-cell", "4 S2||||"],
            ),
            ("open quote", "S1,\"K1,H\nS2\nS3\n", vec!["2 S1|K1,H||| line-break-in-cell"]),
            (
                "a return within",
                "S1,,,M\r,N1\r\nS2,,,M\rx,N2\n",
                vec!["2 S1|||M|N1", "3 S2||||N2 control-character"],
            ),
        ] {
            assert_eq!(shown(format!("{HEADER}{text}").as_bytes()), expected, "{what}");
        }
    }

    #[test]
    fn any_line_end_is_one() {
        let text = "\nSerial,Hash,Make\n\nS1,H1,M1\n,,\nS2,\"H\n2\",M2\nS3,H3,M3";
        let expected = ["4 S1||H1|M1|", "6 S2||H|M2| line-break-in-cell", "8 S3||H3|M3|"];
        for (what, end) in [("LF", "\n"), ("CRLF", "\r\n"), ("CR", "\r"), ("CRCRLF", "\r\r\n")] {
            for last in ["", end] {
                let text = text.replace('\n', end) + last;
                assert_eq!(shown(text.as_bytes()), expected, "{what}");
            }
        }
        for (what, text, expected) in [
            ("CR, then CRLF", "Serial\rS1\r\nS2\r\n", &["2 S1||||", "3 S2||||"][..]),
            ("CR, then LF", "Serial\rS1\nS2\n", &["2 S1||||", "3 S2||||"]),
            ("LF, then CR", "Serial\nS1\rS2\rS3", &["2 |||| control-character"]),
            ("a header alone", "Serial\r", &["empty-file"]),
            ("returns alone", "\r\r\r", &["empty-file"]),
        ] {
            assert_eq!(shown(text.as_bytes()), expected, "{what}");
        }
    }

    #[test]
    fn the_first_line_end_says_what_all_are() {
        use LineEnd::{Feed, Return};
        for (text, expected) in [
            ("", None),
            ("ab", None),
            ("ab\r", None),
            ("ab\r\r", None),
            ("\r\ra", Some(Return)),
            ("a\rb\n", Some(Return)),
            ("a\n\r", Some(Feed)),
            ("a\r\n", Some(Feed)),
            ("a\r\r\n", Some(Feed)),
        ] {
            assert_eq!(line_end(text.as_bytes()), expected, "{text:?}");
        }
    }

    /// Gives its bytes a few at a time, again and again.
    struct Trickle {
        bytes: Vec<u8>,
        given: usize,
        size: usize,
    }

    impl Read for Trickle {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let place = self.given % self.bytes.len();
            let part = &self.bytes[place..self.bytes.len().min(place + self.size)];
            let read = part.len().min(buffer.len());
            buffer[..read].copy_from_slice(&part[..read]);
            self.given += read;
            Ok(read)
        }
    }

    fn utf16(text: &str, little: bool) -> Vec<u8> {
        let bytes = |unit: u16| if little { unit.to_le_bytes() } else { unit.to_be_bytes() };
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn rows_come_before_the_source_ends() {
        let row = "S1,,,Müller 💻,N1\r\n";
        for size in [1, 2, 3, 7, 100_000] {
            for little in [true, false] {
                let start = utf16(&format!("\u{feff}{HEADER}"), little);
                let endless = Trickle { bytes: utf16(row, little), given: 0, size };
                let rows: Vec<_> = read(start.chain(endless), "f.csv").take(5000).collect();
                let Some(Entry::Row(last)) = rows.last() else { panic!("{:?}", rows.last()) };
                assert_eq!((rows.len(), last.origin.line), (5000, 5001));
                assert_eq!(last.fields.manufacturer.as_deref(), Some("Müller 💻"));
            }
            let start = HEADER.trim_end().as_bytes().chain(&b"\r"[..]);
            let endless = Trickle { bytes: b"S1,,,M,N1\r".to_vec(), given: 0, size };
            let rows: Vec<_> = read(start.chain(endless), "f.csv").take(5000).collect();
            let Some(Entry::Row(last)) = rows.last() else { panic!("{:?}", rows.last()) };
            assert_eq!((last.origin.line, last.fields.model.as_deref()), (5001, Some("N1")));
        }
    }

    #[test]
    fn utf16_with_its_mark_is_read_as_utf8_is() {
        let text = format!("\r\n{HEADER}S1,,,Müller,\"N\n1\"\r\n\r\nS2,,H2,,\r\n");
        let expected = ["3 S1|||Müller|N line-break-in-cell", "6 S2||H2||"];
        assert_eq!(shown(text.as_bytes()), expected);
        for little in [true, false] {
            let mut bytes = utf16(&format!("\u{feff}{text}"), little);
            assert_eq!(shown(&bytes), expected);
            // Half a character at the end, and half a pair within.
            bytes.push(b'S');
            assert_eq!(shown(&bytes)[2], "7 \u{fffd}|||| not-utf-8");
            let half =
                [utf16("\u{feff}Serial,Make\nS", little), vec![0xD8, 0xD8], utf16("1,M", little)];
            assert_eq!(shown(&half.concat()), ["2 S\u{fffd}1|||M| not-utf-8"]);
        }
    }

    #[test]
    fn a_comma_within_a_value_does_not_make_another_device() {
        let shift = "too-many-cells";
        let doubt = "shifted-cells";
        for (header, row, rule) in [
            ("Serial,PKID,Hash,Make,Model,,", "S1,,,Dell, Inc.,Latitude 5450", shift),
            ("Serial,PKID,Hash,Make,Model,,", "S1,,,Dell, Inc.,Latitude 5450,,", shift),
            ("Serial,PKID,Hash,Make,Model,,", "S1,,,Dell,Latitude 5450,,x", shift),
            ("Serial,PKID,Hash,Make,Model,,", "S1,,,Dell,Latitude 5450,,", ""),
            ("Serial,PKID,Hash,Make,Model", "S1,,,Dell, Inc.,Latitude 5450", shift),
            ("Serial,Make,,Model", "S1,Dell, Inc.,X", shift),
            // A number of the line, as some tools write it, moves nothing.
            (",Serial,Make,Model", "0,S1,Dell Inc.,X", ""),
            (",Serial,Make,Model", "0,S1,Dell, Inc.,X", shift),
            // No cell is too many, and one was empty.
            ("Serial,PKID,Hash,Make,Model", "S1,,,Dell, Inc.,", doubt),
            ("Serial,PKID,Hash,Make,Model", "S1,,,Dell, Inc.,,", doubt),
            ("Serial,Make,Model,PKID", "S1,Dell, Inc.", doubt),
            ("Serial,Make,Model,PKID", "S1,Dell, Inc.,", doubt),
            ("Serial,Make,Model,Note", "S1,Dell, Inc.,", doubt),
            ("Serial,Make,Model,PKID,", "S1,Dell, Inc.", doubt),
            ("Serial,Make,Model,PKID", "S1,Dell, Inc.,1", ""),
            ("Serial,Make,Model,PKID", "S1,\"Dell, Inc.\",X", ""),
            ("Serial,Make,Model,PKID", "S1,Dell,X", ""),
            ("Serial,Make,PKID,Model", "S1,, X,", ""),
            ("Serial,Make,Model,PKID", " S1,Dell,X", ""),
            ("Serial, Make, Model, PKID", "S1, Dell, X,", ""),
        ] {
            let entries = shown(format!("{header}\n{row}\n").as_bytes());
            let last = entries.last().unwrap();
            let found = last.rsplit_once(['|', ' ']).map(|(_, rule)| rule);
            let found = found.filter(|rule| [shift, doubt].contains(rule)).unwrap_or_default();
            assert_eq!(found, rule, "{header}: {row}: {last}");
        }
    }

    #[test]
    fn what_cannot_be_seen_is_refused_and_not_repeated() {
        for (cell, code) in [
            ("a\u{1b}[31mb", Some("U+001B, character 2")),
            ("a\tb", Some("U+0009, character 2")),
            ("\0a", Some("U+0000, character 1")),
            ("a\u{7f}", Some("U+007F, character 2")),
            ("a\u{9b}b", Some("U+009B, character 2")),
            ("\u{200b}ab", Some("U+200B, character 1")),
            ("ab\u{feff}", Some("U+FEFF, character 3")),
            ("é\u{202e}b", Some("U+202E, character 2")),
            ("a\u{2066}b", Some("U+2066, character 2")),
            ("a\u{2069}b", Some("U+2069, character 2")),
            ("a\u{200e}b", Some("U+200E, character 2")),
            ("\t a b\u{a0}\t", None),
            ("15″ Müller-\u{4e2d}", None),
        ] {
            for (place, field) in Field::ALL.into_iter().enumerate() {
                let mut cells = ["x"; 5];
                cells[place] = cell;
                let text = format!("{HEADER}{}\n", cells.join(","));
                let Some(Entry::Row(row)) = read(text.as_bytes(), "f.csv").next() else { panic!() };
                let found: Vec<_> = row.findings.iter().map(Finding::to_string).collect();
                let said: Vec<_> = code
                    .iter()
                    .map(|code| {
                        let name = field.name();
                        let what = "has a character that cannot be seen";
                        format!("f.csv:2: error: \"{name}\" {what}: {code} [control-character]")
                    })
                    .collect();
                assert_eq!(found, said, "{cell:?}");
                if code.is_some() {
                    assert_eq!(row.findings[0].column(), Some(field.name()));
                    assert!(!format!("{row:?}").contains(['\u{1b}', '\u{9b}', '\u{202e}']));
                }
            }
        }
    }

    #[test]
    fn a_name_of_a_column_is_fit_for_a_terminal() {
        let text = "Ser\u{1b}ial\u{202e} Number,\u{9b}x,Hash\nS\u{1b},,\n";
        for entry in read(text.as_bytes(), "f.csv") {
            let findings = match entry {
                Entry::Row(row) => row.findings,
                Entry::Finding(finding) => vec![finding],
            };
            assert!(!findings.is_empty());
            for finding in findings {
                let said = format!("{finding}{}", finding.column().unwrap_or_default());
                assert!(!said.contains(is_hidden), "{said:?}");
            }
        }
    }

    #[test]
    fn headers_match_in_any_order_case_and_common_name() {
        for (header, expected) in [
            (
                "device serial number,WINDOWS PRODUCT ID,Hardware hash,Manufacturer Name,Device Model",
                vec!["2 1|2|3|4|5"],
            ),
            (
                "\"Device Serial Number\", Windows  Product ID ,Hardware_Hash,Make,Model",
                vec!["2 1|2|3|4|5"],
            ),
            ("Manufacturer,Model,Serial Number,Hardware Hash,PKID", vec!["2 3|5|4|1|2"]),
            (
                "Serial Number,Product key,x,Manufacturer,Model",
                vec!["ignored-column@1", "2 1|2||4|5"],
            ),
            (
                "Device Serial Number,Windows Product ID,Hardware Hash,Group Tag,Assigned User",
                vec!["group-tag-column@1", "ignored-column@1", "2 1|2|3||"],
            ),
            ("Serial,Hash,Serial Number,,", vec!["repeated-column@1", "2 1||2|| too-many-cells"]),
            ("\u{feff}Serial,Hash,Make,Model,PKID", vec!["2 1|5|2|3|4"]),
        ] {
            assert_eq!(shown(format!("{header}\n1,2,3,4,5\n").as_bytes()), expected, "{header}");
        }
        assert_eq!(shown(b"\r\n\r\nSerial Number,Make\r\n1,2\r\n"), ["4 1|||2|"]);
    }

    #[test]
    fn a_file_that_cannot_be_used_is_one_error() {
        for (bytes, rule) in [
            (utf16(HEADER, true), "utf-16"),
            (utf16(HEADER, false), "utf-16"),
            (utf16(&format!("\u{feff}{HEADER}"), true), "empty-file"),
            (utf16(&format!("\u{feff}{HEADER}"), false), "empty-file"),
            (utf16("\u{feff}a,b\n1,2\n", true), "unknown-header@1"),
            (b"\xFF\xFE\0\0S\0\0\0".to_vec(), "utf-16"),
            (b"\0\0\xFE\xFF\0\0\0S".to_vec(), "utf-16"),
            (b"PK\x03\x04\x14\0\x06\0xl/".to_vec(), "workbook"),
            (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec(), "workbook"),
            (b"".to_vec(), "empty-file"),
            (b"\xEF\xBB\xBF".to_vec(), "empty-file"),
            (b"\r\n \n,,\n".to_vec(), "empty-file"),
            (HEADER.as_bytes().to_vec(), "empty-file"),
            (b"a,b\n1,2\n".to_vec(), "unknown-header@1"),
            (b"\n4PX12X3,,T0E,Dell,X\n".to_vec(), "unknown-header@2"),
        ] {
            assert_eq!(shown(&bytes), [rule], "{:?}", String::from_utf8_lossy(&bytes));
        }
        let semicolons = read(&b"Serial Number;Hardware Hash\n1;2\n"[..], "f.csv").next();
        assert!(
            matches!(semicolons, Some(Entry::Finding(finding)) if finding.message().contains("by commas"))
        );
    }

    #[test]
    fn a_cell_that_is_no_text_is_found_with_its_line() {
        let text = b"Serial Number,Make,Other\nS1,M\xFCller,\xFF\nS2,M\xC3\xBCller,x\n";
        assert_eq!(
            shown(text),
            ["ignored-column@1", "2 S1|||M\u{fffd}ller| not-utf-8", "3 S2|||Müller|"]
        );
    }

    #[test]
    fn a_hash_in_place_of_a_header_is_not_shown() {
        let hash = "T0HzAQEAHAAAAAoA".repeat(250);
        let Some(Entry::Finding(finding)) =
            read(format!("S1,,{hash}\n").as_bytes(), "f.csv").next()
        else {
            panic!("no finding")
        };
        assert!(finding.message().len() < 160, "{finding}");
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_give_rows_in_the_order_of_their_lines(
            text in proptest::collection::vec(proptest::sample::select(&b"\",\n\r S1\xff\xc3\0"[..]), 0..60),
            header in proptest::option::of(proptest::sample::select(&["\n", "\r", "\r\n"][..])),
        ) {
            let start = header.map(|end| HEADER.replace('\n', end)).unwrap_or_default();
            let bytes = [start.as_bytes(), &text[..]].concat();
            let mut lines = Vec::new();
            for entry in read(&bytes[..], "f.csv") {
                if let Entry::Row(row) = entry {
                    lines.push(row.origin.line);
                }
            }
            let all = 1 + text.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count() as u64;
            assert!(lines.is_sorted_by(|a, b| a < b), "{lines:?}");
            assert!(lines.iter().all(|line| (2..=1 + all).contains(line)), "{lines:?}");
        }
    }

    #[test]
    fn a_broken_source_ends_with_what_was_read_and_an_error() {
        struct Broken;
        impl Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("the cable is out"))
            }
        }
        let entries: Vec<_> = read(b"Serial Number\nS1\nS2".chain(Broken), "f.csv").collect();
        let [Entry::Row(_), Entry::Finding(finding)] = &entries[..] else { panic!("{entries:?}") };
        assert_eq!(
            finding.to_string(),
            "f.csv:3: error: the file cannot be read: the cable is out [unreadable]"
        );
    }
}
