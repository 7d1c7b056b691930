//! Names of devices and customers in messages, and the queries that match no single device.

use std::collections::BTreeMap;

use partner_center_devices::raw::printable;
use partner_center_devices_fleet::inventory::{
    RegisteredDevice, UnresolvedQuery, UnresolvedReason,
};

use crate::ui::style::BOLD;
use crate::ui::text_layout::wrap;

/// Maximum number of devices that are named for one reason.
const MAX_NAMED: usize = 12;

/// Maximum number of similar devices that are named.
const MAX_CANDIDATES: usize = 5;

/// Returns the name of a device for people.
pub(super) fn name(device: &RegisteredDevice) -> String {
    match (&device.serial_number, &device.product_key, &device.id) {
        (Some(serial), _, _) => serial.clone(),
        (None, Some(key), _) => format!("key {key}"),
        (None, None, Some(id)) => format!("id {id}"),
        (None, None, None) => "unnamed device".to_owned(),
    }
}

/// Lists the queries that match no single device, grouped by reason, with similar devices.
pub(super) fn unresolved_queries(
    title: &str,
    unresolved: &[UnresolvedQuery],
    width: Option<u16>,
) -> String {
    let mut reasons: BTreeMap<&str, Vec<&UnresolvedQuery>> = BTreeMap::new();
    for one in unresolved {
        reasons.entry(&one.message).or_default().push(one);
    }
    let mut text = String::new();
    for (message, all) in reasons {
        let names: Vec<_> = all.iter().map(|one| one.query.to_string()).collect();
        text += &format!("{BOLD}{title}:{BOLD:#} {}\n", shortlist(&names));
        text += &wrap(message, width);
        for one in all.iter().take(MAX_NAMED).filter(|one| !one.devices.is_empty()) {
            // Devices that share a name are distinguished by their ids.
            let candidates = match one.reason {
                UnresolvedReason::NotFound => format!("{} is similar to", one.query),
                _ => format!("{} matches", one.query),
            };
            let with_id = one.reason != UnresolvedReason::NotFound;
            text +=
                &wrap(&format!("{candidates} {}", candidate_list(&one.devices, with_id)), width);
        }
    }
    text
}

/// Returns the first names, and the number of further ones.
pub(super) fn shortlist(names: &[String]) -> String {
    let (shown, rest) = names.split_at(names.len().min(MAX_NAMED));
    let more = if rest.is_empty() { String::new() } else { format!(", and {} more", rest.len()) };
    format!("{}{more}", printable::line(&shown.join(", ")))
}

/// Returns the first candidates in one line.
pub(super) fn candidate_list(devices: &[RegisteredDevice], with_id: bool) -> String {
    let one = |device: &RegisteredDevice| {
        let id = device.id.as_ref().filter(|_| with_id);
        let id = id.map(|id| format!(" (id {id})")).unwrap_or_default();
        format!("{} in '{}'{id}", name(device), device.batch)
    };
    let mut shown: Vec<_> = devices.iter().take(MAX_CANDIDATES).map(one).collect();
    if devices.len() > MAX_CANDIDATES {
        shown.push(format!("and {} more", devices.len() - MAX_CANDIDATES));
    }
    printable::line(&shown.join(", ")).into_owned()
}

/// Returns `this device` or `these 40 devices`.
pub(super) fn these(devices: usize) -> String {
    if devices == 1 { "this device".to_owned() } else { format!("these {devices} devices") }
}
