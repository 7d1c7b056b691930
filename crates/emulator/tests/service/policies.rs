//! Configuration policies from their making to their end.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{CUSTOMER, Service};

#[test]
fn a_policy_is_made_read_replaced_and_deleted() {
    let mut service = Service::instant();
    let all = format!("{CUSTOMER}/policies");
    let made = service.send(
        "POST",
        &all,
        json!({ "Name": "first", "Description": "d", "PolicySettings": ["SKIP_EULA", "skip_express_settings"] }),
    );
    assert_eq!(made.status, 200);
    assert!(made.headers.get("location").is_none());
    let made = made.json();
    let id = made["id"].as_str().unwrap().to_owned();
    assert_eq!(
        made,
        json!({ "id": id, "name": "first", "category": "o_o_b_e", "description": "d", "devicesAssigned": 0,
            "policySettings": ["skip_eula", "skip_express_settings"],
            "createdDate": "2017-07-25T17:00:00", "lastModifiedDate": "2017-07-25T17:00:00",
            "attributes": { "objectType": "ConfigurationPolicy" } })
    );
    service.now = Duration::from_millis(1500);
    let one = format!("{all}/{id}");
    let replaced = service
        .send("PUT", &one, json!({ "id": "another", "name": "second", "devicesAssigned": 7 }))
        .json();
    assert_eq!(replaced["name"], "second");
    assert_eq!(replaced["devicesAssigned"], 0);
    assert_eq!(replaced["policySettings"], json!([]));
    assert_eq!(replaced.get("description"), None, "what is not sent is lost");
    let read = service.get(&one);
    assert_eq!(read["createdDate"], "2017-07-25T17:00:00.0000000+00:00");
    assert_eq!(read["lastModifiedDate"], "2017-07-25T17:00:01.5000000+00:00");
    service.policy("third");
    let names = |list: &Value| -> Vec<String> {
        list["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|policy| policy["name"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(names(&service.get(&all)), ["second", "third"]);
    let gone = service.send("DELETE", &one, "");
    assert_eq!((gone.status, gone.body.len()), (204, 0));
    for (method, body) in [("GET", ""), ("PUT", "{\"name\":\"n\"}"), ("DELETE", "")] {
        assert_eq!(service.send(method, &one, body).status, 404, "{method}");
    }
    assert_eq!(names(&service.get(&all)), ["third"]);
}

#[test]
fn a_policy_in_use_stays() {
    let mut service = Service::instant();
    let policy = service.policy("p");
    let path = format!("{CUSTOMER}/policies/{policy}");
    let with = |key: &str| json!({ "serialNumber": key, "productKey": key, "policies": [{ "key": "o_o_b_e", "value": policy }] });
    service.batch("b", json!([with("1"), with("2"), { "serialNumber": "3", "productKey": "3" }]));
    assert_eq!(service.get(&path)["devicesAssigned"], 2);
    let refused = service.send("DELETE", &path, "");
    assert_eq!(refused.status, 409);
    assert_eq!(
        refused.fault(),
        "2 devices have this policy. Remove it from the devices before you delete it."
    );
    for serial in ["1", "2"] {
        let device = service.device("b", serial);
        assert_eq!(
            service
                .send("DELETE", &format!("{CUSTOMER}/deviceBatches/b/devices/{device}"), "")
                .status,
            204
        );
    }
    assert_eq!(service.send("DELETE", &path, "").status, 204);
}

#[test]
fn a_policy_keeps_its_name_if_it_is_replaced_without_one() {
    let mut service = Service::instant();
    let path = format!("{CUSTOMER}/policies/{}", service.policy("first"));
    for (sent, name) in
        [(json!({}), "first"), (json!({ "name": " " }), "first"), (json!({ "name": "n" }), "n")]
    {
        let told = service.send("PUT", &path, sent).json();
        assert_eq!((&told["name"], &told["policySettings"]), (&json!(name), &json!([])));
    }
}

#[test]
fn a_policy_that_is_incomplete_or_unknown_is_refused() {
    let mut service = Service::instant();
    service.policy("p");
    let all = format!("{CUSTOMER}/policies");
    for (method, path, body, words) in [
        ("POST", &all, json!({ "policySettings": [] }), "name is missing."),
        ("POST", &all, json!({ "name": null, "policySettings": [] }), "name is missing."),
        ("POST", &all, json!({ "name": " ", "policySettings": [] }), "name is missing."),
        ("POST", &all, json!({ "name": "n" }), "policySettings is missing."),
        (
            "POST",
            &all,
            json!({ "name": "n", "policySettings": [3] }),
            "policySettings[0] must be text, not a number.",
        ),
        (
            "POST",
            &all,
            json!({ "name": "n", "category": "x", "policySettings": [] }),
            "category must be one of none, o_o_b_e.",
        ),
    ] {
        let refused = service.send(method, path, body);
        assert_eq!((refused.status, refused.fault().as_str()), (400, words));
    }
    assert_eq!(service.get(&all)["totalCount"], 1);
}
