//! The audit log: what the users and apps of the partner did.

pub(crate) mod query;
pub(crate) mod records;
pub(crate) mod utc_day;
pub(crate) mod windows;
