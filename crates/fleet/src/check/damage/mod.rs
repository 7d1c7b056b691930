//! Recognizes values that a script, a spreadsheet, a scanner or a copy damaged.
//!
//! [`find`] tests one value. A recognizer is a pure function of the value and of the other values of its row, one file
//! for each kind of damage. It reports a value that cannot be repaired as unusable, and replaces a value only if a label
//! or another value of the row proves the right one.

mod barcode_prefix;
mod characters;
mod encoding;
mod formula;
mod hash;
mod label;
mod maker;
mod number;
mod other_values;
mod script_output;
mod several_values;
mod unlikely;
mod unlikely_name;

use crate::check::cell_problem::CellProblem;
use crate::check::quoted::MIN_LICENSE_KEY;
use crate::input::Field;

pub(super) use hash::{HASH_LENGTH, find_in_hash};
pub(super) use other_values::OtherValues;

/// Returns the damage of a value that is not a hardware hash. `text` is trimmed and not empty.
pub(super) fn find(field: Field, text: &str, others: &OtherValues<'_>) -> Option<CellProblem> {
    let is_code = matches!(field, Field::SerialNumber | Field::ProductKey);
    if is_code && is_word(text) {
        return script_output::find_title(text)
            .or_else(|| label::find_in_word(field, text))
            .or_else(|| several_values::find_in_word(field, text))
            .or_else(|| barcode_prefix::find(field, text, others))
            .or_else(|| unlikely::find(field, text));
    }
    if !is_code && is_plain_name(text) {
        return script_output::find_in_plain_name(field, text)
            .or_else(|| unlikely_name::find(field, text, others))
            .or_else(|| maker::find(field, text, others));
    }
    script_output::find(field, text)
        .or_else(|| formula::find(field, text))
        .or_else(|| label::find(field, text))
        .or_else(|| number::find(field, text))
        .or_else(|| several_values::find(field, text))
        .or_else(|| barcode_prefix::find(field, text, others))
        .or_else(|| encoding::find(field, text))
        .or_else(|| characters::find(field, text))
        .or_else(|| unlikely::find(field, text))
        .or_else(|| unlikely_name::find(field, text, others))
        .or_else(|| maker::find(field, text, others))
}

/// Returns true for words of letters and digits, with a period or comma only behind a word: true of most names.
fn is_plain_name(text: &str) -> bool {
    let mut previous = b'-';
    text.len() < MIN_LICENSE_KEY
        && text.bytes().all(|byte| {
            let is_plain = match byte {
                b' ' => previous != b' ',
                b'.' | b',' | b')' => true,
                b'(' | b'-' => !matches!(previous, b'.' | b','),
                byte => byte.is_ascii_alphanumeric() && !matches!(previous, b'.' | b','),
            };
            previous = byte;
            is_plain
        })
        && !text.starts_with('-')
}

/// Returns true for letters and digits with hyphens between them, but not as many as a license key has. This is true of
/// most serial numbers and product keys.
fn is_word(text: &str) -> bool {
    text.len() < MIN_LICENSE_KEY
        && !text.starts_with('-')
        && !text.ends_with('-')
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}
