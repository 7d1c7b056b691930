//! Starts jobs and runs them as time passes.

use std::cmp::Reverse;
use std::collections::VecDeque;
use std::sync::OnceLock;
use std::time::Duration;

use partner_center_devices_raw::types::BatchUploadStatus;

use super::device::{DeviceInput, Identities};
use super::hardware::HardwareLookup;
use super::hardware_hash::HardwareHash;
use super::ids::{Guid, Random};
use super::job::{Job, JobRow, PendingDevice, RowDeviceId};
use super::keys::{BatchKey, CustomerKey};
use super::outcome::{self, DeviceFacts, Identification, Outcome, Task};
use super::pace::Pace;
use super::world::{NewDevice, World};

impl World {
    /// Returns all jobs, in the order of their creation.
    pub(crate) fn jobs(&self) -> &[Job] {
        &self.jobs
    }

    /// Returns the index of a job of any customer.
    pub(crate) fn job_index(&self, id: &str) -> Option<usize> {
        self.job_ids.get(&Guid::parse(id)?).copied()
    }

    pub(crate) fn find_job(&self, customer: CustomerKey, id: &str) -> Option<&Job> {
        let job = &self.jobs[self.job_index(id)?];
        (job.customer == customer).then_some(job)
    }

    /// Starts a job that registers devices in a batch. Returns the job's id.
    pub(crate) fn start_upload(
        &mut self,
        batch: BatchKey,
        devices: Vec<DeviceInput>,
        now: Duration,
        pace: Pace,
        ids: &mut Random,
    ) -> Guid {
        let rows = devices
            .into_iter()
            .map(|device| {
                let row = JobRow::pending(None, &device);
                let identities = self.identities(&device);
                (row, PendingDevice::Register { id: ids.guid(), device, identities })
            })
            .unzip();
        self.start_job(ids.guid(), batch.customer, Some(batch), now, pace, rows)
    }

    /// Starts a job that changes the policies of devices. Returns the job's id.
    pub(crate) fn start_policy_update(
        &mut self,
        customer: CustomerKey,
        devices: Vec<DeviceInput>,
        now: Duration,
        pace: Pace,
        ids: &mut Random,
    ) -> Guid {
        let rows = devices
            .into_iter()
            .map(|device| {
                let device_id = device.id.clone().map(RowDeviceId::FromRequest);
                let row = JobRow::pending(device_id, &device);
                let identities = self.identities(&device);
                (row, PendingDevice::SetPolicy { device, identities })
            })
            .unzip();
        self.start_job(ids.guid(), customer, None, now, pace, rows)
    }

    fn start_job(
        &mut self,
        id: Guid,
        customer: CustomerKey,
        batch: Option<BatchKey>,
        now: Duration,
        pace: Pace,
        (rows, pending): (Vec<JobRow>, VecDeque<PendingDevice>),
    ) -> Guid {
        let job = Job {
            id,
            customer,
            batch,
            accepted: now,
            pace: pace.for_devices(rows.len()),
            rows,
            pending,
            failed: 0,
            finished: None,
            status_body: OnceLock::new(),
        };
        let index = self.jobs.len();
        self.due.push(Reverse((job.first_due(), index)));
        self.job_ids.insert(id, index);
        if let Some(batch) = batch {
            self.batch_mut(batch).running.push(index);
        }
        self.jobs.push(job);
        id
    }

    /// Runs all work that is due until `now`, in the order in which it is due.
    pub(crate) fn advance(&mut self, now: Duration) {
        while let Some(Reverse((due, index))) = self.due.peek().copied() {
            if due > now {
                return;
            }
            self.due.pop();
            if self.jobs[index].finished.is_some() {
                continue; // finished by a management request
            }
            self.process_next(index, due);
            let job = &self.jobs[index];
            if job.finished.is_none() {
                self.due.push(Reverse((due.saturating_add(job.pace.per_device), index)));
            }
        }
    }

    /// Returns true if a job will make progress, or an audit record will become visible, as time passes.
    pub(crate) fn changes_with_time(&self, now: Duration) -> bool {
        let mut jobs = self.due.iter().map(|Reverse((due, index))| (*due, &self.jobs[*index]));
        let progresses = jobs.any(|(due, job)| {
            job.finished.is_none()
                && (due < Duration::MAX || job.status(now) == BatchUploadStatus::Queued)
        });
        progresses || self.audit.last_is_hidden(now.into())
    }

    /// Finishes a job of any customer now, regardless of its pace. Returns its index.
    pub(crate) fn finish_job(&mut self, id: &str, now: Duration) -> Option<usize> {
        let index = self.job_index(id)?;
        while self.jobs[index].finished.is_none() {
            self.process_next(index, now);
        }
        Some(index)
    }

    /// Processes the next device of a job, and finishes the job after the last one.
    fn process_next(&mut self, index: usize, due: Duration) {
        if let Some(pending) = self.jobs[index].pending.pop_front() {
            let (outcome, device_id) = self.process(index, pending, due);
            let job = &mut self.jobs[index];
            job.failed += usize::from(outcome.is_failed());
            let row_index = job.rows.len() - job.pending.len() - 1;
            let row = &mut job.rows[row_index];
            row.outcome = Some(outcome);
            if device_id.is_some() {
                row.device_id = device_id;
            }
        }
        let job = &mut self.jobs[index];
        if job.pending.is_empty() {
            job.finished = Some(due);
            job.pending = VecDeque::new(); // frees its memory
            if let Some(batch) = job.batch {
                self.batch_mut(batch).running.retain(|running| *running != index);
            }
        }
    }

    /// Processes one device. Returns its outcome, and the device id for its row.
    fn process(
        &mut self,
        index: usize,
        pending: PendingDevice,
        due: Duration,
    ) -> (Outcome, Option<RowDeviceId>) {
        match pending {
            PendingDevice::Register { id, device, identities } => {
                self.process_registration(index, id, device, identities, due)
            }
            PendingDevice::SetPolicy { device, identities } => {
                self.process_policy_update(index, &device, &identities)
            }
        }
    }

    fn process_registration(
        &mut self,
        index: usize,
        id: Guid,
        device: DeviceInput,
        identities: Identities,
        due: Duration,
    ) -> (Outcome, Option<RowDeviceId>) {
        let customer = self.jobs[index].customer;
        let (owner, _) = self.owner_of(customer, &identities);
        let policy = self.resolve_policy(customer, &device.policy);
        let hardware = match &self.hardware {
            None => HardwareLookup::Known,
            Some(inventory) => inventory.find(&device, &identities),
        };
        let outcome = outcome::decide(DeviceFacts {
            task: Task::Register,
            serial_number: device.serial_number.as_deref(),
            identification: identification(&device, &identities),
            device: owner,
            hardware,
            policy: policy.owner(),
        });
        let Some(batch) = self.jobs[index].batch.filter(|_| outcome == Outcome::Done) else {
            return (outcome, None);
        };
        // The service shows no id for a device that only its hash identifies.
        let shows_id = device.serial_number.is_some() || device.product_key.is_some();
        let uploaded = due.into();
        self.register(batch, NewDevice { id, input: device, identities, policy, uploaded });
        (outcome, shows_id.then_some(RowDeviceId::Assigned(id)))
    }

    fn process_policy_update(
        &mut self,
        index: usize,
        device: &DeviceInput,
        identities: &Identities,
    ) -> (Outcome, Option<RowDeviceId>) {
        let customer = self.jobs[index].customer;
        let ((owner, key), identification) = match &device.id {
            Some(id) => (self.owner_of_id(customer, id), Identification::Sufficient),
            None => (self.owner_of(customer, identities), identification(device, identities)),
        };
        let policy = self.resolve_policy(customer, &device.policy);
        let outcome = outcome::decide(DeviceFacts {
            task: Task::SetPolicy,
            serial_number: device.serial_number.as_deref(),
            identification,
            device: owner,
            hardware: HardwareLookup::Known,
            policy: policy.owner(),
        });
        let Some(key) = key.filter(|_| outcome == Outcome::Done) else {
            return (outcome, None);
        };
        self.assign_policy(key, policy);
        (outcome, self.device(key).map(|device| RowDeviceId::Assigned(device.id)))
    }
}

/// Returns how well a request identifies a device.
fn identification(device: &DeviceInput, identities: &Identities) -> Identification {
    match device.hash {
        HardwareHash::Invalid => Identification::BadHash,
        HardwareHash::Undecodable(_) if identities.hash().is_none() => Identification::BadHash,
        _ if !identities.is_empty() => Identification::Sufficient,
        HardwareHash::Blank => Identification::BadHash,
        _ => Identification::Insufficient,
    }
}
