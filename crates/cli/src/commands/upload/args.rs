//! The arguments of `pcdevices upload`.

use std::path::PathBuf;

use clap::builder::TypedValueParser as _;
use clap::{Args, ValueEnum};
use partner_center_devices::BatchId;

use crate::args::{CustomerName, Format, Service, batch_name, path};
use crate::report_files::ReportForm;

#[derive(Args)]
pub(crate) struct Upload {
    /// Files in the Partner Center layout: Device Serial Number, Windows Product ID, Hardware Hash,
    /// Manufacturer name, Device model; or as Get-WindowsAutopilotInfo writes them; - is the standard input
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    /// The customer: an alias of `pcdevices customers`, or the tenant id
    #[arg(long, short, value_name = "CUSTOMER", env = "PCDEVICES_CUSTOMER", hide_env_values = true,
        required_unless_present_any = ["emulator", "customer_from"])]
    pub(crate) customer: Option<CustomerName>,

    /// Upload for several customers at once: each row names its own in a column such as Tenant ID, or each file is in a
    /// folder of its customer's name, and FILE is the folder above
    #[arg(long, value_name = "WHERE", value_enum)]
    pub(crate) customer_from: Option<CustomerFrom>,

    /// The batch to create or to add to; the customer sees its name as group tag [default: with --customer-from, the
    /// row's Group Tag]
    #[arg(long, short, value_name = "NAME", value_parser = batch_name,
        required_unless_present_any = ["emulator", "customer_from"])]
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

    /// How many minutes to wait for each job
    #[arg(long, value_name = "MINUTES", default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) wait: u32,

    /// Use the built-in emulator: no account, no token, nothing is kept
    #[arg(long)]
    pub(crate) emulator: bool,

    #[command(flatten)]
    pub(crate) format: Format,

    #[command(flatten)]
    pub(crate) service: Service,
}

/// What says which customer a row is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CustomerFrom {
    Column,
    Folder,
}

/// A file whose name says what is written into it.
fn report() -> impl clap::builder::TypedValueParser<Value = PathBuf> {
    path().try_map(|path| match ReportForm::of(&path) {
        Some(_) => Ok(path),
        None => Err("its name must end with .html, .csv or .json"),
    })
}
