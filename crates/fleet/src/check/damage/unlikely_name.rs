//! Recognizes texts that are probably no manufacturer or model: truth values, numbers, several names, and other values.

use crate::check::cell_problem::CellProblem;
use crate::check::damage::other_values::OtherValues;
use crate::check::damage::unlikely::is_hexadecimal_groups;
use crate::check::placeholder::is_placeholder;
use crate::check::quoted::quoted;
use crate::check::rule::Rule;
use crate::check::words::is_one_of;
use crate::input::Field;

/// The truth values of spreadsheets in the languages of its users, in lower case.
const TRUTH_VALUES: [&str; 12] = [
    "true",
    "false",
    "wahr",
    "falsch",
    "vrai",
    "faux",
    "verdadero",
    "verdadeiro",
    "falso",
    "vero",
    "waar",
    "onwaar",
];

/// The number of digits from which a number identifies an article or a license, not a model.
const MIN_NUMBER: usize = 8;

/// Words that say that there is no name yet, that it could not be read, or what kind of device it is. In lower case.
const OTHER_WORDS: [&str; 32] = [
    "no",
    "non",
    "nein",
    "nan",
    "infinity",
    "later",
    "same",
    "ditto",
    "dito",
    "idem",
    "default",
    "unassigned",
    "xx",
    "xxxx",
    "error",
    "failed",
    "failure",
    "pending",
    "tbd",
    "tba",
    "todo",
    "missing",
    "see above",
    "see below",
    "same as above",
    "laptop",
    "notebook",
    "desktop",
    "tablet",
    "computer",
    "pc",
    "workstation",
];

/// Finds a manufacturer or model that may be another value. It may still be the right one, so it is sent.
pub(super) fn find(field: Field, text: &str, others: &OtherValues<'_>) -> Option<CellProblem> {
    if !matches!(field, Field::Manufacturer | Field::Model) {
        return None;
    }
    let reason = if is_truth_value(text) {
        "is a truth value"
    } else if is_number(field, text) {
        "is a number"
    } else if has_several_names(text) {
        "has \" / \" between names, as if there were several"
    } else if is_one_of(text, &OTHER_WORDS) {
        "is not a name"
    } else if is_remark(text) {
        "is a remark"
    } else if text.contains('@') {
        "is an e-mail address"
    } else if !text.bytes().any(|byte| byte.is_ascii_alphanumeric()) {
        "has no letter of the Latin alphabet, as names in firmware have"
    } else if others.serial_number.is_some_and(|serial| contains_serial_number(text, serial)) {
        "contains the serial number"
    } else if is_hexadecimal_groups(text, &[2; 6]) {
        "is a MAC address"
    } else if is_hexadecimal_groups(text, &[8, 4, 4, 4, 12]) {
        "is a UUID"
    } else if has_long_number(text) {
        "contains a long number"
    } else {
        return None;
    };
    let message = format!("{} {reason}, so it may not be a {}", quoted(text), field.noun());
    Some(CellProblem::doubtful(Rule::UnlikelyName, message))
}

fn is_truth_value(text: &str) -> bool {
    matches!(text.len(), 4..=10)
        && matches!(text.as_bytes()[0] | 0x20, b't' | b'f' | b'w' | b'v' | b'o')
        && is_one_of(text, &TRUTH_VALUES)
}

/// Matches digits with signs of a formatted number. Models may be short numbers, such as `7010`.
fn is_number(field: Field, text: &str) -> bool {
    let mut digits = 0;
    text.starts_with(|c: char| c.is_ascii_digit())
        && text.bytes().all(|byte| {
            digits += usize::from(byte.is_ascii_digit());
            byte.is_ascii_digit() || matches!(byte, b',' | b'.' | b'\'' | b' ')
        })
        && (field == Field::Manufacturer || digits < text.len() || digits >= MIN_NUMBER)
}

/// Matches `Enter model here`, `No hash` and `see invoice`.
fn is_remark(text: &str) -> bool {
    const STARTS: [&str; 6] = ["no ", "see ", "not ", "enter ", "nicht ", "does "];
    let starts_with = |other: &&str| {
        text.get(..other.len()).is_some_and(|start| start.eq_ignore_ascii_case(other))
    };
    STARTS.iter().any(starts_with)
}

/// Returns true if a name contains the serial number of its row. A short one, or one without a digit, may be part of a name.
fn contains_serial_number(text: &str, serial: &str) -> bool {
    const MIN_SERIAL: usize = 5;
    let (text, serial) = (text.as_bytes(), serial.as_bytes());
    serial.len() >= MIN_SERIAL
        && text.len() >= serial.len()
        && text.windows(serial.len()).any(|part| {
            part[0].eq_ignore_ascii_case(&serial[0]) && part.eq_ignore_ascii_case(serial)
        })
        && serial.iter().any(u8::is_ascii_digit)
        && !std::str::from_utf8(serial).is_ok_and(|text| is_placeholder(Field::SerialNumber, text))
}

/// Matches names with a word of 12 or more digits, such as an IMEI.
fn has_long_number(text: &str) -> bool {
    const MIN_DIGITS: usize = 12;
    text.len() >= MIN_DIGITS
        && text
            .split(' ')
            .any(|word| word.len() >= MIN_DIGITS && word.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Matches `Book 5 / Book 6`. A slash without spaces is part of many names.
fn has_several_names(text: &str) -> bool {
    let has_letter = |part: &str| part.bytes().any(|byte| byte.is_ascii_alphabetic());
    text.contains('/') && text.split(" / ").count() > 1 && text.split(" / ").all(has_letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_values_are_unlikely_names() {
        let both = [true, true];
        for (text, expected) in [
            ("TRUE", both),
            ("False", both),
            ("WAHR", both),
            ("verdadeiro", both),
            ("3,305", both),
            ("1 234.5", both),
            ("3305000000001", both),
            ("12345678", both),
            ("7010", [true, false]),
            ("0", [true, false]),
            ("Book 5 / Book 6", both),
            ("HP / Dell Inc.", both),
            ("ERROR", both),
            ("Laptop", both),
            ("Enter model here", both),
            ("see invoice", both),
            ("No hash", both),
            ("ditto", both),
            ("a1@example.com", both),
            ("不明です", both),
            ("Nova 5", [false; 2]),
            ("ct0001a", both),
            ("[CT0001A]", both),
            ("CT0001A (replaced)", both),
            ("00:1A:2B:3C:4D:5E", both),
            ("550e8400-e29b-41d4-a716-446655440000", both),
            ("IMEI 356938035643809", both),
            ("Book CT0001", [false; 2]),
            ("Laptop 5", [false; 2]),
            ("Contoso", [false; 2]),
            ("Trueline", [false; 2]),
            ("2-in-1", [false; 2]),
            ("3Com", [false; 2]),
            ("21HMCTO1WW", [false; 2]),
            ("B550/A PRO", [false; 2]),
            ("Book 5 / 2024", [false; 2]),
            ("VMware7,1", [false; 2]),
            ("Äb5", [false; 2]),
        ] {
            let others = OtherValues { serial_number: Some("CT0001A"), ..OtherValues::default() };
            let found = [Field::Manufacturer, Field::Model].map(|field| {
                find(field, text, &others).is_some_and(|one| one.rule == Rule::UnlikelyName)
            });
            assert_eq!(found, expected, "{text}");
        }
        assert_eq!(find(Field::SerialNumber, "TRUE", &OtherValues::default()), None);
        // Part of a name, and a placeholder.
        for (name, serial) in [("Book 5450", "5450"), ("Default string", "Default string")] {
            let others = OtherValues { serial_number: Some(serial), ..OtherValues::default() };
            assert_eq!(find(Field::Model, name, &others), None, "{name}");
        }
    }
}
