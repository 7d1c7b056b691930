//! Options of the HTML page.

use std::collections::HashMap;
use std::time::SystemTime;

use partner_center_devices::CustomerId;

use crate::language::Language;
use crate::row_policies::RowPolicies;
use crate::timestamp::Timestamp;

/// Texts of the HTML page that are not part of the [`Report`](crate::Report), and its language.
///
/// ```
/// use partner_center_devices_fleet::{HtmlOptions, Journal, Language};
///
/// let report = Journal::in_memory()?.report()?;
/// let mut page = Vec::new();
/// let options = HtmlOptions::new().title("Laptops für Berlin").language(Language::German);
/// report.write_html(&mut page, &options)?;
/// assert!(page.starts_with(b"<!doctype html>\n<html lang=\"de\">"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct HtmlOptions {
    pub(super) title: Option<String>,
    pub(super) partner: Option<String>,
    pub(super) contact: Option<String>,
    pub(super) language: Language,
    pub(super) generated_at: Option<Timestamp>,
    pub(super) policies: RowPolicies,
    /// The customers' names by lowercase id.
    customer_names: HashMap<String, String>,
}

impl HtmlOptions {
    /// Creates the default options.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the title. The default is "Registration of your devices", in the language of the page.
    #[must_use]
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }

    /// Sets the name of the partner, who hands the page to the customer.
    #[must_use]
    pub fn partner(mut self, name: impl Into<String>) -> Self {
        self.partner = Some(name.into());
        self
    }

    /// Sets the contact for questions: a person, a telephone number or an address.
    #[must_use]
    pub fn contact(mut self, contact: impl Into<String>) -> Self {
        self.contact = Some(contact.into());
        self
    }

    /// Sets the language of the page. The default is English. Technical details are always in English.
    #[must_use]
    pub fn language(mut self, language: Language) -> Self {
        self.language = language;
        self
    }

    /// Sets the time at which the page is created. By default the page only shows when the devices were sent.
    #[must_use]
    pub fn generated_at(mut self, time: SystemTime) -> Self {
        self.generated_at = Some(time.into());
        self
    }

    /// Sets a customer's name, which is shown instead of its id.
    #[must_use]
    pub fn customer_name(mut self, customer: &CustomerId, name: impl Into<String>) -> Self {
        self.customer_names.insert(customer.as_str().to_ascii_lowercase(), name.into());
        self
    }

    /// Sets the configuration policies of the rows. By default the page does not count policies.
    #[must_use]
    pub fn policies(mut self, policies: RowPolicies) -> Self {
        self.policies = policies;
        self
    }

    /// Returns the name of a customer, or else its id.
    pub(super) fn name_of<'a>(&'a self, customer: &'a CustomerId) -> &'a str {
        let name = self.customer_names.get(&customer.as_str().to_ascii_lowercase());
        name.map_or(customer.as_str(), String::as_str)
    }
}
