//! A million rows with hardware hashes, 4 gigabytes: how fast they are read, checked and cut into requests, and in
//! how much memory. `cargo bench -p partner-center-devices-fleet --bench million`; a number after `--` is another
//! count of rows. Figures and how to read them: README.md here.
//!
//! The file is made while it is read. Beside this crate, in the same run, the least that any program would do: `csv`
//! splits the records and `serde_json` writes the same bodies. Making the file alone is measured too, and taken off
//! both. With valgrind on the path, instructions are counted as well.

#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::disallowed_methods)] // a program that measures

use std::io::{self, Read, Write};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use partner_center_devices::{BatchId, DeviceIdentity};
use partner_center_devices_fleet::{Checker, Chunk, ChunkLimits, Chunker, Entry, Verdict, read};
use serde::Serialize;
use sha2::{Digest, Sha256};

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
    // Ours first: the most memory that there ever was is then ours.
    println!("| rows | ours | rows a second | most memory |\n|---|---|---|---|");
    for part in [rows / 100, rows / 10, rows] {
        let spent = run("ours", part);
        let memory = peak().map_or("not known".to_owned(), |peak| format!("{} MiB", peak / MIB));
        let speed = part as f64 / spent.as_secs_f64();
        println!("| {part} | {spent:.2?} | {speed:.0} | {memory} |");
    }

    // In turns, because other work on the machine comes and goes.
    let mut ratios: Vec<(f64, [Duration; 3])> = (0..ROUNDS)
        .map(|_| {
            let [ours, floor, file] = ["ours", "floor", "file"].map(|way| run(way, rows / 10));
            let ratio = (floor - file).as_secs_f64() / (ours - file).as_secs_f64();
            (ratio, [ours, floor, file])
        })
        .collect();
    ratios.sort_by(|one, other| one.0.total_cmp(&other.0));
    let (ratio, [ours, floor, file]) = ratios[ROUNDS / 2];
    println!(
        "\n{} rows: {ours:.2?}; csv and serde_json alone {floor:.2?}; making the file {file:.2?}",
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
        println!("instructions for a row: {} and {}, ratio {ratio:.2}", each(ours), each(floor));
    }
}

/// Goes through so many rows. The time that this thread had a core.
fn run(way: &str, rows: usize) -> Duration {
    let start = (Instant::now(), at_work());
    let mut file = File::new(rows);
    let mut sink = Sink::default();
    match way {
        "ours" => ours(file, &mut sink),
        "floor" => floor(file, &mut sink),
        _ => sink.bytes = io::copy(&mut file, &mut io::sink()).unwrap(),
    }
    assert!(sink.bytes > rows as u64 * 4000, "{}", sink.bytes);
    let at_work = at_work().zip(start.1).map(|(end, start)| end - start);
    at_work.unwrap_or_else(|| start.0.elapsed())
}

/// Reads, checks, cuts, and writes the bodies.
fn ours(file: File, sink: &mut Sink) {
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
        let Entry::Row(row) = entry else { panic!("{entry:?}") };
        let checked = checker.check(row);
        assert!(checked.findings().is_empty(), "{:?}", checked.findings());
        let Verdict::Send(device) = checked.into_row().into_verdict() else { panic!() };
        if let Some(chunk) = chunker.push(device) {
            write(chunk);
        }
    }
    chunker.finish().into_iter().for_each(write);
}

/// The least: records split, cells known to be text, bodies written.
fn floor(file: File, sink: &mut Sink) {
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

/// Counts.
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

// ---- The file ---------------------------------------------------------------------------------------------

const HEADER: &str =
    "Device Serial Number,Windows Product ID,Hardware Hash,Manufacturer name,Device model\n";
/// Where the bytes of a hash change from row to row: its serial number is the last record, then the checksum.
const RECORDS: usize = 1260;
const SERIAL: usize = 10;

/// A file of hashes that hold, each with the serial number of its row, as cheap to make as may be.
struct File {
    header: &'static [u8],
    rows: usize,
    /// How many are made.
    made: usize,
    /// What is given out, and how much of it was.
    row: Vec<u8>,
    given: usize,
    /// Where the hash begins in a row, and the state of the checksum before the serial number.
    hash: usize,
    sum: Sha256,
}

impl File {
    fn new(rows: usize) -> Self {
        let (maker, model) = ("Dell Inc.", "Latitude 5450");
        let mut records = Vec::new();
        let mut add = |kind: u16, data: &[u8]| {
            records.extend(kind.to_le_bytes());
            records.extend((data.len() as u16 + 4).to_le_bytes());
            records.extend(data);
        };
        add(16, format!("{maker}\0").as_bytes());
        add(17, format!("{model}\0").as_bytes());
        add(12, &[7; 16]);
        // Something to fill, as the key of the TPM and the names of parts do.
        let rest = RECORDS - 4 - 4 - (4 + maker.len() + 1) - (4 + model.len() + 1) - 20;
        add(13, &vec![0x5A; rest]);
        let end = RECORDS + 4 + SERIAL + 1;
        let mut bytes = [b"OA", &(end as u16).to_le_bytes()[..], &records].concat();
        assert_eq!(bytes.len(), RECORDS);
        let sum = Sha256::new_with_prefix(&bytes);
        bytes.resize(3000, 0);

        let start = format!("{},,", "0".repeat(SERIAL));
        let row = format!("{start}{},{maker},{model}\n", STANDARD.encode(bytes)).into_bytes();
        let given = row.len();
        Self { header: HEADER.as_bytes(), rows, made: 0, row, given, hash: start.len(), sum }
    }

    fn make(&mut self) {
        let serial = format!("S{:0width$}", self.made, width = SERIAL - 1);
        let length = (4 + SERIAL + 1) as u8;
        let mut tail = [&[14, 0, length, 0][..], serial.as_bytes(), &[0]].concat();
        let sum = self.sum.clone().chain_update(&tail).finalize();
        tail.extend(b"CS\x24\0");
        tail.extend(sum);
        tail.resize(tail.len().next_multiple_of(3), 0);
        self.row[..SERIAL].copy_from_slice(serial.as_bytes());
        let place = self.hash + RECORDS / 3 * 4;
        let end = place + tail.len() / 3 * 4;
        STANDARD.encode_slice(tail, &mut self.row[place..end]).unwrap();
        (self.made, self.given) = (self.made + 1, 0);
    }
}

impl Read for File {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut filled = self.header.read(buffer)?;
        while filled < buffer.len() {
            if self.given == self.row.len() {
                if self.made == self.rows {
                    break;
                }
                self.make();
            }
            let count = (buffer.len() - filled).min(self.row.len() - self.given);
            let from = &self.row[self.given..self.given + count];
            buffer[filled..filled + count].copy_from_slice(from);
            (filled, self.given) = (filled + count, self.given + count);
        }
        Ok(filled)
    }
}

// ---- What it costs ----------------------------------------------------------------------------------------

/// How long this thread has had a core; on a busy machine less than what has passed.
fn at_work() -> Option<Duration> {
    let times = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(Duration::from_nanos(times.split(' ').next()?.parse().ok()?))
}

/// The most that this process ever had in memory, in bytes.
fn peak() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().strip_suffix("kB")?.trim().parse::<usize>().ok()? << 10)
}

/// Instructions of one run under valgrind; `None` if there is no valgrind.
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
