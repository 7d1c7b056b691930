//! A row as the list of all rows shows it.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use serde::Serialize;

use super::options::HtmlOptions;
use super::status::{Actor, Status};
use super::texts::{Text, fill};
use crate::origin::Origin;
use crate::report::destination::Destination;
use crate::report::earlier_registration::EarlierRegistration;
use crate::report::outcome::RowOutcome;
use crate::report::row::ReportRow;
use crate::report::upload_report::Report;

/// The kinds of identifiers. A [`Line`] has the position of its kind.
pub(super) const KINDS: [Text; 4] =
    [Text::SerialNumber, Text::ProductKey, Text::HardwareHash, Text::Unnamed];

/// A row of the list. In the data of the page it is an array of these values.
#[derive(Serialize)]
pub(super) struct Line<'a>(
    /// The identifier.
    pub(super) &'a str,
    /// The kind of the identifier.
    pub(super) usize,
    /// The file.
    pub(super) usize,
    /// The line in the file.
    pub(super) u64,
    /// The destination, from 1; 0 if there is none.
    pub(super) usize,
    /// The status.
    pub(super) usize,
    /// The note.
    pub(super) String,
    /// The model, from 1; 0 if it is not known.
    pub(super) usize,
    /// The configuration policy, from 1; 0 if none is known.
    pub(super) usize,
);

impl Line<'_> {
    pub(super) fn status(&self) -> Status {
        Status::ALL[self.5]
    }
}

/// Returns true if the notes of rows with this status are in English in every language.
pub(super) fn has_english_notes(status: Status) -> bool {
    status == Status::Invalid
}

/// Names files and batches for the rows of a report.
pub(super) struct Lines<'a> {
    report: &'a Report,
    options: &'a HtmlOptions,
    /// The files without their folders, unless two have the same name.
    pub(super) files: Vec<&'a str>,
    file_of: HashMap<&'a str, usize>,
    pub(super) models: Names,
    pub(super) policies: Names,
    destination_of: HashMap<*const Destination, usize>,
}

impl<'a> Lines<'a> {
    pub(super) fn new(report: &'a Report, options: &'a HtmlOptions) -> Self {
        let mut file_of = HashMap::new();
        let mut paths = Vec::new();
        for row in &report.rows {
            file_of.entry(row.origin.source()).or_insert_with(|| {
                paths.push(row.origin.source());
                paths.len() - 1
            });
        }
        let positions = report.destinations.iter().zip(1..);
        let destination_of = positions.map(|(one, number)| (Arc::as_ptr(one), number)).collect();
        let models =
            Names::of(report.rows.iter().map(|row| row.model.as_ref().map(ToString::to_string)));
        let policies =
            (0..report.rows.len()).map(|row| options.policies.get(row).map(str::to_owned));
        let (policies, files) = (Names::of(policies), short_names(paths));
        Self { report, options, files, file_of, models, policies, destination_of }
    }

    /// Returns all rows, those for which somebody has to do something first.
    pub(super) fn all(&self) -> impl Iterator<Item = Line<'_>> {
        let open = |(_, row): &(usize, &ReportRow)| Status::of(row).actor() != Actor::NoOne;
        let rows = || self.report.rows.iter().enumerate();
        let done = rows().filter(move |row| !open(row));
        rows().filter(open).chain(done).map(|(position, row)| self.line(position, row))
    }

    fn line(&self, position: usize, row: &'a ReportRow) -> Line<'a> {
        let identifiers = [row.serial_number(), row.product_key(), row.short_hash()];
        let (kind, identifier) = identifiers
            .into_iter()
            .enumerate()
            .find_map(|(kind, identifier)| Some((kind, identifier?)))
            .unwrap_or((KINDS.len() - 1, ""));
        let destination = row.destination.as_ref().map(Arc::as_ptr);
        Line(
            identifier,
            kind,
            self.file_of[row.origin.source()],
            row.origin.line(),
            destination.and_then(|one| self.destination_of.get(&one).copied()).unwrap_or(0),
            Status::of(row).index(),
            self.note(row),
            self.models.of_row[position],
            self.policies.of_row[position],
        )
    }

    fn text(&self, text: Text) -> &'static str {
        text.in_language(self.options.language)
    }

    /// Returns the place of a row in the customer's list.
    pub(super) fn place(&self, file: usize, line: u64) -> String {
        let text = if self.files.len() == 1 { Text::Line } else { Text::LineOfFile };
        fill(self.text(text), &[("file", self.files[file]), ("line", &line.to_string())])
    }

    fn note(&self, row: &ReportRow) -> String {
        match &row.outcome {
            RowOutcome::Duplicate(first) => {
                fill(self.text(Text::SameAs), &[("place", &self.origin(first))])
            }
            RowOutcome::Invalid(finding) => finding.message().to_owned(),
            RowOutcome::Failed(_) if row.code().is_some() => {
                fill(self.text(Text::Code), &[("code", row.code().unwrap_or_default())])
            }
            _ => match row.earlier_registration() {
                Some(EarlierRegistration::InBatch(batch)) => {
                    fill(self.text(Text::InBatch), &[("batch", batch.as_str())])
                }
                _ => String::new(),
            },
        }
    }

    fn origin(&self, origin: &Origin) -> String {
        match self.file_of.get(origin.source()) {
            Some(file) => self.place(*file, origin.line()),
            None => origin.to_string(),
        }
    }
}

/// The different names of something that rows have.
pub(super) struct Names {
    /// Each name once, in the order of the rows.
    pub(super) all: Vec<Arc<str>>,
    /// The name of each row, from 1; 0 for a row without a name.
    pub(super) of_row: Vec<usize>,
}

impl Names {
    /// Names that differ only in case are the same.
    fn of(names: impl Iterator<Item = Option<String>>) -> Self {
        let (mut all, mut numbers): (Vec<Arc<str>>, HashMap<String, usize>) = Default::default();
        let mut number = |name: String| {
            *numbers.entry(name.to_lowercase()).or_insert_with(|| {
                all.push(name.into());
                all.len()
            })
        };
        let of_row = names.map(|name| name.map_or(0, &mut number)).collect();
        Self { all, of_row }
    }

    /// Returns a name by its number.
    pub(super) fn get(&self, number: usize) -> Option<&str> {
        Some(self.all.get(number.checked_sub(1)?)?)
    }
}

/// Returns the names of files without their folders, or the whole paths if two of them have the same name.
fn short_names(paths: Vec<&str>) -> Vec<&str> {
    let name = |path: &&'_ str| path.rfind(['/', '\\']).map_or(0, |slash| slash + 1);
    let names: Vec<_> = paths.iter().map(|path| &path[name(path)..]).collect();
    let distinct: HashSet<_> = names.iter().collect();
    if distinct.len() == names.len() && !distinct.contains(&"") { names } else { paths }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_without_folders_unless_that_is_ambiguous() {
        assert_eq!(short_names(vec!["/a/b.csv", r"C:\x\c.csv", "d"]), ["b.csv", "c.csv", "d"]);
        for paths in [vec!["/a/b.csv", "/c/b.csv"], vec!["/a/", "b"]] {
            assert_eq!(short_names(paths.clone()), paths);
        }
    }
}
