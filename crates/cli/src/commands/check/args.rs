//! The arguments of `pcdevices check`.

use std::path::PathBuf;

use clap::Args;

use crate::args::{CustomerFrom, Format};

#[derive(Args)]
pub(crate) struct Check {
    /// Files as for `pcdevices upload`, checked together; - reads standard input
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    /// Check the files of an upload for several customers, without looking the customers up: with `folder`, FILE is the
    /// parent of a folder for each customer
    #[arg(long, value_name = "SOURCE", value_enum)]
    pub(crate) customer_from: Option<CustomerFrom>,

    /// List the device of each row: serial number, manufacturer, model, the tool that made its hash, and whether its TPM is
    /// ready for Autopilot; with --csv, this list replaces the findings
    #[arg(long)]
    pub(crate) details: bool,

    /// Check the files as lists of devices whose motherboard was replaced: only a new hardware hash registers them
    #[arg(long)]
    pub(crate) after_repair: bool,

    /// Fail if there are more warnings than this
    #[arg(long, value_name = "COUNT")]
    pub(crate) max_warnings: Option<usize>,

    #[command(flatten)]
    pub(crate) format: Format,
}
