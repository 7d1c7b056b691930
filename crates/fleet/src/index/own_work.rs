//! Records the work of this machine: uploads, deletions and assigned policies, as far as the service confirmed them.

use std::collections::BTreeMap;

use partner_center_devices::{BatchId, CustomerId, PolicyId};

use super::database::Index;
use super::devices::DeviceRecord;
use super::error::IndexError;
use crate::inventory::{
    AssignOutcome, AssignReport, DeleteOutcome, DeleteReport, DeletedDevice, RegisteredDevice,
};
use crate::report::outcome::RowOutcome;
use crate::report::{Report, ReportRow};
use crate::timestamp::Timestamp;

/// The number of devices in one write, so that other processes do not wait long.
const DEVICES_AT_ONCE: usize = 1_000;

impl Index {
    /// Records the devices that the service registered in an upload, each with the time of its result. Devices that were already
    /// registered are left out, because the result does not prove in which batch they are. So are those that were deleted
    /// since.
    ///
    /// # Errors
    /// If the index cannot be written.
    pub fn record_upload(&mut self, report: &Report) -> Result<(), IndexError> {
        for ((customer, batch, at), devices) in registered(report) {
            for devices in devices.chunks(DEVICES_AT_ONCE) {
                self.record_registered(customer, batch, devices, at)?;
            }
        }
        Ok(())
    }

    /// Records the devices that were deleted, and those that the service no longer had.
    ///
    /// # Errors
    /// If the index cannot be written.
    pub fn record_deletions(
        &mut self,
        report: &DeleteReport,
        now: Timestamp,
    ) -> Result<(), IndexError> {
        let mut batches: BTreeMap<&str, (&BatchId, Vec<&str>)> = BTreeMap::new();
        let is_gone = |deleted: &&DeletedDevice| {
            matches!(deleted.outcome, DeleteOutcome::Deleted | DeleteOutcome::AlreadyGone)
        };
        for DeletedDevice { device, .. } in report.devices.iter().filter(is_gone) {
            if let Some(id) = &device.id {
                let batch = batches.entry(device.batch.as_str());
                batch.or_insert_with(|| (&device.batch, Vec::new())).1.push(id.as_str());
            }
        }
        for (batch, ids) in batches.values() {
            for ids in ids.chunks(DEVICES_AT_ONCE) {
                self.record_deleted(&report.customer, batch, ids, now)?;
            }
        }
        Ok(())
    }

    /// Records the devices that have another configuration policy now, or none.
    ///
    /// # Errors
    /// If the index cannot be written.
    pub fn record_assignments(
        &mut self,
        report: &AssignReport,
        now: Timestamp,
    ) -> Result<(), IndexError> {
        let policy = report.policy.as_ref().map(PolicyId::as_str);
        let mut batches: BTreeMap<&str, (&BatchId, Vec<DeviceRecord>)> = BTreeMap::new();
        for assigned in report.devices.iter().filter(|one| one.outcome == AssignOutcome::Assigned) {
            let device = &assigned.device;
            let record = DeviceRecord::from(device).policy_id(policy.map(str::to_owned));
            let batch = batches.entry(device.batch.as_str());
            batch.or_insert_with(|| (&device.batch, Vec::new())).1.push(record);
        }
        for (batch, devices) in batches.values() {
            for devices in devices.chunks(DEVICES_AT_ONCE) {
                self.record_devices(&report.customer, batch, devices, now)?;
            }
        }
        Ok(())
    }
}

type Place<'a> = (&'a CustomerId, &'a BatchId, Timestamp);

/// Returns the devices that an upload registered, by their place and the time of the result.
fn registered(report: &Report) -> Vec<(Place<'_>, Vec<DeviceRecord>)> {
    let mut places: BTreeMap<(&str, &str, Timestamp), (Place<'_>, Vec<DeviceRecord>)> =
        BTreeMap::new();
    for row in report.rows().iter().filter(|row| *row.outcome() == RowOutcome::Registered) {
        let Some((place, device)) = place(row).zip(device(row)) else { continue };
        let (customer, batch, at) = place;
        let entry = places.entry((customer.as_str(), batch.as_str(), at));
        entry.or_insert_with(|| (place, Vec::new())).1.push(device);
    }
    places.into_values().collect()
}

fn place(row: &ReportRow) -> Option<Place<'_>> {
    let destination = row.destination()?;
    let finished = row.exchange.as_ref()?.finished?;
    Some((destination.customer(), destination.batch(), finished))
}

/// Returns the device of a row; `None` if it could not be found by anything.
fn device(row: &ReportRow) -> Option<DeviceRecord> {
    let text = |text: Option<&str>| text.map(str::to_owned);
    let device = DeviceRecord::new(text(row.device_id()))
        .serial_number(text(row.serial_number()))
        .product_key(text(row.product_key()));
    (device != DeviceRecord::default()).then_some(device)
}

impl From<&RegisteredDevice> for DeviceRecord {
    fn from(device: &RegisteredDevice) -> Self {
        Self::new(device.id.as_ref().map(|id| id.as_str().to_owned()))
            .serial_number(device.serial_number.clone())
            .product_key(device.product_key.clone())
            .policy_id(device.policy_id.clone())
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http::{Request, Response};
    use partner_center_devices::Client;
    use partner_center_devices_emulator::Emulator;

    use super::*;
    use crate::index::KnownDevice;
    use crate::index::tests::Folder;
    use crate::inventory::{AssignPlan, DeletePlan, DeviceQuery, Inventory, MultipleMatches};
    use crate::{Fleet, Upload};

    fn now() -> Timestamp {
        std::time::SystemTime::now().into()
    }

    #[tokio::test(start_paused = true)]
    async fn only_confirmed_work_is_recorded() {
        let folder = Folder::new("own-work");
        let mut index = folder.open();
        let emulator = Emulator::builder().in_process();
        let service = move |request: Request<Bytes>| -> Response<Bytes> {
            emulator.handle(&request).response().unwrap()
        };
        let client = Client::builder().in_process(service).build().unwrap();
        let id = CustomerId::new("47021739-3426-40bf-9601-61b4b6d7c793").unwrap();
        let customer = client.customer(id);
        let batch = BatchId::new("Own").unwrap();
        // The service registers the first one, rejects the second one, and has the third one from somebody else.
        let csv = "Serial,Make,Model\nS1,M,N\nZTD808-2,M,N\nZTD806-3,M,N\n,,\n";
        let fleet = Fleet::read(csv.as_bytes(), "f.csv");
        let report = Upload::new(customer.clone(), batch.clone(), fleet).run(|_| ()).await.unwrap();
        index.record_upload(&report).unwrap();
        let found = |index: &Index, serial: &str| -> Vec<KnownDevice> {
            index.devices_with_serial(serial).unwrap()
        };
        let one = found(&index, "s1");
        assert_eq!((&one[0].batch, one[0].gone, one.len()), (&batch, None, 1));
        assert_eq!(one[0].seen.time(), report.rows()[0].finished().unwrap());
        assert_eq!(found(&index, "ZTD808-2"), []);
        assert_eq!(found(&index, "ZTD806-3"), []);

        let registered = Inventory::new(customer.clone()).run(|_| ()).await.unwrap();
        let wanted = || [DeviceQuery::by_serial_number("S1")];
        let policy = partner_center_devices::PolicyId::new("p1").unwrap();
        let plan = AssignPlan::new(&registered, wanted(), Some(policy), MultipleMatches::Skip);
        let refused = plan.apply(&client).run(|_| ()).await;
        index.record_assignments(&refused, now()).unwrap();
        assert_eq!(found(&index, "S1")[0].policy_id, None, "{refused:?}");
        let mut assigned = refused;
        assigned.devices[0].outcome = AssignOutcome::Assigned;
        index.record_assignments(&assigned, now()).unwrap();
        assert_eq!(found(&index, "S1")[0].policy_id.as_deref(), Some("p1"));

        let plan = DeletePlan::new(&registered, wanted(), MultipleMatches::Skip);
        let mut deleted = plan.apply(&client).run(|_| ()).await;
        deleted.devices[0].outcome = DeleteOutcome::NotTried;
        index.record_deletions(&deleted, now()).unwrap();
        assert_eq!(found(&index, "S1")[0].gone, None);
        deleted.devices[0].outcome = DeleteOutcome::Deleted;
        index.record_deletions(&deleted, now()).unwrap();
        assert!(found(&index, "S1")[0].gone.is_some());

        // The report of the upload is older than the deletion.
        index.record_upload(&report).unwrap();
        let one = &found(&index, "S1")[0];
        assert!(one.gone.is_some() && one.policy_id.as_deref() == Some("p1"), "{one:?}");
    }
}
