//! Measures an emulator with a million devices: memory, the time for a page and for a job's status, the cost of a data
//! folder, and a generated world.
//!
//! `cargo bench -p partner-center-devices-emulator --bench million`; a number after `--` sets the number of devices.

#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::disallowed_methods)] // a benchmark

use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{Method, Request, Response};
use partner_center_devices_emulator::{Builder, Emulator, Pace, WorldFile};
use partner_center_devices_testkit::hash::HashBuilder;

const CUSTOMERS: usize = 100;
/// The number of devices in one request.
const BATCH: usize = 1000;

fn main() {
    let devices: usize =
        std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(1_000_000);
    let builder = Emulator::builder().pace(Pace::instant());
    generated(&builder, devices);
    in_memory(&builder, devices);
    let folder =
        Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("million-{}", std::process::id()));
    drop(std::fs::remove_dir_all(&folder));
    in_a_folder(&builder.data(&folder), &folder, devices);
    std::fs::remove_dir_all(&folder).unwrap();
}

/// Measures a generated world with five devices in a batch and 20 batches of a customer.
fn generated(builder: &Builder, devices: usize) {
    let before = memory();
    let world = format!(
        "generated: {{ customers: {}, batches: {}, devices: {devices} }}",
        devices.div_ceil(100),
        devices.div_ceil(5)
    );
    let mut start = MeanTime::default();
    let mut core =
        start.measure(|| builder.clone().world(WorldFile::from_yaml(&world).unwrap()).core());
    let used = memory().zip(before).map(|(after, before)| after.saturating_sub(before));
    println!("{world}");
    println!("  start: {start}");
    match used {
        Some(used) => println!("  memory: {} MiB", used >> 20),
        None => println!("  memory: unknown on this system"),
    }
    let mut call =
        |request: &Request<Bytes>| core.handle(request, Duration::ZERO).response().unwrap();
    println!("  a page of 500 customers: {:.1?}", median(|| call(&get("?size=500"))));
    let filter = "?size=0&filter=%7B%22Field%22%3A%22CompanyName%22%2C%22Value%22%3A%22Litware%20Services%20\
        %22%2C%22Operator%22%3A%22starts_with%22%7D";
    println!("  a filter by name: {:.1?}", median(|| call(&get(filter))));
}

fn in_memory(builder: &Builder, devices: usize) {
    let before = memory();
    let mut core = builder.core();
    let mut call =
        |request: &Request<Bytes>| core.handle(request, Duration::ZERO).response().unwrap();
    let (jobs, uploads) = upload_all(devices, &mut call);
    let used = memory().zip(before).map(|(after, before)| after.saturating_sub(before));
    println!("in memory: {devices} devices, {} jobs", jobs.len());
    println!("  an upload of {BATCH}: {uploads}");
    match used {
        Some(used) => println!(
            "  memory: {} MiB, {} bytes per device, including its row in a job",
            used >> 20,
            used / devices
        ),
        None => println!("  memory: unknown on this system"),
    }
    let place = jobs.len() / 2;
    let list = format!("/c{}/deviceBatches/b{place}/devices", place % CUSTOMERS);
    println!("  a page of 100 devices: {:.1?}", median(|| call(&get(&list))));
    println!("  the status of a job of {BATCH}: {:.1?}", median(|| call(&get(&jobs[place]))));
    let batches = format!("/c{}/deviceBatches", place % CUSTOMERS);
    println!("  the batches of a customer: {:.1?}", median(|| call(&get(&batches))));
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
    println!("  on disk: {} MiB, {} bytes per device", size >> 20, size / devices as u64);
    let mut restart = MeanTime::default();
    let service = restart.measure(|| builder.open().unwrap());
    println!("  restart: {restart}");
    assert_eq!(service.resumed().unwrap().changes as usize, devices.div_ceil(BATCH));
}

/// Registers all devices. Returns the paths of the jobs and the mean time of an upload.
fn upload_all(
    devices: usize,
    call: &mut impl FnMut(&Request<Bytes>) -> Response<Bytes>,
) -> (Vec<String>, MeanTime) {
    let mut jobs = Vec::new();
    let mut uploads = MeanTime::default();
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
        let response = uploads.measure(|| call(&request));
        let job = response.headers()["location"].to_str().unwrap();
        jobs.push(job.strip_prefix("/customers").unwrap().to_owned());
    }
    // The next request processes the last job.
    call(&get("/c0/policies"));
    (jobs, uploads)
}

/// Appends a device with all its fields, including a hash of the usual 4,000 characters.
fn device(number: usize, into: &mut String) {
    let serial = format!("SN{number:08}");
    let manufacturer = format!("Manufacturer {} Inc.", number % 5);
    let model = format!("Workstation {}", number % 40);
    // Real hashes have the TPM's key and the names of parts in further records.
    let hash = HashBuilder::of_device(&serial, &manufacturer, &model).record(13, &[0x5A; 1000]);
    write!(
        into,
        "{{\"serialNumber\":\"{serial}\",\"productKey\":\"33050{number:08}\",\
         \"oemManufacturerName\":\"{manufacturer}\",\"modelName\":\"{model}\",\
         \"hardwareHash\":\"{}\"}}",
        hash.encode()
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
            let response = run();
            let time = start.elapsed();
            assert_eq!(response.status(), 200);
            time
        })
        .collect();
    times.sort_unstable();
    times[times.len() / 2]
}

/// The mean elapsed time and CPU time of repeated runs.
#[derive(Default)]
struct MeanTime {
    runs: u32,
    elapsed: Duration,
    cpu: Option<Duration>,
}

impl MeanTime {
    fn measure<T>(&mut self, run: impl FnOnce() -> T) -> T {
        let (start, before) = (Instant::now(), cpu_time());
        let result = run();
        self.runs += 1;
        self.elapsed += start.elapsed();
        let cpu = cpu_time().zip(before).map(|(after, before)| after - before);
        self.cpu = cpu.map(|cpu| self.cpu.unwrap_or_default() + cpu);
        result
    }
}

impl std::fmt::Display for MeanTime {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:.1?}", self.elapsed / self.runs)?;
        let cpu = self.cpu.map(|time| time / self.runs);
        cpu.map_or(Ok(()), |time| write!(f, " ({time:.1?} of CPU time)"))
    }
}

/// Returns the CPU time of this thread. On a busy machine, it is less than the elapsed time.
fn cpu_time() -> Option<Duration> {
    let times = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(Duration::from_nanos(times.split(' ').next()?.parse().ok()?))
}

/// Returns the resident memory of this process in bytes.
fn memory() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    Some(line.trim().strip_suffix("kB")?.trim().parse::<usize>().ok()? << 10)
}
