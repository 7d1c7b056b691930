//! The values inside a hardware hash.
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
//! Numbers have 16 bits and are little-endian. Because the layout is not official, a deviation is a reason for a warning,
//! not for an error.
//!
//! These types of records are used. The meaning of some is inferred, so nothing is rejected because of them:
//!
//! | type | data | inferred |
//! |---|---|---|
//! | 1 | the version of the tool: minor, major, revision and build, two bytes each; near its end the type of the operating system | the type of the system |
//! | 7, 28 | the serial number of a disk, as text | yes |
//! | 8 | a network adapter: four bytes about its medium, then its address | yes |
//! | 12 | the UUID from SMBIOS, its first three fields little-endian | no |
//! | 13 | the version of the TPM, as text | yes |
//! | 14 | the serial number from SMBIOS, as text | no |
//! | 16 | the manufacturer from SMBIOS, as text | no |
//! | 17 | the model from SMBIOS, as text | no |
//! | 24 | the id (PKID) of the product key in the firmware, as text | no |
//! | 25 | the public part of the TPM's endorsement key | yes |
//!
//! The values of disks, network adapters and keys are confidential: only their presence is reported.

mod contents;
mod parsed;
mod problem;
mod repair_field;
mod tool_build;
mod tpm;

pub use contents::HashContents;
pub use parsed::ParsedHash;
pub use problem::{HashProblem, InvalidHash};
pub use repair_field::RepairField;
pub use tool_build::ToolBuild;
pub use tpm::TpmReadiness;
