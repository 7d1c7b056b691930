//! Fingerprints and sizes of devices as they are sent. A journal recognizes a device by its fingerprint, so its
//! bytes must never change: a snapshot test pins them.

use std::fmt;

use partner_center_devices::DeviceIdentity;
use sha2::{Digest, Sha256};

/// Identifies a device, or the devices of a request, across runs and machines.
///
/// Two fingerprints are equal if the same values are sent in the same order. A fingerprint covers every value that is
/// sent and does not reveal them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint([u8; 16]);

impl Fingerprint {
    /// Computes the fingerprint of one device.
    #[must_use]
    pub fn of(device: &DeviceIdentity) -> Self {
        let mut sha = Sha256::new_with_prefix(b"device");
        for (name, value) in sent_fields(device) {
            // Lengths are hashed too, so adjacent values cannot be confused.
            sha.update((name.len() as u64).to_le_bytes());
            sha.update(name);
            sha.update((value.len() as u64).to_le_bytes());
            sha.update(value);
        }
        Self::truncate(sha)
    }

    /// Computes the fingerprint of a request from those of its devices, in order.
    #[must_use]
    pub fn of_chunk(devices: impl IntoIterator<Item = Self>) -> Self {
        let mut sha = Sha256::new_with_prefix(b"chunk");
        devices.into_iter().for_each(|device| sha.update(device.0));
        Self::truncate(sha)
    }

    pub(crate) fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    fn truncate(sha: Sha256) -> Self {
        let whole: [u8; 32] = sha.finalize().into();
        let mut first = [0; 16];
        first.copy_from_slice(&whole[..16]);
        Self(first)
    }
}

/// 32 hexadecimal digits.
impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", u128::from_be_bytes(self.0))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The fingerprint and size of a device. Computed once, because hardware hashes are long.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Measure {
    pub(crate) fingerprint: Fingerprint,
    /// Bytes of the device in a request body.
    pub(crate) length: usize,
}

impl Measure {
    pub(crate) fn of(device: &DeviceIdentity) -> Self {
        Self { fingerprint: Fingerprint::of(device), length: json_length(device) }
    }
}

/// Returns the length of a device as the compact JSON that the client sends.
pub(crate) fn json_length(device: &DeviceIdentity) -> usize {
    let fields = sent_fields(device)
        .map(|(name, value)| r#""":,"#.len() + name.len() + json_text_length(value));
    // Two braces, and one comma less than fields.
    1 + fields.sum::<usize>()
}

/// Returns the length of a text as a JSON string, with escapes for quotes, backslashes and control characters.
pub(crate) fn json_text_length(text: &str) -> usize {
    let escape = |byte: u8| match byte {
        b'"' | b'\\' | b'\x08' | b'\t' | b'\n' | b'\x0C' | b'\r' => 1,
        0..0x20 => r"\u0000".len() - 1,
        _ => 0,
    };
    // Hashes have thousands of bytes and never need an escape, so this scan has no branch per byte. One comparison covers
    // control characters and quotes; the space and the exclamation mark among them have no escape.
    let may_need_escapes =
        text.bytes().fold(false, |any, byte| any | (byte <= b'"') | (byte == b'\\'));
    let escapes = if may_need_escapes { text.bytes().map(escape).sum::<usize>() } else { 0 };
    2 + text.len() + escapes
}

/// Returns the values that are sent for a device, under their names in the API.
fn sent_fields(device: &DeviceIdentity) -> impl Iterator<Item = (&'static str, &str)> {
    let fields = [
        ("hardwareHash", device.hardware_hash().map(|hash| hash.expose())),
        ("modelName", device.model()),
        ("oemManufacturerName", device.manufacturer()),
        ("productKey", device.product_key()),
        ("serialNumber", device.serial_number()),
    ];
    fields.into_iter().filter_map(|(name, value)| Some((name, value?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(number: usize) -> DeviceIdentity {
        DeviceIdentity::from_product_key(format!("{number:013}")).unwrap()
    }

    /// Journals of earlier versions contain these bytes.
    #[test]
    fn fingerprints_do_not_change_between_versions() {
        let model = DeviceIdentity::from_model("4PX12X3", "Dell Inc.", "Latitude 5450").unwrap();
        let hash = DeviceIdentity::from_hash("T0E=").unwrap().with_serial_number("S1").unwrap();
        let prints = [&model, &hash, &key(1)].map(Fingerprint::of);
        insta::assert_debug_snapshot!((prints, Fingerprint::of_chunk(prints)));
    }

    #[test]
    fn a_fingerprint_covers_every_value_that_is_sent() {
        let hash = |hash: &str| DeviceIdentity::from_hash(hash).unwrap();
        let different = [
            hash("T0E="),
            hash("T0F="),
            hash("T0E=").with_serial_number("1").unwrap(),
            hash("T0E=").with_serial_number("2").unwrap(),
            hash("T0E=").with_product_key("1").unwrap(),
            DeviceIdentity::from_product_key("1").unwrap(),
            DeviceIdentity::from_model("1", "2", "3").unwrap(),
            DeviceIdentity::from_model("12", "3", "3").unwrap(),
            DeviceIdentity::from_model("1", "3", "2").unwrap(),
            DeviceIdentity::from_model("1", "2", "33").unwrap(),
        ];
        let prints: std::collections::HashSet<_> = different.iter().map(Fingerprint::of).collect();
        assert_eq!(prints.len(), different.len());
        let [first, second] = [&different[0], &different[1]].map(Fingerprint::of);
        assert_ne!(Fingerprint::of_chunk([first, second]), Fingerprint::of_chunk([second, first]));
        assert_ne!(Fingerprint::of_chunk([first]), first);
        assert_eq!(Fingerprint(*first.as_bytes()), first);
    }
}
