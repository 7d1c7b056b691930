//! The tables of a journal, and the numbers that identify its file format.

use rusqlite::Connection;

use crate::sqlite_file::has_exactly;

/// The version of the tables. Raise it when an older version can no longer read them.
pub(super) const FORMAT: i32 = 1;

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

/// Returns true if the database has exactly the tables of a journal.
pub(super) fn is_exact(database: &Connection) -> Result<bool, rusqlite::Error> {
    has_exactly(database, create)
}

/// Creates the tables in an empty database.
pub(super) fn create(database: &mut Connection) -> Result<(), rusqlite::Error> {
    let transaction = database.transaction()?;
    transaction.execute_batch(TABLES)?;
    transaction.pragma_update(None, "application_id", APPLICATION)?;
    transaction.pragma_update(None, "user_version", FORMAT)?;
    transaction.commit()
}
