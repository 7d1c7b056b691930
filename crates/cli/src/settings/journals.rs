//! The journals of uploads and their directory. Each batch of a customer has one journal: two files for one batch share
//! their history, so a device that is done is not resent from the other file. Uploads to several batches of a customer
//! share another journal, and uploads for several customers share a third one.

use std::path::{Path, PathBuf};

use partner_center_devices::{BatchId, CustomerId, PUBLIC_CLOUD, is_loopback_url};
use partner_center_devices_fleet::{Journal, JournalError, Journals};

use crate::errors::{CommandError, Exit};
use crate::settings::folders::state_dir;

pub(crate) fn open_journal(folder: &Path, name: &str) -> Result<Journal, CommandError> {
    Journal::open_read_only(find_journal(folder, name)?).map_err(unreadable)
}

/// Returns the error for a journal that is only read. The file is the problem, not the disk.
pub(crate) fn unreadable(error: JournalError) -> CommandError {
    let is_damaged = matches!(error, JournalError::Broken { .. });
    let mut failure = journal_error(error);
    if is_damaged {
        failure.exit = Exit::InvalidFile;
    }
    failure
}

/// Finds a journal by its name in the list, by its path, or by the name it was created under.
pub(crate) fn find_journal(folder: &Path, name: &str) -> Result<PathBuf, CommandError> {
    let journals = Journals::in_directory(folder);
    let files = [folder.join(format!("{name}.journal")), name.into(), journals.path(name)];
    files.into_iter().find(|file| file.is_file()).ok_or_else(|| {
        let message = format!("there is no journal {name} in {}", folder.display());
        CommandError::new(Exit::InvalidFile, message).hint("list them: pcdevices journals list")
    })
}

pub(crate) fn default_dir() -> Result<PathBuf, CommandError> {
    let folder = state_dir()
        .map_err(|error| error.hint("name a file with --journal, or a directory with --folder"))?;
    Ok(folder.join("journals"))
}

/// Returns the journal of a batch; `None` for a service on this machine, because an emulator forgets its devices.
pub(crate) fn default_file(
    base_url: &str,
    customer: &CustomerId,
    batch: &BatchId,
) -> Result<Option<PathBuf>, CommandError> {
    if is_loopback_url(base_url) {
        return Ok(None);
    }
    let journals = Journals::in_directory(default_dir()?);
    Ok(Some(journals.path(&name(base_url, customer, batch))))
}

/// Returns the journal that all uploads to several batches of a customer share.
pub(crate) fn default_file_for_batches(
    base_url: &str,
    customer: &CustomerId,
) -> Result<Option<PathBuf>, CommandError> {
    if is_loopback_url(base_url) {
        return Ok(None);
    }
    let journals = Journals::in_directory(default_dir()?);
    let name = format!("{customer} several batches").to_lowercase();
    Ok(Some(journals.path(&of_service(base_url, name))))
}

/// Returns the journal that all uploads for several customers share.
pub(crate) fn default_file_for_several(base_url: &str) -> Result<Option<PathBuf>, CommandError> {
    if is_loopback_url(base_url) {
        return Ok(None);
    }
    let journals = Journals::in_directory(default_dir()?);
    Ok(Some(journals.path(&of_service(base_url, "several customers".to_owned()))))
}

/// Customers and batches are compared without case.
fn name(base_url: &str, customer: &CustomerId, batch: &BatchId) -> String {
    of_service(base_url, format!("{customer} {batch}").to_lowercase())
}

fn of_service(base_url: &str, name: String) -> String {
    match base_url.trim_end_matches('/') {
        PUBLIC_CLOUD => name,
        other => format!("{} {name}", other.trim_start_matches("https://")),
    }
}

pub(crate) fn journal_error(error: JournalError) -> CommandError {
    let exit = match error {
        JournalError::NotAJournal { .. } | JournalError::Newer { .. } => Exit::InvalidFile,
        _ => Exit::Unavailable,
    };
    let hint = match error {
        JournalError::InUse { .. } => Some("wait for the other upload, or check its output"),
        JournalError::OtherService { .. } => Some("name another file with --journal"),
        JournalError::NotAJournal { .. } => {
            Some("name another file, or move this one away before you upload again")
        }
        JournalError::Broken { .. } => Some(
            "free some space if the disk is full; if the file is damaged, move it away and upload again: devices that are already registered stay as they are",
        ),
        _ => None,
    };
    hint.into_iter().fold(CommandError::wrap(exit, error), CommandError::hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_has_one_name_however_it_is_spelled() {
        let customer = CustomerId::new("47021739-3426-40BF-9601-61B4B6D7C793").unwrap();
        let named = |url: &str, batch: &str| name(url, &customer, &BatchId::new(batch).unwrap());
        let contoso = "47021739-3426-40bf-9601-61b4b6d7c793 contoso hq";
        assert_eq!(named(PUBLIC_CLOUD, "Contoso HQ"), contoso);
        assert_eq!(named(PUBLIC_CLOUD, "CONTOSO hq"), contoso);
        assert_eq!(named("https://x.example", "Contoso HQ"), format!("x.example {contoso}"));
    }
}
