//! The error of a call: what failed and why, whether the request may have reached the service, and the ids that support
//! asks for. An error never contains a token, a secret or a whole hardware hash.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use http::{HeaderMap, HeaderName, StatusCode};
use partner_center_devices_raw::{BoxError, Operation, redact};
use uuid::Uuid;

use crate::auth::token_error::{TokenError, UNTRUSTED};
use crate::calls::service_headers::{self, CORRELATION_ID, CV, REQUEST_ID};
use crate::calls::timed_out::TimedOut;
use crate::responses::error_body::ErrorBody;
use crate::responses::failed_response::Response;
use crate::responses::service_code::{
    MFA_HINT, QUOTA_HINT, ServiceCode, UNSUPPORTED_HINT, requires_mfa,
};

/// The operation name in the errors of [`ClientBuilder::build`](crate::ClientBuilder::build).
pub(crate) const CLIENT: &str = "the client";

/// The error of a call.
///
/// `Display` prints a sentence and, on a second line, the ids that support asks for. [`message`](Self::message) is the
/// sentence without the ids. Programs use [`kind`](Self::kind), [`status`](Self::status) and [`code`](Self::code).
/// [`headers`](Self::headers) and [`body`](Self::body) are the whole response, redacted.
#[derive(Clone)]
pub struct Error(Box<Details>);

#[derive(Clone)]
struct Details {
    kind: ErrorKind,
    operation: &'static str,
    sent: Sent,
    attempts: u32,
    status: Option<StatusCode>,
    body: ErrorBody,
    detail: Option<String>,
    note: Option<String>,
    hint: Option<&'static str>,
    retry_after: Option<Duration>,
    ids: SupportIds,
    response: Option<Arc<Response>>,
    source: Option<Arc<dyn std::error::Error + Send + Sync>>,
    /// See [`Error::that_lasts`].
    lasts: bool,
}

/// The ids of a call that support asks for.
#[derive(Clone, Debug, Default)]
pub(crate) struct SupportIds {
    pub(crate) request: Option<Box<str>>,
    pub(crate) correlation: Option<Box<str>>,
    pub(crate) cv: Option<Box<str>>,
    /// The `MS-RequestId` that was sent. Set only if there is a response, which may have another id.
    pub(crate) sent_request: Option<Box<str>>,
    /// The time of the response.
    pub(crate) date: Option<SystemTime>,
    /// The `isMfaCompliant` of the response.
    pub(crate) is_mfa_compliant: Option<bool>,
}

impl SupportIds {
    /// Creates the ids of a call that has no response yet.
    pub(crate) fn sent(request: Uuid, correlation: Uuid) -> Self {
        Self {
            request: Some(request.to_string().into()),
            correlation: Some(correlation.to_string().into()),
            ..Self::default()
        }
    }

    /// Adds the ids of a response. The service may use other ids than those it received.
    pub(crate) fn received(mut self, headers: &HeaderMap, secrets: &[&str]) -> Self {
        let text = |name: &HeaderName| {
            let text = headers.get(name)?.to_str().ok()?;
            let redacted = redact::message(&redact::known_secrets(text, secrets));
            (!redacted.is_empty()).then(|| redacted.into())
        };
        self.sent_request = self.request.take();
        self.request = text(&REQUEST_ID).or_else(|| self.sent_request.clone());
        self.correlation = text(&CORRELATION_ID).or(self.correlation);
        self.cv = text(&CV);
        self.date = service_headers::date(headers);
        self.is_mfa_compliant = service_headers::is_mfa_compliant(headers);
        self
    }

    fn named(&self) -> impl Iterator<Item = (&'static str, &str)> {
        [
            ("MS-RequestId", &self.request),
            ("MS-CorrelationId", &self.correlation),
            ("MS-CV", &self.cv),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value.as_deref()?)))
    }
}

/// The kind of an [`Error`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The input is invalid. Nothing was sent.
    Input,
    /// The service could not be reached. [`Error::sent`] tells you whether an earlier attempt may have arrived.
    Connect,
    /// The request was sent, but no complete response came back: a timeout, or the connection broke.
    Interrupted,
    /// 401: the token is missing, expired or for another audience.
    Unauthorized,
    /// 403: the token is valid, but permissions are missing.
    Forbidden,
    /// 404: the customer, batch, device, policy or job does not exist.
    NotFound,
    /// 409: the resource already exists, or someone else changed it.
    Conflict,
    /// 429: too many requests.
    Throttled,
    /// Any other 4xx: the service rejected the request.
    Rejected,
    /// 5xx: the service, or a gateway in front of it, failed.
    Service,
    /// The response is a success, but it cannot be decoded.
    Unreadable,
    /// The response is not from the service: a web filter, a proxy or the sign-in page of a network sent it instead, with
    /// a success or an error such as 403, 451 or 511. The request probably did not reach the service.
    Intercepted,
    /// A response that no document describes, such as a redirect.
    Unexpected,
    /// The deadline for waiting passed before the job finished. The job continues.
    StillRunning,
    /// There is no access token, so the call was not sent, or not sent again.
    Token,
}

impl ErrorKind {
    /// All kinds, in the order of their declaration.
    pub const ALL: [Self; 15] = [
        Self::Input,
        Self::Connect,
        Self::Interrupted,
        Self::Unauthorized,
        Self::Forbidden,
        Self::NotFound,
        Self::Conflict,
        Self::Throttled,
        Self::Rejected,
        Self::Service,
        Self::Unreadable,
        Self::Intercepted,
        Self::Unexpected,
        Self::StillRunning,
        Self::Token,
    ];

    /// Returns the name for logs and metrics, such as `notFound`. It does not change.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Input => "input",
            Self::Connect => "connect",
            Self::Interrupted => "interrupted",
            Self::Unauthorized => "unauthorized",
            Self::Forbidden => "forbidden",
            Self::NotFound => "notFound",
            Self::Conflict => "conflict",
            Self::Throttled => "throttled",
            Self::Rejected => "rejected",
            Self::Service => "service",
            Self::Unreadable => "unreadable",
            Self::Intercepted => "intercepted",
            Self::Unexpected => "unexpected",
            Self::StillRunning => "stillRunning",
            Self::Token => "token",
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The likelihood that a request reached the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Sent {
    /// No: the service did nothing.
    No,
    /// Maybe: the service may have done the work.
    Maybe,
    /// Yes: the service responded.
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
            body: ErrorBody::default(),
            detail: None,
            note: None,
            hint: None,
            retry_after: None,
            ids: SupportIds::default(),
            response: None,
            source: None,
            lasts: false,
        }))
    }

    /// Creates the error for a response whose status is not a success.
    pub(crate) fn response(operation: &'static str, status: StatusCode, body: ErrorBody) -> Self {
        let mut error = Self::new(kind_of(status), operation, Sent::Answered);
        error.0.status = Some(status);
        error.0.body = body;
        error
    }

    /// Creates the error for a call that was not sent because there is no token.
    pub(crate) fn token(operation: &'static str, error: Arc<TokenError>) -> Self {
        let mut this =
            Self::new(ErrorKind::Token, operation, Sent::No).with_detail(error.to_string());
        this.0.hint = error.hint();
        this.with_source(error)
    }

    /// Creates the error for a call that was not sent because the service would refuse its app-only token.
    pub(crate) fn requires_user(operation: &'static str) -> Self {
        let mut this = Self::new(ErrorKind::Input, operation, Sent::No).with_detail(
            "the service accepts only the token of a signed-in user here, not an app-only token",
        );
        this.0.body.code = Some("900329".to_owned());
        this
    }

    /// Adds a note to the end of the message.
    pub(crate) fn with_note(mut self, note: String) -> Self {
        self.0.note = Some(note);
        self
    }

    /// Corrects [`sent`](Self::sent) after several attempts: an earlier one may have taken effect even if the last one
    /// was refused.
    pub(crate) fn after_attempts(mut self, attempts: u32, may_have_taken_effect: bool) -> Self {
        let is_refusal = matches!(
            self.0.kind,
            ErrorKind::Connect
                | ErrorKind::Input
                | ErrorKind::Token
                | ErrorKind::Throttled
                | ErrorKind::Unauthorized
                | ErrorKind::Forbidden
                | ErrorKind::Interrupted
        );
        if may_have_taken_effect && is_refusal {
            self.0.sent = Sent::Maybe;
        } else if self.0.sent == Sent::No && attempts > 0 && self.0.kind != ErrorKind::Connect {
            self.0.sent = Sent::Answered;
        }
        self
    }

    /// Replaces the hint of the kind, if there is a better one.
    pub(crate) fn with_hint(mut self, hint: Option<&'static str>) -> Self {
        self.0.hint = hint;
        self
    }

    /// Marks a problem that needs a changed setting, although its kind is usually temporary.
    pub(crate) fn that_lasts(mut self, lasts: bool) -> Self {
        self.0.lasts = lasts;
        self
    }

    pub(crate) fn with_retry_after(mut self, delay: Option<Duration>) -> Self {
        self.0.retry_after = delay;
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
        self.0.source = Some(Arc::from(source.into()));
        self
    }

    pub(crate) fn with_response(mut self, response: Option<Response>) -> Self {
        self.0.response = response.map(Arc::new);
        self
    }

    pub(crate) fn with_call(mut self, ids: SupportIds, attempts: u32) -> Self {
        self.0.ids = ids;
        self.0.attempts = attempts;
        self
    }

    /// Returns the kind.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Returns the operation by its `operationId` in the spec, such as `get_policy`.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        self.0.operation
    }

    /// Returns whether the request may have reached the service.
    #[must_use]
    pub fn sent(&self) -> Sent {
        self.0.sent
    }

    /// Returns the number of attempts to send the request, including those that reached nothing; 0 if there is no attempt.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Returns the HTTP status of the response, if there was one.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status
    }

    /// Returns the headers of the response, if there was one. Tokens and other secrets in them are replaced by their
    /// length.
    #[must_use]
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.0.response.as_ref().map(|response| &response.headers)
    }

    /// Returns the body of the response as text, if there was one, without a byte order mark. Hardware hashes, tokens and
    /// other words of more than 48 characters are shortened; everything else is as received. A body that is not text, or
    /// has more than a mebibyte, is replaced by its length.
    #[must_use]
    pub fn body(&self) -> Option<&str> {
        self.0.response.as_ref().map(|response| response.body.as_str())
    }

    /// Returns true if the same call may succeed later without a change: the service was unreachable, busy, throttled or
    /// failing. A certificate that is not trusted and a proxy that refuses the connection need a change. If [`sent`](Self::sent) is [`Sent::Maybe`], repeat a call that changes something only with the same
    /// [`sent_request_id`](Self::sent_request_id).
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        let status = self.0.status.map(|status| status.as_u16());
        match self.0.kind {
            _ if self.0.lasts => false,
            ErrorKind::Connect
            | ErrorKind::Interrupted
            | ErrorKind::Throttled
            | ErrorKind::StillRunning => true,
            ErrorKind::Service => !matches!(status, Some(501 | 505)),
            ErrorKind::Rejected => matches!(status, Some(408 | 425)),
            ErrorKind::Token => self.token_error().is_some_and(TokenError::is_retryable),
            _ => false,
        }
    }

    /// Returns true if the last attempt ended because its time limit passed
    /// ([`ClientBuilder::timeout`](crate::ClientBuilder::timeout)) before the status of the response arrived. On a slow
    /// connection, a smaller request may arrive in time.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        let first = self.0.source.as_deref().map(|source| source as &dyn std::error::Error);
        let mut causes = std::iter::successors(first, |error| error.source());
        self.0.status.is_none()
            && self.0.kind == ErrorKind::Interrupted
            && causes.any(|cause| {
                cause.is::<TimedOut>()
                    || cause
                        .downcast_ref::<reqwest::Error>()
                        .is_some_and(reqwest::Error::is_timeout)
            })
    }

    /// Returns the error code of the service, such as `20002`
    /// (<https://learn.microsoft.com/en-us/partner-center/developer/error-codes>).
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.0.body.code.as_deref()
    }

    /// Returns the error description of the service, redacted.
    #[must_use]
    pub fn description(&self) -> Option<&str> {
        self.0.body.description.as_deref()
    }

    /// Returns the `MS-RequestId` of the response, or the one that was sent if there was no response.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.0.ids.request.as_deref()
    }

    /// Returns the `MS-RequestId` that was sent. To repeat the call, send the same id.
    #[must_use]
    pub fn sent_request_id(&self) -> Option<&str> {
        self.0.ids.sent_request.as_deref().or(self.0.ids.request.as_deref())
    }

    /// Returns how long the service asks to wait (`Retry-After`), at most a day.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Returns the `MS-CorrelationId` of the response, or the one that was sent if there was no response.
    #[must_use]
    pub fn correlation_id(&self) -> Option<&str> {
        self.0.ids.correlation.as_deref()
    }

    /// Returns the `MS-CV` of the response, which support asks for.
    #[must_use]
    pub fn cv(&self) -> Option<&str> {
        self.0.ids.cv.as_deref()
    }

    /// Returns the time of the response by the clock of the service (`Date`, to the second), which support asks for.
    #[must_use]
    pub fn date(&self) -> Option<SystemTime> {
        self.0.ids.date
    }

    /// Returns whether the service considers the signed-in user to have used multi-factor authentication; `None` if the
    /// response does not say. A client with [`validate_mfa`](crate::ClientBuilder::validate_mfa) asks for it.
    #[must_use]
    pub fn is_mfa_compliant(&self) -> Option<bool> {
        self.0.ids.is_mfa_compliant
    }

    /// Returns true if the service refused the token because the user signed in without multi-factor authentication: by its
    /// code (900421, or 10001 in older responses), or else by [`is_mfa_compliant`](Self::is_mfa_compliant).
    #[must_use]
    pub fn requires_mfa(&self) -> bool {
        requires_mfa(self.0.status, self.code(), self.0.ids.is_mfa_compliant)
    }

    /// Returns why there was no access token, for an error of the kind [`ErrorKind::Token`].
    #[must_use]
    pub fn token_error(&self) -> Option<&TokenError> {
        let source = self.0.source.as_deref()?;
        source.downcast_ref::<Arc<TokenError>>().map(AsRef::as_ref)
    }

    /// Returns what to do about the error, if that is known.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        let is_certificate = self.0.kind == ErrorKind::Connect
            && self.0.detail.as_ref().is_some_and(|detail| detail.contains("certificate"));
        if is_certificate && self.0.hint.is_none() {
            return Some(UNTRUSTED);
        }
        let is_unsupported = self.status() == Some(StatusCode::NOT_IMPLEMENTED);
        let known = (self.is_quota_exceeded().then_some(QUOTA_HINT))
            .or(self.requires_mfa().then_some(MFA_HINT))
            .or(is_unsupported.then_some(UNSUPPORTED_HINT));
        self.0.hint.or(known).or_else(|| hint(self.0.kind, self.code()))
    }

    /// Returns true if the gateway refused the call because of a quota: its body has a message without a code.
    fn is_quota_exceeded(&self) -> bool {
        self.0.kind == ErrorKind::Forbidden
            && self.code().is_none()
            && self.body().is_some_and(|body| body.contains("call volume quota"))
    }

    /// Returns the message without the ids: what failed and why, in one line.
    #[must_use]
    pub fn message(&self) -> String {
        let Details { kind, operation, sent, body, detail, note, .. } = &*self.0;
        let mut message = match kind {
            ErrorKind::Input if *operation == CLIENT => format!("could not build {operation}"),
            ErrorKind::Connect => {
                format!("{} because the service is unreachable", cannot(operation))
            }
            ErrorKind::Interrupted => {
                format!("{} because no complete response arrived", cannot(operation))
            }
            ErrorKind::Unreadable => {
                format!("{} because the response cannot be decoded", cannot(operation))
            }
            ErrorKind::Unexpected => {
                format!("{} because the response is unexpected", cannot(operation))
            }
            ErrorKind::StillRunning => "the job is still running".to_owned(),
            ErrorKind::Token => format!("{} because the sign-in failed", cannot(operation)),
            _ => cannot(operation),
        };
        if let Some(text) = body.description.as_ref().or(detail.as_ref()) {
            message += &format!(": {text}");
        }
        if *sent == Sent::Maybe && *kind != ErrorKind::Intercepted {
            message += "; the request may have reached the service";
        }
        if let Some(note) = note {
            message += &format!("; {note}");
        }
        let facts = self.facts();
        if facts.is_empty() { message } else { format!("{message} ({facts})") }
    }

    /// Returns status, code and attempts, for the brackets behind the message.
    fn facts(&self) -> String {
        let facts = [
            self.0.status.map(|status| status.to_string()),
            self.code().map(|code| format!("code {code}")),
            (self.0.attempts > 1).then(|| match (self.0.kind, self.0.sent) {
                (ErrorKind::Connect, Sent::No) => format!("tried {} times", self.0.attempts),
                _ => format!("sent {} times", self.0.attempts),
            }),
        ];
        facts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

/// Returns what the call could not do, such as `cannot get a configuration policy`.
fn cannot(operation: &str) -> String {
    match Operation::from_id(operation).map(Operation::summary) {
        Some(summary) => {
            let (verb, rest) = summary.split_once(' ').unwrap_or((summary, ""));
            format!("cannot {} {rest}", verb.to_lowercase())
        }
        None => format!("cannot complete the {operation}"),
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

fn hint(kind: ErrorKind, code: Option<&str>) -> Option<&'static str> {
    if let Some(known) = ServiceCode::ALL.iter().find(|known| Some(known.code) == code) {
        return Some(known.hint);
    }
    Some(match kind {
        ErrorKind::Unauthorized => {
            "the token may have expired (it is valid for about an hour): get a new one"
        }
        ErrorKind::Connect => "check the network, the proxy and the base URL",
        ErrorKind::Intercepted => {
            "open a web page on this machine, and sign in to the network if it asks for it; or ask its administrator to let the address of the service through"
        }
        ErrorKind::Interrupted => {
            "the work may have been done: check the result before you try again"
        }
        ErrorKind::StillRunning => "check the job later with its tracking id",
        ErrorKind::Throttled => "wait before the next request, and send fewer requests in parallel",
        ErrorKind::Service => {
            "try again later; if it keeps failing, give Microsoft support the ids of this error"
        }
        _ => return None,
    })
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message())?;
        let mut separator = "\n";
        for (name, value) in self.0.ids.named() {
            write!(f, "{separator}{name} {value}")?;
            separator = ", ";
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Not the source, which may print bodies and headers. `Display` already contains its message.
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
    use http::header::DATE;

    fn forbidden() -> Error {
        let mut headers = HeaderMap::new();
        headers.insert("ms-requestid", "r-2".parse().unwrap());
        headers.insert("ms-cv", "cv.0".parse().unwrap());
        headers.insert(DATE, "Sun, 06 Nov 1994 08:49:37 GMT".parse().unwrap());
        let sent = SupportIds {
            request: Some("r-1".into()),
            correlation: Some("c-1".into()),
            ..SupportIds::default()
        };
        let body = ErrorBody {
            code: Some("20002".to_owned()),
            description: Some("No relationship".to_owned()),
        };
        Error::response("list_policies", StatusCode::FORBIDDEN, body)
            .with_call(sent.received(&headers, &[]), 1)
    }

    #[test]
    fn date_is_the_time_of_the_service() {
        let since = forbidden().date().unwrap().duration_since(SystemTime::UNIX_EPOCH).unwrap();
        assert_eq!(since.as_secs(), 784_111_777);
    }

    #[test]
    fn display_is_a_sentence_and_a_line_of_ids() {
        insta::assert_snapshot!(forbidden(), @"
        cannot list the configuration policies of a customer: No relationship (403 Forbidden, code 20002)
        MS-RequestId r-2, MS-CorrelationId c-1, MS-CV cv.0
        ");
        let lost =
            Error::new(ErrorKind::Interrupted, "add_devices", Sent::Maybe).with_detail("timed out");
        insta::assert_snapshot!(lost, @"cannot add devices to an existing batch because no complete response arrived: timed out; the request may have reached the service");
    }

    #[test]
    fn the_hint_of_a_code_takes_precedence() {
        assert!(forbidden().hint().unwrap().starts_with("you are not a reseller"));
        assert!(hint(ErrorKind::Unauthorized, Some("900420")).unwrap().contains("audience"));
        assert!(hint(ErrorKind::Unauthorized, None).unwrap().contains("expired"));
        assert_eq!(hint(ErrorKind::NotFound, None), None);
        let of_status = |status: StatusCode| {
            let error = Error::response("get_policy", status, ErrorBody::default());
            error.hint().unwrap_or_default()
        };
        assert!(of_status(StatusCode::NOT_IMPLEMENTED).contains("does not support"));
        assert!(of_status(StatusCode::BAD_GATEWAY).contains("try again later"));
    }

    #[test]
    fn every_kind_has_its_own_name() {
        let names: std::collections::HashSet<_> = ErrorKind::ALL.map(ErrorKind::as_str).into();
        assert_eq!(names.len(), ErrorKind::ALL.len());
        assert_eq!(ErrorKind::NotFound.to_string(), "notFound");
    }

    #[test]
    fn a_temporary_failure_is_retryable() {
        for (status, expected) in
            [(400, false), (401, false), (403, false), (404, false), (409, false), (408, true)]
                .into_iter()
                .chain([(429, true), (500, true), (501, false), (503, true), (302, false)])
        {
            let status = StatusCode::from_u16(status).unwrap();
            let error = Error::response("get_policy", status, ErrorBody::default());
            assert_eq!(error.is_retryable(), expected, "{status}");
        }
        let token = |error| Error::token("get_policy", Arc::new(error));
        assert!(token(TokenError::new("x").retryable()).is_retryable());
        assert!(!token(TokenError::new("x")).is_retryable());
        assert!(!Error::input("get_policy", "x").is_retryable());
    }

    #[test]
    fn the_response_has_no_secrets() {
        let mut headers = HeaderMap::new();
        headers.insert("set-cookie", "session=planted-cookie".parse().unwrap());
        headers.insert("x-echo", "Bearer planted-token".parse().unwrap());
        headers.insert("ms-cv", "cv.0".parse().unwrap());
        let body = format!(
            r#"{{"title":"No","detail":"planted-token","hardwareHash":"{}"}}"#,
            "T0HzAQEA".repeat(500)
        );
        let response = Response::redacted(&headers, body.as_bytes(), &["planted-token"]);
        let error = forbidden().with_response(Some(response)).clone();
        let (headers, body) = (error.headers().unwrap(), error.body().unwrap());
        assert_eq!(headers["ms-cv"], "cv.0");
        assert_eq!(headers["x-echo"].to_str().unwrap(), "Bearer ...");
        assert!(body.starts_with(r#"{"title":"No","detail":"…""#), "{body}");
        let all = format!("{headers:?} {body}");
        assert!(!all.contains("planted") && !all.contains("T0HzAQEA"), "{all}");
    }

    #[test]
    fn maps_every_status_to_a_kind() {
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
