//! Numbers, times and texts as the page shows them.

use std::borrow::Borrow;

use crate::timestamp::Timestamp;

/// Returns the text with its first letter in uppercase.
pub(super) fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Returns a number with thousands separators: `12,345`. The template passes both numbers and references.
pub(super) fn grouped(number: impl Borrow<usize>) -> String {
    let digits = number.borrow().to_string();
    let mut text = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Returns a share as a percentage. Never shows 0 % for more than none or 100 % for less than all.
pub(super) fn percentage(part: usize, whole: usize) -> String {
    let share = part as f64 * 100.0 / whole as f64;
    match share {
        _ if part == whole => "100 %".to_owned(),
        share if share < 0.1 => "< 0.1 %".to_owned(),
        share if share > 99.9 => "> 99.9 %".to_owned(),
        share => format!("{share:.1} %"),
    }
}

/// Returns a time to the second, in UTC.
pub(super) fn time(time: &Timestamp) -> String {
    match jiff::Timestamp::from_millisecond(time.0) {
        Ok(time) => time.strftime("%Y-%m-%d %H:%M:%S UTC").to_string(),
        Err(_) => time.to_string(),
    }
}
