//! `pcdevices journals`, and where journals are when none is named. Decides that each batch of a customer has one: two
//! files for one batch are then one history, and a device that has its outcome is not sent again from another file.

use std::path::{Path, PathBuf};

use partner_center_devices::{BatchId, CustomerId, PUBLIC_CLOUD, is_loopback_url};
use partner_center_devices_fleet::{ChunkRecord, ChunkState, Journal, JournalEntry, Journals};

use crate::args::{self, Format, JournalsCommand};
use crate::commands::upload::unusable;
use crate::config::state_folder;
use crate::error::{Exit, Failure};
use crate::output::{
    self, Column, Record, column, csv_only, say, screen, table_only, write, write_json, write_list,
};
use crate::table;
use crate::text::opt;

pub(crate) fn run(args: args::Journals) -> Result<Exit, Failure> {
    let folder = args.folder.map_or_else(default_folder, Ok)?;
    match args.what {
        JournalsCommand::List { format } => list(&folder, format)?,
        JournalsCommand::Show(one) => {
            let journal = look(&folder, &one.name)?;
            let report = journal.report().map_err(unusable)?;
            let chunks = journal.chunks().map_err(unusable)?;
            let (width, colours) = screen();
            let rows = table::render(&report, &[], width, colours);
            write(&format!("{rows}\n{}", requests(&chunks, width, colours)))?;
        }
        JournalsCommand::Export(one) => {
            let record = look(&folder, &one.name)?.export().map_err(unusable)?;
            write_json(&record)?;
        }
        JournalsCommand::Remove { journal, confirm } => {
            let file = find(&folder, &journal.name)?;
            let plan = format!("{} would be removed, and what it knows be lost\n", file.display());
            output::show_plan(&plan, confirm);
            output::confirm(confirm, "Remove it?")?;
            Journal::remove(file).map_err(unusable)?;
        }
    }
    Ok(Exit::AllWell)
}

impl Record for JournalEntry {
    const COLUMNS: &'static [Column<Self>] = &[
        column("Name", "name", |one| one.name.clone()),
        table_only("Begun", |one| one.begun.as_deref().map(day).unwrap_or_default().to_owned()),
        csv_only("begun", |one| opt(&one.begun)),
        column("Rows", "rows", |one| of_begun(one, one.totals.rows)),
        table_only("Registered", |one| {
            of_begun(one, one.totals.registered + one.totals.already_registered)
        }),
        csv_only("registered", |one| of_begun(one, one.totals.registered)),
        csv_only("alreadyRegistered", |one| of_begun(one, one.totals.already_registered)),
        column("Failed", "failed", |one| of_begun(one, one.totals.failed)),
        csv_only("unknown", |one| of_begun(one, one.totals.unknown)),
        table_only("State", |one| state(one).to_owned()),
        csv_only("inUse", |one| one.in_use.to_string()),
        csv_only("isOpen", |one| one.is_open.to_string()),
        csv_only("problem", |one| opt(&one.problem)),
        column("Service", "service", |one| opt(&one.service)),
    ];
}

/// A number that is known once a run has begun.
fn of_begun(entry: &JournalEntry, number: usize) -> String {
    entry.begun.as_ref().map(|_| number.to_string()).unwrap_or_default()
}

fn list(folder: &Path, format: Format) -> Result<(), Failure> {
    let entries = Journals::in_folder(folder).list().map_err(unusable)?;
    for problem in entries.iter().filter_map(|entry| entry.problem.as_ref()) {
        say(&format!("{problem}\n"));
    }
    write_list(format, &entries, &format!("there is no journal in {}", folder.display()))
}

fn state(entry: &JournalEntry) -> &'static str {
    match entry {
        JournalEntry { in_use: true, .. } => "in use",
        JournalEntry { problem: Some(_), .. } => "unreadable",
        JournalEntry { begun: None, .. } => "empty",
        JournalEntry { is_open: true, .. } => "open",
        _ => "done",
    }
}

/// The requests of a run, each with what finds it again.
fn requests(chunks: &[ChunkRecord], width: Option<u16>, colours: bool) -> String {
    let columns = ["Request", "Batch", "Devices", "State", "Sent", "Tracking id"];
    let mut table = table::bare(&columns, width, colours);
    for chunk in chunks {
        table.add_row([
            chunk.number.to_string(),
            chunk.batch.clone(),
            chunk.devices.to_string(),
            chunk_state(chunk.state).to_owned(),
            day(&chunk.noted).to_owned(),
            chunk.tracking_id.clone().unwrap_or_default(),
        ]);
    }
    table::lined(&table)
}

pub(crate) fn chunk_state(state: ChunkState) -> &'static str {
    match state {
        ChunkState::Noted => "in doubt",
        ChunkState::Accepted => "accepted",
        ChunkState::Unanswered => "unanswered",
        ChunkState::Settled => "settled",
        ChunkState::Refused => "refused",
        ChunkState::ReadBack => "read back",
        _ => "other",
    }
}

/// Of a moment in RFC 3339.
pub(crate) fn day(moment: &str) -> &str {
    moment.split('T').next().unwrap_or_default()
}

pub(crate) fn look(folder: &Path, name: &str) -> Result<Journal, Failure> {
    Journal::existing(find(folder, name)?).map_err(unusable)
}

/// The file of a journal by its name in the list, by itself, or by the name that it was made under.
fn find(folder: &Path, name: &str) -> Result<PathBuf, Failure> {
    let journals = Journals::in_folder(folder);
    let files = [folder.join(format!("{name}.journal")), name.into(), journals.path(name)];
    files.into_iter().find(|file| file.is_file()).ok_or_else(|| {
        let what = format!("there is no journal {name} in {}", folder.display());
        Failure::new(Exit::BadFile, what).hint("pcdevices journals list shows all")
    })
}

pub(crate) fn default_folder() -> Result<PathBuf, Failure> {
    let folder = state_folder()
        .map_err(|failure| failure.hint("name a file with --journal, or a folder with --folder"))?;
    Ok(folder.join("journals"))
}

/// The file for a batch; `None` for a service on this machine: an emulator forgets, and what was registered there
/// then says nothing.
pub(crate) fn default_file(
    base_url: &str,
    customer: &CustomerId,
    batch: &BatchId,
) -> Result<Option<PathBuf>, Failure> {
    if is_loopback_url(base_url) {
        return Ok(None);
    }
    let journals = Journals::in_folder(default_folder()?);
    Ok(Some(journals.path(&name(base_url, customer, batch))))
}

/// The file for uploads for several customers at once: they have one history.
pub(crate) fn default_file_of_several(base_url: &str) -> Result<Option<PathBuf>, Failure> {
    if is_loopback_url(base_url) {
        return Ok(None);
    }
    let journals = Journals::in_folder(default_folder()?);
    Ok(Some(journals.path(&of_service(base_url, "several customers".to_owned()))))
}

/// Case makes no difference between customers, nor between batches.
fn name(base_url: &str, customer: &CustomerId, batch: &BatchId) -> String {
    of_service(base_url, format!("{customer} {batch}").to_lowercase())
}

fn of_service(base_url: &str, name: String) -> String {
    match base_url.trim_end_matches('/') {
        PUBLIC_CLOUD => name,
        other => format!("{} {name}", other.trim_start_matches("https://")),
    }
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
