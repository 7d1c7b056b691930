//! The crates of the program, from the output of `cargo metadata`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::Value;

/// The package of the program.
pub(crate) const PROGRAM: &str = "partner-center-devices-cli";

/// A crate of another project.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Package {
    pub(super) name: String,
    pub(super) version: String,
    pub(super) license: Option<String>,
    pub(super) repository: Option<String>,
    pub(super) authors: Vec<String>,
    pub(super) folder: PathBuf,
}

/// Returns the ids of the program and of the crates that it depends on, directly or not, each with its own dependencies.
///
/// Dependencies for tests are not followed.
pub(crate) fn nodes_of_program(metadata: &Value) -> Result<BTreeMap<&str, Vec<&str>>> {
    let packages = by_id(&metadata["packages"])?;
    let nodes = by_id(&metadata["resolve"]["nodes"])?;
    let program = packages.iter().find(|(_, package)| package["name"] == PROGRAM);
    let (program, _) = program.with_context(|| format!("there is no package {PROGRAM}"))?;

    let mut found = BTreeMap::new();
    let mut open = vec![*program];
    while let Some(id) = open.pop() {
        if found.contains_key(id) {
            continue;
        }
        let node = nodes.get(id).with_context(|| format!("{id} is not resolved"))?;
        let mut used = Vec::new();
        for dependency in node["deps"].as_array().context("a crate has no list of dependencies")? {
            let kinds = dependency["dep_kinds"].as_array().context("a dependency has no kinds")?;
            if kinds.iter().any(|kind| kind["kind"] != "dev") {
                used.push(dependency["pkg"].as_str().context("a dependency has no id")?);
            }
        }
        open.extend(&used);
        found.insert(id, used);
    }
    Ok(found)
}

/// Returns the crates of other projects in the program, sorted by name and version.
pub(super) fn of_program(metadata: &Value) -> Result<Vec<Package>> {
    let packages = by_id(&metadata["packages"])?;
    let found = nodes_of_program(metadata)?;
    let theirs =
        found.keys().map(|id| &packages[id]).filter(|package| !package["source"].is_null());
    let mut theirs = theirs.map(|package| read(package)).collect::<Result<Vec<_>>>()?;
    theirs.sort_by(|a, b| (&a.name, &a.version).cmp(&(&b.name, &b.version)));
    Ok(theirs)
}

fn by_id(values: &Value) -> Result<BTreeMap<&str, &Value>> {
    let values = values.as_array().context("cargo metadata has no list of crates")?;
    let by_id = values.iter().map(|value| Some((value["id"].as_str()?, value)));
    by_id.collect::<Option<_>>().context("a crate has no id")
}

fn read(package: &Value) -> Result<Package> {
    let text = |field: &str| package[field].as_str().map(str::to_owned);
    let manifest = text("manifest_path").context("a crate has no manifest")?;
    let authors = package["authors"].as_array().into_iter().flatten();
    Ok(Package {
        name: text("name").context("a crate has no name")?,
        version: text("version").context("a crate has no version")?,
        license: text("license"),
        repository: text("repository"),
        authors: authors.filter_map(|author| author.as_str().map(str::to_owned)).collect(),
        folder: Path::new(&manifest).parent().context("a manifest has no folder")?.to_owned(),
    })
}
