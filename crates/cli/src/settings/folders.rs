//! The directories of this user for settings, journals and sign-ins.

use std::path::PathBuf;

use etcetera::BaseStrategy as _;

use crate::errors::{CommandError, Exit};

/// Returns the directories that the system defines for this user.
pub(crate) fn folders(what: &str) -> Result<impl etcetera::BaseStrategy, CommandError> {
    etcetera::choose_base_strategy().map_err(|error| {
        CommandError::new(Exit::Unavailable, format!("there is no directory for the {what}"))
            .with_source(error)
    })
}

/// Returns the directory for the state of this program.
pub(crate) fn state_dir() -> Result<PathBuf, CommandError> {
    let folders = folders("journals and sign-ins")?;
    let folder = folders.state_dir().unwrap_or_else(|| folders.data_dir());
    Ok(folder.join("pcdevices"))
}
