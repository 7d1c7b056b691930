//! The parameters of a sign-in request, from a form in the body or from the query. Any other body counts as an empty
//! form, so the error names the missing parameter, as Microsoft Entra does.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap};
use percent_encoding::percent_decode_str;
use url::form_urlencoded;

use super::oauth_error::OAuthError;

/// The parameters of a request. They include secrets, so this type has no `Debug`.
pub(super) struct Form(Vec<(String, String)>);

impl Form {
    pub(super) fn from_query(query: Option<&str>) -> Result<Self, OAuthError> {
        Self::parse(query.unwrap_or_default().as_bytes())
    }

    pub(super) fn from_body(headers: &HeaderMap, body: &[u8]) -> Result<Self, OAuthError> {
        let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let media_type = content_type.unwrap_or_default().split(';').next().unwrap_or_default();
        let is_form = media_type.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded");
        Self::parse(if is_form { body } else { &[] })
    }

    fn parse(text: &[u8]) -> Result<Self, OAuthError> {
        let mut pairs: Vec<(String, String)> = Vec::new();
        for (name, value) in form_urlencoded::parse(text) {
            if pairs.iter().any(|(other, _)| *other == name) {
                return Err(OAuthError::duplicate_parameter(&name));
            }
            pairs.push((name.into_owned(), value.into_owned()));
        }
        Ok(Self(pairs))
    }

    /// Returns a value that is not empty.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let mut pairs = self.0.iter();
        let (_, value) = pairs.find(|(key, value)| key == name && !value.is_empty())?;
        Some(value)
    }

    /// Returns a value that is not empty, or an error that names the missing parameter.
    pub(super) fn require(&self, name: &'static str) -> Result<&str, OAuthError> {
        self.get(name).ok_or_else(|| OAuthError::missing_parameter(name))
    }
}

/// Returns the app's id and secret from the `Authorization` header, where many OAuth libraries send them (RFC 6749,
/// 2.3.1).
pub(super) fn basic_credentials(headers: &HeaderMap) -> Option<(String, String)> {
    let (scheme, text) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let text =
        STANDARD.decode(text.trim()).ok().filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
    let text = String::from_utf8(text).ok()?;
    let (id, secret) = text.split_once(':')?;
    let decode = |text: &str| {
        let text = text.replace('+', " ");
        percent_decode_str(&text).decode_utf8().ok().map(String::from)
    };
    Some((decode(id)?, decode(secret)?))
}
