//! Matches the results of a job to the devices of its request.

use std::collections::HashMap;

use partner_center_devices::{BatchUploadDetails, DeviceOutcome, DeviceUploadDetails, MatchKeys};

use super::report::{AssignOutcome, AssignedDevice};
use crate::inventory::identifiers::normalized;

/// Counts the devices of a job that are finished.
pub(super) fn count_done(status: &BatchUploadDetails) -> usize {
    status.devices().iter().filter(|device| device.outcome() != DeviceOutcome::Pending).count()
}

/// Records the outcome of each device. A device stays unknown if it has no result, is still pending, or has several
/// results.
pub(super) fn apply_results(devices: &mut [AssignedDevice], status: &BatchUploadDetails) {
    let keys: Vec<_> = devices
        .iter()
        .map(|AssignedDevice { device, .. }| {
            MatchKeys::new(device.serial_number.as_deref(), device.product_key.as_deref())
        })
        .collect();
    let by_identifier: Vec<_> = status
        .match_to(keys)
        .into_iter()
        .map(|matched| {
            let result = matched?.device;
            normalized(result.device_id_text()).is_none().then(|| outcome(result))
        })
        .collect();
    let mut by_id: HashMap<_, Vec<_>> = HashMap::new();
    for result in status.devices() {
        if let Some(id) = normalized(result.device_id_text()) {
            by_id.entry(id).or_default().push(result);
        }
    }
    for (device, by_identifier) in devices.iter_mut().zip(by_identifier) {
        let by_id = device.device.normalized_id().and_then(|id| by_id.get(&id));
        let outcome = match by_id.map(Vec::as_slice) {
            Some([result]) => Some(outcome(result)),
            Some(_) => None,
            None => by_identifier,
        };
        if let Some(outcome) = outcome {
            device.outcome = outcome;
        }
    }
}

/// Returns the outcome of a result. Code 806 means that the device is registered, which is not evidence that it has the
/// policy.
fn outcome(result: &DeviceUploadDetails) -> AssignOutcome {
    match (result.outcome(), result.error()) {
        (DeviceOutcome::Succeeded, _) => AssignOutcome::Assigned,
        (_, Some(error)) => AssignOutcome::Rejected {
            code: error.code().to_owned(),
            name: error.name().to_owned(),
            meaning: error.meaning().map(str::to_owned),
            cure: error.cure().map(str::to_owned),
        },
        _ => AssignOutcome::Unknown { failure: None },
    }
}

#[cfg(test)]
mod tests {
    use partner_center_devices::raw::types as wire;

    use super::*;
    use crate::inventory::test_devices::devices;

    fn outcomes(lines: &[&str], results: &str) -> Vec<String> {
        let device = |device| AssignedDevice {
            device,
            queries: Vec::new(),
            tracking_id: None,
            outcome: AssignOutcome::Unknown { failure: None },
        };
        let mut devices: Vec<_> = devices(lines).into_iter().map(device).collect();
        let json = format!(r#"{{"status":"finished","devicesStatus":{results}}}"#);
        let status = serde_json::from_str::<wire::BatchUploadDetails>(&json).unwrap().into();
        apply_results(&mut devices, &status);
        let shown = |device: AssignedDevice| match device.outcome {
            AssignOutcome::Assigned => "assigned".to_owned(),
            AssignOutcome::Rejected { code, name, .. } => format!("{code} {name}"),
            AssignOutcome::Unknown { .. } => "unknown".to_owned(),
            other => panic!("{other:?}"),
        };
        devices.into_iter().map(shown).collect()
    }

    #[test]
    fn matches_results_to_devices_by_id_or_identifier() {
        let (a, b, c) = ("A d-1 S1 -", "A d-2 S2 -", "A d-3 - 33");
        let done = |ids: &str| format!(r#"{{{ids},"status":"finished"}}"#);
        let failed = |ids: &str, code: &str| {
            format!(r#"{{{ids},"status":"finished_with_errors","errorCode":"{code}"}}"#)
        };
        let (id1, id2, id3) = (r#""deviceId":"D-1""#, r#""deviceId":"d-2""#, r#""deviceId":"d-3""#);
        let (s1, s2, k3) =
            (r#""serialNumber":"s1""#, r#""serialNumber":"S2""#, r#""productKey":"33""#);
        for (case, lines, results, expected) in [
            (
                "by id, in any order",
                vec![a, b, c],
                vec![done(id3), failed(id1, "809"), done(id2)],
                vec!["809 ZtdProfileIsNotRegistered", "assigned", "assigned"],
            ),
            (
                "by serial number or product key if there is no id",
                vec![a, b, c],
                vec![done(s2), done(k3), failed(s1, "807")],
                vec!["807 ZtdDeviceIsNotRegistered", "assigned", "assigned"],
            ),
            (
                "the id takes precedence",
                vec![a, b],
                vec![done(&format!("{id1},{s2}")), failed(&format!("{id2},{s1}"), "807")],
                vec!["assigned", "807 ZtdDeviceIsNotRegistered"],
            ),
            ("id of another device", vec![a], vec![done(&format!("{id2},{s1}"))], vec!["unknown"]),
            (
                "two results",
                vec![a, b],
                vec![done(id1), failed(id1, "807")],
                vec!["unknown", "unknown"],
            ),
            ("no result", vec![a, b], vec![done(id2)], vec!["unknown", "assigned"]),
            ("pending", vec![a], vec![format!(r#"{{{id1},"status":"queued"}}"#)], vec!["unknown"]),
            (
                "806 is not evidence of the policy",
                vec![a],
                vec![failed(id1, "806")],
                vec!["806 ZtdDeviceAlreadyAssigned"],
            ),
        ] {
            assert_eq!(outcomes(&lines, &format!("[{}]", results.join(","))), expected, "{case}");
        }
    }
}
