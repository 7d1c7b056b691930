//! A search for devices over all batches of a customer.

use std::collections::{BTreeSet, HashMap};
use std::ops::ControlFlow;

use partner_center_devices::{BatchId, Customer, Error};
use serde::{Deserialize, Serialize};

use super::device::RegisteredDevice;
use super::device_index::{DeviceIndex, Lookup};
use super::device_query::DeviceQuery;
use super::listing::{Inventory, InventoryEvent, RegisteredDevices, UnlistedBatch};
use super::selection::candidates;
use super::unresolved::UnresolvedReason;
use crate::event_stream::EventStream;

/// A search for any number of devices that reads each batch of a customer once. Nothing is read until
/// [`run`](Self::run) is awaited or [`start`](Self::start) is polled.
///
/// ```
/// # use partner_center_devices::{Client, CustomerId};
/// use partner_center_devices_fleet::inventory::{DeviceQuery, Search};
///
/// # async fn example(client: Client) -> Result<(), Box<dyn std::error::Error>> {
/// let customer = client.customer(CustomerId::new("47021739-3426-40bf-9601-61b4b6d7c793")?);
/// let search = Search::new(customer, [DeviceQuery::by_serial_number("4PX12X3")]);
/// for result in &search.run(|_| ()).await?.results {
///     match &result.devices[..] {
///         [] => println!("{}: not found; similar devices: {:?}", result.query, result.similar),
///         devices => devices.iter().for_each(|device| println!("{device}")),
///     }
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a search does nothing until it is run"]
pub struct Search {
    inventory: Inventory,
    queries: Vec<DeviceQuery>,
    stop_at_first_match: bool,
}

/// An event of a [`Search`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum SearchEvent {
    /// Progress of reading the batches.
    Read(InventoryEvent),
    /// A page contained a matching device. A device on a later page may match better.
    #[non_exhaustive]
    Found {
        /// The index of the query, from 0.
        query_index: usize,
        /// The device.
        device: RegisteredDevice,
    },
    /// The search is finished. Only sent by [`Search::start`]; [`Search::run`] returns the results instead.
    Finished(Box<SearchResults>),
}

/// The results of a search.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SearchResults {
    /// The result of each query, in the order of the queries.
    #[serde(rename = "found")]
    pub results: Vec<SearchResult>,
    /// True if every batch was read completely. If not, more devices may match.
    pub complete: bool,
    /// The batches that could not be read completely.
    pub unlisted: Vec<UnlistedBatch>,
}

/// The result of one query.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SearchResult {
    /// The query.
    #[serde(rename = "wanted")]
    pub query: DeviceQuery,
    /// The matching devices, those with exactly the same spelling first. There are several if the device is in several
    /// batches, or if several devices share the identifier.
    pub devices: Vec<RegisteredDevice>,
    /// Up to 20 similar devices, if none matches. Similar means that leading zeros are missing, that an O is written
    /// as a zero, or that one identifier matches and another does not.
    #[serde(rename = "near")]
    pub similar: Vec<RegisteredDevice>,
    /// The reason there is no device.
    pub reason: Option<UnresolvedReason>,
}

impl Search {
    /// Creates a search that reads all batches, and so finds every device that matches.
    pub fn new(customer: Customer, queries: impl IntoIterator<Item = DeviceQuery>) -> Self {
        let queries = queries.into_iter().collect();
        Self { inventory: Inventory::new(customer), queries, stop_at_first_match: false }
    }

    /// Stops reading as soon as each query has one matching device.
    pub fn stop_at_first_match(mut self) -> Self {
        self.stop_at_first_match = true;
        self
    }

    /// Reads these batches before the others, if the customer has them: those that probably have the devices.
    pub fn read_first<'a>(mut self, batches: impl IntoIterator<Item = &'a BatchId>) -> Self {
        self.inventory = self.inventory.read_first(batches);
        self
    }

    /// Reads only these batches, without listing the batches first.
    pub fn in_batches(mut self, batches: impl IntoIterator<Item = BatchId>) -> Self {
        self.inventory = self.inventory.batches(batches);
        self
    }

    /// Sets how many batches are read concurrently. The default is 4; 0 counts as 1.
    pub fn concurrency(mut self, batches: usize) -> Self {
        self.inventory = self.inventory.concurrency(batches);
        self
    }

    /// Runs the search and reports progress to `on_event`.
    ///
    /// # Errors
    /// If the batches cannot be listed. A batch whose devices cannot be read is not an error; it is listed in
    /// [`SearchResults::unlisted`].
    pub async fn run(self, mut on_event: impl FnMut(SearchEvent)) -> Result<SearchResults, Error> {
        let Self { inventory, queries, stop_at_first_match } = self;
        let mut unmatched: Vec<bool> = queries.iter().map(DeviceQuery::is_searchable).collect();
        let query_lookup = QueryIndex::new(&queries);
        let reading = inventory.read(|event| {
            let matches = match &event {
                InventoryEvent::Devices { devices } => query_lookup.matches(devices),
                _ => Vec::new(),
            };
            on_event(SearchEvent::Read(event));
            for (query_index, device) in matches {
                unmatched[query_index] = false;
                on_event(SearchEvent::Found { query_index, device });
            }
            if stop_at_first_match && !unmatched.contains(&true) {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        });
        let (registered, read_to_end) = reading.await?;
        let complete = read_to_end && registered.is_complete();
        Ok(SearchResults { complete, ..registered.find(queries) })
    }

    /// Runs the search as a stream. The last item is [`SearchEvent::Finished`] or an error.
    pub fn start(self) -> EventStream<Result<SearchEvent, Error>> {
        EventStream::new(move |sink| async move {
            let results = self.run(|event| sink.put(Ok(event))).await?;
            Ok(SearchEvent::Finished(Box::new(results)))
        })
    }
}

impl RegisteredDevices {
    /// Finds devices in this inventory, without a call.
    #[must_use]
    pub fn find(&self, queries: impl IntoIterator<Item = DeviceQuery>) -> SearchResults {
        let index = DeviceIndex::new(&self.devices);
        let result = |query: DeviceQuery| {
            let (devices, similar, reason) = match index.find(&query) {
                Lookup::Found(found) => {
                    let device = |position: usize| self.devices[position].clone();
                    (found.into_iter().map(device).collect(), Vec::new(), None)
                }
                Lookup::NotFound(similar) => {
                    (Vec::new(), candidates(self, &similar), Some(UnresolvedReason::NotFound))
                }
                Lookup::Unusable(reason) => (Vec::new(), Vec::new(), Some(reason)),
            };
            SearchResult { query, devices, similar, reason }
        };
        SearchResults {
            results: queries.into_iter().map(result).collect(),
            complete: self.is_complete(),
            unlisted: self.unlisted.clone(),
        }
    }
}

/// Queries by identifier, so that matching a page costs no more than its devices.
struct QueryIndex<'a> {
    queries: &'a [DeviceQuery],
    by_identifier: HashMap<String, Vec<usize>>,
}

impl<'a> QueryIndex<'a> {
    fn new(queries: &'a [DeviceQuery]) -> Self {
        let mut by_identifier: HashMap<_, Vec<_>> = HashMap::new();
        for (query_index, query) in queries.iter().enumerate() {
            for identifier in query.identifiers().into_iter().flatten() {
                by_identifier.entry(identifier).or_default().push(query_index);
            }
        }
        Self { queries, by_identifier }
    }

    /// Returns the devices of a page that match, each with the position of its query.
    fn matches(&self, devices: &[RegisteredDevice]) -> Vec<(usize, RegisteredDevice)> {
        let index = DeviceIndex::new(devices);
        let query_indices: BTreeSet<usize> = index
            .identifiers()
            .filter_map(|identifier| self.by_identifier.get(identifier))
            .flatten()
            .copied()
            .collect();
        let mut matches = Vec::new();
        for query_index in query_indices {
            if let Lookup::Found(found) = index.find(&self.queries[query_index]) {
                matches.extend(
                    found.into_iter().map(|position| (query_index, devices[position].clone())),
                );
            }
        }
        matches
    }
}
