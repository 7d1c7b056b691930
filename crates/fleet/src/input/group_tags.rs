//! Counts the rows of a file without a group tag.

use std::sync::Arc;

use super::row::{InputItem, Row};
use crate::check::finding::Finding;
use crate::check::rule::Rule;

/// The rows of a file with and without a group tag.
#[derive(Debug, Default)]
pub(super) struct GroupTags {
    has_any: bool,
    /// The line of the first row without a group tag, and the number of such rows.
    missing: Option<(u64, usize)>,
}

impl GroupTags {
    /// Counts the next row.
    pub(super) fn add(&mut self, row: &Row) {
        match row.group_tag {
            Some(_) => self.has_any = true,
            None => self.missing.get_or_insert((row.origin.line, 0)).1 += 1,
        }
    }

    /// Returns the finding about rows without a group tag, if other rows have one.
    pub(super) fn finding(&self, source: &Arc<str>) -> Option<InputItem> {
        let (line, count) = self.missing.filter(|_| self.has_any)?;
        let rows = match count {
            1 => "the row has no group tag".to_owned(),
            2 => "this row and another one have no group tag".to_owned(),
            _ => format!("this row and {} others have no group tag", count - 1),
        };
        let message = format!("{rows}, but other rows have one");
        Some(InputItem::Finding(Finding::new(source, Some(line), Rule::MissingGroupTag, message)))
    }
}
