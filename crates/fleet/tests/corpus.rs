//! Reads and checks files as vendors, scripts and spreadsheets leave them, and compares all rows and findings with the
//! expected results.
//!
//! Each case is a file in `corpus`, or several files with a number before the extension: `name.1.csv`, `name.2.csv`.
//! `corpus/causes.txt` says where such a file comes from, and `corpus/expected` has its result.
//! `INSTA_UPDATE=always` updates the results.
#![allow(clippy::unwrap_used)] // panics fail the test

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use partner_center_devices::DeviceIdentity;
use partner_center_devices_fleet::{
    CheckOptions, CheckSummary, CheckedRow, Export, ExportFile, ExportFormat, Finding, Fleet,
    InputItem, Row, RowStatus, Rule, Severity, read_all,
};

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

/// The cause of each case, from `causes.txt`.
fn causes() -> BTreeMap<String, String> {
    let text = fs::read_to_string(folder().join("causes.txt")).unwrap();
    let cause = |line: &str| {
        let (case, cause) = line.split_once(": ").unwrap_or_else(|| panic!("no cause: {line}"));
        (case.to_owned(), cause.to_owned())
    };
    text.lines().map(cause).collect()
}

#[test]
fn each_case_has_the_expected_rows_and_findings() {
    let (cases, causes) = (cases(), causes());
    assert!(cases.len() >= 60);
    assert_eq!(cases.keys().collect::<Vec<_>>(), causes.keys().collect::<Vec<_>>());
    let mut failed = Vec::new();
    for (case, files) in &cases {
        let result = format_result(files);
        let check = || {
            insta::with_settings!({
                snapshot_path => folder().join("expected"),
                prepend_module_to_snapshot => false,
                omit_expression => true,
                description => causes[case].as_str(),
            }, { insta::assert_snapshot!(case.as_str(), result) });
        };
        if std::panic::catch_unwind(check).is_err() {
            failed.push(case);
        }
    }
    assert!(failed.is_empty(), "unexpected result: {failed:?}");
    assert_eq!(expected(), cases.into_keys().collect(), "a result has no case");
}

/// A documented rule that no file can violate would be useless.
#[test]
fn every_rule_has_a_case() {
    let mut rules: BTreeSet<&str> = Rule::ALL.iter().map(|rule| rule.id()).collect();
    for files in cases().values() {
        for finding in Fleet::check_with(items(files), options(files)).findings() {
            rules.remove(finding.rule().id());
        }
    }
    // The rules of exports depend on the format of the export; its tests violate each of them.
    rules.retain(|rule| !rule.starts_with("export-"));
    // A missing destination depends on the options of the upload, and a read error on the disk.
    assert_eq!(rules, BTreeSet::from(["no-destination", "unreadable"]));
}

#[test]
fn summary_of_each_case_agrees_with_its_fleet() {
    for (case, files) in cases() {
        let fleet = Fleet::check_with(items(&files), options(&files));
        let summary = CheckSummary::with_options(items(&files), options(&files));
        assert_eq!(summary.findings(), fleet.findings(), "{case}");
        assert_eq!(summary.row_count(), fleet.rows().len(), "{case}");
        assert_eq!(summary.device_count(), fleet.device_count(), "{case}");
    }
}

/// Each device is in an export or an error says why not. Partner Center's files are read as the same devices again.
#[test]
fn devices_of_each_case_can_be_exported() {
    for (case, files) in cases() {
        let fleet = Fleet::check(items(&files));
        for format in ExportFormat::ALL {
            let export = Export::new(&fleet, *format);
            let of_rule = |finding: &&Finding| match finding.severity() {
                Severity::Error => true,
                _ => finding.rule() == Rule::ExportRepeatedIdentifier,
            };
            let lines: BTreeSet<_> =
                export.findings().iter().filter(of_rule).map(position).collect();
            let exported: usize = export.files().iter().map(ExportFile::device_count).sum();
            assert_eq!(exported + lines.len(), fleet.device_count(), "{case} as {}", format.name());
        }

        let export = Export::new(&fleet, ExportFormat::PartnerCenter);
        let errors = export.findings().iter().filter(|one| one.severity() == Severity::Error);
        let omitted: BTreeSet<_> = errors.map(position).collect();
        let is_exported = |row: &&CheckedRow| {
            !omitted.contains(&(row.origin().source(), Some(row.origin().line())))
        };
        let devices = fleet.rows().iter().filter(is_exported).filter_map(device);
        let mut csv = Vec::new();
        export.files().iter().for_each(|file| file.write(&mut csv).unwrap());
        let back = Fleet::read(&csv[..], "export.csv");
        assert!(devices.eq(back.rows().iter().filter_map(device)), "{case}: {:?}", back.findings());
    }
}

/// Returns the device that is sent for a row.
fn device(row: &CheckedRow) -> Option<&DeviceIdentity> {
    match row.status() {
        RowStatus::Ready(device) => Some(device),
        _ => None,
    }
}

fn position(finding: &Finding) -> (&str, Option<u64>) {
    (finding.source(), finding.line())
}

/// The cases that have a result in `expected`.
fn expected() -> BTreeSet<String> {
    let files = fs::read_dir(folder().join("expected")).unwrap();
    files
        .map(|file| file.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "snap"))
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect()
}

fn items(files: &[PathBuf]) -> impl Iterator<Item = InputItem> {
    let name = |path: &PathBuf| path.file_name().unwrap().to_str().unwrap().to_owned();
    read_all(files.iter().map(move |path| (name(path), File::open(path))))
}

/// Returns the options of a case: the files of repaired devices have names that start with `repaired-`.
fn options(files: &[PathBuf]) -> CheckOptions {
    let name = files[0].file_name().unwrap().to_str().unwrap();
    CheckOptions::default().after_repair(name.starts_with("repaired-"))
}

/// Formats every row with its values and its status, then every finding.
fn format_result(files: &[PathBuf]) -> String {
    let fleet = Fleet::check_with(items(files), options(files));
    let mut rows = items(files).filter_map(|item| match item {
        InputItem::Row(row) => Some(row),
        _ => None,
    });
    let mut text = String::new();
    for checked in fleet.rows() {
        let row = rows.next().unwrap();
        assert_eq!(row.origin(), checked.origin());
        let status = match checked.status() {
            RowStatus::Ready(device) => format!("sent as {:?}", device.kind()),
            RowStatus::Duplicate(sent) => format!("same as {sent}"),
            RowStatus::Invalid(finding) => format!("invalid: {}", finding.rule()),
            other => panic!("{other:?}"),
        };
        let _ = writeln!(text, "{}: {status}\n{}", row.origin(), format_values(&row));
    }
    assert!(rows.next().is_none());
    if fleet.rows().is_empty() {
        text.push_str("no rows\n");
    }
    if !fleet.findings().is_empty() {
        text.push('\n');
    }
    for finding in fleet.findings() {
        let _ = writeln!(text, "{}", format_finding(finding));
    }
    text
}

fn format_values(row: &Row) -> String {
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
            // A value may be a hash in the wrong column.
            let short: String = value.chars().take(80).collect();
            let ellipsis = if short.len() < value.len() { "…" } else { "" };
            let _ = writeln!(text, "  {name}: {short:?}{ellipsis}");
        }
    }
    text.trim_end().to_owned()
}

fn format_finding(finding: &Finding) -> String {
    match finding.column() {
        Some(column) => format!("{finding} in {column:?}"),
        None => finding.to_string(),
    }
}
