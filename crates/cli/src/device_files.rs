//! The files of devices that a command is given. Decides how they are read, what is said of them, and when they cannot be
//! used: a file to send must be right in every row; one to look devices up by must be one that was read to its end.

use std::collections::HashSet;
use std::io;
use std::path::PathBuf;

use partner_center_devices_fleet::{Finding, Fleet, RowStatus, Rule, Severity, read_all};

use crate::errors::{CommandError, Exit};
use crate::input_files;
use crate::ui::findings;
use crate::ui::output::Ui;
use crate::ui::text_layout::{count, width};

/// Files that were read, and what they are called together.
struct Files {
    fleet: Fleet,
    name: String,
    several: bool,
}

/// To send: says what is odd about the files, and refuses them if a row cannot be sent. Where rows say themselves where they
/// go, the columns that do are no oddity.
pub(crate) fn to_upload(ui: Ui, files: &[PathBuf], routed: bool) -> Result<Fleet, CommandError> {
    let is_folder = files.iter().any(|path| path.is_dir());
    let Files { fleet, name, several } = read(files).map_err(|failure| match is_folder {
        true if !routed => failure.hint(
            "for several customers, each with a folder of its own in it: --customer-from folder",
        ),
        _ => failure,
    })?;
    let (has, is) = if several { ("have", "the files") } else { ("has", "the file") };
    let used = [Rule::CustomerColumn, Rule::GroupTagColumn];
    let told = |finding: &&Finding| !(routed && used.contains(&finding.rule()));
    let told: Vec<Finding> = fleet.findings().iter().filter(told).cloned().collect();
    ui.status(&findings::render(&told, width(&io::stderr())));
    if fleet.rows().iter().any(|row| matches!(row.status(), RowStatus::Invalid(_))) {
        return Err(CommandError::new(
            Exit::InvalidFile,
            format!("{name} {has} rows that cannot be sent, so nothing was sent"),
        )
        .hint(format!("mend or remove the lines named above, then upload {is} again")));
    }
    if fleet.has_errors() || fleet.device_count() == 0 {
        return Err(CommandError::new(Exit::InvalidFile, format!("{name} cannot be used")));
    }
    Ok(fleet)
}

/// To look up what is registered: a serial number alone will do. What is wrong with a row is said where its device is
/// looked for, and what only matters to an upload is not said.
pub(crate) fn to_look_up(ui: Ui, files: &[PathBuf]) -> Result<Fleet, CommandError> {
    let Files { fleet, name, .. } = read(files)?;
    let found: Vec<Finding> = matters(&fleet).cloned().collect();
    ui.status(&findings::render(&found, width(&io::stderr())));
    if fleet.rows().is_empty() || found.iter().any(|found| found.severity() == Severity::Error) {
        return Err(CommandError::new(Exit::InvalidFile, format!("{name} cannot be used")));
    }
    Ok(fleet)
}

/// What is found beside that rows cannot be sent.
fn matters(fleet: &Fleet) -> impl Iterator<Item = &Finding> {
    let of = |finding: &Finding| (finding.source().to_owned(), finding.line(), finding.rule());
    let refused: HashSet<_> = fleet
        .rows()
        .iter()
        .filter_map(|row| match row.status() {
            RowStatus::Invalid(finding) => Some(of(finding)),
            _ => None,
        })
        .collect();
    fleet.findings().iter().filter(move |finding| match finding.severity() {
        Severity::Error => !refused.contains(&of(finding)) && finding.rule() != Rule::NoIdentity,
        Severity::Warning => finding.rule() != Rule::Placeholder, // said where it is looked for
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

    fn said(csv: &str) -> Vec<&'static str> {
        matters(&Fleet::read(csv.as_bytes(), "f.csv")).map(|found| found.rule().id()).collect()
    }

    #[test]
    fn a_list_of_serial_numbers_is_good_enough_to_look_up() {
        assert_eq!(said("Serial\nS1\nS2\n"), [""; 0]);
        assert_eq!(said("batch,id,serialNumber,policyId\nHQ,d-1,S1,p\n"), [""; 0]);
        assert_eq!(said("Serial\nDefault string\n"), [""; 0]);
        // What is no table, or was not read to its end, is nothing to delete by.
        assert_eq!(said(""), ["empty-file"]);
        assert_eq!(said("a,b\n1,2\n"), ["unknown-header"]);
        assert_eq!(said("Serial,Make,Model\nS1,M,N\nS1,M,N\n"), ["duplicate"]);
    }
}
