//! The seam: how a finished request becomes an answer. Decides nothing about tokens, ids or retries;
//! whoever implements [`Transport`] does.
//!
//! Three are here: [`Direct`] sends with reqwest, [`InProcess`] asks a [`Service`] without a socket, and the
//! receipt of [`Client::with_receipt`](crate::Client::with_receipt) notes what came back on the way.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

/// A boxed future, as trait objects need it.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
/// Whatever a transport fails with. A `reqwest::Error` passes through unchanged; any other error is found
/// with `source()` of the `Error::CommunicationError` that the call ends with.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Carries one request to the service and its answer back.
pub trait Transport: Send + Sync + 'static {
    /// Sends `request` and answers with what came back, whatever its status.
    ///
    /// `operation` is the spec's `operationId` (`get_policy`). A byte order mark before a body is cut after
    /// this returns, so an implementation need not look for one.
    ///
    /// # Errors
    /// Whatever kept an answer from coming. A status is no error here, whichever it is.
    fn execute<'a>(
        &'a self,
        http: &'a reqwest::Client,
        operation: &'static str,
        request: reqwest::Request,
    ) -> BoxFuture<'a, Result<reqwest::Response, BoxError>>;
}

/// Sends with the given reqwest client and adds the same headers to every request.
///
/// Mark a token as sensitive (`HeaderValue::set_sensitive`) before you put it here.
#[derive(Clone, Default)]
pub struct Direct {
    headers: HeaderMap,
}

impl Direct {
    /// Adds `headers` (a token, `MS-RequestId`, …) to every request that has no header of that name yet.
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
        _operation: &'static str,
        mut request: reqwest::Request,
    ) -> BoxFuture<'a, Result<reqwest::Response, BoxError>> {
        for (name, value) in &self.headers {
            request.headers_mut().entry(name).or_insert_with(|| value.clone());
        }
        let answer = http.execute(request);
        Box::pin(async move { Ok(answer.await?) })
    }
}

/// A service that answers without a socket: the emulator, or a closure in a test.
pub trait Service: Send + Sync + 'static {
    /// Answers one request. The URI is absolute.
    ///
    /// # Errors
    /// Whatever a network would fail with: the caller sees a request that got no answer.
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
        let answer = self(request);
        Box::pin(async move { Ok(answer) })
    }
}

/// Asks a [`Service`] in this process; nothing is sent.
pub struct InProcess<S>(pub S);

impl<S: Service> Transport for InProcess<S> {
    fn execute<'a>(
        &'a self,
        _http: &'a reqwest::Client,
        _operation: &'static str,
        request: reqwest::Request,
    ) -> BoxFuture<'a, Result<reqwest::Response, BoxError>> {
        Box::pin(async move {
            let request = http::Request::<reqwest::Body>::try_from(request)?;
            let (parts, body) = request.into_parts();
            // The generated client only makes bodies that are whole in memory.
            let body = body.as_bytes().map_or_else(Bytes::new, Bytes::copy_from_slice);
            let answer = self.0.call(http::Request::from_parts(parts, body)).await?;
            Ok(response(answer))
        })
    }
}

/// An answer as reqwest has it, made from its parts.
#[must_use]
pub fn response(answer: http::Response<Bytes>) -> reqwest::Response {
    answer.map(reqwest::Body::from).into()
}

/// What the generated client carries: its transport, shared by its clones.
#[derive(Clone)]
pub struct Inner(Arc<dyn Transport>);

impl Inner {
    /// Wraps a transport for `Client::new_with_client`.
    pub fn new(transport: impl Transport) -> Self {
        Self(Arc::new(transport))
    }

    /// The transport.
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
        f.write_str("Inner(..)") // a transport may hold a token
    }
}

/// Status and headers of the last answer that a client made by `with_receipt` got.
#[derive(Clone, Default)]
pub struct Receipt(Arc<Mutex<Option<(StatusCode, HeaderMap)>>>);

impl Receipt {
    /// The status of the last answer; `None` if none came.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.read(|(status, _)| *status)
    }

    /// The headers of the last answer; `None` if none came.
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

pub(crate) struct Noting {
    pub(crate) next: Inner,
    pub(crate) receipt: Receipt,
}

impl Transport for Noting {
    fn execute<'a>(
        &'a self,
        http: &'a reqwest::Client,
        operation: &'static str,
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

/// Cuts a byte order mark from `body`. The service documents one before a policy:
/// <https://learn.microsoft.com/en-us/partner-center/developer/retrieve-a-customer-s-configuration-policy>.
#[must_use]
pub fn cut_bom(body: Bytes) -> Bytes {
    if body.starts_with(BOM) { body.slice(BOM.len()..) } else { body }
}

/// The same answer, its body read to the end and without a byte order mark.
pub(crate) async fn without_bom(response: reqwest::Response) -> reqwest::Result<reqwest::Response> {
    if response.content_length() == Some(0) {
        return Ok(response); // nothing to cut, and rebuilding an answer costs more than a 204 itself
    }
    let (parts, body) = http::Response::from(response).into_parts();
    let body = reqwest::Response::from(http::Response::new(body)).bytes().await?;
    Ok(self::response(http::Response::from_parts(parts, cut_bom(body))))
}

/// A `reqwest::Error` whose source is `error`. Generated code can only fail with reqwest's error, which has
/// no public constructor; a body that fails on its first frame makes one.
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
