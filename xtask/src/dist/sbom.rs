//! The software bill of materials: every crate in the program, as CycloneDX 1.6.
//!
//! It lists the same crates as the notices: the normal and build dependencies on every platform. There is no serial number,
//! so that the same sources give the same file.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::notices::packages::{PROGRAM, nodes_of_program};

/// Returns the document. `time` is in RFC 3339; `lock` is the text of `Cargo.lock`, which has the checksums.
pub(super) fn document(metadata: &Value, lock: &str, version: &str, time: &str) -> Result<Value> {
    let checksums = checksums(lock);
    let packages = metadata["packages"].as_array().context("cargo metadata has no packages")?;
    let packages: BTreeMap<_, _> = packages
        .iter()
        .map(|package| (package["id"].as_str().unwrap_or_default(), package))
        .collect();
    let nodes = nodes_of_program(metadata)?;

    let mut program = Value::Null;
    let mut components = Vec::new();
    let mut dependencies = Vec::new();
    for (id, used) in &nodes {
        let package = packages.get(id).with_context(|| format!("no package {id}"))?;
        let component = component(package, &checksums);
        let mut used: Vec<_> = used.iter().map(|id| purl(packages[id])).collect();
        used.sort();
        dependencies.push(json!({ "ref": component["bom-ref"], "dependsOn": used }));
        if package["name"] == PROGRAM { program = component } else { components.push(component) }
    }
    let key = |value: &Value, field: &str| value[field].as_str().unwrap_or_default().to_owned();
    components.sort_by_key(|component| key(component, "bom-ref"));
    dependencies.sort_by_key(|dependency| key(dependency, "ref"));
    program["type"] = json!("application");
    Ok(json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "timestamp": time,
            "tools": { "components": [{ "type": "application", "name": "xtask dist", "version": version }] },
            "component": program,
        },
        "components": components,
        "dependencies": dependencies,
    }))
}

fn component(package: &Value, checksums: &BTreeMap<(String, String), String>) -> Value {
    let text = |field: &str| package[field].as_str().unwrap_or_default().to_owned();
    let (name, version) = (text("name"), text("version"));
    let mut component = json!({
        "type": "library",
        "bom-ref": purl(package),
        "name": name,
        "version": version,
        "scope": "required",
        "purl": purl(package),
    });
    if let Some(license) = package["license"].as_str() {
        let expression = license.replace('/', " OR "); // the old form of an expression
        component["licenses"] = json!([{ "expression": expression }]);
    }
    if let Some(checksum) = checksums.get(&(name, version)) {
        component["hashes"] = json!([{ "alg": "SHA-256", "content": checksum }]);
    }
    if let Some(repository) = package["repository"].as_str() {
        component["externalReferences"] = json!([{ "type": "vcs", "url": repository }]);
    }
    component
}

/// The package URL (<https://github.com/package-url/purl-spec>), with `+` of a version percent-encoded.
fn purl(package: &Value) -> String {
    let text = |field: &str| package[field].as_str().unwrap_or_default().to_owned();
    format!("pkg:cargo/{}@{}", text("name"), text("version").replace('+', "%2B"))
}

/// Reads the checksums of crates by name and version.
fn checksums(lock: &str) -> BTreeMap<(String, String), String> {
    let mut checksums = BTreeMap::new();
    for package in lock.split("[[package]]") {
        let value = |key: &str| {
            let line = package.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(" = "));
            Some(line?.trim_matches('"').to_owned())
        };
        if let (Some(name), Some(version), Some(checksum)) =
            (value("name"), value("version"), value("checksum"))
        {
            checksums.insert((name, version), checksum);
        }
    }
    checksums
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_checksum_of_each_crate() {
        let lock = "version = 4\n\n[[package]]\nname = \"a\"\nversion = \"1.0.0\"\nchecksum = \"ab12\"\n\n\
            [[package]]\nname = \"ours\"\nversion = \"0.1.0\"\n";
        let found = checksums(lock);
        assert_eq!(found.len(), 1);
        assert_eq!(found[&("a".to_owned(), "1.0.0".to_owned())], "ab12");
    }

    #[test]
    fn a_document_has_each_crate_with_its_license_and_dependencies() {
        let normal = json!([{ "kind": null }]);
        let metadata = json!({
            "packages": [
                { "id": "p", "name": PROGRAM, "version": "0.1.0", "license": "MIT" },
                { "id": "a", "name": "a", "version": "1.0.0+x", "license": "MIT/Apache-2.0" },
                { "id": "t", "name": "t", "version": "1.0.0" },
            ],
            "resolve": { "nodes": [
                { "id": "p", "deps": [
                    { "pkg": "a", "dep_kinds": normal },
                    { "pkg": "t", "dep_kinds": [{ "kind": "dev" }] },
                ] },
                { "id": "a", "deps": [] },
                { "id": "t", "deps": [] },
            ] },
        });
        let found = document(&metadata, "", "0.1.0", "2026-11-27T00:00:00Z").unwrap();
        assert_eq!(found["metadata"]["component"]["type"], "application");
        assert_eq!(found["components"].as_array().unwrap().len(), 1);
        assert_eq!(found["components"][0]["purl"], "pkg:cargo/a@1.0.0%2Bx");
        assert_eq!(found["components"][0]["licenses"][0]["expression"], "MIT OR Apache-2.0");
        let program = format!("pkg:cargo/{PROGRAM}@0.1.0");
        let dependencies = found["dependencies"].as_array().unwrap();
        let of_program = dependencies.iter().find(|one| one["ref"] == *program).unwrap();
        assert_eq!(of_program["dependsOn"], json!(["pkg:cargo/a@1.0.0%2Bx"]));
    }
}
