//! The claims of an access token, to explain why the service refused a request. The client never acts on them.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::HeaderValue;
use partner_center_devices_raw::transport::bearer_token;
use secrecy::ExposeSecret as _;
use serde_json::Value;

use super::access_token::AccessToken;

/// The claims of a Microsoft Entra access token
/// (<https://learn.microsoft.com/en-us/entra/identity-platform/access-token-claims-reference>). They are not verified:
/// only the service can do that. None of them is secret.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TokenClaims {
    /// The audience: the address or id of the service that accepts the token.
    pub audience: Option<String>,
    /// The id of the tenant that issued the token.
    pub tenant_id: Option<String>,
    /// The id of the app that requested the token.
    pub client_id: Option<String>,
    /// The sign-in name of the user; `None` in an app-only token.
    pub user: Option<String>,
    /// True for an app-only token, without a user.
    pub is_app_only: bool,
    /// The permissions of the app on behalf of the user.
    pub scopes: Vec<String>,
    /// The roles of the app or of the user.
    pub roles: Vec<String>,
    /// True if the user signed in with multi-factor authentication; `None` if the token does not say.
    pub multi_factor: Option<bool>,
    /// The time from which the token is valid.
    pub not_before: Option<SystemTime>,
    /// The time at which the token expires.
    pub expires: Option<SystemTime>,
}

impl AccessToken {
    /// Returns the claims of the token; `None` if they cannot be read. Microsoft may change or encrypt the format at any
    /// time, so use them for explanations only.
    #[must_use]
    pub fn claims(&self) -> Option<TokenClaims> {
        of_token(self.secret().expose_secret())
    }
}

/// Returns the claims of the token in an `Authorization` header.
pub(crate) fn of_header(header: &HeaderValue) -> Option<TokenClaims> {
    of_token(bearer_token(header))
}

fn of_token(token: &str) -> Option<TokenClaims> {
    let mut parts = token.trim().split('.');
    let (Some(_), Some(payload), Some(_), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return None;
    };
    let payload = URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok()?;
    let claims: Value = serde_json::from_slice(&payload).ok().filter(Value::is_object)?;
    Some(read(&claims))
}

fn read(claims: &Value) -> TokenClaims {
    let text = |names: &[&str]| {
        names.iter().find_map(|name| claims[*name].as_str()).map(ToOwned::to_owned)
    };
    let list = |name: &str| {
        let texts = claims[name].as_array().into_iter().flatten();
        texts.filter_map(Value::as_str).map(ToOwned::to_owned).collect::<Vec<_>>()
    };
    let time = |name: &str| {
        let seconds = claims[name].as_u64()?;
        UNIX_EPOCH.checked_add(Duration::from_secs(seconds))
    };
    let client_id = text(&["appid", "azp"]);
    let scopes = text(&["scp"]);
    let is_app_only = match claims["idtyp"].as_str() {
        Some(kind) => kind == "app",
        None => client_id.is_some() && scopes.is_none(),
    };
    TokenClaims {
        audience: text(&["aud"]),
        tenant_id: text(&["tid"]),
        user: text(&["upn", "preferred_username", "unique_name", "email"]),
        is_app_only,
        scopes: scopes.unwrap_or_default().split_whitespace().map(ToOwned::to_owned).collect(),
        roles: list("roles"),
        multi_factor: claims["amr"]
            .is_array()
            .then(|| list("amr").iter().any(|method| method == "mfa" || method == "ngcmfa")),
        not_before: time("nbf"),
        expires: time("exp"),
        client_id,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn token(payload: &str) -> AccessToken {
        AccessToken::new(format!("e30.{payload}.sig"))
    }

    fn claims(claims: &Value) -> Option<TokenClaims> {
        token(&URL_SAFE_NO_PAD.encode(claims.to_string())).claims()
    }

    #[test]
    fn reads_the_claims_of_a_user_token() {
        let read = claims(&json!({
            "aud": "https://api.partnercenter.microsoft.com", "tid": "t", "appid": "a", "upn": "u@x",
            "scp": "user_impersonation", "amr": ["pwd", "mfa"], "nbf": 1, "exp": 3601, "roles": ["r", 1],
        }));
        let expected = TokenClaims {
            audience: Some("https://api.partnercenter.microsoft.com".to_owned()),
            tenant_id: Some("t".to_owned()),
            client_id: Some("a".to_owned()),
            user: Some("u@x".to_owned()),
            is_app_only: false,
            scopes: vec!["user_impersonation".to_owned()],
            roles: vec!["r".to_owned()],
            multi_factor: Some(true),
            not_before: UNIX_EPOCH.checked_add(Duration::from_secs(1)),
            expires: UNIX_EPOCH.checked_add(Duration::from_secs(3601)),
        };
        assert_eq!(read, Some(expected));
    }

    #[test]
    fn recognizes_app_only_tokens() {
        for (token_claims, is_app_only, multi_factor) in [
            (json!({"idtyp": "app", "azp": "a"}), true, None),
            (json!({"appid": "a"}), true, None),
            (json!({"appid": "a", "scp": ""}), false, None),
            (json!({"idtyp": "user", "appid": "a", "amr": ["pwd"]}), false, Some(false)),
            (json!({}), false, None),
        ] {
            let read = claims(&token_claims).unwrap();
            assert_eq!(
                (read.is_app_only, read.multi_factor),
                (is_app_only, multi_factor),
                "{token_claims}"
            );
        }
    }

    #[test]
    fn an_unreadable_token_has_no_claims() {
        for text in ["opaque", "a.b", "a.b.c.d", "a.!!.c", "a.e30", "a.W10.c"] {
            assert_eq!(AccessToken::new(text.to_owned()).claims(), None, "{text}");
        }
    }
}
