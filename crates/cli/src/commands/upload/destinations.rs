//! The customer and batch of each row. An unknown customer, a row without one, or a row without a batch stops the whole
//! upload before anything is sent, unless such rows are left out.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::Path;

use partner_center_devices::{BatchId, CustomerId};
use partner_center_devices_fleet::{CheckedRow, Fleet, Origin, RowStatus};

use super::group_tags::Batches;
use crate::args::CustomerFrom;
use crate::errors::{CommandError, Exit};
use crate::ui::text_layout::{locations, shorten_name};

/// The reason why a row has no destination.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Problem {
    OfCustomer(String),
    OfRow(String),
}

/// The rows without a destination, by their position in the fleet.
pub(super) type WithoutDestination = BTreeMap<usize, Problem>;

/// The customer of each row.
#[derive(Clone, Debug)]
pub(super) enum Customers {
    /// All rows belong to this customer.
    One(CustomerId),
    /// Each row names its own.
    Of(CustomerFrom),
}

/// The customer for each name in the files, or the reason why it is unknown.
pub(super) type CustomersByName = BTreeMap<String, Result<CustomerId, String>>;

/// The customers and batches that the rows name.
#[derive(Debug)]
pub(super) struct Destinations {
    customers: Customers,
    batches: Batches,
    /// The customers by the names in the file.
    ids: BTreeMap<String, CustomerId>,
    /// The batches by the folded group tag: batch names are compared without case.
    groups: BTreeMap<String, BatchId>,
    /// Rows that are left out.
    left_out: HashSet<Origin>,
}

impl Destinations {
    /// Finds the destination of every row that has a device, and the rows without one: their customer or batch is missing
    /// or invalid, or their device has two destinations.
    pub(super) fn of(
        fleet: &Fleet,
        customers: Customers,
        batches: Batches,
        known: &CustomersByName,
    ) -> (Self, WithoutDestination) {
        let (ids, groups) = (BTreeMap::new(), BTreeMap::new());
        let mut all = Self { customers, batches, ids, groups, left_out: HashSet::new() };
        let mut problems = WithoutDestination::new();
        for (position, row) in fleet.rows().iter().enumerate() {
            if matches!(row.status(), RowStatus::Invalid(_)) {
                continue;
            }
            if let Err(problem) = all.take(row, known) {
                problems.insert(position, problem);
            }
        }
        for (position, first) in duplicates(fleet) {
            let [row, first] = [position, first].map(|position| &fleet.rows()[position]);
            if let Some(text) = all.contradiction(row, first) {
                problems.entry(position).or_insert(Problem::OfRow(text));
            }
        }
        (all, problems)
    }

    /// Describes the different destinations of two rows with the same device. Other duplicates are harmless.
    fn contradiction(&self, row: &CheckedRow, other: &CheckedRow) -> Option<String> {
        let (here, there) = (self.of_row(row)?, self.of_row(other)?);
        let origin = relative(other.origin(), row.origin());
        if !here.0.as_str().eq_ignore_ascii_case(there.0.as_str()) {
            return Some(format!("the device is also in {origin}, for another customer"));
        }
        let [here, there] = [here, there].map(|(_, batch)| shorten_name(batch.as_str()));
        (here != there).then(|| {
            format!("the device is also in {origin}, for batch '{there}' instead of '{here}'")
        })
    }

    /// Leaves out the rows without a destination, and all other rows with their devices: a duplicate must not hide that a
    /// device is not sent. Returns the problems of all of them.
    pub(super) fn leave_out(
        &mut self,
        fleet: &Fleet,
        problems: &WithoutDestination,
    ) -> HashMap<usize, String> {
        let mut texts: HashMap<usize, String> =
            problems.iter().map(|(position, problem)| (*position, problem.text())).collect();
        let rows = fleet.rows();
        for (position, first) in duplicates(fleet) {
            if let Some(text) = self.contradiction(&rows[first], &rows[position]) {
                texts.entry(first).or_insert(text);
            }
        }
        for (position, first) in duplicates(fleet) {
            if texts.contains_key(&first) {
                let first = relative(rows[first].origin(), rows[position].origin());
                let text = format!("the same device as {first}, which is not sent either");
                texts.entry(position).or_insert(text);
            }
        }
        self.left_out = texts.keys().map(|position| rows[*position].origin().clone()).collect();
        texts
    }

    /// Returns an error for each problem, with its lines, in the order of the lines. The lines name their file if there are
    /// several.
    pub(super) fn error(&self, fleet: &Fleet, problems: &WithoutDestination) -> CommandError {
        let mut lines: BTreeMap<&Problem, Vec<&Origin>> = BTreeMap::new();
        for (position, problem) in problems {
            lines.entry(problem).or_default().push(fleet.rows()[*position].origin());
        }
        let mut lines: Vec<_> = lines.into_iter().collect();
        lines.sort_by_key(|(_, rows)| rows.first().map(|row| row.line()));
        let several = fleet.rows().windows(2).any(|rows| {
            let [one, other] = [&rows[0], &rows[1]].map(|row| row.origin().source());
            one != other
        });
        let failures = lines.iter().map(|(problem, rows)| {
            let rows: Vec<_> = rows.iter().map(|row| (row.source(), Some(row.line()))).collect();
            let text = format!("{} ({})", problem.text(), locations(&rows, several));
            CommandError::new(Exit::InvalidFile, text)
        });
        let failure = failures.reduce(|first, failure| first.and(Err(failure)));
        failure
            .unwrap_or_else(|| CommandError::new(Exit::InvalidFile, "the rows have no destination"))
    }

    /// Returns what to do about rows without a destination.
    pub(super) fn hint(&self, problems: &WithoutDestination) -> &'static str {
        let of_customers = problems.values().any(|one| matches!(one, Problem::OfCustomer(_)));
        match self.customers {
            Customers::Of(CustomerFrom::Column) if of_customers => {
                "nothing was sent: give each row a tenant id, a default domain, or an alias from `pcdevices customers list`"
            }
            Customers::Of(CustomerFrom::Folder) if of_customers => {
                "nothing was sent: name each folder after its customer, with a tenant id, a default domain or an alias from `pcdevices customers list`"
            }
            _ if self.batches == Batches::OfGroupTags => {
                "nothing was sent: fix the group tags of these lines, or send all devices to one batch: --batch NAME --ignore-group-tags"
            }
            _ => "nothing was sent: fix these lines and try again",
        }
    }

    fn take(&mut self, row: &CheckedRow, known: &CustomersByName) -> Result<(), Problem> {
        if let Customers::Of(from) = self.customers {
            let name = customer_name(row, from)
                .ok_or_else(|| Problem::OfCustomer("the customer is missing".to_owned()))?;
            if let Entry::Vacant(new) = self.ids.entry(name) {
                let found = known.get(new.key()).cloned();
                let found = found.unwrap_or_else(|| Err("the customer is unknown".to_owned()));
                new.insert(found.map_err(Problem::OfCustomer)?);
            }
        }
        if self.batches == Batches::OfGroupTags {
            let tag = row.group_tag().ok_or_else(|| {
                let none = "the group tag is missing, and --batch is not set";
                Problem::OfRow(none.to_owned())
            })?;
            if let Entry::Vacant(new) = self.groups.entry(tag.to_lowercase()) {
                let batch = BatchId::new(tag).map_err(|error| {
                    let tag = shorten_name(tag);
                    Problem::OfRow(format!(
                        "the group tag '{tag}' is not a valid batch name: {error}"
                    ))
                })?;
                new.insert(batch);
            }
        }
        Ok(())
    }

    /// Returns the destination of a row.
    pub(super) fn of_row(&self, row: &CheckedRow) -> Option<(&CustomerId, &BatchId)> {
        if self.left_out.contains(row.origin()) {
            return None;
        }
        let customer = match &self.customers {
            Customers::One(customer) => customer,
            Customers::Of(from) => self.ids.get(&customer_name(row, *from)?)?,
        };
        let batch = match &self.batches {
            Batches::One(batch) => batch,
            Batches::OfGroupTags => self.groups.get(&row.group_tag()?.to_lowercase())?,
        };
        Some((customer, batch))
    }

    /// Returns the customers that get devices, each once.
    pub(super) fn customers(&self, fleet: &Fleet) -> Vec<CustomerId> {
        let ready = fleet.rows().iter().filter(|row| matches!(row.status(), RowStatus::Ready(_)));
        let ids = ready.filter_map(|row| Some(self.of_row(row)?.0));
        let ids: BTreeMap<String, &CustomerId> =
            ids.map(|id| (id.as_str().to_lowercase(), id)).collect();
        ids.into_values().cloned().collect()
    }

    /// Returns the only customer, if all rows belong to one by the options.
    pub(super) fn only_customer(&self) -> Option<&CustomerId> {
        match &self.customers {
            Customers::One(customer) => Some(customer),
            Customers::Of(_) => None,
        }
    }

    /// Returns the only batch, if all rows go to one.
    pub(super) fn only_batch(&self) -> Option<&BatchId> {
        match &self.batches {
            Batches::One(batch) => Some(batch),
            Batches::OfGroupTags if self.groups.len() == 1 => self.groups.values().next(),
            Batches::OfGroupTags => None,
        }
    }
}

impl Problem {
    fn text(&self) -> String {
        let (Self::OfCustomer(text) | Self::OfRow(text)) = self;
        text.clone()
    }
}

/// Formats an origin for a message about a row of the same file, or of another file.
fn relative(origin: &Origin, row: &Origin) -> String {
    if origin.source() == row.source() {
        format!("line {}", origin.line())
    } else {
        origin.to_string()
    }
}

/// Returns the position of each duplicate, and of the row that is sent instead.
fn duplicates(fleet: &Fleet) -> impl Iterator<Item = (usize, usize)> {
    let positions: HashMap<_, _> = fleet.rows().iter().map(CheckedRow::origin).zip(0..).collect();
    let duplicates = fleet.rows().iter().enumerate();
    duplicates.filter_map(move |(position, row)| match row.status() {
        RowStatus::Duplicate(first) => Some((position, *positions.get(first)?)),
        _ => None,
    })
}

/// Returns the names of customers that rows with a device have, each once.
pub(super) fn customer_names(fleet: &Fleet, from: CustomerFrom) -> BTreeSet<String> {
    let rows = fleet.rows().iter();
    let rows = rows.filter(|row| !matches!(row.status(), RowStatus::Invalid(_)));
    rows.filter_map(|row| customer_name(row, from)).collect()
}

/// Returns the customer that a row names.
fn customer_name(row: &CheckedRow, from: CustomerFrom) -> Option<String> {
    match from {
        CustomerFrom::Column => row.customer().map(ToOwned::to_owned),
        CustomerFrom::Folder => {
            let mut folder = Path::new(row.origin().source()).parent()?;
            // A file at the top of an archive belongs to the folder of the archive.
            if folder.extension().is_some_and(|end| end.eq_ignore_ascii_case("zip")) {
                folder = folder.parent()?;
            }
            folder.file_name()?.to_str().map(ToOwned::to_owned)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::CustomerName;
    use crate::settings::customers::{Alias, find};

    const ONE: &str = "47021739-3426-40bf-9601-61b4b6d7c793";
    const TWO: &str = "4d8b5f9e-0f7a-4b36-9b8e-1f1f2ad0c8a1";

    fn aliases() -> Vec<Alias> {
        vec![Alias { alias: "contoso".to_owned(), id: ONE.to_owned(), note: None }]
    }

    fn known(fleet: &Fleet, from: CustomerFrom) -> CustomersByName {
        let known = |name: String| {
            let found = find(&CustomerName(name.clone()), &aliases()).unwrap();
            let missing = format!("there is no customer '{name}'");
            (name, found.ok_or(missing))
        };
        customer_names(fleet, from).into_iter().map(known).collect()
    }

    fn batches(batch: Option<&str>) -> Batches {
        batch.map_or(Batches::OfGroupTags, |batch| Batches::One(BatchId::new(batch).unwrap()))
    }

    fn destinations(
        csv: &str,
        source: &str,
        from: CustomerFrom,
        batch: Option<&str>,
    ) -> Result<Vec<String>, String> {
        let fleet = Fleet::read(csv.as_bytes(), source);
        let known = known(&fleet, from);
        let (all, problems) = Destinations::of(&fleet, Customers::Of(from), batches(batch), &known);
        match problems.is_empty() {
            true => Ok(fleet
                .rows()
                .iter()
                .map(|row| match all.of_row(row) {
                    Some((customer, batch)) => format!("{} {batch}", &customer.as_str()[..4]),
                    None => "nowhere".to_owned(),
                })
                .collect()),
            false => {
                let failure = all.error(&fleet, &problems).final_hint(all.hint(&problems));
                Err(anstream::adapter::strip_str(&failure.render()).to_string())
            }
        }
    }

    #[test]
    fn each_row_names_its_customer_and_its_batch() {
        let csv = format!(
            "Serial,Make,Model,Tenant ID,Group Tag\nA,M,N,Contoso,HQ\nB,M,N,{TWO},Lab\nC,M,N,contoso,Lab\n"
        );
        let column = CustomerFrom::Column;
        assert_eq!(
            destinations(&csv, "f", column, None).unwrap(),
            ["4702 HQ", "4d8b Lab", "4702 Lab"]
        );
        assert_eq!(
            destinations(&csv, "f", column, Some("X")).unwrap(),
            ["4702 X", "4d8b X", "4702 X"]
        );
        let folder = CustomerFrom::Folder;
        assert_eq!(
            destinations(&csv, "fleets/Contoso/a.csv", folder, None).unwrap(),
            ["4702 HQ", "4702 Lab", "4702 Lab"]
        );
    }

    #[test]
    fn missing_destinations_are_reported_with_their_lines() {
        let csv = "Serial,Make,Model,Tenant ID,Group Tag\nPF2A71,M,N,contosso,HQ\nPF2B71,M,N,,HQ\nPF2C71,M,N,contoso,\nPF2D71,M,N,contosso,HQ\n";
        let column = CustomerFrom::Column;
        insta::assert_snapshot!(destinations(csv, "f", column, None).unwrap_err());
        insta::assert_snapshot!(
            destinations(csv, "f.csv", CustomerFrom::Folder, Some("X")).unwrap_err()
        );
        let twice = format!(
            "Serial,Make,Model,Tenant ID\nPF2A71,M,N,contoso\nPF2A71,M,N,{TWO}\nPF2A71,M,N,\nPF2A71,M,N,contosso\nPF2A71,M,N,CONTOSO\n"
        );
        insta::assert_snapshot!(destinations(&twice, "f.csv", column, Some("X")).unwrap_err());
    }

    #[test]
    fn a_row_is_left_out_together_with_the_other_rows_of_its_device() {
        let csv = "Serial,Make,Model,Group Tag\nPF2A71,M,N,HQ\nPF2B71,M,N,\nPF2A71,M,N,HQ\nPF2B71,M,N,Lab\nPF2A71,M,N,Lab\nPF2C71,M,N,Lab\nPF2C71,M,N,lab\n";
        let fleet = Fleet::read(csv.as_bytes(), "f.csv");
        let customer = Customers::One(CustomerId::new("c").unwrap());
        let (mut all, problems) =
            Destinations::of(&fleet, customer, batches(None), &CustomersByName::new());
        let mut texts: Vec<_> = all.leave_out(&fleet, &problems).into_iter().collect();
        texts.sort_unstable();
        let lines: Vec<_> =
            texts.iter().map(|(position, text)| format!("{}: {text}", position + 2)).collect();
        assert_eq!(
            lines,
            [
                "2: the device is also in line 6, for batch 'Lab' instead of 'HQ'",
                "3: the group tag is missing, and --batch is not set",
                "4: the same device as line 2, which is not sent either",
                "5: the same device as line 3, which is not sent either",
                "6: the device is also in line 2, for batch 'HQ' instead of 'Lab'",
            ]
        );
        let sent = fleet.rows().iter().filter(|row| all.of_row(row).is_some());
        let sent: Vec<_> = sent.map(|row| row.origin().line()).collect();
        assert_eq!(sent, [7, 8]);
    }
}
