//! Response bodies: the wire types, filled as in the documented examples.

use std::time::Duration;

use partner_center_devices_raw::types::{
    BatchUploadDetails, Collection, ConfigurationPolicy, Device as WireDevice, DeviceBatch,
    DeviceUploadDetails, Link, PartnerDateTime, PolicyCategory, ResourceAttributes,
};
use serde::Serialize;

use crate::domain::clock::{Clock, Moment};
use crate::domain::device::Device;
use crate::domain::job::Job;
use crate::domain::policy::Policy;
use crate::domain::world::{Batch, World};

/// A device with its policies. The wire type would leave out the null of an unassigned policy.
#[derive(Serialize)]
pub(crate) struct DeviceBody {
    #[serde(flatten)]
    device: WireDevice,
    policies: [PolicyBody; 1],
}

#[derive(Serialize)]
struct PolicyBody {
    key: PolicyCategory,
    value: Option<String>,
}

fn attributes(object_type: &str) -> Option<ResourceAttributes> {
    Some(ResourceAttributes { object_type: Some(object_type.to_owned()), etag: None })
}

fn count(count: usize) -> Option<i64> {
    Some(i64::try_from(count).unwrap_or(i64::MAX))
}

fn text(text: Option<&str>) -> Option<String> {
    text.map(ToOwned::to_owned)
}

/// Returns the body of a list. `total` counts the items of all pages.
pub(crate) fn collection<T>(
    items: Vec<T>,
    total: usize,
    continuation_token: Option<String>,
) -> Collection<T> {
    let mut list = Collection::default();
    list.total_count = count(total);
    list.items = items;
    list.continuation_token = continuation_token;
    list.attributes = attributes("Collection");
    list
}

/// Returns the body of a device, without its hardware hash.
pub(crate) fn device(device: &Device, clock: Clock) -> DeviceBody {
    let wire = WireDevice {
        id: Some(device.id.to_string()),
        serial_number: text(device.serial_number.as_deref()),
        product_key: text(device.product_key.as_deref()),
        model_name: text(device.model.as_deref()),
        oem_manufacturer_name: text(device.manufacturer.as_deref()),
        uploaded_date: Some(clock.ticks(device.uploaded)),
        attributes: attributes("Device"),
        ..WireDevice::default()
    };
    let policy =
        PolicyBody { key: PolicyCategory::Oobe, value: device.policy.map(|id| id.to_string()) };
    DeviceBody { device: wire, policies: [policy] }
}

/// Returns the body of a batch. Its link is not encoded and has no `/v1`, as documented.
pub(crate) fn batch(
    world: &World,
    batch: &Batch,
    customer: &str,
    clock: Clock,
    now: Duration,
) -> DeviceBatch {
    let mut wire = DeviceBatch::default();
    wire.id = Some(batch.name.clone());
    wire.status = Some(world.batch_status(batch, now));
    wire.creation_date = Some(clock.seconds(batch.created));
    wire.devices_count = count(batch.device_count());
    wire.devices_link = Some(Link {
        uri: Some(format!("/customers/{customer}/deviceBatches/{}/devices", batch.name)),
        method: Some("GET".to_owned()),
        headers: Some(Vec::new()),
        body: None,
    });
    wire.attributes = attributes("DeviceBatch");
    wire
}

/// The format of the dates of a policy. The documented responses differ by operation.
#[derive(Clone, Copy)]
pub(crate) enum DateFormat {
    /// Create and replace: seconds without a zone.
    Seconds,
    /// Get and list: seven digits and an offset.
    Ticks,
}

/// Returns the body of a policy. The counter is spelled as in the documented examples.
pub(crate) fn policy(policy: &Policy, clock: Clock, dates: DateFormat) -> ConfigurationPolicy {
    let date = |at: Moment| -> PartnerDateTime {
        match dates {
            DateFormat::Seconds => clock.seconds(at),
            DateFormat::Ticks => clock.ticks(at),
        }
    };
    ConfigurationPolicy {
        id: Some(policy.id.to_string()),
        name: Some(policy.name.clone()),
        category: Some(policy.category.clone()),
        description: policy.description.clone(),
        devices_assigned: Some(i64::try_from(policy.assigned_devices).unwrap_or(i64::MAX)),
        policy_settings: Some(policy.settings.clone()),
        created_date: Some(date(policy.created)),
        last_modified_date: Some(date(policy.modified)),
        attributes: attributes("ConfigurationPolicy"),
        ..ConfigurationPolicy::default()
    }
}

/// Returns the body of a job with its devices, in the order of the request.
pub(crate) fn job(job: &Job, clock: Clock, now: Duration) -> BatchUploadDetails {
    let rows = job.rows(now).map(|(row, status)| {
        let mut wire = DeviceUploadDetails::default();
        wire.device_id = row.device_id.as_ref().map(ToString::to_string);
        wire.serial_number = text(row.serial_number.as_deref());
        wire.product_key = text(row.product_key.as_deref());
        wire.status = Some(status);
        wire.error_code = row.outcome.map(|outcome| outcome.code().into());
        wire.error_description = text(row.outcome.and_then(|outcome| outcome.description()));
        wire.attributes = attributes("DeviceUploadDetails");
        wire
    });
    let mut wire = BatchUploadDetails::default();
    wire.batch_tracking_id = Some(job.id.to_string());
    wire.status = Some(job.status(now));
    wire.started_time = Some(clock.seconds(job.accepted));
    wire.completed_time = Some(job.finished.map_or_else(Clock::none, |at| clock.seconds(at)));
    wire.devices_status = Some(rows.collect());
    wire.attributes = attributes("BatchUploadDetails");
    wire
}
