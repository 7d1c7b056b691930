//! Paging of the lists of customers and audit records, in both directions.
//!
//! Every item has a position. A continuation token contains the positions of the first and the last item of its page, and the
//! query, so that it needs no other parameter. `seekOperation` selects the page next to that one.

use std::collections::VecDeque;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::domain::ids::mix;

/// The page of a token, and the query that it belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Cursor<Q> {
    pub(crate) first: u64,
    pub(crate) last: u64,
    pub(crate) size: usize,
    /// The number of the repetition, in an endless list.
    pub(crate) lap: u64,
    pub(crate) query: Q,
}

/// Returns a cursor as a token of this list.
pub(crate) fn seal<Q: Serialize>(seed: u64, list: &str, cursor: &Cursor<Q>) -> String {
    let mut bytes = postcard::to_allocvec(cursor).expect("a cursor serializes");
    bytes.extend(checksum(seed, list, &bytes).to_le_bytes());
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Returns the cursor of a token, or `None` if the token does not belong to this list.
pub(crate) fn open<Q: DeserializeOwned>(seed: u64, list: &str, token: &str) -> Option<Cursor<Q>> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
    let (cursor, sum) = bytes.split_last_chunk::<8>()?;
    (u64::from_le_bytes(*sum) == checksum(seed, list, cursor)).then_some(())?;
    postcard::from_bytes(cursor).ok()
}

fn checksum(seed: u64, list: &str, bytes: &[u8]) -> u64 {
    list.bytes()
        .chain(bytes.iter().copied())
        .fold(mix(seed), |sum, byte| mix(sum ^ u64::from(byte)))
}

/// The page to return.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Seek {
    First,
    Last,
    After(u64),
    Before(u64),
}

/// A page of a list.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Page<T> {
    /// The items with their positions.
    pub(crate) items: Vec<(u64, T)>,
    pub(crate) has_previous: bool,
    pub(crate) has_next: bool,
}

/// Selects a page of items, which are sorted by their positions.
pub(crate) fn page<T>(items: impl Iterator<Item = (u64, T)>, seek: Seek, size: usize) -> Page<T> {
    let mut page = VecDeque::new();
    let (mut has_previous, mut has_next) = (false, false);
    for (position, item) in items {
        match seek {
            Seek::After(last) if position <= last => has_previous = true,
            Seek::Before(first) if position >= first => {
                has_next = true;
                break;
            }
            Seek::First | Seek::After(_) if page.len() == size => {
                has_next = true;
                break;
            }
            Seek::First | Seek::After(_) => page.push_back((position, item)),
            Seek::Last | Seek::Before(_) => {
                if page.len() == size {
                    page.pop_front();
                    has_previous = true;
                }
                page.push_back((position, item));
            }
        }
    }
    Page { items: page.into(), has_previous, has_next }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn positions(seek: Seek, size: usize) -> (Vec<u64>, bool, bool) {
        let page = page((1..=5).map(|n| (n * 10, ())), seek, size);
        (
            page.items.iter().map(|(position, ())| *position).collect(),
            page.has_previous,
            page.has_next,
        )
    }

    #[test]
    fn pages_follow_each_other_in_both_directions() {
        for (seek, expected, previous, next) in [
            (Seek::First, vec![10, 20], false, true),
            (Seek::After(20), vec![30, 40], true, true),
            (Seek::After(40), vec![50], true, false),
            (Seek::After(25), vec![30, 40], true, true), // the last item of the page was removed
            (Seek::After(50), vec![], true, false),
            (Seek::Before(50), vec![30, 40], true, true),
            (Seek::Before(30), vec![10, 20], false, true),
            (Seek::Before(10), vec![], false, true),
            (Seek::Last, vec![40, 50], true, false),
        ] {
            assert_eq!(positions(seek, 2), (expected, previous, next), "{seek:?}");
        }
        assert_eq!(positions(Seek::First, 5), (vec![10, 20, 30, 40, 50], false, false));
        assert_eq!(positions(Seek::Last, 9), (vec![10, 20, 30, 40, 50], false, false));
    }

    #[test]
    fn a_token_belongs_to_one_list_and_one_seed() {
        let cursor = Cursor { first: 1, last: 1 << 40, size: 500, lap: 0, query: "q".to_owned() };
        let token = seal(7, "customers", &cursor);
        assert_eq!(open(7, "customers", &token), Some(cursor));
        assert_eq!(open::<String>(8, "customers", &token), None);
        assert_eq!(open::<String>(7, "auditrecords", &token), None);
        let changed =
            token.replacen(&token[..1], if token.starts_with('A') { "B" } else { "A" }, 1);
        for other in ["", "é", "AAAA", &token[1..], &changed, &format!("{token}A")] {
            assert_eq!(open::<String>(7, "customers", other), None, "{other}");
        }
    }
}
