//! `pcdevices upload`: a file in, a table of outcomes out. Decides that a file with an error is not sent at
//! all: half a fleet registered by mistake is harder to undo than a file is to mend.

use std::fs::File;
use std::io::{IsTerminal as _, Write as _};
use std::time::Duration;

use partner_center_devices::{ErrorKind, Wait};
use partner_center_devices_fleet::{ChunkSize, Fleet, Report, Severity, Upload, UploadError};

use crate::error::{Exit, Failure};
use crate::progress::Progress;
use crate::service::{self, Connection};
use crate::{args, table};

/// How many findings are shown before the rest is counted.
const FINDINGS_SHOWN: usize = 20;

pub(crate) async fn run(args: args::Upload) -> Result<Exit, Failure> {
    let customer = service::customer(args.customer)?;
    let batch = service::batch(args.batch)?;
    let chunk = ChunkSize::new(usize::from(args.chunk))
        .map_err(|e| Failure::new(Exit::BadFile, e.to_string()))?;
    let fleet = read(&args.file)?;

    let connection = Connection::open(&args.service).await?;
    if let Some(emulator) = &connection.emulator {
        say(&format!(
            "emulator at {}: nothing leaves this machine, and nothing is kept",
            emulator.url()
        ));
    }
    let wait = Wait::default().deadline(Duration::from_secs(60 * u64::from(args.wait)));
    let upload = Upload::new(connection.client.customer(customer), batch, fleet)
        .chunk_size(chunk)
        .wait(wait);

    let progress = Progress::new();
    let result = upload.run(|event| progress.show(&event)).await;
    progress.end();
    match result {
        Ok(report) => {
            print(&report)?;
            Ok(if report.all_well() { Exit::AllWell } else { Exit::SomeFailed })
        }
        Err(stopped) => Err(explain(stopped)),
    }
}

/// Reads and checks the file; says what is odd about it, and refuses it if a row cannot be sent.
fn read(path: &std::path::Path) -> Result<Fleet, Failure> {
    let name = path.display().to_string();
    let file = File::open(path)
        .map_err(|error| Failure::new(Exit::BadFile, format!("cannot open {name}: {error}")))?;
    let fleet = Fleet::read(file, name.as_str());
    let findings = fleet.findings();
    for finding in findings.iter().take(FINDINGS_SHOWN) {
        say(&finding.to_string());
        if finding.severity() != Severity::Note {
            say(&format!("  -> {}", finding.cure()));
        }
    }
    if findings.len() > FINDINGS_SHOWN {
        say(&format!("and {} more findings", findings.len() - FINDINGS_SHOWN));
    }
    if fleet.has_errors() {
        return Err(Failure::new(
            Exit::BadFile,
            format!("{name} has rows that cannot be sent, so nothing was sent"),
        )
        .hint("mend or remove the lines named above, then upload the file again"));
    }
    if fleet.devices() == 0 {
        return Err(Failure::new(Exit::BadFile, format!("{name} holds no device")));
    }
    Ok(fleet)
}

/// A call failed midway: the table of what is known, then why it stopped.
fn explain(stopped: UploadError) -> Failure {
    let error = stopped.error();
    let mut failure = Failure::new(Exit::of(error), format!("{}: {error}", stopped.step()));
    if let Some(hint) = error.hint().filter(|_| error.kind() != ErrorKind::StillRunning) {
        failure = failure.hint(hint);
    }
    if let Some(job) = stopped.report().rows().iter().rev().find_map(|row| row.tracking_id()) {
        failure = failure.hint(format!("the last job of this upload is {job}"));
    }
    let totals = stopped.report().totals();
    let known = totals.rows - totals.not_sent;
    match if known > 0 { print(stopped.report()) } else { Ok(()) } {
        Ok(()) => failure,
        Err(printing) => printing,
    }
}

fn print(report: &Report) -> Result<(), Failure> {
    let stdout = std::io::stdout();
    let width = if stdout.is_terminal() {
        terminal_size::terminal_size().map(|(width, _)| width.0)
    } else {
        None
    };
    let colours = anstream::AutoStream::choice(&stdout) != anstream::ColorChoice::Never;
    let text = table::render(report, width, colours);
    match anstream::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::new(Exit::Service, format!("cannot write the table: {error}")))
        }
        _ => Ok(()), // a reader that has seen enough is no failure
    }
}

fn say(line: &str) {
    let _ = writeln!(anstream::stderr(), "{line}"); // a result is never said here
}
