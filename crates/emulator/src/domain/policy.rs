//! Configuration policies, and how requests change them.

use partner_center_devices_raw::types::{PolicyCategory, PolicySetting};
use serde::{Deserialize, Deserializer, Serialize};

use crate::domain::clock::Moment;
use crate::domain::ids::Guid;
use crate::domain::keys::CustomerKey;
use crate::domain::outcome::Owner;

/// A configuration policy.
pub(crate) struct Policy {
    pub(crate) id: Guid,
    pub(super) customer: CustomerKey,
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    pub(crate) category: PolicyCategory,
    pub(crate) settings: Vec<PolicySetting>,
    pub(crate) created: Moment,
    pub(crate) modified: Moment,
    /// The number of devices with this policy.
    pub(crate) assigned_devices: u64,
}

/// The body of a request that creates or replaces a configuration policy.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct PolicyInput {
    /// `None` if missing or blank.
    pub(crate) name: Option<String>,
    pub(crate) description: Option<String>,
    #[serde(deserialize_with = "category")]
    pub(crate) category: PolicyCategory,
    #[serde(deserialize_with = "settings")]
    pub(crate) settings: Option<Vec<PolicySetting>>,
}

/// Deserializes an open enum from the event log. The derived code needs a self-describing format, and the log's format
/// is not.
fn category<'de, D: Deserializer<'de>>(from: D) -> Result<PolicyCategory, D::Error> {
    Ok(PolicyCategory::from(String::deserialize(from)?.as_str()))
}

fn settings<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Vec<PolicySetting>>, D::Error> {
    let names: Option<Vec<String>> = Option::deserialize(from)?;
    Ok(names.map(|names| names.iter().map(|name| PolicySetting::from(name.as_str())).collect()))
}

/// A policy change that was checked against the customer's policies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PolicyAssignment {
    Keep,
    Set(Option<Guid>),
    /// The policy does not belong to this customer.
    Rejected(Owner),
}

impl PolicyAssignment {
    /// Returns the owner of the policy to assign, or `None` if no policy is assigned.
    pub(super) fn owner(self) -> Option<Owner> {
        match self {
            Self::Keep | Self::Set(None) => None,
            Self::Set(Some(_)) => Some(Owner::ThisCustomer),
            Self::Rejected(owner) => Some(owner),
        }
    }
}

/// Returns the problem text for a value that is not one of `known`.
pub(crate) fn must_be_one_of(known: &[&str]) -> String {
    format!("must be one of {}", known.join(", "))
}
