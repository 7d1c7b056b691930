//! The body of a job status: no device is lost, and each has one outcome.
#![no_main]

use libfuzzer_sys::fuzz_target;
use partner_center_devices::raw::types as wire;
use partner_center_devices::{BatchUploadDetails, BatchUploadStatus, DeviceOutcome};
use partner_center_devices_fuzz::{assert_showable, decoded};

fuzz_target!(|body: &[u8]| {
    let Some(wire) = decoded::<wire::BatchUploadDetails>(body) else { return };
    let devices = wire.devices_status.clone().unwrap_or_default();
    let details = BatchUploadDetails::from(wire);
    let (_, _) = (details.started(), details.completed());
    let ended = [BatchUploadStatus::Finished, BatchUploadStatus::FinishedWithErrors];
    assert_eq!(details.is_finished(), details.status().is_some_and(|s| ended.contains(s)));

    assert_eq!(details.devices().len(), devices.len());
    for (device, wire) in details.devices().iter().zip(&devices) {
        assert_eq!(device.as_raw(), wire);
        assert_eq!(serde_json::to_value(device).unwrap(), serde_json::to_value(wire).unwrap());
        let code = wire.error_code.as_deref().unwrap_or_default().trim();
        match device.outcome() {
            DeviceOutcome::Failed(error) => {
                assert!(!error.is_already_registered());
                assert_eq!(error.meaning().is_some(), error.cure().is_some());
                assert_showable(&error.to_string());
                assert_showable(&format!("{error:?}"));
            }
            DeviceOutcome::Succeeded | DeviceOutcome::Pending => {
                assert!(matches!(code, "" | "0"), "{device:?}");
            }
            DeviceOutcome::AlreadyRegistered => {}
            other => panic!("unknown outcome: {other:?}"),
        }
    }
});
