//! A million devices in one emulator: memory, time of a page and of a job's status, and what a data folder costs.
//!
//! `cargo bench -p partner-center-devices-emulator --bench million`; a number after `--` is another count of devices.

#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::disallowed_methods)] // a program that measures

use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{Method, Request, Response};
use partner_center_devices_emulator::{Builder, Emulator, Pace};

const CUSTOMERS: usize = 100;
/// The most that one request may have.
const BATCH: usize = 1000;

fn main() {
    let devices: usize =
        std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(1_000_000);
    let builder = Emulator::builder().pace(Pace::instant());
    in_memory(&builder, devices);
    let folder =
        Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("million-{}", std::process::id()));
    drop(std::fs::remove_dir_all(&folder));
    in_a_folder(&builder.data(&folder), &folder, devices);
    std::fs::remove_dir_all(&folder).unwrap();
}

fn in_memory(builder: &Builder, devices: usize) {
    let before = memory();
    let mut core = builder.core();
    let mut ask =
        |request: &Request<Bytes>| core.handle(request, Duration::ZERO).response().unwrap();
    let (jobs, uploads) = upload_all(devices, &mut ask);
    let used = memory().zip(before).map(|(after, before)| after.saturating_sub(before));
    println!("in memory: {devices} devices, {} jobs", jobs.len());
    println!("  an upload of {BATCH}: {uploads}");
    match used {
        Some(used) => println!(
            "  memory: {} MiB, {} bytes for each device with its row in a job",
            used >> 20,
            used / devices
        ),
        None => println!("  memory: not known on this system"),
    }
    let place = jobs.len() / 2;
    let list = format!("/c{}/deviceBatches/b{place}/devices", place % CUSTOMERS);
    println!("  a page of 100 devices: {:.1?}", median(|| ask(&get(&list))));
    println!("  the status of a job of {BATCH}: {:.1?}", median(|| ask(&get(&jobs[place]))));
    let batches = format!("/c{}/deviceBatches", place % CUSTOMERS);
    println!("  the batches of a customer: {:.1?}", median(|| ask(&get(&batches))));
}

fn in_a_folder(builder: &Builder, folder: &Path, devices: usize) {
    let service = builder.open().unwrap();
    let (_, uploads) =
        upload_all(devices, &mut |request| service.handle(request).response().unwrap());
    drop(service);
    let sizes =
        std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().metadata().unwrap().len());
    let size: u64 = sizes.sum();
    println!("with a data folder:\n  an upload of {BATCH}: {uploads}");
    println!("  on disk: {} MiB, {} bytes for each device", size >> 20, size / devices as u64);
    let mut restart = Spent::default();
    let service = restart.by(|| builder.open().unwrap());
    println!("  restart: {restart}");
    assert_eq!(service.resumed().unwrap().changes as usize, devices.div_ceil(BATCH));
}

/// Registers all devices. Gives the paths of the jobs, and the mean time of an upload.
fn upload_all(
    devices: usize,
    ask: &mut impl FnMut(&Request<Bytes>) -> Response<Bytes>,
) -> (Vec<String>, Spent) {
    let mut jobs = Vec::new();
    let mut uploads = Spent::default();
    for first in (0..devices).step_by(BATCH) {
        let batch = first / BATCH;
        let mut body = format!("{{\"batchId\":\"b{batch}\",\"devices\":[");
        for number in first..devices.min(first + BATCH) {
            if number > first {
                body.push(',');
            }
            device(number, &mut body);
        }
        body.push_str("]}");
        let path = format!("/c{}/deviceBatches", batch % CUSTOMERS);
        let request = request(Method::POST, &path, body.into());
        let answer = uploads.by(|| ask(&request));
        let job = answer.headers()["location"].to_str().unwrap();
        jobs.push(job.strip_prefix("/customers").unwrap().to_owned());
    }
    // What was accepted last is done with the next request.
    ask(&get("/c0/policies"));
    (jobs, uploads)
}

/// All that can be sent of a device, with a hash of the usual 4,000 characters.
fn device(number: usize, into: &mut String) {
    let (manufacturer, model) = (number % 5, number % 40);
    write!(
        into,
        "{{\"serialNumber\":\"SN{number:08}\",\"productKey\":\"00329-{number:05}-0003-AA606\",\
         \"oemManufacturerName\":\"Manufacturer {manufacturer} Inc.\",\"modelName\":\"Workstation {model}\",\
         \"hardwareHash\":\"T0H{number:09}{:A<3988}\"}}",
        ""
    )
    .unwrap();
}

fn get(path: &str) -> Request<Bytes> {
    request(Method::GET, path, Bytes::new())
}

fn request(method: Method, path: &str, body: Bytes) -> Request<Bytes> {
    Request::builder()
        .method(method)
        .uri(format!("/v1/customers{path}"))
        .header("authorization", "Bearer t")
        .body(body)
        .unwrap()
}

fn median(mut run: impl FnMut() -> Response<Bytes>) -> Duration {
    let mut times: Vec<Duration> = (0..101)
        .map(|_| {
            let start = Instant::now();
            let answer = run();
            let time = start.elapsed();
            assert_eq!(answer.status(), 200);
            time
        })
        .collect();
    times.sort_unstable();
    times[times.len() / 2]
}

/// The mean time of something.
#[derive(Default)]
struct Spent {
    times: u32,
    passed: Duration,
    at_work: Option<Duration>,
}

impl Spent {
    fn by<A>(&mut self, run: impl FnOnce() -> A) -> A {
        let (start, before) = (Instant::now(), at_work());
        let done = run();
        self.times += 1;
        self.passed += start.elapsed();
        let more = at_work().zip(before).map(|(after, before)| after - before);
        self.at_work = more.map(|more| self.at_work.unwrap_or_default() + more);
        done
    }
}

impl std::fmt::Display for Spent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:.1?}", self.passed / self.times)?;
        let at_work = self.at_work.map(|time| time / self.times);
        at_work.map_or(Ok(()), |time| write!(f, " ({time:.1?} of a core)"))
    }
}

/// How long this thread has had a core; on a busy machine less than what has passed.
fn at_work() -> Option<Duration> {
    let times = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(Duration::from_nanos(times.split(' ').next()?.parse().ok()?))
}

/// What this process has in memory, in bytes.
fn memory() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    Some(line.trim().strip_suffix("kB")?.trim().parse::<usize>().ok()? << 10)
}
