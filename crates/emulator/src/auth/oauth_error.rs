//! The errors of the sign-in. Codes and messages are those of Microsoft Entra
//! (<https://learn.microsoft.com/en-us/entra/identity-platform/reference-error-codes>), or appear in publicly posted
//! responses. For other errors the closest code is used, and `docs/differences.md` lists them. Messages never repeat a
//! secret, a code or a token.

use bytes::Bytes;
use http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderValue, PRAGMA};
use http::{Response, StatusCode};
use jiff::Timestamp;
use serde_json::{Value, json};

/// An error of a sign-in endpoint.
#[derive(Debug)]
pub(super) struct OAuthError {
    status: StatusCode,
    error: &'static str,
    /// The error code, the number after `AADSTS`.
    pub(super) code: u32,
    message: String,
    allow: Option<&'static str>,
}

/// The ids and the time that every error includes.
pub(super) struct TraceIds {
    pub(super) trace: String,
    pub(super) correlation: String,
    pub(super) now: i64,
}

impl OAuthError {
    fn new(error: &'static str, code: u32, message: impl Into<String>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, error, code, message: message.into(), allow: None }
    }

    /// Creates an error about the app itself, which has status 401.
    fn client(code: u32, message: impl Into<String>) -> Self {
        Self { status: StatusCode::UNAUTHORIZED, ..Self::new("invalid_client", code, message) }
    }

    pub(super) fn missing_parameter(name: &str) -> Self {
        Self::new(
            "invalid_request",
            900_144,
            format!("The request body must contain the following parameter: '{name}'."),
        )
    }

    pub(super) fn duplicate_parameter(name: &str) -> Self {
        Self::new(
            "invalid_request",
            9_000_411,
            format!("The request is not properly formatted. The parameter '{name}' is duplicated."),
        )
    }

    pub(super) fn method_not_allowed(allow: &'static str) -> Self {
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
        let message = format!(
            "Application with identifier '{id}' was not found in the directory '{tenant}'. This can happen if \
             the application has not been installed by the administrator of the tenant or consented to by any \
             user in the tenant. You may have sent your authentication request to the wrong tenant."
        );
        Self::new("unauthorized_client", 700_016, message)
    }

    pub(super) fn wrong_secret(id: &str) -> Self {
        let message = format!(
            "Invalid client secret provided. Ensure the secret being sent in the request is the client secret \
             value, not the client secret ID, for a secret added to app '{id}'."
        );
        Self::client(7_000_215, message)
    }

    pub(super) fn missing_secret() -> Self {
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

    pub(super) fn unsupported_assertion_type() -> Self {
        Self::new(
            "invalid_request",
            50027,
            "The parameter 'client_assertion_type' must be 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'.",
        )
    }

    pub(super) fn malformed_assertion(problem: &str) -> Self {
        Self::client(50027, format!("JWT token is invalid or malformed. {problem}"))
    }

    pub(super) fn assertion_of_another_app() -> Self {
        Self::client(
            700_021,
            "Client assertion application identifier doesn't match 'client_id' parameter.",
        )
    }

    pub(super) fn wrong_assertion_audience() -> Self {
        Self::client(700_023, "Client assertion audience claim does not match Realm issuer.")
    }

    pub(super) fn assertion_not_valid_now() -> Self {
        Self::client(700_024, "Client assertion is not within its valid time range.")
    }

    pub(super) fn no_federated_credential(code: u32, claim: &str) -> Self {
        Self::client(
            code,
            format!("No matching federated identity record found for presented assertion {claim}."),
        )
    }

    pub(super) fn invalid_claims() -> Self {
        Self::new("invalid_request", 90100, "claims parameter is empty or not valid.")
    }

    pub(super) fn invalid_scope(scope: &str) -> Self {
        let message = format!(
            "The provided request must include a 'scope' input parameter. The provided value for the input \
             parameter 'scope' is not valid. The scope {scope} is not valid. .default scope can't be combined \
             with resource-specific scopes."
        );
        Self::new("invalid_scope", 70011, message)
    }

    pub(super) fn not_default_scope(scope: &str) -> Self {
        let message = format!(
            "The provided value for scope {scope} is not valid. Client credential flows must have a scope value \
             with /.default suffixed to the resource identifier (application ID URI)."
        );
        Self::new("invalid_scope", 1_002_012, message)
    }

    pub(super) fn two_resources() -> Self {
        Self::new(
            "invalid_request",
            28000,
            "Provided value for the input parameter scope is not valid because it contains more than one \
             resource.",
        )
    }

    pub(super) fn unknown_permission(name: &str, resource: &str) -> Self {
        let message = format!(
            "The application asked for scope '{name}' that doesn't exist on the resource '{resource}'."
        );
        Self::new("invalid_scope", 650_053, message)
    }

    pub(super) fn unknown_resource(name: &str) -> Self {
        let message = format!("The resource principal named {name} was not found in the tenant.");
        Self::new("invalid_resource", 500_011, message)
    }

    /// Returns the error for a refresh token or authorization code that this emulator did not issue.
    pub(super) fn malformed_grant() -> Self {
        Self::new("invalid_grant", 9_002_313, "Invalid request. Request is malformed or invalid.")
    }

    pub(super) fn wrong_client() -> Self {
        Self::new(
            "invalid_grant",
            70000,
            "Provided grant is invalid or malformed. It was issued to another application.",
        )
    }

    /// Returns the error for a refresh token that was already used, if each one can be used only once.
    pub(super) fn refresh_token_reused() -> Self {
        Self::new(
            "invalid_grant",
            70000,
            "Provided grant is invalid or malformed. This refresh token was already used; use the one from the \
             last response.",
        )
    }

    pub(super) fn refresh_token_expired() -> Self {
        Self::new("invalid_grant", 700_082, "The refresh token has expired due to inactivity.")
    }

    pub(super) fn unknown_user() -> Self {
        Self::new("invalid_grant", 50034, "The user account does not exist in the directory.")
    }

    pub(super) fn authorization_code_expired() -> Self {
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

    pub(super) fn wrong_redirect_uri() -> Self {
        Self::new(
            "invalid_grant",
            500_112,
            "The reply address does not match the reply address provided when requesting Authorization code.",
        )
    }

    pub(super) fn missing_redirect_uri() -> Self {
        Self::new("invalid_request", 900_971, "No reply address provided.")
    }

    pub(super) fn wrong_verifier() -> Self {
        Self::new(
            "invalid_grant",
            501_481,
            "The Code_Verifier does not match the code_challenge supplied in the authorization request.",
        )
    }

    pub(super) fn unsupported_response_type() -> Self {
        Self::new(
            "unsupported_response_type",
            70005,
            "The emulator supports only response_type=code, response_mode=query and code_challenge_method=S256.",
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
                "OAuth 2.0 device flow error. Authorization is pending. Poll at most every {interval} seconds."
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

    pub(super) fn into_response(self, ids: &TraceIds) -> Response<Bytes> {
        let Self { code, message, .. } = self;
        let time = Timestamp::from_second(ids.now).unwrap_or(Timestamp::MAX);
        let time = time.strftime("%Y-%m-%d %H:%M:%SZ").to_string();
        let description = format!(
            "AADSTS{code}: {message} Trace ID: {} Correlation ID: {} Timestamp: {time}",
            ids.trace, ids.correlation
        );
        let body = json!({
            "error": self.error,
            "error_description": description,
            "error_codes": [code],
            "timestamp": time,
            "trace_id": ids.trace,
            "correlation_id": ids.correlation,
        });
        let mut response = json_response(self.status, &body);
        if let Some(allow) = self.allow {
            response.headers_mut().insert(ALLOW, HeaderValue::from_static(allow));
        }
        response
    }
}

/// Returns a JSON response that no cache may store, because it may contain a token.
pub(super) fn json_response(status: StatusCode, body: &Value) -> Response<Bytes> {
    uncached_response(status, "application/json; charset=utf-8", body.to_string().into())
}

/// Returns a response that no cache may store.
pub(super) fn uncached_response(
    status: StatusCode,
    kind: &'static str,
    body: Bytes,
) -> Response<Bytes> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    for (name, value) in
        [(CONTENT_TYPE, kind), (CACHE_CONTROL, "no-store, no-cache"), (PRAGMA, "no-cache")]
    {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}
