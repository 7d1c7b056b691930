//! The source of a row and its position in it.

use partner_center_devices::raw::printable::is_hidden;

use std::fmt;
use std::sync::Arc;

/// The source of a row and its position in it: a file and a line, or what a program chooses for its own devices.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Origin {
    pub(crate) source: Arc<str>,
    pub(crate) line: u64,
}

impl Origin {
    /// Creates the origin of a device that does not come from a file. `source` is a name that people recognize, such as
    /// `stock`, and `line` is the position of the device in it, counted from 1. Both are in every finding and report. A
    /// journal keeps positions of up to `i64::MAX`.
    ///
    /// Control characters and invisible characters in `source` are replaced by `\u{FFFD}`, because reports are shown in
    /// terminals.
    #[must_use]
    pub fn new(source: impl Into<Arc<str>>, line: u64) -> Self {
        let mut source = source.into();
        if source.contains(is_hidden) {
            source = source.replace(is_hidden, "\u{FFFD}").into();
        }
        Self { source, line }
    }

    /// Returns the name that the caller gave the source, usually the path of a file.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Returns the line number, counted from 1. For a row that spans several lines, the first of them. For a device that
    /// does not come from a file, its position.
    #[must_use]
    pub fn line(&self) -> u64 {
        self.line
    }

    /// Formats this origin for a message about a row at `other`: leaves out the source if it is the same.
    pub(crate) fn relative_to(&self, other: &Self) -> String {
        if self.source == other.source { format!("line {}", self.line) } else { self.to_string() }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.source, self.line)
    }
}
