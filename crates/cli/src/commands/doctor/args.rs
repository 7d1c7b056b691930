//! The arguments of `pcdevices doctor`.

use clap::Args;

use crate::args::{CustomerName, Json, Service};

#[derive(Args)]
pub(crate) struct Doctor {
    /// A customer to check your rights for: an alias from `pcdevices customers list`, the company name, the default domain or the tenant id
    #[arg(
        long,
        short,
        value_name = "CUSTOMER",
        env = "PCDEVICES_CUSTOMER",
        hide_env_values = true
    )]
    pub(crate) customer: Option<CustomerName>,

    #[command(flatten)]
    pub(crate) json: Json,

    #[command(flatten)]
    pub(crate) service: Service,
}
