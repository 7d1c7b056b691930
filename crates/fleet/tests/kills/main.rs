//! Kills an upload with SIGKILL at random moments and resumes it, many times. Checks that every row has one result, that
//! every device is registered, and that accepted devices are not sent again.
//!
//! ```text
//! cargo test --release -p partner-center-devices-fleet --test kills -- --kills 300 --devices 20000 --customers 50
//! ```
//!
//! With `--lost-answers`, the service does most requests that create a batch, and many of those that add devices, without an
//! answer. In every second run it also forgets request ids, so that the same id proves nothing:
//!
//! ```text
//! cargo test --release -p partner-center-devices-fleet --test kills -- --lost-answers --kills 300 --devices 2000 --customers 20
//! ```
//!
//! Without arguments it runs a short form of both. `--seed` repeats the fleet, the faults and the moments, but not
//! the scheduling of the operating system. The uploads are separate processes that run this program. The emulator runs in
//! this process, with faults, behind a proxy that records every request (see `wire`). The checks use the recorded
//! requests, the emulator's state and the journal.
#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::disallowed_methods)] // a program that measures

mod child;
mod files;
mod verdict;
mod wire;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use partner_center_devices_emulator::{Emulator, FaultRules, Pace};
use tokio::sync::oneshot;

use files::Files;
use verdict::Counts;
use wire::Wire;

/// The maximum number of kills during the upload of one fleet.
const MAX_KILLS_PER_FLEET: usize = 10;

/// The maximum number of consecutive runs that end with failed calls because of injected faults.
const MAX_FAILURES: usize = 20;

#[derive(Clone, Copy, Debug)]
struct Options {
    kills: usize,
    devices: usize,
    customers: usize,
    seed: u64,
    lost_answers: bool,
}

/// The answers that the upload gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answers {
    /// Most of them, with faults of all kinds.
    Most,
    /// Few answers to uploads. The service remembers request ids.
    Lost,
    /// Few answers to uploads, and the service treats each request as a new one.
    LostAndForgotten,
}

impl Answers {
    fn of(options: Options, run: usize) -> Self {
        match (options.lost_answers, run % 2) {
            (false, _) => Self::Most,
            (true, 0) => Self::Lost,
            (true, _) => Self::LostAndForgotten,
        }
    }

    fn faults(self) -> &'static str {
        match self {
            Self::Most => FAULTS,
            Self::Lost | Self::LostAndForgotten => LOST_ANSWERS,
        }
    }

    /// Returns the pace of jobs. A service that forgets ids registers devices immediately: an upload reads a batch a second time only
    /// minutes later.
    fn pace(self) -> Pace {
        match self {
            Self::LostAndForgotten => Pace::instant(),
            Self::Most | Self::Lost => Pace {
                queued: Duration::from_millis(30),
                processing: Duration::from_millis(50),
                per_device: Duration::from_millis(2),
                at_most: Duration::from_millis(400),
            },
        }
    }
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if let [mode, url, folder, chunk] = &args[..]
        && mode == "--child"
    {
        child::main(url, Path::new(folder), chunk.parse().unwrap());
    }
    let Some(options) = options(&args) else { return };
    campaign(options);
    if args.iter().all(|arg| !arg.starts_with("--kills")) && !options.lost_answers {
        let short =
            Options { kills: 6, devices: 360, customers: 12, lost_answers: true, ..options };
        campaign(short);
    }
}

/// Uploads fleets until the number of kills is reached, and prints the counts.
fn campaign(options: Options) {
    println!("{options:?}");
    let began = Instant::now();
    let mut random = fastrand::Rng::with_seed(options.seed);
    // The duration of a run without kills. Its result is checked like the others.
    let (whole, mut counts) = fleet(options, 0, &mut random, &[]);
    let mut runs = 1;
    while counts.kills < options.kills {
        let kills = (options.kills - counts.kills).min(MAX_KILLS_PER_FLEET);
        let mut moments: Vec<Duration> = (0..kills).map(|_| whole.mul_f64(random.f64())).collect();
        moments.sort_unstable();
        counts += fleet(options, runs, &mut random, &moments).1;
        runs += 1;
    }
    println!(
        "{runs} runs of {} rows, of {whole:.2?} each without kills, in {:.0?}",
        counts.rows / runs,
        began.elapsed()
    );
    println!("{counts}");
    // Otherwise the test would not try what it is for.
    assert!(!options.lost_answers || counts.by_list_and_record > 0, "no row has an audit record");
    println!(
        "every row has one result, every device is registered, accepted devices were not sent again"
    );
}

/// Parses the arguments. Returns `None` if they select another test.
fn options(args: &[String]) -> Option<Options> {
    let mut options = Options {
        kills: 8,
        devices: 1000,
        customers: 5,
        seed: fastrand::u64(..),
        lost_answers: false,
    };
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        let mut number = || args.next().and_then(|text| text.parse::<u64>().ok()).unwrap();
        match arg.as_str() {
            "--kills" => options.kills = number() as usize,
            "--devices" => options.devices = number() as usize,
            "--customers" => options.customers = number() as usize,
            "--seed" => options.seed = number(),
            "--lost-answers" => options.lost_answers = true,
            "--list" => return None, // this program has no named tests
            other if other.starts_with('-') => {} // options of the standard test harness
            other if "kills".contains(other) => {}
            _ => return None, // selects another test
        }
    }
    Some(options)
}

/// Uploads one fleet to a new emulator, with a kill at each of the moments. Returns the duration, including kills.
fn fleet(
    options: Options,
    run: usize,
    random: &mut fastrand::Rng,
    moments: &[Duration],
) -> (Duration, Counts) {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
        .join("kills")
        .join(format!("{}-{run}", std::process::id()));
    drop(std::fs::remove_dir_all(&folder));
    let answers = Answers::of(options, run);
    let Options { devices, customers, lost_answers, .. } = options;
    let files = Files::write(&folder, devices, customers, lost_answers, random);
    let service = Service::start(random.u64(..), answers);
    let wire = Wire::start(&service.address, answers == Answers::LostAndForgotten);
    // Some eight requests for each batch.
    let chunk = (options.devices / options.customers / 8).clamp(1, 500);
    let upload = || {
        wire.next_process();
        Command::new(std::env::current_exe().unwrap())
            .arg("--child")
            .arg(wire.url())
            .arg(&folder)
            .arg(chunk.to_string())
            .stdin(Stdio::null())
            .spawn()
            .unwrap()
    };

    let mut counts = Counts::default();
    let began = Instant::now();
    let mut running = Duration::ZERO;
    let mut failures = 0;
    let mut moments = moments.iter();
    let mut next = moments.next();
    loop {
        let (mut process, started) = (upload(), Instant::now());
        let ended = loop {
            if let Some(status) = process.try_wait().unwrap() {
                break Some(status);
            }
            if next.is_some_and(|moment| running + started.elapsed() >= *moment) {
                process.kill().unwrap();
                process.wait().unwrap();
                break None;
            }
            thread::sleep(Duration::from_millis(1));
        };
        running += started.elapsed();
        match ended.map(|status| status.code()) {
            None => {
                counts.kills += 1;
                failures = 0;
                next = moments.next();
            }
            Some(Some(0)) => break,
            Some(Some(child::UNFINISHED)) if failures < MAX_FAILURES => {
                counts.failures += 1;
                failures += 1;
            }
            Some(code) => panic!("an upload exited with {code:?}; see {}", folder.display()),
        }
    }
    let took = began.elapsed();
    let seen = wire.stop();
    let world = service.stop();
    counts += verdict::check(&folder, &files, &world, &seen, answers);
    std::fs::remove_dir_all(&folder).unwrap();
    (took, counts)
}

/// The emulator on a separate thread.
struct Service {
    address: String,
    stop: oneshot::Sender<()>,
    thread: JoinHandle<String>,
}

impl Service {
    fn start(seed: u64, answers: Answers) -> Self {
        let (stop, stopped) = oneshot::channel::<()>();
        let (address, found) = mpsc::channel();
        let thread = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.unwrap().block_on(async {
                let faults = FaultRules::from_yaml(answers.faults()).unwrap();
                let emulator = Emulator::builder().seed(seed).pace(answers.pace()).faults(faults);
                let emulator = emulator.start().await.unwrap();
                address.send(emulator.url().trim_start_matches("http://").to_owned()).unwrap();
                drop(stopped.await);
                emulator.world().to_json()
            })
        });
        Self { address: found.recv().unwrap(), stop, thread }
    }

    /// Stops the emulator and returns its state.
    fn stop(self) -> String {
        drop(self.stop);
        self.thread.join().unwrap()
    }
}

/// The injected faults. They affect about one request in four.
const FAULTS: &str = "
rules:
  - { id: slow, effect: { latency: { milliseconds: 1, upTo: 40 } } }
  - { id: lost-before, matching: { probability: 0.03 }, effect: dropBefore }
  - { id: lost-after, matching: { method: POST, probability: 0.08 }, effect: dropAfter }
  - { id: lost-reads, matching: { method: GET, probability: 0.02 }, effect: dropAfter }
  - { id: cut, matching: { method: GET, probability: 0.03 }, effect: { truncate: { bytes: 60 } } }
  - { id: pieces, matching: { method: GET, probability: 0.02 }, effect: { slowBody: { pieceBytes: 700, pauseMilliseconds: 3 } } }
  - { id: broken, matching: { method: POST, probability: 0.01 }, effect: { status: { status: 500 } } }
  - { id: gateway, matching: { probability: 0.02 }, effect: { status: { status: 502, body: html } } }
  - { id: away, matching: { probability: 0.01 }, effect: { status: { status: 503, body: empty } } }
  - { id: throttled, matching: { probability: 0.004 }, effect: { throttle: { seconds: 1 } } }
  - { id: dates, matching: { probability: 0.1 }, effect: { dates: sevenDigits } }
  - { id: mark, matching: { probability: 0.1 }, effect: byteOrderMark }
  - { id: uneven, matching: { method: POST }, effect: { jobPace: { factor: 0.3, upTo: 3 } } }
";

/// The service does the work of most creates, and of many other uploads, and closes the connection without an answer.
const LOST_ANSWERS: &str = "
rules:
  - { id: lost-creates, matching: { operations: [create_device_batch], probability: 0.6 }, effect: dropAfter }
  - { id: lost-additions, matching: { operations: [add_devices], probability: 0.3 }, effect: dropAfter }
  - { id: lost-reads, matching: { method: GET, probability: 0.01 }, effect: dropAfter }
  - { id: slow, effect: { latency: { milliseconds: 1, upTo: 20 } } }
";
