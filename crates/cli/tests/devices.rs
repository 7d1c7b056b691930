//! Tests of `pcdevices devices`.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)] // fine in tests

mod common;

use common::{CUSTOMER, Desk, file, stdout, steady};
use insta::assert_snapshot;

/// A world with two batches that share a serial number, an empty batch, and two policies with the same name.
const WORLD: &str = "
customers:
  - id: 47021739-3426-40bf-9601-61b4b6d7c793
    policies:
      - { id: 15a04610-9229-4e80-94e0-0e826a09c9e2, name: Straight to the desktop, policySettings: [skip_eula] }
      - { id: 25a04610-9229-4e80-94e0-0e826a09c9e2, name: Kiosk, policySettings: [skip_eula] }
      - { id: 35a04610-9229-4e80-94e0-0e826a09c9e2, name: kiosk, policySettings: [skip_eula] }
    batches:
      - id: Headquarters
        devices:
          - serialNumber: HQ-0001
            oemManufacturerName: Contoso
            modelName: Book 5
            policy: 15a04610-9229-4e80-94e0-0e826a09c9e2
          - { serialNumber: HQ-0002, oemManufacturerName: Contoso, modelName: Book 5 }
          - { productKey: '3305000000001' }
      - id: Lab
        devices:
          - { serialNumber: LAB-01, oemManufacturerName: Contoso, modelName: Book 5 }
          - { serialNumber: HQ-0002, oemManufacturerName: Fabrikam, modelName: Mini }
      - id: Empty
";

/// A list with every kind of problem: a device in two batches, an unknown device, a similar device, and a row that cannot
/// identify a device.
const LIST: &str = "Serial\nHQ-0001\nHQ-0002\nNEW-1\nHQ-OOO1\nDefault string\n";

fn desk(name: &str) -> Desk {
    let world = file(&format!("devices-{name}.yaml"), WORLD);
    Desk::with(&["--instant", "--world", world.to_str().unwrap()])
}

#[test]
fn devices_are_listed_in_every_format() {
    let desk = desk("list");
    steady(|| {
        assert_snapshot!("list", desk.show(&["devices", "list"]));
        assert_snapshot!("list-csv", desk.show(&["devices", "list", "--csv"]));
        let lab = ["devices", "list", "--batch", "lab", "--batch", "Empty", "--json"];
        assert_snapshot!("list-batch", desk.show(&lab));
        assert_snapshot!("list-empty", desk.show(&["devices", "list", "--batch", "Empty"]));
        assert_snapshot!("list-no-batch", desk.show(&["devices", "list", "-b", "Labb"]));
    });
}

#[test]
fn a_batch_that_cannot_be_read_is_named() {
    let faults = "rules:
      - {id: bad, matching: {pathContains: Lab/devices}, effect: {status: {status: 403, body: fault}}}";
    let [world, faults] =
        [file("devices-faults-world.yaml", WORLD), file("devices-faults.yaml", faults)];
    let [world, faults] = [&world, &faults].map(|path| path.to_str().unwrap());
    let desk = Desk::with(&["--instant", "--world", world, "--faults", faults]);
    let list = desk.file("list.csv", "Serial\nHQ-0001\nLAB-01\n");
    steady(|| {
        assert_snapshot!("unread-list", desk.show(&["devices", "list"]));
        assert_snapshot!("unread-find", desk.show(&["devices", "find", "LAB-01"]));
        assert_snapshot!("unread-delete", desk.show(&["devices", "delete", &list, "--yes"]));
    });
    // Found devices count even if other batches cannot be read.
    assert_eq!(desk.run(&["devices", "find", "3305000000001"]).status.code(), Some(0));
}

#[test]
fn devices_are_found_by_serial_number_key_or_id() {
    let desk = desk("find");
    let id = desk.run(&["raw", "GET", "customers/{customer}/deviceBatches/Lab/devices"]);
    let id: serde_json::Value = serde_json::from_slice(&id.stdout).unwrap();
    let id = id["items"][0]["id"].as_str().unwrap();
    steady(|| {
        assert_snapshot!("find-one", desk.show(&["devices", "find", "hq-0001"]));
        assert_snapshot!("find-id", desk.show(&["devices", "find", id]));
        let several = ["devices", "find", "HQ-0002", "3305000000001", "HQ-OOO1"];
        assert_snapshot!("find-several", desk.show(&several));
        assert_snapshot!("find-csv", desk.show(&["devices", "find", "HQ-0002", "nope", "--csv"]));
        assert_snapshot!("find-json", desk.show(&["devices", "find", "3305000000001", "--json"]));
    });
}

#[test]
fn a_file_is_compared_with_registered_devices() {
    let desk = desk("diff");
    let list = desk.file("list.csv", LIST);
    steady(|| {
        assert_snapshot!("diff", desk.show(&["devices", "diff", &list]));
        let policy = ["--policy", "straight to the desktop", "--batch", "lab"];
        assert_snapshot!(
            "diff-policy",
            desk.show(&[&["devices", "diff", &list][..], &policy].concat())
        );
        assert_snapshot!(
            "diff-ambiguous",
            desk.show(&["devices", "diff", &list, "--policy", "KIOSK"])
        );
        assert_snapshot!("diff-csv", desk.show(&["devices", "diff", &list, "--csv"]));
        let csv = [&["devices", "diff", &list, "--csv"][..], &policy].concat();
        assert_snapshot!("diff-policy-csv", desk.show(&csv));
        let same = desk.file("same.csv", "Serial\nHQ-0002\n");
        let none = ["devices", "diff", &same, "--no-policy", "--no-extra"];
        assert_snapshot!("diff-same", desk.show(&none));
        let broken = desk.file("broken.csv", "Name,Color\nx,red\n");
        assert_snapshot!("diff-broken", desk.show(&["devices", "diff", &broken]));
    });
    let json = desk.run(&["devices", "diff", &list, "--json"]);
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!((&json["totals"]["missing"], &json["totals"]["extra"]), (&2.into(), &2.into()));
}

#[test]
fn nothing_is_deleted_without_confirmation() {
    let desk = desk("delete");
    let list = desk.file("list.csv", LIST);
    steady(|| {
        assert_snapshot!("delete-asked", desk.show(&["devices", "delete", &list]));
        assert_snapshot!(
            "delete-plan",
            desk.show(&["devices", "delete", "--serial", "lab-01", "--json"])
        );
        assert_snapshot!("delete-what", desk.show(&["devices", "delete"]));
        let all = desk.run(&["devices", "list", "--csv"]);
        assert_eq!(stdout(&all).lines().count(), 6, "no device was deleted");
        let in_lab = ["devices", "delete", &list, "--batch", "LAB", "--yes"];
        assert_snapshot!("delete", desk.show(&in_lab));
        assert_snapshot!("delete-again", desk.show(&in_lab));
        let quiet = ["-q", "devices", "delete", "--product-key", "3305000000001", "-y", "--json"];
        assert_snapshot!("delete-report", desk.show(&quiet));
    });
}

#[test]
fn failures_are_explained() {
    let faults = "rules:
      - {id: refused, matching: {method: DELETE, nth: 2}, effect: {status: {status: 403, body: fault}}}
      - {id: gone, matching: {method: DELETE, nth: 3}, effect: {status: {status: 404, body: fault}}}
      - {id: busy, matching: {method: PATCH}, effect: {status: {status: 400, body: fault}}}";
    let [world, faults] =
        [file("devices-failing-world.yaml", WORLD), file("devices-failing.yaml", faults)];
    let [world, faults] = [&world, &faults].map(|path| path.to_str().unwrap());
    let desk = Desk::with(&["--instant", "--world", world, "--faults", faults]);
    steady(|| {
        let assign = [
            "-q",
            "devices",
            "assign-policy",
            "-b",
            "Lab",
            "--policy",
            "straight to the desktop",
            "-y",
        ];
        assert_snapshot!("failed-assign", desk.show(&assign));
        let output = desk.run(&[
            "devices",
            "delete",
            "--serial",
            "HQ-0001",
            "--serial",
            "LAB-01",
            "--product-key",
            "3305000000001",
            "--yes",
        ]);
        // Requests run in parallel, so any of the three can be rejected.
        let out = stdout(&output);
        assert_eq!(output.status.code(), Some(1), "{out}");
        assert!(out.contains("3 devices: 1 deleted, 1 already deleted, 1 failed\n"), "{out}");
        assert!(out.contains("403 Forbidden"), "{out}");
    });
}

/// The output of `devices list --csv` selects exactly these devices.
#[test]
fn a_saved_list_is_deleted_by_id() {
    let desk = desk("kept");
    let kept = desk.run(&["devices", "list", "--batch", "Headquarters", "--csv"]);
    let kept = desk.file("kept.csv", &kept.stdout);
    let output = desk.run(&["devices", "delete", &kept, "--yes"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let left = desk.run(&["devices", "list", "--csv"]);
    assert!(stdout(&left).lines().skip(1).all(|line| line.contains(",Lab,")), "{left:?}");
    // Devices that share a name are selected only with --all-matches.
    let both = desk.run(&["devices", "delete", "--serial", "HQ-0002", "--all-matches", "--yes"]);
    assert!(stdout(&both).contains("1 device: 1 deleted"), "{both:?}");
}

#[test]
fn policies_are_assigned_and_removed() {
    let desk = desk("assign");
    let list = desk.file("list.csv", "Serial\nHQ-0001\nLAB-01\nNEW-1\n");
    let assign = |more: &[&'static str]| {
        let args = [&["devices", "assign-policy"][..], more].concat();
        desk.show(&args)
    };
    steady(|| {
        assert_snapshot!("assign-what", assign(&["--batch", "Lab"]));
        assert_snapshot!("assign-whom", assign(&["--no-policy"]));
        let asked = ["devices", "assign-policy", &list, "--policy", "straight to the desktop"];
        assert_snapshot!("assign-asked", desk.show(&asked));
        assert_snapshot!("assign", desk.show(&[&asked[..], &["--yes"]].concat()));
        assert_snapshot!("assign-none", assign(&["--serial", "HQ-0001", "--no-policy", "-y"]));
        let id = "25a04610-9229-4e80-94e0-0e826a09c9e2";
        assert_snapshot!("assign-batch", assign(&["--batch", "lab", "--policy", id, "-y", "-q"]));
        assert_snapshot!("assign-again", assign(&["--batch", "lab", "--policy", id]));
        assert_snapshot!("assign-plan", assign(&["--id", "x", "--policy", id, "--json"]));
        assert_snapshot!(
            "assign-report",
            assign(&["--serial", "LAB-01", "--no-policy", "--yes", "--json"])
        );
    });
}

/// The plan shows the name that the service has, not the alias, and the tenant id.
#[test]
fn a_plan_names_the_customer() {
    let desk = desk("alias");
    let folder = desk.home().join("config");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("customers.toml"), format!("contoso = '{CUSTOMER}'\n")).unwrap();
    let folder = folder.to_str().unwrap();
    let args = ["--config-dir", folder, "devices", "delete", "--serial", "LAB-01", "-c", "contoso"];
    let output = desk.run(&args);
    let messages = common::stderr(&output);
    let begin = format!("1 device of customer Customer 47021739 ({CUSTOMER}) would be deleted:\n");
    assert!(messages.starts_with(&begin), "{messages}");
}

/// After Ctrl-C, a long deletion waits for running requests and reports the results.
#[cfg(unix)]
#[test]
fn a_cancelled_deletion_reports_its_results() {
    use std::io::{BufRead as _, BufReader, Read as _};
    use std::process::{Command, Stdio};

    use common::{emulator_with, pcdevices};

    let rows: String = (0..3000)
        .map(|n| {
            format!("          - {{ serialNumber: S{n}, oemManufacturerName: M, modelName: N }}\n")
        })
        .collect();
    let world = format!(
        "customers:\n  - id: {CUSTOMER}\n    batches:\n      - id: Big\n        devices:\n{rows}"
    );
    let [world, list] = [
        file("devices-big.yaml", world),
        file(
            "devices-big.csv",
            (0..3000).map(|n| format!("S{n}\n")).fold("Serial\n".to_owned(), |a, b| a + &b),
        ),
    ];
    let emulator = emulator_with(&["--instant", "--world", world.to_str().unwrap()]);
    let mut delete = pcdevices(&[
        "devices",
        "delete",
        list.to_str().unwrap(),
        "--yes",
        "--json",
        "-c",
        CUSTOMER,
        "--base-url",
        &emulator.url,
    ]);
    let mut delete = delete.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stderr = BufReader::new(delete.stderr.take().unwrap());
    let mut messages = String::new();
    while !messages.ends_with("500 of 3000 done\n") {
        assert_ne!(stderr.read_line(&mut messages).unwrap(), 0, "{messages}");
    }
    let id = delete.id().to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    let printed = std::thread::spawn(move || {
        let mut rest = String::new();
        stderr.read_to_string(&mut rest).unwrap();
        rest
    });
    let mut report = String::new();
    delete.stdout.take().unwrap().read_to_string(&mut report).unwrap();
    let rest = printed.join().unwrap();
    assert_eq!(delete.wait().unwrap().code(), Some(130), "{rest}");
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    let of = |outcome: &str| {
        report["devices"].as_array().unwrap().iter().filter(|one| one["outcome"] == outcome).count()
    };
    assert_eq!(of("deleted") + of("notTried"), 3000);
    assert!(of("deleted") >= 500 && of("notTried") > 0);
    let error = format!("error: cancelled; {} devices not tried\n", of("notTried"));
    assert!(rest.contains(&error), "{rest}");
}
