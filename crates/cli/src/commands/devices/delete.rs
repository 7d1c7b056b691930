//! `pcdevices devices delete`: shows a plan, asks for confirmation, and deletes devices.

use partner_center_devices_fleet::CancellationToken;
use partner_center_devices_fleet::inventory::{
    DeleteEvent, DeleteOutcome, DeletePlan, DeleteReport, DeletedDevice,
};

use super::args::DeleteDevices;
use super::call_failures::{decisive, describe_failures};
use super::labels::{name, these, unresolved_queries};
use super::plan_table::plan_table;
use super::reading::{self, warn_unlisted};
use crate::args::Global;
use crate::errors::{CommandError, Exit, exit_of_call};
use crate::interrupt::{self, Ended};
use crate::settings::config::Config;
use crate::settings::session::Session;
use crate::ui::list::{Column, Record, list_table, table_only};
use crate::ui::output::Ui;
use crate::ui::progress::Bar;
use crate::ui::prompt;
use crate::ui::prompt::show_plan;
use crate::ui::style::{ERROR, SUCCESS, WARNING};
use crate::ui::terminal_width::stderr_width;
use crate::ui::text_layout::{colored_counts, count};

pub(super) async fn run(
    ui: Ui,
    global: &Global,
    args: DeleteDevices,
) -> Result<Exit, CommandError> {
    let wanted = reading::queries(ui, &args.selection)?;
    let session = Session::open(ui, global, &args.service)?;
    let customer = session.customer(&args.customer.customer).await?;
    let registered = reading::read(ui, &customer, &args.batches).await?;
    let plan = DeletePlan::new(&registered, wanted, args.selection.multiple_matches());
    let devices = plan.devices.len();
    let unread = warn_unlisted(ui, &session.config, &plan.unlisted);
    if args.json.json && !args.confirm.yes {
        return ui.print_json(&plan).map(|()| unread.unwrap_or(Exit::Success));
    }
    let customer_label = session.prepare(customer.id()).await?;
    show_plan(ui, &describe(ui, &plan, &customer_label), args.confirm);
    if devices == 0 {
        if args.json.json {
            ui.print_json(&plan.apply(&session.client).run(|_| ()).await)?;
        } else {
            ui.status("Nothing to delete\n");
        }
        return Ok(unread.unwrap_or(Exit::SomeFailed));
    }
    prompt::confirm(ui, args.confirm, &format!("Delete {}?", these(devices)))?;
    session.record_use(std::slice::from_ref(customer.id()));

    let bar = Bar::new(ui, "deleting");
    bar.set_total(devices, "devices");
    let cancel = CancellationToken::new();
    let delete = plan.apply(&session.client).cancel_with(cancel.clone());
    let running = delete.run(|event| {
        if let DeleteEvent::DeviceDone { done, total, .. } = event {
            bar.set_position(done);
            if !bar.is_drawn() && done % LINE_INTERVAL == 0 && done < total {
                bar.print_line(&format!("{done} of {total} done"));
            }
        }
    });
    let ended = interrupt::run_until_ctrl_c(running, || cancel.cancel()).await;
    bar.finish();
    let (report, interrupted) = match ended {
        Ended::Finished(report) => (report, false),
        Ended::Cancelled(report) => (report, true),
        Ended::Dropped => {
            let message = "cancelled; some devices may have been deleted, or may still be deleted";
            return Err(CommandError::new(Exit::Interrupted, message)
                .hint("run the same command to continue; deleted devices are not found again"));
        }
    };
    session.change_index(|index, now| index.record_deletions(&report, now));
    if args.json.json {
        ui.print_json(&report)?;
    } else {
        let (width, _) = ui.screen();
        let tried = report.devices.iter().filter(|one| one.outcome != DeleteOutcome::NotTried);
        let table = list_table(ui, &tried.cloned().collect::<Vec<_>>());
        ui.print(&(table + &failures(&report, &session.config, width) + &summary(&report)))?;
    }
    let totals = report.totals();
    if totals.deleted > 0 && !args.json.json {
        ui.status(
            "The devices are only deregistered from Autopilot: their Intune enrollments and Microsoft Entra joins remain.\nTo upload a deleted device to its batch again, use upload --restart: its journal lists it as registered.\n",
        );
    }
    if interrupted && totals.not_tried > 0 {
        let left = count(totals.not_tried, "device");
        return Err(CommandError::new(Exit::Interrupted, format!("cancelled; {left} not tried"))
            .hint("run the same command to continue with them"));
    }
    Ok(exit(&report))
}

/// The number of devices between two progress lines without a progress bar.
const LINE_INTERVAL: usize = 500;

/// Describes the plan: devices that would be deleted, and skipped devices with the reason.
fn describe(ui: Ui, plan: &DeletePlan, customer_label: &str) -> String {
    let width = stderr_width();
    let mut text = String::new();
    if !plan.devices.is_empty() {
        let devices = count(plan.devices.len(), "device");
        text += &format!("{devices} of customer {customer_label} would be deleted:\n");
        text += &plan_table(ui, &plan.devices, |_| String::new());
    }
    text + &unresolved_queries("skipped", &plan.unresolved, width)
}

impl Record for DeletedDevice {
    const COLUMNS: &'static [Column<Self>] = &[
        table_only("Device", |deleted| name(&deleted.device)),
        table_only("Batch", |deleted: &Self| deleted.device.batch.to_string()).rank(1),
        table_only("Outcome", |deleted| outcome(&deleted.outcome).to_owned()),
    ];
}

fn outcome(outcome: &DeleteOutcome) -> &'static str {
    match outcome {
        DeleteOutcome::Deleted => "deleted",
        DeleteOutcome::AlreadyGone => "already deleted",
        DeleteOutcome::Failed { failure } if failure.may_have_taken_effect => "unknown",
        DeleteOutcome::Failed { .. } => "failed",
        _ => "not tried",
    }
}

fn failures(report: &DeleteReport, config: &Config, width: Option<u16>) -> String {
    let failed = report.devices.iter().filter_map(|deleted| match &deleted.outcome {
        DeleteOutcome::Failed { failure } => Some((&deleted.device, failure)),
        _ => None,
    });
    describe_failures(failed, config, width)
}

fn summary(report: &DeleteReport) -> String {
    let totals = report.totals();
    let unknown = report.devices.iter().filter(|device| is_unknown(device)).count();
    let parts = colored_counts(&[
        (totals.deleted, "deleted", SUCCESS),
        (totals.already_gone, "already deleted", SUCCESS),
        (totals.failed - unknown, "failed", ERROR),
        (unknown, "unknown", WARNING),
        (totals.not_tried, "not tried", WARNING),
    ]);
    let left = match report.unresolved.len() {
        0 => String::new(),
        left => format!(", {WARNING}{left} skipped{WARNING:#}"),
    };
    format!("\n{}: {parts}{left}\n", count(report.devices.len(), "device"))
}

fn is_unknown(device: &DeletedDevice) -> bool {
    matches!(&device.outcome, DeleteOutcome::Failed { failure } if failure.may_have_taken_effect)
}

/// Returns the exit code. A failure that ended everything has its own code; otherwise an unknown outcome takes
/// precedence over a failure.
fn exit(report: &DeleteReport) -> Exit {
    let failures = report.devices.iter().filter_map(|device| match &device.outcome {
        DeleteOutcome::Failed { failure } => Some(failure),
        _ => None,
    });
    let totals = report.totals();
    match decisive(failures, totals.not_tried) {
        Some(failure) => exit_of_call(failure),
        None if report.devices.iter().any(is_unknown) => Exit::OutcomeUnknown,
        None if report.all_succeeded() => Exit::Success,
        // A device that was not found may be in a batch that could not be read.
        None if totals.failed == 0 => {
            reading::unlisted_exit(&report.unlisted).unwrap_or(Exit::SomeFailed)
        }
        None => Exit::SomeFailed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn report(outcomes: &[&str], unresolved: bool, unlisted: bool) -> DeleteReport {
        let failure = |sure: bool| json!({"message": "m", "kind": if sure { "forbidden" } else { "service" }, "mayHaveBeenDone": !sure});
        let device = |outcome: &&str| match *outcome {
            "refused" => json!({"outcome": "failed", "failure": failure(true)}),
            "blocked" => json!({"outcome": "failed", "failure": {
                "message": "m", "kind": "intercepted", "mayHaveBeenDone": true,
            }}),
            "unknown" => json!({"outcome": "failed", "failure": failure(false)}),
            other => json!({"outcome": other}),
        };
        let device = |outcome: &&str| {
            let mut device = device(outcome);
            device["device"] = json!({"batch": "B", "id": "d"});
            device["wanted"] = json!([]);
            device
        };
        let one = |is: bool, one: Value| if is { vec![one] } else { Vec::new() };
        let unresolved_query =
            json!({"wanted": {}, "reason": "notFound", "message": "m", "devices": []});
        let unread = json!({"batch": "B", "known": 0, "failure": failure(true)});
        serde_json::from_value(json!({
            "customer": "c",
            "devices": outcomes.iter().map(device).collect::<Vec<_>>(),
            "unresolved": one(unresolved, unresolved_query),
            "unlisted": one(unlisted, unread),
        }))
        .unwrap()
    }

    #[test]
    fn the_exit_code_depends_on_all_outcomes() {
        for (outcomes, unresolved, unlisted, code) in [
            (&["deleted", "alreadyGone"][..], false, false, Exit::Success),
            (&["deleted"], true, false, Exit::SomeFailed),
            (&["deleted"], true, true, Exit::AccessDenied),
            (&["deleted"], false, true, Exit::AccessDenied),
            (&["deleted", "refused"], false, false, Exit::SomeFailed),
            (&["deleted", "refused"], false, true, Exit::SomeFailed),
            (&["refused", "unknown"], false, false, Exit::OutcomeUnknown),
            (&["refused", "notTried"], false, false, Exit::AccessDenied),
            (&["blocked"], false, false, Exit::Unavailable),
            (&["deleted", "refused", "blocked"], false, false, Exit::Unavailable),
            (&["refused", "blocked", "notTried"], false, false, Exit::Unavailable),
        ] {
            let report = report(outcomes, unresolved, unlisted);
            assert_eq!(exit(&report), code, "{outcomes:?} {unresolved} {unlisted}");
        }
    }
}
