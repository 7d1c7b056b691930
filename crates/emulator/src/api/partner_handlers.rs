//! The handlers of the operations of the partner: its customers, its audit log, related partners, and its own profile. All
//! of them only read.

use http::HeaderMap;
use partner_center_devices_raw::types::{Collection, Link, PartnerRelationshipType, ResourceLinks};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::api::error::ApiError;
use crate::api::list_query::{
    AuditDays, AuditFilter, CustomerFilter, Direction, Parameters, continuation_token, default_size,
};
use crate::api::partner_body as body;
use crate::api::response::{ApiResponse, path_segment};
use crate::api::response_body;
use crate::api::route::PartnerRoute;
use crate::api::seek::{self, Cursor, Page, Seek};
use crate::domain::audit_log::AuditRecord;
use crate::domain::clock::{Clock, Moment};
use crate::domain::keys::CustomerKey;
use crate::domain::partner::RelatedPartner;
use crate::domain::world::World;

/// The names of the lists in the checksums of their tokens.
const CUSTOMERS: &str = "customers";
const AUDIT_RECORDS: &str = "auditrecords";

/// The world and the caller that a request works on.
pub(crate) struct PartnerContext<'a> {
    pub(crate) world: &'a World,
    pub(crate) clock: Clock,
    pub(crate) now: Moment,
    pub(crate) seed: u64,
    /// True if a fault rule makes lists endless.
    pub(crate) endless: bool,
    /// The tenant of the caller.
    pub(crate) tenant: Uuid,
    /// The domain of the first user of the sign-in.
    pub(crate) home_domain: &'a str,
}

/// The parts of a request for a page.
struct PageRequest<'a> {
    parameters: Parameters,
    token: Option<&'a str>,
}

impl PageRequest<'_> {
    fn text(&self, name: &str) -> Option<String> {
        self.parameters.get(name).map(ToOwned::to_owned)
    }

    /// Returns the size as the request has it, or else that of the page.
    fn size_text(&self, of_page: usize) -> String {
        self.text("size").unwrap_or_else(|| of_page.to_string())
    }

    /// Returns the direction as a parameter of a link.
    fn seek_operation(&self) -> String {
        let direction = self.parameters.get("seekOperation").unwrap_or("Next");
        format!("seekOperation={}", path_segment(direction))
    }
}

/// A page that was found: its items, and the cursor of its token.
struct FoundPage<T, Q> {
    page: Page<T>,
    cursor: Cursor<Q>,
}

impl PartnerContext<'_> {
    /// Returns the response to a request.
    pub(crate) fn respond(
        &self,
        route: &PartnerRoute,
        headers: &HeaderMap,
        query: &str,
    ) -> Result<ApiResponse, ApiError> {
        let request = PageRequest {
            parameters: Parameters::parse(query),
            token: continuation_token(headers)?,
        };
        match route {
            PartnerRoute::ListCustomers => self.list_customers(&request),
            PartnerRoute::GetCustomer { customer } => {
                let key = self.customer(customer)?;
                Ok(ApiResponse::json(&body::customer(self.world, key)))
            }
            PartnerRoute::ListCustomerRelationships { customer } => {
                self.list_customer_relationships(customer)
            }
            PartnerRoute::ListRelationships => self.list_relationships(&request.parameters),
            PartnerRoute::ListAuditRecords => self.list_audit_records(&request),
            PartnerRoute::GetOrganizationProfile => {
                let partner = &self.world.partner;
                let domain = partner.domain.as_deref().unwrap_or(self.home_domain);
                let profile =
                    body::organization_profile(self.tenant, partner.name.as_deref(), domain);
                Ok(ApiResponse::json(&profile))
            }
        }
    }

    fn customer(&self, id: &str) -> Result<CustomerKey, ApiError> {
        self.world.find_listed_customer(id).ok_or_else(ApiError::unknown_customer)
    }

    fn list_customers(&self, request: &PageRequest<'_>) -> Result<ApiResponse, ApiError> {
        let parse =
            |filter: &Option<String>| filter.as_deref().map(CustomerFilter::parse).transpose();
        let found = self.find_page(
            CUSTOMERS,
            request,
            request.parameters.size()?,
            || {
                let filter = request.text("filter");
                parse(&filter).map(|_| filter)
            },
            |filter| {
                let filter = parse(filter)?;
                let matches = move |key: &CustomerKey| {
                    filter.as_ref().is_none_or(|filter| {
                        let profile = self.world.profile(*key);
                        filter.matches(&profile.name, &profile.domain, profile.reseller)
                    })
                };
                let customers = self.world.listed_customers().filter(matches);
                Ok(customers.map(|key| (key.position(), key)))
            },
        )?;
        // The link to a later page of the service has no filter: it is in the token.
        let path =
            format!("/v1/customers?size={}", path_segment(&request.size_text(found.cursor.size)));
        let filter = found.cursor.query.as_deref();
        let own = match (request.token, filter) {
            (Some(_), _) => format!("{path}&{}", request.seek_operation()),
            (None, Some(filter)) => format!("{path}&filter={}", path_segment(filter)),
            (None, None) => path.clone(),
        };
        let items = found.page.items.iter().map(|(_, key)| body::listed_customer(self.world, *key));
        Ok(self.page_response(CUSTOMERS, &found, items.collect(), request.token, [&own, &path]))
    }

    fn list_audit_records(&self, request: &PageRequest<'_>) -> Result<ApiResponse, ApiError> {
        let parse = |filter: &Option<String>| filter.as_deref().map(AuditFilter::parse).transpose();
        let found = self.find_page(
            AUDIT_RECORDS,
            request,
            request.parameters.capped_size()?,
            || {
                let days = AuditDays::new(&request.parameters, self.clock.day(self.now))?;
                let query = AuditQuery {
                    from: self.clock.start_of(days.first),
                    until: self.clock.start_of(days.end()),
                    first_day: request.text("startDate").map(|_| days.first.to_string()),
                    last_day: request.text("endDate").map(|_| days.last.to_string()),
                    filter: request.text("filter"),
                };
                parse(&query.filter).map(|_| query)
            },
            |query| {
                let filter = parse(&query.filter)?;
                let records = self.world.audit.visible(query.from, query.until, self.now);
                let records = records.filter(move |record| {
                    let id = self.world.customer_name(record.customer);
                    let name = || self.world.profile(record.customer).name.to_string();
                    let kind = record.operation.resource_type();
                    filter.as_ref().is_none_or(|filter| filter.matches(id, name, kind))
                });
                Ok(records.map(|record| (record.at.newest_first(), record)))
            },
        )?;
        let AuditQuery { first_day, last_day, filter, .. } = &found.cursor.query;
        let size = request.size_text(found.cursor.size);
        let parts = [
            ("startDate", first_day.as_deref()),
            ("endDate", last_day.as_deref()),
            ("size", Some(&*size)),
            ("filter", filter.as_deref()),
        ];
        let part = |(name, value): (&str, Option<&str>)| {
            value.map(|value| format!("{name}={}", path_segment(value)))
        };
        let parts: Vec<String> = parts.into_iter().filter_map(part).collect();
        let path = format!("/auditrecords?{}", parts.join("&"));
        let own = match request.token {
            Some(_) => format!("{path}&{}", request.seek_operation()),
            None => path.clone(),
        };
        let record =
            |(_, record): &(u64, &AuditRecord)| body::audit_record(self.world, record, self.clock);
        let items = found.page.items.iter().map(record).collect();
        Ok(self.page_response(AUDIT_RECORDS, &found, items, request.token, [&own, &path]))
    }

    /// Finds the page of a request. The token has the query; without a token, the parameters have it.
    fn find_page<T, Q, I>(
        &self,
        list: &str,
        request: &PageRequest<'_>,
        size: Option<usize>,
        query: impl FnOnce() -> Result<Q, ApiError>,
        items: impl Fn(&Q) -> Result<I, ApiError>,
    ) -> Result<FoundPage<T, Q>, ApiError>
    where
        Q: DeserializeOwned,
        I: Iterator<Item = (u64, T)>,
    {
        let direction = request.parameters.direction()?;
        let cursor = request.token.map(|token| {
            seek::open(self.seed, list, token).ok_or_else(ApiError::bad_continuation_token)
        });
        let (seek, lap, size, query) = match cursor.transpose()? {
            Some(Cursor::<Q> { first, last, size: old_size, lap, query }) => {
                let seek = match direction {
                    Direction::Next => Seek::After(last),
                    Direction::Previous => Seek::Before(first),
                    Direction::First => Seek::First,
                    Direction::Last => Seek::Last,
                };
                (seek, lap, size.unwrap_or(old_size), query)
            }
            None => {
                let seek = if direction == Direction::Last { Seek::Last } else { Seek::First };
                (seek, 0, size.unwrap_or(default_size()), query()?)
            }
        };
        let mut page = seek::page(items(&query)?, seek, size);
        let mut lap = lap;
        if self.endless && !page.has_next {
            // The next page repeats the list.
            if page.items.is_empty() {
                page = seek::page(items(&query)?, Seek::First, size);
            }
            page.has_next = true;
            lap += 1;
        }
        let position = |item: Option<&(u64, T)>| item.map(|(position, _)| *position);
        let first = position(page.items.first()).unwrap_or(u64::MAX);
        let last = position(page.items.last()).unwrap_or(u64::MAX);
        Ok(FoundPage { page, cursor: Cursor { first, last, size, lap, query } })
    }

    /// Returns a page as a response. `own` is its own link, and the links to its neighbors are `path` with a direction.
    fn page_response<T, Q: Serialize, W: Serialize>(
        &self,
        list: &str,
        found: &FoundPage<T, Q>,
        items: Vec<W>,
        token: Option<&str>,
        [own, path]: [&str; 2],
    ) -> ApiResponse {
        let Page { has_previous, has_next, .. } = found.page;
        let own_token =
            (has_previous || has_next).then(|| seek::seal(self.seed, list, &found.cursor));
        let neighbor = |direction: &str, exists: bool| -> Option<Link> {
            let token = own_token.as_deref().filter(|_| exists)?;
            Some(body::link(&format!("{path}&seekOperation={direction}"), Some(token)))
        };
        let total = items.len();
        let next_token = own_token.clone().filter(|_| has_next);
        let mut page: Collection<W> = response_body::collection(items, total, next_token);
        page.links = Some(ResourceLinks {
            self_: Some(body::link(own, token)),
            next: neighbor("Next", has_next),
            previous: neighbor("Previous", has_previous),
        });
        ApiResponse::json(&page)
    }

    fn list_customer_relationships(&self, customer: &str) -> Result<ApiResponse, ApiError> {
        let partner = &self.world.partner;
        if partner.is_direct() {
            return Err(ApiError::not_indirect());
        }
        let reseller = self.world.profile(self.customer(customer)?).reseller;
        let is_reseller = |partner: &&RelatedPartner| Some(partner.id) == reseller;
        let resellers = partner.resellers.iter().filter(is_reseller).map(|partner| {
            body::customer_relationship(
                partner,
                PartnerRelationshipType::IsIndirectCloudSolutionProviderOf,
            )
        });
        let providers = partner.providers.iter().map(|partner| {
            body::customer_relationship(partner, PartnerRelationshipType::IsIndirectResellerOf)
        });
        let items: Vec<_> = resellers.chain(providers).collect();
        let total = items.len();
        Ok(ApiResponse::json(&response_body::collection(items, total, None)))
    }

    fn list_relationships(&self, parameters: &Parameters) -> Result<ApiResponse, ApiError> {
        let partner = &self.world.partner;
        if partner.is_direct() {
            return Err(ApiError::not_indirect());
        }
        let provider = PartnerRelationshipType::IsIndirectCloudSolutionProviderOf;
        let reseller = PartnerRelationshipType::IsIndirectResellerOf;
        let asked = parameters.get("relationship_type").unwrap_or_default();
        let asked = asked.replace('_', "").to_ascii_lowercase();
        let (partners, kind) = match asked.as_str() {
            "isindirectcloudsolutionproviderof" => (&partner.resellers, provider),
            "isindirectresellerof" => (&partner.providers, reseller),
            _ => {
                return Err(ApiError::bad_input(
                    "relationship_type must be IsIndirectCloudSolutionProviderOf or IsIndirectResellerOf.",
                ));
            }
        };
        let start = parameters.name_filter()?;
        let items: Vec<_> = partners
            .iter()
            .filter(|partner| partner.name.to_lowercase().starts_with(&start))
            .map(|partner| body::relationship(partner, kind.clone()))
            .collect();
        let total = items.len();
        Ok(ApiResponse::json(&response_body::collection(items, total, None)))
    }
}

/// The query of an audit list, in the token of its pages.
#[derive(Serialize, Deserialize)]
struct AuditQuery {
    from: Moment,
    until: Moment,
    /// The days of the request, which the links repeat.
    first_day: Option<String>,
    last_day: Option<String>,
    filter: Option<String>,
}
