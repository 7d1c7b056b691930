//! Decides the form of a refusal that a rule asks for: as the service writes it, or as what stands in front of
//! it does.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use http::{Response, StatusCode};
use serde_json::json;

use super::rule::{BodyShape, RetryAfter};
use crate::api::error::ApiError;
use crate::api::response::{self, ascii};

/// A refusal that a rule asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct InjectedError {
    pub(crate) status: u16,
    pub(crate) body: BodyShape,
    pub(crate) retry_after: RetryAfter,
    /// Until it may be tried again.
    pub(crate) seconds: u64,
}

impl InjectedError {
    /// Whether the service itself says it, and so puts its ids on it. A gateway does not know them.
    pub(crate) fn is_from_service(self) -> bool {
        matches!(self.body, BodyShape::Fault | BodyShape::OData)
    }
}

/// The refusal as an answer. `date` writes the HTTP date in so many seconds.
pub(crate) fn error_response(
    refusal: InjectedError,
    date: impl FnOnce(u64) -> String,
) -> Response<Bytes> {
    let InjectedError { seconds, .. } = refusal;
    let status = StatusCode::from_u16(refusal.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let reason = status.canonical_reason().unwrap_or("Error");
    let number = status.as_u16();
    let message = match status {
        StatusCode::TOO_MANY_REQUESTS => {
            format!("Rate limit is exceeded. Try again in {seconds} seconds.")
        }
        _ => reason.to_owned(),
    };
    let word = || reason.replace([' ', '-'], "");
    let (content_type, body) = match refusal.body {
        BodyShape::Fault => {
            let mut answer = response::error(&ApiError::injected(status, word(), message));
            say_when(&mut answer, refusal, date);
            return answer;
        }
        BodyShape::Gateway => (
            "application/json",
            // The documented order of the two.
            format!(r#"{{"statusCode":{number},"message":{}}}"#, json!(message)),
        ),
        BodyShape::Html => (
            "text/html",
            format!(
                "<html>\r\n<head><title>{number} {reason}</title></head>\r\n<body>\r\n<h1>{number} {reason}</h1>\r\n\
                 </body>\r\n</html>\r\n"
            ),
        ),
        BodyShape::Text => ("text/plain; charset=utf-8", format!("{number} {reason}")),
        BodyShape::Empty => ("", String::new()),
        BodyShape::OData => (
            "application/json; odata.metadata=minimal",
            json!({ "error": { "code": word(), "message": message } }).to_string(),
        ),
    };
    let mut answer = Response::new(Bytes::from(body));
    *answer.status_mut() = status;
    if !content_type.is_empty() {
        answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    }
    say_when(&mut answer, refusal, date);
    answer
}

fn say_when(
    answer: &mut Response<Bytes>,
    refusal: InjectedError,
    date: impl FnOnce(u64) -> String,
) {
    let value = match refusal.retry_after {
        RetryAfter::None => return,
        RetryAfter::Seconds => refusal.seconds.into(),
        RetryAfter::Date => ascii(&date(refusal.seconds)),
    };
    answer.headers_mut().insert(RETRY_AFTER, value);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_shape_has_its_form() {
        for (status, body, content_type, expected) in [
            (
                429,
                BodyShape::Gateway,
                "application/json",
                r#"{"statusCode":429,"message":"Rate limit is exceeded. Try again in 57 seconds."}"#,
            ),
            (
                503,
                BodyShape::Gateway,
                "application/json",
                r#"{"statusCode":503,"message":"Service Unavailable"}"#,
            ),
            (
                500,
                BodyShape::Fault,
                "application/json; charset=utf-8",
                r#"{"code":"InternalServerError","data":[],"description":"Internal Server Error","source":"partner-center-devices-emulator"}"#,
            ),
            (502, BodyShape::Text, "text/plain; charset=utf-8", "502 Bad Gateway"),
            (504, BodyShape::Empty, "", ""),
            (
                500,
                BodyShape::OData,
                "application/json; odata.metadata=minimal",
                r#"{"error":{"code":"InternalServerError","message":"Internal Server Error"}}"#,
            ),
        ] {
            let refusal =
                InjectedError { status, body, retry_after: RetryAfter::None, seconds: 57 };
            let answer = error_response(refusal, |_| unreachable!());
            assert_eq!(answer.status().as_u16(), status);
            let got =
                answer.headers().get(CONTENT_TYPE).map_or("", |value| value.to_str().unwrap());
            assert_eq!(got, content_type);
            assert_eq!(answer.body(), expected);
            assert!(!answer.headers().contains_key(RETRY_AFTER));
        }
        let page = InjectedError {
            status: 502,
            body: BodyShape::Html,
            retry_after: RetryAfter::None,
            seconds: 0,
        };
        let page = error_response(page, |_| unreachable!());
        assert!(page.body().starts_with(b"<html>") && page.headers()[CONTENT_TYPE] == "text/html");
    }

    #[test]
    fn a_429_says_when_in_two_ways_or_not() {
        for (retry_after, expected) in [
            (RetryAfter::Seconds, Some("57")),
            (RetryAfter::Date, Some("in 57")),
            (RetryAfter::None, None),
        ] {
            for body in [BodyShape::Gateway, BodyShape::Fault] {
                let refusal = InjectedError { status: 429, body, retry_after, seconds: 57 };
                let answer = error_response(refusal, |seconds| format!("in {seconds}"));
                let got = answer.headers().get(RETRY_AFTER).map(|value| value.to_str().unwrap());
                assert_eq!(got, expected);
            }
        }
    }
}
