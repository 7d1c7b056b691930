//! Measures how fast the program starts, checks a file and uploads one, compared with a script in Python with requests.
//! `cargo bench -p partner-center-devices-cli --bench program`; `PYTHON` names an interpreter that has requests. The
//! figures are in README.md in this directory.

#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::disallowed_methods)] // a program that measures

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use partner_center_devices_testkit::program::{EmulatorProcess, Program};

const CUSTOMER: &str = "47021739-3426-40bf-9601-61b4b6d7c793";
const ROWS: usize = 10_000;

fn main() {
    let program = Program::with_home(concat!(env!("CARGO_TARGET_TMPDIR"), "/no-home"));
    let size = std::fs::metadata(program.binary()).unwrap().len();
    println!("the program has {:.1} MB", size as f64 / 1e6);

    let version = median(50, || run(&mut program.command(&["--version"])));
    println!("--version: {version:.1?}");

    let fleet = fleet();
    let check = median(7, || run(program.command(&["check"]).arg(&fleet)));
    println!("check of {ROWS} rows with hashes of 4,000 characters: {check:.1?}");

    // Alternate, so that other load on the machine affects both equally.
    let python = std::env::var_os("PYTHON").unwrap_or_else(|| "python3".into());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/upload.py");
    let has_requests =
        Command::new(&python).args(["-c", "import requests"]).stderr(Stdio::null()).status();
    let has_requests = has_requests.is_ok_and(|status| status.success());
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..5 {
        let emulator = EmulatorProcess::start(&program, &["--instant"]);
        ours.push(run(program
            .command(&["upload", "--quiet", "--customer", CUSTOMER, "--batch", "b", "--base-url"])
            .arg(&emulator.url)
            .arg(&fleet)));
        drop(emulator);
        if has_requests {
            let emulator = EmulatorProcess::start(&program, &["--instant"]);
            theirs.push(run(Command::new(&python).args([&script, &fleet]).args([
                &emulator.url,
                CUSTOMER,
                "b",
            ])));
        }
    }
    println!("upload of these rows, checked and with a report: {:.2?}", middle(ours));
    if has_requests {
        println!(
            "the same upload with Python and requests, without checks or report: {:.2?}",
            middle(theirs)
        );
    } else {
        println!("no requests in {}: name an interpreter with PYTHON", python.display());
    }
    std::fs::remove_file(fleet).unwrap();
}

fn run(command: &mut Command) -> Duration {
    let start = Instant::now();
    let output = command.env("NO_COLOR", "1").stdin(Stdio::null()).output().unwrap();
    let took = start.elapsed();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    took
}

fn median(times: usize, mut run: impl FnMut() -> Duration) -> Duration {
    middle((0..times).map(|_| run()).collect())
}

fn middle(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// Returns a file of different devices in the columns of Partner Center. The hashes are base64 and start like real
/// ones.
fn fleet() -> PathBuf {
    let mut csv =
        "Device Serial Number,Windows Product ID,Hardware Hash,Manufacturer name,Device model\n"
            .to_owned();
    for device in 0..ROWS {
        let rest = "A".repeat(3_990);
        writeln!(csv, "S{device:07},,T0E{device:07}{rest},Contoso,Book 5").unwrap();
    }
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("program.csv");
    std::fs::write(&path, csv).unwrap();
    path
}
