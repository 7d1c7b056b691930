//! The tables of a journal, and the numbers that identify its file format.

use rusqlite::Connection;

use crate::sqlite_file::{has_exactly, header};

/// The version of the tables. Raise it when an older version can no longer read them. A file of an earlier version is not changed when
/// it is read: the tables that it lacks are temporary then. It is upgraded when it is opened for writing:
///
/// 1. the tables of a run;
/// 2. the proofs;
/// 3. the earlier registrations;
/// 4. the same tables. Earlier registrations may have the word `formerCustomer`;
/// 5. the models.
pub(super) const FORMAT: i32 = 5;

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
const PROOFS: [&str; 2] = [
    "TABLE proof (device INTEGER PRIMARY KEY, chunk INTEGER NOT NULL, word TEXT NOT NULL) STRICT",
    "TABLE audit_record (chunk INTEGER PRIMARY KEY, found INTEGER NOT NULL) STRICT",
];

/// The proofs of version 1, from the columns of `chunk` and `device`. If the request has no tracking id, only a list of the batch can
/// have shown the device. Otherwise either the job or the list did.
const PROOFS_OF_VERSION_1: &str = "
    INSERT INTO proof
    SELECT device.id, chunk.id, iif(chunk.tracking_id IS NULL, 'readBack', 'notRecorded')
    FROM device JOIN chunk ON chunk.id = device.chunk
    WHERE chunk.state = 'readBack' AND told IS device.chunk AND outcome = 'registered' AND code IS NULL";

/// The table that version 3 added. `earlier_registration`: where a device was found that was registered before this chunk.
const EARLIER_REGISTRATIONS: &str = "TABLE earlier_registration (
    device INTEGER PRIMARY KEY, chunk INTEGER NOT NULL, word TEXT NOT NULL,
    customer TEXT, customer_name TEXT, batch TEXT, found INTEGER NOT NULL
) STRICT";

/// The tables that version 5 added. `line_model`: the model of the device of a line, by its place.
const MODELS: [&str; 2] = [
    "TABLE model (id INTEGER PRIMARY KEY, manufacturer TEXT, name TEXT) STRICT",
    "TABLE line_model (place INTEGER PRIMARY KEY, model INTEGER NOT NULL) STRICT",
];

/// Returns true if the database has exactly the tables of a journal of this version.
pub(super) fn is_exact(database: &Connection, format: i32) -> Result<bool, rusqlite::Error> {
    has_exactly(database, |expected| create_tables(expected, format))
}

/// Creates the tables in an empty database.
pub(super) fn create(database: &mut Connection) -> Result<(), rusqlite::Error> {
    create_version(database, FORMAT)
}

/// Creates the tables of a version in an empty database.
pub(super) fn create_version(
    database: &mut Connection,
    format: i32,
) -> Result<(), rusqlite::Error> {
    let transaction = database.transaction()?;
    create_tables(&transaction, format)?;
    transaction.pragma_update(None, "application_id", APPLICATION)?;
    transaction.pragma_update(None, "user_version", format)?;
    transaction.commit()
}

fn create_tables(database: &Connection, format: i32) -> Result<(), rusqlite::Error> {
    database.execute_batch(TABLES)?;
    for (version, table) in added_tables() {
        if version <= format {
            database.execute_batch(&format!("CREATE {table}"))?;
        }
    }
    Ok(())
}

/// Returns each table that a later version added, with the version.
fn added_tables() -> impl Iterator<Item = (i32, &'static str)> {
    let proofs = PROOFS.into_iter().map(|table| (2, table));
    let models = MODELS.into_iter().map(|table| (5, table));
    proofs.chain([(3, EARLIER_REGISTRATIONS)]).chain(models)
}

/// Upgrades a journal of an earlier version.
pub(super) fn upgrade(database: &mut Connection) -> Result<(), rusqlite::Error> {
    let format = header(database, "user_version")?;
    if format < FORMAT {
        let transaction = database.transaction()?;
        add_tables(&transaction, format, Place::File)?;
        transaction.pragma_update(None, "user_version", FORMAT)?;
        transaction.commit()?;
    }
    Ok(())
}

/// Adds the tables that a journal of an earlier version does not have, for this connection only: the file does not change.
pub(super) fn complete(database: &Connection) -> Result<(), rusqlite::Error> {
    let format = header(database, "user_version")?;
    database.pragma_update(None, "temp_store", "MEMORY")?;
    add_tables(database, format, Place::Connection)
}

/// Where tables are added.
#[derive(Clone, Copy)]
enum Place {
    File,
    /// Only this connection sees them.
    Connection,
}

fn add_tables(database: &Connection, format: i32, place: Place) -> Result<(), rusqlite::Error> {
    let create = match place {
        Place::File => "CREATE",
        Place::Connection => "CREATE TEMP",
    };
    for (version, table) in added_tables() {
        if version > format {
            database.execute_batch(&format!("{create} {table}"))?;
        }
    }
    if format < 2 {
        database.execute_batch(PROOFS_OF_VERSION_1)?;
    }
    Ok(())
}
