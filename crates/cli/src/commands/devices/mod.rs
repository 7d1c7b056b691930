//! `pcdevices devices`: what a customer has registered, over all batches. Decides what is read for a command, and how
//! what could not be read or told is said.

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

/// Everything that is registered, or what is in these batches.
async fn read(
    ui: Ui,
    customer: &Customer,
    batches: &[BatchId],
) -> Result<RegisteredDevices, CommandError> {
    let reading = Reading::new(ui);
    let mut inventory = Inventory::new(customer.clone());
    if !batches.is_empty() {
        let listed = customer.device_batches().list().await?;
        let known: Vec<_> = listed.iter().filter_map(|batch| batch.id()).collect();
        let wanted: Vec<_> =
            batches.iter().map(|batch| meant(batch, &known)).collect::<Result<_, _>>()?;
        let counts = listed.iter().filter(|batch| {
            batch.id().is_some_and(|id| wanted.iter().any(|wanted| wanted.as_str() == id))
        });
        let counts = counts.map(|batch| u64::try_from(batch.devices_count()?).ok());
        if let Some(devices) = counts.sum::<Option<u64>>() {
            reading.set_total(devices);
        }
        inventory = inventory.batches(wanted);
    }
    let registered = inventory.run(|event| reading.show(&event)).await?;
    reading.bar.finish();
    Ok(registered)
}

/// The batch of a name, as the service spells it.
fn meant(batch: &BatchId, known: &[&str]) -> Result<BatchId, CommandError> {
    let wanted = batch.as_str().to_lowercase();
    let same = known
        .iter()
        .find(|name| **name == batch.as_str())
        .or_else(|| known.iter().find(|name| name.to_lowercase() == wanted));
    if let Some(found) = same.and_then(|name| BatchId::new(*name).ok()) {
        return Ok(found);
    }
    let failure = CommandError::new(Exit::Usage, format!("there is no batch '{batch}'"));
    Err(match closest(batch.as_str(), known.iter().copied()) {
        Some(close) => failure.hint(format!("a batch '{close}' is there")),
        None => failure.hint("pcdevices batches list shows all"),
    })
}

/// The progress of a reading.
struct Reading {
    bar: Bar,
    devices: std::cell::Cell<usize>,
}

impl Reading {
    fn new(ui: Ui) -> Self {
        Self { bar: Bar::new(ui, "listing batches"), devices: std::cell::Cell::new(0) }
    }

    fn set_total(&self, devices: u64) {
        self.bar.set_total(usize::try_from(devices).unwrap_or(usize::MAX), "devices");
    }

    fn show(&self, event: &InventoryEvent) {
        match event {
            InventoryEvent::Listed { devices, .. } => {
                self.bar.set_message("reading".to_owned());
                if let Some(devices) = devices {
                    self.set_total(*devices);
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

/// What files and names say.
fn wanted(ui: Ui, selection: &Selection) -> Result<Vec<DeviceQuery>, CommandError> {
    let mut wanted = if selection.files.is_empty() {
        Vec::new()
    } else {
        DeviceQuery::from_rows(&device_files::to_look_up(ui, &selection.files)?)
    };
    wanted.extend(selection.serials.iter().map(DeviceQuery::by_serial_number));
    wanted.extend(selection.product_keys.iter().map(DeviceQuery::by_product_key));
    wanted.extend(selection.ids.iter().map(DeviceQuery::by_device_id));
    Ok(wanted)
}

/// Says which batches could not be read, and gives the exit for it.
fn say_unlisted(ui: Ui, unlisted: &[UnlistedBatch]) -> Option<Exit> {
    let mut hints = BTreeSet::new();
    for batch in unlisted {
        ui.warning(&format!("batch '{}' could not be read: {}", batch.batch, batch.failure));
        hints.extend(delete::hints(&batch.failure));
    }
    for hint in hints {
        ui.status(&format!("{HINT}hint:{HINT:#} {hint}\n"));
    }
    unread(unlisted)
}

/// The exit for what was not found, if it may be where nobody could look.
fn unread(unlisted: &[UnlistedBatch]) -> Option<Exit> {
    unlisted.first().map(|batch| exit_of_call(&batch.failure))
}

/// What a device is called.
fn name(device: &RegisteredDevice) -> String {
    match (&device.serial_number, &device.product_key, &device.id) {
        (Some(serial), _, _) => serial.clone(),
        (None, Some(key), _) => format!("key {key}"),
        (None, None, Some(id)) => format!("id {id}"),
        (None, None, None) => "a device without a name".to_owned(),
    }
}

/// What could not be told, each reason once: whom it concerns, and which devices may be meant.
fn left_out(title: &str, unresolved: &[UnresolvedQuery], width: Option<u16>) -> String {
    let mut reasons: BTreeMap<&str, Vec<&UnresolvedQuery>> = BTreeMap::new();
    for one in unresolved {
        reasons.entry(&one.message).or_default().push(one);
    }
    let mut text = String::new();
    for (message, all) in reasons {
        let names: Vec<_> = all.iter().map(|one| one.query.to_string()).collect();
        text += &format!("{BOLD}{title}:{BOLD:#} {}\n", shortlist(&names));
        text += &wrap(message, width);
        for one in all.iter().take(NAMED).filter(|one| !one.devices.is_empty()) {
            // Where a name is that of several, their ids tell them apart.
            let may_be = match one.reason {
                UnresolvedReason::NotFound => format!("{} looks like", one.query),
                _ => format!("{} may be", one.query),
            };
            let with_id = one.reason != UnresolvedReason::NotFound;
            text += &wrap(&format!("{may_be} {}", alike(&one.devices, with_id)), width);
        }
    }
    text
}

/// The first of these names, and how many more there are.
fn shortlist(names: &[String]) -> String {
    let (shown, rest) = names.split_at(names.len().min(NAMED));
    let more = if rest.is_empty() { String::new() } else { format!(", and {} more", rest.len()) };
    format!("{}{more}", shown.join(", "))
}

/// Devices that may be meant, in a line.
fn alike(devices: &[RegisteredDevice], with_id: bool) -> String {
    let one = |device: &RegisteredDevice| {
        let id = device.id.as_ref().filter(|_| with_id);
        let id = id.map(|id| format!(" (id {id})")).unwrap_or_default();
        format!("{} in '{}'{id}", name(device), device.batch)
    };
    let mut shown: Vec<_> = devices.iter().take(ALIKE).map(one).collect();
    if devices.len() > ALIKE {
        shown.push(format!("and {} more", devices.len() - ALIKE));
    }
    shown.join(", ")
}

/// A customer as it was typed, and the id that it stands for.
fn whose(typed: &CustomerName, id: &CustomerId) -> String {
    if typed.0.eq_ignore_ascii_case(id.as_str()) {
        id.to_string()
    } else {
        format!("{} ({id})", typed.0)
    }
}

/// A device of a plan, for people.
struct PlanLine {
    device: String,
    about: RegisteredDevice,
    /// What people call the policy that it has, where that matters.
    policy: String,
    row: String,
}

impl PlanLine {
    fn new(planned: &PlannedDevice, policy: impl Fn(&str) -> String) -> Self {
        let row =
            |wanted: &DeviceQuery| Some(format!("{}:{}", wanted.source.as_ref()?, wanted.line?));
        let rows: Vec<_> = planned.queries.iter().filter_map(row).collect();
        Self {
            device: name(&planned.device),
            policy: planned.device.policy_id.as_deref().map(policy).unwrap_or_default(),
            about: planned.device.clone(),
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
        table_only("Manufacturer", |line: &Self| or_empty(&line.about.manufacturer)).rank(4),
        table_only("Model", |line: &Self| or_empty(&line.about.model)).rank(3),
        table_only("Batch", |line| line.about.batch.to_string()),
        table_only("Policy now", |line: &Self| line.policy.clone()).rank(1),
        table_only("Uploaded", |line: &Self| {
            day(&line.about.uploaded.map(timestamp).unwrap_or_default()).to_owned()
        })
        .rank(5),
        table_only("Row", |line: &Self| line.row.clone()).rank(2),
    ];
}

/// The first devices of a plan, and how many more there are.
fn planned(ui: Ui, devices: &[PlannedDevice], policy: impl Fn(&str) -> String) -> String {
    let (shown, rest) = devices.split_at(devices.len().min(SHOWN));
    let lines: Vec<_> = shown.iter().map(|device| PlanLine::new(device, &policy)).collect();
    let mut text = note_table(ui, &lines);
    if !rest.is_empty() {
        text += &format!("and {}; --json shows all\n", count(rest.len(), "more device"));
    }
    text
}

/// `this device`, `these 40 devices`.
fn these(devices: usize) -> String {
    if devices == 1 { "this device".to_owned() } else { format!("these {devices} devices") }
}

/// How many devices of a plan, or failures of a report, are shown.
const SHOWN: usize = 40;
/// How many of those that share a reason are named.
const NAMED: usize = 12;
/// How many devices are named that may be meant.
const ALIKE: usize = 5;
