//! `pcdevices journals`: lists, shows, exports and removes the journals of uploads.

pub(crate) mod args;

use std::path::Path;

use partner_center_devices_fleet::{ChunkRecord, ChunkState, Journal, JournalEntry, Journals};

use self::args::JournalsCommand;
use crate::args::{AllRows, Format};
use crate::errors::{CommandError, Exit, quoted};
use crate::settings::journals::{
    default_dir, find_journal, journal_error, open_journal, unreadable,
};
use crate::ui::list::{Column, Part, Record, column, csv_only, table_only, write_long_list};
use crate::ui::output::Ui;
use crate::ui::prompt;
use crate::ui::terminal_text;
use crate::ui::text_layout::{day, or_empty};
use crate::ui::{report_table, table};

pub(crate) fn run(ui: Ui, args: args::Journals) -> Result<Exit, CommandError> {
    let folder = args.folder.map_or_else(default_dir, Ok)?;
    match args.what {
        JournalsCommand::List { format, all } => list(ui, &folder, format, all)?,
        JournalsCommand::Show { journal: one, all } => {
            let journal = open_journal(&folder, &one.name)?;
            let report = journal.report().map_err(unreadable)?;
            let chunks = journal.chunks().map_err(unreadable)?;
            let (width, colors) = ui.screen();
            let all_rows =
                (!all.all).then(|| format!("pcdevices journals show {} --all", quoted(&one.name)));
            report_table::print(ui, &report, &[], all_rows.as_deref())?;
            ui.print(&format!("\n{}", requests(&chunks, width, colors)))?;
        }
        JournalsCommand::Export(one) => {
            let record = open_journal(&folder, &one.name)?.export().map_err(unreadable)?;
            ui.print_json(&record)?;
        }
        JournalsCommand::Remove { journal, confirm } => {
            let file = find_journal(&folder, &journal.name)?;
            let plan = format!(
                "Remove {}. A later upload of the same file sends all devices again.\n",
                terminal_text::path(&file)
            );
            prompt::show_plan(ui, &plan, confirm);
            prompt::confirm(ui, confirm, "Remove it?")?;
            Journal::remove(file).map_err(journal_error)?;
        }
    }
    Ok(Exit::Success)
}

impl Record for JournalEntry {
    const COLUMNS: &'static [Column<Self>] = &[
        column("Name", "name", |one| one.name.clone()),
        table_only("Started", |one: &Self| {
            one.started.map(|time| day(&time.to_string()).to_owned()).unwrap_or_default()
        })
        .rank(3),
        csv_only("begun", |one| one.started.map(|time| time.to_string()).unwrap_or_default()),
        column("Rows", "rows", |one: &Self| if_started(one, one.totals.rows)).number(),
        table_only("Registered", |one: &Self| {
            let registered = one.totals.registered + one.totals.already_registered;
            if_started(one, registered - one.totals.in_no_batch)
        })
        .number()
        .rank(2),
        csv_only("registered", |one| if_started(one, one.totals.registered)),
        csv_only("alreadyRegistered", |one| if_started(one, one.totals.already_registered)),
        csv_only("inNoBatch", |one| if_started(one, one.totals.in_no_batch)),
        column("Failed", "failed", |one: &Self| if_started(one, one.totals.failed))
            .number()
            .rank(1),
        csv_only("unknown", |one| if_started(one, one.totals.unknown)),
        table_only("State", |one| state(one).to_owned()),
        csv_only("inUse", |one| one.in_use.to_string()),
        csv_only("isOpen", |one| one.is_open.to_string()),
        csv_only("problem", |one| or_empty(&one.problem)),
        column("Service", "service", |one: &Self| or_empty(&one.service)).rank(4),
    ];
}

/// Formats a number that an upload has only after its start.
fn if_started(entry: &JournalEntry, number: usize) -> String {
    entry.started.as_ref().map(|_| number.to_string()).unwrap_or_default()
}

fn list(ui: Ui, folder: &Path, format: Format, all: AllRows) -> Result<(), CommandError> {
    let entries = Journals::in_directory(folder).list().map_err(journal_error)?;
    for problem in entries.iter().filter_map(|entry| entry.problem.as_ref()) {
        ui.status_line(problem);
    }
    write_long_list(
        ui,
        format,
        (Part::Start, all),
        &entries,
        "journals",
        &format!("There is no journal in {}", terminal_text::path(folder)),
    )
}

fn state(entry: &JournalEntry) -> &'static str {
    match entry {
        JournalEntry { in_use: true, .. } => "in use",
        JournalEntry { problem: Some(_), .. } => "unreadable",
        JournalEntry { started: None, .. } => "empty",
        JournalEntry { is_open: true, .. } => "open",
        _ => "done",
    }
}

/// Renders the requests of an upload as a table.
fn requests(chunks: &[ChunkRecord], width: Option<u16>, colors: bool) -> String {
    let columns = ["Request", "Batch", "Devices", "State", "Sent", "Tracking id"];
    let mut table = table::plain_table(&columns, width, colors);
    for chunk in chunks {
        table.add_row([
            chunk.number.to_string(),
            chunk.batch.to_string(),
            chunk.devices.to_string(),
            chunk_state(chunk.state).to_owned(),
            day(&chunk.recorded.to_string()).to_owned(),
            chunk.tracking_id.as_ref().map(ToString::to_string).unwrap_or_default(),
        ]);
    }
    table::to_text(&table)
}

pub(crate) fn chunk_state(state: ChunkState) -> &'static str {
    match state {
        ChunkState::Recorded => "unconfirmed",
        ChunkState::Accepted => "accepted",
        ChunkState::Unreported => "incomplete",
        ChunkState::Finished => "done",
        ChunkState::Refused => "rejected",
        ChunkState::ReadBack => "recovered",
        _ => "other",
    }
}
