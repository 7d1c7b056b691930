//! Files that are made and committed: writes them, or says how they differ from what would be written.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};

/// Writes the files that differ. With `check`, writes nothing, prints the differences and fails if there are any.
/// `what` says what the files should be; `command` makes them.
pub(crate) fn settle(
    root: &Path,
    made: &[(PathBuf, String)],
    check: bool,
    what: &str,
    command: &str,
) -> Result<ExitCode> {
    let mut stale = false;
    for (path, new) in made {
        let full = root.join(path);
        let old = std::fs::read_to_string(&full).unwrap_or_default();
        if old == *new {
            continue;
        }
        stale = true;
        if check {
            let diff = similar::TextDiff::from_lines(old.as_str(), new.as_str());
            let name = path.display().to_string();
            print!("{}", diff.unified_diff().context_radius(3).header(&name, what));
        } else {
            std::fs::write(&full, new)
                .with_context(|| format!("cannot write {}", full.display()))?;
            println!("wrote {}", path.display());
        }
    }
    Ok(match (check, stale) {
        (true, true) => {
            eprintln!("\nerror: the committed files are not {what}; run `{command}` and commit");
            ExitCode::FAILURE
        }
        (false, false) => {
            println!("nothing to do: the committed files are {what}");
            ExitCode::SUCCESS
        }
        _ => ExitCode::SUCCESS,
    })
}
