//! The layout of sentences: lists, counts, times, and line breaks that fit the terminal.

use std::borrow::Cow;
use std::fmt::Display;
use std::time::SystemTime;

use anstyle::Style;
use partner_center_devices::raw::printable;
use unicode_width::UnicodeWidthStr as _;

/// How many line numbers or ids are listed. The others are counted.
const MAX_LISTED: usize = 12;

/// Formats line numbers: `line 2`, or `lines 2, 3, and 5 more`.
pub(crate) fn line_numbers(numbers: &[u64]) -> String {
    list_of("line", numbers)
}

/// Formats a word and a list without adjacent duplicates: `id A`, or `ids A, B`.
pub(crate) fn list_of<T: Display + PartialEq>(word: &str, things: &[T]) -> String {
    let mut things: Vec<&T> = things.iter().collect();
    things.dedup();
    let mut shown: Vec<String> = things.iter().take(MAX_LISTED).map(ToString::to_string).collect();
    if things.len() > MAX_LISTED {
        shown.push(format!("and {} more", things.len() - MAX_LISTED));
    }
    format!("{word}{} {}", if things.len() == 1 { "" } else { "s" }, shown.join(", "))
}

/// Formats a number and a word: `1 device`, `40 devices`.
pub(crate) fn count(number: usize, word: &str) -> String {
    format!("{number} {word}{}", if number == 1 { "" } else { "s" })
}

/// Like [`count`], for a word with an irregular plural: `1 batch`, `40 batches`.
pub(crate) fn count_of(number: usize, word: &str, plural: &str) -> String {
    format!("{number} {}", if number == 1 { word } else { plural })
}

/// Formats the counts that are not zero: `1 error, 2 notes`, or `no problems found`.
pub(crate) fn counts(things: &[(usize, &str)]) -> String {
    let some = things.iter().filter(|(number, _)| *number > 0);
    let some: Vec<_> = some.map(|(number, word)| count(*number, word)).collect();
    if some.is_empty() { "no problems found".to_owned() } else { some.join(", ") }
}

/// Formats locations by file and line: `lines 2, 3`, or for several files `a.csv line 2; b.csv lines 2, 3`. A location
/// that is a whole file has no line.
pub(crate) fn locations(things: &[(&str, Option<u64>)], several: bool) -> String {
    let numbers = |locations: &[(&str, Option<u64>)]| {
        let numbers: Vec<u64> = locations.iter().filter_map(|(_, line)| *line).collect();
        if numbers.is_empty() { String::new() } else { line_numbers(&numbers) }
    };
    if !several {
        return numbers(things);
    }
    let files = things.chunk_by(|one, other| one.0 == other.0);
    let named = |locations: &[(&str, Option<u64>)]| {
        format!("{} {}", locations[0].0, numbers(locations)).trim_end().to_owned()
    };
    files.map(named).collect::<Vec<_>>().join("; ")
}

/// Formats the counts that are not zero, in color: `3 registered, 1 failed`.
pub(crate) fn colored_counts(parts: &[(usize, &str, Style)]) -> String {
    let some = parts.iter().filter(|(number, ..)| *number > 0);
    let some = some.map(|(number, word, style)| format!("{style}{number} {word}{style:#}"));
    some.collect::<Vec<_>>().join(", ")
}

/// Shortens an overlong name in a message: it may be a hardware hash in the wrong place.
pub(crate) fn shorten_name(name: &str) -> Cow<'_, str> {
    const LONGEST: usize = 100;
    match name.char_indices().nth(LONGEST) {
        None => name.into(),
        Some(_) => {
            let start: String = name.chars().take(8).collect();
            format!("{start}…({} characters)", name.chars().count()).into()
        }
    }
}

/// Formats a value, or returns an empty text if there is none.
pub(crate) fn or_empty(value: &Option<impl Display>) -> String {
    value.as_ref().map(ToString::to_string).unwrap_or_default()
}

/// Formats a time in RFC 3339, in UTC, to the second.
pub(crate) fn timestamp(time: SystemTime) -> String {
    jiff::Timestamp::try_from(time).map_or_else(|_| String::new(), |time| format!("{time:.0}"))
}

/// Like [`timestamp`], with the fraction of the second, as in JSON.
pub(crate) fn exact_timestamp(time: SystemTime) -> String {
    jiff::Timestamp::try_from(time).map_or_else(|_| String::new(), |time| time.to_string())
}

/// Returns the date of a time in RFC 3339.
pub(crate) fn day(time: &str) -> &str {
    time.split('T').next().unwrap_or_default()
}

/// Wraps a sentence, indented by two spaces and its continuation lines by five. A word that is wider than the terminal
/// gets its own line, which the terminal breaks.
pub(crate) fn wrap(text: &str, width: Option<u16>) -> String {
    fill("  ", 2, 5, text, width)
}

/// Wraps a sentence that follows a head of this many columns. Continuation lines align with the sentence.
pub(crate) fn hanging_indent(head: &str, columns: usize, text: &str, width: Option<u16>) -> String {
    fill(head, columns, columns, text, width)
}

/// Fills each line of a text. Further lines are indented like the first, so that they cannot look like another message.
fn fill(head: &str, columns: usize, indent: usize, text: &str, width: Option<u16>) -> String {
    let text = printable::lines(text);
    let mut lines = text.split('\n');
    let first = fill_line(head, columns, indent, lines.next().unwrap_or_default(), width);
    let space = " ".repeat(columns);
    lines.fold(first, |all, line| all + &fill_line(&space, columns, indent, line, width))
}

fn fill_line(head: &str, columns: usize, indent: usize, text: &str, width: Option<u16>) -> String {
    let width = width.map_or(usize::MAX, usize::from);
    let (mut wrapped, mut used, mut is_line_start) = (head.to_owned(), columns, true);
    for word in text.split(' ') {
        let columns = word.width();
        if !is_line_start && used + 1 + columns > width {
            wrapped.push('\n');
            wrapped.extend(std::iter::repeat_n(' ', indent));
            (used, is_line_start) = (indent, true);
        }
        if !is_line_start {
            wrapped.push(' ');
            used += 1;
        }
        wrapped.push_str(word);
        used += columns;
        is_line_start = false;
    }
    wrapped + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_listed_once_and_the_rest_is_counted() {
        for (numbers, shown) in [
            (vec![2], "line 2"),
            (vec![1, 1, 1], "line 1"),
            (vec![2, 3], "lines 2, 3"),
            ((1..=12).collect(), "lines 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12"),
            ((1..=40).collect(), "lines 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, and 28 more"),
        ] {
            assert_eq!(line_numbers(&numbers), shown);
        }
        assert_eq!((count(1, "row"), count(0, "row")), ("1 row".to_owned(), "0 rows".to_owned()));
    }

    #[test]
    fn locations_in_several_files_name_the_file() {
        let [a, b] = ["a.csv", "b.csv"];
        let things = [(a, Some(2)), (a, Some(2)), (a, Some(7)), (b, Some(2)), (b, None)];
        assert_eq!(locations(&things, true), "a.csv lines 2, 7; b.csv line 2");
        assert_eq!(locations(&things[..3], false), "lines 2, 7");
        assert_eq!(locations(&[(b, None)], true), "b.csv");
        assert_eq!(locations(&[(b, None)], false), "");
    }

    #[test]
    fn counts_of_zero_are_left_out() {
        use crate::ui::style::{ERROR, SUCCESS};
        let text = colored_counts(&[
            (3, "registered", SUCCESS),
            (0, "gone", SUCCESS),
            (1, "failed", ERROR),
        ]);
        assert_eq!(anstream::adapter::strip_str(&text).to_string(), "3 registered, 1 failed");
    }

    #[test]
    fn overlong_names_are_shortened() {
        assert_eq!(shorten_name("Kiosk"), "Kiosk");
        assert_eq!(shorten_name(&"ü".repeat(100)), "ü".repeat(100));
        assert_eq!(shorten_name(&"ü".repeat(101)), "üüüüüüüü…(101 characters)");
    }

    #[test]
    fn a_sentence_breaks_between_words_at_the_width() {
        for (text, width, wrapped) in [
            ("to be or not to be", None, "  to be or not to be\n"),
            ("to be or not to be", Some(20), "  to be or not to be\n"),
            ("to be or not to be", Some(19), "  to be or not to\n     be\n"),
            ("to be or not to be", Some(12), "  to be or\n     not to\n     be\n"),
            // Narrower than every word: one word per line, without empty lines.
            ("to be or", Some(1), "  to\n     be\n     or\n"),
            (
                "a Get-WindowsAutopilotInfo b",
                Some(10),
                "  a\n     Get-WindowsAutopilotInfo\n     b\n",
            ),
            ("", Some(40), "  \n"),
            // Each of these characters is two columns wide, and the accent has no width.
            ("装置 装置 装置", Some(12), "  装置 装置\n     装置\n"),
            (
                "e\u{301}te\u{301} e\u{301}te\u{301}",
                Some(9),
                "  e\u{301}te\u{301} e\u{301}te\u{301}\n",
            ),
        ] {
            assert_eq!(wrap(text, width), wrapped, "{text} at {width:?}");
        }
    }
}
