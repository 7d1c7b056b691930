//! The effects of fault rules, as a client sees them.

use std::time::Duration;

use partner_center_devices_emulator::{Emulator, FaultRules};
use serde_json::{Value, json};

use crate::support::{CUSTOMER, KEY, Response, Service, key};

fn policies(service: &mut Service) -> Response {
    service.send("GET", &format!("{CUSTOMER}/policies"), "")
}

#[test]
fn an_injected_error_comes_before_the_operation_and_is_not_remembered() {
    let mut service = Service::with_faults(
        "rules:
  - { id: gate, matching: { method: POST, nth: 1 }, effect: { throttle: { seconds: 57, retryAfter: date } } }
  - { id: own, matching: { method: POST, nth: 2 }, effect: { throttle: { seconds: 5, body: fault } } }
  - { id: storm, matching: { method: POST, nth: 3 }, effect: { status: { status: 503, seconds: 2 } } }
",
    );
    let batches = format!("{CUSTOMER}/deviceBatches");
    let body = r#"{"batchId":"b","devices":[]}"#;
    let id = [("ms-requestid", "one id for all attempts")];
    let mut post = || service.send_with("POST", &batches, body, &id);

    let gate = post();
    assert_eq!((gate.status, gate.header("retry-after")), (429, "Tue, 25 Jul 2017 17:00:57 GMT"));
    assert_eq!(gate.json()["statusCode"], 429);
    assert!(!gate.headers.contains_key("ms-requestid"), "a gateway does not know the ids");
    let own = post();
    assert_eq!((own.status, own.header("retry-after")), (429, "5"));
    assert_eq!(own.header("ms-requestid"), id[0].1);
    own.error_description();
    let storm = post();
    assert_eq!((storm.status, storm.header("retry-after")), (503, "2"));
    assert_eq!(storm.json()["code"], "ServiceUnavailable");
    // These requests were not processed, and their id is not stored.
    assert_eq!(post().status, 202);
    assert_eq!(service.get(&batches)["totalCount"], 1);
}

#[test]
fn rejects_an_expired_token_until_another_is_used() {
    let mut service =
        Service::with_faults("rules: [{ id: old, matching: { nth: 2 }, effect: expiredToken }]");
    let mut status = |token| {
        let path = format!("/v1/customers/{CUSTOMER}/policies");
        let request = http::Request::get(path).header("authorization", token);
        let request = request.header("validatemfa", "true").body(bytes::Bytes::new());
        let response = service.call(&request.unwrap());
        if response.status == 401 {
            assert_eq!(response.json()["code"], 400, "as for any rejected token");
            assert!(!response.headers.contains_key("ismfacompliant"));
        }
        response.status
    };
    let statuses = ["Bearer a", "Bearer a", "Bearer a", "Bearer b", "Bearer a"].map(&mut status);
    assert_eq!(statuses, [200, 401, 401, 200, 401]);
}

#[test]
fn a_limit_allows_a_number_of_requests_per_window() {
    let mut service = Service::with_faults(
        "rules: [{ id: l, effect: { limit: { requests: 2, windowSeconds: 60, of: customer } } }]",
    );
    for (seconds, expected) in [(0, 200), (10, 200), (20, 429), (60, 200)] {
        service.now = Duration::from_secs(seconds);
        let response = policies(&mut service);
        assert_eq!(response.status, expected, "{seconds}");
        if expected == 429 {
            assert_eq!(response.header("retry-after"), "40");
            let message = "Rate limit is exceeded. Try again in 40 seconds.";
            assert_eq!(response.json()["message"], message);
        }
    }
}

#[test]
fn jobs_hang_or_finish_out_of_order() {
    let faults = FaultRules::from_yaml(
        "rules:
  - { id: hang, matching: { method: POST, nth: 1 }, effect: hangJob }
  - { id: slow, matching: { method: POST, nth: 2 }, effect: { jobPace: { factor: 10 } } }
",
    )
    .unwrap();
    let mut service = Service::from_builder(&Emulator::builder().faults(faults));
    let mut keys = (0..3_u8).map(|number| json!([{ "productKey": key(number) }]));
    let jobs = ["hangs", "slow", "plain"].map(|name| service.batch(name, keys.next().unwrap()));
    let mut statuses = |seconds| {
        service.now = Duration::from_secs(seconds);
        let status = |job: &String| service.get(job)["status"].as_str().unwrap().to_owned();
        jobs.each_ref().map(status)
    };
    assert_eq!(statuses(0), ["queued", "queued", "queued"]);
    assert_eq!(statuses(1), ["processing", "queued", "finished"]);
    assert_eq!(statuses(9), ["processing", "finished", "finished"]);
    assert_eq!(statuses(1_000_000_000), ["processing", "finished", "finished"]);
}

#[test]
fn alters_responses() {
    let with_effect = |effect: &str| {
        let mut service = Service::with_faults(&format!("rules: [{{ id: a, effect: {effect} }}]"));
        let body = json!({ "batchId": "b", "devices": [{ "productKey": KEY }] });
        let accepted = service.send("POST", &format!("{CUSTOMER}/deviceBatches"), body);
        let list = service.send("GET", &format!("{CUSTOMER}/deviceBatches/b/devices"), "");
        let batches = service.send("GET", &format!("{CUSTOMER}/deviceBatches"), "");
        (accepted.header("location").to_owned(), list, batches)
    };
    let (_, list, _) = with_effect("byteOrderMark");
    assert!(list.body.starts_with(b"\xEF\xBB\xBF{"));
    let mut service = Service::with_faults("rules: [{ id: a, effect: byteOrderMark }]");
    let missing = service.send("GET", &format!("{CUSTOMER}/policies/none"), "");
    assert!(missing.status == 404 && missing.body.starts_with(b"{"), "errors have no mark");
    let mut service = Service::with_faults("rules: [{ id: a, effect: jobLinkInBody }]");
    let body = json!({ "batchId": "b", "devices": [] });
    let accepted = service.send("POST", &format!("{CUSTOMER}/deviceBatches"), body);
    assert_eq!(accepted.json()["uri"], accepted.header("location"));
    assert_eq!(accepted.header("content-type"), "application/json; charset=utf-8");
    let (_, list, _) = with_effect("blankInAttributes");
    assert_eq!(list.json()["items"][0][" attributes"], json!({ "objectType": "Device" }));
    assert_eq!(list.json()["items"][0]["attributes"], Value::Null);
    let (_, list, batches) = with_effect("{ dates: z }");
    assert_eq!(list.json()["items"][0]["uploadedDate"], "2017-07-25T17:00:00Z");
    assert_eq!(batches.json()["items"][0]["creationDate"], "2017-07-25T17:00:00Z");
    let (_, list, batches) = with_effect("unknownEnumValues");
    assert_eq!(list.json()["items"][0]["policies"][0]["key"], "unheard_of");
    assert_eq!(batches.json()["items"][0]["status"], "unheard_of");
    let (location, ..) = with_effect("{ locationHost: { host: elsewhere.example } }");
    assert!(location.starts_with("https://elsewhere.example/v1/customers/"), "{location}");
}

#[test]
fn the_seed_determines_random_faults() {
    let run = |seed| {
        let faults = FaultRules::from_yaml(
            "rules: [{ id: some, matching: { probability: 0.5 }, effect: { status: { status: 500 } } }]",
        );
        let builder = Emulator::builder().seed(seed).faults(faults.unwrap());
        let mut service = Service::from_builder(&builder);
        (0..64).map(|_| policies(&mut service).status).collect::<Vec<_>>()
    };
    assert_eq!(run(1), run(1));
    assert_ne!(run(1), run(2));
}

#[test]
fn a_rule_answers_with_a_page_of_a_web_filter_on_the_service_or_the_sign_in() {
    let page = "effect: { status: { status: 200, body: webFilter } }";
    let token = |service: &mut Service| {
        let body = "grant_type=client_credentials&client_id=a&client_secret=b\
                    &scope=https://api.partnercenter.microsoft.com/.default";
        let request = http::Request::post("/contoso.onmicrosoft.com/oauth2/v2.0/token")
            .header("content-type", "application/x-www-form-urlencoded");
        service.call(&request.body(body.into()).unwrap())
    };
    let title = |response: &Response| {
        assert!(response.status == 200 && response.header("content-type").starts_with("text/html"));
        String::from_utf8_lossy(&response.body).contains("<title>Web Page Blocked</title>")
    };
    let mut service = Service::with_faults(&format!("rules: [{{ id: a, {page} }}]"));
    assert!(title(&policies(&mut service)));
    assert!(token(&mut service).json()["access_token"].is_string(), "the sign-in is not affected");
    let mut service = Service::with_faults(&format!(
        "rules: [{{ id: a, matching: {{ signIn: true }}, {page} }}]"
    ));
    assert!(title(&token(&mut service)));
    assert_eq!(policies(&mut service).json()["totalCount"], 0);
    let outage = "{ status: { status: 503, body: oauth, code: 90033, seconds: 2 } }";
    let mut service = Service::with_faults(&format!(
        "rules: [{{ id: a, matching: {{ signIn: true, first: 1 }}, effect: {outage} }}]"
    ));
    let outage = token(&mut service);
    assert_eq!((outage.status, outage.header("retry-after")), (503, "2"));
    assert_eq!(outage.json()["error"], "temporarily_unavailable");
    assert_eq!(outage.json()["error_codes"], json!([90033]));
    assert_eq!(token(&mut service).status, 200);
}

#[test]
fn a_list_can_be_endless_with_a_new_token_on_each_page() {
    let mut service = Service::from_builder(
        &Emulator::builder()
            .pace(partner_center_devices_emulator::Pace::instant())
            .page_size(2)
            .faults(FaultRules::from_yaml("rules: [{ id: a, effect: endlessList }]").unwrap()),
    );
    let devices: Vec<Value> =
        (0..3_u8).map(|number| json!({ "productKey": key(number) })).collect();
    service.batch("b", Value::from(devices));
    let path = format!("{CUSTOMER}/deviceBatches/b/devices");
    let mut token = String::new();
    let mut seen = std::collections::HashSet::new();
    let sizes: Vec<usize> = (0..20)
        .map(|_| {
            let headers = [("ms-continuationtoken", token.as_str())];
            let page = service.send_with("GET", &path, "", &headers).json();
            token = page["continuationToken"].as_str().unwrap().to_owned();
            assert!(seen.insert(token.clone()), "each token is new");
            page["items"].as_array().unwrap().len()
        })
        .collect();
    assert_eq!(sizes[..4], [2, 1, 2, 2]);
}

#[test]
fn a_body_can_be_compressed_although_the_client_did_not_ask_for_it() {
    let mut service =
        Service::with_faults("rules: [{ id: z, effect: gzip }, { id: m, effect: byteOrderMark }]");
    let response = policies(&mut service);
    assert_eq!(response.header("content-encoding"), "gzip");
    assert!(response.body.starts_with(b"\x1f\x8b"), "{response:?}");
}
