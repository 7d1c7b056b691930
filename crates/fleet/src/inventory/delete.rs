//! Taking devices away. Decides what a plan deletes, in which order the calls go, and what each comes to.
//!
//! Deleting is:
//!
//! 1. plan it from what was read ([`DeletePlan::new`]): no call;
//! 2. apply the plan: delete some devices at once. A device that is gone already is as good as deleted, so the same
//!    plan, or a new one from the same file, may be applied again. A failure of one keeps no other from being
//!    deleted, but for one that all calls share: no token, or no way to the service;
//! 3. when it is stopped, begin nothing more, and wait for what has begun.

use std::fmt;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::{StreamExt as _, stream};
use partner_center_devices::{Client, Customer, CustomerId, Error, ErrorKind};
use serde::{Deserialize, Serialize};

use super::call_failure::CallFailure;
use super::device::RegisteredDevice;
use super::device_query::DeviceQuery;
use super::listing::{AT_ONCE, RegisteredDevices, UnlistedBatch};
use super::selection::{MultipleMatches, PlannedDevice, UnresolvedQuery, choose};
use crate::call_effect::ends_all;
use crate::event_stream::EventStream;

/// What would be deleted, and what would not and why. Making it deletes nothing. As JSON it can be kept, shown to
/// another person, and read again.
///
/// ```
/// # use partner_center_devices::{Client, CustomerId};
/// use partner_center_devices_fleet::{DeletePlan, Fleet, MultipleMatches, Inventory, DeviceQuery};
///
/// # async fn example(client: Client) -> Result<(), Box<dyn std::error::Error>> {
/// let customer = client.customer(CustomerId::new("47021739-3426-40bf-9601-61b4b6d7c793")?);
/// let returned = Fleet::read(std::fs::File::open("returned.csv")?, "returned.csv");
///
/// let registered = Inventory::new(customer).run(|_| ()).await?;
/// let plan = DeletePlan::new(&registered, DeviceQuery::from_rows(&returned), MultipleMatches::Skip);
/// for left_out in &plan.unresolved {
///     println!("{}: {}", left_out.query, left_out.message);
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
    /// What would be deleted, in the order in which it is first wanted.
    pub devices: Vec<PlannedDevice>,
    /// What would not.
    pub unresolved: Vec<UnresolvedQuery>,
    /// The batches that could not be read. A wanted device may be there too.
    pub unlisted: Vec<UnlistedBatch>,
}

impl DeletePlan {
    /// Plans by what was read. A device that is in two batches is two: both are deleted only by
    /// [`MultipleMatches::UseAll`].
    pub fn new(
        registered: &RegisteredDevices,
        wanted: impl IntoIterator<Item = DeviceQuery>,
        multiple_matches: MultipleMatches,
    ) -> Self {
        // The batch's length keeps its name and the id from running into one another.
        let entry = |device: &RegisteredDevice| {
            let id = device.id.as_ref().map_or("", |id| id.as_str());
            format!("{} {} {id}", device.batch.as_str().len(), device.batch)
        };
        let (devices, unresolved) = choose(registered, wanted, multiple_matches, entry);
        Self {
            customer: registered.customer.clone(),
            devices,
            unresolved,
            unlisted: registered.unlisted.clone(),
        }
    }

    /// Applies the plan, once it is run.
    pub fn apply(self, client: &Client) -> Delete {
        let customer = client.customer(self.customer.clone());
        Delete {
            customer,
            plan: self,
            concurrency: AT_ONCE,
            stop: Box::pin(std::future::pending()),
        }
    }
}

/// A plan that is applied. Nothing is deleted until [`run`](Self::run) is awaited or [`start`](Self::start) is
/// polled. Dropping either leaves some devices deleted without a word; [`stop_when`](Self::stop_when) does not.
#[must_use = "nothing is deleted until it is run"]
pub struct Delete {
    customer: Customer,
    plan: DeletePlan,
    concurrency: usize,
    stop: Pin<Box<dyn Future<Output = ()> + Send>>,
}

/// What happens while a plan is applied.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum DeleteEvent {
    /// A device has its outcome.
    #[non_exhaustive]
    DeviceDone {
        /// The device and its outcome.
        device: Box<DeletedDevice>,
        /// How many have theirs.
        done: usize,
        /// How many there are.
        total: usize,
    },
    /// The end. Only from [`Delete::start`]: [`Delete::run`] returns it instead.
    Finished(Box<DeleteReport>),
}

/// What became of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct DeleteReport {
    /// The customer.
    #[cfg_attr(feature = "schemars", schemars(with = "String"))]
    pub customer: CustomerId,
    /// What became of each device, in the order of the plan.
    pub devices: Vec<DeletedDevice>,
    /// What was not in the plan.
    pub unresolved: Vec<UnresolvedQuery>,
    /// The batches that could not be read when it was planned.
    pub unlisted: Vec<UnlistedBatch>,
}

/// A device of a plan, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct DeletedDevice {
    /// The device.
    pub device: RegisteredDevice,
    /// The rows or names that lead to it.
    #[serde(rename = "wanted")]
    pub queries: Vec<DeviceQuery>,
    /// What became of it.
    #[serde(flatten)]
    pub outcome: DeleteOutcome,
}

/// What became of a device that was to be deleted. In JSON `outcome` has its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(tag = "outcome", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[non_exhaustive]
pub enum DeleteOutcome {
    /// It is deleted.
    Deleted,
    /// It was not there any more.
    AlreadyGone,
    /// The call failed. [`CallFailure::may_have_taken_effect`] says whether it may be gone all the same.
    Failed {
        /// Why.
        failure: CallFailure,
    },
    /// It was stopped before, by the caller or by a failure that all calls share.
    NotTried,
}

/// How many devices had which outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct DeleteTotals {
    /// Deleted now.
    pub deleted: usize,
    /// Gone before.
    pub already_gone: usize,
    /// Failed.
    pub failed: usize,
    /// Not tried.
    pub not_tried: usize,
}

impl DeleteReport {
    /// How many devices had which outcome.
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

    /// Whether everything that was wanted is gone for sure.
    #[must_use]
    pub fn all_succeeded(&self) -> bool {
        let gone = |device: &DeletedDevice| {
            matches!(device.outcome, DeleteOutcome::Deleted | DeleteOutcome::AlreadyGone)
        };
        self.unresolved.is_empty() && self.unlisted.is_empty() && self.devices.iter().all(gone)
    }
}

impl Delete {
    /// How many devices are deleted at once: 4 unless said otherwise; 0 counts as 1.
    pub fn concurrency(mut self, devices: usize) -> Self {
        self.concurrency = devices;
        self
    }

    /// Begins nothing more once this is over: a signal, a timeout, the other end of a channel. What has begun is
    /// waited for, so that every device has its outcome.
    ///
    /// ```
    /// # async fn example(plan: partner_center_devices_fleet::inventory::DeletePlan, client: partner_center_devices::Client) {
    /// let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    /// let delete = plan.apply(&client).stop_when(async { drop(stopped.await) });
    /// // `stop.send(())`, or dropping `stop`, ends it.
    /// # drop(stop);
    /// let report = delete.run(|_| ()).await;
    /// println!("{} not tried", report.totals().not_tried);
    /// # }
    /// ```
    pub fn stop_when(mut self, stop: impl Future<Output = ()> + Send + 'static) -> Self {
        self.stop = Box::pin(stop);
        self
    }

    /// Deletes, and tells what happens on the way.
    pub async fn run(self, mut on_event: impl FnMut(DeleteEvent)) -> DeleteReport {
        let Self { customer, plan, concurrency, stop } = self;
        let total = plan.devices.len();
        let halted = AtomicBool::new(false);
        let mut outcomes = vec![DeleteOutcome::NotTried; total];
        {
            let mut calls = stream::iter(0..total)
                .take_until(stop)
                .take_while(|_| std::future::ready(!halted.load(Ordering::Relaxed)))
                .map(|place| {
                    let call = delete(&customer, &plan.devices[place]);
                    async move { (place, call.await) }
                })
                .buffer_unordered(concurrency.max(1));
            let mut done = 0;
            while let Some((place, (outcome, ends_all))) = calls.next().await {
                halted.fetch_or(ends_all, Ordering::Relaxed);
                outcomes[place] = outcome.clone();
                done += 1;
                let PlannedDevice { device, queries, .. } = plan.devices[place].clone();
                let device = Box::new(DeletedDevice { device, queries, outcome });
                on_event(DeleteEvent::DeviceDone { device, done, total });
            }
        }
        let DeletePlan { customer, devices, unresolved, unlisted } = plan;
        let decided = |(PlannedDevice { device, queries, .. }, outcome)| DeletedDevice {
            device,
            queries,
            outcome,
        };
        let devices = devices.into_iter().zip(outcomes).map(decided).collect();
        DeleteReport { customer, devices, unresolved, unlisted }
    }

    /// Deletes as the stream is polled. The last event is [`DeleteEvent::Finished`].
    pub fn start(self) -> EventStream<DeleteEvent> {
        EventStream::new(move |sink| async move {
            let report = self.run(|event| sink.put(event)).await;
            DeleteEvent::Finished(Box::new(report))
        })
    }
}

impl fmt::Debug for Delete {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Delete")
            .field("plan", &self.plan)
            .field("concurrency", &self.concurrency)
            .finish_non_exhaustive()
    }
}

/// Deletes one device. Also says whether the other calls would fail as this one did.
fn delete(
    customer: &Customer,
    planned: &PlannedDevice,
) -> impl Future<Output = (DeleteOutcome, bool)> + Send + use<> {
    let batch = customer.device_batch(planned.device.batch.clone());
    let call = batch.device(planned.id.clone()).delete();
    async move {
        match call.await {
            Ok(()) => (DeleteOutcome::Deleted, false),
            Err(error) if is_gone(&error) => (DeleteOutcome::AlreadyGone, false),
            Err(error) => {
                (DeleteOutcome::Failed { failure: (&error).into() }, ends_all(error.kind()))
            }
        }
    }
}

/// Whether the device, or its batch, is not there. A customer that is not there (60003,
/// <https://learn.microsoft.com/en-us/partner-center/developer/error-codes>) says nothing of its devices.
fn is_gone(error: &Error) -> bool {
    error.kind() == ErrorKind::NotFound && error.code() != Some("60003")
}
