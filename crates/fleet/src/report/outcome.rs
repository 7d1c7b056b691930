//! The outcome of a row.

use partner_center_devices::{DeviceError, DeviceOutcome};

use crate::check::finding::Finding;
use crate::origin::Origin;

/// The outcome of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RowOutcome {
    /// The device is registered.
    Registered,
    /// The device was already registered with this customer, usually reported as error 806. This counts as success.
    AlreadyRegistered,
    /// The service rejected the device.
    Failed(DeviceError),
    /// The row has the same device as the given row, and was not sent.
    Duplicate(Origin),
    /// The row contains an error, and was not sent.
    Invalid(Finding),
    /// The upload stopped before the row was sent. The device is unchanged.
    NotSent,
    /// The row was sent, or may have been sent, and its outcome is unknown.
    Unknown,
}

impl RowOutcome {
    /// Returns the stable name: `registered`, `alreadyRegistered`, `failed`, `duplicate`, `refused`, `notSent` or
    /// `unknown`.
    #[must_use]
    pub fn id(&self) -> &'static str {
        match self {
            Self::Registered => "registered",
            Self::AlreadyRegistered => "alreadyRegistered",
            Self::Failed(_) => "failed",
            Self::Duplicate(_) => "duplicate",
            Self::Invalid(_) => "refused",
            Self::NotSent => "notSent",
            Self::Unknown => "unknown",
        }
    }

    /// Returns true if no action is needed: the device is registered, or the row is a duplicate.
    #[must_use]
    pub fn is_success(&self) -> bool {
        matches!(self, Self::Registered | Self::AlreadyRegistered | Self::Duplicate(_))
    }
}

impl From<DeviceOutcome> for RowOutcome {
    fn from(outcome: DeviceOutcome) -> Self {
        match outcome {
            DeviceOutcome::Succeeded => Self::Registered,
            DeviceOutcome::AlreadyRegistered => Self::AlreadyRegistered,
            DeviceOutcome::Failed(error) => Self::Failed(error),
            _ => Self::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn converts_device_outcomes() {
        let rejected = DeviceError::new("808", "");
        for (outcome, id, is_success) in [
            (DeviceOutcome::Succeeded, "registered", true),
            (DeviceOutcome::AlreadyRegistered, "alreadyRegistered", true),
            (DeviceOutcome::Failed(rejected), "failed", false),
            (DeviceOutcome::Pending, "unknown", false),
        ] {
            let outcome = RowOutcome::from(outcome);
            assert_eq!((outcome.id(), outcome.is_success()), (id, is_success));
        }
    }
}
