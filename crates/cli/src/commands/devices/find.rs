//! `pcdevices devices find`: finds devices whose serial number, product key or id matches a text.

use partner_center_devices_fleet::inventory::{
    DeviceQuery, RegisteredDevice, Search, SearchEvent, SearchResult, SearchResults,
};
use serde::Serialize;

use super::args::FindDevices;
use super::labels::candidate_list;
use super::list::{Line, lines};
use super::reading::{self, ReadProgress};
use crate::args::Global;
use crate::errors::{CommandError, Exit};
use crate::settings::session::Session;
use crate::ui::list::{Column, Record, column, csv_only, table_only, write_list};
use crate::ui::output::{Ui, facts};
use crate::ui::text_layout::{exact_timestamp, or_empty, timestamp};

/// A device, and the text that matched it.
#[derive(Serialize)]
struct Hit {
    #[serde(skip)]
    text: String,
    #[serde(flatten)]
    line: Line,
}

impl Record for Hit {
    const COLUMNS: &'static [Column<Self>] = &[
        column("Text", "text", |hit| hit.text.clone()),
        column("Serial number", "serialNumber", |hit| or_empty(&hit.line.device.serial_number)),
        column("Product key", "productKey", |hit| or_empty(&hit.line.device.product_key)),
        column("Manufacturer", "manufacturer", |hit: &Self| {
            or_empty(&hit.line.device.manufacturer)
        })
        .rank(3),
        column("Model", "model", |hit: &Self| or_empty(&hit.line.device.model)).rank(2),
        column("Batch", "batch", |hit| hit.line.device.batch.to_string()),
        table_only("Policy", |hit: &Self| hit.line.policy.clone()).rank(4),
        column("Id", "id", |hit: &Self| or_empty(&hit.line.device.id)).rank(1),
        csv_only("policyId", |hit| or_empty(&hit.line.device.policy_id)),
        csv_only("uploaded", |hit| {
            hit.line.device.uploaded.map(exact_timestamp).unwrap_or_default()
        }),
    ];
}

pub(super) async fn run(ui: Ui, global: &Global, args: FindDevices) -> Result<Exit, CommandError> {
    // clap has checked that there is one.
    let Some(name) = &args.customer else {
        return Err(CommandError::new(Exit::Usage, "name the customer with --customer"));
    };
    let session = Session::open(ui, global, &args.service)?;
    let customer = session.customer(name).await?;
    let progress = ReadProgress::new(ui);
    let find = Search::new(customer.clone(), args.texts.iter().flat_map(|text| queries(text)));
    let finds = find.run(|event| {
        if let SearchEvent::Read(event) = event {
            progress.show(&event);
        }
    });
    let finds = merge_by_text(finds.await?);
    progress.bar.finish();

    let unread = reading::warn_unlisted(ui, &session.config, &finds.unlisted);
    let exit = if finds.results.iter().all(|found| !found.devices.is_empty()) {
        Exit::Success
    } else {
        unread.unwrap_or(Exit::SomeFailed) // it may be in a batch that could not be read
    };
    if args.format.json {
        return ui.print_json(&finds).map(|()| exit);
    }
    let texts = finds.results.iter().zip(&args.texts);
    for (found, text) in texts.filter(|(found, _)| found.devices.is_empty()) {
        let near = match &found.similar[..] {
            [] => String::new(),
            near => format!("; similar devices: {}", candidate_list(near, false)),
        };
        ui.warning(&format!("no device has the serial number, product key or id '{text}'{near}"));
    }
    let mut texts = Vec::new();
    let mut devices = Vec::new();
    for (found, text) in finds.results.into_iter().zip(&args.texts) {
        texts.extend(found.devices.iter().map(|_| text.clone()));
        devices.extend(found.devices);
    }
    let found = lines(&customer, devices).await;
    match &found[..] {
        [only] if !args.format.csv => ui.print(&details(only))?,
        [] if !args.format.csv => {}
        _ => {
            let hits = texts.into_iter().zip(found).map(|(text, line)| Hit { text, line });
            write_list(ui, args.format, &hits.collect::<Vec<_>>(), "")?;
        }
    }
    Ok(exit)
}

/// Shows everything that is known about one device.
fn details(Line { device, policy }: &Line) -> String {
    let policy = match &device.policy_id {
        Some(id) if id != policy => format!("{policy} ({id})"),
        _ => policy.clone(),
    };
    facts(&[
        ("Serial number", or_empty(&device.serial_number)),
        ("Product key", or_empty(&device.product_key)),
        ("Manufacturer", or_empty(&device.manufacturer)),
        ("Model", or_empty(&device.model)),
        ("Batch", device.batch.to_string()),
        ("Policy", policy),
        ("Uploaded", device.uploaded.map(timestamp).unwrap_or_default()),
        ("Id", or_empty(&device.id)),
    ])
}

/// Returns a query for each kind of name that a text can be.
fn queries(text: &str) -> [DeviceQuery; KINDS] {
    [
        DeviceQuery::by_serial_number(text),
        DeviceQuery::by_product_key(text),
        DeviceQuery::by_device_id(text),
    ]
}

const KINDS: usize = 3;

/// Merges the results of the three queries for each text.
fn merge_by_text(mut finds: SearchResults) -> SearchResults {
    let mut kinds = std::mem::take(&mut finds.results).into_iter();
    while let Some(serial) = kinds.next() {
        let of_text = [Some(serial), kinds.next(), kinds.next()];
        finds.results.extend(of_text.into_iter().flatten().reduce(merge));
    }
    finds
}

/// Merges two results. Keeps the query that matched a device.
fn merge(one: SearchResult, other: SearchResult) -> SearchResult {
    let (mut found, more) = if one.devices.is_empty() && !other.devices.is_empty() {
        (other, one)
    } else {
        (one, other)
    };
    let add = |all: &mut Vec<RegisteredDevice>, more: Vec<RegisteredDevice>| {
        for device in more {
            if !all.contains(&device) {
                all.push(device);
            }
        }
    };
    add(&mut found.devices, more.devices);
    add(&mut found.similar, more.similar);
    if !found.devices.is_empty() {
        found.similar.clear();
        found.reason = None;
    }
    found
}
