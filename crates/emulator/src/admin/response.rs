//! Responses and errors of the management endpoints.

use bytes::Bytes;
use http::header::{ALLOW, HeaderValue};
use http::{Response, StatusCode};
use serde::Serialize;
use serde_json::json as json_value;

use crate::api::response;

/// An error: the status and the body.
#[derive(Debug)]
pub(super) struct AdminError(pub(super) StatusCode, pub(super) Problem);

/// The body of an error.
#[derive(Debug, Serialize)]
pub(super) struct Problem {
    /// A message for people.
    pub(super) error: String,
    /// For a JSON document with a problem.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub(super) place: Option<Place>,
}

/// The place of a problem in a JSON document.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct Place {
    /// From 1.
    pub(super) line: usize,
    /// The end of the word or value, from 1.
    pub(super) column: usize,
    /// A word that does not exist there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) word: Option<String>,
    /// The words that exist there.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) known: Vec<String>,
}

impl From<String> for Problem {
    fn from(error: String) -> Self {
        Self { error, place: None }
    }
}

impl AdminError {
    pub(super) fn bad_request(message: impl Into<String>) -> Self {
        Self(StatusCode::BAD_REQUEST, message.into().into())
    }

    pub(super) fn not_found(message: &str) -> Self {
        Self(StatusCode::NOT_FOUND, message.to_owned().into())
    }

    /// Returns a 404 for a path without an endpoint.
    pub(super) fn no_such_path() -> Self {
        Self::not_found("There is no endpoint at this path.")
    }
}

pub(super) type AdminResult = Result<Response<Bytes>, AdminError>;

/// Returns a 200 response with a JSON body.
pub(super) fn ok<T: Serialize>(body: &T) -> Response<Bytes> {
    json(StatusCode::OK, body)
}

/// Returns a 204 response.
pub(super) fn no_content() -> Response<Bytes> {
    response::empty(StatusCode::NO_CONTENT)
}

/// Returns a response with a JSON body.
pub(crate) fn json<T: Serialize>(status: StatusCode, body: &T) -> Response<Bytes> {
    response::with_json(status, response::to_json(body))
}

/// Returns a 405 response. `allow` lists the methods of the path.
pub(super) fn method_not_allowed(allow: &'static str) -> Response<Bytes> {
    let error = json_value!({ "error": format!("This path supports only {allow}.") });
    let mut response = json(StatusCode::METHOD_NOT_ALLOWED, &error);
    response.headers_mut().insert(ALLOW, HeaderValue::from_static(allow));
    response
}
