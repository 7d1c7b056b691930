//! Fingerprints of everything the contract is made of: the spec, the generator, every documented example.
//! A change of one byte shows up in review as a changed line here, and fails `codegen --check` until it does.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

/// Where the fingerprints are, from the workspace's root.
pub(crate) const PATH: &str = "spec/pins.txt";

/// The file's text.
pub(crate) fn render(root: &Path, spec: &str) -> Result<String> {
    let mut text = String::from(
        "# What the generated code and the contract tests are made of. Written by `cargo xtask codegen`.\n",
    );
    writeln!(text, "generator progenitor-impl {}", generator_version(root)?)?;
    writeln!(text, "sha256 {} {}", sha256(spec.as_bytes()), crate::spec::PATH)?;

    for (name, example) in crate::spec::examples(root)? {
        writeln!(text, "sha256 {} spec/examples/{name}", sha256(example.as_bytes()))?;
    }
    Ok(text)
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

/// The version that Cargo.lock holds, which is the one this program was built with.
fn generator_version(root: &Path) -> Result<String> {
    let lock =
        std::fs::read_to_string(root.join("Cargo.lock")).context("cannot read Cargo.lock")?;
    lock.split("[[package]]")
        .find(|package| package.contains("name = \"progenitor-impl\""))
        .and_then(|package| package.split("version = \"").nth(1)?.split('"').next())
        .map(ToOwned::to_owned)
        .context("Cargo.lock does not name progenitor-impl")
}
