//! The devices to search for, by customer.

use std::collections::{BTreeMap, HashSet};
use std::time::SystemTime;

use partner_center_devices::{BatchId, CustomerId};
use partner_center_devices_fleet::index::{Index, IndexError, KnownDevice};
use partner_center_devices_fleet::inventory::DeviceQuery;
use partner_center_devices_fleet::{EarlierRegistration, Report, ReportRow, RowOutcome};

/// The devices to search for.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    /// Devices with error 806, by their own customers.
    pub(super) here: BTreeMap<String, OfCustomer>,
    /// Devices with error 808, by the other customers that have such a device according to the index or the journal.
    pub(super) elsewhere: BTreeMap<String, OfCustomer>,
    /// The rows with error 808 whose devices cannot be looked up in the index, because it cannot be read.
    pub(super) unknown: Vec<usize>,
    /// The first failure of the index.
    pub(super) index_failure: Option<IndexError>,
    /// The rows with error 808 whose devices no other customer has according to the index.
    pub(super) with_strangers: Vec<usize>,
    /// The rows of `with_strangers` whose devices another customer had when they were sent.
    pub(super) deleted: Vec<usize>,
}

/// The devices to search for at one customer.
#[derive(Debug)]
pub(super) struct OfCustomer {
    pub(super) customer: CustomerId,
    /// The name of the customer, if the index has it.
    pub(super) name: Option<String>,
    /// The batches that probably have the devices.
    pub(super) batches: HashSet<BatchId>,
    pub(super) devices: Vec<WantedDevice>,
}

/// A device of a row.
#[derive(Debug)]
pub(super) struct WantedDevice {
    /// The number of the row, from 0.
    pub(super) row: usize,
    pub(super) query: DeviceQuery,
    /// The place according to the journal, from an earlier run.
    pub(super) recorded: Option<EarlierRegistration>,
    /// True if this run got the error, so that the lists of now explain it. Later the partner may have deleted the device.
    pub(super) is_new: bool,
}

impl Wanted {
    /// Returns the devices of a report to search for. `started` is the time at which the run started to send.
    pub(super) fn of(report: &Report, index: Option<&Index>, started: SystemTime) -> Self {
        let mut wanted = Self::default();
        for (number, row) in report.rows().iter().enumerate() {
            if row.was_registered_before() {
                wanted.add(number, row, index, started);
            }
        }
        wanted
    }

    /// Returns the numbers of the rows whose devices are searched for.
    pub(super) fn rows(&self) -> impl Iterator<Item = usize> {
        let customers = self.here.values().chain(self.elsewhere.values());
        let searched = customers.flat_map(|customer| customer.devices.iter());
        searched.map(|device| device.row).chain(self.unknown.iter().copied())
    }

    fn add(&mut self, number: usize, row: &ReportRow, index: Option<&Index>, started: SystemTime) {
        let Some(to) = row.destination() else { return };
        let query = DeviceQuery::of_report_row(row);
        if (&query.serial_number, &query.product_key, &query.device_id) == (&None, &None, &None) {
            return;
        }
        let is_here = *row.outcome() == RowOutcome::AlreadyRegistered;
        let known = known_devices(index, &query).unwrap_or_else(|error| {
            self.index_failure.get_or_insert(error);
            self.unknown.extend((!is_here).then_some(number));
            Vec::new()
        });
        let is_unknown = self.unknown.last() == Some(&number);
        let (gone, known): (Vec<_>, Vec<_>) =
            known.into_iter().partition(|known| known.gone.is_some());
        let is_own = |known: &KnownDevice| is_same(&known.customer, to.customer());
        let (own, others): (Vec<_>, Vec<_>) = known.into_iter().partition(is_own);
        let device = || WantedDevice {
            row: number,
            query: query.clone(),
            recorded: row.earlier_registration().cloned(),
            is_new: row.finished().is_some_and(|finished| finished >= started),
        };
        if is_here {
            let customer = entry(&mut self.here, to.customer(), None);
            customer.batches.insert(to.batch().clone());
            customer.batches.extend(own.into_iter().map(|known| known.batch));
            customer.devices.push(device());
            return;
        }
        // The place of an earlier run counts, unless the index knows that the device is gone from there.
        if let Some(EarlierRegistration::OtherCustomer { customer, name, batch }) =
            row.earlier_registration()
            && !gone.iter().any(|known| is_same(&known.customer, customer))
        {
            let of = entry(&mut self.elsewhere, customer, name.clone());
            of.batches.insert(batch.clone());
            of.devices.push(device());
        } else if others.is_empty() && index.is_some() && !is_unknown {
            self.with_strangers.push(number);
            let was_there = |known: &KnownDevice| {
                let gone = known.gone.map(|gone| gone.time());
                !is_own(known) && gone.zip(row.sent()).is_some_and(|(gone, sent)| gone >= sent)
            };
            self.deleted.extend(gone.iter().any(was_there).then_some(number));
        }
        for known in others {
            let customer = entry(&mut self.elsewhere, &known.customer, known.customer_name);
            customer.batches.insert(known.batch);
            if customer.devices.last().is_none_or(|last| last.row != number) {
                customer.devices.push(device());
            }
        }
    }
}

fn entry<'a>(
    customers: &'a mut BTreeMap<String, OfCustomer>,
    customer: &CustomerId,
    name: Option<String>,
) -> &'a mut OfCustomer {
    let new = || OfCustomer {
        customer: customer.clone(),
        name,
        batches: HashSet::new(),
        devices: Vec::new(),
    };
    customers.entry(customer.as_str().to_lowercase()).or_insert_with(new)
}

fn is_same(one: &CustomerId, other: &CustomerId) -> bool {
    one.as_str().eq_ignore_ascii_case(other.as_str())
}

/// Returns the devices of the index that may be the device of a query. Devices with another product key are not.
fn known_devices(
    index: Option<&Index>,
    query: &DeviceQuery,
) -> Result<Vec<KnownDevice>, IndexError> {
    let Some(index) = index else { return Ok(Vec::new()) };
    let known = match (&query.product_key, &query.serial_number) {
        (Some(key), None) => index.devices_with_product_key(key),
        (_, Some(serial)) => index.devices_with_serial(serial),
        (None, None) => Ok(Vec::new()),
    };
    let mut known = known?;
    known.retain(|one| match (&one.product_key, &query.product_key) {
        (Some(known), Some(wanted)) => known.trim().eq_ignore_ascii_case(wanted.trim()),
        _ => true,
    });
    Ok(known)
}
