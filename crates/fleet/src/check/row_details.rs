//! The device of a row, as the row and its hardware hash describe it.

use partner_center_devices::raw::hash_contents::ParsedHash;
use partner_center_devices::{HardwareHash, TpmReadiness};
use serde::Serialize;

use partner_center_devices::raw::printable::is_hidden;

use crate::check::checked_row::{CheckedRow, RowStatus};

/// The device of a row, as the row and its hardware hash describe it. Contains no part of the hash other than these values.
///
/// The values of the row take precedence, as they are sent: a repaired value instead of a damaged one. An invalid row has its
/// damaged values. Those in a hash are used if its checksum is valid. The hash itself shows which tool made it, and its TPM.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct RowDetails {
    /// The name of the file.
    pub file: String,
    /// The line of the row, counted from 1.
    pub line: u64,
    /// The serial number.
    pub serial_number: Option<String>,
    /// The manufacturer.
    pub manufacturer: Option<String>,
    /// The model.
    pub model: Option<String>,
    /// The version of the tool that made the hardware hash, such as `10.0.22621.0`. Null without a valid hash.
    pub tool_build: Option<String>,
    /// Yes if the device has a TPM 2.0 for the self-deploying and pre-provisioned modes of Autopilot, by its hardware
    /// hash. Inferred, because Microsoft does not document the layout of hashes.
    pub tpm_ready: TpmReady,
    /// The version of the TPM, in the words of its manufacturer. Inferred.
    pub tpm_version: Option<String>,
}

/// The suitability of a TPM for Autopilot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum TpmReady {
    /// The hash contains a TPM 2.0 and its key.
    Yes,
    /// The hash contains an older TPM.
    No,
    /// There is no valid hash, or it does not show the TPM.
    #[default]
    Unknown,
}

impl TpmReady {
    /// Returns the name in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Unknown => "unknown",
        }
    }
}

/// The values inside a hardware hash that describe its device. Empty without a hash whose checksum is valid.
#[derive(Default)]
pub(super) struct HashDetails {
    serial_number: Option<String>,
    manufacturer: Option<String>,
    model: Option<String>,
    tool_build: Option<String>,
    tpm_ready: TpmReady,
    tpm_version: Option<String>,
}

impl HashDetails {
    /// Decodes a hash into `buffer`. Returns `None` if its checksum is not valid.
    pub(super) fn of(hash: Option<&HardwareHash>, buffer: &mut Vec<u8>) -> Option<Self> {
        let hash = ParsedHash::parse(hash?, buffer).ok().filter(ParsedHash::has_valid_checksum)?;
        Some(Self {
            serial_number: shown(hash.serial_number),
            manufacturer: shown(hash.manufacturer),
            model: shown(hash.model),
            tool_build: hash.tool_build.map(|build| build.to_string()),
            tpm_ready: match hash.tpm() {
                TpmReadiness::Ready => TpmReady::Yes,
                TpmReadiness::NotReady => TpmReady::No,
                _ => TpmReady::Unknown,
            },
            tpm_version: shown(hash.tpm_version),
        })
    }
}

impl RowDetails {
    /// Describes a row. The check takes the hash out of a row, so the caller decodes it before. A hash that the check
    /// completed is decoded into `buffer`.
    pub(super) fn new(row: &CheckedRow, hash: Option<HashDetails>, buffer: &mut Vec<u8>) -> Self {
        let completed = || match row.status() {
            RowStatus::Ready(device) => HashDetails::of(device.hardware_hash(), buffer),
            _ => None,
        };
        let hash = hash.or_else(completed).unwrap_or_default();
        let or_in_hash = |in_row: Option<&str>, in_hash| in_row.map(ToOwned::to_owned).or(in_hash);
        Self {
            file: row.origin().source().to_owned(),
            line: row.origin().line(),
            serial_number: or_in_hash(row.serial_number(), hash.serial_number),
            manufacturer: or_in_hash(row.manufacturer(), hash.manufacturer),
            model: or_in_hash(row.model(), hash.model),
            tool_build: hash.tool_build,
            tpm_ready: hash.tpm_ready,
            tpm_version: hash.tpm_version,
        }
    }
}

/// Returns a text from a hash, unless it has characters that could control a terminal.
fn shown(text: Option<&[u8]>) -> Option<String> {
    let text = String::from_utf8_lossy(text?);
    (!text.contains(is_hidden)).then(|| text.into_owned())
}

#[cfg(test)]
mod tests {
    use partner_center_devices_testkit::hash::{HashBuilder, encode};

    use crate::check::options::CheckOptions;
    use crate::check::summary::CheckSummary;
    use crate::input::read;

    #[test]
    fn details_come_from_the_row_then_from_a_valid_hash() {
        let device = HashBuilder::of_device("S1", "Dell Inc.", "X")
            .record(1, &[0, 0, 10, 0, 0, 0, 0x5D, 0x58])
            .text(13, "INTC 2.0 600.18")
            .record(25, &[5; 256]);
        let old = HashBuilder::of_device("S\x1b[2J", "HP", "Y").text(13, "IFX 1.2 6.40");
        let mut changed = device.bytes();
        changed[10] ^= 1;
        let unpadded = device.encode().trim_end_matches('A')[..].to_owned();
        for (row, expected) in [
            (format!(",{},,", device.encode()), "S1|Dell Inc.|X|10.0.22621.0|yes|INTC 2.0 600.18"),
            (format!("S2,{},HP,", device.encode()), "S2|HP|X|10.0.22621.0|yes|INTC 2.0 600.18"),
            (format!(",{},,", old.encode()), "|HP|Y||no|IFX 1.2 6.40"),
            (format!("S2,{},,", encode(&changed)), "S2||||unknown|"),
            ("S2,T0E,HP,".to_owned(), "S2|HP|||unknown|"),
            ("S2,,HP,Y".to_owned(), "S2|HP|Y||unknown|"),
            // Repaired values, and a damaged one that the hash replaces.
            ("S/N: PF3KX9Z1,,HP,Y".to_owned(), "PF3KX9Z1|HP|Y||unknown|"),
            (format!(",{unpadded},,"), "S1|Dell Inc.|X|10.0.22621.0|yes|INTC 2.0 600.18"),
            (
                format!("System.Object[],{},,", device.encode()),
                "S1|Dell Inc.|X|10.0.22621.0|yes|INTC 2.0 600.18",
            ),
            ("System.Object[],,HP,Y".to_owned(), "System.Object[]|HP|Y||unknown|"),
        ] {
            let csv = format!("Serial,Hash,Make,Model\n{row}\n");
            let items = read(csv.as_bytes(), "f.csv");
            let details = CheckSummary::detailed(items, CheckOptions::default()).next().unwrap();
            assert_eq!((&*details.file, details.line), ("f.csv", 2));
            let text = |text: &Option<String>| text.clone().unwrap_or_default();
            let shown = [
                text(&details.serial_number),
                text(&details.manufacturer),
                text(&details.model),
                text(&details.tool_build),
                details.tpm_ready.name().to_owned(),
                text(&details.tpm_version),
            ];
            assert_eq!(shown.join("|"), expected);
        }
    }
}
