//! Transports, which send a complete request and return the response. Tokens, ids and retries are up to the
//! implementation of [`Transport`].
//!
//! There are three: [`Direct`] sends with reqwest, [`InProcess`] calls a [`Service`] without a socket, and the receipt of
//! [`Client::with_receipt`](crate::Client::with_receipt) records what another transport received.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode};
use http_body_util::BodyExt as _;

use crate::content_encoding::DecodeError;
pub use crate::content_encoding::UnreadableEncoding;
use crate::{ForeignResponse, Operation, content_encoding, text_encoding};

/// A boxed future, which trait objects need.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
/// The error of a transport. A `reqwest::Error` passes through unchanged; any other error is the `source()` of the
/// `Error::CommunicationError` that the call fails with.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// The trait for transports: they send a request and return the response.
pub trait Transport: Send + Sync + 'static {
    /// Sends `request` and returns the response with any status.
    ///
    /// `operation` is `None` for a request that has no generated method. A byte order mark before the body is removed
    /// after this method returns, so an implementation can ignore it.
    ///
    /// # Errors
    /// If there is no response. A response with an error status is not an error here.
    fn execute<'a>(
        &'a self,
        http: &'a reqwest::Client,
        operation: Option<Operation>,
        request: reqwest::Request,
    ) -> BoxFuture<'a, Result<reqwest::Response, BoxError>>;
}

/// A transport that sends with the given reqwest client and adds the same headers to every request.
///
/// Mark a token as sensitive (`HeaderValue::set_sensitive`) before you pass it.
#[derive(Clone, Default)]
pub struct Direct {
    headers: HeaderMap,
}

impl Direct {
    /// Adds `headers` (a token, `MS-RequestId`, …) to every request that does not have them yet.
    #[must_use]
    pub fn with_headers(headers: HeaderMap) -> Self {
        Self { headers }
    }
}

impl fmt::Debug for Direct {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Direct").field("headers", &self.headers.len()).finish()
    }
}

impl Transport for Direct {
    fn execute<'a>(
        &'a self,
        http: &'a reqwest::Client,
        _operation: Option<Operation>,
        mut request: reqwest::Request,
    ) -> BoxFuture<'a, Result<reqwest::Response, BoxError>> {
        for (name, value) in &self.headers {
            request.headers_mut().entry(name).or_insert_with(|| value.clone());
        }
        let response = http.execute(request);
        Box::pin(async move { Ok(response.await?) })
    }
}

/// A service that responds without a socket: the emulator, or a closure in a test.
pub trait Service: Send + Sync + 'static {
    /// Responds to one request. The URI is absolute.
    ///
    /// # Errors
    /// If there is no response, as if the network had failed.
    fn call(
        &self,
        request: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, BoxError>>;
}

impl<F> Service for F
where
    F: Fn(http::Request<Bytes>) -> http::Response<Bytes> + Send + Sync + 'static,
{
    fn call(
        &self,
        request: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, BoxError>> {
        let response = self(request);
        Box::pin(async move { Ok(response) })
    }
}

/// A transport that calls a [`Service`] in this process, without a network.
pub struct InProcess<S>(pub S);

impl<S: Service> Transport for InProcess<S> {
    fn execute<'a>(
        &'a self,
        _http: &'a reqwest::Client,
        _operation: Option<Operation>,
        request: reqwest::Request,
    ) -> BoxFuture<'a, Result<reqwest::Response, BoxError>> {
        Box::pin(async move {
            let request = http::Request::<reqwest::Body>::try_from(request)?;
            let (parts, body) = request.into_parts();
            // The generated client only creates bodies that are in memory.
            let body = body.as_bytes().map_or_else(Bytes::new, Bytes::copy_from_slice);
            Ok(response(self.0.call(http::Request::from_parts(parts, body)).await?))
        })
    }
}

/// Converts a response to a reqwest response.
#[must_use]
pub fn response(response: http::Response<Bytes>) -> reqwest::Response {
    response.map(reqwest::Body::from).into()
}

/// The transport of a generated client, shared by its clones.
#[derive(Clone)]
pub struct Inner(Arc<dyn Transport>);

impl Inner {
    /// Wraps a transport for `Client::new_with_client`.
    pub fn new(transport: impl Transport) -> Self {
        Self(Arc::new(transport))
    }

    /// Returns the transport.
    #[must_use]
    pub fn transport(&self) -> &dyn Transport {
        &*self.0
    }
}

impl From<Arc<dyn Transport>> for Inner {
    fn from(transport: Arc<dyn Transport>) -> Self {
        Self(transport)
    }
}

impl fmt::Debug for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Inner(..)") // a transport may contain a token
    }
}

/// The status and the headers of the last response to a client created by `with_receipt`.
#[derive(Clone, Default)]
pub struct Receipt(Arc<Mutex<Option<(StatusCode, HeaderMap)>>>);

impl Receipt {
    /// Returns the status of the last response, if there was one.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.read(|(status, _)| *status)
    }

    /// Returns the headers of the last response, if there was one.
    #[must_use]
    pub fn headers(&self) -> Option<HeaderMap> {
        self.read(|(_, headers)| headers.clone())
    }

    fn read<T>(&self, f: impl FnOnce(&(StatusCode, HeaderMap)) -> T) -> Option<T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).as_ref().map(f)
    }
}

impl fmt::Debug for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receipt").field("status", &self.status()).finish_non_exhaustive()
    }
}

/// A transport that fills a receipt.
pub(crate) struct ReceiptTransport {
    pub(crate) next: Inner,
    pub(crate) receipt: Receipt,
}

impl Transport for ReceiptTransport {
    fn execute<'a>(
        &'a self,
        http: &'a reqwest::Client,
        operation: Option<Operation>,
        request: reqwest::Request,
    ) -> BoxFuture<'a, Result<reqwest::Response, BoxError>> {
        Box::pin(async move {
            let response = self.next.transport().execute(http, operation, request).await?;
            let head = (response.status(), response.headers().clone());
            *self.receipt.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(head);
            Ok(response)
        })
    }
}

const BOM: &[u8] = b"\xEF\xBB\xBF";

/// Removes a byte order mark from `body`. The service documents one before a policy:
/// <https://learn.microsoft.com/en-us/partner-center/developer/retrieve-a-customer-s-configuration-policy>.
#[must_use]
pub fn strip_bom(body: Bytes) -> Bytes {
    if body.starts_with(BOM) { body.slice(BOM.len()..) } else { body }
}

/// The maximum size of a successful response in bytes. The largest known ones, lists of devices with their hardware
/// hashes, have a few megabytes.
pub const MAX_BODY: usize = 64 << 20;

/// The maximum size of an error response in bytes.
pub const MAX_ERROR_BODY: usize = 1 << 20;

/// The maximum number of commas in a response. Each value of JSON needs much more memory than text.
const MAX_VALUES: usize = 500_000;

/// The maximum number of opening braces in a response. An empty device needs several hundred bytes.
const MAX_OBJECTS: usize = 100_000;

/// Bodies up to this size have no more values and objects than memory allows.
const SMALL_BODY: usize = 2 * MAX_OBJECTS;

/// The error of a response that is larger than any response of the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TooLarge {
    /// The body has more bytes than this.
    Bytes(usize),
    /// The body has more JSON values than this.
    Values(usize),
    /// The body has more JSON objects than this.
    Objects(usize),
}

impl fmt::Display for TooLarge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bytes(limit) => {
                write!(f, "the response is larger than {} MiB, the most that is read", limit >> 20)
            }
            Self::Values(limit) => {
                write!(f, "the response has more than {limit} values, the most that are read")
            }
            Self::Objects(limit) => {
                write!(f, "the response has more than {limit} objects, the most that are read")
            }
        }
    }
}

impl std::error::Error for TooLarge {}

/// Reads a whole body up to a limit in bytes, and removes a byte order mark.
///
/// # Errors
/// If the body breaks off, or with [`TooLarge`].
pub async fn read_body(body: reqwest::Body, limit: usize) -> Result<Bytes, BoxError> {
    check_values(strip_bom(collect(body, limit, std::future::ready(())).await?))
}

/// Like [`read_body`], and decodes a body that is compressed with gzip or deflate, although no request asks for it. Then
/// it removes `Content-Encoding` and `Content-Length` from the headers. Text in UTF-16, or in an encoding that
/// `Content-Type` declares, becomes UTF-8.
///
/// Awaits `admission` before it reads more than [`MAX_ERROR_BODY`], so that a caller can read one large body at a time.
///
/// # Errors
/// If the body breaks off, with [`TooLarge`] or with [`UnreadableEncoding`].
pub async fn read_encoded_body(
    headers: &mut HeaderMap,
    body: reqwest::Body,
    limit: usize,
    admission: impl Future<Output = ()>,
) -> Result<Bytes, BoxError> {
    let body = collect(body, limit, admission).await?;
    decode(headers, body, limit)
}

/// Reads the body of an error response like [`read_encoded_body`], and returns what arrived of it: until it ends or breaks
/// off, has [`MAX_ERROR_BODY`] bytes, or `until` is ready. A body in an encoding that cannot be read becomes a sentence
/// about it.
pub async fn read_error_body(
    headers: &mut HeaderMap,
    mut body: reqwest::Body,
    until: impl Future<Output = ()>,
) -> Bytes {
    let mut until = pin!(until);
    let mut arrived = Collected::default();
    while arrived.len() < MAX_ERROR_BODY {
        let next = poll_fn(|context| match until.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(None),
            Poll::Pending => http_body::Body::poll_frame(Pin::new(&mut body), context),
        });
        let Some(Ok(frame)) = next.await else { break };
        let Ok(data) = frame.into_data() else { continue };
        arrived.push(data.slice(..data.len().min(MAX_ERROR_BODY - arrived.len())));
    }
    match decode(headers, arrived.into(), MAX_ERROR_BODY) {
        Ok(body) => body,
        // It explains the error better than an empty body.
        Err(error) if error.is::<UnreadableEncoding>() => error.to_string().into(),
        Err(_) => Bytes::new(),
    }
}

/// Decodes a body, and checks its size again.
fn decode(headers: &mut HeaderMap, body: Bytes, limit: usize) -> Result<Bytes, BoxError> {
    let body = content_encoding::decode(headers, body, limit).map_err(|error| match error {
        DecodeError::TooLarge => BoxError::from(TooLarge::Bytes(limit)),
        DecodeError::Unreadable(error) => error.into(),
    })?;
    let body = text_encoding::body_to_utf_8(headers, body);
    if body.len() > limit {
        return Err(TooLarge::Bytes(limit).into());
    }
    check_values(body)
}

/// The bytes of a body in one buffer. Keeping the frames until the end would need twice the memory.
#[derive(Default)]
struct Collected {
    /// A body of one frame is not copied.
    first: Bytes,
    all: Vec<u8>,
}

impl Collected {
    fn len(&self) -> usize {
        self.first.len() + self.all.len()
    }

    fn push(&mut self, data: Bytes) {
        if self.all.is_empty() && self.first.is_empty() {
            self.first = data;
        } else {
            self.all.extend_from_slice(&std::mem::take(&mut self.first));
            self.all.extend_from_slice(&data);
        }
    }
}

impl From<Collected> for Bytes {
    fn from(collected: Collected) -> Self {
        if collected.all.is_empty() { collected.first } else { collected.all.into() }
    }
}

async fn collect(
    mut body: reqwest::Body,
    limit: usize,
    admission: impl Future<Output = ()>,
) -> Result<Bytes, BoxError> {
    let mut admission = pin!(Some(admission));
    let mut collected = Collected::default();
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame?.into_data() else { continue };
        let length = collected.len() + data.len();
        if length > limit {
            return Err(TooLarge::Bytes(limit).into());
        }
        if length > MAX_ERROR_BODY
            && let Some(waiting) = admission.as_mut().as_pin_mut()
        {
            waiting.await;
            admission.set(None);
        }
        collected.push(data);
    }
    Ok(collected.into())
}

fn check_values(body: Bytes) -> Result<Bytes, BoxError> {
    if body.len() <= SMALL_BODY {
        return Ok(body);
    }
    let count = |byte| memchr::memchr_iter(byte, &body).count();
    if count(b',') > MAX_VALUES {
        return Err(TooLarge::Values(MAX_VALUES).into());
    }
    if count(b'{') > MAX_OBJECTS {
        return Err(TooLarge::Objects(MAX_OBJECTS).into());
    }
    Ok(body)
}

/// Returns the token of an `Authorization` header without its scheme.
#[must_use]
pub fn bearer_token(header: &HeaderValue) -> &str {
    let text = header.to_str().unwrap_or_default();
    text.strip_prefix("Bearer ").unwrap_or(text)
}

/// Returns the limit for the body of a response, in bytes.
#[must_use]
pub fn body_limit(status: StatusCode) -> usize {
    if status.is_success() { MAX_BODY } else { MAX_ERROR_BODY }
}

/// Reads the whole body and removes a byte order mark. Refuses a success that is not from the service.
pub(crate) async fn read_response(
    operation: Option<Operation>,
    authorization: Option<HeaderValue>,
    response: reqwest::Response,
) -> Result<reqwest::Response, BoxError> {
    if response.content_length() == Some(0) && response.status() != StatusCode::PARTIAL_CONTENT {
        return Ok(response); // rebuilding a response costs more than a 204 itself
    }
    let (mut parts, body) = http::Response::from(response).into_parts();
    if !parts.status.is_success() {
        let body = read_error_body(&mut parts.headers, body, std::future::pending()).await;
        return Ok(self::response(http::Response::from_parts(parts, body)));
    }
    let admission = std::future::ready(());
    let body = read_encoded_body(&mut parts.headers, body, MAX_BODY, admission).await?;
    let token = authorization.as_ref().map(bearer_token).unwrap_or_default();
    ForeignResponse::check(operation, parts.status, &body, &[token])?;
    Ok(self::response(http::Response::from_parts(parts, body)))
}

/// Creates a `reqwest::Error` whose source is `error`. Generated code can only fail with a `reqwest::Error`, which has
/// no public constructor. Reading a body that fails on its first frame returns one.
pub(crate) async fn as_reqwest_error(error: BoxError) -> reqwest::Error {
    let body = reqwest::Body::wrap(FailingBody(Some(error)));
    match reqwest::Response::from(http::Response::new(body)).bytes().await {
        Err(error) => error,
        Ok(_) => unreachable!("a failing body has no bytes"),
    }
}

struct FailingBody(Option<BoxError>);

impl http_body::Body for FailingBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, BoxError>>> {
        Poll::Ready(self.0.take().map(Err))
    }
}
