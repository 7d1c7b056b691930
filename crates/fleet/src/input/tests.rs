use std::io;

use super::*;
use crate::Finding;

const HEADER: &str =
    "Device Serial Number,Windows Product ID,Hardware Hash,Manufacturer name,Device model\n";

/// Formats rows as `line serial|key|hash|manufacturer|model [rules]`, and findings as `rule@line`.
fn summarize(bytes: &[u8]) -> Vec<String> {
    read(bytes, "f.csv")
        .map(|item| match item {
            InputItem::Row(row) => {
                let f = &row.fields;
                let hash = f.hardware_hash.as_ref().map(|hash| hash.expose().to_owned());
                let cells = [&f.serial_number, &f.product_key, &hash, &f.manufacturer, &f.model];
                let cells: Vec<_> =
                    cells.iter().map(|cell| cell.as_deref().unwrap_or_default()).collect();
                let rules: Vec<_> =
                    row.findings.iter().map(|finding| finding.rule().id()).collect();
                format!("{} {} {}", row.origin.line, cells.join("|"), rules.join(" "))
                    .trim_end()
                    .to_owned()
            }
            InputItem::Finding(finding) => match finding.line() {
                Some(line) => format!("{}@{line}", finding.rule()),
                None => finding.rule().to_string(),
            },
        })
        .collect()
}

/// Returns one byte at a time.
struct Pieces<'a>(&'a [u8]);

impl io::Read for Pieces<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = buffer.len().min(1);
        self.0.read(&mut buffer[..length])
    }
}

#[test]
fn the_format_does_not_depend_on_the_pieces_that_are_read() {
    let rows = "S1,,,M1,N1\r\n".repeat(20);
    let header = format!("{},{}\n", HEADER.trim_end(), "x".repeat(600)); // longer than the first read
    for text in [
        format!("Received: from x\r\n by y\r{header}{rows}Subject: devices\n"),
        format!("Received: from x\r\n{header}{rows}Subject: devices\n"),
        format!("From\r\n{header}{rows}"),
        format!("[\r\n{header}{rows}"),
    ] {
        let whole: Vec<_> =
            read(text.as_bytes(), "f.csv").map(|item| format!("{item:?}")).collect();
        let pieces: Vec<_> =
            read(Pieces(text.as_bytes()), "f.csv").map(|item| format!("{item:?}")).collect();
        assert!(!whole.is_empty() && pieces == whole, "{text}\n{pieces:#?}\n{whole:#?}");
    }
}

#[test]
fn rows_have_values_and_line_numbers() {
    for (case, text, expected) in [
        ("plain", "S1,K1,H1,M1,N1\nS2,,,M2,N2\n", vec!["2 S1|K1|H1|M1|N1", "3 S2|||M2|N2"]),
        ("CRLF", "S1,,,M1,N1\r\nS2,,,M2,N2\r\n", vec!["2 S1|||M1|N1", "3 S2|||M2|N2"]),
        ("no line end at the end", "S1,,,M1,N1\nS2,,,M2,N2", vec!["2 S1|||M1|N1", "3 S2|||M2|N2"]),
        (
            "CRLF, no line end at the end",
            "S1,,,M1,N1\r\nS2,,,M2,N2",
            vec!["2 S1|||M1|N1", "3 S2|||M2|N2"],
        ),
        (
            "blank lines",
            "\n\nS1,,,M1,N1\n\n \n,,,,\nS2,,,M2,N2\n\n",
            vec!["4 S1|||M1|N1", "8 S2|||M2|N2"],
        ),
        ("blank CRLF lines", "\r\n\r\nS1,,,M1,N1\r\n\r\nS2\r\n", vec!["4 S1|||M1|N1", "6 S2||||"]),
        ("quotes", "\"S1\",,,\"Dell, Inc.\",\"15\"\" X\"\r\n", vec!["2 S1|||Dell, Inc.|15\" X"]),
        ("spaces around", " S1 ,\t,,M1\u{a0}, N 1 \n", vec!["2 S1|||M1|N 1"]),
        ("missing cells", "S1\nS2,K2\n", vec!["2 S1||||", "3 S2|K2|||"]),
        ("extra empty cells", "S1,,,M1,N1,, \n", vec!["2 S1|||M1|N1"]),
        (
            "shifted cells",
            "S1,,,Dell, Inc.,N1\nS2\n",
            vec!["2 S1|||Dell|Inc. too-many-cells", "3 S2||||"],
        ),
        (
            "line break in quotes",
            "S1,,,\"M\r\nx\",N1\nS2\n",
            vec!["2 S1|||M|N1 line-break-in-cell", "4 S2||||"],
        ),
        ("open quote", "S1,\"K1,H\nS2\nS3\n", vec!["2 S1|K1,H||| line-break-in-cell"]),
        (
            "carriage return in a cell",
            "S1,,,M\r,N1\r\nS2,,,M\rx,N2\n",
            vec!["2 S1|||M|N1", "3 S2||||N2 control-character"],
        ),
    ] {
        assert_eq!(summarize(format!("{HEADER}{text}").as_bytes()), expected, "{case}");
    }
}

#[test]
fn line_endings_may_be_lf_crlf_or_cr() {
    let text = "\nSerial,Hash,Make\n\nS1,H1,M1\n,,\nS2,\"H\n2\",M2\nS3,H3,M3";
    let expected = ["4 S1||H1|M1|", "6 S2||H|M2| line-break-in-cell", "8 S3||H3|M3|"];
    for (case, end) in [("LF", "\n"), ("CRLF", "\r\n"), ("CR", "\r"), ("CRCRLF", "\r\r\n")] {
        for last in ["", end] {
            let text = text.replace('\n', end) + last;
            assert_eq!(summarize(text.as_bytes()), expected, "{case}");
        }
    }
    for (case, text, expected) in [
        ("CR, then CRLF", "Serial\rS1\r\nS2\r\n", &["2 S1||||", "3 S2||||"][..]),
        ("CR, then LF", "Serial\rS1\nS2\n", &["2 S1||||", "3 S2||||"]),
        ("LF, then CR", "Serial\nS1\rS2\rS3", &["2 |||| control-character"]),
        ("only a header", "Serial\r", &["empty-file"]),
        ("only carriage returns", "\r\r\r", &["empty-file"]),
    ] {
        assert_eq!(summarize(text.as_bytes()), expected, "{case}");
    }
}

/// An endless reader that repeats its bytes, a few per read.
struct Trickle {
    bytes: Vec<u8>,
    position: usize,
    size: usize,
}

impl Read for Trickle {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let start = self.position % self.bytes.len();
        let part = &self.bytes[start..self.bytes.len().min(start + self.size)];
        let read = part.len().min(buffer.len());
        buffer[..read].copy_from_slice(&part[..read]);
        self.position += read;
        Ok(read)
    }
}

fn utf16(text: &str, little: bool) -> Vec<u8> {
    let bytes = |unit: u16| if little { unit.to_le_bytes() } else { unit.to_be_bytes() };
    text.encode_utf16().flat_map(bytes).collect()
}

#[test]
fn rows_are_returned_before_the_source_ends() {
    let row = "S1,,,Müller 💻,N1\r\n";
    for size in [1, 2, 3, 7, 100_000] {
        for little in [true, false] {
            let start = utf16(&format!("\u{feff}{HEADER}"), little);
            let endless = Trickle { bytes: utf16(row, little), position: 0, size };
            let rows: Vec<_> = read(start.chain(endless), "f.csv").take(5000).collect();
            let Some(InputItem::Row(last)) = rows.last() else { panic!("{:?}", rows.last()) };
            assert_eq!((rows.len(), last.origin.line), (5000, 5001));
            assert_eq!(last.fields.manufacturer.as_deref(), Some("Müller 💻"));
        }
        let start = HEADER.trim_end().as_bytes().chain(&b"\r"[..]);
        let endless = Trickle { bytes: b"S1,,,M,N1\r".to_vec(), position: 0, size };
        let rows: Vec<_> = read(start.chain(endless), "f.csv").take(5000).collect();
        let Some(InputItem::Row(last)) = rows.last() else { panic!("{:?}", rows.last()) };
        assert_eq!((last.origin.line, last.fields.model.as_deref()), (5001, Some("N1")));
    }
}

#[test]
fn utf16_with_byte_order_mark_is_read_like_utf8() {
    let text = format!("\r\n{HEADER}S1,,,Müller,\"N\n1\"\r\n\r\nS2,,H2,,\r\n");
    let expected = ["3 S1|||Müller|N line-break-in-cell", "6 S2||H2||"];
    assert_eq!(summarize(text.as_bytes()), expected);
    for little in [true, false] {
        let mut bytes = utf16(&format!("\u{feff}{text}"), little);
        assert_eq!(summarize(&bytes), expected);
        // Half a character at the end.
        bytes.push(b'S');
        assert_eq!(summarize(&bytes)[2], "7 \u{fffd}|||| not-utf-8");
        // Half of a surrogate pair.
        let half =
            [utf16("\u{feff}Serial,Make\nS", little), vec![0xD8, 0xD8], utf16("1,M", little)];
        assert_eq!(summarize(&half.concat()), ["2 S\u{fffd}1|||M| not-utf-8"]);
    }
}

#[test]
fn unquoted_comma_in_a_value_is_detected() {
    let error = "too-many-cells";
    let warning = "shifted-cells";
    for (header, row, rule) in [
        ("Serial,PKID,Hash,Make,Model,,", "S1,,,Dell, Inc.,Latitude 5450", error),
        ("Serial,PKID,Hash,Make,Model,,", "S1,,,Dell, Inc.,Latitude 5450,,", error),
        ("Serial,PKID,Hash,Make,Model,,", "S1,,,Dell,Latitude 5450,,x", error),
        ("Serial,PKID,Hash,Make,Model,,", "S1,,,Dell,Latitude 5450,,", ""),
        ("Serial,PKID,Hash,Make,Model", "S1,,,Dell, Inc.,Latitude 5450", error),
        ("Serial,Make,,Model", "S1,Dell, Inc.,X", error),
        // Some tools write a line number into a column without a name in front.
        (",Serial,Make,Model", "0,S1,Dell Inc.,X", ""),
        (",Serial,Make,Model", "0,S1,Dell, Inc.,X", error),
        // An empty cell hides the shift.
        ("Serial,PKID,Hash,Make,Model", "S1,,,Dell, Inc.,", warning),
        ("Serial,PKID,Hash,Make,Model", "S1,,,Dell, Inc.,,", warning),
        ("Serial,Make,Model,PKID", "S1,Dell, Inc.", warning),
        ("Serial,Make,Model,PKID", "S1,Dell, Inc.,", warning),
        ("Serial,Make,Model,Note", "S1,Dell, Inc.,", warning),
        ("Serial,Make,Model,PKID,", "S1,Dell, Inc.", warning),
        ("Serial,Make,Model,PKID", "S1,Dell, Inc.,1", ""),
        ("Serial,Make,Model,PKID", "S1,\"Dell, Inc.\",X", ""),
        ("Serial,Make,Model,PKID", "S1,Dell,X", ""),
        ("Serial,Make,PKID,Model", "S1,, X,", ""),
        ("Serial,Make,Model,PKID", " S1,Dell,X", ""),
        ("Serial, Make, Model, PKID", "S1, Dell, X,", ""),
    ] {
        let items = summarize(format!("{header}\n{row}\n").as_bytes());
        let last = items.last().unwrap();
        let found = last.rsplit_once(['|', ' ']).map(|(_, rule)| rule);
        let found = found.filter(|rule| [error, warning].contains(rule)).unwrap_or_default();
        assert_eq!(found, rule, "{header}: {row}: {last}");
    }
}

#[test]
fn invisible_characters_are_errors_and_not_shown() {
    for (cell, code) in [
        ("a\u{1b}[31mb", Some("U+001B, character 2")),
        ("a\tb", Some("U+0009, character 2")),
        ("\0a", Some("U+0000, character 1")),
        ("a\u{7f}", Some("U+007F, character 2")),
        ("a\u{9b}b", Some("U+009B, character 2")),
        ("\u{200b}ab", Some("U+200B, character 1")),
        ("ab\u{feff}", Some("U+FEFF, character 3")),
        ("é\u{202e}b", Some("U+202E, character 2")),
        ("a\u{2066}b", Some("U+2066, character 2")),
        ("a\u{2069}b", Some("U+2069, character 2")),
        ("a\u{200e}b", Some("U+200E, character 2")),
        ("\t a b\u{a0}\t", None),
        ("15″ Müller-\u{4e2d}", None),
    ] {
        for (index, field) in Field::ALL.into_iter().enumerate() {
            let mut cells = ["x"; 5];
            cells[index] = cell;
            let text = format!("{HEADER}{}\n", cells.join(","));
            let Some(InputItem::Row(row)) = read(text.as_bytes(), "f.csv").next() else { panic!() };
            let found: Vec<_> = row.findings.iter().map(Finding::to_string).collect();
            let expected: Vec<_> = code
                .iter()
                .map(|code| {
                    let name = field.name();
                    let message = "has an invisible character";
                    format!("f.csv:2: error: \"{name}\" {message}: {code} [control-character]")
                })
                .collect();
            assert_eq!(found, expected, "{cell:?}");
            if code.is_some() {
                assert_eq!(row.findings[0].column(), Some(field.name()));
                assert!(!format!("{row:?}").contains(['\u{1b}', '\u{9b}', '\u{202e}']));
            }
        }
    }
}

#[test]
fn hash_in_the_wrong_column_is_not_shown() {
    let hash = "T0HzAQEAHAAAAAoA".repeat(250);
    let text = format!("Hardware Hash,Serial Number,Batch\nS1,{hash},\nT0E=,S2,\"{hash}\nx\"\n");
    let items = &summarize(text.as_bytes())[1..];
    let line = "3 S2||T0E=|| line-break-in-cell long-value";
    assert_eq!(items, ["2 ||S1|| long-value", line]);
    let short = format!("Serial\n{}\n", "x".repeat(256));
    assert!(!summarize(short.as_bytes())[0].contains("long-value"));
}

#[test]
fn column_names_are_shown_without_invisible_characters() {
    let text = "Ser\u{1b}ial\u{202e} Number,\u{9b}x,Hash\nS\u{1b},,\n";
    for item in read(text.as_bytes(), "f.csv") {
        let findings = match item {
            InputItem::Row(row) => row.findings,
            InputItem::Finding(finding) => vec![finding],
        };
        assert!(!findings.is_empty());
        for finding in findings {
            let shown = format!("{finding}{}", finding.column().unwrap_or_default());
            assert!(
                !shown.contains(partner_center_devices::raw::printable::is_hidden),
                "{shown:?}"
            );
        }
    }
}

#[test]
fn columns_match_in_any_order_case_and_common_name() {
    for (header, expected) in [
        (
            "device serial number,WINDOWS PRODUCT ID,Hardware hash,Manufacturer Name,Device Model",
            vec!["2 1|2|3|4|5"],
        ),
        (
            "\"Device Serial Number\", Windows  Product ID ,Hardware_Hash,Make,Model",
            vec!["2 1|2|3|4|5"],
        ),
        ("Manufacturer,Model,Serial Number,Hardware Hash,PKID", vec!["2 3|5|4|1|2"]),
        ("Serial Number,Product key,x,Manufacturer,Model", vec!["ignored-column@1", "2 1|2||4|5"]),
        (
            "Device Serial Number,Windows Product ID,Hardware Hash,Group Tag,Assigned User",
            vec!["group-tag-column@1", "assigned-user-column@1", "2 1|2|3||"],
        ),
        ("Serial,Hash,Serial Number,,", vec!["repeated-column@1", "2 1||2|| too-many-cells"]),
        ("\u{feff}Serial,Hash,Make,Model,PKID", vec!["2 1|5|2|3|4"]),
    ] {
        assert_eq!(summarize(format!("{header}\n1,2,3,4,5\n").as_bytes()), expected, "{header}");
    }
    assert_eq!(summarize(b"\r\n\r\nSerial Number,Make\r\n1,2\r\n"), ["4 1|||2|"]);
}

#[test]
fn unusable_file_is_one_error() {
    for (bytes, rule) in [
        (utf16(&format!("\u{feff}{HEADER}"), true), "empty-file"),
        (utf16(&format!("\u{feff}{HEADER}"), false), "empty-file"),
        (utf16("\u{feff}a,b\n1,2\n", true), "unknown-header@1"),
        (b"\xFF\xFE\0\0S\0\0\0".to_vec(), "utf-32"),
        (b"\0\0\xFE\xFF\0\0\0S".to_vec(), "utf-32"),
        (b"S\0\0\0e\0\0\0".to_vec(), "utf-32"),
        (vec![0; 500], "not-text"),
        (b"%PDF-1.7\n".to_vec(), "not-text"),
        (b"\x1F\x8B\x08\0".to_vec(), "archive"),
        (b"<!DOCTYPE html><html>".to_vec(), "web-page"),
        (b"\xEF\xBB\xBF\r\n <table>".to_vec(), "web-page"),
        (b"PK\x03\x04\x14\0\x06\0xl/".to_vec(), "damaged-file"),
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec(), "workbook"),
        (b"".to_vec(), "empty-file"),
        (b"\xEF\xBB\xBF".to_vec(), "empty-file"),
        (b"\r\n \n,,\n".to_vec(), "empty-file"),
        (HEADER.as_bytes().to_vec(), "empty-file"),
        (b"a,b\n1,2\n".to_vec(), "unknown-header@1"),
        (b"\n4PX12X3,,T0E,Dell,X\n".to_vec(), "unknown-header@2"),
    ] {
        assert_eq!(summarize(&bytes), [rule], "{:?}", String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn cell_with_invalid_utf8_is_reported_with_its_line() {
    let text = b"Serial Number,Make,Other\nS1,M\xC3\xBCller,\xFF\nS2,M\xFCller,x\nS3,,\n";
    let broken = "3 S2|||M\u{fffd}ller| not-utf-8";
    assert_eq!(summarize(text), ["ignored-column@1", "2 S1|||Müller|", broken, "4 S3||||"]);
    let marked = b"\xEF\xBB\xBFSerial,Make\nS1,M\xFCller\n";
    assert_eq!(summarize(marked), ["2 S1|||M\u{fffd}ller| not-utf-8"]);
}

#[test]
fn rows_that_are_not_utf8_are_read_as_windows_1252() {
    let text = b"Serial,Make,Other\nS0,M,\xFC\nS1,M\xFCller,\nS2,\x93K\xF6nig\x94,\n";
    let notes = ["ignored-column@1", "2 S0|||M|", "windows-1252@3", "3 S1|||Müller|"];
    assert_eq!(summarize(text), [&notes[..], &["stray-quotes@4", "4 S2|||König|"]].concat());
    let joined = b"Serial,Make\nS1,M\xFCller\nS2,M\xC3\xBCller\nS3,M\xFCller\n";
    let rows = ["windows-1252@2", "2 S1|||Müller|", "mixed-encodings@3", "3 S2|||Müller|"];
    assert_eq!(summarize(joined), [&rows[..], &["4 S3|||M\u{fffd}ller| not-utf-8"]].concat());
    // Code page 850 has letters where Windows-1252 has no characters.
    assert_eq!(summarize(b"Serial,Make\nS1,M\x81ller\n")[1], "2 S1|||| control-character");
}

#[test]
fn customer_and_group_tag_are_read_but_not_sent() {
    let routed = |text: &str| {
        let mut routed = Vec::new();
        for item in read(text.as_bytes(), "f.csv") {
            if let InputItem::Row(row) = item {
                let text = |text: Option<&str>| text.unwrap_or("-").to_owned();
                routed.push(format!("{} {}", text(row.customer()), text(row.group_tag())));
            }
        }
        routed
    };
    for (header, expected) in [
        ("Serial,Customer,Group Tag", "a b"),
        ("Serial,Batch name,Tenant-ID", "b a"),
        ("Serial,Customer,Customer ID", "b -"),
        ("Serial,OrderID,GroupTag", "- b"),
        ("Serial,GroupTag,OrderID", "- a"),
        ("Serial,Microsoft ID,Batch", "a b"),
        ("Serial,Assigned User,x", "- -"),
    ] {
        assert_eq!(routed(&format!("{header}\nS1, a ,=\"b\"\n")), [expected], "{header}");
    }
    assert_eq!(routed("Serial,Customer,Group Tag\nS1\nS2,,\n"), ["- -", "- -"]);
}

#[test]
fn separator_of_the_header_is_required_in_all_rows() {
    let names =
        ["Device Serial Number", "PKID", "Hardware Hash", "Manufacturer name", "Device model"];
    for separator in [",", ";", "\t", "|"] {
        let header = names.join(separator);
        let row = ["S1", "", "T0E=", "Dell, Inc.", "X"].map(|cell| {
            if cell.contains(separator) { format!("\"{cell}\"") } else { cell.to_owned() }
        });
        let row = row.join(separator);
        let expected = ["2 S1||T0E=|Dell, Inc.|X"];
        assert_eq!(summarize(format!("{header}\n{row}\n").as_bytes()), expected);
        let asked = format!("sep={separator}\r\n{header}\r\n{row}\r\n");
        assert_eq!(summarize(asked.as_bytes()), ["3 S1||T0E=|Dell, Inc.|X"]);
        for other in [",", ";", "\t", "|"].into_iter().filter(|other| *other != separator) {
            let row = ["S1", "", "T0E=", "Dell Inc.", "X"].join(other);
            let expected = ["2 S1||T0E=|Dell Inc.|X mixed-separators"];
            assert_eq!(summarize(format!("{header}\n{row}\n").as_bytes()), expected);
        }
    }
    assert_eq!(summarize(b"Serial,Hash\nS1;T0E=\n"), ["2 S1||T0E=|| mixed-separators"]);
    assert_eq!(summarize(b"Serial,Make,Model\nS1,M,X; Y; Z\n"), ["2 S1|||M|X; Y; Z"]);
}

#[test]
fn lines_that_are_not_rows_are_skipped_with_a_note() {
    for (case, text, expected) in [
        ("title", "Delivery 4711\n\nSerial,Hash\nS1,\n", vec!["extra-line@1", "4 S1||||"]),
        ("type name", "#TYPE X\n\"Serial\"\n\"S1\"\n", vec!["extra-line@1", "3 S1||||"]),
        ("device above the header", "S1,,T0E=\nSerial,PKID,Hash\n", vec!["unknown-header@1"]),
        ("product key above the header", ",3305000000001\nSerial,PKID\n", vec!["unknown-header@1"]),
        (
            "totals",
            "Serial,Hash\nS1,\nTotal,1\n(1 row)\n",
            vec!["2 S1||||", "extra-line@3", "extra-line@4"],
        ),
        (
            "repeated header",
            "Serial,Hash\nS1,\n SERIAL,hash\nS2,\n",
            vec!["2 S1||||", "repeated-header@3", "4 S2||||"],
        ),
        (
            "repeated header of one column",
            "Hash\nT0E=\nHash\nT0F=\n",
            vec!["2 ||T0E=||", "repeated-header@3", "4 ||T0F=||"],
        ),
        (
            "different header",
            "Note,Serial,Make\n,S1,M\nNote,Hash,Serial\nx,T0E=,S2\n",
            vec![
                "ignored-column@1",
                "2 S1|||M|",
                "repeated-header@3",
                "ignored-column@3",
                "4 S2||T0E=||",
            ],
        ),
        (
            "byte order mark in the middle",
            "Serial,Hash\nS1,\n\u{feff}Serial,Hash\nS2,\n",
            vec!["2 S1||||", "byte-order-mark@3", "repeated-header@3", "4 S2||||"],
        ),
        (
            "non-standard spaces",
            "Serial,Make\n\u{2003},\u{b}\n\u{85},\n\u{b}\u{2003}\nS1,M\n",
            vec!["5 S1|||M|"],
        ),
        ("zero bytes", "Serial\nS1\n\0\0\0\n\u{1a}", vec!["2 S1||||", "zero-bytes@3"]),
        ("Ctrl-Z", "Serial,Make\nS1,M\u{1a}", vec!["2 S1|||M|"]),
        ("padded with zero bytes", "Serial,Make\nS1\0\0,M\0\n", vec!["2 S1|||M|"]),
    ] {
        assert_eq!(summarize(text.as_bytes()), expected, "{case}");
    }
}

#[test]
fn signs_around_values_are_removed_and_reported_once() {
    let text = "Serial,Make,Hash\n=\"01\",'M,\n=\"02\",“N”,\"T0EA\r\nBBBB\"\n'3,M\u{a0}N,T0EA BBBB\n“S4,,\n";
    let expected = [
        "formula-quotes@2",
        "leading-apostrophe@2",
        "2 01|||M|",
        "stray-quotes@3",
        "wrapped-hash@3",
        "3 02||T0EABBBB|N|",
        "leading-apostrophe@5",
        "odd-blank@5",
        "5 3||T0EABBBB|M N|",
        "6 “S4|||| shifted-cells",
    ];
    assert_eq!(summarize(text.as_bytes()), expected);
}

#[test]
fn unusable_file_does_not_stop_the_files_after_it() {
    let missing = || io::Error::new(io::ErrorKind::NotFound, "no such file");
    let files = [
        ("a.csv", Ok(&b"Serial\nS1\n"[..])),
        ("b.csv", Err(missing())),
        ("c.xlsx", Ok(b"PK\x03\x04")),
        ("a.csv", Ok(b"PKID\n1\n")),
    ];
    let items: Vec<_> = read_all(files)
        .map(|item| match item {
            InputItem::Row(row) => row.origin.to_string(),
            InputItem::Finding(finding) => finding.to_string(),
        })
        .collect();
    assert_eq!(
        items,
        [
            "a.csv:2",
            "b.csv: error: the file cannot be opened: no such file [unreadable]",
            "c.xlsx: error: the file is a ZIP archive or an Excel workbook, but it is damaged or incomplete [damaged-file]",
            "a.csv (2):2",
        ]
    );
}

#[test]
fn hash_in_the_first_line_is_not_shown() {
    let hash = "T0HzAQEAHAAAAAoA".repeat(250);
    let Some(InputItem::Finding(finding)) =
        read(format!("S1,,{hash}\n").as_bytes(), "f.csv").next()
    else {
        panic!("no finding")
    };
    assert!(finding.message().len() < 160, "{finding}");
}

proptest::proptest! {
    #[test]
    fn rows_of_any_bytes_are_in_the_order_of_their_lines(
        text in proptest::collection::vec(proptest::sample::select(&b"\",\n\r S1\xff\xc3\0"[..]), 0..60),
        header in proptest::option::of(proptest::sample::select(&["\n", "\r", "\r\n"][..])),
    ) {
        let start = header.map(|end| HEADER.replace('\n', end)).unwrap_or_default();
        let bytes = [start.as_bytes(), &text[..]].concat();
        let mut lines = Vec::new();
        for item in read(&bytes[..], "f.csv") {
            if let InputItem::Row(row) = item {
                lines.push(row.origin.line);
            }
        }
        let all = 1 + text.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count() as u64;
        assert!(lines.is_sorted_by(|a, b| a < b), "{lines:?}");
        assert!(lines.iter().all(|line| (2..=1 + all).contains(line)), "{lines:?}");
    }
}

#[test]
fn failing_source_returns_the_rows_before_the_error() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("connection lost"))
        }
    }
    let items: Vec<_> = read(b"Serial Number\nS1\nS2".chain(Broken), "f.csv").collect();
    let [InputItem::Row(_), InputItem::Finding(finding)] = &items[..] else { panic!("{items:?}") };
    assert_eq!(
        finding.to_string(),
        "f.csv:3: error: the file cannot be read: connection lost [unreadable]"
    );
}

#[test]
fn rows_keep_their_cells_if_asked() {
    let text = b"sep=,\nSerial,\"A \"\"b\"\"\",M\xFCll\n=\"S1\", \x84x\x93 \nS2;1;2,\nS3\n";
    let originals = |options: ReadOptions| -> Vec<Option<OriginalRecord>> {
        let items = options.read(&text[..], "f.csv");
        let rows = items.filter_map(|item| match item {
            InputItem::Row(row) => Some(row.original().cloned()),
            InputItem::Finding(_) => None,
        });
        rows.collect()
    };
    assert_eq!(originals(ReadOptions::new()), [None, None, None]);
    let kept = originals(ReadOptions::new().keep_records(true));
    let kept: Vec<_> = kept.iter().flatten().collect();
    let expected = [vec!["=\"S1\"", " „x“ "], vec!["S2;1;2", ""], vec!["S3"]];
    for (original, cells) in kept.iter().zip(expected) {
        assert_eq!(original.header().collect::<Vec<_>>(), ["Serial", "A \"b\"", "Müll"]);
        assert_eq!(original.cells().collect::<Vec<_>>(), cells);
        assert!(!format!("{original:?}").contains('S'), "{original:?}");
    }
    assert_eq!(kept.len(), 3);
}
