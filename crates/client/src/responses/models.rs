//! What the service answers, as people ask for it. Decides how the documents' disagreements read: two
//! spellings of a counter are one number, the year 1 is no date, a null policy is none.

use std::time::SystemTime;

use partner_center_devices_raw::types as wire;
use partner_center_devices_raw::types::{
    BatchUploadStatus, DeviceUploadStatus, PartnerDateTime, PolicyCategory, PolicySetting,
};
use serde::Serialize;

use crate::responses::device_error::DeviceError;

/// A view of one wire type: same size, same JSON, accessors instead of fields.
macro_rules! view {
    ($(#[$doc:meta])* $name:ident of $wire:ty) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Serialize)]
        #[serde(transparent)]
        pub struct $name($wire);

        impl From<$wire> for $name {
            fn from(wire: $wire) -> Self {
                Self(wire)
            }
        }

        impl $name {
            /// The wire type, every field as it came.
            #[must_use]
            pub fn as_raw(&self) -> &$wire {
                &self.0
            }
        }
    };
}

fn time(text: &Option<PartnerDateTime>) -> Option<SystemTime> {
    text.as_ref().and_then(PartnerDateTime::to_system_time)
}

view! {
    /// A registered device, as a batch's list has it. `Debug` shortens the hardware hash.
    Device of wire::Device
}

impl Device {
    /// The id that updates and deletes ask for. Opaque: not always a GUID.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.0.id.as_deref()
    }

    /// The serial number.
    #[must_use]
    pub fn serial_number(&self) -> Option<&str> {
        self.0.serial_number.as_deref()
    }

    /// The product key.
    #[must_use]
    pub fn product_key(&self) -> Option<&str> {
        self.0.product_key.as_deref()
    }

    /// The manufacturer.
    #[must_use]
    pub fn manufacturer(&self) -> Option<&str> {
        self.0.oem_manufacturer_name.as_deref()
    }

    /// The model.
    #[must_use]
    pub fn model(&self) -> Option<&str> {
        self.0.model_name.as_deref()
    }

    /// The id of the configuration policy for the first start (category `o_o_b_e`), if one is assigned.
    #[must_use]
    pub fn policy_id(&self) -> Option<&str> {
        let mut policies = self.0.policies.iter().flatten();
        let policy = policies
            .find(|policy| policy.key.as_ref().is_none_or(|key| *key == PolicyCategory::Oobe));
        policy.and_then(|policy| policy.value.as_deref()).filter(|id| !id.is_empty())
    }

    /// When it was uploaded, a time without a zone taken as UTC; `None` also for the service's year 1.
    #[must_use]
    pub fn uploaded(&self) -> Option<SystemTime> {
        time(&self.0.uploaded_date)
    }

    /// Who uploaded it.
    #[must_use]
    pub fn uploaded_by(&self) -> Option<&str> {
        self.0.uploaded_by.as_deref()
    }
}

view! {
    /// A batch of devices.
    DeviceBatch of wire::DeviceBatch
}

impl DeviceBatch {
    /// The name it was given, which is its id. The customer sees it as group tag.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.0.id.as_deref()
    }

    /// How many devices it holds; the documents spell it `devicesCount` and `deviceCount`.
    #[must_use]
    pub fn devices_count(&self) -> Option<i64> {
        self.0.devices_count.or(self.0.device_count)
    }

    /// Its state, which no model documents and the wire has
    /// (<https://learn.microsoft.com/en-us/partner-center/developer/get-the-list-of-device-batches-for-the-specified-customer>).
    #[must_use]
    pub fn status(&self) -> Option<&BatchUploadStatus> {
        self.0.status.as_ref()
    }

    /// When it was made; `None` also for the service's year 1.
    #[must_use]
    pub fn created(&self) -> Option<SystemTime> {
        time(&self.0.creation_date)
    }

    /// Who made it.
    #[must_use]
    pub fn created_by(&self) -> Option<&str> {
        self.0.created_by.as_deref()
    }
}

view! {
    /// A configuration policy: settings for a device's first start.
    ConfigurationPolicy of wire::ConfigurationPolicy
}

impl ConfigurationPolicy {
    /// Its id.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.0.id.as_deref()
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.0.name.as_deref()
    }

    /// Its description.
    #[must_use]
    pub fn description(&self) -> Option<&str> {
        self.0.description.as_deref()
    }

    /// Its category; the documents know `o_o_b_e`.
    #[must_use]
    pub fn category(&self) -> Option<&PolicyCategory> {
        self.0.category.as_ref()
    }

    /// Its settings.
    #[must_use]
    pub fn settings(&self) -> &[PolicySetting] {
        self.0.policy_settings.as_deref().unwrap_or_default()
    }

    /// How many devices have it; the documents spell it `devicesAssignedCount` and `devicesAssigned`.
    #[must_use]
    pub fn devices_assigned(&self) -> Option<i64> {
        self.0.devices_assigned_count.or(self.0.devices_assigned)
    }

    /// When it was made; `None` also for the service's year 1. Documented answers disagree about it by years.
    #[must_use]
    pub fn created(&self) -> Option<SystemTime> {
        time(&self.0.created_date)
    }

    /// When it was last changed. No version: documented answers differ in its last digits.
    #[must_use]
    pub fn last_modified(&self) -> Option<SystemTime> {
        time(&self.0.last_modified_date)
    }
}

/// A policy to create, or to put in the place of one: every part has to be said, so that none is lost.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NewPolicy {
    /// The name.
    pub name: String,
    /// The description, if any.
    pub description: Option<String>,
    /// The category; `o_o_b_e`, the only one documented, unless changed.
    pub category: PolicyCategory,
    /// The settings. An empty list switches everything off.
    pub settings: Vec<PolicySetting>,
}

impl NewPolicy {
    /// A policy of the category `o_o_b_e` without a description.
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

    /// The body of a PUT: the id, and what a caller may set; counters and dates are the service's.
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

/// A change of some parts of a policy; the other parts stay as the service has them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use = "a change does nothing until it is given to `update`"]
pub struct PolicyChange {
    name: Option<String>,
    description: Option<String>,
    settings: Option<Vec<PolicySetting>>,
}

impl PolicyChange {
    /// Changes nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A new name.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// A new description.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// New settings in place of all old ones.
    pub fn settings(mut self, settings: impl IntoIterator<Item = PolicySetting>) -> Self {
        self.settings = Some(settings.into_iter().collect());
        self
    }

    /// The policy after the change. A policy whose settings did not come is not changed: the PUT would wipe
    /// them.
    pub(crate) fn apply(self, policy: &ConfigurationPolicy) -> Result<NewPolicy, &'static str> {
        let settings = match (self.settings, &policy.0.policy_settings) {
            (Some(settings), _) => settings,
            (None, Some(settings)) => settings.clone(),
            (None, None) => return Err("the service did not say what the policy's settings are"),
        };
        Ok(NewPolicy {
            name: self
                .name
                .or_else(|| policy.0.name.clone())
                .ok_or("the service did not say the policy's name")?,
            description: self.description.or_else(|| policy.0.description.clone()),
            category: policy.0.category.clone().unwrap_or(PolicyCategory::Oobe),
            settings,
        })
    }
}

/// How far a job is, and what became of each device.
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

impl BatchUploadDetails {
    /// The job's tracking id.
    #[must_use]
    pub fn tracking_id(&self) -> Option<&str> {
        self.wire.batch_tracking_id.as_deref()
    }

    /// The job's state. `finished` does not mean that all went well: look at [`devices`](Self::devices).
    #[must_use]
    pub fn status(&self) -> Option<&BatchUploadStatus> {
        self.wire.status.as_ref()
    }

    /// Whether the job is over, well or not: `finished` or `finished_with_errors`. An unknown state is not over.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        matches!(
            self.status(),
            Some(BatchUploadStatus::Finished | BatchUploadStatus::FinishedWithErrors)
        )
    }

    /// When it began; `None` also for the service's year 1.
    #[must_use]
    pub fn started(&self) -> Option<SystemTime> {
        time(&self.wire.started_time)
    }

    /// When it ended; `None` also for the service's year 1.
    #[must_use]
    pub fn completed(&self) -> Option<SystemTime> {
        time(&self.wire.completed_time)
    }

    /// What became of each device, in the service's order: that of the upload, as far as was ever seen.
    /// [`match_to`](Self::match_to) says which is which.
    #[must_use]
    pub fn devices(&self) -> &[DeviceUploadDetails] {
        &self.devices
    }

    /// Whether the job is over and every device of it is done, now or before. The job's own state says only that
    /// it is over: the documented one is `finished` while its device failed. Only the devices that the answer names
    /// count, so a job that names none proves nothing; [`match_to`](Self::match_to) finds the ones it leaves out.
    #[must_use]
    pub fn all_succeeded(&self) -> bool {
        let done = |device: &DeviceUploadDetails| {
            matches!(device.outcome(), DeviceOutcome::Succeeded | DeviceOutcome::AlreadyRegistered)
        };
        self.is_finished() && !self.devices.is_empty() && self.devices.iter().all(done)
    }

    /// The devices that the service refused, and why.
    pub fn failures(&self) -> impl Iterator<Item = (&DeviceUploadDetails, DeviceError)> {
        self.devices.iter().filter_map(|device| match device.outcome() {
            DeviceOutcome::Failed(error) => Some((device, error)),
            _ => None,
        })
    }
}

view! {
    /// What became of one device of a job.
    DeviceUploadDetails of wire::DeviceUploadDetails
}

/// The outcome of one device, judged by its own state and code.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DeviceOutcome {
    /// Not decided yet, or in a state that no document knows.
    Pending,
    /// Done: registered, or given its policy.
    Succeeded,
    /// It was registered with this customer before (806). As good as done.
    AlreadyRegistered,
    /// Refused.
    Failed(DeviceError),
}

impl DeviceUploadDetails {
    /// The device's id, once it has one.
    #[must_use]
    pub fn device_id(&self) -> Option<&str> {
        self.0.device_id.as_deref()
    }

    /// The serial number. A device sent by its hash alone comes back without one.
    #[must_use]
    pub fn serial_number(&self) -> Option<&str> {
        self.0.serial_number.as_deref().filter(|text| !text.is_empty())
    }

    /// The product key.
    #[must_use]
    pub fn product_key(&self) -> Option<&str> {
        self.0.product_key.as_deref().filter(|text| !text.is_empty())
    }

    /// The device's own state.
    #[must_use]
    pub fn status(&self) -> Option<&DeviceUploadStatus> {
        self.0.status.as_ref()
    }

    /// The outcome. A code other than 0 is a failure whatever the state says: a documented batch is
    /// `finished` while its device failed.
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

    /// What the service said against it, also where that is as good as done (806).
    #[must_use]
    pub fn error(&self) -> Option<DeviceError> {
        let code = self.0.error_code.as_deref().unwrap_or_default().trim();
        let description = self.0.error_description.as_deref().unwrap_or_default().trim();
        let refused = !matches!(code, "" | "0")
            || self.status() == Some(&DeviceUploadStatus::FinishedWithErrors);
        refused.then(|| DeviceError::new(if code == "0" { "" } else { code }, description))
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
    fn a_device_is_judged_by_its_own_state_and_code() {
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
    fn a_job_is_judged_by_its_devices() {
        let device =
            |code: &str, status: &str| format!(r#"{{"status":"{status}","errorCode":"{code}"}}"#);
        let (well, again) = (device("0", "finished"), device("806", "finished_with_errors"));
        let refused = device("808", "finished_with_errors");
        for (status, devices, all, failures) in [
            ("finished", vec![&well, &again], true, 0),
            ("finished_with_errors", vec![&well, &again], true, 0),
            ("finished", vec![&well, &refused, &refused], false, 2),
            ("processing", vec![&well], false, 0),
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
    fn both_counters_are_one_number() {
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
            assert_eq!(device.policy_id(), id, "{json}");
        }
    }

    #[test]
    fn a_change_keeps_what_it_does_not_name() {
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
