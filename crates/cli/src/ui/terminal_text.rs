//! The last filter before a terminal. Values are made printable where they enter a table or a sentence; this covers
//! everything that the program prints, so that no text from a server or a file can control the terminal.

#![allow(clippy::disallowed_methods, reason = "this is the filter")]

use std::borrow::Cow;
use std::io::{self, IsTerminal as _, Write};
use std::path::Path;
use std::str::Utf8Error;

use partner_center_devices::raw::printable;

use crate::ui::progress::activity;

/// Makes a text printable. Further lines are indented, so that text from outside cannot look like another message.
pub(crate) fn indented(text: &str) -> String {
    printable::lines(text).replace('\n', "\n  ")
}

/// Formats a path for a sentence.
pub(crate) fn path(path: &Path) -> String {
    printable::line(&path.display().to_string()).into_owned()
}

/// Returns the length of the style that the text starts with: the bold, the colors and the reset that this program uses.
fn style_length(text: &str) -> Option<usize> {
    let codes = text.strip_prefix("\u{1b}[")?;
    let (codes, _) = codes.split_once('m')?;
    let is_ours = |code: &str| matches!(code, "0" | "1" | "22" | "31" | "32" | "33" | "36" | "39");
    // comfy-table writes `38;5;9` for a light color.
    let is_color = || codes.strip_prefix("38;5;").is_some_and(|color| color.parse::<u8>().is_ok());
    (codes.split(';').all(is_ours) || is_color()).then_some(codes.len() + 3)
}

/// Replaces everything in a printed text that could control a terminal, except for line breaks, tabs and styles.
pub(crate) fn styled(text: &str) -> Cow<'_, str> {
    let is_layout = |c| matches!(c, '\n' | '\t');
    if !text.contains(|c| printable::is_hidden(c) && !is_layout(c)) {
        return text.into();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(escape) = rest.find('\u{1b}') {
        out += &printable::lines(&rest[..escape]);
        rest = &rest[escape..];
        let length = style_length(rest);
        match length {
            Some(length) => out += &rest[..length],
            None => out.push('\u{FFFD}'),
        }
        rest = &rest[length.unwrap_or(1)..];
    }
    (out + &printable::lines(rest)).into()
}

pub(crate) fn is_stdout_terminal() -> bool {
    io::stdout().is_terminal()
}

/// Standard output for documents, such as CSV. Other programs receive them unchanged; a terminal receives printable text.
pub(crate) fn document_output() -> impl Write {
    activity::hide();
    Printable { out: io::stdout().lock(), is_terminal: is_stdout_terminal(), rest: Vec::new() }
}

/// Makes text printable while it is written. The end of the text may be in the middle of a character.
struct Printable<W: Write> {
    out: W,
    is_terminal: bool,
    rest: Vec<u8>,
}

impl<W: Write> Write for Printable<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !self.is_terminal {
            return self.out.write(bytes);
        }
        self.rest.extend_from_slice(bytes);
        let is_cut = |at: usize| {
            // A character has at most four bytes, and `\r` may belong to a line break.
            let end = &self.rest[at..];
            let is_start = |cut: Utf8Error| cut.error_len().is_none() && cut.valid_up_to() == 0;
            end == b"\r" || std::str::from_utf8(end).is_err_and(is_start)
        };
        let length = self.rest.len();
        let cut = (length.saturating_sub(3)..length).find(|at| is_cut(*at)).unwrap_or(length);
        let text = String::from_utf8_lossy(&self.rest[..cut]);
        self.out.write_all(printable::lines(&text).as_bytes())?;
        self.rest.drain(..cut);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl<W: Write> Drop for Printable<W> {
    fn drop(&mut self) {
        let rest = String::from_utf8_lossy(&self.rest);
        let _ = self.out.write_all(printable::lines(&rest).as_bytes());
        let _ = self.out.flush();
    }
}

/// Escapes the hidden characters of a JSON document while it is written. Each write ends between two characters.
pub(crate) struct EscapedJson<W: Write>(pub(crate) W);

/// The number of bytes that are escaped at once.
const PIECE: usize = 64 << 10;

impl<W: Write> Write for EscapedJson<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut text = std::str::from_utf8(bytes)
            .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
        while !text.is_empty() {
            let last = PIECE.min(text.len());
            let end = (0..=last).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(last);
            let (piece, rest) = text.split_at(end);
            self.0.write_all(printable::json(piece).as_bytes())?;
            text = rest;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Standard error for traces: each write is a line.
pub(crate) struct TraceOutput;

impl Write for TraceOutput {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(bytes);
        io::stderr().write_all(printable::lines(&text).as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::errors::{CommandError, Exit};
    use crate::ui::list::{Column, Layout, Record, column};
    use crate::ui::output::facts;

    struct Line(String);

    impl Record for Line {
        const COLUMNS: &'static [Column<Self>] = &[column("Name", "name", |line| line.0.clone())];
    }

    #[test]
    fn only_our_styles_reach_a_terminal() {
        for (text, shown) in [
            ("\u{1b}[1mbold\u{1b}[0m\n", "\u{1b}[1mbold\u{1b}[0m\n"),
            ("\u{1b}[1m\u{1b}[31mred\u{1b}[0m", "\u{1b}[1m\u{1b}[31mred\u{1b}[0m"),
            ("\u{1b}[38;5;9mred\u{1b}[39m", "\u{1b}[38;5;9mred\u{1b}[39m"),
            ("\u{1b}[8mhidden", "\u{FFFD}[8mhidden"),
            ("\u{1b}[2J\u{1b}]0;title\u{7}", "\u{FFFD}[2J\u{FFFD}]0;title\u{FFFD}"),
            ("\u{1b}[31", "\u{FFFD}[31"),
            ("\u{1b}[48;5;1mx\u{9b}1m", "\u{FFFD}[48;5;1mx\u{FFFD}1m"),
            ("a\u{202e}b\u{0}\r\nc\rd", "a\u{FFFD}b\u{FFFD}\nc d"),
        ] {
            assert_eq!(styled(text), shown, "{text:?}");
        }
    }

    #[test]
    fn a_document_is_changed_only_for_a_terminal() {
        let text = "é,\u{202e}\u{1b}[2J,装\r\nx\u{9b}\r\n";
        for size in 1..text.len() {
            for (is_terminal, shown) in
                [(false, text), (true, "é,\u{FFFD}\u{FFFD}[2J,装\nx\u{FFFD}\n")]
            {
                let mut out = Vec::new();
                let mut printable = Printable { out: &mut out, is_terminal, rest: Vec::new() };
                text.as_bytes().chunks(size).for_each(|part| printable.write_all(part).unwrap());
                drop(printable);
                assert_eq!(String::from_utf8(out).unwrap(), shown, "{size} {is_terminal}");
            }
        }
    }

    #[test]
    fn json_is_escaped_while_it_is_written() {
        let text = "é\u{202e}装".repeat(30_000);
        let mut out = Vec::new();
        serde_json::to_writer(EscapedJson(&mut out), &[&text, "\u{1b}\n"]).unwrap();
        let out = String::from_utf8(out).unwrap();
        assert!(!out.contains(printable::is_hidden) && out.contains("é\\u202e装"));
        let read: Vec<String> = serde_json::from_str(&out).unwrap();
        assert_eq!(read, [text.as_str(), "\u{1b}\n"]);
    }

    proptest::proptest! {
        #[test]
        fn a_text_without_escapes_has_no_hidden_characters(text in "[^\u{1b}]*") {
            let shown = styled(&text).into_owned();
            proptest::prop_assert!(!shown.contains(|c| printable::is_hidden(c) && c != '\n' && c != '\t'));
        }

        /// A value adds neither a line nor a style to the output.
        #[test]
        fn a_value_adds_only_its_text(
            value in "([a-z]|\\PC|\u{0}|\r\n|\u{85}|\u{9b}31m|\u{1b}\\[31m|\u{1b}\\]0;x\u{7}|\u{202e}|\u{2028}|\u{200b}){1,12}",
        ) {
            let value = format!("v{value}");
            let error = CommandError::new(Exit::Usage, "x").context(&value).hint("y");
            let lines = [Line(value.clone())];
            let table: String = Layout::of(&lines, None).render(&lines, true).collect();
            for (text, lines) in [
                (facts(&[("Name", value.clone()), ("", value.clone())]), 2),
                (error.render(), 2),
                (table, 2),
            ] {
                let text = text.replace("\u{1b}[1m\u{1b}[31m", "").replace("\u{1b}[1m", "");
                let text = text.replace("\u{1b}[36m", "").replace("\u{1b}[0m", "");
                proptest::prop_assert!(!text.contains(|c| printable::is_hidden(c) && c != '\n'), "{text:?}");
                proptest::prop_assert_eq!(text.trim_end().lines().count(), lines, "{:?}", text);
                proptest::prop_assert_eq!(styled(&text), text.as_str());
            }
        }
    }
}
