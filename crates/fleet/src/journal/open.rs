//! Opening a journal. Decides what the file is, who may read it, and who may have it open.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::{Journal, JournalError};

/// What the tables are; raised when an older version could no longer read them.
const FORMAT: i32 = 1;

/// "PCDJ" in the header of the file, so that no other program's database is taken for a journal.
const APPLICATION: i32 = 0x5043_444A;

/// The size of a page, in bytes. An outcome makes a row longer: with pages of this size few of them are split for it.
const PAGE: i32 = 16 << 10;

/// How much of the file is kept in memory, in KiB: all that is known of some 300,000 rows.
const CACHE: i32 = 64 << 10;

/// A `target` is a batch of a customer. A `device` is what is sent to it, once, however many rows say it; `chunk` is the
/// upload it was last in, and `told` the one that gave the outcome beside it. A `line` is a row of a file as it was read
/// last.
const TABLES: &str = "
    CREATE TABLE run (service TEXT, begun INTEGER NOT NULL, stopped TEXT) STRICT;
    CREATE TABLE target (
        id INTEGER PRIMARY KEY, customer TEXT NOT NULL COLLATE NOCASE, folded TEXT NOT NULL, batch TEXT NOT NULL,
        made INTEGER NOT NULL DEFAULT 0, problem TEXT,
        UNIQUE (customer, folded)
    ) STRICT;
    CREATE TABLE device (
        id INTEGER PRIMARY KEY, target INTEGER NOT NULL, fingerprint BLOB NOT NULL, kind INTEGER NOT NULL,
        serial TEXT, product_key TEXT,
        chunk INTEGER, position INTEGER, attempts INTEGER NOT NULL DEFAULT 0,
        outcome TEXT, code TEXT, name TEXT, service_id TEXT, matched TEXT, settled INTEGER, told INTEGER,
        UNIQUE (target, fingerprint)
    ) STRICT;
    CREATE TABLE chunk (
        id INTEGER PRIMARY KEY, target INTEGER NOT NULL, content BLOB NOT NULL, devices INTEGER NOT NULL,
        creates INTEGER NOT NULL, request_id TEXT NOT NULL, correlation_id TEXT NOT NULL, cv TEXT,
        state TEXT NOT NULL, tracking_id TEXT, problem TEXT,
        noted INTEGER NOT NULL, accepted INTEGER, settled INTEGER
    ) STRICT;
    CREATE TABLE source (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
    CREATE TABLE line (
        place INTEGER PRIMARY KEY, source INTEGER NOT NULL, line INTEGER NOT NULL,
        target INTEGER, device INTEGER, serial TEXT, product_key TEXT, hash TEXT,
        rule TEXT, message TEXT, field TEXT, same_source INTEGER, same_line INTEGER
    ) STRICT;
";

enum Problem {
    Newer,
    Strange,
    Sqlite(rusqlite::Error),
}

impl From<rusqlite::Error> for Problem {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

pub(super) fn in_memory() -> Result<Journal, JournalError> {
    let log = Connection::open_in_memory().and_then(|mut log| make(&mut log).map(|()| log));
    log.map(|log| Journal { path: None, log })
        .map_err(|error| JournalError::Broken { path: None, problem: error.to_string() })
}

pub(super) fn in_file(path: PathBuf) -> Result<Journal, JournalError> {
    let unreachable = |source| JournalError::Io { path: path.clone(), source };
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder).map_err(unreachable)?;
    }
    make_private(&path).map_err(unreachable)?;
    open(&path)
}

/// A journal that must be there, to look at: others may look at the same time, and nothing in it changes. An empty
/// file, as a process leaves it that ended at once, is a journal in which nothing has begun.
pub(super) fn existing(path: &Path) -> Result<Journal, JournalError> {
    there(path)?;
    let looked = connect(path).and_then(|log| {
        log.pragma_update(None, "query_only", true)?;
        let new = look(&log)?;
        Ok((log, new))
    });
    match looked.map_err(|problem| said(problem, path))? {
        (_, true) => Ok(Journal { path: Some(path.to_owned()), ..in_memory()? }),
        (log, false) => Ok(Journal { path: Some(path.to_owned()), log }),
    }
}

/// That the file is a journal, if perhaps a damaged one, and that nobody has it open.
pub(super) fn free(path: &Path) -> Result<(), JournalError> {
    there(path)?;
    let alone = connect(path).and_then(|log| {
        log.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
        match number(&log, "application_id")? {
            APPLICATION => Ok(()), // newer or damaged it may be
            0 if look(&log).is_ok() => Ok(()),
            _ => Err(Problem::Strange),
        }
    });
    alone.map_err(|problem| said(problem, path))
}

fn there(path: &Path) -> Result<(), JournalError> {
    let there = fs::metadata(path);
    there.map(drop).map_err(|source| JournalError::Io { path: path.to_owned(), source })
}

fn open(path: &Path) -> Result<Journal, JournalError> {
    let log = connect(path).and_then(|mut log| {
        log.pragma_update(None, "locking_mode", "EXCLUSIVE")?; // held from the next line to the end
        let new = look(&log)?; // before anything is changed: it may be another program's
        log.pragma_update(None, "page_size", PAGE)?; // of a new file
        log.pragma_update(None, "journal_mode", "WAL")?;
        log.pragma_update(None, "synchronous", "NORMAL")?;
        log.pragma_update(None, "cache_size", -CACHE)?;
        if new {
            make(&mut log)?;
        }
        Ok(log)
    });
    let log = log.map_err(|problem| said(problem, path))?;
    Ok(Journal { path: Some(path.to_owned()), log })
}

fn connect(path: &Path) -> Result<Connection, Problem> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let log = Connection::open_with_flags(path, flags)?;
    log.busy_timeout(Duration::ZERO)?; // a lock that another process has is not given up soon
    Ok(log)
}

fn said(problem: Problem, path: &Path) -> JournalError {
    let path = path.to_owned();
    match problem {
        Problem::Newer => JournalError::Newer { path },
        Problem::Strange => JournalError::NotAJournal { path },
        Problem::Sqlite(error) => match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                JournalError::InUse { path }
            }
            Some(ErrorCode::NotADatabase) => JournalError::NotAJournal { path },
            _ => JournalError::Broken { path: Some(path), problem: error.to_string() },
        },
    }
}

fn number(log: &Connection, pragma: &str) -> Result<i32, rusqlite::Error> {
    log.pragma_query_value(None, pragma, |row| row.get(0))
}

/// Whether the file is empty. If not, it must be a journal that can be read.
fn look(log: &Connection) -> Result<bool, Problem> {
    let (application, format) = (number(log, "application_id")?, number(log, "user_version")?);
    let tables: u32 = log.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    match (application, tables) {
        (0, 0) => Ok(true),
        (APPLICATION, 1..) if format > FORMAT => Err(Problem::Newer),
        (APPLICATION, 1..) if format == FORMAT => Ok(false),
        _ => Err(Problem::Strange),
    }
}

fn make(log: &mut Connection) -> Result<(), rusqlite::Error> {
    let made = log.transaction()?;
    made.execute_batch(TABLES)?;
    made.pragma_update(None, "application_id", APPLICATION)?;
    made.pragma_update(None, "user_version", FORMAT)?;
    made.commit()
}

/// Makes the file, if there is none, so that only its owner can read it: serial numbers are in it. SQLite gives the
/// files beside it the same rights. One that is there is not touched: on POSIX a process that closes any descriptor of
/// a file gives up the locks it has on it, those of a journal it has open too.
fn make_private(path: &Path) -> std::io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        made => made.map(drop),
    }
}
