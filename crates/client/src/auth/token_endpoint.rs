//! The token endpoint of Microsoft Entra: its requests and responses. A response is never printed, not even in an
//! error.

use bytes::Bytes;
use http::StatusCode;
use partner_center_devices_raw::transport::{TooLarge, UnreadableEncoding};
use partner_center_devices_raw::{BoxError, redact, web_page};
use secrecy::ExposeSecret;
use serde_json::Value;
use url::Url;

use super::client_credential::{ClientCredential, ProofFields};
use super::cloud::Cloud;
use super::request_limits::{TIMEOUT, read_response, retrying, unusable_network};
use super::token_error::{OAuthError, TokenError};
use super::token_response::{self, Reply, Tokens};
use crate::base_url::is_loopback;
use crate::calls::retry::AttemptOutcome;
use crate::calls::retry_after::requested_delay;
use crate::network::Network;
use crate::root_cause::{is_about_certificate, refuses_own_certificate, root_cause};

/// A form without the fields that identify the app.
type Form<'a> = [(&'a str, &'a str)];

/// The app, its tenant, and the connection to the endpoints. Every provider has one.
#[derive(Clone)]
pub(super) struct TokenEndpoint {
    http: reqwest::Client,
    pub(super) cloud: Cloud,
    pub(super) tenant: String,
    pub(super) client_id: String,
    credential: Option<ClientCredential>,
    network: Network,
}

impl TokenEndpoint {
    pub(super) fn new(cloud: Cloud, tenant: String, client_id: String) -> Result<Self, TokenError> {
        let invalid =
            || TokenError::new("the sign-in root is not a URL, or the tenant is not valid in one");
        let url = Url::parse(&cloud.authority).map_err(|_| invalid())?;
        if url.scheme() != "https" && !(url.scheme() == "http" && is_loopback(&url)) {
            return Err(TokenError::new(
                "the sign-in root is not https, so secrets would be sent unencrypted",
            ));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(TokenError::new(format!(
                "the sign-in root contains a user name or password, so its host is {}",
                url.host_str().unwrap_or_default()
            )));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(TokenError::new("the sign-in root has a query or a fragment"));
        }
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
        if tenant.is_empty() || tenant.starts_with('.') || !tenant.chars().all(is_plain) {
            return Err(invalid());
        }
        let network = Network::default();
        let http = network.pool(&cloud.authority).map_err(unusable_network)?;
        Ok(Self { http, cloud, tenant, client_id, credential: None, network })
    }

    pub(super) fn network(self, network: &Network) -> Result<Self, TokenError> {
        let http = network.pool(&self.cloud.authority).map_err(unusable_network)?;
        Ok(Self { http, network: network.clone(), ..self })
    }

    pub(super) fn set_credential(&mut self, credential: ClientCredential) {
        self.credential = Some(credential);
    }

    /// Returns the address of an endpoint of the tenant.
    fn url(&self, endpoint: &str) -> String {
        let root = self.cloud.authority.trim_end_matches('/');
        format!("{root}/{}/oauth2/v2.0/{endpoint}", self.tenant)
    }

    /// Returns the full name of a scope of the API.
    pub(super) fn scope(&self, name: &str) -> String {
        format!("{}/{name}", self.cloud.api.trim_end_matches('/'))
    }

    /// Returns the scope of a user's tokens, with a refresh token.
    pub(super) fn user_scope(&self) -> String {
        format!("{} offline_access", self.scope("user_impersonation"))
    }

    /// Requests tokens with a grant.
    pub(super) async fn tokens(&self, form: &Form<'_>) -> Result<Tokens, TokenError> {
        let reply = self.post("token", form).await?.map_err(TokenError::refused);
        reply.and_then(|value| Tokens::read(&value))
    }

    /// Posts a form to an endpoint of the tenant. Retries a throttled or failing endpoint; a refusal is returned.
    pub(super) async fn post(
        &self,
        endpoint: &str,
        form: &Form<'_>,
    ) -> Result<Result<Value, OAuthError>, TokenError> {
        retrying(|| self.post_once(endpoint, form)).await
    }

    async fn post_once(
        &self,
        endpoint: &str,
        form: &Form<'_>,
    ) -> (AttemptOutcome, Result<Result<Value, OAuthError>, TokenError>) {
        // Each attempt has its own assertion, because an assertion is valid for a short time and one request.
        let proof = match self.proof().await {
            Ok(proof) => proof,
            Err(error) => return (AttemptOutcome::Unusable, Err(error)),
        };
        let sent = self
            .http
            .post(self.url(endpoint))
            .header("content-type", "application/x-www-form-urlencoded")
            .header("accept", "application/json")
            .timeout(TIMEOUT)
            .body(self.encode(form, &proof))
            .send()
            .await;
        let root = self.cloud.authority.trim_end_matches('/');
        let response = match sent {
            Ok(response) => response,
            Err(error) if error.is_connect() || refuses_own_certificate(&error) => {
                return self.not_connected(error).await;
            }
            Err(error) => return (AttemptOutcome::Interrupted, Err(unreachable(root, error))),
        };
        let (mut parts, body) = http::Response::from(response).into_parts();
        let body = match read_response(&mut parts, body).await {
            Ok(body) => remove_secrets(parts.status, body, form, &proof),
            Err(error) if error.is::<TooLarge>() || error.is::<UnreadableEncoding>() => {
                let message =
                    format!("something else than the sign-in endpoint responded: {error}");
                return (AttemptOutcome::Unusable, Err(TokenError::intercepted(message)));
            }
            Err(error) => return (AttemptOutcome::Interrupted, Err(broken_off(root, error))),
        };
        let status = parts.status;
        let delay = requested_delay(status, &parts.headers, &body);
        let member = if endpoint == "token" { "access_token" } else { "device_code" };
        match token_response::read(status, &parts.headers, &body, member) {
            Reply::Success(value) => (AttemptOutcome::Response(status, None), Ok(Ok(value))),
            // A refusal of the client's credentials is a 401, which no other token would change.
            Reply::Refused(error) => (AttemptOutcome::Unusable, Ok(Err(error))),
            Reply::Outage(error) if status.is_server_error() => {
                (AttemptOutcome::Response(status, delay), Err(error))
            }
            Reply::Outage(error) if status == StatusCode::TOO_MANY_REQUESTS => {
                (AttemptOutcome::Response(status, delay), Err(error))
            }
            Reply::Outage(error) => {
                (AttemptOutcome::Response(StatusCode::SERVICE_UNAVAILABLE, delay), Err(error))
            }
            Reply::Foreign(error) => (AttemptOutcome::Unusable, Err(error)),
        }
    }

    /// Creates the error for a connection that could not be made. It names the proxy in use, or the issuer of a
    /// certificate that is not trusted.
    async fn not_connected<T>(
        &self,
        error: reqwest::Error,
    ) -> (AttemptOutcome, Result<T, TokenError>) {
        let error = error.without_url();
        let problem = self.network.explain(&self.cloud.authority, &root_cause(&error)).await;
        let message = format!("the sign-in is unreachable: {}", problem.text);
        let (outcome, unreachable) = if is_about_certificate(&error) {
            (AttemptOutcome::Untrusted, TokenError::untrusted(message))
        } else {
            (problem.outcome(), TokenError::not_connected(message, &problem))
        };
        (outcome, Err(unreachable.with_source(error)))
    }

    async fn proof(&self) -> Result<ProofFields, TokenError> {
        match &self.credential {
            Some(credential) => {
                credential.proof(&self.client_id, &self.url("token"), &self.network).await
            }
            None => Ok(Vec::new()),
        }
    }

    fn encode(&self, form: &Form<'_>, proof: &ProofFields) -> String {
        let proof = proof.iter().map(|(name, value)| (*name, value.expose_secret()));
        url::form_urlencoded::Serializer::new(String::new())
            .append_pair("client_id", &self.client_id)
            .extend_pairs(proof)
            .extend_pairs(form)
            .finish()
    }
}

/// Removes the secrets of the request from a refusal or a page, which may echo them. It runs before any other redaction,
/// because a truncated secret can no longer be recognized.
fn remove_secrets(status: StatusCode, body: Bytes, form: &Form<'_>, proof: &ProofFields) -> Bytes {
    if status.is_success() && !web_page::is_page(&body) && !token_response::is_error(&body) {
        return body; // the new refresh token may equal the old one
    }
    let is_secret = |(name, _): &&(&str, &str)| {
        matches!(*name, "refresh_token" | "device_code" | "code" | "code_verifier")
    };
    let mut secrets: Vec<&str> = form.iter().filter(is_secret).map(|(_, value)| *value).collect();
    let proof = proof.iter().filter(|(name, _)| *name != "client_assertion_type");
    secrets.extend(proof.map(|(_, value)| value.expose_secret()));
    redact::known_secrets(&String::from_utf8_lossy(&body), &secrets).into()
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

/// Creates the error for a response that broke off. Its cause could quote the path, so only the root cause is kept.
fn broken_off(root: &str, error: BoxError) -> TokenError {
    let cause = root_cause(&*error);
    TokenError::new(format!("the response of the sign-in at {root} broke off: {cause}")).retryable()
}

/// Implements [`TokenProvider`](crate::TokenProvider), `Debug` (without secrets) and `network` for a provider. `$endpoint`
/// is the field with its [`TokenEndpoint`]. The provider has a method `request`, which takes the claims of a challenge.
macro_rules! uses_token_endpoint {
    ($name:ident . $endpoint:tt, is_app_only: $is_app_only:literal) => {
        impl $crate::TokenProvider for $name {
            fn token(
                &self,
            ) -> partner_center_devices_raw::BoxFuture<
                '_,
                Result<$crate::AccessToken, $crate::TokenError>,
            > {
                Box::pin(self.request(None))
            }

            fn token_with_claims<'a>(
                &'a self,
                claims: &'a str,
            ) -> partner_center_devices_raw::BoxFuture<
                'a,
                Result<$crate::AccessToken, $crate::TokenError>,
            > {
                Box::pin(self.request(Some(claims)))
            }

            fn is_app_only(&self) -> bool {
                $is_app_only
            }
        }

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_with_the_status_of_a_success_echoes_no_secret() {
        let form = [("grant_type", "refresh_token"), ("refresh_token", "planted-token")];
        for (body, is_kept) in [
            (r#"{"access_token":"a","refresh_token":"planted-token"}"#, true),
            (r#"{"error":"invalid_grant","error_description":"planted-token"}"#, false),
            (r#"{"error":{"message":"AADSTS70000: planted-token"}}"#, false),
        ] {
            let rest = remove_secrets(StatusCode::OK, body.into(), &form, &Vec::new());
            assert_eq!(String::from_utf8_lossy(&rest).contains("planted-token"), is_kept, "{body}");
        }
    }

    #[test]
    fn rejects_a_sign_in_root_that_hides_its_host() {
        for (root, words) in [
            ("https://login.microsoftonline.com@evil.test", "its host is evil.test"),
            ("https://login.microsoftonline.com:x@evil.test/", "its host is evil.test"),
            ("https://evil.test/?https://login.microsoftonline.com", "query"),
            ("https://evil.test/#login.microsoftonline.com", "fragment"),
            ("http://login.microsoftonline.com", "not https"),
            ("login.microsoftonline.com", "not a URL"),
        ] {
            let cloud = Cloud { authority: root.to_owned(), ..Cloud::public() };
            let endpoint = TokenEndpoint::new(cloud, "t".to_owned(), "c".to_owned());
            let error = endpoint.err().unwrap().to_string();
            assert!(error.contains(words), "{root}: {error}");
        }
    }
}
