//! Configuration policies: create, get, replace, list and delete.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{CUSTOMER, KEY, Service, key};

#[test]
fn creates_reads_replaces_and_deletes_a_policy() {
    let mut service = Service::instant();
    let all = format!("{CUSTOMER}/policies");
    let created = service.send(
        "POST",
        &all,
        json!({ "Name": "first", "Description": "d", "PolicySettings": ["SKIP_EULA", "skip_express_settings"] }),
    );
    assert_eq!(created.status, 200);
    assert!(created.headers.get("location").is_none());
    let created = created.json();
    let id = created["id"].as_str().unwrap().to_owned();
    assert_eq!(
        created,
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
    assert_eq!(replaced.get("description"), None, "members that are not sent are removed");
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

/// The cmdlets of Partner-Center-PowerShell send enum values like this.
#[test]
fn accepts_enum_values_in_the_spellings_of_dotnet() {
    let mut service = Service::instant();
    let all = format!("{CUSTOMER}/policies");
    let both = json!(["skip_express_settings", "skip_eula"]);
    for settings in [
        json!(["SkipExpressSettings", "SkipEula"]),
        json!("SkipExpressSettings, SkipEula"),
        json!([4, 16]),
        json!(20),
    ] {
        let body = json!({ "Name": "n", "Category": "OOBE", "PolicySettings": settings });
        let policy = service.send("POST", &all, body).json();
        assert_eq!((&policy["policySettings"], &policy["category"]), (&both, &json!("o_o_b_e")));
        let id = policy["id"].as_str().unwrap();
        let body = json!({ "Name": "n", "Category": 1, "PolicySettings": settings });
        assert_eq!(
            service.send("PUT", &format!("{all}/{id}"), body).json()["policySettings"],
            both
        );
    }
    let policy = service.policy("p");
    let devices = json!([{ "productKey": KEY, "policies": [{ "Key": "OOBE", "Value": policy }] }]);
    let job = service.batch("b", devices);
    assert_eq!(service.outcomes(&job), ["finished 0 -"]);
    let path = format!("{CUSTOMER}/deviceBatches/b/devices");
    let id = service.get(&path)["items"][0]["id"].as_str().unwrap().to_owned();
    for key in [json!("OOBE"), json!("Oobe"), json!(1)] {
        let body = json!({ "Policies": [{ "Key": key, "Value": policy }] });
        let updated = service.send("PUT", &format!("{path}/{id}"), body);
        assert_eq!(updated.json()["policies"][0]["value"], policy.as_str(), "{key}");
        let device = json!({ "Id": id, "Policies": [{ "Key": key, "Value": policy }] });
        let body = json!({ "Devices": [device] });
        let job = service.send("PATCH", &format!("{CUSTOMER}/DevicePolicyUpdates"), body).job();
        assert_eq!(service.outcomes(&job), ["finished 0 -"], "{key}");
    }
}

#[test]
fn a_policy_in_use_cannot_be_deleted() {
    let mut service = Service::instant();
    let policy = service.policy("p");
    let path = format!("{CUSTOMER}/policies/{policy}");
    let with = |serial: &str, number: u8| json!({ "serialNumber": serial, "productKey": key(number), "policies": [{ "key": "o_o_b_e", "value": policy }] });
    service.batch(
        "b",
        json!([with("1", 1), with("2", 2), { "serialNumber": "3", "productKey": KEY }]),
    );
    assert_eq!(service.get(&path)["devicesAssigned"], 2);
    let rejected = service.send("DELETE", &path, "");
    assert_eq!(rejected.status, 409);
    assert_eq!(
        rejected.error_description(),
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
fn replacing_a_policy_without_a_name_keeps_its_name() {
    let mut service = Service::instant();
    let path = format!("{CUSTOMER}/policies/{}", service.policy("first"));
    for (sent, name) in
        [(json!({}), "first"), (json!({ "name": " " }), "first"), (json!({ "name": "n" }), "n")]
    {
        let replaced = service.send("PUT", &path, sent).json();
        assert_eq!((&replaced["name"], &replaced["policySettings"]), (&json!(name), &json!([])));
    }
}

#[test]
fn rejects_incomplete_and_invalid_policies() {
    let mut service = Service::instant();
    service.policy("p");
    let all = format!("{CUSTOMER}/policies");
    for (method, path, body, expected) in [
        ("POST", &all, json!({ "policySettings": [] }), "name is missing."),
        ("POST", &all, json!({ "name": null, "policySettings": [] }), "name is missing."),
        ("POST", &all, json!({ "name": " ", "policySettings": [] }), "name is missing."),
        ("POST", &all, json!({ "name": "n" }), "policySettings is missing."),
        (
            "POST",
            &all,
            json!({ "name": "n", "policySettings": [true] }),
            "policySettings[0] must be text or a number, not true or false.",
        ),
        (
            "POST",
            &all,
            json!({ "name": "n", "category": "x", "policySettings": [] }),
            "category must be one of none, o_o_b_e.",
        ),
    ] {
        let rejected = service.send(method, path, body);
        assert_eq!((rejected.status, rejected.error_description().as_str()), (400, expected));
    }
    assert_eq!(service.get(&all)["totalCount"], 1);
}
