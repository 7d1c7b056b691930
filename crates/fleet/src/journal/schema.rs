//! The tables of a journal, and the numbers that identify its file format.

use rusqlite::Connection;

use crate::sqlite_file::has_exactly;

/// The version of the tables. Raise it when an older version can no longer read them.
pub(super) const FORMAT: i32 = 2;

/// The version before the proofs. Such a file is read as it is, and upgraded when it is opened for writing.
pub(super) const FORMAT_WITHOUT_PROOFS: i32 = 1;

/// "PCDJ" in the file header, so that another program's database is not mistaken for a journal.
pub(super) const APPLICATION: i32 = 0x5043_444A;

/// The page size in bytes. Recording an outcome makes a row longer; with pages of this size few of them split.
pub(super) const PAGE: i32 = 16 << 10;

/// The size of the page cache in KiB: enough for everything that is known about 300,000 rows.
pub(super) const CACHE: i32 = 64 << 10;

/// - `target`: a batch of a customer.
/// - `device`: a device that is sent to a target, once, regardless of how many rows name it. `chunk` is the upload it
///   was last in, `told` the upload that reported the outcome in the same row.
/// - `line`: a row of an input file, as read by the last run.
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

/// The tables that version 2 added.
///
/// - `proof`: a device whose outcome in this chunk is not from a job. `word` is `readBack` for a device that a list of the batch
///   has, and `notRecorded` if an earlier version did not record it.
/// - `audit_record`: a chunk with a record in the audit log.
const TABLES_OF_PROOFS: &str = "
    CREATE TABLE proof (device INTEGER PRIMARY KEY, chunk INTEGER NOT NULL, word TEXT NOT NULL) STRICT;
    CREATE TABLE audit_record (chunk INTEGER PRIMARY KEY, found INTEGER NOT NULL) STRICT;
";

/// The proof of a device of version 1, from the columns of `chunk` and `device`. If the request has no tracking id, only a list of
/// the batch can have shown the device. Otherwise either the job or the list did. NULL if the job did.
pub(super) const PROOF_WITHOUT_RECORD: &str = "CASE
    WHEN chunk.state = 'readBack' AND told IS device.chunk AND outcome = 'registered' AND code IS NULL
    THEN iif(chunk.tracking_id IS NULL, 'readBack', 'notRecorded') END";

/// Returns true if the database has exactly the tables of a journal of this version.
pub(super) fn is_exact(database: &Connection, format: i32) -> Result<bool, rusqlite::Error> {
    has_exactly(database, |database| match format {
        FORMAT_WITHOUT_PROOFS => database.execute_batch(TABLES),
        _ => create(database),
    })
}

/// Creates the tables in an empty database.
pub(super) fn create(database: &mut Connection) -> Result<(), rusqlite::Error> {
    let transaction = database.transaction()?;
    transaction.execute_batch(TABLES)?;
    transaction.execute_batch(TABLES_OF_PROOFS)?;
    transaction.pragma_update(None, "application_id", APPLICATION)?;
    transaction.pragma_update(None, "user_version", FORMAT)?;
    transaction.commit()
}

/// Upgrades a journal of version 1.
pub(super) fn add_proofs(database: &mut Connection) -> Result<(), rusqlite::Error> {
    let transaction = database.transaction()?;
    transaction.execute_batch(TABLES_OF_PROOFS)?;
    let proofs = format!(
        "INSERT INTO proof SELECT id, chunk, word FROM (
             SELECT device.id, device.chunk, {PROOF_WITHOUT_RECORD} AS word
             FROM device JOIN chunk ON chunk.id = device.chunk
         ) WHERE word IS NOT NULL"
    );
    transaction.execute(&proofs, [])?;
    transaction.pragma_update(None, "user_version", FORMAT)?;
    transaction.commit()
}

/// Creates a journal of version 1 in an empty database.
#[cfg(test)]
pub(super) fn create_without_proofs(database: &Connection) -> Result<(), rusqlite::Error> {
    database.execute_batch(TABLES)?;
    database.pragma_update(None, "application_id", APPLICATION)?;
    database.pragma_update(None, "user_version", FORMAT_WITHOUT_PROOFS)
}
