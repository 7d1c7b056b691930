//! `cargo xtask notices`: the licenses of the crates that are part of `pcdevices`, as one text file for packages.
//!
//! The crates are the normal and build dependencies of the program on every platform. Each text is printed once, below
//! the names of the crates that it covers. A crate without a license file is listed with its authors and the standard text
//! of a license that its expression offers. That text must not need a copyright line, which only the crate's own file could
//! give: Apache-2.0 and MPL-2.0. Any other crate without a file is an error.

mod expression;
pub(crate) mod packages;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use packages::Package;

const FILE: &str = "THIRD-PARTY-NOTICES.txt";

/// Exhibit A of the license, which asks for this notice and not for the whole text.
const MPL_NOTICE: &str = "\
This Source Code Form is subject to the terms of the Mozilla Public License, v. 2.0. If a copy of the MPL was not
distributed with this file, You can obtain one at https://mozilla.org/MPL/2.0/.

The source of the crate, in the version listed above, is in its repository, which is listed above too.";

/// A text and the file that it was read from.
struct Text {
    file: String,
    content: String,
}

/// A crate and its license texts.
struct Licensed {
    package: Package,
    texts: Vec<Text>,
}

/// Writes the notices to `path`, or to the target folder.
pub(crate) fn run(root: &Path, path: Option<PathBuf>, features: &[String]) -> Result<ExitCode> {
    let metadata = metadata(root, features)?;
    let (notices, crates) = text(root, &metadata)?;

    let target = metadata["target_directory"].as_str().context("cargo metadata has no target")?;
    let path = path.unwrap_or_else(|| Path::new(target).join(FILE));
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("cannot create {}", folder.display()))?;
    }
    std::fs::write(&path, notices).with_context(|| format!("cannot write {}", path.display()))?;
    println!("{}: the licenses of {crates} crates", path.display());
    Ok(ExitCode::SUCCESS)
}

/// Returns the notices and the number of crates in them.
pub(crate) fn text(root: &Path, metadata: &Value) -> Result<(String, usize)> {
    let mut crates = Vec::new();
    for package in packages::of_program(metadata)? {
        let texts = read_texts(&package.folder)?;
        crates.push(Licensed { package, texts });
    }
    let apache = std::fs::read_to_string(root.join("LICENSE-APACHE"))
        .context("cannot read LICENSE-APACHE")?;
    Ok((print(&crates, &apache)?, crates.len()))
}

/// Returns the output of `cargo metadata`, with these features of the program.
pub(crate) fn metadata(root: &Path, features: &[String]) -> Result<Value> {
    let features: Vec<_> =
        features.iter().map(|feature| format!("{}/{feature}", packages::PROGRAM)).collect();
    let output = Command::new("cargo")
        .current_dir(root)
        .args(["metadata", "--format-version", "1", "--locked", "--features", &features.join(",")])
        .output()
        .context("cannot run cargo metadata")?;
    let error = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "cargo metadata failed: {error}");
    serde_json::from_slice(&output.stdout).context("the output of cargo metadata is not JSON")
}

/// Reads the license files of a crate, also those of code that it includes in folders.
fn read_texts(folder: &Path) -> Result<Vec<Text>> {
    let mut texts = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(current) = folders.pop() {
        let entries = std::fs::read_dir(&current)
            .with_context(|| format!("cannot read {}", current.display()))?;
        for entry in entries {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if path.is_dir() {
                folders.push(path);
            } else if is_license_file(&name) {
                let bytes = std::fs::read(&path)
                    .with_context(|| format!("cannot read {}", path.display()))?;
                let file = path.strip_prefix(folder)?.to_string_lossy().replace('\\', "/");
                texts.push(Text { file, content: normalized(&String::from_utf8_lossy(&bytes)) });
            }
        }
    }
    texts.retain(|text| !text.content.is_empty());
    texts.sort_by(|a, b| a.file.cmp(&b.file));
    Ok(texts)
}

/// True for the names of files with licenses and copyright notices, such as `LICENSE-MIT` and `license.md`, but not for
/// source code such as `license.rs`.
fn is_license_file(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let starts = ["license", "licence", "copying", "copyright", "notice", "unlicense"];
    let sources = [".rs", ".c", ".h", ".py", ".sh", ".toml", ".json", ".html"];
    starts.iter().any(|start| name.starts_with(start))
        && !sources.iter().any(|end| name.ends_with(end))
}

/// Removes differences that do not matter: line ends, spaces at the end of lines and empty lines around the text.
fn normalized(text: &str) -> String {
    let lines: Vec<_> = text.trim_start_matches('\u{feff}').lines().map(str::trim_end).collect();
    lines.join("\n").trim_matches('\n').to_owned()
}

/// Returns the notices, or an error with every crate that has no license text.
fn print(crates: &[Licensed], apache: &str) -> Result<String> {
    let mut list = String::new();
    let mut covered: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut missing = Vec::new();
    for Licensed { package, texts } in crates {
        let name = format!("{} {}", package.name, package.version);
        let license = package.license.as_deref().unwrap_or("see the text of the license");
        write!(list, "{name}\n  License: {license}\n")?;
        if let Some(repository) = &package.repository {
            writeln!(list, "  Repository: {repository}")?;
        }
        for text in texts {
            let crates = covered.entry(text.content.clone()).or_default();
            crates.push(format!("{name} ({})", text.file));
        }
        if !texts.is_empty() {
            continue;
        }
        if !package.authors.is_empty() {
            writeln!(list, "  Authors: {}", package.authors.join(", "))?;
        }
        let standard = package.license.as_deref().and_then(expression::standard);
        let text = match standard {
            Some(expression::Standard::Apache) => normalized(apache),
            Some(expression::Standard::Mpl) if package.repository.is_some() => {
                MPL_NOTICE.to_owned()
            }
            _ => {
                missing.push(format!("  {name}, license: {license}"));
                continue;
            }
        };
        writeln!(list, "  No license file; the standard text applies.")?;
        covered.entry(text).or_default().push(name);
    }
    if !missing.is_empty() {
        bail!(
            "crates with neither a license file nor a standard license text (Apache-2.0, MPL-2.0):\n{}",
            missing.join("\n")
        );
    }

    let line = "=".repeat(100);
    let mut notices = format!(
        "Third-party notices\n\npcdevices contains the following {} crates. Their licenses follow the list.\n\n{list}",
        crates.len()
    );
    let mut covered: Vec<_> = covered.into_iter().collect();
    covered.sort_by(|a, b| a.1.cmp(&b.1));
    for (text, names) in covered {
        write!(notices, "\n{line}\n{}\n{line}\n\n{text}\n", names.join("\n"))?;
    }
    Ok(notices)
}
