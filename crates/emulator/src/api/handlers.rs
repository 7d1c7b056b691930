//! Decides what each of the 13 operations does to the world and what it answers or refuses.

use std::time::Duration;

use http::header::{CONTENT_TYPE, HeaderMap, HeaderValue, IF_MATCH};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::api::error::{ApiError, Missing};
use crate::api::paging::{self, CONTINUATION};
use crate::api::request_body::{self, NewBatch};
use crate::api::response::{self, ApiResponse};
use crate::api::response_body::{self, Dates};
use crate::api::route::Operation;
use crate::domain::clock::Clock;
use crate::domain::device::{DeviceInput, PolicyChange};
use crate::domain::ids::Random;
use crate::domain::keys::{BatchKey, CustomerKey, DeviceKey};
use crate::domain::pace::Pace;
use crate::domain::policy::PolicyInput;
use crate::domain::policy::{Policy, PolicyAssignment};
use crate::domain::world::World;

/// What a request says beside its path.
#[derive(Clone, Copy)]
pub(crate) struct RequestParts<'a> {
    pub(crate) headers: &'a HeaderMap,
    pub(crate) query: &'a str,
    pub(crate) body: &'a [u8],
}

/// How a list is cut into pages.
#[derive(Clone, Copy)]
pub(crate) struct PageSettings {
    pub(crate) size: usize,
    pub(crate) seed: u64,
}

/// A request that has been read: it is answered, or it asks for a change.
pub(crate) enum Parsed {
    Read(ApiResponse),
    Change(Change),
}

/// A change that a request asks for, read and with nothing left that depends on the form of the request. It is
/// kept as it is, so the order of the variants and of their members is a format.
#[derive(Serialize, Deserialize)]
pub(crate) enum Change {
    CreateBatch(NewBatch),
    AddDevices { batch: String, devices: Vec<DeviceInput> },
    UpdateDevice { batch: String, device: String, policy: PolicyChange },
    DeleteDevice { batch: String, device: String },
    UpdatePolicies { devices: Vec<DeviceInput> },
    CreatePolicy(PolicyInput),
    ReplacePolicy { policy: String, sent: PolicyInput },
    DeletePolicy { policy: String },
}

/// One request that has come as far as its operation.
pub(crate) struct OperationContext<'a> {
    pub(crate) customer: CustomerKey,
    /// As the request spells it.
    pub(crate) customer_name: &'a str,
    pub(crate) world: &'a mut World,
    pub(crate) clock: Clock,
    pub(crate) now: Duration,
}

impl OperationContext<'_> {
    /// Answers what asks for no change, and reads what does.
    pub(crate) fn parse(
        &self,
        operation: Operation,
        message: RequestParts<'_>,
        pages: PageSettings,
    ) -> Result<Parsed, ApiError> {
        use Operation as Op;
        // What the path names must be there, whatever the body holds.
        let change = match operation {
            Op::ListDeviceBatches => return Ok(Parsed::Read(self.list_device_batches())),
            Op::ListDevices { batch } => {
                return self.list_devices(&batch, message, pages).map(Parsed::Read);
            }
            Op::GetBatchJobStatus { tracking } => {
                return self.get_batch_job_status(&tracking).map(Parsed::Read);
            }
            Op::ListPolicies => return Ok(Parsed::Read(self.list_policies())),
            Op::GetPolicy { policy } => return self.get_policy(&policy).map(Parsed::Read),
            Op::CreateDeviceBatch => Change::CreateBatch(request_body::new_batch(message.json()?)?),
            Op::AddDevices { batch } => {
                self.batch(&batch)?;
                Change::AddDevices { batch, devices: request_body::more_devices(message.json()?)? }
            }
            Op::UpdateDevice { batch, device } => {
                self.device(&batch, &device)?;
                message.unchanged()?;
                let policy = request_body::device(message.json()?)?.policy;
                Change::UpdateDevice { batch, device, policy }
            }
            Op::DeleteDevice { batch, device } => {
                self.device(&batch, &device)?;
                message.unchanged()?;
                Change::DeleteDevice { batch, device }
            }
            Op::UpdateDevicePolicies => {
                message.unchanged()?;
                Change::UpdatePolicies { devices: request_body::policy_updates(message.json()?)? }
            }
            Op::CreatePolicy => {
                let sent = request_body::policy(message.json()?)?;
                if sent.name.is_none() {
                    return Err(ApiError::missing("name"));
                }
                if sent.settings.is_none() {
                    return Err(ApiError::missing("policySettings"));
                }
                Change::CreatePolicy(sent)
            }
            Op::ReplacePolicy { policy } => {
                self.policy(&policy)?;
                message.unchanged()?;
                Change::ReplacePolicy { policy, sent: request_body::policy(message.json()?)? }
            }
            Op::DeletePolicy { policy } => {
                self.policy(&policy)?;
                message.unchanged()?;
                Change::DeletePolicy { policy }
            }
        };
        Ok(Parsed::Change(change))
    }

    /// Makes a change. Ids of what it makes come from `ids`, and jobs that it starts have this pace.
    pub(crate) fn apply(
        self,
        change: Change,
        pace: Pace,
        ids: &mut Random,
    ) -> Result<ApiResponse, ApiError> {
        match change {
            Change::CreateBatch(new) => {
                if self.world.find_batch(self.customer, &new.name).is_some() {
                    return Err(ApiError::batch_exists());
                }
                let batch = self.world.create_batch(self.customer, new.name, self.now);
                Ok(self.upload(batch, new.devices, pace, ids))
            }
            Change::AddDevices { batch, devices } => {
                let batch = self.batch(&batch)?;
                Ok(self.upload(batch, devices, pace, ids))
            }
            Change::UpdateDevice { batch, device, policy } => {
                self.update_device(&batch, &device, &policy)
            }
            Change::DeleteDevice { batch, device } => {
                let key = self.device(&batch, &device)?;
                self.world.remove_device(key);
                Ok(ApiResponse::NoContent)
            }
            Change::UpdatePolicies { devices } => {
                let job = self.world.update_policies(self.customer, devices, self.now, pace, ids);
                Ok(ApiResponse::accepted(self.customer_name, job))
            }
            Change::CreatePolicy(sent) => {
                let policy = self.world.create_policy(self.customer, ids.guid(), sent, self.now);
                Ok(ApiResponse::json(&response_body::policy(policy, self.clock, Dates::Seconds)))
            }
            Change::ReplacePolicy { policy, sent } => self.replace_policy(&policy, sent),
            Change::DeletePolicy { policy } => self.delete_policy(&policy),
        }
    }

    fn list_device_batches(&self) -> ApiResponse {
        let batches = self.world.batches(self.customer);
        let show = |batch| {
            response_body::batch(self.world, batch, self.customer_name, self.clock, self.now)
        };
        ApiResponse::json(&response_body::collection(
            batches.iter().map(show).collect(),
            batches.len(),
            None,
        ))
    }

    fn list_devices(
        &self,
        batch: &str,
        message: RequestParts<'_>,
        PageSettings { size, seed }: PageSettings,
    ) -> Result<ApiResponse, ApiError> {
        let batch = self.batch(batch)?;
        if !paging::seeks_next(message.query) {
            return Err(ApiError::invalid("seekOperation", "must be Next: no other way leads on"));
        }
        let place = paging::list(self.customer_name, batch.index);
        let asked = message.headers.get(CONTINUATION).filter(|token| !token.is_empty());
        let asked = asked.map(|token| token.to_str().map_err(|_| ApiError::bad_continuation()));
        let asked = asked.transpose()?;
        let after = asked
            .map(|token| paging::read(seed, place, token).ok_or_else(ApiError::bad_continuation));
        let (devices, next) = self.world.page(batch, after.transpose()?, size);
        let items =
            devices.into_iter().map(|device| response_body::device(device, self.clock)).collect();
        let next = next.map(|last| paging::token(seed, place, last));
        let mut list = response_body::collection(items, self.world.devices_count(batch), next);
        list.links = list.continuation_token.as_deref().map(|next| {
            paging::links(self.customer_name, &self.world.batch(batch).name, asked, next)
        });
        Ok(ApiResponse::json(&list))
    }

    fn update_device(
        self,
        batch: &str,
        device: &str,
        policy: &PolicyChange,
    ) -> Result<ApiResponse, ApiError> {
        let key = self.device(batch, device)?;
        let change = self.world.resolve(self.customer, policy);
        if let PolicyAssignment::Refused(_) = change {
            return Err(ApiError::invalid(
                "policies",
                "must name a configuration policy of this customer",
            ));
        }
        self.world.change_policy(key, change);
        let device = self.world.device(key).ok_or_else(|| ApiError::not_found(Missing::Device))?;
        Ok(ApiResponse::json(&response_body::device(device, self.clock)))
    }

    fn get_batch_job_status(&self, tracking: &str) -> Result<ApiResponse, ApiError> {
        let job = self
            .world
            .find_job(self.customer, tracking)
            .ok_or_else(|| ApiError::not_found(Missing::Job))?;
        let show = || response::to_json(&response_body::job(job, self.clock, self.now));
        Ok(ApiResponse::Json(job.shown_by(show)))
    }

    fn list_policies(&self) -> ApiResponse {
        let policies = self.world.policies(self.customer);
        let total = policies.len();
        let items = policies
            .map(|policy| response_body::policy(policy, self.clock, Dates::Ticks))
            .collect();
        ApiResponse::json(&response_body::collection(items, total, None))
    }

    fn get_policy(&self, policy: &str) -> Result<ApiResponse, ApiError> {
        Ok(ApiResponse::json(&response_body::policy(
            self.policy(policy)?,
            self.clock,
            Dates::Ticks,
        )))
    }

    /// The path says which policy; an id in the body is not looked at.
    fn replace_policy(self, policy: &str, sent: PolicyInput) -> Result<ApiResponse, ApiError> {
        let id = self.policy(policy)?.id;
        let policy = self.world.replace_policy(id, sent, self.now);
        let policy = policy.ok_or_else(|| ApiError::not_found(Missing::Policy))?;
        Ok(ApiResponse::json(&response_body::policy(policy, self.clock, Dates::Seconds)))
    }

    fn delete_policy(self, policy: &str) -> Result<ApiResponse, ApiError> {
        let policy = self.policy(policy)?;
        if policy.assigned > 0 {
            return Err(ApiError::policy_in_use(policy.assigned));
        }
        let id = policy.id;
        self.world.remove_policy(id);
        Ok(ApiResponse::NoContent)
    }

    fn upload(
        self,
        batch: BatchKey,
        devices: Vec<DeviceInput>,
        pace: Pace,
        ids: &mut Random,
    ) -> ApiResponse {
        let job = self.world.upload(batch, devices, self.now, pace, ids);
        ApiResponse::accepted(self.customer_name, job)
    }

    fn batch(&self, name: &str) -> Result<BatchKey, ApiError> {
        self.world
            .find_batch(self.customer, name)
            .ok_or_else(|| ApiError::not_found(Missing::Batch))
    }

    fn device(&self, batch: &str, id: &str) -> Result<DeviceKey, ApiError> {
        let batch = self.batch(batch)?;
        self.world.find_device(batch, id).ok_or_else(|| ApiError::not_found(Missing::Device))
    }

    fn policy(&self, id: &str) -> Result<&Policy, ApiError> {
        self.world
            .find_policy(self.customer, id)
            .ok_or_else(|| ApiError::not_found(Missing::Policy))
    }
}

impl RequestParts<'_> {
    /// Refuses a change of what has another entity tag. No answer has one, so none can be the right one.
    fn unchanged(&self) -> Result<(), ApiError> {
        let any = |tags: &HeaderValue| tags.as_bytes().trim_ascii() == b"*";
        match self.headers.get(IF_MATCH) {
            Some(tags) if !any(tags) => Err(ApiError::stale_entity_tag()),
            _ => Ok(()),
        }
    }

    /// The body, if it is declared as JSON in UTF-8 or not declared at all, and is JSON.
    fn json(&self) -> Result<Value, ApiError> {
        if let Some(declared) = self.headers.get(CONTENT_TYPE) {
            let declared = declared.to_str().unwrap_or_default().to_ascii_lowercase();
            let mut parts = declared.split(';').map(str::trim);
            let kind = parts.next().unwrap_or_default();
            let json = matches!(kind, "application/json" | "text/json")
                || (kind.starts_with("application/") && kind.ends_with("+json"));
            let utf8 = parts
                .filter_map(|part| part.strip_prefix("charset="))
                .all(|charset| matches!(charset.trim_matches('"'), "utf-8" | "utf8"));
            if !(json && utf8) {
                return Err(ApiError::wrong_media_type());
            }
        }
        request_body::json(self.body)
    }
}
