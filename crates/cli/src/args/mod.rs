//! Arguments that several commands share. A command's own arguments are in its folder, in `args.rs`.

mod service;

use std::path::PathBuf;

use clap::builder::{OsStringValueParser, TypedValueParser as _};
use clap::{ArgAction, Args, ValueEnum};
use partner_center_devices::{BatchId, InvalidId};

pub(crate) use self::service::{CloudName, CustomerName, OneCustomer, Service, is_rate};

/// What every command knows.
#[derive(Args, Clone, Debug, Default)]
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

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(crate) enum When {
    #[default]
    Auto,
    Always,
    Never,
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

/// A name that can be seen: the service would take blanks, and nobody finds that batch again.
pub(crate) fn batch_name(text: &str) -> Result<BatchId, String> {
    if !text.is_empty() && text.trim().is_empty() {
        return Err("the batch name is blank".to_owned());
    }
    BatchId::new(text).map_err(|error: InvalidId| error.to_string())
}

/// A path, and also none at all, as shells make of a variable that is not set.
pub(crate) fn path() -> impl clap::builder::TypedValueParser<Value = PathBuf> {
    OsStringValueParser::new().map(PathBuf::from)
}
