//! The commands: a folder for each, with its arguments, its steps and its output.

pub(crate) mod audit;
pub(crate) mod auth;
pub(crate) mod batches;
pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod customers;
pub(crate) mod devices;
pub(crate) mod doctor;
pub(crate) mod emulator;
pub(crate) mod explain;
pub(crate) mod export;
pub(crate) mod jobs;
pub(crate) mod journals;
pub(crate) mod man;
pub(crate) mod policies;
pub(crate) mod raw;
pub(crate) mod report;
pub(crate) mod schema;
pub(crate) mod setup;
pub(crate) mod upload;
