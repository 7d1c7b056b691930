use super::*;

fn committed() -> Value {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    spec::load(&root.join(spec::PATH)).unwrap().0
}

fn text(problems: &[Problem]) -> String {
    problems.iter().map(|problem| format!("{problem}\n")).collect()
}

#[test]
fn the_committed_spec_has_no_problems() {
    assert_eq!(text(&lint(&committed())), "");
}

/// Breaks the committed spec in one place per row. The last column is part of the expected message.
#[test]
#[allow(clippy::too_many_lines)] // a table
fn each_rule_reports_its_problem() {
    let status = "/paths/~1v1~1customers~1{customer_id}~1batchJobStatus~1{batch_tracking_id}/get";
    let device = "/components/schemas/Device/properties/serialNumber";
    let hash = "/components/schemas/Device/properties/hardwareHash";
    let policies = "/components/schemas/Device/properties/policies";
    let list = "/components/schemas/DeviceCollection/anyOf/0/properties";
    let words = "/components/schemas/BatchUploadStatus";
    for (pointer, key, value, expected) in [
        ("", "openapi", json!("3.1.0"), "3.0 only"),
        (status, "operationId", json!("list_policies"), "is used twice"),
        (status, "operationId", json!("getStatus"), "not snake_case"),
        (status, "x-effect", json!(null), "may be repeated"),
        (status, "x-effect", json!("twice"), "may be repeated"),
        (status, "x-requires-user", json!("yes"), "is not `true`"),
        (status, "x-efect", json!("once"), "is not an extension"),
        (status, "summary", json!("Ends."), "ends with a period"),
        (status, "description", json!(""), "no description"),
        (status, "externalDocs", json!({}), "externalDocs.url"),
        (
            status,
            "parameters",
            json!([{ "name": "c", "in": "cookie", "description": "x" }]),
            "not in path",
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
            "generator panics",
        ),
        (
            &format!("{status}/responses"),
            "202",
            json!({ "description": "x", "content": { "application/json": {
                "schema": { "$ref": "#/components/schemas/Device" } } } }),
            "different schemas",
        ),
        (&format!("{status}/responses/200"), "content", json!({ "text/html": {} }), "byte stream"),
        (
            status,
            "parameters",
            json!([{ "$ref": "#/components/parameters/PolicyId" }]),
            "the path parameters are",
        ),
        ("/paths", "/v1/odd/{batch_id}", json!({ "get": {} }), "the path parameters are"),
        ("/paths", "/v1/odd/batch_id}", json!({ "get": {} }), "the path parameters are"),
        ("/paths", "/v1/odd/{batch_id", json!({ "get": {} }), "the path parameters are"),
        (device, "type", json!(null), "has a shape"),
        (device, "type", json!("number"), "has a shape"),
        (device, "type", json!("integer"), "has a shape"),
        (device, "type", json!("object"), "has a shape"),
        (device, "type", json!("array"), "has a shape"),
        (device, "items", json!({}), "has a shape"),
        (device, "allOf", json!([{ "$ref": "#/components/schemas/Link" }]), "has a shape"),
        (device, "not", json!({}), "may affect the generated type"),
        (device, "format", json!("ipv4"), "rejects values"),
        (hash, "allOf", json!([]), "has a shape"),
        (hash, "allOf", json!([{ "type": "string" }]), "has a shape"),
        (hash, "allOf", json!([{ "$ref": "#/components/parameters/Cv" }]), "has a shape"),
        (
            hash,
            "allOf",
            json!([{ "$ref": "#/components/schemas/HardwareHash" }, { "$ref": "#/components/schemas/DeviceId" }]),
            "has a shape",
        ),
        (policies, "items", json!(null), "has a shape"),
        (policies, "items", json!({ "type": "object" }), "has a shape"),
        (policies, "items", json!({ "type": "array", "items": {} }), "has a shape"),
        (policies, "uniqueItems", json!(true), "may affect the generated type"),
        ("/components/schemas/Device", "additionalProperties", json!(true), "always ignored"),
        (device, "description", json!(null), "no description"),
        (device, "nullable", json!(false), "fail to decode"),
        (device, "enum", json!(["a"]), "closed Rust enum"),
        (device, "pattern", json!("a"), "fail the whole response"),
        (device, "format", json!("date-time"), "rejects values"),
        (device, "x-known-values", json!([{ "code": 806, "name": "x" }]), "two strings"),
        (device, "$ref", json!("#/components/schemas/Nothing"), "refers to nothing"),
        (device, "$ref", json!("other.yaml"), "to another file"),
        (device, "$ref", json!("#/components/schemas/Link"), "next to `$ref` is lost"),
        ("/components/schemas/BatchUploadDetails", "required", json!(["status"]), "fail to decode"),
        (words, "enum", json!(["a", "A"]), "only by case"),
        (words, "enum", json!(["a", 1]), "not a string"),
        (words, "enum", json!(["a__b"]), "not a valid name for a Rust variant"),
        (words, "enum", json!(["2fast"]), "not a valid name for a Rust variant"),
        (words, "enum", json!([""]), "not a valid name for a Rust variant"),
        (words, "enum", json!(["in-progress", "in_progress"]), "the same Rust variant"),
        (words, "enum", json!(["other"]), "the variant Other"),
        (
            list,
            "nextLink",
            json!({ "type": "string", "nullable": true, "description": "x" }),
            "hand-written",
        ),
        (list, "totalCount", json!({ "type": "string", "description": "x" }), "fail to decode"),
        (
            &format!("{list}/items"),
            "items",
            json!({ "$ref": "#/components/schemas/Link" }),
            "but x-collection-of",
        ),
        ("/components/schemas/DeviceCollection", "anyOf", json!([]), "hand-written"),
        (
            "/components/schemas/DeviceCollection",
            "x-collection-of",
            json!("Nope"),
            "not an object schema",
        ),
        (
            "/components/schemas",
            "Odd",
            json!({ "type": "integer", "description": "x" }),
            "is not an object",
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
        let messages = text(&lint(&spec));
        assert!(
            messages.contains(expected),
            "{pointer}.{key} expected {expected:?} in: {messages}"
        );
        assert!(messages.contains("fix: "), "{messages}");
    }
}

#[test]
fn ambient_headers_and_errors_are_removed_before_generation() {
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
