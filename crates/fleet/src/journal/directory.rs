//! A folder of journals. Decides how a run is named, and what can be done with the runs that are there.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::{Journal, JournalError, open};
use crate::report::ReportTotals;

/// What a journal's file ends with.
const EXTENSION: &str = "journal";

/// The longest name of a file, without its end, in bytes: systems take 255, and files stand beside it.
const LONGEST: usize = 100;

/// The journals of a folder, by name.
#[derive(Clone, Debug)]
pub struct Journals {
    directory: PathBuf,
}

/// What there is to say of a journal in a list.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct JournalEntry {
    /// Its name.
    pub name: String,
    /// Whether a process has it open now; then no more is known.
    pub in_use: bool,
    /// Why it cannot be read.
    pub problem: Option<String>,
    /// The service its run is for.
    pub service: Option<String>,
    /// When the run began, in RFC 3339.
    #[serde(rename = "begun")]
    pub started: Option<String>,
    /// Whether a run would still send or ask something: rows that were not sent or whose outcome is not known, or an
    /// upload without an end, of rows of an earlier file too.
    pub is_open: bool,
    /// How many rows had which outcome.
    pub totals: ReportTotals,
}

impl Journals {
    /// The journals in this folder, which need not exist yet.
    #[must_use]
    pub fn in_directory(directory: impl Into<PathBuf>) -> Self {
        Self { directory: directory.into() }
    }

    /// The folder.
    #[must_use]
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// The file of the journal of this name. Letters, digits, `-`, `_` and dots within stay as they are, and every
    /// other character becomes `_`. A name that changed so, or was cut because it is longer than 100 bytes, has the
    /// start of its SHA-256 behind it: no two names have one file, but for case where the system makes no difference.
    #[must_use]
    pub fn path(&self, name: &str) -> PathBuf {
        self.directory.join(format!("{}.{EXTENSION}", file_name(name)))
    }

    /// Opens the journal of this name, and makes it if it is not there.
    ///
    /// # Errors
    /// As [`Journal::open`].
    pub fn open(&self, name: &str) -> Result<Journal, JournalError> {
        Journal::open(self.path(name))
    }

    /// As [`Journal::open_read_only`], by name.
    ///
    /// # Errors
    /// As [`Journal::open_read_only`].
    pub fn open_read_only(&self, name: &str) -> Result<Journal, JournalError> {
        Journal::open_read_only(self.path(name))
    }

    /// All journals, by name. One that cannot be read is in the list with the reason.
    ///
    /// # Errors
    /// If the folder is there and cannot be read.
    pub fn list(&self) -> Result<Vec<JournalEntry>, JournalError> {
        let cannot = |source| unreachable(&self.directory, source);
        let files = match fs::read_dir(&self.directory) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            files => files.map_err(cannot)?,
        };
        let mut entries = Vec::new();
        for file in files {
            let path = file.map_err(cannot)?.path();
            if path.extension().is_some_and(|extension| extension == EXTENSION)
                && let Some(name) = path.file_stem().and_then(|name| name.to_str())
            {
                entries.push(entry(name, &path));
            }
        }
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(entries)
    }

    /// As [`Journal::remove`], by name.
    ///
    /// # Errors
    /// As [`Journal::remove`].
    pub fn remove(&self, name: &str) -> Result<(), JournalError> {
        Journal::remove(self.path(name))
    }
}

impl Journal {
    /// Opens a journal to look at it, and not to go on: many may look at the same time, and an upload cannot write
    /// into it. As long as one looks, [`open`](Self::open) says that it is in use. What stands beside the file after a
    /// crash is written into it when the last one is done.
    ///
    /// # Errors
    /// As [`open`](Self::open), and if there is none.
    pub fn open_read_only(path: impl AsRef<Path>) -> Result<Self, JournalError> {
        open::existing(path.as_ref())
    }

    /// Removes a journal, a damaged one too if it still says what it is. What it knows is lost: the same upload begins
    /// anew, and devices that are registered are answered with 806.
    ///
    /// # Errors
    /// If it is in use, is no journal, or cannot be removed. That there is none is an error too.
    pub fn remove(path: impl AsRef<Path>) -> Result<(), JournalError> {
        let path = path.as_ref();
        open::free(path)?;
        fs::remove_file(path).map_err(|source| unreachable(path, source))?;
        for beside in BESIDE {
            drop(fs::remove_file(with_end(path, beside))); // most often there is none
        }
        Ok(())
    }

    /// Renames a journal to its name with `.old` behind it, in the place of one that was set aside before, and gives
    /// that name. The same upload begins anew then.
    ///
    /// # Errors
    /// If it is in use, is no journal, or cannot be renamed. That there is none is an error too.
    pub fn set_aside(path: impl AsRef<Path>) -> Result<PathBuf, JournalError> {
        let path = path.as_ref();
        open::free(path)?;
        let old = with_end(path, ".old");
        for beside in BESIDE {
            // A log of changes beside the wrong file would be taken for its own.
            drop(fs::remove_file(with_end(&old, beside)));
        }
        fs::rename(path, &old).map_err(|source| unreachable(path, source))?;
        for beside in BESIDE {
            drop(fs::rename(with_end(path, beside), with_end(&old, beside))); // most often there is none
        }
        Ok(old)
    }
}

/// What SQLite may have put beside a file.
const BESIDE: [&str; 2] = ["-wal", "-shm"];

fn with_end(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    name.into()
}

fn unreachable(path: &Path, source: io::Error) -> JournalError {
    JournalError::Io { path: path.to_owned(), source }
}

fn file_name(name: &str) -> String {
    let fits = |c: char| c.is_alphanumeric() || "-_.".contains(c);
    let mut file: String =
        name.trim_matches('.').chars().map(|c| if fits(c) { c } else { '_' }).collect();
    if file == name && (1..=LONGEST).contains(&file.len()) {
        return file;
    }
    let [a, b, c, d, ..] = <[u8; 32]>::from(Sha256::digest(name));
    let hash = format!("-{a:02x}{b:02x}{c:02x}{d:02x}");
    while file.len() + hash.len() > LONGEST {
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
    match open::existing(path).and_then(|journal| journal.overview()) {
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
    use super::file_name;

    #[test]
    fn each_name_has_a_file_of_its_own() {
        let long = "ü".repeat(300);
        for (name, file) in [
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
            let made = file_name(name);
            let hash = made.strip_prefix(file).unwrap();
            assert!(hash.is_empty() == (name == file) && hash.len() <= 9, "{made}");
            assert!(made.len() <= super::LONGEST);
            assert_eq!(file_name(&made), made, "what is in a list is found by its name");
        }
        assert_eq!(file_name("HQ 1"), "HQ_1-e10175ee", "it stays what it is");
        assert_ne!(file_name("HQ 1"), file_name("HQ/1"));
    }
}
