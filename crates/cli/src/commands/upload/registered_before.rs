//! Locates devices that were registered before: with this customer (806), or with another organization (808). This makes calls
//! that read, and changes nothing.

use std::collections::BTreeMap;
use std::path::Path;

use partner_center_devices::raw::printable;
use partner_center_devices::{BatchId, CustomerId};
use partner_center_devices_fleet::index::{Index, KnownDevice, Verification};
use partner_center_devices_fleet::inventory::{DeviceQuery, Search, SearchResults};
use partner_center_devices_fleet::{Report, ReportRow, RowOutcome};

use crate::errors::quoted;
use crate::interrupt::ctrl_c;
use crate::settings::customer_index::CustomerIndex;
use crate::settings::session::Session;
use crate::ui::output::{Ui, stderr_width};
use crate::ui::progress::Bar;
use crate::ui::style::BOLD;
use crate::ui::text_layout::wrap;

/// Maximum number of devices with error 808 that are looked up.
const MAX_CHECKED: usize = 50;

/// Maximum number of devices that a line names.
const MAX_NAMED: usize = 12;

const OTHER_ORGANIZATION: &str = "808";

const BY_CUSTOMER: &str = "-> the customer registered them, in Intune or in the Microsoft 365 admin center; you cannot assign them a policy or delete them until the customer deregisters them there";

/// Prints where the devices are that were registered before. Ctrl-C skips the rest.
pub(super) async fn locate(ui: Ui, session: &Session, report: &Report, journal: Option<&Path>) {
    // The built-in emulator has no earlier registrations.
    if !session.customers.are_remembered() {
        return;
    }
    tokio::select! {
        biased;
        () = ctrl_c() => ui.status("Stopped looking for devices that were registered before\n"),
        () = async {
            already_registered(ui, session, report).await;
            registered_elsewhere(ui, session, report, journal).await;
        } => {}
    }
}

/// The devices of a customer: the name of each, and the query that finds it.
type Wanted<'a> = (&'a CustomerId, Vec<(String, DeviceQuery)>);

/// Looks for devices with error 806 in the batches of their customers.
async fn already_registered(ui: Ui, session: &Session, report: &Report) {
    let mut customers: BTreeMap<&str, Wanted<'_>> = BTreeMap::new();
    let rows = report.rows().iter().filter(|row| *row.outcome() == RowOutcome::AlreadyRegistered);
    for row in rows {
        let (Some(to), Some(wanted)) = (row.destination(), query(row)) else { continue };
        let customer = customers.entry(to.customer().as_str());
        customer.or_insert_with(|| (to.customer(), Vec::new())).1.push(wanted);
    }
    for (customer, wanted) in customers.into_values() {
        let (names, queries): (Vec<_>, Vec<_>) = wanted.into_iter().unzip();
        let bar = Bar::new(ui, "looking for devices that were registered before");
        let search = Search::new(session.client.customer(customer.clone()), queries);
        let found = search.stop_at_first_match().run(|_| ()).await;
        bar.finish();
        let label = session.customers.label(customer);
        match found {
            Ok(found) => ui.status(&places(&label, &names, &found)),
            Err(error) => ui.warning(&format!(
                "cannot look for the devices that were already registered with customer {label}: {error}"
            )),
        }
    }
}

/// Returns the name of a row's device, and the query that finds it.
fn query(row: &ReportRow) -> Option<(String, DeviceQuery)> {
    match (row.serial_number(), row.product_key(), row.device_id()) {
        (Some(serial), _, _) => Some((serial.to_owned(), DeviceQuery::by_serial_number(serial))),
        (None, Some(key), _) => Some((format!("key {key}"), DeviceQuery::by_product_key(key))),
        (None, None, Some(id)) => Some((format!("id {id}"), DeviceQuery::by_device_id(id))),
        (None, None, None) => None,
    }
}

/// Describes the batches of devices that were already registered.
fn places(customer: &str, names: &[String], found: &SearchResults) -> String {
    let mut batches: BTreeMap<&BatchId, Vec<&str>> = BTreeMap::new();
    let mut missing = Vec::new();
    for (name, result) in names.iter().zip(&found.results) {
        match result.devices.first() {
            Some(device) => batches.entry(&device.batch).or_default().push(name),
            None => missing.push(name.as_str()),
        }
    }
    let mut text = format!(
        "\n{BOLD}Devices that were already registered with customer {}{BOLD:#}\n",
        printable::line(customer)
    );
    for (batch, names) in batches {
        text += &format!("  in batch '{batch}': {}\n", shortlist(&names));
    }
    if missing.is_empty() {
        return text;
    }
    let names = shortlist(&missing);
    match found.unlisted.len() {
        0 => {
            text += &format!("  in none of your batches: {names}\n");
            text += &wrap(BY_CUSTOMER, stderr_width());
        }
        unread => {
            text += &format!("  not found: {names}; {unread} of the batches could not be read\n")
        }
    }
    text
}

fn shortlist(names: &[&str]) -> String {
    let (shown, rest) = names.split_at(names.len().min(MAX_NAMED));
    let more = if rest.is_empty() { String::new() } else { format!(", and {} more", rest.len()) };
    format!("{}{more}", printable::line(&shown.join(", ")))
}

/// Looks for devices with error 808 among the other customers of the index.
async fn registered_elsewhere(ui: Ui, session: &Session, report: &Report, journal: Option<&Path>) {
    let rows: Vec<_> =
        report.rows().iter().filter(|row| row.code() == Some(OTHER_ORGANIZATION)).collect();
    if rows.is_empty() {
        return;
    }
    let index = CustomerIndex::of(&session.config, session.base_url());
    let Ok(Some(mut index)) = index.and_then(|index| index.open_existing()) else { return };
    let mut plans: BTreeMap<String, (KnownDevice, Vec<&ReportRow>)> = BTreeMap::new();
    let mut missing = 0;
    for row in &rows {
        let known = match plans.values().map(|(_, rows)| rows.len()).sum::<usize>() {
            MAX_CHECKED.. => None,
            _ => own_customer(session, &mut index, row).await,
        };
        match known {
            Some(known) => {
                let plan = plans.entry(known.customer.as_str().to_lowercase());
                plan.or_insert_with(|| (known, Vec::new())).1.push(row);
            }
            None => missing += 1,
        }
    }
    for (known, rows) in plans.values() {
        ui.status(&session.config.complete(&plan(known, rows)));
    }
    if missing > 0 {
        let covers_all = index.audit_read().is_ok_and(|read| read.is_some());
        let hint = |text: &str| ui.hint(&session.config.complete(text));
        if !covers_all {
            hint("to search the devices of all your customers: pcdevices devices sync --all");
        }
        let report = journal
            .map_or_else(|| "REPORT".to_owned(), |journal| quoted(&journal.to_string_lossy()));
        hint(&format!(
            "for letters to the seller and to Microsoft: pcdevices explain 808 --for {report}"
        ));
    }
}

/// Returns the device of another customer that the index has, if its batch still lists it.
async fn own_customer(
    session: &Session,
    index: &mut Index,
    row: &ReportRow,
) -> Option<KnownDevice> {
    let to = row.destination()?;
    let mut known = match (row.serial_number(), row.product_key()) {
        (Some(serial), _) => index.devices_with_serial(serial).ok()?,
        (None, Some(key)) => index.devices_with_product_key(key).ok()?,
        (None, None) => return None,
    };
    let is_other =
        |one: &KnownDevice| !one.customer.as_str().eq_ignore_ascii_case(to.customer().as_str());
    known.retain(|one| one.gone.is_none() && is_other(one));
    let known = known.into_iter().next()?;
    match index.verify(&session.client, &known).await {
        Ok(Verification::Listed(device)) => Some(*device),
        _ => None,
    }
}

/// Returns the commands that move devices from another customer to this one. Nothing is done.
fn plan(known: &KnownDevice, rows: &[&ReportRow]) -> String {
    let name = known.customer_name.as_deref().unwrap_or("another customer");
    let names: Vec<_> =
        rows.iter().filter_map(|row| row.serial_number().or(row.product_key())).collect();
    let selection = rows.iter().filter_map(|row| match (row.serial_number(), row.product_key()) {
        (Some(serial), _) => Some(format!(" --serial {}", quoted(serial))),
        (None, Some(key)) => Some(format!(" --product-key {}", quoted(key))),
        (None, None) => None,
    });
    format!(
        "\n{BOLD}Devices that your customer {} ({}) has{BOLD:#}\n  {}\n  -> if they belong to this customer now, delete them there, then run this upload again with --restart:\n     pcdevices devices delete --customer {}{}\n",
        printable::line(name),
        known.customer,
        shortlist(&names),
        known.customer,
        selection.collect::<String>(),
    )
}
