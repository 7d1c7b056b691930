//! Options of the HTML page.

use std::collections::HashMap;
use std::time::SystemTime;

use partner_center_devices::CustomerId;

use crate::timestamp::Timestamp;

/// Texts and limits of the HTML page that are not part of the [`Report`](crate::Report).
///
/// ```
/// use partner_center_devices_fleet::{HtmlOptions, Journal};
///
/// let report = Journal::in_memory()?.report()?;
/// let mut page = Vec::new();
/// report.write_html(&mut page, &HtmlOptions::new().title("Laptops for Berlin"))?;
/// assert!(page.starts_with(b"<!doctype html>"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct HtmlOptions {
    pub(super) title: String,
    pub(super) generated_at: Option<Timestamp>,
    pub(super) csv_file_name: Option<String>,
    pub(super) max_rows: usize,
    /// The customers' names by lowercase id.
    customer_names: HashMap<String, String>,
}

impl Default for HtmlOptions {
    fn default() -> Self {
        Self {
            title: "Windows Autopilot registration".to_owned(),
            generated_at: None,
            csv_file_name: None,
            max_rows: 10_000,
            customer_names: HashMap::new(),
        }
    }
}

impl HtmlOptions {
    /// Creates the default options.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the title. The default is "Windows Autopilot registration".
    #[must_use]
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// Sets the time at which the page is created. By default the page only shows when the devices were sent.
    #[must_use]
    pub fn generated_at(mut self, time: SystemTime) -> Self {
        self.generated_at = Some(time.into());
        self
    }

    /// Sets a customer's name, which is shown together with its id.
    #[must_use]
    pub fn customer_name(mut self, customer: &CustomerId, name: impl Into<String>) -> Self {
        self.customer_names.insert(customer.as_str().to_ascii_lowercase(), name.into());
        self
    }

    /// Sets the name of the file written by [`Report::write_csv`](crate::Report::write_csv). The page refers to it for
    /// rows that it leaves out.
    #[must_use]
    pub fn csv_file_name(mut self, name: impl Into<String>) -> Self {
        self.csv_file_name = Some(name.into());
        self
    }

    /// Sets the maximum number of rows in the list of all rows. The default is 10,000, a page of 1 to 2 MB. Rows
    /// without problems are left out first. The totals always count all rows.
    #[must_use]
    pub fn max_rows(mut self, max: usize) -> Self {
        self.max_rows = max;
        self
    }

    pub(super) fn name_of(&self, customer: &CustomerId) -> Option<&str> {
        self.customer_names.get(&customer.as_str().to_ascii_lowercase()).map(String::as_str)
    }

    pub(super) fn has_several_customers(&self) -> bool {
        self.customer_names.len() > 1
    }
}
