//! Tests of `pcdevices explain`.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)] // fine in tests

mod common;

use common::{CUSTOMER, Desk, run, stdout};
use insta::assert_snapshot;

#[test]
fn a_code_is_explained() {
    let desk = Desk::new();
    assert_snapshot!("device", desk.show(&["explain", "808"]));
    assert_snapshot!(
        "by-name",
        desk.show(&["explain", "806", "ztddevicealreadyassigned", "hashnot4k"])
    );
    assert_snapshot!(
        "others",
        desk.show(&["explain", "20002", "503", "hash-checksum", "export-formula"])
    );
    assert_snapshot!("sign-in", desk.show(&["explain", "700082", "AADSTS53003", "aadsts90033"]));
    assert_snapshot!("json", desk.show(&["explain", "640", "no-identity", "--json"]));
    assert_snapshot!("not-known", desk.show(&["explain", "805", "ZtdDeviceNotFond", "812"]));
}

#[test]
fn all_codes_are_listed() {
    let desk = Desk::new();
    assert_snapshot!("list", desk.show(&["explain"]));
    let output = run(&["explain", "--json"]);
    let list: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let list = list.as_array().unwrap();
    assert!(list.len() > 60);
    // Every listed code can be explained.
    let codes: Vec<_> = list.iter().map(|one| one["code"].as_str().unwrap()).collect();
    let each = run(&[&["explain", "--json"], &codes[..]].concat());
    assert_eq!(stdout(&each), stdout(&output));
}

#[test]
fn letters_for_devices_of_another_organization() {
    let desk = Desk::new();
    let report = serde_json::json!({ "rows": [
        { "customer": CUSTOMER, "batch": "b1", "code": "808", "serialNumber": "SN-1", "trackingId": "t1" },
        { "customer": CUSTOMER, "batch": "b1", "code": "806", "serialNumber": "SN-2" },
        { "customer": "../c2", "batch": "b1", "code": "808", "serialNumber": "SN-3\u{1b}[2J" },
    ]});
    let report = desk.file("report.json", report.to_string());
    let folder = desk.home().join("letters");
    let args = ["explain", "808", "--for", &report, "--output", folder.to_str().unwrap()];
    assert_snapshot!("pack", desk.show(&args));
    let own = folder.join(CUSTOMER);
    assert_eq!(std::fs::read_dir(&own).unwrap().count(), 13);
    let letter = std::fs::read_to_string(own.join("letter-to-seller.de.txt")).unwrap();
    assert!(letter.contains("- SN-1\n") && !letter.contains("SN-2"), "{letter}");
    let list = std::fs::read(own.join("devices.csv")).unwrap();
    assert!(list.starts_with(b"\xEF\xBB\xBFserialNumber,"), "Excel reads UTF-8");
    let other = folder.join("customer-2/letter-to-seller.ja.txt");
    let letter = std::fs::read_to_string(other).unwrap();
    assert!(letter.contains("- SN-3") && !letter.contains('\u{1b}'), "{letter}");
    // The letters are not overwritten: somebody may have completed them.
    assert_snapshot!("pack-again", desk.show(&args));

    // The index knows the name of the customer.
    assert!(desk.run(&["customers", "sync"]).status.success());
    let named = desk.home().join("named");
    let args = ["explain", "808", "--for", &report, "--output", named.to_str().unwrap()];
    let shown = desk.show(&args);
    assert!(shown.contains(&format!("Customer Contoso ({CUSTOMER}): 1 device")), "{shown}");
    let letter = named.join(CUSTOMER).join("letter-to-seller.en.txt");
    assert!(std::fs::read_to_string(letter).unwrap().contains("our customer Contoso owns"));

    // Other customers of the partner have a device, and had another.
    let own = "customer,code,earlierCustomer,earlierRegistration\nc1,808,c2,otherCustomer\nc1,808,c3,formerCustomer\n";
    let own = desk.file("own.csv", own);
    assert_snapshot!("pack-own", desk.show(&["explain", "808", "--for", &own]));
    let fine = desk.file("fine.csv", "customer,code\nc1,\n");
    assert_snapshot!("pack-none", desk.show(&["explain", "808", "--for", &fine]));
    assert_snapshot!("pack-other-code", desk.show(&["explain", "806", "--for", &fine]));
    let page = desk.file("page.html", "<html>");
    assert_snapshot!("pack-page", desk.show(&["explain", "808", "--for", &page]));
    let text = desk.file("text.json", "text");
    assert_snapshot!("pack-unreadable", desk.show(&["explain", "808", "--for", &text]));
}
