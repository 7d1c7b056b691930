//! Journals: resuming uploads after a cancellation, a crash or a change of the input, against the emulator in this
//! process, on a paused clock; and journals as files.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

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
    CancellationToken, ChunkSize, ChunkState, Event, Fleet, Journal, JournalError, Journals, Proof,
    Report, ReportRow, Step, Upload, UploadError,
};
use partner_center_devices_testkit::hash::{HashBuilder, encode};

const ONE: &str = "47021739-3426-40bf-9601-61b4b6d7c793";
const OTHER: &str = "9f1d4b8e-1c55-4e0a-8b5b-0c7a3e7d2f10";
const HEADER: &str = "Tenant ID,Group Tag,Device Serial Number,Windows Product ID,Hardware Hash,Manufacturer name,Device model\n";

// ---- The service and its calls ------------------------------------------------------------------

/// The handling of a request.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fate {
    Normal,
    /// The response has this status, and the request has no effect.
    Refused(u16),
    /// The request takes effect, but no response arrives.
    DoneWithoutResponse,
    /// The request takes effect, but a gateway responds with an error.
    DoneWithError,
    /// The request is lost.
    Lost,
}
use Fate::{DoneWithoutResponse, Lost, Normal, Refused};

type Rule = Box<dyn Fn(&mut Request<Bytes>) -> Fate + Send + Sync>;

/// An emulator behind a rule. Clones share both.
#[derive(Clone)]
struct TestService {
    emulator: InProcess,
    calls: Arc<Mutex<Vec<RecordedCall>>>,
    rule: Arc<Mutex<Rule>>,
}

#[derive(Clone, Debug)]
struct RecordedCall {
    /// `POST /…` below the customer's id.
    what: String,
    customer: String,
    request_id: String,
    status: Option<u16>,
}

impl TestService {
    fn new() -> Self {
        Self::with(Emulator::builder().in_process())
    }

    fn with(emulator: InProcess) -> Self {
        let rule: Rule = Box::new(|_| Normal);
        Self { emulator, calls: Arc::default(), rule: Arc::new(Mutex::new(rule)) }
    }

    fn rule(&self, rule: impl Fn(&mut Request<Bytes>) -> Fate + Send + Sync + 'static) {
        *self.rule.lock().unwrap() = Box::new(rule);
    }

    /// Applies a fate to one upload, counted from 1 from now on.
    fn fail_upload(&self, number: usize, fate: Fate) {
        let uploads = AtomicUsize::new(0);
        self.rule(move |request| {
            let hit = is_upload(request) && uploads.fetch_add(1, Ordering::Relaxed) + 1 == number;
            if hit { fate } else { Normal }
        });
    }

    fn answer_all(&self) {
        self.rule(|_| Normal);
    }

    fn client(&self) -> Client {
        partner_center_devices_testkit::trace();
        Client::builder().in_process(self.clone()).retry(Retry::never()).build().unwrap()
    }

    /// Returns an upload of these rows with two devices per request.
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

    /// Runs until the upload hangs, and drops it like a killed process.
    async fn run_until_killed(&self, rows: &str, journal: &Path) {
        let run = self.run(rows, journal);
        let ended = tokio::time::timeout(Duration::from_secs(100), run).await;
        assert!(ended.is_err(), "{ended:?}");
    }

    fn take(&self) -> Vec<RecordedCall> {
        std::mem::take(&mut self.calls.lock().unwrap())
    }

    /// Returns the uploads since the last call.
    fn uploads(&self) -> Vec<RecordedCall> {
        self.take().into_iter().filter(|call| call.what.starts_with("POST")).collect()
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

fn is_poll(request: &Request<Bytes>) -> bool {
    request.uri().path().to_ascii_lowercase().contains("batchjobstatus")
}

impl Service for TestService {
    fn call(
        &self,
        mut request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Bytes>, BoxError>> {
        let header = |name| request.headers().get(name).unwrap().to_str().unwrap().to_owned();
        let request_id = header("ms-requestid");
        let path = request.uri().path();
        // The audit log is not below a customer.
        let (_, path) = path.split_once("/customers/").unwrap_or(("", &path["/v1".len()..]));
        let (customer, path) = path.split_once('/').unwrap();
        let what = format!("{} {path}", request.method());
        let customer = customer.to_owned();
        let fate = (self.rule.lock().unwrap())(&mut request);
        let place = {
            let mut calls = self.calls.lock().unwrap();
            calls.push(RecordedCall { what, customer, request_id, status: None });
            calls.len() - 1
        };
        Box::pin(async move {
            let answer = match fate {
                Refused(status) => Response::builder().status(status).body(Bytes::new()).unwrap(),
                Lost => std::future::pending().await,
                Normal | DoneWithoutResponse | Fate::DoneWithError => {
                    self.emulator.call(request).await?
                }
            };
            let answer = match fate {
                Fate::DoneWithError => Response::builder().status(502).body(Bytes::new()).unwrap(),
                _ => answer,
            };
            if fate == DoneWithoutResponse {
                std::future::pending::<()>().await;
            }
            if let Some(call) = self.calls.lock().unwrap().get_mut(place) {
                call.status = Some(answer.status().as_u16());
            }
            Ok(answer)
        })
    }
}

// ---- Rows and files -----------------------------------------------------------------------------------------

/// Returns rows of the first customer with serial numbers.
fn rows(numbers: std::ops::Range<usize>) -> String {
    numbers.map(|number| row(ONE, "Berlin", &format!("S{number:04}"))).collect()
}

fn row(customer: &str, batch: &str, serial: &str) -> String {
    format!("{customer},{batch},{serial},,,Contoso,Model 7\n")
}

/// Returns rows that have only a hardware hash.
fn nameless(numbers: std::ops::Range<usize>) -> String {
    numbers.map(|number| format!("{ONE},Berlin,,,{},,\n", hash(number))).collect()
}

fn hash(number: usize) -> String {
    // It has little padding, which is only a warning.
    encode(&HashBuilder::of_device(&format!("H{number:06}"), "Contoso", "Book 5").bytes()[..150])
}

/// Returns a separate file for each test.
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

fn proofs(report: &Report) -> Vec<Option<Proof>> {
    report.rows().iter().map(ReportRow::proof).collect()
}

fn states(path: &Path) -> Vec<ChunkState> {
    open(path).chunks().unwrap().iter().map(|chunk| chunk.state).collect()
}

fn failures(error: &UploadError) -> Vec<(&str, Step, ErrorKind)> {
    let failures = error.failures().iter();
    failures.map(|f| (f.customer().as_str(), f.step(), f.error().kind())).collect()
}

// ---- Resuming -----------------------------------------------------------------------------------------------

#[tokio::test(start_paused = true)]
async fn finished_devices_are_not_resent() {
    let (service, journal) = (TestService::new(), file("again"));
    let rows = format!("{}{}", rows(0..3), row(ONE, "Berlin", "ZTD808-1"));
    let first = service.run(&rows, &journal).await.unwrap();
    assert_eq!(outcomes(&first), ["registered", "registered", "registered", "failed"]);
    assert_eq!(proofs(&first), [Some(Proof::JobResult); 4]);
    assert_eq!(service.uploads().len(), 2);
    assert_eq!(states(&journal), [ChunkState::Finished; 2]);

    let mut events = Vec::new();
    let upload = service.upload(&rows).journal(open(&journal));
    let second = upload.run(|event| events.push(event)).await.unwrap();
    assert!(service.take().is_empty());
    assert!(matches!(events[..], [Event::Resumed { done: 4, unfinished: 0, total: 4, .. }]));
    let json = |report: &Report| serde_json::to_value(report).unwrap();
    assert_eq!(json(&first), json(&second));
    assert_eq!(json(&open(&journal).report().unwrap()), json(&second));
}

#[tokio::test(start_paused = true)]
async fn resumes_a_cancelled_upload() {
    let (service, journal) = (TestService::new(), file("stopped"));
    let cancel = CancellationToken::new();
    let upload = service.upload(&rows(0..7)).journal(open(&journal)).cancel_with(cancel.clone());
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

    let report = service.run(&rows(0..7), &journal).await.unwrap();
    assert_eq!((outcomes(&report), report.stopped()), (vec!["registered"; 7], None));
    let ids: Vec<_> = service.uploads().into_iter().map(|call| call.request_id).collect();
    assert_eq!(ids.len(), 4);
}

#[tokio::test(start_paused = true)]
async fn a_cancellation_before_a_resend_leaves_the_request_open() {
    let (service, journal) = (TestService::new(), file("cancelled-resend"));
    service.fail_upload(1, Fate::DoneWithError);
    let cancel = CancellationToken::new();
    let upload = service.upload(&rows(0..2)).journal(open(&journal)).cancel_with(cancel.clone());
    let report = upload.run(|event| {
        if let Event::Unconfirmed { .. } = event {
            cancel.cancel();
        }
    });
    let report = report.await.unwrap();
    assert_eq!((outcomes(&report), report.stopped().is_some()), (vec!["unknown"; 2], true));
    assert_eq!(service.uploads().len(), 1);
    assert_eq!(states(&journal), [ChunkState::Recorded]);

    service.answer_all();
    let report = service.run(&rows(0..2), &journal).await.unwrap();
    assert_eq!(outcomes(&report), ["registered"; 2]);
}

#[tokio::test(start_paused = true)]
async fn resends_an_upload_without_a_response_under_its_id() {
    for (number, fate) in [(1, DoneWithoutResponse), (1, Lost), (2, DoneWithoutResponse), (2, Lost)]
    {
        let (service, journal) = (TestService::new(), file("no-answer"));
        service.fail_upload(number, fate);
        service.run_until_killed(&rows(0..5), &journal).await;
        let sent = service.uploads();
        assert_eq!(sent.len(), number);
        assert_eq!(states(&journal).last(), Some(&ChunkState::Recorded));

        service.answer_all();
        let report = service.run(&rows(0..5), &journal).await.unwrap();
        assert_eq!(outcomes(&report), ["registered"; 5], "{number}");
        let repeated = service.uploads();
        assert_eq!(repeated[0].request_id, sent[number - 1].request_id);
        assert_eq!(repeated[0].what, sent[number - 1].what);
        assert_eq!(repeated.len() + sent.len(), 3 + 1);
        assert_eq!(service.devices(ONE, "Berlin").await.len(), 5);
    }
}

/// Makes the service treat every request as a new one.
fn forget_ids(request: &mut Request<Bytes>) -> Fate {
    request.headers_mut().remove("ms-requestid");
    Normal
}

#[tokio::test(start_paused = true)]
async fn reads_the_batch_if_the_service_forgets_request_ids() {
    let (service, journal) = (TestService::new(), file("forgets-ids"));
    let rows = format!("{}{}", rows(0..1), nameless(0..1)); // one request
    service.rule(|request| {
        forget_ids(request);
        if is_upload(request) { DoneWithoutResponse } else { Normal }
    });
    service.run_until_killed(&rows, &journal).await;
    service.take();

    service.rule(forget_ids);
    let report = service.run(&rows, &journal).await.unwrap();
    let calls = service.take();
    let calls = calls.iter().filter(|call| !call.what.contains("obStatus"));
    let calls: Vec<_> = calls.map(|call| (&*call.what, call.status.unwrap())).collect();
    assert_eq!(
        calls,
        [
            ("POST deviceBatches", 409),
            ("GET deviceBatches/Berlin/devices", 200),
            ("GET deviceBatches/Berlin/devices", 200), // minutes later: the job might have been running
            ("GET deviceBatches", 200),
            ("POST deviceBatches/Berlin/devices", 202),
            ("GET auditrecords", 200),
        ]
    );
    // A hint in addition to the list of the batch.
    assert_eq!(proofs(&report), [Some(Proof::ReadBackAndAuditRecord), Some(Proof::JobResult)]);
    let records: Vec<_> =
        open(&journal).chunks().unwrap().iter().map(|chunk| chunk.audit_record).collect();
    assert_eq!(records, [true, false]);
    // A device without a name cannot be found in a list. Resending it shows that it is registered.
    assert_eq!(outcomes(&report), ["registered", "alreadyRegistered"]);
    assert_eq!(report.rows()[0].matched_by(), Some(MatchedBy::SerialNumber));
    assert_eq!(states(&journal), [ChunkState::ReadBack, ChunkState::Finished]);
    assert_eq!(service.devices(ONE, "Berlin").await.len(), 2);
}

fn is_audit(request: &Request<Bytes>) -> bool {
    request.uri().path().ends_with("/auditrecords")
}

/// Returns the numbers of lost requests and of found records, and whether the log could be read.
fn audit_event(event: &Event) -> Option<(usize, usize, bool)> {
    match event {
        Event::AuditLogRead { requests, found, problem, .. } => {
            Some((*requests, *found, problem.is_none()))
        }
        _ => None,
    }
}

#[tokio::test(start_paused = true)]
async fn an_audit_log_that_cannot_be_read_fails_nothing_and_is_asked_by_the_next_run() {
    let (service, journal) = (TestService::new(), file("audit-refused"));
    service.rule(|request| if is_upload(request) { DoneWithoutResponse } else { Normal });
    service.run_until_killed(&rows(0..2), &journal).await;

    let run = async || {
        let mut events = Vec::new();
        let upload = service.upload(&rows(0..2)).journal(open(&journal));
        let report = upload.run(|event| events.extend(audit_event(&event))).await.unwrap();
        assert_eq!(outcomes(&report), ["registered"; 2]);
        (proofs(&report)[0].unwrap(), events)
    };
    service.rule(|request| match is_audit(request) {
        true => Refused(403),
        false => forget_ids(request),
    });
    assert_eq!(run().await, (Proof::ReadBack, vec![(1, 0, false)]));
    // The log does not answer in time.
    service.rule(|request| if is_audit(request) { Lost } else { Normal });
    assert_eq!(run().await, (Proof::ReadBack, vec![(1, 0, false)]));
    service.answer_all();
    assert_eq!(run().await, (Proof::ReadBackAndAuditRecord, vec![(1, 1, true)]));
    // Then everything is known.
    service.take();
    assert_eq!(run().await, (Proof::ReadBackAndAuditRecord, vec![]));
    assert!(service.take().is_empty());
}

#[tokio::test(start_paused = true)]
async fn an_audit_record_proves_no_outcome() {
    for (fate, proof, words) in [
        (Fate::DoneWithError, Proof::AuditRecordOnly, "the audit log has a record"),
        (Refused(502), Proof::NotProven, "the device may have reached the service"),
    ] {
        let (service, journal) = (TestService::new(), file("audit-only"));
        service.rule(move |request| if is_upload(request) { fate } else { Normal });
        let error = service.run(&rows(0..2), &journal).await.unwrap_err();
        let report = error.report().unwrap();
        assert_eq!(outcomes(report), ["unknown"; 2], "{fate:?}");
        assert_eq!(proofs(report), [Some(proof); 2], "{fate:?}");
        let meaning = report.rows()[0].meaning().unwrap().into_owned();
        assert!(meaning.contains(words), "{meaning}");
        assert_eq!(service.take().iter().filter(|call| call.what == "GET auditrecords").count(), 1);

        // The record decided nothing: the request is resent under its id, and the job proves the outcome.
        service.answer_all();
        let report = service.run(&rows(0..2), &journal).await.unwrap();
        assert_eq!(outcomes(&report), ["registered"; 2]);
        assert_eq!(proofs(&report), [Some(Proof::JobResult); 2]);
        assert!(service.take().iter().all(|call| call.what != "GET auditrecords"));
    }
}

#[tokio::test(start_paused = true)]
async fn several_customers_need_one_call_to_the_audit_log() {
    let (service, journal) = (TestService::new(), file("audit-customers"));
    let rows = format!("{}{}", row(ONE, "Berlin", "S1"), row(OTHER, "Berlin", "S2"));
    service.rule(|request| if is_upload(request) { DoneWithoutResponse } else { Normal });
    service.run_until_killed(&rows, &journal).await;
    service.take();
    service.rule(forget_ids);
    let report = service.run(&rows, &journal).await.unwrap();
    assert_eq!(proofs(&report), [Some(Proof::ReadBackAndAuditRecord); 2]);
    assert_eq!(service.take().iter().filter(|call| call.what == "GET auditrecords").count(), 1);
}

/// The audit log is a hint only: the list of the batch shows what arrived.
#[tokio::test(start_paused = true)]
async fn reads_the_batch_if_no_answer_to_an_upload_arrives() {
    for takes_effect in [true, false] {
        let (service, journal) = (TestService::new(), file(&format!("no-answer-{takes_effect}")));
        let lost = if takes_effect { DoneWithoutResponse } else { Lost };
        service.rule(move |request| if is_upload(request) { lost } else { Normal });
        // The rows go in one request each.
        match service.run(&rows(0..2), &journal).await {
            Ok(report) if takes_effect => {
                assert_eq!(outcomes(&report), ["registered"; 2]);
                assert_eq!(proofs(&report), [Some(Proof::ReadBackAndAuditRecord); 2]);
            }
            Err(UploadError::Calls { report, .. }) if !takes_effect => {
                assert_eq!(outcomes(&report), ["unknown", "notSent"]);
                assert_eq!(proofs(&report), [Some(Proof::NotProven), None]);
            }
            ended => panic!("{takes_effect}: {ended:?}"),
        }
        // The next run sends only the devices that did not arrive.
        service.answer_all();
        service.take();
        let report = service.run(&rows(0..2), &journal).await.unwrap();
        assert_eq!(outcomes(&report), ["registered"; 2]);
        assert_eq!(service.uploads().len(), if takes_effect { 0 } else { 2 });
    }
}

#[tokio::test(start_paused = true)]
async fn reads_the_batch_if_the_service_forgets_a_job() {
    let (service, journal) = (TestService::new(), file("forgotten-job"));
    let rows = format!("{}{}", rows(0..1), nameless(0..1));
    // Killed while waiting for the job.
    service.rule(|request| if is_poll(request) { Lost } else { Normal });
    service.run_until_killed(&rows, &journal).await;
    assert_eq!(states(&journal), [ChunkState::Accepted]);

    service.take();
    service.rule(|request| if is_poll(request) { Refused(404) } else { Normal });
    let report = service.run(&rows, &journal).await.unwrap();
    assert_eq!(outcomes(&report), ["registered", "unknown"]);
    assert_eq!(proofs(&report), [Some(Proof::ReadBack), Some(Proof::Accepted)]);
    assert!(report.rows()[1].tracking_id().is_some());
    let calls = service.take();
    let is_sent_or_asked =
        |call: &RecordedCall| call.what.starts_with("POST") || call.what == "GET auditrecords";
    // It was accepted, so this run does not resend it, and the log would not help.
    assert!(!calls.iter().any(is_sent_or_asked), "{calls:?}");

    service.answer_all();
    let report = service.run(&rows, &journal).await.unwrap();
    assert_eq!(outcomes(&report), ["registered", "alreadyRegistered"]);
    assert_eq!(service.uploads().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn resends_only_failures_that_may_be_gone() {
    let (service, journal) = (TestService::new(), file("retry"));
    let serials = ["ZTD640-1", "ZTD801-1", "ZTD808-1", "S1"];
    let rows: String = serials.iter().map(|serial| row(ONE, "Berlin", serial)).collect();
    let report = service.run(&rows, &journal).await.unwrap();
    assert_eq!(outcomes(&report), ["failed", "failed", "failed", "registered"]);
    service.run(&rows, &journal).await.unwrap();
    assert_eq!(service.uploads().len(), 2, "only if requested");

    for (sent, uploads) in [(3, 2), (2, 1), (2, 1)] {
        let upload = service.upload(&rows).journal(open(&journal)).retry_failed(true);
        let report = upload.run(|_| ()).await.unwrap();
        assert_eq!(outcomes(&report), ["failed", "failed", "failed", "registered"]);
        assert_eq!(service.uploads().len(), uploads);
        let chunks = open(&journal).chunks().unwrap();
        let devices: u64 = chunks.iter().rev().take(uploads).map(|chunk| chunk.devices).sum();
        assert_eq!(devices, sent, "801 is resent once, 640 and 808 always");
    }
}

#[tokio::test(start_paused = true)]
async fn a_refused_retry_keeps_earlier_outcomes() {
    let (service, journal) = (TestService::new(), file("retry-refused"));
    let rows: String =
        ["ZTD640-1", "ZTD801-1", "S1"].iter().map(|serial| row(ONE, "Berlin", serial)).collect();
    let outcomes_before = ["failed", "failed", "registered"];
    assert_eq!(outcomes(&service.run(&rows, &journal).await.unwrap()), outcomes_before);

    let retry = || service.upload(&rows).journal(open(&journal)).retry_failed(true).run(|_| ());
    service.fail_upload(1, Refused(403));
    service.take();
    let error = retry().await.unwrap_err();
    let report = error.report().unwrap();
    assert_eq!(outcomes(report), outcomes_before);
    assert_eq!(report.rows()[0].code(), Some("640"));
    assert!(report.rows()[0].tracking_id().is_some(), "the upload that reported it");

    // The refused request does not count, so 801 can still be resent. No request is open.
    service.answer_all();
    service.take();
    service.run(&rows, &journal).await.unwrap();
    assert!(service.take().is_empty());
    retry().await.unwrap();
    assert_eq!(open(&journal).chunks().unwrap().pop().unwrap().devices, 2);

    // An interrupted upload leaves its devices open, even if they had an outcome before.
    service.fail_upload(1, DoneWithoutResponse);
    let dying = tokio::time::timeout(Duration::from_secs(100), retry()).await;
    assert!(dying.is_err());
    assert_eq!(outcomes(&open(&journal).report().unwrap()), ["unknown", "failed", "registered"]);
    service.answer_all();
    assert_eq!(outcomes(&service.run(&rows, &journal).await.unwrap()), outcomes_before);
}

#[tokio::test(start_paused = true)]
async fn keeps_the_outcomes_that_a_running_job_reported() {
    // The first device is done 800 milliseconds after the upload, and one more every 30 milliseconds.
    let (service, journal) = (TestService::new(), file("half-told"));
    let rows = rows(0..100);
    let cancel = CancellationToken::new();
    let upload = service
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
    let report = service
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
async fn a_cancellation_after_the_last_job_has_no_effect() {
    let service = TestService::new();
    let cancel = CancellationToken::new();
    let upload = service.upload(&rows(0..2)).cancel_with(cancel.clone());
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
async fn polls_a_job_again_if_it_is_not_known_yet() {
    let service = TestService::new();
    let looks = AtomicUsize::new(0);
    service.rule(move |request| {
        let look = request.uri().path().contains("obStatus");
        if look && looks.fetch_add(1, Ordering::Relaxed) < 3 { Refused(404) } else { Normal }
    });
    let report = service.upload(&rows(0..2)).run(|_| ()).await.unwrap();
    assert_eq!(outcomes(&report), ["registered"; 2]);
    assert!(!service.take().iter().any(|call| call.what.ends_with("/devices")));
}

#[tokio::test(start_paused = true)]
async fn waits_for_devices_to_appear_before_resending_them() {
    // The second upload takes effect but its response is lost. The resend gets a conflict while the job is running.
    let queued = Duration::from_secs(90);
    let pace = Pace { queued, at_most: queued * 2, ..Pace::default() };
    let service = TestService::with(Emulator::builder().pace(pace).in_process());
    let uploads = AtomicUsize::new(0);
    service.rule(move |request| match is_upload(request) {
        true => match uploads.fetch_add(1, Ordering::Relaxed) {
            1 => Fate::DoneWithError,
            2 => Refused(409),
            _ => Normal,
        },
        false => Normal,
    });
    let report = service.upload(&rows(0..4)).run(|_| ()).await.unwrap();
    assert_eq!(outcomes(&report), ["registered"; 4]);
    assert_eq!(report.rows()[2].matched_by(), Some(MatchedBy::SerialNumber));
    assert_eq!(service.uploads().len(), 3, "no upload under another id");
}

#[tokio::test(start_paused = true)]
async fn rows_without_a_destination_do_not_bind_the_journal_to_a_service() {
    let (service, journal) = (TestService::new(), file("no-destination"));
    let nowhere = ",,S1,,,Contoso,Model 7\n";
    let report = service.run(nowhere, &journal).await.unwrap();
    assert_eq!(outcomes(&report), ["refused"]);
    let report = service.run(&rows(0..1), &journal).await.unwrap();
    assert_eq!(outcomes(&report), ["registered"]);
    assert_eq!(outcomes(&service.run(nowhere, &journal).await.unwrap()), ["refused"]);
}

#[tokio::test(start_paused = true)]
async fn the_input_may_change_between_runs() {
    let (service, journal) = (TestService::new(), file("changed"));
    service.fail_upload(2, DoneWithoutResponse);
    service.run_until_killed(&rows(0..6), &journal).await;
    service.take();
    service.answer_all();

    // Row 1 was registered and is removed. Row 2 is in the upload without a response and is removed. Row 4 is corrected, so
    // it is a different device. Row 9 is new.
    let corrected = row(ONE, "Berlin", "S0004").replace("Model 7", "Model 8");
    let changed = [&rows(0..1)[..], &rows(3..4), &corrected, &rows(5..6), &rows(9..10)].concat();
    let report = service.run(&changed, &journal).await.unwrap();
    assert_eq!(outcomes(&report), ["registered"; 5]);
    let lines: Vec<_> = report.rows().iter().map(|row| row.origin().line()).collect();
    assert_eq!(lines, [2, 3, 4, 5, 6]);
    let calls: Vec<_> = service.take().into_iter().map(|call| call.what).collect();
    // A request whose devices are not all in the file cannot be resent.
    assert_eq!(calls[0], "GET deviceBatches/Berlin/devices");
    assert_eq!(states(&journal)[1], ChunkState::ReadBack);
    let mut devices = service.devices(ONE, "Berlin").await;
    devices.sort();
    assert_eq!(devices, ["S0000", "S0001", "S0002", "S0003", "S0004", "S0005", "S0009"]);
}

#[tokio::test(start_paused = true)]
async fn compares_customers_and_batches_without_case() {
    let (service, journal) = (TestService::new(), file("case"));
    service.run(&rows(0..3), &journal).await.unwrap();
    service.take();
    let other = rows(0..3).replace(ONE, &ONE.to_uppercase()).replace("Berlin", "BERLIN");
    let report = service.run(&other, &journal).await.unwrap();
    assert_eq!(outcomes(&report), ["registered"; 3]);
    assert!(service.take().is_empty());
}

#[tokio::test(start_paused = true)]
async fn progress_counts_only_rows_that_are_still_in_the_file() {
    let (service, journal) = (TestService::new(), file("half-gone"));
    // The first device takes 0.8 seconds, each other one 30 milliseconds.
    let upload = |count, seconds| {
        let upload = service.upload(&rows(0..count)).chunk_size(ChunkSize::MAX);
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
    assert_eq!(service.uploads().len(), 1);
}

// ---- Many customers -----------------------------------------------------------------------------------------

#[tokio::test(start_paused = true)]
async fn a_forbidden_customer_does_not_stop_the_others() {
    let (service, journal) = (TestService::new(), file("forbidden"));
    service.rule(|request| {
        let hit = request.uri().path().contains(OTHER);
        if hit { Refused(403) } else { Normal }
    });
    let others: String = ["A", "B"].map(|serial| row(OTHER, "Rome", serial)).concat();
    let rows = [&others, &rows(0..3)[..]].concat();
    let error = service.run(&rows, &journal).await.unwrap_err();
    assert_eq!(failures(&error), [(OTHER, Step::ListBatches, ErrorKind::Forbidden)]);
    let report = error.report().unwrap();
    assert_eq!(outcomes(report), [&["notSent"; 2][..], &["registered"; 3]].concat());
    assert_eq!(report.stopped(), None);
    let stopped: Vec<_> = report.destinations().map(|at| at.stopped().is_some()).collect();
    assert_eq!(stopped, [true, false]);

    service.answer_all();
    let report = service.run(&rows, &journal).await.unwrap();
    assert!(report.all_succeeded() && report.destinations().all(|at| at.stopped().is_none()));
}

#[tokio::test(start_paused = true)]
async fn a_refused_token_stops_the_whole_upload() {
    let (service, journal) = (TestService::new(), file("token"));
    service.rule(|request| {
        let hit = is_upload(request) && request.uri().path().contains(OTHER);
        if hit { Refused(401) } else { Normal }
    });
    let rows = [&row(OTHER, "Rome", "A")[..], &rows(0..8)].concat();
    let error = service.run(&rows, &journal).await.unwrap_err();
    let report = error.report().unwrap();
    assert!(report.stopped().is_some());
    assert_eq!(failures(&error)[0].2, ErrorKind::Unauthorized);
    let totals = report.totals();
    assert_eq!(report.rows()[0].outcome().id(), "notSent");
    assert!(totals.not_sent > 1 && totals.not_sent + totals.registered == 9, "{totals:?}");

    service.answer_all();
    assert!(service.run(&rows, &journal).await.unwrap().all_succeeded());
}

#[tokio::test(start_paused = true)]
async fn customers_run_concurrently_and_the_chunks_of_a_batch_in_order() {
    let pace = Pace { queued: Duration::from_secs(2), ..Pace::instant() };
    let service = TestService::with(Emulator::builder().pace(pace).in_process());
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
    let upload = service.upload(&rows).concurrency(4);
    let report = upload
        .run(|event| {
            if let Event::Sent { customer, chunk, .. } = event {
                sent.push((customer.to_string(), chunk));
            }
        })
        .await
        .unwrap();
    assert!(report.all_succeeded());
    // Each batch has two consecutive jobs of 2 seconds. All twenty in sequence would take 40 seconds.
    assert!(began.elapsed() < Duration::from_secs(8), "{:?}", began.elapsed());
    for customer in &customers {
        let chunks: Vec<_> =
            sent.iter().filter(|(of, _)| of == customer).map(|(_, chunk)| *chunk).collect();
        assert_eq!(chunks, [1, 2, 3]);
    }
    let first: Vec<_> = sent[..10].iter().map(|(_, chunk)| *chunk).collect();
    assert_eq!(first, [1; 10], "batches take turns");
}

/// Each call takes a second, so that concurrent calls overlap.
#[tokio::test(start_paused = true)]
async fn runs_up_to_the_given_number_of_calls_concurrently() {
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

#[tokio::test(start_paused = true)]
async fn the_error_counts_the_other_batches_that_stopped() {
    let listed = "cannot start the upload";
    for (customers, message) in [
        (1, listed.to_owned()),
        (2, format!("{listed}, and 1 more batch stopped")),
        (3, format!("{listed}, and 2 more batches stopped")),
    ] {
        let service = TestService::new();
        service.rule(|_| Refused(403));
        let rows: String = (0..customers)
            .map(|n| row(&ONE.replacen("47", &format!("{n}0"), 1), "Rome", &format!("S{n}")))
            .collect();
        let error = service.upload(&rows).run(|_| ()).await.unwrap_err();
        assert_eq!(error.to_string(), message);
    }
}

/// The batches of a customer cannot be listed, and a request of an earlier run proves nothing. Its devices are sent in
/// the end, or the report has the reason.
#[tokio::test(start_paused = true)]
async fn every_unsent_row_has_a_reason() {
    // In both orders of the two responses.
    for rome_first in [true, false] {
        let (service, journal) = (TestService::new(), file("no-reason"));
        service.fail_upload(2, Lost);
        service.run_until_killed(&rows(0..4), &journal).await;
        // One of the two rows is removed, so the request cannot be resent.
        let (berlin, rome) = (rows(0..3), row(ONE, "Rome", "R1"));
        let rows = if rome_first { rome + &berlin } else { berlin + &rome };
        service.rule(|request| {
            let list = request.method() == "GET" && request.uri().path().ends_with("eBatches");
            if list { Refused(403) } else { Normal }
        });
        let error = service.run(&rows, &journal).await.unwrap_err();
        for row in error.report().unwrap().rows() {
            let stopped = row.destination().unwrap().stopped().is_some();
            assert!(stopped || row.outcome().is_success(), "{} {:?}", row.origin(), row.outcome());
        }
    }
}

// ---- The file -----------------------------------------------------------------------------------------------

#[test]
fn an_open_journal_is_in_use() {
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

/// On POSIX a process that closes any descriptor of a file loses its locks on it, so only SQLite may open a journal that
/// this process has open.
#[test]
fn failed_operations_on_an_open_journal_do_not_unlock_it() {
    const NAME: &str = "failed_operations_on_an_open_journal_do_not_unlock_it";
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
async fn reading_a_journal_allows_other_readers_and_changes_nothing() {
    let path = file("look");
    TestService::new().run(&rows(0..3), &path).await.unwrap();
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
    assert_eq!(fs::read_dir(journals.directory()).unwrap().count(), 1, "there are no other files");

    let journal = Journal::open_read_only(&path).unwrap();
    let upload = TestService::new().upload(&rows(3..4)).journal(journal).run(|_| ());
    let UploadError::Journal { error, .. } = upload.await.unwrap_err() else { panic!() };
    assert!(matches!(error, JournalError::Broken { .. }), "{error}");
    assert!(fs::read(&path).unwrap() == before);

    // A process that is killed right after creating the file leaves it empty.
    let empty = path.with_file_name("empty.journal");
    fs::write(&empty, "").unwrap();
    let [entry, _] = &journals.list().unwrap()[..] else { panic!() };
    assert_eq!((entry.problem.as_deref(), entry.started), (None, None));
    assert_eq!(fs::metadata(&empty).unwrap().len(), 0);
    drop(open(&empty));
    journals.remove("empty").unwrap();
    assert!(!empty.exists());
}

#[tokio::test(start_paused = true)]
async fn reads_the_journal_of_a_killed_process() {
    let (service, path) = (TestService::new(), file("crashed"));
    service.run(&rows(0..2), &path).await.unwrap();
    let copy = path.with_file_name("copy.journal");
    let wal = |path: &Path| PathBuf::from(format!("{}-wal", path.display()));
    let upload = service.upload(&rows(0..6)).journal(open(&path));
    // Copies the files in the middle of a run.
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
async fn an_unfinished_request_keeps_a_journal_open() {
    let (service, path) = (TestService::new(), file("open-elsewhere"));
    service.fail_upload(1, Lost);
    service.run_until_killed(&rows(0..2), &path).await;
    service.answer_all();
    let report = service.run(&row(ONE, "Rome", "R1"), &path).await.unwrap();
    assert!(!report.is_unfinished());
    let entries = Journals::in_directory(path.parent().unwrap()).list().unwrap();
    assert_eq!((entries[0].is_open, entries[0].totals.registered), (true, 1));
}

#[tokio::test(start_paused = true)]
async fn sets_a_journal_aside() {
    let (service, path) = (TestService::new(), file("aside"));
    service.run(&rows(0..2), &path).await.unwrap();
    service.take();
    let old = Journal::set_aside(&path).unwrap();
    assert_eq!(old, path.with_file_name("run.journal.old"));
    let report = service.run(&rows(0..2), &path).await.unwrap();
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
async fn a_journal_belongs_to_one_service() {
    let path = file("other-service");
    TestService::new().run(&rows(0..1), &path).await.unwrap();
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
async fn does_not_change_files_that_are_not_journals() {
    let path = file("no-journal");
    TestService::new().run(&rows(0..50), &path).await.unwrap();
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
    // Only files with the header of a journal are removed.
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

#[tokio::test(start_paused = true)]
async fn a_journal_with_an_invalid_value_is_broken() {
    let path = file("invalid-value");
    let incomplete = format!("{ONE},Berlin,S1,,,Contoso,\n");
    TestService::new().run(&(rows(0..2) + &incomplete), &path).await.unwrap();
    let good = fs::read(&path).unwrap();
    for (change, problem) in [
        ("UPDATE line SET rule = 'no-such-rule' WHERE rule IS NOT NULL", "no-such-rule"),
        ("UPDATE target SET customer = ''", "customer"),
        ("UPDATE target SET batch = ''", "batch"),
    ] {
        fs::write(&path, &good).unwrap();
        let database = rusqlite::Connection::open(&path).unwrap();
        assert_eq!(database.execute(change, []).unwrap(), 1);
        drop(database);
        let error = open(&path).report().unwrap_err();
        assert!(matches!(error, JournalError::Broken { .. }), "{error:?}");
        assert!(error.to_string().contains(problem), "{error}");
    }
}

/// A journal from someone else may have views and triggers that never end or change something.
#[tokio::test(start_paused = true)]
async fn a_journal_with_another_schema_is_refused() {
    let path = file("hostile");
    TestService::new().run(&rows(0..2), &path).await.unwrap();
    let good = fs::read(&path).unwrap();
    let numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)";
    for change in [
        &format!(
            "ALTER TABLE line RENAME TO lines; CREATE VIEW line AS {numbers}
             SELECT i AS place, 1 AS source, i AS line, 1 AS target, 1 AS device, '' AS serial, '' AS product_key,
             '' AS hash, '' AS rule, '' AS message, '' AS field, 1 AS same_source, 1 AS same_line FROM n"
        )[..],
        "DROP TABLE source; CREATE TABLE source (id INTEGER PRIMARY KEY, name TEXT AS (hex(id)) VIRTUAL)",
        "CREATE TRIGGER t AFTER INSERT ON chunk BEGIN DELETE FROM device; END",
        "CREATE TABLE other (a)",
        "CREATE INDEX i ON line (length(serial))",
        "DROP TABLE chunk",
        "ALTER TABLE device ADD COLUMN more TEXT",
    ] {
        fs::write(&path, &good).unwrap();
        let database = rusqlite::Connection::open(&path).unwrap();
        database.execute_batch(change).unwrap();
        drop(database);
        for opened in [Journal::open(&path), Journal::open_read_only(&path)] {
            let error = opened.unwrap_err();
            assert!(matches!(error, JournalError::NotAJournal { .. }), "{change}: {error:?}");
        }
        let entries = Journals::in_directory(path.parent().unwrap()).list().unwrap();
        assert!(entries[0].problem.is_some(), "{change}");
    }
    fs::write(&path, &good).unwrap();
    assert_eq!(open(&path).report().unwrap().rows().len(), 2);
}

/// Replaces the root page of a table by a tree of pages that leads to the old content in 30^17 ways.
fn tangled(good: &[u8], root: usize) -> Vec<u8> {
    const LEVELS: usize = 17;
    let size = usize::from(u16::from_be_bytes([good[16], good[17]]));
    let header_of = |page: usize| if page == 1 { 100 } else { 0 };
    let (start, header) = ((root - 1) * size, header_of(root));
    let pages = good.len() / size;
    let interior = |page: &mut [u8], header: usize, child: usize| {
        let child = u32::try_from(child).unwrap().to_be_bytes();
        let cells = 29_u16;
        page[header..].fill(0);
        page[header] = 5; // an inner page of a table
        page[header + 3..header + 5].copy_from_slice(&cells.to_be_bytes());
        let content = u16::try_from(size).unwrap() - 5 * cells;
        page[header + 5..header + 7].copy_from_slice(&content.to_be_bytes());
        page[header + 8..header + 12].copy_from_slice(&child);
        for cell in 0..cells {
            let place = content + 5 * cell;
            let pointer = header + 12 + 2 * usize::from(cell);
            page[pointer..pointer + 2].copy_from_slice(&place.to_be_bytes());
            let place = usize::from(place);
            page[place..place + 4].copy_from_slice(&child);
            page[place + 4] = u8::try_from(cell).unwrap() + 1;
        }
    };
    let mut leaf = good[start..start + size].to_vec();
    let pointers = 8 + 2 * usize::from(u16::from_be_bytes([leaf[header + 3], leaf[header + 4]]));
    leaf.copy_within(header..header + pointers, 0);
    let mut bytes = good.to_vec();
    interior(&mut bytes[start..start + size], header, pages + 1);
    for level in 1..LEVELS {
        let mut page = vec![0; size];
        interior(&mut page, 0, pages + level + 1);
        bytes.extend(page);
    }
    bytes.extend(leaf);
    bytes[28..32].copy_from_slice(&u32::try_from(pages + LEVELS).unwrap().to_be_bytes());
    bytes
}

/// Reading such a file row by row would never end.
#[tokio::test(start_paused = true)]
async fn a_journal_whose_pages_refer_to_each_other_is_broken() {
    let path = file("tangled");
    TestService::new().run(&rows(0..2), &path).await.unwrap();
    let good = fs::read(&path).unwrap();
    let database = rusqlite::Connection::open(&path).unwrap();
    let root_of = |table: &str| {
        let query = "SELECT rootpage FROM sqlite_schema WHERE name = ?1";
        let root: u32 = database.query_row(query, [table], |row| row.get(0)).unwrap();
        usize::try_from(root).unwrap()
    };
    let roots = [1, root_of("run"), root_of("device"), root_of("line")];
    drop(database);
    for root in roots {
        fs::write(&path, tangled(&good, root)).unwrap();
        for opened in [Journal::open(&path), Journal::open_read_only(&path)] {
            let error = opened.unwrap_err();
            assert!(matches!(error, JournalError::Broken { .. }), "{root}: {error:?}");
        }
        let entries = Journals::in_directory(path.parent().unwrap()).list().unwrap();
        assert!(entries[0].problem.is_some(), "{root}");
    }
    fs::write(&path, &good).unwrap();
    assert_eq!(open(&path).report().unwrap().rows().len(), 2);
}

/// SQLite cannot create the index of its log, as in a directory that cannot be written.
#[tokio::test(start_paused = true)]
async fn a_journal_that_cannot_be_written_can_be_read() {
    let path = file(if cfg!(windows) { "read only %20#" } else { "read only %20?#" }); // no name has ? there
    TestService::new().run(&rows(0..2), &path).await.unwrap();
    fs::create_dir(path.with_file_name("run.journal-shm")).unwrap();
    let before = fs::read(&path).unwrap();
    let journal = Journal::open_read_only(&path).unwrap();
    assert_eq!(journal.report().unwrap().rows().len(), 2);
    assert_eq!(journal.export().unwrap().chunks.len(), 1);
    assert!(fs::read(&path).unwrap() == before);
}

#[cfg(unix)]
#[test]
fn a_pipe_or_a_device_is_not_a_journal() {
    for path in ["/dev/zero", "/dev/null", "/"] {
        let error = Journal::open_read_only(path).unwrap_err();
        assert!(matches!(error, JournalError::NotAJournal { .. }), "{path}: {error:?}");
    }
}

#[test]
fn reports_a_file_that_cannot_be_created() {
    let path = file("unreachable");
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, "a file").unwrap();
    let error = Journal::open(path.join("below.journal")).unwrap_err();
    assert!(matches!(error, JournalError::Io { .. }), "{error:?}");
    assert!(std::error::Error::source(&error).is_some());
}

#[tokio::test(start_paused = true)]
async fn lists_and_removes_the_journals_of_a_directory() {
    let (service, path) = (TestService::new(), file("folder"));
    let journals = Journals::in_directory(path.parent().unwrap());
    assert!(journals.list().unwrap().is_empty());
    assert!(matches!(journals.open_read_only("Berlin 1"), Err(JournalError::Io { .. })));
    assert!(matches!(journals.remove("Berlin 1"), Err(JournalError::Io { .. })));
    assert!(!journals.directory().exists(), "listing creates nothing");
    let path = journals.path("../a/b");
    assert!(path.parent() == Some(journals.directory()), "{path:?}");

    let run = service.upload(&rows(0..3)).journal(journals.open("Berlin 1").unwrap());
    run.run(|_| ()).await.unwrap();
    service.fail_upload(1, Refused(400));
    let run = service.upload(&rows(3..4)).journal(journals.open("a").unwrap());
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
    assert!(record.started.unwrap() <= record.chunks[0].recorded);

    journals.remove("Berlin 1").unwrap();
    let left: Vec<_> =
        fs::read_dir(journals.directory()).unwrap().map(|f| f.unwrap().file_name()).collect();
    assert_eq!(left, ["a.journal"]);
}

#[tokio::test(start_paused = true)]
async fn the_file_contains_no_hardware_hash_or_token() {
    let path = file("secrets");
    let service = TestService::new();
    service.fail_upload(1, DoneWithoutResponse);
    let rows = [&nameless(0..2)[..], &rows(0..1)].concat();
    let client =
        Client::builder().in_process(service.clone()).token("planted-secret-token".to_owned());
    let client = client.build().unwrap();
    let fleet = Fleet::read(format!("{HEADER}{rows}").as_bytes(), "fleet.csv");
    let customer = client.customer(CustomerId::new(ONE).unwrap());
    let upload = Upload::new(customer, BatchId::new("Berlin").unwrap(), fleet);
    let run = upload.journal(open(&path)).run(|_| ());
    tokio::time::timeout(Duration::from_secs(100), run).await.unwrap_err();
    // Includes the files that SQLite keeps next to it, and the journal after it was closed.
    let mut seen = Vec::new();
    for file in fs::read_dir(path.parent().unwrap()).unwrap() {
        seen.extend(fs::read(file.unwrap().path()).unwrap());
    }
    service.answer_all();
    service.run(&rows, &path).await.unwrap();
    seen.extend(fs::read(&path).unwrap());
    let has = |text: &str| seen.windows(text.len()).any(|part| part == text.as_bytes());
    assert!(has("S0000"), "serial numbers are recorded");
    assert!(!has(&hash(0)) && !has(&hash(1)) && !has("planted-secret-token"));
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_the_file() {
    use std::os::unix::fs::PermissionsExt as _;
    let path = file("private");
    let _journal = open(&path);
    for file in fs::read_dir(path.parent().unwrap()).unwrap() {
        let file = file.unwrap();
        let mode = file.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{:?}", file.file_name());
    }
}

// ---- Dry runs ----------------------------------------------------------------------------------------

#[tokio::test(start_paused = true)]
async fn a_dry_run_shows_every_request_and_changes_nothing() {
    let (service, journal) = (TestService::new(), file("dry"));
    service.fail_upload(2, Lost);
    service.run_until_killed(&rows(0..3), &journal).await;
    service.take();
    service.answer_all();
    let before = fs::read(&journal).unwrap();
    let later = [&rows(0..5)[..], &nameless(0..1), &row(OTHER, "Rome", "R1")].concat();
    let mut dry = service.upload(&later).journal(open(&journal)).dry_run().await.unwrap();
    let recorded_id = open(&journal).chunks().unwrap().pop().unwrap().request_id;
    let shown_id = std::mem::replace(&mut dry.unfinished[0].request_id, "REQUEST ID".to_owned());
    assert_eq!(shown_id, recorded_id);
    insta::assert_json_snapshot!(dry);
    let calls: Vec<_> = service.take().into_iter().map(|call| (call.what, call.customer)).collect();
    let list = |customer: &str| ("GET deviceBatches".to_owned(), customer.to_owned());
    assert_eq!(calls, [list(ONE), list(OTHER)]);
    assert!(fs::read(&journal).unwrap() == before, "the journal was changed");

    let batches: Vec<DeviceBatch> = service
        .client()
        .customer(CustomerId::new(OTHER).unwrap())
        .device_batches()
        .list()
        .await
        .unwrap();
    assert!(batches.is_empty());
    // The upload sends the same requests.
    service.take();
    let planned: Vec<_> = dry.batches.iter().flat_map(|batch| &batch.requests).collect();
    service.run(&later, &journal).await.unwrap();
    let mut contents: Vec<_> =
        open(&journal).chunks().unwrap().into_iter().map(|chunk| chunk.content).collect();
    let mut shown: Vec<_> = planned.iter().map(|request| request.content.clone()).collect();
    let mut sent = contents.split_off(2);
    sent.sort();
    shown.sort();
    assert_eq!(sent, shown);
}
