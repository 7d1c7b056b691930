//! The customer and batch of each row, in an upload for several customers. An unknown customer, or a row without one,
//! stops the whole upload before anything is sent.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use partner_center_devices::{BatchId, CustomerId};
use partner_center_devices_fleet::{CheckedRow, Fleet, Origin, RowStatus};

use super::args::CustomerFrom;
use crate::args::CustomerName;
use crate::errors::{CommandError, Exit};
use crate::settings::customers::{Alias, find};
use crate::ui::text_layout::line_numbers;

/// The reason why a row has no destination.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Problem {
    OfCustomer(String),
    OfRow(String),
}

/// The customers and batches that the rows name.
#[derive(Debug)]
pub(crate) struct Destinations {
    from: CustomerFrom,
    customers: BTreeMap<String, CustomerId>,
    /// The batch of all rows. Without it, each row names its own.
    batch: Option<BatchId>,
    batches: BTreeMap<String, BatchId>,
}

impl Destinations {
    /// Finds the destination of every row that has a device.
    ///
    /// # Errors
    /// If a row has no customer or batch, or an invalid one, or if a device has two destinations. Each problem is
    /// reported once, with its lines.
    pub(crate) fn of(
        fleet: &Fleet,
        from: CustomerFrom,
        batch: Option<&BatchId>,
        aliases: &[Alias],
    ) -> Result<Self, CommandError> {
        let mut all = Self {
            from,
            customers: BTreeMap::new(),
            batch: batch.cloned(),
            batches: BTreeMap::new(),
        };
        let mut problems: BTreeMap<Problem, Vec<u64>> = BTreeMap::new();
        let is_valid = |row: &&CheckedRow| !matches!(row.status(), RowStatus::Invalid(_));
        for row in fleet.rows().iter().filter(is_valid) {
            if let Err(problem) = all.take(row, aliases) {
                problems.entry(problem).or_default().push(row.origin().line());
            }
        }
        // A duplicate is harmless, unless the two rows have different destinations.
        let place = |origin: &Origin| (origin.source().to_owned(), origin.line());
        let rows: HashMap<_, _> =
            fleet.rows().iter().map(|row| (place(row.origin()), row)).collect();
        for row in fleet.rows() {
            if let RowStatus::Duplicate(origin) = row.status()
                && let Some(to) = all.of_row(row)
                && let Some(first) = rows.get(&place(origin)).and_then(|first| all.of_row(first))
                && to != first
            {
                let problem =
                    format!("the device is also in {origin}, for another customer or batch");
                problems.entry(Problem::OfRow(problem)).or_default().push(row.origin().line());
            }
        }
        let mut problems: Vec<_> = problems.into_iter().collect();
        problems.sort_by_key(|(_, lines)| lines.first().copied());
        let mut failures = problems.iter().map(|(problem, rows)| {
            let (Problem::OfCustomer(text) | Problem::OfRow(text)) = problem;
            CommandError::new(Exit::InvalidFile, format!("{text} ({})", line_numbers(rows)))
        });
        let Some(first) = failures.next() else { return Ok(all) };
        let failure = failures.fold(first, |first, failure| first.and(Err(failure)));
        let of_customers = problems.iter().any(|(one, _)| matches!(one, Problem::OfCustomer(_)));
        Err(failure.final_hint(match from {
            _ if !of_customers => "nothing was sent: fix these lines and try again",
            CustomerFrom::Column => {
                "nothing was sent: give each row a tenant id, or an alias from `pcdevices customers list`"
            }
            CustomerFrom::Folder => {
                "nothing was sent: name each folder after its customer, with a tenant id or an alias from `pcdevices customers list`"
            }
        }))
    }

    fn take(&mut self, row: &CheckedRow, aliases: &[Alias]) -> Result<(), Problem> {
        let name = customer_name(row, self.from)
            .ok_or_else(|| Problem::OfCustomer("the customer is missing".to_owned()))?;
        if let Entry::Vacant(new) = self.customers.entry(name) {
            let found = find(&CustomerName(new.key().clone()), aliases);
            new.insert(found.map_err(|failure| Problem::OfCustomer(failure.to_string()))?);
        }
        if self.batch.is_none() {
            let tag = row.group_tag().ok_or_else(|| {
                let none = "the group tag is missing, and --batch is not set";
                Problem::OfRow(none.to_owned())
            })?;
            if let Entry::Vacant(new) = self.batches.entry(tag.to_owned()) {
                let batch = BatchId::new(tag);
                new.insert(batch.map_err(|error| {
                    Problem::OfRow(format!("'{tag}' is not a valid batch name: {error}"))
                })?);
            }
        }
        Ok(())
    }

    /// Returns the destination of a row.
    pub(crate) fn of_row(&self, row: &CheckedRow) -> Option<(&CustomerId, &BatchId)> {
        let customer = self.customers.get(&customer_name(row, self.from)?)?;
        let batch = match &self.batch {
            Some(batch) => batch,
            None => self.batches.get(row.group_tag()?)?,
        };
        Some((customer, batch))
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

    fn destinations(
        csv: &str,
        source: &str,
        from: CustomerFrom,
        batch: Option<&str>,
    ) -> Result<Vec<String>, String> {
        let fleet = Fleet::read(csv.as_bytes(), source);
        let batch = batch.map(|batch| BatchId::new(batch).unwrap());
        match Destinations::of(&fleet, from, batch.as_ref(), &aliases()) {
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
