//! Tests of `pcdevices raw`.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)] // fine in tests

mod common;

use std::io::Write as _;
use std::process::Stdio;

use common::{Desk, run, stderr, stdout, steady};
use insta::assert_snapshot;
use partner_center_devices_testkit::hash::HashBuilder;

#[test]
fn a_response_is_printed_unchanged() {
    let desk = Desk::new();
    let policies = "customers/{customer}/policies";
    let body = r#"{"name":"Kiosk","category":"o_o_b_e","policySettings":["skip_eula"]}"#;
    let body = format!("@{}", desk.file("policy.json", body));
    steady(|| {
        assert_snapshot!("get", desk.show(&["raw", "get", &format!("/v1/{policies}")]));
        assert_snapshot!("post", desk.show(&["raw", "POST", policies, "-i", "--data", &body]));
        // The response of a failed request is printed too.
        let missing = format!("{policies}/missing");
        assert_snapshot!("missing", desk.show(&["raw", "DELETE", &missing, "--include"]));
        assert_snapshot!("up", desk.show(&["raw", "GET", "customers/../../login"]));
        assert_snapshot!("host", desk.show(&["raw", "GET", "https://example.com/customers"]));
        assert_snapshot!("method", desk.show(&["raw", "BREW", policies]));
        assert_snapshot!("no-json", desk.show(&["raw", "POST", policies, "--data", "{planted"]));
    });
    let output = run(&["raw", "GET", policies, "--base-url", &desk.emulator.url]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("no customer given"), "{output:?}");
}

/// A lost response to a read is harmless; after a lost response to a write, the user must check first.
#[test]
fn a_lost_response_is_in_doubt_only_for_writes() {
    let faults = "rules: [{id: lost, effect: dropAfter}]";
    let faults = common::file("raw-lost.yaml", faults);
    let desk = Desk::with(&["--instant", "--faults", faults.to_str().unwrap()]);
    let path = "customers/{customer}/policies";
    for (args, again) in [
        (&["raw", "GET", path][..], true),
        (&["policies", "list"], true),
        (&["raw", "POST", path, "--data", "{}"], false),
    ] {
        let output = desk.run(args);
        let messages = stderr(&output);
        assert_eq!(messages.contains("hint: try again: nothing was changed"), again, "{messages}");
        assert_eq!(
            messages.contains("check the result before you try again"),
            !again,
            "{messages}"
        );
    }
}

/// `raw` is the only command that can receive a complete hash in a response.
#[test]
fn hashes_in_responses_are_shortened() {
    let hash = HashBuilder::of_device("S1", "Contoso", "Book 5").encode();
    let desk = Desk::with(&["--instant"]);
    let body = format!(r#"{{"batchId":"B","devices":[{{"hardwareHash":"{hash}"}}]}}"#);
    let path = "customers/{customer}/deviceBatches";
    let mut command = desk.command(&["-vvv", "raw", "POST", path, "--data", "-", "-i"]);
    let mut posted = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    posted.stdin.take().unwrap().write_all(body.as_bytes()).unwrap();
    let posted = posted.wait_with_output().unwrap();
    assert_eq!(posted.status.code(), Some(0), "{}", stderr(&posted));
    assert!(stderr(&posted).contains("202 Accepted\n"), "{}", stderr(&posted));
    let read = desk.run(&["raw", "GET", &format!("{path}/B/devices"), "-i"]);
    let refused = desk.run(&["raw", "POST", &format!("{path}/{hash}"), "--data", &body]);
    for output in [&posted, &read, &refused] {
        for text in [stdout(output), stderr(output)] {
            assert!(!text.contains(&hash[..8]), "{text}");
        }
    }
    assert!(stdout(&read).starts_with("{\"totalCount\":1"), "{read:?}");
}
