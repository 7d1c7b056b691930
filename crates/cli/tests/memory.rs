//! The memory of the program with responses that no service sends. CONTRIBUTING.md has the command for all of them.
#![cfg(target_os = "linux")] // reads /proc
#![allow(clippy::unwrap_used, clippy::disallowed_methods)] // fine in tests

mod common;

use std::fmt::Write as _;
use std::io::{self, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use common::{CUSTOMER, pcdevices};
use partner_center_devices_testkit::program::EmulatorProcess;

/// The limit for the program.
const LIMIT: usize = 256 << 20;

const MIB: usize = 1 << 20;

/// Just below the size at which the client refuses a response.
const SIZE: usize = 63 * MIB;

const JOB: &str = "7d0b7d1a-6e0c-4d51-8a4f-7b1c6b5e2b3b";

/// The responses of a hostile service.
#[derive(Clone, Copy, Debug)]
enum Answer {
    /// An item with one text.
    OneText,
    /// An item with two texts of characters that must be escaped.
    HiddenCharacters,
    /// Items whose texts have a mebibyte each.
    LongTexts,
    /// As many small items as the client accepts.
    Objects,
    /// As many items as the client accepts, with about 600 bytes each.
    FullObjects,
    /// More items than the client accepts.
    TooManyObjects,
    /// A policy with half a million settings.
    Settings,
    /// A valid list in which each page has 20 MiB and a new continuation token.
    EndlessPages,
    /// Eight batches, whose lists of devices have one text each.
    Batches,
    /// A body without an end.
    EndlessBody,
    /// A list that breaks off.
    Broken,
    /// A text that is not JSON.
    Text,
    /// A web page.
    Page,
    /// Bytes that are not text.
    Bytes,
    /// An object of another service.
    Foreign,
    /// An error response without an end.
    EndlessError,
    /// The largest error response with as many values as possible.
    ErrorValues,
}

const ALL: [Answer; 17] = [
    Answer::OneText,
    Answer::HiddenCharacters,
    Answer::LongTexts,
    Answer::Objects,
    Answer::FullObjects,
    Answer::TooManyObjects,
    Answer::Settings,
    Answer::EndlessPages,
    Answer::Batches,
    Answer::EndlessBody,
    Answer::Broken,
    Answer::Text,
    Answer::Page,
    Answer::Bytes,
    Answer::Foreign,
    Answer::EndlessError,
    Answer::ErrorValues,
];

impl Answer {
    fn status(self) -> &'static str {
        match self {
            Self::EndlessError | Self::ErrorValues => "400 Bad Request",
            _ => "200 OK",
        }
    }

    fn is_endless(self) -> bool {
        matches!(self, Self::EndlessBody | Self::EndlessError)
    }

    /// Returns the response to a request, which is the start of an endless one.
    fn body(self, path: &str, number: usize) -> Vec<u8> {
        // A text in every place that a command prints.
        let item = |id: &str, text: &str| {
            format!(r#"{{"id":"{id}","name":"{text}","serialNumber":"{text}"}}"#)
        };
        let list = |items: String| {
            format!(
                r#"{{"status":"finished","continuationToken":null,"items":[{items}],"devicesStatus":[{items}]}}"#
            )
        };
        // Each item is sent twice, and has each text twice.
        let text = |text: &str, size: usize| text.repeat(size / 4 / text.len());
        let repeated = |item: &str, count: usize| vec![item; count].join(",");
        match self {
            Self::OneText => list(item("i", &text("a", SIZE))),
            Self::HiddenCharacters => list(item("i", &text("\u{202e}", SIZE))),
            Self::LongTexts => list(repeated(&item("i", &text("a", 4 * MIB)), 15)),
            Self::Objects => list(repeated(r#"{"id":"i"}"#, 49_900)),
            Self::FullObjects => {
                let item = item(&"i".repeat(30), &"t".repeat(240));
                list(repeated(&item, 49_900))
            }
            Self::TooManyObjects => list(repeated(r#"{"id":"i"}"#, 200_000)),
            Self::Settings => {
                let settings = repeated("\"a\"", 240_000);
                list(format!(r#"{{"id":"i","name":"n","policySettings":[{settings}]}}"#))
            }
            Self::EndlessPages => {
                let page = list(item("i", &text("a", 20 * MIB)));
                page.replacen("null", &format!("\"{number}\""), 1)
            }
            Self::Batches if path.ends_with("deviceBatches") => {
                let batch = |number| format!(r#"{{"id":"batch-{number}"}}"#);
                format!(r#"{{"items":[{}]}}"#, (0..8).map(batch).collect::<Vec<_>>().join(","))
            }
            Self::Batches => list(item("i", &text("a", SIZE))),
            Self::EndlessBody | Self::EndlessError => "[\"".to_owned() + &"a".repeat(MIB),
            Self::Broken => {
                list(item("i", &text("a", SIZE))).trim_end_matches(['}', ']']).to_owned()
            }
            Self::Text => "blocked ".repeat(SIZE / 8),
            Self::Page => "<html><title>".to_owned() + &"blocked ".repeat(SIZE / 8),
            Self::Bytes => return vec![0xff; SIZE],
            Self::Foreign => format!(r#"{{"error":"{}"}}"#, "x".repeat(SIZE)),
            Self::ErrorValues => format!("[{}]", repeated("0", MIB / 2 - 1)),
        }
        .into_bytes()
    }
}

/// Starts a service that gives one answer.
fn serve(answer: Answer) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let requests = Arc::new(AtomicUsize::new(0));
    thread::spawn(move || {
        for stream in listener.incoming() {
            let requests = Arc::clone(&requests);
            thread::spawn(move || {
                let _ = respond(stream.unwrap(), answer, &requests); // the client may have seen enough
            });
        }
    });
    url
}

fn respond(mut stream: TcpStream, answer: Answer, requests: &AtomicUsize) -> io::Result<()> {
    let (mut request, mut buffer) = (Vec::new(), [0; 4096]);
    while !request.windows(4).any(|end| end == b"\r\n\r\n") {
        match stream.read(&mut buffer)? {
            0 => return Ok(()),
            count => request.extend_from_slice(&buffer[..count]),
        }
    }
    let request = String::from_utf8_lossy(&request).into_owned();
    let path = request.split(' ').nth(1).unwrap_or_default();
    let body = answer.body(path, requests.fetch_add(1, Ordering::Relaxed));
    let mut head = format!("HTTP/1.1 {}\r\nContent-Type: application/json\r\n", answer.status());
    if !answer.is_endless() {
        let _ = write!(head, "Content-Length: {}\r\n", body.len());
    }
    stream.write_all((head + "Connection: close\r\n\r\n").as_bytes())?;
    loop {
        stream.write_all(&body)?;
        if !answer.is_endless() {
            return Ok(());
        }
    }
}

/// Returns the most memory that a running process has used, in bytes; `None` if it has ended.
fn peak(process: &Child) -> Option<usize> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", process.id())).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().trim_end_matches(" kB").parse::<usize>().ok()? << 10)
}

/// Runs a command. Returns its exit code and the most memory that it used.
fn measure(url: &str, args: &[&str]) -> (Option<i32>, usize) {
    let mut command = pcdevices(args);
    command.env("PCDEVICES_BASE_URL", url).env("PCDEVICES_CUSTOMER", CUSTOMER);
    if args[0] == "auth" {
        command.env("PCDEVICES_REFRESH_TOKEN", "a-refresh-token").args(["--authority", url]);
        command.args(["--tenant", "partner.example", "--client-id", JOB]);
    } else {
        command.env("PCDEVICES_TOKEN", "a-token");
    }
    command.stdout(Stdio::piped()).stderr(Stdio::null());
    let mut process = command.spawn().unwrap();
    let mut out = process.stdout.take().unwrap();
    let reading = thread::spawn(move || io::copy(&mut out, &mut io::sink()));
    let mut most = 0;
    let status = loop {
        most = most.max(peak(&process).unwrap_or_default());
        if let Some(status) = process.try_wait().unwrap() {
            break status;
        }
        thread::sleep(Duration::from_millis(1));
    };
    reading.join().unwrap().unwrap();
    assert!(most > MIB, "the memory was not measured");
    (status.code(), most)
}

fn commands() -> Vec<Vec<&'static str>> {
    vec![
        vec!["policies", "list"],
        vec!["policies", "list", "--json"],
        vec!["policies", "list", "--csv"],
        vec!["policies", "list", "--yaml"],
        vec!["policies", "show", "i"],
        vec!["batches", "list"],
        vec!["batches", "list", "--json"],
        vec!["devices", "list"],
        vec!["devices", "list", "--json"],
        vec!["devices", "list", "--csv"],
        vec!["devices", "find", "--serial", "s"],
        vec!["jobs", "status", JOB],
        vec!["jobs", "status", JOB, "--json"],
        vec!["audit", "--all"],
        vec!["audit", "--all", "--json"],
        vec!["batches", "list", "--csv"],
        vec!["upload", "samples/first-fleet.csv", "--batch", "b", "--dry-run"],
        vec!["auth", "login", "--device-code"],
        vec!["auth", "login", "--refresh-token"],
        vec!["doctor"],
        vec!["raw", "GET", "customers/{customer}/policies"],
        vec!["raw", "GET", "customers/{customer}/policies", "--include"],
    ]
}

/// A short form of the next test.
#[test]
fn a_hostile_service_does_not_fill_the_memory() {
    for (answer, args, code) in [
        (Answer::OneText, &["policies", "list", "--json"][..], 0),
        (Answer::OneText, &["jobs", "status", JOB], 6),
        (Answer::OneText, &["raw", "GET", "x"], 7),
        (Answer::FullObjects, &["policies", "list"], 0),
        (Answer::TooManyObjects, &["batches", "list"], 7),
        (Answer::EndlessPages, &["policies", "list"], 7),
        (Answer::Batches, &["devices", "list"], 7),
        (Answer::EndlessBody, &["policies", "list"], 7),
        (Answer::Bytes, &["batches", "list"], 7),
        (Answer::EndlessError, &["batches", "list"], 8),
        (Answer::EndlessBody, &["auth", "login", "--refresh-token"], 7),
        (Answer::OneText, &["auth", "login", "--device-code"], 7),
        (Answer::FullObjects, &["batches", "list", "--csv"], 0),
        (Answer::OneText, &["audit", "--all"], 0),
    ] {
        let (exit, peak) = measure(&serve(answer), args);
        assert!(peak < LIMIT, "{answer:?}, {args:?}: {} MiB", peak >> 20);
        assert_eq!(exit, Some(code), "{answer:?}, {args:?}");
    }
}

/// Sends a world to a running emulator. Returns the status of the response.
fn send_world(address: &str, body: &[u8]) -> io::Result<u16> {
    let mut stream = TcpStream::connect(address)?;
    let length = body.len();
    let head = format!(
        "PUT /_emulator/world HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(body)?;
    let mut response = String::new();
    stream.read_to_string(&mut response)?;
    let status = response.split(' ').nth(1).and_then(|status| status.parse().ok());
    status.ok_or_else(|| io::Error::other(response))
}

/// Up to twenty clients at the same time, each with a body just below the limit of 64 MiB.
#[test]
fn large_worlds_do_not_fill_the_memory_of_the_emulator() {
    let size = 60 * MIB;
    let long_name = format!(r#"{{"customers":[{{"id":"{}"}}]}}"#, "n".repeat(size));
    let many_names =
        format!(r#"{{"customers":[{}{{"id":"n"}}]}}"#, r#"{"id":"n"},"#.repeat(size / 11));
    let in_lines = "customers:\n".to_owned() + &"- id: n\n".repeat(size / 8);
    // The memory for bodies is shared, so a third client waits for one of two others.
    for (body, clients, status) in [(long_name, 3, 400), (many_names, 20, 413), (in_lines, 3, 400)]
    {
        let emulator = EmulatorProcess::start_command(&mut pcdevices(&[
            "emulator",
            "--listen",
            "127.0.0.1:0",
        ]));
        let address = emulator.url.trim_start_matches("http://");
        let statuses: Vec<_> = thread::scope(|scope| {
            let send = || scope.spawn(|| send_world(address, body.as_bytes()).unwrap());
            let clients: Vec<_> = (0..clients).map(|_| send()).collect();
            clients.into_iter().map(|client| client.join().unwrap()).collect()
        });
        let peak = peak(&emulator.process).unwrap();
        assert_eq!(statuses, vec![status; clients], "{body:.40}");
        assert!(peak < 2 * LIMIT, "{:.40}: {} MiB", body, peak >> 20);
    }
}

/// Prints the memory of each command with each answer.
#[test]
#[ignore = "takes minutes; run it after a change of lists, bodies or output"]
fn no_command_needs_much_memory() {
    let mut too_large = Vec::new();
    for answer in ALL {
        let url = serve(answer);
        for args in commands() {
            // It prints only records, and needs hours for 20,000 pages of copies.
            if matches!(answer, Answer::EndlessPages) && args[0] == "audit" {
                continue;
            }
            let (exit, peak) = measure(&url, &args);
            let line = format!("{answer:?}: {}: {} MiB, exit {exit:?}", args.join(" "), peak >> 20);
            println!("{line}");
            if peak >= LIMIT {
                too_large.push(line);
            }
        }
    }
    assert!(too_large.is_empty(), "{too_large:#?}");
}
