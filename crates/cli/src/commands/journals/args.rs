//! The arguments of `pcdevices journals`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::args::{AllRows, Confirm, Format};

#[derive(Args)]
pub(crate) struct Journals {
    /// The directory with the journals [default: your state directory]
    #[arg(long, value_name = "DIR", global = true)]
    pub(crate) folder: Option<PathBuf>,

    #[command(subcommand)]
    pub(crate) what: JournalsCommand,
}

#[derive(Subcommand)]
pub(crate) enum JournalsCommand {
    /// List all journals with their start time, service and progress: one for each batch of a customer, one for its uploads to
    /// several batches, and one for uploads for several customers
    List {
        #[command(flatten)]
        format: Format,

        #[command(flatten)]
        all: AllRows,
    },
    /// Show the result for each row, and the requests
    Show {
        #[command(flatten)]
        journal: OneJournal,

        #[command(flatten)]
        all: AllRows,
    },
    /// Print the whole journal as JSON
    Export(OneJournal),
    /// Remove a journal, so that the same upload starts from the beginning
    Remove {
        #[command(flatten)]
        journal: OneJournal,

        #[command(flatten)]
        confirm: Confirm,
    },
}

#[derive(Args)]
pub(crate) struct OneJournal {
    /// The journal: its name in `journals list`, or its file
    pub(crate) name: String,
}
