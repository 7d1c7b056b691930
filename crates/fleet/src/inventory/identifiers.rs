//! Normalized identifiers: device ids, serial numbers and product keys that compare equal without case and whitespace.

/// The number of identifiers a device can have: device id, serial number and product key.
pub(super) const IDENTIFIERS: usize = 3;

/// Returns an identifier in lowercase without whitespace; `None` if it is empty.
pub(super) fn normalized(identifier: Option<&str>) -> Option<String> {
    let visible = identifier?.chars().filter(|c| !c.is_whitespace());
    let normalized: String = visible.flat_map(char::to_lowercase).collect();
    Some(normalized).filter(|text| !text.is_empty())
}

/// Returns a form that common typing errors leave unchanged: spreadsheets drop leading zeros, and O looks like 0.
pub(super) fn typo_tolerant(normalized: &str) -> String {
    normalized.replace('o', "0").trim_start_matches('0').to_owned()
}
