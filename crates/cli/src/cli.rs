//! The command line: all commands of the program and the rules between flags. A command's own arguments are in its
//! folder, in `args.rs`; those that several commands share are in [`args`](crate::args).

use std::ffi::OsString;

use clap::builder::Resettable;
use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{ArgMatches, CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use crate::args::Global;
use crate::commands::auth::args::AuthCommands;
use crate::commands::batches::args::Batches;
use crate::commands::check::args::Check;
use crate::commands::completions::args::{self as completions, Completions};
use crate::commands::customers::args::Customers;
use crate::commands::devices::args::Devices;
use crate::commands::doctor::args::Doctor;
use crate::commands::emulator::args::Emulator;
use crate::commands::explain::args::Explain;
use crate::commands::jobs::args::Jobs;
use crate::commands::journals::args::Journals;
use crate::commands::man::args::Man;
use crate::commands::policies::args::Policies;
use crate::commands::raw::args::Raw;
use crate::commands::report::args::Report;
use crate::commands::schema::args::Schema;
use crate::commands::upload::args::Upload;
use crate::errors::Exit;

#[derive(Parser)]
#[command(
    name = "pcdevices",
    version,
    about = "Register a partner's devices for Windows Autopilot",
    after_help = Exit::help(),
    max_term_width = 100
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,

    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Register the devices of a file and show what became of each
    #[command(after_help = Exit::help())]
    Upload(Upload),
    /// Check files before an upload, and send nothing
    #[command(after_help = Exit::help())]
    Check(Check),
    /// Look at a job of the service, wait for it, or list those of this machine's uploads
    Jobs(Jobs),
    /// List the batches of a customer
    Batches(Batches),
    /// List, find, compare and delete a customer's devices, and give them policies
    Devices(Devices),
    /// Look at a customer's policies, change them, or make them as a file says
    #[command(after_help = Exit::help())]
    Policies(Policies),
    /// Say what an error code means, and what to do
    Explain(Explain),
    /// Write the report of an upload from its journal
    Report(Report),
    /// Look at the journals of uploads, or remove one
    Journals(Journals),
    /// Name customers, so that nobody pastes tenant ids
    Customers(Customers),
    /// Sign in, see who is signed in, sign out
    Auth(AuthCommands),
    /// Look whether everything works: configuration, sign-in, token, service, rights, clock
    #[command(after_help = Exit::help())]
    Doctor(Doctor),
    /// Run the service on this machine, for any client
    Emulator(Emulator),
    /// Send any request to the API and print what it answers
    #[command(after_help = Exit::help())]
    Raw(Raw),
    /// Print the JSON Schema of a document that --json prints, or list all
    Schema(Schema),
    /// Print what a shell needs to complete commands and flags
    #[command(after_help = completions::WHERE)]
    Completions(Completions),
    /// Print a manual page, or write all
    Man(Man),
}

/// What some flags stand against. Only where it is typed: a variable that is set for other days is not meant, and clap's
/// own conflicts do not tell the two apart.
const NOT_WITH: [Against; 2] = [
    Against {
        one: ("emulator", "--emulator"),
        others: &[
            ("base_url", "--base-url <URL>"),
            ("token_file", "--token-file <FILE>"),
            ("cloud", "--cloud <CLOUD>"),
            ("profile", "--profile <NAME>"),
        ],
    },
    Against {
        one: ("customer_from", "--customer-from <WHERE>"),
        others: &[("customer", "--customer <CUSTOMER>")],
    },
];

/// Flags by their ids, and as they are shown.
struct Against {
    one: (&'static str, &'static str),
    others: &'static [(&'static str, &'static str)],
}

impl Cli {
    /// What was typed. Help and wrong arguments end the program here.
    pub(crate) fn from_args() -> Self {
        Self::read(std::env::args_os()).unwrap_or_else(|error| error.exit())
    }

    fn read(args: impl IntoIterator<Item = OsString>) -> Result<Self, clap::Error> {
        let mut command = without_empty_variables(Self::command());
        let matches = command.try_get_matches_from_mut(args)?;
        if let Some(("upload", upload)) = matches.subcommand()
            && let Some((one, other)) = against(upload)
        {
            let message = format!("the argument '{one}' cannot be used with '{other}'");
            let upload = command.find_subcommand("upload").cloned();
            return Err(upload.unwrap_or(command).error(ErrorKind::ArgumentConflict, message));
        }
        Self::from_arg_matches(&matches).map_err(|error| error.format(&mut command))
    }
}

/// A variable that is set to nothing counts as not set.
fn without_empty_variables(command: clap::Command) -> clap::Command {
    #[allow(clippy::disallowed_methods)] // clap would take the nothing for a value
    let is_empty =
        |name: &std::ffi::OsStr| std::env::var_os(name).is_some_and(|text| text.is_empty());
    let command = command.mut_args(|arg| match arg.get_env() {
        Some(name) if is_empty(name) => arg.env(Resettable::Reset),
        _ => arg,
    });
    command.mut_subcommands(without_empty_variables)
}

/// Two that were typed together and do not go together.
fn against(upload: &ArgMatches) -> Option<(&'static str, &'static str)> {
    let typed = |id: &str| upload.value_source(id) == Some(ValueSource::CommandLine);
    NOT_WITH.into_iter().filter(|against| typed(against.one.0)).find_map(|against| {
        let (_, other) = against.others.iter().find(|(id, _)| typed(id))?;
        Some((against.one.1, *other))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tree_is_sound() {
        Cli::command().debug_assert();
    }
}
