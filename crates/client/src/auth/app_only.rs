//! App-only tokens: the app itself signs in, without a user.

use secrecy::SecretString;

use super::access_token::AccessToken;
use super::client_credential::ClientCredential;
use super::cloud::Cloud;
use super::token_endpoint::{TokenEndpoint, uses_token_endpoint};
use super::token_error::TokenError;

/// A provider of app-only tokens: the app itself signs in, without a user
/// (<https://learn.microsoft.com/en-us/partner-center/developer/partner-center-authentication>). They work for every
/// operation except `create_device_batch`.
pub struct AppOnly(TokenEndpoint);

impl AppOnly {
    /// Creates the provider for an app with a client secret. `tenant` is the id or domain of the partner's tenant.
    ///
    /// # Errors
    /// If the sign-in root of the cloud or the tenant is invalid.
    pub fn new(
        cloud: Cloud,
        tenant: impl Into<String>,
        client_id: impl Into<String>,
        client_secret: impl Into<SecretString>,
    ) -> Result<Self, TokenError> {
        Self::with_credential(cloud, tenant, client_id, ClientCredential::secret(client_secret))
    }

    /// Creates the provider for an app with any credential, such as a certificate or a federated credential.
    ///
    /// # Errors
    /// If the sign-in root of the cloud or the tenant is invalid.
    pub fn with_credential(
        cloud: Cloud,
        tenant: impl Into<String>,
        client_id: impl Into<String>,
        credential: ClientCredential,
    ) -> Result<Self, TokenError> {
        let mut endpoint = TokenEndpoint::new(cloud, tenant.into(), client_id.into())?;
        endpoint.set_credential(credential);
        Ok(Self(endpoint))
    }

    async fn request(&self, claims: Option<&str>) -> Result<AccessToken, TokenError> {
        let scope = self.0.scope(".default");
        let mut form = vec![("grant_type", "client_credentials"), ("scope", scope.as_str())];
        form.extend(claims.map(|claims| ("claims", claims)));
        Ok(self.0.tokens(&form).await?.access)
    }
}

uses_token_endpoint!(AppOnly.0, is_app_only: true);
