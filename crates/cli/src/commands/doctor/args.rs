//! The arguments of `pcdevices doctor`.

use clap::Args;

use crate::args::{CustomerName, Json, Service};

#[derive(Args)]
pub(crate) struct Doctor {
    /// A customer to ask for, by alias or tenant id: then it is known whether the rights suffice
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
