//! The secrets of a profile: refresh token and client secret, in a file that only this user can read (encrypted on Windows) or
//! in the system's keyring. The file also stores the last access token. Writes are atomic, one process at a time renews the secrets,
//! and a warning is printed if other users can read the file.

use std::collections::BTreeSet;
use std::fmt;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use partner_center_devices::{AccessToken, Cloud};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::atomic_file::{
    LONG_WAIT, Readers, check_replaceable, create_private_folder, replace, retry_while_in_use,
    without_temporary_path,
};
use crate::bounded_file;
use crate::errors::{CommandError, Exit};
use crate::settings::config::{Config, Profile, SecretPlace};
use crate::settings::connection::Route;
use crate::settings::folders::{SIGN_INS, state_dir};
#[cfg(feature = "keyring")]
use crate::settings::keyring_parts;
use crate::settings::protection;
use crate::ui::output::Ui;

/// The stored secrets of a profile. `Debug` redacts them.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Secrets {
    pub(crate) refresh_token: Option<SecretString>,
    /// The secret of an app-only profile or of a web app registration.
    pub(crate) client_secret: Option<SecretString>,
    /// Reused by commands that follow soon.
    pub(crate) access_token: Option<StoredToken>,
    /// The sign-in that these secrets belong to. They are never sent to another one.
    pub(crate) issuer: Option<Issuer>,
}

/// The place where a profile signs in, and the service that it signs in for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Issuer {
    pub(crate) authority: String,
    pub(crate) tenant: String,
    pub(crate) service: String,
    /// The network settings of the profile. Older versions did not store them.
    #[serde(default)]
    pub(crate) route: Route,
}

impl Issuer {
    pub(crate) fn new(cloud: &Cloud, tenant: &str, route: Route) -> Self {
        let root = |url: &str| url.trim_end_matches('/').to_ascii_lowercase();
        Self {
            authority: root(&cloud.authority),
            tenant: tenant.to_ascii_lowercase(),
            service: root(&cloud.api),
            route,
        }
    }

    /// Returns true if both are the same service, and the same place to sign in.
    pub(crate) fn is_same_place(&self, other: &Self) -> bool {
        let place = |issuer: &Self| {
            [&issuer.authority, &issuer.tenant, &issuer.service].map(ToOwned::to_owned)
        };
        place(self) == place(other)
    }

    /// Returns true if secrets of this sign-in may be used for the other one.
    pub(crate) fn allows(&self, other: &Self) -> bool {
        self.is_same_place(other) && other.route.changed_keys(&self.route).is_empty()
    }
}

/// A stored access token.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StoredToken {
    token: SecretString,
    /// In seconds since 1970.
    expires: u64,
    /// The sign-in and the service that the token was issued for.
    #[serde(rename = "whose")]
    issued_for: String,
}

impl StoredToken {
    /// Returns `None` for a token without a lifetime.
    pub(crate) fn of(token: &AccessToken, issued_for: String, now: SystemTime) -> Option<Self> {
        let expires = now.checked_add(token.lifetime()?)?;
        let expires = expires.duration_since(SystemTime::UNIX_EPOCH).ok()?.as_secs();
        Some(Self { token: token.secret().clone(), expires, issued_for })
    }

    /// Returns the token if it was issued for this sign-in and remains valid for a while.
    pub(crate) fn usable(&self, issued_for: &str, now: SystemTime) -> Option<AccessToken> {
        self.usable_for(MIN_LIFETIME, issued_for, now)
    }

    /// Returns the token if it was issued for this sign-in and remains valid for this long.
    pub(crate) fn usable_for(
        &self,
        at_least: Duration,
        issued_for: &str,
        now: SystemTime,
    ) -> Option<AccessToken> {
        let expires = SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(self.expires))?;
        let rest = expires.duration_since(now).ok()?;
        let is_usable = self.issued_for == issued_for && rest >= at_least && !rest.is_zero();
        is_usable.then(|| AccessToken::new(self.token.clone()).expires_in(rest))
    }
}

/// The remaining lifetime that a stored token needs to be used again.
const MIN_LIFETIME: Duration = Duration::from_secs(5 * 60);

/// The place of a profile's secrets: a file, or the system's keyring.
#[derive(Clone, Debug)]
pub(crate) struct SecretStore {
    place: Place,
    /// The file that is locked while the secrets are renewed.
    lock: PathBuf,
    ui: Ui,
}

/// A lock on a profile's secrets, held until this is dropped or the process ends.
pub(crate) struct Lock(#[expect(dead_code, reason = "keeps the lock")] File);

#[derive(Clone, Debug)]
enum Place {
    File(PathBuf),
    #[cfg(feature = "keyring")]
    Keyring(String),
}

impl SecretStore {
    /// Returns the store of the profile in use. A configuration directory that is not the user's own one has separate
    /// secrets, so that its `default` is not the user's `default`.
    pub(crate) fn of(ui: Ui, config: &Config) -> Result<Self, CommandError> {
        let folder = state_dir()?.join(SIGN_INS);
        let (name, profile) = (&config.profile_name, &config.profile);
        match config.other_directory() {
            None => Self::named(ui, &folder, name, profile),
            // No profile has such a name.
            Some(directory) => Self::named(ui, &folder, &format!("{name}@{directory}"), profile),
        }
    }

    fn named(ui: Ui, folder: &Path, name: &str, profile: &Profile) -> Result<Self, CommandError> {
        let place = match profile.secrets.unwrap_or_default() {
            SecretPlace::File => Place::File(folder.join(format!("{name}.json"))),
            #[cfg(feature = "keyring")]
            SecretPlace::Keyring => Place::Keyring(name.to_owned()),
            #[cfg(not(feature = "keyring"))]
            SecretPlace::Keyring => {
                let message = format!(
                    "the secrets of profile '{name}' are in the system's keyring, which this build does not support"
                );
                return Err(CommandError::new(Exit::AccessDenied, message)
                    .hint("install a build that supports it: cargo install … --features keyring"));
            }
        };
        Ok(Self { place, lock: folder.join(format!("{name}.lock")), ui })
    }

    /// Waits for the lock. The lock file is never removed, because that could remove the lock of another process.
    pub(crate) fn lock(&self) -> Result<Lock, CommandError> {
        let lock = || {
            if let Some(folder) = self.lock.parent() {
                create_private_folder(folder)?;
            }
            let mut options = File::options();
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            let file = options.create(true).truncate(false).write(true).open(&self.lock)?;
            match file.lock() {
                // The file system has no locks.
                Err(error) if error.kind() == io::ErrorKind::Unsupported => Ok(file),
                locked => locked.map(|()| file),
            }
        };
        lock().map(Lock).map_err(|error: io::Error| {
            let message = format!("cannot lock {}", self.lock.display());
            CommandError::new(Exit::Unavailable, message).with_source(error)
        })
    }

    /// Checks that secrets can be stored here, before the user is asked to sign in.
    pub(crate) fn probe(&self) -> Result<(), CommandError> {
        match &self.place {
            Place::File(path) => {
                let folder = path.parent().unwrap_or(Path::new("."));
                let tried =
                    create_private_folder(folder).and_then(|()| tempfile::tempfile_in(folder));
                tried.map(drop).map_err(|error| {
                    self.cannot(
                        "write",
                        &Problem::Other(without_temporary_path(&error).to_string()),
                    )
                })?;
                self.check_writable()
            }
            #[cfg(feature = "keyring")]
            Place::Keyring(_) => self.read().map(drop),
        }
    }

    /// Checks that secrets can be encrypted and stored, before a token is used up that works once.
    pub(crate) fn check_writable(&self) -> Result<(), CommandError> {
        match &self.place {
            Place::File(path) => {
                let tried = protection::protect(&SecretString::from("{}"));
                let tried = tried.and_then(|_| check_replaceable(path, LONG_WAIT));
                tried.map_err(|error| self.cannot("write", &Problem::from(error)))
            }
            #[cfg(feature = "keyring")]
            Place::Keyring(_) => Ok(()),
        }
    }

    /// Returns the place as people see it.
    pub(crate) fn shown(&self) -> String {
        match &self.place {
            Place::File(path) => path.display().to_string(),
            #[cfg(feature = "keyring")]
            Place::Keyring(name) => format!("the system's keyring, as pcdevices and {name}"),
        }
    }

    pub(crate) fn exists(&self) -> bool {
        match &self.place {
            Place::File(path) => path.exists(),
            #[cfg(feature = "keyring")]
            Place::Keyring(_) => self.read().is_ok_and(|secrets| secrets.is_some()),
        }
    }

    /// Returns who can read the secrets, for `doctor`; an error if other users can. No warning about it is printed later.
    pub(crate) fn readers(&self) -> Result<&'static str, String> {
        match &self.place {
            Place::File(path) => {
                is_first_warning(path);
                readers(path)
            }
            #[cfg(feature = "keyring")]
            Place::Keyring(_) => Ok("in the system's keyring"),
        }
    }

    /// Reads the secrets, if there are any.
    pub(crate) fn read(&self) -> Result<Option<Secrets>, CommandError> {
        let text = match self.text() {
            Err(Problem::NotFound) => return Ok(None),
            read => read.map_err(|problem| self.cannot("read", &problem))?,
        };
        match &self.place {
            Place::File(path) => warn_if_exposed(self.ui, path),
            #[cfg(feature = "keyring")]
            Place::Keyring(_) => {}
        }
        // serde's own message could quote a secret.
        serde_json::from_str(text.expose_secret()).map(Some).map_err(|error| {
            let place = format!("line {} column {}", error.line(), error.column());
            let message = format!("{} is damaged at {place}", self.shown());
            CommandError::new(Exit::InvalidFile, message)
                .hint("sign in again: pcdevices auth login")
        })
    }

    pub(crate) fn write(&self, secrets: &Secrets) -> Result<(), CommandError> {
        self.replace(secrets).map_err(|problem| self.cannot("write", &problem))
    }

    /// Removes the secrets. Returns false if the profile had no secrets.
    pub(crate) fn remove(&self) -> Result<bool, CommandError> {
        let removed = match &self.place {
            Place::File(path) => {
                retry_while_in_use(path, || fs::remove_file(path)).map_err(Problem::from)
            }
            #[cfg(feature = "keyring")]
            Place::Keyring(name) => match keyring_parts::remove(&SystemKeyring, name) {
                Ok(true) => Ok(()),
                Ok(false) => Err(Problem::NotFound),
                Err(problem) => Err(problem),
            },
        };
        match removed {
            Ok(()) => Ok(true),
            Err(Problem::NotFound) => Ok(false),
            Err(problem) => Err(self.cannot("remove", &problem)),
        }
    }

    fn text(&self) -> Result<SecretString, Problem> {
        match &self.place {
            Place::File(path) => {
                let text = retry_while_in_use(path, || bounded_file::read_regular_text(path))?;
                protection::unprotect(text).map_err(|error| Problem::Encrypted(error.to_string()))
            }
            #[cfg(feature = "keyring")]
            Place::Keyring(name) => match keyring_parts::read(&SystemKeyring, name)? {
                Some(Some(text)) => Ok(text.into()),
                Some(None) => Err(Problem::Other("a part of it is missing".to_owned())),
                None => Err(Problem::NotFound),
            },
        }
    }

    fn replace(&self, secrets: &Secrets) -> Result<(), Problem> {
        let text = |secret: &Option<SecretString>| {
            secret.as_ref().map(|secret| secret.expose_secret().to_owned())
        };
        // Some keyrings store only a short line of text.
        let is_needed = matches!(self.place, Place::File(_))
            || secrets.refresh_token.is_none() && secrets.client_secret.is_none();
        let access = secrets.access_token.as_ref().filter(|_| is_needed);
        let access = access.map(|StoredToken { token, expires, issued_for }| {
            json!({ "token": token.expose_secret(), "expires": expires, "whose": issued_for })
        });
        let text = json!({
            "refreshToken": text(&secrets.refresh_token),
            "clientSecret": text(&secrets.client_secret),
            "accessToken": access,
            "issuer": secrets.issuer,
        });
        let text = SecretString::from(text.to_string());
        match &self.place {
            Place::File(path) => {
                let text = protection::protect(&text)?;
                Ok(replace(path, text.expose_secret().as_bytes(), Readers::Owner)?)
            }
            #[cfg(feature = "keyring")]
            Place::Keyring(name) => {
                keyring_parts::write(&SystemKeyring, name, text.expose_secret(), cfg!(windows))
            }
        }
    }

    fn cannot(&self, what: &str, problem: &Problem) -> CommandError {
        let message = format!("cannot {what} {}: {problem}", self.shown());
        match problem {
            Problem::Encrypted(_) => CommandError::new(Exit::AccessDenied, message)
                .hint("sign in again: pcdevices auth login"),
            _ => CommandError::new(Exit::Unavailable, message),
        }
    }
}

/// The keyring of the system.
#[cfg(feature = "keyring")]
struct SystemKeyring;

#[cfg(feature = "keyring")]
impl keyring_parts::Entries for SystemKeyring {
    type Error = Problem;

    fn get(&self, name: &str) -> Result<Option<String>, Problem> {
        found(keyring::Entry::new("pcdevices", name)?.get_password())
    }

    fn set(&self, name: &str, text: &str) -> Result<(), Problem> {
        Ok(keyring::Entry::new("pcdevices", name)?.set_password(text)?)
    }

    fn remove(&self, name: &str) -> Result<bool, Problem> {
        let removed = keyring::Entry::new("pcdevices", name)?.delete_credential();
        Ok(found(removed)?.is_some())
    }
}

#[cfg(feature = "keyring")]
fn found<T>(result: Result<T, keyring::Error>) -> Result<Option<T>, Problem> {
    match result.map_err(Problem::from) {
        Ok(value) => Ok(Some(value)),
        Err(Problem::NotFound) => Ok(None),
        Err(problem) => Err(problem),
    }
}

/// The reason why a place could not be used.
enum Problem {
    NotFound,
    /// The text cannot be decrypted.
    Encrypted(String),
    Other(String),
}

impl From<io::Error> for Problem {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::NotFound,
            _ => Self::Other(without_temporary_path(&error).to_string()),
        }
    }
}

#[cfg(feature = "keyring")]
impl From<keyring::Error> for Problem {
    fn from(error: keyring::Error) -> Self {
        match error {
            keyring::Error::NoEntry => Self::NotFound,
            // Its message may quote the invalid bytes.
            keyring::Error::BadEncoding(_) => Self::Other("the entry is not text".to_owned()),
            keyring::Error::NoDefaultStore => Self::Other(match keyring::Entry::store_status() {
                Err(error) => format!("no keyring is available: {error}"),
                Ok(()) => "no keyring is available".to_owned(),
            }),
            error => Self::Other(error.to_string()),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotFound => "not found",
            Self::Encrypted(problem) | Self::Other(problem) => problem,
        })
    }
}

/// Warns once per file if other users can read a file with a secret.
pub(crate) fn warn_if_exposed(ui: Ui, path: &Path) {
    if let Some(problem) = exposed(path)
        && is_first_warning(path)
    {
        ui.warning(&problem);
    }
}

/// Returns true on the first call for a file.
fn is_first_warning(path: &Path) -> bool {
    static WARNED: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());
    WARNED.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned())
}

#[cfg(unix)]
fn readers(path: &Path) -> Result<&'static str, String> {
    exposed(path).map_or(Ok("readable only by you"), Err)
}

#[cfg(not(unix))]
fn readers(path: &Path) -> Result<&'static str, String> {
    use super::windows_access::{OtherReaders, other_readers, own_sid};
    let text = bounded_file::read_regular_text(path).unwrap_or_default();
    let is_encrypted = text.is_empty() || protection::is_encrypted(&text);
    match (is_encrypted, other_readers(path)) {
        (true, OtherReaders::None) => {
            Ok("encrypted for you on this machine; other users cannot read it")
        }
        (true, OtherReaders::Unknown) => {
            Ok("encrypted for you on this machine; icacls did not show who can read it")
        }
        (false, OtherReaders::None) => {
            Ok("not encrypted until the next renewal; other users cannot read it")
        }
        (false, OtherReaders::Unknown) => {
            Ok("not encrypted until the next renewal; icacls did not show who can read it")
        }
        (_, OtherReaders::Some(names)) => {
            let (folder, names) = (path.parent().unwrap_or(path).display(), names.join(", "));
            let path = path.display();
            let own = own_sid().unwrap_or_default();
            Err(format!(
                "others can read {path}, which contains a secret ({names}); run: icacls \"{folder}\" /inheritance:r /grant:r \"*{own}:(OI)(CI)F\""
            ))
        }
    }
}

/// Returns a warning if users other than the owner can read a file with a secret.
#[cfg(unix)]
fn exposed(path: &Path) -> Option<String> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = fs::metadata(path).ok().filter(fs::Metadata::is_file)?.permissions().mode() & 0o777;
    (mode & 0o077 != 0).then(|| {
        let path = path.display();
        format!("other users can read {path}, which contains a secret (mode {mode:03o}); run: chmod 600 {path}")
    })
}

/// Returns no warning: the rights of Windows are read by `doctor` only, because that takes a while.
#[cfg(not(unix))]
fn exposed(_: &Path) -> Option<String> {
    None
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;
    use crate::args::Global;

    fn store(path: PathBuf) -> SecretStore {
        SecretStore {
            lock: path.with_extension("lock"),
            place: Place::File(path),
            ui: Ui::new(&Global::default()),
        }
    }

    #[test]
    fn only_the_owner_can_read_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/p.json");
        let file = store(path.clone());
        assert!(file.read().unwrap().is_none());
        assert!(!file.remove().unwrap());
        let now = SystemTime::now();
        let access = AccessToken::new("planted-three").expires_in(Duration::from_secs(301));
        let secrets = Secrets {
            refresh_token: Some("planted-one".into()),
            client_secret: Some("planted-two".into()),
            access_token: StoredToken::of(&access, "me".to_owned(), now),
            issuer: Some(Issuer::new(&Cloud::public(), "Contoso.example", Route::default())),
        };
        assert!(!format!("{secrets:?}").contains("planted"));
        file.write(&secrets).unwrap();
        let _lock = file.lock().unwrap();
        for path in [&path, &file.lock] {
            assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        assert_eq!(file.readers(), Ok("readable only by you"));
        let read = file.read().unwrap().unwrap();
        let text = |secret: Option<SecretString>| secret.unwrap().expose_secret().to_owned();
        assert_eq!(read.issuer, secrets.issuer);
        assert_eq!(text(read.refresh_token), "planted-one");
        assert_eq!(text(read.client_secret), "planted-two");
        let token = read.access_token.unwrap().usable("me", now).unwrap();
        assert_eq!(token.secret().expose_secret(), "planted-three");
        assert!(file.remove().unwrap() && !file.exists());
    }

    #[test]
    fn a_stored_token_is_reused_for_the_same_sign_in_until_it_expires() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
        let at = |seconds| now + Duration::from_secs(seconds);
        let access = AccessToken::new("t");
        assert!(StoredToken::of(&access, "me".to_owned(), now).is_none(), "no lifetime");
        let access = access.expires_in(Duration::from_secs(3_600));
        let stored = StoredToken::of(&access, "me".to_owned(), now).unwrap();
        for (issued_for, when, is_usable) in [
            ("me", now, true),
            ("me", at(3_300), true),
            ("me", at(3_301), false),
            ("me", at(4_000), false),
            ("you", now, false),
        ] {
            let token = stored.usable(issued_for, when);
            assert_eq!(token.is_some(), is_usable, "{issued_for} {when:?}");
            let left = token.and_then(|token| token.lifetime());
            assert!(left.is_none_or(|left| when + left == at(3_600)));
        }
    }

    #[test]
    fn damaged_and_exposed_files_are_reported_without_their_content() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("p.json");
        let file = store(path.clone());
        for text in ["{\"refreshToken\": \"planted", "{\"refreshToken\": [\"planted\"]}"] {
            fs::write(&path, text).unwrap();
            let message = file.read().unwrap_err().to_string();
            assert!(message.contains("is damaged at line 1"), "{message}");
            assert!(!message.contains("planted"), "{message}");
        }
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        assert!(file.readers().unwrap_err().contains("(mode 640); run: chmod 600"));
    }
}
