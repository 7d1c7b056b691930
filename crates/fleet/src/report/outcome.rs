//! What became of each row. Decides how a device's outcome reads for the row it came from.

use partner_center_devices::{DeviceError, DeviceOutcome};

use crate::check::finding::Finding;
use crate::origin::Origin;

/// What became of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RowOutcome {
    /// The device is registered.
    Registered,
    /// The customer had it already, which the service mostly says as 806. Nothing is left to do.
    AlreadyRegistered,
    /// The service refused the device.
    Failed(DeviceError),
    /// The same device as this row: look there. It was not sent.
    Duplicate(Origin),
    /// The row has an error and was not sent.
    Refused(Finding),
    /// The upload stopped before. Nothing happened to the device.
    NotSent,
    /// It was sent, or may have been, and what became of it is not known.
    Unknown,
}

impl RowOutcome {
    /// Its stable name: `registered`, `alreadyRegistered`, `failed`, `duplicate`, `refused`, `notSent`,
    /// `unknown`.
    #[must_use]
    pub fn id(&self) -> &'static str {
        match self {
            Self::Registered => "registered",
            Self::AlreadyRegistered => "alreadyRegistered",
            Self::Failed(_) => "failed",
            Self::Duplicate(_) => "duplicate",
            Self::Refused(_) => "refused",
            Self::NotSent => "notSent",
            Self::Unknown => "unknown",
        }
    }

    /// Whether nothing is left to do: registered, or the same as another row, which speaks for itself.
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
    fn a_device_outcome_becomes_a_row_outcome() {
        let refused = DeviceError::new("808", "");
        for (outcome, id, well) in [
            (DeviceOutcome::Succeeded, "registered", true),
            (DeviceOutcome::AlreadyRegistered, "alreadyRegistered", true),
            (DeviceOutcome::Failed(refused), "failed", false),
            (DeviceOutcome::Pending, "unknown", false),
        ] {
            let outcome = RowOutcome::from(outcome);
            assert_eq!((outcome.id(), outcome.is_success()), (id, well));
        }
    }
}
