//! The data folder: one SQLite file with the [event log](super::event_log), the seed and the start time.
//!
//! An entry is written before its response is sent, so a killed process loses no change that it has confirmed.
//!
//! Entries are written to SQLite's write-ahead log, which is synced to disk from time to time (`synchronous = NORMAL`).
//! After a power failure the last entries may be missing, but there are no gaps. Syncing each entry would add
//! milliseconds to every change, for test data.
//!
//! The file stays locked while it is open, so that two processes cannot write to it.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, params};

use crate::storage::event_log::{self, Event};

/// The version of the file format. It is increased when older emulators can no longer read the file, or when a replay of
/// the log would no longer give the same state.
const FORMAT: i32 = 4;

/// The `application_id` in the SQLite header, "PCDE". It distinguishes the file from the databases of other programs.
const APPLICATION_ID: i32 = 0x5043_4445;

const FILE: &str = "emulator.sqlite";

const TABLES: [&str; 2] = [
    "CREATE TABLE log (number INTEGER PRIMARY KEY, wall INTEGER NOT NULL, entry BLOB NOT NULL) STRICT",
    "CREATE TABLE origin (seed INTEGER NOT NULL, epoch INTEGER NOT NULL, wall INTEGER NOT NULL) STRICT",
];

/// An open data folder.
pub(crate) struct Store {
    log: Connection,
}

/// The seed and start time of the state. They never change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    pub(crate) seed: u64,
    /// The time at the start, in whole ticks of 100 ns, the precision of responses.
    pub(crate) epoch: SystemTime,
}

/// The contents of a folder when it was opened.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Found {
    pub(crate) origin: Origin,
    /// True if the file was created, with the requested origin.
    pub(crate) new: bool,
}

/// A data folder that cannot be used.
#[derive(Debug)]
#[non_exhaustive]
pub enum DataError {
    /// The folder cannot be created or opened.
    Folder {
        /// The folder.
        folder: PathBuf,
        /// The error of the file system.
        source: io::Error,
    },
    /// Another process uses the folder.
    InUse {
        /// The folder.
        folder: PathBuf,
    },
    /// A newer version of the emulator created the state.
    Newer {
        /// The folder.
        folder: PathBuf,
        /// The format version of the state.
        format: i32,
        /// The newest format version that this emulator supports.
        known: i32,
    },
    /// The folder contains something other than an emulator's state, or the state is damaged.
    Unreadable {
        /// The folder.
        folder: PathBuf,
        /// A description of the problem.
        problem: String,
    },
}

impl Store {
    /// Opens a folder. Creates the folder and the file if they do not exist.
    pub(crate) fn open(folder: &Path, origin: Origin) -> Result<(Self, Found), DataError> {
        let io_error = |source| DataError::Folder { folder: folder.to_owned(), source };
        create_private(folder).map_err(io_error)?;
        Self::open_in(folder, origin).map_err(|problem| match problem {
            Problem::Newer(format) => {
                DataError::Newer { folder: folder.to_owned(), format, known: FORMAT }
            }
            Problem::Older(format) => {
                let problem = format!(
                    "its format version is {format}, and this emulator reads version {FORMAT}; use an empty folder"
                );
                unreadable(folder, problem)
            }
            Problem::UnknownFile => {
                unreadable(folder, format!("{FILE} was not created by the emulator"))
            }
            Problem::Damaged(problem) => {
                unreadable(folder, format!("{FILE} is damaged: {problem}"))
            }
            Problem::Sqlite(error) => match error.sqlite_error_code() {
                Some(ErrorCode::OperationInterrupted) => unreadable(
                    folder,
                    format!("the pages of {FILE} refer to each other without end"),
                ),
                Some(ErrorCode::DatabaseBusy) => DataError::InUse { folder: folder.to_owned() },
                _ => unreadable(folder, error.to_string()),
            },
        })
    }

    fn open_in(folder: &Path, origin: Origin) -> Result<(Self, Found), Problem> {
        let mut log = Connection::open(folder.join(FILE))?;
        distrust(&log)?;
        limit_steps(&mut log, &folder.join(FILE))?;
        log.busy_timeout(Duration::ZERO)?; // another process keeps its lock, so waiting is useless
        // The next statement takes the lock and keeps it until the file is closed.
        log.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
        log.pragma_update(None, "journal_mode", "WAL")?;
        log.pragma_update(None, "synchronous", "NORMAL")?;
        let pragma = |name| log.pragma_query_value(None, name, |row| row.get::<_, i32>(0));
        let (application_id, format) = (pragma("application_id")?, pragma("user_version")?);
        let tables: u32 =
            log.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
        let new = tables == 0;
        match (application_id, new) {
            (APPLICATION_ID, _) if format > FORMAT => return Err(Problem::Newer(format)),
            (APPLICATION_ID, false) if format < FORMAT => return Err(Problem::Older(format)),
            (APPLICATION_ID, _) if format == FORMAT && is_exact(&log)? => {
                let found: String = log.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
                if found != "ok" {
                    return Err(Problem::Damaged(found.replace('\n', " ")));
                }
            }
            (0, true) => {
                let transaction = log.transaction()?;
                transaction.execute_batch(&TABLES.join(";"))?;
                transaction.execute(
                    "INSERT INTO origin (seed, epoch, wall) VALUES (?1, ?2, ?3)",
                    params![
                        origin.seed.cast_signed(),
                        ticks(origin.epoch),
                        ticks(SystemTime::now())
                    ],
                )?;
                transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
                transaction.pragma_update(None, "user_version", FORMAT)?;
                transaction.commit()?;
            }
            _ => return Err(Problem::UnknownFile),
        }
        log.progress_handler(0, None::<fn() -> bool>)?;
        let origin = log.query_row("SELECT seed, epoch FROM origin", [], |row| {
            let seed: i64 = row.get(0)?;
            Ok(Origin { seed: seed.cast_unsigned(), epoch: from_ticks(row.get(1)?) })
        })?;
        Ok((Self { log }, Found { origin, new }))
    }

    /// Passes each entry to `apply`, oldest first, and returns the number of entries.
    pub(crate) fn replay(
        &self,
        folder: &Path,
        mut apply: impl FnMut(Duration, Event),
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
            apply(at, event);
            count += 1;
        }
        Ok(count)
    }

    /// Returns the time since the last entry, or since the folder was created, by the clock of this machine. The
    /// result is zero if that clock was set back.
    pub(crate) fn time_since_last_entry(
        &self,
        folder: &Path,
        now: SystemTime,
    ) -> Result<Duration, DataError> {
        let last = "SELECT coalesce((SELECT wall FROM log ORDER BY number DESC LIMIT 1), wall) FROM origin";
        let last = self.log.query_row(last, [], |row| row.get(0));
        let last = last.map_err(|error| unreadable(folder, error.to_string()))?;
        Ok(now.duration_since(from_ticks(last)).unwrap_or_default())
    }

    /// Makes every further `append` fail.
    #[cfg(test)]
    pub(crate) fn fail(&self) {
        self.log.pragma_update(None, "query_only", true).unwrap();
    }

    /// Appends an entry. The entry survives a crash of the process.
    pub(crate) fn append(&self, wall: SystemTime, entry: &[u8]) -> Result<(), rusqlite::Error> {
        self.log
            .execute("INSERT INTO log (wall, entry) VALUES (?1, ?2)", params![ticks(wall), entry])
            .map(drop)
    }
}

enum Problem {
    Newer(i32),
    Older(i32),
    UnknownFile,
    Damaged(String),
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

/// Creates the folder and the file, if they do not exist, for their owner only with any umask. SQLite gives the same
/// permissions to the files next to it.
fn create_private(folder: &Path) -> io::Result<()> {
    let mut directories = fs::DirBuilder::new();
    let mut file = fs::OpenOptions::new();
    directories.recursive(true);
    file.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
        directories.mode(0o700);
        file.mode(0o600);
    }
    directories.create(folder)?;
    match file.open(folder.join(FILE)) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

/// Lets the file run nothing: it may come from someone else.
fn distrust(log: &Connection) -> Result<(), rusqlite::Error> {
    for (setting, on) in [
        (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
        (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false),
    ] {
        log.set_db_config(setting, on)?;
    }
    Ok(())
}

/// The number of SQLite's steps between two looks at the limit.
const STEPS: i32 = 10_000;

/// Limits the steps until the file has been checked. The pages of a damaged file may refer to each other, so that reading
/// them would never end. The check of a whole file needs less than two steps for each byte.
fn limit_steps(log: &mut Connection, path: &Path) -> Result<(), rusqlite::Error> {
    let length = |path: &Path| fs::metadata(path).map_or(0, |file| file.len());
    let bytes = length(path).saturating_add(length(&path.with_extension("sqlite-wal")));
    let mut left = (20_000_000 + 20 * bytes) / u64::from(STEPS.unsigned_abs());
    log.progress_handler(
        STEPS,
        Some(move || {
            left = left.saturating_sub(1);
            left == 0
        }),
    )
}

/// Returns true if the file has exactly the emulator's tables.
fn is_exact(log: &Connection) -> Result<bool, rusqlite::Error> {
    let mut query = log.prepare("SELECT coalesce(sql, '') FROM sqlite_schema ORDER BY name")?;
    let found: Vec<String> = query.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    Ok(found == TABLES)
}

/// Converts a time to ticks of 100 ns since 1970.
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
                write!(f, "cannot use the data folder {}: {source}", folder.display())
            }
            Self::InUse { folder } => {
                write!(f, "the data folder {} is in use by another process", folder.display())
            }
            Self::Newer { folder, format, known } => write!(
                f,
                "the data folder {} was created by a newer emulator: its format version is {format}, and this emulator supports up to {known}",
                folder.display()
            ),
            Self::Unreadable { folder, problem } => {
                write!(f, "cannot read the data folder {}: {problem}", folder.display())
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
