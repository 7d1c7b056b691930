//! Decides how the state outlives the process: a folder with one SQLite file, in it a log of what happened
//! ([`kept`](crate::storage::event_log)) and what a run begins with. An entry is in the file before its answer leaves, so a
//! process that is killed loses nothing that was answered.
//!
//! The write-ahead log is handed to the system with each entry and forced to the disk from time to time
//! (`synchronous = NORMAL`): a system that loses power may lose the last answers, and never anything older than
//! one of them. Forcing each entry would cost a client some milliseconds for a state made of test data.
//!
//! The file is locked for as long as it is open, so that no two processes write one log.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rusqlite::{Connection, ErrorCode, params};

use crate::storage::event_log::{self, Event};

/// What the file holds and how; raised when an older emulator could no longer read it.
const FORMAT: i32 = 1;

/// "PCDE" in the header of the file, so that no other program's database is taken for a state.
const APPLICATION: i32 = 0x5043_4445;

const FILE: &str = "emulator.sqlite";

/// An open folder.
pub(crate) struct Store {
    log: Connection,
}

/// What a run begins with, and never changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    pub(crate) seed: u64,
    /// The date at the start. Whole ticks of 100 ns: no answer shows less.
    pub(crate) epoch: SystemTime,
}

/// What a folder has.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Found {
    pub(crate) origin: Origin,
    /// It was made just now, with the origin that was asked for.
    pub(crate) new: bool,
}

/// Why the state in a data folder cannot be used.
#[derive(Debug)]
#[non_exhaustive]
pub enum DataError {
    /// The folder cannot be made or looked at.
    Folder {
        /// The folder.
        folder: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Another process has it open.
    InUse {
        /// The folder.
        folder: PathBuf,
    },
    /// A newer emulator made it.
    Newer {
        /// The folder.
        folder: PathBuf,
        /// The format of the state there.
        format: i32,
        /// The newest that this emulator knows.
        known: i32,
    },
    /// What is there is not a state of an emulator, or no longer one.
    Unreadable {
        /// The folder.
        folder: PathBuf,
        /// What is wrong.
        problem: String,
    },
}

impl Store {
    /// Opens a folder, and makes what is not there.
    pub(crate) fn open(folder: &Path, origin: Origin) -> Result<(Self, Found), DataError> {
        let cannot = |source| DataError::Folder { folder: folder.to_owned(), source };
        fs::create_dir_all(folder).map_err(cannot)?;
        Self::open_in(folder, origin).map_err(|problem| match problem {
            Problem::Newer(format) => {
                DataError::Newer { folder: folder.to_owned(), format, known: FORMAT }
            }
            Problem::Strange => unreadable(folder, format!("{FILE} is not an emulator's")),
            Problem::Sqlite(error) => match error.sqlite_error_code() {
                Some(ErrorCode::DatabaseBusy) => DataError::InUse { folder: folder.to_owned() },
                _ => unreadable(folder, error.to_string()),
            },
        })
    }

    fn open_in(folder: &Path, origin: Origin) -> Result<(Self, Found), Problem> {
        let mut log = Connection::open(folder.join(FILE))?;
        log.busy_timeout(Duration::ZERO)?; // a lock that another process has is not given up soon
        log.pragma_update(None, "locking_mode", "EXCLUSIVE")?; // held from the next line to the end
        log.pragma_update(None, "journal_mode", "WAL")?;
        log.pragma_update(None, "synchronous", "NORMAL")?;
        let pragma = |name| log.pragma_query_value(None, name, |row| row.get::<_, i32>(0));
        let (application, format) = (pragma("application_id")?, pragma("user_version")?);
        let tables: u32 =
            log.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
        let new = tables == 0;
        match (application, new) {
            (APPLICATION, _) if format > FORMAT => return Err(Problem::Newer(format)),
            (APPLICATION, _) if format == FORMAT => {}
            (0, true) => {
                let made = log.transaction()?;
                made.execute_batch(
                    "CREATE TABLE origin (seed INTEGER NOT NULL, epoch INTEGER NOT NULL, wall INTEGER NOT NULL) STRICT;
                     CREATE TABLE log (number INTEGER PRIMARY KEY, wall INTEGER NOT NULL, entry BLOB NOT NULL) STRICT;",
                )?;
                made.execute(
                    "INSERT INTO origin (seed, epoch, wall) VALUES (?1, ?2, ?3)",
                    params![
                        origin.seed.cast_signed(),
                        ticks(origin.epoch),
                        ticks(SystemTime::now())
                    ],
                )?;
                made.pragma_update(None, "application_id", APPLICATION)?;
                made.pragma_update(None, "user_version", FORMAT)?;
                made.commit()?;
            }
            _ => return Err(Problem::Strange),
        }
        let origin = log.query_row("SELECT seed, epoch FROM origin", [], |row| {
            let seed: i64 = row.get(0)?;
            Ok(Origin { seed: seed.cast_unsigned(), epoch: from_ticks(row.get(1)?) })
        })?;
        Ok((Self { log }, Found { origin, new }))
    }

    /// Gives every entry, oldest first, and says how many there were.
    pub(crate) fn replay(
        &self,
        folder: &Path,
        mut each: impl FnMut(Duration, Event),
    ) -> Result<u64, DataError> {
        let failed = |error: rusqlite::Error| unreadable(folder, error.to_string());
        let mut entries =
            self.log.prepare("SELECT number, entry FROM log ORDER BY number").map_err(failed)?;
        let mut rows = entries.query([]).map_err(failed)?;
        let mut count = 0;
        while let Some(row) = rows.next().map_err(failed)? {
            let entry = row.get_ref(1).map_err(failed)?.as_blob().unwrap_or_default();
            let Some((at, event)) = event_log::decode(entry) else {
                let number: i64 = row.get(0).map_err(failed)?;
                return Err(unreadable(folder, format!("entry {number} of {FILE} is damaged")));
            };
            each(at, event);
            count += 1;
        }
        Ok(count)
    }

    /// How long ago, on the clock of this machine, the last entry was written, or the folder made. A clock that
    /// was put back says that no time has passed.
    pub(crate) fn since_last(&self, folder: &Path, now: SystemTime) -> Result<Duration, DataError> {
        let last = "SELECT coalesce((SELECT wall FROM log ORDER BY number DESC LIMIT 1), wall) FROM origin";
        let last = self.log.query_row(last, [], |row| row.get(0));
        let last = last.map_err(|error| unreadable(folder, error.to_string()))?;
        Ok(now.duration_since(from_ticks(last)).unwrap_or_default())
    }

    /// From now on no entry can be written.
    #[cfg(test)]
    pub(crate) fn fail(&self) {
        self.log.pragma_update(None, "query_only", true).unwrap();
    }

    /// Puts an entry at the end. When this returns, the end of the process does not undo it.
    pub(crate) fn append(&self, wall: SystemTime, entry: &[u8]) -> Result<(), rusqlite::Error> {
        self.log
            .execute("INSERT INTO log (wall, entry) VALUES (?1, ?2)", params![ticks(wall), entry])
            .map(drop)
    }
}

enum Problem {
    Newer(i32),
    Strange,
    Sqlite(rusqlite::Error),
}

impl From<rusqlite::Error> for Problem {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

pub(crate) fn unreadable(folder: &Path, problem: String) -> DataError {
    DataError::Unreadable { folder: folder.to_owned(), problem }
}

/// 100 ns since 1970.
fn ticks(time: SystemTime) -> i64 {
    let ticks = |time: Duration| i64::try_from(time.as_nanos() / 100).unwrap_or(i64::MAX);
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => ticks(after),
        Err(before) => -ticks(before.duration()),
    }
}

fn from_ticks(ticks: i64) -> SystemTime {
    let size = ticks.unsigned_abs();
    let size = Duration::new(size / 10_000_000, (size % 10_000_000) as u32 * 100);
    let time = if ticks < 0 { UNIX_EPOCH.checked_sub(size) } else { UNIX_EPOCH.checked_add(size) };
    time.unwrap_or(UNIX_EPOCH)
}

impl fmt::Display for DataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder { folder, source } => {
                write!(f, "the data folder {} cannot be used: {source}", folder.display())
            }
            Self::InUse { folder } => {
                write!(f, "the data folder {} is in use by another process", folder.display())
            }
            Self::Newer { folder, format, known } => write!(
                f,
                "the data folder {} was made by a newer emulator: its format is {format}, this one knows up to {known}",
                folder.display()
            ),
            Self::Unreadable { folder, problem } => {
                write!(f, "the data folder {} cannot be read: {problem}", folder.display())
            }
        }
    }
}

impl std::error::Error for DataError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Folder { source, .. } => Some(source),
            _ => None,
        }
    }
}
