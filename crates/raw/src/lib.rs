// The README has the same links to files of the repository; the first definition counts.
//! [`examples/batch_status.rs`]: https://docs.rs/crate/partner-center-devices-raw/latest/source/examples/batch_status.rs
#![doc = ""]
#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))] // docs.rs labels items with their feature

mod character_references;
mod collection;
mod content_encoding;
mod date_time;
pub mod der;
mod error_codes;
mod foreign_response;
mod hardware_hash;
pub mod hash_contents;
mod hooks;
mod open_enum;
mod operation;
mod path_ids;
mod personal_text;
pub mod printable;
mod product_key;
pub mod redact;
pub mod renewed_file;
mod resource_links;
pub mod text_encoding;
pub mod transport;
pub mod web_page;

#[rustfmt::skip]
#[allow(clippy::all, clippy::unwrap_used, unreachable_pub)]
mod generated;
#[rustfmt::skip]
mod generated_enums;
#[rustfmt::skip]
mod generated_operations;

/// The types of requests and responses, with the names of the spec.
pub mod types {
    pub use crate::collection::Collection;
    pub use crate::date_time::PartnerDateTime;
    pub use crate::error_codes::{DeviceErrorCode, FaultCode};
    pub use crate::generated::types::*;
    pub use crate::generated_enums::*;
    pub use crate::hardware_hash::HardwareHash;
    pub use crate::path_ids::{
        BatchId, BatchTrackingId, CustomerId, DeviceId, InvalidId, PolicyId,
    };
    pub use crate::personal_text::PersonalText;
}

pub use foreign_response::ForeignResponse;
pub use generated::Client;
pub use generated_operations::Operation;
pub use operation::Effect;
pub use product_key::is_product_key_id;
pub use progenitor_client::{ClientInfo, ResponseValue};
pub use transport::{BoxError, BoxFuture, Direct, Inner, Receipt, Transport};
#[cfg(not(target_arch = "wasm32"))]
pub use transport::{InProcess, Service};

// The crates of other types in signatures.
pub use bytes;
pub use http;
pub use progenitor_client;
pub use reqwest;
pub use serde_json;
pub use uuid;

/// The error of a call of the generated client.
///
/// Error bodies have no type: documents and gateways use too many formats (fault object, gateway object, text, HTML,
/// nothing). Every status outside 2xx is [`Error::UnexpectedResponse`], with status, headers and body.
///
/// `Display` and `Debug` of some variants print whole headers or bodies, including hardware hashes. Do not log them, or
/// use [`redact`] first.
pub type Error = progenitor_client::Error<()>;
