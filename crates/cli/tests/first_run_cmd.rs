//! Runs `samples/first-run.cmd`, the tour of `docs/first-fleet.md` as a script for cmd.
#![cfg(windows)]
#![allow(clippy::unwrap_used, clippy::disallowed_methods)] // fine in tests

use std::process::Command;

fn run(program: &str) -> std::process::Output {
    // cmd takes a slash for an option.
    let script = concat!(env!("CARGO_MANIFEST_DIR"), r"\..\..\samples\first-run.cmd");
    Command::new(script.replace('/', r"\")).arg(program.replace('/', r"\")).output().unwrap()
}

#[test]
fn the_first_run_completes() {
    let output = run(env!("CARGO_BIN_EXE_pcdevices"));
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}\n{}", String::from_utf8_lossy(&output.stderr));
    assert!(text.contains("The first run is complete."), "{text}");
    assert!(text.contains("4 devices for policy 'Straight to the desktop': 4 changed"), "{text}");
}

#[test]
fn the_first_run_fails_without_the_program() {
    let output = run(r"C:\missing\pcdevices.exe");
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(text.contains("failed at this step: start the emulator"), "{text}");
}
