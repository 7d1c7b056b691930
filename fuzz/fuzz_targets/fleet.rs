//! Checking a file: every row has a status, and no shown text contains a hardware hash or a control character. Checking
//! row by row, and splitting into requests, sends the same devices.
#![no_main]

use std::collections::HashSet;

use libfuzzer_sys::fuzz_target;
use partner_center_devices::{BatchId, DeviceIdentity};
use partner_center_devices_fleet::internals::{Checker, Chunker, Fingerprint};
use partner_center_devices_fleet::inventory::DeviceQuery;
use partner_center_devices_fleet::{
    CheckSummary, ChunkLimits, ChunkSize, Finding, Findings, Fleet, InputItem, Origin, Row,
    RowStatus, Severity, read,
};

fuzz_target!(|bytes: &[u8]| {
    let items: Vec<InputItem> = read(bytes, "f.csv").collect();
    let fleet = Fleet::check(items.clone());
    let rows = items.iter().filter_map(|item| match item {
        InputItem::Row(row) => Some(row),
        _ => None,
    });
    let rows: Vec<_> = rows.collect();
    assert_eq!(fleet.rows().len(), rows.len());

    let errors = fleet.findings().iter().filter(|finding| finding.severity() == Severity::Error);
    let errors: HashSet<_> = errors.filter_map(Finding::line).collect();
    let mut sent = HashSet::new();
    let mut hashes = HashSet::new();
    let mut invalid = 0;
    for (fleet_row, row) in fleet.rows().iter().zip(&rows) {
        assert_eq!(fleet_row.origin(), row.origin());
        let has_error = errors.contains(&row.origin().line());
        match fleet_row.status() {
            RowStatus::Ready(device) => {
                assert!(!has_error);
                assert!(sent.insert(fleet_row.origin().clone()));
                if let Some(hash) = device.hardware_hash() {
                    assert!(hashes.insert(hash.expose().to_owned()), "the same device twice");
                }
            }
            RowStatus::Duplicate(_) => assert!(!has_error),
            RowStatus::Invalid(finding) => {
                invalid += 1;
                assert_eq!(finding.severity(), Severity::Error);
                assert_eq!(finding.line(), Some(row.origin().line()));
                assert!(fleet.findings().contains(finding));
            }
            other => panic!("unknown status: {other:?}"),
        }
    }
    assert_eq!((fleet.device_count(), fleet.has_errors() || invalid == 0), (sent.len(), true));
    for row in fleet.rows() {
        if let RowStatus::Duplicate(other) = row.status() {
            assert!(sent.contains(other), "{other} replaces {} but is not sent", row.origin());
        }
    }

    let findings = fleet.findings().iter().map(ToString::to_string);
    let labels = fleet.rows().iter().flat_map(|row| {
        [row.serial_number(), row.product_key(), row.short_hash()].into_iter().flatten()
    });
    let queries = DeviceQuery::from_rows(&fleet);
    assert_eq!(queries.len(), fleet.rows().len());
    let queries = queries.iter().map(ToString::to_string);
    let shown: Vec<String> = findings.chain(labels.map(ToOwned::to_owned)).chain(queries).collect();
    assert!(!shown.iter().any(|text| text.contains(char::is_control)), "{shown:?}");
    // Only hashes that are not also a serial number or product key.
    let hashes = rows.iter().filter_map(|row| row.fields().hardware_hash.as_ref());
    let shown = shown.join("\n");
    for hash in hashes.map(|hash| hash.expose()).filter(|hash| hash.len() > 200) {
        let elsewhere = rows.iter().any(|row| {
            [&row.fields().serial_number, &row.fields().product_key]
                .into_iter()
                .flatten()
                .any(|value| value.contains(hash))
        });
        assert!(elsewhere || !shown.contains(hash));
    }

    let summary = CheckSummary::new(items.iter().cloned());
    assert_eq!(summary.findings(), fleet.findings());
    assert_eq!((summary.row_count(), summary.device_count()), (rows.len(), sent.len()));
    streamed(&fleet, rows);

    let mut json = Vec::new();
    Findings::new(fleet.findings()).write_json(&mut json).unwrap();
    let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
    assert_eq!(json["findings"].as_array().map(Vec::len), Some(fleet.findings().len()));
    Findings::new(fleet.findings()).write_csv(&mut Vec::new()).unwrap();
});

/// Checks rows one by one. A stream cannot withdraw a device when a better row follows, so it reports the replaced row;
/// all other statuses are the same.
fn streamed(fleet: &Fleet, rows: Vec<&Row>) {
    let mut checker = Checker::default();
    let mut sent: Vec<(Origin, DeviceIdentity)> = Vec::new();
    for (row, whole) in rows.into_iter().zip(fleet.rows()) {
        let checked = checker.check(row.clone());
        let replaced = checked.replaces();
        assert!(replaced.iter().all(|origin| sent.iter().any(|(sent, _)| sent == origin)));
        let invalid: Vec<_> = checked.invalidates().iter().filter_map(Finding::line).collect();
        assert!(invalid.iter().all(|line| sent.iter().any(|(sent, _)| sent.line() == *line)));
        sent.retain(|(origin, _)| !replaced.contains(origin) && !invalid.contains(&origin.line()));
        let origin = checked.row().origin().clone();
        match (checked.into_row().into_status(), whole.status()) {
            (RowStatus::Ready(device), _) => sent.push((origin, device)),
            (RowStatus::Invalid(one), RowStatus::Invalid(other)) => assert_eq!(one, *other),
            // A later row may contradict the row that is sent for this one.
            (RowStatus::Duplicate(_), RowStatus::Duplicate(_) | RowStatus::Invalid(_)) => {}
            (one, other) => panic!("{one:?} and {other:?}"),
        }
    }
    let whole = fleet.rows().iter().filter_map(|row| match row.status() {
        RowStatus::Ready(device) => Some((row.origin(), device)),
        _ => None,
    });
    let devices: Vec<_> = whole.clone().map(|(_, device)| device).collect();
    assert!(whole.eq(sent.iter().map(|(origin, device)| (origin, device))));

    let batch = BatchId::new("b").unwrap();
    let limits = ChunkLimits { devices: ChunkSize::new(3).unwrap(), bytes: 300 };
    let mut chunker = Chunker::new(limits, &batch);
    let mut chunks: Vec<_> = devices.iter().filter_map(|device| chunker.push(*device)).collect();
    chunks.extend(chunker.finish());
    assert!(chunks.iter().all(|chunk| chunk.devices().len() == 1 || chunk.bytes() <= 300));
    assert!(chunks.iter().flat_map(|chunk| chunk.devices()).eq(devices.iter()));
    let counts = limits.ranges(&devices, &batch).into_iter().map(|range| range.len());
    assert!(counts.eq(chunks.iter().map(|chunk| chunk.devices().len())));
    let prints: HashSet<_> = devices.iter().map(|device| Fingerprint::of(device)).collect();
    assert_eq!(prints.len(), devices.len());
}
