//! Tests of `pcdevices explain`.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)] // fine in tests

mod common;

use common::{Desk, run, stdout};
use insta::assert_snapshot;

#[test]
fn a_code_is_explained() {
    let desk = Desk::new();
    assert_snapshot!("device", desk.show(&["explain", "808"]));
    assert_snapshot!(
        "by-name",
        desk.show(&["explain", "806", "ztddevicealreadyassigned", "hashnot4k"])
    );
    assert_snapshot!(
        "others",
        desk.show(&["explain", "20002", "503", "hash-checksum", "export-formula"])
    );
    assert_snapshot!("sign-in", desk.show(&["explain", "700082", "AADSTS53003", "aadsts90033"]));
    assert_snapshot!("json", desk.show(&["explain", "640", "no-identity", "--json"]));
    assert_snapshot!("not-known", desk.show(&["explain", "805", "ZtdDeviceNotFond", "812"]));
}

#[test]
fn all_codes_are_listed() {
    let desk = Desk::new();
    assert_snapshot!("list", desk.show(&["explain"]));
    let output = run(&["explain", "--json"]);
    let list: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let list = list.as_array().unwrap();
    assert!(list.len() > 60);
    // Every listed code can be explained.
    let codes: Vec<_> = list.iter().map(|one| one["code"].as_str().unwrap()).collect();
    let each = run(&[&["explain", "--json"], &codes[..]].concat());
    assert_eq!(stdout(&each), stdout(&output));
}
