//! Sign-in by device code: a person signs in with a browser, possibly on another device.

use std::sync::Arc;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use tokio::time::Instant;

use super::access_token::AccessToken;
use super::cloud::Cloud;
use super::token_endpoint::{TokenEndpoint, uses_token_endpoint};
use super::token_error::{OAuthError, TokenError};
use super::token_response::Tokens;
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
        let _lock = self.user.lock().await?;
        match self.user.refresh_or_ask(&self.endpoint, claims).await? {
            Some(token) => Ok(token),
            None => self.ask(claims).await,
        }
    }

    /// Asks the person to sign in now, even if there is a stored token. Use it after an error that
    /// [`needs_sign_in`](TokenError::needs_sign_in), in a program with a person in front of it.
    ///
    /// # Errors
    /// If the sign-in fails, or no one signs in before the code expires.
    pub async fn sign_in(&self) -> Result<AccessToken, TokenError> {
        let _lock = self.user.lock().await?;
        self.ask(None).await
    }

    async fn ask(&self, claims: Option<&str>) -> Result<AccessToken, TokenError> {
        let scope = self.endpoint.user_scope();
        let mut form = vec![("scope", scope.as_str())];
        form.extend(claims.map(|claims| ("claims", claims)));
        let response =
            self.endpoint.post("devicecode", &form).await?.map_err(TokenError::refused)?;
        let (authorization, prompt) = DeviceAuthorization::read(&response)?;
        (self.show)(prompt);
        self.user.accept(self.poll(authorization).await?).await
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
            let reply = self.endpoint.post("token", &form).await;
            match after_poll(reply, started.elapsed() >= authorization.expires_in)? {
                AfterPoll::SignedIn(response) => return Tokens::read(&response),
                AfterPoll::PollAgain => {}
                AfterPoll::SlowDown => authorization.interval += SLOW_DOWN,
            }
        }
    }
}

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
        "authorization_declined" | "access_denied" => {
            Err(TokenError::new("the sign-in was declined"))
        }
        _ if is_expired => Err(code_expired()),
        "authorization_pending" => Ok(AfterPoll::PollAgain),
        "slow_down" => Ok(AfterPoll::SlowDown),
        "expired_token" => Err(code_expired()),
        _ => Err(TokenError::refused(refusal)),
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
        let seconds =
            |key: &str, default| Duration::from_secs(response[key].as_u64().unwrap_or(default));
        let text = |key: &str| {
            let text = response[key].as_str().unwrap_or_default();
            text.chars().filter(|c| !c.is_control()).collect::<String>()
        };
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

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(error: &str) -> Result<Result<Value, OAuthError>, TokenError> {
        Ok(Err(OAuthError { error: error.to_owned(), ..OAuthError::default() }))
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
