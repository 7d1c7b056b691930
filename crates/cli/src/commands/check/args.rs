//! The arguments of `pcdevices check`.

use std::path::PathBuf;

use clap::Args;

use crate::args::Format;

#[derive(Args)]
pub(crate) struct Check {
    /// Files as for `pcdevices upload`, checked together; - reads standard input
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    /// Fail if there are more warnings than this
    #[arg(long, value_name = "COUNT")]
    pub(crate) max_warnings: Option<usize>,

    #[command(flatten)]
    pub(crate) format: Format,
}
