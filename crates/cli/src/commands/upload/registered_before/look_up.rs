//! Searches the lists of customers for devices that were registered before.

use std::collections::HashSet;
use std::time::{Duration, SystemTime};

use partner_center_devices::CustomerId;
use partner_center_devices::raw::printable;
use partner_center_devices_fleet::index::KnownDevice;
use partner_center_devices_fleet::inventory::{
    RegisteredDevice, Search, SearchEvent, SearchResult, SearchResults, UnlistedBatch,
    UnresolvedReason,
};
use partner_center_devices_fleet::{EarlierRegistration, Timestamp};

use super::places::{Places, has_same_key};
use super::wanted::{OfCustomer, Wanted, WantedDevice};
use crate::settings::session::Session;
use crate::ui::output::Ui;
use crate::ui::progress::Bar;
use crate::ui::text_layout::{count, count_of};

/// Maximum number of batches that a warning names.
const MAX_NAMED: usize = 3;

/// The search for devices that were registered before.
pub(super) struct LookUp<'a> {
    pub(super) ui: Ui,
    pub(super) session: &'a Session,
    pub(super) places: &'a mut Places,
    /// The devices of the index that are no longer in their batches, and since when.
    pub(super) gone: &'a mut Vec<(KnownDevice, Timestamp)>,
}

impl LookUp<'_> {
    pub(super) async fn run(mut self, wanted: Wanted) {
        let mut former = wanted.former;
        let not_elsewhere = wanted.not_elsewhere.into_iter();
        self.places.found.extend(not_elsewhere.map(|row| (row, former.remove(&row))));
        for customer in wanted.here.into_values() {
            self.with_same_customer(&customer).await;
        }
        let mut searched = Vec::new();
        let mut incomplete = HashSet::new();
        let mut unread = Vec::new();
        let mut undecided = HashSet::new();
        for customer in wanted.elsewhere.into_values() {
            // A device may have moved to another batch since the index saw it.
            let search = self.search(&customer).read_first(&customer.batches);
            let add = |places: &mut Places, wanted: &_, devices: &_| {
                places.add_other_customer(&customer, wanted, devices);
            };
            let results = self.search_customer(&customer, search, add).await;
            // A similar device may be the one that was sent: then it is not gone.
            let found = results.iter().flat_map(|results| &results.results);
            let is_undecided = |result: &SearchResult| best(result).is_empty() && !is_gone(result);
            undecided.extend(
                (customer.devices.iter().zip(found))
                    .filter(|(_, result)| is_undecided(result))
                    .map(|(device, _)| device.row),
            );
            let rows = customer.devices.iter().map(|device| device.row);
            searched.extend(rows.clone());
            match results {
                Some(results) if results.unlisted.is_empty() => self.note_gone(&customer, &results),
                Some(results) => {
                    incomplete.extend(rows);
                    unread.push((customer, results.unlisted));
                }
                None => incomplete.extend(rows),
            }
        }
        self.warn_ambiguous();
        incomplete.extend(self.places.ambiguous.keys().copied());
        for (customer, batches) in unread {
            // Another customer may have a device.
            let is_missing = |device: &&WantedDevice| !self.places.found.contains_key(&device.row);
            let missing = customer.devices.iter().filter(is_missing).count();
            self.warn_unread(&customer, &batches, missing, "808");
        }
        for row in searched.into_iter().filter(|row| !incomplete.contains(row)) {
            let former = former.remove(&row).filter(|_| !undecided.contains(&row));
            self.places.found.entry(row).or_insert(former);
        }
    }

    /// Looks for devices that are registered with the customer of their rows.
    async fn with_same_customer(&mut self, customer: &OfCustomer) {
        let search = self.search(customer).read_first(&customer.batches);
        let results = self.search_customer(customer, search, Places::add_same_customer);
        let Some(results) = results.await else { return };
        let missing = results.results.iter().filter(|result| best(result).is_empty()).count();
        self.warn_unread(customer, &results.unlisted, missing, "806");
        let is_complete = results.unlisted.is_empty();
        for (device, result) in customer.devices.iter().zip(&results.results) {
            if let Some(place) = conclusion(device, result, is_complete) {
                self.places.found.insert(device.row, Some(place));
            }
        }
        if is_complete {
            self.note_gone(customer, &results);
        }
    }

    /// Notes the devices of the index that a complete search did not find.
    fn note_gone(&mut self, customer: &OfCustomer, results: &SearchResults) {
        for (device, result) in customer.devices.iter().zip(&results.results) {
            if is_gone(result) {
                let since = |known: &KnownDevice| gone_since(device, &customer.customer, known);
                self.gone.extend(device.known.iter().map(|known| (known.clone(), since(known))));
            }
        }
    }

    fn search(&self, customer: &OfCustomer) -> Search {
        let queries = customer.devices.iter().map(|device| device.query.clone());
        let client = self.session.client.customer(customer.customer.clone());
        Search::new(client, queries).stop_at_first_match()
    }

    /// Searches the lists of a customer. Each device that is found counts immediately, because the search may be stopped. Returns
    /// `None` after a warning if the batches cannot be listed.
    async fn search_customer(
        &mut self,
        customer: &OfCustomer,
        search: Search,
        add: impl Fn(&mut Places, &WantedDevice, &[RegisteredDevice]),
    ) -> Option<SearchResults> {
        let Self { ui, session, ref mut places, .. } = *self;
        let bar = Bar::new(ui, "looking for devices that were registered before");
        let results = search
            .run(|event| {
                if let SearchEvent::Found { query_index, device, .. } = event {
                    add(places, &customer.devices[query_index], &[device]);
                }
            })
            .await;
        bar.finish();
        match results {
            Ok(results) => {
                for (device, result) in customer.devices.iter().zip(&results.results) {
                    // A later page may have a device that matches better.
                    let best = best(result);
                    if !best.is_empty() {
                        add(places, device, &best);
                    }
                }
                self.warn_similar(customer, &results);
                Some(results)
            }
            Err(error) => {
                let label = label(session, customer);
                ui.warning(&format!(
                    "cannot look for {} that {} registered before with customer {label}: {error}",
                    count(customer.devices.len(), "device"),
                    if customer.devices.len() == 1 { "was" } else { "were" },
                ));
                None
            }
        }
    }

    /// Warns about devices whose serial number only devices of another manufacturer or model have.
    fn warn_similar(&self, customer: &OfCustomer, results: &SearchResults) {
        let has_same_serial = |result: &&SearchResult, device: &&RegisteredDevice| {
            let serials = result.query.serial_number.as_ref().zip(device.serial_number.as_ref());
            serials.is_some_and(|(one, other)| one.trim().eq_ignore_ascii_case(other.trim()))
        };
        let missing = results.results.iter().filter(|result| best(result).is_empty());
        let others: Vec<&RegisteredDevice> = missing
            .filter_map(|result| result.similar.iter().find(|one| has_same_serial(&result, one)))
            .collect();
        let Some(first) = others.first() else { return };
        let label = label(self.session, customer);
        self.ui.warning(&format!(
            "{} that {} registered before {} the serial number of another device of customer {label}, such as {}: compare them",
            count(others.len(), "device"),
            if others.len() == 1 { "was" } else { "were" },
            if others.len() == 1 { "has" } else { "have" },
            described(first),
        ));
    }

    /// Warns about devices that several customers may have.
    fn warn_ambiguous(&self) {
        let ambiguous = &self.places.ambiguous;
        let Some(first) = ambiguous.values().next() else { return };
        let places = first.iter().filter_map(EarlierRegistration::place).collect::<Vec<_>>();
        self.ui.warning(&format!(
            "{} with error 808 may be registered with several of your customers, such as {}: compare the manufacturer and the model",
            count(ambiguous.len(), "device"),
            printable::line(&places.join(" or ")),
        ));
    }

    /// Warns about batches that could not be read, if a device was not found.
    fn warn_unread(
        &self,
        customer: &OfCustomer,
        unread: &[UnlistedBatch],
        missing: usize,
        code: &str,
    ) {
        if missing > 0 && !unread.is_empty() {
            let label = label(self.session, customer);
            self.ui.warning(&unread_text(unread, &label, missing, code));
        }
    }
}

/// Describes a device so that the user can compare it.
pub(super) fn described(device: &RegisteredDevice) -> String {
    let name = device.serial_number.as_deref().or(device.product_key.as_deref());
    let model = [&device.manufacturer, &device.model].into_iter().flatten();
    let model = model.map(String::as_str).collect::<Vec<_>>().join(" ");
    let model = if model.is_empty() { String::new() } else { format!(", {model}") };
    let text = format!(
        "{}{model}, in batch '{}'",
        name.unwrap_or("a device without a serial number"),
        device.batch
    );
    printable::line(&text).into_owned()
}

/// Returns the name and the id of a customer for people.
fn label(session: &Session, customer: &OfCustomer) -> String {
    match &customer.name {
        Some(name) => format!("{} ({})", printable::line(name), customer.customer),
        None => session.customers.label(&customer.customer),
    }
}

/// Describes batches that could not be read.
fn unread_text(unread: &[UnlistedBatch], customer: &str, missing: usize, code: &str) -> String {
    let (named, rest) = unread.split_at(unread.len().min(MAX_NAMED));
    let mut text = format!(
        "{} with error {code} may be in a batch of customer {customer} that cannot be read",
        count(missing, "device"),
    );
    for UnlistedBatch { batch, failure, .. } in named {
        let failure = failure.message.replace('\n', "\n  ");
        text += &format!("\nbatch '{}': {failure}", printable::line(batch));
    }
    if !rest.is_empty() {
        text += &format!("\nand {} more", count_of(rest.len(), "batch", "batches"));
    }
    text
}

/// Returns the devices of a search that match best. The service identifies a device by its product key, even if the file and the list
/// have different serial numbers.
fn best(result: &SearchResult) -> Vec<RegisteredDevice> {
    if result.devices.is_empty() {
        return result
            .similar
            .iter()
            .find(|device| has_same_key(&result.query, device))
            .cloned()
            .into_iter()
            .collect();
    }
    result.devices.clone()
}

/// Returns true if a complete search shows that the customer has no device like this one.
fn is_gone(result: &SearchResult) -> bool {
    result.reason == Some(UnresolvedReason::NotFound) && result.similar.is_empty()
}

/// Returns the time since which a device of the index is gone. If no earlier run found it there, it was probably deleted before it was
/// sent, and the next run must not conclude that this happened later.
fn gone_since(device: &WantedDevice, customer: &CustomerId, known: &KnownDevice) -> Timestamp {
    let was_found = match &device.recorded {
        Some(EarlierRegistration::InBatch(_)) => true,
        Some(place) => place.customer() == Some(customer),
        None => false,
    };
    if was_found {
        SystemTime::now().into()
    } else {
        (known.seen.time() + Duration::from_millis(1)).into()
    }
}

/// Returns the place of a device that the service reports as registered with this customer. `None` if the search shows nothing: the
/// recorded place stays.
fn conclusion(
    device: &WantedDevice,
    result: &SearchResult,
    is_complete: bool,
) -> Option<EarlierRegistration> {
    use EarlierRegistration::{ByCustomer, InBatch, InNoBatch};
    if let Some(found) = best(result).first() {
        return Some(InBatch(found.batch.clone()));
    }
    if !is_complete || result.reason != Some(UnresolvedReason::NotFound) {
        return None;
    }
    match &device.recorded {
        Some(ByCustomer) => Some(ByCustomer),
        // A similar device may be this one, with a value that the file spells differently.
        _ if !result.similar.is_empty() => None,
        // It was in a batch, and is no longer.
        Some(_) => Some(InNoBatch),
        None if device.is_new => Some(ByCustomer),
        None => Some(InNoBatch),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use partner_center_devices::BatchId;
    use partner_center_devices_fleet::inventory::DeviceQuery;

    #[test]
    fn only_a_complete_search_of_this_run_shows_that_the_customer_registered_a_device() {
        let listed = r#"{"batch": "Old", "serialNumber": "S1"}"#;
        let same_key = r#"{"batch": "Same", "serialNumber": "S2", "productKey": "k"}"#;
        let not_found = r#""notFound""#;
        let in_batch = |name| EarlierRegistration::InBatch(BatchId::new(name).unwrap());
        let by_customer = || EarlierRegistration::ByCustomer;
        let none = || Some(EarlierRegistration::InNoBatch);
        for (devices, similar, reason, is_complete, is_new, recorded, expected) in [
            (listed, "", "null", true, true, None, Some(in_batch("Old"))),
            (listed, "", "null", false, false, None, Some(in_batch("Old"))),
            ("", same_key, not_found, true, true, None, Some(in_batch("Same"))),
            (listed, "", "null", true, false, Some(by_customer()), Some(in_batch("Old"))),
            ("", "", not_found, true, true, None, Some(by_customer())),
            // A run that was stopped may have sent it: deleted since, or registered by the customer.
            ("", "", not_found, true, false, None, none()),
            ("", "", not_found, true, false, Some(by_customer()), Some(by_customer())),
            ("", "", not_found, true, true, Some(in_batch("Former")), none()),
            ("", "", not_found, true, true, Some(EarlierRegistration::InNoBatch), none()),
            ("", "", not_found, false, true, None, None),
            ("", "", not_found, false, true, Some(in_batch("Former")), None),
            ("", listed, not_found, true, true, None, None),
            ("", listed, not_found, true, true, Some(in_batch("Former")), None),
            ("", "", r#""nameless""#, true, true, None, None),
        ] {
            let json = format!(
                r#"{{"wanted": {{"serialNumber": "S1", "productKey": "K"}}, "devices": [{devices}], "near": [{similar}], "reason": {reason}}}"#
            );
            let result: SearchResult =
                serde_json::from_str(&json).unwrap_or_else(|error| panic!("{json}: {error}"));
            let query = DeviceQuery::by_serial_number("S1");
            let known = Vec::new();
            let device = WantedDevice { row: 0, query, recorded, is_new, known };
            assert_eq!(conclusion(&device, &result, is_complete), expected, "{json} {device:?}");
        }
    }
}
