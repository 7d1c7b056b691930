//! The results of the devices in an upload: magic serial numbers, duplicates, and separate customers.

use partner_center_devices_raw::types::DEVICE_UPLOAD_DETAILS_ERROR_CODES;
use partner_center_devices_testkit::hash::{HashBuilder, encode};
use serde_json::{Value, json};

use crate::support::{CUSTOMER, KEY, OTHER, Service, hash, key};

#[test]
fn every_known_code_has_a_magic_serial_number() {
    let mut service = Service::instant();
    let devices: Value = DEVICE_UPLOAD_DETAILS_ERROR_CODES
        .iter()
        .map(|(code, _)| json!({ "serialNumber": format!("Ztd{code}-1"), "productKey": code }))
        .collect();
    let job = service.batch("b", devices);
    let expected: Vec<String> = DEVICE_UPLOAD_DETAILS_ERROR_CODES
        .iter()
        .map(|(code, name)| format!("finished_with_errors {code} {name}"))
        .collect();
    assert_eq!(service.outcomes(&job), expected);
    assert_eq!(service.get(&job)["status"], "finished");
    assert_eq!(service.get(&format!("{CUSTOMER}/deviceBatches/b/devices"))["totalCount"], 0);
}

#[test]
fn the_readme_has_every_magic_serial_number() {
    let readme = include_str!("../../README.md");
    for (code, name) in DEVICE_UPLOAD_DETAILS_ERROR_CODES {
        let row = format!("| `ZTD{code}-1` | {code} | `{name}` |");
        assert!(readme.contains(&row), "the README must have the row {row}");
    }
}

#[test]
fn registers_a_device_once_and_for_one_customer() {
    let mut service = Service::instant();
    let devices = json!([
        { "hardwareHash": hash("H") },
        { "productKey": KEY },
        { "serialNumber": "S", "oemManufacturerName": "M", "modelName": "O" },
        { "hardwareHash": hash("H"), "productKey": key(2_u8) },
        { "productKey": key(3_u8) },
        { "productKey": format!(" {}", key(3_u8)) },
        { "hardwareHash": "" },
        { "hardwareHash": "", "productKey": key(4_u8) },
        { "serialNumber": "S", "modelName": "O" },
        { "productKey": key(5_u8), "policies": [{ "key": "o_o_b_e", "value": "unknown" }] },
    ]);
    let job = service.batch("b", devices.clone());
    assert_eq!(
        service.outcomes(&job),
        [
            "finished 0 -",
            "finished 0 -",
            "finished 0 -",
            "finished_with_errors 806 ZtdDeviceAlreadyAssigned",
            "finished 0 -",
            "finished_with_errors 806 ZtdDeviceAlreadyAssigned",
            "finished_with_errors 802 InvalidZtdHardwareHash",
            "finished 0 -",
            "finished_with_errors 803 MissingZtdSerialNumberAndProductKey",
            "finished_with_errors 809 ZtdProfileIsNotRegistered",
        ]
    );
    let same = "finished_with_errors 806 ZtdDeviceAlreadyAssigned";
    let other = "finished_with_errors 808 ZtdDeviceAssignedToOtherTenant";
    let again = service.batch("c", json!([devices[0], devices[1], devices[2]]));
    assert_eq!(service.outcomes(&again), [same; 3]);
    let elsewhere = service.batch_of(
        OTHER,
        "b",
        json!([devices[0], devices[1], devices[2], { "productKey": key(5_u8) }]),
    );
    assert_eq!(service.outcomes(&elsewhere), [other, other, other, "finished 0 -"]);
}

#[test]
fn devices_with_different_hashes_are_different() {
    let mut service = Service::instant();
    let device = |inside: Option<&str>| json!({ "hardwareHash": inside.map(hash), "productKey": KEY, "serialNumber": "S", "oemManufacturerName": "M", "modelName": "O" });
    let job = service.batch(
        "b",
        json!([
            device(Some("H1")),
            device(Some("H2")),
            device(None),
            device(Some("H1")),
            device(Some("H3"))
        ]),
    );
    let (done, same) = ("finished 0 -", "finished_with_errors 806 ZtdDeviceAlreadyAssigned");
    assert_eq!(service.outcomes(&job), [done, done, same, same, done]);

    // Deleting a device does not affect the others.
    let id = service.device("b", "S");
    let path = format!("{CUSTOMER}/deviceBatches/b/devices");
    assert_eq!(service.send("DELETE", &format!("{path}/{id}"), "").status, 204);
    let job =
        service.send("POST", &path, json!([device(None), device(Some("H1")), device(None)])).job();
    assert_eq!(service.outcomes(&job), [same, done, same]);

    // A device without a hash equals all of them, for any customer.
    let job =
        service.batch_of(OTHER, "b", json!([device(None), device(Some("H2")), device(Some("H4"))]));
    let other = "finished_with_errors 808 ZtdDeviceAssignedToOtherTenant";
    assert_eq!(service.outcomes(&job), [other, other, done]);
}

/// The same fields in any spelling that public scripts have sent.
#[test]
fn malformed_values_do_not_identify_a_device() {
    let (bad_hash, bad_key) = (
        "finished_with_errors 802 InvalidZtdHardwareHash",
        "finished_with_errors 803 MissingZtdSerialNumberAndProductKey",
    );
    let unhashed = HashBuilder::new().text(24, KEY).encode();
    for (case, device, expected) in [
        ("a word as key", json!({ "productKey": "N/A" }), bad_key),
        ("an OS product id", json!({ "productKey": "00330-80000-00000-AA123" }), bad_key),
        ("a key without its zero", json!({ "productKey": "330500000000" }), bad_key),
        (
            "a bad key and a serial number",
            json!({ "productKey": "-", "serialNumber": "S" }),
            bad_key,
        ),
        (
            "a bad key and a hash",
            json!({ "productKey": "N/A", "hardwareHash": hash("S") }),
            "finished 0 -",
        ),
        (
            "a bad key and a tuple",
            json!({ "productKey": "N/A", "serialNumber": "S", "oemManufacturerName": "M", "modelName": "O" }),
            "finished 0 -",
        ),
        ("a word as hash", json!({ "hardwareHash": "NULL" }), bad_hash),
        (
            "base64 but not a hash",
            json!({ "hardwareHash": encode(b"4C4C4544-S-1-Latitude") }),
            bad_hash,
        ),
        ("a truncated hash", json!({ "hardwareHash": &hash("S")[..60] }), bad_hash),
        ("a hash without padding", json!({ "hardwareHash": &hash("S")[..3999] }), bad_hash),
        ("a hash of no device", json!({ "hardwareHash": unhashed }), bad_hash),
        ("a bad hash and a key", json!({ "hardwareHash": "NULL", "productKey": KEY }), bad_hash),
    ] {
        let mut service = Service::instant();
        let job = service.batch("b", json!([device]));
        assert_eq!(service.outcomes(&job), [expected], "{case}");
    }

    // Devices that share a malformed key are different devices.
    let mut service = Service::instant();
    let device = |serial: &str| json!({ "productKey": "N/A", "hardwareHash": hash(serial) });
    let job = service.batch("b", json!([device("1"), device("2"), { "productKey": "N/A" }]));
    assert_eq!(service.outcomes(&job), ["finished 0 -", "finished 0 -", bad_key]);
}

#[test]
fn a_new_hash_of_a_device_is_the_same_device() {
    let device = || HashBuilder::of_device("S", "Contoso", "Book 5").record(12, &[7; 16]);
    let mut service = Service::instant();
    let sent = json!([
        { "hardwareHash": device().encode() },
        { "hardwareHash": device().text(7, "DISK-2").encode() },
        { "hardwareHash": HashBuilder::of_device("S", "Contoso", "Book 5").record(12, &[8; 16]).encode() },
    ]);
    let job = service.batch("b", sent.clone());
    let same = "finished_with_errors 806 ZtdDeviceAlreadyAssigned";
    assert_eq!(service.outcomes(&job), ["finished 0 -", same, "finished 0 -"]);
    let job = service.batch_of(OTHER, "b", json!([sent[1]]));
    let other = "finished_with_errors 808 ZtdDeviceAssignedToOtherTenant";
    assert_eq!(service.outcomes(&job), [other]);
}

#[test]
fn a_device_is_recognized_by_the_values_inside_its_hash() {
    let hash = HashBuilder::of_device("S1", "Contoso", "Book 5").text(24, KEY).encode();
    let whole = json!({ "hardwareHash": hash });
    let tuple =
        json!({ "serialNumber": "S1", "oemManufacturerName": "Contoso", "modelName": "Book 5" });
    let product_key = json!({ "productKey": KEY });
    let here = "finished_with_errors 806 ZtdDeviceAlreadyAssigned";
    let elsewhere = "finished_with_errors 808 ZtdDeviceAssignedToOtherTenant";
    for (first, second) in [(&whole, &tuple), (&whole, &product_key), (&tuple, &whole)] {
        let mut service = Service::instant();
        let job = service.batch("b", json!([first, second]));
        assert_eq!(service.outcomes(&job), ["finished 0 -", here], "{second}");
        let job = service.batch_of(OTHER, "b", json!([second]));
        assert_eq!(service.outcomes(&job), [elsewhere], "{second}");
        // The policy of the device can be changed by the same values.
        let update = json!({ "devices": [second] });
        let job = service.send("PATCH", &format!("{CUSTOMER}/devicePolicyUpdates"), update).job();
        assert_eq!(service.outcomes(&job), ["finished 0 -"], "{second}");
        // A deleted device is forgotten under all its identities.
        let batch = format!("{CUSTOMER}/deviceBatches/b/devices");
        let id = service.get(&batch)["items"][0]["id"].as_str().unwrap().to_owned();
        assert_eq!(service.send("DELETE", &format!("{batch}/{id}"), "").status, 204);
        let job = service.batch_of(OTHER, "c", json!([second]));
        assert_eq!(service.outcomes(&job), ["finished 0 -"], "{second}");
    }
    let mut service = Service::instant();
    let spelled =
        json!({ "serialNumber": "S1", "oemManufacturerName": "contoso", "modelName": "Book 5" });
    let job = service.batch("b", json!([whole, spelled]));
    assert_eq!(service.outcomes(&job), ["finished 0 -"; 2], "case matters");
}

#[test]
fn customers_are_isolated() {
    let mut service = Service::instant();
    let job = service.batch("b", json!([{ "serialNumber": "S", "productKey": KEY }]));
    let policy = service.policy("p");
    let device = service.device("b", "S");
    service.batch_of(OTHER, "b", json!([]));
    let tracking = job.rsplit_once('/').unwrap().1;
    for (method, path) in [
        ("GET", format!("{OTHER}/batchJobStatus/{tracking}")),
        ("GET", format!("{OTHER}/policies/{policy}")),
        ("DELETE", format!("{OTHER}/policies/{policy}")),
        ("DELETE", format!("{OTHER}/deviceBatches/b/devices/{device}")),
    ] {
        assert_eq!(service.send(method, &path, "").status, 404, "{path}");
    }
    assert_eq!(service.get(&format!("{OTHER}/policies"))["totalCount"], 0);
    assert_eq!(service.get("nobody/deviceBatches")["totalCount"], 0);
    let change = json!({ "devices": [{ "id": device }] });
    let job = service.send("PATCH", &format!("{OTHER}/DevicePolicyUpdates"), change).job();
    assert_eq!(service.outcomes(&job), ["finished_with_errors 807 ZtdDeviceIsNotRegistered"]);
    // The policy belongs to another customer.
    let foreign = service.policy_of(OTHER, "p");
    let change = json!({ "devices": [{ "id": device, "policies": [{ "key": "o_o_b_e", "value": foreign }] }] });
    let job = service.send("PATCH", &format!("{CUSTOMER}/DevicePolicyUpdates"), change).job();
    assert_eq!(
        service.outcomes(&job),
        ["finished_with_errors 810 ZtdProfileAssignedToOtherTenant"]
    );
    // Customer ids are compared without case.
    assert_eq!(service.get(&format!("{}/policies", OTHER.to_uppercase()))["totalCount"], 1);
}
