//! What to do about devices that were registered before. Nothing is done.

use std::collections::BTreeMap;
use std::path::Path;

use partner_center_devices::raw::printable;
use partner_center_devices_fleet::index::Index;
use partner_center_devices_fleet::inventory::DeviceQuery;
use partner_center_devices_fleet::{EarlierRegistration, Report, ReportRow, RowOutcome};

use super::places::Places;
use crate::errors::quoted;
use crate::settings::session::Session;
use crate::ui::output::Ui;
use crate::ui::style::BOLD;
use crate::ui::text_layout::count;

/// Maximum number of devices in a command that is suggested.
const MAX_IN_COMMAND: usize = 12;

/// Prints what to do about devices that were registered before, if it is not obvious.
pub(crate) fn advise(
    ui: Ui,
    session: &Session,
    report: &Report,
    journal: Option<&Path>,
    places: &Places,
) {
    if !session.customers.are_remembered() {
        return;
    }
    ask_about_customer(ui, session, report);
    let mut customers: BTreeMap<&str, Vec<&ReportRow>> = BTreeMap::new();
    let (mut strangers, mut by_customer, mut in_no_batch) = (0, 0, 0);
    for (number, row) in report.rows().iter().enumerate() {
        by_customer += usize::from(row.is_registered_by_customer());
        let is_gone = row.earlier_registration() == Some(&EarlierRegistration::InNoBatch);
        in_no_batch += usize::from(is_gone);
        if !row.was_registered_before() || *row.outcome() == RowOutcome::AlreadyRegistered {
            continue;
        }
        match row.earlier_registration().and_then(EarlierRegistration::customer) {
            Some(customer) => customers.entry(customer.as_str()).or_default().push(row),
            None if places.is_open(number) => {}
            None if places.deleted.contains(&number) && journal.is_some() => {}
            None => strangers += 1,
        }
    }
    let hint = |text: &str| ui.hint(&session.config.complete(text));
    for (customer, rows) in &customers {
        ui.status(&session.config.complete(&plan(customer, rows, journal.is_some())));
    }
    if by_customer > 0 && journal.is_some() {
        hint("after the customer has deregistered its devices: run the same command with --retry");
    }
    let deleted = places.deleted.len();
    if deleted > 0 && journal.is_some() {
        hint(&format!(
            "{} {} no longer registered with another customer of yours; to send {} now: run the same command with --retry",
            count(deleted, "device"),
            if deleted == 1 { "is" } else { "are" },
            if deleted == 1 { "it" } else { "them" },
        ));
    }
    if in_no_batch > 0 && journal.is_some() {
        hint(&format!(
            "to send {} again that {} in no batch now: run the same command with --retry",
            count(in_no_batch, "device"),
            if in_no_batch == 1 { "is" } else { "are" },
        ));
    }
    if strangers == 0 {
        return;
    }
    let covers_all = |index: Index| index.audit_read().is_ok_and(|read| read.is_some());
    if !session.customers.existing_index(ui).is_some_and(covers_all) {
        hint("to search the devices of all your customers: pcdevices devices sync --all");
    }
    let report =
        journal.map_or_else(|| "REPORT".to_owned(), |journal| quoted(&journal.to_string_lossy()));
    hint(&format!(
        "for letters to the seller and to Microsoft: pcdevices explain 808 --for {report}"
    ));
}

/// Asks the user to check the customer, if each device is registered with another organization.
fn ask_about_customer(ui: Ui, session: &Session, report: &Report) {
    let mut sent = report.rows().iter().filter(|row| row.tracking_id().is_some()).peekable();
    let mut destinations = report.destinations();
    let (Some(destination), 0) = (destinations.next(), destinations.len()) else { return };
    let has_stranger = |row: &ReportRow| {
        matches!(row.outcome(), RowOutcome::Failed(_)) && row.code() == Some("808")
    };
    let is_list = report.rows().len() > 1;
    if is_list && sent.peek().is_some() && sent.all(has_stranger) {
        ui.hint(&format!(
            "each device is registered with another organization; is {} the right customer?",
            session.customers.label(destination.customer())
        ));
    }
}

/// Returns the command that deletes devices of another customer, and how to send them again.
fn plan(customer: &str, rows: &[&ReportRow], has_journal: bool) -> String {
    let name = rows[0].earlier_registration().and_then(EarlierRegistration::customer_name);
    let label = match name {
        Some(name) => format!("{} ({customer})", printable::line(name)),
        None => customer.to_owned(),
    };
    let selection = match rows.len() {
        0..=MAX_IN_COMMAND => {
            rows.iter().copied().filter_map(selected).collect::<Vec<_>>().join(" ")
        }
        _ => "FILE".to_owned(), // a list of the serial numbers is enough
    };
    format!(
        "\n{BOLD}To move {} from your customer {label}{BOLD:#}\n  -> delete from that customer what belongs to this one now:\n     pcdevices devices delete --customer {customer} {selection}\n  -> then run this upload again{}\n",
        count(rows.len(), "device"),
        if has_journal { " with --retry" } else { "" },
    )
}

fn selected(row: &ReportRow) -> Option<String> {
    let DeviceQuery { product_key, serial_number, .. } = DeviceQuery::of_report_row(row);
    match (product_key, serial_number) {
        (Some(key), _) => Some(format!("--product-key {}", quoted(&key))),
        (None, Some(serial)) => Some(format!("--serial {}", quoted(&serial))),
        (None, None) => None,
    }
}
