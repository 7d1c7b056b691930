//! A file becomes rows. What a row says does not depend on how the bytes come in, on the line ends or on the
//! encoding; and a file without quotes has the rows that one sees in it.
#![no_main]

use std::io::{self, Read};

use libfuzzer_sys::fuzz_target;
use partner_center_devices_fleet::{Entry, Severity, read};

fuzz_target!(|bytes: &[u8]| {
    let entries: Vec<Entry> = read(bytes, "f.csv").collect();
    let said = shown(&entries);
    assert_eq!(shown(&read(Dribble(bytes), "f.csv").collect::<Vec<_>>()), said, "in pieces");

    let mut last = 0;
    let end = bytes.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count() as u64 + 1;
    for (place, entry) in entries.iter().enumerate() {
        match entry {
            Entry::Row(row) => {
                let line = row.origin().line();
                assert!(last < line && line <= end, "line {line} after {last} of {end}");
                last = line;
                assert!(row.findings().iter().all(|finding| finding.line() == Some(line)));
            }
            Entry::Finding(finding) => {
                let is_error = finding.severity() == Severity::Error;
                assert!(!is_error || place == entries.len() - 1, "nothing follows an error");
            }
            _ => panic!("an entry that this target does not know"),
        }
    }

    let Ok(text) = str::from_utf8(bytes) else { return };
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    if text.contains(['"', '\r', '\0', '\u{FEFF}']) || text.starts_with("PK\u{3}\u{4}") {
        return;
    }
    let filled = |line: &str| line.split(',').any(|cell| !cell.trim_ascii().is_empty());
    let filled = (1..).zip(text.split('\n')).filter(|(_, line)| filled(line));
    let seen: Vec<u64> = filled.map(|(number, _)| number).skip(1).collect();
    let rows = entries.iter().filter_map(|entry| match entry {
        Entry::Row(row) => Some(row.origin().line()),
        _ => None,
    });
    let rows: Vec<u64> = rows.collect();
    let refused = entries.iter().any(|entry| match entry {
        Entry::Finding(finding) => finding.severity() == Severity::Error,
        _ => false,
    });
    assert!(rows == seen || (refused && rows.is_empty()), "{rows:?}, and one sees {seen:?}");

    let other = |bytes: Vec<u8>| shown(&read(&bytes[..], "f.csv").collect::<Vec<_>>());
    assert_eq!(other(text.replace('\n', "\r\n").into_bytes()), said, "with CRLF");
    assert_eq!(other(text.replace('\n', "\r").into_bytes()), said, "with CR");
    let utf16 = || [0xFEFF].into_iter().chain(text.encode_utf16());
    assert_eq!(other(utf16().flat_map(u16::to_le_bytes).collect()), said, "UTF-16");
    assert_eq!(other(utf16().flat_map(u16::to_be_bytes).collect()), said, "UTF-16, big-endian");
});

/// Everything that a caller can see of the entries.
fn shown(entries: &[Entry]) -> Vec<String> {
    let shown = |entry: &Entry| match entry {
        Entry::Row(row) => {
            let hash = row.fields().hardware_hash.as_ref().map(|hash| hash.expose().to_owned());
            let findings: Vec<_> = row.findings().iter().map(ToString::to_string).collect();
            format!("{} {:?} {hash:?} {findings:?}", row.origin(), row.fields())
        }
        Entry::Finding(finding) => finding.to_string(),
        _ => panic!("an entry that this target does not know"),
    };
    entries.iter().map(shown).collect()
}

/// Gives 1, 2, 3, 1, … bytes at a time.
struct Dribble<'a>(&'a [u8]);

impl Read for Dribble<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let some = (self.0.len() % 3 + 1).min(buffer.len());
        self.0.read(&mut buffer[..some])
    }
}
