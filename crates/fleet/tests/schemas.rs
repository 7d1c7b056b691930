//! The committed JSON Schemas match the code. This test also writes documents of each kind to the target directory,
//! which `schemas.py` validates against the schemas.
#![cfg(feature = "schemars")]
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;

use partner_center_devices::{BatchId, Client, CustomerId, PolicyId};
use partner_center_devices_emulator::{Emulator, WorldFile};
use partner_center_devices_fleet::inventory::{
    AssignPlan, DeletePlan, DeviceQuery, Diff, DiffOptions, Inventory, MultipleMatches, Search,
};
use partner_center_devices_fleet::{Findings, Fleet, Journals, Upload, schemas};
use partner_center_devices_testkit::generated;
use partner_center_devices_testkit::hash::HashBuilder;
use serde::Serialize;
use serde_json::{Value, json};

const CUSTOMER: &str = "47021739-3426-40bf-9601-61b4b6d7c793";
const POLICY: &str = "15a04610-9229-4e80-94e0-0e826a09c9e2";

#[test]
fn the_schemas_are_current() {
    let files: Vec<_> = schemas()
        .into_iter()
        .map(|(name, schema)| {
            let text = serde_json::to_string_pretty(&schema).unwrap() + "\n";
            (format!("{name}.schema.json"), text)
        })
        .collect();
    generated::check_folder("crates/fleet/schemas", &files);
}

/// The documents for `schemas.py`.
struct Documents(Vec<(&'static str, Value)>);

impl Documents {
    fn add(&mut self, name: &'static str, document: &impl Serialize) {
        self.0.push((name, serde_json::to_value(document).unwrap()));
    }
}

#[tokio::test(start_paused = true)]
async fn every_schema_has_documents_without_hashes() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("fleet-documents");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let mut documents = Documents(Vec::new());

    // Devices with every outcome, by every kind of identifier.
    let hash = HashBuilder::of_device("H1", "M", "N").encode();
    let csv = format!(
        "Serial Number,Product key,Hardware hash,Manufacturer,Model\nS1,,,M,N\nZTD806-1,,,M,N\nZTD808-1,,,M,N\n\
         S1,,,M,N\nS5,,,,\n,3305000000001,,,\n,,{hash},,\n"
    );
    let fleet = || Fleet::read(csv.as_bytes(), "f.csv");
    documents.add("findings", &Findings::new(fleet().findings()));
    documents.add("findings", &Findings::new(&[]));

    let world = json!({"customers": [{"id": CUSTOMER,
        "policies": [{"id": POLICY, "name": "n", "policySettings": []}],
        "batches": [{"id": "Old", "devices": [
            {"serialNumber": "A1", "oemManufacturerName": "M", "modelName": "N", "policy": POLICY},
            {"serialNumber": "A2", "oemManufacturerName": "M", "modelName": "N"},
            {"productKey": "3305000000009"},
        ]}],
    }]});
    let world = WorldFile::from_yaml(&world.to_string()).unwrap();
    let emulator = Emulator::builder().world(world).in_process();
    let client = Client::builder().in_process(emulator).build().unwrap();
    let customer = client.customer(CustomerId::new(CUSTOMER).unwrap());
    let upload = || Upload::new(customer.clone(), BatchId::new("b").unwrap(), fleet());

    documents.add("dry-run", &upload().dry_run().await.unwrap());
    let journals = Journals::in_directory(folder.join("journals"));
    documents.add("journals", &journals.list().unwrap());
    documents.add("journal", &journals.open("empty").unwrap().export().unwrap());
    let report = upload().journal(journals.open("run").unwrap()).run(|_| ()).await.unwrap();
    documents.add("report", &report);
    documents.add("journal", &journals.open_read_only("run").unwrap().export().unwrap());
    documents.add("journals", &journals.list().unwrap());
    let reject = |_: http::Request<bytes::Bytes>| {
        http::Response::builder().status(401).body(bytes::Bytes::new()).unwrap()
    };
    let refused = Client::builder().in_process(reject).build().unwrap();
    let other = Upload::new(
        refused.customer(CustomerId::new(CUSTOMER).unwrap()),
        BatchId::new("b").unwrap(),
        fleet(),
    );
    let open = journals.open("stopped").unwrap();
    other.journal(open).run(|_| ()).await.unwrap_err();
    documents.add("report", &journals.open_read_only("stopped").unwrap().report().unwrap());

    let registered = Inventory::new(customer.clone()).run(|_| ()).await.unwrap();
    documents.add("registered", &registered);
    let queries = || ["A1", "A2", "S1", "S9"].map(DeviceQuery::by_serial_number);
    documents.add("finds", &Search::new(customer.clone(), queries()).run(|_| ()).await.unwrap());
    let options = DiffOptions::new().extra_in(BatchId::new("Old").unwrap());
    documents.add("diff", &Diff::new(&fleet(), &registered, &options));
    for policy in [Some(PolicyId::new(POLICY).unwrap()), None] {
        let plan = AssignPlan::new(&registered, queries(), policy, MultipleMatches::Skip);
        documents.add("assign-plan", &plan);
        documents.add("assign-report", &plan.clone().apply(&client).run(|_| ()).await);
        documents.add("assign-report", &plan.apply(&refused).run(|_| ()).await);
    }
    let plan = DeletePlan::new(&registered, queries(), MultipleMatches::Skip);
    documents.add("delete-plan", &plan);
    documents.add("delete-report", &plan.clone().apply(&refused).run(|_| ()).await);
    documents.add("delete-report", &plan.apply(&client).run(|_| ()).await);

    for (name, _) in schemas() {
        let mut of_name =
            documents.0.iter().filter(|(kind, _)| *kind == name).enumerate().peekable();
        assert!(of_name.peek().is_some(), "no document for {name}");
        for (number, (_, document)) in of_name {
            let text = serde_json::to_string(document).unwrap();
            assert!(!text.contains(&hash[..17]), "{name}");
            fs::write(folder.join(format!("{name}.{number}.json")), text).unwrap();
        }
    }
}
