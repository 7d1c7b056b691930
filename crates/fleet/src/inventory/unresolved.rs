//! Queries that do not lead to a device a plan can act on, and the reasons.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::device::RegisteredDevice;
use super::device_query::DeviceQuery;

/// A query that a plan or comparison could not resolve to a device, with the reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct UnresolvedQuery {
    /// The query.
    #[serde(rename = "wanted")]
    pub query: DeviceQuery,
    /// The reason.
    pub reason: UnresolvedReason,
    /// The reason and what to do, in plain words.
    pub message: String,
    /// Up to 20 candidates: the devices that match or, if none does, devices with similar identifiers.
    pub devices: Vec<RegisteredDevice>,
}

/// The reason a query could not be resolved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum UnresolvedReason {
    /// No device matches, in the batches that could be read.
    NotFound,
    /// Several devices match.
    #[serde(rename = "several")]
    MultipleMatches,
    /// Only a hardware hash is known, and the service's lists contain no hashes.
    HashOnly,
    /// Only a placeholder serial number is known, which many devices share.
    Placeholder,
    /// No identifier is known.
    #[serde(rename = "nameless")]
    NoIdentifier,
    /// The row's values cannot be trusted.
    #[serde(rename = "brokenRow")]
    InvalidRow,
    /// The service returned no usable id for the device.
    NoDeviceId,
    /// More rows for different devices match than there are registered devices.
    FewerDevices,
}

impl UnresolvedReason {
    fn meaning(self) -> &'static str {
        match self {
            Self::NotFound => "no registered device matches: check the spelling and the customer",
            Self::MultipleMatches => {
                "several registered devices match: specify the batch or the device id, or act on all matches"
            }
            Self::HashOnly => {
                "the service does not list hardware hashes: add the serial number or the product key"
            }
            Self::Placeholder => {
                "the serial number is a placeholder that many devices share: add the product key or the device id"
            }
            Self::NoIdentifier => "there is no device id, serial number or product key to look for",
            Self::InvalidRow => "fix the error in this row first",
            Self::NoDeviceId => {
                "the service returned no usable id for this device: list the devices again later"
            }
            Self::FewerDevices => {
                "more rows match than devices are registered: at least one device is missing, but it is not clear which"
            }
        }
    }
}

/// Shows the meaning and what to do, in plain words.
impl fmt::Display for UnresolvedReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.meaning())
    }
}

impl UnresolvedQuery {
    pub(super) fn new(
        query: DeviceQuery,
        reason: UnresolvedReason,
        devices: Vec<RegisteredDevice>,
    ) -> Self {
        let message = match &query.problem {
            Some(problem) if reason == UnresolvedReason::InvalidRow => {
                format!("{}: {problem}", reason.meaning())
            }
            _ => reason.meaning().to_owned(),
        };
        Self { query, reason, message, devices }
    }
}
