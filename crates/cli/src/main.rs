//! `pcdevices`. Decides what a person sees: data on stdout, everything else on stderr, and an exit code that
//! says how it went. The only crate that knows arguments, environment and terminal.

mod args;
mod atomic_file;
mod cli;
#[cfg(test)]
mod cli_reference;
mod commands;
mod device_files;
mod errors;
mod input_files;
mod interrupt;
mod policy_names;
mod report_files;
mod settings;
mod suggestions;
mod ui;

use std::io::Write as _;
use std::process::ExitCode;

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::format::FmtSpan;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::args::{Global, When};
use crate::cli::{Cli, Command};
use crate::commands::{
    auth, batches, check, completions, customers, devices, doctor, emulator, explain, jobs,
    journals, man, policies, raw, report, schema, upload,
};
use crate::errors::{CommandError, Exit};

fn main() -> ExitCode {
    let Cli { global, command } = Cli::from_args();
    speak(&global);
    match run(&global, command) {
        Ok(exit) => exit.into(),
        Err(failure) => {
            let _ = writeln!(anstream::stderr(), "{failure}"); // nowhere left to complain
            failure.exit.into()
        }
    }
}

/// How much is said, and in which colours.
fn speak(global: &Global) {
    match global.color {
        When::Auto => {}
        When::Always => anstream::ColorChoice::Always.write_global(),
        When::Never => anstream::ColorChoice::Never.write_global(),
    }
    ui::output::quiet(global.quiet);
    ui::output::verbose(global.verbose > 0);
    let level = match global.verbose {
        0 => return,
        1 => LevelFilter::INFO,
        2 => LevelFilter::DEBUG,
        _ => LevelFilter::TRACE,
    };
    // Of our own crates alone: what others trace may hold what nobody shall read.
    let ours = Targets::new()
        .with_target("partner_center_devices", level)
        .with_target("partner_center_devices_emulator", LevelFilter::OFF);
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .with_target(false)
        .with_span_events(FmtSpan::CLOSE);
    tracing_subscriber::registry().with(ours).with(lines).init();
}

fn run(global: &Global, command: Command) -> Result<Exit, CommandError> {
    let runtime = tokio::runtime::Runtime::new()
        .map_err(|error| CommandError::new(Exit::Unavailable, format!("cannot start: {error}")))?;
    let result = runtime.block_on(async {
        match command {
            Command::Upload(args) => upload::run(global, args).await,
            Command::Check(args) => check::run(args),
            Command::Auth(args) => auth::run(global, args).await,
            Command::Batches(args) => batches::run(global, args).await,
            Command::Customers(args) => customers::run(global, args),
            Command::Doctor(args) => doctor::run(global, args).await,
            Command::Devices(args) => devices::run(global, args).await,
            Command::Jobs(args) => jobs::run(global, args).await,
            Command::Journals(args) => journals::run(args),
            Command::Raw(args) => raw::run(global, args).await,
            Command::Explain(args) => explain::run(args),
            Command::Policies(args) => policies::run(global, args).await,
            Command::Report(args) => report::run(args),
            Command::Schema(args) => schema::run(args),
            Command::Emulator(args) => emulator::run(args).await,
            Command::Completions(args) => completions::run(&args),
            Command::Man(args) => man::run(&args),
        }
    });
    runtime.shutdown_background(); // after Ctrl-C nobody waits for a name lookup that is under way
    result
}
