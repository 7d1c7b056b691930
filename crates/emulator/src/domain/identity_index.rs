//! Decides who is who, over all customers: which devices have a mark. Nearly always it is one, so the others have
//! a place of their own and cost nothing where there are none.

use std::collections::BTreeSet;
use std::collections::hash_map::{Entry, HashMap};

use crate::domain::device::IdentityKey;
use crate::domain::keys::DeviceKey;

/// Devices by their marks.
#[derive(Default)]
pub(crate) struct IdentityIndex {
    /// The device that has had the mark for longest.
    first: HashMap<IdentityKey, DeviceKey>,
    others: BTreeSet<(IdentityKey, DeviceKey)>,
}

impl IdentityIndex {
    pub(crate) fn insert(&mut self, mark: IdentityKey, key: DeviceKey) {
        match self.first.entry(mark) {
            Entry::Vacant(free) => drop(free.insert(key)),
            Entry::Occupied(_) => drop(self.others.insert((mark, key))),
        }
    }

    pub(crate) fn remove(&mut self, mark: IdentityKey, key: DeviceKey) {
        if self.first.get(&mark) != Some(&key) {
            self.others.remove(&(mark, key));
            return;
        }
        let next = self.others_of(mark).next();
        match next {
            Some(next) => {
                self.others.remove(&(mark, next));
                self.first.insert(mark, next);
            }
            None => drop(self.first.remove(&mark)),
        }
    }

    /// The devices that have a mark, the oldest first.
    pub(crate) fn of(&self, mark: IdentityKey) -> impl Iterator<Item = DeviceKey> {
        let first = self.first.get(&mark).copied();
        first.into_iter().flat_map(move |first| std::iter::once(first).chain(self.others_of(mark)))
    }

    fn others_of(&self, mark: IdentityKey) -> impl Iterator<Item = DeviceKey> {
        self.others.range((mark, 0)..=(mark, DeviceKey::MAX)).map(|(_, key)| *key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::device::Identity;

    #[test]
    fn a_mark_has_its_devices_in_order_until_the_last_has_gone() {
        let [a, b] = ["a", "b"].map(|hash| (Identity::hardware_hash(hash), true));
        for gone in [[1, 2, 4], [4, 2, 1], [2, 4, 1], [2, 1, 4]] {
            let mut index = IdentityIndex::default();
            for (mark, key) in [(a, 1), (a, 2), (b, 3), (a, 4)] {
                index.insert(mark, key);
            }
            let mut left = vec![1, 2, 4];
            for key in gone {
                assert_eq!(index.of(a).collect::<Vec<_>>(), left);
                index.remove(a, key);
                index.remove(a, 9);
                left.retain(|other| *other != key);
            }
            assert_eq!((index.of(a).count(), index.of(b).count()), (0, 1));
            assert!(!index.first.contains_key(&a) && index.others.is_empty());
        }
    }
}
