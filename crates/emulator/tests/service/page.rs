//! The parts of the management endpoints that the inspector page uses: replay, HAR, events, and the way to the page.

use std::time::Duration;

use bytes::Bytes;
use http::Request;
use partner_center_devices_emulator::{Emulator, Pace};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::support::{CUSTOMER, Service, key};

#[test]
fn a_request_can_be_sent_again_with_a_new_id_or_the_same() {
    let mut service = Service::instant();
    let policies = format!("{CUSTOMER}/policies");
    let policy = json!({ "name": "p", "policySettings": [] });
    let headers = [("ms-requestid", "R-1")];
    let created = service.send_with("POST", &policies, policy, &headers);
    assert_eq!(created.status, 200);

    let again = service.admin("POST", "exchanges/1/replay", "").json();
    assert_eq!(again, json!({ "number": 2, "status": 200 }));
    assert_eq!(service.get(&policies)["totalCount"], 2, "a new id is a new policy");
    let repeated = service.admin("POST", "exchanges/1/replay?sameId=true", "").json();
    assert_eq!(repeated, json!({ "number": 4, "status": 200 }));
    assert_eq!(service.get(&policies)["totalCount"], 2, "the same id repeats the response");
    let shown = |service: &mut Service, number: u64| -> Value {
        service.admin("GET", &format!("exchanges/{number}"), "").json()
    };
    let [first, second, fourth] = [1, 2, 4].map(|number| shown(&mut service, number));
    assert_eq!(fourth["response"], first["response"]);
    assert_ne!(second["response"], first["response"]);
    assert_eq!((&second["path"], &second["request"]), (&first["path"], &first["request"]));
    assert_eq!((&fourth["requestId"], &first["replayable"]), (&json!("R-1"), &json!(true)));

    // The query is sent again too, and faults apply.
    let batches = format!("{CUSTOMER}/deviceBatches/b/devices?size=1");
    service.batch("b", json!([{ "productKey": key(1_u64) }, { "productKey": key(2_u64) }]));
    service.get(&batches);
    let rule = json!({ "rules": [{ "id": "down", "effect": { "status": { "status": 503 } } }] });
    let last = shown(&mut service, 7);
    assert_eq!(last["query"], "size=1");
    assert_eq!(service.admin("PUT", "faults", rule).status, 200);
    let replayed = service.admin("POST", "exchanges/7/replay", "").json();
    assert_eq!(replayed, json!({ "number": 8, "status": 503 }));
    assert_eq!(shown(&mut service, 8)["query"], "size=1");
    let dropped = json!({ "rules": [{ "id": "lost", "effect": "dropBefore" }] });
    assert_eq!(service.admin("PUT", "faults", dropped).status, 200);
    let replayed = service.admin("POST", "exchanges/7/replay", "").json();
    assert_eq!(replayed, json!({ "number": 9, "status": null }));
}

#[test]
fn a_request_that_is_not_kept_completely_is_not_sent_again() {
    let mut service = Service::instant();
    let devices: Vec<Value> = (0..600_u64).map(|n| json!({ "productKey": key(n) })).collect();
    service.batch("b", devices.into());
    let token = Request::post("/common/oauth2/v2.0/token").body(Bytes::new()).unwrap();
    service.call(&token);
    for (number, status, reason) in [
        (1, 409, "The body has more than 16 KiB."),
        (2, 409, "Only the result of a sign-in is kept"),
        (99, 404, "There is no exchange with this number"),
    ] {
        let refused = service.admin("POST", &format!("exchanges/{number}/replay"), "");
        assert_eq!(refused.status, status, "{refused:?}");
        let error = refused.json()["error"].as_str().unwrap().to_owned();
        assert!(error.starts_with(reason), "{error}");
    }
    assert_eq!(service.admin("GET", "exchanges/1", "").json()["replayable"], false);
    assert_eq!(service.admin("GET", "exchanges/1/replay", "").header("allow"), "POST");
}

#[test]
fn exchanges_are_exported_as_har_without_secrets() {
    let mut service = Service::with_faults(
        "rules: [{ id: late, matching: { method: GET }, effect: { latency: { milliseconds: 1500 } } }]",
    );
    let hash = "T0HPLANTEDHASH".repeat(40);
    let job = service.batch("b", json!([{ "hardwareHash": hash, "serialNumber": "S1" }]));
    service.get(&job);
    service.get(&format!("{CUSTOMER}/deviceBatches?size=5"));
    let har = service.admin("GET", "exchanges.har?polls=false", "");
    assert_eq!(har.header("content-disposition"), "attachment; filename=\"emulator.har\"");
    let text = String::from_utf8(har.body.to_vec()).unwrap();
    assert!(!text.contains("PLANTED"), "{text}");
    let log = &har.json()["log"];
    assert_eq!((&log["version"], log["entries"].as_array().unwrap().len()), (&json!("1.2"), 2));
    let [create, list] = [&log["entries"][0], &log["entries"][1]];
    let header = |name: &str| {
        let headers = create["request"]["headers"].as_array().unwrap().iter();
        headers.clone().find(|header| header["name"] == name).unwrap()["value"].clone()
    };
    assert_eq!(header("authorization"), "Bearer $TOKEN");
    assert_eq!(create["request"]["method"], "POST");
    assert_eq!(create["request"]["postData"]["mimeType"], header("content-type"));
    assert_eq!(create["response"]["status"], 202);
    let url = list["request"]["url"].as_str().unwrap();
    assert!(url.ends_with(&format!("/v1/customers/{CUSTOMER}/deviceBatches?size=5")), "{url}");
    assert_eq!(list["request"]["queryString"], json!([{ "name": "size", "value": "5" }]));
    assert_eq!(list["time"], 1500.0);
    let all = service.admin("GET", "exchanges.har", "").json();
    assert_eq!(all["log"]["entries"].as_array().unwrap().len(), 3);
}

#[test]
fn the_base_url_leads_a_browser_to_the_page_and_a_program_to_an_error() {
    let mut service = Service::instant();
    let mut get = |path: &str, accept: &str| {
        service.call(&Request::get(path).header("accept", accept).body(Bytes::new()).unwrap())
    };
    let browser = "text/html,application/xhtml+xml,*/*;q=0.8";
    let page = get("/", browser);
    assert_eq!((page.status, page.header("location")), (302, "/_emulator/"));
    assert_eq!(get("/", "application/json").status, 401);
    assert_eq!(get("/v1/customers", browser).status, 401);
    let recorded = service.admin("GET", "exchanges", "").json();
    assert_eq!(recorded["items"].as_array().unwrap().len(), 2);
}

#[test]
fn a_rule_with_an_unknown_word_is_explained_with_its_place() {
    let mut service = Service::instant();
    let rule = "{\n  \"id\": \"a\",\n  \"effect\": { \"trottle\": { \"seconds\": 5 } }\n}";
    let problem = service.admin("PUT", "faults/a", rule);
    assert_eq!(problem.status, 400);
    let problem = problem.json();
    assert_eq!(problem["error"], "There is no `trottle` here. Did you mean `throttle`?");
    assert_eq!((&problem["word"], &problem["line"]), (&json!("trottle"), &json!(3)));
    assert!(problem["known"].as_array().unwrap().contains(&json!("dropAfter")));
}

/// A connection that reads events.
struct Events(TcpStream);

impl Events {
    async fn open(emulator: &Emulator) -> Self {
        let address = emulator.url().strip_prefix("http://").unwrap();
        let mut connection = TcpStream::connect(address).await.unwrap();
        let request = format!("GET /_emulator/events HTTP/1.1\r\nHost: {address}\r\n\r\n");
        connection.write_all(request.as_bytes()).await.unwrap();
        let mut events = Self(connection);
        let head = events.next().await;
        assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
        assert!(head.contains("content-type: text/event-stream\r\n"), "{head}");
        if !head.contains("data: connected") {
            assert!(events.next().await.contains("data: connected"));
        }
        events
    }

    /// Returns what arrives next, or an empty text at the end.
    async fn next(&mut self) -> String {
        let mut bytes = [0; 4096];
        let length = self.0.read(&mut bytes).await.unwrap();
        String::from_utf8_lossy(&bytes[..length]).into_owned()
    }

    async fn is_silent_for(&mut self, time: Duration) -> bool {
        timeout(time, self.next()).await.is_err()
    }
}

#[tokio::test]
async fn each_change_is_pushed_and_reading_is_not() {
    let emulator = Emulator::builder().pace(Pace::instant()).start().await.unwrap();
    let mut events = Events::open(&emulator).await;
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let url = emulator.url();
    http.get(format!("{url}/_emulator/state")).send().await.unwrap();
    assert!(events.is_silent_for(Duration::from_millis(300)).await);
    for change in [
        http.get(format!("{url}/v1/customers/c/policies")).bearer_auth("t"),
        http.post(format!("{url}/_emulator/clock")).json(&json!({ "advanceSeconds": 1 })),
    ] {
        change.send().await.unwrap();
        let event = timeout(Duration::from_secs(5), events.next()).await.unwrap();
        assert!(event.contains("data: changed\n\n"), "{event}");
    }
    emulator.set_world(&emulator.world()).unwrap();
    assert!(events.next().await.contains("data: changed"));
    // The stream does not delay the end of the emulator.
    timeout(Duration::from_secs(4), emulator.stop()).await.unwrap();
}

#[tokio::test]
async fn the_progress_of_a_job_is_pushed_until_it_is_finished() {
    let emulator = Emulator::builder().start().await.unwrap();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let body = json!({ "batchId": "b", "devices": [{ "productKey": key(1_u64) }] });
    let url = format!("{}/v1/customers/c/deviceBatches", emulator.url());
    let mut events = Events::open(&emulator).await;
    http.post(url).bearer_auth("t").json(&body).send().await.unwrap();
    // The job takes 830 ms: an event for the request, and one each half second.
    for _ in 0..2 {
        let event = timeout(Duration::from_secs(5), events.next()).await.unwrap();
        assert!(event.contains("data: changed"), "{event}");
    }
    timeout(Duration::from_secs(10), async {
        while !events.is_silent_for(Duration::from_millis(1200)).await {}
    })
    .await
    .unwrap();
    emulator.stop().await;
}

#[tokio::test]
async fn only_pages_of_allowed_origins_may_read_responses() {
    let strict = Emulator::builder().start().await.unwrap();
    let open = Emulator::builder().allow_origin("http://localhost:3000").start().await.unwrap();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    for (emulator, path, allowed) in [
        (&strict, "/v1/customers", None),
        (&open, "/v1/customers", Some("http://localhost:3000")),
        (&open, "/v1/invoices", Some("http://localhost:3000")),
        (&open, "/common/oauth2/v2.0/token", Some("http://localhost:3000")),
        (&open, "/_emulator/state", None),
    ] {
        let url = format!("{}{path}", emulator.url());
        let request = http.get(&url).bearer_auth("t").header("origin", "http://localhost:3000");
        let response = request.send().await.unwrap();
        let found = response.headers().get("access-control-allow-origin");
        assert_eq!(found.map(|origin| origin.to_str().unwrap()), allowed, "{path}");
    }
    let preflight = http
        .request(reqwest::Method::OPTIONS, format!("{}/v1/customers/c/policies", open.url()))
        .header("origin", "http://localhost:3000")
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "authorization,content-type");
    let response = preflight.send().await.unwrap();
    assert_eq!(response.status(), 204);
    assert_eq!(response.headers()["access-control-allow-headers"], "authorization,content-type");
    let recorded = http.get(format!("{}/_emulator/exchanges", open.url())).send().await.unwrap();
    let recorded: Value = recorded.json().await.unwrap();
    assert_eq!(recorded["items"].as_array().unwrap().len(), 3, "a preflight is not an exchange");
}
