//! The token endpoint of Microsoft Entra: its requests and responses. A response is never printed, not even in an
//! error.

use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use partner_center_devices_raw::redact;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use tokio::time::Instant;
use url::Url;

use super::access_token::AccessToken;
use super::cloud::Cloud;
use super::token_error::TokenError;
use crate::base_url::is_loopback;
use crate::calls::request_kind::RepeatSafety;
use crate::calls::retry::{AttemptOutcome, Decision, Progress, Retry};
use crate::calls::retry_after::retry_after;
use crate::network::Network;
use crate::root_cause::root_cause;

const TIMEOUT: Duration = Duration::from_secs(30);
const MAX_ATTEMPTS: u32 = 4;
const DEADLINE: Duration = Duration::from_secs(60);

/// A form without the fields that identify the app.
type Form<'a> = [(&'a str, &'a str)];

/// The app, its tenant, and the connection to the endpoints. Every provider has one.
#[derive(Clone)]
pub(super) struct TokenEndpoint {
    http: reqwest::Client,
    /// True if the sign-in runs on this machine, for example in an emulator.
    is_loopback: bool,
    pub(super) cloud: Cloud,
    pub(super) tenant: String,
    pub(super) client_id: String,
    client_secret: Option<SecretString>,
}

impl TokenEndpoint {
    pub(super) fn new(cloud: Cloud, tenant: String, client_id: String) -> Result<Self, TokenError> {
        let invalid =
            || TokenError::new("the sign-in root is not a URL, or the tenant is not valid in one");
        let url = Url::parse(&cloud.authority).map_err(|_| invalid())?;
        let is_loopback = is_loopback(&url);
        if url.scheme() != "https" && !(url.scheme() == "http" && is_loopback) {
            return Err(TokenError::new(
                "the sign-in root is not https, so secrets would be sent unencrypted",
            ));
        }
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
        if tenant.is_empty() || tenant.starts_with('.') || !tenant.chars().all(is_plain) {
            return Err(invalid());
        }
        let http = Network::default().pool(is_loopback).map_err(unusable_network)?;
        Ok(Self { http, is_loopback, cloud, tenant, client_id, client_secret: None })
    }

    pub(super) fn network(self, network: &Network) -> Result<Self, TokenError> {
        Ok(Self { http: network.pool(self.is_loopback).map_err(unusable_network)?, ..self })
    }

    pub(super) fn set_client_secret(&mut self, secret: SecretString) {
        self.client_secret = Some(secret);
    }

    /// Returns the full name of a scope of the API.
    pub(super) fn scope(&self, name: &str) -> String {
        format!("{}/{name}", self.cloud.api.trim_end_matches('/'))
    }

    /// Requests tokens with a grant.
    pub(super) async fn tokens(&self, form: &Form<'_>) -> Result<Tokens, TokenError> {
        self.post("token", form)
            .await?
            .map_err(Refusal::into_error)
            .and_then(|value| Tokens::read(&value))
    }

    /// Posts a form to an endpoint of the tenant. Retries a throttled or failing endpoint; a refusal (400, 401) is
    /// returned.
    pub(super) async fn post(
        &self,
        endpoint: &str,
        form: &Form<'_>,
    ) -> Result<Result<Value, Refusal>, TokenError> {
        let retry = Retry::default().max_attempts(MAX_ATTEMPTS).deadline(DEADLINE);
        let body = self.encode(form);
        let (started, mut attempts) = (Instant::now(), 0);
        loop {
            attempts += 1;
            let (outcome, result) = self.post_once(endpoint, form, body.clone()).await;
            let progress = Progress {
                attempts,
                elapsed: started.elapsed(),
                token_refreshed: true,
                random: fastrand::f64(),
            };
            match retry.decide(RepeatSafety::NeedsRequestId, outcome, progress) {
                Decision::Retry(delay) => tokio::time::sleep(delay).await,
                _ => return result,
            }
        }
    }

    async fn post_once(
        &self,
        endpoint: &str,
        form: &Form<'_>,
        body: String,
    ) -> (AttemptOutcome, Result<Result<Value, Refusal>, TokenError>) {
        let root = self.cloud.authority.trim_end_matches('/');
        let sent = self
            .http
            .post(format!("{root}/{}/oauth2/v2.0/{endpoint}", self.tenant))
            .header("content-type", "application/x-www-form-urlencoded")
            .header("accept", "application/json")
            .timeout(TIMEOUT)
            .body(body)
            .send()
            .await;
        let response = match sent {
            Ok(response) => response,
            Err(error) if error.is_connect() => {
                return (AttemptOutcome::NotConnected, Err(unreachable(root, error)));
            }
            Err(error) => return (AttemptOutcome::Interrupted, Err(unreachable(root, error))),
        };
        let (status, delay) = (response.status(), retry_after(response.headers()));
        match response.bytes().await {
            Ok(bytes) => {
                let bytes = self.remove_secrets(status, bytes, form);
                (AttemptOutcome::Response(status, delay), read(status, &bytes))
            }
            Err(error) => (AttemptOutcome::Interrupted, Err(unreachable(root, error))),
        }
    }

    /// Removes the secrets of the request from a refusal, which may echo them. It runs before any other redaction,
    /// because a truncated secret can no longer be recognized.
    fn remove_secrets(&self, status: StatusCode, body: Bytes, form: &Form<'_>) -> Bytes {
        if status.is_success() {
            return body; // the new refresh token may equal the old one
        }
        let is_secret =
            |(name, _): &&(&str, &str)| matches!(*name, "refresh_token" | "device_code");
        let mut secrets: Vec<&str> =
            form.iter().filter(is_secret).map(|(_, value)| *value).collect();
        secrets.extend(self.client_secret.as_ref().map(ExposeSecret::expose_secret));
        redact::known_secrets(&String::from_utf8_lossy(&body), &secrets).into()
    }

    fn encode(&self, form: &Form<'_>) -> String {
        let mut body = url::form_urlencoded::Serializer::new(String::new());
        body.append_pair("client_id", &self.client_id);
        if let Some(secret) = &self.client_secret {
            body.append_pair("client_secret", secret.expose_secret());
        }
        body.extend_pairs(form).finish()
    }
}

fn unusable_network(error: reqwest::Error) -> TokenError {
    TokenError::new("the TLS or proxy settings are invalid").with_source(error.without_url())
}

/// Creates the error for an endpoint that cannot be reached. It names only the root, because the path contains the
/// tenant.
fn unreachable(root: &str, error: reqwest::Error) -> TokenError {
    let error = error.without_url();
    let cause = root_cause(&error);
    TokenError::new(format!("could not reach the sign-in at {root}: {cause}"))
        .retryable()
        .with_source(error)
}

/// An error response of the endpoint, in the OAuth format.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) error: String,
    description: String,
    code: Option<String>,
}

impl Refusal {
    pub(super) fn into_error(self) -> TokenError {
        let code = self.code.unwrap_or_else(|| self.error.clone());
        let message = if self.description.is_empty() { self.error } else { self.description };
        TokenError::from_endpoint(message, code)
    }
}

/// Reads a response: a success, a refusal in the OAuth format, or anything else.
fn read(status: StatusCode, body: &[u8]) -> Result<Result<Value, Refusal>, TokenError> {
    let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
    // The parser's message is dropped, because it could quote the body.
    let value: Option<Value> = serde_json::from_slice(body).ok();
    match value {
        Some(value) if status.is_success() => Ok(Ok(value)),
        Some(value) if value["error"].is_string() => {
            let text = |key: &str| redact::message(value[key].as_str().unwrap_or_default());
            let code = value["error_codes"][0].as_u64().map(|number| format!("AADSTS{number}"));
            Ok(Err(Refusal { error: text("error"), description: text("error_description"), code }))
        }
        _ => {
            let is_retryable = status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS;
            let error =
                TokenError::new(format!("the sign-in endpoint did not return a token ({status})"));
            Err(if is_retryable { error.retryable() } else { error })
        }
    }
}

/// The tokens of a successful response.
pub(super) struct Tokens {
    pub(super) access: AccessToken,
    pub(super) refresh: Option<SecretString>,
}

impl Tokens {
    pub(super) fn read(value: &Value) -> Result<Self, TokenError> {
        let secret = |key: &str| {
            let text = value[key].as_str().filter(|text| !text.is_empty())?;
            Some(SecretString::from(text.to_owned()))
        };
        let missing =
            || TokenError::new("the response of the sign-in endpoint contains no access token");
        let mut access = AccessToken::new(secret("access_token").ok_or_else(missing)?);
        // v2 endpoints write a number, v1 endpoints a string.
        let lifetime = match &value["expires_in"] {
            Value::Number(number) => number.as_u64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        if let Some(seconds) = lifetime {
            access = access.expires_in(Duration::from_secs(seconds));
        }
        Ok(Self { access, refresh: secret("refresh_token") })
    }
}

/// Implements `Debug` (without secrets) and `network` for a provider. `$endpoint` is the field with its
/// [`TokenEndpoint`].
macro_rules! uses_token_endpoint {
    ($name:ident . $endpoint:tt) => {
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name))
                    .field("cloud", &self.$endpoint.cloud)
                    .field("tenant", &self.$endpoint.tenant)
                    .field("client_id", &self.$endpoint.client_id)
                    .finish_non_exhaustive()
            }
        }

        impl $name {
            /// Sets the proxy, certificate authorities and `User-Agent` of the sign-in.
            ///
            /// # Errors
            /// If the address of the proxy or a certificate is invalid.
            pub fn network(
                mut self,
                network: $crate::network::Network,
            ) -> Result<Self, $crate::auth::token_error::TokenError> {
                self.$endpoint = self.$endpoint.network(&network)?;
                Ok(self)
            }
        }
    };
}

pub(super) use uses_token_endpoint;
