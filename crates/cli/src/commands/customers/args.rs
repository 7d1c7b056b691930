//! The arguments of `pcdevices customers`.

use clap::{Args, Subcommand};

use crate::args::{Confirm, Format};

#[derive(Args)]
pub(crate) struct Customers {
    #[command(subcommand)]
    pub(crate) what: CustomersCommand,
}

#[derive(Subcommand)]
pub(crate) enum CustomersCommand {
    /// List the customers that have an alias on this machine
    List {
        #[command(flatten)]
        format: Format,
    },
    /// Name a customer, or change what a name stands for
    Add {
        /// What commands take as --customer from now on
        #[arg(value_parser = alias)]
        alias: String,

        /// The customer's tenant id
        #[arg(value_name = "TENANT-ID", value_parser = tenant_id)]
        id: uuid::Uuid,

        /// What is to be remembered of the customer
        #[arg(long, value_name = "TEXT")]
        note: Option<String>,

        #[command(flatten)]
        confirm: Confirm,
    },
    /// Forget a name; nothing changes at the service
    Remove { alias: String },
}

/// What can be told from an id, and typed without quotes in most shells.
fn alias(text: &str) -> Result<String, &'static str> {
    let text = text.trim();
    if text.is_empty() || text.starts_with('-') || text.chars().any(char::is_control) {
        return Err("a name has letters, digits and the like, and does not begin with -");
    }
    if text.contains(['/', '\\', '?', '#']) {
        return Err("a name has none of / \\ ? #");
    }
    if uuid::Uuid::try_parse(text).is_ok() {
        return Err(
            "a name that is a tenant id would hide that customer; the name comes first, then the id",
        );
    }
    Ok(text.to_owned())
}

fn tenant_id(text: &str) -> Result<uuid::Uuid, &'static str> {
    uuid::Uuid::try_parse(text.trim()).map_err(|_| {
        "it is no tenant id, such as 47021739-3426-40bf-9601-61b4b6d7c793; Partner Center shows it with the customer's account"
    })
}
