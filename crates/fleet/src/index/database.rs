//! The open index: what the file is, and the facts about the index as a whole.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags, Transaction, TransactionBehavior};

use super::error::IndexError;
use super::schema::{self, APPLICATION, CACHE, FORMAT};
use crate::sqlite_file::{create_directory_of, create_private, distrust, header};
use crate::timestamp::Timestamp;

/// How long a write waits for another process. Each of its writes takes some milliseconds.
const PATIENCE: Duration = Duration::from_secs(10);

/// How often a new file is switched to its mode while another process has it open, and the pause between.
const MAX_ATTEMPTS: usize = 500;
const PAUSE: Duration = Duration::from_millis(20);

/// An open index of one service.
pub struct Index {
    pub(super) path: PathBuf,
    pub(super) database: Connection,
}

/// The number of known rows that are not gone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct IndexTotals {
    /// The customers.
    pub customers: u64,
    /// The batches.
    pub batches: u64,
    /// The devices.
    pub devices: u64,
    /// The customers whose batches were listed.
    pub customers_read: u64,
}

impl Index {
    /// Opens the index of a service, creating the file and its directory if they do not exist.
    ///
    /// `service` is the root of its API; a slash at the end is ignored. On Unix a new file is readable by its owner only.
    /// Several processes may have the index open.
    ///
    /// # Errors
    /// If the file cannot be written, is not an index, was created by a newer version, or belongs to another service.
    pub fn open(path: impl Into<PathBuf>, service: &str) -> Result<Self, IndexError> {
        let path = path.into();
        let io = |source| IndexError::Io { path: path.clone(), source };
        create_directory_of(&path).map_err(io)?;
        create_private(&path).map_err(io)?;
        Self::open_file(path, service)
    }

    /// Like [`open`](Self::open), but returns `None` if there is no file.
    ///
    /// # Errors
    /// As for [`open`](Self::open).
    pub fn open_existing(
        path: impl Into<PathBuf>,
        service: &str,
    ) -> Result<Option<Self>, IndexError> {
        let path = path.into();
        match fs::metadata(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            _ => Self::open_file(path, service).map(Some),
        }
    }

    /// Returns the file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the start of the last complete list of the customers. `None` if none was completed: the index then has only
    /// those customers that were looked up one by one.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn customers_synced(&self) -> Result<Option<Timestamp>, IndexError> {
        self.fact("customers_synced")
    }

    /// Returns the time up to which the audit records have been read, as
    /// [`record_audit_read`](Self::record_audit_read) recorded it.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn audit_read(&self) -> Result<Option<Timestamp>, IndexError> {
        self.fact("audit_read")
    }

    /// Records the time up to which the audit records have been read.
    ///
    /// # Errors
    /// If the index cannot be written.
    pub fn record_audit_read(&mut self, until: Timestamp) -> Result<(), IndexError> {
        self.write(|transaction| {
            transaction.execute("UPDATE about SET audit_read = ?1", [until.0]).map(drop)
        })
    }

    /// Counts the customers, batches and devices that are not gone.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn totals(&self) -> Result<IndexTotals, IndexError> {
        let count = |rows: &str| {
            let query = format!("SELECT count(*) FROM {rows}");
            let count: Result<i64, _> =
                self.read(|database| database.query_row(&query, [], |row| row.get(0)));
            count.map(i64::unsigned_abs)
        };
        Ok(IndexTotals {
            customers: count("customer WHERE gone IS NULL")?,
            batches: count("batch WHERE gone IS NULL")?,
            devices: count("device WHERE gone IS NULL")?,
            customers_read: count("customer WHERE gone IS NULL AND listed IS NOT NULL")?,
        })
    }

    fn fact(&self, name: &str) -> Result<Option<Timestamp>, IndexError> {
        let query = format!("SELECT {name} FROM about");
        let time: Option<i64> =
            self.read(|database| database.query_row(&query, [], |row| row.get(0)))?;
        Ok(time.map(Timestamp))
    }

    /// Runs a query.
    pub(super) fn read<T>(
        &self,
        query: impl FnOnce(&Connection) -> Result<T, rusqlite::Error>,
    ) -> Result<T, IndexError> {
        query(&self.database).map_err(|error| IndexError::of_sqlite(&self.path, &error))
    }

    /// Runs `write` in a transaction: either all of its writes take effect or none.
    pub(super) fn write<T>(
        &mut self,
        write: impl FnOnce(&Transaction<'_>) -> Result<T, rusqlite::Error>,
    ) -> Result<T, IndexError> {
        let written = (|| {
            // It reads before it writes, so it locks first: a lock that is taken later fails if another process wrote.
            let transaction =
                self.database.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let value = write(&transaction)?;
            transaction.commit()?;
            Ok(value)
        })();
        written.map_err(|error: rusqlite::Error| IndexError::of_sqlite(&self.path, &error))
    }

    fn open_file(path: PathBuf, service: &str) -> Result<Self, IndexError> {
        match fs::metadata(&path) {
            Ok(metadata) if metadata.is_file() => {}
            Ok(_) => return Err(IndexError::NotAnIndex { path }),
            Err(source) => return Err(IndexError::Io { path, source }),
        }
        let service = service.trim_end_matches('/');
        let sqlite = |error: rusqlite::Error| IndexError::of_sqlite(&path, &error);
        let mut database = connect(&path).map_err(sqlite)?;
        let is_empty = !check_format(&database, &path)?; // before any change: the file may belong to another program
        prepare(&database).map_err(sqlite)?;
        if is_empty {
            let created = schema::create(&mut database, service);
            // Another process may have created the tables at the same time.
            if created.is_err() && !check_format(&database, &path)? {
                created.map_err(sqlite)?;
            }
        }
        schema::upgrade(&mut database).map_err(sqlite)?;
        let recorded: String = database
            .query_row("SELECT service FROM about", [], |row| row.get(0))
            .map_err(sqlite)?;
        if recorded != service {
            return Err(IndexError::OtherService { path, service: recorded });
        }
        Ok(Self { path, database })
    }
}

impl fmt::Debug for Index {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Index").field("path", &self.path).finish_non_exhaustive()
    }
}

fn connect(path: &Path) -> Result<Connection, rusqlite::Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let database = Connection::open_with_flags(path, flags)?;
    database.busy_timeout(PATIENCE)?;
    distrust(&database)?;
    Ok(database)
}

/// Lets other processes read during a write, and skips the wait for the disk: if the machine loses power, the last pages are
/// read again.
#[allow(clippy::disallowed_methods, reason = "every other wait for the file blocks, too")]
fn prepare(database: &Connection) -> Result<(), rusqlite::Error> {
    let mut attempts = 0;
    // SQLite does not wait here for another process that opens the new file at the same time.
    while let Err(error) = database.pragma_update(None, "journal_mode", "WAL") {
        let is_busy = error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy);
        if !is_busy || attempts == MAX_ATTEMPTS {
            return Err(error);
        }
        attempts += 1;
        std::thread::sleep(PAUSE);
    }
    database.pragma_update(None, "synchronous", "NORMAL")?;
    database.pragma_update(None, "cache_size", -CACHE)
}

/// Returns false if the file is empty. A file that is not empty must be an index of a supported format.
fn check_format(database: &Connection, path: &Path) -> Result<bool, IndexError> {
    let read = || {
        // All of it from the same state: another process may be creating the tables.
        let database = database.unchecked_transaction()?;
        let application = header(&database, "application_id")?;
        let format = header(&database, "user_version")?;
        let tables: u32 =
            database.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
        let is_exact = (1..=FORMAT).contains(&format) && schema::is_exact(&database, format)?;
        Ok((application, tables, format, is_exact))
    };
    let path = path.to_owned();
    match read().map_err(|error: rusqlite::Error| IndexError::of_sqlite(&path, &error))? {
        (0, 0, ..) => Ok(false),
        (APPLICATION, 1.., _, true) => Ok(true),
        (APPLICATION, 1.., format, _) if format > FORMAT => Err(IndexError::Newer { path }),
        _ => Err(IndexError::NotAnIndex { path }),
    }
}
