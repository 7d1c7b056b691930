//! Responses on every target except `wasm32`: they are read before the generated code sees them, and built again.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode};
use http_body_util::BodyExt as _;
use progenitor_client::{Error, OperationInfo, ResponseValue};
use serde::de::DeserializeOwned;

use super::body::{Collected, MAX_BODY, MAX_ERROR_BODY, TooLarge, check_values, decode, strip_bom};
use super::contract::{BoxError, bearer_token};
use crate::content_encoding::UnreadableEncoding;
use crate::{ForeignResponse, Operation};

/// Sends a request.
pub(super) async fn send(
    http: &reqwest::Client,
    request: reqwest::Request,
) -> Result<reqwest::Response, BoxError> {
    Ok(http.execute(request).await?)
}

/// Decodes the body of a success, which was checked before.
pub(crate) async fn value<T: DeserializeOwned>(
    _info: &OperationInfo,
    response: reqwest::Response,
) -> Result<ResponseValue<T>, Error> {
    ResponseValue::from_response(response).await
}

/// Returns the status and headers of a success without a documented body, which was checked before.
pub(crate) async fn empty(
    _info: &OperationInfo,
    response: reqwest::Response,
) -> Result<ResponseValue<()>, Error> {
    Ok(ResponseValue::empty(response))
}

/// Converts a response to a reqwest response.
#[must_use]
pub fn response(response: http::Response<Bytes>) -> reqwest::Response {
    response.map(reqwest::Body::from).into()
}

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
