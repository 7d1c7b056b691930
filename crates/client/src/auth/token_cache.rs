//! The cache of the current token. One refresh runs at a time and starts early. A token that still works stays in use
//! if a refresh fails.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::HeaderValue;
use tokio::sync::OwnedMutexGuard;
use tokio::time::Instant;

use super::token_error::TokenError;
use super::token_provider::TokenProvider;

/// The time before expiry at which a refresh starts, so that a token does not expire during a call.
const REFRESH_EARLY: Duration = Duration::from_secs(5 * 60);
/// The time between a failed refresh and the next one, while the token still works.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(30);

/// The current token, shared by all calls of a client.
pub(crate) struct TokenCache(Arc<Inner>);

struct Inner {
    provider: Arc<dyn TokenProvider>,
    current: Mutex<Option<CachedToken>>,
    /// The claims that the service demanded when it rejected the last token.
    claims: Mutex<Option<String>>,
    /// Locked while a refresh runs. Other calls wait for its result instead of starting their own.
    refreshes: Arc<tokio::sync::Mutex<Refreshes>>,
    /// A copy of `Refreshes::finished` that waiting calls can read.
    finished: AtomicU64,
}

/// The refreshes so far.
#[derive(Default)]
struct Refreshes {
    finished: u64,
    /// The error of the last refresh, if it failed.
    failure: Option<Arc<TokenError>>,
}

#[derive(Clone)]
struct CachedToken {
    token: Token,
    /// When to start a refresh.
    refresh_at: Option<Instant>,
    expires_at: Option<Instant>,
}

/// The token that a call uses. The number identifies it, so that only this token is dropped if it is rejected.
#[derive(Clone)]
pub(crate) struct Token {
    pub(crate) header: HeaderValue,
    pub(crate) number: u64,
}

impl TokenCache {
    pub(crate) fn new(provider: Arc<dyn TokenProvider>) -> Self {
        Self(Arc::new(Inner {
            provider,
            current: Mutex::default(),
            claims: Mutex::default(),
            refreshes: Arc::default(),
            finished: AtomicU64::new(0),
        }))
    }

    pub(crate) fn is_app_only(&self) -> bool {
        self.0.provider.is_app_only()
    }

    /// Returns the token if it does not need a refresh yet.
    pub(crate) fn fresh(&self) -> Option<Token> {
        self.0.usable(Instant::now(), |current| current.refresh_at)
    }

    /// Returns a valid token, and refreshes it first if necessary. A token that still works stays in use during the
    /// refresh.
    pub(crate) async fn get(&self) -> Result<Token, Arc<TokenError>> {
        let inner = &self.0;
        if let Some(token) = self.fresh() {
            return Ok(token);
        }
        let lock = Arc::clone(&inner.refreshes);
        if let Some(token) = inner.usable(Instant::now(), |current| current.expires_at) {
            if let Ok(refreshes) = lock.try_lock_owned() {
                tokio::spawn(Arc::clone(inner).refresh(refreshes));
            }
            return Ok(token);
        }
        let finished_before = inner.finished.load(Ordering::Acquire);
        let refreshes = lock.lock_owned().await;
        if let Some(token) = inner.usable(Instant::now(), |current| current.refresh_at) {
            return Ok(token); // another call refreshed it in the meantime
        }
        let failed_meanwhile = refreshes.finished > finished_before;
        if let Some(failure) = refreshes.failure.as_ref().filter(|_| failed_meanwhile) {
            return Err(Arc::clone(failure));
        }
        // A separate task: if this call is dropped, the refresh must still finish. Otherwise a new refresh token could
        // be lost between the response and the store.
        match tokio::spawn(Arc::clone(inner).refresh(refreshes)).await {
            Ok(result) => result,
            Err(error) if error.is_cancelled() => {
                Err(Arc::new(TokenError::new("the runtime is shutting down")))
            }
            Err(error) => {
                Err(Arc::new(TokenError::new("the token provider panicked").with_source(error)))
            }
        }
    }

    /// Drops a token that the service rejected, so that the next call gets a new one, with the claims that the service
    /// demands.
    pub(crate) fn reject(&self, number: u64, claims: Option<String>) {
        let mut current = self.0.lock();
        if current.as_ref().is_some_and(|current| current.token.number == number) {
            *current = None;
            if claims.is_some() {
                *self.0.claims.lock().unwrap_or_else(PoisonError::into_inner) = claims;
            }
        }
    }
}

impl Inner {
    fn lock(&self) -> MutexGuard<'_, Option<CachedToken>> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the current token until the time that `until` returns, or without limit if it returns `None`.
    fn usable(
        &self,
        now: Instant,
        until: impl Fn(&CachedToken) -> Option<Instant>,
    ) -> Option<Token> {
        let current = self.lock();
        let current =
            current.as_ref().filter(|current| until(current).is_none_or(|end| now < end))?;
        Some(current.token.clone())
    }

    async fn refresh(
        self: Arc<Self>,
        mut refreshes: OwnedMutexGuard<Refreshes>,
    ) -> Result<Token, Arc<TokenError>> {
        let claims = self.claims.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let token = match &claims {
            Some(claims) => self.provider.token_with_claims(claims).await,
            None => self.provider.token().await,
        };
        let result = token.and_then(|token| {
            let header = token.header().ok_or_else(|| {
                TokenError::new("the token contains a character that is not allowed in a header")
            })?;
            Ok((header, token.lifetime()))
        });
        refreshes.finished += 1;
        self.finished.store(refreshes.finished, Ordering::Release);
        let now = Instant::now();
        let mut current = self.lock();
        match result {
            Ok((header, lifetime)) => {
                refreshes.failure = None;
                let mut demanded = self.claims.lock().unwrap_or_else(PoisonError::into_inner);
                if *demanded == claims {
                    *demanded = None;
                }
                drop(demanded);
                let token = Token { header, number: refreshes.finished };
                *current = Some(CachedToken::new(token.clone(), lifetime, now));
                Ok(token)
            }
            Err(error) => {
                let error = Arc::new(error);
                refreshes.failure = Some(Arc::clone(&error));
                if let Some(current) = current.as_mut() {
                    let next = now + PAUSE_AFTER_FAILURE;
                    current.refresh_at = Some(current.expires_at.map_or(next, |end| end.min(next)));
                }
                Err(error)
            }
        }
    }
}

impl CachedToken {
    /// Schedules the refresh: five minutes before expiry, but for a short-lived token not before half its lifetime. A
    /// lifetime that `Instant` cannot represent counts as unlimited.
    fn new(token: Token, lifetime: Option<Duration>, now: Instant) -> Self {
        let after = |time: Duration| now.checked_add(time);
        let refresh = lifetime.map(|time| time.saturating_sub(REFRESH_EARLY).max(time / 2));
        Self { token, refresh_at: refresh.and_then(after), expires_at: lifetime.and_then(after) }
    }
}
