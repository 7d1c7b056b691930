//! The width of the terminal.

#![allow(clippy::disallowed_methods, reason = "prints nothing")]

use std::io::{self, IsTerminal};

/// Returns the width of a terminal; `None` for other streams, so that other programs get unbroken lines.
pub(crate) fn width(stream: &impl IsTerminal) -> Option<u16> {
    let (width, _) = stream.is_terminal().then(terminal_size::terminal_size).flatten()?;
    Some(width.0)
}

/// Returns the width of stderr, if it is a terminal.
pub(crate) fn stderr_width() -> Option<u16> {
    width(&io::stderr())
}
