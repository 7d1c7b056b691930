//! The arguments of `pcdevices upload`.

use std::path::PathBuf;

use clap::Args;
use clap::builder::TypedValueParser as _;
use partner_center_devices::BatchId;

use crate::args::{AllRows, CustomerFrom, CustomerName, Format, Service, batch_name, path};
use crate::report_files::ReportForm;
use crate::report_page::PageFlags;

#[derive(Args)]
pub(crate) struct Upload {
    /// Files with devices, or a folder of them: CSV in the Partner Center layout (Device Serial Number, Windows Product
    /// ID, Hardware Hash, Manufacturer name, Device model) or from Get-WindowsAutopilotInfo, Excel (.xlsx), ZIP, JSON of
    /// Microsoft Graph or PowerShell, OA3.xml; - reads standard input
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    /// The customer: an alias from `pcdevices customers list`, the company name, the default domain or the tenant id
    #[arg(long, short, value_name = "CUSTOMER", env = "PCDEVICES_CUSTOMER", hide_env_values = true,
        required_unless_present_any = ["emulator", "customer_from"])]
    pub(crate) customer: Option<CustomerName>,

    /// Upload for several customers: `column` reads the customer from a column such as Tenant ID; `folder` takes it
    /// from the name of the folder that contains the file, and FILE is the parent folder
    #[arg(long, value_name = "SOURCE", value_enum)]
    pub(crate) customer_from: Option<CustomerFrom>,

    /// The batch to create or add to; the customer sees its name as the group tag [default: a batch for each group tag
    /// in the file]
    #[arg(long, short, value_name = "NAME", value_parser = batch_name)]
    pub(crate) batch: Option<BatchId>,

    /// Send all devices to --batch even if the file has other group tags
    #[arg(long, requires = "batch")]
    pub(crate) ignore_group_tags: bool,

    /// Send the valid rows even if others are invalid; those are written to a file to correct, and the exit code is 3
    #[arg(long)]
    pub(crate) skip_invalid: bool,

    /// Write the invalid rows to this new file [default: NAME.invalid.csv next to each file]
    #[arg(long, value_name = "FILE", value_parser = path(), requires = "skip_invalid")]
    pub(crate) invalid_rows: Option<PathBuf>,

    /// Send this many devices per request, from 1 to 1000
    #[arg(long, value_name = "N", default_value_t = 500, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub(crate) chunk: u16,

    /// Print the plan without sending anything; with --json, print each request
    #[arg(long)]
    pub(crate) dry_run: bool,

    /// Resend devices that may succeed now: those with a temporary error, such as 640; those with an error that someone may
    /// have fixed, such as 808; and those that were already registered, but are in no batch
    #[arg(long)]
    pub(crate) retry: bool,

    /// Record progress in this file, so that the same command resumes after an interruption [default: a file in your
    /// state directory, one per customer and batch; all uploads of a customer to several batches share one, and so do all
    /// uploads for several customers; none for an emulator on this machine]
    #[arg(long, value_name = "FILE")]
    pub(crate) journal: Option<PathBuf>,

    /// Start a new journal and send everything again; the previous journal is kept as .old
    #[arg(long, alias = "anew")]
    pub(crate) restart: bool,

    /// Also write the report to this file: .html for the customer, .csv for a spreadsheet, .json for a program; repeat
    /// for more
    #[arg(long, value_name = "FILE", value_parser = report_path(), conflicts_with = "dry_run")]
    pub(crate) report: Vec<PathBuf>,

    /// Wait at most this long for each job
    #[arg(long, value_name = "MINUTES", default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) wait: u32,

    /// End as soon as everything is sent, without the results; the same command without this flag shows them later
    #[arg(long, conflicts_with_all = ["wait", "report", "dry_run", "emulator"])]
    pub(crate) no_wait: bool,

    /// Open the HTML report of --report when it is written
    #[arg(long, requires = "report")]
    pub(crate) open: bool,

    /// Use the built-in emulator, which needs no account and keeps nothing
    #[arg(long)]
    pub(crate) emulator: bool,

    /// Skip the question before the first upload to a customer, which is asked on a terminal only
    #[arg(long, short)]
    pub(crate) yes: bool,

    #[command(flatten)]
    pub(crate) format: Format,

    #[command(flatten)]
    pub(crate) all: AllRows,

    #[command(flatten)]
    pub(crate) page: PageFlags,

    #[command(flatten)]
    pub(crate) service: Service,
}

/// Parses a report file name, whose extension selects the format.
fn report_path() -> impl clap::builder::TypedValueParser<Value = PathBuf> {
    path().try_map(|path| match ReportForm::of(&path) {
        Some(_) => Ok(path),
        None => Err("the file name must end with .html, .csv or .json"),
    })
}
