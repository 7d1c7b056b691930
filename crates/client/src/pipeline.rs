//! How one call runs. The contract, and the order of the code below:
//!
//! 1. **Ids.** The call gets one `MS-RequestId`, its idempotency key, and one `MS-CorrelationId`, for support;
//!    the caller may bring its own.
//! 2. **Attempt.** The generated client makes the request and hands it to [`Exchange`], which
//!    1. sets the headers: token, ids, locale, application;
//!    2. sends, to the base URL and nowhere else;
//!    3. reads the body to its end and records what came: status, headers, bytes.
//! 3. **Decide.** Success, or which error: from status, headers and bytes alone.
//! 4. **Decode.** The generated types decode the body; if they cannot, the error names the place in the JSON.
//!
//! One attempt is made today. A retry belongs around step 2, a token refresh before 2.1, a deadline around all.

use std::fmt;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use partner_center_devices_raw::transport::{self, BoxError, BoxFuture, Inner, Transport};
use partner_center_devices_raw::{self as raw, ResponseValue};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::error::{Error, ErrorKind, Ids, Sent};
use crate::fault;

const REQUEST_ID: HeaderName = HeaderName::from_static("ms-requestid");
const CORRELATION_ID: HeaderName = HeaderName::from_static("ms-correlationid");
const LOCALE: HeaderName = HeaderName::from_static("x-locale");
const APPLICATION: HeaderName = HeaderName::from_static("ms-partnercenter-application");

/// What all calls of a client share.
pub(crate) struct Shared {
    pub(crate) base_url: String,
    pub(crate) http: reqwest::Client,
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) authorization: Option<HeaderValue>,
    pub(crate) application: Option<HeaderValue>,
    pub(crate) locale: Option<HeaderValue>,
}

/// What one call may set for itself.
#[derive(Clone, Debug, Default)]
pub(crate) struct CallOptions {
    pub(crate) request_id: Option<Uuid>,
    pub(crate) correlation_id: Option<Uuid>,
    pub(crate) locale: Option<HeaderValue>,
    pub(crate) continuation: Option<HeaderValue>,
}

/// A decoded answer with its head.
pub(crate) struct Answer<W> {
    pub(crate) value: W,
    pub(crate) headers: HeaderMap,
    /// The bytes of the body, for the operations whose generated method does not read one.
    pub(crate) body: Bytes,
}

/// Runs one call of the generated client through the pipeline.
pub(crate) async fn run<W, F, Fut>(
    shared: &Arc<Shared>,
    operation: &'static str,
    options: CallOptions,
    call: F,
) -> Result<Answer<W>, Error>
where
    W: DeserializeOwned,
    F: FnOnce(raw::Client) -> Fut,
    Fut: Future<Output = Result<ResponseValue<W>, raw::Error>>,
{
    // 1. Ids.
    let exchange = Arc::new(Exchange {
        request_id: options.request_id.unwrap_or_else(Uuid::new_v4),
        correlation_id: options.correlation_id.unwrap_or_else(Uuid::new_v4),
        shared: Arc::clone(shared),
        options,
        record: Mutex::default(),
    });

    // 2. Attempt.
    let inner = Inner::from(Arc::clone(&exchange) as Arc<dyn Transport>);
    let client = raw::Client::new_with_client(&shared.base_url, shared.http.clone(), inner);
    let result = call(client).await;

    // 3. Decide, 4. Decode.
    match result {
        Ok(answer) => {
            let headers = answer.headers().clone();
            let body = std::mem::take(&mut exchange.record().body);
            Ok(Answer { value: answer.into_inner(), headers, body })
        }
        Err(error) => Err(exchange.explain::<W>(operation, error)),
    }
}

/// The transport of one call: it adds what every request carries and remembers what came back.
struct Exchange {
    shared: Arc<Shared>,
    options: CallOptions,
    request_id: Uuid,
    correlation_id: Uuid,
    record: Mutex<Record>,
}

#[derive(Default)]
struct Record {
    attempts: u32,
    status: Option<StatusCode>,
    headers: Option<HeaderMap>,
    body: Bytes,
}

impl Transport for Exchange {
    fn execute<'a>(
        &'a self,
        http: &'a reqwest::Client,
        operation: &'static str,
        mut request: reqwest::Request,
    ) -> BoxFuture<'a, Result<reqwest::Response, BoxError>> {
        // 2.1 Headers.
        self.set_headers(request.headers_mut());
        Box::pin(async move {
            // 2.2 Send.
            self.record().attempts += 1;
            let response = self.shared.transport.execute(http, operation, request).await?;

            // 2.3 Read and record.
            self.record().status = Some(response.status());
            if matches!(response.status().as_u16(), 202 | 204)
                && response.content_length() == Some(0)
            {
                return Ok(response); // all there is to know is in the head, which goes on as it is
            }
            let (parts, body) = http::Response::from(response).into_parts();
            self.record().headers = Some(parts.headers.clone());
            let body = reqwest::Response::from(http::Response::new(body)).bytes().await?;
            let body = transport::cut_bom(body);
            self.record().body = body.clone();
            Ok(transport::response(http::Response::from_parts(parts, body)))
        })
    }
}

impl Exchange {
    fn record(&self) -> MutexGuard<'_, Record> {
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set_headers(&self, headers: &mut HeaderMap) {
        headers.insert(REQUEST_ID, id_value(self.request_id));
        headers.insert(CORRELATION_ID, id_value(self.correlation_id));
        // Errors come as JSON too, so also where no body is expected.
        headers.entry(http::header::ACCEPT).or_insert(HeaderValue::from_static("application/json"));
        let optional = [
            (http::header::AUTHORIZATION, self.shared.authorization.as_ref()),
            (LOCALE, self.options.locale.as_ref().or(self.shared.locale.as_ref())),
            (APPLICATION, self.shared.application.as_ref()),
            (crate::list::CONTINUATION, self.options.continuation.as_ref()),
        ];
        for (name, value) in optional {
            if let Some(value) = value {
                headers.insert(name, value.clone());
            }
        }
    }

    /// 3. and 4. for a call that failed: which error it is, with all that is known.
    fn explain<W: DeserializeOwned>(&self, operation: &'static str, error: raw::Error) -> Error {
        let mut record = self.record();
        let ids = Ids {
            request: Some(self.request_id.to_string().into()),
            correlation: Some(self.correlation_id.to_string().into()),
            cv: None,
        };
        let attempts = record.attempts;
        let status = record.status;
        let ids = match record.headers.take() {
            Some(headers) => ids.answered(&headers),
            None => ids,
        };
        let explained = match error {
            raw::Error::UnexpectedResponse(response) => {
                Error::answer(operation, response.status(), fault::read(&record.body))
            }
            raw::Error::InvalidResponsePayload(body, error) => {
                let detail = decode_problem::<W>(&body).unwrap_or_else(|| error.to_string());
                Error::new(ErrorKind::Unreadable, operation, Sent::Answered).with_detail(detail)
            }
            raw::Error::CommunicationError(error) | raw::Error::ResponseBodyError(error) => {
                let error = error.without_url(); // customer and device ids stay out of logs
                let (kind, sent) = match status {
                    None if error.is_connect() => (ErrorKind::Connect, Sent::No),
                    None if error.is_builder() || error.is_request() && attempts == 0 => {
                        (ErrorKind::Input, Sent::No)
                    }
                    _ => (ErrorKind::Interrupted, Sent::Maybe),
                };
                let detail =
                    if error.is_timeout() { "time ran out".to_owned() } else { innermost(&error) };
                Error::new(kind, operation, sent).with_detail(detail).with_source(error)
            }
            raw::Error::InvalidRequest(problem) | raw::Error::Custom(problem) => {
                Error::input(operation, problem)
            }
            other => Error::new(ErrorKind::Unexpected, operation, Sent::Maybe)
                .with_detail(innermost(&other)),
        };
        explained.with_status(status).with_call(ids, attempts)
    }
}

fn id_value(id: Uuid) -> HeaderValue {
    let mut buffer = [0; uuid::fmt::Hyphenated::LENGTH];
    let text = id.as_hyphenated().encode_lower(&mut buffer);
    HeaderValue::from_str(text).unwrap_or_else(|_| HeaderValue::from_static("0")) // hex digits always fit
}

/// What is wrong with a body, and where: `items[3].uploadedDate: invalid type: …`.
fn decode_problem<W: DeserializeOwned>(body: &[u8]) -> Option<String> {
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
fn innermost(error: &(dyn std::error::Error + 'static)) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}

impl fmt::Debug for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exchange").field("request_id", &self.request_id).finish_non_exhaustive()
    }
}
