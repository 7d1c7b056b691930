//! `pcdevices emulator` for other programs: the ready line, HTTPS, and signals.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)] // fine in tests

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use partner_center_devices_testkit::program::{EmulatorProcess, Program};

fn pcdevices(args: &[&str]) -> Command {
    let program = Program::with_home(concat!(env!("CARGO_TARGET_TMPDIR"), "/no-home"));
    program.command(&[&["emulator"], args].concat())
}

fn run(args: &[&str]) -> Output {
    pcdevices(args).output().unwrap()
}

fn start(args: &[&str]) -> EmulatorProcess {
    EmulatorProcess::start_command(pcdevices(args).stderr(Stdio::piped()))
}

fn text<'a>(emulator: &'a EmulatorProcess, key: &str) -> &'a str {
    emulator.ready[key].as_str().unwrap()
}

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

/// Runs the script with curl and python3 against it.
fn curl(url: &str, ca: Option<&Path>) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../emulator/tests/curl.sh");
    let mut bash = Command::new("bash");
    bash.arg(script).arg(url).env_remove("CURL_CA_BUNDLE");
    if let Some(ca) = ca {
        bash.env("CURL_CA_BUNDLE", ca);
    }
    let output = bash.output().unwrap();
    let messages = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{messages}");
}

#[test]
fn the_ready_line_has_the_address_and_the_process() {
    let emulator = start(&["--listen", "127.0.0.1:0"]);
    assert_eq!(emulator.ready["ready"], true);
    assert_eq!(emulator.ready["pid"], emulator.process.id());
    assert_eq!(text(&emulator, "version"), env!("CARGO_PKG_VERSION"));
    assert!(text(&emulator, "url").starts_with("http://127.0.0.1:"));
    assert_eq!(emulator.ready.get("httpsUrl"), None);
}

#[test]
fn byte_order_marks_are_added_to_the_rules_of_a_file() {
    let faults = file("faults-with-marks.yaml");
    std::fs::write(&faults, "rules: [{ id: wait, effect: { latency: { milliseconds: 1 } } }]\n")
        .unwrap();
    let faults = faults.to_str().unwrap();
    for (args, has_mark, rules) in [
        (&["--listen", "127.0.0.1:0", "--faults", faults][..], false, 1),
        (&["--listen", "127.0.0.1:0", "--faults", faults, "--byte-order-marks"], true, 2),
        (&["--listen", "127.0.0.1:0", "--byte-order-marks"], true, 1),
    ] {
        let emulator = start(args);
        let host = emulator.url.trim_start_matches("http://");
        let get = |path: &str| {
            let mut stream = TcpStream::connect(host).unwrap();
            write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer t\r\nConnection: close\r\n\r\n").unwrap();
            let mut response = String::new();
            stream.read_to_string(&mut response).unwrap();
            response
        };
        let batches = get("/v1/customers/47021739-3426-40bf-9601-61b4b6d7c793/deviceBatches");
        assert!(batches.starts_with("HTTP/1.1 200"), "{batches}");
        assert_eq!(batches.contains("\u{feff}"), has_mark, "{args:?} {batches}");
        let listed = get("/_emulator/faults");
        assert_eq!(listed.matches("\"id\"").count(), rules, "{listed}");
    }
}

#[test]
fn only_pages_of_a_named_origin_may_read_responses() {
    for (args, origin, allowed) in [
        (&[][..], "http://localhost:3000", false),
        (&["--cors", "http://localhost:3000"], "http://localhost:3000", true),
        (&["--cors", "http://localhost:3000"], "http://localhost:4000", false),
        (&["--cors", "*"], "http://localhost:4000", true),
    ] {
        let emulator = start(&[&["--listen", "127.0.0.1:0"], args].concat());
        let host = emulator.url.trim_start_matches("http://");
        let mut stream = TcpStream::connect(host).unwrap();
        write!(stream, "GET /v1/customers HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer t\r\nOrigin: {origin}\r\nConnection: close\r\n\r\n").unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).unwrap();
        let header = format!("access-control-allow-origin: {origin}\r\n");
        assert_eq!(response.contains(&header), allowed, "{args:?} {response}");
    }
    let refused = run(&["--cors", "localhost:3000"]);
    assert_eq!(refused.status.code(), Some(2));
    let text = String::from_utf8(refused.stderr).unwrap();
    assert!(text.contains("use http://HOST:PORT"), "{text}");
}

#[test]
fn a_new_state_has_five_customers_unless_a_world_is_given() {
    let world = file("one-customer.yaml");
    std::fs::write(&world, "customers: [{ id: c, name: Contoso }]\n").unwrap();
    let data = file("five-customers");
    drop(std::fs::remove_dir_all(&data));
    let (world, data) = (world.to_str().unwrap(), data.to_str().unwrap());
    for (args, customers, delay) in [
        (&[][..], 5, false),
        (&["--world", world], 1, false),
        (&["--audit-delay", "60"], 5, true),
        (&["--world", world, "--audit-delay", "60"], 1, true),
        (&["--data", data], 5, false),
        (&["--data", data], 5, false),
    ] {
        let mut emulator = start(&[&["--listen", "127.0.0.1:0"], args].concat());
        let host = emulator.url.trim_start_matches("http://").to_owned();
        let mut stream = TcpStream::connect(&host).unwrap();
        write!(
            stream,
            "GET /_emulator/world HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        )
        .unwrap();
        let mut saved = String::new();
        stream.read_to_string(&mut saved).unwrap();
        assert_eq!(saved.matches("\"name\":").count(), customers, "{args:?}: {saved}");
        assert_eq!(saved.contains("\"auditDelaySeconds\": 60"), delay, "{args:?}: {saved}");
        emulator.process.kill().unwrap();
        let mut text = String::new();
        emulator.process.stderr.take().unwrap().read_to_string(&mut text).unwrap();
        assert!(!text.contains("not loaded"), "{args:?}: {text}");
    }
}

#[test]
fn an_emulator_that_other_machines_can_reach_prints_a_warning() {
    let warning =
        "warning: other machines can reach this emulator: they can read and change all data, ";
    for (args, words) in [
        (&["--listen", "127.0.0.1:0"][..], None),
        (&["--listen", "[::1]:0"], None),
        (
            &["--listen", "0.0.0.0:0"],
            Some("except /_emulator (--allow-remote-management opens it)"),
        ),
        (&["--https", "0.0.0.0:0", "--allow-remote-management"], Some("including /_emulator")),
    ] {
        if args.contains(&"[::1]:0") && std::net::TcpListener::bind("[::1]:0").is_err() {
            continue; // a machine without IPv6
        }
        let mut emulator = start(args);
        let mut lines = BufReader::new(emulator.process.stderr.take().unwrap()).lines();
        // The address of the page is the last line of the start.
        let text: String = (&mut lines)
            .map(|line| line.unwrap() + "\n")
            .take_while(|line| !line.starts_with("Inspect the state at "))
            .collect();
        let expected = words.map(|words| format!("{warning}{words}\n"));
        assert_eq!(text.contains("warning"), expected.is_some(), "{args:?}: {text}");
        assert!(text.contains(expected.as_deref().unwrap_or_default()), "{args:?}: {text}");
    }
}

#[test]
fn https_runs_with_http_or_without_it() {
    let both = start(&["--listen", "127.0.0.1:0", "--https", "127.0.0.1:0"]);
    assert!(text(&both, "url").starts_with("http://127.0.0.1:"));
    assert!(text(&both, "httpsUrl").starts_with("https://127.0.0.1:"));
    let alone = start(&["--https", "127.0.0.1:0"]);
    assert_eq!(alone.ready["url"], alone.ready["httpsUrl"]);
}

#[test]
fn the_ca_is_written_before_the_ready_line() {
    let ca = file("ca.pem");
    let path = ca.to_str().unwrap();
    let _emulator =
        start(&["--https", "127.0.0.1:0", "--https-name", "emulator.test", "--write-ca", path]);
    let pem = std::fs::read_to_string(&ca).unwrap();
    assert!(pem.starts_with("-----BEGIN CERTIFICATE-----\n"), "{pem}");
    assert!(!pem.contains("KEY"), "{pem}");
}

#[test]
fn an_untrusted_certificate_names_the_flag_and_the_issuer() {
    let ca = file("ca-of-emulator.pem");
    let ca = ca.to_str().unwrap();
    let emulator = start(&["--https", "127.0.0.1:0", "--write-ca", ca]);
    let list = |more: &[&str]| {
        let customer = "47021739-3426-40bf-9601-61b4b6d7c793";
        let args = ["batches", "list", "--customer", customer, "--base-url", &emulator.url];
        let program = Program::with_home(concat!(env!("CARGO_TARGET_TMPDIR"), "/no-home"));
        let output = program.command(&[&args, more].concat()).output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, messages) = list(&[]);
    assert_eq!(code, Some(7), "{messages}");
    assert!(
        messages.contains("hint: add the file of the certificate authority: --ca-file FILE"),
        "{messages}"
    );
    assert!(messages.contains("issued by"), "{messages}");
    let (code, messages) = list(&["--ca-file", ca]);
    assert_eq!(code, Some(0), "{messages}");
}

#[test]
fn invalid_arguments_are_rejected() {
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
        (&[&https[..], &["--https-name", "a b"]].concat(), 2, "'a b' is not a valid name"),
        (&[&https[..], &["--write-ca", nowhere]].concat(), 3, "error: cannot write "),
        (
            &[&https[..], &["--certificate", "missing.pem", "--key", not_pem]].concat(),
            3,
            "cannot open missing.pem: ",
        ),
        (
            &[&https[..], &["--certificate", not_pem, "--key", not_pem]].concat(),
            3,
            ": the certificate's PEM contains no certificate",
        ),
    ] {
        let output = run(args);
        let messages = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(exit), "{args:?}: {messages}");
        assert!(output.stdout.is_empty() && messages.contains(words), "{args:?}: {messages}");
    }
}

/// After Ctrl-C or `kill` it exits with success and prints only the ready line.
#[cfg(unix)]
#[test]
fn a_signal_stops_it_with_success() {
    for signal in ["-INT", "-TERM"] {
        let mut emulator = start(&["--listen", "127.0.0.1:0"]);
        let id = emulator.process.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
        let (mut more, mut messages) = (String::new(), String::new());
        emulator.stdout.read_to_string(&mut more).unwrap();
        emulator.process.stderr.take().unwrap().read_to_string(&mut messages).unwrap();
        assert_eq!(emulator.process.wait().unwrap().code(), Some(0), "{signal}: {messages}");
        assert_eq!(more, "", "{signal}");
    }
}

/// Runs the first example of each language in the README, except C#, which needs a project.
#[test]
#[ignore = "needs bash, curl, node and python3 with requests; .ci/run runs it"]
fn the_first_lines_of_the_readme_work_as_they_are_printed() {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("../emulator/README.md");
    let readme = std::fs::read_to_string(readme).unwrap();
    let emulator = start(&["--listen", "127.0.0.1:0", "--instant"]);
    for (language, program) in [
        ("bash", &["bash", "-c"][..]),
        ("ts", &["node", "--input-type=module", "--eval"]),
        ("python", &["python3", "-c"]),
    ] {
        let (_, example) = readme.split_once(&format!("```{language}\n")).unwrap();
        let (example, _) = example.split_once("```").unwrap();
        assert_eq!(example.lines().count(), 3, "{example}");
        let example = example.replace("http://127.0.0.1:8085", &emulator.url);
        let output = Command::new(program[0]).args(&program[1..]).arg(&example).output().unwrap();
        let (shown, errors) =
            [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).into();
        assert!(shown.contains("/batchJobStatus/"), "{language}: {shown} {errors}");
    }
}

#[test]
#[ignore = "needs bash, curl and python3; .ci/run runs it"]
fn curl_can_do_every_operation_over_http_and_https() {
    let ca = file("ca-for-curl.pem");
    let path = ca.to_str().unwrap();
    let args = ["--listen", "127.0.0.1:0", "--https", "127.0.0.1:0", "--write-ca", path];
    let emulator = start(&args);
    curl(text(&emulator, "url"), None);
    curl(text(&emulator, "httpsUrl"), Some(&ca));
}
