//! The error responses that fault rules request, in the format of the service or of a gateway in front of it.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use http::{Response, StatusCode};
use serde_json::json;

use super::rule::{ErrorBodyFormat, RetryAfterFormat};
use crate::api::error::ApiError;
use crate::api::response::{self, ascii};

/// An error that a fault rule requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct InjectedError {
    pub(crate) status: u16,
    pub(crate) body: ErrorBodyFormat,
    pub(crate) retry_after: RetryAfterFormat,
    /// Seconds until the client may retry.
    pub(crate) seconds: u64,
}

impl InjectedError {
    /// Returns `true` if the error comes from the service, which adds its ids. A gateway does not know these ids.
    pub(crate) fn is_from_service(self) -> bool {
        matches!(self.body, ErrorBodyFormat::Fault | ErrorBodyFormat::OData)
    }
}

/// Returns the error as a response. `date` returns the HTTP date that is the given number of seconds in the future.
pub(crate) fn error_response(
    error: InjectedError,
    date: impl FnOnce(u64) -> String,
) -> Response<Bytes> {
    let InjectedError { seconds, .. } = error;
    let status = StatusCode::from_u16(error.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let reason = status.canonical_reason().unwrap_or("Error");
    let number = status.as_u16();
    let message = match status {
        StatusCode::TOO_MANY_REQUESTS => {
            format!("Rate limit is exceeded. Try again in {seconds} seconds.")
        }
        _ => reason.to_owned(),
    };
    let code = || reason.replace([' ', '-'], "");
    let (content_type, body) = match error.body {
        ErrorBodyFormat::Fault => {
            let mut response = response::error(&ApiError::injected(status, code(), message));
            set_retry_after(&mut response, error, date);
            return response;
        }
        ErrorBodyFormat::Gateway => (
            "application/json",
            // The members are in the documented order.
            format!(r#"{{"statusCode":{number},"message":{}}}"#, json!(message)),
        ),
        ErrorBodyFormat::Html => (
            "text/html",
            format!(
                "<html>\r\n<head><title>{number} {reason}</title></head>\r\n<body>\r\n<h1>{number} {reason}</h1>\r\n\
                 </body>\r\n</html>\r\n"
            ),
        ),
        ErrorBodyFormat::Text => ("text/plain; charset=utf-8", format!("{number} {reason}")),
        ErrorBodyFormat::Empty => ("", String::new()),
        ErrorBodyFormat::OData => (
            "application/json; odata.metadata=minimal",
            json!({ "error": { "code": code(), "message": message } }).to_string(),
        ),
    };
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = status;
    if !content_type.is_empty() {
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    }
    set_retry_after(&mut response, error, date);
    response
}

fn set_retry_after(
    response: &mut Response<Bytes>,
    error: InjectedError,
    date: impl FnOnce(u64) -> String,
) {
    let value = match error.retry_after {
        RetryAfterFormat::None => return,
        RetryAfterFormat::Seconds => error.seconds.into(),
        RetryAfterFormat::Date => ascii(&date(error.seconds)),
    };
    response.headers_mut().insert(RETRY_AFTER, value);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_each_body_shape() {
        for (status, body, content_type, expected) in [
            (
                429,
                ErrorBodyFormat::Gateway,
                "application/json",
                r#"{"statusCode":429,"message":"Rate limit is exceeded. Try again in 57 seconds."}"#,
            ),
            (
                503,
                ErrorBodyFormat::Gateway,
                "application/json",
                r#"{"statusCode":503,"message":"Service Unavailable"}"#,
            ),
            (
                500,
                ErrorBodyFormat::Fault,
                "application/json; charset=utf-8",
                r#"{"code":"InternalServerError","data":[],"description":"Internal Server Error","source":"partner-center-devices-emulator"}"#,
            ),
            (502, ErrorBodyFormat::Text, "text/plain; charset=utf-8", "502 Bad Gateway"),
            (504, ErrorBodyFormat::Empty, "", ""),
            (
                500,
                ErrorBodyFormat::OData,
                "application/json; odata.metadata=minimal",
                r#"{"error":{"code":"InternalServerError","message":"Internal Server Error"}}"#,
            ),
        ] {
            let error =
                InjectedError { status, body, retry_after: RetryAfterFormat::None, seconds: 57 };
            let response = error_response(error, |_| unreachable!());
            assert_eq!(response.status().as_u16(), status);
            let actual =
                response.headers().get(CONTENT_TYPE).map_or("", |value| value.to_str().unwrap());
            assert_eq!(actual, content_type);
            assert_eq!(response.body(), expected);
            assert!(!response.headers().contains_key(RETRY_AFTER));
        }
        let page = InjectedError {
            status: 502,
            body: ErrorBodyFormat::Html,
            retry_after: RetryAfterFormat::None,
            seconds: 0,
        };
        let page = error_response(page, |_| unreachable!());
        assert!(page.body().starts_with(b"<html>") && page.headers()[CONTENT_TYPE] == "text/html");
    }

    #[test]
    fn a_429_has_retry_after_in_seconds_or_as_a_date_or_not_at_all() {
        for (retry_after, expected) in [
            (RetryAfterFormat::Seconds, Some("57")),
            (RetryAfterFormat::Date, Some("in 57")),
            (RetryAfterFormat::None, None),
        ] {
            for body in [ErrorBodyFormat::Gateway, ErrorBodyFormat::Fault] {
                let error = InjectedError { status: 429, body, retry_after, seconds: 57 };
                let response = error_response(error, |seconds| format!("in {seconds}"));
                let actual =
                    response.headers().get(RETRY_AFTER).map(|value| value.to_str().unwrap());
                assert_eq!(actual, expected);
            }
        }
    }
}
