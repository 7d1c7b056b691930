//! JSON Schemas of the documents that this crate writes.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};

use crate::inventory::{
    AssignPlan, AssignReport, DeletePlan, DeleteReport, Diff, RegisteredDevices, SearchResults,
};
use crate::{DryRun, Findings, JournalEntry, JournalRecord, Report};

/// The name and the JSON Schema (draft 2020-12) of each document that this crate writes as JSON: `findings`, `report`,
/// `dry-run`, `journal` (one journal), `journals` (a list of them), and of registered devices `registered`, `finds`,
/// `diff`, `delete-plan`, `delete-report`, `assign-plan`, `assign-report`.
///
/// A property may be added without notice: a reader should ignore what it does not know.
#[must_use]
pub fn schemas() -> Vec<(&'static str, Schema)> {
    vec![
        ("findings", of::<Findings<'_>>()),
        ("report", of::<Report>()),
        ("dry-run", of::<DryRun>()),
        ("journal", of::<JournalRecord>()),
        ("journals", of::<Vec<JournalEntry>>()),
        ("registered", of::<RegisteredDevices>()),
        ("finds", of::<SearchResults>()),
        ("diff", of::<Diff>()),
        ("delete-plan", of::<DeletePlan>()),
        ("delete-report", of::<DeleteReport>()),
        ("assign-plan", of::<AssignPlan>()),
        ("assign-report", of::<AssignReport>()),
    ]
}

/// As it is written: every property that always is there is required.
fn of<T: JsonSchema>() -> Schema {
    SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<T>()
}
