//! 100,000 devices from a file to their outcomes: read, checked, written into a journal on the disk, sent to the
//! emulator, followed, reported. `cargo bench -p partner-center-devices-fleet --bench end_to_end`; a number after `--`
//! is another count of devices. Figures and how to read them: README.md here.
//!
//! Beside it, what the emulator alone needs for the same requests: they were recorded, and are sent again to a new
//! emulator, as prepared bytes over as many bare connections as the upload has requests at once. Both go over the
//! loopback to an emulator on a thread of its own. Its jobs are over at once; in the last line of each file they take
//! their time, as when it is run by hand, and both wait for them where they must.

#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::disallowed_methods)] // a program that measures

mod file;

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
const AT_ONCE: usize = 4;
const ROUNDS: usize = 7;

fn main() {
    let devices = std::env::args().find_map(|arg| arg.parse().ok()).unwrap_or(100_000);
    let serials = serials(devices);
    println!(
        "| devices | jobs | all | read, check | write down | send | report | emulator alone | ratio |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    for (what, csv) in [("hash", &hashes(devices)), ("serial", &serials)] {
        let prepared = record(csv);
        compare(csv, devices, &prepared, what, ("at once", Pace::instant(), ROUNDS));
        compare(csv, devices, &prepared, what, ("as it ships", Pace::default(), 1));
    }
    throttled(&serials);
}

/// Both in turns, and the line of the median.
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
    let (ratio, Times { all, checked, begun, sent, reported }, alone) = turns[rounds / 2];
    println!(
        "| {devices} {what} | {jobs} | {all:.2?} | {checked:.2?} | {begun:.2?} | {sent:.2?} | {reported:.2?} | {alone:.2?} | {ratio:.2} ({least:.2} to {most:.2}) |"
    );
}

/// How long each step took.
#[derive(Clone, Copy)]
struct Times {
    all: Duration,
    checked: Duration,
    begun: Duration,
    sent: Duration,
    reported: Duration,
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

/// The upload of a file.
fn sending(csv: &[u8], client: &Client) -> Upload {
    let fleet = Fleet::read(csv, "fleet.csv");
    assert!(!fleet.has_errors(), "{:?}", fleet.findings());
    let upload = Upload::routed(fleet, |row| {
        let customer = client.customer(CustomerId::new(row.customer()?).ok()?);
        Some((customer, BatchId::new(row.group_tag()?).ok()?))
    });
    upload.concurrency(AT_ONCE)
}

/// From the file to the report.
fn upload(csv: &[u8], devices: usize, pace: Pace) -> Times {
    let service = Service::start(pace);
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("end_to_end.journal");
    drop(std::fs::remove_file(&path));
    let client = Client::builder().base_url(format!("http://{}", service.address));
    let client = client.token("token".to_owned()).build().unwrap();
    let start = Instant::now();
    let upload = sending(csv, &client).journal(Journal::open(&path).unwrap());
    let checked = start.elapsed();
    let (mut begun, mut last) = (None, Duration::ZERO);
    let report = runtime().block_on(upload.run(|event| match event {
        Event::Planned { .. } if begun.is_none() => begun = Some(start.elapsed()),
        _ => last = start.elapsed(),
    }));
    let all = start.elapsed();
    assert_eq!(report.unwrap().totals().registered, devices);
    service.stop();
    std::fs::remove_file(path).unwrap();
    let begun = begun.unwrap();
    Times { all, checked, begun: begun - checked, sent: last - begun, reported: all - last }
}

/// With a rate of its own, an upload takes as long as the rate allows.
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
    let report = runtime().block_on(sending(csv, &client).run(|_| ())).unwrap();
    let took = start.elapsed();
    assert!(report.all_succeeded());
    let requests = requests.load(Ordering::Relaxed);
    let allowed = Duration::from_secs_f64(requests as f64 / rate);
    println!(
        "\n{requests} requests, {rate} a second: {took:.2?}, the rate allows {allowed:.2?}, ratio {:.3}",
        took.as_secs_f64() / allowed.as_secs_f64()
    );
}

// ---- The emulator alone -------------------------------------------------------------------------------------

/// What is left to do for a batch.
#[derive(Clone, Default)]
struct Batch {
    /// The requests, in order: the path below the root, and the body.
    uploads: VecDeque<(String, Bytes)>,
    /// The job that must be over before anything else is done: the one that makes the batch, and the last.
    waits_for: Option<String>,
}

/// The uploads that are sent for a file, by customer.
fn record(csv: &[u8]) -> Vec<Batch> {
    let emulator = Emulator::builder().pace(Pace::instant()).in_process();
    let seen: Arc<Mutex<Vec<(String, Batch)>>> = Arc::default();
    let noted = Arc::clone(&seen);
    let service = move |request: Request<Bytes>| {
        if request.method() == "POST" {
            let path = request.uri().path().to_owned();
            let customer = path.split('/').nth(3).unwrap().to_owned();
            let upload = (path, request.body().clone());
            let mut seen = noted.lock().unwrap();
            match seen.iter_mut().find(|(of, _)| *of == customer) {
                Some((_, batch)) => batch.uploads.push_back(upload),
                None => {
                    let uploads = VecDeque::from([upload]);
                    seen.push((customer, Batch { uploads, ..Batch::default() }));
                }
            }
        }
        emulator.handle(&request).response().unwrap()
    };
    let client = Client::builder().in_process(service).build().unwrap();
    runtime().block_on(sending(csv, &client).run(|_| ())).unwrap();
    let seen = std::mem::take(&mut *seen.lock().unwrap());
    seen.into_iter().map(|(_, batch)| batch).collect()
}

/// Batches that wait, and how many are in hand.
type Queue = (Mutex<(VecDeque<Batch>, usize)>, Condvar);

/// How long a hand waits before it looks again at a job.
const PAUSE: Duration = Duration::from_millis(50);

/// Sends recorded uploads to a new emulator and looks once at each job: as many at once as an upload has, those of a
/// batch one after another, the batches in turn. A batch must be there before it is appended to, and the last job of
/// each must be over: they are looked at until they are.
fn replay(prepared: &[Batch], pace: Pace) -> Duration {
    let service = Service::start(pace);
    let queue: Arc<Queue> = Arc::new((Mutex::new((prepared.to_vec().into(), 0)), Condvar::new()));
    let start = Instant::now();
    let hands: Vec<_> = (0..AT_ONCE)
        .map(|_| {
            let (queue, address) = (Arc::clone(&queue), service.address.clone());
            thread::spawn(move || {
                let mut connection = Connection::open(&address);
                while let Some(mut batch) = take(&queue) {
                    if let Some(job) = &batch.waits_for {
                        if is_over(&connection.ask("GET", job, b"").1) {
                            batch.waits_for = None;
                        } else {
                            thread::sleep(PAUSE);
                        }
                    } else if let Some((path, body)) = batch.uploads.pop_front() {
                        let makes = path.ends_with("deviceBatches");
                        if makes {
                            connection.ask("GET", &path, b"");
                        }
                        let (job, _) = connection.ask("POST", &path, &body);
                        let job = job.unwrap();
                        let job =
                            job.find("/v1/").map_or(format!("/v1/{job}"), |at| job[at..].into());
                        let (_, status) = connection.ask("GET", &job, b"");
                        let matters = makes || batch.uploads.is_empty();
                        batch.waits_for = (matters && !is_over(&status)).then_some(job);
                    }
                    give_back(&queue, batch);
                }
            })
        })
        .collect();
    hands.into_iter().for_each(|hand| hand.join().unwrap());
    let took = start.elapsed();
    service.stop();
    took
}

/// The next batch whose turn it is; nothing if all is done.
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

/// Whether this says that a job is over.
fn is_over(answer: &[u8]) -> bool {
    #[derive(Deserialize)]
    struct Job<'a> {
        status: &'a str,
    }
    serde_json::from_slice::<Job<'_>>(answer).unwrap().status == "finished"
}

/// The least that speaks HTTP.
struct Connection(BufReader<TcpStream>);

impl Connection {
    fn open(address: &str) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        Self(BufReader::with_capacity(1 << 16, stream))
    }

    /// The `Location` of the answer, and its body.
    fn ask(&mut self, method: &str, path: &str, body: &[u8]) -> (Option<String>, Vec<u8>) {
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

/// The emulator on a thread of its own.
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
    file::File::new(devices, CUSTOMERS).read_to_end(&mut csv).unwrap();
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
