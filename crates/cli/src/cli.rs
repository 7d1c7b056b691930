//! The command line: all commands of the program and the rules between flags. A command's own arguments are in its
//! folder, in `args.rs`; those that several commands share are in [`args`](crate::args).

use std::ffi::OsString;

use clap::builder::{Resettable, StyledStr};
use clap::error::{ContextValue, ErrorKind};
use clap::parser::ValueSource;
use clap::{ArgMatches, Args as _, CommandFactory as _, FromArgMatches as _, Parser, Subcommand};
use partner_center_devices::raw::printable;

use crate::args::Global;
use crate::commands::audit::args::{self as audit, Audit};
use crate::commands::auth::args::AuthCommands;
use crate::commands::batches::args::Batches;
use crate::commands::check::args::Check;
use crate::commands::completions::args::{self as completions, Complete, Completions};
use crate::commands::customers::args::Customers;
use crate::commands::devices::args::Devices;
use crate::commands::doctor::args::Doctor;
use crate::commands::emulator::args::Emulator;
use crate::commands::explain::args::Explain;
use crate::commands::export::args::{self as export, Export};
use crate::commands::jobs::args::Jobs;
use crate::commands::journals::args::Journals;
use crate::commands::man::args::Man;
use crate::commands::policies::args::Policies;
use crate::commands::raw::args::Raw;
use crate::commands::report::args::Report;
use crate::commands::schema::args::Schema;
use crate::commands::setup::args::Setup;
use crate::commands::upload::args::Upload;
use crate::environment;
use crate::errors::{Exit, FollowUp};
use crate::help;
use crate::tips::{tip, with_own_format_flags, with_own_hyphens};
use crate::ui::output::Ui;
use crate::ui::terminal_text::styled;

#[derive(Parser)]
#[command(
    name = "pcdevices",
    bin_name = "pcdevices", // not `pcdevices.exe`, so that all systems have the same usage
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
    /// Register the devices of a file and show the result for each device
    #[command(after_help = Exit::help())]
    Upload(Upload),
    /// Check files without sending anything
    #[command(after_help = Exit::help())]
    Check(Check),
    /// Write the devices of files for Partner Center's own page or for Intune
    #[command(after_help = export::exit_codes())]
    Export(Export),
    /// Show a job, wait for it, or list the jobs of this machine's uploads
    Jobs(Jobs),
    /// List the batches of a customer
    Batches(Batches),
    /// List, find, compare and delete a customer's devices, and assign policies to them
    Devices(Devices),
    /// List and change a customer's policies, or apply them from a file
    #[command(after_help = Exit::help())]
    Policies(Policies),
    /// Explain an error code and how to fix it
    Explain(Explain),
    /// Create the report of an upload from its journal
    Report(Report),
    /// List, show, export and remove upload journals
    Journals(Journals),
    /// Find customers, read all of them into an index, and manage aliases for them
    Customers(Customers),
    /// Show who registered and deleted devices and who changed policies, from the service's audit log
    #[command(after_help = audit::exit_codes())]
    Audit(Audit),
    /// Sign in, show the current sign-in, or sign out
    Auth(AuthCommands),
    /// Set up this machine step by step: organization, app registration, sign-in and first customer
    #[command(after_help = Exit::help())]
    Setup(Setup),
    /// Check your setup: configuration, sign-in, token, service, rights and clock
    #[command(after_help = Exit::help())]
    Doctor(Doctor),
    /// Run an emulator of the service on this machine
    Emulator(Emulator),
    /// Send any request to the API and print the response
    #[command(after_help = Exit::help())]
    Raw(Raw),
    /// Print the JSON Schema of a --json document, or list all schemas
    Schema(Schema),
    /// Print or install the completion script for a shell
    #[command(after_help = completions::INSTALLATION)]
    Completions(Completions),
    /// Print the names that belong at the end of a command line, for completion scripts
    #[command(skip)]
    Complete(Complete),
    /// Print a manual page, or write all pages to a directory
    Man(Man),
}

/// Flags of `upload` that conflict, but only if both are typed. clap's own conflicts would also reject a flag whose
/// environment variable is set.
const UPLOAD_CONFLICTS: [FlagConflict; 2] = [
    FlagConflict {
        one: ("emulator", "--emulator"),
        others: &[
            ("base_url", "--base-url <URL>"),
            ("token_file", "--token-file <FILE>"),
            ("cloud", "--cloud <CLOUD>"),
            ("profile", "--profile <NAME>"),
        ],
    },
    FlagConflict {
        one: ("customer_from", "--customer-from <SOURCE>"),
        others: &[("customer", "--customer <CUSTOMER>")],
    },
];

/// The same for `devices find`.
const FIND_CONFLICTS: [FlagConflict; 1] = [FlagConflict {
    one: ("everywhere", "--everywhere"),
    others: &[("customer", "--customer <CUSTOMER>")],
}];

/// One flag and the flags it conflicts with, each as clap's id and as the help shows it.
struct FlagConflict {
    one: (&'static str, &'static str),
    others: &'static [(&'static str, &'static str)],
}

impl Cli {
    /// Parses the command line. Exits after printing help or an argument error.
    pub(crate) fn from_args() -> Self {
        let args = with_own_format_flags(std::env::args_os());
        let args = with_own_hyphens(&Self::command(), args);
        Self::read(args).unwrap_or_else(|error| {
            let tip = tip(&error);
            let error = with_printable_values(error);
            let _ = error.print();
            let hints = quotation_hint().into_iter().chain(tip.map(ToOwned::to_owned));
            for hint in hints.filter(|_| error.use_stderr()) {
                Ui::new(&Global::default()).notice(&format!("\nhint: {hint}\n"));
            }
            std::process::exit(error.exit_code())
        })
    }

    fn read(args: impl IntoIterator<Item = OsString>) -> Result<Self, clap::Error> {
        let args: Vec<OsString> = args.into_iter().collect();
        if args.get(1).is_some_and(|word| word == "complete") {
            // Not in the tree of commands, so that no help and no completion has it.
            let mut command = Complete::augment_args(clap::Command::new("complete"));
            let matches = command.try_get_matches_from_mut(args.into_iter().skip(1))?;
            let complete = Complete::from_arg_matches(&matches)?;
            return Ok(Self { global: Global::default(), command: Command::Complete(complete) });
        }
        let mut command = without_empty_variables(help::with_examples(Self::command()));
        if help::asks_for_short_help(&args) {
            command = help::shortened(command);
        }
        let matches = command.try_get_matches_from_mut(args)?;
        let found = matches.subcommand().and_then(|(name, command)| match name {
            "upload" => Some((vec!["upload"], find_conflict(command, &UPLOAD_CONFLICTS)?)),
            "devices" => {
                let find = command.subcommand_matches("find")?;
                Some((vec!["devices", "find"], find_conflict(find, &FIND_CONFLICTS)?))
            }
            _ => None,
        });
        if let Some((path, (one, other))) = found {
            let message = format!("the argument '{one}' cannot be used with '{other}'");
            for name in path {
                command = command.find_subcommand(name).cloned().unwrap_or(command);
            }
            return Err(command.error(ErrorKind::ArgumentConflict, message));
        }
        let mut cli =
            Self::from_arg_matches(&matches).map_err(|error| error.format(&mut command))?;
        cli.global.follow_up = FollowUp::of(&matches);
        Ok(cli)
    }
}

/// Returns a hint if an argument has swallowed those after it, on Windows.
pub(crate) fn quotation_hint() -> Option<String> {
    let args = std::env::args_os().skip(1);
    let swallowed = args
        .map(|arg| arg.to_string_lossy().into_owned())
        .find_map(|arg| path_before_quotation_mark(&arg).map(ToOwned::to_owned));
    let path = swallowed.filter(|_| cfg!(windows))?;
    let path = printable::line(&path);
    Some(format!(
        "Windows reads the quotation mark in \"{path}\\\" as part of the text, because a backslash is before it; write \"{path}\\\\\""
    ))
}

/// Returns the start of an argument up to a quotation mark in it. No name of a file has one on Windows.
fn path_before_quotation_mark(arg: &str) -> Option<&str> {
    let (path, _) = arg.split_once('"')?;
    let is_drive = path.len() == 2 && path.ends_with(':');
    (path.contains('\\') || is_drive).then(|| path.trim_end_matches('\\'))
}

/// Makes the arguments that an error repeats printable: a script may have taken them from a file.
fn with_printable_values(mut error: clap::Error) -> clap::Error {
    let line = |text: &String| printable::line(text).into_owned();
    // The tips have styles.
    let tip = |text: &StyledStr| styled(&text.ansi().to_string()).into_owned().into();
    let values: Vec<_> = error.context().map(|(kind, value)| (kind, value.clone())).collect();
    for (kind, value) in values {
        let value = match value {
            ContextValue::String(text) => ContextValue::String(line(&text)),
            ContextValue::Strings(texts) => ContextValue::Strings(texts.iter().map(line).collect()),
            ContextValue::StyledStrs(texts) => {
                ContextValue::StyledStrs(texts.iter().map(tip).collect())
            }
            other => other,
        };
        error.insert(kind, value);
    }
    error
}

/// Ignores environment variables that are set to an empty text.
fn without_empty_variables(command: clap::Command) -> clap::Command {
    // clap would use the empty text as the value.
    let command = command.mut_args(|arg| match arg.get_env() {
        Some(name) if environment::is_empty(name) => arg.env(Resettable::Reset),
        _ => arg,
    });
    command.mut_subcommands(without_empty_variables)
}

/// Finds two typed flags that conflict.
fn find_conflict(
    command: &ArgMatches,
    conflicts: &[FlagConflict],
) -> Option<(&'static str, &'static str)> {
    let typed = |id: &str| command.value_source(id) == Some(ValueSource::CommandLine);
    conflicts.iter().filter(|conflict| typed(conflict.one.0)).find_map(|conflict| {
        let (_, other) = conflict.others.iter().find(|(id, _)| typed(id))?;
        Some((conflict.one.1, *other))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clap_accepts_the_command_tree() {
        Cli::command().debug_assert();
    }

    #[test]
    fn an_argument_with_others_inside_is_noticed() {
        for (arg, path) in [
            (r#"C:\lists" --customer contoso"#, Some(r"C:\lists")),
            (r#"C:" --customer contoso"#, Some("C:")),
            (r#"\\server\lists\" x"#, Some(r"\\server\lists")),
            (r"C:\lists", None),
            (r#"say "hello""#, None),
        ] {
            assert_eq!(path_before_quotation_mark(arg), path, "{arg}");
        }
    }

    #[test]
    fn old_names_of_flags_still_work() {
        for (command, old, new) in [
            ("upload f.csv --emulator", "--anew", "--restart"),
            ("devices delete f.csv --customer c", "--all-named", "--all-matches"),
            ("devices assign-policy f.csv --customer c", "--none", "--no-policy"),
        ] {
            let matches = |flag: &str| {
                let args = format!("pcdevices {command} {flag}");
                let matches = Cli::command().try_get_matches_from(args.split(' '));
                format!("{:?}", matches.unwrap_or_else(|error| panic!("{args}: {error}")))
            };
            assert_eq!(matches(old), matches(new), "{old}");
        }
    }
}
