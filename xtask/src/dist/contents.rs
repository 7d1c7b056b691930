//! The files that each archive contains in addition to the program.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::archive::Entry;

/// The shells with a completion script, and the names that they look for.
const COMPLETIONS: [(&str, &str); 5] = [
    ("bash", "pcdevices.bash"),
    ("elvish", "pcdevices.elv"),
    ("fish", "pcdevices.fish"),
    ("powershell", "pcdevices.ps1"),
    ("zsh", "_pcdevices"),
];

/// Files of the repository that are in each archive.
const COPIED: [&str; 4] =
    ["LICENSE-APACHE", "LICENSE-MIT", "samples/contoso-fleet.csv", "samples/trouble.csv"];

/// Returns the README with the address of the repository.
pub(super) fn readme(repository: &str) -> String {
    include_str!("README.md").replace("<REPOSITORY>", &format!("<{repository}>"))
}

/// Reads the files of the repository, and lets `program`, which runs on this machine, write the others.
pub(super) fn common(
    root: &Path,
    program: &Path,
    repository: &str,
    notices: String,
) -> Result<Vec<Entry>> {
    let mut entries = vec![
        Entry::new("README.md", readme(repository)),
        Entry::new("THIRD-PARTY-NOTICES.txt", notices),
    ];
    for file in COPIED {
        let content =
            std::fs::read(root.join(file)).with_context(|| format!("cannot read {file}"))?;
        entries.push(Entry::new(file, content));
    }
    for (shell, name) in COMPLETIONS {
        let script = output(program, &["completions", shell])?;
        entries.push(Entry::new(format!("completions/{name}"), script));
    }
    let pages = tempfile::tempdir()?;
    let folder = pages.path().to_str().context("the temporary directory is not UTF-8")?;
    output(program, &["man", "--output", folder])?;
    for page in std::fs::read_dir(pages.path())? {
        let page = page?;
        let name = page.file_name();
        entries.push(Entry::new(
            format!("man/{}", name.to_string_lossy()),
            std::fs::read(page.path())?,
        ));
    }
    Ok(entries)
}

fn output(program: &Path, arguments: &[&str]) -> Result<Vec<u8>> {
    let output = Command::new(program)
        .args(arguments)
        .output()
        .with_context(|| format!("cannot run {}", program.display()))?;
    let error = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{} {arguments:?} failed: {error}", program.display());
    Ok(output.stdout)
}
