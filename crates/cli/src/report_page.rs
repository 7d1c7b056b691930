//! The flags for the report's page for the customer.

use std::time::SystemTime;

use clap::Args;
use clap::builder::PossibleValue;
use partner_center_devices_fleet::{HtmlOptions, Language, Report};

use crate::settings::customer_lookup::Customers;
use crate::ui::output::Ui;

/// The flags for a report in HTML.
#[derive(Args)]
#[command(next_help_heading = "Page for the customer")]
pub(crate) struct PageFlags {
    /// The title of the HTML page [default: Registration of your devices]
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,

    /// The name of your company on the HTML page
    #[arg(long, value_name = "NAME")]
    from: Option<String>,

    /// The contact for questions on the HTML page: a person, a telephone number, an address
    #[arg(long, value_name = "TEXT")]
    contact: Option<String>,

    /// The language of the HTML page
    #[arg(long, value_name = "LANGUAGE", value_enum, default_value = "en")]
    lang: PageLanguage,
}

/// A language of the page, by its code.
#[derive(Clone, Copy)]
struct PageLanguage(Language);

impl clap::ValueEnum for PageLanguage {
    fn value_variants<'a>() -> &'a [Self] {
        const ALL: [PageLanguage; 4] = [
            PageLanguage(Language::ALL[0]),
            PageLanguage(Language::ALL[1]),
            PageLanguage(Language::ALL[2]),
            PageLanguage(Language::ALL[3]),
        ];
        &ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.0.code()))
    }
}

impl PageFlags {
    /// Returns the options of the page, with the names of customers and the policies of devices as far as this machine knows them. Makes
    /// no call.
    pub(crate) fn options(&self, ui: Ui, customers: &Customers, report: &Report) -> HtmlOptions {
        let mut options = HtmlOptions::new().language(self.lang.0).generated_at(SystemTime::now());
        for id in report.destinations().map(|destination| destination.customer()) {
            if let Some(name) = customers.company_name(ui, id) {
                options = options.customer_name(id, name);
            }
        }
        let index = customers.existing_index(ui);
        // A page without policies is better than no page.
        if let Some(policies) = index.and_then(|index| index.policies_of(report).ok()) {
            options = options.policies(policies);
        }
        if let Some(title) = &self.title {
            options = options.title(title);
        }
        if let Some(partner) = &self.from {
            options = options.partner(partner);
        }
        match &self.contact {
            Some(contact) => options.contact(contact),
            None => options,
        }
    }
}
