//! Detects the character that separates the cells of a file.

use csv::ByteRecord;

use super::cell::trim;
use super::field::Column;
use super::header::MAX_TITLES;

/// The separators that are recognized. The first one wins a tie.
const SEPARATORS: [u8; 4] = *b",;\t|";

/// Returns the plural name of a separator for a message.
pub(super) fn plural_name(separator: u8) -> &'static str {
    match separator {
        b',' => "commas",
        b';' => "semicolons",
        b'\t' => "tabs",
        _ => "vertical bars",
    }
}

/// The separator, as far as the first lines reveal it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct DetectedSeparator {
    pub(super) separator: u8,
    /// The separator around quoted lines, if each line is one quoted cell.
    pub(super) outer: Option<u8>,
    /// The lines include the header, or it is too far down.
    pub(super) is_final: bool,
}

/// Detects the separator by the header: the one that makes the most known column names of it. A line `sep=;` above it,
/// which is meant for Excel, decides a tie. The header is the first line with a known name, or a later one with two.
///
/// `is_complete` is false if more text may follow; the last line is then ignored.
pub(super) fn detect(start: &[u8], is_complete: bool) -> DetectedSeparator {
    let mut requested = None;
    let mut lines = start.split(|byte| matches!(byte, b'\r' | b'\n')).peekable();
    let mut filled = Vec::new();
    while let Some(line) = lines.next() {
        let line = trim(line);
        if lines.peek().is_none() && !is_complete {
            break;
        }
        if line.is_empty() || line.starts_with(b"#TYPE") {
            continue;
        }
        if let Some(separator) = parse_separator_line(line) {
            requested = Some(separator);
            continue;
        }
        filled.push(line);
        let count_names = |separator: &u8| {
            let cells = line.split(|byte| byte == separator);
            cells.filter(|cell| Column::recognize(cell).field().is_some()).count()
        };
        let candidates = requested.into_iter().chain(SEPARATORS);
        // `max_by_key` returns the last of equal items.
        let best = candidates.rev().max_by_key(count_names).unwrap_or(b',');
        if count_names(&best) > usize::from(filled.len() > 1) {
            let outer = outer_separator(line, best);
            return DetectedSeparator { separator: best, outer, is_final: true };
        }
        if filled.len() > MAX_TITLES {
            let separator = requested.unwrap_or_else(|| by_cells(&filled));
            return DetectedSeparator { separator, outer: None, is_final: true };
        }
    }
    let separator = requested.unwrap_or_else(|| by_cells(&filled));
    DetectedSeparator { separator, outer: None, is_final: false }
}

/// Returns the separator by which two lines in succession have the most cells, if no name in them is known.
fn by_cells(lines: &[&[u8]]) -> u8 {
    let count = |line: &[u8], separator: u8| line.iter().filter(|byte| **byte == separator).count();
    let most = |separator: &u8| {
        let pairs =
            lines.windows(2).map(|pair| [pair[0], pair[1]].map(|line| count(line, *separator)));
        pairs.filter(|[above, below]| above == below).map(|[cells, _]| cells).max().unwrap_or(0)
    };
    // `max_by_key` returns the last of equal items.
    SEPARATORS.into_iter().rev().max_by_key(most).unwrap_or(b',')
}

/// Returns the separator outside of the quotation marks, if the whole line is one quoted cell: a spreadsheet whose
/// separator is a different one read the line as one value, and wrote it with its own separators behind it.
fn outer_separator(line: &[u8], separator: u8) -> Option<u8> {
    let mut rest = line.strip_prefix(b"\"")?;
    loop {
        let end = rest.iter().position(|byte| *byte == b'"')?;
        rest = &rest[end + 1..];
        match rest.strip_prefix(b"\"") {
            Some(after) => rest = after,
            None => break,
        }
    }
    let has_cells = line[..line.len() - rest.len()].contains(&separator);
    let default = if separator == b';' { b',' } else { b';' };
    let outer = rest.first().copied().unwrap_or(default);
    (has_cells && SEPARATORS.contains(&outer) && rest.iter().all(|byte| *byte == outer))
        .then_some(outer)
}

/// Parses a line such as `sep=;`.
pub(super) fn parse_separator_line(line: &[u8]) -> Option<u8> {
    let line = line.strip_prefix(b"\"").unwrap_or(line);
    let (start, rest) = line.split_at_checked(4)?;
    let separator = rest.first().copied().unwrap_or(b'\t'); // a tab was trimmed
    (start.eq_ignore_ascii_case(b"sep=") && SEPARATORS.contains(&separator)).then_some(separator)
}

/// Returns the separator of a row that has too few cells because it is not separated like the header.
pub(super) fn other_separator(record: &ByteRecord, width: usize, separator: u8) -> Option<u8> {
    if record.len() >= width {
        return None;
    }
    let text = record.as_slice();
    let count_cells = |other: &u8| 1 + text.iter().filter(|byte| *byte == other).count();
    SEPARATORS.into_iter().filter(|other| *other != separator && text.contains(other)).find(
        |other| {
            let cells = count_cells(other);
            cells > record.len() && (cells == width || cells > 2)
        },
    )
}

/// Splits a record again at a different separator.
pub(super) fn split_again(record: &ByteRecord, separator: u8, other: u8) -> ByteRecord {
    let cells: Vec<_> = record.iter().collect();
    let line = cells.join(&separator);
    line.split(|byte| *byte == other).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn header_determines_the_separator() {
        for (start, separator) in [
            ("Serial,Hash\n", b','),
            ("Serial;Hash\n", b';'),
            ("Serial\tHash\n", b'\t'),
            ("Serial|Hash\n", b'|'),
            ("Serial\n", b','),
            ("sep=;\nSerial\n", b';'),
            ("\"sep=;\"\r\nSerial\r\n", b';'),
            // Excel could not read such a file, but the header is clear.
            ("sep=;\nSerial,Hash\n", b','),
            ("\"Serial\";\"Hash, whole\";\"Make\"\n", b';'),
            ("Devices, ordered; by us\n\nSerial;Hash\n", b';'),
            ("#TYPE Selected.X\r\n\"Serial\";\"Hash\"\r\n", b';'),
        ] {
            assert_eq!(
                detect(start.as_bytes(), false),
                DetectedSeparator { separator, outer: None, is_final: true },
                "{start:?}"
            );
        }
        for start in ["", "\n\n", "Serial;Hash", "a\nb\nc\n", "Title\nModel\n"] {
            assert!(!detect(start.as_bytes(), false).is_final, "{start:?}");
        }
        assert_eq!(
            detect(b"Serial;Hash", true),
            DetectedSeparator { separator: b';', outer: None, is_final: true }
        );
    }

    #[test]
    fn lines_in_quotation_marks_have_two_separators() {
        for (start, separator, outer) in [
            ("\"Serial,Hash\"\n", b',', Some(b';')),
            ("\"Serial,Hash\";;\n", b',', Some(b';')),
            ("\"Serial,Hash\",,\n", b',', Some(b',')),
            ("\"Serial;Hash\"\n", b';', Some(b',')),
            ("\"\"\"Serial\"\",\"\"Hash\"\"\"\n", b',', Some(b';')),
            ("\"Serial\",\"Hash\"\n", b',', None),
            ("\"Serial\";\"Hash, whole\"\n", b';', None),
            ("\"Serial, new\",\"Hash\"\n", b',', None),
            ("\"Serial\";;\n", b',', None),
        ] {
            let found = detect(start.as_bytes(), false);
            assert_eq!((found.separator, found.outer), (separator, outer), "{start:?}");
        }
    }

    #[test]
    fn separator_of_unknown_names_makes_the_most_cells() {
        for (start, separator) in [
            ("PC;Blob;Note\nA;B;x, y\n", b';'),
            ("A title\nPC\tBlob\nA\tB\n", b'\t'),
            ("Contoso,Book,CT0001\nContoso,Book,CT0002\n", b','),
            ("sep=|\nPC|Blob\n", b'|'),
            ("a\n", b','),
        ] {
            assert_eq!(detect(start.as_bytes(), true).separator, separator, "{start:?}");
        }
    }
}
