//! The devices a plan acts on, selected by queries, and the queries it leaves out with the reason.

use std::collections::HashMap;

use partner_center_devices::DeviceId;
use serde::{Deserialize, Serialize};

use super::device::RegisteredDevice;
use super::device_index::{DeviceIndex, Lookup};
use super::device_query::DeviceQuery;
use super::listing::RegisteredDevices;
use super::unresolved::{UnresolvedQuery, UnresolvedReason};

/// The treatment of a query that matches several registered devices.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MultipleMatches {
    /// Leave all of them alone and report the query as unresolved.
    #[default]
    Skip,
    /// Act on all of them.
    UseAll,
}

/// A device that a plan acts on, with the queries that select it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PlannedDevice {
    /// The device id to send.
    #[cfg_attr(feature = "schemars", schemars(with = "String"))]
    pub id: DeviceId,
    /// The device as it was listed.
    pub device: RegisteredDevice,
    /// The rows or identifiers that select it.
    #[serde(rename = "wanted")]
    pub queries: Vec<DeviceQuery>,
}

/// The maximum number of candidates shown for an unresolved query. Thousands of devices can share a placeholder serial
/// number, and thousands of rows can contain it.
const MAX_CANDIDATES: usize = 20;

/// Copies the first devices of a list of positions, to be shown as candidates.
pub(super) fn candidates(
    registered: &RegisteredDevices,
    positions: &[usize],
) -> Vec<RegisteredDevice> {
    let device = |position: &usize| registered.devices[*position].clone();
    positions.iter().take(MAX_CANDIDATES).map(device).collect()
}

/// Selects the devices that queries ask for, each once and in the order of the queries, and returns the queries that
/// could not be resolved. List entries with equal `key`s count as one device.
pub(super) fn select(
    registered: &RegisteredDevices,
    queries: impl IntoIterator<Item = DeviceQuery>,
    multiple_matches: MultipleMatches,
    key: impl Fn(&RegisteredDevice) -> String,
) -> (Vec<PlannedDevice>, Vec<UnresolvedQuery>) {
    let index = DeviceIndex::new(&registered.devices);
    let mut plan = Selection { positions: HashMap::new(), planned: Vec::new() };
    let mut unresolved = Vec::new();
    for query in queries {
        let (reason, devices) = match index.find(&query) {
            Lookup::Unusable(reason) => (reason, Vec::new()),
            Lookup::NotFound(similar) => {
                (UnresolvedReason::NotFound, candidates(registered, &similar))
            }
            Lookup::Found(found) => {
                let mut keys = found.iter().map(|position| key(&registered.devices[*position]));
                let first = keys.next();
                let is_ambiguous = keys.any(|key| Some(key) != first);
                if is_ambiguous && multiple_matches == MultipleMatches::Skip {
                    (UnresolvedReason::MultipleMatches, candidates(registered, &found))
                } else {
                    let (with_id, without_id): (Vec<_>, Vec<_>) = found
                        .into_iter()
                        .partition(|position| registered.devices[*position].id.is_some());
                    for position in with_id {
                        let device = &registered.devices[position];
                        plan.add(key(device), device, &query);
                    }
                    if without_id.is_empty() {
                        continue;
                    }
                    (UnresolvedReason::NoDeviceId, candidates(registered, &without_id))
                }
            }
        };
        unresolved.push(UnresolvedQuery::new(query, reason, devices));
    }
    (plan.planned, unresolved)
}

/// The devices selected so far.
struct Selection {
    /// The position in `planned` by key.
    positions: HashMap<String, usize>,
    planned: Vec<PlannedDevice>,
}

impl Selection {
    /// Adds a device for a query, unless the same device was selected before; then only the query is added to it.
    fn add(&mut self, key: String, device: &RegisteredDevice, query: &DeviceQuery) {
        let Some(id) = device.id.clone() else { return };
        let next = self.planned.len();
        let position = *self.positions.entry(key).or_insert(next);
        if position == next {
            self.planned.push(PlannedDevice { id, device: device.clone(), queries: Vec::new() });
        }
        let queries = &mut self.planned[position].queries;
        if queries.last() != Some(query) {
            queries.push(query.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::test_devices::registered;
    use super::*;

    fn selected(
        multiple_matches: MultipleMatches,
        key_is_id: bool,
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
        let queries = ["S1", "S2", "S3", "S4", "s5", "S6"].map(DeviceQuery::by_serial_number);
        let queries = queries.into_iter().chain([DeviceQuery::by_product_key("55")]);
        let key = |device: &RegisteredDevice| {
            let id = device.id.as_ref().map_or("", |id| id.as_str());
            if key_is_id { id.to_owned() } else { format!("{} {id}", device.batch) }
        };
        let (planned, unresolved) = select(&registered, queries, multiple_matches, key);
        let shown = |planned: &PlannedDevice| {
            let queries: Vec<_> = planned.queries.iter().map(ToString::to_string).collect();
            format!("{}/{} for {}", planned.device.batch, planned.id, queries.join(","))
        };
        (
            planned.iter().map(shown).collect(),
            unresolved.iter().map(|unresolved| unresolved.reason).collect(),
        )
    }

    #[test]
    fn selects_each_device_once_and_returns_unresolved_queries() {
        use UnresolvedReason::{MultipleMatches as Multiple, NoDeviceId, NotFound};
        let five = "A/d-5 for s5,55";
        for (multiple_matches, key_is_id, planned, unresolved) in [
            (
                MultipleMatches::Skip,
                false,
                vec![five],
                vec![Multiple, Multiple, NoDeviceId, Multiple, NotFound],
            ),
            (
                MultipleMatches::Skip,
                true,
                vec!["A/d-1 for S1", five],
                vec![Multiple, NoDeviceId, Multiple, NotFound],
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
            let expected = (planned.into_iter().map(str::to_owned).collect(), unresolved);
            let actual = selected(multiple_matches, key_is_id);
            assert_eq!(actual, expected, "{multiple_matches:?} {key_is_id}");
        }
    }
}
