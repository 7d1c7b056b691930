//! The arguments of `pcdevices jobs`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use partner_center_devices::BatchTrackingId;

use crate::args::{CustomerName, Format, Json, OneCustomer, Service};
use crate::errors::Exit;

#[derive(Args)]
pub(crate) struct Jobs {
    #[command(subcommand)]
    pub(crate) what: JobsCommand,
}

#[derive(Subcommand)]
pub(crate) enum JobsCommand {
    /// Look at a job once: how far it is, and what became of each device
    #[command(after_help = outcomes())]
    Status(JobStatus),
    /// Wait until a job is over, and show what became of each device
    #[command(after_help = outcomes())]
    Wait(JobWait),
    /// List the jobs of this machine's uploads
    ///
    /// The service cannot list its jobs. These are the ones that stand in the journals of this machine; an upload to a
    /// service on this machine has a journal only if it was named.
    List(ListJobs),
}

/// What the two exits of a job mean.
fn outcomes() -> String {
    Exit::help_where(&[
        (Exit::Success, "the job is over, and every device has succeeded"),
        (Exit::SomeFailed, "the job is over, and some devices failed"),
        (
            Exit::OutcomeUnknown,
            "the job is still running, or did not say what became of some devices",
        ),
        (Exit::Interrupted, "stopped by Ctrl-C; the job goes on"),
    ])
}

#[derive(Args)]
pub(crate) struct JobStatus {
    /// The job's tracking id, as `upload` and `jobs list` show it
    #[arg(value_name = "TRACKING-ID")]
    pub(crate) tracking_id: BatchTrackingId,

    #[command(flatten)]
    pub(crate) customer: OneCustomer,

    #[command(flatten)]
    pub(crate) json: Json,

    #[command(flatten)]
    pub(crate) service: Service,
}

#[derive(Args)]
pub(crate) struct JobWait {
    /// How many minutes to wait at most; the job goes on after that
    #[arg(long, value_name = "MINUTES", default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) timeout: u32,

    #[command(flatten)]
    pub(crate) job: JobStatus,
}

#[derive(Args)]
pub(crate) struct ListJobs {
    /// Only those of this customer: an alias of `pcdevices customers`, or the tenant id
    #[arg(long, short, value_name = "CUSTOMER")]
    pub(crate) customer: Option<CustomerName>,

    /// Where the journals are [default: this user's state folder]
    #[arg(long, value_name = "DIR")]
    pub(crate) folder: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) format: Format,
}
