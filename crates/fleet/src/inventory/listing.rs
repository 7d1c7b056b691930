//! Reading all devices of a customer. Decides the order of the calls, and what is known if some of them fail.
//!
//! A reading is:
//!
//! 1. list the batches, unless it is said which to read;
//! 2. read every page of each, some batches at once;
//! 3. put the devices in the order of the lists. What one list shows twice, because devices went while it was
//!    read, is one entry.
//!
//! A batch whose list fails is named, with the reason; the others are read all the same. Without a token, or
//! without a way to the service, no other list is tried.

use std::collections::HashSet;
use std::ops::ControlFlow;

use futures_core::Stream;
use futures_util::{StreamExt as _, stream};
use partner_center_devices::{
    BatchId, Customer, CustomerId, Device, DeviceBatch, Error, List, Page,
};
use serde::{Deserialize, Serialize};

use super::call_failure::CallFailure;
use super::device::RegisteredDevice;
use crate::call_effect::ends_all;
use crate::event_stream::EventStream;

/// How many batches are read, or devices deleted, at once unless said otherwise.
pub(super) const AT_ONCE: usize = 4;

/// A reading of everything that a customer has registered. Nothing is read until [`run`](Self::run) is awaited or
/// [`start`](Self::start) is polled; dropping either stops it.
///
/// ```
/// # use partner_center_devices::{Client, CustomerId};
/// use partner_center_devices_fleet::{Inventory, InventoryEvent};
///
/// # async fn example(client: Client) -> Result<(), Box<dyn std::error::Error>> {
/// let customer = client.customer(CustomerId::new("47021739-3426-40bf-9601-61b4b6d7c793")?);
/// let registered = Inventory::new(customer)
///     .run(|event| {
///         if let InventoryEvent::BatchRead { batch, devices, .. } = event {
///             println!("{batch}: {devices} devices");
///         }
///     })
///     .await?;
/// for batch in &registered.unlisted {
///     println!("{}: {}", batch.batch, batch.failure);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "an inventory is read only when it is run"]
pub struct Inventory {
    pub(super) customer: Customer,
    pub(super) concurrency: usize,
    /// Those to read; `None` for all.
    batches: Option<Vec<BatchId>>,
}

/// What happens during a reading.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum InventoryEvent {
    /// The batches are known.
    #[non_exhaustive]
    Listed {
        /// How many there are.
        batches: usize,
        /// How many devices their list says they have; `None` if it does not say it of each, or was not asked for.
        devices: Option<u64>,
    },
    /// A page of a batch's list.
    #[non_exhaustive]
    Devices {
        /// Its devices.
        devices: Vec<RegisteredDevice>,
    },
    /// A batch has been read to its end.
    #[non_exhaustive]
    BatchRead {
        /// Which.
        batch: BatchId,
        /// How many devices its list has.
        devices: usize,
    },
    /// A batch could not be read, or not to its end.
    BatchFailed(UnlistedBatch),
    /// The end. Only from [`Inventory::start`]: [`Inventory::run`] returns it instead.
    Finished(Box<RegisteredDevices>),
}

/// All devices of a customer, over all batches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct RegisteredDevices {
    /// The customer.
    #[cfg_attr(feature = "schemars", schemars(with = "String"))]
    pub customer: CustomerId,
    /// The devices: batch after batch in the service's order, and in each as its list has them.
    pub devices: Vec<RegisteredDevice>,
    /// The batches that could not be read, or not to their end. Devices may be missing here if there are any.
    pub unlisted: Vec<UnlistedBatch>,
}

/// A batch whose devices are not all known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct UnlistedBatch {
    /// Its name, as the service gives it; empty if it gives none.
    pub batch: String,
    /// How many of its devices are known.
    pub known: usize,
    /// Why the rest is not.
    pub failure: CallFailure,
}

impl RegisteredDevices {
    /// Whether every batch was read to its end.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.unlisted.is_empty()
    }
}

impl Inventory {
    /// A reading of four batches at once.
    pub fn new(customer: Customer) -> Self {
        Self { customer, concurrency: AT_ONCE, batches: None }
    }

    /// Reads these batches and no other, without listing which there are. One that is not there is in
    /// [`RegisteredDevices::unlisted`].
    pub fn batches(mut self, batches: impl IntoIterator<Item = BatchId>) -> Self {
        self.batches = Some(batches.into_iter().collect());
        self
    }

    /// How many batches are read at once; 0 counts as 1.
    pub fn concurrency(mut self, batches: usize) -> Self {
        self.concurrency = batches;
        self
    }

    /// Reads, and tells what happens on the way.
    ///
    /// # Errors
    /// If the batches cannot be listed. That a batch's devices cannot be is in [`RegisteredDevices::unlisted`].
    pub async fn run(
        self,
        mut on_event: impl FnMut(InventoryEvent),
    ) -> Result<RegisteredDevices, Error> {
        let reading = self.read(|event| {
            on_event(event);
            ControlFlow::Continue(())
        });
        reading.await.map(|(registered, _)| registered)
    }

    /// Reads as the stream is polled. The last event is [`InventoryEvent::Finished`], or an error.
    pub fn start(self) -> EventStream<Result<InventoryEvent, Error>> {
        EventStream::new(move |sink| async move {
            let registered = self.run(|event| sink.put(Ok(event))).await?;
            Ok(InventoryEvent::Finished(Box::new(registered)))
        })
    }

    /// The numbered list of this module, until `tell` answers that it is enough. Also whether nothing was left out.
    pub(super) async fn read(
        self,
        mut tell: impl FnMut(InventoryEvent) -> ControlFlow<()>,
    ) -> Result<(RegisteredDevices, bool), Error> {
        // 1. Which batches are there?
        let (mut readings, devices) = match &self.batches {
            Some(batches) => (Reading::of(batches.iter().map(BatchId::as_str)), None),
            None => {
                let listed = self.customer.device_batches().list().await?;
                let names = listed.iter().map(|batch| batch.id().unwrap_or_default());
                let count = |batch: &DeviceBatch| u64::try_from(batch.devices_count()?).ok();
                (Reading::of(names), listed.iter().map(count).sum())
            }
        };
        let mut told = tell(InventoryEvent::Listed { batches: readings.len(), devices });
        for failed in readings.iter().filter_map(Reading::unlisted) {
            told = tell(InventoryEvent::BatchFailed(failed));
        }

        // 2. Their pages, as they come.
        let mut pages = pages(&self.customer, &readings, self.concurrency);
        while told.is_continue() {
            let Some((place, batch, page)) = pages.next().await else { break };
            match page {
                Ok(page) => {
                    let reading = &mut readings[place];
                    let devices = reading.take(&batch, &page);
                    told = tell(InventoryEvent::Devices { devices });
                    if page.continuation.is_none() {
                        reading.ended = Some(Ok(()));
                        reading.seen = HashSet::new();
                        let devices = reading.devices.len();
                        told = tell(InventoryEvent::BatchRead { batch, devices });
                    }
                }
                Err(error) => {
                    let failure = CallFailure::from(&error);
                    let all = ends_all(error.kind());
                    let failed = |(other, reading): &(usize, &mut Reading)| {
                        *other == place || (all && reading.ended.is_none())
                    };
                    for (_, reading) in readings.iter_mut().enumerate().filter(failed) {
                        reading.ended = Some(Err(failure.clone()));
                        if let Some(failed) = reading.unlisted() {
                            told = tell(InventoryEvent::BatchFailed(failed));
                        }
                    }
                    if all {
                        break;
                    }
                }
            }
        }

        // 3. In the order of the lists.
        let whole = readings.iter().all(|reading| reading.ended.is_some());
        let unlisted = readings.iter().filter_map(Reading::unlisted).collect();
        let devices = readings.into_iter().flat_map(|reading| reading.devices).collect();
        Ok((RegisteredDevices { customer: self.customer.id().clone(), devices, unlisted }, whole))
    }
}

/// What is known of one batch so far.
struct Reading {
    /// As the service names it.
    name: String,
    id: Option<BatchId>,
    devices: Vec<RegisteredDevice>,
    seen: HashSet<String>,
    /// How its list ended, if it did.
    ended: Option<Result<(), CallFailure>>,
}

impl Reading {
    /// The batches of a list. One that is there twice is read once; one without a name that can be asked for
    /// has failed already.
    fn of<'a>(named: impl Iterator<Item = &'a str>) -> Vec<Self> {
        let mut names = HashSet::new();
        let reading = |name: &str| {
            let (id, ended) = match BatchId::new(name) {
                Ok(id) => (Some(id), None),
                Err(error) => (None, Some(Err(CallFailure::input(error.to_string())))),
            };
            Self { name: name.to_owned(), id, devices: Vec::new(), seen: HashSet::new(), ended }
        };
        named.filter(|name| names.insert(*name)).map(reading).collect()
    }

    /// Adds what is new in a page, and gives it. Pages may overlap, and then show a device twice.
    fn take(&mut self, batch: &BatchId, page: &Page<Device>) -> Vec<RegisteredDevice> {
        let devices = page.items.iter().map(|device| RegisteredDevice::new(batch, device));
        let seen = &mut self.seen;
        let is_new = |device: &RegisteredDevice| {
            device.id.as_ref().is_none_or(|id| seen.insert(id.as_str().to_owned()))
        };
        let new: Vec<_> = devices.filter(is_new).collect();
        self.devices.extend_from_slice(&new);
        new
    }

    fn unlisted(&self) -> Option<UnlistedBatch> {
        let failure = self.ended.as_ref()?.as_ref().err()?.clone();
        Some(UnlistedBatch { batch: self.name.clone(), known: self.devices.len(), failure })
    }
}

type Pages = (usize, BatchId, Result<Page<Device>, Error>);

/// The pages of all batches, so many batches at once, in the order in which they come.
fn pages(
    customer: &Customer,
    readings: &[Reading],
    concurrency: usize,
) -> impl Stream<Item = Pages> + Unpin + Send + use<> {
    let batches: Vec<_> = readings
        .iter()
        .enumerate()
        .filter_map(|(place, reading)| Some((place, reading.id.clone()?)))
        .collect();
    let customer = customer.clone();
    let pages_of = move |(place, batch): (usize, BatchId)| {
        let list = customer.device_batch(batch.clone()).devices().list();
        let page = move |mut list: List<_>| {
            let batch = batch.clone();
            async move { list.next_page().await.map(|page| ((place, batch, page), list)) }
        };
        stream::unfold(list, page).boxed()
    };
    stream::iter(batches).map(pages_of).flatten_unordered(concurrency.max(1))
}
