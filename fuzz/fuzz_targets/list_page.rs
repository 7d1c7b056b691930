//! The body of a list of devices, batches, policies, customers or audit records: each form of a list has the same elements,
//! and the continuation survives a round trip through text.
#![no_main]

use std::fmt::Debug;

use libfuzzer_sys::fuzz_target;
use partner_center_devices::raw::types::{self as wire, Collection};
use partner_center_devices::{
    AuditRecord, ConfigurationPolicy, Continuation, CustomerDetails, Device, DeviceBatch, fuzzing,
};
use partner_center_devices_fuzz::decoded;
use serde::Serialize;
use serde::de::DeserializeOwned;

fuzz_target!(|body: &[u8]| {
    for device in page::<wire::Device, Device>(body) {
        let _ = (device.id(), device.policy_id(), device.uploaded());
        if let Some(hash) = &device.as_raw().hardware_hash {
            assert!(format!("{hash} {hash:?}").chars().count() < 100);
        }
    }
    for batch in page::<wire::DeviceBatch, DeviceBatch>(body) {
        let _ = (batch.devices_count(), batch.created());
    }
    for policy in page::<wire::ConfigurationPolicy, ConfigurationPolicy>(body) {
        let _ = (policy.settings(), policy.created(), policy.last_modified());
    }
    for customer in page::<wire::Customer, CustomerDetails>(body) {
        let _ = (customer.id(), customer.name(), customer.has_delegated_values());
    }
    for record in page::<wire::AuditRecord, AuditRecord>(body) {
        let _ = (record.customer_id(), record.date(), record.details().count());
        if let Some(value) = &record.as_raw().resource_new_value {
            assert!(format!("{value} {value:?}").chars().count() < 100);
        }
    }
});

fn page<W, V>(body: &[u8]) -> Vec<V>
where
    W: DeserializeOwned + Serialize + PartialEq + Debug + Clone,
    V: From<W> + Serialize,
{
    let Some(list) = decoded::<Collection<W>>(body) else { return Vec::new() };

    let bare = serde_json::to_vec(&list.items).unwrap();
    let bare = fuzzing::decode::<Collection<W>>(&bare).expect("a bare array is a list");
    assert_eq!(bare.items, list.items);

    let token = list.continuation_token.as_deref().unwrap_or_default();
    let link = list.links.as_ref().and_then(|links| links.next.as_ref());
    match fuzzing::continuation(&list) {
        Ok(Some(place)) => {
            assert!(!token.is_empty() || link.is_some());
            let kept = place.to_string();
            assert!(!kept.is_empty() && !kept.contains(char::is_control), "{kept:?}");
            assert_eq!(kept.parse::<Continuation>(), Ok(place));
        }
        Ok(None) => assert!(token.is_empty()),
        Err(_) => assert!(!token.is_empty() || link.is_some()),
    }

    let views = list.items.iter().cloned().map(V::from);
    let views: Vec<V> = views.collect();
    assert_eq!(serde_json::to_value(&views).unwrap(), serde_json::to_value(&list.items).unwrap());
    views
}
