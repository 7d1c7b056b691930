//! A disk without free space. The shell limits the size of files instead, so that the write fails in the same places.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::disallowed_methods)] // fine in tests

use std::fmt::Write as _;
use std::fs::File;
use std::process::{Command, Output};

use common::{Desk, stderr, stdout};

mod common;

/// Runs a command whose files can have at most this many KiB.
fn run_limited(kib: usize, command: &Command) -> Output {
    let mut limited = Command::new("sh");
    // The unit of POSIX is 512 bytes. Without the trap, the signal would end the program.
    limited.args(["-c", r#"ulimit -f "$0"; trap '' XFSZ; exec "$@""#, &(2 * kib).to_string()]);
    limited.arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => limited.env(name, value),
            None => limited.env_remove(name),
        };
    }
    limited.output().unwrap()
}

#[test]
fn an_upload_on_a_full_disk_stops_and_resumes_without_loss() {
    const DEVICES: usize = 300;
    let desk = Desk::with(&["--instant"]);
    let journal = desk.home().join("journal.db");
    let report = desk.home().join("report.csv").display().to_string();
    let (mut stopped_before, mut stopped_after_requests) = (0, 0);
    for kib in [16, 64, 256, 1024, 4096, 16_384] {
        let mut rows = "Device Serial Number,Manufacturer name,Device model\n".to_owned();
        for row in 0..DEVICES {
            writeln!(rows, "S{kib}-{row},LENOVO,21HM").unwrap();
        }
        let file = desk.file("fleet.csv", rows);
        let journal = journal.to_str().unwrap();
        let batch = format!("B{kib}");
        let args = ["upload", &file, "--batch", &batch, "--journal", journal, "--chunk", "10"];
        let output = run_limited(kib, &desk.command(&args));
        if output.status.code() == Some(0) {
            assert!(stopped_before > 0 && stopped_after_requests > 0, "{kib} KiB");
            let args = ["report", journal, "--csv", "-o", &report];
            let output = run_limited(8, &desk.command(&args));
            let words = format!("cannot write {report}: ");
            assert_eq!(output.status.code(), Some(7), "{}", stderr(&output));
            assert!(stderr(&output).contains(&words), "{}", stderr(&output));
            let files = std::fs::read_dir(desk.home()).unwrap().map(|file| file.unwrap().path());
            assert!(files.into_iter().all(|file| !file.display().to_string().contains("report")));
            return;
        }
        let shown = stderr(&output);
        assert_eq!(output.status.code(), Some(7), "{kib} KiB: {shown}");
        assert!(shown.contains("cannot be read or written: "), "{kib} KiB: {shown}");
        assert!(shown.contains("free some space if the disk is full"), "{kib} KiB: {shown}");
        match shown.contains("Sent ") {
            true => stopped_after_requests += 1,
            false => stopped_before += 1,
        }

        // Each device is registered once, by the first or by the second run.
        let output = desk.run(&args);
        let all = format!("To list all rows: pcdevices journals show {journal} --all");
        let words = format!("{DEVICES} rows for batch '{batch}': {DEVICES} registered\n{all}\n");
        assert_eq!(output.status.code(), Some(0), "{kib} KiB: {}", stdout(&output));
        assert!(stdout(&output).ends_with(&words), "{kib} KiB: {}", stdout(&output));
        std::fs::remove_file(journal).unwrap();
    }
    panic!("each upload stopped");
}

/// Writing to this device fails as on a full disk.
#[cfg(target_os = "linux")]
#[test]
fn a_result_that_cannot_be_written_is_an_error() {
    let desk = Desk::new();
    for args in [&["batches", "list", "--json"][..], &["explain"], &["explain", "808", "--json"]] {
        let full = File::create("/dev/full").unwrap();
        let output = desk.command(args).stdout(full).output().unwrap();
        assert_eq!(output.status.code(), Some(7), "{args:?} {}", stderr(&output));
        let words = "error: cannot write the result: No space left on device";
        assert!(stderr(&output).contains(words), "{args:?} {}", stderr(&output));
    }
}
