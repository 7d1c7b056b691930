//! From rows to devices. Decides for each row whether it is sent, and as what; if not, why not. No row is
//! lost: those that are not sent stay in the fleet with their reason.
//!
//! Two rows are the same device if they send the same hardware hash, the same product key, or the same serial
//! number, manufacturer and model; or if one of them sends what the other has beside a better combination. Two
//! different hashes are two devices even if all else is equal: placeholder serial numbers are common. Of equal
//! rows the first is sent, because the service would do the first and refuse the second.

use std::collections::HashMap;
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
    /// It is the same device as this earlier row, and is not sent.
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
        let mut fleet = Self::default();
        let mut seen = Seen::default();
        for entry in entries {
            match entry {
                Entry::Row(row) => fleet.add(row, &mut seen),
                Entry::Finding(finding) => fleet.findings.push(finding),
            }
        }
        fleet
    }

    fn add(&mut self, mut row: Row, seen: &mut Seen) {
        let label = Label::of(&row.fields);
        let origin = row.origin.clone();
        let mut findings = std::mem::take(&mut row.findings);
        let broken = findings.iter().find(|finding| finding.severity() == Severity::Error).cloned();
        let verdict = match broken.map_or_else(|| judge(row, &mut findings), Err) {
            Ok((identity, traits)) => match seen.note(&traits, &origin) {
                None => Verdict::Send(identity),
                Some(first) => {
                    let same = if first.source == origin.source {
                        format!("line {}", first.line)
                    } else {
                        first.to_string()
                    };
                    let message = format!("the same device as {same}; this row is not sent");
                    findings.push(Finding::at(&origin, Rule::Duplicate, message));
                    Verdict::Duplicate(first)
                }
            },
            Err(finding) => Verdict::Refused(finding),
        };
        self.findings.append(&mut findings);
        self.rows.push(FleetRow { origin, label, verdict });
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

/// The rows that were seen, by what they are known by.
#[derive(Default)]
struct Seen {
    sent: HashMap<Fingerprint, Origin>,
    beside: HashMap<Fingerprint, Origin>,
}

impl Seen {
    /// The earlier row of the same device; else this one is remembered.
    fn note(&mut self, traits: &Traits, origin: &Origin) -> Option<Origin> {
        let (sent, beside) = traits.sent_and_beside();
        let all = sent.iter().chain(beside.iter().flatten());
        let earlier = all
            .filter_map(|print| self.sent.get(print))
            .chain(sent.iter().filter_map(|print| self.beside.get(print)))
            .next();
        if let Some(first) = earlier {
            return Some(first.clone());
        }
        self.sent.extend(sent.map(|print| (print, origin.clone())));
        for print in beside.into_iter().flatten() {
            self.beside.entry(print).or_insert_with(|| origin.clone());
        }
        None
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
                "key, then beside a hash",
                ",3305000000001,,,\nS2,3305000000001,T0E=,M,N",
                "same as f.csv:2",
            ),
            (
                "key beside a hash, then alone",
                "S2,3305000000001,T0E=,M,N\n,3305000000001,,,",
                "same as f.csv:2",
            ),
            ("tuple beside a hash, then alone", "S1,,T0E=,M,N\nS1,,,M,N", "same as f.csv:2"),
            ("tuple, then beside a key", "S1,,,M,N\nS1,3305000000001,,M,N", "same as f.csv:2"),
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
