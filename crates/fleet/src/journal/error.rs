//! Errors of journals.

use std::fmt;
use std::io;
use std::path::PathBuf;

/// The reason why a journal cannot be used.
#[derive(Debug)]
#[non_exhaustive]
pub enum JournalError {
    /// The file or its directory cannot be created, read or removed.
    #[non_exhaustive]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },
    /// Another process has the journal open: the same upload is already running there.
    #[non_exhaustive]
    InUse {
        /// The file.
        path: PathBuf,
    },
    /// The journal was created by a newer version of this crate.
    #[non_exhaustive]
    Newer {
        /// The file.
        path: PathBuf,
    },
    /// The file is not a journal.
    #[non_exhaustive]
    NotAJournal {
        /// The file.
        path: PathBuf,
    },
    /// The journal records an upload to another service.
    #[non_exhaustive]
    OtherService {
        /// The file; `None` for a journal in memory.
        path: Option<PathBuf>,
        /// The service of the recorded upload.
        service: String,
    },
    /// The journal cannot be read or written: the disk is full, the file is damaged, or its directory is gone.
    #[non_exhaustive]
    Broken {
        /// The file; `None` for a journal in memory.
        path: Option<PathBuf>,
        /// The error of SQLite, or the invalid value.
        problem: String,
    },
}

impl fmt::Display for JournalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = |path: &Option<PathBuf>| match path {
            Some(path) => format!("the journal {}", path.display()),
            None => "the journal in memory".to_owned(),
        };
        match self {
            Self::Io { path, source } => {
                write!(f, "the journal {} cannot be used: {source}", path.display())
            }
            Self::InUse { path } => write!(
                f,
                "the journal {} is in use by another process: this upload is already running",
                path.display()
            ),
            Self::Newer { path } => {
                write!(f, "the journal {} was created by a newer version", path.display())
            }
            Self::NotAJournal { path } => write!(f, "{} is not a journal", path.display()),
            Self::OtherService { path, service } => {
                write!(f, "{} belongs to an upload to {service}", name(path))
            }
            Self::Broken { path, problem } => {
                write!(f, "{} cannot be read or written: {problem}", name(path))
            }
        }
    }
}

impl std::error::Error for JournalError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io { source, .. } => Some(source),
            _ => None,
        }
    }
}
