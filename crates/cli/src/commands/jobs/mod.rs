//! `pcdevices jobs`: shows and follows the jobs that process uploads. The result of a job depends on its devices, not
//! on its own status. The service cannot list jobs, so `jobs list` reads the journals on this machine.

pub(crate) mod args;
mod list;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::StreamExt as _;
use partner_center_devices::raw::printable;
use partner_center_devices::{
    BatchUploadDetails, CustomerId, DeviceOutcome, DeviceUploadDetails, ErrorKind, Job, Wait,
};
use schemars::JsonSchema;
use serde::Serialize;

use self::args::{JobStatus, JobWait, JobsCommand};
pub(crate) use self::list::JobRecord;
use self::list::whole_id;
use crate::args::{AllRows, Global};
use crate::errors::{CommandError, Exit, quoted};
use crate::interrupt::ctrl_c;
use crate::settings::session::Session;
use crate::ui::list::{Column, Record, print_table, table_only};
use crate::ui::output::{Ui, facts};
use crate::ui::progress::Bar;
use crate::ui::report_table::{MAX_ROWS, unlisted};
use crate::ui::style::{BOLD, ERROR, SUCCESS, WARNING};
use crate::ui::text_layout::{colored_counts, count, or_empty, timestamp, wrap};

pub(crate) async fn run(ui: Ui, global: &Global, args: args::Jobs) -> Result<Exit, CommandError> {
    match args.what {
        JobsCommand::Status(args) => status(ui, global, args).await,
        JobsCommand::Wait(args) => wait(ui, global, args).await,
        JobsCommand::List(args) => list::list(ui, global, &args),
    }
}

/// The status of a job and the result for each device.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Job")]
pub(crate) struct JobDocument {
    /// The job's tracking id.
    tracking_id: String,
    /// The customer.
    customer: String,
    /// The job's status as the service reports it. `finished` does not mean that every device succeeded.
    status: Option<String>,
    /// True if the job has finished.
    finished: bool,
    /// The start time, in RFC 3339.
    started: Option<String>,
    /// The end time, in RFC 3339.
    completed: Option<String>,
    /// The number of devices for each outcome.
    totals: Totals,
    /// The result for each device, in the order the service reports. This has always been the order of the upload.
    devices: Vec<JobDevice>,
}

/// The number of devices of a job for each outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "JobTotals")]
struct Totals {
    /// All devices that the job reports.
    devices: usize,
    /// Devices that were registered, or whose policy was assigned.
    succeeded: usize,
    /// Devices that this customer had registered before (806).
    already_registered: usize,
    /// Devices that the service rejected.
    failed: usize,
    /// Devices without a result.
    pending: usize,
}

/// One device of a job.
#[derive(Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct JobDevice {
    /// The position in the job, starting at 1.
    place: usize,
    /// The device id, if the service has assigned one.
    device_id: Option<String>,
    /// The serial number. The service returns none for a device that was sent with only a hardware hash.
    serial_number: Option<String>,
    /// The product key.
    product_key: Option<String>,
    /// The device's status as the service reports it.
    status: Option<String>,
    /// The outcome that the status and the error mean.
    outcome: Outcome,
    /// The service's error code, such as `808`.
    code: Option<String>,
    /// The service's name for the error, such as `ZtdDeviceAssignedToOtherTenant`, or its message.
    name: Option<String>,
    /// The meaning of the error, if known.
    meaning: Option<String>,
    /// How to fix the error, if known.
    cure: Option<String>,
}

/// The outcome for a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "JobOutcome")]
enum Outcome {
    /// No result yet, or an undocumented status.
    Pending,
    /// Registered, or the policy was assigned.
    Succeeded,
    /// This customer had registered the device before (806).
    AlreadyRegistered,
    /// The service rejected the device.
    Failed,
}

impl Outcome {
    fn word(self) -> &'static str {
        match self {
            Self::Pending => "pending",
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
            device_id: text(device.device_id_text()),
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

    /// Returns the error code and name, or the one that is present.
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
            // A device that was sent with only a hardware hash has no other name than its position.
            (None, None) => format!("device {}", device.place),
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

    /// Returns the exit code. An unknown outcome takes precedence over a failure because the result is not final. A job
    /// that reports no devices proves nothing.
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

    /// Prints the job. The table of a long one has only devices that need attention, unless the user wants all.
    fn write(&self, ui: Ui, json: bool, all: AllRows) -> Result<(), CommandError> {
        if json {
            return ui.print_json(self);
        }
        let (width, _) = ui.screen();
        let mut text = facts(&[
            ("Job", self.tracking_id.clone()),
            ("Customer", self.customer.clone()),
            ("Status", or_empty(&self.status)),
            ("Started", or_empty(&self.started)),
            ("Ended", or_empty(&self.completed)),
        ]);
        let needs_attention =
            |device: &&JobDevice| matches!(device.outcome, Outcome::Failed | Outcome::Pending);
        let is_long = self.devices.len() > MAX_ROWS && !all.all;
        let attention = self.devices.iter().filter(needs_attention);
        let listed: Cow<'_, [JobDevice]> = match is_long {
            true => attention.clone().take(MAX_ROWS).cloned().collect(),
            false => Cow::Borrowed(&self.devices),
        };
        if !listed.is_empty() {
            ui.print(&(text + "\n"))?;
            print_table(ui, &listed)?;
            text = String::new();
        }
        if is_long {
            text += &unlisted(listed.len(), attention.count(), self.devices.len(), "device");
            text += "Use --all to list all.\n";
        }
        text += &error_explanations(&self.devices, width);
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

    /// Returns the number of devices with a result.
    fn decided(self) -> usize {
        self.devices - self.pending
    }

    fn sentence(self, finished: bool) -> String {
        if self.devices == 0 {
            let job = if finished { "the job finished but" } else { "the job" };
            return format!("{job} reported no devices");
        }
        let parts = colored_counts(&[
            (self.succeeded, "succeeded", SUCCESS),
            (self.already_registered, "already registered", SUCCESS),
            (self.failed, "failed", ERROR),
            (self.pending, "pending", WARNING),
        ]);
        let more = if finished { "" } else { "; the job is still running" };
        format!("{}: {parts}{more}", count(self.devices, "device"))
    }
}

/// Explains each kind of error once. The table shows which devices have it.
fn error_explanations(devices: &[JobDevice], width: Option<u16>) -> String {
    let mut errors: BTreeMap<(bool, String), (&JobDevice, usize)> = BTreeMap::new();
    for device in devices.iter().filter(|device| device.code.is_some() || device.name.is_some()) {
        let harmless = device.outcome == Outcome::AlreadyRegistered;
        errors.entry((harmless, device.error())).or_insert((device, 0)).1 += 1;
    }
    let mut text = String::new();
    for ((_, title), (device, devices)) in errors {
        let title = printable::line(&title);
        text += &format!("\n{BOLD}{title}{BOLD:#} ({})\n", count(devices, "device"));
        text += &wrap(device.meaning.as_deref().unwrap_or("this error is unknown"), width);
        let cure = device.cure.as_deref();
        let cure = cure.unwrap_or("give Microsoft support the tracking id of the job");
        text += &wrap(&format!("-> {cure}"), width);
    }
    text
}

/// Returns the job and its customer.
async fn open_job(
    ui: Ui,
    global: &Global,
    args: &JobStatus,
) -> Result<(Job, CustomerId), CommandError> {
    let id = whole_id(&args.tracking_id)?;
    let session = Session::open(ui, global, &args.service)?;
    let customer = session.customer(&args.customer.customer).await?;
    Ok((customer.job(id), customer.id().clone()))
}

async fn status(ui: Ui, global: &Global, args: JobStatus) -> Result<Exit, CommandError> {
    let (job, customer) = open_job(ui, global, &args).await?;
    let details = known_status(ui, &job).await;
    let details = details.map_err(|error| with_customer_hint(error, &customer))?;
    let document = JobDocument::new(&job, &customer, &details);
    document.write(ui, args.json.json, args.all)?;
    Ok(document.exit())
}

/// Polls the job once. If the service does not know it, polls again for a while, because another process may have started the
/// job a moment ago.
async fn known_status(
    ui: Ui,
    job: &Job,
) -> Result<BatchUploadDetails, partner_center_devices::Error> {
    let unknown = match job.status().await {
        Err(error) if error.kind() == ErrorKind::NotFound => error,
        known => return known,
    };
    ui.status("The service does not know this job. A new job may not be known yet, so this command polls for 10 seconds\n");
    job.statuses(Wait::default()).next().await.unwrap_or(Err(unknown))
}

async fn wait(ui: Ui, global: &Global, args: JobWait) -> Result<Exit, CommandError> {
    let deadline = Duration::from_secs(60 * u64::from(args.timeout));
    let typed = args.job.customer.customer.0.clone();
    let (job, customer) = open_job(ui, global, &args.job).await?;
    let id = job.tracking_id();
    let resume = format!("to wait again: pcdevices jobs wait {id} --customer {}", quoted(&typed));
    let progress = JobProgress::new(ui);
    let ended = tokio::select! {
        biased;
        () = ctrl_c() => None,
        result = follow(&job, Wait::default().deadline(deadline), &progress) => Some(result),
    };
    progress.bar.finish();
    let Some((last, error)) = ended else {
        let message = "cancelled; the job keeps running";
        return Err(CommandError::new(Exit::Interrupted, message).hint(resume));
    };
    let document = last.map(|last| JobDocument::new(&job, &customer, &last));
    if let Some(document) = &document {
        document.write(ui, args.job.json.json, args.job.all)?;
    }
    match (error, document) {
        (Some(error), _) if error.kind() == ErrorKind::StillRunning => {
            let minutes = count(args.timeout as usize, "minute");
            let message = format!("the job is still running after {minutes}");
            Err(CommandError::new(Exit::OutcomeUnknown, message).hint(resume))
        }
        (Some(error), _) => Err(with_customer_hint(error, &customer)),
        (None, document) => Ok(document.map_or(Exit::OutcomeUnknown, |document| document.exit())),
    }
}

/// Adds a hint to a 404, because a job is found only under its own customer.
fn with_customer_hint(error: partner_center_devices::Error, customer: &CustomerId) -> CommandError {
    let is_gone = error.kind() == ErrorKind::NotFound;
    let failure = CommandError::from(error);
    if !is_gone {
        return failure;
    }
    failure.hint(format!(
        "check that the job belongs to customer {customer}: pcdevices jobs list shows the customer of each job"
    ))
}

/// Polls the job until it finishes. Returns the last status, and the error that ended the polling.
async fn follow(
    job: &Job,
    wait: Wait,
    progress: &JobProgress,
) -> (Option<BatchUploadDetails>, Option<partner_center_devices::Error>) {
    let mut statuses = job.statuses(wait);
    let mut last = None;
    while let Some(status) = statuses.next().await {
        match status {
            Ok(details) => {
                progress.show(&details);
                last = Some(details);
            }
            Err(error) => return (last, Some(error)),
        }
    }
    (last, None)
}

/// The progress of a wait: a bar on a terminal, otherwise a line for each change.
struct JobProgress {
    bar: Bar,
    last_line: std::cell::RefCell<String>,
}

impl JobProgress {
    fn new(ui: Ui) -> Self {
        Self { bar: Bar::new(ui, "waiting"), last_line: std::cell::RefCell::default() }
    }

    fn show(&self, details: &BatchUploadDetails) {
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
        let changed = self.last_line.replace(line.clone()) != line;
        if changed && !details.is_finished() {
            self.bar.print_line(&line);
        }
    }
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
    fn the_exit_code_depends_on_the_devices() {
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
    fn a_job_without_devices_is_reported() {
        let sentence = |finished| document(finished, &[]).totals.sentence(finished);
        assert_eq!(sentence(true), "the job finished but reported no devices");
        assert_eq!(sentence(false), "the job reported no devices");
    }
}
