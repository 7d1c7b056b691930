//! Decides what the registration service knows of a device that nobody has: whether its maker has reported it,
//! and whether what is sent is one piece of hardware. Only a world that lists its hardware knows any.

use std::collections::HashMap;

use crate::device::{Identities, Identity, SentDevice};

/// One piece of hardware.
pub(crate) struct Piece {
    pub(crate) names: SentDevice,
    pub(crate) joined: bool,
}

/// All hardware that there is.
pub(crate) struct Known {
    pieces: Vec<Piece>,
    /// How many pieces have an identification, and the last of them.
    index: HashMap<Identity, (usize, usize)>,
}

/// What is known of the hardware of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hardware {
    /// One known piece, or the world does not list its hardware.
    Known,
    /// Nothing has been reported that fits.
    NotFound,
    /// More than one piece fits.
    NotUnique,
    /// It has joined a directory before.
    Joined,
}

impl Known {
    pub(crate) fn new(pieces: Vec<Piece>) -> Self {
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
    pub(crate) fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// What a device with these identities is. The hash comes first, then the product key, then the rest: a
    /// new hash of known hardware is fine, as after a new mainboard.
    pub(crate) fn find(&self, identities: &Identities) -> Hardware {
        match identities.all().find_map(|identity| self.index.get(&identity)) {
            None => Hardware::NotFound,
            Some((2.., _)) => Hardware::NotUnique,
            Some((_, piece)) if self.pieces[*piece].joined => Hardware::Joined,
            Some(_) => Hardware::Known,
        }
    }
}
