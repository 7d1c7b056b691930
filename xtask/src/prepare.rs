//! Decides what of the honest spec the generator gets to see. The published spec keeps everything:
//!
//! 1. errors go: a typed error would lose the status and headers of an answer that is not the documented JSON;
//! 2. all successes of an operation fold into one `2XX`: documents are not exact about 200 and 202;
//! 3. ambient headers (`x-ambient`) go: the transport sets them, or every method would have twelve arguments;
//! 4. a list's alternative forms go: the raw crate's `Collection` reads them all;
//! 5. patterns of texts go: each would become a type of its own with a regular expression in it, to refuse what the
//!    service refuses in better words.

use serde_json::{Value, json};

use crate::spec::{follow, members};

/// The spec as the generator gets it.
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

/// The different schemas that an operation's successes declare. An empty schema declares nothing.
pub(crate) fn success_schemas<'a>(spec: &'a Value, responses: &'a Value) -> Vec<&'a Value> {
    let mut found: Vec<&Value> = Vec::new();
    for (_, response) in members(responses).filter(|(status, _)| status.starts_with('2')) {
        let schema = &follow(spec, response)["content"]["application/json"]["schema"];
        let says_nothing = schema.as_object().is_none_or(serde_json::Map::is_empty);
        if !says_nothing && !found.contains(&schema) {
            found.push(schema);
        }
    }
    found
}
