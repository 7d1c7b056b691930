//! The format of a world file: customers with their policies, batches and devices, known hardware, and devices of
//! other tenants.
//!
//! The doc comments are the descriptions in the JSON Schema.

use std::sync::Arc;

use partner_center_devices_raw::types::{PolicyCategory, PolicySetting};
use serde::{Deserialize, Deserializer, Serialize};

use super::field_problem::{Problem, check_length};
use super::partner_format::{AuditEntry, Generated, PartnerEntry};
use crate::domain::clock::Clock;
use crate::domain::customer::{CustomerProfile, Relationship};
use crate::domain::device::{Device, DeviceInput};
use crate::domain::hardware::HardwareRecord;
use crate::domain::hardware_hash::{HardwareHash, HashFingerprints, HashValues};
use crate::domain::identity::Identity;
use crate::domain::policy::Policy;
use crate::domain::text_limit::{MAX_TEXT, TOO_LONG};

/// The state of the emulator at the start.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(rename = "World"))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Content {
    /// The customers of the partner. Any other customer is created by the first request that names it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) customers: Vec<Customer>,
    /// All hardware that exists. With this list the world is strict: other devices cannot be registered (812), and
    /// fields are compared exactly, including upper and lower case. A product key or a hardware hash in this list is
    /// accepted even if it is malformed, such as the placeholders in Microsoft's documents. If this list is missing, all
    /// hardware is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) known_hardware: Option<Vec<Hardware>>,
    /// The partner itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) partner: Option<PartnerEntry>,
    /// Customers, batches and devices to generate, in addition to those in this file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) generated: Option<Generated>,
    /// The audit log, in any order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) audit_records: Vec<AuditEntry>,
    /// The time until a change is visible in the audit log, in seconds. The default is 0.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(super) audit_delay_seconds: u32,
    /// True if requests for the devices of a customer without a name or another member of its profile are rejected (403, code
    /// 20002). The default is false: any customer exists as soon as a request names it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) known_customers_only: bool,
    /// True if upper and lower case matters in the names of batches: `Sales` and `sales` are two batches. The default is
    /// false.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) exact_batch_names: bool,
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
    /// The name of the company. Several customers may have the same name. A customer without this and the next five members
    /// is listed only if it has a batch or a policy, under a constructed name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<String>,
    /// The domain in the list of customers. The default is constructed from the name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) domain: Option<String>,
    /// Further domains, which only the customer itself shows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) custom_domains: Vec<String>,
    /// The relationship to the partner. The default is `reseller`; with `none`, the service rejects requests for the devices
    /// of the customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) relationship_to_partner: Option<Relationship>,
    /// False if the partner has no delegated access. The customer is then shown without address, mail address and domains.
    /// The default is true.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) delegated_access: Option<bool>,
    /// The tenant id of the indirect reseller of the customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) indirect_reseller: Option<String>,
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
    pub(super) hardware_hash: Option<WorldHash>,
    /// The fingerprint of the hardware hash: 32 hexadecimal digits, as the emulator saves it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) hardware_hash_fingerprint: Option<String>,
    /// The fingerprint of the product key inside the hardware hash. Requires `hardwareHashFingerprint`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) product_key_in_hash_fingerprint: Option<String>,
    /// The fingerprint of the serial number, the manufacturer and the model inside the hardware hash. Requires
    /// `hardwareHashFingerprint`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) tuple_in_hash_fingerprint: Option<String>,
    /// The id of the assigned configuration policy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) policy: Option<String>,
    /// The registration time. The default is the time when the world is loaded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) uploaded_date: Option<String>,
}

/// Hardware that exists, identified by one of the accepted combinations.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
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
    /// The hardware hash. Only its fingerprint is stored. The values inside complete the entry.
    #[serde(default, deserialize_with = "fingerprint", skip_serializing)]
    #[cfg_attr(feature = "schemars", schemars(with = "Option<String>"))]
    pub(super) hardware_hash: Option<WorldHash>,
    /// The fingerprint of the hardware hash: 32 hexadecimal digits, as the emulator saves it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) hardware_hash_fingerprint: Option<String>,
    /// True if it has joined a directory before. It then cannot be registered (814).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) joined: bool,
}

/// A hardware hash without its text: its fingerprint, and the values inside.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct WorldHash {
    hash: HardwareHash,
    values: Option<HashValues>,
    is_too_long: bool,
}

impl WorldHash {
    pub(super) fn parse(text: &str) -> Self {
        if text.len() > MAX_TEXT {
            return Self { hash: HardwareHash::Invalid, values: None, is_too_long: true };
        }
        let (hash, values) = HardwareHash::read(text);
        Self { hash, values, is_too_long: false }
    }
}

/// Replaces a hardware hash by its fingerprint while it is read.
fn fingerprint<'de, D: Deserializer<'de>>(from: D) -> Result<Option<WorldHash>, D::Error> {
    let text: Option<String> = Option::deserialize(from)?;
    Ok(text.map(|text| WorldHash::parse(&text)))
}

fn is_zero(number: &u32) -> bool {
    *number == 0
}

impl Content {
    /// Replaces each hash by its fingerprint. Known hardware keeps the values inside.
    pub(super) fn replace_hashes(&mut self) {
        let batches = self.customers.iter_mut().flat_map(|customer| &mut customer.batches);
        let devices = batches.flat_map(|batch| &mut batch.devices).chain(&mut self.other_tenants);
        for device in devices {
            if let Some(fingerprints) = fingerprints(device.hardware_hash.take()) {
                device.set_fingerprints(Some(fingerprints));
            }
        }
        for hardware in self.known_hardware.iter_mut().flatten() {
            hardware.complete();
            if let Some(fingerprints) = fingerprints(hardware.hardware_hash.take()) {
                hardware.hardware_hash_fingerprint = Some(fingerprints.hash.to_string());
            }
        }
    }
}

fn fingerprints(hash: Option<WorldHash>) -> Option<HashFingerprints> {
    hash.and_then(|hash| hash.hash.fingerprints())
}

impl Hardware {
    /// Sets the missing fields to the values inside the hash, so that they also find this hardware.
    fn complete(&mut self) {
        let Some(values) = self.hardware_hash.as_ref().and_then(|hash| hash.values.clone()) else {
            return;
        };
        let HashValues { serial_number, manufacturer, model, product_key } = values;
        self.serial_number.get_or_insert(serial_number);
        self.oem_manufacturer_name.get_or_insert(manufacturer);
        self.model_name = self.model_name.take().or(model);
        self.product_key = self.product_key.take().or(product_key);
    }
}

impl Customer {
    /// Returns a customer without policies and batches.
    pub(super) fn without_content(id: &str, profile: Option<&CustomerProfile>) -> Self {
        let text = |text: &str| Some(text.to_owned());
        Self {
            id: id.to_owned(),
            name: profile.and_then(|profile| text(&profile.name)),
            domain: profile.and_then(|profile| text(&profile.domain)),
            custom_domains: profile
                .map(|profile| profile.other_domains.iter().map(ToString::to_string).collect())
                .unwrap_or_default(),
            relationship_to_partner: profile
                .map(|profile| profile.relationship)
                .filter(|relationship| *relationship != Relationship::default()),
            delegated_access: profile
                .map(|profile| profile.delegated_access)
                .filter(|has_access| !has_access),
            indirect_reseller: profile
                .and_then(|profile| profile.reseller)
                .map(|reseller| reseller.to_string()),
            policies: Vec::new(),
            batches: Vec::new(),
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
        let mut registered = Self {
            id: Some(device.id.to_string()),
            serial_number: text(&device.serial_number),
            product_key: text(&device.product_key),
            oem_manufacturer_name: text(&device.manufacturer),
            model_name: text(&device.model),
            hardware_hash: None,
            hardware_hash_fingerprint: None,
            product_key_in_hash_fingerprint: None,
            tuple_in_hash_fingerprint: None,
            policy: device.policy.map(|id| id.to_string()),
            uploaded_date: Some(clock.format(device.uploaded)),
        };
        registered.set_fingerprints(device.hash);
        registered
    }

    fn set_fingerprints(&mut self, hash: Option<HashFingerprints>) {
        let text = |identity: Option<Identity>| identity.map(|identity| identity.to_string());
        self.hardware_hash_fingerprint = text(hash.map(|hash| hash.hash));
        self.product_key_in_hash_fingerprint = text(hash.and_then(|hash| hash.product_key));
        self.tuple_in_hash_fingerprint = text(hash.and_then(|hash| hash.tuple));
    }

    pub(super) fn identification(&self) -> DeviceIdentification<'_> {
        DeviceIdentification {
            serial_number: &self.serial_number,
            product_key: &self.product_key,
            manufacturer: &self.oem_manufacturer_name,
            model: &self.model_name,
            hash: &self.hardware_hash,
            fingerprint: &self.hardware_hash_fingerprint,
            inside: [&self.product_key_in_hash_fingerprint, &self.tuple_in_hash_fingerprint],
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
            hardware_hash_fingerprint: hash.fingerprints().map(|hash| hash.hash.to_string()),
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
            inside: [&None, &None],
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
    hash: &'a Option<WorldHash>,
    fingerprint: &'a Option<String>,
    /// The fingerprints of the product key and of the tuple inside the hash.
    inside: [&'a Option<String>; 2],
}

impl DeviceIdentification<'_> {
    /// Returns the device as a request would send it. The fields must identify it, and the hash must be Base64.
    pub(super) fn to_input(&self, field: &str) -> Result<DeviceInput, Problem> {
        for (name, text) in [
            ("serialNumber", self.serial_number),
            ("productKey", self.product_key),
            ("oemManufacturerName", self.manufacturer),
            ("modelName", self.model),
        ] {
            check_length(text.as_deref(), || format!("{field}.{name}"))?;
        }
        if self.hash.as_ref().is_some_and(|hash| hash.is_too_long) {
            return Err((format!("{field}.hardwareHash"), TOO_LONG.to_owned()));
        }
        let text = |text: &Option<String>| {
            text.as_deref().filter(|text| !text.trim().is_empty()).map(Into::into)
        };
        let hash = self.hash.as_ref().map(|hash| hash.hash).unwrap_or_default();
        let hash = match (hash, self.saved_fingerprints(field)?) {
            (HardwareHash::Invalid, _) => {
                return Err((format!("{field}.hardwareHash"), "must be Base64".to_owned()));
            }
            (HardwareHash::Absent | HardwareHash::Blank, saved) => {
                saved.map(HardwareHash::Saved).unwrap_or_default()
            }
            (_, Some(_)) => {
                let problem = "must have either hardwareHash or hardwareHashFingerprint, not both";
                return Err((field.to_owned(), problem.to_owned()));
            }
            (hash, None) => hash,
        };
        let input = DeviceInput {
            serial_number: text(self.serial_number),
            product_key: text(self.product_key),
            manufacturer: text(self.manufacturer),
            model: text(self.model),
            hash,
            ..DeviceInput::default()
        };
        if input.identities(|_| true).is_empty() {
            let problem = "must have a hardwareHash, a productKey, or a serialNumber with oemManufacturerName and modelName";
            return Err((field.to_owned(), problem.to_owned()));
        }
        Ok(input)
    }

    fn saved_fingerprints(&self, field: &str) -> Result<Option<HashFingerprints>, Problem> {
        let parse = |name: &str, text: &Option<String>| {
            let problem =
                || (format!("{field}.{name}"), "must be 32 hexadecimal digits".to_owned());
            text.as_deref().map(|text| Identity::parse(text).ok_or_else(problem)).transpose()
        };
        let hash = parse("hardwareHashFingerprint", self.fingerprint)?;
        let product_key = parse("productKeyInHashFingerprint", self.inside[0])?;
        let tuple = parse("tupleInHashFingerprint", self.inside[1])?;
        if hash.is_none() && (product_key.is_some() || tuple.is_some()) {
            let problem = "must have a hardwareHashFingerprint, because it has a fingerprint of a value in the hash";
            return Err((field.to_owned(), problem.to_owned()));
        }
        Ok(hash.map(|hash| HashFingerprints { hash, product_key, tuple }))
    }
}
