//! The problems of a serial number, product key, manufacturer or model.

use partner_center_devices::IdentityFields;
use partner_center_devices::raw::hash_contents::ParsedHash;
use partner_center_devices::raw::is_product_key_id;

use crate::check::cell_problem::{CellProblem, Effect};
use crate::check::damage;
use crate::check::placeholder::is_placeholder;
use crate::check::quoted::{contains_license_key, quoted};
use crate::check::rule::Rule;
use crate::check::spreadsheet_damage::Damage;
use crate::input::Field;

/// The other values of a row, which may prove the right form of a value.
pub(super) struct OtherValues<'a> {
    /// The usable values of the row that were checked before: first the hardware hash, then manufacturer, model, product
    /// key and serial number.
    pub(super) row: &'a IdentityFields,
    /// The values inside the hardware hash of the row, if its checksum is correct.
    pub(super) hash: Option<&'a ParsedHash<'a>>,
}

/// Returns the problems of a value that is not a hardware hash. Most values have no problem.
pub(super) fn text_problems(
    field: Field,
    text: &str,
    others: &OtherValues<'_>,
) -> Vec<CellProblem> {
    let damage = || {
        let others = damage::OtherValues {
            serial_number: others.row.serial_number.as_deref(),
            manufacturer: others.row.manufacturer.as_deref(),
            model: others.row.model.as_deref(),
            serial_number_in_hash: others.hash.and_then(|hash| hash.serial_number),
        };
        damage::find(field, text, &others)
    };
    let malformed = || match field {
        Field::ProductKey => product_key_problem(text, others),
        _ => placeholder_problem(field, text),
    };
    spreadsheet_problem(text).or_else(damage).or_else(malformed).into_iter().collect()
}

/// Returns the text of a field. Hardware hashes are never shown as text.
pub(super) fn text_of(fields: &IdentityFields, field: Field) -> Option<&str> {
    match field {
        Field::SerialNumber => fields.serial_number.as_deref(),
        Field::ProductKey => fields.product_key.as_deref(),
        Field::Manufacturer => fields.manufacturer.as_deref(),
        Field::Model => fields.model.as_deref(),
        Field::HardwareHash => None,
    }
}

/// Recognizes damage by a spreadsheet.
pub(super) fn spreadsheet_problem(text: &str) -> Option<CellProblem> {
    let damage = Damage::of(text)?;
    let text = quoted(text);
    Some(match damage {
        Damage::Error => CellProblem::unusable(
            Rule::SpreadsheetError,
            format!("{text} is a spreadsheet error, not a value"),
        ),
        Damage::Number => CellProblem::unusable(
            Rule::ScientificNotation,
            format!("{text} is a number that lost digits in a spreadsheet"),
        ),
        Damage::Date => CellProblem::doubtful(
            Rule::LooksLikeDate,
            format!("{text} looks like a date that a spreadsheet made of another value"),
        ),
    })
}

fn placeholder_problem(field: Field, text: &str) -> Option<CellProblem> {
    is_placeholder(field, text).then(|| {
        let message = format!("{} is a placeholder, not the value of a device", quoted(text));
        CellProblem::doubtful(Rule::Placeholder, message)
    })
}

/// Recognizes a product key that is not a PKID.
fn product_key_problem(text: &str, others: &OtherValues<'_>) -> Option<CellProblem> {
    if is_product_key_id(text) {
        return None;
    }
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    let (rule, message) = if contains_license_key(text) {
        (Rule::LicenseKey, "the product key is a license key, not a PKID".to_owned())
    } else if is_windows_product_id(text) {
        let message = "the product key is the ProductId of Windows, which many devices share";
        (Rule::WindowsProductId, message.to_owned())
    } else if is_number && matches!(text.len(), 11 | 12) {
        let message = format!("the product key has {} digits instead of 13", text.len());
        if let Some(proven) = with_leading_zeros(text, others) {
            return Some(CellProblem {
                rule: Rule::LostZeros,
                message: format!(
                    "{message}; it is sent as in the hardware hash, with leading zeros"
                ),
                effect: Effect::Replaced(proven),
            });
        }
        (Rule::ProductKeyForm, format!("{message}; leading zeros may be missing"))
    } else {
        (Rule::ProductKeyForm, "the product key is not a 13-digit number".to_owned())
    };
    Some(CellProblem::unusable(rule, message))
}

/// Returns the product key inside the hardware hash if the text is the same without its leading zeros.
fn with_leading_zeros(text: &str, others: &OtherValues<'_>) -> Option<String> {
    let in_hash = std::str::from_utf8(others.hash?.product_key?).ok()?;
    let is_same = in_hash.trim_start_matches('0') == text.trim_start_matches('0');
    (is_same && is_product_key_id(in_hash)).then(|| in_hash.to_owned())
}

/// Returns true if the text is the product id of an installed Windows, such as `00330-80000-00000-AA001`, or
/// `55041-OEM-8992662-00400` of older versions.
fn is_windows_product_id(text: &str) -> bool {
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let mut groups = text.split('-');
    let groups = [groups.next(), groups.next(), groups.next(), groups.next(), groups.next()];
    let [Some(version), Some(channel), Some(number), Some(last), None] = groups else {
        return false;
    };
    version.len() == 5
        && is_digits(version)
        && (channel.len() == 5 && is_digits(channel) || channel.eq_ignore_ascii_case("OEM"))
        && matches!(number.len(), 4..=7)
        && is_digits(number)
        && last.len() == 5
        && last.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn product_key_is_a_13_digit_number() {
        let form = "product-key-form";
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
            ("33050000000012", form, "the product key is not a 13-digit number"),
            ("330500000000A", form, "the product key is not a 13-digit number"),
            (
                "VK7JG-NPHTM-C97JM-9MPGT-3V66T",
                "licence-key",
                "the product key is a license key, not a PKID",
            ),
            (
                "00330-80000-00000-AA001",
                "windows-product-id",
                "the product key is the ProductId of Windows, which many devices share",
            ),
        ] {
            let problem = product_key_problem(
                key,
                &OtherValues { row: &IdentityFields::default(), hash: None },
            );
            let found = problem.map(|problem| (problem.rule.id(), problem.message));
            let expected = (!rule.is_empty()).then(|| (rule, message.to_owned()));
            assert_eq!(found, expected, "{key}");
        }
    }

    #[test]
    fn product_id_of_windows_has_four_groups() {
        for (text, expected) in [
            ("00330-80000-00000-AA001", true),
            ("00330-80000-00000-aa001", true),
            ("00329-00000-0003-AA606", true),
            ("55041-OEM-8992662-00400", true),
            ("00330-80000-00000", false),
            ("00330-80000-00000-AA001-0", false),
            ("00330-8000-00000-AA001", false),
            ("0033A-80000-00000-AA001", false),
            ("00330-80000-00000-AA01", false),
            ("0000-0016-1234-5678-90", false),
            ("3305000000001", false),
        ] {
            assert_eq!(is_windows_product_id(text), expected, "{text}");
        }
    }
}
