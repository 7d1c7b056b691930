//! The program as a technician meets it: what it prints, where, and what it exits with.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)] // a test may

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use insta::assert_snapshot;

fn pcdevices(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pcdevices"));
    command.args(args).current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."));
    // The machine's own settings must not change what a test sees.
    for name in ["PCDEVICES_TOKEN", "PCDEVICES_TOKEN_FILE", "PCDEVICES_BASE_URL", "CLICOLOR_FORCE"]
    {
        command.env_remove(name);
    }
    command
}

fn run(args: &[&str]) -> Output {
    pcdevices(args).output().unwrap()
}

fn stdout(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).unwrap()
}

fn stderr(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).unwrap()
}

fn file(name: &str, content: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, content).unwrap();
    path
}

#[test]
fn the_first_fleet_is_registered() {
    let output = run(&["upload", "samples/contoso-fleet.csv", "--emulator"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_snapshot!(stdout(&output));
    assert!(
        stderr(&output).contains("40 devices for the new batch 'Contoso first fleet'"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn trouble_is_explained_and_the_exit_says_so() {
    let output = run(&["upload", "samples/trouble.csv", "--emulator"]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert_snapshot!(stdout(&output));
}

#[test]
fn a_file_with_an_error_is_not_sent() {
    let header =
        "Device Serial Number,Windows Product ID,Hardware Hash,Manufacturer name,Device model";
    let path =
        file("bad.csv", &format!("{header}\nABC123,,,,\n5CD4180J1K,,,HP,HP EliteBook 840\n"));
    let output = run(&["upload", path.to_str().unwrap(), "--emulator"]);
    assert_eq!((output.status.code(), stdout(&output)), (Some(3), ""));
    let said = stderr(&output).replace(path.to_str().unwrap(), "bad.csv");
    assert_snapshot!(said);
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let output = run(&["upload", "no-such.csv", "--emulator"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(stderr(&output).starts_with("error: cannot open no-such.csv: "), "{}", stderr(&output));
}

#[test]
fn without_the_emulator_a_customer_a_batch_and_a_token_are_asked_for() {
    let output = run(&["upload", "samples/trouble.csv"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        stderr(&output).contains("--customer <ID>") && stderr(&output).contains("--batch <NAME>")
    );

    let output = run(&["upload", "samples/trouble.csv", "--customer", "c", "--batch", "b"]);
    assert_eq!(output.status.code(), Some(4));
    assert_snapshot!(stderr(&output));
}

#[test]
fn an_id_that_would_leave_its_path_is_refused_by_name() {
    let output = run(&["upload", "x.csv", "--customer", "..", "--batch", "b"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("the customer id is `.` or `..`"), "{}", stderr(&output));
}

#[test]
fn a_service_out_of_reach_is_an_error_with_a_hint() {
    // A port that was just free: nobody listens there.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("http://127.0.0.1:{port}");
    let args =
        ["upload", "samples/trouble.csv", "--customer", "c", "--batch", "b", "--base-url", &url];
    let output = pcdevices(&args).env("PCDEVICES_TOKEN", "planted-secret").output().unwrap();
    assert_eq!((output.status.code(), stdout(&output)), (Some(7), ""));
    let said = stderr(&output);
    assert!(said.contains("the customer's batches could not be listed"), "{said}");
    assert!(said.contains("hint: check the network, the proxy and the base URL"), "{said}");
    assert!(said.contains("MS-CorrelationId") && !said.contains("planted-secret"), "{said}");
}

/// Two programs: one is the service, the other uploads to it over the network, twice.
#[test]
fn an_emulator_on_a_port_serves_another_program() {
    let mut emulator = pcdevices(&["emulator", "--listen", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut ready = String::new();
    BufReader::new(emulator.stdout.as_mut().unwrap()).read_line(&mut ready).unwrap();
    let ready: serde_json::Value = serde_json::from_str(&ready).unwrap();
    assert_eq!(ready["ready"], true);

    let token = file("token.txt", "a-token\n");
    let upload = || {
        run(&[
            "upload",
            "samples/contoso-fleet.csv",
            "--customer",
            "47021739-3426-40bf-9601-61b4b6d7c793",
            "--batch",
            "Contoso HQ",
            "--base-url",
            ready["url"].as_str().unwrap(),
            "--token-file",
            token.to_str().unwrap(),
        ])
    };
    let (first, second) = (upload(), upload());
    emulator.kill().unwrap();
    emulator.wait().unwrap();
    assert_eq!(first.status.code(), Some(0), "{}", stderr(&first));
    assert!(
        stdout(&first)
            .ends_with("40 devices in batch 'Contoso HQ': 38 registered, 2 already registered\n")
    );
    assert_eq!(second.status.code(), Some(0), "{}", stderr(&second));
    assert!(stderr(&second).contains("adding to batch 'Contoso HQ'"), "{}", stderr(&second));
    assert!(stdout(&second).ends_with("40 devices in batch 'Contoso HQ': 40 already registered\n"));
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    let mut child = pcdevices(&["upload", "samples/contoso-fleet.csv", "--emulator"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0), "{said}");
}

/// The README shows parts of the tables: each line of them is one that the program prints.
#[test]
fn the_readme_shows_what_the_program_prints() {
    let readme = include_str!("../../../README.md");
    let shown: Vec<&str> =
        readme.split("```text\n").skip(1).map(|part| part.split("```").next().unwrap()).collect();
    assert_eq!(shown.len(), 2);
    for (shown, sample) in shown.iter().zip(["samples/contoso-fleet.csv", "samples/trouble.csv"]) {
        let output = run(&["upload", sample, "--emulator"]);
        let printed: Vec<&str> = stdout(&output).lines().map(str::trim_end).collect();
        for line in shown.lines().filter(|line| line.trim() != "…") {
            assert!(printed.contains(&line), "{sample} does not print {line:?}");
        }
    }
}

#[test]
fn no_hash_and_no_token_is_printed() {
    let sample = std::fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples/contoso-fleet.csv"),
    )
    .unwrap();
    let hash = sample.split(',').find(|cell| cell.len() == 4_000).unwrap();
    let output = run(&["upload", "samples/contoso-fleet.csv", "--emulator"]);
    let said = format!("{}{}", stdout(&output), stderr(&output));
    assert!(!said.contains(&hash[..40]), "a hash was printed");
    let _ = std::io::stderr().flush();
}

#[test]
fn the_help_lists_the_exit_codes() {
    let output = run(&["--help"]);
    assert_snapshot!(stdout(&output));
    let output = run(&["upload", "--help"]);
    assert_snapshot!("upload-help", stdout(&output));
}
