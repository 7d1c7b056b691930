//! Turns the bytes of a file into text: detects the kind of file by its first bytes, converts UTF-16 to UTF-8, and
//! normalizes line endings.
//!
//! Files with one byte per character pass through unchanged: their encoding shows only in the first letter with an
//! accent, which may be in the last line. See [`encoding`](super::encoding).

use std::fmt;
use std::io::{self, Cursor, Read};

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};
use encoding_rs_io::{DecodeReaderBytes, DecodeReaderBytesBuilder};

use crate::check::rule::Rule;

/// The number of bytes that the kind of file is detected by.
const SNIFF_BYTES: usize = 64;

/// The number of bytes that are searched for the header. Real headers are shorter.
const MAX_HEADER_BYTES: usize = 1 << 16;

/// The text of a file: UTF-8 or another superset of ASCII, with lines that end in LF or CRLF.
pub(super) type Text<R> = NormalizedLines<Decoded<R>>;

type Decoded<R> = DecodeReaderBytes<Prefixed<R>, Vec<u8>>;

/// A source with the bytes that were already read from it in front. If reading them failed, the error comes after them,
/// so that they are used.
type Prefixed<R> = io::Chain<Cursor<Vec<u8>>, DeferredError<R>>;

pub(super) struct DeferredError<R> {
    reader: R,
    error: Option<io::Error>,
}

impl<R: Read> Read for DeferredError<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.error.take().map_or_else(|| self.reader.read(buffer), Err)
    }
}

fn prefixed<R: Read>(prefix: Vec<u8>, reader: R, error: Option<io::Error>) -> Prefixed<R> {
    Cursor::new(prefix).chain(DeferredError { reader, error })
}

/// A text and the facts that its first bytes reveal.
pub(super) struct OpenedText<R> {
    pub(super) text: Text<R>,
    /// The file starts with the byte order mark of UTF-8, or was converted to UTF-8.
    pub(super) is_utf8: bool,
    /// A finding about the whole file.
    pub(super) note: Option<(Rule, &'static str)>,
}

impl<R: Read> OpenedText<R> {
    /// Reads the first bytes, and continues until `is_enough` returns true for the text.
    pub(super) fn open(
        mut reader: R,
        is_enough: impl FnMut(&[u8]) -> bool,
    ) -> Result<Self, (Rule, &'static str)> {
        let mut first = Vec::with_capacity(SNIFF_BYTES);
        let error = reader.by_ref().take(SNIFF_BYTES as u64).read_to_end(&mut first).err();
        let (encoding, is_utf8, note) = match detect_kind(&first) {
            FileKind::Unsupported(rule, message) => return Err((rule, message)),
            FileKind::Utf16 { encoding, has_mark } => {
                let message = "the file is UTF-16 without a byte order mark; it is read as UTF-16";
                let note = (!has_mark).then_some((Rule::Utf16, message));
                ((!has_mark).then_some(encoding), true, note)
            }
            FileKind::Bytes { has_mark } => (None, has_mark, None),
        };
        // UTF-8 passes through unchanged, so that a finding can name the cell that is not valid. UTF-16 is converted.
        let text = DecodeReaderBytesBuilder::new()
            .encoding(encoding)
            .utf8_passthru(true)
            .strip_bom(true)
            .build(prefixed(first, reader, error));
        Ok(Self { text: NormalizedLines::new(text, is_enough), is_utf8, note })
    }
}

/// The kind of file, as its first bytes reveal it.
enum FileKind {
    /// UTF-8 or one byte per character. `has_mark` is true if it starts with the byte order mark of UTF-8.
    Bytes { has_mark: bool },
    /// UTF-16, with or without a byte order mark.
    Utf16 { encoding: &'static Encoding, has_mark: bool },
    /// A file that cannot be read.
    Unsupported(Rule, &'static str),
}

fn detect_kind(first: &[u8]) -> FileKind {
    use FileKind::Unsupported;
    let utf16 = |encoding, has_mark| FileKind::Utf16 { encoding, has_mark };
    match first {
        [0xFF, 0xFE, 0, 0, ..]
        | [0, 0, 0xFE, 0xFF, ..]
        | [1..=255, 0, 0, 0, ..]
        | [0, 0, 0, 1..=255, ..] => Unsupported(
            Rule::Utf32,
            "the file is UTF-32; only UTF-8, UTF-16 and Windows-1252 can be read",
        ),
        [0xFF, 0xFE, ..] => utf16(UTF_16LE, true),
        [0xFE, 0xFF, ..] => utf16(UTF_16BE, true),
        _ if looks_like_utf16(first, 1) => utf16(UTF_16LE, false),
        _ if looks_like_utf16(first, 0) => utf16(UTF_16BE, false),
        [0, 0, ..] => {
            Unsupported(Rule::NotText, "the file starts with zero bytes; its content is lost")
        }
        [b'P', b'K', 3, 4, ..] => {
            Unsupported(Rule::Workbook, "the file is an Excel workbook, not CSV")
        }
        [0xD0, 0xCF, 0x11, 0xE0, ..] => {
            Unsupported(Rule::Workbook, "the file is an old Excel workbook, not CSV")
        }
        [0x1F, 0x8B, ..] => Unsupported(Rule::NotText, "the file is compressed with gzip"),
        [b'%', b'P', b'D', b'F', ..] => Unsupported(Rule::NotText, "the file is a PDF document"),
        _ => {
            let text = first.strip_prefix(b"\xEF\xBB\xBF");
            if text.unwrap_or(first).trim_ascii_start().starts_with(b"<") {
                return Unsupported(Rule::WebPage, "the file is a web page or XML, not CSV");
            }
            FileKind::Bytes { has_mark: text.is_some() }
        }
    }
}

/// Returns true if the bytes are UTF-16, because the high byte of each letter of a header is zero. `high` is the
/// position of the high byte in each pair.
fn looks_like_utf16(first: &[u8], high: usize) -> bool {
    let units: Vec<_> = first.chunks_exact(2).take(8).collect();
    units.len() > 1 && units.iter().all(|unit| unit[high] == 0 && unit[1 - high] != 0)
}

/// The line ending of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum LineEnd {
    /// LF or CRLF. A carriage return elsewhere does not end a line: splitting a row there could turn its first half
    /// into a different device.
    LineFeed,
    /// CR, as written by old Macintosh programs.
    CarriageReturn,
}

/// Returns the first line ending of a text; `None` if more text is needed.
fn first_line_end(text: &[u8]) -> Option<LineEnd> {
    let end = text.iter().position(|byte| matches!(byte, b'\r' | b'\n'))?;
    // A file that was converted twice has more than one CR before each LF.
    let after = text[end..].iter().find(|byte| **byte != b'\r')?;
    Some(if *after == b'\n' { LineEnd::LineFeed } else { LineEnd::CarriageReturn })
}

/// A text with its line endings changed to LF, unless they are LF or CRLF already.
pub(super) struct NormalizedLines<R> {
    text: Prefixed<R>,
    end: LineEnd,
    /// The last byte was a CR, which became LF. An LF that follows belongs to it.
    after_return: bool,
}

impl<R: Read> NormalizedLines<R> {
    /// Reads up to the first line ending, and continues until `is_enough` returns true for the text.
    fn new(mut text: R, mut is_enough: impl FnMut(&[u8]) -> bool) -> Self {
        let mut start = Vec::new();
        let mut buffer = [0; 4096];
        let mut deferred = None;
        while first_line_end(&start).is_none() || !is_enough(&start) {
            match text.read(&mut buffer) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => deferred = Some(error),
                Ok(read) if read > 0 => {
                    start.extend_from_slice(&buffer[..read]);
                    if start.len() <= MAX_HEADER_BYTES {
                        continue;
                    }
                }
                Ok(_) => {}
            }
            break;
        }
        let end = first_line_end(&start).unwrap_or(LineEnd::LineFeed);
        Self { text: prefixed(start, text, deferred), end, after_return: false }
    }

    /// Returns the text that was read by [`new`](Self::new).
    pub(super) fn start(&self) -> &[u8] {
        self.text.get_ref().0.get_ref()
    }
}

impl<R: Read> Read for NormalizedLines<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.text.read(buffer)?;
            if read == 0 || self.end == LineEnd::LineFeed {
                return Ok(read);
            }
            let length = returns_to_line_feeds(&mut buffer[..read], &mut self.after_return);
            if length > 0 {
                return Ok(length);
            }
        }
    }
}

impl<R> fmt::Debug for NormalizedLines<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NormalizedLines").field("end", &self.end).finish_non_exhaustive()
    }
}

/// Replaces each CR and each CRLF by LF, in place. Returns the new length.
fn returns_to_line_feeds(text: &mut [u8], after_return: &mut bool) -> usize {
    let mut length = 0;
    for position in 0..text.len() {
        let byte = text[position];
        if byte == b'\n' && std::mem::take(after_return) {
            continue;
        }
        *after_return = byte == b'\r';
        text[length] = if *after_return { b'\n' } else { byte };
        length += 1;
    }
    length
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_line_end_determines_the_line_ending() {
        use LineEnd::{CarriageReturn, LineFeed};
        for (text, expected) in [
            ("", None),
            ("ab", None),
            ("ab\r", None),
            ("ab\r\r", None),
            ("\r\ra", Some(CarriageReturn)),
            ("a\rb\n", Some(CarriageReturn)),
            ("a\n\r", Some(LineFeed)),
            ("a\r\n", Some(LineFeed)),
            ("a\r\r\n", Some(LineFeed)),
        ] {
            assert_eq!(first_line_end(text.as_bytes()), expected, "{text:?}");
        }
    }
}
