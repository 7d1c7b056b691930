//! `cargo xtask layout`: checks the size of files and finds import cycles between the files of a crate.
//!
//! A file has at most [`MAX_LINES`] lines, not counting generated code, tests and tables of constants. Files of a crate
//! must not import each other in a cycle, except a type and its builder.

mod cycles;
mod modules;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};

/// The maximum number of lines in a file.
const MAX_LINES: usize = 600;

/// Prints every problem. Fails if there are any.
pub(crate) fn run(root: &Path) -> Result<ExitCode> {
    let mut problems = 0;
    for file in rust_files(root)? {
        let text = std::fs::read_to_string(&file)
            .with_context(|| format!("cannot read {}", file.display()))?;
        let name = file.strip_prefix(root).unwrap_or(&file).display();
        let lines = counted_lines(&text);
        if lines > MAX_LINES {
            println!("{name}: {lines} lines, more than {MAX_LINES}; split the file");
            problems += 1;
        }
    }
    for krate in crates(root)? {
        let crate_name = krate.strip_prefix(root).unwrap_or(&krate).display().to_string();
        for cycle in cycles::cycles(&modules::imports(&krate)?) {
            let files = Vec::from_iter(&cycle.files);
            println!("{crate_name}: {} files import each other in a cycle:", files.len());
            for file in files {
                println!("    {file}");
            }
            println!("  the shortest cycle:");
            for import in &cycle.shortest {
                println!("    {} imports {}", import.from, import.path);
            }
            problems += 1;
        }
    }
    if problems == 0 {
        println!("no problems found");
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!("\nerror: {problems} problem(s) in the layout");
    Ok(ExitCode::FAILURE)
}

/// Returns the source directories of the crates.
fn crates(root: &Path) -> Result<Vec<PathBuf>> {
    let mut found = vec![root.join("xtask/src")];
    for entry in std::fs::read_dir(root.join("crates")).context("cannot list crates")? {
        let source = entry?.path().join("src");
        if source.is_dir() {
            found.push(source);
        }
    }
    found.sort();
    Ok(found)
}

/// Returns the Rust files of the repository, without tests.
fn rust_files(root: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut directories = vec![root.join("crates"), root.join("xtask"), root.join("fuzz")];
    while let Some(directory) = directories.pop() {
        let entries = std::fs::read_dir(&directory)
            .with_context(|| format!("cannot list {}", directory.display()))?;
        for entry in entries {
            let path = entry?.path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if path.is_dir() {
                if !["tests", "target"].contains(&name) {
                    directories.push(path);
                }
            } else if name.ends_with(".rs") && !name.ends_with("tests.rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Returns the number of lines without generated code, inline tests, and tables of constants.
fn counted_lines(text: &str) -> usize {
    if text.starts_with("// @generated") {
        return 0;
    }
    let mut count = 0;
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        if line == "#[cfg(test)]" && lines.peek().is_some_and(|next| next.starts_with("mod ")) {
            skip_block(&mut lines, "}");
            continue;
        }
        count += 1;
        if starts_table(line) {
            let indent = &line[..line.len() - line.trim_start().len()];
            skip_block(&mut lines, &format!("{indent}];"));
        }
    }
    count
}

/// Skips lines up to and including `end`, or one `mod name;`.
fn skip_block<'a>(lines: &mut impl Iterator<Item = &'a str>, end: &str) {
    for line in lines {
        if line == end || (line.starts_with("mod ") && line.ends_with(';')) {
            break;
        }
    }
}

/// Returns true if a line starts a constant array whose elements follow.
fn starts_table(line: &str) -> bool {
    let item =
        line.trim_start().trim_start_matches("pub(crate) ").trim_start_matches("pub(super) ");
    let item = item.trim_start_matches("pub ");
    (item.starts_with("const ") || item.starts_with("static ")) && line.ends_with("[")
}
