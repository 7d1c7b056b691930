//! The crate people use: the resource tree over the generated client, with ids that cannot go astray,
//! devices that cannot be built wrong, lists that cross page borders, jobs that can be awaited and errors
//! that explain themselves.
#![doc = include_str!("../README.md")]

mod auth;
#[cfg(feature = "blocking")]
mod blocking;
mod calls;
mod client;
mod device_identity;
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;
mod network;
mod resources;
mod responses;

pub use auth::{
    AccessToken, AppOnly, Cloud, DeviceCode, DevicePrompt, RefreshToken, TokenClaims, TokenError,
    TokenProvider, TokenStore,
};
#[cfg(feature = "blocking")]
pub use blocking::BlockingList;
pub use calls::call::{Call, RawResponse};
pub use client::{Client, ClientBuilder, PUBLIC_CLOUD, is_loopback_url};
pub use device_identity::{
    DeviceIdentity, DeviceKind, IdentityFields, IncompleteIdentity, InvalidIdentity,
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
pub use responses::correlate::{MatchKeys, Matched, MatchedBy};
pub use responses::device_error::{DeviceError, Remedy};
pub use responses::error::{Error, ErrorKind, Sent, ServiceCode};
pub use responses::job::{Job, Statuses, Wait};
pub use responses::list::{Continuation, List, Page};
pub use responses::models::{
    BatchUploadDetails, ConfigurationPolicy, Device, DeviceBatch, DeviceOutcome,
    DeviceUploadDetails, NewPolicy, PolicyChange,
};

pub use calls::retry::Retry;

/// What every call of this crate ends with.
pub type Result<T, E = Error> = std::result::Result<T, E>;
