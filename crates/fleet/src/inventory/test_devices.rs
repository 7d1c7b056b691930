//! Registered devices for unit tests, written in short form.

use partner_center_devices::CustomerId;

use super::device::RegisteredDevice;
use super::listing::RegisteredDevices;

/// Builds a complete inventory from [`devices`].
pub(super) fn registered(lines: &[&str]) -> RegisteredDevices {
    let customer = CustomerId::new("c").expect("a valid id");
    RegisteredDevices { customer, devices: devices(lines), unlisted: Vec::new() }
}

/// Parses devices from lines of `batch id serial key policy`, with `-` for an absent value.
pub(super) fn devices(lines: &[&str]) -> Vec<RegisteredDevice> {
    let device = |line: &&str| {
        let mut words = line.split(' ').map(|word| (word != "-").then_some(word));
        let mut next = || words.next().flatten();
        let json = serde_json::json!({
            "batch": next(), "id": next(), "serialNumber": next(), "productKey": next(),
            "policyId": next(),
        });
        serde_json::from_value(json).expect("a registered device")
    };
    lines.iter().map(device).collect()
}
