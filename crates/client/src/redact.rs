//! Decides what of a text that came from outside may be shown. Services echo what they were sent, so a
//! message may hold a hardware hash or a token.

use std::borrow::Cow;

/// No word that people need is this long; ids have 36 characters, hashes some 4,000, tokens 1,000 and more.
const LONGEST_WORD: usize = 120;
/// The documented bound of an error's description.
const LONGEST_TEXT: usize = 1_024;

/// The text with every overlong word cut to its first characters, and not longer than a description may be.
pub(crate) fn redact(text: &str) -> String {
    let mut shown = String::new();
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !is_word(c)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        if word.len() > LONGEST_WORD {
            shown.push_str(&word[..6]); // a word is ASCII
            shown.push_str("…(");
            shown.push_str(&word.len().to_string());
            shown.push_str(" characters)");
        } else {
            shown.push_str(word);
        }
        let gap = after.find(is_word).unwrap_or(after.len());
        shown.extend(after[..gap].chars().map(|c| if c.is_control() { ' ' } else { c }));
        rest = &after[gap..];
    }
    shorten(shown.trim()).into_owned()
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=' | '_' | '-' | '.')
}

fn shorten(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(LONGEST_TEXT) {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_and_tokens_are_cut_and_words_stay() {
        let hash = "T0HzAQEAHAAAAAoA".repeat(250);
        assert_eq!(redact(&format!("bad hash '{hash}'.")), "bad hash 'T0HzAQ…(4000 characters)'.");
        let plain = "The partner id 7ca96d10-2f2c-4d7e-8c0a-9d8d2a4f7b11 has no relationship — é";
        assert_eq!(redact(plain), plain);
        assert_eq!(redact("two\r\nlines\u{0}"), "two  lines");
    }

    #[test]
    fn a_page_of_text_is_cut() {
        assert_eq!(redact(&"word ".repeat(1000)).chars().count(), LONGEST_TEXT + 1);
    }
}
