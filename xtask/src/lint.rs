//! The spec's conventions. Decides what a good spec is, and says in the spec's own terms where it is not,
//! why that matters and what to write instead; the generator would only panic, or make a type that loses data.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde_json::{Value, json};

use crate::spec::{self, Kind, elements, follow, members};
use crate::{generate, prepare};

/// One broken convention.
#[derive(Debug)]
pub(crate) struct Problem {
    place: String,
    what: String,
    cure: &'static str,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n  {}\n  cure: {}", self.place, self.what, self.cure)
    }
}

/// Prints the problems of a spec. Returns true if there are none.
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

/// Everything that breaks a convention; empty if the spec can be generated from.
pub(crate) fn lint(spec: &Value) -> Vec<Problem> {
    let mut lint = Lint { spec, problems: Vec::new() };
    lint.document();
    lint.references(spec, &mut String::new());
    if !lint.problems.is_empty() {
        return lint.problems; // every later rule follows references
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
    fn report(&mut self, place: impl Into<String>, what: impl Into<String>, cure: &'static str) {
        self.problems.push(Problem { place: place.into(), what: what.into(), cure });
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
                    format!("`{reference}` points out of this file"),
                    "refer to #/components/…",
                );
            } else if spec::resolve(self.spec, reference).is_none() {
                self.report(
                    place.as_str(),
                    format!("`{reference}` points at nothing"),
                    "define it, or mend the name",
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
                    "write verb_noun, as get_policy",
                );
            }
            if !seen.insert(id) {
                self.report(
                    &place,
                    format!("operationId `{id}` stands twice"),
                    "give each operation its own",
                );
            }
            let summary = operation["summary"].as_str().unwrap_or_default();
            if summary.is_empty() || summary.ends_with('.') {
                self.report(
                    &place,
                    "the summary is missing or ends with a dot",
                    "write one short line without a dot",
                );
            }
            self.described(&place, operation);
            if !operation["externalDocs"]["url"]
                .as_str()
                .is_some_and(|url| url.starts_with("https://"))
            {
                self.report(
                    &place,
                    "externalDocs.url is missing",
                    "give the address of the page that documents it",
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
            self.report("paths", "there is no operation", "describe one");
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
        let whole = path.matches('}').count() == in_path.len() && !in_path.contains(&"");
        if in_path != declared || !whole {
            self.report(
                operation,
                format!(
                    "the path names {in_path:?} and the path parameters are {declared:?}; \
                     the generator panics on a difference"
                ),
                "declare each `{name}` of the path once, as a path parameter of the same name",
            );
        }
    }

    fn parameter(&mut self, operation: &str, parameter: &Value) {
        let spec = self.spec;
        let place = format!("{operation}.parameters.{}", parameter["name"].as_str().unwrap_or("?"));
        match parameter["in"].as_str() {
            Some("path") => {
                let schema = &parameter["schema"];
                let by_hand = matches!(spec::kind(follow(spec, schema)), Some(Kind::ByHand));
                if schema["$ref"].as_str().is_none() || !by_hand {
                    self.report(
                        &place,
                        "a path parameter that is plain text lets `..` address another resource",
                        "refer to a named string schema (CustomerId, …) and write its type in crates/raw/src/ids.rs",
                    );
                }
            }
            Some("query" | "header") => {
                if follow(spec, &parameter["schema"])["type"] != json!("string") {
                    self.report(
                        &place,
                        "is not a string; the generator cannot send arrays or objects",
                        "make it a string",
                    );
                }
                if parameter["schema"]["nullable"] == json!(true) {
                    self.report(
                        &place,
                        "is nullable, which makes an Option in an Option",
                        "leave out `nullable`",
                    );
                }
            }
            _ => self.report(
                &place,
                "is neither in path, query nor header",
                "the generator has no other kinds",
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
                "is not `required: true`; the generator sends it always",
                "write `required: true`",
            );
        }
        let media: Vec<&String> = members(&body["content"]).map(|(name, _)| name).collect();
        if media != ["application/json"] {
            self.report(
                &place,
                "has another media type than application/json",
                "keep the one that clients send",
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
                    "`default` counts as a success and as an error, and the generator panics on both",
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
                    format!("`{name}` would become a byte stream"),
                    "describe it in words",
                );
            }
        }
        if successes == 0 {
            self.report(&place, "no success is described", "describe the 2xx answer");
        }
        if prepare::success_schemas(spec, responses).len() > 1 {
            self.report(
                &place,
                "two successes have different schemas, and a method can only return one type",
                "use one schema that holds both, or leave the weaker one as `{}`",
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
                    "is none of: object with properties, string enum, string, list (x-collection-of)",
                    "the generator makes wrong or awkward types of anything else: name its parts",
                ),
                Some(Kind::CollectionOf(element)) => self.collection(&place, schema, element),
                Some(Kind::Words(words)) => self.words(&place, schema, &words),
                Some(Kind::ByHand) => {}
                Some(Kind::Object(properties)) => {
                    self.forbidden(&place, schema);
                    let only_received = received.contains(name) && !sent.contains(name);
                    if only_received && !schema["required"].is_null() {
                        self.report(
                            format!("{place}.required"),
                            "an answer without the property would fail to decode",
                            "leave `required` out of schemas that only come back",
                        );
                    }
                    let required: Vec<&str> = elements(&schema["required"]).filter_map(Value::as_str).collect();
                    let mut names = BTreeMap::new();
                    for (key, property) in properties {
                        let place = format!("{place}.properties.{key}");
                        self.property(&place, property, received.contains(name) && !required.contains(&key.as_str()));
                        if let Some(other) = names.insert(spec::snake(key), key) {
                            self.report(&place, format!("and `{other}` make the same Rust field"), "keep one, and describe the other");
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
                format!("x-collection-of names `{element}`, which is no object schema"),
                "name one",
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
                    "the object form has {names:?}; the raw crate's Collection is written by hand \
                     and reads {MEMBERS:?}"
                ),
                "write one object form with exactly these, or change crates/raw/src/list.rs and this rule",
            );
        }
        for (name, property) in members(form) {
            self.property(&format!("{place}.{name}"), property, true);
        }
        let items = form["items"]["items"]["$ref"].as_str().unwrap_or_default();
        if !names.is_empty() && spec::name_of(items) != element {
            self.report(
                format!("{place}.items"),
                format!("holds `{items}`, while x-collection-of names `{element}`"),
                "name the same schema in both",
            );
        }
    }

    fn words(&mut self, place: &str, schema: &Value, words: &[&str]) {
        if elements(&schema["enum"]).count() != words.len() {
            self.report(place, "a value is not text, and would be left out", "quote it");
        }
        let different: BTreeSet<_> = words.iter().map(|word| word.to_lowercase()).collect();
        if different.len() != words.len() {
            self.report(
                place,
                "two values differ only by case",
                "keep one: values are read without case",
            );
        }
        let mut variants = BTreeMap::new();
        for word in words {
            match generate::variant(word) {
                None => self.report(
                    place,
                    format!("`{word}` makes no name of a Rust variant"),
                    "write letters and digits joined by single `_` or `-`, or teach variant() in generate.rs",
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
                            format!("`{word}` and `{other}` make the same Rust variant"),
                            "keep one, and name the other in the description",
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
                    "x-known-values has a row that is not `{code: '…', name: …}`, both text",
                    "quote the code",
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
            self.report(place, "a description beside `$ref` is lost", "write `allOf: [{$ref: …}]`");
        }
        if !is_plain(property) {
            self.report(
                place,
                "is of a shape that the generator refuses, or makes a type of that loses data",
                "write string, integer (int64), boolean, an array of these, of a $ref or of {}, or allOf of one $ref",
            );
        }
        let mut property = property.clone();
        if !must_be_nullable && let Some(property) = property.as_object_mut() {
            // Only requests have required fields, and the generator does not see the pattern.
            property.remove("pattern");
        }
        self.forbidden(place, &property);
    }

    fn forbidden(&mut self, place: &str, schema: &Value) {
        const FINE: [&str; 9] = [
            "type",
            "format",
            "nullable",
            "description",
            "items",
            "allOf",
            "properties",
            "required",
            "$ref", // has its own rule
        ];
        const RULES: [(&str, &str, &str); 10] = [
            (
                "enum",
                "an enum in place becomes a closed Rust enum",
                "name it under components.schemas",
            ),
            ("pattern", "one odd value would fail the whole answer", "say it in the description"),
            ("minLength", "one odd value would fail the whole answer", "say it in the description"),
            ("maxLength", "one odd value would fail the whole answer", "say it in the description"),
            ("minimum", "one odd value would fail the whole answer", "say it in the description"),
            ("maximum", "one odd value would fail the whole answer", "say it in the description"),
            ("default", "absent and default could not be told apart", "say it in the description"),
            (
                "additionalProperties",
                "unknown members are ignored anyway, and must be",
                "leave it out",
            ),
            (
                "oneOf",
                "alternatives decode slowly or wrongly",
                "only lists with x-collection-of may have them",
            ),
            (
                "anyOf",
                "alternatives decode slowly or wrongly",
                "only lists with x-collection-of may have them",
            ),
        ];
        for (key, what, cure) in RULES {
            if !schema[key].is_null() {
                self.report(format!("{place}.{key}"), what, cure);
            }
        }
        for (key, _) in members(schema) {
            let ruled = RULES.iter().any(|(rule, ..)| rule == key) || FINE.contains(&key.as_str());
            if !ruled && !key.starts_with("x-") {
                self.report(
                    format!("{place}.{key}"),
                    "is not known to be without effect on the generated type",
                    "leave it out, and say it in the description",
                );
            }
        }
        if let Some(format) = schema["format"].as_str().filter(|format| *format != "int64") {
            self.report(
                format!("{place}.format"),
                format!("`{format}` refuses values that the documents show, or may"),
                "use allOf: [PartnerDateTime] for times, int64 for counts, plain strings for ids",
            );
        }
        if !schema["items"].is_null() {
            self.forbidden(&format!("{place}.items"), &schema["items"]);
        }
    }

    fn described(&mut self, place: &str, value: &Value) {
        if value["description"].as_str().is_none_or(|text| text.trim().is_empty()) {
            self.report(place, "has no description", "say what it is and where it is documented");
        }
    }
}

/// Whether a property has a shape of which the generator is known to make the right field. A list of what is
/// good: what is bad has no end.
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
mod tests {
    use super::*;

    fn committed() -> Value {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        spec::load(&root.join(spec::PATH)).unwrap().0
    }

    fn text(problems: &[Problem]) -> String {
        problems.iter().map(|problem| format!("{problem}\n")).collect()
    }

    #[test]
    fn the_committed_spec_is_clean() {
        assert_eq!(text(&lint(&committed())), "");
    }

    /// Each row breaks the committed spec in one place and names what the lint must say.
    #[test]
    fn each_rule_explains_itself() {
        let status =
            "/paths/~1v1~1customers~1{customer_id}~1batchJobStatus~1{batch_tracking_id}/get";
        let device = "/components/schemas/Device/properties/serialNumber";
        let hash = "/components/schemas/Device/properties/hardwareHash";
        let policies = "/components/schemas/Device/properties/policies";
        let list = "/components/schemas/DeviceCollection/anyOf/0/properties";
        let words = "/components/schemas/BatchUploadStatus";
        for (pointer, key, value, expected) in [
            ("", "openapi", json!("3.1.0"), "3.0 only"),
            (status, "operationId", json!("list_policies"), "stands twice"),
            (status, "operationId", json!("getStatus"), "not snake_case"),
            (status, "summary", json!("Ends."), "ends with a dot"),
            (status, "description", json!(""), "no description"),
            (status, "externalDocs", json!({}), "externalDocs.url"),
            (
                status,
                "parameters",
                json!([{ "name": "c", "in": "cookie", "description": "x" }]),
                "neither in path",
            ),
            (
                status,
                "parameters",
                json!([{ "name": "x", "in": "path", "description": "x", "schema": { "type": "string" } }]),
                "address another resource",
            ),
            (
                status,
                "parameters",
                json!([{ "name": "x", "in": "header", "description": "x", "schema": { "type": "array" } }]),
                "is not a string",
            ),
            (
                status,
                "requestBody",
                json!({ "description": "x", "content": { "text/xml": {} } }),
                "media type",
            ),
            (
                &format!("{status}/responses"),
                "default",
                json!({ "description": "x" }),
                "panics on both",
            ),
            (
                &format!("{status}/responses"),
                "202",
                json!({ "description": "x", "content": { "application/json": {
                    "schema": { "$ref": "#/components/schemas/Device" } } } }),
                "different schemas",
            ),
            (
                &format!("{status}/responses/200"),
                "content",
                json!({ "text/html": {} }),
                "byte stream",
            ),
            (
                status,
                "parameters",
                json!([{ "$ref": "#/components/parameters/PolicyId" }]),
                "the path parameters are",
            ),
            ("/paths", "/v1/odd/{batch_id}", json!({ "get": {} }), "the path parameters are"),
            ("/paths", "/v1/odd/batch_id}", json!({ "get": {} }), "the path parameters are"),
            ("/paths", "/v1/odd/{batch_id", json!({ "get": {} }), "the path parameters are"),
            (device, "type", json!(null), "of a shape"),
            (device, "type", json!("number"), "of a shape"),
            (device, "type", json!("integer"), "of a shape"),
            (device, "type", json!("object"), "of a shape"),
            (device, "type", json!("array"), "of a shape"),
            (device, "items", json!({}), "of a shape"),
            (device, "allOf", json!([{ "$ref": "#/components/schemas/Link" }]), "of a shape"),
            (device, "not", json!({}), "not known to be without effect"),
            (device, "format", json!("ipv4"), "refuses values"),
            (hash, "allOf", json!([]), "of a shape"),
            (hash, "allOf", json!([{ "type": "string" }]), "of a shape"),
            (hash, "allOf", json!([{ "$ref": "#/components/parameters/Cv" }]), "of a shape"),
            (
                hash,
                "allOf",
                json!([{ "$ref": "#/components/schemas/HardwareHash" }, { "$ref": "#/components/schemas/DeviceId" }]),
                "of a shape",
            ),
            (policies, "items", json!(null), "of a shape"),
            (policies, "items", json!({ "type": "object" }), "of a shape"),
            (policies, "items", json!({ "type": "array", "items": {} }), "of a shape"),
            (policies, "uniqueItems", json!(true), "not known to be without effect"),
            ("/components/schemas/Device", "additionalProperties", json!(true), "ignored anyway"),
            (device, "description", json!(null), "no description"),
            (device, "nullable", json!(false), "fail to decode"),
            (device, "enum", json!(["a"]), "closed Rust enum"),
            (device, "pattern", json!("a"), "fail the whole answer"),
            (device, "format", json!("date-time"), "refuses values"),
            (device, "x-known-values", json!([{ "code": 806, "name": "x" }]), "both text"),
            (device, "$ref", json!("#/components/schemas/Nothing"), "points at nothing"),
            (device, "$ref", json!("other.yaml"), "out of this file"),
            (device, "$ref", json!("#/components/schemas/Link"), "beside `$ref` is lost"),
            (
                "/components/schemas/BatchUploadDetails",
                "required",
                json!(["status"]),
                "fail to decode",
            ),
            (words, "enum", json!(["a", "A"]), "only by case"),
            (words, "enum", json!(["a", 1]), "not text"),
            (words, "enum", json!(["a__b"]), "no name of a Rust variant"),
            (words, "enum", json!(["2fast"]), "no name of a Rust variant"),
            (words, "enum", json!([""]), "no name of a Rust variant"),
            (words, "enum", json!(["in-progress", "in_progress"]), "the same Rust variant"),
            (words, "enum", json!(["other"]), "the variant Other"),
            (
                list,
                "nextLink",
                json!({ "type": "string", "nullable": true, "description": "x" }),
                "written by hand",
            ),
            (list, "totalCount", json!({ "type": "string", "description": "x" }), "fail to decode"),
            (
                &format!("{list}/items"),
                "items",
                json!({ "$ref": "#/components/schemas/Link" }),
                "while x-collection-of",
            ),
            ("/components/schemas/DeviceCollection", "anyOf", json!([]), "written by hand"),
            (
                "/components/schemas/DeviceCollection",
                "x-collection-of",
                json!("Nope"),
                "no object schema",
            ),
            (
                "/components/schemas",
                "Odd",
                json!({ "type": "integer", "description": "x" }),
                "is none of",
            ),
            (
                "/components/schemas/Device/properties",
                " attributes",
                json!({ "nullable": true, "description": "x", "type": "string" }),
                "the same Rust field",
            ),
        ] {
            let mut spec = committed();
            let place = spec.pointer_mut(pointer).unwrap_or_else(|| panic!("no {pointer}"));
            place.as_object_mut().unwrap().insert(key.to_owned(), value);
            let said = text(&lint(&spec));
            assert!(
                said.contains(expected),
                "{pointer}.{key} should say {expected:?}, said: {said}"
            );
            assert!(said.contains("cure: "), "{said}");
        }
    }

    #[test]
    fn the_generator_sees_no_ambient_header_and_no_error() {
        let spec = committed();
        let prepared = prepare::prepare(&spec);
        for (path, method, operation) in spec::operations(&prepared) {
            let statuses: Vec<_> =
                members(&operation["responses"]).map(|(status, _)| status.as_str()).collect();
            assert_eq!(statuses, ["2XX"], "{method} {path}");
            for parameters in [&operation["parameters"], &prepared["paths"][path]["parameters"]] {
                let ambient =
                    elements(parameters).any(|p| follow(&spec, p)["x-ambient"] == json!(true));
                assert!(!ambient, "{method} {path}");
            }
        }
    }
}
