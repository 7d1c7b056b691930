//! Writes committed generated files, or compares them and prints the differences.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The number of characters that a diff shows of each line. A hardware hash has 4,000.
const DIFF_WIDTH: usize = 160;

/// Writes the files that differ. With `check`, prints the differences instead. Returns true if the files were up to
/// date, or are now.
pub(crate) fn update(root: &Path, files: &[(PathBuf, String)], check: bool) -> Result<bool> {
    let mut is_current = true;
    for (path, new) in files {
        let full = root.join(path);
        let old = std::fs::read_to_string(&full).unwrap_or_default();
        if old == *new {
            continue;
        }
        if check {
            is_current = false;
            print!("{}", diff(&path.display().to_string(), &old, new));
        } else {
            std::fs::write(&full, new)
                .with_context(|| format!("cannot write {}", full.display()))?;
            println!("wrote {}", path.display());
        }
    }
    Ok(is_current)
}

fn diff(name: &str, old: &str, new: &str) -> String {
    let diff = similar::TextDiff::from_lines(old, new);
    let diff = diff.unified_diff().context_radius(3).header(name, "generated").to_string();
    let short = |line: &str| line.chars().take(DIFF_WIDTH).chain(['\n']).collect::<String>();
    diff.lines().map(short).collect()
}
