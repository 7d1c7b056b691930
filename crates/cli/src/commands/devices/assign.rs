//! `pcdevices devices assign-policy`: assigns a configuration policy to devices, or removes it.

use std::collections::BTreeMap;
use std::time::Duration;

use partner_center_devices::raw::printable;
use partner_center_devices::{CustomerId, PolicyId, Wait};
use partner_center_devices_fleet::CancellationToken;
use partner_center_devices_fleet::inventory::{
    Assign, AssignEvent, AssignOutcome, AssignPlan, AssignReport, AssignedDevice, DeviceQuery,
};

use super::args::AssignPolicy;
use super::call_failures::{decisive, describe_failures};
use super::labels::{name, these, unresolved_queries};
use super::plan_table::plan_table;
use super::reading::{self, warn_unlisted};
use crate::args::Global;
use crate::errors::{CommandError, Exit, check_job, exit_of_call};
use crate::interrupt::{self, Ended};
use crate::policy_names::Policies;
use crate::settings::config::Config;
use crate::settings::session::Session;
use crate::ui::list::{Column, Record, list_table, table_only};
use crate::ui::output::Ui;
use crate::ui::progress::Bar;
use crate::ui::prompt;
use crate::ui::prompt::show_plan;
use crate::ui::style::{BOLD, ERROR, SUCCESS, WARNING};
use crate::ui::terminal_width::stderr_width;
use crate::ui::text_layout::{colored_counts, count, list_of, wrap};

pub(super) async fn run(ui: Ui, global: &Global, args: AssignPolicy) -> Result<Exit, CommandError> {
    let names = reading::queries(ui, &args.selection)?;
    let session = Session::open(ui, global, &args.service)?;
    let customer = session.customer(&args.customer.customer).await?;
    let policies = Policies::of(&customer).await?;
    let policy: Option<PolicyId> =
        args.policy.as_ref().map(|policy| policies.find(policy)).transpose()?;
    let registered = reading::read(ui, &customer, &args.batches).await?;
    let selection = &args.selection;
    let all = names.is_empty() && selection.files.is_empty();
    let wanted =
        if all { registered.devices.iter().map(DeviceQuery::from).collect() } else { names };
    let plan = AssignPlan::new(&registered, wanted, policy, selection.multiple_matches());
    let devices = plan.devices.len();
    let unread = warn_unlisted(ui, &session.config, &plan.unlisted);
    if args.json.json && !args.confirm.yes {
        return ui.print_json(&plan).map(|()| unread.unwrap_or(Exit::Success));
    }
    let title = plan.policy.as_ref().map(|id| policies.name(id.as_str()).to_owned());
    let title = title.as_deref();
    let customer_label = session.prepare(customer.id()).await?;
    show_plan(ui, &describe(ui, &plan, &customer_label, title, &policies), args.confirm);
    if devices == 0 {
        ui.status("Nothing to change\n");
    } else {
        let what = match title {
            Some(title) => format!("Assign the policy '{title}' to {}?", these(devices)),
            None => format!("Remove the policy from {}?", these(devices)),
        };
        prompt::confirm(ui, args.confirm, &what)?;
        session.record_use(std::slice::from_ref(customer.id()));
    }

    let wait = Wait::default().deadline(Duration::from_secs(60 * u64::from(args.wait)));
    let ended = apply(ui, plan.apply(&session.client).wait(wait), devices).await;
    let (report, interrupted) = match ended {
        Ended::Finished(report) => (report, false),
        Ended::Cancelled(report) => (report, true),
        Ended::Dropped => {
            let message = "cancelled; some devices may have changed, or may still change";
            return Err(CommandError::new(Exit::Interrupted, message).hint(RESUME));
        }
    };
    session.change_index(|index, now| {
        index.record_policy_names(policies.names())?;
        index.record_assignments(&report, now)
    });
    if args.json.json {
        ui.print_json(&report)?;
    } else if !report.devices.is_empty() {
        let (width, _) = ui.screen();
        let tried = report.devices.iter().filter(|one| one.outcome != AssignOutcome::NotTried);
        let table = list_table(ui, &tried.cloned().collect::<Vec<_>>());
        let explanations = error_explanations(&report, customer.id(), &session.config, width);
        ui.print(&(table + &explanations + &summary(&report, title)))?;
    }
    let totals = report.totals();
    let open = totals.not_tried + totals.unknown;
    if interrupted && open > 0 {
        let message = format!("cancelled; {} without a result", count(open, "device"));
        return Err(CommandError::new(Exit::Interrupted, message).hint(RESUME));
    }
    Ok(exit(&report))
}

/// Sends the changes and follows their jobs with a progress bar. Ctrl-C stops it.
async fn apply(ui: Ui, assign: Assign, devices: usize) -> Ended<AssignReport> {
    let bar = Bar::new(ui, "sending");
    bar.set_total(devices, "devices");
    let cancel = CancellationToken::new();
    let assign = assign.cancel_with(cancel.clone());
    let running = assign.run(|event| match event {
        AssignEvent::Sent { devices, tracking_id, .. } => {
            let devices = count(devices, "device");
            bar.print_line(&format!("Sent {devices} as job {tracking_id}"));
        }
        AssignEvent::Progress { done, status, .. } => {
            bar.set_position(done);
            bar.set_message(
                status.map_or_else(|| "waiting".to_owned(), |status| status.to_string()),
            );
        }
        _ => {}
    });
    let ended = interrupt::run_until_ctrl_c(running, || cancel.cancel()).await;
    bar.finish();
    ended
}

const RESUME: &str = "run the same command to continue; devices that have the policy are skipped";

/// Describes the plan: devices that would change, devices that have the policy, and skipped devices with the reason.
fn describe(
    ui: Ui,
    plan: &AssignPlan,
    customer_label: &str,
    title: Option<&str>,
    policies: &Policies,
) -> String {
    let mut text = String::new();
    if !plan.devices.is_empty() {
        let devices = count(plan.devices.len(), "device");
        text += &match title.map(printable::line) {
            Some(title) => {
                format!("{devices} of customer {customer_label} would get the policy '{title}':\n")
            }
            None if plan.devices.len() == 1 => {
                format!("{devices} of customer {customer_label} would lose its policy:\n")
            }
            None => format!("{devices} of customer {customer_label} would lose their policy:\n"),
        };
        text += &plan_table(ui, &plan.devices, |id| policies.name(id).to_owned());
    }
    if !plan.already_assigned.is_empty() {
        let devices = count(plan.already_assigned.len(), "device");
        text += &match title {
            Some(_) if plan.already_assigned.len() == 1 => {
                format!("{devices} already has the policy\n")
            }
            Some(_) => format!("{devices} already have the policy\n"),
            None if plan.already_assigned.len() == 1 => {
                format!("{devices} already has no policy\n")
            }
            None => format!("{devices} already have no policy\n"),
        };
    }
    text + &unresolved_queries("skipped", &plan.unresolved, stderr_width())
}

impl Record for AssignedDevice {
    const COLUMNS: &'static [Column<Self>] = &[
        table_only("Device", |assigned| name(&assigned.device)),
        table_only("Batch", |assigned: &Self| assigned.device.batch.to_string()).rank(1),
        table_only("Outcome", |assigned| outcome(&assigned.outcome).to_owned()),
        table_only("Error", |assigned: &Self| match &assigned.outcome {
            AssignOutcome::Rejected { code, name, .. } => {
                format!("{code} {name}").trim().to_owned()
            }
            _ => String::new(),
        })
        .text(),
    ];
}

fn outcome(outcome: &AssignOutcome) -> &'static str {
    match outcome {
        AssignOutcome::Assigned => "changed",
        AssignOutcome::AlreadyAssigned => "unchanged",
        AssignOutcome::Rejected { .. } | AssignOutcome::Failed { .. } => "failed",
        AssignOutcome::NotTried => "not tried",
        _ => "unknown",
    }
}

/// Explains each kind of error once, then the failed calls, then the jobs without a complete result.
fn error_explanations(
    report: &AssignReport,
    customer: &CustomerId,
    config: &Config,
    width: Option<u16>,
) -> String {
    let mut errors: BTreeMap<String, (&str, &str, usize)> = BTreeMap::new();
    for device in &report.devices {
        if let AssignOutcome::Rejected { code, name, meaning, cure } = &device.outcome {
            let (meaning, cure) = (meaning.as_deref(), cure.as_deref());
            let new =
                (meaning.unwrap_or("this error is unknown"), cure.unwrap_or(UNKNOWN_ERROR_CURE), 0);
            errors.entry(format!("{code} {name}").trim().to_owned()).or_insert(new).2 += 1;
        }
    }
    let mut text = String::new();
    for (title, (meaning, cure, devices)) in errors {
        let title = printable::line(&title);
        text += &format!("\n{BOLD}{title}{BOLD:#} ({})\n", count(devices, "device"));
        text += &wrap(meaning, width);
        text += &wrap(&format!("-> {cure}"), width);
    }
    let failed = report.devices.iter().filter_map(|device| match &device.outcome {
        AssignOutcome::Failed { failure } | AssignOutcome::Unknown { failure: Some(failure) } => {
            Some((&device.device, failure))
        }
        _ => None,
    });
    text += &describe_failures(failed, config, width);
    let open = report.devices.iter().filter_map(|device| match &device.outcome {
        AssignOutcome::Unknown { .. } => device.tracking_id.as_ref(),
        _ => None,
    });
    let open: Vec<_> = open.collect();
    if let [first, others @ ..] = &open[..] {
        text += &format!("\n{BOLD}unknown{BOLD:#}\n");
        let hint = config.complete(&check_job(first, customer));
        text += &wrap(&format!("-> {hint}"), width);
        if others.iter().any(|other| other != first) {
            text += &wrap(&list_of("tracking id", &open), width);
        }
    }
    text
}

const UNKNOWN_ERROR_CURE: &str = "give Microsoft support the tracking id of the job";

fn summary(report: &AssignReport, title: Option<&str>) -> String {
    let totals = report.totals();
    let parts = colored_counts(&[
        (totals.assigned, "changed", SUCCESS),
        (totals.already_assigned, "unchanged", SUCCESS),
        (totals.rejected + totals.failed, "failed", ERROR),
        (totals.unknown, "unknown", WARNING),
        (totals.not_tried, "not tried", WARNING),
    ]);
    let left = match report.unresolved.len() {
        0 => String::new(),
        left => format!(", {WARNING}{left} skipped{WARNING:#}"),
    };
    let devices = count(report.devices.len(), "device");
    let policy = match title {
        Some(title) => format!(" for policy '{title}'"),
        None => " without a policy".to_owned(),
    };
    format!("\n{devices}{policy}: {parts}{left}\n")
}

/// Returns the exit code. A failure that ended everything has its own code; otherwise an unknown outcome takes
/// precedence over a failure.
fn exit(report: &AssignReport) -> Exit {
    let totals = report.totals();
    // A job that the service accepted may still change its devices after the polling ended.
    let without_job = report.devices.iter().filter(|device| device.tracking_id.is_none());
    let failures = without_job.filter_map(|device| match &device.outcome {
        AssignOutcome::Failed { failure } | AssignOutcome::Unknown { failure: Some(failure) } => {
            Some(failure)
        }
        _ => None,
    });
    match decisive(failures, totals.not_tried) {
        Some(failure) => exit_of_call(failure),
        None if totals.unknown > 0 => Exit::OutcomeUnknown,
        None if report.all_succeeded() => Exit::Success,
        // A device that was not found may be in a batch that could not be read.
        None if totals.rejected + totals.failed == 0 => {
            reading::unlisted_exit(&report.unlisted).unwrap_or(Exit::SomeFailed)
        }
        None => Exit::SomeFailed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_failure_decides_the_exit_code_only_without_a_job() {
        let job = "b1d7ec4a-6a25-4b4e-9c4a-2f4e3f5a9e11";
        let sent = |kind: &str, tracking_id| {
            let failure = json!({ "message": "m", "kind": kind, "mayHaveBeenDone": true });
            json!({ "outcome": "unknown", "failure": failure, "trackingId": tracking_id })
        };
        let assigned = json!({ "outcome": "assigned", "trackingId": job });
        for (outcomes, code) in [
            (vec![assigned.clone()], Exit::Success),
            (vec![sent("intercepted", None)], Exit::Unavailable),
            (vec![sent("intercepted", Some(job))], Exit::OutcomeUnknown),
            (vec![assigned, sent("connect", Some(job))], Exit::OutcomeUnknown),
        ] {
            let device = |outcome: &serde_json::Value| {
                let mut device = outcome.clone();
                device["device"] = json!({ "batch": "B", "id": "d" });
                device["wanted"] = json!([]);
                device
            };
            let devices: Vec<_> = outcomes.iter().map(device).collect();
            let report = json!({ "customer": "c", "policy": null, "devices": devices, "unresolved": [], "unlisted": [] });
            let report: AssignReport = serde_json::from_value(report).unwrap();
            assert_eq!(exit(&report), code, "{outcomes:?}");
        }
    }
}
