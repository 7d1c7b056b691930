//! An emulator of Partner Center's device-deployment API. It decides what the service would answer to a
//! request, from what it was asked before and from the time that has passed.
//!
//! Inside, [`Core`] is a state machine: a request and the time in, an answer out. [`InProcess`] gives it
//! Tokio's clock, and [`Emulator`] a port.
//!
//! Three decisions that no document settles, and why:
//!
//! - A job ends as `finished` even if devices failed, because the documented example does. The devices
//!   carry the errors.
//! - A device with a blank hardware hash and no other identification ends with 802; a device with too
//!   little and no hash at all ends with 803. A blank text is otherwise as good as none.
//! - Devices are compared when their turn comes, so a device that is twice in a request is registered by its
//!   first row and refused in its second.
#![doc = include_str!("../README.md")]

mod admin;
mod api;
mod auth;
mod builder;
mod core;
mod domain;
mod engine;
mod fault_injection;
mod http;
mod in_process;
mod redact;
mod storage;

pub use self::core::Core;
pub use self::http::delivery::{Delivery, DeliveryError, Pacing};
pub use self::http::host::Emulator;
#[cfg(feature = "tls")]
pub use self::http::tls::{InvalidTls, Tls};
pub use api::route::OperationId;
pub use auth::{Auth, LoginApp, LoginSettings, LoginUser};
pub use builder::Builder;
pub use domain::pace::Pace;
pub use fault_injection::{
    BodyShape, DateStyle, Effect, Faults, InvalidFaults, LimitScope, Matching, RetryAfter, Rule,
};
pub use in_process::{InProcess, Resumed};
pub use storage::store::DataError;
pub use storage::world_file::{InvalidWorld, WorldFile};
