//! The audit log: which changes it records, and how it is queried.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::Request;
use partner_center_devices_emulator::{Emulator, Pace, WorldFile};
use serde_json::{Value, json};

use crate::support::{CUSTOMER, OTHER, Response, Service, epoch, key};

const DAY: Duration = Duration::from_secs(24 * 3600);
const CORRELATION: &str = "de9c2ccc-40dd-4186-9660-65b9b64c3d14";
const TENANT: &str = "3b33e682-00c3-41ee-9dd2-a548adf56438";

/// Returns a token whose claims are not verified.
fn token(claims: &Value) -> String {
    format!("Bearer e30.{}.e30", URL_SAFE_NO_PAD.encode(claims.to_string()))
}

fn get(service: &mut Service, query: &str, token: &str) -> Response {
    let request = Request::get(format!("/v1/auditrecords{query}"))
        .header("authorization", "Bearer t")
        .header("ms-continuationtoken", token)
        .body("".into());
    service.call(&request.unwrap())
}

fn records(service: &mut Service, query: &str) -> Vec<Value> {
    let response = get(service, query, "");
    assert_eq!(response.status, 200, "{query}: {response:?}");
    let page = response.json();
    assert_eq!(page["totalCount"], page["items"].as_array().unwrap().len());
    page["items"].as_array().unwrap().clone()
}

fn operations(service: &mut Service, query: &str) -> Vec<String> {
    let text = |record: Value| record["operationType"].as_str().unwrap().to_owned();
    records(service, query).into_iter().map(text).collect()
}

fn filter(field: &str, value: &str, operator: &str) -> String {
    let json = json!({ "Field": field, "Value": value, "Operator": operator }).to_string();
    format!(
        "?filter={}",
        percent_encoding::utf8_percent_encode(&json, percent_encoding::NON_ALPHANUMERIC)
    )
}

fn change(service: &mut Service, method: &str, path: &str, body: Value) -> Response {
    let user = token(
        &json!({ "upn": "admin@contoso.onmicrosoft.com", "tid": TENANT, "appid": "app-1", "scp": "x" }),
    );
    let headers = [("authorization", user.as_str()), ("ms-correlationid", CORRELATION)];
    service.now += Duration::from_secs(1);
    service.send_with(method, &format!("{CUSTOMER}/{path}"), body, &headers)
}

#[test]
fn each_of_the_eight_changes_leaves_a_record() {
    let mut service = Service::instant();
    let batch = json!({ "batchId": "b", "devices": [{ "productKey": key(1_u8) }] });
    assert_eq!(change(&mut service, "POST", "deviceBatches", batch).status, 202);
    let more = json!([{ "productKey": key(2_u8) }]);
    assert_eq!(change(&mut service, "POST", "deviceBatches/b/devices", more).status, 202);
    let policy = json!({ "name": "p", "policySettings": [] });
    let policy = change(&mut service, "POST", "policies", policy).json();
    let policy = format!("policies/{}", policy["id"].as_str().unwrap());
    assert_eq!(
        change(&mut service, "PUT", &policy, json!({ "name": "q", "policySettings": [] })).status,
        200
    );
    let devices = service.get(&format!("{CUSTOMER}/deviceBatches/b/devices"));
    let id = devices["items"][0]["id"].as_str().unwrap();
    let none = json!([{ "key": "o_o_b_e", "value": null }]);
    let device = format!("deviceBatches/b/devices/{id}");
    assert_eq!(change(&mut service, "PUT", &device, json!({ "policies": none })).status, 200);
    let update = json!({ "devices": [{ "id": id, "policies": none }] });
    assert_eq!(change(&mut service, "PATCH", "DevicePolicyUpdates", update).status, 202);
    assert_eq!(change(&mut service, "DELETE", &device, Value::Null).status, 204);
    assert_eq!(change(&mut service, "DELETE", &policy, Value::Null).status, 204);

    // Rejected changes and reads leave none.
    assert_eq!(change(&mut service, "DELETE", &policy, Value::Null).status, 404);
    assert_eq!(
        change(&mut service, "POST", "deviceBatches", json!({ "batchId": "b", "devices": [] }))
            .status,
        409
    );
    assert_eq!(change(&mut service, "POST", "deviceBatches", json!({ "batchId": 7 })).status, 400);
    assert_eq!(
        operations(&mut service, ""),
        [
            "policy_deleted",
            "device_deleted",
            "devices_update_attempted",
            "device_updated",
            "policy_updated",
            "policy_created",
            "devices_upload_to_existing_batch_attempted",
            "devices_upload_to_new_batch_attempted",
        ]
    );
    let records = records(&mut service, "");
    let resource = |place: usize| records[place]["id"].as_str().unwrap().to_owned();
    assert!(resource(1).contains(&format!("_{id}_devicedeleted_")), "{}", resource(1));
    assert!(resource(5).contains(policy.strip_prefix("policies/").unwrap()), "{}", resource(5));
}

#[test]
fn a_record_has_the_documented_members() {
    let mut service =
        Service::from_builder(&Emulator::builder().world(WorldFile::sample_customers()));
    service.now = Duration::from_nanos(775_393_499);
    let batch = json!({ "batchId": "b", "devices": [] });
    drop(change(&mut service, "POST", "deviceBatches", batch));
    let record = records(&mut service, "").remove(0);
    let operation = "devices_upload_to_new_batch_attempted";
    assert_eq!(
        record,
        json!({
            // 2017-07-25T17:00:01.7753934Z in the ticks of .NET
            "id": format!("{TENANT}_{CUSTOMER}_{}_636365988017753934", operation.replace('_', "")),
            "partnerId": TENANT,
            "participants": [TENANT],
            "customerId": CUSTOMER,
            "customerName": "Contoso",
            "userPrincipalName": "admin@contoso.onmicrosoft.com",
            "applicationId": "app-1",
            "resourceType": "device",
            "operationType": operation,
            "originalCorrelationId": CORRELATION,
            "operationDate": "2017-07-25T17:00:01.7753934Z",
            "operationStatus": "succeeded",
            "attributes": { "objectType": "AuditRecord" },
        })
    );

    // An app has no user, and a generated correlation id is in the response, too.
    let app = token(&json!({ "idtyp": "app", "appid": "daemon", "upn": "x" }));
    let policy = json!({ "name": "p", "policySettings": [] });
    let path = format!("{CUSTOMER}/policies");
    let response = service.send_with("POST", &path, policy, &[("authorization", &app)]);
    let record = records(&mut service, "").remove(0);
    assert_eq!(
        (&record["applicationId"], &record["userPrincipalName"]),
        (&json!("daemon"), &Value::Null)
    );
    assert_eq!(record["originalCorrelationId"], response.header("ms-correlationid"));
}

#[test]
fn a_lost_response_leaves_one_record_also_if_the_change_is_resent() {
    let faults = "rules: [{ id: lost, matching: { method: POST, first: 1 }, effect: dropAfter }]";
    let mut service = Service::with_faults(faults);
    let request = || {
        Request::post(format!("/v1/customers/{CUSTOMER}/deviceBatches"))
            .header("authorization", "Bearer t")
            .header("ms-requestid", "r-1")
            .header("ms-correlationid", CORRELATION)
            .body(r#"{"batchId":"b","devices":[]}"#.into())
            .unwrap()
    };
    service.send_dropped(&request());
    assert_eq!(service.call(&request()).status, 202);
    let records = records(&mut service, "");
    assert_eq!(records.len(), 1);
    assert_eq!(records[0]["originalCorrelationId"], CORRELATION);

    let rejected = "rules: [{ id: down, effect: { status: { status: 503 } } }]";
    let mut service = Service::with_faults(rejected);
    assert_eq!(service.call(&request()).status, 503);
    assert_eq!(service.admin("PUT", "faults", json!({ "rules": [] })).status, 200);
    assert_eq!(operations(&mut service, ""), Vec::<String>::new());
}

/// Creates a policy a day, for ten days, for two customers in turn.
fn ten_days() -> Service {
    let world = format!(
        "customers: [{{ id: {CUSTOMER}, name: Fabrikam }}, {{ id: {OTHER}, name: Contoso }}]"
    );
    let world = WorldFile::from_yaml(&world).unwrap();
    let mut service =
        Service::from_builder(&Emulator::builder().pace(Pace::instant()).world(world));
    for day in 0..10_u32 {
        service.now = DAY * day;
        drop(service.policy_of(if day % 2 == 0 { CUSTOMER } else { OTHER }, "p"));
    }
    drop(service.batch("b", json!([])));
    service
}

#[test]
fn records_are_selected_by_days_and_one_field() {
    // From 2017-07-25 to 2017-08-03, each at 17:00.
    let mut service = ten_days();
    for (query, expected) in [
        ("".to_owned(), 11),
        ("?startDate=2017-07-25&endDate=2017-07-25".to_owned(), 1),
        ("?startDate=2017-08-02".to_owned(), 3),
        ("?endDate=2017-07-26".to_owned(), 2),
        ("?startDate=8/1/2017%2012:00:00%20AM".to_owned(), 4),
        ("?startDate=2017-08-04".to_owned(), 0),
        (filter("CustomerId", &OTHER.to_uppercase(), "equals"), 5),
        (filter("CompanyName", "BRI", "substring"), 6),
        (filter("ResourceType", "Device", "equals"), 1),
        (filter("ResourceType", "policy", "equals") + "&startDate=2017-08-01", 3),
        (filter("ResourceType", "order", "equals"), 0),
    ] {
        assert_eq!(records(&mut service, &query).len(), expected, "{query}");
    }
    let page =
        get(&mut service, "?startDate=8/1/2017%2012:00:00%20AM&endDate=2017-08-02&size=50", "");
    let own = &page.json()["links"]["self"]["uri"];
    assert_eq!(own, "/auditrecords?startDate=2017-08-01&endDate=2017-08-02&size=50");
    let query = filter("CustomerId", OTHER, "equals");
    let page = get(&mut service, &format!("{query}&startDate=2017-08-01"), "").json();
    let encoded =
        "%7B%22Field%22%3A%22CustomerId%22%2C%22Operator%22%3A%22equals%22%2C%22Value%22%3A%22";
    let own = page["links"]["self"]["uri"].as_str().unwrap();
    assert!(
        own.starts_with(&format!("/auditrecords?startDate=2017-08-01&size=500&filter={encoded}")),
        "{own}"
    );
}

#[test]
fn windows_of_days_have_limits() {
    let mut service = ten_days();
    service.now = DAY * 100; // 2017-11-02
    for (query, code) in [
        ("?startDate=2017-08-03", Some(2000)), // 91 days
        ("?startDate=2017-08-10&endDate=2017-09-10", Some(2000)), // 31 days
        ("?startDate=2017-10-10&endDate=2017-10-09", Some(2000)),
        ("?size=many", Some(2000)),
        ("?startDate=yesterday", None),
    ] {
        let response = get(&mut service, query, "");
        let body = response.json();
        assert_eq!((response.status, body["code"].as_u64()), (400, code), "{query}");
        match code {
            Some(_) => {
                assert_eq!((&body["data"], &body["source"]), (&json!([]), &json!("PartnerFD")))
            }
            None => assert_eq!(body, json!({ "message": "The request is invalid." })),
        }
    }
    assert_eq!(get(&mut service, "?startDate=2017-08-04", "").status, 200);
    let query = filter("CustomerId", "x", "starts_with");
    let error = get(&mut service, &query, "").json();
    assert_eq!(error["description"], "The operator of CustomerId must be equals.");
}

#[test]
fn pages_follow_each_other_in_both_directions_while_records_are_added() {
    let mut service = ten_days();
    let mut pages = vec![get(&mut service, "?startDate=2017-07-26&size=4", "").json()];
    assert_eq!(pages[0]["links"]["previous"], Value::Null);
    drop(service.policy("new"));
    while let Some(token) = pages.last().unwrap()["continuationToken"].as_str() {
        let link = pages.last().unwrap()["links"]["next"].clone();
        assert_eq!(link["uri"], "/auditrecords?startDate=2017-07-26&size=4&seekOperation=Next");
        assert_eq!(link["headers"], json!([{ "key": "MS-ContinuationToken", "value": token }]));
        // The days and the size are in the token.
        let page = get(&mut service, "", token).json();
        pages.push(page);
    }
    let dates = |page: &Value| -> Vec<String> {
        let items = page["items"].as_array().unwrap().iter();
        items.map(|item| item["operationDate"].as_str().unwrap()[..10].to_owned()).collect()
    };
    let all: Vec<String> = pages.iter().flat_map(dates).collect();
    assert_eq!(all.len(), 10);
    assert!(all.is_sorted_by(|a, b| a >= b), "{all:?}");
    assert_eq!(pages.iter().map(|page| dates(page).len()).collect::<Vec<_>>(), [4, 4, 2]);
    let previous =
        pages[2]["links"]["previous"]["headers"][0]["value"].as_str().unwrap().to_owned();
    let back = get(&mut service, "?seekOperation=Previous", &previous).json();
    assert_eq!(back["items"], pages[1]["items"]);
    let other = get(&mut service, "", "AQAAAA==").json();
    assert_eq!(other["code"], 2000);
}

#[test]
fn records_appear_after_the_delay_by_the_emulator_s_clock() {
    let world = WorldFile::default().with_audit_delay(Duration::from_secs(600));
    let builder = Emulator::builder().pace(Pace::instant()).world(world);
    let mut service = Service::from_builder(&builder);
    drop(service.policy("p"));
    let seen = |service: &mut Service, advance: u32| {
        let body = json!({ "advanceSeconds": advance, "mode": "manual" });
        assert_eq!(service.admin("POST", "clock", body).status, 200);
        let admin = service.admin("GET", "audit", "").json();
        (operations(service, "").len(), admin["items"][0]["visible"].as_bool().unwrap())
    };
    assert_eq!(seen(&mut service, 599), (0, false));
    assert_eq!(seen(&mut service, 1), (1, true));
    service.admin("POST", "reset", "");
    assert_eq!(operations(&mut service, "").len(), 0);
    assert!(service.core.world().to_json().contains("\"auditDelaySeconds\": 600"));
}

#[test]
fn records_are_saved_in_a_world_and_in_a_data_folder() {
    let mut service = ten_days();
    let saved = service.core.world();
    let builder = Emulator::builder().world(WorldFile::from_yaml(&saved.to_json()).unwrap());
    let mut loaded = Service::from_builder(&builder);
    loaded.now = service.now;
    assert_eq!(get(&mut loaded, "", "").body, get(&mut service, "", "").body);
    assert_eq!(loaded.core.world(), saved);

    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("audit-kept");
    drop(std::fs::remove_dir_all(&folder));
    let builder = Emulator::builder().epoch(epoch()).data(&folder);
    let send = |service: &partner_center_devices_emulator::InProcess,
                method: &str,
                path: &str,
                body: &str| {
        let user = token(&json!({ "upn": "admin@contoso.onmicrosoft.com", "tid": TENANT }));
        let request = Request::builder().method(method).uri(path).header("authorization", user);
        let request = request.header("ms-correlationid", CORRELATION).body(body.to_owned().into());
        service.handle(&request.unwrap()).response().unwrap()
    };
    let service = builder.open().unwrap();
    let path = format!("/v1/customers/{CUSTOMER}/policies");
    for name in ["a", "b"] {
        let body = format!(r#"{{"name":"{name}","policySettings":[]}}"#);
        assert_eq!(send(&service, "POST", &path, &body).status(), 200);
    }
    let before = send(&service, "GET", "/v1/auditrecords", "").into_body();
    assert_eq!(std::str::from_utf8(&before).unwrap().matches(CORRELATION).count(), 2);
    drop(service);
    let service = builder.open().unwrap();
    assert_eq!(send(&service, "GET", "/v1/auditrecords", "").into_body(), before);
    drop(service);
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn invalid_records_in_a_world_name_their_field() {
    for (record, expected) in [
        (
            "{ date: soon, operation: device_deleted, customer: c }",
            "auditRecords[0].date: must be a date",
        ),
        ("{ date: '2017-07-25T17:00:00Z', operation: order, customer: c }", "unknown variant"),
        (
            "{ date: '2017-07-25T17:00:00Z', operation: device_deleted, customer: ' ' }",
            "auditRecords[0].customer: must not be blank",
        ),
        (
            "{ date: '2017-07-25T17:00:00Z', operation: device_deleted, customer: c, resource: r }",
            "auditRecords[0].resource: must be a GUID",
        ),
    ] {
        let error = WorldFile::from_yaml(&format!("auditRecords: [{record}]")).unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
    }
}

#[test]
fn the_management_endpoint_searches_all_records() {
    let mut service = ten_days();
    let mut found = |query: &str| {
        let page = service.admin("GET", &format!("audit{query}"), "").json();
        (page["total"].as_u64().unwrap(), page["items"].as_array().unwrap().len())
    };
    assert_eq!(found("?limit=3"), (11, 3));
    assert_eq!(found("?limit=3&after=9"), (11, 2));
    assert_eq!(found("?customer=contoso"), (5, 5));
    assert_eq!(found("?text=NEW_BATCH"), (1, 1));
    assert_eq!(found(&format!("?text={}", &OTHER[..8])), (5, 5));
    let first = service.admin("GET", "audit?limit=1", "").json()["items"][0].clone();
    assert_eq!((&first["customerName"], &first["visible"]), (&json!("Fabrikam"), &json!(true)));
}
