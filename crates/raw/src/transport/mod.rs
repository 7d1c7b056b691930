//! Transports, which send a complete request and return the response. Tokens, ids and retries are up to the
//! implementation of [`Transport`].
//!
//! There are three: [`Direct`] sends with reqwest, [`InProcess`] calls a [`Service`] without a socket, and the receipt of
//! [`Client::with_receipt`](crate::Client::with_receipt) records what another transport received.
//!
//! On `wasm32`, reqwest sends with `fetch`, whose response cannot be built or changed. Therefore [`InProcess`],
//! [`Service`], [`response`] and the functions that read a body do not exist there.

mod body;
#[cfg(any(target_arch = "wasm32", test))] // its tests need no browser
pub(crate) mod browser;
mod contract;
mod direct;
#[cfg(not(target_arch = "wasm32"))]
mod in_process;
#[cfg(not(target_arch = "wasm32"))]
pub(crate) mod native;
mod receipt;

pub use crate::content_encoding::UnreadableEncoding;
pub use body::{MAX_BODY, MAX_ERROR_BODY, TooLarge, body_limit, strip_bom};
#[cfg(target_arch = "wasm32")]
pub(crate) use browser as target;
pub use contract::{BoxError, BoxFuture, Inner, Transport, bearer_token};
pub use direct::Direct;
#[cfg(not(target_arch = "wasm32"))]
pub use in_process::{InProcess, Service};
#[cfg(not(target_arch = "wasm32"))]
pub(crate) use native as target;
#[cfg(not(target_arch = "wasm32"))]
pub use native::{read_body, read_encoded_body, read_error_body, response};
pub use receipt::Receipt;
pub(crate) use receipt::ReceiptTransport;
