//! Compares a file with the registered devices: [`Diff::new`], a pure function.

use std::collections::{HashMap, HashSet};

use partner_center_devices::{BatchId, CustomerId, PolicyId};
use serde::{Deserialize, Serialize};

use super::device::RegisteredDevice;
use super::device_index::{DeviceIndex, Lookup};
use super::device_query::DeviceQuery;
use super::listing::{RegisteredDevices, UnlistedBatch};
use super::selection::candidates;
use super::unresolved::{UnresolvedQuery, UnresolvedReason};
use crate::check::checked_row::RowStatus;
use crate::check::fleet::Fleet;
use crate::origin::Origin;

/// Options of a comparison.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct DiffOptions {
    batch: Option<BatchId>,
    policy: Option<Option<PolicyId>>,
}

impl DiffOptions {
    /// Compares with all batches and ignores policies.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reports extra devices only in this batch. A row's device may still be in any batch. Batch names are compared
    /// without case.
    pub fn extra_in(mut self, batch: BatchId) -> Self {
        self.batch = Some(batch);
        self
    }

    /// Sets the policy that the devices of the file should have; `None` for no policy.
    pub fn policy(mut self, policy: Option<PolicyId>) -> Self {
        self.policy = Some(policy);
        self
    }
}

/// The differences between a file and the registered devices. Each row is in exactly one of `matched`, `otherPolicy`,
/// `missing`, `duplicates` and `unresolved`.
///
/// ```
/// # use partner_center_devices::{Client, CustomerId};
/// use partner_center_devices_fleet::Fleet;
/// use partner_center_devices_fleet::inventory::{Diff, DiffOptions, Inventory};
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
    /// The number of rows and devices in each list.
    pub totals: DiffTotals,
    /// True if the missing devices are certainly missing: every batch was read, and each registered device has a serial
    /// number or product key.
    pub missing_is_sure: bool,
    /// True if the extra devices are certainly not in the file: no row is unresolved.
    pub extra_is_sure: bool,
    /// Rows whose device is registered, with the expected policy if there is one.
    pub matched: Vec<MatchedRow>,
    /// Rows whose device is registered with a policy other than the expected one.
    pub other_policy: Vec<MatchedRow>,
    /// Rows whose device is not registered.
    pub missing: Vec<MissingRow>,
    /// Rows with the same device as another row.
    pub duplicates: Vec<DeviceQuery>,
    /// Rows that cannot be compared.
    pub unresolved: Vec<UnresolvedQuery>,
    /// Devices that are not in the file.
    pub extra: Vec<RegisteredDevice>,
    /// Devices with neither a serial number nor a product key, which no row can match.
    pub nameless: Vec<RegisteredDevice>,
    /// The batches that could not be read completely.
    pub unlisted: Vec<UnlistedBatch>,
}

/// A row and the devices registered for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct MatchedRow {
    /// The row.
    #[serde(rename = "wanted")]
    pub query: DeviceQuery,
    /// Up to 20 devices, those with exactly the same spelling first. There are several if the device is in several
    /// batches, or if several devices share the identifier.
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
    /// Up to 20 similar devices: leading zeros are missing, an O is written as a zero, or one identifier matches and
    /// another does not.
    #[serde(rename = "near")]
    pub similar: Vec<RegisteredDevice>,
}

/// The number of rows and devices in each list of a [`Diff`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct DiffTotals {
    /// All rows.
    pub rows: usize,
    /// Rows in [`matched`](Diff::matched).
    pub matched: usize,
    /// Rows in [`other_policy`](Diff::other_policy).
    pub other_policy: usize,
    /// Rows in [`missing`](Diff::missing).
    pub missing: usize,
    /// Rows in [`duplicates`](Diff::duplicates).
    pub duplicates: usize,
    /// Rows in [`unresolved`](Diff::unresolved).
    pub unresolved: usize,
    /// All registered devices.
    pub devices: usize,
    /// Devices in [`extra`](Diff::extra).
    pub extra: usize,
    /// Devices in [`nameless`](Diff::nameless).
    pub nameless: usize,
}

impl Diff {
    /// Compares by serial number, then by product key. The device id is used only for rows that have neither.
    ///
    /// If several rows are certainly different devices (their hashes differ), but fewer registered devices match them,
    /// those rows are [`unresolved`](Self::unresolved): one of the devices is missing, and it is unclear which.
    #[must_use]
    pub fn new(fleet: &Fleet, registered: &RegisteredDevices, options: &DiffOptions) -> Self {
        let index = DeviceIndex::new(&registered.devices);
        let rows: Vec<(DeviceQuery, Lookup)> = queries_with_all_identifiers(fleet)
            .into_iter()
            .map(|query| {
                let lookup = index.find(&query);
                (query, lookup)
            })
            .collect();
        let claimed: HashSet<usize> =
            rows.iter().flat_map(|(_, lookup)| positions(lookup)).copied().collect();
        let mut diff = Self::empty(registered);
        diff.sort_rows(fleet, registered, options, rows);
        diff.sort_devices(registered, options, &claimed);
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

    fn empty(registered: &RegisteredDevices) -> Self {
        Self {
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
        }
    }

    /// Puts each row into the list it belongs to.
    fn sort_rows(
        &mut self,
        fleet: &Fleet,
        registered: &RegisteredDevices,
        options: &DiffOptions,
        rows: Vec<(DeviceQuery, Lookup)>,
    ) {
        let rows_per_match = count_rows_per_match(fleet, &rows);
        for ((query, lookup), row) in rows.into_iter().zip(fleet.rows()) {
            if matches!(row.status(), RowStatus::Duplicate(_)) {
                self.duplicates.push(query);
                continue;
            }
            match lookup {
                Lookup::Unusable(reason) => {
                    self.unresolved.push(UnresolvedQuery::new(query, reason, Vec::new()));
                }
                Lookup::NotFound(similar) => {
                    let similar = candidates(registered, &similar);
                    self.missing.push(MissingRow { query, similar });
                }
                Lookup::Found(found) => {
                    let devices = candidates(registered, &found);
                    let rows = rows_per_match.get(&sorted(&found)).copied().unwrap_or_default();
                    let has_other_policy = options.policy.as_ref().is_some_and(|policy| {
                        let mut found = found.iter().map(|position| &registered.devices[*position]);
                        found.any(|device| !device.has_policy(policy.as_ref()))
                    });
                    if rows > found.len() {
                        let reason = UnresolvedReason::FewerDevices;
                        self.unresolved.push(UnresolvedQuery::new(query, reason, devices));
                    } else if has_other_policy {
                        self.other_policy.push(MatchedRow { query, devices });
                    } else {
                        self.matched.push(MatchedRow { query, devices });
                    }
                }
            }
        }
    }

    /// Collects the devices that no row claims, and those that no row can match.
    fn sort_devices(
        &mut self,
        registered: &RegisteredDevices,
        options: &DiffOptions,
        claimed: &HashSet<usize>,
    ) {
        let batch = options.batch.as_ref().map(|batch| batch.as_str().to_lowercase());
        let in_scope = |device: &RegisteredDevice| {
            batch.as_ref().is_none_or(|batch| *batch == device.batch.as_str().to_lowercase())
        };
        for (position, device) in registered.devices.iter().enumerate() {
            if device.serial_number.is_none() && device.product_key.is_none() {
                self.nameless.push(device.clone());
            } else if !claimed.contains(&position) && in_scope(device) {
                self.extra.push(device.clone());
            }
        }
    }
}

/// Counts, for each set of matching devices, the rows that match it and are certainly different devices.
fn count_rows_per_match(
    fleet: &Fleet,
    rows: &[(DeviceQuery, Lookup)],
) -> HashMap<Vec<usize>, usize> {
    let mut rows_per_match = HashMap::new();
    for ((_, lookup), row) in rows.iter().zip(fleet.rows()) {
        if let (Lookup::Found(found), RowStatus::Ready(_)) = (lookup, row.status()) {
            *rows_per_match.entry(sorted(found)).or_default() += 1;
        }
    }
    rows_per_match
}

fn positions(lookup: &Lookup) -> &[usize] {
    match lookup {
        Lookup::Found(found) => found,
        _ => &[],
    }
}

fn sorted(positions: &[usize]) -> Vec<usize> {
    let mut positions = positions.to_vec();
    positions.sort_unstable();
    positions
}

/// Returns a query per row, extended by the identifiers of the row's duplicates. For example, one row has only a hash,
/// and another row has the same hash and a serial number.
fn queries_with_all_identifiers(fleet: &Fleet) -> Vec<DeviceQuery> {
    let mut queries = DeviceQuery::from_rows(fleet);
    let positions: HashMap<&Origin, usize> =
        fleet.rows().iter().enumerate().map(|(position, row)| (row.origin(), position)).collect();
    for (position, row) in fleet.rows().iter().enumerate() {
        let RowStatus::Duplicate(original) = row.status() else { continue };
        let original = positions.get(original).copied();
        let Some(original) = original.filter(|original| *original != position) else { continue };
        let DeviceQuery { serial_number, product_key, .. } = queries[position].clone();
        let original = &mut queries[original];
        original.serial_number = original.serial_number.take().or(serial_number);
        original.product_key = original.product_key.take().or(product_key);
    }
    // A device that was deleted and registered again has a new id, so the other identifiers take precedence.
    for query in &mut queries {
        if query.serial_number.is_some() || query.product_key.is_some() {
            (query.device_id, query.batch) = (None, None);
        }
    }
    queries
}

#[cfg(test)]
mod tests {
    use super::super::call_failure::CallFailure;
    use proptest::prelude::*;

    use super::super::test_devices::registered;
    use super::*;
    use crate::check::test_hashes::with_hashes;

    fn fleet(rows: &[&str]) -> Fleet {
        let csv = format!("Serial,Product key,Hash,Make,Model\n{}\n", rows.join("\n"));
        Fleet::read(with_hashes(&csv).as_bytes(), "f.csv")
    }

    /// Returns a letter per row (`m`atched, `o`ther policy, `-` missing, `d`uplicate, `?` unresolved) and the extra
    /// devices.
    fn summary(diff: &Diff) -> (String, Vec<String>) {
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
    fn sorts_rows_and_devices_into_lists() {
        let policy = |id: &str| Some(PolicyId::new(id).unwrap());
        let (any, p1, none) = (
            DiffOptions::new(),
            DiffOptions::new().policy(policy("P-1")),
            DiffOptions::new().policy(None),
        );
        let in_b = DiffOptions::new().extra_in(BatchId::new("b").unwrap());
        let two = ["A d-1 S1 - p-1", "B d-2 S2 - -"];
        for (case, rows, devices, options, letters, extra) in [
            ("all registered", vec!["S1,,,M,N", "s 2,,,M,N"], &two[..], &any, "mm", vec![]),
            ("one missing", vec!["S1,,,M,N", "S3,,,M,N"], &two, &any, "m-", vec!["S2 in B"]),
            ("one extra in a batch", vec!["S3,,,M,N"], &two, &in_b, "-", vec!["S2 in B"]),
            ("in another batch", vec!["S1,,,M,N", "S2"], &two, &in_b, "mm", vec![]),
            ("a policy", vec!["S1", "S2"], &two, &p1, "mo", vec![]),
            ("no policy", vec!["S1", "S2"], &two, &none, "om", vec![]),
            ("hash only", vec![",,<1>", "S1,,<2>"], &two, &any, "?m", vec!["S2 in B"]),
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
                "two devices share a serial number, one is registered",
                vec!["S1,,<1>,M,N", "S1,,<2>,M,N"],
                &two,
                &any,
                "??",
                vec!["S2 in B"],
            ),
            (
                "two devices share a serial number, both are registered",
                vec!["S1,,<1>,M,N", "S1,,<2>,M,N"],
                &["A d-1 S1 -", "A d-2 S1 -"],
                &any,
                "mm",
                vec![],
            ),
            (
                "two rows with only the same serial number",
                vec!["S1", "S1"],
                &two,
                &any,
                "mm",
                vec!["S2 in B"],
            ),
            (
                "the serial number is in the other row",
                vec![",,<1>", "S1,,<1>,M,N"],
                &two,
                &any,
                "md",
                vec!["S2 in B"],
            ),
            ("invalid row", vec!["S1,,,Dell, Inc.,X"], &two, &any, "?", vec!["S1 in A", "S2 in B"]),
        ] {
            let diff = Diff::new(&fleet(&rows), &registered(devices), options);
            let extra: Vec<_> = extra.into_iter().map(str::to_owned).collect();
            assert_eq!(summary(&diff), (letters.to_owned(), extra), "{case}");
            assert!(diff.missing_is_sure, "{case}");
            assert_eq!(diff.extra_is_sure, !letters.contains('?'), "{case}");
        }
    }

    #[test]
    fn missing_is_not_certain_if_a_batch_or_identifier_is_unknown() {
        let fleet = fleet(&["S3"]);
        let all = registered(&["A d-1 S1 -"]);
        let mut incomplete = all.clone();
        incomplete.unlisted.push(UnlistedBatch {
            batch: "B".to_owned(),
            known: 0,
            failure: CallFailure::input("x"),
        });
        let nameless = registered(&["A d-1 S1 -", "A d-2 - -"]);
        for (case, registered, sure) in [
            ("all", &all, true),
            ("a batch", &incomplete, false),
            ("an identifier", &nameless, false),
        ] {
            let diff = Diff::new(&fleet, registered, &DiffOptions::new());
            assert_eq!((diff.totals.missing, diff.missing_is_sure), (1, sure), "{case}");
            assert_eq!((diff.totals.extra, diff.unlisted.len()), (1, registered.unlisted.len()));
        }
    }

    proptest! {
        /// Returns each row and device is in exactly one list, and JSON preserves them.
        #[test]
        fn every_row_and_device_is_in_one_list(
            rows in prop::collection::vec("(|S[1-4]),(|3[1-3]),(|T0[EF]=),(|M),(|N)", 0..10),
            devices in prop::collection::vec("(-|[sS][1-4]) (-|3[1-3])", 0..10),
        ) {
            let rows: Vec<_> = rows.iter().map(String::as_str).collect();
            let devices: Vec<_> = (0..).zip(&devices).map(|(id, identifiers)| format!("A {id} {identifiers}")).collect();
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
                let matched = diff.matched.iter().any(|row| row.devices.contains(device))
                    || diff.unresolved.iter().any(|row| row.devices.contains(device));
                prop_assert_eq!(diff.nameless.contains(device), nameless);
                prop_assert!(u8::from(nameless) + u8::from(extra) + u8::from(matched) <= 1);
                // The devices that a duplicate matches are not recorded.
                prop_assert!(nameless || extra || matched || !diff.duplicates.is_empty());
            }
            let json = serde_json::to_string(&diff).unwrap();
            prop_assert!(!json.contains("T0E") && !json.contains("T0F"));
            prop_assert_eq!(serde_json::from_str::<Diff>(&json).unwrap(), diff);
        }
    }
}
