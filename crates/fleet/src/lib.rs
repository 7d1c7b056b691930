//! Reads vendor files, checks their rows, and uploads the devices to Partner Center in batches, with a journal and a report.
//!
//! A row passes through these steps, one module each:
//!
//! ```text
//! bytes --input--> Row --check--> CheckedRow --upload--> chunk --> request --> job --report--> ReportRow
//!                                                         |         |           |
//!                                                         +------ journal ------+
//! ```
//!
//! A row keeps its file and line through all steps. Rows that cannot be sent are in the report too, with the reason. Each
//! step is recorded in the journal before the next call.
//!
//! [`ownership`] writes the letters for devices that another organization has registered. [`inventory`] works with the devices that are already registered: it finds, compares, deletes and assigns policies.
//!
// The README has the same links to files of the repository; the first definition counts.
//! [`examples/worker.rs`]: https://docs.rs/crate/partner-center-devices-fleet/latest/source/examples/worker.rs
//! [docs/rules.md]: https://docs.rs/crate/partner-center-devices-fleet/latest/source/docs/rules.md
#![doc = ""]
#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))] // docs.rs labels items with their feature

mod call_effect;
mod check;
mod device_model;
mod event_stream;
mod export;
mod fingerprint;
pub mod index;
mod input;
pub mod inventory;
mod journal;
mod language;
mod origin;
pub mod ownership;
mod report;
mod row_policies;
#[cfg(feature = "schemars")]
mod schemas;
mod sqlite_file;
mod timestamp;
mod upload;

pub use check::checked_row::{CheckedRow, RowStatus};
pub use check::finding::Finding;
pub use check::findings_output::{FindingTotals, Findings};
pub use check::fleet::Fleet;
pub use check::options::CheckOptions;
pub use check::row_details::{RowDetails, TpmReady};
pub use check::rule::{Rule, Severity};
pub use check::summary::{CheckSummary, DetailedCheck};
pub use event_stream::EventStream;
pub use export::format::ExportFormat;
pub use export::{Export, ExportFile};
pub use input::{
    DeviceRecord, InputItem, OriginalRecord, ReadOptions, Row, RowReader, read, read_all,
    read_devices,
};
pub use journal::{
    ChunkRecord, ChunkState, Journal, JournalEntry, JournalError, JournalRecord, Journals,
};
pub use language::Language;
pub use origin::Origin;
pub use report::csv_writer::write_csv;
pub use report::outcome::RowOutcome;
pub use report::rows_to_correct::write_rows_to_correct;
pub use report::{
    Destination, EarlierRegistration, HtmlOptions, Proof, Report, ReportRow, ReportTotals,
};
pub use row_policies::RowPolicies;
#[cfg(feature = "schemars")]
pub use schemas::schemas;
pub use timestamp::Timestamp;
pub use tokio_util::sync::CancellationToken;
pub use upload::chunk::{ChunkLimits, ChunkSize, InvalidChunkSize};
pub use upload::plan::Plan;
pub use upload::{
    DryRun, Event, Failure, PlannedBatch, PlannedRequest, PlannedRow, Step, UnfinishedRequest,
    Upload, UploadError,
};

// The crates of other types in signatures.
pub use partner_center_devices;
pub use serde_json;

/// Parts of the crate for its benchmarks and fuzz targets. Not public API.
#[doc(hidden)]
pub mod internals {
    pub use crate::check::checker::{Checker, StreamedRow};
    pub use crate::fingerprint::Fingerprint;
    pub use crate::upload::chunk::{Chunk, Chunker};
}
