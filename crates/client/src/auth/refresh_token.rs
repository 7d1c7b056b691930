//! Sign-in with the refresh token of a user.

use std::sync::Arc;

use secrecy::SecretString;

use super::access_token::AccessToken;
use super::client_credential::ClientCredential;
use super::cloud::Cloud;
use super::token_endpoint::{TokenEndpoint, uses_token_endpoint};
use super::token_error::TokenError;
use super::token_store::TokenStore;
use super::user::User;

/// A provider that uses the refresh token of a signed-in user, as in the secure application model
/// (<https://learn.microsoft.com/en-us/partner-center/developer/enable-secure-app-model>).
///
/// It never asks a person, so it is the provider for services: if a person must sign in again, token requests fail with
/// [`TokenError::needs_sign_in`]. The first refresh token comes from [`AuthorizationCode`](crate::AuthorizationCode) or
/// [`DeviceCode`](crate::DeviceCode).
pub struct RefreshToken {
    endpoint: TokenEndpoint,
    user: User,
}

impl RefreshToken {
    /// Creates the provider. `tenant` is the id or domain of the partner's tenant. When the sign-in replaces the
    /// refresh token, the new one is saved to `store`. If `store` has a token ([`TokenStore::load`]), that one is used
    /// first, because it may be a successor of `refresh_token`.
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
        Ok(Self { endpoint, user: User::new(Some(refresh_token.into()), Arc::new(store)) })
    }

    /// Creates a provider that uses only the token in `store`.
    ///
    /// # Errors
    /// If the sign-in root of the cloud or the tenant is invalid.
    pub fn stored(
        cloud: Cloud,
        tenant: impl Into<String>,
        client_id: impl Into<String>,
        store: impl TokenStore,
    ) -> Result<Self, TokenError> {
        let endpoint = TokenEndpoint::new(cloud, tenant.into(), client_id.into())?;
        Ok(Self { endpoint, user: User::new(None, Arc::new(store)) })
    }

    /// Sets the secret of a web app registration. A public client does not need one.
    #[must_use]
    pub fn client_secret(self, secret: impl Into<SecretString>) -> Self {
        self.client_credential(ClientCredential::secret(secret))
    }

    /// Sets the credential of a web app registration, such as a certificate. Replaces a client secret.
    #[must_use]
    pub fn client_credential(mut self, credential: ClientCredential) -> Self {
        self.endpoint.set_credential(credential);
        self
    }

    async fn request(&self, claims: Option<&str>) -> Result<AccessToken, TokenError> {
        let _lock = self.user.lock().await?;
        let token = self.user.refresh(&self.endpoint, claims).await?;
        token.ok_or_else(|| TokenError::no_sign_in("the store has no refresh token"))
    }
}

uses_token_endpoint!(RefreshToken.endpoint, is_app_only: false);
