//! Cleans the text of a cell: trims it, removes quotation marks and other signs around the value, and joins split
//! hardware hashes.

use std::borrow::Cow;

use crate::check::rule::Rule;

/// Trims ASCII whitespace and non-breaking spaces. Also removes a byte order mark or Ctrl-Z in front of the value, which
/// remains where files were joined, and zero bytes behind it, with which programs pad fixed-width cells.
pub(super) fn trim(mut cell: &[u8]) -> &[u8] {
    const BOM: &[u8] = b"\xEF\xBB\xBF";
    const NO_BREAK_SPACE: &[u8] = b"\xC2\xA0";
    loop {
        cell = cell.trim_ascii();
        cell = match cell {
            [rest @ .., 0 | 0x0B | 0x1A] | [0x0B | 0x1A, rest @ ..] => rest,
            [0xA0] => &[],
            _ => {
                let rest = cell.strip_prefix(BOM).or_else(|| cell.strip_prefix(NO_BREAK_SPACE));
                match rest.or_else(|| cell.strip_suffix(NO_BREAK_SPACE)) {
                    Some(rest) => rest,
                    None => return cell,
                }
            }
        }
    }
}

/// Returns true if the cell contains more than whitespace of any kind.
pub(super) fn is_filled(cell: &[u8]) -> bool {
    let cell = trim(cell);
    match cell.first() {
        None => false,
        Some(first) if first.is_ascii_graphic() => true,
        Some(_) => !String::from_utf8_lossy(cell).trim().is_empty(),
    }
}

/// Returns true if the cell needs no cleaning: it is printable ASCII from `lowest` on, without signs around the value.
pub(super) fn is_plain(cell: &[u8], lowest: u8) -> bool {
    // Without an early exit or a comparison within a chunk, so that the compiler can vectorize the loop.
    let is_printable = |chunk: &[u8]| {
        let highest =
            chunk.iter().fold(0, |highest: u8, byte| highest.max(byte.wrapping_sub(lowest)));
        highest <= b'~' - lowest
    };
    let is_quote = |byte: Option<&u8>| matches!(byte, Some(b'"' | b'\'' | b'='));
    cell.chunks(512).all(is_printable)
        && !is_quote(cell.first())
        && !matches!(cell.last(), Some(b'"' | b'\''))
}

/// Returns true if every second byte is zero: UTF-16, as the `>>` of Windows PowerShell appends it to other files.
pub(super) fn is_utf16(cell: &[u8]) -> bool {
    let zeros = cell.iter().filter(|byte| **byte == 0).count();
    cell.len() > 2 && (cell.len() / 2..=cell.len() / 2 + 1).contains(&zeros)
}

/// The number of characters from which on a value is a hardware hash.
const MIN_HASH: usize = 100;

/// Pairs of quotation marks around a value.
const QUOTES: [(char, char); 9] = [
    ('"', '"'),
    ('\'', '\''),
    ('“', '”'),
    ('„', '“'),
    ('„', '”'),
    ('”', '”'),
    ('‘', '’'),
    ('«', '»'),
    ('»', '«'),
];

/// Removes a formula, quotation marks or an apostrophe around a value. Returns the value and the rule to report.
pub(super) fn strip_wrapping(text: &str) -> (Cow<'_, str>, Option<Rule>) {
    // ="00123" keeps a spreadsheet from reading a number.
    if let Some(formula) = text.strip_prefix('=') {
        let inner = formula.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        // Only hashes contain `+`, `/` and `=`. Elsewhere these calculate.
        let is_hash = formula.len() >= MIN_HASH;
        let is_value = |c: char| {
            c.is_ascii_alphanumeric()
                || matches!(c, '-' | '.' | ' ')
                || is_hash && matches!(c, '+' | '/' | '=')
        };
        // A quotation mark inside the value is doubled. Another one belongs to a longer formula, such as `="a"&"b"`.
        let inner = inner.filter(|inner| !inner.replace("\"\"", "").contains('"'));
        return match inner {
            Some(inner) => {
                (inner.replace("\"\"", "\"").trim().to_owned().into(), Some(Rule::FormulaQuotes))
            }
            // The same after all quotation marks were removed.
            None if formula.starts_with(|c: char| c.is_ascii_alphanumeric())
                && formula.chars().all(is_value)
                && !formula.split('-').all(is_cell_reference) =>
            {
                (formula.into(), Some(Rule::FormulaQuotes))
            }
            None => (text.into(), None),
        };
    }
    let mut inner = text;
    while let Some(rest) = strip_quotes(inner) {
        inner = rest.trim();
    }
    if inner.len() < text.len() {
        return (inner.into(), Some(Rule::StrayQuotes));
    }
    match text.strip_prefix(['\'', '’', '‘']) {
        Some(rest) if !rest.is_empty() => (rest.trim().into(), Some(Rule::LeadingApostrophe)),
        _ => (text.into(), None),
    }
}

/// Returns true for the name of a cell, such as `B2` or `AA123`. Serial numbers of this form are longer.
fn is_cell_reference(text: &str) -> bool {
    let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let row = &text.as_bytes()[letters..];
    (1..=3).contains(&letters)
        && text.len() <= 5
        && matches!(row.first(), Some(b'1'..=b'9'))
        && row.iter().all(u8::is_ascii_digit)
}

fn strip_quotes(text: &str) -> Option<&str> {
    if text == "\"" {
        return Some(""); // the rest of """"
    }
    let between = |(open, close): (char, char)| text.strip_prefix(open)?.strip_suffix(close);
    // CSV turns ""S1"" into S1"".
    let before =
        || text.strip_suffix("\"\"").filter(|rest| !rest.is_empty() && !rest.contains('"'));
    QUOTES.into_iter().find_map(between).or_else(before)
}

/// Returns true if the value has an opening quotation mark. The closing one is then in a later cell, because
/// [`strip_wrapping`] has removed pairs.
pub(super) fn has_open_quote(text: &str) -> bool {
    text.starts_with(['"', '“', '„', '«'])
}

/// Joins a hardware hash that is split by spaces or line breaks; `None` if it is not split, or if joining could lose
/// something:
///
/// - Decoding base64 as part of a URL turns each `+` into a space. That cannot be undone.
/// - If a quotation mark is never closed, a cell may contain several hashes.
pub(super) fn join_split_hash(hash: &str) -> Option<String> {
    const MAX_LINE: usize = 1000; // a hash has 4,000 characters, and wrapped lines are far shorter
    let parts: Vec<_> = hash.split_whitespace().collect();
    let (first, [others @ .., last]) = parts.split_first()? else { return None };
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    let is_part = |part: &str| part.len() <= MAX_LINE && part.bytes().all(is_base64);
    // A hash starts with the bytes `OA`.
    let is_start =
        |part: &str| ["T0E", "T0F", "T0G", "T0H"].iter().any(|start| part.starts_with(start));
    let is_one_hash = is_part(first)
        && others.iter().all(|part| is_part(part) && !is_start(part))
        && is_part(last.trim_end_matches('='))
        && !is_start(last);
    let has_equal_parts = !others.is_empty()
        && others.iter().all(|part| part.len() == first.len())
        && last.len() <= first.len();
    // If the spaces were `+`, the length including them is a multiple of four.
    let were_plus = !hash.contains('\n') && hash.len().is_multiple_of(4) && !has_equal_parts;
    let joined = parts.concat();
    (is_one_hash && !were_plus && joined.len().is_multiple_of(4)).then_some(joined)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strips_formulas_quotes_and_apostrophes() {
        let (formula, stray, apostrophe) =
            (Some(Rule::FormulaQuotes), Some(Rule::StrayQuotes), Some(Rule::LeadingApostrophe));
        for (text, value, rule) in [
            ("S1", "S1", None),
            ("=\"00123\"", "00123", formula),
            ("=\"15\"\" X\"", "15\" X", formula),
            ("=\"\"", "", formula),
            ("=\"CT\"&\"0001\"", "=\"CT\"&\"0001\"", None),
            ("=00123", "00123", formula),
            ("=SUM(A1)", "=SUM(A1)", None),
            ("=\"00\"&\"123\"", "=\"00\"&\"123\"", None),
            ("=B2", "=B2", None),
            ("=AA123", "=AA123", None),
            ("=A1-B1", "=A1-B1", None),
            ("=A1+B1", "=A1+B1", None),
            ("=PF-3ABCDE", "PF-3ABCDE", formula),
            ("=ABC1234", "ABC1234", formula),
            ("=", "=", None),
            ("\"S1\"", "S1", stray),
            ("\"\"S1\"\"", "S1", stray),
            ("S1\"\"", "S1", stray),
            ("\"", "", stray),
            ("“S1”", "S1", stray),
            ("„S1“", "S1", stray),
            ("'S1'", "S1", stray),
            ("'00123", "00123", apostrophe),
            ("'", "'", None),
            ("15\" X", "15\" X", None),
            ("15\"", "15\"", None),
            ("O'Neil", "O'Neil", None),
        ] {
            assert_eq!(strip_wrapping(text), (value.into(), rule), "{text}");
        }
    }

    #[test]
    fn joins_a_split_hash_only_without_loss() {
        let long = "T0EA".repeat(400);
        for (hash, expected) in [
            ("T0EA\nBBBB", Some("T0EABBBB")),
            ("T0EA\r\n  BBBB\r\nBB==", Some("T0EABBBBBB==")),
            ("T0EA BBBB", Some("T0EABBBB")),
            ("T0EABBBB CCCCDDDD EEEE", Some("T0EABBBBCCCCDDDDEEEE")),
            ("T0 ABBBB", None),
            ("T0 ABB BCCCC", None),
            ("T0EA\nBBB", None),
            ("T0EA\nS1,,", None),
            ("T0E=\nBBBB", None),
            ("T0EA\nT0EA", None),
            (&format!("{long}\n{}", &long[1..]), None),
            ("T0EA", None),
            ("", None),
        ] {
            assert_eq!(join_split_hash(hash).as_deref(), expected, "{hash:?}");
        }
    }
}
