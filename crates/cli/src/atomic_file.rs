//! Writing a file whole or not at all: what was there before is replaced when the new one is written. Decides that a link
//! stays a link, and what is replaced is what it leads to; and that a file keeps its mode, unless only its owner may read it.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// A file that is to be, as the one beside it that becomes it. Dropped, it leaves nothing.
pub(crate) struct AtomicFile {
    path: PathBuf,
    beside: NamedTempFile,
}

/// Who may read a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Readers {
    /// Those who could read the one before; of a new one whoever can read other files of this user.
    AsBefore,
    /// This user alone.
    Owner,
}

impl AtomicFile {
    /// For this path, whose folder must be there.
    pub(crate) fn beside(path: &Path, readers: Readers) -> io::Result<Self> {
        let path = end_of_links(path)?;
        if path.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let mut builder = tempfile::Builder::new();
        #[cfg(unix)]
        if readers == Readers::AsBefore {
            builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666)); // less what the umask takes
        }
        let beside = builder.prefix(".pcdevices-").tempfile_in(folder.unwrap_or(Path::new(".")))?;
        if readers == Readers::AsBefore
            && let Ok(before) = fs::metadata(&path)
        {
            beside.as_file().set_permissions(before.permissions())?;
        }
        Ok(Self { path, beside })
    }

    /// Puts it in the place of what was there.
    pub(crate) fn commit(self) -> io::Result<()> {
        self.beside.as_file().sync_all()?;
        self.beside.persist(self.path).map(drop).map_err(|error| error.error)
    }
}

impl Write for AtomicFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.beside.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.beside.flush()
    }
}

/// Writes a file, and makes its folder if need be.
pub(crate) fn replace(path: &Path, content: &[u8], readers: Readers) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut file = AtomicFile::beside(path, readers)?;
    file.write_all(content)?;
    file.commit()
}

/// What a path means in the end, also where nothing is there yet.
fn end_of_links(path: &Path) -> io::Result<PathBuf> {
    const MOST: usize = 40; // as systems have it
    let mut path = path.to_owned();
    for _ in 0..MOST {
        match fs::read_link(&path) {
            Ok(next) => path = path.parent().unwrap_or(Path::new("")).join(next),
            Err(_) => return Ok(path), // no link, or nothing
        }
    }
    Err(io::Error::other("it is a link that leads to itself"))
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    fn mode(path: &Path) -> Option<u32> {
        fs::metadata(path).ok().map(|file| file.permissions().mode() & 0o777)
    }

    #[test]
    fn a_link_stays_and_what_it_leads_to_keeps_its_mode() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("dotfiles")).unwrap();
        fs::write(at("dotfiles/customers"), "before").unwrap();
        fs::set_permissions(at("dotfiles/customers"), fs::Permissions::from_mode(0o640)).unwrap();
        symlink("dotfiles/customers", at("one")).unwrap();
        symlink(at("one"), at("two")).unwrap();
        replace(&at("two"), b"after", Readers::AsBefore).unwrap();
        assert_eq!(fs::read_to_string(at("dotfiles/customers")).unwrap(), "after");
        assert!(at("one").is_symlink() && at("two").is_symlink());
        assert_eq!(mode(&at("dotfiles/customers")), Some(0o640));
        assert_eq!(fs::read_dir(at("dotfiles")).unwrap().count(), 1, "nothing else is left");

        // To nothing yet, and in a circle.
        symlink("dotfiles/new", at("three")).unwrap();
        replace(&at("three"), b"new", Readers::AsBefore).unwrap();
        assert_eq!(fs::read_to_string(at("dotfiles/new")).unwrap(), "new");
        symlink("circle", at("circle")).unwrap();
        assert!(replace(&at("circle"), b"", Readers::AsBefore).is_err());
    }

    #[test]
    fn what_is_the_owners_alone_is_so_whatever_was_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        fs::write(&path, "before").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        replace(&path, b"after", Readers::Owner).unwrap();
        assert_eq!(mode(&path), Some(0o600));
    }
}
