//! One table in each format: the rows are the same, and each has the name of its place.
#![allow(clippy::unwrap_used)] // panics fail the test

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use partner_center_devices_fleet::{InputItem, ReadOptions, Row, read};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const NAMES: [&str; 4] =
    ["Device Serial Number", "Windows Product ID", "Manufacturer name", "Device model"];
const ROWS: [[&str; 4]; 3] = [
    ["0071", "3305000000001", "", ""],
    ["S<2>&\"x\"", "", "Müller, Söhne", "Book 14"],
    ["S3", "", "Contoso", "Ж 漢字"],
];

fn zip(files: &[(&str, &str)]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in files {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

fn table() -> impl Iterator<Item = [&'static str; 4]> {
    [NAMES].into_iter().chain(ROWS)
}

fn csv() -> String {
    let cell = |cell: &str| format!("\"{}\"", cell.replace('"', "\"\""));
    table().map(|row| row.map(cell).join(",") + "\n").collect()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

fn xlsx() -> Vec<u8> {
    let mut cells = String::new();
    for row in table() {
        let cell = |text: &str| format!("<c t=\"inlineStr\"><is><t>{}</t></is></c>", escape(text));
        let _ = write!(cells, "<row>{}</row>", row.map(cell).concat());
    }
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let relation = |kind, target| {
        format!(
            "<Relationships><Relationship Id=\"a\" Type=\"{office}/{kind}\" Target=\"{target}\"/></Relationships>"
        )
    };
    zip(&[
        ("[Content_Types].xml", "<Types/>"),
        ("_rels/.rels", &relation("officeDocument", "xl/workbook.xml")),
        (
            "xl/workbook.xml",
            &format!(
                "<workbook xmlns:r=\"{office}\"><sheets><sheet name=\"A/\u{1b}B\" sheetId=\"1\" r:id=\"a\"/></sheets></workbook>"
            ),
        ),
        ("xl/_rels/workbook.xml.rels", &relation("worksheet", "worksheets/sheet1.xml")),
        (
            "xl/worksheets/sheet1.xml",
            &format!("<worksheet><sheetData>{cells}</sheetData></worksheet>"),
        ),
    ])
}

fn json() -> String {
    let object = |row: [&str; 4]| -> serde_json::Map<String, serde_json::Value> {
        NAMES.iter().zip(row).map(|(name, cell)| ((*name).to_owned(), cell.into())).collect()
    };
    serde_json::to_string_pretty(&ROWS.map(object)).unwrap()
}

fn xml() -> String {
    let attributes = |row: [&str; 4]| -> String {
        let names = NAMES.map(|name| name.replace(' ', "_"));
        names.iter().zip(row).map(|(name, cell)| format!(" {name}=\"{}\"", escape(cell))).collect()
    };
    let devices = ROWS.map(|row| format!("<device{}/>\n", attributes(row)));
    format!("<?xml version=\"1.0\"?>\n<devices>\n{}</devices>", devices.concat())
}

fn rows(bytes: &[u8]) -> Vec<Row> {
    read(bytes, "f")
        .map(|item| match item {
            InputItem::Row(row) => row,
            other => panic!("{other:?}"),
        })
        .collect()
}

#[test]
fn each_format_has_the_same_rows() {
    let expected: Vec<_> = rows(csv().as_bytes()).iter().map(|row| row.fields().clone()).collect();
    assert_eq!(expected.len(), ROWS.len());
    assert_eq!(expected[0].serial_number.as_deref(), Some("0071"));
    let utf16 = |text: String| -> Vec<u8> {
        [0xFEFF].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
    };
    for (bytes, origin) in [
        (csv().into_bytes(), "f:2"),
        (xlsx(), "f [A_\u{FFFD}B]:2"),
        (json().into_bytes(), "f:2"),
        (utf16(json()), "f:2"),
        (xml().into_bytes(), "f:3"),
        (utf16(xml()), "f:3"),
        (zip(&[("x/\u{1b}.csv", &csv())]), "f/x/\u{FFFD}.csv:2"),
        (zip(&[("x\\y.json", &json())]), "f/x/y.json:2"),
    ] {
        let rows = rows(&bytes);
        assert_eq!(rows[0].origin().to_string(), origin);
        let fields: Vec<_> = rows.iter().map(|row| row.fields().clone()).collect();
        assert_eq!(fields, expected, "{origin}");
    }
}

#[test]
fn list_without_a_header_is_read_on_request() {
    let lists = |text: &str| -> Vec<String> {
        let items = ReadOptions::new().lists(true).read(text.as_bytes(), "f");
        items
            .map(|item| match item {
                InputItem::Row(row) => {
                    let fields = row.fields();
                    let serial = fields.serial_number.as_deref();
                    let id = serial.or(fields.product_key.as_deref()).or(row.device_id());
                    format!("{} {}", row.origin(), id.unwrap_or_default())
                }
                InputItem::Finding(finding) => finding.to_string(),
                _ => panic!("an unknown kind of item"),
            })
            .collect()
    };
    assert_eq!(lists("CT0001\r\n\r\nCT0002\r\n"), ["f:1 CT0001", "f:3 CT0002"]);
    assert_eq!(lists("CT0001, CT0002"), ["f:1 CT0001", "f:2 CT0002"]);
    assert_eq!(lists("3305000000001\n"), ["f:1 3305000000001"]);
    let id = "1a2b3c4d-0000-4000-8000-000000000001";
    assert_eq!(lists(id)[1..], [format!("f:1 {id}")]);
    assert_eq!(lists("Serial,Make\nCT0001,M\n"), ["f:2 CT0001"]);
}
