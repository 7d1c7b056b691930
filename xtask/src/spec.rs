//! The spec as a JSON tree, and the functions that walk it.

use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Map, Value};

/// The path of the spec, relative to the repository.
pub(crate) const PATH: &str = "spec/device-deployment.yaml";

/// Reads the spec: the tree, and the exact text.
pub(crate) fn load(path: &Path) -> Result<(Value, String)> {
    let text =
        std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let spec = parse(&text).with_context(|| format!("{} is not valid YAML", path.display()))?;
    Ok((spec, text))
}

/// Returns the documented exchanges: file names and texts.
pub(crate) fn examples(root: &Path) -> Result<Vec<(String, String)>> {
    let folder = root.join("spec/examples");
    let mut names: Vec<String> = std::fs::read_dir(&folder)
        .with_context(|| format!("cannot read {}", folder.display()))?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.ends_with(".yaml"))
        .collect();
    names.sort();
    names
        .into_iter()
        .map(|name| {
            let text = std::fs::read_to_string(folder.join(&name))
                .with_context(|| format!("cannot read {name}"))?;
            Ok((name, text))
        })
        .collect()
}

/// Parses YAML into JSON. Numeric keys, such as status codes, become strings.
pub(crate) fn parse(yaml: &str) -> Result<Value> {
    Ok(serde_saphyr::from_str(yaml)?)
}

/// The methods of OpenAPI.
pub(crate) const METHODS: [&str; 8] =
    ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// Returns the members of an object, or none.
pub(crate) fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

/// Returns the elements of an array, or none.
pub(crate) fn elements(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// Returns every operation with its path and method.
pub(crate) fn operations(spec: &Value) -> impl Iterator<Item = (&str, &str, &Value)> {
    members(&spec["paths"]).flat_map(|(path, item)| {
        members(item)
            .filter(|(method, _)| METHODS.contains(&method.as_str()))
            .map(move |(method, operation)| (path.as_str(), method.as_str(), operation))
    })
}

/// Returns the target of a local reference.
pub(crate) fn resolve<'a>(spec: &'a Value, reference: &str) -> Option<&'a Value> {
    spec.pointer(reference.strip_prefix('#')?)
}

/// Returns the value, or the target of its `$ref`.
pub(crate) fn follow<'a>(spec: &'a Value, value: &'a Value) -> &'a Value {
    match value["$ref"].as_str() {
        Some(reference) => resolve(spec, reference).unwrap_or(value),
        None => value,
    }
}

/// Returns the last segment of a reference, which is the name of a schema.
pub(crate) fn name_of(reference: &str) -> &str {
    reference.rsplit('/').next().unwrap_or(reference)
}

/// Returns the named schemas.
pub(crate) fn schemas(spec: &Value) -> impl Iterator<Item = (&String, &Value)> {
    members(&spec["components"]["schemas"])
}

/// Adds the names of all schemas that `value` refers to, directly or through other schemas, to `found`.
pub(crate) fn reachable(spec: &Value, value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(object) => {
            if let Some(Value::String(reference)) = object.get("$ref") {
                let name = name_of(reference).to_owned();
                let is_schema = reference.starts_with("#/components/schemas/");
                if is_schema && found.contains(&name) {
                    return;
                }
                if is_schema {
                    found.push(name);
                }
                if let Some(target) = resolve(spec, reference) {
                    reachable(spec, target, found);
                }
            }
            object.values().for_each(|member| reachable(spec, member, found));
        }
        Value::Array(array) => array.iter().for_each(|element| reachable(spec, element, found)),
        _ => {}
    }
}

/// The kinds of schemas, by the type that is generated.
pub(crate) enum Kind<'a> {
    /// A struct.
    Object(&'a Map<String, Value>),
    /// An open enum with these values.
    Enum(Vec<&'a str>),
    /// `Collection<…>` of the named schema.
    CollectionOf(&'a str),
    /// A hand-written type in the raw crate: path ids, times, and codes that are a string or a number.
    HandWritten,
}

/// Returns the kind of a named schema, or `None` if the generator does not support it.
pub(crate) fn kind(schema: &Value) -> Option<Kind<'_>> {
    if let Some(element) = schema["x-collection-of"].as_str() {
        return Some(Kind::CollectionOf(element));
    }
    match (schema["type"].as_str(), schema["enum"].as_array()) {
        (Some("string"), Some(words)) => {
            Some(Kind::Enum(words.iter().filter_map(Value::as_str).collect()))
        }
        (Some("string"), None) => Some(Kind::HandWritten),
        (None, None) if schema["anyOf"][0]["type"] == "string" => Some(Kind::HandWritten),
        (Some("object"), None) => schema["properties"].as_object().map(Kind::Object),
        _ => None,
    }
}

/// Converts a property to the name of its field: `serialNumber` -> `serial_number`.
pub(crate) fn snake(key: &str) -> String {
    let mut name = String::new();
    for c in key.trim().chars() {
        if c.is_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.extend(c.to_lowercase());
    }
    name
}
