//! The sign-in of a profile as a source of tokens. One process at a time renews it, starting from the stored secrets:
//! a refresh token may be valid for one use only, so the next process must use its successor. A stored access token is
//! reused while it is valid, unless the service has rejected it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use partner_center_devices::raw::{BoxError, BoxFuture};
use partner_center_devices::{
    AccessToken, AppOnly, Cloud, Network, RefreshToken, TokenError, TokenProvider, TokenStore,
};
use secrecy::{ExposeSecret as _, SecretString};

use crate::errors::{CommandError, Exit};
use crate::settings::config::{Config, SignIn};
use crate::settings::secrets::{Lock, SecretStore, Secrets, StoredToken};
use crate::ui::output::Ui;

/// The warning for a token of a user who signed in without multi-factor authentication.
pub(crate) const WITHOUT_MFA: &str = "this sign-in did not use multi-factor authentication, which Partner Center requires; it may reject calls (code 900421)";

/// After this time, a message says that another process holds the lock.
const PATIENCE: Duration = Duration::from_secs(10);

/// The app registration that requests tokens, and the cloud that issues them.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) cloud: Cloud,
    pub(crate) tenant: String,
    pub(crate) client_id: String,
    pub(crate) network: Network,
}

impl App {
    /// Requests a token for the app itself.
    pub(crate) async fn app_token(&self, secret: SecretString) -> Result<AccessToken, TokenError> {
        let Self { cloud, tenant, client_id, network } = self.clone();
        AppOnly::new(cloud, tenant, client_id, secret)?.network(network)?.token().await
    }

    /// Requests a token for a user. Also returns the refresh token to use next.
    pub(crate) async fn user_token(
        &self,
        token: SecretString,
        secret: Option<SecretString>,
    ) -> Result<(AccessToken, SecretString), TokenError> {
        let Self { cloud, tenant, client_id, network } = self.clone();
        let next = NextRefreshToken::default();
        let user = RefreshToken::new(cloud, tenant, client_id, token.clone(), next.clone())?;
        let user = match secret {
            Some(secret) => user.client_secret(secret),
            None => user,
        };
        let access = user.network(network)?.token().await?;
        Ok((access, next.take().unwrap_or(token)))
    }

    /// Returns a key for stored tokens: a token is reused only for the same sign-in, app, tenant and service.
    pub(crate) fn token_key(&self, sign_in: SignIn) -> String {
        let Self { cloud: Cloud { api, authority, .. }, tenant, client_id, .. } = self;
        format!("{sign_in:?} {client_id} {tenant} {authority} {api}")
    }
}

/// The refresh token that a sign-in returned, until it is stored.
#[derive(Clone, Default)]
pub(crate) struct NextRefreshToken(Arc<Mutex<Option<SecretString>>>);

impl NextRefreshToken {
    pub(crate) fn take(&self) -> Option<SecretString> {
        lock(&self.0).take()
    }
}

impl TokenStore for NextRefreshToken {
    fn save<'a>(&'a self, token: &'a SecretString) -> BoxFuture<'a, Result<(), BoxError>> {
        *lock(&self.0) = Some(token.clone());
        Box::pin(std::future::ready(Ok(())))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A profile that has signed in.
pub(crate) struct SignedIn {
    app: App,
    sign_in: SignIn,
    profile: String,
    store: SecretStore,
    ui: Ui,
    /// The last token that was handed out. If another one is requested, this one was rejected or is about to expire.
    handed_out: Mutex<Option<SecretString>>,
    /// Secrets that could not be written yet. They replace the stored ones, which have been used up.
    unsaved: Mutex<Option<Secrets>>,
}

impl SignedIn {
    /// Reads the saved credentials of the profile.
    pub(crate) fn of(
        ui: Ui,
        config: &Config,
        cloud: Cloud,
        sign_in: SignIn,
        network: Network,
    ) -> Result<Self, CommandError> {
        let name = &config.profile_name;
        let store = SecretStore::of(ui, name, &config.profile)?;
        let part = |part: &Option<String>, what| part.clone().ok_or_else(|| missing(name, what));
        let tenant = part(&config.profile.tenant, "tenant")?;
        let client_id = part(&config.profile.client_id, "client-id")?;
        let app = App { cloud, tenant, client_id, network };
        let this = Self {
            app,
            sign_in,
            profile: name.clone(),
            store,
            ui,
            handed_out: Mutex::default(),
            unsaved: Mutex::default(),
        };
        // Report a missing sign-in before the command starts its work.
        this.sign_in_secret(&this.store.read()?.unwrap_or_default())?;
        Ok(this)
    }

    /// Requests a new token, even if a stored one is valid.
    pub(crate) async fn renew(&self) -> Result<AccessToken, CommandError> {
        let _lock = self.lock().await?;
        let secrets = self.secrets()?;
        self.renew_from(secrets).await
    }

    /// Returns a stored token that remains valid for a while, or requests a new one.
    async fn stored_or_new(&self) -> Result<AccessToken, CommandError> {
        let _lock = self.lock().await?;
        let secrets = self.secrets()?;
        let handed_out = lock(&self.handed_out).take();
        let stored = secrets.access_token.as_ref();
        let stored = stored.and_then(|stored| stored.usable(&self.token_key(), SystemTime::now()));
        let is_new = |stored: &AccessToken| {
            let text = |token: &SecretString| token.expose_secret().to_owned();
            handed_out.as_ref().is_none_or(|handed_out| text(handed_out) != text(stored.secret()))
        };
        let token = match stored.filter(is_new) {
            Some(stored) => stored,
            None => self.renew_from(secrets).await?,
        };
        *lock(&self.handed_out) = Some(token.secret().clone());
        Ok(token)
    }

    fn token_key(&self) -> String {
        self.app.token_key(self.sign_in)
    }

    /// Returns the current secrets.
    fn secrets(&self) -> Result<Secrets, CommandError> {
        match lock(&self.unsaved).take() {
            Some(unsaved) => self.save(unsaved),
            None => Ok(self.store.read()?.unwrap_or_default()),
        }
    }

    async fn renew_from(&self, mut secrets: Secrets) -> Result<AccessToken, CommandError> {
        let secret = self.sign_in_secret(&secrets)?;
        let renewed = match self.sign_in {
            SignIn::AppOnly => self.app.app_token(secret).await,
            SignIn::DeviceCode | SignIn::RefreshToken => {
                let user = self.app.user_token(secret, secrets.client_secret.clone()).await;
                user.map(|(access, next)| {
                    secrets.refresh_token = Some(next);
                    access
                })
            }
        };
        let access = renewed.map_err(|error| {
            let is_retryable = error.is_retryable();
            let error = sign_in_error(error);
            if is_retryable {
                return error;
            }
            error.hint(format!("sign in again: {}", login(&self.profile)))
        })?;
        secrets.access_token = StoredToken::of(&access, self.token_key(), SystemTime::now());
        match self.save(secrets) {
            // The stored secret stays valid: the secret of an app does not change.
            Err(_) if self.sign_in == SignIn::AppOnly => Ok(access),
            saved => saved.map(|_| access),
        }
    }

    fn save(&self, secrets: Secrets) -> Result<Secrets, CommandError> {
        match self.store.write(&secrets) {
            Ok(()) => Ok(secrets),
            Err(error) => {
                *lock(&self.unsaved) = Some(secrets);
                Err(error)
            }
        }
    }

    /// Returns the secret that the sign-in sends: the app's secret or the user's refresh token.
    fn sign_in_secret(&self, secrets: &Secrets) -> Result<SecretString, CommandError> {
        let (secret, what) = match self.sign_in {
            SignIn::AppOnly => (&secrets.client_secret, "client secret"),
            _ => (&secrets.refresh_token, "saved credentials on this machine"),
        };
        secret.clone().ok_or_else(|| missing(&self.profile, what))
    }

    /// Locks the secrets until the renewal is done.
    async fn lock(&self) -> Result<Option<Lock>, CommandError> {
        match lock_secrets(self.ui, &self.store).await {
            // The secret of an app is not used up, and its directory may be read-only.
            Err(_) if self.sign_in == SignIn::AppOnly => Ok(None),
            lock => lock.map(Some),
        }
    }
}

impl TokenProvider for SignedIn {
    fn token(&self) -> BoxFuture<'_, Result<AccessToken, TokenError>> {
        Box::pin(async { self.stored_or_new().await.map_err(token_error) })
    }

    fn is_app_only(&self) -> bool {
        self.sign_in == SignIn::AppOnly
    }
}

/// Converts an error for the client. It is retryable if the sign-in could not be reached.
fn token_error(error: CommandError) -> TokenError {
    let token_error = TokenError::new(error.to_string());
    let source = std::error::Error::source(&error).and_then(|source| source.downcast_ref());
    let token_error = match source {
        Some(source) if TokenError::is_retryable(source) => token_error.retryable(),
        _ => token_error,
    };
    token_error.with_source(error)
}

/// Waits until no other process holds the lock on a profile's secrets.
pub(crate) async fn lock_secrets(ui: Ui, store: &SecretStore) -> Result<Lock, CommandError> {
    let store = store.clone();
    let mut locking = tokio::task::spawn_blocking(move || store.lock());
    let locked = match tokio::time::timeout(PATIENCE, &mut locking).await {
        Ok(locked) => locked,
        Err(_) => {
            ui.status("Waiting for another pcdevices to renew this sign-in\n");
            locking.await
        }
    };
    locked.map_err(|error| CommandError::wrap(Exit::Unavailable, error))?
}

fn missing(profile: &str, what: &str) -> CommandError {
    CommandError::new(Exit::AccessDenied, format!("profile '{profile}' has no {what}"))
        .hint(format!("sign in: {}", login(profile)))
}

/// Returns the command that signs in with this profile.
pub(crate) fn login(profile: &str) -> String {
    let quote = if profile.contains(' ') { "'" } else { "" };
    format!("pcdevices auth login --profile {quote}{profile}{quote}")
}

/// Converts a token error to the error that ends a command.
pub(crate) fn sign_in_error(error: TokenError) -> CommandError {
    let exit = if error.is_retryable() { Exit::Unavailable } else { Exit::AccessDenied };
    let hint = error.hint();
    let command_error = CommandError::wrap(exit, error);
    match hint {
        Some(hint) => command_error.hint(hint),
        None => command_error,
    }
}
