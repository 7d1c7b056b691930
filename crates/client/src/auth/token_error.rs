//! The error of a sign-in.

use std::fmt;

use partner_center_devices_raw::{BoxError, redact};

/// The reason why there is no access token. Contains neither a token nor a secret.
pub struct TokenError {
    message: String,
    code: Option<String>,
    retryable: bool,
    source: Option<BoxError>,
}

impl TokenError {
    /// Creates an error with this message.
    #[must_use]
    pub fn new(message: impl AsRef<str>) -> Self {
        Self {
            message: redact::message(message.as_ref()),
            code: None,
            retryable: false,
            source: None,
        }
    }

    /// Creates the error for a refusal by the token endpoint. Both texts are already redacted.
    pub(crate) fn from_endpoint(message: String, code: String) -> Self {
        Self { message, code: Some(code), retryable: false, source: None }
    }

    /// Returns the code of the token endpoint, such as `AADSTS700082` or `invalid_grant`.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// Returns what to do about the error, if that is known
    /// (<https://learn.microsoft.com/en-us/entra/identity-platform/reference-error-codes>).
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        if self.retryable {
            return Some("check the network, the proxy and the address of the sign-in");
        }
        Some(match self.code()? {
            "AADSTS7000215" => "the client secret is wrong: use its value, not its id",
            "AADSTS7000222" => {
                "the client secret has expired: create a new one in the app registration"
            }
            "AADSTS700082" | "AADSTS70008" => "the refresh token has expired: sign in again",
            "AADSTS50173" => {
                "the refresh token was revoked, for example by a password change: sign in again"
            }
            "AADSTS50076" | "AADSTS50079" => "sign in again with multi-factor authentication",
            "AADSTS65001" => "ask an administrator to grant consent to the app",
            "AADSTS700016" => {
                "the app does not exist in the tenant: check the client id and the tenant"
            }
            "AADSTS90002" => "the tenant does not exist: check the tenant",
            "AADSTS53003" | "AADSTS53000" => {
                "a Conditional Access policy of the tenant blocked the sign-in"
            }
            _ => return None,
        })
    }

    /// Returns true if the same sign-in may work later, because the endpoint could not be reached or failed.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        self.retryable
    }

    /// Marks the error as temporary: the token endpoint could not be reached, or it failed.
    #[must_use]
    pub fn retryable(mut self) -> Self {
        self.retryable = true;
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
        match &self.code {
            Some(code) if !self.message.contains(code.as_str()) => write!(f, " ({code})"),
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
