//! Replays every documented exchange. The test creates the resources of an example with real requests, sends the
//! documented request, and expects the documented response, except for ids, dates and the differences listed here.

use http::Request;
use partner_center_devices_emulator::WorldFile;
use partner_center_devices_testkit::{self as examples, Example};
use serde_json::{Value, json};

use crate::support::{Service, key};

/// Examples that the emulator does not reproduce, because they come from another service or a tool, are about orders and
/// licenses, or show a customer of another partner, who is unknown to the emulator.
const NOT_EMULATED: [&str; 5] = [
    "create-device-batch-powershell",
    "fault",
    "list-audit-records",
    "list-audit-records-of-day",
    "get-customer-no-relationship",
];

fn is_emulated(example: &Example) -> bool {
    !NOT_EMULATED.contains(&example.name.as_str())
}

/// Fault rules that an example needs.
const FAULT_RULES: [(&str, &str); 1] =
    [("throttled", "rules: [{ id: busy, effect: { throttle: { seconds: 57 } } }]")];

/// Members that are missing in an example: the example, the member and the reason.
const ADDITIONAL_MEMBERS: [(&str, &str, &str); 7] = [
    (
        "update-device",
        "/uploadedDate",
        "constructed after an SDK; the documented list of devices has it",
    ),
    ("list-customers", "/items/*/links", "later examples have it"),
    ("list-customers", "/items/*/companyProfile/links", "later examples have it"),
    ("list-customers-of-reseller", "/links", "other examples have it"),
    ("list-customers-next-page", "/items/*/links", "constructed"),
    ("list-customers-next-page", "/items/*/companyProfile/links", "constructed"),
    ("list-customers-next-page", "/links", "constructed; the previous page has a link"),
];

/// Members with other values than an example: the example, the member and the reason.
const OTHER_VALUES: [(&str, &str, &str); 6] = [
    ("list-customers", "/items/*/companyProfile/tenantId", "a placeholder"),
    ("list-customers-by-name", "/links/self/uri", "the link of another request"),
    ("get-organization-profile", "/id", "a placeholder"),
    ("get-organization-profile", "/tenantId", "a placeholder"),
    ("get-customer", "/companyProfile/address/region", "a constructed address"),
    ("get-customer", "/billingProfile/companyName", "a text that a test made long"),
];

/// Constructed personal data, and the ids of other systems. Only their presence is compared with the example.
const CONSTRUCTED: [&str; 11] = [
    "addressLine1",
    "city",
    "postalCode",
    "phoneNumber",
    "firstName",
    "lastName",
    "email",
    "etag",
    "commerceId",
    "language",
    "culture",
];

/// Members with generated values. Only their format is compared with the example.
const GENERATED: [&str; 7] = [
    "id",
    "batchTrackingId",
    "startedTime",
    "completedTime",
    "uploadedDate",
    "createdDate",
    "lastModifiedDate",
];
/// Generated dates in lists.
const GENERATED_LIST_DATES: [&str; 1] = ["creationDate"];

#[test]
fn each_example_gets_the_documented_response() {
    let mut replayed = 0;
    for example in examples::all() {
        if is_emulated(&example) {
            replay(&example);
            replayed += 1;
        }
    }
    assert!(replayed >= 15, "{replayed}");
}

fn replay(example: &Example) {
    let name = &example.name;
    let rules = FAULT_RULES.iter().find(|(rules_of, _)| rules_of == name).map(|(_, rules)| *rules);
    let mut service = Service::documented(rules.unwrap_or("rules: []"));
    let ids = if rules.is_some() { Vec::new() } else { prepare(&mut service, example) };
    let mut request = Request::builder()
        .method(example.request.method.as_str())
        .uri(replace_ids(&ids, &example.request.target));
    for (header, value) in &example.request.headers {
        request = request.header(header, replace_ids(&ids, value));
    }
    let body = replace_ids(&ids, example.request.body.as_deref().unwrap_or_default());
    let response = service.call(&request.body(body.into()).unwrap());

    assert_eq!(response.status, example.response.status, "{name}: {response:?}");
    for (header, value) in &example.response.headers {
        let actual = response.header(header);
        match header.as_str() {
            "MS-RequestId" | "MS-CorrelationId" => {
                if let Some(sent) = example.request.header(header) {
                    assert_eq!(actual, sent, "{name}: {header}");
                }
                assert_eq!(actual.len(), 36, "{name}: {header}");
            }
            "Location" => {
                let (actual_path, actual_id) = actual.rsplit_once('/').unwrap();
                let (path, id) = value.rsplit_once('/').unwrap();
                assert_eq!(
                    (actual_path, normalize(actual_id)),
                    (path, normalize(id)),
                    "{name}: {header}"
                );
            }
            "MS-CV" => {
                let (vector, count) = actual.split_once('.').unwrap();
                assert_eq!((vector.len(), count), (16, "0"), "{name}: {header}");
            }
            // The emulator always sends the character set.
            "Content-Type" => assert!(actual.starts_with(value), "{name}: {header}"),
            "MS-ServerId" | "Date" => {
                assert_eq!(normalize(actual), normalize(value), "{name}: {header}")
            }
            _ => assert_eq!(actual, value, "{name}: {header}"),
        }
    }
    // The emulator does not send the byte order mark of one documented response.
    match &example.response.body {
        None => assert_eq!(response.body, "", "{name}"),
        Some(body) => compare(name, "", &serde_json::from_str(body).unwrap(), &response.json()),
    }
    // A job that the request started succeeds for all devices.
    if response.status == 202 {
        let sent = example.request.json().unwrap_or_default();
        let devices = ["Devices", "devices"].iter().find_map(|key| sent.get(key)).unwrap_or(&sent);
        let outcomes = service.outcomes(&response.job());
        assert_eq!(outcomes, vec!["finished 0 -"; devices.as_array().unwrap().len()], "{name}");
    }
}

/// Replaces the documented ids in a text with the generated ones.
fn replace_ids(ids: &[(String, String)], text: &str) -> String {
    ids.iter().fold(text.to_owned(), |text, (documented, id)| text.replace(documented, id))
}

/// Creates the resources of an example. Returns pairs of a documented and a generated id.
#[allow(clippy::too_many_lines)] // one arm for each operation
fn prepare(service: &mut Service, example: &Example) -> Vec<(String, String)> {
    let segments = example.request.segments();
    let customer = segments.first().copied().unwrap_or_default();
    let documented: Value = example
        .response
        .body
        .as_ref()
        .map_or(Value::Null, |body| serde_json::from_str(body).unwrap());
    let last = || (*segments.last().unwrap()).to_owned();
    match example.operation.as_str() {
        "create_device_batch" | "create_policy" => Vec::new(),
        "add_devices" => {
            service.batch_of(customer, segments[2], json!([{ "productKey": key(0_u8) }]));
            Vec::new()
        }
        "get_batch_job_status" => {
            // Another customer registers the device first.
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
                .map(|n| json!({ "productKey": key(n) }))
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
            // A later page needs the devices of the pages before it.
            let token = example.request.header("MS-ContinuationToken");
            let total = token.map_or(0, |_| documented["totalCount"].as_u64().unwrap());
            let before = items.len() as u64..total;
            let before = before.map(|n| json!({ "productKey": key(n) }));
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
                let response = service.send("POST", &format!("{customer}/policies"), policy);
                id = response.json()["id"].as_str().unwrap().to_owned();
            }
            vec![(last(), id)]
                .into_iter()
                .filter(|(documented, _)| documented.len() == 36)
                .collect()
        }
        _ => prepare_partner(service, example, &documented),
    }
}

/// Creates the customers and partners of an example.
fn prepare_partner(
    service: &mut Service,
    example: &Example,
    documented: &Value,
) -> Vec<(String, String)> {
    const RESELLER: &str = "484e548c-f5f3-4528-93a9-c16c6373cb59";
    let customer = |customer: &Value| {
        let profile = &customer["companyProfile"];
        json!({ "id": customer["id"], "name": profile["companyName"], "domain": profile["domain"], "indirectReseller": RESELLER })
    };
    let items = documented["items"].as_array().into_iter().flatten();
    let world = match example.operation.as_str() {
        "list_customers" if example.request.header("MS-ContinuationToken").is_some() => {
            let before = (0..500).map(|number| json!({ "id": format!("c{number}"), "name": "C" }));
            json!({ "customers": before.chain(items.map(customer)).collect::<Value>() })
        }
        "list_customers" => json!({ "customers": items.map(customer).collect::<Value>() }),
        "get_customer" if example.response.status == 200 => {
            let profile = &documented["companyProfile"];
            let customer = json!({ "id": documented["id"], "name": profile["companyName"], "domain": profile["domain"] });
            json!({ "customers": [customer] })
        }
        "list_customer_relationships" | "list_relationships" if example.response.status == 200 => {
            let partner = |item: &Value| json!({ "id": item["id"], "name": item["name"], "mpnId": item["mpnId"], "location": item["location"] });
            let customer = example.request.segments()[0];
            let resellers = items.map(partner).collect::<Value>();
            json!({ "partner": { "indirectResellers": resellers },
                "customers": [{ "id": customer, "name": "C", "indirectReseller": RESELLER }] })
        }
        "get_organization_profile" => {
            json!({ "partner": { "name": documented["companyName"], "domain": documented["domain"] } })
        }
        "get_customer" | "list_customer_relationships" => json!({}),
        other => panic!("cannot prepare {other}: add it to this test"),
    };
    service.core.set_world(&WorldFile::from_yaml(&world.to_string()).unwrap());
    let Some(token) = example.request.header("MS-ContinuationToken") else { return Vec::new() };
    let first = service.get("")["continuationToken"].as_str().unwrap().to_owned();
    vec![(token.to_owned(), first)]
}

/// Compares members, their spelling and their values. For generated values, only the format counts.
fn compare(name: &str, at: &str, documented: &Value, actual: &Value) {
    match (documented, actual) {
        (Value::Object(documented), Value::Object(actual)) => {
            let mut rest: Vec<&String> = actual.keys().collect();
            for (key, value) in documented {
                let key = key.trim(); // one documented key has a leading space
                let place = format!("{at}/{key}");
                let member =
                    actual.get(key).unwrap_or_else(|| panic!("{name}: {place} is missing"));
                compare(name, &place, value, member);
                rest.retain(|other| *other != key);
            }
            for key in rest {
                let place = format!("{at}/{key}");
                assert!(
                    is_in(&ADDITIONAL_MEMBERS, name, &place),
                    "{name}: {place} is not documented"
                );
            }
        }
        (Value::Array(documented), Value::Array(actual)) => {
            assert_eq!(documented.len(), actual.len(), "{name}: {at}");
            for (place, (documented, actual)) in documented.iter().zip(actual).enumerate() {
                compare(name, &format!("{at}/{place}"), documented, actual);
            }
        }
        (Value::String(_), Value::String(_))
            if is_in(&OTHER_VALUES, name, at)
                || CONSTRUCTED.iter().any(|key| at.ends_with(&format!("/{key}"))) => {}
        (Value::String(documented), Value::String(actual)) if is_generated(at, documented) => {
            assert_eq!(normalize(documented), normalize(actual), "{name}: {at}");
        }
        _ => assert_eq!(documented, actual, "{name}: {at}"),
    }
}

/// Returns true if a list names the member at a place. `*` stands for the place in an array.
fn is_in(list: &[(&str, &str, &str)], name: &str, at: &str) -> bool {
    let parts = at.split('/').map(|part| if part.parse::<usize>().is_ok() { "*" } else { part });
    let at = parts.collect::<Vec<_>>().join("/");
    list.iter().any(|(example, place, _)| *example == name && *place == at)
}

fn is_generated(at: &str, documented: &str) -> bool {
    let key = at.rsplit('/').next().unwrap_or_default();
    let id_of_a_batch = key == "id" && documented.len() != 36;
    let policy_of_a_device = key == "value";
    policy_of_a_device
        || ((GENERATED.contains(&key) || GENERATED_LIST_DATES.contains(&key)) && !id_of_a_batch)
}

/// Replaces each digit with 0, each GUID with `guid`, and the sign of an offset with `+`.
fn normalize(text: &str) -> String {
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
fn broken_bodies_return_a_client_error() {
    for example in examples::all() {
        let Some(body) = &example.request.body else { continue };
        if !is_emulated(&example) {
            continue;
        }
        let mut service = Service::documented("rules: []");
        let ids = prepare(&mut service, &example);
        let target = replace_ids(&ids, &example.request.target);
        let path = target.trim_start_matches('/').trim_start_matches("v1/customers/");
        for bytes in examples::broken(replace_ids(&ids, body).as_bytes()) {
            let response = service.send(&example.request.method, path, bytes);
            assert!(
                matches!(response.status, 200 | 202 | 204 | 400 | 404 | 409),
                "{}: {}",
                example.name,
                response.status
            );
            if response.status >= 400 {
                response.error_description();
            }
        }
    }
}
