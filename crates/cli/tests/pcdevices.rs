//! End-to-end tests of the program: its output, its streams and its exit codes.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)] // fine in tests

mod common;

use std::io::Read as _;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};

use common::{
    Desk, TOKEN, emulator_with, file, pcdevices, run, sample, stderr, stdout, token_file,
};
use insta::assert_snapshot;
use partner_center_devices_testkit::program::EmulatorProcess;

const HEADER: &str =
    "Device Serial Number,Windows Product ID,Hardware Hash,Manufacturer name,Device model";

/// Returns an upload to a service on a port, with a token from a file.
fn upload_to(url: &str, path: &str, token: &Path) -> Command {
    let token = token.to_str().unwrap();
    pcdevices(&[
        "upload",
        path,
        "--customer",
        "47021739-3426-40bf-9601-61b4b6d7c793",
        "--batch",
        "Contoso HQ",
        "--base-url",
        url,
        "--token-file",
        token,
    ])
}

#[test]
fn the_sample_fleet_is_registered() {
    let output = run(&["upload", "samples/contoso-fleet.csv", "--emulator"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_snapshot!(stdout(&output));
    let messages: Vec<_> = stderr(&output).lines().collect();
    let [emulator, planned, sent] = &messages[..] else { panic!("{messages:?}") };
    assert!(emulator.starts_with("Using the built-in emulator at http://127.0.0.1:"), "{emulator}");
    assert_eq!(*planned, "40 devices for the new batch 'Contoso first fleet'");
    assert!(sent.starts_with("Sent 40 devices as job "), "{sent}");
}

#[test]
fn the_emulator_needs_no_configuration_and_ignores_empty_variables() {
    let args = ["upload", "samples/contoso-fleet.csv", "--emulator", "--config-dir"];
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("a-broken-configuration");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("config.toml"), "profile = [").unwrap();
    let output = pcdevices(&args).arg(&folder).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));

    let emulator = emulator_with(&[]);
    let mut command = pcdevices(&["batches", "list", "--base-url", &emulator.url]);
    command.args(["-c", "47021739-3426-40bf-9601-61b4b6d7c793"]);
    for name in ["PROFILE", "CONFIG_DIR", "CUSTOMER", "CLOUD", "CA_FILE", "TOKEN_FILE"] {
        command.env(format!("PCDEVICES_{name}"), "");
    }
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    // The empty URL is ignored: this is the public service, and the token is missing.
    let mut command = pcdevices(&["batches", "list", "-c", "47021739-3426-40bf-9601-61b4b6d7c793"]);
    let output = command.env("PCDEVICES_BASE_URL", "").output().unwrap();
    assert!(stderr(&output).contains("there is no access token"), "{}", stderr(&output));
}

#[test]
fn requests_to_this_machine_bypass_the_proxy() {
    let mut command = pcdevices(&["upload", "samples/contoso-fleet.csv", "--emulator"]);
    for name in ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"] {
        command.env(name, "http://127.0.0.1:9"); // no server listens there
    }
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
}

#[test]
fn failed_devices_are_explained_and_change_the_exit_code() {
    let output = run(&["upload", "samples/trouble.csv", "--emulator"]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert_snapshot!(stdout(&output));
}

#[test]
fn the_file_extension_selects_the_report_format() {
    let [page, table, json] =
        ["report.html", "report.csv", "report.json"].map(|name| file(name, ""));
    let mut args = vec!["upload", "samples/trouble.csv", "--emulator"];
    for path in [&page, &table, &json] {
        args.extend(["--report", path.to_str().unwrap()]);
    }
    assert_eq!(run(&args).status.code(), Some(1));
    let [page, table, json] =
        [page, table, json].map(|path| std::fs::read_to_string(path).unwrap());
    assert!(page.starts_with("<!doctype html>") && page.contains("ZtdDeviceNotFound"));
    assert_eq!(table.lines().count(), 13);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&json["totals"]["rows"], &json["totals"]["failed"]), (&12.into(), &7.into()));

    let output = run(&["upload", "samples/trouble.csv", "--emulator", "--report", "report.xlsx"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("must end with .html, .csv or .json"), "{}", stderr(&output));
}

#[test]
fn an_unwritable_report_is_rejected_before_anything_is_sent() {
    let args = ["upload", "samples/trouble.csv", "--emulator", "--report", "no-such/report.csv"];
    let output = run(&args);
    assert_eq!((output.status.code(), stdout(&output)), (Some(3), ""));
    assert!(stderr(&output).starts_with("error: cannot write no-such/report.csv: "));
    let output = run(&[&args[..], &["--dry-run"]].concat());
    assert_eq!(output.status.code(), Some(2), "a dry run has no report");
}

/// Replaces values that differ in each run.
fn steady(text: &str, emulator: &EmulatorProcess) -> String {
    let text = text.replace(&emulator.url, "URL");
    let ids = |word: &str| word.len() == 36 && word.matches('-').count() == 4;
    let days = |word: &str| word.len() == 10 && word.starts_with("20") && word.contains('-');
    let steady = |word: &str| match word {
        id if ids(id) => "AN-ID".to_owned(),
        day if days(day) => "YEAR-MM-DD".to_owned(),
        word => word.to_owned(),
    };
    let lines = text.lines();
    lines.map(|line| line.split(' ').map(steady).collect::<Vec<_>>().join(" ") + "\n").collect()
}

#[test]
fn journals_are_listed_shown_and_removed() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("journals-of-the-program");
    let _ = std::fs::remove_dir_all(&folder);
    let journals =
        |args: &[&str]| run(&[&["journals", "--folder", folder.to_str().unwrap()], args].concat());
    let none = journals(&["list"]);
    assert_eq!((none.status.code(), stdout(&none)), (Some(0), ""));
    assert!(stderr(&none).starts_with("There is no journal in "), "{}", stderr(&none));

    let emulator = emulator_with(&["--instant"]);
    let token = token_file("token-journals.txt", TOKEN);
    let journal = folder.join("berlin.journal");
    let upload = |more: &[&str]| {
        let mut command = upload_to(&emulator.url, "samples/trouble.csv", &token);
        command.arg("--journal").arg(&journal).args(more).output().unwrap()
    };
    assert_eq!(upload(&[]).status.code(), Some(1));
    std::fs::write(folder.join("notes.journal"), "of somebody").unwrap();
    let list = journals(&["list"]);
    assert_eq!(list.status.code(), Some(0));
    assert!(stderr(&list).contains("notes.journal is not a journal"), "{}", stderr(&list));
    assert_snapshot!("journals-list", steady(stdout(&list), &emulator));
    let csv = journals(&["list", "--csv"]);
    assert_snapshot!("journals-csv", stdout(&csv).lines().next().unwrap());
    assert!(stdout(&csv).contains(&format!(",{}", emulator.url)), "{}", stdout(&csv));
    let json = journals(&["list", "--json"]);
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!((&json[0]["name"], &json[0]["totals"]["rows"]), (&"berlin".into(), &12.into()));
    assert_snapshot!("journals-show", steady(stdout(&journals(&["show", "berlin"])), &emulator));
    let record = journals(&["export", journal.to_str().unwrap()]);
    let record: serde_json::Value = serde_json::from_slice(&record.stdout).unwrap();
    assert_eq!(record["report"]["totals"]["rows"], 12);

    // Finished devices are not resent, unless the upload restarts.
    let again = stderr(&upload(&[])).to_owned();
    assert!(again.contains("Resuming ") && again.contains("--restart"), "{again}");
    let plan = upload(&["--restart", "--dry-run", "--json"]);
    let plan: serde_json::Value = serde_json::from_slice(&plan.stdout).unwrap();
    assert_eq!(plan["settled"], 0);
    let restarted = stderr(&upload(&["--restart"])).to_owned();
    assert!(restarted.contains("berlin.journal.old\n"), "{restarted}");
    assert!(!restarted.contains("already done"), "{restarted}");
    assert_eq!(
        run(&["upload", "samples/trouble.csv", "--emulator", "--restart"]).status.code(),
        Some(2)
    );

    let careful = journals(&["remove", "berlin", "--quiet"]);
    assert_eq!(careful.status.code(), Some(2));
    assert!(stderr(&careful).contains("sends all devices again"), "{}", stderr(&careful));
    assert!(stderr(&careful).contains("add --yes") && journal.exists());
    assert_eq!(journals(&["remove", "berlin", "--yes"]).status.code(), Some(0));
    assert!(!journal.exists());
    assert_eq!(journals(&["remove", "berlin", "--yes"]).status.code(), Some(3));
    assert_eq!(journals(&["remove", "notes", "--yes"]).status.code(), Some(3));
    assert!(folder.join("notes.journal").exists());
}

#[test]
fn a_file_with_an_invalid_row_is_not_sent() {
    let rows =
        "ABC123,,,,\nABC124,,,HP,HP EliteBook 840\nABC124,,,HP,HP EliteBook 840\nABC125,,,,\n";
    let path = file("bad.csv", format!("{HEADER}\n{rows}"));
    let output = run(&["upload", path.to_str().unwrap(), "--emulator"]);
    assert_eq!((output.status.code(), stdout(&output)), (Some(3), ""));
    let messages = stderr(&output).replace(path.to_str().unwrap(), "bad.csv");
    assert_snapshot!(messages);
}

/// A file without a device list has no line to fix.
#[test]
fn an_unusable_file_is_rejected_as_a_whole() {
    for (name, content, rule) in [
        ("empty.csv", &b""[..], "empty-file"),
        ("header.csv", HEADER.as_bytes(), "empty-file"),
        ("utf32.csv", b"\xFF\xFE\0\0D\0\0\0", "utf-32"),
        ("workbook.xlsx", b"PK\x03\x04\x14\0\x06\0", "damaged-file"),
        ("other.csv", b"name,color\na,b\n", "unknown-header"),
    ] {
        let path = file(name, content);
        let output = run(&["upload", path.to_str().unwrap(), "--emulator"]);
        assert_eq!((output.status.code(), stdout(&output)), (Some(3), ""), "{name}");
        let messages = stderr(&output);
        let first = messages.lines().next().unwrap();
        assert!(
            first.starts_with("error: ") && first.contains(&format!(" [{rule}]")),
            "{messages}"
        );
        assert!(
            messages.ends_with(&format!("\nerror: {} cannot be used\n", path.display())),
            "{messages}"
        );
        assert!(
            !messages.contains("hint:") && messages.matches("  -> ").count() == 1,
            "{messages}"
        );
    }
    if cfg!(unix) {
        let output = run(&["upload", "docs", "--emulator"]);
        assert_eq!(output.status.code(), Some(3));
        assert!(
            stderr(&output).starts_with("error: docs contains a directory: docs/pictures\n"),
            "{}",
            stderr(&output)
        );
    }
}

#[test]
fn a_missing_file_is_named() {
    let output = run(&["upload", "missing.csv", "--emulator"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(stderr(&output).starts_with("error: cannot open missing.csv: "), "{}", stderr(&output));
}

#[test]
fn without_the_emulator_customer_batch_and_token_are_required() {
    let output = run(&["upload", "samples/trouble.csv", "--batch", "b"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("--customer <CUSTOMER>"), "{}", stderr(&output));
    let args = ["upload", "samples/trouble.csv", "--customer", "c"];
    let output = run(&args);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("\nhint: name the batch"), "{}", stderr(&output));

    let output = run(&["upload", "samples/trouble.csv", "--customer", "c", "--batch", "b"]);
    assert_eq!(output.status.code(), Some(4));
    assert_snapshot!(stderr(&output));
}

#[test]
fn an_invalid_argument_is_named() {
    let upload = |args: &[&str]| run(&[&["upload", "samples/trouble.csv"], args].concat());
    for (args, words) in [
        (&["--customer", "..", "--batch", "b"][..], "a customer has a letter or a digit"),
        (&["--customer", "c", "--batch", "a\\b"], "the batch id contains a backslash"),
        (&["--customer", "c", "--batch", ""], "--batch <NAME>"),
        (&["--customer", "c", "--ignore-group-tags"], "--batch <NAME>"),
        (&["--customer", "c", "--batch", " \u{a0}"], "the batch name is blank"),
        (&["--emulator", "--chunk", "1001"], "--chunk <N>"),
        (
            &["--emulator", "--base-url", "http://127.0.0.1:1"],
            "'--emulator' cannot be used with '--base-url <URL>'",
        ),
        (
            &["--token-file", "t", "--emulator"],
            "'--emulator' cannot be used with '--token-file <FILE>'",
        ),
    ] {
        let output = upload(args);
        let messages = stderr(&output);
        assert_eq!((output.status.code(), stdout(&output)), (Some(2), ""), "{args:?}: {messages}");
        assert!(messages.contains(words) && messages.contains("error:"), "{args:?}: {messages}");
    }
    // Only the client can detect this one.
    let args = ["--customer", "c", "--batch", "b", "--base-url", "http://example.com"];
    let output = pcdevices(&[&["upload", "samples/trouble.csv"][..], &args].concat())
        .env("PCDEVICES_TOKEN", TOKEN)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("unencrypted"), "{}", stderr(&output));
}

/// Variables may be set for other uses.
#[test]
fn the_emulator_ignores_the_environment() {
    for (base_url, token_file) in [("http://127.0.0.1:1", "no-such-file"), ("", "")] {
        let output = pcdevices(&["upload", "samples/trouble.csv", "--emulator"])
            .env("PCDEVICES_BASE_URL", base_url)
            .env("PCDEVICES_TOKEN_FILE", token_file)
            .env("PCDEVICES_TOKEN", "")
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
        assert!(
            stderr(&output).starts_with("Using the built-in emulator at "),
            "{}",
            stderr(&output)
        );
    }
}

#[test]
fn an_invalid_token_is_rejected() {
    let upload = |variables: &[(&str, &str)]| {
        pcdevices(&["upload", "samples/trouble.csv", "--customer", "c", "--batch", "b"])
            .envs(variables.iter().copied())
            .output()
            .unwrap()
    };
    let spaced = token_file("token-spaced.txt", format!("Bearer {TOKEN}\n"));
    let empty = token_file("token-empty.txt", "\u{feff}\r\n");
    let broken = format!("{TOKEN}\n{TOKEN}");
    for (name, value, words) in [
        ("PCDEVICES_TOKEN", "", "the variable PCDEVICES_TOKEN contains no access token"),
        ("PCDEVICES_TOKEN", " ", "the variable PCDEVICES_TOKEN contains no access token"),
        ("PCDEVICES_TOKEN", &broken, "contains a character that is not allowed in an access token"),
        ("PCDEVICES_TOKEN_FILE", "no-such-file", "cannot read the token file no-such-file: "),
        (
            "PCDEVICES_TOKEN_FILE",
            empty.to_str().unwrap(),
            "token-empty.txt contains no access token",
        ),
        (
            "PCDEVICES_TOKEN_FILE",
            spaced.to_str().unwrap(),
            "not allowed in an access token\nhint: store only",
        ),
    ] {
        let output = upload(&[(name, value)]);
        let messages = stderr(&output);
        assert_eq!((output.status.code(), stdout(&output)), (Some(4), ""), "{messages}");
        assert!(messages.contains(words) && !messages.contains(TOKEN), "{messages}");
    }
}

#[test]
fn an_unreachable_service_is_an_error_with_a_hint() {
    // No server listens on this port, which was just free. The duplicate row must not cause a table.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let path = file("twice.csv", format!("{HEADER}\nS1,,,HP,X\nS1,,,HP,X\n"));
    let token = token_file("token-out-of-reach.txt", TOKEN);
    let url = format!("http://127.0.0.1:{port}");
    let output = upload_to(&url, path.to_str().unwrap(), &token).output().unwrap();
    assert_eq!((output.status.code(), stdout(&output)), (Some(7), ""));
    let messages = stderr(&output);
    assert!(messages.contains("cannot start the upload"), "{messages}");
    assert!(messages.contains("hint: check the network, the proxy and the base URL"), "{messages}");
    assert!(messages.contains("MS-CorrelationId"), "{messages}");
}

#[test]
fn an_invalid_proxy_is_an_error_and_a_valid_one_is_named() {
    let token = token_file("token-proxy.txt", TOKEN);
    let token = token.to_str().unwrap();
    let api = ["--base-url", "https://api.test", "--token-file", token];
    let list = ["batches", "list", "-c", "47021739-3426-40bf-9601-61b4b6d7c793"];
    let with_proxy = |args: &[&str], proxy: &str| {
        let args: Vec<&str> = args.iter().chain(&api).copied().collect();
        pcdevices(&args).env("HTTPS_PROXY", proxy).output().unwrap()
    };
    let output = with_proxy(&list, "http://user:planted@proxy:99999");
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    assert!(stderr(&output).contains("the proxy in HTTPS_PROXY is invalid"), "{output:?}");
    assert!(!stderr(&output).contains("planted"), "{}", stderr(&output));

    let output = with_proxy(&["doctor"], "http://user:planted@127.0.0.1:9");
    let checks = stdout(&output);
    assert!(checks.contains("http://127.0.0.1:9 for the service"), "{checks}");
    assert!(checks.contains("cannot connect to api.test through the proxy http://127.0.0.1:9"));
    assert!(!checks.contains("planted"), "{checks}");
}

#[test]
fn an_emulator_that_cannot_listen_reports_the_reason() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    for (address, exit, hint) in [
        (taken.as_str(), 7, Some("hint: use another port, ")),
        ("192.0.2.1:0", 7, None), // reserved for documentation (RFC 5737)
        ("8085", 2, Some("hint: use ADDRESS:PORT")),
        ("127.0.0.1:99999", 2, Some("hint: use ADDRESS:PORT")),
    ] {
        let output = run(&["emulator", "--listen", address]);
        let messages = stderr(&output);
        assert_eq!(
            (output.status.code(), stdout(&output)),
            (Some(exit), ""),
            "{address}: {messages}"
        );
        assert!(
            messages.starts_with(&format!("error: cannot listen on {address}: ")),
            "{messages}"
        );
        match hint {
            Some(hint) => assert!(messages.contains(hint), "{messages}"),
            None => assert!(!messages.contains("hint:"), "{messages}"),
        }
    }
}

/// The exit code of an upload of `samples/contoso-fleet.csv`: the customer itself registered two of its devices.
const BY_CUSTOMER: i32 = 1;

#[test]
fn a_strict_emulator_rejects_the_placeholder_token() {
    let token = file("made-up.txt", "a-token\n");
    for (auth, exit) in [("off", BY_CUSTOMER), ("any-bearer", BY_CUSTOMER), ("strict", 4)] {
        let emulator = emulator_with(&["--auth", auth, "--auto-approve"]);
        let output =
            upload_to(&emulator.url, "samples/contoso-fleet.csv", &token).output().unwrap();
        assert_eq!(output.status.code(), Some(exit), "{auth}: {}", stderr(&output));
        assert_eq!(stderr(&output).contains("Access denied."), exit == 4, "{auth}");
    }
}

/// One process is the service, and another one uploads to it twice over the network.
#[test]
fn an_emulator_on_a_port_serves_another_program() {
    let emulator = emulator_with(&[]);
    let token = token_file("token.txt", "a-token\n");
    let upload = || upload_to(&emulator.url, "samples/contoso-fleet.csv", &token).output().unwrap();
    let (first, second) = (upload(), upload());
    assert_eq!(first.status.code(), Some(BY_CUSTOMER), "{}", stderr(&first));
    assert!(stdout(&first).ends_with(
        "\n40 rows for batch 'Contoso HQ': 38 registered, 2 registered by the customer\n"
    ));
    assert_eq!(second.status.code(), Some(BY_CUSTOMER), "{}", stderr(&second));
    let planned = stderr(&second).lines().nth(1).unwrap(); // after the customer
    assert_eq!(planned, "40 devices to add to batch 'Contoso HQ'");
    assert!(stdout(&second).ends_with(
        "\n40 rows for batch 'Contoso HQ': 38 already registered, 2 registered by the customer\n"
    ));
}

/// The faults are a lost response and a 429 from a gateway.
#[test]
fn an_upload_survives_the_faults_of_a_file() {
    let rules = file(
        "faults.yaml",
        "rules:
  - { id: lost, matching: { method: POST, first: 1 }, effect: dropAfter }
  - { id: busy, matching: { operations: [get_batch_job_status], first: 1 }, effect: { throttle: { seconds: 0 } } }
",
    );
    let emulator = emulator_with(&["--faults", rules.to_str().unwrap()]);
    let token = token_file("token-faults.txt", "a-token\n");
    let output = upload_to(&emulator.url, "samples/contoso-fleet.csv", &token).output().unwrap();
    assert_eq!(output.status.code(), Some(BY_CUSTOMER), "{}", stderr(&output));
    let last = "\n40 rows for batch 'Contoso HQ': 38 registered, 2 registered by the customer\n";
    assert!(stdout(&output).ends_with(last), "{}", stdout(&output));
}

#[test]
fn an_invalid_faults_file_is_rejected() {
    let wrong = file("faults-wrong.yaml", "rules:\n  - { id: a, effect: dropAfter, more: 1 }\n");
    for (name, words) in [
        ("missing.yaml", "error: cannot open missing.yaml: "),
        (wrong.to_str().unwrap(), "faults-wrong.yaml: "),
    ] {
        let output = run(&["emulator", "--listen", "127.0.0.1:0", "--faults", name]);
        let messages = stderr(&output);
        assert_eq!((output.status.code(), stdout(&output)), (Some(3), ""), "{messages}");
        assert!(messages.contains(words), "{messages}");
    }
}

#[test]
fn an_emulator_loads_a_world_file() {
    let _emulator = emulator_with(&["--world", "samples/world.yaml"]);
    let wrong = file("world-wrong.yaml", "customers: [{ id: c, batches: [{ id: ' ' }] }]");
    let output = run(&["emulator", "--listen", "127.0.0.1:0", "--world", wrong.to_str().unwrap()]);
    let messages = stderr(&output);
    assert_eq!((output.status.code(), stdout(&output)), (Some(3), ""), "{messages}");
    let words = "world-wrong.yaml: customers[0].batches[0].id: must not be blank";
    assert!(messages.contains(words), "{messages}");
}

#[test]
fn an_emulator_accepts_only_the_hardware_in_a_file() {
    let contoso = sample("contoso-fleet.csv");
    let mut with_hash = contoso.lines().skip(1).filter(|row| row.len() > 4_000);
    let (listed, unlisted) = (with_hash.next().unwrap(), with_hash.next().unwrap());
    let hardware = file("hardware.csv", format!("{HEADER}\n{listed}\nS-1,,,Contoso,Book 5\n"));
    let desk = Desk::with(&["--instant", "--hardware", hardware.to_str().unwrap()]);
    // The list has the hash of the first device, and the serial number, manufacturer and model of the second one.
    let rows =
        format!("{HEADER}\n{listed}\n{unlisted}\nS-1,,,Contoso,Book 5\nS-1,,,Contoso,BOOK 5\n");
    let sent = desk.file("sent.csv", rows);
    let report = desk.file("report.json", "");
    let output = desk.run(&["upload", &sent, "--batch", "b", "--report", &report]);
    assert!(!output.status.success(), "{}", stdout(&output));
    let report = std::fs::read_to_string(report).unwrap();
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    let outcome = |row: &serde_json::Value| format!("{} {}", row["outcome"], row["code"]);
    let outcomes: Vec<_> = report["rows"].as_array().unwrap().iter().map(outcome).collect();
    let (good, bad) = (r#""registered" null"#, r#""failed" "812""#);
    assert_eq!(outcomes, [good, bad, good, bad]);
}

#[test]
fn hardware_files_with_errors_are_rejected() {
    let wrong = file("hardware-wrong.csv", "Device Serial Number\nS-1\n");
    for (name, words) in [
        ("missing.csv", "error: cannot open missing.csv: "),
        (wrong.to_str().unwrap(), "hardware-wrong.csv as the known hardware: 1 row must be fixed"),
    ] {
        let output = run(&["emulator", "--listen", "127.0.0.1:0", "--hardware", name]);
        let messages = stderr(&output);
        assert_eq!((output.status.code(), stdout(&output)), (Some(3), ""), "{messages}");
        assert!(messages.contains(words), "{messages}");
    }
}

#[test]
fn a_closed_pipe_is_not_a_failure() {
    let mut child = pcdevices(&["upload", "samples/contoso-fleet.csv", "--emulator"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut messages = String::new();
    child.stderr.take().unwrap().read_to_string(&mut messages).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0), "{messages}");
}

#[cfg(unix)]
mod interrupted {
    use std::io::{BufRead as _, BufReader};
    use std::process::{Child, Output};

    use super::*;

    fn interrupt(process: &Child) {
        let id = process.id().to_string();
        assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    }

    /// Waits for a process that is about to end. Returns its exit code and the rest of its output.
    fn end(mut process: Child, stderr: &mut impl std::io::Read) -> (Option<i32>, String, String) {
        let (mut messages, mut printed) = (String::new(), String::new());
        stderr.read_to_string(&mut messages).unwrap();
        process.stdout.take().unwrap().read_to_string(&mut printed).unwrap();
        (process.wait().unwrap().code(), printed, messages)
    }

    fn spawn(mut command: Command) -> (Child, impl std::io::BufRead) {
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let stderr = BufReader::new(process.stderr.take().unwrap());
        (process, stderr)
    }

    #[test]
    fn a_cancelled_upload_reports_known_results() {
        // A job with 300 devices takes 10 seconds, which is enough time to stop it.
        let rows: String = (0..400).map(|number| format!("S{number},,,HP,X\n")).collect();
        let path = file("long.csv", format!("{HEADER}\n{rows}"));
        let token = token_file("token-interrupted.txt", TOKEN);
        let emulator = emulator_with(&[]);
        let mut command = upload_to(&emulator.url, path.to_str().unwrap(), &token);
        let report = Path::new(env!("CARGO_TARGET_TMPDIR")).join("interrupted.json");
        command.args(["--chunk", "300", "--report", report.to_str().unwrap()]);
        let (process, mut stderr) = spawn(command);
        let (mut planned, mut sent) = (String::new(), String::new());
        stderr.read_line(&mut sent).unwrap();
        assert!(sent.starts_with("Customer Contoso ("), "{sent}");
        sent.clear();
        stderr.read_line(&mut planned).unwrap();
        assert_eq!(planned, "400 devices for the new batch 'Contoso HQ', in 2 requests\n");
        stderr.read_line(&mut sent).unwrap();
        let job = sent.strip_prefix("Sent 300 devices as job ").unwrap();

        interrupt(&process);
        let (exit, printed, messages) = end(process, &mut stderr);
        assert_eq!((exit, printed.as_str()), (Some(130), ""), "{messages}");
        let messages: Vec<_> = messages.lines().collect();
        let [stopping, error, last, again] = &messages[..] else { panic!("{messages:?}") };
        assert!(stopping.ends_with("press Ctrl-C again to stop now"), "{stopping}");
        assert!(error.starts_with("error: cancelled; 300 of 400 devices sent, "), "{error}");
        let hint = last.strip_prefix("hint: check the job: pcdevices ").unwrap();
        assert!(hint.contains(job.trim()), "{hint}");
        // The command can be run as it is.
        let status = run(&hint.split(' ').collect::<Vec<_>>());
        assert!(common::stdout(&status).contains("300 devices: "), "{hint} {status:?}");
        assert_eq!(
            *again,
            "hint: upload the file again; this is safe even if some devices are already registered"
        );
        let report: serde_json::Value =
            serde_json::from_slice(&std::fs::read(report).unwrap()).unwrap();
        assert_eq!(report["stopped"], "the upload was cancelled");
        assert_eq!(report["totals"]["notSent"], 100);
    }

    #[test]
    fn an_upload_with_a_journal_resumes_after_a_kill() {
        let rows: String = (0..400).map(|number| format!("S{number},,,HP,X\n")).collect();
        let path = file("resumed.csv", format!("{HEADER}\n{rows}ZTD640-1,,,HP,X\n"));
        let token = token_file("token-resumed.txt", TOKEN);
        let journal = file("resumed.journal", "");
        std::fs::remove_file(&journal).unwrap();
        let emulator = emulator_with(&[]);
        let upload = |more: &[&str]| {
            let mut command = upload_to(&emulator.url, path.to_str().unwrap(), &token);
            command.args(["--chunk", "100", "--journal", journal.to_str().unwrap()]).args(more);
            command
        };
        let messages = |output: &Output| (output.status.code(), stderr(output).to_owned());
        let (mut process, mut lines) = spawn(upload(&[]));
        let mut sent = String::new();
        for _ in ["customer", "plan", "request"] {
            lines.read_line(&mut sent).unwrap();
        }
        assert!(sent.contains("Sent 100 devices"), "{sent}");

        let (exit, second) = messages(&upload(&[]).output().unwrap());
        assert_eq!(exit, Some(7), "{second}");
        assert!(second.contains("in use by another process"), "{second}");

        process.kill().unwrap();
        process.wait().unwrap();
        let plan = upload(&["--dry-run", "--json"]).output().unwrap();
        let plan: serde_json::Value = serde_json::from_slice(&plan.stdout).unwrap();
        assert_eq!((&plan["settled"], &plan["open"]), (&0.into(), &100.into()));
        let requests = plan["batches"][0]["requests"].as_array().unwrap();
        assert_eq!(requests.len(), 4);
        assert_eq!(requests[0]["method"], "POST");

        let output = upload(&[]).output().unwrap();
        let (exit, new_messages) = messages(&output);
        assert_eq!(exit, Some(1), "{new_messages}");
        assert!(new_messages.contains("\n0 of 401 devices are already done; 100 were sent"));
        assert!(
            stdout(&output).contains("401 rows for batch 'Contoso HQ': 400 registered, 1 failed")
        );

        // All devices are done.
        for (more, says) in [(&[][..], "401 of 401"), (&["--retry"], "400 of 401")] {
            let (exit, messages) = messages(&upload(more).output().unwrap());
            assert_eq!(exit, Some(1), "{messages}");
            assert!(messages.contains(&format!("\n{says}")), "{messages}");
        }
    }

    #[test]
    fn a_cancelled_upload_reports_that_nothing_was_sent() {
        // A service that accepts connections and never responds.
        let silent = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", silent.local_addr().unwrap());
        let token = token_file("token-silent.txt", TOKEN);
        let (process, mut stderr) = spawn(upload_to(&url, "samples/trouble.csv", &token));
        let _connection = silent.accept().unwrap();
        interrupt(&process);
        let (exit, printed, messages) = end(process, &mut stderr);
        assert_eq!((exit, printed.as_str()), (Some(130), ""), "{messages}");
        assert_eq!(messages, "error: cancelled; nothing was sent\n");
    }

    #[test]
    fn the_emulator_exits_with_success_after_ctrl_c() {
        let mut emulator = emulator_with(&[]);
        interrupt(&emulator.process);
        assert_eq!(emulator.process.wait().unwrap().code(), Some(0));
    }
}

/// The table in the guide matches the program's output, line by line; `…` replaces omitted lines.
#[test]
fn the_first_fleet_shows_what_the_program_prints() {
    let guide = include_str!("../../../docs/first-fleet.md");
    let shown: Vec<&str> =
        guide.split("```text\n").skip(1).map(|part| part.split("```").next().unwrap()).collect();
    assert_eq!(shown.len(), 1);
    for (shown, sample) in shown.iter().zip(["samples/contoso-fleet.csv"]) {
        let output = run(&["upload", sample, "--emulator"]);
        let mut printed: Vec<&str> = stdout(&output).lines().collect();
        let shown: Vec<&str> = shown.lines().collect();
        for (number, part) in shown.split(|line| line.trim() == "…").enumerate() {
            let place = printed.windows(part.len()).position(|lines| lines == part);
            let place = place.unwrap_or_else(|| panic!("{sample} does not print, here: {part:#?}"));
            assert!(number > 0 || place == 0, "{sample} starts with other lines");
            printed.drain(..place + part.len());
        }
        assert!(printed.is_empty(), "{sample} prints more: {printed:#?}");
    }
}

#[test]
fn no_hash_or_token_is_printed_on_success_or_failure() {
    let contoso = sample("contoso-fleet.csv");
    let hashes: Vec<&str> = contoso.split(',').filter(|cell| cell.len() == 4_000).collect();
    assert!(hashes.len() > 10);
    let (first, second) = (hashes[0], hashes[1]);
    let (cut, longer) = (&first[..3_998], format!("{second}!"));
    let bad = format!(
        "{HEADER}\nS1,,{cut},HP,X\nS2,,{longer},HP,X\n,,\"{first}\n{second}\",,\n,,{first},HP,X,,{second}\n"
    );
    let nameless = format!("{HEADER}\n,,{first},,\n,,{second},,\n,,{first},,\n");
    let headless = format!("S1,,{first},HP,X\nS2,,{second},HP,X\n");

    let emulator = emulator_with(&[]);
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let nobody = format!("http://127.0.0.1:{port}");
    let token = token_file("token-planted.txt", format!("{TOKEN}\n"));
    let impossible = token_file("token-impossible.txt", format!("{TOKEN} {TOKEN}\n"));
    for (name, content, url, token, exit) in [
        ("good", &contoso, &emulator.url, &token, BY_CUSTOMER),
        ("again", &contoso, &emulator.url, &token, BY_CUSTOMER),
        ("nameless", &nameless, &emulator.url, &token, 0),
        ("bad", &bad, &emulator.url, &token, 3),
        ("headless", &headless, &emulator.url, &token, 3),
        ("nobody", &contoso, &nobody, &token, 7),
        ("no-url", &contoso, &"nowhere".to_owned(), &token, 2),
        ("impossible", &contoso, &emulator.url, &impossible, 4),
    ] {
        let path = file(&format!("secrets-{name}.csv"), content);
        let output = upload_to(url, path.to_str().unwrap(), token).output().unwrap();
        let messages = format!("{}{}", stdout(&output), stderr(&output));
        assert_eq!(output.status.code(), Some(exit), "{name}: {messages}");
        assert!(!messages.contains(TOKEN), "{name} prints the token");
        for hash in &hashes {
            let mut parts =
                hash.as_bytes().chunks(32).map(|part| std::str::from_utf8(part).unwrap());
            assert!(!parts.any(|part| messages.contains(part)), "{name} prints a hash: {messages}");
        }
    }
}

#[test]
fn the_help_lists_the_exit_codes() {
    let output = run(&["--help"]);
    assert_snapshot!(stdout(&output));
    let output = run(&["upload", "--help"]);
    assert_snapshot!("upload-help", stdout(&output));
}
