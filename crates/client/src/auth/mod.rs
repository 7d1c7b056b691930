//! Where tokens come from and how long they are used. Decides that one refresh runs at a time, early, and that
//! a token which still works outlives a refresh that fails.

mod claims;
mod entra;

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http::HeaderValue;
use partner_center_devices_raw::{BoxError, BoxFuture};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::OwnedMutexGuard;
use tokio::time::Instant;

pub use claims::TokenClaims;
pub use entra::{AppOnly, Cloud, DeviceCode, DevicePrompt, RefreshToken, TokenStore};

use partner_center_devices_raw::redact;

/// A refresh begins this long before the token ends: a call in flight shall not outlive it.
const EARLY: Duration = Duration::from_secs(5 * 60);
/// After a refresh that failed, a token that still works is used this long before the next try.
const PAUSE: Duration = Duration::from_secs(30);

/// Gives access tokens for Partner Center. The client keeps a token and asks for the next one shortly before it
/// ends, or when the service refuses it; never twice at a time.
pub trait TokenProvider: Send + Sync + 'static {
    /// A new token.
    ///
    /// # Errors
    /// Why none could be had. Calls that wait for it fail with [`ErrorKind::Token`](crate::ErrorKind::Token).
    fn token(&self) -> BoxFuture<'_, Result<AccessToken, TokenError>>;

    /// Whether the tokens are an application's own, without a signed-in user. Some operations refuse those,
    /// and the client then does not send them at all.
    fn is_app_only(&self) -> bool {
        false
    }
}

/// An access token and how long it may be used. `Debug` does not show it.
#[derive(Clone)]
pub struct AccessToken {
    secret: SecretString,
    lifetime: Option<Duration>,
}

impl AccessToken {
    /// A token that is used until the service refuses it.
    pub fn new(secret: impl Into<SecretString>) -> Self {
        Self { secret: secret.into(), lifetime: None }
    }

    /// How long it may be used, from now on. Tokens of the service live for about an hour.
    #[must_use]
    pub fn expires_in(mut self, lifetime: Duration) -> Self {
        self.lifetime = Some(lifetime);
        self
    }

    /// The token itself, for who keeps it in a safe place.
    #[must_use]
    pub fn secret(&self) -> &SecretString {
        &self.secret
    }

    /// How long it may be used, counted from when it was given out; `None` is until it is refused.
    #[must_use]
    pub fn lifetime(&self) -> Option<Duration> {
        self.lifetime
    }

    /// As a header; `None` if the token has a character that no header can hold, or is empty.
    pub(crate) fn header(&self) -> Option<HeaderValue> {
        // A token pasted from a file often ends with a line break.
        let secret = self.secret.expose_secret().trim();
        let mut value = HeaderValue::try_from(format!("Bearer {secret}"))
            .ok()
            .filter(|_| !secret.is_empty())?;
        value.set_sensitive(true);
        Some(value)
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessToken").field("lifetime", &self.lifetime).finish_non_exhaustive()
    }
}

/// Why no token could be had. Holds no token and no secret.
pub struct TokenError {
    message: String,
    code: Option<String>,
    retryable: bool,
    source: Option<BoxError>,
}

impl TokenError {
    /// An error in your own words.
    #[must_use]
    pub fn new(message: impl AsRef<str>) -> Self {
        Self {
            message: redact::message(message.as_ref()),
            code: None,
            retryable: false,
            source: None,
        }
    }

    /// The code of the token endpoint, such as `AADSTS700082` or `invalid_grant`.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// What to do about it, where that is known
    /// (<https://learn.microsoft.com/en-us/entra/identity-platform/reference-error-codes>).
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        if self.retryable {
            return Some("check the network, the proxy and the address of the sign-in");
        }
        Some(match self.code()? {
            "AADSTS7000215" => "the client secret is wrong: use its value, not its id",
            "AADSTS7000222" => {
                "the client secret has expired: make a new one for the app registration"
            }
            "AADSTS700082" | "AADSTS70008" => "the refresh token has expired: sign in again",
            "AADSTS50173" => "the refresh token was revoked, as by a new password: sign in again",
            "AADSTS50076" | "AADSTS50079" => "sign in again with multi-factor authentication",
            "AADSTS65001" => "nobody has consented to the app: an administrator must do so once",
            "AADSTS700016" => {
                "there is no such app in this tenant: check the client id and the tenant"
            }
            "AADSTS90002" => "there is no such tenant: check the tenant",
            "AADSTS53003" | "AADSTS53000" => {
                "a Conditional Access rule of the tenant refused the sign-in"
            }
            _ => return None,
        })
    }

    /// Whether nothing was said against the sign-in itself: the endpoint could not be reached, or failed. Later the same
    /// may work.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        self.retryable
    }

    /// Marks the error as temporary: the token endpoint could not be reached, or failed.
    #[must_use]
    pub fn retryable(mut self) -> Self {
        self.retryable = true;
        self
    }

    /// With its cause, which is not part of its message.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<BoxError>) -> Self {
        self.source = Some(source.into());
        self
    }
}

impl fmt::Display for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.code {
            Some(code) if !self.message.contains(code.as_str()) => {
                write!(f, "{code}: {}", self.message)
            }
            _ => f.write_str(&self.message),
        }
    }
}

impl fmt::Debug for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TokenError({self})")
    }
}

impl std::error::Error for TokenError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|source| source.as_ref() as _)
    }
}

/// A token that is always the same: for scripts, and for tests.
pub(crate) struct StaticToken(pub(crate) AccessToken);

impl TokenProvider for StaticToken {
    fn token(&self) -> BoxFuture<'_, Result<AccessToken, TokenError>> {
        Box::pin(async { Ok(self.0.clone()) })
    }
}

/// The token in use, shared by all calls of a client.
pub(crate) struct Tokens(Arc<Kept>);

struct Kept {
    provider: Arc<dyn TokenProvider>,
    current: Mutex<Option<Current>>,
    /// Held while a refresh runs: the others wait for its result instead of asking too.
    refresh: Arc<tokio::sync::Mutex<Rounds>>,
    /// As `Rounds::done`, to be read by those who wait.
    rounds: AtomicU64,
}

/// The refreshes so far.
#[derive(Default)]
struct Rounds {
    done: u64,
    /// What the last one failed with.
    failure: Option<Arc<TokenError>>,
}

#[derive(Clone)]
struct Current {
    header: HeaderValue,
    number: u64,
    /// From when on a new one is looked for.
    stale: Option<Instant>,
    expires: Option<Instant>,
}

/// A token as a call uses it; the number tells it from its successor.
#[derive(Clone)]
pub(crate) struct Token {
    pub(crate) header: HeaderValue,
    pub(crate) number: u64,
}

impl Tokens {
    pub(crate) fn new(provider: Arc<dyn TokenProvider>) -> Self {
        Self(Arc::new(Kept {
            provider,
            current: Mutex::default(),
            refresh: Arc::default(),
            rounds: AtomicU64::new(0),
        }))
    }

    pub(crate) fn is_app_only(&self) -> bool {
        self.0.provider.is_app_only()
    }

    /// The token to use now. While one that still works is renewed, it goes on being used.
    pub(crate) async fn get(&self) -> Result<Token, Arc<TokenError>> {
        let kept = &self.0;
        if let Some(token) = kept.usable(Instant::now(), |current| current.stale) {
            return Ok(token);
        }
        let lock = Arc::clone(&kept.refresh);
        if let Some(token) = kept.usable(Instant::now(), |current| current.expires) {
            if let Ok(rounds) = lock.try_lock_owned() {
                tokio::spawn(Arc::clone(kept).renew(rounds));
            }
            return Ok(token);
        }
        let seen = kept.rounds.load(Ordering::Acquire);
        let rounds = lock.lock_owned().await;
        if let Some(token) = kept.usable(Instant::now(), |current| current.stale) {
            return Ok(token); // somebody else got it meanwhile
        }
        if let Some(failure) = rounds.failure.as_ref().filter(|_| rounds.done > seen) {
            return Err(Arc::clone(failure)); // somebody else failed meanwhile
        }
        // A task of its own: a call that is dropped must not take a half-done refresh with it, or a rotated
        // refresh token would be lost between the answer and the store.
        match tokio::spawn(Arc::clone(kept).renew(rounds)).await {
            Ok(result) => result,
            Err(error) if error.is_cancelled() => {
                Err(Arc::new(TokenError::new("the runtime is shutting down")))
            }
            Err(error) => {
                Err(Arc::new(TokenError::new("the token provider panicked").with_source(error)))
            }
        }
    }

    /// The service refused this token: the next call gets another one.
    pub(crate) fn refused(&self, number: u64) {
        let mut current = self.0.lock();
        if current.as_ref().is_some_and(|current| current.number == number) {
            *current = None;
        }
    }
}

impl Kept {
    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Current>> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The current token, if the moment that `until` names has not come; no moment means never.
    fn usable(&self, now: Instant, until: impl Fn(&Current) -> Option<Instant>) -> Option<Token> {
        let current = self.lock();
        let current =
            current.as_ref().filter(|current| until(current).is_none_or(|end| now < end))?;
        Some(Token { header: current.header.clone(), number: current.number })
    }

    async fn renew(
        self: Arc<Self>,
        mut rounds: OwnedMutexGuard<Rounds>,
    ) -> Result<Token, Arc<TokenError>> {
        let result = self.provider.token().await.and_then(|token| {
            let header = token
                .header()
                .ok_or_else(|| TokenError::new("the token cannot stand in a header"))?;
            Ok((header, token.lifetime))
        });
        rounds.done += 1;
        self.rounds.store(rounds.done, Ordering::Release);
        let now = Instant::now();
        let mut current = self.lock();
        match result {
            Ok((header, lifetime)) => {
                rounds.failure = None;
                let number = rounds.done;
                // A short-lived token is renewed at half its life rather than at once. A lifetime that no
                // clock can hold is none.
                let stale =
                    lifetime.map(|lifetime| lifetime.saturating_sub(EARLY).max(lifetime / 2));
                let stale = stale.and_then(|stale| now.checked_add(stale));
                let expires = lifetime.and_then(|lifetime| now.checked_add(lifetime));
                *current = Some(Current { header: header.clone(), number, stale, expires });
                Ok(Token { header, number })
            }
            Err(error) => {
                let error = Arc::new(error);
                rounds.failure = Some(Arc::clone(&error));
                if let Some(current) = current.as_mut() {
                    let next = now + PAUSE;
                    current.stale = Some(current.expires.map_or(next, |end| end.min(next)));
                }
                Err(error)
            }
        }
    }
}
