//! What each command does, a file for each.

pub(crate) mod batches;
pub(crate) mod check;
pub(crate) mod emulator;
pub(crate) mod explain;
pub(crate) mod journals;
pub(crate) mod policies;
pub(crate) mod schema;
pub(crate) mod upload;
