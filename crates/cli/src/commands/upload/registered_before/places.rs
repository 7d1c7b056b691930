//! The places of devices that were registered before.

use std::collections::{BTreeMap, HashMap, HashSet};

use partner_center_devices_fleet::inventory::{DeviceQuery, RegisteredDevice};
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
    /// The rows whose place was found by their product key.
    with_same_key: HashSet<usize>,
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

    /// Adds the devices of another customer that match a row. The service registers a device with one customer only: a match by
    /// product key is better than one by serial number, and two equal ones of two customers prove nothing.
    pub(super) fn add_other_customer(
        &mut self,
        customer: &OfCustomer,
        wanted: &WantedDevice,
        devices: &[RegisteredDevice],
    ) {
        let row = wanted.row;
        let with_key = devices.iter().find(|device| has_same_key(&wanted.query, device));
        let Some(device) = with_key.or(devices.first()) else { return };
        let place = EarlierRegistration::OtherCustomer {
            customer: customer.customer.clone(),
            name: customer.name.clone(),
            batch: device.batch.clone(),
        };
        let is_here = |other: &EarlierRegistration| {
            other.customer().is_some_and(|id| is_same(id, &customer.customer))
        };
        let had_key = self.with_same_key.contains(&row);
        if with_key.is_some() && !had_key {
            self.with_same_key.insert(row);
            self.ambiguous.remove(&row);
        } else if had_key && with_key.is_none() {
            return;
        } else if let Some(places) = self.ambiguous.get_mut(&row) {
            if !places.iter().any(is_here) {
                places.push(place);
            }
            return;
        } else if let Some(before) = self.found.get(&row).and_then(Option::as_ref)
            && before.customer().is_some()
            && !is_here(before)
        {
            self.ambiguous.insert(row, vec![before.clone(), place]);
            self.found.remove(&row);
            self.listed.remove(&row);
            return;
        }
        // Only a device without a twin can be selected for a deletion.
        let known = wanted
            .known
            .iter()
            .filter(|known| known.gone.is_none() && is_same(&known.customer, &customer.customer));
        if with_key.is_some() || (devices.len() == 1 && known.count() < 2) {
            self.listed.insert(row, device.clone());
        } else {
            self.listed.remove(&row);
        }
        self.found.insert(row, Some(place));
    }

    /// Adds the devices of the customer of a row that match it.
    pub(super) fn add_same_customer(
        &mut self,
        wanted: &WantedDevice,
        devices: &[RegisteredDevice],
    ) {
        let batch = devices.first().map(|device| device.batch.clone());
        if let Some(batch) = batch {
            self.found.insert(wanted.row, Some(EarlierRegistration::InBatch(batch)));
        }
    }
}

/// Returns true if a listed device has the product key of a query.
pub(super) fn has_same_key(query: &DeviceQuery, device: &RegisteredDevice) -> bool {
    let keys = query.product_key.as_deref().zip(device.product_key.as_deref());
    keys.is_some_and(|(wanted, key)| wanted.trim().eq_ignore_ascii_case(key.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use partner_center_devices::CustomerId;

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
            let device: RegisteredDevice = serde_json::from_str(&device).unwrap();
            places.add_other_customer(&customer, &wanted, &[device]);
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
            (&["a null", "b null", "c \"k\""], Some("c")),
            (&["a \"k\"", "b null", "c null"], Some("a")),
            (&["a null", "b \"k\""], Some("b")),
            (&["a \"k\"", "b null"], Some("a")),
            (&["a \"k\"", "b \"K\""], None),
        ] {
            assert_eq!(customer(devices).as_deref(), expected, "{devices:?}");
        }
    }

    /// Two devices of one customer have the serial number: which one to delete is not known.
    #[test]
    fn a_device_with_a_twin_is_not_selected() {
        let device = |id: &str| -> RegisteredDevice {
            serde_json::from_str(&format!(r#"{{"batch":"b","serialNumber":"S1","id":"{id}"}}"#))
                .unwrap()
        };
        let wanted = WantedDevice {
            row: 0,
            query: DeviceQuery::by_serial_number("S1"),
            recorded: None,
            is_new: true,
            known: Vec::new(),
        };
        let customer = OfCustomer {
            customer: CustomerId::new("a").unwrap(),
            name: None,
            batches: HashSet::new(),
            devices: Vec::new(),
        };
        let mut places = Places::default();
        places.add_other_customer(&customer, &wanted, &[device("1")]);
        assert!(places.listed.contains_key(&0));
        places.add_other_customer(&customer, &wanted, &[device("1"), device("2")]);
        assert!(!places.listed.contains_key(&0) && places.found[&0].is_some());
    }
}
