//! Redaction: makes text from outside safe to print.
//!
//! Services echo what they receive, so a message, a header or a body may contain a hardware hash, a token or a
//! password. One limit covers all of them: a word of more than 48 characters is replaced by its first
//! characters and its length (`T0HzAQ…(4000 characters)`). An id has 36 characters, so ids stay readable. Values
//! that are always secret, such as `client_secret` or an `Authorization` header, are replaced at any length, and so is text about
//! people in JSON, such as `firstName` or `userPrincipalName`.

use std::borrow::Cow;

use crate::character_references::referenced;
use crate::printable;

/// The longest word that is printed in full.
const MAX_WORD: usize = 48;

/// The longest message in characters: the documented limit of an error description.
const MAX_MESSAGE: usize = 1_024;

/// The number of characters of a long secret that stay readable. They reveal nothing: all hardware hashes start alike.
const PREFIX: usize = 6;

/// JSON members and form fields whose values are always redacted, in lower case.
const SECRET_MEMBERS: [&str; 10] = [
    "access_token",
    "assertion",
    "client_assertion",
    "client_secret",
    "code_verifier",
    "device_code",
    "hardwarehash",
    "id_token",
    "password",
    "refresh_token",
];

/// JSON members with text about people, in lower case, and those of objects with such members, which may be text in a broken
/// response. The members of an address that many resources have, such as `state`, are not among them.
const PERSONAL_MEMBERS: [&str; 20] = [
    "address",
    "addressline1",
    "addressline2",
    "addressline3",
    "billingprofile",
    "city",
    "companyprofile",
    AUDIT_DETAILS,
    "defaultaddress",
    "district",
    "email",
    "emailaddress",
    "firstname",
    "lastname",
    "middlename",
    "phonenumber",
    "postalcode",
    "resourcenewvalue",
    "resourceoldvalue",
    "userprincipalname",
];

/// The member of an audit record whose elements have a `value` that may be about a person, in lower case.
const AUDIT_DETAILS: &str = "customizeddata";

/// Headers whose values are always redacted, except for the scheme (`Bearer`).
const SECRET_HEADERS: [&str; 6] =
    ["api-key", "authorization", "cookie", "proxy-authorization", "set-cookie", "x-api-key"];

/// Redacts every long word of a text and keeps everything else as it is.
///
/// ```
/// use partner_center_devices_raw::redact;
/// assert_eq!(redact::text("the device 5CD4180J1K"), "the device 5CD4180J1K");
/// assert_eq!(redact::text(&format!("invalid hash {}", "T0Hz".repeat(1000))), "invalid hash T0HzT0…(4000 characters)");
/// ```
#[must_use]
pub fn text(text: &str) -> Cow<'_, str> {
    // In HTML, the characters of a word may be references: `&#x2B;`.
    let has_references = text.contains("&#");
    let is_word = |c| is_word(c) || has_references && matches!(c, '&' | '#' | ';');
    if !text.split(|c| !is_word(c)).any(|word| word.len() > MAX_WORD) {
        return text.into();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let (word, after) = rest.split_at(rest.find(|c| !is_word(c)).unwrap_or(rest.len()));
        push_word(&mut out, word);
        let (gap, next) = after.split_at(after.find(is_word).unwrap_or(after.len()));
        out.push_str(gap);
        rest = next;
    }
    out.into()
}

/// Redacts a text for one line of a message: long words are redacted, hidden characters are replaced as by
/// [`line`](crate::printable::line), and the text ends after 1,024 characters.
#[must_use]
pub fn message(text: &str) -> String {
    truncate(printable::line(&self::text(text)).trim())
}

/// Replaces the string in a message of serde, such as `invalid type: string "…", expected a list`: it may be about a person.
#[must_use]
pub fn decode_problem(message: &str) -> Cow<'_, str> {
    const START: &str = "string \"";
    let (Some(start), Some(end)) = (message.find(START), message.rfind("\", expected")) else {
        return message.into();
    };
    let Some(value) = message.get(start + START.len()..end) else { return message.into() };
    let (before, after) = (&message[..start], &message[end + 1..]);
    format!("{before}a string of {} characters{after}", value.chars().count()).into()
}

/// Replaces known secrets in a text, however short they are, and also where the text has them escaped as in JSON, HTML or a
/// URL. Redact known secrets first: in a truncated text, the rest of a secret can no longer be recognized.
#[must_use]
pub fn known_secrets(text: &str, secrets: &[&str]) -> String {
    let secrets = secrets.iter().filter(|secret| secret.len() >= 4);
    secrets.fold(text.to_owned(), |text, secret| match text.contains(['\\', '%', '&']) {
        true => without_escaped(&text, secret),
        false => text.replace(secret, "…"),
    })
}

/// Replaces a secret, each of whose characters may be escaped.
fn without_escaped(text: &str, secret: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        match escaped_length(rest, secret) {
            Some(length) => {
                out.push('…');
                rest = &rest[length..];
            }
            None => {
                out.push(first);
                rest = &rest[first.len_utf8()..];
            }
        }
    }
    out
}

/// Returns the length of a secret at the start of a text.
fn escaped_length(text: &str, secret: &str) -> Option<usize> {
    let mut rest = text;
    for expected in secret.chars() {
        rest = match rest.strip_prefix(expected) {
            Some(after) => after,
            None => {
                let (found, length) = escaped_char(rest)?;
                (found == expected).then(|| &rest[length..])?
            }
        };
    }
    Some(text.len() - rest.len())
}

/// Reads an escaped character: `\/`, `\u002b`, `%2B`, `&amp;` or `&#43;`. Also returns its length.
fn escaped_char(text: &str) -> Option<(char, usize)> {
    let hex = |digits: Option<&str>| char::from_u32(u32::from_str_radix(digits?, 16).ok()?);
    let escaped = text.get(1..)?;
    match text.as_bytes().first()? {
        b'\\' if escaped.starts_with('u') => Some((hex(text.get(2..6))?, 6)),
        b'\\' => escaped.chars().next().map(|found| (found, 1 + found.len_utf8())),
        b'%' => Some((hex(text.get(1..3))?, 3)),
        b'&' => {
            let end = escaped.bytes().take(12).position(|byte| byte == b';')?;
            Some((referenced(&escaped[..end])?, end + 2))
        }
        _ => None,
    }
}

/// Replaces known secrets in a body, which may end within a character or within a secret.
#[must_use]
pub fn known_secrets_in_body<'a>(body: &'a [u8], secrets: &[&str]) -> Cow<'a, [u8]> {
    let text = String::from_utf8_lossy(body);
    let cut_off = |secret: &&str| {
        let mut lengths = (4..secret.len()).rev().filter(|length| secret.is_char_boundary(*length));
        lengths.find(|length| text.ends_with(&secret[..*length]))
    };
    let cut = secrets.iter().filter_map(cut_off).max().unwrap_or(0);
    let mut safe = known_secrets(&text[..text.len() - cut], secrets);
    if cut == 0 && safe == text {
        return body.into();
    }
    if cut > 0 {
        safe.push('…');
    }
    safe.into_bytes().into()
}

/// Redacts a body. It may end within a character. A body that is not UTF-8 is replaced by its length.
#[must_use]
pub fn body(bytes: &[u8]) -> String {
    let is_text = match std::str::from_utf8(bytes) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none(),
    };
    if is_text && !bytes.contains(&0) {
        body_text(&String::from_utf8_lossy(bytes))
    } else {
        format!("…({} bytes)", bytes.len())
    }
}

/// Redacts a body that is text: JSON, a form, or anything else. Works on broken JSON too. Everything that is neither secret nor
/// about people stays as it is, character for character, including continuation tokens of any length.
#[must_use]
pub fn body_text(text: &str) -> String {
    redacted_body(text, true)
}

/// Like [`body_text`], but keeps text about people. For output that a user asked for, not for logs and errors.
#[must_use]
pub fn body_text_with_people(text: &str) -> String {
    redacted_body(text, false)
}

fn redacted_body(text: &str, redacts_people: bool) -> String {
    let start = text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
    if start.starts_with(['{', '[']) {
        json(text, redacts_people)
    } else {
        let form: Vec<_> = text.split('&').map(form_field).collect();
        self::text(&form.join("&")).into_owned()
    }
}

/// Redacts the value of a header. `name` is in lower case.
#[must_use]
pub fn header(name: &str, value: &[u8]) -> String {
    let value = String::from_utf8_lossy(value);
    if !SECRET_HEADERS.contains(&name) {
        return text(&value).into_owned();
    }
    match value.split_once(' ') {
        Some((scheme, secret)) => format!("{scheme} {}", shorten(secret)),
        None => shorten(&value),
    }
}

/// Replaces a secret by its length. A long secret also keeps its first characters.
fn shorten(secret: &str) -> String {
    let length = secret.chars().count();
    let readable = if length > MAX_WORD { PREFIX } else { 0 };
    let prefix: String = secret.chars().take(readable).collect();
    format!("{prefix}…({length} characters)")
}

/// Returns true for the characters of ids, hashes and tokens, including those of escapes (`%2B`, `\/`).
fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=' | '_' | '-' | '.' | '%' | '\\' | '~')
}

fn push_word(out: &mut String, word: &str) {
    let sentence_end = word.trim_end_matches('.').len();
    let (word, period) = word.split_at(sentence_end);
    if is_path(word.trim_end_matches('-')) || is_windows_path(word) {
        for part in word.split_inclusive(['/', '\\']) {
            let end = part.trim_end_matches(['/', '\\']).len();
            push_short(out, &part[..end]);
            out.push_str(&part[end..]);
        }
    } else {
        push_short(out, word);
    }
    out.push_str(period);
}

fn push_short(out: &mut String, word: &str) {
    if word.len() > MAX_WORD {
        out.push_str(&shorten(word));
    } else {
        out.push_str(word);
    }
}

/// Returns true if a word is a path or an address, in which each segment is checked separately. A base64 hash has no `-`, `.`
/// or `_`; a percent-encoded hash does not start with a slash.
fn is_path(word: &str) -> bool {
    word.contains(['-', '.', '_'])
        && !word.contains(['+', '=', '\\'])
        && (word.starts_with('/') || !word.contains('%'))
}

/// Returns true if a word is a path of Windows, in which each segment is checked separately. A hash or a token has a backslash
/// only in escapes: `\/` and `\u002b`, which no path has, and `\n` between its lines. It is not split at its slashes.
fn is_windows_path(word: &str) -> bool {
    let is_escape = |after: &str| {
        let digits = after.strip_prefix('u').and_then(|digits| digits.get(..4));
        after.starts_with('/')
            || digits.is_some_and(|digits| digits.bytes().all(|it| it.is_ascii_hexdigit()))
    };
    let has_escape = word.match_indices('\\').any(|(at, _)| is_escape(&word[at + 1..]));
    let is_short = || {
        let mut segments = word.split('\\');
        word.contains(['-', '.', '_']) && segments.all(|segment| segment.len() <= MAX_WORD)
    };
    // `C:` before the first backslash is not part of the word.
    word.contains('\\')
        && !word.contains(['+', '/', '=', '%'])
        && !has_escape
        && (word.starts_with('\\') || is_short())
}

/// Cuts a text at the limit. A word at the limit is removed as a whole, because it may be half a secret.
fn truncate(text: &str) -> String {
    let Some((end, next)) = text.char_indices().nth(MAX_MESSAGE) else { return text.to_owned() };
    let in_segment = |c: char| is_word(c) && c != '/';
    let kept = if is_word(next) { text[..end].trim_end_matches(in_segment) } else { &text[..end] };
    format!("{kept}…")
}

/// Redacts one `name=value` field of a form. `code` is an authorization code here; in JSON it is an error code.
fn form_field(field: &str) -> Cow<'_, str> {
    let is_secret = |name: &str| {
        let name = name.trim().to_ascii_lowercase();
        name == "code" || SECRET_MEMBERS.contains(&name.as_str())
    };
    match field.split_once('=') {
        Some((name, value)) if is_secret(name) => format!("{name}={}", shorten(value)).into(),
        _ => field.into(),
    }
}

/// How the values of a JSON member are redacted.
#[derive(Clone, Copy, PartialEq)]
enum Value {
    /// Long words are redacted.
    Text,
    /// The whole value is redacted.
    Secret,
    /// Nothing is redacted: the caller needs the exact value to read the next page.
    Continuation,
}

const CONTINUATION: [&str; 2] = ["continuationtoken", "ms-continuationtoken"];

/// Redacts JSON without parsing it, so that broken JSON is redacted too: everything up to the next key counts as the
/// value of the last one.
fn json(text: &str, redacts_people: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut rest, mut kind) = (text, Value::Text);
    let mut names_continuation = false; // after `"key": "MS-ContinuationToken"`, as links write it
    let mut in_audit_details = false; // within `"customizedData": [{"key": …, "value": …}]`
    let mut key = String::new();
    while let Some(start) = rest.find('"') {
        let (between, literal) = rest.split_at(start);
        push_between(&mut out, between, kind);
        let (literal, after) = literal.split_at(literal_end(literal));
        if after.trim_start().starts_with(':') {
            key = serde_json::from_str::<String>(literal).unwrap_or_default();
            key = key.trim().to_ascii_lowercase();
            in_audit_details =
                key == AUDIT_DETAILS || in_audit_details && matches!(key.as_str(), "key" | "value");
            kind = match key.as_str() {
                name if SECRET_MEMBERS.contains(&name) => Value::Secret,
                name if redacts_people && PERSONAL_MEMBERS.contains(&name) => Value::Secret,
                "value" if redacts_people && in_audit_details => Value::Secret,
                "value" if names_continuation => Value::Continuation,
                name if CONTINUATION.contains(&name) => Value::Continuation,
                _ => Value::Text,
            };
            names_continuation = false;
            out.push_str(&self::text(literal));
        } else {
            names_continuation = key == "key" && {
                let name = literal.trim_matches('"').trim().to_ascii_lowercase();
                CONTINUATION.contains(&name.as_str())
            };
            push_literal(&mut out, literal, kind);
        }
        rest = after;
    }
    push_between(&mut out, rest, kind);
    out
}

fn push_literal(out: &mut String, literal: &str, kind: Value) {
    let Ok(value) = serde_json::from_str::<String>(literal) else {
        // The text ends within the string, or an escape is invalid.
        match kind {
            Value::Secret => {
                out.push('"');
                out.push_str(&shorten(literal.trim_matches('"')));
                out.push('"');
            }
            Value::Text | Value::Continuation => out.push_str(&text(literal)),
        }
        return;
    };
    let redacted = match kind {
        Value::Secret if !value.is_empty() => Cow::Owned(shorten(&value)),
        Value::Text => text(&value),
        Value::Secret | Value::Continuation => Cow::Borrowed(value.as_str()),
    };
    match serde_json::to_string(&redacted) {
        Ok(written) if redacted != value => out.push_str(&written),
        _ => out.push_str(literal),
    }
}

/// Adds the text between two string literals: punctuation, numbers, or words that should have been quoted.
fn push_between(out: &mut String, between: &str, kind: Value) {
    if kind != Value::Secret {
        out.push_str(&text(between));
        return;
    }
    let is_bare = |c: char| !"{}[],: \t\r\n".contains(c);
    let mut rest = between;
    while !rest.is_empty() {
        let (word, after) = rest.split_at(rest.find(|c| !is_bare(c)).unwrap_or(rest.len()));
        match word {
            "" | "null" => out.push_str(word),
            secret => out.push_str(&shorten(secret)),
        }
        let (gap, next) = after.split_at(after.find(is_bare).unwrap_or(after.len()));
        out.push_str(gap);
        rest = next;
    }
}

/// Returns the end of the string literal that the text starts with, or the end of the text if it is not closed.
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

#[cfg(test)]
mod tests {
    use super::*;

    fn hash() -> String {
        "T0HzAQEA+AAAAAo/AbC1".repeat(200)
    }

    #[test]
    fn messages_about_decoding_do_not_quote_strings() {
        let error = serde_json::from_str::<Vec<u8>>(r#""Zo\", expected \u00eb""#).unwrap_err();
        let shown = decode_problem(&error.to_string()).into_owned();
        let expected =
            "invalid type: a string of 16 characters, expected a sequence at line 1 column";
        assert!(shown.starts_with(expected), "{shown}");
        for other in
            ["invalid type: integer `3`, expected a string", "string \"", "", "\", expected"]
        {
            assert_eq!(decode_problem(other), other);
        }
    }

    #[test]
    fn text_about_people_is_replaced() {
        let json = r#"{"items":[{"customerName":"Contoso","userPrincipalName":"zoe@contoso.example",
            "resourceNewValue":"{\"FirstName\":\"Zoe\"}","resourceOldValue":null,
            "customizedData":[{"key":"User","value":"zoe"},{"value":"zoe","key":"User"},{"key":"None","value":null}],
            "attributes":{"objectType":"AuditRecord"}}],"policies":[{"key":"o_o_b_e","value":"p"}],
            "companyProfile":{"companyName":"Contoso","address":{"country":"CH","city":"zoe","state":"BE","postalCode":3000},
            "Email":"zoe@contoso.example"}}"#;
        let shown = body_text(json);
        assert!(!shown.to_lowercase().contains("zoe") && !shown.contains("3000"), "{shown}");
        for kept in [
            r#""customerName":"Contoso""#,
            r#""userPrincipalName":"…(19 characters)""#,
            r#""resourceOldValue":null"#,
            r#"{"key":"User","value":"…(3 characters)"}"#,
            r#"{"key":"None","value":null}"#,
            r#"{"key":"o_o_b_e","value":"p"}"#,
            r#""country":"CH""#,
            r#""state":"BE""#,
        ] {
            assert!(shown.contains(kept), "{kept} is missing in {shown}");
        }
        assert_eq!(body_text_with_people(json), json);
        for end in 0..json.len() {
            let cut = body_text(&json[..end]).to_lowercase();
            assert!(!cut.contains("zoe@") && !cut.contains(r#"firstname\":\"z"#), "{cut}");
        }
    }

    #[test]
    fn quotes_and_punctuation_around_a_hash_stay() {
        let text = format!("bad hash '{}'.", "T0HzAQEA".repeat(500));
        assert_eq!(message(&text), "bad hash 'T0HzAQ…(4000 characters)'.");
    }

    #[test]
    fn redacts_tokens_of_every_length_in_every_place() {
        for alphabet in ["a1B2c3D4e5", "aB-_9", "q+/Z8", "Zm9v"] {
            for length in [49, 65, 200, 500, 501, 4_000] {
                let token: String = alphabet.chars().cycle().take(length).collect();
                for (place, redacted) in [
                    (token.clone(), message(&token)),
                    (format!("refused: '{token}'."), message(&format!("refused: '{token}'."))),
                    (token.clone(), body_text(&token)),
                    (String::new(), body_text(&format!(r#"{{"token":"{token}","n":1}}"#))),
                    (String::new(), body_text(&format!(r#"{{"{token}":1}}"#))),
                    (String::new(), body_text(&format!(r#"{{"n":{token}}}"#))),
                    (String::new(), body_text(&format!(r#"["{token}"#))),
                    (String::new(), body_text(&format!("<p>{token}</p>"))),
                    (String::new(), header("x-mine", token.as_bytes())),
                ] {
                    assert!(redacted.contains(&format!("…({length} char")), "{place}: {redacted}");
                    assert!(!redacted.contains(&token[..12]), "{place}: {redacted}");
                }
            }
        }
    }

    #[test]
    fn redacts_jwts() {
        let jwt = format!("eyJ0eXAi.{}.{}", "aB-_".repeat(100), "c".repeat(80));
        for redacted in [message(&jwt), body_text(&format!(r#"{{"x":"{jwt}"}}"#))] {
            assert!(redacted.contains("eyJ0eX…(490 characters)"), "{redacted}");
            assert!(!redacted.contains("aB-_aB-_"), "{redacted}");
        }
    }

    #[test]
    fn redacts_a_hash_in_every_encoding() {
        let hash = hash();
        let lines: Vec<&str> =
            hash.as_bytes().chunks(76).map(|line| str::from_utf8(line).unwrap()).collect();
        let wrapped = message(&format!("invalid hash {}", lines.join("\n")));
        assert!(!wrapped.contains("AAAAAo"), "{wrapped}");
        for echoed in [
            hash.replace('+', "%2B").replace('/', "%2F"),
            hash.replace('/', "\\/"),
            hash.replace('/', "\\/").replace('+', "\\u002B"),
            hash.replace('/', "&#x2F;").replace('+', "&#43;"),
            hash[..100].to_owned(),
            format!("{hash}."),
        ] {
            for redacted in [
                message(&format!("invalid hash {echoed}")),
                body_text(&format!(r#"{{"description":"invalid hash {echoed}"}}"#)),
            ] {
                assert!(!redacted.contains("AAAAAo"), "{redacted}");
            }
        }
        for escaped in [
            lines.join("\\n"),
            lines.join("\\r\\n"),
            hash.replace('/', "\\\\/"),
            format!("C:\\lists\\{hash}"),
        ] {
            let redacted = message(&format!("invalid hash {escaped}"));
            assert!(!redacted.contains("AAAAAo"), "{redacted}");
        }
        // A hash without a plus, with short parts between its slashes.
        let short_parts = "T0H/zAQEAAo/AbC1x".repeat(200);
        for place in ["\\n", "devices.csv\\n", "C:\\lists\\", "C:\\lists\\n", "lists\\a-b\\"] {
            for redacted in [
                message(&format!("invalid hash:{place}{short_parts}")),
                text(&format!("invalid hash:{place}{short_parts}")).into_owned(),
                header("x-mine", format!("{place}{short_parts}").as_bytes()),
            ] {
                assert!(!redacted.contains("zAQEAAo"), "{redacted}");
            }
        }
        let key = "KEY-----\\nMC4CAQAwBQYDK2VwBCIEIJ8vhXkT0FDz2zKfHNcWxiUkO7sJtKq4wV1pLmZgYbRd\\n-----END";
        assert!(!message(key).contains("VwBCIEIJ"), "{}", message(key));
        let named =
            message(&format!("devices[0].hardwareHash={}", "T0H/zAQEAAo/AbC1x".repeat(200)));
        assert!(!named.contains("zAQEAAo"), "{named}");
    }

    #[test]
    fn keeps_words_ids_and_links() {
        let id = "47021739-3426-40bf-9601-61b4b6d7c793";
        for plain in [
            format!("The partner id {id} has no relationship — é"),
            format!("/customers/{id}/batchJobStatus/{id}"),
            format!("https://api.partnercenter.microsoft.com/v1/customers/{id}/policies/{id}"),
            format!("/customers/{id}/deviceBatches/Test%20batch/devices"),
            "application/json; charset=utf-8".to_owned(),
            r"cannot lock C:\Users\Administrator\AppData\Local\pcdevices\sign-ins\default.lock"
                .to_owned(),
            r"\\fileserver.contoso.example\departments\purchasing\2026\lists\devices.csv"
                .to_owned(),
            r"purchasing\contoso-gmbh\2026-11-27\delivery-note\devices.csv".to_owned(),
        ] {
            assert_eq!(text(&plain), plain);
            assert_eq!(message(&plain), plain);
            assert_eq!(header("location", plain.as_bytes()), plain);
            if plain.contains('\\') {
                continue; // escaped in JSON
            }
            let body =
                format!("{{ \"b\" : 1.50,\n\"a\":[null,\"\\u00fc \\\\\"],\"uri\":\"{plain}\"}}");
            assert_eq!(body_text(&body), body);
        }
        for body in ["", "[1,\n 2]\n", "not JSON, \"not even\" in \"parts", r#"{"code":"800001"}"#]
        {
            assert_eq!(body_text(body), body);
        }
    }

    #[test]
    fn keeps_continuation_tokens() {
        let token = "AQAAAAEAAAAz".repeat(20);
        for body in [
            format!(r#"{{"items":[],"continuationToken":"{token}"}}"#),
            format!(
                r#"{{"links":{{"next":{{"headers":[{{"key":"MS-ContinuationToken","value":"{token}"}}]}}}}}}"#
            ),
        ] {
            assert_eq!(body_text(&body), body);
        }
        let other = body_text(&format!(r#"{{"key":"Authorization","value":"{token}"}}"#));
        assert!(other.contains("AQAAAA…(240 characters)"), "{other}");
    }

    #[test]
    fn redacts_secret_members_at_any_length() {
        for (body, redacted) in [
            (
                r#"{"hardwareHash":"T0HSECRET","n":1}"#,
                r#"{"hardwareHash":"…(9 characters)","n":1}"#,
            ),
            (r#"{"HARDWAREhash" : "T0HSECRET"}"#, r#"{"HARDWAREhash" : "…(9 characters)"}"#),
            (
                r#"{" hardware\u0048ash":"T0HSECRET"}"#,
                r#"{" hardware\u0048ash":"…(9 characters)"}"#,
            ),
            (
                r#"{"hardwareHash":"a\"SECRET","b":"c"}"#,
                r#"{"hardwareHash":"…(8 characters)","b":"c"}"#,
            ),
            (
                r#"{"password":["SECRET","x"],"b":"c"}"#,
                r#"{"password":["…(6 characters)","…(1 characters)"],"b":"c"}"#,
            ),
            (r#"{"hardwareHash":T0HSECRET}"#, r#"{"hardwareHash":…(9 characters)}"#),
            (r#"[{"hardwareHash":"T0HSEC"#, r#"[{"hardwareHash":"…(6 characters)""#),
            (r#"{"access_token":"T0HSECRET"}"#, r#"{"access_token":"…(9 characters)"}"#),
            (
                r#"{"hardwareHash":null,"c":{"hardwareHash":""}}"#,
                r#"{"hardwareHash":null,"c":{"hardwareHash":""}}"#,
            ),
            (
                "a=b&client_secret=T0HSECRET&code=x",
                "a=b&client_secret=…(9 characters)&code=…(1 characters)",
            ),
        ] {
            assert_eq!(body_text(body), redacted);
            assert_eq!(super::body(body.as_bytes()), redacted);
        }
    }

    #[test]
    fn replaces_a_binary_body_by_its_length() {
        assert_eq!(body(b"\xFF\xFEx\0"), "…(4 bytes)");
        assert_eq!(body(b"a\0b"), "…(3 bytes)");
        assert_eq!(body("é".as_bytes().split_last().unwrap().1), "\u{fffd}");
    }

    #[test]
    fn redacts_headers_by_name_or_length() {
        for (name, value, redacted) in [
            ("authorization", "Bearer T0HSECRETT0HSECRET", "Bearer …(18 characters)"),
            ("authorization", "T0HSECRET", "…(9 characters)"),
            ("cookie", "a=T0HSECRET", "…(11 characters)"),
            (
                "ms-requestid",
                "7c141ea9-2816-4e15-a819-53f6856499ff",
                "7c141ea9-2816-4e15-a819-53f6856499ff",
            ),
        ] {
            assert_eq!(header(name, value.as_bytes()), redacted);
        }
    }

    #[test]
    fn replaces_known_secrets_of_any_length() {
        assert_eq!(
            known_secrets("token abc123 refused: abc123", &["abc123", "x"]),
            "token … refused: …"
        );
    }

    #[test]
    fn replaces_known_secrets_that_are_escaped() {
        let secret = "p/lan+ted=é\"";
        for echo in [
            "p/lan+ted=é\"",
            r#"p\/lan\u002bted=\u00E9\""#,
            r#"p&#x2F;lan&#43;ted=é&quot;"#,
            "p%2Flan%2bted%3Dé%22",
        ] {
            let text = format!(r"100 % \ & {echo} \");
            assert_eq!(known_secrets(&text, &[secret]), r"100 % \ & … \", "{echo}");
        }
        for other in [r"p\/lan\u002bted", "%", "&;", r"\u00", "é%"] {
            assert_eq!(known_secrets(other, &[secret]), other);
        }
    }

    #[test]
    fn replaces_known_secrets_in_a_body_that_breaks_off() {
        for (body, expected) in [
            (&b"a body"[..], "a body"),
            (b"token abc123 refused", "token … refused"),
            (b"token abc123", "token …"),
            (b"token abc12", "token …"),
            (b"token abc", "token abc"),
            (b"token abc123 refused \xc3", "token … refused \u{fffd}"),
            (b"\xff", "\u{fffd}"),
        ] {
            let safe = known_secrets_in_body(body, &["abc123", "x", ""]);
            assert_eq!(String::from_utf8_lossy(&safe), expected);
        }
    }

    #[test]
    fn truncates_a_message_between_words() {
        assert_eq!(message(" two\r\nlines\u{0} "), "two  lines\u{FFFD}");
        assert_eq!(message(&"word ".repeat(1000)).chars().count(), MAX_MESSAGE + 1);
        let text = format!("{}secret-token", "word ".repeat(204));
        assert!(text[..MAX_MESSAGE].ends_with(" secr"));
        assert_eq!(message(&text), format!("{}…", "word ".repeat(204)));
        let wide = format!("{}secret-token", "é".repeat(MAX_MESSAGE - 4));
        assert_eq!(message(&wide), format!("{}…", "é".repeat(MAX_MESSAGE - 4)));
        let path = message(&"/part-1".repeat(300));
        assert!(path.len() > 1_000 && path.ends_with("/part-1/…"), "{path}");
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics_and_no_long_word_survives(text in ".{0,300}", token in "[A-Za-z0-9]{49,600}") {
            let body = format!("{text}{token}");
            for redacted in [message(&body), body_text(&body), super::body(body.as_bytes())] {
                proptest::prop_assert!(!redacted.contains(&token), "{redacted}");
            }
        }
    }
}
