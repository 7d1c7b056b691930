//! Blocking calls: upload, wait, list, and an error; and the error within async code.
#![allow(clippy::unwrap_used)]

use partner_center_devices::{
    AuditQuery, BatchId, Client, Customer, CustomerId, DeviceIdentity, DeviceOutcome, ErrorKind,
    PolicyId, Wait,
};
use partner_center_devices_emulator::Emulator;

fn customer() -> Customer {
    let client = Client::builder()
        .in_process(Emulator::builder().page_size(2).in_process())
        .build()
        .unwrap();
    client.customer(CustomerId::new("47021739-3426-40bf-9601-61b4b6d7c793").unwrap())
}

#[test]
fn uploads_waits_and_lists_without_async() {
    let customer = customer();
    let batch = BatchId::new("Contoso").unwrap();
    let devices =
        (0..5).map(|n| DeviceIdentity::from_product_key(format!("330612345678{n}")).unwrap());
    let job = customer.device_batches().create(batch.clone(), devices).blocking().unwrap();
    let end = job.blocking(Wait::default()).unwrap();
    assert!(end.devices().iter().all(|device| device.outcome() == DeviceOutcome::Succeeded));

    let listed: Result<Vec<_>, _> =
        customer.device_batch(batch).devices().list().blocking().collect();
    assert_eq!(listed.unwrap().len(), 5, "three pages");

    let error = customer.policy(PolicyId::new("none").unwrap()).get().blocking().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
}

#[test]
fn reads_audit_records_without_async() {
    let service = |_: http::Request<bytes::Bytes>| {
        http::Response::new(bytes::Bytes::from_static(br#"{"items":[{"id":"r"}]}"#))
    };
    let client = Client::builder().in_process(service).build().unwrap();
    let records = client.audit_records(AuditQuery::new()).blocking().unwrap();
    assert_eq!(records[0].id(), Some("r"));
}

#[tokio::test]
async fn blocking_in_async_code_is_an_error() {
    let customer = customer();
    let error = customer.policy(PolicyId::new("p").unwrap()).get().blocking().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Input);
    assert!(error.to_string().contains("await it instead"), "{error}");
    let mut policies = customer.policies().list().blocking();
    assert!(policies.next().unwrap().is_err() && policies.next().is_none());
}
