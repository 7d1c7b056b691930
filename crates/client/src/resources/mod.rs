//! The resource tree that people know from the archived .NET SDK. Decides nothing: it names the operations,
//! takes typed ids, and hands each call to the pipeline.

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use http::HeaderMap;
use partner_center_devices_raw::types as wire;
use partner_center_devices_raw::types::{
    BatchId, BatchTrackingId, CustomerId, DeviceId, PolicyCategory, PolicyId,
};
use partner_center_devices_raw::{self as raw, ResponseValue};
use serde::de::DeserializeOwned;

use crate::calls::call::Call;
use crate::calls::pipeline::{self, CallOptions, DecodedResponse, ResponseContext, Shared};
use crate::calls::retry::retry_after;
use crate::device_identity::DeviceIdentity;
use crate::responses::error::Error;
use crate::responses::job::Job;
use crate::responses::list::{Fetched, List};
use crate::responses::location;
use crate::responses::models::{
    BatchUploadDetails, ConfigurationPolicy, Device, DeviceBatch, NewPolicy, PolicyChange,
};

/// Makes a [`Call`] of one generated method.
fn call<W, T, F, Fut>(
    shared: &Arc<Shared>,
    operation: &'static str,
    send: F,
    finish: impl FnOnce(DecodedResponse<W>) -> Result<T, Error> + Send + 'static,
) -> Call<T>
where
    W: DeserializeOwned + Send + 'static,
    T: Send + 'static,
    F: FnOnce(raw::Client) -> Fut + Send + 'static,
    Fut: Future<Output = Result<ResponseValue<W>, raw::Error>> + Send + 'static,
{
    let shared = Arc::clone(shared);
    Call::new(operation, move |options| {
        Box::pin(async move {
            let answer = pipeline::run(&shared, operation, options, send).await?;
            let raw = answer.raw.clone();
            Ok((finish(answer)?, raw))
        })
    })
}

/// The job that an answer names.
fn job(customer: Customer, answer: &DecodedResponse<()>) -> Result<Job, Error> {
    let in_header =
        answer.raw.headers().get(http::header::LOCATION).and_then(|value| value.to_str().ok());
    in_header
        .and_then(location::tracking_id)
        .or_else(|| location::tracking_id_in_body(answer.raw.body()))
        .map(|id| Job::new(customer, id).taken(retry_after(answer.raw.headers())))
        .ok_or_else(|| {
            answer.facts.unreadable(
                "the service took the request and named no job in `Location`; look at the batch before you repeat it",
            )
        })
}

macro_rules! resource {
    ($(#[$doc:meta])* $name:ident { $($field:ident: $type:ty),* }) => {
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $name {
            shared: Arc<Shared>,
            customer: CustomerId,
            $($field: $type,)*
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name))
                    .field("customer", &self.customer)
                    $(.field(stringify!($field), &self.$field))*
                    .finish()
            }
        }
    };
}

resource! {
    /// One customer of the partner.
    Customer {}
}

impl Customer {
    pub(crate) fn new(shared: Arc<Shared>, customer: CustomerId) -> Self {
        Self { shared, customer }
    }

    /// The customer's id.
    #[must_use]
    pub fn id(&self) -> &CustomerId {
        &self.customer
    }

    /// The root of the service that the calls go to.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.shared.base_url
    }

    /// A job, by its tracking id.
    #[must_use]
    pub fn batch_upload_status(&self, tracking_id: BatchTrackingId) -> BatchUpload {
        let Self { shared, customer } = self.clone();
        BatchUpload { shared, customer, tracking_id }
    }

    /// A job to wait for, by its tracking id: to come back to it after a break.
    #[must_use]
    pub fn job(&self, tracking_id: BatchTrackingId) -> Job {
        Job::new(self.clone(), tracking_id)
    }

    /// All batches of the customer.
    #[must_use]
    pub fn device_batches(&self) -> DeviceBatches {
        let Self { shared, customer } = self.clone();
        DeviceBatches { shared, customer }
    }

    /// One batch, by its name.
    #[must_use]
    pub fn device_batch(&self, id: BatchId) -> DeviceBatchResource {
        let Self { shared, customer } = self.clone();
        DeviceBatchResource { shared, customer, batch: id }
    }

    /// All configuration policies of the customer.
    #[must_use]
    pub fn policies(&self) -> Policies {
        let Self { shared, customer } = self.clone();
        Policies { shared, customer }
    }

    /// One configuration policy.
    #[must_use]
    pub fn policy(&self, id: PolicyId) -> PolicyResource {
        let Self { shared, customer } = self.clone();
        PolicyResource { shared, customer, policy: id }
    }

    /// Assigning policies to many devices at once.
    #[must_use]
    pub fn device_policies(&self) -> DevicePolicies {
        let Self { shared, customer } = self.clone();
        DevicePolicies { shared, customer }
    }
}

resource! {
    /// One job of a customer.
    BatchUpload { tracking_id: BatchTrackingId }
}

impl BatchUpload {
    /// How far the job is
    /// (<https://learn.microsoft.com/en-us/partner-center/developer/get-the-status-of-a-device-batch-upload>).
    ///
    /// # Errors
    /// Beside what any call may fail with, [`ErrorKind::Unreadable`](crate::ErrorKind::Unreadable) if the answer says
    /// neither the job's state nor its devices.
    pub fn get(&self) -> Call<BatchUploadDetails> {
        let (customer, tracking) = (self.customer.clone(), self.tracking_id.clone());
        call(
            &self.shared,
            "get_batch_job_status",
            move |raw| async move { raw.get_batch_job_status(&customer, &tracking).await },
            |answer| {
                let DecodedResponse { value, facts, .. } = answer;
                if value.status.is_none() && value.devices_status.is_none() {
                    // Waiting for it would never end.
                    return Err(facts
                        .unreadable("neither the job's status nor its devices are in the answer"));
                }
                Ok(value.into())
            },
        )
    }
}

resource! {
    /// The batches of a customer.
    DeviceBatches {}
}

impl DeviceBatches {
    /// All batches
    /// (<https://learn.microsoft.com/en-us/partner-center/developer/get-the-list-of-device-batches-for-the-specified-customer>).
    pub fn list(&self) -> List<DeviceBatch> {
        let Self { shared, customer } = self.clone();
        List::new("list_device_batches", move |_| {
            let customer = customer.clone();
            call(
                &shared,
                "list_device_batches",
                move |raw| async move { raw.list_device_batches(&customer).await },
                |answer| Fetched::from_answer(answer, DeviceBatch::from),
            )
        })
    }

    /// Makes a batch and registers its first devices
    /// (<https://learn.microsoft.com/en-us/partner-center/developer/upload-a-list-of-devices-to-create-a-new-batch-for-the-specified-customer>).
    ///
    /// The batch's name becomes the group tag that the customer sees. 1,000 devices at most go at a time
    /// (<https://learn.microsoft.com/en-us/autopilot/manual-registration>). The service takes a signed-in
    /// user's token here, not an app-only one. What it answers to a name that exists is not documented: list
    /// the batches first.
    ///
    /// # Errors
    /// Beside what any call may fail with, [`ErrorKind::Unreadable`](crate::ErrorKind::Unreadable) if the service took
    /// the devices and named no job: look at the batch before you repeat it.
    pub fn create(
        &self,
        id: BatchId,
        devices: impl IntoIterator<Item = DeviceIdentity>,
    ) -> Call<Job> {
        let Self { shared, customer } = self.clone();
        let whose = Customer::new(Arc::clone(&shared), customer.clone());
        let body = wire::DeviceBatchCreationRequest {
            attributes: None,
            batch_id: id.as_str().to_owned(),
            devices: devices.into_iter().map(DeviceIdentity::into_wire).collect(),
        };
        call(
            &shared,
            "create_device_batch",
            move |raw| async move { raw.create_device_batch(&customer, &body).await },
            |answer| job(whose, &answer),
        )
    }
}

resource! {
    /// One batch of a customer.
    DeviceBatchResource { batch: BatchId }
}

impl DeviceBatchResource {
    /// The devices of the batch.
    #[must_use]
    pub fn devices(&self) -> Devices {
        let Self { shared, customer, batch } = self.clone();
        Devices { shared, customer, batch }
    }

    /// One device of the batch.
    #[must_use]
    pub fn device(&self, id: DeviceId) -> DeviceResource {
        let Self { shared, customer, batch } = self.clone();
        DeviceResource { shared, customer, batch, device: id }
    }
}

resource! {
    /// The devices of a batch.
    Devices { batch: BatchId }
}

impl Devices {
    /// All devices of the batch, 100 a page
    /// (<https://learn.microsoft.com/en-us/partner-center/developer/get-a-list-of-devices-for-the-specified-batch-and-customer>).
    pub fn list(&self) -> List<Device> {
        let Self { shared, customer, batch } = self.clone();
        List::new("list_devices", move |seek| {
            let (customer, batch) = (customer.clone(), batch.clone());
            call(
                &shared,
                "list_devices",
                move |raw| async move {
                    raw.list_devices(&customer, &batch, seek.as_deref(), None).await
                },
                |answer| Fetched::from_answer(answer, Device::from),
            )
        })
    }

    /// Registers more devices in the batch
    /// (<https://learn.microsoft.com/en-us/partner-center/developer/upload-a-list-of-devices-for-the-specified-customer>),
    /// 1,000 at most at a time (<https://learn.microsoft.com/en-us/autopilot/manual-registration>).
    ///
    /// # Errors
    /// Beside what any call may fail with, [`ErrorKind::Unreadable`](crate::ErrorKind::Unreadable) if the service took
    /// the devices and named no job: look at the batch before you repeat it.
    pub fn add(&self, devices: impl IntoIterator<Item = DeviceIdentity>) -> Call<Job> {
        let Self { shared, customer, batch } = self.clone();
        let whose = Customer::new(Arc::clone(&shared), customer.clone());
        let body: Vec<wire::Device> = devices.into_iter().map(DeviceIdentity::into_wire).collect();
        call(
            &shared,
            "add_devices",
            move |raw| async move { raw.add_devices(&customer, &batch, &body).await },
            |answer| job(whose, &answer),
        )
    }
}

resource! {
    /// One device of a batch.
    DeviceResource { batch: BatchId, device: DeviceId }
}

impl DeviceResource {
    /// Assigns a policy to the device, or none. The answer is the device, if the service sends it.
    ///
    /// No page shows this call; it is in the REST reference
    /// (<https://learn.microsoft.com/en-us/rest/api/partner-center/device-deployment/update-device-batches>) and
    /// in the archived SDK, which calls it `Patch` and sends a PUT. That no policy is said by leaving the
    /// value out is inferred from the lists, which show it as null.
    pub fn update(&self, policy: Option<PolicyId>) -> Call<Option<Device>> {
        let Self { shared, customer, batch, device } = self.clone();
        let body =
            wire::Device { policies: Some(vec![device_policy(policy)]), ..wire::Device::default() };
        call(
            &shared,
            "update_device",
            move |raw| async move {
                let result = raw.update_device(&customer, &batch, &device, &body).await;
                match result {
                    Ok(answer) => {
                        let (status, headers) = (answer.status(), answer.headers().clone());
                        Ok(ResponseValue::new(Some(answer.into_inner()), status, headers))
                    }
                    // Nobody has shown an answer: one without a body is as good.
                    Err(raw::Error::InvalidResponsePayload(body, _)) if body.is_empty() => {
                        Ok(ResponseValue::new(None, http::StatusCode::OK, HeaderMap::new()))
                    }
                    Err(error) => Err(error),
                }
            },
            |answer: DecodedResponse<Option<wire::Device>>| Ok(answer.value.map(Device::from)),
        )
    }

    /// Removes the device from its batch and from the customer
    /// (<https://learn.microsoft.com/en-us/partner-center/developer/delete-a-device-for-the-specified-customer>).
    pub fn delete(&self) -> Call<()> {
        let Self { shared, customer, batch, device } = self.clone();
        call(
            &shared,
            "delete_device",
            move |raw| async move { raw.delete_device(&customer, &batch, &device).await },
            |_| Ok(()),
        )
    }
}

fn device_policy(policy: Option<PolicyId>) -> wire::DevicePolicy {
    wire::DevicePolicy {
        key: Some(PolicyCategory::Oobe),
        value: policy.map(|id| id.as_str().to_owned()),
    }
}

/// A policy for one device of a bulk update.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyAssignment(Target, Option<PolicyId>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Target {
    Id(DeviceId),
    Identity(DeviceIdentity),
}

impl PolicyAssignment {
    /// For a device by its id, as its batch lists it: the documented way. That `None` takes a policy away is
    /// inferred, not documented.
    #[must_use]
    pub fn by_id(device: DeviceId, policy: Option<PolicyId>) -> Self {
        Self(Target::Id(device), policy)
    }

    /// For a device by what identifies it. That `None` takes a policy away is inferred, not documented.
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
    /// Assigns policies as one job
    /// (<https://learn.microsoft.com/en-us/partner-center/developer/update-a-list-of-devices-with-a-policy>).
    ///
    /// # Errors
    /// Beside what any call may fail with, [`ErrorKind::Unreadable`](crate::ErrorKind::Unreadable) if the service took
    /// the assignments and named no job.
    pub fn update(&self, assignments: impl IntoIterator<Item = PolicyAssignment>) -> Call<Job> {
        let Self { shared, customer } = self.clone();
        let whose = Customer::new(Arc::clone(&shared), customer.clone());
        let body = wire::DevicePolicyUpdateRequest {
            attributes: None,
            devices: assignments.into_iter().map(PolicyAssignment::into_wire).collect(),
        };
        call(
            &shared,
            "update_device_policies",
            move |raw| async move { raw.update_device_policies(&customer, &body).await },
            |answer| job(whose, &answer),
        )
    }
}

resource! {
    /// The configuration policies of a customer.
    Policies {}
}

impl Policies {
    /// All policies
    /// (<https://learn.microsoft.com/en-us/partner-center/developer/get-a-list-of-a-customer-s-policies>).
    pub fn list(&self) -> List<ConfigurationPolicy> {
        let Self { shared, customer } = self.clone();
        List::new("list_policies", move |_| {
            let customer = customer.clone();
            call(
                &shared,
                "list_policies",
                move |raw| async move { raw.list_policies(&customer).await },
                |answer| Fetched::from_answer(answer, ConfigurationPolicy::from),
            )
        })
    }

    /// Makes a policy
    /// (<https://learn.microsoft.com/en-us/partner-center/developer/create-a-new-configuration-policy-for-the-specified-customer>).
    pub fn create(&self, policy: NewPolicy) -> Call<ConfigurationPolicy> {
        let Self { shared, customer } = self.clone();
        let body = policy.into_wire();
        call(
            &shared,
            "create_policy",
            move |raw| async move { raw.create_policy(&customer, &body).await },
            |answer| Ok(answer.value.into()),
        )
    }
}

resource! {
    /// One configuration policy of a customer.
    PolicyResource { policy: PolicyId }
}

impl PolicyResource {
    /// The policy
    /// (<https://learn.microsoft.com/en-us/partner-center/developer/retrieve-a-customer-s-configuration-policy>).
    pub fn get(&self) -> Call<ConfigurationPolicy> {
        self.get_with_facts().map(|(_, policy)| policy)
    }

    /// Puts a whole policy in the place of this one: what is not said is lost
    /// (<https://learn.microsoft.com/en-us/partner-center/developer/update-a-configuration-policy-for-the-specified-customer>).
    /// To change a part, use [`update`](Self::update).
    pub fn replace(&self, policy: NewPolicy) -> Call<ConfigurationPolicy> {
        let Self { shared, customer, policy: id } = self.clone();
        let body = policy.into_wire_with_id(id.as_str());
        call(
            &shared,
            "replace_policy",
            move |raw| async move { raw.replace_policy(&customer, &id, &body).await },
            |answer| Ok(answer.value.into()),
        )
    }

    /// Reads the policy, changes the named parts and writes it back. The service has no version check for
    /// policies: a change made by another between the two is lost. So is what the policy holds beyond the
    /// documented members.
    ///
    /// The options of the call count for each of its two requests, but for an `MS-RequestId`, which goes with the
    /// writing one.
    ///
    /// # Errors
    /// If one of the two requests fails; or, before the second, if the service did not say what the unnamed
    /// parts are.
    pub fn update(&self, change: PolicyChange) -> Call<ConfigurationPolicy> {
        let this = self.clone();
        Call::new("replace_policy", move |options| {
            Box::pin(async move {
                let reading = CallOptions { request_id: None, ..options.clone() };
                let (facts, now) = this.get_with_facts().options(reading).await?;
                let changed = change.apply(&now).map_err(|problem| facts.unreadable(problem))?;
                this.replace(changed).options(options).with_raw().await
            })
        })
    }

    fn get_with_facts(&self) -> Call<(ResponseContext, ConfigurationPolicy)> {
        let Self { shared, customer, policy } = self.clone();
        call(
            &shared,
            "get_policy",
            move |raw| async move { raw.get_policy(&customer, &policy).await },
            |answer| Ok((answer.facts, answer.value.into())),
        )
    }

    /// Deletes the policy
    /// (<https://learn.microsoft.com/en-us/partner-center/developer/delete-a-configuration-policy-for-the-specified-customer>).
    pub fn delete(&self) -> Call<()> {
        let Self { shared, customer, policy } = self.clone();
        call(
            &shared,
            "delete_policy",
            move |raw| async move { raw.delete_policy(&customer, &policy).await },
            |_| Ok(()),
        )
    }
}
