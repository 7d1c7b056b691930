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
/// Text is UTF-8, with or without byte order mark; lines end with LF or CRLF; empty rows are skipped.
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

type Lines<R> = io::Chain<io::Chain<Cursor<Vec<u8>>, R>, &'static [u8]>;

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
        if start.starts_with(b"\xEF\xBB\xBF") {
            start.drain(..3);
        }
        // Every record shall end with a line feed that is read with it, so that lines can be counted: a last one
        // is added, and a carriage return is only a blank at the end of the last cell.
        let lines = Cursor::new(start).chain(reader).chain(&b"\n"[..]);
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
    let utf16 = "the file is UTF-16, as Windows PowerShell writes it; only UTF-8 can be read";
    match start {
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => Some((Rule::Utf16, utf16)),
        // Without a byte order mark: every letter of the header has a zero byte beside it.
        [0, _, ..] | [_, 0, ..] => Some((Rule::Utf16, utf16)),
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
    /// The name of each [`Field`], as the file spells it.
    names: [Option<Box<str>>; 5],
    width: usize,
}

impl Header {
    fn read(
        names: &[String],
        line: u64,
        source: &Arc<str>,
    ) -> Result<(Self, Vec<Finding>), Finding> {
        let mut header = Self { places: [None; 5], names: Default::default(), width: names.len() };
        let mut findings = Vec::new();
        for (place, name) in names.iter().enumerate() {
            let shown = shorten(name);
            let mut find = |rule, message| {
                findings.push(Finding::new(source, Some(line), rule, message).in_column(&shown));
            };
            match column(name) {
                Column::Known(field) if header.places[field as usize].is_none() => {
                    header.places[field as usize] = Some(place);
                    header.names[field as usize] = Some(name.as_str().into());
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
    let name = name.replace(char::is_control, " ");
    match name.char_indices().nth(30) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name,
    }
}

/// A record as a row.
fn row(record: &ByteRecord, header: &Arc<Header>, origin: Origin) -> Row {
    let mut findings = Vec::new();
    let extra = record.iter().skip(header.width).filter(|cell| filled(cell)).count();
    if extra > 0 {
        let message = format!("the row has {} cells and the header {}", record.len(), header.width);
        findings.push(Finding::at(&origin, Rule::TooManyCells, message));
    }
    let mut value = |field: Field| {
        let cell = record.get(header.places[field as usize]?)?;
        let name = header.names[field as usize].as_deref().unwrap_or(field.name());
        let text = String::from_utf8_lossy(cell);
        if std::str::from_utf8(cell).is_err() {
            let message = format!("\"{}\" is not UTF-8", shorten(name));
            findings.push(Finding::at(&origin, Rule::NotUtf8, message).in_column(name));
        }
        let text = text.trim();
        if text.contains('\n') {
            let lines = text.lines().count();
            let message = format!("\"{}\" goes on for {lines} lines", shorten(name));
            findings.push(Finding::at(&origin, Rule::LineBreak, message).in_column(name));
            // Only the first line is of use to recognise the row.
            return text.lines().next().map(|first| first.trim().to_owned());
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
        ] {
            assert_eq!(shown(format!("{HEADER}{text}").as_bytes()), expected, "{what}");
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
            ("Serial,Hash,Serial Number,,", vec!["repeated-column@1", "2 1||2||"]),
            ("\u{feff}Serial,Hash,Make,Model,PKID", vec!["2 1|5|2|3|4"]),
        ] {
            assert_eq!(shown(format!("{header}\n1,2,3,4,5\n").as_bytes()), expected, "{header}");
        }
        assert_eq!(shown(b"\r\n\r\nSerial Number,Make\r\n1,2\r\n"), ["4 1|||2|"]);
    }

    #[test]
    fn a_file_that_cannot_be_used_is_one_error() {
        let utf16 = |little: bool, mark: bool| -> Vec<u8> {
            let text = if mark { format!("\u{feff}{HEADER}") } else { HEADER.to_owned() };
            let bytes = |unit: u16| if little { unit.to_le_bytes() } else { unit.to_be_bytes() };
            text.encode_utf16().flat_map(bytes).collect()
        };
        for (bytes, rule) in [
            (utf16(true, true), "utf-16"),
            (utf16(false, true), "utf-16"),
            (utf16(true, false), "utf-16"),
            (utf16(false, false), "utf-16"),
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
            header in proptest::bool::ANY,
        ) {
            let start = if header { HEADER.as_bytes() } else { b"" };
            let bytes = [start, &text[..]].concat();
            let mut lines = Vec::new();
            for entry in read(&bytes[..], "f.csv") {
                if let Entry::Row(row) = entry {
                    lines.push(row.origin.line);
                }
            }
            let all = 1 + text.iter().filter(|byte| **byte == b'\n').count() as u64;
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
