//! Repairs hardware hashes that lost zeros at their end or were changed without loss, and recognizes cells that are far
//! too long for one.

use base64::Engine as _;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};
use partner_center_devices::HardwareHash;
use partner_center_devices::raw::hash_contents::ParsedHash;
use uuid::Uuid;

use crate::check::cell_problem::CellProblem;
use crate::check::rule::Rule;

/// The size of a hash in bytes.
const SIZE: usize = 3000;

/// The size of a hash in characters of base64.
pub(in crate::check) const HASH_LENGTH: usize = 4000;

/// The maximum length of a hash in characters. Known tools make 4,000; other programs accept up to 16,384.
const MAX_CHARACTERS: usize = 16_384;

/// The maximum length of a label before a hash, such as `@{DeviceHardwareData=`, and of signs behind it.
const MAX_LABEL: usize = 40;
const MAX_AFTER: usize = 4;

/// Decodes base64 with or without padding.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Finds damage of a value in the column of hashes: it is much too long, it is something else, or it can be repaired
/// and the checksum inside it proves the result.
pub(in crate::check) fn find_in_hash(text: &str) -> Option<CellProblem> {
    if text.len() > MAX_CHARACTERS {
        let message = format!(
            "the hardware hash has {} characters instead of the usual {HASH_LENGTH}",
            text.chars().count()
        );
        return Some(CellProblem::unusable(Rule::HashTooLong, message));
    }
    if let Some(name) = name_of_other_value(text) {
        let message = format!("the hardware hash is {name}, not a hash that Windows made");
        return Some(CellProblem::unusable(Rule::NotAHash, message));
    }
    repair(text)
}

/// Recognizes a UUID, and the checksum of a file as hexadecimal digits: MD5 and the SHA functions.
fn name_of_other_value(text: &str) -> Option<&'static str> {
    let hexadecimal = || text.bytes().all(|byte| byte.is_ascii_hexdigit());
    match text.len() {
        36..=38 if Uuid::try_parse(text).is_ok() => Some("a UUID"),
        32 | 40 | 64 | 96 | 128 if hexadecimal() => Some("a checksum in hexadecimal digits"),
        _ => None,
    }
}

/// Repairs a hash if its checksum proves the result: zeros are missing at its end, it is in the URL-safe alphabet, or
/// other text is around it.
fn repair(text: &str) -> Option<CellProblem> {
    let (hash, has_label) = cut_out(text)?;
    let repaired = complete(&hash)?;
    let message = if has_label {
        "the cell contains more than the hardware hash, which is removed".to_owned()
    } else if text.len() == HASH_LENGTH {
        "the hardware hash has other signs instead of + and /, which are replaced; its checksum is correct".to_owned()
    } else {
        format!(
            "the hardware hash has {} characters, not {HASH_LENGTH}, but its checksum is correct; zeros at its end correct its length",
            text.len()
        )
    };
    let rule = if has_label { Rule::ValueLabel } else { Rule::RepairedHash };
    (repaired != text).then(|| CellProblem::replaced(rule, message, repaired))
}

/// Returns the part of the text from the start of a hash on, in the usual alphabet, and true if text was before it or
/// after it.
fn cut_out(text: &str) -> Option<(String, bool)> {
    let is_base64 =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '-' | '_' | '=' | ' ');
    let starts_hash = |at: &usize| {
        matches!(text.as_bytes().get(*at..*at + 3), Some([b'T', b'0', b'E'..=b'H']))
            && !text[..*at].ends_with(|c: char| c.is_ascii_alphanumeric())
    };
    let start = text.match_indices("T0").map(|(at, _)| at).find(starts_hash)?;
    let hash = &text[start..];
    let end = hash.find(|c| !is_base64(c)).unwrap_or(hash.len());
    let after = hash[end..].trim();
    // Anything longer may be a second hash.
    if start > MAX_LABEL || after.len() > MAX_AFTER {
        return None;
    }
    let has_label = start > 0 || !after.is_empty();
    // In a URL, a space is a plus sign.
    let usual = |c: char| match c {
        '-' | ' ' => '+',
        '_' => '/',
        c => c,
    };
    Some((hash[..end].trim_end().chars().map(usual).collect(), has_label))
}

/// Fills a hash with zeros to its usual size. Returns `None` if its checksum is missing or does not match, or if other
/// bytes than zeros follow it.
fn complete(hash: &str) -> Option<String> {
    let mut characters = hash.trim_end_matches('=');
    if characters.len() % 4 == 1 {
        // One character is not a byte. An `A` is a part of a zero.
        characters = characters.strip_suffix('A')?;
    }
    let mut bytes = BASE64.decode(characters).ok().filter(|bytes| bytes.len() <= SIZE)?;
    bytes.resize(SIZE, 0);
    let hash = HardwareHash::new(STANDARD.encode(&bytes));
    let is_proven =
        ParsedHash::parse(&hash, &mut bytes).is_ok_and(|parsed| parsed.problems.is_empty());
    is_proven.then(|| hash.expose().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::cell_problem::Effect;
    use partner_center_devices_testkit::hash::HashBuilder;

    #[test]
    fn hash_is_completed_if_its_checksum_matches() {
        let bytes = HashBuilder::of_device("CT0001", "Contoso?>", "Book 14").bytes();
        let good = STANDARD.encode(&bytes);
        let end = bytes.iter().rposition(|byte| *byte != 0).unwrap() + 1;
        let cut = STANDARD.encode(&bytes[..end]);
        let url_safe = good.replace('+', "-").replace('/', "_");
        assert_ne!(good, url_safe);
        for (case, text) in [
            ("one zero missing", good[..3999].to_owned()),
            ("two zeros missing", good[..3998].to_owned()),
            ("one too many", format!("{good}A")),
            ("padding of base64", format!("{good}==")),
            ("all zeros missing", cut.clone()),
            ("all zeros and the padding missing", cut.trim_end_matches('=').to_owned()),
            ("URL-safe", url_safe),
            ("lost plus signs", good.replace('+', " ")),
            ("property", format!("@{{DeviceHardwareData={good}}}")),
            ("label", format!("Hardware Hash: {good}")),
            ("label and missing zeros", format!("Hash: {cut}")),
        ] {
            let problem = repair(&text).unwrap_or_else(|| panic!("{case}"));
            assert_eq!(problem.effect, Effect::Replaced(good.clone()), "{case}");
            assert!(!problem.message.contains("T0"), "{case}");
        }
        let mut changed = bytes.clone();
        changed[10] ^= 1;
        let changed = STANDARD.encode(changed);
        let lower = good.to_lowercase();
        for (case, text) in [
            ("good", good.as_str()),
            ("changed", &changed[..3999]),
            ("lower case", &lower[..3999]),
            ("cut in the checksum", &cut[..cut.len() - 8]),
            ("other data after the end", &format!("{}BB", &good[..3996])),
            ("in other words", &format!("x{good}")),
            ("two hashes", &format!("{good};{good}")),
            ("two hashes with a space", &format!("{good} {good}")),
            ("two hashes without a separator", &format!("{good}{good}")),
            ("", ""),
            ("T0E", "T0E"),
        ] {
            assert_eq!(repair(text), None, "{case}");
        }
    }

    #[test]
    fn value_too_long_for_a_hash_is_reported_with_its_length() {
        let rule = |text: &str| find_in_hash(text).map(|problem| (problem.rule, problem.message));
        assert_eq!(rule(&"A".repeat(16_384)), None);
        let (found, message) = rule(&"A".repeat(5_000_000)).unwrap();
        assert_eq!(found, Rule::HashTooLong);
        assert!(message.contains("5000000 characters"), "{message}");
    }

    #[test]
    fn other_values_are_named() {
        for (text, expected) in [
            ("4C4C4544-0050-5810-8032-B4C04F583358", "a UUID"),
            ("{4C4C4544-0050-5810-8032-B4C04F583358}", "a UUID"),
            ("d41d8cd98f00b204e9800998ecf8427e", "a checksum in hexadecimal digits"),
            (&"a0".repeat(32), "a checksum in hexadecimal digits"),
            (&"a0".repeat(33), ""),
            ("T0E=", ""),
        ] {
            let message = find_in_hash(text).map(|problem| problem.message).unwrap_or_default();
            assert!(
                message.contains(expected) && message.is_empty() == expected.is_empty(),
                "{text}"
            );
        }
    }
}
