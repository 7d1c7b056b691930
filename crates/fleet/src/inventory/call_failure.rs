//! A failed call as a serializable record.

use std::fmt;

use partner_center_devices::{Error, ErrorKind, TokenError};
use serde::{Deserialize, Serialize};

use crate::call_effect::{ends_all, may_have_been_done};

/// The reason a call failed, with the ids that a support case needs. Never contains a token or a hardware hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CallFailure {
    /// The complete error message. The support ids follow on a separate line.
    pub message: String,
    /// The error kind. In JSON its name in camelCase: `notFound`, `throttled`, `service`, ...
    #[serde(with = "kind_name")]
    #[cfg_attr(feature = "schemars", schemars(with = "String"))]
    pub kind: ErrorKind,
    /// The HTTP status, if a response arrived.
    pub status: Option<u16>,
    /// The service's error code, if the response had one.
    pub code: Option<String>,
    /// True if the request may have taken effect despite the failure.
    #[serde(rename = "mayHaveBeenDone")]
    pub may_have_taken_effect: bool,
    /// What to do about it, if known.
    pub hint: Option<String>,
    /// The `MS-RequestId` of the request.
    pub request_id: Option<String>,
    /// The `MS-CorrelationId` of the request.
    pub correlation_id: Option<String>,
    /// The `MS-CV` of the response.
    pub cv: Option<String>,
    /// True if there was no access token because the sign-in service could not be reached or failed. Not serialized.
    #[serde(skip)]
    pub sign_in_unavailable: bool,
}

impl From<&Error> for CallFailure {
    fn from(error: &Error) -> Self {
        let text = |text: Option<&str>| text.map(str::to_owned);
        Self {
            message: error.to_string(),
            kind: error.kind(),
            status: error.status().map(|status| status.as_u16()),
            code: text(error.code()),
            may_have_taken_effect: may_have_been_done(error.kind(), error.sent(), error.attempts()),
            hint: text(error.hint()),
            request_id: text(error.request_id()),
            correlation_id: text(error.correlation_id()),
            cv: text(error.cv()),
            sign_in_unavailable: error.token_error().is_some_and(TokenError::is_retryable),
        }
    }
}

impl CallFailure {
    /// Returns true if every other call would fail too: the sign-in does not work, or the service cannot be reached.
    #[must_use]
    pub fn ends_all(&self) -> bool {
        ends_all(self.kind)
    }

    /// Returns the failure for input that cannot be sent as a request.
    pub(super) fn input(message: impl Into<String>) -> Self {
        Self::without_response(ErrorKind::Input, message.into())
    }

    /// Returns the failure for responses that need too much memory.
    pub(super) fn too_much(message: String) -> Self {
        Self::without_response(ErrorKind::Unreadable, message)
    }

    fn without_response(kind: ErrorKind, message: String) -> Self {
        Self {
            message,
            kind,
            status: None,
            code: None,
            may_have_taken_effect: false,
            hint: None,
            request_id: None,
            correlation_id: None,
            cv: None,
            sign_in_unavailable: false,
        }
    }
}

impl fmt::Display for CallFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// The names of error kinds in JSON. An unknown name is `unexpected`.
mod kind_name {
    use partner_center_devices::ErrorKind;
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};

    pub(super) fn serialize<S: Serializer>(
        kind: &ErrorKind,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        kind.as_str().serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<ErrorKind, D::Error> {
        let text = String::deserialize(deserializer)?;
        let kind = ErrorKind::ALL.into_iter().find(|kind| kind.as_str() == text);
        Ok(kind.unwrap_or(ErrorKind::Unexpected))
    }
}
