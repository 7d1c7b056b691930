//! Tests of `pcdevices devices sync` and `devices find --everywhere`.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)] // fine in tests

mod common;

use std::fs;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use common::{CUSTOMER, Desk, file, stderr, stdout, steady};
use insta::assert_snapshot;
use partner_center_devices_testkit::program::Program;
use serde_json::{Value, json};
use tempfile::TempDir;

/// The id of another customer.
const FABRIKAM: &str = "4d8b5f9e-0f7a-4b36-9b8e-1f1f2ad0c8a1";

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
    stderr(output).lines().filter(|line| line.contains("(MS-RequestId ")).count()
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
    let whole = desk.run(&["devices", "find", "GEN0000200", "--everywhere", "--json"]);
    let whole = document(&whole);
    let (customer, batch) = (&whole["found"][0]["customer"], &whole["found"][0]["batch"]);
    let list = [
        "devices",
        "list",
        "-c",
        customer.as_str().unwrap(),
        "--batch",
        batch.as_str().unwrap(),
        "--json",
    ];
    let devices = document(&desk.run(&list));
    let serials = devices["devices"].as_array().unwrap().iter();
    let serials: Vec<_> = serials.map(|device| device["serialNumber"].as_str().unwrap()).collect();
    assert!(serials.len() > 1, "{devices}");
    let find = [&["-v", "devices", "find", "--everywhere"][..], &serials].concat();
    let found = desk.run(&find);
    assert_eq!(calls(&found), 1, "the devices of one batch: {}", stderr(&found));
    assert_eq!(found.status.code(), Some(0));

    // Somebody else deletes the device.
    let found = document(&desk.run(&["devices", "find", "GEN0000123", "--everywhere", "--json"]));
    let customer = found["found"][0]["customer"].as_str().unwrap();
    let delete = ["devices", "delete", "--serial", "GEN0000123", "-c", customer, "--yes"];
    assert!(other.command(&desk, &delete).status().unwrap().success());
    steady(|| {
        assert_snapshot!("missing", show(&["devices", "find", "GEN0000123", "--everywhere"]));
        assert_snapshot!("removed", show(&["devices", "find", "GEN0000123", "--everywhere"]));
    });
    // Somebody else registers it again, in the same batch.
    let batch = found["found"][0]["batch"].as_str().unwrap();
    let again = desk.file(
        "again.csv",
        "Device Serial Number,Manufacturer name,Device model\nGEN0000123,Litware,Book 4\n",
    );
    let upload = ["upload", &again, "-c", customer, "--batch", batch];
    assert!(other.command(&desk, &upload).status().unwrap().success());
    let found = desk.run(&["devices", "find", "GEN0000123", "--everywhere", "--json"]);
    assert_eq!(document(&found)["found"][0]["state"], "verified", "{}", stderr(&found));
    // The service does not answer.
    desk.fault(&json!({"id": "down", "matching": {}, "effect": {"status": {"status": 403, "body": "fault"}}}));
    steady(|| {
        assert_snapshot!("not-checked", show(&["devices", "find", "GEN0000124", "--everywhere"]));
    });
    // Without a valid token, no other batch is tried.
    desk.fault(&json!({"id": "down", "matching": {}, "effect": {"status": {"status": 401, "body": "fault"}}}));
    let several = ["-v", "devices", "find", "GEN0000124", "GEN0000125", "--everywhere"];
    let found = desk.run(&several);
    assert_eq!((found.status.code(), calls(&found)), (Some(4), 1), "{}", stderr(&found));
    let warning = "'GEN0000124', 'GEN0000125' could not be checked: ";
    assert!(stderr(&found).contains(warning), "{}", stderr(&found));
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

/// The id may be wrong, so the next sync does not try it again.
#[test]
fn a_customer_that_the_user_names_is_not_left_for_the_next_sync() {
    let desk = generated("named", 4, 8, 8);
    let all = ["devices", "sync", "--all", "-y", "--rate", "1000"];
    assert!(desk.run(&all).status.success());
    let wrong = ["devices", "sync", "--customer", FABRIKAM];
    for (status, exit) in [(401, 4), (404, 8), (503, 7)] {
        desk.fault(&json!({
            "id": "refused", "matching": {"pathContains": FABRIKAM},
            "effect": {"status": {"status": status, "body": "fault"}},
        }));
        let failed = desk.run(&[&wrong[..], &["--rate", "1000"]].concat());
        assert_eq!(failed.status.code(), Some(exit), "{status}: {}", stderr(&failed));
        desk.fault(
            &json!({"id": "none", "matching": {"pathContains": "nothing"}, "effect": "dropBefore"}),
        );
        let next = desk.run(&["devices", "sync"]);
        assert!(stdout(&next).starts_with("Nothing to read\n"), "{status}: {}", stdout(&next));
    }
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
    let other = FABRIKAM;
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
    // Fabrikam no longer has it. The place stays until it is sent again.
    steady(|| assert_snapshot!("after-delete", desk.show(&upload)));
    let former = json!(["formerCustomer", other, null]);
    assert_eq!(rows(&report)[2], former);
    desk.run(&upload);
    assert_eq!(rows(&report)[2], former);
    check_letters_of_one(&desk, journal.to_str().unwrap());
    let again = desk.run(&[&upload[..], &["--retry", "--csv"]].concat());
    let moved = stdout(&again).lines().find(|line| line.contains("THEIRS-1")).unwrap();
    assert!(moved.contains(",registered,"), "{moved}");
    assert!(stderr(&again).contains("Sent 3 devices"), "all except OLD-1: {}", stderr(&again));

    // The partner deletes the device that was in a batch before: the customer did not register it.
    let delete = ["devices", "delete", "--serial", "OLD-1", "--yes"];
    assert!(desk.run(&delete).status.success());
    let hint = "hint: 1 device that was already registered is in no batch now; to send it: run the same command with --retry";
    for (retry, last) in [(true, " once more\n"), (false, "\n")] {
        // A run with --retry finds this out after it has sent the others.
        let retry: &[&str] = if retry { &["--retry"] } else { &[] };
        let after = desk.run(&[&upload[..], retry].concat());
        assert_eq!(after.status.code(), Some(1));
        assert!(stderr(&after).contains(&format!("{hint}{last}")), "{}", stderr(&after));
        let totals = ": 1 registered, 1 registered by the customer, 1 in no batch, 1 failed\n";
        assert!(stdout(&after).ends_with(totals), "{}", stdout(&after));
        let expected = [json!(["inNoBatch", null, null]), json!(["byCustomer", null, null])];
        assert_eq!(rows(&report)[..2], expected);
    }
    assert_eq!(document(&desk.run(&report))["totals"]["inNoBatch"], 1);
    let again = desk.run(&[&upload[..], &["--retry", "--csv"]].concat());
    let sent = stdout(&again).lines().find(|line| line.contains("OLD-1")).unwrap();
    assert!(sent.contains(",registered,"), "{sent}");
}

/// One device is a stranger's, and Fabrikam had another one, which needs no letter.
fn check_letters_of_one(desk: &Desk, journal: &str) {
    let letters = desk.home().join("letters-2");
    let explain = ["explain", "808", "--for", journal, "--output", letters.to_str().unwrap()];
    let explained = desk.run(&explain);
    let no_letter = format!(
        "No letter for 1 device with error 808 that your customer Fabrikam ({FABRIKAM}) no longer has: run the upload again with --retry\n"
    );
    assert!(stdout(&explained).contains(": 1 device with error 808"), "{}", stdout(&explained));
    assert!(stdout(&explained).contains(&no_letter), "{}", stdout(&explained));
}

/// A desk where Contoso and Fabrikam are customers, with these devices in a batch each.
fn two_customers(name: &str, old: &str, theirs: &str, strangers: &str) -> Desk {
    let world = format!(
        "customers:
  - {{ id: {CUSTOMER}, name: Contoso, batches: [{{ id: Old, devices: [{old}] }}] }}
  - {{ id: {FABRIKAM}, name: Fabrikam, batches: [{{ id: Theirs, devices: [{theirs}] }}] }}
otherTenants: [{strangers}]
"
    );
    let world = file(name, world);
    Desk::with(&["--instant", "--world", world.to_str().unwrap()])
}

/// Uploads these rows of serial numbers and product keys, and returns the places of the devices and the output.
fn places(desk: &Desk, rows: &str, more: &[&str]) -> (Vec<(String, String)>, Output) {
    let text = format!("Device Serial Number,Windows Product ID\n{rows}");
    let fleet = desk.file("places.csv", text);
    let upload = ["upload", &fleet, "--batch", "New", "--json"];
    let output = desk.run(&[&upload[..], more].concat());
    let report = document(&output);
    let cell = |row: &Value, name: &str| row[name].as_str().unwrap_or_default().to_owned();
    let rows = report["rows"].as_array().unwrap().iter();
    let places = rows.map(|row| (cell(row, "code"), cell(row, "earlierRegistration"))).collect();
    (places, output)
}

/// Many devices share a placeholder: only the product key shows which one it is.
#[test]
fn a_device_with_a_placeholder_is_not_mistaken_for_another() {
    let device = |serial: &str, key: &str| {
        format!(
            "{{ serialNumber: {serial}, productKey: \"{key}\", oemManufacturerName: Contoso, modelName: Book {key} }}"
        )
    };
    let (ours, theirs, strangers) = ("3305000000001", "3305000000002", "3305000000003");
    // Its row has another serial number.
    let other = "3305000000004";
    let desk = two_customers(
        "everywhere-placeholder.yaml",
        &device("REAL-9", ours),
        &[device("Default string", theirs), device("REAL-8", other)].join(", "),
        &device("Default string", strangers),
    );
    assert!(desk.run(&["devices", "sync", "--all", "-y", "--rate", "1000"]).status.success());
    let rows = format!(
        "PC-77,{ours}\nDefault string,{theirs}\nDefault string,{strangers}\nPC-78,{other}\n"
    );
    let (places, output) = places(&desk, &rows, &[]);
    let place = |code: &str, place: &str| (code.to_owned(), place.to_owned());
    let expected = [
        place("806", "inBatch"),
        place("808", "otherCustomer"),
        place("808", ""),
        place("808", "otherCustomer"),
    ];
    assert_eq!(places, expected, "{}", stderr(&output));
    let messages = stderr(&output);
    // The command deletes exactly the devices that were found.
    assert_eq!(messages.matches(" --id ").count(), 2, "{messages}");
    for device in
        [format!("Default string, Contoso Book {theirs}"), format!("REAL-8, Contoso Book {other}")]
    {
        assert!(messages.contains(&format!("     {device}, in batch 'Theirs'\n")), "{messages}");
    }
    assert!(!messages.contains(strangers) && !messages.contains("--serial"), "{messages}");
}

/// A list that cannot be read may have the device, also one that is not found although it was just listed.
#[test]
fn batches_that_cannot_be_read_leave_the_place_open() {
    let device = |serial: &str| {
        format!("{{ serialNumber: {serial}, oemManufacturerName: Contoso, modelName: Book 5 }}")
    };
    let desk = two_customers(
        "everywhere-unread.yaml",
        &device("OLD-1"),
        &device("THEIRS-1"),
        &device("USED-77"),
    );
    assert!(desk.run(&["devices", "sync", "--all", "-y", "--rate", "1000"]).status.success());
    let text = "Device Serial Number,Manufacturer name,Device model\nOLD-1,Contoso,Book 5\nTHEIRS-1,Contoso,Book 5\n";
    let fleet = desk.file("unread.csv", text);
    let upload = ["upload", &fleet, "--batch", "New"];
    let letters = "hint: for letters to the seller and to Microsoft";
    for status in [403, 404] {
        desk.fault(&json!({
            "id": "lists", "matching": {"method": "GET", "pathContains": "/devices"},
            "effect": {"status": {"status": status, "body": "fault"}},
        }));
        let output = desk.run(&upload);
        let messages = stderr(&output);
        for (batch, customer, code) in [
            ("Old", format!("Contoso ({CUSTOMER})"), 806),
            ("Theirs", format!("Fabrikam ({FABRIKAM})"), 808),
        ] {
            let warning = format!(
                "1 device with error {code} may be in a batch of customer {customer} that cannot be read\n  batch '{batch}': "
            );
            assert!(messages.contains(&warning), "{status}: {messages}");
        }
        assert!(!messages.contains(letters), "{status}: {messages}");
        let last = "\n2 rows for batch 'New': 1 already registered, 1 failed\n";
        assert!(stdout(&output).ends_with(last), "{status}: {}", stdout(&output));
    }
}

/// The lists show devices with error 806 without the index. A device with error 808 may be another customer's, so no hint calls it a
/// stranger's.
#[test]
fn an_index_that_cannot_be_read_is_named() {
    let device = |serial: &str| {
        format!("{{ serialNumber: {serial}, oemManufacturerName: Contoso, modelName: Book 5 }}")
    };
    let desk =
        two_customers("everywhere-unreadable.yaml", &device("OLD-1"), &device("THEIRS-1"), "");
    let synced = desk.run(&["devices", "sync", "--all", "-y", "--rate", "1000", "--json"]);
    let index = document(&synced)["index"]["file"].as_str().unwrap().to_owned();
    let text = "Device Serial Number,Manufacturer name,Device model\nOLD-1,Contoso,Book 5\nTHEIRS-1,Contoso,Book 5\n";
    let fleet = desk.file("unreadable.csv", text);
    let upload = ["upload", &fleet, "--batch", "New", "--json"];
    let journal = desk.home().join("j");
    let resumed = [&upload[..], &["--journal", journal.to_str().unwrap()]].concat();
    let report = document(&desk.run(&resumed));
    assert_eq!(report["rows"][1]["earlierRegistration"], "otherCustomer", "{report}");
    // Everything after the first page of the database.
    let mut damaged = fs::read(&index).unwrap();
    damaged[4096..].fill(0xff);
    let contents = [&damaged[..], b"not an index"];
    let run = |content: &[u8], args: &[&str], expected: [&str; 2]| {
        fs::write(&index, content).unwrap();
        let output = desk.run(args);
        let report = document(&output);
        let places = report["rows"].as_array().unwrap().iter();
        let places: Vec<_> =
            places.map(|row| row["earlierRegistration"].as_str().unwrap_or_default()).collect();
        let messages = stderr(&output);
        assert_eq!(places, expected, "{messages}");
        assert_eq!(report["rows"][0]["earlierBatch"], "Old", "{report}");
        assert_eq!(messages.matches(&index).count(), 1, "{messages}");
        assert!(!messages.contains("devices sync --all"), "{messages}");
        assert!(!messages.contains("for letters"), "{messages}");
        assert_eq!(output.status.code(), Some(1), "{messages}");
        messages.to_owned()
    };
    for content in contents {
        let messages = run(content, &upload, ["inBatch", ""]);
        let warning = "warning: cannot look for 1 device with error 808 in the index";
        assert!(messages.contains(warning), "{messages}");
        run(content, &resumed, ["inBatch", "otherCustomer"]);
    }
    // A place of an earlier run does not become unknown.
    let delete = ["devices", "delete", "--customer", FABRIKAM, "--serial", "THEIRS-1", "--yes"];
    assert!(Other::new().command(&desk, &delete).status().unwrap().success());
    for content in contents {
        run(content, &resumed, ["inBatch", "formerCustomer"]);
    }
}

/// Uploads a device that Fabrikam has, and returns the arguments. The lists cannot be read if `is_read` is false.
fn upload_of_fabrikams_device(desk: &Desk, is_read: bool) -> [String; 6] {
    assert!(desk.run(&["devices", "sync", "--all", "-y", "--rate", "1000"]).status.success());
    let text = "Device Serial Number,Manufacturer name,Device model\nTHEIRS-1,Contoso,Book 5\n";
    let fleet = desk.file("former.csv", text);
    let journal = desk.home().join("j").to_str().unwrap().to_owned();
    let args = ["upload", &fleet, "--batch", "New", "--journal", &journal].map(str::to_owned);
    if !is_read {
        desk.fault(&json!({
            "id": "lists", "matching": {"method": "GET", "pathContains": "/devices"},
            "effect": {"status": {"status": 403, "body": "fault"}},
        }));
    }
    let output = desk.run(&args.each_ref().map(String::as_str));
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert_eq!(stderr(&output).contains("To move 1 device"), is_read, "{}", stderr(&output));
    desk.fault(
        &json!({"id": "none", "matching": {"pathContains": "nothing"}, "effect": "dropBefore"}),
    );
    args
}

/// The index does not know that somebody else deleted the device. The search shows it, and the index records it.
#[test]
fn a_device_that_somebody_deleted_at_another_customer_can_be_sent_again() {
    let device = "{ serialNumber: THEIRS-1, oemManufacturerName: Contoso, modelName: Book 5 }";
    let desk = two_customers("everywhere-former.yaml", "", device, "");
    let args = upload_of_fabrikams_device(&desk, true);
    let args = args.each_ref().map(String::as_str);
    let delete = ["devices", "delete", "--customer", FABRIKAM, "--serial", "THEIRS-1", "--yes"];
    assert!(Other::new().command(&desk, &delete).status().unwrap().success());
    steady(|| {
        assert_snapshot!("former-customer", desk.show(&args));
        assert_snapshot!(
            "former-customer-explain",
            desk.show(&["explain", "808", "--for", args[5]])
        );
    });
    // The index knows it now, so the lists are not read again.
    let again = desk.run(&[&["-v"][..], &args].concat());
    assert!(stderr(&again).contains("no longer registered"), "{}", stderr(&again));
    assert!(!stderr(&again).contains("/devices"), "{}", stderr(&again));
}

/// The first search failed, so only the index shows that another customer had the device.
#[test]
fn the_index_shows_that_a_device_was_deleted_at_another_customer_after_it_was_sent() {
    let device = "{ serialNumber: THEIRS-1, oemManufacturerName: Contoso, modelName: Book 5 }";
    let desk = two_customers("everywhere-deleted.yaml", "", device, "");
    let args = upload_of_fabrikams_device(&desk, false);
    let args = [&args.each_ref().map(String::as_str)[..], &["--json"]].concat();
    let delete = ["devices", "delete", "--customer", FABRIKAM, "--serial", "THEIRS-1", "--yes"];
    assert!(desk.run(&delete).status.success());
    let output = desk.run(&args);
    let report = document(&output);
    let place = ["earlierRegistration", "earlierCustomer"].map(|cell| &report["rows"][0][cell]);
    assert_eq!(place, ["formerCustomer", FABRIKAM], "{}", stderr(&output));
    assert!(!stderr(&output).contains("for letters"), "{}", stderr(&output));
}

/// Somebody deleted the device before it was sent, and the index does not know it. A stranger has the device.
#[test]
fn a_device_that_was_deleted_before_it_was_sent_stays_a_strangers() {
    let device = "{ serialNumber: ZTD808-1, oemManufacturerName: Contoso, modelName: Book 5 }";
    let desk = two_customers("everywhere-gone.yaml", "", device, "");
    assert!(desk.run(&["devices", "sync", "--all", "-y", "--rate", "1000"]).status.success());
    let delete = ["devices", "delete", "--customer", FABRIKAM, "--serial", "ZTD808-1", "--yes"];
    assert!(Other::new().command(&desk, &delete).status().unwrap().success());
    let text = "Device Serial Number,Manufacturer name,Device model\nZTD808-1,Contoso,Book 5\n";
    let fleet = desk.file("gone.csv", text);
    let journal = desk.home().join("j");
    let args =
        ["upload", &fleet, "--batch", "New", "--journal", journal.to_str().unwrap(), "--json"];
    for _ in 0..2 {
        let output = desk.run(&args);
        let report = document(&output);
        assert_eq!(report["rows"][0]["code"], "808", "{report}");
        assert_eq!(report["rows"][0]["earlierRegistration"], Value::Null, "{report}");
        assert!(stderr(&output).contains("hint: for letters"), "{}", stderr(&output));
    }
}

/// A list that cannot be read does not matter for a device that is found elsewhere, before or after it.
#[test]
fn only_devices_that_are_not_found_may_be_in_an_unread_batch() {
    let device = "{ serialNumber: THEIRS-1, oemManufacturerName: Contoso, modelName: Book 5 }";
    for litware in ["1b1c7f3e-7f3a-4b0e-8f67-3f4c0e5a9d10", "9b1c7f3e-7f3a-4b0e-8f67-3f4c0e5a9d10"]
    {
        let world = format!(
            "customers:
  - {{ id: {CUSTOMER}, name: Contoso }}
  - {{ id: {FABRIKAM}, name: Fabrikam }}
  - {{ id: {litware}, name: Litware, batches: [{{ id: L, devices: [{device}] }}] }}
"
        );
        let world = file(&format!("everywhere-{litware}.yaml"), world);
        let desk = Desk::with(&["--instant", "--world", world.to_str().unwrap()]);
        assert!(desk.run(&["devices", "sync", "--all", "-y", "--rate", "1000"]).status.success());
        // Somebody moves the device, and the index has it at both customers.
        let other = Other::new();
        let delete = ["devices", "delete", "--customer", litware, "--serial", "THEIRS-1", "--yes"];
        assert!(other.command(&desk, &delete).status().unwrap().success());
        other.upload(&desk, FABRIKAM, "THEIRS-1");
        assert!(desk.run(&["devices", "sync", "--customer", FABRIKAM]).status.success());
        desk.fault(&json!({
            "id": "lists",
            "matching": {"method": "GET", "pathContains": format!("{litware}/deviceBatches/")},
            "effect": {"status": {"status": 403, "body": "fault"}},
        }));
        let text = "Device Serial Number,Manufacturer name,Device model\nTHEIRS-1,Contoso,Book 5\n";
        let fleet = desk.file("several.csv", text);
        let output = desk.run(&["-v", "upload", &fleet, "--batch", "New", "--json"]);
        let messages = stderr(&output);
        assert_eq!(document(&output)["rows"][0]["earlierCustomer"], FABRIKAM, "{messages}");
        assert!(messages.contains(&format!("{litware}/deviceBatches/L/devices")), "{messages}");
        assert!(!messages.contains("that cannot be read"), "{messages}");
    }
}

/// The letters are for devices of strangers.
#[test]
fn devices_of_own_customers_need_no_letter() {
    let device = "{ serialNumber: THEIRS-1, oemManufacturerName: Contoso, modelName: Book 5 }";
    let desk = two_customers("everywhere-own.yaml", "", device, "");
    assert!(desk.run(&["devices", "sync", "--all", "-y", "--rate", "1000"]).status.success());
    let text = "Device Serial Number,Manufacturer name,Device model\nTHEIRS-1,Contoso,Book 5\n";
    let fleet = desk.file("own.csv", text);
    let report = desk.home().join("report.csv");
    let report = report.to_str().unwrap();
    let upload = ["upload", &fleet, "--batch", "New", "--report", report];
    assert_eq!(desk.run(&upload).status.code(), Some(1));
    steady(|| assert_snapshot!("own-customer", desk.show(&["explain", "808", "--for", report])));
}

/// The report is not lost if the machine shuts down during the search.
#[cfg(unix)]
#[test]
fn a_stopped_search_keeps_the_report() {
    use std::io::{BufRead as _, BufReader, Read as _};

    let device = "{ serialNumber: OLD-1, oemManufacturerName: Contoso, modelName: Book 5 }";
    let desk = two_customers("everywhere-stopped.yaml", device, "", "");
    let text = "Device Serial Number,Manufacturer name,Device model\nOLD-1,Contoso,Book 5\n";
    let fleet = desk.file("stopped.csv", text);
    desk.fault(&json!({
        "id": "slow", "matching": {"method": "GET", "pathContains": "/devices"},
        "effect": {"latency": {"milliseconds": 60_000}},
    }));
    let report = desk.home().join("report.json");
    let args = ["-v", "upload", &fleet, "--batch", "New", "--report", report.to_str().unwrap()];
    let mut command = desk.command(&args);
    let mut process = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut messages = String::new();
    let mut lines = BufReader::new(process.stderr.take().unwrap());
    // The log has the list of the batches; that of the devices is next.
    let is_searching = |messages: &str| {
        messages
            .split_once("Sent 1 device")
            .is_some_and(|(_, after)| after.contains("/deviceBatches: 200"))
    };
    while !is_searching(&messages) {
        assert_ne!(lines.read_line(&mut messages).unwrap(), 0, "{messages}");
    }
    let id = process.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    lines.read_to_string(&mut messages).unwrap();
    let output = process.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(6), "a batch may have the device, or none: {messages}");
    assert!(stdout(&output).contains("OLD-1   already registered"), "{}", stdout(&output));
    let stopped = "warning: stopped looking for devices that were registered before: cancelled";
    assert!(messages.contains(stopped), "{messages}");
    let report: Value = serde_json::from_slice(&std::fs::read(report).unwrap()).unwrap();
    assert_eq!(report["totals"]["alreadyRegistered"], 1);
}

/// A serial number is unique only within a manufacturer.
#[test]
fn a_device_of_another_model_is_not_the_one_that_was_sent() {
    let device = |serial: &str, make: &str| {
        format!("{{ serialNumber: {serial}, oemManufacturerName: {make}, modelName: Book 5 }}")
    };
    let desk = two_customers(
        "everywhere-model.yaml",
        &device("ZTD806-Z", "Contoso"),
        &device("T-2", "Contoso"),
        &device("T-2", "Lenovo"),
    );
    assert!(desk.run(&["devices", "sync", "--all", "-y", "--rate", "1000"]).status.success());
    let text = "Device Serial Number,Manufacturer name,Device model\nT-2,Lenovo,Book 5\nZTD806-Z,Dell Inc.,Book 5\n";
    let fleet = desk.file("models.csv", text);
    let output = desk.run(&["upload", &fleet, "--batch", "New", "--json"]);
    let (report, messages) = (document(&output), stderr(&output));
    for (row, code) in [(0, "808"), (1, "806")] {
        assert_eq!(report["rows"][row]["code"], code, "{report}");
        assert_eq!(report["rows"][row]["earlierRegistration"], Value::Null, "{report}");
    }
    assert!(!messages.contains("devices delete"), "{messages}");
    for other in
        ["T-2, Contoso Book 5, in batch 'Theirs'", "ZTD806-Z, Contoso Book 5, in batch 'Old'"]
    {
        assert!(messages.contains(other), "{messages}");
    }
    assert_eq!(output.status.code(), Some(6), "{messages}");
}

/// The service registers a device with one customer, so two lists with its serial number prove nothing.
#[test]
fn a_device_that_two_customers_list_is_not_deleted_at_either() {
    // Manufacturers spell a model in several ways.
    let device = |model: &str| {
        format!("{{ serialNumber: ZTD808-1, oemManufacturerName: Contoso, modelName: {model} }}")
    };
    let (one, other) = (device("Book 5 Pro"), device("Book"));
    let litware = "9b1c7f3e-7f3a-4b0e-8f67-3f4c0e5a9d10";
    let world = format!(
        "customers:
  - {{ id: {CUSTOMER}, name: Contoso }}
  - {{ id: {FABRIKAM}, name: Fabrikam, batches: [{{ id: F, devices: [{one}] }}] }}
  - {{ id: {litware}, name: Litware, batches: [{{ id: L, devices: [{other}] }}] }}
"
    );
    let world = file("everywhere-two.yaml", world);
    let desk = Desk::with(&["--instant", "--world", world.to_str().unwrap()]);
    assert!(desk.run(&["devices", "sync", "--all", "-y", "--rate", "1000"]).status.success());
    let text = "Device Serial Number,Manufacturer name,Device model\nZTD808-1,Contoso,Book 5\n";
    let fleet = desk.file("two.csv", text);
    let output = desk.run(&["upload", &fleet, "--batch", "New", "--json"]);
    let (report, messages) = (document(&output), stderr(&output));
    assert_eq!(report["rows"][0]["earlierRegistration"], Value::Null, "{report}");
    assert!(messages.contains("may be registered with several of your customers"), "{messages}");
    assert!(messages.contains("Fabrikam") && messages.contains("Litware"), "{messages}");
    assert!(!messages.contains("devices delete") && !messages.contains("letters"), "{messages}");
}

/// The index saw a device of another model with the serial number, after the upload. It does not show that the one of the file is gone.
#[test]
fn a_device_of_another_model_is_not_called_gone() {
    let desk = two_customers(
        "everywhere-similar.yaml",
        "",
        "{ serialNumber: ZTD808-1, oemManufacturerName: Lenovo, modelName: X1 }",
        "",
    );
    let text = "Device Serial Number,Manufacturer name,Device model\nZTD808-1,Dell Inc.,Latitude\n";
    let fleet = desk.file("similar.csv", text);
    let journal = desk.home().join("j");
    let args =
        ["upload", &fleet, "--batch", "New", "--journal", journal.to_str().unwrap(), "--json"];
    assert_eq!(desk.run(&args).status.code(), Some(1));
    assert!(desk.run(&["devices", "sync", "--all", "-y", "--rate", "1000"]).status.success());
    let output = desk.run(&args);
    let (report, messages) = (document(&output), stderr(&output));
    assert_eq!(report["rows"][0]["earlierRegistration"], Value::Null, "{report}");
    assert!(messages.contains("ZTD808-1, Lenovo X1, in batch 'Theirs'"), "{messages}");
    assert!(messages.contains("hint: for letters"), "{messages}");
}
