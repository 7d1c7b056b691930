//! `cargo xtask style`: flags idioms that the project's prose avoids.
//!
//! The patterns and their suggestions are in `style/idioms.txt`. Every text a person reads is checked: Markdown,
//! string literals, rustdoc, comments, test names, HTML, snapshots, and the descriptions of the spec.

mod extract;
mod idioms;
mod markdown;
mod passage;
mod rust;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};

use self::idioms::Idioms;
use self::passage::Kind;

/// Paths that are not checked: build output, generated files, the documented exchanges, test data, and the patterns and
/// their tests. An entry matches a path that contains it.
const SKIPPED: [&str; 11] = [
    "/.git/",
    "/target/",
    "/docs/completions/",
    "/docs/man/",
    "/fuzz/artifacts/",
    "/fuzz/corpus/",
    "/raw/src/generated",
    "/spec/examples/",
    "/tests/corpus/",
    "/style/idioms.txt",
    "/style/tests.rs",
];

/// Words and idioms in one kind of text.
#[derive(Clone, Copy, Default)]
struct Count {
    words: usize,
    idioms: usize,
}

/// Checks `paths`, or the whole repository if `paths` is empty. Fails if anything is flagged.
pub(crate) fn run(root: &Path, paths: &[PathBuf], summary: bool) -> Result<ExitCode> {
    let idioms = Idioms::load()?;
    let mut files = Vec::new();
    let repository = [root.to_owned()];
    for path in if paths.is_empty() { &repository[..] } else { paths } {
        let path =
            path.canonicalize().with_context(|| format!("cannot read {}", path.display()))?;
        collect(&path, &mut files)?;
    }
    ensure!(!files.is_empty(), "there is no file to check");
    files.sort();

    let mut counts = [Count::default(); Kind::ALL.len()];
    for file in &files {
        let Ok(text) = std::fs::read_to_string(file) else { continue }; // not text
        let name = file.strip_prefix(root).unwrap_or(file).display();
        let mut found = Vec::new();
        for passage in extract::passages(file, &text) {
            let count = &mut counts[passage.kind as usize];
            let hits = idioms.find(&passage);
            count.words += passage.words();
            count.idioms += hits.len();
            found.extend(hits);
        }
        found.sort_by_key(|hit| hit.line);
        if !summary {
            for hit in found {
                println!("{name}:{}: \"{}\" - {}", hit.line, hit.phrase, hit.suggestion);
            }
        }
    }
    print!("{}", table(&counts));
    let clean = counts.iter().all(|count| count.idioms == 0);
    Ok(if clean { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Adds the files at and below `path` that may contain prose.
fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let directory = if path.is_dir() { "/" } else { "" };
    let slashed = path.to_string_lossy().replace('\\', "/") + directory;
    let is_skipped = SKIPPED.iter().any(|skipped| slashed.contains(skipped));
    if path.is_dir() {
        if is_skipped && !slashed.ends_with("/spec/examples/") {
            return Ok(());
        }
        let entries =
            std::fs::read_dir(path).with_context(|| format!("cannot list {}", path.display()))?;
        for entry in entries {
            collect(&entry?.path(), files)?;
        }
        return Ok(());
    }
    if extract::is_checked(path) && (!is_skipped || slashed.ends_with("/README.md")) {
        files.push(path.to_owned());
    }
    Ok(())
}

/// Returns a table with a row for each kind of text and one for the total.
fn table(counts: &[Count]) -> String {
    let mut table = format!("{:<22}{:>8}{:>8}{:>12}\n", "text", "words", "idioms", "per 1,000");
    let mut total = Count::default();
    for (kind, count) in Kind::ALL.iter().zip(counts) {
        table += &line(kind.name(), *count);
        total.words += count.words;
        total.idioms += count.idioms;
    }
    table + &line("all", total)
}

fn line(name: &str, Count { words, idioms }: Count) -> String {
    let rate = if words == 0 { 0.0 } else { idioms as f64 * 1000.0 / words as f64 };
    format!("{name:<22}{words:>8}{idioms:>8}{rate:>12.2}\n")
}
