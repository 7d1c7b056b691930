//! An index of registered devices by identifier, and the rules for matching a query.
//!
//! 1. Identifiers are compared without case and whitespace. The device id takes precedence over the serial number, and
//!    the serial number over the product key: the first one that any device has decides.
//! 2. A device that contradicts another identifier of the query, or is in a different batch than the query asks for,
//!    does not match, because placeholder serial numbers are common.
//! 3. If a query has a manufacturer or a model, a device with another one does not match if only its serial number agrees.
//! 4. If several devices match, those that agree in the most identifiers are kept.

use std::collections::{HashMap, HashSet};

use partner_center_devices::DeviceId;

use super::device::RegisteredDevice;
use super::device_query::DeviceQuery;
use super::identifiers::{IDENTIFIERS, normalized, typo_tolerant};
use super::unresolved::UnresolvedReason;

/// The result of looking up a query. Devices are given by their position in the list.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Lookup {
    /// The matching devices, those with exactly the same spelling first.
    Found(Vec<usize>),
    /// No device matches. Lists devices with a similar identifier, and those that match one and contradict another.
    NotFound(Vec<usize>),
    /// The query cannot be searched for.
    Unusable(UnresolvedReason),
}

/// Registered devices by identifier.
pub(super) struct DeviceIndex<'a> {
    devices: &'a [RegisteredDevice],
    /// The normalized identifiers of each device.
    normalized: Vec<[Option<String>; IDENTIFIERS]>,
    by_identifier: [HashMap<String, Vec<usize>>; IDENTIFIERS],
    /// Devices by serial number or product key, tolerating typing errors.
    by_similar: HashMap<String, Vec<usize>>,
}

impl<'a> DeviceIndex<'a> {
    pub(super) fn new(devices: &'a [RegisteredDevice]) -> Self {
        let normalized: Vec<_> =
            devices.iter().map(|device| identifiers(device).map(normalized)).collect();
        let mut by_identifier: [HashMap<_, Vec<_>>; IDENTIFIERS] = Default::default();
        let mut by_similar: HashMap<_, Vec<_>> = HashMap::new();
        for (position, identifiers) in normalized.iter().enumerate() {
            for (kind, identifier) in identifiers.iter().enumerate() {
                let Some(identifier) = identifier else { continue };
                if kind > 0 {
                    by_similar.entry(typo_tolerant(identifier)).or_default().push(position);
                }
                by_identifier[kind].entry(identifier.clone()).or_default().push(position);
            }
        }
        Self { devices, normalized, by_identifier, by_similar }
    }

    /// Returns all normalized identifiers.
    pub(super) fn identifiers(&self) -> impl Iterator<Item = &str> {
        self.by_identifier.iter().flat_map(HashMap::keys).map(String::as_str)
    }

    /// Looks up a query by the rules of this module.
    pub(super) fn find(&self, query: &DeviceQuery) -> Lookup {
        if query.problem.is_some() {
            return Lookup::Unusable(UnresolvedReason::InvalidRow);
        }
        let identifiers = query.identifiers();
        let mut similar = Vec::new();
        for (kind, identifier) in identifiers.iter().enumerate() {
            let Some(identifier) = identifier else { continue };
            let candidates =
                self.by_identifier[kind].get(identifier).map(Vec::as_slice).unwrap_or_default();
            let (found, contradicting): (Vec<_>, Vec<_>) = candidates
                .iter()
                .partition(|position| self.agreement(query, &identifiers, **position).is_some());
            similar.extend(contradicting);
            if !found.is_empty() {
                return Lookup::Found(self.best(query, &identifiers, found));
            }
        }
        if identifiers.iter().all(Option::is_none) {
            return Lookup::Unusable(match (&query.placeholder, &query.short_hash) {
                (Some(_), _) => UnresolvedReason::Placeholder,
                (None, Some(_)) => UnresolvedReason::HashOnly,
                (None, None) => UnresolvedReason::NoIdentifier,
            });
        }
        for identifier in identifiers[1..].iter().flatten() {
            similar.extend(self.by_similar.get(&typo_tolerant(identifier)).into_iter().flatten());
        }
        similar.sort_unstable();
        similar.dedup();
        Lookup::NotFound(similar)
    }

    /// Returns the number of identifiers in which a device agrees with the query; `None` if it contradicts one, or is
    /// in a different batch.
    fn agreement(
        &self,
        query: &DeviceQuery,
        identifiers: &[Option<String>; IDENTIFIERS],
        position: usize,
    ) -> Option<usize> {
        if let Some(batch) = &query.batch
            && batch.to_lowercase() != self.devices[position].batch.as_str().to_lowercase()
        {
            return None;
        }
        let mut agreed = 0;
        for pair in identifiers.iter().zip(&self.normalized[position]) {
            match pair {
                (Some(asked), Some(actual)) if asked == actual => agreed += 1,
                (Some(_), Some(_)) => return None,
                _ => {}
            }
        }
        let by_serial_alone = [0, 2].iter().all(|kind| {
            let (asked, actual) = (&identifiers[*kind], &self.normalized[position][*kind]);
            asked.is_none() || actual.is_none()
        });
        if by_serial_alone && is_another_model(query, &self.devices[position]) {
            return None;
        }
        Some(agreed)
    }

    /// Keeps the devices that agree in the most identifiers, and puts those with the exact spelling first.
    fn best(
        &self,
        query: &DeviceQuery,
        query_identifiers: &[Option<String>; IDENTIFIERS],
        mut found: Vec<usize>,
    ) -> Vec<usize> {
        let agreement = |position: &usize| self.agreement(query, query_identifiers, *position);
        let most = found.iter().filter_map(agreement).max();
        found.retain(|position| agreement(position) == most);
        let spelling = [&query.device_id, &query.serial_number, &query.product_key];
        found.sort_by_key(|position| {
            let actual = identifiers(&self.devices[*position]);
            let is_exact = spelling.iter().zip(actual).all(|(asked, actual)| {
                asked.as_deref().zip(actual).is_none_or(|(asked, actual)| asked == actual)
            });
            !is_exact
        });
        found
    }
}

/// Returns true if the manufacturer or the model of a device contradicts the query. Some of the words of a name are the same name:
/// `Dell` and `Dell Inc.`, or `Latitude 5450` and `Dell Latitude 5450`.
fn is_another_model(query: &DeviceQuery, device: &RegisteredDevice) -> bool {
    let pairs =
        [(&query.manufacturer, &device.manufacturer), (&query.model, &device.model)].into_iter();
    pairs
        .filter_map(|(asked, actual)| Some((words(asked.as_deref()?), words(actual.as_deref()?))))
        .any(|(asked, actual)| !asked.is_subset(&actual) && !actual.is_subset(&asked))
}

/// Returns the words of a name in lowercase.
fn words(name: &str) -> HashSet<String> {
    let words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

fn identifiers(device: &RegisteredDevice) -> [Option<&str>; IDENTIFIERS] {
    [
        device.id.as_ref().map(DeviceId::as_str),
        device.serial_number.as_deref(),
        device.product_key.as_deref(),
    ]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::test_devices::devices;
    use super::*;
    use crate::check::fleet::Fleet;

    fn query(id: &str, serial: &str, key: &str) -> DeviceQuery {
        let nonempty = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        DeviceQuery {
            device_id: nonempty(id),
            serial_number: nonempty(serial),
            product_key: nonempty(key),
            ..DeviceQuery::default()
        }
    }

    fn in_batch(batch: &str, query: DeviceQuery) -> DeviceQuery {
        DeviceQuery { batch: Some(batch.to_owned()), ..query }
    }

    #[test]
    fn finds_devices_by_identifier() {
        use Lookup::{Found, NotFound, Unusable};
        let devices = devices(&[
            "A d-1 S1 -",
            "A d-2 s1 -",
            "A d-3 - 3305000000001",
            "A d-4 Default 3305000000004",
            "B d-5 Default 3305000000005",
            "B d-6 Default -",
            "B D-1 S1 -",
            "B - PO17 -",
            "B d-8 007 -",
            "B d-9 - 0330500000009",
        ]);
        let index = DeviceIndex::new(&devices);
        for (case, query, expected) in [
            ("serial number, exact spelling first", query("", "s1", ""), Found(vec![1, 0, 6])),
            ("whitespace and case", query("", " S 1", ""), Found(vec![0, 1, 6])),
            ("an id in two batches", query("d-1", "", ""), Found(vec![0, 6])),
            ("product key", query("", "", "3305000000001"), Found(vec![2])),
            (
                "product key of a device listed without serial number",
                query("", "S9", "3305000000001"),
                Found(vec![2]),
            ),
            ("the product key decides", query("", "default", "3305000000005"), Found(vec![4])),
            ("all devices with the serial number", query("", "default", ""), Found(vec![3, 4, 5])),
            ("the only one without a contradiction", query("", "DEFAULT", "33"), Found(vec![5])),
            ("a product key that no device has", query("", "S1", "33"), Found(vec![0, 6, 1])),
            ("id contradicts the others", query("d-3", "S1", "9"), NotFound(vec![0, 1, 2, 6])),
            ("id contradicts the product key", query("d-3", "", "9"), NotFound(vec![2])),
            ("in one batch", in_batch("b", query("", "s1", "")), Found(vec![6])),
            ("in an unknown batch", in_batch("C", query("", "s1", "")), NotFound(vec![0, 1, 6])),
            ("a list entry", DeviceQuery::from(&devices[6]), Found(vec![6])),
            ("leading zeros lost", query("", "7", ""), NotFound(vec![8])),
            ("leading zeros of a key lost", query("", "", "330500000009"), NotFound(vec![9])),
            ("zero instead of O", query("", "P017", ""), NotFound(vec![7])),
            ("nothing similar", query("", "S9", ""), NotFound(vec![])),
            ("whitespace only", query("", " ", ""), Unusable(UnresolvedReason::NoIdentifier)),
        ] {
            assert_eq!(index.find(&query), expected, "{case}");
        }
        let hash = DeviceQuery { short_hash: Some("T0Hz".to_owned()), ..DeviceQuery::default() };
        assert_eq!(index.find(&hash), Unusable(UnresolvedReason::HashOnly));
        let invalid =
            DeviceQuery { problem: Some("x".to_owned()), ..DeviceQuery::by_serial_number("S1") };
        assert_eq!(index.find(&invalid), Unusable(UnresolvedReason::InvalidRow));
    }

    #[test]
    fn another_model_with_the_same_serial_number_does_not_match() {
        let mut devices = devices(&["A d-1 S1 -", "A d-2 S1 33", "A d-3 S2 -"]);
        for device in &mut devices[..2] {
            device.manufacturer = Some("Dell Inc.".to_owned());
            device.model = Some("Latitude 5450".to_owned());
        }
        let index = DeviceIndex::new(&devices);
        for (manufacturer, model, serial, key, expected) in [
            ("", "", "S1", "", Lookup::Found(vec![0, 1])),
            ("dell inc.", "Latitude  5450", "S1", "", Lookup::Found(vec![0, 1])),
            ("Dell", "", "S1", "", Lookup::Found(vec![0, 1])),
            ("", "Dell Latitude 5450", "S1", "", Lookup::Found(vec![0, 1])),
            ("Lenovo", "", "S1", "", Lookup::NotFound(vec![0, 1])),
            ("Dell Inc.", "Latitude 7450", "S1", "", Lookup::NotFound(vec![0, 1])),
            ("Lenovo", "", "S1", "33", Lookup::Found(vec![1])), // the product key identifies it
            ("Lenovo", "X", "S2", "", Lookup::Found(vec![2])),  // the list has no model
        ] {
            let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
            let query = DeviceQuery {
                manufacturer: text(manufacturer),
                model: text(model),
                ..query("", serial, key)
            };
            assert_eq!(index.find(&query), expected, "{query:?}");
        }
    }

    #[test]
    fn placeholder_serial_numbers_match_no_device() {
        let devices = devices(&["A d-1 Default 3305000000001", "A d-2 System - -"]);
        let index = DeviceIndex::new(&devices);
        let csv =
            "Serial,Product key,Make,Model\nDefault string,,Dell,X\n0000000,3305000000001,,\n";
        let queries = DeviceQuery::from_rows(&Fleet::read(csv.as_bytes(), "f.csv"));
        assert_eq!(index.find(&queries[0]), Lookup::Unusable(UnresolvedReason::Placeholder));
        assert_eq!(queries[0].to_string(), "Default string (f.csv:2)");
        assert_eq!(index.find(&queries[1]), Lookup::Found(vec![0]));
    }

    #[test]
    fn an_exported_list_leads_back_to_its_devices() {
        use Lookup::Found;
        let (one, other) =
            ("2f3b9d2e-7a41-4c51-9f0e-0a6f1c2d3e4f", "9993-8627-3608-6844-6369-4361-72");
        let (first, second, third) =
            (format!("A {one} S1 -"), format!("B {one} S1 -"), format!("A {other} S1 -"));
        let devices = devices(&[&first, &second, &third]);
        let index = DeviceIndex::new(&devices);
        let found = |csv: &str| {
            let queries = DeviceQuery::from_rows(&Fleet::read(csv.as_bytes(), "f.csv"));
            queries.iter().map(|query| index.find(query)).collect::<Vec<_>>()
        };
        for (csv, expected) in [
            (format!("Device ID\n{one}\n{other}\n"), vec![Found(vec![0, 1]), Found(vec![2])]),
            (
                format!("Batch,Id,Serial number\nB,{one},S1\na,{other},S1\n"),
                vec![Found(vec![1]), Found(vec![2])],
            ),
            // A row number is not a device id, and a group tag restricts the batch only next to a device id.
            ("Id,Serial number,Group tag\n17,S1,C\n".to_owned(), vec![Found(vec![0, 1, 2])]),
            (
                "DeviceId\nlaptop-of-the-reception\n".to_owned(),
                vec![Lookup::Unusable(UnresolvedReason::NoIdentifier)],
            ),
        ] {
            assert_eq!(found(&csv), expected, "{csv}");
        }
    }

    proptest! {
        /// Each device is found by each of its identifiers, in upper or lower case. Devices that contradict one are not.
        #[test]
        fn matches_agree_with_the_query(
            lines in prop::collection::vec("[AB] (-|[de][12]) (-|[sS0O]{1,2}) (-|[12]{1,2})", 1..12),
            serial in "[ sS0O]{0,2}", key in "[12]{0,2}",
        ) {
            let lines: Vec<_> = lines.iter().map(String::as_str).collect();
            let devices = devices(&lines);
            let index = DeviceIndex::new(&devices);
            for (position, device) in devices.iter().enumerate() {
                let uppercase = |serial: &String| {
                    DeviceQuery::by_serial_number(format!(" {} ", serial.to_uppercase()))
                };
                for query in [
                    device.serial_number.as_ref().map(uppercase),
                    device.product_key.as_ref().map(DeviceQuery::by_product_key),
                    device.id.as_ref().map(|id| DeviceQuery::by_device_id(id.as_str())),
                ].into_iter().flatten() {
                    let Lookup::Found(found) = index.find(&query) else { panic!("{query}") };
                    prop_assert!(found.contains(&position));
                }
            }
            let query = query("", &serial, &key);
            match index.find(&query) {
                Lookup::Found(found) => {
                    let identifiers = query.identifiers();
                    prop_assert!(!found.is_empty());
                    for position in found {
                        let agreement = index.agreement(&query, &identifiers, position);
                        prop_assert!(agreement.is_some_and(|agreed| agreed > 0));
                    }
                }
                Lookup::NotFound(similar) => prop_assert!(similar.len() <= devices.len()),
                Lookup::Unusable(_) => prop_assert!(key.is_empty() && serial.trim().is_empty()),
            }
        }
    }
}
