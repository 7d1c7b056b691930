//! SQLite files of this crate: readable by their owner only, and unable to run anything.

use std::fs;
use std::io;
use std::path::Path;

use rusqlite::Connection;
use rusqlite::config::DbConfig;

/// Creates the directory of a file, readable by its owner only, if it does not exist.
pub(crate) fn create_directory_of(path: &Path) -> io::Result<()> {
    let Some(directory) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) else {
        return Ok(());
    };
    let mut directories = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut directories, 0o700);
    directories.recursive(true).create(directory)
}

/// Creates the file, if there is none, readable by its owner only: it contains serial numbers. SQLite gives the same
/// permissions to the files it creates next to it.
///
/// An existing file is not opened. On POSIX a process that closes any descriptor of a file loses its locks on that
/// file, including those of a database that it has open.
pub(crate) fn create_private(path: &Path) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        created => created.map(drop),
    }
}

/// Lets the file run nothing: it may come from someone else.
pub(crate) fn distrust(database: &Connection) -> Result<(), rusqlite::Error> {
    for (setting, on) in [
        (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
        (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false),
    ] {
        database.set_db_config(setting, on)?;
    }
    Ok(())
}

/// Returns true if the database has exactly the tables that `create` creates: a view, a trigger or a computed column could do
/// anything with a query.
pub(crate) fn has_exactly(
    database: &Connection,
    create: impl FnOnce(&mut Connection) -> Result<(), rusqlite::Error>,
) -> Result<bool, rusqlite::Error> {
    let mut expected = Connection::open_in_memory()?;
    create(&mut expected)?;
    Ok(definitions(database)? == definitions(&expected)?)
}

/// Returns each table and index with its definition, without its line breaks and indentation.
fn definitions(database: &Connection) -> Result<Vec<String>, rusqlite::Error> {
    let mut query =
        database.prepare("SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_schema")?;
    let mut rows = query.query([])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let mut words: Vec<String> = Vec::new();
        for column in 0..4 {
            let text: String = row.get(column)?;
            words.extend(text.split_ascii_whitespace().map(ToOwned::to_owned));
        }
        all.push(words.join(" "));
    }
    all.sort_unstable();
    Ok(all)
}

/// Returns a number of the file's header.
pub(crate) fn header(database: &Connection, name: &str) -> Result<i32, rusqlite::Error> {
    database.pragma_query_value(None, name, |row| row.get(0))
}
