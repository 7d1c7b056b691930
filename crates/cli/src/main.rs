//! `pcdevices`. Decides what a person sees: data on stdout, everything else on stderr, and an exit code that
//! says how it went. The only crate that knows arguments, environment and terminal.

mod args;
mod emulator;
mod error;
mod progress;
mod service;
mod style;
mod table;
mod upload;

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser as _;

use crate::args::{Cli, Command};

#[tokio::main]
async fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Upload(args) => upload::run(args).await,
        Command::Emulator(args) => emulator::run(args).await,
    };
    match result {
        Ok(exit) => exit.into(),
        Err(failure) => {
            let _ = writeln!(anstream::stderr(), "{failure}"); // nowhere left to complain
            failure.exit.into()
        }
    }
}
