//! The state in a data folder: the next run continues with it, and an unusable folder is rejected with an error.

use std::path::{Path, PathBuf};
use std::time::Duration;

use bytes::Bytes;
use http::Request;
use partner_center_devices_emulator::{Builder, DataError, Emulator, FaultRules, InProcess, Pace};
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::support::{CUSTOMER, OTHER, epoch, hash, key};

/// An empty folder for a test, deleted on drop.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("data").join(name);
        drop(std::fs::remove_dir_all(&folder));
        Self(folder)
    }

    fn builder(&self) -> Builder {
        Emulator::builder().epoch(epoch()).data(&self.0)
    }

    fn database(&self) -> Connection {
        Connection::open(self.0.join("emulator.sqlite")).unwrap()
    }

    fn open_error(&self) -> DataError {
        self.builder().open().unwrap_err()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

/// The status, `Location` and body of a response.
type Received = (u16, String, Bytes);

fn send(service: &InProcess, method: &str, path: &str, body: &Value, id: &str) -> Received {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let request = Request::builder()
        .method(method)
        .uri(format!("/v1/customers/{path}"))
        .header("authorization", "Bearer t")
        .header("ms-requestid", id)
        .body(body.into())
        .unwrap();
    let response = service.handle(&request).response().unwrap();
    let location = response.headers().get("location").map(|value| value.to_str().unwrap());
    (response.status().as_u16(), location.unwrap_or_default().to_owned(), response.into_body())
}

fn change(service: &InProcess, method: &str, path: &str, body: Value) -> Received {
    send(service, method, path, &body, "")
}

fn get(service: &InProcess, path: &str) -> Value {
    let (status, _, body) = send(service, "GET", path, &Value::Null, "");
    assert_eq!(status, 200, "{path}: {body:?}");
    serde_json::from_slice(&body).unwrap()
}

fn job((status, location, _): Received) -> String {
    assert_eq!(status, 202);
    location.strip_prefix("/customers/").unwrap().to_owned()
}

fn device(number: usize) -> Value {
    json!({
        "serialNumber": format!("S{number}"), "productKey": key(number as u64),
        "oemManufacturerName": "Contoso", "modelName": "M 1", "hardwareHash": hash(&format!("S{number}")),
    })
}

fn devices(numbers: std::ops::Range<usize>) -> Value {
    numbers.map(device).collect()
}

#[test]
fn the_next_run_has_the_same_state() {
    let folder = Folder::new("all");
    let builder = folder.builder().pace(Pace::instant()).page_size(3).seed(7);
    let service = builder.open().unwrap();
    assert!(service.resumed().unwrap().new);

    // Reading from a customer first changes the order in which customers are created.
    assert_eq!(get(&service, &format!("{OTHER}/deviceBatches"))["totalCount"], 0);
    let policy = json!({ "name": "P", "description": "D", "policySettings": ["skip_eula", "oobe_user_not_local_admin"] });
    let (status, _, body) = change(&service, "POST", &format!("{CUSTOMER}/policies"), policy);
    assert_eq!(status, 200);
    let policy: Value = serde_json::from_slice(&body).unwrap();
    let policy = policy["id"].as_str().unwrap();
    let gone = json!({ "name": "gone", "policySettings": [] });
    let (_, _, body) = change(&service, "POST", &format!("{CUSTOMER}/policies"), gone);
    let gone: Value = serde_json::from_slice(&body).unwrap();
    let replaced = json!({ "name": "P2", "category": "o_o_b_e", "policySettings": ["skip_eula"] });
    let path = format!("{CUSTOMER}/policies/{policy}");
    assert_eq!(change(&service, "PUT", &path, replaced).0, 200);
    let path = format!("{CUSTOMER}/policies/{}", gone["id"].as_str().unwrap());
    assert_eq!(change(&service, "DELETE", &path, Value::Null).0, 204);

    let batches = format!("{CUSTOMER}/deviceBatches");
    let first = json!({ "batchId": "b 1", "devices": devices(0..5) });
    let first = send(&service, "POST", &batches, &first, "Id-1");
    let more = format!("{batches}/b%201/devices");
    let magic =
        json!([device(5), device(0), { "serialNumber": "ZTD808-1" }, { "hardwareHash": "" }]);
    let second = job(change(&service, "POST", &more, magic));
    let other = json!({ "batchId": "b", "devices": [device(1), { "hardwareHash": hash("X") }] });
    let other = job(change(&service, "POST", &format!("{OTHER}/deviceBatches"), other));
    let page = get(&service, &more);
    let id = |place: usize| page["items"][place]["id"].as_str().unwrap();
    let set = json!({ "devices": [{ "id": id(0), "policies": [{ "key": "o_o_b_e", "value": policy }] }] });
    let set = job(change(&service, "PATCH", &format!("{CUSTOMER}/devicePolicyUpdates"), set));
    let one = json!({ "policies": [{ "key": "o_o_b_e", "value": policy }] });
    assert_eq!(change(&service, "PUT", &format!("{more}/{}", id(1)), one).0, 200);
    assert_eq!(change(&service, "DELETE", &format!("{more}/{}", id(2)), Value::Null).0, 204);
    // Errors that are stored with their request id: one caused by the state, one by the body.
    let taken = json!({ "batchId": "B 1", "devices": [] });
    let conflict = send(&service, "POST", &batches, &taken, "Id-2");
    let invalid = send(&service, "POST", &batches, &json!([]), "Id-3");
    assert_eq!((conflict.0, invalid.0), (409, 400));

    let token = page["continuationToken"].as_str().unwrap().to_owned();
    let paths = [
        batches.clone(),
        more.clone(),
        format!("{CUSTOMER}/policies"),
        format!("{CUSTOMER}/policies/{policy}"),
        job(first.clone()),
        second,
        set,
        format!("{OTHER}/deviceBatches"),
        format!("{OTHER}/deviceBatches/b/devices"),
        other,
    ];
    let before: Vec<Value> = paths.iter().map(|path| get(&service, path)).collect();
    drop(service);

    for run in 1..=2 {
        let service = builder.open().unwrap();
        let resumed = service.resumed().unwrap();
        // 2 + 1 + 1 changes of policies, 3 uploads, 3 changes of devices, 2 errors with a request id
        assert_eq!((resumed.new, resumed.changes, resumed.other_seed), (false, 12, None));
        let again: Vec<Value> = paths.iter().map(|path| get(&service, path)).collect();
        assert_eq!(again, before, "run {run}");

        let request = Request::get(format!("/v1/customers/{more}"))
            .header("authorization", "Bearer t")
            .header("ms-continuationtoken", &token)
            .body(Bytes::new())
            .unwrap();
        assert_eq!(service.handle(&request).response().unwrap().status(), 200);

        let repeated = json!({ "batchId": "b 1", "devices": devices(0..5) });
        assert_eq!(send(&service, "POST", &batches, &repeated, "id-1"), first);
        assert_eq!(send(&service, "POST", &batches, &taken, "Id-2"), conflict);
        assert_eq!(send(&service, "POST", &batches, &json!([]), "Id-3"), invalid);
        assert_eq!(
            send(&service, "POST", &batches, &taken, "Id-1").0,
            409,
            "another request with the same id"
        );
    }
}

#[test]
fn the_next_run_keeps_the_clock_finished_jobs_and_resets() {
    let folder = Folder::new("by-hand");
    let manage = |service: &InProcess, path: &str, body: Value| {
        let request = Request::post(format!("/_emulator/{path}"))
            .header("content-type", "application/json")
            .body(if body.is_null() { Bytes::new() } else { body.to_string().into() });
        let status = service.handle(&request.unwrap()).response().unwrap().status();
        assert!(status.is_success(), "{path}: {status}");
    };
    let slow = Pace { per_device: Duration::from_secs(100), ..Pace::instant() };
    let builder = || folder.builder().pace(slow);
    let upload = |batch: &str, range| json!({ "batchId": batch, "devices": devices(range) });
    let status = |service: &InProcess, job: &str| get(service, job)["status"].clone();

    let service = builder().open().unwrap();
    manage(&service, "clock", json!({ "mode": "manual" }));
    let batches = format!("{CUSTOMER}/deviceBatches");
    let by_time = job(change(&service, "POST", &batches, upload("a", 0..1)));
    let by_hand = job(change(&service, "POST", &batches, upload("b", 1..2)));
    let waiting = job(change(&service, "POST", &batches, upload("c", 2..5)));
    manage(&service, &format!("jobs/{}/finish", by_hand.rsplit('/').next().unwrap()), Value::Null);
    assert_eq!(status(&service, &by_time), "processing");
    manage(&service, "clock", json!({ "advanceSeconds": 100 }));
    let before = [&by_time, &by_hand, &waiting].map(|job| get(&service, job));
    assert_eq!(before.each_ref().map(|job| &job["status"]), ["finished", "finished", "processing"]);
    drop(service);

    let service = builder().open().unwrap();
    assert_eq!([&by_time, &by_hand, &waiting].map(|job| get(&service, job)), before);
    manage(&service, "clock", json!({ "advanceSeconds": 200 })); // the clock is still stopped
    assert_eq!(status(&service, &waiting), "finished");
    manage(&service, "reset", Value::Null);
    drop(service);

    let service = builder().open().unwrap();
    assert_eq!(get(&service, &batches)["totalCount"], 0);
}

/// The next run recognizes the devices of a world that was PUT, including those with a hash.
#[test]
fn the_next_run_keeps_a_world_that_was_put() {
    let folder = Folder::new("put-world");
    let builder = folder.builder().pace(Pace::instant());
    let service = builder.open().unwrap();
    let put = |body: String| {
        let request = Request::put("/_emulator/world").header("content-type", "application/json");
        let response = service.handle(&request.body(body.into()).unwrap());
        response.response().unwrap().status().as_u16()
    };
    let world = json!({ "customers": [{ "id": CUSTOMER, "batches": [{ "id": "b",
        "devices": [{ "hardwareHash": hash("S1") }] }] }] });
    assert_eq!(put(world.to_string()), 204);
    assert_eq!(put(json!({ "customers": [{ "id": " " }] }).to_string()), 400);
    let add = format!("{CUSTOMER}/deviceBatches/b/devices");
    let again = |service: &InProcess| {
        let job = job(change(service, "POST", &add, json!([{ "hardwareHash": hash("S1") }])));
        get(service, &job)["devicesStatus"][0]["errorCode"].clone()
    };
    assert_eq!(again(&service), "806");
    drop(service);
    let service = builder.open().unwrap();
    assert_eq!(again(&service), "806");
}

#[test]
fn the_folder_contains_no_hashes() {
    let folder = Folder::new("hashes");
    let service = folder.builder().open().unwrap();
    let body = json!({ "batchId": "b", "devices": [device(424_242)] });
    drop(job(change(&service, "POST", &format!("{CUSTOMER}/deviceBatches"), body)));
    drop(service);
    let found: Vec<u8> = std::fs::read_dir(&folder.0)
        .unwrap()
        .flat_map(|file| std::fs::read(file.unwrap().path()).unwrap())
        .collect();
    let has = |text: &[u8]| found.windows(text.len()).any(|window| window == text);
    assert!(has(b"S424242"));
    assert!(!has(&hash("S424242").as_bytes()[..100]));
}

#[tokio::test(start_paused = true)]
async fn running_and_hanging_jobs_continue() {
    let folder = Folder::new("running");
    let hour = Duration::from_secs(3600);
    let pace = Pace { queued: hour, processing: hour, per_device: hour, at_most: Duration::MAX };
    let hang = FaultRules::from_yaml("rules: [{ id: h, matching: { nth: 2 }, effect: hangJob }]");
    let service = folder.builder().pace(pace).faults(hang.unwrap()).open().unwrap();
    let batches = format!("{CUSTOMER}/deviceBatches");
    let upload = |name: &str, devices| json!({ "batchId": name, "devices": devices });
    let slow = job(change(&service, "POST", &batches, upload("a", devices(0..2))));
    let hanging = job(change(&service, "POST", &batches, upload("b", devices(2..3))));
    drop(service);

    // The next run has another pace and no rules, but existing jobs keep theirs.
    let builder = folder.builder().pace(Pace::instant());
    let service = builder.open().unwrap();
    let states = |service: &InProcess| {
        let state = |path: &str| get(service, path)["status"].as_str().unwrap().to_owned();
        [state(&slow), state(&hanging)]
    };
    assert_eq!(states(&service), ["queued", "queued"]);
    tokio::time::advance(hour * 3).await;
    assert_eq!(get(&service, &batches)["items"][0]["devicesCount"], 1);
    assert_eq!(states(&service), ["processing", "processing"]);
    // Each change is stored with the emulator's time and the wall-clock time.
    drop(job(change(&service, "POST", &batches, upload("c", devices(9..10)))));
    drop(service);

    // Simulates an hour without a running process.
    let ticks: i64 = 36_000_000_000;
    folder.database().execute("UPDATE log SET wall = wall - ?1", [ticks]).unwrap();
    let service = builder.open().unwrap();
    assert_eq!(get(&service, &batches)["items"][0]["devicesCount"], 2);
    assert_eq!(states(&service), ["finished", "processing"]);
}

#[test]
fn the_folder_keeps_its_seed_and_epoch() {
    let folder = Folder::new("seed");
    let batches = format!("{CUSTOMER}/deviceBatches");
    let body = |name: &str| json!({ "batchId": name, "devices": [device(0)] });
    let in_memory = Emulator::builder().epoch(epoch()).seed(7).in_process();
    let expected = ["a", "b"].map(|name| change(&in_memory, "POST", &batches, body(name)));

    let service = folder.builder().seed(7).open().unwrap();
    assert_eq!(change(&service, "POST", &batches, body("a")), expected[0]);
    let date = get(&service, &batches)["items"][0]["creationDate"].clone();
    drop(service);

    let service = folder.builder().seed(8).epoch(std::time::SystemTime::now()).open().unwrap();
    let resumed = service.resumed().unwrap();
    assert_eq!(
        resumed.to_string(),
        "resumed after 1 change, with the data folder's seed 7 instead of 8"
    );
    assert_eq!(get(&service, &batches)["items"][0]["creationDate"], date);
    assert_eq!(change(&service, "POST", &batches, body("b")), expected[1]);
    drop(service);
    let resumed = folder.builder().open().unwrap().resumed().unwrap();
    assert_eq!((resumed.seed, resumed.other_seed), (7, None), "no other seed was requested");
}

#[test]
fn rejects_unusable_folders_with_a_clear_error() {
    let folder = Folder::new("rejected");
    let service = folder.builder().open().unwrap();
    drop(job(change(
        &service,
        "POST",
        &format!("{CUSTOMER}/deviceBatches"),
        json!({ "batchId": "b", "devices": [] }),
    )));
    let path = folder.0.display();
    assert_eq!(
        folder.open_error().to_string(),
        format!("the data folder {path} is in use by another process")
    );
    drop(service);

    folder.database().execute("UPDATE log SET entry = x'00ff'", []).unwrap();
    assert_eq!(
        folder.open_error().to_string(),
        format!("cannot read the data folder {path}: entry 1 of emulator.sqlite is damaged")
    );
    folder.database().pragma_update(None, "user_version", 99).unwrap();
    assert_eq!(
        folder.open_error().to_string(),
        format!(
            "the data folder {path} was created by a newer emulator: its format version is 99, and this emulator supports up to 4"
        )
    );
    folder.database().pragma_update(None, "user_version", 1).unwrap();
    assert_eq!(
        folder.open_error().to_string(),
        format!(
            "cannot read the data folder {path}: its format version is 1, and this emulator reads version 4; use an empty folder"
        )
    );
    folder.database().pragma_update(None, "application_id", 1).unwrap();
    assert!(matches!(folder.open_error(), DataError::Unreadable { .. }));
    std::fs::write(folder.0.join("emulator.sqlite"), "not a database").unwrap();
    assert!(matches!(folder.open_error(), DataError::Unreadable { .. }));
    std::fs::remove_dir_all(&folder.0).unwrap();
    std::fs::write(&folder.0, "a file").unwrap();
    assert!(matches!(folder.open_error(), DataError::Folder { .. }));
    std::fs::remove_file(&folder.0).unwrap();
}
