//! Response bodies of the operations of the partner: the wire types, filled as in the documented examples.
//!
//! Addresses, mail addresses and the names of contacts are constructed.

use partner_center_devices_raw::types::{
    Address, AuditOperationStatus, AuditRecord as WireRecord, Customer, CustomerBillingProfile,
    CustomerCompanyProfile, HeaderPair, Link, OrganizationProfile, PartnerDateTime,
    PartnerRelationship, PartnerRelationshipType, PersonalText, ResourceAttributes, ResourceLinks,
};
use sha2::{Digest, Sha256};
use uuid::{Builder, Uuid};

use crate::api::paging::CONTINUATION;
use crate::api::response::path_segment;
use crate::domain::audit_log::AuditRecord;
use crate::domain::clock::Clock;
use crate::domain::customer::CustomerProfile;
use crate::domain::keys::CustomerKey;
use crate::domain::partner::RelatedPartner;
use crate::domain::world::World;

/// The name of every contact.
const FIRST_NAME: &str = "Constructed";
const LAST_NAME: &str = "Contact";

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn personal(text: impl Into<String>) -> Option<PersonalText> {
    Some(PersonalText::from(text.into()))
}

fn attributes(object_type: &str, etag: Option<&str>) -> Option<ResourceAttributes> {
    Some(ResourceAttributes { object_type: text(object_type), etag: etag.map(ToOwned::to_owned) })
}

/// Returns a link, with a continuation token among its headers.
pub(super) fn link(uri: &str, token: Option<&str>) -> Link {
    let header = |token: &str| HeaderPair { key: text(CONTINUATION), value: text(token) };
    Link {
        uri: text(uri),
        method: text("GET"),
        headers: Some(token.map(header).into_iter().collect()),
        body: None,
    }
}

fn self_link(uri: &str) -> Option<ResourceLinks> {
    Some(ResourceLinks { self_: Some(link(uri, None)), next: None, previous: None })
}

fn customer_path(id: &str, rest: &str) -> String {
    format!("/customers/{}{rest}", path_segment(id))
}

/// Returns an id that depends only on the given one.
fn derived_id(kind: &str, id: &str) -> String {
    let digest = Sha256::digest(format!("{kind}/{}", id.to_lowercase()));
    let mut bits = [0; 16];
    bits.copy_from_slice(&digest[..16]);
    Builder::from_random_bytes(bits).into_uuid().to_string()
}

/// Returns a customer as the list shows it.
pub(super) fn listed_customer(world: &World, key: CustomerKey) -> Customer {
    let (id, profile) = (world.customer_name(key), world.profile(key));
    let mut customer = Customer::default();
    customer.id = text(id);
    customer.company_profile = Some(company_profile(id, &profile));
    customer.relationship_to_partner = Some(profile.relationship.as_str().into());
    customer.links = self_link(&customer_path(id, ""));
    customer.attributes = attributes("Customer", None);
    customer
}

/// Returns a customer with all members. Three of them need delegated access.
pub(super) fn customer(world: &World, key: CustomerKey) -> Customer {
    let (id, profile) = (world.customer_name(key), world.profile(key));
    let mut customer = listed_customer(world, key);
    if profile.delegated_access {
        let domains = std::iter::once(&profile.domain).chain(&profile.other_domains);
        customer.custom_domains = Some(domains.map(ToString::to_string).collect());
        if let Some(company) = &mut customer.company_profile {
            // Unlike a billing address, it has a region and no state.
            let mut address = address("4255550100");
            address.region = address.state.take();
            company.address = Some(address);
            company.email = personal(format!("info@{}", profile.domain));
        }
    }
    customer.commerce_id = Some(derived_id("commerce", id));
    customer.billing_profile = Some(billing_profile(id, &profile));
    customer.allow_delegated_access = Some(profile.delegated_access);
    customer.associated_partner_id = profile.reseller.map(|reseller| reseller.to_string());
    customer
}

fn company_profile(id: &str, profile: &CustomerProfile) -> CustomerCompanyProfile {
    let mut company = CustomerCompanyProfile::default();
    company.tenant_id = text(id);
    company.domain = text(&profile.domain);
    company.company_name = text(&profile.name);
    company.links = self_link(&customer_path(id, "/profiles/company"));
    company.attributes = attributes("CustomerCompanyProfile", None);
    company
}

fn billing_profile(id: &str, profile: &CustomerProfile) -> CustomerBillingProfile {
    let mut billing = CustomerBillingProfile::default();
    billing.id = Some(derived_id("billing", id));
    billing.first_name = personal(FIRST_NAME);
    billing.last_name = personal(LAST_NAME);
    billing.email = personal(format!("billing@{}", profile.domain));
    billing.culture = text("en-US");
    billing.language = text("en");
    billing.company_name = text(&profile.name);
    billing.default_address = Some(contact_address("4255550100"));
    billing.links = self_link(&customer_path(id, "/profiles/billing"));
    billing.attributes = attributes("CustomerBillingProfile", Some("1"));
    billing
}

fn address(phone_number: &str) -> Address {
    let mut address = Address::default();
    address.country = text("US");
    address.city = personal("Redmond");
    address.state = text("WA");
    address.address_line1 = personal("1 Constructed Way");
    address.postal_code = personal("98052");
    address.phone_number = personal(phone_number);
    address
}

fn contact_address(phone_number: &str) -> Address {
    let mut address = address(phone_number);
    address.first_name = personal(FIRST_NAME);
    address.last_name = personal(LAST_NAME);
    address
}

/// Returns the profile of the partner. Without a name, the domain gives one.
pub(super) fn organization_profile(
    tenant: Uuid,
    name: Option<&str>,
    domain: &str,
) -> OrganizationProfile {
    let constructed = || {
        let mut label = domain.split('.').next().unwrap_or_default().chars();
        let first = label.next().map(|first| first.to_ascii_uppercase());
        format!("{} Partner", first.into_iter().chain(label).collect::<String>())
    };
    let mut address = contact_address("");
    address.address_line2 = personal("");
    let mut profile = OrganizationProfile::default();
    profile.id = Some(tenant.to_string());
    profile.company_name = Some(name.map_or_else(constructed, ToOwned::to_owned));
    profile.default_address = Some(address);
    profile.tenant_id = Some(tenant.to_string());
    profile.domain = text(domain);
    profile.email = personal(format!("partner@{domain}"));
    profile.language = text("en");
    profile.culture = text("en-US");
    profile.profile_type = text("OrganizationProfile");
    profile.links = self_link("/profiles/organization");
    profile.attributes = attributes("OrganizationProfile", Some("1"));
    profile
}

/// Returns a related partner in the list of a customer, which has neither a state nor a location.
pub(super) fn customer_relationship(
    partner: &RelatedPartner,
    kind: PartnerRelationshipType,
) -> PartnerRelationship {
    let mut relationship = PartnerRelationship::default();
    relationship.id = Some(partner.id.to_string());
    relationship.name = text(&partner.name);
    relationship.relationship_type = Some(kind);
    relationship.mpn_id = partner.mpn_id.as_deref().map(ToOwned::to_owned);
    relationship.attributes = attributes("PartnerRelationship", None);
    relationship
}

/// Returns a related partner in the partner's own list.
pub(super) fn relationship(
    partner: &RelatedPartner,
    kind: PartnerRelationshipType,
) -> PartnerRelationship {
    let mut relationship = customer_relationship(partner, kind);
    relationship.state = text("Active");
    relationship.location = partner.location.as_deref().map(ToOwned::to_owned);
    relationship
}

/// Returns an audit record. The content of the change is left out, because no document shows it for a device.
pub(super) fn audit_record(world: &World, record: &AuditRecord, clock: Clock) -> WireRecord {
    let operation = record.operation.as_str();
    let partner = record.actor.tenant.to_string();
    let customer = world.customer_name(record.customer);
    let resource = record.resource.map(|resource| format!("{resource}_")).unwrap_or_default();
    let id = format!(
        "{partner}_{}_{resource}{}_{}",
        customer.to_lowercase(),
        operation.replace('_', ""),
        clock.dotnet_ticks(record.at)
    );
    let mut wire = WireRecord::default();
    wire.id = Some(id);
    wire.participants = Some(vec![partner.clone()]);
    wire.partner_id = Some(partner);
    wire.customer_id = text(customer);
    wire.customer_name = text(&world.profile(record.customer).name);
    wire.user_principal_name = record.actor.user.as_deref().and_then(personal);
    wire.application_id = record.actor.app.as_deref().map(ToOwned::to_owned);
    wire.resource_type = Some(record.operation.resource_type().into());
    wire.operation_type = Some(operation.into());
    wire.original_correlation_id = text(&record.correlation_id).filter(|id| !id.is_empty());
    wire.operation_date = Some(PartnerDateTime::new(clock.audit_ticks(record.at)));
    wire.operation_status = Some(AuditOperationStatus::Succeeded);
    wire.attributes = attributes("AuditRecord", None);
    wire
}
