//! The state of the emulated service: customers, batches, devices, policies, jobs, and the audit log.

pub(crate) mod audit_log;
pub(crate) mod clock;
pub(crate) mod customer;
pub(crate) mod device;
mod device_store;
pub(crate) mod hardware;
pub(crate) mod hardware_hash;
pub(crate) mod identity;
mod identity_index;
pub(crate) mod ids;
pub(crate) mod job;
mod job_runner;
pub(crate) mod keys;
pub(crate) mod outcome;
pub(crate) mod pace;
pub(crate) mod partner;
pub(crate) mod policy;
pub(crate) mod text_limit;
pub(crate) mod world;
