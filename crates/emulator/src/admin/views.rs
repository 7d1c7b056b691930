//! Decides what is shown of the world as a whole: counts, and pages of lists, so that a million devices do not
//! make it heavy.

use std::time::Duration;

use partner_center_devices_raw::types::{BatchUploadStatus, DeviceUploadStatus, PolicySetting};
use serde::Serialize;

use crate::domain::clock::{Clock, ClockMode};
use crate::domain::device::Device;
use crate::domain::job::Job;
use crate::domain::keys::{BatchKey, CustomerKey};
use crate::domain::outcome::Outcome;
use crate::domain::world::{Batch, World};
use crate::engine::Engine;

/// How many places are looked at for one page of devices. A page that ends there is short, and not the last.
const LOOKED_AT: usize = 100_000;

/// The state of the emulator.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Overview<'a> {
    version: &'static str,
    clock: ClockState,
    totals: Totals,
    customers: ListPart<CustomerState>,
    batches: ListPart<BatchState>,
    jobs: ListPart<JobState>,
    policies: ListPart<PolicyState<'a>>,
}

/// The emulator's time.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ClockState {
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
    exchanges: u64,
    fault_rules: usize,
}

/// A part of a list, and how long the list is.
#[derive(Serialize)]
struct ListPart<T> {
    total: usize,
    items: Vec<T>,
}

#[derive(Serialize)]
struct CustomerState {
    id: String,
    batches: usize,
    devices: usize,
    policies: usize,
}

#[derive(Serialize)]
struct BatchState {
    customer: String,
    name: String,
    status: BatchUploadStatus,
    devices: usize,
    created: String,
}

/// A job, without its devices.
#[derive(Serialize)]
pub(super) struct JobState {
    id: String,
    customer: String,
    /// `None` for an update of policies.
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
    job: JobState,
    rows: ListPart<RowState<'a>>,
}

/// What became of one device of a job.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RowState<'a> {
    /// Its place in the request, from 1.
    row: usize,
    serial_number: Option<&'a str>,
    product_key: Option<&'a str>,
    device_id: Option<String>,
    status: DeviceUploadStatus,
    /// `None` until its turn is over.
    error_code: Option<&'static str>,
    error_description: Option<&'static str>,
}

#[derive(Serialize)]
struct PolicyState<'a> {
    customer: String,
    id: String,
    name: String,
    settings: &'a [PolicySetting],
    devices: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DeviceState<'a> {
    id: String,
    customer: &'a str,
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
    items: Vec<DeviceState<'a>>,
    /// The `after` of the next page; `None` at the end.
    next: Option<u64>,
}

/// Which devices to show.
pub(super) struct DeviceFilter {
    pub(super) customer: Option<String>,
    pub(super) batch: Option<String>,
    /// In any text of the device, in any case.
    pub(super) text: Option<String>,
    pub(super) after: u64,
    pub(super) limit: usize,
}

pub(super) fn clock(engine: &Engine) -> ClockState {
    let now = engine.time.now();
    ClockState {
        mode: engine.time.mode(),
        now: engine.clock.milliseconds(now),
        uptime_seconds: now.as_secs_f64(),
    }
}

/// The state, with `limit` rows of each list after the first `after`; jobs are newest first.
pub(super) fn overview<'a>(
    engine: &'a Engine,
    customer: Option<&str>,
    after: usize,
    limit: usize,
) -> Overview<'a> {
    let (world, clock_of, now) = (&engine.state.world, engine.clock, engine.time.now());
    let wanted = customer.map(|name| world.find_customer(name));
    let is_wanted = |key: CustomerKey| wanted.is_none_or(|wanted| wanted == Some(key));
    let keys: Vec<CustomerKey> = world.customers().filter(|key| is_wanted(*key)).collect();
    let owner = |key: CustomerKey| world.customer_name(key).to_owned();

    let customers = part(keys.len(), after, limit, keys.iter().copied(), |key| {
        let batches = world.batches(key);
        CustomerState {
            id: owner(key),
            batches: batches.len(),
            devices: batches.iter().map(crate::domain::world::Batch::devices_count).sum(),
            policies: world.policies(key).len(),
        }
    });
    let total = keys.iter().map(|key| world.batches(*key).len()).sum();
    let batches =
        keys.iter().flat_map(|key| world.batches(*key).iter().map(move |batch| (*key, batch)));
    let batches = part(total, after, limit, batches, |(key, batch)| BatchState {
        customer: owner(key),
        name: batch.name.clone(),
        status: world.batch_status(batch, now),
        devices: batch.devices_count(),
        created: clock_of.milliseconds(batch.created),
    });
    let total = keys.iter().map(|key| world.policies(*key).len()).sum();
    let policies =
        keys.iter().flat_map(|key| world.policies(*key).map(move |policy| (*key, policy)));
    let policies = part(total, after, limit, policies, |(key, policy)| PolicyState {
        customer: owner(key),
        id: policy.id.to_string(),
        name: policy.name.clone(),
        settings: &policy.settings,
        devices: policy.assigned,
    });
    let jobs = || world.jobs().iter().rev().filter(|job| is_wanted(job.customer));
    let total = if customer.is_none() { world.jobs().len() } else { jobs().count() };
    let jobs = part(total, after, limit, jobs(), |each| job(world, each, clock_of, now));

    Overview {
        version: env!("CARGO_PKG_VERSION"),
        clock: clock(engine),
        totals: Totals {
            customers: world.customers().count(),
            batches: world.customers().map(|key| world.batches(key).len()).sum(),
            devices: world
                .customers()
                .flat_map(|key| world.batches(key))
                .map(Batch::devices_count)
                .sum(),
            jobs: world.jobs().len(),
            policies: world.customers().map(|key| world.policies(key).len()).sum(),
            exchanges: engine.exchanges.count(),
            fault_rules: engine.state.faults.rules().len(),
        },
        customers,
        batches,
        jobs,
        policies,
    }
}

fn part<I, T>(
    total: usize,
    after: usize,
    limit: usize,
    all: impl Iterator<Item = I>,
    show: impl Fn(I) -> T,
) -> ListPart<T> {
    ListPart { total, items: all.skip(after).take(limit).map(show).collect() }
}

pub(super) fn job(world: &World, job: &Job, clock: Clock, now: Duration) -> JobState {
    JobState {
        id: job.id.to_string(),
        customer: world.customer_name(job.customer).to_owned(),
        batch: job.batch.map(|batch| world.batch(batch).name.clone()),
        status: job.status(now),
        devices: job.rows.len(),
        done: job.rows.len() - job.pending.len(),
        failed: job.failed,
        accepted: clock.milliseconds(job.accepted),
        completed: job.finished.map(|at| clock.milliseconds(at)),
    }
}

/// A job with `limit` of its devices after the first `after`; with `failed`, of those that failed.
pub(super) fn job_page<'a>(
    engine: &'a Engine,
    place: usize,
    failed: bool,
    after: usize,
    limit: usize,
) -> JobPage<'a> {
    let (world, now) = (&engine.state.world, engine.time.now());
    let of = &world.jobs()[place];
    let is_wanted = |outcome: Option<Outcome>| !failed || outcome.is_some_and(Outcome::is_failed);
    let rows = of.rows(now).enumerate().filter(|(_, (row, _))| is_wanted(row.outcome));
    let total = if failed { of.failed } else { of.rows.len() };
    let rows = part(total, after, limit, rows, |(place, (row, status))| RowState {
        row: place + 1,
        serial_number: row.serial_number.as_deref(),
        product_key: row.product_key.as_deref(),
        device_id: row.device_id.as_ref().map(ToString::to_string),
        status,
        error_code: row.outcome.map(Outcome::code),
        error_description: row.outcome.and_then(Outcome::description),
    });
    JobPage { job: job(world, of, engine.clock, now), rows }
}

/// A page of devices, in the order of their registration.
pub(super) fn devices<'a>(engine: &'a Engine, filter: &DeviceFilter) -> DevicePage<'a> {
    let world = &engine.state.world;
    let customer = filter.customer.as_ref().map(|name| world.find_customer(name));
    let text = filter.text.as_ref().map(|text| text.to_lowercase());
    let is_wanted = |device: &Device| {
        let BatchKey { customer: owner, .. } = device.batch;
        let batch = || world.batch(device.batch).name.to_lowercase();
        customer.is_none_or(|wanted| wanted == Some(owner))
            && world.customer_name(owner) != World::OTHER_TENANTS
            && filter.batch.as_ref().is_none_or(|wanted| batch() == wanted.to_lowercase())
            && text.as_ref().is_none_or(|text| has(device, text))
    };
    let mut page = DevicePage { items: Vec::new(), next: None };
    let mut last = filter.after;
    for (looked_at, key) in world.device_keys(filter.after).enumerate() {
        if page.items.len() == filter.limit || looked_at == LOOKED_AT {
            page.next = Some(last);
            break;
        }
        last = key;
        if let Some(device) = world.device(key).filter(|device| is_wanted(device)) {
            page.items.push(show(world, device, engine.clock));
        }
    }
    page
}

fn has(device: &Device, text: &str) -> bool {
    let Device { serial_number, product_key, manufacturer, model, .. } = device;
    let texts = [serial_number, product_key, manufacturer, model];
    device.id.to_string().contains(text)
        || texts.into_iter().flatten().any(|field| field.to_lowercase().contains(text))
}

fn show<'a>(world: &'a World, device: &'a Device, clock: Clock) -> DeviceState<'a> {
    DeviceState {
        id: device.id.to_string(),
        customer: world.customer_name(device.batch.customer),
        batch: &world.batch(device.batch).name,
        serial_number: device.serial_number.as_deref(),
        product_key: device.product_key.as_deref(),
        manufacturer: device.manufacturer.as_deref(),
        model: device.model.as_deref(),
        policy: device.policy.map(|policy| policy.to_string()),
        uploaded: clock.milliseconds(device.uploaded),
    }
}
