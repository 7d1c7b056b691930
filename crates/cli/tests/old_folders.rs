//! Files of older versions move from the roaming profile (`%APPDATA%`) to this machine (`%LOCALAPPDATA%`).
#![cfg(windows)]
#![allow(clippy::unwrap_used, clippy::disallowed_methods)] // fine in tests

mod common;

use std::fs;
use std::path::Path;

use common::{Desk, stderr, stdout};

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let mut names: Vec<_> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.retain(|name| !name.ends_with(".lock"));
    names.sort();
    names
}

#[test]
fn files_of_older_versions_move_with_the_first_command() {
    let desk = Desk::with(&["--auth", "strict", "--auto-approve"]);
    let url = &desk.emulator.url;
    let args = ["auth", "login", "--device-code", "--base-url", url, "--tenant", "partner.example"];
    let app = ["--client-id", "8f7f6e2c-3f53-4f2c-a1f5-0f5f0b1c2d3e"];
    let output = desk.run(&[&args[..], &app].concat());
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let new = desk.home().join(".local/state/pcdevices");
    let old = desk.home().join(".config/pcdevices");
    fs::create_dir_all(new.join("journals")).unwrap();
    let journal = new.join("journals/run.journal");
    let args = ["upload", "samples/contoso-fleet.csv", "--batch", "b1", "--journal"];
    let output = desk.run(&[&args[..], &[journal.to_str().unwrap()]].concat());
    assert_eq!(output.status.code(), Some(1), "{output:?}"); // the customer registered two of them

    // An older version left them in the other directory, and the secrets in plain text.
    desk.change_secrets("default", |_| {});
    let journals = names(&new.join("journals"));
    assert!(!journals.is_empty());
    for part in ["journals", "sign-ins"] {
        fs::rename(new.join(part), old.join(part)).unwrap();
    }
    let plain = fs::read(old.join("sign-ins/default.json")).unwrap();

    let output = desk.run(&["batches", "list"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let output = desk.run(&["journals", "list"]);
    assert!(stdout(&output).contains("run"), "{output:?}");
    assert_eq!(names(&new.join("journals")), journals);
    assert_eq!(names(&new.join("sign-ins")), ["default.json"]);
    assert!(names(&old.join("journals")).is_empty() && names(&old.join("sign-ins")).is_empty());
    let doctor = |expected: bool| {
        let output = desk.run(&["doctor"]);
        let shown = stdout(&output).split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(output.status.code(), Some(0), "{shown}");
        assert_eq!(shown.contains("1 file with saved credentials of an older version"), expected);
        assert_eq!(shown.contains("Remove-Item"), expected, "{shown}");
    };
    doctor(false);

    // A copy that came back with the roaming profile replaces nothing, and doctor warns of it.
    fs::write(old.join("sign-ins/default.json"), &plain).unwrap();
    doctor(true);
    assert_eq!(fs::read(old.join("sign-ins/default.json")).unwrap(), plain);
}
