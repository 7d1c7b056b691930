//! The customers of a command: from a name to an id, and from an id to a name. Aliases and tenant ids need no call.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::time::{Duration, SystemTime};

use partner_center_devices::raw::printable;
use partner_center_devices::{Client, CustomerFilter, CustomerId, Retry};
use partner_center_devices_fleet::index::{CustomerRecord, Index, IndexError, KnownCustomer};

use crate::args::CustomerName;
use crate::errors::CommandError;
use crate::settings::config::Config;
use crate::settings::customer_index::{CustomerIndex, index_error};
use crate::settings::customer_match::{self, Known, Lookup};
use crate::settings::customers::{Alias, alias_of};
use crate::ui::output::Ui;
use crate::ui::text_layout::day;

/// The time for a name that is only shown.
const TIME_FOR_A_NAME: Duration = Duration::from_secs(15);

/// The number of names that a command asks the service for before it writes: the service limits this call.
const MAX_NAMES: usize = 20;

/// The customers that a command works for.
pub(crate) struct Customers {
    aliases: Vec<Alias>,
    /// None without a state directory, and for the built-in emulator, which forgets everything.
    index: Option<CustomerIndex>,
    /// The customers that are known so far, by the id in lowercase.
    names: RefCell<BTreeMap<String, CustomerRecord>>,
    /// The customers that were printed, by the id in lowercase.
    printed: RefCell<BTreeSet<String>>,
    /// True if the user knows that the index cannot be used.
    is_warned: Cell<bool>,
}

impl Customers {
    /// Selects the customers of the profile and of the service with this root.
    pub(crate) fn of(config: &Config, service: &str) -> Result<Self, CommandError> {
        // Aliases and tenant ids work without a state directory.
        let index = CustomerIndex::of(config, service).ok();
        Ok(Self::new(config.aliases()?, index))
    }

    /// Selects customers that are not remembered.
    pub(crate) fn forgotten(config: &Config) -> Result<Self, CommandError> {
        Ok(Self::new(config.aliases()?, None))
    }

    fn new(aliases: Vec<Alias>, index: Option<CustomerIndex>) -> Self {
        Self {
            aliases,
            index,
            names: RefCell::default(),
            printed: RefCell::default(),
            is_warned: Cell::new(false),
        }
    }

    /// Returns the customer with this alias, this tenant id, or this name or domain in the index. `None` if only the service can
    /// find it.
    pub(crate) fn known(
        &self,
        ui: Ui,
        name: &CustomerName,
    ) -> Result<Option<CustomerId>, CommandError> {
        // Without a name to look for, the index is not opened.
        let by_id = customer_match::known(name, &self.aliases, Vec::new(), false)?;
        if let Known::Id(id) = by_id {
            return Ok(Some(id));
        }
        let Some(index) = self.existing_index(ui) else { return Ok(None) };
        let read = || Ok((index.customers_named(&name.0)?, index.customers_synced()?));
        let (indexed, synced) = match read() {
            Ok(read) => read,
            Err(error) => {
                self.warn_unusable(ui, &index_error(error));
                return Ok(None);
            }
        };
        let seen = indexed.first().and_then(|customer| customer.seen);
        match customer_match::known(name, &self.aliases, indexed, synced.is_some())? {
            Known::Named(customer) => {
                let date = seen.map(|seen| seen.to_string()).unwrap_or_default();
                let id = self.remember(customer);
                self.print(ui, &id, &format!(", as of {}", day(&date)));
                Ok(Some(id))
            }
            Known::Id(_) | Known::Unknown => Ok(None),
        }
    }

    /// Returns the customer that a text means. Asks the service if this machine does not know it.
    pub(crate) async fn find(
        &self,
        ui: Ui,
        client: &Client,
        name: &CustomerName,
    ) -> Result<CustomerId, CommandError> {
        if let Some(id) = self.known(ui, name)? {
            return Ok(id);
        }
        if name.0.is_empty() {
            return Err(customer_match::unknown(name, &self.aliases, &[]));
        }
        let filter = match Lookup::of(&name.0) {
            Lookup::ByDomain => CustomerFilter::domain_starts_with(&name.0),
            Lookup::ByName => CustomerFilter::company_name_starts_with(&name.0),
        };
        let found = client.customers().filter(filter).list().await.map_err(|error| {
            CommandError::from(error)
                .context(&format!("cannot look up the customer '{}'", name.0))
                .hint("an alias or a tenant id needs no call")
        })?;
        let customer = customer_match::found(name, &self.aliases, &found)?;
        self.record(ui, &customer);
        let id = self.remember(customer);
        self.print(ui, &id, "");
        Ok(id)
    }

    /// Returns the error for a text that this machine does not know, in a command that cannot ask the service.
    pub(crate) fn unknown(&self, name: &CustomerName) -> CommandError {
        customer_match::unknown(name, &self.aliases, &[])
            .hint("to know all names on this machine: pcdevices customers sync")
    }

    /// Returns a customer for people, with its name and id, as far as this machine knows the name.
    pub(crate) fn label(&self, id: &CustomerId) -> String {
        self.names.borrow().get(&key(id)).map_or_else(
            || match alias_of(&self.aliases, id.as_str()) {
                Some(alias) => format!("{alias} ({id})"),
                None => id.to_string(),
            },
            label,
        )
    }

    /// Returns false for the built-in emulator, which forgets everything.
    pub(crate) fn are_remembered(&self) -> bool {
        self.index.is_some()
    }

    /// Returns the names that this machine knows: the alias, or the name in the index. Makes no call.
    pub(crate) fn known_names(
        &self,
        ui: Ui,
        ids: &BTreeSet<CustomerId>,
    ) -> BTreeMap<CustomerId, String> {
        if ids.is_empty() {
            return BTreeMap::new();
        }
        let index = self.existing_index(ui);
        let name = |id: &CustomerId| {
            if let Some(alias) = alias_of(&self.aliases, id.as_str()) {
                return Some(alias.to_owned());
            }
            if let Some(known) = self.names.borrow().get(&key(id)) {
                return known.name.clone().or_else(|| known.domain.clone());
            }
            let known = indexed(index.as_ref(), id)?;
            known.name.or(known.domain)
        };
        ids.iter().filter_map(|id| Some((id.clone(), name(id)?))).collect()
    }

    /// Returns the company name of a customer in the index, or else its alias. Makes no call.
    pub(crate) fn company_name(&self, ui: Ui, id: &CustomerId) -> Option<String> {
        let indexed = indexed(self.existing_index(ui).as_ref(), id).and_then(|known| known.name);
        indexed.or_else(|| alias_of(&self.aliases, id.as_str()).map(str::to_owned))
    }

    /// Prepares for a change: looks up names that are not known, and warns of a relationship in which the service refuses
    /// access.
    pub(crate) async fn prepare(&self, ui: Ui, client: &Client, ids: &[CustomerId]) {
        if self.index.is_none() {
            return;
        }
        let index = self.existing_index(ui);
        let mut asked = 0;
        for id in ids {
            if !self.names.borrow().contains_key(&key(id)) {
                let known = indexed(index.as_ref(), id);
                match known.filter(|known| known.name.is_some()) {
                    Some(known) => drop(self.remember(customer_match::record(known))),
                    None if asked < MAX_NAMES => {
                        asked += 1;
                        self.ask_name(ui, client, id).await;
                    }
                    None => {}
                }
            }
            let names = self.names.borrow();
            let relationship = names.get(&key(id)).and_then(|one| one.relationship.as_deref());
            if let Some(problem) = relationship.and_then(relationship_problem) {
                ui.warning(&format!("customer {}: {problem}", self.label(id)));
            }
        }
    }

    /// Prepares for a change as [`prepare`](Self::prepare) does, and prints the name and the id of each customer.
    pub(crate) async fn announce(&self, ui: Ui, client: &Client, ids: &[CustomerId]) {
        self.prepare(ui, client, ids).await;
        for id in ids.iter().filter(|_| self.index.is_some()) {
            self.print(ui, id, "");
        }
    }

    /// Prints a customer, once.
    fn print(&self, ui: Ui, id: &CustomerId, since: &str) {
        if self.printed.borrow_mut().insert(key(id)) {
            ui.status_line(&format!("Customer {}{since}", self.label(id)));
        }
    }

    /// Asks the service for the name of a customer. Without an answer, only the id is shown.
    async fn ask_name(&self, ui: Ui, client: &Client, id: &CustomerId) {
        let call = client.customer(id.clone()).get().retry(Retry::never()).timeout(TIME_FOR_A_NAME);
        if let Ok(details) = call.await
            && let Some(customer) = CustomerRecord::of(&details).filter(|one| one.name.is_some())
        {
            self.record(ui, &customer);
            self.remember(customer);
        }
    }

    /// Returns the customers that this machine never worked for.
    pub(crate) fn never_used(&self, ui: Ui, ids: &[CustomerId]) -> Vec<CustomerId> {
        if self.index.is_none() {
            return Vec::new();
        }
        let index = self.existing_index(ui);
        let is_used =
            |id: &CustomerId| indexed(index.as_ref(), id).is_some_and(|known| known.used.is_some());
        ids.iter().filter(|id| !is_used(id)).cloned().collect()
    }

    /// Records that this machine works for customers.
    pub(crate) fn record_use(&self, ui: Ui, ids: &[CustomerId]) {
        self.change(ui, |index| {
            let now = SystemTime::now().into();
            ids.iter().try_for_each(|id| index.record_use(id, now))
        });
    }

    fn record(&self, ui: Ui, customer: &CustomerRecord) {
        self.change(ui, |index| index.record_customer(customer, SystemTime::now().into()));
    }

    /// Remembers the name of a customer for this command.
    pub(crate) fn learn(&self, customer: CustomerRecord) {
        if customer.name.is_some() {
            self.remember(customer);
        }
    }

    fn remember(&self, customer: CustomerRecord) -> CustomerId {
        let id = customer.id.clone();
        self.names.borrow_mut().insert(key(&id), customer);
        id
    }

    /// Changes the index. A command does not fail because its cache cannot be written.
    pub(crate) fn change(&self, ui: Ui, change: impl FnOnce(&mut Index) -> Result<(), IndexError>) {
        let Some(file) = &self.index else { return };
        let changed = file.open().and_then(|mut index| change(&mut index).map_err(index_error));
        if let Err(error) = changed {
            self.warn_unusable(ui, &error);
        }
    }

    /// Warns that the index cannot be used, once.
    fn warn_unusable(&self, ui: Ui, error: &CommandError) {
        if self.is_warned.replace(true) {
            return;
        }
        let mut text = error.to_string();
        for hint in error.hints() {
            let _ = write!(text, "; {hint}");
        }
        ui.warning(&text);
    }

    /// Opens the index, if there is one. A command works without it.
    fn existing_index(&self, ui: Ui) -> Option<Index> {
        let opened = self.index.as_ref()?.open_existing();
        opened.unwrap_or_else(|error| {
            self.warn_unusable(ui, &error);
            None
        })
    }
}

/// Returns a customer of the index. A command works without it, so an index that cannot be read knows no customer.
fn indexed(index: Option<&Index>, id: &CustomerId) -> Option<KnownCustomer> {
    index?.customer(id).ok().flatten()
}

fn key(id: &CustomerId) -> String {
    id.as_str().to_lowercase()
}

/// Returns a customer for people: its name and id.
fn label(customer: &CustomerRecord) -> String {
    let name = customer.name.as_deref().or(customer.domain.as_deref());
    match name {
        Some(name) => format!("{} ({})", printable::line(name), customer.id),
        None => customer.id.to_string(),
    }
}

/// Describes a relationship in which the partner cannot manage devices.
pub(crate) fn relationship_problem(relationship: &str) -> Option<&'static str> {
    match relationship {
        "none" => Some(
            "the customer ended the relationship with you (none), so the service refuses access to its devices",
        ),
        "advisor" => Some(
            "you advise this customer and do not resell to it (advisor), so the service refuses access to its devices",
        ),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::Global;

    #[test]
    fn known_names_are_aliases_and_names_in_the_index() {
        let id = |text: &str| CustomerId::new(text).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let file = CustomerIndex::in_file(folder.path().join("index"), "https://x.example");
        let mut index = file.open().unwrap();
        for (customer, name, domain) in
            [("a", Some("Contoso"), None), ("b", None, Some("b.example")), ("c", None, None)]
        {
            let mut record = CustomerRecord::new(id(customer));
            record.name = name.map(ToOwned::to_owned);
            record.domain = domain.map(ToOwned::to_owned);
            index.record_customer(&record, SystemTime::now().into()).unwrap();
        }
        drop(index);
        let alias = Alias { alias: "hq".to_owned(), id: "D".to_owned(), note: None };
        let customers = Customers::new(vec![alias], Some(file));
        let ids = ["a", "b", "c", "d", "e"].map(id).into();
        let names = customers.known_names(Ui::new(&Global::default()), &ids);
        let names: Vec<_> = names.iter().map(|(id, name)| (id.as_str(), name.as_str())).collect();
        assert_eq!(names, [("a", "Contoso"), ("b", "b.example"), ("d", "hq")]);
    }
}
