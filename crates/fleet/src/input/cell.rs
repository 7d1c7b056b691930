//! From a cell's bytes to a value. Decides which encoding a record is in, and what of a cell is the value and what
//! came from the way it was written.
//!
//! A file in a Windows encoding does not say so, and its first letter with an accent may be in the last line. So
//! each record is judged when it is read:
//!
//! 1. A record that is valid UTF-8 is UTF-8. Words of another encoding are so by chance only, and rarely.
//! 2. One that is not is Windows-1252, if nothing in it or before it shows that the file is UTF-8: no byte order
//!    mark, no letter beyond ASCII that was valid. It is a guess, so it is a warning, once per file.
//! 3. Else it is broken UTF-8: an error of the row. So is U+FFFD, which stands for a letter that is lost.
//!
//! If a file turns out to be UTF-8 after rows were read as Windows-1252, both were right for their rows, and a
//! warning says so: two files were joined. What no letter of Windows-1252 is (0x81, 0x8D, 0x8F, 0x90, 0x9D) is a
//! control character, and refused as one: other old encodings are mostly found by that.

use std::borrow::Cow;

use csv::ByteRecord;
use encoding_rs::WINDOWS_1252;

use super::header::{Header, Place};
use crate::check::rule::Rule;

/// A cell without the blanks around it: those of ASCII and the one without a break. A mark of the byte order or a
/// Ctrl-Z before the value comes from files that were joined, zero bytes behind it from programs that fill up.
pub(super) fn trim(mut cell: &[u8]) -> &[u8] {
    const BOM: &[u8] = b"\xEF\xBB\xBF";
    const NO_BREAK: &[u8] = b"\xC2\xA0";
    loop {
        cell = cell.trim_ascii();
        cell = match cell {
            [rest @ .., 0 | 0x0B | 0x1A] | [0x0B | 0x1A, rest @ ..] => rest,
            [0xA0] => &[],
            _ => {
                let rest = cell.strip_prefix(BOM).or_else(|| cell.strip_prefix(NO_BREAK));
                match rest.or_else(|| cell.strip_suffix(NO_BREAK)) {
                    Some(rest) => rest,
                    None => return cell,
                }
            }
        }
    }
}

/// Whether a value is what it looks like: printable ASCII, from `least` on, and nothing around it that is not of the
/// value.
pub(super) fn is_plain(cell: &[u8], least: u8) -> bool {
    // Without an early end within a part, which the compiler makes fast.
    let is_printable =
        |part: &[u8]| part.iter().fold(true, |all, byte| all & ((least..=b'~').contains(byte)));
    let is_quote = |byte: Option<&u8>| matches!(byte, Some(b'"' | b'\'' | b'='));
    cell.chunks(64).all(is_printable)
        && !is_quote(cell.first())
        && !matches!(cell.last(), Some(b'"' | b'\''))
}

/// The encoding of a file so far.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Encoding {
    /// Something showed that it is UTF-8.
    is_utf8: bool,
    /// A record was read as Windows-1252.
    is_windows: bool,
}

/// The encoding of one record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Judged {
    Utf8,
    /// It is UTF-8, and those before it were Windows-1252.
    Utf8AfterWindows,
    Windows,
    /// It is Windows-1252, and those before it were ASCII.
    FirstWindows,
    Broken,
}

impl Encoding {
    pub(super) fn new(is_utf8: bool) -> Self {
        Self { is_utf8, is_windows: false }
    }

    /// Judges a record by the cells that are read of it.
    pub(super) fn judge(&mut self, record: &ByteRecord, header: &Header) -> Judged {
        if record.as_slice().is_ascii() {
            return Judged::Utf8;
        }
        let (mut letters, mut invalid) = (false, false);
        let cells = header.read_places().filter_map(|place| record.get(place.at));
        for cell in cells.filter(|cell| !cell.is_ascii()) {
            invalid |= std::str::from_utf8(cell).is_err();
            letters |= cell.utf8_chunks().any(|chunk| !chunk.valid().is_ascii());
        }
        let was_utf8 = self.is_utf8;
        self.is_utf8 |= letters;
        match (invalid, self.is_utf8, self.is_windows) {
            (false, true, true) if !was_utf8 => Judged::Utf8AfterWindows,
            (false, ..) => Judged::Utf8,
            (true, true, _) => Judged::Broken,
            (true, false, true) => Judged::Windows,
            (true, false, false) => {
                self.is_windows = true;
                Judged::FirstWindows
            }
        }
    }
}

impl Judged {
    /// What there is to say of the file now, and of which column.
    pub(super) fn news<'a>(
        self,
        record: &ByteRecord,
        header: &'a Header,
    ) -> Option<(Rule, &'a Place)> {
        let is_it = |cell: &[u8]| match self {
            Self::FirstWindows => std::str::from_utf8(cell).is_err(),
            _ => !cell.is_ascii(),
        };
        let rule = match self {
            Self::FirstWindows => Rule::Windows1252,
            Self::Utf8AfterWindows => Rule::MixedEncodings,
            Self::Utf8 | Self::Windows | Self::Broken => return None,
        };
        Some((rule, header.read_places().find(|place| record.get(place.at).is_some_and(is_it))?))
    }

    /// The text of a cell in a record of this encoding.
    pub(super) fn text(self, cell: &[u8]) -> Cow<'_, str> {
        match self {
            Self::Windows | Self::FirstWindows => WINDOWS_1252.decode_without_bom_handling(cell).0,
            _ => String::from_utf8_lossy(cell),
        }
    }
}

/// Whether every second byte is zero: UTF-16, as PowerShell's `>>` appends it to a file of another encoding.
pub(super) fn is_utf16(cell: &[u8]) -> bool {
    let zeros = cell.iter().filter(|byte| **byte == 0).count();
    cell.len() > 2 && (cell.len() / 2..=cell.len() / 2 + 1).contains(&zeros)
}

/// Whether a character shows nothing, or changes how others are shown: controls of a terminal, signs without
/// width, and those that turn the direction of writing.
pub(crate) fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

/// What opens and closes a value, and is no part of it.
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

/// A value without what the way of writing put around it, and the rule that says so.
pub(super) fn unwrap(text: &str) -> (Cow<'_, str>, Option<Rule>) {
    // ="00123" keeps a spreadsheet from making a number of it.
    if let Some(formula) = text.strip_prefix('=') {
        let inner = formula.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        let is_value =
            |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '+' | '/' | '=' | '.' | ' ');
        return match inner {
            Some(inner) => {
                (inner.replace("\"\"", "\"").trim().to_owned().into(), Some(Rule::FormulaQuotes))
            }
            // The same, after something took all quotation marks away.
            None if formula.starts_with(|c: char| c.is_ascii_alphanumeric())
                && formula.chars().all(is_value) =>
            {
                (formula.into(), Some(Rule::FormulaQuotes))
            }
            None => (text.into(), None),
        };
    }
    let mut inner = text;
    while let Some(rest) = unquoted(inner) {
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

fn unquoted(text: &str) -> Option<&str> {
    if text == "\"" {
        return Some(""); // what is left of """"
    }
    let within = |(open, close): (char, char)| text.strip_prefix(open)?.strip_suffix(close);
    // ""S1"" is read as S1"".
    let behind =
        || text.strip_suffix("\"\"").filter(|rest| !rest.is_empty() && !rest.contains('"'));
    QUOTES.into_iter().find_map(within).or_else(behind)
}

/// Whether a quotation mark opens and none closes: what should close stands in the next cell.
pub(super) fn is_open(text: &str) -> bool {
    text.starts_with(['"', '“', '„', '«'])
}

/// A hardware hash without the blanks and line breaks within it, if they are none of its own.
///
/// `+` becomes a blank where something takes base64 for a part of an address; such a hash cannot be mended. And more
/// than one hash may stand in a cell, if a quotation mark was not closed. Both stay as they are.
pub(super) fn unbroken(hash: &str) -> Option<String> {
    const LONGEST_LINE: usize = 1000; // a hash has 4,000 characters, and wrapped lines are far shorter
    let parts: Vec<_> = hash.split_whitespace().collect();
    let (first, [others @ .., last]) = parts.split_first()? else { return None };
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    let is_part = |part: &str| part.len() <= LONGEST_LINE && part.bytes().all(is_base64);
    // A hash begins with the bytes `OA`.
    let is_start =
        |part: &str| ["T0E", "T0F", "T0G", "T0H"].iter().any(|start| part.starts_with(start));
    let is_one = is_part(first)
        && others.iter().all(|part| is_part(part) && !is_start(part))
        && is_part(last.trim_end_matches('='))
        && !is_start(last);
    let is_even = !others.is_empty()
        && others.iter().all(|part| part.len() == first.len())
        && last.len() <= first.len();
    // Blanks that were `+` are counted by the four.
    let were_plus = !hash.contains('\n') && hash.len().is_multiple_of(4) && !is_even;
    let whole = parts.concat();
    (is_one && !were_plus && whole.len().is_multiple_of(4)).then_some(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(is_utf8: bool, records: &[&[u8]]) -> Vec<Judged> {
        let (header, _) = Header::read(&ByteRecord::from(vec!["Make"]), 1, &"f.csv".into());
        let mut encoding = Encoding::new(is_utf8);
        let mut judge = |cell: &&[u8]| encoding.judge(&ByteRecord::from(vec![*cell]), &header);
        records.iter().map(&mut judge).collect()
    }

    #[test]
    fn a_record_is_judged_by_itself_and_by_those_before() {
        use Judged::{Broken, FirstWindows, Utf8, Utf8AfterWindows, Windows};
        let (ascii, utf8, windows, cut): (&[u8], &[u8], &[u8], &[u8]) =
            (b"Dell", b"M\xC3\xBCller", b"M\xFCller", b"M\xC3\xBCller\xC3");
        for (records, expected) in [
            (vec![ascii, utf8, ascii], vec![Utf8, Utf8, Utf8]),
            (vec![ascii, windows, windows], vec![Utf8, FirstWindows, Windows]),
            (vec![windows, ascii, windows], vec![FirstWindows, Utf8, Windows]),
            (vec![utf8, windows], vec![Utf8, Broken]),
            (vec![cut], vec![Broken]),
            (
                vec![windows, utf8, utf8, windows],
                vec![FirstWindows, Utf8AfterWindows, Utf8, Broken],
            ),
        ] {
            assert_eq!(judged(false, &records), expected, "{records:?}");
        }
        assert_eq!(judged(true, &[windows]), [Broken]);
        assert_eq!(Windows.text(b"M\xFCller \x80"), "Müller €");
    }

    #[test]
    fn what_stands_around_a_value_is_taken_off() {
        let (formula, stray, apostrophe) =
            (Some(Rule::FormulaQuotes), Some(Rule::StrayQuotes), Some(Rule::LeadingApostrophe));
        for (text, value, rule) in [
            ("S1", "S1", None),
            ("=\"00123\"", "00123", formula),
            ("=\"15\"\" X\"", "15\" X", formula),
            ("=\"\"", "", formula),
            ("=00123", "00123", formula),
            ("=SUM(A1)", "=SUM(A1)", None),
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
            assert_eq!(unwrap(text), (value.into(), rule), "{text}");
        }
    }

    #[test]
    fn a_hash_is_joined_where_nothing_is_lost() {
        let long = "T0EA".repeat(400);
        for (hash, whole) in [
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
            assert_eq!(unbroken(hash).as_deref(), whole, "{hash:?}");
        }
    }
}
