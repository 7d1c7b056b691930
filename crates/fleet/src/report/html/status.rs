//! The status of a row in the words of the customer, and who acts next.

use partner_center_devices::Remedy;

use super::texts::Text;
use crate::report::earlier_registration::EarlierRegistration;
use crate::report::outcome::RowOutcome;
use crate::report::row::{OTHER_ORGANIZATION, ReportRow};

/// Who acts next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Actor {
    /// Nobody: the row is done.
    Nobody,
    Customer,
    Partner,
}

impl Actor {
    /// Returns the CSS class.
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Nobody => "done",
            Self::Customer => "you",
            Self::Partner => "we",
        }
    }

    /// Returns the sign in front of the status, so that nothing depends on colors.
    pub(super) fn sign(self) -> &'static str {
        match self {
            Self::Nobody => "✓",
            Self::Customer => "!",
            Self::Partner => "…",
        }
    }

    pub(super) fn heading(self) -> Text {
        match self {
            Self::Nobody => Text::Done,
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
    Invalid,
    Removed,
    Rejected,
    NotSent,
    Unknown,
}

impl Status {
    /// Every status, in the order of the page.
    pub(super) const ALL: [Self; 11] = [
        Self::Registered,
        Self::AlreadyRegistered,
        Self::Duplicate,
        Self::ByCustomer,
        Self::OtherOrganization,
        Self::WrongData,
        Self::Invalid,
        Self::Removed,
        Self::Rejected,
        Self::NotSent,
        Self::Unknown,
    ];

    pub(super) fn of(row: &ReportRow) -> Self {
        match (row.outcome(), row.earlier_registration()) {
            (_, Some(EarlierRegistration::ByCustomer)) => Self::ByCustomer,
            (_, Some(EarlierRegistration::InNoBatch)) => Self::Removed,
            (RowOutcome::Registered, _) => Self::Registered,
            (RowOutcome::AlreadyRegistered, _) => Self::AlreadyRegistered,
            (RowOutcome::Duplicate(_), _) => Self::Duplicate,
            (RowOutcome::Failed(_), _) if row.code() == Some(OTHER_ORGANIZATION) => {
                Self::OtherOrganization
            }
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
            Self::Registered | Self::AlreadyRegistered | Self::Duplicate => Actor::Nobody,
            Self::ByCustomer | Self::OtherOrganization | Self::WrongData | Self::Invalid => {
                Actor::Customer
            }
            Self::Removed | Self::Rejected | Self::NotSent | Self::Unknown => Actor::Partner,
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
            Self::Invalid => Text::Invalid,
            Self::Removed => Text::Removed,
            Self::Rejected => Text::Rejected,
            Self::NotSent => Text::NotSent,
            Self::Unknown => Text::Unknown,
        }
    }

    /// Returns what the status means for the customer, and what happens next.
    pub(super) fn advice(self) -> Text {
        match self {
            Self::Registered => Text::RegisteredAdvice,
            Self::AlreadyRegistered => Text::AlreadyRegisteredAdvice,
            Self::Duplicate => Text::DuplicateAdvice,
            Self::ByCustomer => Text::ByCustomerAdvice,
            Self::OtherOrganization => Text::OtherOrganizationAdvice,
            Self::WrongData => Text::WrongDataAdvice,
            Self::Invalid => Text::InvalidAdvice,
            Self::Removed => Text::RemovedAdvice,
            Self::Rejected => Text::RejectedAdvice,
            Self::NotSent => Text::NotSentAdvice,
            Self::Unknown => Text::UnknownAdvice,
        }
    }
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
