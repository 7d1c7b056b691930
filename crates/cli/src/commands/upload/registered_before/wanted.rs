//! The devices to search for, by customer.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::SystemTime;

use partner_center_devices::{BatchId, CustomerId};
use partner_center_devices_fleet::index::{Index, IndexError, KnownDevice};
use partner_center_devices_fleet::inventory::DeviceQuery;
use partner_center_devices_fleet::{EarlierRegistration, Report, ReportRow, RowOutcome, Timestamp};

/// The index of the devices of all customers.
#[derive(Clone, Copy)]
pub(super) enum KnownDevices<'a> {
    In(&'a Index),
    /// There is no index.
    Missing,
    /// There is an index that cannot be opened.
    Unreadable,
}

/// The devices to search for.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    /// Devices with error 806, by their own customers.
    pub(super) here: BTreeMap<String, OfCustomer>,
    /// Devices with error 808, by the other customers that have such a device according to the index or the journal.
    pub(super) elsewhere: BTreeMap<String, OfCustomer>,
    /// The rows with error 808 whose devices cannot be looked up in the index, because it cannot be read.
    pub(super) unknown: Vec<usize>,
    /// How many devices cannot be searched for, because their rows have neither a serial number nor a product key.
    pub(super) unsearchable: usize,
    /// The first failure of the index.
    pub(super) index_failure: Option<IndexError>,
    /// The rows with error 808 whose devices no other customer has according to the index.
    pub(super) not_elsewhere: Vec<usize>,
    /// The customers that had devices with error 808, by the number of the row. They count if no customer has the device now.
    pub(super) former: HashMap<usize, EarlierRegistration>,
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
#[derive(Clone, Debug)]
pub(super) struct WantedDevice {
    /// The number of the row, from 0.
    pub(super) row: usize,
    pub(super) query: DeviceQuery,
    /// The place according to the journal, from an earlier run.
    pub(super) recorded: Option<EarlierRegistration>,
    /// True if this run sent the device, so that the lists of now explain the error. Later the partner may have deleted the device.
    pub(super) is_new: bool,
    /// The devices of the customer in the index that may be this one.
    pub(super) known: Vec<KnownDevice>,
}

impl Wanted {
    /// Returns the devices of a report to search for. `started` is the time at which the run started to send.
    pub(super) fn of(report: &Report, index: KnownDevices<'_>, started: SystemTime) -> Self {
        // As precise as the times of a report.
        let started = Timestamp::from(started).time();
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

    fn add(
        &mut self,
        number: usize,
        row: &ReportRow,
        index: KnownDevices<'_>,
        started: SystemTime,
    ) {
        let Some(to) = row.destination() else { return };
        let query = DeviceQuery::of_report_row(row);
        if (&query.serial_number, &query.product_key, &query.device_id) == (&None, &None, &None) {
            self.unsearchable += 1;
            return;
        }
        let known = match index {
            KnownDevices::In(index) => match known_devices(index, &query) {
                Ok(known) => Some(known),
                Err(error) => {
                    self.index_failure.get_or_insert(error);
                    None
                }
            },
            KnownDevices::Missing => Some(Vec::new()),
            KnownDevices::Unreadable => None,
        };
        let device = WantedDevice {
            row: number,
            query,
            recorded: row.earlier_registration().cloned(),
            is_new: row.sent().is_some_and(|sent| sent >= started),
            known: Vec::new(),
        };
        let is_here = *row.outcome() == RowOutcome::AlreadyRegistered;
        self.unknown.extend((!is_here && known.is_none()).then_some(number));
        let is_unread = known.is_none() || matches!(index, KnownDevices::Missing);
        let (own, others): (Vec<_>, Vec<_>) =
            known.into_iter().flatten().partition(|known| is_same(&known.customer, to.customer()));
        if is_here {
            let customer = entry(&mut self.here, to.customer(), None);
            customer.batches.insert(to.batch().clone());
            customer.add(device, own.into_iter().filter(|known| known.gone.is_none()));
        } else {
            self.add_elsewhere(device, row.sent(), others, is_unread);
        }
    }

    /// Adds a device with error 808. `known` are the devices of other customers in the index; `is_unread` is true if that is not known.
    fn add_elsewhere(
        &mut self,
        device: WantedDevice,
        sent: Option<SystemTime>,
        known: Vec<KnownDevice>,
        is_unread: bool,
    ) {
        use EarlierRegistration::{FormerCustomer, OtherCustomer};
        let (gone, known): (Vec<_>, Vec<_>) =
            known.into_iter().partition(|known| known.gone.is_some());
        let is_gone =
            |customer: &CustomerId| gone.iter().any(|known| is_same(&known.customer, customer));
        let was_deleted_since = |known: &&KnownDevice| {
            known.gone.zip(sent).is_some_and(|(gone, sent)| gone.time() >= sent)
        };
        // The index saw it after it was sent: if the search does not find it now, it was deleted meanwhile.
        let was_seen_since =
            |known: &&KnownDevice| sent.is_some_and(|sent| known.seen.time() >= sent);
        let mut is_searched = !known.is_empty();
        let former = match &device.recorded {
            Some(OtherCustomer { customer, name, .. } | FormerCustomer { customer, name }) => {
                // The place of an earlier run counts, unless the index knows that the device is gone from there.
                if !is_gone(customer) {
                    is_searched = true;
                    let of = entry(&mut self.elsewhere, customer, name.clone());
                    let recorded = device.recorded.as_ref().and_then(EarlierRegistration::batch);
                    of.batches.extend(recorded.cloned());
                    of.add(device.clone(), None);
                }
                Some((customer.clone(), name.clone()))
            }
            _ => {
                let deleted = gone.iter().find(was_deleted_since);
                let deleted = deleted.or_else(|| known.iter().find(was_seen_since));
                deleted.map(|known| (known.customer.clone(), known.customer_name.clone()))
            }
        };
        if let Some((customer, name)) = former {
            self.former.insert(device.row, FormerCustomer { customer, name });
        }
        if !is_searched && !is_unread {
            self.not_elsewhere.push(device.row);
        }
        for known in known {
            let of = entry(&mut self.elsewhere, &known.customer, known.customer_name.clone());
            of.add(device.clone(), [known]);
        }
    }
}

impl OfCustomer {
    /// Adds a device, and the places where the index has it. A device that was added last only gets the places.
    fn add(&mut self, device: WantedDevice, known: impl IntoIterator<Item = KnownDevice>) {
        if self.devices.last().is_none_or(|last| last.row != device.row) {
            self.devices.push(device);
        }
        let Some(last) = self.devices.last_mut() else { return };
        for known in known {
            self.batches.insert(known.batch.clone());
            last.known.push(known);
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

pub(super) fn is_same(one: &CustomerId, other: &CustomerId) -> bool {
    one.as_str().eq_ignore_ascii_case(other.as_str())
}

/// Returns the devices of the index that may be the device of a query: those with its product key, and those with its serial number and
/// no other product key.
fn known_devices(index: &Index, query: &DeviceQuery) -> Result<Vec<KnownDevice>, IndexError> {
    let mut known = Vec::new();
    if let Some(key) = &query.product_key {
        known.extend(index.devices_with_product_key(key)?);
    }
    if let Some(serial) = &query.serial_number {
        for one in index.devices_with_serial(serial)? {
            let is_other = query.product_key.is_some() && one.product_key.is_some();
            if !is_other && !known.contains(&one) {
                known.push(one);
            }
        }
    }
    Ok(known)
}

#[cfg(test)]
mod tests {
    use std::thread;
    use std::time::Duration;

    use bytes::Bytes;
    use http::{Request, Response};
    use partner_center_devices::Client;
    use partner_center_devices_emulator::Emulator;
    use partner_center_devices_fleet::{Fleet, Upload};

    use super::*;

    /// A job that an earlier run started may finish in this run. The device may have been deleted between the two.
    #[tokio::test(start_paused = true)]
    async fn a_device_is_new_if_this_run_sent_it() {
        let emulator = Emulator::builder().in_process();
        let service = move |request: Request<Bytes>| -> Response<Bytes> {
            // So that the outcome is later than the request, in milliseconds. Reports use the clock of the system.
            #[allow(clippy::disallowed_methods)]
            thread::sleep(Duration::from_millis(2));
            emulator.handle(&request).response().unwrap()
        };
        let client = Client::builder().in_process(service).build().unwrap();
        let customer = client.customer(CustomerId::new("c").unwrap());
        let fleet = Fleet::read(&b"Serial,Make,Model\nZTD806-1,M,N\n"[..], "f.csv");
        let upload = Upload::new(customer, BatchId::new("b").unwrap(), fleet);
        let report = upload.run(|_| ()).await.unwrap();
        let row = &report.rows()[0];
        let (sent, finished) = (row.sent().unwrap(), row.finished().unwrap());
        assert!(sent < finished);
        for (started, is_new) in [(sent, true), (finished, false)] {
            // The clock is more precise than a report.
            let started = started + Duration::from_micros(900);
            let wanted = Wanted::of(&report, KnownDevices::Missing, started);
            assert_eq!(wanted.here["c"].devices[0].is_new, is_new);
        }
    }
}
