//! What became of each row. Decides which answer belongs to which device that was sent: [`correlate`], a pure
//! function, because the service gives nothing back that ties the two together but serial number and product
//! key, and neither for a device sent by its hardware hash alone.

use std::collections::HashMap;

use partner_center_devices::{DeviceError, DeviceOutcome};
use serde::Serialize;

use crate::finding::{Finding, Origin};

/// What became of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RowOutcome {
    /// The device is registered.
    Registered,
    /// It was registered with this customer before (806). As good as done.
    AlreadyRegistered,
    /// The service refused the device.
    Failed(DeviceError),
    /// The same device as this earlier row: look there. It was not sent.
    Duplicate(Origin),
    /// The row has an error and was not sent.
    Refused(Finding),
    /// The upload stopped before. Nothing happened to the device.
    NotSent,
    /// It was sent, or may have been, and what became of it is not known.
    Unknown,
}

impl RowOutcome {
    /// Its stable name: `registered`, `alreadyRegistered`, `failed`, `duplicate`, `refused`, `notSent`,
    /// `unknown`.
    #[must_use]
    pub fn id(&self) -> &'static str {
        match self {
            Self::Registered => "registered",
            Self::AlreadyRegistered => "alreadyRegistered",
            Self::Failed(_) => "failed",
            Self::Duplicate(_) => "duplicate",
            Self::Refused(_) => "refused",
            Self::NotSent => "notSent",
            Self::Unknown => "unknown",
        }
    }

    /// Whether nothing is left to do: registered, or the same as another row, which speaks for itself.
    #[must_use]
    pub fn is_well(&self) -> bool {
        matches!(self, Self::Registered | Self::AlreadyRegistered | Self::Duplicate(_))
    }
}

impl From<DeviceOutcome> for RowOutcome {
    fn from(outcome: DeviceOutcome) -> Self {
        match outcome {
            DeviceOutcome::Succeeded => Self::Registered,
            DeviceOutcome::AlreadyRegistered => Self::AlreadyRegistered,
            DeviceOutcome::Failed(error) => Self::Failed(error),
            _ => Self::Unknown,
        }
    }
}

/// By what a row's answer was recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum MatchedBy {
    /// Both name this serial number.
    SerialNumber,
    /// Both name this product key.
    ProductKey,
    /// By its place among the devices that nothing else tells apart. The service was seen to keep the order;
    /// no document promises it.
    Position,
}

/// What tells a device that was sent, or an answer, from others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Named<'a> {
    pub(crate) serial_number: Option<&'a str>,
    pub(crate) product_key: Option<&'a str>,
}

impl Named<'_> {
    fn is_nameless(self) -> bool {
        self.serial_number.is_none() && self.product_key.is_none()
    }

    fn contradicts(self, other: Self) -> bool {
        let differ = |a: Option<&str>, b: Option<&str>| {
            a.zip(b).is_some_and(|(a, b)| folded(a) != folded(b))
        };
        differ(self.serial_number, other.serial_number)
            || differ(self.product_key, other.product_key)
    }
}

fn folded(text: &str) -> String {
    text.trim().to_ascii_uppercase()
}

/// For each device that was sent the place of its answer, and how it was recognised; `None` where nothing is
/// sure enough. No answer goes to two devices.
///
/// 1. By serial number. Equal ones go in order; if there are not as many answers, only those in the same
///    place: a guess could call a refused device registered.
/// 2. By product key, the same way.
/// 3. Nameless devices and nameless answers, in order, if there are as many.
/// 4. If there are as many answers as devices: all the rest, in order, unless names contradict.
pub(crate) fn correlate(
    sent: &[Named<'_>],
    answers: &[Named<'_>],
) -> Vec<Option<(usize, MatchedBy)>> {
    let mut found = vec![None; sent.len()];
    let mut free = vec![true; answers.len()];
    by_name(
        sent,
        answers,
        &mut found,
        &mut free,
        |named| named.serial_number,
        MatchedBy::SerialNumber,
    );
    by_name(sent, answers, &mut found, &mut free, |named| named.product_key, MatchedBy::ProductKey);
    by_position(sent, answers, &mut found, &mut free, |named| named.is_nameless());
    if sent.len() == answers.len() {
        by_position(sent, answers, &mut found, &mut free, |_| true);
    }
    found
}

fn by_name<'a>(
    sent: &[Named<'a>],
    answers: &[Named<'a>],
    found: &mut [Option<(usize, MatchedBy)>],
    free: &mut [bool],
    name: impl Fn(&Named<'a>) -> Option<&'a str>,
    by: MatchedBy,
) {
    let waiting = group(sent.iter().map(&name).zip(found.iter().map(Option::is_none)));
    let mut given = group(answers.iter().map(&name).zip(free.iter().copied()));
    for (name, devices) in waiting {
        let Some(answered) = given.remove(&name) else { continue };
        let as_many = devices.len() == answered.len();
        for (nth, &device) in devices.iter().enumerate() {
            let answer = if as_many { answered[nth] } else { device };
            if (as_many || answered.contains(&device)) && !sent[device].contradicts(answers[answer])
            {
                found[device] = Some((answer, by));
                free[answer] = false;
            }
        }
    }
}

/// The places of each name.
fn group<'a>(names: impl Iterator<Item = (Option<&'a str>, bool)>) -> HashMap<String, Vec<usize>> {
    let mut groups: HashMap<String, Vec<usize>> = HashMap::new();
    for (place, (name, wanted)) in names.enumerate() {
        if let (Some(name), true) = (name, wanted) {
            groups.entry(folded(name)).or_default().push(place);
        }
    }
    groups
}

fn by_position(
    sent: &[Named<'_>],
    answers: &[Named<'_>],
    found: &mut [Option<(usize, MatchedBy)>],
    free: &mut [bool],
    counts: impl Fn(Named<'_>) -> bool,
) {
    let devices: Vec<_> =
        (0..sent.len()).filter(|&i| found[i].is_none() && counts(sent[i])).collect();
    let rest: Vec<_> = (0..answers.len()).filter(|&i| free[i] && counts(answers[i])).collect();
    if devices.len() != rest.len() {
        return;
    }
    for (device, answer) in devices.into_iter().zip(rest) {
        if !sent[device].contradicts(answers[answer]) {
            found[device] = Some((answer, MatchedBy::Position));
            free[answer] = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `s1` is a serial number, `k1` a product key, `s1k1` both, `-` nothing.
    fn named(text: &str) -> Named<'_> {
        let (serial, key) = text.split_at(text.find('k').unwrap_or(text.len()));
        let given = |text: &'static str| Some(text).filter(|text| !text.is_empty());
        let leak = |text: &str| -> &'static str { Box::leak(text.to_owned().into_boxed_str()) };
        Named {
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
            ("hashes among others", "s1 - s2 -", "s2 - s1 -", "2s 1p 0s 3p"),
            ("hashes at other places", "- s1 - s2", "s1 s2 - -", "2p 0s 3p 1s"),
            ("a hash whose serial came back", "- -", "s1 -", "0p 1p"),
            ("nothing came back", "s1 k2 -", "- - -", "0p 1p 2p"),
            ("twice, in order", "s1 s2 s1", "s1 s1 s2", "0s 2s 1s"),
            ("twice, and one is missing", "s1 s1 s2", "s1 s2", "0s x 1s"),
            ("twice, and the first is missing", "s2 s1 s1", "s2 s1", "0s 1s x"),
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

    #[test]
    fn a_device_outcome_becomes_a_row_outcome() {
        let refused = DeviceError::new("808", "");
        for (outcome, id, well) in [
            (DeviceOutcome::Succeeded, "registered", true),
            (DeviceOutcome::AlreadyRegistered, "alreadyRegistered", true),
            (DeviceOutcome::Failed(refused), "failed", false),
            (DeviceOutcome::Pending, "unknown", false),
        ] {
            let outcome = RowOutcome::from(outcome);
            assert_eq!((outcome.id(), outcome.is_well()), (id, well));
        }
    }
}
