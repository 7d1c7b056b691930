//! A folder of journals. Decides how a run is named, and what can be done with the runs that are there.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::{Journal, JournalError, open};
use crate::report::Totals;

/// What a journal's file ends with.
const EXTENSION: &str = "journal";

/// The journals of a folder, by name.
#[derive(Clone, Debug)]
pub struct Journals {
    folder: PathBuf,
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
    pub begun: Option<String>,
    /// Whether rows are left that a run would still send or ask about.
    pub is_open: bool,
    /// How many rows had which outcome.
    pub totals: Totals,
}

impl Journals {
    /// The journals in this folder, which need not exist yet.
    #[must_use]
    pub fn in_folder(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The file of the journal of this name. Letters, digits, `-`, `_` and dots within stay as they are; every
    /// other character becomes `_`.
    #[must_use]
    pub fn path(&self, name: &str) -> PathBuf {
        let fit = |c: char| if c.is_alphanumeric() || "-_.".contains(c) { c } else { '_' };
        let name: String = name.trim_matches('.').chars().map(fit).collect();
        let name = if name.is_empty() { "_" } else { name.as_str() };
        self.folder.join(format!("{name}.{EXTENSION}"))
    }

    /// Opens the journal of this name, and makes it if it is not there.
    ///
    /// # Errors
    /// As [`Journal::open`].
    pub fn open(&self, name: &str) -> Result<Journal, JournalError> {
        Journal::open(self.path(name))
    }

    /// Opens the journal of this name to look at it.
    ///
    /// # Errors
    /// As [`Journal::open`], and if there is none.
    pub fn existing(&self, name: &str) -> Result<Journal, JournalError> {
        open::existing(&self.path(name))
    }

    /// All journals, by name. One that cannot be read is in the list with the reason.
    ///
    /// # Errors
    /// If the folder is there and cannot be read.
    pub fn list(&self) -> Result<Vec<JournalEntry>, JournalError> {
        let unreachable = |source| JournalError::Unreachable { path: self.folder.clone(), source };
        let files = match fs::read_dir(&self.folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            files => files.map_err(unreachable)?,
        };
        let mut entries = Vec::new();
        for file in files {
            let path = file.map_err(unreachable)?.path();
            if path.extension().is_some_and(|extension| extension == EXTENSION)
                && let Some(name) = path.file_stem().and_then(|name| name.to_str())
            {
                entries.push(entry(name, &path));
            }
        }
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(entries)
    }

    /// Removes the journal of this name. What it knows is lost: the same upload begins anew, and devices that are
    /// registered are answered with 806.
    ///
    /// # Errors
    /// If it is in use, or cannot be removed. That there is none is an error too.
    pub fn remove(&self, name: &str) -> Result<(), JournalError> {
        let path = self.path(name);
        match self.existing(name) {
            Err(in_use @ (JournalError::InUse { .. } | JournalError::Unreachable { .. })) => {
                return Err(in_use);
            }
            // Closing it writes what stands beside it into the file itself.
            Ok(journal) => drop(journal),
            Err(_) => {}
        }
        fs::remove_file(&path)
            .map_err(|source| JournalError::Unreachable { path: path.clone(), source })?;
        for beside in ["-wal", "-shm"] {
            let mut beside_it = path.clone().into_os_string();
            beside_it.push(beside);
            drop(fs::remove_file(beside_it)); // most often there is none
        }
        Ok(())
    }
}

fn entry(name: &str, path: &Path) -> JournalEntry {
    let mut entry = JournalEntry {
        name: name.to_owned(),
        in_use: false,
        problem: None,
        service: None,
        begun: None,
        is_open: false,
        totals: Totals::default(),
    };
    let read = open::existing(path).and_then(|journal| journal.export());
    match read {
        Ok(record) => {
            entry.service = record.service;
            entry.begun = record.begun;
            entry.totals = record.report.totals();
            entry.is_open = record.report.is_open();
        }
        Err(JournalError::InUse { .. }) => entry.in_use = true,
        Err(error) => entry.problem = Some(error.to_string()),
    }
    entry
}
