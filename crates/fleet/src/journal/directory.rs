//! A directory of journals: file names, listing, and removing or setting aside a journal.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::database::Journal;
use super::error::JournalError;
use super::open;
use crate::report::ReportTotals;
use crate::timestamp::Timestamp;

const EXTENSION: &str = "journal";

/// The maximum length of a file name in bytes, without its extension. File systems allow 255, and SQLite and
/// [`Journal::set_aside`] append suffixes.
const MAX_NAME: usize = 100;

/// The journals in a directory, addressed by name.
#[derive(Clone, Debug)]
pub struct Journals {
    directory: PathBuf,
}

/// A journal in a list.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct JournalEntry {
    /// The name of the journal.
    pub name: String,
    /// True if a process has the journal open. The other fields are then empty.
    pub in_use: bool,
    /// The reason why the journal cannot be read.
    pub problem: Option<String>,
    /// The service that the run sends to.
    pub service: Option<String>,
    /// When the first run started, in RFC 3339.
    #[serde(rename = "begun")]
    #[cfg_attr(feature = "schemars", schemars(with = "Option<String>"))]
    pub started: Option<Timestamp>,
    /// True if there is work left: rows that were not sent or have no known outcome, or an unfinished upload, including
    /// one of rows that are no longer in the file.
    pub is_open: bool,
    /// The number of rows per outcome.
    pub totals: ReportTotals,
}

impl Journals {
    /// Addresses the journals in a directory. The directory need not exist yet.
    #[must_use]
    pub fn in_directory(directory: impl Into<PathBuf>) -> Self {
        Self { directory: directory.into() }
    }

    /// Returns the directory.
    #[must_use]
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// Returns the file of a journal.
    ///
    /// Letters, digits, `-`, `_` and inner dots of the name are kept; every other character becomes `_`. If that changes
    /// the name, or the name is truncated because it is longer than 100 bytes, the start of its SHA-256 is appended. Different names
    /// therefore have different files, except on file systems that ignore case.
    #[must_use]
    pub fn path(&self, name: &str) -> PathBuf {
        self.directory.join(format!("{}.{EXTENSION}", file_name(name)))
    }

    /// Opens a journal by name, creating it if it does not exist.
    ///
    /// # Errors
    /// See [`Journal::open`].
    pub fn open(&self, name: &str) -> Result<Journal, JournalError> {
        Journal::open(self.path(name))
    }

    /// Opens an existing journal for reading, by name.
    ///
    /// # Errors
    /// See [`Journal::open_read_only`].
    pub fn open_read_only(&self, name: &str) -> Result<Journal, JournalError> {
        Journal::open_read_only(self.path(name))
    }

    /// Lists all journals, sorted by name. A journal that cannot be read is listed with the reason.
    ///
    /// # Errors
    /// If the directory exists and cannot be read.
    pub fn list(&self) -> Result<Vec<JournalEntry>, JournalError> {
        let io = |source| io_error(&self.directory, source);
        let files = match fs::read_dir(&self.directory) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            files => files.map_err(io)?,
        };
        let mut entries = Vec::new();
        for file in files {
            let path = file.map_err(io)?.path();
            if path.extension().is_some_and(|extension| extension == EXTENSION)
                && let Some(name) = path.file_stem().and_then(|name| name.to_str())
            {
                entries.push(entry(name, &path));
            }
        }
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(entries)
    }

    /// Removes a journal by name.
    ///
    /// # Errors
    /// See [`Journal::remove`].
    pub fn remove(&self, name: &str) -> Result<(), JournalError> {
        Journal::remove(self.path(name))
    }
}

impl Journal {
    /// Removes a journal. A damaged file is removed too if its header still identifies it as a journal.
    ///
    /// The same upload then starts over, and devices that are already registered are answered with 806.
    ///
    /// # Errors
    /// If the file is in use, is not a journal, does not exist, or cannot be removed.
    pub fn remove(path: impl AsRef<Path>) -> Result<(), JournalError> {
        let path = path.as_ref();
        open::check_unused(path)?;
        fs::remove_file(path).map_err(|source| io_error(path, source))?;
        for suffix in SQLITE_SUFFIXES {
            drop(fs::remove_file(with_suffix(path, suffix))); // usually does not exist
        }
        Ok(())
    }

    /// Appends `.old` to the file name of a journal, replacing one set aside earlier, and returns the new path. The same
    /// upload then starts over.
    ///
    /// # Errors
    /// If the file is in use, is not a journal, does not exist, or cannot be renamed.
    pub fn set_aside(path: impl AsRef<Path>) -> Result<PathBuf, JournalError> {
        let path = path.as_ref();
        open::check_unused(path)?;
        let old = with_suffix(path, ".old");
        for suffix in SQLITE_SUFFIXES {
            // SQLite would apply a stale log to the wrong database.
            drop(fs::remove_file(with_suffix(&old, suffix)));
        }
        fs::rename(path, &old).map_err(|source| io_error(path, source))?;
        for suffix in SQLITE_SUFFIXES {
            // Usually does not exist.
            drop(fs::rename(with_suffix(path, suffix), with_suffix(&old, suffix)));
        }
        Ok(old)
    }
}

/// The suffixes of files that SQLite creates next to a database.
const SQLITE_SUFFIXES: [&str; 2] = ["-wal", "-shm"];

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

fn io_error(path: &Path, source: io::Error) -> JournalError {
    JournalError::Io { path: path.to_owned(), source }
}

fn file_name(name: &str) -> String {
    let is_kept = |c: char| c.is_alphanumeric() || "-_.".contains(c);
    let mut file: String =
        name.trim_matches('.').chars().map(|c| if is_kept(c) { c } else { '_' }).collect();
    if file == name && (1..=MAX_NAME).contains(&file.len()) {
        return file;
    }
    let [a, b, c, d, ..] = <[u8; 32]>::from(Sha256::digest(name));
    let hash = format!("-{a:02x}{b:02x}{c:02x}{d:02x}");
    while file.len() + hash.len() > MAX_NAME {
        file.pop();
    }
    file + &hash
}

fn entry(name: &str, path: &Path) -> JournalEntry {
    let mut entry = JournalEntry {
        name: name.to_owned(),
        in_use: false,
        problem: None,
        service: None,
        started: None,
        is_open: false,
        totals: ReportTotals::default(),
    };
    match Journal::open_read_only(path).and_then(|journal| journal.overview()) {
        Ok(overview) => {
            entry.service = overview.service;
            entry.started = overview.started;
            entry.totals = overview.totals;
            entry.is_open = overview.is_open;
        }
        Err(JournalError::InUse { .. }) => entry.in_use = true,
        Err(error) => entry.problem = Some(error.to_string()),
    }
    entry
}

#[cfg(test)]
mod tests {
    use super::{MAX_NAME, file_name};

    #[test]
    fn different_names_have_different_files() {
        let long = "ü".repeat(300);
        for (name, prefix) in [
            ("HQ", "HQ"),
            ("HQ.2_a-b", "HQ.2_a-b"),
            ("HQ 1", "HQ_1-"),
            ("HQ/1", "HQ_1-"),
            ("HQ_1", "HQ_1"),
            (".HQ", "HQ-"),
            ("", "-"),
            ("..", "-"),
            (&long, &"ü".repeat(45)),
        ] {
            let file = file_name(name);
            let hash = file.strip_prefix(prefix).unwrap();
            assert!(hash.is_empty() == (name == prefix) && hash.len() <= 9, "{file}");
            assert!(file.len() <= MAX_NAME);
            assert_eq!(file_name(&file), file, "a listed name finds its file");
        }
        assert_eq!(file_name("HQ 1"), "HQ_1-e10175ee", "stable across versions");
        assert_ne!(file_name("HQ 1"), file_name("HQ/1"));
    }
}
