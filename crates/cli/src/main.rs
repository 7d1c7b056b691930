//! The program `pcdevices`. Results go to stdout, everything else to stderr, and the exit code says what happened. This is
//! the only crate that reads arguments, the environment or the terminal.

mod args;
mod atomic_file;
mod bounded_file;
mod cli;
#[cfg(test)]
mod cli_reference;
mod commands;
mod device_files;
mod environment;
mod errors;
mod help;
mod input_files;
mod interrupt;
mod invalid_file_names;
mod invalid_rows;
mod policy_names;
mod report_files;
mod report_page;
mod settings;
mod suggestions;
mod tips;
mod ui;

use std::process::ExitCode;

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::format::FmtSpan;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::args::Global;
use crate::cli::{Cli, Command};
use crate::commands::{
    audit, auth, batches, check, completions, customers, devices, doctor, emulator, explain,
    export, jobs, journals, man, policies, raw, report, schema, setup, upload,
};
use crate::errors::{CommandError, Exit};
use crate::ui::output::Ui;
use crate::ui::progress::activity;
use crate::ui::terminal_text::TraceOutput;

fn main() -> ExitCode {
    let Cli { global, command } = Cli::from_args();
    let ui = Ui::new(&global);
    trace(global.verbose);
    match run(ui, &global, command) {
        Ok(exit) => exit.into(),
        Err(error) => {
            let error = error.with_commands_of(&global.follow_up);
            let is_about_text = matches!(error.exit, Exit::Usage | Exit::InvalidFile);
            let hint = cli::quotation_hint().filter(|_| is_about_text);
            let error = hint.into_iter().fold(error, CommandError::hint);
            ui.error(&error);
            error.exit.into()
        }
    }
}

/// Traces calls to stderr. For fewer than three `-v`, [`ui::calls`] prints lines for people.
fn trace(verbose: u8) {
    let level = match verbose {
        0..=2 => return,
        3 => LevelFilter::DEBUG,
        _ => LevelFilter::TRACE,
    };
    // Only our own crates: other crates may trace secrets.
    let ours = Targets::new()
        .with_target("partner_center_devices", level)
        .with_target("partner_center_devices_emulator", LevelFilter::OFF);
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(|| TraceOutput)
        .with_ansi(false)
        .with_target(false)
        .with_span_events(FmtSpan::CLOSE);
    tracing_subscriber::registry().with(ours).with(lines).init();
}

fn run(ui: Ui, global: &Global, command: Command) -> Result<Exit, CommandError> {
    let runtime = tokio::runtime::Runtime::new().map_err(|error| {
        CommandError::new(Exit::Unavailable, "could not start the async runtime").with_source(error)
    })?;
    let result = runtime.block_on(async {
        if !ui.is_quiet() && !ui.is_verbose() && ui.is_stderr_terminal() {
            activity::show_on_terminal();
        }
        match command {
            Command::Upload(args) => upload::run(ui, global, args).await,
            Command::Check(args) => check::run(ui, args),
            Command::Export(args) => export::run(ui, args),
            Command::Audit(args) => audit::run(ui, global, args).await,
            Command::Auth(args) => auth::run(ui, global, args).await,
            Command::Batches(args) => batches::run(ui, global, args).await,
            Command::Customers(args) => customers::run(ui, global, args).await,
            Command::Doctor(args) => doctor::run(ui, global, args).await,
            Command::Devices(args) => devices::run(ui, global, args).await,
            Command::Jobs(args) => jobs::run(ui, global, args).await,
            Command::Journals(args) => journals::run(ui, args),
            Command::Raw(args) => raw::run(ui, global, args).await,
            Command::Explain(args) => explain::run(ui, global, args),
            Command::Policies(args) => policies::run(ui, global, args).await,
            Command::Report(args) => report::run(ui, global, args),
            Command::Setup(args) => setup::run(ui, global, args).await,
            Command::Schema(args) => schema::run(ui, args),
            Command::Emulator(args) => emulator::run(ui, args).await,
            Command::Completions(args) => completions::run(ui, &args),
            Command::Complete(args) => completions::complete(global, args),
            Command::Man(args) => man::run(ui, &args),
        }
    });
    activity::hide();
    runtime.shutdown_background(); // after Ctrl-C, do not wait for a pending name lookup
    result
}
