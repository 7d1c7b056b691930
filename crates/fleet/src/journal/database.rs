//! The open journal, and the error of a query on it.

use std::fmt;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, Transaction};

use super::error::JournalError;
use super::open;

/// An open journal, which records one run.
///
/// Give the same journal to [`Upload::journal`](crate::Upload::journal) again to resume the run.
pub struct Journal {
    pub(super) path: Option<PathBuf>,
    pub(super) database: Connection,
}

impl Journal {
    /// Opens the journal, creating the file if it does not exist.
    ///
    /// On Unix a new file is readable by its owner only. The permissions of an existing file are not changed.
    ///
    /// # Errors
    /// If the file is in use, cannot be written, is not a journal, or was created by a newer version.
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, JournalError> {
        let path = path.into();
        let database = open::in_file(&path)?;
        Ok(Self { path: Some(path), database })
    }

    /// Opens an existing journal for reading.
    ///
    /// Several readers may open a journal at the same time; an upload cannot write to it. While it is open,
    /// [`open`](Self::open) fails with [`JournalError::InUse`]. If a crash left changes in a file next to the journal,
    /// they are merged into it when the last reader closes it.
    ///
    /// # Errors
    /// If the file does not exist, and for the same reasons as [`open`](Self::open).
    pub fn open_read_only(path: impl AsRef<Path>) -> Result<Self, JournalError> {
        let path = path.as_ref();
        Ok(Self { path: Some(path.to_owned()), database: open::read_only(path)? })
    }

    /// Creates a journal in memory. An upload without a journal uses one.
    ///
    /// # Errors
    /// If there is not enough memory.
    pub fn in_memory() -> Result<Self, JournalError> {
        Ok(Self { path: None, database: open::in_memory()? })
    }

    /// Returns the file; `None` for a journal in memory.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// Returns the error for a run whose customers do not all belong to `service`.
    pub(crate) fn other_service(&self, service: &str) -> JournalError {
        JournalError::OtherService { path: self.path.clone(), service: service.to_owned() }
    }

    pub(super) fn broken(&self, error: impl Into<QueryError>) -> JournalError {
        let problem = match error.into() {
            QueryError::Sqlite(error) => error.to_string(),
            QueryError::InvalidValue(problem) => problem,
        };
        JournalError::Broken { path: self.path.clone(), problem }
    }

    /// Runs `write` in a transaction: either all of its writes take effect or none.
    pub(super) fn transaction<T>(
        &mut self,
        write: impl FnOnce(&Transaction<'_>) -> Result<T, rusqlite::Error>,
    ) -> Result<T, JournalError> {
        let written = (|| {
            let transaction = self.database.transaction()?;
            let value = write(&transaction)?;
            transaction.commit()?;
            Ok(value)
        })();
        written.map_err(|error: rusqlite::Error| self.broken(error))
    }
}

impl fmt::Debug for Journal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Journal").field("path", &self.path).finish_non_exhaustive()
    }
}

/// The reason why a query has no result.
#[derive(Debug)]
pub(super) enum QueryError {
    Sqlite(rusqlite::Error),
    /// The journal contains a value that no version of this crate writes.
    InvalidValue(String),
}

impl From<rusqlite::Error> for QueryError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}
