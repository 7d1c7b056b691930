//! Reading a customer's devices: the batches, the progress, and batches that cannot be read.

use partner_center_devices::{BatchId, Customer};
use partner_center_devices_fleet::inventory::{
    DeviceQuery, Inventory, InventoryEvent, RegisteredDevices, UnlistedBatch,
};

use super::args::Selection;
use super::call_failures;
use crate::device_files;
use crate::errors::{CommandError, Exit, exit_of_call};
use crate::settings::config::Config;
use crate::suggestions::closest;
use crate::ui::output::Ui;
use crate::ui::progress::Bar;

/// Reads all registered devices, or those in `batches`.
pub(super) async fn read(
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
        let counts =
            listed.iter().filter(|batch| batch.id().is_some_and(|id| selected.contains(&id)));
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
pub(super) fn resolve_batch(batch: &BatchId, known: &[BatchId]) -> Result<BatchId, CommandError> {
    let lowercase = batch.as_str().to_lowercase();
    let same = known
        .iter()
        .find(|name| *name == batch)
        .or_else(|| known.iter().find(|name| name.as_str().to_lowercase() == lowercase));
    if let Some(found) = same {
        return Ok(found.clone());
    }
    let failure = CommandError::new(Exit::Usage, format!("there is no batch '{batch}'"));
    Err(match closest(batch.as_str(), known.iter().map(BatchId::as_str)) {
        Some(close) => failure.hint(format!("did you mean '{close}'?")),
        None => failure.hint("list all batches: pcdevices batches list"),
    })
}

/// The progress of reading the devices.
pub(super) struct ReadProgress {
    pub(super) bar: Bar,
    devices: std::cell::Cell<usize>,
}

impl ReadProgress {
    pub(super) fn new(ui: Ui) -> Self {
        Self { bar: Bar::new(ui, "looking up batches"), devices: std::cell::Cell::new(0) }
    }

    fn start(&self, devices: u64) {
        self.bar.set_total(usize::try_from(devices).unwrap_or(usize::MAX), "devices");
    }

    pub(super) fn show(&self, event: &InventoryEvent) {
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
pub(super) fn queries(ui: Ui, selection: &Selection) -> Result<Vec<DeviceQuery>, CommandError> {
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
pub(super) fn warn_unlisted(ui: Ui, config: &Config, unlisted: &[UnlistedBatch]) -> Option<Exit> {
    for batch in unlisted {
        ui.warning(&format!("cannot read batch '{}': {}", batch.batch, batch.failure));
    }
    call_failures::show_hints(ui, config, unlisted.iter().map(|batch| &batch.failure));
    unlisted_exit(unlisted)
}

/// Returns the exit code for batches that could not be read. A device that was not found may be in one of them.
pub(super) fn unlisted_exit(unlisted: &[UnlistedBatch]) -> Option<Exit> {
    unlisted.first().map(|batch| exit_of_call(&batch.failure))
}
