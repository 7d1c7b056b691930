//! Detects rows whose cells are in the wrong columns because of a comma inside a value.

use csv::ByteRecord;

use super::cell::is_filled;
use super::header::Header;
use crate::check::rule::Rule;

/// Returns the rule and message about a row whose cells seem to be in the wrong columns.
pub(super) fn find_misaligned(record: &ByteRecord, header: &Header) -> Option<(Rule, String)> {
    let has_value = |index: usize| record.get(index).is_some_and(is_filled);
    let width = header.width();
    let may_have_value = |index: usize| header.may_have_value.get(index) == Some(&true);
    let extra = (0..record.len()).find(|&index| has_value(index) && !may_have_value(index));
    if let Some(index) = extra {
        let message = if index < width {
            format!("cell {} has a value, but its column has no name", index + 1)
        } else {
            format!("the row has {} cells, but the header has {width}", record.len())
        };
        return Some((Rule::TooManyCells, message));
    }

    let has_room = !has_value(header.last_named) || record.len() > width;
    let starts_with_space =
        |index: usize| record.get(index).is_some_and(|cell| cell.starts_with(b" "));
    let mut values = (1..record.len()).filter(|&index| has_value(index));
    // Some people write a space after every comma.
    if !has_room || values.clone().all(starts_with_space) {
        return None;
    }
    let index = values.find(|&index| starts_with_space(index) && has_value(index - 1))?;
    let message = format!(
        "cell {} starts with a space and the last column is empty: is the comma before it part of a value?",
        index + 1
    );
    Some((Rule::ShiftedCells, message))
}
