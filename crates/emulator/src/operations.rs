//! Decides what each of the 13 operations does to the world and what it answers or refuses.

use std::time::Duration;

use http::header::{CONTENT_TYPE, HeaderMap, HeaderName};
use serde_json::Value;

use crate::clock::Clock;
use crate::device::SentDevice;
use crate::fault::{Fault, Missing};
use crate::ids::Random;
use crate::machine::Settings;
use crate::reply::Reply;
use crate::route::Operation;
use crate::show::{self, Dates};
use crate::world::{BatchKey, CustomerKey, DeviceKey, Policy, Resolved, World};
use crate::{paging, read};

const CONTINUATION: HeaderName = HeaderName::from_static("ms-continuationtoken");

/// One request that has come as far as its operation.
pub(crate) struct Call<'a> {
    pub(crate) customer: CustomerKey,
    /// As the request spells it.
    pub(crate) customer_name: &'a str,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: &'a [u8],
    pub(crate) world: &'a mut World,
    /// Ids of what the operation makes.
    pub(crate) ids: &'a mut Random,
    pub(crate) settings: Settings,
    pub(crate) clock: Clock,
    pub(crate) now: Duration,
}

impl Call<'_> {
    /// Does the operation.
    pub(crate) fn answer(self, operation: &Operation) -> Result<Reply, Fault> {
        match operation {
            Operation::ListDeviceBatches => self.list_device_batches(),
            Operation::CreateDeviceBatch => self.create_device_batch(),
            Operation::ListDevices { batch } => self.list_devices(batch),
            Operation::AddDevices { batch } => self.add_devices(batch),
            Operation::UpdateDevice { batch, device } => self.update_device(batch, device),
            Operation::DeleteDevice { batch, device } => self.delete_device(batch, device),
            Operation::UpdateDevicePolicies => self.update_device_policies(),
            Operation::GetBatchJobStatus { tracking } => self.get_batch_job_status(tracking),
            Operation::ListPolicies => self.list_policies(),
            Operation::CreatePolicy => self.create_policy(),
            Operation::GetPolicy { policy } => self.get_policy(policy),
            Operation::ReplacePolicy { policy } => self.replace_policy(policy),
            Operation::DeletePolicy { policy } => self.delete_policy(policy),
        }
    }

    fn list_device_batches(self) -> Result<Reply, Fault> {
        let batches = self.world.batches(self.customer);
        let show = |batch| show::batch(self.world, batch, self.customer_name, self.clock, self.now);
        Ok(Reply::json(&show::collection(batches.iter().map(show).collect(), batches.len(), None)))
    }

    fn create_device_batch(self) -> Result<Reply, Fault> {
        let new = read::new_batch(self.json()?)?;
        if self.world.find_batch(self.customer, &new.name).is_some() {
            return Err(Fault::batch_exists());
        }
        let batch = self.world.create_batch(self.customer, new.name, self.now);
        self.upload(batch, new.devices)
    }

    fn list_devices(self, batch: &str) -> Result<Reply, Fault> {
        let batch = self.batch(batch)?;
        let Settings { seed, page_size, .. } = self.settings;
        let after = match self.headers.get(CONTINUATION).filter(|token| !token.is_empty()) {
            None => None,
            Some(token) => {
                let last =
                    token.to_str().ok().and_then(|token| paging::read(seed, batch.number(), token));
                Some(last.ok_or_else(Fault::bad_continuation)?)
            }
        };
        let (devices, next) = self.world.page(batch, after, page_size);
        let items = devices.into_iter().map(|device| show::device(device, self.clock)).collect();
        let next = next.map(|last| paging::token(seed, batch.number(), last));
        Ok(Reply::json(&show::collection(items, self.world.devices_count(batch), next)))
    }

    fn add_devices(self, batch: &str) -> Result<Reply, Fault> {
        let batch = self.batch(batch)?;
        let devices = read::more_devices(self.json()?)?;
        self.upload(batch, devices)
    }

    fn update_device(self, batch: &str, device: &str) -> Result<Reply, Fault> {
        let key = self.device(batch, device)?;
        let sent = read::device(self.json()?)?;
        let change = self.world.resolve(self.customer, &sent.policy);
        if let Resolved::Refused(_) = change {
            return Err(Fault::invalid(
                "policies",
                "must name a configuration policy of this customer",
            ));
        }
        self.world.change_policy(key, change);
        let device = self.world.device(key).ok_or_else(|| Fault::not_found(Missing::Device))?;
        Ok(Reply::json(&show::device(device, self.clock)))
    }

    fn delete_device(self, batch: &str, device: &str) -> Result<Reply, Fault> {
        let key = self.device(batch, device)?;
        self.world.remove_device(key);
        Ok(Reply::NoContent)
    }

    fn update_device_policies(self) -> Result<Reply, Fault> {
        let devices = read::policy_updates(self.json()?)?;
        let job = self.world.update_policies(
            self.customer,
            devices,
            self.now,
            self.settings.pace,
            self.ids,
        );
        Ok(Reply::accepted(self.customer_name, job))
    }

    fn get_batch_job_status(self, tracking: &str) -> Result<Reply, Fault> {
        let job = self
            .world
            .find_job(self.customer, tracking)
            .ok_or_else(|| Fault::not_found(Missing::Job))?;
        Ok(Reply::json(&show::job(job, self.clock, self.now)))
    }

    fn list_policies(self) -> Result<Reply, Fault> {
        let policies = self.world.policies(self.customer);
        let total = policies.len();
        let items = policies.map(|policy| show::policy(policy, self.clock, Dates::Ticks)).collect();
        Ok(Reply::json(&show::collection(items, total, None)))
    }

    fn create_policy(self) -> Result<Reply, Fault> {
        let sent = read::policy(self.json()?)?;
        if sent.settings.is_none() {
            return Err(Fault::missing("policySettings"));
        }
        let policy = self.world.create_policy(self.customer, self.ids.guid(), sent, self.now);
        Ok(Reply::json(&show::policy(policy, self.clock, Dates::Seconds)))
    }

    fn get_policy(self, policy: &str) -> Result<Reply, Fault> {
        Ok(Reply::json(&show::policy(self.policy(policy)?, self.clock, Dates::Ticks)))
    }

    /// The path says which policy; an id in the body is not looked at.
    fn replace_policy(self, policy: &str) -> Result<Reply, Fault> {
        let id = self.policy(policy)?.id;
        let sent = read::policy(self.json()?)?;
        let policy = self.world.replace_policy(id, sent, self.now);
        let policy = policy.ok_or_else(|| Fault::not_found(Missing::Policy))?;
        Ok(Reply::json(&show::policy(policy, self.clock, Dates::Seconds)))
    }

    fn delete_policy(self, policy: &str) -> Result<Reply, Fault> {
        let policy = self.policy(policy)?;
        if policy.assigned > 0 {
            return Err(Fault::policy_in_use(policy.assigned));
        }
        let id = policy.id;
        self.world.remove_policy(id);
        Ok(Reply::NoContent)
    }

    fn upload(self, batch: BatchKey, devices: Vec<SentDevice>) -> Result<Reply, Fault> {
        let job = self.world.upload(batch, devices, self.now, self.settings.pace, self.ids);
        Ok(Reply::accepted(self.customer_name, job))
    }

    // What the path names must be there, whatever the body holds.

    fn batch(&self, name: &str) -> Result<BatchKey, Fault> {
        self.world.find_batch(self.customer, name).ok_or_else(|| Fault::not_found(Missing::Batch))
    }

    fn device(&self, batch: &str, id: &str) -> Result<DeviceKey, Fault> {
        let batch = self.batch(batch)?;
        self.world.find_device(batch, id).ok_or_else(|| Fault::not_found(Missing::Device))
    }

    fn policy(&self, id: &str) -> Result<&Policy, Fault> {
        self.world.find_policy(self.customer, id).ok_or_else(|| Fault::not_found(Missing::Policy))
    }

    /// The body, if it is declared as JSON in UTF-8 or not declared at all, and is JSON.
    fn json(&self) -> Result<Value, Fault> {
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
                return Err(Fault::wrong_media_type());
            }
        }
        read::json(self.body)
    }
}
