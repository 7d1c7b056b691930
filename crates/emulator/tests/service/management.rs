//! What is under `/_emulator`: rules, time, jobs, and what has been.

use std::time::Duration;

use partner_center_devices_emulator::{Emulator, WorldFile};
use serde_json::{Value, json};

use crate::support::{CUSTOMER, OTHER, Service};

fn timed() -> Service {
    Service::of(&Emulator::builder())
}

fn shown(service: &mut Service, path: &str) -> Value {
    let answer = service.manage("GET", path, "");
    assert_eq!(answer.status, 200, "{path}: {answer:?}");
    assert_eq!(answer.header("cache-control"), "no-store");
    answer.json()
}

#[test]
fn what_is_not_there_is_listed_and_what_is_there_says_what_it_takes() {
    let mut service = timed();
    let page = service.manage("GET", "", "");
    assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
    let policy = page.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'; connect-src 'self';"), "{policy}");
    let nothing = service.manage("GET", "nothing", "");
    assert_eq!(nothing.status, 404);
    assert!(nothing.json()["endpoints"].as_array().unwrap().len() > 5);
    for (method, path, allow) in [
        ("POST", "", "GET"),
        ("PUT", "state", "GET"),
        ("DELETE", "clock", "GET, POST"),
        ("PATCH", "faults", "GET, PUT, POST, DELETE"),
        ("POST", "faults/a", "GET, PUT, DELETE"),
        ("GET", "reset", "POST"),
        ("GET", "jobs/x/finish", "POST"),
        ("POST", "jobs/x", "GET"),
        ("POST", "world", "GET, PUT"),
        ("PUT", "exchanges/1", "GET"),
    ] {
        let answer = service.manage(method, path, "");
        assert_eq!((answer.status, answer.header("allow")), (405, allow), "{method} {path}");
    }
    for (method, path, body, words) in [
        ("GET", "state?costumer=c", "", "customer"),
        ("GET", "exchanges?status=x", "", "status: must be a number or a class such as 4xx"),
        ("GET", "exchanges?status=Axx", "", "status: must be a number or a class such as 4xx"),
        ("GET", "exchanges?brief=1", "", "brief: must be true or false"),
        ("GET", "exchanges?operation=x", "", "operation: unknown variant"),
        ("POST", "clock", r#"{"advanceSeconds":-1}"#, "advanceSeconds"),
        ("POST", "clock", r#"{"advance":1}"#, "unknown field `advance`"),
        ("POST", "clock", "", "EOF"),
        ("PUT", "faults", r#"{"rules":[{"id":"a","effect":"no"}]}"#, "unknown variant `no`"),
        ("POST", "faults", r#"{"id":"","effect":"dropAfter"}"#, "id: must be letters"),
        ("PUT", "faults/a", r#"{"id":"b","effect":"dropAfter"}"#, "id: must be the id in the path"),
    ] {
        let answer = service.manage(method, path, body);
        assert_eq!(answer.status, 400, "{path}");
        assert!(answer.json()["error"].as_str().unwrap().contains(words), "{answer:?}");
    }
    assert_eq!(service.manage("POST", "jobs/x/finish", "").status, 404);
    assert_eq!(service.manage("GET", "jobs/x", "").status, 404);
}

#[test]
fn rules_come_and_go_and_do_not_hit_the_management() {
    let mut service = timed();
    let policies = format!("{CUSTOMER}/policies");
    let status = |service: &mut Service| service.send("GET", &policies, "").status;
    let rule = |id: &str, status: u16| json!({ "id": id, "matching": { "every": 2 }, "effect": { "status": { "status": status } } });
    assert_eq!(service.manage("PUT", "faults", json!({ "rules": [rule("a", 500)] })).status, 200);
    assert_eq!([status(&mut service), status(&mut service)], [200, 500]);
    let counted = shown(&mut service, "faults/a");
    assert_eq!((&counted["seen"], &counted["hits"]), (&json!(2), &json!(1)));
    assert_eq!(counted["effect"]["status"]["status"], 500);

    assert_eq!(service.manage("POST", "faults", rule("a", 501)).status, 409);
    assert_eq!(service.manage("PUT", "faults/a", rule("a", 502)).status, 200);
    assert_eq!([status(&mut service), status(&mut service)], [200, 502]);
    assert_eq!(service.manage("POST", "faults", rule("b", 503)).status, 200);
    assert_eq!(shown(&mut service, "faults")["rules"].as_array().unwrap().len(), 2);
    assert_eq!(service.manage("DELETE", "faults/a", "").status, 200);
    assert_eq!(service.manage("DELETE", "faults/a", "").status, 404);
    assert_eq!([status(&mut service), status(&mut service)], [200, 503]);
    assert_eq!(service.manage("DELETE", "faults", "").status, 200);
    assert_eq!([status(&mut service), status(&mut service)], [200, 200]);

    // A rule that is off sees nothing, but keeps what it has seen until it is on again.
    let switched =
        |on: bool| json!({ "id": "c", "enabled": on, "effect": { "status": { "status": 504 } } });
    for (on, expected, seen) in [(true, 504, 1), (false, 200, 1), (true, 504, 1)] {
        assert_eq!(service.manage("PUT", "faults/c", switched(on)).status, 200);
        assert_eq!(status(&mut service), expected);
        let counted = shown(&mut service, "faults/c");
        assert_eq!((&counted["enabled"], &counted["seen"]), (&json!(on), &json!(seen)));
    }

    let all = json!({ "rules": [{ "id": "all", "effect": "dropBefore" }] });
    assert_eq!(service.manage("PUT", "faults", all).status, 200);
    assert_eq!(shown(&mut service, "faults/all")["seen"], 0);
}

#[test]
fn time_and_jobs_are_moved_by_hand() {
    let mut service = timed();
    let job = service.batch("b", json!([{ "productKey": "K" }]));
    assert_eq!(service.manage("POST", "clock", r#"{"mode":"manual"}"#).status, 200);
    let status = |service: &mut Service| service.get(&job)["status"].as_str().unwrap().to_owned();
    service.now = Duration::from_secs(1000);
    assert_eq!(status(&mut service), "queued");
    for (advance, expected) in [(0.3, "processing"), (0.53, "finished")] {
        let body = json!({ "advanceSeconds": advance });
        assert_eq!(service.manage("POST", "clock", body).status, 200);
        assert_eq!(status(&mut service), expected);
    }
    let clock = shown(&mut service, "clock");
    assert_eq!(clock["mode"], "manual");
    assert_eq!(clock["now"], "2017-07-25T17:00:00.830Z");
    service.manage("POST", "clock", r#"{"mode":"running"}"#);
    service.now += Duration::from_secs(5);
    assert_eq!(shown(&mut service, "clock")["now"], "2017-07-25T17:00:05.830Z");

    let rules = json!({ "rules": [{ "id": "hang", "effect": "hangJob" }] });
    service.manage("PUT", "faults", rules);
    let devices = json!([{ "productKey": "L" }, { "serialNumber": "ZTD808-1" }]);
    let job = service.batch("c", devices);
    let id = job.rsplit_once('/').unwrap().1;
    service.now += Duration::from_secs(100_000);
    assert_eq!(service.get(&job)["status"], "processing");
    for _ in 0..2 {
        let finished = service.manage("POST", &format!("jobs/{}/finish", id.to_uppercase()), "");
        let finished = finished.json();
        assert_eq!((&finished["id"], &finished["status"]), (&json!(id), &json!("finished")));
        assert_eq!((&finished["done"], &finished["failed"]), (&json!(2), &json!(1)));
    }
    assert_eq!(service.get(&job)["devicesStatus"][1]["errorCode"], "808");
    let page = shown(&mut service, &format!("jobs/{id}?limit=1"));
    assert_eq!((&page["batch"], &page["rows"]["total"]), (&json!("c"), &json!(2)));
    assert_eq!(page["rows"]["items"][0]["errorCode"], "0");
    let failed = shown(&mut service, &format!("jobs/{id}?failed=true"));
    assert_eq!(
        failed["rows"],
        json!({ "total": 1, "items": [{
            "row": 2, "serialNumber": "ZTD808-1", "productKey": null, "deviceId": null, "status": "finished_with_errors",
            "errorCode": "808", "errorDescription": "ZtdDeviceAssignedToOtherTenant"
        }] })
    );
    assert_eq!(shown(&mut service, &format!("jobs/{id}?after=2"))["rows"]["items"], json!([]));
    // Nothing is left of what the job had still to do.
    service.manage("POST", "clock", r#"{"advanceSeconds":1e18}"#);
    assert_eq!(service.get(&job)["devicesStatus"][0]["errorCode"], "0");
}

#[test]
fn a_reset_is_a_new_start() {
    let first = |service: &mut Service| {
        let answer = service.send(
            "POST",
            &format!("{CUSTOMER}/deviceBatches"),
            r#"{"batchId":"b","devices":[]}"#,
        );
        (answer.status, answer.job(), answer.header("ms-requestid").to_owned())
    };
    let mut service =
        Service::with_faults("rules: [{ id: a, matching: { nth: 9 }, effect: dropAfter }]");
    let start = first(&mut service);
    service.manage("DELETE", "faults", "");
    service.manage("POST", "clock", r#"{"mode":"manual","advanceSeconds":60}"#);
    assert_eq!(service.manage("POST", "reset", "").status, 204);
    let state = shown(&mut service, "state");
    assert_eq!(
        state["totals"],
        json!({ "customers": 0, "batches": 0, "devices": 0, "jobs": 0, "policies": 0, "exchanges": 0, "faultRules": 1 })
    );
    assert_eq!(
        (&state["clock"]["mode"], &state["clock"]["uptimeSeconds"]),
        (&json!("running"), &json!(60.0))
    );
    assert_eq!(first(&mut service), start);
    let after = shown(&mut service, "exchanges?after=1");
    assert_eq!((after["items"].as_array().unwrap().len(), &after["last"]), (1, &json!(2)));
}

#[test]
fn exchanges_are_kept_without_secrets() {
    let mut service = Service::with_faults(
        "rules: [{ id: lost, matching: { operations: [add_devices] }, effect: dropBefore }]",
    );
    let body = json!({ "batchId": "b", "devices": [{ "hardwareHash": "T0HSECRET", "serialNumber": "S-1" }] });
    let id = [("ms-requestid", "my-id"), ("authorization", "Bearer ANOTHERSECRET")];
    service.send_with("POST", &format!("{CUSTOMER}/deviceBatches"), body, &id);
    service.get(&format!("{OTHER}/policies"));
    service.send("GET", "nobody/nowhere", "");
    let path = format!("/v1/customers/{CUSTOMER}/deviceBatches/b/devices");
    let lost = http::Request::post(path).body("[]".into()).unwrap();
    service.lost(&lost);

    let page = shown(&mut service, "exchanges");
    let items = page["items"].as_array().unwrap();
    assert_eq!((items.len(), &page["last"], &page["more"]), (4, &json!(4), &json!(false)));
    assert!(!page.to_string().contains("SECRET"), "{page}");
    let create = &items[0];
    assert_eq!(create["operation"], "create_device_batch");
    assert_eq!((&create["status"], &create["requestId"]), (&json!(202), &json!("my-id")));
    assert!(
        create["request"].as_str().unwrap().contains(r#""hardwareHash":"…(9 characters)""#),
        "{create}"
    );
    assert_eq!(create["responseBytes"], 0);
    let lost = &items[3];
    assert_eq!((&lost["status"], &lost["delivered"]), (&Value::Null, &json!("closed")));
    assert_eq!(lost["faultRules"], json!(["lost"]));

    let one = shown(&mut service, "exchanges/1");
    assert_eq!(&one, create);
    let header = |side: &str, name: &str| {
        let headers = one[side].as_array().unwrap().iter();
        headers.into_iter().find(|header| header[0] == name).map(|header| header[1].clone())
    };
    assert_eq!(header("requestHeaders", "authorization"), Some(json!("Bearer …(13 characters)")));
    assert_eq!(header("responseHeaders", "ms-requestid"), Some(json!("my-id")));
    assert_eq!(service.manage("GET", "exchanges/5", "").status, 404);
    let brief = shown(&mut service, "exchanges?brief=true&limit=1");
    assert_eq!(
        (brief["items"][0].get("request"), &brief["items"][0]["requestBytes"]),
        (None, &json!(2))
    );

    for (query, numbers) in [
        (format!("customer={OTHER}"), vec![2]),
        ("operation=add_devices".to_owned(), vec![4]),
        ("status=404".to_owned(), vec![3]),
        ("id=MY-ID".to_owned(), vec![1]),
        ("text=s-1".to_owned(), vec![1]),
        ("text=T0HSECRET".to_owned(), vec![]),
        ("after=2&limit=1".to_owned(), vec![3]),
        ("limit=2".to_owned(), vec![3, 4]),
        ("before=3&limit=1".to_owned(), vec![2]),
        ("status=4xx".to_owned(), vec![3]),
        ("text=lost&brief=true".to_owned(), vec![4]),
    ] {
        let page = shown(&mut service, &format!("exchanges?{query}"));
        let items = page["items"].as_array().unwrap().iter();
        let got: Vec<u64> = items.map(|item| item["number"].as_u64().unwrap()).collect();
        assert_eq!(got, numbers, "{query}");
    }
}

#[test]
fn the_world_is_shown_in_parts() {
    let mut service = Service::instant();
    let device = |n: u64| json!({ "productKey": format!("K{n}"), "serialNumber": format!("S{n}") });
    service.batch("one", (0..3).map(device).collect());
    service.batch("two", json!([device(3), { "serialNumber": "ZTD808-1" }]));
    service.batch_of(OTHER, "one", json!([device(4), device(0)]));
    service.policy_of(OTHER, "p");

    let state = shown(&mut service, "state?limit=2");
    assert_eq!(state["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(
        state["totals"],
        json!({ "customers": 2, "batches": 3, "devices": 5, "jobs": 3, "policies": 1, "exchanges": 4, "faultRules": 0 })
    );
    assert_eq!(
        state["customers"]["items"],
        json!([
            { "id": CUSTOMER, "batches": 2, "devices": 4, "policies": 0 },
            { "id": OTHER, "batches": 1, "devices": 1, "policies": 1 }
        ])
    );
    assert_eq!(
        (&state["batches"]["total"], state["batches"]["items"].as_array().unwrap().len()),
        (&json!(3), 2)
    );
    // Jobs are newest first.
    let job = &state["jobs"]["items"][1];
    assert_eq!((&job["batch"], &job["status"]), (&json!("two"), &json!("finished")));
    assert_eq!((&job["devices"], &job["done"], &job["failed"]), (&json!(2), &json!(2), &json!(1)));
    let rest = shown(&mut service, "state?after=2");
    assert_eq!(rest["batches"]["items"][0]["customer"], OTHER);
    assert_eq!(
        (&rest["jobs"]["total"], &rest["jobs"]["items"][0]["batch"]),
        (&json!(3), &json!("one"))
    );
    let other = shown(&mut service, &format!("state?customer={}", OTHER.to_uppercase()));
    assert_eq!(
        (&other["jobs"]["total"], &other["policies"]["items"][0]["name"]),
        (&json!(1), &json!("p"))
    );
    assert_eq!(shown(&mut service, "state?customer=none")["batches"]["total"], 0);

    for (query, expected, next) in [
        ("limit=2", vec!["S0", "S1"], json!(2)),
        ("limit=2&after=2", vec!["S2", "S3"], json!(4)),
        ("limit=2&after=4", vec!["S4"], Value::Null),
        ("batch=ONE", vec!["S0", "S1", "S2", "S4"], Value::Null),
        ("text=k3", vec!["S3"], Value::Null),
        ("customer=none", vec![], Value::Null),
    ] {
        let page = shown(&mut service, &format!("devices?{query}"));
        let items = page["items"].as_array().unwrap().iter();
        let got: Vec<&str> = items.map(|item| item["serialNumber"].as_str().unwrap()).collect();
        assert_eq!((got, &page["next"]), (expected, &next), "{query}");
    }
}

#[test]
fn a_world_is_taken_whole_or_refused_whole() {
    let mut service = timed();
    let world = json!({
        "customers": [{ "id": CUSTOMER, "batches": [{ "id": "b", "devices": [{ "productKey": "K1" }] }] }],
        "otherTenants": [{ "productKey": "K2" }],
    });
    assert_eq!(service.manage("PUT", "world", world).status, 204);
    let told = shown(&mut service, "world");
    assert_eq!(service.manage("PUT", "world", told.clone()).status, 204);
    assert_eq!(shown(&mut service, "world"), told);
    let state = shown(&mut service, "state");
    assert_eq!(
        (&state["totals"]["devices"], &state["totals"]["customers"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(shown(&mut service, "devices")["items"].as_array().unwrap().len(), 1);

    for (bad, words) in [
        (json!({ "customers": [{ "id": "c" }, { "id": "C" }] }), "customers[1]"),
        (
            json!({ "customers": [{ "id": "c", "batches": [{ "id": "b", "devices": [{}] }] }] }),
            "devices[0]",
        ),
        (json!({ "customers": "T0Hplanted" }), "line 1, column 14"),
        (
            json!({ "customers": [{ "id": "c", "batches": [{ "id": "b", "devices": [{ "productKey": "K",
            "policy": "not-there" }] }] }] }),
            "policy",
        ),
    ] {
        let refused = service.manage("PUT", "world", bad.clone());
        assert_eq!(refused.status, 400, "{bad}");
        let error = refused.json()["error"].as_str().unwrap().to_owned();
        assert!(error.contains(words) && !error.contains("planted"), "{error}");
    }
    assert_eq!(shown(&mut service, "world"), told, "nothing of a refused world is there");
}

#[test]
fn a_reset_goes_back_to_the_world_of_the_start() {
    let world = WorldFile::from_yaml("customers: [{ id: c, batches: [{ id: first }] }]").unwrap();
    let mut service = Service::of(&Emulator::builder().world(world));
    let before = shown(&mut service, "world");
    service.batch("second", json!([]));
    assert_ne!(shown(&mut service, "world"), before);
    assert_eq!(service.manage("POST", "reset", "").status, 204);
    let after = shown(&mut service, "world");
    assert_eq!(after["customers"][0]["batches"][0]["id"], "first");
    assert_eq!(after["customers"].as_array().unwrap().len(), 1);
}

/// What is no UTF-8 is not searched for secrets, so nothing of it is shown.
#[test]
fn a_body_that_is_no_text_is_shown_by_its_length() {
    let mut service = timed();
    let hash = format!(r#"{{"hardwareHash":"T0H{}"}}"#, "planted".repeat(10));
    let wide: Vec<u8> = hash.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let length = wide.len();
    let request = http::Request::post(format!("/v1/customers/{CUSTOMER}/deviceBatches"))
        .header("authorization", "Bearer t")
        .body(wide.into());
    assert_eq!(service.ask(&request.unwrap()).status, 400);
    let shown = shown(&mut service, "exchanges").to_string();
    assert!(shown.contains(&format!("…({length} bytes)")), "{shown}");
    assert!(!shown.contains("planted") && !shown.contains("p\\u0000l"), "{shown}");
}
