//! `pcdevices export`: writes checked devices in the file format of another place that registers them. If any row cannot
//! be exported, nothing is written: a file that lacks devices looks complete later. With `--skip-invalid` the other rows are
//! exported, and those that cannot be are written to a file to correct.

pub(crate) mod args;

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};

use partner_center_devices_fleet::{
    CheckedRow, Export, ExportFile, Finding, Fleet, RowStatus, Rule, Severity,
};

use self::args::Registrar;
use crate::atomic_file::{AtomicFile, Readers};
use crate::device_files;
use crate::errors::{CommandError, Exit};
use crate::invalid_rows::{InvalidRows, LeftOut, Task, problem};
use crate::ui::findings;
use crate::ui::output::{Ui, written};
use crate::ui::terminal_text::document_output;
use crate::ui::text_layout::count;

pub(crate) fn run(ui: Ui, args: args::Export) -> Result<Exit, CommandError> {
    let (fleet, name) = device_files::to_export(&args.files, args.skip_invalid)?;
    let export = Export::new(&fleet, args.to.format());
    show_findings(ui, &fleet, &export);

    let unsuitable = unsuitable_rows(&fleet, &export);
    let omitted = InvalidRows::of(Task::Export, &fleet, &unsuitable);
    if device_files::has_file_error(&fleet) {
        return Err(CommandError::new(Exit::InvalidFile, format!("{name} cannot be used")));
    }
    if !omitted.is_empty() && !args.skip_invalid {
        let rows = count(omitted.len(), "row");
        let message = format!("{rows} of {name} cannot be exported, so nothing was written");
        return Err(CommandError::new(Exit::InvalidFile, message).hint(
            "fix or remove the lines listed above, or add --skip-invalid to export the other rows",
        ));
    }
    if export.files().is_empty() {
        let message = format!("{name} has no device to export, so nothing was written");
        return Err(CommandError::new(Exit::InvalidFile, message));
    }
    let output = args.output.as_deref().filter(|path| path.as_os_str() != "-");
    let paths = match output {
        Some(path) => free_paths(path, export.files().len(), &args)?,
        None => Vec::new(),
    };
    let only_file = output.is_none().then(|| only_file(&export, args.to)).transpose()?;
    let left_out = (!omitted.is_empty())
        .then(|| omitted.write(&args.files, args.invalid_rows.as_deref()))
        .transpose()?;
    let to_correct = left_out.as_ref().map(LeftOut::paths).unwrap_or_default();
    if let Some(path) = paths.iter().find(|path| same_file(path, to_correct)) {
        let message = format!("{} has the rows that are left out", path.display());
        return Err(CommandError::new(Exit::Usage, message)
            .hint("nothing was exported: choose another name with --output"));
    }
    if let Some(file) = only_file {
        written(file.write(document_output()))?;
    } else {
        write_files(ui, &export, &paths, args.force, args.to)?;
    }
    if let Some(path) = output {
        let next = part_path(path, paths.len() + 1);
        if next.exists() && !same_file(&next, to_correct) {
            ui.warning(&format!("{} is from another export; do not import it", next.display()));
        }
    }
    match left_out {
        None => Ok(Exit::Success),
        Some(left_out) => {
            let rows = count(omitted.len(), "row");
            let are = if omitted.len() == 1 { "is" } else { "are" };
            let message = format!("{rows} of {name} {are} not in the export");
            Err(CommandError::new(Exit::InvalidFile, message)
                .hint(format!("correct {}", left_out.correction())))
        }
    }
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

/// Returns the problems of the valid rows that the format cannot hold, by their position in the fleet.
fn unsuitable_rows(fleet: &Fleet, export: &Export<'_>) -> HashMap<usize, String> {
    let mut errors: HashMap<_, Vec<&Finding>> = HashMap::new();
    for finding in export.findings().iter().filter(|one| one.severity() == Severity::Error) {
        errors.entry((finding.source(), finding.line())).or_default().push(finding);
    }
    let rows = fleet
        .rows()
        .iter()
        .enumerate()
        .filter(|(_, row)| matches!(row.status(), RowStatus::Ready(_)));
    let problem = |(position, row): (usize, &CheckedRow)| {
        let errors = errors.get(&(row.origin().source(), Some(row.origin().line())))?;
        Some((position, problem(errors)))
    };
    rows.filter_map(problem).collect()
}

/// Returns the file of an export that needs one.
fn only_file<'a, 'b>(
    export: &'b Export<'a>,
    to: Registrar,
) -> Result<&'b ExportFile<'a>, CommandError> {
    match export.files() {
        [file] => Ok(file),
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

/// Writes an export to files that are free. Nothing is written unless all of them can be.
fn write_files(
    ui: Ui,
    export: &Export<'_>,
    paths: &[PathBuf],
    force: bool,
    to: Registrar,
) -> Result<(), CommandError> {
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
        ui.status_line(&format!("Wrote {devices} to {}", path.display()));
    }
    if paths.len() > 1 && to == Registrar::Intune {
        ui.status("Import the files one after the other: check that the devices of one are registered before the next\n");
    }
    Ok(())
}

/// Returns the paths of all parts of an export. Fails if one of them is a file that is exported, which `--force` would
/// replace, or if one exists and `--force` is not set.
fn free_paths(
    path: &Path,
    parts: usize,
    args: &args::Export,
) -> Result<Vec<PathBuf>, CommandError> {
    let paths: Vec<PathBuf> = (1..=parts).map(|part| part_path(path, part)).collect();
    if let Some(input) = paths.iter().find(|path| same_file(path, &args.files)) {
        let message = format!("{} is a file to export, so nothing was written", input.display());
        return Err(
            CommandError::new(Exit::Usage, message).hint("choose another name with --output")
        );
    }
    if let Some(existing) = paths.iter().find(|path| !args.force && path.exists()) {
        let message = format!("{} already exists, so nothing was written", existing.display());
        return Err(CommandError::new(Exit::InvalidFile, message)
            .hint("add --force to replace it, or choose another name"));
    }
    Ok(paths)
}

/// Returns true if the path leads to one of the files.
fn same_file(path: &Path, files: &[PathBuf]) -> bool {
    path.canonicalize().is_ok_and(|path| {
        files.iter().any(|file| file.canonicalize().is_ok_and(|file| file == path))
    })
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
