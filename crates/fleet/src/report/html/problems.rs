//! Rows that need attention, grouped by problem.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::HashMap;

use super::chart::{Badge, badge};
use super::format::capitalized;
use super::options::HtmlOptions;
use super::row_list::Line;
use crate::report::outcome::RowOutcome;
use crate::report::proof::Proof;
use crate::report::row::ReportRow;
use crate::report::upload_report::Report;

/// The maximum number of rows listed for a problem.
const MAX_ROWS: usize = 1_000;
/// The rows of a problem are expanded up to this number.
const EXPANDED_ROWS: usize = 25;

/// Rows with the same problem.
pub(super) struct Problem<'a> {
    pub(super) class: &'static str,
    pub(super) symbol: &'static str,
    pub(super) code: Option<&'a str>,
    /// The service's name for the error, or the id of a rule; `None` if it may differ from row to row.
    pub(super) name: Option<Cow<'a, str>>,
    pub(super) heading: Cow<'a, str>,
    pub(super) cure: String,
    pub(super) count: usize,
    pub(super) rows: Vec<Line<'a>>,
}

impl<'a> Problem<'a> {
    /// Creates the problem of a row, without rows.
    fn new(row: &'a ReportRow) -> Self {
        let Badge { class, symbol, label } = badge(row);
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
            class,
            symbol,
            code: row.code(),
            name,
            heading,
            cure: capitalized(cure),
            count: 0,
            rows: Vec::new(),
        }
    }

    pub(super) fn is_expanded(&self) -> bool {
        self.count <= EXPANDED_ROWS
    }

    /// Returns true if any of its rows was sent.
    pub(super) fn has_ids(&self) -> bool {
        self.rows.iter().any(|line| line.row.exchange.is_some())
    }

    /// Returns true if any of its rows has details other than the problem's name.
    pub(super) fn has_details(&self) -> bool {
        self.rows.iter().any(|line| line.details().is_some_and(|text| Some(text) != self.name))
    }
}

/// Returns the problems, the most frequent first, and for each row the number of its problem, from 1, or 0.
pub(super) fn problems<'a>(
    report: &'a Report,
    options: &'a HtmlOptions,
) -> (Vec<Problem<'a>>, Vec<usize>) {
    let mut numbers = HashMap::new();
    let mut problems: Vec<Problem<'_>> = Vec::new();
    let mut problem_of = Vec::with_capacity(report.rows.len());
    for row in &report.rows {
        if row.is_success() {
            problem_of.push(0);
            continue;
        }
        let number = *numbers.entry(problem_key(row)).or_insert_with(|| {
            problems.push(Problem::new(row));
            problems.len()
        });
        problems[number - 1].count += 1;
        problem_of.push(number);
    }

    // Number the problems by frequency; the stable sort keeps the order of the input for equal counts.
    let mut order: Vec<usize> = (0..problems.len()).collect();
    order.sort_by_key(|&index| Reverse(problems[index].count));
    let mut new_number = vec![0; problems.len() + 1];
    for (new_index, &old_index) in order.iter().enumerate() {
        new_number[old_index + 1] = new_index + 1;
    }
    problems.sort_by_key(|problem| Reverse(problem.count));

    for (row, number) in report.rows.iter().zip(&mut problem_of) {
        *number = new_number[*number];
        if *number > 0 {
            let rows = &mut problems[*number - 1].rows;
            if rows.len() < MAX_ROWS {
                rows.push(Line::new(row, *number, options));
            }
        }
    }
    (problems, problem_of)
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
