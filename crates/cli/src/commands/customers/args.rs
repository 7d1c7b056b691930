//! The arguments of `pcdevices customers`.

use clap::{Args, Subcommand};

use crate::args::{Confirm, Format, Json, Service};
use crate::errors::Exit;

#[derive(Args)]
pub(crate) struct Customers {
    #[command(subcommand)]
    pub(crate) what: CustomersCommand,
}

#[derive(Subcommand)]
pub(crate) enum CustomersCommand {
    /// List the customers that have an alias on this machine, or all that this machine knows
    List {
        /// List all customers of the index on this machine, with the time at which the service reported them
        #[arg(long, conflicts_with = "names")]
        all: bool,

        /// Print everything that --customer accepts, one name per line: aliases, company names and domains of this
        /// machine's index
        #[arg(long, conflicts_with_all = ["json", "csv"])]
        names: bool,

        #[command(flatten)]
        format: Format,
    },
    /// Find customers by the start of their company name or default domain
    Find {
        /// The start of the name or domain
        #[arg(value_name = "TEXT")]
        text: String,

        #[command(flatten)]
        format: Format,

        #[command(flatten)]
        service: Service,
    },
    /// Read all customers into the index on this machine, so that their names need no call
    ///
    /// The service returns 500 customers per request. The index has the time of the list. If you stop the command, or if it
    /// fails, the next one resumes.
    #[command(after_help = Exit::help())]
    Sync {
        #[command(flatten)]
        json: Json,

        #[command(flatten)]
        service: Service,
    },
    /// Add an alias, a short name for a customer, or change it
    Add {
        /// The alias to use with --customer
        #[arg(value_parser = alias)]
        alias: String,

        /// The customer's tenant id
        #[arg(value_name = "TENANT-ID", value_parser = tenant_id)]
        id: uuid::Uuid,

        /// A note about the customer
        #[arg(long, value_name = "TEXT")]
        note: Option<String>,

        #[command(flatten)]
        confirm: Confirm,
    },
    /// Remove an alias; nothing changes in Partner Center
    Remove {
        /// The alias to remove
        alias: String,
    },
}

/// Parses an alias: not a tenant id, and easy to type in most shells.
pub(crate) fn alias(text: &str) -> Result<String, &'static str> {
    let text = text.trim();
    if text.is_empty() || text.starts_with('-') || text.chars().any(char::is_control) {
        return Err("an alias cannot be empty, start with - or contain control characters");
    }
    if text.contains(['/', '\\', '?', '#']) {
        return Err("an alias cannot contain / \\ ? or #");
    }
    if uuid::Uuid::try_parse(text).is_ok() {
        return Err("an alias cannot be a tenant id; give the alias first, then the tenant id");
    }
    Ok(text.to_owned())
}

pub(crate) fn tenant_id(text: &str) -> Result<uuid::Uuid, &'static str> {
    uuid::Uuid::try_parse(text.trim()).map_err(|_| {
        "not a tenant id, such as 47021739-3426-40bf-9601-61b4b6d7c793; Partner Center shows it in the customer's account"
    })
}
