//! Decides how a world is written down, and what of it can be: customers with their policies, batches and
//! devices, the hardware that the registration service has heard of, and devices that other tenants have.
//!
//! Loading makes everything with the calls that requests make it with. What has no id or date gets one, so that
//! a world that is saved, loaded and saved again is the same text.

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use partner_center_devices_raw::types::{PolicyCategory, PolicySetting};
use serde::{Deserialize, Deserializer, Serialize};
use sha2::{Digest as _, Sha256};

use crate::domain::clock::{Clock, Moment};
use crate::domain::device::{Device, DeviceInput, HardwareHash, Identity, PolicyChange};
use crate::domain::hardware::{HardwareInventory, HardwareRecord};
use crate::domain::ids::{Guid, Random};
use crate::domain::keys::CustomerKey;
use crate::domain::outcome::{Outcome, Owner};
use crate::domain::policy::{Policy, PolicyAssignment};
use crate::domain::policy::{PolicyInput, must_be_one_of};
use crate::domain::world::{NewDevice, World};

/// A world as a file: what there is at the start, or at a moment. Every value of this type can be loaded.
///
/// Its hardware hashes are fingerprints, so a text with hashes is saved without them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WorldFile(Content);

/// Why a text is no world, with the place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidWorld(String);

impl fmt::Display for InvalidWorld {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for InvalidWorld {}

/// What the emulator knows at the start.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(rename = "World"))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Content {
    /// The customers of the partner. Any other customer exists as soon as a request names it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    customers: Vec<Customer>,
    /// All hardware that the registration service has heard of. A device that is none of it cannot be registered
    /// (812). Without this member all hardware is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    known_hardware: Option<Vec<Hardware>>,
    /// Devices that tenants of other partners have registered. They cannot be registered here (808).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    other_tenants: Vec<Registered>,
}

/// A customer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Customer {
    /// The tenant id. Ids are compared without case.
    id: String,
    /// Its configuration policies.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    policies: Vec<ConfigurationPolicy>,
    /// Its batches.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    batches: Vec<Batch>,
}

/// A configuration policy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ConfigurationPolicy {
    /// A GUID; made if it is not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    /// `o_o_b_e` if it is not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    category: Option<PolicyCategory>,
    #[serde(default)]
    policy_settings: Vec<PolicySetting>,
    /// When it was made, such as `2017-07-25T17:00:00Z`; when the world is loaded if it is not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    created_date: Option<String>,
    /// When it was last changed; when it was made if it is not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    last_modified_date: Option<String>,
}

/// A batch of devices.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Batch {
    /// Its name. Names are compared without case.
    id: String,
    /// When it was made; when the world is loaded if it is not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    creation_date: Option<String>,
    #[serde(default)]
    devices: Vec<Registered>,
}

/// A registered device, identified by one of the accepted combinations.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Registered {
    /// A GUID; made if it is not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    serial_number: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    product_key: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    oem_manufacturer_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    model_name: Option<String>,
    /// The hardware hash. It is not kept; its fingerprint is.
    #[serde(default, deserialize_with = "fingerprint", skip_serializing)]
    #[cfg_attr(feature = "schemars", schemars(with = "Option<String>"))]
    hardware_hash: Option<HardwareHash>,
    /// The fingerprint of the hardware hash, 32 hexadecimal digits, as the emulator saves it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    hardware_hash_fingerprint: Option<String>,
    /// The id of the configuration policy that it has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    policy: Option<String>,
    /// When it was registered; when the world is loaded if it is not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    uploaded_date: Option<String>,
}

/// Hardware as its maker has reported it, identified by one of the accepted combinations.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Hardware {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    serial_number: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    product_key: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    oem_manufacturer_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    model_name: Option<String>,
    /// The hardware hash. It is not kept; its fingerprint is.
    #[serde(default, deserialize_with = "fingerprint", skip_serializing)]
    #[cfg_attr(feature = "schemars", schemars(with = "Option<String>"))]
    hardware_hash: Option<HardwareHash>,
    /// The fingerprint of the hardware hash, 32 hexadecimal digits, as the emulator saves it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    hardware_hash_fingerprint: Option<String>,
    /// It has joined a directory before, so it cannot be registered (814).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    joined: bool,
}

fn fingerprint<'de, D: Deserializer<'de>>(from: D) -> Result<Option<HardwareHash>, D::Error> {
    let text: Option<String> = Option::deserialize(from)?;
    Ok(text.map(|text| HardwareHash::read(&text)))
}

impl WorldFile {
    /// Reads a world as YAML, of which JSON is a part.
    ///
    /// # Errors
    /// With the place, if it is no such thing: an unknown member, an id that is there twice, a device that is
    /// registered twice, a policy that is not there.
    pub fn from_yaml(text: &str) -> Result<Self, InvalidWorld> {
        let content = match serde_json::from_str(text) {
            Ok(content) => content, // the quick way for what was saved, and without YAML's limits of size
            Err(_) => serde_saphyr::from_str(text)
                // without the line itself, which may hold a hardware hash
                .map_err(|error| InvalidWorld(error.without_snippet().to_string()))?,
        };
        let mut file = Self(content);
        file.build(Clock::new(SystemTime::UNIX_EPOCH), Moment::default(), &mut Random::new(0, 0))?;
        file.0.keep_fingerprints();
        Ok(file)
    }

    /// The world as JSON, for people too.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut json = serde_json::to_string_pretty(&self.0).expect("a world becomes JSON");
        json.push('\n');
        json
    }

    /// A number of this world: 0 for the empty one, and in practice of no other world.
    pub(crate) fn fingerprint(&self) -> u64 {
        if *self == Self::default() {
            return 0;
        }
        let mut number = [0; 8];
        number.copy_from_slice(&Sha256::digest(self.to_json())[..8]);
        u64::from_le_bytes(number)
    }

    /// The JSON Schema of the file.
    #[cfg(feature = "schemars")]
    #[must_use]
    pub fn schema() -> schemars::Schema {
        schemars::schema_for!(Content)
    }

    /// What is written down of a world.
    pub(crate) fn from_world(world: &World, clock: Clock) -> Self {
        let registered = |device: &Device| Registered::of(device, clock);
        let customers = world
            .customers()
            .filter(|key| !world.customer_name(*key).is_empty())
            .map(|key| Customer {
                id: world.customer_name(key).to_owned(),
                policies: world
                    .policies(key)
                    .map(|it| ConfigurationPolicy::of(it, clock))
                    .collect(),
                batches: world
                    .batches(key)
                    .iter()
                    .map(|batch| Batch {
                        id: batch.name.clone(),
                        creation_date: Some(clock.stamp(batch.created)),
                        devices: world.devices_of(batch).map(registered).collect(),
                    })
                    .collect(),
            })
            .filter(|customer| !(customer.policies.is_empty() && customer.batches.is_empty()))
            .collect();
        let others = world.find_customer(World::OTHER_TENANTS);
        let others = others.map(|key| world.batches(key)).unwrap_or_default();
        Self(Content {
            customers,
            known_hardware: world
                .hardware
                .as_ref()
                .map(|known| known.pieces().iter().map(Hardware::of).collect()),
            other_tenants: others
                .iter()
                .flat_map(|it| world.devices_of(it))
                .map(registered)
                .collect(),
        })
    }

    /// Makes the world. Ids that are not given come from `ids`, and dates that are not given are `now`.
    pub(crate) fn build(
        &self,
        clock: Clock,
        now: Moment,
        ids: &mut Random,
    ) -> Result<World, InvalidWorld> {
        let mut loading =
            Loading { world: World::default(), clock, now, ids, used: HashSet::new() };
        loading
            .content(&self.0)
            .map_err(|(place, problem)| InvalidWorld(format!("{place}: {problem}")))?;
        Ok(loading.world)
    }
}

/// Where something is wrong, and what.
type Problem = (String, String);

struct Loading<'a> {
    world: World,
    clock: Clock,
    now: Moment,
    ids: &'a mut Random,
    /// The ids that have been given.
    used: HashSet<Guid>,
}

impl Loading<'_> {
    fn content(&mut self, content: &Content) -> Result<(), Problem> {
        for (index, customer) in content.customers.iter().enumerate() {
            self.customer(customer, &format!("customers[{index}]"))?;
        }
        if !content.other_tenants.is_empty() {
            let others = self.world.customer(World::OTHER_TENANTS);
            let batch = self.world.create_batch(others, String::new(), self.now);
            for (index, device) in content.other_tenants.iter().enumerate() {
                let place = format!("otherTenants[{index}]");
                let new = self.device(others, device, &place)?;
                self.world.register(batch, new);
            }
        }
        if let Some(hardware) = &content.known_hardware {
            let pieces = hardware.iter().enumerate().map(|(index, hardware)| {
                let place = format!("knownHardware[{index}]");
                Ok(HardwareRecord {
                    names: hardware.names().sent(&place)?,
                    joined: hardware.joined,
                })
            });
            self.world.hardware =
                Some(HardwareInventory::new(pieces.collect::<Result<_, Problem>>()?));
        }
        Ok(())
    }

    fn customer(&mut self, customer: &Customer, place: &str) -> Result<(), Problem> {
        if customer.id.trim().is_empty() {
            return Err((format!("{place}.id"), "must not be blank".to_owned()));
        }
        if self.world.find_customer(&customer.id).is_some() {
            return Err((format!("{place}.id"), "this customer is there before".to_owned()));
        }
        let key = self.world.customer(&customer.id);
        for (index, policy) in customer.policies.iter().enumerate() {
            self.policy(key, policy, &format!("{place}.policies[{index}]"))?;
        }
        for (index, batch) in customer.batches.iter().enumerate() {
            let place = format!("{place}.batches[{index}]");
            if batch.id.trim().is_empty() {
                return Err((format!("{place}.id"), "must not be blank".to_owned()));
            }
            if self.world.find_batch(key, &batch.id).is_some() {
                return Err((
                    format!("{place}.id"),
                    "the customer has this batch already".to_owned(),
                ));
            }
            let created = self.date(batch.creation_date.as_deref(), &place, "creationDate")?;
            let made = self.world.create_batch(key, batch.id.clone(), created.unwrap_or(self.now));
            for (index, device) in batch.devices.iter().enumerate() {
                let new = self.device(key, device, &format!("{place}.devices[{index}]"))?;
                self.world.register(made, new);
            }
        }
        Ok(())
    }

    fn policy(
        &mut self,
        customer: CustomerKey,
        policy: &ConfigurationPolicy,
        place: &str,
    ) -> Result<(), Problem> {
        let id = self.id(policy.id.as_deref(), place)?;
        if policy.name.trim().is_empty() {
            return Err((format!("{place}.name"), "must not be blank".to_owned()));
        }
        let category = policy.category.clone().unwrap_or(PolicyCategory::Oobe);
        if let PolicyCategory::Other(_) = category {
            return Err((format!("{place}.category"), must_be_one_of(PolicyCategory::KNOWN)));
        }
        let unknown = |setting: &PolicySetting| matches!(setting, PolicySetting::Other(_));
        if let Some(index) = policy.policy_settings.iter().position(unknown) {
            let place = format!("{place}.policySettings[{index}]");
            return Err((place, must_be_one_of(PolicySetting::KNOWN)));
        }
        let sent = PolicyInput {
            name: Some(policy.name.clone()),
            description: policy.description.clone(),
            category,
            settings: Some(policy.policy_settings.clone()),
        };
        let created = self.date(policy.created_date.as_deref(), place, "createdDate")?;
        let created = created.unwrap_or(self.now);
        let modified =
            self.date(policy.last_modified_date.as_deref(), place, "lastModifiedDate")?;
        self.world.create_policy(customer, id, sent, created);
        self.world.set_modified(id, modified.unwrap_or(created));
        Ok(())
    }

    /// A device that can be registered.
    fn device(
        &mut self,
        customer: CustomerKey,
        device: &Registered,
        place: &str,
    ) -> Result<NewDevice, Problem> {
        let sent = device.names().sent(place)?;
        let identities = sent.identities();
        let id = self.id(device.id.as_deref(), place)?;
        match self.world.holder(customer, &identities).0 {
            Owner::Nobody => {}
            Owner::ThisCustomer => {
                let problem = format!("registered before ({})", Outcome::Failed("806"));
                return Err((place.to_owned(), problem));
            }
            Owner::OtherCustomer => {
                let problem = format!("registered before, elsewhere ({})", Outcome::Failed("808"));
                return Err((place.to_owned(), problem));
            }
        }
        let policy = device.policy.as_deref();
        let policy = policy.map_or(PolicyChange::Keep, |id| PolicyChange::Set(id.into()));
        let policy = self.world.resolve(customer, &policy);
        if let PolicyAssignment::Refused(_) = policy {
            return Err((
                format!("{place}.policy"),
                "must be the id of a policy of this customer".to_owned(),
            ));
        }
        let uploaded = self.date(device.uploaded_date.as_deref(), place, "uploadedDate")?;
        Ok(NewDevice { id, sent, identities, policy, uploaded: uploaded.unwrap_or(self.now) })
    }

    /// The id that is given, or a made one.
    fn id(&mut self, given: Option<&str>, place: &str) -> Result<Guid, Problem> {
        let place = || format!("{place}.id");
        let id = match given {
            None => self.ids.guid(),
            Some(text) => Guid::read(text)
                .ok_or_else(|| (place(), "must be a GUID, 8-4-4-4-12 digits".to_owned()))?,
        };
        let new = self.used.insert(id);
        new.then_some(id).ok_or_else(|| (place(), "this id is there before".to_owned()))
    }

    fn date(
        &self,
        given: Option<&str>,
        place: &str,
        name: &str,
    ) -> Result<Option<Moment>, Problem> {
        let read = |text| {
            let problem = || {
                let problem = "must be a date and time with a zone, such as 2017-07-25T17:00:00Z";
                (format!("{place}.{name}"), problem.to_owned())
            };
            self.clock.read_stamp(text).ok_or_else(problem)
        };
        given.map(read).transpose()
    }
}

impl Content {
    /// Puts the fingerprint of each hash in its place.
    fn keep_fingerprints(&mut self) {
        let batches = self.customers.iter_mut().flat_map(|customer| &mut customer.batches);
        let devices = batches.flat_map(|batch| &mut batch.devices).chain(&mut self.other_tenants);
        let of_devices =
            devices.map(|it| (&mut it.hardware_hash, &mut it.hardware_hash_fingerprint));
        let hardware = self.known_hardware.iter_mut().flatten();
        let of_hardware =
            hardware.map(|it| (&mut it.hardware_hash, &mut it.hardware_hash_fingerprint));
        for (hash, fingerprint) in of_devices.chain(of_hardware) {
            if let Some(identity) = hash.take().and_then(|hash| hash.identity()) {
                *fingerprint = Some(identity.to_string());
            }
        }
    }
}

impl ConfigurationPolicy {
    fn of(policy: &Policy, clock: Clock) -> Self {
        Self {
            id: Some(policy.id.to_string()),
            name: policy.name.clone(),
            description: policy.description.clone(),
            category: Some(policy.category.clone()),
            policy_settings: policy.settings.clone(),
            created_date: Some(clock.stamp(policy.created)),
            last_modified_date: Some(clock.stamp(policy.modified)),
        }
    }
}

impl Registered {
    fn of(device: &Device, clock: Clock) -> Self {
        Self {
            id: Some(device.id.to_string()),
            serial_number: text(&device.serial_number),
            product_key: text(&device.product_key),
            oem_manufacturer_name: text(&device.manufacturer),
            model_name: text(&device.model),
            hardware_hash: None,
            hardware_hash_fingerprint: device.hash.map(|hash| hash.to_string()),
            policy: device.policy.map(|id| id.to_string()),
            uploaded_date: Some(clock.stamp(device.uploaded)),
        }
    }

    fn names(&self) -> Names<'_> {
        Names {
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
    fn of(piece: &HardwareRecord) -> Self {
        let DeviceInput { serial_number, product_key, manufacturer, model, hash, .. } =
            &piece.names;
        Self {
            serial_number: text(serial_number),
            product_key: text(product_key),
            oem_manufacturer_name: text(manufacturer),
            model_name: text(model),
            hardware_hash: None,
            hardware_hash_fingerprint: hash.identity().map(|hash| hash.to_string()),
            joined: piece.joined,
        }
    }

    fn names(&self) -> Names<'_> {
        Names {
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

/// By what a device or a piece of hardware is known.
struct Names<'a> {
    serial_number: &'a Option<String>,
    product_key: &'a Option<String>,
    manufacturer: &'a Option<String>,
    model: &'a Option<String>,
    hash: &'a Option<HardwareHash>,
    fingerprint: &'a Option<String>,
}

impl Names<'_> {
    /// As a request would have them: enough to identify a device, and with a hash that can be one.
    fn sent(&self, place: &str) -> Result<DeviceInput, Problem> {
        let text = |text: &Option<String>| {
            text.as_deref().filter(|text| !text.trim().is_empty()).map(Into::into)
        };
        let digest = |text: &String| {
            Identity::read(text).map(HardwareHash::Valid).ok_or_else(|| {
                (
                    format!("{place}.hardwareHashFingerprint"),
                    "must be 32 hexadecimal digits".to_owned(),
                )
            })
        };
        let hash = match (self.hash, self.fingerprint) {
            (Some(HardwareHash::Invalid), _) => {
                return Err((format!("{place}.hardwareHash"), "is not Base64".to_owned()));
            }
            (Some(HardwareHash::Valid(_)), Some(_)) => {
                let problem = "either hardwareHash or hardwareHashFingerprint";
                return Err((place.to_owned(), problem.to_owned()));
            }
            (Some(HardwareHash::Valid(hash)), None) => HardwareHash::Valid(*hash),
            (_, digits) => digits.as_ref().map(digest).transpose()?.unwrap_or_default(),
        };
        let sent = DeviceInput {
            serial_number: text(self.serial_number),
            product_key: text(self.product_key),
            manufacturer: text(self.manufacturer),
            model: text(self.model),
            hash,
            ..DeviceInput::default()
        };
        if sent.identities().is_empty() {
            let problem = "needs a hardwareHash, a productKey, or serialNumber, oemManufacturerName and modelName";
            return Err((place.to_owned(), problem.to_owned()));
        }
        Ok(sent)
    }
}
