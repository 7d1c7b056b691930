//! Decides what a refusal of the sign-in says. Numbers and words are those of Microsoft Entra
//! (<https://learn.microsoft.com/en-us/entra/identity-platform/reference-error-codes>), or of answers that people
//! have posted; where neither has any, the nearest number stands, and `docs/differences.md` says which. Words
//! never repeat a secret, a code or a token.

use bytes::Bytes;
use http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderValue, PRAGMA};
use http::{Response, StatusCode};
use jiff::Timestamp;
use serde_json::{Value, json};

/// A refusal, before it becomes an answer.
#[derive(Debug)]
pub(super) struct OAuthError {
    status: StatusCode,
    error: &'static str,
    /// The number after `AADSTS`.
    pub(super) code: u32,
    words: String,
    allow: Option<&'static str>,
}

/// The ids and the time that each refusal carries.
pub(super) struct Trace {
    pub(super) id: String,
    pub(super) correlation: String,
    pub(super) now: i64,
}

impl OAuthError {
    fn new(error: &'static str, code: u32, words: impl Into<String>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, error, code, words: words.into(), allow: None }
    }

    /// What is wrong with the app itself has status 401.
    fn client(code: u32, words: impl Into<String>) -> Self {
        Self { status: StatusCode::UNAUTHORIZED, ..Self::new("invalid_client", code, words) }
    }

    pub(super) fn missing(name: &str) -> Self {
        Self::new(
            "invalid_request",
            900_144,
            format!("The request body must contain the following parameter: '{name}'."),
        )
    }

    pub(super) fn twice(name: &str) -> Self {
        Self::new(
            "invalid_request",
            9_000_411,
            format!("The request is not properly formatted. The parameter '{name}' is duplicated."),
        )
    }

    pub(super) fn wrong_method(allow: &'static str) -> Self {
        Self {
            status: StatusCode::METHOD_NOT_ALLOWED,
            allow: Some(allow),
            ..Self::new(
                "invalid_request",
                900_561,
                format!("The endpoint only accepts {allow} requests."),
            )
        }
    }

    pub(super) fn unsupported_grant() -> Self {
        Self::new("unsupported_grant_type", 70003, "The app requested an unsupported grant type.")
    }

    pub(super) fn unknown_client(id: &str, tenant: &str) -> Self {
        let words = format!(
            "Application with identifier '{id}' was not found in the directory '{tenant}'. This can happen if \
             the application has not been installed by the administrator of the tenant or consented to by any \
             user in the tenant. You may have sent your authentication request to the wrong tenant."
        );
        Self::new("unauthorized_client", 700_016, words)
    }

    pub(super) fn wrong_secret(id: &str) -> Self {
        let words = format!(
            "Invalid client secret provided. Ensure the secret being sent in the request is the client secret \
             value, not the client secret ID, for a secret added to app '{id}'."
        );
        Self::client(7_000_215, words)
    }

    pub(super) fn no_secret() -> Self {
        Self::client(
            7_000_218,
            "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
        )
    }

    pub(super) fn public_client() -> Self {
        Self::client(
            700_025,
            "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.",
        )
    }

    pub(super) fn bad_assertion() -> Self {
        Self::client(
            700_027,
            "The certificate with identifier used to sign the client assertion is not registered on application.",
        )
    }

    pub(super) fn bad_scope(scope: &str) -> Self {
        let words = format!(
            "The provided request must include a 'scope' input parameter. The provided value for the input \
             parameter 'scope' is not valid. The scope {scope} is not valid. .default scope can't be combined \
             with resource-specific scopes."
        );
        Self::new("invalid_scope", 70011, words)
    }

    pub(super) fn not_default(scope: &str) -> Self {
        let words = format!(
            "The provided value for scope {scope} is not valid. Client credential flows must have a scope value \
             with /.default suffixed to the resource identifier (application ID URI)."
        );
        Self::new("invalid_scope", 1_002_012, words)
    }

    pub(super) fn two_resources() -> Self {
        Self::new(
            "invalid_request",
            28000,
            "Provided value for the input parameter scope is not valid because it contains more than one \
             resource.",
        )
    }

    pub(super) fn no_such_permission(name: &str, resource: &str) -> Self {
        let words = format!(
            "The application asked for scope '{name}' that doesn't exist on the resource '{resource}'."
        );
        Self::new("invalid_scope", 650_053, words)
    }

    pub(super) fn no_such_resource(name: &str) -> Self {
        let words = format!("The resource principal named {name} was not found in the tenant.");
        Self::new("invalid_resource", 500_011, words)
    }

    /// A refresh token or authorization code that was not given out here.
    pub(super) fn malformed_grant() -> Self {
        Self::new("invalid_grant", 9_002_313, "Invalid request. Request is malformed or invalid.")
    }

    pub(super) fn other_client() -> Self {
        Self::new(
            "invalid_grant",
            70000,
            "Provided grant is invalid or malformed: it was given to another application.",
        )
    }

    /// A refresh token that has a successor, where each is good for one use.
    pub(super) fn superseded() -> Self {
        Self::new(
            "invalid_grant",
            70000,
            "Provided grant is invalid or malformed: this refresh token has been used, and the answer held the \
             next one.",
        )
    }

    pub(super) fn refresh_expired() -> Self {
        Self::new("invalid_grant", 700_082, "The refresh token has expired due to inactivity.")
    }

    pub(super) fn no_such_user() -> Self {
        Self::new("invalid_grant", 50034, "The user account does not exist in the directory.")
    }

    pub(super) fn code_expired() -> Self {
        Self::new(
            "invalid_grant",
            70008,
            "The provided authorization code or refresh token has expired due to inactivity. Send a new \
             interactive authorization request for this user and resource.",
        )
    }

    pub(super) fn code_redeemed() -> Self {
        Self::new(
            "invalid_grant",
            54005,
            "OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an \
             existing refresh token.",
        )
    }

    pub(super) fn wrong_reply_address() -> Self {
        Self::new(
            "invalid_grant",
            500_112,
            "The reply address does not match the reply address provided when requesting Authorization code.",
        )
    }

    pub(super) fn no_reply_address() -> Self {
        Self::new("invalid_request", 900_971, "No reply address provided.")
    }

    pub(super) fn wrong_verifier() -> Self {
        Self::new(
            "invalid_grant",
            501_481,
            "The Code_Verifier does not match the code_challenge supplied in the authorization request.",
        )
    }

    pub(super) fn not_a_code() -> Self {
        Self::new(
            "unsupported_response_type",
            70005,
            "The emulator answers with response_type=code, response_mode=query and, if any, an S256 challenge.",
        )
    }

    pub(super) fn unknown_device_code() -> Self {
        Self::new("bad_verification_code", 70018, "Invalid verification code.")
    }

    pub(super) fn pending() -> Self {
        Self::new(
            "authorization_pending",
            70016,
            "OAuth 2.0 device flow error. Authorization is pending. Continue polling.",
        )
    }

    pub(super) fn slow_down(interval: i64) -> Self {
        Self::new(
            "slow_down",
            70016,
            format!(
                "OAuth 2.0 device flow error. Authorization is pending. Poll every {interval} seconds at most."
            ),
        )
    }

    pub(super) fn declined() -> Self {
        Self::new("authorization_declined", 65004, "User declined to consent to access the app.")
    }

    pub(super) fn device_code_expired() -> Self {
        Self::new(
            "expired_token",
            70020,
            "The provided value for the input parameter 'device_code' is not valid. This device code has \
             expired.",
        )
    }

    pub(super) fn into_response(self, trace: &Trace) -> Response<Bytes> {
        let Self { code, words, .. } = self;
        let time = Timestamp::from_second(trace.now).unwrap_or(Timestamp::MAX);
        let time = time.strftime("%Y-%m-%d %H:%M:%SZ").to_string();
        let description = format!(
            "AADSTS{code}: {words} Trace ID: {} Correlation ID: {} Timestamp: {time}",
            trace.id, trace.correlation
        );
        let body = json!({
            "error": self.error,
            "error_description": description,
            "error_codes": [code],
            "timestamp": time,
            "trace_id": trace.id,
            "correlation_id": trace.correlation,
        });
        let mut answer = json_answer(self.status, &body);
        if let Some(allow) = self.allow {
            answer.headers_mut().insert(ALLOW, HeaderValue::from_static(allow));
        }
        answer
    }
}

/// An answer that may hold a token, and is kept nowhere on its way.
pub(super) fn json_answer(status: StatusCode, body: &Value) -> Response<Bytes> {
    private(status, "application/json; charset=utf-8", body.to_string().into())
}

pub(super) fn private(status: StatusCode, kind: &'static str, body: Bytes) -> Response<Bytes> {
    let mut answer = Response::new(body);
    *answer.status_mut() = status;
    for (name, value) in
        [(CONTENT_TYPE, kind), (CACHE_CONTROL, "no-store, no-cache"), (PRAGMA, "no-cache")]
    {
        answer.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    answer
}
