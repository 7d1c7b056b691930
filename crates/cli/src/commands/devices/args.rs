//! The arguments of `pcdevices devices`.

use std::path::PathBuf;

use clap::{ArgGroup, Args, Subcommand};
use partner_center_devices::BatchId;

use crate::args::{Confirm, Format, OneCustomer, Service, batch_name};
use crate::errors::Exit;

#[derive(Args)]
pub(crate) struct Devices {
    #[command(subcommand)]
    pub(crate) what: DevicesCommand,
}

#[derive(Subcommand)]
pub(crate) enum DevicesCommand {
    /// List a customer's devices, over all batches
    List(ListDevices),
    /// Find devices by serial number, product key or id, over all batches
    #[command(after_help = Exit::help_where(&[
        (Exit::Success, "a device was found for each text"),
        (Exit::SomeFailed, "some were not found"),
    ]))]
    Find(FindDevices),
    /// Compare files with what is registered: what is missing, what is there besides, what has another policy
    #[command(after_help = Exit::help_where(&[
        (Exit::Success, "no difference"),
        (Exit::SomeFailed, "they differ, or it cannot be told of some rows"),
    ]))]
    Diff(DiffDevices),
    /// Delete devices, so that another partner or the customer can register them
    #[command(after_help = Exit::help_where(&[
        (Exit::Success, "all are deleted, now or before"),
        (Exit::SomeFailed, "some were not found, or not deleted"),
    ]))]
    Delete(DeleteDevices),
    /// Give devices a configuration policy, or take theirs away
    #[command(after_help = Exit::help_where(&[
        (Exit::Success, "all have the policy, now or before"),
        (Exit::SomeFailed, "some were not found, or not changed"),
    ]))]
    AssignPolicy(AssignPolicy),
}

#[derive(Args)]
pub(crate) struct ListDevices {
    /// Only the devices of this batch; can be given more than once
    #[arg(long = "batch", short, value_name = "NAME", value_parser = batch_name)]
    pub(crate) batches: Vec<BatchId>,

    #[command(flatten)]
    pub(crate) customer: OneCustomer,

    #[command(flatten)]
    pub(crate) format: Format,

    #[command(flatten)]
    pub(crate) service: Service,
}

#[derive(Args)]
pub(crate) struct FindDevices {
    /// A whole serial number, product key or device id; upper and lower case and blanks make no difference
    #[arg(required = true, value_name = "TEXT")]
    pub(crate) texts: Vec<String>,

    #[command(flatten)]
    pub(crate) customer: OneCustomer,

    #[command(flatten)]
    pub(crate) format: Format,

    #[command(flatten)]
    pub(crate) service: Service,
}

#[derive(Args)]
pub(crate) struct DiffDevices {
    /// Files with the devices that should be there, as for `upload`; a list of serial numbers will do; - is the
    /// standard input
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    /// Look for devices that no row names in this batch only; those of the files are looked for in all
    #[arg(long, short, value_name = "NAME", value_parser = batch_name)]
    pub(crate) batch: Option<BatchId>,

    /// Do not care for devices that no row names
    #[arg(long, conflicts_with = "batch")]
    pub(crate) no_extra: bool,

    /// The policy that the devices should have, by name or id
    #[arg(long, value_name = "POLICY")]
    pub(crate) policy: Option<String>,

    /// The devices should have no policy
    #[arg(long, conflicts_with = "policy")]
    pub(crate) no_policy: bool,

    #[command(flatten)]
    pub(crate) customer: OneCustomer,

    #[command(flatten)]
    pub(crate) format: Format,

    #[command(flatten)]
    pub(crate) service: Service,
}

/// Which devices are meant.
#[derive(Args)]
pub(crate) struct Selection {
    /// Files with the devices, as for `upload`; a list of serial numbers, or what `devices list --csv` wrote, will do; -
    /// is the standard input
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    /// The device of this serial number; can be given more than once
    #[arg(long = "serial", value_name = "SERIAL")]
    pub(crate) serials: Vec<String>,

    /// The device of this product key; can be given more than once
    #[arg(long = "product-key", value_name = "KEY")]
    pub(crate) product_keys: Vec<String>,

    /// The device of this id; can be given more than once
    #[arg(long = "id", value_name = "ID")]
    pub(crate) ids: Vec<String>,

    /// Where several devices bear a name, take all of them; else none is touched
    #[arg(long)]
    pub(crate) all_named: bool,
}

#[derive(Args)]
#[command(group = ArgGroup::new("which").required(true).multiple(true).args(["files", "serials", "product_keys", "ids"]))]
pub(crate) struct DeleteDevices {
    #[command(flatten)]
    pub(crate) selection: Selection,

    /// Look for them in this batch only; can be given more than once
    #[arg(long = "batch", short, value_name = "NAME", value_parser = batch_name)]
    pub(crate) batches: Vec<BatchId>,

    #[command(flatten)]
    pub(crate) confirm: Confirm,

    #[command(flatten)]
    pub(crate) customer: OneCustomer,

    #[command(flatten)]
    pub(crate) json: PlanJson,

    #[command(flatten)]
    pub(crate) service: Service,
}

#[derive(Args)]
#[command(group = ArgGroup::new("which").required(true).multiple(true).args(["files", "serials", "product_keys", "ids", "batches"]))]
#[command(group = ArgGroup::new("wanted-policy").required(true).args(["policy", "none"]))]
pub(crate) struct AssignPolicy {
    #[command(flatten)]
    pub(crate) selection: Selection,

    /// The devices of this batch; beside files or names, only those of them that are in it; can be given more than once
    #[arg(long = "batch", short, value_name = "NAME", value_parser = batch_name)]
    pub(crate) batches: Vec<BatchId>,

    /// The policy, by name or id
    #[arg(long, value_name = "POLICY")]
    pub(crate) policy: Option<String>,

    /// Take the policy away that they have
    #[arg(long)]
    pub(crate) none: bool,

    /// How many minutes to wait for each job
    #[arg(long, value_name = "MINUTES", default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) wait: u32,

    #[command(flatten)]
    pub(crate) confirm: Confirm,

    #[command(flatten)]
    pub(crate) customer: OneCustomer,

    #[command(flatten)]
    pub(crate) json: PlanJson,

    #[command(flatten)]
    pub(crate) service: Service,
}

/// As [`Json`](crate::args::Json), of a command that shows a plan before it does something.
#[derive(Args, Clone, Copy, Debug)]
#[command(next_help_heading = "Output")]
pub(crate) struct PlanJson {
    /// Print the plan as JSON and do nothing; with --yes do it, and print the report; `pcdevices schema` has both schemas
    #[arg(long)]
    pub(crate) json: bool,
}
