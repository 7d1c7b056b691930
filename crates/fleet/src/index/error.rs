//! Errors of indexes.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

/// The reason why an index cannot be used.
#[derive(Debug)]
#[non_exhaustive]
pub enum IndexError {
    /// The file or its directory cannot be created or read.
    #[non_exhaustive]
    Io {
        /// The file.
        path: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },
    /// The index was created by a newer version of this crate.
    #[non_exhaustive]
    Newer {
        /// The file.
        path: PathBuf,
    },
    /// The file is not an index.
    #[non_exhaustive]
    NotAnIndex {
        /// The file.
        path: PathBuf,
    },
    /// The index belongs to another service.
    #[non_exhaustive]
    OtherService {
        /// The file.
        path: PathBuf,
        /// The service of the index.
        service: String,
    },
    /// The file is damaged. Delete it: it contains only what the service knows.
    #[non_exhaustive]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The error of SQLite, or the invalid value.
        problem: String,
    },
    /// The index cannot be read or written now: the disk is full, or another process has been writing for too long.
    #[non_exhaustive]
    Unavailable {
        /// The file.
        path: PathBuf,
        /// The error of SQLite.
        problem: String,
    },
}

impl IndexError {
    /// Returns true if the file is the problem. To continue, delete it: the index is a cache and can be filled again.
    #[must_use]
    pub fn is_about_content(&self) -> bool {
        matches!(self, Self::Newer { .. } | Self::NotAnIndex { .. } | Self::Damaged { .. })
    }

    /// Returns the file.
    #[must_use]
    pub fn path(&self) -> &Path {
        match self {
            Self::Io { path, .. }
            | Self::Newer { path }
            | Self::NotAnIndex { path }
            | Self::OtherService { path, .. }
            | Self::Damaged { path, .. }
            | Self::Unavailable { path, .. } => path,
        }
    }

    pub(super) fn of_sqlite(path: &Path, error: &rusqlite::Error) -> Self {
        let path = path.to_owned();
        let problem = error.to_string();
        match error.sqlite_error_code() {
            // Without a code the value has another type than any version of this crate writes.
            None | Some(ErrorCode::DatabaseCorrupt) => Self::Damaged { path, problem },
            Some(ErrorCode::NotADatabase) => Self::NotAnIndex { path },
            Some(_) => Self::Unavailable { path, problem },
        }
    }
}

impl fmt::Display for IndexError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path().display();
        match self {
            Self::Io { source, .. } => write!(f, "the index {path} cannot be used: {source}"),
            Self::Newer { .. } => write!(f, "the index {path} was created by a newer version"),
            Self::NotAnIndex { .. } => write!(f, "{path} is not an index"),
            Self::OtherService { service, .. } => {
                write!(f, "the index {path} belongs to {service}")
            }
            Self::Damaged { problem, .. } => write!(f, "the index {path} is damaged: {problem}"),
            Self::Unavailable { problem, .. } => {
                write!(f, "the index {path} cannot be read or written: {problem}")
            }
        }
    }
}

impl std::error::Error for IndexError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io { source, .. } => Some(source),
            _ => None,
        }
    }
}
