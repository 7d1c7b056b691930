//! The trait for sources of access tokens.

use std::sync::Arc;

use partner_center_devices_raw::BoxFuture;

use super::access_token::AccessToken;
use super::token_error::TokenError;

/// A source of access tokens for Partner Center.
///
/// The client caches the token and requests the next one shortly before it expires, or when the service rejects it.
/// Only one request runs at a time.
///
/// `Arc<P>` and `Box<dyn TokenProvider>` are providers too.
pub trait TokenProvider: Send + Sync + 'static {
    /// Requests a new token.
    ///
    /// # Errors
    /// If the sign-in fails. Calls that wait for the token fail with [`ErrorKind::Token`](crate::ErrorKind::Token).
    fn token(&self) -> BoxFuture<'_, Result<AccessToken, TokenError>>;

    /// Requests a new token with these claims, which the service demanded when it rejected the last one (continuous
    /// access evaluation, <https://learn.microsoft.com/en-us/entra/identity-platform/claims-challenge>). `claims` is
    /// JSON, for the parameter `claims` of the token request. The default ignores them.
    ///
    /// # Errors
    /// As [`token`](Self::token).
    fn token_with_claims<'a>(
        &'a self,
        claims: &'a str,
    ) -> BoxFuture<'a, Result<AccessToken, TokenError>> {
        let _ = claims;
        self.token()
    }

    /// Returns whether the tokens are app-only tokens, without a signed-in user. The client does not send operations
    /// that the service refuses with such tokens.
    fn is_app_only(&self) -> bool {
        false
    }
}

macro_rules! forward {
    ($pointer:ident) => {
        impl<P: TokenProvider + ?Sized> TokenProvider for $pointer<P> {
            fn token(&self) -> BoxFuture<'_, Result<AccessToken, TokenError>> {
                (**self).token()
            }

            fn token_with_claims<'a>(
                &'a self,
                claims: &'a str,
            ) -> BoxFuture<'a, Result<AccessToken, TokenError>> {
                (**self).token_with_claims(claims)
            }

            fn is_app_only(&self) -> bool {
                (**self).is_app_only()
            }
        }
    };
}

forward!(Arc);
forward!(Box);

/// A provider that always returns the same token, for scripts and tests.
pub(crate) struct StaticToken(pub(crate) AccessToken);

impl TokenProvider for StaticToken {
    fn token(&self) -> BoxFuture<'_, Result<AccessToken, TokenError>> {
        Box::pin(async { Ok(self.0.clone()) })
    }
}
