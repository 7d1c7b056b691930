//! Decodes hardware hashes and checks their layout.
//!
//! Microsoft does not document the layout. It is known from programs that make hashes which the service accepts
//! (<https://github.com/tadvaas/tscrub>) and from programs that read them
//! (<https://github.com/okieselbach/SyncMLViewer>):
//!
//! - `OA`, then the number of bytes before the checksum;
//! - records: type, length including these four bytes, data;
//! - `CS`, then 36, then the SHA-256 of everything before `CS`;
//! - zeros up to 3,000 bytes, which are 4,000 characters of base64.
//!
//! Numbers have 16 bits and are little-endian. Because the layout is not official, a deviation is only a warning.

use std::fmt;
use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::GeneralPurposeConfig;
use partner_center_devices::HardwareHash;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The values in a hardware hash, as far as they can be decoded. Microsoft does not document the layout.
///
/// `Debug` shows these values but no other part of the hash.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HashContents {
    serial_number: Option<Box<str>>,
    manufacturer: Option<Box<str>>,
    model: Option<Box<str>>,
    product_key: Option<Box<str>>,
    smbios_uuid: Option<Uuid>,
    tool_build: Option<ToolBuild>,
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

    /// Returns true if the checksum is present and correct, so that the values are the ones read on the device. The
    /// padding may still be wrong.
    #[must_use]
    pub fn has_valid_checksum(&self) -> bool {
        let is_padding = |problem: &HashProblem| {
            matches!(problem, HashProblem::TrailingData | HashProblem::UnusualSize(_))
        };
        self.problems.iter().all(is_padding)
    }

    /// Returns the deviations from the known layout, in the order of the bytes.
    #[must_use]
    pub fn problems(&self) -> &[HashProblem] {
        &self.problems
    }
}

/// A version number with four parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ToolBuild {
    /// The first part.
    pub major: u16,
    /// The second part.
    pub minor: u16,
    /// The third part.
    pub build: u16,
    /// The fourth part.
    pub revision: u16,
}

impl fmt::Display for ToolBuild {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { major, minor, build, revision } = self;
        write!(f, "{major}.{minor}.{build}.{revision}")
    }
}

/// A deviation of a hardware hash from the known layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum HashProblem {
    /// The hash does not start with `OA`. No value can be decoded.
    MissingPrefix,
    /// The hash ends before its records or its checksum do.
    Truncated,
    /// A record is shorter than its header or longer than the remaining bytes.
    InvalidRecord,
    /// The records are not followed by a checksum.
    MissingChecksum,
    /// The checksum does not match the records.
    ChecksumMismatch,
    /// The checksum is followed by bytes other than zeros.
    TrailingData,
    /// The hash has this number of bytes instead of 3,000.
    UnusualSize(usize),
}

impl fmt::Display for HashProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::MissingPrefix => "the hardware hash does not start like a hardware hash",
            Self::Truncated => "the hardware hash is truncated",
            Self::InvalidRecord => "the hardware hash is damaged: a record has an invalid length",
            Self::MissingChecksum => "the hardware hash has no checksum after its records",
            Self::ChecksumMismatch => "the hardware hash was changed: its checksum does not match",
            Self::TrailingData => "the hardware hash has extra data after its end",
            Self::UnusualSize(bytes) => {
                return write!(f, "the hardware hash has {bytes} bytes instead of the usual 3000");
            }
        })
    }
}

/// The error for a hardware hash that is not valid base64. Shows the length and the position of the problem, never the
/// text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidHash {
    length: usize,
    problem: Base64Problem,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Base64Problem {
    /// This number of spaces or line breaks.
    Spaces(usize),
    /// A character outside the alphabet at this position, counted from 1.
    Character(usize),
    /// A wrong length or wrong padding.
    Length,
}

impl InvalidHash {
    fn of(text: &str) -> Self {
        let is_base64 = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=');
        let spaces = text.chars().filter(|c| c.is_whitespace()).count();
        let invalid = text.chars().position(|c| !is_base64(c) && !c.is_whitespace());
        let problem = match (invalid, spaces) {
            (Some(position), _) => Base64Problem::Character(position + 1),
            (None, 0) => Base64Problem::Length,
            (None, spaces) => Base64Problem::Spaces(spaces),
        };
        Self { length: text.chars().count(), problem }
    }
}

impl fmt::Display for InvalidHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.problem {
            Base64Problem::Spaces(1) => {
                f.write_str("the hardware hash contains a space or line break")
            }
            Base64Problem::Spaces(spaces) => {
                write!(f, "the hardware hash contains {spaces} spaces or line breaks")
            }
            Base64Problem::Character(position) => {
                write!(f, "character {position} of the hardware hash is not a base64 character")
            }
            Base64Problem::Length => write!(
                f,
                "the hardware hash is truncated or changed: its {} characters are not valid base64",
                self.length
            ),
        }
    }
}

impl std::error::Error for InvalidHash {}

/// Decodes base64 as .NET does: padding is required, unused bits at the end are ignored.
const BASE64: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true);

#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
static ENGINE: LazyLock<base64::engine::Simd> =
    LazyLock::new(|| base64::engine::Simd::standard(BASE64));
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
static ENGINE: LazyLock<base64::engine::GeneralPurpose> =
    LazyLock::new(|| base64::engine::GeneralPurpose::new(&base64::alphabet::STANDARD, BASE64));

/// The size of a hash in bytes.
const SIZE: usize = 3000;

/// The values in a hash, borrowed from its bytes. Texts end before the first zero byte and are trimmed.
#[derive(Debug, Default)]
pub(crate) struct ParsedHash<'a> {
    pub(crate) serial_number: Option<&'a [u8]>,
    pub(crate) manufacturer: Option<&'a [u8]>,
    pub(crate) model: Option<&'a [u8]>,
    pub(crate) product_key: Option<&'a [u8]>,
    pub(crate) smbios_uuid: Option<Uuid>,
    tool_build: Option<ToolBuild>,
    pub(crate) problems: Vec<HashProblem>,
    /// The SHA-256 of the hash, if it has no problem. It then identifies the whole hash.
    pub(crate) checksum: Option<[u8; 32]>,
}

impl<'a> ParsedHash<'a> {
    /// Decodes a hash into the buffer, which grows if necessary and never shrinks.
    pub(crate) fn parse(hash: &HardwareHash, buffer: &'a mut Vec<u8>) -> Result<Self, InvalidHash> {
        let size = base64::decoded_len_estimate(hash.expose().len());
        buffer.resize(buffer.len().max(size), 0);
        match ENGINE.decode_slice(hash.expose(), buffer) {
            Ok(length) => Ok(Self::from_bytes(&buffer[..length])),
            Err(_) => Err(InvalidHash::of(hash.expose())),
        }
    }

    fn from_bytes(bytes: &'a [u8]) -> Self {
        let mut parsed = Self::default();
        let problem = match parsed.parse_layout(bytes) {
            Ok(end) => {
                let padding = bytes.get(end + 36..).unwrap_or_default();
                // Avoids a branch for each of thousands of bytes.
                if padding.iter().fold(0, |any, byte| any | byte) != 0 {
                    parsed.problems.push(HashProblem::TrailingData);
                }
                (bytes.len() != SIZE).then_some(HashProblem::UnusualSize(bytes.len()))
            }
            Err(problem) => Some(problem),
        };
        parsed.problems.extend(problem);
        if !parsed.problems.is_empty() {
            parsed.checksum = None;
        }
        parsed
    }

    /// Reads the records and verifies the checksum. Returns the position of the checksum.
    fn parse_layout(&mut self, bytes: &'a [u8]) -> Result<usize, HashProblem> {
        if !bytes.starts_with(b"OA") {
            return Err(HashProblem::MissingPrefix);
        }
        let end = usize::from(u16_at(bytes, 2).ok_or(HashProblem::Truncated)?);
        let summed = bytes.get(..end).ok_or(HashProblem::Truncated)?;
        let mut rest = summed.get(4..).ok_or(HashProblem::InvalidRecord)?;
        while !rest.is_empty() {
            let header = u16_at(rest, 0).zip(u16_at(rest, 2));
            let (kind, length) = header.ok_or(HashProblem::InvalidRecord)?;
            let data = rest.get(4..length.into()).ok_or(HashProblem::InvalidRecord)?;
            self.add_record(kind, data);
            rest = &rest[length.into()..];
        }
        let checksum = &bytes[end..];
        match checksum.get(..4) {
            Some([b'C', b'S', 36, 0]) => {}
            Some(_) => return Err(HashProblem::MissingChecksum),
            None => return Err(HashProblem::Truncated),
        }
        let checksum = checksum.get(4..36).ok_or(HashProblem::Truncated)?;
        let expected: [u8; 32] = Sha256::digest(summed).into();
        if checksum != expected {
            self.problems.push(HashProblem::ChecksumMismatch);
        }
        self.checksum = Some(expected);
        Ok(end)
    }

    /// Takes the value of a record. The first record of each type counts.
    fn add_record(&mut self, kind: u16, data: &'a [u8]) {
        let text = match kind {
            1 => {
                let at = |position| u16_at(data, position);
                let build = at(0).zip(at(2)).zip(at(4)).zip(at(6));
                let build = build.map(|(((minor, major), revision), build)| ToolBuild {
                    major,
                    minor,
                    build,
                    revision,
                });
                self.tool_build = self.tool_build.or(build);
                return;
            }
            12 => {
                let uuid = data.try_into().ok().map(Uuid::from_bytes_le);
                self.smbios_uuid = self.smbios_uuid.or(uuid);
                return;
            }
            14 => &mut self.serial_number,
            16 => &mut self.manufacturer,
            17 => &mut self.model,
            24 => &mut self.product_key,
            _ => return,
        };
        let end = data.iter().position(|byte| *byte == 0).unwrap_or(data.len());
        let value = data[..end].trim_ascii();
        if text.is_none() && !value.is_empty() {
            *text = Some(value);
        }
    }
}

/// Reads a little-endian number of two bytes.
fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

#[cfg(test)]
pub(crate) mod tests {
    use base64::engine::general_purpose::STANDARD;
    use proptest::prelude::*;

    use super::*;

    fn record(kind: u16, data: &[u8]) -> Vec<u8> {
        let length = u16::try_from(data.len() + 4).unwrap();
        [&kind.to_le_bytes()[..], &length.to_le_bytes(), data].concat()
    }

    /// Builds the bytes of a hash with these records.
    pub(crate) fn bytes(records: &[(u16, &[u8])]) -> Vec<u8> {
        let content: Vec<u8> =
            records.iter().flat_map(|(kind, data)| record(*kind, data)).collect();
        let mut bytes = record(u16::from_le_bytes(*b"OA"), &content);
        let sum = Sha256::digest(&bytes);
        bytes.extend(record(u16::from_le_bytes(*b"CS"), &sum));
        bytes.resize(SIZE.max(bytes.len()), 0);
        bytes
    }

    pub(crate) fn hash(bytes: &[u8]) -> HardwareHash {
        HardwareHash::new(STANDARD.encode(bytes))
    }

    fn decode(bytes: &[u8]) -> HashContents {
        HashContents::decode(&hash(bytes)).unwrap()
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
            let expected = [text(14), text(16), text(17), text(24)];
            let values =
                [&contents.serial_number, &contents.manufacturer, &contents.model, &contents.product_key];
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
