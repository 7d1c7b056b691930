//! What to do about devices that were registered before. Nothing is done.

use std::collections::BTreeMap;
use std::path::Path;

use partner_center_devices::raw::printable;
use partner_center_devices_fleet::inventory::RegisteredDevice;
use partner_center_devices_fleet::{EarlierRegistration, Report, ReportRow, RowOutcome};

use super::look_up::described;
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
    ask_about_customer(ui, session, report, places);
    let mut customers: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    let (mut strangers, mut former) = (Vec::new(), 0);
    for (number, row) in report.rows().iter().enumerate() {
        if !row.was_registered_before() || *row.outcome() == RowOutcome::AlreadyRegistered {
            continue;
        }
        match row.earlier_registration() {
            Some(OtherCustomer { customer, .. }) => {
                customers.entry(customer.as_str()).or_default().push(number);
            }
            Some(FormerCustomer { .. }) => former += 1,
            _ if places.is_open(number) => {}
            _ => strangers.push(row),
        }
    }
    let hint = |text: &str| ui.hint(&session.config.complete(text));
    for (customer, rows) in &customers {
        let plan = plan(report, places, customer, rows, journal.is_some());
        ui.status(&session.config.complete(&plan));
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
    if strangers.is_empty() {
        return;
    }
    // If there is an index that cannot be used, a warning tells what to do.
    if let Ok(index) = session.customers.open_index(ui) {
        let known = index.and_then(|index| index.audit_read().ok().flatten());
        let sent = strangers.iter().filter_map(|row| row.sent()).max();
        match known {
            None => hint(
                "first search the devices of all your customers: pcdevices devices sync --all; then run the same command again",
            ),
            // Another machine may have registered the device with another customer since then.
            Some(known) if sent.is_some_and(|sent| known.time() < sent) => hint(&format!(
                "the devices of your customers are known up to {known}; first read what changed since: pcdevices devices sync; then run the same command again"
            )),
            Some(_) => {}
        }
    }
    let report =
        journal.map_or_else(|| "REPORT".to_owned(), |journal| quoted(&journal.to_string_lossy()));
    hint(&format!(
        "for letters to the seller and to Microsoft: pcdevices explain 808 --for {report}"
    ));
}

/// Asks the user to check the customer, if each device is registered with another organization.
fn ask_about_customer(ui: Ui, session: &Session, report: &Report, places: &Places) {
    let rows = report.rows().iter().enumerate();
    let mut sent = rows.filter(|(_, row)| row.tracking_id().is_some()).peekable();
    let mut destinations = report.destinations();
    let (Some(destination), 0) = (destinations.next(), destinations.len()) else { return };
    let has_stranger = |(number, row): (usize, &ReportRow)| {
        matches!(row.outcome(), RowOutcome::Failed(_))
            && row.was_registered_before()
            && row.earlier_registration().is_none()
            && !places.is_open(number)
    };
    let is_list = report.rows().len() > 1;
    if is_list && sent.peek().is_some() && sent.all(has_stranger) {
        ui.hint(&format!(
            "each device is registered with another organization; is {} the right customer?",
            session.customers.label(destination.customer())
        ));
    }
}

/// Returns the command that deletes devices of another customer, and how to send them again. The command selects the devices as the
/// service lists them, so that it deletes no other device with the same serial number.
fn plan(
    report: &Report,
    places: &Places,
    customer: &str,
    rows: &[usize],
    has_journal: bool,
) -> String {
    let place = report.rows()[rows[0]].earlier_registration();
    let label = match place.and_then(EarlierRegistration::customer_name) {
        Some(name) => format!("{} ({customer})", printable::line(name)),
        None => customer.to_owned(),
    };
    let listed: Vec<&RegisteredDevice> =
        rows.iter().filter_map(|row| places.listed.get(row)).collect();
    let selected: Vec<String> = listed.iter().filter_map(|device| selected(device)).collect();
    let devices = count(rows.len(), "device");
    let mut text = format!("\n{BOLD}To move {devices} from your customer {label}{BOLD:#}\n");
    if selected.len() < rows.len() || rows.len() > MAX_IN_COMMAND {
        text += &format!(
            "  -> delete only these devices from that customer:\n     pcdevices devices delete --customer {customer} FILE\n     FILE is a list with the serial numbers of these {devices} only\n",
        );
    } else {
        text += "  -> delete from that customer what belongs to this one now:\n";
        for device in listed {
            text += &format!("     {}\n", described(device));
        }
        text += &format!(
            "     pcdevices devices delete --customer {customer} {}\n",
            selected.join(" ")
        );
    }
    text + &format!(
        "  -> then run this upload again{}\n",
        if has_journal { " with --retry" } else { "" }
    )
}

fn selected(device: &RegisteredDevice) -> Option<String> {
    let RegisteredDevice { id, product_key, serial_number, .. } = device;
    match (id, product_key, serial_number) {
        (Some(id), ..) => Some(format!("--id {}", quoted(id.as_str()))),
        (None, Some(key), _) => Some(format!("--product-key {}", quoted(key))),
        (None, None, Some(serial)) => Some(format!("--serial {}", quoted(serial))),
        (None, None, None) => None,
    }
}
