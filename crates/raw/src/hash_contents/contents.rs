//! The values in a hardware hash, with their own memory.

use uuid::Uuid;

use crate::hardware_hash::HardwareHash;
use crate::hash_contents::parsed::ParsedHash;
use crate::hash_contents::problem::{HashProblem, InvalidHash};
use crate::hash_contents::repair_field::RepairField;
use crate::hash_contents::tool_build::ToolBuild;
use crate::hash_contents::tpm::TpmReadiness;

/// The values in a hardware hash, as far as they can be decoded. Microsoft does not document the layout.
///
/// `Debug` shows these values but no other part of the hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HashContents {
    serial_number: Option<Box<str>>,
    manufacturer: Option<Box<str>>,
    model: Option<Box<str>>,
    product_key: Option<Box<str>>,
    smbios_uuid: Option<Uuid>,
    tool_build: Option<ToolBuild>,
    tpm_version: Option<Box<str>>,
    tpm: TpmReadiness,
    missing_repair_fields: Vec<RepairField>,
    problems: Vec<HashProblem>,
}

impl HashContents {
    /// Decodes a hash. Deviations from the known layout are in [`problems`](Self::problems).
    ///
    /// # Errors
    /// Fails if the hash is not valid base64.
    pub fn decode(hash: &HardwareHash) -> Result<Self, InvalidHash> {
        let mut bytes = Vec::new();
        let parsed = ParsedHash::parse(hash, &mut bytes)?;
        let text = |text: Option<&[u8]>| text.map(|text| String::from_utf8_lossy(text).into());
        Ok(Self {
            serial_number: text(parsed.serial_number),
            manufacturer: text(parsed.manufacturer),
            model: text(parsed.model),
            product_key: text(parsed.product_key),
            smbios_uuid: parsed.smbios_uuid,
            tool_build: parsed.tool_build,
            tpm_version: text(parsed.tpm_version),
            tpm: parsed.tpm(),
            missing_repair_fields: parsed.missing_repair_fields().collect(),
            problems: parsed.problems,
        })
    }

    /// Returns the serial number from SMBIOS.
    #[must_use]
    pub fn serial_number(&self) -> Option<&str> {
        self.serial_number.as_deref()
    }

    /// Returns the manufacturer from SMBIOS.
    #[must_use]
    pub fn manufacturer(&self) -> Option<&str> {
        self.manufacturer.as_deref()
    }

    /// Returns the model from SMBIOS, where it is called the product name.
    #[must_use]
    pub fn model(&self) -> Option<&str> {
        self.model.as_deref()
    }

    /// Returns the id (PKID) of the product key in the firmware.
    #[must_use]
    pub fn product_key(&self) -> Option<&str> {
        self.product_key.as_deref()
    }

    /// Returns the UUID from SMBIOS.
    #[must_use]
    pub fn smbios_uuid(&self) -> Option<Uuid> {
        self.smbios_uuid
    }

    /// Returns the version of the tool that made the hash, such as `10.0.22621.0`.
    #[must_use]
    pub fn tool_build(&self) -> Option<ToolBuild> {
        self.tool_build
    }

    /// Returns the version of the TPM, in the words of its manufacturer. Inferred.
    #[must_use]
    pub fn tpm_version(&self) -> Option<&str> {
        self.tpm_version.as_deref()
    }

    /// Returns the suitability of the TPM for the modes of Autopilot that need one. Inferred.
    #[must_use]
    pub fn tpm(&self) -> TpmReadiness {
        self.tpm
    }

    /// Returns the fields that a hash needs after a repair and that this one does not contain. Only meaningful if the
    /// checksum is valid. The absence of a field other than serial number, manufacturer, model, UUID and product key is
    /// inferred.
    #[must_use]
    pub fn missing_repair_fields(&self) -> &[RepairField] {
        &self.missing_repair_fields
    }

    /// Returns true if the checksum is present and correct, so that the values are the ones read on the device. The
    /// padding may still be wrong.
    #[must_use]
    pub fn has_valid_checksum(&self) -> bool {
        HashProblem::allow_valid_checksum(&self.problems)
    }

    /// Returns the deviations from the known layout, in the order of the bytes.
    #[must_use]
    pub fn problems(&self) -> &[HashProblem] {
        &self.problems
    }
}

#[cfg(test)]
mod tests {
    use partner_center_devices_testkit::hash::{HashBuilder, encode};
    use proptest::prelude::*;

    use super::*;
    use crate::hash_contents::parsed::{SIZE, u16_at};

    /// Builds the bytes of a hash with these records.
    fn bytes(records: &[(u16, &[u8])]) -> Vec<u8> {
        let add = |hash: HashBuilder, (kind, data): &(u16, &[u8])| hash.record(*kind, data);
        records.iter().fold(HashBuilder::new(), add).bytes()
    }

    fn decode(bytes: &[u8]) -> HashContents {
        HashContents::decode(&HardwareHash::new(encode(bytes))).unwrap()
    }

    const GOOD: [(u16, &[u8]); 6] = [
        (1, &[0, 0, 10, 0, 0, 0, 0x5D, 0x58, 1, 2]),
        (12, &[0x33, 0x22, 0x11, 0, 0x55, 0x44, 0x77, 0x66, 0x88, 0x99, 10, 11, 12, 13, 14, 15]),
        (14, b"4PX12X3 \0rest"),
        (16, b"Dell Inc.\0"),
        (17, b"Latitude 5450"),
        (24, b"3305000000001\0"),
    ];

    #[test]
    fn decodes_all_values_of_a_valid_hash() {
        insta::assert_debug_snapshot!(decode(&bytes(&GOOD)));
    }

    #[test]
    fn fields_for_a_repair_are_found_in_their_records() {
        use RepairField::*;
        let os = [&[0; 16][..], &[2, 9, 3]].concat();
        let adapter = [&[14, 0, 0, 0][..], &[2, 0, 0, 0, 0, 1], &[0, 0]].concat();
        let records: [(RepairField, u16, &[u8]); 9] = [
            (DiskSerialNumber, 7, b"0025_38D1\0"),
            (SerialNumber, 14, b"4PX12X3"),
            (Manufacturer, 16, b"Dell Inc."),
            (Model, 17, b"Latitude 5450"),
            (SmbiosUuid, 12, &[7; 16]),
            (TpmKey, 25, &[5; 256]),
            (MacAddress, 8, &adapter),
            (ProductKey, 24, b"3305000000001"),
            (OsType, 1, &os),
        ];
        let missing = |records: &[(u16, &[u8])]| decode(&bytes(records)).missing_repair_fields;
        assert_eq!(missing(&[]), RepairField::ALL);
        assert_eq!(missing(&records.map(|(_, kind, data)| (kind, data))), []);
        for (field, ..) in records {
            let others: Vec<_> = records.iter().filter(|(other, ..)| *other != field).collect();
            let others: Vec<_> = others.iter().map(|(_, kind, data)| (*kind, *data)).collect();
            assert_eq!(missing(&others), [field]);
        }
        // Records without a value.
        let empty: [(u16, &[u8]); 6] = [
            (7, b" \0x"),
            (8, &[6; 4]),
            (8, &[0; 12]),
            (25, &[0; 256]),
            (25, &[5; 8]),
            (1, &[1; 18]),
        ];
        assert_eq!(missing(&empty), RepairField::ALL);
    }

    #[test]
    fn tpm_is_known_only_if_the_checksum_is_valid() {
        let records: [(u16, &[u8]); 2] = [(13, b"INTC 2.0 600.18"), (25, &[5; 256])];
        let good = bytes(&records);
        assert_eq!(decode(&good).tpm(), TpmReadiness::Ready);
        assert_eq!(decode(&good).tpm_version(), Some("INTC 2.0 600.18"));
        assert_eq!(decode(&good[..2900]).tpm(), TpmReadiness::Ready); // only padding is missing
        let mut changed = good;
        changed[10] ^= 1;
        assert_eq!(decode(&changed).tpm(), TpmReadiness::Unknown);
    }

    #[test]
    fn reports_each_deviation_from_the_layout() {
        use HashProblem::*;
        let good = bytes(&GOOD);
        let end = usize::from(u16_at(&good, 2).unwrap());
        let change = |at: usize, byte: u8| {
            let mut bytes = good.clone();
            bytes[at] = byte;
            bytes
        };
        for (case, bytes, problems) in [
            ("good", good.clone(), &[][..]),
            ("empty", vec![], &[MissingPrefix]),
            ("different prefix", change(0, b'P'), &[MissingPrefix]),
            ("only a prefix", b"OA".to_vec(), &[Truncated]),
            ("only a header", good[..4].to_vec(), &[Truncated]),
            ("truncated in the records", good[..60].to_vec(), &[Truncated]),
            ("truncated before the checksum", good[..end].to_vec(), &[Truncated]),
            ("truncated in the checksum", good[..end + 35].to_vec(), &[Truncated]),
            ("truncated after the checksum", good[..end + 36].to_vec(), &[UnusualSize(end + 36)]),
            ("truncated by a character", good[..2997].to_vec(), &[UnusualSize(2997)]),
            ("too long", [&good[..], &[0; 72]].concat(), &[UnusualSize(3072)]),
            ("record length 0", change(6, 0), &[InvalidRecord]),
            ("record length 3", change(6, 3), &[InvalidRecord]),
            ("record length beyond the end", change(7, 1), &[InvalidRecord]),
            ("checksum position in a record", change(2, good[2] - 1), &[InvalidRecord]),
            (
                "checksum position in the header",
                [b"OA\x02\0", &good[4..]].concat(),
                &[InvalidRecord],
            ),
            ("changed letter", change(end - 3, b'7'), &[ChecksumMismatch]),
            ("changed checksum", change(end + 4, !good[end + 4]), &[ChecksumMismatch]),
            ("no checksum", change(end, b'X'), &[MissingChecksum]),
            ("trailing data", change(2999, 1), &[TrailingData]),
            (
                "several problems",
                [&change(end - 3, b'7')[..], &[1]].concat(),
                &[ChecksumMismatch, TrailingData, UnusualSize(3001)],
            ),
        ] {
            assert_eq!(decode(&bytes).problems(), problems, "{case}");
        }
        // Values before the damage are kept.
        assert_eq!(decode(&change(end - 3, b'7')).serial_number(), Some("4PX12X3"));
        assert_eq!(decode(&good[..60]).serial_number(), None);
    }

    #[test]
    fn sample_hashes_are_valid() {
        let csv = include_str!("../../../../samples/contoso-fleet.csv");
        let rows: Vec<Vec<&str>> =
            csv.lines().skip(1).map(|row| row.split(',').collect()).collect();
        let rows: Vec<_> = rows.iter().filter(|row| !row[2].is_empty()).collect();
        assert_eq!(rows.len(), 32);
        for row in rows {
            let contents = HashContents::decode(&HardwareHash::new(row[2])).unwrap();
            assert_eq!(contents.problems(), []);
            assert_eq!(contents.serial_number(), Some(row[0]));
            assert_eq!((contents.manufacturer(), contents.model()), (Some(row[3]), Some(row[4])));
            assert!(row[1].is_empty() || contents.product_key() == Some(row[1]));
            assert_eq!(contents.smbios_uuid().unwrap().get_version_num(), 4);
            assert_eq!(contents.tool_build().unwrap().to_string(), "10.0.22621.0");
        }
    }

    #[test]
    fn error_for_invalid_base64_does_not_show_the_text() {
        for (text, message) in [
            (
                "T0E",
                "the hardware hash is truncated or changed: its 3 characters are not valid base64",
            ),
            (
                "T0E=T0E=",
                "the hardware hash is truncated or changed: its 8 characters are not valid base64",
            ),
            ("T0-_", "character 3 of the hardware hash is not a base64 character"),
            ("T0 -_", "character 4 of the hardware hash is not a base64 character"),
            ("T0 E=", "the hardware hash contains a space or line break"),
            ("T0\r\n E=", "the hardware hash contains 3 spaces or line breaks"),
            ("TÖ==", "character 2 of the hardware hash is not a base64 character"),
        ] {
            let invalid = HashContents::decode(&HardwareHash::new(text)).unwrap_err();
            assert_eq!(invalid.to_string(), message);
        }
    }

    proptest! {
        #[test]
        fn decodes_any_records(
            records in prop::collection::vec((0..30_u16, prop::collection::vec(any::<u8>(), 0..40)), 0..20),
        ) {
            let borrowed: Vec<_> = records.iter().map(|(kind, data)| (*kind, &data[..])).collect();
            let contents = decode(&bytes(&borrowed));
            prop_assert_eq!(contents.problems(), []);
            let text = |kind: u16| {
                records.iter().filter(|(other, _)| *other == kind).find_map(|(_, data)| {
                    let text = data.split(|byte| *byte == 0).next().unwrap().trim_ascii();
                    (!text.is_empty()).then(|| String::from_utf8_lossy(text).into_owned())
                })
            };
            let expected = [text(14), text(16), text(17), text(24), text(13)];
            let values =
                [&contents.serial_number, &contents.manufacturer, &contents.model, &contents.product_key, &contents.tpm_version];
            prop_assert_eq!(values.map(|value| value.as_deref().map(str::to_owned)), expected);
        }

        #[test]
        fn decodes_any_bytes_without_panic(
            noise in prop::collection::vec(any::<u8>(), 0..80),
            head in 0..5_usize,
        ) {
            let head: &[u8] = [&b""[..], b"OA", b"OA\x20\0", b"OA\x08\0\x0E\0\x04\0", b"OA\x04\0CS\x24\0"][head];
            let contents = decode(&[head, &noise].concat());
            prop_assert!(!contents.problems().is_empty());
        }

        #[test]
        fn reports_any_changed_bit(at in 0..SIZE, bit in 0..8_u32) {
            let mut bytes = bytes(&GOOD);
            bytes[at] ^= 1 << bit;
            prop_assert!(!decode(&bytes).problems().is_empty(), "{at}");
        }
    }
}
