//! Which answer of a job belongs to which device that was sent. Decides it by [`correlate`], a pure function over
//! the few names that the service repeats.

use std::borrow::Cow;

use serde::Serialize;

use crate::device_identity::DeviceIdentity;
use crate::responses::models::{BatchUploadDetails, DeviceUploadDetails};

/// By what a device's answer was recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum MatchedBy {
    /// Both name this serial number, and no other device of the request does.
    SerialNumber,
    /// Both name this product key, and no other device of the request does.
    ProductKey,
    /// By its place among the devices that nothing else tells apart, while those that have a name kept their
    /// order. The service was seen to keep it; no document promises that.
    Position,
}

/// What the service may repeat of a device that was sent, and so what tells its answer from others. Serial
/// numbers and product keys are compared without case and without blanks around them; an empty one is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MatchKeys<'a> {
    serial_number: Option<&'a str>,
    product_key: Option<&'a str>,
}

impl<'a> MatchKeys<'a> {
    /// The names of a device; neither for one that was sent by its hardware hash alone.
    #[must_use]
    pub fn new(serial_number: Option<&'a str>, product_key: Option<&'a str>) -> Self {
        let filled = |name: &&str| !name.chars().all(char::is_whitespace);
        Self {
            serial_number: serial_number.filter(filled),
            product_key: product_key.filter(filled),
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

/// The answer to one device that was sent.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Matched<'a> {
    /// What the service says of it.
    pub device: &'a DeviceUploadDetails,
    /// How it was recognised.
    pub by: MatchedBy,
}

impl BatchUploadDetails {
    /// The answer to each of the devices that were `sent` in one request, in their order; `None` where there is
    /// none, or none that is sure enough. No answer goes to two devices.
    ///
    /// The service gives nothing back that ties the two together but serial number and product key
    /// (<https://learn.microsoft.com/en-us/partner-center/developer/get-the-status-of-a-device-batch-upload>), and
    /// neither for a device sent by its hardware hash alone. So a device is recognised
    ///
    /// 1. by its serial number, else its product key, where just one device and one answer have it;
    /// 2. else by its position among those that nothing tells apart, as long as those with a name kept their order
    ///    and the counts agree. A wrong guess could call a refused device registered, so it is not made where
    ///    names contradict.
    ///
    /// ```
    /// # use partner_center_devices::{BatchUploadDetails, DeviceIdentity, DeviceOutcome};
    /// # fn example(details: BatchUploadDetails, sent: Vec<DeviceIdentity>) {
    /// for (device, answer) in sent.iter().zip(details.match_to(&sent)) {
    ///     match answer.map(|answer| (answer.device.outcome(), answer.by)) {
    ///         Some((outcome, by)) => println!("{device:?}: {outcome:?}, known by {by:?}"),
    ///         None => println!("{device:?}: no answer"),
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
        let answers: Vec<_> = self.devices().iter().map(MatchKeys::from).collect();
        let matched = |(answer, by): (usize, _)| Matched { device: &self.devices()[answer], by };
        correlate(&sent, &answers).into_iter().map(|found| found.map(matched)).collect()
    }
}

impl MatchKeys<'_> {
    fn is_nameless(self) -> bool {
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

/// Most names are in upper case already.
fn folded(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    if text.bytes().any(|byte| byte.is_ascii_lowercase()) {
        text.to_ascii_uppercase().into()
    } else {
        text.into()
    }
}

/// For each device that was sent the place of its answer, and how it was recognised; `None` where nothing is
/// sure enough. No answer goes to two devices.
///
/// 1. By serial number, then by product key, where just one device and one answer have it.
/// 2. If there are as many answers as devices, and those found stand in their own places: all the rest in theirs.
/// 3. If those found stand in the same order on both sides: equal serial numbers, then equal product keys, then the
///    nameless, each in order, if there are as many answers.
/// 4. If there are as many answers as devices: the only one that is left.
///
/// Never where names contradict: a wrong guess could call a refused device registered.
fn correlate(sent: &[MatchKeys<'_>], answers: &[MatchKeys<'_>]) -> Vec<Option<(usize, MatchedBy)>> {
    let mut pairs =
        Pairs { sent, answers, found: vec![None; sent.len()], free: vec![true; answers.len()] };
    let serial: Name = |named| named.serial_number.map(folded);
    let key: Name = |named| named.product_key.map(folded);
    let nameless: Name = |named| named.is_nameless().then_some(Cow::Borrowed(""));

    pairs.groups(serial, MatchedBy::SerialNumber, |size| size == 1);
    pairs.groups(key, MatchedBy::ProductKey, |size| size == 1);
    let rest: Name = |_| Some(Cow::Borrowed(""));
    let as_many = sent.len() == answers.len();
    if as_many && pairs.are_in_place() {
        pairs.groups(rest, MatchedBy::Position, |_| true);
    }
    if pairs.are_in_order() {
        for name in [serial, key, nameless] {
            pairs.groups(name, MatchedBy::Position, |_| true);
        }
    }
    if as_many {
        pairs.groups(rest, MatchedBy::Position, |size| size == 1);
    }
    pairs.found
}

/// What devices and answers are put together by.
type Name = for<'a> fn(MatchKeys<'a>) -> Option<Cow<'a, str>>;

/// Devices and answers, and which of them belong together.
struct Pairs<'a> {
    sent: &'a [MatchKeys<'a>],
    answers: &'a [MatchKeys<'a>],
    found: Vec<Option<(usize, MatchedBy)>>,
    free: Vec<bool>,
}

impl Pairs<'_> {
    /// Gives each device of a name the answer of that name, in order, where there are as many, and as many as
    /// are `wanted`.
    fn groups(&mut self, name: Name, by: MatchedBy, wanted: impl Fn(usize) -> bool) {
        let waiting = group(self.sent, name, |device| self.found[device].is_none());
        if waiting.is_empty() {
            return; // most often one name is enough
        }
        let given = group(self.answers, name, |answer| self.free[answer]);
        for devices in waiting.chunk_by(|(one, _), (other, _)| one == other) {
            let name = &devices[0].0;
            let start = given.partition_point(|(given, _)| given < name);
            let end = start + given[start..].partition_point(|(given, _)| given == name);
            let answers = &given[start..end];
            if devices.len() != answers.len() || !wanted(devices.len()) {
                continue;
            }
            for (&(_, device), &(_, answer)) in devices.iter().zip(answers) {
                if !self.sent[device].contradicts(self.answers[answer]) {
                    self.found[device] = Some((answer, by));
                    self.free[answer] = false;
                }
            }
        }
    }

    /// Whether the answers that were found stand in the order of their devices.
    fn are_in_order(&self) -> bool {
        self.found.iter().flatten().is_sorted_by_key(|(answer, _)| *answer)
    }

    /// Whether the answers that were found stand where their devices do.
    fn are_in_place(&self) -> bool {
        let mut found = self.found.iter().enumerate();
        found.all(|(device, found)| found.is_none_or(|(answer, _)| answer == device))
    }
}

/// The names, as far as they are wanted, each with its place; sorted. Most often they come so.
fn group<'a>(
    named: &[MatchKeys<'a>],
    name: Name,
    wanted: impl Fn(usize) -> bool,
) -> Vec<(Cow<'a, str>, usize)> {
    let wanted = named.iter().enumerate().filter(|(place, _)| wanted(*place));
    let mut named: Vec<_> =
        wanted.filter_map(|(place, named)| Some((name(*named)?, place))).collect();
    named.sort_unstable();
    named
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `s1` is a serial number, `k1` a product key, `s1k1` both, `-` nothing.
    fn named(text: &str) -> MatchKeys<'_> {
        let (serial, key) = text.split_at(text.find('k').unwrap_or(text.len()));
        let given = |text: &'static str| Some(text).filter(|text| !text.is_empty());
        let leak = |text: &str| -> &'static str { Box::leak(text.to_owned().into_boxed_str()) };
        MatchKeys {
            serial_number: given(leak(serial.trim_matches('-'))),
            product_key: given(leak(key)),
        }
    }

    #[test]
    fn each_answer_finds_its_device() {
        for (what, sent, answers, expected) in [
            ("in order", "s1 s2 s3", "s1 s2 s3", "0s 1s 2s"),
            ("swapped", "s1 s2 s3", "s3 s1 s2", "1s 2s 0s"),
            ("in another case", "sa sb", "SB SA", "1s 0s"),
            ("by key", "k1 k2", "k2 k1", "1k 0k"),
            ("the serial goes first", "s1k1 s2k2", "s2k2 s1k1", "1s 0s"),
            ("only the key came back", "s1k1 s2k2", "k2 k1", "1k 0k"),
            ("hashes alone", "- - -", "- - -", "0p 1p 2p"),
            ("hashes among others", "s1 - s2 -", "s1 - s2 -", "0s 1p 2s 3p"),
            ("hashes among others out of order", "s1 - s2 -", "s2 - s1 -", "2s x 0s x"),
            ("one hash among others out of order", "s1 - s2", "s2 - s1", "2s 1p 0s"),
            ("a name that did not come back, out of order", "s1 s2 -", "s2 - -", "x 0s x"),
            ("a name that did not come back, in order", "s1 s2 -", "- s2 -", "0p 1s 2p"),
            ("names in order, at other places", "s1 s2 s3 -", "s2 s3 - -", "x 0s 1s x"),
            ("a key that did not come back, out of order", "k1 s2 k3", "s2 - -", "x 0s x"),
            ("hashes at other places", "- s1 - s2", "s1 s2 - -", "2p 0s 3p 1s"),
            ("a hash whose serial came back", "- -", "s1 -", "0p 1p"),
            ("nothing came back", "s1 k2 -", "- - -", "0p 1p 2p"),
            ("one name came back and another did not", "s1 -", "- s9", "0p 1p"),
            ("twice, in order", "s1 s2 s1", "s1 s1 s2", "0p 2s 1p"),
            ("twice, among those out of order", "s1 s1 s2 s3", "s3 s1 s1 s2", "x x 3s 0s"),
            ("twice the key, in order", "k1 k1 s2", "k1 k1 s2", "0p 1p 2s"),
            ("twice, told apart by the key", "s1k1 s1k2", "s1k2 s1k1", "1k 0k"),
            ("twice, and one is missing", "s1 s1 s2", "s1 s2", "x x 1s"),
            ("twice, and the first is missing", "s2 s1 s1", "s2 s1", "0s x x"),
            ("twice, and one came back nameless", "s1 s1 s2", "s1 - s2", "0p 1p 2s"),
            ("twice, told apart by nothing", "s2 s1 s1", "s1 s2", "1s x x"),
            ("a missing one", "s1 s2 s3", "s1 s3", "0s x 1s"),
            ("a missing one among hashes", "s1 - s2", "s1 -", "0s 1p x"),
            ("a missing hash", "s1 - -", "s1 -", "0s x x"),
            ("an answer too many", "s1 s2", "s9 s1 s2", "1s 2s"),
            ("an answer too many, hashes", "s1 -", "s1 - s9", "0s 1p"),
            ("a nameless answer too many", "s1 -", "s1 - -", "0s x"),
            ("no answer", "s1 -", "", "x x"),
            ("nothing sent", "", "s1 -", ""),
            ("another name is no answer", "s1 s2", "s1 s3", "0s x"),
            ("serial and key of two devices", "s1k1 s2k2", "s1k2 s2k1", "x x"),
        ] {
            let list = |text: &'static str| text.split_whitespace().map(named).collect::<Vec<_>>();
            let found = correlate(&list(sent), &list(answers));
            let shown: Vec<_> = found
                .iter()
                .map(|found| match found {
                    Some((place, MatchedBy::SerialNumber)) => format!("{place}s"),
                    Some((place, MatchedBy::ProductKey)) => format!("{place}k"),
                    Some((place, MatchedBy::Position)) => format!("{place}p"),
                    None => "x".to_owned(),
                })
                .collect();
            assert_eq!(shown.join(" "), expected, "{what}");
        }
    }
}
