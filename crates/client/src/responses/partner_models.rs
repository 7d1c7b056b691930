//! The models of customers, audit records, relationships and the partner's own profile. `Debug` does not print text about
//! people; the accessors and the JSON have it.

use std::time::SystemTime;

use partner_center_devices_raw::types as wire;
use partner_center_devices_raw::types::{
    AuditOperationStatus, AuditOperationType, AuditResourceType, CustomerId,
    CustomerPartnerRelationship, PartnerRelationshipType, PersonalText,
};

use crate::responses::model::{model, time, valid_id};

model! {
    /// A customer of the partner. A list returns a part of its values: id, name, domain and relationship.
    CustomerDetails of wire::Customer
}

impl CustomerDetails {
    /// Returns the tenant id. `None` if the service sent none, or one that is not valid in a path, such as `..`.
    #[must_use]
    pub fn id(&self) -> Option<CustomerId> {
        valid_id(self.id_text())
    }

    /// Returns the tenant id as the service sent it, even if it is not valid.
    #[must_use]
    pub fn id_text(&self) -> Option<&str> {
        let profile = self.0.company_profile.as_ref();
        self.0.id.as_deref().or_else(|| profile?.tenant_id.as_deref())
    }

    /// Returns the name of the company.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.0.company_profile.as_ref()?.company_name.as_deref()
    }

    /// Returns the domain by which the service knows the customer. The tenant may have others.
    #[must_use]
    pub fn domain(&self) -> Option<&str> {
        self.0.company_profile.as_ref()?.domain.as_deref()
    }

    /// Returns the relationship to the partner. Devices need `reseller`.
    #[must_use]
    pub fn relationship(&self) -> Option<&CustomerPartnerRelationship> {
        self.0.relationship_to_partner.as_ref()
    }

    /// Returns whether the partner has delegated admin privileges (DAP). Never in a list.
    #[must_use]
    pub fn allows_delegated_access(&self) -> Option<bool> {
        self.0.allow_delegated_access
    }

    /// Returns whether the service sent values that it sends with delegated access only (DAP or GDAP): the address, the mail
    /// address or the domains. Without it, devices can be managed all the same
    /// (<https://learn.microsoft.com/en-us/partner-center/developer/get-a-customer-by-id>).
    #[must_use]
    pub fn has_delegated_values(&self) -> bool {
        let profile = self.0.company_profile.as_ref();
        profile.is_some_and(|profile| profile.address.is_some() || profile.email.is_some())
            || self.0.custom_domains.is_some()
    }

    /// Returns the domains of the tenant. Only with delegated access, and never in a list.
    #[must_use]
    pub fn custom_domains(&self) -> &[String] {
        self.0.custom_domains.as_deref().unwrap_or_default()
    }

    /// Returns the tenant id of the indirect reseller of this customer.
    #[must_use]
    pub fn associated_partner_id(&self) -> Option<&str> {
        self.0.associated_partner_id.as_deref()
    }

    /// Returns true if the domain is among those that the service sent for this customer. Case is ignored.
    #[must_use]
    pub fn has_domain(&self, domain: &str) -> bool {
        let domains = self.custom_domains().iter().map(String::as_str).chain(self.domain());
        domains.into_iter().any(|other| other.eq_ignore_ascii_case(domain))
    }
}

model! {
    /// A record of the audit log: an operation of a user or an app of the partner.
    AuditRecord of wire::AuditRecord
}

impl AuditRecord {
    /// Returns the id. Records of 2017 do not have one.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.0.id.as_deref()
    }

    /// Returns when the operation happened.
    #[must_use]
    pub fn date(&self) -> Option<SystemTime> {
        time(&self.0.operation_date)
    }

    /// Returns the operation.
    #[must_use]
    pub fn operation(&self) -> Option<&AuditOperationType> {
        self.0.operation_type.as_ref()
    }

    /// Returns the kind of resource.
    #[must_use]
    pub fn resource_type(&self) -> Option<&AuditResourceType> {
        self.0.resource_type.as_ref()
    }

    /// Returns the state of the operation.
    #[must_use]
    pub fn status(&self) -> Option<&AuditOperationStatus> {
        self.0.operation_status.as_ref()
    }

    /// Returns the tenant id of the customer, if it is valid in a path.
    #[must_use]
    pub fn customer_id(&self) -> Option<CustomerId> {
        valid_id(self.customer_id_text())
    }

    /// Returns the tenant id of the customer as the service sent it, even if it is not valid.
    #[must_use]
    pub fn customer_id_text(&self) -> Option<&str> {
        self.0.customer_id.as_deref()
    }

    /// Returns the name of the customer, which the service may leave out.
    #[must_use]
    pub fn customer_name(&self) -> Option<&str> {
        self.0.customer_name.as_deref()
    }

    /// Returns the name of the user: personal data.
    #[must_use]
    pub fn user(&self) -> Option<&str> {
        self.0.user_principal_name.as_ref().map(PersonalText::expose)
    }

    /// Returns the app: a GUID, or a name.
    #[must_use]
    pub fn application(&self) -> Option<&str> {
        self.0.application_id.as_deref()
    }

    /// Returns the correlation id of the operation that made the record. It is probably the `MS-CorrelationId` of the request,
    /// which no document states: do not use it as the only proof.
    #[must_use]
    pub fn original_correlation_id(&self) -> Option<&str> {
        self.0.original_correlation_id.as_deref()
    }

    /// Returns the details, each with its name. They may contain personal data.
    pub fn details(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        self.0.customized_data.iter().flatten().filter_map(|detail| {
            let value = detail.value.as_ref().map(PersonalText::expose);
            Some((detail.key.as_deref()?, value))
        })
    }

    /// Returns the resource before the operation, as JSON. It may contain personal data and hardware hashes.
    #[must_use]
    pub fn old_value(&self) -> Option<&str> {
        self.0.resource_old_value.as_ref().map(PersonalText::expose)
    }

    /// Returns the resource after the operation, as JSON. It may contain personal data and hardware hashes.
    #[must_use]
    pub fn new_value(&self) -> Option<&str> {
        self.0.resource_new_value.as_ref().map(PersonalText::expose)
    }
}

model! {
    /// A relationship to another partner.
    PartnerRelationship of wire::PartnerRelationship
}

impl PartnerRelationship {
    /// Returns the tenant id of the other partner.
    #[must_use]
    pub fn partner_id(&self) -> Option<&str> {
        self.0.id.as_deref()
    }

    /// Returns the name of the other partner.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.0.name.as_deref()
    }

    /// Returns the kind of the relationship.
    #[must_use]
    pub fn kind(&self) -> Option<&PartnerRelationshipType> {
        self.0.relationship_type.as_ref()
    }

    /// Returns the state; only `Active` is known.
    #[must_use]
    pub fn state(&self) -> Option<&str> {
        self.0.state.as_deref()
    }

    /// Returns the partner id (MPN id) of the other partner.
    #[must_use]
    pub fn mpn_id(&self) -> Option<&str> {
        self.0.mpn_id.as_deref()
    }

    /// Returns the country of the other partner.
    #[must_use]
    pub fn country(&self) -> Option<&str> {
        self.0.location.as_deref()
    }
}

model! {
    /// The partner that the token belongs to.
    OrganizationProfile of wire::OrganizationProfile
}

impl OrganizationProfile {
    /// Returns the tenant id of the partner.
    #[must_use]
    pub fn tenant_id(&self) -> Option<&str> {
        self.0.tenant_id.as_deref()
    }

    /// Returns the name of the partner.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.0.company_name.as_deref()
    }

    /// Returns the domain of the partner.
    #[must_use]
    pub fn domain(&self) -> Option<&str> {
        self.0.domain.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_delegated_access_are_recognized() {
        let customer = |json: &str| -> CustomerDetails {
            serde_json::from_str::<wire::Customer>(json).unwrap().into()
        };
        let listed = customer(
            r#"{"id":"c","companyProfile":{"companyName":"Contoso","domain":"c.example"}}"#,
        );
        assert!(!listed.has_delegated_values() && listed.custom_domains().is_empty());
        assert!(listed.has_domain("C.EXAMPLE") && !listed.has_domain("example"));
        let whole = customer(
            r#"{"companyProfile":{"tenantId":"c"},"customDomains":["a.example","b.example"]}"#,
        );
        assert!(whole.has_delegated_values() && whole.has_domain("b.example"));
        assert_eq!(whole.id_text(), Some("c"));
    }

    #[test]
    fn details_without_a_name_are_left_out() {
        let json = r#"{"customizedData":[{"key":"a","value":"1"},{"value":"2"},{"key":"b","value":null}]}"#;
        let record: AuditRecord = serde_json::from_str::<wire::AuditRecord>(json).unwrap().into();
        assert_eq!(record.details().collect::<Vec<_>>(), [("a", Some("1")), ("b", None)]);
    }
}
