//! The OpenID Connect token of a job in GitHub Actions
//! (<https://docs.github.com/en/actions/reference/security/oidc>).

use http::{HeaderMap, HeaderValue, StatusCode};
use partner_center_devices_raw::transport::{TooLarge, UnreadableEncoding};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use url::Url;

use super::request_limits::{TIMEOUT, read_response, retrying, unusable_network};
use super::token_error::TokenError;
use super::token_response::{describe, is_outage};
use crate::base_url::is_loopback;
use crate::calls::retry::AttemptOutcome;
use crate::calls::retry_after::requested_delay;
use crate::network::Network;
use crate::root_cause::{is_about_certificate, refuses_own_certificate, root_cause};

/// The address and the secret with which a job requests its token.
pub(super) struct GithubOidc {
    /// Without the audience.
    url: Url,
    authorization: HeaderValue,
}

impl GithubOidc {
    pub(super) fn new(request_url: &str, request_token: SecretString) -> Result<Self, TokenError> {
        let invalid = |problem: &str| {
            TokenError::new(format!("the address for GitHub's tokens is invalid: {problem}"))
        };
        let mut url = Url::parse(request_url.trim()).map_err(|_| invalid("it is not a URL"))?;
        if url.scheme() != "https" && !(url.scheme() == "http" && is_loopback(&url)) {
            return Err(invalid("it is not https"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(invalid("it contains a user name or password"));
        }
        url.set_fragment(None);
        let secret = request_token.expose_secret().trim();
        let mut authorization = HeaderValue::try_from(format!("Bearer {secret}"))
            .ok()
            .filter(|_| !secret.is_empty())
            .ok_or_else(|| TokenError::new("the request token of GitHub Actions is invalid"))?;
        authorization.set_sensitive(true);
        Ok(Self { url, authorization })
    }

    /// Requests a token for an audience. It is valid for a few minutes.
    pub(super) async fn token(
        &self,
        audience: &str,
        network: &Network,
    ) -> Result<SecretString, TokenError> {
        let url = self.url(audience);
        let http = network.pool(self.url.as_str()).map_err(unusable_network)?;
        retrying(|| self.request(&http, url.clone(), network)).await
    }

    /// Returns the address of a token for an audience.
    fn url(&self, audience: &str) -> Url {
        let mut url = self.url.clone();
        url.query_pairs_mut().append_pair("audience", audience);
        url
    }

    async fn request(
        &self,
        http: &reqwest::Client,
        url: Url,
        network: &Network,
    ) -> (AttemptOutcome, Result<SecretString, TokenError>) {
        let sent = http
            .get(url)
            .header("authorization", self.authorization.clone())
            .header("accept", "application/json; api-version=2.0")
            .timeout(TIMEOUT)
            .send()
            .await;
        let response = match sent {
            Ok(response) => http::Response::from(response),
            Err(error) if error.is_connect() || refuses_own_certificate(&error) => {
                let is_untrusted = is_about_certificate(&error);
                let cause = root_cause(&error.without_url());
                let problem = network.explain(self.url.as_str(), &cause).await;
                let message = failure(&problem.text);
                return match is_untrusted {
                    true => (AttemptOutcome::Untrusted, Err(TokenError::untrusted(message))),
                    false => (problem.outcome(), Err(TokenError::not_connected(message, &problem))),
                };
            }
            Err(error) => {
                let problem = root_cause(&error.without_url());
                return (AttemptOutcome::Interrupted, Err(failed(&problem).retryable()));
            }
        };
        let (mut parts, body) = response.into_parts();
        let body = match read_response(&mut parts, body).await {
            Ok(body) => body,
            Err(error) if error.is::<TooLarge>() || error.is::<UnreadableEncoding>() => {
                let message = format!(
                    "something else than GitHub responded to the request for a token: {error}"
                );
                return (AttemptOutcome::Unusable, Err(TokenError::intercepted(message)));
            }
            Err(error) => {
                let problem = root_cause(&*error);
                return (AttemptOutcome::Interrupted, Err(failed(&problem).retryable()));
            }
        };
        match read(parts.status, &parts.headers, &body) {
            Err(error) if is_outage(parts.status) => {
                let delay = requested_delay(parts.status, &parts.headers, &body);
                (AttemptOutcome::Response(parts.status, delay), Err(error))
            }
            result => (AttemptOutcome::Unusable, result),
        }
    }
}

fn failed(problem: &str) -> TokenError {
    TokenError::new(failure(problem))
}

fn failure(problem: &str) -> String {
    format!("could not get the token of GitHub Actions: {problem}")
}

/// Reads the token in a response. Errors do not quote the response, except for the title of a page.
fn read(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Result<SecretString, TokenError> {
    let value: Option<Value> = serde_json::from_slice(body).ok();
    let token = value.as_ref().and_then(|value| value["value"].as_str());
    if let Some(token) = token.filter(|token| status.is_success() && !token.is_empty()) {
        return Ok(token.to_owned().into());
    }
    let content = describe(status, headers, body);
    Err(match status {
        StatusCode::TOO_MANY_REQUESTS => failed(&format!(
            "GitHub allows no more requests at the moment ({status}); try again in a few minutes"
        ))
        .retryable(),
        _ if is_outage(status) => failed(&format!(
            "GitHub's token service failed ({status}); run the job again in a few minutes, or look at https://www.githubstatus.com"
        ))
        .retryable(),
        StatusCode::NOT_FOUND => failed(&format!(
            "GitHub does not know the address of the request ({status}); use ACTIONS_ID_TOKEN_REQUEST_URL of the running job as it is, and give the job `permissions: id-token: write`"
        )),
        _ if status.is_client_error() => failed(&format!(
            "{status}; the job needs the permission id-token: write, and its request token is valid only while it runs"
        )),
        _ => TokenError::intercepted(format!(
            "something else than GitHub responded to the request for a token ({status}): the response is {content}"
        )),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_request_token_goes_to_the_https_address_only() {
        let new = |url: &str| GithubOidc::new(url, "planted".into());
        for (url, words) in [
            ("http://actions.example/token", "not https"),
            ("actions.example", "not a URL"),
            ("file:///etc/passwd", "not https"),
            ("https://vstoken.actions.githubusercontent.com@evil.test/x", "user name"),
        ] {
            let error = new(url).err().unwrap().to_string();
            assert!(error.contains(words) && !error.contains("planted"), "{url}: {error}");
        }
        let github = new("https://actions.example/a/b?api-version=2.0#x").unwrap();
        assert_eq!(
            github.url("api://AzureADTokenExchange").as_str(),
            "https://actions.example/a/b?api-version=2.0&audience=api%3A%2F%2FAzureADTokenExchange"
        );
        assert!(new("http://127.0.0.1:9/t").is_ok(), "this machine");
        for token in ["", " \n", "a\nb"] {
            assert!(GithubOidc::new("https://actions.example", token.into()).is_err());
        }
    }

    #[test]
    fn a_response_has_a_token_or_a_problem() {
        for (status, body, expected) in [
            (200, r#"{"value":"eyJ.a.b","count":7}"#, Ok("eyJ.a.b")),
            (200, r#"{"value":""}"#, Err(("JSON without a token", true))),
            (200, "<html><title>Web filter</title>", Err(("Web filter", true))),
            (302, "", Err(("a redirect", true))),
            (403, r#"{"value":"planted"}"#, Err(("id-token: write", false))),
            (404, "", Err(("ACTIONS_ID_TOKEN_REQUEST_URL", false))),
            (429, "", Err(("no more requests at the moment (429", true))),
            (503, "", Err(("GitHub's token service failed (503", true))),
        ] {
            let read =
                read(StatusCode::from_u16(status).unwrap(), &HeaderMap::new(), body.as_bytes());
            assert!(!format!("{read:?}").contains("planted"), "{read:?}");
            match (&read, expected) {
                (Ok(token), Ok(expected)) => assert_eq!(token.expose_secret(), expected),
                (Err(error), Err((words, is_retryable))) => {
                    assert!(error.to_string().contains(words), "{error}");
                    assert_eq!(error.is_retryable(), is_retryable, "{error}");
                }
                _ => panic!("{status} {body}: {read:?}"),
            }
        }
    }
}
