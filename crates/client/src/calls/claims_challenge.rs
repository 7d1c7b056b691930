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

fn claims_in(header: &str) -> Option<String> {
    // A header may have several challenges: `Bearer error="invalid_token", Bearer error="insufficient_claims", claims="…"`.
    let mut challenges: Vec<(bool, Option<&str>)> = Vec::new();
    let mut rest = header;
    while let Some((starts_challenge, name, value, next)) = parameter(rest) {
        if starts_challenge || challenges.is_empty() {
            challenges.push((false, None));
        }
        let Some((is_demand, claims)) = challenges.last_mut() else { break };
        match name {
            name if name.eq_ignore_ascii_case("error") => {
                *is_demand = value == "insufficient_claims"
            }
            name if name.eq_ignore_ascii_case("claims") => *claims = Some(value),
            _ => {}
        }
        rest = next;
    }
    challenges
        .iter()
        .filter(|(is_demand, _)| *is_demand)
        .find_map(|(_, claims)| decode(claims.as_deref()?))
}

/// Decodes base64 with either alphabet, with or without padding. Returns JSON objects only.
fn decode(claims: &str) -> Option<String> {
    if claims.len() > MAX_CLAIMS {
        return None;
    }
    let claims = claims.replace('-', "+").replace('_', "/");
    let config =
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let claims = GeneralPurpose::new(&alphabet::STANDARD, config).decode(claims).ok()?;
    let claims = String::from_utf8(claims).ok()?;
    let claims_value = serde_json::from_str::<serde_json::Value>(&claims);
    claims_value.is_ok_and(|claims| claims.is_object()).then_some(claims)
}

/// Returns the first parameter of a header, with or without quotes, and the rest of the header. The first item of the
/// result is true if a scheme is in front of the name, because a challenge starts there.
fn parameter(header: &str) -> Option<(bool, &str, &str, &str)> {
    let is_boundary = |c: char| c == ',' || c.is_whitespace();
    let (before, after) = header.split_once('=')?;
    let before = before.trim_end();
    let name = before.rsplit(is_boundary).next().unwrap_or_default();
    let in_front = before[..before.len() - name.len()].trim();
    let starts_challenge = !in_front.is_empty() && !in_front.ends_with(',');
    let after = after.trim_start();
    let (value, rest) = match after.strip_prefix('"') {
        Some(quoted) => quoted.split_once('"')?,
        None => after.split_at(after.find(is_boundary).unwrap_or(after.len())),
    };
    Some((starts_challenge, name, value, rest))
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
            (format!(r#"Bearer error = "insufficient_claims" , claims = "{encoded}""#), true),
            (
                format!(
                    r#"Bearer error="invalid_token", Bearer error="insufficient_claims", claims="{encoded}""#
                ),
                true,
            ),
            (
                format!(r#"Bearer error="insufficient_claims", PoP error="x", claims="{encoded}""#),
                false,
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
