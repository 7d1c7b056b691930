//! Searching, comparing, deleting and assigning policies, against an in-process emulator on a paused clock.
#![allow(clippy::unwrap_used)]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt as _;
use http::{Request, Response};
use partner_center_devices::raw::{BoxError, BoxFuture, Service};
use partner_center_devices::{
    BatchId, Client, Customer, CustomerId, ErrorKind, PolicyId, Retry, Wait,
};
use partner_center_devices_emulator::{Emulator, FaultRules, InProcess, WorldFile};
use partner_center_devices_fleet::inventory::{
    AssignEvent, AssignOutcome, AssignPlan, DeleteEvent, DeleteOutcome, DeletePlan, DeviceQuery,
    Diff, DiffOptions, Inventory, InventoryEvent, MultipleMatches, RegisteredDevices, Search,
    SearchEvent, UnresolvedReason,
};
use partner_center_devices_fleet::{CancellationToken, ChunkSize, Fleet};
use serde_json::{Value, json};

const CUSTOMER: &str = "47021739-3426-40bf-9601-61b4b6d7c793";
const POLICY: &str = "15a04610-9229-4e80-94e0-0e826a09c9e2";
const OTHER: &str = "15a04610-9229-4e80-94e0-0e826a09c9e3";

/// Returns devices with the serial numbers `<prefix>0000`, `<prefix>0001` and so on.
fn numbered(prefix: &str, devices: usize) -> Vec<Value> {
    (0..devices).map(|number| device(&format!("{prefix}{number:04}"), "N")).collect()
}

fn device(serial: &str, model: &str) -> Value {
    json!({"serialNumber": serial, "oemManufacturerName": "M", "modelName": model})
}

/// Returns a world of one customer with two policies and these batches.
fn world(batches: &[(&str, Vec<Value>)]) -> WorldFile {
    let batches: Vec<_> =
        batches.iter().map(|(id, devices)| json!({"id": id, "devices": devices})).collect();
    let policy = |id| json!({"id": id, "name": "n", "policySettings": []});
    let world = json!({"customers": [
        {"id": CUSTOMER, "policies": [policy(POLICY), policy(OTHER)], "batches": batches},
    ]});
    WorldFile::from_yaml(&world.to_string()).unwrap()
}

fn faults(rules: &str) -> FaultRules {
    FaultRules::from_yaml(rules).unwrap()
}

/// An emulator that records its calls and how many of them run concurrently.
#[derive(Clone)]
struct RecordingEmulator {
    emulator: InProcess,
    calls: Arc<Mutex<Vec<String>>>,
    in_flight: Arc<AtomicUsize>,
    max_in_flight: Arc<AtomicUsize>,
}

impl RecordingEmulator {
    fn new(emulator: InProcess) -> Self {
        Self {
            emulator,
            calls: Arc::default(),
            in_flight: Arc::default(),
            max_in_flight: Arc::default(),
        }
    }

    fn with_world(world: WorldFile, rules: &str) -> Self {
        Self::new(Emulator::builder().world(world).faults(faults(rules)).in_process())
    }

    fn client(&self) -> Client {
        partner_center_devices_testkit::trace();
        Client::builder().in_process(self.clone()).build().unwrap()
    }

    fn customer(&self) -> Customer {
        self.client().customer(CustomerId::new(CUSTOMER).unwrap())
    }

    /// Counts the calls with this prefix.
    fn count(&self, prefix: &str) -> usize {
        self.calls.lock().unwrap().iter().filter(|call| call.starts_with(prefix)).count()
    }

    async fn read(&self) -> RegisteredDevices {
        Inventory::new(self.customer()).run(|_| ()).await.unwrap()
    }
}

impl Service for RecordingEmulator {
    fn call(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, BoxError>> {
        let (_, path) = request.uri().path().split_once(&format!("/{CUSTOMER}/")).unwrap();
        self.calls.lock().unwrap().push(format!("{} {path}", request.method()));
        Box::pin(async move {
            let in_flight = self.in_flight.fetch_add(1, Ordering::SeqCst) + 1;
            self.max_in_flight.fetch_max(in_flight, Ordering::SeqCst);
            let response = self.emulator.call(request).await;
            self.in_flight.fetch_sub(1, Ordering::SeqCst);
            response
        })
    }
}

const SLOW: &str = "rules: [{id: slow, effect: {latency: {milliseconds: 100}}}]";
const NO_FAULTS: &str = "rules: []";

fn serials(registered: &RegisteredDevices) -> Vec<&str> {
    registered.devices.iter().filter_map(|device| device.serial_number.as_deref()).collect()
}

#[tokio::test(start_paused = true)]
async fn inventory_reads_every_page_of_every_batch_in_order() {
    let batches: Vec<_> = (0..9).map(|batch| (format!("Batch {batch}"), batch * 50)).collect();
    let worlds: Vec<_> = batches
        .iter()
        .map(|(name, devices)| (name.as_str(), numbered(&name.replace(' ', "-"), *devices)))
        .collect();
    for (concurrency, expected) in [(1, 1), (0, 1), (4, 4), (50, 9)] {
        let service = RecordingEmulator::with_world(world(&worlds), SLOW);
        let (mut devices_on_pages, mut batches_read) = (0, Vec::new());
        let inventory = Inventory::new(service.customer()).concurrency(concurrency);
        let registered = inventory
            .run(|event| match event {
                InventoryEvent::Listed { batches, devices, .. } => {
                    assert_eq!((batches, devices), (9, Some(1800)));
                }
                InventoryEvent::Devices { devices, .. } => devices_on_pages += devices.len(),
                InventoryEvent::BatchRead { batch, devices, .. } => {
                    batches_read.push((batch.to_string(), devices));
                }
                other => panic!("{other:?}"),
            })
            .await
            .unwrap();
        batches_read.sort();
        assert_eq!(batches_read, batches);
        assert_eq!((devices_on_pages, registered.devices.len()), (1800, 1800));
        assert!(registered.is_complete());
        assert!(serials(&registered).is_sorted());
        assert!(registered.devices.iter().all(|device| device.id.is_some()));
        assert_eq!(service.max_in_flight.load(Ordering::SeqCst), expected, "{concurrency}");
        // 0, 50, ... 400 devices, 100 per page
        assert_eq!(service.count("GET deviceBatches/"), 1 + 1 + 1 + 2 + 2 + 3 + 3 + 4 + 4);
    }
}

#[tokio::test(start_paused = true)]
async fn inventory_reads_only_the_given_batches() {
    let service = RecordingEmulator::with_world(
        world(&[("A", numbered("A", 2)), ("B", numbered("B", 3))]),
        NO_FAULTS,
    );
    let batches = ["B", "Gone"].map(|name| BatchId::new(name).unwrap());
    let registered = Inventory::new(service.customer()).batches(batches).run(|_| ()).await.unwrap();
    assert!(registered.devices.iter().all(|device| device.batch.as_str() == "B"));
    assert_eq!((registered.devices.len(), registered.unlisted[0].batch.as_str()), (3, "Gone"));
    assert_eq!(registered.unlisted[0].failure.kind, ErrorKind::NotFound);
    assert_eq!((service.count("GET"), service.count("GET deviceBatches/A")), (2, 0));
}

#[tokio::test(start_paused = true)]
async fn inventory_reports_failed_batches_and_reads_the_others() {
    let batches =
        [("Good", numbered("G", 3)), ("Half", numbered("H", 250)), ("Bad", numbered("B", 3))];
    let rules = "rules:
      - {id: bad, matching: {pathContains: Bad/devices}, effect: {status: {status: 403, body: fault}}}
      - {id: half, matching: {pathContains: Half/devices, nth: 2}, effect: {status: {status: 400}}}";
    let service = RecordingEmulator::with_world(world(&batches), rules);
    let mut failed = Vec::new();
    let registered = Inventory::new(service.customer())
        .run(|event| {
            if let InventoryEvent::BatchFailed(batch) = event {
                failed.push(batch.batch);
            }
        })
        .await
        .unwrap();
    failed.sort();
    assert_eq!(failed, ["Bad", "Half"]);
    assert_eq!(registered.devices.len(), 103);
    assert!(!registered.is_complete());
    let [half, bad] = &registered.unlisted[..] else { panic!() };
    assert_eq!((half.batch.as_str(), half.known, half.failure.status), ("Half", 100, Some(400)));
    assert_eq!((bad.batch.as_str(), bad.known, bad.failure.status), ("Bad", 0, Some(403)));
    for batch in [half, bad] {
        assert!(batch.failure.request_id.is_some() && batch.failure.correlation_id.is_some());
        assert!(batch.failure.message.contains("MS-RequestId"), "{}", batch.failure);
    }

    // Diffs, plans and searches report it too.
    let fleet = Fleet::read(&b"Serial\nB0001\nG0001\n"[..], "f.csv");
    let diff = Diff::new(&fleet, &registered, &DiffOptions::new());
    assert_eq!((diff.totals.missing, diff.missing_is_sure, diff.extra_is_sure), (1, false, true));
    let plan = DeletePlan::new(&registered, DeviceQuery::from_rows(&fleet), MultipleMatches::Skip);
    assert_eq!((plan.devices.len(), plan.unresolved.len(), plan.unlisted.len()), (1, 1, 2));
    assert!(!plan.apply(&service.client()).run(|_| ()).await.all_succeeded());
    let search = Search::new(service.customer(), DeviceQuery::from_rows(&fleet));
    let results = search.run(|_| ()).await.unwrap();
    assert!(!results.complete && results.unlisted.len() == 1); // the fault on batch Half fired only once
}

#[tokio::test(start_paused = true)]
async fn inventory_tolerates_overlapping_pages_and_invalid_batch_ids() {
    let service = |request: Request<Bytes>| {
        let is_second_page = request.headers().contains_key("ms-continuationtoken");
        let body = match request.uri().path() {
            path if path.ends_with("/deviceBatches") => {
                r#"{"items":[{"id":"A"},{"id":"A"},{"id":".."},{"devicesCount":3}]}"#
            }
            _ if is_second_page => {
                r#"{"items":[{"id":"d-2"},{"id":"d-3"},{"serialNumber":"S"},{"serialNumber":"S"}]}"#
            }
            _ => r#"{"items":[{"id":"d-1"},{"id":"d-2"}],"continuationToken":"next"}"#,
        };
        Response::new(Bytes::from(body))
    };
    let client = Client::builder().in_process(service).build().unwrap();
    let customer = client.customer(CustomerId::new(CUSTOMER).unwrap());
    let registered = Inventory::new(customer).run(|_| ()).await.unwrap();
    // A device on two pages is kept once. Devices without an id may be different devices.
    let ids: Vec<_> = registered
        .devices
        .iter()
        .map(|device| device.id.as_ref().map(ToString::to_string))
        .collect();
    let some = |id: &str| Some(id.to_owned());
    assert_eq!(ids, [some("d-1"), some("d-2"), some("d-3"), None, None]);
    let unlisted: Vec<_> =
        registered.unlisted.iter().map(|batch| (&*batch.batch, batch.failure.kind)).collect();
    assert_eq!(unlisted, [("..", ErrorKind::Input), ("", ErrorKind::Input)]);
}

#[tokio::test(start_paused = true)]
async fn inventory_stops_reading_when_the_token_is_rejected() {
    let batches: Vec<_> = ["A", "B", "C", "D"].map(|name| (name, numbered(name, 150))).into();
    let rules =
        "rules: [{id: r, matching: {pathContains: B/devices}, effect: {status: {status: 401}}}]";
    let service = RecordingEmulator::with_world(world(&batches), rules);
    let registered = Inventory::new(service.customer()).concurrency(1).run(|_| ()).await.unwrap();
    assert_eq!(registered.devices.len(), 150);
    let unlisted: Vec<_> =
        registered.unlisted.iter().map(|batch| (&*batch.batch, batch.failure.kind)).collect();
    assert_eq!(unlisted, ["B", "C", "D"].map(|batch| (batch, ErrorKind::Unauthorized)));
    assert_eq!(service.count("GET deviceBatches/C") + service.count("GET deviceBatches/D"), 0);
}

#[tokio::test(start_paused = true)]
async fn inventory_fails_if_batches_cannot_be_listed() {
    let rules = "rules: [{id: r, effect: {status: {status: 403}}}]";
    let service = RecordingEmulator::with_world(world(&[]), rules);
    let error = Inventory::new(service.customer()).run(|_| ()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Forbidden);
    let mut events: Vec<_> = Inventory::new(service.customer()).start().collect().await;
    assert_eq!(events.pop().unwrap().unwrap_err().kind(), ErrorKind::Forbidden);
    assert!(events.is_empty());
}

#[tokio::test(start_paused = true)]
async fn inventory_stream_can_be_dropped_early() {
    let batches: Vec<_> = ["A", "B", "C", "D"].map(|name| (name, numbered(name, 150))).into();
    let service = RecordingEmulator::with_world(world(&batches), NO_FAULTS);
    let events: Vec<_> = Inventory::new(service.customer()).start().collect().await;
    let Some(Ok(InventoryEvent::Finished(registered))) = events.last() else { panic!() };
    assert_eq!(registered.devices.len(), 600);
    let pages = events.iter().filter(|event| matches!(event, Ok(InventoryEvent::Devices { .. })));
    assert_eq!(pages.count(), 8);

    let service = RecordingEmulator::with_world(world(&batches), NO_FAULTS);
    let mut events = Inventory::new(service.customer()).concurrency(1).start();
    while let Some(event) = events.next().await {
        if let InventoryEvent::Devices { devices, .. } = event.unwrap() {
            assert_eq!(devices[0].to_string(), "A0000 in A");
            break;
        }
    }
    drop(events);
    assert!(service.count("GET deviceBatches/") <= 2);
}

#[tokio::test(start_paused = true)]
async fn search_finds_devices_in_all_batches() {
    let mut late = numbered("Z", 120);
    late.push(json!({"productKey": "0330500000009"}));
    late.push(device("A0001", "another"));
    let batches = [("One", numbered("A", 5)), ("Two", numbered("B", 120)), ("Three", late)];
    let service = RecordingEmulator::with_world(world(&batches), NO_FAULTS);
    let id = service.read().await.devices[7].id.clone().unwrap();
    let queries = [
        DeviceQuery::by_serial_number(" a0001 "),
        DeviceQuery::by_product_key("0330500000009"),
        DeviceQuery::by_product_key("330500000009"),
        DeviceQuery::by_device_id(id.as_str().to_uppercase()),
        DeviceQuery::by_serial_number("X9999"),
        DeviceQuery::by_serial_number(" "),
    ];
    let mut events = Vec::new();
    let results = Search::new(service.customer(), queries)
        .run(|event| {
            if let SearchEvent::Found { query_index, device, .. } = event {
                events.push((query_index, device.to_string()));
            }
        })
        .await
        .unwrap();
    assert!(results.complete);
    let found: Vec<Vec<_>> = results
        .results
        .iter()
        .map(|result| result.devices.iter().map(ToString::to_string).collect())
        .collect();
    assert_eq!(
        found,
        [
            vec!["A0001 in One", "A0001 in Three"],
            vec!["0330500000009 in Three"],
            vec![],
            vec!["B0002 in Two"],
            vec![],
            vec![],
        ]
    );
    events.sort();
    let expected: Vec<_> = found
        .iter()
        .enumerate()
        .flat_map(|(place, devices)| devices.iter().map(move |device| (place, device.clone())))
        .collect();
    assert_eq!(events, expected);
    assert_eq!(results.results[2].similar[0].to_string(), "0330500000009 in Three");
    let reasons: Vec<_> = results.results.iter().map(|result| result.reason).collect();
    let not_found = Some(UnresolvedReason::NotFound);
    assert_eq!(
        reasons,
        [None, None, not_found, None, not_found, Some(UnresolvedReason::NoIdentifier)]
    );
}

#[tokio::test(start_paused = true)]
async fn search_can_stop_at_the_first_match_of_each_query() {
    let batches: Vec<_> = ["A", "B", "C", "D"].map(|name| (name, numbered(name, 250))).into();
    let queries = || ["A0003", "B0120", ""].map(DeviceQuery::by_serial_number);
    for (first, calls) in [(true, 3 + 2), (false, 4 * 3)] {
        let service = RecordingEmulator::with_world(world(&batches), NO_FAULTS);
        let search = Search::new(service.customer(), queries()).concurrency(1);
        let search = if first { search.stop_at_first_match() } else { search };
        let results = search.run(|_| ()).await.unwrap();
        assert_eq!(results.complete, !first);
        assert!(results.results[..2].iter().all(|result| result.devices.len() == 1));
        assert_eq!(service.count("GET deviceBatches/"), calls, "{first}");
    }
    // Batches that probably have the devices are read first. Case does not matter, and neither do batches that do not exist.
    let service = RecordingEmulator::with_world(world(&batches), NO_FAULTS);
    let likely = ["d", "Missing"].map(|name| BatchId::new(name).unwrap());
    let search = Search::new(service.customer(), [DeviceQuery::by_serial_number("D0003")]);
    let search = search.read_first(&likely).concurrency(1).stop_at_first_match();
    assert_eq!(search.run(|_| ()).await.unwrap().results[0].devices.len(), 1);
    assert_eq!(service.count("GET deviceBatches/"), 1);
    // The search is complete if the first match is the last device.
    let service = RecordingEmulator::with_world(world(&batches), NO_FAULTS);
    let last = Search::new(service.customer(), [DeviceQuery::by_serial_number("D0249")]);
    assert!(last.concurrency(1).stop_at_first_match().run(|_| ()).await.unwrap().complete);

    let service = RecordingEmulator::with_world(world(&batches), NO_FAULTS);
    let mut events: Vec<_> = Search::new(service.customer(), queries()).start().collect().await;
    let Some(Ok(SearchEvent::Finished(results))) = events.pop() else { panic!() };
    assert!(results.complete);
}

/// Returns a world of ten devices, two of them with the same serial number.
fn ten() -> WorldFile {
    world(&[("One", numbered("A", 9)), ("Two", vec![device("A0003", "another")])])
}

#[tokio::test(start_paused = true)]
async fn applying_a_plan_deletes_the_devices_of_a_file() {
    let service = RecordingEmulator::with_world(ten(), NO_FAULTS);
    let csv = "Serial,Product key,Hash,Make,Model\n\
        A0000\na0000,,,M,N\nA0003,,,M,N\nX9999\n,,T0E=\nA\u{200b}0001,,,M,N\nA0008\n";
    let fleet = Fleet::read(csv.as_bytes(), "gone.csv");
    let registered = service.read().await;
    let plan = DeletePlan::new(&registered, DeviceQuery::from_rows(&fleet), MultipleMatches::Skip);

    let planned: Vec<_> = plan
        .devices
        .iter()
        .map(|planned| {
            (
                planned.device.to_string(),
                planned.queries.iter().filter_map(|row| row.line).collect(),
            )
        })
        .collect();
    assert_eq!(
        planned,
        [("A0000 in One".to_owned(), vec![2, 3]), ("A0008 in One".to_owned(), vec![8])]
    );
    let unresolved: Vec<_> =
        plan.unresolved.iter().map(|row| (row.query.line.unwrap(), row.reason)).collect();
    use UnresolvedReason::{HashOnly, InvalidRow, MultipleMatches as Multiple, NotFound};
    assert_eq!(unresolved, [(4, Multiple), (5, NotFound), (6, HashOnly), (7, InvalidRow)]);
    assert_eq!(plan.unresolved[0].devices.len(), 2);
    assert!(plan.unresolved[3].message.ends_with("[control-character]"));
    let all = DeletePlan::new(&registered, DeviceQuery::from_rows(&fleet), MultipleMatches::UseAll);
    assert_eq!((all.devices.len(), all.unresolved.len()), (4, 3));
    assert_eq!(service.count("DELETE"), 0);

    // A plan survives a round trip through JSON.
    let text = serde_json::to_string(&plan).unwrap();
    assert!(!text.contains("T0E=") && text.contains(r#""reason":"several""#));
    let plan: DeletePlan = serde_json::from_str(&text).unwrap();
    let mut events = Vec::new();
    let report = plan
        .clone()
        .apply(&service.client())
        .run(|event| {
            if let DeleteEvent::DeviceDone { done, total, .. } = event {
                events.push((done, total));
            }
        })
        .await;
    assert_eq!(events, [(1, 2), (2, 2)]);
    assert_eq!((report.totals().deleted, report.all_succeeded()), (2, false));
    let left = service.read().await;
    assert_eq!(left.devices.len(), 8);
    assert!(!serials(&left).contains(&"A0000") && !serials(&left).contains(&"A0008"));

    // Deletes exactly the devices of one batch.
    let two = left.devices.iter().filter(|device| device.batch.as_str() == "Two");
    let batch = DeletePlan::new(&left, two.map(DeviceQuery::from), MultipleMatches::Skip);
    assert_eq!((batch.devices.len(), batch.unresolved.len()), (1, 0));
    assert!(batch.apply(&service.client()).run(|_| ()).await.all_succeeded());
    assert_eq!(serials(&service.read().await).len(), 7);

    // Applying a plan twice is safe.
    let again = plan.apply(&service.client()).run(|_| ()).await;
    assert_eq!(again.totals().already_gone, 2);
    let json = serde_json::to_value(&again).unwrap();
    assert_eq!(json["devices"][0]["outcome"], "alreadyGone");
}

#[tokio::test(start_paused = true)]
async fn a_failed_deletion_does_not_stop_the_others() {
    let service = RecordingEmulator::with_world(ten(), NO_FAULTS);
    let registered = service.read().await;
    let path = |place: usize| {
        format!("One/devices/{}", registered.devices[place].id.as_ref().unwrap().as_str())
    };
    let rules = format!(
        "rules:
          - {{id: a, matching: {{pathContains: {}}}, effect: {{status: {{status: 403, body: fault}}}}}}
          - {{id: b, matching: {{pathContains: {}}}, effect: {{status: {{status: 500, body: html}}}}}}
          - {{id: c, matching: {{pathContains: {}}}, effect: dropAfter}}",
        path(1),
        path(2),
        path(4)
    );
    let service = RecordingEmulator::with_world(service.emulator.world(), &rules);
    let queries = (0..9).map(|number| DeviceQuery::by_serial_number(format!("A{number:04}")));
    let plan = DeletePlan::new(&registered, queries, MultipleMatches::UseAll);
    let report = plan.apply(&service.client()).concurrency(3).run(|_| ()).await;

    let totals = report.totals();
    assert_eq!((totals.deleted, totals.already_gone, totals.failed), (7, 0, 3));
    assert!(service.max_in_flight.load(Ordering::SeqCst) <= 3);
    for (place, status, may_have_taken_effect) in
        [(1, Some(403), false), (2, Some(500), true), (5, None, true)]
    {
        let DeleteOutcome::Failed { failure } = &report.devices[place].outcome else {
            panic!("{place}: {:?}", report.devices[place])
        };
        assert_eq!(
            (failure.status, failure.may_have_taken_effect),
            (status, may_have_taken_effect)
        );
        assert!(failure.request_id.is_some() && failure.correlation_id.is_some());
    }
    // In the order of the plan: A0003 is in both batches.
    let batches: Vec<_> =
        report.devices.iter().map(|device| device.device.batch.as_str()).collect();
    assert_eq!(batches[3..5], ["One", "Two"]);
    // The device whose response was lost is deleted.
    assert_eq!(service.read().await.devices.len(), 2);
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["devices"][1]["outcome"], "failed");
    assert_eq!(json["devices"][1]["failure"]["kind"], "forbidden");
    assert!(json["devices"][1]["failure"]["requestId"].is_string());
}

#[tokio::test(start_paused = true)]
async fn deleting_stops_when_the_token_is_rejected() {
    let rules = "rules: [{id: r, matching: {method: DELETE}, effect: {status: {status: 401}}}]";
    let service = RecordingEmulator::with_world(ten(), rules);
    let queries = (0..9).map(|number| DeviceQuery::by_serial_number(format!("A{number:04}")));
    let plan = DeletePlan::new(&service.read().await, queries, MultipleMatches::UseAll);
    let report = plan.apply(&service.client()).concurrency(2).run(|_| ()).await;
    let totals = report.totals();
    assert!((1..=2).contains(&totals.failed), "{totals:?}");
    assert_eq!(totals.failed + totals.not_tried, 10);
}

#[tokio::test(start_paused = true)]
async fn a_page_of_a_web_filter_is_not_a_deletion() {
    for status in [200, 403, 404] {
        let rules = format!(
            "rules: [{{id: f, matching: {{method: DELETE}}, effect: {{status: {{status: {status}, body: webFilter}}}}}}]"
        );
        let service = RecordingEmulator::with_world(ten(), &rules);
        let before = service.read().await;
        let queries = (0..9).map(|number| DeviceQuery::by_serial_number(format!("A{number:04}")));
        let plan = DeletePlan::new(&before, queries, MultipleMatches::UseAll);
        let report = plan.apply(&service.client()).concurrency(2).run(|_| ()).await;
        let totals = report.totals();
        assert_eq!((totals.deleted, totals.already_gone), (0, 0), "{status}");
        // The filter would block the others too.
        assert!((1..=2).contains(&totals.failed), "{status} {totals:?}");
        let failures = report.devices.iter().filter_map(|device| match &device.outcome {
            DeleteOutcome::Failed { failure } => Some(failure),
            _ => None,
        });
        for failure in failures {
            assert_eq!(failure.kind, ErrorKind::Intercepted, "{failure}");
            assert!(
                failure.ends_all() && failure.message.contains("Web Page Blocked"),
                "{failure}"
            );
        }
        assert_eq!(service.read().await.devices.len(), before.devices.len(), "{status}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_unknown_customer_does_not_count_as_deleted() {
    let service = RecordingEmulator::with_world(ten(), NO_FAULTS);
    let queries = [DeviceQuery::by_serial_number("A0001")];
    let plan = DeletePlan::new(&service.read().await, queries, MultipleMatches::UseAll);
    let respond = |_: Request<Bytes>| {
        let body = r#"{"code":60003,"description":"Tenant not found."}"#;
        Response::builder().status(404).body(Bytes::from(body)).unwrap()
    };
    let client = Client::builder().in_process(respond).build().unwrap();
    let report = plan.apply(&client).run(|_| ()).await;
    let DeleteOutcome::Failed { failure } = &report.devices[0].outcome else { panic!() };
    assert_eq!(failure.code.as_deref(), Some("60003"));
}

#[tokio::test(start_paused = true)]
async fn cancelling_waits_for_deletions_in_progress() {
    let service = RecordingEmulator::with_world(world(&[("A", numbered("A", 100))]), SLOW);
    let queries = |range: std::ops::Range<usize>| {
        range.map(|number| DeviceQuery::by_serial_number(format!("A{number:04}")))
    };
    let plan = DeletePlan::new(&service.read().await, queries(0..100), MultipleMatches::Skip);

    let cancel = CancellationToken::new();
    let report = plan
        .apply(&service.client())
        .cancel_with(cancel.clone())
        .run(|event| {
            if matches!(event, DeleteEvent::DeviceDone { done: 10, .. }) {
                cancel.cancel();
            }
        })
        .await;
    let totals = report.totals();
    assert!((10..=14).contains(&totals.deleted), "{totals:?}");
    assert_eq!(totals.deleted + totals.not_tried, 100);
    assert_eq!(totals.deleted, service.count("DELETE"));

    // Cancelled from the start, it deletes nothing. A new plan for the same list deletes the rest.
    let plan = DeletePlan::new(&service.read().await, queries(0..100), MultipleMatches::Skip);
    assert_eq!(plan.devices.len(), totals.not_tried);
    let none = plan.clone().apply(&service.client()).cancel_with(cancelled()).run(|_| ()).await;
    assert_eq!(none.totals().not_tried, totals.not_tried);
    let events: Vec<_> = plan.apply(&service.client()).start().collect().await;
    let Some(DeleteEvent::Finished(report)) = events.last() else { panic!() };
    assert_eq!(report.totals().deleted, totals.not_tried);
    assert!(service.read().await.devices.is_empty());
}

fn cancelled() -> CancellationToken {
    let token = CancellationToken::new();
    token.cancel();
    token
}

fn policy(id: &str) -> Option<PolicyId> {
    Some(PolicyId::new(id).unwrap())
}

/// Counts the devices with each policy, and those without one.
async fn policies(service: &RecordingEmulator) -> (usize, usize, usize) {
    let registered = service.read().await;
    let count = |id: Option<&str>| {
        registered.devices.iter().filter(|device| device.policy_id.as_deref() == id).count()
    };
    (count(Some(POLICY)), count(Some(OTHER)), count(None))
}

fn rows(range: std::ops::Range<usize>) -> Vec<DeviceQuery> {
    range.map(|number| DeviceQuery::by_serial_number(format!("A{number:04}"))).collect()
}

#[tokio::test(start_paused = true)]
async fn assigns_the_policy_to_devices_without_it() {
    let mut devices = numbered("A", 250);
    for device in &mut devices[..50] {
        device["policy"] = POLICY.into();
    }
    let service = RecordingEmulator::with_world(world(&[("A", devices)]), NO_FAULTS);
    let mut queries = rows(0..230);
    queries.push(DeviceQuery::by_serial_number("X9999"));
    let registered = service.read().await;
    let plan = AssignPlan::new(
        &registered,
        queries.clone(),
        policy(&POLICY.to_uppercase()),
        MultipleMatches::Skip,
    );
    assert_eq!(
        (plan.devices.len(), plan.already_assigned.len(), plan.unresolved.len()),
        (180, 50, 1)
    );
    assert_eq!(service.count("PATCH"), 0);
    let plan: AssignPlan = serde_json::from_str(&serde_json::to_string(&plan).unwrap()).unwrap();

    let (mut sent, mut progress) = (Vec::new(), Vec::new());
    let report = plan
        .apply(&service.client())
        .chunk_size(ChunkSize::new(100).unwrap())
        .run(|event| match event {
            AssignEvent::Sent { chunk, chunks, devices, .. } => sent.push((chunk, chunks, devices)),
            AssignEvent::Progress { done: decided, total, .. } => progress.push((decided, total)),
            other => panic!("{other:?}"),
        })
        .await;
    assert_eq!(sent, [(1, 2, 100), (2, 2, 80)]);
    assert!(progress.is_sorted() && progress.last() == Some(&(180, 180)));
    assert_eq!((report.totals().assigned, report.totals().already_assigned), (180, 50));
    assert!(!report.all_succeeded() && report.unresolved[0].reason == UnresolvedReason::NotFound);
    assert_eq!(policies(&service).await, (230, 0, 20));
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["devices"][0]["outcome"], "assigned");
    assert!(json["devices"][0]["trackingId"].is_string());

    // A second plan changes nothing, unless forced. Assigning no policy removes it.
    let registered = service.read().await;
    let again = AssignPlan::new(&registered, rows(0..230), policy(POLICY), MultipleMatches::Skip);
    assert_eq!((again.devices.len(), again.already_assigned.len()), (0, 230));
    let report = again.clone().apply(&service.client()).run(|_| ()).await;
    assert!(report.all_succeeded() && service.count("PATCH") == 2);
    let report = again.force().apply(&service.client()).run(|_| ()).await;
    assert_eq!((report.totals().assigned, service.count("PATCH")), (230, 3));
    let plan = AssignPlan::new(&registered, rows(0..250), None, MultipleMatches::Skip);
    assert_eq!((plan.devices.len(), plan.already_assigned.len()), (230, 20));
    assert!(plan.apply(&service.client()).run(|_| ()).await.all_succeeded());
    assert_eq!(policies(&service).await, (0, 0, 250));
}

#[tokio::test(start_paused = true)]
async fn rejected_devices_have_a_code_and_a_cure() {
    let mut devices = numbered("A", 2);
    devices.push(device("ZTD807-1", "N"));
    let service = RecordingEmulator::with_world(world(&[("A", devices)]), NO_FAULTS);
    let registered = service.read().await;
    let queries = ["A0000", "ZTD807-1"].map(DeviceQuery::by_serial_number);
    let unknown = "15a04610-9229-4e80-94e0-0e826a09c9ff";
    let plan = AssignPlan::new(&registered, queries, policy(unknown), MultipleMatches::Skip);
    let report = plan.apply(&service.client()).run(|_| ()).await;
    let codes: Vec<_> = report
        .devices
        .iter()
        .map(|device| match &device.outcome {
            AssignOutcome::Rejected { code, name, cure: Some(_), .. } => (&code[..], &name[..]),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(codes[0], ("809", "ZtdProfileIsNotRegistered"));
    assert_eq!(report.totals().rejected, 2);
    let json = serde_json::to_value(&report).unwrap();
    let device = &json["devices"][0];
    assert_eq!((&device["outcome"], &device["code"]), (&"refused".into(), &"809".into()));
}

#[tokio::test(start_paused = true)]
async fn a_failed_chunk_does_not_stop_the_others() {
    for (effect, assigned, failed, unknown, not_tried) in [
        ("{status: {status: 400, body: fault}}", 3, 2, 0, 0),
        ("{status: {status: 500}}", 3, 0, 2, 0),
        ("dropAfter", 3, 0, 2, 0),
        ("expiredToken", 2, 2, 0, 1),
    ] {
        let rules =
            format!("rules: [{{id: r, matching: {{method: PATCH, nth: 2}}, effect: {effect}}}]");
        let service = RecordingEmulator::with_world(world(&[("A", numbered("A", 5))]), &rules);
        let registered = service.read().await;
        let plan = AssignPlan::new(&registered, rows(0..5), policy(POLICY), MultipleMatches::Skip);
        let client = Client::builder().in_process(service).retry(Retry::never()).build().unwrap();
        let mut failures = Vec::new();
        let report = plan
            .apply(&client)
            .chunk_size(ChunkSize::new(2).unwrap())
            .run(|event| {
                if let AssignEvent::Failed { chunk, chunks, failure, .. } = event {
                    failures.push((chunk, chunks, failure));
                }
            })
            .await;
        let totals = report.totals();
        assert_eq!(
            (totals.assigned, totals.failed, totals.unknown, totals.not_tried),
            (assigned, failed, unknown, not_tried),
            "{effect}"
        );
        let [(2, 3, failure)] = &failures[..] else { panic!("{failures:?}") };
        assert!(failure.request_id.is_some());
        match &report.devices[2].outcome {
            AssignOutcome::Failed { failure: recorded } => assert_eq!(recorded, failure),
            AssignOutcome::Unknown { failure: recorded } => {
                assert_eq!(recorded.as_ref(), Some(failure));
            }
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn cancelling_leaves_the_current_job_and_sends_no_more_chunks() {
    let service = RecordingEmulator::with_world(world(&[("A", numbered("A", 6))]), NO_FAULTS);
    let plan =
        AssignPlan::new(&service.read().await, rows(0..6), policy(POLICY), MultipleMatches::Skip);
    let cancel = CancellationToken::new();
    let report = plan
        .clone()
        .apply(&service.client())
        .chunk_size(ChunkSize::new(2).unwrap())
        .cancel_with(cancel.clone())
        .run(|event| {
            if matches!(event, AssignEvent::Sent { chunk: 2, .. }) {
                cancel.cancel();
            }
        })
        .await;
    let totals = report.totals();
    assert_eq!((totals.assigned, totals.unknown, totals.not_tried), (2, 2, 2));
    assert_eq!(service.count("PATCH"), 2);
    let job = report.devices[2].tracking_id.clone().unwrap();
    let status = service.customer().job(job).await.unwrap();
    assert!(status.all_succeeded());

    let none = plan.clone().apply(&service.client()).cancel_with(cancelled()).run(|_| ()).await;
    assert_eq!((none.totals().not_tried, service.count("PATCH")), (6, 2));
    let events: Vec<_> = plan.apply(&service.client()).start().collect().await;
    let Some(AssignEvent::Finished(report)) = events.last() else { panic!() };
    assert!(report.all_succeeded());
}

#[tokio::test(start_paused = true)]
async fn devices_of_a_hanging_job_stay_unknown() {
    let rules = "rules: [{id: r, matching: {method: PATCH, first: 1}, effect: hangJob}]";
    let service = RecordingEmulator::with_world(world(&[("A", numbered("A", 4))]), rules);
    let plan =
        AssignPlan::new(&service.read().await, rows(0..4), policy(POLICY), MultipleMatches::Skip);
    let report = plan
        .apply(&service.client())
        .chunk_size(ChunkSize::new(2).unwrap())
        .wait(Wait::default().deadline(Duration::from_secs(60)))
        .run(|_| ())
        .await;
    assert_eq!((report.totals().unknown, report.totals().assigned), (2, 2));
    let AssignOutcome::Unknown { failure: Some(failure) } = &report.devices[0].outcome else {
        panic!("{:?}", report.devices[0])
    };
    assert_eq!(failure.kind, ErrorKind::StillRunning);
}

#[tokio::test(start_paused = true)]
async fn compares_a_file_with_the_registered_devices() {
    let mut devices = numbered("A", 120);
    devices[0]["policy"] = POLICY.into();
    let service = RecordingEmulator::with_world(
        world(&[("Berlin", devices), ("Rome", numbered("R", 2))]),
        NO_FAULTS,
    );
    let csv = "Serial,Product key,Hash,Make,Model\nA0000,,,M,N\nA0119,,,M,N\nR0001\n,,T0E=,,\nA17,,,M,N\nA0119,,,M,N\n";
    let fleet = Fleet::read(csv.as_bytes(), "f.csv");
    let registered = service.read().await;
    let options =
        DiffOptions::new().policy(policy(POLICY)).extra_in(BatchId::new("berlin").unwrap());
    let diff = Diff::new(&fleet, &registered, &options);
    let lines =
        |rows: &[DeviceQuery]| -> Vec<_> { rows.iter().filter_map(|row| row.line).collect() };
    let of = |rows: &[partner_center_devices_fleet::inventory::MatchedRow]| {
        lines(&rows.iter().map(|row| row.query.clone()).collect::<Vec<_>>())
    };
    assert_eq!((of(&diff.matched), of(&diff.other_policy)), (vec![2], vec![3, 4]));
    assert_eq!(diff.missing[0].query.to_string(), "A17 (f.csv:6)");
    assert_eq!(diff.unresolved[0].reason, UnresolvedReason::HashOnly);
    assert_eq!(lines(&diff.duplicates), [7]);
    assert_eq!((diff.extra.len(), diff.missing_is_sure, diff.extra_is_sure), (118, true, false));
    let back: Diff = serde_json::from_str(&serde_json::to_string(&diff).unwrap()).unwrap();
    assert_eq!(back, diff);
}
