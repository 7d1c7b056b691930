//! `pcdevices`. Decides what a person sees: data on stdout, everything else on stderr, and an exit code that
//! says how it went. The only crate that knows arguments, environment and terminal.

mod args;
mod emulator;
mod error;
mod findings;
mod journals;
mod progress;
mod reports;
mod service;
mod style;
mod table;
mod text;
mod upload;

use std::io::Write as _;
use std::process::ExitCode;

use crate::args::{Cli, Command};
use crate::error::{Exit, Failure};

fn main() -> ExitCode {
    match run(Cli::from_args().command) {
        Ok(exit) => exit.into(),
        Err(failure) => {
            let _ = writeln!(anstream::stderr(), "{failure}"); // nowhere left to complain
            failure.exit.into()
        }
    }
}

fn run(command: Command) -> Result<Exit, Failure> {
    let runtime = tokio::runtime::Runtime::new()
        .map_err(|error| Failure::new(Exit::Service, format!("cannot start: {error}")))?;
    let result = runtime.block_on(async {
        match command {
            Command::Upload(args) => upload::run(args).await,
            Command::Journals(args) => journals::run(args),
            Command::Emulator(args) => emulator::run(args).await,
        }
    });
    runtime.shutdown_background(); // after Ctrl-C nobody waits for a name lookup that is under way
    result
}
