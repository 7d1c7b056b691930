//! Exchanges as an HTTP Archive (HAR 1.2), which browsers, proxies and load testers open.
//!
//! Secrets are left out: a token is the placeholder `$TOKEN`, and hardware hashes are shortened.

use serde_json::{Value, json};
use url::form_urlencoded;

use crate::storage::exchange_view::{Content, ExchangeView};

/// Returns a HAR of these exchanges. `origin` is the URL of the emulator, without a slash at the end.
pub(super) fn har(exchanges: &[ExchangeView], origin: &str) -> Value {
    let program = json!({ "name": env!("CARGO_PKG_NAME"), "version": env!("CARGO_PKG_VERSION") });
    let entries: Vec<Value> = exchanges.iter().map(|exchange| entry(exchange, origin)).collect();
    json!({ "log": { "version": "1.2", "creator": program, "entries": entries } })
}

fn entry(exchange: &ExchangeView, origin: &str) -> Value {
    let ExchangeView { path, query, milliseconds, content, .. } = exchange;
    let query = query.as_deref().unwrap_or_default();
    let separator = if query.is_empty() { "" } else { "?" };
    let parameters: Vec<Value> =
        form_urlencoded::parse(query.as_bytes()).map(|(name, value)| pair(&name, &value)).collect();
    let none = Content::default();
    let content = content.as_ref().unwrap_or(&none);
    let mut entry = json!({
        "startedDateTime": exchange.time,
        "time": milliseconds,
        "request": {
            "method": exchange.method,
            "url": format!("{origin}{path}{separator}{query}"),
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": headers(&content.request_headers),
            "queryString": parameters,
            "headersSize": -1,
            "bodySize": exchange.request_bytes,
        },
        // A status of 0 means that the connection closed without a response.
        "response": {
            "status": exchange.status.unwrap_or(0),
            "statusText": "",
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": headers(&content.response_headers),
            "content": body(&content.response_headers, &content.response, exchange.response_bytes),
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": exchange.response_bytes,
        },
        "cache": {},
        "timings": { "send": 0, "wait": milliseconds, "receive": 0 },
        "comment": format!("exchange {}", exchange.number),
    });
    if exchange.request_bytes > 0 {
        let sent = body(&content.request_headers, &content.request, exchange.request_bytes);
        entry["request"]["postData"] =
            json!({ "mimeType": sent["mimeType"], "text": sent["text"] });
    }
    entry
}

fn pair(name: &str, value: &str) -> Value {
    json!({ "name": name, "value": value })
}

fn headers(headers: &[(String, String)]) -> Vec<Value> {
    let shown = headers.iter().map(|(name, value)| match name.as_str() {
        "authorization" => pair(name, "Bearer $TOKEN"),
        _ => pair(name, value),
    });
    shown.collect()
}

fn body(headers: &[(String, String)], text: &str, bytes: usize) -> Value {
    let kind = headers.iter().find(|(name, _)| name == "content-type");
    let kind = kind.map_or("application/octet-stream", |(_, value)| value);
    json!({ "size": bytes, "mimeType": kind, "text": text })
}
