//! Tests of `pcdevices devices sync` and `devices find --everywhere`.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)] // fine in tests

mod common;

use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use common::{CUSTOMER, Desk, file, stderr, stdout, steady};
use insta::assert_snapshot;
use partner_center_devices_testkit::program::Program;
use serde_json::{Value, json};
use tempfile::TempDir;

fn generated(name: &str, customers: u32, batches: u32, devices: u32) -> Desk {
    let numbers = format!(
        "generated: {{ customers: {customers}, batches: {batches}, devices: {devices} }}\n"
    );
    let world = file(&format!("everywhere-{name}.yaml"), numbers);
    Desk::with(&["--instant", "--world", world.to_str().unwrap()])
}

/// Another technician: the same service, another index.
struct Other(TempDir);

impl Other {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn command(&self, desk: &Desk, args: &[&str]) -> Command {
        let mut command = Program::with_home(self.0.path()).command(args);
        command.env("PCDEVICES_BASE_URL", &desk.emulator.url);
        command
    }

    /// Registers a device for a customer, in a new batch.
    fn upload(&self, desk: &Desk, customer: &str, serial: &str) {
        let list = self.0.path().join("list.csv");
        let text = format!(
            "Device Serial Number,Manufacturer name,Device model\n{serial},Contoso,Book 5\n"
        );
        std::fs::write(&list, text).unwrap();
        let args = ["upload", list.to_str().unwrap(), "--customer", customer, "--batch", serial];
        let output = self.command(desk, &args).output().unwrap();
        assert!(output.status.success(), "{}", stderr(&output));
    }
}

fn document(output: &Output) -> Value {
    serde_json::from_str(stdout(output)).unwrap_or_else(|_| panic!("{}", stderr(output)))
}

/// Returns the number of calls of a run with `-v`.
fn calls(output: &Output) -> usize {
    stderr(output).lines().filter(|line| line.contains("partner_center_devices.call{")).count()
}

#[test]
fn a_device_is_found_in_the_index_and_checked_with_one_call() {
    let desk = generated("find", 30, 60, 300);
    let port = desk.emulator.url["http://127.0.0.1:".len()..].to_owned();
    let show = |args: &[&str]| desk.show(args).replace(&port, "PORT");
    let other = Other::new();
    steady(|| {
        assert_snapshot!("no-index", show(&["devices", "find", "GEN0000123", "--everywhere"]));
        assert_snapshot!("not-read", show(&["devices", "sync"]));
        assert_snapshot!("not-confirmed", show(&["devices", "sync", "--all"]));
        assert_snapshot!("all", show(&["devices", "sync", "--all", "--yes", "--rate", "1000"]));
        assert_snapshot!("find", show(&["devices", "find", "gen0000123", "--everywhere"]));
        assert_snapshot!(
            "find-json",
            show(&["devices", "find", "GEN0000123", "--everywhere", "--json"])
        );
        let several = ["devices", "find", "GEN0000001", "GEN0000002", "nope", "--everywhere"];
        assert_snapshot!("find-several", show(&several));
        assert_snapshot!(
            "find-csv",
            show(&["devices", "find", "GEN0000001", "--everywhere", "--csv"])
        );
        let both = ["devices", "find", "GEN0000001", "--everywhere", "--customer", "x"];
        assert_snapshot!("find-conflict", show(&both));
    });
    let found = desk.run(&["-v", "devices", "find", "GEN0000200", "--everywhere"]);
    assert_eq!(calls(&found), 1, "{}", stderr(&found));

    // Somebody else deletes the device.
    let found = document(&desk.run(&["devices", "find", "GEN0000123", "--everywhere", "--json"]));
    let customer = found["found"][0]["customer"].as_str().unwrap();
    let delete = ["devices", "delete", "--serial", "GEN0000123", "-c", customer, "--yes"];
    assert!(other.command(&desk, &delete).status().unwrap().success());
    steady(|| {
        assert_snapshot!("missing", show(&["devices", "find", "GEN0000123", "--everywhere"]));
        assert_snapshot!("removed", show(&["devices", "find", "GEN0000123", "--everywhere"]));
    });
    // The service does not answer.
    desk.fault(&json!({"id": "down", "matching": {}, "effect": {"status": {"status": 403, "body": "fault"}}}));
    steady(|| {
        assert_snapshot!("not-checked", show(&["devices", "find", "GEN0000124", "--everywhere"]));
    });
}

/// The changes of this machine need no sync.
#[test]
fn own_work_is_in_the_index() {
    let desk = Desk::new();
    let fleet = desk.file(
        "fleet.csv",
        "Device Serial Number,Manufacturer name,Device model\nHQ-0002,Contoso,Book 5\nUSED-77,Contoso,Book 4\n",
    );
    assert_eq!(desk.run(&["upload", &fleet, "--batch", "Berlin"]).status.code(), Some(1));
    let find = |serial: &str| {
        let output = desk.run(&["devices", "find", serial, "--everywhere", "--json"]);
        (output.status.code(), document(&output)["found"][0].clone())
    };
    let (code, found) = find("HQ-0002");
    assert_eq!(
        (code, &found["batch"], &found["state"]),
        (Some(0), &"Berlin".into(), &"verified".into())
    );
    assert_eq!((&found["customer"], &found["customerName"]), (&CUSTOMER.into(), &"Contoso".into()));
    assert_eq!(found["policyId"], Value::Null);
    assert_eq!(find("USED-77").0, Some(1), "the service rejected it");

    let policy = [
        "devices",
        "assign-policy",
        "--serial",
        "HQ-0002",
        "--policy",
        "Straight to the desktop",
        "-y",
    ];
    assert!(desk.run(&policy).status.success());
    desk.fault(&json!({"id": "down", "matching": {"method": "GET"}, "effect": {"status": {"status": 403, "body": "fault"}}}));
    let (code, found) = find("HQ-0002");
    assert_eq!((code, &found["state"]), (Some(4), &"unverified".into()));
    assert_eq!(found["policyId"], "15a04610-9229-4e80-94e0-0e826a09c9e2");
    desk.fault(&json!({"id": "none", "matching": {"pathContains": "nothing"}, "effect": {"status": {"status": 403, "body": "fault"}}}));
    assert!(desk.run(&["devices", "delete", "--serial", "HQ-0002", "-y"]).status.success());
    let (code, found) = find("HQ-0002");
    assert_eq!((code, &found["state"]), (Some(1), &"gone".into()));
}

#[test]
fn only_customers_that_changed_are_read_again() {
    let desk = generated("changes", 40, 80, 80);
    let other = Other::new();
    assert!(desk.run(&["devices", "sync", "--all", "-y", "--rate", "1000"]).status.success());
    let names = desk.run(&["customers", "list", "--names"]);
    let names: Vec<_> = stdout(&names).lines().filter(|name| name.contains(' ')).collect();
    for (number, name) in names.iter().take(5).enumerate() {
        other.upload(&desk, name, &format!("NEW-{number}"));
    }
    let found = desk.run(&["devices", "find", "NEW-3", "--everywhere"]);
    assert_eq!(found.status.code(), Some(1), "the index does not know it yet");
    let synced = document(&desk.run(&["devices", "sync", "--json", "--rate", "1000"]));
    // One call for the batches of a customer, and one for each of its three batches.
    assert_eq!((&synced["customers"], &synced["calls"]), (&5.into(), &20.into()), "{synced}");
    for (number, name) in names.iter().take(5).enumerate() {
        let serial = format!("NEW-{number}");
        let found = document(&desk.run(&["devices", "find", &serial, "--everywhere", "--json"]));
        assert_eq!(found["found"][0]["customerName"], **name, "{found}");
    }
    let one = document(&desk.run(&["devices", "sync", "-c", names[7], "--json"]));
    assert_eq!((&one["customers"], &one["calls"]), (&1.into(), &3.into()), "{one}");
}

#[test]
fn a_customer_that_cannot_be_read_does_not_stop_the_others() {
    let desk = generated("failing", 12, 24, 24);
    assert!(desk.run(&["customers", "sync"]).status.success());
    let names = desk.run(&["customers", "list", "--names"]);
    let name = stdout(&names).lines().find(|name| name.contains(' ')).unwrap().to_owned();
    let found = desk.run(&["customers", "find", &name, "--json"]);
    let id = document(&found)[0]["id"].as_str().unwrap().to_owned();
    desk.fault(&json!({"id": "no", "matching": {"pathContains": id}, "effect": {"status": {"status": 403, "body": "fault"}}}));
    let all = desk.run(&["devices", "sync", "--all", "-y", "--rate", "1000"]);
    assert_eq!(all.status.code(), Some(4), "{}", stderr(&all));
    assert!(
        stderr(&all).contains(&format!("cannot read customer {name} ({id}): ")),
        "{}",
        stderr(&all)
    );
    assert!(
        stdout(&all).starts_with("Read 11 customers with 22 batches and 22 devices in "),
        "{}",
        stdout(&all)
    );
    // The next sync tries it again, and reads nothing else.
    desk.fault(&json!({"id": "none", "matching": {"pathContains": "nothing"}, "effect": {"status": {"status": 403, "body": "fault"}}}));
    let again = document(&desk.run(&["devices", "sync", "--json"]));
    assert_eq!((&again["customers"], &again["devices"]), (&1.into(), &2.into()), "{again}");
    let nothing = desk.run(&["devices", "sync"]);
    assert_eq!(
        (nothing.status.code(), stdout(&nothing).lines().next()),
        (Some(0), Some("Nothing to read"))
    );
}

/// A killed process repeats at most one page of each list, and the result is complete.
#[test]
fn a_killed_sync_loses_nothing() {
    const CUSTOMERS: u32 = 60;
    let desk = generated("killed", CUSTOMERS, 240, 720);
    let sync = |rate: &str| {
        let mut command =
            desk.command(&["devices", "sync", "--all", "--yes", "--json", "--rate", rate]);
        command.stdout(Stdio::piped()).stderr(Stdio::null());
        command
    };
    for _ in 0..3 {
        let mut running = sync("60").spawn().unwrap();
        std::thread::sleep(Duration::from_millis(900));
        running.kill().unwrap();
        running.wait().unwrap();
    }
    let output = sync("1000").output().unwrap();
    let synced = document(&output);
    assert_eq!(output.status.code(), Some(0));
    let read = synced["customers"].as_u64().unwrap();
    assert!(read < u64::from(CUSTOMERS), "earlier runs read some: {synced}");
    let index = &synced["index"];
    assert_eq!((&index["customersRead"], &index["batches"]), (&CUSTOMERS.into(), &240.into()));
    assert_eq!(index["devices"], 720, "{synced}");
}

/// The world of the requirements. In a release build, this takes minutes:
/// `cargo test --release --workspace --test everywhere -- --ignored --nocapture`.
#[test]
#[ignore = "reads a million devices"]
fn a_million_devices() {
    const CUSTOMERS: u32 = 10_000;
    const CHANGED: usize = 1_000;
    let desk = generated("million", CUSTOMERS, 200_000, 1_000_000);
    let timed = |args: &[&str]| {
        let begun = Instant::now();
        let output = desk.run(args);
        println!("{:?} for {}", begun.elapsed(), args.join(" "));
        (output, begun.elapsed())
    };
    let (synced, took) = timed(&["customers", "sync", "--json", "--rate", "50"]);
    println!("{}", stdout(&synced));
    let expected = Duration::from_secs(1) * (CUSTOMERS / 500) / 50;
    println!("customers: {took:?}, at least {expected:?} at this rate");
    let (all, took) = timed(&["devices", "sync", "--all", "--yes", "--json", "--rate", "2000"]);
    let all = document(&all);
    println!("{all}");
    assert_eq!(all["index"]["devices"], 1_000_000);
    println!("{:.0} calls per second", all["calls"].as_f64().unwrap() / took.as_secs_f64());
    let file = all["index"]["file"].as_str().unwrap();
    let bytes = std::fs::metadata(file).unwrap().len();
    println!("index: {} MB", bytes / 1_000_000);
    assert!(bytes < 300_000_000);

    let mut times = Vec::new();
    for number in 0..50 {
        let serial = format!("GEN{:07}", 1 + number * 19_997);
        let begun = Instant::now();
        let found = desk.run(&["-v", "devices", "find", &serial, "--everywhere"]);
        times.push(begun.elapsed());
        assert_eq!((found.status.code(), calls(&found)), (Some(0), 1), "{}", stderr(&found));
    }
    times.sort_unstable();
    println!("find: median {:?}, slowest {:?}", times[25], times[49]);

    let other = Other::new();
    let names = desk.run(&["customers", "list", "--names"]);
    let names: Vec<_> = stdout(&names).lines().filter(|name| name.contains(' ')).collect();
    assert!(other.command(&desk, &["customers", "sync"]).status().unwrap().success());
    let changed: Vec<_> = names.iter().step_by(10).take(CHANGED).collect();
    for (number, name) in changed.iter().enumerate() {
        other.upload(&desk, name, &format!("NEW-{number}"));
    }
    let (synced, _) = timed(&["devices", "sync", "--json", "--rate", "2000"]);
    let synced = document(&synced);
    println!("{synced}");
    assert_eq!(synced["customers"], CHANGED);
    assert_eq!(synced["calls"], 22 * CHANGED, "the list of batches, and 21 batches");
    for (number, name) in changed.iter().enumerate() {
        let serial = format!("NEW-{number}");
        let found = document(&desk.run(&["devices", "find", &serial, "--everywhere", "--json"]));
        assert_eq!(found["found"][0]["customerName"], **name, "{found}");
    }
}

/// Devices that were registered before: with this customer, with another customer of the partner, and with a stranger.
#[test]
fn devices_that_were_registered_before_are_located() {
    let other = "4d8b5f9e-0f7a-4b36-9b8e-1f1f2ad0c8a1";
    let device = |serial: &str| {
        format!("{{ serialNumber: {serial}, oemManufacturerName: Contoso, modelName: Book 5 }}")
    };
    let world = format!(
        "customers:
  - {{ id: {CUSTOMER}, name: Contoso, batches: [{{ id: Old, devices: [{}] }}] }}
  - {{ id: {other}, name: Fabrikam, batches: [{{ id: Theirs, devices: [{}] }}] }}
otherTenants:
  - {}
",
        device("OLD-1"),
        device("THEIRS-1"),
        device("USED-77"),
    );
    let world = file("everywhere-before.yaml", world);
    let desk = Desk::with(&["--instant", "--world", world.to_str().unwrap()]);
    let rows = ["OLD-1", "ZTD806-CONTOSO", "THEIRS-1", "USED-77"];
    let rows: String = rows.iter().map(|serial| format!("{serial},Contoso,Book 5\n")).collect();
    let fleet = desk
        .file("fleet.csv", format!("Device Serial Number,Manufacturer name,Device model\n{rows}"));
    let journal = desk.home().join("j");
    let upload = ["upload", &fleet, "--batch", "New", "--journal", journal.to_str().unwrap()];
    steady(|| {
        assert_snapshot!("before-sync", desk.show(&upload));
        assert!(desk.run(&["devices", "sync", "--all", "-y", "--rate", "1000"]).status.success());
        assert_snapshot!("after-sync", desk.show(&upload));
    });
    let rows = |args: &[&str]| -> Vec<Value> {
        let report = document(&desk.run(args));
        let cells = ["earlierRegistration", "earlierCustomer", "earlierBatch"];
        let rows = report["rows"].as_array().unwrap().iter();
        rows.map(|row| cells.map(|cell| row[cell].clone()).into()).collect()
    };
    let expected = [
        json!(["inBatch", null, "Old"]),
        json!(["byCustomer", null, null]),
        json!(["otherCustomer", other, "Theirs"]),
        json!([null, null, null]),
    ];
    assert_eq!(rows(&[&upload[..], &["--json"]].concat()), expected);
    let report = ["report", journal.to_str().unwrap(), "--json"];
    assert_eq!(rows(&report), expected, "the journal has them");
    // The letters are about the device of the unknown organization only.
    let letters = desk.home().join("letters");
    let letters = letters.to_str().unwrap();
    let explained =
        desk.run(&["explain", "808", "--for", journal.to_str().unwrap(), "--output", letters]);
    assert!(stdout(&explained).contains(": 1 device with error 808"), "{}", stdout(&explained));

    let delete = ["devices", "delete", "--customer", other, "--serial", "THEIRS-1", "--yes"];
    assert!(desk.run(&delete).status.success());
    let again = desk.run(&[&upload[..], &["--restart", "--csv"]].concat());
    let moved = stdout(&again).lines().find(|line| line.contains("THEIRS-1")).unwrap();
    assert!(moved.contains(",registered,"), "{moved}");
    assert_eq!(rows(&report)[2], json!([null, null, null]), "it was sent again");
}
