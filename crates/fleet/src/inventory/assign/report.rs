//! The report: each device of a plan with its outcome.

use partner_center_devices::{BatchTrackingId, CustomerId, PolicyId};
use serde::{Deserialize, Serialize};

use crate::inventory::call_failure::CallFailure;
use crate::inventory::device::RegisteredDevice;
use crate::inventory::device_query::DeviceQuery;
use crate::inventory::listing::UnlistedBatch;
use crate::inventory::selection::PlannedDevice;
use crate::inventory::unresolved::UnresolvedQuery;

/// The result of an [`AssignPlan`](super::AssignPlan).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AssignReport {
    /// The customer.
    #[cfg_attr(feature = "schemars", schemars(with = "String"))]
    pub customer: CustomerId,
    /// The policy. If absent, the policy was removed.
    #[cfg_attr(feature = "schemars", schemars(with = "Option<String>"))]
    pub policy: Option<PolicyId>,
    /// The devices with their outcomes: first those of the plan in its order, then those that already had the policy.
    pub devices: Vec<AssignedDevice>,
    /// The queries that could not be resolved.
    pub unresolved: Vec<UnresolvedQuery>,
    /// The batches that could not be read completely when the plan was made.
    pub unlisted: Vec<UnlistedBatch>,
}

/// A device of an [`AssignPlan`](super::AssignPlan) with its outcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AssignedDevice {
    /// The device as it was before the change.
    pub device: RegisteredDevice,
    /// The rows or identifiers that select it.
    #[serde(rename = "wanted")]
    pub queries: Vec<DeviceQuery>,
    /// The tracking id of the job the device was sent in.
    #[cfg_attr(feature = "schemars", schemars(with = "Option<String>"))]
    pub tracking_id: Option<BatchTrackingId>,
    /// The outcome.
    #[serde(flatten)]
    pub outcome: AssignOutcome,
}

/// The outcome of assigning a policy to a device. In JSON, the `outcome` field contains its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(tag = "outcome", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[non_exhaustive]
pub enum AssignOutcome {
    /// The device has the policy now.
    Assigned,
    /// The device already had the policy.
    #[serde(rename = "alreadyHadIt")]
    AlreadyAssigned,
    /// The service rejected the device.
    #[serde(rename = "refused")]
    Rejected {
        /// The service's code, such as `809`; empty if it returned none.
        code: String,
        /// The service's error name, such as `ZtdProfileIsNotRegistered`, or its message.
        name: String,
        /// The meaning of the code, if known.
        meaning: Option<String>,
        /// What to do, if known.
        cure: Option<String>,
    },
    /// The request failed and certainly changed nothing.
    Failed {
        /// The reason.
        failure: CallFailure,
    },
    /// The device was sent, or may have been sent, and the outcome is unknown. Assigning the policy again is safe.
    Unknown {
        /// The failed call, if there was one.
        failure: Option<CallFailure>,
    },
    /// Not attempted, because of cancellation or an earlier failure that affects all calls.
    NotTried,
}

/// The number of devices by outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AssignTotals {
    /// Changed devices.
    pub assigned: usize,
    /// Devices that already had the policy.
    #[serde(rename = "alreadyHadIt")]
    pub already_assigned: usize,
    /// Devices that the service rejected.
    #[serde(rename = "refused")]
    pub rejected: usize,
    /// Devices whose request failed.
    pub failed: usize,
    /// Devices whose outcome is unknown.
    pub unknown: usize,
    /// Devices that were not attempted.
    pub not_tried: usize,
}

impl AssignReport {
    /// Counts the devices by outcome.
    #[must_use]
    pub fn totals(&self) -> AssignTotals {
        let mut totals = AssignTotals::default();
        for device in &self.devices {
            *match device.outcome {
                AssignOutcome::Assigned => &mut totals.assigned,
                AssignOutcome::AlreadyAssigned => &mut totals.already_assigned,
                AssignOutcome::Rejected { .. } => &mut totals.rejected,
                AssignOutcome::Failed { .. } => &mut totals.failed,
                AssignOutcome::Unknown { .. } => &mut totals.unknown,
                AssignOutcome::NotTried => &mut totals.not_tried,
            } += 1;
        }
        totals
    }

    /// Returns true if every query was resolved, every batch was read, and every device has the policy.
    #[must_use]
    pub fn all_succeeded(&self) -> bool {
        let succeeded = |device: &AssignedDevice| {
            matches!(device.outcome, AssignOutcome::Assigned | AssignOutcome::AlreadyAssigned)
        };
        self.unresolved.is_empty() && self.unlisted.is_empty() && self.devices.iter().all(succeeded)
    }
}

impl AssignedDevice {
    pub(super) fn new(planned: PlannedDevice, outcome: AssignOutcome) -> Self {
        let PlannedDevice { device, queries, .. } = planned;
        Self { device, queries, tracking_id: None, outcome }
    }
}
