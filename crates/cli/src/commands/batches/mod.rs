//! `pcdevices batches`: lists a customer's batches.

pub(crate) mod args;

use schemars::JsonSchema;
use serde::Serialize;

use self::args::BatchesCommand;
use crate::args::Global;
use crate::errors::{CommandError, Exit};
use crate::settings::session::Session;
use crate::ui::list::{Column, Part, Record, column, write_long_list};
use crate::ui::output::Ui;
use crate::ui::text_layout::{or_empty, timestamp};

/// A batch of a customer.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Batch {
    /// The name, which is also the id; the customer sees it as the group tag.
    id: Option<String>,
    /// The number of devices.
    devices: Option<i64>,
    /// The status as the service reports it.
    status: Option<String>,
    /// The creation time, in RFC 3339.
    created: Option<String>,
    /// The user who created it.
    created_by: Option<String>,
}

impl Record for Batch {
    const COLUMNS: &'static [Column<Self>] = &[
        column("Batch", "id", |batch| or_empty(&batch.id)),
        column("Devices", "devices", |batch: &Self| or_empty(&batch.devices)).number().rank(2),
        column("Created", "created", |batch: &Self| or_empty(&batch.created)).rank(3),
        column("Created by", "createdBy", |batch: &Self| or_empty(&batch.created_by)).rank(4),
        column("Status", "status", |batch: &Self| or_empty(&batch.status)).rank(1),
    ];
}

pub(crate) async fn run(
    ui: Ui,
    global: &Global,
    args: args::Batches,
) -> Result<Exit, CommandError> {
    let BatchesCommand::List { customer, format, all, service } = args.what;
    let session = Session::open(ui, global, &service)?;
    let customer = session.customer(&customer.customer).await?;
    let batches = customer.device_batches().list().await?;
    let mut batches: Vec<_> = batches
        .into_iter()
        .map(|batch| Batch {
            id: batch.id_text().map(ToOwned::to_owned),
            devices: batch.devices_count(),
            status: batch.status().map(ToString::to_string),
            created: batch.created().map(timestamp),
            created_by: batch.created_by().map(ToOwned::to_owned),
        })
        .collect();
    batches.sort_by(|one, other| one.id.cmp(&other.id));
    let none = "The customer has no batches";
    write_long_list(ui, format, (Part::Start, all), &batches, "batches", none)?;
    Ok(Exit::Success)
}
