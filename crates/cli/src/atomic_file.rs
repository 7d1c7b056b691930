//! Files that are replaced atomically: the old content stays until the new one is complete. A link is kept, and its target
//! is replaced. A file keeps its mode, unless only its owner may read it.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::NamedTempFile;

/// A new version of a file, in a temporary file next to it. The temporary file is removed if this is dropped.
pub(crate) struct AtomicFile {
    path: PathBuf,
    temporary: NamedTempFile,
}

/// The users who may read a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Readers {
    /// The permissions of the file that is replaced; only the owner for a new file.
    Unchanged,
    /// Only the owner.
    Owner,
    /// The permissions of the file that is replaced; a new file is readable by everybody, as far as the umask permits it.
    Everybody,
}

impl AtomicFile {
    /// Creates the temporary file. The directory must exist.
    pub(crate) fn create(path: &Path, readers: Readers) -> io::Result<Self> {
        let path = resolve_links(path)?;
        if path.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        // A new file is readable by its owner only with any umask.
        let mut builder = tempfile::Builder::new();
        #[cfg(unix)]
        if readers == Readers::Everybody {
            builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644));
        }
        let temporary = builder.prefix(".pcdevices-").tempfile_in(folder.unwrap_or(Path::new(".")));
        let temporary = temporary.map_err(|error| without_temporary_path(&error))?;
        if readers != Readers::Owner
            && let Ok(old) = fs::metadata(&path)
        {
            temporary.as_file().set_permissions(old.permissions())?;
        }
        Ok(Self { path, temporary })
    }

    /// Replaces the file. Waits for some seconds if another program has it open.
    pub(crate) fn commit(self) -> io::Result<()> {
        self.temporary.as_file().sync_all()?;
        let (file, temporary) =
            self.temporary.keep().map_err(|failed| without_temporary_path(&failed.error))?;
        drop(file);
        // The standard library replaces a file on Windows even if a program has it open that permits its removal.
        let replaced = retry(&self.path, LONG_WAIT, || fs::rename(&temporary, &self.path));
        if replaced.is_err() {
            drop(fs::remove_file(&temporary));
        }
        replaced
    }

    /// Creates the file. Fails if it exists by now.
    pub(crate) fn commit_new(self) -> io::Result<()> {
        self.temporary.as_file().sync_all()?;
        let created = self.temporary.persist_noclobber(self.path);
        created.map(drop).map_err(|error| without_temporary_path(&error.error))
    }
}

impl Write for AtomicFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.temporary.write(bytes).map_err(|error| without_temporary_path(&error))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.temporary.flush().map_err(|error| without_temporary_path(&error))
    }
}

/// How long a file is replaced again and again while another program has it open: a virus scanner, an editor or another
/// `pcdevices`, for example.
pub(crate) const LONG_WAIT: Duration = Duration::from_secs(10);

/// How long any other operation is repeated while another program has the file open. Excel, for example, keeps it open.
pub(crate) const SHORT_WAIT: Duration = Duration::from_secs(1);

/// The pauses between attempts, in milliseconds, again from the first one after the last one. They are short, because a
/// scanner may close the file for a moment only, and they differ, so that they do not fall into step with it.
const PAUSES: [u64; 7] = [5, 11, 7, 19, 13, 23, 17];

/// Returns true if Windows may refuse an operation on a file only because another program has it open. Windows says
/// "access denied" then, as for a file without the right to change it; a read-only file stays as it is.
fn is_open_elsewhere(error: &io::Error, path: &Path) -> bool {
    let is_read_only = || fs::metadata(path).is_ok_and(|file| file.permissions().readonly());
    is_in_use(error) && !is_read_only()
}

/// Returns true if Windows may refuse an operation because another program has the file open.
pub(crate) fn is_in_use(error: &io::Error) -> bool {
    is_sharing_problem(cfg!(windows), error.raw_os_error())
}

/// `ERROR_ACCESS_DENIED`, `ERROR_SHARING_VIOLATION`, `ERROR_LOCK_VIOLATION` and `ERROR_USER_MAPPED_FILE` of Windows.
fn is_sharing_problem(is_windows: bool, code: Option<i32>) -> bool {
    is_windows && matches!(code, Some(5 | 32 | 33 | 1224))
}

/// Waits and blocks the thread, as the operations on files here do.
#[allow(clippy::disallowed_methods)]
pub(crate) fn block_for(pause: Duration) {
    std::thread::sleep(pause);
}

/// Repeats an operation for a second while another program has the file open.
pub(crate) fn retry_while_in_use<T>(
    path: &Path,
    operation: impl FnMut() -> io::Result<T>,
) -> io::Result<T> {
    retry(path, SHORT_WAIT, operation)
}

/// Repeats an operation while another program has the file open, for this long.
fn retry<T>(
    path: &Path,
    max_wait: Duration,
    mut operation: impl FnMut() -> io::Result<T>,
) -> io::Result<T> {
    let mut waited = Duration::ZERO;
    let mut pauses = PAUSES.into_iter().cycle().map(Duration::from_millis);
    loop {
        match (operation(), pauses.next()) {
            (Err(error), Some(pause)) if waited < max_wait && is_open_elsewhere(&error, path) => {
                block_for(pause);
                waited += pause;
            }
            (result, _) => return result,
        }
    }
}

/// Waits until no other program has the file open, and fails if one has it open for longer. Other systems than Windows
/// replace open files, so nothing is checked there.
#[cfg(windows)]
pub(crate) fn check_replaceable(path: &Path, max_wait: Duration) -> io::Result<()> {
    use std::os::windows::fs::OpenOptionsExt as _;
    const DELETE: u32 = 0x0001_0000;
    const ERROR_SHARING_VIOLATION: i32 = 32;
    let Ok(metadata) = path.metadata() else { return Ok(()) };
    if metadata.permissions().readonly() {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, "it is read-only"));
    }
    let mut options = fs::OpenOptions::new();
    options.access_mode(DELETE);
    match retry(path, max_wait, || options.open(path)) {
        Err(error) if error.raw_os_error() == Some(ERROR_SHARING_VIOLATION) => {
            Err(io::Error::new(io::ErrorKind::ResourceBusy, "it is open in another program"))
        }
        opened => opened.map(drop),
    }
}

/// Waits until no other program has the file open, and fails if one has it open for longer. Other systems than Windows
/// replace open files, so nothing is checked there.
#[cfg(not(windows))]
#[expect(clippy::unnecessary_wraps, reason = "the same signature as on Windows")]
pub(crate) fn check_replaceable(_: &Path, _: Duration) -> io::Result<()> {
    Ok(())
}

/// Replaces a file, and creates its directory if it is missing, for its owner only.
pub(crate) fn replace(path: &Path, content: &[u8], readers: Readers) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        create_private_folder(folder)?;
    }
    let mut file = AtomicFile::create(path, readers)?;
    file.write_all(content)?;
    file.commit()
}

/// Creates a folder and its parents, if they are missing, for their owner only with any umask.
pub(crate) fn create_private_folder(folder: &Path) -> io::Result<()> {
    create_folder(folder, 0o700)
}

/// Creates a folder and its parents, if they are missing. Everybody can read them, as far as the umask permits it.
pub(crate) fn create_public_folder(folder: &Path) -> io::Result<()> {
    create_folder(folder, 0o755)
}

fn create_folder(folder: &Path, mode: u32) -> io::Result<()> {
    let mut directories = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut directories, mode);
    #[cfg(not(unix))]
    let _ = mode;
    directories.recursive(true).create(folder)
}

/// Replaces a file that has no secrets. A pipe or a device is written as it is.
pub(crate) fn write_public(path: &Path, content: &[u8]) -> io::Result<()> {
    let is_stream = fs::metadata(path).is_ok_and(|old| !old.is_file() && !old.is_dir());
    if is_stream {
        return fs::write(resolve_links(path)?, content);
    }
    let mut file = AtomicFile::create(path, Readers::Everybody)?;
    file.write_all(content)?;
    file.commit()
}

/// Removes the path of a temporary file from an error: it means nothing to a user.
pub(crate) fn without_temporary_path(error: &io::Error) -> io::Error {
    let message = error.to_string();
    let cause = message.split(" at path ").next().unwrap_or_default();
    io::Error::new(error.kind(), cause)
}

/// Follows links to the file they lead to, which may not exist yet.
fn resolve_links(path: &Path) -> io::Result<PathBuf> {
    const MAX_LINKS: usize = 40; // the limit of Linux
    let mut path = path.to_owned();
    for _ in 0..MAX_LINKS {
        #[cfg(unix)]
        check_links(&path)?;
        match fs::read_link(&path) {
            Ok(next) => path = path.parent().unwrap_or(Path::new("")).join(next),
            Err(_) => return Ok(path), // not a link, or missing
        }
    }
    Err(io::Error::other("the link leads to itself"))
}

/// Refuses a path through a link that someone else put into a directory that everybody can write, such as `/tmp`: it would
/// choose the file that is replaced.
#[cfg(unix)]
fn check_links(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::MetadataExt as _;
    const STICKY_AND_SHARED: u32 = 0o1002;
    for link in std::path::absolute(path)?.ancestors() {
        let (Ok(metadata), Some(folder)) = (fs::symlink_metadata(link), link.parent()) else {
            continue;
        };
        let folder = fs::metadata(folder)?;
        if !metadata.is_symlink() || folder.mode() & STICKY_AND_SHARED != STICKY_AND_SHARED {
            continue;
        }
        let me = tempfile::tempfile()?.metadata()?.uid();
        if is_strange(metadata.uid(), folder.uid(), me) {
            let message = format!("{} is a link of another user", link.display());
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, message));
        }
    }
    Ok(())
}

/// The rule of Linux (`fs.protected_symlinks`): a link in a shared directory belongs to the user or to the directory's owner.
#[cfg(unix)]
fn is_strange(link_owner: u32, folder_owner: u32, me: u32) -> bool {
    link_owner != me && link_owner != folder_owner
}

#[cfg(test)]
mod any_system_tests {
    use super::*;

    #[test]
    fn only_windows_refuses_a_file_that_is_open_elsewhere() {
        for (is_windows, code, is_open) in [
            (true, Some(5), true),
            (true, Some(32), true),
            (true, Some(33), true),
            (true, Some(1224), true),
            (true, Some(2), false),
            (true, None, false),
            (false, Some(5), false),
            (false, Some(32), false),
        ] {
            assert_eq!(is_sharing_problem(is_windows, code), is_open, "{is_windows} {code:?}");
        }
    }

    #[cfg(windows)]
    const MILLISECOND: Duration = Duration::from_millis(1);

    /// Opens a file as some scanners and editors do: others can only read it.
    #[cfg(windows)]
    fn open_for_reading(path: &Path) -> io::Result<fs::File> {
        use std::os::windows::fs::OpenOptionsExt as _;
        const FILE_SHARE_READ: u32 = 1;
        fs::OpenOptions::new().read(true).share_mode(FILE_SHARE_READ).open(path)
    }

    #[cfg(windows)]
    #[test]
    fn a_file_that_is_open_elsewhere_is_replaced_when_it_is_closed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        fs::write(&path, "before").unwrap();
        let open = open_for_reading(&path).unwrap();
        let refused = check_replaceable(&path, MILLISECOND).unwrap_err();
        assert_eq!(refused.to_string(), "it is open in another program");
        let other = std::thread::spawn(move || {
            block_for(400 * MILLISECOND);
            drop(open);
        });
        check_replaceable(&path, LONG_WAIT).unwrap();
        other.join().unwrap();
        let other = {
            let open = open_for_reading(&path).unwrap();
            std::thread::spawn(move || {
                block_for(400 * MILLISECOND);
                drop(open);
            })
        };
        replace(&path, b"after", Readers::Owner).unwrap();
        other.join().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "after");
    }

    #[cfg(windows)]
    #[test]
    fn a_file_that_a_scanner_opens_again_and_again_is_replaced() {
        use std::sync::atomic::{AtomicBool, Ordering};
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        fs::write(&path, "before").unwrap();
        let is_done = AtomicBool::new(false);
        let results = std::thread::scope(|scope| {
            scope.spawn(|| {
                while !is_done.load(Ordering::Relaxed) {
                    let open = open_for_reading(&path);
                    block_for(8 * MILLISECOND);
                    drop(open);
                    block_for(2 * MILLISECOND);
                }
            });
            let results: Vec<_> =
                (0..20).map(|_| replace(&path, b"after", Readers::Owner)).collect();
            is_done.store(true, Ordering::Relaxed);
            results
        });
        assert!(results.iter().all(Result::is_ok), "{results:?}");
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    fn mode(path: &Path) -> Option<u32> {
        fs::metadata(path).ok().map(|file| file.permissions().mode() & 0o777)
    }

    #[test]
    fn a_link_is_kept_and_its_target_keeps_its_mode() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("dotfiles")).unwrap();
        fs::write(at("dotfiles/customers"), "before").unwrap();
        fs::set_permissions(at("dotfiles/customers"), fs::Permissions::from_mode(0o640)).unwrap();
        symlink("dotfiles/customers", at("one")).unwrap();
        symlink(at("one"), at("two")).unwrap();
        replace(&at("two"), b"after", Readers::Unchanged).unwrap();
        assert_eq!(fs::read_to_string(at("dotfiles/customers")).unwrap(), "after");
        assert!(at("one").is_symlink() && at("two").is_symlink());
        assert_eq!(mode(&at("dotfiles/customers")), Some(0o640));
        assert_eq!(fs::read_dir(at("dotfiles")).unwrap().count(), 1, "no other file is left");

        // A link without a target, and a link to itself.
        symlink("dotfiles/new", at("three")).unwrap();
        replace(&at("three"), b"new", Readers::Unchanged).unwrap();
        assert_eq!(fs::read_to_string(at("dotfiles/new")).unwrap(), "new");
        symlink("circle", at("circle")).unwrap();
        assert!(replace(&at("circle"), b"", Readers::Unchanged).is_err());
    }

    #[test]
    fn a_link_of_another_user_in_a_shared_directory_is_refused() {
        for (link, folder, me, strange) in
            [(1, 0, 1, false), (0, 0, 1, false), (2, 0, 1, true), (2, 0, 0, true), (1, 1, 2, false)]
        {
            assert_eq!(is_strange(link, folder, me), strange, "{link} {folder} {me}");
        }
        let folder = tempfile::tempdir().unwrap();
        let shared = folder.path().join("shared");
        fs::create_dir(&shared).unwrap();
        fs::set_permissions(&shared, fs::Permissions::from_mode(0o1777)).unwrap();
        fs::write(folder.path().join("victim"), "before").unwrap();
        symlink(folder.path(), shared.join("folder")).unwrap();
        let through = [shared.join("folder/victim"), shared.join("report")];
        symlink(folder.path().join("victim"), &through[1]).unwrap();
        for path in &through {
            replace(path, b"mine", Readers::Unchanged).unwrap(); // links of this user
        }
        // Only root can give the links to another user.
        let links = [shared.join("folder"), shared.join("report")];
        if links.iter().all(|link| std::os::unix::fs::lchown(link, Some(12_345), None).is_ok()) {
            for path in &through {
                let error = replace(path, b"after", Readers::Unchanged).unwrap_err();
                assert!(error.to_string().contains("is a link of another user"), "{error}");
            }
            assert!(write_public(&links[1], b"after").is_err());
            assert_eq!(fs::read_to_string(folder.path().join("victim")).unwrap(), "mine");
        }
    }

    #[test]
    fn a_new_file_is_readable_by_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/report.csv");
        replace(&path, b"x", Readers::Unchanged).unwrap();
        assert_eq!((mode(&path), mode(path.parent().unwrap())), (Some(0o600), Some(0o700)));
    }

    #[test]
    fn a_file_for_its_owner_loses_other_permissions() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        fs::write(&path, "before").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        replace(&path, b"after", Readers::Owner).unwrap();
        assert_eq!(mode(&path), Some(0o600));
    }
}
