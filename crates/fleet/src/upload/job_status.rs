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
            let service_id = found.device.device_id_text().filter(|id| !id.is_empty());
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

#[cfg(test)]
mod tests {
    use partner_center_devices::MatchedBy;
    use partner_center_devices::raw::types as wire;

    use super::*;
    use crate::journal::DeviceKey;

    fn status(devices: &serde_json::Value) -> BatchUploadDetails {
        let json = serde_json::json!({ "status": "processing", "devicesStatus": devices });
        serde_json::from_value::<wire::BatchUploadDetails>(json).unwrap().into()
    }

    fn device(key: i64, serial: &str) -> ChunkDevice {
        ChunkDevice { key: DeviceKey(key), serial: Some(serial.into()), product_key: None }
    }

    #[test]
    fn each_device_of_a_chunk_gets_its_result() {
        let status = status(&serde_json::json!([
            { "serialNumber": "S4", "status": "finished_with_errors", "errorCode": "808" },
            { "serialNumber": "S1", "status": "finished", "deviceId": "d-1" },
            { "serialNumber": "S3", "status": "finished_with_errors", "errorCode": "806" },
            { "serialNumber": "S2", "status": "processing" },
        ]));
        let devices = ["S1", "S2", "S3", "S4", "S5"];
        let devices: Vec<_> = (1..).zip(devices).map(|(key, serial)| device(key, serial)).collect();
        let results = results(&devices, &status);
        let keys: Vec<_> = results.iter().map(|result| result.device.0).collect();
        assert_eq!(keys, [1, 2, 3, 4, 5]);
        let outcome = |at: usize| &results[at].outcome;
        assert_eq!(*outcome(0), DeviceOutcome::Succeeded);
        assert_eq!(*outcome(1), DeviceOutcome::Pending);
        assert_eq!(*outcome(2), DeviceOutcome::AlreadyRegistered);
        assert!(matches!(outcome(3), DeviceOutcome::Failed(error) if error.code() == "808"));
        assert_eq!(results[4], DeviceResult::pending(DeviceKey(5)));
        assert_eq!(results[0].service_id.as_deref(), Some("d-1"));
        assert_eq!(results[0].matched_by, Some(MatchedBy::SerialNumber));
        let code = |at: usize| results[at].error.as_ref().map(|(code, _)| code.as_str());
        assert_eq!([code(0), code(2), code(3)], [None, Some("806"), Some("808")]);
        assert_eq!((reported(&status), failed(&results)), (3, 1));
    }
}
