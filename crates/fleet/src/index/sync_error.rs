//! Errors of filling an index.

use std::fmt;

use partner_center_devices::Error;

use super::error::IndexError;

/// The reason why lists could not be read to their end. The pages before are in the index, and the next run resumes.
#[derive(Debug)]
#[non_exhaustive]
pub enum SyncError {
    /// A call failed.
    Call(Error),
    /// The index cannot be read or written.
    Index(IndexError),
}

impl From<Error> for SyncError {
    fn from(error: Error) -> Self {
        Self::Call(error)
    }
}

impl From<IndexError> for SyncError {
    fn from(error: IndexError) -> Self {
        Self::Index(error)
    }
}

impl fmt::Display for SyncError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call(error) => error.fmt(f),
            Self::Index(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for SyncError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Call(error) => error.source(),
            Self::Index(error) => error.source(),
        }
    }
}
