//! Decides who may call the service: which token is taken, what it says of its caller, and what that caller may
//! not do.
//!
//! Source: <https://learn.microsoft.com/en-us/entra/identity-platform/access-token-claims-reference> (`scp` stands
//! in users' tokens only) and `optional-claims-reference` beside it (`idtyp` is the surest sign of an app's own).

use http::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;

use super::scope::is_partner_center;
use super::server::AuthServer;
use super::settings::Auth;
use super::token_signer::{Kind, read_unverified};
use crate::api::error::ApiError;
use crate::api::route::Operation;

const VALIDATE_MFA: HeaderName = HeaderName::from_static("validatemfa");
const IS_MFA_COMPLIANT: HeaderName = HeaderName::from_static("ismfacompliant");

/// Who calls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Caller {
    /// An app by itself, without a user.
    app_only: bool,
    /// A user who signed in with a second factor.
    mfa: bool,
}

impl Caller {
    /// What a token says of its caller. A text that is no JSON Web Token says nothing.
    fn of(claims: Option<Value>) -> Self {
        let claims = claims.unwrap_or_default();
        let is_of_an_app = claims["appid"].is_string() || claims["azp"].is_string();
        let app_only = match claims["idtyp"].as_str() {
            Some(kind) => kind == "app",
            None => is_of_an_app && claims["scp"].is_null(),
        };
        let factors = claims["amr"].as_array();
        let mfa = factors.is_some_and(|factors| factors.iter().any(|factor| factor == "mfa"));
        Self { app_only, mfa }
    }

    /// Refuses what this caller may not do.
    pub(crate) fn may(self, operation: &Operation) -> Result<(), ApiError> {
        match operation {
            Operation::CreateDeviceBatch if self.app_only => Err(ApiError::app_only()),
            _ => Ok(()),
        }
    }

    /// The header that answers `ValidateMfa: true`.
    pub(crate) fn mfa_header(self, request: &HeaderMap) -> Option<(HeaderName, HeaderValue)> {
        let asked = request.get(VALIDATE_MFA)?.to_str().ok()?.trim().eq_ignore_ascii_case("true");
        let value = HeaderValue::from_static(if self.mfa { "true" } else { "false" });
        asked.then_some((IS_MFA_COMPLIANT, value))
    }
}

impl AuthServer {
    /// Who calls, `now` in seconds since the Unix epoch.
    pub(crate) fn authenticate(&self, headers: &HeaderMap, now: i64) -> Result<Caller, ApiError> {
        let token = bearer(headers);
        match self.auth {
            Auth::Off => {
                // Whatever is sent, nobody is refused; only the second factor is told.
                Ok(Caller { app_only: false, ..Caller::of(token.and_then(read_unverified)) })
            }
            Auth::AnyBearer => {
                Ok(Caller::of(read_unverified(token.ok_or_else(ApiError::no_token)?)))
            }
            Auth::Strict => {
                let token = token.ok_or_else(ApiError::no_token)?;
                let claims = self.signer.open(Kind::Jwt, token);
                // An id token has no `appid`.
                let claims =
                    claims.filter(|claims| claims["appid"].is_string()).ok_or_else(|| {
                        ApiError::bad_token("The token is not one of this emulator's sign-in.")
                    })?;
                if !is_partner_center(claims["aud"].as_str().unwrap_or_default()) {
                    return Err(ApiError::wrong_audience());
                }
                if claims["nbf"].as_i64().is_none_or(|begin| now < begin) {
                    return Err(ApiError::bad_token("The token is not valid yet."));
                }
                if claims["exp"].as_i64().is_none_or(|end| end <= now) {
                    return Err(ApiError::bad_token("The token has expired."));
                }
                Ok(Caller::of(Some(claims)))
            }
        }
    }
}

/// The token of a request.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_token_says_who_calls() {
        let app = Caller { app_only: true, mfa: false };
        let user = Caller::default();
        let with_mfa = Caller { app_only: false, mfa: true };
        for (claims, expected) in [
            (json!({ "idtyp": "app", "appid": "a" }), app),
            (json!({ "idtyp": "app" }), app),
            (json!({ "appid": "a", "oid": "o", "sub": "o" }), app),
            (json!({ "azp": "a", "roles": ["x"] }), app),
            (json!({ "appid": "a", "scp": "user_impersonation" }), user),
            (json!({ "azp": "a", "scp": "" , "amr": ["pwd"] }), user),
            (json!({ "idtyp": "user", "appid": "a", "amr": ["pwd", "mfa"] }), with_mfa),
            (json!({ "sub": "not of Microsoft Entra" }), user),
        ] {
            assert_eq!(Caller::of(Some(claims.clone())), expected, "{claims}");
        }
        assert_eq!(Caller::of(None), user);
    }
}
