//! Custom requests: checks the method and the path. A path cannot leave `/v1` of the base URL, and no server can read it
//! as a different path.

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Method};
use percent_encoding::percent_decode_str;
use url::Url;

use crate::calls::request_kind::CUSTOM_REQUEST;
use crate::responses::error::Error;

/// Builds a request from its parts.
pub(crate) fn build(
    base_url: &str,
    method: Method,
    path: &str,
    json: Option<Bytes>,
) -> Result<reqwest::Request, Error> {
    let invalid = |problem: &str| Error::input(CUSTOM_REQUEST, problem);
    check_method(&method).map_err(invalid)?;
    let url = url_of(base_url, path).map_err(invalid)?;
    let mut request = reqwest::Request::new(method, url);
    if let Some(json) = json {
        request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        *request.body_mut() = Some(json.into());
    }
    Ok(request)
}

/// Rejects unknown methods, and `CONNECT` and `TRACE`: they are for proxies and could reveal the token.
fn check_method(method: &Method) -> Result<(), &'static str> {
    match *method {
        Method::GET
        | Method::HEAD
        | Method::OPTIONS
        | Method::POST
        | Method::PUT
        | Method::PATCH
        | Method::DELETE => Ok(()),
        _ => Err("the method must be GET, HEAD, OPTIONS, POST, PUT, PATCH or DELETE"),
    }
}

/// Returns the URL of a path: `/v1/customers/...`, with or without the slash and `v1/`, and with or without a query.
fn url_of(base_url: &str, path: &str) -> Result<Url, &'static str> {
    let (path, query) = match path.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (path, None),
    };
    if path.contains("://") || path.starts_with("//") {
        return Err("the path contains a host, but the token is only sent to the base URL");
    }
    let path = path.strip_prefix('/').unwrap_or(path);
    let path = path.strip_prefix("v1/").unwrap_or(path);
    if path.contains('#') || query.is_some_and(|query| query.contains('#')) {
        return Err("the path contains a `#`, which is never sent: write `%23` instead");
    }
    if query.is_some_and(|query| query.contains(char::is_control)) {
        return Err("the query contains a control character");
    }
    path.split('/').try_for_each(check_segment)?;
    let mut url = Url::parse(&format!("{base_url}/v1/{path}"))
        .map_err(|_| "the path is not valid in a URL")?;
    url.set_query(query);
    Ok(url)
}

/// Checks a segment as a server may read it: decoded, possibly twice, and split again.
fn check_segment(segment: &str) -> Result<(), &'static str> {
    if segment.is_empty() {
        return Err("the path contains an empty segment");
    }
    let mut text = segment.to_owned();
    for _ in 0..3 {
        if text.split(['/', '\\']).any(|part| matches!(part, "." | "..")) {
            return Err("the path contains `.` or `..`, which changes the directory in a URL");
        }
        if text.contains('\\') {
            return Err("the path contains a backslash, which a URL treats as `/`");
        }
        if text.contains(char::is_control) {
            return Err("the path contains a control character");
        }
        text = percent_decode_str(&text).decode_utf8_lossy().into_owned();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_stays_below_the_base_url() {
        let base = "https://api.example/pc";
        for (path, url) in [
            ("customers/c/policies", "/customers/c/policies"),
            ("/customers/c/policies", "/customers/c/policies"),
            ("v1/customers/c/policies", "/customers/c/policies"),
            ("/v1/customers/c/policies", "/customers/c/policies"),
            ("customers?size=5&filter=a b", "/customers?size=5&filter=a%20b"),
            ("customers/c/deviceBatches/Test batch", "/customers/c/deviceBatches/Test%20batch"),
            ("customers/c/deviceBatches/a%2Fb%20c%3F", "/customers/c/deviceBatches/a%2Fb%20c%3F"),
            ("customers/user@evil.example:80/x", "/customers/user@evil.example:80/x"),
            ("customers/...", "/customers/..."),
            ("customers?next=https://x/..//y", "/customers?next=https://x/..//y"),
        ] {
            assert_eq!(url_of(base, path).unwrap().as_str(), format!("{base}/v1{url}"), "{path}");
        }
        for path in [
            "",
            "/",
            "v1/",
            "?size=5",
            "https://evil.example/v1/customers",
            "//evil.example/customers",
            "customers//policies",
            "customers/",
            "customers/../secrets",
            "customers/./policies",
            "customers/%2e%2E/secrets",
            "customers/.%2e/secrets",
            "customers/%252e%252e/secrets",
            "customers/x%2F..%2Fy",
            "customers/x%5C..%5Cy",
            "customers\\..\\x",
            "customers/x%5Cy",
            "customers/c\n/policies",
            "customers/c%0d%0a/policies",
            "customers/c%00",
            "customers/c#x",
            "customers?a#x",
            "customers?a\r\nb",
        ] {
            assert!(
                url_of(base, path).is_err(),
                "{path:?} leads to {}",
                url_of(base, path).unwrap()
            );
        }
    }

    #[test]
    fn rejects_methods_that_apis_do_not_use() {
        assert!(check_method(&Method::PATCH).is_ok());
        for method in [Method::TRACE, Method::CONNECT, Method::from_bytes(b"BREW").unwrap()] {
            assert!(check_method(&method).is_err());
        }
    }
}
