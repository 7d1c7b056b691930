//! `pcdevices schema`: prints the JSON Schema of each document that the program writes.

pub(crate) mod args;

use partner_center_devices_fleet::schemas;
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};

use crate::errors::{CommandError, Exit};
use crate::suggestions::closest;
use crate::ui::output::Ui;

use super::audit::AuditEntry;
use super::auth::AuthStatus;
use super::batches::Batch;
use super::check::Checked;
use super::customers::{FoundCustomer, IndexedCustomer, SyncSummary};
use super::devices::{FoundEverywhere, SyncedSummary};
use super::doctor::Checkup;
use super::explain::Explained;
use super::jobs::{JobDocument, JobRecord};
use super::policies::{Policy, PolicyFile, PolicyPlan};
use crate::settings::customers::Alias;

/// Returns the schemas of the commands' and the fleet crate's documents, sorted by name.
fn documents() -> Vec<(&'static str, Schema)> {
    let mut documents = schemas();
    documents.extend([
        ("audit", schema_for::<Vec<AuditEntry>>()),
        ("auth-status", schema_for::<AuthStatus>()),
        ("batches", schema_for::<Vec<Batch>>()),
        ("check", schema_for::<Checked<'_>>()),
        ("customers", schema_for::<Vec<Alias>>()),
        ("customers-found", schema_for::<Vec<FoundCustomer>>()),
        ("customers-known", schema_for::<Vec<IndexedCustomer>>()),
        ("customers-synced", schema_for::<SyncSummary>()),
        ("devices-everywhere", schema_for::<FoundEverywhere>()),
        ("devices-synced", schema_for::<SyncedSummary>()),
        ("doctor", schema_for::<Checkup>()),
        ("job", schema_for::<JobDocument>()),
        ("jobs", schema_for::<Vec<JobRecord>>()),
        ("explain", schema_for::<Vec<Explained>>()),
        ("policies", schema_for::<Vec<Policy>>()),
        ("policy-file", schema_for::<PolicyFile>()),
        ("policy-plan", schema_for::<Vec<PolicyPlan>>()),
    ]);
    documents.sort_by_key(|(name, _)| *name);
    documents
}

/// Returns the schema of the output, in which every property that is always present is required.
fn schema_for<T: JsonSchema>() -> Schema {
    SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<T>()
}

pub(crate) fn run(ui: Ui, args: args::Schema) -> Result<Exit, CommandError> {
    let documents = documents();
    let Some(name) = args.name else {
        let lines: Vec<_> = documents
            .iter()
            .map(|(name, schema)| format!("{name:16} {}\n", summary(schema)))
            .collect();
        ui.print(&lines.concat())?;
        return Ok(Exit::Success);
    };
    match documents.iter().find(|(document, _)| *document == name) {
        Some((_, schema)) => ui.print_json(schema).map(|()| Exit::Success),
        None => {
            let error = CommandError::new(Exit::Usage, format!("there is no document '{name}'"));
            Err(match closest(&name, documents.iter().map(|(name, _)| *name)) {
                Some(close) => error.hint(format!("did you mean '{close}'?")),
                None => error.hint("list all documents: pcdevices schema"),
            })
        }
    }
}

/// Returns the first sentence of the schema's description, or of its items' description.
fn summary(schema: &Schema) -> String {
    let schema = schema.as_value();
    let item =
        schema["items"]["$ref"].as_str().and_then(|path| schema.pointer(path.strip_prefix('#')?));
    let found =
        [Some(schema), item].into_iter().flatten().find_map(|one| one["description"].as_str());
    let text = found.unwrap_or_default().replace('\n', " ").replace(['[', ']', '`'], "");
    text.split(". ").next().unwrap_or_default().trim_end_matches('.').to_owned()
}
