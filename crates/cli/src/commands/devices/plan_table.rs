//! The table of a plan: the devices that would change.

use partner_center_devices_fleet::inventory::{DeviceQuery, PlannedDevice, RegisteredDevice};

use super::labels::name;
use crate::ui::list::{Column, Record, note_table, table_only};
use crate::ui::output::Ui;
use crate::ui::text_layout::{count, day, or_empty, timestamp};

/// Maximum number of devices that are shown.
const MAX_SHOWN: usize = 40;

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
pub(super) fn plan_table(
    ui: Ui,
    devices: &[PlannedDevice],
    policy: impl Fn(&str) -> String,
) -> String {
    let (shown, rest) = devices.split_at(devices.len().min(MAX_SHOWN));
    let lines: Vec<_> = shown.iter().map(|device| PlanLine::new(device, &policy)).collect();
    let mut text = note_table(ui, &lines);
    if !rest.is_empty() {
        text += &format!("and {} (--json shows all)\n", count(rest.len(), "more device"));
    }
    text
}
