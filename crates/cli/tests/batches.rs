//! Tests of `pcdevices batches`.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)] // fine in tests

mod common;

use common::{Desk, steady};
use insta::assert_snapshot;

#[test]
fn batches_are_listed_in_every_format() {
    let desk = Desk::new();
    steady(|| {
        assert_snapshot!("list", desk.show(&["batches", "list"]));
        assert_snapshot!("list-json", desk.show(&["batches", "list", "--json"]));
        assert_snapshot!("list-csv", desk.show(&["batches", "list", "--csv"]));
        let other = "11111111-3426-40bf-9601-61b4b6d7c793";
        assert_snapshot!("none", desk.show(&["batches", "list", "--customer", other]));
        assert_snapshot!("no-customer", desk.show(&["batches", "list", "-c", "contoso"]));
    });
}
