//! Reads all registered devices of a customer:
//!
//! 1. list the batches, unless the caller names them;
//! 2. read every page of each batch, several batches concurrently;
//! 3. put the devices in the order of the lists. A device that appears twice in one list, because devices were removed
//!    while it was read, is kept once.
//!
//! If reading a batch fails, the batch is reported with the reason and the others are still read. Without an access
//! token or a connection to the service, no further batch is tried, and neither after the devices need more memory than
//! allowed.

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

/// The limit of the memory for all devices, in bytes: about 190,000 devices.
const MAX_MEMORY: usize = 80 << 20;

/// The number of batches that are read concurrently by default.
const CONCURRENCY: usize = 4;

/// A reader of all devices that a customer has registered. Nothing is read until [`run`](Self::run) is awaited or
/// [`start`](Self::start) is polled; dropping either stops reading.
///
/// ```
/// # use partner_center_devices::{Client, CustomerId};
/// use partner_center_devices_fleet::inventory::{Inventory, InventoryEvent};
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
#[must_use = "an inventory does nothing until it is run"]
pub struct Inventory {
    customer: Customer,
    concurrency: usize,
    max_memory: usize,
    /// The batches to read; `None` for all.
    batches: Option<Vec<BatchId>>,
    /// The batches that are read before the others, in lower case.
    first: HashSet<String>,
}

/// An event of reading an [`Inventory`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum InventoryEvent {
    /// The batches were listed.
    #[non_exhaustive]
    Listed {
        /// The number of batches.
        batches: usize,
        /// The number of devices according to the list of batches; `None` if it is incomplete or was not requested.
        devices: Option<u64>,
    },
    /// A page of a batch's device list was read.
    #[non_exhaustive]
    Devices {
        /// The devices on the page.
        devices: Vec<RegisteredDevice>,
    },
    /// A batch was read completely.
    #[non_exhaustive]
    BatchRead {
        /// The batch.
        batch: BatchId,
        /// The number of devices in it.
        devices: usize,
    },
    /// A batch could not be read completely.
    BatchFailed(UnlistedBatch),
    /// Reading is finished. Only sent by [`Inventory::start`]; [`Inventory::run`] returns the devices instead.
    Finished(Box<RegisteredDevices>),
}

/// The registered devices of a customer, over all batches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct RegisteredDevices {
    /// The customer.
    #[cfg_attr(feature = "schemars", schemars(with = "String"))]
    pub customer: CustomerId,
    /// The devices, batch by batch in the service's order, and within a batch in the order of its list.
    pub devices: Vec<RegisteredDevice>,
    /// The batches that could not be read completely. If there are any, devices may be missing here.
    pub unlisted: Vec<UnlistedBatch>,
}

/// A batch that could not be read completely.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct UnlistedBatch {
    /// The name as the service returned it; empty if it returned none. A name of more than 1,000 characters is truncated.
    pub batch: String,
    /// The number of devices that were read.
    pub known: usize,
    /// The reason the rest could not be read.
    pub failure: CallFailure,
}

impl RegisteredDevices {
    /// Returns true if every batch was read completely.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.unlisted.is_empty()
    }
}

impl Inventory {
    /// Creates a reader for all batches of a customer.
    pub fn new(customer: Customer) -> Self {
        Self {
            customer,
            concurrency: CONCURRENCY,
            max_memory: MAX_MEMORY,
            batches: None,
            first: HashSet::new(),
        }
    }

    /// Reads only these batches, without listing the batches first. A batch that does not exist is reported in
    /// [`RegisteredDevices::unlisted`].
    pub fn batches(mut self, batches: impl IntoIterator<Item = BatchId>) -> Self {
        self.batches = Some(batches.into_iter().collect());
        self
    }

    /// Reads these batches before the others, if the customer has them. This helps a search that stops at the first match.
    pub fn read_first<'a>(mut self, batches: impl IntoIterator<Item = &'a BatchId>) -> Self {
        self.first.extend(batches.into_iter().map(|batch| batch.as_str().to_lowercase()));
        self
    }

    /// Sets how many batches are read concurrently. The default is 4; 0 counts as 1.
    pub fn concurrency(mut self, batches: usize) -> Self {
        self.concurrency = batches;
        self
    }

    /// Sets how many bytes the devices may need together. The default is 80 MiB: about 190,000 devices. The batches that
    /// are not complete then are reported in [`RegisteredDevices::unlisted`].
    pub fn max_memory(mut self, bytes: usize) -> Self {
        self.max_memory = bytes;
        self
    }

    /// Reads the devices and reports progress to `on_event`.
    ///
    /// # Errors
    /// If the batches cannot be listed. A batch whose devices cannot be read is not an error; it is listed in
    /// [`RegisteredDevices::unlisted`].
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

    /// Reads the devices as a stream. The last item is [`InventoryEvent::Finished`] or an error.
    pub fn start(self) -> EventStream<Result<InventoryEvent, Error>> {
        EventStream::new(move |sink| async move {
            let registered = self.run(|event| sink.put(Ok(event))).await?;
            Ok(InventoryEvent::Finished(Box::new(registered)))
        })
    }

    /// Follows the numbered steps of this module until `on_event` breaks. Also returns whether every batch was read to
    /// its end or failed, that is, whether reading was not stopped early.
    pub(super) async fn read(
        self,
        mut on_event: impl FnMut(InventoryEvent) -> ControlFlow<()>,
    ) -> Result<(RegisteredDevices, bool), Error> {
        // 1. List the batches.
        let (mut batches, devices) = self.list_batches().await?;
        let mut flow = on_event(InventoryEvent::Listed { batches: batches.len(), devices });
        for failed in batches.iter().filter_map(BatchReading::unlisted) {
            flow = on_event(InventoryEvent::BatchFailed(failed));
        }

        // 2. Read their pages.
        let mut memory_left = self.max_memory;
        let mut pages = pages(&self.customer, &batches, self.concurrency);
        while flow.is_continue() {
            let Some((position, batch, page)) = pages.next().await else { break };
            match page {
                Ok(page) => {
                    let needed = page.items.iter().map(|device| memory(&batch, device)).sum();
                    let Some(left) = memory_left.checked_sub(needed) else {
                        let limit = self.max_memory >> 20;
                        let failure = CallFailure::too_much(format!(
                            "the devices need more than {limit} MiB of memory"
                        ));
                        for failed in fail(&mut batches, position, true, &failure) {
                            let _ = on_event(InventoryEvent::BatchFailed(failed));
                        }
                        break;
                    };
                    memory_left = left;
                    let reading = &mut batches[position];
                    let is_last = page.continuation.is_none();
                    let devices = reading.add_page(&batch, page);
                    flow = on_event(InventoryEvent::Devices { devices });
                    if is_last {
                        let devices = reading.finish();
                        flow = on_event(InventoryEvent::BatchRead { batch, devices });
                    }
                }
                Err(error) => {
                    let affects_all = ends_all(error.kind());
                    let failure = CallFailure::from(&error);
                    for failed in fail(&mut batches, position, affects_all, &failure) {
                        flow = on_event(InventoryEvent::BatchFailed(failed));
                    }
                    if affects_all {
                        break;
                    }
                }
            }
        }

        // 3. Put the devices in the order of the lists.
        let read_to_end = batches.iter().all(|batch| batch.end.is_some());
        let unlisted = batches.iter().filter_map(BatchReading::unlisted).collect();
        let devices = batches.into_iter().flat_map(|batch| batch.devices).collect();
        let customer = self.customer.id().clone();
        Ok((RegisteredDevices { customer, devices, unlisted }, read_to_end))
    }

    /// Returns the batches to read, and the number of their devices if the service reports it for each.
    async fn list_batches(&self) -> Result<(Vec<BatchReading>, Option<u64>), Error> {
        if let Some(batches) = &self.batches {
            return Ok((BatchReading::all(batches.iter().map(BatchId::as_str)), None));
        }
        let listed = self.customer.device_batches().list().await?;
        let mut names: Vec<_> =
            listed.iter().map(|batch| batch.id_text().unwrap_or_default()).collect();
        names.sort_by_key(|name| !self.first.contains(&name.to_lowercase())); // stable
        let count = |batch: &DeviceBatch| u64::try_from(batch.devices_count()?).ok();
        Ok((BatchReading::all(names.into_iter()), listed.iter().map(count).sum()))
    }
}

/// The state of reading one batch.
struct BatchReading {
    /// The name as the service returned it.
    name: String,
    id: Option<BatchId>,
    devices: Vec<RegisteredDevice>,
    /// The device ids read so far.
    ids: HashSet<String>,
    /// Set once the batch was read completely or failed.
    end: Option<Result<(), CallFailure>>,
}

impl BatchReading {
    /// Starts with the names of a list. A name that occurs twice is read once; a name that is not a valid id has failed
    /// already.
    fn all<'a>(names: impl Iterator<Item = &'a str>) -> Vec<Self> {
        let mut known = HashSet::new();
        let reading = |name: &str| {
            let (id, end) = match BatchId::new(name) {
                Ok(id) => (Some(id), None),
                Err(error) => (None, Some(Err(CallFailure::input(error.to_string())))),
            };
            Self { name: shown_name(name), id, devices: Vec::new(), ids: HashSet::new(), end }
        };
        names.filter(|name| known.insert(*name)).map(reading).collect()
    }

    /// Adds the devices of a page that were not on a page before, and returns them. Pages may overlap.
    fn add_page(&mut self, batch: &BatchId, page: Page<Device>) -> Vec<RegisteredDevice> {
        let devices = page.items.into_iter().map(|device| RegisteredDevice::new(batch, &device));
        let ids = &mut self.ids;
        let is_new = |device: &RegisteredDevice| {
            device.id.as_ref().is_none_or(|id| ids.insert(id.as_str().to_owned()))
        };
        let new: Vec<_> = devices.filter(is_new).collect();
        self.devices.extend_from_slice(&new);
        new
    }

    /// Marks the batch as read completely, and returns the number of its devices.
    fn finish(&mut self) -> usize {
        self.end = Some(Ok(()));
        self.ids = HashSet::new();
        self.devices.len()
    }

    fn unlisted(&self) -> Option<UnlistedBatch> {
        let failure = self.end.as_ref()?.as_ref().err()?.clone();
        Some(UnlistedBatch { batch: self.name.clone(), known: self.devices.len(), failure })
    }
}

/// Returns a name, truncated if it is much longer than any of the service. A server must not fill the memory with it.
fn shown_name(name: &str) -> String {
    const MAX_NAME: usize = 1_000;
    match name.char_indices().nth(MAX_NAME) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name.to_owned(),
    }
}

/// Marks the batch at `position` as failed, and all unfinished batches if the failure affects all calls. Returns those
/// batches.
fn fail(
    batches: &mut [BatchReading],
    position: usize,
    affects_all: bool,
    failure: &CallFailure,
) -> Vec<UnlistedBatch> {
    let mut failed = Vec::new();
    for (other, batch) in batches.iter_mut().enumerate() {
        if other == position || (affects_all && batch.end.is_none()) {
            batch.end = Some(Err(failure.clone()));
            failed.extend(batch.unlisted());
        }
    }
    failed
}

/// Returns about how many bytes a device needs: itself, and its texts with their allocations.
fn memory(batch: &BatchId, device: &Device) -> usize {
    const ALLOCATION: usize = 16;
    let raw = device.as_raw();
    let policies = raw.policies.iter().flatten().filter_map(|policy| policy.value.as_ref());
    let texts = [
        &raw.id,
        &raw.serial_number,
        &raw.product_key,
        &raw.oem_manufacturer_name,
        &raw.model_name,
    ];
    let texts = texts.into_iter().flatten().chain(policies).map(String::as_str);
    let texts = texts.chain([batch.as_str()]).map(|text| text.len() + ALLOCATION);
    size_of::<RegisteredDevice>() + texts.sum::<usize>()
}

type BatchPage = (usize, BatchId, Result<Page<Device>, Error>);

/// Reads the pages of all batches, in the order in which they arrive. Each page comes with the position of its batch.
fn pages(
    customer: &Customer,
    batches: &[BatchReading],
    concurrency: usize,
) -> impl Stream<Item = BatchPage> + Unpin + Send + use<> {
    let batches: Vec<_> = batches
        .iter()
        .enumerate()
        .filter_map(|(position, batch)| Some((position, batch.id.clone()?)))
        .collect();
    let customer = customer.clone();
    let pages_of = move |(position, batch): (usize, BatchId)| {
        let list = customer.device_batch(batch.clone()).devices().list();
        let page = move |mut list: List<_>| {
            let batch = batch.clone();
            async move { list.next_page().await.map(|page| ((position, batch, page), list)) }
        };
        stream::unfold(list, page).boxed()
    };
    stream::iter(batches).map(pages_of).flatten_unordered(concurrency.max(1))
}
