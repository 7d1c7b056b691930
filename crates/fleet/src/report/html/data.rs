//! The data of the page's script: every row, and the texts that it shows.

use std::cell::Cell;
use std::io::{self, Write};

use serde::Serialize;
use serde::ser::{SerializeSeq as _, Serializer};
use serde_json::ser::{CompactFormatter, Formatter};

use super::line::Line;

/// The data of the script.
#[derive(Serialize)]
pub(super) struct Data<'a, Rows: Serialize> {
    pub(super) texts: Vec<(&'static str, &'static str)>,
    pub(super) kinds: Vec<&'static str>,
    pub(super) files: &'a [&'a str],
    pub(super) destinations: Vec<String>,
    pub(super) models: Vec<&'a str>,
    pub(super) policies: Vec<&'a str>,
    pub(super) statuses: Vec<StatusData>,
    pub(super) rows: Rows,
}

/// A status: its label, the class and sign of the one who acts next, and true if its notes are in English.
#[derive(Serialize)]
pub(super) struct StatusData(
    pub(super) &'static str,
    pub(super) &'static str,
    pub(super) &'static str,
    pub(super) bool,
);

/// Serializes an iterator, once, without collecting it.
pub(super) struct Rows<I>(pub(super) Cell<Option<I>>);

impl<'a, I: Iterator<Item = Line<'a>>> Serialize for Rows<I> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut rows = serializer.serialize_seq(None)?;
        for row in self.0.take().into_iter().flatten() {
            rows.serialize_element(&row)?;
        }
        rows.end()
    }
}

/// Writes JSON that can be inside of a `script` element.
pub(super) fn write_json(writer: impl Write, value: &impl Serialize) -> io::Result<()> {
    let mut serializer = serde_json::Serializer::with_formatter(writer, InScript(CompactFormatter));
    Ok(value.serialize(&mut serializer)?)
}

/// Escapes the characters that could end the element or start a comment, and the two that end a line in JavaScript.
struct InScript(CompactFormatter);

impl Formatter for InScript {
    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        const ESCAPED: [char; 5] = ['<', '>', '&', '\u{2028}', '\u{2029}'];
        let mut rest = fragment;
        while let Some(position) = rest.find(ESCAPED) {
            let (before, after) = rest.split_at(position);
            self.0.write_string_fragment(writer, before)?;
            let mut letters = after.chars();
            if let Some(letter) = letters.next() {
                write!(writer, "\\u{:04x}", u32::from(letter))?;
            }
            rest = letters.as_str();
        }
        self.0.write_string_fragment(writer, rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_value_ends_the_script_element() {
        let value = "</script><!--&\u{2028}\u{2029}é\"\\\u{1}";
        let mut bytes = Vec::new();
        write_json(&mut bytes, &value).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        assert!(!text.contains(['<', '>', '&', '\u{2028}', '\u{2029}']), "{text}");
        assert_eq!(serde_json::from_str::<String>(&text).unwrap(), value);
    }
}
