//! The directories of this user for settings, journals and sign-ins.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy as _;

use crate::atomic_file::{create_private_folder, is_in_use};
use crate::errors::{CommandError, Exit};

/// The parts of the directory for state.
const PARTS: [&str; 2] = ["journals", "sign-ins"];

/// Returns the directories that the system defines for this user.
pub(crate) fn folders(what: &str) -> Result<impl etcetera::BaseStrategy, CommandError> {
    etcetera::choose_base_strategy().map_err(|error| {
        CommandError::new(Exit::Unavailable, format!("there is no directory for the {what}"))
            .with_source(error)
    })
}

/// Returns the directory for the state of this program. On Windows it stays on this machine (`%LOCALAPPDATA%`); state in the
/// directory of older versions, which Windows may copy to other machines (`%APPDATA%`), moves.
pub(crate) fn state_dir() -> Result<PathBuf, CommandError> {
    let folders = folders("journals and sign-ins")?;
    if !cfg!(windows) {
        let folder = folders.state_dir().unwrap_or_else(|| folders.data_dir());
        return Ok(folder.join("pcdevices"));
    }
    let folder = folders.cache_dir().join("pcdevices");
    let old = folders.data_dir().join("pcdevices");
    if old != folder {
        for part in PARTS {
            let (from, to) = (old.join(part), folder.join(part));
            move_files(&from, &to).map_err(|error| {
                let message = format!("cannot move {} to {}", from.display(), to.display());
                CommandError::new(Exit::Unavailable, message).with_source(error)
            })?;
        }
    }
    Ok(folder)
}

/// Moves the files of a directory to another one, perhaps on another volume. A file stays if the other one has it already.
/// Another process may move the same files.
fn move_files(from: &Path, to: &Path) -> io::Result<()> {
    let entries = match fs::read_dir(from) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    create_private_folder(to)?;
    for entry in entries {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if target.exists() || entry.file_type()?.is_dir() {
            continue;
        }
        match move_file(&entry.path(), &target) {
            // Another process moved it, or has it open. Then it moves next time.
            Err(error) if error.kind() == io::ErrorKind::NotFound || is_in_use(&error) => {}
            moved => moved?,
        }
    }
    let _ = fs::remove_dir(from); // stays if something is left
    Ok(())
}

fn move_file(from: &Path, to: &Path) -> io::Result<()> {
    match fs::rename(from, to) {
        Err(error) if error.kind() == io::ErrorKind::CrossesDevices => {
            // Another process must not see half of a copy.
            let folder = to.parent().unwrap_or(Path::new("."));
            let mut copy = tempfile::NamedTempFile::new_in(folder)?;
            io::copy(&mut fs::File::open(from)?, &mut copy)?;
            copy.as_file().sync_all()?;
            copy.persist_noclobber(to).map_err(|error| error.error)?;
            fs::remove_file(from)
        }
        renamed => renamed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_move_once_and_replace_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let (old, new) = (folder.path().join("old"), folder.path().join("new/sign-ins"));
        let names = |folder: &Path| {
            let entries = fs::read_dir(folder).into_iter().flatten();
            let mut names: Vec<_> =
                entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
            names.sort();
            names
        };
        move_files(&old, &new).unwrap();
        assert!(!new.exists(), "nothing to move");
        fs::create_dir_all(old.join("deep")).unwrap();
        fs::create_dir_all(&new).unwrap();
        for (path, text) in [("a.json", "old a"), ("b.json", "old b"), ("b.lock", "")] {
            fs::write(old.join(path), text).unwrap();
        }
        fs::write(new.join("a.json"), "new a").unwrap();
        for _ in 0..2 {
            move_files(&old, &new).unwrap();
            assert_eq!(names(&new), ["a.json", "b.json", "b.lock"]);
            assert_eq!(names(&old), ["a.json", "deep"]);
        }
        let text = |path: PathBuf| fs::read_to_string(path).unwrap();
        assert_eq!(text(new.join("a.json")), "new a");
        assert_eq!(text(new.join("b.json")), "old b");
        assert_eq!(text(old.join("a.json")), "old a");

        // A directory from which everything moved is removed.
        let other = folder.path().join("other");
        fs::create_dir(&other).unwrap();
        fs::write(other.join("c.json"), "c").unwrap();
        move_files(&other, &new).unwrap();
        assert!(!other.exists() && new.join("c.json").exists());
    }
}
