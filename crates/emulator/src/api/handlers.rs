//! The handlers of the 13 operations on devices and policies: parse a request, then read or change the world.

use std::time::Duration;

use http::header::{CONTENT_TYPE, HeaderMap, HeaderValue, IF_MATCH};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::api::error::{ApiError, Missing};
use crate::api::paging::{self, CONTINUATION};
use crate::api::request_body::{self, NewBatch};
use crate::api::response::{self, ApiResponse};
use crate::api::response_body::{self, DateFormat};
use crate::api::route::Route;
use crate::domain::audit_log::AuditedOperation;
use crate::domain::clock::Clock;
use crate::domain::device::{DeviceInput, PolicyChange};
use crate::domain::ids::{Guid, Random};
use crate::domain::keys::{BatchKey, CustomerKey, DeviceKey};
use crate::domain::pace::Pace;
use crate::domain::policy::{Policy, PolicyAssignment, PolicyInput};
use crate::domain::world::World;

/// The parts of a request other than its method and path.
#[derive(Clone, Copy)]
pub(crate) struct RequestParts<'a> {
    pub(crate) headers: &'a HeaderMap,
    pub(crate) query: &'a str,
    pub(crate) body: &'a [u8],
}

/// The settings for paging.
#[derive(Clone, Copy)]
pub(crate) struct PageSettings {
    pub(crate) size: usize,
    pub(crate) seed: u64,
    /// True if a fault rule makes lists endless.
    pub(crate) endless: bool,
}

/// A parsed request.
pub(crate) enum Parsed {
    /// A read-only request, with its response.
    Read(ApiResponse),
    /// A change that is not applied yet.
    Change(Change),
}

/// A parsed and validated change.
///
/// It is written to the event log, so the order of the variants and fields is a file format.
#[derive(Serialize, Deserialize)]
pub(crate) enum Change {
    CreateBatch(NewBatch),
    AddDevices { batch: String, devices: Vec<DeviceInput> },
    UpdateDevice { batch: String, device: String, policy: PolicyChange },
    DeleteDevice { batch: String, device: String },
    UpdatePolicies { devices: Vec<DeviceInput> },
    CreatePolicy(PolicyInput),
    ReplacePolicy { policy: String, input: PolicyInput },
    DeletePolicy { policy: String },
}

impl Change {
    /// Returns the operation in the audit log, and the id of the device or policy that the path names.
    pub(crate) fn audited(&self) -> (AuditedOperation, Option<Guid>) {
        match self {
            Self::CreateBatch(_) => (AuditedOperation::DevicesUploadToNewBatchAttempted, None),
            Self::AddDevices { .. } => {
                (AuditedOperation::DevicesUploadToExistingBatchAttempted, None)
            }
            Self::UpdateDevice { device, .. } => {
                (AuditedOperation::DeviceUpdated, Guid::parse(device))
            }
            Self::DeleteDevice { device, .. } => {
                (AuditedOperation::DeviceDeleted, Guid::parse(device))
            }
            Self::UpdatePolicies { .. } => (AuditedOperation::DevicesUpdateAttempted, None),
            Self::CreatePolicy(_) => (AuditedOperation::PolicyCreated, None),
            Self::ReplacePolicy { policy, .. } => {
                (AuditedOperation::PolicyUpdated, Guid::parse(policy))
            }
            Self::DeletePolicy { policy } => (AuditedOperation::PolicyDeleted, Guid::parse(policy)),
        }
    }
}

/// The customer and the world that a request works on.
pub(crate) struct OperationContext<'a> {
    pub(crate) customer: CustomerKey,
    /// The customer id, spelled as in the request.
    pub(crate) customer_name: &'a str,
    pub(crate) world: &'a mut World,
    pub(crate) clock: Clock,
    pub(crate) now: Duration,
}

impl OperationContext<'_> {
    /// Responds to a read-only request, or parses a change.
    pub(crate) fn parse(
        &self,
        route: Route,
        parts: RequestParts<'_>,
        pages: PageSettings,
    ) -> Result<Parsed, ApiError> {
        // A missing resource takes precedence over an invalid body.
        let change = match route {
            Route::ListDeviceBatches => return Ok(Parsed::Read(self.list_device_batches())),
            Route::ListDevices { batch } => {
                return self.list_devices(&batch, parts, pages).map(Parsed::Read);
            }
            Route::GetBatchJobStatus { tracking } => {
                return self.get_batch_job_status(&tracking).map(Parsed::Read);
            }
            Route::ListPolicies => return Ok(Parsed::Read(self.list_policies())),
            Route::GetPolicy { policy } => return self.get_policy(&policy).map(Parsed::Read),
            Route::CreateDeviceBatch => {
                Change::CreateBatch(request_body::new_batch(parts.json()?)?)
            }
            Route::AddDevices { batch } => {
                self.batch(&batch)?;
                Change::AddDevices { batch, devices: request_body::device_list(parts.json()?)? }
            }
            Route::UpdateDevice { batch, device } => {
                self.device(&batch, &device)?;
                parts.check_if_match()?;
                let policy = request_body::device(parts.json()?)?.policy;
                Change::UpdateDevice { batch, device, policy }
            }
            Route::DeleteDevice { batch, device } => {
                self.device(&batch, &device)?;
                parts.check_if_match()?;
                Change::DeleteDevice { batch, device }
            }
            Route::UpdateDevicePolicies => {
                parts.check_if_match()?;
                Change::UpdatePolicies { devices: request_body::policy_updates(parts.json()?)? }
            }
            Route::CreatePolicy => {
                let input = request_body::policy(parts.json()?)?;
                if input.name.is_none() {
                    return Err(ApiError::missing("name"));
                }
                if input.settings.is_none() {
                    return Err(ApiError::missing("policySettings"));
                }
                Change::CreatePolicy(input)
            }
            Route::ReplacePolicy { policy } => {
                self.policy(&policy)?;
                parts.check_if_match()?;
                Change::ReplacePolicy { policy, input: request_body::policy(parts.json()?)? }
            }
            Route::DeletePolicy { policy } => {
                self.policy(&policy)?;
                parts.check_if_match()?;
                Change::DeletePolicy { policy }
            }
        };
        Ok(Parsed::Change(change))
    }

    /// Applies a change. New ids come from `ids`, and new jobs run at `pace`.
    pub(crate) fn apply(
        self,
        change: Change,
        pace: Pace,
        ids: &mut Random,
    ) -> Result<ApiResponse, ApiError> {
        match change {
            Change::CreateBatch(new) => {
                if self.world.find_batch(self.customer, &new.name).is_some() {
                    return Err(ApiError::batch_exists(self.world.exact_batch_names));
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
                let job =
                    self.world.start_policy_update(self.customer, devices, self.now, pace, ids);
                Ok(ApiResponse::accepted(self.customer_name, job))
            }
            Change::CreatePolicy(input) => {
                let policy = self.world.create_policy(self.customer, ids.guid(), input, self.now);
                Ok(ApiResponse::json(&response_body::policy(
                    policy,
                    self.clock,
                    DateFormat::Seconds,
                )))
            }
            Change::ReplacePolicy { policy, input } => self.replace_policy(&policy, input),
            Change::DeletePolicy { policy } => self.delete_policy(&policy),
        }
    }

    fn list_device_batches(&self) -> ApiResponse {
        let batches = self.world.batches(self.customer);
        let render = |batch| {
            response_body::batch(self.world, batch, self.customer_name, self.clock, self.now)
        };
        ApiResponse::json(&response_body::collection(
            batches.iter().map(render).collect(),
            batches.len(),
            None,
        ))
    }

    fn list_devices(
        &self,
        batch: &str,
        parts: RequestParts<'_>,
        PageSettings { size, seed, endless }: PageSettings,
    ) -> Result<ApiResponse, ApiError> {
        let batch = self.batch(batch)?;
        if !paging::is_forward(parts.query) {
            return Err(ApiError::invalid(
                "seekOperation",
                "must be Next; other values are not supported",
            ));
        }
        let list_id = paging::list_id(self.customer_name, batch.index);
        let token = parts.headers.get(CONTINUATION).filter(|token| !token.is_empty());
        let token =
            token.map(|token| token.to_str().map_err(|_| ApiError::invalid_continuation_token()));
        let token = token.transpose()?;
        let after = token.map(|token| {
            paging::parse(seed, list_id, token).ok_or_else(ApiError::invalid_continuation_token)
        });
        let mut after = after.transpose()?;
        let position = after;
        if endless {
            after = paging::endless(position, None).0;
        }
        let (devices, mut next) = self.world.page(batch, after, size);
        if endless {
            next = Some(paging::endless(position, next).1);
        }
        let items =
            devices.into_iter().map(|device| response_body::device(device, self.clock)).collect();
        let next = next.map(|last| paging::token(seed, list_id, last));
        let mut page =
            response_body::collection(items, self.world.batch(batch).device_count(), next);
        page.links = page.continuation_token.as_deref().map(|next| {
            paging::links(self.customer_name, &self.world.batch(batch).name, token, next)
        });
        Ok(ApiResponse::json(&page))
    }

    fn update_device(
        self,
        batch: &str,
        device: &str,
        policy: &PolicyChange,
    ) -> Result<ApiResponse, ApiError> {
        let key = self.device(batch, device)?;
        let assignment = self.world.resolve_policy(self.customer, policy);
        if let PolicyAssignment::Rejected(_) = assignment {
            return Err(ApiError::invalid(
                "policies",
                "must name a configuration policy of this customer",
            ));
        }
        self.world.assign_policy(key, assignment);
        let device = self.world.device(key).ok_or_else(|| ApiError::not_found(Missing::Device))?;
        Ok(ApiResponse::json(&response_body::device(device, self.clock)))
    }

    fn get_batch_job_status(&self, tracking: &str) -> Result<ApiResponse, ApiError> {
        let job = self
            .world
            .find_job(self.customer, tracking)
            .ok_or_else(|| ApiError::not_found(Missing::Job))?;
        let render = || response::to_json(&response_body::job(job, self.clock, self.now));
        Ok(ApiResponse::Json(job.status_body(render)))
    }

    fn list_policies(&self) -> ApiResponse {
        let policies = self.world.policies(self.customer);
        let total = policies.len();
        let items = policies
            .map(|policy| response_body::policy(policy, self.clock, DateFormat::Ticks))
            .collect();
        ApiResponse::json(&response_body::collection(items, total, None))
    }

    fn get_policy(&self, policy: &str) -> Result<ApiResponse, ApiError> {
        Ok(ApiResponse::json(&response_body::policy(
            self.policy(policy)?,
            self.clock,
            DateFormat::Ticks,
        )))
    }

    /// Replaces the policy in the path. An id in the body is ignored.
    fn replace_policy(self, policy: &str, input: PolicyInput) -> Result<ApiResponse, ApiError> {
        let id = self.policy(policy)?.id;
        let policy = self.world.replace_policy(id, input, self.now);
        let policy = policy.ok_or_else(|| ApiError::not_found(Missing::Policy))?;
        Ok(ApiResponse::json(&response_body::policy(policy, self.clock, DateFormat::Seconds)))
    }

    fn delete_policy(self, policy: &str) -> Result<ApiResponse, ApiError> {
        let policy = self.policy(policy)?;
        if policy.assigned_devices > 0 {
            return Err(ApiError::policy_in_use(policy.assigned_devices));
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
        let job = self.world.start_upload(batch, devices, self.now, pace, ids);
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
    /// Rejects an `If-Match` other than `*`, because no resource has an entity tag.
    fn check_if_match(&self) -> Result<(), ApiError> {
        let any = |tags: &HeaderValue| tags.as_bytes().trim_ascii() == b"*";
        match self.headers.get(IF_MATCH) {
            Some(tags) if !any(tags) => Err(ApiError::stale_entity_tag()),
            _ => Ok(()),
        }
    }

    /// Parses the body as JSON. `Content-Type` must be missing or JSON in UTF-8.
    fn json(&self) -> Result<Value, ApiError> {
        if let Some(declared) = self.headers.get(CONTENT_TYPE) {
            let declared = declared.to_str().unwrap_or_default().to_ascii_lowercase();
            let mut fields = declared.split(';').map(str::trim);
            let media_type = fields.next().unwrap_or_default();
            let json = matches!(media_type, "application/json" | "text/json")
                || (media_type.starts_with("application/") && media_type.ends_with("+json"));
            let utf8 = fields
                .filter_map(|field| field.strip_prefix("charset="))
                .all(|charset| matches!(charset.trim_matches('"'), "utf-8" | "utf8"));
            if !(json && utf8) {
                return Err(ApiError::unsupported_media_type());
            }
        }
        request_body::json(self.body)
    }
}
