//! The sheets of a workbook, read one after the other.

use std::collections::VecDeque;
use std::io;
use std::sync::Arc;

use partner_center_devices::raw::printable::is_hidden;

use super::formats::workbook::Sheet;
use super::options::ReadOptions;
use super::records::Records;
use super::row::InputItem;
use super::table::{NoTable, Table};
use crate::check::finding::Finding;
use crate::check::rule::Rule;

/// The sheets of a workbook that are not read yet.
pub(super) struct Sheets {
    source: Arc<str>,
    options: ReadOptions,
    sheets: std::vec::IntoIter<Sheet>,
    count: usize,
    current: Option<(Arc<str>, Table<io::Empty>)>,
    /// A visible sheet has a header of devices, or cannot be read.
    has_result: bool,
    has_rows: bool,
    has_error: bool,
    /// Visible sheets without a known header, and the finding about each.
    unknown: Vec<(String, Finding)>,
}

impl Sheets {
    pub(super) fn new(source: Arc<str>, options: ReadOptions, sheets: Vec<Sheet>) -> Self {
        let count = sheets.len();
        let sheets = sheets.into_iter();
        Self {
            source,
            options,
            sheets,
            count,
            current: None,
            has_result: false,
            has_rows: false,
            has_error: false,
            unknown: Vec::new(),
        }
    }

    /// Reads up to the next row, or to the end of a sheet, and adds the items to `queue`. Returns false at the end.
    pub(super) fn advance(&mut self, queue: &mut VecDeque<InputItem>) -> bool {
        if let Some((source, table)) = &mut self.current {
            match table.next_row(queue) {
                Ok(Some(row)) => {
                    self.has_rows = true;
                    queue.push_back(InputItem::Row(row));
                    return true;
                }
                Ok(None) if !table.has_rows() => queue.push_back(InputItem::Finding(Finding::new(
                    source,
                    None,
                    Rule::SkippedSheet,
                    "the sheet has a header but no devices below it",
                ))),
                Ok(None) => {}
                Err(finding) => {
                    self.has_error = true;
                    queue.push_back(InputItem::Finding(finding));
                }
            }
            self.current = None;
        }
        match self.sheets.next() {
            Some(sheet) => self.open(sheet, queue),
            None => {
                queue.extend(self.final_finding().map(InputItem::Finding));
                return false;
            }
        }
        true
    }

    fn open(&mut self, sheet: Sheet, queue: &mut VecDeque<InputItem>) {
        let name = sheet.name.replace(is_hidden, "\u{FFFD}").replace(['/', '\\'], "_");
        let source: Arc<str> = format!("{} [{name}]", self.source).into();
        let skipped = |message| Finding::new(&source, None, Rule::SkippedSheet, message);
        let records = match sheet.records {
            Ok(records) => Records::Memory(records),
            Err(refusal) => {
                (self.has_result, self.has_error) = (true, true);
                queue.push_back(InputItem::Finding(refusal.into_finding(&source)));
                return;
            }
        };
        let mut findings = VecDeque::new();
        let table = Table::open(records, true, &source, self.options, &mut findings);
        let is_single = self.count == 1;
        match table {
            // A summary may have a column with models.
            Ok(mut table) if !is_single && !table.identifies_devices() => {
                if table.may_have_devices() && sheet.is_visible {
                    (self.has_result, self.has_error) = (true, true);
                    let message = "the sheet may have devices, but no column with a known name identifies them";
                    let finding = Finding::new(&source, None, Rule::UnknownHeader, message);
                    queue.push_back(InputItem::Finding(finding));
                    return;
                }
                let message = "the sheet has no column that identifies devices; it is skipped";
                queue.push_back(InputItem::Finding(skipped(message)));
                let message = "the sheet has no column that identifies devices";
                self.unknown
                    .push((name, Finding::new(&source, None, Rule::UnknownHeader, message)));
            }
            Ok(mut table) if !sheet.is_visible => {
                let has_rows = !matches!(table.next_row(&mut findings), Ok(None));
                let finding = match has_rows {
                    true => Finding::new(
                        &source,
                        None,
                        Rule::HiddenSheet,
                        "the sheet is hidden and has devices; it is not read",
                    ),
                    false => skipped("the sheet is hidden; it is skipped"),
                };
                queue.push_back(InputItem::Finding(finding));
            }
            Ok(table) => {
                self.has_result = true;
                queue.extend(findings);
                self.current = Some((source, table));
            }
            Err(_) if !sheet.is_visible => {
                queue.push_back(InputItem::Finding(skipped("the sheet is hidden; it is skipped")));
            }
            Err(NoTable { finding, may_have_devices: true }) => {
                (self.has_result, self.has_error) = (true, true);
                queue.extend(findings);
                queue.push_back(InputItem::Finding(finding));
            }
            Err(NoTable { finding, may_have_devices: false }) => {
                let message = "the sheet has no known column names and no devices; it is skipped";
                if !is_single {
                    queue.push_back(InputItem::Finding(skipped(message)));
                }
                self.unknown.push((name, finding));
            }
        }
    }

    /// Returns the finding about the whole workbook, if no sheet has a result.
    fn final_finding(&mut self) -> Option<Finding> {
        let error = |rule, message: String| Some(Finding::new(&self.source, None, rule, message));
        if self.has_result {
            let message = "no sheet of the workbook has devices below its header";
            let is_empty = !self.has_rows && !self.has_error;
            return is_empty.then(|| error(Rule::EmptyFile, message.to_owned())).flatten();
        }
        match &self.unknown[..] {
            [] if self.count == 0 => error(Rule::EmptyFile, "the workbook is empty".to_owned()),
            [] => error(Rule::EmptyFile, "all sheets of the workbook are hidden".to_owned()),
            [_] => self.unknown.pop().map(|(_, finding)| finding),
            several => {
                let names = several.iter().take(5).map(|(name, _)| format!("\"{name}\""));
                let names = names.collect::<Vec<_>>().join(", ");
                let message = format!("no sheet of the workbook has known column names: {names}");
                error(Rule::UnknownHeader, message)
            }
        }
    }
}
