//! The plan of a dry run: a table of the batches for people, or each request for programs.

use std::collections::HashSet;

use partner_center_devices_fleet::{DryRun, Upload};

use super::progress::already_done;
use super::results;
use crate::args::Format;
use crate::errors::{CommandError, Exit};
use crate::settings::customers::{Alias, name};
use crate::ui::list::{Column, Record, column, csv_only, list_table, table_only, write_csv_list};
use crate::ui::output::Ui;
use crate::ui::text_layout::{count, count_of};

/// The devices and requests that would be sent to a batch.
struct BatchLine {
    customer: String,
    /// The customer's alias, in a plan for several customers.
    alias: String,
    batch: String,
    creates_batch: bool,
    devices: usize,
    requests: usize,
}

impl Record for BatchLine {
    const COLUMNS: &'static [Column<Self>] = &[
        csv_only("customer", |line| line.customer.clone()),
        table_only("Customer", |line| line.alias.clone()),
        column("Batch", "batch", |line: &Self| line.batch.clone()),
        table_only("State", |line| if line.creates_batch { "new" } else { "existing" }.to_owned()),
        csv_only("createsBatch", |line| line.creates_batch.to_string()),
        column("Devices", "devices", |line: &Self| line.devices.to_string()),
        column("Requests", "requests", |line: &Self| line.requests.to_string()),
    ];
}

/// Prints the plan of an upload without sending anything.
pub(super) async fn run(
    ui: Ui,
    upload: Upload,
    names: &[Alias],
    format: Format,
) -> Result<Exit, CommandError> {
    let plan = upload.dry_run().await;
    let plan = plan.map_err(|error| results::stopped(ui, error, names, (format, None), false))?;
    let lines = lines(&plan, names);
    let summary = summary(&plan, &lines);
    if format.json {
        ui.print_json(&plan)?;
        ui.status(&summary);
    } else if format.csv {
        write_csv_list(&lines)?;
        ui.status(&summary);
    } else if lines.is_empty() {
        ui.print(&summary)?;
    } else {
        ui.print(&format!("{}\n{summary}", list_table(ui, &lines)))?;
    }
    Ok(Exit::Success)
}

fn lines(plan: &DryRun, names: &[Alias]) -> Vec<BatchLine> {
    let customers: HashSet<&str> =
        plan.batches.iter().map(|batch| batch.customer.as_str()).collect();
    let has_several_customers = customers.len() > 1;
    let line = |batch: &partner_center_devices_fleet::PlannedBatch| BatchLine {
        customer: batch.customer.to_string(),
        alias: match has_several_customers {
            true => name(names, batch.customer.as_str()).to_owned(),
            false => String::new(),
        },
        batch: batch.batch.to_string(),
        creates_batch: batch.creates_batch,
        devices: batch.requests.iter().map(|request| request.rows.len()).sum(),
        requests: batch.requests.len(),
    };
    plan.batches.iter().map(line).collect()
}

/// Formats the totals, and the work of earlier runs.
fn summary(plan: &DryRun, lines: &[BatchLine]) -> String {
    let devices: usize = lines.iter().map(|line| line.devices).sum();
    let requests: usize = lines.iter().map(|line| line.requests).sum();
    let mut text = String::new();
    if plan.done > 0 {
        let all = plan.done + plan.unfinished_devices + devices;
        text += &format!("{}.\n", already_done(plan.done, all));
    }
    if !plan.unfinished.is_empty() {
        text += &format!(
            "{} of an earlier run with {} would be resumed first.\n",
            count(plan.unfinished.len(), "request"),
            count(plan.unfinished_devices, "device"),
        );
    }
    text + &format!(
        "{} in {} to {} would be sent. The batch name becomes the customer's group tag.\n",
        count(devices, "device"),
        count(requests, "request"),
        count_of(lines.len(), "batch", "batches"),
    )
}
