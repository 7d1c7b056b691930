//! The partner whose tokens the service accepts.

use crate::domain::ids::Guid;

/// The partner. Without indirect resellers and providers, it is a direct partner.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Partner {
    /// `None` for a name that is constructed from the domain.
    pub(crate) name: Option<Box<str>>,
    /// `None` for the domain of the first user of the sign-in.
    pub(crate) domain: Option<Box<str>>,
    /// The resellers of an indirect provider.
    pub(crate) resellers: Vec<RelatedPartner>,
    /// The providers of an indirect reseller.
    pub(crate) providers: Vec<RelatedPartner>,
}

/// Another partner that this one works with.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RelatedPartner {
    /// The tenant.
    pub(crate) id: Guid,
    pub(crate) name: Box<str>,
    /// The id in the partner network.
    pub(crate) mpn_id: Option<Box<str>>,
    /// The country.
    pub(crate) location: Option<Box<str>>,
}

impl Partner {
    /// Returns true if the partner is neither an indirect provider nor an indirect reseller.
    pub(crate) fn is_direct(&self) -> bool {
        self.resellers.is_empty() && self.providers.is_empty()
    }
}
