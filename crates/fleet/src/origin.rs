//! The file and line that a row came from.

use std::fmt;
use std::sync::Arc;

/// The file and line that a row came from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Origin {
    pub(crate) source: Arc<str>,
    pub(crate) line: u64,
}

impl Origin {
    /// Returns the name that the caller gave the source, usually the path of a file.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Returns the line number, counted from 1. For a row that spans several lines, the first of them.
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
