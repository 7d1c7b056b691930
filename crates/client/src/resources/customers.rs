//! The customers of the partner: the list, filters, and the search by name or domain.

use std::fmt;
use std::sync::Arc;

use partner_center_devices_raw::Operation;

use crate::calls::field_filter::FieldFilter;
use crate::calls::operation_call::operation_call;
use crate::calls::pipeline::Shared;
use crate::responses::error::Error;
use crate::responses::list::{FetchedPage, List};
use crate::responses::next_page::TokenQuery;
use crate::responses::partner_models::CustomerDetails;

/// The largest page. The archived Java SDK refuses larger ones
/// (<https://github.com/microsoft/Partner-Center-Java>), and it is the page of the service if no size is sent.
const MAX_PAGE: u32 = 500;

/// The customers of the partner.
#[derive(Clone)]
pub struct Customers {
    shared: Arc<Shared>,
    page_size: Option<u32>,
    filter: Option<CustomerFilter>,
}

/// A filter for the list of customers. The service only compares the start of a value, and ignores case
/// (<https://learn.microsoft.com/en-us/partner-center/developer/get-a-customer-by-name>).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerFilter(FieldFilter);

impl CustomerFilter {
    fn starts_with(field: &'static str, value: impl Into<String>) -> Self {
        Self(FieldFilter { field, value: value.into(), operator: "starts_with" })
    }

    /// Selects the customers whose name starts with this text.
    #[must_use]
    pub fn company_name_starts_with(text: impl Into<String>) -> Self {
        Self::starts_with("CompanyName", text)
    }

    /// Selects the customers whose domain starts with this text. The service knows one domain of each customer; others, such
    /// as a vanity domain, are not searched.
    #[must_use]
    pub fn domain_starts_with(text: impl Into<String>) -> Self {
        Self::starts_with("Domain", text)
    }

    /// Selects the customers of an indirect reseller, by its tenant id. Only for indirect providers, and only with the token
    /// of a signed-in user
    /// (<https://learn.microsoft.com/en-us/partner-center/developer/get-customers-of-an-indirect-reseller>).
    #[must_use]
    pub fn indirect_reseller(partner_id: impl Into<String>) -> Self {
        Self::starts_with("IndirectReseller", partner_id)
    }

    /// Selects the customers of an indirect provider, by its tenant id. The
    /// [.NET SDK](https://github.com/microsoft/partner-center-sdk-for-dotNET) has this field; no document has an example.
    #[must_use]
    pub fn indirect_provider(partner_id: impl Into<String>) -> Self {
        Self::starts_with("IndirectCloudSolutionProvider", partner_id)
    }
}

impl Customers {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        Self { shared, page_size: None, filter: None }
    }

    /// Sets the number of customers a page, from 1 to 500. The service returns 500 by default.
    ///
    /// # Errors
    /// If the number is 0 or more than 500.
    pub fn page_size(mut self, customers: u32) -> Result<Self, Error> {
        if !(1..=MAX_PAGE).contains(&customers) {
            return Err(Error::input(
                Operation::ListCustomers.id(),
                format!("a page has 1 to {MAX_PAGE} customers, not {customers}"),
            ));
        }
        self.page_size = Some(customers);
        Ok(self)
    }

    /// Keeps the customers that match the filter.
    pub fn filter(mut self, filter: CustomerFilter) -> Self {
        self.filter = Some(filter);
        self
    }

    /// Lists the customers
    /// (<https://learn.microsoft.com/en-us/partner-center/developer/get-a-list-of-customers>). The order is not documented, and
    /// names may repeat.
    pub fn list(&self) -> List<CustomerDetails> {
        let Self { shared, page_size, filter } = self.clone();
        let filter = filter.map(|filter| filter.0.json());
        // With a filter, 0 stands for the page size of the service, as in the documented request.
        let size = page_size.map(i64::from).or(filter.is_some().then_some(0));
        List::new(Operation::ListCustomers.id(), move || {
            let filter = filter.clone();
            operation_call(
                &shared,
                Operation::ListCustomers,
                move |raw| async move { raw.list_customers(filter.as_deref(), None, size, None).await },
                |response| {
                    FetchedPage::with_token_query(response, CustomerDetails::from, TokenQuery::Seek)
                },
            )
        })
    }

    /// Finds the customers whose name or domain starts with a text, in two requests. Each customer is returned once, those
    /// found by name first. An empty text finds nothing.
    ///
    /// # Errors
    /// If one of the two requests fails.
    pub async fn find(&self, text: &str) -> Result<Vec<CustomerDetails>, Error> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(Vec::new());
        }
        let list = |filter| self.clone().filter(filter).list();
        let mut found = list(CustomerFilter::company_name_starts_with(text)).await?;
        let by_domain = list(CustomerFilter::domain_starts_with(text)).await?;
        for customer in by_domain {
            if !found.iter().any(|other| is_same(other, &customer)) {
                found.push(customer);
            }
        }
        Ok(found)
    }

    /// Finds the customers with exactly this domain, in one request. Usually there is one; none does not mean that no customer
    /// has the domain, because the service knows one domain of each customer.
    ///
    /// # Errors
    /// If the request fails.
    pub async fn find_domain(&self, domain: &str) -> Result<Vec<CustomerDetails>, Error> {
        let domain = domain.trim();
        if domain.is_empty() {
            return Ok(Vec::new());
        }
        let filter = CustomerFilter::domain_starts_with(domain);
        let mut found = self.clone().filter(filter).list().await?;
        found.retain(|customer| customer.has_domain(domain));
        Ok(found)
    }
}

/// Returns true for two values of the same customer.
fn is_same(one: &CustomerDetails, other: &CustomerDetails) -> bool {
    match (one.id_text(), other.id_text()) {
        (Some(one), Some(other)) => one.eq_ignore_ascii_case(other),
        _ => one == other,
    }
}

impl fmt::Debug for Customers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Customers")
            .field("page_size", &self.page_size)
            .field("filter", &self.filter)
            .finish_non_exhaustive()
    }
}
