//! The arguments of `pcdevices audit`.

use clap::Args;

use super::operation::{OperationParser, Operations};
use super::when::When;
use crate::args::{CustomerName, Format, Service};
use crate::errors::Exit;

/// Returns the exit codes of the command.
pub(crate) fn exit_codes() -> String {
    Exit::help_with(&[
        (Exit::Success, "the log was read, even if it has no matching record"),
        (Exit::AccessDenied, "access denied: the token is missing, or may not read the log"),
    ])
}

#[derive(Args)]
pub(crate) struct Audit {
    /// Show only changes for this customer: an alias from `pcdevices customers list`, the company name, the default domain or
    /// the tenant id [default: all customers]
    #[arg(
        long,
        short,
        value_name = "CUSTOMER",
        env = "PCDEVICES_CUSTOMER",
        hide_env_values = true
    )]
    pub(crate) customer: Option<CustomerName>,

    /// Show changes for all customers, even if --customer or PCDEVICES_CUSTOMER names one
    #[arg(long)]
    pub(crate) all_customers: bool,

    /// The start: a span back from now such as 12h, 7d or 2w, a day in UTC such as 2026-11-20, or a time such as
    /// 2026-11-20T18:00:00Z; at most 89 days ago
    #[arg(long, value_name = "WHEN", default_value = "7d")]
    pub(crate) since: When,

    /// The end, in the same forms; a day is included [default: now]
    #[arg(long, value_name = "WHEN")]
    pub(crate) until: Option<When>,

    /// Show only this operation; can be repeated. A name of the service, such as add_customer, works too [default: all
    /// operations on devices and policies]
    #[arg(long, value_name = "OPERATION", value_parser = OperationParser, conflicts_with = "all")]
    pub(crate) operation: Vec<Operations>,

    /// Show all operations of the log: also orders, licenses, users and relationships
    #[arg(long)]
    pub(crate) all: bool,

    /// Show only changes of users whose name contains this text, or of apps whose id does
    #[arg(long, value_name = "TEXT")]
    pub(crate) user: Option<String>,

    #[command(flatten)]
    pub(crate) format: Format,

    #[command(flatten)]
    pub(crate) service: Service,
}
