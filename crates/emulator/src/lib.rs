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

mod builder;
mod clock;
mod delivery;
mod device;
mod fault;
mod faults;
mod hardware;
mod host;
mod idempotency;
mod ids;
mod in_process;
mod job;
mod journal;
mod kept;
mod login;
mod machine;
mod management;
mod operations;
mod outcome;
mod pace;
mod paging;
mod read;
mod registry;
mod reply;
mod route;
mod shorten;
mod show;
mod store;
#[cfg(feature = "tls")]
mod tls;
mod tokens;
mod world;
mod world_file;

pub use builder::Builder;
pub use delivery::{Answer, Broken, Pacing};
pub use faults::{
    BodyShape, DateStyle, Effect, Faults, InvalidFaults, LimitOf, Matching, RetryAfter, Rule,
};
pub use host::Emulator;
pub use in_process::{InProcess, Resumed};
pub use login::{Auth, LoginApp, LoginSettings, LoginUser};
pub use machine::Core;
pub use pace::Pace;
pub use route::OperationId;
pub use store::DataError;
#[cfg(feature = "tls")]
pub use tls::{InvalidTls, Tls};
pub use world_file::{InvalidWorld, WorldFile};
