//! Well-formed hardware hashes for the tests of tables.

use partner_center_devices_testkit::hash::HashBuilder;

/// Builds a hash with these texts inside. Empty ones are left out.
pub(crate) fn hash_of(serial: &str, manufacturer: &str, model: &str, product_key: &str) -> String {
    HashBuilder::of_device(serial, manufacturer, model).text(24, product_key).encode()
}

/// Replaces `<1>` to `<9>` by different hashes that contain no serial number and no names.
pub(crate) fn with_hashes(text: &str) -> String {
    (1..=9_u8).fold(text.to_owned(), |text, number| {
        let place = format!("<{number}>");
        if text.contains(&place) {
            text.replace(&place, &HashBuilder::new().record(12, &[number; 16]).encode())
        } else {
            text
        }
    })
}
