//! `pcdevices devices sync`: reads the devices of customers into the index of this machine. The audit log names those that
//! changed; `--all` reads every customer.

use std::time::SystemTime;

use partner_center_devices::{CustomerId, ErrorKind};
use partner_center_devices_fleet::index::{
    DeviceSync, DeviceSyncEvent, DueCustomer, FailedCustomer, Index, IndexError, LastLook,
    ReadingCost, SyncedDevices,
};
use partner_center_devices_fleet::{CancellationToken, Timestamp};
use schemars::JsonSchema;
use serde::Serialize;

use super::args::SyncDevices;
use super::call_failures;
use crate::args::{Confirm, Global, Service};
use crate::commands::customers::{read_customers, sync_failed};
use crate::errors::{CommandError, Exit, exit_of_call};
use crate::interrupt::{self, Ended};
use crate::settings::config::Config;
use crate::settings::customer_index::{CustomerIndex, index_error};
use crate::settings::session::{self, Session};
use crate::ui::output::Ui;
use crate::ui::progress::Bar;
use crate::ui::prompt::{self, show_plan};
use crate::ui::text_layout::{count, count_of, timestamp};

/// The requests per second if neither the user nor the profile sets a rate. Partner Center allows 500 a minute for customers
/// (<https://learn.microsoft.com/en-us/partner-center/developer/api-throttling-guidance>).
const RATE: f64 = 5.0;

/// The number of customers whose batches are listed to estimate the cost, if no batch is known.
const SAMPLE: usize = 20;

/// Maximum number of failed customers that are shown.
const MAX_SHOWN: usize = 40;

/// The result of reading devices into the index.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SyncedSummary {
    /// The number of customers that were read now.
    customers: usize,
    /// The number of their batches that were listed now.
    batches: u64,
    /// The number of their devices that were listed now.
    devices: u64,
    /// The number of calls for these lists, without retries.
    calls: u64,
    /// The customers that cannot be read. The next sync tries them again.
    failed: Vec<FailedLine>,
    /// The contents of the index now.
    index: IndexState,
}

/// A customer that cannot be read.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct FailedLine {
    /// The customer's tenant id.
    customer: String,
    /// The company name, if this machine knows it.
    name: Option<String>,
    /// The reason.
    message: String,
}

/// The contents of the index on this machine.
#[derive(Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct IndexState {
    /// The number of customers.
    pub(super) customers: u64,
    /// The number of customers whose batches were read.
    pub(super) customers_read: u64,
    /// The number of batches.
    pub(super) batches: u64,
    /// The number of devices.
    pub(super) devices: u64,
    /// The time up to which the changes of others are known, in RFC 3339; null if not all customers were read yet.
    pub(super) changes_known_until: Option<String>,
    /// The file.
    pub(super) file: String,
}

impl IndexState {
    pub(super) fn of(index: &Index) -> Result<Self, IndexError> {
        let totals = index.totals()?;
        Ok(Self {
            customers: totals.customers,
            customers_read: totals.customers_read,
            batches: totals.batches,
            devices: totals.devices,
            changes_known_until: index.audit_read()?.map(|read| timestamp(read.time())),
            file: index.path().display().to_string(),
        })
    }

    pub(super) fn text(&self) -> String {
        let Self { customers, customers_read, devices, .. } = self;
        let devices = number(*devices, "device");
        let customers = match customers {
            same if same == customers_read => format!(" of {}", number(*customers, "customer")),
            _ => format!("; read so far: {customers_read} of {}", number(*customers, "customer")),
        };
        let known = match &self.changes_known_until {
            Some(until) => format!("; changes by others are known up to {until}"),
            None => String::new(),
        };
        format!("The index on this machine has {devices}{customers}{known}\n")
    }
}

fn number(number: u64, word: &str) -> String {
    count(usize::try_from(number).unwrap_or(usize::MAX), word)
}

pub(super) async fn run(ui: Ui, global: &Global, args: SyncDevices) -> Result<Exit, CommandError> {
    let rate = session::rate(&args.service, &Config::read(global)?)?.unwrap_or(RATE);
    let service = Service { rate: Some(rate), ..args.service.clone() };
    let session = Session::open(ui, global, &service)?;
    let mut index = CustomerIndex::of(&session.config, session.base_url())?.open()?;
    let mut sync = Sync { ui, session: &session, index: &mut index, rate };
    let synced = if args.all {
        sync.all(args.confirm).await?
    } else if args.customers.is_empty() {
        sync.changed().await?
    } else {
        let mut wanted: Vec<CustomerId> = Vec::new();
        for name in &args.customers {
            let id = session.customer(name).await?.id().clone();
            if !wanted.iter().any(|other| other.as_str().eq_ignore_ascii_case(id.as_str())) {
                wanted.push(id);
            }
        }
        sync.these(&wanted).await?
    };
    let state = IndexState::of(&index).map_err(index_error)?;
    let exit = synced.failed.first().map_or(Exit::Success, |one| exit_of_call(&one.failure));
    let summary = SyncedSummary {
        customers: synced.customers,
        batches: synced.batches,
        devices: synced.devices,
        calls: synced.calls,
        failed: synced.failed.iter().map(|one| failed_line(&session, ui, one)).collect(),
        index: state,
    };
    show_failures(ui, &session, &synced.failed, &summary.failed);
    if args.json.json {
        return ui.print_json(&summary).map(|()| exit);
    }
    ui.print(&(counts_text(&summary) + &summary.index.text()))?;
    Ok(exit)
}

fn counts_text(summary: &SyncedSummary) -> String {
    let SyncedSummary { customers, batches, devices, calls, failed, .. } = summary;
    if *calls == 0 && failed.is_empty() {
        return "Nothing to read\n".to_owned();
    }
    let batches = count_of(usize::try_from(*batches).unwrap_or(usize::MAX), "batch", "batches");
    let failed = match failed.len() {
        0 => String::new(),
        failed => format!("; {} cannot be read", count(failed, "customer")),
    };
    format!(
        "Read {} with {batches} and {} in {}{failed}\n",
        count(*customers, "customer"),
        number(*devices, "device"),
        number(*calls, "call"),
    )
}

fn failed_line(session: &Session, ui: Ui, failed: &FailedCustomer) -> FailedLine {
    FailedLine {
        customer: failed.id.to_string(),
        name: session.customers.company_name(ui, &failed.id),
        message: failed.failure.message.clone(),
    }
}

/// Warns about each customer that cannot be read, with each hint once.
fn show_failures(ui: Ui, session: &Session, failed: &[FailedCustomer], lines: &[FailedLine]) {
    for FailedLine { customer, name, message } in lines.iter().take(MAX_SHOWN) {
        let label = match name {
            Some(name) => format!("{name} ({customer})"),
            None => customer.clone(),
        };
        ui.warning(&format!("cannot read customer {label}: {message}"));
    }
    if lines.len() > MAX_SHOWN {
        ui.warning(&format!("and {} more; --json lists all", lines.len() - MAX_SHOWN));
    }
    call_failures::show_hints(ui, &session.config, failed.iter().map(|one| &one.failure));
}

struct Sync<'a> {
    ui: Ui,
    session: &'a Session,
    index: &'a mut Index,
    rate: f64,
}

const RESUME_ALL: &str = "pcdevices devices sync --all";

impl Sync<'_> {
    /// Reads the customers that the audit log names.
    async fn changed(&mut self) -> Result<SyncedDevices, CommandError> {
        const COMMAND: &str = "pcdevices devices sync";
        let last = match LastLook::of(self.index, now()).map_err(index_error)? {
            LastLook::At(last) => last,
            LastLook::TooOld(last) => {
                return Err(self.needs_all(format!(
                    "the audit log was last read on {}, and Partner Center keeps it for 90 days",
                    timestamp(last.time())
                )));
            }
            _ => {
                let message = match self.index.sweep_started().map_err(index_error)? {
                    Some(_) => "not all customers were read yet: the first read is not complete",
                    None => "the index does not know the devices of your customers yet",
                };
                return Err(self.needs_all(message.to_owned()));
            }
        };
        let bar = Bar::new(self.ui, "reading the audit log");
        let reading = self.index.read_audit_log(&self.session.client, last);
        let changes = tokio::select! {
            biased;
            () = interrupt::ctrl_c() => return Err(cancelled(0)),
            changes = reading => changes,
        };
        bar.finish();
        let changes = changes.map_err(|error| sync_failed(error, self.session, COMMAND))?;
        let due = self.index.due_customers().map_err(index_error)?;
        let cost = self.index.reading_cost(&due).map_err(index_error)?;
        let changed = count(changes.customers, "customer");
        self.ui.status(&format!(
            "The audit log names {changed} with changes since {}; {}\n",
            changes.from,
            match due.len() {
                0 => "all were read after their changes".to_owned(),
                due => format!("{} to read: {}", count(due, "customer"), self.cost_text(cost)),
            }
        ));
        self.read(due, COMMAND).await
    }

    fn needs_all(&self, message: String) -> CommandError {
        let hint = match self.index.sweep_started() {
            Ok(Some(_)) => format!("to resume it: {RESUME_ALL}"),
            _ => format!("to read all customers once: {RESUME_ALL}"),
        };
        CommandError::new(Exit::Usage, message).hint(self.session.config.complete(&hint))
    }

    /// Reads all customers, after the user has seen the cost.
    async fn all(&mut self, confirm: Confirm) -> Result<SyncedDevices, CommandError> {
        let resumed = self.index.sweep_started().map_err(index_error)?;
        let started = self.index.begin_sweep(now()).map_err(index_error)?;
        let planned = self.plan(started, resumed.is_some(), confirm).await;
        let due = match planned {
            Ok(due) => due,
            Err(error) => {
                // Only names and a sample were read, so the next one is a new one.
                if resumed.is_none() {
                    self.index.forget_sweep().map_err(index_error)?;
                }
                return Err(error);
            }
        };
        let synced = self.read(due, RESUME_ALL).await?;
        let failed: Vec<_> = synced.failed.iter().map(|one| one.id.clone()).collect();
        self.index.finish_sweep(&failed).map_err(index_error)?;
        Ok(synced)
    }

    /// Shows what reading all customers costs, and asks for confirmation. Returns the customers to read.
    async fn plan(
        &mut self,
        started: Timestamp,
        is_resumed: bool,
        confirm: Confirm,
    ) -> Result<Vec<DueCustomer>, CommandError> {
        let listed = self.index.customers_synced().map_err(index_error)?;
        if listed.is_none_or(|listed| listed < started) {
            read_customers(self.ui, self.session, self.index, RESUME_ALL).await?;
        }
        let due = self.index.customers_to_sweep(started).map_err(index_error)?;
        let mut cost = self.index.reading_cost(&due).map_err(index_error)?;
        if cost.is_minimum {
            let sample = spread(&due, SAMPLE);
            let sync = DeviceSync::new(&self.session.client, self.index, sample).only_batches();
            let bar = Bar::new(self.ui, "estimating the number of calls");
            let sampled = tokio::select! {
                biased;
                () = interrupt::ctrl_c() => return Err(cancelled(0)),
                sampled = sync.run(|_| ()) => sampled,
            };
            bar.finish();
            sampled.map_err(|error| sync_failed(error, self.session, RESUME_ALL))?;
            cost = self.index.reading_cost(&due).map_err(index_error)?;
        }
        let customers = count(due.len(), "customer");
        let cost = self.cost_text(cost);
        let plan = match is_resumed {
            true => format!(
                "Resuming the read of {}: {customers} left, {cost}\n",
                timestamp(started.time())
            ),
            false => format!("{customers} to read: {cost}\n"),
        };
        if !due.is_empty() {
            show_plan(self.ui, &plan, confirm);
            prompt::confirm(self.ui, confirm, "Read these customers?")?;
        }
        Ok(due)
    }

    /// Reads these customers. One that cannot be read is not tried again by the next sync: its id may be wrong.
    async fn these(&mut self, customers: &[CustomerId]) -> Result<SyncedDevices, CommandError> {
        let now = now();
        let due = self.index.begin_read(customers, now).map_err(index_error)?;
        for DueCustomer { id, since, .. } in due.iter().filter(|one| one.since < now) {
            self.ui.status_line(&format!(
                "Resuming the read of {}, started on {}",
                self.session.customers.label(id),
                timestamp(since.time()),
            ));
        }
        let synced = self.read(due, "pcdevices devices sync --customer CUSTOMER").await?;
        let is_refused = |failed: &&FailedCustomer| {
            matches!(failed.failure.kind, ErrorKind::Forbidden | ErrorKind::NotFound)
        };
        for failed in synced.failed.iter().filter(is_refused) {
            self.index.forget_read(&failed.id).map_err(index_error)?;
        }
        Ok(synced)
    }

    /// Reads customers with progress. `command` resumes it.
    async fn read(
        &mut self,
        due: Vec<DueCustomer>,
        command: &str,
    ) -> Result<SyncedDevices, CommandError> {
        let bar = Bar::new(self.ui, "reading devices");
        bar.set_total(due.len(), "customers");
        let cancel = CancellationToken::new();
        let sync = DeviceSync::new(&self.session.client, self.index, due)
            .concurrency(concurrency(self.rate))
            .cancel_with(cancel.clone());
        let running = sync.run(|event| match event {
            DeviceSyncEvent::Page { calls, .. } => bar.set_message(format!("{calls} calls")),
            DeviceSyncEvent::CustomerDone { done, .. } => bar.set_position(done),
            _ => {}
        });
        let ended = interrupt::run_until_ctrl_c(running, || cancel.cancel()).await;
        bar.finish();
        let synced = match ended {
            Ended::Finished(result) | Ended::Cancelled(result) => {
                result.map_err(|error| sync_failed(error, self.session, command))?
            }
            Ended::Dropped => return Err(cancelled(0)),
        };
        if !synced.complete {
            return Err(cancelled(synced.customers));
        }
        Ok(synced)
    }

    fn cost_text(&self, cost: ReadingCost) -> String {
        cost_text(cost, self.rate)
    }
}

fn now() -> Timestamp {
    SystemTime::now().into()
}

/// Returns the number of lists to read concurrently, so that a slow service does not make the rate lower.
fn concurrency(rate: f64) -> usize {
    // One call takes less than half a second.
    match rate {
        rate if rate <= 8.0 => 4,
        rate if rate <= 32.0 => 16,
        _ => 32,
    }
}

/// Describes a cost: the calls, and the time that they need at a rate.
fn cost_text(cost: ReadingCost, rate: f64) -> String {
    let calls = number(cost.calls, "call");
    let about = match cost {
        ReadingCost { is_minimum: true, .. } => "at least ",
        ReadingCost { unknown: 1.., .. } => "about ",
        _ => "",
    };
    #[allow(clippy::cast_precision_loss, reason = "a number of calls is small")]
    let seconds = (cost.calls as f64 / rate).max(1.0);
    let per_second = if rate < 10.0 { format!("{rate:.1}") } else { format!("{rate:.0}") };
    let per_second = per_second.trim_end_matches(".0");
    let time = match seconds {
        seconds if seconds < 90.0 => format!("{seconds:.0} s"),
        seconds if seconds < 5_400.0 => format!("{:.0} min", seconds / 60.0),
        seconds => format!("{:.1} h", seconds / 3_600.0),
    };
    format!("{about}{calls}, {time} at {per_second} requests per second")
}

/// Returns up to `number` customers from all over the list.
fn spread(due: &[DueCustomer], number: usize) -> Vec<DueCustomer> {
    let step = due.len().div_ceil(number.max(1)).max(1);
    due.iter().step_by(step).cloned().collect()
}

fn cancelled(customers: usize) -> CommandError {
    let done = match customers {
        0 => String::new(),
        customers => format!("; {} are read", count(customers, "customer")),
    };
    CommandError::new(Exit::Interrupted, format!("cancelled{done}"))
        .hint("run the same command to resume")
}

#[cfg(test)]
mod tests {
    use super::*;
    use partner_center_devices::CustomerId;

    #[test]
    fn a_cost_has_the_time_at_the_rate() {
        let cost = |calls, unknown, is_minimum| {
            let mut cost = ReadingCost::default();
            (cost.calls, cost.unknown, cost.is_minimum) = (calls, unknown, is_minimum);
            cost
        };
        for (cost, rate, text) in [
            (cost(210_000, 0, false), 5.0, "210000 calls, 11.7 h at 5 requests per second"),
            (cost(66, 0, false), 50.0, "66 calls, 1 s at 50 requests per second"),
            (cost(1, 1, true), 0.5, "at least 1 call, 2 s at 0.5 requests per second"),
            (cost(6_000, 7, false), 7.5, "about 6000 calls, 13 min at 7.5 requests per second"),
        ] {
            assert_eq!(cost_text(cost, rate), text);
        }
    }

    #[test]
    fn a_sample_is_spread_over_the_list() {
        let due: Vec<_> = (0..45)
            .map(|number| DueCustomer::new(CustomerId::new(format!("c{number}")).unwrap(), now()))
            .collect();
        let ids = |number| -> Vec<_> {
            spread(&due, number).into_iter().map(|one| one.id.to_string()).collect()
        };
        assert_eq!(ids(3), ["c0", "c15", "c30"]);
        assert_eq!(ids(100).len(), 45);
        assert!(spread(&[], 20).is_empty());
    }
}
