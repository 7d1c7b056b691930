//! Which rows are the same device, in little memory: some 30 bytes for each thing that a row is known by. Decides
//! what a row is to those before it.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{BuildHasherDefault, Hash, Hasher};
use std::sync::Arc;

use partner_center_devices::IdentityFields;
use sha2::{Digest, Sha256};

use crate::check::finding::Origin;

/// How surely a combination finds its device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Model,
    Key,
    Hash,
}

/// Equal for equal things. Of 96 bits, so that among a hundred million there is no pair by chance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Print([u32; 3]);

impl Print {
    /// Of what a thing is made of, its kind first.
    pub(crate) fn of(parts: &[&[u8]]) -> Self {
        let mut sha = Sha256::new();
        for part in parts {
            sha.update((part.len() as u64).to_le_bytes()); // so that parts cannot run into one another
            sha.update(part);
        }
        Self::of_sum(&sha.finalize().into())
    }

    /// Of a thing whose SHA-256 is known.
    pub(crate) fn of_sum(sum: &[u8; 32]) -> Self {
        let word = |at: usize| u32::from_le_bytes([sum[at], sum[at + 1], sum[at + 2], sum[at + 3]]);
        Self([word(0), word(4), word(8)])
    }

    /// Which of the 64 parts of the table it is in.
    fn part(self) -> usize {
        self.0[0] as usize % 64
    }
}

impl Hash for Print {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // Not of the first word, which is alike within a part.
        state.write_u64(u64::from(self.0[1]) << 32 | u64::from(self.0[2]));
    }
}

/// A print is a piece of a SHA-256: its bits are as good as any hash of them.
#[derive(Default)]
struct AsIs(u64);

impl Hasher for AsIs {
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

type Table = HashMap<Print, u32, BuildHasherDefault<AsIs>>;

/// What a row is known by.
pub(crate) struct Traits {
    rank: Rank,
    hash: Option<Print>,
    key: Option<Print>,
    /// Serial number, manufacturer and model.
    model: Option<Print>,
    /// The serial number, where the other two are missing. It makes no two rows the same.
    serial: Option<Print>,
}

impl Traits {
    /// Of a row, with the print of its hash.
    pub(crate) fn of(fields: &IdentityFields, hash: Option<Print>) -> Self {
        fn bytes(text: &Option<String>) -> Option<&[u8]> {
            text.as_deref().map(str::as_bytes)
        }
        let key = fields.product_key.as_ref();
        let key = key.map(|key| Print::of(&[b"key", key.to_ascii_uppercase().as_bytes()]));
        let serial = bytes(&fields.serial_number);
        let model = match (serial, bytes(&fields.manufacturer), bytes(&fields.model)) {
            (Some(serial), Some(maker), Some(model)) => {
                Some(Print::of(&[b"model", serial, maker, model]))
            }
            _ => None,
        };
        let serial =
            serial.filter(|_| model.is_none()).map(|serial| Print::of(&[b"serial", serial]));
        let rank = match (hash, key) {
            (Some(_), _) => Rank::Hash,
            (None, Some(_)) => Rank::Key,
            (None, None) => Rank::Model,
        };
        Self { rank, hash, key, model, serial }
    }

    /// Each print, and the rank of the rows that are sent as it.
    fn prints(&self) -> impl Iterator<Item = (Print, Option<Rank>)> {
        let all = [
            (self.hash, Some(Rank::Hash)),
            (self.key, Some(Rank::Key)),
            (self.model, Some(Rank::Model)),
            (self.serial, None),
        ];
        all.into_iter().filter_map(|(print, rank)| Some((print?, rank)))
    }
}

/// What a row is to those before it, which are said by their number.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Noted {
    /// Another device; perhaps with the name of one before it.
    New(Option<Namesake>),
    /// The same as these, and it says the device better.
    Better(Vec<u32>),
    /// The same as this, which says it as well or better.
    Same(u32),
}

/// A row that is sent as another device, and what both have.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Namesake {
    SerialNumber(u32),
    ProductKey(u32),
}

/// The rows so far, and what those that are sent are known by.
#[derive(Debug)]
pub(crate) struct Seen {
    /// Of each row the rank, if it is to be sent. A row that gave way to a better one speaks for no other.
    sent: Vec<Option<Rank>>,
    /// The row that each print was seen first in. In parts, because one is copied whole when it grows.
    parts: Vec<Table>,
    /// Of each row the line, and from which row on lines are of which source.
    lines: Vec<u64>,
    sources: Vec<(u32, Arc<str>)>,
}

impl Default for Seen {
    fn default() -> Self {
        let parts = vec![Table::default(); 64];
        Self { sent: Vec::new(), parts, lines: Vec::new(), sources: Vec::new() }
    }
}

impl Seen {
    /// Counts a row. Looks for its device if it is to be sent, and remembers it.
    pub(crate) fn note(&mut self, origin: &Origin, traits: Option<&Traits>) -> Noted {
        let row = self.count(origin);
        let (Some(row), Some(traits)) = (row, traits) else { return Noted::New(None) };
        let (mut worse, mut namesake) = (Vec::new(), None);
        for (print, rank) in traits.prints() {
            let Some((first, sent)) = self.find(print) else { continue };
            if rank == Some(sent) || rank == Some(traits.rank) {
                if sent >= traits.rank {
                    return Noted::Same(first);
                }
                worse.push(first);
            } else if sent == traits.rank && namesake.is_none() {
                namesake = Some(match rank {
                    Some(Rank::Key) => Namesake::ProductKey(first),
                    _ => Namesake::SerialNumber(first),
                });
            }
        }
        for &row in &worse {
            self.sent[row as usize] = None;
        }
        self.sent[row as usize] = Some(traits.rank);
        for (print, _) in traits.prints() {
            match self.parts[print.part()].entry(print) {
                Entry::Vacant(free) => drop(free.insert(row)),
                Entry::Occupied(mut first) if self.sent[*first.get() as usize].is_none() => {
                    first.insert(row);
                }
                Entry::Occupied(_) => {}
            }
        }
        if worse.is_empty() { Noted::New(namesake) } else { Noted::Better(worse) }
    }

    /// Where a row came from.
    pub(crate) fn origin(&self, row: u32) -> Origin {
        let place = self.sources.partition_point(|(first, _)| *first <= row);
        let source = place.checked_sub(1).map(|place| Arc::clone(&self.sources[place].1));
        let line = self.lines.get(row as usize).copied();
        Origin { source: source.unwrap_or_default(), line: line.unwrap_or_default() }
    }

    /// The number of the row; `None` if there are too many to compare.
    fn count(&mut self, origin: &Origin) -> Option<u32> {
        let row = u32::try_from(self.lines.len()).ok()?;
        self.lines.push(origin.line);
        self.sent.push(None);
        if self.sources.last().is_none_or(|(_, source)| *source != origin.source) {
            self.sources.push((row, Arc::clone(&origin.source)));
        }
        Some(row)
    }

    /// The row of a print, if it is to be sent.
    fn find(&self, print: Print) -> Option<(u32, Rank)> {
        let row = *self.parts[print.part()].get(&print)?;
        Some((row, self.sent[row as usize]?))
    }
}
