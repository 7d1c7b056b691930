//! The arguments of `pcdevices setup`.

use clap::Args;

use crate::args::CustomerName;
use crate::commands::auth::args::Login;

#[derive(Args)]
pub(crate) struct Setup {
    /// The first customer: the company name, the default domain or the tenant id
    #[arg(long, short, value_name = "CUSTOMER")]
    pub(crate) customer: Option<CustomerName>,

    /// A short name for this customer, to use with --customer
    #[arg(long, value_name = "ALIAS", requires = "customer")]
    pub(crate) alias: Option<String>,

    /// Sign in again, even if the sign-in still works
    #[arg(long)]
    pub(crate) sign_in_again: bool,

    #[command(flatten)]
    pub(crate) login: Login,
}
