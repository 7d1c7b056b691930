//! Finds the header and maps its columns.

use std::sync::Arc;

use csv::ByteRecord;

use super::cell::trim;
use super::columns::{Column, Field, display_name};
use crate::check::finding::Finding;
use crate::check::rule::Rule;

/// The number of filled lines that may be above the header: titles, `sep=;`, `#TYPE …`.
pub(super) const MAX_TITLES: usize = 10;

/// The position of a column, and its name as the file spells it, formatted for a message.
#[derive(Debug)]
pub(super) struct ColumnPosition {
    pub(super) index: usize,
    pub(super) name: Box<str>,
}

/// The positions of the columns of a file.
#[derive(Debug, Default)]
pub(super) struct Header {
    /// The position of each [`Field`], in the order of [`Field::ALL`].
    pub(super) fields: [Option<ColumnPosition>; 5],
    pub(super) customer: Option<ColumnPosition>,
    pub(super) group_tag: Option<ColumnPosition>,
    pub(super) device_id: Option<ColumnPosition>,
    /// True for each column that may contain a value. A column without a name may not, because a comma inside a value
    /// shifts the cells after it to the right. Columns to the left of the first known one are not affected by that.
    pub(super) may_have_value: Vec<bool>,
    /// The index of the last column with a name.
    pub(super) last_named: usize,
}

impl Header {
    /// Maps the columns of a header. Returns findings about columns that are not used as a field.
    pub(super) fn read(record: &ByteRecord, line: u64, source: &Arc<str>) -> (Self, Vec<Finding>) {
        let mut header = Self::default();
        let mut findings = Vec::new();
        let (mut customer, mut group_tag, mut device_id) = (usize::MAX, usize::MAX, usize::MAX);
        for (index, name) in record.iter().enumerate() {
            let column = Column::recognize(name);
            let name = display_name(name);
            let is_named = column != Column::Nameless;
            header.may_have_value.push(is_named || header.fields.iter().all(Option::is_none));
            if is_named {
                header.last_named = index;
            }
            if let Some((rule, message)) = header.finding(column, &name) {
                findings.push(Finding::new(source, Some(line), rule, message).in_column(&name));
            }
            let position = || Some(ColumnPosition { index, name: name.as_str().into() });
            match column {
                Column::Field(field) if header.fields[field as usize].is_none() => {
                    header.fields[field as usize] = position();
                }
                Column::Customer(rank) if rank < customer => {
                    (customer, header.customer) = (rank, position());
                }
                Column::GroupTag(rank) if rank < group_tag => {
                    (group_tag, header.group_tag) = (rank, position());
                }
                Column::DeviceId(rank) if rank < device_id => {
                    (device_id, header.device_id) = (rank, position());
                }
                _ => {}
            }
        }
        (header, findings)
    }

    /// Returns the rule and message about a column that comes after the columns of this header.
    fn finding(&self, column: Column, name: &str) -> Option<(Rule, String)> {
        let routes_rows = |what: &str| {
            format!(
                "the column \"{name}\" is not sent; an upload can choose the {what} of each row by it"
            )
        };
        Some(match column {
            Column::Nameless => return None,
            Column::Field(field) if self.fields[field as usize].is_none() => return None,
            Column::Field(field) => (
                Rule::RepeatedColumn,
                format!("the column \"{name}\" is a second \"{}\"; it is not used", field.name()),
            ),
            Column::Customer(_) => (Rule::CustomerColumn, routes_rows("customer")),
            Column::GroupTag(_) => (Rule::GroupTagColumn, routes_rows("batch")),
            Column::DeviceId(_) => (
                Rule::DeviceIdColumn,
                format!("the column \"{name}\" is not sent; it is used to find registered devices"),
            ),
            Column::AssignedUser => (
                Rule::AssignedUserColumn,
                format!("the column \"{name}\" is ignored, and its values are never shown"),
            ),
            Column::Other => (Rule::IgnoredColumn, format!("the column \"{name}\" is ignored")),
        })
    }

    /// Returns the name of a field's column, as the file spells it.
    pub(super) fn name(&self, field: Field) -> &str {
        self.fields[field as usize].as_ref().map_or(field.name(), |column| &column.name)
    }

    /// Returns the number of columns.
    pub(super) fn width(&self) -> usize {
        self.may_have_value.len()
    }

    /// Returns every column that is read.
    pub(super) fn used_columns(&self) -> impl Iterator<Item = &ColumnPosition> {
        let others = [&self.customer, &self.group_tag, &self.device_id];
        self.fields.iter().flatten().chain(others.into_iter().flatten())
    }

    /// Returns true if both headers have the same columns in the same positions.
    pub(super) fn has_same_columns(&self, other: &Self) -> bool {
        let positions = |header: &Self| -> Vec<Option<usize>> {
            let others = [&header.customer, &header.group_tag, &header.device_id];
            let columns = header.fields.iter().chain(others);
            columns.map(|column| Some(column.as_ref()?.index)).collect()
        };
        self.may_have_value == other.may_have_value && positions(self) == positions(other)
    }
}

/// Counts the cells of a record that are known column names.
pub(super) fn count_known_names(record: &ByteRecord) -> usize {
    record.iter().filter(|cell| Column::recognize(cell).identifies_header()).count()
}

/// Returns true if a record below the header is another header, of the same table or of one that follows it.
pub(super) fn is_another_header(record: &ByteRecord) -> bool {
    let mut filled = record.iter().map(trim).filter(|cell| !cell.is_empty());
    let Some(first) = filled.next() else { return false };
    // Rules out most rows: serial numbers have digits, hashes are long, and column names are neither.
    let may_be_name = first.len() <= 40
        && (!first.iter().any(u8::is_ascii_digit) || Column::recognize(first).identifies_header());
    if !may_be_name {
        return false;
    }
    let identifies_device = |cell: &[u8]| {
        use Field::{HardwareHash, ProductKey, SerialNumber};
        matches!(
            Column::recognize(cell),
            Column::Field(SerialNumber | ProductKey | HardwareHash) | Column::DeviceId(0)
        )
    };
    let min_names = if filled.next().is_none() { 1 } else { 2 };
    count_known_names(record) >= min_names && record.iter().any(identifies_device)
}

/// Returns true if a record above the header may be a title: it has one filled cell, or two in the first columns, and
/// neither a hash nor a product key.
pub(super) fn is_title(record: &ByteRecord) -> bool {
    let filled = || record.iter().map(trim).enumerate().filter(|(_, cell)| !cell.is_empty());
    let is_key = |cell: &[u8]| cell.len() > 9 && cell.iter().all(u8::is_ascii_digit);
    filled().all(|(_, cell)| cell.len() <= 200 && !is_key(cell))
        && (filled().count() == 1 || filled().all(|(index, _)| index < 2))
}

/// Describes the first line of a file without a header.
pub(super) fn describe_missing_header(record: &ByteRecord) -> String {
    let is_hash = |cell: &[u8]| {
        cell.len() > 500
            && cell.iter().all(|byte| byte.is_ascii_alphanumeric() || b"+/=".contains(byte))
    };
    let cells: Vec<_> =
        record.iter().take(5).map(|cell| format!("\"{}\"", display_name(cell))).collect();
    let cells = cells.join(", ");
    if record.iter().map(trim).any(is_hash) {
        format!("the first line is a device, so the file has no header: {cells}")
    } else {
        format!("the first line does not contain a known column name: {cells}")
    }
}
