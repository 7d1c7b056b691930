//! The arguments of `pcdevices explain`.

use clap::Args;

use crate::args::Format;

#[derive(Args)]
pub(crate) struct Explain {
    /// Codes or names: of a device's error such as 808 or ZtdDeviceNotFound, of the service such as 20002, an HTTP
    /// status such as 403, a rule of `pcdevices check` such as hash-checksum; without any, all are listed
    #[arg(value_name = "CODE")]
    pub(crate) codes: Vec<String>,

    #[command(flatten)]
    pub(crate) format: Format,
}
