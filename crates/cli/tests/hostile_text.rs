//! Text of a hostile service and of hostile files on a terminal: only the program's own styles control it.
//!
//! The commands come from the help of the program, so a new command fails the test until it has a run.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::disallowed_methods)] // fine in tests

mod common;

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::thread;

use common::terminal::Watched;
use common::{CUSTOMER, Desk, stderr, stdout};
use partner_center_devices::raw::printable;

const JOB: &str = "00000000-0000-0000-0000-000000000001";

/// Escapes, a control of C1, a zero byte, line breaks and characters that turn or hide text.
const HOSTILE: &str = "A\\u001b]0;title\\u0007\\u001b[2J\\u001b[31mred\\u001b[35m\\u009b1;1H\\u0000\\r\\nerror: forged\\u0085\\u2028\u{202e}\\u2066\u{200b}\u{9b}8mZ";

/// Serves the same object for every request: as a list, a policy, a device, a batch, a job and a fault.
fn serve(status: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut request = Vec::new();
            let mut buffer = [0; 4096];
            while !request.windows(4).any(|end| end == b"\r\n\r\n") {
                let count = stream.read(&mut buffer).unwrap();
                if count == 0 {
                    break;
                }
                request.extend_from_slice(&buffer[..count]);
            }
            // A connection that closes with unread data is reset, and the response is lost.
            let head = String::from_utf8_lossy(&request).to_ascii_lowercase();
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            let length: usize = length.map_or(0, |length| length.parse().unwrap());
            let end = head.find("\r\n\r\n").map_or(0, |end| end + 4);
            while request.len() < end + length {
                let count = stream.read(&mut buffer).unwrap();
                assert!(count > 0);
                request.extend_from_slice(&buffer[..count]);
            }
            let names = [
                "id",
                "name",
                "description",
                "category",
                "serialNumber",
                "modelName",
                "oemManufacturerName",
                "policyId",
                "batchTrackingId",
                "batchStatus",
                "createdBy",
                "errorCode",
                "errorDescription",
                "status",
                "deviceStatus",
                "error",
                "error_description",
                "device_code",
                "user_code",
                "verification_uri",
                "message",
                "customerName",
                "userPrincipalName",
                "applicationId",
                "operationType",
                "operationStatus",
                "originalCorrelationId",
                "resourceType",
                "operationDate",
            ];
            let members: Vec<_> =
                names.iter().map(|name| format!("\"{name}\":\"{HOSTILE}\"")).collect();
            let profile = format!("{{\"companyName\":\"{HOSTILE}\",\"domain\":\"{HOSTILE}\"}}");
            let object = format!(
                "{},\"policySettings\":[\"{HOSTILE}\"],\"companyProfile\":{profile},\"relationshipToPartner\":\"{HOSTILE}\"",
                members.join(",")
            );
            // A batch with an id that can be read, so that its devices are listed too.
            let listed = object.replacen(&format!("\"id\":\"{HOSTILE}\""), "\"id\":\"B\"", 1);
            let is_fault = status != "200 OK";
            let fault = format!("{{\"code\":\"{HOSTILE}\",\"description\":\"{HOSTILE}\"}}");
            let list = format!(
                "{{\"totalCount\":2,\"interval\":1,\"expires_in\":1,\"items\":[{{{object}}},{{{listed}}}],{object},\"devicesStatus\":[{{{object}}}]}}"
            );
            let body = if is_fault { fault } else { list };
            let head = format!(
                "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
                MS-CV: a\u{9b}b\u{202e}c\r\nConnection: close\r\n\r\n",
                body.len()
            );
            let _ = stream.write_all(head.as_bytes());
            let _ = stream.write_all(body.as_bytes());
        }
    });
    url
}

/// Commands whose texts are all from the program.
const OWN_TEXTS: [&str; 4] = ["completions", "emulator", "man", "schema"];

/// Runs of each other command. `{…}` is replaced by a path, a name or a text that is hostile as well.
const RUNS: [&[&str]; 51] = [
    &[
        "auth",
        "login",
        "--device-code",
        "--tenant",
        "t",
        "--client-id",
        "c",
        "--authority",
        "{url}",
    ],
    &[
        "setup",
        "--device-code",
        "--cloud",
        "public",
        "--tenant",
        "t",
        "--client-id",
        "c",
        "--authority",
        "{url}",
    ],
    &["auth", "status"],
    &["auth", "logout"],
    &["audit", "--all"],
    &["audit", "--all", "--csv"],
    &["audit", "--user", "{text}"],
    &["batches", "list"],
    &["batches", "list", "--csv"],
    &["check", "{devices}"],
    &["check", "{devices}", "--details"],
    &["customers", "add", "alias", CUSTOMER, "--note", "{text}"],
    &["customers", "find", "{text}"],
    &["customers", "find", "A", "--csv"],
    &["customers", "sync"],
    &["customers", "list"],
    &["customers", "list", "--names"],
    &["batches", "list", "--customer", "A"],
    &["customers", "remove", "{text}"],
    &["devices", "assign-policy", "--serial", "A", "--policy", "{text}", "--wait", "1", "--yes"],
    &["devices", "delete", "--serial", "{text}", "--yes"],
    &["devices", "diff", "{devices}"],
    &["devices", "find", "{text}"],
    &["devices", "find", "A", "--everywhere"],
    &["devices", "sync", "--all", "--yes"],
    &["devices", "sync", "--customer", CUSTOMER],
    &["devices", "list"],
    &["doctor"],
    &["explain", "{text}"],
    &["export", "{devices}", "--to", "intune"],
    &["jobs", "list"],
    &["jobs", "status", JOB],
    &["jobs", "wait", JOB, "--timeout", "1"],
    &["journals", "list"],
    &["journals", "show", "{journal}"],
    &["journals", "export", "{journal}"],
    &["journals", "remove", "{text}", "--yes"],
    &["policies", "apply", "{policies}", "--yes"],
    &["policies", "create", "{text}", "--setting", "skip_eula"],
    &["policies", "delete", "{text}", "--yes"],
    &["policies", "diff", "{policies}"],
    &["policies", "edit", "{text}", "--name", "x", "--yes"],
    &["policies", "list"],
    &["policies", "list", "--csv"],
    &["policies", "list", "--yaml"],
    &["policies", "show", "{text}"],
    &["raw", "GET", "x"],
    &["raw", "GET", "x", "--include"],
    &["report", "{journal}", "--csv"],
    &["upload", "{devices}", "--batch", "B", "--dry-run"],
    &["-vvv", "policies", "list"],
];

/// A command without subcommands: its words, and its help.
struct Command {
    words: Vec<String>,
    help: String,
}

/// Returns every command without subcommands, as the help lists them.
fn commands(desk: &Desk, parent: &[String]) -> Vec<Command> {
    let args: Vec<_> = parent.iter().map(String::as_str).chain(["--help"]).collect();
    let help = stdout(&desk.run(&args)).to_owned();
    let Some((_, rest)) = help.split_once("\nCommands:\n") else {
        return vec![Command { words: parent.to_vec(), help }];
    };
    let lines = rest.lines().take_while(|line| !line.is_empty());
    let names = lines.filter_map(|line| line.strip_prefix("  ").filter(|l| !l.starts_with(' ')));
    let names = names.filter_map(|line| line.split(' ').next()).filter(|name| *name != "help");
    names.flat_map(|name| commands(desk, &[parent, &[name.to_owned()]].concat())).collect()
}

/// Returns the runs of every command: those above, and with `--json` if the command has it.
fn runs(commands: &[Command]) -> Vec<Vec<&'static str>> {
    let mut runs = Vec::new();
    for run in RUNS {
        runs.push(run.to_vec());
        let command = commands.iter().find(|command| is_run_of(run, command));
        let is_plain = !run.iter().any(|arg| OTHER_OUTPUT.contains(arg));
        if is_plain && command.is_some_and(|command| command.help.contains("  --json")) {
            runs.push([run, &["--json"]].concat());
        }
    }
    runs
}

/// Flags that choose another output than the text.
const OTHER_OUTPUT: [&str; 5] = ["--csv", "--yaml", "--details", "--include", "--names"];

/// Returns true if the run is one of this command.
fn is_run_of(run: &[&str], command: &Command) -> bool {
    let words = &command.words;
    run.len() >= words.len() && run.iter().zip(words).all(|(arg, word)| arg == word)
}

/// The hostile text, for files and arguments.
fn text() -> String {
    let text: String = serde_json::from_str(&format!("\"{HOSTILE}\"")).unwrap();
    text.replace('\0', "") // not possible in arguments and names
}

/// Writes the files that the runs name. Returns the placeholders with their values.
fn placeholders(desk: &Desk, url: &str) -> Vec<(&'static str, String)> {
    let text = text();
    let header = "Device Serial Number,Windows Product ID,Hardware Hash,Manufacturer name,Device model,Group tag";
    let name = text.replace('/', "");
    let devices = desk.file(
        &format!("{name}.csv"),
        format!("{header},\"{text}\"\nS1,,,\"{text}\",Model,\"{text}\"\n\"{text}\",,,M,Model,T\nS3,,,M,\"{text}\",T\nS4,,,M,Model,T\n"),
    );
    let policies = desk.file(
        &format!("{name}.json"),
        format!(r#"{{"policies":[{{"name":"{HOSTILE}","settings":["skip_eula"]}}]}}"#),
    );
    let batch: String = text.chars().filter(|c| !c.is_control()).collect(); // others are refused
    let journals = desk.home().join(".local/state/pcdevices/journals");
    std::fs::create_dir_all(&journals).unwrap();
    let journal = journals.join(format!("{name}.journal")).to_str().unwrap().to_owned();
    let flags = ["--batch", &batch, "--journal", &journal, "--skip-invalid", "--ignore-group-tags"];
    let uploaded = desk.run(&[&["upload", &devices], &flags[..]].concat());
    assert!(Path::new(&journal).exists(), "{}", stderr(&uploaded));
    vec![
        ("{devices}", devices),
        ("{policies}", policies),
        ("{journal}", journal),
        ("{text}", text),
        ("{url}", url.to_owned()),
    ]
}

/// Returns what the hostile text did to the terminal, if it did anything.
fn control(seen: &str) -> Option<String> {
    let forged = [
        "\nerror: forged",
        "\rerror: forged",
        "\u{1b}]",
        "\u{1b}[2J",
        "\u{1b}[31mred",
        "\u{1b}[35m",
    ];
    // Line breaks and escapes are also the program's own.
    let is_own = |c| matches!(c, '\n' | '\r' | '\t' | '\u{1b}');
    let hidden = seen.chars().find(|c| printable::is_hidden(*c) && !is_own(*c));
    let forged = forged.iter().find(|forged| seen.contains(**forged));
    forged.map(|text| format!("{text:?}")).or(hidden.map(|c| format!("{c:?}")))
}

/// Runs the program in a terminal. Returns everything that it printed, and true if it only printed a usage error.
fn watch(desk: &Desk, url: &str, args: &[&str]) -> (String, bool) {
    let mut command = desk.program().command(args);
    command.env("PCDEVICES_BASE_URL", url).env("PCDEVICES_CUSTOMER", CUSTOMER);
    let mut watched = Watched::start(&command, 120);
    watched.wait();
    let is_usage_error = watched.text().contains("For more information, try '--help'");
    (String::from_utf8_lossy(&watched.seen).into_owned(), is_usage_error)
}

#[test]
fn every_command_has_a_run_with_hostile_text() {
    let all = commands(&Desk::new(), &[]);
    assert!(all.len() > 30 && all.iter().any(|command| command.words == ["policies", "list"]));
    for command in &all {
        let is_tried = RUNS.iter().any(|run| is_run_of(run, command));
        let is_own = OWN_TEXTS.contains(&command.words.join(" ").as_str());
        assert!(is_tried != is_own, "add a run of {:?} to RUNS", command.words);
    }
    assert!(runs(&all).contains(&vec!["devices", "list", "--json"]));
}

#[test]
fn a_usage_error_and_each_hostile_character_are_noticed() {
    let desk = Desk::new();
    assert!(watch(&desk, "http://127.0.0.1:9", &["policies", "export"]).1, "no such command");
    assert!(!watch(&desk, "http://127.0.0.1:9", &["customers", "list"]).1);
    assert_eq!(control("\u{1b}[1mbold\u{1b}[0m\r\n\tred"), None);
    for hidden in text().chars().filter(|c| printable::is_hidden(*c) && !"\u{1b}\r\n".contains(*c))
    {
        assert!(control(&format!("a{hidden}b")).is_some(), "{hidden:?}");
    }
    assert!(control("a\r\nerror: forged").is_some() && control("\u{1b}[31mred").is_some());
}

/// A script may take an argument from a file.
#[test]
fn usage_errors_do_not_control_the_terminal() {
    let desk = Desk::new();
    let text = text();
    for args in [
        &["customers", "add", &text, CUSTOMER][..],
        &["customers", "add", "alias", &text],
        &["jobs", "wait", &text],
        &["jobs", "wait", JOB, "--timeout", &text],
        &["jobs", "wait", JOB, &text],
        &["policies", &text],
        &["policies", "list", "--customer", &text],
        &["policies", "list", &format!("--{text}")],
        &["policies", "list", &format!("-{text}")],
        &["export", "x.csv", "--to", &text],
        &["upload", "x.csv", "--batch", &text],
        &[&text],
    ] {
        let (seen, is_usage_error) = watch(&desk, "http://127.0.0.1:9", args);
        assert_eq!(control(&seen), None, "{args:?}: {seen:?}");
        assert!(is_usage_error, "{args:?}: {seen:?}");
    }
}

#[test]
fn text_from_outside_does_not_control_the_terminal() {
    let mut problems = Vec::new();
    for status in ["200 OK", "403 Forbidden"] {
        let desk = Desk::new();
        let runs = runs(&commands(&desk, &[]));
        let url = serve(status);
        let placeholders = placeholders(&desk, &url);
        for run in runs {
            // A job without a known status is polled until the timeout.
            if run.starts_with(&["jobs", "wait"]) && status == "200 OK" {
                continue;
            }
            let fill = |arg: &&str| {
                placeholders
                    .iter()
                    .fold((*arg).to_owned(), |arg, (name, value)| arg.replace(name, value))
            };
            let args: Vec<_> = run.iter().map(fill).collect();
            let args: Vec<_> = args.iter().map(String::as_str).collect();
            let (seen, is_usage_error) = watch(&desk, &url, &args);
            if let Some(control) = control(&seen) {
                problems.push(format!("{status} {run:?} printed {control}: {seen:?}"));
            }
            if seen.is_empty() || is_usage_error {
                problems.push(format!("{status} {run:?} was not tried: {seen}"));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
