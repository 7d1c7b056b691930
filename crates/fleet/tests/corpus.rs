//! Files as vendors, scripts and spreadsheets leave them: what is read of each, what is found, and which rows would
//! be sent. The folder `corpus` is the list of tests; `corpus/causes.txt` says where such files come from.
//!
//! A case is a file, or several with a number before the ending: `name.1.csv`, `name.2.csv`. What is expected of
//! it is in `corpus/expected`; `INSTA_UPDATE=always` renews that.
#![allow(clippy::unwrap_used)] // a test may

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use partner_center_devices_fleet::{Finding, Fleet, InputItem, Row, RowStatus, read_all};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus")
}

/// The files of each case.
fn cases() -> BTreeMap<String, Vec<PathBuf>> {
    let mut cases: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    for entry in fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_file() && name != "causes.txt" {
            let case = name.split('.').next().unwrap().to_owned();
            cases.entry(case).or_default().push(path);
        }
    }
    cases.values_mut().for_each(|files| files.sort());
    cases
}

/// Why each case is there.
fn causes() -> BTreeMap<String, String> {
    let text = fs::read_to_string(folder().join("causes.txt")).unwrap();
    let cause = |line: &str| {
        let (case, cause) = line.split_once(": ").unwrap_or_else(|| panic!("no cause: {line}"));
        (case.to_owned(), cause.to_owned())
    };
    text.lines().map(cause).collect()
}

#[test]
fn each_file_gives_the_rows_and_findings_that_are_expected() {
    let (cases, causes) = (cases(), causes());
    assert!(cases.len() >= 60);
    assert_eq!(cases.keys().collect::<Vec<_>>(), causes.keys().collect::<Vec<_>>());
    let mut failed = Vec::new();
    for (case, files) in &cases {
        let shown = shown(files);
        let check = || {
            insta::with_settings!({
                snapshot_path => folder().join("expected"),
                prepend_module_to_snapshot => false,
                omit_expression => true,
                description => causes[case].as_str(),
            }, { insta::assert_snapshot!(case.as_str(), shown) });
        };
        if std::panic::catch_unwind(check).is_err() {
            failed.push(case);
        }
    }
    assert!(failed.is_empty(), "not as expected: {failed:?}");
    assert_eq!(expected(), cases.into_keys().collect(), "files that are not there any more");
}

/// The cases that something is expected of.
fn expected() -> BTreeSet<String> {
    let files = fs::read_dir(folder().join("expected")).unwrap();
    files
        .map(|file| file.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "snap"))
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect()
}

fn entries(files: &[PathBuf]) -> impl Iterator<Item = InputItem> {
    let name = |path: &PathBuf| path.file_name().unwrap().to_str().unwrap().to_owned();
    read_all(files.iter().map(move |path| (name(path), File::open(path))))
}

/// Every row with its values and what becomes of it, then every finding.
fn shown(files: &[PathBuf]) -> String {
    let fleet = Fleet::check(entries(files));
    let mut rows = entries(files).filter_map(|entry| match entry {
        InputItem::Row(row) => Some(row),
        _ => None,
    });
    let mut text = String::new();
    for judged in fleet.rows() {
        let row = rows.next().unwrap();
        assert_eq!(row.origin(), judged.origin());
        let verdict = match judged.status() {
            RowStatus::Ready(device) => format!("sent as {:?}", device.kind()),
            RowStatus::Duplicate(kept) => format!("same as {kept}"),
            RowStatus::Invalid(finding) => format!("refused: {}", finding.rule()),
            other => panic!("{other:?}"),
        };
        let _ = writeln!(text, "{}: {verdict}\n{}", row.origin(), values(&row));
    }
    assert!(rows.next().is_none());
    if fleet.rows().is_empty() {
        text.push_str("no rows\n");
    }
    if !fleet.findings().is_empty() {
        text.push('\n');
    }
    for finding in fleet.findings() {
        let _ = writeln!(text, "{}", Shown(finding));
    }
    text
}

fn values(row: &Row) -> String {
    let fields = row.fields();
    let hash = fields.hardware_hash.as_ref().map(ToString::to_string);
    let values = [
        ("serial number", fields.serial_number.as_deref()),
        ("product key", fields.product_key.as_deref()),
        ("hardware hash", hash.as_deref()),
        ("manufacturer", fields.manufacturer.as_deref()),
        ("model", fields.model.as_deref()),
        ("customer", row.customer()),
        ("group tag", row.group_tag()),
        ("device id", row.device_id()),
    ];
    let mut text = String::new();
    for (name, value) in values {
        if let Some(value) = value {
            // A value may be a hash that lost its place.
            let short: String = value.chars().take(80).collect();
            let more = if short.len() < value.len() { "…" } else { "" };
            let _ = writeln!(text, "  {name}: {short:?}{more}");
        }
    }
    text.trim_end().to_owned()
}

/// A finding with the column that it names.
struct Shown<'a>(&'a Finding);

impl std::fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0.column() {
            Some(column) => write!(f, "{} in {column:?}", self.0),
            None => write!(f, "{}", self.0),
        }
    }
}
