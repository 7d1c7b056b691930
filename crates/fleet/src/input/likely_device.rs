//! Recognizes values of devices in files that are not known to be lists of devices.

use partner_center_devices::raw::is_product_key_id;

use super::cell::trim;

/// Returns true if a cell may be a hardware hash, a product key or a serial number. Used to refuse a part of a file instead
/// of skipping it, so it may be wrong about some other numbers.
pub(super) fn may_be_of_device(cell: &[u8]) -> bool {
    let cell = trim(cell);
    is_hash(cell) || is_product_key_id(cell) || may_be_serial(cell)
}

/// Returns true if a text has a hardware hash or a product key between any signs.
pub(super) fn has_hash_or_key(text: &str) -> bool {
    let is_inside = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=');
    text.split(|c| !is_inside(c)).any(|word| is_hash(word.as_bytes()) || is_product_key_id(word))
}

fn is_hash(cell: &[u8]) -> bool {
    cell.len() > 500
        && cell.iter().all(|byte| byte.is_ascii_alphanumeric() || b"+/=\r\n ".contains(byte))
}

/// Returns true for 6 to 24 capital letters, digits and hyphens, with at least one letter and one digit.
fn may_be_serial(cell: &[u8]) -> bool {
    (6..=24).contains(&cell.len())
        && cell
            .iter()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'-')
        && cell.iter().any(u8::is_ascii_uppercase)
        && cell.iter().any(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_devices_are_recognized() {
        let hash = "T0HzAQEAHAAAAAoA".repeat(32);
        for (cell, expected) in [
            (hash.as_str(), true),
            (" 3305000000001", true),
            ("5CG1234ABC", true),
            ("PF-3ABCDE", true),
            ("", false),
            ("Latitude 5450", false),
            ("TOTAL", false),
            ("123456", false),
            ("2025-01-31", false),
            ("readme1", false),
            ("A1", false),
        ] {
            assert_eq!(may_be_of_device(cell.as_bytes()), expected, "{cell}");
        }
        assert!(has_hash_or_key(&format!("<td>{hash}</td>")));
        assert!(has_hash_or_key("key 3305000000001.") && !has_hash_or_key("<td>5CG1234ABC</td>"));
    }
}
