//! Arguments that several commands share. A command's own arguments are in its folder, in `args.rs`.

mod service;
mod values;

use std::path::PathBuf;

use clap::{ArgAction, Args, ValueEnum};

use crate::errors::FollowUp;

pub(crate) use self::service::{CloudName, CustomerName, OneCustomer, Service, is_rate};
pub(crate) use self::values::{CustomerFrom, batch_name, path};

/// Options of every command.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Global options")]
pub(crate) struct Global {
    /// The profile in config.toml to use [default: the one that the file selects]
    #[arg(
        long,
        global = true,
        value_name = "NAME",
        env = "PCDEVICES_PROFILE",
        hide_env_values = true
    )]
    pub(crate) profile: Option<String>,

    /// The directory with config.toml and customers.toml [default: pcdevices in your configuration directory]
    #[arg(long, global = true, value_name = "DIR", env = "PCDEVICES_CONFIG_DIR", hide_env_values = true, value_parser = path())]
    pub(crate) config_dir: Option<PathBuf>,

    /// When to use colors; auto means on a terminal, unless NO_COLOR is set
    #[arg(long, global = true, value_name = "WHEN", value_enum, default_value_t = When::Auto)]
    pub(crate) color: When,

    /// Print only results and errors, without progress and notes
    #[arg(long, short, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,

    /// Print each call with its status, duration and ids to stderr; -vv adds the start of calls and short waits, -vvv prints a
    /// trace with attempts and token requests
    #[arg(long, short, global = true, action = ArgAction::Count)]
    pub(crate) verbose: u8,

    /// The flags that the commands in hints repeat.
    #[arg(skip)]
    pub(crate) follow_up: FollowUp,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(crate) enum When {
    #[default]
    Auto,
    Always,
    Never,
}

/// The output format of a list or a document; a table without either flag.
#[derive(Args, Clone, Copy, Debug)]
#[command(next_help_heading = "Output")]
pub(crate) struct Format {
    /// Print JSON, like -o json; `pcdevices schema` prints its schema
    #[arg(long)]
    pub(crate) json: bool,

    /// Print CSV, like -o csv, with the JSON property names as columns
    #[arg(long, conflicts_with = "json")]
    pub(crate) csv: bool,
}

/// The flag for a whole table on a terminal.
#[derive(Args, Clone, Copy, Debug, Default)]
#[command(next_help_heading = "Output")]
pub(crate) struct AllRows {
    /// List all rows; without it, a terminal shows a part of a long table
    #[arg(long)]
    pub(crate) all: bool,
}

/// The output format of a command without CSV output.
#[derive(Args, Clone, Copy, Debug)]
#[command(next_help_heading = "Output")]
pub(crate) struct Json {
    /// Print JSON; `pcdevices schema` prints its schema
    #[arg(long)]
    pub(crate) json: bool,
}

/// The answer to a confirmation prompt.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct Confirm {
    /// Skip the confirmation prompt; required in scripts
    #[arg(long, short)]
    pub(crate) yes: bool,
}
