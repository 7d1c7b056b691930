//! The rules about the values of a row by itself: damage by spreadsheets, placeholders, product keys, and hardware
//! hashes that are damaged or belong to a different device.

use partner_center_devices::raw::hash_contents::ParsedHash;
use partner_center_devices::{DeviceIdentity, HardwareHash, HashProblem, IdentityFields};

use crate::check::dedup::{DeviceKeys, KeyDigest};
use crate::check::finding::Finding;
use crate::check::placeholder::{PLACEHOLDER_UUIDS, is_placeholder};
use crate::check::rule::{Rule, Severity};
use crate::check::spreadsheet_damage::Damage;
use crate::input::{Field, Row};

/// Checks the values of a row and takes them out of it. Returns the device to send with its keys, or the first error.
/// Adds all findings to `findings` and decodes the hardware hash into `buffer`.
pub(super) fn check_values(
    row: &mut Row,
    buffer: &mut Vec<u8>,
    findings: &mut Vec<Finding>,
) -> Result<(DeviceIdentity, DeviceKeys), Finding> {
    let sent = SentFields::of(&row.fields);
    let mut report = |field: Field, rule: Rule, message: String| {
        findings.push(Finding::at(&row.origin, rule, message).in_column(row.column(field)));
    };
    for field in [Field::SerialNumber, Field::ProductKey, Field::Manufacturer, Field::Model] {
        if let Some(text) = text_of(&row.fields, field) {
            check_text(field, text, sent.contains(field), &mut report);
        }
    }
    let hash = row.fields.hardware_hash.as_ref();
    let hash_digest = hash.map(|hash| check_hash(hash, &row.fields, buffer, &mut report));
    let keys = DeviceKeys::new(&row.fields, hash_digest);
    let identity = match std::mem::take(&mut row.fields).choose() {
        Ok(identity) => identity,
        Err(error) => {
            let finding = Finding::at(&row.origin, Rule::NoIdentity, error.to_string());
            findings.push(finding.clone());
            return Err(finding);
        }
    };
    match findings.iter().find(|finding| finding.severity() == Severity::Error) {
        Some(error) => Err(error.clone()),
        None => Ok((identity, keys)),
    }
}

/// Returns the text of a field. Hardware hashes are never shown as text.
fn text_of(fields: &IdentityFields, field: Field) -> Option<&str> {
    match field {
        Field::SerialNumber => fields.serial_number.as_deref(),
        Field::ProductKey => fields.product_key.as_deref(),
        Field::Manufacturer => fields.manufacturer.as_deref(),
        Field::Model => fields.model.as_deref(),
        Field::HardwareHash => None,
    }
}

/// The combination of fields that a row sends.
#[derive(Clone, Copy)]
enum SentFields {
    Hash,
    ProductKey,
    Model,
    /// The row lacks fields and sends nothing. All fields count as sent, so that all problems are reported.
    Incomplete,
}

impl SentFields {
    fn of(fields: &IdentityFields) -> Self {
        let model = [&fields.serial_number, &fields.manufacturer, &fields.model];
        if fields.hardware_hash.is_some() {
            Self::Hash
        } else if fields.product_key.is_some() {
            Self::ProductKey
        } else if model.iter().all(|value| value.is_some()) {
            Self::Model
        } else {
            Self::Incomplete
        }
    }

    fn contains(self, field: Field) -> bool {
        match self {
            Self::Hash => !matches!(field, Field::Manufacturer | Field::Model),
            Self::ProductKey => field == Field::ProductKey,
            Self::Model | Self::Incomplete => true,
        }
    }
}

/// Checks a value other than a hardware hash.
fn check_text(
    field: Field,
    text: &str,
    is_sent: bool,
    report: &mut impl FnMut(Field, Rule, String),
) {
    match Damage::of(text) {
        Some(damage) if is_sent => {
            return report(field, rule_for(damage), describe(damage, text));
        }
        Some(Damage::Date) => {}
        Some(damage) => {
            let message = format!("{}; it is not sent", describe(damage, text));
            return report(field, Rule::UnusedDamage, message);
        }
        None => {}
    }
    if field == Field::ProductKey {
        check_product_key(text, report);
    } else if is_sent && is_placeholder(field, text) {
        let message = format!("{} is a placeholder, not the value of a device", quoted(text));
        report(field, Rule::Placeholder, message);
    }
}

fn check_product_key(text: &str, report: &mut impl FnMut(Field, Rule, String)) {
    if is_license_key(text) {
        let message = "the product key is a license key, not a PKID".to_owned();
        report(Field::ProductKey, Rule::LicenseKey, message);
    } else if !is_product_key(text) {
        let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
        let message = if is_number && matches!(text.len(), 11 | 12) {
            format!(
                "the product key has {} digits instead of 13; leading zeros may be missing",
                text.len()
            )
        } else {
            "the product key is not a 13-digit number".to_owned()
        };
        report(Field::ProductKey, Rule::ProductKeyForm, message);
    }
}

/// Checks a hardware hash and returns the digest by which it is compared with others.
fn check_hash(
    hash: &HardwareHash,
    row: &IdentityFields,
    buffer: &mut Vec<u8>,
    report: &mut impl FnMut(Field, Rule, String),
) -> KeyDigest {
    let text = hash.expose();
    match ParsedHash::parse(hash, buffer) {
        Ok(parsed) => {
            check_hash_contents(&parsed, row, report);
            if let Some(checksum) = parsed.checksum {
                return KeyDigest::from_sha256(&checksum);
            }
        }
        Err(invalid) => match Damage::of(text) {
            Some(damage @ Damage::Error) => {
                report(Field::HardwareHash, Rule::SpreadsheetError, describe(damage, text));
            }
            _ => report(Field::HardwareHash, Rule::HashNotBase64, invalid.to_string()),
        },
    }
    KeyDigest::of(&[b"hash", text.as_bytes()])
}

/// Checks the layout of a hardware hash, and compares the values inside it with its row.
fn check_hash_contents(
    hash: &ParsedHash<'_>,
    row: &IdentityFields,
    report: &mut impl FnMut(Field, Rule, String),
) {
    for problem in &hash.problems {
        let rule = match problem {
            HashProblem::ChecksumMismatch => Rule::HashChecksum,
            HashProblem::TrailingData | HashProblem::UnusualSize(_) => Rule::HashPadding,
            _ => Rule::HashLayout,
        };
        report(Field::HardwareHash, rule, problem.to_string());
    }
    if let Some(uuid) = hash.smbios_uuid.filter(|uuid| PLACEHOLDER_UUIDS.contains(&uuid.as_u128()))
    {
        let message = format!("the UUID in the hardware hash is a placeholder: {uuid}");
        report(Field::HardwareHash, Rule::Placeholder, message);
    }
    for (field, name, in_hash) in [
        (Field::SerialNumber, "serial number", hash.serial_number),
        (Field::ProductKey, "product key", hash.product_key),
        (Field::Manufacturer, "manufacturer", hash.manufacturer),
        (Field::Model, "model", hash.model),
    ] {
        let Some(in_hash) = in_hash.map(String::from_utf8_lossy) else { continue };
        let in_row = text_of(row, field);
        if field == Field::SerialNumber && is_placeholder(field, &in_hash) {
            if !in_row.is_some_and(|in_row| is_placeholder(field, in_row)) {
                let value = quoted(&in_hash);
                let message = format!("the {name} in the hardware hash is a placeholder: {value}");
                report(Field::HardwareHash, Rule::Placeholder, message);
            }
            continue;
        }
        if let Some(in_row) = in_row.filter(|in_row| Damage::of(in_row).is_none())
            && let Some(difference) = difference(field, in_row, &in_hash)
        {
            let (in_row, in_hash) = (quoted(in_row), quoted(&in_hash));
            let message = format!(
                "the {name} is {in_row} in the row but {in_hash} in the hardware hash: {difference}"
            );
            report(field, Rule::HashMismatch, message);
        }
    }
}

/// Describes how the value of a row differs from the one in its hardware hash; `None` if they match.
fn difference(field: Field, in_row: &str, in_hash: &str) -> Option<&'static str> {
    let same_without_case = in_row.eq_ignore_ascii_case(in_hash);
    let same = match field {
        Field::SerialNumber => same_without_case,
        Field::ProductKey => in_row == in_hash || !is_product_key(in_row),
        _ => in_row == in_hash,
    };
    if same {
        None
    } else if same_without_case {
        Some("only upper and lower case differ")
    } else if in_row == in_hash.trim_start_matches('0') {
        Some("leading zeros are missing")
    } else {
        Some("the hash may belong to a different device")
    }
}

/// Quotes a value for a message and shortens it if it is long.
pub(crate) fn quoted(text: &str) -> String {
    match text.char_indices().nth(40) {
        Some((end, _)) => format!("{:?}…", &text[..end]),
        None => format!("{text:?}"),
    }
}

/// Returns the rule for a damaged value that is sent.
fn rule_for(damage: Damage) -> Rule {
    match damage {
        Damage::Error => Rule::SpreadsheetError,
        Damage::Number => Rule::ScientificNotation,
        Damage::Date => Rule::LooksLikeDate,
    }
}

fn describe(damage: Damage, text: &str) -> String {
    let text = quoted(text);
    match damage {
        Damage::Error => format!("{text} is a spreadsheet error, not a value"),
        Damage::Number => format!("{text} is a number that lost digits in a spreadsheet"),
        Damage::Date => {
            format!("{text} looks like a date that a spreadsheet made of another value")
        }
    }
}

/// Returns true if no damage changed the value of a field.
pub(crate) fn is_usable(_field: Field, text: &str) -> bool {
    matches!(Damage::of(text), None | Some(Damage::Date))
}

/// Returns true if the text has the form of a PKID.
fn is_product_key(text: &str) -> bool {
    text.len() == 13 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Returns true if the text is a key that activates Windows: five groups of five letters and digits.
fn is_license_key(text: &str) -> bool {
    let is_group =
        |group: &str| group.len() == 5 && group.bytes().all(|c| c.is_ascii_alphanumeric());
    text.len() == 29 && text.split('-').all(is_group)
}

#[cfg(test)]
mod tests {
    use partner_center_devices_testkit::hash::{HashBuilder, encode};

    use super::*;
    use crate::check::fleet::Fleet;

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
    fn damaged_value_is_an_error_if_it_is_sent() {
        for (row, expected) in [
            ("1.23E+11,,,M,N", &["error scientific-notation@Serial"][..]),
            ("S1,3.3E+12,,M,N", &["error scientific-notation@PKID"]),
            ("S1,,,#N/A,N", &["error spreadsheet-error@Make"]),
            ("S1,,,M,Jan-24", &["warning looks-like-date@Model"]),
            ("S1,,#REF!,M,N", &["error spreadsheet-error@Hash"]),
            ("#N/A,3305000000001,,M,N", &["warning unused-damage@Serial"]),
            ("Jan-24,3305000000001,,M,N", &[]),
            (
                "1E+11,3E+12,,#N/A,Jan-24",
                &[
                    "warning unused-damage@Serial",
                    "error scientific-notation@PKID",
                    "warning unused-damage@Make",
                ],
            ),
            // All problems of an incomplete row are reported.
            ("1E+11,,,M,", &["error scientific-notation@Serial", "error no-identity@"]),
        ] {
            assert_eq!(found(row).0, expected, "{row}");
        }
    }

    #[test]
    fn product_key_has_13_digits() {
        let form = "warning product-key-form@PKID";
        for (key, rule, message) in [
            ("3305000000001", "", ""),
            (
                "305000000001",
                form,
                "the product key has 12 digits instead of 13; leading zeros may be missing",
            ),
            (
                "05000000001",
                form,
                "the product key has 11 digits instead of 13; leading zeros may be missing",
            ),
            ("5000000001", form, "the product key is not a 13-digit number"),
            ("00329-00000-0003-AA606", form, "the product key is not a 13-digit number"),
            (
                "VK7JG-NPHTM-C97JM-9MPGT-3V66T",
                "warning licence-key@PKID",
                "the product key is a license key, not a PKID",
            ),
        ] {
            let (rules, messages) = found(&format!(",{key},,,"));
            assert_eq!((rules.concat(), messages.concat()), (rule.into(), message.into()), "{key}");
        }
    }

    #[test]
    fn placeholder_is_reported_if_it_is_sent() {
        let in_serial = ["warning placeholder@Serial"];
        assert_eq!(found("Default string,,,M,N").0, in_serial);
        assert_eq!(found("Default string,3305000000001,,M,N").0, [""; 0]);
        assert_eq!(found("S1,,,System manufacturer,N").0, ["warning placeholder@Make"]);
    }

    fn named(serial: &str, maker: &str, model: &str, key: &str) -> String {
        HashBuilder::of_device(serial, maker, model).text(24, key).encode()
    }

    #[test]
    fn hash_is_compared_with_its_row() {
        let hash = named("0012ab", "Dell Inc.", "Latitude 5450", "3305000000001");
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
        let (_, messages) = found(&format!("S1,,{},,", named("\u{1b}[1m\u{202e}", "", "", "")));
        assert!(messages[0].contains(r#""\u{1b}[1m\u{202e}""#), "{messages:?}");
    }

    #[test]
    fn placeholders_inside_a_hash_are_reported() {
        let hash = named("Default string", "M", "N", "");
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
    fn damaged_hash_is_a_warning_and_invalid_base64_an_error() {
        let good = HashBuilder::new().record(14, b"S1").bytes();
        let changed = |at: usize| {
            let mut bytes = good.clone();
            bytes[at] ^= 1;
            encode(&bytes)
        };
        for (text, expected) in [
            (changed(0), "warning hash-layout@Hash"),
            (changed(20), "warning hash-checksum@Hash"),
            (changed(2999), "warning hash-padding@Hash"),
            (encode(&good[..1500]), "warning hash-padding@Hash"),
            ("T0E=".to_owned(), "warning hash-layout@Hash"),
            ("T0E".to_owned(), "error hash-not-base64@Hash"),
            ("T0 E".to_owned(), "error hash-not-base64@Hash"),
        ] {
            assert_eq!(found(&format!(",,{text},,")).0, [expected]);
        }
    }
}
