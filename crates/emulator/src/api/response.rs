//! Responses: the status, the body, and the headers that belong to the body. The engine adds the common headers.

use bytes::Bytes;
use http::header::{ACCEPT, ALLOW, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderValue, LOCATION};
use http::{Response, StatusCode};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, PercentEncode, utf8_percent_encode};
use serde::Serialize;

use crate::api::error::ApiError;
use crate::domain::ids::Guid;

/// The characters that are not encoded in a path segment.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Percent-encodes a text as a path segment.
pub(crate) fn path_segment(text: &str) -> PercentEncode<'_> {
    utf8_percent_encode(text, UNRESERVED)
}

/// The response to a successful operation.
pub(crate) enum ApiResponse {
    /// 200 with a body.
    Json(Bytes),
    /// 202 without a body. `Location` names the job.
    Accepted(HeaderValue),
    /// 204 without a body.
    NoContent,
}

impl ApiResponse {
    pub(crate) fn json<T: Serialize>(body: &T) -> Self {
        Self::Json(to_json(body))
    }

    /// Returns a 202 with the link to a job: relative and without `/v1`, as documented.
    pub(crate) fn accepted(customer: &str, job: Guid) -> Self {
        let customer = path_segment(customer);
        Self::Accepted(ascii(&format!("/customers/{customer}/batchJobStatus/{job}")))
    }

    pub(crate) fn into_response(self) -> Response<Bytes> {
        match self {
            Self::Json(body) => with_json(StatusCode::OK, body),
            Self::Accepted(location) => {
                let mut response = empty(StatusCode::ACCEPTED);
                response.headers_mut().insert(LOCATION, location);
                response
            }
            Self::NoContent => empty(StatusCode::NO_CONTENT),
        }
    }
}

/// Turns the 405 of an OPTIONS request into a 204 with `Allow`. This is not documented.
pub(crate) fn options(error: ApiError) -> Result<Response<Bytes>, ApiError> {
    match error.header {
        Some((ALLOW, methods)) => {
            let mut response = empty(StatusCode::NO_CONTENT);
            response.headers_mut().insert(ALLOW, methods);
            Ok(response)
        }
        _ => Err(error),
    }
}

/// Turns the response to GET into the response to HEAD: drops the body, and declares its length.
pub(crate) fn drop_body(response: &mut Response<Bytes>) {
    let body = std::mem::take(response.body_mut());
    response.headers_mut().insert(CONTENT_LENGTH, body.len().into());
}

/// Rejects a caller whose `Accept` excludes JSON. A missing `Accept` allows everything.
pub(crate) fn check_accept(headers: &HeaderMap) -> Result<(), ApiError> {
    let ranges: Vec<&str> = headers
        .get_all(ACCEPT)
        .iter()
        .flat_map(|accept| accept.to_str().unwrap_or_default().split(','))
        .map(str::trim)
        .filter(|range| !range.is_empty())
        .collect();
    if ranges.is_empty() || ranges.iter().any(|range| accepts_json(range)) {
        Ok(())
    } else {
        Err(ApiError::not_acceptable())
    }
}

/// Returns whether a media range such as `application/*;q=0.5` includes JSON, with a weight above 0.
fn accepts_json(range: &str) -> bool {
    let range = range.to_ascii_lowercase();
    let mut parts = range.split(';').map(str::trim);
    let json =
        matches!(parts.next(), Some("*/*" | "application/*" | "application/json" | "text/json"));
    let mut weights = parts.filter_map(|part| part.strip_prefix("q="));
    json && weights.all(|weight| weight.parse() != Ok(0.0))
}

/// Returns the response for an error.
pub(crate) fn error(error: &ApiError) -> Response<Bytes> {
    let mut response = with_json(error.status, to_json(&error.body()));
    if let Some((name, value)) = &error.header {
        response.headers_mut().insert(name, value.clone());
    }
    response
}

/// Returns the response for an error that was stored in the event log.
pub(crate) fn stored_error(status: u16, body: Vec<u8>) -> Response<Bytes> {
    with_json(StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST), body.into())
}

/// Returns generated text, which is ASCII, as a header value.
pub(crate) fn ascii(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).expect("generated text is ASCII")
}

pub(crate) fn to_json<T: Serialize>(body: &T) -> Bytes {
    serde_json::to_vec(body).expect("a wire type serializes to JSON").into()
}

pub(crate) fn empty(status: StatusCode) -> Response<Bytes> {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = status;
    response
}

pub(crate) fn with_json(status: StatusCode, body: Bytes) -> Response<Bytes> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    response
}
