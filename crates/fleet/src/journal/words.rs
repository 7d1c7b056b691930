//! The words under which the journal, JSON and CSV store outcomes. A word never changes: old journals contain it.

use partner_center_devices::{DeviceError, DeviceOutcome, MatchedBy};

pub(crate) fn outcome_word(outcome: &DeviceOutcome) -> &'static str {
    match outcome {
        DeviceOutcome::Succeeded => "registered",
        DeviceOutcome::AlreadyRegistered => "alreadyRegistered",
        DeviceOutcome::Failed(_) => "failed",
        _ => "unknown",
    }
}

/// Returns the outcome stored as `word`, with the service's code and name if the device failed.
pub(crate) fn outcome(word: &str, error: &(Option<String>, Option<String>)) -> DeviceOutcome {
    match word {
        "registered" => DeviceOutcome::Succeeded,
        "alreadyRegistered" => DeviceOutcome::AlreadyRegistered,
        "failed" => DeviceOutcome::Failed(device_error(error)),
        _ => DeviceOutcome::Pending,
    }
}

pub(crate) fn device_error((code, name): &(Option<String>, Option<String>)) -> DeviceError {
    DeviceError::new(code.as_deref().unwrap_or_default(), name.as_deref().unwrap_or_default())
}

pub(crate) fn matched_by_word(by: MatchedBy) -> Option<&'static str> {
    match by {
        MatchedBy::SerialNumber => Some("serialNumber"),
        MatchedBy::ProductKey => Some("productKey"),
        MatchedBy::Position => Some("position"),
        _ => None,
    }
}

pub(crate) fn matched_by(word: &str) -> Option<MatchedBy> {
    match word {
        "serialNumber" => Some(MatchedBy::SerialNumber),
        "productKey" => Some(MatchedBy::ProductKey),
        "position" => Some(MatchedBy::Position),
        _ => None,
    }
}
