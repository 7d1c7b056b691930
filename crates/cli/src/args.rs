//! What can be typed: every command, flag and default, and nothing else.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::builder::{OsStringValueParser, TypedValueParser as _};
use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{
    ArgMatches, Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand, ValueEnum,
};
use partner_center_devices::{BatchId, CustomerId, InvalidId, PUBLIC_CLOUD};

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
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Register the devices of a file and show what became of each
    #[command(after_help = Exit::help())]
    Upload(Upload),
    /// Look at the journals of uploads, or remove one
    Journals(Journals),
    /// Run the service on this machine, for any client
    Emulator(Emulator),
}

#[derive(Args)]
pub(crate) struct Upload {
    /// Files in the Partner Center layout: Device Serial Number, Windows Product ID, Hardware Hash,
    /// Manufacturer name, Device model; or as Get-WindowsAutopilotInfo writes them; - is the standard input
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    /// The customer's tenant id
    #[arg(long, value_name = "ID", required_unless_present = "emulator")]
    pub(crate) customer: Option<CustomerId>,

    /// The batch to create or to add to; the customer sees its name as group tag
    #[arg(long, value_name = "NAME", required_unless_present = "emulator", value_parser = batch_name)]
    pub(crate) batch: Option<BatchId>,

    /// How many devices go in one request, 1 to 1000
    #[arg(long, value_name = "N", default_value_t = 500, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub(crate) chunk: u16,

    /// Show every request that would be sent, as JSON, and send none
    #[arg(long)]
    pub(crate) dry_run: bool,

    /// Send devices again that failed for a reason that passes, such as 640
    #[arg(long)]
    pub(crate) retry: bool,

    /// Where to write down what is done, so that the same command goes on after a break [default: one file for each
    /// customer and batch in this user's state folder; none for a service on this machine]
    #[arg(long, value_name = "FILE")]
    pub(crate) journal: Option<PathBuf>,

    /// Begin a new journal: what had its outcome before is sent again; the old one is kept beside it as .old
    #[arg(long)]
    pub(crate) anew: bool,

    /// Write the report to a file too: .html for the customer, .csv for a spreadsheet, .json for a program; can be
    /// given more than once
    #[arg(long, value_name = "FILE", value_parser = report(), conflicts_with = "dry_run")]
    pub(crate) report: Vec<PathBuf>,

    /// How many requests may leave in a second, at most
    #[arg(long, value_name = "REQUESTS", value_parser = rate)]
    pub(crate) rate: Option<f64>,

    /// How many minutes to wait for each job
    #[arg(long, value_name = "MINUTES", default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) wait: u32,

    #[command(flatten)]
    pub(crate) service: Service,
}

/// A file whose name says what is written into it.
fn report() -> impl clap::builder::TypedValueParser<Value = PathBuf> {
    path().try_map(|path| match ReportForm::of(&path) {
        Some(_) => Ok(path),
        None => Err("its name must end with .html, .csv or .json"),
    })
}

/// What a report is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReportForm {
    Html,
    Csv,
    Json,
}

impl ReportForm {
    /// By the end of the file's name.
    pub(crate) fn of(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "html" | "htm" => Some(Self::Html),
            "csv" => Some(Self::Csv),
            "json" => Some(Self::Json),
            _ => None,
        }
    }
}

fn rate(text: &str) -> Result<f64, &'static str> {
    match text.parse::<f64>() {
        Ok(rate) if (0.001..=10_000.0).contains(&rate) => Ok(rate),
        _ => Err("it is a number from 0.001 to 10000"),
    }
}

#[derive(Args)]
pub(crate) struct Service {
    /// Use the built-in emulator: no account, no token, nothing is kept
    #[arg(long)]
    pub(crate) emulator: bool,

    /// The root of another cloud or of a running emulator
    #[arg(long, value_name = "URL", env = "PCDEVICES_BASE_URL", default_value = PUBLIC_CLOUD)]
    pub(crate) base_url: String,

    /// A file that holds the access token; without it the token is read from the variable PCDEVICES_TOKEN
    #[arg(long, value_name = "FILE", env = "PCDEVICES_TOKEN_FILE", value_parser = path())]
    pub(crate) token_file: Option<PathBuf>,
}

#[derive(Args)]
pub(crate) struct Journals {
    /// Where the journals are [default: this user's state folder]
    #[arg(long, value_name = "DIR", global = true)]
    pub(crate) folder: Option<PathBuf>,

    #[command(subcommand)]
    pub(crate) what: JournalsCommand,
}

#[derive(Subcommand)]
pub(crate) enum JournalsCommand {
    /// List all: when each began, for which service, and how far it is
    List,
    /// Show what became of each row, and the requests
    Show(OneJournal),
    /// Print all that a journal holds, as JSON
    Export(OneJournal),
    /// Remove one; the same upload begins anew then
    Remove {
        #[command(flatten)]
        journal: OneJournal,

        /// Do it: what it knows is lost
        #[arg(long)]
        yes: bool,
    },
}

#[derive(Args)]
pub(crate) struct OneJournal {
    /// Its name in the list, or its file
    pub(crate) name: String,
}

#[derive(Args)]
pub(crate) struct Emulator {
    /// Where to listen for HTTP; port 0 is any free one [default: 127.0.0.1:8085, or none with --https]
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub(crate) listen: Option<String>,

    #[command(flatten)]
    pub(crate) https: Https,

    /// A YAML or JSON file of what shall go wrong; the emulator's README says what can
    #[arg(long, value_name = "FILE")]
    pub(crate) faults: Option<PathBuf>,

    /// What all ids and all chances are drawn from [default: 0, or that of the data folder]
    #[arg(long, value_name = "NUMBER")]
    pub(crate) seed: Option<u64>,

    /// How many devices are on a page
    #[arg(long, value_name = "DEVICES", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) page_size: u32,

    /// Let jobs be done as soon as they are accepted
    #[arg(long)]
    pub(crate) instant: bool,

    /// A folder that keeps the state, so that the next run goes on with it; without one it ends with the program
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,

    /// A YAML or JSON file of what is there at the start: customers, batches, devices, policies, hardware
    #[arg(long, value_name = "FILE")]
    pub(crate) world: Option<PathBuf>,

    /// Which access tokens are taken
    #[arg(long, value_name = "WHICH", value_enum, default_value_t = Auth::AnyBearer)]
    pub(crate) auth: Auth,

    /// Approve sign-ins by device code without a person, this many seconds after they began
    #[arg(long, value_name = "SECONDS", num_args = 0..=1, default_missing_value = "0")]
    pub(crate) auto_approve: Option<u32>,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Auth {
    /// None is needed
    Off,
    /// One must be there, and any will do
    AnyBearer,
    /// Only those of the emulator's own sign-in, until they expire; a refresh token is good for one use
    Strict,
}

#[derive(Args)]
pub(crate) struct Https {
    /// Where to listen for HTTPS; the same service as that of --listen
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub(crate) https: Option<String>,

    /// The server's certificate and those that lead to its CA, in PEM; without it one is made for localhost,
    /// 127.0.0.1 and ::1
    #[arg(long, value_name = "FILE", requires = "key", requires = "https")]
    pub(crate) certificate: Option<PathBuf>,

    /// The certificate's key, in PEM
    #[arg(long, value_name = "FILE", requires = "certificate")]
    pub(crate) key: Option<PathBuf>,

    /// One more name or IP address for the certificate that is made; may be given again
    #[arg(
        long = "https-name",
        value_name = "NAME",
        requires = "https",
        conflicts_with = "certificate"
    )]
    pub(crate) names: Vec<String>,

    /// Write the certificate of the CA that signed it, for a client to trust, in PEM
    #[arg(long, value_name = "FILE", requires = "https", conflicts_with = "certificate")]
    pub(crate) write_ca: Option<PathBuf>,
}

/// What `--emulator` stands against. Only where it is typed: a variable that is set for other days is not
/// meant, and clap's own conflicts do not tell the two apart.
const NOT_WITH_EMULATOR: [(&str, &str); 2] =
    [("base_url", "--base-url <URL>"), ("token_file", "--token-file <FILE>")];

impl Cli {
    /// What was typed. Help and wrong arguments end the program here.
    pub(crate) fn from_args() -> Self {
        Self::read(std::env::args_os()).unwrap_or_else(|error| error.exit())
    }

    fn read(args: impl IntoIterator<Item = OsString>) -> Result<Self, clap::Error> {
        let mut command = Self::command();
        let matches = command.try_get_matches_from_mut(args)?;
        if let Some(("upload", upload)) = matches.subcommand()
            && let Some(other) = beside_emulator(upload)
        {
            let message = format!("the argument '--emulator' cannot be used with '{other}'");
            let upload = command.find_subcommand("upload").cloned();
            return Err(upload.unwrap_or(command).error(ErrorKind::ArgumentConflict, message));
        }
        Self::from_arg_matches(&matches).map_err(|error| error.format(&mut command))
    }
}

fn beside_emulator(upload: &ArgMatches) -> Option<&'static str> {
    let typed = |id: &str| upload.value_source(id) == Some(ValueSource::CommandLine);
    let mut others = NOT_WITH_EMULATOR.into_iter().filter(|(id, _)| typed(id));
    others.next().filter(|_| typed("emulator")).map(|(_, shown)| shown)
}

/// A name that can be seen: the service would take blanks, and nobody finds that batch again.
fn batch_name(text: &str) -> Result<BatchId, String> {
    if !text.is_empty() && text.trim().is_empty() {
        return Err("the batch name is blank".to_owned());
    }
    BatchId::new(text).map_err(|error: InvalidId| error.to_string())
}

/// A path, and also none at all: a variable that is set to nothing shall not stop `--emulator`.
fn path() -> impl clap::builder::TypedValueParser<Value = PathBuf> {
    OsStringValueParser::new().map(PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_readme_lists_every_flag() {
        let readme = include_str!("../README.md");
        let mut commands = vec![Cli::command()];
        while let Some(command) = commands.pop() {
            for flag in command.get_arguments().filter_map(clap::Arg::get_long) {
                let known = [' ', '`'].map(|end| readme.contains(&format!("--{flag}{end}")));
                assert!(known.contains(&true), "the README lacks --{flag}");
            }
            commands.extend(command.get_subcommands().cloned());
        }
    }
}
