//! A file against what is registered. Decides for each row whether its device is there, for each device whether a
//! row names it, and how sure that is: [`Diff::new`], a pure function.

use std::collections::{HashMap, HashSet};

use partner_center_devices::{BatchId, CustomerId, PolicyId};
use serde::{Deserialize, Serialize};

use super::assign::has;
use super::device::RegisteredDevice;
use super::device_query::{DeviceQuery, Index, Lookup};
use super::listing::{RegisteredDevices, UnlistedBatch};
use super::selection::{UnresolvedQuery, UnresolvedReason, shown};
use crate::check::finding::Origin;
use crate::check::fleet::{Fleet, Verdict};

/// What a comparison looks at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct DiffOptions {
    batch: Option<BatchId>,
    policy: Option<Option<PolicyId>>,
}

impl DiffOptions {
    /// All batches, and no policies.
    pub fn new() -> Self {
        Self::default()
    }

    /// Only what this batch has is extra. A row's device may be in any batch all the same. Names of batches are
    /// compared without case.
    pub fn extra_in(mut self, batch: BatchId) -> Self {
        self.batch = Some(batch);
        self
    }

    /// The policy that the devices of the file should have; `None` for no policy.
    pub fn policy(mut self, policy: Option<PolicyId>) -> Self {
        self.policy = Some(policy);
        self
    }
}

/// What a file and the registered devices have in common, and what only one of them has. Every row is in one of
/// `matched`, `otherPolicy`, `missing`, `duplicates` and `unresolved`.
///
/// ```
/// # use partner_center_devices::{Client, CustomerId};
/// use partner_center_devices_fleet::{Diff, DiffOptions, Fleet, Inventory};
///
/// # async fn example(client: Client) -> Result<(), Box<dyn std::error::Error>> {
/// let customer = client.customer(CustomerId::new("47021739-3426-40bf-9601-61b4b6d7c793")?);
/// let fleet = Fleet::read(std::fs::File::open("berlin.csv")?, "berlin.csv");
/// let registered = Inventory::new(customer).run(|_| ()).await?;
/// let diff = Diff::new(&fleet, &registered, &DiffOptions::new());
/// for row in &diff.missing {
///     println!("{} is not registered", row.query);
/// }
/// println!("{}", serde_json::to_string_pretty(&diff)?);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Diff {
    /// The customer.
    #[cfg_attr(feature = "schemars", schemars(with = "String"))]
    pub customer: CustomerId,
    /// How much there is of each.
    pub totals: DiffTotals,
    /// Whether what is missing is missing for sure: every batch was read, and every device there has a name.
    pub missing_is_sure: bool,
    /// Whether what is extra is extra for sure: no row of the file is unresolved.
    pub extra_is_sure: bool,
    /// Rows whose device is registered, with the wanted policy if one is wanted.
    pub matched: Vec<MatchedRow>,
    /// Rows whose device is registered and has not the wanted policy.
    pub other_policy: Vec<MatchedRow>,
    /// Rows whose device is not registered.
    pub missing: Vec<MissingRow>,
    /// Rows that are the same device as another row, which speaks for them.
    pub duplicates: Vec<DeviceQuery>,
    /// Rows of which nothing can be said.
    pub unresolved: Vec<UnresolvedQuery>,
    /// Devices that no row names.
    pub extra: Vec<RegisteredDevice>,
    /// Devices without serial number and product key, which no row could name.
    pub nameless: Vec<RegisteredDevice>,
    /// The batches that could not be read.
    pub unlisted: Vec<UnlistedBatch>,
}

/// A row and the devices that are registered for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct MatchedRow {
    /// The row.
    #[serde(rename = "wanted")]
    pub query: DeviceQuery,
    /// The devices, the first 20 of them: those before that are spelled the same. More than one if it is in several
    /// batches, or if several devices share a name.
    pub devices: Vec<RegisteredDevice>,
}

/// A row without a registered device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct MissingRow {
    /// The row.
    #[serde(rename = "wanted")]
    pub query: DeviceQuery,
    /// Devices that look like it, the first 20 of them: zeros in front are missing, or there is an O for a zero; or
    /// they share one name and differ in another.
    #[serde(rename = "near")]
    pub similar: Vec<RegisteredDevice>,
}

/// How much there is of each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct DiffTotals {
    /// All rows.
    pub rows: usize,
    /// Rows in [`Diff::matched`].
    pub matched: usize,
    /// Rows in [`Diff::other_policy`].
    pub other_policy: usize,
    /// Rows in [`Diff::missing`].
    pub missing: usize,
    /// Rows in [`Diff::duplicates`].
    pub duplicates: usize,
    /// Rows in [`Diff::unresolved`].
    pub unresolved: usize,
    /// All registered devices.
    pub devices: usize,
    /// Devices in [`Diff::extra`].
    pub extra: usize,
    /// Devices in [`Diff::nameless`].
    pub nameless: usize,
}

impl Diff {
    /// Compares by serial number, else by product key; by the device id only where a row has neither.
    ///
    /// Rows that are sure to be different devices, by their hashes, and share a name with fewer registered devices
    /// than they are, are [`unresolved`](Self::unresolved): one of them is missing, and nothing says which.
    #[must_use]
    pub fn new(fleet: &Fleet, registered: &RegisteredDevices, options: &DiffOptions) -> Self {
        let index = Index::of(&registered.devices);
        let mut diff = Self {
            customer: registered.customer.clone(),
            totals: DiffTotals::default(),
            missing_is_sure: true,
            extra_is_sure: true,
            matched: Vec::new(),
            other_policy: Vec::new(),
            missing: Vec::new(),
            duplicates: Vec::new(),
            unresolved: Vec::new(),
            extra: Vec::new(),
            nameless: Vec::new(),
            unlisted: registered.unlisted.clone(),
        };
        let rows: Vec<_> =
            named_by_all(fleet).into_iter().map(|row| (index.find(&row), row)).collect();
        let distinct = rows
            .iter()
            .zip(fleet.rows())
            .filter(|(_, row)| matches!(row.verdict(), Verdict::Send(_)));
        let mut sharing: HashMap<Vec<usize>, usize> = HashMap::new();
        for ((lookup, _), _) in distinct {
            if let Lookup::Found(found) = lookup {
                *sharing.entry(sorted(found)).or_default() += 1;
            }
        }

        let mut claimed = HashSet::new();
        for ((lookup, wanted), row) in rows.into_iter().zip(fleet.rows()) {
            if let Lookup::Found(found) = &lookup {
                claimed.extend(found.iter().copied());
            }
            if matches!(row.verdict(), Verdict::Duplicate(_)) {
                diff.duplicates.push(wanted);
                continue;
            }
            match lookup {
                Lookup::Unusable(reason) => {
                    diff.unresolved.push(UnresolvedQuery::new(wanted, reason, Vec::new()));
                }
                Lookup::NotFound(near) => {
                    diff.missing
                        .push(MissingRow { query: wanted, similar: shown(registered, &near) });
                }
                Lookup::Found(found) => {
                    let devices = shown(registered, &found);
                    let rows = sharing.get(&sorted(&found)).copied().unwrap_or_default();
                    let other = |policy: &Option<PolicyId>| {
                        found.iter().any(|place| !has(&registered.devices[*place], policy.as_ref()))
                    };
                    if rows > found.len() {
                        let reason = UnresolvedReason::FewerDevices;
                        diff.unresolved.push(UnresolvedQuery::new(wanted, reason, devices));
                    } else if options.policy.as_ref().is_some_and(other) {
                        diff.other_policy.push(MatchedRow { query: wanted, devices });
                    } else {
                        diff.matched.push(MatchedRow { query: wanted, devices });
                    }
                }
            }
        }

        let counts = |device: &RegisteredDevice| {
            let name = device.batch.as_str().to_lowercase();
            options.batch.as_ref().is_none_or(|batch| batch.as_str().to_lowercase() == name)
        };
        for (place, device) in registered.devices.iter().enumerate() {
            if device.serial_number.is_none() && device.product_key.is_none() {
                diff.nameless.push(device.clone());
            } else if !claimed.contains(&place) && counts(device) {
                diff.extra.push(device.clone());
            }
        }

        diff.missing_is_sure = registered.is_complete() && diff.nameless.is_empty();
        diff.extra_is_sure = diff.unresolved.is_empty();
        diff.totals = DiffTotals {
            rows: fleet.rows().len(),
            matched: diff.matched.len(),
            other_policy: diff.other_policy.len(),
            missing: diff.missing.len(),
            duplicates: diff.duplicates.len(),
            unresolved: diff.unresolved.len(),
            devices: registered.devices.len(),
            extra: diff.extra.len(),
            nameless: diff.nameless.len(),
        };
        diff
    }
}

fn sorted(places: &[usize]) -> Vec<usize> {
    let mut places = places.to_vec();
    places.sort_unstable();
    places
}

/// The rows, each with the names that its duplicates have beside: a hash alone, and the same hash with a serial
/// number in another row.
fn named_by_all(fleet: &Fleet) -> Vec<DeviceQuery> {
    let mut rows = DeviceQuery::from_rows(fleet);
    let places: HashMap<&Origin, usize> =
        fleet.rows().iter().enumerate().map(|(place, row)| (row.origin(), place)).collect();
    for (place, row) in fleet.rows().iter().enumerate() {
        let Verdict::Duplicate(kept) = row.verdict() else { continue };
        let Some(kept) = places.get(kept).copied().filter(|kept| *kept != place) else { continue };
        let (serial, key) = (rows[place].serial_number.clone(), rows[place].product_key.clone());
        let kept = &mut rows[kept];
        kept.serial_number = kept.serial_number.take().or(serial);
        kept.product_key = kept.product_key.take().or(key);
    }
    // A device that was deleted and registered again has another id: the names say more here, if there are any.
    for row in &mut rows {
        if row.serial_number.is_some() || row.product_key.is_some() {
            (row.device_id, row.batch) = (None, None);
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::super::call_failure::CallFailure;
    use super::super::device_query::tests::registered;
    use super::*;
    use proptest::prelude::*;

    fn fleet(rows: &[&str]) -> Fleet {
        let csv = format!("Serial,Product key,Hash,Make,Model\n{}\n", rows.join("\n"));
        Fleet::read(csv.as_bytes(), "f.csv")
    }

    /// Each row's letter: matched, other policy, missing, duplicate, unresolved; and the extra devices.
    fn told(diff: &Diff) -> (String, Vec<String>) {
        let mut rows: Vec<_> = diff.matched.iter().map(|row| (row.query.line, 'm')).collect();
        rows.extend(diff.other_policy.iter().map(|row| (row.query.line, 'o')));
        rows.extend(diff.missing.iter().map(|row| (row.query.line, '-')));
        rows.extend(diff.duplicates.iter().map(|row| (row.line, 'd')));
        rows.extend(diff.unresolved.iter().map(|row| (row.query.line, '?')));
        rows.sort_unstable();
        (
            rows.into_iter().map(|(_, letter)| letter).collect(),
            diff.extra.iter().map(ToString::to_string).collect(),
        )
    }

    #[test]
    fn rows_and_devices_are_told_apart() {
        let policy = |id: &str| Some(PolicyId::new(id).unwrap());
        let (any, p1, none) = (
            DiffOptions::new(),
            DiffOptions::new().policy(policy("P-1")),
            DiffOptions::new().policy(None),
        );
        let in_b = DiffOptions::new().extra_in(BatchId::new("b").unwrap());
        let two = ["A d-1 S1 - p-1", "B d-2 S2 - -"];
        for (what, rows, devices, options, letters, extra) in [
            ("all there", vec!["S1,,,M,N", "s 2,,,M,N"], &two[..], &any, "mm", vec![]),
            ("one missing", vec!["S1,,,M,N", "S3,,,M,N"], &two, &any, "m-", vec!["S2 in B"]),
            ("one extra of a batch", vec!["S3,,,M,N"], &two, &in_b, "-", vec!["S2 in B"]),
            ("in another batch", vec!["S1,,,M,N", "S2"], &two, &in_b, "mm", vec![]),
            ("a policy", vec!["S1", "S2"], &two, &p1, "mo", vec![]),
            ("no policy", vec!["S1", "S2"], &two, &none, "om", vec![]),
            ("a hash alone", vec![",,T0E=", "S1,,T0F="], &two, &any, "?m", vec!["S2 in B"]),
            (
                "by key",
                vec![",33,,,", "S9,34,,,"],
                &["A d-1 - 33", "A d-2 S3 34"],
                &any,
                "m-",
                vec!["S3 in A"],
            ),
            ("twice in the file", vec!["S1,,,M,N", "S1,,,M,N"], &two, &any, "md", vec!["S2 in B"]),
            ("twice in the service", vec!["S1"], &["A d-1 S1 -", "B d-1 S1 -"], &any, "m", vec![]),
            (
                "two devices of one name, and one is there",
                vec!["S1,,T0E=,M,N", "S1,,T0F=,M,N"],
                &two,
                &any,
                "??",
                vec!["S2 in B"],
            ),
            (
                "two devices of one name, and both are there",
                vec!["S1,,T0E=,M,N", "S1,,T0F=,M,N"],
                &["A d-1 S1 -", "A d-2 S1 -"],
                &any,
                "mm",
                vec![],
            ),
            ("one name without more", vec!["S1", "S1"], &two, &any, "mm", vec!["S2 in B"]),
            (
                "a name that stands in the other row",
                vec![",,T0E=", "S1,,T0E=,M,N"],
                &two,
                &any,
                "md",
                vec!["S2 in B"],
            ),
            (
                "a broken row",
                vec!["S1,,,Dell, Inc.,X"],
                &two,
                &any,
                "?",
                vec!["S1 in A", "S2 in B"],
            ),
        ] {
            let diff = Diff::new(&fleet(&rows), &registered(devices), options);
            let extra: Vec<_> = extra.into_iter().map(str::to_owned).collect();
            assert_eq!(told(&diff), (letters.to_owned(), extra), "{what}");
            assert!(diff.missing_is_sure, "{what}");
            assert_eq!(diff.extra_is_sure, !letters.contains('?'), "{what}");
        }
    }

    #[test]
    fn missing_is_not_sure_while_something_is_hidden() {
        let fleet = fleet(&["S3"]);
        let all = registered(&["A d-1 S1 -"]);
        let mut cut = all.clone();
        cut.unlisted.push(UnlistedBatch {
            batch: "B".to_owned(),
            known: 0,
            failure: CallFailure::input("x"),
        });
        let nameless = registered(&["A d-1 S1 -", "A d-2 - -"]);
        for (what, registered, sure) in
            [("all", &all, true), ("a batch", &cut, false), ("a name", &nameless, false)]
        {
            let diff = Diff::new(&fleet, registered, &DiffOptions::new());
            assert_eq!((diff.totals.missing, diff.missing_is_sure), (1, sure), "{what}");
            assert_eq!((diff.totals.extra, diff.unlisted.len()), (1, registered.unlisted.len()));
        }
    }

    proptest! {
        /// No row and no device is lost, none is in two places, and JSON has it all.
        #[test]
        fn every_row_and_device_is_told_once(
            rows in prop::collection::vec("(|S[1-4]),(|3[1-3]),(|T0[EF]=),(|M),(|N)", 0..10),
            devices in prop::collection::vec("(-|[sS][1-4]) (-|3[1-3])", 0..10),
        ) {
            let rows: Vec<_> = rows.iter().map(String::as_str).collect();
            let devices: Vec<_> = (0..).zip(&devices).map(|(id, names)| format!("A {id} {names}")).collect();
            let devices: Vec<_> = devices.iter().map(String::as_str).collect();
            let (fleet, registered) = (fleet(&rows), registered(&devices));
            let diff = Diff::new(&fleet, &registered, &DiffOptions::new());
            let mut lines: Vec<_> = diff.matched.iter().map(|row| row.query.line)
                .chain(diff.missing.iter().map(|row| row.query.line))
                .chain(diff.duplicates.iter().map(|row| row.line))
                .chain(diff.unresolved.iter().map(|row| row.query.line))
                .collect();
            lines.sort_unstable();
            let expected: Vec<_> = fleet.rows().iter().map(|row| Some(row.origin().line())).collect();
            prop_assert_eq!(lines, expected);
            for device in &registered.devices {
                let nameless = device.serial_number.is_none() && device.product_key.is_none();
                let extra = diff.extra.contains(device);
                let named = diff.matched.iter().any(|row| row.devices.contains(device))
                    || diff.unresolved.iter().any(|row| row.devices.contains(device));
                prop_assert_eq!(diff.nameless.contains(device), nameless);
                prop_assert!(u8::from(nameless) + u8::from(extra) + u8::from(named) <= 1);
                // Only a duplicate is not asked which devices it names.
                prop_assert!(nameless || extra || named || !diff.duplicates.is_empty());
            }
            let json = serde_json::to_string(&diff).unwrap();
            prop_assert!(!json.contains("T0E") && !json.contains("T0F"));
            prop_assert_eq!(serde_json::from_str::<Diff>(&json).unwrap(), diff);
        }
    }
}
