//! From rows to devices. Decides for each row whether it is sent, and as what; if not, why not. No row is
//! lost: those that are not sent stay in the fleet with their reason.
//!
//! Two rows are the same device if they send the same hardware hash, the same product key, or the same serial
//! number, manufacturer and model; or if one of them sends what the other has beside a better combination. Two
//! different hashes are two devices even if all else is equal: placeholder serial numbers are common.
//!
//! Of equal rows one is sent: that with the better combination, hash over key over model, because it finds the
//! device most surely; of equally good ones the first. A row that is not sent speaks for no other.

use std::collections::{HashMap, HashSet};
use std::io;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use partner_center_devices::{DeviceIdentity, DeviceKind, IdentityFields};
use sha2::{Digest, Sha256};

use crate::finding::{Finding, Origin, Rule, Severity};
use crate::read::{Entry, Field, Row, read};

/// The rows of one or more files, checked, and everything that was found.
#[derive(Clone, Debug, Default)]
pub struct Fleet {
    rows: Vec<FleetRow>,
    findings: Vec<Finding>,
}

/// One row and what is to be done with it.
#[derive(Clone, Debug)]
pub struct FleetRow {
    pub(crate) origin: Origin,
    pub(crate) label: Label,
    pub(crate) verdict: Verdict,
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

    /// Checks rows. Files are one fleet if their entries are chained.
    pub fn check(entries: impl IntoIterator<Item = Entry>) -> Self {
        let mut check = Check::default();
        for entry in entries {
            match entry {
                Entry::Row(row) => check.add(row),
                Entry::Finding(finding) => check.findings.push(finding),
            }
        }
        check.end()
    }

    /// All rows, in the order they were read.
    #[must_use]
    pub fn rows(&self) -> &[FleetRow] {
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

    pub(crate) fn into_rows(self) -> Vec<FleetRow> {
        self.rows
    }
}

/// A fleet in the making. Which row is a duplicate of which is sure only at the end: a better one may come.
#[derive(Default)]
struct Check {
    rows: Vec<Checked>,
    findings: Vec<Finding>,
    seen: Seen,
}

/// A row, checked by itself.
struct Checked {
    row: FleetRow,
    /// The row that is sent in the place of this one, when this one was found to be the same.
    same_as: Option<usize>,
    /// How many findings there were after it.
    findings: usize,
}

impl Check {
    fn add(&mut self, mut row: Row) {
        let label = Label::of(&row.fields);
        let origin = row.origin.clone();
        let mut findings = std::mem::take(&mut row.findings);
        let broken = findings.iter().find(|finding| finding.severity() == Severity::Error).cloned();
        let place = self.rows.len();
        let mut same_as = None;
        let verdict = match broken.map_or_else(|| judge(row, &mut findings), Err) {
            Ok((identity, traits)) => {
                match self.seen.note(&traits, place) {
                    Noted::New => {}
                    Noted::Better(worse) => {
                        worse.into_iter().for_each(|row| self.rows[row].same_as = Some(place));
                    }
                    Noted::Same(first) => same_as = Some(first),
                }
                Verdict::Send(identity)
            }
            Err(finding) => Verdict::Refused(finding),
        };
        self.findings.append(&mut findings);
        let row = FleetRow { origin, label, verdict };
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
                let same = if kept.source == row.origin.source {
                    format!("line {}", kept.line)
                } else {
                    kept.to_string()
                };
                let message = format!("the same device as {same}; this row is not sent");
                fleet.findings.push(Finding::at(&row.origin, Rule::Duplicate, message));
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

impl FleetRow {
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

/// What a row is sent as and known by, or the error that forbids it. Warnings go to `findings`.
fn judge(mut row: Row, findings: &mut Vec<Finding>) -> Result<(DeviceIdentity, Traits), Finding> {
    let traits = Traits::of(&row.fields);
    let identity = match std::mem::take(&mut row.fields).choose() {
        Ok(identity) => identity,
        Err(refused) => {
            let finding = Finding::at(&row.origin, Rule::NoIdentity, refused.to_string());
            findings.push(finding.clone());
            return Err(finding);
        }
    };
    if let Some(problem) = identity.hardware_hash().and_then(|hash| not_base64(hash.expose())) {
        let column = row.column(Field::HardwareHash);
        let finding = Finding::at(&row.origin, Rule::HashNotBase64, problem).in_column(column);
        findings.push(finding.clone());
        return Err(finding);
    }
    if let Some(key) = identity.product_key()
        && !(key.len() == 13 && key.bytes().all(|byte| byte.is_ascii_digit()))
    {
        let message = "the product key is not a number of 13 digits";
        let column = row.column(Field::ProductKey);
        findings.push(Finding::at(&row.origin, Rule::ProductKeyForm, message).in_column(column));
    }
    Ok((identity, traits))
}

/// Base64 as .NET decodes it: padded, and without care for unused bits at the end.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true),
);

/// What keeps a text from being base64. Says nothing of the text itself but its length.
fn not_base64(text: &str) -> Option<String> {
    BASE64.decode(text).err()?;
    let length = text.chars().count();
    let foreign = |c: char| !(c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '='));
    Some(match text.chars().position(foreign) {
        Some(place) => format!("character {} of the hardware hash is none of base64", place + 1),
        None => {
            format!("the hardware hash is cut or changed: no base64 has these {length} characters")
        }
    })
}

/// A fingerprint of one thing that tells devices apart: equal for equal ones, and small.
type Fingerprint = [u8; 16];

/// What a row is known by: first what it is sent as, then what else would be enough.
struct Traits {
    kind: DeviceKind,
    hash: Option<Fingerprint>,
    key: Option<Fingerprint>,
    tuple: Option<Fingerprint>,
}

impl Traits {
    fn of(fields: &IdentityFields) -> Self {
        let hash = fields.hardware_hash.as_ref().map(|hash| fingerprint(&["hash", hash.expose()]));
        let key =
            fields.product_key.as_ref().map(|key| fingerprint(&["key", &key.to_ascii_uppercase()]));
        let tuple = match (&fields.serial_number, &fields.manufacturer, &fields.model) {
            (Some(serial), Some(maker), Some(model)) => {
                Some(fingerprint(&["tuple", serial, maker, model]))
            }
            _ => None,
        };
        let kind = match (hash, key) {
            (Some(_), _) => DeviceKind::HardwareHash,
            (None, Some(_)) => DeviceKind::ProductKey,
            (None, None) => DeviceKind::Model,
        };
        Self { kind, hash, key, tuple }
    }

    /// What it is sent as, and what it has beside that.
    fn sent_and_beside(&self) -> (Option<Fingerprint>, [Option<Fingerprint>; 2]) {
        match self.kind {
            DeviceKind::HardwareHash => (self.hash, [self.key, self.tuple]),
            DeviceKind::ProductKey => (self.key, [self.tuple, None]),
            _ => (self.tuple, [None, None]),
        }
    }
}

fn fingerprint(parts: &[&str]) -> Fingerprint {
    let mut sha = Sha256::new();
    for part in parts {
        sha.update((part.len() as u64).to_le_bytes()); // so that parts cannot run into one another
        sha.update(part.as_bytes());
    }
    let mut short = [0; 16];
    short.copy_from_slice(&sha.finalize()[..16]);
    short
}

/// The rows that are to be sent so far, by what they are known by.
#[derive(Default)]
struct Seen {
    sent: HashMap<Fingerprint, Known>,
    beside: HashMap<Fingerprint, Known>,
    /// Rows that gave way to better ones. What they are known by counts no more.
    gone: HashSet<usize>,
}

#[derive(Clone, Copy)]
struct Known {
    row: usize,
    kind: DeviceKind,
}

/// What a row is to those before it.
enum Noted {
    /// Another device.
    New,
    /// The same as these, and it says the device better.
    Better(Vec<usize>),
    /// The same as this, which says it as well or better.
    Same(usize),
}

impl Seen {
    /// Looks for the device of a row, and remembers the row if it is to be sent.
    fn note(&mut self, traits: &Traits, row: usize) -> Noted {
        let (sent, beside) = traits.sent_and_beside();
        let all = sent.iter().chain(beside.iter().flatten());
        let same: Vec<Known> = all
            .filter_map(|print| self.sent.get(print))
            .chain(sent.iter().filter_map(|print| self.beside.get(print)))
            .filter(|known| !self.gone.contains(&known.row))
            .copied()
            .collect();
        if let Some(first) = same.iter().find(|known| rank(known.kind) >= rank(traits.kind)) {
            return Noted::Same(first.row);
        }
        self.gone.extend(same.iter().map(|known| known.row));

        let known = Known { row, kind: traits.kind };
        self.sent.extend(sent.map(|print| (print, known)));
        for print in beside.into_iter().flatten() {
            let first = self.beside.entry(print).or_insert(known);
            if self.gone.contains(&first.row) {
                *first = known;
            }
        }
        if same.is_empty() {
            Noted::New
        } else {
            Noted::Better(same.into_iter().map(|known| known.row).collect())
        }
    }
}

/// How surely a combination finds its device.
fn rank(kind: DeviceKind) -> u8 {
    match kind {
        DeviceKind::HardwareHash => 2,
        DeviceKind::ProductKey => 1,
        _ => 0,
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
        let verdict = |row: &FleetRow| match &row.verdict {
            Verdict::Send(identity) => format!("{:?}", identity.kind()),
            Verdict::Duplicate(first) => format!("same as {first}"),
            Verdict::Refused(finding) => finding.rule().to_string(),
        };
        let finding =
            |finding: &Finding| format!("{}@{}", finding.rule(), finding.line().unwrap_or(0));
        (fleet.rows.iter().map(verdict).collect(), fleet.findings.iter().map(finding).collect())
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
            ("S1,,#REF!,Dell Inc.,X", "hash-not-base64", Some("hash-not-base64@2")),
            ("S1,,T0-_,Dell Inc.,X", "hash-not-base64", Some("hash-not-base64@2")),
            (",00329-00000-0003-AA606,,,", "ProductKey", Some("product-key-form@2")),
            (",330500000001,T0E=,,", "HardwareHash", Some("product-key-form@2")),
            (",3.3E+12,T0E=,,", "HardwareHash", Some("product-key-form@2")),
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
            assert_eq!(findings, said, "{what}");
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
