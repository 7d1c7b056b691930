//! Reads a table record by record: finds the header, skips lines that are not rows, and turns the others into rows.

use std::collections::VecDeque;
use std::io::Read;
use std::sync::Arc;

use csv::ByteRecord;
use partner_center_devices::raw::is_product_key_id;

use super::cell::is_filled;
use super::cell_value::{CellReader, CellValues};
use super::columns::decode_alone;
use super::content::{looks_like_hash, may_be_of_device, other_system};
use super::encoding::FileEncoding;
use super::extra_line::{ExtraLine, is_commented_out};
use super::field::Field;
use super::group_tags::GroupTags;
use super::header::{
    ColumnPosition, Header, MAX_TITLES, count_known_names, count_labels, describe_missing_header,
    has_device, is_another_header, is_of_other_encoding, is_single_value, is_title,
    labelled_header, may_be_group_names,
};
use super::layout::Layout;
use super::list_output::is_named_value;
use super::lookahead::Lookahead;
use super::memory_records::NumberCells;
use super::misaligned::find_misaligned;
use super::options::ReadOptions;
use super::records::{Records, UnreadableRecord};
use super::row::{InputItem, OriginalRecord, Row};
use super::separator;
use crate::check::finding::Finding;
use crate::check::rule::Rule;
use crate::origin::Origin;

/// The number of rows by which columns are recognized.
const SAMPLE_ROWS: usize = 50;

/// A table whose header was found.
pub(super) struct Table<R> {
    source: Arc<str>,
    options: ReadOptions,
    records: Lookahead<R>,
    numbers: NumberCells,
    /// A record above the header has a value that may be of a device.
    may_have_devices: bool,
    header: Arc<Header>,
    /// The original column names, if rows keep their cells.
    original_names: Option<Arc<[Box<str>]>>,
    record: ByteRecord,
    encoding: FileEncoding,
    /// The rules that were reported about a column, so that each is reported once.
    reported: Vec<(Rule, usize)>,
    has_rows: bool,
    /// The hash column had a hardware hash.
    has_hashes: bool,
    group_tags: GroupTags,
}

/// The error of a file without a known header.
pub(super) struct NoTable {
    pub(super) finding: Finding,
    /// A value in the file may be of a device.
    pub(super) may_have_devices: bool,
}

impl<R: Read> Table<R> {
    /// Reads up to the header. `is_utf8` is true if the text is known to be UTF-8.
    pub(super) fn open(
        mut records: Records<R>,
        is_utf8: bool,
        source: &Arc<str>,
        options: ReadOptions,
        queue: &mut VecDeque<InputItem>,
    ) -> Result<Self, NoTable> {
        let mut table = Self {
            numbers: records.take_numbers(),
            may_have_devices: false,
            source: Arc::clone(source),
            options,
            records: Lookahead::new(records),
            header: Arc::default(),
            original_names: None,
            record: ByteRecord::new(),
            encoding: FileEncoding::new(is_utf8),
            reported: Vec::new(),
            has_rows: false,
            has_hashes: false,
            group_tags: GroupTags::default(),
        };
        match table.find_header(queue) {
            Ok(()) => Ok(table),
            Err(finding) => {
                let may_have_devices = table.may_have_devices();
                Err(NoTable { finding, may_have_devices })
            }
        }
    }

    /// Returns true if the file may contain devices, although its header was not found. Reads up to the first sign of one.
    pub(super) fn may_have_devices(&mut self) -> bool {
        while !self.may_have_devices {
            match self.records.read(&mut self.record) {
                Ok(Some(_)) => self.may_have_devices = self.record.iter().any(may_be_of_device),
                Ok(None) => return false,
                Err(_) => return true,
            }
        }
        true
    }

    /// Returns true if the header has a column that identifies devices.
    pub(super) fn identifies_devices(&self) -> bool {
        let [serial_number, product_key, hash, ..] = &self.header.fields;
        let columns = [serial_number, product_key, hash, &self.header.device_id];
        columns.iter().any(|column| column.is_some())
    }

    /// Returns true if a row was read.
    pub(super) fn has_rows(&self) -> bool {
        self.has_rows
    }

    /// Reads up to the header. Up to [`MAX_TITLES`] lines above it may be titles.
    fn find_header(&mut self, queue: &mut VecDeque<InputItem>) -> Result<(), Finding> {
        let mut titles: Vec<(u64, ByteRecord)> = Vec::new();
        while let Some(line) = self.next_record(queue)? {
            match ExtraLine::recognize(&self.record) {
                Some(ExtraLine::Separator) => continue,
                Some(ExtraLine::Other(description)) => {
                    queue.push_back(self.skipped_line(line, description));
                    continue;
                }
                None => {}
            }
            if let Some(labels) = count_labels(&self.record)
                && self
                    .records
                    .peek(SAMPLE_ROWS)
                    .iter()
                    .all(|row| count_labels(row) == Some(labels))
            {
                self.report_titles(&titles, queue);
                self.use_unnamed_columns(labelled_header(&self.record, labels));
                self.report_labels(line, queue);
                self.records.put_back(line, std::mem::take(&mut self.record));
                return Ok(());
            }
            self.may_have_devices |= self.record.iter().any(may_be_of_device);
            // The first line is a header if one name is known; a line below titles needs two.
            if count_known_names(&self.record) > usize::from(!titles.is_empty()) {
                self.report_titles(&titles, queue);
                return self.read_header(line, queue);
            }
            titles.push((line, self.record.clone()));
            let above = titles.iter().rev().nth(1).map(|(_, record)| record);
            let mut is_above_header = || {
                let below = self.records.peek(1).first().map(|row| count_known_names(row));
                may_be_group_names(&self.record) && below > Some(1)
            };
            if titles.len() > MAX_TITLES || !is_title(&self.record, above) && !is_above_header() {
                break;
            }
        }
        self.read_without_known_names(titles, queue)
    }

    /// Reads a table in whose first lines no column name is known.
    fn read_without_known_names(
        &mut self,
        mut lines: Vec<(u64, ByteRecord)>,
        queue: &mut VecDeque<InputItem>,
    ) -> Result<(), Finding> {
        let Some((first, _)) = lines.first() else {
            return Err(Finding::new(&self.source, None, Rule::EmptyFile, "the file is empty"));
        };
        let first = *first;
        let start = lines.iter().map(|(_, record)| record).chain(self.records.peek(SAMPLE_ROWS));
        let layout = Layout::recognize(&start.collect::<Vec<_>>());
        let (rule, message) = match layout {
            Layout::UnknownNames(index) if index < lines.len() => {
                let rows = lines.split_off(index + 1);
                let names = lines.pop();
                self.report_titles(&lines, queue);
                self.put_back(rows);
                let Some((line, record)) = names else { return Ok(()) };
                self.record = record;
                return self.read_header(line, queue);
            }
            Layout::CorporateIdentifiers => {
                self.put_back(lines);
                let fields = [Field::Manufacturer, Field::Model, Field::SerialNumber];
                self.use_unnamed_columns(Header::of_fields(&fields.map(Some)));
                let message = "the file has no header; its rows are read as manufacturer, model and serial number";
                queue.push_back(self.finding(first, Rule::CorporateIdentifiers, message));
                return Ok(());
            }
            Layout::NamedValues => {
                let is_first = |(_, record): &(u64, ByteRecord)| is_named_value(record);
                let devices = lines.split_off(lines.iter().position(is_first).unwrap_or(0));
                self.report_titles(&lines, queue);
                let first = devices.first().map_or(first, |(line, _)| *line);
                self.put_back(devices);
                let message = "the file is a list of names and values; each device is read as a row";
                queue.push_back(self.finding(first, Rule::ListOutput, message));
                self.records.peek(SAMPLE_ROWS);
                self.records.read_as_list();
                return match self.next_record(queue)? {
                    Some(line) => self.read_header(line, queue),
                    None => Ok(()),
                };
            }
            Layout::ThreeValues | Layout::Unknown
                if lines[0].1.iter().any(is_of_other_encoding) => (
                Rule::NotUtf8,
                "the first line is neither UTF-8 nor Windows-1252, so its column names cannot be read".to_owned(),
            ),
            Layout::ThreeValues => (
                Rule::UnknownHeader,
                format!(
                    "{}; if each row is manufacturer, model and serial number, start the file with: Manufacturer name,Device model,Device Serial Number",
                    describe_missing_header(&lines[0].1)
                ),
            ),
            Layout::ConsoleTable => (
                Rule::ConsoleTable,
                "the file is a table that a console aligned with spaces; long values are shortened in it".to_owned(),
            ),
            Layout::DeviceLink => (
                Rule::DeviceLink,
                "the file is for Windows Autopilot device preparation: its \"Data\" is not a hardware hash".to_owned(),
            ),
            Layout::UnknownNames(_) | Layout::Unknown => {
                (Rule::UnknownHeader, describe_missing_header(&lines[0].1))
            }
        };
        Err(Finding::new(&self.source, Some(first), rule, message))
    }

    fn put_back(&mut self, lines: Vec<(u64, ByteRecord)>) {
        for (line, record) in lines.into_iter().rev() {
            self.records.put_back(line, record);
        }
    }

    fn report_titles(&self, titles: &[(u64, ByteRecord)], queue: &mut VecDeque<InputItem>) {
        queue.extend(titles.iter().map(|(line, _)| self.skipped_line(*line, "a title")));
    }

    /// Reports once that rows have labels in front of their values.
    fn report_labels(&mut self, line: u64, queue: &mut VecDeque<InputItem>) {
        if !self.reported.contains(&(Rule::RowLabels, 0)) {
            self.reported.push((Rule::RowLabels, 0));
            let message =
                "each row repeats the column names in front of its values; they are skipped";
            queue.push_back(self.finding(line, Rule::RowLabels, message));
        }
    }

    /// Uses columns that have no names in the file.
    fn use_unnamed_columns(&mut self, header: Header) {
        let names = header.names();
        self.original_names = self
            .options
            .keep_records
            .then(|| names.iter().map(|name| name.as_str().into()).collect());
        self.header = Arc::new(header);
    }

    /// Reads the header in the current record, and looks at the first rows below it if its names are not enough.
    fn read_header(&mut self, line: u64, queue: &mut VecDeque<InputItem>) -> Result<(), Finding> {
        if has_device(&self.record) || count_labels(&self.record).is_some() {
            let message = "the line has column names and the values of a device";
            return Err(Finding::new(&self.source, Some(line), Rule::HeaderWithDevice, message));
        }
        let mut sample = match Header::needs_sample(&self.record) {
            true => self.records.peek(SAMPLE_ROWS),
            false => Vec::new(),
        };
        sample.retain(|row| !is_another_header(row) && ExtraLine::recognize(row).is_none());
        let (header, findings) = Header::read(&self.record, &sample, line, &self.source)?;
        self.use_header(header);
        queue.extend(findings.into_iter().map(InputItem::Finding));
        Ok(())
    }

    /// Uses the header in the current record for the rows that follow.
    fn use_header(&mut self, header: Header) {
        self.header = Arc::new(header);
        self.original_names = self.options.keep_records.then(|| original_cells(&self.record));
    }

    /// Reads up to the next row; `None` at the end of the file.
    pub(super) fn next_row(
        &mut self,
        queue: &mut VecDeque<InputItem>,
    ) -> Result<Option<Row>, Finding> {
        while let Some(line) = self.next_record(queue)? {
            // A name between empty cells is a damaged value of a row, unless the header is the same.
            let is_value = || {
                is_single_value(&self.record) && !Header::has_same_names(&self.record, &self.header)
            };
            if is_another_header(&self.record) && !is_value() {
                self.read_another_header(line, queue)?;
                continue;
            }
            match ExtraLine::recognize(&self.record) {
                Some(ExtraLine::Separator) => {}
                Some(ExtraLine::Other(description)) => {
                    queue.push_back(self.skipped_line(line, description));
                }
                None => {
                    if !self.header.ignored.is_empty() && count_labels(&self.record).is_some() {
                        self.report_labels(line, queue);
                    }
                    self.has_rows = true;
                    let row = self.read_row(line, queue);
                    self.group_tags.add(&row);
                    return Ok(Some(row));
                }
            }
        }
        queue.extend(self.group_tags.finding(&self.source));
        Ok(None)
    }

    /// Uses a header below the first one for the rows that follow.
    fn read_another_header(
        &mut self,
        line: u64,
        queue: &mut VecDeque<InputItem>,
    ) -> Result<(), Finding> {
        let is_repeated = Header::has_same_names(&self.record, &self.header);
        let message = if is_repeated {
            "the header is repeated; the line is skipped"
        } else {
            "the line is a different header; the rows below it are read with it"
        };
        queue.push_back(self.finding(line, Rule::RepeatedHeader, message));
        if !is_repeated {
            self.reported.clear();
            self.has_hashes = false;
            return self.read_header(line, queue);
        }
        Ok(())
    }

    /// Reads the next record with a filled cell. Returns the line it starts in, or `None` at the end of the file.
    fn next_record(&mut self, queue: &mut VecDeque<InputItem>) -> Result<Option<u64>, Finding> {
        loop {
            let read = self.records.read(&mut self.record);
            let line = read.map_err(|UnreadableRecord { line, error }| {
                let message = format!("the file cannot be read: {error}");
                Finding::new(&self.source, Some(line), Rule::Unreadable, message)
            })?;
            let Some(line) = line else { return Ok(None) };
            let is_filled = self.record.iter().any(is_filled);
            let first = self.record.get(0).unwrap_or_default();
            let has_mark = first.starts_with("\u{FEFF}".as_bytes());
            let is_zeros = !is_filled && first.len() > 1 && first.contains(&0);
            if !(is_filled || has_mark || is_zeros) {
                continue;
            }
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

    /// Turns the record into a row. Findings about the whole file go to `queue`.
    fn read_row(&mut self, line: u64, queue: &mut VecDeque<InputItem>) -> Row {
        let origin = Origin { source: Arc::clone(&self.source), line };
        let unaligned = self.original_names.is_some().then(|| self.record.clone());
        let mut findings: Vec<_> = self.align_cells(&origin).into_iter().collect();
        findings.extend(self.number_cells(&origin));
        findings.extend(self.find_unused_row(&origin));
        findings.extend(self.find_late_hash(&origin, queue));
        let Self { record, header, original_names, encoding, reported, .. } = self;
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
        let original = unaligned.zip(original_names.as_ref()).map(|(cells, header)| {
            let (header, cells) = (Arc::clone(header), original_cells(&cells));
            Box::new(OriginalRecord { header, cells })
        });
        let mut cells =
            CellReader { origin: &origin, encoding, findings: &mut findings, reported, queue };
        let CellValues { fields, customer, group_tag, device_id } =
            cells.read_record(record, header);
        if let Some(column) = &header.operating_system
            && let Some(system) = record.get(column.index).and_then(other_system)
        {
            let message =
                format!("the device has {system}, but only Windows devices can be registered");
            findings.push(Finding::at(&origin, Rule::NotWindows, message).in_column(&column.name));
        }
        let header = Arc::clone(header);
        Row { origin, fields, findings, customer, group_tag, device_id, original, header }
    }

    /// Returns a finding about a row that is commented out.
    fn find_unused_row(&self, origin: &Origin) -> Option<Finding> {
        let is_unused = is_commented_out(&self.record) && !self.header.starts_with_signs;
        is_unused.then(|| {
            let message = "the row starts with #, as if it were commented out";
            Finding::at(origin, Rule::CommentedRow, message)
        })
    }

    /// Uses an ignored column for the hardware hash from the first row on that has one there. If the rows above had
    /// theirs in a different column, returns an error about this row.
    fn find_late_hash(
        &mut self,
        origin: &Origin,
        queue: &mut VecDeque<InputItem>,
    ) -> Option<Finding> {
        if self.header.ignored.is_empty() {
            return None;
        }
        let hash = self.header.fields[Field::HardwareHash as usize].as_ref();
        let hash = hash.and_then(|column| self.record.get(column.index));
        self.has_hashes |= hash.is_some_and(looks_like_hash);
        let column = self.header.find_ignored_hash(&self.record)?;
        let name = &column.name;
        if self.has_hashes {
            let message = format!(
                "the hardware hash of this row is in the column \"{name}\", but those above are in \"{}\"",
                self.header.name(Field::HardwareHash)
            );
            return Some(Finding::at(origin, Rule::AmbiguousColumn, message).in_column(name));
        }
        let message = format!(
            "the column \"{name}\" is read as \"{}\" from here on, because its values are hardware hashes",
            Field::HardwareHash.name()
        );
        let finding = Finding::at(origin, Rule::ColumnByContent, message).in_column(name);
        queue.push_back(InputItem::Finding(finding));
        self.header = Arc::new(self.header.with_hash_column(column));
        self.has_hashes = true;
        None
    }

    /// Splits the record again if the row has a different separator than the header, and returns a finding if cells seem
    /// to be in the wrong columns.
    fn align_cells(&mut self, origin: &Origin) -> Option<Finding> {
        let (record, width) = (&self.record, self.header.width());
        if let Some(separator) = self.records.separator()
            && let Some(other) = separator::other_separator(record, width, separator)
        {
            let message = format!(
                "the row is separated by {}, but the header by {}",
                separator::plural_name(other),
                separator::plural_name(separator)
            );
            self.record = separator::split_again(record, separator, other);
            return Some(Finding::at(origin, Rule::MixedSeparators, message));
        }
        let (rule, message) = find_misaligned(record, &self.header)?;
        Some(Finding::at(origin, rule, message))
    }

    /// Returns warnings about values that are numbers in their file, and so have no leading zeros. A product key with all
    /// its digits has lost none.
    fn number_cells(&self, origin: &Origin) -> Vec<Finding> {
        if self.numbers.is_empty() {
            return Vec::new();
        }
        let columns = self.header.fields.iter().flatten();
        let is_number = |column: &&ColumnPosition| {
            self.numbers.contains(origin.line, column.index)
                && !self.record.get(column.index).is_some_and(is_product_key_id)
        };
        let numbers = columns.filter(is_number);
        let finding = |column: &ColumnPosition| {
            let name = &column.name;
            let message = format!("\"{name}\" is a number, so leading zeros may be missing");
            Finding::at(origin, Rule::NumberCell, message).in_column(name)
        };
        numbers.map(finding).collect()
    }

    fn skipped_line(&self, line: u64, description: &str) -> InputItem {
        let message = format!("the line is {description}, not a device; it is skipped");
        self.finding(line, Rule::ExtraLine, message)
    }

    fn finding(&self, line: u64, rule: Rule, message: impl Into<String>) -> InputItem {
        InputItem::Finding(Finding::new(&self.source, Some(line), rule, message))
    }
}

/// Returns the cells of a record as text.
fn original_cells(record: &ByteRecord) -> Arc<[Box<str>]> {
    record.iter().map(|cell| decode_alone(cell).into()).collect()
}
