//! The pipeline: how a call runs. The code follows this list:
//!
//! 1. **Ids.** The call gets an `MS-RequestId`, its idempotency key, and an `MS-CorrelationId`, for support. The caller
//!    may set both. All attempts share them.
//! 2. **Deadline.** The clock of the call starts. It limits attempts, retry delays and the wait for a throttled
//!    customer together. It pauses while the call waits for the client's own rate limit: the deadline is about the
//!    service, which has no influence on a local queue.
//! 3. **Attempt.**
//!    1. *Throttle and rate limit.* If the customer is throttled, wait until the throttle ends; if the deadline is
//!       sooner, fail immediately. If the client has a rate limit, wait for a turn, however long that takes. If the customer was
//!       throttled in the meantime, give up the turn and start over.
//!    2. *Token.* Get the client's token; only one refresh runs at a time. An operation that requires a signed-in user
//!       is not sent with an app-only token.
//!    3. *Headers.* Add the token, the ids, the locale and the application.
//!    4. *Send.* Send the request, only to the base URL, and read the whole response within the time limit of one
//!       attempt. A success without `Location` that breaks off counts as lost.
//!    5. *Record.* Keep what arrived: status, headers and body.
//! 4. **Decide.** Return the result or make another attempt, as `retry.rs` decides. A 429 throttles all calls of this
//!    client for the customer.
//! 5. **Decode.** The generated types decode the body. If they cannot, the error names the place in the JSON.

use std::borrow::Cow;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use partner_center_devices_raw::transport::{BoxError, BoxFuture, Inner, Transport};
use partner_center_devices_raw::{self as raw, ForeignResponse, Operation, ResponseValue};
use percent_encoding::percent_decode_str;
use serde::de::DeserializeOwned;
use tokio::sync::Semaphore;
use tokio::time::Instant;
use tracing::{Instrument as _, field};

use crate::auth::token_cache::{Token, TokenCache};
use crate::auth::token_error::TokenError;
use crate::calls::attempt::{Attempt, Sender};
use crate::calls::call_record::CallRecord;
use crate::calls::deadline::Deadline;
use crate::calls::headers::{self, CallIds, ClientHeaders};
use crate::calls::observer::{CallObserver, ObservedCall, WaitReason};
use crate::calls::options::CallOptions;
use crate::calls::rate_limit::RateLimit;
use crate::calls::raw_response::RawResponse;
use crate::calls::request_kind::{CUSTOM_REQUEST, RequestKind};
use crate::calls::retry::{AttemptOutcome, Decision, Progress, Retry};
use crate::calls::retry_budget::RetryBudget;
use crate::calls::retry_classifier::{FailedAttempt, RetryClassifier};
use crate::calls::throttle::Throttle;
use crate::network::{ConnectProblem, Network, is_about_tunnel};
use crate::responses::error::{Error, ErrorKind, Sent};
use crate::root_cause::root_cause;

/// State shared by all calls of a client.
pub(crate) struct Shared {
    pub(crate) base_url: String,
    pub(crate) http: reqwest::Client,
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) tokens: TokenCache,
    pub(crate) headers: ClientHeaders,
    pub(crate) timeout: Duration,
    pub(crate) retry: Retry,
    pub(crate) retry_classifier: Option<Arc<dyn RetryClassifier>>,
    pub(crate) observer: Option<Arc<dyn CallObserver>>,
    pub(crate) retry_budget: RetryBudget,
    pub(crate) throttle: Throttle,
    pub(crate) network: Network,
    pub(crate) rate_limit: Option<RateLimit>,
    /// Its only permit is for reading and decoding a large body.
    pub(crate) large_bodies: Arc<Semaphore>,
}

/// A decoded response with its context.
pub(crate) struct DecodedResponse<W> {
    pub(crate) value: W,
    pub(crate) raw: RawResponse,
    pub(crate) context: ResponseContext,
}

impl<W> DecodedResponse<W> {
    /// Replaces the value.
    pub(crate) fn map<V>(self, convert: impl FnOnce(W) -> V) -> DecodedResponse<V> {
        let Self { value, raw, context } = self;
        DecodedResponse { value: convert(value), raw, context }
    }
}

/// The call of a successful response, for errors that are found in the response later.
pub(crate) struct ResponseContext {
    operation: Operation,
    exchange: Arc<Exchange>,
    raw: RawResponse,
}

impl ResponseContext {
    /// Returns the length of the body in bytes.
    pub(crate) fn body_length(&self) -> usize {
        self.raw.body().len()
    }

    /// Creates the error for a successful response that cannot be used.
    pub(crate) fn unreadable(self, problem: &str) -> Error {
        self.error(ErrorKind::Unreadable, Sent::Answered, problem)
    }

    /// Creates the error for a successful response that is not from the service.
    pub(crate) fn intercepted(self, problem: &ForeignResponse) -> Error {
        self.error(ErrorKind::Intercepted, Sent::Maybe, &problem.to_string())
    }

    fn error(self, kind: ErrorKind, sent: Sent, problem: &str) -> Error {
        let mut record = self.exchange.take_record();
        record.restore_headers(self.raw.headers().clone());
        record.complete(Error::new(kind, self.operation.id(), sent).with_detail(problem))
    }
}

/// Runs one generated method through the pipeline.
pub(crate) async fn run<W, F, Fut>(
    shared: &Arc<Shared>,
    operation: Operation,
    options: CallOptions,
    method: F,
) -> Result<DecodedResponse<W>, Error>
where
    W: DeserializeOwned,
    F: FnOnce(raw::Client) -> Fut,
    Fut: Future<Output = Result<ResponseValue<W>, raw::Error>>,
{
    let exchange = Arc::new(Exchange::start(Arc::clone(shared), options)); // 1. Ids, 2. Deadline
    let inner = Inner::from(Arc::clone(&exchange) as Arc<dyn Transport>);
    let client = raw::Client::new_with_client(&shared.base_url, shared.http.clone(), inner);
    match method(client).await {
        Ok(response) => {
            let (status, headers, body) = exchange.take_response();
            let status = status.unwrap_or(response.status());
            let headers = headers.unwrap_or_else(|| response.headers().clone());
            let raw = RawResponse::new(status, headers, body);
            let context = ResponseContext { operation, exchange, raw: raw.clone() };
            Ok(DecodedResponse { value: response.into_inner(), raw, context })
        }
        Err(error) => Err(exchange.take_record().explain::<W>(operation.id(), error)),
    }
}

/// Sends a request that has no generated method.
pub(crate) async fn send_custom(
    shared: &Arc<Shared>,
    options: CallOptions,
    request: reqwest::Request,
) -> Result<RawResponse, Error> {
    let exchange = Exchange::start(Arc::clone(shared), options); // 1. Ids, 2. Deadline
    let kind = RequestKind::new(None, request.method());
    let mut record = CallRecord::new(exchange.ids);
    match exchange.run(&shared.http, kind, &request, false, &mut record).await {
        Ok(response) if response.status().is_success() => {
            let (_, headers, body) = record.take_response();
            Ok(RawResponse::new(response.status(), headers.unwrap_or_default(), body))
        }
        Ok(response) => {
            let error = raw::Error::UnexpectedResponse(response);
            Err(record.explain::<()>(CUSTOM_REQUEST, error))
        }
        Err(error) => Err(record.explain_transport_error(CUSTOM_REQUEST, error)),
    }
}

/// The transport of the raw client: each request is a call.
pub(crate) struct PipelineTransport(pub(crate) Arc<Shared>);

impl Transport for PipelineTransport {
    fn execute<'a>(
        &'a self,
        http: &'a reqwest::Client,
        operation: Option<Operation>,
        request: reqwest::Request,
    ) -> BoxFuture<'a, Result<reqwest::Response, BoxError>> {
        let exchange = Exchange::start(Arc::clone(&self.0), CallOptions::default());
        let kind = RequestKind::new(operation, request.method());
        Box::pin(async move {
            let mut record = CallRecord::new(exchange.ids);
            let result = exchange.run(http, kind, &request, true, &mut record).await;
            // The generated error type cannot carry the details of this error.
            result.map_err(|error| match record.take_not_sent() {
                Some(not_sent) => Box::new(record.complete(not_sent)) as BoxError,
                None => error,
            })
        })
    }
}

/// One call. A generated method sends its request through it, as its transport. It keeps the record of the call until the
/// method returns.
struct Exchange {
    shared: Arc<Shared>,
    options: CallOptions,
    ids: CallIds,
    retry: Retry,
    deadline: Deadline,
    record: Mutex<Option<CallRecord>>,
}

impl Transport for Exchange {
    fn execute<'a>(
        &'a self,
        http: &'a reqwest::Client,
        operation: Option<Operation>,
        mut request: reqwest::Request,
    ) -> BoxFuture<'a, Result<reqwest::Response, BoxError>> {
        let kind = RequestKind::new(operation, request.method());
        if let Some(query) = &self.options.query {
            request.url_mut().set_query(Some(query)); // from a link to the next page
        }
        Box::pin(async move {
            let mut record = CallRecord::new(self.ids);
            let result = self.run(http, kind, &request, false, &mut record).await;
            *self.record.lock().unwrap_or_else(PoisonError::into_inner) = Some(record);
            result
        })
    }
}

impl Exchange {
    fn start(shared: Arc<Shared>, options: CallOptions) -> Self {
        let retry = options.retry.unwrap_or(shared.retry);
        Self {
            ids: CallIds::new(&options),
            deadline: Deadline::start(retry.time_limit()),
            shared,
            options,
            retry,
            record: Mutex::default(),
        }
    }

    /// Takes the record of the call, which is empty if the generated method failed before it sent anything.
    fn take_record(&self) -> CallRecord {
        let record = self.record.lock().unwrap_or_else(PoisonError::into_inner).take();
        record.unwrap_or_else(|| CallRecord::new(self.ids))
    }

    /// Moves the response out of the record, which stays for an error that is found later.
    fn take_response(&self) -> (Option<StatusCode>, Option<HeaderMap>, Bytes) {
        let mut record = self.record.lock().unwrap_or_else(PoisonError::into_inner);
        record.as_mut().map(CallRecord::take_response).unwrap_or_default()
    }

    /// Runs the call inside its tracing span.
    async fn run(
        &self,
        http: &reqwest::Client,
        kind: RequestKind,
        request: &reqwest::Request,
        keeps_headers: bool,
        record: &mut CallRecord,
    ) -> Result<reqwest::Response, BoxError> {
        let span = tracing::info_span!(
            "partner_center_devices.call",
            otel.name = kind.name(),
            otel.kind = "client",
            http.request.method = %request.method(),
            server.address = request.url().host_str(),
            server.port = request.url().port_or_known_default(),
            http.response.status_code = field::Empty,
            error.type = field::Empty,
            partner_center.request_id = %self.ids.request,
            partner_center.correlation_id = %self.ids.correlation,
        );
        let sender = Sender {
            transport: &*self.shared.transport,
            http,
            kind,
            large_bodies: &self.shared.large_bodies,
            is_app_only: self.shared.tokens.is_app_only(),
            keeps_headers,
        };
        let observer = self.shared.observer.as_ref();
        let observed = ObservedCall::start(observer, kind, request, self.ids);
        let attempts = self.attempt_until_decided(&sender, request, record, observed);
        let result = attempts.instrument(span.clone()).await;
        if let Err(error) = &result
            && record.needs_explanation()
        {
            record.explain_connection(self.explain(&root_cause(&**error)).await);
        }
        if let Some(status) = record.status() {
            span.record("http.response.status_code", status.as_u16());
        }
        if let Some(error_type) = record.error_type() {
            span.record("error.type", error_type);
        }
        result
    }

    /// Describes why there was no connection.
    async fn explain(&self, cause: &str) -> ConnectProblem {
        let (network, base_url) = (&self.shared.network, &self.shared.base_url);
        // Boxed, because every call would be as large as this future otherwise, and be copied as such.
        Box::pin(network.explain(base_url, cause)).await
    }

    /// Returns how an attempt without a connection ended. A failed tunnel through a proxy is explained here, because some
    /// refusals are final.
    async fn outcome_without_connection(
        &self,
        attempt: &Attempt,
        record: &mut CallRecord,
    ) -> AttemptOutcome {
        let Err(error) = &attempt.result else { return attempt.outcome };
        let cause = root_cause(&**error);
        // The proxy is asked for its reason, so not after each attempt.
        if !is_about_tunnel(&cause) || record.attempts() > 1 {
            return attempt.outcome;
        }
        let problem = self.explain(&cause).await;
        let is_final = problem.is_final_refusal();
        record.explain_connection(problem);
        if is_final { AttemptOutcome::ProxyRefused } else { attempt.outcome }
    }

    /// Steps 3 and 4: makes attempts until there is a result.
    async fn attempt_until_decided(
        &self,
        sender: &Sender<'_>,
        request: &reqwest::Request,
        record: &mut CallRecord,
        mut observed: ObservedCall<'_>,
    ) -> Result<reqwest::Response, BoxError> {
        let mut deadline = self.deadline;
        let (mut token_refreshed, mut claims_passed) = (false, false);
        loop {
            // 3.1 Throttle and rate limit, 3.2 Token.
            let token = match self.prepare(request.url(), &mut deadline, &observed).await {
                Ok(token) => token,
                Err(error) => return Err(record.fail(error)),
            };

            // 3.3 Headers. The copies share the body.
            let Some(mut copy) = request.try_clone() else {
                let error = Error::input(sender.kind.name(), "the body cannot be sent twice");
                return Err(record.fail(error));
            };
            let (client, options) = (&self.shared.headers, &self.options);
            headers::add(copy.headers_mut(), token.header.clone(), self.ids, client, options);

            // 3.4 Send.
            record.start_attempt(token.header);
            let limit = self.options.timeout.unwrap_or(self.shared.timeout);
            let limit = limit.min(deadline.remaining());
            let attempt = sender.send(copy, limit, record.attempt_log()).await;

            // 3.5 Record.
            let outcome = match attempt.outcome {
                // Boxed like the explanation.
                AttemptOutcome::NotConnected => {
                    Box::pin(self.outcome_without_connection(&attempt, record)).await
                }
                outcome => outcome,
            };
            let claims = attempt.received.demanded_claims();
            record.finish_attempt(outcome, attempt.received);
            observed.record(record.status(), record.attempts());

            // 4. Decide.
            let progress = Progress {
                attempts: record.attempts(),
                elapsed: deadline.elapsed(),
                // A new token may still lack the claims that this attempt was the first to demand.
                token_refreshed: token_refreshed && (claims.is_none() || claims_passed),
                random: fastrand::f64(),
            };
            let decision = self.decide(sender.kind, outcome, progress);
            self.throttle_after_429(request.url(), outcome, decision);
            match decision {
                Decision::RefreshToken => {
                    token_refreshed = true;
                    claims_passed |= claims.is_some();
                    self.shared.tokens.reject(token.number, claims);
                }
                Decision::Retry(delay) if self.shared.retry_budget.take(outcome) => {
                    tracing::debug!(delay_ms = delay.as_millis() as u64, "retrying after a delay");
                    observed.wait(delay, WaitReason::after(outcome));
                    tokio::time::sleep(delay).await;
                }
                Decision::DeadlineTooClose(delay) => {
                    record.refuse_delay(delay);
                    return attempt.result;
                }
                Decision::Retry(_) | Decision::Stop => {
                    if outcome.is_success() {
                        self.shared.retry_budget.refill();
                    }
                    return attempt.result;
                }
            }
        }
    }

    /// Returns the next step after an attempt, by the retry rules or the caller's own rule.
    fn decide(&self, kind: RequestKind, outcome: AttemptOutcome, progress: Progress) -> Decision {
        let decision = self.retry.decide(kind.repeat_safety(), outcome, progress);
        let Some(classifier) = &self.shared.retry_classifier else { return decision };
        if outcome.is_success() || decision == Decision::RefreshToken {
            return decision;
        }
        let possible = self.retry.within_limits(outcome, progress);
        let default = decision != Decision::Stop;
        let attempt = FailedAttempt::new(kind, outcome, progress.attempts, default);
        let is_retried = possible != Decision::Stop && classifier.is_retryable(&attempt);
        if is_retried { possible } else { Decision::Stop }
    }

    /// Waits until an attempt may be sent, and gets its token.
    async fn prepare(
        &self,
        url: &url::Url,
        deadline: &mut Deadline,
        observed: &ObservedCall<'_>,
    ) -> Result<Token, Error> {
        let kind = observed.kind();
        self.wait_for_turn(url, deadline, observed).await?;
        let token = self.token(kind, deadline).await?;
        if deadline.remaining().is_zero() {
            let error = Error::new(ErrorKind::Interrupted, kind.name(), Sent::No);
            return Err(error.with_detail("the deadline of the call has passed"));
        }
        Ok(token)
    }

    /// Waits until the customer is not throttled and the rate limit allows a request.
    async fn wait_for_turn(
        &self,
        url: &url::Url,
        deadline: &mut Deadline,
        observed: &ObservedCall<'_>,
    ) -> Result<(), Error> {
        loop {
            self.wait_for_throttle(url, deadline, observed).await?;
            let Some(rate_limit) = &self.shared.rate_limit else { return Ok(()) };
            let now = Instant::now();
            let wait = rate_limit.reserve(now);
            if wait.is_zero() {
                return Ok(());
            }
            observed.wait(wait, WaitReason::RateLimit);
            tokio::time::sleep(wait).await;
            deadline.exclude(now.elapsed());
            // If a 429 came in the meantime, the calls queue again; otherwise all would be sent together afterwards.
            if self.throttled_for(url).is_zero() {
                return Ok(());
            }
        }
    }

    /// Returns how long the customer of a request is throttled.
    fn throttled_for(&self, url: &url::Url) -> Duration {
        let throttle = &self.shared.throttle;
        match throttle.is_empty() {
            true => Duration::ZERO, // nearly always
            false => throttle.remaining(&customer_in(url), Instant::now()),
        }
    }

    /// Waits while the customer is throttled.
    async fn wait_for_throttle(
        &self,
        url: &url::Url,
        deadline: &Deadline,
        observed: &ObservedCall<'_>,
    ) -> Result<(), Error> {
        loop {
            let wait = self.throttled_for(url);
            if wait.is_zero() {
                return Ok(());
            }
            let remaining = deadline.remaining();
            if wait >= remaining {
                let error = Error::new(ErrorKind::Throttled, observed.kind().name(), Sent::No);
                let whom = match customer_in(url).is_empty() {
                    true => "calls without a customer",
                    false => "this customer",
                };
                return Err(error.with_detail(format!(
                    "the service throttles {whom} for another {} s, which passes the deadline of the call",
                    wait.as_secs().max(1)
                )));
            }
            // The throttle ends for many calls at the same moment, so they spread out.
            let spread = Duration::from_millis(500).min(remaining - wait).mul_f64(fastrand::f64());
            observed.wait(wait + spread, WaitReason::Throttle);
            tokio::time::sleep(wait + spread).await;
        }
    }

    async fn token(&self, kind: RequestKind, deadline: &Deadline) -> Result<Token, Error> {
        if kind.requires_user() && self.shared.tokens.is_app_only() {
            return Err(Error::requires_user(kind.name()));
        }
        if let Some(token) = self.shared.tokens.fresh() {
            return Ok(token); // without a timer
        }
        match tokio::time::timeout(deadline.remaining(), self.shared.tokens.get()).await {
            Ok(Ok(token)) => Ok(token),
            Ok(Err(error)) => Err(Error::token(kind.name(), error)),
            Err(_) => {
                let late =
                    TokenError::new("the sign-in did not finish before the deadline of the call");
                Err(Error::token(kind.name(), Arc::new(late)))
            }
        }
    }

    /// Throttles the customer for all calls of the client, for the longer of `Retry-After` and the retry delay.
    fn throttle_after_429(&self, url: &url::Url, outcome: AttemptOutcome, decision: Decision) {
        if let AttemptOutcome::Response(StatusCode::TOO_MANY_REQUESTS, retry_after) = outcome {
            let wait = retry_after.max(decision.delay()).unwrap_or_default();
            self.shared.throttle.start(&customer_in(url), Instant::now(), wait);
        }
    }
}

/// Returns the customer in a path. Requests without a customer share an empty one.
fn customer_in(url: &url::Url) -> Cow<'_, str> {
    let mut segments = url.path().split('/');
    segments.find(|segment| segment.eq_ignore_ascii_case("customers"));
    let customer = segments.next().unwrap_or_default();
    match customer.contains('%') {
        true => percent_decode_str(customer).decode_utf8_lossy(),
        false => customer.into(),
    }
}
