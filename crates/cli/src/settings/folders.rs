//! The folders of this user: where settings, journals and sign-ins are.

use std::path::PathBuf;

use etcetera::BaseStrategy as _;

use crate::errors::{CommandError, Exit};

/// The user's folders, as the system has them.
pub(crate) fn folders(what: &str) -> Result<impl etcetera::BaseStrategy, CommandError> {
    etcetera::choose_base_strategy().map_err(|error| {
        CommandError::new(Exit::Unavailable, format!("there is no folder for the {what}: {error}"))
    })
}

/// This program's folder for what it keeps.
pub(crate) fn state_dir() -> Result<PathBuf, CommandError> {
    let folders = folders("journals and sign-ins")?;
    let folder = folders.state_dir().unwrap_or_else(|| folders.data_dir());
    Ok(folder.join("pcdevices"))
}
