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

mod contents;
mod parsed;
mod problem;
mod tool_build;

pub use contents::HashContents;
pub use parsed::ParsedHash;
pub use problem::{HashProblem, InvalidHash};
pub use tool_build::ToolBuild;
