//! The sign-in of a profile as a source of tokens. One process at a time renews it, starting from the stored secrets:
//! a refresh token may be valid for one use only, so the next process must use its successor. A stored access token is
//! reused while it is valid, unless the service has rejected it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use partner_center_devices::raw::{BoxError, BoxFuture};
use partner_center_devices::{
    AccessToken, AppOnly, ClientCredential, Cloud, RefreshToken, TokenError, TokenProvider,
    TokenStore,
};
use secrecy::{ExposeSecret as _, SecretString};

pub(crate) use crate::errors::login;
use crate::errors::{CommandError, Exit};
use crate::settings::app_credential::app_credential;
use crate::settings::config::{Config, SignIn};
use crate::settings::connection::{Connection, Route};
use crate::settings::secrets::{Issuer, Lock, SecretStore, Secrets, StoredToken};
use crate::ui::output::Ui;
use crate::ui::progress::activity;

/// The warning for a token of a user who signed in without multi-factor authentication.
pub(crate) const WITHOUT_MFA: &str = "this sign-in did not use multi-factor authentication, which Partner Center requires; it may reject calls (code 900421)";

/// The words for secrets and tokens that `auth login` stores.
const SAVED: &str = "saved credentials on this machine";

/// After this time, a message says that another process holds the lock.
const PATIENCE: Duration = Duration::from_secs(10);

/// The app registration that requests tokens, and the cloud that issues them.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) cloud: Cloud,
    pub(crate) tenant: String,
    pub(crate) client_id: String,
    pub(crate) connection: Connection,
}

impl App {
    /// Requests a token for the app itself.
    pub(crate) async fn app_token(
        &self,
        credential: ClientCredential,
        claims: Option<&str>,
    ) -> Result<AccessToken, TokenError> {
        let Self { cloud, tenant, client_id, connection } = self.clone();
        let app = AppOnly::with_credential(cloud, tenant, client_id, credential)?;
        request(&app.network(connection.network)?, claims).await
    }

    /// Requests a token for a user. Also returns the refresh token to use next.
    pub(crate) async fn user_token(
        &self,
        token: SecretString,
        secret: Option<SecretString>,
        claims: Option<&str>,
    ) -> Result<(AccessToken, SecretString), TokenError> {
        let Self { cloud, tenant, client_id, connection } = self.clone();
        let next = NextRefreshToken::default();
        let user = RefreshToken::new(cloud, tenant, client_id, token.clone(), next.clone())?;
        let user = match secret {
            Some(secret) => user.client_secret(secret),
            None => user,
        };
        let access = request(&user.network(connection.network)?, claims).await?;
        Ok((access, next.take().unwrap_or(token)))
    }

    /// Returns where this app signs in, which the stored secrets are bound to.
    pub(crate) fn issuer(&self) -> Issuer {
        Issuer::new(&self.cloud, &self.tenant, self.connection.route.clone())
    }

    /// Returns a key for stored tokens: a token is reused only for the same sign-in, app, tenant and service.
    pub(crate) fn token_key(&self, sign_in: SignIn) -> String {
        let Self { cloud: Cloud { api, authority, .. }, tenant, client_id, .. } = self;
        format!("{sign_in:?} {client_id} {tenant} {authority} {api}")
    }
}

async fn request(
    provider: &impl TokenProvider,
    claims: Option<&str>,
) -> Result<AccessToken, TokenError> {
    let _signing_in = activity::work("signing in");
    match claims {
        Some(claims) => provider.token_with_claims(claims).await,
        None => provider.token().await,
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
    /// The credential of the app, if it is not stored with the secrets.
    credential: Option<ClientCredential>,
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
        connection: Connection,
    ) -> Result<Self, CommandError> {
        let name = &config.profile_name;
        let store = SecretStore::of(ui, config)?;
        let part = |part: &Option<String>, what| part.clone().ok_or_else(|| missing(name, what));
        let tenant = part(&config.profile.tenant, "tenant")?;
        let client_id = part(&config.profile.client_id, "client-id")?;
        let app = App { cloud, tenant, client_id, connection };
        let this = Self {
            app,
            sign_in,
            credential: app_credential(ui, config, sign_in)?,
            profile: name.clone(),
            store,
            ui,
            handed_out: Mutex::default(),
            unsaved: Mutex::default(),
        };
        // Report a missing sign-in before the command starts its work.
        let secrets = this.store.read()?.unwrap_or_default();
        this.check_issuer(&secrets)?;
        if this.last_token(&secrets).is_none() {
            this.check_renewable(&secrets)?;
        }
        Ok(this)
    }

    /// Requests a new token, even if a stored one is valid.
    pub(crate) async fn renew(&self) -> Result<AccessToken, CommandError> {
        let _lock = self.lock().await?;
        let secrets = self.secrets()?;
        match self.last_token(&secrets) {
            Some(token) => Ok(token),
            None => self.renew_from(secrets, None).await,
        }
    }

    /// Returns the stored access token of a sign-in without a refresh token, until the token expires.
    fn last_token(&self, secrets: &Secrets) -> Option<AccessToken> {
        let stored = secrets.access_token.as_ref()?;
        let is_last = self.sign_in.is_by_user() && secrets.refresh_token.is_none();
        let now = SystemTime::now();
        is_last.then(|| stored.usable_for(Duration::ZERO, &self.token_key(), now)).flatten()
    }

    /// Returns true if the stored sign-in can request new tokens.
    pub(crate) fn is_renewable(&self) -> bool {
        let secrets = self.store.read().ok().flatten().unwrap_or_default();
        self.check_renewable(&secrets).is_ok()
    }

    /// Refuses secrets that another sign-in issued: the settings may come from a stranger, who must not receive them.
    fn check_issuer(&self, secrets: &Secrets) -> Result<(), CommandError> {
        let is_stored = secrets.refresh_token.is_some() || secrets.client_secret.is_some();
        let has_secret = is_stored || self.credential.is_some();
        let own = self.app.issuer();
        let problem = match &secrets.issuer {
            Some(issuer) if issuer.allows(&own) => return Ok(()),
            Some(issuer) if issuer.is_same_place(&own) => {
                return Err(self.other_route(&issuer.route));
            }
            None if !has_secret => return Ok(()),
            Some(Issuer { authority, tenant, service, .. }) => format!(
                "they belong to tenant {tenant} at {authority} for {service}, but the profile names tenant {} at {} for {}",
                own.tenant, own.authority, own.service
            ),
            None if !is_stored => return Err(missing(&self.profile, SAVED)),
            None => "their sign-in is unknown".to_owned(),
        };
        let profile = &self.profile;
        let message =
            format!("the saved credentials of profile '{profile}' are not used: {problem}");
        Err(CommandError::new(Exit::AccessDenied, message)
            .hint("if you did not change authority, base-url, cloud or tenant in config.toml, find out who did, and restore them")
            .hint(format!("if you did, sign in there: {}", login(profile))))
    }

    /// Returns the error for secrets of a sign-in with other network settings.
    fn other_route(&self, at_sign_in: &Route) -> CommandError {
        let keys = self.app.connection.route.changed_keys(at_sign_in).join(", ");
        let profile = &self.profile;
        let message = format!(
            "the saved credentials of profile '{profile}' are not used: these settings in config.toml were added or changed since the sign-in: {keys}"
        );
        CommandError::new(Exit::AccessDenied, message)
            .hint("a proxy with its own certificate authority can read the credentials; if you did not change these settings, or the content of the ca-file, find out who did, and restore them")
            .hint(format!("if you did, sign in again: {}", login(profile)))
    }

    /// Returns a stored token that remains valid for a while, or requests a new one.
    async fn stored_or_new(&self, claims: Option<&str>) -> Result<AccessToken, CommandError> {
        let _lock = self.lock().await?;
        let secrets = self.secrets()?;
        let handed_out = lock(&self.handed_out).take();
        self.check_issuer(&secrets)?;
        let stored = secrets.access_token.as_ref();
        let stored = stored.and_then(|stored| stored.usable(&self.token_key(), SystemTime::now()));
        let is_new = |stored: &AccessToken| {
            let text = |token: &SecretString| token.expose_secret().to_owned();
            handed_out.as_ref().is_none_or(|handed_out| text(handed_out) != text(stored.secret()))
        };
        let stored = stored.or_else(|| self.last_token(&secrets));
        let stored = stored.filter(|token| claims.is_none() && is_new(token));
        let token = match stored {
            Some(stored) => stored,
            None => self.renew_from(secrets, claims).await?,
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

    async fn renew_from(
        &self,
        mut secrets: Secrets,
        claims: Option<&str>,
    ) -> Result<AccessToken, CommandError> {
        self.check_issuer(&secrets)?;
        let renewed = if self.sign_in.is_by_user() {
            self.store.check_writable()?;
            let token = self.refresh_token(&secrets)?;
            let user = self.app.user_token(token, secrets.client_secret.clone(), claims).await;
            user.map(|(access, next)| {
                secrets.refresh_token = Some(next);
                access
            })
        } else {
            self.app.app_token(self.app_credential(&secrets)?, claims).await
        };
        let access = renewed.map_err(|error| {
            let command = login_command(&error, self.sign_in, &self.profile);
            let error = sign_in_error(error);
            command.into_iter().fold(error, CommandError::hint)
        })?;
        secrets.access_token = StoredToken::of(&access, self.token_key(), SystemTime::now());
        match self.save(secrets) {
            // The stored secret stays valid: the secret of an app does not change.
            Err(_) if !self.sign_in.is_by_user() => Ok(access),
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

    /// Checks that there is a secret to request new tokens with.
    fn check_renewable(&self, secrets: &Secrets) -> Result<(), CommandError> {
        match self.sign_in.is_by_user() {
            true => self.refresh_token(secrets).map(drop),
            false => self.app_credential(secrets).map(drop),
        }
    }

    fn refresh_token(&self, secrets: &Secrets) -> Result<SecretString, CommandError> {
        secrets.refresh_token.clone().ok_or_else(|| match secrets.access_token {
            Some(_) => ended(&self.profile),
            None => missing(&self.profile, SAVED),
        })
    }

    fn app_credential(&self, secrets: &Secrets) -> Result<ClientCredential, CommandError> {
        let stored = || secrets.client_secret.clone().map(ClientCredential::secret);
        let credential = self.credential.clone().or_else(stored);
        credential.ok_or_else(|| missing(&self.profile, "client secret"))
    }

    /// Locks the secrets until the renewal is done.
    async fn lock(&self) -> Result<Option<Lock>, CommandError> {
        match lock_secrets(self.ui, &self.store).await {
            // The secret of an app is not used up, and its directory may be read-only.
            Err(_) if !self.sign_in.is_by_user() => Ok(None),
            lock => lock.map(Some),
        }
    }
}

impl TokenProvider for SignedIn {
    fn token(&self) -> BoxFuture<'_, Result<AccessToken, TokenError>> {
        Box::pin(async { self.stored_or_new(None).await.map_err(token_error) })
    }

    fn token_with_claims<'a>(
        &'a self,
        claims: &'a str,
    ) -> BoxFuture<'a, Result<AccessToken, TokenError>> {
        Box::pin(async { self.stored_or_new(Some(claims)).await.map_err(token_error) })
    }

    fn is_app_only(&self) -> bool {
        !self.sign_in.is_by_user()
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

/// Returns the error for a sign-in that ended with its access token.
fn ended(profile: &str) -> CommandError {
    let message = format!(
        "the access token of profile '{profile}' has expired or was rejected, and the tenant issued no refresh token"
    );
    CommandError::new(Exit::AccessDenied, message)
        .hint(format!("sign in again: {}", login(profile)))
}

fn missing(profile: &str, what: &str) -> CommandError {
    CommandError::new(Exit::AccessDenied, format!("profile '{profile}' has no {what}"))
        .hint(format!("sign in: {}", login(profile)))
}

/// Returns a hint with the command that renews a refused sign-in of a profile. Without other flags, it repeats the kind of
/// sign-in that the profile has.
fn login_command(error: &TokenError, sign_in: SignIn, profile: &str) -> Option<String> {
    let is_unknown = error.code().is_none() || error.hint().is_none();
    let helps = error.needs_sign_in() || is_unknown && !error.is_retryable();
    login_for(error.codes(), helps, sign_in, profile)
}

/// Returns the command for the codes of a refusal. `helps` is true if the same sign-in may succeed when it is repeated.
fn login_for(codes: &[u32], helps: bool, sign_in: SignIn, profile: &str) -> Option<String> {
    const CLIENT_SECRETS: [u32; 4] = [7_000_215, 7_000_216, 7_000_218, 7_000_222];
    const CERTIFICATES: [u32; 3] = [700_027, 700_030, 1_000_502];
    let command = login(profile);
    let has_code = |known: &[u32]| codes.iter().any(|code| known.contains(code));
    match sign_in {
        SignIn::Certificate if has_code(&CERTIFICATES) => {
            return Some(format!("use another certificate: {command} --certificate-file FILE"));
        }
        SignIn::Certificate | SignIn::FederatedTokenFile | SignIn::GithubOidc => {}
        // A sign-in by device code has no client secret.
        SignIn::DeviceCode if has_code(&CLIENT_SECRETS) => {
            return Some(format!(
                "store the client secret: {command} --browser --client-secret-file FILE"
            ));
        }
        _ if has_code(&CLIENT_SECRETS) => {
            return Some(format!("store the client secret: {command} --client-secret-file FILE"));
        }
        _ => {}
    }
    helps.then(|| match sign_in {
        // Such a profile has only what a person gave it.
        SignIn::RefreshToken => format!(
            "sign in again in a browser: {command} --browser; or store another refresh token: {command} --refresh-token-file FILE"
        ),
        _ => format!("sign in again: {command}"),
    })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hint_names_the_command_that_solves_the_refusal() {
        use SignIn::{
            AppOnly, Browser, Certificate, DeviceCode, FederatedTokenFile, GithubOidc, RefreshToken,
        };
        let again = "sign in again: LOGIN";
        let secret = "store the client secret: LOGIN --client-secret-file FILE";
        let with_browser = "store the client secret: LOGIN --browser --client-secret-file FILE";
        let certificate = "use another certificate: LOGIN --certificate-file FILE";
        let refresh_token = "sign in again in a browser: LOGIN --browser; or store another refresh token: LOGIN --refresh-token-file FILE";
        let secrets = [7_000_215, 7_000_216, 7_000_218, 7_000_222];
        for (codes, helps, sign_ins, expected) in [
            // The client secret is wrong, missing or expired.
            (&secrets[..], false, &[Browser, RefreshToken, AppOnly][..], secret),
            (&secrets, false, &[DeviceCode], with_browser),
            (&secrets, false, &[Certificate, FederatedTokenFile, GithubOidc], ""),
            // The certificate was refused.
            (&[700_027, 700_030, 1_000_502], false, &[Certificate], certificate),
            (&[700_027], false, &[Browser, AppOnly, FederatedTokenFile, GithubOidc], ""),
            // The refresh token has expired, or the person must use another factor.
            (&[700_082, 50076, 50078, 50158], true, &[Browser, DeviceCode], again),
            (&[700_082, 50076], true, &[RefreshToken], refresh_token),
            // Only an administrator can solve it.
            (&[53003, 500_011], false, &[Browser, DeviceCode, RefreshToken, AppOnly], ""),
            (&[700_211], false, &[FederatedTokenFile, GithubOidc], ""),
            // A code that is not known.
            (&[99_999_999], true, &[Browser, DeviceCode, AppOnly, Certificate, GithubOidc], again),
            (&[99_999_999], true, &[RefreshToken], refresh_token),
        ] {
            let login = "pcdevices auth login --profile ci";
            for (code, sign_in) in
                codes.iter().flat_map(|code| sign_ins.iter().map(move |sign_in| (code, *sign_in)))
            {
                let command = login_for(&[1, *code], helps, sign_in, "ci").unwrap_or_default();
                assert_eq!(command.replace(login, "LOGIN"), expected, "{code} {sign_in:?}");
            }
        }
    }
}
