use std::collections::BTreeSet;

use partner_center_devices_testkit::hash::{self, HashBuilder};
use proptest::prelude::*;

use super::*;
use crate::input::{InputItem, read};

const HEADER: &str = "Serial,PKID,Hash,Make,Model,Group Tag\n";
const INTUNE: &str =
    "Device Serial Number,Windows Product ID,Hardware Hash,Group Tag,Assigned User\r\n";
const PARTNER_CENTER: &str =
    "Device Serial Number,Windows Product ID,Hardware Hash,Manufacturer name,Device model\r\n";

/// A hash with these values inside.
fn hash_with(serial: &str, manufacturer: &str, model: &str) -> String {
    HashBuilder::of_device(serial, manufacturer, model).encode()
}

fn fleet(rows: &str) -> Fleet {
    Fleet::read(format!("{HEADER}{rows}").as_bytes(), "f.csv")
}

fn text(file: &ExportFile<'_>) -> String {
    let mut bytes = Vec::new();
    file.write(&mut bytes).unwrap();
    assert_eq!(bytes.len(), file.bytes);
    String::from_utf8(bytes).unwrap()
}

/// Returns the text of the only file, each finding as `rule@line: message`, and whether the export is complete.
fn export(format: ExportFormat, rows: &str) -> (String, Vec<String>, bool) {
    let fleet = fleet(rows);
    let export = Export::new(&fleet, format);
    assert!(export.files().len() <= 1);
    let finding = |finding: &Finding| {
        format!("{}@{}: {}", finding.rule(), finding.line().unwrap(), finding.message())
    };
    let findings = export.findings().iter().map(finding).collect();
    (export.files().first().map(text).unwrap_or_default(), findings, export.is_complete())
}

#[test]
fn partner_center_gets_the_values_that_an_upload_sends() {
    let hash = hash_with("S1", "M", "N");
    let rows = format!("S1,,{hash},M,N,Sales\nS2,3305000000002,,M,N,\nS3,,,M,N,\n");
    let (file, findings, is_complete) = export(ExportFormat::PartnerCenter, &rows);
    let expected = format!("{PARTNER_CENTER}S1,,{hash},,\r\n,3305000000002,,,\r\nS3,,,M,N\r\n");
    let tag = "export-group-tag@2: the group tag \"Sales\" is not in the exported file".to_owned();
    assert_eq!((file, findings, is_complete), (expected, vec![tag], true));
}

#[test]
fn intune_gets_hash_serial_number_and_group_tag() {
    let hash = hash_with("S1", "M", "N");
    let rows = format!("S1,3305000000001,{hash},M,N,Sales\n");
    let (file, findings, is_complete) = export(ExportFormat::Intune, &rows);
    let expected = format!("{INTUNE}S1,3305000000001,{hash},Sales,\r\n");
    assert_eq!((file, findings, is_complete), (expected, vec![], true));
}

#[test]
fn corporate_identifiers_have_no_header_and_no_periods() {
    let rows = "S.1.,,,Contoso Inc.,Book 1.4,\nS2,3305000000002,,Contoso Inc.,Book,\n";
    let (file, findings, is_complete) = export(ExportFormat::CorporateIdentifiers, rows);
    assert_eq!(file, "Contoso Inc.,Book 1.4,S1\r\nContoso Inc.,Book,S2\r\n");
    let note = "export-adapted-value@2: the serial number \"S.1.\" is written as \"S1\"";
    assert_eq!((findings, is_complete), (vec![note.to_owned()], true));
}

#[test]
fn rows_that_a_format_cannot_hold_are_errors() {
    use ExportFormat::{CorporateIdentifiers, Intune, PartnerCenter};
    let hash = hash_with("", "", "");
    let hash = hash.as_str();
    let hash_row = |serial: &str, tag: &str| format!("{serial},,{hash},,,{tag}\n");
    for (format, row, expected) in [
        (
            Intune,
            "S1,,,M,N,\n".to_owned(),
            "export-missing-value@2: the row has no hardware hash, which Intune requires",
        ),
        (
            Intune,
            ",3305000000001,,,,\n".to_owned(),
            "export-missing-value@2: the row has no hardware hash or serial number, which Intune requires",
        ),
        (
            Intune,
            hash_row("", ""),
            "export-missing-value@2: the row has no serial number, which Intune requires",
        ),
        (
            Intune,
            hash_row("S1", "Zürich"),
            "export-unsupported-value@2: the group tag \"Zürich\" contains the character 'ü', which is not in every ANSI code page",
        ),
        (
            Intune,
            hash_row("S1", "\"A, B\""),
            "export-unsupported-value@2: the group tag \"A, B\" contains a comma",
        ),
        (
            Intune,
            hash_row("S1", "\"A\"\"B\""),
            "export-unsupported-value@2: the group tag \"A\\\"B\" contains a quotation mark",
        ),
        (
            Intune,
            hash_row("S1", "=SUM(A1)"),
            "export-unsupported-value@2: the group tag \"=SUM(A1)\" contains a formula",
        ),
        (
            PartnerCenter,
            "S1,,,\"Micro-Star International Co., Ltd.\",N,\n".to_owned(),
            "export-unsupported-value@2: the manufacturer \"Micro-Star International Co., Ltd.\" contains a comma",
        ),
        (
            CorporateIdentifiers,
            "S1,,,M,\"15\"\" N\",\n".to_owned(),
            "export-unsupported-value@2: the model \"15\\\" N\" contains a quotation mark",
        ),
        (
            CorporateIdentifiers,
            hash_row("", ""),
            "export-missing-value@2: the row has no manufacturer, model or serial number, which a corporate identifier requires",
        ),
        (
            CorporateIdentifiers,
            "...,3305000000001,,M,N,\n".to_owned(),
            "export-missing-value@2: the row has no serial number, which a corporate identifier requires",
        ),
    ] {
        let (file, findings, is_complete) = export(format, &row);
        let row = row.replace(hash, "HASH");
        assert_eq!(findings.last().map(String::as_str), Some(expected), "{format:?}: {row}");
        assert_eq!((file.as_str(), is_complete), ("", false), "{format:?}: {row}");
    }
}

#[test]
fn valid_rows_are_written_next_to_others() {
    let (file, findings, is_complete) = export(
        ExportFormat::CorporateIdentifiers,
        "S1,,,M,N,\nS2,3305000000002,,,N,\nS3,,,,,\nS4,,,M,N,\nS4,,,M,N,\n",
    );
    assert_eq!(file, "M,N,S1\r\nM,N,S4\r\n");
    let missing = "export-missing-value@3: the row has no manufacturer, which a corporate identifier requires";
    assert_eq!((findings, is_complete), (vec![missing.to_owned()], false));
}

#[test]
fn missing_values_come_from_duplicates_then_from_the_hash() {
    let inside = hash_with("S-INSIDE", "Contoso", "Book");
    let empty = hash_with("", "", "");
    for (case, rows, expected) in [
        ("hash only", format!(",,{inside},,,\n"), format!("S-INSIDE,,{inside},,\r\n")),
        ("row first", format!("S1,,{inside},,,\n"), format!("S1,,{inside},,\r\n")),
        (
            "duplicate before the hash",
            format!(",,{empty},,,\nS2,,{empty},,,Sales\n"),
            format!("S2,,{empty},Sales,\r\n"),
        ),
    ] {
        let (file, _, is_complete) = export(ExportFormat::Intune, &rows);
        assert_eq!((file, is_complete), (format!("{INTUNE}{expected}"), true), "{case}");
    }
    let rows = format!(",,{inside},,,\n,3305000000001,,,,\nS2,3305000000001,,M,N,\n");
    let (file, findings, is_complete) = export(ExportFormat::CorporateIdentifiers, &rows);
    assert_eq!((file.as_str(), is_complete), ("Contoso,Book,S-INSIDE\r\nM,N,S2\r\n", true));
    let note = "export-adapted-value@2: the manufacturer, model and serial number come from inside the hardware hash";
    assert_eq!(findings, [note]);
}

#[test]
fn values_of_a_hash_with_a_wrong_checksum_are_not_used() {
    let mut damaged = HashBuilder::of_device("S1", "M", "N").bytes();
    damaged[8] ^= 1; // in the serial number
    let row = format!(",,{},,,\n", hash::encode(&damaged));
    let (file, findings, is_complete) = export(ExportFormat::Intune, &row);
    assert_eq!((file.as_str(), findings.len(), is_complete), ("", 1, false));
}

#[test]
fn damaged_values_are_not_used() {
    let hash = hash_with("S1", "M", "N");
    let rows = format!("S1,,{hash},#REF!,1.23E+11,\n");
    let (file, ..) = export(ExportFormat::CorporateIdentifiers, &rows);
    assert_eq!(file, "M,N,S1\r\n");
}

#[test]
fn one_device_with_two_group_tags_is_an_error() {
    let hash = hash_with("S1", "M", "N");
    let rows = format!("S1,,{hash},,,Sales\nS1,,{hash},,,SALES\n");
    assert!(export(ExportFormat::Intune, &rows).2, "case does not count");
    let rows = format!("S1,,{hash},,,Sales\nS1,,{hash},,,Labs\n");
    let (file, findings, is_complete) = export(ExportFormat::Intune, &rows);
    let conflict = "export-unsupported-value@2: the group tag is \"Sales\" in this row but \"Labs\" in line 3, which is the same device";
    assert_eq!((file.as_str(), findings, is_complete), ("", vec![conflict.to_owned()], false));
}

#[test]
fn values_that_look_like_formulas_are_written_with_a_warning() {
    let (file, findings, is_complete) = export(ExportFormat::CorporateIdentifiers, "-S1,,,M,-N,\n");
    assert_eq!((file.as_str(), is_complete), ("M,-N,-S1\r\n", true));
    assert_eq!(
        findings,
        [
            "export-formula@2: the model \"-N\" looks like a formula",
            "export-formula@2: the serial number \"-S1\" looks like a formula",
        ]
    );
}

#[test]
fn placeholders_that_an_upload_would_not_send_are_reported() {
    let hash = hash_with("", "", "");
    let rows = format!(
        "S1,,{hash},System manufacturer,M,\nDefault string,3305000000001,,M,N,\nS3,,,O.E.M.,N,\n"
    );
    let (_, findings, is_complete) = export(ExportFormat::CorporateIdentifiers, &rows);
    let expected = [
        "placeholder@2: the manufacturer \"System manufacturer\" is a placeholder, not the value of a device",
        "placeholder@3: the serial number \"Default string\" is a placeholder, not the value of a device",
    ];
    assert_eq!((findings, is_complete), (expected.map(str::to_owned).to_vec(), true));
}

#[test]
fn equal_identifiers_are_written_once() {
    let rows = "S.1,,,M,N,\nS1,,,M,N,\nS1,,,M,O,\n";
    let (file, findings, is_complete) = export(ExportFormat::CorporateIdentifiers, rows);
    assert_eq!((file.as_str(), is_complete), ("M,N,S1\r\nM,O,S1\r\n", true));
    let repeated =
        "export-repeated-identifier@3: the same identifier as line 2; it is written once";
    assert_eq!(findings.last().map(String::as_str), Some(repeated));
}

/// The corpus has no case for these rules, because a file violates them only for one format.
#[test]
fn every_rule_of_exports_can_be_violated() {
    let rows = "S.1,,,M,N,Sales\nS1,,,M,N,\n-S2,,,M,N,\nS3,,,\"M, N\",N,\nS4,3305000000004,,,,\n";
    let fleet = fleet(rows);
    let exports = ExportFormat::ALL.iter().map(|format| Export::new(&fleet, *format));
    let findings: Vec<_> = exports.flat_map(|export| export.findings).collect();
    let found: BTreeSet<_> = findings.iter().map(|finding| finding.rule().id()).collect();
    let is_of_exports = |rule: &&Rule| rule.id().starts_with("export-");
    let rules: BTreeSet<_> = Rule::ALL.iter().filter(is_of_exports).map(|rule| rule.id()).collect();
    assert_eq!(found, rules);
}

#[test]
fn a_new_file_starts_at_the_limit_of_rows() {
    for (format, rows, expected) in [
        (ExportFormat::PartnerCenter, 2_001, vec![1_000, 1_000, 1]),
        (ExportFormat::CorporateIdentifiers, 5_000, vec![5_000]),
        (ExportFormat::CorporateIdentifiers, 5_001, vec![5_000, 1]),
        (ExportFormat::Intune, 0, vec![]),
    ] {
        let rows: String = (0..rows).map(|number| format!("S{number},,,M,N,\n")).collect();
        let fleet = fleet(&rows);
        let export = Export::new(&fleet, format);
        let counts: Vec<_> = export.files().iter().map(ExportFile::device_count).collect();
        assert_eq!(counts, expected, "{format:?}");
    }
}

#[test]
fn parts_for_intune_have_at_most_500_devices_and_can_be_read() {
    let row = |number: usize| {
        let serial = format!("S{number}");
        format!("{serial},,{},,,Sales\n", hash_with(&serial, "Contoso", "Book"))
    };
    let fleet = fleet(&(0..1_001).map(row).collect::<String>());
    let export = Export::new(&fleet, ExportFormat::Intune);
    let parts: Vec<_> = export.files().iter().map(read_back).collect();
    assert_eq!(parts.iter().map(Vec::len).collect::<Vec<_>>(), [500, 500, 1]);
    for (back, row) in parts.iter().flatten().zip(fleet.rows()) {
        let RowStatus::Ready(device) = row.status() else { panic!("{row:?}") };
        assert_eq!(back.fields.clone().choose().as_ref(), Ok(device));
        assert_eq!(back.group_tag(), Some("Sales"));
    }
}

#[test]
fn a_new_file_starts_at_the_limit_of_bytes() {
    let mut file = ExportFile::new(ExportFormat::CorporateIdentifiers);
    let cells: Cells<'_> = vec!["M".into(), "N".into(), "S".repeat(999_994).into()];
    for _ in 0..5 {
        assert!(file.has_room_for(&cells));
        file.push(cells.clone());
    }
    assert_eq!(file.bytes, 5_000_000);
    assert!(!file.has_room_for(&vec![]));
}

#[test]
fn debug_shows_no_hash() {
    let hash = hash_with("S1", "M", "N");
    let fleet = fleet(&format!("S1,,{hash},,,\n"));
    let shown = format!("{:?}", Export::new(&fleet, ExportFormat::Intune));
    assert!(shown.contains("devices: 1") && !shown.contains(&hash[..12]), "{shown}");
}

/// A row of a vendor's file with a few different values, some of which formats cannot hold.
fn row() -> impl Strategy<Value = String> {
    let serial = prop_oneof![3 => "[A-Z0-9]{4}", 1 => Just(String::new()), 1 => "[ -~ü]{1,9}"];
    let key = prop_oneof![Just(String::new()), "330500000000[0-9]"];
    let hash = prop_oneof![
        Just(String::new()),
        "[A-Z]{2}".prop_map(|serial| hash_with(&serial, "Contoso", "Book")),
    ];
    let name = prop_oneof![Just("Contoso".to_owned()), Just(String::new()), "[ -~é]{1,9}"];
    let cells = (serial, key, hash, name.clone(), name.clone(), name);
    cells.prop_map(|(serial, key, hash, manufacturer, model, tag)| {
        let cells = [serial, key, hash, manufacturer, model, tag];
        let quoted = cells.map(|cell| format!("\"{}\"", cell.replace('"', "\"\"")));
        quoted.join(",") + "\n"
    })
}

/// Returns the rows of an exported file, as our reader reads them. There must be no problem in them.
fn read_back(file: &ExportFile<'_>) -> Vec<crate::input::Row> {
    let text = text(file);
    let row = |item| match item {
        InputItem::Row(row) => {
            assert!(row.findings().is_empty(), "{:?}", row.findings());
            Some(row)
        }
        InputItem::Finding(finding) => {
            let columns = [Rule::GroupTagColumn, Rule::MissingGroupTag, Rule::AssignedUserColumn];
            assert!(columns.contains(&finding.rule()), "{finding}");
            None
        }
    };
    read(text.as_bytes(), "export.csv").filter_map(row).collect()
}

proptest! {
    /// Each device is in a file or has an error, and the files read back as the same devices.
    #[test]
    fn no_device_is_lost(rows in proptest::collection::vec(row(), 0..12)) {
        let fleet = fleet(&rows.concat());
        let ready: Vec<_> = fleet
            .rows()
            .iter()
            .filter_map(|row| match row.status() {
                RowStatus::Ready(device) => Some((row, device.clone())),
                _ => None,
            })
            .collect();
        for format in ExportFormat::ALL {
            let export = Export::new(&fleet, *format);
            let counted: usize = export.files().iter().map(ExportFile::device_count).sum();
            let errors: BTreeSet<_> = export
                .findings()
                .iter()
                .filter(|finding| finding.severity() == crate::Severity::Error)
                .map(|finding| finding.line().unwrap())
                .collect();
            let repeated = export
                .findings()
                .iter()
                .filter(|finding| finding.rule() == Rule::ExportRepeatedIdentifier)
                .count();
            prop_assert_eq!(counted + errors.len() + repeated, ready.len());
            let has_invalid = fleet.rows().iter().any(|row| matches!(row.status(), RowStatus::Invalid(_)));
            prop_assert_eq!(export.is_complete(), errors.is_empty() && !has_invalid);
            let written = ready.iter().filter(|(row, _)| !errors.contains(&row.origin().line()));
            let written: Vec<_> = written.collect();
            match format {
                ExportFormat::PartnerCenter => {
                    let back: Vec<_> = export.files().iter().flat_map(read_back).collect();
                    prop_assert_eq!(back.len(), written.len());
                    for (back, (_, device)) in back.into_iter().zip(written) {
                        prop_assert_eq!(&back.fields.choose().unwrap(), device);
                    }
                }
                ExportFormat::Intune => {
                    let back: Vec<_> = export.files().iter().flat_map(read_back).collect();
                    prop_assert_eq!(back.len(), written.len());
                    for (back, (_, device)) in back.iter().zip(written) {
                        prop_assert_eq!(back.fields.hardware_hash.as_ref(), device.hardware_hash());
                        prop_assert!(back.fields.serial_number.is_some());
                    }
                }
                ExportFormat::CorporateIdentifiers => {
                    for line in export.files().iter().map(text).collect::<String>().lines() {
                        prop_assert_eq!(line.split(',').count(), 3);
                        prop_assert!(!line.rsplit(',').next().unwrap().contains('.'));
                    }
                }
            }
        }
    }
}
