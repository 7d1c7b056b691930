//! Configuration policies, as stored and as a request sends them.

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
    /// How many devices have it.
    pub(crate) assigned: u64,
}

/// The body that makes or replaces a configuration policy.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct PolicyInput {
    /// `None` if it is not there or blank.
    pub(crate) name: Option<String>,
    pub(crate) description: Option<String>,
    #[serde(deserialize_with = "category")]
    pub(crate) category: PolicyCategory,
    #[serde(deserialize_with = "settings")]
    pub(crate) settings: Option<Vec<PolicySetting>>,
}

/// An open enum of a change that was kept. The wire types would ask the format what is there, and it does not
/// say.
fn category<'de, D: Deserializer<'de>>(from: D) -> Result<PolicyCategory, D::Error> {
    Ok(PolicyCategory::from(String::deserialize(from)?.as_str()))
}

fn settings<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Vec<PolicySetting>>, D::Error> {
    let words: Option<Vec<String>> = Option::deserialize(from)?;
    Ok(words.map(|words| words.iter().map(|word| PolicySetting::from(word.as_str())).collect()))
}

/// A change of a device's policy that can be made, or cannot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PolicyAssignment {
    Keep,
    Set(Option<Guid>),
    /// The policy is not this customer's.
    Refused(Owner),
}

impl PolicyAssignment {
    pub(super) fn owner(self) -> Option<Owner> {
        match self {
            Self::Keep | Self::Set(None) => None,
            Self::Set(Some(_)) => Some(Owner::ThisCustomer),
            Self::Refused(owner) => Some(owner),
        }
    }
}

/// The problem text for a value that is not one of the `known` values.
pub(crate) fn must_be_one_of(known: &[&str]) -> String {
    format!("must be one of {}", known.join(", "))
}
