//! The trait for stores of refresh tokens.

use partner_center_devices_raw::{BoxError, BoxFuture};
use secrecy::SecretString;

/// A store for the refresh token, which the sign-in replaces from time to time.
pub trait TokenStore: Send + Sync + 'static {
    /// Stores `token` and replaces the previous one. The access token that came with it is not used before this
    /// succeeds.
    ///
    /// # Errors
    /// If the token cannot be stored. The sign-in then fails with this error as its source, and the next sign-in
    /// offers the token again.
    fn save<'a>(&'a self, token: &'a SecretString) -> BoxFuture<'a, Result<(), BoxError>>;
}
