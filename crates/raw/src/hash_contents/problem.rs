//! The problems of hardware hashes: deviations from the known layout, and text that is not base64.

use std::fmt;

/// A deviation of a hardware hash from the known layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum HashProblem {
    /// The hash does not start with `OA`. No value can be decoded.
    MissingPrefix,
    /// The hash ends before its records or its checksum do.
    Truncated,
    /// A record is shorter than its header or longer than the remaining bytes.
    InvalidRecord,
    /// The records are not followed by a checksum.
    MissingChecksum,
    /// The checksum does not match the records.
    ChecksumMismatch,
    /// The checksum is followed by bytes other than zeros.
    TrailingData,
    /// The hash has this number of bytes instead of 3,000.
    UnusualSize(usize),
}

impl HashProblem {
    /// Returns true if none of the problems concerns the records and their checksum.
    pub(super) fn allow_valid_checksum(problems: &[Self]) -> bool {
        problems.iter().all(|problem| matches!(problem, Self::TrailingData | Self::UnusualSize(_)))
    }
}

impl fmt::Display for HashProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::MissingPrefix => "the hardware hash does not start like a hardware hash",
            Self::Truncated => "the hardware hash is truncated",
            Self::InvalidRecord => "the hardware hash is damaged: a record has an invalid length",
            Self::MissingChecksum => "the hardware hash has no checksum after its records",
            Self::ChecksumMismatch => "the hardware hash was changed: its checksum does not match",
            Self::TrailingData => "the hardware hash has extra data after its end",
            Self::UnusualSize(bytes) => {
                return write!(f, "the hardware hash has {bytes} bytes instead of the usual 3000");
            }
        })
    }
}

/// The error for a hardware hash that is not valid base64. Shows the length and the position of the problem, never the
/// text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidHash {
    length: usize,
    problem: Base64Problem,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Base64Problem {
    /// This number of spaces or line breaks.
    Spaces(usize),
    /// A character outside the alphabet at this position, counted from 1.
    Character(usize),
    /// A wrong length or wrong padding.
    Length,
}

impl InvalidHash {
    pub(super) fn of(text: &str) -> Self {
        let is_base64 = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=');
        let spaces = text.chars().filter(|c| c.is_whitespace()).count();
        let invalid = text.chars().position(|c| !is_base64(c) && !c.is_whitespace());
        let problem = match (invalid, spaces) {
            (Some(position), _) => Base64Problem::Character(position + 1),
            (None, 0) => Base64Problem::Length,
            (None, spaces) => Base64Problem::Spaces(spaces),
        };
        Self { length: text.chars().count(), problem }
    }
}

impl fmt::Display for InvalidHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.problem {
            Base64Problem::Spaces(1) => {
                f.write_str("the hardware hash contains a space or line break")
            }
            Base64Problem::Spaces(spaces) => {
                write!(f, "the hardware hash contains {spaces} spaces or line breaks")
            }
            Base64Problem::Character(position) => {
                write!(f, "character {position} of the hardware hash is not a base64 character")
            }
            Base64Problem::Length => write!(
                f,
                "the hardware hash is truncated or changed: its {} characters are not valid base64",
                self.length
            ),
        }
    }
}

impl std::error::Error for InvalidHash {}
