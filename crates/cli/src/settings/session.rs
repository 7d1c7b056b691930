//! Which service a command talks to, and as whom: Partner Center or another address with a token, or the built-in
//! emulator without. Decides which setting counts where several say something, and that the sign-in of a profile is
//! used for that profile's service only: no token goes to another host.

use std::path::{Path, PathBuf};

use partner_center_devices::{Client, Cloud, Customer, Network, is_loopback_url};
use partner_center_devices_emulator::Emulator;
use secrecy::{ExposeSecret, SecretString};

use crate::args::{CloudName, CustomerName, Global, Service};
use crate::errors::{CommandError, Exit};
use crate::settings::config::{Config, Profile, SignIn};
use crate::settings::secrets::warn_if_loose;
use crate::settings::sign_in::{SignedIn, login};
use crate::ui::output::Ui;

pub(crate) const APPLICATION: &str = concat!("pcdevices ", env!("CARGO_PKG_VERSION"));

/// What is sent to a service on this machine where no token is named: an emulator takes any. No other words of an answer
/// are like it, for what is like the token is cut from messages.
pub(crate) const ANY_TOKEN: &str = "pcdevices-any-token";

/// A client, what is set, and the emulator it talks to, which runs until this is dropped.
pub(crate) struct Session {
    pub(crate) client: Client,
    pub(crate) config: Config,
    /// Ends when it is dropped.
    _emulator: Option<Emulator>,
    base_url: String,
}

impl Session {
    /// With the service that flags, variables and profile name.
    pub(crate) fn open(ui: Ui, global: &Global, service: &Service) -> Result<Self, CommandError> {
        let config = Config::read(global)?;
        let target = Target::of(service, &config.profile);
        let mut builder = Client::builder().application(APPLICATION).base_url(&target.base_url);
        if let Some(rate) = rate(service, &config)? {
            builder = builder.requests_per_second(rate);
        }
        let network = network(service, &config)?;
        builder = builder.network(network.clone());
        builder = match token_source(ui, service, &config, &target, environment_token())? {
            TokenSource::Token(token) => builder.token(token),
            TokenSource::SignIn(sign_in) => {
                let signed_in = SignedIn::of(ui, &config, target.cloud(), sign_in, network)?;
                builder.token_provider(signed_in)
            }
            TokenSource::MadeUp => {
                if let Some(unused) = target.unused(&config) {
                    ui.status(&format!(
                        "{unused}, and no other token is named: a made-up one is sent\n"
                    ));
                }
                builder.token(ANY_TOKEN.to_owned())
            }
        };
        Ok(Self { client: builder.build()?, config, _emulator: None, base_url: target.base_url })
    }

    /// With an emulator of its own, whatever is set.
    pub(crate) async fn emulated(
        ui: Ui,
        global: &Global,
        rate: Option<f64>,
    ) -> Result<Self, CommandError> {
        let emulator = Emulator::start().await.map_err(|error| {
            let message = format!("the emulator cannot listen on this machine: {error}");
            CommandError::new(Exit::Unavailable, message)
        })?;
        let mut builder = Client::builder().application(APPLICATION).base_url(emulator.url());
        if let Some(rate) = rate {
            builder = builder.requests_per_second(rate);
        }
        ui.status(&format!(
            "emulator at {}: nothing leaves this machine, and nothing is kept\n",
            emulator.url()
        ));
        let config = Config::of_no_profile(global)?;
        let client = builder.token(ANY_TOKEN.to_owned()).build()?;
        let base_url = emulator.url().to_owned();
        Ok(Self { client, config, _emulator: Some(emulator), base_url })
    }

    /// The root of the API.
    pub(crate) fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The customer of an alias or an id.
    pub(crate) fn customer(&self, name: &CustomerName) -> Result<Customer, CommandError> {
        self.config.customer(name).map(|id| self.client.customer(id))
    }
}

/// Where API and sign-in are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) base_url: String,
    pub(crate) authority: String,
    /// Whether it is the profile's own service: then, and only then, its sign-in may be used.
    pub(crate) is_profiles: bool,
}

impl Target {
    /// Flags and variables go before the profile. A cloud that is named by flag is not replaced by the profile's URL.
    pub(crate) fn of(service: &Service, profile: &Profile) -> Self {
        let own_cloud = profile.cloud.unwrap_or_default().cloud();
        let own_url = profile.base_url.clone().unwrap_or(own_cloud.api);
        let own_authority = profile.authority.clone().unwrap_or(own_cloud.authority);
        let cloud = service.cloud.map(CloudName::cloud);
        let base_url = match (&service.base_url, &cloud) {
            (Some(url), _) => url.clone(),
            (None, Some(cloud)) => cloud.api.clone(),
            (None, None) => own_url.clone(),
        };
        let same =
            |one: &str, other: &str| one.trim_end_matches('/') == other.trim_end_matches('/');
        // The profile's own cloud and URL are the profile, also where both are named.
        let is_own = service.base_url.as_deref().is_some_and(|url| same(url, &own_url))
            && service.cloud == profile.cloud;
        let authority = match cloud {
            Some(cloud) if !is_own => cloud.authority,
            _ => own_authority.clone(),
        };
        let is_profiles = same(&base_url, &own_url) && same(&authority, &own_authority);
        Self { base_url, authority, is_profiles }
    }

    /// That what the profile has is not used there, if it has something.
    pub(crate) fn unused(&self, config: &Config) -> Option<String> {
        let profile = &config.profile;
        let what = match (profile.sign_in, &profile.token_file) {
            (Some(_), _) => "sign-in",
            (None, Some(_)) => "token",
            (None, None) => return None,
        };
        (!self.is_profiles).then(|| {
            let Self { base_url: own, .. } = Self::of(&Service::default(), profile);
            format!(
                "the {what} of profile '{}' is for {own} and not used for {}",
                config.profile_name, self.base_url
            )
        })
    }

    pub(crate) fn cloud(&self) -> Cloud {
        let mut cloud = Cloud::public();
        cloud.api.clone_from(&self.base_url);
        cloud.authority.clone_from(&self.authority);
        cloud
    }
}

/// Where a session's tokens come from.
pub(crate) enum TokenSource {
    Token(SecretString),
    SignIn(SignIn),
    /// None is known, and a service on this machine takes any.
    MadeUp,
}

/// The token that is named, or how one is had: the file of a flag, the variable, the profile's file, the profile's
/// sign-in; for a service on this machine any.
pub(crate) fn token_source(
    ui: Ui,
    service: &Service,
    config: &Config,
    target: &Target,
    variable: Option<SecretString>,
) -> Result<TokenSource, CommandError> {
    let profile = &config.profile;
    if let Some(file) = &service.token_file {
        return token_of_file(ui, file).map(TokenSource::Token);
    }
    if let Some(token) = variable {
        return clean(&token, "the variable PCDEVICES_TOKEN").map(TokenSource::Token);
    }
    if target.is_profiles {
        if let Some(file) = &profile.token_file {
            return token_of_file(ui, file).map(TokenSource::Token);
        }
        if let Some(sign_in) = profile.sign_in {
            return Ok(TokenSource::SignIn(sign_in));
        }
    }
    if is_loopback_url(&target.base_url) {
        return Ok(TokenSource::MadeUp);
    }
    let failure = CommandError::new(Exit::AccessDenied, "there is no access token");
    Err(match target.unused(config) {
        Some(unused) => failure
            .hint(unused)
            .hint("make a profile for that service: pcdevices auth login --profile NAME"),
        None => failure
            .hint(format!("sign in: {}", login(&config.profile_name)))
            .hint("or put a token into the variable PCDEVICES_TOKEN, or into a file and name it with --token-file")
            .hint("to try without an account: pcdevices upload FILE --emulator"),
    })
}

#[allow(clippy::disallowed_methods)] // the one secret that comes from the environment: never an argument
pub(crate) fn environment_token() -> Option<SecretString> {
    std::env::var("PCDEVICES_TOKEN").ok().map(SecretString::from)
}

fn token_of_file(ui: Ui, file: &Path) -> Result<SecretString, CommandError> {
    let place = format!("the token file {}", file.display());
    let text = std::fs::read_to_string(file).map(SecretString::from).map_err(|error| {
        CommandError::new(Exit::AccessDenied, format!("cannot read {place}: {error}"))
    })?;
    warn_if_loose(ui, file);
    clean(&text, &place)
}

/// The token, without what editors and shells put around it. Never says the token itself.
fn clean(text: &SecretString, place: &str) -> Result<SecretString, CommandError> {
    let text = text.expose_secret();
    let token = text.trim_start_matches('\u{feff}').trim(); // Windows PowerShell begins a file so
    if token.is_empty() {
        return Err(CommandError::new(
            Exit::AccessDenied,
            format!("{place} holds no access token"),
        ));
    }
    if !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        let message = format!("{place} holds a character that no access token has");
        return Err(CommandError::new(Exit::AccessDenied, message)
            .hint("it must hold the token alone, on one line and without `Bearer`"));
    }
    Ok(token.to_owned().into())
}

/// Proxy and certificate authorities, for API and sign-in alike.
pub(crate) fn network(service: &Service, config: &Config) -> Result<Network, CommandError> {
    let file: Option<&PathBuf> = service.ca_file.as_ref().or(config.profile.ca_file.as_ref());
    let Some(file) = file.filter(|file| !file.as_os_str().is_empty()) else {
        return Ok(Network::new());
    };
    let pem = std::fs::read(file).map_err(|error| {
        let message = format!("cannot read the certificates {}: {error}", file.display());
        CommandError::new(Exit::InvalidFile, message)
    })?;
    Ok(Network::new().root_certificate(pem))
}

fn rate(service: &Service, config: &Config) -> Result<Option<f64>, CommandError> {
    match service.rate.or(config.profile.rate) {
        Some(rate) if !crate::args::is_rate(rate) => {
            let message = format!("the rate of profile '{}' cannot be kept", config.profile_name);
            Err(CommandError::new(Exit::InvalidFile, message)
                .hint("it is a number from 0.001 to 10000"))
        }
        rate => Ok(rate),
    }
}

#[cfg(test)]
mod tests {
    use partner_center_devices::PUBLIC_CLOUD;

    use super::*;

    #[test]
    fn the_sign_in_of_a_profile_is_for_its_service_alone() {
        let profile = |text: &str| toml_edit::de::from_str::<Profile>(text).unwrap();
        let service = |base_url: Option<&str>, cloud| Service {
            base_url: base_url.map(ToOwned::to_owned),
            cloud,
            ..Service::default()
        };
        let (plain, own) = (profile(""), profile("base-url = 'https://own.example'"));
        let government = Some(CloudName::UsGovernment);
        let both = profile(
            "cloud = 'us-government'\nbase-url = 'https://own.example'\nauthority = 'https://x.example'",
        );
        for (service, profile, url, is_profiles) in [
            (service(None, None), &plain, PUBLIC_CLOUD, true),
            (service(None, None), &own, "https://own.example", true),
            (service(Some("https://own.example/"), None), &own, "https://own.example/", true),
            (service(Some("https://x.example"), None), &plain, "https://x.example", false),
            (service(Some("https://x.example"), None), &own, "https://x.example", false),
            (service(None, Some(CloudName::Public)), &own, PUBLIC_CLOUD, false),
            (service(None, Some(CloudName::Public)), &plain, PUBLIC_CLOUD, true),
            (service(Some("https://own.example"), government), &both, "https://own.example", true),
            // The same API, and another sign-in.
            (service(None, government), &plain, PUBLIC_CLOUD, false),
        ] {
            let target = Target::of(&service, profile);
            assert_eq!((target.base_url.as_str(), target.is_profiles), (url, is_profiles));
        }
    }

    #[test]
    fn a_token_is_cleaned_and_never_said() {
        for text in ["\u{feff}planted\r\n", " planted "] {
            assert_eq!(clean(&text.to_owned().into(), "here").unwrap().expose_secret(), "planted");
        }
        for text in ["", " \n", "Bearer planted", "plan\u{7f}ted"] {
            let failure = clean(&text.to_owned().into(), "here").unwrap_err();
            assert_eq!(failure.exit, Exit::AccessDenied);
            assert!(!failure.to_string().contains("planted"), "{failure}");
        }
    }
}
