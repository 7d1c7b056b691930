//! Measures the upload of 100,000 devices from the file to the report: reading, checking, recording in a journal on disk,
//! sending to the emulator, polling jobs and reporting.
//! Run `cargo bench -p partner-center-devices-fleet --bench end_to_end`; a number after `--` sets the number of devices.
//! README.md in this directory has the results.
//!
//! The baseline is the time that the emulator needs for the same requests. They are recorded and replayed to a new emulator
//! as prepared bytes, over as many plain connections as the upload has concurrent calls. Both use the loopback and an
//! emulator on a separate thread. Jobs finish immediately, except in the last line of each file, where they take the
//! emulator's default time and both wait for them as necessary.

#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::disallowed_methods)] // a program that measures

mod device_file;

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, mpsc};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::Request;
use partner_center_devices::{BatchId, Client, CustomerId};
use partner_center_devices_emulator::{Emulator, Pace};
use partner_center_devices_fleet::{Event, Fleet, Journal, Upload};
use serde::Deserialize;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;

const CUSTOMERS: usize = 10;
const CONCURRENCY: usize = 4;
const ROUNDS: usize = 7;

fn main() {
    let devices = std::env::args().find_map(|arg| arg.parse().ok()).unwrap_or(100_000);
    let serials = serials(devices);
    println!(
        "| devices | jobs | total | read, check | record | send | report | emulator only | ratio |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    for (what, csv) in [("hash", &hashes(devices)), ("serial", &serials)] {
        let prepared = record(csv);
        compare(csv, devices, &prepared, what, ("immediate", Pace::instant(), ROUNDS));
        compare(csv, devices, &prepared, what, ("default pace", Pace::default(), 1));
    }
    throttled(&serials);
}

/// Runs both alternately and prints the round with the median ratio.
fn compare(
    csv: &[u8],
    devices: usize,
    prepared: &[Batch],
    what: &str,
    (jobs, pace, rounds): (&str, Pace, usize),
) {
    let mut turns: Vec<(f64, Times, Duration)> = (0..rounds)
        .map(|_| {
            let alone = replay(prepared, pace);
            let ours = upload(csv, devices, pace);
            (ours.all.as_secs_f64() / alone.as_secs_f64(), ours, alone)
        })
        .collect();
    turns.sort_by(|one, other| one.0.total_cmp(&other.0));
    let (least, most) = (turns[0].0, turns[rounds - 1].0);
    let (ratio, Times { all, checked, recorded, sent, reported }, alone) = turns[rounds / 2];
    println!(
        "| {devices} {what} | {jobs} | {all:.2?} | {checked:.2?} | {recorded:.2?} | {sent:.2?} | {reported:.2?} | {alone:.2?} | {ratio:.2} ({least:.2} to {most:.2}) |"
    );
}

/// The duration of each step.
#[derive(Clone, Copy)]
struct Times {
    all: Duration,
    checked: Duration,
    recorded: Duration,
    sent: Duration,
    reported: Duration,
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

/// Returns the upload of a file.
fn upload_of(csv: &[u8], client: &Client) -> Upload {
    let fleet = Fleet::read(csv, "fleet.csv");
    assert!(!fleet.has_errors(), "{:?}", fleet.findings());
    let upload = Upload::routed(fleet, |row| {
        let customer = client.customer(CustomerId::new(row.customer()?).ok()?);
        Some((customer, BatchId::new(row.group_tag()?).ok()?))
    });
    upload.concurrency(CONCURRENCY)
}

/// Uploads a file and measures the steps.
fn upload(csv: &[u8], devices: usize, pace: Pace) -> Times {
    let service = Service::start(pace);
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("end_to_end.journal");
    drop(std::fs::remove_file(&path));
    let client = Client::builder().base_url(format!("http://{}", service.address));
    let client = client.token("token".to_owned()).build().unwrap();
    let start = Instant::now();
    let upload = upload_of(csv, &client).journal(Journal::open(&path).unwrap());
    let checked = start.elapsed();
    let (mut recorded, mut last) = (None, Duration::ZERO);
    let report = runtime().block_on(upload.run(|event| match event {
        Event::Planned { .. } if recorded.is_none() => recorded = Some(start.elapsed()),
        _ => last = start.elapsed(),
    }));
    let all = start.elapsed();
    assert_eq!(report.unwrap().totals().registered, devices);
    service.stop();
    std::fs::remove_file(path).unwrap();
    let recorded = recorded.unwrap();
    Times {
        all,
        checked,
        recorded: recorded - checked,
        sent: last - recorded,
        reported: all - last,
    }
}

/// Checks that an upload with a rate limit takes as long as the limit requires.
fn throttled(csv: &[u8]) {
    let rate = 40.0;
    let emulator = Emulator::builder().pace(Pace::instant()).in_process();
    let requests = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&requests);
    let service = move |request: Request<Bytes>| {
        counted.fetch_add(1, Ordering::Relaxed);
        emulator.handle(&request).response().unwrap()
    };
    let client = Client::builder().in_process(service).requests_per_second(rate).build().unwrap();
    let start = Instant::now();
    let report = runtime().block_on(upload_of(csv, &client).run(|_| ())).unwrap();
    let took = start.elapsed();
    assert!(report.all_succeeded());
    let requests = requests.load(Ordering::Relaxed);
    let allowed = Duration::from_secs_f64(requests as f64 / rate);
    println!(
        "\n{requests} requests, {rate} a second: {took:.2?}, the rate allows {allowed:.2?}, ratio {:.3}",
        took.as_secs_f64() / allowed.as_secs_f64()
    );
}

// ---- The baseline -------------------------------------------------------------------------------------

/// The remaining requests to a batch.
#[derive(Clone, Default)]
struct Batch {
    /// The requests, in order: the path below the root, and the body.
    uploads: VecDeque<(String, Bytes)>,
    /// The job that must finish first: the one that creates the batch, or the last one.
    waits_for: Option<String>,
}

/// Records the requests that upload a file, by customer.
fn record(csv: &[u8]) -> Vec<Batch> {
    let emulator = Emulator::builder().pace(Pace::instant()).in_process();
    let recorded: Arc<Mutex<Vec<(String, Batch)>>> = Arc::default();
    let recorder = Arc::clone(&recorded);
    let service = move |request: Request<Bytes>| {
        if request.method() == "POST" {
            let path = request.uri().path().to_owned();
            let customer = path.split('/').nth(3).unwrap().to_owned();
            let upload = (path, request.body().clone());
            let mut recorded = recorder.lock().unwrap();
            match recorded.iter_mut().find(|(of, _)| *of == customer) {
                Some((_, batch)) => batch.uploads.push_back(upload),
                None => {
                    let uploads = VecDeque::from([upload]);
                    recorded.push((customer, Batch { uploads, ..Batch::default() }));
                }
            }
        }
        emulator.handle(&request).response().unwrap()
    };
    let client = Client::builder().in_process(service).build().unwrap();
    runtime().block_on(upload_of(csv, &client).run(|_| ())).unwrap();
    let recorded = std::mem::take(&mut *recorded.lock().unwrap());
    recorded.into_iter().map(|(_, batch)| batch).collect()
}

/// The waiting batches, and the number of batches being processed.
type Queue = (Mutex<(VecDeque<Batch>, usize)>, Condvar);

/// The pause before a job is polled again.
const POLL_DELAY: Duration = Duration::from_millis(50);

/// Replays recorded uploads to a new emulator and polls each job once, with the concurrency of an upload. The requests of a
/// batch are sent one after another, and batches take turns. The job that creates a batch and the last job of each batch
/// are polled until they finish.
fn replay(prepared: &[Batch], pace: Pace) -> Duration {
    let service = Service::start(pace);
    let queue: Arc<Queue> = Arc::new((Mutex::new((prepared.to_vec().into(), 0)), Condvar::new()));
    let start = Instant::now();
    let workers: Vec<_> = (0..CONCURRENCY)
        .map(|_| {
            let (queue, address) = (Arc::clone(&queue), service.address.clone());
            thread::spawn(move || {
                let mut connection = Connection::open(&address);
                while let Some(mut batch) = take(&queue) {
                    if let Some(job) = &batch.waits_for {
                        if is_finished(&connection.send("GET", job, b"").1) {
                            batch.waits_for = None;
                        } else {
                            thread::sleep(POLL_DELAY);
                        }
                    } else if let Some((path, body)) = batch.uploads.pop_front() {
                        let creates = path.ends_with("deviceBatches");
                        if creates {
                            connection.send("GET", &path, b"");
                        }
                        let (job, _) = connection.send("POST", &path, &body);
                        let job = job.unwrap();
                        let job =
                            job.find("/v1/").map_or(format!("/v1/{job}"), |at| job[at..].into());
                        let (_, status) = connection.send("GET", &job, b"");
                        let must_wait = creates || batch.uploads.is_empty();
                        batch.waits_for = (must_wait && !is_finished(&status)).then_some(job);
                    }
                    give_back(&queue, batch);
                }
            })
        })
        .collect();
    workers.into_iter().for_each(|worker| worker.join().unwrap());
    let took = start.elapsed();
    service.stop();
    took
}

/// Returns the next batch, or `None` if all are done.
fn take(queue: &Queue) -> Option<Batch> {
    let mut state = queue.0.lock().unwrap();
    loop {
        if let Some(batch) = state.0.pop_front() {
            state.1 += 1;
            return Some(batch);
        }
        if state.1 == 0 {
            return None;
        }
        state = queue.1.wait(state).unwrap();
    }
}

fn give_back(queue: &Queue, batch: Batch) {
    let mut state = queue.0.lock().unwrap();
    state.1 -= 1;
    if !batch.uploads.is_empty() || batch.waits_for.is_some() {
        state.0.push_back(batch);
    }
    queue.1.notify_all();
}

/// Returns whether a job status is final.
fn is_finished(response: &[u8]) -> bool {
    #[derive(Deserialize)]
    struct Job<'a> {
        status: &'a str,
    }
    serde_json::from_slice::<Job<'_>>(response).unwrap().status == "finished"
}

/// A minimal HTTP client.
struct Connection(BufReader<TcpStream>);

impl Connection {
    fn open(address: &str) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        Self(BufReader::with_capacity(1 << 16, stream))
    }

    /// Sends a request. Returns the `Location` and the body of the response.
    fn send(&mut self, method: &str, path: &str, body: &[u8]) -> (Option<String>, Vec<u8>) {
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer token\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        let stream = self.0.get_mut();
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(body).unwrap();
        let (mut line, mut length, mut location) = (String::new(), None, None);
        self.0.read_line(&mut line).unwrap();
        assert!(line.starts_with("HTTP/1.1 2"), "{line} {path}");
        while line != "\r\n" {
            line.clear();
            self.0.read_line(&mut line).unwrap();
            if let Some((name, value)) = line.split_once(": ") {
                match name.to_ascii_lowercase().as_str() {
                    "content-length" => length = value.trim().parse().ok(),
                    "location" => location = Some(value.trim().to_owned()),
                    _ => {}
                }
            }
        }
        let mut body = vec![0; length.unwrap_or(0)];
        self.0.read_exact(&mut body).unwrap();
        (location, body)
    }
}

/// The emulator on a separate thread.
struct Service {
    address: String,
    stop: oneshot::Sender<()>,
    thread: JoinHandle<()>,
}

impl Service {
    fn start(pace: Pace) -> Self {
        let (stop, stopped) = oneshot::channel::<()>();
        let (address, found) = mpsc::channel();
        let thread = thread::spawn(move || {
            runtime().block_on(async {
                let emulator = Emulator::builder().pace(pace).start().await.unwrap();
                address.send(emulator.url().trim_start_matches("http://").to_owned()).unwrap();
                drop(stopped.await);
            });
        });
        Self { address: found.recv().unwrap(), stop, thread }
    }

    fn stop(self) {
        drop(self.stop);
        self.thread.join().unwrap();
    }
}

// ---- The files ----------------------------------------------------------------------------------------------

fn hashes(devices: usize) -> Vec<u8> {
    let mut csv = Vec::with_capacity(devices * 4200);
    device_file::DeviceFile::new(devices, CUSTOMERS).read_to_end(&mut csv).unwrap();
    csv
}

fn serials(devices: usize) -> Vec<u8> {
    let mut csv =
        b"Device Serial Number,Manufacturer name,Device model,Tenant ID,Group Tag\n".to_vec();
    for device in 0..devices {
        let customer = device % CUSTOMERS;
        writeln!(
            csv,
            "S{device:09},Dell Inc.,Latitude 5450,00000000-0000-4000-8000-{customer:012},Berlin"
        )
        .unwrap();
    }
    csv
}
