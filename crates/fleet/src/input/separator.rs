//! Detects the character that separates the cells of a file.

use csv::ByteRecord;

use super::cell::trim;
use super::columns::Column;
use super::header::MAX_TITLES;

/// The separators that are recognized. The first one wins a tie.
const SEPARATORS: [u8; 4] = [b',', b';', b'\t', b'|'];

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
    let mut filled = 0;
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
        filled += 1;
        let count_names = |separator: &u8| {
            let cells = line.split(|byte| byte == separator);
            cells.filter(|cell| matches!(Column::recognize(cell), Column::Field(_))).count()
        };
        let candidates = requested.into_iter().chain(SEPARATORS);
        // `max_by_key` returns the last of equal items.
        let best = candidates.rev().max_by_key(count_names).unwrap_or(b',');
        if count_names(&best) > usize::from(filled > 1) {
            return DetectedSeparator { separator: best, is_final: true };
        }
        if filled > MAX_TITLES {
            return DetectedSeparator { separator: b',', is_final: true };
        }
    }
    DetectedSeparator { separator: b',', is_final: false }
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
                DetectedSeparator { separator, is_final: true },
                "{start:?}"
            );
        }
        for start in ["", "\n\n", "Serial;Hash", "a\nb\nc\n", "Title\nModel\n"] {
            assert!(!detect(start.as_bytes(), false).is_final, "{start:?}");
        }
        assert_eq!(
            detect(b"Serial;Hash", true),
            DetectedSeparator { separator: b';', is_final: true }
        );
    }
}
