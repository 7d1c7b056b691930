//! Decides what the registration service knows of a device that nobody has: whether its maker has reported it,
//! and whether what is sent is one piece of hardware. Only a world that lists its hardware knows any.

use std::collections::HashMap;

use crate::domain::device::{DeviceInput, Identities, Identity};

/// One piece of hardware.
pub(crate) struct HardwareRecord {
    pub(crate) names: DeviceInput,
    pub(crate) joined: bool,
}

/// All hardware that there is.
pub(crate) struct HardwareInventory {
    pieces: Vec<HardwareRecord>,
    /// How many pieces have an identification, and the last of them.
    index: HashMap<Identity, (usize, usize)>,
}

/// What is known of the hardware of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HardwareLookup {
    /// One known piece, or the world does not list its hardware.
    Known,
    /// Nothing has been reported that fits.
    NotFound,
    /// More than one piece fits.
    NotUnique,
    /// It has joined a directory before.
    Joined,
}

impl HardwareInventory {
    pub(crate) fn new(pieces: Vec<HardwareRecord>) -> Self {
        let mut index = HashMap::new();
        for (place, piece) in pieces.iter().enumerate() {
            for identity in piece.names.identities().all() {
                let (count, last) = index.entry(identity).or_insert((0, place));
                (*count, *last) = (*count + 1, place);
            }
        }
        Self { pieces, index }
    }

    /// In the order of the file.
    pub(crate) fn pieces(&self) -> &[HardwareRecord] {
        &self.pieces
    }

    /// What a device with these identities is. The hash comes first, then the product key, then the rest: a
    /// new hash of known hardware is fine, as after a new mainboard.
    pub(crate) fn find(&self, identities: &Identities) -> HardwareLookup {
        match identities.all().find_map(|identity| self.index.get(&identity)) {
            None => HardwareLookup::NotFound,
            Some((2.., _)) => HardwareLookup::NotUnique,
            Some((_, piece)) if self.pieces[*piece].joined => HardwareLookup::Joined,
            Some(_) => HardwareLookup::Known,
        }
    }
}
