//! The world: customers with their batches, devices, policies and jobs.
//!
//! Time passes only through [`World::advance`].

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap, HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use partner_center_devices_raw::types::BatchUploadStatus;

use super::audit_log::{AuditLog, AuditedOperation};
use super::clock::Moment;
use super::customer::{AnyProfile, CustomerProfile, Relationship};
use super::device::{Device, DeviceInput, Identities, PolicyChange};
use super::device_store::DeviceStore;
use super::hardware::HardwareInventory;
use super::identity::Identity;
use super::identity_index::IdentityIndex;
use super::ids::Guid;
use super::job::Job;
use super::keys::{BatchKey, CustomerKey, DeviceKey};
use super::outcome::Owner;
use super::partner::Partner;
use super::policy::{Policy, PolicyAssignment, PolicyInput};

/// The state of the emulated service.
#[derive(Default)]
pub(crate) struct World {
    customers: Vec<Customer>,
    customer_names: HashMap<String, CustomerKey>,
    devices: DeviceStore,
    device_ids: HashMap<Guid, DeviceKey>,
    identity_index: IdentityIndex,
    /// Manufacturers and models. Many devices share a few of them.
    texts: HashSet<Arc<str>>,
    /// The hardware that exists, in a strict world. `None` means that all hardware is known.
    pub(crate) hardware: Option<HardwareInventory>,
    /// True if upper and lower case matters in the names of batches. It is set before the first batch is created.
    pub(crate) exact_batch_names: bool,
    /// True if the partner has no relationship with customers without a profile.
    pub(crate) known_customers_only: bool,
    policies: HashMap<Guid, Policy>,
    pub(crate) partner: Partner,
    pub(crate) audit: AuditLog,
    pub(super) jobs: Vec<Job>,
    pub(super) job_ids: HashMap<Guid, usize>,
    /// When each job has work to do next. Jobs that are due at the same time run in the order of their creation.
    pub(super) due: BinaryHeap<Reverse<(Duration, usize)>>,
}

#[derive(Default)]
struct Customer {
    /// The id, spelled as in the first request.
    name: String,
    /// `None` for a customer that only requests name.
    profile: Option<Box<CustomerProfile>>,
    batches: Vec<Batch>,
    /// By the key of their name; see [`World::batch_name_key`].
    batch_names: HashMap<String, usize>,
    /// In the order of their creation.
    policies: Vec<Guid>,
}

/// A named group of devices.
pub(crate) struct Batch {
    pub(crate) name: String,
    pub(crate) created: Moment,
    /// In the order of registration, so that a page can continue after a device that has been removed.
    devices: BTreeSet<DeviceKey>,
    /// The indexes of the jobs that are not finished.
    pub(super) running: Vec<usize>,
}

/// A device to register.
pub(crate) struct NewDevice {
    pub(crate) id: Guid,
    pub(crate) input: DeviceInput,
    pub(crate) identities: Identities,
    pub(crate) policy: PolicyAssignment,
    pub(crate) uploaded: Moment,
}

impl Batch {
    pub(crate) fn device_count(&self) -> usize {
        self.devices.len()
    }
}

/// Customers.
impl World {
    /// The name of the internal customer that owns the devices of all other tenants. No path can refer to it.
    pub(crate) const OTHER_TENANTS: &str = "";

    /// Returns a customer, and creates it if it does not exist.
    pub(crate) fn customer(&mut self, name: &str) -> CustomerKey {
        let next = CustomerKey(self.customers.len());
        let key = *self.customer_names.entry(name.to_lowercase()).or_insert(next);
        if key == next {
            self.customers.push(Customer { name: name.to_owned(), ..Customer::default() });
        }
        key
    }

    pub(crate) fn find_customer(&self, name: &str) -> Option<CustomerKey> {
        self.customer_names.get(&name.to_lowercase()).copied()
    }

    /// Returns all customers except [`OTHER_TENANTS`](Self::OTHER_TENANTS).
    pub(crate) fn customers(&self) -> impl Iterator<Item = CustomerKey> {
        let keys = (0..self.customers.len()).map(CustomerKey);
        keys.filter(|key| self.customer_name(*key) != Self::OTHER_TENANTS)
    }

    pub(crate) fn customer_name(&self, customer: CustomerKey) -> &str {
        &self.customers[customer.0].name
    }

    pub(crate) fn set_profile(&mut self, customer: CustomerKey, profile: CustomerProfile) {
        self.customers[customer.0].profile = Some(Box::new(profile));
    }

    /// Returns the profile that the customer was given.
    pub(crate) fn given_profile(&self, customer: CustomerKey) -> Option<&CustomerProfile> {
        self.customers[customer.0].profile.as_deref()
    }

    /// Returns the profile of a customer. One that was given none has a constructed profile.
    pub(crate) fn profile(&self, customer: CustomerKey) -> AnyProfile<'_> {
        match self.given_profile(customer) {
            Some(profile) => AnyProfile::Borrowed(profile),
            None => AnyProfile::Owned(CustomerProfile::constructed(self.customer_name(customer))),
        }
    }

    /// Returns false if the relationship to the customer was removed, or never existed.
    pub(crate) fn has_relationship(&self, customer: CustomerKey) -> bool {
        match self.given_profile(customer) {
            Some(profile) => profile.relationship != Relationship::None,
            None => !self.known_customers_only,
        }
    }

    /// Returns the customers that the partner's list shows: those with a profile, a batch or a policy. A customer that only
    /// requests named is not one of them.
    pub(crate) fn listed_customers(&self) -> impl Iterator<Item = CustomerKey> {
        self.customers().filter(|key| self.is_listed(*key))
    }

    fn is_listed(&self, key: CustomerKey) -> bool {
        let Customer { profile, batches, policies, .. } = &self.customers[key.0];
        profile.is_some() || !batches.is_empty() || !policies.is_empty()
    }

    pub(crate) fn find_listed_customer(&self, name: &str) -> Option<CustomerKey> {
        let key = self.find_customer(name).filter(|_| name != Self::OTHER_TENANTS)?;
        self.is_listed(key).then_some(key)
    }

    /// Returns the customers with this id, or else those with this name or domain. Case is ignored.
    pub(crate) fn customers_called(&self, text: &str) -> Vec<CustomerKey> {
        if let Some(key) = self.find_customer(text) {
            return vec![key];
        }
        let text = text.to_lowercase();
        let is_called = |key: &CustomerKey| {
            let profile = self.profile(*key);
            profile.name.to_lowercase() == text || profile.domain.to_lowercase() == text
        };
        self.listed_customers().filter(is_called).collect()
    }
}

/// Batches.
impl World {
    pub(crate) fn batch(&self, key: BatchKey) -> &Batch {
        &self.customers[key.customer.0].batches[key.index]
    }

    pub(super) fn batch_mut(&mut self, key: BatchKey) -> &mut Batch {
        &mut self.customers[key.customer.0].batches[key.index]
    }

    pub(crate) fn batches(&self, customer: CustomerKey) -> &[Batch] {
        &self.customers[customer.0].batches
    }

    pub(crate) fn find_batch(&self, customer: CustomerKey, name: &str) -> Option<BatchKey> {
        let index = *self.customers[customer.0].batch_names.get(&self.batch_name_key(name))?;
        Some(BatchKey { customer, index })
    }

    /// Returns the text that is equal for equal batch names.
    fn batch_name_key(&self, name: &str) -> String {
        if self.exact_batch_names { name.to_owned() } else { name.to_lowercase() }
    }

    /// Returns the status of a batch, which is the status of its least advanced job.
    pub(crate) fn batch_status(&self, batch: &Batch, now: Duration) -> BatchUploadStatus {
        let mut status = BatchUploadStatus::Finished;
        for job in &batch.running {
            match self.jobs[*job].status(now) {
                BatchUploadStatus::Processing => return BatchUploadStatus::Processing,
                BatchUploadStatus::Queued => status = BatchUploadStatus::Queued,
                _ => {}
            }
        }
        status
    }

    /// Creates a batch. The caller has checked that the name is free.
    pub(crate) fn create_batch(
        &mut self,
        customer: CustomerKey,
        name: String,
        now: impl Into<Moment>,
    ) -> BatchKey {
        let name_key = self.batch_name_key(&name);
        let owner = &mut self.customers[customer.0];
        let index = owner.batches.len();
        owner.batch_names.insert(name_key, index);
        owner.batches.push(Batch {
            name,
            created: now.into(),
            devices: BTreeSet::new(),
            running: Vec::new(),
        });
        BatchKey { customer, index }
    }
}

/// Devices.
impl World {
    pub(crate) fn device(&self, key: DeviceKey) -> Option<&Device> {
        self.devices.get(key)
    }

    /// Returns the keys after `after`, including those of removed devices.
    pub(crate) fn device_keys(&self, after: DeviceKey) -> impl Iterator<Item = DeviceKey> {
        after.saturating_add(1)..=self.devices.last_key()
    }

    /// Returns the devices of a batch, in the order of registration.
    pub(crate) fn devices_of(&self, batch: &Batch) -> impl Iterator<Item = &Device> {
        batch.devices.iter().filter_map(|key| self.devices.get(*key))
    }

    /// Returns up to `size` devices of a batch after `after`, and the last of them if there is another page.
    pub(crate) fn page(
        &self,
        batch: BatchKey,
        after: Option<DeviceKey>,
        size: usize,
    ) -> (Vec<&Device>, Option<DeviceKey>) {
        let start = after.map_or(0, |after| after.saturating_add(1));
        let mut keys = self.batch(batch).devices.range(start..).copied();
        let page: Vec<DeviceKey> = keys.by_ref().take(size).collect();
        let last = page.last().copied().filter(|_| keys.next().is_some());
        (page.iter().filter_map(|key| self.devices.get(*key)).collect(), last)
    }

    pub(crate) fn find_device(&self, batch: BatchKey, id: &str) -> Option<DeviceKey> {
        let key = *self.device_ids.get(&Guid::parse(id)?)?;
        (self.devices.get(key)?.batch == batch).then_some(key)
    }

    /// Returns everything that identifies a device. Known hardware counts even if its values are malformed.
    pub(crate) fn identities(&self, device: &DeviceInput) -> Identities {
        device.identities(|identity| self.lists(identity))
    }

    fn lists(&self, identity: Identity) -> bool {
        self.hardware.as_ref().is_some_and(|hardware| hardware.lists(identity))
    }

    /// Registers a device. The caller has checked that it is not registered.
    pub(crate) fn register(&mut self, batch: BatchKey, new: NewDevice) {
        let NewDevice { id, input, identities, policy, uploaded } = new;
        let device = Device {
            id,
            batch,
            serial_number: input.serial_number,
            product_key: input.product_key,
            manufacturer: self.interned(input.manufacturer),
            model: self.interned(input.model),
            policy: None,
            uploaded,
            hash: identities.hash(),
        };
        let key = self.devices.push(device);
        for index_key in identities.index_keys() {
            self.identity_index.insert(index_key, key);
        }
        self.device_ids.insert(id, key);
        self.batch_mut(batch).devices.insert(key);
        self.assign_policy(key, policy);
    }

    /// Returns a shared copy of a text.
    fn interned(&mut self, text: Option<Arc<str>>) -> Option<Arc<str>> {
        let text = text?;
        if let Some(interned) = self.texts.get(&text) {
            return Some(interned.clone());
        }
        self.texts.insert(text.clone());
        Some(text)
    }

    /// Removes a device. Any customer can then register it again.
    pub(crate) fn remove_device(&mut self, key: DeviceKey) {
        self.assign_policy(key, PolicyAssignment::Set(None));
        let Some(device) = self.devices.remove(key) else { return };
        self.device_ids.remove(&device.id);
        for index_key in device.identities(|identity| self.lists(identity)).index_keys() {
            self.identity_index.remove(index_key, key);
        }
        self.batch_mut(device.batch).devices.remove(&key);
    }

    /// Finds the registered device with these identities. Devices of `customer` take precedence; the key is returned
    /// only for them.
    pub(crate) fn owner_of(
        &self,
        customer: CustomerKey,
        identities: &Identities,
    ) -> (Owner, Option<DeviceKey>) {
        let mut owner = Owner::Nobody;
        for key in identities.matching_keys().flat_map(|key| self.identity_index.get(key)) {
            if self.devices.get(key).is_some_and(|device| device.batch.customer == customer) {
                return (Owner::ThisCustomer, Some(key));
            }
            owner = Owner::OtherCustomer;
        }
        (owner, None)
    }

    /// Finds the registered device with this id. Returns its key if `customer` has it.
    pub(super) fn owner_of_id(
        &self,
        customer: CustomerKey,
        id: &str,
    ) -> (Owner, Option<DeviceKey>) {
        let key = Guid::parse(id).and_then(|id| self.device_ids.get(&id)).copied();
        match key.and_then(|key| self.devices.get(key)) {
            None => (Owner::Nobody, None),
            Some(device) if device.batch.customer == customer => (Owner::ThisCustomer, key),
            Some(_) => (Owner::OtherCustomer, None),
        }
    }
}

/// Policies.
impl World {
    pub(crate) fn policies(&self, customer: CustomerKey) -> impl ExactSizeIterator<Item = &Policy> {
        self.customers[customer.0].policies.iter().map(|id| &self.policies[id])
    }

    /// Returns the policy that a recorded operation has just created.
    pub(crate) fn newest_policy(
        &self,
        operation: AuditedOperation,
        customer: CustomerKey,
    ) -> Option<Guid> {
        let created = operation == AuditedOperation::PolicyCreated;
        self.customers[customer.0].policies.last().copied().filter(|_| created)
    }

    pub(crate) fn find_policy(&self, customer: CustomerKey, id: &str) -> Option<&Policy> {
        self.policies.get(&Guid::parse(id)?).filter(|policy| policy.customer == customer)
    }

    pub(crate) fn create_policy(
        &mut self,
        customer: CustomerKey,
        id: Guid,
        input: PolicyInput,
        now: impl Into<Moment>,
    ) -> &Policy {
        let now = now.into();
        self.customers[customer.0].policies.push(id);
        self.policies.entry(id).or_insert(Policy {
            id,
            customer,
            name: input.name.unwrap_or_default(),
            description: input.description,
            category: input.category,
            settings: input.settings.unwrap_or_default(),
            created: now,
            modified: now,
            assigned_devices: 0,
        })
    }

    /// Replaces all fields of a policy. Missing fields are cleared, except the name.
    pub(crate) fn replace_policy(
        &mut self,
        id: Guid,
        input: PolicyInput,
        now: Duration,
    ) -> Option<&Policy> {
        let policy = self.policies.get_mut(&id)?;
        if let Some(name) = input.name {
            policy.name = name;
        }
        policy.description = input.description;
        policy.category = input.category;
        policy.settings = input.settings.unwrap_or_default();
        policy.modified = now.into();
        Some(policy)
    }

    pub(crate) fn set_modified(&mut self, id: Guid, modified: Moment) {
        if let Some(policy) = self.policies.get_mut(&id) {
            policy.modified = modified;
        }
    }

    pub(crate) fn remove_policy(&mut self, id: Guid) {
        if let Some(policy) = self.policies.remove(&id) {
            self.customers[policy.customer.0].policies.retain(|other| *other != id);
        }
    }

    /// Checks a requested policy change against the customer's policies.
    pub(crate) fn resolve_policy(
        &self,
        customer: CustomerKey,
        change: &PolicyChange,
    ) -> PolicyAssignment {
        let policy = |id: &str| Guid::parse(id).and_then(|id| self.policies.get(&id));
        match change {
            PolicyChange::Keep => PolicyAssignment::Keep,
            PolicyChange::Remove => PolicyAssignment::Set(None),
            PolicyChange::Set(id) => match policy(id) {
                None => PolicyAssignment::Rejected(Owner::Nobody),
                Some(policy) if policy.customer == customer => {
                    PolicyAssignment::Set(Some(policy.id))
                }
                Some(_) => PolicyAssignment::Rejected(Owner::OtherCustomer),
            },
        }
    }

    /// Changes the policy of a device, and updates the device counts of both policies.
    pub(crate) fn assign_policy(&mut self, key: DeviceKey, assignment: PolicyAssignment) {
        let PolicyAssignment::Set(policy) = assignment else { return };
        let Some(device) = self.devices.get_mut(key) else { return };
        let previous = std::mem::replace(&mut device.policy, policy);
        if let Some(previous) = previous.and_then(|id| self.policies.get_mut(&id)) {
            previous.assigned_devices -= 1;
        }
        if let Some(assigned) = policy.and_then(|id| self.policies.get_mut(&id)) {
            assigned.assigned_devices += 1;
        }
    }
}
