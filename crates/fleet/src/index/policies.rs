//! The names of configuration policies, and the policies of the devices of an upload.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use partner_center_devices::CustomerId;
use rusqlite::params;

use super::database::Index;
use super::devices::policy_key;
use super::error::IndexError;
use crate::report::{Report, ReportRow};
use crate::row_policies::RowPolicies;

/// The policy of each known device by its serial number or product key in lower case. `None` if several devices differ.
#[derive(Default)]
struct CustomerPolicies {
    by_serial: HashMap<String, Option<Arc<str>>>,
    by_product_key: HashMap<String, Option<Arc<str>>>,
}

impl Index {
    /// Records the names of policies, each with the id of the policy.
    ///
    /// # Errors
    /// If the index cannot be written.
    pub fn record_policy_names<'a>(
        &mut self,
        policies: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<(), IndexError> {
        self.write(|transaction| {
            let mut put = transaction.prepare(
                "INSERT INTO policy_name (policy, name) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET name = ?2",
            )?;
            for (id, name) in policies {
                let name = name.trim();
                if !name.is_empty() {
                    put.execute(params![policy_key(transaction, id)?, name])?;
                }
            }
            Ok(())
        })
    }

    /// Returns the names of policies that this machine knows, sorted.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn policy_names(&self) -> Result<Vec<String>, IndexError> {
        self.read(|database| {
            let mut query =
                database.prepare("SELECT DISTINCT name FROM policy_name ORDER BY name")?;
            query.query_map([], |row| row.get(0))?.collect()
        })
    }

    /// Returns the policy of each registered row of a report, by its product key or else its serial number. Makes no call: a policy
    /// that another machine assigned is only known after the devices were read again.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn policies_of(&self, report: &Report) -> Result<RowPolicies, IndexError> {
        let mut customers: HashMap<String, CustomerPolicies> = HashMap::new();
        for destination in report.destinations() {
            let customer = destination.customer();
            if let Entry::Vacant(entry) = customers.entry(customer_key(customer)) {
                entry.insert(self.customer_policies(customer)?);
            }
        }
        let policy = |row: &ReportRow| {
            let destination = row.destination().filter(|_| row.outcome().is_success())?;
            let known = customers.get(&customer_key(destination.customer()))?;
            let key = row.product_key().and_then(|it| known.by_product_key.get(&folded(it)));
            let serial = || row.serial_number().and_then(|it| known.by_serial.get(&folded(it)));
            key.or_else(serial).cloned().flatten()
        };
        Ok(RowPolicies(report.rows().iter().map(policy).collect()))
    }

    fn customer_policies(&self, customer: &CustomerId) -> Result<CustomerPolicies, IndexError> {
        self.read(|database| {
            let mut query = database.prepare(
                "SELECT device.serial, device.product_key, coalesce(policy_name.name, policy.name)
                 FROM customer JOIN batch ON batch.customer = customer.id JOIN device ON device.batch = batch.id
                 LEFT JOIN policy ON policy.id = device.policy LEFT JOIN policy_name ON policy_name.policy = policy.id
                 WHERE customer.tenant = ?1 AND device.gone IS NULL",
            )?;
            let mut names: HashMap<String, Arc<str>> = HashMap::new();
            let mut policies = CustomerPolicies::default();
            let mut rows = query.query([customer.as_str()])?;
            while let Some(row) = rows.next()? {
                let policy = row.get::<_, Option<String>>(2)?.map(|name| {
                    Arc::clone(names.entry(name).or_insert_with_key(|name| name.as_str().into()))
                });
                for (known, column) in
                    [(&mut policies.by_serial, 0), (&mut policies.by_product_key, 1)]
                {
                    if let Some(text) = row.get::<_, Option<String>>(column)? {
                        add(known, &text, policy.clone());
                    }
                }
            }
            Ok(policies)
        })
    }
}

fn add(known: &mut HashMap<String, Option<Arc<str>>>, text: &str, policy: Option<Arc<str>>) {
    match known.entry(folded(text)) {
        Entry::Vacant(entry) => drop(entry.insert(policy)),
        Entry::Occupied(mut entry) if *entry.get() != policy => drop(entry.insert(None)),
        Entry::Occupied(_) => {}
    }
}

fn folded(text: &str) -> String {
    text.trim().to_ascii_lowercase()
}

fn customer_key(customer: &CustomerId) -> String {
    customer.as_str().to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use partner_center_devices::{BatchId, Client};

    use super::*;
    use crate::index::DeviceRecord;
    use crate::index::tests::Folder;
    use crate::{Fleet, Timestamp, Upload};

    /// The emulator registers each device, except the first one.
    #[tokio::test(start_paused = true)]
    async fn registered_rows_have_the_policies_that_the_index_knows() {
        let emulator = partner_center_devices_emulator::Emulator::builder().in_process();
        let service = move |request: http::Request<bytes::Bytes>| {
            emulator.handle(&request).response().unwrap()
        };
        let client = Client::builder().in_process(service).build().unwrap();
        let id = CustomerId::new("47021739-3426-40bf-9601-61b4b6d7c793").unwrap();
        let (customer, batch) = (client.customer(id.clone()), BatchId::new("B").unwrap());
        let csv = "Serial,Product key,Make,Model\nZTD808-1,,M,N\nS2,,M,N\nS3,,M,N\ns4,,M,N\nS5,,M,N\n,3305000000006,,\nS7,,M,N\n";
        let fleet = Fleet::read(csv.as_bytes(), "f.csv");
        let report = Upload::new(customer, batch.clone(), fleet).run(|_| ()).await.unwrap();

        let folder = Folder::new("policies");
        let mut index = folder.open();
        let device = |id: &str, serial: &str, policy: Option<&str>| {
            DeviceRecord::new(Some(id.to_owned()))
                .serial_number(Some(serial.to_owned()))
                .policy_id(policy.map(str::to_owned))
        };
        let devices = [
            device("1", "ZTD808-1", Some("p-1")),
            device("2", "S2", Some("p-1")),
            device("3", "S3", None),
            device("4", "S4", Some("p-2")),
            device("5", "S5", Some("p-1")),
            device("6", "S5", Some("p-2")),
            DeviceRecord::new(Some("7".to_owned()))
                .product_key(Some("3305000000006".to_owned()))
                .policy_id(Some("p-1".to_owned())),
        ];
        index.record_devices(&id, &batch, &devices, Timestamp(5)).unwrap();
        let policies = |index: &Index| -> Vec<Option<String>> {
            let policies = index.policies_of(&report).unwrap();
            (0..report.rows().len()).map(|row| policies.get(row).map(str::to_owned)).collect()
        };
        let expected = |name: &str| {
            let (first, second) = (Some(name.to_owned()), Some("p-2".to_owned()));
            vec![None, first.clone(), None, second, None, first, None]
        };
        assert_eq!(policies(&index), expected("p-1"), "the names are unknown");
        index.record_policy_names([("p-1", " Kiosk "), ("p-2", " ")]).unwrap();
        assert_eq!(policies(&index), expected("Kiosk"));
        index.record_policy_names([("p-1", "Kiosks")]).unwrap();
        assert_eq!(policies(&index), expected("Kiosks"));
        index.record_deleted(&id, &batch, &["2"], Timestamp(9)).unwrap();
        assert_eq!(policies(&index)[1], None);
        assert_eq!(index.policies_of(&report).unwrap().get(7), None);
    }
}
