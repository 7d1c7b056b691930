//! `pcdevices upload`: a file in, a table of outcomes out. Decides that a file with an error is not sent at
//! all: half a fleet registered by mistake is harder to undo than a file is to mend.

use std::cell::RefCell;
use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::time::Duration;

use partner_center_devices::{BatchTrackingId, ErrorKind, Wait};
use partner_center_devices_fleet::{ChunkSize, Event, Fleet, Report, Upload, UploadError, Verdict};

use crate::error::{Exit, Failure};
use crate::progress::Progress;
use crate::service::{self, Connection};
use crate::text::{count, width};
use crate::{args, findings, table};

pub(crate) async fn run(args: args::Upload) -> Result<Exit, Failure> {
    let customer = service::customer(args.customer)?;
    let batch = service::batch(args.batch)?;
    let chunk = ChunkSize::new(usize::from(args.chunk))
        .map_err(|error| Failure::new(Exit::Argument, error.to_string()))?;
    let fleet = read(&args.file)?;

    let connection = Connection::open(&args.service).await?;
    if let Some(emulator) = &connection.emulator {
        say(&format!(
            "emulator at {}: nothing leaves this machine, and nothing is kept\n",
            emulator.url()
        ));
    }
    let wait = Wait::default().deadline(Duration::from_secs(60 * u64::from(args.wait)));
    let upload = Upload::new(connection.client.customer(customer), batch, fleet)
        .chunk_size(chunk)
        .wait(wait);

    let progress = Progress::new();
    let seen = RefCell::new(Seen::default());
    let running = upload.run(|event| {
        progress.show(&event);
        seen.borrow_mut().note(&event);
    });
    let result = tokio::select! {
        biased; // Ctrl-C is heard before anything is sent
        () = ctrl_c() => None,
        result = running => Some(result),
    };
    progress.end();
    match result {
        Some(Ok(report)) => {
            print(&report)?;
            Ok(Exit::of_report(&report))
        }
        Some(Err(stopped)) => Err(explain(&stopped)),
        None => Err(seen.into_inner().interrupted()),
    }
}

async fn ctrl_c() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending().await // then the system ends the program, as it does by default
    }
}

/// Reads and checks the file; says what is odd about it, and refuses it if a row cannot be sent.
fn read(path: &Path) -> Result<Fleet, Failure> {
    let name = path.display().to_string();
    let file = File::open(path)
        .map_err(|error| Failure::new(Exit::BadFile, format!("cannot open {name}: {error}")))?;
    let fleet = Fleet::read(file, name.as_str());
    say(&findings::render(fleet.findings(), width(&std::io::stderr())));
    if fleet.rows().iter().any(|row| matches!(row.verdict(), Verdict::Refused(_))) {
        return Err(Failure::new(
            Exit::BadFile,
            format!("{name} has rows that cannot be sent, so nothing was sent"),
        )
        .hint("mend or remove the lines named above, then upload the file again"));
    }
    if fleet.has_errors() || fleet.devices() == 0 {
        return Err(Failure::new(Exit::BadFile, format!("{name} cannot be used")));
    }
    Ok(fleet)
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
            Event::Planned { plan, .. } => self.total = Some(plan.devices()),
            Event::Sent { devices, tracking_id, .. } => {
                self.sent += devices;
                self.last_job = Some(tracking_id.clone());
            }
            Event::Progress { decided, .. } => self.decided = *decided,
            _ => {}
        }
    }

    fn interrupted(self) -> Failure {
        let failure =
            |what: String| Failure::new(Exit::Interrupted, format!("stopped by Ctrl-C: {what}"));
        let Some(total) = self.total else { return failure("nothing was sent".to_owned()) };
        let failure = match self.last_job {
            None => failure("the first part was being sent, and may have arrived".to_owned()),
            Some(job) => {
                let next =
                    if self.sent < total { "; the next part may have arrived too" } else { "" };
                let total = count(total, "device");
                failure(format!(
                    "{} of {total} sent, {} of them with an outcome so far{next}",
                    self.sent, self.decided
                ))
                .hint(format!("the last job of this upload is {job}"))
            }
        };
        failure
            .hint("what was sent may be registered, now or later; uploading the file again is safe")
    }
}

/// A call failed midway: the table of what is known, then why it stopped.
fn explain(stopped: &UploadError) -> Failure {
    let error = stopped.error();
    let mut failure = Failure::new(Exit::of(error), format!("{}: {error}", stopped.step()));
    if let Some(hint) = error.hint().filter(|_| error.kind() != ErrorKind::StillRunning) {
        failure = failure.hint(hint);
    }
    if let Some(job) = stopped.report().rows().iter().rev().find_map(|row| row.tracking_id()) {
        failure = failure.hint(format!("the last job of this upload is {job}"));
    }
    let totals = stopped.report().totals();
    // Rows that never were on their way are no news: without any other, there is no table.
    let on_their_way = totals.rows - totals.not_sent - totals.duplicate - totals.refused;
    match if on_their_way > 0 { print(stopped.report()) } else { Ok(()) } {
        Ok(()) => failure,
        Err(printing) => printing,
    }
}

fn print(report: &Report) -> Result<(), Failure> {
    let stdout = std::io::stdout();
    let colours = anstream::AutoStream::choice(&stdout) != anstream::ColorChoice::Never;
    let text = table::render(report, width(&stdout), colours);
    match anstream::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::new(Exit::Service, format!("cannot write the table: {error}")))
        }
        _ => Ok(()), // a reader that has seen enough is no failure
    }
}

fn say(text: &str) {
    let _ = anstream::stderr().write_all(text.as_bytes()); // a result is never said here
}
