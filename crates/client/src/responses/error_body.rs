//! The body of an error response. It has many formats, because gateways respond in front of the service: the documented
//! fault, the gateway's object, OData, the token endpoint's format, text, HTML, or an empty body.

use serde_json::Value;

use partner_center_devices_raw::{redact, web_page};

/// The code and the description in the body of an error response, redacted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ErrorBody {
    /// The code as text. The documents show it as a string, but some responses contain a number.
    pub(crate) code: Option<String>,
    /// The description.
    pub(crate) description: Option<String>,
}

/// Reads a body of any format, without a byte order mark.
pub(crate) fn read(body: &[u8]) -> ErrorBody {
    let read = match serde_json::from_slice::<Value>(body) {
        Ok(value) => read_json(&value),
        Err(_) => ErrorBody { code: None, description: text(body) },
    };
    let is_visible = |text: &String| !text.is_empty();
    ErrorBody {
        code: read.code.filter(is_visible),
        description: read.description.filter(is_visible),
    }
}

fn read_json(value: &Value) -> ErrorBody {
    let read = match value {
        Value::Object(object) => {
            if let Some(Value::Object(error)) = object.get("error") {
                return read_json(&Value::Object(error.clone())); // OData: {"error": {"code", "message"}}
            }
            let member = |names: &[&str]| {
                object
                    .iter()
                    .find(|(key, _)| names.iter().any(|name| key.trim().eq_ignore_ascii_case(name)))
                    .and_then(|(_, value)| scalar(value))
            };
            ErrorBody {
                // The `statusCode` of a gateway only repeats the status.
                code: member(&["code", "error", "errorCode"]),
                description: member(&[
                    "description",
                    "message",
                    "error_description",
                    "errorMessage",
                ]),
            }
        }
        Value::String(text) => ErrorBody { code: None, description: Some(text.clone()) },
        _ => ErrorBody::default(),
    };
    ErrorBody {
        code: read.code.map(|code| redact::message(&code)),
        description: read.description.map(|text| redact::message(&text)),
    }
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Returns plain text as it is, or the title of a web page.
fn text(body: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(body);
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return None;
    }
    Some(match web_page::is_page(body) {
        true => web_page::describe(body),
        false => redact::message(trimmed),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_format() {
        for (body, code, description) in [
            (
                r#"{"code":"20002","description":"No relationship","data":[],"source":"PartnerFD"}"#,
                "20002",
                "No relationship",
            ),
            (
                r#"{"code":2055,"description":"Etag is no longer valid"}"#,
                "2055",
                "Etag is no longer valid",
            ),
            (r#"{"Code":"1","Description":"Pascal"}"#, "1", "Pascal"),
            (
                r#"{ "statusCode": 429, "message": "Try again in 57 seconds." }"#,
                "",
                "Try again in 57 seconds.",
            ),
            (r#"{"error":{"code":"Forbidden","message":"No"}}"#, "Forbidden", "No"),
            (
                r#"{"error":"invalid_grant","error_description":"AADSTS70008"}"#,
                "invalid_grant",
                "AADSTS70008",
            ),
            (r#""quoted text""#, "", "quoted text"),
            ("Sequence contains no matching element", "", "Sequence contains no matching element"),
            ("<html><TITLE>502 Bad\nGateway</TITLE></html>", "", "a web page, \"502 Bad Gateway\""),
            ("<html></html>", "", "a web page"),
            ("", "", ""),
            ("[]", "", ""),
            ("null", "", ""),
            (r#"{"code":null,"description":{"x":1}}"#, "", ""),
        ] {
            let read = read(body.as_bytes());
            assert_eq!(read.code.as_deref().unwrap_or_default(), code, "{body}");
            assert_eq!(read.description.as_deref().unwrap_or_default(), description, "{body}");
        }
    }

    #[test]
    fn invisible_text_is_none() {
        for body in ["\0", " \u{1} ", r#"" ""#, r#"{"code":" ","description":"\u0000"}"#] {
            assert_eq!(read(body.as_bytes()), ErrorBody::default(), "{body:?}");
        }
    }

    #[test]
    fn redacts_an_echoed_hash() {
        let body = format!(r#"{{"code":"802","description":"bad {}"}}"#, "T0HzAQEA".repeat(500));
        assert_eq!(read(body.as_bytes()).description.unwrap(), "bad T0HzAQ…(4000 characters)");
    }

    proptest::proptest! {
        #[test]
        fn no_body_panics(body in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
            read(&body);
        }
    }
}
