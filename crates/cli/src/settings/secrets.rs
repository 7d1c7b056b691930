//! What a profile needs to sign in: refresh token and client secret, in a file that only this user can read or in the
//! system's keyring; in the file also the last access token. Decides where it is, that it is replaced whole, who may
//! renew it, and when to warn that others can read it.

use std::collections::BTreeSet;
use std::fmt;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use partner_center_devices::AccessToken;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::json;

use crate::atomic_file::{Readers, replace};
use crate::errors::{CommandError, Exit};
use crate::settings::config::{KeptIn, Profile};
use crate::settings::folders::state_dir;
use crate::ui::output::Ui;

/// What is kept for a profile. `Debug` shows nothing of it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Secrets {
    pub(crate) refresh_token: Option<SecretString>,
    /// That of an app-only profile, or of a web app registration.
    pub(crate) client_secret: Option<SecretString>,
    /// For the commands that follow soon.
    pub(crate) access_token: Option<KeptToken>,
}

/// An access token that is kept.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct KeptToken {
    token: SecretString,
    /// In seconds since 1970.
    expires: u64,
    /// Whom it was given out to, and for which service.
    whose: String,
}

impl KeptToken {
    /// A token is kept that is good for so long; `None` of one that does not say.
    pub(crate) fn of(token: &AccessToken, whose: String, now: SystemTime) -> Option<Self> {
        let expires = now.checked_add(token.lifetime()?)?;
        let expires = expires.duration_since(SystemTime::UNIX_EPOCH).ok()?.as_secs();
        Some(Self { token: token.secret().clone(), expires, whose })
    }

    /// As a token, if it is for them and still good for a while.
    pub(crate) fn usable(&self, whose: &str, now: SystemTime) -> Option<AccessToken> {
        let expires = SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(self.expires))?;
        let rest = expires.duration_since(now).ok()?;
        let is_usable = self.whose == whose && rest >= A_WHILE;
        is_usable.then(|| AccessToken::new(self.token.clone()).expires_in(rest))
    }
}

/// A token that ends sooner is not used by another command.
const A_WHILE: Duration = Duration::from_secs(5 * 60);

/// Where the secrets of a profile are: in a file of their own, or in the system's keyring.
#[derive(Clone, Debug)]
pub(crate) struct SecretStore {
    place: Place,
    /// What is locked while they are renewed.
    lock: PathBuf,
    ui: Ui,
}

/// Until this is dropped, or the process ends, no other has it.
pub(crate) struct Lock(#[expect(dead_code, reason = "it is held")] File);

#[derive(Clone, Debug)]
enum Place {
    File(PathBuf),
    #[cfg(feature = "keyring")]
    Keyring(String),
}

impl SecretStore {
    /// That of a profile.
    pub(crate) fn of(ui: Ui, name: &str, profile: &Profile) -> Result<Self, CommandError> {
        let folder = state_dir()?.join("sign-ins");
        let place = match profile.secrets.unwrap_or_default() {
            KeptIn::File => Place::File(folder.join(format!("{name}.json"))),
            #[cfg(feature = "keyring")]
            KeptIn::Keyring => Place::Keyring(name.to_owned()),
            #[cfg(not(feature = "keyring"))]
            KeptIn::Keyring => {
                let message =
                    format!("the secrets of profile '{name}' are in the system's keyring");
                return Err(CommandError::new(Exit::AccessDenied, message).hint(
                    "this program was built without it: cargo install … --features keyring",
                ));
            }
        };
        Ok(Self { place, lock: folder.join(format!("{name}.lock")), ui })
    }

    /// Waits until no other process renews what is here. The file that says so stays: whoever removed it could remove
    /// another's lock.
    pub(crate) fn lock(&self) -> Result<Lock, CommandError> {
        let lock = || {
            if let Some(folder) = self.lock.parent() {
                fs::create_dir_all(folder)?;
            }
            let mut options = File::options();
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            let file = options.create(true).truncate(false).write(true).open(&self.lock)?;
            match file.lock() {
                // A file system without locks: as good as it gets.
                Err(error) if error.kind() == io::ErrorKind::Unsupported => Ok(file),
                locked => locked.map(|()| file),
            }
        };
        lock().map(Lock).map_err(|error: io::Error| {
            let message = format!("cannot lock {}: {error}", self.lock.display());
            CommandError::new(Exit::Unavailable, message)
        })
    }

    /// That a sign-in can be kept here, before anybody is asked for one.
    pub(crate) fn probe(&self) -> Result<(), CommandError> {
        match &self.place {
            Place::File(path) => {
                let folder = path.parent().unwrap_or(Path::new("."));
                let tried = fs::create_dir_all(folder).and_then(|()| tempfile::tempfile_in(folder));
                tried.map(drop).map_err(|error| self.cannot("write", &Problem::shown(&error)))
            }
            #[cfg(feature = "keyring")]
            Place::Keyring(_) => self.read().map(drop),
        }
    }

    /// Where that is, for people.
    pub(crate) fn shown(&self) -> String {
        match &self.place {
            Place::File(path) => path.display().to_string(),
            #[cfg(feature = "keyring")]
            Place::Keyring(name) => format!("the system's keyring, as pcdevices and {name}"),
        }
    }

    /// Whether something is there.
    pub(crate) fn exists(&self) -> bool {
        match &self.place {
            Place::File(path) => path.exists(),
            #[cfg(feature = "keyring")]
            Place::Keyring(_) => self.read().is_ok_and(|secrets| secrets.is_some()),
        }
    }

    /// That others can read it, if they can. It is not said again.
    pub(crate) fn loose(&self) -> Option<String> {
        match &self.place {
            Place::File(path) => {
                is_news(path);
                loose(path)
            }
            #[cfg(feature = "keyring")]
            Place::Keyring(_) => None,
        }
    }

    /// What is in it; `None` if it is not there.
    pub(crate) fn read(&self) -> Result<Option<Secrets>, CommandError> {
        let text = match self.text() {
            Err(Problem::NotThere) => return Ok(None),
            read => SecretString::from(read.map_err(|problem| self.cannot("read", &problem))?),
        };
        match &self.place {
            Place::File(path) => warn_if_loose(self.ui, path),
            #[cfg(feature = "keyring")]
            Place::Keyring(_) => {}
        }
        // serde's own words could quote the text.
        serde_json::from_str(text.expose_secret()).map(Some).map_err(|error| {
            let place = format!("line {} column {}", error.line(), error.column());
            let message = format!("{} is damaged at {place}", self.shown());
            CommandError::new(Exit::InvalidFile, message).hint("pcdevices auth login makes it anew")
        })
    }

    pub(crate) fn write(&self, secrets: &Secrets) -> Result<(), CommandError> {
        self.replace(secrets).map_err(|problem| self.cannot("write", &problem))
    }

    /// Whether there was one.
    pub(crate) fn remove(&self) -> Result<bool, CommandError> {
        let removed = match &self.place {
            Place::File(path) => fs::remove_file(path).map_err(Problem::from),
            #[cfg(feature = "keyring")]
            Place::Keyring(name) => entry(name).and_then(|entry| Ok(entry.delete_credential()?)),
        };
        match removed {
            Ok(()) => Ok(true),
            Err(Problem::NotThere) => Ok(false),
            Err(problem) => Err(self.cannot("remove", &problem)),
        }
    }

    fn text(&self) -> Result<String, Problem> {
        match &self.place {
            Place::File(path) => Ok(fs::read_to_string(path)?),
            #[cfg(feature = "keyring")]
            Place::Keyring(name) => Ok(entry(name)?.get_password()?),
        }
    }

    fn replace(&self, secrets: &Secrets) -> Result<(), Problem> {
        let text = |secret: &Option<SecretString>| {
            secret.as_ref().map(|secret| secret.expose_secret().to_owned())
        };
        // A keyring may hold no more than a line of text.
        let access = secrets.access_token.as_ref().filter(|_| matches!(self.place, Place::File(_)));
        let access = access.map(|KeptToken { token, expires, whose }| {
            json!({ "token": token.expose_secret(), "expires": expires, "whose": whose })
        });
        let text = json!({
            "refreshToken": text(&secrets.refresh_token),
            "clientSecret": text(&secrets.client_secret),
            "accessToken": access,
        });
        let text = SecretString::from(text.to_string());
        match &self.place {
            Place::File(path) => {
                Ok(replace(path, text.expose_secret().as_bytes(), Readers::Owner)?)
            }
            #[cfg(feature = "keyring")]
            Place::Keyring(name) => Ok(entry(name)?.set_password(text.expose_secret())?),
        }
    }

    fn cannot(&self, what: &str, problem: &Problem) -> CommandError {
        CommandError::new(Exit::Unavailable, format!("cannot {what} {}: {problem}", self.shown()))
    }
}

#[cfg(feature = "keyring")]
fn entry(name: &str) -> Result<keyring::Entry, Problem> {
    Ok(keyring::Entry::new("pcdevices", name)?)
}

/// Why a place could not be used.
enum Problem {
    NotThere,
    Other(String),
}

impl Problem {
    /// Without the name of the file beside it, which says nothing to anybody.
    fn shown(error: &io::Error) -> Self {
        let error = error.to_string();
        Self::Other(error.split(" at path ").next().unwrap_or_default().to_owned())
    }
}

impl From<io::Error> for Problem {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::NotThere,
            _ => Self::shown(&error),
        }
    }
}

#[cfg(feature = "keyring")]
impl From<keyring::Error> for Problem {
    fn from(error: keyring::Error) -> Self {
        match error {
            keyring::Error::NoEntry => Self::NotThere,
            // Its words may hold the bytes that are no text.
            keyring::Error::BadEncoding(_) => Self::Other("it is no text".to_owned()),
            keyring::Error::NoDefaultStore => Self::Other(match keyring::Entry::store_status() {
                Err(error) => format!("there is no keyring: {error}"),
                Ok(()) => "there is no keyring".to_owned(),
            }),
            error => Self::Other(error.to_string()),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotThere => "it is not there",
            Self::Other(problem) => problem,
        })
    }
}

/// Warns of a file that holds a secret if others can read it: of each once.
pub(crate) fn warn_if_loose(ui: Ui, path: &Path) {
    if let Some(problem) = loose(path)
        && is_news(path)
    {
        ui.warning(&problem);
    }
}

/// Whether nothing has been said of this file yet. From now on it has.
fn is_news(path: &Path) -> bool {
    static SAID: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());
    SAID.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned())
}

/// Says so if others than its owner can read a file that holds a secret.
#[cfg(unix)]
fn loose(path: &Path) -> Option<String> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = fs::metadata(path).ok().filter(fs::Metadata::is_file)?.permissions().mode() & 0o777;
    (mode & 0o077 != 0).then(|| {
        let path = path.display();
        format!("others can read {path}, which holds a secret (mode {mode:03o}): chmod 600 {path}")
    })
}

/// Where rights are not in a mode, they are those of the user's own folder.
#[cfg(not(unix))]
fn loose(_: &Path) -> Option<String> {
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
    fn only_its_owner_can_read_it() {
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
            access_token: KeptToken::of(&access, "me".to_owned(), now),
        };
        assert!(!format!("{secrets:?}").contains("planted"));
        file.write(&secrets).unwrap();
        let _lock = file.lock().unwrap();
        for path in [&path, &file.lock] {
            assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        assert_eq!(file.loose(), None);
        let read = file.read().unwrap().unwrap();
        let text = |secret: Option<SecretString>| secret.unwrap().expose_secret().to_owned();
        assert_eq!(text(read.refresh_token), "planted-one");
        assert_eq!(text(read.client_secret), "planted-two");
        let token = read.access_token.unwrap().usable("me", now).unwrap();
        assert_eq!(token.secret().expose_secret(), "planted-three");
        assert!(file.remove().unwrap() && !file.exists());
    }

    #[test]
    fn a_token_is_used_again_by_whom_it_was_given_to_and_while_it_is_good() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
        let at = |seconds| now + Duration::from_secs(seconds);
        let access = AccessToken::new("t");
        assert!(KeptToken::of(&access, "me".to_owned(), now).is_none(), "it does not say");
        let access = access.expires_in(Duration::from_secs(3_600));
        let kept = KeptToken::of(&access, "me".to_owned(), now).unwrap();
        for (whose, when, is_usable) in [
            ("me", now, true),
            ("me", at(3_300), true),
            ("me", at(3_301), false),
            ("me", at(4_000), false),
            ("you", now, false),
        ] {
            let token = kept.usable(whose, when);
            assert_eq!(token.is_some(), is_usable, "{whose} {when:?}");
            let left = token.and_then(|token| token.lifetime());
            assert!(left.is_none_or(|left| when + left == at(3_600)));
        }
    }

    #[test]
    fn what_is_damaged_or_loose_is_said_without_its_text() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("p.json");
        let file = store(path.clone());
        for text in ["{\"refreshToken\": \"planted", "{\"refreshToken\": [\"planted\"]}"] {
            fs::write(&path, text).unwrap();
            let said = file.read().unwrap_err().to_string();
            assert!(said.contains("is damaged at line 1") && !said.contains("planted"), "{said}");
        }
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        assert!(file.loose().unwrap().contains("(mode 640): chmod 600"));
    }
}
