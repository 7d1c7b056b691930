//! One attempt: sends the request once and reads the whole response.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use partner_center_devices_raw::transport::{
    self, BoxError, TooLarge, Transport, UnreadableEncoding,
};
use partner_center_devices_raw::{ForeignResponse, redact};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

use crate::calls::claims_challenge::demanded_claims;
use crate::calls::request_kind::RequestKind;
use crate::calls::retry::AttemptOutcome;
use crate::calls::retry_after::requested_delay;
use crate::calls::service_headers::{CORRELATION_ID, CV, REQUEST_ID};
use crate::calls::timed_out::TimedOut;
use crate::responses::error::ErrorKind;
use crate::responses::error_body::{self, ErrorBody};
use crate::responses::service_code::is_mfa_code;
use crate::root_cause::{find, is_about_certificate, refuses_own_certificate};

/// The upper bound of a time limit; `Instant` can still represent it.
const MAX_TIME_LIMIT: Duration = Duration::from_secs(365 * 24 * 3600);

/// The parts of an attempt that are the same for every attempt of a call.
pub(crate) struct Sender<'a> {
    pub(crate) transport: &'a dyn Transport,
    pub(crate) http: &'a reqwest::Client,
    pub(crate) kind: RequestKind,
    /// Its only permit is for reading and decoding a large body.
    pub(crate) large_bodies: &'a Arc<Semaphore>,
    /// True if the tokens belong to an app, which needs no multi-factor authentication.
    pub(crate) is_app_only: bool,
    /// True if the response keeps its headers, because the raw client returns it to the caller. Typed calls only need the
    /// headers in [`Received`].
    pub(crate) keeps_headers: bool,
}

/// A finished attempt.
pub(crate) struct Attempt {
    pub(crate) outcome: AttemptOutcome,
    pub(crate) received: Received,
    pub(crate) result: Result<reqwest::Response, BoxError>,
}

/// Everything that arrived in one attempt, even if the response broke off.
#[derive(Default)]
pub(crate) struct Received {
    pub(crate) status: Option<StatusCode>,
    pub(crate) headers: Option<HeaderMap>,
    pub(crate) body: Bytes,
    /// The content of the body of an error response, without the token.
    pub(crate) problem: ErrorBody,
    /// The delay that an error response requests.
    pub(crate) delay: Option<Duration>,
    /// Allows a body of more than a mebibyte. It is kept until the body is decoded, so that a server cannot make calls
    /// fill the memory together.
    _large_body: Option<OwnedSemaphorePermit>,
}

impl Sender<'_> {
    /// Sends `request` within `limit`, reads the response and logs how the attempt ended.
    pub(crate) async fn send(
        &self,
        request: reqwest::Request,
        limit: Duration,
        log: AttemptLog<'_>,
    ) -> Attempt {
        let mut received = Received::default();
        let result = self.send_and_read(request, limit, log.token(), &mut received).await;
        let (outcome, result) = match result {
            Ok(response) if !self.is_app_only && received.requires_mfa() => {
                (AttemptOutcome::MfaRequired, Ok(response))
            }
            Ok(response) => {
                (AttemptOutcome::Response(response.status(), received.delay), Ok(response))
            }
            Err(error) if failed_to_connect(&error) && is_about_certificate(&*error) => {
                (AttemptOutcome::Untrusted, Err(error))
            }
            Err(error) if received.status.is_none() && refuses_own_certificate(&*error) => {
                (AttemptOutcome::Untrusted, Err(error))
            }
            Err(error) if failed_to_connect(&error) => (AttemptOutcome::NotConnected, Err(error)),
            Err(error) if unusable(&*error).is_some() => (AttemptOutcome::Unusable, Err(error)),
            Err(error) => (AttemptOutcome::Interrupted, Err(error)),
        };
        log.write(&outcome, &received);
        Attempt { outcome, received, result }
    }

    async fn send_and_read(
        &self,
        request: reqwest::Request,
        limit: Duration,
        token: &str,
        received: &mut Received,
    ) -> Result<reqwest::Response, BoxError> {
        let end = Instant::now() + limit.min(MAX_TIME_LIMIT);
        let sending = self.transport.execute(self.http, self.kind.operation(), request);
        let mut response =
            tokio::time::timeout_at(end, sending).await.map_err(|_| TimedOut(limit))??;
        let status = response.status();
        received.status = Some(status);
        if !self.kind.has_response_body()
            && status.is_success()
            && status != StatusCode::PARTIAL_CONTENT
            && response.content_length() == Some(0)
        {
            received.headers = Some(self.take_headers(response.headers_mut()));
            return Ok(response);
        }
        if !status.is_success() {
            return self.read_error(response, end, token, received).await;
        }
        let (mut parts, body) = http::Response::from(response).into_parts();
        let names_a_job = parts.headers.contains_key(http::header::LOCATION);
        let mut permit = None;
        let admission = async {
            permit = Arc::clone(self.large_bodies).acquire_owned().await.ok();
        };
        let reading = transport::read_encoded_body(
            &mut parts.headers,
            body,
            transport::body_limit(status),
            admission,
        );
        // Boxed, because most calls that change something have no body to read.
        let read = tokio::time::timeout_at(end, Box::pin(reading)).await;
        received.headers = Some(self.take_headers(&mut parts.headers));
        received.body = match read {
            Ok(Ok(body)) => body,
            Ok(Err(error)) if unusable(&*error).is_some() => return Err(error),
            // The body broke off or stalled, but the head is enough.
            _ if names_a_job => Bytes::new(),
            Ok(Err(error)) => return Err(error),
            Err(_) => return Err(TimedOut(limit).into()),
        };
        ForeignResponse::check(self.kind.operation(), status, &received.body, &[token])?;
        received._large_body = permit;
        let body = received.body.clone();
        Ok(transport::response(http::Response::from_parts(parts, body)))
    }

    /// Reads an error response. Its head is enough, and its body may break off or stall.
    async fn read_error(
        &self,
        response: reqwest::Response,
        end: Instant,
        token: &str,
        received: &mut Received,
    ) -> Result<reqwest::Response, BoxError> {
        let (mut parts, body) = http::Response::from(response).into_parts();
        let (status, until) = (parts.status, tokio::time::sleep_until(end));
        let reading = transport::read_error_body(&mut parts.headers, body, until);
        received.body = Box::pin(reading).await;
        let headers = received.headers.insert(self.take_headers(&mut parts.headers));
        received.delay = requested_delay(status, headers, &received.body);
        let body = redact::known_secrets_in_body(&received.body, &[token]);
        received.problem = error_body::read(&body);
        if status.is_redirection() {
            return Err(ForeignResponse::redirect(headers).into());
        }
        ForeignResponse::check_error(status, &received.body, &[token])?;
        let body = received.body.clone();
        Ok(transport::response(http::Response::from_parts(parts, body)))
    }

    /// Moves the headers out of a response, or copies them if the response must keep them.
    fn take_headers(&self, headers: &mut HeaderMap) -> HeaderMap {
        if self.keeps_headers { headers.clone() } else { std::mem::take(headers) }
    }
}

/// The log entry of an attempt.
pub(crate) struct AttemptLog<'a> {
    /// How often the request was sent before.
    pub(crate) resend_count: u32,
    /// The token of the attempt, which the service may echo.
    pub(crate) token: Option<&'a HeaderValue>,
}

impl AttemptLog<'_> {
    fn write(&self, outcome: &AttemptOutcome, received: &Received) {
        let header = |name: &HeaderName| self.redacted(received.headers.as_ref(), name);
        match outcome {
            // Only these headers: others may contain secrets.
            AttemptOutcome::Response(..) | AttemptOutcome::MfaRequired => tracing::debug!(
                http.response.status_code = received.status.map(|status| status.as_u16()),
                http.request.resend_count = self.resend_count,
                "http.response.header.ms-cv" = header(&CV),
                "http.response.header.ms-requestid" = header(&REQUEST_ID),
                "http.response.header.ms-correlationid" = header(&CORRELATION_ID),
                "http.response.header.retry-after" = header(&http::header::RETRY_AFTER),
                "response received"
            ),
            AttemptOutcome::NotConnected
            | AttemptOutcome::Untrusted
            | AttemptOutcome::ProxyRefused
            | AttemptOutcome::Interrupted
            | AttemptOutcome::Unusable => tracing::debug!(
                error.type = outcome.error_type(),
                http.request.resend_count = self.resend_count,
                "no response"
            ),
        }
    }

    fn redacted(&self, headers: Option<&HeaderMap>, name: &HeaderName) -> Option<String> {
        let text = headers?.get(name)?.to_str().ok()?;
        Some(redact::message(&redact::known_secrets(text, &[self.token()])))
    }

    fn token(&self) -> &str {
        self.token.map(transport::bearer_token).unwrap_or_default()
    }
}

impl Received {
    /// Returns the claims that a 401 demands.
    pub(crate) fn demanded_claims(&self) -> Option<String> {
        let headers =
            self.headers.as_ref().filter(|_| self.status == Some(StatusCode::UNAUTHORIZED));
        headers.and_then(demanded_claims)
    }

    /// Returns true for a 401 whose code says that multi-factor authentication is missing.
    fn requires_mfa(&self) -> bool {
        let code = self.problem.code.as_deref();
        self.status == Some(StatusCode::UNAUTHORIZED) && code.is_some_and(is_mfa_code)
    }
}

/// Returns why a response that arrived cannot be used.
pub(crate) fn unusable(error: &(dyn std::error::Error + 'static)) -> Option<(ErrorKind, String)> {
    if let Some(foreign) = find::<ForeignResponse>(error) {
        return Some((ErrorKind::Intercepted, foreign.to_string()));
    }
    let unreadable = find::<TooLarge>(error)
        .map(ToString::to_string)
        .or_else(|| find::<UnreadableEncoding>(error).map(ToString::to_string));
    unreadable.map(|reason| (ErrorKind::Unreadable, reason))
}

fn failed_to_connect(error: &BoxError) -> bool {
    error.downcast_ref::<reqwest::Error>().is_some_and(reqwest::Error::is_connect)
}
