//! Recognizes successful responses that cannot be from the service.
//!
//! Web filters, proxies and the sign-in pages of networks answer with a success status and another page. A delete
//! that is answered like this deleted nothing.

use std::borrow::Cow;
use std::fmt;

use http::header::LOCATION;
use http::{HeaderMap, StatusCode};
use serde::de::{Deserializer as _, IgnoredAny, MapAccess, Visitor};

use crate::{Operation, redact, web_page};

/// The reason why a successful response cannot be from the service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeignResponse(String);

/// The maximum length of quoted text in characters.
const MAX_TEXT: usize = 100;

/// Members of objects that describe errors, in lower case.
const ERROR_MEMBERS: [&str; 14] = [
    "error",
    "errors",
    "errorcode",
    "error_code",
    "error_description",
    "errormessage",
    "code",
    "message",
    "description",
    "detail",
    "details",
    "reason",
    "fault",
    "blocked",
];

impl ForeignResponse {
    /// Checks a response with a success status. `body` has no byte order mark.
    ///
    /// No operation asks for a part of a body, so 206 is never from the service. A web page is not either. Otherwise the
    /// operation decides: an operation without a documented body answers with nothing, and the other operations with
    /// JSON that has a documented property. An object that the documents do not describe is only foreign if it describes
    /// an error. Broken JSON is not foreign, because it may be a part of a response. The body of a request without an
    /// operation may be anything except a web page.
    ///
    /// The error quotes a little of the response, without the secrets.
    ///
    /// # Errors
    /// If the response cannot be from the service.
    pub fn check(
        operation: Option<Operation>,
        status: StatusCode,
        body: &[u8],
        secrets: &[&str],
    ) -> Result<(), Self> {
        if status == StatusCode::PARTIAL_CONTENT {
            return Err(Self("a part of another response (status 206)".to_owned()));
        }
        let body = body.trim_ascii_start();
        if body.is_empty() {
            return Ok(());
        }
        if web_page::is_page(body) {
            return Err(Self(web_page::describe(&start_without(body, secrets))));
        }
        let Some(operation) = operation else { return Ok(()) };
        let foreign = || Self(describe(body, &start_without(body, secrets)));
        let Some(properties) = operation.response_properties() else {
            return match body.trim_ascii_end() {
                b"null" | b"\"\"" | b"{}" => Ok(()),
                _ => Err(foreign()),
            };
        };
        match body[0] {
            b'{' if is_other_object(body, properties) => Err(foreign()),
            b'{' | b'[' => Ok(()),
            _ if serde_json::from_slice::<IgnoredAny>(body).is_ok() => Ok(()),
            _ => Err(foreign()),
        }
    }
}

/// Documented properties that other JSON has too. Alone, and next to members that are not documented, they prove nothing.
const COMMON_PROPERTIES: [&str; 6] = ["status", "category", "name", "description", "code", "type"];

/// The errors that servers and gateways of a service may send with a page. They judge the request before the service
/// reads it. The page of a 404 does not prove that a device or a job does not exist.
const PAGES_OF_SERVERS: [u16; 12] = [400, 401, 405, 406, 408, 411, 413, 414, 415, 417, 429, 431];

impl ForeignResponse {
    /// Checks the body of a response with an error status, without a byte order mark.
    ///
    /// 511 is always from a network that requires a sign-in (RFC 6585). The page of another 4xx, such as 403 or 451, is
    /// from a web filter or a proxy, unless servers send pages with this status. A page of a 5xx may be from a gateway of
    /// the service. A redirect is not checked here: [`redirect`](Self::redirect) describes it.
    ///
    /// # Errors
    /// If the response cannot be from the service.
    pub fn check_error(status: StatusCode, body: &[u8], secrets: &[&str]) -> Result<(), Self> {
        let is_page = web_page::is_page(body);
        let is_foreign = status == StatusCode::NETWORK_AUTHENTICATION_REQUIRED
            || is_page && status.is_client_error() && !PAGES_OF_SERVERS.contains(&status.as_u16());
        if !is_foreign {
            return Ok(());
        }
        let start = start_without(body.trim_ascii_start(), secrets);
        Err(Self(match (is_page, start.is_empty()) {
            (true, _) => web_page::describe(&start),
            (false, true) => "a demand to sign in to the network".to_owned(),
            (false, false) if serde_json::from_slice::<IgnoredAny>(body).is_ok() => {
                "JSON with a demand to sign in to the network".to_owned()
            }
            (false, false) => describe(body, &start),
        }))
    }
}

impl ForeignResponse {
    /// Describes JSON that the operation cannot answer with.
    #[must_use]
    pub fn other_json() -> Self {
        Self("JSON that does not belong to this operation".to_owned())
    }

    /// Returns what the response is, such as `a redirect to portal.example`.
    #[must_use]
    pub fn description(&self) -> &str {
        &self.0
    }

    /// Describes a redirect by the host that it leads to. The service redirects no call, so a client does not follow
    /// redirects.
    #[must_use]
    pub fn redirect(headers: &HeaderMap) -> Self {
        let location = headers.get(LOCATION).and_then(|location| location.to_str().ok());
        let host = location
            .and_then(|location| reqwest::Url::parse(location).ok())
            .and_then(|url| url.host_str().map(redact::message));
        Self(match host {
            Some(host) => format!("a redirect to {host}"),
            None => "a redirect".to_owned(),
        })
    }
}

impl fmt::Display for ForeignResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the response is {}, which a web filter, a proxy or the sign-in page of a network sent instead of the service",
            self.0
        )
    }
}

impl std::error::Error for ForeignResponse {}

/// Returns the start of a body without the secrets, which a page may quote. Only a little of it is quoted in turn.
fn start_without<'a>(body: &'a [u8], secrets: &[&str]) -> Cow<'a, [u8]> {
    let start = &body[..body.len().min(web_page::HEAD)];
    // The start may end within a character.
    let valid = match std::str::from_utf8(start) {
        Err(error) if error.error_len().is_none() => &start[..error.valid_up_to()],
        _ => start,
    };
    redact::known_secrets_in_body(valid, secrets)
}

/// Describes a body that is not a page. `start` is the part of it that may be quoted.
fn describe(body: &[u8], start: &[u8]) -> String {
    if serde_json::from_slice::<IgnoredAny>(body).is_ok() {
        return ForeignResponse::other_json().0;
    }
    match std::str::from_utf8(start) {
        Ok(text) if text.starts_with('<') => "an XML document".to_owned(),
        Ok(text) => {
            let line = redact::message(text.trim());
            let start: String = line.chars().take(MAX_TEXT).collect();
            let more = if start.len() < line.len() { "…" } else { "" };
            format!("text, \"{start}{more}\"")
        }
        Err(_) => format!("{} bytes that are neither JSON nor text", body.len()),
    }
}

/// Returns true for a complete JSON object that an operation with these properties does not answer with: it describes an
/// error, or only members prove that it is the documented object which other JSON has too.
fn is_other_object(body: &[u8], properties: &'static [&'static str]) -> bool {
    let mut members = Members { documented: properties, ..Members::default() };
    let mut json = serde_json::Deserializer::from_slice(body);
    let is_complete = json.deserialize_map(&mut members).is_ok();
    let Members { is_proven, has_common, has_undocumented, describes_error, .. } = members;
    let is_documented = is_proven || has_common && !has_undocumented;
    is_complete && !is_documented && (describes_error || has_undocumented && !properties.is_empty())
}

/// The members of a JSON object, up to the first one that proves that the object is documented.
#[derive(Default)]
struct Members {
    documented: &'static [&'static str],
    /// A member is documented, and other JSON does not have it.
    is_proven: bool,
    /// A member is documented and does not describe an error, but other JSON has it too.
    has_common: bool,
    has_undocumented: bool,
    /// A member may describe an error, documented or not: a policy has a description.
    describes_error: bool,
}

impl<'de> Visitor<'de> for &mut Members {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<Cow<'_, str>>()? {
            let is_among =
                |names: &[&str]| names.iter().any(|other| other.eq_ignore_ascii_case(&name));
            let (is_documented, is_error) = (is_among(self.documented), is_among(&ERROR_MEMBERS));
            if is_documented && !is_error && !is_among(&COMMON_PROPERTIES) {
                self.is_proven = true;
                return Ok(());
            }
            self.has_common |= is_documented && !is_error;
            self.has_undocumented |= !is_documented;
            self.describes_error |= is_error;
            map.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<html><title>Access denied</title></html>";

    fn check(operation: Operation, body: &str) -> String {
        match ForeignResponse::check(Some(operation), StatusCode::OK, body.as_bytes(), &[]) {
            Ok(()) => "ok".to_owned(),
            Err(foreign) => foreign.0,
        }
    }

    #[test]
    fn no_operation_accepts_a_page() {
        for operation in Operation::ALL {
            assert_eq!(check(*operation, PAGE), "a web page, \"Access denied\"", "{operation}");
            assert_eq!(check(*operation, ""), "ok", "{operation}");
        }
        let custom =
            |status, body: &str| ForeignResponse::check(None, status, body.as_bytes(), &[]);
        assert!(custom(StatusCode::OK, PAGE).is_err());
        assert_eq!(custom(StatusCode::OK, "anything else"), Ok(()));
        for body in ["", "{}"] {
            let part = custom(StatusCode::PARTIAL_CONTENT, body).unwrap_err();
            assert_eq!(part.0, "a part of another response (status 206)");
        }
    }

    #[test]
    fn body_must_be_one_that_the_operation_can_have() {
        let json = "JSON that does not belong to this operation";
        let (delete, create) = (Operation::DeleteDevice, Operation::CreateDeviceBatch);
        let (list, policy) = (Operation::ListDevices, Operation::GetPolicy);
        let job = Operation::GetBatchJobStatus;
        for (operation, body, expected) in [
            (delete, " \r\n", "ok"),
            (delete, "null", "ok"),
            (delete, "{}\n", "ok"),
            (delete, r#"{"deleted":false}"#, json),
            (delete, "Blocked by policy", "text, \"Blocked by policy\""),
            (create, r#"{"links":{}}"#, "ok"),
            (create, r#"{"location":"/v1/x"}"#, "ok"),
            (create, r#"{"Error":"blocked"}"#, json),
            (create, "OK", "text, \"OK\""),
            (create, "\"text\"", "ok"),
            (list, r#"{"totalCount":0,"items":[]}"#, "ok"),
            (list, r#"{"Items":[]}"#, "ok"),
            (list, r#"{"attributes":{},"x":1}"#, "ok"),
            (list, "[]", "ok"),
            (list, "{}", "ok"),
            (list, r#"{"status":"blocked","category":"cloud"}"#, json),
            (list, r#"{"totalCount":1,"items":[{"#, "ok"),
            (list, r#"{"x":1,"items":"#, "ok"),
            (list, r#"{"x":"#, "ok"),
            (list, "<Error><Code>1</Code></Error>", "an XML document"),
            (policy, r#"{"id":"p"}"#, "ok"),
            (policy, r#"{"x":1,"policySettings":[]}"#, "ok"),
            (policy, r#"{"error":{"code":"x"}}"#, json),
            (policy, r#"{"code":"1","description":"blocked"}"#, json),
            (policy, r#"{"description":"of a policy","name":"P"}"#, "ok"),
            (policy, r#"{"name":"P"}"#, "ok"),
            (policy, r#"{"status":"blocked","category":"cloud"}"#, json),
            (policy, r#"{"category":"cloud","reason":"blocked"}"#, json),
            (job, r#"{"status":"blocked","message":"Access denied"}"#, json),
            (job, r#"{"status":"finished"}"#, "ok"),
            (job, r#"{"message":"x","status":"finished","devicesStatus":[]}"#, "ok"),
            (policy, "Please sign in to the network.", "text, \"Please sign in to the network.\""),
        ] {
            assert_eq!(check(operation, body), expected, "{operation}: {body}");
        }
        let bytes = ForeignResponse::check(Some(policy), StatusCode::OK, &[0x1f, 0x8b, 8], &[])
            .unwrap_err();
        assert_eq!(bytes.0, "3 bytes that are neither JSON nor text");
        let echo = ForeignResponse::check(
            Some(policy),
            StatusCode::OK,
            b"you sent S3cret to us",
            &["S3cret"],
        );
        assert_eq!(echo.unwrap_err().0, "text, \"you sent … to us\"");
        let long = check(policy, &"word ".repeat(100));
        assert!(long.ends_with("…\"") && long.len() < 130, "{long}");
    }

    #[test]
    fn pages_of_filters_and_networks_are_foreign_errors() {
        let json = r#"{"code":"1"}"#;
        for (status, body, expected) in [
            (403, PAGE, "a web page, \"Access denied\""),
            (407, PAGE, "a web page, \"Access denied\""),
            (451, "\u{feff}\r\n<!DOCTYPE HTML><title>Blocked</title>", "a web page, \"Blocked\""),
            (404, PAGE, "a web page, \"Access denied\""),
            (402, PAGE, "a web page, \"Access denied\""),
            (418, PAGE, "a web page, \"Access denied\""),
            (499, PAGE, "a web page, \"Access denied\""),
            (511, PAGE, "a web page, \"Access denied\""),
            (511, "", "a demand to sign in to the network"),
            (511, json, "JSON with a demand to sign in to the network"),
            (511, "Sign in first", "text, \"Sign in first\""),
            // These may be from the service.
            (403, json, "ok"),
            (403, "", "ok"),
            (403, "Forbidden", "ok"),
            (407, "", "ok"),
            (451, "<Error><Code>1</Code></Error>", "ok"),
            (400, PAGE, "ok"),
            (401, PAGE, "ok"),
            (413, PAGE, "ok"),
            (429, PAGE, "ok"),
            (500, PAGE, "ok"),
            (502, PAGE, "ok"),
            (503, PAGE, "ok"),
            (504, PAGE, "ok"),
        ] {
            let status = StatusCode::from_u16(status).unwrap();
            let found = match ForeignResponse::check_error(status, body.as_bytes(), &[]) {
                Ok(()) => "ok".to_owned(),
                Err(foreign) => foreign.0,
            };
            assert_eq!(found, expected, "{status}: {body}");
        }
        let forbidden = |body: &str| {
            let token = &["S3cret-token"];
            ForeignResponse::check_error(StatusCode::FORBIDDEN, body.as_bytes(), token).unwrap_err()
        };
        let echo = forbidden("<html><title>S3cret-token is blocked</title>");
        assert_eq!(echo.0, "a web page, \"… is blocked\"");
        let echo = forbidden("<html><title>S3cret&#45;token &amp; more</title>");
        assert_eq!(echo.0, "a web page, \"… & more\"");
    }

    #[test]
    fn a_redirect_is_named_by_its_host() {
        for (location, expected) in [
            ("https://portal.example/login?token=x", "a redirect to portal.example"),
            ("http://10.0.0.1:8080/", "a redirect to 10.0.0.1"),
            ("/login", "a redirect"),
            ("", "a redirect"),
        ] {
            let headers = HeaderMap::from_iter([(LOCATION, location.parse().unwrap())]);
            assert_eq!(ForeignResponse::redirect(&headers).0, expected);
        }
        assert_eq!(ForeignResponse::redirect(&HeaderMap::new()).0, "a redirect");
    }

    #[test]
    fn only_the_start_of_a_body_is_quoted() {
        let page = format!("<html><title>{}", "Sperre für Gäste ".repeat(1 << 16));
        assert!(check(Operation::GetPolicy, &page).len() < 200);
        let text = "für ".repeat(1 << 16);
        assert!(check(Operation::GetPolicy, &text).starts_with("text, \"für für"));
    }

    #[test]
    fn documented_responses_are_accepted() {
        for example in partner_center_devices_testkit::all() {
            let response = &example.response;
            let Some(body) = response.body.as_deref().filter(|_| response.status < 300) else {
                continue;
            };
            let operation = Operation::from_id(&example.operation).unwrap();
            let checked =
                ForeignResponse::check(Some(operation), StatusCode::OK, body.as_bytes(), &[]);
            assert_eq!(checked, Ok(()), "{}", example.name);
        }
    }
}
