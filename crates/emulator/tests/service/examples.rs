//! Every documented exchange, replayed: the documented request against a world in which what it names was made
//! by real requests gets the documented answer, but for ids, dates and the differences listed here.

use http::Request;
use partner_center_devices_testkit::{self as examples, Example};
use serde_json::{Value, json};

use crate::support::Service;

/// What the emulator answers by no rule of its own: the words of another service, and of a tool.
const NOT_EMULATED: [&str; 2] = ["create-device-batch-powershell", "fault"];

/// What goes wrong for an example.
const RULES: [(&str, &str); 1] =
    [("throttled", "rules: [{ id: busy, effect: { throttle: { seconds: 57 } } }]")];

/// Members that the emulator shows and the example does not: where, which, why.
const MORE: [(&str, &str, &str); 1] = [(
    "update-device",
    "/uploadedDate",
    "constructed after an SDK; the documented list of devices has it",
)];

/// What the service makes: its value is not the documented one, but its form is.
const MADE: [&str; 7] = [
    "id",
    "batchTrackingId",
    "startedTime",
    "completedTime",
    "uploadedDate",
    "createdDate",
    "lastModifiedDate",
];
/// Further made values, of lists.
const MADE_DATES: [&str; 1] = ["creationDate"];

#[test]
fn each_example_gets_the_documented_answer() {
    let mut replayed = 0;
    for example in examples::all() {
        if !NOT_EMULATED.contains(&example.name.as_str()) {
            replay(&example);
            replayed += 1;
        }
    }
    assert!(replayed >= 15, "{replayed}");
}

fn replay(example: &Example) {
    let name = &example.name;
    let rules = RULES.iter().find(|(rules_of, _)| rules_of == name).map(|(_, rules)| *rules);
    let mut service = match rules {
        Some(rules) => Service::with_faults(rules),
        None => Service::instant(),
    };
    let ids = if rules.is_some() { Vec::new() } else { prepare(&mut service, example) };
    let mut request = Request::builder()
        .method(example.request.method.as_str())
        .uri(made(&ids, &example.request.target));
    for (header, value) in &example.request.headers {
        request = request.header(header, made(&ids, value));
    }
    let body = made(&ids, example.request.body.as_deref().unwrap_or_default());
    let answer = service.ask(&request.body(body.into()).unwrap());

    assert_eq!(answer.status, example.response.status, "{name}: {answer:?}");
    for (header, value) in &example.response.headers {
        let got = answer.header(header);
        match header.as_str() {
            "MS-RequestId" | "MS-CorrelationId" => {
                if let Some(sent) = example.request.header(header) {
                    assert_eq!(got, sent, "{name}: {header}");
                }
                assert_eq!(got.len(), 36, "{name}: {header}");
            }
            "Location" => {
                let (got_path, got_id) = got.rsplit_once('/').unwrap();
                let (path, id) = value.rsplit_once('/').unwrap();
                assert_eq!((got_path, form(got_id)), (path, form(id)), "{name}: {header}");
            }
            "MS-CV" => {
                let (vector, count) = got.split_once('.').unwrap();
                assert_eq!((vector.len(), count), (16, "0"), "{name}: {header}");
            }
            "MS-ServerId" | "Date" => assert_eq!(form(got), form(value), "{name}: {header}"),
            _ => assert_eq!(got, value, "{name}: {header}"),
        }
    }
    // The byte order mark before one documented answer is not emulated.
    match &example.response.body {
        None => assert_eq!(answer.body, "", "{name}"),
        Some(body) => compare(name, "", &serde_json::from_str(body).unwrap(), &answer.json()),
    }
    // A job that the replay started ends well, for each of its devices.
    if answer.status == 202 {
        let sent = example.request.json().unwrap_or_default();
        let devices = ["Devices", "devices"].iter().find_map(|key| sent.get(key)).unwrap_or(&sent);
        let outcomes = service.outcomes(&answer.job());
        assert_eq!(outcomes, vec!["finished 0 -"; devices.as_array().unwrap().len()], "{name}");
    }
}

/// The text with the made ids in the place of the documented ones.
fn made(ids: &[(String, String)], text: &str) -> String {
    ids.iter().fold(text.to_owned(), |text, (documented, id)| text.replace(documented, id))
}

/// Makes, by requests, what the example needs. Gives the documented ids and those made for them.
fn prepare(service: &mut Service, example: &Example) -> Vec<(String, String)> {
    let segments = example.request.segments();
    let customer = segments[0];
    let documented: Value = example
        .response
        .body
        .as_ref()
        .map_or(Value::Null, |body| serde_json::from_str(body).unwrap());
    let last = || (*segments.last().unwrap()).to_owned();
    match example.operation.as_str() {
        "create_device_batch" | "create_policy" => Vec::new(),
        "add_devices" => {
            service.batch_of(customer, segments[2], json!([{ "productKey": "first" }]));
            Vec::new()
        }
        "get_batch_job_status" => {
            // Another customer has the device already.
            let row = &documented["devicesStatus"][0];
            let device =
                json!([{ "serialNumber": row["serialNumber"], "productKey": row["productKey"] }]);
            service.batch_of("another", "b", device.clone());
            let job = service.batch_of(customer, "b", device);
            vec![(last(), job.rsplit_once('/').unwrap().1.to_owned())]
        }
        "list_device_batches" => {
            let batch = &documented["items"][0];
            let devices: Value = (0..batch["devicesCount"].as_u64().unwrap())
                .map(|n| json!({ "productKey": n.to_string() }))
                .collect();
            service.batch_of(customer, batch["id"].as_str().unwrap(), devices);
            Vec::new()
        }
        "list_devices" => {
            let members = ["serialNumber", "productKey", "modelName", "oemManufacturerName"];
            let items = documented["items"].as_array().unwrap();
            let shown = items.iter().map(|device| {
                let device = members.map(|name| (name.to_owned(), device[name].clone()));
                device.into_iter().collect::<Value>()
            });
            // A later page has the devices of those before it in front of its own.
            let token = example.request.header("MS-ContinuationToken");
            let total = token.map_or(0, |_| documented["totalCount"].as_u64().unwrap());
            let before = items.len() as u64..total;
            let before = before.map(|n| json!({ "productKey": n.to_string() }));
            service.batch_of(customer, segments[2], before.chain(shown).collect());
            let first = service.get(&format!("{customer}/deviceBatches/{}/devices", segments[2]));
            let next = first["continuationToken"].as_str();
            token.map(|token| (token.to_owned(), next.unwrap().to_owned())).into_iter().collect()
        }
        "update_device" | "delete_device" | "update_device_policies" => {
            let batch =
                if example.operation == "update_device_policies" { "b" } else { segments[2] };
            let device =
                json!([{ "serialNumber": "1R9-ZNP67", "productKey": "00329-00000-0003-AA606" }]);
            service.batch_of(customer, batch, device);
            let list = service.get(&format!("{customer}/deviceBatches/{batch}/devices"));
            let device = list["items"][0]["id"].as_str().unwrap().to_owned();
            let sent = example.request.json().unwrap_or_default();
            let (documented, policy) = match batch {
                "b" => (
                    sent["devices"][0]["id"].as_str().unwrap().to_owned(),
                    &sent["devices"][0]["policies"],
                ),
                _ => (last(), &sent["policies"]),
            };
            let mut ids = vec![(documented, device)];
            if let Some(policy) = policy[0]["value"].as_str() {
                ids.push((policy.to_owned(), service.policy_of(customer, "p")));
            }
            ids
        }
        "get_policy" | "replace_policy" | "delete_policy" | "list_policies" => {
            let policies = match documented.get("items") {
                Some(items) => items.as_array().unwrap().clone(),
                None if documented.is_null() => vec![json!({ "name": "p", "policySettings": [] })],
                None => vec![documented.clone()],
            };
            let mut id = String::new();
            for policy in policies {
                let answer = service.send("POST", &format!("{customer}/policies"), policy);
                id = answer.json()["id"].as_str().unwrap().to_owned();
            }
            vec![(last(), id)]
                .into_iter()
                .filter(|(documented, _)| documented.len() == 36)
                .collect()
        }
        other => panic!("no world for {other}: teach this test to make one"),
    }
}

/// The same members in the same spelling with the same values; of made values only the form counts.
fn compare(name: &str, at: &str, documented: &Value, got: &Value) {
    match (documented, got) {
        (Value::Object(documented), Value::Object(got)) => {
            let mut rest: Vec<&String> = got.keys().collect();
            for (key, value) in documented {
                let key = key.trim(); // one documented key has a leading blank
                let place = format!("{at}/{key}");
                let member = got.get(key).unwrap_or_else(|| panic!("{name}: {place} is missing"));
                compare(name, &place, value, member);
                rest.retain(|other| *other != key);
            }
            for key in rest {
                let place = format!("{at}/{key}");
                assert!(
                    MORE.iter().any(|(n, p, _)| *n == name && *p == place),
                    "{name}: {place} is too much"
                );
            }
        }
        (Value::Array(documented), Value::Array(got)) => {
            assert_eq!(documented.len(), got.len(), "{name}: {at}");
            for (place, (documented, got)) in documented.iter().zip(got).enumerate() {
                compare(name, &format!("{at}/{place}"), documented, got);
            }
        }
        (Value::String(documented), Value::String(got)) if is_made(at, documented) => {
            assert_eq!(form(documented), form(got), "{name}: {at}");
        }
        _ => assert_eq!(documented, got, "{name}: {at}"),
    }
}

fn is_made(at: &str, documented: &str) -> bool {
    let key = at.rsplit('/').next().unwrap_or_default();
    let id_of_a_batch = key == "id" && documented.len() != 36;
    let policy_of_a_device = key == "value";
    policy_of_a_device || ((MADE.contains(&key) || MADE_DATES.contains(&key)) && !id_of_a_batch)
}

/// A text with every digit as 0, every hexadecimal group of a GUID alike, and every offset as `+`.
fn form(text: &str) -> String {
    let guid = text.len() == 36 && text.bytes().filter(|byte| *byte == b'-').count() == 4;
    if guid && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit()) {
        return "guid".to_owned();
    }
    let http_date = text.ends_with(" GMT");
    let digits: String = text
        .chars()
        .map(|c| match c {
            '0'..='9' => '0',
            'A'..='Z' | 'a'..='z' if http_date => 'a',
            other => other,
        })
        .collect();
    let offset = digits
        .len()
        .checked_sub(6)
        .filter(|at| digits.is_char_boundary(*at) && digits.contains('T'));
    match offset {
        Some(at) if digits[at..].starts_with(['-', '+']) => {
            format!("{}+{}", &digits[..at], &digits[at + 1..])
        }
        _ => digits,
    }
}

#[test]
fn no_broken_body_is_too_much() {
    for example in examples::all() {
        let Some(body) = &example.request.body else { continue };
        if NOT_EMULATED.contains(&example.name.as_str()) {
            continue;
        }
        let mut service = Service::instant();
        let ids = prepare(&mut service, &example);
        let target = made(&ids, &example.request.target);
        let path = target.trim_start_matches('/').trim_start_matches("v1/customers/");
        for bytes in examples::broken(made(&ids, body).as_bytes()) {
            let answer = service.send(&example.request.method, path, bytes);
            assert!(
                matches!(answer.status, 200 | 202 | 204 | 400 | 404 | 409),
                "{}: {}",
                example.name,
                answer.status
            );
            if answer.status >= 400 {
                answer.fault();
            }
        }
    }
}
