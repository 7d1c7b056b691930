//! The arguments of `pcdevices devices`.

use std::path::PathBuf;

use clap::{ArgGroup, Args, Subcommand};
use partner_center_devices::BatchId;
use partner_center_devices_fleet::inventory::MultipleMatches;

use crate::args::{AllRows, Confirm, CustomerName, Format, Json, OneCustomer, Service, batch_name};
use crate::errors::Exit;

#[derive(Args)]
pub(crate) struct Devices {
    #[command(subcommand)]
    pub(crate) what: DevicesCommand,
}

#[derive(Subcommand)]
pub(crate) enum DevicesCommand {
    /// List a customer's devices in all batches
    List(ListDevices),
    /// Find devices by serial number, product key or id, in all batches
    #[command(after_help = Exit::help_with(&[
        (Exit::Success, "every text matched a device"),
        (Exit::SomeFailed, "some texts matched no device"),
    ]))]
    Find(FindDevices),
    /// Read the devices of all customers into the index on this machine, for `devices find --everywhere`
    ///
    /// The first time, --all reads all customers. Later, the audit log of Partner Center names the customers whose devices changed,
    /// and only these are read again. If you stop the command, or if it fails, the next one resumes.
    #[command(after_help = Exit::help_with(&[
        (Exit::Success, "all customers to read were read"),
        (Exit::SomeFailed, "some customers cannot be read"),
    ]))]
    Sync(SyncDevices),
    /// Compare files with the registered devices: missing devices, extra devices, different policies
    #[command(after_help = Exit::help_with(&[
        (Exit::Success, "no differences"),
        (Exit::SomeFailed, "there are differences, or some rows cannot be compared"),
    ]))]
    Diff(DiffDevices),
    /// Delete devices, so that another partner or the customer can register them
    #[command(after_help = Exit::help_with(&[
        (Exit::Success, "all devices are deleted"),
        (Exit::SomeFailed, "some devices were not found or not deleted"),
    ]))]
    Delete(DeleteDevices),
    /// Assign a configuration policy to devices, or remove it
    #[command(after_help = Exit::help_with(&[
        (Exit::Success, "all devices have the policy"),
        (Exit::SomeFailed, "some devices were not found or not changed"),
    ]))]
    AssignPolicy(AssignPolicy),
}

#[derive(Args)]
pub(crate) struct ListDevices {
    /// List only the devices of this batch; repeat for more
    #[arg(long = "batch", short, value_name = "NAME", value_parser = batch_name)]
    pub(crate) batches: Vec<BatchId>,

    #[command(flatten)]
    pub(crate) customer: OneCustomer,

    #[command(flatten)]
    pub(crate) format: Format,

    #[command(flatten)]
    pub(crate) all: AllRows,

    #[command(flatten)]
    pub(crate) service: Service,
}

#[derive(Args)]
pub(crate) struct FindDevices {
    /// A complete serial number, product key or device id; upper and lower case and spaces do not matter. With --everywhere, a
    /// serial number or product key
    #[arg(required = true, value_name = "TEXT")]
    pub(crate) texts: Vec<String>,

    /// Find serial numbers and product keys of all customers in the index on this machine, and check them: one call
    /// for each 100 devices of a batch; `devices sync` fills the index
    #[arg(long)]
    pub(crate) everywhere: bool,

    /// The customer: an alias from `pcdevices customers list`, the company name, the default domain or the tenant id
    #[arg(
        long,
        short,
        value_name = "CUSTOMER",
        env = "PCDEVICES_CUSTOMER",
        hide_env_values = true,
        required_unless_present = "everywhere"
    )]
    pub(crate) customer: Option<CustomerName>,

    #[command(flatten)]
    pub(crate) format: Format,

    #[command(flatten)]
    pub(crate) service: Service,
}

#[derive(Args)]
pub(crate) struct SyncDevices {
    /// Read all customers, at 5 requests per second unless --rate or the profile sets another rate; shows the number of calls first
    #[arg(long)]
    pub(crate) all: bool,

    /// Read this customer now, whether it changed or not; repeat for more
    #[arg(long = "customer", short, value_name = "CUSTOMER", conflicts_with = "all")]
    pub(crate) customers: Vec<CustomerName>,

    #[command(flatten)]
    pub(crate) confirm: Confirm,

    #[command(flatten)]
    pub(crate) json: Json,

    #[command(flatten)]
    pub(crate) service: Service,
}

#[derive(Args)]
pub(crate) struct DiffDevices {
    /// Files with the expected devices, as for `upload`; a list of serial numbers, even without a header, is enough; - reads standard input
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    /// Look for extra devices in this batch only; devices of the files are looked for in all batches
    #[arg(long, short, value_name = "NAME", value_parser = batch_name)]
    pub(crate) batch: Option<BatchId>,

    /// Ignore devices that are not in the files
    #[arg(long, conflicts_with = "batch")]
    pub(crate) no_extra: bool,

    /// The policy that the devices should have, as a name or an id
    #[arg(long, value_name = "POLICY")]
    pub(crate) policy: Option<String>,

    /// Expect the devices to have no policy
    #[arg(long, conflicts_with = "policy")]
    pub(crate) no_policy: bool,

    #[command(flatten)]
    pub(crate) customer: OneCustomer,

    #[command(flatten)]
    pub(crate) format: Format,

    #[command(flatten)]
    pub(crate) service: Service,
}

/// The devices to act on.
#[derive(Args)]
pub(crate) struct Selection {
    /// Files with the devices, as for `upload`; a list of serial numbers, even without a header, or the output of
    /// `devices list --csv` is enough; - reads standard input
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    /// The device with this serial number; repeat for more
    #[arg(long = "serial", value_name = "SERIAL")]
    pub(crate) serials: Vec<String>,

    /// The device with this product key; repeat for more
    #[arg(long = "product-key", value_name = "KEY")]
    pub(crate) product_keys: Vec<String>,

    /// The device with this id; repeat for more
    #[arg(long = "id", value_name = "ID")]
    pub(crate) ids: Vec<String>,

    /// Act on every match if several devices share a serial number or key; by default these devices are skipped
    #[arg(long = "all-matches", alias = "all-named")]
    pub(crate) all_matches: bool,
}

impl Selection {
    /// Returns how to treat several devices that share a serial number or key.
    pub(crate) fn multiple_matches(&self) -> MultipleMatches {
        if self.all_matches { MultipleMatches::UseAll } else { MultipleMatches::Skip }
    }
}

#[derive(Args)]
#[command(group = ArgGroup::new("which").required(true).multiple(true).args(["files", "serials", "product_keys", "ids"]))]
pub(crate) struct DeleteDevices {
    #[command(flatten)]
    pub(crate) selection: Selection,

    /// Search in this batch only; repeat for more
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
#[command(group = ArgGroup::new("new-policy").required(true).args(["policy", "no_policy"]))]
pub(crate) struct AssignPolicy {
    #[command(flatten)]
    pub(crate) selection: Selection,

    /// All devices of this batch, or with files or names only those in this batch; repeat for more
    #[arg(long = "batch", short, value_name = "NAME", value_parser = batch_name)]
    pub(crate) batches: Vec<BatchId>,

    /// The policy to assign, as a name or an id
    #[arg(long, value_name = "POLICY")]
    pub(crate) policy: Option<String>,

    /// Remove the policy from the devices
    #[arg(long = "no-policy", alias = "none")]
    pub(crate) no_policy: bool,

    /// Wait at most this long for each job
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

/// The output format of a command that shows a plan before it changes anything.
#[derive(Args, Clone, Copy, Debug)]
#[command(next_help_heading = "Output")]
pub(crate) struct PlanJson {
    /// Print the plan as JSON and change nothing; with --yes, apply it and print the report; `pcdevices schema` prints both
    /// schemas
    #[arg(long)]
    pub(crate) json: bool,
}
