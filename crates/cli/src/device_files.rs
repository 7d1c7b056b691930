//! The device files of a command. A file to upload must be valid in every row. A file to look devices up needs only serial
//! numbers, but it must have been read completely.

use std::collections::HashSet;
use std::path::PathBuf;

use partner_center_devices_fleet::{Finding, Fleet, RowStatus, Rule, Severity, read_all};

use crate::errors::{CommandError, Exit};
use crate::input_files;
use crate::ui::findings;
use crate::ui::output::Ui;
use crate::ui::text_layout::count;

/// The devices of several files, with a name for all of them.
struct Files {
    fleet: Fleet,
    name: String,
    several: bool,
}

/// Reads files to upload. Prints the findings, and fails if a row is invalid. The columns that name the destination of an
/// upload are not worth a finding: group tags in every upload, customers in an upload for several (`is_routed`).
pub(crate) fn to_upload(ui: Ui, files: &[PathBuf], is_routed: bool) -> Result<Fleet, CommandError> {
    let is_folder = files.iter().any(|path| path.is_dir());
    let Files { fleet, name, several } = read(files).map_err(|error| match is_folder {
        true if !is_routed => error.hint(
            "to upload a directory with one subdirectory per customer, add --customer-from folder",
        ),
        _ => error,
    })?;
    let is_relevant = |finding: &&Finding| match finding.rule() {
        Rule::GroupTagColumn => false,
        Rule::CustomerColumn => !is_routed,
        _ => true,
    };
    let relevant: Vec<Finding> = fleet.findings().iter().filter(is_relevant).cloned().collect();
    ui.status(&findings::render(&relevant, ui.stderr_screen().0));
    if fleet.rows().iter().any(|row| matches!(row.status(), RowStatus::Invalid(_))) {
        let (have, them) = if several { ("have", "the files") } else { ("has", "the file") };
        let message = format!("{name} {have} invalid rows, so nothing was sent");
        return Err(CommandError::new(Exit::InvalidFile, message)
            .hint(format!("fix or remove the lines listed above, then upload {them} again")));
    }
    if fleet.has_errors() || fleet.device_count() == 0 {
        return Err(CommandError::new(Exit::InvalidFile, format!("{name} cannot be used")));
    }
    Ok(fleet)
}

/// Reads files to export. Returns the devices with a name for the files. Prints nothing, because an export has more
/// findings.
pub(crate) fn to_export(files: &[PathBuf]) -> Result<(Fleet, String), CommandError> {
    let Files { fleet, name, .. } = read(files)?;
    Ok((fleet, name))
}

/// Reads files to look devices up. Prints only findings that affect this: problems of single rows are reported when their
/// device is looked up.
pub(crate) fn to_look_up(ui: Ui, files: &[PathBuf]) -> Result<Fleet, CommandError> {
    let Files { fleet, name, .. } = read(files)?;
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
    let key = |finding: &Finding| (finding.source().to_owned(), finding.line(), finding.rule());
    let of_rows: HashSet<_> = fleet
        .rows()
        .iter()
        .filter_map(|row| match row.status() {
            RowStatus::Invalid(finding) => Some(key(finding)),
            _ => None,
        })
        .collect();
    fleet.findings().iter().filter(move |finding| match finding.severity() {
        Severity::Error => !of_rows.contains(&key(finding)) && finding.rule() != Rule::NoIdentity,
        Severity::Warning => finding.rule() != Rule::Placeholder, // reported when it is looked up
        _ => false,
    })
}

fn read(files: &[PathBuf]) -> Result<Files, CommandError> {
    let opened = input_files::open(files)?;
    let name = match &opened[..] {
        [(only, _)] => only.clone(),
        more => count(more.len(), "file"),
    };
    let several = opened.len() > 1;
    let fleet = Fleet::check(read_all(opened.into_iter().map(|(name, reader)| (name, Ok(reader)))));
    Ok(Files { fleet, name, several })
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
}
