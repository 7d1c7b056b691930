//! Decides what there is: customers and their batches, devices, policies and jobs, and who has which device.
//! Nothing happens here but by a call, and time is an argument.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap, HashMap, HashSet, VecDeque};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use partner_center_devices_raw::types::BatchUploadStatus;

use crate::domain::clock::Moment;
use crate::domain::device::{Device, DeviceInput, HardwareHash, Identities, PolicyChange};
use crate::domain::hardware::{HardwareInventory, HardwareLookup};
use crate::domain::identity_index::IdentityIndex;
use crate::domain::ids::{Guid, Random};
use crate::domain::job::{Job, PendingDevice, Row, RowDeviceId};
use crate::domain::keys::{BatchKey, CustomerKey, DeviceKey};
use crate::domain::outcome::{self, DeviceFacts, Identification, Outcome, Owner, Task};
use crate::domain::pace::Pace;
use crate::domain::policy::{Policy, PolicyAssignment, PolicyInput};

/// Everything the service knows.
#[derive(Default)]
pub(crate) struct World {
    customers: Vec<Customer>,
    customer_names: HashMap<String, CustomerKey>,
    devices: Devices,
    device_ids: HashMap<Guid, DeviceKey>,
    identity_index: IdentityIndex,
    /// Manufacturers and models, of which there are few for many devices.
    texts: HashSet<Arc<str>>,
    /// The hardware that the registration service has heard of; `None` is all.
    pub(crate) hardware: Option<HardwareInventory>,
    policies: HashMap<Guid, Policy>,
    jobs: Vec<Job>,
    job_ids: HashMap<Guid, usize>,
    /// When which job has something to do next; of two at the same moment the earlier job comes first.
    due: BinaryHeap<Reverse<(Duration, usize)>>,
}

#[derive(Default)]
struct Customer {
    /// As it was first spelled.
    name: String,
    batches: Vec<Batch>,
    batch_names: HashMap<String, usize>,
    /// In the order they were made.
    policies: Vec<Guid>,
}

/// A named group of devices.
pub(crate) struct Batch {
    pub(crate) name: String,
    pub(crate) created: Moment,
    /// By order of registration, so that a page goes on after a device even if that device has gone.
    devices: BTreeSet<DeviceKey>,
    running: Vec<usize>,
}

/// Devices by their keys, which are 1, 2, 3 and so on. A device that has gone leaves its place empty.
#[derive(Default)]
struct Devices {
    places: Vec<Option<Box<Device>>>,
}

impl Devices {
    fn push(&mut self, device: Device) -> DeviceKey {
        self.places.push(Some(Box::new(device)));
        self.places.len() as DeviceKey
    }

    fn get(&self, key: &DeviceKey) -> Option<&Device> {
        self.places.get(place(*key)?)?.as_deref()
    }

    fn get_mut(&mut self, key: &DeviceKey) -> Option<&mut Device> {
        self.places.get_mut(place(*key)?)?.as_deref_mut()
    }

    fn remove(&mut self, key: &DeviceKey) -> Option<Box<Device>> {
        self.places.get_mut(place(*key)?)?.take()
    }

    /// The last key that was given.
    fn last(&self) -> DeviceKey {
        self.places.len() as DeviceKey
    }
}

fn place(key: DeviceKey) -> Option<usize> {
    usize::try_from(key.checked_sub(1)?).ok()
}

/// A device that is to be registered.
pub(crate) struct NewDevice {
    pub(crate) id: Guid,
    pub(crate) sent: DeviceInput,
    pub(crate) identities: Identities,
    pub(crate) policy: PolicyAssignment,
    pub(crate) uploaded: Moment,
}

impl World {
    /// The customer in whose name the devices of all other tenants are kept. No path can name it.
    pub(crate) const OTHER_TENANTS: &str = "";

    /// The customer of this name, which exists as soon as it is named.
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

    /// Those that a path can name.
    pub(crate) fn customers(&self) -> impl Iterator<Item = CustomerKey> {
        let keys = (0..self.customers.len()).map(CustomerKey);
        keys.filter(|key| self.customer_name(*key) != Self::OTHER_TENANTS)
    }

    pub(crate) fn customer_name(&self, customer: CustomerKey) -> &str {
        &self.customers[customer.0].name
    }

    fn batch_mut(&mut self, key: BatchKey) -> &mut Batch {
        &mut self.customers[key.customer.0].batches[key.index]
    }

    pub(crate) fn batch(&self, key: BatchKey) -> &Batch {
        &self.customers[key.customer.0].batches[key.index]
    }

    // For those who look at all customers.

    /// The place of a job of any customer.
    pub(crate) fn job_place(&self, id: &str) -> Option<usize> {
        self.job_ids.get(&Guid::read(id)?).copied()
    }

    /// In the order they were accepted.
    pub(crate) fn jobs(&self) -> &[Job] {
        &self.jobs
    }

    /// The places where a device is, or was, after `after`.
    pub(crate) fn device_keys(&self, after: DeviceKey) -> impl Iterator<Item = DeviceKey> {
        after.saturating_add(1)..=self.devices.last()
    }

    // Batches and their devices.

    pub(crate) fn batches(&self, customer: CustomerKey) -> &[Batch] {
        &self.customers[customer.0].batches
    }

    /// Where a batch stands: as its least finished job.
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

    pub(crate) fn find_batch(&self, customer: CustomerKey, name: &str) -> Option<BatchKey> {
        let place = *self.customers[customer.0].batch_names.get(&name.to_lowercase())?;
        Some(BatchKey { customer, index: place })
    }

    /// Makes a batch. The caller has looked that the name is free.
    pub(crate) fn create_batch(
        &mut self,
        customer: CustomerKey,
        name: String,
        now: impl Into<Moment>,
    ) -> BatchKey {
        let owner = &mut self.customers[customer.0];
        let place = owner.batches.len();
        owner.batch_names.insert(name.to_lowercase(), place);
        owner.batches.push(Batch {
            name,
            created: now.into(),
            devices: BTreeSet::new(),
            running: Vec::new(),
        });
        BatchKey { customer, index: place }
    }

    pub(crate) fn devices_count(&self, batch: BatchKey) -> usize {
        self.batch(batch).devices_count()
    }

    /// At most `size` devices of a batch after `after`, and where the next page begins if there is one.
    pub(crate) fn page(
        &self,
        batch: BatchKey,
        after: Option<DeviceKey>,
        size: usize,
    ) -> (Vec<&Device>, Option<DeviceKey>) {
        let start = after.map_or(0, |after| after.saturating_add(1));
        let mut keys = self.batch(batch).devices.range(start..).copied();
        let page: Vec<DeviceKey> = keys.by_ref().take(size).collect();
        let next = page.last().copied().filter(|_| keys.next().is_some());
        (page.iter().filter_map(|key| self.devices.get(key)).collect(), next)
    }

    /// All devices of a batch, by order of registration.
    pub(crate) fn devices_of(&self, batch: &Batch) -> impl Iterator<Item = &Device> {
        batch.devices.iter().filter_map(|key| self.devices.get(key))
    }

    pub(crate) fn find_device(&self, batch: BatchKey, id: &str) -> Option<DeviceKey> {
        let key = *self.device_ids.get(&Guid::read(id)?)?;
        (self.devices.get(&key)?.batch == batch).then_some(key)
    }

    pub(crate) fn device(&self, key: DeviceKey) -> Option<&Device> {
        self.devices.get(&key)
    }

    /// Takes a device away, so that it can be registered again, by anyone.
    pub(crate) fn remove_device(&mut self, key: DeviceKey) {
        self.change_policy(key, PolicyAssignment::Set(None));
        let Some(device) = self.devices.remove(&key) else { return };
        self.device_ids.remove(&device.id);
        for mark in device.identities().marks() {
            self.identity_index.remove(mark, key);
        }
        self.batch_mut(device.batch).devices.remove(&key);
    }

    // Policies.

    pub(crate) fn policies(&self, customer: CustomerKey) -> impl ExactSizeIterator<Item = &Policy> {
        self.customers[customer.0].policies.iter().map(|id| &self.policies[id])
    }

    pub(crate) fn find_policy(&self, customer: CustomerKey, id: &str) -> Option<&Policy> {
        self.policies.get(&Guid::read(id)?).filter(|policy| policy.customer == customer)
    }

    pub(crate) fn create_policy(
        &mut self,
        customer: CustomerKey,
        id: Guid,
        sent: PolicyInput,
        now: impl Into<Moment>,
    ) -> &Policy {
        let now = now.into();
        self.customers[customer.0].policies.push(id);
        self.policies.entry(id).or_insert(Policy {
            id,
            customer,
            name: sent.name.unwrap_or_default(),
            description: sent.description,
            category: sent.category,
            settings: sent.settings.unwrap_or_default(),
            created: now,
            modified: now,
            assigned: 0,
        })
    }

    /// Puts new values in the place of all old ones; what is not sent is lost, but for the name.
    pub(crate) fn replace_policy(
        &mut self,
        id: Guid,
        sent: PolicyInput,
        now: Duration,
    ) -> Option<&Policy> {
        let policy = self.policies.get_mut(&id)?;
        if let Some(name) = sent.name {
            policy.name = name;
        }
        policy.description = sent.description;
        policy.category = sent.category;
        policy.settings = sent.settings.unwrap_or_default();
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
            self.customers[policy.customer.0].policies.retain(|kept| *kept != id);
        }
    }

    /// Gives a device the policy, or none, and keeps the counters right.
    pub(crate) fn change_policy(&mut self, key: DeviceKey, change: PolicyAssignment) {
        let PolicyAssignment::Set(policy) = change else { return };
        let Some(device) = self.devices.get_mut(&key) else { return };
        let before = std::mem::replace(&mut device.policy, policy);
        if let Some(before) = before.and_then(|id| self.policies.get_mut(&id)) {
            before.assigned -= 1;
        }
        if let Some(after) = policy.and_then(|id| self.policies.get_mut(&id)) {
            after.assigned += 1;
        }
    }

    // Jobs.

    pub(crate) fn find_job(&self, customer: CustomerKey, id: &str) -> Option<&Job> {
        let job = &self.jobs[*self.job_ids.get(&Guid::read(id)?)?];
        (job.customer == customer).then_some(job)
    }

    /// Starts a job that registers devices in a batch.
    pub(crate) fn upload(
        &mut self,
        batch: BatchKey,
        devices: Vec<DeviceInput>,
        now: Duration,
        pace: Pace,
        ids: &mut Random,
    ) -> Guid {
        let turns = devices
            .into_iter()
            .map(|device| {
                let row = Row::waiting(None, &device);
                let identities = device.identities();
                (row, PendingDevice::Register { id: ids.guid(), device, identities })
            })
            .unzip();
        self.start(ids.guid(), batch.customer, Some(batch), now, pace, turns)
    }

    /// Starts a job that changes the policies of devices.
    pub(crate) fn update_policies(
        &mut self,
        customer: CustomerKey,
        devices: Vec<DeviceInput>,
        now: Duration,
        pace: Pace,
        ids: &mut Random,
    ) -> Guid {
        let turns = devices
            .into_iter()
            .map(|device| {
                let row = Row::waiting(device.id.clone().map(RowDeviceId::Sent), &device);
                let identities = device.identities();
                (row, PendingDevice::SetPolicy { device, identities })
            })
            .unzip();
        self.start(ids.guid(), customer, None, now, pace, turns)
    }

    fn start(
        &mut self,
        id: Guid,
        customer: CustomerKey,
        batch: Option<BatchKey>,
        now: Duration,
        pace: Pace,
        (rows, pending): (Vec<Row>, VecDeque<PendingDevice>),
    ) -> Guid {
        let job = Job {
            id,
            customer,
            batch,
            accepted: now,
            pace: pace.of_job(rows.len()),
            rows,
            pending,
            failed: 0,
            finished: None,
            shown: OnceLock::new(),
        };
        let place = self.jobs.len();
        self.due.push(Reverse((job.first_due(), place)));
        self.job_ids.insert(id, place);
        if let Some(batch) = batch {
            self.batch_mut(batch).running.push(place);
        }
        self.jobs.push(job);
        id
    }

    /// Does everything that is due until `now`, in the order in which it is due.
    pub(crate) fn advance(&mut self, now: Duration) {
        while let Some(Reverse((due, place))) = self.due.peek().copied() {
            if due > now {
                return;
            }
            self.due.pop();
            if self.jobs[place].finished.is_some() {
                continue; // it was ended by hand
            }
            self.turn(place, due);
            let job = &self.jobs[place];
            if job.finished.is_none() {
                self.due.push(Reverse((due.saturating_add(job.pace.per_device), place)));
            }
        }
    }

    /// Ends a job of any customer now, whatever its pace, and gives its place.
    pub(crate) fn finish_job(&mut self, id: &str, now: Duration) -> Option<usize> {
        let place = self.job_place(id)?;
        while self.jobs[place].finished.is_none() {
            self.turn(place, now);
        }
        Some(place)
    }

    /// Does the next device of a job, and ends the job if there is no more.
    fn turn(&mut self, place: usize, due: Duration) {
        if let Some(work) = self.jobs[place].pending.pop_front() {
            let (outcome, device_id) = self.work(place, work, due);
            let job = &mut self.jobs[place];
            job.failed += usize::from(outcome.is_failed());
            let turn = job.rows.len() - job.pending.len() - 1;
            let row = &mut job.rows[turn];
            row.outcome = Some(outcome);
            if device_id.is_some() {
                row.device_id = device_id;
            }
        }
        let job = &mut self.jobs[place];
        if job.pending.is_empty() {
            job.finished = Some(due);
            job.pending = VecDeque::new(); // gives its memory back; the rows stay
            if let Some(batch) = job.batch {
                self.batch_mut(batch).running.retain(|running| *running != place);
            }
        }
    }

    /// One device's turn: how it ended, and the id to show.
    fn work(
        &mut self,
        place: usize,
        work: PendingDevice,
        due: Duration,
    ) -> (Outcome, Option<RowDeviceId>) {
        let customer = self.jobs[place].customer;
        match work {
            PendingDevice::Register { id, device, identities } => {
                let (held, _) = self.holder(customer, &identities);
                let policy = self.resolve(customer, &device.policy);
                let outcome = outcome::decide(DeviceFacts {
                    task: Task::Register,
                    serial_number: device.serial_number.as_deref(),
                    naming: naming(&device, &identities),
                    device: held,
                    hardware: self
                        .hardware
                        .as_ref()
                        .map_or(HardwareLookup::Known, |known| known.find(&identities)),
                    policy: policy.owner(),
                });
                let Some(batch) = self.jobs[place].batch.filter(|_| outcome == Outcome::Done)
                else {
                    return (outcome, None);
                };
                // Of a device that only its hash tells apart, nothing is shown that would.
                let shown = device.serial_number.is_some() || device.product_key.is_some();
                let uploaded = due.into();
                self.register(batch, NewDevice { id, sent: device, identities, policy, uploaded });
                (outcome, shown.then_some(RowDeviceId::Made(id)))
            }
            PendingDevice::SetPolicy { device, identities } => {
                let (owner, key) = match &device.id {
                    Some(id) => self.owner_of_id(customer, id),
                    None => self.holder(customer, &identities),
                };
                let policy = self.resolve(customer, &device.policy);
                let outcome = outcome::decide(DeviceFacts {
                    task: Task::SetPolicy,
                    serial_number: device.serial_number.as_deref(),
                    naming: if device.id.is_some() {
                        Identification::Sufficient
                    } else {
                        naming(&device, &identities)
                    },
                    device: owner,
                    hardware: HardwareLookup::Known,
                    policy: policy.owner(),
                });
                let Some(key) = key.filter(|_| outcome == Outcome::Done) else {
                    return (outcome, None);
                };
                self.change_policy(key, policy);
                (outcome, self.devices.get(&key).map(|device| RowDeviceId::Made(device.id)))
            }
        }
    }

    /// Registers a device. The caller has looked that nobody has it.
    pub(crate) fn register(&mut self, batch: BatchKey, new: NewDevice) {
        let NewDevice { id, sent, identities, policy, uploaded } = new;
        let device = Device {
            id,
            batch,
            serial_number: sent.serial_number,
            product_key: sent.product_key,
            manufacturer: self.one_text(sent.manufacturer),
            model: self.one_text(sent.model),
            policy: None,
            uploaded,
            hash: sent.hash.identity(),
        };
        let key = self.devices.push(device);
        for mark in identities.marks() {
            self.identity_index.insert(mark, key);
        }
        self.device_ids.insert(id, key);
        self.batch_mut(batch).devices.insert(key);
        self.change_policy(key, policy);
    }

    /// The one text of all equal ones.
    fn one_text(&mut self, text: Option<Arc<str>>) -> Option<Arc<str>> {
        let text = text?;
        if let Some(kept) = self.texts.get(&text) {
            return Some(kept.clone());
        }
        self.texts.insert(text.clone());
        Some(text)
    }

    /// Who has the device of these identities; the customer itself is looked for first.
    pub(crate) fn holder(
        &self,
        customer: CustomerKey,
        identities: &Identities,
    ) -> (Owner, Option<DeviceKey>) {
        let mut owner = Owner::Nobody;
        for key in identities.marks_of_the_same().flat_map(|mark| self.identity_index.of(mark)) {
            if self.devices.get(&key).is_some_and(|device| device.batch.customer == customer) {
                return (Owner::ThisCustomer, Some(key));
            }
            owner = Owner::OtherCustomer;
        }
        (owner, None)
    }

    fn owner_of_id(&self, customer: CustomerKey, id: &str) -> (Owner, Option<DeviceKey>) {
        let key = Guid::read(id).and_then(|id| self.device_ids.get(&id)).copied();
        match key.and_then(|key| self.devices.get(&key)) {
            None => (Owner::Nobody, None),
            Some(device) if device.batch.customer == customer => (Owner::ThisCustomer, key),
            Some(_) => (Owner::OtherCustomer, None),
        }
    }

    /// What a change comes to, now that the policies are known.
    pub(crate) fn resolve(&self, customer: CustomerKey, change: &PolicyChange) -> PolicyAssignment {
        match change {
            PolicyChange::Keep => PolicyAssignment::Keep,
            PolicyChange::Remove => PolicyAssignment::Set(None),
            PolicyChange::Set(id) => match Guid::read(id).and_then(|id| self.policies.get(&id)) {
                None => PolicyAssignment::Refused(Owner::Nobody),
                Some(policy) if policy.customer == customer => {
                    PolicyAssignment::Set(Some(policy.id))
                }
                Some(_) => PolicyAssignment::Refused(Owner::OtherCustomer),
            },
        }
    }
}

impl Batch {
    pub(crate) fn devices_count(&self) -> usize {
        self.devices.len()
    }
}

fn naming(device: &DeviceInput, identities: &Identities) -> Identification {
    match device.hash {
        HardwareHash::Invalid => Identification::BadHash,
        _ if !identities.is_empty() => Identification::Sufficient,
        HardwareHash::Blank => Identification::BadHash,
        _ => Identification::Insufficient,
    }
}
