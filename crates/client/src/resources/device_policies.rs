//! The assignment of policies to many devices.

use std::sync::Arc;

use partner_center_devices_raw::Operation;
use partner_center_devices_raw::types::{self as wire, DeviceId, PolicyCategory, PolicyId};

use super::accepted_job::accepted_job;
use super::resource::resource;
use crate::calls::call::Call;
use crate::calls::operation_call::operation_call;
use crate::device_identity::DeviceIdentity;
use crate::responses::job::Job;

/// Returns the wire type of an assignment. Without a policy, it removes the current one.
pub(super) fn device_policy(policy: Option<PolicyId>) -> wire::DevicePolicy {
    wire::DevicePolicy {
        key: Some(PolicyCategory::Oobe),
        value: policy.map(|id| id.as_str().to_owned()),
    }
}

/// The policy of one device in a bulk update.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyAssignment(Target, Option<PolicyId>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Target {
    Id(DeviceId),
    Identity(DeviceIdentity),
}

impl PolicyAssignment {
    /// Selects the device by the id that its batch lists, which is the documented way. `None` removes the policy, which
    /// is inferred rather than documented.
    #[must_use]
    pub fn by_id(device: DeviceId, policy: Option<PolicyId>) -> Self {
        Self(Target::Id(device), policy)
    }

    /// Selects the device by its identity. `None` removes the policy, which is inferred rather than documented.
    #[must_use]
    pub fn by_identity(device: DeviceIdentity, policy: Option<PolicyId>) -> Self {
        Self(Target::Identity(device), policy)
    }

    fn into_wire(self) -> wire::Device {
        let mut device = match self.0 {
            Target::Id(id) => {
                wire::Device { id: Some(id.as_str().to_owned()), ..wire::Device::default() }
            }
            Target::Identity(identity) => identity.into_wire(),
        };
        device.policies = Some(vec![device_policy(self.1)]);
        device
    }
}

resource! {
    /// The assignment of policies to many devices of a customer.
    DevicePolicies {}
}

impl DevicePolicies {
    /// Assigns policies in one job
    /// (<https://learn.microsoft.com/en-us/partner-center/developer/update-a-list-of-devices-with-a-policy>).
    ///
    /// # Errors
    /// In addition to the errors of any call, [`ErrorKind::Unreadable`](crate::ErrorKind::Unreadable) if the service
    /// accepted the assignments but returned no job.
    pub fn update(&self, assignments: impl IntoIterator<Item = PolicyAssignment>) -> Call<Job> {
        let Self { shared, customer } = self.clone();
        let job_owner = (Arc::clone(&shared), customer.clone());
        let body = wire::DevicePolicyUpdateRequest {
            attributes: None,
            devices: assignments.into_iter().map(PolicyAssignment::into_wire).collect(),
        };
        operation_call(
            &shared,
            Operation::UpdateDevicePolicies,
            move |raw| async move { raw.update_device_policies(&customer, &body).await },
            |response| accepted_job(job_owner.0, job_owner.1, response),
        )
    }
}
