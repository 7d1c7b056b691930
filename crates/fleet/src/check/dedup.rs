//! Finds rows that describe the same device, in about 30 bytes of memory for each key of a row.
//!
//! Two rows describe the same device if they send the same hardware hash, the same product key, or the same serial
//! number, manufacturer and model; or if one row sends a key that the other row has next to a better one. Two different
//! hashes are two devices even if everything else is equal, because placeholder serial numbers are common.
//!
//! Only one row of a device is sent: the one with the best identification (hash, then product key, then model), because
//! it finds the device most reliably. The first row wins a tie. A row that is not sent makes no other row a duplicate.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{BuildHasherDefault, Hash, Hasher};
use std::sync::Arc;

use partner_center_devices::IdentityFields;
use sha2::{Digest, Sha256};

use crate::origin::Origin;

/// The combination of values that identifies a device to the service, from the weakest to the strongest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum IdentityRank {
    Model,
    ProductKey,
    HardwareHash,
}

/// A digest of a value that identifies a device. With 96 bits, two of a hundred million values do not collide by
/// chance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct KeyDigest([u32; 3]);

impl KeyDigest {
    /// Digests the parts of a value. The first part names the kind of value.
    pub(crate) fn of(parts: &[&[u8]]) -> Self {
        let mut sha = Sha256::new();
        for part in parts {
            sha.update((part.len() as u64).to_le_bytes()); // separates the parts
            sha.update(part);
        }
        Self::from_sha256(&sha.finalize().into())
    }

    /// Truncates a SHA-256.
    pub(crate) fn from_sha256(sum: &[u8; 32]) -> Self {
        let word = |at: usize| u32::from_le_bytes([sum[at], sum[at + 1], sum[at + 2], sum[at + 3]]);
        Self([word(0), word(4), word(8)])
    }

    /// Returns the shard of the index that contains this digest.
    fn shard(self) -> usize {
        self.0[0] as usize % SHARDS
    }
}

impl Hash for KeyDigest {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // The first word selects the shard, so it varies little within one.
        state.write_u64(u64::from(self.0[1]) << 32 | u64::from(self.0[2]));
    }
}

/// A hasher that returns its input. A digest is part of a SHA-256, so its bits are distributed well already.
#[derive(Default)]
struct IdentityHasher(u64);

impl Hasher for IdentityHasher {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.0 = self.0.rotate_left(8) ^ u64::from(*byte));
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = number;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

type Shard = HashMap<KeyDigest, u32, BuildHasherDefault<IdentityHasher>>;

const SHARDS: usize = 64;

/// The values of a row that identify its device.
pub(crate) struct DeviceKeys {
    rank: IdentityRank,
    hardware_hash: Option<KeyDigest>,
    product_key: Option<KeyDigest>,
    /// Serial number, manufacturer and model.
    model: Option<KeyDigest>,
    /// The serial number, if manufacturer or model is missing. It does not make two rows the same device.
    serial_number: Option<KeyDigest>,
}

impl DeviceKeys {
    /// Digests the values of a row. The caller digests the hash, because it has decoded it.
    pub(crate) fn new(fields: &IdentityFields, hardware_hash: Option<KeyDigest>) -> Self {
        fn bytes(text: &Option<String>) -> Option<&[u8]> {
            text.as_deref().map(str::as_bytes)
        }
        let key = fields.product_key.as_ref();
        let product_key =
            key.map(|key| KeyDigest::of(&[b"key", key.to_ascii_uppercase().as_bytes()]));
        let serial = bytes(&fields.serial_number);
        let model = match (serial, bytes(&fields.manufacturer), bytes(&fields.model)) {
            (Some(serial), Some(maker), Some(model)) => {
                Some(KeyDigest::of(&[b"model", serial, maker, model]))
            }
            _ => None,
        };
        let serial_number =
            serial.filter(|_| model.is_none()).map(|serial| KeyDigest::of(&[b"serial", serial]));
        let rank = match (hardware_hash, product_key) {
            (Some(_), _) => IdentityRank::HardwareHash,
            (None, Some(_)) => IdentityRank::ProductKey,
            (None, None) => IdentityRank::Model,
        };
        Self { rank, hardware_hash, product_key, model, serial_number }
    }

    /// Returns each key, with the rank of rows that are sent with it.
    fn ranked(&self) -> impl Iterator<Item = (KeyDigest, Option<IdentityRank>)> {
        let keys = [
            (self.hardware_hash, Some(IdentityRank::HardwareHash)),
            (self.product_key, Some(IdentityRank::ProductKey)),
            (self.model, Some(IdentityRank::Model)),
            (self.serial_number, None),
        ];
        keys.into_iter().filter_map(|(key, rank)| Some((key?, rank)))
    }
}

/// The relation of a row to the rows before it. Rows are given by number.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
    /// A new device. It may share a name with an earlier one.
    New(Option<SharedName>),
    /// The same device as these rows, with better identification than each of them.
    Better(Vec<u32>),
    /// The same device as this row, which has the same or better identification.
    Duplicate(u32),
}

/// A value that a row has in common with the row of a different device.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum SharedName {
    SerialNumber(u32),
    ProductKey(u32),
}

/// The rows so far, and the keys of those that are sent.
#[derive(Debug)]
pub(crate) struct DeviceIndex {
    /// The rank of each row that is sent; `None` for invalid rows and for rows that a better one replaced.
    ranks: Vec<Option<IdentityRank>>,
    /// The first row with each key. Sharded, because a growing map copies itself as a whole.
    shards: Vec<Shard>,
    /// The line of each row.
    lines: Vec<u64>,
    /// Each source, with the number of its first row.
    sources: Vec<(u32, Arc<str>)>,
}

impl Default for DeviceIndex {
    fn default() -> Self {
        let shards = vec![Shard::default(); SHARDS];
        Self { ranks: Vec::new(), shards, lines: Vec::new(), sources: Vec::new() }
    }
}

impl DeviceIndex {
    /// Adds the next row and compares it with the rows before it. Invalid rows have no keys.
    pub(crate) fn add(&mut self, origin: &Origin, keys: Option<&DeviceKeys>) -> Comparison {
        let row = self.number(origin);
        let (Some(row), Some(keys)) = (row, keys) else { return Comparison::New(None) };
        let (mut worse, mut shared_name) = (Vec::new(), None);
        for (key, rank) in keys.ranked() {
            let Some((first, first_rank)) = self.find(key) else { continue };
            if rank == Some(first_rank) || rank == Some(keys.rank) {
                if first_rank >= keys.rank {
                    return Comparison::Duplicate(first);
                }
                worse.push(first);
            } else if first_rank == keys.rank && shared_name.is_none() {
                shared_name = Some(match rank {
                    Some(IdentityRank::ProductKey) => SharedName::ProductKey(first),
                    _ => SharedName::SerialNumber(first),
                });
            }
        }
        for &row in &worse {
            self.ranks[row as usize] = None;
        }
        self.ranks[row as usize] = Some(keys.rank);
        for (key, _) in keys.ranked() {
            match self.shards[key.shard()].entry(key) {
                Entry::Vacant(free) => drop(free.insert(row)),
                Entry::Occupied(mut first) if self.ranks[*first.get() as usize].is_none() => {
                    first.insert(row);
                }
                Entry::Occupied(_) => {}
            }
        }
        if worse.is_empty() { Comparison::New(shared_name) } else { Comparison::Better(worse) }
    }

    /// Returns the file and line of a row.
    pub(crate) fn origin(&self, row: u32) -> Origin {
        let place = self.sources.partition_point(|(first, _)| *first <= row);
        let source = place.checked_sub(1).map(|place| Arc::clone(&self.sources[place].1));
        let line = self.lines.get(row as usize).copied();
        Origin { source: source.unwrap_or_default(), line: line.unwrap_or_default() }
    }

    /// Numbers the next row; `None` if there are too many rows to compare.
    fn number(&mut self, origin: &Origin) -> Option<u32> {
        let row = u32::try_from(self.lines.len()).ok()?;
        self.lines.push(origin.line);
        self.ranks.push(None);
        if self.sources.last().is_none_or(|(_, source)| *source != origin.source) {
            self.sources.push((row, Arc::clone(&origin.source)));
        }
        Some(row)
    }

    /// Returns the first row with this key, if it is sent.
    fn find(&self, key: KeyDigest) -> Option<(u32, IdentityRank)> {
        let row = *self.shards[key.shard()].get(&key)?;
        Some((row, self.ranks[row as usize]?))
    }
}
