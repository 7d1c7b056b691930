//! An access token and its lifetime.

use std::fmt;
use std::time::Duration;

use http::HeaderValue;
use secrecy::{ExposeSecret, SecretString};

/// An access token and its lifetime. `Debug` does not print the token.
#[derive(Clone)]
pub struct AccessToken {
    secret: SecretString,
    lifetime: Option<Duration>,
}

impl AccessToken {
    /// Creates a token that is used until the service rejects it.
    pub fn new(secret: impl Into<SecretString>) -> Self {
        Self { secret: secret.into(), lifetime: None }
    }

    /// Sets how long the token is valid from now on. Tokens of the service are valid for about an hour.
    #[must_use]
    pub fn expires_in(mut self, lifetime: Duration) -> Self {
        self.lifetime = Some(lifetime);
        self
    }

    /// Returns the token itself, to store it in a safe place.
    #[must_use]
    pub fn secret(&self) -> &SecretString {
        &self.secret
    }

    /// Returns how long the token is valid, counted from when it was issued; `None` if it is used until the service
    /// rejects it.
    #[must_use]
    pub fn lifetime(&self) -> Option<Duration> {
        self.lifetime
    }

    /// Returns the `Authorization` header; `None` if the token is empty or contains a character that is not allowed in
    /// a header.
    pub(crate) fn header(&self) -> Option<HeaderValue> {
        // A token pasted from a file often has a line break at the end.
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
