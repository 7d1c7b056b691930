//! Requests of web pages of other origins (CORS). A browser lets a page read a response only if the response allows the
//! origin of the page.
//!
//! No origin is allowed by default. `/_emulator` never allows another one, because it can change everything.

use bytes::Bytes;
use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_HEADERS,
    ACCESS_CONTROL_REQUEST_METHOD, HeaderMap, HeaderName, HeaderValue, ORIGIN, VARY,
};
use http::{Method, Request, Response, StatusCode};

use crate::admin::is_admin_path;
use crate::api::response;

/// Sent by browsers before a page of a public site calls this machine.
const REQUEST_PRIVATE_NETWORK: HeaderName =
    HeaderName::from_static("access-control-request-private-network");
const ALLOW_PRIVATE_NETWORK: HeaderName =
    HeaderName::from_static("access-control-allow-private-network");

/// The origins whose pages may call the service and the sign-in.
#[derive(Clone, Debug, Default)]
pub(crate) struct AllowedOrigins(Vec<String>);

impl AllowedOrigins {
    /// Adds an origin such as `http://localhost:3000`, or `*` for all.
    pub(crate) fn add(&mut self, origin: &str) {
        self.0.push(origin.to_ascii_lowercase());
    }

    /// Returns the origin of a request if its page may read the response.
    pub(super) fn allowed<T>(&self, request: &Request<T>) -> Option<HeaderValue> {
        let origin = request.headers().get(ORIGIN)?;
        let text = origin.to_str().ok()?.to_ascii_lowercase();
        let is_allowed = self.0.iter().any(|allowed| *allowed == "*" || *allowed == text);
        (is_allowed && !is_admin_path(request.uri().path())).then(|| origin.clone())
    }
}

/// Returns the response to the request that a browser sends before the one of the page, or `None` for any other request.
pub(super) fn preflight<T>(request: &Request<T>, origin: &HeaderValue) -> Option<Response<Bytes>> {
    let asked = request.headers();
    if request.method() != Method::OPTIONS || !asked.contains_key(ACCESS_CONTROL_REQUEST_METHOD) {
        return None;
    }
    let mut response = response::empty(StatusCode::NO_CONTENT);
    let headers = response.headers_mut();
    allow(headers, origin);
    let methods = HeaderValue::from_static("GET, HEAD, POST, PUT, PATCH, DELETE");
    headers.insert(ACCESS_CONTROL_ALLOW_METHODS, methods);
    if let Some(names) = asked.get(ACCESS_CONTROL_REQUEST_HEADERS) {
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, names.clone());
    }
    headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    if asked.contains_key(REQUEST_PRIVATE_NETWORK) {
        headers.insert(ALLOW_PRIVATE_NETWORK, HeaderValue::from_static("true"));
    }
    Some(response)
}

/// Lets the page of this origin read the response and all its headers.
pub(super) fn allow(headers: &mut HeaderMap, origin: &HeaderValue) {
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
    headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("*"));
    headers.append(VARY, HeaderValue::from_static("Origin"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_named_origins_are_allowed_and_never_for_the_management_endpoints() {
        let named = ["http://localhost:3000", "https://Portal.example.com"];
        for (origins, path, origin, expected) in [
            (&[][..], "/v1/customers", Some("http://localhost:3000"), false),
            (&named, "/v1/customers", Some("http://localhost:3000"), true),
            (&named, "/common/oauth2/v2.0/token", Some("HTTP://localhost:3000"), true),
            (&named, "/v1/customers", Some("https://portal.example.com"), true),
            (&named, "/v1/customers", Some("http://localhost:30000"), false),
            (&named, "/v1/customers", Some("null"), false),
            (&named, "/v1/customers", None, false),
            (&named, "/_emulator/state", Some("http://localhost:3000"), false),
            (&["*"], "/v1/customers", Some("https://example.com"), true),
            (&["*"], "/v1/customers", Some("null"), true),
            (&["*"], "/v1/customers", None, false),
            (&["*"], "/_emulator/state", Some("https://example.com"), false),
        ] {
            let mut allowed = AllowedOrigins::default();
            origins.iter().for_each(|origin| allowed.add(origin));
            let mut request = Request::get(path);
            if let Some(origin) = origin {
                request = request.header(ORIGIN, origin);
            }
            let answer = allowed.allowed(&request.body(()).unwrap());
            assert_eq!(answer.is_some(), expected, "{origins:?} {path} {origin:?}");
            assert_eq!(answer.as_ref().map(|it| it.to_str().unwrap()), origin.filter(|_| expected));
        }
    }

    #[test]
    fn a_preflight_allows_the_method_and_the_headers_that_it_names() {
        let origin = HeaderValue::from_static("http://localhost:3000");
        let request = |method: Method| {
            Request::builder().method(method).uri("/v1/customers").header(ORIGIN, origin.clone())
        };
        let asked = request(Method::OPTIONS)
            .header(ACCESS_CONTROL_REQUEST_METHOD, "PATCH")
            .header(ACCESS_CONTROL_REQUEST_HEADERS, "authorization,ms-requestid")
            .header(REQUEST_PRIVATE_NETWORK, "true");
        let answer = preflight(&asked.body(()).unwrap(), &origin).unwrap();
        assert_eq!(answer.status(), 204);
        for (name, expected) in [
            (ACCESS_CONTROL_ALLOW_ORIGIN, "http://localhost:3000"),
            (ACCESS_CONTROL_ALLOW_METHODS, "GET, HEAD, POST, PUT, PATCH, DELETE"),
            (ACCESS_CONTROL_ALLOW_HEADERS, "authorization,ms-requestid"),
            (ALLOW_PRIVATE_NETWORK, "true"),
            (VARY, "Origin"),
        ] {
            assert_eq!(answer.headers()[&name], expected, "{name}");
        }
        assert!(preflight(&request(Method::OPTIONS).body(()).unwrap(), &origin).is_none());
        let not_options = request(Method::GET).header(ACCESS_CONTROL_REQUEST_METHOD, "GET");
        assert!(preflight(&not_options.body(()).unwrap(), &origin).is_none());
    }
}
