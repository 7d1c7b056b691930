//! The trait for sources of access tokens.

use partner_center_devices_raw::BoxFuture;

use super::access_token::AccessToken;
use super::token_error::TokenError;

/// A source of access tokens for Partner Center.
///
/// The client caches the token and requests the next one shortly before it expires, or when the service rejects it.
/// Only one request runs at a time.
pub trait TokenProvider: Send + Sync + 'static {
    /// Requests a new token.
    ///
    /// # Errors
    /// If the sign-in fails. Calls that wait for the token fail with [`ErrorKind::Token`](crate::ErrorKind::Token).
    fn token(&self) -> BoxFuture<'_, Result<AccessToken, TokenError>>;

    /// Returns whether the tokens are app-only tokens, without a signed-in user. The client does not send operations
    /// that the service refuses with such tokens.
    fn is_app_only(&self) -> bool {
        false
    }
}

/// A provider that always returns the same token, for scripts and tests.
pub(crate) struct StaticToken(pub(crate) AccessToken);

impl TokenProvider for StaticToken {
    fn token(&self) -> BoxFuture<'_, Result<AccessToken, TokenError>> {
        Box::pin(async { Ok(self.0.clone()) })
    }
}
