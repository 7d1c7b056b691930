//! Turns the cells of a row into values, and reports their problems.

use std::collections::VecDeque;

use csv::ByteRecord;
use partner_center_devices::{HardwareHash, IdentityFields};

use partner_center_devices::raw::printable::is_hidden;

use super::cell::{has_open_quote, is_plain, is_utf16, join_split_hash, strip_wrapping, trim};
use super::empty_words::is_empty_word;
use super::encoding::RecordEncoding;
use super::header::{ColumnPosition, Header};
use super::row::InputItem;
use crate::check::finding::Finding;
use crate::check::quoted::quoted;
use crate::check::rule::Rule;
use crate::origin::Origin;

/// The maximum length of a serial number, product key or name, in bytes. Values in firmware are far shorter, and
/// hardware hashes are far longer.
const MAX_TEXT: usize = 256;

/// Reads the cells of one row.
pub(super) struct CellReader<'a> {
    pub(super) origin: &'a Origin,
    pub(super) encoding: RecordEncoding,
    /// Findings about this row.
    pub(super) findings: &'a mut Vec<Finding>,
    /// The rules that were already reported about a column, so that each is reported once per file.
    pub(super) reported: &'a mut Vec<(Rule, usize)>,
    /// Receives findings about this row and all rows like it.
    pub(super) queue: &'a mut VecDeque<InputItem>,
}

/// The values of a row. An empty cell is `None`.
pub(super) struct CellValues {
    pub(super) fields: IdentityFields,
    pub(super) customer: Option<Box<str>>,
    pub(super) group_tag: Option<Box<str>>,
    pub(super) device_id: Option<Box<str>>,
}

impl CellReader<'_> {
    /// Returns the values of a row.
    pub(super) fn read_record(&mut self, record: &ByteRecord, header: &Header) -> CellValues {
        let mut value = |column: &Option<ColumnPosition>, is_hash| {
            let column = column.as_ref()?;
            let cell = trim(record.get(column.index)?);
            self.read(cell, column, is_hash)
        };
        let [serial_number, product_key, hash, manufacturer, model] = &header.fields;
        let (serial_number, product_key) = (value(serial_number, false), value(product_key, false));
        let (manufacturer, model) = (value(manufacturer, false), value(model, false));
        let customer = value(&header.customer, false).map(Into::into);
        let group_tag = value(&header.group_tag, false).map(Into::into);
        let device_id = value(&header.device_id, false).map(Into::into);
        let hardware_hash = value(hash, true).map(HardwareHash::new);
        let fields =
            IdentityFields { hardware_hash, product_key, serial_number, manufacturer, model };
        CellValues { fields, customer, group_tag, device_id }
    }

    /// Returns the value of a trimmed cell.
    fn read(&mut self, cell: &[u8], column: &ColumnPosition, is_hash: bool) -> Option<String> {
        if cell.is_empty() {
            return None;
        }
        // True of nearly all cells.
        let lowest = if is_hash { b'!' } else { b' ' };
        if (is_hash || cell.len() <= MAX_TEXT) && is_plain(cell, lowest) {
            let text = std::str::from_utf8(cell).ok()?;
            return (!self.is_empty_word(text, column)).then(|| text.to_owned());
        }
        let text = self.decode(cell, column)?;
        if self.is_empty_word(text.trim(), column) {
            return None;
        }
        let text = self.clean(&text, column, is_hash);
        let value = self.validate(&text, column, is_hash)?;
        (!self.is_empty_word(&value, column)).then_some(value)
    }

    /// Returns true if the text says that there is no value, and reports it.
    fn is_empty_word(&mut self, text: &str, column: &ColumnPosition) -> bool {
        let is_empty = is_empty_word(text);
        if is_empty {
            let name = &column.name;
            let message = format!(
                "\"{name}\" has cells such as {} that say that there is no value; they are read as empty",
                quoted(text)
            );
            self.report_once(Rule::EmptyWord, column, message);
        }
        is_empty
    }

    /// Decodes a cell to text.
    fn decode(&mut self, cell: &[u8], column: &ColumnPosition) -> Option<String> {
        let name = &column.name;
        if is_utf16(cell) {
            let message = format!("\"{name}\" is UTF-16, but the file is not");
            self.report(Rule::NotUtf8, column, message);
            return None;
        }
        let text = self.encoding.decode(cell);
        if self.encoding == RecordEncoding::InvalidUtf8 && std::str::from_utf8(cell).is_err() {
            self.report(Rule::NotUtf8, column, format!("\"{name}\" is not valid UTF-8"));
        } else if text.contains(char::REPLACEMENT_CHARACTER) {
            let message = format!("\"{name}\" has a character that an earlier conversion lost");
            self.report(Rule::NotUtf8, column, message);
        }
        Some(text.into_owned())
    }

    /// Removes signs around the value, and joins a hardware hash that is split.
    fn clean(&mut self, text: &str, column: &ColumnPosition, is_hash: bool) -> String {
        let name = &column.name;
        let (mut text, wrapping) = strip_wrapping(text.trim());
        if let Some(rule) = wrapping {
            let message = match rule {
                Rule::FormulaQuotes => format!(
                    "\"{name}\" has values written as formulas (=\"…\"); the value inside is used"
                ),
                Rule::LeadingApostrophe => {
                    format!("\"{name}\" has values with a leading apostrophe, which is removed")
                }
                _ => format!("\"{name}\" has values in extra quotation marks, which are removed"),
            };
            self.report_once(rule, column, message);
        }
        if is_hash && let Some(joined) = join_split_hash(&text) {
            let message =
                format!("\"{name}\" has hashes with spaces or line breaks, which are removed");
            self.report_once(Rule::WrappedHash, column, message);
            text = joined.into();
        }
        text.into_owned()
    }

    /// Returns the value of a clean text, unless it must not be shown.
    fn validate(&mut self, text: &str, column: &ColumnPosition, is_hash: bool) -> Option<String> {
        let name = &column.name;
        if text.contains('\n') {
            let message = format!("\"{name}\" spans {} lines", text.lines().count());
            self.report(Rule::LineBreak, column, message);
        }
        // The first line is enough to show which row it is.
        let text = text.lines().next()?.trim();
        if !is_hash && text.len() > MAX_TEXT {
            let message = format!(
                "\"{name}\" has a value of {} characters: is it a hardware hash in the wrong column?",
                text.chars().count()
            );
            self.report(Rule::LongValue, column, message);
            return None; // it may be a hash, and hashes are never shown
        }
        if let Some((position, hidden)) = text.chars().enumerate().find(|(_, c)| is_hidden(*c)) {
            let (position, code) = (position + 1, u32::from(hidden));
            let message = format!(
                "\"{name}\" has an invisible character: U+{code:04X}, character {position}"
            );
            self.report(Rule::ControlCharacter, column, message);
            return None; // it could control the terminal
        }
        if has_open_quote(text) {
            let message = format!(
                "\"{name}\" has an opening quotation mark but no closing one: is the next cell part of the value?"
            );
            self.report(Rule::ShiftedCells, column, message);
        }
        let is_odd_space = |c: char| c.is_whitespace() && c != ' ';
        if text.contains(is_odd_space) {
            let message =
                format!("\"{name}\" has non-standard spaces, which are replaced by normal ones");
            self.report_once(Rule::OddBlank, column, message);
            return Some(text.replace(is_odd_space, " "));
        }
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// Reports a finding about this row.
    fn report(&mut self, rule: Rule, column: &ColumnPosition, message: String) {
        self.findings.push(Finding::at(self.origin, rule, message).in_column(&column.name));
    }

    /// Reports a finding about this row and all rows like it, once per column.
    fn report_once(&mut self, rule: Rule, column: &ColumnPosition, message: String) {
        if !self.reported.contains(&(rule, column.index)) {
            self.reported.push((rule, column.index));
            let finding = Finding::at(self.origin, rule, message).in_column(&column.name);
            self.queue.push_back(InputItem::Finding(finding));
        }
    }
}
