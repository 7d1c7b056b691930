//! The refresh token of a user, and the store for its successors.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use partner_center_devices_raw::BoxError;
use secrecy::{ExposeSecret, SecretString};

use super::access_token::AccessToken;
use super::token_endpoint::TokenEndpoint;
use super::token_error::TokenError;
use super::token_response::Tokens;
use super::token_store::TokenStore;

/// The refresh token of a user, and the store for its successors.
pub(super) struct User {
    current: Mutex<Option<CurrentToken>>,
    store: Arc<dyn TokenStore>,
    /// True after the first access token. From then on, a person is never asked.
    has_signed_in: AtomicBool,
    /// The claims that the last refusal demanded of the next sign-in of the person.
    claims: Mutex<Option<String>>,
}

struct CurrentToken {
    token: SecretString,
    /// True until the token has been stored.
    is_unsaved: bool,
}

impl User {
    /// Creates a user. Without a token, the store has to have one.
    pub(super) fn new(token: Option<SecretString>, store: Arc<dyn TokenStore>) -> Self {
        let current = token.map(|token| CurrentToken { token, is_unsaved: false });
        Self {
            current: Mutex::new(current),
            store,
            has_signed_in: AtomicBool::new(false),
            claims: Mutex::default(),
        }
    }

    fn current(&self) -> MutexGuard<'_, Option<CurrentToken>> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the claims for a sign-in of the person: those that the last refusal demanded, or else the given ones.
    pub(super) fn claims_or(&self, given: Option<&str>) -> Option<String> {
        let demanded = self.claims.lock().unwrap_or_else(PoisonError::into_inner).clone();
        demanded.or_else(|| given.map(ToOwned::to_owned))
    }

    /// Keeps the claims that a refusal demands
    /// (<https://learn.microsoft.com/en-us/entra/identity-platform/claims-challenge>).
    pub(super) fn keep_claims<T>(&self, result: Result<T, TokenError>) -> Result<T, TokenError> {
        if let Some(claims) = result.as_ref().err().and_then(TokenError::claims) {
            *self.claims.lock().unwrap_or_else(PoisonError::into_inner) = Some(claims.to_owned());
        }
        result
    }

    /// Keeps other processes that share the store waiting until the result is dropped.
    pub(super) async fn lock(&self) -> Result<Box<dyn Send>, TokenError> {
        let lock = self.store.lock().await;
        lock.map_err(|error| failed("could not lock the store of refresh tokens", error))
    }

    /// Returns the access token of a response, after its refresh token was stored.
    pub(super) async fn accept(&self, tokens: Tokens) -> Result<AccessToken, TokenError> {
        if let Some(token) = tokens.refresh {
            *self.current() = Some(CurrentToken { token, is_unsaved: true });
            self.save().await?;
        }
        self.has_signed_in.store(true, Ordering::Release);
        *self.claims.lock().unwrap_or_else(PoisonError::into_inner) = None;
        Ok(tokens.access)
    }

    /// Stores the refresh token, unless it is already stored.
    async fn save(&self) -> Result<(), TokenError> {
        let token = match &*self.current() {
            Some(current) if current.is_unsaved => current.token.clone(),
            _ => return Ok(()),
        };
        let saved = self.store.save(&token).await;
        saved.map_err(|error| failed("could not store the new refresh token", error))?;
        if let Some(current) = &mut *self.current() {
            current.is_unsaved = false;
        }
        Ok(())
    }

    /// Requests an access token with the stored refresh token, or else with the current one. `None` if there is neither.
    /// The store must be locked.
    pub(super) async fn refresh(
        &self,
        endpoint: &TokenEndpoint,
        claims: Option<&str>,
    ) -> Result<Option<AccessToken>, TokenError> {
        self.save().await?; // retries a save that failed earlier
        let loaded = self.store.load().await;
        let loaded = loaded.map_err(|error| failed("could not load the refresh token", error))?;
        let current = self.current().as_ref().map(|current| current.token.clone());
        let is_new = |token: &SecretString| {
            loaded.as_ref().is_none_or(|loaded| loaded.expose_secret() != token.expose_secret())
        };
        let mut candidates = loaded.iter().chain(current.iter().filter(|token| is_new(token)));
        let Some(mut token) = candidates.next() else { return Ok(None) };
        loop {
            match (self.request(endpoint, token, claims).await, candidates.next()) {
                (Ok(tokens), _) => return self.accept(tokens).await.map(Some),
                // The stored token is outdated, for example after a new sign-in elsewhere.
                (Err(error), Some(next)) if error.needs_sign_in() => token = next,
                (Err(error), _) => return Err(error),
            }
        }
    }

    /// Requests an access token without a person. If a person has to sign in and may be asked, runs `ask`.
    pub(super) async fn refresh_or_ask(
        &self,
        endpoint: &TokenEndpoint,
        claims: Option<&str>,
        ask: impl Future<Output = Result<AccessToken, TokenError>>,
    ) -> Result<AccessToken, TokenError> {
        let _lock = self.lock().await?;
        let refreshed = self.refresh(endpoint, claims).await;
        match may_ask(refreshed, self.has_signed_in.load(Ordering::Acquire))? {
            Some(token) => Ok(token),
            None => ask.await,
        }
    }

    async fn request(
        &self,
        endpoint: &TokenEndpoint,
        token: &SecretString,
        claims: Option<&str>,
    ) -> Result<Tokens, TokenError> {
        let scope = endpoint.user_scope();
        let mut form = vec![
            ("grant_type", "refresh_token"),
            ("refresh_token", token.expose_secret()),
            ("scope", scope.as_str()),
        ];
        form.extend(claims.map(|claims| ("claims", claims)));
        self.keep_claims(endpoint.tokens(&form).await)
    }
}

/// Returns the result of a refresh, or `None` to ask a person. A person starts the program, so requests before the first token may
/// ask. Later, perhaps no one would answer: a page or a code would wait in vain, and block other processes that share the store.
fn may_ask<T>(
    refreshed: Result<Option<T>, TokenError>,
    has_signed_in: bool,
) -> Result<Option<T>, TokenError> {
    match refreshed {
        Ok(None) if has_signed_in => {
            Err(TokenError::no_sign_in("the sign-in has ended, and there is no refresh token"))
        }
        Err(error) if error.needs_sign_in() && !has_signed_in => Ok(None),
        refreshed => refreshed,
    }
}

fn failed(what: &str, error: BoxError) -> TokenError {
    TokenError::new(what).with_source(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_is_asked_for_the_first_token_only() {
        let ended = || Err(TokenError::no_sign_in("ended"));
        let outage = || Err(TokenError::new("outage").retryable());
        let wrong = || Err(TokenError::new("wrong settings"));
        for (refreshed, has_signed_in, expected) in [
            (Ok(Some(1)), false, Ok(Some(1))),
            (Ok(Some(1)), true, Ok(Some(1))),
            (Ok(None), false, Ok(None)),
            (Ok(None), true, Err("the sign-in has ended, and there is no refresh token")),
            (ended(), false, Ok(None)),
            (ended(), true, Err("ended")),
            (outage(), false, Err("outage")),
            (outage(), true, Err("outage")),
            (wrong(), false, Err("wrong settings")),
        ] {
            let decided = may_ask(refreshed, has_signed_in);
            let decided = decided.map_err(|error| error.to_string());
            assert_eq!(decided, expected.map_err(ToOwned::to_owned), "{has_signed_in}");
        }
    }
}
