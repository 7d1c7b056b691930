//! Redacts headers and bodies before they are shown.
//!
//! Hardware hashes, tokens and secrets are shortened to a few characters, also in text that is not JSON or is
//! incomplete.

use std::borrow::Cow;

/// Fields whose values are always redacted.
const SECRET_FIELDS: [&str; 10] = [
    "code_verifier",
    "device_code",
    "hardwarehash",
    "access_token",
    "refresh_token",
    "id_token",
    "client_secret",
    "client_assertion",
    "assertion",
    "password",
];

/// Headers whose values are redacted, except the first word, which is the authentication scheme.
const SECRET_HEADERS: [&str; 6] =
    ["authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key", "api-key"];

/// The length above which a run of Base64 or token characters in a request is redacted.
const MAX_RUN: usize = 48;

/// Redacts a request body.
pub(crate) fn request(body: &[u8]) -> String {
    match text(body) {
        Ok(text) => long_runs(&fields(&text)),
        Err(length) => length,
    }
}

/// Returns the body as text. If it is not UTF-8, returns its length as an error: in another encoding, such as UTF-16, no
/// secret would be recognized. The last character may be incomplete.
fn text(body: &[u8]) -> Result<Cow<'_, str>, String> {
    let is_utf8 = match std::str::from_utf8(body) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none(),
    };
    if is_utf8 && !body.contains(&0) {
        Ok(String::from_utf8_lossy(body))
    } else {
        Err(format!("…({} bytes)", body.len()))
    }
}

/// Redacts a response header. Some repeat a request header. Links are kept, although they are as long as a hash.
pub(crate) fn response_header(name: &str, value: &[u8]) -> String {
    match name {
        "location" => String::from_utf8_lossy(value).into_owned(),
        _ => request_header(name, value),
    }
}

/// Redacts a request header.
pub(crate) fn request_header(name: &str, value: &[u8]) -> String {
    let text = String::from_utf8_lossy(value);
    if !SECRET_HEADERS.contains(&name) {
        return long_runs(&text);
    }
    match text.split_once(' ') {
        Some((scheme, secret)) => format!("{scheme} {}", shorten(secret)),
        None => shorten(&text),
    }
}

/// Redacts a response body. Long runs are kept, because links are as long as a hash.
pub(crate) fn response(body: &[u8]) -> String {
    text(body).map_or_else(|length| length, |text| fields(&text))
}

/// Returns the first characters of a secret, and its length.
fn shorten(secret: &str) -> String {
    let length = secret.chars().count();
    let visible = if length > 16 { 4 } else { 0 };
    let start: String = secret.chars().take(visible).collect();
    format!("{start}…({length})")
}

/// Redacts the values of secret fields in JSON. This is not a parser: everything between two keys belongs to the first
/// one.
fn fields(text: &str) -> String {
    if !text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']).starts_with(['{', '[']) {
        return form(text);
    }
    let mut redacted = String::with_capacity(text.len());
    let (mut rest, mut secret) = (text, false);
    while let Some(at) = rest.find('"') {
        let (before, literal) = rest.split_at(at);
        redacted.push_str(&outside_literals(before, secret));
        let end = literal_end(literal);
        let (literal, after) = literal.split_at(end);
        if after.trim_start().starts_with(':') {
            let key = serde_json::from_str::<String>(literal).unwrap_or_default();
            let key = key.trim().to_ascii_lowercase();
            secret = SECRET_FIELDS.contains(&key.as_str());
            redacted.push_str(literal);
        } else if secret {
            redacted.push('"');
            redacted.push_str(&shorten(literal.trim_matches('"')));
            redacted.push('"');
        } else {
            redacted.push_str(literal);
        }
        rest = after;
    }
    redacted.push_str(&outside_literals(rest, secret));
    redacted
}

/// Redacts the text between two string literals, if it belongs to a secret field: a secret may be sent as a number.
fn outside_literals(text: &str, secret: bool) -> Cow<'_, str> {
    if secret && text.contains(|character: char| character.is_ascii_alphanumeric()) {
        let is_word = |character: char| !"{}[],: \t\r\n".contains(character);
        let words = text.split_inclusive(|character| !is_word(character));
        let redacted =
            words.map(|word| match word.trim_end_matches(|character| !is_word(character)) {
                "" => word.to_owned(),
                secret => word.replacen(secret, &shorten(secret), 1),
            });
        return redacted.collect::<String>().into();
    }
    text.into()
}

/// Returns the end of the string literal at the start, or the end of the text if the literal is incomplete.
fn literal_end(text: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            b'"' if !escaped => return at + 1,
            b'\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    text.len()
}

/// Redacts a form, such as a token request: `a=b&c=d`. Here `code` is a secret; in JSON it is an error code.
fn form(text: &str) -> String {
    let is_secret = |key: &str| {
        let key = key.trim().to_ascii_lowercase();
        SECRET_FIELDS.contains(&key.as_str()) || key == "code"
    };
    let pairs = text.split('&').map(|pair| match pair.split_once('=') {
        Some((key, value)) if is_secret(key) => format!("{key}={}", shorten(value)).into(),
        _ => Cow::from(pair),
    });
    pairs.collect::<Vec<_>>().join("&")
}

/// Redacts long runs of Base64 or token characters.
fn long_runs(text: &str) -> String {
    let is_run =
        |character: char| character.is_ascii_alphanumeric() || "+/=_-.%\\".contains(character);
    let mut redacted = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(|character| !is_run(character)).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        if run.len() > MAX_RUN {
            redacted.push_str(&shorten(run))
        } else {
            redacted.push_str(run)
        }
        let end = after.find(is_run).unwrap_or(after.len());
        redacted.push_str(&after[..end]);
        rest = &after[end..];
    }
    redacted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redacts_secrets_in_bodies() {
        let hash = "T0HSECRET".repeat(20);
        for (body, shown) in [
            (r#"{"hardwareHash":"T0HSECRET","n":1}"#, r#"{"hardwareHash":"…(9)","n":1}"#),
            (r#"{"HARDWAREhash" : "T0HSECRETT0HSECRET"}"#, r#"{"HARDWAREhash" : "T0HS…(18)"}"#),
            (r#"{"hardware\u0048ash":"T0HSECRET"}"#, r#"{"hardware\u0048ash":"…(9)"}"#),
            (r#"{"hardwareHash":"a\"T0HSECRET","b":"c"}"#, r#"{"hardwareHash":"…(12)","b":"c"}"#),
            (
                r#"{"hardwareHash":["T0HSECRET","x"],"b":"c"}"#,
                r#"{"hardwareHash":["…(9)","…(1)"],"b":"c"}"#,
            ),
            (r#"{"hardwareHash":T0HSECRET}"#, r#"{"hardwareHash":…(9)}"#),
            (r#"[{"hardwareHash":"T0HSEC"#, r#"[{"hardwareHash":"…(6)""#),
            (r#"{"access_token":"T0HSECRET"}"#, r#"{"access_token":"…(9)"}"#),
            ("a=b&client_secret=T0HSECRET&code=x", "a=b&client_secret=…(9)&code=…(1)"),
            ("", ""),
        ] {
            assert_eq!(request(body.as_bytes()), shown);
            assert_eq!(response(body.as_bytes()), shown);
        }
        for body in [&hash, &format!("{{\"x\":\"{hash}\"}}"), &format!("{{\"x\":{hash}")] {
            let shown = request(body.as_bytes());
            assert!(shown.contains("T0HS…(180)") && !shown.contains("SECRET"), "{shown}");
        }
    }

    #[test]
    fn redacts_headers_by_name_or_length() {
        let long = "T0HSECRET".repeat(20);
        for (name, value, shown) in [
            ("authorization", "Bearer T0HSECRETT0HSECRET", "Bearer T0HS…(18)"),
            ("authorization", "T0HSECRET", "…(9)"),
            ("cookie", "a=T0HSECRET", "…(11)"),
            ("x-mine", long.as_str(), "T0HS…(180)"),
            ("content-type", "application/json; charset=utf-8", "application/json; charset=utf-8"),
            (
                "ms-requestid",
                "7c141ea9-2816-4e15-a819-53f6856499ff",
                "7c141ea9-2816-4e15-a819-53f6856499ff",
            ),
        ] {
            assert_eq!(request_header(name, value.as_bytes()), shown);
            assert_eq!(response_header(name, value.as_bytes()), shown);
        }
        let link = format!("/customers/{0}/batchJobStatus/{0}", "4".repeat(36));
        assert_eq!(response_header("location", link.as_bytes()), link);
    }

    #[test]
    fn keeps_everything_else() {
        let link = format!("/customers/{}/deviceBatches/b/devices", "4".repeat(36));
        let body = format!(
            "{{\"code\":\"800001\",\"uri\":\"{link}\",\"a\":[1, null,\"\\\\\"],\"é\":\"ü\"}}"
        );
        assert_eq!(response(body.as_bytes()), body);
        let device = r#"[{"serialNumber":"S-1","id":"7c141ea9-2816-4e15-a819-53f6856499ff"}]"#;
        assert_eq!(request(device.as_bytes()), device);
    }
}
