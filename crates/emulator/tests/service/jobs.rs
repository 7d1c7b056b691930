//! The life of a job, with a manual clock.

use std::time::Duration;

use partner_center_devices_emulator::{Emulator, Pace};
use serde_json::{Value, json};

use crate::support::{CUSTOMER, KEY, Service, hash, key};

fn slow() -> Service {
    Service::from_builder(&Emulator::builder().pace(Pace {
        queued: Duration::from_secs(10),
        processing: Duration::from_secs(20),
        per_device: Duration::from_secs(3),
        ..Pace::instant()
    }))
}

fn statuses(status: &Value) -> Vec<&str> {
    let rows = status["devicesStatus"].as_array().unwrap();
    std::iter::once(&status["status"])
        .chain(rows.iter().map(|row| &row["status"]))
        .map(|s| s.as_str().unwrap())
        .collect()
}

#[test]
fn a_job_is_queued_then_processes_each_device_then_finishes() {
    let mut service = slow();
    let job = service.batch(
        "b",
        json!([{ "productKey": key(1_u8) }, { "serialNumber": "2" }, { "productKey": key(3_u8) }]),
    );
    for (seconds, expected) in [
        (0, ["queued", "queued", "queued", "queued"]),
        (9, ["queued", "queued", "queued", "queued"]),
        (10, ["processing", "queued", "queued", "queued"]),
        (29, ["processing", "queued", "queued", "queued"]),
        (30, ["processing", "processing", "queued", "queued"]),
        (32, ["processing", "processing", "queued", "queued"]),
        (33, ["processing", "finished", "processing", "queued"]),
        (36, ["processing", "finished", "finished_with_errors", "processing"]),
        (39, ["finished", "finished", "finished_with_errors", "finished"]),
    ] {
        service.now = Duration::from_secs(seconds);
        let status = service.get(&job);
        assert_eq!(statuses(&status), expected, "after {seconds} s");
        assert_eq!(status["startedTime"], "2017-07-25T17:00:00");
        let completed = if seconds == 39 { "2017-07-25T17:00:39" } else { "0001-01-01T00:00:00" };
        assert_eq!(status["completedTime"], completed, "after {seconds} s");
        // A device is listed in its batch once it is finished, and the batch has the status of its job.
        let batch = &service.get(&format!("{CUSTOMER}/deviceBatches"))["items"][0];
        assert_eq!(batch["status"], expected[0]);
        let registered = expected[1..].iter().filter(|status| **status == "finished").count();
        assert_eq!(batch["devicesCount"], registered);
    }
}

#[test]
fn a_job_takes_at_most_five_seconds_by_default() {
    for (devices, before, end) in [(0_u32, 799, 800), (40, 1_999, 2_000), (20_000, 4_999, 5_000)] {
        let mut service = Service::from_builder(&Emulator::builder());
        let job =
            service.batch("b", (0..devices).map(|n| json!({ "productKey": key(n) })).collect());
        for (millis, expected) in [(before, "processing"), (end, "finished")] {
            service.now = Duration::from_millis(millis);
            assert_eq!(service.get(&job)["status"], expected, "{devices} after {millis} ms");
        }
    }
}

#[test]
fn a_row_has_the_result_of_its_device() {
    let mut service = Service::instant();
    let job = service.batch(
        "b",
        json!([
            { "serialNumber": "S1", "productKey": KEY },
            { "hardwareHash": hash("S2") },
            { "serialNumber": "S3" },
            { "serialNumber": "S4", "hardwareHash": hash("S4") },
        ]),
    );
    let attributes = json!({ "objectType": "DeviceUploadDetails" });
    let [first, fourth] = ["S1", "S4"].map(|serial| service.device("b", serial));
    let status = service.get(&job);
    let tracking = job.rsplit_once('/').unwrap().1;
    assert_eq!(
        status,
        json!({
            "batchTrackingId": tracking, "status": "finished",
            "startedTime": "2017-07-25T17:00:00", "completedTime": "2017-07-25T17:00:00",
            "devicesStatus": [
                { "deviceId": first, "serialNumber": "S1", "productKey": KEY, "status": "finished",
                    "errorCode": "0", "attributes": attributes },
                // A device that was sent with only a hash has no identifying fields.
                { "status": "finished", "errorCode": "0", "attributes": attributes },
                { "serialNumber": "S3", "status": "finished_with_errors", "errorCode": "803",
                    "errorDescription": "MissingZtdSerialNumberAndProductKey", "attributes": attributes },
                { "deviceId": fourth, "serialNumber": "S4", "status": "finished", "errorCode": "0",
                    "attributes": attributes },
            ],
            "attributes": { "objectType": "BatchUploadDetails" },
        })
    );
}

#[test]
fn polling_does_not_change_the_result() {
    let run = |polls: &[u64]| {
        let mut service = slow();
        let devices: Value = (0..5_u8).map(|n| json!({ "productKey": key(n) })).collect();
        let job = service.batch("b", devices);
        let policy = service.policy("p");
        for second in polls {
            service.now = Duration::from_secs(*second);
            service.get(&job);
        }
        service.now = Duration::from_secs(100);
        (policy, service.get(&job), service.get(&format!("{CUSTOMER}/deviceBatches/b/devices")))
    };
    assert_eq!(run(&[]), run(&[1, 5, 31, 34, 34, 40]));
}

#[test]
fn a_job_without_devices_finishes() {
    let mut service = slow();
    let job = service.batch("b", json!([]));
    service.now = Duration::from_secs(29);
    assert_eq!(statuses(&service.get(&job)), ["processing"]);
    service.now = Duration::from_secs(30);
    assert_eq!(statuses(&service.get(&job)), ["finished"]);
}

#[test]
fn a_batch_has_the_status_of_its_least_advanced_job() {
    let mut service = slow();
    service.batch("b", json!([{ "productKey": key(1_u8) }]));
    let path = format!("{CUSTOMER}/deviceBatches");
    let status = |service: &mut Service| {
        service.get(&path)["items"][0]["status"].as_str().unwrap().to_owned()
    };
    service.now = Duration::from_secs(33);
    assert_eq!(status(&mut service), "finished");
    let job = service
        .send("POST", &format!("{path}/b/devices"), json!([{ "productKey": key(2_u8) }]))
        .job();
    assert_eq!(status(&mut service), "queued");
    service.now = Duration::from_secs(66);
    assert_eq!(status(&mut service), "finished");
    assert_eq!(service.outcomes(&job), ["finished 0 -"]);
}

#[test]
fn time_never_goes_back() {
    let mut service = slow();
    service.now = Duration::from_secs(50);
    let job = service.batch("b", json!([]));
    service.now = Duration::from_secs(80);
    assert_eq!(statuses(&service.get(&job)), ["finished"]);
    service.now = Duration::from_secs(1);
    let response = service.send("GET", &job, "");
    assert_eq!(statuses(&response.json()), ["finished"]);
    assert_eq!(response.header("date"), "Tue, 25 Jul 2017 17:01:20 GMT");
    service.now = Duration::MAX;
    assert_eq!(service.send("GET", &job, "").status, 200);
}

#[test]
fn a_policy_update_finds_devices_by_id_or_by_their_fields() {
    let mut service = Service::instant();
    service.batch(
        "b",
        json!([
            { "serialNumber": "S1", "productKey": KEY },
            { "serialNumber": "S2", "oemManufacturerName": "M", "modelName": "O" },
            { "serialNumber": "S3", "hardwareHash": hash("S3") },
        ]),
    );
    let policy = service.policy("p");
    let id = service.device("b", "S1");
    let set = |mut device: Value| {
        device["policies"] = json!([{ "key": "o_o_b_e", "value": policy }]);
        device
    };
    let body = json!({ "devices": [
        set(json!({ "id": id.to_uppercase() })),
        set(json!({ "serialNumber": "S2", "oemManufacturerName": "M", "modelName": "O" })),
        set(json!({ "hardwareHash": hash("S3") })),
        set(json!({ "serialNumber": "S2" })),
        set(json!({ "id": "9993-8627-3608-6844-6369-4361-72" })),
        set(json!({ "serialNumber": "ztd640-x" })),
        { "id": id, "policies": [{ "key": "o_o_b_e", "value": "15a04610-9229-4e80-94e0-0e826a09c9e2" }] },
    ] });
    let job = service.send("PATCH", &format!("{CUSTOMER}/DevicePolicyUpdates"), body).job();
    assert_eq!(
        service.outcomes(&job),
        [
            "finished 0 -",
            "finished 0 -",
            "finished 0 -",
            "finished_with_errors 803 MissingZtdSerialNumberAndProductKey",
            "finished_with_errors 807 ZtdDeviceIsNotRegistered",
            "finished_with_errors 640 StorageError",
            "finished_with_errors 809 ZtdProfileIsNotRegistered",
        ]
    );
    let rows = service.get(&job)["devicesStatus"].clone();
    assert_eq!(rows[0]["deviceId"], id);
    assert_eq!(rows[4]["deviceId"], "9993-8627-3608-6844-6369-4361-72");
    assert_eq!(service.get(&format!("{CUSTOMER}/policies/{policy}"))["devicesAssigned"], 3);

    let remove = json!({ "devices": [{ "id": id, "policies": [{ "key": "o_o_b_e", "value": null }] }, { "id": id }] });
    let job = service.send("PATCH", &format!("{CUSTOMER}/DevicePolicyUpdates"), remove).job();
    assert_eq!(service.outcomes(&job), ["finished 0 -", "finished 0 -"]);
    assert_eq!(service.get(&format!("{CUSTOMER}/policies/{policy}"))["devicesAssigned"], 2);
}
