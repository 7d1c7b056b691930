//! Detects the kind of a file by its first bytes. The name of a file is not used, because many have the wrong ending.

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};

use super::refusal::Refusal;
use crate::check::rule::Rule;

/// The number of bytes that the kind of file is detected by. The mark of a TAR archive ends at byte 262.
pub(super) const SNIFF_BYTES: usize = 512;

/// The kind of file, as its first bytes reveal it.
#[derive(Debug)]
pub(super) enum FileKind {
    /// UTF-8 or one byte per character. `has_mark` is true if it starts with the byte order mark of UTF-8.
    Bytes { has_mark: bool },
    /// UTF-16, with or without a byte order mark.
    Utf16 { encoding: &'static Encoding, has_mark: bool },
    /// A ZIP archive, which may be a workbook.
    Zip,
    /// An OLE compound file: a document of Office before 2007, an Outlook message, or a document with a password.
    Compound,
    /// A file that cannot be read.
    Refused(Refusal),
}

/// Files that start with these bytes may contain devices, but cannot be read.
const ARCHIVES: [(&[u8], &str); 9] = [
    (b"\x1F\x8B", "the file is compressed with gzip"),
    (b"7z\xBC\xAF\x27\x1C", "the file is a 7-Zip archive"),
    (b"Rar!\x1A\x07", "the file is a RAR archive"),
    (b"MSCF\0\0\0\0", "the file is a CAB archive, such as MdmDiagnosticsTool writes"),
    (b"BZh", "the file is compressed with bzip2"),
    (b"\xFD7zXZ\0", "the file is compressed with xz"),
    (b"\x28\xB5\x2F\xFD", "the file is compressed with zstd"),
    (b"PK\x07\x08", "the file is one part of a ZIP archive that was split"),
    (b"MSWIM\0\0\0", "the file is a provisioning package (.ppkg) or another Windows image"),
];

/// Files that start with these bytes are not lists of devices.
const OTHERS: [(&[u8], &str); 21] = [
    (b"%PDF", "the file is a PDF document"),
    (b"{\\rtf", "the file is a text document (.rtf)"),
    (b"\x89PNG\r\n\x1A\n", "the file is a picture (PNG)"),
    (b"\xFF\xD8\xFF", "the file is a picture (JPEG)"),
    (b"GIF87a", "the file is a picture (GIF)"),
    (b"GIF89a", "the file is a picture (GIF)"),
    (b"II*\0", "the file is a picture (TIFF)"),
    (b"MM\0*", "the file is a picture (TIFF)"),
    (b"RIFF", "the file is a picture or a recording"),
    (b"MZ\x90\0", "the file is a Windows program"),
    (b"\x7FELF", "the file is a program"),
    (b"SQLite format 3\0", "the file is an SQLite database"),
    (b"\0\x01\0\0Standard ", "the file is an Access database"),
    (b"ElfFile\0", "the file is a Windows event log"),
    (b"regf", "the file is a Windows registry"),
    (b"L\0\0\0\x01\x14\x02\0", "the file is a Windows shortcut"),
    (b"bplist00", "the file is a property list of macOS"),
    (b"PAR1", "the file is an Apache Parquet file"),
    (b"\xE4\x52\x5C\x7B\x8C\xD8\xA7\x4D", "the file is a OneNote section"),
    (b"[InternetShortcut]", "the file is a link to a web page, not the page"),
    (b"BEGIN:V", "the file is a contact or a calendar entry"),
];

const UTF_32: &str = "the file is UTF-32; only UTF-8, UTF-16 and Windows-1252 can be read";

pub(super) fn detect(first: &[u8]) -> FileKind {
    let utf16 = |encoding, has_mark| FileKind::Utf16 { encoding, has_mark };
    let refuse = |rule, message| FileKind::Refused(Refusal::new(rule, message));
    let starts_with =
        |(start, message): &(&[u8], &'static str)| first.starts_with(start).then_some(*message);
    if let Some(message) = ARCHIVES.iter().find_map(starts_with) {
        return refuse(Rule::Archive, message);
    }
    if first.starts_with(b"-----BEGIN PGP MESSAGE-----") {
        return refuse(Rule::Encrypted, "the file is a message that PGP encrypted");
    }
    if first.starts_with(b"version https://git-lfs.github.com/") {
        let message = "the file is a pointer of Git LFS, not the file itself";
        return refuse(Rule::NotText, message);
    }
    if let Some(message) = OTHERS.iter().find_map(starts_with) {
        return FileKind::Refused(Refusal::of_other_file(message));
    }
    match first {
        [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] => refuse(Rule::Utf32, UTF_32),
        _ if looks_like_utf32(first, 0) || looks_like_utf32(first, 3) => {
            refuse(Rule::Utf32, UTF_32)
        }
        [0xFF, 0xFE, ..] => utf16(UTF_16LE, true),
        [0xFE, 0xFF, ..] => utf16(UTF_16BE, true),
        _ if looks_like_utf16(first, 1) => utf16(UTF_16LE, false),
        _ if looks_like_utf16(first, 0) => utf16(UTF_16BE, false),
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => {
            FileKind::Refused(Refusal::of_other_file("the file is a picture or a film"))
        }
        [0, 0, ..] if !is_binary(first) => {
            refuse(Rule::NotText, "the file starts with zero bytes; its content is lost")
        }
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => FileKind::Zip,
        [0xD0, 0xCF, 0x11, 0xE0, ..] => FileKind::Compound,
        _ if first.get(257..262) == Some(b"ustar") => {
            refuse(Rule::Archive, "the file is a TAR archive")
        }
        _ if is_binary(first) => {
            FileKind::Refused(Refusal::of_other_file("the file is binary data of an unknown kind"))
        }
        _ => FileKind::Bytes { has_mark: first.starts_with(b"\xEF\xBB\xBF") },
    }
}

/// Returns true if the bytes are UTF-16, because the high byte of each letter of a header is zero. `high` is the
/// position of the high byte in each pair. In other scripts than Latin, only separators and digits have such a byte.
fn looks_like_utf16(first: &[u8], high: usize) -> bool {
    let units: Vec<_> = first.chunks_exact(2).collect();
    let is_letter = |unit: &&[u8]| unit[high] == 0 && unit[1 - high] != 0;
    let start = &units[..units.len().min(8)];
    if start.len() > 1 && start.iter().all(is_letter) {
        return true;
    }
    let is_ascii = |unit: &&[u8]| unit.iter().all(u8::is_ascii_graphic);
    let letters = units.iter().filter(|unit| is_letter(unit)).count();
    // UTF-16 may follow a header in another encoding.
    letters > 7
        && letters * 8 > units.len()
        && units.iter().take(32).any(is_letter)
        && units.iter().all(|unit| unit[1 - high] != 0)
        && !start.iter().take(4).all(is_ascii)
}

/// Returns true if the bytes are UTF-32. `low` is the position of the low byte in each group of four.
fn looks_like_utf32(first: &[u8], low: usize) -> bool {
    let mut units = first.chunks_exact(4).take(8).peekable();
    units.peek().is_some()
        && units.all(|unit| unit.iter().enumerate().all(|(at, byte)| (*byte != 0) == (at == low)))
}

/// The number of bytes without line endings that [`is_binary`] looks at.
const BINARY_SAMPLE: usize = 160;

/// Returns true if at least every twentieth byte is a control character that no text has. Zero bytes are not counted, because
/// lost blocks and padded cells consist of them.
fn is_binary(first: &[u8]) -> bool {
    let is_control = |byte: &&u8| matches!(byte, 1..=8 | 0x0E..=0x19 | 0x1C..=0x1F | 0x7F);
    // The kind of line endings is not a property of the text. The sample ends before `first` does, so that it has the same
    // bytes with each kind.
    let is_content = |byte: &&u8| !matches!(byte, b'\r' | b'\n');
    let sample = || first.iter().filter(is_content).take(BINARY_SAMPLE);
    let length = sample().count();
    length >= 32 && sample().filter(is_control).count() * 20 >= length
}

/// The format of a text, as its start reveals it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TextKind {
    /// Lines with separators, or any other text.
    Lines,
    Json,
    /// XML or HTML.
    Markup,
    Email,
}

impl TextKind {
    /// Detects the format by the start of a text in UTF-8 or another superset of ASCII.
    pub(super) fn of(start: &[u8]) -> Self {
        let start = start.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(start).trim_ascii_start();
        let after = |open: u8| start.strip_prefix(&[open][..]).map(<[u8]>::trim_ascii_start);
        let is_json = |rest: Option<&[u8]>, next: &[u8]| {
            rest.and_then(<[u8]>::first).is_some_and(|first| next.contains(first))
        };
        if start.starts_with(b"<") {
            Self::Markup
        } else if is_json(after(b'{'), b"\"}") || is_json(after(b'['), b"{[]\"") {
            Self::Json
        } else if is_email(start) {
            Self::Email
        } else {
            Self::Lines
        }
    }

    /// Returns true if the text that follows cannot change the format.
    pub(super) fn is_final(start: &[u8]) -> bool {
        if Self::of(start) != Self::Lines {
            return true;
        }
        let start = start.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(start).trim_ascii_start();
        let first = start.split(|byte| *byte == b'\n').next().unwrap_or_default();
        match start {
            [] => false,
            [b'{' | b'[', rest @ ..] if rest.trim_ascii().is_empty() => false,
            _ if is_email_field(first) => {
                start.iter().filter(|byte| **byte == b'\n').count() > EMAIL_LINES
            }
            // The first line may be the start of a field.
            _ => {
                first.len() < start.len()
                    || EMAIL_FIELDS.iter().all(|field| field.len() <= first.len())
            }
        }
    }
}

/// The header fields of e-mail messages, in lower case.
const EMAIL_FIELDS: [&[u8]; 11] = [
    b"received:",
    b"return-path:",
    b"delivered-to:",
    b"message-id:",
    b"mime-version:",
    b"from:",
    b"to:",
    b"subject:",
    b"date:",
    b"authentication-results:",
    b"x-received:",
];

/// The number of lines in which a second header field is searched. Continuation lines are among them.
const EMAIL_LINES: usize = 30;

fn is_email_field(line: &[u8]) -> bool {
    EMAIL_FIELDS
        .iter()
        .any(|field| line.get(..field.len()).is_some_and(|name| name.eq_ignore_ascii_case(field)))
}

/// Returns true if the text starts with the header fields of an e-mail message.
fn is_email(start: &[u8]) -> bool {
    let mut lines = start.split(|byte| *byte == b'\n');
    lines.next().is_some_and(is_email_field) && lines.take(EMAIL_LINES).any(is_email_field)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(bytes: &[u8]) -> String {
        match detect(bytes) {
            FileKind::Refused(refusal) => refusal.into_finding(&"f".into()).message().to_owned(),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn line_endings_do_not_make_a_text_binary() {
        let late = "a\n".repeat(165) + &"\u{7}\n".repeat(40);
        for text in [
            "\u{2018}s\u{1}et\n,3.!30.W6\u{1}Tag\n7KQWX1A2".to_owned(),
            "\u{7}a\n".repeat(20),
            late,
        ] {
            let kinds = ["\n", "\r\n", "\r"].map(|end| kind(text.replace('\n', end).as_bytes()));
            assert!(kinds.iter().all(|kind| *kind == kinds[0]), "{kinds:?}");
        }
    }

    #[test]
    fn first_bytes_reveal_the_kind() {
        let tar = [&[b'a'; 257][..], b"ustar\0"].concat();
        let binary = [7, 1, 2, 3, b'a'].repeat(10);
        for (bytes, expected) in [
            (&b"PK\x03\x04abc"[..], "Zip"),
            (b"PK\x05\x06\0\0", "Zip"),
            (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "Compound"),
            (b"\xEF\xBB\xBFSerial", "Bytes { has_mark: true }"),
            (b"", "Bytes { has_mark: false }"),
            (b"BZ1234,Serial", "Bytes { has_mark: false }"),
            (b"RIFF,Serial", "the file is a picture or a recording"),
            (b"%PDF-1.7", "the file is a PDF document"),
            (b"MSCF\0\0\0\0xx", "the file is a CAB archive, such as MdmDiagnosticsTool writes"),
            (b"\0\0\0\x18ftypheic", "the file is a picture or a film"),
            (&tar, "the file is a TAR archive"),
            (
                "シリアル番号,メーカー,モデル\r\n5CG1234ABC,HP\r\n"
                    .encode_utf16()
                    .flat_map(u16::to_le_bytes)
                    .collect::<Vec<_>>()
                    .as_slice(),
                "Utf16 { encoding: Encoding { name: \"UTF-16LE\", .. }, has_mark: false }",
            ),
            (b"S1\0\0\0\0,M1\0\0\0\0\r\nS2\0\0\0\0,M2\0\0", "Bytes { has_mark: false }"),
            (b"-----BEGIN PGP MESSAGE-----\n", "the file is a message that PGP encrypted"),
            (b"BEGIN:VCARD\r\n", "the file is a contact or a calendar entry"),
            (&binary, "the file is binary data of an unknown kind"),
            (
                b"a\0\0\0b\0\0\0",
                "the file is UTF-32; only UTF-8, UTF-16 and Windows-1252 can be read",
            ),
        ] {
            assert_eq!(kind(bytes), expected, "{:?}", String::from_utf8_lossy(bytes));
        }
    }

    #[test]
    fn start_of_a_text_reveals_its_format() {
        use TextKind::{Email, Json, Lines, Markup};
        for (text, expected) in [
            ("Serial,Hash", Lines),
            ("", Lines),
            ("[SerialNumber],[Model]\n", Lines),
            ("{Serial}", Lines),
            (" \u{FEFF}{", Lines),
            ("\u{FEFF}{\r\n  \"value\": []", Json),
            ("[{\"Serial\"", Json),
            ("[ \"S1\", \"S2\"]", Json),
            ("{}\n", Json),
            ("\n<?xml version", Markup),
            ("<html>", Markup),
            ("From: a@b.c\nTo: d@e.f\n", Email),
            ("Received: from x\r\n by y\r\nSubject: devices\r\n", Email),
            ("Date: 2025-01-31\nSerial,Make\n", Lines),
        ] {
            assert_eq!(TextKind::of(text.as_bytes()), expected, "{text:?}");
        }
    }
}
