//! The format of a world file: customers with their policies, batches and devices, known hardware, and devices of
//! other tenants.
//!
//! The doc comments are the descriptions in the JSON Schema.

use std::sync::Arc;

use partner_center_devices_raw::types::{PolicyCategory, PolicySetting};
use serde::{Deserialize, Deserializer, Serialize};

use crate::domain::clock::Clock;
use crate::domain::device::{Device, DeviceInput, HardwareHash, Identity};
use crate::domain::hardware::HardwareRecord;
use crate::domain::policy::Policy;

/// The state of the emulator at the start.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(rename = "World"))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Content {
    /// The customers of the partner. Any other customer is created by the first request that names it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) customers: Vec<Customer>,
    /// All hardware that manufacturers have reported to the registration service. Other devices cannot be registered
    /// (812). If this list is missing, all hardware is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) known_hardware: Option<Vec<Hardware>>,
    /// Devices that are registered to tenants of other partners. They cannot be registered here (808).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) other_tenants: Vec<Registered>,
}

/// A customer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Customer {
    /// The tenant id. Case is ignored.
    pub(super) id: String,
    /// Its configuration policies.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) policies: Vec<ConfigurationPolicy>,
    /// Its batches.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) batches: Vec<Batch>,
}

/// A configuration policy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ConfigurationPolicy {
    /// A GUID. Generated if missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<String>,
    pub(super) name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) description: Option<String>,
    /// The default is `o_o_b_e`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) category: Option<PolicyCategory>,
    #[serde(default)]
    pub(super) policy_settings: Vec<PolicySetting>,
    /// The creation time, such as `2017-07-25T17:00:00Z`. The default is the time when the world is loaded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) created_date: Option<String>,
    /// The time of the last change. The default is the creation time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) last_modified_date: Option<String>,
}

/// A batch of devices.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Batch {
    /// The name. Case is ignored.
    pub(super) id: String,
    /// The creation time. The default is the time when the world is loaded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) creation_date: Option<String>,
    #[serde(default)]
    pub(super) devices: Vec<Registered>,
}

/// A registered device, identified by one of the accepted combinations.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Registered {
    /// A GUID. Generated if missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) serial_number: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) product_key: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) oem_manufacturer_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) model_name: Option<String>,
    /// The hardware hash. Only its fingerprint is stored.
    #[serde(default, deserialize_with = "fingerprint", skip_serializing)]
    #[cfg_attr(feature = "schemars", schemars(with = "Option<String>"))]
    pub(super) hardware_hash: Option<HardwareHash>,
    /// The fingerprint of the hardware hash: 32 hexadecimal digits, as the emulator saves it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) hardware_hash_fingerprint: Option<String>,
    /// The id of the assigned configuration policy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) policy: Option<String>,
    /// The registration time. The default is the time when the world is loaded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) uploaded_date: Option<String>,
}

/// Hardware as its manufacturer reported it, identified by one of the accepted combinations.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Hardware {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) serial_number: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) product_key: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) oem_manufacturer_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) model_name: Option<String>,
    /// The hardware hash. Only its fingerprint is stored.
    #[serde(default, deserialize_with = "fingerprint", skip_serializing)]
    #[cfg_attr(feature = "schemars", schemars(with = "Option<String>"))]
    pub(super) hardware_hash: Option<HardwareHash>,
    /// The fingerprint of the hardware hash: 32 hexadecimal digits, as the emulator saves it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) hardware_hash_fingerprint: Option<String>,
    /// True if it has joined a directory before. It then cannot be registered (814).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) joined: bool,
}

/// Replaces a hardware hash by its fingerprint while it is read.
fn fingerprint<'de, D: Deserializer<'de>>(from: D) -> Result<Option<HardwareHash>, D::Error> {
    let text: Option<String> = Option::deserialize(from)?;
    Ok(text.map(|text| HardwareHash::parse(&text)))
}

/// A field of a world file, and the problem with its value.
pub(super) type Problem = (String, String);

impl Content {
    /// Replaces each hash by its fingerprint.
    pub(super) fn replace_hashes(&mut self) {
        let batches = self.customers.iter_mut().flat_map(|customer| &mut customer.batches);
        let devices = batches.flat_map(|batch| &mut batch.devices).chain(&mut self.other_tenants);
        let device_hashes =
            devices.map(|it| (&mut it.hardware_hash, &mut it.hardware_hash_fingerprint));
        let hardware = self.known_hardware.iter_mut().flatten();
        let hardware_hashes =
            hardware.map(|it| (&mut it.hardware_hash, &mut it.hardware_hash_fingerprint));
        for (hash, fingerprint) in device_hashes.chain(hardware_hashes) {
            if let Some(identity) = hash.take().and_then(|hash| hash.identity()) {
                *fingerprint = Some(identity.to_string());
            }
        }
    }
}

impl ConfigurationPolicy {
    pub(super) fn from_policy(policy: &Policy, clock: Clock) -> Self {
        Self {
            id: Some(policy.id.to_string()),
            name: policy.name.clone(),
            description: policy.description.clone(),
            category: Some(policy.category.clone()),
            policy_settings: policy.settings.clone(),
            created_date: Some(clock.format(policy.created)),
            last_modified_date: Some(clock.format(policy.modified)),
        }
    }
}

impl Registered {
    pub(super) fn from_device(device: &Device, clock: Clock) -> Self {
        Self {
            id: Some(device.id.to_string()),
            serial_number: text(&device.serial_number),
            product_key: text(&device.product_key),
            oem_manufacturer_name: text(&device.manufacturer),
            model_name: text(&device.model),
            hardware_hash: None,
            hardware_hash_fingerprint: device.hash.map(|hash| hash.to_string()),
            policy: device.policy.map(|id| id.to_string()),
            uploaded_date: Some(clock.format(device.uploaded)),
        }
    }

    pub(super) fn identification(&self) -> DeviceIdentification<'_> {
        DeviceIdentification {
            serial_number: &self.serial_number,
            product_key: &self.product_key,
            manufacturer: &self.oem_manufacturer_name,
            model: &self.model_name,
            hash: &self.hardware_hash,
            fingerprint: &self.hardware_hash_fingerprint,
        }
    }
}

impl Hardware {
    pub(super) fn from_record(record: &HardwareRecord) -> Self {
        let DeviceInput { serial_number, product_key, manufacturer, model, hash, .. } =
            &record.device;
        Self {
            serial_number: text(serial_number),
            product_key: text(product_key),
            oem_manufacturer_name: text(manufacturer),
            model_name: text(model),
            hardware_hash: None,
            hardware_hash_fingerprint: hash.identity().map(|hash| hash.to_string()),
            joined: record.joined,
        }
    }

    pub(super) fn identification(&self) -> DeviceIdentification<'_> {
        DeviceIdentification {
            serial_number: &self.serial_number,
            product_key: &self.product_key,
            manufacturer: &self.oem_manufacturer_name,
            model: &self.model_name,
            hash: &self.hardware_hash,
            fingerprint: &self.hardware_hash_fingerprint,
        }
    }
}

fn text(text: &Option<Arc<str>>) -> Option<String> {
    text.as_deref().map(ToOwned::to_owned)
}

/// The fields that identify a device or a piece of hardware.
pub(super) struct DeviceIdentification<'a> {
    serial_number: &'a Option<String>,
    product_key: &'a Option<String>,
    manufacturer: &'a Option<String>,
    model: &'a Option<String>,
    hash: &'a Option<HardwareHash>,
    fingerprint: &'a Option<String>,
}

impl DeviceIdentification<'_> {
    /// Returns the device as a request would send it. The fields must identify it, and the hash must be valid.
    pub(super) fn to_input(&self, field: &str) -> Result<DeviceInput, Problem> {
        let text = |text: &Option<String>| {
            text.as_deref().filter(|text| !text.trim().is_empty()).map(Into::into)
        };
        let parse = |text: &String| {
            Identity::parse(text).map(HardwareHash::Valid).ok_or_else(|| {
                (
                    format!("{field}.hardwareHashFingerprint"),
                    "must be 32 hexadecimal digits".to_owned(),
                )
            })
        };
        let hash = match (self.hash, self.fingerprint) {
            (Some(HardwareHash::Invalid), _) => {
                return Err((format!("{field}.hardwareHash"), "must be Base64".to_owned()));
            }
            (Some(HardwareHash::Valid(_)), Some(_)) => {
                let problem = "must have either hardwareHash or hardwareHashFingerprint, not both";
                return Err((field.to_owned(), problem.to_owned()));
            }
            (Some(HardwareHash::Valid(hash)), None) => HardwareHash::Valid(*hash),
            (_, fingerprint) => fingerprint.as_ref().map(parse).transpose()?.unwrap_or_default(),
        };
        let input = DeviceInput {
            serial_number: text(self.serial_number),
            product_key: text(self.product_key),
            manufacturer: text(self.manufacturer),
            model: text(self.model),
            hash,
            ..DeviceInput::default()
        };
        if input.identities().is_empty() {
            let problem = "must have a hardwareHash, a productKey, or a serialNumber with oemManufacturerName and modelName";
            return Err((field.to_owned(), problem.to_owned()));
        }
        Ok(input)
    }
}
