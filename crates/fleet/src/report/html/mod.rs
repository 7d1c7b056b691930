//! The report as an HTML page for customers, on screen or on paper. The page is one file that loads nothing. The template
//! `templates/report.html` escapes every value; the script `templates/report.js` shows every row, as text.

mod chart;
mod count_table;
mod data;
mod format;
mod line;
mod options;
mod page;
mod problems;
mod status;
mod texts;

use std::borrow::Cow;
use std::io::{self, BufWriter, Write};

use super::earlier_registration::EarlierRegistration;
use super::row::ReportRow;
use super::upload_report::Report;

pub use options::HtmlOptions;

impl Report {
    /// Writes one HTML page for the customer, in the [language](HtmlOptions::language) of the options: a summary and a chart, the next
    /// steps of the customer and of the partner, the devices by model and by policy, and every row, with a search. Technical details are
    /// folded away. The page loads nothing, so it can be sent as a single file; without scripts it lists the first rows. The same report
    /// and options produce the same bytes.
    ///
    /// A hardware hash appears, shortened, only for rows without any other identifier. Other customers of the partner that have a
    /// device, or had it ([`EarlierRegistration::OtherCustomer`], [`EarlierRegistration::FormerCustomer`]), are not named: the page is
    /// handed to customers.
    ///
    /// # Errors
    /// If the writer fails.
    pub fn write_html(&self, writer: impl Write, options: &HtmlOptions) -> io::Result<()> {
        let mut writer = BufWriter::new(writer);
        page::Page::new(&without_other_customers(self), options).write(&mut writer)?;
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
