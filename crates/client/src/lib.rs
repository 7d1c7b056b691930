//! The crate people use: the resource tree over the generated client, with ids that cannot go astray,
//! devices that cannot be built wrong, lists that cross page borders, jobs that can be awaited and errors
//! that explain themselves.
#![doc = include_str!("../README.md")]

mod auth;
#[cfg(feature = "blocking")]
mod blocking;
mod call;
mod client;
mod correlate;
mod device_error;
mod error;
mod fault;
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;
mod gate;
mod identity;
mod job;
mod list;
mod location;
mod model;
mod network;
mod operation;
mod pace;
mod pipeline;
mod redact;
mod request;
mod resources;
mod retry;

pub use auth::{
    AccessToken, AppOnly, Cloud, DeviceCode, DevicePrompt, RefreshToken, TokenClaims, TokenError,
    TokenProvider, TokenStore,
};
#[cfg(feature = "blocking")]
pub use blocking::BlockingList;
pub use call::{Call, RawResponse};
pub use client::{Client, ClientBuilder, PUBLIC_CLOUD, is_this_machine};
pub use correlate::{DeviceNames, Matched, MatchedBy};
pub use device_error::{DeviceError, Remedy};
pub use error::{Error, ErrorKind, Sent, ServiceCode};
pub use identity::{DeviceIdentity, DeviceKind, IdentityFields, InvalidIdentity, RefusedIdentity};
pub use job::{Job, Statuses, Wait};
pub use list::{Continuation, List, Page};
pub use model::{
    BatchUploadDetails, ConfigurationPolicy, Device, DeviceBatch, DeviceOutcome,
    DeviceUploadDetails, NewPolicy, PolicyChange,
};
pub use network::Network;
pub use partner_center_devices_raw as raw;
pub use partner_center_devices_raw::types::{
    BatchId, BatchTrackingId, BatchUploadStatus, CustomerId, DeviceId, DeviceUploadStatus,
    HardwareHash, InvalidId, PolicyCategory, PolicyId, PolicySetting,
};
pub use resources::{
    BatchUpload, Customer, DeviceBatchResource, DeviceBatches, DevicePolicies, DeviceResource,
    Devices, Policies, PolicyAssignment, PolicyResource,
};

pub use retry::Retry;

/// What every call of this crate ends with.
pub type Result<T, E = Error> = std::result::Result<T, E>;
