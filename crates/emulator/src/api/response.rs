//! Decides the form of an answer: its status, its body and the headers that belong to the body. What every
//! answer carries is written by the core.

use bytes::Bytes;
use http::header::{ACCEPT, ALLOW, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderValue, LOCATION};
use http::{Response, StatusCode};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, PercentEncode, utf8_percent_encode};
use serde::Serialize;

use crate::api::error::ApiError;
use crate::domain::ids::Guid;

/// What stays as it is in a path.
const PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A text as one segment of a path.
pub(crate) fn in_path(text: &str) -> PercentEncode<'_> {
    utf8_percent_encode(text, PATH)
}

/// How an operation answers when it is done.
pub(crate) enum ApiResponse {
    /// 200 with a body.
    Json(Bytes),
    /// 202 without a body; the job is named by `Location`.
    Accepted(HeaderValue),
    /// 204.
    NoContent,
}

impl ApiResponse {
    pub(crate) fn json<T: Serialize>(body: &T) -> Self {
        Self::Json(to_json(body))
    }

    /// The link to a job: relative and without `/v1`, as documented.
    pub(crate) fn accepted(customer: &str, job: Guid) -> Self {
        let customer = in_path(customer);
        Self::Accepted(ascii(&format!("/customers/{customer}/batchJobStatus/{job}")))
    }

    pub(crate) fn into_response(self) -> Response<Bytes> {
        match self {
            Self::Json(body) => with_json(StatusCode::OK, body),
            Self::Accepted(location) => {
                let mut answer = empty(StatusCode::ACCEPTED);
                answer.headers_mut().insert(LOCATION, location);
                answer
            }
            Self::NoContent => empty(StatusCode::NO_CONTENT),
        }
    }
}

/// The answer to OPTIONS, from what refuses it as a method: 204 if the path is there. No document has this.
pub(crate) fn options(fault: ApiError) -> Result<Response<Bytes>, ApiError> {
    match fault.header {
        Some((ALLOW, methods)) => {
            let mut answer = empty(StatusCode::NO_CONTENT);
            answer.headers_mut().insert(ALLOW, methods);
            Ok(answer)
        }
        _ => Err(fault),
    }
}

/// The answer to HEAD, from that to GET: the body goes, and its length is declared.
pub(crate) fn drop_body(answer: &mut Response<Bytes>) {
    let body = std::mem::take(answer.body_mut());
    answer.headers_mut().insert(CONTENT_LENGTH, body.len().into());
}

/// Refuses a caller that says that it does not take JSON. Without an `Accept`, anything will do.
pub(crate) fn check_accept(headers: &HeaderMap) -> Result<(), ApiError> {
    let ranges: Vec<&str> = headers
        .get_all(ACCEPT)
        .iter()
        .flat_map(|accept| accept.to_str().unwrap_or_default().split(','))
        .map(str::trim)
        .filter(|range| !range.is_empty())
        .collect();
    if ranges.is_empty() || ranges.iter().any(|range| takes_json(range)) {
        Ok(())
    } else {
        Err(ApiError::not_acceptable())
    }
}

/// Whether a range such as `application/*;q=0.5` has JSON in it, and does not refuse it.
fn takes_json(range: &str) -> bool {
    let range = range.to_ascii_lowercase();
    let mut parts = range.split(';').map(str::trim);
    let json =
        matches!(parts.next(), Some("*/*" | "application/*" | "application/json" | "text/json"));
    let mut weights = parts.filter_map(|part| part.strip_prefix("q="));
    json && weights.all(|weight| weight.parse() != Ok(0.0))
}

/// A refusal as an answer.
pub(crate) fn error(fault: &ApiError) -> Response<Bytes> {
    let mut answer = with_json(fault.status, to_json(&fault.body()));
    if let Some((name, value)) = &fault.header {
        answer.headers_mut().insert(name, value.clone());
    }
    answer
}

/// A refusal that was kept.
pub(crate) fn stored_error(status: u16, body: Vec<u8>) -> Response<Bytes> {
    with_json(StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST), body.into())
}

/// A header value from text that is made here, and so is ASCII.
pub(crate) fn ascii(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).expect("text made by the emulator is ASCII")
}

pub(crate) fn to_json<T: Serialize>(body: &T) -> Bytes {
    serde_json::to_vec(body).expect("a wire type becomes JSON").into()
}

pub(crate) fn empty(status: StatusCode) -> Response<Bytes> {
    let mut answer = Response::new(Bytes::new());
    *answer.status_mut() = status;
    answer
}

pub(crate) fn with_json(status: StatusCode, body: Bytes) -> Response<Bytes> {
    let mut answer = Response::new(body);
    *answer.status_mut() = status;
    answer
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    answer
}
