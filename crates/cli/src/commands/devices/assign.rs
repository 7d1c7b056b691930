//! `pcdevices devices assign-policy`. Decides which devices are chosen, what is shown before they change, and what the end
//! means.

use std::collections::BTreeMap;
use std::time::Duration;

use partner_center_devices::{PolicyId, Wait};
use partner_center_devices_fleet::inventory::{
    AssignEvent, AssignOutcome, AssignPlan, AssignReport, AssignedDevice, DeviceQuery,
};
use tokio::sync::oneshot;

use super::args::AssignPolicy;
use super::delete::{multiple_matches, why};
use super::{left_out, name, planned, say_unlisted, these};
use crate::args::Global;
use crate::errors::{CommandError, Exit, exit_of_call};
use crate::interrupt::{self, Ended};
use crate::policy_names::Policies;
use crate::settings::session::Session;
use crate::ui::list::{Column, Record, list_table, table_only};
use crate::ui::output::Ui;
use crate::ui::progress::Bar;
use crate::ui::prompt;
use crate::ui::prompt::show_plan;
use crate::ui::style::{BOLD, ERROR, SUCCESS, WARNING};
use crate::ui::text_layout::{colored_counts, count, list_of, width, wrap};

pub(super) async fn run(ui: Ui, global: &Global, args: AssignPolicy) -> Result<Exit, CommandError> {
    let names = super::wanted(ui, &args.selection)?;
    let session = Session::open(ui, global, &args.service)?;
    let customer = session.customer(&args.customer.customer)?;
    let policies = Policies::of(&customer).await?;
    let policy: Option<PolicyId> =
        args.policy.as_ref().map(|policy| policies.find(policy)).transpose()?;
    let registered = super::read(ui, &customer, &args.batches).await?;
    let selection = &args.selection;
    let all = names.is_empty() && selection.files.is_empty();
    let wanted =
        if all { registered.devices.iter().map(DeviceQuery::from).collect() } else { names };
    let plan = AssignPlan::new(&registered, wanted, policy, multiple_matches(selection));
    let devices = plan.devices.len();
    let unread = say_unlisted(ui, &plan.unlisted);
    if args.json.json && !args.confirm.yes {
        return ui.print_json(&plan).map(|()| unread.unwrap_or(Exit::Success));
    }
    let title = plan.policy.as_ref().map(|id| policies.name(id.as_str()).to_owned());
    let title = title.as_deref();
    let whose = super::whose(&args.customer.customer, &plan.customer);
    show_plan(ui, &shown(ui, &plan, &whose, title, &policies), args.confirm);
    if devices == 0 {
        ui.status("nothing to change\n");
    } else {
        let what = match title {
            Some(title) => format!("Give {} the policy '{title}'?", these(devices)),
            None => format!("Take the policy away from {}?", these(devices)),
        };
        prompt::confirm(ui, args.confirm, &what)?;
    }

    let bar = Bar::new(ui, "sending");
    bar.set_total(devices, "devices");
    let (stop, stopped) = oneshot::channel::<()>();
    let wait = Wait::default().deadline(Duration::from_secs(60 * u64::from(args.wait)));
    let assign = plan.apply(&session.client).wait(wait);
    let assign = assign.stop_when(async { drop(stopped.await) });
    let running = assign.run(|event| match event {
        AssignEvent::Sent { devices, tracking_id, .. } => {
            let devices = count(devices, "device");
            bar.print_line(&format!("{devices} sent; the service's job is {tracking_id}"));
        }
        AssignEvent::Progress { done, status, .. } => {
            bar.set_position(done);
            bar.set_message(
                status.map_or_else(|| "waiting".to_owned(), |status| status.to_string()),
            );
        }
        _ => {}
    });
    let ended = interrupt::run_until_ctrl_c(running, || drop(stop)).await;
    bar.finish();
    let (report, interrupted) = match ended {
        Ended::Finished(report) => (report, false),
        Ended::Cancelled(report) => (report, true),
        Ended::Dropped => {
            let message = "stopped by Ctrl-C: some devices may be changed, now or later";
            return Err(CommandError::new(Exit::Interrupted, message).hint(AGAIN));
        }
    };
    if args.json.json {
        ui.print_json(&report)?;
    } else if !report.devices.is_empty() {
        let (width, _) = ui.screen();
        let tried = report.devices.iter().filter(|one| one.outcome != AssignOutcome::NotTried);
        let table = list_table(ui, &tried.cloned().collect::<Vec<_>>());
        ui.print(&(table + &cures(&report, width) + &summary(&report, title)))?;
    }
    let totals = report.totals();
    let open = totals.not_tried + totals.unknown;
    if interrupted && open > 0 {
        let message = format!("stopped by Ctrl-C: {} without an outcome", count(open, "device"));
        return Err(CommandError::new(Exit::Interrupted, message).hint(AGAIN));
    }
    Ok(exit(&report))
}

const AGAIN: &str = "the same command goes on: devices that have the policy are left as they are";

/// The plan, for people: which would change, which have it, and what is left out and why.
fn shown(
    ui: Ui,
    plan: &AssignPlan,
    whose: &str,
    title: Option<&str>,
    policies: &Policies,
) -> String {
    let mut text = String::new();
    if !plan.devices.is_empty() {
        let devices = count(plan.devices.len(), "device");
        text += &match title {
            Some(title) => {
                format!("{devices} of customer {whose} would get the policy '{title}':\n")
            }
            None if plan.devices.len() == 1 => {
                format!("{devices} of customer {whose} would lose its policy:\n")
            }
            None => format!("{devices} of customer {whose} would lose their policy:\n"),
        };
        text += &planned(ui, &plan.devices, |id| policies.name(id).to_owned());
    }
    if !plan.already_assigned.is_empty() {
        let devices = count(plan.already_assigned.len(), "device");
        text += &match title {
            Some(_) if plan.already_assigned.len() == 1 => format!("{devices} has it already\n"),
            Some(_) => format!("{devices} have it already\n"),
            None => format!("{devices} without a policy already\n"),
        };
    }
    text + &left_out("left out", &plan.unresolved, width(&std::io::stderr()))
}

impl Record for AssignedDevice {
    const COLUMNS: &'static [Column<Self>] = &[
        table_only("Device", |assigned| name(&assigned.device)),
        table_only("Batch", |assigned: &Self| assigned.device.batch.to_string()).rank(1),
        table_only("Outcome", |assigned| outcome(&assigned.outcome).to_owned()),
        table_only("Error", |assigned: &Self| match &assigned.outcome {
            AssignOutcome::Refused { code, name, .. } => format!("{code} {name}").trim().to_owned(),
            _ => String::new(),
        })
        .text(),
    ];
}

fn outcome(outcome: &AssignOutcome) -> &'static str {
    match outcome {
        AssignOutcome::Assigned => "changed",
        AssignOutcome::AlreadyAssigned => "unchanged",
        AssignOutcome::Refused { .. } | AssignOutcome::Failed { .. } => "failed",
        AssignOutcome::NotTried => "not tried",
        _ => "not known",
    }
}

/// What the service's errors mean and what to do, each once; then why calls failed, and which jobs did not say all.
fn cures(report: &AssignReport, width: Option<u16>) -> String {
    let mut errors: BTreeMap<String, (&str, &str, usize)> = BTreeMap::new();
    for device in &report.devices {
        if let AssignOutcome::Refused { code, name, meaning, cure } = &device.outcome {
            let (meaning, cure) = (meaning.as_deref(), cure.as_deref());
            let new = (meaning.unwrap_or("this is not a known error"), cure.unwrap_or(UNKNOWN), 0);
            errors.entry(format!("{code} {name}").trim().to_owned()).or_insert(new).2 += 1;
        }
    }
    let mut text = String::new();
    for (title, (meaning, cure, devices)) in errors {
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
    text += &why(failed, width);
    let open = report.devices.iter().filter_map(|device| match &device.outcome {
        AssignOutcome::Unknown { .. } => device.tracking_id.as_ref(),
        _ => None,
    });
    let open: Vec<_> = open.collect();
    if !open.is_empty() {
        text += &format!("\n{BOLD}not known{BOLD:#}\n");
        text += &wrap("-> pcdevices jobs status shows what became of them", width);
        text += &wrap(&list_of("tracking id", &open), width);
    }
    text
}

const UNKNOWN: &str = "give Microsoft support the tracking id of the job";

fn summary(report: &AssignReport, title: Option<&str>) -> String {
    let totals = report.totals();
    let parts = colored_counts(&[
        (totals.assigned, "changed", SUCCESS),
        (totals.already_assigned, "unchanged", SUCCESS),
        (totals.refused + totals.failed, "failed", ERROR),
        (totals.unknown, "not known", WARNING),
        (totals.not_tried, "not tried", WARNING),
    ]);
    let left = match report.unresolved.len() {
        0 => String::new(),
        left => format!(", {WARNING}{left} left out{WARNING:#}"),
    };
    let devices = count(report.devices.len(), "device");
    let policy = match title {
        Some(title) => format!(" for the policy '{title}'"),
        None => " to be without a policy".to_owned(),
    };
    format!("\n{devices}{policy}: {parts}{left}\n")
}

/// A failure that ended all has its own exit; else what is not known goes before what failed.
fn exit(report: &AssignReport) -> Exit {
    let totals = report.totals();
    let failure = report.devices.iter().find_map(|device| match &device.outcome {
        AssignOutcome::Failed { failure } | AssignOutcome::Unknown { failure: Some(failure) } => {
            Some(failure)
        }
        _ => None,
    });
    match failure {
        Some(failure) if totals.not_tried > 0 => exit_of_call(failure),
        _ if totals.unknown > 0 => Exit::OutcomeUnknown,
        _ if report.all_succeeded() => Exit::Success,
        // What was not found may be where nobody could look.
        None if totals.refused == 0 => super::unread(&report.unlisted).unwrap_or(Exit::SomeFailed),
        _ => Exit::SomeFailed,
    }
}
