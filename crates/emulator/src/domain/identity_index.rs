//! An index of the devices of all customers by identity.
//!
//! Nearly every identity has one device, so further devices are stored separately.

use std::collections::BTreeSet;
use std::collections::hash_map::{Entry, HashMap};

use crate::domain::device::IndexKey;
use crate::domain::keys::DeviceKey;

/// Finds devices by their [index keys](IndexKey).
#[derive(Default)]
pub(crate) struct IdentityIndex {
    /// The oldest device with each key.
    first: HashMap<IndexKey, DeviceKey>,
    others: BTreeSet<(IndexKey, DeviceKey)>,
}

impl IdentityIndex {
    pub(crate) fn insert(&mut self, key: IndexKey, device: DeviceKey) {
        match self.first.entry(key) {
            Entry::Vacant(vacant) => drop(vacant.insert(device)),
            Entry::Occupied(_) => drop(self.others.insert((key, device))),
        }
    }

    pub(crate) fn remove(&mut self, key: IndexKey, device: DeviceKey) {
        if self.first.get(&key) != Some(&device) {
            self.others.remove(&(key, device));
            return;
        }
        let next = self.others(key).next();
        match next {
            Some(next) => {
                self.others.remove(&(key, next));
                self.first.insert(key, next);
            }
            None => drop(self.first.remove(&key)),
        }
    }

    /// Returns the devices with a key, oldest first.
    pub(crate) fn get(&self, key: IndexKey) -> impl Iterator<Item = DeviceKey> {
        let first = self.first.get(&key).copied();
        first.into_iter().flat_map(move |first| std::iter::once(first).chain(self.others(key)))
    }

    fn others(&self, key: IndexKey) -> impl Iterator<Item = DeviceKey> {
        self.others.range((key, 0)..=(key, DeviceKey::MAX)).map(|(_, device)| *device)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::identity::Identity;

    #[test]
    fn returns_the_remaining_devices_oldest_first() {
        let [a, b] = ["a", "b"].map(|hash| (Identity::hash_text(hash), true));
        for removals in [[1, 2, 4], [4, 2, 1], [2, 4, 1], [2, 1, 4]] {
            let mut index = IdentityIndex::default();
            for (key, device) in [(a, 1), (a, 2), (b, 3), (a, 4)] {
                index.insert(key, device);
            }
            let mut remaining = vec![1, 2, 4];
            for device in removals {
                assert_eq!(index.get(a).collect::<Vec<_>>(), remaining);
                index.remove(a, device);
                index.remove(a, 9);
                remaining.retain(|other| *other != device);
            }
            assert_eq!((index.get(a).count(), index.get(b).count()), (0, 1));
            assert!(!index.first.contains_key(&a) && index.others.is_empty());
        }
    }
}
