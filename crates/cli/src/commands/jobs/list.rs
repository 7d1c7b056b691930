//! The jobs of this machine's uploads, from their journals.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use partner_center_devices::{BatchTrackingId, CustomerId};
use partner_center_devices_fleet::{ChunkRecord, Journal, JournalEntry, JournalError, Journals};
use schemars::JsonSchema;
use serde::Serialize;

use super::args::ListJobs;
use crate::args::Global;
use crate::commands::journals::chunk_state;
use crate::errors::{CommandError, Exit};
use crate::settings::config::Config;
use crate::settings::customer_lookup::Customers;
use crate::settings::customers::Alias;
use crate::settings::journals::{default_dir, journal_error};
use crate::settings::session::target_without_flags;
use crate::ui::list::{Column, Part, Record, column, csv_only, table_only, write_long_list};
use crate::ui::output::Ui;
use crate::ui::terminal_text;
use crate::ui::text_layout::{list_of, or_empty};

/// A job that an upload on this machine started.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct JobRecord {
    /// The start of the tracking id that no other job of this machine has.
    #[serde(skip)]
    short_id: String,
    /// The job's tracking id.
    tracking_id: String,
    /// The customer.
    customer: String,
    /// The customer's alias on this machine.
    alias: Option<String>,
    /// The customer's name for people, as far as this machine knows it.
    #[serde(skip)]
    name: Option<String>,
    /// The batch.
    batch: String,
    /// The number of devices in the request.
    devices: u64,
    /// The state that the upload last recorded.
    state: partner_center_devices_fleet::ChunkState,
    /// The time of the request, in RFC 3339.
    sent: String,
    /// The service that received the request.
    service: Option<String>,
    /// The journal that records the job.
    journal: String,
}

impl Record for JobRecord {
    const COLUMNS: &'static [Column<Self>] = &[
        table_only("Job", |job| job.short_id.clone()),
        csv_only("trackingId", |job| job.tracking_id.clone()),
        table_only("State", |job| chunk_state(job.state).to_owned()),
        table_only("Customer", |job: &Self| {
            let name = job.alias.clone().or_else(|| job.name.clone());
            name.unwrap_or_else(|| job.customer.clone())
        })
        .rank(3),
        csv_only("customer", |job| job.customer.clone()),
        csv_only("alias", |job| or_empty(&job.alias)),
        column("Batch", "batch", |job: &Self| job.batch.clone()).rank(1),
        column("Devices", "devices", |job: &Self| job.devices.to_string()).number().rank(4),
        csv_only("state", state_name),
        table_only("Sent", |job: &Self| {
            let second = job.sent.split(['.', 'Z']).next().unwrap_or_default();
            second.replace('T', " ") + "Z"
        })
        .rank(2),
        csv_only("sent", |job| job.sent.clone()),
        csv_only("service", |job| or_empty(&job.service)),
        csv_only("journal", |job| job.journal.clone()),
    ];
}

/// The shortest id that is shown.
const MIN_ID: usize = 8;

/// Shortens the id of each job to the start that no other job has. An id of at most twice the shortest length stays whole.
fn shorten_ids(jobs: &mut [JobRecord]) {
    let mut ids: Vec<String> = jobs.iter().map(|job| job.tracking_id.clone()).collect();
    ids.sort();
    ids.dedup();
    let common = |one: &str, other: &str| {
        one.chars().zip(other.chars()).take_while(|(one, other)| one == other).count()
    };
    let needed = ids.windows(2).map(|pair| common(&pair[0], &pair[1]) + 1).max();
    let length = needed.unwrap_or_default().max(MIN_ID);
    for job in jobs {
        let is_long = job.tracking_id.chars().count() > 2 * MIN_ID;
        let length = if is_long { length } else { usize::MAX };
        job.short_id = job.tracking_id.chars().take(length).collect();
    }
}

/// Returns the whole id of a job of this machine that starts with this text, or the text itself: the job may be one of another
/// machine.
///
/// # Errors
/// If several jobs start with the text.
pub(super) fn whole_id(typed: &BatchTrackingId) -> Result<BatchTrackingId, CommandError> {
    if uuid::Uuid::try_parse(typed.as_str()).is_ok() {
        return Ok(typed.clone());
    }
    let Ok(folder) = default_dir() else { return Ok(typed.clone()) };
    let entries = Journals::in_directory(&folder).list().unwrap_or_default();
    let readable = entries.iter().filter(|entry| !entry.in_use && entry.problem.is_none());
    let chunks = readable.filter_map(|entry| requests(&folder, entry).ok());
    let ids: BTreeSet<String> = chunks
        .flatten()
        .filter_map(|chunk| Some(chunk.tracking_id?.to_string()))
        .filter(|id| id.starts_with(typed.as_str()))
        .collect();
    match ids.len() {
        1 => Ok(ids
            .first()
            .and_then(|id| BatchTrackingId::new(id.clone()).ok())
            .unwrap_or_else(|| typed.clone())),
        0 => Ok(typed.clone()),
        _ if ids.contains(typed.as_str()) => Ok(typed.clone()),
        _ => {
            let ids: Vec<_> = ids.into_iter().collect();
            let message = format!("several jobs start with '{typed}'");
            Err(CommandError::new(Exit::Usage, message)
                .hint(format!("type more of the id: {}", list_of("job", &ids))))
        }
    }
}

/// Returns the state's name in JSON.
fn state_name(job: &JobRecord) -> String {
    let name = serde_json::to_value(job.state).ok();
    name.and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
}

pub(super) fn list(ui: Ui, global: &Global, args: &ListJobs) -> Result<Exit, CommandError> {
    let config = Config::read(global)?;
    let aliases = config.aliases()?;
    let names: HashMap<String, &Alias> =
        aliases.iter().map(|alias| (alias.id.to_lowercase(), alias)).collect();
    let folder = args.folder.clone().map_or_else(default_dir, Ok)?;
    let (journals, left_out) = journals(ui, &folder)?;
    let customer = match &args.customer {
        None => None,
        Some(name) => {
            let target = target_without_flags(&config.profile);
            let customers = Customers::of(&config, &target.base_url)?;
            let chunks = journals.iter().flat_map(|(_, chunks)| chunks);
            let ids = chunks.map(|chunk| chunk.customer.clone()).collect();
            Some(customers.among(ui, name, &ids)?)
        }
    };
    let known = Customers::of(&config, &target_without_flags(&config.profile).base_url)?;
    let mut found: HashMap<String, Option<String>> = HashMap::new();
    let mut company_name = |id: &str| {
        let name = || known.company_name(ui, &CustomerId::new(id).ok()?);
        found.entry(id.to_owned()).or_insert_with(name).clone()
    };
    let mut jobs = Vec::new();
    for (journal, chunks) in journals {
        for chunk in chunks {
            let Some(tracking_id) = chunk.tracking_id else { continue };
            let id = chunk.customer.as_str().to_lowercase();
            if customer.as_ref().is_some_and(|customer| customer.as_str().to_lowercase() != id) {
                continue;
            }
            jobs.push(JobRecord {
                short_id: String::new(),
                tracking_id: tracking_id.to_string(),
                alias: names.get(&id).map(|alias| alias.alias.clone()),
                name: company_name(&id),
                customer: chunk.customer.to_string(),
                batch: chunk.batch.to_string(),
                devices: chunk.devices,
                state: chunk.state,
                sent: chunk.recorded.to_string(),
                service: journal.service.clone(),
                journal: journal.name.clone(),
            });
        }
    }
    jobs.sort_by(|one, other| one.sent.cmp(&other.sent)); // the newest is the last: it is next to the prompt
    shorten_ids(&mut jobs);
    let filter = if customer.is_some() { " for this customer" } else { "" };
    let none =
        format!("There are no jobs{filter} in the journals in {}", terminal_text::path(&folder));
    write_long_list(ui, args.format, (Part::End, args.all), &jobs, "jobs", &none)?;
    Ok(left_out.unwrap_or(Exit::Success))
}

type JournalWithRequests = (JournalEntry, Vec<ChunkRecord>);

fn in_use(name: &str) -> String {
    format!("journal {name} is in use by an upload; its jobs are not listed")
}

/// Reads the requests of a journal in a directory.
fn requests(folder: &Path, entry: &JournalEntry) -> Result<Vec<ChunkRecord>, JournalError> {
    Journal::open_read_only(folder.join(format!("{}.journal", entry.name)))?.chunks()
}

/// Returns the journals in a directory with their requests. Warns about journals whose jobs are not listed, and returns the
/// exit code for them.
fn journals(
    ui: Ui,
    folder: &Path,
) -> Result<(Vec<JournalWithRequests>, Option<Exit>), CommandError> {
    let mut all = Vec::new();
    let (mut is_in_use, mut is_unreadable) = (false, false);
    let journals = Journals::in_directory(folder);
    for entry in journals.list().map_err(journal_error)? {
        if entry.in_use {
            is_in_use = true;
            ui.warning(&in_use(&entry.name));
            continue;
        }
        let chunks = match &entry.problem {
            Some(problem) => Err(problem.clone()),
            None => match requests(folder, &entry) {
                // An upload started meanwhile.
                Err(JournalError::InUse { .. }) => {
                    is_in_use = true;
                    ui.warning(&in_use(&entry.name));
                    continue;
                }
                chunks => chunks.map_err(|error| error.to_string()),
            },
        };
        match chunks {
            Ok(chunks) => all.push((entry, chunks)),
            Err(problem) => {
                is_unreadable = true;
                ui.warning(&problem);
            }
        }
    }
    if is_unreadable {
        let folder = terminal_text::path(folder);
        ui.hint(&format!("their jobs are not listed; move a file out of {folder} only if it is damaged or is not a journal"));
        return Ok((all, Some(Exit::InvalidFile)));
    }
    Ok((all, is_in_use.then_some(Exit::OutcomeUnknown)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(id: &str) -> JobRecord {
        JobRecord {
            short_id: String::new(),
            tracking_id: id.to_owned(),
            customer: String::new(),
            alias: None,
            name: None,
            batch: String::new(),
            devices: 0,
            state: partner_center_devices_fleet::ChunkState::Finished,
            sent: String::new(),
            service: None,
            journal: String::new(),
        }
    }

    #[test]
    fn an_id_is_as_short_as_the_others_allow() {
        let tail = "-0000-4000-8000-000000000000";
        for (ids, short) in [
            (vec!["aaaaaaaa", "bbbbbbbb"], vec!["aaaaaaaa", "bbbbbbbb"]),
            (vec!["aaaaaaab", "aaaaaaac"], vec!["aaaaaaab", "aaaaaaac"]),
            (vec!["aaaaaaaa-1", "aaaaaaaa-2"], vec!["aaaaaaaa-1", "aaaaaaaa-2"]),
            (vec!["aaaaaaaa", "aaaaaaaa"], vec!["aaaaaaaa", "aaaaaaaa"]),
        ] {
            let mut jobs: Vec<_> = ids.iter().map(|id| job(&format!("{id}{tail}"))).collect();
            shorten_ids(&mut jobs);
            let shown: Vec<_> = jobs.iter().map(|job| job.short_id.as_str()).collect();
            assert_eq!(shown, short);
        }
        let mut jobs = [job("7"), job("job-of-another")];
        shorten_ids(&mut jobs);
        assert_eq!(jobs.map(|job| job.short_id), ["7", "job-of-another"]);
    }
}
