//! The output of an upload: the report, and the error of an upload that stopped.

use std::path::Path;

use partner_center_devices::ErrorKind;
use partner_center_devices_fleet::{Report, UploadError};

use crate::args::Format;
use crate::errors::{CommandError, Exit, check_job, quoted};
use crate::settings::customers::Alias;
use crate::settings::journals::journal_error;
use crate::ui::output::{Ui, written};
use crate::ui::report_table;
use crate::ui::terminal_text::document_output;

/// Prints the report in the requested format. `all_rows` describes how to list all rows of a long report.
pub(super) fn print(
    ui: Ui,
    report: &Report,
    names: &[Alias],
    format: Format,
    all_rows: Option<&str>,
) -> Result<(), CommandError> {
    if format.json || format.csv {
        let stdout = document_output();
        return written(if format.json {
            report.write_json(stdout)
        } else {
            report.write_csv(stdout)
        });
    }
    report_table::print(ui, report, names, all_rows)
}

/// Returns how to list all rows of an upload with this journal.
pub(super) fn all_rows_command(journal: Option<&Path>) -> String {
    match journal {
        Some(journal) => {
            format!("pcdevices journals show {} --all", quoted(&journal.to_string_lossy()))
        }
        None => "run the command with --all, or with --report FILE".to_owned(),
    }
}

/// Prints the report of an upload that stopped, if anything was sent, and returns why it stopped.
/// Without `job_hint` the jobs cannot be checked later.
pub(super) fn stopped(
    ui: Ui,
    error: UploadError,
    names: &[Alias],
    (format, all_rows): (Format, Option<&str>),
    job_hint: bool,
) -> CommandError {
    let (report, failures) = match error {
        UploadError::Calls { report, failures, .. } => (report, failures),
        UploadError::Journal { error, .. } => return journal_error(error),
        other => return CommandError::wrap(Exit::Unavailable, other),
    };
    let Some(first) = failures.first() else {
        return CommandError::new(Exit::Unavailable, "the upload stopped");
    };
    let error = first.error();
    let mut command_error = CommandError::from(error).of_customer(first.customer());
    if error.kind() == ErrorKind::StillRunning {
        command_error = command_error.without_hints(); // the id of the job is the hint
    }
    let step = match report.destinations().len() {
        0 | 1 => first.step().to_string(),
        _ => format!("batch '{}': {}", first.batch(), first.step()),
    };
    command_error = command_error.context(&step);
    let job =
        report.rows().iter().rev().find_map(|row| Some((row.tracking_id()?, row.destination()?)));
    if let Some((job, destination)) = job.filter(|_| job_hint) {
        command_error = command_error.hint(check_job(job, destination.customer()));
    }
    let totals = report.totals();
    let sent = totals.rows - totals.not_sent - totals.duplicate - totals.invalid;
    if sent == 0 {
        return command_error;
    }
    command_error.and(print(ui, &report, names, format, all_rows))
}
