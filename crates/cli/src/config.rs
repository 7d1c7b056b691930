//! What is set for this user: `config.toml` with profiles, `customers.toml` with names for customers. Decides where the
//! files are, what may stand in them, and that no secret does. Nothing of it is read but by this program.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy as _;
use partner_center_devices::CustomerId;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::args::{CloudName, CustomerName, Global};
use crate::error::{Exit, Failure};
use crate::whole::{Readers, WholeFile, replace};

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

/// A customer of `customers.toml`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "CustomerAlias")]
pub(crate) struct Alias {
    /// What commands take in the place of the id.
    pub(crate) alias: String,
    /// The customer's tenant id.
    pub(crate) id: String,
    /// What is to be remembered of the customer.
    pub(crate) note: Option<String>,
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
    pub(crate) fn read(global: &Global) -> Result<Self, Failure> {
        let config = Self::read_for_login(global)?;
        match &global.profile {
            Some(name) if !config.profile_exists => {
                let file = config.config_file();
                let failure = Failure::new(
                    Exit::Argument,
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
    pub(crate) fn read_for_login(global: &Global) -> Result<Self, Failure> {
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
    pub(crate) fn of_no_profile(global: &Global) -> Result<Self, Failure> {
        Ok(Self {
            folder: folder(global)?,
            profile_name: DEFAULT_PROFILE.to_owned(),
            profile_exists: false,
            profile: Profile::default(),
            profiles: Vec::new(),
        })
    }

    /// That `config.toml` can be written, before somebody does what it is to keep.
    pub(crate) fn probe(&self) -> Result<(), Failure> {
        let file = self.config_file();
        let tried = fs::create_dir_all(&self.folder)
            .and_then(|()| WholeFile::beside(&file, Readers::AsBefore).map(drop));
        tried.map_err(|error| {
            let error = error.to_string();
            let cause = error.split(" at path ").next().unwrap_or_default();
            Failure::new(Exit::Service, format!("cannot write {}: {cause}", file.display()))
        })
    }

    pub(crate) fn config_file(&self) -> PathBuf {
        self.folder.join("config.toml")
    }

    pub(crate) fn customers_file(&self) -> PathBuf {
        self.folder.join("customers.toml")
    }

    /// The names for customers, in their order.
    pub(crate) fn aliases(&self) -> Result<Vec<Alias>, Failure> {
        let entries: BTreeMap<String, AliasEntry> =
            read_toml(&self.customers_file())?.unwrap_or_default();
        let alias = |(alias, entry)| match entry {
            AliasEntry::Id(id) => Alias { alias, id, note: None },
            AliasEntry::Table { id, note } => Alias { alias, id, note },
        };
        Ok(entries.into_iter().map(alias).collect())
    }

    /// The customer that is meant.
    pub(crate) fn customer(&self, name: &CustomerName) -> Result<CustomerId, Failure> {
        find(name, &self.aliases()?).map_err(|failure| {
            failure.hint(format!(
                "a customer is an alias in {}, or a tenant id",
                self.customers_file().display()
            ))
        })
    }
}

/// The folder of what is set.
fn folder(global: &Global) -> Result<PathBuf, Failure> {
    match &global.config_dir {
        Some(folder) => Ok(folder.clone()),
        None => Ok(folders("configuration")?.config_dir().join("pcdevices")),
    }
}

/// A name of a profile is a file's name too.
fn check_profile_name(name: &str) -> Result<(), Failure> {
    let plain = |letter: char| letter.is_alphanumeric() || "-_. ".contains(letter);
    if name.is_empty() || name.starts_with('.') || !name.chars().all(plain) {
        let message = format!("'{name}' is no name for a profile");
        return Err(Failure::new(Exit::Argument, message)
            .hint("it has letters, digits, blanks and - _ . only, and begins with no full stop"));
    }
    Ok(())
}

/// The alias of this name: as it is written, else whatever its case. Two of them are no answer.
pub(crate) fn alias<'a>(name: &str, aliases: &'a [Alias]) -> Result<Option<&'a Alias>, Failure> {
    if let Some(exact) = aliases.iter().find(|alias| alias.alias == name) {
        return Ok(Some(exact));
    }
    let wanted = name.to_lowercase();
    let mut alike = aliases.iter().filter(|alias| alias.alias.to_lowercase() == wanted);
    match (alike.next(), alike.next()) {
        (Some(one), Some(other)) => {
            let message = format!("'{name}' may be '{}' or '{}'", one.alias, other.alias);
            Err(Failure::new(Exit::Argument, message).hint("write it as one of them is written"))
        }
        (found, _) => Ok(found),
    }
}

/// The customer of this name or id among the aliases.
pub(crate) fn find(name: &CustomerName, aliases: &[Alias]) -> Result<CustomerId, Failure> {
    let id = alias(&name.0, aliases)?.map_or(name.0.as_str(), |alias| alias.id.as_str());
    if Uuid::try_parse(id).is_ok_and(|id| !id.is_nil())
        && let Ok(id) = CustomerId::new(id)
    {
        return Ok(id);
    }
    if id != name.0 {
        let message = format!("the id of the customer '{}' is no tenant id: '{id}'", name.0);
        return Err(Failure::new(Exit::Argument, message));
    }
    let failure = Failure::new(Exit::Argument, format!("there is no customer '{}'", name.0));
    let close = closest(&name.0, aliases.iter().map(|alias| alias.alias.as_str()));
    Err(match close {
        Some(close) => failure.hint(format!("a customer '{close}' is there")),
        None => failure,
    })
}

/// What a customer is called on this machine, or its id.
pub(crate) fn name<'a>(aliases: &'a [Alias], id: &'a str) -> &'a str {
    let same = |alias: &&Alias| alias.id.eq_ignore_ascii_case(id);
    aliases.iter().find(same).map_or(id, |alias| &alias.alias)
}

/// What was meant, if something alike is there.
pub(crate) fn closest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let alike = |one: &&str| strsim::jaro_winkler(&one.to_lowercase(), &name.to_lowercase());
    let best = known.map(|one| (alike(&one), one)).max_by(|one, other| one.0.total_cmp(&other.0));
    best.filter(|(likeness, _)| *likeness >= 0.8).map(|(_, one)| one)
}

/// A file of TOML; `None` if it is not there. What is wrong is said with its line and never with the line's text: it may
/// be a secret that does not belong there.
fn read_toml<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, Failure> {
    let unusable = |what: String| {
        Failure::new(Exit::BadFile, format!("cannot use {}: {what}", path.display()))
    };
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unusable(error.to_string())),
    };
    toml_edit::de::from_str(&text).map(Some).map_err(|error| {
        let line = error.span().map(|span| text[..span.start].matches('\n').count() + 1);
        let line = line.map(|line| format!("line {line}: ")).unwrap_or_default();
        let failure = unusable(format!("{line}{}", error.message()));
        if ["secret", "token"].iter().any(|word| error.message().contains(&format!("-{word}`"))) {
            return failure.hint("secrets are kept apart from it: pcdevices auth login takes them");
        }
        failure
    })
}

/// Changes a file of TOML, and makes it if need be; what else stands in it, comments too, stays as it is.
pub(crate) fn edit_toml(
    path: &Path,
    edit: impl FnOnce(&mut toml_edit::DocumentMut),
) -> Result<(), Failure> {
    let cannot = |error: &dyn std::fmt::Display| {
        Failure::new(Exit::BadFile, format!("cannot change {}: {error}", path.display()))
    };
    let text = match fs::read_to_string(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        read => read.map_err(|error| cannot(&error))?,
    };
    let mut document: toml_edit::DocumentMut =
        text.parse().map_err(|error: toml_edit::TomlError| cannot(&error.message()))?;
    edit(&mut document);
    replace(path, document.to_string().as_bytes(), Readers::AsBefore)
        .map_err(|error| cannot(&error))
}

/// The user's folders, as the system has them.
fn folders(what: &str) -> Result<impl etcetera::BaseStrategy, Failure> {
    etcetera::choose_base_strategy().map_err(|error| {
        Failure::new(Exit::Service, format!("there is no folder for the {what}: {error}"))
    })
}

/// This program's folder for what it keeps.
pub(crate) fn state_folder() -> Result<PathBuf, Failure> {
    let folders = folders("journals and sign-ins")?;
    let folder = folders.state_dir().unwrap_or_else(|| folders.data_dir());
    Ok(folder.join("pcdevices"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "47021739-3426-40bf-9601-61b4b6d7c793";

    fn aliases() -> Vec<Alias> {
        let alias = |alias: &str, id: &str| Alias {
            alias: alias.to_owned(),
            id: id.to_owned(),
            note: None,
        };
        vec![alias("Contoso", ID), alias("fabrikam", "not an id")]
    }

    #[test]
    fn a_customer_is_an_alias_or_an_id() {
        let found = |name: &str| find(&CustomerName(name.to_owned()), &aliases());
        for name in ["Contoso", "CONTOSO", ID] {
            assert_eq!(found(name).unwrap().as_str(), ID, "{name}");
        }
        for (name, said) in [
            ("contosso", "there is no customer 'contosso'\nhint: a customer 'Contoso' is there"),
            ("x", "there is no customer 'x'"),
            ("", "there is no customer ''"),
            ("00000000-0000-0000-0000-000000000000", "there is no customer '0000"),
            ("fabrikam", "is no tenant id: 'not an id'"),
        ] {
            let failure = found(name).unwrap_err();
            let text = anstream::adapter::strip_str(&failure.to_string()).to_string();
            assert!(text.contains(said), "{name}: {text}");
            assert_eq!(failure.exit, Exit::Argument);
        }
    }

    #[test]
    fn names_that_differ_in_case_alone_are_told_apart_or_asked_about() {
        const OTHER: &str = "4d8b5f9e-0f7a-4b36-9b8e-1f1f2ad0c8a1";
        let alias = |alias: &str, id: &str| Alias {
            alias: alias.to_owned(),
            id: id.to_owned(),
            note: None,
        };
        let aliases = [alias("Contoso", ID), alias("contoso", OTHER)];
        let found = |name: &str| find(&CustomerName(name.to_owned()), &aliases);
        assert_eq!(found("Contoso").unwrap().as_str(), ID);
        assert_eq!(found("contoso").unwrap().as_str(), OTHER);
        let failure = found("CONTOSO").unwrap_err();
        assert_eq!(failure.message(), "'CONTOSO' may be 'Contoso' or 'contoso'");
        assert_eq!(failure.exit, Exit::Argument);
    }

    fn read(text: &str, profile: Option<&str>) -> Result<Config, Failure> {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("config.toml"), text).unwrap();
        Config::read(&Global {
            profile: profile.map(ToOwned::to_owned),
            config_dir: Some(folder.path().to_owned()),
            color: crate::args::When::Auto,
            quiet: false,
            verbose: 0,
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
            let said = read(text, Some(name)).unwrap_err().to_string();
            assert!(said.contains(words), "{said}");
        }
    }

    #[test]
    fn a_secret_in_the_file_is_refused_and_not_said() {
        let text = "[profiles.a]\ntenant = 't'\nclient-secret = 'planted-in-the-profile'\n";
        let said = read(text, Some("a")).unwrap_err().to_string();
        assert!(said.contains("line 3") && said.contains("auth login"), "{said}");
        assert!(!said.contains("planted"), "{said}");
    }

    #[test]
    fn what_else_stands_in_a_file_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/customers.toml");
        edit_toml(&path, |document| document["a"] = toml_edit::value("1")).unwrap();
        fs::write(&path, "# mine\na = '1' # one\n").unwrap();
        edit_toml(&path, |document| document["b"] = toml_edit::value("2")).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "# mine\na = '1' # one\nb = \"2\"\n");
    }
}
