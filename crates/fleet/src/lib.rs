//! Takes a vendor's file and brings its devices into Partner Center. It decides which devices are worth sending,
//! in how many requests they go, and what is said of every row in the end.
//!
//! The way of a row, one module a step:
//!
//! ```text
//! bytes --input--> Row --check--> CheckedRow --upload--> request --> job --report--> ReportRow
//!                                                        |          |
//!                                                        +> journal <
//! ```
//!
//! A row keeps its source and line from the first step to the last, and no step loses a row: what cannot be
//! sent is in the report too, with the reason. The journal has each step on disk before the next call.
//!
//! [`inventory`] goes the other way: from what the service has to the rows of a file, to find, compare, delete and
//! assign.
#![doc = ""]
#![doc = include_str!("../README.md")]

mod call_effect;
mod check;
mod event_stream;
mod fingerprint;
mod input;
pub mod inventory;
mod journal;
mod origin;
mod report;
#[cfg(feature = "schemars")]
mod schemas;
mod timestamp;
mod upload;

pub use check::checked_row::{CheckedRow, RowStatus};
pub use check::finding::Finding;
pub use check::findings_output::{FindingTotals, Findings};
pub use check::fleet::Fleet;
pub use check::hardware_hash::{HashContents, HashProblem, InvalidHash, ToolBuild};
pub use check::rule::{Rule, Severity};
pub use check::summary::CheckSummary;
pub use event_stream::EventStream;
pub use fingerprint::Fingerprint;
pub use input::{InputItem, Row, RowReader, read, read_all};
pub use journal::{
    ChunkRecord, ChunkState, Journal, JournalEntry, JournalError, JournalRecord, Journals,
};
pub use origin::Origin;
pub use report::csv_writer::write_csv;
pub use report::outcome::RowOutcome;
pub use report::{Destination, HtmlOptions, Report, ReportRow, ReportTotals};
#[cfg(feature = "schemars")]
pub use schemas::schemas;
pub use tokio_util::sync::CancellationToken;
pub use upload::chunk::{Chunk, ChunkLimits, ChunkSize, Chunker, InvalidChunkSize};
pub use upload::plan::Plan;
pub use upload::{
    DryRun, Event, Failure, PlannedBatch, PlannedRequest, PlannedRow, Step, UnfinishedRequest,
    Upload, UploadError,
};

/// Parts of the crate for its benchmarks and fuzz targets. Not public API.
#[doc(hidden)]
pub mod internals {
    pub use crate::check::checker::{Checker, StreamedRow};
}
