//! The emulator on a TCP port, and how each response reaches the client.

pub(crate) mod delivery;
pub(crate) mod host;
pub(crate) mod received_body;
#[cfg(feature = "tls")]
pub(crate) mod tls;
