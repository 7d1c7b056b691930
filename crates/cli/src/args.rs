//! What can be typed: every command, flag and default, and nothing else.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use partner_center_devices::{BatchId, CustomerId, PUBLIC_CLOUD};

/// The exit codes, for `--help`; `error::Exit` holds the numbers.
const EXIT_CODES: &str = "\
Exit codes:
  0  all well
  1  some devices failed
  2  a wrong argument
  3  a file cannot be used
  4  not allowed: the token or a right is missing
  5  throttled
  6  a job is still running
  7  the service or the network failed";

#[derive(Parser)]
#[command(
    name = "pcdevices",
    version,
    about = "Register a partner's devices for Windows Autopilot",
    after_help = EXIT_CODES,
    max_term_width = 100
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Register the devices of a file and show what became of each
    Upload(Upload),
    /// Run the service on this machine, for any client
    Emulator(Emulator),
}

#[derive(Args)]
pub(crate) struct Upload {
    /// A file in the Partner Center layout: Device Serial Number, Windows Product ID, Hardware Hash,
    /// Manufacturer name, Device model
    pub(crate) file: PathBuf,

    /// The customer's tenant id
    #[arg(long, value_name = "ID", required_unless_present = "emulator")]
    pub(crate) customer: Option<CustomerId>,

    /// The batch to create or to add to; the customer sees its name as group tag
    #[arg(long, value_name = "NAME", required_unless_present = "emulator")]
    pub(crate) batch: Option<BatchId>,

    /// How many devices go in one request, 1 to 1000
    #[arg(long, value_name = "N", default_value_t = 500, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub(crate) chunk: u16,

    /// How many minutes to wait for each job
    #[arg(long, value_name = "MINUTES", default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) wait: u32,

    #[command(flatten)]
    pub(crate) service: Service,
}

#[derive(Args)]
pub(crate) struct Service {
    /// Use the built-in emulator: no account, no token, nothing is kept
    #[arg(long, conflicts_with_all = ["base_url", "token_file"])]
    pub(crate) emulator: bool,

    /// The root of another cloud or of a running emulator
    #[arg(long, value_name = "URL", env = "PCDEVICES_BASE_URL", default_value = PUBLIC_CLOUD)]
    pub(crate) base_url: String,

    /// A file that holds the access token; without it the token is read from the variable PCDEVICES_TOKEN
    #[arg(long, value_name = "FILE", env = "PCDEVICES_TOKEN_FILE")]
    pub(crate) token_file: Option<PathBuf>,
}

#[derive(Args)]
pub(crate) struct Emulator {
    /// Where to listen; port 0 is any free one
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8085")]
    pub(crate) listen: String,
}
