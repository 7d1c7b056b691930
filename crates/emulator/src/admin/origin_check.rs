//! Protection against other web pages that call the management endpoints through a browser on this machine.
//!
//! - A request whose `Host` is a public name is rejected, because an attacker can point a public name at this machine.
//! - A change whose `Origin` is not the emulator is rejected.
//! - A change with a body must be declared as JSON. A browser sends JSON to another origin only after a preflight
//!   request, which the emulator does not allow.

use std::net::IpAddr;
use std::str::FromStr;

use http::header::{CONTENT_TYPE, HOST, HeaderMap, HeaderValue, ORIGIN};
use http::{Method, StatusCode};

use super::response::AdminError;
use crate::http::received_body::ReceivedBody;

/// Checks a request and returns its body.
pub(super) fn check<'a>(
    method: &Method,
    headers: &HeaderMap,
    body: ReceivedBody<'a>,
) -> Result<&'a [u8], AdminError> {
    let host = lower_case(headers.get(HOST));
    if host.as_deref().is_some_and(|host| !is_private(host)) {
        return Err(forbidden("Host must be an IP address or a name that is not public."));
    }
    let body = match body {
        ReceivedBody::Complete(body) => body.as_ref(),
        ReceivedBody::TooLarge => {
            let message = "The body is too large.".to_owned();
            return Err(AdminError(StatusCode::PAYLOAD_TOO_LARGE, message.into()));
        }
        ReceivedBody::Incomplete => return Err(AdminError::bad_request("The body is incomplete.")),
    };
    if method == Method::GET {
        return Ok(body);
    }
    if let Some(origin) = lower_case(headers.get(ORIGIN)) {
        let same_origin =
            origin.split_once("://").is_some_and(|(_, origin)| Some(origin) == host.as_deref());
        if !same_origin {
            return Err(forbidden("Origin must be the emulator's own origin."));
        }
    }
    let content_type = lower_case(headers.get(CONTENT_TYPE)).unwrap_or_default();
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    if !body.is_empty() && media_type != "application/json" {
        let message = "Content-Type must be application/json.".to_owned();
        return Err(AdminError(StatusCode::UNSUPPORTED_MEDIA_TYPE, message.into()));
    }
    Ok(body)
}

fn lower_case(value: Option<&HeaderValue>) -> Option<String> {
    value.map(|value| value.to_str().unwrap_or_default().to_ascii_lowercase())
}

fn forbidden(message: &str) -> AdminError {
    AdminError(StatusCode::FORBIDDEN, message.to_owned().into())
}

/// Returns a `Host` without its port.
pub(crate) fn host_name(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

/// Returns whether a `Host` is an address, a single word, or a name under a reserved domain.
pub(crate) fn is_private(host: &str) -> bool {
    let name = host_name(host);
    let address = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(name);
    let reserved = [".localhost", ".local", ".internal", ".test"];
    IpAddr::from_str(address).is_ok()
        || !name.contains('.')
        || reserved.into_iter().any(|domain| name.ends_with(domain))
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;

    #[test]
    fn accepts_only_private_hosts() {
        for (host, private) in [
            ("127.0.0.1:8085", true),
            ("192.0.2.7", true),
            ("[::1]:8085", true),
            ("localhost:8085", true),
            ("emulator:8085", true),
            ("emulator.test", true),
            ("host.docker.internal:80", true),
            ("rebind.example.com:8085", false),
            ("127.0.0.1.example.com", false),
            ("localhost.example.com", false),
        ] {
            assert_eq!(is_private(host), private, "{host}");
        }
    }

    #[test]
    fn changes_need_the_same_origin_and_json() {
        let body = Bytes::from_static(b"{}");
        let status = |method: Method, headers: &[(&'static str, &'static str)], body: &Bytes| {
            let headers: HeaderMap = headers
                .iter()
                .map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_static(value)))
                .collect();
            let checked = check(&method, &headers, ReceivedBody::Complete(body));
            checked.map_or_else(|AdminError(status, _)| status.as_u16(), |_| 200)
        };
        let json = ("content-type", "application/json; charset=utf-8");
        let host = ("host", "127.0.0.1:80");
        for (headers, expected) in [
            (vec![host, json], 200),
            (vec![json], 200),
            (vec![host], 415),
            (vec![host, ("content-type", "text/plain")], 415),
            (vec![host, json, ("origin", "http://127.0.0.1:80")], 200),
            (vec![host, json, ("origin", "http://127.0.0.1:81")], 403),
            (vec![host, json, ("origin", "https://example.com")], 403),
            (vec![host, json, ("origin", "null")], 403),
            (vec![json, ("origin", "http://127.0.0.1:80")], 403),
            (vec![("host", "example.com"), json], 403),
        ] {
            assert_eq!(status(Method::POST, &headers, &body), expected, "{headers:?}");
        }
        assert_eq!(status(Method::POST, &[host], &Bytes::new()), 200);
        assert_eq!(status(Method::GET, &[host, ("origin", "null")], &Bytes::new()), 200);
        assert_eq!(status(Method::GET, &[("host", "example.com")], &Bytes::new()), 403);
    }
}
