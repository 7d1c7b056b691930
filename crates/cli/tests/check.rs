//! Tests of `pcdevices check`.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)] // fine in tests

mod common;

use std::io::Write as _;
use std::process::Stdio;

use common::{Desk, pcdevices, run, sample, stderr, stdout};
use insta::assert_snapshot;

const HEADER: &str =
    "Device Serial Number,Windows Product ID,Hardware Hash,Manufacturer name,Device model\n";

#[test]
fn files_are_checked_without_sending_anything() {
    let desk = Desk::new();
    let good = desk.file("good.csv", format!("{HEADER}S1,,,HP,X\nS2,,,HP,X\n"));
    let odd =
        desk.file("odd.csv", format!("{HEADER}S1,,,HP,X\nS3,123,,HP,X\nDefault string,,,HP,X\n"));
    let bad = desk.file("bad.csv", format!("{HEADER}ABC123,,,,\nABC124,,,HP,X\nABC125,,,,\n"));
    assert_snapshot!("good", desk.show(&["check", &good]));
    assert_snapshot!("odd", desk.show(&["check", &good, &odd]));
    assert_snapshot!("bad", desk.show(&["check", &bad]));
    assert_snapshot!("bad-json", desk.show(&["check", &bad, "--json"]));
    assert_snapshot!("bad-csv", desk.show(&["check", &bad, "--csv"]));
    assert_snapshot!("too-many-warnings", desk.show(&["check", &odd, "--max-warnings", "0", "-q"]));
    assert_eq!(desk.run(&["check", &odd, "--max-warnings", "9"]).status.code(), Some(0));
    let empty = desk.file("empty.csv", "");
    assert_snapshot!("empty", desk.show(&["check", &empty]));
    assert_snapshot!("not-there", desk.show(&["check", "missing.csv", &good]));
}

#[test]
fn the_device_of_each_row_is_listed_on_request() {
    let desk = Desk::new();
    let [_, _, hash, ..] = first_row(&sample("contoso-fleet.csv"));
    let file = desk.file("two.csv", format!("{HEADER}S1,,,HP,X\n,,{hash},,\n"));
    assert_snapshot!("details", desk.show(&["check", &file, "--details"]));
    assert_snapshot!("details-json", desk.show(&["check", &file, "--details", "--json"]));
    assert_snapshot!("details-csv", desk.show(&["check", &file, "--details", "--csv"]));
    let rows: String = (0..1002).map(|row| format!("S{row},,,HP,X\n")).collect();
    let long = desk.file("long.csv", format!("{HEADER}{rows}"));
    let output = desk.run(&["check", &long, "--details"]);
    assert!(stdout(&output).contains("2 rows more; --csv and --json list all rows\n"));
    assert_eq!(stdout(&desk.run(&["check", &long, "--details", "--csv"])).lines().count(), 1003);
}

#[test]
fn only_a_hash_registers_a_repaired_device() {
    let desk = Desk::new();
    let [serial, _, hash, ..] = first_row(&sample("contoso-fleet.csv"));
    let good = desk.file("good.csv", format!("{HEADER}{serial},,{hash},,\n"));
    assert_eq!(desk.run(&["check", &good, "--after-repair"]).status.code(), Some(0));
    let bad = desk.file("bad.csv", format!("{HEADER}S1,,,HP,X\n{serial},,{hash},,\n"));
    assert_eq!(desk.run(&["check", &bad]).status.code(), Some(0));
    assert_snapshot!("after-repair", desk.show(&["check", &bad, "--after-repair"]));
}

/// Returns the cells of the first device in a sample.
fn first_row(csv: &str) -> [String; 5] {
    let row = csv.lines().nth(1).unwrap();
    let cells: Vec<_> = row.split(',').map(str::to_owned).collect();
    cells.try_into().unwrap()
}

#[test]
fn folders_of_customers_are_checked_like_an_upload() {
    let desk = Desk::new();
    let fleets = desk.home().join("fleets");
    for (folder, serial) in [("contoso", "S1"), ("fabrikam", "S2")] {
        std::fs::create_dir_all(fleets.join(folder)).unwrap();
        let rows = format!("Serial,Make,Model,Tenant ID\n{serial},HP,X,{folder}\n");
        std::fs::write(fleets.join(folder).join("new.csv"), rows).unwrap();
        std::fs::write(fleets.join(folder).join("notes.txt"), "not for you").unwrap();
    }
    let args = ["check", fleets.to_str().unwrap()];
    let refused = desk.run(&args);
    assert_eq!(refused.status.code(), Some(3));
    assert!(
        stderr(&refused).contains("to check or upload a directory with one subdirectory"),
        "{}",
        stderr(&refused)
    );
    let checked = desk.run(&[&args[..], &["--customer-from", "folder"]].concat());
    assert_eq!(checked.status.code(), Some(0), "{}", stderr(&checked));
    let last = stdout(&checked).lines().last().unwrap();
    assert_eq!(last, "2 rows in 2 files: 2 devices would be sent; 2 notes");
}

#[test]
fn standard_input_can_be_checked() {
    let mut child =
        pcdevices(&["check", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(format!("{HEADER}S1,,,HP,X\n").as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(stdout(&output), "1 row: 1 device would be sent; no problems found\n");
}

/// `check` reports the same findings as an upload, without complete hashes in any format.
#[test]
fn the_sample_is_valid_and_no_hash_is_shown() {
    let contoso = sample("contoso-fleet.csv");
    let hashes: Vec<_> = contoso.split(',').filter(|cell| cell.len() == 4_000).collect();
    assert!(hashes.len() > 10);
    for form in [&[][..], &["--json"], &["--csv"], &["--details"], &["--details", "--json"]] {
        for file in ["samples/contoso-fleet.csv", "samples/trouble.csv"] {
            let output = run(&[&["check", file], form].concat());
            assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
            for hash in &hashes {
                assert!(
                    !stdout(&output).contains(&hash[..32])
                        && !stderr(&output).contains(&hash[..32])
                );
            }
        }
    }
}
