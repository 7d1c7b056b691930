//! Decides what a continuation token is: the place of the last device shown, and a seal, so that a token of
//! another list, another seed, or somebody's invention is refused.

use crate::ids::mix;
use crate::world::DeviceKey;

/// The number of the list of a customer's batch. It is the same in every run.
pub(crate) fn list(customer: &str, batch: usize) -> u64 {
    let name = customer.to_lowercase();
    name.bytes().fold(mix(batch as u64), |sum, byte| mix(sum ^ u64::from(byte)))
}

/// The token for the page after `last`. `list` is the list it belongs to.
pub(crate) fn token(seed: u64, list: u64, last: DeviceKey) -> String {
    format!("{last:016x}{:016x}", seal(seed, list, last))
}

/// The device after which the page of a token begins.
pub(crate) fn read(seed: u64, list: u64, token: &str) -> Option<DeviceKey> {
    let (last, sealed) = token.split_at_checked(16)?;
    let last = u64::from_str_radix(last, 16).ok()?;
    (format!("{:016x}", seal(seed, list, last)) == sealed).then_some(last)
}

fn seal(seed: u64, list: u64, last: u64) -> u64 {
    mix(mix(mix(seed).wrapping_add(list)).wrapping_add(last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_known_by_its_customer_in_any_case_and_its_batch() {
        assert_eq!(list("C1", 0), list("c1", 0));
        assert_ne!(list("c1", 0), list("c1", 1));
        assert_ne!(list("c1", 0), list("c2", 0));
    }

    #[test]
    fn only_the_list_s_own_tokens_are_read() {
        let good = token(1, 2, 300);
        assert_eq!(read(1, 2, &good), Some(300));
        assert_eq!(read(2, 2, &good), None);
        assert_eq!(read(1, 3, &good), None);
        for bad in
            ["", "AQAAAA==", &good[1..], &format!("{good}0"), &good.replacen('0', "1", 1), "é"]
        {
            assert_eq!(read(1, 2, bad), None, "{bad}");
        }
    }
}
