//! The error responses that fault rules request, in the format of the service or of a gateway in front of it.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER};
use http::{Response, StatusCode};
use serde_json::json;

use super::rule::{ErrorBodyFormat, RetryAfterFormat};
use crate::api::error::ApiError;
use crate::api::response::{self, ascii};

/// An error that a fault rule requests, or the page of a web filter instead of a success.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct InjectedError {
    pub(crate) status: u16,
    pub(crate) body: ErrorBodyFormat,
    pub(crate) retry_after: RetryAfterFormat,
    /// Seconds until the client may retry.
    pub(crate) seconds: u64,
    /// `None` for the name of the status.
    pub(crate) code: Option<String>,
    /// `None` for the name of the status.
    pub(crate) description: Option<String>,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
}

impl InjectedError {
    /// Returns `true` if the error comes from the service, which adds its ids. A gateway does not know these ids.
    pub(crate) fn is_from_service(&self) -> bool {
        matches!(self.body, ErrorBodyFormat::Fault | ErrorBodyFormat::OData)
    }

    fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn reason(&self) -> &'static str {
        self.status().canonical_reason().unwrap_or("Error")
    }

    fn code(&self) -> String {
        self.code.clone().unwrap_or_else(|| self.reason().replace([' ', '-'], ""))
    }

    fn description(&self) -> String {
        self.description.clone().unwrap_or_else(|| match self.status() {
            StatusCode::TOO_MANY_REQUESTS => {
                format!("Rate limit is exceeded. Try again in {} seconds.", self.seconds)
            }
            _ => self.reason().to_owned(),
        })
    }

    /// Returns the content type and the body, except for the service's own format.
    fn content(&self) -> (&'static str, String) {
        let (number, reason) = (self.status, self.reason());
        let (code, description) = (self.code(), self.description());
        match self.body {
            ErrorBodyFormat::Fault | ErrorBodyFormat::Empty => ("", String::new()),
            ErrorBodyFormat::Gateway => (
                "application/json",
                // The members are in the documented order.
                format!(r#"{{"statusCode":{number},"message":{}}}"#, json!(description)),
            ),
            ErrorBodyFormat::Html => ("text/html", html(&format!("{number} {reason}"), "")),
            ErrorBodyFormat::WebFilter => (
                "text/html; charset=utf-8",
                html("Web Page Blocked", "Access to this page was blocked by the policy of your network."),
            ),
            ErrorBodyFormat::Text => ("text/plain; charset=utf-8", match &self.description {
                Some(description) => description.clone(),
                None => format!("{number} {reason}"),
            }),
            ErrorBodyFormat::OData => (
                "application/json; odata.metadata=minimal",
                json!({ "error": { "code": code, "message": description } }).to_string(),
            ),
            ErrorBodyFormat::OAuth => ("application/json; charset=utf-8", self.oauth()),
            ErrorBodyFormat::ProblemJson => (
                "application/problem+json",
                json!({ "type": "about:blank", "title": reason, "status": number, "detail": description, "code": code })
                    .to_string(),
            ),
            ErrorBodyFormat::Xml => (
                "application/xml; charset=utf-8",
                format!(
                    "<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>{}</Code><Message>{}</Message></Error>",
                    escape(&code),
                    escape(&description)
                ),
            ),
        }
    }

    /// Returns a body of the sign-in. The message starts with a code of Microsoft Entra if the rule has one.
    fn oauth(&self) -> String {
        let is_outage = self.status == 429 || self.status >= 500;
        let error = if is_outage { "temporarily_unavailable" } else { "invalid_grant" };
        match self.code.as_ref().and_then(|code| code.parse::<u64>().ok()) {
            Some(code) => json!({
                "error": error,
                "error_description": format!("AADSTS{code}: {}", self.description()),
                "error_codes": [code],
            }),
            None => json!({
                "error": self.code.as_deref().unwrap_or(error),
                "error_description": self.description(),
            }),
        }
        .to_string()
    }
}

/// Returns an HTML page with a title, like those of proxies and web filters.
fn html(title: &str, text: &str) -> String {
    let text = if text.is_empty() { String::new() } else { format!("<p>{text}</p>\r\n") };
    format!(
        "<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<h1>{title}</h1>\r\n{text}</body>\r\n</html>\r\n"
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Returns the error as a response. `date` returns the HTTP date that is the given number of seconds in the future.
pub(crate) fn error_response(
    error: &InjectedError,
    date: impl FnOnce(u64) -> String,
) -> Response<Bytes> {
    let mut response = if error.body == ErrorBodyFormat::Fault {
        let fault = ApiError::injected(error.status(), error.code(), error.description());
        response::error(&fault)
    } else {
        let (content_type, body) = error.content();
        let mut response = Response::new(Bytes::from(body));
        *response.status_mut() = error.status();
        if !content_type.is_empty() {
            response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        }
        response
    };
    set_retry_after(&mut response, error, date);
    for (name, value) in &error.headers {
        response.headers_mut().insert(name, value.clone());
    }
    response
}

fn set_retry_after(
    response: &mut Response<Bytes>,
    error: &InjectedError,
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
                503,
                ErrorBodyFormat::OAuth,
                "application/json; charset=utf-8",
                r#"{"error":"temporarily_unavailable","error_description":"Service Unavailable"}"#,
            ),
            (
                400,
                ErrorBodyFormat::ProblemJson,
                "application/problem+json",
                r#"{"code":"BadRequest","detail":"Bad Request","status":400,"title":"Bad Request","type":"about:blank"}"#,
            ),
            (
                400,
                ErrorBodyFormat::Xml,
                "application/xml; charset=utf-8",
                r#"<?xml version="1.0" encoding="utf-8"?><Error><Code>BadRequest</Code><Message>Bad Request</Message></Error>"#,
            ),
            (
                500,
                ErrorBodyFormat::OData,
                "application/json; odata.metadata=minimal",
                r#"{"error":{"code":"InternalServerError","message":"Internal Server Error"}}"#,
            ),
        ] {
            let retry_after = RetryAfterFormat::None;
            let error = InjectedError {
                status,
                body,
                retry_after,
                seconds: 57,
                ..InjectedError::default()
            };
            let response = error_response(&error, |_| unreachable!());
            assert_eq!(response.status().as_u16(), status);
            let actual =
                response.headers().get(CONTENT_TYPE).map_or("", |value| value.to_str().unwrap());
            assert_eq!(actual, content_type);
            assert_eq!(response.body(), expected);
            assert!(!response.headers().contains_key(RETRY_AFTER));
        }
        for (status, body, title) in [
            (502, ErrorBodyFormat::Html, "<title>502 Bad Gateway</title>"),
            (200, ErrorBodyFormat::WebFilter, "<title>Web Page Blocked</title>"),
        ] {
            let retry_after = RetryAfterFormat::None;
            let page = InjectedError { status, body, retry_after, ..InjectedError::default() };
            let page = error_response(&page, |_| unreachable!());
            let text = String::from_utf8(page.body().to_vec()).unwrap();
            assert!(text.starts_with("<html>") && text.contains(title), "{text}");
            assert!(page.headers()[CONTENT_TYPE].to_str().unwrap().starts_with("text/html"));
        }
    }

    #[test]
    fn a_rule_can_set_the_code_the_description_and_headers() {
        let error = |body| InjectedError {
            status: 401,
            body,
            retry_after: RetryAfterFormat::None,
            code: Some("900421".to_owned()),
            description: Some("a < b".to_owned()),
            headers: vec![(HeaderName::from_static("retry-after-ms"), 1500.into())],
            ..InjectedError::default()
        };
        for (body, expected) in [
            (ErrorBodyFormat::Fault, r#"{"code":900421,"data":[],"description":"a < b","#),
            (ErrorBodyFormat::OData, r#"{"error":{"code":"900421","message":"a < b"}}"#),
            (
                ErrorBodyFormat::OAuth,
                r#"{"error":"invalid_grant","error_codes":[900421],"error_description":"AADSTS900421: a < b"}"#,
            ),
            (ErrorBodyFormat::Text, "a < b"),
            (
                ErrorBodyFormat::Xml,
                "<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>900421</Code><Message>a &lt; b<",
            ),
        ] {
            let response = error_response(&error(body), |_| unreachable!());
            let text = String::from_utf8(response.body().to_vec()).unwrap();
            assert!(text.starts_with(expected), "{text}");
            assert_eq!(response.headers()["retry-after-ms"], "1500");
            let has_challenge = response.headers().contains_key("www-authenticate");
            assert_eq!(has_challenge, body == ErrorBodyFormat::Fault);
        }
    }

    #[test]
    fn a_429_has_retry_after_in_seconds_or_as_a_date_or_not_at_all() {
        for (retry_after, expected) in [
            (RetryAfterFormat::Seconds, Some("57")),
            (RetryAfterFormat::Date, Some("in 57")),
            (RetryAfterFormat::None, None),
        ] {
            for body in [ErrorBodyFormat::Gateway, ErrorBodyFormat::Fault] {
                let error = InjectedError {
                    status: 429,
                    body,
                    retry_after,
                    seconds: 57,
                    ..InjectedError::default()
                };
                let response = error_response(&error, |seconds| format!("in {seconds}"));
                let actual =
                    response.headers().get(RETRY_AFTER).map(|value| value.to_str().unwrap());
                assert_eq!(actual, expected);
            }
        }
    }
}
