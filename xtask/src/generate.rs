//! Turns the prepared spec into code. Decides the generator's settings: positional methods, hooks that must
//! exist, our own types for what generated ones cannot hold (open enums, times, path ids, lists).

use anyhow::{Context, Result};
use progenitor_impl::{
    GenerationSettings, Generator, HooksMode, InterfaceStyle, TypeImpl, TypePatch,
};
use quote::quote;
use serde_json::Value;

use crate::spec::{self, Kind};

const HEADER: &str =
    "// @generated from spec/device-deployment.yaml by `cargo xtask regen`; do not edit.\n";

/// The two generated files.
pub(crate) struct Code {
    /// `generated.rs`: the client and the structs.
    pub(crate) client: String,
    /// `open.rs`: the open enums.
    pub(crate) open_enums: String,
}

/// Makes the raw crate's generated files from a spec that passed the lint.
pub(crate) fn generate(spec: &Value) -> Result<Code> {
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Positional)
        .with_hooks(HooksMode::Expected)
        .with_inner_type(quote!(crate::Inner))
        .with_derive("PartialEq");

    // Requests stay open to struct literals; what only ever comes back may grow without breaking anyone.
    let mut sent = Vec::new();
    for (_, _, operation) in spec::operations(spec) {
        spec::reachable(spec, &operation["requestBody"], &mut sent);
    }

    let mut open_enums = format!("{HEADER}\nuse crate::open_enum::open_enum;\n");
    for (name, schema) in spec::schemas(spec) {
        match spec::kind(schema).with_context(|| format!("schema {name} is of no known kind"))? {
            Kind::Words(words) => {
                let impls = [TypeImpl::Display, TypeImpl::FromStr];
                settings.with_replacement(name, format!("crate::types::{name}"), impls.into_iter());
                open_enums += &open_enum(name, schema, &words);
            }
            Kind::CollectionOf(element) => {
                let list = format!("crate::types::Collection<crate::types::{element}>");
                settings.with_replacement(name, list, [TypeImpl::Default].into_iter());
            }
            Kind::ByHand => {
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
    let file = syn::parse2(tokens).context("the generator made something that is not Rust")?;
    Ok(Code { client: format!("{HEADER}\n{}", prettyplease::unparse(&file)), open_enums })
}

fn open_enum(name: &str, schema: &Value, words: &[&str]) -> String {
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
        code += &format!("        {} = {word:?},\n", variant(word));
    }
    code + "    }\n}\n"
}

/// Tables of code and name for properties that hold text but have known values (`x-known-values`).
fn known_values(spec: &Value) -> String {
    let mut code = String::new();
    for (schema_name, schema) in spec::schemas(spec) {
        for (property_name, property) in spec::members(&schema["properties"]) {
            let mut values = spec::elements(&property["x-known-values"]).peekable();
            if values.peek().is_none() {
                continue;
            }
            let table = format!(
                "{schema_name}{}{}",
                property_name[..1].to_uppercase(),
                &property_name[1..]
            );
            let constant = spec::snake(&table).to_uppercase();
            code += &format!(
                "\n/// Known values of `{schema_name}.{property_name}`, each with its name. Others may come.\n\
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

/// Takes the ``- `value`: meaning`` lines out of an enum's description: they become the variants' docs.
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

/// `finished_with_errors` -> `FinishedWithErrors`; `o_o_b_e`, the SDK's snake case of OOBE, -> `Oobe`.
fn variant(word: &str) -> String {
    let parts: Vec<&str> = word.split(['_', '-']).collect();
    let acronym = parts.len() > 1 && parts.iter().all(|part| part.len() == 1);
    let parts = if acronym {
        vec![parts.concat()]
    } else {
        parts.iter().map(ToString::to_string).collect()
    };
    parts
        .iter()
        .map(|part| {
            let (first, rest) = part.split_at(1);
            first.to_uppercase() + rest
        })
        .collect()
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
            assert_eq!(variant(word), name);
        }
    }

    #[test]
    fn value_lines_become_variant_docs() {
        let (text, variants) =
            split_description("How far it is.\n\n- `queued`: not begun\n- `x`\n\nKeep others.");
        assert_eq!(text, "How far it is.\n\nKeep others.");
        assert_eq!(variants[0], ("queued".to_owned(), "not begun".to_owned()));
        assert_eq!(variants[1], ("x".to_owned(), String::new()));
    }

    #[test]
    fn the_same_spec_makes_the_same_code() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let (spec, _) = spec::load(&root.join(spec::PATH)).unwrap();
        let (first, second) = (generate(&spec).unwrap(), generate(&spec).unwrap());
        assert!(first.client == second.client && first.open_enums == second.open_enums);
    }
}
