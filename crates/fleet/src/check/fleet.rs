//! From rows to devices. Decides for each row whether it is sent, and as what; if not, why not. No row is
//! lost: those that are not sent stay in the fleet with their reason.
//!
//! Two rows are the same device if they send the same hardware hash, the same product key, or the same serial
//! number, manufacturer and model; or if one of them sends what the other has beside a better combination. Two
//! different hashes are two devices even if all else is equal: placeholder serial numbers are common.
//!
//! Of equal rows one is sent: that with the better combination, hash over key over model, because it finds the
//! device most surely; of equally good ones the first. A row that is not sent speaks for no other.

use std::fmt;
use std::io;
use std::sync::Arc;

use partner_center_devices::{DeviceIdentity, IdentityFields};

use crate::check::dedup::{Namesake, Noted, Seen, Traits};
use crate::check::finding::{Finding, Origin, Rule, Severity};
use crate::check::inspect::inspect;
use crate::check::ordered_parallel::in_order;
use crate::fingerprint::Measure;
use crate::input::{Entry, Field, Row, read};

/// The rows of one or more files, checked, and everything that was found.
#[derive(Clone, Debug, Default)]
pub struct Fleet {
    rows: Vec<CheckedRow>,
    findings: Vec<Finding>,
}

/// One row and what is to be done with it.
#[derive(Clone, Debug)]
pub struct CheckedRow {
    pub(crate) origin: Origin,
    pub(crate) label: Label,
    pub(crate) verdict: Verdict,
    /// Of the device that is sent, where it was made with the row: it is as much work as all that is checked.
    pub(crate) measure: Option<Measure>,
    /// The index of the batch that an upload sends it to.
    pub(crate) batch: Option<usize>,
    customer: Option<Box<str>>,
    group_tag: Option<Box<str>>,
    device_id: Option<Box<str>>,
}

/// How people recognise a row. From the file, whether it is sent or not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Label {
    pub(crate) serial_number: Option<Box<str>>,
    pub(crate) product_key: Option<Box<str>>,
    /// Shortened.
    pub(crate) hardware_hash: Option<Box<str>>,
}

/// What is to be done with a row.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verdict {
    /// It is sent as this.
    Send(DeviceIdentity),
    /// It is the same device as this row, which says it better or came first, and is not sent.
    Duplicate(Origin),
    /// It has an error, and is not sent.
    Refused(Finding),
}

impl Fleet {
    /// Reads and checks one file. `source` is how findings and reports name it.
    pub fn read(reader: impl io::Read, source: impl Into<Arc<str>>) -> Self {
        Self::check(read(reader, source))
    }

    /// Checks rows, on as many threads as there are cores if there are many. Files are one fleet if their entries are
    /// chained.
    pub fn check(entries: impl IntoIterator<Item = Entry>) -> Self {
        enum Looked {
            Row(Box<Alone>),
            Finding(Finding),
        }
        let mut check = Check::default();
        let look = || {
            let mut bytes = Vec::new();
            move |entry| match entry {
                Entry::Row(row) => {
                    let mut alone = Alone::of(row, &mut bytes);
                    alone.row.measure = match &alone.row.verdict {
                        Verdict::Send(identity) => Some(Measure::of(identity)),
                        _ => None,
                    };
                    Looked::Row(Box::new(alone))
                }
                Entry::Finding(finding) => Looked::Finding(finding),
            }
        };
        in_order(entries, look, |looked| match looked {
            Looked::Row(alone) => check.add(*alone),
            Looked::Finding(finding) => check.findings.push(finding),
        });
        check.end()
    }

    /// All rows, in the order they were read.
    #[must_use]
    pub fn rows(&self) -> &[CheckedRow] {
        &self.rows
    }

    /// Everything that was found, in the order of the rows.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Whether there is a finding of severity `Error`: some rows, or all, will not be sent.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity() == Severity::Error)
    }

    /// The number of rows that will be sent.
    #[must_use]
    pub fn devices(&self) -> usize {
        self.rows.iter().filter(|row| matches!(row.verdict, Verdict::Send(_))).count()
    }

    pub(crate) fn into_rows(self) -> Vec<CheckedRow> {
        self.rows
    }
}

/// Checks rows one after another, for files of any size: it keeps some 30 bytes for each thing that a row is known by,
/// and no row. Rows after the first 4 billion are not compared with others.
///
/// A row gets its verdict before those behind it are seen. So where a later row says the same device better, both are
/// [`Verdict::Send`]; the later one names the earlier: see [`StreamedRow::replaces`]. [`Fleet`] holds all rows, and
/// sends the better one alone.
///
/// ```
/// use partner_center_devices_fleet::{Checker, Entry, Verdict, read};
///
/// let csv = "Serial Number,Manufacturer,Model\n4PX12X3,Dell Inc.,X\n4PX12X3,Dell Inc.,X\n";
/// let mut checker = Checker::default();
/// let mut sent = 0;
/// for entry in read(csv.as_bytes(), "vendor.csv") {
///     match entry {
///         Entry::Row(row) => {
///             let checked = checker.check(row);
///             checked.findings().iter().for_each(|finding| println!("{finding}"));
///             if let Verdict::Send(_device) = checked.into_row().into_verdict() {
///                 sent += 1; // into a `Chunker`
///             }
///         }
///         Entry::Finding(finding) => println!("{finding}"),
///         _ => {}
///     }
/// }
/// assert_eq!(sent, 1);
/// ```
#[derive(Default)]
pub struct Checker {
    seen: Seen,
    /// Those of the last hash: their room is used again.
    bytes: Vec<u8>,
}

/// A row with what could be said of it when it was read. Made by [`Checker`].
#[derive(Clone, Debug)]
pub struct StreamedRow {
    row: CheckedRow,
    findings: Vec<Finding>,
    replaces: Vec<Origin>,
}

impl Checker {
    /// Checks the next row.
    pub fn check(&mut self, row: Row) -> StreamedRow {
        let Judged { mut row, mut findings, noted } = self.judge(row);
        let mut replaces = Vec::new();
        match noted {
            Noted::New(_) => {}
            Noted::Better(worse) => {
                replaces.extend(worse.into_iter().map(|row| self.seen.origin(row)));
                for earlier in &replaces {
                    let message = format!(
                        "the same device as {}, which says less and went before; both are sent",
                        earlier.seen_from(&row.origin)
                    );
                    findings.push(Finding::at(&row.origin, Rule::LateDuplicate, message));
                }
            }
            Noted::Same(first) => {
                let kept = self.seen.origin(first);
                findings.push(duplicate(&row.origin, &kept));
                row.verdict = Verdict::Duplicate(kept);
            }
        }
        StreamedRow { row, findings, replaces }
    }

    /// Checks the next row, and says what it is to those before it.
    fn judge(&mut self, row: Row) -> Judged {
        let alone = Alone::of(row, &mut self.bytes);
        self.seen.judge(alone)
    }
}

/// A row, and what can be said of it without any other.
struct Alone {
    /// Refused, or sent if it is no duplicate.
    row: CheckedRow,
    findings: Vec<Finding>,
    /// Of a row that is sent.
    traits: Option<Traits>,
    /// What is left of the row that was read: its columns have names.
    read: Row,
}

impl Alone {
    /// A hash is decoded into `bytes`.
    fn of(mut read: Row, bytes: &mut Vec<u8>) -> Self {
        let label = Label::of(&read.fields);
        let origin = read.origin.clone();
        let (customer, group_tag) = (read.customer.take(), read.group_tag.take());
        let device_id = read.device_id.take();
        let mut findings = std::mem::take(&mut read.findings);
        // Of a row that is broken as text the values are not looked at: they may stand in the wrong cells.
        let broken = findings.iter().find(|finding| finding.severity() == Severity::Error).cloned();
        let judged = broken.map_or_else(|| inspect(&mut read, bytes, &mut findings), Err);
        let (verdict, traits) = match judged {
            Ok((identity, traits)) => (Verdict::Send(identity), Some(traits)),
            Err(finding) => (Verdict::Refused(finding), None),
        };
        let row = CheckedRow {
            origin,
            label,
            verdict,
            measure: None,
            batch: None,
            customer,
            group_tag,
            device_id,
        };
        Self { row, findings, traits, read }
    }
}

impl Seen {
    /// What the next row is to those before it.
    fn judge(&mut self, alone: Alone) -> Judged {
        let Alone { row, mut findings, traits, read } = alone;
        let noted = self.note(&row.origin, traits.as_ref());
        if let Noted::New(Some(namesake)) = &noted
            && !findings.iter().any(|finding| finding.rule() == Rule::Placeholder)
        {
            let (what, field, other) = match namesake {
                Namesake::SerialNumber(other) => ("serial number", Field::SerialNumber, other),
                Namesake::ProductKey(other) => ("product key", Field::ProductKey, other),
            };
            let other = self.origin(*other);
            let other = other.seen_from(&row.origin);
            let message = format!("the same {what} as {other}, which is another device");
            let finding = Finding::at(&row.origin, Rule::SharedName, message);
            findings.push(finding.in_column(read.column(field)));
        }
        Judged { row, findings, noted }
    }
}

impl fmt::Debug for Checker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Checker").finish_non_exhaustive()
    }
}

struct Judged {
    /// Refused, or sent if it is no duplicate.
    row: CheckedRow,
    findings: Vec<Finding>,
    noted: Noted,
}

impl StreamedRow {
    /// The row.
    #[must_use]
    pub fn row(&self) -> &CheckedRow {
        &self.row
    }

    /// The row.
    #[must_use]
    pub fn into_row(self) -> CheckedRow {
        self.row
    }

    /// What was found in the row.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Earlier rows of the same device, which got [`Verdict::Send`] and say it less surely: this row is to be sent in
    /// their place, where that can still be done.
    #[must_use]
    pub fn replaces(&self) -> &[Origin] {
        &self.replaces
    }
}

pub(crate) fn duplicate(row: &Origin, kept: &Origin) -> Finding {
    let message = format!("the same device as {}; this row is not sent", kept.seen_from(row));
    Finding::at(row, Rule::Duplicate, message)
}

/// A fleet in the making. Which row is a duplicate of which is sure only at the end: a better one may come.
#[derive(Default)]
struct Check {
    seen: Seen,
    rows: Vec<Checked>,
    findings: Vec<Finding>,
}

/// A row, checked by itself.
struct Checked {
    row: CheckedRow,
    /// The row that is sent in the place of this one, when this one was found to be the same.
    same_as: Option<usize>,
    /// How many findings there were after it.
    findings: usize,
}

impl Check {
    fn add(&mut self, alone: Alone) {
        let Judged { row, mut findings, noted } = self.seen.judge(alone);
        let mut same_as = None;
        match noted {
            Noted::New(_) => {}
            Noted::Better(worse) => {
                let place = self.rows.len();
                worse.into_iter().for_each(|row| self.rows[row as usize].same_as = Some(place));
            }
            Noted::Same(first) => same_as = Some(first as usize),
        }
        self.findings.append(&mut findings);
        self.rows.push(Checked { row, same_as, findings: self.findings.len() });
    }

    /// The fleet, now that it is sure which rows are sent.
    fn end(mut self) -> Fleet {
        let mut fleet = Fleet::default();
        let mut findings = std::mem::take(&mut self.findings).into_iter();
        let mut given = 0;
        let sent: Vec<_> = (0..self.rows.len()).map(|place| self.sent_for(place)).collect();
        let origins: Vec<_> = self.rows.iter().map(|checked| checked.row.origin.clone()).collect();
        for (place, Checked { mut row, findings: until, .. }) in self.rows.into_iter().enumerate() {
            fleet.findings.extend(findings.by_ref().take(until - given));
            given = until;
            if sent[place] != place {
                let kept = origins[sent[place]].clone();
                fleet.findings.push(duplicate(&row.origin, &kept));
                row.verdict = Verdict::Duplicate(kept);
            }
            fleet.rows.push(row);
        }
        fleet.findings.extend(findings);
        fleet
    }

    /// The row that is sent for this one: itself, or the best that was found the same. Each step leads to a
    /// better row or to an equally good one that stays, so there are few.
    fn sent_for(&self, mut place: usize) -> usize {
        while let Some(better) = self.rows[place].same_as {
            place = better;
        }
        place
    }
}

impl CheckedRow {
    /// Where the row came from.
    #[must_use]
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// What is to be done with it.
    #[must_use]
    pub fn verdict(&self) -> &Verdict {
        &self.verdict
    }

    /// What the file says of the customer: see [`Row::customer`].
    #[must_use]
    pub fn customer(&self) -> Option<&str> {
        self.customer.as_deref()
    }

    /// What the file says of the group tag: see [`Row::group_tag`].
    #[must_use]
    pub fn group_tag(&self) -> Option<&str> {
        self.group_tag.as_deref()
    }

    /// What the file says of the device's id: see [`Row::device_id`].
    #[must_use]
    pub fn device_id(&self) -> Option<&str> {
        self.device_id.as_deref()
    }

    /// What is to be done with it.
    #[must_use]
    pub fn into_verdict(self) -> Verdict {
        self.verdict
    }

    /// The serial number, sent or not.
    #[must_use]
    pub fn serial_number(&self) -> Option<&str> {
        self.label.serial_number.as_deref()
    }

    /// The product key, sent or not.
    #[must_use]
    pub fn product_key(&self) -> Option<&str> {
        self.label.product_key.as_deref()
    }

    /// The start and length of the hardware hash.
    #[must_use]
    pub fn short_hash(&self) -> Option<&str> {
        self.label.hardware_hash.as_deref()
    }
}

impl Label {
    fn of(fields: &IdentityFields) -> Self {
        let text = |text: &Option<String>| text.as_deref().map(Into::into);
        Self {
            serial_number: text(&fields.serial_number),
            product_key: text(&fields.product_key),
            hardware_hash: fields.hardware_hash.as_ref().map(|hash| hash.to_string().into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str =
        "Device Serial Number,Windows Product ID,Hardware Hash,Manufacturer name,Device model\n";

    fn fleet(rows: &str) -> Fleet {
        Fleet::read(format!("{HEADER}{rows}").as_bytes(), "f.csv")
    }

    /// Each row's verdict, and each finding.
    fn shown(fleet: &Fleet) -> (Vec<String>, Vec<String>) {
        let verdict = |row: &CheckedRow| match &row.verdict {
            Verdict::Send(identity) => format!("{:?}", identity.kind()),
            Verdict::Duplicate(first) => format!("same as {first}"),
            Verdict::Refused(finding) => finding.rule().to_string(),
        };
        let finding =
            |finding: &Finding| format!("{}@{}", finding.rule(), finding.line().unwrap_or(0));
        // The short hashes of these tests are not what real ones are.
        let findings = fleet.findings.iter().filter(|finding| finding.rule() != Rule::HashLayout);
        (fleet.rows.iter().map(verdict).collect(), findings.map(finding).collect())
    }

    #[test]
    fn each_row_has_its_verdict() {
        for (rows, verdict, finding) in [
            ("S1,3305000000001,T0E=,Dell Inc.,X", "HardwareHash", None),
            (",,T0E=,,", "HardwareHash", None),
            (",3305000000001,,,", "ProductKey", None),
            ("S1,,,Dell Inc.,X", "Model", None),
            ("S1,,,,", "no-identity", Some("no-identity@2")),
            ("S1,,,Dell Inc.,", "no-identity", Some("no-identity@2")),
            (",,,Dell Inc.,X", "no-identity", Some("no-identity@2")),
            ("S1,,T0E,Dell Inc.,X", "hash-not-base64", Some("hash-not-base64@2")),
            ("S1,,T0E=T0E=,Dell Inc.,X", "hash-not-base64", Some("hash-not-base64@2")),
            ("S1,,#REF!,Dell Inc.,X", "spreadsheet-error", Some("spreadsheet-error@2")),
            ("S1,,T0-_,Dell Inc.,X", "hash-not-base64", Some("hash-not-base64@2")),
            (",00329-00000-0003-AA606,,,", "ProductKey", Some("product-key-form@2")),
            (",330500000001,T0E=,,", "HardwareHash", Some("product-key-form@2")),
            (",3.3E+12,T0E=,,", "scientific-notation", Some("scientific-notation@2")),
            ("S1,,,Dell, Inc.,X", "too-many-cells", Some("too-many-cells@2")),
            ("\"S1\n2\",,T0E=,,", "line-break-in-cell", Some("line-break-in-cell@2")),
        ] {
            let (verdicts, findings) = shown(&fleet(rows));
            assert_eq!(
                (verdicts, findings),
                (vec![verdict.to_owned()], finding.into_iter().map(str::to_owned).collect()),
                "{rows}"
            );
        }
    }

    #[test]
    fn the_second_row_of_a_device_is_not_sent() {
        for (what, rows, second) in [
            ("hash", "S1,,T0E=,M,N\nS2,,T0E=,M,N", "same as f.csv:2"),
            ("key", ",3305000000001,,,\nS2,3305000000001,,M,N", "same as f.csv:2"),
            ("key in another case", ",aa1,,,\n,AA1,,,", "same as f.csv:2"),
            ("tuple", "S1,,,M,N\nS1,,,M,N", "same as f.csv:2"),
            (
                "key beside a hash, then alone",
                "S2,3305000000001,T0E=,M,N\n,3305000000001,,,",
                "same as f.csv:2",
            ),
            ("tuple beside a hash, then alone", "S1,,T0E=,M,N\nS1,,,M,N", "same as f.csv:2"),
            ("tuple in another case", "S1,,,M,N\nS1,,,m,N", "Model"),
            ("tuple of another maker", "S1,,,M,N\nS1,,,M2,N", "Model"),
            (
                "two hashes, all else equal",
                "S1,3305000000001,T0E=,M,N\nS1,3305000000001,T0F=,M,N",
                "HardwareHash",
            ),
        ] {
            let (verdicts, findings) = shown(&fleet(rows));
            assert_eq!(verdicts[1], second, "{what}");
            let duplicate = second.starts_with("same");
            assert_eq!(
                findings.contains(&"duplicate@3".to_owned()),
                duplicate,
                "{what}: {findings:?}"
            );
        }
    }

    #[test]
    fn the_better_row_of_a_device_is_sent_wherever_it_stands() {
        let (hash, other, key, keyed, plain) = (
            "S1,3305000000001,T0E=,M,N",
            "S1,3305000000001,T0F=,M,N",
            ",3305000000001,,,",
            "S1,3305000000001,,M,N",
            "S1,,,M,N",
        );
        let (h, k, m) = ("HardwareHash", "ProductKey", "Model");
        for (what, rows, expected) in [
            ("key, hash", vec![key, hash], vec!["same as f.csv:3", h]),
            ("hash, key", vec![hash, key], vec![h, "same as f.csv:2"]),
            ("model, hash", vec![plain, hash], vec!["same as f.csv:3", h]),
            ("hash, model", vec![hash, plain], vec![h, "same as f.csv:2"]),
            ("model, key", vec![plain, keyed], vec!["same as f.csv:3", k]),
            ("key, model", vec![keyed, plain], vec![k, "same as f.csv:2"]),
            ("two of a kind", vec![plain, plain], vec![m, "same as f.csv:2"]),
            (
                "better and better",
                vec![plain, keyed, hash],
                vec!["same as f.csv:4", "same as f.csv:4", h],
            ),
            (
                "the best in the middle",
                vec![plain, hash, keyed],
                vec!["same as f.csv:3", h, "same as f.csv:3"],
            ),
            (
                "a duplicate of one that gave way",
                vec![plain, plain, hash, plain],
                vec!["same as f.csv:4", "same as f.csv:4", h, "same as f.csv:4"],
            ),
            (
                "two that were apart",
                vec![key, plain, hash],
                vec!["same as f.csv:4", "same as f.csv:4", h],
            ),
            // Not sent, the model says nothing against the second hash.
            ("model, two hashes", vec![plain, hash, other], vec!["same as f.csv:3", h, h]),
            ("two hashes, model", vec![hash, other, plain], vec![h, h, "same as f.csv:2"]),
            ("hash, model, hash", vec![hash, plain, other], vec![h, "same as f.csv:2", h]),
        ] {
            let (verdicts, findings) = shown(&fleet(&rows.join("\n")));
            assert_eq!(verdicts, expected, "{what}");
            let duplicates =
                expected.iter().enumerate().filter(|(_, said)| said.starts_with("same"));
            let said: Vec<_> =
                duplicates.map(|(row, _)| format!("duplicate@{}", row + 2)).collect();
            let findings: Vec<_> =
                findings.into_iter().filter(|rule| rule.starts_with("duplicate")).collect();
            assert_eq!(findings, said, "{what}");
        }
    }

    #[test]
    fn a_name_that_two_devices_share_is_said() {
        for (what, rows, expected) in [
            (
                "serial, maker, model",
                "S1,,T0E=,M,N\nS1,,T0F=,M,N",
                vec!["the same serial number as line 2"],
            ),
            ("serial alone", "S1,,T0E=,,N\nS1,,T0F=,,", vec!["the same serial number as line 2"]),
            ("another maker", "S1,,T0E=,M,N\nS1,,T0F=,M2,N", vec![]),
            (
                "key",
                ",3305000000001,T0E=,,\n,3305000000001,T0F=,,",
                vec!["the same product key as line 2"],
            ),
            ("two keys", "S1,1,,M,N\nS1,2,,M,N", vec!["the same serial number as line 2"]),
            ("no serial", ",,T0E=,M,N\n,,T0F=,M,N", vec![]),
            ("a refused row", "S1,,T0E,M,N\nS1,,T0F=,M,N", vec![]),
            ("a duplicate", "S1,,T0E=,M,N\nS1,,T0E=,M,N", vec![]),
            (
                "a third",
                "S1,,T0E=,M,N\nS1,,T0F=,M,N\nS1,,T0G=,M,N",
                vec!["the same serial number as line 2", "the same serial number as line 2"],
            ),
        ] {
            let fleet = fleet(rows);
            let said = fleet.findings.iter().filter(|finding| finding.rule() == Rule::SharedName);
            let said: Vec<_> =
                said.map(|finding| finding.message().split_once(',').unwrap().0).collect();
            assert_eq!(said, expected, "{what}");
        }
    }

    #[test]
    fn a_stream_gives_each_row_at_once_and_names_what_it_replaces() {
        let text = format!("{HEADER}S1,,,M,N\n,,,,x\nS1,1,,M,N\nS1,1,T0E=,M,N\nS1,,,M,N\n");
        let mut checker = Checker::default();
        let said: Vec<_> = read(text.as_bytes(), "f.csv")
            .filter_map(|entry| match entry {
                Entry::Row(row) => Some(checker.check(row)),
                _ => None,
            })
            .map(|checked| {
                let verdict = match checked.row().verdict() {
                    Verdict::Send(device) => format!("{:?}", device.kind()),
                    Verdict::Duplicate(kept) => format!("same as {kept}"),
                    Verdict::Refused(finding) => finding.rule().to_string(),
                };
                let lines: Vec<_> = checked.replaces().iter().map(Origin::line).collect();
                let last = checked.findings().last().map(|found| found.rule().id());
                format!("{verdict} {lines:?} {}", last.unwrap_or_default())
            })
            .collect();
        let expected = [
            "Model [] ",
            "no-identity [] no-identity",
            "ProductKey [2] late-duplicate",
            "HardwareHash [4] late-duplicate",
            "same as f.csv:5 [] duplicate",
        ];
        assert_eq!(said, expected);
    }

    proptest::proptest! {
        /// Any rows of few values: what is sent is all different, what is not has a reason, and a stream sends the
        /// same rows and those that it says were replaced.
        #[test]
        fn devices_are_told_apart(
            rows in proptest::collection::vec(proptest::collection::vec(0..3_usize, 5), 0..12),
        ) {
            let columns = [
                ["", "S1", "S2"], ["", "1", "2"], ["", "T0E=", "T0F="], ["M", "", "M"], ["N", "N", ""],
            ];
            let text: String = rows
                .iter()
                .map(|row| {
                    let cells = row.iter().zip(columns).map(|(choice, column)| column[*choice]);
                    cells.collect::<Vec<_>>().join(",") + "\n"
                })
                .collect();
            let text = format!("{HEADER}{text}");
            let fleet = Fleet::read(text.as_bytes(), "f.csv");

            // What each line is sent as, and what else it has.
            let entries = || read(text.as_bytes(), "f.csv").filter_map(|entry| match entry {
                Entry::Row(row) => Some(row),
                _ => None,
            });
            let mut known = std::collections::HashMap::new();
            for row in entries() {
                let f = row.fields.clone();
                let model = f.serial_number.zip(f.manufacturer).zip(f.model);
                let model = model.map(|((s, m), n)| format!("{s} {m} {n}"));
                let hash = f.hardware_hash.map(|hash| hash.expose().to_owned());
                let all: Vec<_> = [hash, f.product_key, model].into_iter().flatten().collect();
                known.insert(row.origin.line, all);
            }
            let sent = |fleet: &Fleet| -> Vec<u64> {
                let sent = fleet.rows.iter().filter(|row| matches!(row.verdict, Verdict::Send(_)));
                sent.map(|row| row.origin.line).collect()
            };
            let lines = sent(&fleet);
            for line in &lines {
                for other in lines.iter().filter(|other| *other != line) {
                    assert_ne!(known[line][0], known[other][0]);
                }
            }
            for row in &fleet.rows {
                match &row.verdict {
                    Verdict::Send(_) => {}
                    Verdict::Duplicate(kept) => assert!(lines.contains(&kept.line)),
                    Verdict::Refused(_) => assert!(known[&row.origin.line].is_empty()),
                }
            }

            let mut checker = Checker::default();
            let mut streamed = Vec::new();
            let mut replaced = Vec::new();
            for row in entries() {
                let checked = checker.check(row);
                if let Verdict::Send(_) = checked.row.verdict {
                    streamed.push(checked.row.origin.line);
                }
                replaced.extend(checked.replaces.iter().map(Origin::line));
            }
            streamed.retain(|line| !replaced.contains(line));
            assert_eq!(streamed, lines);
        }
    }

    #[test]
    fn findings_stay_in_the_order_of_the_rows() {
        let rows = "S1,,,M,N\n,12,,,\nS1,,T0E=,M,N\nS9\n";
        let (_, findings) = shown(&Fleet::read(format!("x,{HEADER}").as_bytes(), "f.csv"));
        assert_eq!(findings, ["ignored-column@1", "empty-file@0"]);
        let (_, findings) = shown(&fleet(rows));
        assert_eq!(findings, ["duplicate@2", "product-key-form@3", "no-identity@5"]);
    }

    #[test]
    fn a_third_row_and_another_file_name_the_first() {
        let file =
            |name: &'static str, rows: &str| read(io::Cursor::new(format!("{HEADER}{rows}")), name);
        let fleet =
            Fleet::check(file("a.csv", "S1,,,M,N\nS1,,,M,N\nS1").chain(file("b.csv", "S1,,,M,N")));
        let (verdicts, _) = shown(&fleet);
        assert_eq!(verdicts, ["Model", "same as a.csv:2", "no-identity", "same as a.csv:2"]);
        let last = fleet.findings().last().unwrap();
        assert_eq!(last.message(), "the same device as a.csv:2; this row is not sent");
        assert_eq!((fleet.devices(), fleet.rows().len(), fleet.has_errors()), (1, 4, true));
    }

    #[test]
    fn a_refused_row_does_not_stand_in_for_a_good_one() {
        let (verdicts, _) = shown(&fleet("S1,3305000000001,T0E,M,N\nS1,3305000000001,T0E=,M,N"));
        assert_eq!(verdicts, ["hash-not-base64", "HardwareHash"]);
    }

    #[test]
    fn a_finding_names_the_column_as_the_file_does_and_shows_no_hash() {
        let hash = format!("{}!", "T0HzAQEAHAAAAAoA".repeat(250));
        let fleet = Fleet::read(format!("HARDWARE HASH,serial\n{hash},S1\n").as_bytes(), "f.csv");
        let finding = &fleet.findings()[0];
        assert_eq!(finding.column(), Some("HARDWARE HASH"));
        assert_eq!(finding.message(), "character 4001 of the hardware hash is none of base64");
        assert_eq!(fleet.rows()[0].short_hash(), Some("T0HzAQ…(4001 characters)"));
        assert!(!format!("{fleet:?}").contains("T0HzAQEAHAAAAAoA"));
        let cut = Fleet::read(format!("{HEADER},,{},,\n", &hash[..3998]).as_bytes(), "f.csv");
        assert!(cut.findings()[0].message().contains("these 3998 characters"));
    }
}
