//! Every header that the OpenAPI document has for an answer is on the answer.

use partner_center_devices_emulator::Faults;
use serde_json::{Value, json};

use crate::support::{Answer, CUSTOMER, Service};

/// Headers that only some answers have, by the document's own words: which have them.
const ONLY_ON: [(&str, &[u16]); 2] = [
    ("WWW-Authenticate", &[401]),
    // It speaks of a token that was taken.
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

    /// The names of the headers of an answer with this status.
    fn headers(&self, operation: &str, status: u16) -> Vec<&str> {
        let responses = &self.operation(operation)["responses"];
        let family = format!("{}XX", status / 100);
        let mut response = responses.get(status.to_string()).unwrap_or(&responses[family]);
        if let Some(place) = response["$ref"].as_str() {
            response = self.0.pointer(place.strip_prefix('#').unwrap()).unwrap();
        }
        response["headers"].as_object().unwrap().keys().map(String::as_str).collect()
    }

    fn check(&self, operation: &str, answer: &Answer) {
        let named = self.headers(operation, answer.status);
        assert!(named.contains(&"MS-CV"), "{operation}");
        for name in named {
            let only = ONLY_ON.iter().find(|(only, _)| *only == name);
            let expected = only.is_none_or(|(_, statuses)| statuses.contains(&answer.status));
            let got = answer.headers.contains_key(name);
            assert_eq!(got, expected, "{operation}, {}: {name}", answer.status);
        }
    }
}

#[test]
fn every_answer_has_the_headers_of_the_document() {
    let document = Document::read();
    let mut service = Service::instant();
    let mfa = [("ValidateMfa", "true")];
    let mut ask = |operation: &str, method: &str, path: &str, body: Value, status: u16| {
        let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        let answer = service.send_with(method, &format!("{CUSTOMER}/{path}"), body, &mfa);
        assert_eq!(answer.status, status, "{operation}: {answer:?}");
        document.check(operation, &answer);
        answer
    };
    let none = Value::Null;
    let devices = json!([{ "serialNumber": "S", "productKey": "K" }]);
    let batch = json!({ "batchId": "b", "devices": devices });
    let job = ask("create_device_batch", "POST", "deviceBatches", batch.clone(), 202).job();
    let job = job.split_once('/').unwrap().1;
    ask("create_device_batch", "POST", "deviceBatches", batch, 409);
    ask("list_device_batches", "GET", "deviceBatches", none.clone(), 200);
    ask("get_batch_job_status", "GET", job, none.clone(), 200);
    ask("get_batch_job_status", "GET", "batchJobStatus/none", none.clone(), 404);
    ask("add_devices", "POST", "deviceBatches/b/devices", devices, 202);
    let list = ask("list_devices", "GET", "deviceBatches/b/devices", none.clone(), 200).json();
    let device = list["items"][0]["id"].as_str().unwrap();
    let at_device = format!("deviceBatches/b/devices/{device}");
    ask("update_device", "PUT", &at_device, json!({}), 200);
    let policies = json!({ "devices": [{ "id": device, "policies": [] }] });
    ask("update_device_policies", "PATCH", "DevicePolicyUpdates", policies, 202);
    ask("delete_device", "DELETE", &at_device, none.clone(), 204);
    let policy = json!({ "name": "p", "policySettings": [] });
    let made = ask("create_policy", "POST", "policies", policy.clone(), 200).json();
    let at_policy = format!("policies/{}", made["id"].as_str().unwrap());
    ask("list_policies", "GET", "policies", none.clone(), 200);
    ask("get_policy", "GET", &at_policy, none.clone(), 200);
    ask("replace_policy", "PUT", &at_policy, policy, 200);
    ask("delete_policy", "DELETE", &at_policy, none, 204);
}

#[test]
fn refusals_have_theirs() {
    let document = Document::read();
    let mut service = Service::instant();
    let path = format!("{CUSTOMER}/policies");
    let answer = service.send_with("GET", &path, "", &[("authorization", "none")]);
    assert_eq!(answer.status, 401);
    document.check("list_policies", &answer);

    let faults = Faults::from_yaml(
        "rules: [{ id: busy, effect: { throttle: { seconds: 5, body: fault } } }]",
    );
    let faults = faults.unwrap();
    let builder = partner_center_devices_emulator::Emulator::builder().faults(faults);
    let answer = Service::of(&builder).send("GET", &path, "");
    assert_eq!((answer.status, answer.header("retry-after")), (429, "5"));
    document.check("list_policies", &answer);
}
