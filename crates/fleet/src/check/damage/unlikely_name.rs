//! Recognizes texts that are probably no manufacturer or model: truth values, numbers, and several names.

use crate::check::cell_problem::CellProblem;
use crate::check::quoted::quoted;
use crate::check::rule::Rule;
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

/// Finds a manufacturer or model that may be another value. It may still be the right one, so it is sent.
pub(super) fn find(field: Field, text: &str) -> Option<CellProblem> {
    if !matches!(field, Field::Manufacturer | Field::Model) {
        return None;
    }
    let reason = if is_truth_value(text) {
        "is a truth value"
    } else if is_number(field, text) {
        "is a number"
    } else if has_several_names(text) {
        "has \" / \" between names, as if there were several"
    } else {
        return None;
    };
    let message = format!("{} {reason}, so it may not be a {}", quoted(text), field.noun());
    Some(CellProblem::doubtful(Rule::UnlikelyName, message))
}

fn is_truth_value(text: &str) -> bool {
    matches!(text.len(), 4..=10)
        && matches!(text.as_bytes()[0] | 0x20, b't' | b'f' | b'w' | b'v' | b'o')
        && TRUTH_VALUES.iter().any(|value| value.eq_ignore_ascii_case(text))
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
            ("Contoso", [false; 2]),
            ("Trueline", [false; 2]),
            ("2-in-1", [false; 2]),
            ("3Com", [false; 2]),
            ("21HMCTO1WW", [false; 2]),
            ("B550/A PRO", [false; 2]),
            ("Book 5 / 2024", [false; 2]),
            ("VMware7,1", [false; 2]),
            ("Ä", [false; 2]),
        ] {
            let found = [Field::Manufacturer, Field::Model]
                .map(|field| find(field, text).is_some_and(|one| one.rule == Rule::UnlikelyName));
            assert_eq!(found, expected, "{text}");
        }
        assert_eq!(find(Field::SerialNumber, "TRUE"), None);
    }
}
