//! What outlives the process: one SQLite file for a run. Decides what is written before a request leaves and after
//! its answer came, so that whoever reads the file after a crash knows for each device whether it was never sent,
//! may have been, was taken, or has its outcome.
//!
//! The order of the writes is the contract:
//!
//! 1. before the first call: every row, its destination, and the fingerprint of the device it sends;
//! 2. before each upload: the chunk, with the fingerprint of its content, its `MS-RequestId` and its devices. This
//!    write is forced to the disk, the others are handed to the system: what they say can be had again through the
//!    request id;
//! 3. when the service took it: the tracking id, and the ids for a support case;
//! 4. when its job said so: the outcome of each device.
//!
//! No hardware hash is in the file. A device is known again by its fingerprint, so the files of the fleet are read
//! again to go on. The file is locked as long as it is open: two processes cannot write one run.

mod directory;
mod open;
mod read;
mod write;

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rusqlite::Connection;
use serde::Serialize;

pub use directory::{JournalEntry, Journals};
pub use read::{ChunkRecord, ChunkState, JournalRecord};
pub(crate) use write::{
    Accepted, Begun, ChunkKey, DeviceKey, Known, Left, Mode, NewRow, OpenChunk, OpenDevice,
    RowVerdict, Settled, TargetKey, matched_word, sent_names,
};

/// An open journal: the record of one run. Made by [`open`](Self::open), or without a file by
/// [`in_memory`](Self::in_memory).
///
/// The same journal given to [`Upload::journal`](crate::Upload::journal) again continues the run.
pub struct Journal {
    path: Option<PathBuf>,
    log: Connection,
}

impl Journal {
    /// Opens the file, and makes it if it is not there: on Unix readable by its owner alone. The rights of one that is
    /// there stay what they are.
    ///
    /// # Errors
    /// If it is in use, made by a newer version, no journal, or cannot be written.
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, JournalError> {
        open::in_file(path.into())
    }

    /// A journal that ends with the process. What an upload keeps if it is given no other.
    ///
    /// # Errors
    /// If there is no memory for it.
    pub fn in_memory() -> Result<Self, JournalError> {
        open::in_memory()
    }

    /// The file; `None` if it is in memory.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// What is said to a run whose customers are not all of this service.
    pub(crate) fn is_of(&self, service: &str) -> JournalError {
        JournalError::OtherService { path: self.path.clone(), service: service.to_owned() }
    }

    fn failed(&self, error: &rusqlite::Error) -> JournalError {
        JournalError::Broken { path: self.path.clone(), problem: error.to_string() }
    }
}

impl fmt::Debug for Journal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Journal").field("path", &self.path).finish_non_exhaustive()
    }
}

/// Why a journal cannot be used.
#[derive(Debug)]
#[non_exhaustive]
pub enum JournalError {
    /// The file or its folder cannot be made, looked at or removed.
    #[non_exhaustive]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Another process has it open: the run goes on there.
    #[non_exhaustive]
    InUse {
        /// The file.
        path: PathBuf,
    },
    /// A newer version of this crate made it.
    #[non_exhaustive]
    Newer {
        /// The file.
        path: PathBuf,
    },
    /// The file is something else.
    #[non_exhaustive]
    NotAJournal {
        /// The file.
        path: PathBuf,
    },
    /// It was made for another service: what was sent there says nothing of this one.
    #[non_exhaustive]
    OtherService {
        /// The file.
        path: Option<PathBuf>,
        /// Where it was made for.
        service: String,
    },
    /// It cannot be read or written: a full disk, damage, a vanished folder.
    #[non_exhaustive]
    Broken {
        /// The file; `None` in memory.
        path: Option<PathBuf>,
        /// What SQLite says.
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
                "the journal {} is in use by another process: this upload runs already",
                path.display()
            ),
            Self::Newer { path } => {
                write!(f, "the journal {} was made by a newer version", path.display())
            }
            Self::NotAJournal { path } => write!(f, "{} is not a journal", path.display()),
            Self::OtherService { path, service } => {
                write!(f, "{} is that of an upload to {service}", name(path))
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

/// A moment as the journal holds it: milliseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment(pub(crate) i64);

impl Moment {
    pub(crate) fn time(self) -> SystemTime {
        let size = Duration::from_millis(self.0.unsigned_abs());
        let time =
            if self.0 < 0 { UNIX_EPOCH.checked_sub(size) } else { UNIX_EPOCH.checked_add(size) };
        time.unwrap_or(UNIX_EPOCH)
    }
}

impl From<SystemTime> for Moment {
    fn from(time: SystemTime) -> Self {
        let millis = |size: Duration| i64::try_from(size.as_millis()).unwrap_or(i64::MAX);
        Self(match time.duration_since(UNIX_EPOCH) {
            Ok(after) => millis(after),
            Err(before) => -millis(before.duration()),
        })
    }
}

/// RFC 3339, in UTC, with three digits behind the second always: so moments sort as their texts do.
impl Serialize for Moment {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_millisecond(self.0) {
            Ok(time) => write!(f, "{time:.3}"),
            Err(_) => f.write_str("a time out of range"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Moment;

    #[test]
    fn moments_sort_as_their_texts_do() {
        let moments = [1_000, 1_010, 1_019, 1_020, 1_100, 1_101, 2_000].map(Moment);
        let texts = moments.map(|moment| moment.to_string());
        assert!(texts.is_sorted(), "{texts:?}");
        assert_eq!(texts[1], "1970-01-01T00:00:01.010Z");
    }
}
