//! From wanted devices to those that a plan changes. Decides what a plan leaves out, and why.

use std::collections::HashMap;
use std::fmt;

use partner_center_devices::DeviceId;
use serde::{Deserialize, Serialize};

use super::device::RegisteredDevice;
use super::device_query::{DeviceQuery, Index, Lookup};
use super::listing::RegisteredDevices;

/// What a plan does where several registered devices bear a wanted name, and nothing says which is meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MultipleMatches {
    /// None of them is touched.
    #[default]
    Skip,
    /// All of them are meant.
    UseAll,
}

/// A device that a plan changes, and who wants that.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PlannedDevice {
    /// The id that is asked for.
    #[cfg_attr(feature = "schemars", schemars(with = "String"))]
    pub id: DeviceId,
    /// The device, as its list had it.
    pub device: RegisteredDevice,
    /// The rows or names that lead to it.
    #[serde(rename = "wanted")]
    pub queries: Vec<DeviceQuery>,
}

/// What is wanted and cannot be told or touched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct UnresolvedQuery {
    /// What is wanted.
    #[serde(rename = "wanted")]
    pub query: DeviceQuery,
    /// Why.
    pub reason: UnresolvedReason,
    /// What that means and what to do, in plain words.
    pub message: String,
    /// The devices that may be meant, the first 20 of them: those that bear the name; or, where none does, those that
    /// look like it.
    pub devices: Vec<RegisteredDevice>,
}

/// Why something wanted cannot be told or touched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum UnresolvedReason {
    /// No device bears the name, in the batches that could be read.
    NotFound,
    /// Several devices bear it.
    #[serde(rename = "several")]
    MultipleMatches,
    /// All that is known is a hardware hash, and the service's lists show none.
    HashOnly,
    /// All that is known is a serial number that the maker did not fill in, and many devices share.
    Placeholder,
    /// Nothing is known that a device could be found by.
    #[serde(rename = "nameless")]
    NoIdentifier,
    /// The row's values cannot be trusted.
    #[serde(rename = "brokenRow")]
    InvalidRow,
    /// The service gave the device no id that can be asked for.
    NoDeviceId,
    /// More rows, which are different devices, bear the name than registered devices do.
    FewerDevices,
}

impl UnresolvedReason {
    /// What it means and what to do, in plain words.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Self::NotFound => {
                "no registered device bears this name: check its spelling and the customer"
            }
            Self::MultipleMatches => {
                "several registered devices bear this name: say the batch or the device id of the one, or take all"
            }
            Self::HashOnly => {
                "the service's lists show no hardware hash to find it by: add the serial number or the product key"
            }
            Self::Placeholder => {
                "the serial number is a placeholder that names no device: add the product key or the device id"
            }
            Self::NoIdentifier => "there is no device id, serial number or product key to look for",
            Self::InvalidRow => "the row is not what it seems: correct it first",
            Self::NoDeviceId => {
                "the service gave this device no id to ask for: list it again later"
            }
            Self::FewerDevices => {
                "fewer registered devices bear this name than rows: one is missing, and nothing says which"
            }
        }
    }
}

impl fmt::Display for UnresolvedReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.meaning())
    }
}

/// How many devices are shown where they only may be meant. A placeholder serial number can be that of thousands, in
/// thousands of rows.
const SHOWN: usize = 20;

/// The first of these devices, to be shown.
pub(super) fn shown(registered: &RegisteredDevices, places: &[usize]) -> Vec<RegisteredDevice> {
    places.iter().take(SHOWN).map(|place| registered.devices[*place].clone()).collect()
}

impl UnresolvedQuery {
    pub(super) fn new(
        wanted: DeviceQuery,
        reason: UnresolvedReason,
        devices: Vec<RegisteredDevice>,
    ) -> Self {
        let message = match &wanted.problem {
            Some(problem) if reason == UnresolvedReason::InvalidRow => {
                format!("{}: {problem}", reason.meaning())
            }
            _ => reason.meaning().to_owned(),
        };
        Self { query: wanted, reason, message, devices }
    }
}

/// The devices that are meant, each once, in the order in which they are first wanted; and what is left out.
/// `one` tells which entries are one and the same to the plan.
pub(super) fn choose(
    registered: &RegisteredDevices,
    wanted: impl IntoIterator<Item = DeviceQuery>,
    multiple_matches: MultipleMatches,
    one: impl Fn(&RegisteredDevice) -> String,
) -> (Vec<PlannedDevice>, Vec<UnresolvedQuery>) {
    let index = Index::of(&registered.devices);
    let mut places: HashMap<String, usize> = HashMap::new();
    let (mut planned, mut unresolved) = (Vec::<PlannedDevice>::new(), Vec::new());
    for wanted in wanted {
        let (reason, devices) = match index.find(&wanted) {
            Lookup::Unusable(reason) => (reason, Vec::new()),
            Lookup::NotFound(near) => (UnresolvedReason::NotFound, shown(registered, &near)),
            Lookup::Found(found) => {
                let device = |place: &usize| &registered.devices[*place];
                let first = found.first().map(|place| one(device(place)));
                let several = found.iter().any(|place| Some(one(device(place))) != first);
                if several && multiple_matches == MultipleMatches::Skip {
                    (UnresolvedReason::MultipleMatches, shown(registered, &found))
                } else {
                    let mut nameless = Vec::new();
                    for place in found {
                        let device = device(&place);
                        let Some(id) = device.id.clone() else {
                            nameless.push(place);
                            continue;
                        };
                        let new = planned.len();
                        let place = *places.entry(one(device)).or_insert(new);
                        if place == new {
                            let device = device.clone();
                            planned.push(PlannedDevice { id, device, queries: Vec::new() });
                        }
                        let whose = &mut planned[place].queries;
                        if whose.last() != Some(&wanted) {
                            whose.push(wanted.clone());
                        }
                    }
                    if nameless.is_empty() {
                        continue;
                    }
                    (UnresolvedReason::NoDeviceId, shown(registered, &nameless))
                }
            }
        };
        unresolved.push(UnresolvedQuery::new(wanted, reason, devices));
    }
    (planned, unresolved)
}

#[cfg(test)]
mod tests {
    use super::super::device_query::tests::registered;
    use super::*;

    fn chosen(
        multiple_matches: MultipleMatches,
        by_id: bool,
    ) -> (Vec<String>, Vec<UnresolvedReason>) {
        let registered = registered(&[
            "A d-1 S1 -",
            "B d-1 S1 -", // the same device in two batches
            "A d-2 S2 -",
            "A d-3 S2 -",
            "A - S3 -",
            "A d-4 S4 -",
            "A - S4 -",
            "A d-5 S5 55",
        ]);
        let wanted = ["S1", "S2", "S3", "S4", "s5", "S6"].map(DeviceQuery::by_serial_number);
        let wanted = wanted.into_iter().chain([DeviceQuery::by_product_key("55")]);
        let one = |device: &RegisteredDevice| {
            let id = device.id.as_ref().map_or("", |id| id.as_str());
            if by_id { id.to_owned() } else { format!("{} {id}", device.batch) }
        };
        let (planned, left_out) = choose(&registered, wanted, multiple_matches, one);
        let shown = |planned: &PlannedDevice| {
            let names: Vec<_> = planned.queries.iter().map(ToString::to_string).collect();
            format!("{}/{} for {}", planned.device.batch, planned.id, names.join(","))
        };
        (
            planned.iter().map(shown).collect(),
            left_out.iter().map(|left_out| left_out.reason).collect(),
        )
    }

    #[test]
    fn a_plan_has_each_device_once_and_says_what_it_leaves_out() {
        use UnresolvedReason::{MultipleMatches as Several, NoDeviceId, NotFound};
        let five = "A/d-5 for s5,55";
        for (multiple_matches, by_id, planned, left_out) in [
            (
                MultipleMatches::Skip,
                false,
                vec![five],
                vec![Several, Several, NoDeviceId, Several, NotFound],
            ),
            (
                MultipleMatches::Skip,
                true,
                vec!["A/d-1 for S1", five],
                vec![Several, NoDeviceId, Several, NotFound],
            ),
            (
                MultipleMatches::UseAll,
                false,
                vec![
                    "A/d-1 for S1",
                    "B/d-1 for S1",
                    "A/d-2 for S2",
                    "A/d-3 for S2",
                    "A/d-4 for S4",
                    five,
                ],
                vec![NoDeviceId, NoDeviceId, NotFound],
            ),
            (
                MultipleMatches::UseAll,
                true,
                vec!["A/d-1 for S1", "A/d-2 for S2", "A/d-3 for S2", "A/d-4 for S4", five],
                vec![NoDeviceId, NoDeviceId, NotFound],
            ),
        ] {
            let expected = (planned.into_iter().map(str::to_owned).collect(), left_out);
            assert_eq!(chosen(multiple_matches, by_id), expected, "{multiple_matches:?} {by_id}");
        }
    }
}
