//! Reads the records of a hardware hash without copying their values.

use std::ffi::CStr;
use std::fmt;
use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::GeneralPurposeConfig;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::hardware_hash::HardwareHash;
use crate::hash_contents::problem::{HashProblem, InvalidHash};
use crate::hash_contents::repair_field::RepairField;
use crate::hash_contents::tool_build::ToolBuild;
use crate::hash_contents::tpm::TpmReadiness;

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
pub(super) const SIZE: usize = 3000;

/// The minimum number of bytes of a public key. The smallest keys of a TPM are those of elliptic curves.
const MIN_KEY_SIZE: usize = 32;

/// The values in a hash, borrowed from its bytes. Texts end before the first zero byte and are trimmed.
///
/// Use it to check many hashes; [`HashContents`](super::HashContents) has its own memory.
#[derive(Default)]
#[non_exhaustive]
pub struct ParsedHash<'a> {
    /// The serial number from SMBIOS.
    pub serial_number: Option<&'a [u8]>,
    /// The manufacturer from SMBIOS.
    pub manufacturer: Option<&'a [u8]>,
    /// The model from SMBIOS, where it is called the product name.
    pub model: Option<&'a [u8]>,
    /// The id (PKID) of the product key in the firmware.
    pub product_key: Option<&'a [u8]>,
    /// The UUID from SMBIOS.
    pub smbios_uuid: Option<Uuid>,
    /// The version of the tool that made the hash.
    pub tool_build: Option<ToolBuild>,
    /// The version of the TPM. Inferred.
    pub tpm_version: Option<&'a [u8]>,
    /// True if the hash contains the public part of the TPM's endorsement key. Inferred.
    pub has_tpm_key: bool,
    /// True if the hash contains the serial number of a disk. Inferred.
    pub has_disk_serial_number: bool,
    /// True if the hash contains the address of a network adapter. Inferred.
    pub has_mac_address: bool,
    /// True if the hash contains the type of the operating system that made it. Inferred.
    pub has_os_type: bool,
    /// The deviations from the known layout, in the order of the bytes.
    pub problems: Vec<HashProblem>,
    /// The SHA-256 of the hash, if it has no problem. It then identifies the whole hash.
    pub checksum: Option<[u8; 32]>,
}

/// Shows the problems. The values are confidential.
impl fmt::Debug for ParsedHash<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ParsedHash").field("problems", &self.problems).finish_non_exhaustive()
    }
}

impl<'a> ParsedHash<'a> {
    /// Decodes a hash into the buffer, which grows if necessary and never shrinks.
    ///
    /// # Errors
    /// Fails if the hash is not valid base64.
    pub fn parse(hash: &HardwareHash, buffer: &'a mut Vec<u8>) -> Result<Self, InvalidHash> {
        Self::decode(hash, buffer).map(Self::from_bytes)
    }

    /// Decodes only the base64 of a hash into the buffer, which grows if necessary and never shrinks. Returns the bytes for
    /// [`from_bytes`](Self::from_bytes).
    ///
    /// # Errors
    /// Fails if the hash is not valid base64.
    pub fn decode<'b>(
        hash: &HardwareHash,
        buffer: &'b mut Vec<u8>,
    ) -> Result<&'b [u8], InvalidHash> {
        let size = base64::decoded_len_estimate(hash.expose().len());
        buffer.resize(buffer.len().max(size), 0);
        match ENGINE.decode_slice(hash.expose(), buffer) {
            Ok(length) => Ok(&buffer[..length]),
            Err(_) => Err(InvalidHash::of(hash.expose())),
        }
    }

    /// Returns true if the checksum is present and correct, so that the values are the ones read on the device. The
    /// padding may still be wrong.
    #[must_use]
    pub fn has_valid_checksum(&self) -> bool {
        HashProblem::allow_valid_checksum(&self.problems)
    }

    /// Returns the suitability of the TPM for the modes of Autopilot that need one.
    #[must_use]
    pub fn tpm(&self) -> TpmReadiness {
        if self.has_valid_checksum() {
            TpmReadiness::of(self.tpm_version, self.has_tpm_key)
        } else {
            TpmReadiness::Unknown
        }
    }

    /// Returns the fields that a hash needs after a repair and that this one does not contain. Only meaningful if the
    /// checksum is valid. The absence of a field other than serial number, manufacturer, model, UUID and product key is
    /// inferred.
    pub fn missing_repair_fields(&self) -> impl Iterator<Item = RepairField> {
        RepairField::ALL.into_iter().filter(|field| !match field {
            RepairField::DiskSerialNumber => self.has_disk_serial_number,
            RepairField::SerialNumber => self.serial_number.is_some(),
            RepairField::Manufacturer => self.manufacturer.is_some(),
            RepairField::Model => self.model.is_some(),
            RepairField::SmbiosUuid => self.smbios_uuid.is_some(),
            RepairField::TpmKey => self.has_tpm_key,
            RepairField::MacAddress => self.has_mac_address,
            RepairField::ProductKey => self.product_key.is_some(),
            RepairField::OsType => self.has_os_type,
        })
    }

    /// Reads the records of a decoded hash.
    #[must_use]
    pub fn from_bytes(bytes: &'a [u8]) -> Self {
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
                // Two versions, then values of several bytes, the type of the system, and two more bytes.
                self.has_os_type |= data.len() >= 19;
                return;
            }
            7 | 28 => {
                self.has_disk_serial_number |= text_of(data).is_some();
                return;
            }
            8 => {
                let address = data.get(4..10);
                self.has_mac_address |= address.is_some_and(|address| address != [0; 6]);
                return;
            }
            25 => {
                self.has_tpm_key |=
                    data.len() >= MIN_KEY_SIZE && data.iter().any(|byte| *byte != 0);
                return;
            }
            12 => {
                let uuid = data.try_into().ok().map(Uuid::from_bytes_le);
                self.smbios_uuid = self.smbios_uuid.or(uuid);
                return;
            }
            13 => &mut self.tpm_version,
            14 => &mut self.serial_number,
            16 => &mut self.manufacturer,
            17 => &mut self.model,
            24 => &mut self.product_key,
            _ => return,
        };
        *text = text.or_else(|| text_of(data));
    }
}

/// Returns the text before the first zero byte, trimmed; `None` if it is empty.
fn text_of(data: &[u8]) -> Option<&[u8]> {
    let text = CStr::from_bytes_until_nul(data).map_or(data, CStr::to_bytes);
    Some(text.trim_ascii()).filter(|text| !text.is_empty())
}

/// Reads a little-endian number of two bytes.
pub(super) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}
