//! The customers of a command: from a name to an id, and from an id to a name. Aliases and tenant ids need no call.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::time::{Duration, SystemTime};

use partner_center_devices::raw::printable;
use partner_center_devices::{Client, CustomerFilter, CustomerId, Retry};
use partner_center_devices_fleet::Timestamp;
use partner_center_devices_fleet::index::{CustomerRecord, Index, IndexError, KnownCustomer};

use crate::args::CustomerName;
use crate::errors::{CommandError, Exit};
use crate::settings::config::Config;
use crate::settings::customer_index::{CustomerIndex, index_error};
use crate::settings::customer_match::{self, Known, Lookup};
use crate::settings::customers::{Alias, alias_of, find};
use crate::ui::output::Ui;
use crate::ui::text_layout::day;

/// The time for a name that is only shown.
const TIME_FOR_A_NAME: Duration = Duration::from_secs(15);

/// The time for which a change relies on the names and relationships in the index.
const FRESH_FOR: Duration = Duration::from_secs(24 * 60 * 60);

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
    /// The names that were found in the index only, and may mean another customer by now, by the id in lowercase.
    unconfirmed: RefCell<BTreeMap<String, Vec<CustomerName>>>,
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
            unconfirmed: RefCell::default(),
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
                if !is_fresh(seen) || synced.is_some() && !is_fresh(synced) {
                    self.unconfirmed.borrow_mut().entry(key(&id)).or_default().push(name.clone());
                }
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
        let id = self.ask(ui, client, name).await?;
        self.print(ui, &id, "");
        Ok(id)
    }

    /// Asks the service for the customer that a text means.
    async fn ask(
        &self,
        ui: Ui,
        client: &Client,
        name: &CustomerName,
    ) -> Result<CustomerId, CommandError> {
        let mut similar: Vec<CustomerRecord> = Vec::new();
        let lookups = if name.0.is_empty() { &[] } else { Lookup::of(&name.0) };
        for lookup in lookups {
            let filter = match lookup {
                Lookup::ByDomain => CustomerFilter::domain_starts_with(&name.0),
                Lookup::ByName => CustomerFilter::company_name_starts_with(&name.0),
            };
            let found = client.customers().filter(filter).list().await.map_err(|error| {
                CommandError::from(error)
                    .context(&format!("cannot look up the customer '{}'", name.0))
                    .hint("an alias or a tenant id needs no call")
            })?;
            let found: Vec<_> = found.iter().filter_map(CustomerRecord::of).collect();
            if let Some(customer) = customer_match::exact(name, &found)? {
                self.record(ui, &customer);
                return Ok(self.remember(customer));
            }
            for customer in found {
                if !similar.iter().any(|other| other.id == customer.id) {
                    similar.push(customer);
                }
            }
        }
        Err(customer_match::unknown(name, &self.aliases, &similar))
    }

    /// Returns the one of these customers that a text means, in a command that does not ask the service: by its alias, its id, or by its
    /// name or domain on this machine.
    pub(crate) fn among(
        &self,
        ui: Ui,
        name: &CustomerName,
        ids: &BTreeSet<CustomerId>,
    ) -> Result<CustomerId, CommandError> {
        if let Some(id) = find(name, &self.aliases)? {
            return Ok(id);
        }
        let index = self.existing_index(ui);
        let known = ids.iter().filter_map(|id| indexed(index.as_ref(), id));
        let known: Vec<_> = known.map(customer_match::record).collect();
        match customer_match::exact(name, &known)? {
            Some(customer) => Ok(customer.id),
            None => match self.known(ui, name)? {
                Some(id) => Ok(id),
                None => Err(customer_match::unknown_here(name, &self.aliases)
                    .hint("to know all names on this machine: pcdevices customers sync")),
            },
        }
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

    /// Returns the default domain of a customer, if the index has it.
    pub(crate) fn domain(&self, ui: Ui, id: &CustomerId) -> Option<String> {
        indexed(self.existing_index(ui).as_ref(), id).and_then(|known| known.domain)
    }

    /// Prepares for a change: asks the service whether names of an index that is not fresh still mean the same customers, looks up names
    /// that are not known, and warns of a relationship in which the service refuses access.
    ///
    /// # Errors
    /// If a name means another customer by now, or several, or none, or if the service cannot be asked.
    pub(crate) async fn prepare(
        &self,
        ui: Ui,
        client: &Client,
        ids: &[CustomerId],
    ) -> Result<(), CommandError> {
        if self.index.is_none() {
            return Ok(());
        }
        let mut asked = 0;
        for id in ids {
            let unconfirmed = self.unconfirmed.borrow_mut().remove(&key(id));
            for name in unconfirmed.unwrap_or_default() {
                self.confirm(ui, client, &name, id).await?;
            }
            if !self.names.borrow().contains_key(&key(id)) {
                let known = indexed(self.existing_index(ui).as_ref(), id);
                let known = known.filter(|known| known.name.is_some());
                let is_known = known.as_ref().is_some_and(|known| is_fresh(known.seen));
                if let Some(known) = known {
                    self.remember(customer_match::record(known));
                }
                if !is_known && asked < MAX_NAMES {
                    asked += 1;
                    self.ask_name(ui, client, id).await;
                }
            }
            let names = self.names.borrow();
            let relationship = names.get(&key(id)).and_then(|one| one.relationship.as_deref());
            if let Some(problem) = relationship.and_then(relationship_problem) {
                ui.warning(&format!("customer {}: {problem}", self.label(id)));
            }
        }
        Ok(())
    }

    /// Prepares for a change as [`prepare`](Self::prepare) does, and prints the name and the id of each customer.
    ///
    /// # Errors
    /// The same errors as [`prepare`](Self::prepare).
    pub(crate) async fn announce(
        &self,
        ui: Ui,
        client: &Client,
        ids: &[CustomerId],
    ) -> Result<(), CommandError> {
        self.prepare(ui, client, ids).await?;
        for id in ids.iter().filter(|_| self.index.is_some()) {
            self.print(ui, id, "");
        }
        Ok(())
    }

    /// Prints the name and the id of each customer, as far as this machine knows it. Makes no call.
    pub(crate) fn show(&self, ui: Ui, ids: &[CustomerId]) {
        if self.index.is_none() {
            return;
        }
        let index = self.existing_index(ui);
        for id in ids {
            if !self.names.borrow().contains_key(&key(id))
                && let Some(known) = indexed(index.as_ref(), id)
            {
                self.remember(customer_match::record(known));
            }
            self.print(ui, id, "");
        }
    }

    /// Asks the service whether a name still means the customer that the index has.
    async fn confirm(
        &self,
        ui: Ui,
        client: &Client,
        name: &CustomerName,
        id: &CustomerId,
    ) -> Result<(), CommandError> {
        let now = self.ask(ui, client, name).await?;
        if key(&now) == key(id) {
            return Ok(());
        }
        let message = format!(
            "'{}' meant customer {id} according to this machine, and means {} now; nothing was changed",
            name.0,
            self.label(&now),
        );
        Err(CommandError::new(Exit::Usage, message)
            .hint("use the tenant id of the one that you mean")
            .hint("to update the names on this machine: pcdevices customers sync"))
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
    pub(crate) fn existing_index(&self, ui: Ui) -> Option<Index> {
        self.open_index(ui).unwrap_or_default()
    }

    /// Opens the index, if there is one.
    ///
    /// # Errors
    /// If there is one that cannot be used. A warning tells the reason.
    pub(crate) fn open_index(&self, ui: Ui) -> Result<Option<Index>, UnusableIndex> {
        let Some(index) = &self.index else { return Ok(None) };
        index.open_existing().map_err(|error| {
            self.warn_unusable(ui, &error);
            UnusableIndex
        })
    }
}

/// There is an index that cannot be used.
#[derive(Debug)]
pub(crate) struct UnusableIndex;

/// Returns a customer of the index. A command works without it, so an index that cannot be read knows no customer.
fn indexed(index: Option<&Index>, id: &CustomerId) -> Option<KnownCustomer> {
    index?.customer(id).ok().flatten()
}

fn key(id: &CustomerId) -> String {
    id.as_str().to_lowercase()
}

/// Returns true if what the service reported at a time is recent enough to change something without another request.
fn is_fresh(seen: Option<Timestamp>) -> bool {
    let age = seen.map(|seen| SystemTime::now().duration_since(seen.time()));
    // After the clock was set back, a time may be in the future.
    age.is_some_and(|age| age.is_ok_and(|age| age < FRESH_FOR))
}

/// Returns a customer for people: its name and id.
fn label(customer: &CustomerRecord) -> String {
    let name = customer.name.as_deref().or(customer.domain.as_deref());
    match name {
        Some(name) => format!("{} ({})", printable::line(name), customer.id),
        None => customer.id.to_string(),
    }
}

/// Describes a relationship in which the partner probably cannot manage devices.
pub(crate) fn relationship_problem(relationship: &str) -> Option<&'static str> {
    match relationship {
        "none" => Some(
            "the relationship with this customer was removed (none), so the service refuses access to its devices",
        ),
        "advisor" => Some(
            "you advise this customer and do not resell to it (advisor), so the service may refuse access to its devices",
        ),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::Global;
    use partner_center_devices_fleet::index::SyncTask;

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

    const ONE: &str = "47021739-3426-40bf-9601-61b4b6d7c793";
    const TWO: &str = "4d8b5f9e-0f7a-4b36-9b8e-1f1f2ad0c8a1";

    /// Returns a service with these customers: id, name and domain.
    fn service(customers: &[(&str, &str, &str)]) -> Client {
        let customer = |(id, name, domain): &(&str, &str, &str)| {
            let profile = serde_json::json!({"companyName": name, "domain": domain});
            serde_json::json!({"id": id, "companyProfile": profile, "relationshipToPartner": "reseller"})
        };
        let all: Vec<_> = customers.iter().map(customer).collect();
        let body = serde_json::json!({"items": all}).to_string();
        let service = move |_: http::Request<bytes::Bytes>| {
            let response = http::Response::builder().header("content-type", "application/json");
            response.body(bytes::Bytes::from(body.clone())).unwrap()
        };
        Client::builder().in_process(service).build().unwrap()
    }

    /// Before a change, the service confirms what the index knew a day ago.
    #[tokio::test]
    async fn an_old_index_is_not_relied_on_for_a_change() {
        const HOUR: Duration = Duration::from_secs(60 * 60);
        let same = [(ONE, "Contoso", "contoso.com")];
        let twins = [same[0], (TWO, "Contoso", "b.example")];
        let moved = [(ONE, "Contoso", "a.example"), (TWO, "Fabrikam", "contoso.com")];
        for (age, name, now, expected) in [
            (23 * HOUR, "Contoso", &twins[..], Ok(())),
            (25 * HOUR, "Contoso", &same[..], Ok(())),
            (25 * HOUR, "contoso.com", &same[..], Ok(())),
            (25 * HOUR, "Contoso", &twins[..], Err("could mean 2 customers")),
            (25 * HOUR, "Contoso", &[][..], Err("there is no customer 'Contoso'")),
            (25 * HOUR, "contoso.com", &moved[..], Err("and means Fabrikam (")),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let file = CustomerIndex::in_file(folder.path().join("index"), "https://x.example");
            let mut index = file.open().unwrap();
            let then = Timestamp::from(SystemTime::now() - age);
            let mut record = CustomerRecord::new(CustomerId::new(ONE).unwrap());
            record.name = Some("Contoso".to_owned());
            record.domain = Some("contoso.com".to_owned());
            let progress = index.progress(&SyncTask::Customers, then).unwrap();
            index.commit_customers(&progress, &[record], None, then).unwrap();
            drop(index);
            let customers = Customers::new(Vec::new(), Some(file));
            let ui = Ui::new(&Global { quiet: true, ..Global::default() });
            let client = service(now);
            // A file may name a customer in several ways.
            let mut id = None;
            for name in [name, "contoso.com"] {
                let found = customers.find(ui, &client, &CustomerName(name.to_owned())).await;
                let found = found.unwrap_or_else(|error| panic!("{name}: {error}"));
                assert_eq!(found.as_str(), ONE, "reading needs no call");
                id = Some(found);
            }
            let id = id.unwrap();
            let prepared = customers.prepare(ui, &client, &[id]).await;
            match (prepared, expected) {
                (Ok(()), Ok(())) => {}
                (Err(error), Err(text)) => assert!(error.to_string().contains(text), "{error}"),
                (prepared, expected) => panic!("{name} {age:?}: {prepared:?}, not {expected:?}"),
            }
        }
    }
}
