//! Requests exactly as public clients send them, from the first request of a task to the last.

use serde_json::{Value, json};

use crate::support::{CUSTOMER, KEY, Response, Service, key};

/// <https://github.com/microsoft/partner-center-sdk-for-dotNET>: all members of a model in PascalCase,
/// including those without a value.
const DOT_NET: [(&str, &str); 6] = [
    ("Accept", "application/json"),
    ("MS-PartnerCenter-Client", "Partner Center .NET SDK"),
    ("MS-SdkVersion", "3.4.0"),
    ("MS-PartnerCenter-Application", "Partner Center .NET SDK Samples"),
    ("X-Locale", "en-US"),
    ("Expect", "100-continue"),
];

/// <https://github.com/PartnerCenterSamples/Partner-Center-Java-SDK>: camelCase, without
/// members that have no value.
const JAVA: [(&str, &str); 6] = [
    ("Accept", "application/json"),
    ("Content-Type", "application/json; charset=utf-8"),
    ("MS-Contract-Version", "v1"),
    ("MS-PartnerCenter-Client", "Partner Center Java SDK"),
    ("MS-SdkVersion", "1.15.3"),
    ("X-Locale", "fr-FR"),
];

fn send(
    service: &mut Service,
    headers: &[(&str, &str)],
    method: &str,
    path: &str,
    body: &Value,
) -> Response {
    let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
    service.send_with(method, path, body, headers)
}

fn dot_net_device(members: Value) -> Value {
    let mut device = json!({ "Id": null, "SerialNumber": null, "ProductKey": null, "HardwareHash": null,
        "ModelName": null, "OemManufacturerName": null, "Policies": null, "CreatedBy": null,
        "UploadedDate": "0001-01-01T00:00:00", "AllowedOperations": null, "Attributes": { "ObjectType": "Device" } });
    let Value::Object(members) = members else { panic!("an object") };
    device.as_object_mut().unwrap().extend(members);
    device
}

#[test]
fn the_dot_net_sdk_works() {
    let mut service = Service::documented("rules: []");
    let mut call =
        |method: &str, path: &str, body: Value| send(&mut service, &DOT_NET, method, path, &body);

    let policies = format!("/{CUSTOMER}/policies");
    let sent = json!({ "Id": null, "Name": "p", "Category": "o_o_b_e", "Description": null,
        "DevicesAssignedCount": 0, "PolicySettings": ["skip_eula", "none"], "CreatedDate": "0001-01-01T00:00:00",
        "LastModifiedDate": "0001-01-01T00:00:00", "Links": null,
        "Attributes": { "Etag": null, "ObjectType": "ConfigurationPolicy" } });
    let mut policy = call("POST", &policies, sent).json();
    assert_eq!(policy["policySettings"], json!(["skip_eula", "none"]));
    let id = policy["id"].as_str().unwrap().to_owned();
    // The SDK sends the changed policy back with a method named Patch.
    policy["name"] = "q".into();
    let replaced = call("PUT", &format!("{policies}/{id}"), policy);
    assert_eq!((replaced.status, replaced.json()["name"].as_str()), (200, Some("q")));

    let batches = format!("{CUSTOMER}/deviceBatches");
    let devices =
        [("1R9-ZNP67", "DummyHash123"), ("2R9-ZNP67", "DummyHash1234")].map(|(serial, hash)| {
            dot_net_device(json!({ "SerialNumber": serial, "HardwareHash": hash }))
        });
    let batch = json!({ "BatchId": "SDKTestDeviceBatch", "Devices": devices,
        "Attributes": { "ObjectType": "DeviceBatchCreationRequest" } });
    let job = call("POST", &batches, batch).job();
    let status = call("GET", &job, Value::Null).json();
    assert_eq!(status["devicesStatus"].as_array().unwrap().len(), 2);
    let more = json!([dot_net_device(json!({ "ProductKey": "00329-00000-0003-AA606" }))]);
    let path = format!("{batches}/SDKTestDeviceBatch/devices");
    let job = call("POST", &path, more).job();
    assert_eq!(call("GET", &job, Value::Null).json()["status"], "finished");

    let list = call("GET", &path, Value::Null).json();
    let ids: Vec<&str> =
        list["items"].as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), 3);
    let assigned = json!([{ "Key": "o_o_b_e", "Value": id }]);
    let updates = json!({ "Devices": [dot_net_device(json!({ "Id": ids[0], "Policies": assigned }))],
        "Attributes": { "ObjectType": "DevicePolicyUpdateRequest" } });
    let job = call("PATCH", &format!("{CUSTOMER}/DevicePolicyUpdates"), updates).job();
    let row = &call("GET", &job, Value::Null).json()["devicesStatus"][0];
    assert_eq!((&row["errorCode"], &row["deviceId"]), (&json!("0"), &json!(ids[0])));
    let one = dot_net_device(json!({ "Id": ids[1], "Policies": assigned }));
    let device = call("PUT", &format!("{path}/{}", ids[1]), one).json();
    assert_eq!(device["policies"], json!([{ "key": "o_o_b_e", "value": id }]));
    assert_eq!(call("GET", &format!("{policies}/{id}"), Value::Null).json()["devicesAssigned"], 2);
    assert_eq!(call("DELETE", &format!("{path}/{}", ids[2]), Value::Null).status, 204);
    // A policy that is assigned to devices cannot be deleted.
    assert_eq!(call("DELETE", &format!("{policies}/{id}"), Value::Null).status, 409);
}

#[test]
fn the_powershell_module_works() {
    let mut service = Service::instant();
    // <https://github.com/microsoft/Partner-Center-PowerShell/issues/274>: empty lists, and dates with a zone.
    let body = json!({ "BatchId": "XXXX", "Devices": [{ "ModelName": "HP ProDesk 600 G5 Desktop Mini",
        "OemManufacturerName": "HP", "Policies": [], "SerialNumber": "xxx", "UploadedDate": "0001-01-01T00:00:00Z",
        "Attributes": { "ObjectType": "Device" } }], "Attributes": { "ObjectType": "DeviceBatchCreationRequest" } });
    let headers =
        [("MS-PartnerCenter-Client", "Partner Center PowerShell"), ("MS-SdkVersion", "1.15.6.0")];
    let job =
        send(&mut service, &headers, "POST", &format!("{CUSTOMER}/deviceBatches"), &body).job();
    // The module takes the id from a fixed position in the path.
    let location = format!("/customers/{job}");
    let id = location.split('/').nth(4).unwrap();
    assert_eq!(service.outcomes(&format!("{CUSTOMER}/batchJobStatus/{id}")), ["finished 0 -"]);
}

#[test]
fn the_java_sdk_works() {
    let mut service = Service::instant();
    let mut call =
        |method: &str, path: &str, body: Value| send(&mut service, &JAVA, method, path, &body);
    let device = json!({ "productKey": KEY, "attributes": { "objectType": "Device" } });
    let batch = json!({ "attributes": { "objectType": "DeviceBatchCreationRequest" }, "batchId": "b",
        "devices": [device] });
    call("POST", &format!("{CUSTOMER}/deviceBatches"), batch).job();
    let list = call("GET", &format!("{CUSTOMER}/deviceBatches"), Value::Null).json();
    // The SDK appends a link to `/v1/`, which doubles the slash.
    let link = list["items"][0]["devicesLink"]["uri"].as_str().unwrap();
    let link = format!("/{}", link.strip_prefix("/customers/").unwrap());
    let devices = call("GET", &link, Value::Null).json();
    let id = devices["items"][0]["id"].as_str().unwrap();
    // A misspelled getter adds a second list of the same devices.
    let updates = json!([{ "id": id, "policies": [{ "key": "o_o_b_e" }] }]);
    let body = json!({ "devices": updates, "setDevices": updates });
    let job = call("PATCH", &format!("{CUSTOMER}/DevicePolicyUpdates"), body).job();
    let status = call("GET", &job, Value::Null).json();
    assert_eq!(status["devicesStatus"].as_array().unwrap().len(), 1);
    assert_eq!(status["devicesStatus"][0]["errorCode"], "0");
}

#[test]
fn cipp_works() {
    let mut service = Service::instant();
    // <https://github.com/KelvinTegelaar/CIPP-API>: another spelling of the path, and a member that no
    // model has.
    let device = |number: u8| {
        json!({ "hardwareHash": "", "serialNumber": "", "productKey": key(number), "oemManufacturerName": "",
            "modelName": "" })
    };
    let body = json!({ "batchId": "Front desk", "devices": [device(1)] });
    let job = service.send("POST", &format!("{CUSTOMER}/DeviceBatches"), body).job();
    assert_eq!(service.outcomes(&job), ["finished 0 -"]);
    let names = service.get(&format!("{CUSTOMER}/DeviceBatches"));
    assert_eq!(names["items"][0]["id"], "Front desk");
    let mut more = device(2);
    more["deviceBatchId"] = "Front desk".into();
    let path = format!("{CUSTOMER}/deviceBatches/Front%20desk/devices");
    let job = service.send("POST", &path, json!([more])).job();
    assert_eq!(service.outcomes(&job), ["finished 0 -"]);
    assert_eq!(service.get(&path)["totalCount"], 2);
}

#[test]
fn a_node_client_that_cuts_off_the_byte_order_mark_works() {
    // <https://github.com/Pliancy/microsoft-partnercenter-node> at 284cb7e, with got 11: each body without its first
    // character.
    const GOT: [(&str, &str); 4] = [
        ("user-agent", "got (https://github.com/sindresorhus/got)"),
        ("content-type", "application/json"),
        ("accept", "application/json"),
        ("accept-encoding", "gzip, deflate, br"),
    ];
    let mut service = Service::with_faults("rules: [{ id: marks, effect: byteOrderMark }]");
    let without_first = |response: &Response| -> Value {
        let text = std::str::from_utf8(&response.body).unwrap();
        let mut characters = text.chars();
        characters.next();
        serde_json::from_str(characters.as_str()).unwrap()
    };
    let batches = format!("{CUSTOMER}/deviceBatches");
    let body = json!({ "Devices": [{ "hardwareHash": "", "productKey": KEY }],
        "Attributes": { "ObjectType": "DeviceBatchCreationRequest" }, "BatchId": "Front desk" });
    let job = send(&mut service, &GOT, "POST", &batches, &body).job();
    let mut get = |path: &str| without_first(&send(&mut service, &GOT, "GET", path, &Value::Null));
    let id = job.rsplit('/').next().unwrap();
    let status = get(&format!("{CUSTOMER}/batchjobstatus/{id}"));
    assert_eq!(status["devicesStatus"][0]["errorCode"], "0");
    assert_eq!(get(&batches)["items"][0]["id"], "Front desk");
    assert_eq!(get(&format!("{batches}/Front%20desk/devices"))["totalCount"], 1);
}

#[test]
fn ms_partner_tools_works_if_the_202_has_a_body() {
    // <https://github.com/techstormpc/ms-partner-tools> 0.1.1: a Content-Type even without a body, the spaces that Python
    // puts into JSON, and `json()` of each response.
    const REQUESTS: [(&str, &str); 4] = [
        ("user-agent", "python-requests/2.27.1"),
        ("accept-encoding", "gzip, deflate"),
        ("accept", "application/json"),
        ("content-type", "application/json"),
    ];
    let device = |number: u8| {
        format!(
            r#"{{"serialNumber": "", "modelName": "", "oemManufacturerName": "", "hardwareHash": "", "productKey": "{}"}}"#,
            key(number)
        )
    };
    let mut service = Service::with_faults("rules: [{ id: link, effect: jobLinkInBody }]");
    let mut call = |method: &str, path: &str, body: String| {
        service.send_with(method, path, body.into_bytes(), &REQUESTS)
    };
    let batches = format!("{CUSTOMER}/deviceBatches");
    let path = format!("{batches}/cli-upload/devices");
    let none = call("GET", &batches, String::new());
    assert_eq!((none.status, &none.json()["items"]), (200, &json!([])));
    let body = format!(r#"{{"batchId": "cli-upload", "devices": [{}]}}"#, device(1));
    let created = call("POST", &batches, body);
    assert_eq!(created.status, 202);
    assert!(created.json().is_object());
    assert_eq!(call("GET", &batches, String::new()).json()["items"][0]["id"], "cli-upload");
    let added = call("POST", &path, format!("[{}]", device(2)));
    assert_eq!(added.status, 202);
    assert!(added.json().is_object());
    assert_eq!(call("GET", &path, String::new()).json()["items"].as_array().unwrap().len(), 2);
}

#[test]
fn axios_and_httpx_work() {
    // Their default headers: axios 1.21.1 sends a form's Content-Type with a POST or PATCH without data.
    const AXIOS: [(&str, &str); 3] = [
        ("accept", "application/json, text/plain, */*"),
        ("user-agent", "axios/1.21.1"),
        ("accept-encoding", "gzip, compress, deflate, br"),
    ];
    const HTTPX: [(&str, &str); 3] = [
        ("accept", "*/*"),
        ("user-agent", "python-httpx/0.28.1"),
        ("accept-encoding", "gzip, deflate"),
    ];
    for (number, headers) in [(1_u8, &AXIOS), (2, &HTTPX)] {
        let mut service = Service::instant();
        let mut call = |method: &str, path: &str, body: &Value| {
            send(&mut service, headers, method, path, body)
        };
        let batches = format!("{CUSTOMER}/deviceBatches");
        let body = json!({ "batchId": "b", "devices": [{ "productKey": key(number) }] });
        let job = call("POST", &batches, &body).job();
        assert_eq!(call("GET", &job, &Value::Null).json()["status"], "finished");
        let devices = call("GET", &format!("{batches}/b/devices"), &Value::Null).json();
        let id = devices["items"][0]["id"].as_str().unwrap();
        let policy = json!({ "name": "p", "category": "o_o_b_e", "policySettings": ["skip_eula"] });
        let policy = call("POST", &format!("{CUSTOMER}/policies"), &policy).json();
        let updates = json!({ "devices": [{ "id": id, "policies": [{ "key": "o_o_b_e", "value": policy["id"] }] }] });
        let job = call("PATCH", &format!("{CUSTOMER}/DevicePolicyUpdates"), &updates).job();
        assert_eq!(call("GET", &job, &Value::Null).json()["status"], "finished");
        let deleted = call("DELETE", &format!("{batches}/b/devices/{id}"), &Value::Null);
        assert_eq!(deleted.status, 204);
    }
    let mut service = Service::instant();
    let form = [&AXIOS[..], &[("content-type", "application/x-www-form-urlencoded")]].concat();
    let path = format!("{CUSTOMER}/policies");
    assert_eq!(send(&mut service, &form, "POST", &path, &Value::Null).status, 415);
}
