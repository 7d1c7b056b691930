//! What is wrong with the values of a row. Decides every rule that needs no other row: what a spreadsheet did to a
//! value, what is no device's value, and what of a hardware hash does not hold or says another device.

use partner_center_devices::{DeviceIdentity, IdentityFields};

use crate::check::dedup::{Print, Traits};
use crate::check::finding::{Finding, Rule, Severity};
use crate::check::hardware_hash::{HashProblem, Parsed};
use crate::input::{Field, Row};

/// What a row is sent as and known by, or its first error. All that was found goes to `findings`. The hash is decoded
/// into `buffer`.
pub(crate) fn inspect(
    row: &mut Row,
    buffer: &mut Vec<u8>,
    findings: &mut Vec<Finding>,
) -> Result<(DeviceIdentity, Traits), Finding> {
    let sent = Sent::of(&row.fields);
    let mut find = |field: Field, rule: Rule, message: String| {
        findings.push(Finding::at(&row.origin, rule, message).in_column(row.column(field)));
    };
    for field in [Field::SerialNumber, Field::ProductKey, Field::Manufacturer, Field::Model] {
        if let Some(text) = value(&row.fields, field) {
            text_value(field, text, sent.has(field), &mut find);
        }
    }
    let mut hash_print = None;
    if let Some(hash) = &row.fields.hardware_hash {
        let text = hash.expose();
        hash_print = Some(match Parsed::read(hash, buffer) {
            Ok(hash) => {
                contents(&hash, &row.fields, &mut find);
                match hash.checksum {
                    Some(checksum) => Print::of_sum(&checksum),
                    None => Print::of(&[b"hash", text.as_bytes()]),
                }
            }
            Err(invalid) => {
                let (rule, message) = match damage(text) {
                    Some(Damage::Error) => (Rule::SpreadsheetError, said(text, Damage::Error)),
                    _ => (Rule::HashNotBase64, invalid.to_string()),
                };
                find(Field::HardwareHash, rule, message);
                Print::of(&[b"hash", text.as_bytes()])
            }
        });
    }
    let traits = Traits::of(&row.fields, hash_print);
    let identity = match std::mem::take(&mut row.fields).choose() {
        Ok(identity) => identity,
        Err(refused) => {
            let finding = Finding::at(&row.origin, Rule::NoIdentity, refused.to_string());
            findings.push(finding.clone());
            return Err(finding);
        }
    };
    match findings.iter().find(|finding| finding.severity() == Severity::Error) {
        Some(error) => Err(error.clone()),
        None => Ok((identity, traits)),
    }
}

fn value(fields: &IdentityFields, field: Field) -> Option<&str> {
    match field {
        Field::SerialNumber => fields.serial_number.as_deref(),
        Field::ProductKey => fields.product_key.as_deref(),
        Field::Manufacturer => fields.manufacturer.as_deref(),
        Field::Model => fields.model.as_deref(),
        Field::HardwareHash => None, // is no text to show
    }
}

/// Which of its values a row sends.
#[derive(Clone, Copy)]
enum Sent {
    Hash,
    Key,
    Model,
    /// It can send nothing; every value matters for what is to be mended.
    Nothing,
}

impl Sent {
    fn of(fields: &IdentityFields) -> Self {
        let model = [&fields.serial_number, &fields.manufacturer, &fields.model];
        if fields.hardware_hash.is_some() {
            Self::Hash
        } else if fields.product_key.is_some() {
            Self::Key
        } else if model.iter().all(|value| value.is_some()) {
            Self::Model
        } else {
            Self::Nothing
        }
    }

    fn has(self, field: Field) -> bool {
        match self {
            Self::Hash => !matches!(field, Field::Manufacturer | Field::Model),
            Self::Key => field == Field::ProductKey,
            Self::Model | Self::Nothing => true,
        }
    }
}

/// Looks at one value that is no hash.
fn text_value(field: Field, text: &str, sent: bool, find: &mut impl FnMut(Field, Rule, String)) {
    match damage(text) {
        Some(damage) if sent => return find(field, damage.rule(), said(text, damage)),
        Some(Damage::Date) => {}
        Some(damage) => {
            let message = format!("{}; it is not sent", said(text, damage));
            return find(field, Rule::UnusedDamage, message);
        }
        None => {}
    }
    if field == Field::ProductKey {
        if is_licence_key(text) {
            let message = "a licence key stands in place of the product key id".to_owned();
            find(field, Rule::LicenceKey, message);
        } else if !is_product_key(text) {
            let digits = text.bytes().all(|byte| byte.is_ascii_digit());
            let message = if digits && matches!(text.len(), 11 | 12) {
                format!(
                    "the product key has {} digits of 13: zeros at its start may be lost",
                    text.len()
                )
            } else {
                "the product key is not a number of 13 digits".to_owned()
            };
            find(field, Rule::ProductKeyForm, message);
        }
    } else if sent && is_placeholder(field, text) {
        find(
            field,
            Rule::Placeholder,
            format!("{} names no device: it is a placeholder", quoted(text)),
        );
    }
}

/// Looks at what a hash says, beside what its row says.
fn contents(hash: &Parsed<'_>, row: &IdentityFields, find: &mut impl FnMut(Field, Rule, String)) {
    for problem in &hash.problems {
        let rule = match problem {
            HashProblem::WrongChecksum => Rule::HashChecksum,
            HashProblem::NotPadded | HashProblem::Size(_) => Rule::HashPadding,
            _ => Rule::HashLayout,
        };
        find(Field::HardwareHash, rule, problem.to_string());
    }
    if let Some(uuid) = hash.smbios_uuid.filter(|uuid| PLACEHOLDER_UUIDS.contains(&uuid.as_u128()))
    {
        let message = format!("the hardware hash has a placeholder as UUID, {uuid}");
        find(Field::HardwareHash, Rule::Placeholder, message);
    }
    for (field, name, within) in [
        (Field::SerialNumber, "serial number", hash.serial_number),
        (Field::ProductKey, "product key", hash.product_key),
        (Field::Manufacturer, "manufacturer", hash.manufacturer),
        (Field::Model, "model", hash.model),
    ] {
        let Some(within) = within.map(String::from_utf8_lossy) else { continue };
        let beside = value(row, field);
        if field == Field::SerialNumber && is_placeholder(field, &within) {
            if !beside.is_some_and(|beside| is_placeholder(field, beside)) {
                let message =
                    format!("the hardware hash has a placeholder as {name}, {}", quoted(&within));
                find(Field::HardwareHash, Rule::Placeholder, message);
            }
            continue;
        }
        let Some(beside) = beside.filter(|beside| damage(beside).is_none()) else { continue };
        let without_case = beside.eq_ignore_ascii_case(&within);
        let same = match field {
            Field::SerialNumber => without_case,
            Field::ProductKey => beside == within || !is_product_key(beside),
            _ => beside == within,
        };
        if !same {
            let end = if without_case {
                "only upper and lower case differ"
            } else if beside == within.trim_start_matches('0') {
                "zeros at its start are lost"
            } else {
                "it may be another device's"
            };
            let (beside, within) = (quoted(beside), quoted(&within));
            let message =
                format!("the {name} is {beside}, and in the hardware hash {within}: {end}");
            find(field, Rule::HashMismatch, message);
        }
    }
}

/// A value fit for a message.
fn quoted(text: &str) -> String {
    match text.char_indices().nth(40) {
        Some((end, _)) => format!("{:?}…", &text[..end]),
        None => format!("{text:?}"),
    }
}

/// What a spreadsheet makes of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Damage {
    /// The error of a formula, or a column that was too narrow.
    Error,
    /// A long number that has lost its digits.
    Number,
    /// What looked like a date has become one.
    Date,
}

impl Damage {
    fn rule(self) -> Rule {
        match self {
            Self::Error => Rule::SpreadsheetError,
            Self::Number => Rule::ScientificNotation,
            Self::Date => Rule::LooksLikeDate,
        }
    }
}

fn said(text: &str, damage: Damage) -> String {
    let text = quoted(text);
    match damage {
        Damage::Error => format!("{text} is an error of the spreadsheet, not a value"),
        Damage::Number => format!("{text} is a number whose digits the spreadsheet has dropped"),
        Damage::Date => format!("{text} is a date, as spreadsheets make of other values"),
    }
}

fn damage(text: &str) -> Option<Damage> {
    if is_error(text) {
        Some(Damage::Error)
    } else if is_scientific(text) {
        Some(Damage::Number)
    } else if is_date(text) {
        Some(Damage::Date)
    } else {
        None
    }
}

/// `#REF!`, `#NAME?`, `#N/A`, their translations, and `#####`.
fn is_error(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('#') else { return false };
    let word = |word: &str| word.chars().all(|c| c.is_uppercase() || matches!(c, '/' | '0'));
    match rest.strip_suffix(['!', '?']) {
        Some(name) => !name.is_empty() && word(name),
        None => matches!(rest, "N/A" | "NV") || !rest.is_empty() && rest.bytes().all(|c| c == b'#'),
    }
}

/// `1.23E+11`, with a comma in half of the world.
fn is_scientific(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !text.starts_with(|first: char| first.is_ascii_digit()) {
        return false; // as most values are told
    }
    let Some((number, exponent)) = text.split_once(['E', 'e']) else { return false };
    let number = match number.split_once(['.', ',']) {
        Some((whole, part)) => digits(whole) && digits(part),
        None => digits(number),
    };
    number && exponent.strip_prefix(['+', '-']).is_some_and(|rest| digits(rest) && rest.len() < 4)
}

/// `01.02.2024`, `1/2/24`, `2024-02-01`, `Jan-24`, `1-Jan` and `1-Jan-24`.
fn is_date(text: &str) -> bool {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    // Most values are told here.
    let has = |is: fn(&u8) -> bool| text.as_bytes().iter().any(is);
    if !(5..=11).contains(&text.len())
        || !has(u8::is_ascii_digit)
        || !has(|byte| matches!(byte, b'.' | b'/' | b'-'))
    {
        return false;
    }
    let number = |part: &str, longest: usize| {
        let digits = part.len() <= longest && part.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| part.parse::<u16>().ok()).flatten()
    };
    let day = |part: &str| number(part, 2).is_some_and(|day| (1..=31).contains(&day));
    let year = |part: &str| part.len() == 4 && number(part, 4).is_some_and(|year| year >= 1900);
    let short_year = |part: &str| year(part) || part.len() == 2 && number(part, 2).is_some();
    let month = |part: &str| MONTHS.iter().any(|month| month.eq_ignore_ascii_case(part));
    ['.', '/', '-'].into_iter().any(|separator| {
        let mut parts = text.split(separator);
        let parts = (parts.next(), parts.next(), parts.next(), parts.next());
        match parts {
            (Some(first), Some(second), None, None) if separator == '-' => {
                month(first) && short_year(second) || day(first) && month(second)
            }
            (Some(first), Some(second), Some(third), None) if separator == '-' => {
                let days = |one: &str, other: &str| day(one) && day(other);
                day(first) && month(second) && short_year(third)
                    || year(first) && days(second, third)
                    || year(third) && days(first, second)
            }
            (Some(first), Some(second), Some(third), None) => {
                day(first) && day(second) && short_year(third)
                    || year(first) && day(second) && day(third)
            }
            _ => false,
        }
    })
}

/// Whether a text has the form of a PKID.
fn is_product_key(text: &str) -> bool {
    text.len() == 13 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Five times five letters and digits: what a person types to activate Windows.
fn is_licence_key(text: &str) -> bool {
    let group = |group: &str| group.len() == 5 && group.bytes().all(|c| c.is_ascii_alphanumeric());
    text.len() == 29 && text.split('-').all(group)
}

/// What makers of firmware leave in place of a name, in lower case.
const PLACEHOLDERS: &[&str] = &[
    "default string",
    "system serial number",
    "system manufacturer",
    "system product name",
    "chassis serial number",
    "to be filled by o.e.m.",
    "to be filled by oem",
    "o.e.m.",
    "oem",
    "not specified",
    "not applicable",
    "not available",
    "n/a",
    "none",
    "null",
    "unknown",
    "undefined",
    "invalid",
    "0123456789",
    "123456789",
    "1234567890",
    "12345678",
];

/// Whether a value is what a maker left in place of a name, so that it is no device's.
pub(crate) fn is_placeholder(field: Field, text: &str) -> bool {
    let text = text.trim();
    let filler = |byte: u8| matches!(byte, b'0' | b'x' | b'X' | b'f' | b'F' | b'-' | b'.' | b'*');
    let bytes = text.as_bytes();
    PLACEHOLDERS.iter().any(|placeholder| placeholder.eq_ignore_ascii_case(text))
        || field == Field::SerialNumber
            && bytes.first().is_some_and(|first| filler(*first) && bytes.iter().all(|b| b == first))
}

/// Not set, not there (<https://www.dmtf.org/standards/smbios>), and what AMI's firmware begins with.
const PLACEHOLDER_UUIDS: [u128; 3] = [0, u128::MAX, 0x0300_0200_0400_0500_0006_0007_0008_0009];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fleet::Fleet;
    use crate::check::hardware_hash::tests::{bytes, hash};

    const HEADER: &str = "Serial,PKID,Hash,Make,Model\n";

    /// `severity rule@column` of each finding, and the messages.
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
    fn what_a_spreadsheet_did_is_seen() {
        use Damage::*;
        for (text, expected) in [
            ("#REF!", Some(Error)),
            ("#NAME?", Some(Error)),
            ("#N/A", Some(Error)),
            ("#VALUE!", Some(Error)),
            ("#DIV/0!", Some(Error)),
            ("#NV", Some(Error)),
            ("#BEZUG!", Some(Error)),
            ("#ÜBERLAUF!", Some(Error)),
            ("##", Some(Error)),
            ("########", Some(Error)),
            ("#", None),
            ("#!", None),
            ("#12345", None),
            ("#a!", None),
            ("REF!", None),
            ("1.23E+11", Some(Number)),
            ("1,23E+11", Some(Number)),
            ("3.3e+12", Some(Number)),
            ("1E+12", Some(Number)),
            ("1.5E-05", Some(Number)),
            ("1.23E11", None),
            ("5E1234567", None),
            ("1E+1234", None),
            (".5E+12", None),
            ("1.2.3E+12", None),
            ("E+12", None),
            ("1E+", None),
            ("01.02.2024", Some(Date)),
            ("1/2/2024", Some(Date)),
            ("1/2/24", Some(Date)),
            ("31.12.99", Some(Date)),
            ("2024-02-01", Some(Date)),
            ("01-02-2024", Some(Date)),
            ("Jan-24", Some(Date)),
            ("24-Jan", Some(Date)),
            ("1-jan-2024", Some(Date)),
            ("MAY-99", Some(Date)),
            ("12-34-5678", None),
            ("10-11-12", None),
            ("1.2.3", None),
            ("10.0.22621", None),
            ("32.13.2024", None),
            ("Jan-X", None),
            ("Jen-24", None),
            ("2024", None),
            ("ü.ü.ü", None),
            ("4PX12X3", None),
            ("", None),
        ] {
            assert_eq!(damage(text), expected, "{text}");
        }
    }

    #[test]
    fn a_damaged_value_is_an_error_where_it_would_be_sent() {
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
            // What is to be mended is said in whole.
            ("1E+11,,,M,", &["error scientific-notation@Serial", "error no-identity@"]),
        ] {
            assert_eq!(found(row).0, expected, "{row}");
        }
    }

    #[test]
    fn a_product_key_has_13_digits() {
        let form = "warning product-key-form@PKID";
        for (key, rule, message) in [
            ("3305000000001", "", ""),
            (
                "305000000001",
                form,
                "the product key has 12 digits of 13: zeros at its start may be lost",
            ),
            (
                "05000000001",
                form,
                "the product key has 11 digits of 13: zeros at its start may be lost",
            ),
            ("5000000001", form, "the product key is not a number of 13 digits"),
            ("00329-00000-0003-AA606", form, "the product key is not a number of 13 digits"),
            (
                "VK7JG-NPHTM-C97JM-9MPGT-3V66T",
                "warning licence-key@PKID",
                "a licence key stands in place of the product key id",
            ),
        ] {
            let (rules, messages) = found(&format!(",{key},,,"));
            assert_eq!((rules.concat(), messages.concat()), (rule.into(), message.into()), "{key}");
        }
    }

    #[test]
    fn a_placeholder_names_no_device() {
        for (serial, is) in [
            ("Default string", true),
            ("To Be Filled By O.E.M.", true),
            ("0", true),
            ("00000000", true),
            ("XXXX", true),
            ("0123456789", true),
            ("None", true),
            ("000000001", false),
            ("0x0", false),
            ("4PX12X3", false),
            ("NONE1", false),
        ] {
            assert_eq!(is_placeholder(Field::SerialNumber, serial), is, "{serial}");
        }
        assert!(!is_placeholder(Field::Model, "X"));
        let said = ["warning placeholder@Serial"];
        assert_eq!(found("Default string,,,M,N").0, said);
        assert_eq!(found("Default string,3305000000001,,M,N").0, [""; 0]);
        assert_eq!(found("S1,,,System manufacturer,N").0, ["warning placeholder@Make"]);
    }

    fn named(serial: &str, maker: &str, model: &str, key: &str) -> String {
        let text = |text: &str| [text.as_bytes(), &[0]].concat();
        let records = [(14, text(serial)), (16, text(maker)), (17, text(model)), (24, text(key))];
        let records: Vec<_> = records.iter().map(|(kind, text)| (*kind, &text[..])).collect();
        hash(&bytes(&records)).expose().to_owned()
    }

    #[test]
    fn a_hash_and_its_row_say_the_same_device() {
        let hash = named("0012ab", "Dell Inc.", "Latitude 5450", "3305000000001");
        for (row, said) in [
            ("0012AB,3305000000001,{},Dell Inc.,Latitude 5450", &[][..]),
            (",,{},,", &[]),
            (
                "S1,,{},,",
                &[
                    "the serial number is \"S1\", and in the hardware hash \"0012ab\": it may be another device's",
                ],
            ),
            (
                "12ab,,{},,",
                &[
                    "the serial number is \"12ab\", and in the hardware hash \"0012ab\": zeros at its start are lost",
                ],
            ),
            (
                "0012ab,3305000000002,{},DELL Inc.,Latitude",
                &[
                    "the product key is \"3305000000002\", and in the hardware hash \"3305000000001\": it may be another device's",
                    "the manufacturer is \"DELL Inc.\", and in the hardware hash \"Dell Inc.\": only upper and lower case differ",
                    "the model is \"Latitude\", and in the hardware hash \"Latitude 5450\": it may be another device's",
                ],
            ),
        ] {
            let (rules, messages) = found(&row.replace("{}", &hash));
            assert_eq!(messages, said, "{row}");
            assert!(
                rules.iter().all(|rule| rule.starts_with("warning hash-mismatch@")),
                "{rules:?}"
            );
        }
        let (_, messages) = found(&format!("S1,,{},,", named("\u{1b}[1m\u{202e}", "", "", "")));
        assert!(messages[0].contains(r#""\u{1b}[1m\u{202e}""#), "{messages:?}");
    }

    #[test]
    fn a_hash_with_placeholders_is_said() {
        let hash = named("Default string", "M", "N", "");
        let said = ["warning placeholder@Hash"];
        assert_eq!(found(&format!("S1,,{hash},M,N")).0, said);
        assert_eq!(found(&format!(",,{hash},M,N")).0, said);
        assert_eq!(found(&format!("Default string,,{hash},M,N")).0, ["warning placeholder@Serial"]);
        let uuid = |uuid: &[u8; 16]| super::tests::hash(&bytes(&[(12, uuid)])).expose().to_owned();
        let known = [0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8, 0, 9];
        for (bytes, is) in [([0; 16], true), ([255; 16], true), (known, true), ([7; 16], false)] {
            assert_eq!(found(&format!(",,{},,", uuid(&bytes))).0, said[..usize::from(is)]);
        }
    }

    #[test]
    fn a_hash_that_does_not_hold_is_sent_with_a_warning() {
        let good = bytes(&[(14, b"S1")]);
        let changed = |at: usize| {
            let mut bytes = good.clone();
            bytes[at] ^= 1;
            hash(&bytes).expose().to_owned()
        };
        for (text, expected) in [
            (changed(0), "warning hash-layout@Hash"),
            (changed(20), "warning hash-checksum@Hash"),
            (changed(2999), "warning hash-padding@Hash"),
            (hash(&good[..1500]).expose().to_owned(), "warning hash-padding@Hash"),
            ("T0E=".to_owned(), "warning hash-layout@Hash"),
            ("T0E".to_owned(), "error hash-not-base64@Hash"),
            ("T0 E".to_owned(), "error hash-not-base64@Hash"),
        ] {
            assert_eq!(found(&format!(",,{text},,")).0, [expected]);
        }
    }
}
