//! Batches, the pages of their devices, and changing and deleting a device.

use partner_center_devices_emulator::{Emulator, Pace};
use serde_json::{Value, json};

use crate::support::{CUSTOMER, KEY, OTHER, Service, hash, key};

fn keys(range: std::ops::Range<u32>) -> Value {
    range.map(|n| json!({ "serialNumber": format!("S{n}"), "productKey": key(n) })).collect()
}

fn serials(page: &Value) -> Vec<&str> {
    page["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|device| device["serialNumber"].as_str().unwrap())
        .collect()
}

#[test]
fn three_pages_list_every_device_once_and_in_order() {
    let mut service =
        Service::from_builder(&Emulator::builder().pace(Pace::instant()).page_size(3));
    service.batch("b", keys(0..8));
    let path = format!("{CUSTOMER}/deviceBatches/b/devices");
    let mut all = Vec::new();
    let mut token: Option<String> = None;
    let mut sizes = Vec::new();
    loop {
        let headers: Vec<(&str, &str)> =
            token.iter().map(|token| ("ms-continuationtoken", token.as_str())).collect();
        let page = service.send_with("GET", &path, "", &headers).json();
        assert_eq!(page["totalCount"], 8);
        assert_eq!(page["attributes"]["objectType"], "Collection");
        all.extend(serials(&page).into_iter().map(ToOwned::to_owned));
        sizes.push(page["items"].as_array().unwrap().len());
        match page.get("continuationToken") {
            Some(next) => token = Some(next.as_str().unwrap().to_owned()),
            None => break,
        }
    }
    assert_eq!(sizes, [3, 3, 2]);
    assert_eq!(all, (0..8).map(|n| format!("S{n}")).collect::<Vec<_>>());
}

#[test]
fn following_the_links_reaches_every_page() {
    let mut service =
        Service::from_builder(&Emulator::builder().pace(Pace::instant()).page_size(3));
    let batch = "Test batch/1 ?#%";
    service.batch(batch, keys(0..8));
    let first = format!("/customers/{CUSTOMER}/deviceBatches/Test%20batch%2F1%20%3F%23%25/devices");
    let mut link = json!({ "uri": first, "method": "GET", "headers": [] });
    let (mut all, mut selves) = (Vec::new(), Vec::new());
    loop {
        let page = follow(&mut service, &link);
        all.extend(serials(&page).into_iter().map(ToOwned::to_owned));
        let Some(links) = page.get("links") else {
            assert_eq!(page.get("continuationToken"), None);
            break;
        };
        selves.push(link);
        assert_eq!(links["self"], *selves.last().unwrap());
        link = links["next"].clone();
        assert_eq!(
            link,
            json!({ "uri": format!("{first}?seekOperation=Next"), "method": "GET", "headers":
                [{ "key": "MS-ContinuationToken", "value": page["continuationToken"] }] })
        );
    }
    assert_eq!(all, (0..8).map(|n| format!("S{n}")).collect::<Vec<_>>());
    // The self link returns the same page.
    assert_eq!(serials(&follow(&mut service, &selves[1])), ["S3", "S4", "S5"]);
}

/// Follows a link: sends only its method, uri and headers.
fn follow(service: &mut Service, link: &Value) -> Value {
    let uri = link["uri"].as_str().unwrap().strip_prefix("/customers/").unwrap();
    let headers: Vec<(&str, &str)> = link["headers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|header| (header["key"].as_str().unwrap(), header["value"].as_str().unwrap()))
        .collect();
    let response = service.send_with(link["method"].as_str().unwrap(), uri, "", &headers);
    assert_eq!(response.status, 200, "{response:?}");
    response.json()
}

#[test]
fn supports_only_forward_paging_and_ignores_unknown_queries() {
    let mut service =
        Service::from_builder(&Emulator::builder().pace(Pace::instant()).page_size(1));
    service.batch("b", keys(0..2));
    let path = format!("{CUSTOMER}/deviceBatches/b/devices");
    let first_page = service.get(&path);
    for query in
        ["", "size=1&offset=7", "seekOperation=Next", "seekoperation=next&x", "seekOperation="]
    {
        assert_eq!(service.get(&format!("{path}?{query}")), first_page, "{query}");
    }
    for way in ["Previous", "First", "Last", "PageIndex"] {
        let rejected = service.send("GET", &format!("{path}?SeekOperation={way}"), "");
        assert_eq!(rejected.status, 400, "{way}");
        assert!(rejected.error_description().contains("seekOperation"));
    }
    for path in ["deviceBatches", "policies"] {
        let path = format!("{CUSTOMER}/{path}?size=1&seekOperation=Last");
        assert_eq!(service.send("GET", &path, "").status, 200);
    }
}

#[test]
fn pages_have_100_devices_and_a_full_last_page_has_no_token() {
    let mut service = Service::instant();
    service.batch("b", keys(0..100));
    let path = format!("{CUSTOMER}/deviceBatches/b/devices");
    assert_eq!(service.get(&path).get("continuationToken"), None);
    service.send("POST", &path, keys(100..101)).job();
    let page = service.get(&path);
    assert_eq!((page["items"].as_array().unwrap().len(), &page["totalCount"]), (100, &json!(101)));
    assert!(page["continuationToken"].is_string());
}

#[test]
fn a_page_continues_after_a_deleted_device() {
    let mut service =
        Service::from_builder(&Emulator::builder().pace(Pace::instant()).page_size(2));
    service.batch("b", keys(0..4));
    let path = format!("{CUSTOMER}/deviceBatches/b/devices");
    let first = service.get(&path);
    let token = first["continuationToken"].as_str().unwrap();
    let last = first["items"][1]["id"].as_str().unwrap();
    assert_eq!(service.send("DELETE", &format!("{path}/{last}"), "").status, 204);
    let second = service.send_with("GET", &path, "", &[("ms-continuationtoken", token)]).json();
    assert_eq!(serials(&second), ["S2", "S3"]);
    assert_eq!(second["totalCount"], 3);
}

#[test]
fn accepts_only_tokens_of_the_same_list() {
    let mut service =
        Service::from_builder(&Emulator::builder().pace(Pace::instant()).page_size(1));
    service.batch("b", keys(0..2));
    service.batch("c", keys(2..4));
    let path = |batch: &str| format!("{CUSTOMER}/deviceBatches/{batch}/devices");
    let token = service.get(&path("b"))["continuationToken"].as_str().unwrap().to_owned();
    for bad in ["AQAAAA==", "0", "\u{e9}", token.get(1..).unwrap()] {
        let response = service.send_with("GET", &path("b"), "", &[("ms-continuationtoken", bad)]);
        assert_eq!(response.status, 400, "{bad}");
        assert!(response.error_description().contains("MS-ContinuationToken"));
    }
    assert_eq!(
        service.send_with("GET", &path("c"), "", &[("ms-continuationtoken", &token)]).status,
        400
    );
    assert_eq!(
        service.send_with("GET", &path("b"), "", &[("ms-continuationtoken", "")]).status,
        200
    );
}

#[test]
fn lists_batches_as_documented_and_compares_names_without_case() {
    let mut service = Service::instant();
    service.batch("Test batch/1", keys(0..2));
    let list = service.get(&format!("{CUSTOMER}/deviceBatches"));
    assert_eq!(
        list,
        json!({ "totalCount": 1, "items": [{
            "id": "Test batch/1", "status": "finished", "creationDate": "2017-07-25T17:00:00", "devicesCount": 2,
            "devicesLink": { "uri": format!("/customers/{CUSTOMER}/deviceBatches/Test batch/1/devices"),
                "method": "GET", "headers": [] },
            "attributes": { "objectType": "DeviceBatch" } }],
            "attributes": { "objectType": "Collection" } })
    );
    let again = service.send(
        "POST",
        &format!("{CUSTOMER}/deviceBatches"),
        json!({ "batchId": "TEST BATCH/1", "devices": [] }),
    );
    assert_eq!(again.status, 409);
    assert!(again.error_description().contains("batch with this name"));
    let devices = service.get(&format!("{CUSTOMER}/DeviceBatches/TEST%20batch%2F1/Devices"));
    assert_eq!(devices["totalCount"], 2);
    // Another customer may have a batch with the same name.
    service.batch_of(OTHER, "Test batch/1", json!([]));
    for path in [
        format!("{CUSTOMER}/deviceBatches/none/devices"),
        format!("{OTHER}/deviceBatches/none/devices"),
    ] {
        assert_eq!(service.send("GET", &path, "").status, 404);
        assert_eq!(service.send("POST", &path, json!([])).status, 404);
    }
}

#[test]
fn a_device_has_the_fields_that_were_sent_except_its_hash() {
    let mut service = Service::instant();
    let policy = service.policy("p");
    service.batch(
        "b",
        json!([{ "hardwareHash": hash("S"), "serialNumber": "S", "productKey": KEY, "oemManufacturerName": "M",
            "modelName": "O", "policies": [{ "key": "o_o_b_e", "value": policy }] }]),
    );
    let path = format!("{CUSTOMER}/deviceBatches/b/devices");
    let mut device = service.get(&path)["items"][0].clone();
    let id = device["id"].take();
    assert_eq!(
        device,
        json!({ "id": null, "serialNumber": "S", "productKey": KEY, "modelName": "O", "oemManufacturerName": "M",
            "policies": [{ "key": "o_o_b_e", "value": policy }], "uploadedDate": "2017-07-25T17:00:00.0000000+00:00",
            "attributes": { "objectType": "Device" } })
    );
    let path = format!("{path}/{}", id.as_str().unwrap());
    let put = |service: &mut Service, policies: Value| {
        service.send(
            "PUT",
            &path,
            json!({ "Policies": policies, "SerialNumber": "not taken over" }),
        )
    };
    let changed = put(&mut service, json!([{ "Key": "o_o_b_e", "Value": null }]));
    assert_eq!((changed.status, &changed.json()["policies"][0]["value"]), (200, &Value::Null));
    assert_eq!(changed.json()["serialNumber"], "S");
    let changed = put(&mut service, json!([{ "key": "o_o_b_e", "value": policy }]));
    assert_eq!(changed.json()["policies"], json!([{ "key": "o_o_b_e", "value": policy }]));
    let unknown = put(&mut service, json!([{ "key": "o_o_b_e", "value": "nothing" }]));
    assert_eq!((unknown.status, unknown.error_description().contains("policies")), (400, true));

    assert_eq!(service.send("DELETE", &path, "").status, 204);
    for method in ["PUT", "DELETE"] {
        let gone = service.send(method, &path, json!({}));
        assert_eq!(gone.status, 404);
        assert!(gone.error_description().contains("device"));
    }
    assert_eq!(service.get(&format!("{CUSTOMER}/policies/{policy}"))["devicesAssigned"], 0);
    // The device can be registered again.
    let job = service.batch("c", json!([{ "hardwareHash": hash("S") }]));
    assert_eq!(service.outcomes(&job), ["finished 0 -"]);
}
