//! The headers that the service defines.

use std::time::SystemTime;

use http::header::DATE;
use http::{HeaderMap, HeaderName};

pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("ms-requestid");
pub(crate) const CORRELATION_ID: HeaderName = HeaderName::from_static("ms-correlationid");
pub(crate) const CV: HeaderName = HeaderName::from_static("ms-cv");
pub(crate) const CONTINUATION: HeaderName = HeaderName::from_static("ms-continuationtoken");
pub(crate) const LOCALE: HeaderName = HeaderName::from_static("x-locale");
pub(crate) const APPLICATION: HeaderName = HeaderName::from_static("ms-partnercenter-application");
pub(crate) const VALIDATE_MFA: HeaderName = HeaderName::from_static("validatemfa");
const IS_MFA_COMPLIANT: HeaderName = HeaderName::from_static("ismfacompliant");

/// Returns the time of a response by the clock of the service.
pub(crate) fn date(headers: &HeaderMap) -> Option<SystemTime> {
    httpdate::parse_http_date(headers.get(DATE)?.to_str().ok()?.trim()).ok()
}

/// Returns whether the service considers the user to have signed in with multi-factor authentication.
pub(crate) fn is_mfa_compliant(headers: &HeaderMap) -> Option<bool> {
    let text = headers.get(IS_MFA_COMPLIANT)?.to_str().ok()?.trim();
    text.to_ascii_lowercase().parse().ok()
}
