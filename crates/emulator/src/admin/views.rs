//! The JSON views of the state: totals, and lists in pages, so that responses stay small with a million devices.

use std::time::Duration;

use partner_center_devices_raw::types::{BatchUploadStatus, DeviceUploadStatus, PolicySetting};
use serde::Serialize;

use super::customer_views::{CustomerView, customer_name};
use crate::domain::clock::{Clock, ClockMode};
use crate::domain::device::Device;
use crate::domain::job::Job;
use crate::domain::keys::{BatchKey, CustomerKey};
use crate::domain::outcome::Outcome;
use crate::domain::world::{Batch, World};
use crate::engine::Engine;

/// The number of devices to scan for one page. A page that reaches this limit is short, and more pages follow.
const MAX_SCANNED: usize = 100_000;

/// The state of the emulator.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Overview<'a> {
    version: &'static str,
    clock: ClockView,
    totals: Totals,
    customers: ListPage<CustomerView>,
    batches: ListPage<BatchView>,
    jobs: ListPage<JobView>,
    policies: ListPage<PolicyView<'a>>,
}

/// The emulator's time.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ClockView {
    mode: ClockMode,
    now: String,
    uptime_seconds: f64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Totals {
    customers: usize,
    batches: usize,
    devices: usize,
    jobs: usize,
    policies: usize,
    audit_records: usize,
    exchanges: u64,
    fault_rules: usize,
}

/// A page of a list, and the length of the whole list.
#[derive(Serialize)]
pub(super) struct ListPage<T> {
    pub(super) total: usize,
    pub(super) items: Vec<T>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct BatchView {
    customer: String,
    customer_name: Option<String>,
    name: String,
    status: BatchUploadStatus,
    devices: usize,
    created: String,
}

/// A job, without its devices.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct JobView {
    id: String,
    customer: String,
    customer_name: Option<String>,
    /// `None` for a policy update.
    batch: Option<String>,
    status: BatchUploadStatus,
    devices: usize,
    done: usize,
    failed: usize,
    accepted: String,
    completed: Option<String>,
}

/// A page of the devices of a job.
#[derive(Serialize)]
pub(super) struct JobPage<'a> {
    #[serde(flatten)]
    job: JobView,
    rows: ListPage<RowView<'a>>,
}

/// The result for one device of a job.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RowView<'a> {
    /// The position in the request, from 1.
    row: usize,
    serial_number: Option<&'a str>,
    product_key: Option<&'a str>,
    device_id: Option<String>,
    status: DeviceUploadStatus,
    /// `None` until the device is finished.
    error_code: Option<&'static str>,
    error_description: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PolicyView<'a> {
    customer: String,
    customer_name: Option<String>,
    id: String,
    name: String,
    settings: &'a [PolicySetting],
    devices: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DeviceView<'a> {
    id: String,
    customer: &'a str,
    customer_name: Option<String>,
    batch: &'a str,
    serial_number: Option<&'a str>,
    product_key: Option<&'a str>,
    manufacturer: Option<&'a str>,
    model: Option<&'a str>,
    policy: Option<String>,
    uploaded: String,
}

/// A page of devices.
#[derive(Serialize)]
pub(super) struct DevicePage<'a> {
    items: Vec<DeviceView<'a>>,
    /// The `after` value of the next page; `None` at the end.
    next: Option<u64>,
}

/// The filter of a device list.
pub(super) struct DeviceFilter {
    pub(super) customer: Option<String>,
    pub(super) batch: Option<String>,
    /// Matches any text of the device, case-insensitively.
    pub(super) text: Option<String>,
    pub(super) after: u64,
    pub(super) limit: usize,
}

/// Returns the emulator's time.
pub(super) fn clock(engine: &Engine) -> ClockView {
    let now = engine.time.now();
    ClockView {
        mode: engine.time.mode(),
        now: engine.clock.milliseconds(now),
        uptime_seconds: now.as_secs_f64(),
    }
}

/// Returns the state, with up to `limit` items of each list after the first `after`. The newest jobs come first.
pub(super) fn overview<'a>(
    engine: &'a Engine,
    customer: Option<&str>,
    after: usize,
    limit: usize,
) -> Overview<'a> {
    let (world, dates, now) = (&engine.state.world, engine.clock, engine.time.now());
    let filter = customer.map(|text| world.customers_called(text));
    let matches =
        |key: CustomerKey| filter.as_ref().is_none_or(|customers| customers.contains(&key));
    let keys: Vec<CustomerKey> = world.customers().filter(|key| matches(*key)).collect();
    let owner = |key: CustomerKey| world.customer_name(key).to_owned();

    let customers = list_page(keys.len(), after, limit, keys.iter().copied(), |key| {
        CustomerView::new(world, key)
    });
    let total = keys.iter().map(|key| world.batches(*key).len()).sum();
    let batches =
        keys.iter().flat_map(|key| world.batches(*key).iter().map(move |batch| (*key, batch)));
    let batches = list_page(total, after, limit, batches, |(key, batch)| BatchView {
        customer: owner(key),
        customer_name: customer_name(world, key),
        name: batch.name.clone(),
        status: world.batch_status(batch, now),
        devices: batch.device_count(),
        created: dates.milliseconds(batch.created),
    });
    let total = keys.iter().map(|key| world.policies(*key).len()).sum();
    let policies =
        keys.iter().flat_map(|key| world.policies(*key).map(move |policy| (*key, policy)));
    let policies = list_page(total, after, limit, policies, |(key, policy)| PolicyView {
        customer: owner(key),
        customer_name: customer_name(world, key),
        id: policy.id.to_string(),
        name: policy.name.clone(),
        settings: &policy.settings,
        devices: policy.assigned_devices,
    });
    let jobs = || world.jobs().iter().rev().filter(|job| matches(job.customer));
    let total = if customer.is_none() { world.jobs().len() } else { jobs().count() };
    let jobs = list_page(total, after, limit, jobs(), |item| job(world, item, dates, now));

    Overview {
        version: env!("CARGO_PKG_VERSION"),
        clock: clock(engine),
        totals: totals(engine),
        customers,
        batches,
        jobs,
        policies,
    }
}

fn totals(engine: &Engine) -> Totals {
    let world = &engine.state.world;
    Totals {
        customers: world.customers().count(),
        batches: world.customers().map(|key| world.batches(key).len()).sum(),
        devices: world
            .customers()
            .flat_map(|key| world.batches(key))
            .map(Batch::device_count)
            .sum(),
        jobs: world.jobs().len(),
        policies: world.customers().map(|key| world.policies(key).len()).sum(),
        audit_records: world.audit.records().len(),
        exchanges: engine.exchanges.count(),
        fault_rules: engine.state.faults.rules().len(),
    }
}

pub(super) fn list_page<I, T>(
    total: usize,
    after: usize,
    limit: usize,
    items: impl Iterator<Item = I>,
    view: impl Fn(I) -> T,
) -> ListPage<T> {
    ListPage { total, items: items.skip(after).take(limit).map(view).collect() }
}

/// Returns a job without its devices.
pub(super) fn job(world: &World, job: &Job, clock: Clock, now: Duration) -> JobView {
    JobView {
        id: job.id.to_string(),
        customer: world.customer_name(job.customer).to_owned(),
        customer_name: customer_name(world, job.customer),
        batch: job.batch.map(|batch| world.batch(batch).name.clone()),
        status: job.status(now),
        devices: job.rows.len(),
        done: job.rows.len() - job.pending.len(),
        failed: job.failed,
        accepted: clock.milliseconds(job.accepted),
        completed: job.finished.map(|at| clock.milliseconds(at)),
    }
}

/// Returns a job with up to `limit` of its devices after the first `after`. `failed` selects only the devices that
/// failed.
pub(super) fn job_page<'a>(
    engine: &'a Engine,
    place: usize,
    failed: bool,
    after: usize,
    limit: usize,
) -> JobPage<'a> {
    let (world, now) = (&engine.state.world, engine.time.now());
    let selected = &world.jobs()[place];
    let matches = |outcome: Option<Outcome>| !failed || outcome.is_some_and(Outcome::is_failed);
    let rows = selected.rows(now).enumerate().filter(|(_, (row, _))| matches(row.outcome));
    let total = if failed { selected.failed } else { selected.rows.len() };
    let rows = list_page(total, after, limit, rows, |(place, (row, status))| RowView {
        row: place + 1,
        serial_number: row.serial_number.as_deref(),
        product_key: row.product_key.as_deref(),
        device_id: row.device_id.as_ref().map(ToString::to_string),
        status,
        error_code: row.outcome.map(Outcome::code),
        error_description: row.outcome.and_then(Outcome::description),
    });
    JobPage { job: job(world, selected, engine.clock, now), rows }
}

/// Returns a page of devices, in the order of their registration.
pub(super) fn devices<'a>(engine: &'a Engine, filter: &DeviceFilter) -> DevicePage<'a> {
    let world = &engine.state.world;
    let customers = filter.customer.as_ref().map(|text| world.customers_called(text));
    let text = filter.text.as_ref().map(|text| text.to_lowercase());
    let matches = |device: &Device| {
        let BatchKey { customer: owner, .. } = device.batch;
        let batch = || world.batch(device.batch).name.to_lowercase();
        customers.as_ref().is_none_or(|customers| customers.contains(&owner))
            && world.customer_name(owner) != World::OTHER_TENANTS
            && filter.batch.as_ref().is_none_or(|name| batch() == name.to_lowercase())
            && text.as_ref().is_none_or(|text| contains_text(device, text))
    };
    let mut page = DevicePage { items: Vec::new(), next: None };
    let mut last = filter.after;
    for (scanned, key) in world.device_keys(filter.after).enumerate() {
        if page.items.len() == filter.limit || scanned == MAX_SCANNED {
            page.next = Some(last);
            break;
        }
        last = key;
        if let Some(device) = world.device(key).filter(|device| matches(device)) {
            page.items.push(device_view(world, device, engine.clock));
        }
    }
    page
}

fn contains_text(device: &Device, text: &str) -> bool {
    let Device { serial_number, product_key, manufacturer, model, .. } = device;
    let texts = [serial_number, product_key, manufacturer, model];
    device.id.to_string().contains(text)
        || texts.into_iter().flatten().any(|field| field.to_lowercase().contains(text))
}

fn device_view<'a>(world: &'a World, device: &'a Device, clock: Clock) -> DeviceView<'a> {
    DeviceView {
        id: device.id.to_string(),
        customer: world.customer_name(device.batch.customer),
        customer_name: customer_name(world, device.batch.customer),
        batch: &world.batch(device.batch).name,
        serial_number: device.serial_number.as_deref(),
        product_key: device.product_key.as_deref(),
        manufacturer: device.manufacturer.as_deref(),
        model: device.model.as_deref(),
        policy: device.policy.map(|policy| policy.to_string()),
        uploaded: clock.milliseconds(device.uploaded),
    }
}
