//! The status of a row in the words of the customer, and the actor of the next step.

use partner_center_devices::{DeviceError, Remedy};

use super::texts::Text;
use crate::report::earlier_registration::EarlierRegistration;
use crate::report::outcome::RowOutcome;
use crate::report::row::{OTHER_ORGANIZATION, ReportRow};

/// The actor of the next step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Actor {
    /// No one: the row is done.
    NoOne,
    Customer,
    Partner,
}

impl Actor {
    /// Returns the CSS class.
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::NoOne => "done",
            Self::Customer => "you",
            Self::Partner => "we",
        }
    }

    /// Returns the sign in front of the status. It repeats the meaning of the color.
    pub(super) fn sign(self) -> &'static str {
        match self {
            Self::NoOne => "✓",
            Self::Customer => "!",
            Self::Partner => "…",
        }
    }

    pub(super) fn heading(self) -> Text {
        match self {
            Self::NoOne => Text::Done,
            Self::Customer => Text::YouDo,
            Self::Partner => Text::WeDo,
        }
    }
}

/// The status of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    Registered,
    AlreadyRegistered,
    Duplicate,
    ByCustomer,
    OtherOrganization,
    WrongData,
    BadHash,
    Invalid,
    InNoBatch,
    Released,
    Joined,
    Rejected,
    NotSent,
    Unknown,
}

/// The device is joined to the customer's tenant already.
const ALREADY_JOINED: &str = "814";

/// Another partner registered the device for this customer.
const REGISTERED_BY_OTHERS: &str = "811";

impl Status {
    /// Every status, in the order of the page.
    pub(super) const ALL: [Self; 14] = [
        Self::Registered,
        Self::AlreadyRegistered,
        Self::Duplicate,
        Self::ByCustomer,
        Self::OtherOrganization,
        Self::WrongData,
        Self::BadHash,
        Self::Invalid,
        Self::InNoBatch,
        Self::Released,
        Self::Joined,
        Self::Rejected,
        Self::NotSent,
        Self::Unknown,
    ];

    pub(super) fn of(row: &ReportRow) -> Self {
        match (row.outcome(), row.earlier_registration()) {
            (_, Some(EarlierRegistration::ByCustomer)) => Self::ByCustomer,
            (_, Some(EarlierRegistration::InNoBatch)) => Self::InNoBatch,
            (_, Some(EarlierRegistration::FormerCustomer { .. })) => Self::Released,
            // The partner moves it. The page does not name other customers.
            (_, Some(EarlierRegistration::OtherCustomer { .. })) => Self::Rejected,
            (RowOutcome::Registered, _) => Self::Registered,
            (RowOutcome::AlreadyRegistered, _) => Self::AlreadyRegistered,
            (RowOutcome::Duplicate(_), _) => Self::Duplicate,
            (RowOutcome::Failed(_), _) if row.code() == Some(OTHER_ORGANIZATION) => {
                Self::OtherOrganization
            }
            (RowOutcome::Failed(_), _) if row.code() == Some(ALREADY_JOINED) => Self::Joined,
            (RowOutcome::Failed(_), _) if row.code() == Some(REGISTERED_BY_OTHERS) => {
                Self::OtherOrganization
            }
            (RowOutcome::Failed(error), _) if is_about_hash(error) => Self::BadHash,
            (RowOutcome::Failed(error), _) if error.remedy() == Remedy::FixInput => Self::WrongData,
            (RowOutcome::Failed(_), _) => Self::Rejected,
            (RowOutcome::Invalid(_), _) => Self::Invalid,
            (RowOutcome::NotSent, _) => Self::NotSent,
            (RowOutcome::Unknown, _) => Self::Unknown,
        }
    }

    /// Returns the position in [`ALL`](Self::ALL).
    pub(super) fn index(self) -> usize {
        self as usize
    }

    pub(super) fn actor(self) -> Actor {
        match self {
            Self::Registered | Self::AlreadyRegistered | Self::Duplicate => Actor::NoOne,
            Self::ByCustomer
            | Self::OtherOrganization
            | Self::WrongData
            | Self::BadHash
            | Self::Joined
            | Self::Invalid => Actor::Customer,
            Self::InNoBatch | Self::Released | Self::Rejected | Self::NotSent | Self::Unknown => {
                Actor::Partner
            }
        }
    }

    pub(super) fn label(self) -> Text {
        match self {
            Self::Registered => Text::Registered,
            Self::AlreadyRegistered => Text::AlreadyRegistered,
            Self::Duplicate => Text::Duplicate,
            Self::ByCustomer => Text::ByCustomer,
            Self::OtherOrganization => Text::OtherOrganization,
            Self::WrongData => Text::WrongData,
            Self::BadHash => Text::BadHash,
            Self::Joined => Text::Joined,
            Self::Invalid => Text::Invalid,
            Self::InNoBatch => Text::InNoBatch,
            Self::Released => Text::Released,
            Self::Rejected => Text::Rejected,
            Self::NotSent => Text::NotSent,
            Self::Unknown => Text::Unknown,
        }
    }

    /// Returns the meaning of the status for the customer, and the next step.
    pub(super) fn advice(self) -> Text {
        match self {
            Self::Registered => Text::RegisteredAdvice,
            Self::AlreadyRegistered => Text::AlreadyRegisteredAdvice,
            Self::Duplicate => Text::DuplicateAdvice,
            Self::ByCustomer => Text::ByCustomerAdvice,
            Self::OtherOrganization => Text::OtherOrganizationAdvice,
            Self::WrongData => Text::WrongDataAdvice,
            Self::BadHash => Text::BadHashAdvice,
            Self::Joined => Text::JoinedAdvice,
            Self::Invalid => Text::InvalidAdvice,
            Self::InNoBatch => Text::InNoBatchAdvice,
            Self::Released => Text::ReleasedAdvice,
            Self::Rejected => Text::RejectedAdvice,
            Self::NotSent => Text::NotSentAdvice,
            Self::Unknown => Text::UnknownAdvice,
        }
    }
}

/// Returns true if the device needs another hardware hash: the hash is damaged, has the old format, or is not unique.
fn is_about_hash(error: &DeviceError) -> bool {
    matches!(error.code(), "802" | "813") || error.name() == "HashNot4k"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_has_its_position_and_its_own_texts() {
        for (position, status) in Status::ALL.into_iter().enumerate() {
            assert_eq!(status.index(), position);
            let same = |other: &&Status| {
                other.label() == status.label() || other.advice() == status.advice()
            };
            assert_eq!(Status::ALL.iter().filter(same).count(), 1, "{status:?}");
        }
    }
}
