//! The hardware of a strict world, from device files.

use std::path::PathBuf;

use partner_center_devices::{DeviceIdentity, IdentityFields};
use partner_center_devices_emulator::KnownHardware;
use partner_center_devices_fleet::{Fleet, InputItem, ReadOptions, RowStatus};

use crate::errors::{CommandError, Exit};
use crate::input_files::{self, Subdirectories};
use crate::ui::text_layout::count;

/// Reads the devices of all files. Duplicates are listed once.
pub(super) fn read(files: &[PathBuf]) -> Result<Vec<KnownHardware>, CommandError> {
    let sources = input_files::open(files, Subdirectories::Refused)?;
    let mut fields = Vec::new();
    let items = input_files::read(sources, ReadOptions::new());
    let fleet = Fleet::check(items.inspect(|item| {
        if let InputItem::Row(row) = item {
            fields.push(row.fields().clone());
        }
    }));
    let names = files.iter().map(|file| file.display().to_string()).collect::<Vec<_>>().join(", ");
    if fleet.has_errors() {
        let invalid =
            fleet.rows().iter().filter(|row| matches!(row.status(), RowStatus::Invalid(_)));
        let message = format!(
            "cannot use {names} as the known hardware: {} must be fixed",
            count(invalid.count(), "row")
        );
        return Err(CommandError::new(Exit::InvalidFile, message)
            .hint("run pcdevices check with the same file to list the errors"));
    }
    let rows = fleet.rows().iter().zip(&fields);
    Ok(rows
        .filter_map(|(row, fields)| match row.status() {
            RowStatus::Ready(identity) => Some(known_hardware(identity, fields)),
            _ => None,
        })
        .collect())
}

/// Returns all fields of a row. `identity` has those that an upload sends, as it sends them.
fn known_hardware(identity: &DeviceIdentity, fields: &IdentityFields) -> KnownHardware {
    let value = |sent: Option<&str>, read: &Option<String>| {
        let read = || read.as_deref().map(str::trim).filter(|text| !text.is_empty());
        sent.or_else(read).map(ToOwned::to_owned)
    };
    let mut hardware = KnownHardware::new();
    if let Some(hash) = identity.hardware_hash() {
        hardware = hardware.hardware_hash(hash.expose());
    }
    if let Some(key) = identity.product_key() {
        hardware = hardware.product_key(key);
    }
    if let Some(text) = value(identity.serial_number(), &fields.serial_number) {
        hardware = hardware.serial_number(text);
    }
    if let Some(text) = value(identity.manufacturer(), &fields.manufacturer) {
        hardware = hardware.manufacturer(text);
    }
    if let Some(text) = value(identity.model(), &fields.model) {
        hardware = hardware.model(text);
    }
    hardware
}
