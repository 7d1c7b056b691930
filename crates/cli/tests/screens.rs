//! A session as users of narrow, usual and wide terminals see it, from the first check to the report.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::disallowed_methods)] // fine in tests

mod common;

use common::terminal::Watched;
use common::{Desk, steady};
use insta::assert_snapshot;

/// The commands of the session.
const SESSION: &[&[&str]] = &[
    &["check", "samples/trouble.csv"],
    &["upload", "samples/trouble.csv", "-b", "Berlin", "--dry-run"],
    &["upload", "samples/trouble.csv", "-b", "Berlin", "--yes"],
    &["batches", "list"],
    &["devices", "list", "-b", "Berlin"],
    &["devices", "find", "HQ-0001"],
    &["devices", "delete", "--serial", "HQ-0001", "--yes"],
    &["policies", "list"],
    &["customers", "find", "cont"],
    &["explain", "808"],
    &["upload", "-h"],
];

/// Runs the session in a terminal with this number of columns.
fn session(columns: u16) -> String {
    let desk = Desk::new();
    let mut screens = String::new();
    for args in SESSION {
        let mut watched = Watched::start(&desk.command(args), columns);
        let (screen, _) = watched.end();
        screens += &format!("$ pcdevices {}\n{screen}\n", args.join(" "));
    }
    screens
}

/// A cell of a table is never cut: each word of the narrow screens is also on the wide one. Long lines of messages wrap at the edge,
/// where terminals keep them together for copying.
#[test]
fn sessions_at_40_80_and_120_columns() {
    for columns in [40, 80, 120] {
        let screens = session(columns);
        let longest = screens
            .lines()
            .filter(|line| !line.starts_with("$ "))
            .map(|line| line.chars().count())
            .max();
        assert!(longest.is_some_and(|longest| longest <= columns.into()), "{screens}");
        steady(|| assert_snapshot!(format!("session-{columns}"), screens));
    }
}
