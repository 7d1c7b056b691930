//! Journals that cannot be used: from somebody else, damaged, or not writable. Commands say what to do about them.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)] // fine in tests

mod common;

use std::path::PathBuf;
use std::process::Output;

use common::{Desk, stderr, stdout};
use rusqlite::Connection;

/// Uploads two devices, and returns the journal.
fn upload(desk: &Desk) -> PathBuf {
    let folder = desk.home().join("journals");
    std::fs::create_dir(&folder).unwrap();
    let journal = folder.join("run.journal");
    let rows = desk.file("rows.csv", "Serial,Make,Model\nS1,HP,X\nS2,HP,X\n");
    let args = ["upload", &rows, "--batch", "B", "--journal", journal.to_str().unwrap()];
    let output = desk.run(&args);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    journal
}

/// Runs a command in the directory of the journals.
fn run(desk: &Desk, args: &[&str]) -> (Option<i32>, String) {
    let folder = desk.home().join("journals");
    let output: Output = desk.run(&[args, &["--folder", folder.to_str().unwrap()]].concat());
    let shown = format!("{}{}", stdout(&output), stderr(&output));
    (output.status.code(), shown)
}

const REPORT: [&str; 3] = ["report", "run", "--csv"];

#[test]
fn a_journal_that_cannot_be_read_is_reported_with_a_solution() {
    let desk = Desk::with(&["--instant"]);
    let journal = upload(&desk);
    let good = std::fs::read(&journal).unwrap();
    let changed = |change: &str| {
        let path = desk.home().join("changed");
        std::fs::write(&path, &good).unwrap();
        let database = Connection::open(&path).unwrap();
        database.execute_batch(change).unwrap();
        drop(database);
        std::fs::read(&path).unwrap()
    };
    let numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)";
    let view = format!(
        "ALTER TABLE line RENAME TO lines; CREATE VIEW line AS {numbers}
         SELECT i AS place, 1 AS source, i AS line, 1 AS target, 1 AS device, '' AS serial, '' AS product_key,
         '' AS hash, '' AS rule, '' AS message, '' AS field, 1 AS same_source, 1 AS same_line FROM n"
    );
    let trigger = "CREATE TRIGGER t AFTER INSERT ON chunk BEGIN DELETE FROM device; END";
    for (name, bytes, problem) in [
        ("view", changed(&view), "is not a journal"),
        ("trigger", changed(trigger), "is not a journal"),
        ("text", b"Serial,Make\n".to_vec(), "is not a journal"),
        ("half", good[..good.len() / 2].to_vec(), "cannot be read"),
        ("spoiled", [&good[..4096], &vec![0xAA; good.len() - 4096]].concat(), "cannot be read"),
    ] {
        std::fs::write(&journal, &bytes).unwrap();
        for args in [&REPORT[..], &["journals", "show", "run"], &["journals", "export", "run"]] {
            let (code, shown) = run(&desk, args);
            assert_eq!(code, Some(3), "{name} {args:?}: {shown}");
            assert!(shown.contains(problem) && shown.contains("hint: "), "{name}: {shown}");
            assert!(shown.contains("move"), "{name} {args:?}: {shown}");
        }
        let (code, shown) = run(&desk, &["journals", "list"]);
        assert_eq!(code, Some(0), "{name}: {shown}");
        assert!(shown.contains("unreadable") && shown.contains(problem), "{name}: {shown}");
        // The jobs of the journal are missing in the list.
        let (code, shown) = run(&desk, &["jobs", "list"]);
        assert_eq!(code, Some(3), "{name}: {shown}");
        assert!(
            shown.contains(problem) && shown.contains("hint: their jobs are not listed; move"),
            "{name}: {shown}"
        );
        let after = std::fs::read(&journal).unwrap();
        assert!(after == bytes, "{name}: reading changes nothing");
    }
}

/// SQLite cannot create the index of its log, as in a directory that cannot be written.
#[test]
fn a_journal_that_cannot_be_written_can_be_read() {
    let desk = Desk::with(&["--instant"]);
    let journal = upload(&desk);
    std::fs::create_dir(journal.with_file_name("run.journal-shm")).unwrap();
    let (code, report) = run(&desk, &REPORT);
    assert_eq!(code, Some(0), "{report}");
    assert!(report.contains("S1") && report.contains("S2"), "{report}");
    let (code, shown) = run(&desk, &["jobs", "list", "--csv"]);
    assert_eq!((code, shown.lines().count()), (Some(0), 2), "{shown}");
    let (code, shown) = run(&desk, &["journals", "list"]);
    assert_eq!(code, Some(0), "{shown}");
    assert!(shown.contains("done") && !shown.contains("unreadable"), "{shown}");
}
