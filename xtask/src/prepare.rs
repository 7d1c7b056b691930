//! The simplified copy of the spec that the generator reads. The published spec stays complete. The copy has:
//!
//! 1. no error responses: a typed error loses the status and headers of a response that is not the documented JSON;
//! 2. one `2XX` response for each operation: the documentation is inexact about 200 and 202;
//! 3. no ambient headers (`x-ambient`): the transport sets them, and methods would otherwise have twelve arguments;
//! 4. no alternative forms of lists: `Collection` in the raw crate reads all of them;
//! 5. no patterns: each would become a type that rejects a value before the service explains why.

use serde_json::{Value, json};

use crate::spec::{follow, members};

/// Returns the simplified spec.
pub(crate) fn prepare(spec: &Value) -> Value {
    let mut prepared = spec.clone();
    let Some(paths) = prepared["paths"].as_object_mut() else { return prepared };
    for item in paths.values_mut() {
        let Some(item) = item.as_object_mut() else { continue };
        for (key, value) in item.iter_mut() {
            if key == "parameters" {
                drop_ambient(spec, value);
            } else if value.get("responses").is_some() {
                if let Some(parameters) = value.get_mut("parameters") {
                    drop_ambient(spec, parameters);
                }
                value["responses"] = json!({ "2XX": success(spec, &value["responses"]) });
            }
        }
    }
    for (_, schema) in prepared["components"]["schemas"].as_object_mut().into_iter().flatten() {
        if schema.get("x-collection-of").is_some() {
            *schema = json!({ "type": "object", "description": schema["description"] });
        }
        for property in
            schema["properties"].as_object_mut().into_iter().flat_map(|p| p.values_mut())
        {
            if let Some(property) = property.as_object_mut() {
                property.remove("pattern");
            }
        }
    }
    if let Some(components) = prepared["components"].as_object_mut() {
        components.remove("responses");
        components.remove("headers");
    }
    prepared
}

fn drop_ambient(spec: &Value, parameters: &mut Value) {
    if let Some(parameters) = parameters.as_array_mut() {
        parameters.retain(|parameter| follow(spec, parameter)["x-ambient"] != json!(true));
    }
}

fn success(spec: &Value, responses: &Value) -> Value {
    match success_schemas(spec, responses).first() {
        Some(schema) => json!({
            "description": "success",
            "content": { "application/json": { "schema": schema } },
        }),
        None => json!({ "description": "success" }),
    }
}

/// Returns the distinct schemas of an operation's success responses, except empty ones.
pub(crate) fn success_schemas<'a>(spec: &'a Value, responses: &'a Value) -> Vec<&'a Value> {
    let mut found: Vec<&Value> = Vec::new();
    for (_, response) in members(responses).filter(|(status, _)| status.starts_with('2')) {
        let schema = &follow(spec, response)["content"]["application/json"]["schema"];
        let is_empty = schema.as_object().is_none_or(serde_json::Map::is_empty);
        if !is_empty && !found.contains(&schema) {
            found.push(schema);
        }
    }
    found
}
