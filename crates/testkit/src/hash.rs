//! Builds hardware hashes with the layout of real ones, from values of your choice.
//!
//! The module doc of `hash_contents` in the raw crate describes the layout. This file imports no other file, so that
//! `xtask` can include it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

/// The records of a hardware hash, in order.
#[derive(Clone, Debug, Default)]
pub struct HashBuilder {
    records: Vec<u8>,
}

impl HashBuilder {
    /// Creates a hash without records.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Creates a hash with the values that identify a device.
    #[must_use]
    pub fn of_device(serial_number: &str, manufacturer: &str, model: &str) -> Self {
        Self::new().text(14, serial_number).text(16, manufacturer).text(17, model)
    }

    /// Adds a record.
    ///
    /// # Panics
    /// Panics if the data has more than 65,531 bytes.
    #[must_use]
    pub fn record(mut self, kind: u16, data: &[u8]) -> Self {
        self.records.extend(record(kind, data));
        self
    }

    /// Adds a record with a text and a zero byte.
    #[must_use]
    pub fn text(self, kind: u16, text: &str) -> Self {
        self.record(kind, &[text.as_bytes(), &[0]].concat())
    }

    /// Returns the bytes: the records with their header, the checksum, and zeros up to 3,000 bytes.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        // `OA` and `CS` are records too, with letters as the type.
        let mut bytes = record(u16::from_le_bytes(*b"OA"), &self.records);
        let checksum = Sha256::digest(&bytes);
        bytes.extend(record(u16::from_le_bytes(*b"CS"), &checksum));
        bytes.resize(bytes.len().max(3000), 0);
        bytes
    }

    /// Returns the hash as it is in a file: 4,000 characters of base64.
    #[must_use]
    pub fn encode(&self) -> String {
        encode(&self.bytes())
    }
}

/// Encodes bytes as base64, for hashes with deviations from the layout.
#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// Encodes a record: type, length including this header, data.
fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len() + 4).expect("the record is too long");
    [&kind.to_le_bytes()[..], &length.to_le_bytes(), data].concat()
}
