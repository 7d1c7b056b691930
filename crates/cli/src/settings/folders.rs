//! The directories of this user for settings, journals and sign-ins.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use etcetera::BaseStrategy as _;

use crate::atomic_file::{create_private_folder, is_in_use};
use crate::errors::{CommandError, Exit};

/// The parts of the directory for state.
const PARTS: [&str; 2] = ["journals", SIGN_INS];

/// The part with the secrets of the profiles.
pub(crate) const SIGN_INS: &str = "sign-ins";

/// Returns the directories that the system defines for this user.
pub(crate) fn folders(what: &str) -> Result<impl etcetera::BaseStrategy, CommandError> {
    etcetera::choose_base_strategy().map_err(|error| {
        CommandError::new(Exit::Unavailable, format!("there is no directory for the {what}"))
            .with_source(error)
    })
}

/// Returns the directory for the state of this program. On Windows it stays on this machine (`%LOCALAPPDATA%`); the first call
/// moves state from the directory of older versions, which Windows may copy to other machines (`%APPDATA%`).
pub(crate) fn state_dir() -> Result<PathBuf, CommandError> {
    static MOVED: OnceLock<()> = OnceLock::new();
    let folders = folders("journals and sign-ins")?;
    if !cfg!(windows) {
        let folder = folders.state_dir().unwrap_or_else(|| folders.data_dir());
        return Ok(folder.join("pcdevices"));
    }
    let folder = folders.cache_dir().join("pcdevices");
    if let Some(old) = old_state_dir()
        && MOVED.get().is_none()
    {
        for part in PARTS {
            let (from, to) = (old.join(part), folder.join(part));
            move_files(&from, &to).map_err(|error| {
                let message = format!("cannot move {} to {}", from.display(), to.display());
                CommandError::new(Exit::Unavailable, message).with_source(error)
            })?;
        }
        MOVED.get_or_init(|| ());
    }
    Ok(folder)
}

/// Returns the directory where older versions kept state on Windows.
fn old_state_dir() -> Option<PathBuf> {
    let folders = etcetera::choose_base_strategy().ok().filter(|_| cfg!(windows))?;
    let old = folders.data_dir();
    (old != folders.cache_dir()).then(|| old.join("pcdevices"))
}

/// Returns the files with secrets that are still in the directory of older versions.
pub(crate) fn old_secrets() -> Vec<PathBuf> {
    let entries = old_state_dir().and_then(|old| fs::read_dir(old.join(SIGN_INS)).ok());
    let paths = entries.into_iter().flatten().flatten().map(|entry| entry.path());
    paths.filter(|path| path.extension().is_some_and(|extension| extension == "json")).collect()
}

/// The endings of the files that belong to one journal, in the order in which they move: its log first, because a database
/// without its log is an older one.
const JOURNAL: [&str; 3] = ["journal-wal", "journal-shm", "journal"];

/// Moves journals and sign-ins to another directory. A file stays if the other directory has it already, or if another process
/// uses it; then it moves next time. Locks stay, because they could be held.
fn move_files(from: &Path, to: &Path) -> io::Result<()> {
    let entries = match fs::read_dir(from) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    create_private_folder(to)?;
    for entry in entries {
        let path = entry?.path();
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("journal") => move_unit(&path, to, &JOURNAL)?,
            Some("json") => {
                if let Some(_lock) = lock_of(&path)? {
                    move_unit(&path, to, &["json"])?;
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// Locks the secrets of a profile as a renewal does. `None` if another process renews them.
fn lock_of(secrets: &Path) -> io::Result<Option<fs::File>> {
    let lock = fs::File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(secrets.with_extension("lock"))?;
    match lock.try_lock() {
        Ok(()) => Ok(Some(lock)),
        Err(fs::TryLockError::WouldBlock) => Ok(None),
        Err(fs::TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {
            Ok(Some(lock))
        }
        Err(fs::TryLockError::Error(error)) => Err(error),
    }
}

/// Moves the files with this name and these endings. The last one is the file that the others belong to.
fn move_unit(path: &Path, to: &Path, endings: &[&str]) -> io::Result<()> {
    let target = |ending: &str| {
        let from = path.with_extension(ending);
        let to = to.join(from.file_name().unwrap_or_default());
        (from, to)
    };
    if endings.last().is_some_and(|main| target(main).1.exists()) {
        return Ok(());
    }
    for ending in endings {
        let (from, to) = target(ending);
        match move_file(&from, &to) {
            Ok(()) => {}
            // This journal has no log, or another process moved it.
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::NotFound | io::ErrorKind::AlreadyExists
                ) => {}
            Err(error) if is_in_use(&error) => return Ok(()),
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

fn move_file(from: &Path, to: &Path) -> io::Result<()> {
    match fs::rename(from, to) {
        Err(error) if error.kind() == io::ErrorKind::CrossesDevices => {
            // No process may write to the file while it is copied, or see half of the copy.
            let mut options = fs::File::options();
            options.read(true);
            #[cfg(windows)]
            std::os::windows::fs::OpenOptionsExt::share_mode(&mut options, 0);
            let mut original = options.open(from)?;
            let mut copy = tempfile::NamedTempFile::new_in(to.parent().unwrap_or(Path::new(".")))?;
            io::copy(&mut original, &mut copy)?;
            copy.as_file().sync_all()?;
            copy.persist_noclobber(to).map_err(|error| error.error)?;
            drop(original);
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
        fs::create_dir_all(&old).unwrap();
        fs::create_dir_all(&new).unwrap();
        for name in [
            "a.json",
            "b.json",
            "busy.json",
            "x.journal",
            "x.journal-wal",
            "y.journal",
            "y.journal-wal",
        ] {
            fs::write(old.join(name), "old").unwrap();
        }
        // The new directory has these; another process renews the sign-in `busy`.
        fs::write(new.join("a.json"), "new").unwrap();
        fs::write(new.join("x.journal"), "new").unwrap();
        let busy = lock_of(&old.join("busy.json")).unwrap().unwrap();
        for _ in 0..2 {
            move_files(&old, &new).unwrap();
            assert_eq!(
                names(&new),
                ["a.json", "b.json", "x.journal", "y.journal", "y.journal-wal"]
            );
        }
        let text = |path: PathBuf| fs::read_to_string(path).unwrap();
        assert_eq!([text(new.join("a.json")), text(new.join("x.journal"))], ["new", "new"]);
        let left =
            ["a.json", "a.lock", "b.lock", "busy.json", "busy.lock", "x.journal", "x.journal-wal"];
        assert_eq!(names(&old), left);
        drop(busy);
        move_files(&old, &new).unwrap();
        assert_eq!(text(new.join("busy.json")), "old");
    }
}
