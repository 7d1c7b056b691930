//! What can be typed: every command, flag and default, and nothing else. A command's own flags are in the file of its
//! name; those that several share are in [`service`] and here.

mod auth;
mod batches;
mod check;
mod completions;
mod customers;
mod devices;
mod doctor;
mod emulator;
mod explain;
mod jobs;
mod journals;
mod man;
mod policies;
mod raw;
mod report;
mod schema;
mod service;
mod upload;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::{OsStringValueParser, Resettable, TypedValueParser as _};
use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{
    ArgAction, ArgMatches, Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand,
    ValueEnum,
};
use partner_center_devices::{BatchId, InvalidId};

pub(crate) use self::auth::{AuthCommand, AuthCommands, Login, Status};
pub(crate) use self::batches::{Batches, BatchesCommand};
pub(crate) use self::check::Check;
pub(crate) use self::completions::Completions;
pub(crate) use self::customers::{Customers, CustomersCommand};
pub(crate) use self::devices::{
    AssignPolicy, DeleteDevices, Devices, DevicesCommand, DiffDevices, FindDevices, ListDevices,
    Selection,
};
pub(crate) use self::doctor::Doctor;
pub(crate) use self::emulator::{Auth, Emulator, Https};
pub(crate) use self::explain::Explain;
pub(crate) use self::jobs::{JobStatus, JobWait, Jobs, JobsCommand, ListJobs};
pub(crate) use self::journals::{Journals, JournalsCommand};
pub(crate) use self::man::Man;
pub(crate) use self::policies::{Policies, PoliciesCommand, PolicyEdit, Wanted};
pub(crate) use self::raw::Raw;
pub(crate) use self::report::Report;
pub(crate) use self::schema::Schema;
pub(crate) use self::service::{CloudName, CustomerName, OneCustomer, Service, is_rate};
pub(crate) use self::upload::{CustomerFrom, ReportForm, Upload};
use crate::error::Exit;

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

/// What every command knows.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Global options")]
pub(crate) struct Global {
    /// The profile of config.toml to use [default: the one named there]
    #[arg(
        long,
        global = true,
        value_name = "NAME",
        env = "PCDEVICES_PROFILE",
        hide_env_values = true
    )]
    pub(crate) profile: Option<String>,

    /// The folder of config.toml and customers.toml [default: pcdevices in this user's configuration folder]
    #[arg(long, global = true, value_name = "DIR", env = "PCDEVICES_CONFIG_DIR", hide_env_values = true, value_parser = path())]
    pub(crate) config_dir: Option<PathBuf>,

    /// When to use colours; auto is on a terminal, unless NO_COLOR is set
    #[arg(long, global = true, value_name = "WHEN", value_enum, default_value_t = When::Auto)]
    pub(crate) color: When,

    /// Say less: no progress and no notes, only results and errors
    #[arg(long, short, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,

    /// Say more on stderr: each call with its status and ids; -vv each attempt, wait and token too
    #[arg(long, short, global = true, action = ArgAction::Count)]
    pub(crate) verbose: u8,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum When {
    Auto,
    Always,
    Never,
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

/// What a list or a document is printed as; without either, as a table for people.
#[derive(Args, Clone, Copy, Debug)]
#[command(next_help_heading = "Output")]
pub(crate) struct Format {
    /// Print JSON; `pcdevices schema` has the schema
    #[arg(long)]
    pub(crate) json: bool,

    /// Print CSV, with the names of the JSON's properties as columns
    #[arg(long, conflicts_with = "json")]
    pub(crate) csv: bool,
}

/// As [`Format`], of a command whose result is no table.
#[derive(Args, Clone, Copy, Debug)]
#[command(next_help_heading = "Output")]
pub(crate) struct Json {
    /// Print JSON; `pcdevices schema` has the schema
    #[arg(long)]
    pub(crate) json: bool,
}

/// The answer to what a command asks before it destroys something.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct Confirm {
    /// Do it without asking; where there is no terminal nothing is done without
    #[arg(long, short)]
    pub(crate) yes: bool,
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

/// A name that can be seen: the service would take blanks, and nobody finds that batch again.
fn batch_name(text: &str) -> Result<BatchId, String> {
    if !text.is_empty() && text.trim().is_empty() {
        return Err("the batch name is blank".to_owned());
    }
    BatchId::new(text).map_err(|error: InvalidId| error.to_string())
}

/// A path, and also none at all, as shells make of a variable that is not set.
fn path() -> impl clap::builder::TypedValueParser<Value = PathBuf> {
    OsStringValueParser::new().map(PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tree_is_sound() {
        Cli::command().debug_assert();
    }
}
