//! Rows that need attention, grouped by problem, for technicians.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::HashMap;

use super::format::{capitalized, grouped};
use super::status::Status;
use super::texts::Text;
use crate::language::Language;
use crate::report::earlier_registration::EarlierRegistration;
use crate::report::outcome::RowOutcome;
use crate::report::proof::Proof;
use crate::report::row::ReportRow;
use crate::report::upload_report::Report;
use crate::timestamp::Timestamp;

/// The maximum number of rows listed for a problem. The list of all rows has every row.
const MAX_ROWS: usize = 100;

/// Rows with the same problem.
pub(super) struct Problem<'a> {
    pub(super) code: Option<&'a str>,
    /// The service's name for the error, or the id of a rule; `None` if it may differ from row to row.
    pub(super) name: Option<Cow<'a, str>>,
    pub(super) heading: Cow<'a, str>,
    pub(super) cure: String,
    pub(super) count: usize,
    pub(super) rows: Vec<ProblemRow<'a>>,
}

/// A row with a problem.
#[derive(Clone, Copy)]
pub(super) struct ProblemRow<'a>(pub(super) &'a ReportRow);

impl<'a> ProblemRow<'a> {
    /// Returns the first known identifier.
    pub(super) fn device(&self) -> &'a str {
        let row = self.0;
        let known = row.serial_number().or(row.product_key()).or(row.short_hash());
        known.unwrap_or(Text::Unnamed.in_language(Language::English))
    }

    /// Returns the details of this row that its problem does not already state.
    pub(super) fn details(&self) -> Option<Cow<'a, str>> {
        // The page does not name other customers.
        if let Some(place @ EarlierRegistration::InBatch(_)) = self.0.earlier_registration() {
            return place.place().map(|place| capitalized(&place).into());
        }
        match &self.0.outcome {
            RowOutcome::Failed(error) => {
                Some(error.name().into()).filter(|name: &Cow<'_, str>| !name.is_empty())
            }
            RowOutcome::Invalid(finding) => Some(capitalized(finding.message()).into()),
            _ => None,
        }
    }

    /// Returns the file without its folders, and the line.
    pub(super) fn origin(&self) -> String {
        let origin = self.0.origin();
        let name = origin.source().rsplit(['/', '\\']).next().unwrap_or_default();
        format!("{name}:{}", origin.line())
    }

    /// Returns the time at which the outcome became known, or else the time of sending.
    pub(super) fn time(&self) -> Option<Timestamp> {
        let exchange = self.0.exchange.as_ref()?;
        Some(exchange.finished.unwrap_or(exchange.sent))
    }
}

impl<'a> Problem<'a> {
    /// Creates the problem of a row, without rows.
    fn new(row: &'a ReportRow) -> Self {
        let label = Status::of(row).label().in_language(Language::English);
        let (name, heading): (_, Cow<'_, str>) = match &row.outcome {
            RowOutcome::Failed(_) => match row.meaning() {
                Some(meaning) => (row.name(), capitalized(&meaning).into()),
                None => (None, "The service returned an unknown error".into()),
            },
            RowOutcome::Invalid(finding) => {
                (Some(finding.rule().id().into()), finding.rule().summary().into())
            }
            _ => (None, row.meaning().map_or(label.into(), |text| capitalized(&text).into())),
        };
        let cure = row.cure().unwrap_or(
            "read the service's message for each device; if it does not help, open a support case with the support ids",
        );
        Self {
            code: row.code(),
            name,
            heading,
            cure: capitalized(cure),
            count: 0,
            rows: Vec::new(),
        }
    }

    pub(super) fn total(&self) -> String {
        grouped(self.count, Language::English)
    }

    /// Returns the number of rows that are not listed.
    pub(super) fn unlisted(&self) -> String {
        grouped(self.count - self.rows.len(), Language::English)
    }

    /// Returns true if any of its rows was sent.
    pub(super) fn has_ids(&self) -> bool {
        self.rows.iter().any(|row| row.0.exchange.is_some())
    }

    /// Returns true if any of its rows has details other than the problem's name.
    pub(super) fn has_details(&self) -> bool {
        self.rows.iter().any(|row| row.details().is_some_and(|text| Some(text) != self.name))
    }
}

/// Returns the problems, the most frequent first.
pub(super) fn problems(report: &Report) -> Vec<Problem<'_>> {
    let mut numbers = HashMap::new();
    let mut problems: Vec<Problem<'_>> = Vec::new();
    for row in report.rows.iter().filter(|row| !row.is_success()) {
        let number = *numbers.entry(problem_key(row)).or_insert_with(|| {
            problems.push(Problem::new(row));
            problems.len() - 1
        });
        let problem = &mut problems[number];
        problem.count += 1;
        if problem.rows.len() < MAX_ROWS {
            problem.rows.push(ProblemRow(row));
        }
    }
    // The stable sort keeps the order of the input for equal counts.
    problems.sort_by_key(|problem| Reverse(problem.count));
    problems
}

/// Returns equal values for rows with the same problem. Unknown messages of the service may differ from row to row and
/// do not count.
fn problem_key(row: &ReportRow) -> (&'static str, &str, &str) {
    if let Some(earlier) = row.earlier_registration() {
        return (row.outcome.id(), row.code().unwrap_or_default(), earlier.id());
    }
    let (code, detail) = match &row.outcome {
        RowOutcome::Failed(error) => (error.code(), error.meaning().unwrap_or_default()),
        RowOutcome::Invalid(finding) => ("", finding.rule().id()),
        _ if row.tracking_id.is_some() => ("", "accepted"),
        _ if row.proof == Some(Proof::AuditRecordOnly) => ("", "audit record"),
        _ => ("", ""),
    };
    (row.outcome.id(), code, detail)
}
