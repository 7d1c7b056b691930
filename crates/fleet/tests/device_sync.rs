//! Reading devices into an index: stopped, resumed and concurrent reads, against an in-process emulator on a paused clock.
#![allow(clippy::unwrap_used)]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::{Request, Response};
use partner_center_devices::{Client, CustomerId};
use partner_center_devices_emulator::{Emulator, WorldFile};
use partner_center_devices_fleet::index::{
    ChangedCustomer, DeviceSync, DeviceSyncEvent, DueCustomer, Index, SyncedDevices,
};
use partner_center_devices_fleet::{CancellationToken, Timestamp};
use serde_json::json;

const CUSTOMER: &str = "47021739-3426-40bf-9601-61b4b6d7c793";
/// The calls of a read without interruption: one for the batches, three for the first batch and one for the second.
const CALLS: u64 = 5;
const DEVICES: u64 = 251;

/// A service with one customer, two batches and 251 devices, and the file of an index.
struct Desk {
    client: Client,
    /// The number of calls so far.
    calls: Arc<AtomicUsize>,
    /// Refuses the next page that is not the first one.
    refuses_position: Arc<AtomicBool>,
    folder: tempfile::TempDir,
}

impl Desk {
    fn new() -> Self {
        let devices = |prefix: &str, count: usize| -> Vec<_> {
            let serials = (0..count).map(|number| format!("{prefix}{number:04}"));
            let device = |serial| json!({"serialNumber": serial, "oemManufacturerName": "M", "modelName": "N"});
            serials.map(device).collect()
        };
        let world = json!({"customers": [{"id": CUSTOMER, "batches": [
            {"id": "A", "devices": devices("A", 250)}, {"id": "B", "devices": devices("B", 1)},
        ]}]});
        let world = WorldFile::from_yaml(&world.to_string()).unwrap();
        let emulator = Emulator::builder().world(world).in_process();
        let (calls, refuses_position) =
            (Arc::<AtomicUsize>::default(), Arc::<AtomicBool>::default());
        let (counter, refuses) = (Arc::clone(&calls), Arc::clone(&refuses_position));
        let service = move |request: Request<Bytes>| -> Response<Bytes> {
            counter.fetch_add(1, Ordering::Relaxed);
            let is_resumed =
                request.uri().query().is_some_and(|query| query.contains("seekOperation"))
                    || request.headers().contains_key("MS-ContinuationToken");
            if is_resumed && refuses.swap(false, Ordering::Relaxed) {
                return Response::builder().status(400).body(Bytes::new()).unwrap();
            }
            emulator.handle(&request).response().unwrap()
        };
        let client = Client::builder().in_process(service).build().unwrap();
        Self { client, calls, refuses_position, folder: tempfile::tempdir().unwrap() }
    }

    fn index(&self) -> Index {
        Index::open(self.folder.path().join("i.index"), "https://api.example").unwrap()
    }

    /// Reads the customer, and stops after this number of calls.
    async fn read(&self, index: &mut Index, due: &[DueCustomer], stop_after: u64) -> SyncedDevices {
        let cancel = CancellationToken::new();
        let sync = DeviceSync::new(&self.client, index, due.to_vec())
            .concurrency(1)
            .cancel_with(cancel.clone());
        let synced = sync.run(|event| {
            if matches!(event, DeviceSyncEvent::Page { calls, .. } if calls == stop_after) {
                cancel.cancel();
            }
        });
        synced.await.unwrap()
    }
}

fn customer() -> CustomerId {
    CustomerId::new(CUSTOMER).unwrap()
}

fn now() -> Timestamp {
    SystemTime::now().into()
}

fn later(time: Timestamp, minutes: u64) -> Timestamp {
    (time.time() + Duration::from_secs(60 * minutes)).into()
}

#[tokio::test(start_paused = true)]
async fn a_customer_that_was_being_read_resumes_within_an_hour() {
    let now = now();
    for stop_after in 1..CALLS {
        let desk = Desk::new();
        let mut index = desk.index();
        let due = index.begin_read(&[customer()], now).unwrap();
        assert_eq!(due, [DueCustomer::new(customer(), now)]);
        assert_eq!(index.due_customers().unwrap(), [], "the next sync does not read it");
        assert!(!desk.read(&mut index, &due, stop_after).await.complete);

        let again = index.begin_read(&[customer()], later(now, 59)).unwrap();
        assert_eq!(again, due);
        let rest = desk.read(&mut index, &again, u64::MAX).await;
        assert!(rest.complete && rest.calls == CALLS - stop_after, "{stop_after}: {rest:?}");
        assert_eq!(index.totals().unwrap().devices, DEVICES, "{stop_after}");
        assert_eq!(index.due_customers().unwrap(), []);
    }
    // An hour later everything is read again, and so is a customer that was read completely.
    let desk = Desk::new();
    let mut index = desk.index();
    for (time, stop_after) in [(now, 3), (later(now, 61), u64::MAX), (later(now, 62), u64::MAX)] {
        let due = index.begin_read(&[customer()], time).unwrap();
        assert_eq!(due[0].since, time);
        let read = desk.read(&mut index, &due, stop_after).await;
        assert_eq!(read.complete, stop_after == u64::MAX);
    }
}

#[tokio::test(start_paused = true)]
async fn a_list_starts_again_if_the_service_refuses_its_position() {
    let desk = Desk::new();
    let mut index = desk.index();
    let due = index.begin_read(&[customer()], now()).unwrap();
    // The batches and two pages of the first batch.
    desk.read(&mut index, &due, 3).await;
    desk.refuses_position.store(true, Ordering::Relaxed);
    let rest = desk.read(&mut index, &due, u64::MAX).await;
    assert!(rest.complete && rest.failed.is_empty(), "{rest:?}");
    assert!(!desk.refuses_position.load(Ordering::Relaxed), "it was refused");
    // The refused call, the first batch from its start, and the second one.
    assert_eq!(rest.calls, 1 + 3 + 1);
    assert_eq!(index.totals().unwrap().devices, DEVICES);
}

/// Only a stopped read of this kind resumes. The time at which a customer became due for another reason does not count.
#[tokio::test(start_paused = true)]
async fn a_read_is_independent_of_the_changes_in_the_audit_log() {
    let desk = Desk::new();
    let mut index = desk.index();
    let start = now();
    let changed = ChangedCustomer::new(customer(), None, start);
    index.record_changes(&[changed], start).unwrap();
    let due = [DueCustomer::new(customer(), start)];
    assert_eq!(index.due_customers().unwrap(), due);

    let begun = index.begin_read(&[customer()], later(start, 1)).unwrap();
    assert_eq!(begun[0].since, later(start, 1));
    index.forget_read(&customer()).unwrap();
    assert_eq!(index.due_customers().unwrap(), due, "it failed, so the change is still to be read");
    let begun = index.begin_read(&[customer()], later(start, 2)).unwrap();
    assert_eq!(begun[0].since, later(start, 2));
    // A clock that was set back does not make a read resume forever.
    let begun = index.begin_read(&[customer()], start).unwrap();
    assert_eq!(begun[0].since, start);
    assert!(desk.read(&mut index, &begun, u64::MAX).await.complete);
    assert_eq!(index.due_customers().unwrap(), [], "the read has the change, too");
}

/// Two programs read the same customer. Each page is committed once.
#[tokio::test(start_paused = true)]
async fn two_reads_of_one_customer_complete_each_other() {
    for concurrency in [1, 4] {
        let desk = Desk::new();
        let (mut one, mut two) = (desk.index(), desk.index());
        let due = one.begin_read(&[customer()], now()).unwrap();
        let read = |index| {
            DeviceSync::new(&desk.client, index, due.clone()).concurrency(concurrency).run(|_| ())
        };
        let (first, second) = tokio::join!(read(&mut one), read(&mut two));
        for synced in [first.unwrap(), second.unwrap()] {
            assert!(synced.complete && synced.failed.is_empty(), "{synced:?}");
        }
        assert_eq!(one.totals().unwrap().devices, DEVICES);
        assert_eq!(two.due_customers().unwrap(), []);
        let calls = desk.calls.load(Ordering::Relaxed) as u64;
        assert!(calls <= 2 * CALLS, "{calls}");
    }
}
