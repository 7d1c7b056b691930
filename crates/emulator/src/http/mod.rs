//! The emulator as an HTTP server on a TCP port.

mod admitted_body;
mod cors;
pub(crate) mod delivery;
mod event_stream;
mod gate;
mod listener;
mod paced_body;
pub(crate) mod received_body;
pub(crate) mod server;
#[cfg(feature = "tls")]
pub(crate) mod tls;

pub(crate) use gate::GateSettings;
pub(crate) use listener::Listeners;
