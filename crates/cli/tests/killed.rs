//! `pcdevices emulator --data` is killed repeatedly while a client writes. Every acknowledged request is stored exactly
//! once, and a request without a response can be repeated under its id.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)] // fine in tests

use std::collections::BTreeMap;
use std::hash::{BuildHasher as _, RandomState};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use partner_center_devices_testkit::program::{EmulatorProcess, Program};
use serde_json::{Value, json};

const DEVICES: usize = 3;

#[test]
fn acknowledged_requests_survive_kills() {
    survives("few", 5);
}

#[test]
#[ignore = "takes minutes: cargo test --test killed -- --ignored"]
fn acknowledged_requests_survive_many_kills() {
    survives("many", 200);
}

#[test]
fn a_data_directory_in_use_is_rejected() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("killed").join("in-use");
    drop(std::fs::remove_dir_all(&folder)); // an earlier version may have left it
    let _one = start(&folder);
    let args = ["emulator", "--listen", "127.0.0.1:0", "--data", folder.to_str().unwrap()];
    let other = program().command(&args).output().unwrap();
    let messages = String::from_utf8(other.stderr).unwrap();
    assert!(messages.contains("is in use by another process"), "{messages}");
    assert_eq!(other.status.code(), Some(3));
}

fn survives(folder: &str, kills: usize) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("killed").join(folder);
    drop(std::fs::remove_dir_all(&folder));
    let mut acknowledged = BTreeMap::new(); // name of a batch, and its job
    let mut next = 0;
    for kill in 0..kills {
        let (mut emulator, address) = start(&folder);
        check(&address, &acknowledged, next);

        let (answered, answers) = mpsc::channel();
        let writer = thread::spawn(move || {
            // Start with the request that had no response. It may have been done.
            for number in next.. {
                let Some(answer) = create(&address, number) else { return number };
                answered.send((format!("b{number}"), answer)).unwrap();
            }
            unreachable!("numbers do not end")
        });
        // Wait for one response, then kill it at a random moment.
        acknowledged.extend([answers.recv().unwrap()]);
        thread::sleep(Duration::from_micros(RandomState::new().hash_one(kill) % 50_000));
        emulator.process.kill().unwrap();
        emulator.process.wait().unwrap();
        acknowledged.extend(answers);
        next = writer.join().unwrap();
    }
    assert_eq!(acknowledged.len(), next);

    let (emulator, address) = start(&folder);
    check(&address, &acknowledged, next);
    let deadline = Instant::now() + Duration::from_secs(30);
    for (name, job) in &acknowledged {
        while get(&address, job)["status"] != "finished" {
            assert!(Instant::now() < deadline, "{name} does not finish");
            thread::sleep(Duration::from_millis(20));
        }
        let devices = get(&address, &format!("/customers/c/deviceBatches/{name}/devices"));
        let found: Vec<&str> = devices["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|device| device["serialNumber"].as_str().unwrap())
            .collect();
        let expected: Vec<String> = (0..DEVICES).map(|place| format!("{name}-{place}")).collect();
        assert_eq!(found, expected, "all devices of {name}, once");
    }
    drop(emulator);
    std::fs::remove_dir_all(&folder).unwrap();
}

/// Checks that every acknowledged batch exists with its job. Only the batch without a response may exist too.
fn check(address: &str, acknowledged: &BTreeMap<String, String>, next: usize) {
    let list = get(address, "/customers/c/deviceBatches");
    let mut names: Vec<&str> = list["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|batch| batch["id"].as_str().unwrap())
        .collect();
    names.sort_unstable();
    let maybe = format!("b{next}");
    names.retain(|name| *name != maybe);
    assert!(names.iter().eq(acknowledged.keys()), "{names:?}\n{acknowledged:?}");
    for job in acknowledged.values() {
        let job = get(address, job);
        assert_eq!(job["devicesStatus"].as_array().unwrap().len(), DEVICES, "{job}");
    }
}

/// Creates a batch and returns the path of its job; `None` if the service was killed before its response.
fn create(address: &str, number: usize) -> Option<String> {
    let devices: Vec<Value> = (0..DEVICES)
        .map(|place| {
            json!({ "serialNumber": format!("b{number}-{place}"), "productKey": format!("33{number:05}{place:06}") })
        })
        .collect();
    let body = json!({ "batchId": format!("b{number}"), "devices": devices }).to_string();
    let head = format!(
        "POST /v1/customers/c/deviceBatches HTTP/1.1\r\nms-requestid: {number}\r\ncontent-length: {}\r\n",
        body.len()
    );
    let answer = exchange(address, &head, &body).ok()?;
    let (status, rest) = answer.split_once("\r\n")?;
    assert_eq!(status, "HTTP/1.1 202 Accepted", "{rest}");
    let location = rest.split("\r\n").find_map(|line| line.strip_prefix("location: "))?;
    rest.contains("\r\n\r\n").then(|| location.to_owned()) // otherwise the response is incomplete
}

fn get(address: &str, path: &str) -> Value {
    let head = format!("GET /v1{path} HTTP/1.1\r\n");
    let answer = exchange(address, &head, "").unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200 "), "{answer}");
    serde_json::from_str(body).unwrap()
}

fn exchange(address: &str, head: &str, body: &str) -> std::io::Result<String> {
    let mut connection = TcpStream::connect(address)?;
    // Under wine a killed process can keep its sockets: nothing answers then.
    connection.set_read_timeout(Some(Duration::from_secs(10)))?;
    let rest = format!("host: {address}\r\nauthorization: Bearer t\r\nconnection: close\r\n\r\n");
    connection.write_all(format!("{head}{rest}{body}").as_bytes())?;
    let mut answer = String::new();
    connection.read_to_string(&mut answer)?;
    Ok(answer)
}

/// Starts the emulator on a data folder, and returns it with its address.
fn start(folder: &Path) -> (EmulatorProcess, String) {
    let emulator = EmulatorProcess::start(&program(), &["--data", folder.to_str().unwrap()]);
    let address = emulator.url.strip_prefix("http://").unwrap().to_owned();
    (emulator, address)
}

fn program() -> Program {
    Program::with_home(concat!(env!("CARGO_TARGET_TMPDIR"), "/no-home"))
}
