//! `cargo xtask codegen`: generates every committed file that is not edited, in parts that can run separately.
//!
//! The raw client and the samples are generated here, the API lists from rustdoc. The schemas and the docs come from
//! tests of the crates they describe. These tests compare the files, or write them if [`WRITE`] is set.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result};
use clap::ValueEnum;

use crate::{generate, generated_files, lint, pins, public_api, samples, spec};

/// Makes the tests that generate files write them. `testkit` reads it.
const WRITE: &str = "PCDEVICES_CODEGEN_WRITE";

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// The raw client from spec/device-deployment.yaml, and spec/pins.txt
    Raw,
    /// The fleets in samples
    Samples,
    /// The JSON Schemas in crates/fleet/schemas and samples
    Schemas,
    /// The CLI reference, man pages, completions, list of rules, and the output and picture in the README
    Docs,
    /// The public-api.txt of each library
    PublicApi,
}

/// Arguments of a `cargo test` that generates files.
type Test = &'static [&'static str];

const SCHEMAS: [Test; 2] = [
    &[
        "-p",
        "partner-center-devices-fleet",
        "--features",
        "schemars",
        "--test",
        "schemas",
        "the_schemas_are_current",
    ],
    &[
        "-p",
        "partner-center-devices-emulator",
        "--features",
        "schemars",
        "--test",
        "service",
        "the_schema_is_current",
    ],
];
const DOCS: [Test; 3] = [
    &["-p", "partner-center-devices-fleet", "--test", "rules"],
    &["-p", "partner-center-devices-cli", "--bin", "pcdevices", "the_reference_is_current"],
    &[
        "-p",
        "partner-center-devices-cli",
        "--test",
        "surface",
        "--test",
        "readme",
        "--test",
        "pictures",
        "--",
        "current",
    ],
];

/// Generates the parts, or all of them if `parts` is empty. With `check`, writes nothing, prints the differences, and
/// fails if there are any.
pub(crate) fn run(root: &Path, parts: &[Part], check: bool) -> Result<ExitCode> {
    let parts = if parts.is_empty() { Part::value_variants() } else { parts };
    let mut stale = Vec::new();
    for part in parts {
        if !generate_part(root, *part, check)? {
            stale.push(part.name());
        }
    }
    if stale.is_empty() {
        println!("the generated files are up to date");
        return Ok(ExitCode::SUCCESS);
    }
    let stale = stale.join(" ");
    if check {
        eprintln!(
            "\nerror: generated files are out of date; run `cargo xtask codegen {stale}` and commit"
        );
    } else {
        eprintln!("\nerror: could not generate: {stale}");
    }
    Ok(ExitCode::FAILURE)
}

/// Generates one part. Returns true if its files are up to date afterwards.
fn generate_part(root: &Path, part: Part, check: bool) -> Result<bool> {
    match part {
        Part::Raw => match raw(root)? {
            Some(files) => generated_files::update(root, &files, check),
            None => Ok(false),
        },
        Part::Samples => generated_files::update(root, &samples::files(), check),
        Part::Schemas => run_tests(root, &SCHEMAS, check),
        Part::Docs => run_tests(root, &DOCS, check),
        Part::PublicApi => generated_files::update(root, &public_api::files(root)?, check),
    }
}

impl Part {
    fn name(self) -> String {
        self.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
    }
}

/// Returns the files generated from the spec; `None` if the lint found problems, which are printed.
fn raw(root: &Path) -> Result<Option<Vec<(PathBuf, String)>>> {
    let (spec, text) = spec::load(&root.join(spec::PATH))?;
    if !lint::print_problems(&spec) {
        return Ok(None);
    }
    let code = generate::generate(&spec)?;
    Ok(Some(vec![
        ("crates/raw/src/generated.rs".into(), code.client),
        ("crates/raw/src/generated_enums.rs".into(), code.open_enums),
        ("crates/raw/src/generated_operations.rs".into(), code.operations),
        (pins::PATH.into(), pins::render(root, &text)?),
    ]))
}

/// Runs tests that compare files, or write them. Returns true if all pass.
fn run_tests(root: &Path, tests: &[Test], check: bool) -> Result<bool> {
    let mut passed = true;
    for args in tests {
        let mut command = Command::new("cargo");
        command.current_dir(root).args(["test", "--quiet"]).args(*args);
        if !check {
            command.env(WRITE, "1");
        }
        passed &= command.status().context("cannot run cargo test")?.success();
    }
    Ok(passed)
}
