//! Sign-in by device code: a person signs in with a browser, possibly on another device.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use partner_center_devices_raw::BoxFuture;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use tokio::time::Instant;

use super::access_token::AccessToken;
use super::cloud::Cloud;
use super::refresh_token::User;
use super::token_endpoint::{Refusal, TokenEndpoint, Tokens, uses_token_endpoint};
use super::token_error::TokenError;
use super::token_provider::TokenProvider;
use super::token_store::TokenStore;

/// The instructions for a person who signs in by device code.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct DevicePrompt {
    /// The page to open.
    pub verification_uri: String,
    /// The code to enter there.
    pub user_code: String,
    /// How long the code is valid.
    pub expires_in: Duration,
}

type Show = Box<dyn Fn(DevicePrompt) + Send + Sync>;

/// A provider that signs in by device code and then uses refresh tokens, as [`RefreshToken`](crate::RefreshToken) does.
///
/// The first token request shows the prompt and waits for the person. A client call waits only until its deadline, five
/// minutes by default, but the code is valid for longer. Either request the first token yourself
/// ([`TokenProvider::token`]), or give the first call a longer [`Retry::deadline`](crate::Retry::deadline).
pub struct DeviceCode {
    endpoint: TokenEndpoint,
    store: Arc<dyn TokenStore>,
    show: Show,
    user: Mutex<Option<Arc<User>>>,
}

impl DeviceCode {
    /// Creates the provider. `show` tells the person which page to open and which code to enter. The refresh token of
    /// the sign-in, and each one that replaces it, is saved to `store`.
    ///
    /// # Errors
    /// If the sign-in root of the cloud or the tenant is invalid.
    pub fn new(
        cloud: Cloud,
        tenant: impl Into<String>,
        client_id: impl Into<String>,
        store: impl TokenStore,
        show: impl Fn(DevicePrompt) + Send + Sync + 'static,
    ) -> Result<Self, TokenError> {
        let endpoint = TokenEndpoint::new(cloud, tenant.into(), client_id.into())?;
        Ok(Self { endpoint, store: Arc::new(store), show: Box::new(show), user: Mutex::default() })
    }

    async fn sign_in(&self) -> Result<AccessToken, TokenError> {
        let scope = format!("{} offline_access", self.endpoint.scope("user_impersonation"));
        let response = self
            .endpoint
            .post("devicecode", &[("scope", &scope)])
            .await?
            .map_err(Refusal::into_error)?;
        let (authorization, prompt) = DeviceAuthorization::read(&response)?;
        (self.show)(prompt);
        let tokens = self.poll(authorization).await?;
        if let Some(refresh) = tokens.refresh {
            let user = Arc::new(User::new(refresh.clone(), Arc::clone(&self.store)));
            *self.user.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&user));
            user.replace(refresh).await?;
        }
        Ok(tokens.access)
    }

    /// Polls the endpoint until the person has signed in.
    async fn poll(&self, mut authorization: DeviceAuthorization) -> Result<Tokens, TokenError> {
        let started = Instant::now();
        let form = [
            ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
            ("device_code", authorization.code.expose_secret()),
        ];
        loop {
            tokio::time::sleep(authorization.interval).await;
            let is_expired = || started.elapsed() >= authorization.expires_in;
            let refusal = match self.endpoint.post("token", &form).await {
                Ok(Ok(value)) => return Tokens::read(&value),
                Ok(Err(refusal)) => refusal,
                // The person may still be signing in, so keep polling after a lost connection.
                Err(error) if error.is_retryable() && !is_expired() => continue,
                Err(error) => return Err(error),
            };
            match refusal.error.as_str() {
                _ if is_expired() => return Err(code_expired()),
                "authorization_pending" => {}
                "slow_down" => authorization.interval += Duration::from_secs(5), // RFC 8628, section 3.5
                "expired_token" => return Err(code_expired()),
                "authorization_declined" | "access_denied" => {
                    return Err(TokenError::new("the sign-in was declined"));
                }
                _ => return Err(refusal.into_error()),
            }
        }
    }
}

impl TokenProvider for DeviceCode {
    fn token(&self) -> BoxFuture<'_, Result<AccessToken, TokenError>> {
        Box::pin(async {
            let user = self.user.lock().unwrap_or_else(PoisonError::into_inner).clone();
            match user {
                Some(user) => user.refresh(&self.endpoint).await,
                None => self.sign_in().await,
            }
        })
    }
}

uses_token_endpoint!(DeviceCode.endpoint);

/// A device code and how to poll for its sign-in.
struct DeviceAuthorization {
    code: SecretString,
    expires_in: Duration,
    interval: Duration,
}

impl DeviceAuthorization {
    fn read(response: &Value) -> Result<(Self, DevicePrompt), TokenError> {
        let seconds =
            |key: &str, default| Duration::from_secs(response[key].as_u64().unwrap_or(default));
        let text = |key: &str| response[key].as_str().unwrap_or_default().to_owned();
        let code = SecretString::from(text("device_code"));
        let (expires_in, interval) = (seconds("expires_in", 900), seconds("interval", 5));
        if code.expose_secret().is_empty() || text("user_code").is_empty() {
            return Err(TokenError::new(
                "the response of the sign-in endpoint contains no device code",
            ));
        }
        let prompt = DevicePrompt {
            verification_uri: text("verification_uri"),
            user_code: text("user_code"),
            expires_in,
        };
        Ok((Self { code, expires_in, interval }, prompt))
    }
}

fn code_expired() -> TokenError {
    TokenError::new("the code expired before anyone signed in")
}
