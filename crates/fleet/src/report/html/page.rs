//! The values of the page template.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest as _, Sha256};

use super::chart::Bar;
// `time` and `grouped` are called by the template.
use super::format::{grouped, time};
use super::options::HtmlOptions;
use super::problems::{Problem, problems};
use super::row_list::{RowGroup, row_groups};
use crate::report::destination::Destination;
use crate::report::proof::Proof;
use crate::report::row::ReportRow;
use crate::report::totals::ReportTotals;
use crate::report::upload_report::Report;
use crate::timestamp::Timestamp;

const STYLE: &str = include_str!("../../../templates/report.css");
/// The maximum number of files named at the top.
const MAX_FILES: usize = 5;

#[derive(askama::Template)]
#[template(path = "report.html", whitespace = "minimize")]
pub(super) struct Page<'a> {
    style: &'static str,
    policy: String,
    options: &'a HtmlOptions,
    report: &'a Report,
    totals: ReportTotals,
    summary: String,
    bar: Bar,
    destinations: Vec<DestinationRow<'a>>,
    files: Vec<&'a str>,
    more_files: usize,
    /// The times of the first request and of the last response.
    sent: Option<(Timestamp, Timestamp)>,
    problems: Vec<Problem<'a>>,
    row_groups: Vec<RowGroup<'a>>,
    /// The number of rows in `row_groups`.
    listed: usize,
    /// The proofs of rows, unless the job's result proves all of them.
    proofs: Vec<Proof>,
}

/// A row in the table of batches.
struct DestinationRow<'a> {
    customer: Customer<'a>,
    batch: &'a str,
    created: bool,
    stopped: Option<&'a str>,
    totals: ReportTotals,
    bar: Bar,
}

struct Customer<'a> {
    id: &'a str,
    name: Option<&'a str>,
}

impl<'a> Page<'a> {
    pub(super) fn new(report: &'a Report, options: &'a HtmlOptions) -> Self {
        let totals = report.totals();
        let (problems, problem_of) = problems(report, options);
        let (row_groups, listed) = row_groups(report, options, &problem_of);
        let (files, more_files) = files(&report.rows);
        Self {
            style: STYLE,
            policy: content_security_policy(),
            options,
            report,
            summary: summary(&totals),
            bar: Bar::new(&totals),
            totals,
            destinations: destinations(report, options),
            files,
            more_files,
            sent: sent(&report.rows),
            problems,
            row_groups,
            listed,
            proofs: proofs(&report.rows),
        }
    }

    /// Counts the rows that need attention.
    fn rows_with_problem(&self) -> usize {
        self.problems.iter().map(|problem| problem.count).sum()
    }
}

/// Returns a policy that blocks loading anything, and allows only the page's own style.
fn content_security_policy() -> String {
    let style = BASE64_STANDARD.encode(Sha256::digest(STYLE));
    format!("default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; form-action 'none'")
}

fn summary(totals: &ReportTotals) -> String {
    let devices = totals.rows - totals.duplicate;
    let registered = totals.registered + totals.already_registered - totals.in_no_batch;
    match (registered, devices) {
        (_, 0) => "There is no device in this report.".to_owned(),
        (1, 1) => "The device is registered.".to_owned(),
        (0, 1) => "The device is not registered.".to_owned(),
        (registered, devices) if registered == devices => {
            format!("All {} devices are registered.", grouped(devices))
        }
        (registered, devices) => {
            format!("{} of {} devices are registered.", grouped(registered), grouped(devices))
        }
    }
}

/// Returns the first files in the order of the rows, and the number of further files.
fn files(rows: &[ReportRow]) -> (Vec<&str>, usize) {
    let mut known = HashSet::new();
    let mut files: Vec<_> =
        rows.iter().map(|row| row.origin.source()).filter(|file| known.insert(*file)).collect();
    let more_files = files.len().saturating_sub(MAX_FILES);
    files.truncate(MAX_FILES);
    (files, more_files)
}

/// Returns the times of the first request and of the last response; `None` if nothing was sent.
fn sent(rows: &[ReportRow]) -> Option<(Timestamp, Timestamp)> {
    let exchanges = || rows.iter().filter_map(|row| row.exchange.as_deref());
    let first = exchanges().map(|exchange| exchange.sent).min()?;
    let last = exchanges().map(|exchange| exchange.finished.unwrap_or(exchange.sent)).max()?;
    Some((first, last))
}

/// Returns the proofs of rows, unless the job's result proves all of them.
fn proofs(rows: &[ReportRow]) -> Vec<Proof> {
    let proofs: BTreeSet<_> = rows.iter().filter_map(ReportRow::proof).collect();
    if proofs.iter().all(|proof| *proof == Proof::JobResult) {
        return Vec::new();
    }
    proofs.into_iter().collect()
}

fn destinations<'a>(report: &'a Report, options: &'a HtmlOptions) -> Vec<DestinationRow<'a>> {
    let mut totals_by_destination: HashMap<_, ReportTotals> = HashMap::new();
    for row in &report.rows {
        if let Some(destination) = &row.destination {
            let totals = totals_by_destination.entry(Arc::as_ptr(destination)).or_default();
            totals.count(row);
        }
    }
    let row = |destination: &'a Arc<Destination>| {
        let totals = totals_by_destination.remove(&Arc::as_ptr(destination)).unwrap_or_default();
        DestinationRow {
            customer: Customer {
                id: destination.customer.as_str(),
                name: options.name_of(&destination.customer),
            },
            batch: destination.batch.as_str(),
            created: destination.created_batch,
            stopped: destination.stopped(),
            bar: Bar::new(&totals),
            totals,
        }
    };
    report.destinations.iter().map(row).collect()
}
