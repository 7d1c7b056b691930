//! A registered device, as the lists show it. Decides what of an entry is kept: no hardware hash, and no empty
//! text in the place of a value.

use std::time::SystemTime;

use partner_center_devices::{BatchId, Device, DeviceId};
use serde::{Deserialize, Serialize};

/// One entry in the list of a batch. A device that is in two batches is two of them.
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
    /// The batch whose list shows it.
    #[cfg_attr(feature = "schemars", schemars(with = "String"))]
    pub batch: BatchId,
    /// Its id; `None` if the service gave none that can be asked for. Nothing can be done with it then.
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
    /// The id of the configuration policy that it has.
    pub policy_id: Option<String>,
    /// When it was uploaded. RFC 3339 in JSON.
    #[serde(default, with = "rfc3339")]
    #[cfg_attr(feature = "schemars", schemars(with = "Option<String>"))]
    pub uploaded: Option<SystemTime>,
}

impl RegisteredDevice {
    pub(super) fn new(batch: &BatchId, device: &Device) -> Self {
        let filled = |text: Option<&str>| {
            text.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
        };
        Self {
            batch: batch.clone(),
            id: device.id().and_then(|id| DeviceId::new(id).ok()),
            serial_number: filled(device.serial_number()),
            product_key: filled(device.product_key()),
            manufacturer: filled(device.manufacturer()),
            model: filled(device.model()),
            policy_id: filled(device.policy_id()),
            uploaded: device.uploaded(),
        }
    }
}

/// By the first name it has, and its batch.
impl std::fmt::Display for RegisteredDevice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names = [
            self.serial_number.as_deref(),
            self.product_key.as_deref(),
            self.id.as_ref().map(DeviceId::as_str),
        ];
        let name = names.into_iter().flatten().next().unwrap_or("a device without a name");
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
    use super::*;
    use partner_center_devices::raw::types as wire;

    #[test]
    fn an_entry_keeps_what_is_filled_and_no_hash() {
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
}
