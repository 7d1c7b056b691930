//! The local index of customers and devices: one file per profile and service in the state directory. It is a cache, so most
//! commands work without it.

use std::path::PathBuf;

use partner_center_devices_fleet::index::{Index, IndexError};

use crate::errors::{CommandError, Exit};
use crate::settings::config::Config;
use crate::settings::folders::state_dir;

/// The index of a profile and a service. The file may not exist yet.
#[derive(Clone, Debug)]
pub(crate) struct CustomerIndex {
    file: PathBuf,
    service: String,
}

impl CustomerIndex {
    /// Selects the index of the profile in use and of the service with this root.
    pub(crate) fn of(config: &Config, service: &str) -> Result<Self, CommandError> {
        let folder = state_dir()?.join("index");
        let profile = match config.other_directory() {
            None => config.profile_name.clone(),
            Some(directory) => format!("{}@{directory}", config.profile_name),
        };
        let file = folder.join(format!("{profile}@{}.index", place(service)));
        Ok(Self { file, service: service.to_owned() })
    }

    /// Selects a file.
    #[cfg(test)]
    pub(crate) fn in_file(file: PathBuf, service: &str) -> Self {
        Self { file, service: service.to_owned() }
    }

    /// Opens the index; `None` if it does not exist.
    pub(crate) fn open_existing(&self) -> Result<Option<Index>, CommandError> {
        Index::open_existing(&self.file, &self.service).map_err(index_error)
    }

    /// Opens the index, creating the file if it does not exist.
    pub(crate) fn open(&self) -> Result<Index, CommandError> {
        Index::open(&self.file, &self.service).map_err(index_error)
    }
}

/// Returns the root of a service as a part of a file name: host and port, and a path if there is one.
fn place(service: &str) -> String {
    let root = service.trim_end_matches('/');
    let root = root.split_once("://").map_or(root, |(_, rest)| rest).to_lowercase();
    root.replace(|c: char| !c.is_alphanumeric() && !"-.".contains(c), "_")
}

/// Returns the error for an index that cannot be used.
pub(crate) fn index_error(error: IndexError) -> CommandError {
    let (exit, hint) = match &error {
        error if error.is_about_content() => (
            Exit::InvalidFile,
            "delete the file: it only caches names and serial numbers; pcdevices customers sync fills it again",
        ),
        IndexError::OtherService { .. } => (
            Exit::InvalidFile,
            "delete the file if you no longer use that service, or use another profile for this one",
        ),
        _ => (Exit::Unavailable, "free some space if the disk is full, and try again"),
    };
    CommandError::wrap(exit, error).hint(hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_has_one_file_name() {
        for (service, name) in [
            ("https://api.partnercenter.microsoft.com", "api.partnercenter.microsoft.com"),
            ("https://API.partnercenter.microsoft.com/", "api.partnercenter.microsoft.com"),
            ("http://127.0.0.1:8085", "127.0.0.1_8085"),
            ("http://[::1]:8085/x/../y", "___1__8085_x_.._y"),
        ] {
            assert_eq!(place(service), name);
        }
    }
}
