//! The output of `upload --no-wait`: the jobs that will have the results.

use std::collections::HashSet;
use std::path::Path;

use partner_center_devices_fleet::{Report, ReportRow, RowOutcome};

use super::results;
use crate::args::Format;
use crate::errors::{CommandError, Exit, exit_of_outcomes, wait_for_job};
use crate::settings::customers::{Alias, name};
use crate::settings::session::Session;
use crate::ui::list::{Column, Record, column, list_table};
use crate::ui::output::Ui;
use crate::ui::text_layout::{count, count_of};

/// How many jobs the hint names. The journal has all of them.
const MAX_NAMED: usize = 3;

/// A job whose results are not known.
#[derive(PartialEq, Eq)]
struct JobLine {
    id: String,
    /// The customer, if the upload is for several.
    customer: String,
    batch: String,
    devices: usize,
}

impl Record for JobLine {
    const COLUMNS: &'static [Column<Self>] = &[
        column("Tracking id", "trackingId", |line: &Self| line.id.clone()),
        column("Customer", "customer", |line: &Self| line.customer.clone()),
        column("Batch", "batch", |line: &Self| line.batch.clone()),
        column("Devices", "devices", |line: &Self| line.devices.to_string()).number(),
    ];
}

/// Returns true if some results are not known yet.
pub(super) fn is_needed(report: &Report) -> bool {
    report.rows().iter().any(is_running)
}

/// Prints the jobs of an upload that did not wait for its results, and how to see the results.
pub(super) fn print(
    ui: Ui,
    session: &Session,
    report: &Report,
    names: &[Alias],
    format: Format,
    journal: Option<&Path>,
) -> Result<Exit, CommandError> {
    let jobs = jobs(report, names);
    if format.json || format.csv {
        results::print(ui, report, names, format, None)?;
    } else {
        ui.print(&list_table(ui, &jobs))?;
    }
    let known = || report.rows().iter().filter(|row| !is_running(row));
    let is_unknown = |row: &ReportRow| {
        *row.outcome() == RowOutcome::AlreadyRegistered && row.earlier_registration().is_none()
    };
    let failed = known().filter(|row| !row.is_success()).count();
    let exit = match exit_of_outcomes(known().map(ReportRow::outcome)) {
        Exit::Success if known().any(is_unknown) => Exit::OutcomeUnknown,
        Exit::Success if failed > 0 => Exit::SomeFailed,
        other => other,
    };
    if failed > 0 {
        ui.warning(&format!("{} of this upload did not succeed", count(failed, "row")));
    }
    let devices = jobs.iter().map(|job| job.devices).sum();
    let known = report.rows().len() - report.rows().iter().filter(|row| is_running(row)).count();
    let known = match known {
        0 => String::new(),
        known => format!(" The results of {} are known.", count(known, "other row")),
    };
    ui.status_line(&format!(
        "The service accepted {} in {}. Their results are not known yet.{known}",
        count(devices, "device"),
        count_of(jobs.len(), "job", "jobs"),
    ));
    if journal.is_some() {
        ui.hint(
            "to see the results, run the same command without --no-wait; nothing is sent twice",
        );
        return Ok(exit);
    }
    let mut open =
        report.rows().iter().filter(|row| is_running(row)).filter_map(|row| {
            Some(wait_for_job(row.tracking_id()?, row.destination()?.customer()))
        });
    let mut hints: Vec<String> = Vec::new();
    while let Some(hint) = open.find(|hint| !hints.contains(hint)) {
        hints.push(hint);
        if hints.len() == MAX_NAMED {
            break;
        }
    }
    for hint in hints {
        ui.hint(&session.config.complete(&hint));
    }
    Ok(exit)
}

/// Returns true if the service accepted the device, and its job has not reported it.
fn is_running(row: &ReportRow) -> bool {
    matches!(row.outcome(), RowOutcome::Unknown) && row.tracking_id().is_some()
}

/// Returns the running jobs, in the order of the rows.
fn jobs(report: &Report, names: &[Alias]) -> Vec<JobLine> {
    let customers: HashSet<&str> =
        report.destinations().map(|destination| destination.customer().as_str()).collect();
    let has_several_customers = customers.len() > 1;
    let mut jobs: Vec<JobLine> = Vec::new();
    for row in report.rows().iter().filter(|row| is_running(row)) {
        let (Some(id), Some(destination)) = (row.tracking_id(), row.destination()) else {
            continue;
        };
        // The rows of a job are usually next to each other.
        match jobs.iter_mut().rev().find(|job| job.id == id.as_str()) {
            Some(job) => job.devices += 1,
            None => jobs.push(JobLine {
                id: id.to_string(),
                customer: match has_several_customers {
                    true => name(names, destination.customer().as_str()).to_owned(),
                    false => String::new(),
                },
                batch: destination.batch().to_string(),
                devices: 1,
            }),
        }
    }
    jobs
}
