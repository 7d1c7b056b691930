//! How quick the program is: to start, to check a file, to upload one, the last beside a script of Python and requests.
//! `cargo bench -p partner-center-devices-cli --bench program`; `PYTHON` names an interpreter that has requests. Figures and
//! how to read them: README.md here.

#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::disallowed_methods)] // a program that measures

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const CUSTOMER: &str = "47021739-3426-40bf-9601-61b4b6d7c793";
const ROWS: usize = 10_000;

fn main() {
    let program = env!("CARGO_BIN_EXE_pcdevices");
    let size = std::fs::metadata(program).unwrap().len();
    println!("the program has {:.1} MB", size as f64 / 1e6);

    let version = median(50, || run(Command::new(program).arg("--version")));
    println!("--version: {version:.1?}");

    let fleet = fleet();
    let check = median(7, || run(Command::new(program).arg("check").arg(&fleet)));
    println!("check of {ROWS} rows with hashes of 4,000 characters: {check:.1?}");

    // In turn, so that what else the machine does hits both.
    let python = std::env::var_os("PYTHON").unwrap_or_else(|| "python3".into());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/upload.py");
    let has_requests =
        Command::new(&python).args(["-c", "import requests"]).stderr(Stdio::null()).status();
    let has_requests = has_requests.is_ok_and(|status| status.success());
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..5 {
        let emulator = Emulator::start(program);
        ours.push(run(Command::new(program)
            .args(["upload", "--quiet", "--customer", CUSTOMER, "--batch", "b", "--base-url"])
            .arg(&emulator.url)
            .arg(&fleet)));
        drop(emulator);
        if has_requests {
            let emulator = Emulator::start(program);
            theirs.push(run(Command::new(&python).args([&script, &fleet]).args([
                &emulator.url,
                CUSTOMER,
                "b",
            ])));
        }
    }
    println!("upload of them, checked and with a report: {:.2?}", middle(ours));
    if has_requests {
        println!(
            "the same by Python and requests, without checks or report: {:.2?}",
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

/// An emulator whose jobs are over at once.
struct Emulator {
    process: Child,
    url: String,
}

impl Emulator {
    fn start(program: &str) -> Self {
        let mut process = Command::new(program)
            .args(["emulator", "--listen", "127.0.0.1:0", "--instant"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut ready = String::new();
        BufReader::new(process.stdout.as_mut().unwrap()).read_line(&mut ready).unwrap();
        let ready: serde_json::Value = serde_json::from_str(&ready).unwrap();
        Self { process, url: ready["url"].as_str().unwrap().to_owned() }
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A file of devices that differ, in Partner Center's columns; hashes of base64 that begin as real ones do.
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
