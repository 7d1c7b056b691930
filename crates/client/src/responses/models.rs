//! The models of devices, batches, policies and jobs. They hide contradictions in the documents: a counter with two
//! spellings is one number, the year 1 is not a date, and a null policy counts as missing.
//!
//! An id has its own type, so that it can be used for calls. An id that no path can contain does not fail the list: it is
//! `None`, and the method with `_text` in its name returns what the service sent.

use std::time::SystemTime;

use partner_center_devices_raw::types as wire;
use partner_center_devices_raw::types::{
    BatchId, BatchTrackingId, BatchUploadStatus, DeviceId, DeviceUploadStatus, PolicyCategory,
    PolicyId, PolicySetting,
};
use serde::Serialize;

use crate::responses::device_error::DeviceError;
use crate::responses::model::{model, time, valid_id};

model! {
    /// A registered device in the list of a batch. `Debug` shortens the hardware hash.
    Device of wire::Device
}

impl Device {
    /// Returns the id, for updates and deletes. It is opaque, not always a GUID. `None` if the service sent none, or one
    /// that is not valid in a path, such as `..`.
    #[must_use]
    pub fn id(&self) -> Option<DeviceId> {
        valid_id(self.id_text())
    }

    /// Returns the id as the service sent it, even if it is not valid.
    #[must_use]
    pub fn id_text(&self) -> Option<&str> {
        self.0.id.as_deref()
    }

    /// Returns the serial number.
    #[must_use]
    pub fn serial_number(&self) -> Option<&str> {
        self.0.serial_number.as_deref()
    }

    /// Returns the product key.
    #[must_use]
    pub fn product_key(&self) -> Option<&str> {
        self.0.product_key.as_deref()
    }

    /// Returns the manufacturer.
    #[must_use]
    pub fn manufacturer(&self) -> Option<&str> {
        self.0.oem_manufacturer_name.as_deref()
    }

    /// Returns the model.
    #[must_use]
    pub fn model(&self) -> Option<&str> {
        self.0.model_name.as_deref()
    }

    /// Returns the id of the assigned configuration policy for the first start (category `o_o_b_e`). `None` if there is
    /// no policy, or if its id is not valid in a path.
    #[must_use]
    pub fn policy_id(&self) -> Option<PolicyId> {
        valid_id(self.policy_id_text())
    }

    /// Returns the id of the assigned policy as the service sent it, even if it is not valid.
    #[must_use]
    pub fn policy_id_text(&self) -> Option<&str> {
        let mut policies = self.0.policies.iter().flatten();
        let policy = policies
            .find(|policy| policy.key.as_ref().is_none_or(|key| *key == PolicyCategory::Oobe));
        policy.and_then(|policy| policy.value.as_deref()).filter(|id| !id.is_empty())
    }

    /// Returns when the device was uploaded. A time without a zone is UTC. The service's year 1 is `None`.
    #[must_use]
    pub fn uploaded(&self) -> Option<SystemTime> {
        time(&self.0.uploaded_date)
    }

    /// Returns who uploaded the device.
    #[must_use]
    pub fn uploaded_by(&self) -> Option<&str> {
        self.0.uploaded_by.as_deref()
    }
}

model! {
    /// A batch of devices.
    DeviceBatch of wire::DeviceBatch
}

impl DeviceBatch {
    /// Returns the name, which is the id. The customer sees it as the group tag. `None` if the service sent none, or one
    /// that is not valid in a path, such as `..`.
    #[must_use]
    pub fn id(&self) -> Option<BatchId> {
        valid_id(self.id_text())
    }

    /// Returns the name as the service sent it, even if it is not valid.
    #[must_use]
    pub fn id_text(&self) -> Option<&str> {
        self.0.id.as_deref()
    }

    /// Returns the number of devices. The documents spell it `devicesCount` and `deviceCount`.
    #[must_use]
    pub fn devices_count(&self) -> Option<i64> {
        self.0.devices_count.or(self.0.device_count)
    }

    /// Returns the status. No model documents it, but examples contain it
    /// (<https://learn.microsoft.com/en-us/partner-center/developer/get-the-list-of-device-batches-for-the-specified-customer>).
    #[must_use]
    pub fn status(&self) -> Option<&BatchUploadStatus> {
        self.0.status.as_ref()
    }

    /// Returns when the batch was created. The service's year 1 is `None`.
    #[must_use]
    pub fn created(&self) -> Option<SystemTime> {
        time(&self.0.creation_date)
    }

    /// Returns who created the batch.
    #[must_use]
    pub fn created_by(&self) -> Option<&str> {
        self.0.created_by.as_deref()
    }
}

model! {
    /// A configuration policy: settings for the first start of a device.
    ConfigurationPolicy of wire::ConfigurationPolicy
}

impl ConfigurationPolicy {
    /// Returns the id. `None` if the service sent none, or one that is not valid in a path, such as `..`.
    #[must_use]
    pub fn id(&self) -> Option<PolicyId> {
        valid_id(self.id_text())
    }

    /// Returns the id as the service sent it, even if it is not valid.
    #[must_use]
    pub fn id_text(&self) -> Option<&str> {
        self.0.id.as_deref()
    }

    /// Returns the name.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.0.name.as_deref()
    }

    /// Returns the description.
    #[must_use]
    pub fn description(&self) -> Option<&str> {
        self.0.description.as_deref()
    }

    /// Returns the category. The only documented one is `o_o_b_e`.
    #[must_use]
    pub fn category(&self) -> Option<&PolicyCategory> {
        self.0.category.as_ref()
    }

    /// Returns the settings.
    #[must_use]
    pub fn settings(&self) -> &[PolicySetting] {
        self.0.policy_settings.as_deref().unwrap_or_default()
    }

    /// Returns the number of devices with this policy. The documents spell it `devicesAssignedCount` and `devicesAssigned`.
    #[must_use]
    pub fn devices_assigned(&self) -> Option<i64> {
        self.0.devices_assigned_count.or(self.0.devices_assigned)
    }

    /// Returns when the policy was created. The service's year 1 is `None`. Documented examples of one policy differ by
    /// years.
    #[must_use]
    pub fn created(&self) -> Option<SystemTime> {
        time(&self.0.created_date)
    }

    /// Returns when the policy was last changed. Do not use it as a version: documented examples differ in the last
    /// digits.
    #[must_use]
    pub fn last_modified(&self) -> Option<SystemTime> {
        time(&self.0.last_modified_date)
    }
}

/// A policy to create, or to replace another one. It contains every part of the policy.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NewPolicy {
    /// The name.
    pub name: String,
    /// The description.
    pub description: Option<String>,
    /// The category. The default is `o_o_b_e`, the only documented one.
    pub category: PolicyCategory,
    /// The settings. An empty list turns everything off.
    pub settings: Vec<PolicySetting>,
}

impl NewPolicy {
    /// Creates a policy of the category `o_o_b_e` without a description.
    pub fn new(name: impl Into<String>, settings: impl IntoIterator<Item = PolicySetting>) -> Self {
        Self {
            name: name.into(),
            description: None,
            category: PolicyCategory::Oobe,
            settings: settings.into_iter().collect(),
        }
    }

    /// Sets the description.
    #[must_use]
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    pub(crate) fn into_wire(self) -> wire::NewConfigurationPolicy {
        wire::NewConfigurationPolicy {
            attributes: None,
            category: Some(self.category),
            description: self.description,
            name: self.name,
            policy_settings: self.settings,
        }
    }

    /// Returns the body of a PUT: the id and the parts that a caller may set. The service sets counters and dates.
    pub(crate) fn into_wire_with_id(self, id: &str) -> wire::ConfigurationPolicy {
        wire::ConfigurationPolicy {
            id: Some(id.to_owned()),
            name: Some(self.name),
            description: self.description,
            category: Some(self.category),
            policy_settings: Some(self.settings),
            ..wire::ConfigurationPolicy::default()
        }
    }
}

/// A change of some parts of a policy. The other parts keep their current values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use = "a change does nothing until it is passed to `update`"]
pub struct PolicyChange {
    name: Option<String>,
    description: Option<String>,
    settings: Option<Vec<PolicySetting>>,
}

impl PolicyChange {
    /// Creates a change without any parts.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a new name.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Sets a new description.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// Replaces all settings.
    pub fn settings(mut self, settings: impl IntoIterator<Item = PolicySetting>) -> Self {
        self.settings = Some(settings.into_iter().collect());
        self
    }

    /// Returns the policy after the change. Fails if the service did not return the settings: the PUT would delete them.
    pub(crate) fn apply(self, policy: &ConfigurationPolicy) -> Result<NewPolicy, &'static str> {
        let settings = match (self.settings, &policy.0.policy_settings) {
            (Some(settings), _) => settings,
            (None, Some(settings)) => settings.clone(),
            (None, None) => return Err("the service did not return the settings of the policy"),
        };
        Ok(NewPolicy {
            name: self
                .name
                .or_else(|| policy.0.name.clone())
                .ok_or("the service did not return the name of the policy")?,
            description: self.description.or_else(|| policy.0.description.clone()),
            category: policy.0.category.clone().unwrap_or(PolicyCategory::Oobe),
            settings,
        })
    }
}

/// The status of a job and the result of each device.
#[derive(Clone, Debug, PartialEq)]
pub struct BatchUploadDetails {
    wire: wire::BatchUploadDetails,
    devices: Vec<DeviceUploadDetails>,
}

impl From<wire::BatchUploadDetails> for BatchUploadDetails {
    fn from(mut wire: wire::BatchUploadDetails) -> Self {
        let devices = wire.devices_status.take().unwrap_or_default();
        Self { wire, devices: devices.into_iter().map(DeviceUploadDetails).collect() }
    }
}

/// Writes the JSON of the service.
impl Serialize for BatchUploadDetails {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let devices = self.devices.iter().map(|device| device.0.clone()).collect();
        let mut wire = self.wire.clone();
        wire.devices_status = Some(devices);
        wire.serialize(serializer)
    }
}

impl BatchUploadDetails {
    /// Returns the tracking id. `None` if the service sent none, or one that is not valid in a path, such as `..`.
    #[must_use]
    pub fn tracking_id(&self) -> Option<BatchTrackingId> {
        valid_id(self.tracking_id_text())
    }

    /// Returns the tracking id as the service sent it, even if it is not valid.
    #[must_use]
    pub fn tracking_id_text(&self) -> Option<&str> {
        self.wire.batch_tracking_id.as_deref()
    }

    /// Returns the status of the job. `finished` does not mean that every device succeeded: check
    /// [`devices`](Self::devices).
    #[must_use]
    pub fn status(&self) -> Option<&BatchUploadStatus> {
        self.wire.status.as_ref()
    }

    /// Returns whether the job has finished, with or without errors: `finished` or `finished_with_errors`. A job with an
    /// unknown status has not.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        matches!(
            self.status(),
            Some(BatchUploadStatus::Finished | BatchUploadStatus::FinishedWithErrors)
        )
    }

    /// Returns when the job started. The service's year 1 is `None`.
    #[must_use]
    pub fn started(&self) -> Option<SystemTime> {
        time(&self.wire.started_time)
    }

    /// Returns when the job finished. The service's year 1 is `None`.
    #[must_use]
    pub fn completed(&self) -> Option<SystemTime> {
        time(&self.wire.completed_time)
    }

    /// Returns the result of each device, in the order of the service: in practice, the order of the upload.
    /// [`match_to`](Self::match_to) matches the results to the devices.
    #[must_use]
    pub fn devices(&self) -> &[DeviceUploadDetails] {
        &self.devices
    }

    /// Returns whether the job has finished and every device is registered. The status of the job is not enough: the
    /// documented example is `finished`, but its device failed. Only the devices in the response count, so a
    /// response without devices is not a success. [`match_to`](Self::match_to) finds the devices that it leaves out.
    #[must_use]
    pub fn all_succeeded(&self) -> bool {
        let is_done = |device: &DeviceUploadDetails| {
            matches!(device.outcome(), DeviceOutcome::Succeeded | DeviceOutcome::AlreadyRegistered)
        };
        self.is_finished() && !self.devices.is_empty() && self.devices.iter().all(is_done)
    }

    /// Returns the devices that failed, with their errors.
    pub fn failures(&self) -> impl Iterator<Item = (&DeviceUploadDetails, DeviceError)> {
        self.devices.iter().filter_map(|device| match device.outcome() {
            DeviceOutcome::Failed(error) => Some((device, error)),
            _ => None,
        })
    }
}

model! {
    /// The result of one device of a job.
    DeviceUploadDetails of wire::DeviceUploadDetails
}

/// The outcome of one device, by its own status and error code.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DeviceOutcome {
    /// The device is not processed yet, or its status is not documented.
    Pending,
    /// Done: the device is registered, or the policy is assigned.
    Succeeded,
    /// The device was already registered with this customer (806). Counts as done.
    AlreadyRegistered,
    /// Failed.
    Failed(DeviceError),
}

impl DeviceUploadDetails {
    /// Returns the id of the device, once it has one that is valid in a path.
    #[must_use]
    pub fn device_id(&self) -> Option<DeviceId> {
        valid_id(self.device_id_text())
    }

    /// Returns the id of the device as the service sent it, even if it is not valid.
    #[must_use]
    pub fn device_id_text(&self) -> Option<&str> {
        self.0.device_id.as_deref()
    }

    /// Returns the serial number; `None` for a device that was sent with only its hash.
    #[must_use]
    pub fn serial_number(&self) -> Option<&str> {
        self.0.serial_number.as_deref().filter(|text| !text.is_empty())
    }

    /// Returns the product key.
    #[must_use]
    pub fn product_key(&self) -> Option<&str> {
        self.0.product_key.as_deref().filter(|text| !text.is_empty())
    }

    /// Returns the status of the device.
    #[must_use]
    pub fn status(&self) -> Option<&DeviceUploadStatus> {
        self.0.status.as_ref()
    }

    /// Returns the outcome. An error code other than 0 is a failure, regardless of the status: a documented batch is
    /// `finished`, but its device failed.
    #[must_use]
    pub fn outcome(&self) -> DeviceOutcome {
        match self.error() {
            Some(error) if error.is_already_registered() => DeviceOutcome::AlreadyRegistered,
            Some(error) => DeviceOutcome::Failed(error),
            None if self.status() == Some(&DeviceUploadStatus::Finished) => {
                DeviceOutcome::Succeeded
            }
            None => DeviceOutcome::Pending,
        }
    }

    /// Returns the error, even if it counts as done (806).
    #[must_use]
    pub fn error(&self) -> Option<DeviceError> {
        let code = self.0.error_code.as_deref().unwrap_or_default().trim();
        let description = self.0.error_description.as_deref().unwrap_or_default().trim();
        let has_failed = !matches!(code, "" | "0")
            || self.status() == Some(&DeviceUploadStatus::FinishedWithErrors);
        has_failed.then(|| DeviceError::new(if code == "0" { "" } else { code }, description))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(json: &str) -> String {
        let wire: wire::DeviceUploadDetails = serde_json::from_str(json).unwrap();
        format!("{:?}", DeviceUploadDetails(wire).outcome())
    }

    #[test]
    fn the_outcome_follows_status_and_code() {
        for (json, expected) in [
            (r#"{"status":"finished","errorCode":"0"}"#, "Succeeded"),
            (r#"{"status":"finished"}"#, "Succeeded"),
            (r#"{"status":"Finished","errorCode":null}"#, "Succeeded"),
            (r#"{"status":"queued","errorCode":"0"}"#, "Pending"),
            (r#"{"status":"in-progress"}"#, "Pending"),
            (r#"{"status":"unknown"}"#, "Pending"),
            (r#"{"status":"something_new"}"#, "Pending"),
            ("{}", "Pending"),
            (r#"{"status":"finished_with_errors","errorCode":"806"}"#, "AlreadyRegistered"),
            (
                r#"{"status":"finished_with_errors","errorCode":"808","errorDescription":"ZtdDeviceAssignedToOtherTenant"}"#,
                "Failed(DeviceError(808 ZtdDeviceAssignedToOtherTenant))",
            ),
            (
                r#"{"status":"finished","errorCode":"812"}"#,
                "Failed(DeviceError(812 ZtdDeviceNotFound))",
            ),
            (
                r#"{"status":"finished_with_errors","errorCode":"0"}"#,
                "Failed(DeviceError(an error without code or name))",
            ),
        ] {
            assert_eq!(outcome(json), expected, "{json}");
        }
    }

    #[test]
    fn a_job_succeeds_if_its_devices_do() {
        let device =
            |code: &str, status: &str| format!(r#"{{"status":"{status}","errorCode":"{code}"}}"#);
        let (succeeded, repeated) =
            (device("0", "finished"), device("806", "finished_with_errors"));
        let failed = device("808", "finished_with_errors");
        for (status, devices, all, failures) in [
            ("finished", vec![&succeeded, &repeated], true, 0),
            ("finished_with_errors", vec![&succeeded, &repeated], true, 0),
            ("finished", vec![&succeeded, &failed, &failed], false, 2),
            ("processing", vec![&succeeded], false, 0),
            ("finished", vec![], false, 0),
        ] {
            let devices: Vec<&str> = devices.into_iter().map(String::as_str).collect();
            let json =
                format!(r#"{{"status":"{status}","devicesStatus":[{}]}}"#, devices.join(","));
            let wire: wire::BatchUploadDetails = serde_json::from_str(&json).unwrap();
            let job = BatchUploadDetails::from(wire);
            assert_eq!((job.all_succeeded(), job.failures().count()), (all, failures), "{json}");
        }
    }

    #[test]
    fn both_spellings_are_one_counter() {
        for json in [
            r#"{"devicesCount":5}"#,
            r#"{"deviceCount":5}"#,
            r#"{"devicesCount":5,"deviceCount":1}"#,
        ] {
            let batch: DeviceBatch =
                serde_json::from_str::<wire::DeviceBatch>(json).unwrap().into();
            assert_eq!(batch.devices_count(), Some(5), "{json}");
        }
        for json in
            [r#"{"devicesAssigned":2}"#, r#"{"devicesAssignedCount":2,"devicesAssigned":9}"#]
        {
            let policy: ConfigurationPolicy =
                serde_json::from_str::<wire::ConfigurationPolicy>(json).unwrap().into();
            assert_eq!(policy.devices_assigned(), Some(2), "{json}");
        }
    }

    #[test]
    fn a_null_or_empty_policy_is_none() {
        for (json, id) in [
            (r#"{"policies":[{"key":"o_o_b_e","value":null}]}"#, None),
            (r#"{"policies":[{"key":"o_o_b_e","value":""}]}"#, None),
            (
                r#"{"policies":[{"key":"other","value":"x"},{"key":"o_o_b_e","value":"p"}]}"#,
                Some("p"),
            ),
            (r#"{"policies":null}"#, None),
        ] {
            let device: Device = serde_json::from_str::<wire::Device>(json).unwrap().into();
            assert_eq!(device.policy_id_text(), id, "{json}");
        }
    }

    #[test]
    fn an_invalid_id_can_still_be_read_as_text() {
        for (text, is_valid) in [
            ("9993-8627", true),
            ("a/b?c", true),
            ("", false),
            ("..", false),
            ("a\\b", false),
            ("a\nb", false),
        ] {
            let json = serde_json::json!({ "id": text, "policies": [{ "key": "o_o_b_e", "value": text }],
                "batchTrackingId": text, "deviceId": text });
            let device =
                Device::from(serde_json::from_value::<wire::Device>(json.clone()).unwrap());
            let batch: wire::DeviceBatch = serde_json::from_value(json.clone()).unwrap();
            let batch = DeviceBatch::from(batch);
            let policy: wire::ConfigurationPolicy = serde_json::from_value(json.clone()).unwrap();
            let policy = ConfigurationPolicy::from(policy);
            let job: wire::BatchUploadDetails = serde_json::from_value(json.clone()).unwrap();
            let job = BatchUploadDetails::from(job);
            let result: wire::DeviceUploadDetails = serde_json::from_value(json).unwrap();
            let result = DeviceUploadDetails::from(result);
            let expected = is_valid.then(|| text.to_owned());
            for (id, sent) in [
                (device.id().map(|id| id.to_string()), device.id_text()),
                (batch.id().map(|id| id.to_string()), batch.id_text()),
                (policy.id().map(|id| id.to_string()), policy.id_text()),
                (job.tracking_id().map(|id| id.to_string()), job.tracking_id_text()),
                (result.device_id().map(|id| id.to_string()), result.device_id_text()),
            ] {
                assert_eq!((id, sent), (expected.clone(), Some(text)));
            }
            assert_eq!(device.policy_id().map(|id| id.to_string()), expected);
            assert_eq!(device.policy_id_text(), Some(text).filter(|text| !text.is_empty()));
        }
    }

    #[test]
    fn a_change_keeps_the_other_parts() {
        let json = r#"{"id":"p","name":"Old","description":"d","category":"o_o_b_e","policySettings":["skip_eula"]}"#;
        let policy: ConfigurationPolicy =
            serde_json::from_str::<wire::ConfigurationPolicy>(json).unwrap().into();
        let changed = PolicyChange::new().name("New").apply(&policy).unwrap();
        assert_eq!(changed, NewPolicy::new("New", [PolicySetting::SkipEula]).description("d"));

        let bare: ConfigurationPolicy =
            serde_json::from_str::<wire::ConfigurationPolicy>(r#"{"name":"x"}"#).unwrap().into();
        assert!(PolicyChange::new().name("New").apply(&bare).is_err());
        assert!(PolicyChange::new().settings([]).apply(&bare).is_ok());
    }
}
