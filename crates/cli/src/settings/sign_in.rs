//! The sign-in of a profile as a source of tokens. Decides that one process at a time renews it, from what is kept at that
//! moment: a refresh token may be good for one use, and a second process must use its successor. And that a token which
//! is kept and good for a while is used again, unless the service has refused it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use partner_center_devices::raw::{BoxError, BoxFuture};
use partner_center_devices::{
    AccessToken, AppOnly, Cloud, Network, RefreshToken, TokenError, TokenProvider, TokenStore,
};
use secrecy::{ExposeSecret as _, SecretString};

use crate::errors::{CommandError, Exit};
use crate::settings::config::{Config, SignIn};
use crate::settings::secrets::{KeptToken, Lock, SecretStore, Secrets};
use crate::ui::output::Ui;

/// From this time on another process's lock is spoken of.
const PATIENCE: Duration = Duration::from_secs(10);

/// Who asks for tokens, and where.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) cloud: Cloud,
    pub(crate) tenant: String,
    pub(crate) client_id: String,
    pub(crate) network: Network,
}

impl App {
    /// A token of the app itself.
    pub(crate) async fn own(&self, secret: SecretString) -> Result<AccessToken, TokenError> {
        let Self { cloud, tenant, client_id, network } = self.clone();
        AppOnly::new(cloud, tenant, client_id, secret)?.network(network)?.token().await
    }

    /// A token of a user, and the refresh token that counts from now on.
    pub(crate) async fn of_user(
        &self,
        token: SecretString,
        secret: Option<SecretString>,
    ) -> Result<(AccessToken, SecretString), TokenError> {
        let Self { cloud, tenant, client_id, network } = self.clone();
        let next = Next::default();
        let user = RefreshToken::new(cloud, tenant, client_id, token.clone(), next.clone())?;
        let user = match secret {
            Some(secret) => user.client_secret(secret),
            None => user,
        };
        let access = user.network(network)?.token().await?;
        Ok((access, next.take().unwrap_or(token)))
    }

    /// What a token that is kept must have been given out for.
    pub(crate) fn whose(&self, sign_in: SignIn) -> String {
        let Self { cloud: Cloud { api, authority, .. }, tenant, client_id, .. } = self;
        format!("{sign_in:?} {client_id} {tenant} {authority} {api}")
    }
}

/// The refresh token that a sign-in gave out, until it is kept.
#[derive(Clone, Default)]
pub(crate) struct Next(Arc<Mutex<Option<SecretString>>>);

impl Next {
    pub(crate) fn take(&self) -> Option<SecretString> {
        lock(&self.0).take()
    }
}

impl TokenStore for Next {
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
    /// The token that was given last: asked once more, it has been refused or is about to end.
    given: Mutex<Option<SecretString>>,
    /// What could not be written yet. It counts, and not what is kept: that has been used up.
    unsaved: Mutex<Option<Secrets>>,
}

impl SignedIn {
    /// With what is kept for the profile.
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
            given: Mutex::default(),
            unsaved: Mutex::default(),
        };
        // Heard before anything begins that needs it.
        this.secret_of(&this.store.read()?.unwrap_or_default())?;
        Ok(this)
    }

    /// A new token, whatever is kept.
    pub(crate) async fn renew(&self) -> Result<AccessToken, CommandError> {
        let _lock = self.lock().await?;
        let secrets = self.secrets()?;
        self.renew_from(secrets).await
    }

    /// A token that is good for a while.
    async fn have(&self) -> Result<AccessToken, CommandError> {
        let _lock = self.lock().await?;
        let secrets = self.secrets()?;
        let given = lock(&self.given).take();
        let kept = secrets.access_token.as_ref();
        let kept = kept.and_then(|kept| kept.usable(&self.whose(), SystemTime::now()));
        let is_new = |kept: &AccessToken| {
            let text = |token: &SecretString| token.expose_secret().to_owned();
            given.as_ref().is_none_or(|given| text(given) != text(kept.secret()))
        };
        let token = match kept.filter(is_new) {
            Some(kept) => kept,
            None => self.renew_from(secrets).await?,
        };
        *lock(&self.given) = Some(token.secret().clone());
        Ok(token)
    }

    fn whose(&self) -> String {
        self.app.whose(self.sign_in)
    }

    /// What is kept at this moment.
    fn secrets(&self) -> Result<Secrets, CommandError> {
        match lock(&self.unsaved).take() {
            Some(unsaved) => self.keep(unsaved),
            None => Ok(self.store.read()?.unwrap_or_default()),
        }
    }

    async fn renew_from(&self, mut secrets: Secrets) -> Result<AccessToken, CommandError> {
        let secret = self.secret_of(&secrets)?;
        let asked = match self.sign_in {
            SignIn::AppOnly => self.app.own(secret).await,
            SignIn::DeviceCode | SignIn::RefreshToken => {
                let user = self.app.of_user(secret, secrets.client_secret.clone()).await;
                user.map(|(access, next)| {
                    secrets.refresh_token = Some(next);
                    access
                })
            }
        };
        let access = asked.map_err(|error| {
            let is_retryable = error.is_retryable();
            let error = sign_in_error(error);
            if is_retryable {
                return error;
            }
            error.hint(format!("sign in again: {}", login(&self.profile)))
        })?;
        secrets.access_token = KeptToken::of(&access, self.whose(), SystemTime::now());
        match self.keep(secrets) {
            // Nothing is lost: the secret is as it was.
            Err(_) if self.sign_in == SignIn::AppOnly => Ok(access),
            kept => kept.map(|_| access),
        }
    }

    fn keep(&self, secrets: Secrets) -> Result<Secrets, CommandError> {
        match self.store.write(&secrets) {
            Ok(()) => Ok(secrets),
            Err(failure) => {
                *lock(&self.unsaved) = Some(secrets);
                Err(failure)
            }
        }
    }

    /// What the sign-in offers: the app's secret, or the user's refresh token.
    fn secret_of(&self, secrets: &Secrets) -> Result<SecretString, CommandError> {
        let (secret, what) = match self.sign_in {
            SignIn::AppOnly => (&secrets.client_secret, "client secret"),
            _ => (&secrets.refresh_token, "sign-in on this machine"),
        };
        secret.clone().ok_or_else(|| missing(&self.profile, what))
    }

    /// Held until the renewal is over, by one process at a time.
    async fn lock(&self) -> Result<Option<Lock>, CommandError> {
        match locked(self.ui, &self.store).await {
            // An app's secret is not used up, and its folder may be one that cannot be written.
            Err(_) if self.sign_in == SignIn::AppOnly => Ok(None),
            lock => lock.map(Some),
        }
    }
}

impl TokenProvider for SignedIn {
    fn token(&self) -> BoxFuture<'_, Result<AccessToken, TokenError>> {
        Box::pin(async {
            let had = self.have().await;
            had.map_err(token_error)
        })
    }

    fn is_app_only(&self) -> bool {
        self.sign_in == SignIn::AppOnly
    }
}

/// Returns the error for the client: temporary if the sign-in could not be reached.
fn token_error(error: CommandError) -> TokenError {
    let token_error = TokenError::new(error.to_string());
    let source = std::error::Error::source(&error).and_then(|source| source.downcast_ref());
    let token_error = match source {
        Some(source) if TokenError::is_retryable(source) => token_error.retryable(),
        _ => token_error,
    };
    token_error.with_source(error)
}

/// Waits until no other process has the lock of a profile's secrets.
pub(crate) async fn locked(ui: Ui, store: &SecretStore) -> Result<Lock, CommandError> {
    let store = store.clone();
    let mut locking = tokio::task::spawn_blocking(move || store.lock());
    let locked = match tokio::time::timeout(PATIENCE, &mut locking).await {
        Ok(locked) => locked,
        Err(_) => {
            ui.status("another pcdevices renews this sign-in; waiting for it\n");
            locking.await
        }
    };
    locked.map_err(|error| CommandError::new(Exit::Unavailable, error.to_string()))?
}

fn missing(profile: &str, what: &str) -> CommandError {
    CommandError::new(Exit::AccessDenied, format!("the profile '{profile}' has no {what}"))
        .hint(format!("sign in: {}", login(profile)))
}

/// How this profile signs in.
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
