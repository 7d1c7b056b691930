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
    /// Create a policy
    Create {
        /// The name; must be unique among the customer's policies
        #[arg(value_name = "NAME", value_parser = name)]
        name: String,

        /// A description
        #[arg(long, value_name = "TEXT")]
        description: Option<String>,

        /// A setting to turn on: remove_oem_preinstalls, oobe_user_not_local_admin, skip_express_settings,
        /// skip_oem_registration or skip_eula; repeat for more
        #[arg(long = "setting", value_name = "SETTING", required = true, value_delimiter = ',')]
        settings: Vec<String>,

        #[command(flatten)]
        customer: OneCustomer,

        #[command(flatten)]
        json: Json,

        #[command(flatten)]
        service: Service,
    },
    /// Change parts of a policy and leave the rest as it is
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
    /// Compare a policy file with the customer's policies
    #[command(after_help = Exit::help_with(&[(Exit::SomeFailed, "something would change")]))]
    Diff {
        #[command(flatten)]
        policy_file: PolicyFileArgs,

        #[command(flatten)]
        json: Json,

        #[command(flatten)]
        service: Service,
    },
    /// Apply policies from a file: create, change, and with --prune delete
    Apply {
        #[command(flatten)]
        policy_file: PolicyFileArgs,

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
    /// The policy: its name, in upper or lower case, or its id
    #[arg(value_name = "POLICY")]
    pub(crate) policy: String,
}

#[derive(Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct Yaml {
    /// Print a file for `pcdevices policies apply`
    #[arg(long, conflicts_with_all = ["json", "csv"])]
    pub(crate) yaml: bool,
}

#[derive(Args)]
#[group(required = true, multiple = true)]
pub(crate) struct PolicyEdit {
    /// A new name
    #[arg(long, value_name = "NAME", value_parser = name)]
    pub(crate) name: Option<String>,

    /// A new description; an empty text removes it
    #[arg(long, value_name = "TEXT")]
    pub(crate) description: Option<String>,

    /// Turn on this setting; repeat for more
    #[arg(long = "add-setting", value_name = "SETTING", value_delimiter = ',')]
    pub(crate) add: Vec<String>,

    /// Turn off this setting; repeat for more
    #[arg(long = "remove-setting", value_name = "SETTING", value_delimiter = ',')]
    pub(crate) remove: Vec<String>,
}

/// The policy file and the customers to apply it to.
#[derive(Args)]
pub(crate) struct PolicyFileArgs {
    /// A YAML or JSON file with a list `policies`, each with `name`, `settings` and an optional `description`;
    /// `pcdevices policies list --yaml` prints one, `pcdevices schema policy-file` prints its schema; - reads standard
    /// input
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,

    /// The customer: an alias from `pcdevices customers list`, the company name, the default domain or the tenant id; repeat for more [default: the
    /// customers in the file, then PCDEVICES_CUSTOMER]
    #[arg(long = "customer", short, value_name = "CUSTOMER")]
    pub(crate) customers: Vec<CustomerName>,

    /// Delete policies that are not in the file, unless a device uses them
    #[arg(long)]
    pub(crate) prune: bool,
}

fn name(text: &str) -> Result<String, &'static str> {
    match text.trim() {
        "" => Err("the policy name is blank"),
        name => Ok(name.to_owned()),
    }
}
