//! The hardware that manufacturers have reported to the registration service.
//!
//! It matters only for devices that are not registered, and only if the world lists its hardware.

use std::collections::HashMap;

use super::device::{DeviceInput, Identities, Identity};

/// One piece of hardware.
pub(crate) struct HardwareRecord {
    /// The identifying fields.
    pub(crate) device: DeviceInput,
    /// True if the hardware has joined a directory before.
    pub(crate) joined: bool,
}

/// All reported hardware.
pub(crate) struct HardwareInventory {
    records: Vec<HardwareRecord>,
    /// The number of records with an identity, and the index of the last one.
    index: HashMap<Identity, (usize, usize)>,
}

/// The result of looking up a device in the inventory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HardwareLookup {
    /// Exactly one record matches, or the world does not list its hardware.
    Known,
    /// No record matches.
    NotFound,
    /// More than one record matches.
    NotUnique,
    /// The matching hardware has joined a directory before.
    Joined,
}

impl HardwareInventory {
    pub(crate) fn new(records: Vec<HardwareRecord>) -> Self {
        let mut index = HashMap::new();
        for (position, record) in records.iter().enumerate() {
            for identity in record.device.identities().all() {
                let (count, last) = index.entry(identity).or_insert((0, position));
                (*count, *last) = (*count + 1, position);
            }
        }
        Self { records, index }
    }

    /// Returns the records in the order of the world file.
    pub(crate) fn records(&self) -> &[HardwareRecord] {
        &self.records
    }

    /// Looks up a device by its hash, then its product key, then the rest.
    ///
    /// An unknown hash of known hardware is accepted, as after a replaced mainboard.
    pub(crate) fn find(&self, identities: &Identities) -> HardwareLookup {
        match identities.all().find_map(|identity| self.index.get(&identity)) {
            None => HardwareLookup::NotFound,
            Some((2.., _)) => HardwareLookup::NotUnique,
            Some((_, position)) if self.records[*position].joined => HardwareLookup::Joined,
            Some(_) => HardwareLookup::Known,
        }
    }
}
