//! Storage: the event log in the data folder, world files, and the recent exchanges in memory.

pub(crate) mod event_log;
pub(crate) mod exchange;
pub(crate) mod exchange_log;
pub(crate) mod exchange_view;
mod field_problem;
pub(crate) mod known_hardware;
mod partner_format;
pub(crate) mod store;
pub(crate) mod world_file;
mod world_format;
mod world_generator;
mod world_loader;
