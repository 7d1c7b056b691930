//! The match between the devices of a request and the results of its job. [`correlate`] is a pure function of the serial
//! numbers and product keys, the only values that the service repeats.

use std::borrow::Cow;

use serde::Serialize;

use crate::device_identity::DeviceIdentity;
use crate::responses::models::{BatchUploadDetails, DeviceUploadDetails};

/// How a device and its result were matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum MatchedBy {
    /// Both have this serial number, which is unique in the request.
    SerialNumber,
    /// Both have this product key, which is unique in the request.
    ProductKey,
    /// They have the same position among the devices without a match, and the matched devices are in order. The service
    /// keeps the order in practice; no document promises it.
    Position,
}

/// The values by which a device and its result are matched: those that the service may repeat. They are compared without
/// case and surrounding white space. An empty value counts as missing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MatchKeys<'a> {
    serial_number: Option<&'a str>,
    product_key: Option<&'a str>,
}

impl<'a> MatchKeys<'a> {
    /// Creates the keys of a device. A device with only a hardware hash has neither.
    #[must_use]
    pub fn new(serial_number: Option<&'a str>, product_key: Option<&'a str>) -> Self {
        let is_filled = |key: &&str| !key.chars().all(char::is_whitespace);
        Self {
            serial_number: serial_number.filter(is_filled),
            product_key: product_key.filter(is_filled),
        }
    }
}

impl<'a> From<&'a DeviceIdentity> for MatchKeys<'a> {
    fn from(device: &'a DeviceIdentity) -> Self {
        Self::new(device.serial_number(), device.product_key())
    }
}

impl<'a> From<&'a DeviceUploadDetails> for MatchKeys<'a> {
    fn from(device: &'a DeviceUploadDetails) -> Self {
        Self::new(device.serial_number(), device.product_key())
    }
}

/// The result of one device of a request.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Matched<'a> {
    /// The result.
    pub device: &'a DeviceUploadDetails,
    /// The value or position by which it was matched.
    pub by: MatchedBy,
}

impl BatchUploadDetails {
    /// Returns the result of each device that was `sent` in one request, in the order of the request; `None` if there is
    /// no result, or no certain one. A result is never returned for two devices.
    ///
    /// The service repeats only the serial number and the product key of a device
    /// (<https://learn.microsoft.com/en-us/partner-center/developer/get-the-status-of-a-device-batch-upload>), and
    /// neither if the device was sent with only its hardware hash. So a device is matched
    ///
    /// 1. by its serial number, otherwise its product key, if exactly one device and one result have it;
    /// 2. otherwise by its position among the devices without a match, if the matched devices are in order and the counts
    ///    agree. A wrong guess could report a failed device as registered, so there is no guess if serial numbers or
    ///    product keys contradict it.
    ///
    /// ```
    /// # use partner_center_devices::{BatchUploadDetails, DeviceIdentity, DeviceOutcome};
    /// # fn example(details: BatchUploadDetails, sent: Vec<DeviceIdentity>) {
    /// for (device, result) in sent.iter().zip(details.match_to(&sent)) {
    ///     match result.map(|result| (result.device.outcome(), result.by)) {
    ///         Some((outcome, by)) => println!("{device:?}: {outcome:?}, matched by {by:?}"),
    ///         None => println!("{device:?}: no result"),
    ///     }
    /// }
    /// # }
    /// ```
    #[must_use]
    pub fn match_to<'s>(
        &self,
        sent: impl IntoIterator<Item = impl Into<MatchKeys<'s>>>,
    ) -> Vec<Option<Matched<'_>>> {
        let sent: Vec<MatchKeys<'s>> = sent.into_iter().map(Into::into).collect();
        let results: Vec<_> = self.devices().iter().map(MatchKeys::from).collect();
        let matched = |(result, by): (usize, _)| Matched { device: &self.devices()[result], by };
        correlate(&sent, &results).into_iter().map(|found| found.map(matched)).collect()
    }
}

impl MatchKeys<'_> {
    fn is_empty(self) -> bool {
        self.serial_number.is_none() && self.product_key.is_none()
    }

    fn contradicts(self, other: Self) -> bool {
        let differ = |a: Option<&str>, b: Option<&str>| {
            a.zip(b).is_some_and(|(a, b)| !a.trim().eq_ignore_ascii_case(b.trim()))
        };
        differ(self.serial_number, other.serial_number)
            || differ(self.product_key, other.product_key)
    }
}

/// Returns the value in upper case, without surrounding white space. Most values are in upper case already.
fn folded(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    if text.bytes().any(|byte| byte.is_ascii_lowercase()) {
        text.to_ascii_uppercase().into()
    } else {
        text.into()
    }
}

/// Returns, for each device that was sent, the position of its result and how it was matched; `None` if no match is
/// certain. A result is never used twice. The steps:
///
/// 1. Match by serial number, then by product key, if exactly one device and one result have it.
/// 2. If there are as many results as devices, and all matches so far have equal positions, match the rest by position.
/// 3. If all matches so far are in the same order on both sides, match groups of equal size in order: by equal serial
///    number, then by equal product key, then those with neither.
/// 4. If there are as many results as devices and one is left over on each side, match it.
///
/// Never match contradicting keys: a wrong guess could report a failed device as registered.
fn correlate(sent: &[MatchKeys<'_>], results: &[MatchKeys<'_>]) -> Vec<Option<(usize, MatchedBy)>> {
    let mut pairs =
        Pairs { sent, results, found: vec![None; sent.len()], free: vec![true; results.len()] };
    let serial: KeyOf = |keys| keys.serial_number.map(folded);
    let key: KeyOf = |keys| keys.product_key.map(folded);
    let without_keys: KeyOf = |keys| keys.is_empty().then_some(Cow::Borrowed(""));

    pairs.match_groups(serial, MatchedBy::SerialNumber, |size| size == 1);
    pairs.match_groups(key, MatchedBy::ProductKey, |size| size == 1);
    let any: KeyOf = |_| Some(Cow::Borrowed(""));
    let same_count = sent.len() == results.len();
    if same_count && pairs.are_in_place() {
        pairs.match_groups(any, MatchedBy::Position, |_| true);
    }
    if pairs.are_in_order() {
        for key_of in [serial, key, without_keys] {
            pairs.match_groups(key_of, MatchedBy::Position, |_| true);
        }
    }
    if same_count {
        pairs.match_groups(any, MatchedBy::Position, |size| size == 1);
    }
    pairs.found
}

/// Returns the key that devices and results are grouped by.
type KeyOf = for<'a> fn(MatchKeys<'a>) -> Option<Cow<'a, str>>;

/// Devices, results, and the matches so far.
struct Pairs<'a> {
    sent: &'a [MatchKeys<'a>],
    results: &'a [MatchKeys<'a>],
    found: Vec<Option<(usize, MatchedBy)>>,
    free: Vec<bool>,
}

impl Pairs<'_> {
    /// Matches each device of a group to the result of the group with the same key, in order, if both groups have the
    /// same size and `accepts` that size.
    fn match_groups(&mut self, key_of: KeyOf, by: MatchedBy, accepts: impl Fn(usize) -> bool) {
        let unmatched = sorted_keys(self.sent, key_of, |device| self.found[device].is_none());
        if unmatched.is_empty() {
            return; // usually the serial numbers are enough
        }
        let available = sorted_keys(self.results, key_of, |result| self.free[result]);
        for devices in unmatched.chunk_by(|(one, _), (other, _)| one == other) {
            let key = &devices[0].0;
            let start = available.partition_point(|(other, _)| other < key);
            let end = start + available[start..].partition_point(|(other, _)| other == key);
            let results = &available[start..end];
            if devices.len() != results.len() || !accepts(devices.len()) {
                continue;
            }
            for (&(_, device), &(_, result)) in devices.iter().zip(results) {
                if !self.sent[device].contradicts(self.results[result]) {
                    self.found[device] = Some((result, by));
                    self.free[result] = false;
                }
            }
        }
    }

    /// Returns true if the matched results are in the order of their devices.
    fn are_in_order(&self) -> bool {
        self.found.iter().flatten().is_sorted_by_key(|(result, _)| *result)
    }

    /// Returns true if the matched results have the positions of their devices.
    fn are_in_place(&self) -> bool {
        let mut found = self.found.iter().enumerate();
        found.all(|(device, found)| found.is_none_or(|(result, _)| result == device))
    }
}

/// Returns the keys of the included elements with their positions, sorted.
fn sorted_keys<'a>(
    elements: &[MatchKeys<'a>],
    key_of: KeyOf,
    include: impl Fn(usize) -> bool,
) -> Vec<(Cow<'a, str>, usize)> {
    let included = elements.iter().enumerate().filter(|(position, _)| include(*position));
    let mut keys: Vec<_> =
        included.filter_map(|(position, keys)| Some((key_of(*keys)?, position))).collect();
    keys.sort_unstable();
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `s1` is a serial number, `k1` a product key, `s1k1` both, `-` neither.
    fn keys(text: &str) -> MatchKeys<'_> {
        let (serial, key) = text.split_at(text.find('k').unwrap_or(text.len()));
        let given = |text: &'static str| Some(text).filter(|text| !text.is_empty());
        let leak = |text: &str| -> &'static str { Box::leak(text.to_owned().into_boxed_str()) };
        MatchKeys {
            serial_number: given(leak(serial.trim_matches('-'))),
            product_key: given(leak(key)),
        }
    }

    #[test]
    fn matches_every_result_to_its_device() {
        for (case, sent, results, expected) in [
            ("in order", "s1 s2 s3", "s1 s2 s3", "0s 1s 2s"),
            ("swapped", "s1 s2 s3", "s3 s1 s2", "1s 2s 0s"),
            ("in another case", "sa sb", "SB SA", "1s 0s"),
            ("by key", "k1 k2", "k2 k1", "1k 0k"),
            ("the serial takes precedence", "s1k1 s2k2", "s2k2 s1k1", "1s 0s"),
            ("only the key was returned", "s1k1 s2k2", "k2 k1", "1k 0k"),
            ("only hashes", "- - -", "- - -", "0p 1p 2p"),
            ("hashes among others", "s1 - s2 -", "s1 - s2 -", "0s 1p 2s 3p"),
            ("hashes among others out of order", "s1 - s2 -", "s2 - s1 -", "2s x 0s x"),
            ("one hash among others out of order", "s1 - s2", "s2 - s1", "2s 1p 0s"),
            ("a serial that was not returned, out of order", "s1 s2 -", "s2 - -", "x 0s x"),
            ("a serial that was not returned, in order", "s1 s2 -", "- s2 -", "0p 1s 2p"),
            ("serials in order, at other positions", "s1 s2 s3 -", "s2 s3 - -", "x 0s 1s x"),
            ("a key that was not returned, out of order", "k1 s2 k3", "s2 - -", "x 0s x"),
            ("hashes at other positions", "- s1 - s2", "s1 s2 - -", "2p 0s 3p 1s"),
            ("a hash whose serial was returned", "- -", "s1 -", "0p 1p"),
            ("nothing was returned", "s1 k2 -", "- - -", "0p 1p 2p"),
            ("one serial was returned and another was not", "s1 -", "- s9", "0p 1p"),
            ("twice, in order", "s1 s2 s1", "s1 s1 s2", "0p 2s 1p"),
            ("twice, among those out of order", "s1 s1 s2 s3", "s3 s1 s1 s2", "x x 3s 0s"),
            ("twice the key, in order", "k1 k1 s2", "k1 k1 s2", "0p 1p 2s"),
            ("twice, distinguished by the key", "s1k1 s1k2", "s1k2 s1k1", "1k 0k"),
            ("twice, and one is missing", "s1 s1 s2", "s1 s2", "x x 1s"),
            ("twice, and the first is missing", "s2 s1 s1", "s2 s1", "0s x x"),
            ("twice, and one was returned without keys", "s1 s1 s2", "s1 - s2", "0p 1p 2s"),
            ("twice, distinguished by nothing", "s2 s1 s1", "s1 s2", "1s x x"),
            ("a missing one", "s1 s2 s3", "s1 s3", "0s x 1s"),
            ("a missing one among hashes", "s1 - s2", "s1 -", "0s 1p x"),
            ("a missing hash", "s1 - -", "s1 -", "0s x x"),
            ("one result too many", "s1 s2", "s9 s1 s2", "1s 2s"),
            ("one result too many, hashes", "s1 -", "s1 - s9", "0s 1p"),
            ("one result without keys too many", "s1 -", "s1 - -", "0s x"),
            ("no result", "s1 -", "", "x x"),
            ("nothing sent", "", "s1 -", ""),
            ("another serial is not a match", "s1 s2", "s1 s3", "0s x"),
            ("serial and key of two devices", "s1k1 s2k2", "s1k2 s2k1", "x x"),
        ] {
            let list = |text: &'static str| text.split_whitespace().map(keys).collect::<Vec<_>>();
            let found = correlate(&list(sent), &list(results));
            let matches: Vec<_> = found
                .iter()
                .map(|found| match found {
                    Some((position, MatchedBy::SerialNumber)) => format!("{position}s"),
                    Some((position, MatchedBy::ProductKey)) => format!("{position}k"),
                    Some((position, MatchedBy::Position)) => format!("{position}p"),
                    None => "x".to_owned(),
                })
                .collect();
            assert_eq!(matches.join(" "), expected, "{case}");
        }
    }
}
