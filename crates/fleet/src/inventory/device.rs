//! A registered device, as a batch's device list shows it. Empty values are dropped, and so is the hardware hash.

use std::time::SystemTime;

use partner_center_devices::{BatchId, Device, DeviceId, PolicyId};
use serde::{Deserialize, Serialize};

use super::identifiers::normalized;

/// An entry in a batch's device list. A device in two batches has two entries.
///
/// ```
/// use partner_center_devices_fleet::inventory::RegisteredDevice;
///
/// let json = r#"{"batch":"Berlin office","id":"d-1","serialNumber":"4PX12X3"}"#;
/// let device: RegisteredDevice = serde_json::from_str(json)?;
/// assert_eq!(device.to_string(), "4PX12X3 in Berlin office");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct RegisteredDevice {
    /// The batch that lists the device.
    #[cfg_attr(feature = "schemars", schemars(with = "String"))]
    pub batch: BatchId,
    /// The device id. Absent if the service returned none, or one that is not valid in a URL; the device can then be
    /// neither deleted nor assigned a policy.
    #[cfg_attr(feature = "schemars", schemars(with = "Option<String>"))]
    pub id: Option<DeviceId>,
    /// The serial number.
    pub serial_number: Option<String>,
    /// The product key.
    pub product_key: Option<String>,
    /// The manufacturer.
    pub manufacturer: Option<String>,
    /// The model.
    pub model: Option<String>,
    /// The id of the assigned configuration policy.
    pub policy_id: Option<String>,
    /// The upload time. RFC 3339 in JSON.
    #[serde(default, with = "rfc3339")]
    #[cfg_attr(feature = "schemars", schemars(with = "Option<String>"))]
    pub uploaded: Option<SystemTime>,
}

impl RegisteredDevice {
    pub(super) fn new(batch: &BatchId, device: &Device) -> Self {
        let nonempty = |text: Option<&str>| {
            text.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
        };
        Self {
            batch: batch.clone(),
            id: device.id(),
            serial_number: nonempty(device.serial_number()),
            product_key: nonempty(device.product_key()),
            manufacturer: nonempty(device.manufacturer()),
            model: nonempty(device.model()),
            policy_id: nonempty(device.policy_id_text()),
            uploaded: device.uploaded(),
        }
    }

    /// Returns true if the device has this policy, or none for `None`. Policy ids are GUIDs and compared without case.
    pub(super) fn has_policy(&self, policy: Option<&PolicyId>) -> bool {
        normalized(self.policy_id.as_deref()) == normalized(policy.map(PolicyId::as_str))
    }

    /// Returns the device id in the form in which ids are compared.
    pub(super) fn normalized_id(&self) -> Option<String> {
        normalized(self.id.as_ref().map(DeviceId::as_str))
    }
}

/// Shows the serial number, product key or device id (the first that is known) and the batch.
impl std::fmt::Display for RegisteredDevice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let identifiers = [
            self.serial_number.as_deref(),
            self.product_key.as_deref(),
            self.id.as_ref().map(DeviceId::as_str),
        ];
        let name = identifiers.into_iter().flatten().next().unwrap_or("unnamed device");
        write!(f, "{name} in {}", self.batch)
    }
}

mod rfc3339 {
    use std::time::SystemTime;

    use jiff::Timestamp;
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};

    pub(super) fn serialize<S: Serializer>(
        time: &Option<SystemTime>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let time = time.and_then(|time| Timestamp::try_from(time).ok());
        time.map(|time| time.to_string()).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<SystemTime>, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        let time = text.map(|text| text.parse::<Timestamp>().map_err(serde::de::Error::custom));
        Ok(time.transpose()?.map(SystemTime::from))
    }
}

#[cfg(test)]
mod tests {
    use partner_center_devices::raw::types as wire;

    use super::*;

    #[test]
    fn keeps_nonempty_values_and_drops_the_hash() {
        let json = r#"{"id":"..","serialNumber":" S1 ","productKey":"","hardwareHash":"T0HzAQEA",
            "oemManufacturerName":"Dell Inc.","policies":[{"key":"o_o_b_e","value":"p-1"}],
            "uploadedDate":"2017-07-25T17:00:00.5Z"}"#;
        let device = Device::from(serde_json::from_str::<wire::Device>(json).unwrap());
        let device = RegisteredDevice::new(&BatchId::new("b").unwrap(), &device);
        let json = serde_json::to_value(&device).unwrap();
        assert_eq!(
            json,
            serde_json::json!({
                "batch": "b", "id": null, "serialNumber": "S1", "productKey": null,
                "manufacturer": "Dell Inc.", "model": null, "policyId": "p-1",
                "uploaded": "2017-07-25T17:00:00.5Z",
            })
        );
        assert_eq!(serde_json::from_value::<RegisteredDevice>(json).unwrap(), device);
    }

    #[test]
    fn policies_compare_without_case() {
        let devices = [r#"{"batch":"A","policyId":"aa-1"}"#, r#"{"batch":"A"}"#]
            .map(|json| serde_json::from_str::<RegisteredDevice>(json).unwrap());
        for (policy, expected) in
            [(Some("AA-1"), [true, false]), (Some("b"), [false; 2]), (None, [false, true])]
        {
            let policy = policy.map(|policy| PolicyId::new(policy).unwrap());
            assert_eq!([0, 1].map(|place| devices[place].has_policy(policy.as_ref())), expected);
        }
    }
}
