//! Decides how a list of devices goes on. A continuation token is the place of the last device shown, and a
//! seal, so that a token of another list, another seed, or somebody's invention is refused. A page before another
//! has links too, in the form that the documents show for other lists:
//! <https://learn.microsoft.com/en-us/partner-center/developer/get-invoice-billed-consumption-lineitems>.

use partner_center_devices_raw::types::{HeaderPair, Link, ResourceLinks};
use url::form_urlencoded;

use crate::api::response;
use crate::domain::ids::mix;
use crate::domain::keys::DeviceKey;

/// What a continuation token is sent back in.
pub(crate) const CONTINUATION: &str = "MS-ContinuationToken";

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

/// Links of a page that was asked for with `asked` and has another after it. Like other links of the service
/// they are relative and without `/v1`; unlike that of a batch, they are encoded, so that they can be followed.
pub(crate) fn links(customer: &str, batch: &str, asked: Option<&str>, next: &str) -> ResourceLinks {
    let (customer, batch) = (response::in_path(customer), response::in_path(batch));
    let first = format!("/customers/{customer}/deviceBatches/{batch}/devices");
    let later = format!("{first}?seekOperation=Next");
    let link = |uri: &str, token: Option<&str>| Link {
        uri: Some(uri.to_owned()),
        method: Some("GET".to_owned()),
        headers: Some(token.map(header).into_iter().collect()),
        body: None,
    };
    ResourceLinks {
        self_: Some(link(asked.map_or(&first, |_| &later), asked)),
        next: Some(link(&later, Some(next))),
        previous: None,
    }
}

fn header(token: &str) -> HeaderPair {
    HeaderPair { key: Some(CONTINUATION.to_owned()), value: Some(token.to_owned()) }
}

/// Whether a query asks for what follows, which is the only direction there is.
pub(crate) fn seeks_next(query: &str) -> bool {
    form_urlencoded::parse(query.as_bytes())
        .filter(|(key, _)| key.eq_ignore_ascii_case("seekOperation"))
        .all(|(_, way)| way.is_empty() || way.eq_ignore_ascii_case("Next"))
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
