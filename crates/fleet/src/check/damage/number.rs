//! Recognizes numbers as a spreadsheet formats them: with a fraction, or with separators between thousands.

use crate::check::cell_problem::CellProblem;
use crate::check::quoted::quoted;
use crate::check::rule::Rule;
use crate::input::Field;

/// The number of digits of a PKID. A number with all of them has lost no leading zeros.
const PRODUCT_KEY_DIGITS: usize = 13;

/// Finds `3305000000001.0` and `3,305,000,000,001`. A product key that still has all its digits is replaced by them.
pub(super) fn find(field: Field, text: &str) -> Option<CellProblem> {
    if !text.starts_with(|c: char| c.is_ascii_digit()) {
        return None; // true of most values
    }
    let noun = field.noun();
    if is_scientific(text) {
        let message = format!("{} is a number that a program shortened", quoted(text));
        return Some(CellProblem::unusable(Rule::ScientificNotation, message));
    }
    let (digits, form) = match (without_fraction(text), without_separators(text)) {
        (Some(digits), _) => (digits, "a fraction"),
        (None, Some(digits)) => (digits, "separators between thousands"),
        (None, None) => return None,
    };
    if field == Field::ProductKey && digits.len() == PRODUCT_KEY_DIGITS {
        let message = format!("{} is a number with {form}; its digits are used", quoted(text));
        return Some(CellProblem::replaced(Rule::FormattedProductKey, message, digits));
    }
    let message = format!(
        "{} is a number with {form}, as a spreadsheet formats it; the {noun} may have lost zeros",
        quoted(text)
    );
    Some(CellProblem::unusable(Rule::FormattedNumber, message))
}

/// Matches `1.2345678953E10`. Spreadsheets write a sign after the `E`, which is recognized elsewhere.
fn is_scientific(text: &str) -> bool {
    let Some((number, exponent)) = text.split_once(['e', 'E']) else { return false };
    let number = number.split_once(['.', ',']);
    number.is_some_and(|(whole, fraction)| is_digits(whole) && is_digits(fraction))
        && is_digits(exponent)
        && exponent.len() < 4
}

/// Returns the digits before a fraction of zeros: `12345.0`, `12345,00`, and `3,305.00` with separators.
fn without_fraction(text: &str) -> Option<String> {
    let (whole, fraction) = text.rsplit_once(['.', ','])?;
    let is_zeros = (1..=6).contains(&fraction.len()) && fraction.bytes().all(|byte| byte == b'0');
    // `3.305.000` has separators, not a fraction.
    if !is_zeros || fraction.len() == 3 && whole.len() < 4 {
        return None;
    }
    if is_digits(whole) { Some(whole.to_owned()) } else { without_separators(whole) }
}

/// Returns the digits of groups of three, or of two and a last one of three as in India, with the same separator
/// between them.
fn without_separators(text: &str) -> Option<String> {
    let separator = text.find(|c: char| !c.is_ascii_digit())?;
    let separator = text[separator..].chars().next()?;
    if !matches!(separator, ',' | '.' | ' ' | '\'' | '’' | '_' | '\u{A0}' | '\u{2009}' | '\u{202F}')
    {
        return None;
    }
    let mut groups: Vec<&str> = text.split(separator).collect();
    let (last, first) = (groups.pop()?, groups.remove(0));
    let size = groups.first().map_or(3, |group| group.len());
    // Two groups such as `123.456` may not be a number.
    let is_number = (1..=3).contains(&first.len())
        && (size == 3 || size == 2 && first.len() < 3)
        && last.len() == 3
        && !groups.is_empty()
        && groups.iter().all(|group| group.len() == size && is_digits(group))
        && is_digits(first)
        && is_digits(last);
    is_number.then(|| [first, &groups.concat(), last].concat())
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::cell_problem::tests::short;

    #[test]
    fn recognizes_fractions_and_separators() {
        let (number, key) = ("formatted-number", "formatted-product-key=3305000000001");
        for (field, text, expected) in [
            (Field::SerialNumber, "12345678953.0", number),
            (Field::SerialNumber, "12345678953.00", number),
            (Field::SerialNumber, "12345678953,0", number),
            (Field::SerialNumber, "12345678953.000", number),
            (Field::SerialNumber, "3,305,000,000,001", number),
            (Field::SerialNumber, "3.305.000.000.001", number),
            (Field::SerialNumber, "3 305 000 000 001", number),
            (Field::SerialNumber, "3'305'000'000'001", number),
            (Field::SerialNumber, "3’305’000’000’001", number),
            (Field::SerialNumber, "33,05,00,00,00,001", number),
            (Field::SerialNumber, "12.345.678", number),
            (Field::SerialNumber, "3,305,000,000,001.00", number),
            (Field::Model, "5450.0", number),
            (Field::SerialNumber, "1.2345678953E10", "scientific-notation"),
            (Field::SerialNumber, "5E12345", ""),
            (Field::SerialNumber, "1.2.3E4", ""),
            (Field::ProductKey, "3305000000001.0", key),
            (Field::ProductKey, "3305000000001,00", key),
            (Field::ProductKey, "3,305,000,000,001", key),
            (Field::ProductKey, "3.305.000.000.001", key),
            (Field::ProductKey, "3 305 000 000 001", key),
            (Field::ProductKey, "3,305,000,000,001.00", key),
            (Field::ProductKey, "305000000001.0", number),
            (Field::SerialNumber, "12345678953", ""),
            (Field::SerialNumber, "123.456", ""),
            (Field::SerialNumber, "10.0.22621", ""),
            (Field::SerialNumber, "1.2.3", ""),
            (Field::SerialNumber, "1-234-567-890", ""),
            (Field::SerialNumber, "12-345.0", ""),
            (Field::SerialNumber, "5CG1234ABC", ""),
            (Field::SerialNumber, "0000-0016-1234-5678-9012-3456-78", ""),
            (Field::SerialNumber, "1,2", ""),
            (Field::SerialNumber, "1234 5678 9012 3456", ""),
            (Field::Model, "5450", ""),
        ] {
            assert_eq!(short(find(field, text)), expected, "{text}");
        }
    }
}
