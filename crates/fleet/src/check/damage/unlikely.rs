//! Recognizes texts that are probably no serial number: words and remarks.

use crate::check::cell_problem::CellProblem;
use crate::check::placeholder::is_placeholder;
use crate::check::quoted::quoted;
use crate::check::rule::Rule;
use crate::input::Field;

/// Finds a serial number without a digit, one that contains a word, a number that is too short, and another id.
pub(super) fn find(field: Field, text: &str) -> Option<CellProblem> {
    if field != Field::SerialNumber {
        return None;
    }
    let is_word =
        |part: &str| part.len() >= 3 && part.bytes().all(|byte| byte.is_ascii_alphabetic());
    let reason = if !text.bytes().any(|byte| byte.is_ascii_digit()) && !is_service_tag(text) {
        "has no digit"
    } else if text.split(' ').skip(1).any(is_word) {
        "contains a word"
    } else if text.len() < 4 && !text.bytes().any(|byte| byte.is_ascii_alphabetic()) {
        "is short"
    } else if is_number_with_letter(text) {
        "is a number as programs write it"
    } else if has_lost_digits(text) {
        "has zeros after 15 digits, as a spreadsheet stores longer numbers"
    } else if is_hexadecimal_groups(text, &[8, 4, 4, 4, 12]) {
        "is a UUID"
    } else if is_hexadecimal_groups(text, &[2; 6]) {
        "is a MAC address"
    } else {
        return None;
    };
    if is_placeholder(field, text) {
        return None; // reported as one
    }
    let message = format!("{} {reason}, so it may not be a serial number", quoted(text));
    Some(CellProblem::doubtful(Rule::UnlikelySerialNumber, message))
}

/// Matches seven capital letters without a vowel, as a service tag of Dell may be.
fn is_service_tag(text: &str) -> bool {
    let is_consonant =
        |byte: u8| byte.is_ascii_uppercase() && !matches!(byte, b'A' | b'E' | b'I' | b'O' | b'U');
    text.len() == 7 && text.bytes().all(is_consonant)
}

/// Matches hexadecimal numbers such as `0x1F`, and short numbers in scientific notation such as `1E5`.
fn is_number_with_letter(text: &str) -> bool {
    const MAX_SCIENTIFIC: usize = 5; // longer ones may be serial numbers
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_hexadecimal = text
        .strip_prefix("0x")
        .or_else(|| text.strip_prefix("0X"))
        .is_some_and(|rest| rest.len() > 1 && rest.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let is_scientific = text.len() <= MAX_SCIENTIFIC
        && text.split_once(['E', 'e']).is_some_and(|(number, exponent)| {
            is_digits(number) && is_digits(exponent) && exponent.len() < 3
        });
    is_hexadecimal || is_scientific
}

/// Matches numbers of more than 15 digits whose other digits are zeros. Spreadsheets keep 15 digits of a number
/// (<https://learn.microsoft.com/troubleshoot/microsoft-365-apps/excel/last-digits-changed-to-zeros>).
fn has_lost_digits(text: &str) -> bool {
    const KEPT: usize = 15;
    text.len() > KEPT
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && text.trim_end_matches('0').len() <= KEPT
}

/// Matches groups of these numbers of hexadecimal digits, with hyphens or colons between them.
pub(super) fn is_hexadecimal_groups(text: &str, lengths: &[usize]) -> bool {
    let is_digits = |group: &str| group.bytes().all(|byte| byte.is_ascii_hexdigit());
    let groups = || text.split(['-', ':']);
    text.len() == lengths.iter().sum::<usize>() + lengths.len() - 1 // rules out most texts
        && groups().map(str::len).eq(lengths.iter().copied())
        && groups().all(is_digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_remarks_are_unlikely() {
        for (text, expected) in [
            ("TBD", true),
            ("True", true),
            ("same as above", true),
            ("ERROR", true),
            ("UNKNOWN", false), // a placeholder
            ("PENDING", true),
            ("DLPWGTG", false),
            ("CT0001 returned", true),
            ("CT0001 / Dock 12", true),
            ("1", true),
            ("123", true),
            ("1-2", true),
            ("1E5", true),
            ("12e10", true),
            ("0x1F", true),
            ("1234E56", false),
            ("E123", false),
            ("0x0", false),
            ("00:1A:2B:3C:4D:5E", true),
            ("00-1A-2B-3C-4D-5E", true),
            ("3f2504e0-4f89-41d3-9a0c-0305e82c3301", true),
            ("1234567890123450", true),
            ("123456789012345000", true),
            ("1234567890123456", false),
            ("123456789012345", false),
            ("0000-0016-7531-3925-1234-5678-90", false),
            ("5CG1234ABC", false),
            ("PF-3ABCDE", false),
            ("VMware-56 4d 1c 0f 3a 7b 22 91-5e 6c aa 01 02 03 04 05", false),
            ("Parallels-1A 2B AB", false),
            ("R9-0ABC12 19/03", false),
            ("S1", false),
            ("1234", false),
            ("Default string", false),
            ("None", false),
        ] {
            assert_eq!(find(Field::SerialNumber, text).is_some(), expected, "{text}");
        }
        assert_eq!(find(Field::Model, "Latitude"), None);
    }
}
