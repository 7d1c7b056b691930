//! The API: routes, request bodies, handlers and responses.

pub(crate) mod enum_values;
pub(crate) mod error;
pub(crate) mod handlers;
pub(crate) mod idempotency;
mod list_query;
pub(crate) mod paging;
mod partner_body;
pub(crate) mod partner_handlers;
pub(crate) mod request_body;
pub(crate) mod response;
pub(crate) mod response_body;
pub(crate) mod route;
mod seek;
