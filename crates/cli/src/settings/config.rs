//! What is set for this user: `config.toml` with profiles, `customers.toml` with names for customers. Decides where the
//! files are, what may stand in them, and that no secret does. Nothing of it is read but by this program.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use etcetera::BaseStrategy as _;
use partner_center_devices::CustomerId;
use serde::{Deserialize, Serialize};

use crate::args::{CloudName, CustomerName, Global};
use crate::atomic_file::{AtomicFile, Readers};
use crate::errors::{CommandError, Exit};
use crate::settings::customers::{Alias, find};
use crate::settings::folders::folders;
use crate::settings::toml_file::read_toml;
use crate::suggestions::closest;

/// The profile that is used and made where none is named.
pub(crate) const DEFAULT_PROFILE: &str = "default";

/// `config.toml`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct ConfigFile {
    /// The profile that is used where none is named.
    profile: Option<String>,
    #[serde(default)]
    profiles: BTreeMap<String, Profile>,
}

/// A partner: which cloud, and who signs in. Secrets are kept elsewhere.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Profile {
    pub(crate) cloud: Option<CloudName>,
    /// The root of the API in the place of the cloud's.
    pub(crate) base_url: Option<String>,
    /// The root of the sign-in in the place of the cloud's.
    pub(crate) authority: Option<String>,
    pub(crate) ca_file: Option<PathBuf>,
    /// The partner's tenant, by id or domain.
    pub(crate) tenant: Option<String>,
    /// The app registration.
    pub(crate) client_id: Option<String>,
    pub(crate) sign_in: Option<SignIn>,
    /// Where its secrets are.
    pub(crate) secrets: Option<KeptIn>,
    pub(crate) token_file: Option<PathBuf>,
    /// Requests per second, at most.
    pub(crate) rate: Option<f64>,
}

/// How a profile gets its tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum SignIn {
    /// A person signed in by device code once; a refresh token since.
    DeviceCode,
    /// A refresh token that was brought along: the secure application model.
    RefreshToken,
    /// The app's own secret, and no user.
    AppOnly,
}

/// Where the secrets of a profile are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum KeptIn {
    /// In a file that only this user can read.
    #[default]
    File,
    /// In the system's keyring.
    Keyring,
}

/// A name for a customer.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged, expecting = "a customer is its tenant id, or a table of `id` and `note`")]
enum AliasEntry {
    Id(String),
    Table { id: String, note: Option<String> },
}

/// All that is set, with the profile that counts.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    folder: PathBuf,
    /// The name of the profile, whether the file has it or not.
    pub(crate) profile_name: String,
    /// Whether the file has a profile of that name.
    pub(crate) profile_exists: bool,
    pub(crate) profile: Profile,
    /// The names of all profiles in the file.
    pub(crate) profiles: Vec<String>,
}

impl Config {
    /// Reads `config.toml`. That it is not there is no failure; that a profile is named which it lacks is one.
    pub(crate) fn read(global: &Global) -> Result<Self, CommandError> {
        let config = Self::read_for_login(global)?;
        match &global.profile {
            Some(name) if !config.profile_exists => {
                let file = config.config_file();
                let failure = CommandError::new(
                    Exit::Usage,
                    format!("there is no profile '{name}' in {}", file.display()),
                );
                let known = config.profiles.iter().map(String::as_str);
                Err(match closest(name, known.clone()) {
                    Some(close) => failure.hint(format!("a profile '{close}' is there")),
                    None if config.profiles.is_empty() => {
                        failure.hint("pcdevices auth login makes one")
                    }
                    None => {
                        let all = known.collect::<Vec<_>>().join(", ");
                        failure.hint(format!("there are: {all}"))
                    }
                })
            }
            _ => Ok(config),
        }
    }

    /// As [`read`](Self::read), where the profile may be a new one.
    pub(crate) fn read_for_login(global: &Global) -> Result<Self, CommandError> {
        let folder = folder(global)?;
        let file: ConfigFile = read_toml(&folder.join("config.toml"))?.unwrap_or_default();
        let profile_name =
            global.profile.clone().or(file.profile).unwrap_or_else(|| DEFAULT_PROFILE.to_owned());
        check_profile_name(&profile_name)?;
        let found = file.profiles.get(&profile_name).cloned();
        Ok(Self {
            folder,
            profile_name,
            profile_exists: found.is_some(),
            profile: found.unwrap_or_default(),
            profiles: file.profiles.into_keys().collect(),
        })
    }

    /// Without `config.toml`, whatever stands in it.
    pub(crate) fn of_no_profile(global: &Global) -> Result<Self, CommandError> {
        Ok(Self {
            folder: folder(global)?,
            profile_name: DEFAULT_PROFILE.to_owned(),
            profile_exists: false,
            profile: Profile::default(),
            profiles: Vec::new(),
        })
    }

    /// That `config.toml` can be written, before somebody does what it is to keep.
    pub(crate) fn probe(&self) -> Result<(), CommandError> {
        let file = self.config_file();
        let tried = fs::create_dir_all(&self.folder)
            .and_then(|()| AtomicFile::beside(&file, Readers::AsBefore).map(drop));
        tried.map_err(|error| {
            let error = error.to_string();
            let cause = error.split(" at path ").next().unwrap_or_default();
            CommandError::new(
                Exit::Unavailable,
                format!("cannot write {}: {cause}", file.display()),
            )
        })
    }

    pub(crate) fn config_file(&self) -> PathBuf {
        self.folder.join("config.toml")
    }

    pub(crate) fn customers_file(&self) -> PathBuf {
        self.folder.join("customers.toml")
    }

    /// The names for customers, in their order.
    pub(crate) fn aliases(&self) -> Result<Vec<Alias>, CommandError> {
        let entries: BTreeMap<String, AliasEntry> =
            read_toml(&self.customers_file())?.unwrap_or_default();
        let alias = |(alias, entry)| match entry {
            AliasEntry::Id(id) => Alias { alias, id, note: None },
            AliasEntry::Table { id, note } => Alias { alias, id, note },
        };
        Ok(entries.into_iter().map(alias).collect())
    }

    /// The customer that is meant.
    pub(crate) fn customer(&self, name: &CustomerName) -> Result<CustomerId, CommandError> {
        find(name, &self.aliases()?).map_err(|failure| {
            failure.hint(format!(
                "a customer is an alias in {}, or a tenant id",
                self.customers_file().display()
            ))
        })
    }
}

/// The folder of what is set.
fn folder(global: &Global) -> Result<PathBuf, CommandError> {
    match &global.config_dir {
        Some(folder) => Ok(folder.clone()),
        None => Ok(folders("configuration")?.config_dir().join("pcdevices")),
    }
}

/// A name of a profile is a file's name too.
fn check_profile_name(name: &str) -> Result<(), CommandError> {
    let plain = |letter: char| letter.is_alphanumeric() || "-_. ".contains(letter);
    if name.is_empty() || name.starts_with('.') || !name.chars().all(plain) {
        let message = format!("'{name}' is no name for a profile");
        return Err(CommandError::new(Exit::Usage, message)
            .hint("it has letters, digits, blanks and - _ . only, and begins with no full stop"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, profile: Option<&str>) -> Result<Config, CommandError> {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("config.toml"), text).unwrap();
        Config::read(&Global {
            profile: profile.map(ToOwned::to_owned),
            config_dir: Some(folder.path().to_owned()),
            ..Global::default()
        })
    }

    #[test]
    fn the_profile_is_the_one_named_or_the_files_own() {
        let text =
            "profile = 'b'\n[profiles.a]\ncloud = 'us-government'\n[profiles.b]\ntenant = 't'";
        let config = read(text, None).unwrap();
        assert_eq!(
            (config.profile_name.as_str(), config.profile.tenant.as_deref()),
            ("b", Some("t"))
        );
        let config = read(text, Some("a")).unwrap();
        assert_eq!(config.profile.cloud, Some(CloudName::UsGovernment));
        assert_eq!(read("", None).unwrap().profile, Profile::default());
        for (name, words) in [("c", "there are: a, b"), ("../b", "is no name for a profile")] {
            let said = read(text, Some(name)).unwrap_err().render();
            assert!(said.contains(words), "{said}");
        }
    }

    #[test]
    fn a_secret_in_the_file_is_refused_and_not_said() {
        let text = "[profiles.a]\ntenant = 't'\nclient-secret = 'planted-in-the-profile'\n";
        let said = read(text, Some("a")).unwrap_err().render();
        assert!(said.contains("line 3") && said.contains("auth login"), "{said}");
        assert!(!said.contains("planted"), "{said}");
    }
}
