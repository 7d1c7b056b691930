//! The views of exchanges: hardware hashes, tokens and secrets are redacted.

use std::time::Duration;

use http::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use partner_center_devices_raw::{Operation, redact};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::exchange::{Delivered, Exchange};
use crate::domain::clock::Clock;

/// The number of characters of an id that are shown.
const MAX_ID: usize = 64;

/// An exchange as it is shown: hardware hashes, tokens and secrets are redacted.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ExchangeView {
    pub(crate) number: u64,
    pub(crate) time: String,
    pub(crate) method: String,
    pub(crate) path: String,
    /// Without the question mark. Secrets are shortened.
    pub(crate) query: Option<String>,
    operation: Option<Operation>,
    customer: Option<String>,
    /// Set by [`name_customer`](Self::name_customer).
    customer_name: Option<String>,
    pub(crate) status: Option<u16>,
    request_id: String,
    correlation_id: String,
    /// The fingerprint of the token, which is the same for the same token.
    pub(super) token_fingerprint: Option<String>,
    fault_rules: Vec<String>,
    delivered: Delivered,
    /// From the request to the last byte of the response: the work of the emulator, and the delays of fault rules.
    pub(crate) milliseconds: f64,
    delivery_milliseconds: u64,
    pub(crate) request_bytes: usize,
    pub(crate) response_bytes: usize,
    /// False if the request cannot be sent again, because only a part of it is kept.
    replayable: bool,
    #[serde(flatten)]
    pub(crate) content: Option<Content>,
}

/// Headers and bodies of an exchange.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Content {
    /// Names and values, in the order of their first names.
    pub(crate) request_headers: Vec<(String, String)>,
    pub(crate) response_headers: Vec<(String, String)>,
    /// At most the first 16 KiB.
    pub(crate) request: String,
    pub(crate) response: String,
}

impl ExchangeView {
    /// Sets the name of the customer. `name` returns it for an id.
    pub(crate) fn name_customer(&mut self, name: impl Fn(&str) -> Option<String>) {
        self.customer_name = self.customer.as_deref().and_then(name);
    }

    pub(super) fn contains(&self, text: &str) -> bool {
        let Self { path, query, request_id, correlation_id, fault_rules, content, .. } = self;
        let bodies = content.iter().flat_map(|content| [&content.request, &content.response]);
        let mut fields = [path, request_id, correlation_id]
            .into_iter()
            .chain(query)
            .chain(fault_rules)
            .chain(bodies);
        fields.any(|field| field.to_lowercase().contains(text))
    }
}

/// Renders an exchange. The content is optional because redacting it takes time.
pub(super) fn view(exchange: &Exchange, clock: Clock, with_content: bool) -> ExchangeView {
    let id = |value: &HeaderValue| {
        String::from_utf8_lossy(value.as_bytes()).chars().take(MAX_ID).collect::<String>()
    };
    ExchangeView {
        number: exchange.number,
        time: clock.milliseconds(exchange.at),
        method: exchange.method.to_string(),
        path: exchange.uri.path().to_owned(),
        query: exchange.uri.query().map(redact::body_text),
        operation: exchange.target.operation,
        customer: exchange.target.customer.clone(),
        customer_name: None,
        status: exchange.status.map(|status| status.as_u16()),
        request_id: id(&exchange.ids.request_id),
        correlation_id: id(&exchange.ids.correlation_id),
        token_fingerprint: exchange.request_headers.get(AUTHORIZATION).map(|token| {
            let digest = Sha256::digest(token.as_bytes());
            digest[..4].iter().map(|byte| format!("{byte:02x}")).collect()
        }),
        fault_rules: exchange.rules.clone(),
        delivered: exchange.delivered,
        milliseconds: milliseconds(exchange.processing_time.saturating_add(exchange.delivery_time)),
        delivery_milliseconds: u64::try_from(exchange.delivery_time.as_millis())
            .unwrap_or(u64::MAX),
        request_bytes: exchange.request_body.total_bytes,
        response_bytes: exchange.response_body.total_bytes,
        replayable: exchange.incomplete().is_none(),
        content: with_content.then(|| Content {
            request_headers: redacted_headers(&exchange.request_headers),
            response_headers: redacted_headers(&exchange.response_headers),
            request: redact::body(&exchange.request_body.start),
            response: redact::body(&exchange.response_body.start),
        }),
    }
}

/// Rounds a time to a tenth of a millisecond.
fn milliseconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 10_000.0).round() / 10.0
}

fn redacted_headers(headers: &HeaderMap) -> Vec<(String, String)> {
    let redacted = |(name, value): (&HeaderName, &HeaderValue)| {
        (name.as_str().to_owned(), redact::header(name.as_str(), value.as_bytes()))
    };
    headers.iter().map(redacted).collect()
}
