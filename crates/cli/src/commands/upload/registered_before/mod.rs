//! Looks up devices that were registered before: with this customer (806), or with another organization (808). This makes calls
//! that read, and changes nothing in the service.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

use partner_center_devices::raw::printable;
use partner_center_devices::{BatchId, CustomerId};
use partner_center_devices_fleet::index::{Index, KnownDevice};
use partner_center_devices_fleet::inventory::{
    DeviceQuery, Search, SearchResult, SearchResults, UnresolvedReason,
};
use partner_center_devices_fleet::{EarlierRegistration, Journal, Report, ReportRow, RowOutcome};

use crate::errors::quoted;
use crate::interrupt::ctrl_c;
use crate::settings::customer_index::CustomerIndex;
use crate::settings::session::Session;
use crate::ui::output::Ui;
use crate::ui::progress::Bar;
use crate::ui::style::BOLD;
use crate::ui::text_layout::count;

/// Maximum number of devices in a command that is suggested.
const MAX_IN_COMMAND: usize = 12;

/// The rows whose devices are looked for at one customer.
struct Wanted {
    customer: CustomerId,
    /// The name of the customer, if the index has it.
    name: Option<String>,
    /// The batches that probably have the devices.
    batches: HashSet<BatchId>,
    /// The numbers of the rows in the report, from 0, and the queries that find their devices.
    rows: Vec<(usize, DeviceQuery)>,
}

/// The customers to read, by their ids in lower case.
type Customers = BTreeMap<String, Wanted>;

/// The registrations that were found, by the number of the row.
type Found = HashMap<usize, EarlierRegistration>;

/// Adds to a report, and to its journal, where the devices are that were registered before. Ctrl-C skips the rest.
pub(super) async fn locate(ui: Ui, session: &Session, report: &mut Report, journal: Option<&Path>) {
    // The built-in emulator has no earlier registrations.
    if !session.customers.are_remembered() {
        return;
    }
    let mut found = Found::new();
    tokio::select! {
        biased;
        () = ctrl_c() => ui.status("Stopped looking for devices that were registered before\n"),
        () = look_up(ui, session, report, &mut found) => {}
    }
    if found.is_empty() {
        return;
    }
    report.set_earlier_registrations(|number, _| found.remove(&number));
    let Some(journal) = journal else { return };
    let recorded =
        Journal::open(journal).and_then(|mut it| it.record_earlier_registrations(report));
    if let Err(error) = recorded {
        ui.warning(&format!(
            "the journal does not have the places of devices that were registered before: {error}"
        ));
    }
}

async fn look_up(ui: Ui, session: &Session, report: &Report, found: &mut Found) {
    let index = open_index(session);
    let (here, elsewhere) = customers(report, index.as_ref());
    for wanted in here.into_values() {
        let search = search(session, &wanted).read_first(&wanted.batches);
        let Some(results) = run(ui, session, &wanted, search).await else { continue };
        let is_complete = results.unlisted.is_empty();
        if !is_complete && results.results.iter().any(|result| result.devices.is_empty()) {
            ui.warning(&format!(
                "some devices were not found, and the customer may have registered them: {} could not be read",
                count(results.unlisted.len(), "batch"),
            ));
        }
        for ((number, _), result) in wanted.rows.iter().zip(results.results) {
            found
                .extend(with_same_customer(&result, is_complete).map(|earlier| (*number, earlier)));
        }
    }
    for mut wanted in elsewhere.into_values() {
        let batches = std::mem::take(&mut wanted.batches);
        let search = search(session, &wanted).in_batches(batches);
        let Some(results) = run(ui, session, &wanted, search).await else { continue };
        for ((number, _), result) in wanted.rows.iter().zip(results.results) {
            if let Some(device) = result.devices.first() {
                let (customer, name) = (wanted.customer.clone(), wanted.name.clone());
                let batch = device.batch.clone();
                let earlier = EarlierRegistration::OtherCustomer { customer, name, batch };
                found.entry(*number).or_insert(earlier);
            }
        }
    }
}

/// Returns where a device is that the service reports as registered with this customer. `None` if it is not known.
fn with_same_customer(result: &SearchResult, is_complete: bool) -> Option<EarlierRegistration> {
    match (result.devices.first(), result.reason) {
        (Some(device), _) => Some(EarlierRegistration::InBatch(device.batch.clone())),
        // A similar device may be this one, with a serial number that the file spells differently.
        (None, Some(UnresolvedReason::NotFound)) if is_complete && result.similar.is_empty() => {
            Some(EarlierRegistration::ByCustomer)
        }
        (None, _) => None,
    }
}

/// Returns the rows to look up: those of devices with error 806 by their own customer, and those with error 808 by the other
/// customers of the index that have such a device.
fn customers(report: &Report, index: Option<&Index>) -> (Customers, Customers) {
    let (mut here, mut elsewhere) = (Customers::new(), Customers::new());
    for (number, row) in report.rows().iter().enumerate() {
        let Some(to) = row.destination().filter(|_| row.was_registered_before()) else { continue };
        let query = DeviceQuery::of_report_row(row);
        if (&query.serial_number, &query.product_key, &query.device_id) == (&None, &None, &None) {
            continue;
        }
        let of_customer = to.customer().as_str().to_lowercase();
        let (own, others): (Vec<_>, Vec<_>) = known_devices(index, &query)
            .into_iter()
            .filter(|known| known.gone.is_none())
            .partition(|known| known.customer.as_str().to_lowercase() == of_customer);
        if *row.outcome() == RowOutcome::AlreadyRegistered {
            let wanted = entry(&mut here, to.customer(), None);
            wanted.batches.insert(to.batch().clone());
            wanted.batches.extend(own.into_iter().map(|known| known.batch));
            wanted.rows.push((number, query));
        } else {
            for known in others {
                let wanted = entry(&mut elsewhere, &known.customer, known.customer_name);
                wanted.batches.insert(known.batch);
                if wanted.rows.last().is_none_or(|(last, _)| *last != number) {
                    wanted.rows.push((number, query.clone()));
                }
            }
        }
    }
    (here, elsewhere)
}

fn entry<'a>(
    customers: &'a mut Customers,
    customer: &CustomerId,
    name: Option<String>,
) -> &'a mut Wanted {
    let new =
        || Wanted { customer: customer.clone(), name, batches: HashSet::new(), rows: Vec::new() };
    customers.entry(customer.as_str().to_lowercase()).or_insert_with(new)
}

fn open_index(session: &Session) -> Option<Index> {
    let index = CustomerIndex::of(&session.config, session.base_url());
    index.and_then(|index| index.open_existing()).ok().flatten()
}

/// Returns the devices of the index that may be the device of a query. Those with another product key are not.
fn known_devices(index: Option<&Index>, query: &DeviceQuery) -> Vec<KnownDevice> {
    let Some(index) = index else { return Vec::new() };
    let known = match (&query.product_key, &query.serial_number) {
        (Some(key), None) => index.devices_with_product_key(key),
        (_, Some(serial)) => index.devices_with_serial(serial),
        (None, None) => Ok(Vec::new()),
    };
    let mut known = known.unwrap_or_default();
    known.retain(|one| match (&one.product_key, &query.product_key) {
        (Some(known), Some(wanted)) => known.trim().eq_ignore_ascii_case(wanted.trim()),
        _ => true,
    });
    known
}

fn search(session: &Session, wanted: &Wanted) -> Search {
    let queries = wanted.rows.iter().map(|(_, query)| query.clone());
    Search::new(session.client.customer(wanted.customer.clone()), queries).stop_at_first_match()
}

async fn run(ui: Ui, session: &Session, wanted: &Wanted, search: Search) -> Option<SearchResults> {
    let bar = Bar::new(ui, "looking for devices that were registered before");
    let results = search.run(|_| ()).await;
    bar.finish();
    let warn = |error| {
        let label = session.customers.label(&wanted.customer);
        ui.warning(&format!(
            "cannot look for devices that were registered before with customer {label}: {error}"
        ));
    };
    results.map_err(warn).ok()
}

/// Prints what to do about devices of other organizations. Nothing is done.
pub(super) fn advise(ui: Ui, session: &Session, report: &Report, journal: Option<&Path>) {
    if !session.customers.are_remembered() {
        return;
    }
    let mut customers: BTreeMap<&str, Vec<&ReportRow>> = BTreeMap::new();
    let mut strangers = 0;
    for row in report.rows().iter().filter(|row| row.was_registered_before()) {
        match row.earlier_registration().and_then(EarlierRegistration::customer) {
            Some(customer) => customers.entry(customer.as_str()).or_default().push(row),
            None if *row.outcome() == RowOutcome::AlreadyRegistered => {}
            None => strangers += 1,
        }
    }
    for (customer, rows) in customers {
        ui.status(&session.config.complete(&plan(customer, &rows)));
    }
    if strangers == 0 {
        return;
    }
    let hint = |text: &str| ui.hint(&session.config.complete(text));
    let covers_all = |index: Index| index.audit_read().is_ok_and(|read| read.is_some());
    if !open_index(session).is_some_and(covers_all) {
        hint("to search the devices of all your customers: pcdevices devices sync --all");
    }
    let report =
        journal.map_or_else(|| "REPORT".to_owned(), |journal| quoted(&journal.to_string_lossy()));
    hint(&format!(
        "for letters to the seller and to Microsoft: pcdevices explain 808 --for {report}"
    ));
}

/// Returns the command that deletes devices of another customer.
fn plan(customer: &str, rows: &[&ReportRow]) -> String {
    let name = rows[0].earlier_registration().and_then(EarlierRegistration::customer_name);
    let selection = match rows.len() {
        0..=MAX_IN_COMMAND => {
            rows.iter().copied().filter_map(selected).collect::<Vec<_>>().join(" ")
        }
        _ => "FILE".to_owned(), // a list of the serial numbers is enough
    };
    format!(
        "\n{BOLD}To move {} from your customer {}{BOLD:#}\n  -> delete there what belongs to this customer now, then run this upload again with --restart:\n     pcdevices devices delete --customer {customer} {selection}\n",
        count(rows.len(), "device"),
        printable::line(name.unwrap_or(customer)),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_complete_search_shows_that_the_customer_registered_a_device() {
        let device = r#"{"batch": "Old", "serialNumber": "S1"}"#;
        for (devices, similar, reason, is_complete, expected) in [
            (device, "", "null", true, Some("inBatch")),
            (device, "", "null", false, Some("inBatch")),
            ("", "", r#""notFound""#, true, Some("byCustomer")),
            ("", "", r#""notFound""#, false, None),
            ("", device, r#""notFound""#, true, None),
            ("", "", r#""nameless""#, true, None),
        ] {
            let json = format!(
                r#"{{"wanted": {{"serialNumber": "S1"}}, "devices": [{devices}], "near": [{similar}], "reason": {reason}}}"#
            );
            let result: SearchResult =
                serde_json::from_str(&json).unwrap_or_else(|error| panic!("{json}: {error}"));
            let earlier = with_same_customer(&result, is_complete);
            assert_eq!(earlier.as_ref().map(EarlierRegistration::id), expected, "{json}");
        }
    }
}
