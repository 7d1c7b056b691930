//! Looking for devices over all batches. Decides when the looking may end before everything is read.

use std::collections::{BTreeSet, HashMap};
use std::ops::ControlFlow;

use partner_center_devices::{Customer, Error};
use serde::{Deserialize, Serialize};

use super::device::RegisteredDevice;
use super::device_query::{DeviceQuery, Index, Lookup};
use super::listing::{Inventory, InventoryEvent, RegisteredDevices, UnlistedBatch};
use super::selection::{UnresolvedReason, shown};
use crate::event_stream::EventStream;

/// A search for devices in all batches of a customer, however many are wanted, in one reading. Nothing is read
/// until [`run`](Self::run) is awaited or [`start`](Self::start) is polled.
///
/// ```
/// # use partner_center_devices::{Client, CustomerId};
/// use partner_center_devices_fleet::{Search, DeviceQuery};
///
/// # async fn example(client: Client) -> Result<(), Box<dyn std::error::Error>> {
/// let customer = client.customer(CustomerId::new("47021739-3426-40bf-9601-61b4b6d7c793")?);
/// let results = Search::new(customer, [DeviceQuery::by_serial_number("4PX12X3")]).run(|_| ()).await?;
/// for result in &results.results {
///     match &result.devices[..] {
///         [] => println!("{}: not found; perhaps {:?}", result.query, result.similar),
///         devices => devices.iter().for_each(|device| println!("{device}")),
///     }
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "nothing is looked for until the search is run"]
pub struct Search {
    inventory: Inventory,
    wanted: Vec<DeviceQuery>,
    first: bool,
}

/// What happens during a search.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum SearchEvent {
    /// Something happened to the reading.
    Read(InventoryEvent),
    /// A device that is wanted, as far as its page tells: one that is read later may fit better.
    #[non_exhaustive]
    Found {
        /// The place of what is wanted, from 0.
        place: usize,
        /// The device.
        device: RegisteredDevice,
    },
    /// The end. Only from [`Search::start`]: [`Search::run`] returns it instead.
    Finished(Box<SearchResults>),
}

/// What a search found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SearchResults {
    /// What was found, for each device that was wanted, in the order of the wishes.
    #[serde(rename = "found")]
    pub results: Vec<SearchResult>,
    /// Whether every batch was read to its end. If not, there may be more devices of a wanted name.
    pub complete: bool,
    /// The batches that could not be read, or not to their end.
    pub unlisted: Vec<UnlistedBatch>,
}

/// What was found of one device that was wanted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SearchResult {
    /// What was wanted.
    #[serde(rename = "wanted")]
    pub query: DeviceQuery,
    /// The devices that bear the name, those first that are spelled the same. More than one if a device is in
    /// several batches, or if several devices share a name.
    pub devices: Vec<RegisteredDevice>,
    /// Where none does: those that look like it, the first 20 of them. Zeros in front are missing, or there is an O
    /// for a zero; or they share one name and differ in another.
    #[serde(rename = "near")]
    pub similar: Vec<RegisteredDevice>,
    /// Why there is no device.
    pub reason: Option<UnresolvedReason>,
}

impl Search {
    /// A search that reads everything: two devices may have one serial number, and only then is it known.
    pub fn new(customer: Customer, wanted: impl IntoIterator<Item = DeviceQuery>) -> Self {
        let wanted = wanted.into_iter().collect();
        Self { inventory: Inventory::new(customer), wanted, first: false }
    }

    /// Ends the search as soon as there is one device for everything that is wanted.
    pub fn stop_at_first_match(mut self) -> Self {
        self.first = true;
        self
    }

    /// How many batches are read at once; 0 counts as 1.
    pub fn concurrency(mut self, batches: usize) -> Self {
        self.inventory = self.inventory.concurrency(batches);
        self
    }

    /// Searches, and tells what happens on the way.
    ///
    /// # Errors
    /// If the batches cannot be listed. That a batch's devices cannot be is in [`SearchResults::unlisted`].
    pub async fn run(self, mut on_event: impl FnMut(SearchEvent)) -> Result<SearchResults, Error> {
        let Self { inventory, wanted, first } = self;
        let mut open: Vec<bool> = wanted.iter().map(DeviceQuery::is_findable).collect();
        let wishes = Wishes::of(&wanted);
        let reading = inventory.read(|event| {
            let hits = match &event {
                InventoryEvent::Devices { devices } => wishes.hits(devices),
                _ => Vec::new(),
            };
            on_event(SearchEvent::Read(event));
            for (place, device) in hits {
                open[place] = false;
                on_event(SearchEvent::Found { place, device });
            }
            if first && !open.contains(&true) {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        });
        let (registered, whole) = reading.await?;
        let complete = whole && registered.is_complete();
        Ok(SearchResults { complete, ..find(&registered, wanted) })
    }

    /// Searches as the stream is polled. The last event is [`SearchEvent::Finished`], or an error.
    pub fn start(self) -> EventStream<Result<SearchEvent, Error>> {
        EventStream::new(move |sink| async move {
            let finds = self.run(|event| sink.put(Ok(event))).await?;
            Ok(SearchEvent::Finished(Box::new(finds)))
        })
    }
}

impl RegisteredDevices {
    /// Looks for devices among these, without a call.
    #[must_use]
    pub fn find(&self, wanted: impl IntoIterator<Item = DeviceQuery>) -> SearchResults {
        find(self, wanted.into_iter().collect())
    }
}

/// What is wanted, by its names, so that a page costs what its devices do.
struct Wishes<'a> {
    wanted: &'a [DeviceQuery],
    named: HashMap<String, Vec<usize>>,
}

impl<'a> Wishes<'a> {
    fn of(wanted: &'a [DeviceQuery]) -> Self {
        let mut named: HashMap<_, Vec<_>> = HashMap::new();
        for (place, wanted) in wanted.iter().enumerate() {
            for name in wanted.names().into_iter().flatten() {
                named.entry(name).or_default().push(place);
            }
        }
        Self { wanted, named }
    }

    /// What of a page is wanted.
    fn hits(&self, devices: &[RegisteredDevice]) -> Vec<(usize, RegisteredDevice)> {
        let index = Index::of(devices);
        let places: BTreeSet<_> =
            index.names().filter_map(|name| self.named.get(name)).flatten().collect();
        let of = |place: &usize| match index.find(&self.wanted[*place]) {
            Lookup::Found(found) => found.into_iter().map(|device| (*place, device)).collect(),
            _ => Vec::new(),
        };
        let hits = places.into_iter().flat_map(of);
        hits.map(|(place, device)| (place, devices[device].clone())).collect()
    }
}

fn find(registered: &RegisteredDevices, wanted: Vec<DeviceQuery>) -> SearchResults {
    let index = Index::of(&registered.devices);
    let these = |places: Vec<usize>| {
        places.into_iter().map(|place| registered.devices[place].clone()).collect()
    };
    let of = |wanted: DeviceQuery| {
        let (devices, near, reason) = match index.find(&wanted) {
            Lookup::Found(found) => (these(found), Vec::new(), None),
            Lookup::NotFound(near) => {
                (Vec::new(), shown(registered, &near), Some(UnresolvedReason::NotFound))
            }
            Lookup::Unusable(reason) => (Vec::new(), Vec::new(), Some(reason)),
        };
        SearchResult { query: wanted, devices, similar: near, reason }
    };
    SearchResults {
        results: wanted.into_iter().map(of).collect(),
        complete: registered.is_complete(),
        unlisted: registered.unlisted.clone(),
    }
}
