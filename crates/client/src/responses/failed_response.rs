//! The response to a failed call, as an error keeps it.

use http::{HeaderMap, HeaderName, HeaderValue};
use partner_center_devices_raw::redact;
use partner_center_devices_raw::transport::MAX_ERROR_BODY;

/// The headers and the body of the response to a failed call, without secrets.
pub(crate) struct Response {
    pub(super) headers: HeaderMap,
    pub(super) body: String,
}

impl Response {
    pub(crate) fn redacted(headers: &HeaderMap, body: &[u8], secrets: &[&str]) -> Self {
        let header = |name: &HeaderName, value: &HeaderValue| {
            let text = String::from_utf8_lossy(value.as_bytes());
            let text = redact::known_secrets(&text, secrets);
            // Header values are ASCII.
            let text = redact::header(name.as_str(), text.as_bytes()).replace('…', "...");
            Some((name.clone(), HeaderValue::from_str(&text).ok()?))
        };
        let headers = headers.iter().filter_map(|(name, value)| header(name, value));
        // A copy of a success that cannot be decoded may need much memory.
        let body = match body.len() > MAX_ERROR_BODY {
            true => format!("…({} bytes)", body.len()),
            false => redact::body(&redact::known_secrets_in_body(body, secrets)),
        };
        Self { headers: headers.collect(), body }
    }
}
