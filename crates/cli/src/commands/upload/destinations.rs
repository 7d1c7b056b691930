//! The customer and batch of each row. An unknown customer, a row without one, or a row without a batch stops the whole
//! upload before anything is sent.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use partner_center_devices::{BatchId, CustomerId};
use partner_center_devices_fleet::{CheckedRow, Fleet, Origin, RowStatus};

use super::args::CustomerFrom;
use super::group_tags::Batches;
use crate::args::CustomerName;
use crate::errors::{CommandError, Exit};
use crate::settings::customers::{Alias, find};
use crate::ui::text_layout::{locations, shorten_name};

/// The reason why a row has no destination.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Problem {
    OfCustomer(String),
    OfRow(String),
}

/// The rows that have each problem.
type Problems = BTreeMap<Problem, Vec<Origin>>;

/// The customer of each row.
#[derive(Clone, Debug)]
pub(super) enum Customers {
    /// All rows belong to this customer.
    One(CustomerId),
    /// Each row names its own.
    Of(CustomerFrom),
}

/// The customers and batches that the rows name.
#[derive(Debug)]
pub(super) struct Destinations {
    customers: Customers,
    batches: Batches,
    /// The customers by the names in the file.
    ids: BTreeMap<String, CustomerId>,
    /// The batches by the folded group tag: batch names are compared without case.
    groups: BTreeMap<String, BatchId>,
}

impl Destinations {
    /// Finds the destination of every row that has a device.
    ///
    /// # Errors
    /// If a row has no customer or batch, or an invalid one, or if a device has two destinations. Each problem is
    /// reported once, with its lines.
    pub(super) fn of(
        fleet: &Fleet,
        customers: Customers,
        batches: Batches,
        aliases: &[Alias],
    ) -> Result<Self, CommandError> {
        let mut all = Self { customers, batches, ids: BTreeMap::new(), groups: BTreeMap::new() };
        let mut problems = Problems::new();
        let is_valid = |row: &&CheckedRow| !matches!(row.status(), RowStatus::Invalid(_));
        for row in fleet.rows().iter().filter(is_valid) {
            if let Err(problem) = all.take(row, aliases) {
                problems.entry(problem).or_default().push(row.origin().clone());
            }
        }
        for (row, problem) in all.contradictions(fleet) {
            problems.entry(Problem::OfRow(problem)).or_default().push(row.origin().clone());
        }
        let several = fleet.rows().windows(2).any(|rows| {
            let [one, other] = [&rows[0], &rows[1]].map(|row| row.origin().source());
            one != other
        });
        if problems.is_empty() { Ok(all) } else { Err(all.error(problems, several)) }
    }

    /// Finds duplicates whose device has another destination in the row that is sent. Other duplicates are harmless.
    fn contradictions<'a>(
        &self,
        fleet: &'a Fleet,
    ) -> impl Iterator<Item = (&'a CheckedRow, String)> {
        let place = |origin: &Origin| (origin.source().to_owned(), origin.line());
        let rows: HashMap<_, _> =
            fleet.rows().iter().map(|row| (place(row.origin()), row)).collect();
        fleet.rows().iter().filter_map(move |row| {
            let RowStatus::Duplicate(origin) = row.status() else { return None };
            let first = self.of_row(rows.get(&place(origin))?)?;
            let to = self.of_row(row)?;
            let is_same_customer = to.0.as_str().eq_ignore_ascii_case(first.0.as_str());
            let problem = if !is_same_customer {
                format!("the device is also in {origin}, for another customer")
            } else if to.1 != first.1 {
                let [here, there] = [to, first].map(|(_, batch)| shorten_name(batch.as_str()));
                format!("the device is also in {origin}, for batch '{there}' instead of '{here}'")
            } else {
                return None;
            };
            Some((row, problem))
        })
    }

    /// Returns the error about rows without a destination, in the order of their lines. The lines name their file if there
    /// are several.
    fn error(&self, problems: Problems, several: bool) -> CommandError {
        let mut problems: Vec<_> = problems.into_iter().collect();
        problems.sort_by_key(|(_, rows)| rows.first().map(Origin::line));
        let failures = problems.iter().map(|(problem, rows)| {
            let (Problem::OfCustomer(text) | Problem::OfRow(text)) = problem;
            let rows: Vec<_> = rows.iter().map(|row| (row.source(), Some(row.line()))).collect();
            let text = format!("{text} ({})", locations(&rows, several));
            CommandError::new(Exit::InvalidFile, text)
        });
        let failure = failures.reduce(|first, failure| first.and(Err(failure)));
        let failure = failure.unwrap_or_else(|| {
            CommandError::new(Exit::InvalidFile, "the rows have no destination")
        });
        let of_customers = problems.iter().any(|(one, _)| matches!(one, Problem::OfCustomer(_)));
        failure.final_hint(match self.customers {
            Customers::Of(CustomerFrom::Column) if of_customers => {
                "nothing was sent: give each row a tenant id, or an alias from `pcdevices customers list`"
            }
            Customers::Of(CustomerFrom::Folder) if of_customers => {
                "nothing was sent: name each folder after its customer, with a tenant id or an alias from `pcdevices customers list`"
            }
            _ if self.batches == Batches::OfGroupTags => {
                "nothing was sent: fix the group tags of these lines, or send all devices to one batch: --batch NAME --ignore-group-tags"
            }
            _ => "nothing was sent: fix these lines and try again",
        })
    }

    fn take(&mut self, row: &CheckedRow, aliases: &[Alias]) -> Result<(), Problem> {
        if let Customers::Of(from) = self.customers {
            let name = customer_name(row, from)
                .ok_or_else(|| Problem::OfCustomer("the customer is missing".to_owned()))?;
            if let Entry::Vacant(new) = self.ids.entry(name) {
                let found = find(&CustomerName(new.key().clone()), aliases);
                new.insert(found.map_err(|failure| Problem::OfCustomer(failure.to_string()))?);
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

/// Returns the customer that a row names.
fn customer_name(row: &CheckedRow, from: CustomerFrom) -> Option<String> {
    match from {
        CustomerFrom::Column => row.customer().map(ToOwned::to_owned),
        CustomerFrom::Folder => {
            let folder = Path::new(row.origin().source()).parent()?.file_name()?;
            folder.to_str().map(ToOwned::to_owned)
        }
    }
}

/// Returns the CSV files in directories and their subdirectories, which have one customer each. Paths of files are
/// kept.
pub(crate) fn files_in_folders(paths: &[PathBuf]) -> Result<Vec<PathBuf>, CommandError> {
    let mut files = Vec::new();
    for path in paths {
        let found = if path.is_dir() {
            let mut found = Vec::new();
            collect_files(path, 1, &mut found).map(|()| found)
        } else {
            Ok(vec![path.clone()])
        };
        let found = found.map_err(|error| {
            CommandError::new(
                Exit::InvalidFile,
                format!("cannot read the directory {}", path.display()),
            )
            .with_source(error)
        })?;
        if found.is_empty() {
            let message =
                format!("there is no .csv file in {} or its subdirectories", path.display());
            return Err(CommandError::new(Exit::InvalidFile, message));
        }
        files.extend(found);
    }
    Ok(files)
}

fn collect_files(folder: &Path, deeper: usize, found: &mut Vec<PathBuf>) -> io::Result<()> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    paths.sort();
    for path in paths {
        let hidden = path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
        if hidden {
            continue;
        }
        if path.is_dir() {
            if deeper > 0 {
                collect_files(&path, deeper - 1, found)?;
            }
        } else if path.extension().is_some_and(|end| end.eq_ignore_ascii_case("csv")) {
            found.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "47021739-3426-40bf-9601-61b4b6d7c793";
    const TWO: &str = "4d8b5f9e-0f7a-4b36-9b8e-1f1f2ad0c8a1";

    fn aliases() -> Vec<Alias> {
        vec![Alias { alias: "contoso".to_owned(), id: ONE.to_owned(), note: None }]
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
        let customers = Customers::Of(from);
        match Destinations::of(&fleet, customers, batches(batch), &aliases()) {
            Ok(all) => Ok(fleet
                .rows()
                .iter()
                .map(|row| match all.of_row(row) {
                    Some((customer, batch)) => format!("{} {batch}", &customer.as_str()[..4]),
                    None => "nowhere".to_owned(),
                })
                .collect()),
            Err(failure) => Err(anstream::adapter::strip_str(&failure.render()).to_string()),
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
        let csv = "Serial,Make,Model,Tenant ID,Group Tag\nA,M,N,contosso,HQ\nB,M,N,,HQ\nC,M,N,contoso,\nD,M,N,contosso,HQ\n";
        let column = CustomerFrom::Column;
        insta::assert_snapshot!(destinations(csv, "f", column, None).unwrap_err());
        insta::assert_snapshot!(
            destinations(csv, "f.csv", CustomerFrom::Folder, Some("X")).unwrap_err()
        );
        let twice = format!(
            "Serial,Make,Model,Tenant ID\nA,M,N,contoso\nA,M,N,{TWO}\nA,M,N,\nA,M,N,contosso\nA,M,N,CONTOSO\n"
        );
        insta::assert_snapshot!(destinations(&twice, "f.csv", column, Some("X")).unwrap_err());
    }
}
