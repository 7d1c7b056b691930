//! The device-deployment API: routes, request bodies, handlers and responses.

pub(crate) mod enum_values;
pub(crate) mod error;
pub(crate) mod handlers;
pub(crate) mod idempotency;
pub(crate) mod paging;
pub(crate) mod request_body;
pub(crate) mod response;
pub(crate) mod response_body;
pub(crate) mod route;
