//! The lint of the spec. For each broken convention, it reports the place, the reason and a fix.
//!
//! Without the lint, the generator would panic or generate a type that loses data.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde_json::{Value, json};

use crate::spec::{self, Kind, elements, follow, members};
use crate::{generate, prepare};

/// One broken convention.
#[derive(Debug)]
pub(crate) struct Problem {
    place: String,
    message: String,
    fix: &'static str,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n  {}\n  fix: {}", self.place, self.message, self.fix)
    }
}

/// Prints the problems of a spec. Returns true if it has no problems.
pub(crate) fn print_problems(spec: &Value) -> bool {
    let problems = lint(spec);
    for problem in &problems {
        eprintln!("{}: {problem}\n", spec::PATH);
    }
    if !problems.is_empty() {
        eprintln!("error: the spec has {} problem(s)", problems.len());
    }
    problems.is_empty()
}

/// Returns the problems of a spec. Without problems, code can be generated from it.
pub(crate) fn lint(spec: &Value) -> Vec<Problem> {
    let mut lint = Lint { spec, problems: Vec::new() };
    lint.document();
    lint.references(spec, &mut String::new());
    if !lint.problems.is_empty() {
        return lint.problems; // the other rules follow references
    }
    lint.operations();
    lint.components();
    lint.schemas();
    lint.problems
}

struct Lint<'a> {
    spec: &'a Value,
    problems: Vec<Problem>,
}

impl Lint<'_> {
    fn report(&mut self, place: impl Into<String>, message: impl Into<String>, fix: &'static str) {
        self.problems.push(Problem { place: place.into(), message: message.into(), fix });
    }

    fn document(&mut self) {
        if !self.spec["openapi"].as_str().is_some_and(|version| version.starts_with("3.0.")) {
            self.report(
                "openapi",
                "the generator reads OpenAPI 3.0 only",
                "write `openapi: 3.0.3`",
            );
        }
        if self.spec["info"]["version"].as_str().is_none() {
            self.report("info.version", "is missing or not text", "write `version: v1`");
        }
    }

    fn references(&mut self, value: &Value, place: &mut String) {
        if let Some(reference) = value["$ref"].as_str() {
            if !reference.starts_with("#/") {
                self.report(
                    place.as_str(),
                    format!("`{reference}` refers to another file"),
                    "refer to #/components/...",
                );
            } else if spec::resolve(self.spec, reference).is_none() {
                self.report(
                    place.as_str(),
                    format!("`{reference}` refers to nothing"),
                    "define the component, or correct the name",
                );
            }
        }
        let length = place.len();
        let mut enter = |lint: &mut Self, key: &str, child: &Value| {
            place.push_str(if length == 0 { "" } else { "." });
            place.push_str(key);
            lint.references(child, place);
            place.truncate(length);
        };
        for (key, child) in members(value) {
            enter(self, key, child);
        }
        for (index, child) in elements(value).enumerate() {
            enter(self, &index.to_string(), child);
        }
    }

    fn operations(&mut self) {
        let spec = self.spec;
        let mut seen = BTreeSet::new();
        for (path, method, operation) in spec::operations(spec) {
            let place = format!("paths.{path}.{method}");
            let id = operation["operationId"].as_str().unwrap_or_default();
            let snake = !id.is_empty() && id.chars().all(|c| c.is_ascii_lowercase() || c == '_');
            if !snake {
                self.report(
                    &place,
                    format!("operationId `{id}` is not snake_case"),
                    "write verb_noun, such as get_policy",
                );
            }
            if !seen.insert(id) {
                self.report(
                    &place,
                    format!("operationId `{id}` is used twice"),
                    "use a different id",
                );
            }
            let summary = operation["summary"].as_str().unwrap_or_default();
            if summary.is_empty() || summary.ends_with('.') {
                self.report(
                    &place,
                    "the summary is missing or ends with a period",
                    "write one short line without a period",
                );
            }
            self.described(&place, operation);
            self.extensions(&place, operation);
            if !operation["externalDocs"]["url"]
                .as_str()
                .is_some_and(|url| url.starts_with("https://"))
            {
                self.report(
                    &place,
                    "externalDocs.url is missing",
                    "add the URL of the page that documents the operation",
                );
            }
            let shared = &spec["paths"][path]["parameters"];
            for parameter in elements(shared).chain(elements(&operation["parameters"])) {
                self.parameter(&place, follow(spec, parameter));
            }
            self.path_names(
                &place,
                path,
                elements(shared).chain(elements(&operation["parameters"])),
            );
            self.body(&place, &operation["requestBody"]);
            self.responses(&place, &operation["responses"]);
        }
        if seen.is_empty() {
            self.report("paths", "there is no operation", "describe at least one operation");
        }
    }

    /// Checks the vendor extensions that `Operation` is generated from.
    fn extensions(&mut self, place: &str, operation: &Value) {
        if generate::effect(operation).is_none() {
            self.report(
                format!("{place}.x-effect"),
                "does not define whether a request may be repeated",
                "write `x-effect: idempotent` or `x-effect: once`",
            );
        }
        let requires_user = &operation["x-requires-user"];
        if !requires_user.is_null() && *requires_user != json!(true) {
            self.report(
                format!("{place}.x-requires-user"),
                "is not `true`",
                "write `x-requires-user: true`, or omit it",
            );
        }
        for (key, _) in members(operation) {
            if key.starts_with("x-") && !["x-effect", "x-requires-user"].contains(&key.as_str()) {
                self.report(
                    format!("{place}.{key}"),
                    "is not an extension of this spec",
                    "correct the name, or add it to lint.rs and generate.rs",
                );
            }
        }
    }

    fn path_names<'v>(
        &mut self,
        operation: &str,
        path: &str,
        parameters: impl Iterator<Item = &'v Value>,
    ) {
        let mut in_path: Vec<&str> = path
            .split('{')
            .skip(1)
            .map(|rest| rest.split_once('}').map_or("", |(name, _)| name))
            .collect();
        let mut declared: Vec<&str> = parameters
            .map(|parameter| follow(self.spec, parameter))
            .filter(|parameter| parameter["in"] == json!("path"))
            .map(|parameter| parameter["name"].as_str().unwrap_or_default())
            .collect();
        in_path.sort_unstable();
        declared.sort_unstable();
        let is_balanced = path.matches('}').count() == in_path.len() && !in_path.contains(&"");
        if in_path != declared || !is_balanced {
            self.report(
                operation,
                format!(
                    "the path contains {in_path:?}, but the path parameters are {declared:?}; \
                     the generator panics if they differ"
                ),
                "declare each `{name}` in the path once, as a path parameter with the same name",
            );
        }
    }

    fn parameter(&mut self, operation: &str, parameter: &Value) {
        let spec = self.spec;
        let place = format!("{operation}.parameters.{}", parameter["name"].as_str().unwrap_or("?"));
        match parameter["in"].as_str() {
            Some("path") => {
                let schema = &parameter["schema"];
                let is_hand_written =
                    matches!(spec::kind(follow(spec, schema)), Some(Kind::HandWritten));
                if schema["$ref"].as_str().is_none() || !is_hand_written {
                    self.report(
                        &place,
                        "a path parameter that is a plain string allows `..` to address another resource",
                        "refer to a named string schema such as CustomerId, and add its type to crates/raw/src/path_ids.rs",
                    );
                }
            }
            Some("query" | "header") => {
                let schema = follow(spec, &parameter["schema"]);
                let is_count =
                    schema["type"] == json!("integer") && schema["format"] == json!("int64");
                if schema["type"] != json!("string") && !is_count {
                    self.report(
                        &place,
                        "is not a string; the generator does not support arrays or objects",
                        "make it a string, or an integer (int64)",
                    );
                }
                if parameter["schema"]["nullable"] == json!(true) {
                    self.report(
                        &place,
                        "is nullable, which generates a nested Option",
                        "remove `nullable`",
                    );
                }
            }
            _ => self.report(
                &place,
                "is not in path, query or header",
                "move the parameter; the generator supports no other places",
            ),
        }
    }

    fn body(&mut self, operation: &str, body: &Value) {
        if body.is_null() {
            return;
        }
        let place = format!("{operation}.requestBody");
        let body = follow(self.spec, body);
        if body["required"] != json!(true) {
            self.report(
                &place,
                "is not `required: true`, but the generator always sends it",
                "write `required: true`",
            );
        }
        let media: Vec<&String> = members(&body["content"]).map(|(name, _)| name).collect();
        if media != ["application/json"] {
            self.report(
                &place,
                "has a media type other than application/json",
                "keep only application/json",
            );
        }
        self.described(&place, body);
    }

    fn responses(&mut self, operation: &str, responses: &Value) {
        let spec = self.spec;
        let place = format!("{operation}.responses");
        let mut successes = 0;
        for (status, response) in members(responses) {
            let here = format!("{place}.{status}");
            if status == "default" {
                self.report(
                    &here,
                    "`default` is both a success and an error, on which the generator panics",
                    "write `4XX` and `5XX`",
                );
            }
            successes += usize::from(status.starts_with('2'));
            let response = follow(spec, response);
            self.described(&here, response);
            for (name, header) in members(&response["headers"]) {
                self.described(&format!("{here}.headers.{name}"), follow(spec, header));
            }
            for (name, _) in
                members(&response["content"]).filter(|(name, _)| *name != "application/json")
            {
                self.report(
                    &here,
                    format!("`{name}` would be generated as a byte stream"),
                    "mention it in the description",
                );
            }
        }
        if successes == 0 {
            self.report(&place, "there is no success response", "describe the 2xx response");
        }
        if prepare::success_schemas(spec, responses).len() > 1 {
            self.report(
                &place,
                "two success responses have different schemas, but a method returns one type",
                "use one schema that covers both, or `{}` for the less specific one",
            );
        }
    }

    fn components(&mut self) {
        for kind in ["parameters", "headers", "responses", "schemas"] {
            for (name, component) in members(&self.spec["components"][kind]) {
                self.described(&format!("components.{kind}.{name}"), component);
            }
        }
    }

    fn schemas(&mut self) {
        let spec = self.spec;
        let mut sent = Vec::new();
        let mut received = Vec::new();
        for (_, _, operation) in spec::operations(spec) {
            spec::reachable(spec, &operation["requestBody"], &mut sent);
            spec::reachable(spec, &operation["responses"], &mut received);
        }
        for (name, schema) in spec::schemas(spec) {
            let place = format!("components.schemas.{name}");
            match spec::kind(schema) {
                None => self.report(
                    &place,
                    "is not an object with properties, a string enum, a string, or a list (x-collection-of)",
                    "name the parts of the schema; the generator does not support other schemas",
                ),
                Some(Kind::CollectionOf(element)) => self.collection(&place, schema, element),
                Some(Kind::Enum(values)) => self.string_enum(&place, schema, &values),
                Some(Kind::HandWritten) => {}
                Some(Kind::Object(properties)) => {
                    self.forbidden(&place, schema);
                    let only_received = received.contains(name) && !sent.contains(name);
                    if only_received && !schema["required"].is_null() {
                        self.report(
                            format!("{place}.required"),
                            "a response without the property would fail to decode",
                            "remove `required` from schemas that are only used in responses",
                        );
                    }
                    let required: Vec<&str> = elements(&schema["required"]).filter_map(Value::as_str).collect();
                    let mut names = BTreeMap::new();
                    for (key, property) in properties {
                        let place = format!("{place}.properties.{key}");
                        self.property(&place, property, received.contains(name) && !required.contains(&key.as_str()));
                        if let Some(other) = names.insert(spec::snake(key), key) {
                            self.report(&place, format!("has the same Rust field as `{other}`"), "keep one, and mention the other in its description");
                        }
                    }
                }
            }
        }
    }

    fn collection(&mut self, place: &str, schema: &Value, element: &str) {
        if !matches!(
            spec::kind(&self.spec["components"]["schemas"][element]),
            Some(Kind::Object(_))
        ) {
            self.report(
                place,
                format!("x-collection-of refers to `{element}`, which is not an object schema"),
                "refer to an object schema",
            );
        }
        const MEMBERS: [&str; 5] =
            ["attributes", "continuationToken", "items", "links", "totalCount"];
        let form = elements(&schema["anyOf"])
            .find(|form| form["type"] == json!("object"))
            .map_or(&Value::Null, |form| &form["properties"]);
        let mut names: Vec<&str> = members(form).map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        if names != MEMBERS {
            self.report(
                place,
                format!(
                    "the object form has {names:?}, but the hand-written type Collection in the raw crate \
                     has {MEMBERS:?}"
                ),
                "write one object form with exactly these properties, or change crates/raw/src/collection.rs and this rule",
            );
        }
        for (name, property) in members(form) {
            self.property(&format!("{place}.{name}"), property, true);
        }
        let items = form["items"]["items"]["$ref"].as_str().unwrap_or_default();
        if !names.is_empty() && spec::name_of(items) != element {
            self.report(
                format!("{place}.items"),
                format!("contains `{items}`, but x-collection-of refers to `{element}`"),
                "use the same schema in both",
            );
        }
    }

    fn string_enum(&mut self, place: &str, schema: &Value, words: &[&str]) {
        if elements(&schema["enum"]).count() != words.len() {
            self.report(place, "a value is not a string and would be omitted", "quote it");
        }
        let different: BTreeSet<_> = words.iter().map(|word| word.to_lowercase()).collect();
        if different.len() != words.len() {
            self.report(
                place,
                "two values differ only by case",
                "keep one; values are case-insensitive",
            );
        }
        let mut variants = BTreeMap::new();
        for word in words {
            match generate::variant(word) {
                None => self.report(
                    place,
                    format!("`{word}` is not a valid name for a Rust variant"),
                    "use letters and digits joined by single `_` or `-`, or extend variant() in generate.rs",
                ),
                Some(name) if name == "Other" => self.report(
                    place,
                    format!("`{word}` makes the variant Other, which keeps words that are not listed"),
                    "leave it out: it is kept as text; or rename the variant in crates/raw/src/open_enum.rs",
                ),
                Some(name) => {
                    if let Some(other) = variants.insert(name, word) {
                        self.report(
                            place,
                            format!("`{word}` and `{other}` have the same Rust variant"),
                            "keep one, and mention the other in the description",
                        );
                    }
                }
            }
        }
    }

    fn property(&mut self, place: &str, property: &Value, must_be_nullable: bool) {
        self.described(place, property);
        for value in elements(&property["x-known-values"]) {
            if value["code"].as_str().is_none() || value["name"].as_str().is_none() {
                self.report(
                    place,
                    "an entry of x-known-values is not `{code: '…', name: …}` with two strings",
                    "write the code in quotes",
                );
            }
        }
        if must_be_nullable && property["nullable"] != json!(true) {
            self.report(
                place,
                "a `null` from the service would fail to decode",
                "write `nullable: true`",
            );
        }
        if !property["$ref"].is_null() {
            self.report(
                place,
                "a description next to `$ref` is lost",
                "write `allOf: [{$ref: …}]`",
            );
        }
        if !is_plain(property) {
            self.report(
                place,
                "has a shape that the generator rejects, or for which its type loses data",
                "use string, integer (int64), boolean, an array of these, of a $ref or of {}, or allOf with one $ref",
            );
        }
        let mut property = property.clone();
        if !must_be_nullable && let Some(property) = property.as_object_mut() {
            // Only requests have required fields, and patterns are removed before generation.
            property.remove("pattern");
        }
        self.forbidden(place, &property);
    }

    fn forbidden(&mut self, place: &str, schema: &Value) {
        for (key, message, fix) in RULES {
            if !schema[key].is_null() {
                self.report(format!("{place}.{key}"), message, fix);
            }
        }
        for (key, _) in members(schema) {
            let is_covered =
                RULES.iter().any(|(rule, ..)| rule == key) || ALLOWED.contains(&key.as_str());
            if !is_covered && !key.starts_with("x-") {
                self.report(
                    format!("{place}.{key}"),
                    "may affect the generated type",
                    "remove it, and mention it in the description",
                );
            }
        }
        if let Some(format) = schema["format"].as_str().filter(|format| *format != "int64") {
            self.report(
                format!("{place}.format"),
                format!("`{format}` rejects values that the documentation shows or may show"),
                "use allOf: [PartnerDateTime] for times, int64 for counts, and plain strings for ids",
            );
        }
        if !schema["items"].is_null() {
            self.forbidden(&format!("{place}.items"), &schema["items"]);
        }
    }

    fn described(&mut self, place: &str, value: &Value) {
        if value["description"].as_str().is_none_or(|text| text.trim().is_empty()) {
            self.report(
                place,
                "has no description",
                "describe it and link the page that documents it",
            );
        }
    }
}

/// The keywords of a schema that are supported.
const ALLOWED: [&str; 9] = [
    "type",
    "format",
    "nullable",
    "description",
    "items",
    "allOf",
    "properties",
    "required",
    "$ref", // has a separate rule
];
/// The unsupported keywords: keyword, problem and fix.
const RULES: [(&str, &str, &str); 10] = [
    (
        "enum",
        "an inline enum would be generated as a closed Rust enum",
        "move it to components.schemas",
    ),
    (
        "pattern",
        "one unexpected value would fail the whole response",
        "mention it in the description",
    ),
    (
        "minLength",
        "one unexpected value would fail the whole response",
        "mention it in the description",
    ),
    (
        "maxLength",
        "one unexpected value would fail the whole response",
        "mention it in the description",
    ),
    (
        "minimum",
        "one unexpected value would fail the whole response",
        "mention it in the description",
    ),
    (
        "maximum",
        "one unexpected value would fail the whole response",
        "mention it in the description",
    ),
    (
        "default",
        "an absent value would be the same as the default",
        "mention it in the description",
    ),
    ("additionalProperties", "unknown properties are always ignored", "remove it"),
    (
        "oneOf",
        "alternatives decode slowly or incorrectly",
        "use alternatives only in lists with x-collection-of",
    ),
    (
        "anyOf",
        "alternatives decode slowly or incorrectly",
        "use alternatives only in lists with x-collection-of",
    ),
];

/// Returns true if the generator is known to generate a correct field for the shape of a property. Unknown shapes are
/// rejected.
fn is_plain(property: &Value) -> bool {
    let a_reference = |schema: &Value| {
        schema["$ref"].as_str().is_some_and(|to| to.starts_with("#/components/schemas/"))
    };
    let a_value = |schema: &Value| match schema["type"].as_str() {
        Some("string" | "boolean") => true,
        Some("integer") => schema["format"] == json!("int64"),
        _ => false,
    };
    let (items, all_of) = (&property["items"], &property["allOf"]);
    match property["type"].as_str() {
        Some("array") => {
            let of_anything = *items == json!({});
            all_of.is_null() && (of_anything || a_reference(items) || a_value(items))
        }
        Some(_) => all_of.is_null() && items.is_null() && a_value(property),
        None => {
            let one = all_of.as_array().filter(|all| all.len() == 1);
            items.is_null() && one.is_some_and(|all| a_reference(&all[0]))
        }
    }
}

#[cfg(test)]
mod tests;
