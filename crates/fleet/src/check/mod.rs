//! From rows to findings and devices.

pub(crate) mod dedup;
pub(crate) mod finding;
pub(crate) mod findings;
pub(crate) mod fleet;
pub(crate) mod hardware_hash;
pub(crate) mod inspect;
mod ordered_parallel;
pub(crate) mod survey;
