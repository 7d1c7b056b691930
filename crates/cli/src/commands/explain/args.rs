//! The arguments of `pcdevices explain`.

use clap::Args;

use crate::args::Format;

#[derive(Args)]
pub(crate) struct Explain {
    /// Device error codes or names (808, ZtdDeviceNotFound), service error codes (20002), HTTP statuses (403), error codes of
    /// the sign-in (AADSTS700082) or rules of `pcdevices check` (hash-checksum) [default: list all]
    #[arg(value_name = "CODE")]
    pub(crate) codes: Vec<String>,

    #[command(flatten)]
    pub(crate) format: Format,
}
