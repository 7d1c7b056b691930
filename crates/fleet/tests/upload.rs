//! Complete uploads against the emulator in this process, on a paused clock.
#![allow(clippy::unwrap_used)]

use std::fs::File;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt as _;
use http::{Method, Request, Response};
use partner_center_devices::raw::{BoxFuture, Service};
use partner_center_devices::{
    AccessToken, BatchId, BatchUploadStatus, Client, ClientBuilder, Customer, CustomerId, Error,
    ErrorKind, MatchedBy, Retry, TokenError, TokenProvider, Wait,
};
use partner_center_devices_emulator::{Emulator, InProcess, Pace};
use partner_center_devices_fleet::{
    ChunkSize, Event, Fleet, Journal, Report, ReportRow, RowOutcome, Step, Upload, UploadError,
    read,
};

fn customer(service: impl Service) -> Customer {
    customer_of(Client::builder().in_process(service))
}

fn customer_of(client: ClientBuilder) -> Customer {
    partner_center_devices_testkit::trace();
    let client = client.build().unwrap();
    client.customer(CustomerId::new("47021739-3426-40bf-9601-61b4b6d7c793").unwrap())
}

/// Returns a customer of a client that does not retry.
fn customer_without_retries(service: impl Service) -> Customer {
    customer_of(Client::builder().in_process(service).retry(Retry::never()))
}

fn two() -> ChunkSize {
    ChunkSize::new(2).unwrap()
}

fn batch(name: &str) -> BatchId {
    BatchId::new(name).unwrap()
}

fn sample(name: &str) -> Fleet {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples").join(name);
    Fleet::check(read(File::open(path).unwrap(), name))
}

/// Returns devices with serial number, manufacturer and model.
fn numbered(devices: std::ops::Range<usize>) -> Fleet {
    let mut csv = "Serial Number,Manufacturer,Model\n".to_owned();
    devices.for_each(|number| csv.push_str(&format!("S{number:04},Dell Inc.,Latitude 5450\n")));
    Fleet::read(csv.as_bytes(), "numbered.csv")
}

fn outcomes(report: &Report, id: &str) -> Vec<usize> {
    let places = report.rows().iter().enumerate();
    places.filter(|(_, row)| row.outcome().id() == id).map(|(place, _)| place).collect()
}

/// Returns the batch of a report with one destination, and whether the upload created it.
fn destination(report: &Report) -> (String, bool) {
    let all: Vec<_> = report.destinations().collect();
    let [one] = all[..] else { panic!("{all:?}") };
    (one.batch().to_string(), one.created_batch())
}

/// Returns the step and error of the only failure, and the report.
fn only(error: &UploadError) -> (Step, &Error, &Report) {
    let UploadError::Calls { report, failures, .. } = error else { panic!("{error:?}") };
    let [failure] = &failures[..] else { panic!("{failures:?}") };
    (failure.step(), failure.error(), report)
}

/// Returns a service that records its calls as `METHOD path`, without polls of jobs, and the recorded calls.
fn watched(emulator: InProcess) -> (Arc<Mutex<Vec<String>>>, impl Service) {
    let calls = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&calls);
    let service = move |request: Request<Bytes>| {
        let path = request.uri().path();
        if !path.to_lowercase().contains("batchjobstatus") {
            let path = path.rsplit_once("/47021739-3426-40bf-9601-61b4b6d7c793/").unwrap().1;
            noted.lock().unwrap().push(format!("{} {path}", request.method()));
        }
        emulator.handle(&request).response().unwrap()
    };
    (calls, service)
}

#[tokio::test(start_paused = true)]
async fn uploads_the_contoso_fleet() {
    let (calls, service) = watched(Emulator::builder().in_process());
    let mut events = Vec::new();
    let upload = Upload::new(customer(service), batch("Contoso"), sample("contoso-fleet.csv"));
    let report = upload.run(|event| events.push(event)).await.unwrap();

    assert!(report.all_succeeded());
    let totals = report.totals();
    assert_eq!((totals.rows, totals.registered, totals.already_registered), (40, 38, 2));
    for row in report.rows() {
        let already = row.serial_number().is_some_and(|serial| serial.starts_with("ZTD806-"));
        assert_eq!(*row.outcome() == RowOutcome::AlreadyRegistered, already, "{}", row.origin());
        assert_eq!(row.code(), already.then_some("806"));
        assert!(row.tracking_id().is_some());
        let by = if row.serial_number().is_some() {
            MatchedBy::SerialNumber
        } else {
            MatchedBy::ProductKey
        };
        assert_eq!(row.matched_by(), Some(by));
        assert_eq!(row.device_id().is_some(), !already);
    }
    let lines: Vec<_> = report.rows().iter().map(|row| row.origin().line()).collect();
    assert_eq!(lines, (2..42).collect::<Vec<_>>());
    assert_eq!(*calls.lock().unwrap(), ["GET deviceBatches", "POST deviceBatches"]);

    let [
        Event::Planned { plan, .. },
        Event::Sending { chunk: 1, devices: 40, .. },
        Event::Sent { chunk: 1, devices: 40, .. },
        looks @ ..,
    ] = &events[..]
    else {
        panic!("{events:?}")
    };
    assert!(plan.creates_batch());
    assert_eq!(destination(&report), ("Contoso".to_owned(), true));
    assert_eq!((plan.batch().as_str(), plan.chunks()), ("Contoso", &[40][..]));
    let [looks @ .., Event::ChunkFinished { devices: 40, failed: 0, .. }] = looks else {
        panic!("{looks:?}")
    };
    let looks: Vec<_> = looks
        .iter()
        .map(|event| match event {
            Event::Progress { done, total: 40, status, .. } => (*done, status.clone().unwrap()),
            other => panic!("{other:?}"),
        })
        .collect();
    assert!(looks.is_sorted_by_key(|(decided, _)| *decided) && looks.len() > 2);
    assert_eq!(looks.first(), Some(&(0, BatchUploadStatus::Queued)));
    assert_eq!(looks.last(), Some(&(40, BatchUploadStatus::Finished)));
}

#[tokio::test(start_paused = true)]
async fn reports_a_meaning_and_a_cure_for_each_failed_device() {
    let upload = Upload::new(
        customer(Emulator::builder().in_process()),
        batch("Contoso"),
        sample("trouble.csv"),
    );
    let report = upload.run(|_| ()).await.unwrap();

    assert!(!report.all_succeeded() && report.stopped().is_none());
    let codes: Vec<_> = report.rows().iter().map(ReportRow::code).collect();
    let code = |code| Some(code);
    assert_eq!(
        codes,
        [
            None,
            code("808"),
            code("812"),
            None,
            code("802"),
            code("813"),
            code("806"),
            code("814"),
            None,
            code("640"),
            code("808"),
            None
        ]
    );
    let totals = report.totals();
    assert_eq!((totals.registered, totals.already_registered, totals.failed), (4, 1, 7));
    for (place, name, cure) in [
        (1, "ZtdDeviceAssignedToOtherTenant", "find the organization"),
        (2, "ZtdDeviceNotFound", "the manufacturer's spelling"),
        (4, "InvalidZtdHardwareHash", "capture the hash again"),
        (5, "ZtdDeviceIsNotUnique", "final hardware"),
        (6, "ZtdDeviceAlreadyAssigned", "nothing to do"),
        (7, "ZtdDeviceAlreadyAadRegistered", "Entra"),
        (9, "StorageError", "again later"),
    ] {
        let row = &report.rows()[place];
        assert_eq!(row.name().as_deref(), Some(name));
        assert!(row.cure().unwrap().contains(cure), "{name}: {:?}", row.cure());
        assert!(row.meaning().is_some());
    }
}

#[tokio::test(start_paused = true)]
async fn sends_a_large_fleet_in_consecutive_chunks() {
    let emulator = Emulator::builder().in_process();
    let (calls, service) = watched(emulator.clone());
    let customer = customer(service);
    let mut sent = Vec::new();
    let mut progress = Vec::new();
    let upload = Upload::new(customer.clone(), batch("Large fleet"), numbered(0..1200));
    let report = upload
        .run(|event| match event {
            Event::Sent { chunk, devices, tracking_id, .. } => {
                sent.push((chunk, devices, tracking_id))
            }
            Event::Progress { done, total, .. } => progress.push((done, total)),
            _ => {}
        })
        .await
        .unwrap();

    assert!(report.all_succeeded());
    let sizes: Vec<_> = sent.iter().map(|(chunk, devices, _)| (*chunk, *devices)).collect();
    assert_eq!(sizes, [(1, 500), (2, 500), (3, 200)]);
    let add = "POST deviceBatches/Large%20fleet/devices";
    assert_eq!(*calls.lock().unwrap(), ["GET deviceBatches", "POST deviceBatches", add, add]);
    assert!(progress.is_sorted() && progress.last() == Some(&(1200, 1200)));

    for (place, row) in report.rows().iter().enumerate() {
        assert_eq!(row.serial_number(), Some(format!("S{place:04}").as_str()));
        assert_eq!(row.tracking_id(), Some(&sent[place / 500].2));
    }
    let batches = customer.device_batches().list().await.unwrap();
    assert_eq!(
        batches.iter().map(|batch| (batch.id_text(), batch.devices_count())).collect::<Vec<_>>(),
        [(Some("Large fleet"), Some(1200))]
    );
    let listed = customer.device_batch(batch("Large fleet")).devices().list().await.unwrap();
    // The jobs of later chunks run concurrently.
    let mut listed: Vec<_> = listed.iter().filter_map(|device| device.serial_number()).collect();
    listed.sort_unstable();
    assert!(
        listed == report.rows().iter().filter_map(ReportRow::serial_number).collect::<Vec<_>>()
    );
}

/// A job takes seconds here and minutes in the real service. Chunks do not wait for earlier ones, and most jobs are
/// finished when they are first polled.
#[tokio::test(start_paused = true)]
async fn sends_chunks_far_ahead_of_their_jobs_and_polls_few_jobs() {
    const CHUNKS: usize = 40;
    let emulator = Emulator::builder().in_process();
    let looks = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&looks);
    let service = move |request: Request<Bytes>| {
        if request.uri().path().to_lowercase().contains("batchjobstatus") {
            counted.fetch_add(1, Ordering::Relaxed);
        }
        emulator.handle(&request).response().unwrap()
    };
    let start = tokio::time::Instant::now();
    let upload = Upload::new(customer(service), batch("Far ahead"), numbered(0..2 * CHUNKS));
    let report = upload.chunk_size(two()).run(|_| ()).await.unwrap();
    assert!(report.all_succeeded());
    // First the chunk that creates the batch, then all others concurrently. No job takes more than five seconds.
    assert!(start.elapsed() < std::time::Duration::from_secs(20), "{:?}", start.elapsed());
    let looks = looks.load(Ordering::Relaxed);
    assert!((CHUNKS..2 * CHUNKS).contains(&looks), "{looks} polls of {CHUNKS} jobs");
}

#[tokio::test(start_paused = true)]
async fn appends_to_a_batch_whose_name_differs_by_case() {
    let customer = customer(Emulator::builder().in_process());
    let first =
        Upload::new(customer.clone(), batch("Contoso"), numbered(0..3)).run(|_| ()).await.unwrap();
    assert_eq!(destination(&first), ("Contoso".to_owned(), true));

    let mut plans = Vec::new();
    let report = Upload::new(customer.clone(), batch("CONTOSO"), numbered(2..5))
        .run(|event| {
            if let Event::Planned { plan, .. } = event {
                plans.push((plan.batch().to_string(), plan.creates_batch()));
            }
        })
        .await
        .unwrap();
    assert_eq!(plans, [("Contoso".to_owned(), false)]);
    assert_eq!(destination(&report), ("Contoso".to_owned(), false));
    assert_eq!(outcomes(&report, "alreadyRegistered"), [0]);
    assert_eq!(outcomes(&report, "registered"), [1, 2]);

    let batches = customer.device_batches().list().await.unwrap();
    assert_eq!(batches.iter().map(|batch| batch.devices_count()).collect::<Vec<_>>(), [Some(5)]);
}

/// Returns an emulator that responds with this status to the `POST` requests number `first` to `last`, counted from 1.
/// If `takes_effect`, these requests take effect nevertheless.
fn failing(first: usize, last: usize, status: u16, takes_effect: bool) -> impl Service {
    let emulator = Emulator::builder().in_process();
    let posts = AtomicUsize::new(0);
    move |request: Request<Bytes>| {
        if request.method() == Method::POST
            && (first..=last).contains(&(posts.fetch_add(1, Ordering::Relaxed) + 1))
        {
            if takes_effect {
                drop(emulator.handle(&request));
            }
            return Response::builder().status(status).body(Bytes::new()).unwrap();
        }
        emulator.handle(&request).response().unwrap()
    }
}

#[tokio::test(start_paused = true)]
async fn a_failure_in_the_middle_keeps_known_outcomes() {
    for (status, kind, unknown, not_sent) in [
        (500, ErrorKind::Service, vec![2, 3], vec![4]),
        (503, ErrorKind::Service, vec![2, 3], vec![4]),
        (403, ErrorKind::Forbidden, vec![], vec![2, 3, 4]),
    ] {
        let service = failing(2, usize::MAX, status, true);
        let upload = Upload::new(customer_without_retries(service), batch("b"), numbered(0..5));
        let error = upload.chunk_size(two()).run(|_| ()).await.unwrap_err();
        assert_eq!(error.to_string(), "cannot send request 2");
        let (step, cause, report) = only(&error);
        assert_eq!(cause.kind(), kind);
        assert!(matches!(step, Step::Send { chunk: 2, .. }));

        let stopped = report.destinations().next().unwrap().stopped().unwrap();
        assert!(stopped.contains("cannot send request 2"), "{stopped}");
        assert!(!report.all_succeeded() && report.is_unfinished() && destination(report).1);
        assert_eq!(outcomes(report, "registered"), [0, 1]);
        assert_eq!(outcomes(report, "unknown"), unknown, "{status}");
        assert_eq!(outcomes(report, "notSent"), not_sent, "{status}");
        for row in &report.rows()[2..] {
            assert!(row.tracking_id().is_none() && row.meaning().is_some() && row.cure().is_some());
        }
    }
}

#[tokio::test(start_paused = true)]
async fn finds_a_chunk_in_its_batch_if_it_was_accepted_without_a_job() {
    let service = failing(2, 4, 202, true); // accepts the chunk each time without returning a job
    let upload = Upload::new(customer_without_retries(service), batch("b"), numbered(0..5));
    let mut doubts = 0;
    let report = upload
        .chunk_size(two())
        .run(|event| doubts += usize::from(matches!(event, Event::Unconfirmed { .. })))
        .await
        .unwrap();
    assert_eq!((outcomes(&report, "registered"), doubts), ((0..5).collect(), 3));
    assert_eq!(report.rows()[2].matched_by(), Some(MatchedBy::SerialNumber));
    assert!(report.rows()[2].device_id().is_some() && report.rows()[2].tracking_id().is_none());
}

#[tokio::test(start_paused = true)]
async fn resends_an_upload_under_the_same_id_if_its_response_is_lost() {
    for done in [true, false] {
        let upload = Upload::new(
            customer_without_retries(failing(1, 3, 500, done)),
            batch("b"),
            numbered(0..5),
        );
        let error = upload.chunk_size(two()).run(|_| ()).await.unwrap_err();
        assert_eq!(outcomes(only(&error).2, "unknown"), [0, 1]);

        let upload = Upload::new(
            customer_without_retries(failing(1, 2, 500, done)),
            batch("b"),
            numbered(0..5),
        );
        let report = upload.chunk_size(two()).run(|_| ()).await.unwrap();
        assert_eq!(report.totals().registered, 5);
    }
}

#[tokio::test(start_paused = true)]
async fn appends_to_a_batch_that_was_created_in_the_meantime() {
    let emulator = Emulator::builder().in_process();
    let (calls, posts) = (Arc::new(Mutex::new(Vec::new())), AtomicUsize::new(0));
    let noted = Arc::clone(&calls);
    let service = move |request: Request<Bytes>| {
        if request.method() == Method::POST && posts.fetch_add(1, Ordering::Relaxed) == 0 {
            let (mut head, _) = request.clone().into_parts();
            head.headers.remove("ms-requestid"); // a different request
            let body = Bytes::from_static(br#"{"batchId":"CONTOSO","devices":[]}"#);
            let done = emulator.handle(&Request::from_parts(head, body)).response().unwrap();
            assert_eq!(done.status(), 202);
        }
        let answer = emulator.handle(&request).response().unwrap();
        if !request.uri().path().contains("batchJobStatus") {
            noted.lock().unwrap().push((request.method().clone(), answer.status().as_u16()));
        }
        answer
    };
    let customer = customer(service);
    let (mut plans, mut sent) = (Vec::new(), Vec::new());
    let report = Upload::new(customer.clone(), batch("Contoso"), numbered(0..3))
        .chunk_size(two())
        .run(|event| match event {
            Event::Planned { plan, .. } => {
                plans.push((plan.batch().to_string(), plan.creates_batch(), plan.chunks().to_vec()))
            }
            Event::Sent { chunk, devices, .. } => sent.push((chunk, devices)),
            _ => {}
        })
        .await
        .unwrap();

    assert!(report.all_succeeded());
    assert_eq!(
        plans,
        [("Contoso".to_owned(), true, vec![2, 1]), ("CONTOSO".to_owned(), false, vec![2, 1])]
    );
    assert_eq!(sent, [(1, 2), (2, 1)]);
    assert_eq!(destination(&report), ("CONTOSO".to_owned(), false));
    assert_eq!(report.totals().registered, 3);
    let (get, post) = (Method::GET, Method::POST);
    assert_eq!(
        *calls.lock().unwrap(),
        [(get.clone(), 200), (post.clone(), 409), (get, 200), (post.clone(), 202), (post, 202)]
    );
    let listed = customer.device_batch(batch("CONTOSO")).devices().list().await.unwrap();
    assert_eq!(listed.len(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_second_conflict_stops_the_upload() {
    for (lists, step) in [
        (vec![200, 200], "cannot send request 1"),
        (vec![200, 401, 401], "cannot start the upload"),
    ] {
        let lists = Mutex::new(lists.into_iter());
        let service = move |request: Request<Bytes>| {
            let status = match *request.method() {
                Method::GET => lists.lock().unwrap().next().unwrap(),
                _ => 409,
            };
            let body = if status == 200 { r#"{"totalCount":0,"items":[]}"# } else { "" };
            Response::builder().status(status).body(body.into()).unwrap()
        };
        let upload = Upload::new(customer(service), batch("b"), numbered(0..3));
        let upload = upload.chunk_size(two());
        let error = upload.run(|_| ()).await.unwrap_err();
        assert_eq!(error.to_string(), step);
        assert_eq!(outcomes(only(&error).2, "notSent"), [0, 1, 2]);
    }
}

#[tokio::test(start_paused = true)]
async fn uploading_the_same_file_again_without_a_journal_sends_the_rest() {
    let customer = customer(failing(2, 2, 403, false));
    let upload = || Upload::new(customer.clone(), batch("b"), numbered(0..5)).chunk_size(two());
    let first = upload().run(|_| ()).await.unwrap_err();
    assert_eq!(only(&first).2.totals().registered, 2);
    let second = upload().run(|_| ()).await.unwrap();
    assert!(second.all_succeeded());
    assert_eq!((second.totals().already_registered, second.totals().registered), (2, 3));
}

#[tokio::test(start_paused = true)]
async fn a_job_that_exceeds_the_deadline_leaves_its_devices_unknown() {
    let upload =
        Upload::new(customer(Emulator::builder().in_process()), batch("b"), numbered(0..100));
    // The first device takes 0.8 seconds, each other one 30 milliseconds.
    let wait = Wait::default().deadline(Duration::from_millis(2000));
    let error = upload.wait(wait).run(|_| ()).await.unwrap_err();
    let (step, cause, report) = only(&error);
    assert_eq!(cause.kind(), ErrorKind::StillRunning);
    assert!(matches!(step, Step::Follow { chunk: 1, .. }));
    assert_eq!(outcomes(report, "registered"), (0..40).collect::<Vec<_>>());
    assert_eq!(outcomes(report, "unknown"), (40..100).collect::<Vec<_>>());
    assert!(report.rows().iter().all(|row| row.tracking_id().is_some()));
    assert!(report.rows()[40].cure().unwrap().contains("run the same upload again"));
}

#[tokio::test(start_paused = true)]
async fn an_upload_that_does_not_wait_ends_when_everything_is_sent() {
    let folder = tempfile::tempdir().unwrap();
    let journal = || Journal::open(folder.path().join("u.journal")).unwrap();
    let (calls, service) = watched(Emulator::builder().in_process());
    let customer = customer(service);
    let upload = || {
        let upload = Upload::new(customer.clone(), batch("b"), numbered(0..5));
        upload.chunk_size(two()).journal(journal())
    };
    let sent = upload().wait_for_results(false).run(|_| ()).await.unwrap();
    assert_eq!(sent.stopped(), None);
    assert!(sent.rows().iter().all(|row| row.tracking_id().is_some()), "all have a job");
    // The first request creates the batch, so its job is finished.
    assert_eq!(outcomes(&sent, "registered"), [0, 1]);
    assert_eq!(outcomes(&sent, "unknown"), [2, 3, 4]);
    let sends = || calls.lock().unwrap().iter().filter(|call| !call.starts_with("GET")).count();
    assert_eq!(sends(), 3);
    let results = upload().run(|_| ()).await.unwrap();
    assert!(results.all_succeeded());
    assert_eq!(sends(), 3, "nothing is sent again");
}

/// Issues tokens for a minute, and fails for a while in between.
struct UnreliableSignIn {
    requests: Arc<AtomicUsize>,
    fails: std::ops::Range<usize>,
    is_retryable: bool,
}

impl TokenProvider for UnreliableSignIn {
    fn token(&self) -> BoxFuture<'_, Result<AccessToken, TokenError>> {
        let number = self.requests.fetch_add(1, Ordering::Relaxed);
        let error = TokenError::new("AADSTS90033: A transient error has occurred.");
        Box::pin(std::future::ready(match self.fails.contains(&number) {
            true if self.is_retryable => Err(error.retryable()),
            true => Err(error),
            false => Ok(AccessToken::new("t").expires_in(Duration::from_secs(60))),
        }))
    }
}

#[tokio::test(start_paused = true)]
async fn a_job_is_followed_through_an_outage_of_the_sign_in() {
    for (is_retryable, registered) in [(true, 4), (false, 0)] {
        let requests = Arc::<AtomicUsize>::default();
        let (fails, counted) = (2..20, Arc::clone(&requests));
        let sign_in = UnreliableSignIn { requests: counted, fails, is_retryable };
        let processing = Duration::from_secs(300);
        let pace = Pace { processing, at_most: Duration::MAX, ..Pace::default() };
        let service = Emulator::builder().pace(pace).in_process();
        let client = Client::builder().in_process(service).token_provider(sign_in);
        let upload = Upload::new(customer_of(client), batch("b"), numbered(0..4));
        let report = match upload.run(|_| ()).await {
            Ok(report) => report,
            Err(UploadError::Calls { report, .. }) => *report,
            Err(error) => panic!("{error}"),
        };
        assert_eq!(report.totals().registered, registered, "{is_retryable}");
        assert_eq!(requests.load(Ordering::Relaxed) > 20, is_retryable);
    }
}

#[tokio::test(start_paused = true)]
async fn a_failed_list_of_batches_stops_the_upload_before_sending() {
    let service = |_: Request<Bytes>| Response::builder().status(401).body(Bytes::new()).unwrap();
    let error =
        Upload::new(customer(service), batch("b"), numbered(0..2)).run(|_| ()).await.unwrap_err();
    let (step, _, report) = only(&error);
    assert_eq!((step, report.totals().not_sent), (Step::ListBatches, 2));
    assert!(report.stopped().unwrap().starts_with("cannot start the upload"));
}

#[tokio::test(start_paused = true)]
async fn the_report_includes_rows_that_are_not_sent() {
    let csv = "Serial Number,Manufacturer,Model\nS1,M,N\nS2,M,\nS1,M,N\nS4,M,N\n";
    let fleet = Fleet::read(csv.as_bytes(), "f.csv");
    let customer = customer(Emulator::builder().in_process());
    let report = Upload::new(customer.clone(), batch("b"), fleet).run(|_| ()).await.unwrap();
    let ids: Vec<_> = report.rows().iter().map(|row| row.outcome().id()).collect();
    assert_eq!(ids, ["registered", "refused", "duplicate", "registered"]);
    assert!(!report.all_succeeded());

    // Without devices there are no calls: the batch would be empty.
    let service = |_: Request<Bytes>| panic!("nothing should be sent");
    let nothing = Fleet::read(&b"Serial Number,Make\nS1,M\n"[..], "f.csv");
    let report =
        Upload::new(self::customer(service), batch("b"), nothing).run(|_| ()).await.unwrap();
    assert_eq!(report.totals().invalid, 1);
}

#[tokio::test(start_paused = true)]
async fn the_whole_plan_is_known_before_anything_is_sent() {
    let customer = customer(Emulator::builder().in_process());
    let upload = Upload::routed(numbered(0..6), |row| {
        let name = ["Sales", "Labs", "Kiosks"][row.origin().line() as usize % 3];
        Some((customer.clone(), batch(name)))
    });
    let mut events = Vec::new();
    let upload = upload.chunk_size(ChunkSize::new(1).unwrap());
    upload.run(|event| events.push(event)).await.unwrap();
    let planned = events.iter().filter(|event| matches!(event, Event::Planned { .. })).count();
    let sending = events.iter().position(|event| matches!(event, Event::Sending { .. }));
    assert_eq!((planned, sending), (3, Some(3)));
}

#[tokio::test(start_paused = true)]
async fn streams_events() {
    let names = |event: &Event| match event {
        Event::Planned { .. } => "planned",
        Event::Sending { .. } => "sending",
        Event::Sent { .. } => "sent",
        Event::Progress { .. } => "progress",
        Event::ChunkFinished { .. } => "settled",
        Event::Finished(_) => "finished",
        _ => "other",
    };
    let upload =
        Upload::new(customer(Emulator::builder().in_process()), batch("b"), numbered(0..3));
    let events: Vec<_> = upload.chunk_size(two()).start().map(Result::unwrap).collect().await;
    let mut order: Vec<_> = events.iter().map(names).collect();
    order.dedup();
    let chunk = ["sending", "sent", "progress", "settled"];
    assert_eq!(order, [&["planned"][..], &chunk, &chunk, &["finished"]].concat());
    let Some(Event::Finished(report)) = events.last() else { panic!() };
    assert!(report.all_succeeded());

    // An error is the last item.
    let upload = Upload::new(customer(failing(2, 2, 403, false)), batch("b"), numbered(0..3));
    let mut events: Vec<_> = upload.chunk_size(two()).start().collect().await;
    let error = events.pop().unwrap().unwrap_err();
    assert_eq!(only(&error).2.totals().registered, 2);
    assert!(matches!(events.last(), Some(Ok(Event::Stopped { step: Step::Send { .. }, .. }))));
}
