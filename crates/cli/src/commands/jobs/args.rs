//! The arguments of `pcdevices jobs`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use partner_center_devices::BatchTrackingId;

use crate::args::{AllRows, CustomerName, Format, Json, OneCustomer, Service};
use crate::errors::Exit;

#[derive(Args)]
pub(crate) struct Jobs {
    #[command(subcommand)]
    pub(crate) what: JobsCommand,
}

#[derive(Subcommand)]
pub(crate) enum JobsCommand {
    /// Show the status of a job and the result for each device
    #[command(after_help = exit_codes())]
    Status(JobStatus),
    /// Wait until a job finishes and show the result for each device
    #[command(after_help = exit_codes())]
    Wait(JobWait),
    /// List the jobs of this machine's uploads
    ///
    /// The newest job is the last one. The service cannot list jobs, so this command reads the journals on this machine. An upload to an emulator on
    /// this machine has a journal only if you passed --journal.
    #[command(after_help = Exit::help_with(&[
        (Exit::Success, "all journals were read"),
        (Exit::InvalidFile, "some journals cannot be read"),
        (Exit::OutcomeUnknown, "uploads are running, and their journals were not read"),
    ]))]
    List(ListJobs),
}

/// Returns the exit codes of the commands that show a job.
fn exit_codes() -> String {
    Exit::help_with(&[
        (Exit::Success, "the job finished, and every device succeeded"),
        (Exit::SomeFailed, "the job finished, and some devices failed"),
        (
            Exit::OutcomeUnknown,
            "the job is still running, or did not report a result for some devices",
        ),
        (Exit::Interrupted, "stopped by Ctrl-C; the job keeps running"),
    ])
}

#[derive(Args)]
pub(crate) struct JobStatus {
    /// The job's tracking id, from `upload` or `jobs list`; the start of the id is enough for a job of this machine
    #[arg(value_name = "TRACKING-ID")]
    pub(crate) tracking_id: BatchTrackingId,

    #[command(flatten)]
    pub(crate) customer: OneCustomer,

    #[command(flatten)]
    pub(crate) json: Json,

    #[command(flatten)]
    pub(crate) all: AllRows,

    #[command(flatten)]
    pub(crate) service: Service,
}

#[derive(Args)]
pub(crate) struct JobWait {
    /// Wait at most this long; the job keeps running after that
    #[arg(long, value_name = "MINUTES", default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) timeout: u32,

    #[command(flatten)]
    pub(crate) job: JobStatus,
}

#[derive(Args)]
pub(crate) struct ListJobs {
    /// Show only the jobs of this customer: an alias from `pcdevices customers list`, the company name, the default domain or the tenant id
    #[arg(long, short, value_name = "CUSTOMER")]
    pub(crate) customer: Option<CustomerName>,

    /// The directory with the journals [default: your state directory]
    #[arg(long, value_name = "DIR")]
    pub(crate) folder: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) format: Format,

    #[command(flatten)]
    pub(crate) all: AllRows,
}
