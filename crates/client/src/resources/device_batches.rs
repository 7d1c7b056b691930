//! The batches of a customer, and one batch.

use std::sync::Arc;

use partner_center_devices_raw::Operation;
use partner_center_devices_raw::types::{BatchId, DeviceBatchCreationRequest, DeviceId};

use super::accepted_job::accepted_job;
use super::devices::{DeviceResource, Devices};
use super::resource::resource;
use crate::calls::call::Call;
use crate::calls::operation_call::operation_call;
use crate::calls::options::CallOptions;
use crate::device_identity::DeviceIdentity;
use crate::responses::error::ErrorKind;
use crate::responses::job::Job;
use crate::responses::list::{FetchedPage, List};
use crate::responses::models::DeviceBatch;

resource! {
    /// The batches of a customer.
    DeviceBatches {}
}

impl DeviceBatches {
    /// Lists all batches
    /// (<https://learn.microsoft.com/en-us/partner-center/developer/get-the-list-of-device-batches-for-the-specified-customer>).
    pub fn list(&self) -> List<DeviceBatch> {
        let Self { shared, customer } = self.clone();
        List::new(Operation::ListDeviceBatches.id(), move || {
            let customer = customer.clone();
            operation_call(
                &shared,
                Operation::ListDeviceBatches,
                move |raw| async move { raw.list_device_batches(&customer).await },
                |response| FetchedPage::new(response, DeviceBatch::from),
            )
        })
    }

    /// Creates a batch and registers its first devices
    /// (<https://learn.microsoft.com/en-us/partner-center/developer/upload-a-list-of-devices-to-create-a-new-batch-for-the-specified-customer>).
    ///
    /// The customer sees the name of the batch as the group tag. One request may contain up to 1,000 devices
    /// (<https://learn.microsoft.com/en-us/autopilot/manual-registration>). The service accepts only the token of a
    /// signed-in user here, not an app-only token. The response to an existing name is not documented, so list the
    /// batches first.
    ///
    /// # Errors
    /// In addition to the errors of any call, [`ErrorKind::Unreadable`](crate::ErrorKind::Unreadable) if the service
    /// accepted the devices but returned no job: check the batch before you try again.
    pub fn create(
        &self,
        id: BatchId,
        devices: impl IntoIterator<Item = DeviceIdentity>,
    ) -> Call<Job> {
        let Self { shared, customer } = self.clone();
        let job_owner = (Arc::clone(&shared), customer.clone());
        let body = DeviceBatchCreationRequest {
            attributes: None,
            batch_id: id.as_str().to_owned(),
            devices: devices.into_iter().map(DeviceIdentity::into_wire).collect(),
        };
        operation_call(
            &shared,
            Operation::CreateDeviceBatch,
            move |raw| async move { raw.create_device_batch(&customer, &body).await },
            |response| accepted_job(job_owner.0, job_owner.1, response),
        )
    }
}

impl DeviceBatches {
    /// Registers devices in a batch, which is created if it does not exist. A name that differs only in case is the
    /// same batch. If somebody else creates the batch in the meantime, the devices are added to it.
    ///
    /// The options of the call apply to all requests, except for the `MS-RequestId`, which only the first write uses.
    ///
    /// # Errors
    /// The same as [`create`](Self::create) and [`Devices::add`](crate::Devices::add), and those of
    /// [`list`](Self::list).
    pub fn create_or_add(
        &self,
        id: BatchId,
        devices: impl IntoIterator<Item = DeviceIdentity>,
    ) -> Call<Job> {
        let this = self.clone();
        let devices: Vec<DeviceIdentity> = devices.into_iter().collect();
        Call::new(Operation::CreateDeviceBatch.id(), move |options| {
            Box::pin(async move {
                let other_options = CallOptions { request_id: None, ..options.clone() };
                let batches = this.list().options(other_options.clone()).await?;
                let existing = same_name(&id, batches.iter().filter_map(DeviceBatch::id));
                let add = |batch: BatchId| {
                    let Self { shared, customer } = this.clone();
                    Devices::new(shared, customer, batch).add(devices.clone())
                };
                if let Some(existing) = existing {
                    return add(existing).options(options).with_raw().await;
                }
                let created = this.create(id.clone(), devices.clone()).options(options);
                match created.with_raw().await {
                    // Only a conflict of the first attempt proves that nothing was done.
                    Err(error) if error.kind() == ErrorKind::Conflict && error.attempts() == 1 => {
                        add(id).options(other_options).with_raw().await
                    }
                    result => result,
                }
            })
        })
    }
}

/// Returns the name that equals `id`, or else the first one that differs only in case.
fn same_name(id: &BatchId, names: impl Iterator<Item = BatchId>) -> Option<BatchId> {
    let lowercase = id.as_str().to_lowercase();
    let mut same: Vec<_> = names.filter(|name| name.as_str().to_lowercase() == lowercase).collect();
    let exact = same.iter().position(|name| name == id).unwrap_or_default();
    (!same.is_empty()).then(|| same.swap_remove(exact))
}

resource! {
    /// One batch of a customer.
    DeviceBatchResource { batch: BatchId }
}

impl DeviceBatchResource {
    /// Selects the devices of the batch.
    #[must_use]
    pub fn devices(&self) -> Devices {
        let Self { shared, customer, batch } = self.clone();
        Devices::new(shared, customer, batch)
    }

    /// Selects one device of the batch.
    #[must_use]
    pub fn device(&self, id: DeviceId) -> DeviceResource {
        let Self { shared, customer, batch } = self.clone();
        DeviceResource::new(shared, customer, batch, id)
    }
}
