//! What a profile needs to sign in: refresh token and client secret, in a file that only this user can read or in the
//! system's keyring. Decides where it is, that it is replaced whole, and when to warn that others can read it.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use partner_center_devices::TokenStore;
use partner_center_devices::raw::{BoxError, BoxFuture};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::json;

use crate::config::{KeptIn, Profile, state_folder};
use crate::error::{Exit, Failure};
use crate::output::warn;
use crate::whole::{Readers, replace};

/// What is kept for a profile. `Debug` shows nothing of it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Secrets {
    pub(crate) refresh_token: Option<SecretString>,
    /// That of an app-only profile, or of a web app registration.
    pub(crate) client_secret: Option<SecretString>,
}

/// Where the secrets of a profile are: in a file of their own, or in the system's keyring.
#[derive(Clone, Debug)]
pub(crate) struct SecretStore(Place);

#[derive(Clone, Debug)]
enum Place {
    File(PathBuf),
    #[cfg(feature = "keyring")]
    Keyring(String),
}

impl SecretStore {
    /// That of a profile.
    pub(crate) fn of(name: &str, profile: &Profile) -> Result<Self, Failure> {
        match profile.secrets.unwrap_or_default() {
            KeptIn::File => {
                let folder = state_folder()?.join("sign-ins");
                Ok(Self(Place::File(folder.join(format!("{name}.json")))))
            }
            #[cfg(feature = "keyring")]
            KeptIn::Keyring => Ok(Self(Place::Keyring(name.to_owned()))),
            #[cfg(not(feature = "keyring"))]
            KeptIn::Keyring => {
                let message =
                    format!("the secrets of profile '{name}' are in the system's keyring");
                Err(Failure::new(Exit::NotAllowed, message)
                    .hint("this program was built without it: cargo install … --features keyring"))
            }
        }
    }

    /// Where that is, for people.
    pub(crate) fn shown(&self) -> String {
        match &self.0 {
            Place::File(path) => path.display().to_string(),
            #[cfg(feature = "keyring")]
            Place::Keyring(name) => format!("the system's keyring, as pcdevices and {name}"),
        }
    }

    /// Whether something is there.
    pub(crate) fn exists(&self) -> bool {
        match &self.0 {
            Place::File(path) => path.exists(),
            #[cfg(feature = "keyring")]
            Place::Keyring(_) => self.read().is_ok_and(|secrets| secrets.is_some()),
        }
    }

    /// That others can read it, if they can.
    pub(crate) fn loose(&self) -> Option<String> {
        match &self.0 {
            Place::File(path) => loose(path),
            #[cfg(feature = "keyring")]
            Place::Keyring(_) => None,
        }
    }

    /// What is in it; `None` if it is not there.
    pub(crate) fn read(&self) -> Result<Option<Secrets>, Failure> {
        let text = match self.text() {
            Err(Problem::NotThere) => return Ok(None),
            read => SecretString::from(read.map_err(|problem| self.cannot("read", &problem))?),
        };
        if let Some(problem) = self.loose() {
            warn(&problem);
        }
        // serde's own words could quote the text.
        serde_json::from_str(text.expose_secret()).map(Some).map_err(|error| {
            let place = format!("line {} column {}", error.line(), error.column());
            let message = format!("{} is damaged at {place}", self.shown());
            Failure::new(Exit::BadFile, message).hint("pcdevices auth login makes it anew")
        })
    }

    pub(crate) fn write(&self, secrets: &Secrets) -> Result<(), Failure> {
        self.replace(secrets).map_err(|problem| self.cannot("write", &problem))
    }

    /// Whether there was one.
    pub(crate) fn remove(&self) -> Result<bool, Failure> {
        let removed = match &self.0 {
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
        match &self.0 {
            Place::File(path) => Ok(fs::read_to_string(path)?),
            #[cfg(feature = "keyring")]
            Place::Keyring(name) => Ok(entry(name)?.get_password()?),
        }
    }

    fn replace(&self, secrets: &Secrets) -> Result<(), Problem> {
        let text = |secret: &Option<SecretString>| {
            secret.as_ref().map(|secret| secret.expose_secret().to_owned())
        };
        let text = json!({
            "refreshToken": text(&secrets.refresh_token),
            "clientSecret": text(&secrets.client_secret),
        });
        let text = SecretString::from(text.to_string());
        match &self.0 {
            Place::File(path) => {
                Ok(replace(path, text.expose_secret().as_bytes(), Readers::Owner)?)
            }
            #[cfg(feature = "keyring")]
            Place::Keyring(name) => Ok(entry(name)?.set_password(text.expose_secret())?),
        }
    }

    fn cannot(&self, what: &str, problem: &Problem) -> Failure {
        Failure::new(Exit::NotAllowed, format!("cannot {what} {}: {problem}", self.shown()))
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

impl From<io::Error> for Problem {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::NotThere,
            _ => Self::Other(error.to_string()),
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

/// The sign-in has given the next refresh token.
impl TokenStore for SecretStore {
    fn save<'a>(&'a self, token: &'a SecretString) -> BoxFuture<'a, Result<(), BoxError>> {
        Box::pin(async move {
            let before = self.read().map_err(|failure| BoxError::from(failure.message()))?;
            let next = Secrets { refresh_token: Some(token.clone()), ..before.unwrap_or_default() };
            self.write(&next).map_err(|failure| BoxError::from(failure.message()))
        })
    }
}

/// Says so if others than its owner can read a file that holds a secret.
#[cfg(unix)]
pub(crate) fn loose(path: &Path) -> Option<String> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = fs::metadata(path).ok().filter(fs::Metadata::is_file)?.permissions().mode() & 0o777;
    (mode & 0o077 != 0).then(|| {
        let path = path.display();
        format!("others can read {path}, which holds a secret (mode {mode:03o}): chmod 600 {path}")
    })
}

/// Where rights are not in a mode, they are those of the user's own folder.
#[cfg(not(unix))]
pub(crate) fn loose(_: &Path) -> Option<String> {
    None
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[tokio::test]
    async fn only_its_owner_can_read_it_and_a_rotated_token_keeps_the_rest() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/p.json");
        let file = SecretStore(Place::File(path.clone()));
        assert!(file.read().unwrap().is_none());
        assert!(!file.remove().unwrap());
        let secrets = Secrets {
            refresh_token: Some("planted-one".into()),
            client_secret: Some("planted-two".into()),
        };
        assert!(!format!("{secrets:?}").contains("planted"));
        file.write(&secrets).unwrap();
        file.save(&"planted-three".into()).await.unwrap();
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(file.loose(), None);
        let read = file.read().unwrap().unwrap();
        let text = |secret: Option<SecretString>| secret.unwrap().expose_secret().to_owned();
        assert_eq!(text(read.refresh_token), "planted-three");
        assert_eq!(text(read.client_secret), "planted-two");
        assert!(file.remove().unwrap() && !file.exists());
    }

    #[test]
    fn what_is_damaged_or_loose_is_said_without_its_text() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("p.json");
        let file = SecretStore(Place::File(path.clone()));
        for text in ["{\"refreshToken\": \"planted", "{\"refreshToken\": [\"planted\"]}"] {
            fs::write(&path, text).unwrap();
            let said = file.read().unwrap_err().to_string();
            assert!(said.contains("is damaged at line 1") && !said.contains("planted"), "{said}");
        }
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        assert!(file.loose().unwrap().contains("(mode 640): chmod 600"));
    }
}
