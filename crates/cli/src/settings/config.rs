//! The settings of this user: `config.toml` with profiles and `customers.toml` with aliases of customers. These files
//! never contain a secret, and only this program reads them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy as _;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::args::{CloudName, Global};
use crate::atomic_file::{AtomicFile, Readers, create_private_folder};
use crate::errors::{CommandError, Exit, FollowUp};
use crate::settings::customers::Alias;
use crate::settings::folders::folders;
use crate::settings::toml_file::read_toml;
use crate::suggestions::closest;

/// The name of the profile that is used by default.
pub(crate) const DEFAULT_PROFILE: &str = "default";

/// `config.toml`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct ConfigFile {
    /// The profile that is used without `--profile`.
    profile: Option<String>,
    #[serde(default)]
    profiles: BTreeMap<String, Profile>,
}

/// A partner: the cloud and the sign-in. Secrets are stored elsewhere.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Profile {
    pub(crate) cloud: Option<CloudName>,
    /// The root of the API, instead of that of the cloud.
    pub(crate) base_url: Option<String>,
    /// The root of the sign-in, instead of that of the cloud.
    pub(crate) authority: Option<String>,
    pub(crate) ca_file: Option<PathBuf>,
    /// The proxy, instead of that of the variables; an empty text for none.
    pub(crate) proxy: Option<String>,
    /// The hosts that are reached without the proxy.
    pub(crate) no_proxy: Option<String>,
    /// The partner's tenant, by id or domain.
    pub(crate) tenant: Option<String>,
    /// The app registration.
    pub(crate) client_id: Option<String>,
    pub(crate) sign_in: Option<SignIn>,
    /// The certificate of the app and its private key, as a PEM file.
    pub(crate) certificate_file: Option<PathBuf>,
    /// The token of another issuer, which another program renews.
    pub(crate) federated_token_file: Option<PathBuf>,
    /// The place of its secrets.
    pub(crate) secrets: Option<SecretPlace>,
    pub(crate) token_file: Option<PathBuf>,
    /// The maximum number of requests per second.
    pub(crate) rate: Option<f64>,
}

/// The way a profile gets its tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum SignIn {
    /// A user signed in with a browser on this machine; a refresh token is used since then.
    Browser,
    /// A user signed in with a device code; a refresh token is used since then.
    DeviceCode,
    /// A refresh token that the user supplied: the secure application model.
    RefreshToken,
    /// The secret of the app itself, without a user.
    AppOnly,
    /// The certificate of the app itself.
    Certificate,
    /// The app itself, with a federated credential whose token is in a file.
    FederatedTokenFile,
    /// The app itself, with a federated credential for a job in GitHub Actions.
    GithubOidc,
}

impl SignIn {
    /// Returns true for the sign-in of a user.
    pub(crate) fn is_by_user(self) -> bool {
        matches!(self, Self::Browser | Self::DeviceCode | Self::RefreshToken)
    }
}

/// The place of a profile's secrets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum SecretPlace {
    /// A file that only this user can read.
    #[default]
    File,
    /// The system's keyring.
    Keyring,
}

/// An entry of `customers.toml`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged, expecting = "a customer must be a tenant id, or a table with `id` and `note`")]
enum AliasEntry {
    Id(String),
    Table { id: String, note: Option<String> },
}

/// The settings, with the profile in use.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    folder: PathBuf,
    is_own: bool,
    /// The flags of the user.
    follow_up: FollowUp,
    /// The name of the profile in use. The file may not have it.
    pub(crate) profile_name: String,
    /// True if the file has a profile with that name.
    pub(crate) profile_exists: bool,
    pub(crate) profile: Profile,
    /// The names of all profiles in the file.
    pub(crate) profiles: Vec<String>,
}

impl Config {
    /// Reads `config.toml`. The file may be missing, but a profile that `--profile` names must exist.
    pub(crate) fn read(global: &Global) -> Result<Self, CommandError> {
        let config = Self::read_for_login(global)?;
        match &global.profile {
            Some(name) if !config.profile_exists => {
                let file = config.config_file();
                let error = CommandError::new(
                    Exit::Usage,
                    format!("there is no profile '{name}' in {}", file.display()),
                );
                let known = config.profiles.iter().map(String::as_str);
                Err(match closest(name, known.clone()) {
                    Some(close) => error.hint(format!("did you mean '{close}'?")),
                    None if config.profiles.is_empty() => {
                        error.hint("create one: pcdevices auth login")
                    }
                    None => {
                        let all = known.collect::<Vec<_>>().join(", ");
                        error.hint(format!("use one of these profiles: {all}"))
                    }
                })
            }
            _ => Ok(config),
        }
    }

    /// Like [`read`](Self::read), but the profile may be new.
    pub(crate) fn read_for_login(global: &Global) -> Result<Self, CommandError> {
        let (folder, is_own) = folder(global)?;
        let file: ConfigFile = read_toml(&folder.join("config.toml"))?.unwrap_or_default();
        let profile_name =
            global.profile.clone().or(file.profile).unwrap_or_else(|| DEFAULT_PROFILE.to_owned());
        check_profile_name(&profile_name)?;
        check_case(&profile_name, file.profiles.keys())?;
        let found = file.profiles.get(&profile_name).cloned();
        Ok(Self {
            folder,
            is_own,
            follow_up: global.follow_up.clone(),
            profile_name,
            profile_exists: found.is_some(),
            profile: found.unwrap_or_default(),
            profiles: file.profiles.into_keys().collect(),
        })
    }

    /// Ignores `config.toml`.
    pub(crate) fn of_no_profile(global: &Global) -> Result<Self, CommandError> {
        let (folder, is_own) = folder(global)?;
        Ok(Self {
            folder,
            is_own,
            follow_up: global.follow_up.clone(),
            profile_name: DEFAULT_PROFILE.to_owned(),
            profile_exists: false,
            profile: Profile::default(),
            profiles: Vec::new(),
        })
    }

    /// Checks that `config.toml` can be written, before the user is asked to sign in.
    pub(crate) fn probe(&self) -> Result<(), CommandError> {
        let file = self.config_file();
        let tried = create_private_folder(&self.folder)
            .and_then(|()| AtomicFile::create(&file, Readers::Unchanged).map(drop));
        tried.map_err(|error| {
            CommandError::new(Exit::Unavailable, format!("cannot write {}", file.display()))
                .with_source(error)
        })
    }

    pub(crate) fn config_file(&self) -> PathBuf {
        self.folder.join("config.toml")
    }

    /// Returns true if `config.toml` is in the user's own configuration directory. Any other one may come from somebody else.
    pub(crate) fn is_own(&self) -> bool {
        self.is_own
    }

    /// Returns a name for the configuration directory, if it is not the user's own one.
    pub(crate) fn other_directory(&self) -> Option<String> {
        let path = resolved(&self.folder);
        let hash = Sha256::digest(path.as_os_str().as_encoded_bytes());
        (!self.is_own).then(|| hash[..8].iter().map(|byte| format!("{byte:02x}")).collect())
    }

    pub(crate) fn customers_file(&self) -> PathBuf {
        self.folder.join("customers.toml")
    }

    /// Returns the aliases, sorted.
    pub(crate) fn aliases(&self) -> Result<Vec<Alias>, CommandError> {
        let entries: BTreeMap<String, AliasEntry> =
            read_toml(&self.customers_file())?.unwrap_or_default();
        let alias = |(alias, entry)| match entry {
            AliasEntry::Id(id) => Alias { alias, id, note: None },
            AliasEntry::Table { id, note } => Alias { alias, id, note },
        };
        Ok(entries.into_iter().map(alias).collect())
    }

    /// Completes the commands in a hint, so that they can be followed word for word: with the profile in use and the flags of
    /// the user.
    pub(crate) fn complete(&self, hint: &str) -> String {
        let profile = self.profile_exists.then_some(&*self.profile_name);
        self.follow_up.complete_for(hint, profile)
    }
}

/// Returns the directory of the settings, and whether it is the user's own one.
fn folder(global: &Global) -> Result<(PathBuf, bool), CommandError> {
    let own = own_folder();
    match &global.config_dir {
        Some(folder) => Ok((folder.clone(), own.is_ok_and(|own| has_same_file(folder, &own)))),
        None => Ok((own?, true)),
    }
}

/// Returns the user's own configuration directory.
fn own_folder() -> Result<PathBuf, CommandError> {
    folders("configuration").map(|folders| folders.config_dir().join("pcdevices"))
}

/// Returns a path without links. The directory may not exist yet.
fn resolved(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let resolve = |existing: &Path| {
        let rest = path.strip_prefix(existing).ok()?;
        let resolved = existing.canonicalize().ok()?;
        // Joining an empty path would add a separator.
        Some(if rest.as_os_str().is_empty() { resolved } else { resolved.join(rest) })
    };
    path.ancestors().find_map(resolve).unwrap_or_else(|| path.clone())
}

/// Returns true if both directories have the same `config.toml`, perhaps through links.
fn has_same_file(one: &Path, other: &Path) -> bool {
    let is_same = |one: &Path, other: &Path| match (one.canonicalize(), other.canonicalize()) {
        (Ok(one), Ok(other)) => one == other,
        _ => false,
    };
    is_same(one, other) || is_same(&one.join("config.toml"), &other.join("config.toml"))
}

/// Checks that a profile name can be a file name on every system.
fn check_profile_name(name: &str) -> Result<(), CommandError> {
    let plain = |letter: char| letter.is_alphanumeric() || "-_. ".contains(letter);
    let message = format!("'{name}' is not a valid profile name");
    if name.is_empty() || name.starts_with('.') || !name.chars().all(plain) {
        return Err(CommandError::new(Exit::Usage, message)
            .hint("use letters, digits, spaces and - _ . and do not start with a dot"));
    }
    // Windows removes them from the names of files.
    if name.ends_with([' ', '.']) || name.starts_with(' ') {
        return Err(CommandError::new(Exit::Usage, message)
            .hint("do not start or end with a space, or end with a dot"));
    }
    if is_device(name) {
        return Err(CommandError::new(Exit::Usage, message)
            .hint("Windows reserves this name for a device; use another one"));
    }
    Ok(())
}

/// Returns true for a name that means a device in every folder of Windows, with any extension.
/// <https://learn.microsoft.com/windows/win32/fileio/naming-a-file>
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_ascii_lowercase();
    let is_port = |port: &str| {
        let mut number = port.chars();
        matches!((number.next(), number.next()), (Some('1'..='9' | '¹' | '²' | '³'), None))
    };
    matches!(stem.as_str(), "con" | "prn" | "aux" | "nul" | "conin$" | "conout$")
        || ["com", "lpt"].iter().any(|kind| stem.strip_prefix(kind).is_some_and(is_port))
}

/// Refuses a profile if another one has the same name but for upper and lower case: on Windows and macOS both would have the
/// same file of secrets.
fn check_case<'a>(
    used: &str,
    mut names: impl Iterator<Item = &'a String>,
) -> Result<(), CommandError> {
    let is_same = |one: &str, other: &str| {
        one.to_lowercase() == other.to_lowercase() || one.to_uppercase() == other.to_uppercase()
    };
    match names.find(|name| *name != used && is_same(name, used)) {
        None => Ok(()),
        Some(other) => {
            let message = format!(
                "the profiles '{used}' and '{other}' differ in upper and lower case only, so their files are the same on Windows and macOS"
            );
            Err(CommandError::new(Exit::Usage, message)
                .hint(format!("use '{other}', or rename one of them in config.toml")))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

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
    fn the_profile_is_the_named_one_or_the_default_of_the_file() {
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
        for (name, words) in
            [("c", "use one of these profiles: a, b"), ("../b", "is not a valid profile name")]
        {
            let message = read(text, Some(name)).unwrap_err().render();
            assert!(message.contains(words), "{message}");
        }
    }

    #[test]
    fn profile_names_are_file_names_on_every_system() {
        for (name, is_valid) in [
            ("main", true),
            ("Contoso GmbH", true),
            ("conto", true),
            ("com", true),
            ("com10", true),
            ("lpt0", true),
            ("nul", false),
            ("CON", false),
            ("Aux.old", false),
            ("com1", false),
            ("LPT9", false),
            ("nul .x", false),
            ("main ", false),
            (" main", false),
            ("main.", false),
            (".main", false),
            ("a/b", false),
            ("", false),
        ] {
            assert_eq!(check_profile_name(name).is_ok(), is_valid, "'{name}'");
        }
        let two = "[profiles.main]\n[profiles.Main]\n";
        let one = "[profiles.'Straße']\n";
        for (text, profile, words) in [
            (two, Some("main"), Some("'main' and 'Main'")),
            (two, Some("Main"), Some("'Main' and 'main'")),
            (two, None, None),
            (one, Some("STRASSE"), Some("use 'Straße', or rename")),
            (one, Some("STRAßE"), Some("use 'Straße', or rename")),
            (one, Some("Straße"), None),
            ("", Some("default"), Some("there is no profile")),
            ("profile = 'B'\n[profiles.b]\n", None, Some("use 'b', or rename")),
        ] {
            let message = read(text, profile).map_err(|error| error.render()).err();
            assert_eq!(message.is_some(), words.is_some(), "{text} {profile:?}: {message:?}");
            let message = message.unwrap_or_default();
            assert!(message.contains(words.unwrap_or_default()), "{message}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn the_same_file_is_found_through_links() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        for name in ["own", "other"] {
            fs::create_dir(path(name)).unwrap();
            fs::write(path(name).join("config.toml"), "").unwrap();
        }
        std::os::unix::fs::symlink(path("own"), path("link")).unwrap();
        fs::create_dir(path("repo")).unwrap();
        std::os::unix::fs::symlink(path("own/config.toml"), path("repo/config.toml")).unwrap();
        for (name, is_same) in [
            ("own", true),
            ("own/", true),
            ("other/../own", true),
            ("link", true),
            ("repo", true),
            ("other", false),
            ("missing", false),
            ("", false),
        ] {
            assert_eq!(has_same_file(&path(name), &path("own")), is_same, "{name}");
        }
        assert!(!has_same_file(&path("missing"), &path("missing")));
    }

    #[cfg(unix)]
    #[test]
    fn a_directory_has_one_name_through_links_and_before_it_exists() {
        let folder = tempfile::tempdir().unwrap();
        let name = |path: &Path| {
            let global = Global { config_dir: Some(path.to_owned()), ..Global::default() };
            Config::of_no_profile(&global).unwrap().other_directory().unwrap()
        };
        std::os::unix::fs::symlink(folder.path(), folder.path().join("link")).unwrap();
        let (new, linked) = (folder.path().join("new"), folder.path().join("link/new"));
        let before = [name(&new), name(&linked)];
        fs::create_dir(&new).unwrap();
        let after = [name(&new), name(&linked), name(&new.join(""))];
        assert!(before.iter().chain(&after).all(|name| *name == before[0]), "{before:?} {after:?}");
        assert_ne!(name(folder.path()), before[0]);
    }

    #[test]
    fn a_secret_in_the_file_is_rejected_and_not_printed() {
        let text = "[profiles.a]\ntenant = 't'\nclient-secret = 'planted-in-the-profile'\n";
        let message = read(text, Some("a")).unwrap_err().render();
        assert!(message.contains("line 3") && message.contains("auth login"), "{message}");
        assert!(!message.contains("planted"), "{message}");
    }
}
