//! The arguments of `pcdevices policies`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::errors::Exit;

use crate::args::{Confirm, CustomerName, Format, Json, OneCustomer, Service};

#[derive(Args)]
pub(crate) struct Policies {
    #[command(subcommand)]
    pub(crate) what: PoliciesCommand,
}

#[derive(Subcommand)]
pub(crate) enum PoliciesCommand {
    /// List a customer's policies
    List {
        #[command(flatten)]
        customer: OneCustomer,

        #[command(flatten)]
        yaml: Yaml,

        #[command(flatten)]
        format: Format,

        #[command(flatten)]
        service: Service,
    },
    /// Show one policy
    Show {
        #[command(flatten)]
        policy: PolicyName,

        #[command(flatten)]
        customer: OneCustomer,

        #[command(flatten)]
        yaml: Yaml,

        #[command(flatten)]
        format: Format,

        #[command(flatten)]
        service: Service,
    },
    /// Make a policy
    Create {
        /// Its name, which no other policy of the customer has
        #[arg(value_name = "NAME", value_parser = name)]
        name: String,

        /// What it is for
        #[arg(long, value_name = "TEXT")]
        description: Option<String>,

        /// What it switches on: remove_oem_preinstalls, oobe_user_not_local_admin, skip_express_settings,
        /// skip_oem_registration or skip_eula; can be given more than once
        #[arg(long = "setting", value_name = "SETTING", required = true, value_delimiter = ',')]
        settings: Vec<String>,

        #[command(flatten)]
        customer: OneCustomer,

        #[command(flatten)]
        json: Json,

        #[command(flatten)]
        service: Service,
    },
    /// Change parts of a policy; the others stay
    Edit {
        #[command(flatten)]
        policy: PolicyName,

        #[command(flatten)]
        change: PolicyEdit,

        #[command(flatten)]
        customer: OneCustomer,

        #[command(flatten)]
        confirm: Confirm,

        #[command(flatten)]
        json: Json,

        #[command(flatten)]
        service: Service,
    },
    /// Delete a policy
    Delete {
        #[command(flatten)]
        policy: PolicyName,

        #[command(flatten)]
        customer: OneCustomer,

        #[command(flatten)]
        confirm: Confirm,

        #[command(flatten)]
        json: Json,

        #[command(flatten)]
        service: Service,
    },
    /// Compare a file of policies with what is there
    #[command(after_help = Exit::help_where(&[(Exit::SomeFailed, "something would change")]))]
    Diff {
        #[command(flatten)]
        wanted: Wanted,

        #[command(flatten)]
        json: Json,

        #[command(flatten)]
        service: Service,
    },
    /// Make policies as a file says: create, change, and with --prune delete
    Apply {
        #[command(flatten)]
        wanted: Wanted,

        #[command(flatten)]
        confirm: Confirm,

        #[command(flatten)]
        json: Json,

        #[command(flatten)]
        service: Service,
    },
}

#[derive(Args)]
pub(crate) struct PolicyName {
    /// Its name, in any case, or its id
    #[arg(value_name = "POLICY")]
    pub(crate) policy: String,
}

#[derive(Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct Yaml {
    /// Print a file that `pcdevices policies apply` takes
    #[arg(long, conflicts_with_all = ["json", "csv"])]
    pub(crate) yaml: bool,
}

#[derive(Args)]
#[group(required = true, multiple = true)]
pub(crate) struct PolicyEdit {
    /// A new name
    #[arg(long, value_name = "NAME", value_parser = name)]
    pub(crate) name: Option<String>,

    /// A new description; empty for none
    #[arg(long, value_name = "TEXT")]
    pub(crate) description: Option<String>,

    /// Switch this on; can be given more than once
    #[arg(long = "add-setting", value_name = "SETTING", value_delimiter = ',')]
    pub(crate) add: Vec<String>,

    /// Do not switch this on any more; can be given more than once
    #[arg(long = "remove-setting", value_name = "SETTING", value_delimiter = ',')]
    pub(crate) remove: Vec<String>,
}

/// What shall be, and where.
#[derive(Args)]
pub(crate) struct Wanted {
    /// A YAML or JSON file with `policies`, each with `name` and `settings`, and a `description` if it has one;
    /// `pcdevices policies list --yaml` writes one, `pcdevices schema policy-file` says what may stand in it; - is the standard
    /// input
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,

    /// The customer: an alias of `pcdevices customers`, or the tenant id; can be given more than once [default: the
    /// customers of the file, else the variable PCDEVICES_CUSTOMER]
    #[arg(long = "customer", short, value_name = "CUSTOMER")]
    pub(crate) customers: Vec<CustomerName>,

    /// Delete policies that the file does not have; those that devices have stay
    #[arg(long)]
    pub(crate) prune: bool,
}

fn name(text: &str) -> Result<String, &'static str> {
    match text.trim() {
        "" => Err("a policy has a name"),
        name => Ok(name.to_owned()),
    }
}
