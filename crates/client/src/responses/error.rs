//! The one error of this crate. Decides what its message holds: the operation, the status, the
//! service's code and words, whether the request may have arrived, and the ids that support asks for.
//! Never a token, a secret or a whole hardware hash.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use http::header::DATE;
use http::{HeaderMap, StatusCode};
use partner_center_devices_raw::BoxError;

use crate::auth::TokenError;
use crate::responses::error_body::ErrorBody;
use partner_center_devices_raw::redact;

/// Why a call failed.
///
/// `Display` is one line that stands alone in a log or a support case. [`kind`](Self::kind) and the
/// predicates are for programs.
pub struct Error(Box<Details>);

struct Details {
    kind: ErrorKind,
    operation: &'static str,
    sent: Sent,
    attempts: u32,
    status: Option<StatusCode>,
    fault: ErrorBody,
    detail: Option<String>,
    note: Option<String>,
    hint: Option<&'static str>,
    retry_after: Option<Duration>,
    ids: Ids,
    source: Option<BoxError>,
}

/// The ids of one exchange, as support asks for them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ids {
    pub(crate) request: Option<Box<str>>,
    pub(crate) correlation: Option<Box<str>>,
    pub(crate) cv: Option<Box<str>>,
    /// The `MS-RequestId` that was sent, where the answer has another.
    pub(crate) sent_request: Option<Box<str>>,
    /// The service's time.
    pub(crate) date: Option<SystemTime>,
}

/// The time that an answer says it is from.
pub(crate) fn date(headers: &HeaderMap) -> Option<SystemTime> {
    httpdate::parse_http_date(headers.get(DATE)?.to_str().ok()?.trim()).ok()
}

impl Ids {
    /// Takes over the ids of an answer: the service may use others than those it was sent.
    pub(crate) fn answered(mut self, headers: &HeaderMap, secrets: &[&str]) -> Self {
        let text = |name: &str| {
            let shown =
                redact::message(&redact::known_secrets(headers.get(name)?.to_str().ok()?, secrets));
            (!shown.is_empty()).then(|| shown.into())
        };
        self.sent_request = self.request.take();
        self.request = text("ms-requestid").or_else(|| self.sent_request.clone());
        self.correlation = text("ms-correlationid").or(self.correlation);
        self.cv = text("ms-cv");
        self.date = date(headers);
        self
    }
}

/// The kind of a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// What was asked cannot be sent. Nothing was sent.
    Input,
    /// The service could not be reached. [`Error::sent`] says whether an earlier attempt may have arrived.
    Connect,
    /// The request went out, and no whole answer came back: time ran out, or the connection broke.
    Interrupted,
    /// 401: the token is missing, expired or of the wrong audience.
    Unauthorized,
    /// 403: the token is good, and the right is missing.
    Forbidden,
    /// 404: the customer, batch, device, policy or job is not there.
    NotFound,
    /// 409: it exists already, or another change got in between.
    Conflict,
    /// 429: too many requests.
    Throttled,
    /// Any other 4xx: the service did not like the request.
    Rejected,
    /// 5xx: the service or a gateway before it failed.
    Service,
    /// The answer is a success and cannot be understood.
    Unreadable,
    /// An answer that no document speaks of, such as a redirect.
    Unexpected,
    /// The time given to wait for a job is over. The job goes on.
    StillRunning,
    /// No access token could be had, so the call was not sent, or not again.
    Token,
}

/// Whether the request may have reached the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Sent {
    /// It did not: nothing happened there.
    No,
    /// It may have: what it asked for may have happened.
    Maybe,
    /// It did: the service answered.
    Answered,
}

impl Error {
    pub(crate) fn input(operation: &'static str, problem: impl fmt::Display) -> Self {
        Self::new(ErrorKind::Input, operation, Sent::No).with_detail(problem.to_string())
    }

    pub(crate) fn new(kind: ErrorKind, operation: &'static str, sent: Sent) -> Self {
        Self(Box::new(Details {
            kind,
            operation,
            sent,
            attempts: 0,
            status: None,
            fault: ErrorBody::default(),
            detail: None,
            note: None,
            hint: None,
            retry_after: None,
            ids: Ids::default(),
            source: None,
        }))
    }

    /// An answer that is no success.
    pub(crate) fn answer(operation: &'static str, status: StatusCode, fault: ErrorBody) -> Self {
        let mut error = Self::new(kind_of(status), operation, Sent::Answered);
        error.0.status = Some(status);
        error.0.fault = fault;
        error
    }

    /// No token could be had, so nothing was sent.
    pub(crate) fn token(operation: &'static str, error: Arc<TokenError>) -> Self {
        let mut this =
            Self::new(ErrorKind::Token, operation, Sent::No).with_detail(error.to_string());
        this.0.hint = error.hint();
        this.with_source(error)
    }

    /// An app-only token on an operation that takes a user's only: refused here as the service would.
    pub(crate) fn needs_user(operation: &'static str) -> Self {
        let mut this = Self::new(ErrorKind::Input, operation, Sent::No)
            .with_detail("the service takes a signed-in user's token here, not an app-only one");
        this.0.fault.code = Some("900329".to_owned());
        this
    }

    /// Something to add at the end of the message.
    pub(crate) fn with_note(mut self, note: String) -> Self {
        self.0.note = Some(note);
        self
    }

    /// What the attempts before the last one say about whether the work may have been done. A refusal of the
    /// last speaks for itself only.
    pub(crate) fn after_attempts(mut self, attempts: u32, unsure_before: bool) -> Self {
        let refused = matches!(
            self.0.kind,
            ErrorKind::Connect
                | ErrorKind::Input
                | ErrorKind::Token
                | ErrorKind::Throttled
                | ErrorKind::Unauthorized
                | ErrorKind::Forbidden
                | ErrorKind::Interrupted
        );
        if unsure_before && refused {
            self.0.sent = Sent::Maybe;
        } else if self.0.sent == Sent::No && attempts > 0 && self.0.kind != ErrorKind::Connect {
            self.0.sent = Sent::Answered;
        }
        self
    }

    pub(crate) fn with_retry_after(mut self, wait: Option<Duration>) -> Self {
        self.0.retry_after = wait;
        self
    }

    pub(crate) fn with_status(mut self, status: Option<StatusCode>) -> Self {
        self.0.status = status.or(self.0.status);
        self
    }

    pub(crate) fn with_detail(mut self, detail: impl AsRef<str>) -> Self {
        self.0.detail = Some(redact::message(detail.as_ref()));
        self
    }

    pub(crate) fn with_source(mut self, source: impl Into<BoxError>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    pub(crate) fn with_call(mut self, ids: Ids, attempts: u32) -> Self {
        self.0.ids = ids;
        self.0.attempts = attempts;
        self
    }

    /// The kind, for programs.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The operation, by the spec's `operationId`, such as `get_policy`.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        self.0.operation
    }

    /// Whether the request may have reached the service.
    #[must_use]
    pub fn sent(&self) -> Sent {
        self.0.sent
    }

    /// How often the request was sent. 0 if it never was.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// The HTTP status, if an answer came.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status
    }

    /// The service's own code, such as `20002`
    /// (<https://learn.microsoft.com/en-us/partner-center/developer/error-codes>).
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.0.fault.code.as_deref()
    }

    /// The service's own words, overlong parts cut.
    #[must_use]
    pub fn description(&self) -> Option<&str> {
        self.0.fault.description.as_deref()
    }

    /// `MS-RequestId`: the service's if it answered, else the one that was sent.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.0.ids.request.as_deref()
    }

    /// The `MS-RequestId` that was sent: what a repeat of the same call has to send too.
    #[must_use]
    pub fn sent_request_id(&self) -> Option<&str> {
        self.0.ids.sent_request.as_deref().or(self.0.ids.request.as_deref())
    }

    /// How long the service asks to wait, from `Retry-After`; a day at most.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// `MS-CorrelationId`: the service's if it answered, else the one that was sent.
    #[must_use]
    pub fn correlation_id(&self) -> Option<&str> {
        self.0.ids.correlation.as_deref()
    }

    /// `MS-CV` of the answer, which support asks for.
    #[must_use]
    pub fn cv(&self) -> Option<&str> {
        self.0.ids.cv.as_deref()
    }

    /// When the service answered, by its own clock (`Date`, to the second), which support asks for.
    #[must_use]
    pub fn date(&self) -> Option<SystemTime> {
        self.0.ids.date
    }

    /// Returns why there was no access token, for an error of the kind [`ErrorKind::Token`].
    #[must_use]
    pub fn token_error(&self) -> Option<&TokenError> {
        let source = self.0.source.as_deref()?;
        source.downcast_ref::<Arc<TokenError>>().map(AsRef::as_ref)
    }

    /// What to do about it, where that is known.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        self.0.hint.or_else(|| hint(self.0.kind, self.code()))
    }
}

fn kind_of(status: StatusCode) -> ErrorKind {
    match status.as_u16() {
        401 => ErrorKind::Unauthorized,
        403 => ErrorKind::Forbidden,
        404 => ErrorKind::NotFound,
        409 => ErrorKind::Conflict,
        429 => ErrorKind::Throttled,
        400..=499 => ErrorKind::Rejected,
        500..=599 => ErrorKind::Service,
        _ => ErrorKind::Unexpected,
    }
}

/// A code of the service that this crate knows: what [`Error::code`] may be. There are many more
/// (<https://learn.microsoft.com/en-us/partner-center/developer/error-codes>); these are met with devices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServiceCode {
    /// The code, such as `20002`.
    pub code: &'static str,
    /// The HTTP status it comes with.
    pub status: StatusCode,
    /// What it means, in plain words.
    pub meaning: &'static str,
    /// What to do, in plain words: [`Error::hint`] of such an error.
    pub hint: &'static str,
}

impl ServiceCode {
    /// Every code that is known, in order.
    pub const ALL: &[Self] = &[
        Self {
            code: "2055",
            status: StatusCode::BAD_REQUEST,
            meaning: "the entity tag that was sent is no longer valid",
            hint: "the resource was changed meanwhile: read it again and repeat the change",
        },
        Self {
            code: "20002",
            status: StatusCode::FORBIDDEN,
            meaning: "partner and customer have no commerce relationship",
            hint: "you are no reseller of this customer: check the customer id, or ask for a relationship",
        },
        Self {
            code: "60003",
            status: StatusCode::NOT_FOUND,
            meaning: "the tenant was not found",
            hint: "there is no such tenant: check the customer id",
        },
        Self {
            code: "900308",
            status: StatusCode::FORBIDDEN,
            meaning: "the privileges are not sufficient",
            hint: "the signed-in user lacks a right: admin agents and sales agents may manage devices",
        },
        Self {
            code: "900309",
            status: StatusCode::FORBIDDEN,
            meaning: "Conditional Access refused the call",
            hint: "a Conditional Access rule of your tenant refused the sign-in",
        },
        Self {
            code: "900329",
            status: StatusCode::FORBIDDEN,
            meaning: "the resource does not support app-only authentication",
            hint: "sign in as a user: the service does not take an app-only token here",
        },
        Self {
            code: "900420",
            status: StatusCode::UNAUTHORIZED,
            meaning: "the audience of the token is no longer supported",
            hint: "ask for a token for https://api.partnercenter.microsoft.com: the audience of this one is retired",
        },
    ];
}

fn hint(kind: ErrorKind, code: Option<&str>) -> Option<&'static str> {
    if let Some(known) = ServiceCode::ALL.iter().find(|known| Some(known.code) == code) {
        return Some(known.hint);
    }
    Some(match kind {
        ErrorKind::Unauthorized => {
            "the token may have expired (it lasts about an hour): get a new one"
        }
        ErrorKind::Connect => "check the network, the proxy and the base URL",
        ErrorKind::Interrupted => "it may have been done: look before you repeat it",
        ErrorKind::StillRunning => "come back to the job later with its tracking id",
        ErrorKind::Throttled => "wait before the next request, and send fewer at once",
        ErrorKind::Service => {
            "try again later; if it stays, give Microsoft support the ids of this error"
        }
        _ => return None,
    })
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Details { kind, operation, sent, attempts, status, fault, detail, note, ids, .. } =
            &*self.0;
        let what = match kind {
            ErrorKind::Input => "cannot be made",
            ErrorKind::Connect => "could not reach the service",
            ErrorKind::Interrupted => "got no whole answer",
            ErrorKind::Unreadable => "got an answer that cannot be read",
            ErrorKind::Unexpected => "got an unexpected answer",
            ErrorKind::StillRunning => "found the job still running",
            ErrorKind::Token => "got no access token",
            _ => "failed",
        };
        write!(f, "{operation} {what}")?;
        if let Some(status) = status {
            write!(f, ": {status}")?;
        }
        if let Some(code) = &fault.code {
            write!(f, ", code {code}")?;
        }
        if let Some(text) = fault.description.as_ref().or(detail.as_ref()) {
            write!(f, ": {text}")?;
        }
        if *sent == Sent::Maybe {
            f.write_str("; the request may have arrived")?;
        }
        if *attempts > 1 {
            write!(f, "; sent {attempts} times")?;
        }
        if let Some(note) = note {
            write!(f, "; {note}")?;
        }
        let named = [
            ("MS-RequestId", &ids.request),
            ("MS-CorrelationId", &ids.correlation),
            ("MS-CV", &ids.cv),
        ];
        let mut separator = " (";
        for (name, value) in named {
            if let Some(value) = value {
                write!(f, "{separator}{name} {value}")?;
                separator = ", ";
            }
        }
        if separator == ", " { f.write_str(")") } else { Ok(()) }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The source may print bodies and headers; what it says is in `Display` already.
        f.debug_struct("Error")
            .field("kind", &self.0.kind)
            .field("message", &self.to_string())
            .finish()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_ref().map(|source| source.as_ref() as _)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forbidden() -> Error {
        let mut headers = HeaderMap::new();
        headers.insert("ms-requestid", "r-2".parse().unwrap());
        headers.insert("ms-cv", "cv.0".parse().unwrap());
        headers.insert(DATE, "Sun, 06 Nov 1994 08:49:37 GMT".parse().unwrap());
        let sent =
            Ids { request: Some("r-1".into()), correlation: Some("c-1".into()), ..Ids::default() };
        let fault = ErrorBody {
            code: Some("20002".to_owned()),
            description: Some("No relationship".to_owned()),
        };
        Error::answer("list_policies", StatusCode::FORBIDDEN, fault)
            .with_call(sent.answered(&headers, &[]), 1)
    }

    #[test]
    fn the_services_time_is_known() {
        let since = forbidden().date().unwrap().duration_since(SystemTime::UNIX_EPOCH).unwrap();
        assert_eq!(since.as_secs(), 784_111_777);
    }

    #[test]
    fn one_line_says_everything() {
        insta::assert_snapshot!(forbidden(), @"list_policies failed: 403 Forbidden, code 20002: No relationship (MS-RequestId r-2, MS-CorrelationId c-1, MS-CV cv.0)");
        let lost =
            Error::new(ErrorKind::Interrupted, "add_devices", Sent::Maybe).with_detail("timed out");
        insta::assert_snapshot!(lost, @"add_devices got no whole answer: timed out; the request may have arrived");
    }

    #[test]
    fn the_code_decides_the_hint_before_the_kind() {
        assert!(forbidden().hint().unwrap().starts_with("you are no reseller"));
        assert!(hint(ErrorKind::Unauthorized, Some("900420")).unwrap().contains("audience"));
        assert!(hint(ErrorKind::Unauthorized, None).unwrap().contains("expired"));
        assert_eq!(hint(ErrorKind::NotFound, None), None);
    }

    #[test]
    fn every_status_has_a_kind() {
        for (status, kind) in [
            (301, ErrorKind::Unexpected),
            (400, ErrorKind::Rejected),
            (401, ErrorKind::Unauthorized),
            (403, ErrorKind::Forbidden),
            (404, ErrorKind::NotFound),
            (409, ErrorKind::Conflict),
            (412, ErrorKind::Rejected),
            (429, ErrorKind::Throttled),
            (500, ErrorKind::Service),
            (504, ErrorKind::Service),
        ] {
            assert_eq!(kind_of(StatusCode::from_u16(status).unwrap()), kind);
        }
    }
}
