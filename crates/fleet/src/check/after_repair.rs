//! The rules for devices whose motherboard was replaced.
//!
//! Microsoft's documents say that only a new hardware hash registers such a device
//! (<https://learn.microsoft.com/en-us/autopilot/autopilot-motherboard-replacement>), and that a hash must contain
//! manufacturer and serial number (<https://learn.microsoft.com/en-us/autopilot/add-devices>). A hash without them is an
//! error if its checksum proves that it is complete. The other fields that the documents list are inferred from
//! undocumented records, so their absence is only a warning.

use partner_center_devices::raw::hash_contents::{ParsedHash, RepairField};
use partner_center_devices::{DeviceIdentity, DeviceKind};

use crate::check::rule::Rule;

/// Checks a device that would be sent. Returns the rule and the message of each problem. Decodes its hardware hash into
/// `buffer`.
pub(super) fn repair_problems(
    device: &DeviceIdentity,
    buffer: &mut Vec<u8>,
) -> Vec<(Rule, String)> {
    let Some(hash) = device.hardware_hash() else {
        let sent = match device.kind() {
            DeviceKind::ProductKey => "the product key",
            _ => "serial number, manufacturer and model",
        };
        let message = format!(
            "{sent} cannot identify a device whose motherboard was replaced, but the row has nothing else to send"
        );
        return vec![(Rule::RepairWithoutHash, message)];
    };
    let parsed = ParsedHash::parse(hash, buffer).ok().filter(ParsedHash::has_valid_checksum);
    let Some(parsed) = parsed else {
        let message = "the fields of the hardware hash cannot be checked, because it is damaged or has an unknown layout";
        return vec![(Rule::RepairFieldMissing, message.to_owned())];
    };
    let (required, others): (Vec<_>, Vec<_>) = parsed
        .missing_repair_fields()
        .partition(|field| matches!(field, RepairField::SerialNumber | RepairField::Manufacturer));
    [(Rule::RepairHashIncomplete, required), (Rule::RepairFieldMissing, others)]
        .into_iter()
        .filter(|(_, missing)| !missing.is_empty())
        .map(|(rule, missing)| {
            let names: Vec<_> = missing.iter().map(ToString::to_string).collect();
            (rule, format!("the hardware hash does not contain {}", names.join(", ")))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use partner_center_devices_testkit::hash::{HashBuilder, encode};

    use super::*;

    fn full() -> HashBuilder {
        HashBuilder::of_device("S1", "Dell Inc.", "X")
            .text(7, "0025_38D1")
            .record(12, &[7; 16])
            .record(25, &[5; 256])
            .record(8, &[2; 12])
            .text(24, "3305000000001")
            .record(1, &[2; 24])
    }

    #[test]
    fn only_a_complete_hash_registers_a_repaired_device() {
        let hash = |hash: &HashBuilder| DeviceIdentity::from_hash(hash.encode()).unwrap();
        let key = DeviceIdentity::from_product_key("3305000000001").unwrap();
        let model = DeviceIdentity::from_model("S1", "Dell Inc.", "X").unwrap();
        let mut changed = full().bytes();
        changed[9] ^= 1;
        let changed = DeviceIdentity::from_hash(encode(&changed)).unwrap();
        for (device, expected) in [
            (hash(&full()), &[][..]),
            (
                key,
                &[
                    "repair-without-hash: the product key cannot identify a device whose motherboard was replaced, but the row has nothing else to send",
                ],
            ),
            (
                model,
                &[
                    "repair-without-hash: serial number, manufacturer and model cannot identify a device whose motherboard was replaced, but the row has nothing else to send",
                ],
            ),
            (
                hash(&HashBuilder::of_device("S1", "Dell Inc.", "X")),
                &[
                    "repair-field-missing: the hardware hash does not contain DiskSerialNumber, SmbiosUuid, TPM EKPub, MacAddress, ProductKeyID, OSType",
                ],
            ),
            (
                hash(&HashBuilder::new().text(17, "X")),
                &[
                    "repair-hash-incomplete: the hardware hash does not contain SmbiosSystemSerialNumber, SmbiosSystemManufacturer",
                    "repair-field-missing: the hardware hash does not contain DiskSerialNumber, SmbiosUuid, TPM EKPub, MacAddress, ProductKeyID, OSType",
                ],
            ),
            (
                changed,
                &[
                    "repair-field-missing: the fields of the hardware hash cannot be checked, because it is damaged or has an unknown layout",
                ],
            ),
        ] {
            let found: Vec<_> = repair_problems(&device, &mut Vec::new())
                .into_iter()
                .map(|(rule, message)| format!("{rule}: {message}"))
                .collect();
            assert_eq!(found, expected, "{:?}", device.kind());
        }
    }
}
