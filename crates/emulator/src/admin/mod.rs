//! The management endpoints under `/_emulator`. They control the emulator and are not part of the emulated service.
//!
//! They need no token, no fault rule applies to them, and they are not recorded as exchanges.
//! [`origin_check`] keeps other web pages from calling them through a browser on this machine.

mod customer_views;
mod handlers;
mod origin_check;
mod page;
mod partner_views;
mod query;
mod response;
mod views;

use bytes::Bytes;
use http::header::{CACHE_CONTROL, HeaderValue};
use http::{Request, Response, StatusCode};
use serde_json::json;

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
const ENDPOINTS: [&str; 16] = [
    "GET /_emulator/",
    "GET /_emulator/state?customer=&limit=&after=",
    "GET /_emulator/devices?customer=&batch=&text=&limit=&after=",
    "GET /_emulator/customers?text=&limit=&after=",
    "GET /_emulator/audit?customer=&text=&limit=&after=",
    "GET /_emulator/exchanges?customer=&operation=&status=&id=&text=&limit=&after=&before=&brief=",
    "GET /_emulator/exchanges/{number}",
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
    AdminRequest { engine, method, query, body }.route(&segments)
}

fn error_response(AdminError(status, error): AdminError) -> Response<Bytes> {
    match status {
        StatusCode::NOT_FOUND => {
            response::json(status, &json!({ "error": error, "endpoints": ENDPOINTS }))
        }
        _ => response::json(status, &json!({ "error": error })),
    }
}
