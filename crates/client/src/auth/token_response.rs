//! The responses of the token endpoint: tokens, a refusal, an outage, or something else than the endpoint. Pure
//! functions of status, headers and body.

use std::time::Duration;

use http::{HeaderMap, StatusCode};
use partner_center_devices_raw::{ForeignResponse, redact, web_page};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;

use super::access_token::AccessToken;
use super::entra_codes;
use super::token_error::{OAuthError, TokenError};

/// A response of an endpoint.
#[derive(Debug)]
pub(super) enum Reply {
    /// A JSON object that has the member that was asked for.
    Success(Value),
    /// The endpoint refuses the request.
    Refused(OAuthError),
    /// The endpoint failed, and may work later.
    Outage(TokenError),
    /// Something else than the endpoint responded.
    Foreign(TokenError),
}

/// Reads a response. `member` is the member that a success has. The body has no byte order mark, and no secret in it
/// is known anymore.
pub(super) fn read(status: StatusCode, headers: &HeaderMap, body: &[u8], member: &str) -> Reply {
    // The parser's message is dropped, because it could quote the body.
    let value: Option<Value> = serde_json::from_slice(body).ok();
    let has_token = |value: &Value| value[member].as_str().is_some_and(|text| !text.is_empty());
    match value {
        Some(value) if status.is_success() && has_token(&value) => return Reply::Success(value),
        Some(value) if is_refusal(status, &value) => {
            let error = oauth_error(&value);
            return if is_outage(status) || is_temporary(&error) {
                Reply::Outage(TokenError::outage(error))
            } else {
                Reply::Refused(error)
            };
        }
        _ => {}
    }
    let content = describe(status, headers, body);
    if is_outage(status) {
        return Reply::Outage(TokenError::gateway_failure(format!(
            "the sign-in endpoint failed ({status}): the response is {content}"
        )));
    }
    Reply::Foreign(TokenError::intercepted(format!(
        "something else than the sign-in endpoint responded ({status}): the response is {content}"
    )))
}

/// Returns true for a status that passes: a timeout, too many requests, or a failure of the server.
pub(super) fn is_outage(status: StatusCode) -> bool {
    // A network that asks for its own sign-in uses 511 (RFC 6585, 6).
    status.is_server_error() && status != StatusCode::NETWORK_AUTHENTICATION_REQUIRED
        || matches!(status, StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS)
}

/// Describes a response that is not from the endpoint, without quoting it except for the title of a page.
pub(super) fn describe(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> String {
    if status.is_redirection() {
        return ForeignResponse::redirect(headers).description().to_owned();
    }
    let body = body.trim_ascii();
    if body.is_empty() {
        "empty".to_owned()
    } else if web_page::is_page(body) {
        web_page::describe(body)
    } else if serde_json::from_slice::<Value>(body).is_ok() {
        "JSON without a token".to_owned()
    } else if body.starts_with(b"<") {
        "an XML document".to_owned()
    } else {
        "not JSON".to_owned()
    }
}

/// The errors that a response with the status of a success is recognized by (RFC 6749,
/// sections 4.1.2.1 and 5.2; RFC 8628, section 3.5; and those of Microsoft,
/// <https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-device-code>).
const ERRORS: [&str; 19] = [
    "access_denied",
    "authorization_declined",
    "authorization_pending",
    "bad_verification_code",
    "consent_required",
    "expired_token",
    "interaction_required",
    "invalid_client",
    "invalid_grant",
    "invalid_request",
    "invalid_resource",
    "invalid_scope",
    "login_required",
    "server_error",
    "slow_down",
    "temporarily_unavailable",
    "unauthorized_client",
    "unsupported_grant_type",
    "unsupported_response_type",
];

/// Returns true for a body with an error and without tokens, which may echo the request.
pub(super) fn is_error(body: &[u8]) -> bool {
    let Ok(value) = serde_json::from_slice::<Value>(body) else { return false };
    let is_success = value["access_token"].is_string() || value["device_code"].is_string();
    !is_success && (!value["error"].is_null() || !value["error_codes"].is_null())
}

/// Returns true for an error of the endpoint. Something else, such as a web filter, may report its own error as a success.
fn is_refusal(status: StatusCode, value: &Value) -> bool {
    let error = oauth_error(value);
    if status.is_success() {
        return ERRORS.contains(&error.error.as_str()) || !error.codes.is_empty();
    }
    !error.error.is_empty() || value["error"].is_string() || !error.codes.is_empty()
}

/// Reads an error in the OAuth format, or in the format of other Microsoft services, which nest code and message.
fn oauth_error(value: &Value) -> OAuthError {
    let text = |key: &str| redact::message(value[key].as_str().unwrap_or_default());
    let optional = |key: &str| Some(text(key)).filter(|text| !text.is_empty());
    let nested = |key: &str| redact::message(value["error"][key].as_str().unwrap_or_default());
    let either = |first: String, second: String| if first.is_empty() { second } else { first };
    let description = either(text("error_description"), nested("message"));
    let codes = value["error_codes"].as_array().into_iter().flatten();
    let mut codes: Vec<u32> = codes.filter_map(|code| u32::try_from(code.as_u64()?).ok()).collect();
    if codes.is_empty() {
        codes.extend(code_in(&description));
    }
    OAuthError {
        error: either(text("error"), nested("code")),
        description,
        suberror: optional("suberror"),
        codes,
        // Sent back as it is, so it is not shortened. It contains no secret.
        claims: value["claims"].as_str().filter(|text| !text.is_empty()).map(ToOwned::to_owned),
    }
}

/// Reads an error of the sign-in page. Its code is in its description.
pub(super) fn error_in_description(error: &str, description: &str) -> OAuthError {
    let description = redact::message(description);
    OAuthError {
        error: redact::message(error),
        codes: code_in(&description).into_iter().collect(),
        description,
        ..OAuthError::default()
    }
}

/// Returns the code at the start of a description: `AADSTS50076: …`.
fn code_in(description: &str) -> Option<u32> {
    let (_, rest) = description.split_once("AADSTS")?;
    rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// Returns a number that is not negative, without its fraction. v2 endpoints write a number, v1 endpoints a string.
pub(super) fn whole_number(value: &Value) -> Option<u64> {
    let number = match value {
        Value::Number(number) => number.clone(),
        Value::String(text) => text.trim().parse().ok()?,
        _ => return None,
    };
    let fraction = || number.as_f64().filter(|number| *number >= 0.0);
    number.as_u64().or_else(|| fraction().map(|number| number as u64))
}

/// Returns true for a refusal that is a failure of Microsoft Entra, which passes.
pub(super) fn is_temporary(error: &OAuthError) -> bool {
    matches!(error.error.as_str(), "temporarily_unavailable" | "server_error")
        || error.codes.iter().any(|code| entra_codes::is_temporary(*code))
}

/// The tokens of a successful response.
pub(super) struct Tokens {
    pub(super) access: AccessToken,
    pub(super) refresh: Option<SecretString>,
}

impl Tokens {
    pub(super) fn read(value: &Value) -> Result<Self, TokenError> {
        let secret = |key: &str| {
            let text = value[key].as_str().filter(|text| !text.is_empty())?;
            Some(SecretString::from(text.to_owned()))
        };
        let missing =
            || TokenError::new("the response of the sign-in endpoint contains no access token");
        // A token of another type, such as a proof of possession, would be refused like an expired one.
        let token_type = value["token_type"].as_str().unwrap_or_default().trim();
        if !token_type.is_empty() && !token_type.eq_ignore_ascii_case("bearer") {
            let shown: String = redact::message(token_type).chars().take(40).collect();
            return Err(TokenError::new(format!(
                "the sign-in endpoint issued an access token with the type \"{shown}\", but Partner Center accepts only \"Bearer\"; check the address of the sign-in and the app registration"
            )));
        }
        let token = secret("access_token").ok_or_else(missing)?;
        if !token.expose_secret().trim().bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(TokenError::new(
                "the sign-in endpoint issued an access token with characters that a header cannot have, such as a line break or a space; check the address of the sign-in and the proxy",
            ));
        }
        let mut access = AccessToken::new(token);
        if let Some(seconds) = whole_number(&value["expires_in"]) {
            access = access.expires_in(Duration::from_secs(seconds));
        }
        Ok(Self { access, refresh: secret("refresh_token") })
    }
}

#[cfg(test)]
mod tests {
    use http::header::LOCATION;
    use serde_json::json;

    use super::*;

    const PAGE: &str = "<html><head><title>Web filter: blocked</title></head></html>";

    fn read_text(status: u16, body: &str) -> Reply {
        let mut headers = HeaderMap::new();
        headers.insert(LOCATION, "https://portal.example/login?token=planted".parse().unwrap());
        read(StatusCode::from_u16(status).unwrap(), &headers, body.as_bytes(), "access_token")
    }

    #[test]
    fn an_outage_in_any_format_is_retryable() {
        let description =
            |code: u32| format!(r#"{{"error":"invalid_grant","error_codes":[{code}]}}"#);
        let by_text =
            r#"{"error":"invalid_grant","error_description":"AADSTS90033: A transient error."}"#;
        for (status, body) in [
            (503, r#"{"error":"temporarily_unavailable","error_codes":[90033]}"#.to_owned()),
            (400, r#"{"error":"temporarily_unavailable"}"#.to_owned()),
            (400, r#"{"error":"server_error","error_description":"x"}"#.to_owned()),
            (400, description(90033)),
            (400, description(90012)),
            (400, by_text.to_owned()),
            (429, r#"{"error":"invalid_request","error_codes":[90055]}"#.to_owned()),
            (408, String::new()),
            (500, PAGE.to_owned()),
            (502, "Bad Gateway".to_owned()),
            (504, String::new()),
            (503, r#"{"error":"invalid_client","error_codes":[7000215]}"#.to_owned()),
        ] {
            let Reply::Outage(error) = read_text(status, &body) else { panic!("{status} {body}") };
            assert!(error.is_retryable() && !error.needs_sign_in(), "{error}");
            assert!(error.hint().unwrap().contains("temporarily unavailable"), "{status} {body}");
        }
        let Reply::Outage(error) = read_text(503, PAGE) else { panic!() };
        assert!(error.to_string().contains("\"Web filter: blocked\""), "{error}");
    }

    #[test]
    fn a_response_of_another_server_is_retryable_and_described() {
        for (status, body, words) in [
            (200, PAGE, "\"Web filter: blocked\""),
            (204, "", "empty"),
            (200, "{}", "JSON without a token"),
            (200, r#"{"access_token":""}"#, "JSON without a token"),
            (200, r#"{"error":"blocked"}"#, "JSON without a token"),
            (200, "[]", "JSON without a token"),
            (200, "planted", "not JSON"),
            (200, "<Error/>", "an XML document"),
            (302, PAGE, "a redirect to portal.example"),
            (403, PAGE, "Web filter: blocked"),
            (404, "", "empty"),
            (407, PAGE, "Web filter: blocked"),
            (511, PAGE, "Web filter: blocked"),
        ] {
            let (Reply::Foreign(error) | Reply::Outage(error)) = read_text(status, body) else {
                panic!("{status} {body}")
            };
            let text = error.to_string();
            assert!(error.is_retryable() && error.hint().is_some(), "{text}");
            assert!(text.contains(words) && text.contains(&status.to_string()), "{text}");
            assert!(!text.contains("planted"), "{text}");
        }
        let Reply::Foreign(error) = read_text(200, PAGE) else { panic!() };
        assert!(error.hint().unwrap().contains("proxy"), "{error}");
    }

    #[test]
    fn a_refusal_in_another_format_keeps_its_code() {
        for (status, body, code) in [
            (
                400,
                r#"{"error":{"code":"invalid_grant","message":"AADSTS700082: Expired."}}"#,
                "AADSTS700082",
            ),
            (400, r#"{"error":{"message":"AADSTS700082: Expired."}}"#, "AADSTS700082"),
            (400, r#"{"error":{"code":"invalid_grant"}}"#, "invalid_grant"),
            (
                200,
                r#"{"error":"invalid_grant","error_description":"AADSTS700082: Expired."}"#,
                "AADSTS700082",
            ),
            (200, r#"{"error":"invalid_grant"}"#, "invalid_grant"),
            (200, r#"{"error":"x","error_codes":[700082]}"#, "AADSTS700082"),
        ] {
            let Reply::Refused(error) = read_text(status, body) else { panic!("{status} {body}") };
            let error = TokenError::refused(error);
            assert_eq!(error.code(), Some(code), "{status} {body}");
            assert!(error.needs_sign_in() && error.hint().is_some(), "{status} {body}");
        }
    }

    #[test]
    fn a_refusal_keeps_its_details() {
        let body = r#"{"error":"interaction_required","suberror":"basic_action",
            "error_description":"AADSTS50076: MFA.","error_codes":[50076,1],
            "claims":"{\"access_token\":{\"capolids\":{\"essential\":true}}}"}"#;
        let Reply::Refused(error) = read_text(400, body) else { panic!() };
        let error = TokenError::refused(error);
        assert_eq!(error.code(), Some("AADSTS50076"));
        assert_eq!(
            (error.error(), error.suberror()),
            (Some("interaction_required"), Some("basic_action"))
        );
        assert_eq!(error.codes(), [50076, 1]);
        assert_eq!(error.claims(), Some(r#"{"access_token":{"capolids":{"essential":true}}}"#));
        assert!(error.needs_sign_in() && !error.is_retryable());
    }

    #[test]
    fn only_a_bearer_token_that_fits_in_a_header_is_accepted() {
        for (members, words) in [
            (json!({}), ""),
            (json!({"token_type": "Bearer"}), ""),
            (json!({"token_type": "bearer"}), ""),
            (json!({"token_type": " BEARER "}), ""),
            (json!({"token_type": null}), ""),
            (json!({"access_token": "planted\r\n"}), ""),
            (json!({"token_type": "pop"}), "with the type \"pop\""),
            (json!({"token_type": "DPoP"}), "with the type \"DPoP\""),
            (json!({"token_type": "mac\u{1b}"}), "with the type \"mac"),
            (json!({"access_token": "planted\r\nx: y"}), "the sign-in endpoint issued"),
            (json!({"access_token": "planted\u{0}"}), "the sign-in endpoint issued"),
            (json!({"access_token": "plantéd"}), "the sign-in endpoint issued"),
            (json!({"access_token": "planted planted"}), "the sign-in endpoint issued"),
            (json!({"access_token": ""}), "contains no access token"),
        ] {
            let mut response = json!({"access_token": "planted"});
            response.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
            let error = Tokens::read(&response).err().map(|error| error.to_string());
            let error = error.unwrap_or_default();
            assert_eq!(error.is_empty(), words.is_empty(), "{members}: {error}");
            assert!(error.contains(words) && !error.contains("plant"), "{members}: {error}");
        }
    }

    #[test]
    fn tells_which_refusals_a_new_sign_in_solves() {
        for (body, expected) in [
            (r#"{"error":"invalid_grant","error_codes":[700082]}"#, true),
            (r#"{"error":"invalid_grant","error_codes":[50078]}"#, true),
            (r#"{"error":"invalid_grant","error_codes":[50158],"suberror":"basic_action"}"#, true),
            (r#"{"error":"invalid_grant","error_codes":[53003],"suberror":"message_only"}"#, false),
            (r#"{"error":"invalid_grant","error_codes":[99999999]}"#, true),
            (r#"{"error":"invalid_grant","suberror":"message_only"}"#, false),
            (r#"{"error":"login_required"}"#, true),
            (
                r#"{"error":"invalid_grant","error_codes":[65001],"suberror":"consent_required"}"#,
                false,
            ),
            (r#"{"error":"invalid_client","error_codes":[7000222]}"#, false),
            (r#"{"error":"unauthorized_client","error_codes":[700016]}"#, false),
            (r#"{"error":"invalid_resource","error_codes":[500011]}"#, false),
            (r#"{"error":"something_new"}"#, false),
        ] {
            let Reply::Refused(error) = read_text(400, body) else { panic!("{body}") };
            assert_eq!(TokenError::refused(error).needs_sign_in(), expected, "{body}");
        }
    }
}
