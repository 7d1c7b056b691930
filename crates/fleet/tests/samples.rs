//! The sample files are valid: every row is sent, and every hardware hash contains the values of its row.
#![allow(clippy::unwrap_used)] // panics fail the test

use std::fs::File;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use partner_center_devices::{DeviceIdentity, DeviceKind};
use partner_center_devices_fleet::{Fleet, InputItem, Row, RowReader, RowStatus, read};
use sha2::{Digest, Sha256};

fn open(name: &str) -> RowReader<File> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples").join(name);
    read(File::open(path).unwrap(), name)
}

fn rows(name: &str) -> Vec<Row> {
    open(name)
        .map(|item| match item {
            InputItem::Row(row) => row,
            other => panic!("{other:?}"),
        })
        .collect()
}

fn devices(fleet: &Fleet) -> Vec<&DeviceIdentity> {
    let mut devices = Vec::new();
    for row in fleet.rows() {
        match row.status() {
            RowStatus::Ready(identity) => devices.push(identity),
            other => panic!("{}: {other:?}", row.origin()),
        }
    }
    devices
}

#[test]
fn all_rows_are_sent_without_findings() {
    for (name, rows) in [("contoso-fleet.csv", 40), ("trouble.csv", 12)] {
        let fleet = Fleet::check(open(name));
        assert_eq!(fleet.findings(), [], "{name}");
        assert_eq!((fleet.device_count(), fleet.rows().len()), (rows, rows), "{name}");
    }
}

#[test]
fn fleet_sample_has_devices_of_every_kind() {
    let fleet = Fleet::check(open("contoso-fleet.csv"));
    let devices = devices(&fleet);
    let count = |kind| devices.iter().filter(|device| device.kind() == kind).count();
    assert_eq!(count(DeviceKind::HardwareHash), 32);
    assert_eq!(count(DeviceKind::ProductKey), 4);
    assert_eq!(count(DeviceKind::Model), 4);
    let both = devices
        .iter()
        .filter(|device| device.hardware_hash().is_some() && device.product_key().is_some());
    assert_eq!(both.count(), 6);
}

/// Decodes the hashes independently of the code that generated them.
#[test]
fn every_hash_has_the_layout_and_the_values_of_its_row() {
    let mut hashes = 0;
    for row in [rows("contoso-fleet.csv"), rows("trouble.csv")].iter().flatten() {
        let Some(hash) = &row.fields().hardware_hash else { continue };
        assert_eq!(hash.expose().len(), 4000);
        assert!(["T0E", "T0F", "T0G", "T0H"].contains(&&hash.expose()[..3]));
        let bytes = STANDARD.decode(hash.expose()).unwrap();
        let u16_at = |at: usize| usize::from(u16::from_le_bytes([bytes[at], bytes[at + 1]]));

        let end = u16_at(2);
        assert!(end > 900, "{end}");
        assert_eq!(
            (&bytes[..2], &bytes[end..end + 2], u16_at(end + 2)),
            (&b"OA"[..], &b"CS"[..], 36)
        );
        assert_eq!(Sha256::digest(&bytes[..end])[..], bytes[end + 4..end + 36]);
        assert!(bytes.len() == 3000 && bytes[end + 36..].iter().all(|byte| *byte == 0));

        let mut at = 4;
        let mut record = std::collections::HashMap::new();
        while at < end {
            record.insert(u16_at(at), &bytes[at + 4..at + u16_at(at + 2)]);
            at += u16_at(at + 2);
        }
        assert_eq!(at, end);
        let text =
            |kind: usize| std::str::from_utf8(record[&kind].strip_suffix(b"\0").unwrap()).unwrap();
        let fields = row.fields();
        assert_eq!(Some(text(14)), fields.serial_number.as_deref());
        assert_eq!(Some(text(16)), fields.manufacturer.as_deref());
        assert_eq!(Some(text(17)), fields.model.as_deref());
        assert!(fields.product_key.as_deref().is_none_or(|key| key == text(24)));
        assert_eq!((record[&12].len(), text(24).len()), (16, 13));
        hashes += 1;
    }
    assert_eq!(hashes, 32 + 8);
}
