//! The session of a command with a service: Partner Center, another address, or the built-in emulator. Flags take
//! precedence over variables, and both over the profile. The sign-in of a profile is used only for the service of that
//! profile, so that no token goes to another host.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use partner_center_devices::raw::BoxFuture;
use partner_center_devices::raw::renewed_file::delay_before_reread;
use partner_center_devices::{
    AccessToken, Client, Cloud, Customer, CustomerId, TokenError, TokenProvider, is_loopback_url,
};
use partner_center_devices_emulator::Emulator;
use partner_center_devices_fleet::Timestamp;
use partner_center_devices_fleet::index::{Index, IndexError};
use secrecy::{ExposeSecret, SecretString};

use crate::args::{CloudName, CustomerName, Global, Service};
use crate::atomic_file::block_for;
use crate::bounded_file::{read_secret, read_secret_from};
use crate::environment;
use crate::errors::{CommandError, Exit};
use crate::settings::config::{Config, Profile, SignIn};
use crate::settings::connection::Connection;
use crate::settings::customer_lookup::Customers;
use crate::settings::secret_readers::SecretReaders;
use crate::settings::secrets::warn_if_exposed;
use crate::settings::sign_in::{SignedIn, login};
use crate::ui::calls::call_display;
use crate::ui::output::Ui;

pub(crate) const APPLICATION: &str = concat!("pcdevices ", env!("CARGO_PKG_VERSION"));

/// A placeholder for services on this machine, because an emulator accepts any token. Tokens are redacted in messages,
/// so this text must not resemble any other word of a response.
pub(crate) const PLACEHOLDER_TOKEN: &str = "pcdevices-any-token";

/// The start of the error if the user's own token is not sent.
pub(crate) const NOT_SENT: &str = "the access token is not sent";

/// A client, the settings, and the built-in emulator if the client talks to it.
pub(crate) struct Session {
    pub(crate) client: Client,
    pub(crate) config: Config,
    /// The names of customers.
    pub(crate) customers: Customers,
    ui: Ui,
    /// Runs until it is dropped.
    _emulator: Option<Emulator>,
    base_url: String,
}

impl Session {
    /// Opens a session with the service that flags, variables and profile select.
    pub(crate) fn open(ui: Ui, global: &Global, service: &Service) -> Result<Self, CommandError> {
        let config = Config::read(global)?;
        let target = Target::of(service, &config.profile);
        let mut builder = Client::builder()
            .application(APPLICATION)
            .base_url(&target.base_url)
            .observer(call_display(ui));
        if let Some(rate) = rate(service, &config)? {
            builder = builder.requests_per_second(rate);
        }
        let connection = Connection::of(service, &config)?;
        builder = builder.network(connection.network.clone());
        let source = token_source(ui, service, &config, &target, environment_token())?;
        if source.is_own_token() {
            let readers = SecretReaders::of_token(service, &config, &target.base_url);
            readers.check(NOT_SENT, &config)?;
            if let Some(note) = readers.note(&config) {
                ui.status_line(&note);
            }
        }
        builder = match source {
            TokenSource::Token(token) => builder.token(token),
            TokenSource::File(file) => builder.token_provider(file),
            TokenSource::SignIn(sign_in) => {
                let signed_in = SignedIn::of(ui, &config, target.cloud(), sign_in, connection)?;
                builder.token_provider(signed_in)
            }
            TokenSource::Placeholder => {
                if let Some(unused) = target.unused_sign_in(&config) {
                    ui.status_line(&format!("{unused}; sending a placeholder token"));
                }
                builder.token(PLACEHOLDER_TOKEN.to_owned())
            }
        };
        let (client, base_url) = (builder.build()?, target.base_url);
        let customers = Customers::of(&config, &base_url)?;
        Ok(Self { client, config, customers, ui, _emulator: None, base_url })
    }

    /// Starts an emulator and opens a session with it. Ignores the profile.
    pub(crate) async fn emulated(
        ui: Ui,
        global: &Global,
        rate: Option<f64>,
    ) -> Result<Self, CommandError> {
        let emulator = Emulator::start().await.map_err(|error| {
            CommandError::new(Exit::Unavailable, "cannot start the emulator").with_source(error)
        })?;
        let mut builder = Client::builder()
            .application(APPLICATION)
            .base_url(emulator.url())
            .observer(call_display(ui));
        if let Some(rate) = rate {
            builder = builder.requests_per_second(rate);
        }
        ui.status(&format!(
            "Using the built-in emulator at {}. No data leaves this machine or is stored.\n",
            emulator.url()
        ));
        let config = Config::of_no_profile(global)?;
        let client = builder.token(PLACEHOLDER_TOKEN.to_owned()).build()?;
        let base_url = emulator.url().to_owned();
        let customers = Customers::forgotten(&config)?;
        Ok(Self { client, config, customers, ui, _emulator: Some(emulator), base_url })
    }

    /// Returns the root of the API.
    pub(crate) fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Returns the customer with this alias, id, name or domain. Only a name that this machine does not know needs a call.
    pub(crate) async fn customer(&self, name: &CustomerName) -> Result<Customer, CommandError> {
        let id = self.customers.find(self.ui, &self.client, name).await?;
        Ok(self.client.customer(id))
    }

    /// Prepares for a change: prints the name and the id of each customer.
    ///
    /// # Errors
    /// If a name of the index means another customer by now.
    pub(crate) async fn announce(&self, customers: &[CustomerId]) -> Result<(), CommandError> {
        self.customers.announce(self.ui, &self.client, customers).await
    }

    /// Prepares for a change to a customer, and returns its name and id for the plan.
    ///
    /// # Errors
    /// If a name of the index means another customer by now.
    pub(crate) async fn prepare(&self, customer: &CustomerId) -> Result<String, CommandError> {
        self.customers.prepare(self.ui, &self.client, std::slice::from_ref(customer)).await?;
        Ok(self.customers.label(customer))
    }

    /// Changes the index of this machine after a change in the service. The command does not fail if this fails.
    pub(crate) fn change_index(
        &self,
        change: impl FnOnce(&mut Index, Timestamp) -> Result<(), IndexError>,
    ) {
        self.customers.change(self.ui, |index| change(index, SystemTime::now().into()));
    }

    /// Records that this machine works for customers.
    pub(crate) fn record_use(&self, customers: &[CustomerId]) {
        self.customers.record_use(self.ui, customers);
    }
}

/// The addresses of API and sign-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) base_url: String,
    pub(crate) authority: String,
    /// True for the service of the profile. Only then may the profile's sign-in be used.
    pub(crate) is_of_profile: bool,
}

impl Target {
    /// Flags and variables take precedence over the profile. A cloud from a flag also takes precedence over the
    /// profile's URL.
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
        // Naming the cloud and URL of the profile selects its service.
        let names_profile = service.base_url.as_deref().is_some_and(|url| same(url, &own_url))
            && service.cloud == profile.cloud;
        let authority = match cloud {
            Some(cloud) if !names_profile => cloud.authority,
            _ => own_authority.clone(),
        };
        let is_of_profile = same(&base_url, &own_url) && same(&authority, &own_authority);
        Self { base_url, authority, is_of_profile }
    }

    /// Returns a message if the profile has a sign-in or token that this service does not use.
    pub(crate) fn unused_sign_in(&self, config: &Config) -> Option<String> {
        let profile = &config.profile;
        let what = match (profile.sign_in, &profile.token_file) {
            (Some(_), _) => "sign-in",
            (None, Some(_)) => "token",
            (None, None) => return None,
        };
        (!self.is_of_profile).then(|| {
            let Self { base_url: own, .. } = Self::of(&Service::default(), profile);
            format!(
                "the {what} of profile '{}' is for {own}, so it is not used for {}",
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

/// The source of a session's tokens.
pub(crate) enum TokenSource {
    Token(SecretString),
    /// A file that another program may renew.
    File(TokenFile),
    SignIn(SignIn),
    /// There is no token, but the service on this machine accepts any.
    Placeholder,
}

impl TokenSource {
    /// Returns true for a token that the user supplied, which is not bound to a service.
    pub(crate) fn is_own_token(&self) -> bool {
        matches!(self, Self::Token(_) | Self::File(_))
    }
}

/// Returns the first token source of these: the file of `--token-file`, the variable, the profile's token file, the
/// profile's sign-in, and for a service on this machine a placeholder.
pub(crate) fn token_source(
    ui: Ui,
    service: &Service,
    config: &Config,
    target: &Target,
    variable: Option<SecretString>,
) -> Result<TokenSource, CommandError> {
    let profile = &config.profile;
    if let Some(file) = &service.token_file {
        return TokenFile::open(ui, file).map(TokenSource::File);
    }
    if let Some(token) = variable {
        return clean(&token, "the variable PCDEVICES_TOKEN").map(TokenSource::Token);
    }
    if target.is_of_profile {
        if let Some(file) = &profile.token_file {
            return TokenFile::open_regular(ui, file).map(TokenSource::File);
        }
        if let Some(sign_in) = profile.sign_in {
            return Ok(TokenSource::SignIn(sign_in));
        }
    }
    if is_loopback_url(&target.base_url) {
        return Ok(TokenSource::Placeholder);
    }
    let error = CommandError::new(Exit::AccessDenied, "there is no access token");
    Err(match target.unused_sign_in(config) {
        Some(unused) => error
            .hint(unused)
            .hint("create a profile for that service: pcdevices auth login --profile NAME"),
        None => error
            .hint(format!("sign in: {}", login(&config.profile_name)))
            .hint(
                "or supply a token in the variable PCDEVICES_TOKEN or in a file with --token-file",
            )
            .hint("to try it without an account: pcdevices upload FILE --emulator"),
    })
}

/// Returns the service that a command without these flags works with: that of the variable or of the profile.
pub(crate) fn target_without_flags(profile: &Profile) -> Target {
    let base_url = environment::variable("PCDEVICES_BASE_URL").filter(|url| !url.is_empty());
    Target::of(&Service { base_url, ..Service::default() }, profile)
}

/// Returns the token of the variable, even an empty one, which is an error.
pub(crate) fn environment_token() -> Option<SecretString> {
    environment::secret("PCDEVICES_TOKEN")
}

/// A file with an access token. It is read again when the service rejects the token or the token expires, because another
/// program may have renewed it.
///
/// A pipe and standard input (`-`) can be read only once.
pub(crate) struct TokenFile {
    path: PathBuf,
    is_stream: bool,
    /// The token that the file contained at first, until it is handed out; of a stream, always.
    first: Mutex<Option<AccessToken>>,
}

impl TokenFile {
    /// Reads the token.
    fn open(ui: Ui, file: &Path) -> Result<Self, CommandError> {
        let is_stream = file.as_os_str() == "-" || !is_regular(file);
        let first = Mutex::default();
        let this = Self { path: file.to_owned(), is_stream, first };
        let token = this.parse(this.first_text())?;
        *this.first.lock().unwrap_or_else(PoisonError::into_inner) = Some(token);
        warn_if_exposed(ui, file);
        Ok(this)
    }

    /// Like [`open`](Self::open), for the file that a profile names. A pipe and standard input could block without end.
    fn open_regular(ui: Ui, file: &Path) -> Result<Self, CommandError> {
        let is_standard_input = file.as_os_str() == "-";
        if is_standard_input || file.exists() && !is_regular(file) {
            let message = match is_standard_input {
                true => "the token-file of a profile cannot be standard input (-)".to_owned(),
                false => format!("the token file {} is not a regular file", file.display()),
            };
            return Err(CommandError::new(Exit::AccessDenied, message)
                .hint("for a pipe, use --token-file instead of the profile"));
        }
        Self::open(ui, file)
    }

    /// Returns the first token, and later the token that the file contains then. Another program may be renewing the file at
    /// this moment, so a file without a token is read several times.
    pub(crate) async fn next(&self) -> Result<AccessToken, CommandError> {
        if let Some(first) = self.first() {
            return Ok(first);
        }
        let mut reads = 1;
        loop {
            let read = self.read_text();
            match delay_before_reread(read.as_ref().map(ExposeSecret::expose_secret), reads) {
                Some(delay) => tokio::time::sleep(delay).await,
                None => return self.parse(read),
            }
            reads += 1;
        }
    }

    /// Reads the file at the start, several times while another program renews it.
    fn first_text(&self) -> io::Result<SecretString> {
        let mut reads = 1;
        loop {
            let read = self.read_text();
            let text = read.as_ref().map(ExposeSecret::expose_secret);
            // A file that is missing at the start is a mistake in the name.
            let delay = match text {
                Ok(text) if !self.is_stream => delay_before_reread(Ok(text), reads),
                _ => None,
            };
            match delay {
                Some(delay) => block_for(delay),
                None => return read,
            }
            reads += 1;
        }
    }

    fn first(&self) -> Option<AccessToken> {
        let mut first = self.first.lock().unwrap_or_else(PoisonError::into_inner);
        if self.is_stream { first.clone() } else { first.take() }
    }

    fn is_standard_input(&self) -> bool {
        self.path.as_os_str() == "-"
    }

    fn read_text(&self) -> io::Result<SecretString> {
        match self.is_standard_input() {
            true => read_secret_from(io::stdin().lock()),
            false => read_secret(&self.path),
        }
    }

    fn parse(&self, text: io::Result<SecretString>) -> Result<AccessToken, CommandError> {
        let place = match self.is_standard_input() {
            true => "standard input".to_owned(),
            false => format!("the token file {}", self.path.display()),
        };
        let text = text.map_err(|error| {
            CommandError::new(Exit::AccessDenied, format!("cannot read {place}")).with_source(error)
        })?;
        let token = AccessToken::new(clean(&text, &place)?);
        let expires = token.claims().and_then(|claims| claims.expires);
        let rest = expires.and_then(|expires| expires.duration_since(SystemTime::now()).ok());
        Ok(match rest {
            Some(rest) => token.expires_in(rest),
            None => token,
        })
    }
}

fn is_regular(file: &Path) -> bool {
    std::fs::metadata(file).is_ok_and(|metadata| metadata.is_file())
}

impl TokenProvider for TokenFile {
    fn token(&self) -> BoxFuture<'_, Result<AccessToken, TokenError>> {
        Box::pin(async {
            self.next().await.map_err(|error| {
                let message = error.to_string();
                TokenError::new(message).with_source(error)
            })
        })
    }
}

/// Removes what editors and shells put around a token. Errors never quote the token.
fn clean(text: &SecretString, place: &str) -> Result<SecretString, CommandError> {
    let text = text.expose_secret();
    let token = text.trim_start_matches('\u{feff}').trim(); // Windows PowerShell starts files with it
    let unquoted = |quote: char| token.strip_prefix(quote)?.strip_suffix(quote);
    let token = unquoted('"').or_else(|| unquoted('\'')).unwrap_or(token).trim();
    if token.is_empty() {
        return Err(CommandError::new(
            Exit::AccessDenied,
            format!("{place} contains no access token"),
        ));
    }
    if !token.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\'')) {
        let message =
            format!("{place} contains a character that is not allowed in an access token");
        return Err(CommandError::new(Exit::AccessDenied, message)
            .hint("store only the token in it, on one line and without `Bearer`"));
    }
    Ok(token.to_owned().into())
}

pub(crate) fn rate(service: &Service, config: &Config) -> Result<Option<f64>, CommandError> {
    match service.rate.or(config.profile.rate) {
        Some(rate) if !crate::args::is_rate(rate) => {
            let message = format!("the rate of profile '{}' is invalid", config.profile_name);
            Err(CommandError::new(Exit::InvalidFile, message)
                .hint("use a number from 0.001 to 10000"))
        }
        rate => Ok(rate),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use partner_center_devices::PUBLIC_CLOUD;

    use super::*;

    #[test]
    fn the_sign_in_of_a_profile_is_used_for_its_service_only() {
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
        for (service, profile, url, is_of_profile) in [
            (service(None, None), &plain, PUBLIC_CLOUD, true),
            (service(None, None), &own, "https://own.example", true),
            (service(Some("https://own.example/"), None), &own, "https://own.example/", true),
            (service(Some("https://x.example"), None), &plain, "https://x.example", false),
            (service(Some("https://x.example"), None), &own, "https://x.example", false),
            (service(None, Some(CloudName::Public)), &own, PUBLIC_CLOUD, false),
            (service(None, Some(CloudName::Public)), &plain, PUBLIC_CLOUD, true),
            (service(Some("https://own.example"), government), &both, "https://own.example", true),
            // The same API with another sign-in.
            (service(None, government), &plain, PUBLIC_CLOUD, false),
        ] {
            let target = Target::of(&service, profile);
            assert_eq!((target.base_url.as_str(), target.is_of_profile), (url, is_of_profile));
        }
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_pipe_is_read_once() {
        let ui = Ui::new(&Global::default());
        let (reader, mut writer) = std::io::pipe().unwrap();
        std::io::Write::write_all(&mut writer, b"planted").unwrap();
        drop(writer);
        let path = format!("/dev/fd/{}", std::os::fd::AsRawFd::as_raw_fd(&reader));
        let file = TokenFile::open(ui, Path::new(&path)).unwrap();
        for _ in 0..2 {
            assert_eq!(file.next().await.unwrap().secret().expose_secret(), "planted");
        }
        for (path, words) in
            [("/dev/null", "is not a regular file"), ("-", "cannot be standard input")]
        {
            let refused = TokenFile::open_regular(ui, Path::new(path)).err().unwrap().render();
            assert!(refused.contains(words) && refused.contains("--token-file"), "{refused}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_token_file_that_is_empty_for_a_moment_is_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token");
        std::fs::write(&path, "old").unwrap();
        let file = TokenFile::open(Ui::new(&Global::default()), &path).unwrap();
        std::fs::write(&path, "").unwrap();
        let token = async || Ok::<_, CommandError>(file.next().await?.secret().clone());
        assert_eq!(token().await.unwrap().expose_secret(), "old");
        let renew = async {
            tokio::time::sleep(Duration::from_millis(1_500)).await;
            std::fs::write(&path, "new\n").unwrap();
        };
        let (renewed, ()) = tokio::join!(token(), renew);
        assert_eq!(renewed.unwrap().expose_secret(), "new");
        std::fs::write(&path, " \n").unwrap();
        let error = token().await.unwrap_err();
        assert!(error.to_string().contains("contains no access token"), "{error}");
    }

    #[tokio::test]
    async fn a_token_file_is_read_again_after_it_was_rejected() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token");
        std::fs::write(&path, "old\n").unwrap();
        let file = TokenFile::open(Ui::new(&Global::default()), &path).unwrap();
        let renewed = path.clone();
        let service = move |request: http::Request<bytes::Bytes>| {
            let is_new = request.headers()["authorization"] == "Bearer new";
            std::fs::write(&renewed, "new").unwrap();
            let response = http::Response::builder().status(if is_new { 200 } else { 401 });
            response.body(bytes::Bytes::from_static(b"{}")).unwrap()
        };
        let client = Client::builder().in_process(service).token_provider(file).build().unwrap();
        client.request(http::Method::GET, "profiles", None).await.unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn an_endless_token_file_is_refused() {
        let ui = Ui::new(&Global::default());
        let error = TokenFile::open(ui, Path::new("/dev/zero")).err().unwrap();
        assert!(error.to_string().contains("larger than 1 MiB"), "{error}");
    }

    #[test]
    fn a_token_is_trimmed_and_never_printed() {
        for text in ["\u{feff}planted\r\n", " planted ", "\"planted\"\n", "'planted'"] {
            assert_eq!(clean(&text.to_owned().into(), "here").unwrap().expose_secret(), "planted");
        }
        for text in ["", " \n", "\"\"", "\"planted", "Bearer planted", "plan\u{7f}ted"] {
            let error = clean(&text.to_owned().into(), "here").unwrap_err();
            assert_eq!(error.exit, Exit::AccessDenied);
            assert!(!error.to_string().contains("planted"), "{error}");
        }
    }
}
