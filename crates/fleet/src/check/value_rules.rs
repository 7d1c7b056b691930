//! Checks the values of a row by itself, and chooses the values that identify its device.
//!
//! 1. Each value is good, replaced, doubtful or unusable; see [`Effect`].
//! 2. Unusable values are left out. [`IdentityFields::choose`] decides on the others.
//! 3. If they identify the device, an unusable value is a warning. If they do not, each unusable value is an error, and
//!    the row is invalid.

use std::borrow::Cow;

use partner_center_devices::raw::hash_contents::ParsedHash;
use partner_center_devices::{DeviceIdentity, HardwareHash, IdentityFields};

use crate::check::cell_problem::{CellProblem, Effect};
use crate::check::checked_row::{Label, Reliability, RowValues};
use crate::check::damage;
use crate::check::dedup::DeviceKeys;
use crate::check::finding::Finding;
use crate::check::hash_rules::{CheckedHash, check_hash, compare_with_row};
use crate::check::quoted::contains_license_key;
use crate::check::rule::{Rule, Severity};
use crate::check::text_rules::{OtherValues, text_of, text_problems};
use crate::device_model::DeviceModel;
use crate::input::{Field, Row};
use crate::origin::Origin;

/// The device to send with its keys, or the first error of the row.
pub(super) type CheckedDevice = Result<(DeviceIdentity, DeviceKeys), Finding>;

/// The fields in the order of their findings.
const FIELDS: [Field; 5] = [
    Field::SerialNumber,
    Field::ProductKey,
    Field::Manufacturer,
    Field::Model,
    Field::HardwareHash,
];

/// The number of times that a value may be replaced. Each replacement removes something, so few are needed.
const MAX_REPLACEMENTS: usize = 4;

/// Checks the values of a row and takes them out of it. `problems` are those of cells whose text cannot be read. Adds all
/// findings to `findings` and decodes the hardware hash into `buffer`.
pub(super) fn check_values(
    row: &mut Row,
    buffer: &mut Vec<u8>,
    mut problems: Vec<(Field, CellProblem)>,
    findings: &mut Vec<Finding>,
) -> (CheckedDevice, RowValues) {
    let mut fields = std::mem::take(&mut row.fields);
    let mut unusable = IdentityFields::default();
    for (field, _) in &problems {
        move_value(*field, &mut fields, &mut unusable);
    }
    let hash = check_hash_field(&mut fields, buffer, &mut problems);
    for field in [Field::Manufacturer, Field::Model, Field::ProductKey, Field::SerialNumber] {
        check_text_field(field, &mut fields, &hash, &mut problems);
    }
    for (field, problem) in &problems {
        if problem.effect == Effect::Unusable {
            move_value(*field, &mut fields, &mut unusable);
        }
    }
    let sent = SentFields::of(&fields);

    let mut report = |field: Field, rule: Rule, message: String| {
        findings.push(Finding::at(&row.origin, rule, message).in_column(row.column(field)));
    };
    problems.sort_by_key(|(field, _)| FIELDS.iter().position(|other| other == field)); // stable
    for (field, problem) in &problems {
        if let Some((rule, message)) = sent.judge(*field, problem) {
            report(*field, rule, message);
        }
    }
    if let Some(contents) = &hash.contents {
        for (field, rule, message) in compare_with_row(contents, &fields) {
            report(field, rule, message);
        }
    }
    if sent == SentFields::Incomplete {
        findings.extend(no_identity(row, &fields, &problems));
    }
    match findings.iter().find(|finding| finding.severity() == Severity::Error) {
        Some(error) => (Err(error.clone()), invalid(fields, unusable, &problems)),
        None => {
            let has_doubtful_serial = problems.iter().any(is_doubtful_serial);
            valid(fields, &hash, has_doubtful_serial, &row.origin)
        }
    }
}

/// Checks the hardware hash, and checks it again if it is replaced.
fn check_hash_field<'a>(
    fields: &mut IdentityFields,
    buffer: &'a mut Vec<u8>,
    problems: &mut Vec<(Field, CellProblem)>,
) -> CheckedHash<'a> {
    let Some(hash) = &mut fields.hardware_hash else { return CheckedHash::default() };
    // Most hashes have the usual length and are valid base64, so they need no search for damage.
    let is_usual = hash.expose().len() == damage::HASH_LENGTH;
    let usual = is_usual.then(|| ParsedHash::decode(hash, buffer).map(<[u8]>::len));
    if !matches!(usual, Some(Ok(_)))
        && let Some(problem) = damage::find_in_hash(hash.expose())
    {
        let replacement = match &problem.effect {
            Effect::Replaced(value) => Some(HardwareHash::new(value.clone())),
            _ => None,
        };
        problems.push((Field::HardwareHash, problem));
        match replacement {
            Some(value) => *hash = value,
            None => return CheckedHash::default(),
        }
    }
    let decoded = match usual {
        Some(Ok(length)) => Ok(&buffer[..length]),
        _ => ParsedHash::decode(hash, buffer),
    };
    let mut checked = check_hash(hash, decoded);
    let found = std::mem::take(&mut checked.problems);
    problems.extend(found.into_iter().map(|problem| (Field::HardwareHash, problem)));
    checked
}

/// Checks the text of a field, and checks it again if it is replaced.
fn check_text_field(
    field: Field,
    fields: &mut IdentityFields,
    hash: &CheckedHash<'_>,
    problems: &mut Vec<(Field, CellProblem)>,
) {
    for _ in 0..=MAX_REPLACEMENTS {
        let Some(text) = text_of(fields, field) else { return };
        let others = OtherValues { row: fields, hash: hash.proof() };
        let mut replacement = None;
        for problem in text_problems(field, text, &others) {
            if let Effect::Replaced(value) = &problem.effect {
                replacement = Some(value.clone());
            }
            problems.push((field, problem));
        }
        let Some(value) = replacement else { return };
        set_text(fields, field, value);
    }
}

fn set_text(fields: &mut IdentityFields, field: Field, value: String) {
    let text = match field {
        Field::SerialNumber => &mut fields.serial_number,
        Field::ProductKey => &mut fields.product_key,
        Field::Manufacturer => &mut fields.manufacturer,
        Field::Model => &mut fields.model,
        Field::HardwareHash => return fields.hardware_hash = Some(HardwareHash::new(value)),
    };
    *text = Some(value);
}

/// Moves the value of a field, if there is one.
fn move_value(field: Field, from: &mut IdentityFields, to: &mut IdentityFields) {
    let (from, to) = match field {
        Field::SerialNumber => (&mut from.serial_number, &mut to.serial_number),
        Field::ProductKey => (&mut from.product_key, &mut to.product_key),
        Field::Manufacturer => (&mut from.manufacturer, &mut to.manufacturer),
        Field::Model => (&mut from.model, &mut to.model),
        Field::HardwareHash => {
            if let Some(hash) = from.hardware_hash.take() {
                to.hardware_hash = Some(hash);
            }
            return;
        }
    };
    if let Some(text) = from.take() {
        *to = Some(text);
    }
}

/// The error of a row without an identity. Names the values that cannot be used and the columns that were ignored, because
/// one of them may be the easiest to correct. `None` if the row needs no more than the correction of values that have
/// their own errors.
fn no_identity(
    row: &Row,
    usable: &IdentityFields,
    problems: &[(Field, CellProblem)],
) -> Option<Finding> {
    let unusable: Vec<Field> = FIELDS
        .into_iter()
        .filter(|field| {
            let is_unusable = |(other, problem): &(Field, CellProblem)| {
                other == field && problem.effect == Effect::Unusable
            };
            problems.iter().any(is_unusable)
        })
        .collect();
    let has_error = problems.iter().any(|(_, problem)| {
        problem.effect == Effect::Unusable && problem.rule.severity() == Severity::Error
    });
    let corrected = SentFields::of_present(|field| has(usable, field) || unusable.contains(&field));
    let is_enough = has_error && corrected != SentFields::Incomplete;
    if is_enough && row.likely_column_hint(usable).is_none() {
        return None;
    }
    let mut parts = Vec::new();
    if *usable == IdentityFields::default() && !unusable.is_empty() {
        parts.push("no other value identifies the device".to_owned());
    } else {
        parts.extend(usable.clone().choose().err().map(|error| error.to_string()));
    }
    if !unusable.is_empty() {
        let nouns: Vec<_> = unusable.iter().map(|field| field.noun()).collect();
        parts.push(format!("the {} cannot be used", nouns.join(" and the ")));
    }
    parts.extend(row.ignored_hint(usable));
    Some(Finding::at(&row.origin, Rule::NoIdentity, parts.join("; ")))
}

/// Returns true if the field has a value.
fn has(fields: &IdentityFields, field: Field) -> bool {
    match field {
        Field::HardwareHash => fields.hardware_hash.is_some(),
        _ => text_of(fields, field).is_some(),
    }
}

/// Returns true for a serial number that is sent although it may not be one.
fn is_doubtful_serial((field, problem): &(Field, CellProblem)) -> bool {
    let rules = [Rule::LooksLikeDate, Rule::UnlikelySerialNumber];
    *field == Field::SerialNumber
        && problem.effect == Effect::Doubtful
        && rules.contains(&problem.rule)
}

fn valid(
    mut fields: IdentityFields,
    hash: &CheckedHash<'_>,
    has_doubtful_serial: bool,
    origin: &Origin,
) -> (CheckedDevice, RowValues) {
    let mut values = RowValues { label: Label::of(&fields), ..RowValues::default() };
    let keys = DeviceKeys::new(&fields, hash.digest, hash.proof(), has_doubtful_serial);
    if SentFields::of(&fields) != SentFields::Model {
        values.manufacturer = fields.manufacturer.take().map(Into::into);
        values.model = fields.model.take().map(Into::into);
    }
    if fields.model.is_none() && values.model.is_none() {
        values.model_in_hash = hash.proof().and_then(model_in).map(Box::new);
    }
    let device = match fields.choose() {
        Ok(identity) => Ok((identity, keys)),
        Err(error) => Err(Finding::at(origin, Rule::NoIdentity, error.to_string())),
    };
    (device, values)
}

/// Returns the model inside of a hash.
fn model_in(hash: &ParsedHash<'_>) -> Option<DeviceModel> {
    let text = |text: Option<&[u8]>| text.map(String::from_utf8_lossy).map(Cow::into_owned);
    let (manufacturer, model) = (text(hash.manufacturer), text(hash.model));
    DeviceModel::new(manufacturer.as_deref(), model.as_deref())
}

fn invalid(
    mut fields: IdentityFields,
    mut unusable: IdentityFields,
    problems: &[(Field, CellProblem)],
) -> RowValues {
    let texts = [&mut unusable.serial_number, &mut unusable.product_key];
    texts.into_iter().chain([&mut unusable.manufacturer, &mut unusable.model]).for_each(|text| {
        text.take_if(|text| contains_license_key(text)); // a secret
    });
    // A value of an unusual form may still be the one that the service has.
    let lost = problems.iter().filter(|(_, problem)| {
        problem.effect == Effect::Unusable
            && !matches!(problem.rule, Rule::ProductKeyForm | Rule::WindowsProductId)
    });
    let reliability = Reliability::Except(lost.map(|(field, _)| *field).collect());
    for field in FIELDS {
        move_value(field, &mut unusable, &mut fields);
    }
    RowValues {
        label: Label::of(&fields),
        manufacturer: fields.manufacturer.map(Into::into),
        model: fields.model.map(Into::into),
        model_in_hash: None,
        reliability,
    }
}

/// The combination of fields that a row sends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum SentFields {
    Hash,
    ProductKey,
    Model,
    /// The usable fields do not identify a device, so the row sends nothing.
    Incomplete,
}

impl SentFields {
    fn of(usable: &IdentityFields) -> Self {
        Self::of_present(|field| has(usable, field))
    }

    /// Chooses among the fields that are present.
    fn of_present(is_present: impl Fn(Field) -> bool) -> Self {
        let model = [Field::SerialNumber, Field::Manufacturer, Field::Model];
        if is_present(Field::HardwareHash) {
            Self::Hash
        } else if is_present(Field::ProductKey) {
            Self::ProductKey
        } else if model.into_iter().all(is_present) {
            Self::Model
        } else {
            Self::Incomplete
        }
    }

    /// Returns true if the field is sent. In an incomplete row all fields count, so that all problems are reported.
    fn contains(self, field: Field) -> bool {
        match self {
            Self::Hash => !matches!(field, Field::Manufacturer | Field::Model),
            Self::ProductKey => field == Field::ProductKey,
            Self::Model | Self::Incomplete => true,
        }
    }

    /// Returns the rule and message to report for a problem, if any.
    fn judge(self, field: Field, problem: &CellProblem) -> Option<(Rule, String)> {
        let identified = match self {
            Self::Hash => "the hardware hash identifies",
            Self::ProductKey => "the product key identifies",
            Self::Model => "serial number, manufacturer and model identify",
            Self::Incomplete => "",
        };
        let CellProblem { rule, message, effect } = problem;
        match effect {
            Effect::Unusable if self == Self::Incomplete => Some((*rule, message.clone())),
            Effect::Unusable => {
                let is_error = rule.severity() == Severity::Error;
                let rule = if is_error { Rule::UnusedDamage } else { *rule };
                Some((rule, format!("{message}; it is not sent, because {identified} the device")))
            }
            Effect::Replaced(_) => Some((*rule, message.clone())),
            Effect::Doubtful => self.contains(field).then(|| (*rule, message.clone())),
        }
    }
}

#[cfg(test)]
mod tests {
    use partner_center_devices_testkit::hash::{HashBuilder, encode};

    use super::*;
    use crate::check::checked_row::RowStatus;
    use crate::check::fleet::Fleet;
    use crate::check::test_hashes::{hash_of, with_hashes};

    const HEADER: &str = "Serial,PKID,Hash,Make,Model\n";

    /// Returns each finding as `severity rule@column`, and the messages.
    fn found(row: &str) -> (Vec<String>, Vec<String>) {
        let fleet = Fleet::read(format!("{HEADER}{row}\n").as_bytes(), "f.csv");
        let findings = fleet.findings().iter();
        let short = |finding: &Finding| {
            let column = finding.column().unwrap_or_default();
            format!("{} {}@{column}", finding.severity(), finding.rule())
        };
        findings.map(|finding| (short(finding), finding.message().to_owned())).unzip()
    }

    #[test]
    fn unusable_value_is_an_error_if_no_other_value_identifies_the_device() {
        let good = with_hashes("<1>");
        for (row, expected) in [
            ("1.23E+11,,,M,N", &["error scientific-notation@Serial"][..]),
            ("S1,3.3E+12,,M,N", &["warning unused-damage@PKID"]),
            ("S1,00330-80000-00000-AA001,,M,N", &["warning unused-damage@PKID"]),
            ("S1,00330-80000-00000-AA001,,M,", &["error windows-product-id@PKID"]),
            ("S1,305000000001,{},M,N", &["warning unused-damage@PKID"]),
            ("S1,305000000001,,,", &["error product-key-form@PKID"]),
            ("S1,,,#N/A,N", &["error spreadsheet-error@Make"]),
            ("S1,,,M,Jan-24", &["warning looks-like-date@Model"]),
            ("S1,,#REF!,M,N", &["warning unused-damage@Hash"]),
            ("S\u{200B}1,,{},M,N", &["warning unused-damage@Serial"]),
            ("S\u{7}1,3305000000001,,M,N", &["warning unused-damage@Serial"]),
            ("S1,33050\u{AD}00000001,,M,N", &["warning unused-damage@PKID"]),
            ("S1,,,M\u{200B},N", &["error control-character@Make"]),
            ("S1,,T0E,M,N", &["warning unused-damage@Hash"]),
            ("S1,,AAAA,M,", &["error not-a-hash@Hash"]),
            ("#N/A,3305000000001,,M,N", &["warning unused-damage@Serial"]),
            ("#N/A,,{},M,N", &["warning unused-damage@Serial"]),
            ("Jan-24,3305000000001,,M,N", &[]),
            (
                "1E+11,3E+12,,#N/A,Jan-24",
                &[
                    "error scientific-notation@Serial",
                    "error scientific-notation@PKID",
                    "error spreadsheet-error@Make",
                    "warning looks-like-date@Model",
                ],
            ),
        ] {
            assert_eq!(found(&row.replace("{}", &good)).0, expected, "{row}");
        }
    }

    #[test]
    fn message_names_the_identity_or_the_values_that_are_missing() {
        let good = with_hashes("<1>");
        let lost = "\"3.3E+12\" is a number that lost digits in a spreadsheet";
        for (row, expected) in [
            (
                "S1,3.3E+12,{},M,N",
                format!("{lost}; it is not sent, because the hardware hash identifies the device"),
            ),
            (
                "#N/A,3305000000001,,M,N",
                "\"#N/A\" is a spreadsheet error, not a value; it is not sent, because the product key identifies the device"
                    .to_owned(),
            ),
            (
                "S1,3.3E+12,,M,N",
                format!(
                    "{lost}; it is not sent, because serial number, manufacturer and model identify the device"
                ),
            ),
            ("S1,3.3E+12,,,", lost.to_owned()),
            (
                "#N/A,,,M,",
                "the manufacturer does not identify a device without other fields; add the hardware hash, the product key, or the serial number with manufacturer and model; the serial number cannot be used"
                    .to_owned(),
            ),
            (
                "#N/A,,,,",
                "no other value identifies the device; the serial number cannot be used".to_owned(),
            ),
        ] {
            assert_eq!(found(&row.replace("{}", &good)).1.last(), Some(&expected), "{row}");
        }
    }

    #[test]
    fn lost_zeros_of_a_product_key_are_restored_from_the_hash() {
        let hash = hash_of("", "", "", "0305000000001");
        let (rules, _) = found(&format!(",305000000001,{hash},,"));
        assert_eq!(rules, ["warning lost-zeros@PKID"]);
        let (rules, _) = found(&format!(",305000000002,{hash},,"));
        assert_eq!(rules, ["warning unused-damage@PKID"]);
        let fleet = Fleet::read(format!("PKID,Hash\n305000000001,{hash}\n").as_bytes(), "f.csv");
        assert_eq!(fleet.rows()[0].product_key(), Some("0305000000001"));
    }

    #[test]
    fn unusable_values_are_not_sent_and_not_shown_as_those_of_a_valid_row() {
        let csv = with_hashes(&format!("{HEADER}#N/A,12,<1>,M,N\n#N/A,12,,M,N\n"));
        let fleet = Fleet::read(csv.as_bytes(), "f.csv");
        let [valid, invalid] = fleet.rows() else { panic!() };
        let RowStatus::Ready(device) = valid.status() else { panic!() };
        assert_eq!((device.serial_number(), device.product_key()), (None, None));
        assert_eq!((valid.serial_number(), valid.product_key()), (None, None));
        assert_eq!((valid.manufacturer(), valid.model()), (Some("M"), Some("N")));
        assert_eq!((invalid.serial_number(), invalid.product_key()), (Some("#N/A"), Some("12")));
        assert_eq!((invalid.manufacturer(), invalid.model()), (Some("M"), Some("N")));
    }

    #[test]
    fn license_key_is_never_kept() {
        let csv = format!("{HEADER}S1,VK7JG-NPHTM-C97JM-9MPGT-3V66T,,M,\n");
        let fleet = Fleet::read(csv.as_bytes(), "f.csv");
        assert!(matches!(fleet.rows()[0].status(), RowStatus::Invalid(_)));
        assert!(!format!("{fleet:?}").contains("NPHTM"));
    }

    #[test]
    fn placeholder_is_reported_if_it_is_sent() {
        let in_serial = ["warning placeholder@Serial"];
        assert_eq!(found("Default string,,,M,N").0, in_serial);
        assert_eq!(found("Default string,3305000000001,,M,N").0, [""; 0]);
        assert_eq!(found("S1,,,System manufacturer,N").0, ["warning placeholder@Make"]);
    }

    #[test]
    fn hash_is_compared_with_its_row() {
        let hash = hash_of("0012ab", "Dell Inc.", "Latitude 5450", "3305000000001");
        for (row, expected) in [
            ("0012AB,3305000000001,{},Dell Inc.,Latitude 5450", &[][..]),
            (",,{},,", &[]),
            (
                "S1,,{},,",
                &[
                    "the serial number is \"S1\" in the row but \"0012ab\" in the hardware hash: the hash may belong to a different device",
                ],
            ),
            (
                "12ab,,{},,",
                &[
                    "the serial number is \"12ab\" in the row but \"0012ab\" in the hardware hash: leading zeros are missing",
                ],
            ),
            (
                "0012ab,3305000000002,{},DELL Inc.,Latitude",
                &[
                    "the product key is \"3305000000002\" in the row but \"3305000000001\" in the hardware hash: the hash may belong to a different device",
                    "the manufacturer is \"DELL Inc.\" in the row but \"Dell Inc.\" in the hardware hash: only upper and lower case differ",
                    "the model is \"Latitude\" in the row but \"Latitude 5450\" in the hardware hash: the hash may belong to a different device",
                ],
            ),
        ] {
            let (rules, messages) = found(&row.replace("{}", &hash));
            assert_eq!(messages, expected, "{row}");
            assert!(
                rules.iter().all(|rule| rule.starts_with("warning hash-mismatch@")),
                "{rules:?}"
            );
        }
        let (_, messages) = found(&format!("S1,,{},,", hash_of("\u{1b}[1m\u{202e}", "", "", "")));
        assert!(messages[0].contains(r#""\u{1b}[1m\u{202e}""#), "{messages:?}");
    }

    #[test]
    fn placeholders_inside_a_hash_are_reported() {
        let hash = hash_of("Default string", "M", "N", "");
        let in_hash = ["warning placeholder@Hash"];
        assert_eq!(found(&format!("S1,,{hash},M,N")).0, in_hash);
        assert_eq!(found(&format!(",,{hash},M,N")).0, in_hash);
        assert_eq!(found(&format!("Default string,,{hash},M,N")).0, ["warning placeholder@Serial"]);
        let uuid = |uuid: &[u8; 16]| HashBuilder::new().record(12, uuid).encode();
        let known = [0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8, 0, 9];
        for (bytes, is_placeholder) in
            [([0; 16], true), ([255; 16], true), (known, true), ([7; 16], false)]
        {
            assert_eq!(
                found(&format!(",,{},,", uuid(&bytes))).0,
                in_hash[..usize::from(is_placeholder)]
            );
        }
    }

    #[test]
    fn damaged_hash_is_used_unless_it_has_no_mark_or_no_end() {
        let good = HashBuilder::new().record(14, b"S1").bytes();
        let changed = |at: usize| {
            let mut bytes = good.clone();
            bytes[at] ^= 1;
            encode(&bytes)
        };
        for (text, expected) in [
            (changed(0), "error not-a-hash@Hash"),
            (changed(6), "warning hash-layout@Hash"),
            (changed(20), "warning hash-checksum@Hash"),
            (changed(2999), "warning hash-padding@Hash"),
            (encode(&good[..1500]), "note repaired-hash@Hash"),
            (encode(&good[..30]), "error hash-truncated@Hash"),
            ("T0E=".to_owned(), "error hash-truncated@Hash"),
            ("T0E".to_owned(), "error hash-not-base64@Hash"),
            ("T0 E".to_owned(), "error hash-not-base64@Hash"),
        ] {
            assert_eq!(found(&format!(",,{text},,")).0[0], expected);
        }
    }
}
