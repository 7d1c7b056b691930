//! The arguments of `pcdevices man`.

use std::path::PathBuf;

use clap::Args;

#[derive(Args)]
pub(crate) struct Man {
    /// The command, such as `policies apply` [default: the page of pcdevices]
    #[arg(value_name = "COMMAND", conflicts_with = "output")]
    pub(crate) command: Vec<String>,

    /// Write the pages of all commands to this directory, such as ~/.local/share/man/man1
    #[arg(long, short, value_name = "DIR")]
    pub(crate) output: Option<PathBuf>,
}
