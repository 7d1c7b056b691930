//! Parsers for the values of arguments.

use std::path::PathBuf;

use clap::ValueEnum;
use clap::builder::{OsStringValueParser, TypedValueParser as _};
use partner_center_devices::{BatchId, InvalidId};

/// The source of each row's customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CustomerFrom {
    /// A column such as Tenant ID
    Column,
    /// The folder that contains the file
    Folder,
}

/// Parses a batch name. Rejects a blank name, although the service accepts it, because you could not find that batch again.
pub(crate) fn batch_name(text: &str) -> Result<BatchId, String> {
    if !text.is_empty() && text.trim().is_empty() {
        return Err("the batch name is blank".to_owned());
    }
    BatchId::new(text).map_err(|error: InvalidId| error.to_string())
}

/// Parses a path, which may be empty: shells pass an unset variable as an empty text.
pub(crate) fn path() -> impl clap::builder::TypedValueParser<Value = PathBuf> {
    OsStringValueParser::new().map(PathBuf::from)
}
