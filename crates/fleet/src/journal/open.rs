//! Opening a journal file: what the file is, who may read it, and who may have it open.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::error::JournalError;
use super::schema::{self, APPLICATION, CACHE, FORMAT, PAGE};
use crate::sqlite_file::{create_directory_of, create_private, distrust, header};

enum Problem {
    Newer,
    NotAJournal,
    Damaged(String),
    Sqlite(rusqlite::Error),
}

impl Problem {
    /// Returns true for errors of a file or directory that cannot be written.
    fn is_about_access(&self) -> bool {
        use ErrorCode::{CannotOpen, PermissionDenied, ReadOnly, SystemIoFailure};
        let Self::Sqlite(error) = self else { return false };
        matches!(
            error.sqlite_error_code(),
            Some(CannotOpen | PermissionDenied | ReadOnly | SystemIoFailure)
        )
    }
}

impl From<rusqlite::Error> for Problem {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

pub(super) fn in_memory() -> Result<Connection, JournalError> {
    let created = Connection::open_in_memory().and_then(|mut database| {
        schema::create(&mut database)?;
        Ok(database)
    });
    created.map_err(|error| JournalError::Broken { path: None, problem: error.to_string() })
}

/// Opens a journal for writing and locks it. Creates the file and its directory if they do not exist.
pub(super) fn in_file(path: &Path) -> Result<Connection, JournalError> {
    let io = |source| JournalError::Io { path: path.to_owned(), source };
    create_directory_of(path).map_err(io)?;
    create_private(path).map_err(io)?;
    check_exists(path)?;
    open(path).map_err(|problem| journal_error(problem, path))
}

/// Opens an existing journal for reading. Several readers may open it at the same time. Reading does not change it.
///
/// An empty file, left by a process that was killed right after creating it, reads as a journal without a run.
pub(super) fn read_only(path: &Path) -> Result<Connection, JournalError> {
    check_exists(path)?;
    let check = |mut database: Connection| {
        database.pragma_update(None, "query_only", true)?;
        let is_empty = check(&mut database)?;
        if !is_empty {
            // Otherwise SQLite refuses temporary tables, too.
            database.pragma_update(None, "query_only", false)?;
            schema::complete(&database)?;
            database.pragma_update(None, "query_only", true)?;
        }
        Ok((database, is_empty))
    };
    let opened = match connect(path).and_then(check) {
        Err(problem) if problem.is_about_access() && !has_log(path) => {
            // SQLite cannot create the index of its log next to the file.
            connect_immutable(path).map_or(Err(problem), check)
        }
        opened => opened,
    };
    match opened.map_err(|problem| journal_error(problem, path))? {
        (_, true) => in_memory(),
        (database, false) => Ok(database),
    }
}

/// Checks that the file is a journal, even a damaged one, and that no process has it open.
pub(super) fn check_unused(path: &Path) -> Result<(), JournalError> {
    check_exists(path)?;
    let checked = connect(path).and_then(|database| {
        database.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
        match header(&database, "application_id")? {
            APPLICATION => Ok(()), // it may be newer or damaged
            0 if check_format(&database).is_ok() => Ok(()),
            _ => Err(Problem::NotAJournal),
        }
    });
    checked.map_err(|problem| journal_error(problem, path))
}

/// Checks that the path is a file: a pipe or a device could be read without end.
fn check_exists(path: &Path) -> Result<(), JournalError> {
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_file() => Ok(()),
        Ok(_) => Err(JournalError::NotAJournal { path: path.to_owned() }),
        Err(source) => Err(JournalError::Io { path: path.to_owned(), source }),
    }
}

/// Returns true if the file has a write-ahead log with changes that the file itself does not have yet.
fn has_log(path: &Path) -> bool {
    fs::metadata(log_of(path)).is_ok_and(|log| log.len() > 0)
}

fn log_of(path: &Path) -> PathBuf {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    log.into()
}

fn open(path: &Path) -> Result<Connection, Problem> {
    let mut database = connect(path)?;
    database.pragma_update(None, "locking_mode", "EXCLUSIVE")?; // held from the next line until it is closed
    let is_empty = check(&mut database)?; // before any change: the file may belong to another program
    database.pragma_update(None, "page_size", PAGE)?; // takes effect in a new file only
    database.pragma_update(None, "journal_mode", "WAL")?;
    database.pragma_update(None, "synchronous", "NORMAL")?;
    database.pragma_update(None, "cache_size", -CACHE)?;
    if is_empty {
        schema::create(&mut database)?;
    } else {
        schema::upgrade(&mut database)?;
    }
    Ok(database)
}

fn connect(path: &Path) -> Result<Connection, Problem> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut database = Connection::open_with_flags(path, flags)?;
    database.busy_timeout(Duration::ZERO)?; // another process keeps its lock for a whole run
    distrust(&database)?;
    limit_steps(&mut database, path)?;
    Ok(database)
}

/// Opens a file of a directory that this process cannot write, without a lock. Returns `None` if the path is not UTF-8.
fn connect_immutable(path: &Path) -> Option<Connection> {
    let path = fs::canonicalize(path).ok()?;
    let mut address = "file:".to_owned();
    for byte in path.to_str()?.bytes() {
        match byte {
            b'/' | b'.' | b'-' | b'_' => address.push(byte.into()),
            _ if byte.is_ascii_alphanumeric() => address.push(byte.into()),
            _ => address.push_str(&format!("%{byte:02X}")),
        }
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_URI;
    let mut database = Connection::open_with_flags(address + "?immutable=1", flags).ok()?;
    distrust(&database).ok()?;
    limit_steps(&mut database, &path).ok()?;
    Some(database)
}

/// The number of SQLite's steps between two looks at the limit.
const STEPS: i32 = 10_000;

/// Limits the steps until the file has been checked. The pages of a damaged file may refer to each other, so that reading
/// them would never end. The check of a whole journal needs less than two steps for each byte.
fn limit_steps(database: &mut Connection, path: &Path) -> Result<(), rusqlite::Error> {
    let length = |path: &Path| fs::metadata(path).map_or(0, |file| file.len());
    let bytes = length(path).saturating_add(length(&log_of(path)));
    let mut left = (20_000_000 + 20 * bytes) / u64::from(STEPS.unsigned_abs());
    database.progress_handler(
        STEPS,
        Some(move || {
            left = left.saturating_sub(1);
            left == 0
        }),
    )
}

/// Returns whether the file is empty. A file that is not empty must be an undamaged journal of a supported format.
fn check(database: &mut Connection) -> Result<bool, Problem> {
    let is_empty = check_format(database)?;
    if !is_empty {
        let found: String = database.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
        if found != "ok" {
            return Err(Problem::Damaged(found.replace('\n', " ")));
        }
    }
    database.progress_handler(0, None::<fn() -> bool>)?;
    Ok(is_empty)
}

fn journal_error(problem: Problem, path: &Path) -> JournalError {
    let path: PathBuf = path.to_owned();
    match problem {
        Problem::Newer => JournalError::Newer { path },
        Problem::NotAJournal => JournalError::NotAJournal { path },
        Problem::Damaged(problem) => JournalError::Broken { path: Some(path), problem },
        Problem::Sqlite(error) => match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                JournalError::InUse { path }
            }
            Some(ErrorCode::OperationInterrupted) => JournalError::Broken {
                path: Some(path),
                problem: "its pages refer to each other without end".to_owned(),
            },
            Some(ErrorCode::NotADatabase) => JournalError::NotAJournal { path },
            _ => JournalError::Broken { path: Some(path), problem: error.to_string() },
        },
    }
}

/// Returns whether the file is empty. A file that is not empty must be a journal of a supported format.
fn check_format(database: &Connection) -> Result<bool, Problem> {
    let application = header(database, "application_id")?;
    let format = header(database, "user_version")?;
    let tables: u32 =
        database.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    match (application, tables) {
        (0, 0) => Ok(true),
        (APPLICATION, 1..) if format > FORMAT => Err(Problem::Newer),
        (APPLICATION, 1..)
            if (1..=FORMAT).contains(&format) && schema::is_exact(database, format)? =>
        {
            Ok(false)
        }
        _ => Err(Problem::NotAJournal),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_with_unmerged_changes_is_not_read_without_them() {
        let unusual = if cfg!(windows) { "%20#" } else { "%20?#" }; // no name has ? there
        let folder = std::env::temp_dir().join(format!("journal {unusual}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join("run.journal");
        drop(in_file(&path).unwrap());
        assert!(!has_log(&path));
        assert!(check_format(&connect_immutable(&path).unwrap()).is_ok_and(|is_empty| !is_empty));
        fs::write(folder.join("run.journal-wal"), "x").unwrap();
        assert!(has_log(&path));
        fs::remove_dir_all(folder).unwrap();
    }

    /// Creates a journal as an earlier version wrote it. Each device was sent in its own request: the job reported the first one,
    /// lists of the batch have the next two, and the response to the last one was lost.
    fn earlier_journal(path: &Path, version: i32) {
        let mut database = Connection::open(path).unwrap();
        schema::create_version(&mut database, version).unwrap();
        let tables = "
            INSERT INTO run VALUES ('https://x.example', 1, NULL);
            INSERT INTO target (id, customer, folded, batch) VALUES (1, 'c', 'b', 'b');
            INSERT INTO source VALUES (1, 'f.csv');";
        database.execute_batch(tables).unwrap();
        for (id, state, tracking, outcome) in [
            (1, "settled", "'t-1'", "'registered'"),
            (2, "readBack", "NULL", "'registered'"),
            (3, "readBack", "'t-3'", "'registered'"),
            (4, "noted", "NULL", "NULL"),
        ] {
            let told = if outcome == "NULL" { "NULL".to_owned() } else { id.to_string() };
            let rows = format!(
                "INSERT INTO chunk VALUES ({id}, 1, x'00', 1, 0, '{id}', '{id}', NULL, '{state}', {tracking}, NULL, 1, NULL, NULL);
                 INSERT INTO device VALUES ({id}, 1, x'0{id}', 0, 'S{id}', NULL, {id}, 0, 1, {outcome}, NULL, NULL, NULL, NULL, NULL, {told});
                 INSERT INTO line (place, source, line, target, device, serial) VALUES ({id} - 1, 1, {id}, 1, {id}, 'S{id}');"
            );
            database.execute_batch(&rows).unwrap();
        }
        if version >= 2 {
            let proofs = "INSERT INTO proof VALUES (2, 2, 'readBack'), (3, 3, 'notRecorded')";
            database.execute_batch(proofs).unwrap();
        }
        if version >= 3 {
            let place = "INSERT INTO earlier_registration (device, chunk, word, found) VALUES (3, 3, 'byCustomer', 1)";
            database.execute_batch(place).unwrap();
        }
    }

    #[test]
    fn journals_of_earlier_versions_open_with_the_proofs_that_they_have() {
        let folder = std::env::temp_dir().join(format!("earlier-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        for version in 1..FORMAT {
            let path = folder.join(format!("run-{version}.journal"));
            earlier_journal(&path, version);
            check_earlier_journal(&path, i64::from(version >= 3));
        }
        fs::remove_dir_all(folder).unwrap();
    }

    /// `places` is the number of places that the version recorded.
    fn check_earlier_journal(path: &Path, places: i64) {
        use crate::journal::Journal;
        use crate::report::EarlierRegistration;
        use crate::report::Proof::{JobResult, NotProven, ReadBack};
        let proofs = |journal: &Journal| -> Vec<_> {
            journal.report().unwrap().rows().iter().map(crate::report::ReportRow::proof).collect()
        };
        // The third one is not recorded: the job or a list reported it.
        let expected = [Some(JobResult), Some(ReadBack), None, Some(NotProven)];
        let before = fs::read(path).unwrap();
        let read = Journal::open_read_only(path).unwrap();
        assert_eq!(proofs(&read), expected);
        assert!(read.chunks().unwrap().iter().all(|chunk| !chunk.audit_record));
        assert_eq!(read.overview().unwrap().totals, read.report().unwrap().totals());
        drop(read);
        // The way of a directory that cannot be written.
        let immutable = connect_immutable(path).unwrap();
        schema::complete(&immutable).unwrap();
        let rows = |table: &str| -> i64 {
            let query = format!("SELECT count(*) FROM {table}");
            immutable.query_row(&query, [], |row| row.get(0)).unwrap()
        };
        let tables = ["proof", "audit_record", "earlier_registration", "line_model"];
        assert_eq!(tables.map(rows), [2, 0, places, 0]);
        drop(immutable);
        assert_eq!(fs::read(path).unwrap(), before, "reading does not change it");

        for _ in 0..2 {
            let mut upgraded = Journal::open(path).unwrap();
            assert_eq!(proofs(&upgraded), expected);
            let lost = upgraded.lost_responses(crate::Timestamp(0)).unwrap();
            assert!(lost.is_empty(), "their correlation ids are not ids: {lost:?}");
            upgraded
                .record_audit_records(&[crate::journal::ChunkKey(9)], crate::Timestamp(2))
                .unwrap();
        }
        assert_eq!(proofs(&Journal::open_read_only(path).unwrap()), expected);
        let database = Connection::open(path).unwrap();
        assert_eq!(header(&database, "user_version").unwrap(), FORMAT, "older programs refuse it");
        let query = "SELECT count(*) FROM earlier_registration WHERE word = 'byCustomer'";
        assert_eq!(database.query_row(query, [], |row| row.get::<_, i64>(0)).unwrap(), places);
        drop(database);

        // The places of devices can be recorded, too.
        let refused = "UPDATE device SET outcome = 'alreadyRegistered', code = '806' WHERE id = 1";
        Connection::open(path).unwrap().execute_batch(refused).unwrap();
        let mut upgraded = Journal::open(path).unwrap();
        let mut report = upgraded.report().unwrap();
        assert!(report.set_earlier_registration(0, Some(EarlierRegistration::ByCustomer)));
        upgraded.record_earlier_registrations(&report).unwrap();
        drop(upgraded);
        let read = Journal::open_read_only(path).unwrap().report().unwrap();
        assert!(read.rows()[0].is_registered_by_customer());
        assert!(read.rows().iter().all(|row| row.model().is_none()));
    }
}
