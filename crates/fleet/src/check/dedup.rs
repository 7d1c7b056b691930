//! Finds rows that describe the same device, in about 30 bytes of memory for each key of a row.
//!
//! Two rows describe the same device if they send the same hardware hash, the same product key, or the same serial
//! number, manufacturer and model; or if one row sends a key that the other row has next to a better one. Two different
//! hashes are two devices even if everything else is equal, because placeholder serial numbers are common. A row with a
//! hardware hash that lacks serial number, manufacturer or model has the ones inside its hash.
//!
//! Only one row of a device is sent: the one with the best identification (hash, then product key, then model), because
//! it finds the device most reliably. The first row wins a tie. A row that is not sent makes no other row a duplicate.
//!
//! Rows with different serial numbers are never the same device. If they have the same hash or product key, they
//! contradict each other, and all of them are invalid, because it is not known which device the value belongs to. Only a
//! row whose hash contains its serial number, or its product key, stays valid. A row without a serial number takes the
//! serial number of its duplicates, so that it cannot stand for two devices.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, DefaultHasher, Hash, Hasher};
use std::num::NonZeroU64;
use std::sync::Arc;

use partner_center_devices::IdentityFields;
use partner_center_devices::raw::hash_contents::ParsedHash;
use sha2::{Digest, Sha256};

use crate::check::placeholder::is_placeholder;
use crate::input::Field;

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
    /// A digest of the serial number without case, unless it is doubtful. Different serial numbers are different
    /// devices.
    serial_digest: Option<NonZeroU64>,
    has_doubtful_serial: bool,
    proves: Proof,
}

/// The values of a row that its hardware hash proves to belong to its device.
#[derive(Clone, Copy, Debug, Default)]
struct Proof {
    /// The hash contains the serial number of the row.
    hardware_hash: bool,
    /// The hash contains the product key of the row.
    product_key: bool,
}

impl Proof {
    fn of(self, value: SharedValue) -> bool {
        match value {
            SharedValue::HardwareHash => self.hardware_hash,
            SharedValue::ProductKey => self.product_key,
            SharedValue::DoubtfulSerial => false,
        }
    }
}

impl DeviceKeys {
    /// Digests the usable values of a row. The caller digests the hash, because it has decoded it. `hash` has the contents
    /// of a hash with a correct checksum. A doubtful serial number, such as a placeholder, does not distinguish devices.
    pub(crate) fn new(
        fields: &IdentityFields,
        hardware_hash: Option<KeyDigest>,
        hash: Option<&ParsedHash<'_>>,
        has_doubtful_serial: bool,
    ) -> Self {
        fn bytes(text: &Option<String>) -> Option<&[u8]> {
            text.as_deref().map(str::as_bytes)
        }
        let key = fields.product_key.as_ref();
        let product_key =
            key.map(|key| KeyDigest::of(&[b"key", key.to_ascii_uppercase().as_bytes()]));
        let serial = bytes(&fields.serial_number);
        let usable = |in_hash: &&[u8]| {
            std::str::from_utf8(in_hash)
                .is_ok_and(|text| !is_placeholder(Field::SerialNumber, text))
        };
        let serial_in_hash = || hash?.serial_number.filter(usable);
        // A row without these values is the device of a row that has the values inside its hash.
        let model = match (
            serial.or_else(serial_in_hash),
            bytes(&fields.manufacturer).or_else(|| hash?.manufacturer),
            bytes(&fields.model).or_else(|| hash?.model),
        ) {
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
        let text = fields.serial_number.as_deref();
        let has_doubtful_serial = has_doubtful_serial
            || text.is_some_and(|text| is_placeholder(Field::SerialNumber, text));
        let serial_digest = text.filter(|_| !has_doubtful_serial).map(digest_without_case);
        let is_in_hash = |in_hash: Option<&[u8]>, text: Option<&[u8]>| {
            in_hash.zip(text).is_some_and(|(in_hash, text)| in_hash.eq_ignore_ascii_case(text))
        };
        let proves = Proof {
            hardware_hash: !has_doubtful_serial
                && is_in_hash(hash.and_then(|hash| hash.serial_number), serial),
            product_key: is_in_hash(
                hash.and_then(|hash| hash.product_key),
                bytes(&fields.product_key),
            ),
        };
        Self {
            rank,
            hardware_hash,
            product_key,
            model,
            serial_number,
            serial_digest,
            has_doubtful_serial,
            proves,
        }
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

/// Digests a serial number, ignoring case. With 64 bits, two serial numbers of rows with the same hash or key do not
/// collide by chance.
fn digest_without_case(text: &str) -> NonZeroU64 {
    let mut hasher = DefaultHasher::new();
    for chunk in text.as_bytes().chunks(32) {
        let mut lowercase = [0; 32];
        let lowercase = &mut lowercase[..chunk.len()];
        lowercase.copy_from_slice(chunk);
        lowercase.make_ascii_lowercase();
        hasher.write(lowercase);
    }
    NonZeroU64::new(hasher.finish()).unwrap_or(NonZeroU64::MAX)
}

/// The result of comparing a row with the rows before it. Rows are given by number.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Comparison {
    pub(crate) relation: Relation,
    /// Earlier rows of the same device, which this row identifies better.
    pub(crate) replaces: Vec<u32>,
    /// Earlier rows that this row contradicts, and that are therefore invalid.
    pub(crate) invalidates: Vec<(u32, Contradiction)>,
}

/// The relation of a row to the rows before it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Relation {
    /// A new device, or one that this row identifies better than earlier rows. It may share a name with an earlier one.
    New(Option<SharedName>),
    /// The same device as this row, which has the same or better identification.
    Duplicate(u32),
    /// The row is invalid, because it contradicts an earlier one.
    Contradiction(Contradiction),
}

/// A contradiction between two rows: they have the same value, but may not be the same device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Contradiction {
    pub(crate) value: SharedValue,
    /// The other row.
    pub(crate) other: u32,
    /// The value belongs to the device of the other row, because its hardware hash proves it.
    pub(crate) belongs_to_other: bool,
}

/// The value that two contradicting rows share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SharedValue {
    HardwareHash,
    ProductKey,
    /// A serial number that may not be one, such as a placeholder, with the same manufacturer and model.
    DoubtfulSerial,
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
    proofs: Vec<Proof>,
    /// The digest of the serial number of each row, or of one of its duplicates.
    serials: Vec<Option<NonZeroU64>>,
    /// The rows whose value is also in rows with other serial numbers. They are not sent, but later rows are compared with
    /// them. Few files have any.
    contradicted: HashSet<u32>,
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
        Self {
            ranks: Vec::new(),
            proofs: Vec::new(),
            serials: Vec::new(),
            contradicted: HashSet::new(),
            shards,
            lines: Vec::new(),
            sources: Vec::new(),
        }
    }
}

impl DeviceIndex {
    /// Adds the next row and compares it with the rows before it. Invalid rows have no keys.
    pub(crate) fn add(&mut self, origin: &Origin, keys: Option<&DeviceKeys>) -> Comparison {
        let row = self.number(origin);
        let (mut replaces, mut invalidates, mut shared_name) = (Vec::new(), Vec::new(), None);
        let (Some(row), Some(keys)) = (row, keys) else {
            return Comparison { relation: Relation::New(None), replaces, invalidates };
        };
        for (key, rank) in keys.ranked() {
            let Some((first, first_rank)) = self.find(key) else { continue };
            let is_same_device = rank == Some(first_rank) || rank == Some(keys.rank);
            if let Some(value) = self.contradicted_value(first, keys, rank, is_same_device) {
                let (is_proven, first_is_proven) =
                    (keys.proves.of(value), self.proofs[first as usize].of(value));
                // A row that has a better identification than a doubtful serial number is not affected.
                let is_valid = is_proven && !first_is_proven
                    || value == SharedValue::DoubtfulSerial && keys.rank > IdentityRank::Model;
                let first_is_valid = first_is_proven && !is_proven
                    || value == SharedValue::DoubtfulSerial && first_rank > IdentityRank::Model;
                if !first_is_valid && self.contradicted.insert(first) {
                    let contradiction = Contradiction {
                        value,
                        other: row,
                        belongs_to_other: is_proven && is_valid,
                    };
                    invalidates.push((first, contradiction));
                }
                if is_valid {
                    continue;
                }
                let belongs_to_other = first_is_proven && first_is_valid;
                let contradiction = Contradiction { value, other: first, belongs_to_other };
                let relation = Relation::Contradiction(contradiction);
                return Comparison { relation, replaces: Vec::new(), invalidates };
            }
            if self.contradicted.contains(&first) {
                continue; // another value of a row that is not sent
            }
            if is_same_device {
                if first_rank >= keys.rank {
                    self.serials[first as usize] =
                        self.serials[first as usize].or(keys.serial_digest);
                    return Comparison {
                        relation: Relation::Duplicate(first),
                        replaces: Vec::new(),
                        invalidates,
                    };
                }
                replaces.push(first);
            } else if first_rank == keys.rank && shared_name.is_none() {
                shared_name = Some(match rank {
                    Some(IdentityRank::ProductKey) => SharedName::ProductKey(first),
                    _ => SharedName::SerialNumber(first),
                });
            }
        }
        self.insert(row, keys, &replaces);
        if !replaces.is_empty() {
            shared_name = None;
        }
        Comparison { relation: Relation::New(shared_name), replaces, invalidates }
    }

    /// Returns the value that the row and an earlier one share although they may not be the same device.
    fn contradicted_value(
        &self,
        first: u32,
        keys: &DeviceKeys,
        rank: Option<IdentityRank>,
        is_same_device: bool,
    ) -> Option<SharedValue> {
        let value = match rank? {
            IdentityRank::HardwareHash => SharedValue::HardwareHash,
            IdentityRank::ProductKey => SharedValue::ProductKey,
            IdentityRank::Model => {
                return (keys.has_doubtful_serial && is_same_device)
                    .then_some(SharedValue::DoubtfulSerial);
            }
        };
        let differ = |(one, other)| one != other;
        let differs = self.serials[first as usize].zip(keys.serial_digest).is_some_and(differ);
        (differs || self.contradicted.contains(&first)).then_some(value)
    }

    /// Adds a row that is sent, and removes the rows that it replaces.
    fn insert(&mut self, row: u32, keys: &DeviceKeys, replaces: &[u32]) {
        let mut serial = keys.serial_digest;
        for &replaced in replaces {
            self.ranks[replaced as usize] = None;
            serial = serial.or(self.serials[replaced as usize]);
        }
        self.ranks[row as usize] = Some(keys.rank);
        self.proofs[row as usize] = keys.proves;
        self.serials[row as usize] = serial;
        for (key, _) in keys.ranked() {
            match self.shards[key.shard()].entry(key) {
                Entry::Vacant(free) => drop(free.insert(row)),
                Entry::Occupied(mut first) => {
                    let earlier = *first.get();
                    if self.ranks[earlier as usize].is_none()
                        || self.contradicted.contains(&earlier)
                    {
                        first.insert(row);
                    }
                }
            }
        }
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
        self.proofs.push(Proof::default());
        self.serials.push(None);
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
