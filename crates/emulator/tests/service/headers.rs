//! Each response has the headers that the OpenAPI document lists for it.

use partner_center_devices_emulator::FaultRules;
use serde_json::{Value, json};

use crate::support::{CUSTOMER, KEY, Response, Service};

/// Headers that only some responses have, with the statuses of these responses.
const ONLY_ON: [(&str, &[u16]); 2] = [
    ("WWW-Authenticate", &[401]),
    // This header describes an accepted token.
    ("isMfaCompliant", &[200, 202, 204, 403, 404, 409]),
];

struct Document(Value);

impl Document {
    fn read() -> Self {
        let text = include_str!("../../../../spec/device-deployment.yaml");
        Self(serde_saphyr::from_str(text).unwrap())
    }

    fn operation(&self, id: &str) -> &Value {
        let paths = self.0["paths"].as_object().unwrap().values();
        let mut operations = paths.flat_map(|path| path.as_object().unwrap().values());
        operations.find(|operation| operation["operationId"] == id).unwrap()
    }

    /// Returns the names of the headers of a response with this status.
    fn headers(&self, operation: &str, status: u16) -> Vec<&str> {
        let responses = &self.operation(operation)["responses"];
        let family = format!("{}XX", status / 100);
        let mut response = responses.get(status.to_string()).unwrap_or(&responses[family]);
        if let Some(place) = response["$ref"].as_str() {
            response = self.0.pointer(place.strip_prefix('#').unwrap()).unwrap();
        }
        response["headers"].as_object().unwrap().keys().map(String::as_str).collect()
    }

    fn check(&self, operation: &str, response: &Response) {
        let named = self.headers(operation, response.status);
        assert!(named.contains(&"MS-CV"), "{operation}");
        for name in named {
            let only = ONLY_ON.iter().find(|(only, _)| *only == name);
            let expected = only.is_none_or(|(_, statuses)| statuses.contains(&response.status));
            let actual = response.headers.contains_key(name);
            assert_eq!(actual, expected, "{operation}, {}: {name}", response.status);
        }
    }
}

#[test]
fn each_response_has_the_documented_headers() {
    let document = Document::read();
    let mut service = Service::instant();
    let mfa = [("ValidateMfa", "true")];
    let mut call = |operation: &str, method: &str, path: &str, body: Value, status: u16| {
        let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        let response = service.send_with(method, &format!("{CUSTOMER}/{path}"), body, &mfa);
        assert_eq!(response.status, status, "{operation}: {response:?}");
        document.check(operation, &response);
        response
    };
    let none = Value::Null;
    let devices = json!([{ "serialNumber": "S", "productKey": KEY }]);
    let batch = json!({ "batchId": "b", "devices": devices });
    let job = call("create_device_batch", "POST", "deviceBatches", batch.clone(), 202).job();
    let job = job.split_once('/').unwrap().1;
    call("create_device_batch", "POST", "deviceBatches", batch, 409);
    call("list_device_batches", "GET", "deviceBatches", none.clone(), 200);
    call("get_batch_job_status", "GET", job, none.clone(), 200);
    call("get_batch_job_status", "GET", "batchJobStatus/none", none.clone(), 404);
    call("add_devices", "POST", "deviceBatches/b/devices", devices, 202);
    let list = call("list_devices", "GET", "deviceBatches/b/devices", none.clone(), 200).json();
    let device = list["items"][0]["id"].as_str().unwrap();
    let device_path = format!("deviceBatches/b/devices/{device}");
    call("update_device", "PUT", &device_path, json!({}), 200);
    let policies = json!({ "devices": [{ "id": device, "policies": [] }] });
    call("update_device_policies", "PATCH", "DevicePolicyUpdates", policies, 202);
    call("delete_device", "DELETE", &device_path, none.clone(), 204);
    let policy = json!({ "name": "p", "policySettings": [] });
    let created = call("create_policy", "POST", "policies", policy.clone(), 200).json();
    let policy_path = format!("policies/{}", created["id"].as_str().unwrap());
    call("list_policies", "GET", "policies", none.clone(), 200);
    call("get_policy", "GET", &policy_path, none.clone(), 200);
    call("replace_policy", "PUT", &policy_path, policy, 200);
    call("delete_policy", "DELETE", &policy_path, none, 204);
}

#[test]
fn errors_have_the_documented_headers() {
    let document = Document::read();
    let mut service = Service::instant();
    let path = format!("{CUSTOMER}/policies");
    let response = service.send_with("GET", &path, "", &[("authorization", "none")]);
    assert_eq!(response.status, 401);
    document.check("list_policies", &response);

    let faults = FaultRules::from_yaml(
        "rules: [{ id: busy, effect: { throttle: { seconds: 5, body: fault } } }]",
    );
    let faults = faults.unwrap();
    let builder = partner_center_devices_emulator::Emulator::builder().faults(faults);
    let response = Service::from_builder(&builder).send("GET", &path, "");
    assert_eq!((response.status, response.header("retry-after")), (429, "5"));
    document.check("list_policies", &response);
}
