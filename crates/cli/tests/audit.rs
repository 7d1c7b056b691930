//! Tests of `pcdevices audit`.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)] // fine in tests

mod common;

use common::{Desk, stderr, stdout, steady};
use insta::assert_snapshot;
use partner_center_devices_testkit::hash::encode;
use serde_json::{Value, json};

const FABRIKAM: &str = "11111111-3426-40bf-9601-61b4b6d7c793";

const FLEET: &str = "Device Serial Number,Manufacturer name,Device model\nHQ-0002,Contoso,Book 5\n";

/// Returns a token whose claims the emulator reads.
fn token(user: &str) -> String {
    let claims =
        json!({ "upn": user, "appid": "8f7f6e2c-3f53-4f2c-a1f5-0f5f0b1c2d3e", "scp": "x" });
    format!("e30.{}.e30", in_url(&encode(claims.to_string().as_bytes())))
}

/// Returns the form of Base64 that tokens have.
fn in_url(base64: &str) -> String {
    base64.trim_end_matches('=').replace('+', "-").replace('/', "_")
}

/// Runs a command as a user, and asserts that it succeeds.
fn act(desk: &Desk, user: &str, args: &[&str]) {
    let output = desk.command(args).env("PCDEVICES_TOKEN", token(user)).output().unwrap();
    assert!(output.status.success(), "{args:?}: {}", stderr(&output));
}

/// Ann uploads and deletes a device of Contoso. Bob creates a policy of another customer.
fn desk_with_changes(desk: &Desk) {
    let fleet = desk.file("fleet.csv", FLEET);
    let (ann, bob) = ("ann@partner.example", "bob@partner.example");
    act(desk, ann, &["upload", &fleet, "--batch", "Berlin"]);
    act(desk, ann, &["devices", "delete", "--serial", "HQ-0002", "--yes"]);
    act(desk, bob, &["policies", "create", "Kiosk", "--setting", "skip_eula", "-c", FABRIKAM]);
}

fn records(desk: &Desk, args: &[&str]) -> Vec<Value> {
    let output = desk.run(&[&["audit", "--json"], args].concat());
    assert!(output.status.success(), "{args:?}: {}", stderr(&output));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn operations(desk: &Desk, args: &[&str]) -> String {
    let records = records(desk, args);
    records.iter().map(|one| one["operation"].as_str().unwrap()).collect::<Vec<_>>().join(" ")
}

/// A later page may fail. The records until then are shown, and the failure decides the exit code.
#[test]
fn records_until_a_failure_are_shown() {
    let desk = Desk::new();
    desk_with_changes(&desk);
    desk.fault(&json!({
        "id": "later", "matching": {"operations": ["list_audit_records"], "nth": 2},
        "effect": {"status": {"status": 403, "body": "fault"}},
    }));
    // Two windows of at most 30 days, and a list of each kind of resource.
    let output = desk.run(&["audit", "--all-customers", "--since", "45d", "--json"]);
    assert_eq!(output.status.code(), Some(4), "{}", stderr(&output));
    let shown: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    assert!(!shown.is_empty());
    let error = format!("error: the list is not complete ({} records): ", shown.len());
    assert!(stderr(&output).contains(&error), "{}", stderr(&output));
}

#[test]
fn changes_are_listed_with_their_user_in_every_format() {
    let desk = Desk::new();
    steady(|| assert_snapshot!("none", desk.show(&["audit"])));
    desk_with_changes(&desk);
    assert!(desk.run(&["customers", "add", "fabrikam", FABRIKAM]).status.success());
    steady(|| {
        // The ids of records end with their time.
        let mut settings = insta::Settings::clone_current();
        settings.add_filter(r"_\d{18}\b", "_TICKS");
        let _filtered = settings.bind_to_scope();
        assert_snapshot!("list", desk.show(&["audit", "--all-customers"]));
        assert_snapshot!("list-json", desk.show(&["audit", "--json", "--operation", "upload"]));
        assert_snapshot!("list-csv", desk.show(&["audit", "--csv"]));
    });
    // The customer is that of PCDEVICES_CUSTOMER.
    assert_eq!(operations(&desk, &[]), "device_deleted devices_upload_to_new_batch_attempted");
    for (args, expected) in [
        (
            &["--all-customers"][..],
            "policy_created device_deleted devices_upload_to_new_batch_attempted",
        ),
        (&["--customer", "fabrikam"], "policy_created"),
        (&["--operation", "delete-device"], "device_deleted"),
        (
            &["--operation", "POLICY_CREATED", "--operation", "upload"],
            "devices_upload_to_new_batch_attempted",
        ),
        (&["--all-customers", "--operation", "create-policy"], "policy_created"),
        (&["--all-customers", "--all", "--user", "BOB@"], "policy_created"),
        (&["--user", "bob"], ""),
        (&["--since", "80d", "--until", "1d"], ""),
        (&["--since", "89d", "--operation", "upload"], "devices_upload_to_new_batch_attempted"),
    ] {
        assert_eq!(operations(&desk, args), expected, "{args:?}");
    }
    let user = &records(&desk, &["--operation", "upload"])[0]["user"];
    assert_eq!(user, "ann@partner.example");
    // Names and mail addresses are not logged.
    let logged = desk.run(&["-vvv", "audit", "--all-customers"]);
    assert!(!stderr(&logged).contains("partner.example"), "{}", stderr(&logged));
    assert!(stdout(&logged).contains("ann@partner.example"));
}

#[test]
fn impossible_questions_are_refused_before_anything_is_sent() {
    let desk = Desk::new();
    desk.fault(&json!({ "id": "down", "effect": { "status": { "status": 400 } } }));
    for (args, words) in [
        (
            &["--since", "90d", "--customer", "contoso.com"][..],
            "the service keeps audit records for 90 days: start at ",
        ),
        (&["--since", "2999-01-01"], "is in the future"),
        (&["--since", "1d", "--until", "2d"], "is after the end"),
        (&["--since", "tuesday"], "a span such as 12h, 7d or 2w"),
        (&["--operation", "uplaod"], "'upload'"),
        (&["--operation", "upload", "--all"], "cannot be used with"),
    ] {
        let output = desk.run(&[&["audit"], args].concat());
        assert_eq!(output.status.code(), Some(2), "{args:?}: {}", stderr(&output));
        assert!(stderr(&output).contains(words), "{args:?}: {}", stderr(&output));
    }
}

#[test]
fn a_refusal_says_what_to_try() {
    let desk = Desk::new();
    let refused = json!({ "status": { "status": 403 } });
    let matching = json!({ "operations": ["list_audit_records"] });
    desk.fault(&json!({ "id": "no", "matching": matching, "effect": refused }));
    steady(|| assert_snapshot!("forbidden", desk.show(&["audit"])));
}

/// The log shows changes late.
#[test]
fn an_empty_log_names_the_time_that_was_read() {
    let desk = Desk::with(&["--instant", "--world", "samples/world.yaml", "--audit-delay", "3600"]);
    desk_with_changes(&desk);
    steady(|| {
        assert_snapshot!("late", desk.show(&["audit", "--since", "2d"]));
        assert_snapshot!("typo", desk.show(&["audit", "--operation", "devices_deleted"]));
    });
}
