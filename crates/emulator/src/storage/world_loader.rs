//! Builds a world from a world file, with the same calls that requests use.

use std::collections::HashSet;
use std::time::Duration;

use partner_center_devices_raw::types::{PolicyCategory, PolicySetting};

use super::field_problem::{Problem, check_length, guid};
use super::partner_format::AuditEntry;
use super::world_format::{ConfigurationPolicy, Content, Customer, Registered};
use super::world_generator;
use crate::domain::audit_log::{Actor, AuditOrigin};
use crate::domain::clock::{Clock, Moment};
use crate::domain::customer::CustomerProfile;
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
        if let Some(numbers) = content.generated {
            world_generator::generate(&mut self.world, numbers, self.now);
        }
        Ok(self.world)
    }

    /// Checks that a file can be loaded, without generating entries.
    pub(super) fn check(mut self, content: &Content) -> Result<(), Problem> {
        self.content(content)
    }

    fn content(&mut self, content: &Content) -> Result<(), Problem> {
        self.world.exact_batch_names = content.exact_batch_names;
        self.world.known_customers_only = content.known_customers_only;
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
        if let Some(partner) = &content.partner {
            self.world.partner = partner.to_partner()?;
        }
        if let Some(numbers) = content.generated {
            numbers.check()?;
        }
        self.world.audit.delay = Duration::from_secs(content.audit_delay_seconds.into());
        for (index, record) in content.audit_records.iter().enumerate() {
            self.audit_record(record, &format!("auditRecords[{index}]"))?;
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
        if let Some(profile) = profile(customer, field)? {
            self.world.set_profile(key, profile);
        }
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

    fn audit_record(&mut self, record: &AuditEntry, field: &str) -> Result<(), Problem> {
        let AuditEntry { date, operation, customer, resource, correlation_id, .. } = record;
        if customer.trim().is_empty() {
            return Err((format!("{field}.customer"), "must not be blank".to_owned()));
        }
        let texts =
            [Some(customer), record.user.as_ref(), record.app.as_ref(), Some(correlation_id)];
        for (text, name) in texts.into_iter().zip(["customer", "user", "app", "correlationId"]) {
            check_length(text.map(String::as_str), || format!("{field}.{name}"))?;
        }
        let id = |text: &Option<String>, name: &str| {
            text.as_deref().map(|text| guid(text, || format!("{field}.{name}"))).transpose()
        };
        let resource = id(resource, "resource")?;
        let tenant = id(&record.partner, "partner")?.map(Guid::as_uuid).unwrap_or_default();
        let at = self.date(Some(date), field, "date")?.unwrap_or(self.now);
        let text = |text: &Option<String>| text.as_deref().map(Into::into);
        let actor = Actor { tenant, user: text(&record.user), app: text(&record.app) };
        let origin = AuditOrigin { actor, correlation_id: correlation_id.as_str().into() };
        let customer = self.world.customer(customer);
        self.world.audit.add(at, *operation, customer, resource, origin);
        Ok(())
    }

    /// Returns the given id, or a generated one.
    fn id(&mut self, given: Option<&str>, field: &str) -> Result<Guid, Problem> {
        let field = || format!("{field}.id");
        let id = match given {
            None => self.ids.guid(),
            Some(text) => guid(text, field)?,
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

/// Returns the profile that a file gives to a customer, or `None` if it has no member of one.
fn profile(customer: &Customer, field: &str) -> Result<Option<CustomerProfile>, Problem> {
    let Customer { id, name, domain, custom_domains, indirect_reseller, .. } = customer;
    let texts = [("name", name), ("domain", domain)].into_iter();
    for (member, text) in texts {
        check_length(text.as_deref(), || format!("{field}.{member}"))?;
        if text.as_ref().is_some_and(|text| text.trim().is_empty()) {
            return Err((format!("{field}.{member}"), "must not be blank".to_owned()));
        }
    }
    for (index, domain) in custom_domains.iter().enumerate() {
        check_length(Some(domain), || format!("{field}.customDomains[{index}]"))?;
    }
    let reseller = indirect_reseller.as_deref();
    let reseller =
        reseller.map(|id| guid(id, || format!("{field}.indirectReseller"))).transpose()?;
    let has_none = name.is_none()
        && domain.is_none()
        && custom_domains.is_empty()
        && reseller.is_none()
        && customer.relationship_to_partner.is_none()
        && customer.delegated_access.is_none();
    if has_none {
        return Ok(None);
    }
    let constructed = match name {
        Some(name) => CustomerProfile::named(name),
        None => CustomerProfile::constructed(id),
    };
    Ok(Some(CustomerProfile {
        domain: domain.as_deref().map_or(constructed.domain, Into::into),
        other_domains: custom_domains.iter().map(|domain| domain.as_str().into()).collect(),
        relationship: customer.relationship_to_partner.unwrap_or_default(),
        delegated_access: customer.delegated_access.unwrap_or(true),
        reseller,
        name: constructed.name,
    }))
}
