//! The claims that a service demands when it rejects a token: continuous access evaluation
//! (<https://learn.microsoft.com/en-us/entra/identity-platform/claims-challenge>).

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use http::HeaderMap;
use http::header::WWW_AUTHENTICATE;

/// The longest claims that are read, in characters of the header.
const MAX_CLAIMS: usize = 16 << 10;

/// Returns the claims in the challenges of a response, as JSON.
pub(crate) fn demanded_claims(headers: &HeaderMap) -> Option<String> {
    headers.get_all(WWW_AUTHENTICATE).iter().find_map(|value| claims_in(value.to_str().ok()?))
}

fn claims_in(challenge: &str) -> Option<String> {
    let is_demand = parameter(challenge, "error") == Some("insufficient_claims");
    let claims = parameter(challenge, "claims").filter(|claims| claims.len() <= MAX_CLAIMS)?;
    // Base64 with either alphabet, with or without padding.
    let claims = claims.replace('-', "+").replace('_', "/");
    let config =
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let claims = GeneralPurpose::new(&alphabet::STANDARD, config).decode(claims).ok()?;
    let claims = String::from_utf8(claims).ok()?;
    let is_object =
        serde_json::from_str::<serde_json::Value>(&claims).is_ok_and(|claims| claims.is_object());
    (is_demand && is_object).then_some(claims)
}

/// Returns a parameter of a challenge, with or without quotes.
fn parameter<'a>(challenge: &'a str, name: &str) -> Option<&'a str> {
    let is_boundary = |c: char| c == ',' || c.is_whitespace();
    let mut rest = challenge;
    loop {
        let (before, after) = rest.split_once('=')?;
        let key = before.rsplit(is_boundary).next().unwrap_or_default();
        let after = after.trim_start();
        let (value, next) = match after.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"')?,
            None => after.split_at(after.find(is_boundary).unwrap_or(after.len())),
        };
        if key.eq_ignore_ascii_case(name) {
            return Some(value);
        }
        rest = next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_claims_of_a_challenge() {
        let claims = r#"{"access_token":{"nbf":{"essential":true,"value":"1"}}}"#;
        let encoded = "eyJhY2Nlc3NfdG9rZW4iOnsibmJmIjp7ImVzc2VudGlhbCI6dHJ1ZSwidmFsdWUiOiIxIn19fQ";
        for (challenge, expected) in [
            (format!(r#"Bearer realm="", error="insufficient_claims", claims="{encoded}""#), true),
            (format!(r#"Bearer claims="{encoded}==", error="insufficient_claims""#), true),
            (format!("Bearer error=insufficient_claims,claims={encoded}"), true),
            (
                format!(
                    r#"Bearer authorization_uri="https://x/?a=b, error=no", error="insufficient_claims", claims="{encoded}""#
                ),
                true,
            ),
            (format!(r#"Bearer error="invalid_token", claims="{encoded}""#), false),
            (r#"Bearer error="insufficient_claims""#.to_owned(), false),
            (r#"Bearer error="insufficient_claims", claims="W10""#.to_owned(), false),
            (r#"Bearer error="insufficient_claims", claims="%%""#.to_owned(), false),
            (r#"Bearer error="insufficient_claims", claims="e"#.to_owned(), false),
            ("Bearer".to_owned(), false),
        ] {
            let mut headers = HeaderMap::new();
            headers.append(WWW_AUTHENTICATE, "Basic realm=x".parse().unwrap());
            headers.append(WWW_AUTHENTICATE, challenge.parse().unwrap());
            let expected = expected.then(|| claims.to_owned());
            assert_eq!(demanded_claims(&headers), expected, "{challenge}");
        }
    }
}
