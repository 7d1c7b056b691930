//! Tests of `pcdevices schema`.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)] // fine in tests

mod common;

use common::{Desk, run, stdout};
use insta::assert_snapshot;

#[test]
fn schemas_are_listed_and_printed() {
    let desk = Desk::new();
    assert_snapshot!("list", desk.show(&["schema"]));
    assert_snapshot!("batches", desk.show(&["schema", "batches"]));
    assert_snapshot!("unknown", desk.show(&["schema", "batch"]));
    for name in stdout(&run(&["schema"])).lines().filter_map(|line| line.split(' ').next()) {
        let schema: serde_json::Value =
            serde_json::from_slice(&run(&["schema", name]).stdout).unwrap();
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema", "{name}");
    }
}
