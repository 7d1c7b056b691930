//! Decides what of a body may be shown: hardware hashes, tokens and secrets are cut to their first characters,
//! also in text that is no JSON, or that ends early.

use std::borrow::Cow;

/// Members whose values are cut, whatever they are.
const SECRET: [&str; 10] = [
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

/// Headers whose values are cut but for their first word, which is the scheme.
const SECRET_HEADERS: [&str; 6] =
    ["authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key", "api-key"];

/// A run of so many characters of base64 or of a token is cut wherever it stands in a request.
const LONG: usize = 48;

/// What a client sent.
pub(crate) fn request(body: &[u8]) -> String {
    match text(body) {
        Ok(text) => runs(&members(&text)),
        Err(length) => length,
    }
}

/// The body as text; or, of what is none (as UTF-16 is not, in which no secret would be known), its length. A body that
/// was cut may end within a character.
fn text(body: &[u8]) -> Result<Cow<'_, str>, String> {
    let whole = match std::str::from_utf8(body) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none(),
    };
    if whole && !body.contains(&0) {
        Ok(String::from_utf8_lossy(body))
    } else {
        Err(format!("…({} bytes)", body.len()))
    }
}

/// The value of a header of an answer. Some repeat what the client sent; a link is as long as a hash.
pub(crate) fn response_header(name: &str, value: &[u8]) -> String {
    match name {
        "location" => String::from_utf8_lossy(value).into_owned(),
        _ => request_header(name, value),
    }
}

/// The value of a header that a client sent.
pub(crate) fn request_header(name: &str, value: &[u8]) -> String {
    let text = String::from_utf8_lossy(value);
    if !SECRET_HEADERS.contains(&name) {
        return runs(&text);
    }
    match text.split_once(' ') {
        Some((scheme, secret)) => format!("{scheme} {}", cut(secret)),
        None => cut(&text),
    }
}

/// What the emulator answered. It has links, which are as long as a hash.
pub(crate) fn response(body: &[u8]) -> String {
    text(body).map_or_else(|length| length, |text| members(&text))
}

/// The first characters of a secret, and how many it has.
fn cut(secret: &str) -> String {
    let length = secret.chars().count();
    let shown = if length > 16 { 4 } else { 0 };
    let start: String = secret.chars().take(shown).collect();
    format!("{start}…({length})")
}

/// The text with the values of secret members cut. Not a parser: what is between two keys belongs to the first.
fn members(text: &str) -> String {
    if !text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']).starts_with(['{', '[']) {
        return form(text);
    }
    let mut shown = String::with_capacity(text.len());
    let (mut rest, mut secret) = (text, false);
    while let Some(at) = rest.find('"') {
        let (before, literal) = rest.split_at(at);
        shown.push_str(&bare(before, secret));
        let end = literal_end(literal);
        let (literal, after) = literal.split_at(end);
        if after.trim_start().starts_with(':') {
            let key = serde_json::from_str::<String>(literal).unwrap_or_default();
            let key = key.trim().to_ascii_lowercase();
            secret = SECRET.contains(&key.as_str());
            shown.push_str(literal);
        } else if secret {
            shown.push('"');
            shown.push_str(&cut(literal.trim_matches('"')));
            shown.push('"');
        } else {
            shown.push_str(literal);
        }
        rest = after;
    }
    shown.push_str(&bare(rest, secret));
    shown
}

/// What stands between two texts: nothing to hide, unless a secret was sent as something else.
fn bare(text: &str, secret: bool) -> Cow<'_, str> {
    if secret && text.contains(|character: char| character.is_ascii_alphanumeric()) {
        let is_word = |character: char| !"{}[],: \t\r\n".contains(character);
        let words = text.split_inclusive(|character| !is_word(character));
        let cut = words.map(|word| match word.trim_end_matches(|character| !is_word(character)) {
            "" => word.to_owned(),
            secret => word.replacen(secret, &cut(secret), 1),
        });
        return cut.collect::<String>().into();
    }
    text.into()
}

/// Where the text literal at the start ends; the end of the text if it is cut.
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

/// `a=b&c=d`, as a request for a token is written. Only there `code` is a secret; that of a fault is none.
fn form(text: &str) -> String {
    let is_secret = |key: &str| {
        let key = key.trim().to_ascii_lowercase();
        SECRET.contains(&key.as_str()) || key == "code"
    };
    let pairs = text.split('&').map(|pair| match pair.split_once('=') {
        Some((key, value)) if is_secret(key) => format!("{key}={}", cut(value)).into(),
        _ => Cow::from(pair),
    });
    pairs.collect::<Vec<_>>().join("&")
}

/// The text with long runs cut.
fn runs(text: &str) -> String {
    let is_run =
        |character: char| character.is_ascii_alphanumeric() || "+/=_-.%\\".contains(character);
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(|character| !is_run(character)).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        if run.len() > LONG {
            shown.push_str(&cut(run))
        } else {
            shown.push_str(run)
        }
        let end = after.find(is_run).unwrap_or(after.len());
        shown.push_str(&after[..end]);
        rest = &after[end..];
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_secret_is_shown_whole() {
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
    fn a_header_is_cut_by_its_name_or_its_length() {
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
    fn what_is_no_secret_stays() {
        let link = format!("/customers/{}/deviceBatches/b/devices", "4".repeat(36));
        let body = format!(
            "{{\"code\":\"800001\",\"uri\":\"{link}\",\"a\":[1, null,\"\\\\\"],\"é\":\"ü\"}}"
        );
        assert_eq!(response(body.as_bytes()), body);
        let device = r#"[{"serialNumber":"S-1","id":"7c141ea9-2816-4e15-a819-53f6856499ff"}]"#;
        assert_eq!(request(device.as_bytes()), device);
    }
}
