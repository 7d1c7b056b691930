//! A row as the page shows it, and the list of all rows.

use std::borrow::Cow;

use super::chart::{Badge, badge};
use super::format::capitalized;
use super::options::HtmlOptions;
use crate::report::earlier_registration::EarlierRegistration;
use crate::report::outcome::RowOutcome;
use crate::report::row::ReportRow;
use crate::report::upload_report::Report;
use crate::timestamp::Timestamp;

/// The number of rows in a group that is collapsed or expanded as a whole.
const GROUP_SIZE: usize = 1_000;
/// The groups are expanded up to this number of rows. Only expanded groups are printed.
const EXPANDED_ROWS: usize = 200;

/// A row on the page.
#[derive(Clone, Copy)]
pub(super) struct Line<'a> {
    pub(super) row: &'a ReportRow,
    /// The number of its problem, from 1; 0 if there is none.
    pub(super) problem: usize,
    /// The customer's name, if the page has several customers.
    pub(super) customer_name: Option<&'a str>,
}

/// Rows that are collapsed or expanded together.
pub(super) struct RowGroup<'a> {
    pub(super) is_open: bool,
    pub(super) first: usize,
    pub(super) last: usize,
    pub(super) rows: Vec<Line<'a>>,
}

impl<'a> Line<'a> {
    pub(super) fn new(row: &'a ReportRow, problem: usize, options: &'a HtmlOptions) -> Self {
        let customer = row.destination().filter(|_| options.has_several_customers());
        let name = customer.and_then(|destination| options.name_of(&destination.customer));
        Self { row, problem, customer_name: name }
    }

    /// Returns the first known identifier, with its kind unless it is the serial number.
    pub(super) fn device(&self) -> (&'static str, &'a str) {
        let row = self.row;
        None.or(row.serial_number().map(|serial| ("", serial)))
            .or(row.product_key().map(|key| ("product key", key)))
            .or(row.short_hash().map(|hash| ("hardware hash", hash)))
            .unwrap_or(("", "unnamed device"))
    }

    pub(super) fn badge(&self) -> Badge {
        badge(self.row)
    }

    /// Returns the details of this row that its problem does not already state.
    pub(super) fn details(&self) -> Option<Cow<'a, str>> {
        if let Some(place) = self.batch() {
            return Some(capitalized(&place).into());
        }
        match &self.row.outcome {
            RowOutcome::Failed(error) => {
                Some(error.name().into()).filter(|name: &Cow<'_, str>| !name.is_empty())
            }
            RowOutcome::Invalid(finding) => Some(capitalized(finding.message()).into()),
            RowOutcome::Duplicate(first) => Some(first.relative_to(&self.row.origin).into()),
            _ => None,
        }
    }

    /// Returns what the list of all rows says about a row without a problem: the row that it duplicates, or where its device was.
    pub(super) fn note(&self) -> Option<String> {
        match &self.row.outcome {
            RowOutcome::Duplicate(first) => Some(first.relative_to(&self.row.origin)),
            _ => self.batch(),
        }
    }

    /// Returns the batch of the customer that has the device. The page does not name other customers.
    fn batch(&self) -> Option<String> {
        match self.row.earlier_registration()? {
            place @ EarlierRegistration::InBatch(_) => place.place(),
            _ => None,
        }
    }

    /// Returns the time at which the outcome became known, or else the time of sending.
    pub(super) fn time(&self) -> Option<Timestamp> {
        let exchange = self.row.exchange.as_ref()?;
        Some(exchange.finished.unwrap_or(exchange.sent))
    }
}

/// Returns the list of all rows in groups, and the number of rows in it. `problem_of` has the problem number of each
/// row. Rows without a problem are left out first.
pub(super) fn row_groups<'a>(
    report: &'a Report,
    options: &'a HtmlOptions,
    problem_of: &[usize],
) -> (Vec<RowGroup<'a>>, usize) {
    let with_problem = problem_of.iter().filter(|problem| **problem > 0).count();
    let mut with_problem = with_problem.min(options.max_rows);
    let mut without_problem = options.max_rows - with_problem;
    let mut listed = Vec::new();
    for (position, (row, &problem)) in report.rows.iter().zip(problem_of).enumerate() {
        let remaining = if problem > 0 { &mut with_problem } else { &mut without_problem };
        if *remaining > 0 {
            *remaining -= 1;
            listed.push((position + 1, Line::new(row, problem, options)));
        }
    }
    let group = |rows: &[(usize, Line<'a>)]| RowGroup {
        is_open: listed.len() <= EXPANDED_ROWS,
        first: rows.first().map_or(0, |row| row.0),
        last: rows.last().map_or(0, |row| row.0),
        rows: rows.iter().map(|row| row.1).collect(),
    };
    (listed.chunks(GROUP_SIZE).map(group).collect(), listed.len())
}
