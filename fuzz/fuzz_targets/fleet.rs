//! A file becomes a fleet: every row is accounted for, and nothing that is shown holds a hardware hash or a character
//! that a terminal would obey.
#![no_main]

use std::collections::HashSet;

use libfuzzer_sys::fuzz_target;
use partner_center_devices_fleet::{Entry, Fleet, Severity, Verdict, read};

fuzz_target!(|bytes: &[u8]| {
    let entries: Vec<Entry> = read(bytes, "f.csv").collect();
    let fleet = Fleet::check(entries.clone());
    let rows = entries.iter().filter_map(|entry| match entry {
        Entry::Row(row) => Some(row),
        _ => None,
    });
    let rows: Vec<_> = rows.collect();
    assert_eq!(fleet.rows().len(), rows.len());

    let mut sent = HashSet::new();
    let mut hashes = HashSet::new();
    let mut refused = 0;
    for (fleet_row, row) in fleet.rows().iter().zip(&rows) {
        assert_eq!(fleet_row.origin(), row.origin());
        assert_eq!(fleet_row.serial_number(), row.fields().serial_number.as_deref());
        let errors = row.findings().iter().any(|finding| finding.severity() == Severity::Error);
        match fleet_row.verdict() {
            Verdict::Send(device) => {
                assert!(!errors);
                assert!(sent.insert(fleet_row.origin().clone()));
                if let Some(hash) = device.hardware_hash() {
                    assert!(hashes.insert(hash.expose().to_owned()), "the same device twice");
                }
            }
            Verdict::Duplicate(_) => assert!(!errors),
            Verdict::Refused(finding) => {
                refused += 1;
                assert_eq!(finding.severity(), Severity::Error);
                assert_eq!(finding.line(), Some(row.origin().line()));
                assert!(fleet.findings().contains(finding));
            }
            other => panic!("a verdict that this target does not know: {other:?}"),
        }
    }
    assert_eq!((fleet.devices(), fleet.has_errors() || refused == 0), (sent.len(), true));
    for row in fleet.rows() {
        if let Verdict::Duplicate(kept) = row.verdict() {
            assert!(sent.contains(kept), "{kept} stands for {} and is not sent", row.origin());
        }
    }

    let findings = fleet.findings().iter().map(ToString::to_string);
    let labels = fleet.rows().iter().flat_map(|row| {
        [row.serial_number(), row.product_key(), row.short_hash()].into_iter().flatten()
    });
    let shown: Vec<String> = findings.chain(labels.map(ToOwned::to_owned)).collect();
    assert!(!shown.iter().any(|text| text.contains(char::is_control)), "{shown:?}");
    // A hash that is nothing else in the file either.
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
});
