//! Deletes registered devices:
//!
//! 1. plan from an inventory ([`DeletePlan::new`]), without a call;
//! 2. apply the plan and delete several devices concurrently. A device that no longer exists counts as deleted, so the
//!    same plan, or a new one from the same file, can be applied again. If one deletion fails, the others continue,
//!    unless all calls would fail: no access token, or no connection to the service;
//! 3. when cancelled, start no more deletions and wait for those in progress.

use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::{StreamExt as _, stream};
use partner_center_devices::{Client, Customer, CustomerId};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

use super::call_failure::CallFailure;
use super::device::RegisteredDevice;
use super::device_query::DeviceQuery;
use super::listing::{RegisteredDevices, UnlistedBatch};
use super::selection::{MultipleMatches, PlannedDevice, select};
use super::unresolved::UnresolvedQuery;
use crate::call_effect::{ends_all, is_missing};
use crate::event_stream::EventStream;

/// The number of devices that are deleted concurrently by default.
const CONCURRENCY: usize = 4;

/// A plan of devices to delete. Creating it deletes nothing. As JSON it can be stored, reviewed by another person, and
/// read back.
///
/// ```
/// # use partner_center_devices::{Client, CustomerId};
/// use partner_center_devices_fleet::Fleet;
/// use partner_center_devices_fleet::inventory::{DeletePlan, DeviceQuery, Inventory, MultipleMatches};
///
/// # async fn example(client: Client) -> Result<(), Box<dyn std::error::Error>> {
/// let customer = client.customer(CustomerId::new("47021739-3426-40bf-9601-61b4b6d7c793")?);
/// let returned = Fleet::read(std::fs::File::open("returned.csv")?, "returned.csv");
///
/// let registered = Inventory::new(customer).run(|_| ()).await?;
/// let rows = DeviceQuery::from_rows(&returned);
/// let plan = DeletePlan::new(&registered, rows, MultipleMatches::Skip);
/// for unresolved in &plan.unresolved {
///     println!("{}: {}", unresolved.query, unresolved.message);
/// }
/// let report = plan.apply(&client).run(|_| ()).await;
/// println!("{} of {} deleted", report.totals().deleted, report.devices.len());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct DeletePlan {
    /// The customer.
    #[cfg_attr(feature = "schemars", schemars(with = "String"))]
    pub customer: CustomerId,
    /// The devices to delete, in the order of the queries.
    pub devices: Vec<PlannedDevice>,
    /// The queries that could not be resolved.
    pub unresolved: Vec<UnresolvedQuery>,
    /// The batches that could not be read completely. They may contain more matching devices.
    pub unlisted: Vec<UnlistedBatch>,
}

impl DeletePlan {
    /// Plans the deletion of the devices that match the queries. A device in two batches counts as two devices, which
    /// are deleted only with [`MultipleMatches::UseAll`].
    pub fn new(
        registered: &RegisteredDevices,
        queries: impl IntoIterator<Item = DeviceQuery>,
        multiple_matches: MultipleMatches,
    ) -> Self {
        // The length of the batch name makes the key unambiguous.
        let key = |device: &RegisteredDevice| {
            let id = device.id.as_ref().map_or("", |id| id.as_str());
            format!("{} {} {id}", device.batch.as_str().len(), device.batch)
        };
        let (devices, unresolved) = select(registered, queries, multiple_matches, key);
        Self {
            customer: registered.customer.clone(),
            devices,
            unresolved,
            unlisted: registered.unlisted.clone(),
        }
    }

    /// Prepares to apply the plan. Nothing is deleted until the result is run.
    pub fn apply(self, client: &Client) -> Delete {
        let customer = client.customer(self.customer.clone());
        Delete { customer, plan: self, concurrency: CONCURRENCY, cancel: CancellationToken::new() }
    }
}

/// The execution of a [`DeletePlan`]. Nothing is deleted until [`run`](Self::run) is awaited or [`start`](Self::start)
/// is polled. Dropping either loses the report of the devices deleted so far; use [`cancel_with`](Self::cancel_with) to
/// stop early and keep it.
#[derive(Debug)]
#[must_use = "nothing is deleted until it is run"]
pub struct Delete {
    customer: Customer,
    plan: DeletePlan,
    concurrency: usize,
    cancel: CancellationToken,
}

/// An event of deleting devices.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum DeleteEvent {
    /// The outcome of a device is known.
    #[non_exhaustive]
    DeviceDone {
        /// The device and its outcome.
        device: Box<DeletedDevice>,
        /// The number of devices whose outcome is known.
        done: usize,
        /// The number of devices in the plan.
        total: usize,
    },
    /// Deleting is finished. Only sent by [`Delete::start`]; [`Delete::run`] returns the report instead.
    Finished(Box<DeleteReport>),
}

/// The result of a [`DeletePlan`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct DeleteReport {
    /// The customer.
    #[cfg_attr(feature = "schemars", schemars(with = "String"))]
    pub customer: CustomerId,
    /// The devices with their outcomes, in the order of the plan.
    pub devices: Vec<DeletedDevice>,
    /// The queries that could not be resolved.
    pub unresolved: Vec<UnresolvedQuery>,
    /// The batches that could not be read completely when the plan was made.
    pub unlisted: Vec<UnlistedBatch>,
}

/// A device of a [`DeletePlan`] with its outcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct DeletedDevice {
    /// The device.
    pub device: RegisteredDevice,
    /// The rows or identifiers that select it.
    #[serde(rename = "wanted")]
    pub queries: Vec<DeviceQuery>,
    /// The outcome.
    #[serde(flatten)]
    pub outcome: DeleteOutcome,
}

/// The outcome of deleting a device. In JSON, the `outcome` field contains its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(tag = "outcome", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[non_exhaustive]
pub enum DeleteOutcome {
    /// The device was deleted.
    Deleted,
    /// The device no longer existed.
    AlreadyGone,
    /// The call failed. The device may be deleted nevertheless if the request may have taken effect.
    Failed {
        /// The reason.
        failure: CallFailure,
    },
    /// Not attempted, because of cancellation or an earlier failure that affects all calls.
    NotTried,
}

/// The number of devices by outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct DeleteTotals {
    /// Deleted devices.
    pub deleted: usize,
    /// Devices that no longer existed.
    pub already_gone: usize,
    /// Failed deletions.
    pub failed: usize,
    /// Devices that were not attempted.
    pub not_tried: usize,
}

impl DeleteReport {
    /// Counts the devices by outcome.
    #[must_use]
    pub fn totals(&self) -> DeleteTotals {
        let mut totals = DeleteTotals::default();
        for device in &self.devices {
            *match device.outcome {
                DeleteOutcome::Deleted => &mut totals.deleted,
                DeleteOutcome::AlreadyGone => &mut totals.already_gone,
                DeleteOutcome::Failed { .. } => &mut totals.failed,
                DeleteOutcome::NotTried => &mut totals.not_tried,
            } += 1;
        }
        totals
    }

    /// Returns true if every query was resolved, every batch was read, and every device is deleted.
    #[must_use]
    pub fn all_succeeded(&self) -> bool {
        let gone = |device: &DeletedDevice| {
            matches!(device.outcome, DeleteOutcome::Deleted | DeleteOutcome::AlreadyGone)
        };
        self.unresolved.is_empty() && self.unlisted.is_empty() && self.devices.iter().all(gone)
    }
}

impl Delete {
    /// Sets how many devices are deleted concurrently. The default is 4; 0 counts as 1.
    pub fn concurrency(mut self, devices: usize) -> Self {
        self.concurrency = devices;
        self
    }

    /// Cancels the deletion when `token` is cancelled, for example by a Ctrl-C handler. No more deletions are started,
    /// and those in progress are awaited, so that the report has the outcome of every device.
    ///
    /// ```
    /// # use partner_center_devices::Client;
    /// use partner_center_devices_fleet::CancellationToken;
    ///
    /// # async fn example(plan: partner_center_devices_fleet::inventory::DeletePlan, client: Client) {
    /// let cancel = CancellationToken::new();
    /// let delete = plan.apply(&client).cancel_with(cancel.clone());
    /// // `cancel.cancel()` in another task stops it.
    /// let report = delete.run(|_| ()).await;
    /// println!("{} not attempted", report.totals().not_tried);
    /// # }
    /// ```
    pub fn cancel_with(mut self, token: CancellationToken) -> Self {
        self.cancel = token;
        self
    }

    /// Deletes the devices and reports progress to `on_event`.
    pub async fn run(self, mut on_event: impl FnMut(DeleteEvent)) -> DeleteReport {
        let Self { customer, plan, concurrency, cancel } = self;
        let total = plan.devices.len();
        let halted = AtomicBool::new(false);
        let mut outcomes = vec![DeleteOutcome::NotTried; total];
        {
            let calls = stream::iter(0..total)
                .take_until(cancel.cancelled_owned())
                .take_while(|_| std::future::ready(!halted.load(Ordering::Relaxed)))
                .map(|position| {
                    let call = delete(&customer, &plan.devices[position]);
                    async move { (position, call.await) }
                })
                .buffer_unordered(concurrency.max(1));
            let mut calls = pin!(calls);
            let mut done = 0;
            while let Some((position, (outcome, ends_all))) = calls.next().await {
                halted.fetch_or(ends_all, Ordering::Relaxed);
                outcomes[position] = outcome.clone();
                done += 1;
                let device = Box::new(DeletedDevice::new(plan.devices[position].clone(), outcome));
                on_event(DeleteEvent::DeviceDone { device, done, total });
            }
        }
        let DeletePlan { customer, devices, unresolved, unlisted } = plan;
        let devices = devices
            .into_iter()
            .zip(outcomes)
            .map(|(planned, outcome)| DeletedDevice::new(planned, outcome))
            .collect();
        DeleteReport { customer, devices, unresolved, unlisted }
    }

    /// Deletes the devices as a stream. The last item is [`DeleteEvent::Finished`].
    pub fn start(self) -> EventStream<DeleteEvent> {
        EventStream::new(move |sink| async move {
            let report = self.run(|event| sink.put(event)).await;
            DeleteEvent::Finished(Box::new(report))
        })
    }
}

impl DeletedDevice {
    fn new(planned: PlannedDevice, outcome: DeleteOutcome) -> Self {
        Self { device: planned.device, queries: planned.queries, outcome }
    }
}

/// Deletes one device. Also returns whether all other calls would fail in the same way.
fn delete(
    customer: &Customer,
    planned: &PlannedDevice,
) -> impl Future<Output = (DeleteOutcome, bool)> + Send + use<> {
    let batch = customer.device_batch(planned.device.batch.clone());
    let call = batch.device(planned.id.clone()).delete();
    async move {
        match call.await {
            Ok(()) => (DeleteOutcome::Deleted, false),
            Err(error) if is_missing(&error) => (DeleteOutcome::AlreadyGone, false),
            Err(error) => {
                (DeleteOutcome::Failed { failure: (&error).into() }, ends_all(error.kind()))
            }
        }
    }
}
