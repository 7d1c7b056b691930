//! Measures speed and memory for a large Excel workbook: writing it, then reading and checking its rows. Run
//! `cargo bench -p partner-center-devices-fleet --bench workbook`; a number after `--` sets the number of rows. With a path
//! as a second argument, it only writes the workbook there, to measure `pcdevices check`. README.md in this directory has
//! the results.
//!
//! The hashes are random except for their layout, so that the workbook cannot be compressed well: 13,300 rows are 40 MB.

#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::disallowed_methods)] // a program that measures

use std::io::{Cursor, Write};
use std::time::Instant;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use partner_center_devices_fleet::Fleet;
use sha2::{Digest, Sha256};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const COLUMNS: [&str; 3] = ["Device Serial Number", "Windows Product ID", "Hardware Hash"];
const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    let rows = args.first().and_then(|arg| arg.parse().ok()).unwrap_or(13_300);
    let bytes = workbook(rows);
    if let Some(path) = args.get(1) {
        std::fs::write(path, bytes).unwrap();
        return;
    }
    let size = bytes.len();
    let start = Instant::now();
    let fleet = Fleet::read(Cursor::new(bytes), "fleet.xlsx");
    let spent = start.elapsed();
    assert_eq!((fleet.device_count(), fleet.findings().len()), (rows, 0));
    println!("{rows} rows, {} MB: {spent:.2?}", size / 1_000_000);
}

/// Returns a workbook with a device in each row.
fn workbook(rows: usize) -> Vec<u8> {
    let mut random = fastrand::Rng::with_seed(1);
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let mut part = |name: &str, text: &str| {
        archive.start_file(name, SimpleFileOptions::default()).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    };
    part("[Content_Types].xml", "<Types/>");
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let relation = |kind, target| {
        format!(
            "<Relationships><Relationship Id=\"a\" Type=\"{office}/{kind}\" Target=\"{target}\"/></Relationships>"
        )
    };
    part("_rels/.rels", &relation("officeDocument", "xl/workbook.xml"));
    let sheets = "<sheets><sheet name=\"Devices\" sheetId=\"1\" r:id=\"a\"/></sheets>";
    part(
        "xl/workbook.xml",
        &format!("<workbook xmlns=\"{MAIN}\" xmlns:r=\"{office}\">{sheets}</workbook>"),
    );
    part("xl/_rels/workbook.xml.rels", &relation("worksheet", "worksheets/sheet1.xml"));
    let mut strings = COLUMNS.map(|name| format!("<si><t>{name}</t></si>")).concat();
    let mut cells = "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c><c r=\"C1\" t=\"s\"><v>2</v></c></row>".to_owned();
    for row in 0..rows {
        let serial = format!("S{row:09}");
        strings +=
            &format!("<si><t>{serial}</t></si><si><t>{}</t></si>", hash(&serial, &mut random));
        let (line, first) = (row + 2, COLUMNS.len() + row * 2);
        cells += &format!(
            "<row r=\"{line}\"><c r=\"A{line}\" t=\"s\"><v>{first}</v></c><c r=\"C{line}\" t=\"s\"><v>{}</v></c></row>",
            first + 1
        );
    }
    let count = COLUMNS.len() + rows * 2;
    part(
        "xl/sharedStrings.xml",
        &format!("<sst xmlns=\"{MAIN}\" uniqueCount=\"{count}\">{strings}</sst>"),
    );
    part(
        "xl/worksheets/sheet1.xml",
        &format!("<worksheet xmlns=\"{MAIN}\"><sheetData>{cells}</sheetData></worksheet>"),
    );
    archive.finish().unwrap().into_inner()
}

/// Returns a valid hash whose other contents are random.
fn hash(serial: &str, random: &mut fastrand::Rng) -> String {
    const BYTES: usize = 3000;
    const CHECKSUM: usize = 36;
    let mut bytes = b"OA\0\0".to_vec();
    let mut add = |kind: u16, data: &[u8]| {
        bytes.extend(kind.to_le_bytes());
        bytes.extend((data.len() as u16 + 4).to_le_bytes());
        bytes.extend(data);
    };
    add(14, format!("{serial}\0").as_bytes());
    add(16, b"Dell Inc.\0");
    add(17, b"Latitude 5450\0");
    add(12, &std::array::from_fn::<u8, 16, _>(|_| random.u8(..)));
    let rest = BYTES - CHECKSUM - bytes.len() - 4;
    let filler: Vec<u8> = std::iter::repeat_with(|| random.u8(..)).take(rest).collect();
    bytes.extend(13_u16.to_le_bytes());
    bytes.extend((rest as u16 + 4).to_le_bytes());
    bytes.extend(filler);
    let end = (bytes.len() as u16).to_le_bytes();
    bytes[2..4].copy_from_slice(&end);
    let checksum = Sha256::digest(&bytes);
    bytes.extend(b"CS\x24\0");
    bytes.extend(checksum);
    STANDARD.encode(bytes)
}
