//! Builds a world from a world file, with the same calls that requests use.

use std::collections::HashSet;

use partner_center_devices_raw::types::{PolicyCategory, PolicySetting};

use super::world_format::{
    ConfigurationPolicy, Content, Customer, Problem, Registered, check_length,
};
use crate::domain::clock::{Clock, Moment};
use crate::domain::device::PolicyChange;
use crate::domain::hardware::{HardwareInventory, HardwareRecord};
use crate::domain::hardware_hash::HardwareHash;
use crate::domain::ids::{Guid, Random};
use crate::domain::keys::CustomerKey;
use crate::domain::outcome::{Outcome, Owner};
use crate::domain::policy::{PolicyAssignment, PolicyInput, must_be_one_of};
use crate::domain::world::{NewDevice, World};

pub(super) struct WorldLoader<'a> {
    world: World,
    clock: Clock,
    now: Moment,
    ids: &'a mut Random,
    /// The ids that are in use.
    used: HashSet<Guid>,
}

impl<'a> WorldLoader<'a> {
    pub(super) fn new(clock: Clock, now: Moment, ids: &'a mut Random) -> Self {
        Self { world: World::default(), clock, now, ids, used: HashSet::new() }
    }

    /// Builds the world of a file.
    pub(super) fn load(mut self, content: &Content) -> Result<World, Problem> {
        self.content(content)?;
        Ok(self.world)
    }

    fn content(&mut self, content: &Content) -> Result<(), Problem> {
        self.world.exact_batch_names = content.exact_batch_names;
        // First, because it determines what identifies a device.
        if let Some(hardware) = &content.known_hardware {
            let records = hardware.iter().enumerate().map(|(index, hardware)| {
                let field = format!("knownHardware[{index}]");
                let device = hardware.identification().to_input(&field)?;
                Ok(HardwareRecord { device, joined: hardware.joined })
            });
            self.world.hardware =
                Some(HardwareInventory::new(records.collect::<Result<_, Problem>>()?));
        }
        for (index, customer) in content.customers.iter().enumerate() {
            self.customer(customer, &format!("customers[{index}]"))?;
        }
        if !content.other_tenants.is_empty() {
            let others = self.world.customer(World::OTHER_TENANTS);
            let batch = self.world.create_batch(others, String::new(), self.now);
            for (index, device) in content.other_tenants.iter().enumerate() {
                let field = format!("otherTenants[{index}]");
                let new = self.device(others, device, &field)?;
                self.world.register(batch, new);
            }
        }
        Ok(())
    }

    fn customer(&mut self, customer: &Customer, field: &str) -> Result<(), Problem> {
        if customer.id.trim().is_empty() {
            return Err((format!("{field}.id"), "must not be blank".to_owned()));
        }
        check_length(Some(&customer.id), || format!("{field}.id"))?;
        if self.world.find_customer(&customer.id).is_some() {
            return Err((format!("{field}.id"), "is used by another customer".to_owned()));
        }
        let key = self.world.customer(&customer.id);
        for (index, policy) in customer.policies.iter().enumerate() {
            self.policy(key, policy, &format!("{field}.policies[{index}]"))?;
        }
        for (index, batch) in customer.batches.iter().enumerate() {
            let field = format!("{field}.batches[{index}]");
            if batch.id.trim().is_empty() {
                return Err((format!("{field}.id"), "must not be blank".to_owned()));
            }
            check_length(Some(&batch.id), || format!("{field}.id"))?;
            if self.world.find_batch(key, &batch.id).is_some() {
                return Err((
                    format!("{field}.id"),
                    "is used by another batch of this customer".to_owned(),
                ));
            }
            let created = self.date(batch.creation_date.as_deref(), &field, "creationDate")?;
            let created = created.unwrap_or(self.now);
            let batch_key = self.world.create_batch(key, batch.id.clone(), created);
            for (index, device) in batch.devices.iter().enumerate() {
                let new = self.device(key, device, &format!("{field}.devices[{index}]"))?;
                self.world.register(batch_key, new);
            }
        }
        Ok(())
    }

    fn policy(
        &mut self,
        customer: CustomerKey,
        policy: &ConfigurationPolicy,
        field: &str,
    ) -> Result<(), Problem> {
        let id = self.id(policy.id.as_deref(), field)?;
        if policy.name.trim().is_empty() {
            return Err((format!("{field}.name"), "must not be blank".to_owned()));
        }
        check_length(Some(&policy.name), || format!("{field}.name"))?;
        check_length(policy.description.as_deref(), || format!("{field}.description"))?;
        let category = policy.category.clone().unwrap_or(PolicyCategory::Oobe);
        if let PolicyCategory::Other(_) = category {
            return Err((format!("{field}.category"), must_be_one_of(PolicyCategory::KNOWN)));
        }
        let unknown = |setting: &PolicySetting| matches!(setting, PolicySetting::Other(_));
        if let Some(index) = policy.policy_settings.iter().position(unknown) {
            let field = format!("{field}.policySettings[{index}]");
            return Err((field, must_be_one_of(PolicySetting::KNOWN)));
        }
        let input = PolicyInput {
            name: Some(policy.name.clone()),
            description: policy.description.clone(),
            category,
            settings: Some(policy.policy_settings.clone()),
        };
        let created = self.date(policy.created_date.as_deref(), field, "createdDate")?;
        let created = created.unwrap_or(self.now);
        let modified =
            self.date(policy.last_modified_date.as_deref(), field, "lastModifiedDate")?;
        self.world.create_policy(customer, id, input, created);
        self.world.set_modified(id, modified.unwrap_or(created));
        Ok(())
    }

    /// Checks a device and converts it for registration.
    fn device(
        &mut self,
        customer: CustomerKey,
        device: &Registered,
        field: &str,
    ) -> Result<NewDevice, Problem> {
        let input = device.identification().to_input(field)?;
        let identities = self.world.identities(&input);
        if let HardwareHash::Undecodable(_) = input.hash
            && identities.hash().is_none()
        {
            let problem = "must be a hardware hash, or one that knownHardware lists";
            return Err((format!("{field}.hardwareHash"), problem.to_owned()));
        }
        if identities.is_empty() {
            let problem = "must have 13 digits, or be a key that knownHardware lists";
            return Err((format!("{field}.productKey"), problem.to_owned()));
        }
        let id = self.id(device.id.as_deref(), field)?;
        match self.world.owner_of(customer, &identities).0 {
            Owner::Nobody => {}
            Owner::ThisCustomer => {
                let problem = format!("is already registered ({})", Outcome::Failed("806"));
                return Err((field.to_owned(), problem));
            }
            Owner::OtherCustomer => {
                let problem = format!(
                    "is already registered by another customer ({})",
                    Outcome::Failed("808")
                );
                return Err((field.to_owned(), problem));
            }
        }
        let policy = device.policy.as_deref();
        let policy = policy.map_or(PolicyChange::Keep, |id| PolicyChange::Set(id.into()));
        let policy = self.world.resolve_policy(customer, &policy);
        if let PolicyAssignment::Rejected(_) = policy {
            return Err((
                format!("{field}.policy"),
                "must be the id of a policy of this customer".to_owned(),
            ));
        }
        let uploaded = self.date(device.uploaded_date.as_deref(), field, "uploadedDate")?;
        Ok(NewDevice { id, input, identities, policy, uploaded: uploaded.unwrap_or(self.now) })
    }

    /// Returns the given id, or a generated one.
    fn id(&mut self, given: Option<&str>, field: &str) -> Result<Guid, Problem> {
        let field = || format!("{field}.id");
        let id = match given {
            None => self.ids.guid(),
            Some(text) => Guid::parse(text).ok_or_else(|| {
                (field(), "must be a GUID of 8-4-4-4-12 hexadecimal digits".to_owned())
            })?,
        };
        let is_new = self.used.insert(id);
        is_new.then_some(id).ok_or_else(|| (field(), "is used more than once".to_owned()))
    }

    fn date(
        &self,
        given: Option<&str>,
        field: &str,
        name: &str,
    ) -> Result<Option<Moment>, Problem> {
        let parse = |text| {
            let problem = || {
                let problem = "must be a date and time with a zone, such as 2017-07-25T17:00:00Z";
                (format!("{field}.{name}"), problem.to_owned())
            };
            self.clock.parse(text).ok_or_else(problem)
        };
        given.map(parse).transpose()
    }
}
