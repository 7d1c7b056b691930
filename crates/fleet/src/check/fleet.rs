//! All checked rows of one or more files, held in memory for an upload.

use std::io;
use std::sync::Arc;

use crate::check::checked_row::{CheckedRow, RowStatus};
use crate::check::dedup::{DeviceIndex, Relation};
use crate::check::finding::Finding;
use crate::check::options::CheckOptions;
use crate::check::ordered_parallel::map_in_order;
use crate::check::row_check::{ComparedRow, RowCheck, contradiction_finding};
use crate::check::rule::Severity;
use crate::fingerprint::Measure;
use crate::input::{DeviceRecord, InputItem, read, read_devices};

/// The checked rows of one or more files, or of a program's own devices, with all findings. Rows that are not sent stay in the fleet with the reason.
#[derive(Clone, Debug, Default)]
pub struct Fleet {
    rows: Vec<CheckedRow>,
    findings: Vec<Finding>,
}

impl Fleet {
    /// Reads and checks one file. `source` names the file in findings and reports.
    pub fn read(reader: impl io::Read, source: impl Into<Arc<str>>) -> Self {
        Self::check(read(reader, source))
    }

    /// Checks devices that a program already has as values, for example in a database. They get the same checks and the
    /// same findings as the rows of a file, and the fleet has a row for each of them, in their order. See
    /// [`read_devices`](crate::read_devices) for the way that values are read.
    ///
    /// A device is a [`DeviceRecord`], or an [`Origin`](crate::Origin) with its fields if nothing else is known about it.
    ///
    /// ```
    /// use partner_center_devices::IdentityFields;
    /// use partner_center_devices_fleet::{DeviceRecord, Fleet, Origin};
    ///
    /// // The id, PKID and office of each device, as the program has them.
    /// let stock = [(1201, "3305000000001", "Berlin"), (1202, " 3305000000001", "Paris")];
    /// let fleet = Fleet::from_identities(stock.map(|(id, key, office)| {
    ///     let product_key = Some(key.to_owned());
    ///     let fields = IdentityFields { product_key, ..IdentityFields::default() };
    ///     DeviceRecord::new(Origin::new("stock", id), fields).with_group_tag(office)
    /// }));
    /// assert_eq!((fleet.rows().len(), fleet.device_count()), (2, 1));
    /// assert_eq!(fleet.rows()[0].group_tag(), Some("Berlin"));
    /// let finding = fleet.findings()[0].to_string();
    /// assert!(finding.starts_with("stock:1202: warning: the same device as line 1201; "), "{finding}");
    /// ```
    pub fn from_identities<T: Into<DeviceRecord>>(devices: impl IntoIterator<Item = T>) -> Self {
        Self::check(read_devices(devices))
    }

    /// Checks rows, on all cores if there are many. To check several files as one fleet, chain their items or use
    /// [`read_all`](crate::read_all).
    pub fn check(items: impl IntoIterator<Item = InputItem>) -> Self {
        Self::check_with(items, CheckOptions::default())
    }

    /// Checks rows like [`check`](Self::check), with options.
    pub fn check_with(items: impl IntoIterator<Item = InputItem>, options: CheckOptions) -> Self {
        enum Checked {
            Row(Box<RowCheck>),
            Finding(Finding),
        }
        let new_worker = || {
            let mut buffer = Vec::new();
            move |item| match item {
                InputItem::Row(row) => {
                    let mut check = RowCheck::with_options(row, options, &mut buffer);
                    check.row.measure = match &check.row.status {
                        RowStatus::Ready(identity) => Some(Measure::of(identity)),
                        _ => None,
                    };
                    Checked::Row(Box::new(check))
                }
                InputItem::Finding(finding) => Checked::Finding(finding),
            }
        };
        let mut builder = FleetBuilder::default();
        map_in_order(items, new_worker, |checked| match checked {
            Checked::Row(check) => builder.add(*check),
            Checked::Finding(finding) => builder.findings.push(finding),
        });
        builder.finish()
    }

    /// Returns all rows, in the order they were read.
    #[must_use]
    pub fn rows(&self) -> &[CheckedRow] {
        &self.rows
    }

    /// Returns all findings, in the order of the rows.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Returns true if a finding has the severity `Error`, so that some or all rows cannot be sent.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity() == Severity::Error)
    }

    /// Returns the number of rows that are sent.
    #[must_use]
    pub fn device_count(&self) -> usize {
        self.rows.iter().filter(|row| matches!(row.status, RowStatus::Ready(_))).count()
    }

    pub(crate) fn into_rows(self) -> Vec<CheckedRow> {
        self.rows
    }
}

/// Builds a fleet row by row. Duplicates are final only at the end, because a later row may identify a device better.
#[derive(Default)]
struct FleetBuilder {
    index: DeviceIndex,
    rows: Vec<PendingRow>,
    findings: Vec<Finding>,
}

/// A row whose duplicates may still be ahead.
struct PendingRow {
    row: CheckedRow,
    /// The position of a row that is sent instead of this one.
    replaced_by: Option<usize>,
    /// The error of a row that a later one contradicts.
    contradiction: Option<Finding>,
    /// The number of findings up to and including this row.
    findings_end: usize,
}

impl FleetBuilder {
    fn add(&mut self, check: RowCheck) {
        let ComparedRow { row, mut findings, comparison } = check.compare(&mut self.index);
        let position = self.rows.len();
        for replaced in comparison.replaces {
            self.rows[replaced as usize].replaced_by = Some(position);
        }
        for (earlier, contradiction) in comparison.invalidates {
            let earlier = &mut self.rows[earlier as usize];
            let finding = contradiction_finding(contradiction, &earlier.row.origin, &row.origin);
            earlier.contradiction = Some(finding);
        }
        let replaced_by = match comparison.relation {
            Relation::Duplicate(first) => Some(first as usize),
            Relation::New(_) | Relation::Contradiction(_) => None,
        };
        self.findings.append(&mut findings);
        let findings_end = self.findings.len();
        self.rows.push(PendingRow { row, replaced_by, contradiction: None, findings_end });
    }

    /// Marks the duplicates and the contradicted rows, and puts a finding about each behind the findings of its row.
    fn finish(mut self) -> Fleet {
        let mut fleet = Fleet::default();
        let mut findings = std::mem::take(&mut self.findings).into_iter();
        let mut taken = 0;
        let sent: Vec<_> = (0..self.rows.len()).map(|position| self.sent_for(position)).collect();
        let origins: Vec<_> = self.rows.iter().map(|pending| pending.row.origin.clone()).collect();
        let contradictions: Vec<_> =
            self.rows.iter_mut().map(|pending| pending.contradiction.take()).collect();
        for (position, PendingRow { mut row, findings_end, .. }) in
            self.rows.into_iter().enumerate()
        {
            fleet.findings.extend(findings.by_ref().take(findings_end - taken));
            taken = findings_end;
            let representative = sent[position];
            let is_duplicate = representative != position;
            let late = match &contradictions[representative] {
                Some(_) if is_duplicate => {
                    Some(Finding::same_as_invalid(&row.origin, &origins[representative]))
                }
                Some(contradiction) => Some(contradiction.clone()),
                None => None,
            };
            if let Some(finding) = late {
                fleet.findings.push(finding.clone());
                row.withdraw(RowStatus::Invalid(finding));
            } else if is_duplicate {
                let sent = origins[representative].clone();
                fleet.findings.push(Finding::duplicate(&row.origin, &sent));
                row.withdraw(RowStatus::Duplicate(sent));
            }
            fleet.rows.push(row);
        }
        fleet.findings.extend(findings);
        fleet
    }

    /// Returns the position of the row that is sent for this row: the row itself or its best duplicate. Each step leads
    /// to a better row, or to an equally good one that is final, so there are few.
    fn sent_for(&self, mut position: usize) -> usize {
        while let Some(better) = self.rows[position].replaced_by {
            position = better;
        }
        position
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::checker::Checker;
    use crate::check::rule::Rule;
    use crate::check::test_hashes::{hash_of, with_hashes};
    use crate::origin::Origin;

    const HEADER: &str =
        "Device Serial Number,Windows Product ID,Hardware Hash,Manufacturer name,Device model\n";

    fn fleet(rows: &str) -> Fleet {
        Fleet::read(with_hashes(&format!("{HEADER}{rows}")).as_bytes(), "f.csv")
    }

    /// Returns the status of each row, and each finding as `rule@line`.
    fn summarize(fleet: &Fleet) -> (Vec<String>, Vec<String>) {
        let status = |row: &CheckedRow| match &row.status {
            RowStatus::Ready(identity) => format!("{:?}", identity.kind()),
            RowStatus::Duplicate(first) => format!("same as {first}"),
            RowStatus::Invalid(finding) => finding.rule().to_string(),
        };
        let finding =
            |finding: &Finding| format!("{}@{}", finding.rule(), finding.line().unwrap_or(0));
        (fleet.rows.iter().map(status).collect(), fleet.findings.iter().map(finding).collect())
    }

    #[test]
    fn row_has_the_expected_status() {
        for (rows, status, finding) in [
            ("S1,3305000000001,<1>,Dell Inc.,X", "HardwareHash", None),
            (",,<1>,,", "HardwareHash", None),
            (",3305000000001,,,", "ProductKey", None),
            ("S1,,,Dell Inc.,X", "Model", None),
            ("S1,,,,", "no-identity", Some("no-identity@2")),
            ("S1,,,Dell Inc.,", "no-identity", Some("no-identity@2")),
            (",,,Dell Inc.,X", "no-identity", Some("no-identity@2")),
            ("S1,,T0E,Dell Inc.,X", "Model", Some("unused-damage@2")),
            ("S1,,T0E=T0E=,Dell Inc.,X", "Model", Some("unused-damage@2")),
            ("S1,,#REF!,Dell Inc.,X", "Model", Some("unused-damage@2")),
            ("S1,00329-00000-0003-AA606,,Dell Inc.,X", "Model", Some("unused-damage@2")),
            (",330500000001,<1>,,", "HardwareHash", Some("unused-damage@2")),
            ("#N/A,3.3E+12,<1>,,", "HardwareHash", Some("unused-damage@2 unused-damage@2")),
            (",,T0-_,Dell Inc.,X", "hash-not-base64", Some("hash-not-base64@2")),
            (",00329-00000-0003-AA606,,,", "windows-product-id", Some("windows-product-id@2")),
            ("S1,,,Dell, Inc.,X", "too-many-cells", Some("too-many-cells@2")),
            ("\"S1\n2\",,<1>,,", "line-break-in-cell", Some("line-break-in-cell@2")),
        ] {
            let (statuses, findings) = summarize(&fleet(rows));
            let expected = (vec![status.to_owned()], finding.unwrap_or_default().to_owned());
            assert_eq!((statuses, findings.join(" ")), expected, "{rows}");
        }
    }

    #[test]
    fn second_row_of_a_device_is_a_duplicate() {
        for (case, rows, second) in [
            ("hash", "S1,,<1>,M,N\n,,<1>,M,N", "same as f.csv:2"),
            ("hash, serial in different case", "S1,,<1>,M,N\ns1,,<1>,,", "same as f.csv:2"),
            ("key", ",3305000000001,,,\nS2,3305000000001,,M,N", "same as f.csv:2"),
            ("malformed key", "S1,12,,M,N\nS2,12,,M,N", "Model"),
            ("malformed hash", "S1,,T0E=,M,N\nS2,,T0E=,M,N", "Model"),
            ("model", "S1,,,M,N\nS1,,,M,N", "same as f.csv:2"),
            (
                "key next to a hash, then by itself",
                "S2,3305000000001,<1>,M,N\n,3305000000001,,,",
                "same as f.csv:2",
            ),
            ("model next to a hash, then by itself", "S1,,<1>,M,N\nS1,,,M,N", "same as f.csv:2"),
            ("model in different case", "S1,,,M,N\nS1,,,m,N", "Model"),
            ("model of a different manufacturer", "S1,,,M,N\nS1,,,M2,N", "Model"),
            (
                "two hashes, everything else equal",
                "S1,3305000000001,<1>,M,N\nS1,3305000000001,<2>,M,N",
                "HardwareHash",
            ),
        ] {
            let (statuses, findings) = summarize(&fleet(rows));
            assert_eq!(statuses[1], second, "{case}");
            let is_duplicate = second.starts_with("same");
            assert_eq!(
                findings.contains(&"duplicate@3".to_owned()),
                is_duplicate,
                "{case}: {findings:?}"
            );
        }
    }

    #[test]
    fn row_without_names_has_the_ones_inside_its_hash() {
        let hash = hash_of("S1", "M", "N", "");
        let unknown = hash_of("Default string", "M", "N", "");
        for (case, rows, expected) in [
            ("hash first", format!(",,{hash},,\nS1,,,M,N"), ["HardwareHash", "same as f.csv:2"]),
            ("hash last", format!("S1,,,M,N\nS1,,{hash},,"), ["same as f.csv:3", "HardwareHash"]),
            (
                "only the model",
                format!("S1,,,M,N\nS1,,{hash},M,"),
                ["same as f.csv:3", "HardwareHash"],
            ),
            ("another serial number", format!(",,{hash},,\nS2,,,M,N"), ["HardwareHash", "Model"]),
            ("another model", format!(",,{hash},,\nS1,,,M,N2"), ["HardwareHash", "Model"]),
            ("the row's own values", format!("S2,,{hash},,\nS1,,,M,N"), ["HardwareHash", "Model"]),
            (
                "placeholder",
                format!(",,{unknown},,\nDefault string,,,M,N"),
                ["HardwareHash", "Model"],
            ),
        ] {
            assert_eq!(summarize(&fleet(&rows)).0, expected, "{case}");
        }
    }

    #[test]
    fn rows_with_different_serial_numbers_are_never_duplicates() {
        let (key, other) = ("3305000000001", "3305000000002");
        for (case, rows, expected) in [
            ("hash filled down", "S1,,<1>,,\nS2,,<1>,,\nS3,,<1>,,".to_owned(), "! ! !"),
            ("key filled down", format!("S1,{key},,,\nS2,{key},,,\nS3,{key},,,"), "! ! !"),
            (
                "key without a serial number first",
                format!(",{key},,,\nS1,{key},,,\nS2,{key},,,"),
                "! ! !",
            ),
            ("between", format!("S1,{key},,,\n,{key},,,\nS2,{key},,,"), "! ! !"),
            ("last", format!("S1,{key},,,\nS2,{key},,,\n,{key},,,"), "! ! !"),
            ("hash without a serial number", "S1,,<1>,,\n,,<1>,,\nS2,,<1>,,".to_owned(), "! ! !"),
            ("key next to different hashes", format!("S1,{key},<1>,,\nS2,{key},<2>,,"), "! !"),
            ("key next to a hash", format!("S1,{key},<1>,,\nS2,{key},,M,N"), "! !"),
            (
                "a hash joins two serial numbers",
                format!("S1,{key},,,\n,{key},<1>,,\nS2,,<1>,,"),
                "! ! !",
            ),
            (
                "other rows are sent",
                format!("S1,{key},,,\nS2,{key},,,\nS3,{other},,,"),
                "! ! ProductKey",
            ),
            (
                "the model of a contradicted row",
                format!("S1,{key},,M,N\nS2,{key},,M,N\nS1,,,M,N\nS1,,,M,N"),
                "! ! Model =4",
            ),
            ("placeholder", "Default string,,,M,N\nDefault string,,,M,N".to_owned(), "! !"),
            (
                "placeholder next to a hash",
                "Default string,,<1>,M,N\nDefault string,,,M,N".to_owned(),
                "HardwareHash !",
            ),
            (
                "placeholder before a hash",
                "Default string,,,M,N\nDefault string,,<1>,M,N".to_owned(),
                "! HardwareHash",
            ),
            (
                "placeholder does not contradict",
                format!("Default string,{key},,,\nS1,{key},,,"),
                "ProductKey =2",
            ),
        ] {
            let fleet = fleet(&rows);
            let status = |row: &CheckedRow| match &row.status {
                RowStatus::Ready(identity) => format!("{:?}", identity.kind()),
                RowStatus::Duplicate(sent) => format!("={}", sent.line()),
                RowStatus::Invalid(finding) => {
                    assert_eq!(finding.rule(), Rule::SerialConflict, "{case}");
                    assert!(fleet.findings.contains(finding), "{case}");
                    "!".to_owned()
                }
            };
            let statuses: Vec<_> = fleet.rows.iter().map(status).collect();
            assert_eq!(statuses.join(" "), expected, "{case}");
        }
    }

    #[test]
    fn hash_that_contains_the_serial_number_proves_its_row() {
        use partner_center_devices_testkit::hash::HashBuilder;
        let hash = HashBuilder::of_device("S2", "M", "N").encode();
        for order in [["S1", "S2", "S3"], ["S2", "S1", "S3"], ["S1", "S3", "S2"]] {
            let rows = order.map(|serial| format!("{serial},,{hash},,")).join("\n");
            let fleet = fleet(&rows);
            let is_sent = |row: &CheckedRow| matches!(row.status, RowStatus::Ready(_));
            let sent: Vec<_> = fleet.rows.iter().filter(|row| is_sent(row)).collect();
            assert_eq!(sent.len(), 1, "{order:?}");
            assert_eq!(sent[0].serial_number(), Some("S2"));
            let conflicts =
                fleet.findings.iter().filter(|found| found.rule() == Rule::SerialConflict);
            assert_eq!(conflicts.count(), 2, "{order:?}");
        }
    }

    #[test]
    fn best_row_of_a_device_is_sent_regardless_of_order() {
        let (hash, other, key, keyed, plain) = (
            "S1,3305000000001,<1>,M,N",
            "S1,3305000000001,<2>,M,N",
            ",3305000000001,,,",
            "S1,3305000000001,,M,N",
            "S1,,,M,N",
        );
        let (h, k, m) = ("HardwareHash", "ProductKey", "Model");
        for (case, rows, expected) in [
            ("key, hash", vec![key, hash], vec!["same as f.csv:3", h]),
            ("hash, key", vec![hash, key], vec![h, "same as f.csv:2"]),
            ("model, hash", vec![plain, hash], vec!["same as f.csv:3", h]),
            ("hash, model", vec![hash, plain], vec![h, "same as f.csv:2"]),
            ("model, key", vec![plain, keyed], vec!["same as f.csv:3", k]),
            ("key, model", vec![keyed, plain], vec![k, "same as f.csv:2"]),
            ("two equal rows", vec![plain, plain], vec![m, "same as f.csv:2"]),
            (
                "each better than the one before",
                vec![plain, keyed, hash],
                vec!["same as f.csv:4", "same as f.csv:4", h],
            ),
            (
                "best row in the middle",
                vec![plain, hash, keyed],
                vec!["same as f.csv:3", h, "same as f.csv:3"],
            ),
            (
                "duplicate of a replaced row",
                vec![plain, plain, hash, plain],
                vec!["same as f.csv:4", "same as f.csv:4", h, "same as f.csv:4"],
            ),
            (
                "row that joins two devices",
                vec![key, plain, hash],
                vec!["same as f.csv:4", "same as f.csv:4", h],
            ),
            // The model row is not sent, so it is not a duplicate of the second hash.
            ("model, two hashes", vec![plain, hash, other], vec!["same as f.csv:3", h, h]),
            ("two hashes, model", vec![hash, other, plain], vec![h, h, "same as f.csv:2"]),
            ("hash, model, hash", vec![hash, plain, other], vec![h, "same as f.csv:2", h]),
        ] {
            let (statuses, findings) = summarize(&fleet(&rows.join("\n")));
            assert_eq!(statuses, expected, "{case}");
            let duplicates =
                expected.iter().enumerate().filter(|(_, status)| status.starts_with("same"));
            let reported: Vec<_> =
                duplicates.map(|(row, _)| format!("duplicate@{}", row + 2)).collect();
            let findings: Vec<_> =
                findings.into_iter().filter(|rule| rule.starts_with("duplicate")).collect();
            assert_eq!(findings, reported, "{case}");
        }
    }

    #[test]
    fn name_shared_by_two_devices_is_reported() {
        for (case, rows, expected) in [
            (
                "serial number, manufacturer, model",
                "S1,,<1>,M,N\nS1,,<2>,M,N",
                vec!["the same serial number as line 2"],
            ),
            (
                "only serial number",
                "S1,,<1>,,N\nS1,,<2>,,",
                vec!["the same serial number as line 2"],
            ),
            ("different manufacturer", "S1,,<1>,M,N\nS1,,<2>,M2,N", vec![]),
            (
                "key",
                ",3305000000001,<1>,,\n,3305000000001,<2>,,",
                vec!["the same product key as line 2"],
            ),
            (
                "two product keys",
                "S1,3305000000001,,M,N\nS1,3305000000002,,M,N",
                vec!["the same serial number as line 2"],
            ),
            ("no serial number", ",,<1>,M,N\n,,<2>,M,N", vec![]),
            ("invalid row", "S1,,T0E,M,\nS1,,<2>,M,N", vec![]),
            ("duplicate", "S1,,<1>,M,N\nS1,,<1>,M,N", vec![]),
            (
                "three devices",
                "S1,,<1>,M,N\nS1,,<2>,M,N\nS1,,<3>,M,N",
                vec!["the same serial number as line 2", "the same serial number as line 2"],
            ),
        ] {
            let fleet = fleet(rows);
            let shared = fleet.findings.iter().filter(|finding| finding.rule() == Rule::SharedName);
            let messages: Vec<_> =
                shared.map(|finding| finding.message().split_once(',').unwrap().0).collect();
            assert_eq!(messages, expected, "{case}");
        }
    }

    proptest::proptest! {
        /// Rows with few different values: all sent rows are different devices, each other row has a reason, and a
        /// `Checker` sends the same rows plus those that it withdraws later.
        #[test]
        fn sent_rows_are_different_devices(
            rows in proptest::collection::vec(proptest::collection::vec(0..3_usize, 5), 0..12),
        ) {
            let columns = [
                ["", "S1", "S2"], ["", "3305000000001", "3305000000002"], ["", "<1>", "<2>"],
                ["M", "", "M"], ["N", "N", ""],
            ];
            let text: String = rows
                .iter()
                .map(|row| {
                    let cells = row.iter().zip(columns).map(|(choice, column)| column[*choice]);
                    cells.collect::<Vec<_>>().join(",") + "\n"
                })
                .collect();
            let text = with_hashes(&format!("{HEADER}{text}"));
            let fleet = Fleet::read(text.as_bytes(), "f.csv");

            // The keys of each line: first the one that is sent, then the others.
            let rows = || read(text.as_bytes(), "f.csv").filter_map(|item| match item {
                InputItem::Row(row) => Some(row),
                _ => None,
            });
            let mut keys = std::collections::HashMap::new();
            let mut serials = std::collections::HashMap::new();
            for row in rows() {
                let f = row.fields.clone();
                serials.insert(row.origin.line, f.serial_number.clone().unwrap_or_default());
                let model = f.serial_number.zip(f.manufacturer).zip(f.model);
                let model = model.map(|((s, m), n)| format!("{s} {m} {n}"));
                let hash = f.hardware_hash.map(|hash| hash.expose().to_owned());
                let all: Vec<_> = [hash, f.product_key, model].into_iter().flatten().collect();
                keys.insert(row.origin.line, all);
            }
            let sent = |fleet: &Fleet| -> Vec<u64> {
                let sent = fleet.rows.iter().filter(|row| matches!(row.status, RowStatus::Ready(_)));
                sent.map(|row| row.origin.line).collect()
            };
            let lines = sent(&fleet);
            for line in &lines {
                for other in lines.iter().filter(|other| *other != line) {
                    assert_ne!(keys[line][0], keys[other][0]);
                }
            }
            for row in &fleet.rows {
                match &row.status {
                    RowStatus::Ready(_) => {}
                    RowStatus::Duplicate(sent) => {
                        assert!(lines.contains(&sent.line));
                        let serials = [serials[&row.origin.line].as_str(), &serials[&sent.line]];
                        assert!(serials[0] == serials[1] || serials.contains(&""), "{serials:?}");
                    }
                    RowStatus::Invalid(finding) => {
                        let is_conflict = finding.rule() == Rule::SerialConflict;
                        assert_eq!(is_conflict, !keys[&row.origin.line].is_empty());
                        assert_eq!(finding.line(), Some(row.origin.line));
                        assert!(fleet.findings.contains(finding));
                    }
                }
            }

            let mut checker = Checker::default();
            let mut streamed = Vec::new();
            let mut withdrawn = Vec::new();
            for row in rows() {
                let checked = checker.check(row);
                if let RowStatus::Ready(_) = checked.row().status() {
                    streamed.push(checked.row().origin.line);
                }
                withdrawn.extend(checked.replaces().iter().map(Origin::line));
                withdrawn.extend(checked.invalidates().iter().filter_map(Finding::line));
            }
            streamed.retain(|line| !withdrawn.contains(line));
            assert_eq!(streamed, lines);
        }
    }

    #[test]
    fn findings_are_in_the_order_of_the_rows() {
        let rows = "S1,,,M,N\n,12,,,\nS1,,<1>,M,N\nS9\n";
        let (_, findings) = summarize(&Fleet::read(format!("x,{HEADER}").as_bytes(), "f.csv"));
        assert_eq!(findings, ["ignored-column@1", "empty-file@0"]);
        let (_, findings) = summarize(&fleet(rows));
        assert_eq!(findings, ["duplicate@2", "product-key-form@3", "no-identity@5"]);
    }

    #[test]
    fn duplicates_name_the_sent_row_across_files() {
        let file =
            |name: &'static str, rows: &str| read(io::Cursor::new(format!("{HEADER}{rows}")), name);
        let fleet =
            Fleet::check(file("a.csv", "S1,,,M,N\nS1,,,M,N\nS1").chain(file("b.csv", "S1,,,M,N")));
        let (statuses, _) = summarize(&fleet);
        assert_eq!(statuses, ["Model", "same as a.csv:2", "no-identity", "same as a.csv:2"]);
        let last = fleet.findings().last().unwrap();
        assert_eq!(last.message(), "the same device as a.csv:2; this row is not sent");
        assert_eq!((fleet.device_count(), fleet.rows().len(), fleet.has_errors()), (1, 4, true));
    }

    #[test]
    fn invalid_row_is_not_sent_instead_of_a_valid_one() {
        let (statuses, _) = summarize(&fleet("S1,,T0E,M,\nS1,3305000000001,<1>,M,N"));
        assert_eq!(statuses, ["hash-not-base64", "HardwareHash"]);
    }

    #[test]
    fn finding_names_the_column_and_does_not_show_the_hash() {
        let hash = format!("{}!", "T0HzAQEAHAAAAAoA".repeat(250));
        let fleet = Fleet::read(format!("HARDWARE HASH,serial\n{hash},S1\n").as_bytes(), "f.csv");
        let finding = &fleet.findings()[0];
        assert_eq!(finding.column(), Some("HARDWARE HASH"));
        assert_eq!(
            finding.message(),
            "character 4001 of the hardware hash is not a base64 character"
        );
        assert_eq!(fleet.rows()[0].short_hash(), Some("T0HzAQ…(4001 characters)"));
        assert!(!format!("{fleet:?}").contains("T0HzAQEAHAAAAAoA"));
        let cut = Fleet::read(format!("{HEADER},,{},,\n", &hash[..3998]).as_bytes(), "f.csv");
        assert!(cut.findings()[0].message().contains("its 3998 characters"));
    }
}
