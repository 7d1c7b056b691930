//! What a hardware hash holds. Decides how its bytes are read, and which of them do not hold together.
//!
//! Microsoft does not document the layout. It is known from outside, from programs that make such hashes and have
//! them accepted (<https://github.com/tadvaas/tscrub>) and from programs that read them
//! (<https://github.com/okieselbach/SyncMLViewer>):
//!
//! - `OA`, and the number of bytes up to the checksum;
//! - records: type, length with these four bytes, data;
//! - `CS`, 36, and the SHA-256 of everything before `CS`;
//! - zeros up to 3,000 bytes, which are 4,000 characters of base64.
//!
//! Numbers are of 16 bits, little-endian. So what does not hold is worth a warning, and proves nothing.

use std::fmt;
use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::GeneralPurposeConfig;
use partner_center_devices::HardwareHash;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// What a hardware hash says of its device, as far as it can be read. The layout is not documented by Microsoft.
///
/// `Debug` shows these values, and nothing else of the hash.
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
    /// Reads a hash. What of its layout does not hold is among the [`problems`](Self::problems).
    ///
    /// # Errors
    /// If it is not base64.
    pub fn decode(hash: &HardwareHash) -> Result<Self, InvalidHash> {
        let mut bytes = Vec::new();
        let read = Parsed::read(hash, &mut bytes)?;
        let text = |text: Option<&[u8]>| text.map(|text| String::from_utf8_lossy(text).into());
        Ok(Self {
            serial_number: text(read.serial_number),
            manufacturer: text(read.manufacturer),
            model: text(read.model),
            product_key: text(read.product_key),
            smbios_uuid: read.smbios_uuid,
            tool_build: read.tool_build,
            problems: read.problems,
        })
    }

    /// The serial number, of SMBIOS.
    #[must_use]
    pub fn serial_number(&self) -> Option<&str> {
        self.serial_number.as_deref()
    }

    /// The manufacturer, of SMBIOS.
    #[must_use]
    pub fn manufacturer(&self) -> Option<&str> {
        self.manufacturer.as_deref()
    }

    /// The model, of SMBIOS, which calls it product name.
    #[must_use]
    pub fn model(&self) -> Option<&str> {
        self.model.as_deref()
    }

    /// The id of the product key in the firmware (PKID).
    #[must_use]
    pub fn product_key(&self) -> Option<&str> {
        self.product_key.as_deref()
    }

    /// The UUID, of SMBIOS.
    #[must_use]
    pub fn smbios_uuid(&self) -> Option<Uuid> {
        self.smbios_uuid
    }

    /// The version of the program that made the hash, such as `10.0.22621.0`.
    #[must_use]
    pub fn tool_build(&self) -> Option<ToolBuild> {
        self.tool_build
    }

    /// Whether the checksum is there and right, so that the values are those that were read on the device. What is
    /// around the checksummed part may still be wrong.
    #[must_use]
    pub fn checksum_holds(&self) -> bool {
        let is_around =
            |problem| matches!(problem, &HashProblem::NotPadded | &HashProblem::Size(_));
        self.problems.iter().all(is_around)
    }

    /// What does not hold, in the order of the bytes.
    #[must_use]
    pub fn problems(&self) -> &[HashProblem] {
        &self.problems
    }
}

/// A version of four numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ToolBuild {
    /// The first number.
    pub major: u16,
    /// The second.
    pub minor: u16,
    /// The third.
    pub build: u16,
    /// The last.
    pub revision: u16,
}

impl fmt::Display for ToolBuild {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { major, minor, build, revision } = self;
        write!(f, "{major}.{minor}.{build}.{revision}")
    }
}

/// Something in a hardware hash that is not as the layout has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum HashProblem {
    /// It does not begin with `OA`. Nothing of it can be read.
    NoMark,
    /// It ends before its records and checksum do.
    Cut,
    /// A record is shorter than its own head, or longer than what is left.
    BrokenRecord,
    /// No checksum follows the records.
    NoChecksum,
    /// The checksum is not that of the records.
    WrongChecksum,
    /// Something else than zeros follows the checksum.
    NotPadded,
    /// So many bytes, and not 3,000.
    Size(usize),
}

impl fmt::Display for HashProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoMark => "the hardware hash does not begin as one does",
            Self::Cut => "the hardware hash ends in the middle",
            Self::BrokenRecord => {
                "the hardware hash is damaged: a part of it has an impossible length"
            }
            Self::NoChecksum => "the hardware hash has no checksum where it should be",
            Self::WrongChecksum => "the hardware hash has been changed: its checksum is another",
            Self::NotPadded => "the hardware hash goes on after its end",
            Self::Size(bytes) => {
                return write!(f, "the hardware hash has {bytes} bytes, and the usual ones 3000");
            }
        })
    }
}

/// A hardware hash that is not base64. Says nothing of the text but its length and where it goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidHash {
    length: usize,
    fault: Fault,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    /// So many blanks or line breaks.
    Blanks(usize),
    /// At this character, from 1.
    Foreign(usize),
    /// Its length, or where it is padded.
    Cut,
}

impl InvalidHash {
    fn of(text: &str) -> Self {
        let foreign = |c: char| !(c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '='));
        let blanks = text.chars().filter(|c| c.is_whitespace()).count();
        let other = text.chars().position(|c| foreign(c) && !c.is_whitespace());
        let fault = match (other, blanks) {
            (Some(place), _) => Fault::Foreign(place + 1),
            (None, 0) => Fault::Cut,
            (None, blanks) => Fault::Blanks(blanks),
        };
        Self { length: text.chars().count(), fault }
    }
}

impl fmt::Display for InvalidHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.fault {
            Fault::Blanks(1) => f.write_str("the hardware hash has a blank within"),
            Fault::Blanks(blanks) => write!(f, "the hardware hash has {blanks} blanks within"),
            Fault::Foreign(place) => {
                write!(f, "character {place} of the hardware hash is none of base64")
            }
            Fault::Cut => write!(
                f,
                "the hardware hash is cut or changed: no base64 has these {} characters",
                self.length
            ),
        }
    }
}

impl std::error::Error for InvalidHash {}

/// Base64 as .NET decodes it: padded, and without care for unused bits at the end.
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

/// What a hash says, in its own bytes. Texts end before the first zero and have no blanks around.
#[derive(Debug, Default)]
pub(crate) struct Parsed<'a> {
    pub(crate) serial_number: Option<&'a [u8]>,
    pub(crate) manufacturer: Option<&'a [u8]>,
    pub(crate) model: Option<&'a [u8]>,
    pub(crate) product_key: Option<&'a [u8]>,
    pub(crate) smbios_uuid: Option<Uuid>,
    tool_build: Option<ToolBuild>,
    pub(crate) problems: Vec<HashProblem>,
    /// The checksum, if there is no problem: it then says all of the hash.
    pub(crate) checksum: Option<[u8; 32]>,
}

impl<'a> Parsed<'a> {
    /// Reads a hash; its bytes go to the buffer, which is made larger if need be and never smaller.
    pub(crate) fn read(hash: &HardwareHash, buffer: &'a mut Vec<u8>) -> Result<Self, InvalidHash> {
        let room = base64::decoded_len_estimate(hash.expose().len());
        buffer.resize(buffer.len().max(room), 0);
        match ENGINE.decode_slice(hash.expose(), buffer) {
            Ok(length) => Ok(Self::of(&buffer[..length])),
            Err(_) => Err(InvalidHash::of(hash.expose())),
        }
    }

    fn of(bytes: &'a [u8]) -> Self {
        let mut read = Self::default();
        let problem = match read.layout(bytes) {
            Ok(end) => {
                let after = bytes.get(end + 36..).unwrap_or_default();
                // Without a branch for each byte: there are thousands.
                if after.iter().fold(0, |any, byte| any | byte) != 0 {
                    read.problems.push(HashProblem::NotPadded);
                }
                (bytes.len() != SIZE).then_some(HashProblem::Size(bytes.len()))
            }
            Err(problem) => Some(problem),
        };
        read.problems.extend(problem);
        if !read.problems.is_empty() {
            read.checksum = None;
        }
        read
    }

    /// Reads the records and looks at the checksum. Gives the place of the latter.
    fn layout(&mut self, bytes: &'a [u8]) -> Result<usize, HashProblem> {
        if !bytes.starts_with(b"OA") {
            return Err(HashProblem::NoMark);
        }
        let end = usize::from(number(bytes, 2).ok_or(HashProblem::Cut)?);
        let hashed = bytes.get(..end).ok_or(HashProblem::Cut)?;
        let mut rest = hashed.get(4..).ok_or(HashProblem::BrokenRecord)?;
        while !rest.is_empty() {
            let head = number(rest, 0).zip(number(rest, 2));
            let (kind, length) = head.ok_or(HashProblem::BrokenRecord)?;
            let data = rest.get(4..length.into()).ok_or(HashProblem::BrokenRecord)?;
            self.record(kind, data);
            rest = &rest[length.into()..];
        }
        let checksum = &bytes[end..];
        match checksum.get(..4) {
            Some([b'C', b'S', 36, 0]) => {}
            Some(_) => return Err(HashProblem::NoChecksum),
            None => return Err(HashProblem::Cut),
        }
        let checksum = checksum.get(4..36).ok_or(HashProblem::Cut)?;
        let right: [u8; 32] = Sha256::digest(hashed).into();
        if checksum != right {
            self.problems.push(HashProblem::WrongChecksum);
        }
        self.checksum = Some(right);
        Ok(end)
    }

    /// The first record of a type counts.
    fn record(&mut self, kind: u16, data: &'a [u8]) {
        let text = match kind {
            1 => {
                let at = |place| number(data, place);
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

/// Two bytes, if they are there.
fn number(bytes: &[u8], at: usize) -> Option<u16> {
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

    /// The bytes of a hash with these records.
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
    fn a_good_hash_gives_its_names() {
        insta::assert_debug_snapshot!(decode(&bytes(&GOOD)));
    }

    #[test]
    fn what_does_not_hold_is_said() {
        use HashProblem::*;
        let good = bytes(&GOOD);
        let end = usize::from(number(&good, 2).unwrap());
        let change = |at: usize, byte: u8| {
            let mut bytes = good.clone();
            bytes[at] = byte;
            bytes
        };
        for (what, bytes, problems) in [
            ("good", good.clone(), &[][..]),
            ("nothing", vec![], &[NoMark]),
            ("another mark", change(0, b'P'), &[NoMark]),
            ("a mark alone", b"OA".to_vec(), &[Cut]),
            ("a head alone", good[..4].to_vec(), &[Cut]),
            ("cut in the records", good[..60].to_vec(), &[Cut]),
            ("cut before the checksum", good[..end].to_vec(), &[Cut]),
            ("cut in the checksum", good[..end + 35].to_vec(), &[Cut]),
            ("cut after the checksum", good[..end + 36].to_vec(), &[Size(end + 36)]),
            ("cut by a character", good[..2997].to_vec(), &[Size(2997)]),
            ("too long", [&good[..], &[0; 72]].concat(), &[Size(3072)]),
            ("a length of 0", change(6, 0), &[BrokenRecord]),
            ("a length of 3", change(6, 3), &[BrokenRecord]),
            ("a length beyond the end", change(7, 1), &[BrokenRecord]),
            ("an end in a record", change(2, good[2] - 1), &[BrokenRecord]),
            ("an end in the head", [b"OA\x02\0", &good[4..]].concat(), &[BrokenRecord]),
            ("another letter", change(end - 3, b'7'), &[WrongChecksum]),
            ("another checksum", change(end + 4, !good[end + 4]), &[WrongChecksum]),
            ("no checksum", change(end, b'X'), &[NoChecksum]),
            ("more", change(2999, 1), &[NotPadded]),
            (
                "two things",
                [&change(end - 3, b'7')[..], &[1]].concat(),
                &[WrongChecksum, NotPadded, Size(3001)],
            ),
        ] {
            assert_eq!(decode(&bytes).problems(), problems, "{what}");
        }
        // What was read before the damage is kept.
        assert_eq!(decode(&change(end - 3, b'7')).serial_number(), Some("4PX12X3"));
        assert_eq!(decode(&good[..60]).serial_number(), None);
    }

    #[test]
    fn the_sample_hashes_hold() {
        let csv = include_str!("../../../../samples/contoso-fleet.csv");
        let rows: Vec<Vec<&str>> =
            csv.lines().skip(1).map(|row| row.split(',').collect()).collect();
        let rows: Vec<_> = rows.iter().filter(|row| !row[2].is_empty()).collect();
        assert_eq!(rows.len(), 32);
        for row in rows {
            let read = HashContents::decode(&HardwareHash::new(row[2])).unwrap();
            assert_eq!(read.problems(), []);
            assert_eq!(read.serial_number(), Some(row[0]));
            assert_eq!((read.manufacturer(), read.model()), (Some(row[3]), Some(row[4])));
            assert!(row[1].is_empty() || read.product_key() == Some(row[1]));
            assert_eq!(read.smbios_uuid().unwrap().get_version_num(), 4);
            assert_eq!(read.tool_build().unwrap().to_string(), "10.0.22621.0");
        }
    }

    #[test]
    fn what_is_no_base64_is_said_without_the_text() {
        for (text, message) in [
            ("T0E", "the hardware hash is cut or changed: no base64 has these 3 characters"),
            ("T0E=T0E=", "the hardware hash is cut or changed: no base64 has these 8 characters"),
            ("T0-_", "character 3 of the hardware hash is none of base64"),
            ("T0 -_", "character 4 of the hardware hash is none of base64"),
            ("T0 E=", "the hardware hash has a blank within"),
            ("T0\r\n E=", "the hardware hash has 3 blanks within"),
            ("TÖ==", "character 2 of the hardware hash is none of base64"),
        ] {
            let invalid = HashContents::decode(&HardwareHash::new(text)).unwrap_err();
            assert_eq!(invalid.to_string(), message);
        }
    }

    proptest! {
        #[test]
        fn what_is_encoded_is_decoded(
            records in prop::collection::vec((0..30_u16, prop::collection::vec(any::<u8>(), 0..40)), 0..20),
        ) {
            let borrowed: Vec<_> = records.iter().map(|(kind, data)| (*kind, &data[..])).collect();
            let read = decode(&bytes(&borrowed));
            prop_assert_eq!(read.problems(), []);
            let text = |kind: u16| {
                records.iter().filter(|(other, _)| *other == kind).find_map(|(_, data)| {
                    let text = data.split(|byte| *byte == 0).next().unwrap().trim_ascii();
                    (!text.is_empty()).then(|| String::from_utf8_lossy(text).into_owned())
                })
            };
            let expected = [text(14), text(16), text(17), text(24)];
            let values = [&read.serial_number, &read.manufacturer, &read.model, &read.product_key];
            prop_assert_eq!(values.map(|value| value.as_deref().map(str::to_owned)), expected);
        }

        #[test]
        fn any_bytes_are_read(
            noise in prop::collection::vec(any::<u8>(), 0..80),
            head in 0..5_usize,
        ) {
            let head: &[u8] = [&b""[..], b"OA", b"OA\x20\0", b"OA\x08\0\x0E\0\x04\0", b"OA\x04\0CS\x24\0"][head];
            let read = decode(&[head, &noise].concat());
            prop_assert!(!read.problems().is_empty());
        }

        #[test]
        fn one_changed_bit_is_found(at in 0..SIZE, bit in 0..8_u32) {
            let mut bytes = bytes(&GOOD);
            bytes[at] ^= 1 << bit;
            prop_assert!(!decode(&bytes).problems().is_empty(), "{at}");
        }
    }
}
