//! The parts of a world file about the partner: its own data, its audit log, and customers to generate.
//!
//! The doc comments are the descriptions in the JSON Schema.

use serde::{Deserialize, Serialize};

use super::field_problem::{Problem, check_length, guid};
use crate::domain::audit_log::{AuditRecord, AuditedOperation};
use crate::domain::clock::Clock;
use crate::domain::partner::{Partner, RelatedPartner};
use crate::domain::world::World;

/// The largest numbers of entries to generate.
const MAX_CUSTOMERS: u32 = 100_000;
const MAX_BATCHES: u32 = 1_000_000;
const MAX_DEVICES: u32 = 5_000_000;

/// The partner. Without resellers and providers, it is a direct partner.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(rename = "Partner"))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct PartnerEntry {
    /// The name of the company. The default is constructed from the domain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// The domain. The default is the domain of the first user of the sign-in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    domain: Option<String>,
    /// The resellers of an indirect provider.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    indirect_resellers: Vec<RelatedEntry>,
    /// The providers of an indirect reseller.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    indirect_providers: Vec<RelatedEntry>,
}

/// Another partner.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(rename = "RelatedPartner"))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RelatedEntry {
    /// The tenant id.
    id: String,
    /// The name of the company.
    name: String,
    /// The id in the partner network.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    mpn_id: Option<String>,
    /// The country, such as `US`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    location: Option<String>,
}

impl PartnerEntry {
    pub(super) fn from_partner(partner: &Partner) -> Option<Self> {
        let text = |text: &Option<Box<str>>| text.as_deref().map(ToOwned::to_owned);
        let entries = |partners: &[RelatedPartner]| {
            let entry = |partner: &RelatedPartner| RelatedEntry {
                id: partner.id.to_string(),
                name: partner.name.to_string(),
                mpn_id: text(&partner.mpn_id),
                location: text(&partner.location),
            };
            partners.iter().map(entry).collect()
        };
        (*partner != Partner::default()).then(|| Self {
            name: text(&partner.name),
            domain: text(&partner.domain),
            indirect_resellers: entries(&partner.resellers),
            indirect_providers: entries(&partner.providers),
        })
    }

    pub(super) fn to_partner(&self) -> Result<Partner, Problem> {
        let text = |text: &Option<String>, name: &str| -> Result<Option<Box<str>>, Problem> {
            check_length(text.as_deref(), || format!("partner.{name}"))?;
            Ok(text.as_deref().map(Into::into))
        };
        Ok(Partner {
            name: text(&self.name, "name")?,
            domain: text(&self.domain, "domain")?,
            resellers: related(&self.indirect_resellers, "indirectResellers")?,
            providers: related(&self.indirect_providers, "indirectProviders")?,
        })
    }
}

fn related(entries: &[RelatedEntry], list: &str) -> Result<Vec<RelatedPartner>, Problem> {
    let entry = |(index, entry): (usize, &RelatedEntry)| {
        let field = |name: &str| format!("partner.{list}[{index}].{name}");
        let RelatedEntry { id, name, mpn_id, location } = entry;
        for (text, member) in
            [(Some(name), "name"), (mpn_id.as_ref(), "mpnId"), (location.as_ref(), "location")]
        {
            check_length(text.map(String::as_str), || field(member))?;
        }
        Ok(RelatedPartner {
            id: guid(id, || field("id"))?,
            name: name.as_str().into(),
            mpn_id: mpn_id.as_deref().map(Into::into),
            location: location.as_deref().map(Into::into),
        })
    };
    entries.iter().enumerate().map(entry).collect()
}

/// An audit record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(rename = "AuditRecord"))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct AuditEntry {
    /// The time of the change, such as `2017-07-25T17:00:00Z`.
    pub(super) date: String,
    /// The change.
    pub(super) operation: AuditedOperation,
    /// The id of the customer.
    pub(super) customer: String,
    /// The id of the device or the policy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) resource: Option<String>,
    /// The `MS-CorrelationId` of the request.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) correlation_id: String,
    /// The tenant id of the partner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) partner: Option<String>,
    /// The user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) user: Option<String>,
    /// The id of the app.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) app: Option<String>,
}

impl AuditEntry {
    pub(super) fn from_record(record: &AuditRecord, world: &World, clock: Clock) -> Self {
        let text = |text: &Option<Box<str>>| text.as_deref().map(ToOwned::to_owned);
        Self {
            date: clock.format(record.at),
            operation: record.operation,
            customer: world.customer_name(record.customer).to_owned(),
            resource: record.resource.map(|id| id.to_string()),
            correlation_id: record.correlation_id.to_string(),
            partner: Some(record.actor.tenant.to_string()),
            user: text(&record.actor.user),
            app: text(&record.actor.app),
        }
    }
}

/// Numbers of entries to generate. The same numbers give the same entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Generated {
    /// The number of customers, at most 100,000.
    pub(super) customers: u32,
    /// The number of batches of all these customers, at most 1,000,000.
    #[serde(default)]
    pub(super) batches: u32,
    /// The number of devices in all these batches, at most 5,000,000.
    #[serde(default)]
    pub(super) devices: u32,
}

impl Generated {
    pub(super) fn check(self) -> Result<(), Problem> {
        let problem = |name: &str, problem: String| Err((format!("generated.{name}"), problem));
        for (name, number, most) in [
            ("customers", self.customers, MAX_CUSTOMERS),
            ("batches", self.batches, MAX_BATCHES),
            ("devices", self.devices, MAX_DEVICES),
        ] {
            if number > most {
                return problem(name, format!("must be at most {most}"));
            }
        }
        if self.customers == 0 && self.batches > 0 {
            return problem("batches", "must be 0 without customers".to_owned());
        }
        if self.batches == 0 && self.devices > 0 {
            return problem("devices", "must be 0 without batches".to_owned());
        }
        Ok(())
    }

    /// Returns the number of all entries.
    pub(super) fn total(self) -> usize {
        [self.customers, self.batches, self.devices].iter().map(|number| *number as usize).sum()
    }
}
