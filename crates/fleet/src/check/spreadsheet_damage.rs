//! Recognizes values that a spreadsheet damaged: formula errors, shortened numbers and dates.

use crate::input::is_month;

/// The damage that a spreadsheet did to a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Damage {
    /// A formula error, or `####` from a column that was too narrow.
    Error,
    /// A long number in scientific notation, which has lost digits.
    Number,
    /// A date, which may have been another value.
    Date,
}

impl Damage {
    /// Returns the damage of a value, if any.
    pub(super) fn of(text: &str) -> Option<Self> {
        if is_error(text) {
            Some(Self::Error)
        } else if is_scientific(text) {
            Some(Self::Number)
        } else if is_date(text) || is_time(text) {
            Some(Self::Date)
        } else {
            None
        }
    }
}

/// Matches `#REF!`, `#NAME?`, `#N/A`, their translations, and `#####`.
fn is_error(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('#') else { return false };
    let is_word = |word: &str| word.chars().all(|c| c.is_uppercase() || matches!(c, '/' | '0'));
    match rest.strip_suffix(['!', '?']) {
        Some(name) => !name.is_empty() && is_word(name),
        None => matches!(rest, "N/A" | "NV") || !rest.is_empty() && rest.bytes().all(|c| c == b'#'),
    }
}

/// Matches `1.23E+11`, and `1,23E+11` where the decimal separator is a comma.
fn is_scientific(text: &str) -> bool {
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !text.starts_with(|first: char| first.is_ascii_digit()) {
        return false; // true of most values
    }
    let Some((number, exponent)) = text.split_once(['E', 'e']) else { return false };
    let is_number = match number.split_once(['.', ',']) {
        Some((whole, fraction)) => is_digits(whole) && is_digits(fraction),
        None => is_digits(number),
    };
    let exponent = exponent.strip_prefix(['+', '-']);
    is_number && exponent.is_some_and(|digits| is_digits(digits) && digits.len() < 4)
}

/// Matches `12:30`, `12:30:00`, and a date in front of a time.
fn is_time(text: &str) -> bool {
    if !text.bytes().any(|byte| byte == b':') {
        return false; // true of most values
    }
    let (date, time) = text.rsplit_once([' ', 'T']).map_or((None, text), |(d, t)| (Some(d), t));
    let is_part = |part: &str| {
        (1..=2).contains(&part.len()) && part.parse::<u8>().is_ok_and(|number| number < 60)
    };
    let parts = time.split(':').count();
    matches!(parts, 2 | 3) && time.split(':').all(is_part) && date.is_none_or(is_date)
}

/// Matches `01.02.2024`, `1/2/24`, `2024-02-01`, `1/2`, and in any language `Jan-24`, `1-Jan`, `1-Jan-24`, `1. Mai 2024`.
fn is_date(text: &str) -> bool {
    // Rules out most values.
    let has = |is: fn(&u8) -> bool| text.as_bytes().iter().any(is);
    if !(3..=20).contains(&text.len())
        || !has(u8::is_ascii_digit)
        || !has(|byte| matches!(byte, b'.' | b'/' | b'-' | b' '))
    {
        return false;
    }
    let number = |part: &str, max_digits: usize| {
        let digits = part.len() <= max_digits && part.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| part.parse::<u16>().ok()).flatten()
    };
    // Day or month: their order differs between countries.
    let is_day = |part: &str| number(part, 2).is_some_and(|day| (1..=31).contains(&day));
    let is_year = |part: &str| {
        part.len() == 4 && number(part, 4).is_some_and(|year| (1900..2200).contains(&year))
    };
    let is_any_year = |part: &str| is_year(part) || part.len() == 2 && number(part, 2).is_some();
    let words = || text.split([' ', '-', '.', ',', '/']).filter(|word| !word.is_empty());
    let mut names = words().filter(|word| !is_day(word) && !is_any_year(word));
    if let Some(name) = names.next() {
        return names.next().is_none() && matches!(words().count(), 2 | 3) && is_month(name);
    }
    ['.', '/', '-'].into_iter().any(|separator| {
        let mut parts = text.split(separator);
        let parts = (parts.next(), parts.next(), parts.next(), parts.next());
        match parts {
            (Some(first), Some(second), None, None) if separator == '/' => {
                is_day(first) && is_day(second)
            }
            (Some(first), Some(second), Some(third), None) if separator == '-' => {
                let are_days = |one: &str, other: &str| is_day(one) && is_day(other);
                is_year(first) && are_days(second, third)
                    || is_year(third) && are_days(first, second)
            }
            (Some(first), Some(second), Some(third), None) => {
                is_day(first) && is_day(second) && is_any_year(third)
                    || is_year(first) && is_day(second) && is_day(third)
            }
            _ => false,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::Damage::{self, Date, Error, Number};

    #[test]
    fn recognizes_errors_numbers_and_dates() {
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
            ("Mai 24", Some(Date)),
            ("1. Mai 2024", Some(Date)),
            ("24-d\u{e9}c.-2024", Some(Date)),
            ("May 5, 2024", Some(Date)),
            ("1/2", Some(Date)),
            ("12/31", Some(Date)),
            ("32/1", None),
            ("Mai", None),
            ("Mai 24 x", None),
            ("Mar Apr 24", None),
            ("Marvin 24", None),
            ("2024-02-01 00:00:00", Some(Date)),
            ("2024-02-01T10:30", Some(Date)),
            ("01.02.2024 8:15", Some(Date)),
            ("12:30", Some(Date)),
            ("12:30:00", Some(Date)),
            ("12:34:56:78", None),
            ("12:99", None),
            ("CT0001 12:30", None),
            ("00:1A", None),
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
            assert_eq!(Damage::of(text), expected, "{text}");
        }
    }
}
