//! The tables of an index, and the numbers that identify its file format.

use rusqlite::{Connection, TransactionBehavior};

use crate::sqlite_file::{has_exactly, header};

/// The version of the tables. Raise it when an older version can no longer read them. A file of an earlier version is upgraded when it
/// is opened:
///
/// 1. without the names of policies;
/// 2. with them.
pub(super) const FORMAT: i32 = 2;

/// "PCDI" in the file header, so that another program's database is not mistaken for an index.
pub(super) const APPLICATION: i32 = 0x5043_4449;

/// The size of the page cache in KiB.
pub(super) const CACHE: i32 = 32 << 10;

/// Times are in milliseconds since 1970. `seen` is the last time that the service reported a row, `gone` the time at which it no
/// longer did.
///
/// - `about`: one row. `customers_synced` is the start of the last complete list of customers, `audit_read` the end of the
///   audit records that are known.
/// - `customer`: `used` is the last time that this machine worked for the customer, `listed` the start of the last
///   complete list of its batches.
/// - `batch`: `devices` as the service counts them, `listed` the start of the last complete list of its devices.
/// - `device`: `service_id` is a blob of 16 bytes if it is a UUID, which all documented ones are.
/// - `progress`: a list that is not complete: the `position` of the next page, the start of the first one, and the items of
///   all pages so far. `subject` is the key of the customer or the batch.
const TABLES: &str = "
    CREATE TABLE about (
        only INTEGER PRIMARY KEY CHECK (only = 1), service TEXT NOT NULL, customers_synced INTEGER, audit_read INTEGER
    ) STRICT;
    CREATE TABLE customer (
        id INTEGER PRIMARY KEY, tenant TEXT NOT NULL COLLATE NOCASE UNIQUE,
        name TEXT, folded_name TEXT, domain TEXT, folded_domain TEXT, relationship TEXT,
        seen INTEGER, used INTEGER, listed INTEGER, gone INTEGER
    ) STRICT;
    CREATE INDEX customer_name ON customer (folded_name);
    CREATE INDEX customer_domain ON customer (folded_domain);
    CREATE TABLE batch (
        id INTEGER PRIMARY KEY, customer INTEGER NOT NULL, name TEXT NOT NULL, folded TEXT NOT NULL,
        devices INTEGER, seen INTEGER NOT NULL, listed INTEGER, gone INTEGER,
        UNIQUE (customer, folded)
    ) STRICT;
    CREATE TABLE policy (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
    CREATE TABLE device (
        id INTEGER PRIMARY KEY, batch INTEGER NOT NULL, service_id ANY, serial TEXT, product_key TEXT, policy INTEGER,
        seen INTEGER NOT NULL, gone INTEGER,
        UNIQUE (batch, service_id)
    ) STRICT;
    CREATE INDEX device_serial ON device (serial COLLATE NOCASE) WHERE serial IS NOT NULL;
    CREATE INDEX device_product_key ON device (product_key COLLATE NOCASE) WHERE product_key IS NOT NULL;
    CREATE TABLE progress (
        task INTEGER NOT NULL, subject INTEGER NOT NULL, position TEXT NOT NULL, started INTEGER NOT NULL,
        done INTEGER NOT NULL,
        PRIMARY KEY (task, subject)
    ) STRICT, WITHOUT ROWID;
";

/// The table that version 2 added. `policy`: the key of the policy; the name in the table `policy` is its id.
const POLICY_NAMES: &str =
    "CREATE TABLE policy_name (policy INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT";

/// Returns true if the database has exactly the tables of an index of this version.
pub(super) fn is_exact(database: &Connection, format: i32) -> Result<bool, rusqlite::Error> {
    has_exactly(database, |expected| create_tables(expected, format))
}

fn create_tables(database: &Connection, format: i32) -> Result<(), rusqlite::Error> {
    database.execute_batch(TABLES)?;
    if format >= 2 {
        database.execute_batch(POLICY_NAMES)?;
    }
    Ok(())
}

/// Upgrades an index of an earlier version. Another process may have done it.
pub(super) fn upgrade(database: &mut Connection) -> Result<(), rusqlite::Error> {
    if header(database, "user_version")? < FORMAT {
        let transaction = database.transaction_with_behavior(TransactionBehavior::Immediate)?;
        if header(&transaction, "user_version")? < FORMAT {
            transaction.execute_batch(POLICY_NAMES)?;
            transaction.pragma_update(None, "user_version", FORMAT)?;
        }
        transaction.commit()?;
    }
    Ok(())
}

/// Creates the tables in an empty database.
pub(super) fn create(database: &mut Connection, service: &str) -> Result<(), rusqlite::Error> {
    let transaction = database.transaction()?;
    create_tables(&transaction, FORMAT)?;
    transaction.execute("INSERT INTO about (only, service) VALUES (1, ?1)", [service])?;
    transaction.pragma_update(None, "application_id", APPLICATION)?;
    transaction.pragma_update(None, "user_version", FORMAT)?;
    transaction.commit()
}
