//! Measures speed and memory for a million rows with hardware hashes, 4 gigabytes: reading, checking, and cutting into
//! requests. Run `cargo bench -p partner-center-devices-fleet --bench million`; a number after `--` sets the number of
//! rows. README.md in this directory has the results.
//!
//! The file is generated while it is read. The baseline, measured in the same run, is the minimum work of any program:
//! `csv` splits the records and `serde_json` writes the same bodies. The time to generate the file is measured separately
//! and subtracted from both. If valgrind is installed, instructions are counted too.

#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::disallowed_methods)] // a program that measures

mod device_file;

use std::io::{self, Write};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use partner_center_devices::{BatchId, DeviceIdentity};
use partner_center_devices_fleet::internals::{Checker, Chunk, Chunker};
use partner_center_devices_fleet::{ChunkLimits, InputItem, RowStatus, read};
use serde::Serialize;

use device_file::DeviceFile;

const MIB: usize = 1 << 20;
const ROUNDS: usize = 11;

fn main() {
    let args: Vec<String> = std::env::args().collect();
    if let [_, mode, way, rows] = &args[..]
        && mode == "run"
    {
        run(way, rows.parse().unwrap());
        return;
    }
    let rows = args.iter().skip(1).find_map(|arg| arg.parse().ok()).unwrap_or(1_000_000);
    // This crate runs first, so the peak memory is its own.
    println!("| rows | this crate | rows per second | peak memory |\n|---|---|---|---|");
    for part in [rows / 100, rows / 10, rows] {
        let spent = run("ours", part);
        let memory = peak().map_or("unknown".to_owned(), |peak| format!("{} MiB", peak / MIB));
        let speed = part as f64 / spent.as_secs_f64();
        println!("| {part} | {spent:.2?} | {speed:.0} | {memory} |");
    }

    // The three alternate, because the load of the machine changes.
    let mut ratios: Vec<(f64, [Duration; 3])> = (0..ROUNDS)
        .map(|_| {
            let [ours, floor, file] = ["ours", "floor", "file"].map(|way| run(way, rows / 10));
            let ratio =
                floor.saturating_sub(file).as_secs_f64() / ours.saturating_sub(file).as_secs_f64();
            (ratio, [ours, floor, file])
        })
        .collect();
    ratios.sort_by(|one, other| one.0.total_cmp(&other.0));
    let (ratio, [ours, floor, file]) = ratios[ROUNDS / 2];
    println!(
        "\n{} rows: {ours:.2?}; csv and serde_json only {floor:.2?}; generating the file {file:.2?}",
        rows / 10
    );
    println!("speed, ratio to csv and serde_json: {ratio:.2} (median of {ROUNDS})");

    let few = (rows / 200).max(200);
    let counted = |way: &str| Some(counted(way, few)? - counted(way, few / 2)?);
    if let (Some(ours), Some(floor), Some(file)) =
        (counted("ours"), counted("floor"), counted("file"))
    {
        let each = |count: u64| (count - file) / (few - few / 2) as u64;
        let ratio = each(floor) as f64 / each(ours) as f64;
        println!("instructions per row: {} and {}, ratio {ratio:.2}", each(ours), each(floor));
    }
}

/// Processes rows one of three ways. Returns the CPU time of this thread.
fn run(way: &str, rows: usize) -> Duration {
    let start = (Instant::now(), cpu_time());
    let mut file = DeviceFile::new(rows, 0);
    let mut sink = Sink::default();
    match way {
        "ours" => ours(file, &mut sink),
        "floor" => floor(file, &mut sink),
        _ => sink.bytes = io::copy(&mut file, &mut io::sink()).unwrap(),
    }
    assert!(sink.bytes > rows as u64 * 4000, "{}", sink.bytes);
    let cpu_time = cpu_time().zip(start.1).map(|(end, start)| end - start);
    cpu_time.unwrap_or_else(|| start.0.elapsed())
}

/// Reads, checks and cuts the rows, and writes the bodies.
fn ours(file: DeviceFile, sink: &mut Sink) {
    let (mut checker, batch) = (Checker::default(), BatchId::new("Berlin office").unwrap());
    let mut chunker = Chunker::new(ChunkLimits::default(), &batch);
    let mut write = |chunk: Chunk<DeviceIdentity>| {
        let before = sink.bytes;
        for device in chunk.devices() {
            device_to(
                sink,
                &Sent {
                    hardware_hash: device.hardware_hash().map(|hash| hash.expose()),
                    serial_number: device.serial_number(),
                    ..Sent::default()
                },
            );
        }
        assert!(sink.bytes - before < chunk.bytes() as u64);
    };
    for entry in read(file, "fleet.csv") {
        let InputItem::Row(row) = entry else { panic!("{entry:?}") };
        let checked = checker.check(row);
        assert!(checked.findings().is_empty(), "{:?}", checked.findings());
        let RowStatus::Ready(device) = checked.into_row().into_status() else { panic!() };
        if let Some(chunk) = chunker.push(device) {
            write(chunk);
        }
    }
    chunker.finish().into_iter().for_each(write);
}

/// Does the minimum: splits records, checks that cells are UTF-8, and writes bodies.
fn floor(file: DeviceFile, sink: &mut Sink) {
    let mut csv = csv::ReaderBuilder::new().buffer_capacity(1 << 16).from_reader(file);
    let mut record = csv::ByteRecord::new();
    while csv.read_byte_record(&mut record).unwrap() {
        let cell = |at: usize| Some(std::str::from_utf8(&record[at]).unwrap());
        let cell = |at: usize| cell(at).filter(|cell| !cell.is_empty());
        let (hardware_hash, serial_number) = (cell(2), cell(0));
        device_to(sink, &Sent { hardware_hash, serial_number, ..Sent::default() });
    }
}

#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Sent<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    hardware_hash: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    product_key: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    serial_number: Option<&'a str>,
}

fn device_to(sink: &mut Sink, device: &Sent<'_>) {
    serde_json::to_writer(sink, device).unwrap();
}

/// A writer that counts bytes.
#[derive(Default)]
struct Sink {
    bytes: u64,
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

// ---- Measuring ----------------------------------------------------------------------------------------

/// Returns the CPU time of this thread.
fn cpu_time() -> Option<Duration> {
    let times = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(Duration::from_nanos(times.split(' ').next()?.parse().ok()?))
}

/// Returns the peak memory of this process in bytes.
fn peak() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().strip_suffix("kB")?.trim().parse::<usize>().ok()? << 10)
}

/// Counts the instructions of one run under valgrind. Returns `None` if valgrind is not installed.
fn counted(way: &str, rows: usize) -> Option<u64> {
    let output = Command::new("valgrind")
        .args(["--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"])
        .arg(std::env::current_exe().unwrap())
        .args(["run", way, &rows.to_string()])
        .stdout(Stdio::null())
        .output()
        .ok()?;
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let line = said.lines().find(|line| line.contains("I   refs") || line.contains("I refs"))?;
    line.rsplit(' ').next()?.replace(',', "").parse().ok()
}
