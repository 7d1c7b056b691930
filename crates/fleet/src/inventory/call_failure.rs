//! A failed call as a record. Decides what is kept of its error.

use std::fmt;

use partner_center_devices::{Error, ErrorKind, TokenError};
use serde::{Deserialize, Serialize};

use crate::call_effect::may_have_been_done;

/// Why a call failed, with the ids that a support case needs. Never says a token or a hardware hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CallFailure {
    /// The whole error in one line.
    pub message: String,
    /// Its kind, as [`ErrorKind`] names it: `notFound`, `throttled`, `service`, ...
    pub kind: String,
    /// The HTTP status, if an answer came.
    pub status: Option<u16>,
    /// The service's own code, if it said one.
    pub code: Option<String>,
    /// Whether what was asked for may have been done all the same.
    #[serde(rename = "mayHaveBeenDone")]
    pub may_have_taken_effect: bool,
    /// What to do about it, where that is known.
    pub hint: Option<String>,
    /// `MS-RequestId`.
    pub request_id: Option<String>,
    /// `MS-CorrelationId`.
    pub correlation_id: Option<String>,
    /// `MS-CV`.
    pub cv: Option<String>,
    /// Whether there was no token because the sign-in could not be reached or failed. Not part of the record.
    #[serde(skip)]
    pub sign_in_unavailable: bool,
}

impl From<&Error> for CallFailure {
    fn from(error: &Error) -> Self {
        let text = |text: Option<&str>| text.map(str::to_owned);
        Self {
            message: error.to_string(),
            kind: kind_name(error.kind()).to_owned(),
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
    /// Returns the kind that [`kind`](Self::kind) names.
    #[must_use]
    pub fn error_kind(&self) -> ErrorKind {
        let known = KINDS.iter().find(|(_, name)| *name == self.kind);
        known.map_or(ErrorKind::Unexpected, |(kind, _)| *kind)
    }

    /// A call that could not even be made.
    pub(super) fn input(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            kind: kind_name(ErrorKind::Input).to_owned(),
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

/// The kinds by the names that records have for them.
const KINDS: [(ErrorKind, &str); 13] = [
    (ErrorKind::Input, "input"),
    (ErrorKind::Connect, "connect"),
    (ErrorKind::Interrupted, "interrupted"),
    (ErrorKind::Unauthorized, "unauthorized"),
    (ErrorKind::Forbidden, "forbidden"),
    (ErrorKind::NotFound, "notFound"),
    (ErrorKind::Conflict, "conflict"),
    (ErrorKind::Throttled, "throttled"),
    (ErrorKind::Rejected, "rejected"),
    (ErrorKind::Service, "service"),
    (ErrorKind::Unreadable, "unreadable"),
    (ErrorKind::StillRunning, "stillRunning"),
    (ErrorKind::Token, "token"),
];

/// Returns the name of a kind, or `unexpected` for one that is not in the list.
fn kind_name(kind: ErrorKind) -> &'static str {
    KINDS.iter().find(|(known, _)| *known == kind).map_or("unexpected", |(_, name)| name)
}
