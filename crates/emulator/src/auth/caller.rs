//! Authentication and authorization of API calls: checks the token, reads its claims, and rejects operations that the
//! caller may not use.
//!
//! Sources: <https://learn.microsoft.com/en-us/entra/identity-platform/access-token-claims-reference> (only tokens of
//! users have `scp`) and <https://learn.microsoft.com/en-us/entra/identity-platform/optional-claims-reference>
//! (`idtyp` identifies app-only tokens).

use http::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use partner_center_devices_raw::Operation;
use serde_json::Value;
use uuid::Uuid;

use super::claims_challenge;
use super::scope::is_partner_center;
use super::server::AuthServer;
use super::settings::AuthMode;
use super::token_signer::{TokenKind, read_unverified};
use crate::api::error::ApiError;
use crate::domain::audit_log::Actor;

const VALIDATE_MFA: HeaderName = HeaderName::from_static("validatemfa");
const IS_MFA_COMPLIANT: HeaderName = HeaderName::from_static("ismfacompliant");

/// The caller of an operation, as described by its token.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Caller {
    /// True for an app without a user.
    app_only: bool,
    /// True if the user signed in with a second factor.
    mfa: bool,
    /// True if the token was requested with the claims of a challenge.
    meets_challenge: bool,
    /// The tenant of the token.
    tenant: Option<Uuid>,
    user: Option<Box<str>>,
    app: Option<Box<str>>,
}

impl Caller {
    /// Reads the claims of a token. `None` means that the token is not a JSON Web Token.
    fn from_claims(claims: Option<Value>) -> Self {
        let claims = claims.unwrap_or_default();
        let names_an_app = claims["appid"].is_string() || claims["azp"].is_string();
        let app_only = match claims["idtyp"].as_str() {
            Some(kind) => kind == "app",
            None => names_an_app && claims["scp"].is_null(),
        };
        let factors = claims["amr"].as_array();
        let mfa = factors.is_some_and(|factors| factors.iter().any(|factor| factor == "mfa"));
        let meets_challenge = claims[claims_challenge::MET] == true;
        let text =
            |names: &[&str]| names.iter().find_map(|name| claims[*name].as_str()).map(Box::from);
        Self {
            app_only,
            mfa,
            meets_challenge,
            tenant: claims["tid"].as_str().and_then(|id| Uuid::try_parse(id).ok()),
            user: text(&["upn", "unique_name", "preferred_username"]).filter(|_| !app_only),
            app: text(&["appid", "azp"]),
        }
    }

    /// Returns the caller for the audit log. A token without a tenant counts as one of the partner's `home` tenant.
    pub(crate) fn actor(&self, home: Uuid) -> Actor {
        let Self { user, app, .. } = self.clone();
        Actor { tenant: self.tenant.unwrap_or(home), user, app }
    }

    /// Returns an error if this caller may not use the operation.
    pub(crate) fn check_permission(&self, operation: Operation) -> Result<(), ApiError> {
        if operation.requires_user() && self.app_only {
            return Err(ApiError::app_only());
        }
        Ok(())
    }

    /// Returns the response header for `ValidateMfa: true`.
    pub(crate) fn mfa_header(&self, request: &HeaderMap) -> Option<(HeaderName, HeaderValue)> {
        let requested =
            request.get(VALIDATE_MFA)?.to_str().ok()?.trim().eq_ignore_ascii_case("true");
        let value = HeaderValue::from_static(if self.mfa { "true" } else { "false" });
        requested.then_some((IS_MFA_COMPLIANT, value))
    }
}

impl AuthServer {
    /// Checks the token of a request. `now` is in seconds since the Unix epoch.
    pub(crate) fn authenticate(&self, headers: &HeaderMap, now: i64) -> Result<Caller, ApiError> {
        let token = bearer(headers);
        match self.auth {
            AuthMode::Off => {
                // Every request is accepted. The claims are only used for the MFA header.
                let claims = token.and_then(read_unverified);
                Ok(Caller { app_only: false, ..Caller::from_claims(claims) })
            }
            AuthMode::AnyBearer => {
                Ok(Caller::from_claims(read_unverified(token.ok_or_else(ApiError::missing_token)?)))
            }
            AuthMode::Strict => {
                let token = token.ok_or_else(ApiError::missing_token)?;
                let claims = self.signer.verify(TokenKind::Jwt, token);
                // An id token has no `appid`.
                let claims =
                    claims.filter(|claims| claims["appid"].is_string()).ok_or_else(|| {
                        ApiError::invalid_token("The token was not issued by this emulator.")
                    })?;
                if !is_partner_center(claims["aud"].as_str().unwrap_or_default()) {
                    return Err(ApiError::wrong_audience());
                }
                if claims["nbf"].as_i64().is_none_or(|not_before| now < not_before) {
                    return Err(ApiError::invalid_token("The token is not valid yet."));
                }
                if claims["exp"].as_i64().is_none_or(|expires| expires <= now) {
                    return Err(ApiError::invalid_token("The token has expired."));
                }
                Ok(Caller::from_claims(Some(claims)))
            }
        }
    }
}

impl AuthServer {
    /// Returns an error if the service demands claims that the caller's token was not requested with.
    pub(crate) fn check_challenge(&self, caller: Caller) -> Result<Caller, ApiError> {
        let is_exempt = caller.meets_challenge || self.auth == AuthMode::Off;
        if self.settings.challenge_tokens && !is_exempt {
            return Err(ApiError::claims_challenge(claims_challenge::header()));
        }
        Ok(caller)
    }

    /// Returns an error if the service requires a second factor and the caller is a user without one.
    pub(crate) fn check_mfa(&self, caller: Caller) -> Result<Caller, ApiError> {
        let is_exempt = caller.mfa || caller.app_only || self.auth == AuthMode::Off;
        if self.settings.require_mfa && !is_exempt {
            return Err(ApiError::mfa_required());
        }
        Ok(caller)
    }
}

/// Returns the bearer token of a request.
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
    fn reads_the_caller_from_the_claims() {
        let [app, user, with_mfa, challenged] = [
            (true, false, false),
            (false, false, false),
            (false, true, false),
            (false, false, true),
        ];
        for (claims, expected) in [
            (json!({ "idtyp": "app", "appid": "a" }), app),
            (json!({ "idtyp": "app" }), app),
            (json!({ "appid": "a", "oid": "o", "sub": "o" }), app),
            (json!({ "azp": "a", "roles": ["x"] }), app),
            (json!({ "appid": "a", "scp": "user_impersonation" }), user),
            (json!({ "azp": "a", "scp": "" , "amr": ["pwd"] }), user),
            (json!({ "idtyp": "user", "appid": "a", "amr": ["pwd", "mfa"] }), with_mfa),
            (json!({ "appid": "a", "scp": "x", "meets_challenge": true }), challenged),
            (json!({ "sub": "not from Microsoft Entra" }), user),
        ] {
            let Caller { app_only, mfa, meets_challenge, .. } =
                Caller::from_claims(Some(claims.clone()));
            assert_eq!((app_only, mfa, meets_challenge), expected, "{claims}");
        }
        assert_eq!(Caller::from_claims(None), Caller::default());
    }

    #[test]
    fn audit_records_name_the_user_or_the_app_of_the_token() {
        let home = Uuid::from_u128(1);
        let tenant = "3b33e682-00c3-41ee-9dd2-a548adf56438";
        let text = |text: &str| Some(text.into());
        for (claims, expected, user, app) in [
            (json!({ "upn": "a@b", "appid": "x", "scp": "s" }), home, text("a@b"), text("x")),
            (
                json!({ "unique_name": "a@b", "tid": tenant }),
                tenant.parse().unwrap(),
                text("a@b"),
                None,
            ),
            (
                json!({ "idtyp": "app", "azp": "x", "upn": "a@b", "tid": "?" }),
                home,
                None,
                text("x"),
            ),
            (json!(null), home, None, None),
        ] {
            let actor = Caller::from_claims(Some(claims.clone())).actor(home);
            assert_eq!(actor, Actor { tenant: expected, user, app }, "{claims}");
        }
    }
}
