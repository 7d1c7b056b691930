//! Long secrets in a keyring with short entries. The Credential Manager of Windows stores at most 2,560 bytes, which is half as
//! many characters, and a refresh token can have 4,000.
//!
//! A long text is in numbered parts, and the entry of the profile names them. New parts are written next to the old ones before
//! that entry changes, so a process that is stopped leaves the old text or the new one.

/// The maximum length of an entry in UTF-16 code units, with room for a mark of the keyring.
const MAX_UNITS: usize = 1_200;

/// The number of parts that no text needs.
const MAX_PARTS: usize = 1_000;

/// The start of an entry that names parts: `parts 1 4` are the four parts of set 1.
const MARK: &str = "parts ";

/// The entries of a keyring.
pub(crate) trait Entries {
    type Error;

    /// Returns the text of an entry, if there is one.
    fn get(&self, name: &str) -> Result<Option<String>, Self::Error>;

    fn set(&self, name: &str, text: &str) -> Result<(), Self::Error>;

    /// Removes an entry. Returns false if there is none.
    fn remove(&self, name: &str) -> Result<bool, Self::Error>;
}

/// The parts that an entry names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Parts {
    set: u8,
    count: usize,
}

impl Parts {
    fn of(entry: &str) -> Option<Self> {
        let (set, count) = entry.strip_prefix(MARK)?.split_once(' ')?;
        Some(Self { set: set.parse().ok()?, count: count.parse().ok()? })
    }

    fn names(self, name: &str) -> impl Iterator<Item = String> {
        (0..self.count).map(move |number| format!("{name} (part {}.{number})", self.set))
    }
}

/// Reads a text. `Ok(None)` if there is none; the inner `None` if a part of it is missing.
pub(crate) fn read<E: Entries>(
    entries: &E,
    name: &str,
) -> Result<Option<Option<String>>, E::Error> {
    loop {
        let Some(entry) = entries.get(name)? else { return Ok(None) };
        let Some(parts) = Parts::of(&entry) else { return Ok(Some(Some(entry))) };
        let texts: Result<Vec<_>, _> = parts.names(name).map(|part| entries.get(&part)).collect();
        if let Some(texts) = texts?.into_iter().collect::<Option<Vec<_>>>() {
            return Ok(Some(Some(texts.concat())));
        }
        // Another process may have written a new text meanwhile.
        if entries.get(name)?.is_none_or(|now| now == entry) {
            return Ok(Some(None));
        }
    }
}

/// Writes a text, in parts if it is long and `is_short` says that entries are.
pub(crate) fn write<E: Entries>(
    entries: &E,
    name: &str,
    text: &str,
    is_short: bool,
) -> Result<(), E::Error> {
    let old = entries.get(name)?.and_then(|entry| Parts::of(&entry));
    if is_short && text.encode_utf16().count() > MAX_UNITS {
        let pieces = split(text);
        let set = old.map_or(0, |old| 1 - old.set.min(1));
        let parts = Parts { set, count: pieces.len() };
        for (part, piece) in parts.names(name).zip(&pieces) {
            entries.set(&part, piece)?;
        }
        entries.set(name, &format!("{MARK}{} {}", parts.set, parts.count))?;
    } else {
        entries.set(name, text)?;
    }
    // The new text is stored, so it is not a failure if old parts stay.
    let used = Parts::of(&entries.get(name)?.unwrap_or_default());
    for set in [0, 1] {
        let first = used.filter(|used| used.set == set).map_or(0, |used| used.count);
        let _ = remove_parts(entries, name, set, first);
    }
    Ok(())
}

/// Removes the parts of a set from a number on, also those that a stopped process left.
fn remove_parts<E: Entries>(
    entries: &E,
    name: &str,
    set: u8,
    first: usize,
) -> Result<(), E::Error> {
    let parts = Parts { set, count: MAX_PARTS };
    for part in parts.names(name).skip(first) {
        if !entries.remove(&part)? {
            break;
        }
    }
    Ok(())
}

/// Removes a text. Returns false if there is none.
pub(crate) fn remove<E: Entries>(entries: &E, name: &str) -> Result<bool, E::Error> {
    for set in [0, 1] {
        remove_parts(entries, name, set, 0)?;
    }
    entries.remove(name)
}

/// Splits a text between characters.
fn split(text: &str) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let mut units = 0;
    for c in text.chars() {
        units += c.len_utf16();
        if units > MAX_UNITS {
            pieces.push(String::new());
            units = c.len_utf16();
        }
        pieces.last_mut().expect("there is a first piece").push(c);
    }
    pieces
}

#[cfg(test)]
mod tests {
    use std::cell::{Cell, RefCell};
    use std::collections::BTreeMap;

    use super::*;

    /// A keyring whose entries are short, and that fails after a number of writes.
    #[derive(Default)]
    struct Keyring {
        entries: RefCell<BTreeMap<String, String>>,
        writes_left: Cell<Option<usize>>,
    }

    impl Entries for Keyring {
        type Error = &'static str;

        fn get(&self, name: &str) -> Result<Option<String>, Self::Error> {
            Ok(self.entries.borrow().get(name).cloned())
        }

        fn set(&self, name: &str, text: &str) -> Result<(), Self::Error> {
            if text.encode_utf16().count() * 2 > 2_560 {
                return Err("too long");
            }
            match self.writes_left.get() {
                Some(0) => return Err("stopped"),
                left => self.writes_left.set(left.map(|left| left - 1)),
            }
            self.entries.borrow_mut().insert(name.to_owned(), text.to_owned());
            Ok(())
        }

        fn remove(&self, name: &str) -> Result<bool, Self::Error> {
            Ok(self.entries.borrow_mut().remove(name).is_some())
        }
    }

    #[test]
    fn texts_of_any_length_are_read_again_and_leave_no_parts() {
        let keyring = Keyring::default();
        assert_eq!(read(&keyring, "p"), Ok(None));
        for (text, entries) in [
            ("short".to_owned(), 1),
            ("a".repeat(1_200), 1),
            ("a".repeat(1_201), 3),
            ("b".repeat(4_000), 5),
            ("é😀".repeat(2_000), 6),
            ("c".repeat(4_000), 5),
            ("short again".to_owned(), 1),
        ] {
            write(&keyring, "p", &text, true).unwrap();
            assert_eq!(read(&keyring, "p"), Ok(Some(Some(text.clone()))), "{text:.20}");
            assert_eq!(keyring.entries.borrow().len(), entries, "{text:.20}");
        }
        write(&keyring, "p", &"d".repeat(4_000), true).unwrap();
        assert_eq!(remove(&keyring, "p"), Ok(true));
        assert!(keyring.entries.borrow().is_empty());
        assert_eq!(remove(&keyring, "p"), Ok(false));
    }

    #[test]
    fn a_write_that_is_stopped_leaves_the_old_text() {
        for (old, new) in
            [("old".to_owned(), "n".repeat(4_000)), ("o".repeat(4_000), "n".repeat(3_000))]
        {
            for writes in 0..3 {
                let keyring = Keyring::default();
                write(&keyring, "p", &old, true).unwrap();
                keyring.writes_left.set(Some(writes));
                write(&keyring, "p", &new, true).unwrap_err();
                assert_eq!(read(&keyring, "p"), Ok(Some(Some(old.clone()))), "{writes}");
            }
        }
    }

    #[test]
    fn a_missing_part_is_noticed() {
        let keyring = Keyring::default();
        write(&keyring, "p", &"a".repeat(4_000), true).unwrap();
        keyring.entries.borrow_mut().remove("p (part 0.1)");
        assert_eq!(read(&keyring, "p"), Ok(Some(None)));
    }

    #[test]
    fn keyrings_with_long_entries_need_no_parts() {
        let keyring = Keyring::default();
        assert_eq!(write(&keyring, "p", &"a".repeat(4_000), false), Err("too long"));
        write(&keyring, "p", &"a".repeat(1_250), false).unwrap();
        assert_eq!(keyring.entries.borrow().len(), 1);
    }
}
