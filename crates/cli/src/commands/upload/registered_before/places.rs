//! The places of devices that were registered before.

use std::collections::{BTreeMap, HashMap, HashSet};

use partner_center_devices_fleet::inventory::RegisteredDevice;
use partner_center_devices_fleet::{EarlierRegistration, Report, ReportRow, RowOutcome};

use super::wanted::{OfCustomer, WantedDevice, is_same};
use crate::errors::{Exit, exit_of_report};

/// The places of a report's devices that are known.
#[derive(Debug, Default)]
pub(crate) struct Places {
    /// The numbers of the rows whose devices are searched for, from 0.
    pub(super) searched: HashSet<usize>,
    /// The results, by the number of the row. `None` for a device whose place is not known after a complete search.
    pub(super) found: HashMap<usize, Option<EarlierRegistration>>,
    /// The devices of other customers that the rows mean, as the service lists them.
    pub(super) listed: HashMap<usize, RegisteredDevice>,
    /// The places for each row that matches devices of several customers, by the number of the row.
    pub(super) ambiguous: BTreeMap<usize, Vec<EarlierRegistration>>,
}

impl Places {
    /// Returns the exit code of an upload. A device with error 806 is done only if a batch lists it: if no search could tell, the outcome
    /// is unknown.
    pub(crate) fn exit_of(&self, report: &Report) -> Exit {
        let is_unknown = |(number, row): (usize, &ReportRow)| {
            *row.outcome() == RowOutcome::AlreadyRegistered
                && row.earlier_registration().is_none()
                && self.is_open(number)
        };
        let exit = exit_of_report(report);
        match report.rows().iter().enumerate().any(is_unknown) {
            true if (exit as u8) < Exit::OutcomeUnknown as u8 => Exit::OutcomeUnknown,
            _ => exit,
        }
    }

    /// Returns true if the search for the device of a row did not come to an end.
    pub(crate) fn is_open(&self, row: usize) -> bool {
        self.searched.contains(&row) && !self.found.contains_key(&row)
    }

    /// Adds a device of another customer that matches a row. The service registers a device with one customer only: a match by
    /// product key is better than one by serial number, and two equal ones prove nothing.
    pub(super) fn add_other_customer(
        &mut self,
        customer: &OfCustomer,
        wanted: &WantedDevice,
        device: &RegisteredDevice,
    ) {
        let row = wanted.row;
        let place = EarlierRegistration::OtherCustomer {
            customer: customer.customer.clone(),
            name: customer.name.clone(),
            batch: device.batch.clone(),
        };
        let is_here = |other: &EarlierRegistration| {
            other.customer().is_some_and(|id| is_same(id, &customer.customer))
        };
        if let Some(places) = self.ambiguous.get_mut(&row) {
            if !places.iter().any(is_here) {
                places.push(place);
            }
            return;
        }
        let before =
            self.found.get(&row).and_then(Option::as_ref).filter(|before| !is_here(before));
        if let (Some(before), Some(listed)) = (before, self.listed.get(&row)) {
            match (has_same_key(wanted, listed), has_same_key(wanted, device)) {
                (true, false) => return,
                (false, true) => {}
                _ => {
                    self.ambiguous.insert(row, vec![before.clone(), place]);
                    self.found.remove(&row);
                    self.listed.remove(&row);
                    return;
                }
            }
        }
        self.listed.insert(row, device.clone());
        self.found.insert(row, Some(place));
    }

    /// Adds a device of the customer of a row.
    pub(super) fn add_same_customer(&mut self, wanted: &WantedDevice, device: &RegisteredDevice) {
        let place = EarlierRegistration::InBatch(device.batch.clone());
        self.found.insert(wanted.row, Some(place));
    }
}

fn has_same_key(wanted: &WantedDevice, device: &RegisteredDevice) -> bool {
    let keys = wanted.query.product_key.as_deref().zip(device.product_key.as_deref());
    keys.is_some_and(|(wanted, key)| wanted.trim().eq_ignore_ascii_case(key.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use partner_center_devices::CustomerId;
    use partner_center_devices_fleet::inventory::DeviceQuery;

    /// Adds devices, each as `customer key`, that match a row with the product key `k`. Returns the customer that has the device.
    fn customer(devices: &[&str]) -> Option<String> {
        let mut query = DeviceQuery::by_serial_number("S1");
        query.product_key = Some("K".to_owned());
        let wanted =
            WantedDevice { row: 3, query, recorded: None, is_new: true, known: Vec::new() };
        let mut places = Places::default();
        places.searched.insert(3);
        for device in devices {
            let (id, key) = device.split_once(' ').unwrap();
            let customer = OfCustomer {
                customer: CustomerId::new(id).unwrap(),
                name: None,
                batches: HashSet::new(),
                devices: Vec::new(),
            };
            let device = format!(r#"{{"batch":"b","serialNumber":"S1","productKey":{key}}}"#);
            let device = serde_json::from_str(&device).unwrap();
            places.add_other_customer(&customer, &wanted, &device);
        }
        assert_eq!(places.is_open(3), !places.found.contains_key(&3));
        let place = places.found.get(&3)?.as_ref()?;
        assert!(places.listed.contains_key(&3));
        Some(place.customer()?.to_string())
    }

    #[test]
    fn a_device_of_two_customers_proves_nothing() {
        for (devices, expected) in [
            (&["a null"][..], Some("a")),
            (&["a null", "a null"], Some("a")),
            (&["a null", "b null"], None),
            (&["a null", "b null", "a null"], None),
            (&["a null", "b \"k\""], Some("b")),
            (&["a \"k\"", "b null"], Some("a")),
            (&["a \"k\"", "b \"K\""], None),
        ] {
            assert_eq!(customer(devices).as_deref(), expected, "{devices:?}");
        }
    }
}
