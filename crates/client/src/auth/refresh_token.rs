//! Sign-in with the refresh token of a user.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use partner_center_devices_raw::BoxFuture;
use secrecy::{ExposeSecret, SecretString};

use super::access_token::AccessToken;
use super::cloud::Cloud;
use super::token_endpoint::{TokenEndpoint, uses_token_endpoint};
use super::token_error::TokenError;
use super::token_provider::TokenProvider;
use super::token_store::TokenStore;

/// A provider that uses the refresh token of a signed-in user, as in the secure application model
/// (<https://learn.microsoft.com/en-us/partner-center/developer/enable-secure-app-model>).
pub struct RefreshToken {
    endpoint: TokenEndpoint,
    user: User,
}

impl RefreshToken {
    /// Creates the provider. `tenant` is the id or domain of the partner's tenant. When the sign-in replaces the
    /// refresh token, the new one is saved to `store`.
    ///
    /// # Errors
    /// If the sign-in root of the cloud or the tenant is invalid.
    pub fn new(
        cloud: Cloud,
        tenant: impl Into<String>,
        client_id: impl Into<String>,
        refresh_token: impl Into<SecretString>,
        store: impl TokenStore,
    ) -> Result<Self, TokenError> {
        let endpoint = TokenEndpoint::new(cloud, tenant.into(), client_id.into())?;
        Ok(Self { endpoint, user: User::new(refresh_token.into(), Arc::new(store)) })
    }

    /// Sets the secret of a web app registration. A public client does not need one.
    #[must_use]
    pub fn client_secret(mut self, secret: impl Into<SecretString>) -> Self {
        self.endpoint.set_client_secret(secret.into());
        self
    }
}

impl TokenProvider for RefreshToken {
    fn token(&self) -> BoxFuture<'_, Result<AccessToken, TokenError>> {
        Box::pin(self.user.refresh(&self.endpoint))
    }
}

uses_token_endpoint!(RefreshToken.endpoint);

/// The refresh token of a user, and the store for its successors.
pub(super) struct User {
    refresh_token: Mutex<StoredToken>,
    store: Arc<dyn TokenStore>,
}

struct StoredToken {
    token: SecretString,
    /// True until the token has been stored.
    is_unsaved: bool,
}

impl User {
    pub(super) fn new(token: SecretString, store: Arc<dyn TokenStore>) -> Self {
        Self { refresh_token: Mutex::new(StoredToken { token, is_unsaved: false }), store }
    }

    fn lock(&self) -> MutexGuard<'_, StoredToken> {
        self.refresh_token.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Replaces the refresh token and stores it before the sign-in continues.
    pub(super) async fn replace(&self, token: SecretString) -> Result<(), TokenError> {
        *self.lock() = StoredToken { token, is_unsaved: true };
        self.save().await
    }

    /// Stores the refresh token, unless it is already stored.
    async fn save(&self) -> Result<(), TokenError> {
        let token = {
            let stored = self.lock();
            if !stored.is_unsaved {
                return Ok(());
            }
            stored.token.clone()
        };
        self.store.save(&token).await.map_err(|error| {
            TokenError::new("could not store the new refresh token").with_source(error)
        })?;
        self.lock().is_unsaved = false;
        Ok(())
    }

    pub(super) async fn refresh(
        &self,
        endpoint: &TokenEndpoint,
    ) -> Result<AccessToken, TokenError> {
        self.save().await?; // retries a save that failed earlier
        let scope = format!("{} offline_access", endpoint.scope("user_impersonation"));
        let token = self.lock().token.clone();
        let form = [
            ("grant_type", "refresh_token"),
            ("refresh_token", token.expose_secret()),
            ("scope", &scope),
        ];
        let tokens = endpoint.tokens(&form).await?;
        if let Some(refresh) = tokens.refresh {
            self.replace(refresh).await?;
        }
        Ok(tokens.access)
    }
}
