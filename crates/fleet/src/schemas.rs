//! JSON Schemas of the documents that this crate writes. Their descriptions are the documentation of the Rust types,
//! without examples and links.

use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use schemars::{JsonSchema, Schema};

use crate::inventory::{
    AssignPlan, AssignReport, DeletePlan, DeleteReport, Diff, RegisteredDevices, SearchResults,
};
use crate::{DryRun, Findings, JournalEntry, JournalRecord, Report};

/// Returns the name and JSON Schema (draft 2020-12) of each document that this crate writes as JSON: `findings`,
/// `report`, `dry-run`, `journal` (one journal) and `journals` (a list); for registered devices `registered`, `finds`
/// (search results), `diff`, `delete-plan`, `delete-report`, `assign-plan` and `assign-report`.
///
/// Properties may be added without notice. Readers should ignore those they do not know.
#[must_use]
pub fn schemas() -> Vec<(&'static str, Schema)> {
    vec![
        ("findings", schema_of::<Findings<'_>>()),
        ("report", schema_of::<Report>()),
        ("dry-run", schema_of::<DryRun>()),
        ("journal", schema_of::<JournalRecord>()),
        ("journals", schema_of::<Vec<JournalEntry>>()),
        ("registered", schema_of::<RegisteredDevices>()),
        ("finds", schema_of::<SearchResults>()),
        ("diff", schema_of::<Diff>()),
        ("delete-plan", schema_of::<DeletePlan>()),
        ("delete-report", schema_of::<DeleteReport>()),
        ("assign-plan", schema_of::<AssignPlan>()),
        ("assign-report", schema_of::<AssignReport>()),
    ]
}

/// Returns the schema of a document as it is written: properties that are always present are required.
fn schema_of<T: JsonSchema>() -> Schema {
    SchemaSettings::draft2020_12()
        .for_serialize()
        .with_transform(RecursiveTransform(simplify_description))
        .into_generator()
        .into_root_schema_for::<T>()
}

fn simplify_description(schema: &mut Schema) {
    if let Some(serde_json::Value::String(description)) = schema.get_mut("description") {
        *description = simplified(description);
    }
}

/// Returns rustdoc text without examples and link targets, one line per paragraph.
fn simplified(rustdoc: &str) -> String {
    let text = rustdoc.split("\n```").next().unwrap_or_default().trim();
    let paragraphs: Vec<String> =
        text.split("\n\n").map(|paragraph| without_links(&paragraph.replace('\n', " "))).collect();
    paragraphs.join("\n\n")
}

/// Replaces ``[`Name`](target)`` and ``[`Name`]`` by `` `Name` ``.
fn without_links(text: &str) -> String {
    let mut result = String::new();
    let mut rest = text;
    while let Some((before, link)) = rest.split_once("[`") {
        let Some((name, after)) = link.split_once("`]") else { break };
        result += &format!("{before}`{name}`");
        let target = after.strip_prefix('(').and_then(|target| target.split_once(')'));
        rest = target.map_or(after, |(_, after)| after);
    }
    result + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptions_have_no_examples_and_links() {
        let rustdoc =
            "A row of [`Diff`],\nsee [`run`](Self::run).\n\nMore [`open\n\n```\nlet x = 1;\n```";
        assert_eq!(simplified(rustdoc), "A row of `Diff`, see `run`.\n\nMore [`open");
        assert_eq!(simplified("Plain."), "Plain.");
    }
}
