//! The rule for settings that may come from somebody else: a `config.toml` outside the user's own configuration directory must
//! not by itself decide who can read a secret. It decides that with an address that receives the secret, or with a certificate
//! authority, whose owner can read the requests to any address. The user confirms such a setting by repeating it as a flag
//! or variable.
//!
//! Stored secrets are bound to their sign-in instead ([`Issuer`](super::secrets::Issuer)).

use std::path::Path;

use partner_center_devices::{Cloud, is_loopback_url, reqwest};

use crate::args::Service;
use crate::errors::{CommandError, Exit, quoted};
use crate::settings::config::Config;

/// The settings that decide who can read a secret. Those that the user named, as a flag or variable, are `None`.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct SecretReaders<'a> {
    /// The service that receives access tokens.
    pub(crate) base_url: Option<&'a str>,
    /// The root of the sign-in.
    pub(crate) authority: Option<&'a str>,
    /// The certificate authority that is trusted in addition.
    pub(crate) ca_file: Option<&'a Path>,
    /// True if a secret leaves this machine, so that a certificate authority matters.
    pub(crate) is_remote: bool,
}

impl<'a> SecretReaders<'a> {
    /// Returns the readers of an access token of the user's own.
    pub(crate) fn of_token(service: &Service, config: &'a Config, base_url: &'a str) -> Self {
        Self {
            base_url: service.base_url.is_none().then_some(base_url),
            authority: None,
            ca_file: profile_ca_file(service.ca_file.as_deref(), config),
            is_remote: !is_loopback_url(base_url),
        }
    }

    /// Checks that the user decides who can read the secret. Otherwise, `failure` is the start of the error.
    pub(crate) fn check(&self, failure: &str, config: &Config) -> Result<(), CommandError> {
        let strange = self.strange();
        if config.is_own() || strange.is_empty() {
            return Ok(());
        }
        let (keys, flags): (Vec<_>, Vec<_>) =
            strange.iter().map(|(key, value)| (*key, format!("--{key} {}", quoted(value)))).unzip();
        let message = format!(
            "{failure}: {} is not in your own configuration directory, and its {} would decide who can read secrets",
            config.config_file().display(),
            keys.join(" and "),
        );
        let flags = flags.join(" ");
        Err(CommandError::new(Exit::AccessDenied, message)
            .hint(format!("if you trust this setting, repeat it on the command line: {flags}")))
    }

    /// Returns a note if `config.toml` names a strange service that receives the access token, and neither a
    /// flag nor a variable does.
    pub(crate) fn note(&self, config: &Config) -> Option<String> {
        let (_, url) = self.strange().into_iter().find(|(key, _)| *key == "base-url")?;
        let (url, file) = (url.trim_end_matches('/'), config.config_file());
        Some(format!("Sending the access token to {url}, which {} names", file.display()))
    }

    /// Returns the settings that let somebody other than Microsoft and this machine read a secret, with their keys.
    fn strange(&self) -> Vec<(&'static str, String)> {
        let base_url = self.base_url.filter(|url| is_strange(url, |cloud| &cloud.api));
        let authority = self.authority.filter(|url| is_strange(url, |cloud| &cloud.authority));
        let ca_file = self.ca_file.filter(|_| self.is_remote);
        let found = [
            ("base-url", base_url.map(ToOwned::to_owned)),
            ("authority", authority.map(ToOwned::to_owned)),
            ("ca-file", ca_file.map(|file| file.display().to_string())),
        ];
        found.into_iter().filter_map(|(key, value)| Some((key, value?))).collect()
    }
}

/// Returns the CA file of the profile if it is used and not that of a flag or variable.
pub(crate) fn profile_ca_file<'a>(given: Option<&Path>, config: &'a Config) -> Option<&'a Path> {
    let file = config.profile.ca_file.as_deref().filter(|file| !file.as_os_str().is_empty());
    file.filter(|_| given.is_none())
}

/// Returns true for an address that is neither one of a cloud of Microsoft nor on this machine.
fn is_strange(url: &str, of_cloud: impl Fn(&Cloud) -> &String) -> bool {
    // A URL in its usual form: without the default port, and with a host in lower case.
    let root = |url: &str| {
        let url = reqwest::Url::parse(url).map_or_else(|_| url.to_owned(), String::from);
        let root = url.trim_end_matches('/');
        root.strip_suffix("/v1").unwrap_or(root).to_owned()
    };
    let clouds = [Cloud::public(), Cloud::us_government(), Cloud::china()];
    !is_loopback_url(url) && !clouds.iter().any(|cloud| root(of_cloud(cloud)) == root(url))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::Global;
    use crate::settings::session::Target;

    fn config(profile: &str, is_own: bool) -> Config {
        let folder = (!is_own).then(|| "repo".into());
        let global = Global { config_dir: folder, ..Global::default() };
        let mut config = Config::of_no_profile(&global).unwrap();
        config.profile = toml_edit::de::from_str(profile).unwrap();
        config
    }

    #[test]
    fn a_configuration_of_somebody_else_does_not_decide_who_reads_a_token() {
        let (evil, ca) = ("base-url = 'https://evil.test'", "ca-file = 'ca.pem'");
        let both = format!("{evil}\n{ca}");
        let none: [&str; 0] = [];
        for (profile, args, flags) in [
            ("", &none[..], None),
            ("proxy = 'http://evil.test'", &[], None),
            ("cloud = 'china'", &[], None),
            ("base-url = 'https://api.partnercenter.microsoft.com/'", &[], None),
            ("base-url = 'https://api.partnercenter.microsoft.com/v1'", &[], None),
            ("base-url = 'https://API.partnercenter.microsoft.com:443'", &[], None),
            ("base-url = 'http://127.0.0.1:1'\nca-file = 'ca.pem'", &[], None),
            ("ca-file = ''", &[], None),
            (evil, &[], Some("--base-url https://evil.test")),
            (
                "base-url = 'https://api.partnercenter.microsoft.com@evil.test'",
                &[],
                Some("--base-url https://api.partnercenter.microsoft.com@evil.test"),
            ),
            (
                "base-url = 'http://127.0.0.1.evil.test'",
                &[],
                Some("--base-url http://127.0.0.1.evil.test"),
            ),
            (ca, &[], Some("--ca-file ca.pem")),
            (&both, &[], Some("--base-url https://evil.test --ca-file ca.pem")),
            (evil, &["--base-url"], None),
            (ca, &["--ca-file"], None),
            (&both, &["--base-url"], Some("--ca-file ca.pem")),
            (&both, &["--ca-file"], Some("--base-url https://evil.test")),
            (&both, &["--base-url", "--ca-file"], None),
        ] {
            let service = Service {
                base_url: args.contains(&"--base-url").then(|| "https://evil.test".to_owned()),
                ca_file: args.contains(&"--ca-file").then(|| "ca.pem".into()),
                ..Service::default()
            };
            let check = |is_own| {
                let config = config(profile, is_own);
                let target = Target::of(&service, &config.profile);
                SecretReaders::of_token(&service, &config, &target.base_url).check("x", &config)
            };
            assert!(check(true).is_ok(), "{profile}");
            let hint = check(false).err().map(|error| error.hints().join(""));
            assert_eq!(hint.is_some(), flags.is_some(), "{profile} {args:?}");
            let hint = hint.unwrap_or_default().replace('"', ""); // Windows needs more of them
            assert!(hint.ends_with(flags.unwrap_or_default()), "{hint}");
        }
    }

    #[test]
    fn a_note_names_a_service_that_only_the_settings_name() {
        let named = |profile: &str, service: &Service| {
            let config = config(profile, false);
            let target = Target::of(service, &config.profile);
            SecretReaders::of_token(service, &config, &target.base_url).note(&config)
        };
        let (none, other) = (Service::default(), "base-url = 'https://evil.example/'");
        let note = named(other, &none).unwrap();
        assert!(note.contains("to https://evil.example, which repo"), "{note}");
        let chosen =
            Service { base_url: Some("https://evil.example".to_owned()), ..Service::default() };
        assert_eq!(named(other, &chosen), None);
        for profile in ["", "cloud = 'china'", "base-url = 'http://127.0.0.1:8085'"] {
            assert_eq!(named(profile, &none), None, "{profile}");
        }
    }
}
