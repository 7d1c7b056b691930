//! Claims challenges of continuous access evaluation: the service demands claims that the next token must be requested with.
//!
//! Source: <https://learn.microsoft.com/en-us/entra/identity-platform/claims-challenge>.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderValue;
use serde_json::{Value, json};

use super::form::Form;
use super::oauth_error::OAuthError;

/// The claim of tokens that were requested with the demanded claims.
pub(super) const MET: &str = "meets_challenge";

/// The time in the demanded claims, as in the documented example.
const NOT_BEFORE: &str = "1604106651";

/// Returns the header of a 401 that demands claims.
pub(super) fn header() -> HeaderValue {
    let claims = json!({ "access_token": { "nbf": { "essential": true, "value": NOT_BEFORE } } });
    let claims = STANDARD.encode(claims.to_string());
    let challenge = format!(
        "Bearer realm=\"\", authorization_uri=\"https://login.microsoftonline.com/common/oauth2/authorize\", error=\"insufficient_claims\", claims=\"{claims}\""
    );
    HeaderValue::try_from(challenge).unwrap_or_else(|_| HeaderValue::from_static("Bearer"))
}

/// Returns true if a token request has the demanded claims.
pub(super) fn is_met_by(form: &Form) -> Result<bool, OAuthError> {
    let Some(claims) = form.get("claims") else { return Ok(false) };
    let claims: Value = serde_json::from_str(claims).map_err(|_| OAuthError::invalid_claims())?;
    if !claims.is_object() {
        return Err(OAuthError::invalid_claims());
    }
    Ok(claims["access_token"]["nbf"]["value"] == NOT_BEFORE)
}
