//! The names of files with the invalid rows of another file: `fleet.invalid.csv`, `fleet.invalid-2.csv`.

use std::path::{Path, PathBuf};

/// Returns the name without extension of the file whose invalid rows a file has, by its name: `fleet` for `fleet.invalid-2`.
pub(crate) fn original(stem: &str) -> Option<&str> {
    let (base, rest) = stem.rsplit_once(".invalid")?;
    (!base.is_empty() && is_number(rest)).then_some(base)
}

/// Returns true if a file has the invalid rows of one of the other files.
pub(crate) fn is_made_from(path: &Path, others: &[PathBuf]) -> bool {
    let stem = path.file_stem().map(|stem| stem.to_string_lossy()).unwrap_or_default();
    let is_csv = path.extension().is_some_and(|extension| extension == "csv");
    let Some(base) = original(&stem).filter(|_| is_csv) else { return false };
    let is_original = |other: &PathBuf| {
        other.parent() == path.parent()
            && other.file_stem().is_some_and(|stem| stem.to_string_lossy() == base)
    };
    others.iter().any(is_original)
}

/// Returns true for the end of such a name: nothing, or a number such as `-2`.
fn is_number(rest: &str) -> bool {
    let digits = rest.strip_prefix('-');
    rest.is_empty() || digits.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
}
