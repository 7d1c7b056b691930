//! The error of a sign-in.

use std::fmt;

use partner_center_devices_raw::{BoxError, redact};

use super::entra_codes;
use crate::network::ConnectProblem;

/// The hint for a certificate that is not valid.
pub(crate) const UNTRUSTED: &str = "trust the certificate authority of the server, or of the proxy that inspects the connection; and check the clock of this machine";

/// The reason why there is no access token. Contains neither a token nor a secret.
pub struct TokenError {
    message: String,
    reason: Reason,
    /// The response of the endpoint.
    response: Option<Box<Response>>,
    source: Option<BoxError>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Reason {
    /// The endpoint refused the request, or the request was not sent.
    Refused,
    /// There is nothing to request a token with, and no person may be asked.
    NoSignIn,
    /// The endpoint could not be reached.
    Unreachable,
    /// The endpoint failed, and may work later.
    Outage,
    /// The endpoint failed, or a gateway in front of it.
    GatewayFailure,
    /// Something else than the endpoint responded.
    Intercepted,
    /// The certificate of the endpoint is not trusted.
    Untrusted,
    /// A proxy, or the server, refused the connection, with the hint for it.
    ConnectionRefused(&'static str),
}

/// An error response, with its code as text.
struct Response {
    code: String,
    error: OAuthError,
}

/// An error response in the OAuth format. The texts are redacted.
#[derive(Clone, Debug, Default)]
pub(crate) struct OAuthError {
    pub(crate) error: String,
    pub(crate) description: String,
    pub(crate) suberror: Option<String>,
    pub(crate) codes: Vec<u32>,
    pub(crate) claims: Option<String>,
}

impl TokenError {
    /// Creates an error with this message.
    #[must_use]
    pub fn new(message: impl AsRef<str>) -> Self {
        Self {
            message: redact::message(message.as_ref()),
            reason: Reason::Refused,
            response: None,
            source: None,
        }
    }

    /// Creates the error for a refusal by the token endpoint.
    pub(crate) fn refused(error: OAuthError) -> Self {
        let OAuthError { error: name, description, codes, .. } = &error;
        let message = if description.is_empty() { name } else { description }.clone();
        let code = codes.first().map_or_else(|| name.clone(), |code| format!("AADSTS{code}"));
        let response = (!code.is_empty()).then(|| Box::new(Response { code, error }));
        Self { message, reason: Reason::Refused, response, source: None }
    }

    /// Creates the error for a sign-in that a person has to repeat.
    pub(crate) fn no_sign_in(message: &str) -> Self {
        Self { reason: Reason::NoSignIn, ..Self::new(message) }
    }

    /// Creates the error for a failure of the token endpoint that may pass.
    pub(crate) fn outage(error: OAuthError) -> Self {
        Self { reason: Reason::Outage, ..Self::refused(error) }
    }

    /// Creates the error for a failure that the endpoint or a gateway in front of it reports without an error code.
    pub(crate) fn gateway_failure(message: String) -> Self {
        Self { reason: Reason::GatewayFailure, ..Self::new(message) }
    }

    /// Creates the error for a response that is not from the token endpoint.
    pub(crate) fn intercepted(message: String) -> Self {
        Self { reason: Reason::Intercepted, ..Self::new(message) }
    }

    /// Creates the error for an endpoint whose certificate is not trusted.
    pub(crate) fn untrusted(message: String) -> Self {
        Self { reason: Reason::Untrusted, ..Self::new(message) }
    }

    /// Creates the error for an endpoint that could not be reached.
    pub(crate) fn not_connected(message: String, problem: &ConnectProblem) -> Self {
        let reason = match problem.hint() {
            Some(hint) if problem.is_final_refusal() => Reason::ConnectionRefused(hint),
            _ => Reason::Unreachable,
        };
        Self { reason, ..Self::new(message) }
    }

    /// Returns the code of the token endpoint, such as `AADSTS700082` or `invalid_grant`.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.response.as_ref().map(|response| response.code.as_str())
    }

    fn response(&self) -> Option<&OAuthError> {
        self.response.as_ref().map(|response| &response.error)
    }

    /// Returns the `error` of the token endpoint, such as `invalid_grant` or `interaction_required`.
    #[must_use]
    pub fn error(&self) -> Option<&str> {
        self.response().map(|response| response.error.as_str()).filter(|error| !error.is_empty())
    }

    /// Returns the `suberror` of the token endpoint, such as `bad_token` or `consent_required`.
    #[must_use]
    pub fn suberror(&self) -> Option<&str> {
        self.response()?.suberror.as_deref()
    }

    /// Returns the `error_codes` of Microsoft Entra: 700082 for `AADSTS700082`.
    #[must_use]
    pub fn codes(&self) -> &[u32] {
        self.response().map(|response| response.codes.as_slice()).unwrap_or_default()
    }

    /// Returns the claims that the next sign-in of a person must request, as JSON. A policy of the tenant asks for them.
    #[must_use]
    pub fn claims(&self) -> Option<&str> {
        self.response()?.claims.as_deref()
    }

    /// Returns true if a person must sign in again, for example because the refresh token has expired. Other errors have
    /// other solutions: see [`hint`](Self::hint).
    #[must_use]
    pub fn needs_sign_in(&self) -> bool {
        match self.reason {
            Reason::Refused => {}
            Reason::NoSignIn => return true,
            _ => return false,
        }
        let known = self.codes().iter().find_map(|code| entra_codes::needs_sign_in(*code));
        known.unwrap_or_else(|| {
            let is_refused_anyway = self.suberror() == Some("message_only");
            matches!(
                self.error(),
                Some("invalid_grant" | "interaction_required" | "login_required")
            ) && !is_refused_anyway
        })
    }

    /// Returns what to do about the error, if that is known
    /// (<https://learn.microsoft.com/en-us/entra/identity-platform/reference-error-codes>).
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        match self.reason {
            Reason::NoSignIn => Some("sign in again"),
            Reason::Unreachable => {
                Some("check the network, the proxy and the address of the sign-in")
            }
            Reason::Outage => {
                Some("the sign-in is temporarily unavailable: try again in a few minutes")
            }
            Reason::GatewayFailure => Some(
                "the sign-in is temporarily unavailable: try again in a few minutes; if it stays so, check the proxy, which may have sent this response",
            ),
            Reason::Intercepted => Some(
                "check the proxy and the address of the sign-in; open a web page on this machine, and sign in to the network if it asks for it; or ask its administrator to let the address through",
            ),
            Reason::Untrusted => Some(UNTRUSTED),
            Reason::ConnectionRefused(hint) => Some(hint),
            Reason::Refused => {
                let cure = self.codes().iter().find_map(|code| entra_codes::cure(*code));
                cure.or_else(|| {
                    self.needs_sign_in().then_some("the sign-in is no longer valid: sign in again")
                })
            }
        }
    }

    /// Returns true if the same sign-in may work later, because the endpoint could not be reached or failed.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        !matches!(self.reason, Reason::Refused | Reason::NoSignIn)
    }

    /// Returns true if the next request may already work: the endpoint failed or could not be reached. A web filter
    /// answers each request, and a certificate and the rules of a proxy stay the same.
    pub(crate) fn may_pass_soon(&self) -> bool {
        let stays = matches!(
            self.reason,
            Reason::Intercepted | Reason::Untrusted | Reason::ConnectionRefused(_)
        );
        self.is_retryable() && !stays
    }

    /// Marks the error as temporary: the token endpoint could not be reached, or it failed.
    #[must_use]
    pub fn retryable(mut self) -> Self {
        self.reason = Reason::Unreachable;
        self
    }

    /// Adds the cause, which is not part of the message.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<BoxError>) -> Self {
        self.source = Some(source.into());
        self
    }
}

impl fmt::Display for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        match self.code() {
            Some(code) if !self.message.contains(code) => write!(f, " ({code})"),
            _ => Ok(()),
        }
    }
}

impl fmt::Debug for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TokenError({self})")
    }
}

impl std::error::Error for TokenError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|source| source.as_ref() as _)
    }
}
