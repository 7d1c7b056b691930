//! What a profile needs to sign in: refresh token and client secret, in a file that only this user can read. Decides where
//! it is, that it is replaced whole, and when to warn that others can read it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use partner_center_devices::TokenStore;
use partner_center_devices::raw::{BoxError, BoxFuture};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::json;

use crate::config::{replace, state_folder};
use crate::error::{Exit, Failure};
use crate::output::warn;

/// What is kept for a profile. `Debug` shows nothing of it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Secrets {
    pub(crate) refresh_token: Option<SecretString>,
    /// That of an app-only profile, or of a web app registration.
    pub(crate) client_secret: Option<SecretString>,
}

/// The file of a profile's secrets.
#[derive(Clone, Debug)]
pub(crate) struct SecretFile(PathBuf);

impl SecretFile {
    pub(crate) fn of(profile: &str) -> Result<Self, Failure> {
        Ok(Self(state_folder()?.join("sign-ins").join(format!("{profile}.json"))))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// What is in it; `None` if it is not there.
    pub(crate) fn read(&self) -> Result<Option<Secrets>, Failure> {
        let text = match fs::read_to_string(&self.0) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            read => SecretString::from(read.map_err(|error| self.cannot("read", &error))?),
        };
        if let Some(problem) = loose(&self.0) {
            warn(&problem);
        }
        // serde's own words could quote the file.
        serde_json::from_str(text.expose_secret()).map(Some).map_err(|error| {
            let place = format!("line {} column {}", error.line(), error.column());
            let message = format!("{} is damaged at {place}", self.0.display());
            Failure::new(Exit::BadFile, message).hint("pcdevices auth login makes it anew")
        })
    }

    pub(crate) fn write(&self, secrets: &Secrets) -> Result<(), Failure> {
        self.replace(secrets).map_err(|error| self.cannot("write", &error))
    }

    /// Whether there was one.
    pub(crate) fn remove(&self) -> Result<bool, Failure> {
        match fs::remove_file(&self.0) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(self.cannot("remove", &error)),
        }
    }

    fn replace(&self, secrets: &Secrets) -> io::Result<()> {
        let text = |secret: &Option<SecretString>| {
            secret.as_ref().map(|secret| secret.expose_secret().to_owned())
        };
        let file = json!({
            "refreshToken": text(&secrets.refresh_token),
            "clientSecret": text(&secrets.client_secret),
        });
        replace(&self.0, SecretString::from(file.to_string()).expose_secret().as_bytes(), true)
    }

    fn cannot(&self, what: &str, error: &io::Error) -> Failure {
        Failure::new(Exit::NotAllowed, format!("cannot {what} {}: {error}", self.0.display()))
    }
}

/// The sign-in has given the next refresh token.
impl TokenStore for SecretFile {
    fn save<'a>(&'a self, token: &'a SecretString) -> BoxFuture<'a, Result<(), BoxError>> {
        Box::pin(async move {
            let before = self.read().map_err(|failure| BoxError::from(failure.message()))?;
            let next = Secrets { refresh_token: Some(token.clone()), ..before.unwrap_or_default() };
            Ok(self.replace(&next)?)
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
        let file = SecretFile(folder.path().join("deep/p.json"));
        assert!(file.read().unwrap().is_none());
        assert!(!file.remove().unwrap());
        let secrets = Secrets {
            refresh_token: Some("planted-one".into()),
            client_secret: Some("planted-two".into()),
        };
        assert!(!format!("{secrets:?}").contains("planted"));
        file.write(&secrets).unwrap();
        file.save(&"planted-three".into()).await.unwrap();
        let mode = fs::metadata(file.path()).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(loose(file.path()), None);
        let read = file.read().unwrap().unwrap();
        let text = |secret: Option<SecretString>| secret.unwrap().expose_secret().to_owned();
        assert_eq!(text(read.refresh_token), "planted-three");
        assert_eq!(text(read.client_secret), "planted-two");
        assert!(file.remove().unwrap() && !file.path().exists());
    }

    #[test]
    fn what_is_damaged_or_loose_is_said_without_its_text() {
        let folder = tempfile::tempdir().unwrap();
        let file = SecretFile(folder.path().join("p.json"));
        for text in ["{\"refreshToken\": \"planted", "{\"refreshToken\": [\"planted\"]}"] {
            fs::write(file.path(), text).unwrap();
            let said = file.read().unwrap_err().to_string();
            assert!(said.contains("is damaged at line 1") && !said.contains("planted"), "{said}");
        }
        fs::set_permissions(file.path(), fs::Permissions::from_mode(0o640)).unwrap();
        assert!(loose(file.path()).unwrap().contains("(mode 640): chmod 600"));
    }
}
