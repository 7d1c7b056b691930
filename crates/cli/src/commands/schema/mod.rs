//! `pcdevices schema`: the JSON Schema of each document that the program writes. Decides which there are, and what they
//! are called.

pub(crate) mod args;

use partner_center_devices_fleet::schemas;
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};

use crate::errors::{CommandError, Exit};
use crate::suggestions::closest;
use crate::ui::output::Ui;

use super::auth::AuthStatus;
use super::batches::Batch;
use super::check::Checked;
use super::doctor::Checkup;
use super::explain::Explained;
use super::jobs::{JobDocument, JobRecord};
use super::policies::{Policy, PolicyFile, PolicyPlan};
use crate::settings::customers::Alias;

/// The documents of the commands and those of the fleet, by name.
fn documents() -> Vec<(&'static str, Schema)> {
    let mut documents = schemas();
    documents.extend([
        ("auth-status", of::<AuthStatus>()),
        ("batches", of::<Vec<Batch>>()),
        ("check", of::<Checked<'_>>()),
        ("customers", of::<Vec<Alias>>()),
        ("doctor", of::<Checkup>()),
        ("job", of::<JobDocument>()),
        ("jobs", of::<Vec<JobRecord>>()),
        ("explain", of::<Vec<Explained>>()),
        ("policies", of::<Vec<Policy>>()),
        ("policy-file", of::<PolicyFile>()),
        ("policy-plan", of::<Vec<PolicyPlan>>()),
    ]);
    documents.sort_by_key(|(name, _)| *name);
    documents
}

/// As it is written: every property that always is there is required.
fn of<T: JsonSchema>() -> Schema {
    SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<T>()
}

pub(crate) fn run(ui: Ui, args: args::Schema) -> Result<Exit, CommandError> {
    let documents = documents();
    let Some(wanted) = args.name else {
        let lines: Vec<_> = documents
            .iter()
            .map(|(name, schema)| format!("{name:14} {}\n", about(schema)))
            .collect();
        ui.print(&lines.concat())?;
        return Ok(Exit::Success);
    };
    match documents.iter().find(|(name, _)| *name == wanted) {
        Some((_, schema)) => ui.print_json(schema).map(|()| Exit::Success),
        None => {
            let failure =
                CommandError::new(Exit::Usage, format!("there is no document '{wanted}'"));
            Err(match closest(&wanted, documents.iter().map(|(name, _)| *name)) {
                Some(close) => failure.hint(format!("a document '{close}' is there")),
                None => failure.hint("pcdevices schema lists all"),
            })
        }
    }
}

/// What a document is, from its own schema: the first sentence of its description, or of that of its items.
fn about(schema: &Schema) -> String {
    let schema = schema.as_value();
    let item =
        schema["items"]["$ref"].as_str().and_then(|path| schema.pointer(path.strip_prefix('#')?));
    let found =
        [Some(schema), item].into_iter().flatten().find_map(|one| one["description"].as_str());
    let text = found.unwrap_or_default().replace('\n', " ").replace(['[', ']', '`'], "");
    text.split(". ").next().unwrap_or_default().trim_end_matches('.').to_owned()
}
