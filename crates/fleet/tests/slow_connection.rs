//! Uploads over a connection that is too slow for the size of the requests, on a paused clock.
#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, Response};
use partner_center_devices::raw::{BoxError, BoxFuture, Service};
use partner_center_devices::{BatchId, Client, Customer, CustomerId};
use partner_center_devices_emulator::{Emulator, InProcess, Pace};
use partner_center_devices_fleet::{
    ChunkSize, Event, Fleet, Journal, Report, Step, Upload, UploadError,
};

/// A connection to an emulator. Clones share both.
#[derive(Clone)]
struct SlowConnection {
    emulator: InProcess,
    bytes_per_second: usize,
    /// How many uploads reach the emulator immediately, although their responses are late.
    late: Arc<AtomicUsize>,
    /// The request id and the size of each upload.
    uploads: Arc<Mutex<Vec<(String, usize)>>>,
    /// The request ids under which the emulator received each device.
    received: Arc<Mutex<BTreeMap<String, BTreeSet<String>>>>,
}

impl SlowConnection {
    fn new(bytes_per_second: usize, late: usize) -> Self {
        Self {
            emulator: Emulator::builder().pace(Pace::instant()).in_process(),
            bytes_per_second,
            late: Arc::new(late.into()),
            uploads: Arc::default(),
            received: Arc::default(),
        }
    }

    fn customer(&self, timeout: Duration) -> Customer {
        partner_center_devices_testkit::trace();
        let client = Client::builder().in_process(self.clone()).timeout(timeout).build().unwrap();
        client.customer(CustomerId::new("47021739-3426-40bf-9601-61b4b6d7c793").unwrap())
    }

    fn receive(&self, request: &Request<Bytes>) -> Response<Bytes> {
        if request.method() == Method::POST {
            let body: serde_json::Value = serde_json::from_slice(request.body()).unwrap();
            let devices = if body.is_array() { &body } else { &body["devices"] };
            let mut received = self.received.lock().unwrap();
            for device in devices.as_array().unwrap() {
                let serial = device["serialNumber"].as_str().unwrap().to_owned();
                received.entry(serial).or_default().insert(request_id(request));
            }
        }
        self.emulator.handle(request).response().unwrap()
    }
}

fn request_id(request: &Request<Bytes>) -> String {
    request.headers()["ms-requestid"].to_str().unwrap().to_owned()
}

impl Service for SlowConnection {
    fn call(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, BoxError>> {
        Box::pin(async move {
            let size = request.body().len();
            let is_upload = request.method() == Method::POST;
            if is_upload {
                self.uploads.lock().unwrap().push((request_id(&request), size));
            }
            let one_less = |late: usize| late.checked_sub(1);
            let is_late = is_upload
                && self.late.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_less).is_ok();
            let early = is_late.then(|| self.receive(&request));
            tokio::time::sleep(Duration::from_secs((size / self.bytes_per_second) as u64)).await;
            Ok(early.unwrap_or_else(|| self.receive(&request)))
        })
    }
}

/// At 2 bytes a second, a request with four of these devices takes more than three minutes, one with two does not.
fn numbered(devices: usize) -> Fleet {
    let mut csv = "Serial Number,Manufacturer,Model\n".to_owned();
    (0..devices)
        .for_each(|number| csv.push_str(&format!("S{number:04},Dell Inc.,Latitude 5450\n")));
    Fleet::read(csv.as_bytes(), "numbered.csv")
}

const TIMEOUT: Duration = Duration::from_secs(180);

fn upload(customer: Customer, devices: usize) -> Upload {
    let batch = BatchId::new("b").unwrap();
    Upload::new(customer, batch, numbered(devices)).chunk_size(ChunkSize::new(4).unwrap())
}

fn registered(report: &Report) -> usize {
    report.rows().iter().filter(|row| row.outcome().id() == "registered").count()
}

#[tokio::test(start_paused = true)]
async fn a_chunk_that_times_out_is_halved_and_so_are_the_next_ones() {
    let connection = SlowConnection::new(2, 0);
    let (mut sizes, mut halved) = (Vec::new(), 0);
    let report = upload(connection.customer(TIMEOUT), 12)
        .run(|event| match event {
            Event::Sending { devices, .. } => sizes.push(devices),
            Event::Halved { .. } => halved += 1,
            _ => {}
        })
        .await
        .unwrap();
    assert_eq!(registered(&report), 12);
    assert_eq!((sizes, halved), (vec![4, 2, 2, 2, 2, 2, 2], 1));
    // The chunk was repeated under its id before it was split. The others were sent once.
    let uploads = connection.uploads.lock().unwrap();
    assert!(uploads[0] == uploads[1] && uploads.len() == 8, "{uploads:?}");
}

#[tokio::test(start_paused = true)]
async fn a_chunk_that_arrived_late_is_found_and_not_sent_again() {
    let connection = SlowConnection::new(2, 1);
    let mut halved = 0;
    let report = upload(connection.customer(TIMEOUT), 4)
        .run(|event| halved += usize::from(matches!(event, Event::Halved { .. })))
        .await
        .unwrap();
    assert_eq!((registered(&report), halved), (4, 0));
    let uploads = connection.uploads.lock().unwrap();
    assert!(uploads.iter().all(|upload| *upload == uploads[0]), "{uploads:?}");
}

#[tokio::test(start_paused = true)]
async fn halving_ends_if_the_connection_transfers_nothing() {
    let connection = SlowConnection::new(1, 0);
    let upload = Upload::new(
        connection.customer(Duration::from_secs(5)),
        BatchId::new("b").unwrap(),
        numbered(500),
    );
    let error = upload.run(|_| ()).await.unwrap_err();
    let UploadError::Calls { report, failures, .. } = &error else { panic!("{error:?}") };
    let [failure] = &failures[..] else { panic!("{failures:?}") };
    assert!(matches!(failure.step(), Step::Send { .. }) && failure.error().is_timeout());
    assert_eq!(registered(report), 0);
    assert!(connection.uploads.lock().unwrap().len() < 60);
}

#[tokio::test(start_paused = true)]
async fn no_device_is_sent_under_two_ids_if_the_upload_is_killed_at_any_moment() {
    for late in [0, usize::MAX] {
        for seconds in (0..2200).step_by(75) {
            let connection = SlowConnection::new(2, late);
            let file = Path::new(env!("CARGO_TARGET_TMPDIR"))
                .join(format!("slow-{}-{seconds}.journal", std::process::id()));
            let upload = || {
                let journal = Journal::open(&file).unwrap();
                upload(connection.customer(TIMEOUT), 8).journal(journal).run(|_| ())
            };
            let killed = tokio::time::timeout(Duration::from_secs(seconds), upload()).await;
            let report = match killed {
                Ok(report) => report.unwrap(),
                Err(_) => upload().await.unwrap(),
            };
            std::fs::remove_file(&file).unwrap();
            let place = format!("killed after {seconds} s, {late} late");
            assert_eq!(registered(&report), 8, "{place}");
            let received = connection.received.lock().unwrap();
            assert_eq!(received.len(), 8, "{place}");
            assert!(received.values().all(|ids| ids.len() == 1), "{place}: {received:?}");
        }
    }
}
