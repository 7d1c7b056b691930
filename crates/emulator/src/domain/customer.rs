//! The profile of a customer: its name, its domains and its relationship to the partner.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::domain::ids::Guid;

/// The number of characters of an id in a constructed name.
const ID_IN_NAME: usize = 8;

/// The profile of a customer.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct CustomerProfile {
    pub(crate) name: Box<str>,
    /// The domain in the list of customers.
    pub(crate) domain: Box<str>,
    /// Further domains, which no list shows.
    pub(crate) other_domains: Vec<Box<str>>,
    pub(crate) relationship: Relationship,
    /// False if the partner has no delegated administration privileges.
    pub(crate) delegated_access: bool,
    /// The indirect reseller of the customer.
    pub(crate) reseller: Option<Guid>,
}

impl CustomerProfile {
    /// Constructs the profile of a customer without one. It depends on the id only.
    pub(crate) fn constructed(id: &str) -> Self {
        let short: String =
            id.chars().filter(|c| c.is_ascii_alphanumeric()).take(ID_IN_NAME).collect();
        Self::named(&format!("Customer {short}"))
    }

    /// Constructs the profile of a reseller's customer with this name. The domain is the name without spaces and marks.
    pub(crate) fn named(name: &str) -> Self {
        let label = name.chars().filter(char::is_ascii_alphanumeric).collect::<String>();
        Self {
            name: name.into(),
            domain: format!("{}.onmicrosoft.com", label.to_ascii_lowercase()).into(),
            other_domains: Vec::new(),
            relationship: Relationship::Reseller,
            delegated_access: true,
            reseller: None,
        }
    }
}

/// A given profile, or a constructed one.
pub(crate) type AnyProfile<'a> = Cow<'a, CustomerProfile>;

/// The relationship between a customer and the partner.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub(crate) enum Relationship {
    /// Not known.
    Unknown,
    /// The partner sells to the customer, and may manage its devices.
    #[default]
    Reseller,
    /// The partner advises the customer, and sells nothing.
    Advisor,
    /// The customer belongs to a syndication partner.
    Syndication,
    /// The customer is supported by Microsoft.
    MicrosoftSupport,
    /// The relationship was removed.
    None,
}

impl Relationship {
    /// Returns the name in responses.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Reseller => "reseller",
            Self::Advisor => "advisor",
            Self::Syndication => "syndication",
            Self::MicrosoftSupport => "microsoft_support",
            Self::None => "none",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_constructed_profile_depends_on_the_id_only() {
        for (id, name, domain) in [
            (
                "47021739-3426-40bf-9601-61b4b6d7c793",
                "Customer 47021739",
                "customer47021739.onmicrosoft.com",
            ),
            ("c1", "Customer c1", "customerc1.onmicrosoft.com"),
            ("Ünknown / C", "Customer nknownC", "customernknownc.onmicrosoft.com"),
            ("…", "Customer ", "customer.onmicrosoft.com"),
        ] {
            let profile = CustomerProfile::constructed(id);
            assert_eq!((&*profile.name, &*profile.domain), (name, domain), "{id}");
            assert_eq!(profile, CustomerProfile::constructed(id));
        }
    }

    #[test]
    fn relationships_have_the_same_name_in_a_world_file() {
        for name in ["unknown", "reseller", "advisor", "syndication", "microsoft_support", "none"] {
            let relationship: Relationship = serde_json::from_value(name.into()).unwrap();
            assert_eq!(relationship.as_str(), name);
        }
    }
}
