//! Reading a file into rows. The rows do not depend on the chunks that are read, on line endings or on the encoding. In a
//! file without quotes each visible line is a row, the header, or the subject of a finding.
#![no_main]

use std::collections::HashSet;
use std::io::{self, Read};

use libfuzzer_sys::fuzz_target;
use partner_center_devices_fleet::{InputItem, Row, Severity, read};

fuzz_target!(|bytes: &[u8]| {
    let items: Vec<InputItem> = read(bytes, "f.csv").collect();
    let expected = describe(&items);
    assert_eq!(
        describe(&read(Dribble(bytes), "f.csv").collect::<Vec<_>>()),
        expected,
        "read in pieces"
    );

    if has_other_format(bytes) {
        return; // the position of a device in it is not a line
    }
    let mut rows = Vec::new();
    let mut reported = HashSet::new();
    let (mut has_error, mut is_list) = (false, false);
    // An error refuses the whole file, so the lines below it are not read.
    let mut read_until = u64::MAX;
    let end = bytes.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count() as u64 + 1;
    for item in &items {
        assert!(!has_error, "nothing follows an error");
        match item {
            InputItem::Row(row) => {
                let line = row.origin().line();
                let last = rows.last().copied().unwrap_or_default();
                assert!(last < line && line <= end, "line {line} after {last} of {end}");
                rows.push(line);
                assert!(row.findings().iter().all(|finding| finding.line() == Some(line)));
                for value in values(row) {
                    assert!(!value.is_empty() && value == value.trim(), "{value:?}");
                    assert!(!value.contains(char::is_control), "{value:?}");
                }
            }
            InputItem::Finding(finding) => {
                has_error = finding.severity() == Severity::Error;
                if let Some(line) = finding.line().filter(|_| has_error) {
                    read_until = line;
                }
                // A row of a list of names and values has several lines.
                is_list |= finding.rule().id() == "list-output";
                assert!(finding.line().is_none_or(|line| (1..=end).contains(&line)));
                reported.extend(finding.line());
            }
            _ => panic!("an unknown kind of item"),
        }
    }

    let Ok(text) = str::from_utf8(bytes) else { return };
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    // Binary data is recognized by its bytes, which another encoding changes.
    let is_binary = expected.iter().any(|item| item.ends_with("[not-text]"));
    if is_list || is_binary || text.contains(['"', '\r', '\0', '\u{FEFF}']) {
        return;
    }
    let lines = || (1..).zip(text.split('\n'));
    let is_blank =
        |line: &str| line.trim_matches(|c: char| c.is_whitespace() || c == '\u{1A}').is_empty();
    let blank: HashSet<u64> =
        lines().filter(|(_, line)| is_blank(line)).map(|(number, _)| number).collect();
    assert!(rows.iter().all(|line| !blank.contains(line)), "{rows:?}");
    if !has_error || !rows.is_empty() {
        let is_visible = |line: &str| {
            let start = line.trim_start().get(..4).unwrap_or_default();
            line.contains(|c: char| c.is_ascii_alphanumeric())
                && !start.eq_ignore_ascii_case("sep=")
        };
        let visible = lines().filter(|(_, line)| is_visible(line)).map(|(number, _)| number);
        let missing: Vec<u64> = visible
            .take_while(|line| *line < read_until)
            .filter(|line| !rows.contains(line) && !reported.contains(line))
            .collect();
        let first = rows.first().copied().unwrap_or(u64::MAX);
        assert!(
            missing.len() <= 1 && missing.iter().all(|header| *header < first),
            "{missing:?} next to {rows:?}"
        );
    }

    let other = |bytes: Vec<u8>| describe(&read(&bytes[..], "f.csv").collect::<Vec<_>>());
    assert_eq!(other(text.replace('\n', "\r\n").into_bytes()), expected, "with CRLF");
    assert_eq!(other(text.replace('\n', "\r").into_bytes()), expected, "with CR");
    let utf16 = || [0xFEFF].into_iter().chain(text.encode_utf16());
    assert_eq!(other(utf16().flat_map(u16::to_le_bytes).collect()), expected, "UTF-16");
    assert_eq!(other(utf16().flat_map(u16::to_be_bytes).collect()), expected, "UTF-16, big-endian");
    if text.len() > 1 && text.chars().take(8).all(|c| c.is_ascii()) {
        let unmarked = other(text.encode_utf16().flat_map(u16::to_le_bytes).collect());
        assert!(unmarked[0].ends_with("[utf-16]"), "{unmarked:?}");
        assert_eq!(unmarked[1..], expected, "UTF-16 without a byte order mark");
    }
});

/// Returns true if the file may be read as JSON, XML or a ZIP archive, in any encoding.
fn has_other_format(bytes: &[u8]) -> bool {
    let is_mark = |byte: &u8| matches!(byte, 0 | 0xEF | 0xBB | 0xBF | 0xFE | 0xFF);
    let start: Vec<u8> = bytes.iter().copied().filter(|byte| !is_mark(byte)).take(256).collect();
    let start = start.trim_ascii_start();
    start.is_empty()
        || [&b"["[..], b"{", b"<", b"PK", b"%PDF"].iter().any(|sign| start.starts_with(sign))
}

/// Everything in the items that a caller can read.
fn describe(items: &[InputItem]) -> Vec<String> {
    let describe = |item: &InputItem| match item {
        InputItem::Row(row) => {
            let findings: Vec<_> = row.findings().iter().map(ToString::to_string).collect();
            format!("{} {:?} {:?} {findings:?}", row.origin(), row.fields(), values(row))
        }
        InputItem::Finding(finding) => finding.to_string(),
        _ => panic!("an unknown kind of item"),
    };
    items.iter().map(describe).collect()
}

/// The values of a row.
fn values(row: &Row) -> Vec<&str> {
    let fields = row.fields();
    [
        fields.hardware_hash.as_ref().map(|hash| hash.expose()),
        fields.product_key.as_deref(),
        fields.serial_number.as_deref(),
        fields.manufacturer.as_deref(),
        fields.model.as_deref(),
        row.customer(),
        row.group_tag(),
        row.device_id(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Returns 1, 2, 3, 1, … bytes per read.
struct Dribble<'a>(&'a [u8]);

impl Read for Dribble<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let some = (self.0.len() % 3 + 1).min(buffer.len());
        self.0.read(&mut buffer[..some])
    }
}
