//! The devices of a batch, and one device.

use std::sync::Arc;

use http::{HeaderMap, StatusCode};
use partner_center_devices_raw::types::{self as wire, BatchId, DeviceId, PolicyId};
use partner_center_devices_raw::{self as raw, Operation, ResponseValue};

use super::accepted_job::accepted_job;
use super::device_policies::device_policy;
use super::resource::resource;
use crate::calls::call::Call;
use crate::calls::operation_call::operation_call;
use crate::calls::pipeline::DecodedResponse;
use crate::device_identity::DeviceIdentity;
use crate::responses::job::Job;
use crate::responses::list::{FetchedPage, List};
use crate::responses::models::Device;

resource! {
    /// The devices of a batch.
    Devices { batch: BatchId }
}

impl Devices {
    /// Lists all devices of the batch, 100 a page
    /// (<https://learn.microsoft.com/en-us/partner-center/developer/get-a-list-of-devices-for-the-specified-batch-and-customer>).
    pub fn list(&self) -> List<Device> {
        let Self { shared, customer, batch } = self.clone();
        List::new(Operation::ListDevices.id(), move || {
            let (customer, batch) = (customer.clone(), batch.clone());
            operation_call(
                &shared,
                Operation::ListDevices,
                move |raw| async move { raw.list_devices(&customer, &batch, None, None).await },
                |response| FetchedPage::new(response, Device::from),
            )
        })
    }

    /// Registers more devices in the batch
    /// (<https://learn.microsoft.com/en-us/partner-center/developer/upload-a-list-of-devices-for-the-specified-customer>).
    /// One request may contain up to 1,000 devices (<https://learn.microsoft.com/en-us/autopilot/manual-registration>).
    ///
    /// # Errors
    /// In addition to the errors of any call, [`ErrorKind::Unreadable`](crate::ErrorKind::Unreadable) if the service
    /// accepted the devices but returned no job: check the batch before you try again.
    pub fn add(&self, devices: impl IntoIterator<Item = DeviceIdentity>) -> Call<Job> {
        let Self { shared, customer, batch } = self.clone();
        let job_owner = (Arc::clone(&shared), customer.clone());
        let body: Vec<wire::Device> = devices.into_iter().map(DeviceIdentity::into_wire).collect();
        operation_call(
            &shared,
            Operation::AddDevices,
            move |raw| async move { raw.add_devices(&customer, &batch, &body).await },
            |response| accepted_job(job_owner.0, job_owner.1, response),
        )
    }
}

resource! {
    /// One device of a batch.
    DeviceResource { batch: BatchId, device: DeviceId }
}

impl DeviceResource {
    /// Assigns a policy to the device, or removes it with `None`. Returns the device if the service sends it.
    ///
    /// The developer guide does not describe this call. It is in the REST reference
    /// (<https://learn.microsoft.com/en-us/rest/api/partner-center/device-deployment/update-device-batches>) and in the
    /// archived SDK, where the method is called `Patch` but sends a PUT. Removing a policy by leaving out the value is
    /// not documented either; it is inferred from the lists, which show a missing policy as null.
    pub fn update(&self, policy: Option<PolicyId>) -> Call<Option<Device>> {
        let Self { shared, customer, batch, device } = self.clone();
        let body =
            wire::Device { policies: Some(vec![device_policy(policy)]), ..wire::Device::default() };
        operation_call(
            &shared,
            Operation::UpdateDevice,
            move |raw| async move {
                match raw.update_device(&customer, &batch, &device, &body).await {
                    Ok(response) => {
                        let (status, headers) = (response.status(), response.headers().clone());
                        Ok(ResponseValue::new(Some(response.into_inner()), status, headers))
                    }
                    // No document shows a response, so an empty body counts as a success too.
                    Err(raw::Error::InvalidResponsePayload(body, _)) if body.is_empty() => {
                        Ok(ResponseValue::new(None, StatusCode::OK, HeaderMap::new()))
                    }
                    Err(error) => Err(error),
                }
            },
            |response: DecodedResponse<Option<wire::Device>>| Ok(response.value.map(Device::from)),
        )
    }

    /// Removes the device from its batch and from the customer
    /// (<https://learn.microsoft.com/en-us/partner-center/developer/delete-a-device-for-the-specified-customer>).
    pub fn delete(&self) -> Call<()> {
        let Self { shared, customer, batch, device } = self.clone();
        operation_call(
            &shared,
            Operation::DeleteDevice,
            move |raw| async move { raw.delete_device(&customer, &batch, &device).await },
            |_| Ok(()),
        )
    }
}
