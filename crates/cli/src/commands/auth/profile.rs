//! The profile in `config.toml` that a sign-in creates or changes.

use std::path::PathBuf;

use partner_center_devices::is_loopback_url;
use toml_edit::{DocumentMut, Item, Table, value};

use super::args::Login;
use crate::args::{CloudName, Global};
use crate::errors::{CommandError, Exit};
use crate::settings::config::{Config, Profile, SecretPlace, SignIn};
use crate::settings::toml_file::edit_toml;

/// Saves the service, the tenant and the client id in a profile that has no way to sign in yet, so that the user need not type them
/// again. Everything else is saved when the sign-in has worked. Returns the settings.
pub(crate) fn save_answers(
    args: &Login,
    global: &Global,
    config: Config,
) -> Result<Config, CommandError> {
    let Profile { sign_in, token_file, .. } = &config.profile;
    if sign_in.is_some() || token_file.is_some() {
        return Ok(config);
    }
    let profile = with_typed_settings(args, &config);
    if profile != config.profile {
        let name = &config.profile_name;
        edit_toml(&config.config_file(), |document| set_profile(document, name, &profile))?;
    }
    Config::read_for_login(global)
}

/// Returns the profile with the typed settings applied, its tenant and its client id.
pub(super) fn updated_profile(
    args: &Login,
    config: &Config,
    sign_in: SignIn,
) -> Result<(Profile, String, String), CommandError> {
    let missing = |what: &str, flag: &str| {
        CommandError::new(Exit::Usage, format!("{what} is missing"))
            .hint(format!("set it with {flag}; the README explains where to find it"))
    };
    let mut profile = with_typed_settings(args, config);
    profile.token_file = None;
    profile.sign_in = Some(sign_in);
    let absolute = |file: &PathBuf| std::path::absolute(file).unwrap_or_else(|_| file.clone());
    let certificate = args.certificate_file.as_ref().map(absolute).or(profile.certificate_file);
    profile.certificate_file = certificate.filter(|_| sign_in == SignIn::Certificate);
    let token = args.federated_token_file.as_ref().map(absolute).or(profile.federated_token_file);
    profile.federated_token_file = token.filter(|_| sign_in == SignIn::FederatedTokenFile);
    let tenant = profile.tenant.clone();
    let tenant = tenant.ok_or_else(|| missing("the partner's tenant", "--tenant"))?;
    let client_id = profile.client_id.clone();
    let client_id =
        client_id.ok_or_else(|| missing("the client id of the app registration", "--client-id"))?;
    Ok((profile, tenant, client_id))
}

/// Returns the profile with the typed settings of every kind of sign-in.
fn with_typed_settings(args: &Login, config: &Config) -> Profile {
    let mut profile = config.profile.clone();
    profile.secrets = args.kept_in().or(profile.secrets);
    profile.tenant = args.tenant.clone().or(profile.tenant);
    profile.client_id = args.client_id.clone().or(profile.client_id);
    // Must work from any directory later.
    let absolute = |file: &PathBuf| std::path::absolute(file).unwrap_or_else(|_| file.clone());
    profile.ca_file = match args.ca_file.as_ref().filter(|file| !file.as_os_str().is_empty()) {
        Some(file) => Some(absolute(file)),
        None => profile.ca_file,
    };
    if args.cloud.is_some() {
        (profile.cloud, profile.base_url, profile.authority) = (args.cloud, None, None);
    }
    let same = |own: &String, url: &str| own.trim_end_matches('/') == url.trim_end_matches('/');
    if let Some(url) = &args.base_url
        && !profile.base_url.as_ref().is_some_and(|own| same(own, url))
    {
        profile.base_url = Some(url.clone());
        // An emulator hosts the API and the sign-in at the same address; the real service does not.
        profile.authority = is_loopback_url(url).then(|| url.clone());
    }
    profile.authority = args.authority.clone().or(profile.authority);
    profile
}

/// Writes the profile and keeps everything else in the file.
pub(super) fn set_profile(document: &mut DocumentMut, name: &str, profile: &Profile) {
    let profiles = document.entry("profiles").or_insert_with(|| {
        let mut profiles = Table::new();
        profiles.set_implicit(true);
        Item::Table(profiles)
    });
    if profiles.get(name).is_none() {
        profiles[name] = Item::Table(Table::new());
    }
    let cloud = profile.cloud.map(|cloud| match cloud {
        CloudName::Public => "public",
        CloudName::UsGovernment => "us-government",
        CloudName::China => "china",
    });
    let sign_in = profile.sign_in.map(|sign_in| match sign_in {
        SignIn::Browser => "browser",
        SignIn::DeviceCode => "device-code",
        SignIn::RefreshToken => "refresh-token",
        SignIn::AppOnly => "app-only",
        SignIn::Certificate => "certificate",
        SignIn::FederatedTokenFile => "federated-token-file",
        SignIn::GithubOidc => "github-oidc",
    });
    let secrets = profile.secrets.map(|secrets| match secrets {
        SecretPlace::File => "file",
        SecretPlace::Keyring => "keyring",
    });
    let shown = |file: &Option<PathBuf>| file.as_ref().map(|file| file.display().to_string());
    let ca_file = shown(&profile.ca_file);
    let certificate_file = shown(&profile.certificate_file);
    let federated_token_file = shown(&profile.federated_token_file);
    for (key, text) in [
        ("cloud", cloud),
        ("base-url", profile.base_url.as_deref()),
        ("authority", profile.authority.as_deref()),
        ("ca-file", ca_file.as_deref()),
        ("tenant", profile.tenant.as_deref()),
        ("client-id", profile.client_id.as_deref()),
        ("sign-in", sign_in),
        ("certificate-file", certificate_file.as_deref()),
        ("federated-token-file", federated_token_file.as_deref()),
        ("secrets", secrets),
        ("token-file", None),
    ] {
        match (text, profiles[name].as_table_like_mut()) {
            (Some(text), Some(table)) => {
                table.insert(key, value(text));
            }
            (None, Some(table)) => {
                table.remove(key);
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writing_a_profile_keeps_the_rest_of_the_file() {
        let mut document: DocumentMut =
            "# mine\nprofile = 'a'\n\n[profiles.a]\nrate = 2 # slow\ntoken-file = 'x'\n"
                .parse()
                .unwrap();
        let profile = Profile {
            tenant: Some("t".to_owned()),
            sign_in: Some(SignIn::DeviceCode),
            ..Profile::default()
        };
        set_profile(&mut document, "a", &profile);
        set_profile(&mut document, "b c", &profile);
        let text = document.to_string();
        insta::assert_snapshot!(text);
        let again: toml_edit::DocumentMut = text.parse().unwrap();
        assert_eq!(again["profiles"]["b c"]["tenant"].as_str(), Some("t"));
    }
}
