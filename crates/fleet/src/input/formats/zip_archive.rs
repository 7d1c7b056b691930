//! ZIP archives of files. Nothing is written to the disk, so the paths in an archive cannot do harm.

use std::collections::HashMap;
use std::io::Cursor;

use zip::ZipArchive;

use partner_center_devices::raw::printable::is_hidden;

use super::zip_contents::{open, unpack};
use crate::input::refusal::Refusal;

/// The files in an archive, in the order of their names.
pub(crate) struct Members {
    archive: ZipArchive<Cursor<Vec<u8>>>,
    /// The names and positions of the files that are not read yet, the first one last.
    files: Vec<(String, usize)>,
    hidden: Vec<String>,
}

/// A file in an archive.
#[derive(Debug)]
pub(crate) struct Member {
    /// The path in the archive, without characters that could control a terminal. Unique in the archive.
    pub(crate) name: String,
    pub(crate) content: Result<Vec<u8>, Refusal>,
}

impl Members {
    pub(crate) fn open(bytes: Vec<u8>) -> Result<Self, Refusal> {
        let archive = open(bytes)?;
        let mut counts: HashMap<String, usize> = HashMap::new();
        let (mut files, mut hidden) = (Vec::new(), Vec::new());
        for position in 0..archive.len() {
            let Some(Ok(name)) = archive.name_for_index(position) else { continue };
            let name = name.replace('\\', "/").replace(is_hidden, "\u{FFFD}");
            if name.ends_with('/') {
                continue;
            }
            if is_hidden_file(&name) {
                hidden.push(name);
                continue;
            }
            let count = counts.entry(name.clone()).or_default();
            *count += 1;
            let name = if *count > 1 { format!("{name} ({count})") } else { name };
            files.push((name, position));
        }
        files.sort_by(|one, other| other.cmp(one));
        Ok(Self { archive, files, hidden })
    }

    /// Returns the names of the files that are skipped because their programs or systems hide them.
    pub(crate) fn hidden(&self) -> &[String] {
        &self.hidden
    }

    /// Unpacks the next file. Takes its size from `budget`.
    pub(crate) fn next(&mut self, budget: &mut u64) -> Option<Member> {
        let (name, position) = self.files.pop()?;
        let mut bytes = Vec::new();
        let result =
            unpack(&mut self.archive, position, budget, |part| bytes.extend_from_slice(part));
        Some(Member { name, content: result.map(|()| bytes) })
    }
}

/// Returns true for files that systems and programs make for themselves: those of macOS, hidden files, thumbnails, and the
/// marks of open documents.
pub(crate) fn is_hidden_file(path: &str) -> bool {
    let is_hidden =
        |part: &str| part.starts_with('.') || part.starts_with("~$") || part == "__MACOSX";
    let name = path.rsplit('/').next().unwrap_or(path);
    path.split('/').any(is_hidden)
        || name.eq_ignore_ascii_case("thumbs.db")
        || name.eq_ignore_ascii_case("desktop.ini")
}
