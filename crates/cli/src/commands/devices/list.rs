//! `pcdevices devices list`: lists a customer's devices.

use partner_center_devices::Customer;
use partner_center_devices_fleet::inventory::RegisteredDevice;
use serde::Serialize;

use super::args::ListDevices;
use super::reading;
use crate::args::Global;
use crate::errors::{CommandError, Exit};
use crate::policy_names::Policies;
use crate::settings::session::Session;
use crate::ui::list::{Column, Part, Record, column, csv_only, table_only, write_long_list};
use crate::ui::output::Ui;
use crate::ui::text_layout::{count, exact_timestamp, or_empty, timestamp};

/// A device in a list. The JSON output is the device itself.
#[derive(Serialize)]
#[serde(transparent)]
pub(super) struct Line {
    pub(super) device: RegisteredDevice,
    /// The name of its policy, or its id.
    #[serde(skip)]
    pub(super) policy: String,
}

impl Record for Line {
    const COLUMNS: &'static [Column<Self>] = &[
        column("Serial number", "serialNumber", |line| or_empty(&line.device.serial_number)),
        column("Product key", "productKey", |line| or_empty(&line.device.product_key)),
        column("Manufacturer", "manufacturer", |line: &Self| or_empty(&line.device.manufacturer))
            .rank(3),
        column("Model", "model", |line: &Self| or_empty(&line.device.model)).rank(2),
        column("Batch", "batch", |line| line.device.batch.to_string()),
        table_only("Policy", |line: &Self| line.policy.clone()).rank(1),
        table_only("Uploaded", |line: &Self| {
            let uploaded = line.device.uploaded.map(timestamp).unwrap_or_default();
            crate::ui::text_layout::day(&uploaded).to_owned()
        })
        .rank(4),
        csv_only("id", |line| or_empty(&line.device.id)),
        csv_only("policyId", |line| or_empty(&line.device.policy_id)),
        csv_only("uploaded", |line| line.device.uploaded.map(exact_timestamp).unwrap_or_default()),
    ];
}

/// Adds the policy names to the devices. Requests the policies only if a device has one, and falls back to their ids.
pub(super) async fn lines(customer: &Customer, devices: Vec<RegisteredDevice>) -> Vec<Line> {
    let has_policies = devices.iter().any(|device| device.policy_id.is_some());
    let policies = if has_policies { Policies::of(customer).await.ok() } else { None };
    let line = |device: RegisteredDevice| {
        let id = device.policy_id.as_deref().unwrap_or_default();
        let policy = policies.as_ref().map_or(id, |policies| policies.name(id)).to_owned();
        Line { device, policy }
    };
    devices.into_iter().map(line).collect()
}

pub(super) async fn run(ui: Ui, global: &Global, args: ListDevices) -> Result<Exit, CommandError> {
    let session = Session::open(ui, global, &args.service)?;
    let customer = session.customer(&args.customer.customer).await?;
    let registered = reading::read(ui, &customer, &args.batches).await?;
    let exit =
        reading::warn_unlisted(ui, &session.config, &registered.unlisted).unwrap_or(Exit::Success);
    if args.format.json {
        return ui.print_json(&registered).map(|()| exit);
    }
    let devices = registered.devices.len();
    let lines = if args.format.csv {
        let line = |device| Line { device, policy: String::new() };
        registered.devices.into_iter().map(line).collect()
    } else {
        lines(&customer, registered.devices).await
    };
    let none = if args.batches.is_empty() {
        "The customer has no devices"
    } else {
        "There are no devices in these batches"
    };
    write_long_list(ui, args.format, (Part::Start, args.all), &lines, "devices", none)?;
    if devices > 0 {
        let mut batches: Vec<_> = lines.iter().map(|line| line.device.batch.as_str()).collect();
        batches.dedup();
        let batches = match batches.len() {
            1 => "1 batch".to_owned(),
            more => format!("{more} batches"),
        };
        ui.status(&format!("{} in {batches}\n", count(devices, "device")));
    }
    Ok(exit)
}
