//! What a journal is for: uploads that go on after a stop, a crash or a change of the file, against the emulator in
//! this process, on a paused clock. And what a journal is as a file.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)] // a test may

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use partner_center_devices::raw::{BoxError, BoxFuture, Service};
use partner_center_devices::{
    BatchId, Client, CustomerId, DeviceBatch, ErrorKind, MatchedBy, Retry, Wait,
};
use partner_center_devices_emulator::{Emulator, InProcess, Pace};
use partner_center_devices_fleet::{
    CancellationToken, ChunkSize, ChunkState, Event, Fleet, Journal, JournalError, Journals,
    Report, Step, Upload, UploadError,
};

const ONE: &str = "47021739-3426-40bf-9601-61b4b6d7c793";
const OTHER: &str = "9f1d4b8e-1c55-4e0a-8b5b-0c7a3e7d2f10";
const HEADER: &str = "Tenant ID,Group Tag,Device Serial Number,Windows Product ID,Hardware Hash,Manufacturer name,Device model\n";

// ---- The service, and what was asked of it ------------------------------------------------------------------

/// What becomes of a request.
#[derive(Clone, Copy, PartialEq)]
enum Fate {
    Answered,
    /// This status; nothing is done.
    Refused(u16),
    /// It is done, and no answer ever comes.
    DoneInSilence,
    /// It is done, and a gateway says that it failed.
    DoneAndFailed,
    /// It is lost on its way, and no answer ever comes.
    Lost,
}
use Fate::{Answered, DoneInSilence, Lost, Refused};

type Rule = Box<dyn Fn(&mut Request<Bytes>) -> Fate + Send + Sync>;

/// An emulator with a rule before it. Clones are the same.
#[derive(Clone)]
struct Office {
    emulator: InProcess,
    calls: Arc<Mutex<Vec<Asked>>>,
    rule: Arc<Mutex<Rule>>,
}

#[derive(Clone, Debug)]
struct Asked {
    /// `POST /…` below the customer's id.
    what: String,
    customer: String,
    request_id: String,
    status: Option<u16>,
}

impl Office {
    fn new() -> Self {
        Self::with(Emulator::builder().in_process())
    }

    fn with(emulator: InProcess) -> Self {
        let rule: Rule = Box::new(|_| Answered);
        Self { emulator, calls: Arc::default(), rule: Arc::new(Mutex::new(rule)) }
    }

    fn rule(&self, rule: impl Fn(&mut Request<Bytes>) -> Fate + Send + Sync + 'static) {
        *self.rule.lock().unwrap() = Box::new(rule);
    }

    /// Only upload number `number` from now on, from 1, has this fate.
    fn upload_number(&self, number: usize, fate: Fate) {
        let uploads = AtomicUsize::new(0);
        self.rule(move |request| {
            let hit = is_upload(request) && uploads.fetch_add(1, Ordering::Relaxed) + 1 == number;
            if hit { fate } else { Answered }
        });
    }

    fn obey(&self) {
        self.rule(|_| Answered);
    }

    fn client(&self) -> Client {
        partner_center_devices_testkit::trace();
        Client::builder().in_process(self.clone()).retry(Retry::never()).build().unwrap()
    }

    /// Of these rows, two in each request.
    fn upload(&self, rows: &str) -> Upload {
        let client = self.client();
        let csv = format!("{HEADER}{rows}");
        let fleet = Fleet::read(csv.as_bytes(), "fleet.csv");
        let upload = Upload::routed(fleet, move |row| {
            let customer = client.customer(CustomerId::new(row.customer()?).ok()?);
            Some((customer, BatchId::new(row.group_tag()?).ok()?))
        });
        upload.chunk_size(ChunkSize::new(2).unwrap())
    }

    async fn run(&self, rows: &str, journal: &Path) -> Result<Report, UploadError> {
        self.upload(rows).journal(open(journal)).run(|_| ()).await
    }

    /// Runs until nothing happens any more, and ends like a process that is killed.
    async fn run_and_die(&self, rows: &str, journal: &Path) {
        let run = self.run(rows, journal);
        let ended = tokio::time::timeout(Duration::from_secs(100), run).await;
        assert!(ended.is_err(), "{ended:?}");
    }

    fn take(&self) -> Vec<Asked> {
        std::mem::take(&mut self.calls.lock().unwrap())
    }

    /// The uploads since the last time.
    fn uploads(&self) -> Vec<Asked> {
        self.take().into_iter().filter(|asked| asked.what.starts_with("POST")).collect()
    }

    async fn devices(&self, customer: &str, batch: &str) -> Vec<String> {
        let customer = self.client().customer(CustomerId::new(customer).unwrap());
        let listed = customer.device_batch(BatchId::new(batch).unwrap()).devices().list();
        let listed = listed.await.unwrap();
        self.take();
        listed.iter().map(|device| device.serial_number().unwrap_or("-").to_owned()).collect()
    }
}

fn is_upload(request: &Request<Bytes>) -> bool {
    request.method() == "POST"
}

fn is_look(request: &Request<Bytes>) -> bool {
    request.uri().path().to_ascii_lowercase().contains("batchjobstatus")
}

impl Service for Office {
    fn call(
        &self,
        mut request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Bytes>, BoxError>> {
        let header = |name| request.headers().get(name).unwrap().to_str().unwrap().to_owned();
        let request_id = header("ms-requestid");
        let path = request.uri().path();
        let (_, path) = path.split_once("/customers/").unwrap();
        let (customer, path) = path.split_once('/').unwrap();
        let what = format!("{} {path}", request.method());
        let customer = customer.to_owned();
        let fate = (self.rule.lock().unwrap())(&mut request);
        let place = {
            let mut calls = self.calls.lock().unwrap();
            calls.push(Asked { what, customer, request_id, status: None });
            calls.len() - 1
        };
        Box::pin(async move {
            let answer = match fate {
                Refused(status) => Response::builder().status(status).body(Bytes::new()).unwrap(),
                Lost => std::future::pending().await,
                Answered | DoneInSilence | Fate::DoneAndFailed => {
                    self.emulator.call(request).await?
                }
            };
            let answer = match fate {
                Fate::DoneAndFailed => Response::builder().status(502).body(Bytes::new()).unwrap(),
                _ => answer,
            };
            if fate == DoneInSilence {
                std::future::pending::<()>().await;
            }
            if let Some(asked) = self.calls.lock().unwrap().get_mut(place) {
                asked.status = Some(answer.status().as_u16());
            }
            Ok(answer)
        })
    }
}

// ---- Rows and files -----------------------------------------------------------------------------------------

/// Rows of the first customer, with serial numbers.
fn rows(numbers: std::ops::Range<usize>) -> String {
    numbers.map(|number| row(ONE, "Berlin", &format!("S{number:04}"))).collect()
}

fn row(customer: &str, batch: &str, serial: &str) -> String {
    format!("{customer},{batch},{serial},,,Contoso,Model 7\n")
}

/// Rows with hardware hashes and nothing else.
fn nameless(numbers: std::ops::Range<usize>) -> String {
    numbers.map(|number| format!("{ONE},Berlin,,,{},,\n", hash(number))).collect()
}

fn hash(number: usize) -> String {
    // Not one that holds, which is worth a warning only.
    format!("T0FuYW1lbGVzcw{number:06}")
}

/// A file of its own for each test.
fn file(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("journals");
    let folder = folder.join(format!("{}-{name}", std::process::id()));
    drop(fs::remove_dir_all(&folder));
    folder.join("run.journal")
}

fn open(path: &Path) -> Journal {
    Journal::open(path).unwrap()
}

fn outcomes(report: &Report) -> Vec<&'static str> {
    report.rows().iter().map(|row| row.outcome().id()).collect()
}

fn states(path: &Path) -> Vec<ChunkState> {
    open(path).chunks().unwrap().iter().map(|chunk| chunk.state).collect()
}

fn failures(error: &UploadError) -> Vec<(&str, Step, ErrorKind)> {
    let failures = error.failures().iter();
    failures.map(|f| (f.customer().as_str(), f.step(), f.error().kind())).collect()
}

// ---- Going on -----------------------------------------------------------------------------------------------

#[tokio::test(start_paused = true)]
async fn what_has_its_outcome_is_not_asked_for_again() {
    let (office, journal) = (Office::new(), file("again"));
    let rows = format!("{}{}", rows(0..3), row(ONE, "Berlin", "ZTD808-1"));
    let first = office.run(&rows, &journal).await.unwrap();
    assert_eq!(outcomes(&first), ["registered", "registered", "registered", "failed"]);
    assert_eq!(office.uploads().len(), 2);
    assert_eq!(states(&journal), [ChunkState::Settled; 2]);

    let mut events = Vec::new();
    let upload = office.upload(&rows).journal(open(&journal));
    let second = upload.run(|event| events.push(event)).await.unwrap();
    assert!(office.take().is_empty());
    assert!(matches!(events[..], [Event::Resumed { done: 4, unfinished: 0, total: 4, .. }]));
    let json = |report: &Report| serde_json::to_value(report).unwrap();
    assert_eq!(json(&first), json(&second));
    assert_eq!(json(&open(&journal).report().unwrap()), json(&second));
}

#[tokio::test(start_paused = true)]
async fn an_upload_that_is_stopped_goes_on() {
    let (office, journal) = (Office::new(), file("stopped"));
    let cancel = CancellationToken::new();
    let upload = office.upload(&rows(0..7)).journal(open(&journal)).cancel_with(cancel.clone());
    let report = upload.run(|event| {
        if let Event::Sent { chunk: 2, .. } = event {
            cancel.cancel();
        }
    });
    let report = report.await.unwrap();
    assert_eq!(report.stopped(), Some("the upload was cancelled"));
    let [two, unknown, not_sent] = [["registered"; 2], ["unknown"; 2], ["notSent"; 2]];
    assert_eq!(outcomes(&report), [&two[..], &unknown, &not_sent, &["notSent"]].concat());
    assert!(report.is_unfinished());

    let report = office.run(&rows(0..7), &journal).await.unwrap();
    assert_eq!((outcomes(&report), report.stopped()), (vec!["registered"; 7], None));
    let ids: Vec<_> = office.uploads().into_iter().map(|asked| asked.request_id).collect();
    assert_eq!(ids.len(), 4);
}

#[tokio::test(start_paused = true)]
async fn an_upload_without_an_answer_is_repeated_under_its_id() {
    for (number, fate) in [(1, DoneInSilence), (1, Lost), (2, DoneInSilence), (2, Lost)] {
        let (office, journal) = (Office::new(), file("no-answer"));
        office.upload_number(number, fate);
        office.run_and_die(&rows(0..5), &journal).await;
        let sent = office.uploads();
        assert_eq!(sent.len(), number);
        assert_eq!(states(&journal).last(), Some(&ChunkState::Noted));

        office.obey();
        let report = office.run(&rows(0..5), &journal).await.unwrap();
        assert_eq!(outcomes(&report), ["registered"; 5], "{number}");
        let repeated = office.uploads();
        assert_eq!(repeated[0].request_id, sent[number - 1].request_id);
        assert_eq!(repeated[0].what, sent[number - 1].what);
        assert_eq!(repeated.len() + sent.len(), 3 + 1);
        assert_eq!(office.devices(ONE, "Berlin").await.len(), 5);
    }
}

/// The service takes every request for a new one.
fn forget_ids(request: &mut Request<Bytes>) -> Fate {
    request.headers_mut().remove("ms-requestid");
    Answered
}

#[tokio::test(start_paused = true)]
async fn where_the_service_forgets_ids_it_is_read_what_stands_in_the_batch() {
    let (office, journal) = (Office::new(), file("forgets-ids"));
    let rows = format!("{}{}", rows(0..1), nameless(0..1)); // one request
    office.rule(|request| {
        forget_ids(request);
        if is_upload(request) { DoneInSilence } else { Answered }
    });
    office.run_and_die(&rows, &journal).await;
    office.take();

    office.rule(forget_ids);
    let report = office.run(&rows, &journal).await.unwrap();
    let asked = office.take();
    let asked = asked.iter().filter(|asked| !asked.what.contains("obStatus"));
    let asked: Vec<_> = asked.map(|asked| (&*asked.what, asked.status.unwrap())).collect();
    assert_eq!(
        asked,
        [
            ("POST deviceBatches", 409),
            ("GET deviceBatches/Berlin/devices", 200),
            ("GET deviceBatches/Berlin/devices", 200), // minutes later: a job might still have run
            ("GET deviceBatches", 200),
            ("POST deviceBatches/Berlin/devices", 202),
        ]
    );
    // A device without a name cannot be found in a list; that it is sent again shows that it is there.
    assert_eq!(outcomes(&report), ["registered", "alreadyRegistered"]);
    assert_eq!(report.rows()[0].matched_by(), Some(MatchedBy::SerialNumber));
    assert_eq!(states(&journal), [ChunkState::ReadBack, ChunkState::Settled]);
    assert_eq!(office.devices(ONE, "Berlin").await.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_job_that_the_service_has_forgotten_is_read_from_the_batch() {
    let (office, journal) = (Office::new(), file("forgotten-job"));
    let rows = format!("{}{}", rows(0..1), nameless(0..1));
    // Killed while it waits for the job.
    office.rule(|request| if is_look(request) { Lost } else { Answered });
    office.run_and_die(&rows, &journal).await;
    assert_eq!(states(&journal), [ChunkState::Accepted]);

    office.take();
    office.rule(|request| if is_look(request) { Refused(404) } else { Answered });
    let report = office.run(&rows, &journal).await.unwrap();
    assert_eq!(outcomes(&report), ["registered", "unknown"]);
    assert!(report.rows()[1].tracking_id().is_some());
    assert!(office.uploads().is_empty(), "it was taken: this run does not send it again");

    office.obey();
    let report = office.run(&rows, &journal).await.unwrap();
    assert_eq!(outcomes(&report), ["registered", "alreadyRegistered"]);
    assert_eq!(office.uploads().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn only_failures_that_pass_are_tried_again() {
    let (office, journal) = (Office::new(), file("retry"));
    let serials = ["ZTD640-1", "ZTD801-1", "ZTD808-1", "S1"];
    let rows: String = serials.iter().map(|serial| row(ONE, "Berlin", serial)).collect();
    let report = office.run(&rows, &journal).await.unwrap();
    assert_eq!(outcomes(&report), ["failed", "failed", "failed", "registered"]);
    office.run(&rows, &journal).await.unwrap();
    assert_eq!(office.uploads().len(), 2, "not unless it is asked for");

    for sent in [2, 1, 1] {
        let upload = office.upload(&rows).journal(open(&journal)).retry_failed(true);
        let report = upload.run(|_| ()).await.unwrap();
        assert_eq!(outcomes(&report), ["failed", "failed", "failed", "registered"]);
        assert_eq!(office.uploads().len(), 1);
        let last = open(&journal).chunks().unwrap().pop().unwrap();
        assert_eq!(last.devices, sent, "801 is tried once more, 640 always");
    }
}

#[tokio::test(start_paused = true)]
async fn a_retry_that_is_refused_loses_nothing() {
    let (office, journal) = (Office::new(), file("retry-refused"));
    let rows: String =
        ["ZTD640-1", "ZTD801-1", "S1"].iter().map(|serial| row(ONE, "Berlin", serial)).collect();
    let told = ["failed", "failed", "registered"];
    assert_eq!(outcomes(&office.run(&rows, &journal).await.unwrap()), told);

    let retry = || office.upload(&rows).journal(open(&journal)).retry_failed(true).run(|_| ());
    office.upload_number(1, Refused(403));
    office.take();
    let error = retry().await.unwrap_err();
    let report = error.report().unwrap();
    assert_eq!(outcomes(report), told);
    assert_eq!(report.rows()[0].code(), Some("640"));
    assert!(report.rows()[0].tracking_id().is_some(), "that of the upload that told it");

    // It was no upload, so 801 still has its second chance; and nothing is open.
    office.obey();
    office.take();
    office.run(&rows, &journal).await.unwrap();
    assert!(office.take().is_empty());
    retry().await.unwrap();
    assert_eq!(open(&journal).chunks().unwrap().pop().unwrap().devices, 2);

    // One that dies in the middle leaves its devices open, whatever was told before.
    office.upload_number(1, DoneInSilence);
    let dying = tokio::time::timeout(Duration::from_secs(100), retry()).await;
    assert!(dying.is_err());
    assert_eq!(outcomes(&open(&journal).report().unwrap()), ["unknown", "failed", "registered"]);
    office.obey();
    assert_eq!(outcomes(&office.run(&rows, &journal).await.unwrap()), told);
}

#[tokio::test(start_paused = true)]
async fn what_a_job_told_before_the_end_of_the_run_stays() {
    // A device is done 800 milliseconds after the upload, and each other 30 later.
    let (office, journal) = (Office::new(), file("half-told"));
    let rows = rows(0..100);
    let cancel = CancellationToken::new();
    let upload = office
        .upload(&rows)
        .chunk_size(ChunkSize::MAX)
        .journal(open(&journal))
        .cancel_with(cancel.clone());
    let mut shown = 0;
    let report = upload
        .run(|event| {
            if let Event::Progress { done, .. } = event
                && done > 0
            {
                shown = done;
                cancel.cancel();
            }
        })
        .await
        .unwrap();
    assert!((1..100).contains(&shown) && report.stopped().is_some());
    assert_eq!(report.totals().registered, shown);
    assert_eq!(report.totals().unknown, 100 - shown);

    let mut most = 0;
    let report = office
        .upload(&rows)
        .journal(open(&journal))
        .run(|event| match event {
            Event::Resumed { done, unfinished, total, .. } => {
                assert_eq!((done, unfinished, total), (0, 100, 100));
            }
            Event::Progress { done, total, .. } => {
                assert_eq!(total, 100);
                most = most.max(done);
            }
            _ => {}
        })
        .await
        .unwrap();
    assert_eq!((report.totals().registered, most), (100, 100));
}

#[tokio::test(start_paused = true)]
async fn a_stop_that_comes_too_late_stops_nothing() {
    let office = Office::new();
    let cancel = CancellationToken::new();
    let upload = office.upload(&rows(0..2)).cancel_with(cancel.clone());
    let report = upload
        .run(|event| {
            if let Event::ChunkFinished { .. } = event {
                cancel.cancel();
            }
        })
        .await
        .unwrap();
    assert!(report.all_succeeded() && report.stopped().is_none());
}

#[tokio::test(start_paused = true)]
async fn a_job_that_is_not_known_yet_is_asked_for_again() {
    let office = Office::new();
    let looks = AtomicUsize::new(0);
    office.rule(move |request| {
        let look = request.uri().path().contains("obStatus");
        if look && looks.fetch_add(1, Ordering::Relaxed) < 3 { Refused(404) } else { Answered }
    });
    let report = office.upload(&rows(0..2)).run(|_| ()).await.unwrap();
    assert_eq!(outcomes(&report), ["registered"; 2]);
    assert!(!office.take().iter().any(|asked| asked.what.ends_with("/devices")));
}

#[tokio::test(start_paused = true)]
async fn what_is_not_in_the_batch_yet_is_not_sent_again_at_once() {
    // The second upload is done, its answer is lost, and its repeat meets a conflict while its job still runs.
    let queued = Duration::from_secs(90);
    let pace = Pace { queued, at_most: queued * 2, ..Pace::default() };
    let office = Office::with(Emulator::builder().pace(pace).in_process());
    let uploads = AtomicUsize::new(0);
    office.rule(move |request| match is_upload(request) {
        true => match uploads.fetch_add(1, Ordering::Relaxed) {
            1 => Fate::DoneAndFailed,
            2 => Refused(409),
            _ => Answered,
        },
        false => Answered,
    });
    let report = office.upload(&rows(0..4)).run(|_| ()).await.unwrap();
    assert_eq!(outcomes(&report), ["registered"; 4]);
    assert_eq!(report.rows()[2].matched_by(), Some(MatchedBy::SerialNumber));
    assert_eq!(office.uploads().len(), 3, "none under another id");
}

#[tokio::test(start_paused = true)]
async fn rows_without_a_destination_leave_the_journal_as_it_is() {
    let (office, journal) = (Office::new(), file("no-destination"));
    let nowhere = ",,S1,,,Contoso,Model 7\n";
    let report = office.run(nowhere, &journal).await.unwrap();
    assert_eq!(outcomes(&report), ["refused"]);
    let report = office.run(&rows(0..1), &journal).await.unwrap();
    assert_eq!(outcomes(&report), ["registered"]);
    assert_eq!(outcomes(&office.run(nowhere, &journal).await.unwrap()), ["refused"]);
}

#[tokio::test(start_paused = true)]
async fn the_file_may_change_between_two_runs() {
    let (office, journal) = (Office::new(), file("changed"));
    office.upload_number(2, DoneInSilence);
    office.run_and_die(&rows(0..6), &journal).await;
    office.take();
    office.obey();

    // Row 1 was registered and is gone, row 2 is in the upload without an answer and gone, row 4 is mended: its
    // device is another to the service. Row 9 is new.
    let mended = row(ONE, "Berlin", "S0004").replace("Model 7", "Model 8");
    let changed = [&rows(0..1)[..], &rows(3..4), &mended, &rows(5..6), &rows(9..10)].concat();
    let report = office.run(&changed, &journal).await.unwrap();
    assert_eq!(outcomes(&report), ["registered"; 5]);
    let lines: Vec<_> = report.rows().iter().map(|row| row.origin().line()).collect();
    assert_eq!(lines, [2, 3, 4, 5, 6]);
    let asked: Vec<_> = office.take().into_iter().map(|asked| asked.what).collect();
    // An upload that cannot be made again as it was is not repeated.
    assert_eq!(asked[0], "GET deviceBatches/Berlin/devices");
    assert_eq!(states(&journal)[1], ChunkState::ReadBack);
    let mut devices = office.devices(ONE, "Berlin").await;
    devices.sort();
    assert_eq!(devices, ["S0000", "S0001", "S0002", "S0003", "S0004", "S0005", "S0009"]);
}

#[tokio::test(start_paused = true)]
async fn a_customer_or_batch_in_another_case_is_the_same() {
    let (office, journal) = (Office::new(), file("case"));
    office.run(&rows(0..3), &journal).await.unwrap();
    office.take();
    let other = rows(0..3).replace(ONE, &ONE.to_uppercase()).replace("Berlin", "BERLIN");
    let report = office.run(&other, &journal).await.unwrap();
    assert_eq!(outcomes(&report), ["registered"; 3]);
    assert!(office.take().is_empty());
}

#[tokio::test(start_paused = true)]
async fn of_a_job_only_rows_that_are_still_there_are_counted() {
    let (office, journal) = (Office::new(), file("half-gone"));
    // 0.8 seconds until the first device, then 30 milliseconds each.
    let upload = |count, seconds| {
        let upload = office.upload(&rows(0..count)).chunk_size(ChunkSize::MAX);
        upload.wait(Wait::default().deadline(Duration::from_secs(seconds)))
    };
    let error = upload(100, 2).journal(open(&journal)).run(|_| ()).await.unwrap_err();
    assert_eq!(error.report().unwrap().totals().registered, 40);

    let mut decided = Vec::new();
    let report = upload(70, 60).journal(open(&journal)).run(|event| {
        if let Event::Progress { done: so_far, total: 70, .. } = event {
            decided.push(so_far);
        }
    });
    assert!(report.await.unwrap().all_succeeded());
    assert!(decided.is_sorted() && decided.len() > 2, "{decided:?}");
    assert_eq!(decided.last(), Some(&70), "{decided:?}");
    assert_eq!(office.uploads().len(), 1);
}

// ---- Many customers -----------------------------------------------------------------------------------------

#[tokio::test(start_paused = true)]
async fn a_customer_that_is_forbidden_does_not_stop_the_others() {
    let (office, journal) = (Office::new(), file("forbidden"));
    office.rule(|request| {
        let hit = request.uri().path().contains(OTHER);
        if hit { Refused(403) } else { Answered }
    });
    let others: String = ["A", "B"].map(|serial| row(OTHER, "Rome", serial)).concat();
    let rows = [&others, &rows(0..3)[..]].concat();
    let error = office.run(&rows, &journal).await.unwrap_err();
    assert_eq!(failures(&error), [(OTHER, Step::ListBatches, ErrorKind::Forbidden)]);
    let report = error.report().unwrap();
    assert_eq!(outcomes(report), [&["notSent"; 2][..], &["registered"; 3]].concat());
    assert_eq!(report.stopped(), None);
    let stopped: Vec<_> = report.destinations().map(|at| at.stopped().is_some()).collect();
    assert_eq!(stopped, [true, false]);

    office.obey();
    let report = office.run(&rows, &journal).await.unwrap();
    assert!(report.all_succeeded() && report.destinations().all(|at| at.stopped().is_none()));
}

#[tokio::test(start_paused = true)]
async fn a_refused_token_stops_all() {
    let (office, journal) = (Office::new(), file("token"));
    office.rule(|request| {
        let hit = is_upload(request) && request.uri().path().contains(OTHER);
        if hit { Refused(401) } else { Answered }
    });
    let rows = [&row(OTHER, "Rome", "A")[..], &rows(0..8)].concat();
    let error = office.run(&rows, &journal).await.unwrap_err();
    let report = error.report().unwrap();
    assert!(report.stopped().is_some());
    assert_eq!(failures(&error)[0].2, ErrorKind::Unauthorized);
    let totals = report.totals();
    assert_eq!(report.rows()[0].outcome().id(), "notSent");
    assert!(totals.not_sent > 1 && totals.not_sent + totals.registered == 9, "{totals:?}");

    office.obey();
    assert!(office.run(&rows, &journal).await.unwrap().all_succeeded());
}

#[tokio::test(start_paused = true)]
async fn customers_go_side_by_side_and_a_batch_in_order() {
    let pace = Pace { queued: Duration::from_secs(2), ..Pace::instant() };
    let office = Office::with(Emulator::builder().pace(pace).in_process());
    let customers: Vec<String> =
        (0..10).map(|number| ONE.replacen("47", &format!("{number}0"), 1)).collect();
    let rows: String = customers
        .iter()
        .flat_map(|one| {
            (0..6).map(move |number| row(one, "Rome", &format!("{}-{number}", &one[..2])))
        })
        .collect();
    let began = tokio::time::Instant::now();
    let mut sent = Vec::new();
    let upload = office.upload(&rows).concurrency(4);
    let report = upload
        .run(|event| {
            if let Event::Sent { customer, chunk, .. } = event {
                sent.push((customer.to_string(), chunk));
            }
        })
        .await
        .unwrap();
    assert!(report.all_succeeded());
    // Two jobs one after the other in each batch, 2 seconds each and the looks; not twenty.
    assert!(began.elapsed() < Duration::from_secs(8), "{:?}", began.elapsed());
    for customer in &customers {
        let chunks: Vec<_> =
            sent.iter().filter(|(of, _)| of == customer).map(|(_, chunk)| *chunk).collect();
        assert_eq!(chunks, [1, 2, 3]);
    }
    let first: Vec<_> = sent[..10].iter().map(|(_, chunk)| *chunk).collect();
    assert_eq!(first, [1; 10], "each has its turn");
}

/// A call takes a second, so that it is seen how many go at once.
#[tokio::test(start_paused = true)]
async fn so_many_calls_go_at_once_and_no_more() {
    struct Slow(InProcess, Arc<Mutex<(usize, usize)>>);
    impl Service for Slow {
        fn call(
            &self,
            request: Request<Bytes>,
        ) -> BoxFuture<'_, Result<Response<Bytes>, BoxError>> {
            Box::pin(async move {
                if is_upload(&request) {
                    {
                        let mut now = self.1.lock().unwrap();
                        now.0 += 1;
                        now.1 = now.1.max(now.0);
                    }
                    tokio::time::sleep(Duration::from_secs(1)).await;
                    self.1.lock().unwrap().0 -= 1;
                }
                self.0.call(request).await
            })
        }
    }
    for at_once in [1, 3] {
        let most = Arc::default();
        let slow = Slow(Emulator::builder().in_process(), Arc::clone(&most));
        let client = Client::builder().in_process(slow).build().unwrap();
        let csv: String =
            (0..20).map(|n| row(ONE, &format!("B{}", n % 5), &format!("S{n}"))).collect();
        let fleet = Fleet::read(format!("{HEADER}{csv}").as_bytes(), "fleet.csv");
        let upload = Upload::routed(fleet, |row| {
            let customer = client.customer(CustomerId::new(row.customer()?).ok()?);
            Some((customer, BatchId::new(row.group_tag()?).ok()?))
        });
        let upload = upload.chunk_size(ChunkSize::new(2).unwrap()).concurrency(at_once);
        assert!(upload.run(|_| ()).await.unwrap().all_succeeded());
        assert_eq!(most.lock().unwrap().1, at_once);
    }
}

/// The batches of a customer cannot be listed, and an upload that an earlier run left proves nothing: its devices are
/// sent in the end, or it is said why not.
#[tokio::test(start_paused = true)]
async fn nothing_is_left_without_a_word() {
    // Whichever of the two answers comes first.
    for rome_first in [true, false] {
        let (office, journal) = (Office::new(), file("no-word"));
        office.upload_number(2, Lost);
        office.run_and_die(&rows(0..4), &journal).await;
        // One of the two is gone, so that the upload is not repeated.
        let (berlin, rome) = (rows(0..3), row(ONE, "Rome", "R1"));
        let rows = if rome_first { rome + &berlin } else { berlin + &rome };
        office.rule(|request| {
            let list = request.method() == "GET" && request.uri().path().ends_with("eBatches");
            if list { Refused(403) } else { Answered }
        });
        let error = office.run(&rows, &journal).await.unwrap_err();
        for row in error.report().unwrap().rows() {
            let stopped = row.destination().unwrap().stopped().is_some();
            assert!(stopped || row.outcome().is_success(), "{} {:?}", row.origin(), row.outcome());
        }
    }
}

// ---- The file -----------------------------------------------------------------------------------------------

#[test]
fn a_journal_that_is_open_is_in_use() {
    let path = file("in-use");
    let first = open(&path);
    let error = Journal::open(&path).unwrap_err();
    assert!(matches!(&error, JournalError::InUse { path: at, .. } if *at == path));
    assert!(error.to_string().contains("in use by another process"), "{error}");
    let journals = Journals::in_directory(path.parent().unwrap());
    assert!(journals.list().unwrap()[0].in_use);
    assert!(matches!(journals.remove("run"), Err(JournalError::InUse { .. })));
    drop(first);
    drop(open(&path));
}

/// On POSIX a process that closes any descriptor of a file gives up its locks on it: nothing that is tried on a
/// journal that this process has open may open it in another way than SQLite does.
#[test]
fn what_is_tried_on_an_open_journal_does_not_unlock_it() {
    const NAME: &str = "what_is_tried_on_an_open_journal_does_not_unlock_it";
    const CHILD: &str = "JOURNAL_OF_THE_PARENT";
    if let Some(path) = std::env::var_os(CHILD) {
        let in_use = matches!(Journal::open(path), Err(JournalError::InUse { .. }));
        std::process::exit(if in_use { 40 } else { 41 });
    }
    let path = file("locked");
    let another_process = || {
        let mut child = Command::new(std::env::current_exe().unwrap());
        let child = child.args(["--exact", NAME]).env(CHILD, &path).output().unwrap();
        child.status.code()
    };
    let first = open(&path);
    assert_eq!(another_process(), Some(40));
    let journals = Journals::in_directory(path.parent().unwrap());
    let in_use = |error| matches!(error, JournalError::InUse { .. });
    assert!(in_use(Journal::open(&path).unwrap_err()));
    assert!(in_use(Journal::open_read_only(&path).unwrap_err()));
    assert!(in_use(Journal::set_aside(&path).unwrap_err()));
    assert!(in_use(journals.remove("run").unwrap_err()));
    assert!(journals.list().unwrap()[0].in_use);
    assert_eq!(another_process(), Some(40));
    drop(first);
    assert_eq!(another_process(), Some(41));
}

#[tokio::test(start_paused = true)]
async fn to_look_at_a_journal_locks_nobody_out_and_changes_nothing() {
    let path = file("look");
    Office::new().run(&rows(0..3), &path).await.unwrap();
    let before = fs::read(&path).unwrap();
    let (one, other) =
        (Journal::open_read_only(&path).unwrap(), Journal::open_read_only(&path).unwrap());
    let journals = Journals::in_directory(path.parent().unwrap());
    let [entry] = &journals.list().unwrap()[..] else { panic!() };
    assert_eq!((entry.in_use, entry.problem.as_deref(), entry.totals.registered), (false, None, 3));
    assert_eq!(entry.started, one.started().unwrap());
    assert_eq!(one.report().unwrap().totals(), entry.totals);
    drop((one, other));
    assert!(fs::read(&path).unwrap() == before);
    assert_eq!(fs::read_dir(journals.directory()).unwrap().count(), 1, "nothing is left beside it");

    let journal = Journal::open_read_only(&path).unwrap();
    let upload = Office::new().upload(&rows(3..4)).journal(journal).run(|_| ());
    let UploadError::Journal { error, .. } = upload.await.unwrap_err() else { panic!() };
    assert!(matches!(error, JournalError::Broken { .. }), "{error}");
    assert!(fs::read(&path).unwrap() == before);

    // What a process leaves that is killed as soon as it has made the file.
    let empty = path.with_file_name("empty.journal");
    fs::write(&empty, "").unwrap();
    let [entry, _] = &journals.list().unwrap()[..] else { panic!() };
    assert_eq!((entry.problem.as_deref(), entry.started.as_deref()), (None, None));
    assert_eq!(fs::metadata(&empty).unwrap().len(), 0);
    drop(open(&empty));
    journals.remove("empty").unwrap();
    assert!(!empty.exists());
}

#[tokio::test(start_paused = true)]
async fn a_journal_of_a_process_that_was_killed_can_be_looked_at() {
    let (office, path) = (Office::new(), file("crashed"));
    office.run(&rows(0..2), &path).await.unwrap();
    let copy = path.with_file_name("copy.journal");
    let wal = |path: &Path| PathBuf::from(format!("{}-wal", path.display()));
    let upload = office.upload(&rows(0..6)).journal(open(&path));
    // As the files are in the middle of a run.
    let run = upload.run(|event| {
        if matches!(event, Event::Sent { chunk: 2, .. }) {
            fs::copy(&path, &copy).unwrap();
            fs::copy(wal(&path), wal(&copy)).unwrap();
        }
    });
    run.await.unwrap();
    assert!(fs::metadata(wal(&copy)).unwrap().len() > 0);
    let entries = Journals::in_directory(path.parent().unwrap()).list().unwrap();
    let [entry, whole] = &entries[..] else { panic!("{entries:?}") };
    assert_eq!((&*entry.name, entry.problem.as_deref(), entry.is_open), ("copy", None, true));
    assert!(entry.totals.rows == 6 && entry.totals.unknown > 0, "{:?}", entry.totals);
    assert_eq!(Journal::open_read_only(&copy).unwrap().report().unwrap().totals(), entry.totals);
    assert_eq!((whole.totals.registered, whole.is_open), (6, false));
    assert_eq!(states(&copy).last(), Some(&ChunkState::Accepted));
}

#[tokio::test(start_paused = true)]
async fn an_upload_without_an_end_keeps_a_journal_open() {
    let (office, path) = (Office::new(), file("open-elsewhere"));
    office.upload_number(1, Lost);
    office.run_and_die(&rows(0..2), &path).await;
    office.obey();
    let report = office.run(&row(ONE, "Rome", "R1"), &path).await.unwrap();
    assert!(!report.is_unfinished());
    let entries = Journals::in_directory(path.parent().unwrap()).list().unwrap();
    assert_eq!((entries[0].is_open, entries[0].totals.registered), (true, 1));
}

#[tokio::test(start_paused = true)]
async fn a_journal_is_set_aside() {
    let (office, path) = (Office::new(), file("aside"));
    office.run(&rows(0..2), &path).await.unwrap();
    office.take();
    let old = Journal::set_aside(&path).unwrap();
    assert_eq!(old, path.with_file_name("run.journal.old"));
    let report = office.run(&rows(0..2), &path).await.unwrap();
    assert_eq!(outcomes(&report), ["alreadyRegistered"; 2]);
    assert_eq!(
        outcomes(&Journal::open_read_only(&old).unwrap().report().unwrap()),
        ["registered"; 2]
    );
    Journal::set_aside(&path).unwrap();
    assert_eq!(
        outcomes(&Journal::open_read_only(&old).unwrap().report().unwrap()),
        ["alreadyRegistered"; 2]
    );
    assert!(matches!(Journal::set_aside(&path), Err(JournalError::Io { .. })));
}

#[tokio::test(start_paused = true)]
async fn a_journal_is_of_one_service() {
    let path = file("other-service");
    Office::new().run(&rows(0..1), &path).await.unwrap();
    let client = Client::builder().token("t".to_owned()).build().unwrap();
    let customer = client.customer(CustomerId::new(ONE).unwrap());
    let fleet = Fleet::read(format!("{HEADER}{}", rows(0..1)).as_bytes(), "fleet.csv");
    let upload = Upload::new(customer, BatchId::new("Berlin").unwrap(), fleet);
    let error = upload.journal(open(&path)).run(|_| ()).await.unwrap_err();
    let UploadError::Journal { error, .. } = error else { panic!("{error:?}") };
    assert!(matches!(&error, JournalError::OtherService { .. }));
    assert!(error.to_string().ends_with("belongs to an upload to http://in-process.invalid"));
}

#[tokio::test(start_paused = true)]
async fn what_is_no_journal_stays_as_it_is() {
    let path = file("no-journal");
    Office::new().run(&rows(0..50), &path).await.unwrap();
    let good = fs::read(&path).unwrap();
    let newer = {
        let other = path.with_file_name("newer");
        fs::write(&other, &good).unwrap();
        let log = rusqlite::Connection::open(&other).unwrap();
        log.pragma_update(None, "user_version", 1000).unwrap();
        drop(log);
        fs::read(&other).unwrap()
    };
    let foreign = {
        let other = path.with_file_name("foreign");
        let log = rusqlite::Connection::open(&other).unwrap();
        log.execute_batch("CREATE TABLE t (a); INSERT INTO t VALUES (1)").unwrap();
        drop(log);
        fs::read(&other).unwrap()
    };
    let half = good[..good.len() / 2].to_vec();
    let spoiled = [&good[..4096], &vec![0xAA; good.len() - 4096][..]].concat();
    for (name, bytes, words) in [
        ("text", b"Serial Number,Make\nS1,M\n".to_vec(), "is not a journal"),
        ("foreign", foreign, "is not a journal"),
        ("newer", newer, "was created by a newer version"),
        ("half", half, "cannot be read or written"),
        ("spoiled", spoiled, "cannot be read or written"),
    ] {
        let path = path.with_file_name(format!("{name}.journal"));
        fs::write(&path, &bytes).unwrap();
        let error = Journal::open(&path).and_then(|journal| journal.report()).unwrap_err();
        assert!(error.to_string().contains(words), "{name}: {error}");
        assert!(error.to_string().contains(path.to_str().unwrap()), "{error}");
        assert!(fs::read(&path).unwrap() == bytes, "{name} was changed");
    }
    let entries = Journals::in_directory(path.parent().unwrap()).list().unwrap();
    let problems: Vec<_> =
        entries.iter().map(|entry| (entry.name.as_str(), entry.problem.is_some())).collect();
    assert_eq!(
        problems,
        [
            ("foreign", true),
            ("half", true),
            ("newer", true),
            ("run", false),
            ("spoiled", true),
            ("text", true)
        ]
    );
    // Only what still says that it is a journal is removed.
    for (name, is_a_journal) in
        [("foreign", false), ("text", false), ("half", false), ("spoiled", true), ("newer", true)]
    {
        let path = path.with_file_name(format!("{name}.journal"));
        let removed = Journal::remove(&path);
        match &removed {
            Ok(()) => assert!(is_a_journal && !path.exists(), "{name}"),
            Err(error) => {
                assert!(!is_a_journal && path.exists(), "{name}: {error}");
            }
        }
    }
}

#[test]
fn a_file_that_cannot_be_made_is_said() {
    let path = file("unreachable");
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, "a file").unwrap();
    let error = Journal::open(path.join("below.journal")).unwrap_err();
    assert!(matches!(error, JournalError::Io { .. }), "{error:?}");
    assert!(std::error::Error::source(&error).is_some());
}

#[tokio::test(start_paused = true)]
async fn journals_of_a_folder() {
    let (office, path) = (Office::new(), file("folder"));
    let journals = Journals::in_directory(path.parent().unwrap());
    assert!(journals.list().unwrap().is_empty());
    assert!(matches!(journals.open_read_only("Berlin 1"), Err(JournalError::Io { .. })));
    assert!(matches!(journals.remove("Berlin 1"), Err(JournalError::Io { .. })));
    assert!(!journals.directory().exists(), "to look makes nothing");
    let path = journals.path("../a/b");
    assert!(path.parent() == Some(journals.directory()), "{path:?}");

    let run = office.upload(&rows(0..3)).journal(journals.open("Berlin 1").unwrap());
    run.run(|_| ()).await.unwrap();
    office.upload_number(1, Refused(400));
    let run = office.upload(&rows(3..4)).journal(journals.open("a").unwrap());
    run.run(|_| ()).await.unwrap_err();
    let entries = journals.list().unwrap();
    let entries: Vec<_> = entries
        .iter()
        .map(|entry| {
            (entry.name.as_str(), entry.is_open, entry.totals.rows, entry.totals.registered)
        })
        .collect();
    let berlin = journals.path("Berlin 1");
    let berlin = berlin.file_stem().unwrap().to_str().unwrap();
    assert_eq!(entries, [(berlin, false, 3, 3), ("a", true, 1, 0)]);

    let record = journals.open_read_only("Berlin 1").unwrap().export().unwrap();
    let json = serde_json::to_value(&record).unwrap();
    assert_eq!(json["service"], "http://in-process.invalid");
    assert_eq!(json["chunks"].as_array().unwrap().len(), 2);
    assert_eq!(json["chunks"][0]["state"], "settled");
    assert_eq!(json["report"]["rows"].as_array().unwrap().len(), 3);
    assert!(record.started.unwrap() <= record.chunks[0].noted);

    journals.remove("Berlin 1").unwrap();
    let left: Vec<_> =
        fs::read_dir(journals.directory()).unwrap().map(|f| f.unwrap().file_name()).collect();
    assert_eq!(left, ["a.journal"]);
}

#[tokio::test(start_paused = true)]
async fn no_hardware_hash_and_no_token_is_in_the_file() {
    let path = file("secrets");
    let office = Office::new();
    office.upload_number(1, DoneInSilence);
    let rows = [&nameless(0..2)[..], &rows(0..1)].concat();
    let client =
        Client::builder().in_process(office.clone()).token("planted-secret-token".to_owned());
    let client = client.build().unwrap();
    let fleet = Fleet::read(format!("{HEADER}{rows}").as_bytes(), "fleet.csv");
    let customer = client.customer(CustomerId::new(ONE).unwrap());
    let upload = Upload::new(customer, BatchId::new("Berlin").unwrap(), fleet);
    let run = upload.journal(open(&path)).run(|_| ());
    tokio::time::timeout(Duration::from_secs(100), run).await.unwrap_err();
    // With what stands beside it, and after it was closed.
    let mut seen = Vec::new();
    for file in fs::read_dir(path.parent().unwrap()).unwrap() {
        seen.extend(fs::read(file.unwrap().path()).unwrap());
    }
    office.obey();
    office.run(&rows, &path).await.unwrap();
    seen.extend(fs::read(&path).unwrap());
    let has = |text: &str| seen.windows(text.len()).any(|part| part == text.as_bytes());
    assert!(has("S0000"), "serial numbers are there");
    assert!(!has(&hash(0)) && !has(&hash(1)) && !has("planted-secret-token"));
}

#[cfg(unix)]
#[test]
fn only_its_owner_can_read_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let path = file("private");
    let _journal = open(&path);
    for file in fs::read_dir(path.parent().unwrap()).unwrap() {
        let file = file.unwrap();
        let mode = file.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{:?}", file.file_name());
    }
}

// ---- Without effects ----------------------------------------------------------------------------------------

#[tokio::test(start_paused = true)]
async fn a_dry_run_says_all_and_does_nothing() {
    let (office, journal) = (Office::new(), file("dry"));
    office.upload_number(2, Lost);
    office.run_and_die(&rows(0..3), &journal).await;
    office.take();
    office.obey();
    let before = fs::read(&journal).unwrap();
    let later = [&rows(0..5)[..], &nameless(0..1), &row(OTHER, "Rome", "R1")].concat();
    let mut dry = office.upload(&later).journal(open(&journal)).dry_run().await.unwrap();
    let noted = open(&journal).chunks().unwrap().pop().unwrap().request_id;
    let said = std::mem::replace(&mut dry.unsettled[0].request_id, "REQUEST ID".to_owned());
    assert_eq!(said, noted);
    insta::assert_json_snapshot!(dry);
    let asked: Vec<_> =
        office.take().into_iter().map(|asked| (asked.what, asked.customer)).collect();
    let list = |customer: &str| ("GET deviceBatches".to_owned(), customer.to_owned());
    assert_eq!(asked, [list(ONE), list(OTHER)]);
    assert!(fs::read(&journal).unwrap() == before, "the journal was changed");

    let batches: Vec<DeviceBatch> = office
        .client()
        .customer(CustomerId::new(OTHER).unwrap())
        .device_batches()
        .list()
        .await
        .unwrap();
    assert!(batches.is_empty());
    // What it says is what is sent.
    office.take();
    let planned: Vec<_> = dry.batches.iter().flat_map(|batch| &batch.requests).collect();
    office.run(&later, &journal).await.unwrap();
    let mut contents: Vec<_> =
        open(&journal).chunks().unwrap().into_iter().map(|chunk| chunk.content).collect();
    let mut said: Vec<_> = planned.iter().map(|request| request.content.clone()).collect();
    let mut sent = contents.split_off(2);
    sent.sort();
    said.sort();
    assert_eq!(sent, said);
}
