//! From a vendor's file to every device accounted for. This crate decides what is sent: which rows are
//! devices, which are not and why, how they are cut into requests, and what became of each row.
//!
//! The way of a row, one module a step:
//!
//! ```text
//! bytes --read--> Row --check--> FleetRow --plan--> chunk --run--> job --outcome--> ReportRow
//! ```
//!
//! A row keeps its source and line from the first step to the last, and no step loses a row: what cannot be
//! sent is in the report too, with the reason.
#![doc = ""]
#![doc = include_str!("../README.md")]

mod check;
mod finding;
mod outcome;
mod plan;
mod read;
mod report;
mod run;

pub use check::{Fleet, FleetRow, Verdict};
pub use finding::{Finding, Origin, Rule, Severity};
pub use outcome::{MatchedBy, RowOutcome};
pub use plan::{ChunkSize, InvalidChunkSize, Plan};
pub use read::{Entry, Reader, Row, read};
pub use report::{Report, ReportRow, Totals};
pub use run::{Event, Events, Step, Upload, UploadError};
