//! Calls: their options, the pipeline that runs them, and the rules that the pipeline follows.

mod attempt;
pub(crate) mod call;
pub(crate) mod call_record;
pub(crate) mod claims_challenge;
pub(crate) mod custom_request;
mod deadline;
pub(crate) mod decode_problem;
pub(crate) mod field_filter;
pub(crate) mod headers;
pub(crate) mod observer;
pub(crate) mod operation_call;
pub(crate) mod options;
pub(crate) mod pipeline;
pub(crate) mod rate_limit;
pub(crate) mod raw_response;
pub(crate) mod request_kind;
pub(crate) mod retry;
pub(crate) mod retry_after;
pub(crate) mod retry_budget;
pub(crate) mod retry_classifier;
pub(crate) mod service_headers;
pub(crate) mod throttle;
pub(crate) mod timed_out;
