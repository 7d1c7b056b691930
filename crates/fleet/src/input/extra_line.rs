//! Recognizes lines that tools put above, between or below the rows, and that are not devices.

use csv::ByteRecord;

use super::cell::trim;
use super::separator::parse_separator_line;

/// A line that is not part of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ExtraLine {
    /// A line such as `sep=;`, which is meant for Excel.
    Separator,
    /// Another line, with its description for a message.
    Other(&'static str),
}

/// Words that start a line with a total.
const TOTALS: [&str; 8] =
    ["total", "grand total", "sum", "count", "row count", "rows", "gesamt", "anzahl"];

impl ExtraLine {
    /// Recognizes an extra line. Never mistakes a device for one: a device has a hardware hash, a product key, or at
    /// least three cells.
    pub(super) fn recognize(record: &ByteRecord) -> Option<Self> {
        let mut cells = record.iter().map(trim).filter(|cell| !cell.is_empty());
        let first = cells.next()?;
        if first.len() > 200 {
            return None;
        }
        if first.starts_with(b"#TYPE ") {
            return Some(Self::Other("a type name written by Export-Csv"));
        }
        let starts_ruler = matches!(first.first(), Some(b'-' | b'=' | b'+'));
        if starts_ruler && is_ruler(first) && cells.clone().all(is_ruler) {
            return Some(Self::Other("a ruler"));
        }
        let second = cells.next();
        if cells.next().is_some() {
            return None;
        }
        if second.is_none() {
            if parse_separator_line(first).is_some() {
                return Some(Self::Separator);
            }
            if first.starts_with(b"Completion time: ") {
                return Some(Self::Other("the completion time of a query"));
            }
            if is_row_count(first) {
                return Some(Self::Other("a row count"));
            }
        }
        is_total(first, second).then_some(Self::Other("a total"))
    }
}

/// Returns true if a row is commented out: its first cell starts with `#`, and is not an error of a spreadsheet such as
/// `#REF!` or `#####`.
pub(super) fn is_commented_out(record: &ByteRecord) -> bool {
    let Some(rest) = record.get(0).map(trim).and_then(|cell| cell.strip_prefix(b"#")) else {
        return false;
    };
    let is_error = matches!(rest, b"N/A" | b"NV" | b"#") || rest.iter().all(|byte| *byte == b'#');
    !is_error && !matches!(rest.last(), Some(b'!' | b'?'))
}

/// Matches `-----` and `----+-----`.
fn is_ruler(cell: &[u8]) -> bool {
    cell.len() > 1 && cell.iter().all(|byte| matches!(byte, b'-' | b'=' | b'+' | b'|'))
}

/// Matches `(40 rows affected)`.
fn is_row_count(cell: &[u8]) -> bool {
    let inner = cell.strip_prefix(b"(").and_then(|rest| rest.strip_suffix(b")"));
    inner
        .is_some_and(|inner| inner.first().is_some_and(u8::is_ascii_digit) && inner.contains(&b' '))
}

/// Matches `Total: 40`, and `Total` in front of a cell with a number.
fn is_total(first: &[u8], second: Option<&[u8]>) -> bool {
    if second.is_some_and(|second| !is_number(second)) {
        return false;
    }
    let text = String::from_utf8_lossy(first).to_lowercase();
    let ends_word = |rest: &&str| rest.is_empty() || rest.starts_with([':', ' ', '=']);
    let rest = TOTALS.iter().filter_map(|word| text.strip_prefix(word)).find(ends_word);
    let Some(rest) = rest else { return false };
    let has_digit = |text: &str| text.contains(|c: char| c.is_ascii_digit());
    match (second, rest.rsplit_once([':', ' ', '='])) {
        (Some(_), _) => !has_digit(rest),
        (None, Some((words, number))) => is_number(number.as_bytes()) && !has_digit(words),
        (None, None) => false,
    }
}

fn is_number(cell: &[u8]) -> bool {
    !cell.is_empty()
        && cell.len() < 10
        && cell.iter().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b',' | b' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commented_rows_are_not_errors_of_a_spreadsheet() {
        for (row, expected) in [
            ("#S1,x", true),
            ("# S1", true),
            ("#REF!,x", false),
            ("#BEZUG!", false),
            ("#NAME?", false),
            ("#N/A", false),
            ("#####", false),
            ("#", false),
            ("S#1", false),
            ("", false),
        ] {
            assert_eq!(is_commented_out(&row.split(',').collect()), expected, "{row}");
        }
    }

    #[test]
    fn recognizes_lines_of_tools_but_not_devices() {
        let recognize = |line: &str| ExtraLine::recognize(&line.split(',').collect());
        for line in [
            "Total: 40",
            "TOTAL,40",
            "Total,,,,40",
            "Total devices: 40",
            "Grand Total 1.024",
            "(40 rows affected)",
            "(1 row)",
            "(40 Zeilen betroffen)",
            "-----,----,------",
            "----+-----",
            "#TYPE Selected.System.Management.Automation.PSCustomObject",
            "Completion time: 2024-03-01T10:00:00.0000000+01:00",
        ] {
            assert!(matches!(recognize(line), Some(ExtraLine::Other(_))), "{line}");
        }
        assert_eq!(recognize("sep=;"), Some(ExtraLine::Separator));
        assert_eq!(recognize("sep=,"), Some(ExtraLine::Separator));
        for line in [
            "",
            "S1",
            "Total",
            "TOTALLY-1",
            "TOTAL40",
            "Total,3305000000001",
            "Total,,T0E=",
            "Total,,,Dell,X",
            "-,-,-",
            "--,,T0E=",
            "(S1)",
            "sep=x",
            "Sum,,,M,N",
        ] {
            assert_eq!(recognize(line), None, "{line}");
        }
    }
}
