//! `pcdevices upload`: registers the devices of a file and prints the outcome of each. If any row is invalid, nothing
//! is sent: half a fleet registered by mistake is harder to undo than a file is to fix. With `--skip-invalid` the other rows
//! are sent, and the exit code tells that rows were left out.

pub(crate) mod args;
mod destinations;
mod dry_run;
mod first_use;
mod group_tags;
mod progress;
mod registered_before;
mod results;
mod sent_so_far;
mod without_results;

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use partner_center_devices::{BatchId, CustomerId, InvalidId, Wait};
use partner_center_devices_fleet::{
    CancellationToken, CheckedRow, ChunkSize, Event, Fleet, HtmlOptions, Journal, Report,
    RowStatus, Upload, UploadError,
};

use self::destinations::{
    Customers, CustomersByName, Destinations, WithoutDestination, customer_names,
};
use self::group_tags::choose_batches;
use self::progress::Progress;
use self::sent_so_far::{Cancelled, SentSoFar};
use crate::args::{Confirm, CustomerName, Global};
use crate::device_files::{self, UploadRules};
use crate::errors::{CommandError, Exit, quoted};
use crate::input_files::{self, Subdirectories};
use crate::interrupt::{self, Ended};
use crate::invalid_rows::{InvalidRows, LeftOut, Task};
use crate::report_files::{self, Reports};
use crate::settings::journals::{self, journal_error};
use crate::settings::session::Session;
use crate::settings::sign_in::WITHOUT_MFA;
use crate::ui::output::Ui;
use crate::ui::text_layout::day;

/// The customer and batch that `--emulator` uses by default, so that a first try needs no id.
const EXAMPLE_CUSTOMER: &str = "47021739-3426-40bf-9601-61b4b6d7c793";
const EXAMPLE_BATCH: &str = "Contoso first fleet";

pub(crate) async fn run(ui: Ui, global: &Global, args: args::Upload) -> Result<Exit, CommandError> {
    let (inputs, fleet) = read_devices(ui, &args)?;
    let example = args.emulator.then(|| BatchId::new(EXAMPLE_BATCH)).transpose();
    let batches = choose_batches(ui, &args, &fleet, example.map_err(invalid_id)?)?;
    report_files::check_open(args.open, &args.report)?;
    let reports = Reports::prepare(args.report.clone())?;
    let session = open_session(ui, global, &args).await?;
    let names = session.config.aliases()?;

    let customers = customers(&args, &session).await?;
    let known = customers_by_name(&session, &fleet, &customers).await?;
    let (mut destinations, problems) = Destinations::of(&fleet, customers, batches, &known);
    let without_destination = if problems.is_empty() {
        HashMap::new()
    } else {
        leave_out(ui, &args, &fleet, &mut destinations, &problems)?
    };
    let journal = journal_file(&args, &session, &destinations)?;
    if args.dry_run {
        session.customers.show(ui, &destinations.customers(&fleet));
    } else {
        let confirm = Confirm { yes: args.yes };
        first_use::confirm(ui, &session, confirm, &fleet, &destinations, journal.as_deref())
            .await?;
    }
    let invalid = InvalidRows::of(Task::Upload, &fleet, &without_destination);
    let left_out = write_left_out(&args, &invalid, &inputs)?;
    let upload = with_options(route(&session, fleet, &destinations), &args)?;
    let journal_name = journal.clone();
    let (upload, resumed) = attach_journal(ui, &args, upload, journal)?;
    if args.dry_run {
        dry_run::run(ui, upload, &names, args.format).await?;
        return Ok(remind(ui, left_out.as_ref()));
    }
    warn_without_mfa(ui, &session).await?;

    let all_rows = (!args.all.all).then(|| results::all_rows_command(journal_name.as_deref()));
    let sent_so_far = RefCell::new(SentSoFar::default());
    // The built-in emulator ends with this command.
    let job_hint = !args.emulator;
    let several_customers = args.customer_from.map(|_| names.clone());
    let started = SystemTime::now();
    let progress = Progress::new(ui, destinations.only_batch().is_none(), several_customers);
    let ended = send(upload, progress, &resumed, &sent_so_far).await;
    record_in_index(&session, ended.as_ref());
    let cancelled = |how| sent_so_far.into_inner().cancelled(how, journal_name.is_some(), job_hint);
    let has_page = reports.have_page();
    let page = |report: &Report| page_options(ui, &args, &session, has_page.then_some(report));
    let result = match ended {
        Some(Ok(report))
            if args.no_wait
                && report.stopped().is_none()
                && without_results::is_needed(&report) =>
        {
            let journal = journal_name.as_deref();
            without_results::print(ui, &session, &report, &names, args.format, journal)
        }
        Some(Ok(mut report)) if report.stopped().is_none() => {
            let journal = journal_name.as_deref();
            let places =
                registered_before::locate(ui, &session, &mut report, journal, started).await;
            let printed = results::print(ui, &report, &names, args.format, all_rows.as_deref());
            let written = write_reports(ui, reports, (&report, &page(&report)), journal, args.open);
            registered_before::advise(ui, &session, &report, journal, &places, args.retry);
            match printed {
                Ok(()) => written.map(|()| places.exit_of(&report)),
                Err(error) => Err(error.and(written)),
            }
        }
        Some(Ok(report)) => {
            Err(cancelled(Cancelled::InOrder).and(reports.write(&report, &page(&report))))
        }
        Some(Err(error)) => {
            let written =
                error.report().map_or(Ok(()), |report| reports.write(report, &page(report)));
            Err(results::stopped(ui, error, &names, (args.format, all_rows.as_deref()), job_hint)
                .and(written))
        }
        None => Err(cancelled(Cancelled::Abruptly)),
    };
    remind(ui, left_out.as_ref());
    result
}

/// Writes the invalid rows to a file. A dry run only counts them. Returns `None` if there are none.
fn write_left_out(
    args: &args::Upload,
    invalid: &InvalidRows<'_>,
    inputs: &[PathBuf],
) -> Result<Option<LeftOut>, CommandError> {
    if invalid.is_empty() {
        return Ok(None);
    }
    if args.dry_run {
        return Ok(Some(invalid.not_written()));
    }
    invalid.write(inputs, args.invalid_rows.as_deref()).map(Some)
}

/// Returns the options of the page; the default ones if no page shows the report.
fn page_options(
    ui: Ui,
    args: &args::Upload,
    session: &Session,
    report: Option<&Report>,
) -> HtmlOptions {
    report.map_or_else(HtmlOptions::new, |report| args.page.options(ui, &session.customers, report))
}

/// Writes the reports and names their files. The upload is complete, even if they cannot be written.
fn write_reports(
    ui: Ui,
    reports: Reports,
    (report, page): (&Report, &HtmlOptions),
    journal: Option<&Path>,
    open: bool,
) -> Result<(), CommandError> {
    let files = reports.paths();
    let written = reports.write(report, page);
    if let Err(error) = written {
        let error = error.hint("the upload itself is complete, with the results above");
        return Err(match journal {
            Some(journal) => error.hint(format!(
                "to write the report to another file: pcdevices report {} --output FILE",
                quoted(&journal.to_string_lossy())
            )),
            None => error,
        });
    }
    for file in &files {
        ui.wrote(file);
    }
    if open {
        report_files::open_pages(&files)?;
    }
    Ok(())
}

/// Records in the index what an upload did, even if it stopped.
fn record_in_index(session: &Session, ended: Option<&Result<Report, UploadError>>) {
    let report = match ended {
        Some(Ok(report)) => Some(report),
        Some(Err(error)) => error.report(),
        None => None,
    };
    if let Some(report) = report {
        session.change_index(|index, _| index.record_upload(report));
    }
}

/// Gets a token before anything is sent, and warns if the user signed in without multi-factor authentication.
async fn warn_without_mfa(ui: Ui, session: &Session) -> Result<(), CommandError> {
    let claims = session.client.token_claims().await?.unwrap_or_default();
    if claims.multi_factor == Some(false) && !claims.is_app_only {
        ui.warning(WITHOUT_MFA);
    }
    Ok(())
}

/// Leaves out rows without a destination if `--skip-invalid` is set. Returns their problems.
///
/// # Errors
/// If it is not set, or if no row is left.
fn leave_out(
    ui: Ui,
    args: &args::Upload,
    fleet: &Fleet,
    destinations: &mut Destinations,
    problems: &WithoutDestination,
) -> Result<HashMap<usize, String>, CommandError> {
    let error = destinations.error(fleet, problems);
    let error_with_hint = |destinations: &Destinations| {
        Err(destinations.error(fleet, problems).final_hint(destinations.hint(problems)))
    };
    if !args.skip_invalid {
        return error_with_hint(destinations);
    }
    let texts = destinations.leave_out(fleet, problems);
    let is_sent = |row: &CheckedRow| {
        matches!(row.status(), RowStatus::Ready(_)) && destinations.of_row(row).is_some()
    };
    if !fleet.rows().iter().any(is_sent) {
        return error_with_hint(destinations);
    }
    ui.error(&error);
    Ok(texts)
}

/// Prints a reminder of the rows that were left out, and returns the exit code for them.
fn remind(ui: Ui, left_out: Option<&LeftOut>) -> Exit {
    match left_out {
        Some(left_out) => {
            ui.warning(&left_out.reminder());
            Exit::InvalidFile
        }
        None => Exit::Success,
    }
}

/// Reads and checks the device files. Returns the files, too: invalid rows of a customer's file stay in its folder.
fn read_devices(ui: Ui, args: &args::Upload) -> Result<(Vec<PathBuf>, Fleet), CommandError> {
    let subdirectories = Subdirectories::of(args.customer_from);
    let files = match subdirectories {
        Subdirectories::Read => input_files::paths(&args.files, subdirectories)?,
        Subdirectories::Refused => args.files.clone(),
    };
    let rules = UploadRules {
        is_routed: args.customer_from.is_some(),
        skips_invalid: args.skip_invalid,
        subdirectories,
    };
    let fleet = device_files::to_upload(ui, &args.files, rules)?;
    Ok((files, fleet))
}

async fn open_session(
    ui: Ui,
    global: &Global,
    args: &args::Upload,
) -> Result<Session, CommandError> {
    if args.emulator {
        Session::emulated(ui, global, args.service.rate).await
    } else {
        Session::open(ui, global, &args.service)
    }
}

/// Returns the customer of each row, by the options.
async fn customers(args: &args::Upload, session: &Session) -> Result<Customers, CommandError> {
    Ok(match (args.customer_from, &args.customer) {
        (Some(from), _) => Customers::Of(from),
        (None, Some(name)) => Customers::One(session.customer(name).await?.id().clone()),
        (None, None) => Customers::One(CustomerId::new(EXAMPLE_CUSTOMER).map_err(invalid_id)?),
    })
}

/// Returns the customer for each name in the files.
///
/// # Errors
/// If a customer cannot be looked up. A name without a customer is a problem of its rows.
async fn customers_by_name(
    session: &Session,
    fleet: &Fleet,
    customers: &Customers,
) -> Result<CustomersByName, CommandError> {
    let mut known = CustomersByName::new();
    let Customers::Of(from) = customers else { return Ok(known) };
    for name in customer_names(fleet, *from) {
        let found = match session.customer(&CustomerName(name.trim().to_owned())).await {
            Ok(customer) => Ok(customer.id().clone()),
            Err(failure) if failure.exit == Exit::Usage => {
                // The first line ends with a colon if a list of customers follows.
                Err(failure.to_string().replace(":\n", ": ").replace('\n', "; "))
            }
            Err(failure) => return Err(failure),
        };
        known.insert(name, found);
    }
    Ok(known)
}

fn invalid_id(error: InvalidId) -> CommandError {
    CommandError::wrap(Exit::Usage, error)
}

/// Returns the upload that sends each row to its destination.
fn route(session: &Session, fleet: Fleet, destinations: &Destinations) -> Upload {
    Upload::routed(fleet, |row| {
        let (customer, batch) = destinations.of_row(row)?;
        Some((session.client.customer(customer.clone()), batch.clone()))
    })
}

/// Sets the size of requests, the wait and the devices to resend.
fn with_options(upload: Upload, args: &args::Upload) -> Result<Upload, CommandError> {
    let chunk_size = ChunkSize::new(usize::from(args.chunk))
        .map_err(|error| CommandError::wrap(Exit::Usage, error))?;
    let deadline = Duration::from_secs(60 * u64::from(args.wait));
    let upload = upload
        .chunk_size(chunk_size)
        .wait(Wait::default().deadline(deadline))
        .wait_for_results(!args.no_wait)
        .retry_failed(args.retry);
    Ok(upload)
}

/// Returns the journal of the upload: the one that `--journal` names, or the one of the destinations. With `--journal`
/// the state directory is not needed.
fn journal_file(
    args: &args::Upload,
    session: &Session,
    destinations: &Destinations,
) -> Result<Option<PathBuf>, CommandError> {
    let url = session.base_url();
    let file = match (&args.journal, destinations.only_customer(), destinations.only_batch()) {
        (Some(file), _, _) => Some(file.clone()),
        (None, Some(customer), Some(batch)) => journals::default_file(url, customer, batch)?,
        (None, Some(customer), None) => journals::default_file_for_batches(url, customer)?,
        (None, None, _) => journals::default_file_for_several(url)?,
    };
    if args.restart && file.is_none() {
        return Err(CommandError::new(Exit::Usage, "there is no journal to restart").hint(
            "add --journal FILE: without it, an upload to a service on this machine has no journal",
        ));
    }
    Ok(file)
}

/// Opens the journal for an upload, and returns the note to print if the upload resumes. A dry run creates no journal
/// and moves none.
fn attach_journal(
    ui: Ui,
    args: &args::Upload,
    upload: Upload,
    file: Option<PathBuf>,
) -> Result<(Upload, String), CommandError> {
    let is_used = |file: &PathBuf| !args.dry_run || file.exists() && !args.restart;
    let Some(file) = file.filter(is_used) else { return Ok((upload, String::new())) };
    if args.restart && file.exists() {
        let old = Journal::set_aside(&file).map_err(journal_error)?;
        ui.status_line(&format!("Moved the previous journal to {}", old.display()));
    }
    let journal = Journal::open(&file).map_err(journal_error)?;
    let started = journal.started().map_err(journal_error)?;
    let resumed = started.map(|started| {
        format!(
            "Resuming {}, started on {}. Use --restart to send everything again.",
            file.display(),
            day(&started.to_string()),
        )
    });
    Ok((upload.journal(journal), resumed.unwrap_or_default()))
}

/// Runs the upload and shows its progress. Returns `None` if a second Ctrl-C ended it.
async fn send(
    upload: Upload,
    progress: Progress,
    resumed: &str,
    sent_so_far: &RefCell<SentSoFar>,
) -> Option<Result<Report, UploadError>> {
    let cancel = CancellationToken::new();
    let running = upload.cancel_with(cancel.clone()).run(|event| {
        progress.show(&event);
        if let Event::Resumed { done: 1.., .. } = event {
            progress.print_line(resumed);
        }
        sent_so_far.borrow_mut().record(&event);
    });
    let stop = || {
        cancel.cancel();
        progress.print_line("Stopping after the current requests; press Ctrl-C again to stop now");
    };
    let ended = interrupt::run_until_ctrl_c(running, stop).await;
    progress.finish();
    match ended {
        Ended::Finished(result) | Ended::Cancelled(result) => Some(result),
        Ended::Dropped => None,
    }
}
