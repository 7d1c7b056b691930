//! Paging of device lists.
//!
//! A continuation token is the key of the last device on the page, and a checksum. Tokens of another list or another
//! seed, and made-up tokens, are rejected.
//!
//! Every page except the last one has links, in the form that is documented for other lists:
//! <https://learn.microsoft.com/en-us/partner-center/developer/get-invoice-billed-consumption-lineitems>.

use partner_center_devices_raw::types::{HeaderPair, Link, ResourceLinks};
use url::form_urlencoded;

use crate::api::response;
use crate::domain::ids::mix;
use crate::domain::keys::DeviceKey;

/// The request header with the continuation token.
pub(crate) const CONTINUATION: &str = "MS-ContinuationToken";

/// The first position behind all devices; no world has so many.
const ENDLESS: DeviceKey = 1 << 63;

/// Returns the id of the device list of a batch. It is the same in every run.
pub(crate) fn list_id(customer: &str, batch: usize) -> u64 {
    let name = customer.to_lowercase();
    name.bytes().fold(mix(batch as u64), |sum, byte| mix(sum ^ u64::from(byte)))
}

/// Returns the token for the page after `last` in a list.
pub(crate) fn token(seed: u64, list: u64, last: DeviceKey) -> String {
    format!("{last:016x}{:016x}", checksum(seed, list, last))
}

/// Returns the device after which the page of a token starts, or `None` if the token is invalid.
pub(crate) fn parse(seed: u64, list: u64, token: &str) -> Option<DeviceKey> {
    let (last, rest) = token.split_at_checked(16)?;
    let last = u64::from_str_radix(last, 16).ok()?;
    (format!("{:016x}", checksum(seed, list, last)) == rest).then_some(last)
}

/// Splits the position of a page in an endless list: the device after which it starts, and the position of the next page.
/// Positions from [`ENDLESS`] on are pages that repeat the start of the list.
pub(crate) fn endless(
    after: Option<DeviceKey>,
    next: Option<DeviceKey>,
) -> (Option<DeviceKey>, DeviceKey) {
    match after {
        Some(position) if position >= ENDLESS => (None, position.wrapping_add(1).max(ENDLESS)),
        after => (after, next.unwrap_or(ENDLESS)),
    }
}

/// Returns the links of a page that was requested with `token`, if any, and is followed by the page of `next`.
///
/// Like all links of the service, they are relative and have no `/v1`. Unlike the link of a batch, they are
/// percent-encoded, so clients can follow them.
pub(crate) fn links(customer: &str, batch: &str, token: Option<&str>, next: &str) -> ResourceLinks {
    let (customer, batch) = (response::path_segment(customer), response::path_segment(batch));
    let first = format!("/customers/{customer}/deviceBatches/{batch}/devices");
    let later = format!("{first}?seekOperation=Next");
    let link = |uri: &str, token: Option<&str>| Link {
        uri: Some(uri.to_owned()),
        method: Some("GET".to_owned()),
        headers: Some(token.map(header).into_iter().collect()),
        body: None,
    };
    ResourceLinks {
        self_: Some(link(token.map_or(&first, |_| &later), token)),
        next: Some(link(&later, Some(next))),
        previous: None,
    }
}

fn header(token: &str) -> HeaderPair {
    HeaderPair { key: Some(CONTINUATION.to_owned()), value: Some(token.to_owned()) }
}

/// Returns whether `seekOperation` is missing or `Next`, the only supported direction.
pub(crate) fn is_forward(query: &str) -> bool {
    form_urlencoded::parse(query.as_bytes())
        .filter(|(key, _)| key.eq_ignore_ascii_case("seekOperation"))
        .all(|(_, value)| value.is_empty() || value.eq_ignore_ascii_case("Next"))
}

fn checksum(seed: u64, list: u64, last: u64) -> u64 {
    mix(mix(mix(seed).wrapping_add(list)).wrapping_add(last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_id_depends_on_the_customer_and_the_batch() {
        assert_eq!(list_id("C1", 0), list_id("c1", 0));
        assert_ne!(list_id("c1", 0), list_id("c1", 1));
        assert_ne!(list_id("c1", 0), list_id("c2", 0));
    }

    #[test]
    fn rejects_tokens_of_other_lists() {
        let valid = token(1, 2, 300);
        assert_eq!(parse(1, 2, &valid), Some(300));
        assert_eq!(parse(2, 2, &valid), None);
        assert_eq!(parse(1, 3, &valid), None);
        for invalid in
            ["", "AQAAAA==", &valid[1..], &format!("{valid}0"), &valid.replacen('0', "1", 1), "é"]
        {
            assert_eq!(parse(1, 2, invalid), None, "{invalid}");
        }
    }
}
