//! Generates the raw client from the prepared spec with progenitor.
//!
//! The settings ask for positional methods, mandatory hooks, and hand-written types where generated ones would lose
//! data (open enums, times, path ids, lists). The output is then edited: fields also read PascalCase keys, the
//! constructor that can panic is hidden from the docs, and the target decides how a success is read.

use std::panic::{AssertUnwindSafe, catch_unwind};

use anyhow::{Context, Result, anyhow, ensure};
use progenitor_impl::{
    GenerationSettings, Generator, HooksMode, InterfaceStyle, TypeImpl, TypePatch,
};
use quote::quote;
use serde_json::Value;

use crate::spec::{self, Kind};

const HEADER: &str =
    "// @generated from spec/device-deployment.yaml by `cargo xtask codegen`; do not edit.\n";

/// The generated files.
pub(crate) struct Code {
    /// `generated.rs`: the client and the structs.
    pub(crate) client: String,
    /// `generated_enums.rs`: the open enums.
    pub(crate) open_enums: String,
    /// `generated_operations.rs`: the operations and their properties.
    pub(crate) operations: String,
}

/// Generates the files of the raw crate from a spec that passed the lint.
pub(crate) fn generate(spec: &Value) -> Result<Code> {
    // The generator panics on many unsupported specs, and its messages do not name the place in the spec.
    catch_unwind(AssertUnwindSafe(|| make(spec))).unwrap_or_else(|_| {
        Err(anyhow!(
            "the generator panicked (see its message above) and the lint missed the reason: \
             fix the spec, and add a rule to xtask/src/lint.rs"
        ))
    })
}

fn make(spec: &Value) -> Result<Code> {
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Positional)
        .with_hooks(HooksMode::Expected)
        .with_inner_type(quote!(crate::Inner))
        .with_derive("PartialEq");

    // Request types can be built with struct literals; response types are non-exhaustive so that they can grow.
    let mut sent = Vec::new();
    for (_, _, operation) in spec::operations(spec) {
        spec::reachable(spec, &operation["requestBody"], &mut sent);
    }

    let mut open_enums = format!("{HEADER}\nuse crate::open_enum::open_enum;\n");
    for (name, schema) in spec::schemas(spec) {
        match spec::kind(schema).with_context(|| format!("schema {name} has no known kind"))? {
            Kind::Enum(words) => {
                let impls = [TypeImpl::Display, TypeImpl::FromStr];
                settings.with_replacement(name, format!("crate::types::{name}"), impls.into_iter());
                open_enums += &open_enum(name, schema, &words)?;
            }
            Kind::CollectionOf(element) => {
                let mut list = format!("crate::types::Collection<crate::types::{element}>");
                if schema["nullable"] == Value::Bool(true) {
                    list = format!("::std::option::Option<{list}>");
                }
                settings.with_replacement(name, list, [TypeImpl::Default].into_iter());
            }
            Kind::HandWritten => {
                let impls = [TypeImpl::Display, TypeImpl::Default];
                settings.with_replacement(name, format!("crate::types::{name}"), impls.into_iter());
            }
            Kind::Object(_) => {
                let mut patch = TypePatch::default();
                patch
                    .with_attr("#[cfg_attr(feature = \"schemars\", derive(schemars::JsonSchema))]");
                if !sent.contains(name) {
                    patch.with_attr("#[non_exhaustive]");
                }
                settings.with_patch(name, &patch);
            }
        }
    }

    open_enums += &known_values(spec);

    let api: openapiv3::OpenAPI = serde_json::from_value(crate::prepare::prepare(spec))
        .context("the prepared spec is not OpenAPI 3.0")?;
    let tokens = Generator::new(&settings)
        .generate_tokens(&api)
        .context("the generator refused the spec")?;
    let mut file = syn::parse2(tokens).context("the generator did not produce valid Rust")?;
    finish(&mut file)?;
    let client = read_by_target(&prettyplease::unparse(&file))?;
    let client = format!("{HEADER}\n{client}");
    Ok(Code { client, open_enums, operations: operations(spec)? })
}

/// Applies the changes for which the generator has no setting.
fn finish(file: &mut syn::File) -> Result<()> {
    let mut hidden = 0;
    for item in &mut file.items {
        match item {
            syn::Item::Mod(module) if module.ident == "types" => {
                for item in module.content.iter_mut().flat_map(|(_, items)| items) {
                    let syn::Item::Struct(item) = item else { continue };
                    item.fields.iter_mut().try_for_each(read_leniently)?;
                }
            }
            syn::Item::Impl(block) if block.trait_.is_none() => {
                for item in &mut block.items {
                    // `new` unwraps, follows redirects and times out after 15 seconds; `Client::direct` does not.
                    if let syn::ImplItem::Fn(function) = item
                        && function.sig.ident == "new"
                    {
                        function.attrs.push(syn::parse_quote!(#[doc(hidden)]));
                        hidden += 1;
                    }
                }
            }
            _ => {}
        }
    }
    ensure!(hidden == 1, "expected one generated constructor `new`, found {hidden}");
    Ok(())
}

/// Replaces how a success is read by the functions of `crate::transport::target`, because a browser's response can only be
/// checked then.
fn read_by_target(code: &str) -> Result<String> {
    let mut code = code.to_owned();
    for (generated, ours) in [
        ("ResponseValue::from_response(response).await", "value(&info, response).await"),
        ("Ok(ResponseValue::empty(response))", "empty(&info, response).await"),
    ] {
        ensure!(code.contains(generated), "the generated code has no `{generated}`");
        code = code.replace(generated, &format!("crate::transport::target::{ours}"));
    }
    Ok(code)
}

/// Adds aliases to a field: its PascalCase key, which the archived SDK writes, and ` attributes` with the leading
/// space of one documented response. Serialization stays camelCase. Links may have any form.
fn read_leniently(field: &mut syn::Field) -> Result<()> {
    let Some(ident) = &field.ident else { return Ok(()) };
    let mut key = ident.to_string();
    for attribute in field.attrs.iter().filter(|attribute| attribute.path().is_ident("serde")) {
        attribute.parse_nested_meta(|meta| {
            if meta.input.peek(syn::Token![=]) {
                let value: syn::LitStr = meta.value()?.parse()?;
                if meta.path.is_ident("rename") {
                    key = value.value();
                }
            }
            Ok(())
        })?;
    }
    let mut aliases = vec![capital(&key)];
    if key == "attributes" {
        aliases.push(" attributes".to_owned());
    }
    aliases.retain(|alias| *alias != key);
    if !aliases.is_empty() {
        field.attrs.push(syn::parse_quote!(#[serde(#(alias = #aliases),*)]));
    }
    if key == "links" {
        let read = "crate::resource_links::of_element";
        field.attrs.push(syn::parse_quote!(#[serde(default, deserialize_with = #read)]));
    }
    Ok(())
}

fn open_enum(name: &str, schema: &Value, words: &[&str]) -> Result<String> {
    let description = schema["description"].as_str().unwrap_or_default();
    let (text, variants) = split_description(description);
    let mut code = String::from("\nopen_enum! {\n");
    for line in text.lines() {
        code += format!("    /// {line}").trim_end();
        code += "\n";
    }
    code += &format!("    {name} {{\n");
    for word in words {
        let about = variants
            .iter()
            .find(|(value, _)| value == word)
            .map_or("", |(_, about)| about.as_str());
        code +=
            &format!("        /// `{word}`{}{about}\n", if about.is_empty() { "" } else { ": " });
        let variant =
            variant(word).with_context(|| format!("schema {name}: `{word}` makes no variant"))?;
        code += &format!("        {variant} = {word:?},\n");
    }
    Ok(code + "    }\n}\n")
}

/// Tables of codes and names for string properties with known values (`x-known-values`).
fn known_values(spec: &Value) -> String {
    let mut code = String::new();
    for (schema_name, schema) in spec::schemas(spec) {
        for (property_name, property) in spec::members(&schema["properties"]) {
            let mut values = spec::elements(&property["x-known-values"]).peekable();
            if values.peek().is_none() {
                continue;
            }
            let table = format!("{schema_name}{}", capital(property_name));
            let constant = spec::snake(&table).to_uppercase();
            code += &format!(
                "\n/// Known values of `{schema_name}.{property_name}`, each with its name. The service may return others.\n\
                 pub const {constant}S: &[(&str, &str)] = &[\n"
            );
            for value in values {
                let text = |key: &str| value[key].as_str().unwrap_or_default();
                code += &format!("    ({:?}, {:?}),\n", text("code"), text("name"));
            }
            code += "];\n";
        }
    }
    code
}

/// Returns the effect of an operation as the variant of `Effect`; `None` if `x-effect` has no known value.
pub(crate) fn effect(operation: &Value) -> Option<&'static str> {
    match operation["x-effect"].as_str()? {
        "idempotent" => Some("Idempotent"),
        "once" => Some("Once"),
        _ => None,
    }
}

/// Returns the properties of all success bodies; `None` if no success has a body.
fn response_properties(spec: &Value, responses: &Value) -> Option<Vec<String>> {
    let successes = spec::members(responses).filter(|(status, _)| status.starts_with('2'));
    let contents = successes.map(|(_, response)| &spec::follow(spec, response)["content"]);
    let bodies: Vec<_> = contents.filter(|content| content.is_object()).collect();
    let mut names = Vec::new();
    for body in &bodies {
        add_properties(spec, &body["application/json"]["schema"], &mut names);
    }
    (!bodies.is_empty()).then_some(names)
}

/// Adds the properties of a schema and of its alternatives.
fn add_properties(spec: &Value, schema: &Value, names: &mut Vec<String>) {
    let schema = spec::follow(spec, schema);
    for (name, _) in spec::members(&schema["properties"]) {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    for key in ["allOf", "anyOf", "oneOf"] {
        spec::elements(&schema[key]).for_each(|part| add_properties(spec, part, names));
    }
}

/// Generates the enum of operations with method, path, effect, response body and required user.
fn operations(spec: &Value) -> Result<String> {
    let mut rows = String::new();
    for (path, method, operation) in spec::operations(spec) {
        let text = |key: &str| operation[key].as_str().unwrap_or_default();
        let id = text("operationId");
        let name = variant(id).with_context(|| format!("operation {id} makes no variant"))?;
        let effect =
            effect(operation).with_context(|| format!("operation {id} has no x-effect"))?;
        let has_body = !crate::prepare::success_schemas(spec, &operation["responses"]).is_empty();
        let requires_user = operation["x-requires-user"] == Value::Bool(true);
        let properties = match response_properties(spec, &operation["responses"]) {
            Some(names) => format!("Some(&{names:?})"),
            None => "None".to_owned(),
        };
        rows += &format!(
            "    /// {}.\n    {name} = {id:?} {{\n        method: {}, path: {path:?},\n        \
             effect: {effect}, response_body: {has_body}, requires_user: {requires_user},\n        \
             response_properties: {properties},\n    }},\n",
            text("summary"),
            method.to_uppercase(),
        );
    }
    Ok(format!("{HEADER}\nuse crate::operation::operations;\n\noperations! {{\n{rows}}}\n"))
}

/// Splits the ``- `value`: meaning`` lines, which become the docs of the variants, from an enum's description.
fn split_description(description: &str) -> (String, Vec<(String, String)>) {
    let (mut text, mut variants) = (String::new(), Vec::new());
    for line in description.lines() {
        let item = line.strip_prefix("- `").and_then(|rest| rest.split_once('`'));
        if let Some((value, about)) = item {
            variants.push((value.to_owned(), about.trim_matches([':', ' ', ';', '.']).to_owned()));
        } else if !(line.is_empty() && text.ends_with("\n\n")) {
            text += line;
            text += "\n";
        }
    }
    (text.trim_end().to_owned(), variants)
}

/// Converts an enum value to a variant name: `finished_with_errors` -> `FinishedWithErrors`, and `o_o_b_e`, the SDK's
/// snake case of OOBE, -> `Oobe`. Returns `None` if the result is not a valid Rust name, or if the word has an empty
/// part (`a__b`).
pub(crate) fn variant(word: &str) -> Option<String> {
    let parts: Vec<&str> = word.split(['_', '-']).collect();
    if parts.contains(&"") {
        return None;
    }
    let acronym = parts.len() > 1 && parts.iter().all(|part| part.chars().count() == 1);
    let name = if acronym {
        capital(&parts.concat())
    } else {
        parts.iter().map(|part| capital(part)).collect()
    };
    syn::parse_str::<syn::Ident>(&name).is_ok().then_some(name)
}

/// Returns the text with its first letter in upper case.
fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_become_variants() {
        for (word, name) in [
            ("finished_with_errors", "FinishedWithErrors"),
            ("in-progress", "InProgress"),
            ("o_o_b_e", "Oobe"),
            ("none", "None"),
        ] {
            assert_eq!(variant(word).as_deref(), Some(name));
        }
        for word in ["", "_", "a__b", "-a", "2fast", "a b", "self", "a.b"] {
            assert_eq!(variant(word), None, "{word}");
        }
        assert_eq!(variant("éa_b").as_deref(), Some("ÉaB"));
    }

    #[test]
    fn fields_read_several_spellings_and_write_one() {
        let mut file = syn::parse_quote! {
            pub mod types {
                pub struct S {
                    #[serde(rename = "serialNumber", skip_serializing_if = "x")]
                    pub serial_number: A,
                    #[serde(default)]
                    pub attributes: A,
                    #[serde(rename = "ETag")]
                    pub etag: A,
                }
            }
            impl Client {
                pub fn new() {}
            }
        };
        finish(&mut file).unwrap();
        let code = prettyplease::unparse(&file);
        for expected in [
            "#[serde(alias = \"SerialNumber\")]\n        pub serial_number",
            "#[serde(alias = \"Attributes\", alias = \" attributes\")]\n        pub attributes",
            "#[doc(hidden)]\n    pub fn new()",
        ] {
            assert!(code.contains(expected), "no {expected} in {code}");
        }
        assert!(!code.contains("alias = \"ETag\""), "{code}");
        let mut without = syn::parse_quote!(
            struct Client;
        );
        assert!(finish(&mut without).unwrap_err().to_string().contains("found 0"));
    }

    #[test]
    fn only_a_nullable_list_is_optional() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let (spec, _) = spec::load(&root.join(spec::PATH)).unwrap();
        let code: String = generate(&spec).unwrap().client.split_whitespace().collect();
        let list_of = |element: &str| format!("crate::types::Collection<crate::types::{element}>");
        let optional = |element: &str| format!("Option<{}", list_of(element));
        assert!(code.contains(&optional("PartnerRelationship")));
        for element in ["AuditRecord", "Customer", "Device", "DeviceBatch", "ConfigurationPolicy"] {
            assert!(
                code.contains(&list_of(element)) && !code.contains(&optional(element)),
                "{element}"
            );
        }
    }

    #[test]
    fn reports_a_generator_panic_as_an_error() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let (mut spec, _) = spec::load(&root.join(spec::PATH)).unwrap();
        let paths = spec["paths"].as_object_mut().unwrap();
        let item = paths.remove("/v1/customers/{customer_id}/policies").unwrap();
        paths.insert("/v1/customers/{another_id}/policies".to_owned(), item);
        let error = generate(&spec).err().unwrap().to_string();
        assert!(error.contains("the lint missed"), "{error}");
    }

    #[test]
    fn value_lines_become_variant_docs() {
        let (text, variants) =
            split_description("The progress.\n\n- `queued`: not started\n- `x`\n\nKeep others.");
        assert_eq!(text, "The progress.\n\nKeep others.");
        assert_eq!(variants[0], ("queued".to_owned(), "not started".to_owned()));
        assert_eq!(variants[1], ("x".to_owned(), String::new()));
    }

    #[test]
    fn generates_the_same_code_twice() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let (spec, _) = spec::load(&root.join(spec::PATH)).unwrap();
        let (first, second) = (generate(&spec).unwrap(), generate(&spec).unwrap());
        assert!(
            first.client == second.client
                && first.open_enums == second.open_enums
                && first.operations == second.operations
        );
    }
}
