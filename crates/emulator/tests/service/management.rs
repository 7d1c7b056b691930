//! The management endpoints under `/_emulator`: rules, the clock, jobs, exchanges and the world.

use std::time::Duration;

use partner_center_devices_emulator::{Emulator, WorldFile};
use serde_json::{Value, json};

use crate::support::{CUSTOMER, KEY, OTHER, Service, key};

fn timed() -> Service {
    Service::from_builder(&Emulator::builder())
}

fn admin_json(service: &mut Service, path: &str) -> Value {
    let response = service.admin("GET", path, "");
    assert_eq!(response.status, 200, "{path}: {response:?}");
    assert_eq!(response.header("cache-control"), "no-store");
    response.json()
}

#[test]
fn unknown_paths_list_the_endpoints_and_wrong_methods_list_the_allowed_ones() {
    let mut service = timed();
    let page = service.admin("GET", "", "");
    assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
    let policy = page.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'; connect-src 'self';"), "{policy}");
    let nothing = service.admin("GET", "nothing", "");
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
        ("POST", "events", "GET"),
        ("POST", "exchanges.har", "GET"),
    ] {
        let response = service.admin(method, path, "");
        assert_eq!((response.status, response.header("allow")), (405, allow), "{method} {path}");
    }
    for (method, path, body, expected) in [
        ("GET", "state?costumer=c", "", "customer"),
        ("GET", "exchanges?status=x", "", "status: must be a number or a class such as 4xx"),
        ("GET", "exchanges?status=Axx", "", "status: must be a number or a class such as 4xx"),
        ("GET", "exchanges?brief=1", "", "brief: must be true or false"),
        ("GET", "exchanges?operation=x", "", "operation: unknown variant"),
        ("POST", "clock", r#"{"advanceSeconds":-1}"#, "advanceSeconds"),
        ("POST", "clock", r#"{"advance":1}"#, "There is no `advance` here."),
        ("POST", "clock", "", "This is not valid JSON: EOF"),
        ("PUT", "faults", r#"{"rules":[{"id":"a","effect":"no"}]}"#, "There is no `no` here."),
        ("POST", "faults", r#"{"id":"","effect":"dropAfter"}"#, "id: must be letters"),
        ("PUT", "faults/a", r#"{"id":"b","effect":"dropAfter"}"#, "id: must be the id in the path"),
    ] {
        let response = service.admin(method, path, body);
        assert_eq!(response.status, 400, "{path}");
        assert!(response.json()["error"].as_str().unwrap().contains(expected), "{response:?}");
    }
    assert_eq!(service.admin("POST", "jobs/x/finish", "").status, 404);
    assert_eq!(service.admin("GET", "jobs/x", "").status, 404);
}

#[test]
fn rules_can_be_changed_and_do_not_apply_to_the_management_endpoints() {
    let mut service = timed();
    let policies = format!("{CUSTOMER}/policies");
    let status = |service: &mut Service| service.send("GET", &policies, "").status;
    let rule = |id: &str, status: u16| json!({ "id": id, "matching": { "every": 2 }, "effect": { "status": { "status": status } } });
    assert_eq!(service.admin("PUT", "faults", json!({ "rules": [rule("a", 500)] })).status, 200);
    assert_eq!([status(&mut service), status(&mut service)], [200, 500]);
    let counted = admin_json(&mut service, "faults/a");
    assert_eq!((&counted["seen"], &counted["hits"]), (&json!(2), &json!(1)));
    assert_eq!(counted["effect"]["status"]["status"], 500);

    assert_eq!(service.admin("POST", "faults", rule("a", 501)).status, 409);
    assert_eq!(service.admin("PUT", "faults/a", rule("a", 502)).status, 200);
    assert_eq!([status(&mut service), status(&mut service)], [200, 502]);
    assert_eq!(service.admin("POST", "faults", rule("b", 503)).status, 200);
    assert_eq!(admin_json(&mut service, "faults")["rules"].as_array().unwrap().len(), 2);
    assert_eq!(service.admin("DELETE", "faults/a", "").status, 200);
    assert_eq!(service.admin("DELETE", "faults/a", "").status, 404);
    assert_eq!([status(&mut service), status(&mut service)], [200, 503]);
    assert_eq!(service.admin("DELETE", "faults", "").status, 200);
    assert_eq!([status(&mut service), status(&mut service)], [200, 200]);

    // A disabled rule counts no requests, but keeps its counters until it is enabled.
    let switched =
        |on: bool| json!({ "id": "c", "enabled": on, "effect": { "status": { "status": 504 } } });
    for (on, expected, seen) in [(true, 504, 1), (false, 200, 1), (true, 504, 1)] {
        assert_eq!(service.admin("PUT", "faults/c", switched(on)).status, 200);
        assert_eq!(status(&mut service), expected);
        let counted = admin_json(&mut service, "faults/c");
        assert_eq!((&counted["enabled"], &counted["seen"]), (&json!(on), &json!(seen)));
    }

    let all = json!({ "rules": [{ "id": "all", "effect": "dropBefore" }] });
    assert_eq!(service.admin("PUT", "faults", all).status, 200);
    assert_eq!(admin_json(&mut service, "faults/all")["seen"], 0);
}

#[test]
fn the_clock_can_be_advanced_and_jobs_can_be_finished() {
    let mut service = timed();
    let job = service.batch("b", json!([{ "productKey": KEY }]));
    assert_eq!(service.admin("POST", "clock", r#"{"mode":"manual"}"#).status, 200);
    let status = |service: &mut Service| service.get(&job)["status"].as_str().unwrap().to_owned();
    service.now = Duration::from_secs(1000);
    assert_eq!(status(&mut service), "queued");
    for (advance, expected) in [(0.3, "processing"), (0.53, "finished")] {
        let body = json!({ "advanceSeconds": advance });
        assert_eq!(service.admin("POST", "clock", body).status, 200);
        assert_eq!(status(&mut service), expected);
    }
    let clock = admin_json(&mut service, "clock");
    assert_eq!(clock["mode"], "manual");
    assert_eq!(clock["now"], "2017-07-25T17:00:00.830Z");
    service.admin("POST", "clock", r#"{"mode":"running"}"#);
    service.now += Duration::from_secs(5);
    assert_eq!(admin_json(&mut service, "clock")["now"], "2017-07-25T17:00:05.830Z");

    let rules = json!({ "rules": [{ "id": "hang", "effect": "hangJob" }] });
    service.admin("PUT", "faults", rules);
    let devices = json!([{ "productKey": key(1_u8) }, { "serialNumber": "ZTD808-1" }]);
    let job = service.batch("c", devices);
    let id = job.rsplit_once('/').unwrap().1;
    service.now += Duration::from_secs(100_000);
    assert_eq!(service.get(&job)["status"], "processing");
    for _ in 0..2 {
        let finished = service.admin("POST", &format!("jobs/{}/finish", id.to_uppercase()), "");
        let finished = finished.json();
        assert_eq!((&finished["id"], &finished["status"]), (&json!(id), &json!("finished")));
        assert_eq!((&finished["done"], &finished["failed"]), (&json!(2), &json!(1)));
    }
    assert_eq!(service.get(&job)["devicesStatus"][1]["errorCode"], "808");
    let page = admin_json(&mut service, &format!("jobs/{id}?limit=1"));
    assert_eq!((&page["batch"], &page["rows"]["total"]), (&json!("c"), &json!(2)));
    assert_eq!(page["rows"]["items"][0]["errorCode"], "0");
    let failed = admin_json(&mut service, &format!("jobs/{id}?failed=true"));
    assert_eq!(
        failed["rows"],
        json!({ "total": 1, "items": [{
            "row": 2, "serialNumber": "ZTD808-1", "productKey": null, "deviceId": null, "status": "finished_with_errors",
            "errorCode": "808", "errorDescription": "ZtdDeviceAssignedToOtherTenant"
        }] })
    );
    assert_eq!(admin_json(&mut service, &format!("jobs/{id}?after=2"))["rows"]["items"], json!([]));
    // The finished job does not change later.
    service.admin("POST", "clock", r#"{"advanceSeconds":1e18}"#);
    assert_eq!(service.get(&job)["devicesStatus"][0]["errorCode"], "0");
}

#[test]
fn long_texts_are_rejected_with_their_place_and_a_short_message() {
    let mut service = timed();
    let long = "x".repeat(3_000_000);
    let rule = |id: &str, matching: Value, effect: Value| json!({ "id": id, "matching": matching, "effect": effect });
    for (method, path, body, status, expected) in [
        ("POST", "faults", rule(&long, json!({}), json!("dropAfter")), 400, "id: must be letters"),
        (
            "PUT",
            "faults/a",
            rule("a", json!({ "customer": long }), json!("dropAfter")),
            400,
            "matching.customer: ",
        ),
        (
            "PUT",
            "faults",
            json!({ "rules": [rule("a", json!({}), json!({ "locationHost": { "host": long } }))] }),
            400,
            "rules[0].effect.locationHost.host: must have at most",
        ),
        ("POST", "faults", rule("a", json!({}), json!(long)), 400, "There is no `xxx"),
        (
            "POST",
            "faults",
            json!(format!("{long}{long}")),
            413,
            "The body is larger than 4096 KiB.",
        ),
        ("POST", "clock", json!({ "mode": long }), 413, "The body is larger than 4 KiB."),
        ("POST", "clock", json!({ "mode": "x".repeat(4000) }), 400, "There is no `xxx"),
        (
            "PUT",
            "world",
            json!({ "customers": [{ "id": long }] }),
            400,
            "customers[0].id: must have at most",
        ),
    ] {
        let response = service.admin(method, path, body);
        let error = response.json()["error"].as_str().unwrap().to_owned();
        assert_eq!(response.status, status, "{method} {path} {error:.300}");
        assert!(error.contains(expected) && error.len() < 1000, "{method} {path} {error:.300}");
    }
    for values in ["{},".repeat(500_001), "0,".repeat(3_000_001)] {
        let world = format!("{{\"customers\":[{values}{{}}]}}");
        let response = service.admin("PUT", "world", world.into_bytes());
        assert_eq!(response.status, 413, "{response:?}");
    }
    for number in 0..1000 {
        let id = number.to_string();
        let response = service.admin("POST", "faults", rule(&id, json!({}), json!("gzip")));
        assert_eq!(response.status, 200);
    }
    let added = service.admin("PUT", "faults/more", rule("more", json!({}), json!("gzip")));
    assert_eq!(added.status, 400);
    assert!(added.json()["error"].as_str().unwrap().starts_with("rules: must be at most 1000"));
    assert_eq!(
        service.admin("PUT", "faults/7", rule("7", json!({}), json!("dropAfter"))).status,
        200
    );
}

#[test]
fn a_reset_restores_the_initial_state() {
    let first = |service: &mut Service| {
        let response = service.send(
            "POST",
            &format!("{CUSTOMER}/deviceBatches"),
            r#"{"batchId":"b","devices":[]}"#,
        );
        (response.status, response.job(), response.header("ms-requestid").to_owned())
    };
    let mut service =
        Service::with_faults("rules: [{ id: a, matching: { nth: 9 }, effect: dropAfter }]");
    let start = first(&mut service);
    service.admin("DELETE", "faults", "");
    service.admin("POST", "clock", r#"{"mode":"manual","advanceSeconds":60}"#);
    assert_eq!(service.admin("POST", "reset", "").status, 204);
    let state = admin_json(&mut service, "state");
    assert_eq!(
        state["totals"],
        json!({ "customers": 0, "batches": 0, "devices": 0, "jobs": 0, "policies": 0, "auditRecords": 0, "exchanges": 0, "faultRules": 1 })
    );
    assert_eq!(
        (&state["clock"]["mode"], &state["clock"]["uptimeSeconds"]),
        (&json!("running"), &json!(60.0))
    );
    assert_eq!(first(&mut service), start);
    let after = admin_json(&mut service, "exchanges?after=1");
    assert_eq!((after["items"].as_array().unwrap().len(), &after["last"]), (1, &json!(2)));
}

#[test]
fn stores_exchanges_without_secrets() {
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
    service.send_dropped(&lost);

    let page = admin_json(&mut service, "exchanges");
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

    let one = admin_json(&mut service, "exchanges/1");
    assert_eq!(&one, create);
    let header = |side: &str, name: &str| {
        let headers = one[side].as_array().unwrap().iter();
        headers.into_iter().find(|header| header[0] == name).map(|header| header[1].clone())
    };
    assert_eq!(header("requestHeaders", "authorization"), Some(json!("Bearer …(13 characters)")));
    assert_eq!(header("responseHeaders", "ms-requestid"), Some(json!("my-id")));
    assert_eq!(service.admin("GET", "exchanges/5", "").status, 404);
    let brief = admin_json(&mut service, "exchanges?brief=true&limit=1");
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
        let page = admin_json(&mut service, &format!("exchanges?{query}"));
        let items = page["items"].as_array().unwrap().iter();
        let actual: Vec<u64> = items.map(|item| item["number"].as_u64().unwrap()).collect();
        assert_eq!(actual, numbers, "{query}");
    }
}

#[test]
fn returns_the_state_in_pages() {
    let mut service = Service::instant();
    let device = |n: u64| json!({ "productKey": key(n), "serialNumber": format!("S{n}") });
    service.batch("one", (0..3).map(device).collect());
    service.batch("two", json!([device(3), { "serialNumber": "ZTD808-1" }]));
    service.batch_of(OTHER, "one", json!([device(4), device(0)]));
    service.policy_of(OTHER, "p");

    let state = admin_json(&mut service, "state?limit=2");
    assert_eq!(state["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(
        state["totals"],
        json!({ "customers": 2, "batches": 3, "devices": 5, "jobs": 3, "policies": 1, "auditRecords": 4, "exchanges": 4, "faultRules": 0 })
    );
    assert_eq!(
        state["customers"]["items"],
        json!([
            { "id": CUSTOMER, "batches": 2, "devices": 4, "policies": 0,
              "name": null, "domain": null, "relationship": null, "delegatedAccess": null },
            { "id": OTHER, "batches": 1, "devices": 1, "policies": 1,
              "name": null, "domain": null, "relationship": null, "delegatedAccess": null }
        ])
    );
    assert_eq!(
        (&state["batches"]["total"], state["batches"]["items"].as_array().unwrap().len()),
        (&json!(3), 2)
    );
    // The newest job comes first.
    let job = &state["jobs"]["items"][1];
    assert_eq!((&job["batch"], &job["status"]), (&json!("two"), &json!("finished")));
    assert_eq!((&job["devices"], &job["done"], &job["failed"]), (&json!(2), &json!(2), &json!(1)));
    let rest = admin_json(&mut service, "state?after=2");
    assert_eq!(rest["batches"]["items"][0]["customer"], OTHER);
    assert_eq!(
        (&rest["jobs"]["total"], &rest["jobs"]["items"][0]["batch"]),
        (&json!(3), &json!("one"))
    );
    let other = admin_json(&mut service, &format!("state?customer={}", OTHER.to_uppercase()));
    assert_eq!(
        (&other["jobs"]["total"], &other["policies"]["items"][0]["name"]),
        (&json!(1), &json!("p"))
    );
    assert_eq!(admin_json(&mut service, "state?customer=none")["batches"]["total"], 0);

    for (query, expected, next) in [
        ("limit=2", vec!["S0", "S1"], json!(2)),
        ("limit=2&after=2", vec!["S2", "S3"], json!(4)),
        ("limit=2&after=4", vec!["S4"], Value::Null),
        ("batch=ONE", vec!["S0", "S1", "S2", "S4"], Value::Null),
        ("text=5000000003", vec!["S3"], Value::Null),
        ("customer=none", vec![], Value::Null),
    ] {
        let page = admin_json(&mut service, &format!("devices?{query}"));
        let items = page["items"].as_array().unwrap().iter();
        let actual: Vec<&str> = items.map(|item| item["serialNumber"].as_str().unwrap()).collect();
        assert_eq!((actual, &page["next"]), (expected, &next), "{query}");
    }
}

#[test]
fn customers_are_shown_and_found_by_their_names() {
    let mut service = Service::instant();
    service.core.set_world(&WorldFile::sample_customers());
    drop(service.batch("one", json!([{ "productKey": KEY }])));
    service.policy_of(OTHER, "p");
    let found = |service: &mut Service, path: &str, member: &str| -> Vec<Value> {
        let page = admin_json(service, path);
        let items = page["items"].as_array().unwrap().iter();
        items.map(|item| item[member].clone()).collect()
    };
    assert_eq!(found(&mut service, "customers?text=contoso", "id").len(), 2);
    assert_eq!(found(&mut service, "customers?text=FABRIKAM.", "id"), [OTHER]);
    assert_eq!(found(&mut service, "customers?text=47021739", "domain"), ["contoso.com"]);
    assert_eq!(
        found(&mut service, "customers?limit=2&after=3", "relationship"),
        ["advisor", "none"]
    );
    assert_eq!(found(&mut service, "devices?customer=contoso.com", "customerName"), ["Contoso"]);
    assert_eq!(
        found(&mut service, "devices?customer=Fabrikam", "customerName"),
        Vec::<Value>::new()
    );
    let exchanges = found(&mut service, "exchanges?customer=fabrikam", "customerName");
    assert_eq!(exchanges, ["Fabrikam"]);
    assert_eq!(admin_json(&mut service, "exchanges/1")["customerName"], "Contoso");
    let state = admin_json(&mut service, "state?customer=contoso");
    assert_eq!((&state["customers"]["total"], &state["batches"]["total"]), (&json!(2), &json!(1)));
    for (list, name) in [("batches", "Contoso"), ("jobs", "Contoso"), ("policies", "Fabrikam")] {
        let state = admin_json(&mut service, "state");
        assert_eq!(state[list]["items"][0]["customerName"], name, "{list}");
    }
}

#[test]
fn a_rejected_world_changes_nothing() {
    let mut service = timed();
    let world = json!({
        "customers": [{ "id": CUSTOMER, "batches": [{ "id": "b", "devices": [{ "productKey": key(1_u8) }] }] }],
        "otherTenants": [{ "productKey": key(2_u8) }],
    });
    assert_eq!(service.admin("PUT", "world", world).status, 204);
    let saved = admin_json(&mut service, "world");
    assert_eq!(service.admin("PUT", "world", saved.clone()).status, 204);
    assert_eq!(admin_json(&mut service, "world"), saved);
    let state = admin_json(&mut service, "state");
    assert_eq!(
        (&state["totals"]["devices"], &state["totals"]["customers"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(admin_json(&mut service, "devices")["items"].as_array().unwrap().len(), 1);

    for (bad, expected) in [
        (json!({ "customers": [{ "id": "c" }, { "id": "C" }] }), "customers[1]"),
        (
            json!({ "customers": [{ "id": "c", "batches": [{ "id": "b", "devices": [{}] }] }] }),
            "devices[0]",
        ),
        (json!({ "customers": "T0Hplanted" }), "line 1, column 14"),
        (
            json!({ "customers": [{ "id": "c", "batches": [{ "id": "b", "devices": [{ "productKey": KEY,
            "policy": "not-there" }] }] }] }),
            "policy",
        ),
    ] {
        let rejected = service.admin("PUT", "world", bad.clone());
        assert_eq!(rejected.status, 400, "{bad}");
        let error = rejected.json()["error"].as_str().unwrap().to_owned();
        assert!(error.contains(expected) && !error.contains("planted"), "{error}");
    }
    assert_eq!(admin_json(&mut service, "world"), saved, "a rejected world has no effect");
}

#[test]
fn a_reset_restores_the_initial_world() {
    let world = WorldFile::from_yaml("customers: [{ id: c, batches: [{ id: first }] }]").unwrap();
    let mut service = Service::from_builder(&Emulator::builder().world(world));
    let before = admin_json(&mut service, "world");
    service.batch("second", json!([]));
    assert_ne!(admin_json(&mut service, "world"), before);
    assert_eq!(service.admin("POST", "reset", "").status, 204);
    let after = admin_json(&mut service, "world");
    assert_eq!(after["customers"][0]["batches"][0]["id"], "first");
    assert_eq!(after["customers"].as_array().unwrap().len(), 1);
}

/// Secrets cannot be found in a body that is not UTF-8, so only its length is shown.
#[test]
fn a_body_that_is_not_utf_8_is_replaced_by_its_length() {
    let mut service = timed();
    let hash = format!(r#"{{"hardwareHash":"T0H{}"}}"#, "planted".repeat(10));
    let wide: Vec<u8> = hash.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let length = wide.len();
    let request = http::Request::post(format!("/v1/customers/{CUSTOMER}/deviceBatches"))
        .header("authorization", "Bearer t")
        .body(wide.into());
    assert_eq!(service.call(&request.unwrap()).status, 400);
    let json = admin_json(&mut service, "exchanges").to_string();
    assert!(json.contains(&format!("…({length} bytes)")), "{json}");
    assert!(!json.contains("planted") && !json.contains("p\\u0000l"), "{json}");
}
