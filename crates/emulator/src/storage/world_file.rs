//! World files, which contain the state of the emulator at its start or at any later moment.
//!
//! Entries without an id or a date get one when they are loaded, so saving a world, loading it and saving it again
//! gives the same text.

use std::fmt;
use std::time::{Duration, SystemTime};

use sha2::{Digest as _, Sha256};

use super::field_problem::Problem;
use super::known_hardware::KnownHardware;
use super::partner_format::{AuditEntry, Generated, PartnerEntry};
use super::world_format::{Batch, ConfigurationPolicy, Content, Customer, Hardware, Registered};
use super::world_loader::WorldLoader;
use crate::domain::clock::{Clock, Moment};
use crate::domain::device::Device;
use crate::domain::ids::Random;
use crate::domain::text_limit::shortened;
use crate::domain::world::World;

/// The content of a world file: the state of the emulator at its start or at any later moment. Every value of this type
/// can be loaded.
///
/// Hardware hashes are stored as fingerprints, so a saved world contains no hashes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WorldFile(Content);

/// An error in a world file. The message names the field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidWorld(String);

impl fmt::Display for InvalidWorld {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for InvalidWorld {}

impl InvalidWorld {
    fn of((field, problem): Problem) -> Self {
        Self(format!("{field}: {problem}"))
    }
}

impl WorldFile {
    /// Parses a world in YAML or JSON.
    ///
    /// # Errors
    /// If the text does not describe a world: a field is unknown, an id is used twice, a device is registered twice,
    /// a text is longer than 16 KiB, or a policy does not exist. The error names the field.
    pub fn from_yaml(text: &str) -> Result<Self, InvalidWorld> {
        let content = match serde_json::from_str(text) {
            Ok(content) => content, // fast for saved worlds, and without the size limits of the YAML parser
            Err(_) => serde_saphyr::from_str(text)
                // without the snippet, which may contain a hardware hash
                .map_err(|error| InvalidWorld(shortened(error.without_snippet().to_string())))?,
        };
        let mut file = Self(content);
        let clock = Clock::new(SystemTime::UNIX_EPOCH);
        let mut ids = Random::new(0, 0);
        let loader = WorldLoader::new(clock, Moment::default(), &mut ids);
        loader.check(&file.0).map_err(InvalidWorld::of)?;
        file.0.replace_hashes();
        Ok(file)
    }

    /// Adds hardware that exists. The world is then strict: other hardware cannot be registered (812), even if no
    /// hardware is added here.
    ///
    /// ```
    /// use partner_center_devices_emulator::{Emulator, KnownHardware, WorldFile};
    ///
    /// let book = KnownHardware::new().serial_number("HQ-1").manufacturer("Contoso").model("Book 5");
    /// let world = WorldFile::default().with_known_hardware([book])?;
    /// let emulator = Emulator::builder().world(world).in_process();
    /// # Ok::<(), partner_center_devices_emulator::InvalidWorld>(())
    /// ```
    ///
    /// # Errors
    /// If the fields of an entry do not identify it, a text is longer than 16 KiB, or its hardware hash is not Base64.
    pub fn with_known_hardware(
        mut self,
        hardware: impl IntoIterator<Item = KnownHardware>,
    ) -> Result<Self, InvalidWorld> {
        let listed = self.0.known_hardware.get_or_insert_default();
        for KnownHardware(hardware) in hardware {
            let field = format!("knownHardware[{}]", listed.len());
            hardware.identification().to_input(&field).map_err(InvalidWorld::of)?;
            listed.push(hardware);
        }
        self.0.replace_hashes();
        Ok(self)
    }

    /// Makes upper and lower case matter in the names of batches.
    ///
    /// By default `Sales` and `sales` are the same batch. No document says what the service does.
    #[must_use]
    pub fn with_exact_batch_names(mut self) -> Self {
        self.0.exact_batch_names = true;
        self
    }

    /// Makes the service reject requests for the devices of customers that this world does not name (403, code 20002).
    ///
    /// By default, a customer exists as soon as a request names it.
    #[must_use]
    pub fn with_known_customers_only(mut self) -> Self {
        self.0.known_customers_only = true;
        self
    }

    /// Sets the time until a change is visible in the audit log, in whole seconds. The default is 0.
    ///
    /// No document says how long the service takes.
    #[must_use]
    pub fn with_audit_delay(mut self, delay: Duration) -> Self {
        self.0.audit_delay_seconds = delay.as_secs().try_into().unwrap_or(u32::MAX);
        self
    }

    /// Returns a small world of customers for a first try: two with the same name, one without delegated access, one that the
    /// partner only advises, and one whose relationship was removed.
    #[must_use]
    pub fn sample_customers() -> Self {
        let file = Self::from_yaml(include_str!("sample_customers.yaml"));
        file.expect("the sample is a valid world")
    }

    /// Returns the number of customers, batches and devices to generate.
    pub(crate) fn generated_entries(&self) -> usize {
        self.0.generated.map_or(0, Generated::total)
    }

    /// Returns the world as pretty-printed JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut json = serde_json::to_string_pretty(&self.0).expect("a world serializes to JSON");
        json.push('\n');
        json
    }

    /// Returns a hash of this world. It is 0 for the empty world.
    pub(crate) fn fingerprint(&self) -> u64 {
        if *self == Self::default() {
            return 0;
        }
        let mut fingerprint = [0; 8];
        fingerprint.copy_from_slice(&Sha256::digest(self.to_json())[..8]);
        u64::from_le_bytes(fingerprint)
    }

    /// Returns the JSON Schema of the file.
    #[cfg(feature = "schemars")]
    #[must_use]
    pub fn schema() -> schemars::Schema {
        schemars::schema_for!(Content)
    }

    /// Returns a world as a file.
    pub(crate) fn from_world(world: &World, clock: Clock) -> Self {
        let registered = |device: &Device| Registered::from_device(device, clock);
        let customers = world
            .listed_customers()
            .map(|key| Customer {
                policies: world
                    .policies(key)
                    .map(|policy| ConfigurationPolicy::from_policy(policy, clock))
                    .collect(),
                batches: world
                    .batches(key)
                    .iter()
                    .map(|batch| Batch {
                        id: batch.name.clone(),
                        creation_date: Some(clock.format(batch.created)),
                        devices: world.devices_of(batch).map(registered).collect(),
                    })
                    .collect(),
                ..Customer::without_content(world.customer_name(key), world.given_profile(key))
            })
            .collect();
        let others = world.find_customer(World::OTHER_TENANTS);
        let others = others.map(|key| world.batches(key)).unwrap_or_default();
        Self(Content {
            customers,
            known_hardware: world
                .hardware
                .as_ref()
                .map(|inventory| inventory.records().iter().map(Hardware::from_record).collect()),
            partner: PartnerEntry::from_partner(&world.partner),
            generated: None,
            audit_records: world
                .audit
                .records()
                .map(|record| AuditEntry::from_record(record, world, clock))
                .collect(),
            audit_delay_seconds: world.audit.delay.as_secs().try_into().unwrap_or(u32::MAX),
            known_customers_only: world.known_customers_only,
            exact_batch_names: world.exact_batch_names,
            other_tenants: others
                .iter()
                .flat_map(|batch| world.devices_of(batch))
                .map(registered)
                .collect(),
        })
    }

    /// Builds the world. Missing ids are drawn from `ids`, and missing dates are `now`.
    pub(crate) fn build(
        &self,
        clock: Clock,
        now: Moment,
        ids: &mut Random,
    ) -> Result<World, InvalidWorld> {
        WorldLoader::new(clock, now, ids).load(&self.0).map_err(InvalidWorld::of)
    }
}
