//! What is read from a request, what every answer carries, and what is refused before an operation begins.

use bytes::Bytes;
use http::Request;
use partner_center_devices_emulator::{Emulator, Pace};
use serde_json::json;

use crate::support::{CUSTOMER, Service};

#[test]
fn every_answer_has_its_ids_and_its_date() {
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
        let made = service.send_with("GET", &path, "", &[("ms-requestid", "")]);
        assert_eq!(
            (made.header("ms-requestid").len(), made.header("ms-correlationid").len()),
            (36, 36)
        );
        assert_eq!(made.header("date"), "Tue, 25 Jul 2017 17:00:00 GMT");
        assert_eq!(made.header("ms-serverid"), echoed.header("ms-serverid"));
        assert!(made.header("ms-serverid").bytes().all(|byte| byte.is_ascii_digit()));
        assert_ne!(made.header("ms-cv"), echoed.header("ms-cv"));
        assert_eq!(made.header("content-type"), "application/json; charset=utf-8");
    }
}

#[test]
fn a_bearer_token_must_be_there_and_any_will_do() {
    let mut service = Service::instant();
    let mut ask = |token: Option<&str>, path: &str| {
        let mut request = Request::get(path);
        if let Some(token) = token {
            request = request.header("authorization", token);
        }
        service.ask(&request.body(Bytes::new()).unwrap())
    };
    let policies = format!("http://any.host/v1/customers/{CUSTOMER}/policies?any=query");
    for token in
        [None, Some(""), Some("Bearer"), Some("Bearer "), Some("Basic eDp5"), Some("token")]
    {
        for path in [policies.as_str(), "/nowhere"] {
            let refused = ask(token, path);
            assert_eq!(refused.status, 401, "{token:?}");
            assert_eq!(refused.fault(), "Partner Token missing.");
            assert_eq!(refused.json()["code"], "800001");
            assert!(refused.header("www-authenticate").starts_with("OAuth realm=urn:cpsvc:cpid:"));
        }
    }
    assert_eq!(ask(Some("bearer x"), &policies).status, 200);
    assert_eq!(ask(Some("Bearer x"), "/nowhere").status, 404);
}

#[test]
fn a_method_that_a_path_does_not_take_is_refused_with_those_it_takes() {
    let mut service = Service::instant();
    let refused = service.send("DELETE", &format!("{CUSTOMER}/deviceBatches"), "");
    assert_eq!((refused.status, refused.header("allow")), (405, "GET, HEAD, POST"));
    refused.fault();
    assert_eq!(service.send("GET", "%FF/policies", "").status, 400);
}

#[test]
fn head_is_as_get_without_its_body() {
    let mut service = Service::instant();
    let path = format!("{CUSTOMER}/policies");
    for (path, status) in [(path.clone(), 200), (format!("{path}/none"), 404)] {
        let got = service.send("GET", &path, "");
        let head = service.send("HEAD", &path, "");
        assert_eq!((got.status, head.status), (status, status));
        assert_eq!(head.header("content-length"), got.body.len().to_string());
        assert_eq!(head.header("content-type"), got.header("content-type"));
        assert!(head.body.is_empty() && head.header("ms-cv").len() == 18);
    }
    // It changes nothing, so its id may be used for a change.
    let id = [("ms-requestid", "id")];
    assert_eq!(service.send_with("HEAD", &path, "", &id).status, 200);
    let body = r#"{"name":"n","policySettings":[]}"#;
    assert_eq!(service.send_with("POST", &path, body, &id).status, 200);
}

#[test]
fn options_says_what_a_path_takes() {
    let mut service = Service::instant();
    let answer = service.send("OPTIONS", &format!("{CUSTOMER}/deviceBatches/b/devices/d"), "");
    assert_eq!((answer.status, answer.header("allow")), (204, "PUT, DELETE"));
    assert!(answer.body.is_empty() && answer.header("ms-requestid").len() == 36);
    for (path, status) in [("nowhere/x", 404), ("c/subscriptions", 501)] {
        assert_eq!(service.send("OPTIONS", path, "").status, status, "{path}");
    }
}

#[test]
fn what_is_not_emulated_says_so() {
    let mut service = Service::instant();
    let refused = service.send("POST", &format!("{CUSTOMER}/Subscriptions/s"), json!({}));
    assert_eq!((refused.status, refused.json()["code"].as_str()), (501, Some("NotEmulated")));
    let said = refused.fault();
    assert!(said.ends_with(" /v1/customers/{customer}/subscriptions."), "{said}");
    // It comes after the token, as everything does.
    let path = format!("/v1/customers/{CUSTOMER}");
    assert_eq!(service.ask(&Request::get(path).body(Bytes::new()).unwrap()).status, 401);
}

#[test]
fn an_answer_is_json_and_the_caller_must_take_it() {
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
        let refused = service.send_with("POST", &path, body, &[("accept", bad)]);
        assert_eq!(refused.status, 406, "{bad}");
        assert!(refused.fault().contains("application/json"));
    }
    assert_eq!(service.get(&path)["totalCount"], 0);
    let both = [("accept", "application/xml"), ("accept", "application/json")];
    assert_eq!(service.send_with("GET", &path, "", &both).status, 200);
}

#[test]
fn no_entity_tag_is_the_right_one() {
    let mut service = Service::instant();
    let policy = service.policy("p");
    service.batch("b", json!([{ "serialNumber": "S", "productKey": "K" }]));
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
            let refused = service.send_with(method, path, body, &[("if-match", tag)]);
            assert_eq!((refused.status, refused.json()["code"].as_str()), (400, Some("2055")));
            assert_eq!(refused.fault(), "Etag is no longer valid", "{method} {path}");
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
    // What only reads has no condition to fail.
    let list = format!("{CUSTOMER}/policies");
    assert_eq!(service.send_with("GET", &list, "", &[("if-match", "\"x\"")]).status, 200);
}

#[test]
fn a_body_is_json_in_utf8_where_it_is_read() {
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
        let refused = service.send_with("POST", &path, body, &[("content-type", bad)]);
        assert_eq!(refused.status, 415, "{bad}");
        refused.fault();
    }
    // Not declared at all.
    let request =
        Request::post(format!("/v1/customers/{path}")).header("authorization", "Bearer t");
    assert_eq!(
        service.ask(&request.body(Bytes::from_static(body.as_bytes())).unwrap()).status,
        200
    );
    // Where no body is read, none is looked at.
    assert_eq!(service.send_with("GET", &path, "{", &[("content-type", "text/plain")]).status, 200);

    for (body, words) in [
        ("", "the body is missing."),
        ("{\"name\":}", "The body is not JSON: expected value at line 1 column 9."),
    ] {
        let refused = service.send("POST", &path, body);
        assert_eq!((refused.status, refused.fault().as_str()), (400, words));
    }
    let large = vec![b' '; (64 << 20) + 1];
    let refused = service.send("POST", &path, large);
    assert_eq!(
        (refused.status, refused.fault().as_str()),
        (413, "The body is larger than 64 MiB.")
    );
}

#[test]
fn a_refusal_repeats_nothing_of_the_body() {
    let mut service = Service::instant();
    let path = format!("{CUSTOMER}/deviceBatches");
    for body in [
        json!({ "batchId": "b", "devices": ["T0HSECRET"] }),
        json!({ "batchId": "b", "devices": [{ "hardwareHash": ["T0HSECRET"] }] }),
        json!({ "batchId": "b", "devices": [{ "policies": "T0HSECRET" }] }),
        json!({ "batchId": "b", "devices": [{ "policies": [{ "key": "T0HSECRET" }] }] }),
    ] {
        let refused = service.send("POST", &path, body);
        assert_eq!(refused.status, 400);
        assert!(!refused.fault().contains("SECRET"));
    }
    let refused = service.send(
        "POST",
        &path,
        "{\"batchId\":\"b\",\"devices\":[{\"hardwareHash\":\"T0HSECRET\"]}",
    );
    assert!(!refused.fault().contains("SECRET"));
}

#[test]
fn keys_come_in_any_case() {
    for (batch, device) in
        [("batchId", "productKey"), ("BatchId", "ProductKey"), ("BATCHID", "productkey")]
    {
        let mut service = Service::instant();
        let body = json!({ batch: "b", "DEVICES": [{ device: "K" }] });
        let job = service.send("POST", &format!("{CUSTOMER}/devicebatches"), body).job();
        assert_eq!(service.get(&job)["devicesStatus"][0]["productKey"], "K");
    }
}

#[test]
fn the_same_seed_and_requests_get_the_same_answers_to_the_byte() {
    let run = |seed: u64| {
        let mut service =
            Service::of(&Emulator::builder().pace(Pace::instant()).seed(seed).page_size(1));
        let mut said = Vec::new();
        let mut note = |answer: crate::support::Answer| {
            said.push((answer.status, format!("{:?}", answer.headers), answer.body.clone()));
            answer
        };
        let devices =
            json!([{ "productKey": "1" }, { "hardwareHash": "2" }, { "serialNumber": "ZTD808-1" }]);
        let job = note(service.send(
            "POST",
            &format!("{CUSTOMER}/deviceBatches"),
            json!({ "batchId": "b", "devices": devices }),
        ))
        .job();
        note(service.send("GET", &job, ""));
        note(service.send("GET", &format!("{CUSTOMER}/deviceBatches"), ""));
        note(service.send("GET", &format!("{CUSTOMER}/deviceBatches/b/devices"), ""));
        note(service.send(
            "POST",
            &format!("{CUSTOMER}/policies"),
            json!({ "name": "n", "policySettings": [] }),
        ));
        note(service.send("GET", &format!("{CUSTOMER}/nothing"), ""));
        said
    };
    assert_eq!(run(1), run(1));
    assert_ne!(run(1), run(2));
}

#[test]
fn a_change_sent_again_under_its_id_happens_once() {
    let mut service = Service::instant();
    let batches = format!("{CUSTOMER}/deviceBatches");
    let policies = format!("{CUSTOMER}/policies");
    let id = [("ms-requestid", "9b1c0f7e-0000-4000-8000-00000000000A")];
    let again = [("ms-requestid", "9B1C0F7E-0000-4000-8000-00000000000a")];
    let body = r#"{"batchId":"b","devices":[{"productKey":"K"}]}"#;

    // What does not come as far as the operation is not kept.
    let request = Request::post(format!("/v1/customers/{batches}")).header(id[0].0, id[0].1);
    assert_eq!(
        service.ask(&request.body(Bytes::from_static(body.as_bytes())).unwrap()).status,
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
    assert!(other.fault().contains("MS-RequestId"));
    assert_eq!(service.get(&policies)["totalCount"], 0);

    // A refusal by the operation is kept too; under a new id the same request is a new one.
    let new = [("ms-requestid", "other")];
    for _ in 0..2 {
        assert_eq!(service.send_with("POST", &batches, body, &new).status, 409);
    }
}
