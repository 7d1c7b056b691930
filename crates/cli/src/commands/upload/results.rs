//! The output of an upload: the report, the plan of a dry run, and the error of an upload that stopped.

use std::io;

use partner_center_devices::ErrorKind;
use partner_center_devices_fleet::{Report, Upload, UploadError};

use crate::args::Format;
use crate::errors::{CommandError, Exit};
use crate::settings::customers::Alias;
use crate::settings::journals::journal_error;
use crate::ui::output::{Ui, written};
use crate::ui::report_table;
use crate::ui::text_layout::{count, count_of};

/// Prints the report in the requested format.
pub(super) fn print(
    ui: Ui,
    report: &Report,
    names: &[Alias],
    format: Format,
) -> Result<(), CommandError> {
    if format.json || format.csv {
        let stdout = io::stdout().lock();
        return written(if format.json {
            report.write_json(stdout)
        } else {
            report.write_csv(stdout)
        });
    }
    let (width, colors) = ui.screen();
    ui.print(&report_table::render(report, names, width, colors))
}

/// Prints the requests that would be sent, without sending them.
pub(super) async fn dry_run(ui: Ui, upload: Upload) -> Result<Exit, CommandError> {
    const NO_FORMAT: Format = Format { json: false, csv: false };
    let plan = upload.dry_run().await.map_err(|error| stopped(ui, error, &[], NO_FORMAT))?;
    ui.print_json(&plan)?;
    let (mut devices, mut requests) = (0, 0);
    for batch in &plan.batches {
        requests += batch.requests.len();
        devices += batch.requests.iter().map(|request| request.rows.len()).sum::<usize>();
    }
    ui.status(&format!(
        "{} in {} to {} would be sent. The batch name becomes the customer's group tag.\n",
        count(devices, "device"),
        count(requests, "request"),
        count_of(plan.batches.len(), "batch", "batches"),
    ));
    Ok(Exit::Success)
}

/// Prints the report of an upload that stopped, if anything was sent, and returns why it stopped.
pub(super) fn stopped(ui: Ui, error: UploadError, names: &[Alias], format: Format) -> CommandError {
    let (report, failures) = match error {
        UploadError::Calls { report, failures, .. } => (report, failures),
        UploadError::Journal { error, .. } => return journal_error(error),
        other => return CommandError::wrap(Exit::Unavailable, other),
    };
    let Some(first) = failures.first() else {
        return CommandError::new(Exit::Unavailable, "the upload stopped");
    };
    let error = first.error();
    let mut command_error = CommandError::from(error);
    if error.kind() == ErrorKind::StillRunning {
        command_error = command_error.without_hints(); // the id of the job is the hint
    }
    command_error = command_error.context(&first.step().to_string());
    if let Some(job) = report.rows().iter().rev().find_map(|row| row.tracking_id()) {
        command_error = command_error.hint(format!("check the job: pcdevices jobs status {job}"));
    }
    let totals = report.totals();
    let sent = totals.rows - totals.not_sent - totals.duplicate - totals.invalid;
    if sent == 0 {
        return command_error;
    }
    command_error.and(print(ui, &report, names, format))
}
