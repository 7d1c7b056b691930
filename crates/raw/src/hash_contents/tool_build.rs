//! The version of the tool that made a hardware hash.

use std::fmt;

/// A version number with four parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ToolBuild {
    /// The first part.
    pub major: u16,
    /// The second part.
    pub minor: u16,
    /// The third part.
    pub build: u16,
    /// The fourth part.
    pub revision: u16,
}

impl fmt::Display for ToolBuild {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { major, minor, build, revision } = self;
        write!(f, "{major}.{minor}.{build}.{revision}")
    }
}
