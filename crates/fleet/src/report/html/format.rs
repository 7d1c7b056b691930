//! Numbers, times and texts as the page shows them.

use crate::language::Language;
use crate::timestamp::Timestamp;

const GERMAN_MONTHS: [&str; 12] = [
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
];
const FRENCH_MONTHS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

/// Returns the text with its first letter in uppercase.
pub(super) fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Returns a number with the thousands separators of a language: `12,345`.
pub(super) fn grouped(number: usize, language: Language) -> String {
    let separator = match language {
        Language::English | Language::Japanese => ',',
        Language::German => '.',
        Language::French => '\u{202f}',
    };
    let digits = number.to_string();
    let mut text = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(separator);
        }
        text.push(digit);
    }
    text
}

/// Returns a share as a percentage. Never shows 0 % for more than none or 100 % for less than all.
pub(super) fn percentage(part: usize, whole: usize, language: Language) -> String {
    let share = part as f64 * 100.0 / whole as f64;
    let text = match share {
        _ if part == whole => "100".to_owned(),
        share if share < 0.1 => "< 0.1".to_owned(),
        share if share > 99.9 => "> 99.9".to_owned(),
        share => format!("{share:.1}"),
    };
    match language {
        Language::English | Language::Japanese => text + "%",
        Language::German | Language::French => text.replace('.', ",") + "\u{a0}%",
    }
}

/// Returns a time to the minute in the form of a language, in UTC.
pub(super) fn date(time: Timestamp, language: Language) -> String {
    let Ok(instant) = jiff::Timestamp::from_millisecond(time.0) else { return time.to_string() };
    let month = usize::from(instant.strftime("%m").to_string().parse::<u8>().unwrap_or(1)) - 1;
    let form = match language {
        Language::English => "%-d %B %Y, %H:%M UTC".to_owned(),
        Language::German => format!("%-d. {} %Y, %H:%M UTC", GERMAN_MONTHS[month]),
        Language::French => format!("%-d {} %Y à %H:%M UTC", FRENCH_MONTHS[month]),
        Language::Japanese => "%Y年%-m月%-d日 %H:%M UTC".to_owned(),
    };
    instant.strftime(&form).to_string()
}

/// Returns a time to the second, in UTC, for technical details.
pub(super) fn time(time: &Timestamp) -> String {
    match jiff::Timestamp::from_millisecond(time.0) {
        Ok(time) => time.strftime("%Y-%m-%d %H:%M:%S UTC").to_string(),
        Err(_) => time.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_times_have_the_form_of_the_language() {
        let time = Timestamp(1_772_526_960_000); // 3 March 2026
        for (language, number, share, shown) in [
            (Language::English, "1,234,567", "> 99.9%", "3 March 2026, 08:36 UTC"),
            (Language::German, "1.234.567", "> 99,9\u{a0}%", "3. März 2026, 08:36 UTC"),
            (
                Language::French,
                "1\u{202f}234\u{202f}567",
                "> 99,9\u{a0}%",
                "3 mars 2026 à 08:36 UTC",
            ),
            (Language::Japanese, "1,234,567", "> 99.9%", "2026年3月3日 08:36 UTC"),
        ] {
            assert_eq!(grouped(1_234_567, language), number);
            assert_eq!(percentage(99_999, 100_000, language), share);
            assert_eq!(date(time, language), shown);
        }
        for (part, whole, share) in [(1, 1, "100%"), (1, 3, "33.3%"), (1, 100_000, "< 0.1%")] {
            assert_eq!(percentage(part, whole, Language::English), share);
        }
    }
}
