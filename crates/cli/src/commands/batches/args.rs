//! The arguments of `pcdevices batches`.

use clap::{Args, Subcommand};

use crate::args::{AllRows, Format, OneCustomer, Service};

#[derive(Args)]
pub(crate) struct Batches {
    #[command(subcommand)]
    pub(crate) what: BatchesCommand,
}

#[derive(Subcommand)]
pub(crate) enum BatchesCommand {
    /// List a customer's batches
    List {
        #[command(flatten)]
        customer: OneCustomer,

        #[command(flatten)]
        format: Format,

        #[command(flatten)]
        all: AllRows,

        #[command(flatten)]
        service: Service,
    },
}
