//! An emulator of Partner Center's device-deployment API.
//!
//! [`Core`] is a state machine: it takes a request and the time, and returns a response. [`InProcess`] adds Tokio's
//! clock and a data folder, and [`Emulator`] adds a port.
//!
//! The documents leave four questions open. The emulator decides them as follows:
//!
//! - A job is `finished` even if devices failed, as in the documented example. The devices carry the errors.
//! - A device that is not fully identified fails with 802 if its hardware hash is blank, and with 803 if it has no
//!   hardware hash. Any other blank text counts as absent.
//! - A product key that does not have 13 digits is ignored if a hardware hash, or a serial number with manufacturer and
//!   model, identifies the device. Otherwise the device fails with 803.
//! - Each device is compared with the registered devices when its turn comes. If a request contains a device twice,
//!   the first row registers it and the second row fails.
//!
// The README has the same links to files of the repository; the first definition counts.
//! [page]: https://raw.githubusercontent.com/OWNER/partner-center-devices/main/docs/pictures/emulator.png
//! [`compose.yaml`]: https://docs.rs/crate/partner-center-devices-emulator/latest/source/compose.yaml
//! [`examples/unit_test.rs`]: https://docs.rs/crate/partner-center-devices-emulator/latest/source/examples/unit_test.rs
//! [Differences from the service]: https://docs.rs/crate/partner-center-devices-emulator/latest/source/docs/differences.md
//! [features that are missing]: https://docs.rs/crate/partner-center-devices-emulator/latest/source/docs/differences.md
//! [the benchmarks]: https://docs.rs/crate/partner-center-devices-emulator/latest/source/benches/README.md
#![doc = ""]
#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))] // docs.rs labels items with their feature

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
mod storage;

pub use auth::{AuthMode, LoginApp, LoginSettings, LoginUser};
pub use builder::Builder;
pub use domain::pace::Pace;
pub use fault_injection::{FaultRules, InvalidFaultRules};
pub use in_process::{InProcess, Resumed};
pub use storage::known_hardware::KnownHardware;
pub use storage::store::DataError;
pub use storage::world_file::{InvalidWorld, WorldFile};

pub use self::core::Core;
pub use self::http::delivery::{Delivery, DeliveryError, Pacing};
pub use self::http::server::Emulator;
#[cfg(feature = "tls")]
pub use self::http::tls::{InvalidTls, Tls};

/// The crates of other types in signatures.
pub mod crates {
    pub use ::http;
    pub use bytes;
    pub use secrecy;
}

/// The parts of a fault rule, to build [`FaultRules`] in code.
pub mod faults {
    pub use partner_center_devices_raw::Operation;
    pub use partner_center_devices_raw::types::FaultCode;

    pub use crate::fault_injection::{
        DateFormat, Effect, ErrorBodyFormat, LimitScope, RequestMatch, RetryAfterFormat, Rule,
    };
}
