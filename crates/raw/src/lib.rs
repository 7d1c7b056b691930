//! The wire: what `spec/device-deployment.yaml` says, as Rust. `generated.rs` and `generated_enums.rs` are made from
//! the spec by `cargo xtask codegen`; the rest of the crate is the seam they need. No policy lives here: no
//! token, no retry, no logging.
#![doc = include_str!("../README.md")]

mod collection;
mod date_time;
mod device_error_code;
mod hardware_hash;
mod hooks;
mod open_enum;
mod operation;
mod path_ids;
pub mod redact;
pub mod transport;

#[rustfmt::skip]
#[allow(clippy::all, clippy::unwrap_used, unreachable_pub)]
mod generated;
#[rustfmt::skip]
mod generated_enums;
#[rustfmt::skip]
mod generated_operations;

/// Every type that crosses the wire, under the names of the spec.
pub mod types {
    pub use crate::collection::Collection;
    pub use crate::date_time::PartnerDateTime;
    pub use crate::device_error_code::DeviceErrorCode;
    pub use crate::generated::types::*;
    pub use crate::generated_enums::*;
    pub use crate::hardware_hash::HardwareHash;
    pub use crate::path_ids::{
        BatchId, BatchTrackingId, CustomerId, DeviceId, InvalidId, PolicyId,
    };
}

pub use generated::Client;
pub use generated_operations::Operation;
pub use operation::Effect;
pub use progenitor_client::{ClientInfo, ResponseValue};
pub use transport::{BoxError, BoxFuture, Direct, InProcess, Inner, Receipt, Service, Transport};

/// What a call of the raw layer fails with.
///
/// No error body is typed here: documents and gateways disagree too much (fault object, gateway object,
/// text, HTML, nothing), so every status outside 2xx is [`Error::UnexpectedResponse`] and keeps status,
/// headers and body for you to read.
///
/// `Display` and `Debug` of some variants print whole headers or bodies, hardware hashes included. Do not log them.
pub type Error = progenitor_client::Error<()>;
