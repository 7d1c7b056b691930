//! What an access token says of itself. Decides what of it is told, for people who look for the reason of a refusal; no
//! decision of the client rests on it.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::ExposeSecret as _;
use serde_json::Value;

use super::AccessToken;

/// What an access token of Microsoft Entra says of itself
/// (<https://learn.microsoft.com/en-us/entra/identity-platform/access-token-claims-reference>), unverified: only the
/// service can tell whether it is true. None of it is a secret.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TokenClaims {
    /// Whom it is for: the service's address or id.
    pub audience: Option<String>,
    /// The tenant it is of, by id.
    pub tenant_id: Option<String>,
    /// The app it was given to.
    pub client_id: Option<String>,
    /// The name the user signs in with; none in an app's own token.
    pub user: Option<String>,
    /// Whether it is an app's own, without a user.
    pub is_app_only: bool,
    /// What the app may do for the user.
    pub scopes: Vec<String>,
    /// What the app itself, or the user, was given.
    pub roles: Vec<String>,
    /// Whether the user signed in with more than one factor; `None` if the token does not say how.
    pub multi_factor: Option<bool>,
    /// From when on it is good.
    pub not_before: Option<SystemTime>,
    /// Until when it is good.
    pub expires: Option<SystemTime>,
}

impl AccessToken {
    /// What the token says of itself; `None` if it is not of a form that can be read. Microsoft may change the form, or
    /// encrypt it, at any time: this is to explain, and nothing should depend on it.
    #[must_use]
    pub fn claims(&self) -> Option<TokenClaims> {
        let mut parts = self.secret.expose_secret().trim().split('.');
        let (Some(_), Some(payload), Some(_), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return None;
        };
        let payload = URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok()?;
        let claims: Value = serde_json::from_slice(&payload).ok().filter(Value::is_object)?;
        Some(read(&claims))
    }
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
    fn a_users_token_says_who_signed_in_and_how() {
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
    fn an_apps_own_token_is_known_by_what_it_says_or_lacks() {
        for (said, is_app_only, multi_factor) in [
            (json!({"idtyp": "app", "azp": "a"}), true, None),
            (json!({"appid": "a"}), true, None),
            (json!({"appid": "a", "scp": ""}), false, None),
            (json!({"idtyp": "user", "appid": "a", "amr": ["pwd"]}), false, Some(false)),
            (json!({}), false, None),
        ] {
            let read = claims(&said).unwrap();
            assert_eq!(
                (read.is_app_only, read.multi_factor),
                (is_app_only, multi_factor),
                "{said}"
            );
        }
    }

    #[test]
    fn what_is_no_readable_token_has_none() {
        for text in ["opaque", "a.b", "a.b.c.d", "a.!!.c", "a.e30", "a.W10.c"] {
            assert_eq!(AccessToken::new(text.to_owned()).claims(), None, "{text}");
        }
    }
}
