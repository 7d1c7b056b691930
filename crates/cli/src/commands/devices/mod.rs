//! `pcdevices devices`: lists, finds, compares, deletes and assigns policies to a customer's devices in all batches. This
//! module has the steps that the subcommands share: reading the devices, and reporting batches that cannot be read and
//! devices that cannot be identified.

pub(crate) mod args;
mod assign;
mod delete;
mod diff;
mod find;
mod list;

use std::collections::{BTreeMap, BTreeSet};

use partner_center_devices::{BatchId, Customer, CustomerId};
use partner_center_devices_fleet::inventory::{
    DeviceQuery, Inventory, InventoryEvent, PlannedDevice, RegisteredDevice, RegisteredDevices,
    UnlistedBatch, UnresolvedQuery, UnresolvedReason,
};

use self::args::{DevicesCommand, Selection};
use crate::args::{CustomerName, Global};
use crate::device_files;
use crate::errors::{CommandError, Exit, exit_of_call};
use crate::suggestions::closest;
use crate::ui::list::{Column, Record, note_table, table_only};
use crate::ui::output::Ui;
use crate::ui::progress::Bar;
use crate::ui::style::{BOLD, HINT};
use crate::ui::text_layout::{count, day, or_empty, timestamp, wrap};

pub(crate) async fn run(
    ui: Ui,
    global: &Global,
    args: args::Devices,
) -> Result<Exit, CommandError> {
    match args.what {
        DevicesCommand::List(args) => list::run(ui, global, args).await,
        DevicesCommand::Find(args) => find::run(ui, global, args).await,
        DevicesCommand::Diff(args) => diff::run(ui, global, args).await,
        DevicesCommand::Delete(args) => delete::run(ui, global, args).await,
        DevicesCommand::AssignPolicy(args) => assign::run(ui, global, args).await,
    }
}

/// Reads all registered devices, or those in `batches`.
async fn read(
    ui: Ui,
    customer: &Customer,
    batches: &[BatchId],
) -> Result<RegisteredDevices, CommandError> {
    let progress = ReadProgress::new(ui);
    let mut inventory = Inventory::new(customer.clone());
    if !batches.is_empty() {
        let listed = customer.device_batches().list().await?;
        let known: Vec<_> = listed.iter().filter_map(|batch| batch.id()).collect();
        let selected: Vec<_> =
            batches.iter().map(|batch| resolve_batch(batch, &known)).collect::<Result<_, _>>()?;
        let counts = listed.iter().filter(|batch| {
            batch.id().is_some_and(|id| selected.iter().any(|selected| selected.as_str() == id))
        });
        let counts = counts.map(|batch| u64::try_from(batch.devices_count()?).ok());
        if let Some(devices) = counts.sum::<Option<u64>>() {
            progress.start(devices);
        }
        inventory = inventory.batches(selected);
    }
    let registered = inventory.run(|event| progress.show(&event)).await?;
    progress.bar.finish();
    Ok(registered)
}

/// Finds a batch by name, ignoring case, and returns the name as the service spells it.
fn resolve_batch(batch: &BatchId, known: &[&str]) -> Result<BatchId, CommandError> {
    let lowercase = batch.as_str().to_lowercase();
    let same = known
        .iter()
        .find(|name| **name == batch.as_str())
        .or_else(|| known.iter().find(|name| name.to_lowercase() == lowercase));
    if let Some(found) = same.and_then(|name| BatchId::new(*name).ok()) {
        return Ok(found);
    }
    let failure = CommandError::new(Exit::Usage, format!("there is no batch '{batch}'"));
    Err(match closest(batch.as_str(), known.iter().copied()) {
        Some(close) => failure.hint(format!("did you mean '{close}'?")),
        None => failure.hint("pcdevices batches list shows all batches"),
    })
}

/// The progress of reading the devices.
struct ReadProgress {
    bar: Bar,
    devices: std::cell::Cell<usize>,
}

impl ReadProgress {
    fn new(ui: Ui) -> Self {
        Self { bar: Bar::new(ui, "listing batches"), devices: std::cell::Cell::new(0) }
    }

    fn start(&self, devices: u64) {
        self.bar.set_total(usize::try_from(devices).unwrap_or(usize::MAX), "devices");
    }

    fn show(&self, event: &InventoryEvent) {
        match event {
            InventoryEvent::Listed { devices, .. } => {
                self.bar.set_message("reading".to_owned());
                if let Some(devices) = devices {
                    self.start(*devices);
                }
            }
            InventoryEvent::Devices { devices, .. } => {
                self.devices.set(self.devices.get() + devices.len());
                self.bar.set_position(self.devices.get());
            }
            _ => {}
        }
    }
}

/// Returns the devices that the files and options name.
fn queries(ui: Ui, selection: &Selection) -> Result<Vec<DeviceQuery>, CommandError> {
    let mut queries = if selection.files.is_empty() {
        Vec::new()
    } else {
        DeviceQuery::from_rows(&device_files::to_look_up(ui, &selection.files)?)
    };
    queries.extend(selection.serials.iter().map(DeviceQuery::by_serial_number));
    queries.extend(selection.product_keys.iter().map(DeviceQuery::by_product_key));
    queries.extend(selection.ids.iter().map(DeviceQuery::by_device_id));
    Ok(queries)
}

/// Warns about batches that could not be read. Returns the exit code for the first one.
fn warn_unlisted(ui: Ui, unlisted: &[UnlistedBatch]) -> Option<Exit> {
    let mut hints = BTreeSet::new();
    for batch in unlisted {
        ui.warning(&format!("cannot read batch '{}': {}", batch.batch, batch.failure));
        hints.extend(delete::hints(&batch.failure));
    }
    for hint in hints {
        ui.status(&format!("{HINT}hint:{HINT:#} {hint}\n"));
    }
    unlisted_exit(unlisted)
}

/// Returns the exit code for batches that could not be read. A device that was not found may be in one of them.
fn unlisted_exit(unlisted: &[UnlistedBatch]) -> Option<Exit> {
    unlisted.first().map(|batch| exit_of_call(&batch.failure))
}

/// Returns the name of a device for people.
fn name(device: &RegisteredDevice) -> String {
    match (&device.serial_number, &device.product_key, &device.id) {
        (Some(serial), _, _) => serial.clone(),
        (None, Some(key), _) => format!("key {key}"),
        (None, None, Some(id)) => format!("id {id}"),
        (None, None, None) => "unnamed device".to_owned(),
    }
}

/// Lists the queries that match no single device, grouped by reason, with similar devices.
fn unresolved_queries(title: &str, unresolved: &[UnresolvedQuery], width: Option<u16>) -> String {
    let mut reasons: BTreeMap<&str, Vec<&UnresolvedQuery>> = BTreeMap::new();
    for one in unresolved {
        reasons.entry(&one.message).or_default().push(one);
    }
    let mut text = String::new();
    for (message, all) in reasons {
        let names: Vec<_> = all.iter().map(|one| one.query.to_string()).collect();
        text += &format!("{BOLD}{title}:{BOLD:#} {}\n", shortlist(&names));
        text += &wrap(message, width);
        for one in all.iter().take(MAX_NAMED).filter(|one| !one.devices.is_empty()) {
            // Devices that share a name are distinguished by their ids.
            let candidates = match one.reason {
                UnresolvedReason::NotFound => format!("{} is similar to", one.query),
                _ => format!("{} matches", one.query),
            };
            let with_id = one.reason != UnresolvedReason::NotFound;
            text +=
                &wrap(&format!("{candidates} {}", candidate_list(&one.devices, with_id)), width);
        }
    }
    text
}

/// Returns the first names, and the number of further ones.
fn shortlist(names: &[String]) -> String {
    let (shown, rest) = names.split_at(names.len().min(MAX_NAMED));
    let more = if rest.is_empty() { String::new() } else { format!(", and {} more", rest.len()) };
    format!("{}{more}", shown.join(", "))
}

/// Returns the first candidates in one line.
fn candidate_list(devices: &[RegisteredDevice], with_id: bool) -> String {
    let one = |device: &RegisteredDevice| {
        let id = device.id.as_ref().filter(|_| with_id);
        let id = id.map(|id| format!(" (id {id})")).unwrap_or_default();
        format!("{} in '{}'{id}", name(device), device.batch)
    };
    let mut shown: Vec<_> = devices.iter().take(MAX_CANDIDATES).map(one).collect();
    if devices.len() > MAX_CANDIDATES {
        shown.push(format!("and {} more", devices.len() - MAX_CANDIDATES));
    }
    shown.join(", ")
}

/// Returns the customer as typed, with its tenant id.
fn customer_label(typed: &CustomerName, id: &CustomerId) -> String {
    if typed.0.eq_ignore_ascii_case(id.as_str()) {
        id.to_string()
    } else {
        format!("{} ({id})", typed.0)
    }
}

/// A device in the table of a plan.
struct PlanLine {
    device: String,
    registered: RegisteredDevice,
    /// The name of its current policy, or its id.
    policy: String,
    row: String,
}

impl PlanLine {
    fn new(planned: &PlannedDevice, policy: impl Fn(&str) -> String) -> Self {
        let row = |query: &DeviceQuery| Some(format!("{}:{}", query.source.as_ref()?, query.line?));
        let rows: Vec<_> = planned.queries.iter().filter_map(row).collect();
        Self {
            device: name(&planned.device),
            policy: planned.device.policy_id.as_deref().map(policy).unwrap_or_default(),
            registered: planned.device.clone(),
            row: match &rows[..] {
                [first, _, ..] => format!("{first} and {} more", rows.len() - 1),
                rows => rows.concat(),
            },
        }
    }
}

impl Record for PlanLine {
    const COLUMNS: &'static [Column<Self>] = &[
        table_only("Device", |line| line.device.clone()),
        table_only("Manufacturer", |line: &Self| or_empty(&line.registered.manufacturer)).rank(4),
        table_only("Model", |line: &Self| or_empty(&line.registered.model)).rank(3),
        table_only("Batch", |line| line.registered.batch.to_string()),
        table_only("Current policy", |line: &Self| line.policy.clone()).rank(1),
        table_only("Uploaded", |line: &Self| {
            day(&line.registered.uploaded.map(timestamp).unwrap_or_default()).to_owned()
        })
        .rank(5),
        table_only("Row", |line: &Self| line.row.clone()).rank(2),
    ];
}

/// Returns a table of the first devices of a plan, and the number of further ones.
fn plan_table(ui: Ui, devices: &[PlannedDevice], policy: impl Fn(&str) -> String) -> String {
    let (shown, rest) = devices.split_at(devices.len().min(MAX_SHOWN));
    let lines: Vec<_> = shown.iter().map(|device| PlanLine::new(device, &policy)).collect();
    let mut text = note_table(ui, &lines);
    if !rest.is_empty() {
        text += &format!("and {} (--json shows all)\n", count(rest.len(), "more device"));
    }
    text
}

/// `this device`, `these 40 devices`.
fn these(devices: usize) -> String {
    if devices == 1 { "this device".to_owned() } else { format!("these {devices} devices") }
}

/// Maximum number of devices of a plan, or failures of a report, that are shown.
const MAX_SHOWN: usize = 40;
/// Maximum number of devices that are named for one reason.
const MAX_NAMED: usize = 12;
/// Maximum number of similar devices that are named.
const MAX_CANDIDATES: usize = 5;
