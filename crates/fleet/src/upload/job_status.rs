//! Matches the status of a job to the devices of its chunk.

use partner_center_devices::{BatchUploadDetails, DeviceError, DeviceOutcome, MatchKeys};

use crate::journal::{ChunkDevice, DeviceResult};

/// Returns what a job reports about each device of a chunk. Devices that it does not report are pending.
pub(super) fn results(devices: &[ChunkDevice], status: &BatchUploadDetails) -> Vec<DeviceResult> {
    let matches = status.match_to(devices.iter().map(MatchKeys::from));
    devices
        .iter()
        .zip(matches)
        .map(|(device, found)| {
            let Some(found) = found else { return DeviceResult::pending(device.key) };
            let outcome = found.device.outcome();
            let error = match &outcome {
                DeviceOutcome::Failed(error) => Some(error.clone()),
                DeviceOutcome::AlreadyRegistered => {
                    found.device.error().filter(DeviceError::is_already_registered)
                }
                _ => None,
            };
            let service_id = found.device.device_id().filter(|id| !id.is_empty());
            DeviceResult {
                device: device.key,
                outcome,
                error: error.map(|error| (error.code().to_owned(), error.name().to_owned())),
                service_id: service_id.map(ToOwned::to_owned),
                matched_by: Some(found.by),
            }
        })
        .collect()
}

/// Returns the number of devices that a job reports with an outcome.
pub(super) fn reported(status: &BatchUploadDetails) -> usize {
    status.devices().iter().filter(|device| device.outcome() != DeviceOutcome::Pending).count()
}

/// Returns the number of devices that the service refused.
pub(super) fn failed(results: &[DeviceResult]) -> usize {
    results.iter().filter(|result| matches!(result.outcome, DeviceOutcome::Failed(_))).count()
}
