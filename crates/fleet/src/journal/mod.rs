//! The journal of an upload: one SQLite file per run that survives the process.
//!
//! After a crash the file shows for each device whether it was never sent, may have been sent, was accepted, or has an
//! outcome. The order of writes is the contract:
//!
//! 1. Before the first call: every row, its batch, and the fingerprint of the device it sends.
//! 2. Before each upload: the chunk with the fingerprint of its content, its `MS-RequestId` and its devices. This write
//!    is synced to disk. The others are only handed to the operating system, because the request id can recover
//!    what they record.
//! 3. When the service accepts the chunk: the tracking id, and the ids for a support case.
//! 4. When the job reports them: the outcomes of the devices. If a list of the batch shows a device instead, the journal records
//!    that, too.
//!
//! The file contains no hardware hash. Devices are recognized by their fingerprints, so resuming a run needs the input
//! files again. The file is locked while it is open: two processes cannot write the same run.
//!
//! [`begin`] implements step 1, [`write`] steps 2 to 4, [`doubts`] has the lost responses, [`earlier`] has the places of devices that
//! were registered before. [`report`] and [`records`] read the file, [`directory`] manages many journals, [`schema`] has the tables.

mod begin;
mod database;
mod directory;
mod doubts;
mod earlier;
mod error;
mod model;
mod open;
mod records;
mod report;
mod schema;
pub(crate) mod words;
mod write;

pub use database::Journal;
pub use directory::{JournalEntry, Journals};
pub use error::JournalError;
pub(crate) use model::{
    Acceptance, BatchKey, ChunkDevice, ChunkKey, ChunkProgress, DeviceKey, DeviceResult,
    DeviceState, LostResponse, MissingDevices, Mode, ResultSource, StartedRun, UnfinishedChunk,
};
pub use records::{ChunkRecord, ChunkState, JournalRecord};
