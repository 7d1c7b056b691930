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

/// Prints what to do about devices that were registered before, if it is not obvious. `retried` is true if this run had `--retry`.
pub(crate) fn advise(
    ui: Ui,
    session: &Session,
    report: &Report,
    journal: Option<&Path>,
    places: &Places,
    retried: bool,
) {
    use EarlierRegistration::{FormerCustomer, OtherCustomer};
    if !session.customers.are_remembered() {
        return;
    }
    ask_about_customer(ui, session, report);
    let mut customers: BTreeMap<&str, Vec<&ReportRow>> = BTreeMap::new();
    let (mut strangers, mut former) = (0, 0);
    for (number, row) in report.rows().iter().enumerate() {
        if !row.was_registered_before() || *row.outcome() == RowOutcome::AlreadyRegistered {
            continue;
        }
        match row.earlier_registration() {
            Some(OtherCustomer { customer, .. }) => {
                customers.entry(customer.as_str()).or_default().push(row);
            }
            Some(FormerCustomer { .. }) => former += 1,
            _ if places.is_open(number) => {}
            _ => strangers += 1,
        }
    }
    let hint = |text: &str| ui.hint(&session.config.complete(text));
    for (customer, rows) in &customers {
        ui.status(&session.config.complete(&plan(customer, rows, journal.is_some())));
    }
    let totals = report.totals();
    if totals.registered_by_customer > 0 && journal.is_some() {
        hint("after the customer has deregistered its devices: run the same command with --retry");
    }
    let again = match (journal, retried) {
        (None, _) => "run the same command again",
        (Some(_), false) => "run the same command with --retry",
        (Some(_), true) => "run the same command with --retry once more",
    };
    if former > 0 {
        hint(&format!(
            "{} {} no longer registered with another customer of yours; to send {}: {again}",
            count(former, "device"),
            if former == 1 { "is" } else { "are" },
            if former == 1 { "it" } else { "them" },
        ));
    }
    let in_no_batch = totals.in_no_batch;
    if in_no_batch > 0 {
        hint(&format!(
            "{} that {} already registered {} in no batch now; to send {}: {again}",
            count(in_no_batch, "device"),
            if in_no_batch == 1 { "was" } else { "were" },
            if in_no_batch == 1 { "is" } else { "are" },
            if in_no_batch == 1 { "it" } else { "them" },
        ));
    }
    if strangers == 0 {
        return;
    }
    let covers_all = |index: Index| index.audit_read().is_ok_and(|read| read.is_some());
    // If there is an index that cannot be used, a warning tells what to do.
    if session.customers.open_index(ui).is_ok_and(|index| !index.is_some_and(covers_all)) {
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
