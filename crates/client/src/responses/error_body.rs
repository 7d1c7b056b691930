//! Reads the body of an answer that is no success. Decides which of the shapes it is; there are many, because
//! gateways answer in front of the service: the documented fault, the gateway's object, the OData shape,
//! the token endpoint's shape, text, HTML, nothing.

use serde_json::Value;

use partner_center_devices_raw::redact;

/// What a body says of an error, ready to be shown: overlong words are cut.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ErrorBody {
    /// The service's code, always as text: documents show it quoted, some answers do not.
    pub(crate) code: Option<String>,
    /// The service's words.
    pub(crate) description: Option<String>,
}

/// Reads a body of any shape; a byte order mark was cut before.
pub(crate) fn read(body: &[u8]) -> ErrorBody {
    let fault = match serde_json::from_slice::<Value>(body) {
        Ok(value) => read_json(&value),
        Err(_) => ErrorBody { code: None, description: text(body) },
    };
    let shows_something = |text: &String| !text.is_empty();
    ErrorBody {
        code: fault.code.filter(shows_something),
        description: fault.description.filter(shows_something),
    }
}

fn read_json(value: &Value) -> ErrorBody {
    let fault = match value {
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
                // `statusCode` of a gateway repeats the status and says nothing more.
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
        code: fault.code.map(|code| redact::message(&code)),
        description: fault.description.map(|text| redact::message(&text)),
    }
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Plain text as it is; of a page of HTML its title.
fn text(body: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(body);
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return None;
    }
    if !trimmed.starts_with('<') {
        return Some(redact::message(trimmed));
    }
    let lower = trimmed.to_ascii_lowercase(); // ASCII only, so that offsets stay the same
    let title = lower.find("<title>").and_then(|start| {
        let start = start + "<title>".len();
        lower[start..].find("</title>").map(|end| redact::message(&trimmed[start..start + end]))
    });
    Some(match title {
        Some(title) if !title.is_empty() => format!("an HTML page, \"{title}\""),
        _ => "an HTML page".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shape_is_read() {
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
            (
                "<html><TITLE>502 Bad\nGateway</TITLE></html>",
                "",
                "an HTML page, \"502 Bad Gateway\"",
            ),
            ("<html></html>", "", "an HTML page"),
            ("", "", ""),
            ("[]", "", ""),
            ("null", "", ""),
            (r#"{"code":null,"description":{"x":1}}"#, "", ""),
        ] {
            let fault = read(body.as_bytes());
            assert_eq!(fault.code.as_deref().unwrap_or_default(), code, "{body}");
            assert_eq!(fault.description.as_deref().unwrap_or_default(), description, "{body}");
        }
    }

    #[test]
    fn a_text_that_shows_nothing_is_none() {
        for body in ["\0", " \u{1} ", r#"" ""#, r#"{"code":" ","description":"\u0000"}"#] {
            assert_eq!(read(body.as_bytes()), ErrorBody::default(), "{body:?}");
        }
    }

    #[test]
    fn an_echoed_hash_is_cut() {
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
