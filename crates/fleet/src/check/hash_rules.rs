//! The problems of a hardware hash by itself, and the differences between its contents and its row.

use partner_center_devices::raw::hash_contents::ParsedHash;
use partner_center_devices::{HardwareHash, HashProblem, IdentityFields, InvalidHash};

use crate::check::cell_problem::{CellProblem, Effect};
use crate::check::dedup::KeyDigest;
use crate::check::placeholder::{PLACEHOLDER_UUIDS, is_placeholder};
use crate::check::quoted::quoted;
use crate::check::rule::Rule;
use crate::check::spreadsheet_damage::Damage;
use crate::check::text_rules::{spreadsheet_problem, text_of};
use crate::input::Field;

/// A hardware hash after its check.
#[derive(Default)]
pub(super) struct CheckedHash<'a> {
    pub(super) problems: Vec<CellProblem>,
    /// The contents of a usable hash.
    pub(super) contents: Option<ParsedHash<'a>>,
    /// The digest by which a usable hash is compared with others.
    pub(super) digest: Option<KeyDigest>,
    has_valid_checksum: bool,
}

impl<'a> CheckedHash<'a> {
    /// Returns the contents if the checksum is correct, so that they were read on the device. The padding may be wrong.
    pub(super) fn proof(&self) -> Option<&ParsedHash<'a>> {
        self.contents.as_ref().filter(|_| self.has_valid_checksum)
    }
}

/// Checks a hash. `decoded` are its bytes.
pub(super) fn check_hash<'a>(
    hash: &HardwareHash,
    decoded: Result<&'a [u8], InvalidHash>,
) -> CheckedHash<'a> {
    let text = hash.expose();
    let contents = match decoded {
        Ok(bytes) => ParsedHash::from_bytes(bytes),
        Err(invalid) => {
            let problem = match Damage::of(text) {
                Some(Damage::Error) => spreadsheet_problem(text),
                _ => Some(CellProblem::unusable(Rule::HashNotBase64, invalid.to_string())),
            };
            return CheckedHash { problems: problem.into_iter().collect(), ..Default::default() };
        }
    };
    let problems: Vec<_> = contents.problems.iter().map(layout_problem).collect();
    if problems.iter().any(|problem| problem.effect == Effect::Unusable) {
        return CheckedHash { problems, ..Default::default() };
    }
    let digest = match contents.checksum {
        Some(checksum) => KeyDigest::from_sha256(&checksum),
        None => KeyDigest::of(&[b"hash", text.as_bytes()]),
    };
    let has_valid_checksum = problems.iter().all(|problem| problem.rule == Rule::HashPadding);
    CheckedHash { problems, contents: Some(contents), digest: Some(digest), has_valid_checksum }
}

/// Converts a deviation from the layout. Most are only warnings, because Microsoft does not document the layout.
fn layout_problem(problem: &HashProblem) -> CellProblem {
    let (rule, effect) = match problem {
        HashProblem::MissingPrefix => (Rule::NotAHash, Effect::Unusable),
        HashProblem::Truncated => (Rule::HashTruncated, Effect::Unusable),
        HashProblem::ChecksumMismatch => (Rule::HashChecksum, Effect::Doubtful),
        HashProblem::TrailingData | HashProblem::UnusualSize(_) => {
            (Rule::HashPadding, Effect::Doubtful)
        }
        _ => (Rule::HashLayout, Effect::Doubtful),
    };
    let message = match problem {
        HashProblem::MissingPrefix => {
            "the hardware hash does not start with T0, as every hash of Windows does".to_owned()
        }
        problem => problem.to_string(),
    };
    CellProblem { rule, message, effect }
}

/// Compares the values inside a hash with the usable values of its row. Returns the field of each difference.
pub(super) fn compare_with_row(
    hash: &ParsedHash<'_>,
    row: &IdentityFields,
) -> Vec<(Field, Rule, String)> {
    let mut found = Vec::new();
    if let Some(uuid) = hash.smbios_uuid.filter(|uuid| PLACEHOLDER_UUIDS.contains(&uuid.as_u128()))
    {
        let message = format!("the UUID in the hardware hash is a placeholder: {uuid}");
        found.push((Field::HardwareHash, Rule::Placeholder, message));
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
                found.push((Field::HardwareHash, Rule::Placeholder, message));
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
            found.push((field, Rule::HashMismatch, message));
        }
    }
    found
}

/// Describes how the value of a row differs from the one in its hardware hash; `None` if they match.
fn difference(field: Field, in_row: &str, in_hash: &str) -> Option<&'static str> {
    let same_without_case = in_row.eq_ignore_ascii_case(in_hash);
    let same = match field {
        Field::SerialNumber => same_without_case,
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
