//! The form of a product key that identifies a device.

/// Returns true for a number of 13 digits, the form of a product key id (PKID)
/// (<https://oofhours.com/2020/01/29/windows-autopilot-device-registration-options-for-partners-using-the-tuple/>).
///
/// Despite its name, the field `productKey` contains this id, not the license key that activates Windows.
#[must_use]
pub fn is_product_key_id(text: impl AsRef<[u8]>) -> bool {
    let text = text.as_ref();
    text.len() == 13 && text.iter().all(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_product_key_id_has_13_digits() {
        for (text, expected) in [
            ("3305000000001", true),
            ("0330500000001", true),
            (" 3305000000001", false),
            ("330500000001", false),
            ("33050000000011", false),
            ("00329-00000-0003-AA606", false),
            ("00330-80000-00000-AA123", false),
            ("330500000000O", false),
            ("\u{663}\u{663}\u{660}\u{665}\u{660}\u{660}0", false), // 13 bytes
            ("", false),
        ] {
            assert_eq!(is_product_key_id(text), expected, "{text}");
        }
    }
}
