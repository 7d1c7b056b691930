//! How one call runs. The contract, and the order of the code below:
//!
//! 1. **Ids.** The call gets one `MS-RequestId`, its idempotency key, and one `MS-CorrelationId`, for support;
//!    the caller may bring its own. All attempts share both.
//! 2. **Deadline.** The clock of the whole call starts: attempts, waits and throttle together end by it. It stands still
//!    while the call waits for its turn at the client's own rate: the deadline is about the service, and a long queue
//!    is no fault of it.
//! 3. **Attempt.**
//!    1. *Gate.* If the customer is throttled, wait until that is over; fail at once if the deadline is sooner. Then,
//!       if the client has a rate of its own, wait for this attempt's turn, however long that takes, and look at
//!       the gate again: if it was closed meanwhile, the turn is given up for a later one.
//!    2. *Token.* Take the client's token; one refresh runs at a time. An operation that needs a signed-in user
//!       is not sent with an app-only token.
//!    3. *Headers.* Token, ids, locale, application.
//!    4. *Send*, to the base URL and nowhere else, within the time limit of one attempt. The body is read to its
//!       end here, so that an answer which breaks off counts as lost.
//!    5. *Record* what came: status, headers, bytes, and whether an attempt may have arrived.
//! 4. **Decide.** The result stands, or the attempt is made again: `retry.rs` decides. A 429 closes the
//!    customer's gate for all calls of this client.
//! 5. **Decode.** The generated types decode the body; if they cannot, the error names the place in the JSON.

use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use partner_center_devices_raw::transport::{self, BoxError, BoxFuture, Inner, Transport};
use partner_center_devices_raw::{self as raw, ResponseValue};
use serde::de::DeserializeOwned;
use tokio::time::Instant;
use tracing::{Instrument as _, field};
use uuid::Uuid;

use crate::auth::{TokenError, Tokens};
use crate::calls::call::RawResponse;
use crate::calls::operation::Operation;
use crate::calls::rate_limit::RateLimit;
use crate::calls::retry::{
    AttemptOutcome, CallProgress, Decision, Retry, RetryBudget, retry_after,
};
use crate::calls::throttle::Throttle;
use crate::responses::error::{Error, ErrorKind, Ids, Sent};
use crate::responses::error_body;
use partner_center_devices_raw::redact;

const REQUEST_ID: HeaderName = HeaderName::from_static("ms-requestid");
const CORRELATION_ID: HeaderName = HeaderName::from_static("ms-correlationid");
const LOCALE: HeaderName = HeaderName::from_static("x-locale");
const APPLICATION: HeaderName = HeaderName::from_static("ms-partnercenter-application");
const VALIDATE_MFA: HeaderName = HeaderName::from_static("validatemfa");

/// Longer than any call; a clock can still hold it.
const A_YEAR: Duration = Duration::from_secs(365 * 24 * 3600);

/// What all calls of a client share.
pub(crate) struct Shared {
    pub(crate) base_url: String,
    pub(crate) http: reqwest::Client,
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) tokens: Tokens,
    pub(crate) application: Option<HeaderValue>,
    pub(crate) locale: Option<HeaderValue>,
    pub(crate) validate_mfa: bool,
    pub(crate) timeout: Duration,
    pub(crate) retry: Retry,
    pub(crate) budget: RetryBudget,
    pub(crate) throttle: Throttle,
    pub(crate) rate_limit: Option<RateLimit>,
}

/// What one call may set for itself.
#[derive(Clone, Debug, Default)]
pub(crate) struct CallOptions {
    pub(crate) request_id: Option<Uuid>,
    pub(crate) correlation_id: Option<Uuid>,
    pub(crate) locale: Option<HeaderValue>,
    pub(crate) continuation: Option<HeaderValue>,
    pub(crate) timeout: Option<Duration>,
    pub(crate) retry: Option<Retry>,
}

impl CallOptions {
    pub(crate) fn set_locale(
        &mut self,
        operation: &'static str,
        locale: &str,
    ) -> Result<(), Error> {
        let value = HeaderValue::try_from(locale).map_err(|_| {
            Error::input(operation, "the locale has a character that no header can hold")
        })?;
        self.locale = Some(value);
        Ok(())
    }
}

/// A decoded answer with what it was decoded from.
pub(crate) struct DecodedResponse<W> {
    pub(crate) value: W,
    pub(crate) raw: RawResponse,
    pub(crate) facts: ResponseContext,
}

/// What an error has to say of a call that was answered.
pub(crate) struct ResponseContext {
    operation: &'static str,
    exchange: Arc<Exchange>,
    raw: RawResponse,
}

impl ResponseContext {
    /// The answer is a success and yet cannot be used.
    pub(crate) fn unreadable(&self, problem: &str) -> Error {
        let error =
            Error::new(ErrorKind::Unreadable, self.operation, Sent::Answered).with_detail(problem);
        self.exchange.record().headers = Some(self.raw.headers().clone());
        self.exchange.complete(error)
    }
}

/// Runs one call of the generated client through the pipeline.
pub(crate) async fn run<W, F, Fut>(
    shared: &Arc<Shared>,
    operation: &'static str,
    options: CallOptions,
    call: F,
) -> Result<DecodedResponse<W>, Error>
where
    W: DeserializeOwned,
    F: FnOnce(raw::Client) -> Fut,
    Fut: Future<Output = Result<ResponseValue<W>, raw::Error>>,
{
    let exchange = Arc::new(Exchange::begin(Arc::clone(shared), options)); // 1. Ids, 2. Deadline
    let inner = Inner::from(Arc::clone(&exchange) as Arc<dyn Transport>);
    let client = raw::Client::new_with_client(&shared.base_url, shared.http.clone(), inner);
    match call(client).await {
        Ok(answer) => {
            let (status, headers, body) = {
                let mut record = exchange.record();
                (record.status, record.headers.take(), std::mem::take(&mut record.body))
            };
            let headers = headers.unwrap_or_else(|| answer.headers().clone());
            let raw = RawResponse::new(status.unwrap_or(answer.status()), headers, body);
            let facts = ResponseContext { operation, exchange, raw: raw.clone() };
            Ok(DecodedResponse { value: answer.into_inner(), raw, facts })
        }
        Err(error) => Err(exchange.explain::<W>(operation, error)),
    }
}

/// Runs a request that no generated method makes.
pub(crate) async fn send(
    shared: &Arc<Shared>,
    operation: &'static str,
    options: CallOptions,
    request: reqwest::Request,
) -> Result<RawResponse, Error> {
    let exchange = Exchange::begin(Arc::clone(shared), options); // 1. Ids, 2. Deadline
    let answer = match exchange.execute(&shared.http, operation, request).await {
        Ok(answer) => answer,
        Err(error) => return Err(exchange.explain_failure(operation, error)),
    };
    if !answer.status().is_success() {
        return Err(exchange.explain::<()>(operation, raw::Error::UnexpectedResponse(answer)));
    }
    let mut record = exchange.record();
    let headers = record.headers.take().unwrap_or_default();
    Ok(RawResponse::new(answer.status(), headers, std::mem::take(&mut record.body)))
}

/// The generated client over the same pipeline: each call is an exchange of its own.
pub(crate) struct PipelineTransport(pub(crate) Arc<Shared>);

impl Transport for PipelineTransport {
    fn execute<'a>(
        &'a self,
        http: &'a reqwest::Client,
        operation: &'static str,
        request: reqwest::Request,
    ) -> BoxFuture<'a, Result<reqwest::Response, BoxError>> {
        let mut exchange = Exchange::begin(Arc::clone(&self.0), CallOptions::default());
        exchange.answers_go_out = true;
        Box::pin(async move {
            let result = exchange.execute(http, operation, request).await;
            // What only the exchange knows would be lost with it.
            let local = exchange.record().local.take();
            result.map_err(|error| {
                local.map_or(error, |local| Box::new(exchange.complete(local)) as BoxError)
            })
        })
    }
}

/// One call: the transport that the generated client sends its request through.
struct Exchange {
    shared: Arc<Shared>,
    options: CallOptions,
    request_id: Uuid,
    correlation_id: Uuid,
    began: Instant,
    /// Whether the answers themselves reach the caller, as those of the raw client do.
    answers_go_out: bool,
    record: Mutex<Record>,
}

#[derive(Default)]
struct Record {
    attempts: u32,
    /// Whether the last attempt may have done its work without saying so: it was lost, or a gateway gave up on
    /// it, or the service failed in the middle.
    unsure: bool,
    /// Whether an attempt before the last may have.
    unsure_before: bool,
    /// How the last attempt ended.
    came: Option<AttemptOutcome>,
    status: Option<StatusCode>,
    headers: Option<HeaderMap>,
    body: Bytes,
    /// The token of the last attempt: a service may echo it.
    token: Option<HeaderValue>,
    /// An error of ours, for which the generated client has no room.
    local: Option<Error>,
    /// How long the call waited for its turns.
    paced: Duration,
    /// The wait that would have outlasted the deadline.
    too_long: Option<Duration>,
}

impl Record {
    /// The token of the last attempt, without `Bearer`; empty if there is none.
    fn token(&self) -> &str {
        let token = self.token.as_ref().and_then(|token| token.to_str().ok()).unwrap_or_default();
        token.strip_prefix("Bearer ").unwrap_or(token)
    }
}

impl Transport for Exchange {
    fn execute<'a>(
        &'a self,
        http: &'a reqwest::Client,
        operation: &'static str,
        request: reqwest::Request,
    ) -> BoxFuture<'a, Result<reqwest::Response, BoxError>> {
        let operation = Operation::of(operation, request.method());
        let span = tracing::info_span!(
            "partner_center_devices.call",
            otel.name = operation.id,
            otel.kind = "client",
            http.request.method = %request.method(),
            server.address = request.url().host_str(),
            server.port = request.url().port_or_known_default(),
            http.response.status_code = field::Empty,
            error.type = field::Empty,
            partner_center.request_id = %self.request_id,
            partner_center.correlation_id = %self.correlation_id,
        );
        Box::pin(async move {
            let decided = self.attempt_until_decided(http, operation, request);
            let result = decided.instrument(span.clone()).await;
            self.conclude(&span);
            result
        })
    }
}

impl Exchange {
    fn begin(shared: Arc<Shared>, options: CallOptions) -> Self {
        Self {
            request_id: options.request_id.unwrap_or_else(Uuid::new_v4),
            correlation_id: options.correlation_id.unwrap_or_else(Uuid::new_v4),
            shared,
            options,
            began: Instant::now(),
            answers_go_out: false,
            record: Mutex::default(),
        }
    }

    fn record(&self) -> MutexGuard<'_, Record> {
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn retry(&self) -> Retry {
        self.options.retry.unwrap_or(self.shared.retry)
    }

    /// What counts against the deadline.
    fn elapsed(&self) -> Duration {
        self.began.elapsed().saturating_sub(self.record().paced)
    }

    fn time_left(&self) -> Duration {
        self.retry().time_left(self.elapsed())
    }

    async fn attempt_until_decided(
        &self,
        http: &reqwest::Client,
        operation: Operation,
        request: reqwest::Request,
    ) -> Result<reqwest::Response, BoxError> {
        let customer = customer_of(request.url());
        let mut new_token = false;
        loop {
            // 3.1 Gate.
            if let Err(error) = self.pass_gate(operation, customer).await {
                return Err(self.fail(error));
            }

            // 3.2 Token.
            if operation.needs_user && self.shared.tokens.is_app_only() {
                return Err(self.fail(Error::needs_user(operation.id)));
            }
            let left = self.time_left();
            let token = match tokio::time::timeout(left, self.shared.tokens.get()).await {
                Ok(Ok(token)) => token,
                Ok(Err(error)) => return Err(self.fail(Error::token(operation.id, error))),
                Err(_) => {
                    let late = TokenError::new("the sign-in took longer than this call may take");
                    return Err(self.fail(Error::token(operation.id, Arc::new(late))));
                }
            };

            if self.time_left().is_zero() {
                let late = Error::new(ErrorKind::Interrupted, operation.id, Sent::No);
                return Err(self.fail(late.with_detail("the time given to the call is over")));
            }

            // 3.3 Headers. The body is shared by the copies.
            let Some(mut attempt) = request.try_clone() else {
                return Err(self.fail(Error::input(operation.id, "the body cannot be sent twice")));
            };
            self.record().token = Some(token.header.clone());
            self.set_headers(attempt.headers_mut(), token.header);

            // 3.4 Send, 3.5 Record.
            let (came, result) = self.send(http, operation, attempt).await;

            // 4. Decide.
            let attempts = self.record().attempts;
            let elapsed = self.elapsed();
            let so_far = CallProgress { attempts, elapsed, new_token, random: fastrand::f64() };
            let decision = self.retry().decide(operation.effect, came, so_far);
            if let (AttemptOutcome::Answer(StatusCode::TOO_MANY_REQUESTS, asked), wait) =
                (came, decision.wait())
            {
                let closed = asked.into_iter().chain(wait).max().unwrap_or_default();
                self.shared.throttle.close(customer, Instant::now(), closed);
            }
            match decision {
                Decision::NewToken => {
                    new_token = true;
                    self.shared.tokens.refused(token.number);
                }
                Decision::Again(wait) if self.shared.budget.take(came) => {
                    tracing::debug!(wait_ms = wait.as_millis() as u64, "again after a wait");
                    tokio::time::sleep(wait).await;
                }
                Decision::TooLong(wait) => {
                    self.record().too_long = Some(wait);
                    return result;
                }
                Decision::Again(_) | Decision::Stop => {
                    if matches!(came, AttemptOutcome::Answer(status, _) if status.is_success()) {
                        self.shared.budget.refill();
                    }
                    return result;
                }
            }
        }
    }

    /// Waits until the customer is not throttled and it is this attempt's turn.
    async fn pass_gate(&self, operation: Operation, customer: &str) -> Result<(), Error> {
        loop {
            self.outwait_throttle(operation, customer).await?;
            let Some(rate_limit) = &self.shared.rate_limit else { return Ok(()) };
            let now = Instant::now();
            let wait = rate_limit.turn(now);
            if wait.is_zero() {
                return Ok(());
            }
            tokio::time::sleep(wait).await;
            self.record().paced += now.elapsed();
            // A 429 may have come in the meantime. Its calls line up anew, or all would leave as one when it is over.
            if self.shared.throttle.wait(customer, Instant::now()).is_zero() {
                return Ok(());
            }
        }
    }

    /// Waits while the customer is throttled.
    async fn outwait_throttle(&self, operation: Operation, customer: &str) -> Result<(), Error> {
        loop {
            let wait = self.shared.throttle.wait(customer, Instant::now());
            if wait.is_zero() {
                return Ok(());
            }
            let left = self.time_left();
            if wait >= left {
                return Err(Error::new(ErrorKind::Throttled, operation.id, Sent::No).with_detail(
                    format!(
                        "the customer is throttled for {} s more, longer than this call may take",
                        wait.as_secs().max(1)
                    ),
                ));
            }
            // Not all at the same moment: the gate opens for many calls at once.
            let spread = Duration::from_millis(500).min(left - wait).mul_f64(fastrand::f64());
            tokio::time::sleep(wait + spread).await;
        }
    }

    async fn send(
        &self,
        http: &reqwest::Client,
        operation: Operation,
        request: reqwest::Request,
    ) -> (AttemptOutcome, Result<reqwest::Response, BoxError>) {
        let resend = {
            let mut record = self.record();
            record.attempts += 1;
            record.unsure_before |= std::mem::take(&mut record.unsure);
            record.status = None;
            record.headers = None;
            record.body = Bytes::new();
            record.attempts - 1
        };
        let limit = self.options.timeout.unwrap_or(self.shared.timeout);
        let limit = limit.min(self.time_left());
        let result = self.send_and_read(http, operation, request, limit).await;
        let came = match &result {
            Ok((response, wait)) => AttemptOutcome::Answer(response.status(), *wait),
            Err(error) if was_not_sent(error) => AttemptOutcome::Nothing,
            Err(_) => AttemptOutcome::Lost,
        };
        self.record().unsure = match came {
            AttemptOutcome::Lost => true,
            AttemptOutcome::Nothing => false,
            AttemptOutcome::Answer(status, _) => {
                status == StatusCode::REQUEST_TIMEOUT
                    || (status.is_server_error() && status != StatusCode::SERVICE_UNAVAILABLE)
            }
        };
        match came {
            // These headers and no others: any other may hold what nobody shall read in a log.
            AttemptOutcome::Answer(status, _) => tracing::debug!(
                http.response.status_code = status.as_u16(),
                http.request.resend_count = resend,
                "http.response.header.ms-cv" = self.answered("ms-cv"),
                "http.response.header.ms-requestid" = self.answered("ms-requestid"),
                "http.response.header.ms-correlationid" = self.answered("ms-correlationid"),
                "http.response.header.retry-after" = self.answered("retry-after"),
                "answer"
            ),
            lost => tracing::debug!(
                error.type = lost.problem(),
                http.request.resend_count = resend,
                "no answer"
            ),
        }
        self.record().came = Some(came);
        (came, result.map(|(response, _)| response))
    }

    /// Writes on the span of the call how it ended.
    fn conclude(&self, span: &tracing::Span) {
        let record = self.record();
        if let Some(status) = record.status {
            span.record("http.response.status_code", status.as_u16());
        }
        let problem = match (&record.local, &record.came) {
            (Some(_), _) => Some("not_sent"), // no token, a closed gate, no time left
            (None, came) => came.as_ref().and_then(AttemptOutcome::problem),
        };
        if let Some(problem) = problem {
            span.record("error.type", problem);
        }
    }

    /// A header of the last answer, as it may be shown: a service may echo what it was sent.
    fn answered(&self, name: &str) -> Option<String> {
        let record = self.record();
        let text = record.headers.as_ref()?.get(name)?.to_str().ok()?;
        Some(redact::message(&redact::known_secrets(text, &[record.token()])))
    }

    /// One exchange on the wire, its body read to the end and recorded.
    async fn send_and_read(
        &self,
        http: &reqwest::Client,
        operation: Operation,
        request: reqwest::Request,
        limit: Duration,
    ) -> Result<(reqwest::Response, Option<Duration>), BoxError> {
        let end = Instant::now() + limit.min(A_YEAR);
        let sending = self.shared.transport.execute(http, operation.id, request);
        let mut response =
            tokio::time::timeout_at(end, sending).await.map_err(|_| TimeRanOut(limit))??;
        self.record().status = Some(response.status());
        if operation.bodiless
            && response.status().is_success()
            && response.content_length() == Some(0)
        {
            // All there is to know is in the head.
            self.note(response.headers_mut());
            return Ok((response, None));
        }
        let (mut parts, body) = http::Response::from(response).into_parts();
        let wait = if parts.status.is_success() { None } else { retry_after(&parts.headers) };
        let names_job = parts.headers.contains_key(http::header::LOCATION);
        self.note(&mut parts.headers);
        let reading = reqwest::Response::from(http::Response::new(body)).bytes();
        let body = match tokio::time::timeout_at(end, reading).await {
            Ok(Ok(body)) => transport::cut_bom(body),
            // It broke off or stalled, and the head says enough: what failed, or where the job is.
            _ if !parts.status.is_success() || names_job => Bytes::new(),
            Ok(Err(error)) => return Err(error.into()),
            Err(_) => return Err(TimeRanOut(limit).into()),
        };
        self.record().body = body.clone();
        Ok((transport::response(http::Response::from_parts(parts, body)), wait))
    }

    /// Records the headers of an answer. They move: nobody behind this looks at them but for the raw client.
    fn note(&self, headers: &mut HeaderMap) {
        let noted = if self.answers_go_out { headers.clone() } else { std::mem::take(headers) };
        self.record().headers = Some(noted);
    }

    fn set_headers(&self, headers: &mut HeaderMap, authorization: HeaderValue) {
        headers.insert(http::header::AUTHORIZATION, authorization);
        headers.insert(REQUEST_ID, id_value(self.request_id));
        headers.insert(CORRELATION_ID, id_value(self.correlation_id));
        // Errors come as JSON too, so also where no body is expected.
        headers.entry(http::header::ACCEPT).or_insert(HeaderValue::from_static("application/json"));
        let optional = [
            (LOCALE, self.options.locale.as_ref().or(self.shared.locale.as_ref())),
            (APPLICATION, self.shared.application.as_ref()),
            (crate::responses::list::CONTINUATION, self.options.continuation.as_ref()),
        ];
        for (name, value) in optional {
            if let Some(value) = value {
                headers.insert(name, value.clone());
            }
        }
        if self.shared.validate_mfa {
            headers.insert(VALIDATE_MFA, HeaderValue::from_static("true"));
        }
    }

    /// Keeps an error of ours until the generated client has unwound.
    fn fail(&self, error: Error) -> BoxError {
        let kept = error.to_string().into();
        let mut record = self.record();
        // Nothing was sent this time, so every attempt is one before.
        record.unsure_before |= std::mem::take(&mut record.unsure);
        record.local = Some(error);
        kept
    }

    /// Adds the ids and the attempts to an error.
    fn complete(&self, error: Error) -> Error {
        let mut record = self.record();
        let ids = Ids {
            request: Some(self.request_id.to_string().into()),
            correlation: Some(self.correlation_id.to_string().into()),
            ..Ids::default()
        };
        let headers = record.headers.take();
        let ids = match &headers {
            Some(headers) => ids.answered(headers, &[record.token()]),
            None => ids,
        };
        let error = error.with_retry_after(headers.as_ref().and_then(retry_after));
        let error = match record.too_long {
            Some(wait) => error.with_note(format!(
                "a wait of {} s would outlast the time given",
                wait.as_secs().max(1)
            )),
            None => error,
        };
        let error = error.after_attempts(record.attempts, record.unsure_before);
        error.with_status(record.status).with_call(ids, record.attempts)
    }

    /// As [`explain`](Self::explain), of what a transport failed with.
    fn explain_failure(&self, operation: &'static str, error: BoxError) -> Error {
        match error.downcast::<reqwest::Error>() {
            Ok(error) => self.explain::<()>(operation, raw::Error::CommunicationError(*error)),
            Err(error) => {
                let local = self.record().local.take();
                let interrupted = || {
                    Error::new(ErrorKind::Interrupted, operation, Sent::Maybe)
                        .with_detail(innermost(&*error))
                        .with_source(error)
                };
                self.complete(local.unwrap_or_else(interrupted))
            }
        }
    }

    /// 4. and 5. for a call that failed: which error it is, with all that is known.
    fn explain<W: DeserializeOwned>(&self, operation: &'static str, error: raw::Error) -> Error {
        let (local, status) = {
            let mut record = self.record();
            (record.local.take(), record.status)
        };
        if let Some(local) = local {
            return self.complete(local);
        }
        let explained = match error {
            raw::Error::UnexpectedResponse(response) => {
                let record = self.record();
                // Before anything else is cut: half a token would not be known as one.
                let body = String::from_utf8_lossy(&record.body);
                let body = redact::known_secrets(&body, &[record.token()]);
                Error::answer(operation, response.status(), error_body::read(body.as_bytes()))
            }
            raw::Error::InvalidResponsePayload(body, error) => {
                let detail = decode_problem::<W>(&body).unwrap_or_else(|| error.to_string());
                let detail = redact::known_secrets(&detail, &[self.record().token()]);
                Error::new(ErrorKind::Unreadable, operation, Sent::Answered).with_detail(detail)
            }
            raw::Error::CommunicationError(error) | raw::Error::ResponseBodyError(error) => {
                let error = error.without_url(); // customer and device ids stay out of logs
                let (kind, sent) = match status {
                    None if error.is_connect() => (ErrorKind::Connect, Sent::No),
                    None if error.is_builder() => (ErrorKind::Input, Sent::No),
                    _ => (ErrorKind::Interrupted, Sent::Maybe),
                };
                Error::new(kind, operation, sent).with_detail(innermost(&error)).with_source(error)
            }
            raw::Error::InvalidRequest(problem) | raw::Error::Custom(problem) => {
                Error::input(operation, problem)
            }
            other => Error::new(ErrorKind::Unexpected, operation, Sent::Maybe)
                .with_detail(innermost(&other)),
        };
        self.complete(explained)
    }
}

/// An attempt took longer than it may.
#[derive(Debug)]
struct TimeRanOut(Duration);

impl std::fmt::Display for TimeRanOut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "time ran out after {} s", self.0.as_secs_f32())
    }
}

impl std::error::Error for TimeRanOut {}

fn was_not_sent(error: &BoxError) -> bool {
    error.downcast_ref::<reqwest::Error>().is_some_and(reqwest::Error::is_connect)
}

/// The customer's segment of a path, as it stands there. Every operation has one; requests without share a gate.
fn customer_of(url: &url::Url) -> &str {
    let mut segments = url.path().split('/');
    segments.find(|segment| segment.eq_ignore_ascii_case("customers"));
    segments.next().unwrap_or_default()
}

fn id_value(id: Uuid) -> HeaderValue {
    let mut buffer = [0; uuid::fmt::Hyphenated::LENGTH];
    let text = id.as_hyphenated().encode_lower(&mut buffer);
    HeaderValue::from_str(text).unwrap_or_else(|_| HeaderValue::from_static("0")) // hex digits always fit
}

/// What is wrong with a body, and where: `items[3].uploadedDate: invalid type: …`.
pub(crate) fn decode_problem<W: DeserializeOwned>(body: &[u8]) -> Option<String> {
    if body.is_empty() {
        return Some("the body is empty".to_owned());
    }
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let error = serde_path_to_error::deserialize::<_, W>(&mut deserializer).err()?;
    let path = error.path().to_string();
    let problem = error.into_inner();
    Some(if path == "." { problem.to_string() } else { format!("{path}: {problem}") })
}

/// The deepest cause: "Connection refused" rather than "error sending request".
pub(crate) fn innermost(error: &(dyn std::error::Error + 'static)) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}
