//! From bytes to text. Decides by the first bytes what a file is, makes UTF-8 of UTF-16, and line feeds of
//! whatever ends the lines. Other encodings are for `cell`: a file of one byte a character shows what it is only
//! where its first letter with an accent is, which may be the last line.

use std::fmt;
use std::io::{self, Cursor, Read};

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};
use encoding_rs_io::{DecodeReaderBytes, DecodeReaderBytesBuilder};

use crate::check::rule::Rule;

/// How many bytes are looked at to see what a file is.
const FIRST: usize = 64;

/// How far the header is looked for. No header is that long.
const LONGEST_START: usize = 1 << 16;

/// The text of a file: UTF-8, or bytes that ASCII is a part of, with lines that end with LF or CRLF.
pub(super) type Text<R> = LineFeeds<Decoded<R>>;

type Decoded<R> = DecodeReaderBytes<Begun<R>, Vec<u8>>;

/// A source whose first bytes were read already. If it failed then, it fails when they are used up: what was read
/// before counts.
type Begun<R> = io::Chain<Cursor<Vec<u8>>, Late<R>>;

pub(super) struct Late<R> {
    reader: R,
    error: Option<io::Error>,
}

impl<R: Read> Read for Late<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.error.take().map_or_else(|| self.reader.read(buffer), Err)
    }
}

fn begun<R: Read>(start: Vec<u8>, reader: R, error: Option<io::Error>) -> Begun<R> {
    Cursor::new(start).chain(Late { reader, error })
}

/// A text and what is known of it from its first bytes.
pub(super) struct Opened<R> {
    pub(super) text: Text<R>,
    /// The bytes say themselves that they are UTF-8, or were made UTF-8 here.
    pub(super) is_utf8: bool,
    /// Something worth knowing.
    pub(super) note: Option<(Rule, &'static str)>,
}

impl<R: Read> Opened<R> {
    /// Reads the first bytes, and on until `is_enough` is true of the text.
    pub(super) fn open(
        mut reader: R,
        is_enough: impl FnMut(&[u8]) -> bool,
    ) -> Result<Self, (Rule, &'static str)> {
        let mut first = Vec::with_capacity(FIRST);
        let error = reader.by_ref().take(FIRST as u64).read_to_end(&mut first).err();
        let (encoding, is_utf8, note) = match recognise(&first) {
            Kind::Foreign(rule, message) => return Err((rule, message)),
            Kind::Utf16 { encoding, marked } => {
                let note =
                    "the file is UTF-16 without the byte order mark that says so; it is read";
                ((!marked).then_some(encoding), true, (!marked).then_some((Rule::Utf16, note)))
            }
            Kind::Bytes { marked } => (None, marked, None),
        };
        // UTF-8 goes through as it is, so that a cell which is none can be named; UTF-16 becomes UTF-8.
        let text = DecodeReaderBytesBuilder::new()
            .encoding(encoding)
            .utf8_passthru(true)
            .strip_bom(true)
            .build(begun(first, reader, error));
        Ok(Self { text: LineFeeds::new(text, is_enough), is_utf8, note })
    }
}

/// What the first bytes give away.
enum Kind {
    /// One byte a character, or UTF-8; `marked` if the byte order mark of UTF-8 is there.
    Bytes {
        marked: bool,
    },
    Utf16 {
        encoding: &'static Encoding,
        marked: bool,
    },
    /// No text that can be read here.
    Foreign(Rule, &'static str),
}

fn recognise(first: &[u8]) -> Kind {
    let utf16 = |encoding, marked| Kind::Utf16 { encoding, marked };
    match first {
        [0xFF, 0xFE, 0, 0, ..]
        | [0, 0, 0xFE, 0xFF, ..]
        | [1..=255, 0, 0, 0, ..]
        | [0, 0, 0, 1..=255, ..] => Kind::Foreign(
            Rule::Utf32,
            "the file is UTF-32; only UTF-8, UTF-16 and Windows-1252 can be read",
        ),
        [0xFF, 0xFE, ..] => utf16(UTF_16LE, true),
        [0xFE, 0xFF, ..] => utf16(UTF_16BE, true),
        // Every letter of a header has a zero byte beside it.
        _ if is_utf16(first, 1) => utf16(UTF_16LE, false),
        _ if is_utf16(first, 0) => utf16(UTF_16BE, false),
        [0, 0, ..] => {
            Kind::Foreign(Rule::NotText, "the file begins with zero bytes and has lost its content")
        }
        [b'P', b'K', 3, 4, ..] => {
            Kind::Foreign(Rule::Workbook, "the file is an Excel workbook, not CSV")
        }
        [0xD0, 0xCF, 0x11, 0xE0, ..] => {
            Kind::Foreign(Rule::Workbook, "the file is an old Excel workbook, not CSV")
        }
        [0x1F, 0x8B, ..] => Kind::Foreign(Rule::NotText, "the file is packed with gzip"),
        [b'%', b'P', b'D', b'F', ..] => Kind::Foreign(Rule::NotText, "the file is a PDF document"),
        _ => {
            let text = first.strip_prefix(b"\xEF\xBB\xBF");
            if text.unwrap_or(first).trim_ascii_start().starts_with(b"<") {
                return Kind::Foreign(Rule::WebPage, "the file is a web page or XML, not CSV");
            }
            Kind::Bytes { marked: text.is_some() }
        }
    }
}

/// Whether the zero bytes make it certain that these are UTF-16 whose high bytes stand at `high` of each two.
fn is_utf16(first: &[u8], high: usize) -> bool {
    let units: Vec<_> = first.chunks_exact(2).take(8).collect();
    units.len() > 1 && units.iter().all(|unit| unit[high] == 0 && unit[1 - high] != 0)
}

/// What ends the lines of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum LineEnd {
    /// LF or CRLF. A return elsewhere is none: to cut a row there could make another device of its half.
    Feed,
    /// CR, as old programs of the Macintosh write it.
    Return,
}

/// What the first line end of a text is; `None` if that needs more text.
fn line_end(text: &[u8]) -> Option<LineEnd> {
    let end = text.iter().position(|byte| matches!(byte, b'\r' | b'\n'))?;
    // More than one return before the feed comes from a file that was converted twice.
    let after = text[end..].iter().find(|byte| **byte != b'\r')?;
    Some(if *after == b'\n' { LineEnd::Feed } else { LineEnd::Return })
}

/// A text whose lines end with LF or CRLF, whatever ended them before.
pub(super) struct LineFeeds<R> {
    text: Begun<R>,
    end: LineEnd,
    /// The last byte was a return, which became a feed: one that follows is the rest of it.
    returned: bool,
}

impl<R: Read> LineFeeds<R> {
    /// Reads up to the first line end, and on until `is_enough` is true of the text.
    fn new(mut text: R, mut is_enough: impl FnMut(&[u8]) -> bool) -> Self {
        let mut start = Vec::new();
        let mut part = [0; 4096];
        let mut failed = None;
        while line_end(&start).is_none() || !is_enough(&start) {
            match text.read(&mut part) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => failed = Some(error),
                Ok(read) if read > 0 => {
                    start.extend_from_slice(&part[..read]);
                    if start.len() <= LONGEST_START {
                        continue;
                    }
                }
                Ok(_) => {}
            }
            break;
        }
        let end = line_end(&start).unwrap_or(LineEnd::Feed);
        Self { text: begun(start, text, failed), end, returned: false }
    }

    /// What was read to begin with.
    pub(super) fn start(&self) -> &[u8] {
        self.text.get_ref().0.get_ref()
    }
}

impl<R: Read> Read for LineFeeds<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.text.read(buffer)?;
            if read == 0 || self.end == LineEnd::Feed {
                return Ok(read);
            }
            let kept = feeds(&mut buffer[..read], &mut self.returned);
            if kept > 0 {
                return Ok(kept);
            }
        }
    }
}

impl<R> fmt::Debug for LineFeeds<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LineFeeds").field("end", &self.end).finish_non_exhaustive()
    }
}

/// Makes a feed of each CR and each CRLF, in place. Gives the new length.
fn feeds(text: &mut [u8], returned: &mut bool) -> usize {
    let mut kept = 0;
    for place in 0..text.len() {
        let byte = text[place];
        if byte == b'\n' && std::mem::take(returned) {
            continue;
        }
        *returned = byte == b'\r';
        text[kept] = if *returned { b'\n' } else { byte };
        kept += 1;
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_end_says_what_all_are() {
        use LineEnd::{Feed, Return};
        for (text, expected) in [
            ("", None),
            ("ab", None),
            ("ab\r", None),
            ("ab\r\r", None),
            ("\r\ra", Some(Return)),
            ("a\rb\n", Some(Return)),
            ("a\n\r", Some(Feed)),
            ("a\r\n", Some(Feed)),
            ("a\r\r\n", Some(Feed)),
        ] {
            assert_eq!(line_end(text.as_bytes()), expected, "{text:?}");
        }
    }
}
