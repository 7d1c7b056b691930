//! The report as an HTML page for people, on screen or on paper. The page loads nothing and has no script; the template
//! `templates/report.html` escapes every value.

mod chart;
mod format;
mod options;
mod page;
mod problems;
mod row_list;

use std::borrow::Cow;
use std::io::{self, BufWriter, Write};

use askama::Template as _;

use super::earlier_registration::EarlierRegistration;
use super::row::ReportRow;
use super::upload_report::Report;

pub use options::HtmlOptions;

impl Report {
    /// Writes one HTML page for people: a summary, each problem with what to do about it, and the rows. The page has no
    /// script and loads nothing, so it can be sent as a single file. The same report and options produce the same bytes.
    ///
    /// A hardware hash appears, shortened, only for rows without any other identifier. The page lists the first 1,000
    /// rows of each problem, and as many rows overall as [`HtmlOptions::max_rows`] allows; it states the number of rows left
    /// out. Other customers of the partner that have a device, or had it ([`EarlierRegistration::OtherCustomer`],
    /// [`EarlierRegistration::FormerCustomer`]), are not named: the page is handed to customers.
    ///
    /// # Errors
    /// If the writer fails.
    pub fn write_html(&self, writer: impl Write, options: &HtmlOptions) -> io::Result<()> {
        let mut writer = BufWriter::new(writer);
        page::Page::new(&without_other_customers(self), options).write_into(&mut writer)?;
        writer.write_all(b"\n")?;
        writer.flush()
    }
}

/// Returns a report in which devices of other customers are devices of another organization.
fn without_other_customers(report: &Report) -> Cow<'_, Report> {
    let names_other = |row: &ReportRow| {
        matches!(row.earlier.as_deref(), Some(EarlierRegistration::OtherCustomer { .. }))
    };
    if !report.rows.iter().any(names_other) {
        return Cow::Borrowed(report);
    }
    let mut report = report.clone();
    for row in report.rows.iter_mut().filter(|row| names_other(row)) {
        row.earlier = None;
    }
    Cow::Owned(report)
}
