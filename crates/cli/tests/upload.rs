//! Tests of `pcdevices upload` for several customers, and of its results for scripts.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)] // fine in tests

mod common;

use common::{CUSTOMER, Desk, stderr, steady};
use insta::assert_snapshot;

const OTHER: &str = "4d8b5f9e-0f7a-4b36-9b8e-1f1f2ad0c8a1";

/// A desk with two named customers.
fn desk() -> Desk {
    let desk = Desk::with(&["--instant"]);
    for (name, id) in [("contoso", CUSTOMER), ("Fabrikam Berlin", OTHER)] {
        assert_eq!(desk.run(&["customers", "add", name, id]).status.code(), Some(0));
    }
    desk
}

fn batches(desk: &Desk, customer: &str) -> Vec<(String, i64)> {
    let output = desk.run(&["batches", "list", "-c", customer, "--json"]);
    let batches: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let batch = |batch: &serde_json::Value| {
        (batch["id"].as_str().unwrap().to_owned(), batch["devices"].as_i64().unwrap())
    };
    batches.as_array().unwrap().iter().map(batch).collect()
}

#[test]
fn rows_go_to_the_customer_in_their_column() {
    let desk = desk();
    let rows = format!(
        "Device Serial Number,Manufacturer name,Device model,Tenant ID,Group Tag\n\
         S1,HP,X,contoso,HQ\nS2,HP,X,{OTHER},Lab\nS3,HP,X,CONTOSO,HQ\nS4,HP,X,contoso,Lab\n"
    );
    let file = desk.file("fleet.csv", rows);
    // The environment variable is ignored.
    let args = ["upload", &file, "--customer-from", "column"];
    let mut command = desk.command(&args);
    let output = command.env("PCDEVICES_CUSTOMER", OTHER).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    steady(|| assert_snapshot!("column", common::stdout(&output)));
    let named = |name: &str, devices| (name.to_owned(), devices);
    assert_eq!(batches(&desk, "contoso"), [named("HQ", 2), named("Lab", 1)]);
    assert_eq!(batches(&desk, "fabrikam berlin"), [named("Lab", 1)]);
}

#[test]
fn files_go_to_the_customer_of_their_folder() {
    let desk = desk();
    let fleets = desk.home().join("fleets");
    for (folder, serial) in [("contoso", "S1"), ("Fabrikam Berlin", "S2")] {
        std::fs::create_dir_all(fleets.join(folder)).unwrap();
        let rows = format!("Serial,Make,Model\n{serial},HP,X\n");
        std::fs::write(fleets.join(folder).join("new.csv"), rows).unwrap();
        std::fs::write(fleets.join(folder).join("notes.txt"), "not for you").unwrap();
    }
    let args = ["upload", fleets.to_str().unwrap(), "--customer-from", "folder", "-b", "November"];
    steady(|| assert_snapshot!("folder", desk.show(&[&args[..], &["--csv", "--quiet"]].concat())));
    // Both uploads run in parallel, and each line names its customer.
    let messages = desk.run(&args);
    for customer in ["contoso", "Fabrikam Berlin"] {
        let line = format!("1 device to add to batch 'November' of {customer}\n");
        assert!(stderr(&messages).contains(&line), "{}", stderr(&messages));
    }
    assert_eq!(batches(&desk, "contoso"), [("November".to_owned(), 1)]);
    assert_eq!(batches(&desk, OTHER), [("November".to_owned(), 1)]);
}

#[test]
fn nothing_is_sent_if_a_row_has_no_customer() {
    let desk = desk();
    let rows = "Serial,Make,Model,Customer,Group Tag\nS1,HP,X,contoso,HQ\nS2,HP,X,contosso,HQ\nS3,HP,X,,HQ\nS4,HP,X,contoso,\n";
    let file = desk.file("fleet.csv", rows);
    steady(|| {
        let args = ["upload", &file, "--customer-from", "column"];
        assert_snapshot!("nowhere", desk.show(&args));
        let args = ["upload", "samples/trouble.csv", "--customer-from", "column"];
        assert_snapshot!("no-column", desk.show(&args));
        let args = ["upload", "samples", "--customer-from", "folder", "-b", "x"];
        assert_snapshot!("no-folder", desk.show(&args));
        let args = ["upload", &file, "--customer-from", "column", "-c", "contoso"];
        assert_snapshot!("both", desk.show(&args));
    });
    assert!(batches(&desk, "contoso").is_empty());
}

#[test]
fn a_script_reads_the_report() {
    let desk = desk();
    let args = ["upload", "samples/trouble.csv", "-c", "contoso", "-b", "HQ", "--json", "--quiet"];
    let output = desk.run(&args);
    assert_eq!((output.status.code(), stderr(&output)), (Some(1), ""));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["totals"]["failed"], 7);
    steady(|| {
        let args = ["upload", "samples/trouble.csv", "-c", "contoso", "-b", "HQ", "--csv"];
        assert_snapshot!("csv", desk.show(&args));
    });
}
