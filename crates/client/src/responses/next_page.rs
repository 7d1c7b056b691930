//! The request for the next page of a list, and its text form. The documents and clients show three forms:
//!
//! - `links.next`, whose address has the query and whose headers have the token
//!   (<https://learn.microsoft.com/en-us/partner-center/developer/get-invoice-billed-consumption-lineitems>). The archived .NET SDK
//!   follows it for every list, so it is preferred;
//! - `continuationToken` in the body, to be sent back as `MS-ContinuationToken` with the query of the first page (100 devices a
//!   page, <https://learn.microsoft.com/en-us/partner-center/developer/get-a-list-of-devices-for-the-specified-batch-and-customer>);
//! - for customers, the same token with only the query `seekOperation=Next`
//!   (<https://github.com/microsoft/partner-center-sdk-for-dotNET>).

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use http::{HeaderName, HeaderValue};
use partner_center_devices_raw::types as wire;
use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

use crate::calls::options::is_reserved;
use crate::calls::service_headers::CONTINUATION;

/// The position of a page in a list: the token of the service, and the query and further headers of the request.
///
/// The content is opaque. `Display` and `parse` convert it to text and back, to store it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Continuation {
    /// The token; empty if only the query leads to the page.
    pub(crate) token: String,
    /// The query of the request; `None` for the query of the first page.
    pub(crate) query: Option<String>,
    /// Further headers of the request.
    pub(crate) headers: Vec<(String, String)>,
}

/// The query of a request whose position is only a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenQuery {
    /// The query of the first page.
    Same,
    /// Only `seekOperation=Next`.
    Seek,
}

/// The characters that would end a part of the text, or the line it is stored in. Documented tokens are base64 without them.
const SEPARATORS: &AsciiSet = &CONTROLS.add(b' ').add(b'%');

impl fmt::Display for Continuation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let encode = |text| utf8_percent_encode(text, SEPARATORS);
        encode(&self.token).fmt(f)?;
        if self.query.is_some() || !self.headers.is_empty() {
            write!(f, " ?{}", encode(self.query.as_deref().unwrap_or_default()))?;
        }
        for (name, value) in &self.headers {
            write!(f, " {}:{}", encode(name), encode(value))?;
        }
        Ok(())
    }
}

impl FromStr for Continuation {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let decode = |encoded: &str| match percent_decode_str(encoded).decode_utf8() {
            Ok(text) => text.into_owned(),
            Err(_) => encoded.to_owned(),
        };
        let mut parts = text.split(' ');
        let token = decode(parts.next().unwrap_or_default());
        let query = match parts.next().unwrap_or_default() {
            "" | "?" => None,
            part => Some(match part.strip_prefix('?') {
                Some(query) => decode(query),
                // Older texts have the value of `seekOperation` here.
                None => format!("seekOperation={}", decode(part)),
            }),
        };
        let header = |part: &str| {
            let (name, value) = part.split_once(':')?;
            Some((decode(name), decode(value)))
        };
        Ok(Self { token, query, headers: parts.filter_map(header).collect() })
    }
}

/// Returns the position of the next page, or `None` after the last page. Only the query and the headers of a link are used:
/// the request goes to the path of the list, so no address in a response can send a token elsewhere.
pub(crate) fn next<W>(
    list: &wire::Collection<W>,
    of_token: TokenQuery,
) -> Result<Option<Continuation>, &'static str> {
    let filled = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    let token = filled(&list.continuation_token);
    let link = list.links.as_ref().and_then(|links| links.next.as_ref());
    let Some(link) = link.filter(|link| link.uri.is_some() || link.headers.is_some()) else {
        let Some(token) = token else { return Ok(None) };
        let query = match of_token {
            TokenQuery::Same => None,
            TokenQuery::Seek => Some("seekOperation=Next".to_owned()),
        };
        return Ok(Some(Continuation { token: sendable(token)?, query, headers: Vec::new() }));
    };
    let mut token_of_link = None;
    let mut headers = Vec::new();
    for header in link.headers.iter().flatten() {
        let (Some(name), Some(value)) = (&header.key, filled(&header.value)) else { continue };
        let name = name.trim();
        if name.eq_ignore_ascii_case(CONTINUATION.as_str()) {
            token_of_link.get_or_insert(value);
        } else if !is_reserved_name(name) {
            headers.push((name.to_owned(), sendable(value)?));
        }
    }
    let query = link.uri.as_deref().and_then(query_of);
    let token = token_of_link.or(token).unwrap_or_default();
    if token.is_empty() && !query.as_deref().is_some_and(has_position) {
        // Stopping here would silently drop all further items.
        return Err("the link to the next page has no continuation token");
    }
    Ok(Some(Continuation { token: sendable(token)?, query, headers }))
}

/// Returns the query of an address: relative or absolute, with or without `/v1`.
fn query_of(uri: &str) -> Option<String> {
    let (_, query) = uri.split_once('?')?;
    let query = query.split('#').next().unwrap_or_default();
    (!query.is_empty()).then(|| query.to_owned())
}

/// Returns true if a query leads to a page without a header. REF mentions `?seek=`
/// (<https://learn.microsoft.com/en-us/rest/api/partner-center/manage-customer-accounts/get-customers>).
fn has_position(query: &str) -> bool {
    url::form_urlencoded::parse(query.as_bytes())
        .any(|(key, value)| key.eq_ignore_ascii_case("seek") && !value.is_empty())
}

/// Returns true for a header that a link must not set: the client sets it, or no request can have it.
fn is_reserved_name(name: &str) -> bool {
    HeaderName::try_from(name).map_or(true, |name| is_reserved(&name))
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

    fn next_of(json: &str, of_token: TokenQuery) -> Result<Option<String>, &'static str> {
        let list = serde_json::from_str::<wire::Collection<wire::Device>>(json).unwrap();
        next(&list, of_token).map(|next| next.map(|next| next.to_string()))
    }

    #[test]
    fn finds_the_next_page_in_every_form() {
        let some = |text: &str| Ok(Some(text.to_owned()));
        let no_header =
            || Err("the continuation token contains a character that is not allowed in a header");
        for (json, next) in [
            (r#"{"items":[]}"#, Ok(None)),
            (r#"{"items":[],"continuationToken":null}"#, Ok(None)),
            (r#"{"items":[],"continuationToken":""}"#, Ok(None)),
            (r#"{"items":[],"continuationToken":"AQAAAA=="}"#, some("AQAAAA==")),
            (
                r#"{"items":[],"links":{"next":{"uri":"/customers/c/x?size=100&seekOperation=Next","method":"GET",
                    "headers":[{"key":"MS-ContinuationToken","value":"AQ=="}]}}}"#,
                some("AQ== ?size=100&seekOperation=Next"),
            ),
            // The link of the service, as an issue shows it.
            (
                r#"{"items":[],"links":{"next":{"uri":"/v1/customers?size=500&seekOperation=Next","method":"GET",
                    "headers":[{"key":"MS-ContinuationToken","value":"AQ=="}]}}}"#,
                some("AQ== ?size=500&seekOperation=Next"),
            ),
            // A link is preferred, but may leave the token to the body.
            (
                r#"{"items":[],"continuationToken":"B","links":{"next":{"uri":"/x?size=1",
                    "headers":[{"key":"MS-ContinuationToken","value":"A"}]}}}"#,
                some("A ?size=1"),
            ),
            (
                r#"{"items":[],"continuationToken":"B","links":{"next":{"uri":"/x?size=1"}}}"#,
                some("B ?size=1"),
            ),
            (
                r#"{"items":[],"links":{"next":{"uri":"https://elsewhere.example/","headers":[
                    {"key":"x-page","value":"1 2"},{"key":"ms-continuationtoken","value":"B"}]}}}"#,
                some("B ? x-page:1%202"),
            ),
            // Headers of the client are not replaced.
            (
                r#"{"items":[],"links":{"next":{"uri":"/x?a=1#f","headers":[
                    {"key":"Authorization","value":"x"},{"key":"Host","value":"x"},{"key":"a b","value":"x"},
                    {"key":"MS-RequestId","value":"x"},{"key":"MS-ContinuationToken","value":"B"}]}}}"#,
                some("B ?a=1"),
            ),
            (r#"{"items":[],"links":{"next":{}}}"#, Ok(None)),
            (r#"{"items":[],"links":{"self":{"uri":"/x"}}}"#, Ok(None)),
            (
                r#"{"items":[],"links":{"next":{"uri":"/customers?seek=abc%20d"}}}"#,
                some(" ?seek=abc%2520d"),
            ),
            (
                r#"{"items":[],"links":{"next":{"uri":"/x?seekOperation=Next","headers":[]}}}"#,
                Err("the link to the next page has no continuation token"),
            ),
            (
                r#"{"items":[],"links":{"next":{"uri":"/x","headers":[
                    {"key":"MS-ContinuationToken","value":"AQ==\r\nHost: x"}]}}}"#,
                no_header(),
            ),
            (
                r#"{"items":[],"links":{"next":{"uri":"/x","headers":[
                    {"key":"x","value":"\n"},{"key":"MS-ContinuationToken","value":"A"}]}}}"#,
                no_header(),
            ),
            (r#"{"items":[],"continuationToken":"A\u0000"}"#, no_header()),
        ] {
            assert_eq!(next_of(json, TokenQuery::Same), next, "{json}");
        }
    }

    #[test]
    fn a_token_of_customers_is_sent_with_a_seek_operation_only() {
        let json = r#"{"items":[],"continuationToken":"A"}"#;
        assert_eq!(next_of(json, TokenQuery::Seek).unwrap().unwrap(), "A ?seekOperation=Next");
        let json = r#"{"items":[],"continuationToken":"A","links":{"next":{"uri":"/x?size=5"}}}"#;
        assert_eq!(next_of(json, TokenQuery::Seek).unwrap().unwrap(), "A ?size=5");
    }

    #[test]
    fn converts_to_text_and_back() {
        for text in
            ["AQAAAA==", "AQ== ?size=5&seekOperation=Next", " ?seek=1", "A ?a", "A ? x:1 y:2"]
        {
            assert_eq!(text.parse::<Continuation>().unwrap().to_string(), text);
        }
        assert_eq!(
            "AQ== Next".parse::<Continuation>().unwrap().to_string(),
            "AQ== ?seekOperation=Next"
        );
        let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        for (token, query, headers) in [
            ("a b", None, vec![]),
            ("a", Some("=%20 "), vec![]),
            ("%20", None, vec![header("x", "a:b c"), header("y", "")]),
            ("é\n", Some("a=é"), vec![header("x", "%3A")]),
        ] {
            let query = query.map(ToOwned::to_owned);
            let position = Continuation { token: token.to_owned(), query, headers };
            assert_eq!(position.to_string().parse(), Ok(position.clone()), "{position:?}");
            assert!(!position.to_string().contains('\n'));
        }
    }

    proptest::proptest! {
        #[test]
        fn any_position_survives_a_round_trip_through_text(
            token in ".{0,12}", uri in ".{0,20}", query in ".{0,20}", name in "[ -~]{0,12}", value in ".{0,12}",
        ) {
            let link = |headers: serde_json::Value| serde_json::json!({ "items": [], "continuationToken": token,
                "links": { "next": { "uri": format!("{uri}?{query}"), "headers": headers } } });
            for json in [
                serde_json::json!({ "items": [], "continuationToken": token }),
                link(serde_json::json!([{ "key": name, "value": value }])),
                link(serde_json::json!([{ "key": "MS-ContinuationToken", "value": value }])),
            ] {
                let list: wire::Collection<wire::Device> = serde_json::from_value(json).unwrap();
                for of_token in [TokenQuery::Same, TokenQuery::Seek] {
                    let Ok(Some(position)) = next(&list, of_token) else { continue };
                    let text = position.to_string();
                    proptest::prop_assert!(!text.is_empty() && !text.contains(char::is_control));
                    proptest::prop_assert_eq!(text.parse(), Ok(position));
                }
            }
        }
    }
}
