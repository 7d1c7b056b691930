//! Takes a vendor's file and brings its devices into Partner Center. It decides which devices are worth sending,
//! in how many requests they go, and what is said of every row in the end.
//!
//! The way of a row, one module a step:
//!
//! ```text
//! bytes --read--> Row --check--> FleetRow --chunk--> request --run--> job --outcome--> ReportRow
//!                      (inspect, seen)                 |               |
//!                                                      +--> journal <--+
//! ```
//!
//! A row keeps its source and line from the first step to the last, and no step loses a row: what cannot be
//! sent is in the report too, with the reason. The journal has each step on disk before the next call.
//!
//! `registered` goes the other way: from what the service has to the rows of a file, to find, compare, delete and
//! assign.
#![doc = ""]
#![doc = include_str!("../README.md")]

mod check;
mod chunk;
mod events;
mod failed;
mod finding;
mod findings;
mod hash;
mod inspect;
mod journal;
mod outcome;
mod plan;
mod read;
mod registered;
mod report;
mod run;
#[cfg(feature = "schemars")]
mod schemas;
mod seen;
mod sheet;
mod side_by_side;
mod survey;

pub use check::{CheckedRow, Checker, Fleet, FleetRow, Verdict};
pub use chunk::{Chunk, ChunkLimits, Chunker, Fingerprint};
pub use finding::{Finding, Origin, Rule, Severity};
pub use findings::{FindingTotals, Findings};
pub use hash::{HashContents, HashProblem, InvalidHash, ToolBuild};
pub use journal::{
    ChunkRecord, ChunkState, Journal, JournalEntry, JournalError, JournalRecord, Journals,
};
pub use outcome::RowOutcome;
pub use plan::{ChunkSize, InvalidChunkSize, Plan};
pub use read::{Entry, Reader, Row, read, read_all};
pub use registered::{
    Assign, AssignEvent, AssignOutcome, AssignPlan, AssignReport, AssignTotals, AssignedDevice,
    CallFailure, Delete, DeleteEvent, DeleteOutcome, DeletePlan, DeleteReport, DeleteTotals,
    DeletedDevice, Diff, DiffOptions, DiffTotals, EventStream, Find, FindEvent, Finds, Found,
    IfSeveral, Inventory, InventoryEvent, MatchedRow, MissingRow, PlannedDevice, Registered,
    RegisteredDevice, UnlistedBatch, Unresolved, UnresolvedReason, Wanted,
};
pub use report::{Destination, HtmlOptions, Report, ReportRow, Totals};
pub use run::{
    DryRun, Event, Failure, PlannedBatch, PlannedRequest, PlannedRow, Step, Stop, UnsettledRequest,
    Upload, UploadError,
};
#[cfg(feature = "schemars")]
pub use schemas::schemas;
pub use sheet::write_csv;
pub use survey::Survey;
