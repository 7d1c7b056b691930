//! How a call runs: its options, the pipeline, and the decisions the pipeline makes.

pub(crate) mod call;
pub(crate) mod custom_request;
pub(crate) mod operation;
pub(crate) mod pipeline;
pub(crate) mod rate_limit;
pub(crate) mod retry;
pub(crate) mod throttle;
