//! The headers of one attempt.

use http::{HeaderMap, HeaderValue, header};
use uuid::Uuid;

use crate::calls::options::CallOptions;
use crate::calls::service_headers::{
    APPLICATION, CONTINUATION, CORRELATION_ID, LOCALE, REQUEST_ID, VALIDATE_MFA,
};

/// The headers that every call of a client sends.
pub(crate) struct ClientHeaders {
    pub(crate) application: Option<HeaderValue>,
    pub(crate) locale: Option<HeaderValue>,
    pub(crate) validate_mfa: bool,
}

/// The ids of one call. All attempts share them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CallIds {
    pub(crate) request: Uuid,
    pub(crate) correlation: Uuid,
}

impl CallIds {
    /// Takes the ids from the options of the call, or generates new ones.
    pub(crate) fn new(options: &CallOptions) -> Self {
        Self {
            request: options.request_id.unwrap_or_else(Uuid::new_v4),
            correlation: options.correlation_id.unwrap_or_else(Uuid::new_v4),
        }
    }
}

/// Adds the headers of one attempt to a request.
pub(crate) fn add(
    headers: &mut HeaderMap,
    authorization: HeaderValue,
    ids: CallIds,
    client: &ClientHeaders,
    options: &CallOptions,
) {
    headers.insert(header::AUTHORIZATION, authorization);
    headers.insert(REQUEST_ID, id_value(ids.request));
    headers.insert(CORRELATION_ID, id_value(ids.correlation));
    // Errors are JSON, even for operations whose success has no body.
    headers.entry(header::ACCEPT).or_insert(HeaderValue::from_static("application/json"));
    let optional = [
        (LOCALE, options.locale.as_ref().or(client.locale.as_ref())),
        (APPLICATION, client.application.as_ref()),
        (CONTINUATION, options.continuation.as_ref()),
    ];
    for (name, value) in optional {
        if let Some(value) = value {
            headers.insert(name, value.clone());
        }
    }
    if client.validate_mfa {
        headers.insert(VALIDATE_MFA, HeaderValue::from_static("true"));
    }
    for (name, value) in &options.headers {
        headers.insert(name, value.clone());
    }
}

fn id_value(id: Uuid) -> HeaderValue {
    let mut buffer = [0; uuid::fmt::Hyphenated::LENGTH];
    let text = id.as_hyphenated().encode_lower(&mut buffer);
    HeaderValue::from_str(text).expect("hex digits and hyphens are allowed in a header")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sends_every_id_exactly() {
        for id in [Uuid::nil(), Uuid::max(), Uuid::new_v4()] {
            assert_eq!(id_value(id), id.to_string());
        }
    }
}
