//! Sign-in by device code: a person signs in with a browser, possibly on another device.

use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use tokio::time::Instant;
use url::Url;

use super::access_token::AccessToken;
use super::cloud::Cloud;
use super::token_endpoint::{TokenEndpoint, uses_token_endpoint};
use super::token_error::{OAuthError, TokenError};
use super::token_response::{Tokens, whole_number};
use super::token_store::TokenStore;
use super::user::User;

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
/// ([`TokenProvider::token`](crate::TokenProvider::token)), or give the first call a longer [`Retry::deadline`](crate::Retry::deadline). If the store has a
/// token ([`TokenStore::load`]) that still works, the prompt is not shown.
///
/// Only requests before the first token show the prompt. If a person must sign in again later, token requests fail with
/// [`TokenError::needs_sign_in`], because perhaps no one would answer; [`sign_in`](Self::sign_in) shows the prompt then. A
/// service that must never ask uses [`RefreshToken::stored`](crate::RefreshToken::stored).
pub struct DeviceCode {
    endpoint: TokenEndpoint,
    show: Show,
    user: User,
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
        Ok(Self { endpoint, show: Box::new(show), user: User::new(None, Arc::new(store)) })
    }

    async fn request(&self, claims: Option<&str>) -> Result<AccessToken, TokenError> {
        self.user.refresh_or_ask(&self.endpoint, claims, self.ask(claims)).await
    }

    /// Asks the person to sign in now, even if there is a stored token. Use it after an error that
    /// [`needs_sign_in`](TokenError::needs_sign_in), in a program with a person in front of it. The
    /// [`claims`](TokenError::claims) that the error demands are requested.
    ///
    /// # Errors
    /// If the sign-in fails, or no one signs in before the code expires.
    pub async fn sign_in(&self) -> Result<AccessToken, TokenError> {
        let _lock = self.user.lock().await?;
        self.ask(None).await
    }

    async fn ask(&self, claims: Option<&str>) -> Result<AccessToken, TokenError> {
        let tokens = self.user.keep_claims(self.tokens_of_person(claims).await)?;
        self.user.accept(tokens).await
    }

    async fn tokens_of_person(&self, claims: Option<&str>) -> Result<Tokens, TokenError> {
        let scope = self.endpoint.user_scope();
        let mut form = vec![("scope", scope.as_str())];
        let claims = self.user.claims_or(claims);
        form.extend(claims.as_deref().map(|claims| ("claims", claims)));
        let response =
            self.endpoint.post("devicecode", &form).await?.map_err(TokenError::refused)?;
        let (authorization, prompt) = DeviceAuthorization::read(&response)?;
        (self.show)(prompt);
        self.poll(authorization).await
    }

    /// Polls the endpoint until the person has signed in.
    async fn poll(&self, mut authorization: DeviceAuthorization) -> Result<Tokens, TokenError> {
        let started = Instant::now();
        let form = [
            ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
            ("device_code", authorization.code.expose_secret()),
        ];
        loop {
            // The last poll is at the end of the code.
            let rest = authorization.expires_in.saturating_sub(started.elapsed());
            let least = Duration::from_secs(*INTERVAL.start());
            tokio::time::sleep(authorization.interval.min(rest).max(least)).await;
            let reply = self.endpoint.post("token", &form).await;
            match after_poll(reply, started.elapsed() >= authorization.expires_in)? {
                AfterPoll::SignedIn(response) => return Tokens::read(&response),
                AfterPoll::PollAgain => {}
                AfterPoll::SlowDown => authorization.interval += SLOW_DOWN,
            }
        }
    }
}

/// The lifetime of a code, if the response contains no number.
const DEFAULT_LIFETIME: u64 = 900;
/// The shortest and the longest lifetime that are used. Endpoints give a code about 15 minutes.
const LIFETIME: RangeInclusive<u64> = 60..=3600;

/// The delay between two polls, if the response contains no number (RFC 8628, section 3.2).
const DEFAULT_INTERVAL: u64 = 5;
/// The shortest and the longest delay between two polls that are used.
const INTERVAL: RangeInclusive<u64> = 1..=60;

/// The code of a person who declined to consent to the app.
const CONSENT_DECLINED: u32 = 65004;

/// The number of seconds that `slow_down` adds to the interval (RFC 8628, section 3.5).
const SLOW_DOWN: Duration = Duration::from_secs(5);

/// The next step after a poll.
#[derive(Debug, PartialEq)]
enum AfterPoll {
    SignedIn(Value),
    PollAgain,
    SlowDown,
}

/// Returns the next step after a poll. The person may still be signing in, so an outage or a lost connection does not
/// end the polling before the code expires.
fn after_poll(
    reply: Result<Result<Value, OAuthError>, TokenError>,
    is_expired: bool,
) -> Result<AfterPoll, TokenError> {
    let refusal = match reply {
        Ok(Ok(response)) => return Ok(AfterPoll::SignedIn(response)),
        Ok(Err(refusal)) => refusal,
        Err(error) if error.may_pass_soon() && !is_expired => return Ok(AfterPoll::PollAgain),
        Err(error) => return Err(error),
    };
    match refusal.error.as_str() {
        "authorization_declined" | "access_denied" if is_by_person(&refusal) => {
            Err(TokenError::new("the sign-in was declined"))
        }
        "authorization_declined" | "access_denied" => Err(TokenError::refused(refusal)),
        _ if is_expired => Err(code_expired()),
        "authorization_pending" => Ok(AfterPoll::PollAgain),
        "slow_down" => Ok(AfterPoll::SlowDown),
        "expired_token" => Err(code_expired()),
        _ => Err(TokenError::refused(refusal)),
    }
}

/// Returns true if a refused sign-in names no other reason than the person. A policy of the tenant has another code.
fn is_by_person(refusal: &OAuthError) -> bool {
    match refusal.codes.as_slice() {
        [] => refusal.description.is_empty(),
        codes => codes.iter().all(|code| *code == CONSENT_DECLINED),
    }
}

uses_token_endpoint!(DeviceCode.endpoint, is_app_only: false);

/// A device code and how to poll for its sign-in.
struct DeviceAuthorization {
    code: SecretString,
    expires_in: Duration,
    interval: Duration,
}

impl DeviceAuthorization {
    fn read(response: &Value) -> Result<(Self, DevicePrompt), TokenError> {
        let seconds = |key: &str, default, range: RangeInclusive<u64>| {
            let seconds = whole_number(&response[key]).unwrap_or(default);
            Duration::from_secs(seconds.clamp(*range.start(), *range.end()))
        };
        let text = |key: &str| {
            let text = response[key].as_str().unwrap_or_default();
            text.chars().filter(|c| !c.is_control()).collect::<String>()
        };
        let code = SecretString::from(text("device_code"));
        let expires_in = seconds("expires_in", DEFAULT_LIFETIME, LIFETIME);
        let interval = seconds("interval", DEFAULT_INTERVAL, INTERVAL);
        if code.expose_secret().is_empty() || text("user_code").is_empty() {
            return Err(TokenError::new(
                "the response of the sign-in endpoint contains no device code",
            ));
        }
        let page = ["verification_uri", "verification_url"].map(text);
        let page = page.iter().find(|page| !page.is_empty()).ok_or_else(|| {
            TokenError::new(
                "the response of the sign-in endpoint has no address where to enter the code",
            )
        })?;
        let prompt = DevicePrompt {
            verification_uri: web_address(page)?,
            user_code: text("user_code"),
            expires_in,
        };
        Ok((Self { code, expires_in, interval }, prompt))
    }
}

/// Returns the address of the sign-in page in the form of a browser, which has no invisible characters.
fn web_address(text: &str) -> Result<String, TokenError> {
    let url = Url::parse(text.trim()).ok();
    let url = url.filter(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.username().is_empty()
            && url.password().is_none()
    });
    url.map(String::from).ok_or_else(|| {
        TokenError::new(
            "the address where to enter the code, in the response of the sign-in endpoint, is not the address of a web page",
        )
    })
}

fn code_expired() -> TokenError {
    TokenError::new("the code expired before anyone signed in")
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, StatusCode};
    use serde_json::json;

    use super::super::token_response::{self, Reply};
    use super::*;

    fn refusal(error: &str) -> Result<Result<Value, OAuthError>, TokenError> {
        Ok(Err(OAuthError { error: error.to_owned(), ..OAuthError::default() }))
    }

    #[test]
    fn only_a_refusal_without_another_reason_is_declined() {
        let refusal = |error: &str, description: &str, codes: &[u32]| OAuthError {
            error: error.to_owned(),
            description: description.to_owned(),
            codes: codes.to_vec(),
            ..OAuthError::default()
        };
        for (refusal, message, code) in [
            (refusal("access_denied", "", &[]), "the sign-in was declined", None),
            (
                refusal("authorization_declined", "AADSTS65004: No.", &[65004]),
                "the sign-in was declined",
                None,
            ),
            (
                refusal("access_denied", "AADSTS53003: Blocked.", &[53003]),
                "AADSTS53003: Blocked.",
                Some("AADSTS53003"),
            ),
            (
                refusal("authorization_declined", "AADSTS53003: Blocked.", &[53003]),
                "AADSTS53003: Blocked.",
                Some("AADSTS53003"),
            ),
            (
                refusal("access_denied", "Not here.", &[]),
                "Not here. (access_denied)",
                Some("access_denied"),
            ),
        ] {
            let error = after_poll(Ok(Err(refusal)), false).unwrap_err();
            assert_eq!((error.to_string().as_str(), error.code()), (message, code));
            assert_eq!(error.hint().is_some(), error.codes() == [53003], "{error}");
        }
    }

    #[test]
    fn odd_lifetimes_intervals_and_addresses_are_bounded_or_refused() {
        let read = |members: Value| {
            let mut response = json!({"device_code": "c", "user_code": "U"});
            response.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
            DeviceAuthorization::read(&response).map_err(|error| error.to_string())
        };
        let page = "https://microsoft.com/devicelogin";
        for (expires_in, interval, expected) in [
            (Value::Null, Value::Null, (900, 5)),
            (json!(900), json!(0), (900, 1)),
            (json!(0), json!(-1), (60, 5)),
            (json!(u64::MAX), json!(u64::MAX), (3600, 60)),
            (json!("600"), json!(" 7 "), (600, 7)),
            (json!(600.5), json!(2.9), (600, 2)),
            (json!("soon"), json!([]), (900, 5)),
        ] {
            let members =
                json!({"verification_uri": page, "expires_in": expires_in, "interval": interval});
            let (authorization, prompt) = read(members).unwrap();
            assert_eq!(prompt.expires_in, authorization.expires_in);
            let seconds = (prompt.expires_in.as_secs(), authorization.interval.as_secs());
            assert_eq!(seconds, expected, "{expires_in} {interval}");
        }
        let (_, prompt) = read(json!({"verification_uri": "", "verification_url": page})).unwrap();
        assert_eq!(prompt.verification_uri, page);
        for (uri, words) in [
            (Value::Null, "no address"),
            (json!("\u{1b}"), "no address"),
            (json!("javascript:alert(1)"), "not the address of a web page"),
            (json!("file:///etc/passwd"), "not the address of a web page"),
            (json!("https://microsoft.com@evil.test/"), "not the address of a web page"),
            (json!("microsoft.com/devicelogin"), "not the address of a web page"),
        ] {
            let error = read(json!({"verification_uri": uri})).err().unwrap();
            assert!(error.contains(words), "{uri}: {error}");
        }
    }

    /// Some gateways turn each response of the endpoint into a success.
    #[test]
    fn a_pending_code_is_polled_again_with_any_status() {
        for (error, expected) in
            [("authorization_pending", AfterPoll::PollAgain), ("slow_down", AfterPoll::SlowDown)]
        {
            let body = json!({ "error": error }).to_string();
            for status in [StatusCode::OK, StatusCode::BAD_REQUEST] {
                let reply = token_response::read(
                    status,
                    &HeaderMap::new(),
                    body.as_bytes(),
                    "access_token",
                );
                let Reply::Refused(error) = reply else { panic!("{reply:?}") };
                assert_eq!(after_poll(Ok(Err(error)), false).unwrap(), expected, "{status}");
            }
        }
    }

    #[test]
    fn polling_continues_through_outages_until_the_code_expires() {
        let outage = || Err(TokenError::new("no response").retryable());
        let refused = || Err(TokenError::new("invalid"));
        let expired = "the code expired before anyone signed in";
        for (reply, is_expired, expected) in [
            (Ok(Ok(Value::Null)), false, Ok(AfterPoll::SignedIn(Value::Null))),
            (Ok(Ok(Value::Null)), true, Ok(AfterPoll::SignedIn(Value::Null))),
            (outage(), false, Ok(AfterPoll::PollAgain)),
            (outage(), true, Err("no response")),
            // A web filter answers each poll.
            (Err(TokenError::intercepted("a page".to_owned())), false, Err("a page")),
            (refused(), false, Err("invalid")),
            (refusal("authorization_pending"), false, Ok(AfterPoll::PollAgain)),
            (refusal("authorization_pending"), true, Err(expired)),
            (refusal("slow_down"), false, Ok(AfterPoll::SlowDown)),
            (refusal("slow_down"), true, Err(expired)),
            (refusal("expired_token"), false, Err(expired)),
            (refusal("authorization_declined"), false, Err("the sign-in was declined")),
            (refusal("invalid_grant"), false, Err("invalid_grant")),
        ] {
            let words = format!("{reply:?} {is_expired}");
            let after = after_poll(reply, is_expired).map_err(|error| error.to_string());
            assert_eq!(after, expected.map_err(ToOwned::to_owned), "{words}");
        }
    }
}
