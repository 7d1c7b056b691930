//! How sentences are laid out: which lines of a file are named, and where a sentence breaks so that it fits
//! the terminal.

use std::borrow::Cow;
use std::fmt::Display;
use std::io::IsTerminal;
use std::time::SystemTime;

use anstyle::Style;
use unicode_width::UnicodeWidthStr as _;

/// How many line numbers, or ids, are named before the rest is counted.
const NAMED: usize = 12;

/// The width to fit in; `None` where the stream is no terminal, so that lines stay whole for other programs.
pub(crate) fn width(stream: &impl IsTerminal) -> Option<u16> {
    let (width, _) = stream.is_terminal().then(terminal_size::terminal_size).flatten()?;
    Some(width.0)
}

/// `line 2`, or `lines 2, 3, and 5 more`.
pub(crate) fn line_numbers(numbers: &[u64]) -> String {
    list_of("line", numbers)
}

/// A word and what it counts, each thing once. Equal things stand beside each other.
pub(crate) fn list_of<T: Display + PartialEq>(word: &str, things: &[T]) -> String {
    let mut things: Vec<&T> = things.iter().collect();
    things.dedup();
    let mut shown: Vec<String> = things.iter().take(NAMED).map(ToString::to_string).collect();
    if things.len() > NAMED {
        shown.push(format!("and {} more", things.len() - NAMED));
    }
    format!("{word}{} {}", if things.len() == 1 { "" } else { "s" }, shown.join(", "))
}

/// `1 device`, `40 devices`.
pub(crate) fn count(number: usize, word: &str) -> String {
    format!("{number} {word}{}", if number == 1 { "" } else { "s" })
}

/// `1 batch`, `40 batches`: like [`count`], for a word with an irregular plural.
pub(crate) fn count_of(number: usize, word: &str, plural: &str) -> String {
    format!("{number} {}", if number == 1 { word } else { plural })
}

/// What there is any of, each with its number: `1 error, 2 notes`; `nothing found` where there is none.
pub(crate) fn counts(things: &[(usize, &str)]) -> String {
    let some = things.iter().filter(|(number, _)| *number > 0);
    let some: Vec<_> = some.map(|(number, word)| count(*number, word)).collect();
    if some.is_empty() { "nothing found".to_owned() } else { some.join(", ") }
}

/// Where things are, each line once: `lines 2, 3`; of several files `a.csv line 2; b.csv lines 2, 3`. What is of a whole file
/// has no line.
pub(crate) fn locations(things: &[(&str, Option<u64>)], several: bool) -> String {
    let numbers = |of_one: &[(&str, Option<u64>)]| {
        let numbers: Vec<u64> = of_one.iter().filter_map(|(_, line)| *line).collect();
        if numbers.is_empty() { String::new() } else { line_numbers(&numbers) }
    };
    if !several {
        return numbers(things);
    }
    let files = things.chunk_by(|one, other| one.0 == other.0);
    let named = |of_one: &[(&str, Option<u64>)]| {
        format!("{} {}", of_one[0].0, numbers(of_one)).trim_end().to_owned()
    };
    files.map(named).collect::<Vec<_>>().join("; ")
}

/// What came of many things, each in its colour: `3 registered, 1 failed`. What there is none of is left out.
pub(crate) fn colored_counts(parts: &[(usize, &str, Style)]) -> String {
    let some = parts.iter().filter(|(number, ..)| *number > 0);
    let some = some.map(|(number, word, style)| format!("{style}{number} {word}{style:#}"));
    some.collect::<Vec<_>>().join(", ")
}

/// A name in a sentence. What is longer than any name is not repeated: it may be a hardware hash in the wrong place.
pub(crate) fn shorten_name(name: &str) -> Cow<'_, str> {
    const LONGEST: usize = 100;
    match name.char_indices().nth(LONGEST) {
        None => name.into(),
        Some(_) => {
            let begin: String = name.chars().take(8).collect();
            format!("{begin}…({} characters)", name.chars().count()).into()
        }
    }
}

/// A value if there is one, and nothing if not.
pub(crate) fn or_empty(value: &Option<impl Display>) -> String {
    value.as_ref().map(ToString::to_string).unwrap_or_default()
}

/// A time in RFC 3339, in UTC and to the second.
pub(crate) fn timestamp(time: SystemTime) -> String {
    jiff::Timestamp::try_from(time).map_or_else(|_| String::new(), |time| format!("{time:.0}"))
}

/// As [`moment`], with all of the second that is known: as JSON has it.
pub(crate) fn exact_timestamp(time: SystemTime) -> String {
    jiff::Timestamp::try_from(time).map_or_else(|_| String::new(), |time| time.to_string())
}

/// Of a moment in RFC 3339.
pub(crate) fn day(moment: &str) -> &str {
    moment.split('T').next().unwrap_or_default()
}

/// Indents by two blanks, and by five where a sentence goes on. A word wider than the terminal has a line of
/// its own: the terminal breaks it.
pub(crate) fn wrap(text: &str, width: Option<u16>) -> String {
    fill("  ", 2, 5, text, width)
}

/// A sentence behind a head of so many columns; where it goes on it begins below itself.
pub(crate) fn hanging_indent(head: &str, columns: usize, text: &str, width: Option<u16>) -> String {
    fill(head, columns, columns, text, width)
}

fn fill(head: &str, columns: usize, indent: usize, text: &str, width: Option<u16>) -> String {
    let width = width.map_or(usize::MAX, usize::from);
    let (mut wrapped, mut used, mut fresh) = (head.to_owned(), columns, true);
    for word in text.split(' ') {
        let columns = word.width();
        if !fresh && used + 1 + columns > width {
            wrapped.push('\n');
            wrapped.extend(std::iter::repeat_n(' ', indent));
            (used, fresh) = (indent, true);
        }
        if !fresh {
            wrapped.push(' ');
            used += 1;
        }
        wrapped.push_str(word);
        used += columns;
        fresh = false;
    }
    wrapped + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_named_once_and_the_rest_is_counted() {
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
    fn places_of_several_files_name_the_file() {
        let [a, b] = ["a.csv", "b.csv"];
        let things = [(a, Some(2)), (a, Some(2)), (a, Some(7)), (b, Some(2)), (b, None)];
        assert_eq!(locations(&things, true), "a.csv lines 2, 7; b.csv line 2");
        assert_eq!(locations(&things[..3], false), "lines 2, 7");
        assert_eq!(locations(&[(b, None)], true), "b.csv");
        assert_eq!(locations(&[(b, None)], false), "");
    }

    #[test]
    fn outcomes_that_there_are_none_of_are_left_out() {
        use crate::ui::style::{ERROR, SUCCESS};
        let said = colored_counts(&[
            (3, "registered", SUCCESS),
            (0, "gone", SUCCESS),
            (1, "failed", ERROR),
        ]);
        assert_eq!(anstream::adapter::strip_str(&said).to_string(), "3 registered, 1 failed");
    }

    #[test]
    fn what_is_too_long_for_a_name_is_not_repeated() {
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
            // Narrower than any word: one a line, and none empty.
            ("to be or", Some(1), "  to\n     be\n     or\n"),
            (
                "a Get-WindowsAutopilotInfo b",
                Some(10),
                "  a\n     Get-WindowsAutopilotInfo\n     b\n",
            ),
            ("", Some(40), "  \n"),
            // Each of these letters is two columns wide, and the accent has none.
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
