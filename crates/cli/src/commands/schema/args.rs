//! The arguments of `pcdevices schema`.

use clap::Args;

#[derive(Args)]
pub(crate) struct Schema {
    /// The document [default: list all documents]
    #[arg(value_name = "NAME")]
    pub(crate) name: Option<String>,
}
