//! The arguments of `pcdevices explain`.

use std::path::PathBuf;

use clap::Args;

use crate::args::Format;

#[derive(Args)]
pub(crate) struct Explain {
    /// Device error codes or names (808, ZtdDeviceNotFound), service error codes (20002), HTTP statuses (403), error codes of
    /// the sign-in (AADSTS700082) or rules of `pcdevices check` (hash-checksum) [default: list all]
    #[arg(value_name = "CODE")]
    pub(crate) codes: Vec<String>,

    /// With the code 808: write letters to the seller and to Microsoft support, a checklist and a list of the devices, for the
    /// devices that failed with it. REPORT is a report in JSON or CSV, or the name of a journal
    #[arg(long = "for", value_name = "REPORT", requires = "codes", conflicts_with_all = ["json", "csv"])]
    pub(crate) report: Option<PathBuf>,

    /// The directory for these files, which must be empty or missing [default: 808- and the name of the report]
    #[arg(long, value_name = "DIR", requires = "report")]
    pub(crate) output: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) format: Format,
}
