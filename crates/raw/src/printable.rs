//! Text from a server or a file, made safe for a terminal or one line of a log. Escape sequences, line breaks, characters
//! that turn the direction of text and other invisible ones could hide or forge a part of the output.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Returns true for characters that are invisible or change how others are displayed: control characters, those that
/// Unicode calls default-ignorable (<https://www.unicode.org/Public/UCD/latest/ucd/DerivedCoreProperties.txt>), line
/// separators, and the empty Braille pattern.
#[must_use]
#[inline]
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || !c.is_ascii()
            && matches!(
                c,
                '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
                    | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
                    | '\u{2060}'..='\u{206F}' | '\u{2800}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
                    | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' | '\u{1BCA0}'..='\u{1BCA3}'
                    | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}'
            )
}

/// Returns a text for one line: line breaks and tabs become spaces, other hidden characters `U+FFFD`.
///
/// ```
/// use partner_center_devices_raw::printable;
/// assert_eq!(printable::line("CT-0001\r\n\u{1b}[2J"), "CT-0001  \u{FFFD}[2J");
/// ```
#[must_use]
pub fn line(text: &str) -> Cow<'_, str> {
    replace(text, |_| false)
}

/// Like [`line()`], but keeps line feeds and tabs. `\r\n` becomes a line feed.
#[must_use]
pub fn lines(text: &str) -> Cow<'_, str> {
    let is_layout = |c| matches!(c, '\n' | '\t');
    if text.contains("\r\n") {
        replace(&text.replace("\r\n", "\n"), is_layout).into_owned().into()
    } else {
        replace(text, is_layout)
    }
}

/// Escapes the hidden characters of a JSON document as `\u202e`. Its value stays the same.
#[must_use]
pub fn json(text: &str) -> Cow<'_, str> {
    let must_escape = |c| is_hidden(c) && !matches!(c, '\n' | '\r' | '\t');
    if !text.contains(must_escape) {
        return text.into();
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if must_escape(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    out.into()
}

fn replace(text: &str, keeps: fn(char) -> bool) -> Cow<'_, str> {
    let is_replaced = |c: char| is_hidden(c) && !keeps(c);
    if !text.contains(is_replaced) {
        return text.into();
    }
    let replaced = text.chars().map(|c| match c {
        c if !is_replaced(c) => c,
        c if c.is_whitespace() => ' ',
        _ => '\u{FFFD}',
    });
    replaced.collect::<String>().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_no_hidden_characters() {
        for (text, shown) in [
            ("Contoso HQ, 装置", "Contoso HQ, 装置"),
            ("a\r\nb\tc", "a  b c"),
            ("\u{1b}]0;title\u{7}", "\u{FFFD}]0;title\u{FFFD}"),
            ("\u{9b}31m\u{0}\u{7f}", "\u{FFFD}31m\u{FFFD}\u{FFFD}"),
            ("a\u{202e}b\u{2066}c\u{feff}", "a\u{FFFD}b\u{FFFD}c\u{FFFD}"),
            ("a\u{85}b\u{2028}c\u{2029}d", "a b c d"),
        ] {
            assert_eq!(line(text), shown, "{text:?}");
        }
    }

    #[test]
    fn lines_keep_their_layout() {
        assert_eq!(lines("a\r\n\tb\nc\r"), "a\n\tb\nc ");
        assert_eq!(lines("\u{1b}[1mx"), "\u{FFFD}[1mx");
    }

    proptest::proptest! {
        #[test]
        fn no_hidden_character_survives(text in proptest::prelude::any::<String>()) {
            proptest::prop_assert!(!line(&text).contains(is_hidden));
            proptest::prop_assert!(!lines(&text).contains(|c| is_hidden(c) && c != '\n' && c != '\t'));
            let document = serde_json::to_string(&text).unwrap();
            let escaped = json(&document);
            proptest::prop_assert!(!escaped.contains(is_hidden), "{escaped}");
            proptest::prop_assert_eq!(serde_json::from_str::<String>(&escaped).unwrap(), text);
        }
    }
}
