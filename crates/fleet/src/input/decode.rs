//! Turns the bytes of a file into text: converts UTF-16 to UTF-8, and normalizes line endings. Leaves files that are not
//! text alone.
//!
//! Files with one byte per character pass through unchanged: their encoding shows only in the first letter with an
//! accent, which may be in the last line. See [`encoding`](super::encoding).

use std::fmt;
use std::io::{self, Cursor, Read};

use encoding_rs_io::{DecodeReaderBytes, DecodeReaderBytesBuilder};

use super::file_kind::{FileKind, SNIFF_BYTES, detect};
use super::limits::MAX_FILE_BYTES;
use super::refusal::Refusal;
use crate::check::rule::Rule;

/// The number of bytes that are searched for the header. Real headers are shorter.
const MAX_HEADER_BYTES: usize = 1 << 16;

/// The text of a file: UTF-8 or another superset of ASCII, with lines that end in LF or CRLF.
pub(super) type Text<R> = NormalizedLines<Decoded<R>>;

type Decoded<R> = DecodeReaderBytes<Prefixed<R>, Vec<u8>>;

/// A source with the bytes that were already read from it in front. If reading them failed, the error comes after them,
/// so that they are used.
pub(super) type Prefixed<R> = io::Chain<Cursor<Vec<u8>>, DeferredError<R>>;

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

/// An open file.
pub(super) enum Opened<R> {
    Text(Box<OpenedText<R>>),
    /// A ZIP archive.
    Zip(Prefixed<R>),
    /// An OLE compound file.
    Compound(Prefixed<R>),
}

impl<R: Read> Opened<R> {
    /// Reads the first bytes. If the file is text, continues until `is_enough` returns true for it.
    pub(super) fn open(
        mut reader: R,
        is_enough: impl FnMut(&[u8]) -> bool,
    ) -> Result<Self, Refusal> {
        let mut first = Vec::with_capacity(SNIFF_BYTES);
        let error = reader.by_ref().take(SNIFF_BYTES as u64).read_to_end(&mut first).err();
        let (encoding, is_utf8, note) = match detect(&first) {
            FileKind::Refused(refusal) => return Err(refusal),
            FileKind::Zip => return Ok(Self::Zip(prefixed(first, reader, error))),
            FileKind::Compound => return Ok(Self::Compound(prefixed(first, reader, error))),
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
        let text = NormalizedLines::new(text, is_enough);
        Ok(Self::Text(Box::new(OpenedText { text, is_utf8, note })))
    }
}

/// Reads all bytes of a file that is not larger than [`MAX_FILE_BYTES`].
pub(super) fn read_all(reader: impl Read) -> Result<Vec<u8>, Refusal> {
    let mut bytes = Vec::new();
    let read = reader.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes);
    read.map_err(|error| Refusal::unreadable(&error))?;
    if bytes.len() as u64 > MAX_FILE_BYTES { Err(Refusal::too_large()) } else { Ok(bytes) }
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
