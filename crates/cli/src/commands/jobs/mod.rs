//! `pcdevices jobs`: what the service does with an upload, looked at from outside. Decides what a job's end is: its devices
//! say it, not its own state; and that the jobs that can be listed are those of this machine's journals.

pub(crate) mod args;

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::time::Duration;

use futures_util::StreamExt as _;
use partner_center_devices::{
    BatchUploadDetails, CustomerId, DeviceOutcome, DeviceUploadDetails, ErrorKind, Job, Wait,
};
use partner_center_devices_fleet::{ChunkRecord, Journal, JournalEntry, Journals};
use schemars::JsonSchema;
use serde::Serialize;

use self::args::{JobStatus, JobWait, JobsCommand, ListJobs};
use crate::args::Global;
use crate::commands::journals::chunk_state;
use crate::errors::{CommandError, Exit};
use crate::interrupt::ctrl_c;
use crate::settings::config::Config;
use crate::settings::customers::Alias;
use crate::settings::journals::default_dir;
use crate::settings::journals::journal_error;
use crate::settings::session::Session;
use crate::ui::list::{Column, Record, column, csv_only, list_table, table_only, write_list};
use crate::ui::output::{Ui, facts};
use crate::ui::progress::Bar;
use crate::ui::style::{BOLD, ERROR, SUCCESS, WARNING};
use crate::ui::text_layout::{colored_counts, count, or_empty, timestamp, wrap};

pub(crate) async fn run(ui: Ui, global: &Global, args: args::Jobs) -> Result<Exit, CommandError> {
    match args.what {
        JobsCommand::Status(args) => status(ui, global, args).await,
        JobsCommand::Wait(args) => wait(ui, global, args).await,
        JobsCommand::List(args) => list(ui, global, &args),
    }
}

/// How far a job is, and what became of each device.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Job")]
pub(crate) struct JobDocument {
    /// The job's tracking id.
    tracking_id: String,
    /// The customer.
    customer: String,
    /// The job's own state, as the service has it: `finished` does not mean that all went well.
    status: Option<String>,
    /// Whether the job is over.
    finished: bool,
    /// When it began, in RFC 3339.
    started: Option<String>,
    /// When it ended, in RFC 3339.
    completed: Option<String>,
    /// How many devices had which outcome.
    totals: Totals,
    /// What became of each device, in the service's order: that of the upload, as far as was ever seen.
    devices: Vec<JobDevice>,
}

/// How many devices of a job had which outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "JobTotals")]
struct Totals {
    /// All that the job speaks of.
    devices: usize,
    /// Done: registered, or given its policy.
    succeeded: usize,
    /// Registered with this customer before (806), which is as good as done.
    already_registered: usize,
    /// Refused.
    failed: usize,
    /// Not decided.
    pending: usize,
}

/// One device of a job.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct JobDevice {
    /// Its place in the job, from 1.
    place: usize,
    /// The device's id, once it has one.
    device_id: Option<String>,
    /// The serial number. A device sent by its hash alone comes back without one.
    serial_number: Option<String>,
    /// The product key.
    product_key: Option<String>,
    /// The device's own state, as the service has it.
    status: Option<String>,
    /// What that means.
    outcome: Outcome,
    /// The service's error code, such as `808`.
    code: Option<String>,
    /// The service's name for the error, such as `ZtdDeviceAssignedToOtherTenant`, or its words.
    name: Option<String>,
    /// What the error means, if that is known.
    meaning: Option<String>,
    /// What to do, if that is known.
    cure: Option<String>,
}

/// What became of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "JobOutcome")]
enum Outcome {
    /// Not decided yet, or in a state that no document knows.
    Pending,
    /// Done: registered, or given its policy.
    Succeeded,
    /// Registered with this customer before (806), which is as good as done.
    AlreadyRegistered,
    /// Refused.
    Failed,
}

impl Outcome {
    fn word(self) -> &'static str {
        match self {
            Self::Pending => "not decided",
            Self::Succeeded => "succeeded",
            Self::AlreadyRegistered => "already registered",
            Self::Failed => "failed",
        }
    }
}

impl JobDevice {
    fn new(place: usize, device: &DeviceUploadDetails) -> Self {
        let text = |text: Option<&str>| text.filter(|text| !text.is_empty()).map(str::to_owned);
        let error = device.error();
        let error = error.as_ref();
        Self {
            place,
            device_id: text(device.device_id()),
            serial_number: text(device.serial_number()),
            product_key: text(device.product_key()),
            status: device.status().map(ToString::to_string),
            outcome: match device.outcome() {
                DeviceOutcome::Succeeded => Outcome::Succeeded,
                DeviceOutcome::AlreadyRegistered => Outcome::AlreadyRegistered,
                DeviceOutcome::Failed(_) => Outcome::Failed,
                _ => Outcome::Pending,
            },
            code: text(error.map(|error| error.code())),
            name: text(error.map(|error| error.name())),
            meaning: text(error.and_then(|error| error.meaning())),
            cure: text(error.and_then(|error| error.cure())),
        }
    }

    /// Code and name, or the one that there is.
    fn error(&self) -> String {
        let parts: Vec<_> = [&self.code, &self.name].into_iter().flatten().cloned().collect();
        parts.join(" ")
    }
}

impl Record for JobDevice {
    const COLUMNS: &'static [Column<Self>] = &[
        table_only("Device", |device| match (&device.serial_number, &device.product_key) {
            (Some(serial), _) => serial.clone(),
            (None, Some(key)) => format!("key {key}"),
            // What was sent by its hash alone is known by its place.
            (None, None) => format!("number {}", device.place),
        }),
        table_only("Outcome", |device| device.outcome.word().to_owned()),
        table_only("Error", Self::error).text(),
    ];
}

impl JobDocument {
    fn new(job: &Job, customer: &CustomerId, details: &BatchUploadDetails) -> Self {
        let devices: Vec<_> = details
            .devices()
            .iter()
            .enumerate()
            .map(|(place, device)| JobDevice::new(place + 1, device))
            .collect();
        Self {
            tracking_id: job.tracking_id().to_string(),
            customer: customer.to_string(),
            status: details.status().map(ToString::to_string),
            finished: details.is_finished(),
            started: details.started().map(timestamp),
            completed: details.completed().map(timestamp),
            totals: Totals::of(&devices),
            devices,
        }
    }

    /// What is not known goes before what failed: the result is not final. A job that speaks of no device proves nothing.
    fn exit(&self) -> Exit {
        let Totals { devices, failed, pending, .. } = self.totals;
        if !self.finished || pending > 0 || devices == 0 {
            Exit::OutcomeUnknown
        } else if failed > 0 {
            Exit::SomeFailed
        } else {
            Exit::Success
        }
    }

    fn write(&self, ui: Ui, json: bool) -> Result<(), CommandError> {
        if json {
            return ui.print_json(self);
        }
        let (width, _) = ui.screen();
        let mut text = facts(&[
            ("Job", self.tracking_id.clone()),
            ("Customer", self.customer.clone()),
            ("State", or_empty(&self.status)),
            ("Started", or_empty(&self.started)),
            ("Ended", or_empty(&self.completed)),
        ]);
        if !self.devices.is_empty() {
            text += &format!("\n{}", list_table(ui, &self.devices));
        }
        text += &cures(&self.devices, width);
        text += &format!("\n{}\n", self.totals.sentence(self.finished));
        ui.print(&text)
    }
}

impl Totals {
    fn of(devices: &[JobDevice]) -> Self {
        let mut totals = Self { devices: devices.len(), ..Self::default() };
        for device in devices {
            *match device.outcome {
                Outcome::Pending => &mut totals.pending,
                Outcome::Succeeded => &mut totals.succeeded,
                Outcome::AlreadyRegistered => &mut totals.already_registered,
                Outcome::Failed => &mut totals.failed,
            } += 1;
        }
        totals
    }

    /// How many devices have an outcome.
    fn decided(self) -> usize {
        self.devices - self.pending
    }

    fn sentence(self, finished: bool) -> String {
        if self.devices == 0 {
            let job = if finished { "the job is over and" } else { "the job" };
            return format!("{job} speaks of no device");
        }
        let parts = colored_counts(&[
            (self.succeeded, "succeeded", SUCCESS),
            (self.already_registered, "already registered", SUCCESS),
            (self.failed, "failed", ERROR),
            (self.pending, "not decided", WARNING),
        ]);
        let more = if finished { "" } else { "; the job is not over" };
        format!("{}: {parts}{more}", count(self.devices, "device"))
    }
}

/// Each error once: which devices have it is in the table, what it means and what to do is here.
fn cures(devices: &[JobDevice], width: Option<u16>) -> String {
    let mut errors: BTreeMap<(bool, String), (&JobDevice, usize)> = BTreeMap::new();
    for device in devices.iter().filter(|device| device.code.is_some() || device.name.is_some()) {
        let harmless = device.outcome == Outcome::AlreadyRegistered;
        errors.entry((harmless, device.error())).or_insert((device, 0)).1 += 1;
    }
    let mut text = String::new();
    for ((_, title), (device, devices)) in errors {
        text += &format!("\n{BOLD}{title}{BOLD:#} ({})\n", count(devices, "device"));
        text += &wrap(device.meaning.as_deref().unwrap_or("this is not a known error"), width);
        let cure = device.cure.as_deref();
        let cure = cure.unwrap_or("give Microsoft support the tracking id of the job");
        text += &wrap(&format!("-> {cure}"), width);
    }
    text
}

/// The job, and whose it is.
fn job(ui: Ui, global: &Global, args: JobStatus) -> Result<(Job, CustomerId, bool), CommandError> {
    let session = Session::open(ui, global, &args.service)?;
    let customer = session.customer(&args.customer.customer)?;
    Ok((customer.job(args.tracking_id), customer.id().clone(), args.json.json))
}

async fn status(ui: Ui, global: &Global, args: JobStatus) -> Result<Exit, CommandError> {
    let (job, customer, json) = job(ui, global, args)?;
    let details = job.status().await.map_err(|error| not_found(error, &customer))?;
    let document = JobDocument::new(&job, &customer, &details);
    document.write(ui, json)?;
    Ok(document.exit())
}

async fn wait(ui: Ui, global: &Global, args: JobWait) -> Result<Exit, CommandError> {
    let deadline = Duration::from_secs(60 * u64::from(args.timeout));
    let typed = args.job.customer.customer.0.clone();
    let quote = if typed.contains(char::is_whitespace) { "\"" } else { "" };
    let (job, customer, json) = job(ui, global, args.job)?;
    let id = job.tracking_id();
    let goes_on = format!("look again: pcdevices jobs wait {id} --customer {quote}{typed}{quote}");
    let shown = Shown::new(ui);
    let ended = tokio::select! {
        biased;
        () = ctrl_c() => None,
        result = follow(&job, Wait::default().deadline(deadline), &shown) => Some(result),
    };
    shown.bar.finish();
    let Some((last, error)) = ended else {
        let message = "stopped by Ctrl-C: the job goes on";
        return Err(CommandError::new(Exit::Interrupted, message).hint(goes_on));
    };
    let document = last.map(|last| JobDocument::new(&job, &customer, &last));
    if let Some(document) = &document {
        document.write(ui, json)?;
    }
    match (error, document) {
        (Some(error), _) if error.kind() == ErrorKind::StillRunning => {
            let minutes = count(args.timeout as usize, "minute");
            let message = format!("the job is not over after {minutes}, and goes on");
            Err(CommandError::new(Exit::OutcomeUnknown, message).hint(goes_on))
        }
        (Some(error), _) => Err(not_found(error, &customer)),
        (None, document) => Ok(document.map_or(Exit::OutcomeUnknown, |document| document.exit())),
    }
}

/// A job is found under its own customer alone.
fn not_found(error: partner_center_devices::Error, customer: &CustomerId) -> CommandError {
    let is_gone = error.kind() == ErrorKind::NotFound;
    let failure = CommandError::from(error);
    if !is_gone {
        return failure;
    }
    failure.hint(format!(
        "is it a job of customer {customer}? pcdevices jobs list shows whose each is"
    ))
}

/// Looks until the job is over. The last look, and the error that ended it.
async fn follow(
    job: &Job,
    wait: Wait,
    shown: &Shown,
) -> (Option<BatchUploadDetails>, Option<partner_center_devices::Error>) {
    let mut statuses = job.statuses(wait);
    let mut last = None;
    while let Some(look) = statuses.next().await {
        match look {
            Ok(details) => {
                shown.look(&details);
                last = Some(details);
            }
            Err(error) => return (last, Some(error)),
        }
    }
    (last, None)
}

/// The progress of a wait: a bar, or a line when something has changed.
struct Shown {
    bar: Bar,
    said: std::cell::RefCell<String>,
}

impl Shown {
    fn new(ui: Ui) -> Self {
        Self { bar: Bar::new(ui, "asking"), said: std::cell::RefCell::default() }
    }

    fn look(&self, details: &BatchUploadDetails) {
        let devices: Vec<_> =
            details.devices().iter().map(|device| JobDevice::new(0, device)).collect();
        let totals = Totals::of(&devices);
        let state = details.status().map_or_else(|| "unknown".to_owned(), ToString::to_string);
        self.bar.set_total_once(totals.devices, "devices");
        self.bar.set_position(totals.decided());
        let failed = match totals.failed {
            0 => String::new(),
            failed => format!(", {failed} failed"),
        };
        if self.bar.is_drawn() {
            self.bar.set_message(format!("{state}{failed}"));
            return;
        }
        let line = match totals.devices {
            0 => state,
            devices => format!("{state}: {} of {devices} devices{failed}", totals.decided()),
        };
        let changed = self.said.replace(line.clone()) != line;
        if changed && !details.is_finished() {
            self.bar.print_line(&line);
        }
    }
}

/// A job that an upload of this machine began.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct JobRecord {
    /// The job's tracking id.
    tracking_id: String,
    /// The customer.
    customer: String,
    /// What the customer is called here.
    alias: Option<String>,
    /// The batch.
    batch: String,
    /// How many devices were sent.
    devices: u64,
    /// How far the upload came with it, when it last looked.
    state: partner_center_devices_fleet::ChunkState,
    /// When it was sent, in RFC 3339.
    sent: String,
    /// The service that it was sent to.
    service: Option<String>,
    /// The journal that it stands in.
    journal: String,
}

impl Record for JobRecord {
    const COLUMNS: &'static [Column<Self>] = &[
        column("Tracking id", "trackingId", |job| job.tracking_id.clone()),
        table_only("Customer", |job: &Self| {
            job.alias.clone().unwrap_or_else(|| job.customer.clone())
        })
        .rank(1),
        csv_only("customer", |job| job.customer.clone()),
        csv_only("alias", |job| or_empty(&job.alias)),
        column("Batch", "batch", |job| job.batch.clone()),
        column("Devices", "devices", |job: &Self| job.devices.to_string()).rank(3),
        table_only("State", |job: &Self| chunk_state(job.state).to_owned()).rank(2),
        csv_only("state", state_name),
        table_only("Sent", |job: &Self| {
            let second = job.sent.split(['.', 'Z']).next().unwrap_or_default();
            second.replace('T', " ") + "Z"
        })
        .rank(4),
        csv_only("sent", |job| job.sent.clone()),
        csv_only("service", |job| or_empty(&job.service)),
        csv_only("journal", |job| job.journal.clone()),
    ];
}

/// As JSON has it.
fn state_name(job: &JobRecord) -> String {
    let name = serde_json::to_value(job.state).ok();
    name.and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
}

fn list(ui: Ui, global: &Global, args: &ListJobs) -> Result<Exit, CommandError> {
    let config = Config::read(global)?;
    let customer = args.customer.as_ref().map(|name| config.customer(name)).transpose()?;
    let aliases = config.aliases()?;
    let names: HashMap<String, &Alias> =
        aliases.iter().map(|alias| (alias.id.to_lowercase(), alias)).collect();
    let folder = args.folder.clone().map_or_else(default_dir, Ok)?;
    let mut jobs = Vec::new();
    for (journal, chunks) in journals(ui, &folder)? {
        for chunk in chunks {
            let Some(tracking_id) = chunk.tracking_id else { continue };
            let id = chunk.customer.to_lowercase();
            if customer.as_ref().is_some_and(|wanted| wanted.as_str().to_lowercase() != id) {
                continue;
            }
            jobs.push(JobRecord {
                tracking_id,
                alias: names.get(&id).map(|alias| alias.alias.clone()),
                customer: chunk.customer,
                batch: chunk.batch,
                devices: chunk.devices,
                state: chunk.state,
                sent: chunk.noted,
                service: journal.service.clone(),
                journal: journal.name.clone(),
            });
        }
    }
    jobs.sort_by(|one, other| other.sent.cmp(&one.sent)); // the newest first
    let whose = if customer.is_some() { " of this customer" } else { "" };
    let none = format!("no journal in {} has a job{whose}", folder.display());
    write_list(ui, args.format, &jobs, &none)?;
    Ok(Exit::Success)
}

/// The journals of a folder, with their requests. Those that cannot be read are named.
fn journals(ui: Ui, folder: &Path) -> Result<Vec<(JournalEntry, Vec<ChunkRecord>)>, CommandError> {
    let mut all = Vec::new();
    let journals = Journals::in_directory(folder);
    for entry in journals.list().map_err(journal_error)? {
        if entry.in_use {
            ui.warning(&format!(
                "an upload has the journal {} open: its jobs are not listed",
                entry.name
            ));
            continue;
        }
        if let Some(problem) = &entry.problem {
            ui.warning(problem);
            continue;
        }
        let file = folder.join(format!("{}.journal", entry.name));
        match Journal::open_read_only(file).and_then(|journal| journal.chunks()) {
            Ok(chunks) => all.push((entry, chunks)),
            Err(error) => ui.warning(&error.to_string()),
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(finished: bool, outcomes: &[Outcome]) -> JobDocument {
        let device = |outcome: &Outcome| JobDevice {
            place: 1,
            device_id: None,
            serial_number: None,
            product_key: None,
            status: None,
            outcome: *outcome,
            code: None,
            name: None,
            meaning: None,
            cure: None,
        };
        let devices: Vec<_> = outcomes.iter().map(device).collect();
        JobDocument {
            tracking_id: "t".to_owned(),
            customer: "c".to_owned(),
            status: None,
            finished,
            started: None,
            completed: None,
            totals: Totals::of(&devices),
            devices,
        }
    }

    #[test]
    fn the_devices_say_how_a_job_ended() {
        use Outcome::{AlreadyRegistered, Failed, Pending, Succeeded};
        for (finished, outcomes, exit) in [
            (true, &[Succeeded, AlreadyRegistered][..], Exit::Success),
            (true, &[Succeeded, Failed], Exit::SomeFailed),
            (true, &[Failed, Pending], Exit::OutcomeUnknown),
            (true, &[], Exit::OutcomeUnknown),
            (false, &[Succeeded], Exit::OutcomeUnknown),
            (false, &[Failed], Exit::OutcomeUnknown),
        ] {
            assert_eq!(document(finished, outcomes).exit(), exit, "{finished} {outcomes:?}");
        }
    }

    #[test]
    fn a_job_without_devices_is_said_to_have_none() {
        let said = |finished| document(finished, &[]).totals.sentence(finished);
        assert_eq!(said(true), "the job is over and speaks of no device");
        assert_eq!(said(false), "the job speaks of no device");
    }
}
