// The README has the same links to files of the repository; the first definition counts.
//! [`examples/create_wait_resume.rs`]: https://docs.rs/crate/partner-center-devices/latest/source/examples/create_wait_resume.rs
//! [`examples/browser_sign_in.rs`]: https://docs.rs/crate/partner-center-devices/latest/source/examples/browser_sign_in.rs
//! [`examples/axum_service.rs`]: https://docs.rs/crate/partner-center-devices/latest/source/examples/axum_service.rs
#![doc = ""]
#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))] // docs.rs labels items with their feature

mod audit;
mod auth;
mod base_url;
#[cfg(feature = "blocking")]
mod blocking;
mod calls;
mod certificate_fields;
mod client;
mod client_builder;
mod device_identity;
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;
mod key_file;
mod key_pair;
mod network;
mod resources;
mod responses;
mod root_cause;

pub use audit::query::{AuditQuery, InvalidAuditDays};
pub use audit::records::AuditRecords;
pub use audit::utc_day::{InvalidDay, UtcDay};
pub use auth::{
    AccessToken, AppOnly, AuthorizationCode, ClientCredential, Cloud, DeviceCode, DevicePrompt,
    RefreshToken, SignInCode, SignInPage, TokenClaims, TokenError, TokenProvider, TokenStore,
};
pub use base_url::{PUBLIC_CLOUD, is_loopback_url};
#[cfg(feature = "blocking")]
pub use blocking::BlockingList;
pub use calls::call::Call;
pub use calls::observer::{CallEvent, CallInfo, CallObserver, WaitReason};
pub use calls::raw_response::RawResponse;
pub use calls::retry::Retry;
pub use calls::retry_classifier::{FailedAttempt, RetryClassifier};
pub use client::Client;
pub use client_builder::ClientBuilder;
pub use device_identity::{
    DeviceIdentity, DeviceKind, IdentityFields, IncompleteIdentity, InvalidIdentity,
};
pub use network::{InvalidProxy, Network};
// Types of other crates in signatures.
pub use bytes;
pub use futures_core;
pub use http;
pub use partner_center_devices_raw as raw;
pub use partner_center_devices_raw::hash_contents::{
    HashContents, HashProblem, InvalidHash, RepairField, ToolBuild, TpmReadiness,
};
pub use partner_center_devices_raw::types::{
    AuditOperationStatus, AuditOperationType, AuditResourceType, BatchId, BatchTrackingId,
    BatchUploadStatus, CustomerId, CustomerPartnerRelationship, DeviceId, DeviceUploadStatus,
    HardwareHash, InvalidId, PartnerRelationshipType, PersonalText, PolicyCategory, PolicyId,
    PolicySetting,
};
pub use partner_center_devices_raw::{BoxError, BoxFuture, Operation, Service, Transport};
pub use reqwest;
pub use secrecy;
pub use url;
pub use uuid;

pub use resources::batch_upload::BatchUpload;
pub use resources::customer::Customer;
pub use resources::customers::{CustomerFilter, Customers};
pub use resources::device_batches::{DeviceBatchResource, DeviceBatches};
pub use resources::device_policies::{DevicePolicies, PolicyAssignment};
pub use resources::devices::{DeviceResource, Devices};
pub use resources::policies::{Policies, PolicyResource};
pub use responses::correlate::{MatchKeys, Matched, MatchedBy};
pub use responses::device_error::{DeviceError, Remedy};
pub use responses::error::{Error, ErrorKind, Sent};
pub use responses::job::{Job, Statuses, Wait};
pub use responses::list::{List, Page};
pub use responses::models::{
    BatchUploadDetails, ConfigurationPolicy, Device, DeviceBatch, DeviceOutcome,
    DeviceUploadDetails, NewPolicy, PolicyChange,
};
pub use responses::next_page::Continuation;
pub use responses::partner_models::{
    AuditRecord, CustomerDetails, OrganizationProfile, PartnerRelationship,
};
pub use responses::service_code::ServiceCode;

/// The result of a call of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;
