//! Determines the encoding of each record.
//!
//! A file in a Windows encoding does not declare it, and its first letter with an accent may be in the last line. So
//! the encoding is decided record by record:
//!
//! 1. A record that is valid UTF-8 is UTF-8. Text in other encodings is rarely valid UTF-8 by chance.
//! 2. Otherwise it is Windows-1252, unless the file is known to be UTF-8 by its byte order mark or by an earlier letter
//!    beyond ASCII. This is a guess, so it is reported as a warning, once per file.
//! 3. Otherwise it is invalid UTF-8, which is an error of the row. So is U+FFFD, which replaces a lost letter.
//!
//! If UTF-8 follows rows that were read as Windows-1252, both were right, and a warning says that two files were
//! joined. The bytes that Windows-1252 does not define (0x81, 0x8D, 0x8F, 0x90, 0x9D) become control characters, which
//! are errors. Most files in other old encodings are caught by that.

use std::borrow::Cow;

use csv::ByteRecord;
use encoding_rs::WINDOWS_1252;

use super::header::{ColumnPosition, Header};
use crate::check::rule::Rule;

/// The facts about the encoding of a file that its records revealed so far.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct FileEncoding {
    /// A byte order mark or a letter beyond ASCII was UTF-8.
    is_utf8: bool,
    /// A record was read as Windows-1252.
    is_windows_1252: bool,
}

/// The encoding of one record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RecordEncoding {
    /// ASCII or UTF-8.
    Utf8,
    /// UTF-8, for the first time after records in Windows-1252.
    Utf8AfterWindows1252,
    Windows1252,
    /// Windows-1252, for the first time.
    FirstWindows1252,
    InvalidUtf8,
}

impl FileEncoding {
    pub(super) fn new(is_utf8: bool) -> Self {
        Self { is_utf8, is_windows_1252: false }
    }

    /// Determines the encoding of the next record by the cells that are used.
    pub(super) fn next(&mut self, record: &ByteRecord, header: &Header) -> RecordEncoding {
        if record.as_slice().is_ascii() {
            return RecordEncoding::Utf8;
        }
        let (mut has_letters, mut is_invalid) = (false, false);
        let cells = header.used_columns().filter_map(|column| record.get(column.index));
        for cell in cells.filter(|cell| !cell.is_ascii()) {
            is_invalid |= std::str::from_utf8(cell).is_err();
            has_letters |= cell.utf8_chunks().any(|chunk| !chunk.valid().is_ascii());
        }
        let was_utf8 = self.is_utf8;
        self.is_utf8 |= has_letters;
        match (is_invalid, self.is_utf8, self.is_windows_1252) {
            (false, true, true) if !was_utf8 => RecordEncoding::Utf8AfterWindows1252,
            (false, ..) => RecordEncoding::Utf8,
            (true, true, _) => RecordEncoding::InvalidUtf8,
            (true, false, true) => RecordEncoding::Windows1252,
            (true, false, false) => {
                self.is_windows_1252 = true;
                RecordEncoding::FirstWindows1252
            }
        }
    }
}

impl RecordEncoding {
    /// Returns the rule to report about the file from this record on, with the column that revealed it.
    pub(super) fn finding<'a>(
        self,
        record: &ByteRecord,
        header: &'a Header,
    ) -> Option<(Rule, &'a ColumnPosition)> {
        let reveals_it = |cell: &[u8]| match self {
            Self::FirstWindows1252 => std::str::from_utf8(cell).is_err(),
            _ => !cell.is_ascii(),
        };
        let rule = match self {
            Self::FirstWindows1252 => Rule::Windows1252,
            Self::Utf8AfterWindows1252 => Rule::MixedEncodings,
            Self::Utf8 | Self::Windows1252 | Self::InvalidUtf8 => return None,
        };
        let mut columns = header.used_columns();
        Some((rule, columns.find(|column| record.get(column.index).is_some_and(reveals_it))?))
    }

    /// Decodes a cell of the record.
    pub(super) fn decode(self, cell: &[u8]) -> Cow<'_, str> {
        match self {
            Self::Windows1252 | Self::FirstWindows1252 => {
                WINDOWS_1252.decode_without_bom_handling(cell).0
            }
            _ => String::from_utf8_lossy(cell),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encodings(is_utf8: bool, records: &[&[u8]]) -> Vec<RecordEncoding> {
        let names = ByteRecord::from(vec!["Make"]);
        let (header, _) = Header::read(&names, &[], 1, &"f.csv".into()).unwrap();
        let mut encoding = FileEncoding::new(is_utf8);
        let mut next = |cell: &&[u8]| encoding.next(&ByteRecord::from(vec![*cell]), &header);
        records.iter().map(&mut next).collect()
    }

    #[test]
    fn encoding_depends_on_the_record_and_those_before_it() {
        use RecordEncoding::{
            FirstWindows1252, InvalidUtf8, Utf8, Utf8AfterWindows1252, Windows1252,
        };
        let (ascii, utf8, windows, truncated): (&[u8], &[u8], &[u8], &[u8]) =
            (b"Dell", b"M\xC3\xBCller", b"M\xFCller", b"M\xC3\xBCller\xC3");
        for (records, expected) in [
            (vec![ascii, utf8, ascii], vec![Utf8, Utf8, Utf8]),
            (vec![ascii, windows, windows], vec![Utf8, FirstWindows1252, Windows1252]),
            (vec![windows, ascii, windows], vec![FirstWindows1252, Utf8, Windows1252]),
            (vec![utf8, windows], vec![Utf8, InvalidUtf8]),
            (vec![truncated], vec![InvalidUtf8]),
            (
                vec![windows, utf8, utf8, windows],
                vec![FirstWindows1252, Utf8AfterWindows1252, Utf8, InvalidUtf8],
            ),
        ] {
            assert_eq!(encodings(false, &records), expected, "{records:?}");
        }
        assert_eq!(encodings(true, &[windows]), [InvalidUtf8]);
        assert_eq!(Windows1252.decode(b"M\xFCller \x80"), "Müller €");
    }
}
