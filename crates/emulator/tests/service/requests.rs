//! Parsing of requests, headers that every response has, and errors before an operation starts.

use bytes::Bytes;
use http::Request;
use partner_center_devices_emulator::{Emulator, Pace};
use serde_json::json;

use crate::support::{CUSTOMER, KEY, Service, hash};

#[test]
fn every_response_has_ids_and_a_date() {
    let mut service = Service::instant();
    for path in [
        format!("{CUSTOMER}/policies"),
        format!("{CUSTOMER}/policies/none"),
        "nobody/nowhere".to_owned(),
    ] {
        let echoed = service.send_with(
            "GET",
            &path,
            "",
            &[("ms-requestid", "my own"), ("MS-CorrelationId", "c")],
        );
        assert_eq!(
            (echoed.header("ms-requestid"), echoed.header("ms-correlationid")),
            ("my own", "c")
        );
        let generated = service.send_with("GET", &path, "", &[("ms-requestid", "")]);
        assert_eq!(
            (generated.header("ms-requestid").len(), generated.header("ms-correlationid").len()),
            (36, 36)
        );
        assert_eq!(generated.header("date"), "Tue, 25 Jul 2017 17:00:00 GMT");
        assert_eq!(generated.header("ms-serverid"), echoed.header("ms-serverid"));
        assert!(generated.header("ms-serverid").bytes().all(|byte| byte.is_ascii_digit()));
        assert_ne!(generated.header("ms-cv"), echoed.header("ms-cv"));
        assert_eq!(generated.header("content-type"), "application/json; charset=utf-8");
    }
}

#[test]
fn requires_a_bearer_token_and_accepts_any() {
    let mut service = Service::instant();
    let mut call = |token: Option<&str>, path: &str| {
        let mut request = Request::get(path);
        if let Some(token) = token {
            request = request.header("authorization", token);
        }
        service.call(&request.body(Bytes::new()).unwrap())
    };
    let policies = format!("http://any.host/v1/customers/{CUSTOMER}/policies?any=query");
    for token in
        [None, Some(""), Some("Bearer"), Some("Bearer "), Some("Basic eDp5"), Some("token")]
    {
        for path in [policies.as_str(), "/nowhere"] {
            let rejected = call(token, path);
            assert_eq!(rejected.status, 401, "{token:?}");
            assert_eq!(rejected.error_description(), "Partner Token missing.");
            assert_eq!(rejected.json()["code"], 800_001);
            assert!(rejected.header("www-authenticate").starts_with("OAuth realm=urn:cpsvc:cpid:"));
        }
    }
    assert_eq!(call(Some("bearer x"), &policies).status, 200);
    assert_eq!(call(Some("Bearer x"), "/nowhere").status, 404);
}

#[test]
fn a_wrong_method_returns_the_allowed_methods() {
    let mut service = Service::instant();
    let rejected = service.send("DELETE", &format!("{CUSTOMER}/deviceBatches"), "");
    assert_eq!((rejected.status, rejected.header("allow")), (405, "GET, HEAD, POST"));
    rejected.error_description();
    assert_eq!(service.send("GET", "%FF/policies", "").status, 400);
}

#[test]
fn head_works_like_get_without_the_body() {
    let mut service = Service::instant();
    let path = format!("{CUSTOMER}/policies");
    for (path, status) in [(path.clone(), 200), (format!("{path}/none"), 404)] {
        let get = service.send("GET", &path, "");
        let head = service.send("HEAD", &path, "");
        assert_eq!((get.status, head.status), (status, status));
        assert_eq!(head.header("content-length"), get.body.len().to_string());
        assert_eq!(head.header("content-type"), get.header("content-type"));
        assert!(head.body.is_empty() && head.header("ms-cv").len() == 18);
    }
    // HEAD changes nothing, so its id can be reused for a change.
    let id = [("ms-requestid", "id")];
    assert_eq!(service.send_with("HEAD", &path, "", &id).status, 200);
    let body = r#"{"name":"n","policySettings":[]}"#;
    assert_eq!(service.send_with("POST", &path, body, &id).status, 200);
}

#[test]
fn options_returns_the_allowed_methods() {
    let mut service = Service::instant();
    let response = service.send("OPTIONS", &format!("{CUSTOMER}/deviceBatches/b/devices/d"), "");
    assert_eq!((response.status, response.header("allow")), (204, "PUT, DELETE"));
    assert!(response.body.is_empty() && response.header("ms-requestid").len() == 36);
    for (path, status) in [("nowhere/x", 404), ("c/subscriptions", 501)] {
        assert_eq!(service.send("OPTIONS", path, "").status, status, "{path}");
    }
}

#[test]
fn paths_that_are_not_emulated_return_501() {
    let mut service = Service::instant();
    let rejected = service.send("POST", &format!("{CUSTOMER}/Subscriptions/s"), json!({}));
    assert_eq!((rejected.status, rejected.json()["code"].as_str()), (501, Some("NotEmulated")));
    let received = rejected.error_description();
    assert!(received.ends_with(" /v1/customers/{customer}/subscriptions."), "{received}");
    // The token is checked first.
    let path = format!("/v1/customers/{CUSTOMER}");
    assert_eq!(service.call(&Request::get(path).body(Bytes::new()).unwrap()).status, 401);
}

#[test]
fn accept_must_allow_json() {
    let mut service = Service::instant();
    let path = format!("{CUSTOMER}/policies");
    for good in [
        "",
        "application/json",
        "*/*",
        "text/html, Application/*;Q=0.1",
        "application/xml, text/json; charset=utf-8",
    ] {
        assert_eq!(service.send_with("GET", &path, "", &[("accept", good)]).status, 200, "{good}");
    }
    let body = r#"{"name":"n","policySettings":[]}"#;
    for bad in
        ["application/xml", "text/html", "application/json;q=0, text/xml", "application/json;q=0.0"]
    {
        let rejected = service.send_with("POST", &path, body, &[("accept", bad)]);
        assert_eq!(rejected.status, 406, "{bad}");
        assert!(rejected.error_description().contains("application/json"));
    }
    assert_eq!(service.get(&path)["totalCount"], 0);
    let both = [("accept", "application/xml"), ("accept", "application/json")];
    assert_eq!(service.send_with("GET", &path, "", &both).status, 200);
}

#[test]
fn if_match_accepts_only_an_asterisk() {
    let mut service = Service::instant();
    let policy = service.policy("p");
    service.batch("b", json!([{ "serialNumber": "S", "productKey": KEY }]));
    let device = service.device("b", "S");
    let [policy, device] =
        [format!("policies/{policy}"), format!("deviceBatches/b/devices/{device}")]
            .map(|path| format!("{CUSTOMER}/{path}"));
    let updates = format!("{CUSTOMER}/DevicePolicyUpdates");
    let replaced = r#"{"name":"q","policySettings":[]}"#;
    let changes = [
        ("PATCH", &updates, r#"{"devices":[]}"#, 202),
        ("PUT", &policy, replaced, 200),
        ("DELETE", &policy, "", 204),
        ("PUT", &device, "{}", 200),
        ("DELETE", &device, "", 204),
    ];
    for (method, path, body, _) in changes {
        for tag in ["\"eyJ2IjoxfQ==\"", "W/\"x\"", ""] {
            let rejected = service.send_with(method, path, body, &[("if-match", tag)]);
            assert_eq!((rejected.status, rejected.json()["code"].as_u64()), (400, Some(2055)));
            assert_eq!(rejected.error_description(), "Etag is no longer valid", "{method} {path}");
        }
        let gone = format!("{path}0");
        let missing = service.send_with(method, &gone, body, &[("if-match", "\"x\"")]);
        assert_eq!(missing.status, 404, "{method} {gone}");
    }
    assert_eq!(service.get(&policy)["name"], "p");
    for (method, path, body, status) in changes {
        let done = service.send_with(method, path, body, &[("if-match", " *")]);
        assert_eq!(done.status, status, "{method} {path}");
    }
    // Reads ignore the header.
    let list = format!("{CUSTOMER}/policies");
    assert_eq!(service.send_with("GET", &list, "", &[("if-match", "\"x\"")]).status, 200);
}

#[test]
fn a_body_must_be_json_in_utf_8() {
    let mut service = Service::instant();
    let path = format!("{CUSTOMER}/policies");
    let body = r#"{"name":"n","policySettings":[]}"#;
    for good in [
        "application/json",
        "Application/JSON; Charset=UTF-8",
        "application/json;charset=\"utf-8\"",
        "text/json",
        "application/vnd.x+json",
    ] {
        assert_eq!(
            service.send_with("POST", &path, body, &[("content-type", good)]).status,
            200,
            "{good}"
        );
    }
    for bad in [
        "text/plain",
        "application/xml",
        "application/x-www-form-urlencoded",
        "application/json; charset=utf-16",
        "",
    ] {
        let rejected = service.send_with("POST", &path, body, &[("content-type", bad)]);
        assert_eq!(rejected.status, 415, "{bad}");
        rejected.error_description();
    }
    // Without a Content-Type.
    let request =
        Request::post(format!("/v1/customers/{path}")).header("authorization", "Bearer t");
    assert_eq!(
        service.call(&request.body(Bytes::from_static(body.as_bytes())).unwrap()).status,
        200
    );
    // A GET request ignores its body.
    assert_eq!(service.send_with("GET", &path, "{", &[("content-type", "text/plain")]).status, 200);

    for (body, expected) in [
        ("", "the body is missing."),
        ("{\"name\":}", "The body is not JSON: expected value at line 1 column 9."),
    ] {
        let rejected = service.send("POST", &path, body);
        assert_eq!((rejected.status, rejected.error_description().as_str()), (400, expected));
    }
    let large = vec![b' '; (64 << 20) + 1];
    let rejected = service.send("POST", &path, large);
    assert_eq!(
        (rejected.status, rejected.error_description().as_str()),
        (413, "The body is larger than 64 MiB.")
    );
}

#[test]
fn errors_never_repeat_values_from_the_body() {
    let mut service = Service::instant();
    let path = format!("{CUSTOMER}/deviceBatches");
    for body in [
        json!({ "batchId": "b", "devices": ["T0HSECRET"] }),
        json!({ "batchId": "b", "devices": [{ "hardwareHash": ["T0HSECRET"] }] }),
        json!({ "batchId": "b", "devices": [{ "policies": "T0HSECRET" }] }),
        json!({ "batchId": "b", "devices": [{ "policies": [{ "key": "T0HSECRET" }] }] }),
    ] {
        let rejected = service.send("POST", &path, body);
        assert_eq!(rejected.status, 400);
        assert!(!rejected.error_description().contains("SECRET"));
    }
    let rejected = service.send(
        "POST",
        &path,
        "{\"batchId\":\"b\",\"devices\":[{\"hardwareHash\":\"T0HSECRET\"]}",
    );
    assert!(!rejected.error_description().contains("SECRET"));
}

#[test]
fn keys_match_without_case() {
    for (batch, device) in
        [("batchId", "productKey"), ("BatchId", "ProductKey"), ("BATCHID", "productkey")]
    {
        let mut service = Service::instant();
        let body = json!({ batch: "b", "DEVICES": [{ device: KEY }] });
        let job = service.send("POST", &format!("{CUSTOMER}/devicebatches"), body).job();
        assert_eq!(service.get(&job)["devicesStatus"][0]["productKey"], KEY);
    }
}

#[test]
fn the_same_seed_and_requests_return_identical_responses() {
    let run = |seed: u64| {
        let mut service = Service::from_builder(
            &Emulator::builder().pace(Pace::instant()).seed(seed).page_size(1),
        );
        let mut received = Vec::new();
        let mut record = |response: crate::support::Response| {
            received.push((
                response.status,
                format!("{:?}", response.headers),
                response.body.clone(),
            ));
            response
        };
        let devices = json!([{ "productKey": KEY }, { "hardwareHash": hash("S") }, { "serialNumber": "ZTD808-1" }]);
        let job = record(service.send(
            "POST",
            &format!("{CUSTOMER}/deviceBatches"),
            json!({ "batchId": "b", "devices": devices }),
        ))
        .job();
        record(service.send("GET", &job, ""));
        record(service.send("GET", &format!("{CUSTOMER}/deviceBatches"), ""));
        record(service.send("GET", &format!("{CUSTOMER}/deviceBatches/b/devices"), ""));
        record(service.send(
            "POST",
            &format!("{CUSTOMER}/policies"),
            json!({ "name": "n", "policySettings": [] }),
        ));
        record(service.send("GET", &format!("{CUSTOMER}/nothing"), ""));
        received
    };
    assert_eq!(run(1), run(1));
    assert_ne!(run(1), run(2));
}

#[test]
fn a_change_with_the_same_request_id_happens_once() {
    let mut service = Service::instant();
    let batches = format!("{CUSTOMER}/deviceBatches");
    let policies = format!("{CUSTOMER}/policies");
    let id = [("ms-requestid", "9b1c0f7e-0000-4000-8000-00000000000A")];
    let again = [("ms-requestid", "9B1C0F7E-0000-4000-8000-00000000000a")];
    let body = r#"{"batchId":"b","devices":[{"productKey":"3305000000000"}]}"#;

    // An error before the operation is not stored.
    let request = Request::post(format!("/v1/customers/{batches}")).header(id[0].0, id[0].1);
    assert_eq!(
        service.call(&request.body(Bytes::from_static(body.as_bytes())).unwrap()).status,
        401
    );
    assert_eq!(service.send_with("POST", "nobody/nowhere", body, &id).status, 404);
    assert_eq!(service.send_with("GET", &policies, "", &id).status, 200);

    let first = service.send_with("POST", &batches, body, &id).job();
    assert_eq!(service.send_with("POST", &batches, body, &again).job(), first);
    assert_eq!(service.get(&batches)["totalCount"], 1);
    assert_eq!(service.get(&first)["devicesStatus"][0]["errorCode"], "0");

    let other = service.send_with("POST", &policies, r#"{"name":"n","policySettings":[]}"#, &id);
    assert_eq!((other.status, other.json()["code"].as_str()), (409, Some("RequestIdReused")));
    assert!(other.error_description().contains("MS-RequestId"));
    assert_eq!(service.get(&policies)["totalCount"], 0);

    // An error from the operation is stored too. With a new id, the same request is a new one.
    let new = [("ms-requestid", "other")];
    for _ in 0..2 {
        assert_eq!(service.send_with("POST", &batches, body, &new).status, 409);
    }
}
