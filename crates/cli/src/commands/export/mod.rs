//! `pcdevices export`: writes checked devices in the file format of another place that registers them. If any row cannot
//! be exported, nothing is written, unless `--skip-invalid` is set: a file that lacks devices looks complete later.

pub(crate) mod args;

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};

use partner_center_devices_fleet::{Export, Finding, Fleet, RowStatus, Rule, Severity};

use self::args::Registrar;
use crate::atomic_file::{AtomicFile, Readers};
use crate::device_files;
use crate::errors::{CommandError, Exit};
use crate::ui::findings;
use crate::ui::output::{Ui, written};
use crate::ui::text_layout::count;

pub(crate) fn run(ui: Ui, args: args::Export) -> Result<Exit, CommandError> {
    let (fleet, name) = device_files::to_export(&args.files)?;
    let export = Export::new(&fleet, args.to.format());
    show_findings(ui, &fleet, &export);

    let omitted = omitted_rows(&fleet, &export);
    if device_files::has_file_error(&fleet) {
        return Err(CommandError::new(Exit::InvalidFile, format!("{name} cannot be used")));
    }
    if omitted > 0 && !args.skip_invalid {
        let rows = count(omitted, "row");
        let message = format!("{rows} of {name} cannot be exported, so nothing was written");
        return Err(CommandError::new(Exit::InvalidFile, message).hint(
            "fix or remove the lines listed above, or add --skip-invalid to export the other rows",
        ));
    }
    if export.files().is_empty() {
        let message = format!("{name} has no device to export, so nothing was written");
        return Err(CommandError::new(Exit::InvalidFile, message));
    }
    match args.output.as_deref().filter(|path| path.as_os_str() != "-") {
        Some(path) => {
            let paths = part_paths(path, export.files().len(), &args.files)?;
            write_files(ui, &export, &paths, args.force, args.to)?;
            let next = part_path(path, paths.len() + 1);
            if next.exists() {
                ui.warning(&format!("{} is from another export; do not import it", next.display()));
            }
        }
        None => print(&export, args.to)?,
    }
    if omitted > 0 {
        let message = format!("{} of {name} are not in the export", count(omitted, "row"));
        return Err(CommandError::new(Exit::InvalidFile, message)
            .hint("fix the lines listed above, then export the file again"));
    }
    Ok(Exit::Success)
}

/// Prints the findings of the files and of the export: with `--quiet`, only errors.
fn show_findings(ui: Ui, fleet: &Fleet, export: &Export<'_>) {
    // Columns that only concern other commands, or that the export has findings about.
    let columns = [Rule::GroupTagColumn, Rule::CustomerColumn, Rule::DeviceIdColumn];
    let is_relevant = |finding: &&Finding| !columns.contains(&finding.rule());
    let of_files = fleet.findings().iter().filter(is_relevant);
    let shown = of_files
        .chain(export.findings())
        .filter(|finding| !ui.is_quiet() || finding.severity() == Severity::Error);
    let shown: Vec<Finding> = shown.cloned().collect();
    ui.notice(&findings::render(&shown, ui.stderr_screen().0));
}

/// Counts the rows that are not in the export, not even as a duplicate.
fn omitted_rows(fleet: &Fleet, export: &Export<'_>) -> usize {
    let is_invalid = |status: &RowStatus| matches!(status, RowStatus::Invalid(_));
    let invalid = fleet.rows().iter().filter(|row| is_invalid(row.status())).count();
    let errors = export.findings().iter().filter(|one| one.severity() == Severity::Error);
    let lines: HashSet<_> = errors.map(|finding| (finding.source(), finding.line())).collect();
    invalid + lines.len()
}

/// Prints an export that needs one file.
fn print(export: &Export<'_>, to: Registrar) -> Result<(), CommandError> {
    match export.files() {
        [file] => written(file.write(io::stdout().lock())),
        files => {
            let message = format!(
                "the export needs {}, because {} accepts {} devices per file",
                count(files.len(), "file"),
                to.shown(),
                export.format().max_rows(),
            );
            Err(CommandError::new(Exit::Usage, message)
                .hint("add --output FILE; the other files get the names FILE-2, FILE-3 and so on"))
        }
    }
}

/// Writes an export to files. Nothing is written unless all of them can be.
fn write_files(
    ui: Ui,
    export: &Export<'_>,
    paths: &[PathBuf],
    force: bool,
    to: Registrar,
) -> Result<(), CommandError> {
    if let Some(existing) = paths.iter().find(|path| !force && path.exists()) {
        let message = format!("{} already exists, so nothing was written", existing.display());
        return Err(CommandError::new(Exit::InvalidFile, message)
            .hint("add --force to replace it, or choose another name"));
    }
    let mut prepared = Vec::new();
    for (path, file) in paths.iter().zip(export.files()) {
        let mut output = AtomicFile::create(path, Readers::Owner)
            .map_err(|error| cannot_write(Exit::InvalidFile, path, error))?;
        file.write(&mut output).map_err(|error| cannot_write(Exit::Unavailable, path, error))?;
        prepared.push((path, file, output));
    }
    for (path, file, output) in prepared {
        let result = if force { output.commit() } else { output.commit_new() };
        result.map_err(|error| cannot_write(Exit::Unavailable, path, error))?;
        let devices = count(file.device_count(), "device");
        ui.status(&format!("Wrote {devices} to {}\n", path.display()));
    }
    if paths.len() > 1 && to == Registrar::Intune {
        ui.status("Import the files one after the other: check that the devices of one are registered before the next\n");
    }
    Ok(())
}

/// Returns the paths of all parts of an export. Fails if one of them is a file that is exported: `--force` would replace
/// it.
fn part_paths(path: &Path, parts: usize, inputs: &[PathBuf]) -> Result<Vec<PathBuf>, CommandError> {
    let paths: Vec<PathBuf> = (1..=parts).map(|part| part_path(path, part)).collect();
    let inputs: Vec<_> = inputs.iter().filter_map(|input| input.canonicalize().ok()).collect();
    let is_input = |path: &&PathBuf| path.canonicalize().is_ok_and(|path| inputs.contains(&path));
    match paths.iter().find(is_input) {
        None => Ok(paths),
        Some(input) => {
            let message =
                format!("{} is a file to export, so nothing was written", input.display());
            Err(CommandError::new(Exit::Usage, message).hint("choose another name with --output"))
        }
    }
}

/// Returns the path of a part of an export, counted from 1: `devices.csv`, `devices-2.csv`.
fn part_path(path: &Path, part: usize) -> PathBuf {
    if part == 1 {
        return path.to_owned();
    }
    let mut name = path.file_stem().unwrap_or_default().to_owned();
    name.push(format!("-{part}"));
    if let Some(extension) = path.extension() {
        name.push(".");
        name.push(extension);
    }
    path.with_file_name(name)
}

fn cannot_write(exit: Exit, path: &Path, error: io::Error) -> CommandError {
    CommandError::new(exit, format!("cannot write {}", path.display())).with_source(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_numbered_before_the_extension() {
        for (path, part, expected) in [
            ("out.csv", 1, "out.csv"),
            ("out.csv", 2, "out-2.csv"),
            ("a.b/out.intune.csv", 10, "a.b/out.intune-10.csv"),
            ("out", 3, "out-3"),
        ] {
            assert_eq!(part_path(Path::new(path), part), Path::new(expected));
        }
    }
}
