//! The position of the next page of a list, and its text form. The documents show two forms: `continuationToken` in the
//! body, to be sent back as `MS-ContinuationToken` (100 devices a page,
//! <https://learn.microsoft.com/en-us/partner-center/developer/get-a-list-of-devices-for-the-specified-batch-and-customer>),
//! and `links.next`, which has the token in its headers and `seekOperation` in its query
//! (<https://learn.microsoft.com/en-us/partner-center/developer/get-invoice-billed-consumption-lineitems>).

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use http::HeaderValue;
use partner_center_devices_raw::types as wire;
use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

use crate::calls::service_headers::CONTINUATION;

/// The position of a page in a list: the token of the service, and in one of the two forms a `seekOperation`.
///
/// The content is opaque. `Display` and `parse` convert it to text and back, to store it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Continuation {
    pub(crate) token: String,
    pub(crate) seek: Option<String>,
}

/// The characters that would end the token, or the line it is stored in. Documented tokens are base64 without them.
const SEPARATORS: &AsciiSet = &CONTROLS.add(b' ').add(b'%');

impl fmt::Display for Continuation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let encode = |text| utf8_percent_encode(text, SEPARATORS);
        match &self.seek {
            Some(seek) => write!(f, "{} {}", encode(&self.token), encode(seek)),
            None => encode(&self.token).fmt(f),
        }
    }
}

impl FromStr for Continuation {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let decode = |encoded: &str| match percent_decode_str(encoded).decode_utf8() {
            Ok(text) => text.into_owned(),
            Err(_) => encoded.to_owned(),
        };
        Ok(match text.split_once(' ') {
            Some((token, seek)) => Self { token: decode(token), seek: Some(decode(seek)) },
            None => Self { token: decode(text), seek: None },
        })
    }
}

/// Returns the position of the next page, or `None` after the last page. The address of a link is only read, never
/// followed.
pub(crate) fn next<W>(list: &wire::Collection<W>) -> Result<Option<Continuation>, &'static str> {
    let filled = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    if let Some(token) = filled(&list.continuation_token) {
        return Ok(Some(Continuation { token: sendable(token)?, seek: None }));
    }
    let Some(link) = list.links.as_ref().and_then(|links| links.next.as_ref()) else {
        return Ok(None);
    };
    if link.uri.is_none() && link.headers.is_none() {
        return Ok(None);
    }
    let mut headers = link.headers.iter().flatten();
    let header = headers.find(|header| {
        let key = header.key.as_deref();
        key.is_some_and(|key| key.trim().eq_ignore_ascii_case(CONTINUATION.as_str()))
    });
    let Some(token) = header.and_then(|header| filled(&header.value)) else {
        // Stopping here would silently drop all further items.
        return Err("the link to the next page has no continuation token");
    };
    let query =
        link.uri.as_deref().and_then(|uri| uri.split_once('?')).map_or("", |(_, query)| query);
    let seek = url::form_urlencoded::parse(query.as_bytes())
        .find(|(key, _)| key.eq_ignore_ascii_case("seekOperation"))
        .map(|(_, value)| value.into_owned());
    Ok(Some(Continuation { token: sendable(token)?, seek }))
}

/// Checks that a token can be sent back. The service chose it, so a token that no header can have is its fault.
fn sendable(token: String) -> Result<String, &'static str> {
    match HeaderValue::try_from(&token) {
        Ok(_) => Ok(token),
        Err(_) => {
            Err("the continuation token contains a character that is not allowed in a header")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next_of(json: &str) -> Result<Option<String>, &'static str> {
        let list = serde_json::from_str::<wire::Collection<wire::Device>>(json).unwrap();
        next(&list).map(|next| next.map(|next| next.to_string()))
    }

    #[test]
    fn finds_the_next_page_in_both_forms() {
        let some = |text: &str| Ok(Some(text.to_owned()));
        for (json, next) in [
            (r#"{"items":[]}"#, Ok(None)),
            (r#"{"items":[],"continuationToken":null}"#, Ok(None)),
            (r#"{"items":[],"continuationToken":""}"#, Ok(None)),
            (r#"{"items":[],"continuationToken":"AQAAAA=="}"#, some("AQAAAA==")),
            (
                r#"{"items":[],"links":{"next":{"uri":"/customers/c/x?size=100&seekOperation=Next","method":"GET",
                    "headers":[{"key":"MS-ContinuationToken","value":"AQ=="}]}}}"#,
                some("AQ== Next"),
            ),
            (
                r#"{"items":[],"links":{"next":{"uri":"https://elsewhere.example/","headers":[
                    {"key":"x","value":"1"},{"key":"ms-continuationtoken","value":"B"}]}}}"#,
                some("B"),
            ),
            (r#"{"items":[],"links":{"next":{}}}"#, Ok(None)),
            (r#"{"items":[],"links":{"self":{"uri":"/x"}}}"#, Ok(None)),
            (
                r#"{"items":[],"links":{"next":{"uri":"/x?seekOperation=Next","headers":[]}}}"#,
                Err("the link to the next page has no continuation token"),
            ),
            (
                r#"{"items":[],"links":{"next":{"uri":"/x","headers":[
                    {"key":"MS-ContinuationToken","value":"AQ==\r\nHost: x"}]}}}"#,
                Err("the continuation token contains a character that is not allowed in a header"),
            ),
            (
                r#"{"items":[],"continuationToken":"A\u0000"}"#,
                Err("the continuation token contains a character that is not allowed in a header"),
            ),
        ] {
            assert_eq!(next_of(json), next, "{json}");
        }
    }

    #[test]
    fn converts_to_text_and_back() {
        for text in ["AQAAAA==", "AQ== Next"] {
            assert_eq!(text.parse::<Continuation>().unwrap().to_string(), text);
        }
        for (token, seek) in [("a b", None), ("a", Some(" ")), ("%20", None), ("é\n", Some(""))] {
            let position =
                Continuation { token: token.to_owned(), seek: seek.map(ToOwned::to_owned) };
            assert_eq!(position.to_string().parse(), Ok(position.clone()), "{position:?}");
            assert!(!position.to_string().contains('\n'));
        }
    }
}
