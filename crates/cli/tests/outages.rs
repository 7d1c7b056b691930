//! A web filter in front of the service, or an outage of the sign-in: no command reports work that the service did not do.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)] // fine in tests

mod common;

use std::process::Output;

use common::{Desk, stderr, stdout};
use serde_json::{Value, json};

const POLICY: &str = "Straight to the desktop";
const CLIENT: &str = "8f7f6e2c-3f53-4f2c-a1f5-0f5f0b1c2d3e";

/// A world with a policy that no device uses, and two devices.
const WORLD: &str = "
customers:
  - id: 47021739-3426-40bf-9601-61b4b6d7c793
    policies:
      - { id: 15a04610-9229-4e80-94e0-0e826a09c9e2, name: Straight to the desktop, policySettings: [skip_eula] }
    batches:
      - id: Lab
        devices:
          - { serialNumber: LAB-01, oemManufacturerName: Contoso, modelName: Book 5 }
          - { serialNumber: LAB-02, oemManufacturerName: Contoso, modelName: Book 5 }
";

#[track_caller]
fn assert_exit(output: &Output, code: i32) -> String {
    let shown = format!("{}{}", stdout(output), stderr(output));
    assert_eq!(output.status.code(), Some(code), "{shown}");
    assert!(!shown.contains("planted") && !shown.contains("eyJ"), "{shown}");
    shown
}

/// Returns a rule that answers requests of this method with the page of a web filter.
fn web_filter(method: &str, status: u16) -> Value {
    json!({
        "id": "filter",
        "matching": { "method": method },
        "effect": { "status": { "status": status, "body": "webFilter" } },
    })
}

#[test]
fn a_page_of_a_web_filter_is_not_a_deletion() {
    let world = common::file("outages-world.yaml", WORLD);
    let desk = Desk::with(&["--instant", "--world", world.to_str().unwrap()]);
    let devices = ["devices", "delete", "--serial", "LAB-01", "--serial", "LAB-02", "--yes"];
    for status in [200, 403, 404] {
        desk.fault(&web_filter("DELETE", status));
        for args in [&devices[..], &["policies", "delete", POLICY, "--yes"]] {
            let output = desk.run(args);
            let shown = assert_exit(&output, 7);
            assert!(shown.contains("Web Page Blocked"), "{status} {args:?}: {shown}");
            for wrong in ["2 deleted", "already deleted", "deleted Straight"] {
                assert!(!stdout(&output).contains(wrong), "{status} {args:?}: {shown}");
            }
        }
        let left = desk.run(&["devices", "list", "--csv"]);
        assert_eq!(stdout(&left).lines().count(), 3, "{status}: no device was deleted");
        let left = desk.run(&["policies", "list", "--csv"]);
        assert_eq!(stdout(&left).lines().count(), 2, "{status}: no policy was deleted");
    }
}

#[test]
fn a_page_of_a_web_filter_is_not_a_change() {
    let world = common::file("outages-changes.yaml", WORLD);
    let desk = Desk::with(&["--instant", "--world", world.to_str().unwrap()]);
    for (method, args) in [
        ("POST", &["policies", "create", "Kiosk", "--setting", "skip_eula"][..]),
        ("PUT", &["policies", "edit", POLICY, "--description", "For the lobby", "--yes"]),
        ("POST", &["upload", "samples/contoso-fleet.csv", "--batch", "New"]),
        ("POST", &["raw", "POST", "customers/{customer}/policies", "--data", "{}"]),
        ("PATCH", &["devices", "assign-policy", "--batch", "Lab", "--policy", POLICY, "--yes"]),
    ] {
        desk.fault(&web_filter(method, 200));
        let output = desk.run(args);
        let shown = assert_exit(&output, 7);
        assert!(shown.contains("Web Page Blocked"), "{args:?}: {shown}");
        for wrong in ["created", "changed Straight", "2 changed", "40 registered"] {
            assert!(!stdout(&output).contains(wrong), "{args:?}: {shown}");
        }
    }
    // The filter passes reads.
    desk.fault(&web_filter("GET", 200));
    for args in [&["devices", "list"][..], &["policies", "list"], &["batches", "list"], &["doctor"]]
    {
        let shown = assert_exit(&desk.run(args), 7);
        assert!(!shown.contains("you can list the batches"), "{args:?}: {shown}");
        assert!(shown.contains("Web Page Blocked"), "{args:?}: {shown}");
    }
}

/// The effects of an outage of the sign-in.
fn outages() -> [Value; 2] {
    [
        json!({ "status": 503, "body": "oauth", "code": 90033 }),
        json!({ "status": 503, "body": "html" }),
    ]
}

/// Returns a rule for the first requests for a token.
fn outage(effect: &Value, first: u64) -> Value {
    json!({
        "id": "outage",
        "matching": { "signIn": true, "pathContains": "/token", "first": first },
        "effect": { "status": effect },
    })
}

fn strict() -> Desk {
    Desk::with(&["--instant", "--auth", "strict", "--auto-approve"])
}

fn login(desk: &Desk) -> Vec<&str> {
    let url = &desk.emulator.url;
    let app = ["--tenant", "partner.example", "--client-id", CLIENT];
    [&["auth", "login", "--device-code", "--base-url", url][..], &app].concat()
}

/// Makes the next command request a token.
fn forget_token(desk: &Desk) {
    desk.change_secrets("default", |all| all["accessToken"] = Value::Null);
}

#[test]
fn an_outage_of_the_sign_in_is_not_a_refusal() {
    let desk = strict();
    assert_exit(&desk.run(&login(&desk)), 0);
    for effect in outages() {
        forget_token(&desk);
        desk.fault(&outage(&effect, 1000));
        for args in [&["batches", "list"][..], &["auth", "status"], &["doctor"]] {
            let shown = assert_exit(&desk.run(args), 7);
            assert!(shown.contains("Service Unavailable"), "{args:?}: {shown}");
            assert!(!shown.contains("pcdevices auth login"), "{args:?}: {shown}");
        }
        // The saved sign-in survives it.
        desk.fault(&outage(&effect, 1));
        assert_exit(&desk.run(&["batches", "list"]), 0);
    }
}

#[test]
fn a_web_filter_at_the_sign_in_is_named() {
    let desk = strict();
    assert_exit(&desk.run(&login(&desk)), 0);
    forget_token(&desk);
    desk.fault(&outage(&json!({ "status": 200, "body": "webFilter" }), 1000));
    let login = login(&desk);
    for args in [&["batches", "list"][..], &["doctor"], &login] {
        let shown = assert_exit(&desk.run(args), 7);
        assert!(shown.contains("Web Page Blocked"), "{args:?}: {shown}");
        assert!(!shown.contains("pcdevices auth login"), "{args:?}: {shown}");
    }
}

#[test]
fn a_device_code_is_polled_through_an_outage() {
    std::thread::scope(|scope| {
        for effect in outages() {
            scope.spawn(move || {
                let desk = strict();
                // More requests than the attempts of one poll.
                desk.fault(&outage(&effect, 5));
                assert_exit(&desk.run(&login(&desk)), 0);
                assert_exit(&desk.run(&["batches", "list"]), 0);
            });
        }
    });
}
