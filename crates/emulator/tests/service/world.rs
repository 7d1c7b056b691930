//! World files: the state that they create, the results that they cause, and their errors.

use std::time::Duration;

use partner_center_devices_emulator::{Emulator, KnownHardware, Pace, WorldFile};
use serde_json::{Value, json};

use crate::support::{CUSTOMER, KEY, OTHER, Service, epoch, hash, key};

fn world(text: &str) -> WorldFile {
    WorldFile::from_yaml(text).unwrap()
}

fn service(text: &str) -> Service {
    Service::from_builder(&Emulator::builder().pace(Pace::instant()).world(world(text)))
}

fn sample() -> &'static str {
    include_str!("../../../../samples/world.yaml")
}

#[test]
fn the_sample_is_loaded_before_the_first_request() {
    let mut service = service(sample());
    let batches = service.get(&format!("{CUSTOMER}/deviceBatches"));
    assert_eq!(batches["totalCount"], 1);
    assert_eq!(batches["items"][0]["id"], "Headquarters");
    assert_eq!(batches["items"][0]["creationDate"], "2026-03-02T08:00:00");
    let devices = service.get(&format!("{CUSTOMER}/deviceBatches/Headquarters/devices"));
    let shown = |place: usize, name: &str| devices["items"][place][name].clone();
    assert_eq!(shown(0, "serialNumber"), "HQ-0001");
    assert_eq!(shown(0, "policies")[0]["value"], "15a04610-9229-4e80-94e0-0e826a09c9e2");
    assert_eq!(
        shown(0, "uploadedDate"),
        "2017-07-25T17:00:00.0000000+00:00",
        "the time when the world was loaded"
    );
    assert_eq!(shown(1, "uploadedDate"), "2026-03-02T08:00:07.5000000+00:00");
    let policies = service.get(&format!("{CUSTOMER}/policies"));
    assert_eq!(policies["items"][0]["devicesAssigned"], 1);
}

#[test]
#[allow(clippy::too_many_lines)] // a table
fn each_error_code_has_its_cause() {
    let tuple = |serial: &str, maker: &str, model: &str| json!({ "serialNumber": serial, "oemManufacturerName": maker, "modelName": model });
    let with = |mut device: Value, name: &str, value: Value| {
        device[name] = value;
        device
    };
    let policy = |id: &str| json!([{ "key": "o_o_b_e", "value": id }]);
    let known = tuple("HQ-0002", "Contoso", "Book 5");
    let foreign_policy = "aaaaaaaa-9229-4e80-94e0-0e826a09c9e2";
    let more =
        "  - { id: other, policies: [{ id: aaaaaaaa-9229-4e80-94e0-0e826a09c9e2, name: P }] }\n";
    let text = sample().replace("customers:\n", &format!("customers:\n{more}"));
    let unknown = "808 ZtdDeviceAssignedToOtherTenant";
    for (name, device, expected) in [
        ("known hardware", known.clone(), "0 -"),
        ("known, with a new hash", json!({ "hardwareHash": hash("HQ-0002") }), "0 -"),
        ("known, with a malformed key", with(known.clone(), "productKey", json!("N/A")), "0 -"),
        (
            "known, with the hash of another device",
            with(known.clone(), "hardwareHash", json!(hash("HQ-9999"))),
            "812 ZtdDeviceNotFound",
        ),
        ("known only by its hash", json!({ "hardwareHash": "T0HzAQEA" }), "0 -"),
        ("a blank hash", json!({ "hardwareHash": " " }), "802 InvalidZtdHardwareHash"),
        ("an invalid hash", json!({ "hardwareHash": "T0H…" }), "802 InvalidZtdHardwareHash"),
        (
            "an invalid hash with other fields",
            with(known.clone(), "hardwareHash", json!("\"T0HzAQEA\"")),
            "802 InvalidZtdHardwareHash",
        ),
        (
            "only a serial number",
            json!({ "serialNumber": "HQ-0002" }),
            "803 MissingZtdSerialNumberAndProductKey",
        ),
        ("no fields", json!({}), "803 MissingZtdSerialNumberAndProductKey"),
        ("registered here", tuple("HQ-0001", "Contoso", "Book 5"), "806 ZtdDeviceAlreadyAssigned"),
        ("registered elsewhere", tuple("USED-77", "Contoso", "Book 4"), unknown),
        (
            "an unknown policy",
            with(known.clone(), "policies", policy("bbbbbbbb-9229-4e80-94e0-0e826a09c9e2")),
            "809 ZtdProfileIsNotRegistered",
        ),
        (
            "a policy of another customer",
            with(known.clone(), "policies", policy(foreign_policy)),
            "810 ZtdProfileAssignedToOtherTenant",
        ),
        (
            "a model in another spelling",
            tuple("HQ-0002", "Contoso", "book 5"),
            "812 ZtdDeviceNotFound",
        ),
        ("an unknown product key", json!({ "productKey": KEY }), "812 ZtdDeviceNotFound"),
        (
            "a malformed product key",
            json!({ "productKey": "N/A" }),
            "803 MissingZtdSerialNumberAndProductKey",
        ),
        (
            "a listed placeholder key",
            json!({ "productKey": "00329-00000-0003-AA606" }),
            "806 ZtdDeviceAlreadyAssigned",
        ),
        ("an unknown hash", json!({ "hardwareHash": hash("HQ-9999") }), "812 ZtdDeviceNotFound"),
        (
            "an unknown placeholder",
            json!({ "hardwareHash": "T0HzAQEZ" }),
            "802 InvalidZtdHardwareHash",
        ),
        ("two matches", tuple("Default string", "Fabrikam", "Mini"), "813 ZtdDeviceIsNotUnique"),
        (
            "already joined",
            tuple("LAB-01", "Contoso", "Book 5"),
            "814 ZtdDeviceAlreadyAadRegistered",
        ),
        (
            "a magic serial number",
            with(known.clone(), "serialNumber", json!("ZTD811-1")),
            "811 ZtdDeviceRegisteredByOtherTenant",
        ),
    ] {
        let mut service = service(&text);
        let job = service.batch("b", json!([device]));
        let status = if expected == "0 -" { "finished" } else { "finished_with_errors" };
        assert_eq!(service.outcomes(&job), [format!("{status} {expected}")], "{name}");
    }

    let mut service = service(&text);
    let job = service.batch("b", json!([known, known]));
    assert_eq!(
        service.outcomes(&job),
        ["finished 0 -", "finished_with_errors 806 ZtdDeviceAlreadyAssigned"],
        "twice in one request"
    );
    let update = json!({ "devices": [{ "serialNumber": "USED-77", "oemManufacturerName": "Contoso",
        "modelName": "Book 4", "policies": [{ "key": "o_o_b_e", "value": null }] }] });
    let job = service.send("PATCH", &format!("{CUSTOMER}/devicePolicyUpdates"), update).job();
    assert_eq!(service.outcomes(&job), ["finished_with_errors 807 ZtdDeviceIsNotRegistered"]);
}

#[test]
fn saving_loading_and_saving_a_world_returns_the_same_text() {
    let mut service = service(sample());
    service.now = Duration::from_nanos(12_345_678_901_234);
    let devices = json!([
        { "serialNumber": "HQ-0002", "oemManufacturerName": "Contoso", "modelName": "Book 5", "productKey": KEY },
        { "hardwareHash": "T0HzAQEB" },
        { "hardwareHash": hash("HQ-0003") },
    ]);
    let job = service.batch_of(OTHER, "b", devices);
    assert_eq!(service.outcomes(&job), ["finished 0 -"; 3]);
    let saved = service.core.world();
    let text = saved.to_json();
    assert!(!text.contains("T0H") && !text.contains("T0E"), "{text}");

    // The seed and the date do not matter, because the file has all ids and dates.
    let builder = Emulator::builder().seed(9).world(world(&text));
    let now = epoch() + Duration::from_nanos(98_765_432_101);
    let again = builder.epoch(now).core().world();
    assert_eq!(again.to_json(), text);
    assert_eq!(again, saved);

    // The loaded world returns the same responses as the saved one.
    let mut loaded = Service::from_builder(&Emulator::builder().world(saved));
    for path in [
        format!("{CUSTOMER}/deviceBatches"),
        format!("{CUSTOMER}/deviceBatches/headquarters/devices"),
        format!("{CUSTOMER}/policies"),
        format!("{OTHER}/deviceBatches/b/devices"),
    ] {
        assert_eq!(loaded.get(&path), service.get(&path), "{path}");
    }
    let job = loaded.batch_of(
        OTHER,
        "c",
        json!([
            { "hardwareHash": "T0HzAQEB" },
            { "hardwareHash": hash("HQ-0003") },
            { "serialNumber": "HQ-0003", "oemManufacturerName": "Contoso", "modelName": "Book 5" },
        ]),
    );
    loaded.now += Duration::from_secs(60);
    assert_eq!(loaded.outcomes(&job), ["finished_with_errors 806 ZtdDeviceAlreadyAssigned"; 3]);
}

#[test]
fn a_loaded_world_with_the_same_seed_has_unique_ids() {
    let mut saved = Service::instant();
    drop(saved.batch("a", json!([{ "productKey": key(1_u8) }])));
    saved.get(&format!("{CUSTOMER}/policies"));
    let file = saved.core.world();
    let mut loaded = Service::from_builder(&Emulator::builder().pace(Pace::instant()).world(file));
    drop(loaded.batch("b", json!([{ "productKey": key(2_u8) }])));
    let ids = ["a", "b"].map(|batch| {
        let list = loaded.get(&format!("{CUSTOMER}/deviceBatches/{batch}/devices"));
        list["items"][0]["id"].as_str().unwrap().to_owned()
    });
    assert_ne!(ids[0], ids[1]);
    for (batch, id) in ["a", "b"].iter().zip(&ids) {
        let path = format!("{CUSTOMER}/deviceBatches/{batch}/devices/{id}");
        assert_eq!(loaded.send("DELETE", &path, "").status, 204);
    }
}

#[test]
fn set_world_replaces_the_world_and_is_stored() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("world-kept");
    drop(std::fs::remove_dir_all(&folder));
    let builder = || Emulator::builder().epoch(epoch()).pace(Pace::instant()).data(&folder);
    let service = builder().world(world(sample())).open().unwrap();
    let first = service.world();
    assert_eq!(first.to_json().matches("HQ-0001").count(), 2);
    drop(service);

    let service = builder().world(world(sample())).open().unwrap();
    assert!(service.resumed().unwrap().world_not_loaded);
    assert_eq!(service.world(), first);
    let second = world(
        "customers: [{ id: c, batches: [{ id: b, devices: [{ productKey: '3305000000001' }] }] }]",
    );
    service.set_world(&second).unwrap();
    let second = service.world();
    assert_eq!(second.to_json().matches("productKey").count(), 1);
    drop(service);

    let service = builder().open().unwrap();
    assert_eq!(service.resumed().unwrap().to_string(), "resumed after 2 changes");
    assert_eq!(service.world(), second);
    drop(service);
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
#[allow(clippy::too_many_lines)] // a table
fn errors_name_their_position() {
    let error_of = |text: &str| WorldFile::from_yaml(text).unwrap_err().to_string();
    let in_batch = |devices: &str| {
        error_of(&format!("customers: [{{ id: c, batches: [{{ id: b, devices: [{devices}] }}] }}]"))
    };
    let in_policy =
        |policy: &str| error_of(&format!("customers: [{{ id: c, policies: [{policy}] }}]"));
    let guid = "15a04610-9229-4e80-94e0-0e826a09c9e2";
    for (error, expected) in [
        (error_of("customers: [{ id: ' ' }]"), "customers[0].id: must not be blank"),
        (
            error_of("customers: [{ id: Ab }, { id: aB }]"),
            "customers[1].id: is used by another customer",
        ),
        (
            error_of("customers: [{ id: c, batches: [{ id: B }, { id: b }] }]"),
            "customers[0].batches[1].id: is used by another batch of this customer",
        ),
        (
            error_of("customers: [{ id: c, batches: [{ id: B, creationDate: soon }] }]"),
            "customers[0].batches[0].creationDate: must be a date and time with a zone, such as \
             2017-07-25T17:00:00Z",
        ),
        (
            in_batch("{ productKey: '3305000000001' }, { productKey: ' 3305000000001' }"),
            "customers[0].batches[0].devices[1]: is already registered (806 ZtdDeviceAlreadyAssigned)",
        ),
        (
            in_batch("{ serialNumber: S }"),
            "customers[0].batches[0].devices[0]: must have a hardwareHash, a productKey, or a serialNumber with \
             oemManufacturerName and modelName",
        ),
        (
            in_batch("{ productKey: '3305000000001', id: 7 }"),
            "customers[0].batches[0].devices[0].id: must be a GUID of 8-4-4-4-12 hexadecimal digits",
        ),
        (
            in_batch(&format!(
                "{{ productKey: '3305000000001', id: {guid} }}, {{ productKey: '3305000000002', id: {guid} }}"
            )),
            "customers[0].batches[0].devices[1].id: is used more than once",
        ),
        (
            in_batch(&format!("{{ productKey: '3305000000001', policy: {guid} }}")),
            "customers[0].batches[0].devices[0].policy: must be the id of a policy of this customer",
        ),
        (
            in_batch("{ hardwareHash: 'T0H secret' }"),
            "customers[0].batches[0].devices[0].hardwareHash: must be Base64",
        ),
        (
            in_batch("{ hardwareHash: DummyHash123 }"),
            "customers[0].batches[0].devices[0].hardwareHash: must be a hardware hash, or one that knownHardware lists",
        ),
        (
            in_batch("{ productKey: 00329-00000-0003-AA606 }"),
            "customers[0].batches[0].devices[0].productKey: must have 13 digits, or be a key that knownHardware lists",
        ),
        (
            in_batch("{ hardwareHashFingerprint: T0H }"),
            "customers[0].batches[0].devices[0].hardwareHashFingerprint: must be 32 hexadecimal digits",
        ),
        (in_policy("{ name: '' }"), "customers[0].policies[0].name: must not be blank"),
        (error_of("customers: [{ id: c, name: ' ' }]"), "customers[0].name: must not be blank"),
        (
            error_of("customers: [{ id: c, indirectReseller: r }]"),
            "customers[0].indirectReseller: must be a GUID of 8-4-4-4-12 hexadecimal digits",
        ),
        (
            error_of("partner: { indirectProviders: [{ id: p, name: P }] }"),
            "partner.indirectProviders[0].id: must be a GUID of 8-4-4-4-12 hexadecimal digits",
        ),
        (
            error_of("generated: { customers: 100001 }"),
            "generated.customers: must be at most 100000",
        ),
        (
            error_of("generated: { customers: 0, batches: 1 }"),
            "generated.batches: must be 0 without customers",
        ),
        (
            error_of("generated: { customers: 1, devices: 1 }"),
            "generated.devices: must be 0 without batches",
        ),
        (
            in_policy("{ name: P, policySettings: [skip_eula, skip_all] }"),
            "customers[0].policies[0].policySettings[1]: must be one of none, remove_oem_preinstalls, \
             oobe_user_not_local_admin, skip_express_settings, skip_oem_registration, skip_eula",
        ),
        (
            error_of(
                "customers: [{ id: c, batches: [{ id: b, devices: [{ productKey: '3305000000001' }] }] }]\n\
                 otherTenants: [{ productKey: '3305000000001' }]",
            ),
            "otherTenants[0]: is already registered by another customer (808 ZtdDeviceAssignedToOtherTenant)",
        ),
        (
            error_of("knownHardware: [{ serialNumber: S }]"),
            "knownHardware[0]: must have a hardwareHash, a productKey, or a serialNumber with \
             oemManufacturerName and modelName",
        ),
    ] {
        assert_eq!(error, expected);
    }
    let unknown = error_of("customers:\n  - id: c\n    nickname: Contoso\n");
    assert!(unknown.contains("nickname") && unknown.contains("line 3"), "{unknown}");
    let hash = error_of("knownHardware:\n  - { hardwareHash: [T0Hsecret] }\n");
    assert!(hash.contains("line 2") && !hash.contains("secret"), "{hash}");
}

#[test]
fn long_texts_are_rejected_with_their_field_and_a_short_message() {
    let long = "x".repeat(3_000_000);
    for (text, expected) in [
        (r#"{"customers":[{"id":"LONG"}]}"#, "customers[0].id: must have at most 16384 bytes"),
        (
            r#"{"customers":[{"id":"c","batches":[{"id":"LONG"}]}]}"#,
            "batches[0].id: must have at most",
        ),
        (
            r#"{"customers":[{"id":"c","batches":[{"id":"b","creationDate":"LONG"}]}]}"#,
            "creationDate: ",
        ),
        (
            r#"{"customers":[{"id":"c","policies":[{"name":"LONG"}]}]}"#,
            "policies[0].name: must have",
        ),
        (
            r#"{"customers":[{"id":"c","policies":[{"name":"p","description":"LONG"}]}]}"#,
            "description: must",
        ),
        (
            r#"{"customers":[{"id":"c","policies":[{"name":"p","category":"LONG"}]}]}"#,
            "category: must be",
        ),
        (
            r#"{"knownHardware":[{"serialNumber":"LONG"}]}"#,
            "knownHardware[0].serialNumber: must have",
        ),
        (r#"{"customers":[{"id":"c","name":"LONG"}]}"#, "customers[0].name: must have at most"),
        (
            r#"{"customers":[{"id":"c","customDomains":["LONG"]}]}"#,
            "customers[0].customDomains[0]: must have",
        ),
        (r#"{"partner":{"name":"LONG"}}"#, "partner.name: must have at most"),
        (
            r#"{"auditRecords":[{"date":"2017-07-25T17:00:00Z","operation":"device_deleted","customer":"c","user":"LONG"}]}"#,
            "auditRecords[0].user: must have",
        ),
        (r#"{"knownHardware":[{"productKey":"LONG"}]}"#, "knownHardware[0].productKey: must have"),
        (
            r#"{"otherTenants":[{"oemManufacturerName":"LONG"}]}"#,
            "[0].oemManufacturerName: must have",
        ),
        (r#"{"otherTenants":[{"modelName":"LONG"}]}"#, "otherTenants[0].modelName: must have"),
        (
            r#"{"otherTenants":[{"hardwareHash":"LONG"}]}"#,
            "otherTenants[0].hardwareHash: must have at most",
        ),
        (r#"{"LONG":1}"#, ""),
    ] {
        let error = WorldFile::from_yaml(&text.replace("LONG", &long)).unwrap_err().to_string();
        assert!(error.contains(expected) && error.len() < 1000, "{text}: {error:.300}");
    }
    let hardware = KnownHardware::new().hardware_hash(&long);
    let error = WorldFile::default().with_known_hardware([hardware]).unwrap_err().to_string();
    assert_eq!(error, "knownHardware[0].hardwareHash: must have at most 16384 bytes");
}

#[cfg(feature = "schemars")]
#[test]
fn the_schema_is_current() {
    let schema = serde_json::to_string_pretty(&WorldFile::schema()).unwrap() + "\n";
    partner_center_devices_testkit::generated::check("samples/world.schema.json", &schema);
    assert!(schema.contains(r#""additionalProperties": false"#));
}

#[test]
fn batch_names_are_exact_in_a_world_with_exact_names() {
    let create = |service: &mut Service, name: &str| {
        let body = json!({ "batchId": name, "devices": [] });
        service.send("POST", &format!("{CUSTOMER}/deviceBatches"), body).status
    };
    let devices = |name: &str| format!("{CUSTOMER}/deviceBatches/{name}/devices");
    for (world, expected) in [
        (WorldFile::default(), [202, 409, 409, 200]),
        (WorldFile::default().with_exact_batch_names(), [202, 202, 409, 404]),
    ] {
        let mut service = Service::from_builder(&Emulator::builder().world(world));
        let created = ["Sales", "sales", "Sales"].map(|name| create(&mut service, name));
        let found = service.send("GET", &devices("SALES"), "").status;
        assert_eq!([created[0], created[1], created[2], found], expected);
        // A saved world can be loaded.
        let saved = service.core.world();
        assert_eq!(WorldFile::from_yaml(&saved.to_json()).unwrap(), saved);
    }
}
