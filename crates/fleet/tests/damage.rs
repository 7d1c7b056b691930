//! For any table of different devices with any damage in any cells: each device is sent with its right values, or a finding
//! names the damaged cell. No row is lost.
#![allow(clippy::unwrap_used)] // panics fail the test

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use partner_center_devices_fleet::{Fleet, RowStatus, Severity};
use partner_center_devices_testkit::hash::HashBuilder;
use proptest::prelude::*;
use proptest::sample::{Index, select};

const COLUMNS: [&str; 5] = ["Serial number", "PKID", "Hardware hash", "Manufacturer", "Model"];

const SERIAL: usize = 0;
const KEY: usize = 1;
const HASH: usize = 2;
const MAKER: usize = 3;
const MODEL: usize = 4;

/// A device with values in all columns. The index makes it different from all others.
fn device(index: usize, maker: &str, model: &str) -> [String; 5] {
    // As long as serial numbers of HP and Lenovo.
    let serial = match maker {
        "HP" => format!("5CG{index:04}XYZ"),
        _ => format!("PF{index:04}AB"),
    };
    let hash = HashBuilder::of_device(&serial, maker, model).encode();
    [serial, format!("33050{index:08}"), hash, maker.to_owned(), model.to_owned()]
}

/// A kind of damage.
#[derive(Clone, Copy)]
struct Damage {
    name: &'static str,
    /// The columns that it occurs in.
    columns: &'static [usize],
    apply: fn(&str) -> String,
    /// The manufacturers with this damage. Empty: all of them.
    makers: &'static [&'static str],
}

const CODES: &[usize] = &[SERIAL, KEY];
const NAMES: &[usize] = &[MAKER, MODEL];
const TEXTS: &[usize] = &[SERIAL, KEY, MAKER, MODEL];
const ALL: &[usize] = &[SERIAL, KEY, HASH, MAKER, MODEL];

macro_rules! damages {
    ($($name:literal $(of $maker:literal)? in $columns:expr, $apply:expr;)*) => {
        const DAMAGES: &[Damage] = &[$(
            Damage { name: $name, columns: $columns, apply: $apply, makers: &[$($maker)?] },
        )*];
    };
}

damages! {
    // Scripts and consoles.
    "object" in TEXTS, |value| format!("@{{Value={value}}}");
    "array" in ALL, |_| "System.Object[]".to_owned();
    "instance" in TEXTS, |_| "Microsoft.Management.Infrastructure.CimInstance".to_owned();
    "hash table" in TEXTS, |_| "System.Collections.Hashtable".to_owned();
    "path of an object" in TEXTS, |value| format!(r"\\PC1\root\cimv2:Win32_BIOS.Name={value}");
    "variable" in TEXTS, |_| "$($device.Value)".to_owned();
    "variable of cmd.exe" in TEXTS, |_| "%VALUE%".to_owned();
    "variable of cmd.exe with one letter" in TEXTS, |_| "%X%".to_owned();
    "variable of cmd.exe with a number" in TEXTS, |_| "%value1%".to_owned();
    "variable of a shell" in TEXTS, |_| "${Manufacturer}".to_owned();
    "template" in TEXTS, |_| "{value}".to_owned();
    "title" in TEXTS, |value| format!("SerialNumber    {value}");
    "title without a value" in &[SERIAL], |_| "SerialNumber".to_owned();
    "license key" in TEXTS, |_| "OA3xOriginalProductKey  AAAAA-BBBBB-CCCCC-DDDDD-EEEEE".to_owned();
    "license key by itself" in TEXTS, |_| "AAAAA-BBBBB-CCCCC-DDDDD-EEEEE".to_owned();
    "error of a console" in TEXTS, |_| "Get-WmiObject : Invalid class".to_owned();
    // Spreadsheets.
    "formula" in TEXTS, |_| "=VLOOKUP(A2,Sheet1!A:B,2)".to_owned();
    "formula that runs a program" in TEXTS, |_| "=cmd|' /C calc'!A0".to_owned();
    "formula with plus" in TEXTS, |_| "+A1".to_owned();
    "formula with minus" in TEXTS, |_| "-1+1".to_owned();
    "formula with at" in TEXTS, |_| "@SUM(A1)".to_owned();
    "number sign" in NAMES, |value| format!("#{value}");
    "error" in ALL, |_| "#REF!".to_owned();
    "too narrow" in ALL, |_| "########".to_owned();
    "shortened number" in CODES, |_| "3.305E+12".to_owned();
    "fraction" in CODES, |value| format!("{}.0", digits(value));
    "thousands with commas" in CODES, |value| thousands(value, ",");
    "thousands with periods" in CODES, |value| thousands(value, ".");
    "thousands with spaces" in CODES, |value| thousands(value, " ");
    "thousands with apostrophes" in CODES, |value| thousands(value, "'");
    "lost zeros" in &[KEY], |value| value[1..].to_owned();
    // Lists in one cell.
    "several with semicolons" in CODES, |value| format!("{value};ZZ9999ZZ");
    "several with commas" in CODES, |value| format!("{value}, ZZ9999ZZ");
    "several with slashes" in CODES, |value| format!("{value}/ZZ9999ZZ");
    "several with bars" in CODES, |value| format!("{value}|ZZ9999ZZ");
    "several with and" in CODES, |value| format!("{value} and ZZ9999ZZ");
    "several with ampersands" in CODES, |value| format!("{value} & ZZ9999ZZ");
    "several with spaces" in CODES, |value| format!("{value} ZZ9999ZZ");
    "several with line breaks" in CODES, |value| format!("{value}\nZZ9999ZZ");
    "remark" in CODES, |value| format!("{value} returned");
    // Labels and barcodes.
    "label of a serial number" in &[SERIAL], |value| format!("S/N: {value}");
    "label in parentheses" in &[SERIAL], |value| format!("(S){value}");
    "label without a colon" in &[SERIAL], |value| format!("Service Tag {value}");
    "label of a product key" in &[KEY], |value| format!("PKID{value}");
    "label of a manufacturer" in &[MAKER], |value| format!("Manufacturer: {value}");
    "label of another value" in CODES, |value| format!("P/N: {value}");
    "barcode" of "HP" in &[SERIAL], |value| format!("S{value}");
    "barcode with the type" of "LENOVO" in &[SERIAL], |value| format!("1S21HMCTO1WW{value}");
    // Characters.
    "dash" in TEXTS, |value| replace_first(value, "\u{2011}");
    "full-width" in TEXTS, |value| replace_first(value, "\u{FF21}");
    "Cyrillic" in TEXTS, |value| replace_first(value, "\u{0410}");
    "Greek" in TEXTS, |value| replace_first(value, "\u{0391}");
    "soft hyphen" in TEXTS, |value| insert(value, "\u{AD}");
    "Hangul filler" in TEXTS, |value| insert(value, "\u{3164}");
    "half-width filler" in TEXTS, |value| insert(value, "\u{FFA0}");
    "Mongolian separator" in TEXTS, |value| insert(value, "\u{180E}");
    "empty Braille pattern" in TEXTS, |value| insert(value, "\u{2800}");
    "variation selector" in TEXTS, |value| insert(value, "\u{FE0F}");
    "tag" in TEXTS, |value| insert(value, "\u{E0041}");
    "zero width" in TEXTS, |value| insert(value, "\u{200B}");
    "accent by itself" in TEXTS, |value| insert(value, "\u{301}");
    "control character" in TEXTS, |value| insert(value, "\u{7}");
    "lost letter" in TEXTS, |value| insert(value, "\u{FFFD}");
    // Encodings.
    "UTF-8 read as Windows-1252" in NAMES, |value| format!("{value} MÃ¼ller");
    "Shift-JIS read as Windows-1252" in NAMES, |_| "•xŽm’Ê".to_owned();
    "Windows-1251 read as Windows-1252" in NAMES, |_| "Êîìïàíèÿ".to_owned();
    // Names.
    "truth value" in NAMES, |_| "TRUE".to_owned();
    "truth value in German" in NAMES, |_| "Falsch".to_owned();
    "number with thousands" in NAMES, |_| "3,305".to_owned();
    "number of an article" in NAMES, |_| "4006381333931".to_owned();
    "several names" in NAMES, |value| format!("{value} / Other Name");
    "names with bars" in NAMES, |value| format!("{value}|Other Name");
    "names with semicolons" in NAMES, |value| format!("{value}; Other Name");
    "reference" in NAMES, |_| "=A1".to_owned();
    "other names" in &[MAKER], |_| "Microsoft".to_owned();
    "without Windows" in &[MAKER], |_| "Apple".to_owned();
    // Hashes.
    "one zero cut off" in &[HASH], |value| value[..3999].to_owned();
    "zeros cut off" in &[HASH], |value| value[..1024].to_owned();
    "one zero too many" in &[HASH], |value| format!("{value}A");
    "URL-safe" in &[HASH], |value| value.replace('+', "-").replace('/', "_");
    "plus signs lost" in &[HASH], |value| value.replace('+', " ");
    "property of an object" in &[HASH], |value| format!("@{{DeviceHardwareData={value}}}");
    "label of a hash" in &[HASH], |value| format!("Hash: {value}");
    "cut off" in &[HASH], |value| value[..100].to_owned();
    "cut off between bytes" in &[HASH], |value| value[..101].to_owned();
    "lower case" in &[HASH], |value| value.to_lowercase();
    "made by a script" in &[HASH], |value| STANDARD.encode(&value[..40]);
    "checksum of a file" in &[HASH], |_| "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".to_owned();
    "UUID" in &[HASH], |_| "4C4C4544-0050-5810-8032-B4C04F583358".to_owned();
    "far too long" in &[HASH], |value| value.repeat(5);
    "two hashes" in &[HASH], |value| format!("{value};{value}");
}

/// Damages that do not change a value for certain, so they are reported only if the value is sent.
const DOUBTFUL: &[&str] = &[
    "barcode with the type",
    "number sign",
    "other names",
    "without Windows",
    "truth value",
    "truth value in German",
    "number with thousands",
    "number of an article",
    "several names",
    "names with bars",
    "names with semicolons",
    "accent by itself",
    "remark",
    "barcode",
];

/// Returns the digits of a value, as a spreadsheet has them after it read the value as a number.
fn digits(value: &str) -> String {
    format!("3{}", value.chars().filter(char::is_ascii_digit).skip(1).collect::<String>())
}

fn thousands(value: &str, separator: &str) -> String {
    // A serial number has too few digits for two separators.
    let digits = format!("{:0<7}", digits(value));
    let mut parts: Vec<_> =
        digits.as_bytes().rchunks(3).map(|part| std::str::from_utf8(part).unwrap()).collect();
    parts.reverse();
    parts.join(separator)
}

/// Replaces the first character.
fn replace_first(value: &str, with: &str) -> String {
    format!("{with}{}", &value[1..])
}

/// Inserts a text after the first character.
fn insert(value: &str, text: &str) -> String {
    format!("{}{text}{}", &value[..1], &value[1..])
}

/// A row: its device, the columns that are filled, and damaged cells.
#[derive(Clone, Debug)]
struct Row {
    device: [String; 5],
    cells: [String; 5],
    /// The damage of each damaged column.
    damages: BTreeMap<usize, &'static str>,
}

/// The columns that a file fills: each identifies a device.
const FILLED: &[&[usize]] = &[
    &[SERIAL, MAKER, MODEL],
    &[KEY],
    &[HASH],
    &[SERIAL, HASH],
    &[SERIAL, KEY, HASH],
    ALL,
    &[SERIAL, KEY, MAKER, MODEL],
];

const MODELS: &[(&str, &str)] = &[
    ("Contoso Devices", "Book 14"),
    ("HP", "HP EliteBook 840 G8"),
    ("LENOVO", "21HMCTO1WW"),
    ("LENOVO", "ThinkPad X1"),
    ("Dell Inc.", "Latitude 5450"),
];

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let damages = proptest::collection::vec((any::<Index>(), any::<Index>()), 0..3);
    let row = (select(MODELS), select(FILLED), damages);
    proptest::collection::vec(row, 1..8).prop_map(|rows| {
        let rows = rows.into_iter().enumerate();
        rows.map(|(index, ((maker, model), filled, damages))| {
            let device = device(index, maker, model);
            let mut row = Row { cells: Default::default(), device, damages: BTreeMap::new() };
            for column in filled {
                row.cells[*column] = row.device[*column].clone();
            }
            for (damage, column) in damages {
                let damage = damage.get(DAMAGES);
                let columns: Vec<_> =
                    damage.columns.iter().filter(|column| filled.contains(column)).collect();
                if !columns.is_empty() {
                    row.damage(damage, **column.get(&columns));
                }
            }
            row
        })
        .collect()
    })
}

impl Row {
    fn damage(&mut self, damage: &Damage, column: usize) {
        let maker = self.device[MAKER].as_str();
        if !damage.makers.is_empty() && !damage.makers.contains(&maker) {
            return;
        }
        let cell = (damage.apply)(&self.device[column]);
        if cell != self.device[column] {
            self.cells[column] = cell;
            self.damages.insert(column, damage.name);
        }
    }
}

/// Checks the property for the rows of one file.
fn check(rows: &[Row]) {
    let mut csv = csv::Writer::from_writer(Vec::new());
    csv.write_record(COLUMNS).unwrap();
    for row in rows {
        csv.write_record(&row.cells).unwrap();
    }
    let csv = csv.into_inner().unwrap();
    let fleet = Fleet::read(&csv[..], "f.csv");
    let lost = || {
        format!(
            "{:?} {:?}",
            rows.iter().map(|row| &row.damages).collect::<Vec<_>>(),
            fleet.findings()
        )
    };
    assert_eq!(fleet.rows().len(), rows.len(), "{}", lost());
    let mut counts = [0; 2];
    for (row, checked) in rows.iter().zip(fleet.rows()) {
        let context = || {
            format!(
                "{:?} in {:?}: {:?}",
                row.damages,
                row.cells.each_ref().map(|cell| shorten(cell)),
                checked.status()
            )
        };
        let findings: Vec<_> = fleet
            .findings()
            .iter()
            .filter(|finding| finding.line() == Some(checked.origin().line()))
            .collect();
        let names = |column: usize, severity: Severity| {
            findings.iter().any(|finding| {
                finding.severity() >= severity && finding.column() == Some(COLUMNS[column])
            })
        };
        match checked.status() {
            RowStatus::Ready(sent) => {
                counts[0] += 1;
                let values = [
                    (SERIAL, sent.serial_number()),
                    (KEY, sent.product_key()),
                    (HASH, sent.hardware_hash().map(|hash| hash.expose())),
                    (MAKER, sent.manufacturer()),
                    (MODEL, sent.model()),
                ];
                for (column, value) in values {
                    let is_right = value.is_none_or(|value| value == row.device[column]);
                    assert!(
                        is_right || names(column, Severity::Warning),
                        "{} {}",
                        COLUMNS[column],
                        context()
                    );
                }
                for (column, damage) in &row.damages {
                    let is_sent =
                        values.iter().any(|(other, value)| other == column && value.is_some());
                    // A repaired hash is only a note.
                    let severity = if *column == HASH { Severity::Note } else { Severity::Warning };
                    let is_named =
                        names(*column, severity) || !is_sent && DOUBTFUL.contains(damage);
                    assert!(is_named, "{} {}", COLUMNS[*column], context());
                }
                assert!(!row.damages.is_empty() || findings.is_empty(), "{}", context());
            }
            RowStatus::Invalid(_) => {
                counts[1] += 1;
                let is_named = row.damages.keys().any(|column| names(*column, Severity::Error));
                assert!(is_named, "{}", context());
            }
            // All devices are different.
            _ => panic!("{}", context()),
        }
        for finding in &findings {
            let message = finding.to_string();
            assert!(
                !message.contains("AAAAA") && !message.contains(&row.device[HASH][..16]),
                "{message}"
            );
        }
    }
    assert_eq!(counts[0] + counts[1], rows.len());
}

fn shorten(cell: &str) -> String {
    cell.chars().take(60).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn each_device_is_sent_or_its_damaged_cell_is_named(rows in rows()) {
        check(&rows);
    }
}

/// Every damage in every column it occurs in, for every set of filled columns: no chance is involved.
#[test]
fn every_kind_of_damage_is_named() {
    for damage in DAMAGES {
        for column in damage.columns {
            for filled in FILLED.iter().filter(|filled| filled.contains(column)) {
                for (index, (maker, model)) in MODELS.iter().enumerate() {
                    let device = device(index, maker, model);
                    let mut row =
                        Row { cells: Default::default(), device, damages: BTreeMap::new() };
                    for column in *filled {
                        row.cells[*column] = row.device[*column].clone();
                    }
                    row.damage(damage, *column);
                    check(&[row]);
                }
            }
        }
    }
}
