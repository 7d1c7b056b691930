//! The arguments of `pcdevices journals`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::args::{Confirm, Format};

#[derive(Args)]
pub(crate) struct Journals {
    /// Where the journals are [default: this user's state folder]
    #[arg(long, value_name = "DIR", global = true)]
    pub(crate) folder: Option<PathBuf>,

    #[command(subcommand)]
    pub(crate) what: JournalsCommand,
}

#[derive(Subcommand)]
pub(crate) enum JournalsCommand {
    /// List all: when each began, for which service, and how far it is
    List {
        #[command(flatten)]
        format: Format,
    },
    /// Show what became of each row, and the requests
    Show(OneJournal),
    /// Print all that a journal holds, as JSON
    Export(OneJournal),
    /// Remove one; the same upload begins anew then
    Remove {
        #[command(flatten)]
        journal: OneJournal,

        #[command(flatten)]
        confirm: Confirm,
    },
}

#[derive(Args)]
pub(crate) struct OneJournal {
    /// Its name in the list, or its file
    pub(crate) name: String,
}
