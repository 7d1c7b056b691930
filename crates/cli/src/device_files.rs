//! The device files of a command. A file to upload must be valid in every row. A file to look devices up needs only serial
//! numbers, but it must have been read completely.

use std::collections::HashSet;
use std::path::PathBuf;

use partner_center_devices_fleet::{Finding, Fleet, ReadOptions, RowStatus, Rule, Severity};

use crate::errors::{CommandError, Exit};
use crate::input_files::{self, Subdirectories};
use crate::ui::findings;
use crate::ui::output::Ui;
use crate::ui::progress::activity;
use crate::ui::text_layout::count;

/// The devices of files.
struct Files {
    fleet: Fleet,
    /// The names of the files, including those that were skipped.
    names: Vec<String>,
}

impl Files {
    /// Returns a name for all files that were read: the name of the only one, or their number.
    fn name(&self) -> String {
        let read = self.names.len() - input_files::skipped(&self.names, self.fleet.findings());
        match &self.names[..] {
            [only] => only.clone(),
            names if read == 0 => count(names.len(), "file"),
            _ => count(read, "file"),
        }
    }

    /// Returns a name for the files with invalid rows, and whether they are several.
    fn with_invalid_rows(&self) -> (String, bool) {
        let mut invalid: Vec<&str> = Vec::new();
        for row in self.fleet.rows() {
            let source = row.origin().source();
            if matches!(row.status(), RowStatus::Invalid(_)) && !invalid.contains(&source) {
                invalid.push(source);
            }
        }
        match &invalid[..] {
            [only] => ((*only).to_owned(), false),
            several => (count(several.len(), "file"), true),
        }
    }
}

/// The treatment of the files of an upload.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct UploadRules {
    /// True in an upload for several customers, which the files name.
    pub(crate) is_routed: bool,
    /// True if the valid rows are sent although others are invalid.
    pub(crate) skips_invalid: bool,
    pub(crate) subdirectories: Subdirectories,
}

/// Reads files to upload. Prints the findings, and fails if a row is invalid, unless invalid rows are skipped. Columns that
/// name the destination of a row are not worth a finding: group tags in every upload, customers if `is_routed`.
pub(crate) fn to_upload(
    ui: Ui,
    files: &[PathBuf],
    rules: UploadRules,
) -> Result<Fleet, CommandError> {
    let UploadRules { is_routed, skips_invalid, subdirectories } = rules;
    let options = ReadOptions::new().keep_records(skips_invalid);
    let files = read(files, subdirectories, options)?;
    let fleet = &files.fleet;
    let is_relevant = |finding: &&Finding| match finding.rule() {
        Rule::GroupTagColumn | Rule::MissingGroupTag => false,
        Rule::CustomerColumn => !is_routed,
        _ => true,
    };
    let relevant: Vec<Finding> = fleet.findings().iter().filter(is_relevant).cloned().collect();
    ui.status(&findings::render(&relevant, ui.stderr_screen().0));
    let has_devices = fleet.device_count() > 0;
    if has_devices && skips_invalid && !has_file_error(fleet) {
        return Ok(files.fleet);
    }
    if fleet.rows().iter().any(|row| matches!(row.status(), RowStatus::Invalid(_))) {
        let (name, several) = files.with_invalid_rows();
        let have = if several { "have" } else { "has" };
        let them = if files.names.len() == 1 { "the file" } else { "all files" };
        let message = format!("{name} {have} invalid rows, so nothing was sent");
        let error = CommandError::new(Exit::InvalidFile, message)
            .hint(format!("fix or remove the lines listed above, then upload {them} again"));
        let devices = count(fleet.device_count(), "device");
        return Err(match has_devices && !has_file_error(fleet) {
            true => error.hint(format!(
                "add --skip-invalid to send the other {devices} now and write the invalid rows to a file"
            )),
            false => error,
        });
    }
    if fleet.has_errors() || !has_devices {
        let message = format!("{} cannot be used", files.name());
        return Err(CommandError::new(Exit::InvalidFile, message));
    }
    Ok(files.fleet)
}

/// Returns true if there is an error that is not about one row, such as an unreadable file: rows may be missing.
pub(crate) fn has_file_error(fleet: &Fleet) -> bool {
    let invalid = fleet.rows().iter().filter(|row| matches!(row.status(), RowStatus::Invalid(_)));
    let lines: HashSet<_> =
        invalid.map(|row| (row.origin().source(), Some(row.origin().line()))).collect();
    let mut errors = fleet.findings().iter().filter(|one| one.severity() == Severity::Error);
    errors.any(|finding| !lines.contains(&(finding.source(), finding.line())))
}

/// Reads files to export. Returns the devices with a name for the files. Prints nothing, because an export has more
/// findings.
pub(crate) fn to_export(
    files: &[PathBuf],
    skips_invalid: bool,
) -> Result<(Fleet, String), CommandError> {
    let options = ReadOptions::new().keep_records(skips_invalid);
    let files = read(files, Subdirectories::Refused, options)?;
    let name = files.name();
    Ok((files.fleet, name))
}

/// Reads files to look devices up. Prints only findings that affect this: problems of single rows are reported when their
/// device is looked up.
pub(crate) fn to_look_up(ui: Ui, files: &[PathBuf]) -> Result<Fleet, CommandError> {
    let options = ReadOptions::new().lists(true);
    let files = read(files, Subdirectories::Refused, options)?;
    let name = files.name();
    let fleet = files.fleet;
    let relevant: Vec<Finding> = relevant(&fleet).cloned().collect();
    ui.status(&findings::render(&relevant, ui.stderr_screen().0));
    let has_error = relevant.iter().any(|finding| finding.severity() == Severity::Error);
    if fleet.rows().is_empty() || has_error {
        return Err(CommandError::new(Exit::InvalidFile, format!("{name} cannot be used")));
    }
    Ok(fleet)
}

/// Returns the findings that affect a lookup.
fn relevant(fleet: &Fleet) -> impl Iterator<Item = &Finding> {
    let invalid: HashSet<_> = fleet
        .rows()
        .iter()
        .filter(|row| matches!(row.status(), RowStatus::Invalid(_)))
        .map(|row| (row.origin().source(), Some(row.origin().line())))
        .collect();
    fleet.findings().iter().filter(move |finding| match finding.severity() {
        Severity::Error => !invalid.contains(&(finding.source(), finding.line())),
        Severity::Warning => finding.rule() != Rule::Placeholder, // reported when it is looked up
        _ => false,
    })
}

fn read(
    files: &[PathBuf],
    subdirectories: Subdirectories,
    options: ReadOptions,
) -> Result<Files, CommandError> {
    let opened = input_files::open(files, subdirectories)?;
    let names: Vec<String> = opened.iter().map(|file| file.name.clone()).collect();
    let _reading = activity::work(&match &names[..] {
        [name] => format!("reading {name}"),
        names => format!("reading {} files", names.len()),
    });
    let fleet = Fleet::check(input_files::read(opened, options));
    Ok(Files { fleet, names })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(csv: &str) -> Vec<&'static str> {
        relevant(&Fleet::read(csv.as_bytes(), "f.csv")).map(|finding| finding.rule().id()).collect()
    }

    #[test]
    fn a_list_of_serial_numbers_can_be_looked_up() {
        assert_eq!(rules("Serial\nS1\nS2\n"), [""; 0]);
        assert_eq!(rules("batch,id,serialNumber,policyId\nHQ,d-1,S1,p\n"), [""; 0]);
        assert_eq!(rules("Serial\nDefault string\n"), [""; 0]);
        // Files that are not tables are errors.
        assert_eq!(rules(""), ["empty-file"]);
        assert_eq!(rules("a,b\n1,2\n"), ["unknown-header"]);
        assert_eq!(rules("Serial,Make,Model\nS1,M,N\nS1,M,N\n"), ["duplicate"]);
    }

    #[test]
    fn skipped_files_are_not_counted() {
        let directory = tempfile::tempdir().unwrap();
        let at = |name: &str| directory.path().join(name);
        let write = |name: &str, text: &str| std::fs::write(at(name), text).unwrap();
        let read = || {
            read(&[directory.path().to_owned()], Subdirectories::Refused, ReadOptions::new())
                .unwrap()
        };
        write("a.csv", "Serial,Make,Model\nS1,M,N\n");
        write("b.csv", "Serial,Make,Model\nS2,,\n");
        write("notes.txt", "Thank you\n");
        assert_eq!(read().name(), "2 files");
        let shown = at("b.csv").display().to_string();
        assert_eq!(read().with_invalid_rows(), (shown, false));
        write("c.csv", "Serial,Make,Model\nS3,,\nS4,,\n");
        assert_eq!(read().name(), "3 files");
        assert_eq!(read().with_invalid_rows(), ("2 files".to_owned(), true));
    }

    #[test]
    fn errors_of_rows_are_not_errors_of_the_file() {
        for (csv, expected) in [
            ("Serial,Make,Model\nS1,M,N\n", false),
            ("Serial,Make,Model\nS1,,\n", false),
            ("Serial,PKID,Hash\n#REF!,1.23E+12,T0-=\n", false),
            ("a,b\n1,2\n", true),
            ("", true),
        ] {
            assert_eq!(has_file_error(&Fleet::read(csv.as_bytes(), "f.csv")), expected, "{csv}");
        }
    }
}
