//! The management endpoints under `/_emulator`. They control the emulator and are not part of the emulated service.
//!
//! They need no token, no fault rule applies to them, and they are not recorded as exchanges.
//! [`origin_check`] keeps other web pages from calling them through a browser on this machine.

mod customer_views;
mod exchange_handlers;
mod handlers;
mod har;
mod origin_check;
mod page;
mod partner_views;
mod query;
mod response;
mod rule_error;
mod views;

use bytes::Bytes;
use http::header::{ACCEPT, CACHE_CONTROL, HeaderValue, LOCATION};
use http::{Method, Request, Response, StatusCode};
use serde_json::json;

use crate::auth;
use crate::engine::Engine;
use crate::http::received_body::ReceivedBody;
use handlers::AdminRequest;
use query::Query;
use response::AdminError;

pub(crate) use origin_check::{host_name, is_private};
pub(crate) use response::json as json_response;

/// The root of the management endpoints.
const ROOT: &str = "/_emulator";

/// All endpoints. The body of a 404 lists them.
const ENDPOINTS: [&str; 19] = [
    "GET /_emulator/",
    "GET /_emulator/state?customer=&limit=&after=",
    "GET /_emulator/devices?customer=&batch=&text=&limit=&after=",
    "GET /_emulator/customers?text=&limit=&after=",
    "GET /_emulator/audit?customer=&text=&limit=&after=",
    "GET /_emulator/events",
    "GET /_emulator/exchanges?customer=&operation=&status=&id=&text=&polls=&limit=&after=&before=&brief=",
    "GET /_emulator/exchanges.har?customer=&operation=&status=&id=&text=&polls=&limit=&after=&before=",
    "GET /_emulator/exchanges/{number}",
    "POST /_emulator/exchanges/{number}/replay?sameId=",
    "GET, PUT, POST, DELETE /_emulator/faults",
    "GET, PUT, DELETE /_emulator/faults/{id}",
    "GET /_emulator/clock",
    "POST /_emulator/clock",
    "GET /_emulator/jobs/{trackingId}?failed=&limit=&after=",
    "POST /_emulator/jobs/{trackingId}/finish",
    "POST /_emulator/login/devicecodes/{userCode}/{approve|decline}?user=",
    "POST /_emulator/reset",
    "GET, PUT /_emulator/world",
];

/// Returns whether a path is under `/_emulator`.
pub(crate) fn is_admin_path(path: &str) -> bool {
    path.strip_prefix(ROOT).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Returns whether a path names the stream of events. The server continues its response.
pub(crate) fn is_event_stream(path: &str) -> bool {
    path == "/_emulator/events"
}

/// Returns whether a person opened the base URL in a browser.
pub(crate) fn is_browser_at_root<T>(request: &Request<T>) -> bool {
    let accepts = request.headers().get_all(ACCEPT).iter();
    request.uri().path() == "/"
        && request.method() == Method::GET
        && accepts.filter_map(|types| types.to_str().ok()).any(|types| types.contains("text/html"))
}

/// Returns a redirect to the page.
pub(crate) fn redirect_to_page() -> Response<Bytes> {
    let mut response = crate::api::response::empty(StatusCode::FOUND);
    response.headers_mut().insert(LOCATION, HeaderValue::from_static("/_emulator/"));
    response
}

/// Handles a request whose path is [under `/_emulator`](is_admin_path).
pub(crate) fn handle<T>(
    engine: &mut Engine,
    request: &Request<T>,
    body: ReceivedBody<'_>,
) -> Response<Bytes> {
    let mut response = checked(engine, request, body).unwrap_or_else(error_response);
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn checked<T>(
    engine: &mut Engine,
    request: &Request<T>,
    body: ReceivedBody<'_>,
) -> Result<Response<Bytes>, AdminError> {
    let body = origin_check::check(request.method(), request.headers(), body)?;
    let path = request.uri().path().strip_prefix(ROOT).unwrap_or_default();
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    let query = Query::parse(request.uri().query().unwrap_or_default());
    let method = request.method().as_str();
    let origin = auth::root_url(request);
    AdminRequest { engine, method, query, body, origin }.route(&segments)
}

fn error_response(AdminError(status, problem): AdminError) -> Response<Bytes> {
    match status {
        StatusCode::NOT_FOUND => {
            response::json(status, &json!({ "error": problem.error, "endpoints": ENDPOINTS }))
        }
        _ => response::json(status, &problem),
    }
}
