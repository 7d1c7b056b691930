//! The rows that `--skip-invalid` leaves out of an upload or an export, as files to correct and use again. They are written
//! before the other rows are sent or exported, so that no row is lost if that is interrupted. A file that exists is never
//! replaced.

use std::collections::HashMap;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use partner_center_devices_fleet::{
    CheckedRow, Finding, Fleet, RowStatus, Severity, write_rows_to_correct,
};

use crate::atomic_file::{AtomicFile, Readers};
use crate::errors::{CommandError, Exit};
use crate::input_files::STANDARD_INPUT;
use crate::invalid_file_names::original;
use crate::ui::text_layout::count;

/// The command that leaves out rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Task {
    Upload,
    Export,
}

/// The rows that are left out, with their problems in the order of the rows.
pub(crate) struct InvalidRows<'a> {
    task: Task,
    rows: Vec<(&'a CheckedRow, String)>,
}

/// The number of rows that were left out, and the files that they were written to. A dry run writes none.
pub(crate) struct LeftOut {
    task: Task,
    rows: usize,
    paths: Vec<PathBuf>,
}

impl Task {
    fn verb(self) -> &'static str {
        match self {
            Self::Upload => "upload",
            Self::Export => "export",
        }
    }

    fn cannot_write(self, path: &Path, error: io::Error) -> CommandError {
        let nothing_done = self.nothing_done();
        let message = format!("cannot write the invalid rows to {}", path.display());
        CommandError::new(Exit::InvalidFile, message)
            .with_source(error)
            .hint(format!("{nothing_done}: name a file for the invalid rows: --invalid-rows FILE"))
    }

    /// Returns what did not happen to the valid rows when the invalid ones could not be written.
    fn nothing_done(self) -> &'static str {
        match self {
            Self::Upload => "nothing was sent",
            Self::Export => "nothing was exported",
        }
    }
}

impl<'a> InvalidRows<'a> {
    /// Collects the invalid rows of a fleet, and the rows at these positions, which have another problem.
    pub(crate) fn of(task: Task, fleet: &'a Fleet, others: &HashMap<usize, String>) -> Self {
        let mut errors: HashMap<(&str, u64), Vec<&Finding>> = HashMap::new();
        for finding in fleet.findings().iter().filter(|one| one.severity() == Severity::Error) {
            if let Some(line) = finding.line() {
                errors.entry((finding.source(), line)).or_default().push(finding);
            }
        }
        let problem = |(position, row): (usize, &'a CheckedRow)| {
            let problem = match row.status() {
                RowStatus::Invalid(finding) => {
                    let origin = row.origin();
                    let errors = errors.get(&(origin.source(), origin.line()));
                    problem(errors.map_or(&[finding][..], Vec::as_slice))
                }
                _ => others.get(&position)?.clone(),
            };
            Some((row, problem))
        };
        Self { task, rows: fleet.rows().iter().enumerate().filter_map(problem).collect() }
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Writes the rows to `target`, or to a file next to each input file.
    ///
    /// # Errors
    /// If a file cannot be written, or if `target` exists with other content.
    pub(crate) fn write(
        &self,
        inputs: &[PathBuf],
        target: Option<&Path>,
    ) -> Result<LeftOut, CommandError> {
        let mut paths = Vec::new();
        if let Some(target) = target {
            let content =
                content(self.rows.iter()).map_err(|error| self.task.cannot_write(target, error))?;
            match store(target, &content) {
                Ok(true) => paths.push(target.to_owned()),
                Ok(false) => {
                    let message =
                        format!("{} already exists; it is not replaced", target.display());
                    return Err(CommandError::new(Exit::InvalidFile, message)
                        .hint("name a new file for the invalid rows: --invalid-rows FILE"));
                }
                Err(error) => return Err(self.task.cannot_write(target, error)),
            }
        } else {
            for (input, rows) in self.by_input(inputs) {
                let path = write_next_to(&input, &rows)
                    .map_err(|(path, error)| self.task.cannot_write(&path, error))?;
                paths.push(path);
            }
        }
        Ok(LeftOut { task: self.task, rows: self.rows.len(), paths })
    }

    /// Counts the rows without writing them.
    pub(crate) fn not_written(&self) -> LeftOut {
        LeftOut { task: self.task, rows: self.rows.len(), paths: Vec::new() }
    }

    /// Groups the rows by the input file that they come from, in the order of the rows. The source of a row starts with
    /// the path of its input file: a part of that file may follow.
    fn by_input(&self, inputs: &[PathBuf]) -> Vec<(PathBuf, Vec<&(&'a CheckedRow, String)>)> {
        let mut groups: Vec<(PathBuf, Vec<_>)> = Vec::new();
        for row in &self.rows {
            let source = row.0.origin().source();
            let names = inputs.iter().filter(|input| source.starts_with(&*input.to_string_lossy()));
            let input = names.max_by_key(|input| input.as_os_str().len());
            let input = match input {
                Some(input) => input.clone(),
                None if source.starts_with(STANDARD_INPUT) => "standard-input".into(),
                None => source.into(),
            };
            match groups.iter_mut().find(|(path, _)| *path == input) {
                Some((_, rows)) => rows.push(row),
                None => groups.push((input, vec![row])),
            }
        }
        groups
    }
}

impl LeftOut {
    /// Returns what to do about the rows that were left out.
    pub(crate) fn reminder(&self) -> String {
        let rows = count(self.rows, "invalid row");
        if self.paths.is_empty() {
            return format!("{rows} would be left out and written to a file to correct");
        }
        let were = if self.rows == 1 { "was" } else { "were" };
        format!("{rows} {were} left out. Correct {}", self.correction())
    }

    /// Returns the files with the rows.
    pub(crate) fn paths(&self) -> &[PathBuf] {
        &self.paths
    }

    /// Returns the object of "correct": the rows with their files, and what to do next.
    pub(crate) fn correction(&self) -> String {
        let them = if self.rows == 1 { "it" } else { "them" };
        let files = if self.paths.len() == 1 { "that file" } else { "those files" };
        let paths: Vec<_> = self.paths.iter().map(|path| path.display().to_string()).collect();
        format!("{them} in {}, then {} {files}", paths.join(", "), self.task.verb())
    }
}

/// Formats the errors of a row for its cell: each with what to do.
pub(crate) fn problem(errors: &[&Finding]) -> String {
    let texts = errors.iter().map(|error| format!("{} ({})", error.message(), error.cure()));
    texts.collect::<Vec<_>>().join("; ")
}

fn content<'a>(rows: impl Iterator<Item = &'a (&'a CheckedRow, String)>) -> io::Result<Vec<u8>> {
    let rows = rows.filter_map(|(row, problem)| Some((row.original()?, problem.as_str())));
    let mut bytes = Vec::new();
    write_rows_to_correct(&mut bytes, rows)?;
    Ok(bytes)
}

/// Writes rows to a file next to their input file: `fleet.invalid.csv`, or the first free name after it.
fn write_next_to(
    input: &Path,
    rows: &[&(&CheckedRow, String)],
) -> Result<PathBuf, (PathBuf, io::Error)> {
    let content = content(rows.iter().copied()).map_err(|error| (input.to_owned(), error))?;
    for number in 1.. {
        let path = name(input, number);
        match store(&path, &content) {
            Ok(true) => return Ok(path),
            Ok(false) => {}
            Err(error) => return Err((path, error)),
        }
    }
    Err((input.to_owned(), io::ErrorKind::AlreadyExists.into()))
}

/// Returns a name for the invalid rows of a file. `fleet.invalid.csv` itself leads to `fleet.invalid-2.csv`.
fn name(input: &Path, number: u32) -> PathBuf {
    let stem = input.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    let stem = stem.unwrap_or_else(|| "devices".to_owned());
    let base = original(&stem).unwrap_or(&stem);
    let name = match number {
        1 => format!("{base}.invalid.csv"),
        number => format!("{base}.invalid-{number}.csv"),
    };
    // Without a file name, such as `..`, the input is a directory.
    if input.file_stem().is_some() { input.with_file_name(name) } else { input.join(name) }
}

/// Creates a file that only its owner can read. Returns false if another file has the name. A file with the same content
/// is kept: an earlier run of the same upload wrote it.
fn store(path: &Path, content: &[u8]) -> io::Result<bool> {
    if fs::symlink_metadata(path).is_ok() {
        return Ok(fs::read(path).is_ok_and(|existing| existing == content));
    }
    let mut file = AtomicFile::create(path, Readers::Owner)?;
    file.write_all(content)?;
    match file.commit_new() {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        written => written.map(|()| true),
    }
}

#[cfg(test)]
mod tests {
    use partner_center_devices_fleet::ReadOptions;

    use super::*;

    fn fleet(csv: &str, source: &str) -> Fleet {
        Fleet::check(ReadOptions::new().keep_records(true).read(csv.as_bytes(), source))
    }

    #[test]
    fn the_file_has_a_free_name_next_to_its_input() {
        for (input, number, expected) in [
            ("fleet.csv", 1, "fleet.invalid.csv"),
            ("a/fleet.xlsx", 1, "a/fleet.invalid.csv"),
            ("a/fleet.csv", 2, "a/fleet.invalid-2.csv"),
            ("fleet.invalid.csv", 1, "fleet.invalid.csv"),
            ("fleet.invalid-2.csv", 3, "fleet.invalid-3.csv"),
            ("fleet.invalid-x.csv", 1, "fleet.invalid-x.invalid.csv"),
            (".invalid.csv", 1, ".invalid.invalid.csv"),
            ("standard-input", 1, "standard-input.invalid.csv"),
            ("..", 1, "../devices.invalid.csv"),
        ] {
            assert_eq!(name(Path::new(input), number), Path::new(expected), "{input}");
        }
    }

    #[test]
    fn no_file_is_replaced_and_the_same_upload_writes_one_file() {
        let folder = tempfile::tempdir().unwrap();
        let [input, first, second] =
            ["f.csv", "f.invalid.csv", "f.invalid-2.csv"].map(|name| folder.path().join(name));
        let write = |csv: &str, target: Option<&Path>| {
            let fleet = fleet(csv, input.to_str().unwrap());
            let rows = InvalidRows::of(Task::Upload, &fleet, &HashMap::new());
            rows.write(std::slice::from_ref(&input), target).map(|files| files.paths)
        };
        let csv = "Serial,Make,Model\nS1,M,N\nS2,,\n";
        assert_eq!(write(csv, None).unwrap(), std::slice::from_ref(&first));
        assert_eq!(write(csv, None).unwrap(), std::slice::from_ref(&first), "the same content");
        fs::write(&first, "corrected").unwrap();
        assert_eq!(write(csv, None).unwrap(), std::slice::from_ref(&second));
        assert_eq!(fs::read_to_string(&first).unwrap(), "corrected");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = fs::metadata(&second).unwrap().permissions().mode() & 0o777;
            assert_eq!(mode, 0o600, "{mode:o}");
        }
        let error = write(csv, Some(&first)).err().unwrap();
        assert_eq!(error.exit, Exit::InvalidFile);
        assert!(error.to_string().ends_with("already exists; it is not replaced"), "{error}");
        assert!(write(csv, Some(&folder.path().join("no/x.csv"))).is_err());
    }

    #[test]
    fn rows_are_grouped_by_the_file_they_come_from() {
        let csv = "Serial,Make,Model\nS2,,\n";
        for (source, inputs, expected) in [
            ("a.csv", &["a.csv", "b.csv"][..], "a.csv"),
            ("b.zip/c.csv", &["b.zip"], "b.zip"),
            ("a.csv (2)", &["a.csv", "a.csv"], "a.csv"),
            ("fleet/a.csv", &["fleet", "fleet/a.csv"], "fleet/a.csv"),
            (STANDARD_INPUT, &["-"], "standard-input"),
        ] {
            let fleet = fleet(csv, source);
            let rows = InvalidRows::of(Task::Upload, &fleet, &HashMap::new());
            let inputs: Vec<_> = inputs.iter().map(PathBuf::from).collect();
            let groups = rows.by_input(&inputs);
            assert_eq!(groups.len(), 1);
            assert_eq!(groups[0].0, Path::new(expected), "{source}");
        }
    }

    #[test]
    fn each_row_has_all_its_problems() {
        let csv = "Serial,Make,Model\nS1,M,N\nS2,,\nS3,M,N\n";
        let fleet = fleet(csv, "f.csv");
        let others = HashMap::from([(2, "the group tag is missing".to_owned())]);
        let rows = InvalidRows::of(Task::Upload, &fleet, &others);
        let lines: Vec<_> = rows.rows.iter().map(|(row, _)| row.origin().line()).collect();
        assert_eq!(lines, [3, 4]);
        assert!(rows.rows[0].1.starts_with("the serial number does not identify a device"));
        assert!(rows.rows[0].1.contains("(ask the seller"), "{}", rows.rows[0].1);
        assert_eq!(rows.rows[1].1, "the group tag is missing");
    }
}
