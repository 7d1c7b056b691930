//! `pcdevices emulator` as another program meets it: the ready line, HTTPS, and how it ends.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)] // fine in tests

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Output, Stdio};

use serde_json::Value;

fn pcdevices(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pcdevices"));
    command.arg("emulator").args(args);
    command
}

fn run(args: &[&str]) -> Output {
    pcdevices(args).output().unwrap()
}

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

/// The program, until this is dropped.
struct Emulator {
    process: Child,
    stdout: BufReader<ChildStdout>,
    ready: Value,
}

impl Emulator {
    fn start(args: &[&str]) -> Self {
        let mut command = pcdevices(args);
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        let mut stdout = BufReader::new(process.stdout.take().unwrap());
        stdout.read_line(&mut line).unwrap();
        let ready = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
        Self { process, stdout, ready }
    }

    fn text(&self, key: &str) -> &str {
        self.ready[key].as_str().unwrap()
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// curl and python3 against it.
fn curl(url: &str, ca: Option<&Path>) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../emulator/tests/curl.sh");
    let mut bash = Command::new("bash");
    bash.arg(script).arg(url).env_remove("CURL_CA_BUNDLE");
    if let Some(ca) = ca {
        bash.env("CURL_CA_BUNDLE", ca);
    }
    let output = bash.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
}

#[test]
fn the_ready_line_says_where_and_who() {
    let emulator = Emulator::start(&["--listen", "127.0.0.1:0"]);
    assert_eq!(emulator.ready["ready"], true);
    assert_eq!(emulator.ready["pid"], emulator.process.id());
    assert_eq!(emulator.text("version"), env!("CARGO_PKG_VERSION"));
    assert!(emulator.text("url").starts_with("http://127.0.0.1:"));
    assert_eq!(emulator.ready.get("httpsUrl"), None);
}

#[test]
fn https_is_beside_http_or_alone() {
    let both = Emulator::start(&["--listen", "127.0.0.1:0", "--https", "127.0.0.1:0"]);
    assert!(both.text("url").starts_with("http://127.0.0.1:"));
    assert!(both.text("httpsUrl").starts_with("https://127.0.0.1:"));
    let alone = Emulator::start(&["--https", "127.0.0.1:0"]);
    assert_eq!(alone.ready["url"], alone.ready["httpsUrl"]);
}

#[test]
fn the_ca_is_there_when_it_is_ready() {
    let ca = file("ca.pem");
    let path = ca.to_str().unwrap();
    let _emulator = Emulator::start(&[
        "--https",
        "127.0.0.1:0",
        "--https-name",
        "emulator.test",
        "--write-ca",
        path,
    ]);
    let pem = std::fs::read_to_string(&ca).unwrap();
    assert!(pem.starts_with("-----BEGIN CERTIFICATE-----\n"), "{pem}");
    assert!(!pem.contains("KEY"), "{pem}");
}

#[test]
fn what_cannot_be_is_refused() {
    let https = ["--https", "127.0.0.1:0"];
    let nowhere = file("no-such-folder").join("ca.pem");
    let not_pem = file("not.pem");
    std::fs::write(&not_pem, "text").unwrap();
    let (nowhere, not_pem) = (nowhere.to_str().unwrap(), not_pem.to_str().unwrap());
    for (args, exit, words) in [
        (&["--write-ca", "ca.pem"][..], 2, "--https <ADDRESS:PORT>"),
        (&["--certificate", "c", "--key", "k"], 2, "--https <ADDRESS:PORT>"),
        (&["--https", "127.0.0.1:0", "--certificate", "c"], 2, "--key <FILE>"),
        (&["--https", "443"], 2, "cannot listen on 443: "),
        (&[&https[..], &["--https-name", "a b"]].concat(), 2, "the name 'a b' cannot be"),
        (&[&https[..], &["--write-ca", nowhere]].concat(), 3, "error: cannot write "),
        (
            &[&https[..], &["--certificate", "no-such.pem", "--key", not_pem]].concat(),
            3,
            "cannot open no-such.pem: ",
        ),
        (
            &[&https[..], &["--certificate", not_pem, "--key", not_pem]].concat(),
            3,
            "cannot be used: no certificate is in the certificate's PEM",
        ),
    ] {
        let output = run(args);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(exit), "{args:?}: {said}");
        assert!(output.stdout.is_empty() && said.contains(words), "{args:?}: {said}");
    }
}

/// Ctrl-C and `kill` are how it is meant to end: all well, at once, and nothing more on stdout.
#[cfg(unix)]
#[test]
fn it_ends_well_when_it_is_told_to() {
    for signal in ["-INT", "-TERM"] {
        let mut emulator = Emulator::start(&["--listen", "127.0.0.1:0"]);
        let id = emulator.process.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
        let (mut more, mut said) = (String::new(), String::new());
        emulator.stdout.read_to_string(&mut more).unwrap();
        emulator.process.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        assert_eq!(emulator.process.wait().unwrap().code(), Some(0), "{signal}: {said}");
        assert_eq!(more, "", "{signal}");
    }
}

#[test]
#[ignore = "needs bash, curl and python3; .ci/run runs it"]
fn curl_can_do_every_operation_over_http_and_https() {
    let ca = file("ca-for-curl.pem");
    let path = ca.to_str().unwrap();
    let args = ["--listen", "127.0.0.1:0", "--https", "127.0.0.1:0", "--write-ca", path];
    let emulator = Emulator::start(&args);
    curl(emulator.text("url"), None);
    curl(emulator.text("httpsUrl"), Some(&ca));
}
