//! `cargo xtask public-api`: what each library offers, one item a line, so that a change of it shows in review.
//! Decides what counts: everything but what follows by itself, which is blanket and auto trait implementations,
//! and the methods that an `impl` of a trait names already.
//!
//! The lists come from rustdoc's JSON, which rustdoc only writes when unstable options are allowed to it.
#![allow(clippy::disallowed_methods)] // cargo speaks to its kin through the environment

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, ensure};
use public_api::PublicItem;
use serde_json::Value;

const LIBRARIES: [(&str, &str); 4] = [
    ("raw", "partner-center-devices-raw"),
    ("client", "partner-center-devices"),
    ("emulator", "partner-center-devices-emulator"),
    ("fleet", "partner-center-devices-fleet"),
];
const FEATURES: &str = "partner-center-devices/blocking";

/// The rustdoc that [`as_rustdoc`] stands in for.
const REAL_RUSTDOC: &str = "XTASK_PUBLIC_API_RUSTDOC";

/// The lists, by path.
pub(crate) fn files(root: &Path) -> Result<Vec<(PathBuf, String)>> {
    let json = document(root)?;
    let mut files = Vec::new();
    for (folder, package) in LIBRARIES {
        let path = json.join(package.replace('-', "_")).with_extension("json");
        files.push((format!("crates/{folder}/public-api.txt").into(), list(&path)?));
    }
    Ok(files)
}

/// Has rustdoc write its JSON; gives the folder.
fn document(root: &Path) -> Result<PathBuf> {
    let cargo = || Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    let rustdoc = std::env::var_os("RUSTDOC").unwrap_or_else(|| "rustdoc".into());
    let mut command = cargo();
    command.current_dir(root).args(["doc", "--quiet", "--locked", "--no-deps", "--lib"]);
    for (_, package) in LIBRARIES {
        command.args(["--package", package]);
    }
    let status = command
        .args(["--features", FEATURES])
        .env("RUSTDOCFLAGS", "-Z unstable-options --output-format json")
        .env("RUSTDOC", std::env::current_exe()?)
        .env(REAL_RUSTDOC, rustdoc)
        .status()
        .context("cannot run cargo doc")?;
    ensure!(status.success(), "rustdoc did not write its JSON (its words are above)");

    let metadata = cargo()
        .current_dir(root)
        .args(["metadata", "--format-version", "1", "--no-deps", "--locked"])
        .output()
        .context("cannot run cargo metadata")?;
    let metadata: Value =
        serde_json::from_slice(&metadata.stdout).context("cargo metadata gave no JSON")?;
    let target = metadata["target_directory"].as_str().context("no target directory")?;
    Ok(Path::new(target).join("doc"))
}

/// Runs rustdoc, if cargo called this program in its place. Cargo itself must not be told that unstable options are
/// allowed: build scripts look at that, and every dependency would be built again.
pub(crate) fn as_rustdoc() -> Option<ExitCode> {
    let real = std::env::var_os(REAL_RUSTDOC)?;
    let status =
        Command::new(real).args(std::env::args_os().skip(1)).env("RUSTC_BOOTSTRAP", "1").status();
    Some(match status {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: cannot run rustdoc: {error}");
            ExitCode::FAILURE
        }
    })
}

/// The items in a JSON of rustdoc.
fn list(path: &Path) -> Result<String> {
    let text =
        std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    check_format(&text)?;
    let api = public_api::Builder::from_rustdoc_json(path)
        .omit_blanket_impls(true)
        .omit_auto_trait_impls(true)
        .build()
        .with_context(|| format!("cannot understand {}", path.display()))?;
    let items: Vec<_> = api.items().map(|item| (item, item.to_string())).collect();
    let of_trait = |text: &str| text.starts_with("impl") && text.contains(" for ");
    let traits: HashSet<_> =
        items.iter().filter(|(_, text)| of_trait(text)).map(|(item, _)| item.id()).collect();
    let follows = |item: &PublicItem, text: &str| {
        text.contains(" core::marker::StructuralPartialEq for ")
            || (text.starts_with("pub fn ")
                && item.parent_id().is_some_and(|parent| traits.contains(&parent)))
    };
    let mut list =
        String::from("# What this crate offers. Written by `cargo xtask codegen`; do not edit.\n");
    for (_, text) in items.iter().filter(|(item, text)| !follows(item, text)) {
        list += text;
        list.push('\n');
    }
    Ok(list)
}

/// Each format is read by one version of the reader only, and changes with the toolchain.
fn check_format(json: &str) -> Result<()> {
    #[derive(serde::Deserialize)]
    struct Head {
        format_version: u32,
    }
    let readable = rustdoc_types::FORMAT_VERSION;
    let Head { format_version } =
        serde_json::from_str(json).context("rustdoc's JSON has no format")?;
    ensure!(
        format_version == readable,
        "this toolchain's rustdoc writes JSON of format {format_version}, and public-api reads {readable}: use \
         the toolchain that Cargo.toml names beside public-api, or move public-api and rustdoc-types with the toolchain"
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_format_is_refused_with_the_cure() {
        let of = |version: u32| format!(r#"{{"root":0,"format_version":{version}}}"#);
        assert!(check_format(&of(rustdoc_types::FORMAT_VERSION)).is_ok());
        let error = check_format(&of(1)).unwrap_err().to_string();
        assert!(error.contains("format 1, and public-api reads 57"), "{error}");
        assert!(check_format("{}").is_err());
    }
}
