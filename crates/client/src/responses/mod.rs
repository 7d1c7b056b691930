//! Responses: typed models, lists, jobs and errors.

pub(crate) mod correlate;
mod cut_off_json;
pub(crate) mod device_error;
pub(crate) mod error;
pub(crate) mod error_body;
pub(crate) mod failed_response;
pub(crate) mod job;
pub(crate) mod list;
pub(crate) mod location;
pub(crate) mod model;
pub(crate) mod models;
pub(crate) mod next_page;
pub(crate) mod partner_models;
pub(crate) mod service_code;
mod xml_text;
