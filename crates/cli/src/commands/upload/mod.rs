//! `pcdevices upload`: a file in, a table of outcomes out. Decides that a file with an error is not sent at
//! all: half a fleet registered by mistake is harder to undo than a file is to mend.

pub(crate) mod args;
mod destinations;

use std::cell::RefCell;
use std::io;
use std::time::Duration;

use partner_center_devices::{BatchId, BatchTrackingId, CustomerId, ErrorKind, Wait};
use partner_center_devices_fleet::{
    CancellationToken, ChunkSize, Event, Journal, Report, Upload, UploadError,
};

use self::args::CustomerFrom;
use self::destinations::Destinations;
use crate::args::{Format, Global};
use crate::device_files;
use crate::errors::{CommandError, Exit, exit_of, exit_of_report};
use crate::interrupt::{self, Ended};
use crate::report_files::Reports;
use crate::settings::customers::Alias;
use crate::settings::journals;
use crate::settings::journals::unusable;
use crate::settings::session::Session;
use crate::ui::output::{Ui, written};
use crate::ui::progress::Progress;
use crate::ui::report_table;
use crate::ui::text_layout::count;
use crate::ui::text_layout::day;

/// A made-up customer and batch for `--emulator`, so that a first try needs no id.
const CUSTOMER: &str = "47021739-3426-40bf-9601-61b4b6d7c793";
const BATCH: &str = "Contoso first fleet";

const NO_FORMAT: Format = Format { json: false, csv: false };

pub(crate) async fn run(ui: Ui, global: &Global, args: args::Upload) -> Result<Exit, CommandError> {
    let chunk = ChunkSize::new(usize::from(args.chunk))
        .map_err(|error| CommandError::new(Exit::Usage, error.to_string()))?;
    let files = match args.customer_from {
        Some(CustomerFrom::Folder) => destinations::files_of_folders(&args.files)?,
        _ => args.files,
    };
    let fleet = device_files::to_send(ui, &files, args.customer_from.is_some())?;
    let reports = Reports::prepare(args.report)?;

    let session = if args.emulator {
        Session::emulated(ui, global, args.service.rate).await?
    } else {
        Session::open(ui, global, &args.service)?
    };
    let several = args.customer_from.is_some();
    let wait = Wait::default().deadline(Duration::from_secs(60 * u64::from(args.wait)));
    let names = session.config.aliases()?;
    let (upload, whose) = match args.customer_from {
        Some(from) => {
            let destinations = Destinations::of(&fleet, from, args.batch.as_ref(), &names)?;
            let client = &session.client;
            let upload = Upload::routed(fleet, |row| {
                let (customer, batch) = destinations.of_row(row)?;
                Some((client.customer(customer.clone()), batch.clone()))
            });
            (upload, None)
        }
        None => {
            let customer = match &args.customer {
                Some(name) => session.customer(name)?,
                None => session.client.customer(CustomerId::new(CUSTOMER).map_err(made_up)?),
            };
            let batch = args.batch.map_or_else(|| BatchId::new(BATCH), Ok).map_err(made_up)?;
            let whose = (customer.id().clone(), batch.clone());
            (Upload::new(customer, batch, fleet), Some(whose))
        }
    };
    // Where one is named, nothing needs to be known of this user's folders.
    let file = match (args.journal, whose) {
        (Some(given), _) => Some(given),
        (None, Some((customer, batch))) => {
            journals::default_file(session.base_url(), &customer, &batch)?
        }
        (None, None) => journals::default_file_of_several(session.base_url())?,
    };
    let kept = file.is_some();
    if args.anew && !kept {
        return Err(CommandError::new(Exit::Usage, "there is no journal to begin anew")
            .hint("a service on this machine has one only if --journal names it"));
    }
    let mut upload = upload.chunk_size(chunk).wait(wait).retry_failed(args.retry);
    let mut before = String::new();
    // A dry run makes no journal, and leaves the one there is where it is.
    if let Some(file) = file.filter(|file| !args.dry_run || file.exists() && !args.anew) {
        if args.anew && file.exists() {
            let old = Journal::set_aside(&file).map_err(unusable)?;
            ui.status(&format!("the journal of before is {} now\n", old.display()));
        }
        let journal = Journal::open(&file).map_err(unusable)?;
        if let Some(begun) = journal.started().map_err(unusable)? {
            before = format!(
                "that is in the journal {}, begun on {}; --anew sends all again",
                file.display(),
                day(&begun),
            );
        }
        upload = upload.journal(journal);
    }
    if args.dry_run {
        return rehearse(ui, upload).await;
    }

    let progress = Progress::new(ui, several.then(|| names.clone()));
    let seen = RefCell::new(Seen::default());
    let cancel = CancellationToken::new();
    let running = upload.cancel_with(cancel.clone()).run(|event| {
        progress.show(&event);
        if let Event::Resumed { done: 1.., .. } = event {
            progress.line(&before);
        }
        seen.borrow_mut().note(&event);
    });
    let result = match interrupt::heed(running, || cancel.cancel()).await {
        Ended::Over(result) | Ended::Stopped(result) => Some(result),
        Ended::Dropped => None,
    };
    progress.end();
    match result {
        Some(Ok(report)) if report.stopped().is_none() => {
            let (printed, written) =
                (print(ui, &report, &names, args.format), reports.write(&report));
            match printed {
                Ok(()) => written.map(|()| exit_of_report(&report)),
                Err(failure) => Err(failure.and(written)),
            }
        }
        Some(Err(stopped)) => {
            let written = stopped.report().map_or(Ok(()), |report| reports.write(report));
            Err(explain(ui, stopped, &names, args.format).and(written))
        }
        Some(Ok(report)) => {
            Err(seen.into_inner().interrupted(kept, true).and(reports.write(&report)))
        }
        None => Err(seen.into_inner().interrupted(kept, false)),
    }
}

/// Shows what would be sent, and sends nothing.
async fn rehearse(ui: Ui, upload: Upload) -> Result<Exit, CommandError> {
    let plan = upload.dry_run().await.map_err(|stopped| explain(ui, stopped, &[], NO_FORMAT))?;
    ui.print_json(&plan)?;
    let batches = plan.batches.len();
    let (mut devices, mut requests) = (0, 0);
    for batch in &plan.batches {
        requests += batch.requests.len();
        devices += batch.requests.iter().map(|request| request.rows.len()).sum::<usize>();
    }
    ui.status(&format!(
        "{} in {} to {} would be sent; the name of a batch becomes the customer's group tag\n",
        count(devices, "device"),
        count(requests, "request"),
        if batches == 1 { "1 batch".to_owned() } else { format!("{batches} batches") },
    ));
    Ok(Exit::Success)
}

fn made_up(error: impl std::fmt::Display) -> CommandError {
    CommandError::new(Exit::Usage, error.to_string())
}

/// What an upload has told so far. All that is known of it once it is interrupted.
#[derive(Default)]
struct Seen {
    /// How many devices there are to send; `None` until the first call is through.
    total: Option<usize>,
    sent: usize,
    decided: usize,
    last_job: Option<BatchTrackingId>,
}

impl Seen {
    fn note(&mut self, event: &Event) {
        match event {
            Event::Resumed { total, .. } => self.total = Some(*total),
            Event::Planned { plan, .. } => {
                self.total = Some(self.total.unwrap_or_default().max(plan.devices()));
            }
            Event::Sent { devices, tracking_id, .. } => {
                self.sent += devices;
                self.last_job = Some(tracking_id.clone());
            }
            Event::Progress { done, .. } => self.decided = *done,
            _ => {}
        }
    }

    /// What is said of an upload that Ctrl-C ended. One that had no time to hear its answers leaves a doubt.
    fn interrupted(self, kept: bool, heard: bool) -> CommandError {
        let failure = |what: String| {
            CommandError::new(Exit::Interrupted, format!("stopped by Ctrl-C: {what}"))
        };
        let Some(total) = self.total else { return failure("nothing was sent".to_owned()) };
        let doubt = if heard { "" } else { "; the next part may have arrived too" };
        let total = count(total, "device");
        let mut failure = failure(match self.last_job {
            None if heard => "nothing was sent".to_owned(),
            None => "the first part was being sent, and may have arrived".to_owned(),
            Some(_) => format!(
                "{} of {total} sent, {} of all with an outcome so far{doubt}",
                self.sent, self.decided
            ),
        });
        if let Some(job) = self.last_job {
            failure = failure.hint(format!("the last job of this upload is {job}"));
        }
        failure.hint(if kept {
            "the same command goes on from here"
        } else {
            "what was sent may be registered, now or later; uploading the file again is safe"
        })
    }
}

/// A call failed midway: the table of what is known, then why it stopped.
fn explain(ui: Ui, stopped: UploadError, names: &[Alias], format: Format) -> CommandError {
    let (report, failures) = match stopped {
        UploadError::Calls { report, failures, .. } => (report, failures),
        UploadError::Journal { error, .. } => return unusable(error),
        other => return CommandError::new(Exit::Unavailable, other.to_string()),
    };
    let Some(first) = failures.first() else {
        return CommandError::new(Exit::Unavailable, "the upload stopped");
    };
    let error = first.error();
    let mut failure = match error.kind() {
        // The hint is the job's id, below.
        ErrorKind::StillRunning => CommandError::new(exit_of(error), error.to_string()),
        _ => CommandError::from(error),
    };
    failure = failure.context(&first.step().to_string());
    if let Some(job) = report.rows().iter().rev().find_map(|row| row.tracking_id()) {
        failure = failure.hint(format!("the last job of this upload is {job}"));
    }
    let totals = report.totals();
    // Rows that never were on their way are no news: without any other, there is no table.
    let on_their_way = totals.rows - totals.not_sent - totals.duplicate - totals.refused;
    match if on_their_way > 0 { print(ui, &report, names, format) } else { Ok(()) } {
        Ok(()) => failure,
        printing => failure.and(printing),
    }
}

/// The report as it is asked for.
fn print(ui: Ui, report: &Report, names: &[Alias], format: Format) -> Result<(), CommandError> {
    if format.json || format.csv {
        let stdout = io::stdout().lock();
        return written(if format.json {
            report.write_json(stdout)
        } else {
            report.write_csv(stdout)
        });
    }
    let (width, colours) = ui.screen();
    ui.print(&report_table::render(report, names, width, colours))
}
